//===- MatmulOperands.h -----------------------------------------------------------------------===//
// A contraction with its operands' views folded into strides.
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

#include <optional>

namespace tjit::ir {
class MatmulOp;
} // namespace tjit::ir

namespace tjit::codegen {

/// Sizes and strides of a fused function's tjit.matmul: transposed, expanded and strided operands
/// are read where they are. nullopt where an operand is no strided memory (tjit-verify-fused
/// excludes that).
std::optional<MatmulDescription> describeMatmul(ir::MatmulOp matmul);

} // namespace tjit::codegen
