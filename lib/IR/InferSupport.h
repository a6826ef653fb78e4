//===- InferSupport.h - checks that the inference rules share ---------------------------------===//
#pragma once

#include "IR/Infer.h"

namespace tjit::infer {

/// "matmul: "
std::string subject(const InferContext &c);
/// "operand 1", or "the operand" where there is one.
std::string operandName(const InferContext &c, size_t i);
/// Each of these sets the error and returns false where the check fails.
bool checkSizes(InferContext &c, std::span<const int64_t> sizes);
bool checkDType(InferContext &c, ScalarType dtype);
bool checkDim(InferContext &c, int64_t dim, size_t rank);
/// Operand i is a 0-dim int64: a start, an offset, a seed.
bool checkIndexOperand(InferContext &c, size_t i);

} // namespace tjit::infer
