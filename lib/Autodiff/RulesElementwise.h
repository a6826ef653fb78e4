//===- RulesElementwise.h - elementwise derivatives that are not plain DAGs -------------------===//
//
// Where a gradient is the cotangent itself, or an operand is read only if the other wants a
// gradient. The rest stands in TjitDerivatives.td.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
#include "IR/OpAttrs.h.inc"

namespace tjit::autodiff {

template <class B> void addRule(RuleContext<B> &c) {
  for (unsigned i = 0; i < 2; ++i)
    if (c.needs(i))
      c.gradients[i] = c.grad;
}

template <class B> void checkValuesRule(RuleContext<B> &c) { c.gradients[0] = c.grad; }

template <class B> void subRule(RuleContext<B> &c) {
  if (c.needs(0))
    c.gradients[0] = c.grad;
  if (c.needs(1))
    c.gradients[1] = c.builder.neg(c.grad);
}

/// x - y * floor(x / y): the quotient is a step function.
template <class B> void remainderRule(RuleContext<B> &c) {
  B &b = c.builder;
  if (c.needs(0))
    c.gradients[0] = c.grad;
  if (c.needs(1))
    c.gradients[1] = b.neg(b.mul(c.grad, b.floor_divide(c.operands[0], c.operands[1])));
}

/// x - y * trunc(x / y)
template <class B> void fmodRule(RuleContext<B> &c) {
  B &b = c.builder;
  if (c.needs(0))
    c.gradients[0] = c.grad;
  if (c.needs(1))
    c.gradients[1] = b.neg(b.mul(c.grad, b.trunc(b.div(c.operands[0], c.operands[1]))));
}

/// (x, -y) / (x^2 + y^2), and 0 at the origin, where PyTorch takes the reciprocal for 0.
template <class B> void atan2Rule(RuleContext<B> &c) {
  B &b = c.builder;
  const auto &y = c.operands[0], &x = c.operands[1];
  const ScalarType dtype = c.resultType.dtype;
  auto square = b.add(b.mul(y, y), b.mul(x, x));
  auto zero = b.constant(0.0, dtype, {});
  auto reciprocal = b.where(b.eq(square, zero), zero, b.div(b.constant(1.0, dtype, {}), square));
  if (c.needs(0))
    c.gradients[0] = b.mul(b.mul(c.grad, x), reciprocal);
  if (c.needs(1))
    c.gradients[1] = b.mul(b.mul(c.grad, b.neg(y)), reciprocal);
}

/// Back to the operand's dtype; an integer operand has no gradient.
template <class B> void castRule(RuleContext<B> &c) {
  if (isFloatingType(c.operandTypes[0].dtype))
    c.gradients[0] = c.builder.cast(c.grad, c.operandTypes[0].dtype);
}

} // namespace tjit::autodiff
