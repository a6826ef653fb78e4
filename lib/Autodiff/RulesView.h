//===- RulesView.h ----------------------------------------------------------------------------===//
// Derivatives of views and of writes into views.
//
// A view reads its operand at other indices, so its cotangent goes back to those: by the inverse
// view where every element is read once, else by a write into zeros, else (elements read twice) by
// additions.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
#include "IR/OpAttrs.h.inc"

namespace tjit::autodiff {

template <class B> void permuteRule(RuleContext<B> &c) {
  const auto attrs = PermuteAttrs::read(c.attributes.data());
  Dims inverse(attrs.dims.size(), 0);
  for (size_t i = 0; i < attrs.dims.size(); ++i)
    inverse[static_cast<size_t>(attrs.dims[i])] = static_cast<int64_t>(i);
  c.gradients[0] = c.builder.permute(c.grad, inverse);
}

/// sumToType does the rest.
template <class B> void expandRule(RuleContext<B> &c) { c.gradients[0] = c.grad; }

template <class B> void reshapeRule(RuleContext<B> &c) {
  c.gradients[0] = c.builder.reshape(c.grad, c.operandTypes[0].sizes);
}

template <class B> void flipRule(RuleContext<B> &c) {
  c.gradients[0] = c.builder.flip(c.grad, FlipAttrs::read(c.attributes.data()).dims);
}

/// Zeros with the cotangent written where the slice was read.
template <class B> void sliceRule(RuleContext<B> &c) {
  const auto attrs = SliceAttrs::read(c.attributes.data());
  B &b = c.builder;
  const TensorType &type = c.operandTypes[0];
  Dims strides = contiguousStrides(type.sizes);
  const size_t dim = static_cast<size_t>(attrs.dim);
  auto offset = b.scaled(c.start, strides[dim]);
  strides[dim] *= attrs.step;
  auto zeros = b.constant(0.0, type.dtype, type.sizes);
  c.gradients[0] = b.writeViewAt(zeros, c.grad, offset, c.resultType.sizes, strides);
}

/// Whether no element of storage is read twice. Sorted by stride, each dimension must step over all
/// below it; enough for every view that slicing, permuting and reshaping make.
inline bool readsOnce(const Dims &sizes, std::span<const int64_t> strides) {
  std::vector<std::pair<int64_t, int64_t>> dims; // stride, size
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0)
      return true;
    if (sizes[i] > 1)
      dims.emplace_back(strides[i], sizes[i]);
  }
  for (size_t i = 1; i < dims.size(); ++i) // insertion sort: a handful of entries
    for (size_t j = i; j && dims[j] < dims[j - 1]; --j)
      std::swap(dims[j], dims[j - 1]);
  int64_t reach = 0;
  for (auto &[stride, size] : dims) {
    if (stride <= reach)
      return false;
    reach += stride * (size - 1);
  }
  return true;
}

/// Where `as_strided` reads, relative to its offset: int64 values of the given sizes.
template <class B>
typename B::Value stridedPositions(B &b, const Dims &sizes, std::span<const int64_t> strides) {
  auto positions = b.constant(0.0, ScalarType::Long, sizes);
  for (size_t i = 0; i < sizes.size(); ++i) {
    Dims along(sizes.size(), 1);
    along[i] = sizes[i];
    auto step = b.constant(static_cast<double>(strides[i]), ScalarType::Long, {});
    positions = b.add(positions, b.reshape(b.mul(b.iota(sizes[i]), step), along));
  }
  return positions;
}

template <class B> void asStridedRule(RuleContext<B> &c) {
  const auto attrs = AsStridedAttrs::read(c.attributes.data());
  B &b = c.builder;
  const TensorType &type = c.operandTypes[0];
  const Dims sizes(attrs.sizes);
  if (numElements(sizes) == 0) {
    c.gradients[0] = b.constant(0.0, type.dtype, type.sizes);
    return;
  }
  if (readsOnce(sizes, attrs.strides)) {
    auto zeros = b.constant(0.0, type.dtype, type.sizes);
    c.gradients[0] = b.writeViewAt(zeros, c.grad, c.start, attrs.sizes, attrs.strides);
    return;
  }
  const int64_t read[] = {numElements(sizes)}, all[] = {numElements(type.sizes)};
  auto positions = b.add(stridedPositions(b, sizes, attrs.strides), b.indexValue(c.start));
  auto zeros = b.constant(0.0, type.dtype, all);
  auto sum = b.scatter_add(zeros, b.reshape(positions, read), b.reshape(c.grad, read), 0);
  c.gradients[0] = b.reshape(sum, type.sizes);
}

/// The base keeps its cotangent where it was not overwritten; the value gets what is in the view.
template <class B> void writeViewRule(RuleContext<B> &c) {
  const auto attrs = WriteViewAttrs::read(c.attributes.data());
  B &b = c.builder;
  if (c.needs(0)) {
    auto zeros = b.constant(0.0, c.resultType.dtype, attrs.sizes);
    c.gradients[0] = b.writeViewAt(c.grad, zeros, c.start, attrs.sizes, attrs.strides);
  }
  if (c.needs(1))
    c.gradients[1] = b.asStridedAt(c.grad, c.start, attrs.sizes, attrs.strides);
}

} // namespace tjit::autodiff
