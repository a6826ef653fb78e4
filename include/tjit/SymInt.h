//===- SymInt.h - libtorch's sizes that may be symbols; here they are numbers ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/ArrayRef.h"

TJIT_NAMESPACE_BEGIN

/// An integer that a program of libtorch treats as if it could be symbolic.
class SymInt {
public:
  constexpr SymInt(int64_t value = 0) : value_(value) {}
  constexpr operator int64_t() const { return value_; }
  constexpr int64_t expect_int() const { return value_; }
  constexpr int64_t as_int_unchecked() const { return value_; }
  constexpr int64_t guard_int(const char *, int64_t) const { return value_; }
  constexpr std::optional<int64_t> maybe_as_int() const { return value_; }
  constexpr bool is_symbolic() const { return false; }
  constexpr bool is_heap_allocated() const { return false; }
  SymInt &operator+=(int64_t other) { return *this = value_ + other; }
  SymInt &operator-=(int64_t other) { return *this = value_ - other; }
  SymInt &operator*=(int64_t other) { return *this = value_ * other; }

private:
  int64_t value_;
};
using SymIntArrayRef = ArrayRef<SymInt>;

namespace detail {
/// The same numbers in the same memory.
inline SymIntArrayRef symbolic(IntArrayRef list) {
  static_assert(sizeof(SymInt) == sizeof(int64_t), "a list of one is a list of the other");
  return {reinterpret_cast<const SymInt *>(list.data()), list.size()};
}
} // namespace detail

TJIT_NAMESPACE_END
