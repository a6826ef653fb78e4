//===- ElementaryAtan.h - atan2 -----------------------------------------------------------===//
//
// One odd polynomial gives atan t for t = min(|x|, |y|) / max(|x|, |y|) in [0, 1]; the octant turns
// it into pi / 2 - r, pi - r or pi / 2 + r. Special cases are those of C99, Annex F.9.1.4.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryBackend.h"

namespace tjit::elementary {

/// The angle of the point (x, y), in [-pi, pi].
template <class B>
[[gnu::always_inline]] inline typename B::F atan2(B &b, typename B::F y, typename B::F x) {
  constexpr bool single = Format<B>::single;
  auto zero = b.constant(0);
  auto ax = b.abs(x), ay = b.abs(y);
  auto steep = b.lt(ax, ay);
  auto shorter = b.select(steep, ax, ay), longer = b.select(steep, ay, ax);
  // 0 / 0 is an angle of 0, infinity / infinity one of pi / 4.
  auto t = b.select(b.eq(shorter, longer), b.constant(1), b.div(shorter, longer));
  t = b.select(b.eq(b.add(ax, ay), zero), zero, t);
  auto z = b.mul(t, t);
  typename B::F q;
  if constexpr (single)
    q = horner(b, z,
               {-0x1.55553ep-2, 0x1.9991e4p-3, -0x1.2420aep-3, 0x1.c0904p-4, -0x1.581a44p-4,
                0x1.da6e8ep-5, -0x1.fe014cp-6, 0x1.6491d4p-7, -0x1.d3ba68p-10});
  else
    q = horner(b, z, {-0x1.5555555555526p-2,  0x1.9999999995549p-3,  -0x1.249249237e278p-3,
                      0x1.c71c717f9522bp-4,   -0x1.745d11aaf90b2p-4, 0x1.3b1366762208cp-4,
                      -0x1.110e501d3bfe4p-4,  0x1.e1bb9b1beb8b0p-5,  -0x1.ae5e4415486d1p-5,
                      0x1.82da436805567p-5,   -0x1.59a291032f3f2p-5, 0x1.2c2b994360ed5p-5,
                      -0x1.e9f1b1fd1597cp-6,  0x1.6832f287872b6p-6,  -0x1.c77df78d8eb0dp-7,
                      0x1.d7a0c4862d829p-8,   -0x1.7a21490c3469cp-9, 0x1.b3d96e827d55fp-11,
                      -0x1.3f1a29880bf22p-13, 0x1.bbc1a431f6ed8p-17});
  auto r = b.fma(b.mul(t, z), q, t);

  // base + r, or base - r in the second and the third octant of a half turn.
  auto left = b.ilt(b.toBits(x), b.integer(0));
  auto minusR = b.neg(r);
  auto high = b.select(left, b.constant(single ? 0x1.921fb6p+1 : 0x1.921fb54442d18p+1), zero);
  auto low = b.select(left, b.constant(single ? -0x1.777a5cp-24 : 0x1.1a62633145c07p-53), zero);
  high = b.select(steep, b.constant(single ? 0x1.921fb6p+0 : 0x1.921fb54442d18p+0), high);
  low = b.select(steep, b.constant(single ? -0x1.777a5cp-25 : 0x1.1a62633145c07p-54), low);
  auto turned = b.select(b.either(b.both(steep, b.no(left)), b.both(left, b.no(steep))), minusR, r);
  auto angle = b.add(high, b.add(turned, low));
  return b.fromBits(b.ior(b.toBits(angle), b.ixor(b.toBits(y), b.toBits(ay))));
}

} // namespace tjit::elementary
