//===- IValue.h - a value of one of a few types -----------------------------------------------===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

TJIT_NAMESPACE_BEGIN

namespace detail {
[[noreturn]] TJIT_EXPORT void throwIValueType(size_t held, const char *asked);
}

/// A tensor, a number, a bool, a string or a list, whatever was put in; reading it as another type
/// throws Error. What `AutogradContext::saved_data` holds.
class IValue {
public:
  IValue() = default;
  IValue(Tensor value) : value_(std::move(value)) {}
  IValue(std::string value) : value_(std::move(value)) {}
  IValue(const char *value) : value_(std::string(value)) {}
  IValue(std::vector<Tensor> value) : value_(std::move(value)) {}
  IValue(std::vector<int64_t> value) : value_(std::move(value)) {}
  IValue(std::vector<double> value) : value_(std::move(value)) {}
  IValue(IntArrayRef value) : value_(value.vec()) {}
  IValue(const Scalar &value) {
    if (value.isBoolean())
      value_ = value.toBool();
    else if (value.isFloatingPoint())
      value_ = value.toDouble();
    else
      value_ = value.toLong();
  }
  template <class T, class = std::enable_if_t<std::is_arithmetic<T>::value ||
                                              std::is_same<T, std::nullopt_t>::value>>
  IValue(T value) {
    if constexpr (std::is_same<T, bool>::value)
      value_ = value;
    else if constexpr (std::is_floating_point<T>::value)
      value_ = static_cast<double>(value);
    else if constexpr (std::is_integral<T>::value)
      value_ = static_cast<int64_t>(value);
  }
  template <class T> IValue(const std::optional<T> &value) {
    if (value)
      *this = IValue(*value);
  }

  bool isNone() const { return holds<std::monostate>(); }
  bool isTensor() const { return holds<Tensor>(); }
  bool isDouble() const { return holds<double>(); }
  bool isInt() const { return holds<int64_t>(); }
  bool isBool() const { return holds<bool>(); }
  bool isScalar() const { return isDouble() || isInt() || isBool(); }
  bool isString() const { return holds<std::string>(); }
  bool isIntList() const { return holds<std::vector<int64_t>>(); }
  bool isDoubleList() const { return holds<std::vector<double>>(); }
  bool isTensorList() const { return holds<std::vector<Tensor>>(); }

  const Tensor &toTensor() const { return as<Tensor>("a tensor"); }
  double toDouble() const { return as<double>("a double"); }
  int64_t toInt() const { return as<int64_t>("an int"); }
  bool toBool() const { return as<bool>("a bool"); }
  const std::string &toStringRef() const { return as<std::string>("a string"); }
  const std::vector<int64_t> &toIntVector() const {
    return as<std::vector<int64_t>>("a list of ints");
  }
  const std::vector<double> &toDoubleVector() const {
    return as<std::vector<double>>("a list of doubles");
  }
  const std::vector<Tensor> &toTensorVector() const {
    return as<std::vector<Tensor>>("a list of tensors");
  }
  Scalar toScalar() const {
    return isDouble() ? Scalar(toDouble()) : isBool() ? Scalar(toBool()) : Scalar(toInt());
  }
  /// toTensor() and so on, by type; any integer or floating-point type will do.
  template <class T> T to() const {
    if constexpr (std::is_same<T, bool>::value)
      return toBool();
    else if constexpr (std::is_integral<T>::value)
      return static_cast<T>(toInt());
    else if constexpr (std::is_floating_point<T>::value)
      return static_cast<T>(toDouble());
    else if constexpr (std::is_same<T, Scalar>::value)
      return toScalar();
    else
      return as<T>("that type");
  }

private:
  template <class T> bool holds() const { return std::holds_alternative<T>(value_); }
  template <class T> const T &as(const char *asked) const {
    const T *value = std::get_if<T>(&value_);
    if (!value)
      detail::throwIValueType(value_.index(), asked);
    return *value;
  }

  std::variant<std::monostate, Tensor, double, int64_t, bool, std::string, std::vector<int64_t>,
               std::vector<double>, std::vector<Tensor>>
      value_;
};

TJIT_NAMESPACE_END
