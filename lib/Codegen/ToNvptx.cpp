//===- ToNvptx.cpp ----------------------------------------------------------------------------===//
// Tjit-to-nvptx: kernels as gpu functions.
#include "Codegen/NvptxFunction.h"
#include "tjit-compiler/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tjit::codegen {

#define GEN_PASS_DEF_TJITTONVPTX
#include "tjit-compiler/Codegen/Passes.h.inc"

namespace {

struct ToNvptx : impl::TjitToNvptxBase<ToNvptx> {
  using TjitToNvptxBase::TjitToNvptxBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
    auto kernels = gpu::GPUModuleOp::create(b, module.getLoc(), "kernels");
    kernels.setTargetsAttr(b.getArrayAttr(
        NVVM::NVVMTargetAttr::get(&getContext(), /*optLevel=*/1, "nvptx64-nvidia-cuda", chip)));
    WalkResult result = module.walk([&](func::FuncOp function) {
      unsigned number = 0;
      return function.walk([&](ir::KernelOp kernel) {
        for (Operation &op : kernel.getBody().front().without_terminator())
          if (!hasCode(&op)) {
            op.emitError("has no code for NVPTX");
            return WalkResult::interrupt();
          }
        KernelShape shape = analyzeShape(kernel);
        std::string symbol = (function.getName() + "_kernel" + Twine(number++)).str();
        auto emit = kernel.getReductions() ? emitReductionNvptx : emitElementwiseNvptx;
        emit(kernel, shape, symbol, kernels);
        return WalkResult::advance();
      });
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
} // namespace tjit::codegen
