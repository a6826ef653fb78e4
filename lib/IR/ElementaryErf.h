//===- ElementaryErf.h - erf, rsqrt -------------------------------------------------------===//
//
// erf: x + x p(x^2) up to 1; above, 1 - erfc(|x|), where log(erfc(a)) is so smooth that one
// polynomial gives it as accurately as 1 - erfc needs. Both are minimax fits (Remez) with
// coefficients rounded one after the other.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryExp.h"

namespace tjit::elementary {

/// The error function.
template <class B> [[gnu::always_inline]] inline typename B::F erf(B &b, typename B::F x) {
  constexpr bool single = Format<B>::single;
  auto one = b.constant(1);
  auto z = b.mul(x, x);
  typename B::F p, logErfc;
  auto a = b.abs(x);
  auto limit = b.constant(single ? 4 : 6);
  auto bounded = b.select(b.lt(limit, a), limit, a);
  if constexpr (single) {
    p = horner(b, z,
               {0x1.06eba8p-3, -0x1.81273ep-2, 0x1.ce2ce2p-4, -0x1.b7f6a2p-6, 0x1.53ed68p-8,
                -0x1.a32a44p-11, 0x1.4701p-14});
    logErfc = horner(b, bounded,
                     {0x1.8a5468p-13, -0x1.212c0cp+0, -0x1.44356cp-1, -0x1.bc14e2p-4, 0x1.9d0276p-6,
                      -0x1.138be2p-8, 0x1.cec324p-12, -0x1.6bd398p-16});
  } else {
    p = horner(b, z,
               {0x1.06eba8214db68p-3, -0x1.812746b03799dp-2, 0x1.ce2f21a03f8bcp-4,
                -0x1.b82ce311a9976p-6, 0x1.565bcceedf801p-8, -0x1.c02daeb81cc7cp-11,
                0x1.f9a296d0cbeabp-14, -0x1.f4c8301ef8267p-17, 0x1.b96b52db20a05p-20,
                -0x1.5b8bae3db3e36p-23, 0x1.d3d24e2459735p-27, -0x1.a2047c580b2acp-31});
    logErfc =
        horner(b, bounded, {-0x1.f971eb9902a4bp-26, -0x1.20dd70183d336p+0,  -0x1.45f3323f1fa00p-1,
                            -0x1.a4f18bb3b2cdep-4,  0x1.3954e78ca7a0cp-6,   0x1.b785d457b63f7p-13,
                            -0x1.b9cae51efe935p-10, 0x1.277e338dcd8acp-11,  0x1.a1e2069171f15p-17,
                            -0x1.b5c02057e04b5p-14, 0x1.013fd48432142p-14,  -0x1.7edca8a0252dep-16,
                            0x1.a61e7018158f8p-18,  -0x1.67211acb4efacp-20, 0x1.da21f0f9b52a6p-23,
                            -0x1.defcbc575ee62p-26, 0x1.669de5dc520b2p-29,  -0x1.775d74e089d60p-33,
                            0x1.ea7f93c7968bep-38,  -0x1.2d36deb5bd9b4p-43});
  }
  // 1 - 2^k (1 + (e^r - 1)); k is in [-60, 0].
  auto parts = splitExp(b, logErfc);
  auto power =
      b.fromBits(b.shl(b.iadd(parts.k, b.integer(Format<B>::bias)), Format<B>::mantissaBits));
  auto large = b.sub(b.sub(one, power), b.mul(power, parts.expm1OfRest));
  auto sign = b.ixor(b.toBits(x), b.toBits(a));
  large = b.fromBits(b.ior(b.toBits(large), sign));
  // The comparison is false for NaN, which the polynomial keeps.
  return b.select(b.lt(one, a), large, b.fma(x, p, x));
}

/// 1 / sqrt(x).
template <class B> [[gnu::always_inline]] inline typename B::F rsqrt(B &b, typename B::F x) {
  return b.div(b.constant(1), b.sqrt(x));
}

} // namespace tjit::elementary
