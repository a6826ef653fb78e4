//===- Indexing.h - what Tensor::index and index_put_ take ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

TJIT_NAMESPACE_BEGIN
namespace indexing {

/// All indices, or no bound of a slice; as an index a new dimension of size 1.
inline constexpr std::nullopt_t None = std::nullopt;
enum class EllipsisIndexType { Ellipsis };
/// As many full slices as are needed.
inline constexpr EllipsisIndexType Ellipsis = EllipsisIndexType::Ellipsis;

/// start : stop : step; bounds may be negative (from the end) and are clamped. The step is positive
/// (ValueError by the function that uses it).
class Slice {
public:
  Slice(std::optional<int64_t> start = std::nullopt, std::optional<int64_t> stop = std::nullopt,
        std::optional<int64_t> step = std::nullopt)
      : start_(start), stop_(stop), step_(step.value_or(1)) {}
  std::optional<int64_t> start() const { return start_; }
  std::optional<int64_t> stop() const { return stop_; }
  int64_t step() const { return step_; }

private:
  std::optional<int64_t> start_, stop_;
  int64_t step_;
};
/// "1:5:2"; bounds that are not given are the ends.
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, const Slice &slice);

/// One entry of an index list.
class TensorIndex {
public:
  enum class Kind { none, ellipsis, integer, boolean, slice, tensor };

  TensorIndex(std::nullopt_t) : kind_(Kind::none) {}
  TensorIndex(EllipsisIndexType) : kind_(Kind::ellipsis) {}
  /// Only "..."; throws ValueError for any other text.
  TJIT_EXPORT TensorIndex(const char *text);
  template <class I, class = std::enable_if_t<std::is_integral<I>::value>>
  TensorIndex(I value)
      : kind_(std::is_same<I, bool>::value ? Kind::boolean : Kind::integer),
        integer_(static_cast<int64_t>(value)) {}
  TensorIndex(Slice slice) : kind_(Kind::slice), slice_(slice) {}
  TensorIndex(const Tensor &tensor) : kind_(Kind::tensor), tensor_(tensor) {}

  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::none; }
  bool is_ellipsis() const { return kind_ == Kind::ellipsis; }
  bool is_integer() const { return kind_ == Kind::integer; }
  bool is_boolean() const { return kind_ == Kind::boolean; }
  bool is_slice() const { return kind_ == Kind::slice; }
  bool is_tensor() const { return kind_ == Kind::tensor; }
  int64_t integer() const { return integer_; }
  bool boolean() const { return integer_ != 0; }
  const Slice &slice() const { return slice_; }
  const Tensor &tensor() const { return tensor_; }

private:
  Kind kind_;
  int64_t integer_ = 0;
  Slice slice_;
  Tensor tensor_;
};
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, const TensorIndex &index);
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, const std::vector<TensorIndex> &indices);

} // namespace indexing
TJIT_NAMESPACE_END
