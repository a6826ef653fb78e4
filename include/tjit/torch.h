//===- torch.h - libtorch's names: namespaces torch, at and c10 are tjit ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/NnOptions.h"
#include "tjit/OutForms.h"
#include "tjit/tjit.h"

// What libtorch's header brings along.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <sstream>

namespace torch = tjit;
// libtorch's other namespaces.
namespace at = tjit;
namespace c10 = tjit;
namespace caffe2 = tjit;

namespace tjit {
inline namespace v1 {
// libtorch's names. Templates, so that the library's own functions of these names, which its tests
// see too, are preferred.
template <class T, class = std::enable_if_t<std::is_same<T, ScalarType>::value>>
T promoteTypes(T a, T b) {
  return promote_types(a, b);
}
/// "Float"
template <class T, class = std::enable_if_t<std::is_same<T, ScalarType>::value>>
const char *toString(T type) {
  return detail::nameOfDtype(type);
}
} // namespace v1
namespace detail {
/// At most 100 elements, with a space between.
template <class List> void printList(std::ostream &out, const List &list) {
  int printed = 0;
  for (const auto &element : list) {
    if (printed++ == 100) {
      out << " ...";
      return;
    }
    if (printed > 1)
      out << ' ';
    out << element;
  }
}
/// The message that the caller gave, else the condition.
template <class E, class... A>
[[noreturn]] void throwChecked(const char *condition, const A &...parts) {
  std::ostringstream text;
  if constexpr (sizeof...(parts) == 0)
    text << "Expected " << condition << " to be true, but got false.";
  else
    (void)(text << ... << parts);
  throw E(text.str());
}
} // namespace detail
} // namespace tjit

// libtorch's header prints containers, and so do its programs. Variadic templates, which any
// operator of a program's own is preferred to.
namespace std {
template <class... T> ostream &operator<<(ostream &out, const vector<T...> &list) {
  ::tjit::detail::printList(out, list);
  return out;
}
template <class... T> ostream &operator<<(ostream &out, const map<T...> &list) {
  ::tjit::detail::printList(out, list);
  return out;
}
template <class... T> ostream &operator<<(ostream &out, const set<T...> &list) {
  ::tjit::detail::printList(out, list);
  return out;
}
template <class A, class B> ostream &operator<<(ostream &out, const pair<A, B> &both) {
  return out << '(' << both.first << ", " << both.second << ')';
}
} // namespace std

// Programs of libtorch use these. The message is made only where the condition is false, which no
// function could do.
#define TJIT_CHECK_AS(error, condition, ...)                                                       \
  do {                                                                                             \
    if (!(condition))                                                                              \
      ::tjit::detail::throwChecked<::tjit::error>(#condition, ##__VA_ARGS__);                      \
  } while (false)
#define TORCH_CHECK(condition, ...) TJIT_CHECK_AS(Error, condition, ##__VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) TJIT_CHECK_AS(IndexError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) TJIT_CHECK_AS(ValueError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) TJIT_CHECK_AS(TypeError, condition, ##__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT(condition, ...) TJIT_CHECK_AS(Error, condition, ##__VA_ARGS__)
