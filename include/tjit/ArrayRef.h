//===- ArrayRef.h - a view of a list that somebody else owns ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Export.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

TJIT_NAMESPACE_BEGIN

/// Points to elements that live elsewhere: a parameter type, not something to keep. Made from a
/// vector, an array, a braced list, or a single element (`x.sum(1)`).
template <class T> class ArrayRef {
public:
  using value_type = T;
  using iterator = const T *;
  using const_iterator = const T *;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(const T &one) : data_(&one), size_(1) {}
  constexpr ArrayRef(const T *data, size_t size) : data_(data), size_(size) {}
  constexpr ArrayRef(const T *begin, const T *end) : data_(begin), size_(end - begin) {}
  // The list lives until the end of the full expression, which is as long as a parameter needs it.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(std::initializer_list<T> list)
      : data_(list.begin() == list.end() ? nullptr : list.begin()), size_(list.size()) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  template <class A> ArrayRef(const std::vector<T, A> &v) : data_(v.data()), size_(v.size()) {}
  template <size_t N> constexpr ArrayRef(const T (&array)[N]) : data_(array), size_(N) {}

  constexpr const T *data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T *begin() const { return data_; }
  constexpr const T *end() const { return data_ + size_; }
  constexpr const T &operator[](size_t i) const { return data_[i]; }
  constexpr const T &front() const { return data_[0]; }
  constexpr const T &back() const { return data_[size_ - 1]; }
  constexpr ArrayRef slice(size_t from, size_t count) const { return {data_ + from, count}; }
  constexpr ArrayRef slice(size_t from) const { return {data_ + from, size_ - from}; }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }
  constexpr bool equals(ArrayRef other) const {
    if (size_ != other.size_)
      return false;
    for (size_t i = 0; i < size_; ++i)
      if (!(data_[i] == other.data_[i]))
        return false;
    return true;
  }
  friend constexpr bool operator==(ArrayRef a, ArrayRef b) { return a.equals(b); }
  friend constexpr bool operator!=(ArrayRef a, ArrayRef b) { return !a.equals(b); }

private:
  const T *data_ = nullptr;
  size_t size_ = 0;
};

/// Sizes, strides, dimensions.
using IntArrayRef = ArrayRef<int64_t>;

/// "[2, 3]"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, IntArrayRef list);
// A template of the stream too, so that a program pays for <ostream> only where it prints.
template <class Traits, class T>
std::basic_ostream<char, Traits> &operator<<(std::basic_ostream<char, Traits> &out,
                                             ArrayRef<T> list) {
  out << '[';
  for (size_t i = 0; i < list.size(); ++i)
    out << (i ? ", " : "") << list[i];
  out << ']';
  return out;
}

/// Dimensions or nothing: `x.sum()`, `x.sum(0)`, `x.sum({0, 1})`.
class OptionalIntArrayRef {
public:
  constexpr OptionalIntArrayRef() = default;
  constexpr OptionalIntArrayRef(std::nullopt_t) {}
  constexpr OptionalIntArrayRef(IntArrayRef list) : list_(list), present_(true) {}
  constexpr OptionalIntArrayRef(const int64_t &one) : list_(one), present_(true) {}
  constexpr OptionalIntArrayRef(std::initializer_list<int64_t> list)
      : list_(list), present_(true) {}
  OptionalIntArrayRef(const std::vector<int64_t> &list) : list_(list), present_(true) {}
  constexpr bool has_value() const { return present_; }
  constexpr IntArrayRef value() const { return list_; }
  constexpr IntArrayRef operator*() const { return list_; }

private:
  IntArrayRef list_;
  bool present_ = false;
};

TJIT_NAMESPACE_END
