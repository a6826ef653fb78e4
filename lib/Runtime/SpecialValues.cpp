//===- SpecialValues.cpp ----------------------------------------------------------------------===//

#include "Runtime/SpecialValues.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace tjit {

static constexpr double kInfinity = std::numeric_limits<double>::infinity();
static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
static constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

// Up to 20 the power series (DLMF 10.25.2), whose terms are all positive; above the asymptotic one
// (10.40.1), whose smallest term is below 1e-17 there.
double besselI(int order, double x, bool scaled) {
  const double a = std::abs(x), sign = order == 1 && x < 0 ? -1 : 1;
  if (std::isnan(x))
    return x;
  if (a <= 20) {
    const double quarter = a * a / 4;
    double term = order == 1 ? a / 2 : 1, sum = term;
    for (int k = 1; term > sum * kEpsilon / 4; ++k)
      sum += term *= quarter / (static_cast<double>(k) * (k + order));
    return sign * (scaled ? sum * std::exp(-a) : sum);
  }
  if (std::isinf(a))
    return scaled ? 0 * sign : kNaN; // the limit is infinite; PyTorch has NaN
  double term = 1, sum = 1;
  for (int k = 1; k < 40; ++k) {
    const double odd = 2 * k - 1, next = term * (odd * odd - 4 * order) / (8 * k * a);
    if (std::abs(next) >= std::abs(term) || std::abs(next) < kEpsilon / 8)
      break;
    sum += term = next;
  }
  sum /= std::sqrt(2 * std::numbers::pi * a);
  return sign * (scaled ? sum : std::exp(a / 2) * sum * std::exp(a / 2)); // exp(a) may overflow
}

double besselK(int order, double x, bool scaled) {
  if (std::isnan(x) || x < 0)
    return kNaN;
  if (x == 0)
    return kInfinity;
  if (x <= 500)
    return std::cyl_bessel_k(order, x) * (scaled ? std::exp(x) : 1);
  double term = 1, sum = 1; // DLMF 10.40.2
  for (int k = 1; k < 10; ++k) {
    const double odd = 2 * k - 1;
    sum += term *= (4 * order - odd * odd) / (8 * k * x);
  }
  return sum * std::sqrt(std::numbers::pi / (2 * x)) * (scaled ? 1 : std::exp(-x));
}

// DLMF 9.6.2 and 9.6.6.
double airyAi(double x) {
  if (std::isnan(x) || std::isinf(x))
    return std::isinf(x) ? 0 : x;
  if (x == 0)
    return 0.35502805388781723926;
  const double a = std::abs(x), root = std::sqrt(a), zeta = 2.0 / 3.0 * a * root;
  if (x > 0)
    return zeta > 700 ? 0
                      : std::sqrt(a / 3) * std::numbers::inv_pi * std::cyl_bessel_k(1.0 / 3, zeta);
  return root / 2 *
         (std::cyl_bessel_j(1.0 / 3, zeta) - std::cyl_neumann(1.0 / 3, zeta) / std::numbers::sqrt3);
}

double scaledErfc(double x) {
  if (x <= 26)
    return std::exp(x * x) * std::erfc(x);
  const double s = 1 / (2 * x * x); // DLMF 7.12.1
  return std::numbers::inv_sqrtpi / x * (1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s))));
}

double inverseNormal(double p) {
  if (!(p >= 0 && p <= 1))
    return kNaN;
  if (p == 0 || p == 1)
    return p == 0 ? -kInfinity : kInfinity;
  if (p > 0.5)
    return -inverseNormal(1 - p);
  // Abramowitz and Stegun 26.2.23, then steps of Halley's method for erfc.
  const double t = std::sqrt(-2 * std::log(p));
  double x = (2.515517 + t * (0.802853 + t * 0.010328)) /
                 (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
             t;
  for (int step = 0; step < 3; ++step) {
    const double error = std::erfc(-x * std::numbers::sqrt2 / 2) / 2 - p,
                 u = error * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
    if (!std::isfinite(u))
      break;
    x -= u / (1 + x * u / 2);
  }
  return x;
}

double logNormal(double x) {
  const double t = x * std::numbers::sqrt2 / 2;
  return x < -1 ? std::log(scaledErfc(-t) / 2) - t * t : std::log1p(-std::erfc(t) / 2);
}

double sphericalJ0(double x) { return std::isinf(x) ? 0 : x == 0 ? 1 : std::sin(x) / x; }

double mantissaOf(double x) {
  int exponent;
  return std::isfinite(x) ? std::frexp(x, &exponent) : x;
}
double exponentOf(double x) {
  int exponent = 0; // unspecified by C for what is not finite
  if (std::isfinite(x))
    std::frexp(x, &exponent);
  return exponent;
}

/// std::lgamma writes to a variable that threads share.
static double logGamma(double x) {
  int sign;
  return ::lgamma_r(x, &sign);
}

// DLMF 8.11.4 (series) and 8.9.2 (continued fraction, by Lentz's method).
double incompleteGamma(double a, double x, bool upper) {
  if (a < 0 || x < 0 || (std::isinf(a) && std::isinf(x)) || (a == 0 && !(x > 0)))
    return kNaN;
  // A limit in one argument holds whatever the other is, NaN too, as in PyTorch.
  if (x == 0 || std::isinf(a))
    return upper ? 1 : 0;
  if (a == 0 || std::isinf(x))
    return upper ? 0 : 1;
  if (std::isnan(a) || std::isnan(x))
    return kNaN;
  const double scale = std::exp(a * std::log(x) - x - logGamma(a));
  if (x < a + 1) {
    double term = 1 / a, sum = term;
    for (int k = 1; k < 100000 && term > sum * kEpsilon / 4; ++k)
      sum += term *= x / (a + k);
    const double lower = sum * scale;
    return upper ? 1 - lower : lower;
  }
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, h = d;
  for (int k = 1; k < 100000; ++k) {
    const double an = -k * (k - a);
    b += 2;
    d = an * d + b;
    d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    c = b + an / c;
    c = std::abs(c) < kTiny ? kTiny : c;
    h *= d * c;
    if (std::abs(d * c - 1) < kEpsilon)
      break;
  }
  return upper ? scale * h : 1 - scale * h;
}

/// Chebyshev's polynomials between -1 and 1 by the angle (DLMF 18.5); NaN for the other families.
static double byAngle(PolynomialFamily family, double x, double n) {
  const double angle = std::acos(x);
  switch (family) {
  case PolynomialFamily::chebyshev_t:
    return std::cos(n * angle);
  case PolynomialFamily::chebyshev_u:
    return std::sin((n + 1) * angle) / std::sin(angle);
  case PolynomialFamily::chebyshev_v:
    return std::cos((n + 0.5) * angle) / std::cos(angle / 2);
  case PolynomialFamily::chebyshev_w:
    return std::sin((n + 0.5) * angle) / std::sin(angle / 2);
  default:
    return kNaN;
  }
}

double polynomialAt(PolynomialFamily family, double x, double degree) {
  // PyTorch's conversion of the degree to 64 bits makes what they do not hold negative.
  if (!(degree > -1 && degree < 0x1p63))
    return 0;
  if (degree > kLargestDegree)
    return byAngle(family, x, std::trunc(degree));
  const int64_t n = static_cast<int64_t>(degree);
  double before = 1, now = 0;
  switch (family) {
  case PolynomialFamily::chebyshev_t:
  case PolynomialFamily::hermite_he:
  case PolynomialFamily::legendre_p:
    now = x;
    break;
  case PolynomialFamily::chebyshev_u:
  case PolynomialFamily::hermite_h:
    now = 2 * x;
    break;
  case PolynomialFamily::chebyshev_v:
    now = 2 * x - 1;
    break;
  case PolynomialFamily::chebyshev_w:
    now = 2 * x + 1;
    break;
  case PolynomialFamily::laguerre_l:
    now = 1 - x;
    break;
  }
  if (n == 0)
    return 1;
  for (int64_t i = 1; i < n && !std::isnan(now); ++i) {
    const double k = static_cast<double>(i);
    double next = 0;
    switch (family) {
    case PolynomialFamily::chebyshev_t:
    case PolynomialFamily::chebyshev_u:
    case PolynomialFamily::chebyshev_v:
    case PolynomialFamily::chebyshev_w:
      next = 2 * x * now - before;
      break;
    case PolynomialFamily::hermite_h:
      next = 2 * x * now - 2 * k * before;
      break;
    case PolynomialFamily::hermite_he:
      next = x * now - k * before;
      break;
    case PolynomialFamily::laguerre_l:
      next = ((2 * k + 1 - x) * now - k * before) / (k + 1);
      break;
    case PolynomialFamily::legendre_p:
      next = ((2 * k + 1) * x * now - k * before) / (k + 1);
      break;
    }
    before = now, now = next;
  }
  return now;
}

} // namespace tjit
