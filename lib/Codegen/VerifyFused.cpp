//===- VerifyFused.cpp ------------------------------------------------------------------------===//
// Tjit-verify-fused: what fusion promises the planner.

#include "Codegen/FusionGraph.h"
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
    for (Operation &op : func.getBody().front())
      if (failed(check(&op)))
        return signalPassFailure();
  }

private:
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
    if (!isa<func::ReturnOp>(op) && classify(op) != NodeKind::opaque)
      return op->emitOpError("stands outside a kernel");
    return success();
  }

  static bool readable(Value value) {
    return stridedOperand(value, [](Value) { return false; }).has_value();
  }
};

} // namespace
} // namespace tjit::codegen
