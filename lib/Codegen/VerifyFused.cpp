//===- VerifyFused.cpp ------------------------------------------------------------------------===//
// Tjit-verify-fused: what fusion promises the planner.

#include "Codegen/FusionGraph.h"
#include "Codegen/Launches.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

using namespace mlir;

namespace tjit::codegen {

#define GEN_PASS_DEF_TJITVERIFYFUSED
#include "tjit-compiler/Codegen/Passes.h.inc"

namespace {

struct VerifyFusedPass : impl::TjitVerifyFusedBase<VerifyFusedPass> {
  using TjitVerifyFusedBase::TjitVerifyFusedBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    launches.clear();
    lastLaunch.reset();
    for (Operation &op : func.getBody().front())
      if (failed(check(&op)) || failed(checkLaunch(&op)))
        return signalPassFailure();
  }

private:
  llvm::DenseMap<int64_t, SmallVector<Operation *>> launches;
  std::optional<int64_t> lastLaunch;

  /// `op` in the order of the function.
  LogicalResult checkLaunch(Operation *op) {
    if (isView(op))
      return success();
    std::optional<int64_t> number = launchOf(op);
    if (number) {
      SmallVector<Operation *> &members = launches[*number];
      if (!members.empty() && lastLaunch != number)
        return op->emitOpError("is of launch ") << *number << ", which ended before";
      for (Value value : memoryReadBy(op))
        if (llvm::is_contained(members, value.getDefiningOp()))
          return op->emitOpError("reads what another member of its launch makes");
      members.push_back(op);
    }
    lastLaunch = number;
    return success();
  }

  static LogicalResult check(Operation *op) {
    if (isView(op)) {
      if (elementsOf(op->getResult(0)) != 0 && !readable(op->getResult(0)))
        return op->emitOpError("is not a strided read of memory: tjit-fuse copies such a view");
      return success();
    }
    if (isa<ir::KernelOp>(op)) {
      for (Value operand : op->getOperands())
        if (isView(operand.getDefiningOp()))
          return op->emitOpError("reads the result of a view; its maps read the view's operand");
      return success();
    }
    if (isa<func::ReturnOp>(op)) {
      for (auto [i, value] : llvm::enumerate(op->getOperands()))
        if (elementsOf(value) != 0 && !isDenseAlias(value, noRoot))
          return op->emitOpError("hands out what is not row-major: result ") << i;
      return success();
    }
    if (classify(op) != NodeKind::opaque)
      return op->emitOpError("stands outside a kernel");
    return success();
  }

  static bool noRoot(Value) { return false; }
  static bool readable(Value value) { return stridedOperand(value, noRoot).has_value(); }
};

} // namespace
} // namespace tjit::codegen
