//===- NvptxKernel.cpp ------------------------------------------------------------------------===//
// Kernels as functions of a GPU.
//
// The same bodies, maps and order of accumulation as on x86, with scalars in place of vectors.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitLevels.h"
#include "Codegen/EmitTypes.h"
#include "Codegen/NvptxFunction.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

/// Operands at the coordinates that a lane space leaves open, one element at a time.
class PointEmitter {
public:
  PointEmitter(ir::KernelOp kernel, NvptxFunction &function, const LaneSpace &space)
      : kernel(kernel), function(function), code(function.code), space(space),
        body(kernel.getBody().front()) {
    for (unsigned i = 0; i < function.numOperands(); ++i)
      accesses.push_back(function.access(i, space, 1));
    SmallVector<Value> invariants(function.numInputs());
    for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
      if (accesses[i].kind == Access::invariant && !argument.use_empty())
        invariants[i] = function.load(accesses[i], code.i64(0), 1);
    body.fix(code, invariants, 1);
  }

  /// What the body yields at the point.
  SmallVector<Value> evaluate(Value flat) {
    SmallVector<Value> inputs(function.numInputs());
    for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
      if (accesses[i].kind != Access::invariant && !argument.use_empty())
        inputs[i] = function.load(accesses[i], flat, 1);
    return body.emit(code, inputs, function.indices(space, flat, 1), 1);
  }

  void store(unsigned result, Value flat, Value value) {
    function.store(accesses[function.numInputs() + result], flat, value);
  }

private:
  ir::KernelOp kernel;
  NvptxFunction &function;
  CodeBuilder &code;
  const LaneSpace &space;
  BodyEmitter body;
  SmallVector<Access> accesses;
};

class NvptxReduction {
public:
  NvptxReduction(ir::KernelOp kernel, NvptxFunction &function)
      : kernel(kernel), function(function), code(function.code), shape(function.shape) {
    Operation *yield = kernel.getBody().front().getTerminator();
    for (auto [i, name] : llvm::enumerate(kernel.getCombiners().getAsRange<StringAttr>())) {
      combiners.push_back(Combiner::get(name.getValue(), yield->getOperand(i).getType(),
                                        getElementTypeOrSelf(kernel.getResults()[i].getType())));
      if (combiners.back().kind != Combiner::none)
        reduced.push_back(i);
    }
    for (int64_t size : shape.reducedSizes())
      elements *= size;
    space.outer.assign(shape.sizes.size(), nullptr);
    space.aligned = true;
  }

  /// A warp per result; lane l of a row is thread l mod 32, which has a sum for l and one for l
  /// + 32.
  void emitWarpPerResult() {
    Value warp = code.div(function.threadInGrid(), kWarp);
    Value warps = code.div(function.threadsOfGrid(), kWarp);
    Value lane = function.laneInWarp();
    for (unsigned dim = shape.numParallel(); dim < shape.sizes.size(); ++dim)
      space.dims.push_back(dim);
    function.stride(warp, warps, [&](Value result) {
      enter(result);
      PointEmitter points(kernel, function, space);
      auto add = [&](Value flat, Vectors sums, unsigned half) {
        return addPoint(points, code.add(flat, half * kWarp), std::move(sums), kHalves, half);
      };
      auto row = [&](Value row, ValueRange sums) {
        Value flat = code.add(code.mul(row, kRadix), lane);
        return add(flat, add(flat, Vectors(sums), 0), 1);
      };
      int64_t whole = elements / kRadix, rest = elements % kRadix;
      auto shortRow = [&](Value end, Vectors sums) {
        if (!rest)
          return sums;
        Value flat = code.add(code.i64(whole * kRadix), lane);
        Value reaches = code.create<arith::CmpIOp>(arith::CmpIPredicate::sgt, end, code.i64(whole));
        for (unsigned half = 0; half < kHalves; ++half) {
          Value inside = code.create<arith::CmpIOp>(arith::CmpIPredicate::slt, lane,
                                                    code.i64(rest - half * kWarp));
          sums = when(code.create<arith::AndIOp>(reaches, inside), sums,
                      [&] { return add(flat, sums, half); });
        }
        return sums;
      };
      int64_t rows = whole + (rest != 0);
      Vectors sums = sum(rows, whole, kHalves, row, shortRow);
      Value isFirst = code.create<arith::CmpIOp>(arith::CmpIPredicate::eq, lane, code.i64(0));
      for (auto [position, i] : llvm::enumerate(reduced)) {
        const Combiner &combiner = combiners[i];
        Value v = combiner.combine(code, sums[position * kHalves], sums[position * kHalves + 1]);
        for (int distance = kWarp / 2; distance > 0; distance /= 2)
          v = combiner.combine(code, v, function.shuffleDown(v, distance));
        when(isFirst, {}, [&] {
          storeResult(i, v);
          return Vectors();
        });
      }
    });
  }

  /// A thread per result, neighbouring threads along the last parallel dimension.
  void emitThreadPerResult() {
    function.stride(function.threadInGrid(), function.threadsOfGrid(), [&](Value result) {
      enter(result);
      Vectors sums = sum(elements, elements, 1, [&](Value row, ValueRange sums) {
        for (auto [i, coordinate] : llvm::enumerate(code.delinearize(row, shape.reducedSizes())))
          space.outer[shape.numParallel() + i] = coordinate;
        PointEmitter points(kernel, function, space);
        return addPoint(points, code.i64(0), Vectors(sums), 1, 0);
      });
      for (auto [position, i] : llvm::enumerate(reduced))
        storeResult(i, sums[position]);
    });
  }

private:
  static constexpr unsigned kHalves = kRadix / kWarp;

  void enter(Value result) {
    for (auto [dim, coordinate] : llvm::enumerate(code.delinearize(result, shape.parallelSizes())))
      space.outer[dim] = coordinate;
  }

  Vectors sum(int64_t rows, int64_t whole, unsigned perResult, RowFn row, RestFn rest = nullptr) {
    Vectors identities;
    bool orderFree = true;
    for (unsigned i : reduced) {
      identities.append(perResult, combiners[i].identity(code, 1));
      orderFree &= combiners[i].orderFree();
    }
    auto combine = [&](unsigned i, Value sum, Value value) {
      return combiners[reduced[i / perResult]].combine(code, sum, value);
    };
    return sumLevels(code, {code.i64(0), code.i64(rows), code.i64(whole)},
                     orderFree ? 1 : levelsOf(rows), identities, combine, row, rest);
  }

  /// Adds the point to the `which`-th of `perResult` sums of each reduced result and writes what is
  /// written.
  Vectors addPoint(PointEmitter &points, Value flat, Vectors sums, unsigned perResult,
                   unsigned which) {
    unsigned position = 0;
    for (auto [i, value] : llvm::enumerate(points.evaluate(flat))) {
      if (combiners[i].kind == Combiner::none) {
        points.store(i, flat, value);
        continue;
      }
      Type yielded = kernel.getBody().front().getTerminator()->getOperand(i).getType();
      Value &sum = sums[position++ * perResult + which];
      sum =
          combiners[i].combine(code, sum, castElement(code, value, yielded, combiners[i].element));
    }
    return sums;
  }

  Vectors when(Value condition, const Vectors &otherwise, llvm::function_ref<Vectors()> then) {
    auto branch = code.create<scf::IfOp>(ValueRange(otherwise).getTypes(), condition,
                                         /*withElseRegion=*/!otherwise.empty());
    OpBuilder::InsertionGuard guard(code.b);
    code.b.setInsertionPointToStart(&branch.getThenRegion().front());
    Vectors results = then();
    if (otherwise.empty())
      return {};
    code.create<scf::YieldOp>(results);
    code.b.setInsertionPointToEnd(&branch.getElseRegion().front());
    code.create<scf::YieldOp>(otherwise);
    return Vectors(branch.getResults());
  }

  void storeResult(unsigned result, Value sum) {
    // Reduced results do not move with the reduced dimensions.
    LaneSpace point;
    point.outer.assign(space.outer.begin(), space.outer.begin() + shape.numParallel());
    point.outer.resize(shape.sizes.size(), code.i64(0));
    unsigned operand = function.numInputs() + result;
    Value value = castElement(code, sum, combiners[result].element, function.element(operand));
    function.store(function.access(operand, point, 1), code.i64(0), value);
  }

  ir::KernelOp kernel;
  NvptxFunction &function;
  CodeBuilder &code;
  const KernelShape &shape;
  LaneSpace space;
  SmallVector<Combiner> combiners;
  SmallVector<unsigned> reduced;
  int64_t elements = 1; // of one result
};

} // namespace

void emitElementwiseNvptx(ir::KernelOp kernel, const KernelShape &shape, StringRef symbol,
                          gpu::GPUModuleOp module) {
  NvptxFunction function(kernel, shape, symbol, module);
  LaneSpace space;
  space.outer.assign(shape.sizes.size(), nullptr);
  for (unsigned dim = 0; dim < shape.sizes.size(); ++dim)
    space.dims.push_back(dim);
  space.aligned = true;
  PointEmitter points(kernel, function, space);
  Value first = function.threadInGrid(), step = function.threadsOfGrid();
  function.stride(first, step, [&](Value point) {
    for (auto [i, value] : llvm::enumerate(points.evaluate(point)))
      points.store(i, point, value);
  });
  function.finish();
}

void emitReductionNvptx(ir::KernelOp kernel, const KernelShape &shape, StringRef symbol,
                        gpu::GPUModuleOp module) {
  NvptxFunction function(kernel, shape, symbol, module);
  NvptxReduction reduction(kernel, function);
  if (kernel.getLanes() != 1 && shape.numReduced)
    reduction.emitWarpPerResult();
  else
    reduction.emitThreadPerResult();
  function.finish();
}

} // namespace tjit::codegen
