//===- torch.h - libtorch's names: namespaces torch, at and c10 are tjit ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/NnOptions.h"
#include "tjit/OutForms.h"
#include "tjit/tjit.h"

#include <sstream>

namespace torch = tjit;
// libtorch's other namespaces.
namespace at = tjit;
namespace c10 = tjit;
namespace caffe2 = tjit;

namespace tjit {
namespace detail {
template <class E, class... A> [[noreturn]] void throwChecked(const A &...parts) {
  std::ostringstream text;
  (void)(text << ... << parts);
  throw E(text.str());
}
} // namespace detail
} // namespace tjit

// Programs of libtorch use these. The message is made only where the condition is false, which no
// function could do.
#define TJIT_CHECK_AS(error, condition, ...)                                                       \
  do {                                                                                             \
    if (!(condition))                                                                              \
      ::tjit::detail::throwChecked<::tjit::error>("expected " #condition, ##__VA_ARGS__);          \
  } while (false)
#define TORCH_CHECK(condition, ...) TJIT_CHECK_AS(Error, condition, ". ", ##__VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) TJIT_CHECK_AS(IndexError, condition, ". ", ##__VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) TJIT_CHECK_AS(ValueError, condition, ". ", ##__VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) TJIT_CHECK_AS(TypeError, condition, ". ", ##__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT(condition, ...) TJIT_CHECK_AS(Error, condition, ". ", ##__VA_ARGS__)
