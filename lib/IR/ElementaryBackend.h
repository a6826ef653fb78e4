//===- ElementaryBackend.h --------------------------------------------------------------------===//
// What an elementary function is written over.
//
// Every elementary function is one template over a backend B, `template <class B> typename B::F
// sin(B &b, typename B::F x)`. The interpreter runs it on PlainFloat<float> and PlainFloat<double>;
// an emitter gives a backend whose values are instructions on vectors or scalars. Both execute the
// same sequence of IEEE operations, so both give the same bits.
//
// The backend concept. Every member is pure; the backend may keep constants and fold.
//
// - `bits`: 32 or 64, `static constexpr int`, the width of F and of I.
// - `F`, `I`, `M`: a float, a signed integer of the same width, a truth value; or vectors of these.
//   They may be one C++ type (mlir::Value): no name below is overloaded on them.
// - `F constant(double v)`: v, which F represents exactly. `I integer(int64_t v)`: its low bits.
// - `F add(F, F)`, `sub`, `mul`, `div`, `sqrt(F)`: IEEE 754, to nearest even, subnormals kept, no
//   contraction. `F fma(F a, F b, F c)`: a * b + c with one rounding.
// - `F neg(F)`, `abs(F)`: the sign bit flipped, cleared.
// - `F floor(F)`, `trunc`, `roundEven`: to an integral value; infinities, NaN and -0 stay.
// - `M lt(F, F)`, `le`, `eq`: false if an operand is NaN. `M both(M, M)`, `either(M, M)`, `no(M)`.
// - `F select(M, F a, F b)`, `I selectInt(M, I a, I b)`: a where the mask holds, else b.
// - `I toBits(F)`, `F fromBits(I)`: the same bits.
// - `I iadd(I, I)`, `isub`, `iand`, `ior`, `ixor`: wrapping.
// - `I shl(I, int n)`, `shr`, `sar`: by a constant 0 <= n < bits; shr shifts in zeros, sar the
// sign.
// - `M ilt(I, I)`, `ieq(I, I)`: signed comparison.
// - `F toFloat(I)`: of integers that F represents.
// - `F rare(const char *name, M mask, F fast, Slow slow, F... args)`: fast where the mask is false,
//   slow(b, args...) where it holds. A cold branch: an emitter asks whether any lane needs it. slow
//   captures nothing, so it may become a function of its own under that name. It is executed for
//   lanes whose mask is false too, with any result.
// - `F repeat(int n, F x, Step step, F... args)`: n times x = step(b, x, args...). Only inside of
//   slow; step captures nothing.
//
// Which NaN comes out is not part of the contract: hardware takes either operand's, or a fixed one.
//
// Templates are inlined always: a caller that is compiled for processors with fused multiply-add
// instructions must not call an instance that was compiled without them. What is rare may be
// called.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace tjit::elementary {

/// The concept on plain numbers. std::fma, floor, trunc and sqrt are exact in every implementation
/// of the C++ library that is correct, so the bits do not depend on whether the compiler has
/// instructions for them; the speed does.
template <class Float> struct PlainFloat {
  static constexpr int bits = sizeof(Float) * 8;
  using F = Float;
  using I = std::conditional_t<bits == 32, int32_t, int64_t>;
  using M = bool;
  using U = std::make_unsigned_t<I>;

  static F constant(double v) { return static_cast<F>(v); }
  static I integer(int64_t v) { return static_cast<I>(v); }
  static F add(F a, F b) { return a + b; }
  static F sub(F a, F b) { return a - b; }
  static F mul(F a, F b) { return a * b; }
  static F div(F a, F b) { return a / b; }
  static F sqrt(F a) { return std::sqrt(a); }
  static F fma(F a, F b, F c) { return std::fma(a, b, c); }
  static F neg(F a) { return -a; }
  static F abs(F a) { return std::fabs(a); }
  static F floor(F a) { return std::floor(a); }
  static F trunc(F a) { return std::trunc(a); }
  static F roundEven(F a) { return __builtin_roundeven(a); }
  static M lt(F a, F b) { return a < b; }
  static M le(F a, F b) { return a <= b; }
  static M eq(F a, F b) { return a == b; }
  static M both(M a, M b) { return a && b; }
  static M either(M a, M b) { return a || b; }
  static M no(M a) { return !a; }
  static F select(M m, F a, F b) { return m ? a : b; }
  static I selectInt(M m, I a, I b) { return m ? a : b; }
  static I toBits(F a) { return std::bit_cast<I>(a); }
  static F fromBits(I a) { return std::bit_cast<F>(a); }
  static I iadd(I a, I b) { return static_cast<I>(static_cast<U>(a) + static_cast<U>(b)); }
  static I isub(I a, I b) { return static_cast<I>(static_cast<U>(a) - static_cast<U>(b)); }
  static I iand(I a, I b) { return a & b; }
  static I ior(I a, I b) { return a | b; }
  static I ixor(I a, I b) { return a ^ b; }
  static I shl(I a, int n) { return static_cast<I>(static_cast<U>(a) << n); }
  static I shr(I a, int n) { return static_cast<I>(static_cast<U>(a) >> n); }
  static I sar(I a, int n) { return a >> n; }
  static M ilt(I a, I b) { return a < b; }
  static M ieq(I a, I b) { return a == b; }
  static F toFloat(I a) { return static_cast<F>(a); }

  template <class Slow, class... Args>
  F rare(const char *, M mask, F fast, Slow slow, Args... args) {
    return mask ? slow(*this, args...) : fast;
  }
  template <class Step, class... Args> F repeat(int n, F x, Step step, Args... args) {
    for (int i = 0; i < n; ++i)
      x = step(*this, x, args...);
    return x;
  }
};

/// The format of F: p significant bits, a bias, and the constants that rounding tricks need.
template <class B> struct Format {
  static constexpr bool single = B::bits == 32;
  static constexpr int precision = single ? 24 : 53;
  static constexpr int mantissaBits = precision - 1;
  static constexpr int bias = single ? 127 : 1023;
  static constexpr int64_t oneBits = int64_t(bias) << mantissaBits;
  static constexpr int64_t infinityBits = int64_t(2 * bias + 1) << mantissaBits;
  static constexpr int64_t mantissaMask = (int64_t(1) << mantissaBits) - 1;
  /// 1.5 * 2^(p - 1): adding it to |x| < 2^(p - 2) rounds x to an integer, which is then in the low
  /// bits.
  static constexpr double roundingMagic = single ? 0x1.8p23 : 0x1.8p52;
  static constexpr int64_t roundingMagicBits = single ? 0x4b400000 : 0x4338000000000000;
};

/// c[0] + x * (c[1] + x * (...)) by fused steps. Coefficients are exact in F's format.
template <class B, size_t N>
[[gnu::always_inline]] inline typename B::F horner(B &b, typename B::F x, const double (&c)[N]) {
  typename B::F sum = b.constant(c[N - 1]);
  for (size_t i = N - 1; i-- > 0;)
    sum = b.fma(sum, x, b.constant(c[i]));
  return sum;
}

/// x limited to [low, high]; NaN stays.
template <class B>
[[gnu::always_inline]] inline typename B::F clamp(B &b, typename B::F x, double low, double high) {
  typename B::F lo = b.constant(low), hi = b.constant(high);
  x = b.select(b.lt(x, lo), lo, x);
  return b.select(b.lt(hi, x), hi, x);
}

/// Whether a backend has one operation for v * 2^n: any n for v = 0.
template <class B> [[gnu::always_inline]] inline bool scalesAtOnce(B &b) {
  if constexpr (requires { b.scalesAtOnce(); })
    return b.scalesAtOnce();
  return false;
}

/// v * 2^k for v in [0.5, 2] and an integer k in [2 - 2 * bias, 2 * bias], rounded once where the
/// result is subnormal. NaN stays, with any k, and so does 0 with any n that is a number where the
/// backend scales at once. `n` is k as a number.
template <class B>
[[gnu::always_inline]] inline typename B::F scale(B &b, typename B::F v, typename B::F n,
                                                  typename B::I k) {
  using Fmt = Format<B>;
  if constexpr (requires { b.scaleAtOnce(v, n); })
    if (scalesAtOnce(b))
      return b.scaleAtOnce(v, n);
  auto half = b.sar(k, 1);
  auto power = [&b](auto n) {
    return b.fromBits(b.shl(b.iadd(n, b.integer(Fmt::bias)), Fmt::mantissaBits));
  };
  return b.mul(b.mul(v, power(half)), power(b.isub(k, half)));
}

/// A value as an unevaluated sum, |lo| at most half an ulp of hi.
template <class B> struct Pair {
  typename B::F hi, lo;
};
/// a + b exactly.
template <class B>
[[gnu::always_inline]] inline Pair<B> twoSum(B &b, typename B::F x, typename B::F y) {
  auto sum = b.add(x, y);
  auto part = b.sub(sum, x);
  return {sum, b.add(b.sub(x, b.sub(sum, part)), b.sub(y, part))};
}
/// a + b exactly, for |a| >= |b| or a = 0.
template <class B>
[[gnu::always_inline]] inline Pair<B> fastTwoSum(B &b, typename B::F x, typename B::F y) {
  auto sum = b.add(x, y);
  return {sum, b.sub(y, b.sub(sum, x))};
}
/// a * b exactly, where nothing under- or overflows.
template <class B>
[[gnu::always_inline]] inline Pair<B> twoProduct(B &b, typename B::F x, typename B::F y) {
  auto product = b.mul(x, y);
  return {product, b.fma(x, y, b.neg(product))};
}

} // namespace tjit::elementary
