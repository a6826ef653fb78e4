//===- Scalar.h - one number or truth value of any kind ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/ScalarType.h"

#include <type_traits>

TJIT_NAMESPACE_BEGIN

/// A number that takes part in an operation without being a tensor. Its kind (bool, integer,
/// floating point) takes part in type promotion, its width does not.
class Scalar {
public:
  Scalar() : Scalar(int64_t(0)) {}
  template <class T, class = std::enable_if_t<std::is_arithmetic<T>::value>> Scalar(T value) {
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
  bool isBoolean() const { return kind_ == Kind::boolean; }
  /// Bool, Long or Double.
  ScalarType type() const {
    return kind_ == Kind::boolean ? kBool : kind_ == Kind::integer ? kLong : kDouble;
  }

  /// The value as T; floating point is truncated for integers.
  template <class T> T to() const {
    if constexpr (std::is_same<T, bool>::value)
      return kind_ == Kind::floating ? double_ != 0 : int_ != 0;
    else
      return kind_ == Kind::floating ? static_cast<T>(double_) : static_cast<T>(int_);
  }
  double toDouble() const { return to<double>(); }
  float toFloat() const { return to<float>(); }
  int64_t toLong() const { return to<int64_t>(); }
  int toInt() const { return to<int>(); }
  bool toBool() const { return to<bool>(); }
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

inline Scalar operator-(const Scalar &s) {
  return s.isFloatingPoint() ? Scalar(-s.toDouble()) : Scalar(-s.toLong());
}

TJIT_NAMESPACE_END
