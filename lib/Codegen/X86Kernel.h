//===- X86Kernel.h ----------------------------------------------------------------------------===//
// The loop nests that kernels become on x86.
#pragma once

#include "Codegen/X86Function.h"

namespace tjit::codegen {

/// A kernel that only writes elements.
mlir::FailureOr<EmittedKernel> emitElementwiseX86(ir::KernelOp kernel, const KernelShape &shape,
                                                  llvm::StringRef symbol, mlir::ModuleOp module,
                                                  const TargetInfo &target);
/// A kernel with reduced dimensions, in the order of docs/numerics.md.
mlir::FailureOr<EmittedKernel> emitReductionX86(ir::KernelOp kernel, const KernelShape &shape,
                                                llvm::StringRef symbol, mlir::ModuleOp module,
                                                const TargetInfo &target);

/// Whether a kernel of one dimension writes so much that no cache can hold it until it is read: its
/// lines then need not be read before they are written. It has code of its own, which may branch.
bool bypassesCaches(ir::KernelOp kernel, const KernelShape &shape, const TargetInfo &target);

/// Indices of a loop that keep a worker busy for some twenty microseconds, when one costs
/// `elements` evaluations of the body over memory of the kernel's operands. May be more than there
/// are.
Extent grainFor(ir::KernelOp kernel, Extent elements);

} // namespace tjit::codegen
