//===- SpecialValues.h - special functions of numbers -----------------------------------------===//
//
// What the interpreter makes tensors' special functions of, in double. Formulas are those of the
// NIST Digital Library of Mathematical Functions (DLMF); the errors are some units of 1e-15,
// relative.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/OpAttrs.h.inc"

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

/// sin(x) / x
double sphericalJ0(double x);

/// The numbers of frexp: |mantissa| in [0.5, 1), and the exponent; of what is 0 or not finite
/// itself and 0.
double mantissaOf(double x);
double exponentOf(double x);

/// The polynomial of degree n (its integer part) at x, by its recurrence (DLMF 18.9); 0 for a
/// negative degree. Above the largest degree, where the recurrence would take long, those of
/// Chebyshev are known by an angle for |x| < 1, and everything else is NaN.
inline constexpr double kLargestDegree = 1 << 20;
double polynomialAt(PolynomialFamily family, double x, double n);

} // namespace tjit
