//===- Scalar.h - one number or truth value of any kind ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Half.h"
#include "tjit/ScalarType.h"

#include <cmath>
#include <iosfwd>
#include <limits>
#include <type_traits>

TJIT_NAMESPACE_BEGIN

namespace detail {
[[noreturn]] TJIT_EXPORT void throwScalarOverflow(const char *type);

/// Whether a number is beyond what T holds. Negative integers wrap in unsigned types, if they are
/// not below -max.
template <class T, class From> bool overflows(From v) {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::is_same<From, int64_t>::value) {
    if constexpr (!std::is_integral<T>::value)
      return false; // every integer has a nearest floating-point number
    else if constexpr (std::is_unsigned<T>::value)
      return v < 0 ? -static_cast<uint64_t>(v) > Limits::max()
                   : static_cast<uint64_t>(v) > Limits::max();
    else
      return v < Limits::lowest() || v > Limits::max();
  } else {
    if (!std::isfinite(v))
      return !Limits::has_infinity;
    if constexpr (std::is_integral<T>::value && sizeof(T) == 8)
      return v < -0x1p63 || v >= 0x1p63;
    return v < static_cast<double>(Limits::lowest()) || v > static_cast<double>(Limits::max());
  }
}

template <class T> constexpr const char *nameOfNumber() {
  if constexpr (std::is_same<T, uint8_t>::value)
    return "uint8_t";
  else if constexpr (std::is_same<T, int8_t>::value)
    return "int8_t";
  else if constexpr (std::is_same<T, int16_t>::value)
    return "int16_t";
  else if constexpr (std::is_same<T, int>::value)
    return "int";
  else if constexpr (std::is_same<T, float>::value)
    return "float";
  else
    return std::is_integral<T>::value ? "an integer type" : "a floating-point type";
}
} // namespace detail

/// A number that takes part in an operation without being a tensor. Its kind (bool, integer,
/// floating point) takes part in type promotion, its width does not.
class Scalar {
public:
  Scalar() : Scalar(int64_t(0)) {}
  template <class T, class = std::enable_if_t<isNumber<T>>> Scalar(T value) {
    if constexpr (std::is_same<T, bool>::value)
      kind_ = Kind::boolean, int_ = value;
    else if constexpr (std::is_integral<T>::value)
      kind_ = Kind::integer, int_ = static_cast<int64_t>(value);
    else
      kind_ = Kind::floating, double_ = static_cast<double>(value);
  }

  bool isFloatingPoint() const { return kind_ == Kind::floating; }
  bool isIntegral(bool includeBool) const {
    return kind_ == Kind::integer || (includeBool && kind_ == Kind::boolean);
  }
  bool isComplex() const { return false; }
  bool isBoolean() const { return kind_ == Kind::boolean; }
  /// Bool, Long or Double.
  ScalarType type() const {
    return kind_ == Kind::boolean ? kBool : kind_ == Kind::integer ? kLong : kDouble;
  }

  /// The value as T; floating point is truncated for integers. Throws Error where T does not hold
  /// it.
  template <class T> T to() const {
    if constexpr (std::is_same<T, bool>::value)
      return kind_ == Kind::floating ? double_ != 0 : int_ != 0;
    else if constexpr (std::is_same<T, double>::value)
      return kind_ == Kind::floating ? double_ : static_cast<double>(int_);
    else {
      if (kind_ == Kind::floating ? detail::overflows<T>(double_) : detail::overflows<T>(int_))
        detail::throwScalarOverflow(detail::nameOfNumber<T>());
      return kind_ == Kind::floating ? static_cast<T>(double_) : static_cast<T>(int_);
    }
  }
  double toDouble() const { return to<double>(); }
  float toFloat() const { return to<float>(); }
  int64_t toLong() const { return to<int64_t>(); }
  int toInt() const { return to<int>(); }
  bool toBool() const { return to<bool>(); }
  int8_t toChar() const { return to<int8_t>(); }
  uint8_t toByte() const { return to<uint8_t>(); }
  int16_t toShort() const { return to<int16_t>(); }
  Half toHalf() const { return to<Half>(); }
  BFloat16 toBFloat16() const { return to<BFloat16>(); }
  Scalar conj() const { return *this; }
  Scalar log() const { return std::log(toDouble()); }
  /// Whether the value is exactly `v`.
  bool equal(double v) const { return toDouble() == v; }
  /// The same for 1, which most factors are.
  bool isOne() const { return kind_ == Kind::floating ? double_ == 1 : int_ == 1; }

private:
  enum class Kind : uint8_t { boolean, integer, floating };
  Kind kind_;
  union {
    int64_t int_;
    double double_;
  };
};

/// The number; bools as true and false.
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, const Scalar &scalar);

inline Scalar operator-(const Scalar &s) {
  return s.isFloatingPoint() ? Scalar(-s.toDouble()) : Scalar(-s.toLong());
}

TJIT_NAMESPACE_END
