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
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitLevels.h"
#include "Codegen/EmitTypes.h"
#include "Codegen/X86Kernel.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

/// What does not depend on the launch: lanes, vectors, groups.
struct Schedule {
  SmallVector<Combiner> combiners; ///< of all results; Combiner::none where elements are written
  SmallVector<unsigned> reduced;   ///< the results that are reduced
  bool alongReduced =
      true;              ///< 64 lanes; else one lane, and vectors along the last parallel dimension
  bool orderFree = true; ///< no levels needed
  int64_t width = 1;     ///< lanes of a vector
  int64_t vectors = 1;   ///< of a tile: a row's, or a block of columns'
  int64_t rows = 0;      ///< of one result, the last one possibly short
  int64_t fullRows = 0;
  int64_t restLanes = 0; ///< of the short row, or of the last block of columns
  int64_t results =
      1; ///< reduced results, or (all but the last parallel dimension) x blocks of columns
  int64_t blocks = 1;
  int64_t groupRows =
      0; ///< rows of one index of the first of two launches; 0: one launch does it all
  int64_t groups = 1;

  int64_t tileLanes() const { return width * vectors; }
  int64_t levelsFor(int64_t count) const { return orderFree ? 1 : levelsOf(count); }
};

int64_t product(ArrayRef<int64_t> sizes) {
  int64_t n = 1;
  for (int64_t size : sizes)
    n *= size;
  return n;
}

Schedule makeSchedule(ir::KernelOp kernel, const KernelShape &shape, const TargetInfo &target) {
  Schedule s;
  Operation *yield = kernel.getBody().front().getTerminator();
  for (auto [i, name] : llvm::enumerate(kernel.getCombiners().getAsRange<StringAttr>())) {
    s.combiners.push_back(Combiner::get(name.getValue(), yield->getOperand(i).getType(),
                                        getElementTypeOrSelf(kernel.getResults()[i].getType())));
    if (s.combiners.back().kind == Combiner::none)
      continue;
    s.reduced.push_back(i);
    s.orderFree &= s.combiners.back().orderFree();
  }
  s.width = vectorWidth(kernel, target, s.combiners);
  // Without a dimension to reduce there is one row of one element, whatever its lanes are.
  s.alongReduced = kernel.getLanes() != 1 && shape.numReduced;
  int64_t n = product(shape.reducedSizes()), lanes = kRadix;
  constexpr int64_t kVectors = 4; // enough chains to hide an addition's latency
  if (s.alongReduced) {
    s.vectors = lanes / s.width;
    if (s.orderFree)
      s.vectors = std::min(s.vectors, kVectors);
    s.fullRows = n / s.tileLanes();
    s.restLanes = n % s.tileLanes();
    s.rows = s.fullRows + (s.restLanes != 0);
    if (s.fullRows == 0)
      s.vectors = std::max<int64_t>(1, llvm::divideCeil(n, s.width));
    s.results = product(shape.parallelSizes());
  } else {
    int64_t columns = shape.numParallel() ? shape.parallelSizes().back() : 1;
    if (!shape.numParallel())
      s.width = 1;
    s.vectors = s.width == 1 ? 1 : kVectors;
    s.rows = s.fullRows = n;
    s.blocks = llvm::divideCeil(columns, s.tileLanes());
    s.restLanes = columns % s.tileLanes();
    s.results = product(shape.parallelSizes()) / columns * s.blocks;
  }

  // Two launches where there are fewer results than what keeps the workers busy, and enough work to
  // pay for it.
  constexpr int64_t kFewResults = 16, kWorthIt = 1 << 17;
  if (target.numThreads > 1 && s.results < kFewResults &&
      s.results * s.rows * s.tileLanes() >= kWorthIt) {
    s.groupRows = kRadix;
    while (s.results * (s.rows / (s.groupRows * kRadix)) >= kFewResults)
      s.groupRows *= kRadix;
    s.groups = llvm::divideCeil(s.rows, s.groupRows);
  }
  return s;
}

class ReductionEmitter {
public:
  ReductionEmitter(ir::KernelOp kernel, const Schedule &schedule, X86Function &function)
      : kernel(kernel), s(schedule), function(function), code(function.code) {
    space.outer.assign(function.shape.sizes.size(), nullptr);
    space.aligned = true;
  }

  /// One launch that computes results [begin, end) from start to end.
  void emitAll() {
    code.loop(function.begin(), function.end(), 1, [&](Value result) {
      enterResult(result);
      forTile([&](ArrayRef<int64_t> lanes) {
        finishResult(sumRows(code.i64(0), code.i64(s.rows), s.levelsFor(s.rows), lanes), lanes);
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
      forTile([&](ArrayRef<int64_t> lanes) {
        Vectors sums = sumRows(first, last, s.levelsFor(s.groupRows), lanes);
        forEachPartial(index, [&](Value address, unsigned i, Type type, unsigned alignment) {
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
      forTile([&](ArrayRef<int64_t> lanes) {
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
        finishResult(
            sumLevels(code.i64(0), code.i64(s.groups), s.levelsFor(s.groups), lanes.size(), row),
            lanes);
      });
    });
  }

  /// Bytes that the groups' sums take.
  uint64_t partialBytes() const { return s.results * s.groups * partialStride(); }

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
    SmallVector<int64_t> sizes(shape.parallelSizes());
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
  void forTile(llvm::function_ref<void(ArrayRef<int64_t>)> body) {
    SmallVector<int64_t> whole(s.vectors, s.width);
    if (s.alongReduced || s.restLanes == 0)
      return body(whole);
    SmallVector<int64_t> rest = lanesOf(s.restLanes);
    if (s.blocks == 1)
      return body(rest);
    Value isWhole =
        code.create<arith::CmpIOp>(arith::CmpIPredicate::slt, block, code.i64(s.blocks - 1));
    auto branch = code.create<scf::IfOp>(isWhole, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(code.b);
    code.b.setInsertionPointToStart(&branch.getThenRegion().front());
    body(whole);
    code.b.setInsertionPointToStart(&branch.getElseRegion().front());
    body(rest);
  }

  SmallVector<int64_t> lanesOf(int64_t count) const {
    SmallVector<int64_t> lanes;
    for (int64_t at = 0; at < count; at += s.width)
      lanes.push_back(std::min(s.width, count - at));
    return lanes;
  }

  //===----------------------------------------------------------------------------------------------------===//
  // Sums
  //===----------------------------------------------------------------------------------------------------===//

  const Combiner &combinerOf(unsigned i, unsigned vectors) const {
    return s.combiners[s.reduced[i / vectors]];
  }

  Vectors identities(unsigned vectors) {
    Vectors ids;
    for (unsigned result : s.reduced)
      ids.append(vectors, s.combiners[result].identity(code, s.width));
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
  Vectors sumRows(Value first, Value last, int64_t levels, ArrayRef<int64_t> lanes) {
    unsigned vectors = lanes.size();
    if (!s.alongReduced)
      return sumLevels(first, last, levels, vectors, [&](Value row, ValueRange sums) {
        return addTile(row, sums, lanes, /*neutral=*/false);
      });

    BodyEmitter body = fixInputs();
    auto whole = [&](Value row, ValueRange sums) {
      return addVectors(body, code.mul(row, s.tileLanes()), sums, lanes, /*neutral=*/false);
    };
    if (!s.restLanes)
      return sumLevels(first, last, levels, vectors, whole);
    // The short row ends the group that reaches the last row.
    SmallVector<int64_t> rest = lanesOf(s.restLanes);
    auto withRest = [&](Value end, Vectors sums) -> Vectors {
      Value at = code.i64(s.fullRows * s.tileLanes());
      if (auto known = CodeBuilder::constantValue(end))
        return *known > s.fullRows ? addVectors(body, at, sums, rest, /*neutral=*/true) : sums;
      Value reaches =
          code.create<arith::CmpIOp>(arith::CmpIPredicate::sgt, end, code.i64(s.fullRows));
      auto branch =
          code.create<scf::IfOp>(ValueRange(sums).getTypes(), reaches, /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(code.b);
      code.b.setInsertionPointToEnd(&branch.getElseRegion().front());
      code.create<scf::YieldOp>(sums);
      code.b.setInsertionPointToEnd(&branch.getThenRegion().front());
      code.create<scf::YieldOp>(addVectors(body, at, sums, rest, /*neutral=*/true));
      return Vectors(branch.getResults());
    };
    return sumLevels(first, last, levels, vectors, whole, withRest, code.i64(s.fullRows));
  }

  /// One row of a block of columns: the reduced coordinates are those of `row`.
  Vectors addTile(Value row, ValueRange sums, ArrayRef<int64_t> lanes, bool neutral) {
    const KernelShape &shape = function.shape;
    SmallVector<Value, 4> coordinates = code.delinearize(row, shape.reducedSizes());
    for (auto [i, coordinate] : llvm::enumerate(coordinates))
      space.outer[shape.numParallel() + i] = coordinate;
    BodyEmitter body = fixInputs();
    return addVectors(body, column, sums, lanes, neutral);
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
    return body;
  }

  /// Evaluates the body at `flat` for one vector per entry of `lanes`, writes what is written, and
  /// adds the rest to `sums`; `neutral`: lanes that are not valid add the identity.
  Vectors addVectors(const BodyEmitter &body, Value flat, ValueRange sums, ArrayRef<int64_t> lanes,
                     bool neutral) {
    Vectors next(sums);
    unsigned vectors = sums.size() / std::max<size_t>(1, s.reduced.size());
    for (auto [v, valid] : llvm::enumerate(lanes)) {
      Value at = code.add(flat, v * s.width);
      Value mask = function.staticMask(valid, s.width);
      SmallVector<Value> inputs(function.numInputs());
      for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
        if (accesses[i].kind != Access::invariant && !argument.use_empty())
          inputs[i] = function.load(accesses[i], at, s.width, mask);
      SmallVector<Value> yields =
          body.emit(code, inputs, function.indices(space, at, s.width), s.width);
      unsigned position = 0;
      for (auto [i, value] : llvm::enumerate(yields)) {
        const Combiner &combiner = s.combiners[i];
        if (combiner.kind == Combiner::none) {
          function.store(accesses[function.numInputs() + i], at, value, mask);
          continue;
        }
        Type yielded = kernel.getBody().front().getTerminator()->getOperand(i).getType();
        value = castElement(code, value, yielded, combiner.element);
        if (neutral && mask)
          value = code.create<arith::SelectOp>(mask, value, combiner.identity(code, s.width));
        Value &sum = next[position++ * vectors + v];
        sum = combiner.combine(code, sum, value);
      }
    }
    return next;
  }

  //===----------------------------------------------------------------------------------------------------===//
  // Results
  //===----------------------------------------------------------------------------------------------------===//

  /// Lanes in halves until one is left. Vectors that a short row does not have hold the identity,
  /// which changes nothing.
  Value fold(const Combiner &combiner, ArrayRef<Value> vectors) {
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

  void finishResult(ArrayRef<Value> sums, ArrayRef<int64_t> lanes) {
    // Reduced results do not move with the reduced dimensions, so any coordinate serves for those.
    for (unsigned dim = function.shape.numParallel(); dim < function.shape.sizes.size(); ++dim)
      space.outer[dim] = code.i64(0);
    LaneSpace point = space;
    if (s.alongReduced)
      point.dims.clear();
    for (auto [position, i] : llvm::enumerate(s.reduced)) {
      Access access = function.access(function.numInputs() + i, point, s.width);
      Type element = function.element(function.numInputs() + i);
      ArrayRef<Value> own = sums.slice(position * lanes.size(), lanes.size());
      auto converted = [&](Value sum) {
        return castElement(code, sum, s.combiners[i].element, element);
      };
      if (s.alongReduced) {
        function.store(access, code.i64(0), converted(fold(s.combiners[i], own)));
        continue;
      }
      for (auto [v, valid] : llvm::enumerate(lanes))
        function.store(access, code.add(column, v * s.width), converted(own[v]),
                       function.staticMask(valid, s.width));
    }
    for (unsigned dim : space.dims)
      space.outer[dim] = nullptr;
  }

  //===----------------------------------------------------------------------------------------------------===//
  // Sums of groups in memory
  //===----------------------------------------------------------------------------------------------------===//

  Type partialType(const Combiner &combiner) const {
    return vectorOf(computeType(combiner.element), s.width);
  }
  int64_t partialStride() const {
    int64_t bytes = 0;
    for (unsigned i : s.reduced)
      bytes += s.vectors * s.width * memoryBytes(computeType(s.combiners[i].element));
    return llvm::alignTo(bytes, 64);
  }

  /// The addresses of an index's vectors in the memory behind the results.
  void forEachPartial(Value index, llvm::function_ref<void(Value, unsigned, Type, unsigned)> body) {
    Type byte = code.b.getI8Type();
    Value base = function.offsetPointer(function.argument(function.numOperands()),
                                        code.mul(index, partialStride()), byte);
    int64_t offset = 0;
    unsigned position = 0;
    for (unsigned i : s.reduced) {
      Type element = computeType(s.combiners[i].element);
      for (int64_t v = 0; v < s.vectors; ++v) {
        body(function.offsetPointer(base, code.i64(offset), byte), position++,
             partialType(s.combiners[i]), memoryBytes(element));
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
};

} // namespace

FailureOr<EmittedKernel> emitReductionX86(ir::KernelOp kernel, const KernelShape &shape,
                                          StringRef symbol, ModuleOp module,
                                          const TargetInfo &target) {
  Schedule schedule = makeSchedule(kernel, shape, target);
  EmittedKernel emitted;
  auto launch = [&](StringRef name, int64_t range, int64_t pointsPerIndex, auto emit) {
    X86Function function(kernel, shape, name, module, target);
    ReductionEmitter emitter(kernel, schedule, function);
    emit(emitter);
    function.finish();
    KernelLaunch launch;
    launch.symbol = name.str();
    launch.range = range;
    launch.grain = grainFor(kernel, pointsPerIndex, range);
    emitted.launches.push_back(launch);
  };
  int64_t lanes = schedule.tileLanes();
  if (!schedule.groupRows) {
    launch(symbol, schedule.results, schedule.rows * lanes,
           [](ReductionEmitter &e) { e.emitAll(); });
    return emitted;
  }
  launch((symbol + "_groups").str(), schedule.results * schedule.groups, schedule.groupRows * lanes,
         [&](ReductionEmitter &e) {
           e.emitGroups();
           emitted.temporaryBytes = e.partialBytes();
         });
  launch((symbol + "_combine").str(), schedule.results, schedule.groups * lanes,
         [](ReductionEmitter &e) { e.emitCombine(); });
  return emitted;
}

} // namespace tjit::codegen
