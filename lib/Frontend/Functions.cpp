//===- Functions.cpp --------------------------------------------------------------------------===//
// Elementwise functions that are compositions.
//
// Each is computed in float32 for 16-bit floats and rounded once, and states its derivative
// (Composite.h), because the chain rule through its parts gives NaN at infinity or loses accuracy.
// The formulas of derivatives are those of PyTorch's derivatives.yaml.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Composite.h"
#include "Frontend/Ops.h"
#include "IR/DTypes.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

/// The number one in the tensor's dtype, a constant of the program.
Tensor oneFor(const Tensor &t) { return recordFill(1, t.scalar_type(), {}); }
Tensor zeroFor(const Tensor &t) { return recordFill(0, t.scalar_type(), {}); }
Tensor square2(const Tensor &x) { return recordBinary(OpKind::mul, x, x); }

Tensor select(const Tensor &mask, const Tensor &a, const Tensor &b) {
  const Tensor operands[] = {mask, a, b};
  return recordOp(OpKind::where, operands);
}
Tensor zeroWhere(const Tensor &mask, const Tensor &x) { return select(mask, zeroFor(x), x); }

template <class F> Tensor inWide2(const Tensor &a, const Tensor &b, F f) {
  const ScalarType dtype = b.scalar_type();
  return castTo(f(castTo(a, computeDtype(dtype)), castTo(b, computeDtype(dtype))), dtype);
}
/// f in the dtype of computation.
template <class F> Tensor inWide(const Tensor &x, F f) {
  const ScalarType dtype = x.scalar_type();
  return castTo(f(castTo(x, computeDtype(dtype))), dtype);
}

/// A function of one operand: integers become the default dtype; `gradient` takes (grad, x) or
/// (grad, x, result).
template <class F, class G>
Tensor function(const char *name, const Tensor &self, F forward, G gradient) {
  const Tensor x = castTo(self, floatDtype(implOf(self, name).type().dtype));
  return compositeUnary(name, x, [&](const Tensor &v) { return inWide(v, forward); }, gradient);
}

/// Two operands in their common floating-point dtype.
struct Operands {
  Tensor a, b;
};
Operands floating(const Tensor &a, const Tensor &b, const char *operation) {
  implOf(a, operation), implOf(b, operation);
  const ScalarType dtype = floatDtype(promoted(a, b));
  return {castTo(a, dtype), castTo(b, dtype)};
}
template <class F, class R>
Tensor function(const char *name, const Operands &x, F forward, R rule,
                SavesResult saves = SavesResult::no) {
  return composite(
      name, {x.a, x.b},
      [&] {
        const ScalarType dtype = x.a.scalar_type(), wide = computeDtype(dtype);
        return castTo(forward(castTo(x.a, wide), castTo(x.b, wide)), dtype);
      },
      rule, saves);
}

} // namespace

//===------------------------------------------------------------------------------------------===//
// Rounding and powers
//===------------------------------------------------------------------------------------------===//

static Tensor rounding(OpKind kind, const Tensor &self) {
  const ScalarType dtype = implOf(self, opInfo(kind).mnemonic).type().dtype;
  return isIntegralType(dtype, false) ? self.clone() : recordUnary(kind, self);
}
Tensor floor(const Tensor &self) { return rounding(OpKind::floor, self); }
Tensor ceil(const Tensor &self) { return rounding(OpKind::ceil, self); }
Tensor round(const Tensor &self) { return rounding(OpKind::round, self); }
Tensor trunc(const Tensor &self) { return rounding(OpKind::trunc, self); }
Tensor round(const Tensor &self, int64_t decimals) {
  const ScalarType dtype = implOf(self, "round").type().dtype;
  if (decimals == 0 || isIntegralType(dtype, true)) {
    if (decimals != 0)
      throw Error(std::string("round: decimals of a tensor of type ") + toString(dtype) +
                  "; convert it to floating point first");
    return self.round();
  }
  const double power = std::pow(10.0, static_cast<double>(std::abs(decimals)));
  return compositeUnary(
      "Round", self,
      [&](const Tensor &v) {
        return inWide(v, [&](const Tensor &x) {
          return decimals > 0 ? (x * power).round() / power : (x / power).round() * power;
        });
      },
      [](const Tensor &grad, const Tensor &) {
        return recordFill(0, grad.scalar_type(), grad.impl()->type().sizes);
      });
}
Tensor frac(const Tensor &self) {
  if (!isFloatingType(implOf(self, "frac").type().dtype))
    throw Error(std::string("frac: expected a floating-point tensor, found ") +
                toString(self.scalar_type()));
  return self - self.trunc();
}
Tensor square(const Tensor &self) { return self.pow(2); }
Tensor reciprocal(const Tensor &self) {
  const Tensor x = castTo(self, floatDtype(implOf(self, "reciprocal").type().dtype));
  return compositeUnary(
      "Reciprocal", x, [](const Tensor &x) { return recordBinary(OpKind::div, oneFor(x), x); },
      [](const Tensor &grad, const Tensor &, const Tensor &y) {
        return inWide2(grad, y,
                       [](const Tensor &g, const Tensor &y) { return g.neg() * square2(y); });
      });
}
Tensor float_power(const Tensor &self, const Tensor &exponent) {
  return castTo(self, kDouble).pow(castTo(exponent, kDouble));
}
Tensor float_power(const Tensor &self, const Scalar &exponent) {
  return castTo(self, kDouble).pow(exponent);
}
static void checkFloatPower(const Tensor &self) {
  if (implOf(self, "float_power_").type().dtype != kDouble)
    throw Error(std::string("float_power_: the base must be float64, as the result is; found ") +
                toString(self.scalar_type()));
}
Tensor &float_power_(const Tensor &self, const Tensor &exponent) {
  checkFloatPower(self);
  return self.pow_(castTo(exponent, kDouble));
}
Tensor &float_power_(const Tensor &self, const Scalar &exponent) {
  checkFloatPower(self);
  return self.pow_(exponent);
}
Tensor float_power(const Scalar &self, const Tensor &exponent) {
  return tjit::pow(self, castTo(exponent, kDouble));
}

//===------------------------------------------------------------------------------------------===//
// Exponentials and logarithms
//===------------------------------------------------------------------------------------------===//

Tensor sigmoid(const Tensor &self) {
  return function(
      "Sigmoid", self,
      [](const Tensor &x) {
        const Tensor e = x.neg().exp();
        return (e + oneFor(e)).reciprocal();
      },
      [](const Tensor &grad, const Tensor &, const Tensor &y) {
        return grad * ((oneFor(y) - y) * y);
      });
}
Tensor exp2(const Tensor &self) {
  return function(
      "Exp2", self,
      [](const Tensor &x) { return tjit::pow(scalarArgument(2, x.scalar_type()), x); },
      [](const Tensor &grad, const Tensor &, const Tensor &y) {
        return grad * y * std::numbers::ln2;
      });
}
Tensor log2(const Tensor &self) {
  return function(
      "Log2", self, [](const Tensor &x) { return x.log() * std::numbers::log2e; },
      [](const Tensor &grad, const Tensor &x) { return grad / (x * std::numbers::ln2); });
}
Tensor log10(const Tensor &self) {
  return function(
      "Log10", self, [](const Tensor &x) { return x.log() * std::numbers::log10e; },
      [](const Tensor &grad, const Tensor &x) { return grad / (x * std::numbers::ln10); });
}
Tensor erfc(const Tensor &self) {
  return function(
      "Erfc", self, [](const Tensor &x) { return oneFor(x) - x.erf(); },
      [](const Tensor &grad, const Tensor &x) {
        return grad * square2(x).neg().exp() * (-2 * std::numbers::inv_sqrtpi);
      });
}
/// The larger one plus the logarithm of 1 + base^-|a - b|; an infinity stands for itself.
template <class Log1pPower>
static Tensor logOfSum(const Tensor &a, const Tensor &b, Log1pPower log1pPower) {
  const Tensor larger = recordBinary(OpKind::maximum, a, b);
  const Tensor sum = larger + log1pPower((a - b).abs().neg());
  return select(larger.isinf(), larger, sum);
}
/// Functions that PyTorch has for floating point only.
static void refuseIntegers(const Tensor &a, const Tensor &b, const char *operation) {
  implOf(a, operation), implOf(b, operation);
  if (!isFloatingType(promoted(a, b)))
    throw Error(std::string(operation) + ": expected floating-point tensors, found " +
                toString(a.scalar_type()) + " and " + toString(b.scalar_type()));
}
Tensor logaddexp(const Tensor &self, const Tensor &other) {
  refuseIntegers(self, other, "logaddexp");
  return function(
      "Logaddexp", floating(self, other, "logaddexp"),
      [](const Tensor &a, const Tensor &b) {
        return logOfSum(a, b, [](const Tensor &x) { return x.exp().log1p(); });
      },
      [](CompositeGradient &g) {
        const Tensor difference = g.operands[1] - g.operands[0];
        if (g.needs(0))
          g.gradients[0] = g.grad / (1 + difference.exp());
        if (g.needs(1))
          g.gradients[1] = g.grad / (1 + difference.neg().exp());
      });
}
Tensor logaddexp2(const Tensor &self, const Tensor &other) {
  refuseIntegers(self, other, "logaddexp2");
  return function(
      "Logaddexp2", floating(self, other, "logaddexp2"),
      [](const Tensor &a, const Tensor &b) {
        return logOfSum(a, b, [](const Tensor &x) {
          return (x * std::numbers::ln2).exp().log1p() * std::numbers::log2e;
        });
      },
      [](CompositeGradient &g) {
        const Tensor difference = g.operands[1] - g.operands[0];
        if (g.needs(0))
          g.gradients[0] = g.grad / (1 + difference.exp2());
        if (g.needs(1))
          g.gradients[1] = g.grad / (1 + difference.neg().exp2());
      });
}
Tensor xlogy(const Tensor &self, const Tensor &other) {
  return function(
      "Xlogy", floating(self, other, "xlogy"),
      [&](const Tensor &a, const Tensor &b) {
        // In 16 bits PyTorch rounds the logarithm too.
        const Tensor log =
            castTo(castTo(b.log(), floatDtype(promoted(self, other))), b.scalar_type());
        return zeroWhere(a.eq(0).logical_and(b.eq(b)), a * log);
      },
      [](CompositeGradient &g) {
        const Tensor &a = g.operands[0], &b = g.operands[1];
        if (g.needs(0))
          g.gradients[0] = g.grad * zeroWhere(a.eq(0).logical_and(b.le(0)), b.log());
        if (g.needs(1))
          g.gradients[1] = g.grad * a / b;
      });
}
/// Of floating point beside integers too, which might not hold it.
static Tensor asFloat(const Scalar &value, const Tensor &beside) {
  return scalarArgument(value, floatDtype(promoted(beside, value)));
}
Tensor xlogy(const Tensor &self, const Scalar &other) { return self.xlogy(asFloat(other, self)); }
Tensor xlogy(const Scalar &self, const Tensor &other) { return asFloat(self, other).xlogy(other); }
Tensor logit(const Tensor &self, std::optional<double> eps) {
  return compositeUnary( // in 16 bits each step is rounded, as in PyTorch
      "Logit", castTo(self, floatDtype(implOf(self, "logit").type().dtype)),
      [eps](const Tensor &x) {
        const Tensor p = eps ? x.clamp(*eps, 1 - *eps) : x;
        return (p / (oneFor(p) - p)).log();
      },
      [eps](const Tensor &grad, const Tensor &x) {
        const Tensor inner = grad / (x * (oneFor(x) - x));
        const double low = eps.value_or(0), high = 1 - low;
        const Tensor outside = x.lt(low).logical_or(x.gt(high));
        return inner.masked_fill(outside, eps ? 0.0 : std::numeric_limits<double>::quiet_NaN());
      });
}

//===------------------------------------------------------------------------------------------===//
// Circular and hyperbolic functions
//===------------------------------------------------------------------------------------------===//

Tensor tan(const Tensor &self) {
  return function(
      "Tan", self, [](const Tensor &x) { return x.sin() / x.cos(); },
      [](const Tensor &grad, const Tensor &, const Tensor &y) { return grad * (1 + square2(y)); });
}
/// sqrt(1 - x^2) without cancellation near 1.
static Tensor cosineOf(const Tensor &sine) {
  const Tensor one = oneFor(sine);
  return ((one - sine) * (one + sine)).sqrt();
}
Tensor asin(const Tensor &self) {
  return function(
      "Asin", self, [](const Tensor &x) { return recordBinary(OpKind::atan2, x, cosineOf(x)); },
      [](const Tensor &grad, const Tensor &x) { return grad * (1 - square2(x)).rsqrt(); });
}
Tensor acos(const Tensor &self) {
  return function(
      "Acos", self, [](const Tensor &x) { return recordBinary(OpKind::atan2, cosineOf(x), x); },
      [](const Tensor &grad, const Tensor &x) { return grad * (1 - square2(x)).rsqrt().neg(); });
}
Tensor atan(const Tensor &self) {
  return function(
      "Atan", self, [](const Tensor &x) { return recordBinary(OpKind::atan2, x, oneFor(x)); },
      [](const Tensor &grad, const Tensor &x) { return grad / (square2(x) + 1); });
}
Tensor atan2(const Tensor &self, const Tensor &other) {
  const Operands x = floating(self, other, "atan2");
  return recordBinary(OpKind::atan2, x.a, x.b);
}
/// |x| and |y| scaled by the larger one, so that no square over- or underflows.
Tensor hypot(const Tensor &self, const Tensor &other) {
  if (!isFloatingType(promoted(self, other)))
    throw Error("hypot: expected floating-point tensors, found " +
                std::string(toString(self.scalar_type())) + " and " +
                toString(other.scalar_type()));
  return function(
      "Hypot", floating(self, other, "hypot"),
      [](const Tensor &a, const Tensor &b) {
        const Tensor x = a.abs(), y = b.abs(), larger = recordBinary(OpKind::maximum, x, y),
                     smaller = recordBinary(OpKind::minimum, x, y);
        const Tensor ratio = smaller / larger;
        const Tensor scaled = larger * (square2(ratio) + oneFor(ratio)).sqrt();
        const Tensor infinite = x.isinf().logical_or(y.isinf());
        const Tensor exact = select(larger.eq(0), larger, scaled);
        return select(infinite,
                      recordFill(std::numeric_limits<double>::infinity(), x.scalar_type(), {}),
                      exact);
      },
      [](CompositeGradient &g) {
        for (size_t i = 0; i < 2; ++i)
          if (g.needs(i))
            g.gradients[i] = g.grad * (g.operands[i] / g.result);
      },
      SavesResult::yes);
}
// Up to 1 with e = exp(|x|) - 1: sinh |x| = (e + e / (e + 1)) / 2; above with h = exp(|x| / 2),
// which does not overflow before the result does: h (h / 2) - 1 / (2 h^2).
Tensor sinh(const Tensor &self) {
  return function(
      "Sinh", self,
      [](const Tensor &x) {
        const Tensor a = x.abs(), e = a.expm1(), h = (a * 0.5).exp(), inverse = h.reciprocal();
        const Tensor small = (e + e / (e + oneFor(e))) * 0.5;
        const Tensor large = h * (h * 0.5) - inverse * (inverse * 0.5);
        return recordBinary(OpKind::copysign, select(a.lt(1), small, large), x);
      },
      [](const Tensor &grad, const Tensor &x) { return grad * x.cosh(); });
}
Tensor cosh(const Tensor &self) {
  return function(
      "Cosh", self,
      [](const Tensor &x) {
        const Tensor h = (x.abs() * 0.5).exp(), inverse = h.reciprocal();
        return h * (h * 0.5) + inverse * (inverse * 0.5);
      },
      [](const Tensor &grad, const Tensor &x) { return grad * x.sinh(); });
}
// asinh |x| = log1p(|x| + x^2 / (1 + sqrt(1 + x^2))), and log |x| + log 2 where x^2 may overflow.
Tensor asinh(const Tensor &self) {
  return function(
      "Asinh", self,
      [](const Tensor &x) {
        const Tensor a = x.abs(), one = oneFor(x), squared = square2(a);
        const Tensor small = (a + squared / (one + (one + squared).sqrt())).log1p();
        const Tensor large = a.log() + std::numbers::ln2;
        return recordBinary(OpKind::copysign, select(a.lt(1e10), small, large), x);
      },
      [](const Tensor &grad, const Tensor &x) { return grad * (square2(x) + 1).rsqrt(); });
}
Tensor acosh(const Tensor &self) {
  return function(
      "Acosh", self,
      [](const Tensor &x) {
        const Tensor one = oneFor(x), t = x - one;
        const Tensor small = (t + (t * (x + one)).sqrt()).log1p();
        return select(x.lt(1e10), small, x.log() + std::numbers::ln2);
      },
      [](const Tensor &grad, const Tensor &x) { return grad * (square2(x) - 1).rsqrt(); });
}
Tensor atanh(const Tensor &self) {
  return function(
      "Atanh", self,
      [](const Tensor &x) {
        const Tensor one = oneFor(x), a = x.abs();
        return recordBinary(OpKind::copysign, ((a + a) / (one - a)).log1p() * 0.5, x);
      },
      [](const Tensor &grad, const Tensor &x) { return grad / (1 - square2(x)); });
}
Tensor sinc(const Tensor &self) {
  return function(
      "Sinc", self,
      [](const Tensor &x) {
        const Tensor p = x * std::numbers::pi;
        return select(x.eq(0), oneFor(x), p.sin() / p);
      },
      [](const Tensor &grad, const Tensor &x) {
        // In PyTorch's order: near 0 nothing is left of the difference but its rounding.
        const Tensor p = x * std::numbers::pi, squared = square2(x) * std::numbers::pi;
        return grad * zeroWhere(squared.eq(0), (p * p.cos() - p.sin()) / squared);
      });
}
Tensor deg2rad(const Tensor &self) {
  return castTo(self, floatDtype(implOf(self, "deg2rad").type().dtype)) * (std::numbers::pi / 180);
}
Tensor rad2deg(const Tensor &self) {
  return castTo(self, floatDtype(implOf(self, "rad2deg").type().dtype)) * (180 / std::numbers::pi);
}

//===------------------------------------------------------------------------------------------===//
// The gamma function
//===------------------------------------------------------------------------------------------===//

Tensor special_zeta(const Tensor &self, const Tensor &other) {
  const ScalarType dtype = floatDtype(promoted(self, other));
  if (dtype == kHalf || dtype == kBFloat16)
    throw Error(std::string("special.zeta: not defined for ") + toString(dtype) +
                "; cast to float32");
  const Tensor x = castTo(self, dtype), y = castTo(other, dtype);
  return composite(
      "SpecialZeta", {x, y}, [&] { return recordBinary(OpKind::zeta, x, y); },
      [](CompositeGradient &g) {
        const Tensor &s = g.operands[0];
        if (g.needs(0))
          throw Error("zeta: the derivative by the first argument is not available; detach() it");
        g.gradients[1] = g.grad * -s * tjit::special_zeta(s + 1, g.operands[1]);
      });
}
static Tensor trigamma(const Tensor &x) {
  return compositeUnary(
      "Polygamma", x, [](const Tensor &v) { return recordUnary(OpKind::trigamma, v); },
      [](const Tensor &grad, const Tensor &v) { return grad * v.polygamma(2); });
}
Tensor polygamma(const Tensor &self, int64_t n) {
  const Tensor x = castTo(self, floatDtype(implOf(self, "polygamma").type().dtype));
  if (n < 0)
    throw Error("polygamma: the order must not be negative, found " + std::to_string(n));
  if (n == 0)
    return x.digamma();
  if (n == 1)
    return trigamma(x);
  // (-1)^(n + 1) n! zeta(n + 1, x)
  const double factor = std::tgamma(static_cast<double>(n) + 1) * (n % 2 ? 1 : -1);
  return compositeUnary(
      "Polygamma", x,
      [&](const Tensor &v) {
        const Tensor s = recordFill(static_cast<double>(n + 1), v.scalar_type(), {});
        return recordBinary(OpKind::zeta, s, v) * factor;
      },
      [n](const Tensor &grad, const Tensor &v) { return grad * v.polygamma(n + 1); });
}
Tensor polygamma(int64_t n, const Tensor &self) { return self.polygamma(n); }
Tensor digamma(const Tensor &self) {
  const Tensor x = castTo(self, floatDtype(implOf(self, "digamma").type().dtype));
  return compositeUnary(
      "Digamma", x, [](const Tensor &v) { return recordUnary(OpKind::digamma, v); },
      [](const Tensor &grad, const Tensor &v) { return grad * trigamma(v); });
}
Tensor lgamma(const Tensor &self) {
  const Tensor x = castTo(self, floatDtype(implOf(self, "lgamma").type().dtype));
  return compositeUnary(
      "Lgamma", x, [](const Tensor &v) { return recordUnary(OpKind::lgamma, v); },
      [](const Tensor &grad, const Tensor &v) { return grad * v.digamma(); });
}

//===------------------------------------------------------------------------------------------===//
// Signs, neighbours, replacements
//===------------------------------------------------------------------------------------------===//

static Tensor copysignOf(const Operands &x) {
  return composite(
      "Copysign", {x.a, x.b}, [&] { return recordBinary(OpKind::copysign, x.a, x.b); },
      [](CompositeGradient &g) {
        const Tensor &a = g.operands[0], &b = g.operands[1];
        if (g.needs(0))
          g.gradients[0] = g.grad * zeroWhere(a.eq(0), g.result / a);
        if (g.needs(1))
          g.gradients[1] = recordFill(0, b.scalar_type(), b.impl()->type().sizes);
      },
      SavesResult::yes);
}
Tensor copysign(const Tensor &self, const Tensor &other) {
  return copysignOf(floating(self, other, "copysign"));
}
Tensor copysign(const Tensor &self, const Scalar &other) {
  // Not in an unsigned dtype, where the sign would be lost.
  return self.copysign(scalarArgument(other, floatDtype(promoted(self, other))));
}
/// The neighbour of a towards b, of one dtype. For 16-bit floats a is moved in float32 by more than
/// half of the distance to the neighbour and less than twice that, and rounds to it.
static Tensor neighbour(const Tensor &a, const Tensor &b) {
  const ScalarType dtype = a.scalar_type();
  if (computeDtype(dtype) == dtype)
    return recordBinary(OpKind::nextafter, a, b);
  const bool half = dtype == kHalf;
  const double digit = half ? 0x1p-11 : 0x1p-8, smallest = half ? 0x1p-24 : 0x1p-133;
  const Tensor x = castTo(a, kFloat), y = castTo(b, kFloat);
  const Tensor distance = (x.abs() * (1.2 * digit)).clamp_min(0.75 * smallest);
  const Tensor moved = x + recordBinary(OpKind::copysign, distance, y - x);
  const Tensor largest = scalarArgument(half ? 65504.0 : 0x1.fep127, kFloat);
  const Tensor finite =
      select(x.isinf(), recordBinary(OpKind::copysign, largest, x), moved); // from an infinity
  return castTo(select(x.eq(y), y, select(y.isnan(), y, finite)), dtype);
}
Tensor nextafter(const Tensor &self, const Tensor &other) {
  const ScalarType dtype = promoted(self, other);
  if (!isFloatingType(dtype))
    throw Error(std::string("nextafter: expected floating-point tensors, found ") +
                toString(dtype));
  const Tensor a = castTo(self, dtype), b = castTo(other, dtype);
  return composite(
      "Nextafter", {a, b}, [&] { return neighbour(a, b); },
      [](CompositeGradient &g) {
        const Tensor &a = g.operands[0], &b = g.operands[1];
        if (g.needs(0))
          g.gradients[0] = zeroWhere(a.eq(b), g.grad);
        if (g.needs(1))
          g.gradients[1] = recordFill(0, b.scalar_type(), b.impl()->type().sizes);
      });
}
Tensor heaviside(const Tensor &self, const Tensor &values) {
  if (implOf(self, "heaviside").type().dtype != implOf(values, "heaviside").type().dtype)
    throw Error(std::string("heaviside: the dtypes differ: ") + toString(self.scalar_type()) +
                " and " + toString(values.scalar_type()));
  return withoutDerivative("heaviside", {self, values}, [&] {
    return select(self.eq(0), values, castTo(self.gt(0), self.scalar_type()));
  });
}
Tensor nan_to_num(const Tensor &self, std::optional<double> nan, std::optional<double> posinf,
                  std::optional<double> neginf) {
  const ScalarType dtype = implOf(self, "nan_to_num").type().dtype;
  if (!isFloatingType(dtype))
    return self.clone();
  const double largest = dtype == kHalf       ? 65504.0
                         : dtype == kBFloat16 ? 0x1.fep127
                         : dtype == kFloat    ? 0x1.fffffep127
                                              : std::numeric_limits<double>::max();
  return compositeUnary(
      "NanToNum", self,
      [&](const Tensor &x) {
        const Tensor numbers = select(x.isnan(), scalarArgument(nan.value_or(0), dtype), x);
        const Tensor below =
            select(x.isposinf(), scalarArgument(posinf.value_or(largest), dtype), numbers);
        return select(x.isneginf(), scalarArgument(neginf.value_or(-largest), dtype), below);
      },
      [](const Tensor &grad, const Tensor &x) {
        return zeroWhere(x.isfinite().logical_not(), grad);
      });
}

/// The larger (or smaller) number; a NaN gives way to the other operand.
static Tensor extremeNumber(OpKind kind, const Tensor &self, const Tensor &other) {
  const ScalarType dtype = promoted(self, other);
  const Tensor a = castTo(self, dtype), b = castTo(other, dtype);
  if (!isFloatingType(dtype))
    return recordBinary(kind, a, b);
  const bool larger = kind == OpKind::maximum;
  return composite(
      larger ? "Fmax" : "Fmin", {a, b},
      [&] { return select(a.isnan(), b, select(b.isnan(), a, recordBinary(kind, a, b))); },
      [larger](CompositeGradient &g) {
        const Tensor &a = g.operands[0], &b = g.operands[1];
        const Tensor first = (larger ? a.ge(b) : a.le(b)).logical_or(b.isnan());
        if (g.needs(0))
          g.gradients[0] = zeroWhere(first.logical_not(), g.grad);
        if (g.needs(1))
          g.gradients[1] = zeroWhere(first, g.grad);
      });
}
Tensor fmax(const Tensor &self, const Tensor &other) {
  return extremeNumber(OpKind::maximum, self, other);
}
Tensor fmin(const Tensor &self, const Tensor &other) {
  return extremeNumber(OpKind::minimum, self, other);
}

//===------------------------------------------------------------------------------------------===//
// Activations
//===------------------------------------------------------------------------------------------===//

Tensor silu(const Tensor &self) { return nn::functional::silu(self); }
Tensor gelu(const Tensor &self) { return nn::functional::gelu(self); }
Tensor softplus(const Tensor &self) { return nn::functional::softplus(self); }
Tensor log_sigmoid(const Tensor &self) { return nn::functional::logsigmoid(self); }
Tensor leaky_relu(const Tensor &self, const Scalar &slope) {
  return nn::functional::leaky_relu(self, slope);
}

} // namespace ops
} // namespace v1
} // namespace tjit
