//===- X86Function.h --------------------------------------------------------------------------===//
// One launch function of a kernel on x86.
#pragma once

#include "Codegen/EmitFunction.h"
#include "tjit-compiler/Codegen/Emit.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tjit::codegen {

/// `symbol`(args, begin, end, scratch): operand addresses are read from args.
class X86Function : public KernelFunction {
public:
  /// Begins the function in `module`; the insertion point is in its body.
  X86Function(ir::KernelOp kernel, const KernelShape &shape, llvm::StringRef symbol,
              mlir::ModuleOp module, const TargetInfo &target);
  /// Extents that vary are read from memory whose address is args[position]; before any code is
  /// written.
  void readParameters(Parameters &parameters, unsigned position) {
    code.readParameters(parameters, function.getArgument(0), position);
  }
  /// Ends it at the insertion point.
  void finish();

  /// Code for a condition and for its opposite.
  void branch(mlir::Value condition, llvm::function_ref<void()> yes, llvm::function_ref<void()> no);

  mlir::Value begin() { return function.getArgument(1); }
  mlir::Value end() { return function.getArgument(2); }
  mlir::Value scratch() { return function.getArgument(3); }

private:
  X86Function(ir::KernelOp kernel, const KernelShape &shape, mlir::func::FuncOp function,
              const TargetInfo &target);
  mlir::Value makeArgument(unsigned i) override;

  mlir::func::FuncOp function;
};

/// Lanes of a vector register for the widest value of the kernel's body, its operands and
/// accumulators.
int64_t vectorWidth(ir::KernelOp kernel, const TargetInfo &target,
                    llvm::ArrayRef<Combiner> combiners);

} // namespace tjit::codegen
