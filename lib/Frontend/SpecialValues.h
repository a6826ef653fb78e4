//===- SpecialValues.h - special functions of numbers -----------------------------------------===//
//
// What torch::special computes on the host, in double. Formulas are those of the NIST Digital
// Library of Mathematical Functions (DLMF); the errors are some units of 1e-15, relative.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

namespace tjit {

/// The modified Bessel functions of the first kind and order 0 or 1, times exp(-|x|) if scaled.
double besselI(int order, double x, bool scaled);
/// Of the second kind, times exp(x) if scaled; infinity at 0, NaN below.
double besselK(int order, double x, bool scaled);
double airyAi(double x);
/// exp(x^2) * erfc(x)
double scaledErfc(double x);
/// The inverse of the normal distribution function; NaN outside of [0, 1].
double inverseNormal(double p);
/// log of the normal distribution function.
double logNormal(double x);
/// The regularized incomplete gamma functions P(a, x) and, `upper`, Q(a, x).
double incompleteGamma(double a, double x, bool upper);

/// Families of orthogonal polynomials, by their recurrences (DLMF 18.9).
enum class Polynomial {
  chebyshevT,
  chebyshevU,
  chebyshevV,
  chebyshevW,
  hermiteH,
  hermiteHe,
  laguerre,
  legendre
};
/// The polynomial of degree n (its integer part) at x; 0 for a negative degree.
double polynomialAt(Polynomial kind, double x, double n);

} // namespace tjit
