//===- ElementaryErfinv.h - erfinv ------------------------------------------------------------===//
//
// x times a function of w = -log(1 - x^2), as Giles does (Approximating the erfinv function, GPU
// Computing Gems, 2011): a polynomial in w for the middle, in sqrt(w) for the tails. Chebyshev
// fits.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryLog.h"

namespace tjit::elementary {

/// The y whose erf is x; infinities at -1 and 1, NaN outside.
template <class B> typename B::F erfinv(B &b, typename B::F x) {
  auto one = b.constant(1);
  auto a = b.abs(x);
  auto w = b.neg(log(b, b.mul(b.sub(one, a), b.add(one, a))));
  auto middle = b.sub(w, b.constant(3.125));
  auto root = b.sqrt(w);
  typename B::F p;
  if constexpr (Format<B>::single) {
    p = horner(b, middle,
               {0x1.a755eap+0, 0x1.ebd80ep-3, -0x1.8b771cp-8, -0x1.8456cap-11, 0x1.88bf4ep-13,
                -0x1.d1fd9cp-17, -0x1.99efa8p-20, 0x1.c92a9ap-22, -0x1.25049ep-27,
                -0x1.3d07d4p-28});
    auto tail = horner(b, b.sub(root, b.constant(3.25)),
                       {0x1.8abcc4p+1, 0x1.0158a6p+0, 0x1.5ff428p-8, -0x1.eb32a8p-9, 0x1.474338p-9,
                        -0x1.c2fa24p-10, 0x1.ef695ap-11, -0x1.18f5p-12});
    p = b.select(b.lt(b.constant(6.25), w), tail, p);
  } else {
    p = horner(b, middle, {0x1.a755e7c99ae86p+0,   0x1.ebd80d9b13e2bp-3,  -0x1.8b6c33114eae7p-8,
                           -0x1.84576948514e9p-11, 0x1.879c2a20bb963p-13, -0x1.d1d1f7b799e14p-17,
                           -0x1.6e8a53d8b2f84p-20, 0x1.c6b4f5b4485bep-22, -0x1.f36ce9a1f1537p-26,
                           -0x1.1a9e34ea80b32p-28, 0x1.20f50c65994a5p-30, -0x1.dc58e86640cd4p-35,
                           -0x1.c89af9a5a861dp-37, 0x1.72a472e24d62fp-39, -0x1.6d16abb83554bp-44,
                           -0x1.6d477ac908a6ep-45, 0x1.da47a520e32a3p-48, 0x1.8fbd6d8bfb534p-56,
                           -0x1.299d9e862c5a3p-53, 0x1.9a782918c0eefp-57, 0x1.457b7c7ee27bcp-60,
                           -0x1.8c612fe6d4cc6p-63, -0x1.1d97cd0a28444p-72});
    auto near = horner(b, b.sub(root, b.constant(3.25)),
                       {0x1.8abcc380d5a48p+1, 0x1.0158a6d641d39p+0, 0x1.5ffcfe5b6db7ap-8,
                        -0x1.ebadabb88eb36p-9, 0x1.468eeca887021p-9, -0x1.ba924133966efp-10,
                        0x1.f3cc54ba4185ap-11, -0x1.7448a8807fc16p-12, 0x1.932deb51d5effp-16,
                        0x1.1e684a09f878bp-14, -0x1.8cf1ea476ca5dp-15, 0x1.a29a626bd0bb9p-17,
                        0x1.88e7be48aa51ap-19, -0x1.0d5f12f3cb324p-18, 0x1.918866d43073fp-20,
                        0x1.3acdcdc26635cp-26, -0x1.206ae34abd5a9p-22, 0x1.85a326c1cb527p-24,
                        -0x1.a53a301e22b57p-32});
    auto far = horner(b, b.sub(root, b.constant(5)),
                      {0x1.3664ddd1ad7fcp+2, 0x1.02a30d1fba0dap+0, -0x1.22ea5df4b4407p-13,
                       -0x1.c2f36a8f4c151p-13, 0x1.3ebf4f6c0656dp-14, -0x1.4a3497ffb2b57p-16,
                       0x1.2fbccb9a8c1a3p-18, -0x1.0a8d3bc1fc2f8p-20, 0x1.ebf701891ccefp-23,
                       -0x1.22d251911d405p-24, 0x1.f1ad641cef116p-26, -0x1.010516ef74bbdp-26,
                       0x1.0cefe3d46ac2ep-27, -0x1.045aa8b31750bp-28, 0x1.7ac7ceebe995ap-30,
                       -0x1.195f5834c2231p-32, 0x1.6c8cdcc2a2d8cp-38});
    p = b.select(b.lt(b.constant(6.25), w), b.select(b.lt(b.constant(16), w), far, near), p);
  }
  auto pole = b.div(x, b.constant(0)); // infinity of x's sign
  return b.select(b.eq(a, one), pole, b.mul(x, p));
}

} // namespace tjit::elementary
