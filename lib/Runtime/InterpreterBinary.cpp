//===- InterpreterBinary.cpp - elementwise operations of two operands ---------------------===//

#include "IR/Elementary.h"
#include "Runtime/InterpreterLoops.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

//===------------------------------------------------------------------------------------------===//
// Arithmetic
//===------------------------------------------------------------------------------------------===//

struct Add {
  template <Float T> static T apply(T x, T y) { return x + y; }
  template <Integer T> static T apply(T x, T y) {
    return wrapping([](auto a, auto b) { return a + b; }, x, y);
  }
  static bool apply(bool x, bool y) { return x || y; }
};
struct Sub {
  template <Float T> static T apply(T x, T y) { return x - y; }
  template <Integer T> static T apply(T x, T y) {
    return wrapping([](auto a, auto b) { return a - b; }, x, y);
  }
};
struct Mul {
  template <Float T> static T apply(T x, T y) { return x * y; }
  template <Integer T> static T apply(T x, T y) {
    return wrapping([](auto a, auto b) { return a * b; }, x, y);
  }
  static bool apply(bool x, bool y) { return x && y; }
};
struct Div {
  template <Float T> static T apply(T x, T y) { return x / y; }
};

/// Integer division: zero divisors have been refused; dividing by -1 is negation, which wraps where
/// `/` would trap.
struct FloorDivide {
  template <Integer T> static T apply(T x, T y) {
    if constexpr (std::is_signed_v<T>)
      if (y == -1)
        return Sub::apply(T(0), x);
    T quotient = static_cast<T>(x / y);
    return quotient - (x % y != 0 && (x < 0) != (y < 0));
  }
};
struct Fmod {
  template <Integer T> static T apply(T x, T y) {
    if constexpr (std::is_signed_v<T>)
      if (y == -1)
        return 0;
    return static_cast<T>(x % y);
  }
};
struct Remainder {
  template <Integer T> static T apply(T x, T y) {
    T rest = Fmod::apply(x, y);
    return rest != 0 && (rest < 0) != (y < 0) ? Add::apply(rest, y) : rest;
  }
};
/// By squaring. Negative exponents give the integer part of the power: 0, or a power of 1 or -1.
struct Pow {
  template <Integer T> static T apply(T x, T y) {
    if constexpr (std::is_signed_v<T>)
      if (y < 0)
        return x == 1 ? 1 : x == -1 ? (y % 2 ? -1 : 1) : 0;
    T power = 1;
    for (; y; y = static_cast<T>(y / 2)) {
      if (y % 2)
        power = Mul::apply(power, x);
      x = Mul::apply(x, x);
    }
    return power;
  }
};

/// NaN wins, and +0 is above -0.
struct Maximum {
  template <Float T> static T apply(T x, T y) {
    if (x != x || y != y)
      return x + y;
    return x == y ? (std::signbit(x) ? y : x) : x > y ? x : y;
  }
  template <Integral T> static T apply(T x, T y) { return x > y ? x : y; }
};
struct Minimum {
  template <Float T> static T apply(T x, T y) {
    if (x != x || y != y)
      return x + y;
    return x == y ? (std::signbit(x) ? x : y) : x < y ? x : y;
  }
  template <Integral T> static T apply(T x, T y) { return x < y ? x : y; }
};

//===------------------------------------------------------------------------------------------===//
// Bits
//===------------------------------------------------------------------------------------------===//

struct BitwiseAnd {
  template <Integral T> static T apply(T x, T y) { return x & y; }
};
struct BitwiseOr {
  template <Integral T> static T apply(T x, T y) { return x | y; }
};
struct BitwiseXor {
  template <Integral T> static T apply(T x, T y) { return x ^ y; }
};
template <class T> constexpr int kWidth = std::same_as<T, bool> ? 1 : 8 * sizeof(T);
/// Euclid's steps on magnitudes in the dtype itself, where the smallest integer is its own: it
/// makes remainders, and with them the result, negative, as PyTorch's are.
struct Gcd {
  template <Integral T> static T apply(T x, T y) {
    if constexpr (std::same_as<T, bool>) {
      return x || y;
    } else {
      x = x < 0 ? Sub::apply(T(0), x) : x, y = y < 0 ? Sub::apply(T(0), y) : y;
      while (x != 0)
        y = std::exchange(x, Fmod::apply(y, x));
      return y;
    }
  }
};
struct ShiftLeft {
  template <Integral T> static T apply(T x, T y) {
    if (y < 0 || y >= kWidth<T>)
      return 0;
    return static_cast<T>(static_cast<uint64_t>(x) << y);
  }
};
struct ShiftRight {
  template <Integral T> static T apply(T x, T y) {
    if (y >= 0 && y < kWidth<T>)
      return static_cast<T>(x >> y);
    return x < 0 ? T(-1) : T(0);
  }
};

//===------------------------------------------------------------------------------------------===//
// Comparisons
//===------------------------------------------------------------------------------------------===//

struct Eq {
  template <Any T> static bool apply(T x, T y) { return x == y; }
};
struct Ne {
  template <Any T> static bool apply(T x, T y) { return x != y; }
};
struct Lt {
  template <Any T> static bool apply(T x, T y) { return x < y; }
};
struct Le {
  template <Any T> static bool apply(T x, T y) { return x <= y; }
};
struct Gt {
  template <Any T> static bool apply(T x, T y) { return x > y; }
};
struct Ge {
  template <Any T> static bool apply(T x, T y) { return x >= y; }
};

/// An integer functor with the elementary function of the same operation for floats.
template <OpKind kind, class Integers> struct WithElementary : Integers {
  static constexpr bool usesFma = true;
  using Integers::apply;
  template <Float T> [[gnu::always_inline]] static T apply(T x, T y) {
    elementary::PlainFloat<T> b;
    constexpr auto function = elementary::binaryFunction<elementary::PlainFloat<T>>(kind);
    return function(b, x, y);
  }
};
struct NoIntegers {
  static void apply() = delete;
};

/// Euler-Maclaurin: terms up to where y + k is 10, then the integral and 12 corrections. See
/// Moshier, Methods and Programs for Mathematical Functions (1989), zeta.
struct Zeta : NoIntegers {
  static constexpr bool usesFma = true;
  using NoIntegers::apply;
  // Inlined to where fused multiply-adds are instructions.
  [[gnu::always_inline]] static double sum(double x, double y) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    // (2k)! / B_2k
    constexpr double divisors[] = {12.0,
                                   -720.0,
                                   30240.0,
                                   -1209600.0,
                                   47900160.0,
                                   -1.8924375803183791606e9,
                                   7.47242496e10,
                                   -2.950130727918164224e12,
                                   1.1646782814350067249e14,
                                   -4.5979787224074726105e15,
                                   1.8152105401943546773e17,
                                   -7.1661652561756670113e18};
    if (x == 1)
      return inf;
    if (!(x > 1) || std::isnan(y))
      return std::numeric_limits<double>::quiet_NaN();
    if (y <= 0) {
      if (y == std::floor(y))
        return inf;
      if (x != std::floor(x))
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (y == inf || x == inf)
      return y > 1 ? 0 : y == 1 ? 1 : inf;
    elementary::PlainFloat<double> b;
    auto power = [&](double base)
                     __attribute__((always_inline)) { return elementary::pow(b, base, -x); };
    double total = power(y), term = 0, at = y;
    // Far below 0 every term counts; there are too many to add, and all but those near 0 are tiny.
    if (at < -1e6)
      at = -1e6 + (y - std::floor(y)), total = power(at);
    for (int i = 0; i < 9 || at <= 9; ++i) {
      at += 1;
      term = power(at);
      total += term;
    }
    total += term * at / (x - 1) - 0.5 * term;
    double factor = 1, k = 0;
    for (double divisor : divisors) {
      factor *= x + k;
      term /= at;
      const double correction = factor * term / divisor;
      total += correction;
      if (std::abs(correction) < std::abs(total) * 0x1p-53)
        break;
      k += 1;
      factor *= x + k;
      term /= at;
      k += 1;
    }
    return total;
  }
  template <Float T> [[gnu::always_inline]] static T apply(T x, T y) {
    return static_cast<T>(sum(x, y));
  }
};

constexpr KernelEntry kKernels[] = {
    {OpKind::add, binary<Add>},
    {OpKind::sub, binary<Sub>},
    {OpKind::mul, binary<Mul>},
    {OpKind::div, binary<Div>},
    {OpKind::floor_divide, binary<WithElementary<OpKind::floor_divide, FloorDivide>>},
    {OpKind::remainder, binary<WithElementary<OpKind::remainder, Remainder>>},
    {OpKind::fmod, binary<WithElementary<OpKind::fmod, Fmod>>},
    {OpKind::pow, binary<WithElementary<OpKind::pow, Pow>>},
    {OpKind::maximum, binary<Maximum>},
    {OpKind::minimum, binary<Minimum>},
    {OpKind::atan2, binary<WithElementary<OpKind::atan2, NoIntegers>>},
    {OpKind::copysign, binary<WithElementary<OpKind::copysign, NoIntegers>>},
    {OpKind::nextafter, binary<WithElementary<OpKind::nextafter, NoIntegers>>},
    {OpKind::zeta, binary<Zeta>},
    {OpKind::bitwise_and, binary<BitwiseAnd>},
    {OpKind::bitwise_or, binary<BitwiseOr>},
    {OpKind::bitwise_xor, binary<BitwiseXor>},
    {OpKind::gcd, binary<Gcd>},
    {OpKind::shift_left, binary<ShiftLeft>},
    {OpKind::shift_right, binary<ShiftRight>},
    {OpKind::eq, binary<Eq, BoolElement>},
    {OpKind::ne, binary<Ne, BoolElement>},
    {OpKind::lt, binary<Lt, BoolElement>},
    {OpKind::le, binary<Le, BoolElement>},
    {OpKind::gt, binary<Gt, BoolElement>},
    {OpKind::ge, binary<Ge, BoolElement>},
};

} // namespace

std::span<const KernelEntry> interpreter::binaryKernels() { return kKernels; }
