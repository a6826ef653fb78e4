//===- ElementaryDivide.h - fmod, remainder, floor_divide ---------------------------------===//
//
// The remainder of a division is exact: with n = trunc(|x| / |y|), which rounding makes at most one
// too large, |x| - n |y| is a float. Quotients that have more bits than a float are taken off in
// steps, in the cold branch.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryBackend.h"

#include <limits>

namespace tjit::elementary {

/// a - n m in [0, m) for a >= 0, m > 0 and a / m < 2^precision.
template <class B>
[[gnu::always_inline]] inline typename B::F restOfQuotient(B &b, typename B::F a, typename B::F m) {
  auto rest = b.fma(b.neg(b.trunc(b.div(a, m))), m, a);
  return b.select(b.lt(rest, b.constant(0)), b.add(rest, m), rest);
}

/// The same for finite a and m without a limit of the quotient.
template <class B> typename B::F restOfLargeQuotient(B &b, typename B::F a, typename B::F m) {
  using Fmt = Format<B>;
  // The steps need a normal modulus: a subnormal one is scaled up, and the last step scaled too.
  auto subnormal = b.lt(m, b.constant(Fmt::single ? 0x1p-126 : 0x1p-1022));
  auto up = b.constant(Fmt::single ? 0x1p24 : 0x1p53),
       down = b.constant(Fmt::single ? 0x1p-24 : 0x1p-53);
  auto normal = b.select(subnormal, b.mul(m, up), m);
  // A step takes off (precision - 2) bits: the modulus is shifted up to where the quotient has as
  // many.
  auto step = [](B &b, typename B::F rest, typename B::F modulus) {
    constexpr int mantissaBits = Format<B>::mantissaBits;
    auto restBits = b.toBits(rest), modulusBits = b.toBits(modulus);
    auto shift = b.isub(b.isub(b.shr(restBits, mantissaBits), b.shr(modulusBits, mantissaBits)),
                        b.integer(Format<B>::precision - 2));
    shift = b.selectInt(b.ilt(shift, b.integer(0)), b.integer(0), shift);
    return restOfQuotient(b, rest, b.fromBits(b.iadd(modulusBits, b.shl(shift, mantissaBits))));
  };
  constexpr int exponents = 2 * Fmt::bias + Fmt::precision;
  auto rest = b.repeat(exponents / (Fmt::precision - 2) + 1, a, step, normal);
  return b.select(subnormal, b.mul(restOfQuotient(b, b.mul(rest, up), normal), down), rest);
}

/// x - y trunc(x / y), exactly, with the sign of x; NaN for an infinite x and for y = 0.
template <class B>
[[gnu::always_inline]] inline typename B::F fmod(B &b, typename B::F x, typename B::F y) {
  auto a = b.abs(x), m = b.abs(y);
  auto quotient = b.div(a, m);
  auto isLarge = b.no(b.lt(quotient, b.constant(Format<B>::single ? 0x1p24 : 0x1p53)));
  auto rest = b.rare(
      "fmod", isLarge, restOfQuotient(b, a, m),
      [](B &b, typename B::F a, typename B::F m) { return restOfLargeQuotient(b, a, m); }, a, m);
  rest = b.select(b.lt(a, m), a, rest);
  auto defined =
      b.both(b.lt(a, b.constant(std::numeric_limits<double>::infinity())), b.lt(b.constant(0), m));
  rest = b.select(defined, rest, b.constant(std::numeric_limits<double>::quiet_NaN()));
  return b.fromBits(b.ior(b.toBits(rest), b.ixor(b.toBits(x), b.toBits(a))));
}

/// Whether a remainder has to move by y to have the sign of y.
template <class B>
[[gnu::always_inline]] inline typename B::M hasOtherSign(B &b, typename B::F rest,
                                                         typename B::F y) {
  auto zero = b.constant(0);
  auto differs = b.ilt(b.ixor(b.toBits(rest), b.toBits(y)), b.integer(0));
  return b.both(differs, b.no(b.eq(rest, zero)));
}

/// x - y floor(x / y): fmod, plus y where the signs differ.
template <class B>
[[gnu::always_inline]] inline typename B::F remainder(B &b, typename B::F x, typename B::F y) {
  auto rest = fmod(b, x, y);
  return b.select(hasOtherSign(b, rest, y), b.add(rest, y), rest);
}

/// floor(x / y) of the exact quotient, by way of the remainder as in Python and PyTorch; x / y for
/// y = 0.
template <class B>
[[gnu::always_inline]] inline typename B::F floorDivide(B &b, typename B::F x, typename B::F y) {
  auto zero = b.constant(0), one = b.constant(1);
  auto rest = fmod(b, x, y);
  auto quotient = b.div(b.sub(x, rest), y);
  quotient = b.select(hasOtherSign(b, rest, y), b.sub(quotient, one), quotient);
  // The quotient is an integer up to rounding.
  auto whole = b.floor(quotient);
  whole = b.select(b.lt(b.constant(0.5), b.sub(quotient, whole)), b.add(whole, one), whole);
  auto ratio = b.div(x, y);
  auto signBit = b.shl(b.shr(b.toBits(ratio), B::bits - 1), B::bits - 1);
  whole = b.select(b.eq(quotient, zero), b.fromBits(signBit), whole);
  return b.select(b.eq(y, zero), ratio, whole);
}

} // namespace tjit::elementary
