//===- ElementaryExp.h - exp, expm1, tanh --------------------------------------------------===//
//
// x = k ln 2 + r with |r| <= ln 2 / 2; a polynomial gives e^r - 1, and 2^k is an addition to the
// exponent. The polynomials are minimax fits (Remez) of (e^r - 1 - r - r^2 / 2) / r^3, with
// coefficients rounded one after the other.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryBackend.h"

namespace tjit::elementary {

template <class B> struct ExpParts {
  typename B::F expm1OfRest; ///< e^r - 1
  typename B::F n;           ///< k as a number
  typename B::I k;
};

/// For |x| < 2^(precision - 4); NaN gives NaN and any k.
template <class B> [[gnu::always_inline]] inline ExpParts<B> splitExp(B &b, typename B::F x) {
  using Fmt = Format<B>;
  auto magic = b.constant(Fmt::roundingMagic);
  auto shifted = b.fma(x, b.constant(Fmt::single ? 0x1.715476p+0 : 0x1.71547652b82fep+0), magic);
  auto n = b.sub(shifted, magic);
  auto r = b.fma(n, b.constant(Fmt::single ? -0x1.62e43p-1 : -0x1.62e42fefa39efp-1), x);
  r = b.fma(n, b.constant(Fmt::single ? 0x1.05c61p-29 : -0x1.abc9e3b39803fp-56), r);
  typename B::F q;
  if constexpr (Fmt::single)
    q = horner(b, r, {0.5, 0x1.555494p-3, 0x1.55537ap-5, 0x1.123e6ep-7, 0x1.6f666ap-10});
  else
    q = horner(b, r,
               {0.5, 0x1.5555555555558p-3, 0x1.55555555553e2p-5, 0x1.111111110f9ddp-7,
                0x1.6c16c16ca965bp-10, 0x1.a01a01afc407dp-13, 0x1.a019ff5cd1138p-16,
                0x1.71ddf4ab6b56ap-19, 0x1.27e7ecbca47b7p-22, 0x1.af6c156baaf1ep-26,
                0x1.1ddf54f036990p-29});
  return {b.fma(b.mul(r, r), q, r), n,
          b.isub(b.toBits(shifted), b.integer(Fmt::roundingMagicBits))};
}

/// e^x. Below the least argument the result is 0, and 0 is what is scaled: a product that
/// underflows takes some processors 150 cycles.
template <class B> [[gnu::always_inline]] inline typename B::F exp(B &b, typename B::F x) {
  constexpr bool single = Format<B>::single;
  auto least = b.constant(single ? -104 : -746), most = b.constant(single ? 89 : 710);
  auto underflows = b.lt(x, least);
  x = b.select(b.lt(most, x), most, x);
  if (!scalesAtOnce(b)) // else a number of any size scales 0
    x = b.select(underflows, least, x);
  auto parts = splitExp(b, x);
  auto significand = b.add(parts.expm1OfRest, b.constant(1));
  return scale(b, b.select(underflows, b.constant(0), significand), parts.n, parts.k);
}

/// e^x, but at least the smallest that is normal: the same for who adds it to a number of ordinary
/// size, and free of the time that subnormal numbers take.
template <class B> [[gnu::always_inline]] inline typename B::F normalExp(B &b, typename B::F x) {
  constexpr bool single = Format<B>::single;
  auto parts = splitExp(b, clamp(b, x, single ? -87 : -708, single ? 89 : 710));
  return scale(b, b.add(parts.expm1OfRest, b.constant(1)), parts.n, parts.k);
}

/// e^x - 1 = 2^k (e^r - 1) + (2^k - 1), with 2^(k - 1) so that the largest result does not overflow
/// on the way. The rest of tiny arguments would lose bits and -0 its sign, so they are their own
/// result.
template <class B> [[gnu::always_inline]] inline typename B::F expm1(B &b, typename B::F x) {
  using Fmt = Format<B>;
  auto parts = splitExp(b, clamp(b, x, Fmt::single ? -20 : -40, Fmt::single ? 89 : 710));
  auto half = b.fromBits(b.shl(b.iadd(parts.k, b.integer(Fmt::bias - 1)), Fmt::mantissaBits));
  auto y = b.fma(half, parts.expm1OfRest, b.sub(half, b.constant(0.5)));
  auto tiny = b.lt(b.abs(x), b.constant(Fmt::single ? 0x1p-26 : 0x1p-55));
  return b.select(tiny, x, b.add(y, y));
}

/// With a = |x|: a + a^3 q(a^2) for small a and 1 - 2 / (e^2a + 1) for others in single precision;
/// in double precision, where that polynomial would be long, t / (t + 2) with t = e^2a - 1, which
/// costs an ulp.
template <class B> [[gnu::always_inline]] inline typename B::F tanh(B &b, typename B::F x) {
  using Fmt = Format<B>;
  auto a = b.abs(x);
  auto sign = b.ixor(b.toBits(x), b.toBits(a));
  auto limit = b.constant(Fmt::single ? 10 : 20);
  auto bounded = b.select(b.lt(limit, a), limit, a);
  auto twice = b.add(bounded, bounded);
  typename B::F y;
  if constexpr (Fmt::single) {
    auto parts = splitExp(b, twice);
    auto e = b.fromBits(b.iadd(b.toBits(b.add(parts.expm1OfRest, b.constant(1))),
                               b.shl(parts.k, Fmt::mantissaBits)));
    auto large = b.sub(b.constant(1), b.div(b.constant(2), b.add(e, b.constant(1))));
    auto z = b.mul(bounded, bounded);
    auto q = horner(b, z,
                    {-0x1.55554ap-2, 0x1.110cc6p-3, -0x1.b913f8p-5, 0x1.5877dep-6, -0x1.965906p-8});
    auto small = b.fma(b.mul(z, bounded), q, bounded);
    // The comparison is false for NaN, which the polynomial keeps.
    y = b.select(b.lt(b.constant(0.5625), a), large, small);
  } else {
    auto t = expm1(b, twice);
    y = b.div(t, b.add(t, b.constant(2)));
  }
  return b.fromBits(b.ior(b.toBits(y), sign));
}

} // namespace tjit::elementary
