//===- NnOptions.h - option structs of nn::functional, names of modes ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

TJIT_NAMESPACE_BEGIN

/// `reduction(torch::kSum)`, `mode(torch::kBilinear)`: the texts that Python has.
inline constexpr ModeName kNone{"none"}, kMean{"mean"}, kSum{"sum"}, kBatchMean{"batchmean"};
inline constexpr ModeName kConstant{"constant"}, kReflect{"reflect"}, kReplicate{"replicate"},
    kCircular{"circular"};
inline constexpr ModeName kNearest{"nearest"}, kNearestExact{"nearest-exact"}, kLinear{"linear"},
    kBilinear{"bilinear"}, kBicubic{"bicubic"}, kTrilinear{"trilinear"}, kArea{"area"};
inline constexpr ModeName kSame{"same"}, kValid{"valid"};

namespace nn {
namespace functional {
namespace detail {

/// One size for all dimensions, or one for each; none keeps that of the input.
struct OptionalSizes {
  OptionalSizes() = default;
  OptionalSizes(int one) : list{one} {}
  OptionalSizes(int64_t one) : list{one} {}
  OptionalSizes(std::initializer_list<std::optional<int64_t>> sizes) : list(sizes) {}
  OptionalSizes(const std::vector<int64_t> &sizes) : list(sizes.begin(), sizes.end()) {}
  OptionalSizes(std::vector<std::optional<int64_t>> sizes) : list(std::move(sizes)) {}
  std::vector<std::optional<int64_t>> list;
};

/// A ConvPadding that owns what it refers to.
struct HeldPadding {
  HeldPadding(const ConvPadding &padding)
      : numbers(padding.isText() ? std::vector<int64_t>() : padding.numbers().vec()),
        text(padding.isText() ? padding.text() : std::string_view()) {}
  ConvPadding get() const {
    return text.empty() ? ConvPadding(IntArrayRef(numbers)) : ConvPadding(std::string_view(text));
  }
  std::vector<int64_t> numbers;
  std::string text;
};

inline std::optional<std::vector<int64_t>> heldSizes(OptionalIntArrayRef sizes) {
  return sizes.has_value() ? std::optional<std::vector<int64_t>>((*sizes).vec()) : std::nullopt;
}
inline OptionalIntArrayRef refOf(const std::optional<std::vector<int64_t>> &sizes) {
  return sizes ? OptionalIntArrayRef(*sizes) : OptionalIntArrayRef();
}

} // namespace detail
#include "tjit/NnOptions.h.inc"
} // namespace functional
} // namespace nn

TJIT_NAMESPACE_END
