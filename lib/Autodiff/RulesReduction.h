//===- RulesReduction.h -----------------------------------------------------------------------===//
// Derivatives of reductions and of the matrix product.
//
// Templates named by TjitDerivatives.td; see RuleContext.h for what they get and give.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
#include "IR/OpAttrs.h.inc"

namespace tjit::autodiff {

/// The sizes that a reduction over `dims` with keepdim gives.
inline Dims keptSizes(const Dims &sizes, std::span<const int64_t> dims) {
  Dims kept(sizes);
  for (int64_t d : dims)
    kept[static_cast<size_t>(d)] = 1;
  return kept;
}

/// A value of the reduction's result type in a shape that broadcasts against the operand: with the
/// reduced dimensions back as 1, unless they are the leading ones, which broadcasting adds.
template <class B>
typename B::Value restoreDims(B &b, const typename B::Value &value, const Dims &sizes,
                              std::span<const int64_t> dims, bool keepdim) {
  bool leading = true;
  for (size_t i = 0; i < dims.size(); ++i)
    leading &= dims[i] == static_cast<int64_t>(i);
  return keepdim || leading ? value : b.reshape(value, keptSizes(sizes, dims));
}

/// Every summand gets the cotangent of its sum.
template <class B> void sumRule(RuleContext<B> &c) {
  const auto attrs = SumAttrs::read(c.attributes.data());
  const Dims &sizes = c.operandTypes[0].sizes;
  c.gradients[0] =
      c.builder.expand(restoreDims(c.builder, c.grad, sizes, attrs.dims, attrs.keepdim), sizes);
}

/// The largest elements of a group share its cotangent evenly, as PyTorch's amax.
template <class B> void extremumRule(RuleContext<B> &c) {
  const auto attrs = AmaxAttrs::read(c.attributes.data());
  B &b = c.builder;
  const TensorType &type = c.operandTypes[0];
  auto grad = restoreDims(b, c.grad, type.sizes, attrs.dims, attrs.keepdim);
  auto result = restoreDims(b, c.result, type.sizes, attrs.dims, attrs.keepdim);
  auto winners = b.cast(b.eq(c.operands[0], result), type.dtype);
  auto share = b.div(grad, b.sum(winners, attrs.dims, true));
  c.gradients[0] = b.mul(share, winners);
}

/// `x`, [outer, n], moved by `distance` along the last dimension (to higher indices if positive);
/// ones move in.
template <class B>
typename B::Value shiftedIn(B &b, const typename B::Value &x, const TensorType &type,
                            int64_t distance) {
  const int64_t outer = type.sizes[0], n = type.sizes[1];
  const int64_t step = distance > 0 ? distance : -distance;
  const int64_t onesSizes[] = {outer, step};
  auto ones = b.constant(1.0, type.dtype, onesSizes);
  auto rest = b.sliceAt(x, b.index(distance > 0 ? 0 : step), 1, n - step, 1);
  const typename B::Value up[] = {ones, rest}, down[] = {rest, ones};
  return distance > 0 ? b.concat(up, 1) : b.concat(down, 1);
}

/// Products of all elements before each one (direction 1) or after it (-1) along the last dimension
/// of [outer, n]. Hillis and Steele, Data parallel algorithms (CACM 1986): log2(n) steps.
template <class B>
typename B::Value exclusiveProducts(B &b, const typename B::Value &x, const TensorType &type,
                                    int64_t direction) {
  const int64_t n = type.sizes[1];
  if (n == 1)
    return b.constant(1.0, type.dtype, type.sizes);
  auto products = shiftedIn(b, x, type, direction);
  for (int64_t distance = 1; distance < n; distance *= 2)
    products = b.mul(products, shiftedIn(b, products, type, direction * distance));
  return products;
}

/// Each factor gets the product of the others, computed without division: exact, and differentiable
/// again, where factors are zero.
template <class B> void prodRule(RuleContext<B> &c) {
  const auto attrs = ProdAttrs::read(c.attributes.data());
  B &b = c.builder;
  const TensorType &type = c.operandTypes[0];
  auto grad = restoreDims(b, c.grad, type.sizes, attrs.dims, attrs.keepdim);
  if (numElements(type.sizes) == 0 || attrs.dims.empty()) {
    c.gradients[0] = b.expand(grad, type.sizes);
    return;
  }
  // Reduced dimensions last, as one: [outer, n].
  std::vector<bool> reduced(type.sizes.size(), false);
  for (int64_t d : attrs.dims)
    reduced[static_cast<size_t>(d)] = true;
  Dims order, back(type.sizes.size(), 0), moved;
  int64_t n = 1;
  for (bool last : {false, true})
    for (size_t i = 0; i < reduced.size(); ++i)
      if (reduced[i] == last) {
        back[i] = static_cast<int64_t>(order.size());
        order.push_back(static_cast<int64_t>(i));
        moved.push_back(type.sizes[i]);
        n *= last ? type.sizes[i] : 1;
      }
  const TensorType flat{type.dtype, Dims{numElements(type.sizes) / n, n}};
  auto x = b.reshape(b.permute(c.operands[0], order), flat.sizes);
  auto others = b.mul(exclusiveProducts(b, x, flat, 1), exclusiveProducts(b, x, flat, -1));
  c.gradients[0] = b.mul(b.permute(b.reshape(others, moved), back), grad);
}

/// The last two dimensions exchanged.
template <class B> typename B::Value transposed(B &b, const typename B::Value &x, size_t rank) {
  Dims order;
  for (size_t i = 0; i < rank; ++i)
    order.push_back(static_cast<int64_t>(i));
  std::swap(order[rank - 1], order[rank - 2]);
  return b.permute(x, order);
}

/// C = A B: dA = dC B^T, dB = A^T dC. Where a matrix meets a batch its gradient is one contraction
/// over the batch too, instead of a batch of products and a sum.
template <class B> void matmulRule(RuleContext<B> &c) {
  B &b = c.builder;
  const Dims &l = c.operandTypes[0].sizes, &r = c.operandTypes[1].sizes;
  const size_t lr = l.size(), rr = r.size();
  if (c.needs(0))
    c.gradients[0] = b.matmul(c.grad, transposed(b, c.operands[1], rr));
  if (!c.needs(1))
    return;
  if (rr == 2 && lr > 2) {
    const int64_t rows = numElements(l) / (l.back() ? l.back() : 1);
    const int64_t left[] = {l.back() ? rows : 0, l.back()}, right[] = {left[0], r[1]};
    if (l.back() != 0) {
      auto flat = b.reshape(c.operands[0], left);
      c.gradients[1] = b.matmul(transposed(b, flat, 2), b.reshape(c.grad, right));
      return;
    }
  }
  c.gradients[1] = b.matmul(transposed(b, c.operands[0], lr), c.grad);
}

} // namespace tjit::autodiff
