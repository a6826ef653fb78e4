//===- X86Reduction.cpp -----------------------------------------------------------------------===//
// Kernels with reduced dimensions.
//
// The order of accumulation is that of docs/numerics.md: rows of 64 lanes (or one), summed in
// groups of 64 rows, these in groups of 64, and so on, then the lanes folded in halves. A level of
// groups is a loop with its own accumulators:
//
//   for s in rows step 4096 { acc2 = id; for t in s... step 64 { acc1 = id; for j in t...: acc1 +=
//   row j
//                                                               acc2 += acc1 } acc3 += acc2 } ...
//
// With 64 lanes a row is several vectors along the reduced dimensions. With one lane the vectors
// run along the last parallel dimension, each lane a result of its own. Where few results share
// much work, a first launch sums whole groups into memory and a second one goes on from there.
//
// A kernel with tjit.fold operations runs over a row (or over a block of columns) once for each of
// its stages, one stage behind the other (EmitStages.h).
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitLevels.h"
#include "Codegen/EmitStages.h"
#include "Codegen/EmitTypes.h"
#include "Codegen/X86Kernel.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

static_assert(Extent::kRadix == kRadix);

/// What does not depend on the launch: lanes, vectors, groups.
struct Schedule {
  StagePlan plan;
  bool alongReduced =
      true;            ///< 64 lanes; else one lane, and vectors along the last parallel dimension
  int64_t width = 1;   ///< lanes of a vector
  int64_t vectors = 1; ///< of a tile: a row's, or a block of columns'
  Extent rows = 0;     ///< of one result, the last one possibly short
  Extent fullRows = 0;
  Extent restLanes = 0; ///< of the short row, or of the last block of columns
  Extent results =
      1; ///< reduced results, or (all but the last parallel dimension) x blocks of columns
  Extent blocks = 1;
  Extent groupRows =
      0; ///< rows of one index of the first of two launches; 0: one launch does it all
  Extent groups = 1;
  Extent isLittle = 0;     ///< 1: the groups are not worth more than one worker
  bool prefetches = false; ///< several stages along rows that come from memory, see fetchAhead

  int64_t tileLanes() const { return width * vectors; }
  bool inTwoLaunches() const { return groupRows.varies() || groupRows != 0; }
  /// Elements of a row, or of a block of columns, that are kept in scratch memory: whole vectors.
  Extent keptElements() const { return rows * tileLanes(); }
};

Extent product(ArrayRef<Extent> sizes) {
  Extent n = 1;
  for (Extent size : sizes)
    n *= size;
  return n;
}

/// Of what a kernel runs over, each operand's elements counted once.
Extent operandBytes(ir::KernelOp kernel, const KernelShape &shape) {
  Extent bytes = 0;
  auto add = [&](ValueRange operands, ArrayRef<OperandMap> maps) {
    for (auto [value, map] : llvm::zip_first(operands, maps)) {
      Extent own = memoryBytes(getElementTypeOrSelf(value.getType()));
      for (auto [dim, size] : llvm::enumerate(shape.sizes))
        if (!map.isLinear() || map.strides[dim] != 0)
          own *= size;
      bytes += own;
    }
  };
  add(kernel.getInputs(), shape.inputs);
  add(kernel.getResults(), shape.results);
  return bytes;
}

Schedule makeSchedule(ir::KernelOp kernel, const KernelShape &shape, const TargetInfo &target) {
  Schedule s;
  s.plan = planStages(kernel, shape, /*rowElements=*/0, /*keepBytes=*/0);
  s.width = vectorWidth(kernel, target, s.plan.combiners());
  // Without a dimension to reduce there is one row of one element, whatever its lanes are.
  s.alongReduced = kernel.getLanes() != 1 && shape.numReduced;
  const Extent n = product(shape.reducedSizes());
  const int64_t lanes = kRadix;
  constexpr int64_t kVectors = 4; // enough chains to hide an addition's latency
  constexpr int64_t kFewResults = Extent::kFewResults;
  if (s.alongReduced) {
    s.vectors = lanes / s.width;
    if (s.plan.orderFree())
      s.vectors = std::min(s.vectors, kVectors);
    s.fullRows = n / s.tileLanes();
    s.restLanes = n % s.tileLanes();
    s.rows = divideUp(n, s.tileLanes());
    if (!n.varies() && s.fullRows == 0)
      s.vectors = std::max<int64_t>(1, llvm::divideCeil(n, s.width));
    s.results = product(shape.parallelSizes());
  } else {
    const Extent columns = shape.numParallel() ? shape.parallelSizes().back() : Extent(1);
    const Extent others =
        shape.numParallel() ? product(shape.parallelSizes().drop_back()) : Extent(1);
    if (!shape.numParallel())
      s.width = 1;
    s.vectors = s.width == 1 ? 1 : kVectors;
    // Memory streams long pieces of a row, and does not foresee the step to the next one: blocks
    // are as wide as registers and workers allow. A short body leaves the registers to the sums.
    constexpr int64_t kShort = 4;
    int64_t wide = target.vectorBytes / 4;
    if (s.width > 1 && s.plan.combiners().size() == 1 && s.plan.stages.size() == 1 &&
        bodyCost(kernel.getBody().front()) <= kShort && !others.varies() && !columns.varies() &&
        others * (columns / (s.width * wide)) >= kFewResults)
      s.vectors = wide;
    s.rows = s.fullRows = n;
    s.blocks = divideUp(columns, s.tileLanes());
    s.restLanes = columns % s.tileLanes();
    s.results = others * s.blocks;
  }
  if (s.plan.stages.size() > 1) {
    // What is kept should not push the operands out of the cache.
    s.plan = planStages(kernel, shape, s.keptElements(), target.l2Bytes / 4);
    const bool varies = n.varies() || s.results.varies();
    s.prefetches = s.alongReduced && (n.varies() || n >= 256) &&
                   s.keptElements() * 4 <= int64_t(target.l2Bytes / 4) &&
                   (varies || operandBytes(kernel, shape) > int64_t(target.l2Bytes));
    return s;
  }

  // Two launches where there are fewer results than what keeps the workers busy, and enough work to
  // pay for it. Code for many shapes has two in any case, and less work stays with one worker.
  constexpr int64_t kWorthIt = 1 << 17;
  const Extent work = s.results * s.rows * s.tileLanes();
  if (target.numThreads > 1 && !s.results.varies() && s.results < kFewResults &&
      (s.rows.varies() || work >= kWorthIt)) {
    s.groupRows = s.rows.derive('g', s.results);
    s.groups = divideUp(s.rows, s.groupRows);
    s.isLittle = work.derive('<', kWorthIt);
  }
  return s;
}

/// The valid lanes of a vector, from the first one on: a number, or a mask of the code's own.
struct Lanes {
  int64_t count;
  Value mask; ///< null: `count` says all
};

class ReductionEmitter {
public:
  ReductionEmitter(ir::KernelOp kernel, const Schedule &schedule, X86Function &function)
      : kernel(kernel), s(schedule), function(function), code(function.code) {
    space.outer.assign(function.shape.sizes.size(), nullptr);
    space.aligned = true;
    Extent offset = 0;
    for (Value value : s.plan.keptOrder) {
      keptAt[value] = offset;
      offset += keptBytes(value);
    }
  }

  /// One launch that computes results [begin, end) from start to end.
  void emitAll() {
    code.loop(function.begin(), function.end(), 1, [&](Value result) {
      enterResult(result);
      forTile([&](ArrayRef<Lanes> lanes) {
        startTile(lanes);
        for (const Stage &next : s.plan.stages) {
          stage = &next;
          finishStage(sumRows(code.i64(0), code.i64(s.rows), levelsFor(s.rows), lanes), lanes);
        }
        storeRowResults(lanes);
      });
    });
  }

  /// The first of two launches: an index is (result, group of rows); its sums go to the shared
  /// memory.
  void emitGroups() {
    code.loop(function.begin(), function.end(), 1, [&](Value index) {
      Value result = code.div(index, s.groups);
      Value group = code.sub(index, code.mul(result, s.groups));
      enterResult(result);
      Value first = code.mul(group, s.groupRows);
      Value last = code.min(code.add(first, s.groupRows), code.i64(s.rows));
      forTile([&](ArrayRef<Lanes> lanes) {
        startTile(lanes);
        Vectors sums = sumRows(first, last, levelsFor(s.groupRows), lanes);
        forEachPartial(index, [&](Value address, unsigned i, Type, unsigned alignment) {
          if (i < sums.size())
            function.storePlain(address, sums[i], alignment);
        });
      });
    });
  }

  /// The second one: the groups' sums are rows of what is left to do.
  void emitCombine() {
    code.loop(function.begin(), function.end(), 1, [&](Value result) {
      enterResult(result);
      Value base = code.mul(result, s.groups);
      forTile([&](ArrayRef<Lanes> lanes) {
        startTile(lanes);
        auto row = [&](Value group, ValueRange sums) {
          Vectors next(sums);
          forEachPartial(code.add(base, group), [&](Value address, unsigned i, Type type,
                                                    unsigned alignment) {
            if (i < next.size())
              next[i] = combinerOf(i, lanes.size())
                            .combine(code, next[i], function.loadPlain(address, type, alignment));
          });
          return next;
        };
        finishStage(
            sumLevels(code.i64(0), code.i64(s.groups), levelsFor(s.groups), lanes.size(), row),
            lanes);
        storeRowResults(lanes);
      });
    });
  }

  /// Bytes of scratch memory that a launch's piece keeps values in.
  Extent scratchBytes() const {
    Extent bytes = 0;
    for (Value value : s.plan.keptOrder)
      bytes += keptBytes(value);
    return bytes;
  }

  /// Bytes that the groups' sums take.
  Extent partialBytes() const { return s.results * s.groups * partialStride(); }

private:
  //===----------------------------------------------------------------------------------------------------===//
  // Where we are
  //===----------------------------------------------------------------------------------------------------===//

  /// Sets the coordinates that an index fixes.
  void enterResult(Value result) {
    const KernelShape &shape = function.shape;
    space.dims.clear();
    if (s.alongReduced) {
      SmallVector<Value, 4> coordinates = code.delinearize(result, shape.parallelSizes());
      for (unsigned dim = 0; dim < shape.sizes.size(); ++dim) {
        bool parallel = dim < shape.numParallel();
        space.outer[dim] = parallel ? coordinates[dim] : nullptr;
        if (!parallel)
          space.dims.push_back(dim);
      }
      return;
    }
    if (!shape.numParallel()) {
      column = code.i64(0);
      return;
    }
    SmallVector<Extent> sizes(shape.parallelSizes());
    sizes.back() = s.blocks;
    SmallVector<Value, 4> coordinates = code.delinearize(result, sizes);
    unsigned last = shape.numParallel() - 1;
    for (unsigned dim = 0; dim < last; ++dim)
      space.outer[dim] = coordinates[dim];
    space.dims.push_back(last);
    block = coordinates[last];
    column = code.mul(block, s.tileLanes());
  }

  /// Calls `body` with the number of valid lanes of each vector: of all vectors, or of the last
  /// block of columns, which has code of its own.
  void forTile(llvm::function_ref<void(ArrayRef<Lanes>)> body) {
    SmallVector<Lanes> whole(s.vectors, Lanes{s.width, nullptr});
    if (s.alongReduced || (!s.restLanes.varies() && s.restLanes == 0))
      return body(whole);
    SmallVector<Lanes> rest = lanesOf(s.restLanes);
    if (!s.blocks.varies() && s.blocks == 1)
      return body(rest);
    // The blocks that are whole come first.
    Extent wholeBlocks = s.restLanes.varies() ? shapeColumns() / s.tileLanes() : s.blocks - 1;
    Value isWhole =
        code.create<arith::CmpIOp>(arith::CmpIPredicate::slt, block, code.i64(wholeBlocks));
    auto branch = code.create<scf::IfOp>(isWhole, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(code.b);
    code.b.setInsertionPointToStart(&branch.getThenRegion().front());
    body(whole);
    code.b.setInsertionPointToStart(&branch.getElseRegion().front());
    body(rest);
  }

  Extent shapeColumns() const { return function.shape.parallelSizes().back(); }

  SmallVector<Lanes> lanesOf(Extent count) {
    SmallVector<Lanes> lanes;
    if (count.varies()) {
      for (int64_t v = 0; v < s.vectors; ++v)
        lanes.push_back({s.width, maskOfFirst(count, v)});
      return lanes;
    }
    for (int64_t at = 0; at < count; at += s.width)
      lanes.push_back({std::min<int64_t>(s.width, count - at), nullptr});
    return lanes;
  }

  /// Of the v-th vector, the lanes that are among the first `count` of all.
  Value maskOfFirst(Extent count, int64_t v) {
    // A lane's number may have 8 bits.
    Extent own = (count - v * s.width).max(0).min(s.width);
    return function.dynamicMask(code.i64(own), s.width);
  }
  Value restMask(int64_t v) { return maskOfFirst(s.restLanes, v); }

  Value maskOf(const Lanes &lanes) {
    return lanes.mask ? lanes.mask : function.staticMask(lanes.count, s.width);
  }

  //===----------------------------------------------------------------------------------------------------===//
  // Sums
  //===----------------------------------------------------------------------------------------------------===//

  /// Where the count varies there are two levels at least in a large sum, so that few shapes need
  /// code of their own.
  int64_t levelsFor(Extent count) const {
    if (stage->orderFree())
      return 1;
    if (!count.varies())
      return levelsOf(count);
    // Rows that are run over several times have a few thousand elements, hardly ever more.
    int64_t levels = s.plan.stages.size() > 1 ? 1 : 2;
    for (int64_t span = levels == 1 ? kRadix : kRadix * kRadix; count > span; span *= kRadix)
      ++levels;
    return levels;
  }

  const Combiner &combinerOf(unsigned i, unsigned vectors) const {
    return stage->folds[i / vectors].combiner;
  }

  Vectors identities(unsigned vectors) {
    Vectors ids;
    for (const Fold &fold : stage->folds)
      ids.append(vectors, fold.combiner.identity(code, s.width));
    return ids;
  }

  /// See sumLevels in EmitLevels.h.
  Vectors sumLevels(Value first, Value last, int64_t levels, unsigned vectors, RowFn row,
                    RestFn rest = nullptr, Value lastWhole = nullptr) {
    auto combine = [&](unsigned i, Value sum, Value value) {
      return combinerOf(i, vectors).combine(code, sum, value);
    };
    return codegen::sumLevels(code, {first, last, lastWhole}, levels, identities(vectors), combine,
                              row, rest);
  }

  /// Rows [first, last) of the kernel's own elements.
  Vectors sumRows(Value first, Value last, int64_t levels, ArrayRef<Lanes> lanes) {
    unsigned vectors = lanes.size();
    if (!s.alongReduced)
      return sumLevels(first, last, levels, vectors,
                       [&](Value row, ValueRange sums) { return addTile(row, sums, lanes); });

    const BodyEmitter &body = *rowBody;
    auto whole = [&](Value row, ValueRange sums) {
      Value at = code.mul(row, s.tileLanes());
      return addVectors(body, at, at, sums, lanes, /*neutral=*/false);
    };
    if (!s.restLanes.varies() && !s.restLanes.number())
      return sumLevels(first, last, levels, vectors, whole);
    auto reaches = [&](Value end) -> Value {
      return code.create<arith::CmpIOp>(arith::CmpIPredicate::sgt, end, code.i64(s.fullRows));
    };
    if (s.restLanes.varies() && stage->orderFree() && !stage->folds.empty()) {
      // A short row that comes first is combined with nothing.
      Vectors none = identities(vectors);
      Vectors sums = addIf(reaches(last), none, [&] { return addRest(none); });
      return code.loop(first, code.min(last, code.i64(s.fullRows)), 1, sums, whole);
    }
    // The short row ends the group that reaches the last row.
    auto withRest = [&](Value end, const Vectors &sums) -> Vectors {
      if (auto known = CodeBuilder::constantValue(end); known && !s.fullRows.varies())
        return *known > s.fullRows ? addRest(sums) : sums;
      return addIf(reaches(end), sums, [&] { return addRest(sums); });
    };
    return sumLevels(first, last, levels, vectors, whole, withRest, code.i64(s.fullRows));
  }

  /// The short row. Of how many vectors it is may be known when the code runs only: then each one
  /// but the first stands behind the question whether there is one.
  Vectors addRest(const Vectors &sums) {
    Value at = code.i64(s.fullRows * s.tileLanes());
    if (!s.restLanes.varies())
      return addVectors(*rowBody, at, at, sums, lanesOf(s.restLanes), /*neutral=*/true);
    return addRestFrom(0, at, sums);
  }
  Vectors addRestFrom(int64_t v, Value at, const Vectors &sums) {
    auto both = [&] {
      Vectors next = sums;
      addVector(*rowBody, at, at, next, v, {s.width, restMask(v)}, /*neutral=*/true);
      return v + 1 < s.vectors ? addRestFrom(v + 1, at, next) : next;
    };
    if (v == 0)
      return both();
    Value isThere = code.create<arith::CmpIOp>(arith::CmpIPredicate::sgt, code.i64(s.restLanes),
                                               code.i64(v * s.width));
    return addIf(isThere, sums, both);
  }

  /// `sums`, or what `add` makes of them.
  Vectors addIf(Value condition, const Vectors &sums, llvm::function_ref<Vectors()> add) {
    const bool sumsAnything = !sums.empty(); // else the branch has its terminators already
    auto branch = code.create<scf::IfOp>(ValueRange(sums).getTypes(), condition, sumsAnything);
    OpBuilder::InsertionGuard guard(code.b);
    if (!sumsAnything) {
      code.b.setInsertionPointToStart(&branch.getThenRegion().front());
      return add();
    }
    code.b.setInsertionPointToEnd(&branch.getElseRegion().front());
    code.create<scf::YieldOp>(sums);
    code.b.setInsertionPointToEnd(&branch.getThenRegion().front());
    code.create<scf::YieldOp>(add());
    return Vectors(branch.getResults());
  }

  /// One row of a block of columns: the reduced coordinates are those of `row`.
  Vectors addTile(Value row, ValueRange sums, ArrayRef<Lanes> lanes) {
    enterRow(row);
    return addVectors(fixInputs(), column, code.mul(row, s.tileLanes()), sums, lanes,
                      /*neutral=*/false);
  }

  void enterRow(Value row) {
    const KernelShape &shape = function.shape;
    SmallVector<Value, 4> coordinates = code.delinearize(row, shape.reducedSizes());
    for (auto [i, coordinate] : llvm::enumerate(coordinates))
      space.outer[shape.numParallel() + i] = coordinate;
  }

  /// Before the first stage of a result or of a block of columns.
  void startTile(ArrayRef<Lanes> lanes) {
    stage = &s.plan.stages.front();
    columnValues.assign(lanes.size(), LaneValues());
    if (s.alongReduced)
      rowBody = fixInputs();
  }

  /// Prepares the operands' accesses at the current coordinates, and what is the same for all
  /// lanes.
  BodyEmitter fixInputs() {
    accesses.clear();
    for (unsigned i = 0; i < function.numOperands(); ++i)
      accesses.push_back(function.access(i, space, s.width));
    SmallVector<Value> invariants(function.numInputs());
    for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
      if (accesses[i].kind == Access::invariant && !argument.use_empty())
        invariants[i] = function.load(accesses[i], code.i64(0), 1);
    BodyEmitter body(kernel.getBody().front());
    body.fix(code, invariants, s.width);
    if (s.alongReduced)
      if (LaneValues indices = rowIndices(); !indices.empty())
        body.fix(code, indices, s.width);
    return body;
  }

  /// The tjit.index operations that are the same for a whole row.
  LaneValues rowIndices() {
    LaneValues known;
    unsigned position = 0;
    for (auto index : kernel.getBody().front().getOps<ir::IndexOp>()) {
      if (standsStill(function.shape, function.shape.indices[position]))
        known[index] = function.indices(space, code.i64(0), 1)[position];
      ++position;
    }
    return known;
  }

  /// Evaluates the stage's part of the body at `flat` for one vector per entry of `lanes`, writes
  /// what is written, and adds the rest to `sums`; `neutral`: lanes that are not valid add the
  /// identity. `keptIndex`: where the points' kept values are.
  Vectors addVectors(const BodyEmitter &body, Value flat, Value keptIndex, ValueRange sums,
                     ArrayRef<Lanes> lanes, bool neutral) {
    Vectors next(sums);
    for (auto [v, valid] : llvm::enumerate(lanes))
      addVector(body, flat, keptIndex, next, v, valid, neutral);
    return next;
  }

  /// The v-th one of them.
  void addVector(const BodyEmitter &body, Value flat, Value keptIndex, Vectors &sums, int64_t v,
                 const Lanes &valid, bool neutral) {
    // A short row has fewer vectors than there are sums.
    const unsigned vectors = sums.size() / std::max<size_t>(1, stage->folds.size());
    Operation *yield = kernel.getBody().front().getTerminator();
    Value at = code.add(flat, v * s.width), keptPosition = code.add(keptIndex, v * s.width);
    Value mask = maskOf(valid);
    LaneValues values = columnValues[v];
    for (Value value : stage->loaded)
      values[value] = loadKept(value, keptPosition);
    emitPoints(body, values, stage->targets(kernel), at, mask);
    if (!neutral || !s.restLanes.varies()) // what is short comes from memory with what is near it
      fetchAhead(at, v);
    for (Value value : stage->kept)
      storeKept(value, keptPosition, body.lanesOf(code, values, value, s.width));
    for (unsigned i : stage->written)
      function.store(accesses[function.numInputs() + i], at,
                     body.lanesOf(code, values, yield->getOperand(i), s.width), mask);
    for (auto [position, fold] : llvm::enumerate(stage->folds)) {
      Value value = body.lanesOf(code, values, fold.operand, s.width);
      value = castElement(code, value, fold.operand.getType(), fold.combiner.element);
      if (neutral && mask)
        value = code.create<arith::SelectOp>(mask, value, fold.combiner.identity(code, s.width));
      Value &sum = sums[position * vectors + v];
      sum = fold.combiner.combine(code, sum, value);
    }
  }

  /// Later stages find the row in a cache and leave memory idle, and the processor foresees no row
  /// that begins in another page. So the last stage asks for the next row, and the one before it
  /// for the lines that the last one writes. `v`: the vector's number in a row of lanes.
  void fetchAhead(Value at, int64_t v) {
    if (!s.prefetches)
      return;
    const KernelShape &shape = function.shape;
    const bool last = stage == &s.plan.stages.back();
    const bool beforeLast = !last && stage + 1 == &s.plan.stages.back();
    auto fetch = [&](unsigned operand, Extent ahead, bool forWriting) {
      constexpr int64_t kLine = 64;
      const int64_t bytes = s.width * memoryBytes(function.element(operand));
      if (accesses[operand].kind == Access::contiguous && v * bytes % kLine == 0)
        function.prefetch(accesses[operand], at, ahead, forWriting);
    };
    for (unsigned i = 0; last && i < function.numInputs(); ++i)
      if (const OperandMap &map = function.map(i); map.isLinear() && shape.numParallel())
        if (Extent nextRow = map.strides[shape.numParallel() - 1]; nextRow != 0)
          fetch(i, nextRow, /*forWriting=*/false);
    if (beforeLast)
      for (unsigned i : s.plan.stages.back().written)
        fetch(function.numInputs() + i, 0, /*forWriting=*/true);
  }

  /// Adds `targets`, at the vector of points from `at` on, to `values`.
  void emitPoints(const BodyEmitter &body, LaneValues &values, ValueRange targets, Value at,
                  Value mask) {
    SmallVector<Value> indices;
    body.emit(code, values, targets, s.width, [&](Value leaf) {
      if (auto argument = dyn_cast<BlockArgument>(leaf))
        return function.load(accesses[argument.getArgNumber()], at, s.width, mask);
      if (indices.empty())
        indices = function.indices(space, at, s.width);
      unsigned position = 0;
      for (auto index : kernel.getBody().front().getOps<ir::IndexOp>()) {
        if (index.getResult() == leaf)
          break;
        ++position;
      }
      return indices[position];
    });
  }

  //===----------------------------------------------------------------------------------------------------===//
  // Values that are kept between stages
  //===----------------------------------------------------------------------------------------------------===//

  Extent keptBytes(Value value) const {
    return roundUp(s.keptElements() * memoryBytes(value.getType()), 64);
  }

  Value keptAddress(Value value, Value position) {
    Value base = function.offsetPointer(function.scratch(), code.i64(keptAt.lookup(value)),
                                        code.b.getI8Type());
    return function.offsetPointer(base, position, value.getType());
  }

  Value loadKept(Value value, Value position) {
    Type element = value.getType();
    Value stored = function.loadPlain(keptAddress(value, position),
                                      vectorOf(memoryType(element), s.width), memoryBytes(element));
    return fromMemory(code, stored, element);
  }

  void storeKept(Value value, Value position, Value lanes) {
    Type element = value.getType();
    function.storePlain(keptAddress(value, position), toMemory(code, lanes, element),
                        memoryBytes(element));
  }

  //===----------------------------------------------------------------------------------------------------===//
  // Results
  //===----------------------------------------------------------------------------------------------------===//

  /// Lanes in halves until one is left. Vectors that a short row does not have hold the identity,
  /// which changes nothing.
  Value foldLanes(const Combiner &combiner, ArrayRef<Value> vectors) {
    SmallVector<Value> live(vectors);
    for (size_t half = llvm::PowerOf2Ceil(live.size()) / 2; half > 0; half /= 2) {
      for (size_t i = 0; i + half < live.size(); ++i)
        live[i] = combiner.combine(code, live[i], live[i + half]);
      live.resize(std::min(live.size(), half));
    }
    Value v = live[0];
    for (int64_t half = widthOf(v) / 2; half > 1; half /= 2) {
      auto low = llvm::to_vector(llvm::seq<int64_t>(0, half));
      auto high = llvm::to_vector(llvm::seq<int64_t>(half, 2 * half));
      Value lower = code.create<vector::ShuffleOp>(v, v, low);
      Value upper = code.create<vector::ShuffleOp>(v, v, high);
      v = combiner.combine(code, lower, upper);
    }
    if (widthOf(v) == 1)
      return v;
    Value first = code.create<vector::ExtractOp>(v, int64_t(0));
    return combiner.combine(code, first, code.create<vector::ExtractOp>(v, int64_t(1)));
  }

  /// Calls `body` with what stands for the points of a row: results of rows and row values do not
  /// move with the reduced dimensions, so any coordinate serves for those.
  void atRow(llvm::function_ref<void(const LaneSpace &)> body) {
    for (unsigned dim = function.shape.numParallel(); dim < function.shape.sizes.size(); ++dim)
      space.outer[dim] = code.i64(0);
    LaneSpace point = space;
    if (s.alongReduced)
      point.dims.clear();
    body(point);
    for (unsigned dim : space.dims)
      space.outer[dim] = nullptr;
  }

  /// The folds of the stage become row values, or results.
  void finishStage(ArrayRef<Value> sums, ArrayRef<Lanes> lanes) {
    LaneValues scalars;
    atRow([&](const LaneSpace &point) {
      for (auto [position, fold] : llvm::enumerate(stage->folds)) {
        ArrayRef<Value> own = sums.slice(position * lanes.size(), lanes.size());
        auto converted = [&](Value sum) {
          return castElement(code, sum, fold.combiner.element, fold.element);
        };
        if (s.alongReduced) {
          Value value = converted(foldLanes(fold.combiner, own));
          if (fold.value)
            scalars[fold.value] = value;
          else
            storeRow(point, fold.result, 0, value, nullptr);
          continue;
        }
        for (auto [v, valid] : llvm::enumerate(lanes)) {
          Value value = converted(own[v]);
          if (fold.value)
            columnValues[v][fold.value] = value;
          else
            storeRow(point, fold.result, v, value, maskOf(valid));
        }
      }
      if (s.alongReduced || stage->rowValues.empty())
        return;
      BodyEmitter body = fixInputs();
      for (auto [v, valid] : llvm::enumerate(lanes))
        emitPoints(body, columnValues[v], stage->rowValues, code.add(column, v * s.width),
                   maskOf(valid));
    });
    if (!scalars.empty())
      rowBody->fix(code, scalars, s.width);
  }

  /// Results that hold row values.
  void storeRowResults(ArrayRef<Lanes> lanes) {
    if (s.plan.rowResults.empty())
      return;
    Operation *yield = kernel.getBody().front().getTerminator();
    atRow([&](const LaneSpace &point) {
      if (s.alongReduced) {
        for (unsigned i : s.plan.rowResults)
          storeRow(point, i, 0, rowBody->fixedTo(yield->getOperand(i)), nullptr);
        return;
      }
      SmallVector<Value> targets;
      for (unsigned i : s.plan.rowResults)
        targets.push_back(yield->getOperand(i));
      BodyEmitter body = fixInputs();
      for (auto [v, valid] : llvm::enumerate(lanes)) {
        Value mask = maskOf(valid);
        emitPoints(body, columnValues[v], targets, code.add(column, v * s.width), mask);
        for (unsigned i : s.plan.rowResults)
          storeRow(point, i, v, body.lanesOf(code, columnValues[v], yield->getOperand(i), s.width),
                   mask);
      }
    });
  }

  void storeRow(const LaneSpace &point, unsigned result, unsigned vector, Value value, Value mask) {
    Access access = function.access(function.numInputs() + result, point, s.width);
    Value at = s.alongReduced ? code.i64(0) : code.add(column, vector * s.width);
    function.store(access, at, value, mask);
  }

  //===----------------------------------------------------------------------------------------------------===//
  // Sums of groups in memory
  //===----------------------------------------------------------------------------------------------------===//

  Type partialType(const Combiner &combiner) const {
    return vectorOf(computeType(combiner.element), s.width);
  }
  int64_t partialStride() const {
    int64_t bytes = 0;
    for (const Fold &fold : s.plan.stages.front().folds)
      bytes += s.vectors * s.width * memoryBytes(computeType(fold.combiner.element));
    return llvm::alignTo(bytes, 64);
  }

  /// The addresses of an index's vectors in the memory behind the results.
  void forEachPartial(Value index, llvm::function_ref<void(Value, unsigned, Type, unsigned)> body) {
    Type byte = code.b.getI8Type();
    Value base = function.offsetPointer(function.argument(function.numOperands()),
                                        code.mul(index, partialStride()), byte);
    int64_t offset = 0;
    unsigned position = 0;
    for (const Fold &fold : s.plan.stages.front().folds) {
      Type element = computeType(fold.combiner.element);
      for (int64_t v = 0; v < s.vectors; ++v) {
        body(function.offsetPointer(base, code.i64(offset), byte), position++,
             partialType(fold.combiner), memoryBytes(element));
        offset += s.width * memoryBytes(element);
      }
    }
  }

  ir::KernelOp kernel;
  const Schedule &s;
  X86Function &function;
  CodeBuilder &code;
  LaneSpace space;
  SmallVector<Access> accesses;
  Value block, column; // of one lane: the block of columns and its first column
  const Stage *stage = nullptr;
  llvm::DenseMap<Value, Extent> keptAt; // byte offsets in scratch memory
  std::optional<BodyEmitter> rowBody;   // of 64 lanes: row values are fixed in it
  SmallVector<LaneValues> columnValues; // of one lane: row values of each vector of columns
};

} // namespace

FailureOr<EmittedKernel> emitReductionX86(ir::KernelOp kernel, const KernelShape &shape,
                                          StringRef symbol, ModuleOp module,
                                          const TargetInfo &target) {
  Schedule schedule = makeSchedule(kernel, shape, target);
  EmittedKernel emitted;
  Parameters parameters;
  SmallVector<LaunchExtents> launches;
  auto launch = [&](StringRef name, Extent range, Extent pointsPerIndex, auto emit) {
    X86Function function(kernel, shape, name, module, target);
    function.readParameters(parameters, function.numOperands() + schedule.inTwoLaunches());
    ReductionEmitter emitter(kernel, schedule, function);
    emit(emitter);
    function.finish();
    launches.push_back(
        {name.str(), range, grainFor(kernel, pointsPerIndex), emitter.scratchBytes()});
  };
  int64_t lanes = schedule.tileLanes();
  if (!schedule.inTwoLaunches()) {
    launch(symbol, schedule.results, schedule.rows * lanes,
           [](ReductionEmitter &e) { e.emitAll(); });
    emitted.take(parameters, launches);
    return emitted;
  }
  Extent partialBytes;
  launch((symbol + "_groups").str(), schedule.results * schedule.groups, schedule.groupRows * lanes,
         [&](ReductionEmitter &e) {
           e.emitGroups();
           partialBytes = e.partialBytes();
         });
  launches.back().grain = launches.back().grain.max(launches.back().range * schedule.isLittle);
  launch((symbol + "_combine").str(), schedule.results, schedule.groups * lanes,
         [](ReductionEmitter &e) { e.emitCombine(); });
  emitted.take(parameters, launches, partialBytes);
  return emitted;
}

} // namespace tjit::codegen
