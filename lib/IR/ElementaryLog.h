//===- ElementaryLog.h - log, log1p -------------------------------------------------------===//
//
// x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); log x = k ln 2 + log(1 + f). In single
// precision a polynomial in f, in double precision the series of atanh in s = f / (2 + f), combined
// as in Ng's fdlibm (e_log.c), with minimax coefficients.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryBackend.h"

#include <limits>

namespace tjit::elementary {

/// Of a normal positive x: k as a float, and 1 + f, with the bits that k adds to its exponent.
template <class B> struct LogParts {
  typename B::F k, significand;
  typename B::I exponentBits;
};
template <class B> [[gnu::always_inline]] inline LogParts<B> splitLog(B &b, typename B::F x) {
  using Fmt = Format<B>;
  auto bits = b.toBits(x);
  auto above = b.isub(bits, b.integer(Fmt::single ? 0x3f3504f3 : 0x3fe6a09e667f3bcd));
  auto exponentBits = b.iand(above, b.integer(~Fmt::mantissaMask));
  return {b.toFloat(b.sar(above, Fmt::mantissaBits)), b.fromBits(b.isub(bits, exponentBits)),
          exponentBits};
}

/// k ln 2 + log(1 + f).
template <class B>
[[gnu::always_inline]] inline typename B::F logOfParts(B &b, typename B::F k, typename B::F f) {
  using Fmt = Format<B>;
  auto square = b.mul(f, f);
  auto ln2 = b.constant(Fmt::single ? 0x1.62e43p-1 : 0x1.62e42fefa39efp-1);
  auto ln2Low = b.constant(Fmt::single ? -0x1.05c61p-29 : 0x1.abc9e3b39803fp-56);
  if constexpr (Fmt::single) {
    auto q = horner(b, f,
                    {0x1.555554p-2, -0x1.00022ap-2, 0x1.99a03cp-3, -0x1.54718cp-3, 0x1.22d4a6p-3,
                     -0x1.0d865p-3, 0x1.05806p-3, -0x1.39070ap-4});
    auto rest = b.fma(b.mul(square, f), q, b.mul(b.constant(-0.5), square));
    return b.fma(k, ln2, b.add(f, b.fma(k, ln2Low, rest)));
  } else {
    auto s = b.div(f, b.add(f, b.constant(2)));
    auto z = b.mul(s, s);
    auto r = b.mul(z, horner(b, z,
                             {0x1.5555555555592p-1, 0x1.999999997ff19p-2, 0x1.24924941e2072p-2,
                              0x1.c71c5212ff421p-3, 0x1.74663d5e30f6cp-3, 0x1.39a1d8eb8772ap-3,
                              0x1.2f04875655177p-3}));
    auto halfSquare = b.mul(b.constant(0.5), square);
    auto correction = b.fma(s, b.add(halfSquare, r), b.mul(k, ln2Low));
    return b.fma(k, ln2, b.sub(f, b.sub(halfSquare, correction)));
  }
}

/// y, but infinity and NaN as they are, -infinity at 0 and NaN below, by x.
template <class B>
[[gnu::always_inline]] inline typename B::F finishLog(B &b, typename B::F x, typename B::F atZero,
                                                      typename B::F y) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  y = b.select(b.lt(x, b.constant(infinity)), y, x);
  auto pole = b.select(b.eq(x, atZero), b.constant(-infinity),
                       b.constant(std::numeric_limits<double>::quiet_NaN()));
  return b.select(b.le(x, atZero), pole, y);
}

/// Natural logarithm.
template <class B> [[gnu::always_inline]] inline typename B::F log(B &b, typename B::F x) {
  using Fmt = Format<B>;
  auto subnormal = b.lt(x, b.constant(Fmt::single ? 0x1p-126 : 0x1p-1022));
  constexpr double scale = Fmt::single ? 0x1p23 : 0x1p52;
  auto parts = splitLog(b, b.select(subnormal, b.mul(x, b.constant(scale)), x));
  auto k = b.add(parts.k, b.select(subnormal, b.constant(-Fmt::mantissaBits), b.constant(0)));
  auto y = logOfParts(b, k, b.sub(parts.significand, b.constant(1)));
  return finishLog(b, x, b.constant(0), y);
}

/// log(1 + x). What 1 + x loses is added to f, scaled by 2^-k.
template <class B> [[gnu::always_inline]] inline typename B::F log1p(B &b, typename B::F x) {
  using Fmt = Format<B>;
  auto one = b.constant(1);
  auto sum = twoSum(b, one, x);
  auto parts = splitLog(b, sum.hi);
  // 2^(1 - k), which is 0 for the largest k, where nothing is lost.
  constexpr int64_t twoBits = Fmt::oneBits + (int64_t(1) << Fmt::mantissaBits);
  auto downscale = b.fromBits(b.isub(b.integer(twoBits), parts.exponentBits));
  auto f = b.fma(b.mul(b.constant(0.5), sum.lo), downscale, b.sub(parts.significand, one));
  auto y = finishLog(b, x, b.constant(-1), logOfParts(b, parts.k, f));
  // Keeps the sign of -0.
  return b.select(b.lt(b.abs(x), b.constant(Fmt::single ? 0x1p-26 : 0x1p-55)), x, y);
}

} // namespace tjit::elementary
