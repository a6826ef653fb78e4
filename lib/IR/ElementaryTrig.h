//===- ElementaryTrig.h - sin, cos --------------------------------------------------------===//
//
// |x| = h pi + r with |r| <= pi / 2, where h is an integer (sin) or an integer and a half (cos), so
// that one odd polynomial serves both. pi is a sum of three numbers of F; the first product cancels
// exactly. Large arguments are reduced with as many bits of 1 / (2 pi) as they need (Payne and
// Hanek, Radian reduction for trigonometric functions, 1983), in words of `precision` bits whose
// products are exact as pairs.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryBackend.h"

namespace tjit::elementary {

/// sin r for |r| <= 1.01 pi / 2; loses the sign of -0.
template <class B> [[gnu::always_inline]] inline typename B::F sinOfReduced(B &b, typename B::F r) {
  auto z = b.mul(r, r);
  typename B::F q;
  if constexpr (Format<B>::single)
    q = horner(b, z, {-0x1.55554cp-3, 0x1.110ed4p-7, -0x1.9f6f22p-13, 0x1.5da83p-19});
  else
    q = horner(b, z,
               {-0x1.5555555555555p-3, 0x1.11111111110c7p-7, -0x1.a01a01a014bdcp-13,
                0x1.71de3a5292700p-19, -0x1.ae6454ccaf37cp-26, 0x1.6123cad251bfep-33,
                -0x1.ae42e34ae8229p-41, 0x1.88206abafac4ep-49});
  // Rounding may end an ulp above 1.
  return clamp(b, b.fma(b.mul(r, z), q, r), -1, 1);
}

/// y with its sign flipped where the lowest bit of n is set.
template <class B>
[[gnu::always_inline]] inline typename B::F flipIfOdd(B &b, typename B::F y, typename B::I n) {
  return b.fromBits(b.ixor(b.toBits(y), b.shl(n, B::bits - 1)));
}

/// h pi + r = x, the rounding error of r being below an ulp while h < 2^(precision - 2).
template <class B>
[[gnu::always_inline]] inline typename B::F subtractHalfTurns(B &b, typename B::F x,
                                                              typename B::F h) {
  constexpr bool single = Format<B>::single;
  x = b.fma(h, b.constant(single ? -0x1.921fb6p+1 : -0x1.921fb54442d18p+1), x);
  x = b.fma(h, b.constant(single ? 0x1.777a5cp-24 : -0x1.1a62633145c07p-53), x);
  return b.fma(h, b.constant(single ? 0x1.ee59dap-49 : 0x1.f1976b7ed8fbcp-109), x);
}

/// Words of `precision` bits of 1 / (2 pi), as integers, after a word 0.
template <class B> struct InverseTurn {
  static constexpr int count = Format<B>::single ? 10 : 24;
  static constexpr double words[] = {0,
                                     0x1.45f3p+21,
                                     0x1.b72722p+23,
                                     0x1.529fcp+18,
                                     0x1.3abe8p+19,
                                     0x1.f534dcp+22,
                                     0x1.c0db6p+22,
                                     0x1.4acc9ep+23,
                                     0x1.0e41p+20,
                                     0x1.fe516p+22};
};
template <class B>
  requires(B::bits == 64)
struct InverseTurn<B> {
  static constexpr int count = 24;
  static constexpr double words[] = {0,
                                     0x1.45f306dc9c88p+50,
                                     0x1.529fc2757d1f5p+52,
                                     0x1.a6ee06db14accp+50,
                                     0x1.3c439041fe514p+50,
                                     0x1.1d5ef5de2b0dbp+52,
                                     0x1.246e3a424dd2ep+52,
                                     0x1.924bba82746p+43,
                                     0x1.21cfe1deb1cbp+50,
                                     0x1.29a73ee88235ep+51,
                                     0x1.52ebb4484e99cp+52,
                                     0x1.c09ad17df904ep+51,
                                     0x1.91d639835339cp+50,
                                     0x1.a4e422fc5defcp+52,
                                     0x1.283b1ff897ffdp+52,
                                     0x1.c0b301fde5e23p+52,
                                     0x1.6b414da3eda68p+49,
                                     0x1.3f6793e584dbap+52,
                                     0x1.e8c7ecd3cbfd4p+51,
                                     0x1.6ba93dd63f5fp+50,
                                     0x1.7c5ecf41ce7dep+52,
                                     0x1.4a525d4d7f6bcp+50,
                                     0x1.b11f8d5d0856p+52,
                                     0x1.98237e3db5d5cp+50};
};

/// The fraction of x / (2 pi), in [-1/2, 1/2], of a finite x >= 1, with 2 * precision bits after
/// its leading one.
///
/// With x = x' 2^(precision j) and 1 <= x' < 2^precision, words before the j-th contribute whole
/// turns only, and five words from there on leave an error below 2^(-3 precision), while no
/// fraction is below 2^(-precision - 12).
template <class B> Pair<B> fractionOfTurns(B &b, typename B::F x) {
  using Fmt = Format<B>;
  using F = typename B::F;
  constexpr int p = Fmt::precision, count = InverseTurn<B>::count, used = 5;
  auto exponent = b.isub(b.shr(b.toBits(x), Fmt::mantissaBits), b.integer(Fmt::bias));
  auto magic = b.constant(Fmt::roundingMagic);
  auto group = b.floor(
      b.mul(b.toFloat(exponent), b.constant(Fmt::single ? 0x1.555556p-5 : 0x1.3521cfb2b78c1p-6)));
  auto j = b.isub(b.toBits(b.add(group, magic)), b.integer(Fmt::roundingMagicBits));
  // x' has the exponent's remainder.
  auto rest = b.isub(exponent, b.isub(b.toBits(b.fma(group, b.constant(p), magic)),
                                      b.integer(Fmt::roundingMagicBits)));
  F scaled = b.fromBits(b.ior(b.iand(b.toBits(x), b.integer(Fmt::mantissaMask)),
                              b.shl(b.iadd(rest, b.integer(Fmt::bias)), Fmt::mantissaBits)));

  // words[0 ... used) = words[j ... j + used): the bits of j shift the list, the highest one first.
  F words[count];
  for (int i = 0; i < count; ++i)
    words[i] = b.constant(InverseTurn<B>::words[i]);
  for (int step = Fmt::single ? 4 : 16; step; step /= 2) {
    auto set = b.ieq(b.iand(j, b.integer(step)), b.integer(step));
    for (int i = 0; i < used + step - 1 && i + step < count; ++i)
      words[i] = b.select(set, words[i + step], words[i]);
  }

  F sum[3] = {b.constant(0), b.constant(0), b.constant(0)};
  auto accumulate = [&](F term) {
    auto top = twoSum(b, sum[0], b.sub(term, b.roundEven(term)));
    auto middle = twoSum(b, sum[1], top.lo);
    sum[0] = top.hi, sum[1] = middle.hi, sum[2] = b.add(sum[2], middle.lo);
  };
  for (int i = 0; i < used; ++i) {
    auto product = twoProduct(b, scaled, words[i]);
    // Powers of two: exact, and what underflows is below the error.
    auto weight = b.constant(std::bit_cast<double>(uint64_t(1023 - p * i) << 52));
    accumulate(b.mul(product.hi, weight));
    accumulate(b.mul(product.lo, weight));
  }
  auto whole = b.roundEven(sum[0]);
  auto high = twoSum(b, b.sub(sum[0], whole), sum[1]);
  return fastTwoSum(b, high.hi, b.add(high.lo, sum[2]));
}

/// sin (shift = 0) or cos (shift = 1/2 half turns) of a finite a >= 1; NaN of infinities and NaN.
template <class B> typename B::F sinOfLarge(B &b, typename B::F a, double shift) {
  using Fmt = Format<B>;
  auto turns = fractionOfTurns(b, a);
  auto half = twoSum(b, b.add(turns.hi, turns.hi), b.constant(shift));
  auto magic = b.constant(Fmt::roundingMagic);
  auto shifted = b.add(half.hi, magic);
  auto rest =
      twoSum(b, b.sub(half.hi, b.sub(shifted, magic)), b.add(half.lo, b.add(turns.lo, turns.lo)));
  auto pi = b.constant(Fmt::single ? 0x1.921fb6p+1 : 0x1.921fb54442d18p+1);
  auto piLow = b.constant(Fmt::single ? -0x1.777a5cp-24 : 0x1.1a62633145c07p-53);
  auto r = b.fma(rest.hi, pi, b.fma(rest.hi, piLow, b.mul(rest.lo, pi)));
  auto y = flipIfOdd(b, sinOfReduced(b, r), b.toBits(shifted));
  return b.add(y, b.sub(a, a));
}

/// Arguments from here on are reduced in the cold branch.
template <class B> inline constexpr double kLargeAngle = Format<B>::single ? 0x1p17 : 0x1p30;

/// sin x.
template <class B> [[gnu::always_inline]] inline typename B::F sin(B &b, typename B::F x) {
  using Fmt = Format<B>;
  auto a = b.abs(x);
  auto magic = b.constant(Fmt::roundingMagic);
  auto shifted = b.fma(a, b.constant(Fmt::single ? 0x1.45f306p-2 : 0x1.45f306dc9c883p-2), magic);
  auto r = subtractHalfTurns(b, a, b.sub(shifted, magic));
  auto y = flipIfOdd(b, sinOfReduced(b, r), b.toBits(shifted));
  y = b.rare(
      "sin", b.no(b.lt(a, b.constant(kLargeAngle<B>))), y,
      [](B &b, typename B::F a) { return sinOfLarge(b, a, 0); }, a);
  auto sign = b.ixor(b.toBits(x), b.toBits(a));
  return b.fromBits(b.ixor(b.toBits(y), sign));
}

/// cos x = -(-1)^n sin(|x| - (n + 1/2) pi).
template <class B> [[gnu::always_inline]] inline typename B::F cos(B &b, typename B::F x) {
  using Fmt = Format<B>;
  auto a = b.abs(x);
  auto magic = b.constant(Fmt::roundingMagic), minusHalf = b.constant(-0.5);
  auto h = b.fma(a, b.constant(Fmt::single ? 0x1.45f306p-2 : 0x1.45f306dc9c883p-2), minusHalf);
  auto shifted = b.add(h, magic);
  auto n = b.sub(shifted, magic);
  auto r = subtractHalfTurns(b, a, b.sub(n, minusHalf));
  auto y = flipIfOdd(b, b.neg(sinOfReduced(b, r)), b.toBits(shifted));
  return b.rare(
      "cos", b.no(b.lt(a, b.constant(kLargeAngle<B>))), y,
      [](B &b, typename B::F a) { return sinOfLarge(b, a, 0.5); }, a);
}

/// sin a where `isSin` holds, else cos a, for 0 <= a < kLargeAngle: the steps of the functions
/// above with what differs selected, so the bits are theirs.
template <class B>
[[gnu::always_inline]] inline typename B::F sinOrCos(B &b, typename B::F a, typename B::M isSin) {
  using Fmt = Format<B>;
  auto magic = b.constant(Fmt::roundingMagic), minusHalf = b.constant(-0.5);
  auto inverse = b.constant(Fmt::single ? 0x1.45f306p-2 : 0x1.45f306dc9c883p-2);
  auto shifted =
      b.select(isSin, b.fma(a, inverse, magic), b.add(b.fma(a, inverse, minusHalf), magic));
  auto n = b.sub(shifted, magic);
  auto r = subtractHalfTurns(b, a, b.select(isSin, n, b.sub(n, minusHalf)));
  auto y = sinOfReduced(b, r);
  return flipIfOdd(b, b.select(isSin, y, b.neg(y)), b.toBits(shifted));
}

} // namespace tjit::elementary
