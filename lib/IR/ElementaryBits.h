//===- ElementaryBits.h - copysign, nextafter -------------------------------------------------===//
//
// Functions of a number's bits.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryBackend.h"

#include <limits>

namespace tjit::elementary {

/// |x| with the sign bit of y. A NaN counts as positive: which sign an operation gives to the NaN
/// that it makes is left to the hardware, so no result may depend on it.
template <class B> typename B::F copysign(B &b, typename B::F x, typename B::F y) {
  auto sign = b.ixor(b.toBits(y), b.toBits(b.abs(y)));
  sign = b.selectInt(b.eq(y, y), sign, b.integer(0));
  return b.fromBits(b.ior(b.toBits(b.abs(x)), sign));
}

/// The number next to x towards y; y where they are equal, NaN where one is NaN.
template <class B> typename B::F nextafter(B &b, typename B::F x, typename B::F y) {
  auto zero = b.constant(0);
  // Bits count away from 0 on both sides of it.
  auto outward = b.either(b.both(b.lt(zero, x), b.lt(x, y)), b.both(b.lt(x, zero), b.lt(y, x)));
  auto step = b.selectInt(outward, b.integer(1), b.integer(-1));
  auto moved = b.fromBits(b.iadd(b.toBits(x), step));
  auto smallest = b.fromBits(b.integer(1));
  moved = b.select(b.eq(x, zero), copysign(b, smallest, y), moved);
  moved = b.select(b.eq(x, y), y, moved);
  auto ordered = b.both(b.eq(x, x), b.eq(y, y));
  return b.select(ordered, moved, b.constant(std::numeric_limits<double>::quiet_NaN()));
}

} // namespace tjit::elementary
