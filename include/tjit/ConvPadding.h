//===- ConvPadding.h - how a convolution pads its input ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/ArrayRef.h"

#include <string_view>

TJIT_NAMESPACE_BEGIN

/// The name of a mode or of a reduction, see tjit/NnOptions.h.
struct ModeName {
  const char *text;
  constexpr operator std::string_view() const { return text; }
};

/// A parameter of convolutions: one number, one for each spatial dimension, or a text: "valid" (no
/// padding), "same" (the output has the sizes of the input). Like an ArrayRef it is nothing to
/// keep.
class ConvPadding {
public:
  ConvPadding(int one) : one_(one) {}
  ConvPadding(int64_t one) : one_(one) {}
  ConvPadding(std::initializer_list<int64_t> list) : list_(list), kind_(Kind::list) {}
  ConvPadding(IntArrayRef list) : list_(list), kind_(Kind::list) {}
  ConvPadding(const std::vector<int64_t> &list) : list_(list), kind_(Kind::list) {}
  ConvPadding(const char *text) : text_(text), kind_(Kind::text) {}
  ConvPadding(ModeName name) : ConvPadding(name.text) {}
  ConvPadding(std::string_view text) : text_(text), kind_(Kind::text) {}

  bool isText() const { return kind_ == Kind::text; }
  std::string_view text() const { return text_; }
  /// The numbers; valid as long as this object.
  IntArrayRef numbers() const { return kind_ == Kind::list ? list_ : IntArrayRef(one_); }

private:
  enum class Kind { one, list, text };
  int64_t one_ = 0;
  IntArrayRef list_;
  std::string_view text_;
  Kind kind_ = Kind::one;
};

TJIT_NAMESPACE_END
