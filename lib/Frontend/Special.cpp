//===- Special.cpp ----------------------------------------------------------------------------===//
// torch::special: second names, compositions, and functions that are an operation with an
// attribute. The derivatives are those of PyTorch's derivatives.yaml.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/Evaluate.h"
#include "Frontend/ScalarBits.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"
#include "Runtime/SpecialValues.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"

//===------------------------------------------------------------------------------------------===//
// Second names
//===------------------------------------------------------------------------------------------===//

Tensor special_log1p(const Tensor &self) { return self.log1p(); }
Tensor special_expm1(const Tensor &self) { return self.expm1(); }
Tensor special_exp2(const Tensor &self) { return self.exp2(); }
Tensor special_erf(const Tensor &self) { return self.erf(); }
Tensor special_erfc(const Tensor &self) { return self.erfc(); }
Tensor special_erfinv(const Tensor &self) { return self.erfinv(); }
Tensor special_digamma(const Tensor &self) { return self.digamma(); }
Tensor special_round(const Tensor &self) { return self.round(); }
Tensor special_sinc(const Tensor &self) { return self.sinc(); }
Tensor special_expit(const Tensor &self) { return self.sigmoid(); }
Tensor special_gammaln(const Tensor &self) { return self.lgamma(); }
Tensor special_psi(const Tensor &self) { return self.digamma(); }
Tensor special_logit(const Tensor &self, std::optional<double> eps) { return self.logit(eps); }
Tensor special_logsumexp(const Tensor &self, IntArrayRef dim, bool keepdim) {
  return self.logsumexp(dim, keepdim);
}
Tensor special_softmax(const Tensor &self, int64_t dim, std::optional<ScalarType> dtype) {
  return self.softmax(dim, dtype);
}
Tensor special_log_softmax(const Tensor &self, int64_t dim, std::optional<ScalarType> dtype) {
  return self.log_softmax(dim, dtype);
}
Tensor special_polygamma(int64_t n, const Tensor &self) { return self.polygamma(n); }
Tensor special_multigammaln(const Tensor &self, int64_t p) { return self.mvlgamma(p); }
Tensor special_gammainc(const Tensor &self, const Tensor &other) { return self.igamma(other); }
Tensor special_gammaincc(const Tensor &self, const Tensor &other) { return self.igammac(other); }
Tensor special_xlogy(const Tensor &self, const Tensor &other) { return self.xlogy(other); }
Tensor special_xlogy(const Tensor &self, const Scalar &other) { return self.xlogy(other); }
Tensor special_xlogy(const Scalar &self, const Tensor &other) { return tjit::xlogy(self, other); }
Tensor special_i0(const Tensor &self) { return self.i0(); }

//===------------------------------------------------------------------------------------------===//
// Compositions
//===------------------------------------------------------------------------------------------===//

namespace {

/// In floating point, integers in the default dtype.
Tensor floating(const Tensor &t, const char *name) {
  return castTo(t, floatDtype(implOf(t, name).type().dtype));
}
template <class F> Tensor inWide(const Tensor &x, F f) {
  return castTo(f(wide(x)), x.scalar_type());
}
Tensor numberBeside(const Scalar &value, const Tensor &beside) {
  return scalarArgument(value, floatDtype(promoted(beside, value))); // no integer would hold it
}

} // namespace

Tensor special_entr(const Tensor &self) {
  return compositeUnary(
      "SpecialEntr", floating(self, "special.entr"),
      [](const Tensor &t) {
        return inWide(t, [&](const Tensor &x) {
          const Tensor inside = tjit::where(x.gt(0), x, 1),
                       log = wide(castTo(inside.log(), t.scalar_type()));
          const Tensor value = tjit::where(x.gt(0), inside.neg() * log, 0);
          return tjit::where(x.isnan(), x,
                             tjit::where(x.lt(0), -std::numeric_limits<double>::infinity(), value));
        });
      },
      [](const Tensor &grad, const Tensor &x) { return grad * (x.log() + 1).neg(); });
}
Tensor special_ndtr(const Tensor &self) {
  return compositeUnary(
      "SpecialNdtr", floating(self, "special.ndtr"),
      [](const Tensor &t) {
        return inWide(t, [](const Tensor &x) {
          const Tensor s = x * (std::numbers::sqrt2 / 2), tail = s.abs().erfc() * 0.5;
          // Around 0 erf, outside the tail, which has no cancellation.
          return tjit::where(s.abs().lt(std::numbers::sqrt2 / 2), s.erf() * 0.5 + 0.5,
                             tjit::where(s.gt(0), 1 - tail, tail));
        });
      },
      [](const Tensor &grad, const Tensor &x) {
        return grad * (x * x * -0.5).exp() * (std::numbers::inv_sqrtpi * std::numbers::sqrt2 / 2);
      });
}
Tensor special_xlog1py(const Tensor &self, const Tensor &other) {
  implOf(self, "special.xlog1py"), implOf(other, "special.xlog1py");
  const ScalarType dtype = floatDtype(promoted(self, other));
  const Tensor a = castTo(self, dtype), b = castTo(other, dtype);
  return composite(
      "SpecialXlog1Py", {a, b},
      [&] {
        const Tensor x = wide(a), y = wide(b);
        return castTo(
            tjit::where(x.eq(0).logical_and(y.eq(y)), 0, x * wide(castTo(y.log1p(), dtype))),
            dtype);
      },
      [](CompositeGradient &g) {
        const Tensor &a = g.operands[0], &b = g.operands[1];
        if (g.needs(0))
          g.gradients[0] = g.grad * tjit::where(a.eq(0).logical_and(b.le(-1)), 0, b.log1p());
        if (g.needs(1))
          g.gradients[1] = g.grad * a / (b + 1);
      });
}
Tensor special_xlog1py(const Scalar &self, const Tensor &other) {
  implOf(other, "special.xlog1py");
  return ops::special_xlog1py(numberBeside(self, other), other);
}
Tensor special_xlog1py(const Tensor &self, const Scalar &other) {
  implOf(self, "special.xlog1py");
  return ops::special_xlog1py(self, numberBeside(other, self));
}
Tensor mvlgamma(const Tensor &self, int64_t p) {
  if (p < 1)
    throw Error("mvlgamma: the dimension p must be positive, found " + std::to_string(p));
  const Tensor x = floating(self, "mvlgamma").contiguous();
  return inWide(x, [p](const Tensor &t) {
    const double d = static_cast<double>(p);
    Tensor sum = t.lgamma() + d * (d - 1) / 4 * std::log(std::numbers::pi);
    for (int64_t j = 1; j < p; ++j)
      sum = sum + (t - static_cast<double>(j) / 2).lgamma();
    return sum;
  });
}
Tensor angle(const Tensor &self) {
  return compositeUnary(
      "Angle", floating(self, "angle"),
      [](const Tensor &x) {
        const Tensor zero = tjit::zeros_like(x);
        return tjit::where(x.isnan(), x, tjit::where(x.lt(0), zero + std::numbers::pi, zero));
      },
      [](const Tensor &, const Tensor &x) { return tjit::zeros_like(x); });
}

//===------------------------------------------------------------------------------------------===//
// Functions that are an operation
//===------------------------------------------------------------------------------------------===//

namespace {

template <class Attrs>
Tensor recordWith(OpKind kind, std::span<const Tensor> operands, Attrs attrs) {
  AttrWords words;
  attrs.write(words);
  return recordOp(kind, operands, words.span());
}
Tensor special(const Tensor &x, SpecialFunction function) {
  return recordWith(OpKind::special, {&x, 1}, SpecialAttrs{function});
}
/// PyTorch has these functions in float32 and float64 only.
void refuse16Bits(ScalarType dtype, const char *name) {
  if (dtype == kHalf || dtype == kBFloat16)
    throw Error(std::string(name) + ": not defined for " + toString(dtype) + "; cast to float32");
}
Tensor precise(const Tensor &t, const char *name) {
  refuse16Bits(implOf(t, name).type().dtype, name);
  return floating(t, name);
}
Tensor bessel(const Tensor &self, BesselFunction function, const char *name) {
  const Tensor x = precise(self, name).detach(); // as in PyTorch, no history
  return recordWith(OpKind::bessel, {&x, 1}, BesselAttrs{function});
}

} // namespace

Tensor i0(const Tensor &self) { return special(floating(self, "i0"), SpecialFunction::i0); }
Tensor special_i0e(const Tensor &self) {
  return special(floating(self, "special.i0e"), SpecialFunction::i0e);
}
Tensor special_i1(const Tensor &self) {
  return special(floating(self, "special.i1"), SpecialFunction::i1);
}
Tensor special_i1e(const Tensor &self) {
  return special(floating(self, "special.i1e"), SpecialFunction::i1e);
}
Tensor special_erfcx(const Tensor &self) {
  return special(precise(self, "special.erfcx"), SpecialFunction::erfcx);
}
Tensor special_ndtri(const Tensor &self) {
  return special(precise(self, "special.ndtri"), SpecialFunction::ndtri);
}
Tensor special_log_ndtr(const Tensor &self) {
  return special(precise(self, "special.log_ndtr"), SpecialFunction::log_ndtr);
}

static Tensor incomplete(const Tensor &self, const Tensor &other, const char *name, bool upper) {
  implOf(self, name), implOf(other, name);
  const ScalarType dtype = promoted(self, other);
  if (!isFloatingType(dtype))
    throw Error(std::string(name) + ": expected floating-point tensors, found " + toString(dtype));
  const Tensor a = castTo(self, dtype), x = castTo(other, dtype);
  // The operation lets no gradient pass to a, where PyTorch has one that throws.
  return composite(
      upper ? "Igammac" : "Igamma", {a, x},
      [&] {
        const Tensor operands[] = {a, x};
        return recordWith(OpKind::igamma, operands, IgammaAttrs{upper});
      },
      [name, upper](CompositeGradient &g) {
        if (g.needs(0))
          throw Error(std::string(name) +
                      ": there is no derivative by the first operand; detach() it");
        const Tensor &a = g.operands[0], &x = g.operands[1];
        const Tensor density = ((a - 1) * x.log() - x - a.lgamma()).exp();
        g.gradients[1] = upper ? g.grad.neg() * density : g.grad * density;
      });
}
Tensor igamma(const Tensor &self, const Tensor &other) {
  return incomplete(self, other, "igamma", false);
}
Tensor igammac(const Tensor &self, const Tensor &other) {
  return incomplete(self, other, "igammac", true);
}

std::tuple<Tensor, Tensor> frexp(const Tensor &self) {
  checkFloating(self, "frexp");
  return {special(self, SpecialFunction::mantissa),
          castTo(special(self.detach(), SpecialFunction::exponent), kInt)};
}

Tensor special_airy_ai(const Tensor &self) {
  return bessel(self, BesselFunction::airy_ai, "special.airy_ai");
}
Tensor special_bessel_j0(const Tensor &self) {
  return bessel(self, BesselFunction::j0, "special.bessel_j0");
}
Tensor special_bessel_j1(const Tensor &self) {
  return bessel(self, BesselFunction::j1, "special.bessel_j1");
}
Tensor special_bessel_y0(const Tensor &self) {
  return bessel(self, BesselFunction::y0, "special.bessel_y0");
}
Tensor special_bessel_y1(const Tensor &self) {
  return bessel(self, BesselFunction::y1, "special.bessel_y1");
}
Tensor special_modified_bessel_i0(const Tensor &self) {
  return bessel(self, BesselFunction::modified_i0, "special.modified_bessel_i0");
}
Tensor special_modified_bessel_i1(const Tensor &self) {
  return bessel(self, BesselFunction::modified_i1, "special.modified_bessel_i1");
}
Tensor special_modified_bessel_k0(const Tensor &self) {
  return bessel(self, BesselFunction::modified_k0, "special.modified_bessel_k0");
}
Tensor special_modified_bessel_k1(const Tensor &self) {
  return bessel(self, BesselFunction::modified_k1, "special.modified_bessel_k1");
}
Tensor special_scaled_modified_bessel_k0(const Tensor &self) {
  return bessel(self, BesselFunction::scaled_k0, "special.scaled_modified_bessel_k0");
}
Tensor special_scaled_modified_bessel_k1(const Tensor &self) {
  return bessel(self, BesselFunction::scaled_k1, "special.scaled_modified_bessel_k1");
}
Tensor special_spherical_bessel_j0(const Tensor &self) {
  return bessel(self, BesselFunction::spherical_j0, "special.spherical_bessel_j0");
}

Tensor kaiser_window(int64_t length, bool periodic, double beta, TensorOptions options) {
  if (length < 0)
    throw Error("kaiser_window: the length must not be negative, found " + std::to_string(length));
  if (!isFloatingType(options.dtype()))
    throw Error(std::string("kaiser_window: expected a floating-point dtype, found ") +
                toString(options.dtype()));
  HostTensor out = makeHostTensor(options.dtype(), std::span(&length, 1));
  const double n = static_cast<double>(periodic ? length : length - 1),
               all = besselI(0, beta, false);
  for (int64_t k = 0; k < length; ++k) {
    const double x = n > 0 ? 2 * static_cast<double>(k) / n - 1 : 0,
                 inside = std::sqrt(std::max(1 - x * x, 0.0));
    const double value = length == 1 ? 1 : besselI(0, beta * inside, false) / all;
    storeScalar(out.data + static_cast<size_t>(k) * elementSize(options.dtype()), value,
                options.dtype());
  }
  return finishCreation(out.tensor, options, "kaiser_window");
}
Tensor kaiser_window(int64_t length, bool periodic, TensorOptions options) {
  return ops::kaiser_window(length, periodic, 12.0, options);
}
Tensor kaiser_window(int64_t length, TensorOptions options) {
  return ops::kaiser_window(length, true, 12.0, options);
}

namespace {
Tensor polynomial(PolynomialFamily family, bool shifted, const Tensor &x, const Tensor &n,
                  const char *name) {
  implOf(x, name), implOf(n, name);
  const ScalarType dtype = floatDtype(promoted(x, n));
  refuse16Bits(dtype, name);
  const Tensor operands[] = {castTo(x, dtype).detach(), castTo(n, dtype).detach()};
  return recordWith(OpKind::polynomial, operands, PolynomialAttrs{family, shifted});
}
} // namespace

Tensor special_chebyshev_polynomial_t(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::chebyshev_t, false, x, n, "special.chebyshev_polynomial_t");
}
Tensor special_chebyshev_polynomial_t(const Scalar &x, const Tensor &n) {
  return ops::special_chebyshev_polynomial_t(numberBeside(x, n), n);
}
Tensor special_chebyshev_polynomial_t(const Tensor &x, const Scalar &n) {
  return ops::special_chebyshev_polynomial_t(x, numberBeside(n, x));
}
Tensor special_chebyshev_polynomial_u(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::chebyshev_u, false, x, n, "special.chebyshev_polynomial_u");
}
Tensor special_chebyshev_polynomial_u(const Scalar &x, const Tensor &n) {
  return ops::special_chebyshev_polynomial_u(numberBeside(x, n), n);
}
Tensor special_chebyshev_polynomial_u(const Tensor &x, const Scalar &n) {
  return ops::special_chebyshev_polynomial_u(x, numberBeside(n, x));
}
Tensor special_chebyshev_polynomial_v(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::chebyshev_v, false, x, n, "special.chebyshev_polynomial_v");
}
Tensor special_chebyshev_polynomial_v(const Scalar &x, const Tensor &n) {
  return ops::special_chebyshev_polynomial_v(numberBeside(x, n), n);
}
Tensor special_chebyshev_polynomial_v(const Tensor &x, const Scalar &n) {
  return ops::special_chebyshev_polynomial_v(x, numberBeside(n, x));
}
Tensor special_chebyshev_polynomial_w(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::chebyshev_w, false, x, n, "special.chebyshev_polynomial_w");
}
Tensor special_chebyshev_polynomial_w(const Scalar &x, const Tensor &n) {
  return ops::special_chebyshev_polynomial_w(numberBeside(x, n), n);
}
Tensor special_chebyshev_polynomial_w(const Tensor &x, const Scalar &n) {
  return ops::special_chebyshev_polynomial_w(x, numberBeside(n, x));
}
Tensor special_shifted_chebyshev_polynomial_t(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::chebyshev_t, true, x, n,
                    "special.shifted_chebyshev_polynomial_t");
}
Tensor special_shifted_chebyshev_polynomial_t(const Scalar &x, const Tensor &n) {
  return ops::special_shifted_chebyshev_polynomial_t(numberBeside(x, n), n);
}
Tensor special_shifted_chebyshev_polynomial_t(const Tensor &x, const Scalar &n) {
  return ops::special_shifted_chebyshev_polynomial_t(x, numberBeside(n, x));
}
Tensor special_shifted_chebyshev_polynomial_u(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::chebyshev_u, true, x, n,
                    "special.shifted_chebyshev_polynomial_u");
}
Tensor special_shifted_chebyshev_polynomial_u(const Scalar &x, const Tensor &n) {
  return ops::special_shifted_chebyshev_polynomial_u(numberBeside(x, n), n);
}
Tensor special_shifted_chebyshev_polynomial_u(const Tensor &x, const Scalar &n) {
  return ops::special_shifted_chebyshev_polynomial_u(x, numberBeside(n, x));
}
Tensor special_shifted_chebyshev_polynomial_v(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::chebyshev_v, true, x, n,
                    "special.shifted_chebyshev_polynomial_v");
}
Tensor special_shifted_chebyshev_polynomial_v(const Scalar &x, const Tensor &n) {
  return ops::special_shifted_chebyshev_polynomial_v(numberBeside(x, n), n);
}
Tensor special_shifted_chebyshev_polynomial_v(const Tensor &x, const Scalar &n) {
  return ops::special_shifted_chebyshev_polynomial_v(x, numberBeside(n, x));
}
Tensor special_shifted_chebyshev_polynomial_w(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::chebyshev_w, true, x, n,
                    "special.shifted_chebyshev_polynomial_w");
}
Tensor special_shifted_chebyshev_polynomial_w(const Scalar &x, const Tensor &n) {
  return ops::special_shifted_chebyshev_polynomial_w(numberBeside(x, n), n);
}
Tensor special_shifted_chebyshev_polynomial_w(const Tensor &x, const Scalar &n) {
  return ops::special_shifted_chebyshev_polynomial_w(x, numberBeside(n, x));
}
Tensor special_hermite_polynomial_h(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::hermite_h, false, x, n, "special.hermite_polynomial_h");
}
Tensor special_hermite_polynomial_h(const Scalar &x, const Tensor &n) {
  return ops::special_hermite_polynomial_h(numberBeside(x, n), n);
}
Tensor special_hermite_polynomial_h(const Tensor &x, const Scalar &n) {
  return ops::special_hermite_polynomial_h(x, numberBeside(n, x));
}
Tensor special_hermite_polynomial_he(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::hermite_he, false, x, n, "special.hermite_polynomial_he");
}
Tensor special_hermite_polynomial_he(const Scalar &x, const Tensor &n) {
  return ops::special_hermite_polynomial_he(numberBeside(x, n), n);
}
Tensor special_hermite_polynomial_he(const Tensor &x, const Scalar &n) {
  return ops::special_hermite_polynomial_he(x, numberBeside(n, x));
}
Tensor special_laguerre_polynomial_l(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::laguerre_l, false, x, n, "special.laguerre_polynomial_l");
}
Tensor special_laguerre_polynomial_l(const Scalar &x, const Tensor &n) {
  return ops::special_laguerre_polynomial_l(numberBeside(x, n), n);
}
Tensor special_laguerre_polynomial_l(const Tensor &x, const Scalar &n) {
  return ops::special_laguerre_polynomial_l(x, numberBeside(n, x));
}
Tensor special_legendre_polynomial_p(const Tensor &x, const Tensor &n) {
  return polynomial(PolynomialFamily::legendre_p, false, x, n, "special.legendre_polynomial_p");
}
Tensor special_legendre_polynomial_p(const Scalar &x, const Tensor &n) {
  return ops::special_legendre_polynomial_p(numberBeside(x, n), n);
}
Tensor special_legendre_polynomial_p(const Tensor &x, const Scalar &n) {
  return ops::special_legendre_polynomial_p(x, numberBeside(n, x));
}

} // namespace ops
} // namespace v1
} // namespace tjit
