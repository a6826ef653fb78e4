//===- Half.h - C++ types of the 16-bit floating-point dtypes ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/ScalarType.h"

#include <iosfwd>
#include <limits>
#include <type_traits>

TJIT_NAMESPACE_BEGIN

namespace detail {
TJIT_EXPORT float smallToFloat(uint16_t bits, ScalarType type);
TJIT_EXPORT uint16_t floatToSmall(float value, ScalarType type);
} // namespace detail

/// One element of a 16-bit floating-point tensor: what `data_ptr<Half>()` points to. It converts to
/// and from float, rounding to nearest even; arithmetic of two of them is that of float, rounded.
template <ScalarType Type> class SmallFloat {
public:
  struct FromBits {};
  /// Of an operation with a T, which is no small float.
  template <class T>
  using Mixed =
      std::enable_if_t<std::is_arithmetic<T>::value,
                       std::conditional_t<std::is_floating_point<T>::value, T, SmallFloat>>;
  static constexpr FromBits from_bits() { return {}; }

  uint16_t x = 0; // the representation

  SmallFloat() = default;
  constexpr SmallFloat(uint16_t bits, FromBits) : x(bits) {}
  template <class T, class = std::enable_if_t<std::is_arithmetic<T>::value>>
  SmallFloat(T value) : x(detail::floatToSmall(static_cast<float>(value), Type)) {}
  operator float() const { return detail::smallToFloat(x, Type); }

  SmallFloat &operator+=(SmallFloat b) { return *this = *this + b; }
  SmallFloat &operator-=(SmallFloat b) { return *this = *this - b; }
  SmallFloat &operator*=(SmallFloat b) { return *this = *this * b; }
  SmallFloat &operator/=(SmallFloat b) { return *this = *this / b; }
  friend SmallFloat operator-(SmallFloat a) { return -static_cast<float>(a); }
  friend SmallFloat operator+(SmallFloat a, SmallFloat b) { return float(a) + float(b); }
  friend SmallFloat operator-(SmallFloat a, SmallFloat b) { return float(a) - float(b); }
  friend SmallFloat operator*(SmallFloat a, SmallFloat b) { return float(a) * float(b); }
  friend SmallFloat operator/(SmallFloat a, SmallFloat b) { return float(a) / float(b); }

  // With another number the result is of the number's type, with an integer of this one.
  template <class T> friend Mixed<T> operator+(SmallFloat a, T b) {
    return Mixed<T>(a) + Mixed<T>(b);
  }
  template <class T> friend Mixed<T> operator-(SmallFloat a, T b) {
    return Mixed<T>(a) - Mixed<T>(b);
  }
  template <class T> friend Mixed<T> operator*(SmallFloat a, T b) {
    return Mixed<T>(a) * Mixed<T>(b);
  }
  template <class T> friend Mixed<T> operator/(SmallFloat a, T b) {
    return Mixed<T>(a) / Mixed<T>(b);
  }
  template <class T> friend Mixed<T> operator+(T a, SmallFloat b) {
    return Mixed<T>(a) + Mixed<T>(b);
  }
  template <class T> friend Mixed<T> operator-(T a, SmallFloat b) {
    return Mixed<T>(a) - Mixed<T>(b);
  }
  template <class T> friend Mixed<T> operator*(T a, SmallFloat b) {
    return Mixed<T>(a) * Mixed<T>(b);
  }
  template <class T> friend Mixed<T> operator/(T a, SmallFloat b) {
    return Mixed<T>(a) / Mixed<T>(b);
  }
};

using Half = SmallFloat<ScalarType::Half>;
using BFloat16 = SmallFloat<ScalarType::BFloat16>;

template <class T> struct IsSmallFloat : std::false_type {};
template <ScalarType Type> struct IsSmallFloat<SmallFloat<Type>> : std::true_type {};
/// Whether T is a number of C++ or one of the two.
template <class T> constexpr bool isNumber = std::is_arithmetic<T>::value || IsSmallFloat<T>::value;

/// The number, as a float is written.
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, Half value);
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, BFloat16 value);

TJIT_NAMESPACE_END

template <tjit::ScalarType Type> class std::numeric_limits<tjit::SmallFloat<Type>> {
  using T = tjit::SmallFloat<Type>;
  static constexpr bool half = Type == tjit::ScalarType::Half;
  static constexpr T of(uint16_t halfBits, uint16_t bfloatBits) {
    return T(half ? halfBits : bfloatBits, T::from_bits());
  }

public:
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false,
                        is_exact = false, has_infinity = true, has_quiet_NaN = true,
                        has_signaling_NaN = true, is_iec559 = true, is_bounded = true;
  static constexpr int digits = half ? 11 : 8, digits10 = half ? 3 : 2, max_digits10 = half ? 5 : 4,
                       radix = 2;
  static constexpr T min() { return of(0x0400, 0x0080); }
  static constexpr T lowest() { return of(0xFBFF, 0xFF7F); }
  static constexpr T max() { return of(0x7BFF, 0x7F7F); }
  static constexpr T epsilon() { return of(0x1400, 0x3C00); }
  static constexpr T infinity() { return of(0x7C00, 0x7F80); }
  static constexpr T quiet_NaN() { return of(0x7E00, 0x7FC0); }
  static constexpr T denorm_min() { return of(0x0001, 0x0001); }
};
