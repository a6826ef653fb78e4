//===- EmitStages.cpp -------------------------------------------------------------------------===//
// Which pass over a row computes what.
//
// See EmitStages.h. A value's level is the number of folds that stand one behind the other before
// it: the stage from which on it can be computed.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitStages.h"
#include "Codegen/EmitTypes.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {

bool standsStill(const KernelShape &shape, const OperandMap &map) {
  if (!map.isLinear() || map.offsetVaries)
    return false;
  for (unsigned dim = shape.numParallel(); dim < shape.sizes.size(); ++dim)
    if (map.strides[dim] != 0)
      return false;
  return true;
}

bool Stage::orderFree() const {
  return llvm::all_of(folds, [](const Fold &fold) { return fold.combiner.orderFree(); });
}

SmallVector<Value> Stage::targets(ir::KernelOp kernel) const {
  Operation *yield = kernel.getBody().front().getTerminator();
  SmallVector<Value> values;
  for (const Fold &fold : folds)
    values.push_back(fold.operand);
  for (unsigned i : written)
    values.push_back(yield->getOperand(i));
  llvm::append_range(values, kept);
  return values;
}

bool StagePlan::orderFree() const {
  return llvm::all_of(stages, [](const Stage &stage) { return stage.orderFree(); });
}

SmallVector<Combiner> StagePlan::combiners() const {
  SmallVector<Combiner> all;
  for (const Stage &stage : stages)
    for (const Fold &fold : stage.folds)
      all.push_back(fold.combiner);
  return all;
}

namespace {

class StagePlanner {
public:
  StagePlanner(ir::KernelOp kernel, const KernelShape &shape, Extent rowElements, int64_t keepBytes)
      : kernel(kernel), shape(shape), body(kernel.getBody().front()), rowElements(rowElements),
        keepBytes(keepBytes) {}

  StagePlan run() {
    findLevels();
    placeFoldsAndResults();
    keepOrRecompute();
    return std::move(plan);
  }

private:
  void findLevels() {
    for (auto [i, argument] : llvm::enumerate(body.getArguments()))
      if (standsStill(shape, shape.inputs[i]))
        row.insert(argument);
    unsigned index = 0;
    for (Operation &op : body.without_terminator()) {
      Value result = op.getResult(0);
      unsigned last = 0;
      for (Value operand : op.getOperands())
        last = std::max(last, level.lookup(operand));
      bool fold = isa<ir::FoldOp>(op);
      level[result] = last + fold;
      bool isRow = fold;
      if (isa<ir::IndexOp>(op))
        isRow = standsStill(shape, shape.indices[index++]);
      else if (!fold)
        isRow = llvm::all_of(op.getOperands(), [&](Value v) { return row.contains(v); });
      if (isRow)
        row.insert(result);
    }
  }

  Stage &stageAt(unsigned index) {
    if (plan.stages.size() <= index)
      plan.stages.resize(index + 1);
    return plan.stages[index];
  }

  void placeFoldsAndResults() {
    stageAt(0);
    SmallVector<unsigned> points;
    Operation *yield = body.getTerminator();
    for (auto [i, name] : llvm::enumerate(kernel.getCombiners().getAsRange<StringAttr>())) {
      Value value = yield->getOperand(i);
      Type element = getElementTypeOrSelf(kernel.getResults()[i].getType());
      Fold fold{Combiner::get(name.getValue(), value.getType()), value, element,
                static_cast<int>(i), nullptr};
      if (fold.combiner.kind != Combiner::none) {
        stageAt(level.lookup(value)).folds.push_back(fold);
      } else if (row.contains(value) && standsStill(shape, shape.results[i])) {
        plan.rowResults.push_back(i);
      } else {
        points.push_back(i);
        stageAt(level.lookup(value));
      }
    }
    for (auto op : body.getOps<ir::FoldOp>()) {
      Type element = op.getResult().getType();
      Combiner combiner = Combiner::get(op.getCombiner(), op.getValue().getType());
      stageAt(level.lookup(op.getValue()))
          .folds.push_back({combiner, op.getValue(), element, -1, op.getResult()});
    }
    plan.stages.back().written = points;
    for (Operation &op : body.without_terminator())
      if (unsigned known = level.lookup(op.getResult(0));
          known > 0 && !isa<ir::FoldOp>(op) && row.contains(op.getResult(0)))
        plan.stages[known - 1].rowValues.push_back(op.getResult(0));
  }

  bool isPoint(Value value) const { return value.getDefiningOp() && !row.contains(value); }

  /// What computing a value once more costs, roughly, in additions: operations, and loads from a
  /// cache.
  int64_t recomputeCost(Value value) const {
    llvm::DenseSet<Value> seen;
    SmallVector<Value> open{value};
    int64_t cost = 0;
    while (!open.empty()) {
      Value at = open.pop_back_val();
      if (row.contains(at) || !seen.insert(at).second)
        continue;
      Operation *op = at.getDefiningOp();
      if (!op || kept.contains(at)) {
        ++cost;
        continue;
      }
      cost += operationCost(op);
      llvm::append_range(open, op->getOperands());
    }
    return cost;
  }

  /// Walks back from what each stage has to compute. What an earlier stage has computed already is
  /// kept if that is cheaper than its operations: a store and a load.
  void keepOrRecompute() {
    constexpr int64_t kKeepCost = 4;
    Extent room = keepBytes;
    llvm::DenseMap<Value, unsigned> madeIn;
    for (unsigned s = 0; s < plan.stages.size(); ++s) {
      llvm::DenseSet<Value> needed;
      SmallVector<Value> open(plan.stages[s].targets(kernel));
      while (!open.empty()) {
        Value value = open.pop_back_val();
        if (!isPoint(value) || !needed.insert(value).second)
          continue;
        auto made = madeIn.find(value);
        if (made != madeIn.end() && made->second < s) {
          bool known = kept.contains(value);
          Extent bytes = roundUp(rowElements * memoryBytes(value.getType()), 64);
          if (!known && recomputeCost(value) > kKeepCost && bytes <= room) {
            known = true;
            room = room - bytes;
            kept.insert(value);
            plan.keptOrder.push_back(value);
            plan.stages[made->second].kept.push_back(value);
          }
          if (known) {
            plan.stages[s].loaded.push_back(value);
            continue;
          }
        }
        madeIn.try_emplace(value, s);
        llvm::append_range(open, value.getDefiningOp()->getOperands());
      }
    }
  }

  ir::KernelOp kernel;
  const KernelShape &shape;
  Block &body;
  const Extent rowElements;
  const int64_t keepBytes;
  llvm::DenseMap<Value, unsigned> level;
  llvm::DenseSet<Value> row, kept;
  StagePlan plan;
};

} // namespace

StagePlan planStages(ir::KernelOp kernel, const KernelShape &shape, Extent rowElements,
                     int64_t keepBytes) {
  return StagePlanner(kernel, shape, rowElements, keepBytes).run();
}

} // namespace tjit::codegen
