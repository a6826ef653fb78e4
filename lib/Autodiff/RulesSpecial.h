//===- RulesSpecial.h - derivatives of special functions --------------------------------------===//
//
// The formulas are those of PyTorch's derivatives.yaml.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
#include "IR/OpAttrs.h.inc"

#include <limits>

namespace tjit::autodiff {

template <class B> void specialRule(RuleContext<B> &c) {
  using V = typename B::Value;
  B &b = c.builder;
  const V &x = c.operands[0];
  const ScalarType dtype = c.operandTypes[0].dtype;
  auto number = [&](double value) { return b.constant(value, dtype, {}); };
  auto apply = [&](SpecialFunction f) { return b.special(x, f); };
  auto elsewhere = [&](const V &usual, double otherwise, auto slopeAt) {
    return b.where(usual, slopeAt(b.where(usual, x, number(1))), number(otherwise));
  };
  // As PyTorch, 1/2 up to the dtype's epsilon, and of NaN.
  auto notTiny = [&] {
    return b.gt(b.abs(x), number(dtype == ScalarType::Double ? 0x1p-52 : 0x1p-23));
  };
  constexpr double kInvSqrtPi = 0.56418958354775628695, kSqrt2 = 1.41421356237309504880,
                   kSqrtTau = 2.50662827463100050242;
  V slope{};
  switch (SpecialAttrs::read(c.attributes.data()).function) {
  case SpecialFunction::i0:
    slope = apply(SpecialFunction::i1);
    break;
  case SpecialFunction::i0e:
    slope = b.sub(apply(SpecialFunction::i1e), b.mul(b.sign(x), apply(SpecialFunction::i0e)));
    break;
  case SpecialFunction::i1:
    slope = elsewhere(notTiny(), 0.5, [&](const V &other) {
      return b.sub(b.special(other, SpecialFunction::i0),
                   b.div(b.special(other, SpecialFunction::i1), other));
    });
    break;
  case SpecialFunction::i1e:
    slope = elsewhere(notTiny(), 0.5, [&](const V &other) {
      return b.sub(
          b.special(other, SpecialFunction::i0e),
          b.mul(b.special(other, SpecialFunction::i1e), b.add(b.sign(x), b.div(number(1), other))));
    });
    break;
  case SpecialFunction::erfcx:
    slope =
        b.sub(b.mul(b.mul(x, number(2)), apply(SpecialFunction::erfcx)), number(2 * kInvSqrtPi));
    break;
  case SpecialFunction::ndtri: {
    const V y = apply(SpecialFunction::ndtri);
    slope = b.mul(b.exp(b.mul(b.mul(y, y), number(0.5))), number(kSqrtTau));
    break;
  }
  case SpecialFunction::log_ndtr:
    slope = b.div(number(kSqrt2 * kInvSqrtPi),
                  b.special(b.mul(x, number(-kSqrt2 / 2)), SpecialFunction::erfcx));
    break;
  case SpecialFunction::mantissa: // mantissa / x is 2^-exponent
    slope =
        elsewhere(b.bitwise_and(b.gt(b.abs(x), number(0)),
                                b.lt(b.abs(x), number(std::numeric_limits<double>::infinity()))),
                  1, [&](const V &other) {
                    return b.div(b.special(other, SpecialFunction::mantissa), other);
                  });
    break;
  case SpecialFunction::exponent: // a step function
    slope = number(0);
    break;
  }
  c.gradients[0] = b.mul(c.grad, slope);
}

/// The density x^(a - 1) exp(-x) / gamma(a).
template <class B> void igammaRule(RuleContext<B> &c) {
  if (!c.needs(1))
    return;
  B &b = c.builder;
  const auto &a = c.operands[0], &x = c.operands[1];
  const auto one = b.constant(1, c.operandTypes[0].dtype, {});
  const auto density = b.exp(b.sub(b.sub(b.mul(b.sub(a, one), b.log(x)), x), b.lgamma(a)));
  const auto gradient = b.mul(c.grad, density);
  c.gradients[1] = IgammaAttrs::read(c.attributes.data()).upper ? b.neg(gradient) : gradient;
}

} // namespace tjit::autodiff
