//===- Compose.h ------------------------------------------------------------------------------===//
// Small pieces that compositions are made of.
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/Ops.h"
#include "IR/AttrWords.h"
#include "IR/DTypes.h"
#include "IR/OpAttrs.h.inc"

#include <string_view>

namespace tjit {

/// The number of dimensions; throws where the tensor is undefined.
inline int64_t rankOf(const Tensor &t, const char *operation) {
  return static_cast<int64_t>(implOf(t, operation).type().sizes.size());
}

/// A reduction over ascending, wrapped dimensions.
Tensor reduceDims(OpKind kind, const Tensor &t, std::span<const int64_t> dims, bool keepdim);
inline Tensor reduceDims(OpKind kind, const Tensor &t, int64_t dim, bool keepdim) {
  return reduceDims(kind, t, std::span(&dim, 1), keepdim);
}

/// In the dtype in which compositions compute.
inline Tensor wide(const Tensor &t) { return castTo(t, computeDtype(t.scalar_type())); }

/// What was computed in a wider dtype, in `dtype`: the history keeps its name.
Tensor rounded(const Tensor &t, ScalarType dtype);

/// The index as int64; IndexError where it holds anything but int32 and int64, as in libtorch.
Tensor integerIndex(const Tensor &index, const char *operation);
/// The index itself, of an operation that takes no integers but int64; IndexError for others.
const Tensor &longIndex(const Tensor &index, const char *operation);
/// A vector of indices of dim, expanded to the sizes of `source` except along dim.
Tensor indexAlong(const Tensor &index, const Tensor &source, int64_t dim, const char *operation);

/// Throws Error naming the operation where t is no floating-point tensor.
void checkFloating(const Tensor &t, const char *operation);

/// Throws Error naming the operation where t, or what a function would make, holds bools.
void refuseBool(ScalarType dtype, const char *operation);
void refuseBool(const Tensor &t, const char *operation);
/// Throws Error naming the operation where `t` has elements of 16-bit floats: PyTorch has no
/// kernel.
void refuseSixteenBits(const Tensor &t, const char *operation);
/// Throws where a history would need the derivative by `t`, which may be undefined, and which
/// PyTorch does not derive the operation by either.
void refuseGradient(const Tensor &t, const char *argument, const char *operation);
/// Throws Error naming the operation where the dtypes differ: it does not promote.
void checkSameDtype(const Tensor &a, const Tensor &b, const char *operation);

/// The tensor, whose elements the rule has accepted, or will be asked of by the evaluation where
/// they are pending. Throws for one that it refuses.
Tensor checkedValues(const Tensor &t, ValueRule rule);

/// Uniform numbers (float32) in the sizes of t that lie in memory as t does.
Tensor uniformAs(const Tensor &t);

/// In place or not: `result` stored into `input`, which is given back, or the result itself.
Tensor stored(const Tensor &input, const Tensor &result, bool inplace);

/// What a loss makes of its elements.
enum class LossReduction { none, mean, sum };
/// From Python's text; ValueError for another.
LossReduction reductionOf(std::string_view text, const char *operation);
/// From ATen's number: 0 none, 1 mean, 2 sum.
LossReduction reductionOf(int64_t number, const char *operation);
Tensor reduced(const Tensor &loss, LossReduction reduction);

/// Numbers for the spatial dimensions: one for all, or one for each.
Dims spatial(IntArrayRef values, int64_t count, const char *what, const char *operation);

} // namespace tjit
