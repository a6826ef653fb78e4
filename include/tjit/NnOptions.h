//===- NnOptions.h - option structs of nn::functional, names of modes ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

#include <functional>

TJIT_NAMESPACE_BEGIN

/// `reduction(torch::kSum)`, `mode(torch::kBilinear)`: the texts that Python has.
inline constexpr ModeName kNone{"none"}, kMean{"mean"}, kSum{"sum"}, kBatchMean{"batchmean"};
inline constexpr ModeName kConstant{"constant"}, kReflect{"reflect"}, kReplicate{"replicate"},
    kCircular{"circular"};
inline constexpr ModeName kNearest{"nearest"}, kNearestExact{"nearest-exact"}, kLinear{"linear"},
    kBilinear{"bilinear"}, kBicubic{"bicubic"}, kTrilinear{"trilinear"}, kArea{"area"};
inline constexpr ModeName kSame{"same"}, kValid{"valid"};
inline constexpr ModeName kZeros{"zeros"}, kBorder{"border"}, kReflection{"reflection"};
inline constexpr ModeName kMax{"max"};

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

/// smooth_l1_loss with beta beside the options.
inline Tensor smooth_l1_loss(const Tensor &input, const Tensor &target,
                             SmoothL1LossFuncOptions options, double beta) {
  return functional::smooth_l1_loss(input, target, options.beta(beta));
}

/// Options of triplet_margin_with_distance_loss. Without a function: pairwise_distance.
struct TripletMarginWithDistanceLossFuncOptions {
  using Distance = std::function<Tensor(const Tensor &, const Tensor &)>;
  TripletMarginWithDistanceLossFuncOptions &distance_function(Distance value) {
    distance_function_ = std::move(value);
    return *this;
  }
  TripletMarginWithDistanceLossFuncOptions &margin(double value) {
    margin_ = value;
    return *this;
  }
  TripletMarginWithDistanceLossFuncOptions &swap(bool value) {
    swap_ = value;
    return *this;
  }
  TripletMarginWithDistanceLossFuncOptions &reduction(std::string_view value) {
    reduction_ = std::string(value);
    return *this;
  }
  Distance distance_function_;
  double margin_ = 1;
  bool swap_ = false;
  std::string reduction_ = "mean";
};
/// max(d(anchor, positive) - d(anchor, negative) + margin, 0) for a distance of the caller.
inline Tensor
triplet_margin_with_distance_loss(const Tensor &anchor, const Tensor &positive,
                                  const Tensor &negative,
                                  const TripletMarginWithDistanceLossFuncOptions &options = {}) {
  const auto distance = [&](const Tensor &a, const Tensor &b) {
    return options.distance_function_ ? options.distance_function_(a, b)
                                      : functional::pairwise_distance(a, b);
  };
  const Tensor near = distance(anchor, positive);
  Tensor far = distance(anchor, negative);
  if (options.swap_)
    far = far.minimum(distance(positive, negative));
  // margin_ranking_loss with the target 1: its reductions, its errors.
  return functional::margin_ranking_loss(far, near, ones_like(near.detach()), options.margin_,
                                         options.reduction_);
}
} // namespace functional
} // namespace nn

TJIT_NAMESPACE_END
