//===- TensorData.h - tensors from numbers, nested lists and memory ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

#include <initializer_list>
#include <type_traits>
#include <vector>

TJIT_NAMESPACE_BEGIN

/// What `tensor(...)` is made from: a number, a vector, or lists of those, nested to any depth.
/// Points to the caller's data; only for the duration of the call.
class TensorData {
public:
  enum class Kind : uint8_t { scalar, list, array, boolVector };

  TensorData() = default;
  template <class T, class = std::enable_if_t<std::is_arithmetic<T>::value>>
  TensorData(T value) : kind_(Kind::scalar), type_(CppTypeToScalarType<T>::value), scalar_(value) {}
  TensorData(std::initializer_list<TensorData> list) : data_(list.begin()), size_(list.size()) {}
  template <class T, class A>
  TensorData(const std::vector<T, A> &v)
      : kind_(Kind::array), type_(CppTypeToScalarType<T>::value), data_(v.data()), size_(v.size()) {
  }
  TensorData(const std::vector<bool> &v)
      : kind_(Kind::boolVector), type_(kBool), data_(&v), size_(v.size()) {}
  template <class T>
  TensorData(ArrayRef<T> v)
      : kind_(Kind::array), type_(CppTypeToScalarType<T>::value), data_(v.data()), size_(v.size()) {
  }

  Kind kind() const { return kind_; }
  /// Of a number or of the elements of a vector.
  ScalarType type() const { return type_; }
  const Scalar &scalar() const { return scalar_; }
  size_t size() const { return size_; }
  const TensorData *list() const { return static_cast<const TensorData *>(data_); }
  const void *array() const { return data_; }

private:
  Kind kind_ = Kind::list;
  ScalarType type_ = ScalarType::Undefined;
  Scalar scalar_;
  const void *data_ = nullptr;
  size_t size_ = 0;
};

/// A tensor of the given elements: `tensor({{1., 2.}, {3., 4.}})`, `tensor(std::vector<int64_t>{1,
/// 2})`, `tensor(7)`. Without a dtype in `options` integers give int64, floating-point numbers the
/// default dtype, truth values bool. Throws ValueError where the lists' lengths differ, TypeError
/// where kinds of elements are mixed.
TJIT_EXPORT Tensor tensor(const TensorData &data, TensorOptions options = {});

namespace detail {
/// A caller's function that is called once with the memory, when the last tensor that uses it is
/// gone; then, or if there was no tensor, `drop` frees the function.
struct Deleter {
  void (*call)(void *state, void *data) = nullptr;
  void (*drop)(void *state) = nullptr;
  void *state = nullptr;
};
template <class F> Deleter deleterOf(F function) {
  return {[](void *state, void *memory) { (*static_cast<F *>(state))(memory); },
          [](void *state) { delete static_cast<F *>(state); }, new F(std::move(function))};
}
} // namespace detail

/// A tensor over the caller's memory, which must outlive it (or be freed by the deleter). What
/// either side writes, the other sees. Sizes must not be negative; without strides the memory is
/// row-major, strides are in elements.
TJIT_EXPORT Tensor from_blob(void *data, IntArrayRef sizes, TensorOptions options = {});
TJIT_EXPORT Tensor from_blob(void *data, IntArrayRef sizes, IntArrayRef strides,
                             TensorOptions options = {});
TJIT_EXPORT Tensor from_blob(void *data, IntArrayRef sizes, IntArrayRef strides,
                             detail::Deleter deleter, TensorOptions options);
template <class F, class = decltype(std::declval<F &>()(static_cast<void *>(nullptr)))>
Tensor from_blob(void *data, IntArrayRef sizes, F deleter, TensorOptions options = {}) {
  return from_blob(data, sizes, IntArrayRef(), detail::deleterOf(std::move(deleter)), options);
}
template <class F, class = decltype(std::declval<F &>()(static_cast<void *>(nullptr)))>
Tensor from_blob(void *data, IntArrayRef sizes, IntArrayRef strides, F deleter,
                 TensorOptions options = {}) {
  return from_blob(data, sizes, strides, detail::deleterOf(std::move(deleter)), options);
}

TJIT_NAMESPACE_END
