//===- NvptxFunction.h ------------------------------------------------------------------------===//
// One function of a kernel on a GPU.
#pragma once

#include "Codegen/EmitFunction.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace tjit::codegen {

inline constexpr int kWarp = 32;
inline constexpr int kBlock = 128; ///< threads of a block

/// gpu.func @symbol(operands in global memory..., i64 count): grid-stride loops over [0, count), so
/// any grid is right.
class NvptxFunction : public KernelFunction {
public:
  NvptxFunction(ir::KernelOp kernel, const KernelShape &shape, llvm::StringRef symbol,
                mlir::gpu::GPUModuleOp module);
  void finish();

  /// for i in [first, count) by step: body(i), with i64 values known at run time.
  void stride(mlir::Value first, mlir::Value step, llvm::function_ref<void(mlir::Value)> body);
  mlir::Value threadInGrid(); ///< i64
  mlir::Value threadsOfGrid();
  mlir::Value laneInWarp();
  /// The value of the lane `distance` above, of any scalar type in registers.
  mlir::Value shuffleDown(mlir::Value value, int distance);
  /// The value of the warp's first lane.
  mlir::Value shuffleFirst(mlir::Value value);

private:
  NvptxFunction(ir::KernelOp kernel, const KernelShape &shape, mlir::gpu::GPUFuncOp function);
  mlir::Value makeArgument(unsigned i) override;
  mlir::Value widened(mlir::Value i32);
  mlir::Value shuffle(mlir::Value value, int operand, mlir::NVVM::ShflKind kind);

  mlir::gpu::GPUFuncOp function;
  mlir::Value thread; // i32, in its block
};

/// A kernel that only writes elements: one thread per point.
void emitElementwiseNvptx(ir::KernelOp kernel, const KernelShape &shape, llvm::StringRef symbol,
                          mlir::gpu::GPUModuleOp module);
/// A kernel with reduced dimensions: 64 lanes are the 32 threads of a warp with two sums each, a
/// warp per result; one lane is a thread per result.
void emitReductionNvptx(ir::KernelOp kernel, const KernelShape &shape, llvm::StringRef symbol,
                        mlir::gpu::GPUModuleOp module);

} // namespace tjit::codegen
