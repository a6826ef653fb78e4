//===- Elementwise.cpp ------------------------------------------------------------------------===//
// Arithmetic, comparisons, functions.
//
// Promotion in front of the elementwise primitives, and the functions that are made of several.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"

#include <array>
#include <cmath>
#include <limits>

namespace tjit {

ScalarType floatDtype(ScalarType dtype) {
  return isFloatingType(dtype) ? dtype : get_default_dtype().toScalarType();
}

static PromotionOperand operandOf(const TensorImpl &t) {
  return {t.type().sizes.empty() ? PromotionOperand::zeroDim : PromotionOperand::tensor,
          t.type().dtype};
}
ScalarType promoted(const Tensor &a, const Tensor &b) {
  const PromotionOperand operands[] = {operandOf(implOf(a)), operandOf(implOf(b))};
  return resultType(operands);
}
ScalarType promoted(const Tensor &a, const Scalar &b) {
  const PromotionOperand operands[] = {operandOf(implOf(a)), {PromotionOperand::number, b.type()}};
  const ScalarType type = resultType(operands);
  // A floating-point number beside integers gives the default dtype.
  return b.isFloatingPoint() && !isFloatingType(a.impl()->type().dtype)
             ? get_default_dtype().toScalarType()
             : type;
}

inline namespace v1 {
namespace ops {

Tensor unary(OpKind kind, const Tensor &self, bool toFloat) {
  const TensorImpl &t = implOf(self, opInfo(kind).mnemonic);
  return recordUnary(kind, toFloat && !isFloatingType(t.type().dtype)
                               ? castTo(self, floatDtype(t.type().dtype))
                               : self);
}

/// The tensor in the dtype in which it meets the number.
static Tensor meeting(OpKind kind, const Tensor &a, const Scalar &b) {
  const TensorImpl &t = implOf(a, opInfo(kind).mnemonic);
  return isFloatingType(t.type().dtype) ? a : castTo(a, promoted(a, b));
}
/// x * s or x / s in 16 bits where s is not a number of that dtype: rounded once, as in PyTorch.
[[gnu::noinline]] static Tensor roundedOnce(OpKind kind, const Tensor &x, const Scalar &s) {
  const ScalarType dtype = x.scalar_type();
  return compositeUnary(
      kind == OpKind::mul ? "Mul" : "Div", x,
      [&](const Tensor &t) { return castTo(recordWithScalar(kind, castTo(t, kFloat), s), dtype); },
      [kind, s](const Tensor &g, const Tensor &) { return kind == OpKind::mul ? g * s : g / s; });
}
Tensor binary(OpKind kind, const Tensor &a, const Scalar &b) {
  const Tensor x = meeting(kind, a, b);
  const ScalarType dtype = x.impl()->type().dtype;
  if (computeDtype(dtype) != dtype && keepsNumbers(kind) && !holdsExactly(b, dtype)) [[unlikely]]
    return roundedOnce(kind, x, b);
  return recordWithScalar(kind, x, b);
}
Tensor binary(OpKind kind, const Scalar &a, const Tensor &b) {
  return recordWithScalar(kind, meeting(kind, b, a), a, /*scalarFirst=*/true);
}

/// In floating point: integers become the default dtype.
static Tensor toFloating(const Tensor &t, const char *operation) {
  return castTo(t, floatDtype(implOf(t, operation).type().dtype));
}
/// An alpha that changes nothing, whatever it is multiplied with: true is one for bools only, 1.0
/// is none for integers.
static bool isOne(const Scalar &s) { return s.isOne() && s.isIntegral(false); }

/// The number one in the tensor's dtype, a constant of the program.
static Tensor oneFor(const Tensor &t) { return recordFill(1, t.scalar_type(), {}); }

//===------------------------------------------------------------------------------------------===//
// Arithmetic
//===------------------------------------------------------------------------------------------===//

/// alpha * other. A floating-point alpha needs a floating-point result.
template <class A>
static A scaled(const A &other, const Scalar &alpha, ScalarType result, const char *operation) {
  if (alpha.isFloatingPoint() && !isFloatingType(result))
    throw Error(std::string(operation) + ": for integers alpha must be an integer, found " +
                std::to_string(alpha.toDouble()));
  if (alpha.isBoolean() && result != kBool)
    throw Error(std::string(operation) + ": a boolean alpha is for bool tensors, found " +
                toString(result));
  if constexpr (std::is_same_v<A, Tensor>) {
    if (result == kBool)
      return castTo(other, result).mul(Scalar(alpha.toBool()));
    if (alpha.isOne())
      return castTo(other, result);
    checkHolds(alpha, result, operation);
    return recordWithScalar(OpKind::mul, castTo(other, result), alpha); // in the result's dtype
  } else
    return alpha.isFloatingPoint() || other.isFloatingPoint()
               ? Scalar(alpha.toDouble() * other.toDouble())
               : Scalar(alpha.toLong() * other.toLong());
}

Tensor add(const Tensor &self, const Tensor &other, const Scalar &alpha) {
  if (isOne(alpha)) [[likely]]
    return binary(OpKind::add, self, other);
  return binary(OpKind::add, self, scaled(other, alpha, promoted(self, other), "add"));
}
Tensor add(const Tensor &self, const Scalar &other, const Scalar &alpha) {
  if (isOne(alpha)) [[likely]]
    return binary(OpKind::add, self, other);
  return binary(OpKind::add, self, scaled(other, alpha, promoted(self, other), "add"));
}
/// As PyTorch: a minus with bools is most often meant to invert a mask.
static void refuseBools(bool found, const char *operation) {
  if (found) [[unlikely]]
    throw Error(std::string(operation) +
                ": not defined for bool tensors; invert a mask with ~ or logical_not, or convert "
                "it first");
}
static bool isBool(const Tensor &t, const char *operation) {
  return implOf(t, operation).type().dtype == kBool;
}
Tensor sub(const Tensor &self, const Tensor &other, const Scalar &alpha) {
  refuseBools(isBool(self, "sub") || isBool(other, "sub"), "sub");
  if (isOne(alpha)) [[likely]]
    return binary(OpKind::sub, self, other);
  return binary(OpKind::sub, self, scaled(other, alpha, promoted(self, other), "sub"));
}
Tensor sub(const Tensor &self, const Scalar &other, const Scalar &alpha) {
  refuseBools(isBool(self, "sub") || other.isBoolean(), "sub");
  if (isOne(alpha)) [[likely]]
    return binary(OpKind::sub, self, other);
  return binary(OpKind::sub, self, scaled(other, alpha, promoted(self, other), "sub"));
}
Tensor rsub(const Tensor &self, const Tensor &other, const Scalar &alpha) {
  return other.sub(self, alpha);
}
Tensor rsub(const Tensor &self, const Scalar &other, const Scalar &alpha) {
  refuseBools(isBool(self, "rsub") || other.isBoolean(), "rsub");
  return binary(OpKind::sub, other, isOne(alpha) ? self : self.mul(alpha));
}
Tensor mul(const Tensor &self, const Tensor &other) { return binary(OpKind::mul, self, other); }
Tensor mul(const Tensor &self, const Scalar &other) { return binary(OpKind::mul, self, other); }

Tensor div(const Tensor &self, const Tensor &other) {
  const ScalarType dtype = promoted(self, other);
  if (isFloatingType(dtype)) [[likely]]
    return binary(OpKind::div, self, other);
  return recordBinary(OpKind::div, castTo(self, floatDtype(dtype)),
                      castTo(other, floatDtype(dtype)));
}
Tensor div(const Tensor &self, const Scalar &other) {
  return binary(OpKind::div, toFloating(self, "div"), other);
}

/// A step function of both operands: where they have a gradient it is zero.
template <class F>
static Tensor withZeroGradient(const char *name, const Tensor &a, const Tensor &b, F forward) {
  return composite(name, {a, b}, forward, [](CompositeGradient &g) {
    for (size_t i = 0; i < 2; ++i)
      g.gradients[i] =
          recordFill(0, g.operands[i].scalar_type(), g.operands[i].impl()->type().sizes);
  });
}
template <class F>
static Tensor withZeroGradient(const char *name, const Tensor &a, const Scalar &, F forward) {
  return composite(name, {a}, forward, [](CompositeGradient &g) {
    g.gradients[0] = recordFill(0, g.operands[0].scalar_type(), g.operands[0].impl()->type().sizes);
  });
}

/// "trunc" for integers: the quotient of what fmod leaves, which is exact.
template <class Other>
static Tensor divRounded(const Tensor &self, const Other &other,
                         std::optional<std::string_view> mode) {
  if (!mode)
    return self.div(other);
  if (*mode == "floor")
    return binary(OpKind::floor_divide, self, other);
  if (*mode != "trunc")
    throw Error("div: rounding_mode must be \"trunc\", \"floor\" or none, found \"" +
                std::string(*mode) + "\"");
  const ScalarType dtype = promoted(self, other);
  if (isFloatingType(dtype))
    return withZeroGradient("Div", self, other, [&] { return self.div(other).trunc(); });
  const Tensor x = castTo(self, dtype);
  return binary(OpKind::floor_divide, x.sub(x.fmod(other)), other);
}
Tensor div(const Tensor &self, const Tensor &other, std::optional<std::string_view> mode) {
  return divRounded(self, other, mode);
}
Tensor div(const Tensor &self, const Scalar &other, std::optional<std::string_view> mode) {
  return divRounded(self, other, mode);
}
// PyTorch has a derivative of div(..., "floor"), which is zero, but none of this.
Tensor floor_divide(const Tensor &self, const Tensor &other) {
  return withoutDerivative("floor_divide", {self, other},
                           [&] { return binary(OpKind::floor_divide, self, other); });
}
Tensor floor_divide(const Tensor &self, const Scalar &other) {
  return withoutDerivative("floor_divide", {self},
                           [&] { return binary(OpKind::floor_divide, self, other); });
}
Tensor remainder(const Tensor &self, const Tensor &other) {
  return binary(OpKind::remainder, self, other);
}
Tensor remainder(const Tensor &self, const Scalar &other) {
  return binary(OpKind::remainder, self, other);
}
Tensor remainder(const Scalar &self, const Tensor &other) {
  return binary(OpKind::remainder, self, other);
}
Tensor fmod(const Tensor &self, const Tensor &other) { return binary(OpKind::fmod, self, other); }
Tensor fmod(const Tensor &self, const Scalar &other) { return binary(OpKind::fmod, self, other); }
Tensor maximum(const Tensor &self, const Tensor &other) {
  return binary(OpKind::maximum, self, other);
}
Tensor minimum(const Tensor &self, const Tensor &other) {
  return binary(OpKind::minimum, self, other);
}
Tensor max(const Tensor &self, const Tensor &other) { return binary(OpKind::maximum, self, other); }
Tensor min(const Tensor &self, const Tensor &other) { return binary(OpKind::minimum, self, other); }

Tensor pow(const Tensor &self, const Tensor &exponent) {
  return binary(OpKind::pow, self, exponent);
}
Tensor pow(const Scalar &self, const Tensor &exponent) {
  return binary(OpKind::pow, self, exponent).contiguous(); // row-major in libtorch
}
Tensor pow(const Tensor &self, const Scalar &exponent) {
  const ScalarType dtype = promoted(self, exponent);
  if (dtype == kBool)
    return exponent.toBool() ? self.clone() : recordFillLike(1, self.impl()->type());
  const Tensor x = castTo(self, dtype);
  const double e = exponent.toDouble();
  if (!isFloatingType(dtype) && e < 0)
    throw Error("pow: integers to negative integer powers are not allowed; convert to floating "
                "point first");
  // As PyTorch: for float32 the exponent stays the double that it is.
  if (dtype != kFloat && dtype != kDouble)
    checkHolds(exponent, dtype, "pow");
  if (dtype == kHalf && (e == 3 || e == -2)) // PyTorch rounds float16 once, bfloat16 twice
    return compositeUnary(
        "Pow", x, [e](const Tensor &t) { return castTo(castTo(t, kFloat).pow(e), kHalf); },
        [e](const Tensor &g, const Tensor &t) { return g * (t.pow(e - 1) * e); });
  // Common exponents are part of the program, and cheaper.
  if (e == 2)
    return autodiff::labeled(recordBinary(OpKind::mul, x, x), "PowBackward0");
  if (e == 3) // one node: a pass that frees a derivative of it leaves the others alone
    return compositeUnary(
        "Pow", x,
        [](const Tensor &t) {
          return recordBinary(OpKind::mul, recordBinary(OpKind::mul, t, t), t);
        },
        [](const Tensor &g, const Tensor &t) { return g * (t.pow(2) * 3); });
  if (e == 0)
    return compositeUnary(
        "Pow", x, [](const Tensor &t) { return tjit::ones_like(t.detach()); },
        [](const Tensor &g, const Tensor &) { return recordFillLike(0, g.impl()->type()); });
  const Tensor cheap = e == 1      ? x.clone()
                       : e == 0.5  ? recordUnary(OpKind::sqrt, x)
                       : e == -0.5 ? recordUnary(OpKind::rsqrt, x)
                       : e == -1   ? x.reciprocal()
                       : e == -2   ? recordBinary(OpKind::mul, x, x).reciprocal()
                                   : Tensor();
  if (cheap.defined())
    return autodiff::labeled(cheap, "PowBackward0");
  return recordWithScalar(OpKind::pow, x, exponent);
}

Tensor bitwise_and(const Tensor &self, const Tensor &other) {
  return binary(OpKind::bitwise_and, self, other);
}
Tensor bitwise_and(const Tensor &self, const Scalar &other) {
  return binary(OpKind::bitwise_and, self, other);
}
Tensor bitwise_or(const Tensor &self, const Tensor &other) {
  return binary(OpKind::bitwise_or, self, other);
}
Tensor bitwise_or(const Tensor &self, const Scalar &other) {
  return binary(OpKind::bitwise_or, self, other);
}
Tensor bitwise_xor(const Tensor &self, const Tensor &other) {
  return binary(OpKind::bitwise_xor, self, other);
}
Tensor bitwise_xor(const Tensor &self, const Scalar &other) {
  return binary(OpKind::bitwise_xor, self, other);
}
/// A number as the first operand of an operation with a tensor.
static Tensor firstOperand(const Scalar &self, const Tensor &other, const char *operation) {
  implOf(other, operation);
  return scalarArgument(self, promoted(other, self));
}
Tensor bitwise_and(const Scalar &self, const Tensor &other) {
  return tjit::bitwise_and(firstOperand(self, other, "bitwise_and"), other);
}
Tensor bitwise_or(const Scalar &self, const Tensor &other) {
  return tjit::bitwise_or(firstOperand(self, other, "bitwise_or"), other);
}
Tensor bitwise_xor(const Scalar &self, const Tensor &other) {
  return tjit::bitwise_xor(firstOperand(self, other, "bitwise_xor"), other);
}
Tensor bitwise_left_shift(const Scalar &self, const Tensor &other) {
  return tjit::bitwise_left_shift(firstOperand(self, other, "bitwise_left_shift"), other);
}
Tensor bitwise_right_shift(const Scalar &self, const Tensor &other) {
  return tjit::bitwise_right_shift(firstOperand(self, other, "bitwise_right_shift"), other);
}
/// PyTorch shifts bools by numbers, which count more than they, and not by bools.
template <class A>
static void refuseBools(const Tensor &self, const A &other, const char *operation) {
  if (promoted(self, other) == kBool)
    refuseBool(self, operation);
}
Tensor bitwise_left_shift(const Tensor &self, const Tensor &other) {
  refuseBools(self, other, "bitwise_left_shift");
  return binary(OpKind::shift_left, self, other);
}
Tensor bitwise_left_shift(const Tensor &self, const Scalar &other) {
  refuseBools(self, other, "bitwise_left_shift");
  return binary(OpKind::shift_left, self, other);
}
Tensor bitwise_right_shift(const Tensor &self, const Tensor &other) {
  refuseBools(self, other, "bitwise_right_shift");
  return binary(OpKind::shift_right, self, other);
}
Tensor bitwise_right_shift(const Tensor &self, const Scalar &other) {
  refuseBools(self, other, "bitwise_right_shift");
  return binary(OpKind::shift_right, self, other);
}

//===------------------------------------------------------------------------------------------===//
// Comparisons and logic
//===------------------------------------------------------------------------------------------===//

Tensor eq(const Tensor &self, const Tensor &other) { return binary(OpKind::eq, self, other); }
Tensor eq(const Tensor &self, const Scalar &other) { return binary(OpKind::eq, self, other); }
Tensor ne(const Tensor &self, const Tensor &other) { return binary(OpKind::ne, self, other); }
Tensor ne(const Tensor &self, const Scalar &other) { return binary(OpKind::ne, self, other); }
Tensor lt(const Tensor &self, const Tensor &other) { return binary(OpKind::lt, self, other); }
Tensor lt(const Tensor &self, const Scalar &other) { return binary(OpKind::lt, self, other); }
Tensor le(const Tensor &self, const Tensor &other) { return binary(OpKind::le, self, other); }
Tensor le(const Tensor &self, const Scalar &other) { return binary(OpKind::le, self, other); }
Tensor gt(const Tensor &self, const Tensor &other) { return binary(OpKind::gt, self, other); }
Tensor gt(const Tensor &self, const Scalar &other) { return binary(OpKind::gt, self, other); }
Tensor ge(const Tensor &self, const Tensor &other) { return binary(OpKind::ge, self, other); }
Tensor ge(const Tensor &self, const Scalar &other) { return binary(OpKind::ge, self, other); }

/// Whether x is not zero, as a bool tensor.
static Tensor truth(const Tensor &t) { return castTo(t, kBool); }
Tensor logical_not(const Tensor &self) { return recordUnary(OpKind::bitwise_not, truth(self)); }
Tensor logical_and(const Tensor &self, const Tensor &other) {
  return recordBinary(OpKind::bitwise_and, truth(self), truth(other));
}
Tensor logical_or(const Tensor &self, const Tensor &other) {
  return recordBinary(OpKind::bitwise_or, truth(self), truth(other));
}
Tensor logical_xor(const Tensor &self, const Tensor &other) {
  return recordBinary(OpKind::bitwise_xor, truth(self), truth(other));
}

static Tensor falseLike(const Tensor &t) { return tjit::zeros_like(t, kBool); }
Tensor isnan(const Tensor &self) {
  return isFloatingType(implOf(self, "isnan").type().dtype) ? recordUnary(OpKind::isnan, self)
                                                            : falseLike(self);
}
Tensor isinf(const Tensor &self) {
  if (!isFloatingType(implOf(self, "isinf").type().dtype))
    return falseLike(self);
  return self.abs().eq(std::numeric_limits<double>::infinity());
}
Tensor isfinite(const Tensor &self) {
  if (!isFloatingType(implOf(self, "isfinite").type().dtype))
    return tjit::ones_like(self, kBool);
  return self.abs().lt(std::numeric_limits<double>::infinity());
}
Tensor isreal(const Tensor &self) { return tjit::ones_like(self, kBool); }
Tensor isposinf(const Tensor &self) {
  return isFloatingType(implOf(self, "isposinf").type().dtype)
             ? self.eq(std::numeric_limits<double>::infinity())
             : falseLike(self);
}
Tensor isneginf(const Tensor &self) {
  return isFloatingType(implOf(self, "isneginf").type().dtype)
             ? self.eq(-std::numeric_limits<double>::infinity())
             : falseLike(self);
}
Tensor signbit(const Tensor &self) {
  const ScalarType dtype = implOf(self, "signbit").type().dtype;
  if (isFloatingType(dtype))
    return recordBinary(OpKind::copysign, oneFor(self), self).lt(0);
  return dtype == kBool ? falseLike(self) : self.lt(0);
}
Tensor isclose(const Tensor &self, const Tensor &other, double rtol, double atol, bool equalNan) {
  if (!(rtol >= 0) || !(atol >= 0))
    throw Error("isclose: the tolerances must not be negative, found rtol " + std::to_string(rtol) +
                " and atol " + std::to_string(atol));
  if (implOf(self, "isclose").type().dtype != implOf(other, "isclose").type().dtype)
    throw Error(std::string("isclose: the dtypes differ: ") + toString(self.scalar_type()) +
                " and " + toString(other.scalar_type()));
  Tensor close = self.eq(other);
  const Tensor a = toFloating(self, "isclose"), b = toFloating(other, "isclose");
  if (equalNan)
    close = close.logical_or(a.isnan().logical_and(b.isnan()));
  return close.logical_or((a - b).abs().le(b.abs() * rtol + atol).logical_and(b.isfinite()));
}
bool allclose(const Tensor &self, const Tensor &other, double rtol, double atol, bool equalNan) {
  return self.isclose(other, rtol, atol, equalNan).all().item<bool>();
}
bool equal(const Tensor &self, const Tensor &other) {
  const TensorImpl &a = implOf(self, "equal"), &b = implOf(other, "equal");
  return a.type().sizes == b.type().sizes && self.eq(other).all().item<bool>();
}

//===------------------------------------------------------------------------------------------===//
// Selection
//===------------------------------------------------------------------------------------------===//

Tensor where(const Tensor &condition, const Tensor &self, const Tensor &other) {
  const ScalarType dtype = promoted(self, other), kind = implOf(condition, "where").type().dtype;
  if (kind != kBool && kind != kByte)
    throw Error(std::string("where: the condition must be bool, found ") + toString(kind) +
                "; compare it with a number, or convert with to(torch::kBool)");
  const Tensor operands[] = {truth(condition), castTo(self, dtype), castTo(other, dtype)};
  return recordOp(OpKind::where, operands);
}
Tensor where(const Tensor &condition, const Tensor &self, const Scalar &other) {
  const ScalarType dtype = promoted(self, other);
  if (!isFloatingType(dtype))
    checkHolds(other, dtype, "where");
  return tjit::where(condition, castTo(self, dtype), scalarArgument(other, dtype));
}
Tensor where(const Tensor &condition, const Scalar &self, const Tensor &other) {
  const ScalarType dtype = promoted(other, self);
  if (!isFloatingType(dtype))
    checkHolds(self, dtype, "where");
  return tjit::where(condition, scalarArgument(self, dtype), castTo(other, dtype));
}
Tensor where(const Tensor &condition, const Scalar &self, const Scalar &other) {
  return tjit::where(
      condition, tjit::scalar_tensor(self, self.isFloatingPoint() ? TensorOptions() : self.type()),
      tjit::scalar_tensor(other, other.isFloatingPoint() ? TensorOptions() : other.type()));
}
Tensor selfWhere(const Tensor &self, const Tensor &condition, const Tensor &other) {
  return tjit::where(condition, self, other);
}
Tensor selfWhere(const Tensor &self, const Tensor &condition, const Scalar &other) {
  return tjit::where(condition, self, other);
}
Tensor masked_fill(const Tensor &self, const Tensor &mask, const Scalar &value) {
  const TensorImpl &t = implOf(self, "masked_fill");
  if (implOf(mask, "masked_fill").type().dtype != kBool)
    throw Error(std::string("masked_fill: the mask must be bool, found ") +
                toString(mask.scalar_type()));
  checkHolds(value, t.type().dtype, "masked_fill");
  const Tensor operands[] = {mask, scalarArgument(value, t.type().dtype), self};
  return recordOp(OpKind::where, operands).contiguous();
}
Tensor masked_fill(const Tensor &self, const Tensor &mask, const Tensor &value) {
  const TensorImpl &t = implOf(self, "masked_fill");
  if (implOf(mask, "masked_fill").type().dtype != kBool)
    throw Error(std::string("masked_fill: the mask must be bool, found ") +
                toString(mask.scalar_type()));
  if (!implOf(value, "masked_fill").type().sizes.empty())
    throw Error("masked_fill: the value must have no dimensions, found sizes " +
                toString(value.impl()->type().sizes));
  const Tensor operands[] = {mask, castTo(value, t.type().dtype), self};
  return recordOp(OpKind::where, operands).contiguous();
}

/// x limited by tensors in the promoted dtype. The gradient goes to x where it is within the
/// bounds, equal to one included, else to the bound that holds it; NaN holds everything.
static Tensor clampBetween(const Tensor &self, const Tensor &min, const Tensor &max) {
  if (min.defined() && max.defined()) {
    if (self.scalar_type() == kBool)
      throw Error("clamp: not defined for bools; cast to an integer dtype first");
    return composite(
        "Clamp", {self, min, max},
        [&] {
          return recordBinary(OpKind::minimum, recordBinary(OpKind::maximum, self, min), max);
        },
        [](CompositeGradient &g) {
          const Tensor &x = g.operands[0], &lo = g.operands[1], &hi = g.operands[2];
          const Tensor crossed = lo.gt(hi), below = x.lt(lo), above = x.gt(hi);
          auto where = [&](const Tensor &mask) { return tjit::where(mask, g.grad, Scalar(0)); };
          if (g.needs(0))
            g.gradients[0] = where(x.ge(lo).logical_and(x.le(hi)));
          if (g.needs(1))
            g.gradients[1] = where(below.logical_and(lo.lt(hi)));
          if (g.needs(2))
            g.gradients[2] = where(above.logical_or(crossed));
        });
  }
  const bool lower = min.defined();
  return composite(
      lower ? "ClampMin" : "ClampMax", {self, lower ? min : max},
      [&] {
        return lower ? recordBinary(OpKind::maximum, self, min)
                     : recordBinary(OpKind::minimum, self, max);
      },
      [lower](CompositeGradient &g) {
        const Tensor &x = g.operands[0], &bound = g.operands[1];
        const Tensor inside = lower ? x.ge(bound) : x.le(bound);
        const Tensor outside = lower ? x.lt(bound) : x.gt(bound);
        if (g.needs(0))
          g.gradients[0] = tjit::where(inside, g.grad, Scalar(0));
        if (g.needs(1))
          g.gradients[1] = tjit::where(outside, g.grad, Scalar(0));
      });
}
Tensor clamp(const Tensor &self, std::optional<Scalar> min, std::optional<Scalar> max) {
  ScalarType dtype = implOf(self, "clamp").type().dtype;
  if (!min && !max)
    throw Error("clamp: at least one of min and max must be given");
  for (const std::optional<Scalar> &bound : {min, max})
    if (bound)
      dtype = promoteTypes(dtype, promoted(self, *bound));
  refuseBool(dtype, "clamp");
  const Tensor x = castTo(self, dtype);
  for (const std::optional<Scalar> &bound : {min, max})
    if (bound)
      checkHolds(*bound, dtype, "clamp");
  return clampBetween(x, min ? scalarArgument(*min, dtype) : Tensor(),
                      max ? scalarArgument(*max, dtype) : Tensor());
}
Tensor clamp(const Tensor &self, const std::optional<Tensor> &min,
             const std::optional<Tensor> &max) {
  const Tensor lo = min.value_or(Tensor()), hi = max.value_or(Tensor());
  if (!lo.defined() && !hi.defined())
    throw Error("clamp: at least one of min and max must be given");
  ScalarType dtype = lo.defined() ? promoted(self, lo) : promoted(self, hi);
  if (lo.defined() && hi.defined()) {
    // All three at once: whether a 0-dim tensor gives way depends on both others.
    const Tensor *all[] = {&self, &lo, &hi};
    std::optional<ScalarType> dimensioned, single;
    for (const Tensor *t : all) {
      std::optional<ScalarType> &type = t->dim() ? dimensioned : single;
      type = type ? promoteTypes(*type, t->scalar_type()) : t->scalar_type();
    }
    if (!dimensioned || !single)
      dtype = dimensioned ? *dimensioned : *single;
    else
      dtype = dtypeCategory(*single) > dtypeCategory(*dimensioned)
                  ? promoteTypes(*dimensioned, *single)
                  : *dimensioned;
  }
  return clampBetween(castTo(self, dtype), lo.defined() ? castTo(lo, dtype) : lo,
                      hi.defined() ? castTo(hi, dtype) : hi);
}
Tensor clamp_min(const Tensor &self, const Scalar &min) { return self.clamp(min, std::nullopt); }
Tensor clamp_max(const Tensor &self, const Scalar &max) { return self.clamp(std::nullopt, max); }
Tensor clamp_min(const Tensor &self, const Tensor &min) { return self.clamp(min, std::nullopt); }
Tensor clamp_max(const Tensor &self, const Tensor &max) { return self.clamp(std::nullopt, max); }

Tensor fill(const Tensor &self, const Scalar &value) {
  return self.masked_fill(recordFill(1, kBool, implOf(self, "fill").type().sizes), value);
}
Tensor fill(const Tensor &self, const Tensor &value) {
  return self.masked_fill(recordFill(1, kBool, implOf(self, "fill").type().sizes), value);
}

static ScalarType promotedAll(std::initializer_list<Tensor> operands) {
  std::array<PromotionOperand, 3> kinds;
  size_t n = 0;
  for (const Tensor &operand : operands)
    kinds[n++] = operandOf(implOf(operand));
  return resultType(std::span(kinds).first(n));
}
/// Two or three operands in their common dtype; 16-bit floats meet in float32, and the result is
/// rounded once.
template <class F> static Tensor promotedWide(std::initializer_list<Tensor> operands, F f) {
  std::vector<Tensor> parts(operands);
  const ScalarType dtype = promotedAll(operands);
  for (Tensor &part : parts)
    part = castTo(part, computeDtype(dtype));
  return castTo(f(parts), dtype);
}
static void refuseIntegers(const Tensor &a, const char *operation) {
  if (!isFloatingType(implOf(a, operation).type().dtype))
    throw Error(std::string(operation) + ": expected floating-point tensors, found " +
                toString(a.scalar_type()));
}
// As PyTorch: from the end that is nearer, so that weight 1 gives the end exactly.
Tensor lerp(const Tensor &self, const Tensor &end, const Scalar &weight) {
  refuseIntegers(self, "lerp"), checkSameDtype(self, end, "lerp");
  checkHolds(weight, computeDtype(self.scalar_type()), "lerp");
  const double w = weight.toDouble();
  return promotedWide({self, end}, [&](const std::vector<Tensor> &x) {
    const Tensor difference = x[1] - x[0];
    return std::abs(w) < 0.5 ? x[0] + difference * weight : x[1] - difference * (1 - w);
  });
}
Tensor lerp(const Tensor &self, const Tensor &end, const Tensor &weights) {
  refuseIntegers(self, "lerp");
  // One without dimensions counts as a number.
  const Tensor weight =
      implOf(weights, "lerp").type().sizes.empty() ? castTo(weights, self.scalar_type()) : weights;
  checkSameDtype(self, end, "lerp"), checkSameDtype(self, weight, "lerp");
  return promotedWide({self, end, weight}, [&](const std::vector<Tensor> &x) {
    const Tensor difference = x[1] - x[0], &w = x[2];
    return composite(
        "Lerp", {x[0], x[1], w},
        [&] {
          return tjit::where(w.abs().lt(0.5), x[0] + difference * w, x[1] - difference * (1 - w));
        },
        [](CompositeGradient &g) {
          const Tensor &w = g.operands[2];
          if (g.needs(0))
            g.gradients[0] = g.grad * (1 - w);
          if (g.needs(1))
            g.gradients[1] = g.grad * w;
          if (g.needs(2))
            g.gradients[2] = g.grad * (g.operands[1] - g.operands[0]);
        });
  });
}
Tensor addcmul(const Tensor &self, const Tensor &a, const Tensor &b, const Scalar &factor) {
  if (implOf(self, "addcmul").type().dtype == kBool && promoted(a, b) == kBool)
    refuseBool(self, "addcmul");
  const ScalarType dtype = promotedAll({self, a, b});
  if (!isFloatingType(dtype))
    checkHolds(factor, dtype, "addcmul");
  const Scalar value = isFloatingType(dtype) ? factor : Scalar(factor.toLong());
  return promotedWide({self, a, b}, [&](const std::vector<Tensor> &x) {
    return x[0] + (isOne(value) ? x[1] * x[2] : x[1] * value * x[2]);
  });
}
Tensor addcdiv(const Tensor &self, const Tensor &a, const Tensor &b, const Scalar &value) {
  if (!isFloatingType(promoted(a, b)))
    throw Error("addcdiv: integer division is not supported; convert the operands to floating "
                "point first");
  return promotedWide({self, a, b}, [&](const std::vector<Tensor> &x) {
    return x[0] + (isOne(value) ? x[1] / x[2] : x[1] * value / x[2]);
  });
}

} // namespace ops

Tensor Tensor::operator-() const { return neg(); }
Tensor Tensor::operator~() const { return bitwise_not(); }
/// Numbers up to this one fit every floating-point dtype.
static constexpr double kLargestHalf = 65504;

// With a number first libtorch computes in the tensor's dtype: 6.5 - t is 6 - t where t has
// integers, and 6 / t would have to put fractions into them.
Tensor operator-(const Scalar &a, const Tensor &b) {
  const ScalarType dtype = implOf(b, "rsub").type().dtype;
  if (isFloatingType(dtype)) [[likely]] {
    if (std::abs(a.toDouble()) > kLargestHalf) [[unlikely]]
      checkHolds(a, dtype, "rsub");
    return ops::binary(OpKind::sub, a, b);
  }
  if (dtype == kBool)
    return b.rsub(a);
  checkHolds(a, dtype, "rsub");
  return b.rsub(a.toLong());
}
Tensor operator/(const Scalar &a, const Tensor &b) {
  if (!isFloatingType(implOf(b, "div").type().dtype))
    throw Error(std::string("operator/: a number divided by a tensor has the tensor's dtype, which "
                            "is ") +
                toString(b.scalar_type()) + "; convert the tensor to floating point first");
  if (a.equal(1))
    return autodiff::labeled(b.reciprocal(), "DivBackward0");
  if (std::abs(a.toDouble()) > kLargestHalf) [[unlikely]]
    checkHolds(a, b.scalar_type(), "div");
  return recordWithScalar(OpKind::div, castTo(b, floatDtype(implOf(b, "div").type().dtype)), a,
                          /*scalarFirst=*/true);
}
Tensor operator%(const Scalar &a, const Tensor &b) {
  rt::CallPlace place;
  return ops::binary(OpKind::remainder, a, b);
}

} // namespace v1
} // namespace tjit
