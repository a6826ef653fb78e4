//===- RulesLine.h - derivatives of running sums and products ---------------------------------===//
//
// Templates named by TjitDerivatives.td; see RuleContext.h for what they get and give.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
#include "Autodiff/RulesReduction.h"
#include "IR/OpAttrs.h.inc"

namespace tjit::autodiff {

/// Sums of the elements from each one to the end of its line.
template <class B> typename B::Value reversedCumsum(B &b, const typename B::Value &x, int64_t dim) {
  const int64_t dims[] = {dim};
  return b.flip(b.cumsum(b.flip(x, dims), dim), dims);
}

template <class B> void cumsumRule(RuleContext<B> &c) {
  c.gradients[0] = reversedCumsum(c.builder, c.grad, CumsumAttrs::read(c.attributes.data()).dim);
}

/// dx_i is the product of the elements before i times s_i, the sum over k >= i of g_k times the
/// product of those between: s_i = g_i + x_(i+1) s_(i+1), a recurrence in log2(n) steps (Hillis and
/// Steele). Nothing is divided, so zeros are exact, in every order of derivative.
template <class B> void cumprodRule(RuleContext<B> &c) {
  B &b = c.builder;
  const Dims &sizes = c.resultType.sizes;
  if (sizes.empty() || numElements(sizes) == 0) {
    c.gradients[0] = c.grad;
    return;
  }
  // The line last, as [outer, n].
  const auto dim = static_cast<size_t>(CumprodAttrs::read(c.attributes.data()).dim);
  Dims order, back(sizes.size(), 0), moved;
  for (size_t i = 0; i <= sizes.size(); ++i)
    if (const size_t d = i < sizes.size() ? i : dim; (i == sizes.size()) == (d == dim)) {
      back[d] = static_cast<int64_t>(order.size());
      order.push_back(static_cast<int64_t>(d));
      moved.push_back(sizes[d]);
    }
  const int64_t n = sizes[dim];
  const TensorType flat{c.resultType.dtype, Dims{numElements(sizes) / n, n}};
  auto x = b.reshape(b.permute(c.operands[0], order), flat.sizes);
  auto sum = b.reshape(b.permute(c.grad, order), flat.sizes);
  // What moves in beside the end is a factor of nothing, since the sums there are 0.
  auto factor = shiftedIn(b, x, flat, -1);
  for (int64_t distance = 1; distance < n; distance *= 2) {
    const int64_t pad[] = {flat.sizes[0], distance};
    const typename B::Value behind[] = {b.sliceAt(sum, b.index(distance), 1, n - distance, 1),
                                        b.constant(0.0, flat.dtype, pad)};
    sum = b.add(sum, b.mul(factor, b.concat(behind, 1)));
    factor = b.mul(factor, shiftedIn(b, factor, flat, -distance));
  }
  auto gradient = b.mul(exclusiveProducts(b, x, flat, 1), sum);
  c.gradients[0] = b.permute(b.reshape(gradient, moved), back);
}

} // namespace tjit::autodiff
