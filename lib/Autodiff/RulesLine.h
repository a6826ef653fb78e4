//===- RulesLine.h - derivatives of running sums and products ---------------------------------===//
//
// Templates named by TjitDerivatives.td; see RuleContext.h for what they get and give.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
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

/// dx_k = sum over i >= k of g_i y_i / x_k, where x_k is not 0. The first zero of a line gets the
/// products without it, so that a gradient through zeros is exact, and so is its derivative unless
/// a line has two zeros.
template <class B> void cumprodRule(RuleContext<B> &c) {
  B &b = c.builder;
  const int64_t dim = CumprodAttrs::read(c.attributes.data()).dim;
  const ScalarType dtype = c.resultType.dtype;
  auto zero = b.constant(0.0, dtype, {}), one = b.constant(1.0, dtype, {});
  auto isZero = b.eq(c.operands[0], zero);
  auto count = b.cumsum(isZero, dim);
  auto first = b.bitwise_and(isZero, b.eq(count, b.constant(1.0, ScalarType::Long, {})));
  auto quotient =
      b.div(reversedCumsum(b, b.mul(c.grad, c.result), dim), b.where(isZero, one, c.operands[0]));
  auto without = b.cumprod(b.where(first, one, c.operands[0]), dim);
  auto atFirst = reversedCumsum(b, b.mul(c.grad, without), dim);
  c.gradients[0] = b.where(isZero, b.where(first, atFirst, zero), quotient);
}

} // namespace tjit::autodiff
