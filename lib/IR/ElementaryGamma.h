//===- ElementaryGamma.h - lgamma, digamma, trigamma ----------------------------------------===//
//
// Above 8 (10) Stirling's series and its derivatives; below, the recurrence of the gamma function
// moves the argument to where a polynomial or the series holds: log Gamma(x + 1) = log x + log
// Gamma(x). Negative arguments are reflected. The polynomial is a Chebyshev fit of log Gamma(2 + t)
// / t on [-1/2, 1/2]; the series are those of Abramowitz and Stegun, 6.1.41, 6.3.18, 6.4.12.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryLog.h"
#include "IR/ElementaryTrig.h"

namespace tjit::elementary {

inline constexpr double kPi = 0x1.921fb54442d18p+1;
/// pi, rounded to F.
template <class B> inline constexpr double kPiOf = Format<B>::single ? 0x1.921fb6p+1 : kPi;

/// sin(pi x), and for cos(pi x) the same of 1/2 - |r|: r is x less the nearest integer.
template <class B> typename B::F sinPiOfReduced(B &b, typename B::F r) {
  return sinOfReduced(b, b.mul(r, b.constant(kPiOf<B>)));
}

/// log Gamma(x) for x > 0, NaN, or infinity.
template <class B> typename B::F lgammaOfPositive(B &b, typename B::F x) {
  constexpr bool single = Format<B>::single;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  auto one = b.constant(1);
  // 2 + d in [1.5, 2.5), d being exact: and the factors that were left out, or taken twice.
  auto tiny = b.lt(x, b.constant(0.5)), small = b.lt(x, b.constant(1.5));
  auto product = b.select(tiny, b.mul(x, b.add(x, one)), b.select(small, x, one));
  auto d = b.select(tiny, x, b.select(small, b.sub(x, one), b.sub(x, b.constant(2))));
  for (int i = 0; i < 6; ++i) {
    auto above = b.le(b.constant(0.5), d);
    product = b.select(above, b.mul(product, b.add(d, one)), product);
    d = b.select(above, b.sub(d, one), d);
  }
  typename B::F p;
  if constexpr (single)
    p = horner(b, d,
               {0x1.b0ee60p-2, 0x1.4a34ccp-2, -0x1.13dffcp-4, 0x1.513222p-6, -0x1.e40f70p-8,
                0x1.7ae6fep-9, -0x1.36ddb8p-10, 0x1.098f94p-11, -0x1.0a2582p-12, 0x1.dbf084p-14});
  else
    p = horner(b, d, {0x1.b0ee6072093cep-2,   0x1.4a34cc4a60fa6p-2,   -0x1.13e001a557606p-4,
                      0x1.51322ac7d849bp-6,   -0x1.e404fc218f61fp-8,  0x1.7add6eadb2c11p-9,
                      -0x1.38ac5c2bf50a2p-10, 0x1.0b36af88b2884p-11,  -0x1.d3fd4c7b8f6a9p-13,
                      0x1.a127af44aaf71p-14,  -0x1.78de5a3d2d4d3p-15, 0x1.580e260121a51p-16,
                      -0x1.3cbce9a3c4ad1p-17, 0x1.258c9651dbedcp-18,  -0x1.11a85684e8499p-19,
                      0x1.01462b5944f7dp-20,  -0x1.e40f95a8192dep-22, 0x1.b1a8c8bf04f15p-23,
                      -0x1.9a854795e5fe9p-24, 0x1.15fea8732cd9fp-24,  -0x1.091589d02d1a3p-25});
  // One logarithm for all: of the product, or of x.
  auto large = b.le(b.constant(8), x);
  auto logarithm = log(b, b.select(large, x, product));
  auto moved = b.select(small, b.neg(logarithm), logarithm);
  auto polynomial = b.fma(d, p, moved);
  // (x - 1/2) log x - x + log(2 pi) / 2 + 1 / (12 x) - 1 / (360 x^3) + ...
  auto inverse = b.div(one, x);
  auto square = b.mul(inverse, inverse);
  typename B::F series;
  if constexpr (single)
    series = horner(b, square, {0x1.555556p-4, -0x1.6c16c2p-9, 0x1.a01a02p-11});
  else
    series = horner(b, square,
                    {0x1.5555555555555p-4, -0x1.6c16c16c16c17p-9, 0x1.a01a01a01a01ap-11,
                     -0x1.3813813813814p-11, 0x1.b951e2b18ff23p-11, -0x1.f6ab0d9993c7dp-10,
                     0x1.a41a41a41a41ap-8});
  auto halfLog2Pi = b.constant(single ? 0x1.d67f1cp-1 : 0x1.d67f1c864beb5p-1);
  auto stirling = b.fma(b.sub(x, b.constant(0.5)), b.sub(logarithm, one),
                        b.fma(inverse, series, b.sub(halfLog2Pi, b.constant(0.5))));
  stirling = b.select(b.lt(x, b.constant(infinity)), stirling, x);
  return b.select(large, stirling, polynomial);
}

/// log |Gamma(x)|. For x < 0: log(pi / |x sin(pi x)|) - log Gamma(-x).
template <class B> typename B::F lgamma(B &b, typename B::F x) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  auto a = b.abs(x);
  auto positive = lgammaOfPositive(b, a);
  auto r = b.sub(a, b.roundEven(a));
  auto denominator = b.mul(a, b.abs(sinPiOfReduced(b, r)));
  auto reflected = b.sub(log(b, b.div(b.constant(kPiOf<B>), denominator)), positive);
  // Poles, and what is so large that it is an integer.
  reflected = b.select(b.eq(r, b.constant(0)), b.constant(infinity), reflected);
  reflected = b.select(b.eq(a, b.constant(infinity)), a, reflected);
  auto tiny = b.neg(log(b, a)); // where x sin(pi x) would underflow
  reflected =
      b.select(b.lt(a, b.constant(Format<B>::single ? 0x1p-40 : 0x1p-300)), tiny, reflected);
  return b.select(b.lt(x, b.constant(0)), reflected, positive);
}

/// cot(pi x) pi for the reflection, by r = x less the nearest integer; r is not 0.
template <class B> typename B::F piCotPi(B &b, typename B::F r) {
  // cos(pi r) = sin(pi (1/2 - |r|)).
  auto cosine = sinPiOfReduced(b, b.sub(b.constant(0.5), b.abs(r)));
  return b.div(b.mul(b.constant(kPiOf<B>), cosine), sinPiOfReduced(b, r));
}

/// The derivative of log Gamma.
template <class B> typename B::F digamma(B &b, typename B::F x) {
  constexpr bool single = Format<B>::single;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  auto zero = b.constant(0), one = b.constant(1);
  auto negative = b.lt(x, zero);
  auto t = b.select(negative, b.sub(one, x), x); // psi(x) = psi(1 - x) - pi cot(pi x)
  // Upwards to where the series holds.
  auto sum = zero;
  constexpr double start = single ? 6 : 10;
  for (int i = 0; i < static_cast<int>(start); ++i) {
    auto below = b.lt(t, b.constant(start));
    sum = b.select(below, b.sub(sum, b.div(one, t)), sum);
    t = b.select(below, b.add(t, one), t);
  }
  auto inverse = b.div(one, t);
  auto square = b.mul(inverse, inverse);
  typename B::F series; // of B_2n / 2n, with its sign
  if constexpr (single)
    series = horner(b, square, {0x1.555556p-4, -0x1.111112p-7, 0x1.041042p-8, -0x1.111112p-8});
  else
    series = horner(b, square,
                    {0x1.5555555555555p-4, -0x1.1111111111111p-7, 0x1.0410410410410p-8,
                     -0x1.1111111111111p-8, 0x1.f07c1f07c1f08p-8, -0x1.5995995995996p-6,
                     0x1.5555555555555p-4, -0x1.c5e5e5e5e5e5ep-2});
  auto tail = b.fma(square, series, b.mul(b.constant(0.5), inverse));
  auto y = b.add(b.sub(log(b, t), tail), sum);
  y = b.select(b.lt(t, b.constant(infinity)), y, t);
  auto r = b.sub(x, b.roundEven(x));
  auto reflected = b.sub(y, piCotPi(b, r));
  reflected = b.select(b.eq(r, zero), b.constant(nan), reflected);
  reflected = b.select(b.lt(b.constant(-infinity), x), reflected, b.constant(nan));
  y = b.select(negative, reflected, y);
  // -infinity at 0, infinity at -0.
  auto sign = b.ixor(b.toBits(b.constant(-infinity)), b.toBits(x));
  return b.select(b.eq(x, zero), b.fromBits(sign), y);
}

/// The derivative of digamma as PyTorch defines it (trigamma in aten/src/ATen/native/Math.h): six
/// steps of the recurrence and three terms of the series, whose error is below 2e-9 of the result.
template <class B> typename B::F trigamma(B &b, typename B::F x) {
  auto zero = b.constant(0), one = b.constant(1);
  auto lower = b.lt(x, b.constant(0.5));
  auto t = b.select(lower, b.sub(one, x), x);
  auto sum = zero;
  for (int i = 0; i < 6; ++i) {
    sum = b.add(sum, b.div(one, b.mul(t, t)));
    t = b.add(t, one);
  }
  auto square = b.div(one, b.mul(t, t));
  auto sixth = b.div(one, b.constant(6)), thirtieth = b.div(one, b.constant(30)),
       last = b.div(one, b.constant(42));
  auto series = b.sub(sixth, b.mul(square, b.sub(thirtieth, b.mul(square, last))));
  auto half = b.div(one, b.add(t, t));
  auto y = b.add(sum, b.div(b.add(b.add(one, half), b.mul(square, series)), t));
  // psi'(x) = (pi / sin(pi x))^2 - psi'(1 - x), with the product as it is rounded: at -1, -2, ...
  // the value is large, not infinite.
  auto pi = b.constant(kPiOf<B>);
  auto ratio = b.div(pi, sin(b, b.mul(pi, x)));
  return b.select(lower, b.sub(b.mul(ratio, ratio), y), y);
}

} // namespace tjit::elementary
