//===- ElementaryPow.h - pow --------------------------------------------------------------===//
//
// |x|^y = 2^(y log2 |x|). The logarithm is needed to more bits than F has, so it is a pair: with m
// = 2^-k |x| in [sqrt(1/2), sqrt(2)) and s = (m - 1) / (m + 1), log2 m = 2 / ln 2 (s + s (z / 3 +
// z^2 q(z))), z = s^2, where s, z / 3 and the products are pairs. Special cases are those of C99,
// Annex F.9.4.4.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryLog.h"

namespace tjit::elementary {

/// log2 a of a positive, normal and finite a, to precision + 11 bits or more. The low part is below
/// an ulp or so of the high one.
template <class B>
[[gnu::always_inline]] inline Pair<B> log2Pair(B &b, typename B::F a, typename B::F addToK) {
  using Fmt = Format<B>;
  constexpr bool single = Fmt::single;
  auto one = b.constant(1);
  auto parts = splitLog(b, a);
  auto m = parts.significand;
  auto f = b.sub(m, one), d = b.add(m, one);
  auto dLow = b.sub(m, b.sub(d, one));
  auto inverse = b.div(one, d);
  auto s = b.mul(f, inverse), minusS = b.neg(s);
  auto sLow = b.mul(b.fma(minusS, dLow, b.fma(minusS, d, f)), inverse);

  auto z = twoProduct(b, s, s);
  auto zLow = b.fma(b.add(s, s), sLow, z.lo);
  typename B::F q;
  if constexpr (single)
    q = horner(b, z.hi, {0x1.9999d8p-3, 0x1.245ff2p-3, 0x1.dd70fep-4});
  else
    q = horner(b, z.hi,
               {0x1.9999999999996p-3, 0x1.2492492492f52p-3, 0x1.c71c71c5965d5p-4,
                0x1.745d1829723a4p-4, 0x1.3b1364c215e63p-4, 0x1.1120702343c4cp-4,
                0x1.de3d506dfe6e8p-5, 0x1.eac68f392c515p-5});
  // p = z / 3 + z^2 q
  auto third = b.constant(single ? 0x1.555556p-2 : 0x1.5555555555555p-2);
  auto thirdLow = b.constant(single ? -0x1.555556p-27 : 0x1.5555555555555p-56);
  auto zThird = twoProduct(b, z.hi, third);
  auto p = fastTwoSum(b, zThird.hi, b.mul(b.mul(z.hi, z.hi), q));
  auto pLow = b.add(p.lo, b.fma(zLow, third, b.fma(z.hi, thirdLow, zThird.lo)));
  // l = s + s p, then times 2 / ln 2, then plus k.
  auto product = twoProduct(b, s, p.hi);
  auto l = fastTwoSum(b, s, product.hi);
  auto lLow = b.add(b.add(l.lo, sLow), b.fma(s, pLow, b.fma(sLow, p.hi, product.lo)));
  auto scale = b.constant(single ? 0x1.715476p+1 : 0x1.71547652b82fep+1);
  auto scaleLow = b.constant(single ? 0x1.4ae0cp-25 : 0x1.777d0ffda0d24p-55);
  auto scaled = twoProduct(b, l.hi, scale);
  auto scaledLow = b.fma(l.hi, scaleLow, b.fma(lLow, scale, scaled.lo));
  auto sum = fastTwoSum(b, b.add(parts.k, addToK), scaled.hi);
  return fastTwoSum(b, sum.hi, b.add(sum.lo, scaledLow));
}

/// 2^(hi + lo); zero, infinity or NaN where hi says so. What rounds to 0 is 0 that is scaled, like
/// exp's.
template <class B> [[gnu::always_inline]] inline typename B::F exp2Pair(B &b, Pair<B> x) {
  using Fmt = Format<B>;
  constexpr double limit = Fmt::single ? 160 : 1100;
  auto low = b.select(b.lt(b.abs(x.hi), b.constant(limit)), x.lo, b.constant(0));
  auto high = clamp(b, x.hi, -limit, limit);
  auto magic = b.constant(Fmt::roundingMagic);
  auto shifted = b.add(high, magic);
  auto n = b.sub(shifted, magic);
  auto r = b.add(b.sub(high, n), low);
  typename B::F q;
  if constexpr (Fmt::single)
    q = horner(b, r,
               {0x1.62e43p-1, 0x1.ebfbep-3, 0x1.c6b066p-5, 0x1.3b2a58p-7, 0x1.5db27cp-10,
                0x1.4417cp-13, 0x1.ce9e96p-17});
  else
    q = horner(b, r,
               {0x1.62e42fefa39efp-1, 0x1.ebfbdff82c58ep-3, 0x1.c6b08d704a1c3p-5,
                0x1.3b2ab6fba526ep-7, 0x1.5d87fe7879f23p-10, 0x1.430912f6d5bfbp-13,
                0x1.ffcbfd2503d36p-17, 0x1.62c02a3cffd39p-20, 0x1.b52391be434cfp-24,
                0x1.e4b0a6c586b01p-28, 0x1.ebc2577ead59fp-32, 0x1.e94755c11527ap-36});
  auto underflows = b.lt(high, b.constant(Fmt::single ? -151 : -1076));
  auto significand = b.select(underflows, b.constant(0), b.fma(r, q, b.constant(1)));
  return scale(b, significand, n, b.isub(b.toBits(shifted), b.integer(Fmt::roundingMagicBits)));
}

/// x to the y.
template <class B>
[[gnu::always_inline]] inline typename B::F pow(B &b, typename B::F x, typename B::F y) {
  using Fmt = Format<B>;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  auto zero = b.constant(0), one = b.constant(1), half = b.constant(0.5),
       inf = b.constant(infinity);
  auto a = b.abs(x);
  auto subnormal = b.lt(a, b.constant(Fmt::single ? 0x1p-126 : 0x1p-1022));
  constexpr double upscale = Fmt::single ? 0x1p23 : 0x1p52;
  auto log2 = log2Pair(b, b.select(subnormal, b.mul(a, b.constant(upscale)), a),
                       b.select(subnormal, b.constant(-Fmt::mantissaBits), zero));
  // The logarithms of 0, infinity and NaN.
  auto high = b.select(b.lt(a, inf), b.select(b.eq(a, zero), b.constant(-infinity), log2.hi), a);

  // An infinite exponent acts like a large one, and then 1^y is 1.
  auto bounded = clamp(b, y, Fmt::single ? -0x1p100 : -0x1p1000, Fmt::single ? 0x1p100 : 0x1p1000);
  auto product = b.mul(bounded, high);
  auto productLow = b.fma(bounded, log2.lo, b.fma(bounded, high, b.neg(product)));
  auto power = exp2Pair(b, {product, productLow});

  // The sign of a power of a negative number, or NaN.
  auto isInteger = b.eq(b.trunc(y), y);
  auto halfY = b.mul(y, half);
  auto isOdd = b.both(isInteger, b.no(b.eq(b.trunc(halfY), halfY)));
  auto sign = b.ixor(b.toBits(x), b.toBits(a));
  power = b.select(isOdd, b.fromBits(b.ior(b.toBits(power), sign)), power);
  auto isComplex = b.both(b.both(b.lt(x, zero), b.lt(a, inf)), b.no(isInteger));
  power = b.select(isComplex, b.constant(std::numeric_limits<double>::quiet_NaN()), power);
  return b.select(b.either(b.eq(x, one), b.eq(y, zero)), one, power);
}

} // namespace tjit::elementary
