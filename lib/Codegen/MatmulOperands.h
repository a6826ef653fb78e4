//===- MatmulOperands.h -----------------------------------------------------------------------===//
// A contraction with its operands' views folded into strides.
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

#include <optional>

namespace tjit::ir {
class KernelOp;
class MatmulOp;
} // namespace tjit::ir

namespace tjit::codegen {

/// Sizes and strides of a fused function's tjit.matmul: transposed, expanded and strided operands
/// are read where they are. nullopt where an operand is no strided memory (tjit-verify-fused
/// excludes that).
std::optional<MatmulDescription> describeMatmul(ir::MatmulOp matmul);

/// The input of an elementwise kernel that is a matrix product which nothing else reads, and which
/// the kernel reads element for element: the kernel may run on the product's tiles, as its
/// epilogue. Which targets have code for it is emitMatmulX86's to say.
std::optional<unsigned> epilogueProduct(ir::KernelOp kernel);

/// The elementwise kernel that makes a product's left (0) or right (1) operand, densely, and that
/// nothing else reads: the product may run it while it packs, as its prologue. Null: there is none.
/// Where that pays is canEmitMatmul's to say.
ir::KernelOp prologueKernel(ir::MatmulOp matmul, unsigned side);

} // namespace tjit::codegen
