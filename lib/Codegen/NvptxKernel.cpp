//===- NvptxKernel.cpp ------------------------------------------------------------------------===//
// Kernels as functions of a GPU.
//
// The same bodies, maps and order of accumulation as on x86, with scalars in place of vectors.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitLevels.h"
#include "Codegen/EmitStages.h"
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

  /// Makes the results of folds known.
  void fix(const LaneValues &folds) { body.fix(code, folds, 1); }

  /// Values of the body at the point.
  SmallVector<Value> evaluate(Value flat, ValueRange targets) {
    LaneValues values;
    SmallVector<Value> indices;
    body.emit(code, values, targets, 1, [&](Value leaf) {
      if (auto argument = dyn_cast<BlockArgument>(leaf))
        return function.load(accesses[argument.getArgNumber()], flat, 1);
      if (indices.empty())
        indices = function.indices(space, flat, 1);
      auto all = kernel.getBody().front().getOps<ir::IndexOp>();
      return indices[std::distance(all.begin(),
                                   llvm::find(all, leaf.getDefiningOp<ir::IndexOp>()))];
    });
    return llvm::map_to_vector(targets, [&](Value v) { return body.lanesOf(code, values, v, 1); });
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

/// The stages of a kernel one behind the other (EmitStages.h); nothing is kept between them, since
/// what a thread reads again is in cache.
class NvptxReduction {
public:
  NvptxReduction(ir::KernelOp kernel, NvptxFunction &function)
      : kernel(kernel), function(function), code(function.code), shape(function.shape),
        plan(planStages(kernel, shape, /*rowElements=*/0, /*keepBytes=*/0)),
        yield(kernel.getBody().front().getTerminator()) {
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
      Value isFirst = code.create<arith::CmpIOp>(arith::CmpIPredicate::eq, lane, code.i64(0));
      PointEmitter points(kernel, function, space);
      for (const Stage &next : plan.stages) {
        stage = &next;
        Vectors sums = sumOfWarp(points, lane);
        LaneValues folds;
        for (auto [position, fold] : llvm::enumerate(stage->folds)) {
          Value v =
              fold.combiner.combine(code, sums[position * kHalves], sums[position * kHalves + 1]);
          for (int distance = kWarp / 2; distance > 0; distance /= 2)
            v = fold.combiner.combine(code, v, function.shuffleDown(v, distance));
          if (fold.value) {
            folds[fold.value] = converted(fold, function.shuffleFirst(v));
            continue;
          }
          when(isFirst, {}, [&] {
            storeResult(fold.result, converted(fold, v));
            return Vectors();
          });
        }
        if (!folds.empty())
          points.fix(folds);
      }
      for (unsigned i : plan.rowResults)
        when(isFirst, {}, [&] {
          storeResult(i, points.evaluate(code.i64(0), yield->getOperand(i))[0]);
          return Vectors();
        });
    });
  }

  /// A thread per result, neighbouring threads along the last parallel dimension.
  void emitThreadPerResult() {
    function.stride(function.threadInGrid(), function.threadsOfGrid(), [&](Value result) {
      enter(result);
      LaneValues folds;
      auto pointsAt = [&](Value row) {
        for (auto [i, coordinate] : llvm::enumerate(code.delinearize(row, shape.reducedSizes())))
          space.outer[shape.numParallel() + i] = coordinate;
        PointEmitter points(kernel, function, space);
        points.fix(folds);
        return points;
      };
      for (const Stage &next : plan.stages) {
        stage = &next;
        Vectors sums = sum(elements, elements, 1, [&](Value row, ValueRange sums) {
          PointEmitter points = pointsAt(row);
          return addPoint(points, code.i64(0), Vectors(sums), 1, 0);
        });
        for (auto [position, fold] : llvm::enumerate(stage->folds)) {
          if (fold.value)
            folds[fold.value] = converted(fold, sums[position]);
          else
            storeResult(fold.result, converted(fold, sums[position]));
        }
      }
      if (plan.rowResults.empty())
        return;
      PointEmitter points = pointsAt(code.i64(0));
      for (unsigned i : plan.rowResults)
        storeResult(i, points.evaluate(code.i64(0), yield->getOperand(i))[0]);
    });
  }

private:
  static constexpr unsigned kHalves = kRadix / kWarp;

  void enter(Value result) {
    for (auto [dim, coordinate] : llvm::enumerate(code.delinearize(result, shape.parallelSizes())))
      space.outer[dim] = coordinate;
  }

  Value converted(const Fold &fold, Value sum) {
    return castElement(code, sum, fold.combiner.element, fold.element);
  }

  Vectors sumOfWarp(PointEmitter &points, Value lane) {
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
    return sum(whole + (rest != 0), whole, kHalves, row, shortRow);
  }

  Vectors sum(int64_t rows, int64_t whole, unsigned perResult, RowFn row, RestFn rest = nullptr) {
    Vectors identities;
    for (const Fold &fold : stage->folds)
      identities.append(perResult, fold.combiner.identity(code, 1));
    auto combine = [&](unsigned i, Value sum, Value value) {
      return stage->folds[i / perResult].combiner.combine(code, sum, value);
    };
    return sumLevels(code, {code.i64(0), code.i64(rows), code.i64(whole)},
                     stage->orderFree() ? 1 : levelsOf(rows), identities, combine, row, rest);
  }

  /// Adds the point to the `which`-th of `perResult` sums of each fold and writes what is written.
  Vectors addPoint(PointEmitter &points, Value flat, Vectors sums, unsigned perResult,
                   unsigned which) {
    SmallVector<Value> values = points.evaluate(flat, stage->targets(kernel));
    for (auto [position, fold] : llvm::enumerate(stage->folds)) {
      Value &sum = sums[position * perResult + which];
      sum = fold.combiner.combine(
          code, sum,
          castElement(code, values[position], fold.operand.getType(), fold.combiner.element));
    }
    for (auto [position, i] : llvm::enumerate(stage->written))
      points.store(i, flat, values[stage->folds.size() + position]);
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

  void storeResult(unsigned result, Value value) {
    // Results of rows do not move with the reduced dimensions.
    LaneSpace point;
    point.outer.assign(space.outer.begin(), space.outer.begin() + shape.numParallel());
    point.outer.resize(shape.sizes.size(), code.i64(0));
    function.store(function.access(function.numInputs() + result, point, 1), code.i64(0), value);
  }

  ir::KernelOp kernel;
  NvptxFunction &function;
  CodeBuilder &code;
  const KernelShape &shape;
  const StagePlan plan;
  Operation *yield;
  LaneSpace space;
  const Stage *stage = nullptr;
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
    ValueRange yields = kernel.getBody().front().getTerminator()->getOperands();
    for (auto [i, value] : llvm::enumerate(points.evaluate(point, yields)))
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
