//===- Windows.h ------------------------------------------------------------------------------===//
// Windows over spatial dimensions: what convolutions and pooling have in common.
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/Compose.h"

namespace tjit {

/// Kernel, stride, padding and dilation of one spatial dimension.
struct Window {
  int64_t kernel, stride = 1, padding = 0, dilation = 1;
  /// How many elements from the first to the last that a window reads.
  int64_t span() const { return dilation * (kernel - 1) + 1; }
};

/// One for each of `count` dimensions. Throws where a number is out of its range.
std::vector<Window> windowsOf(IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                              IntArrayRef dilation, int64_t count, const char *operation);

/// The input as [n, c, spatial...]: without a batch one of size 1 is put before. Throws where it
/// has other dimensions, or none of some but the batch.
struct Batched {
  Tensor input;
  bool added;
  bool channelsLast; // how the input lies, and so the result

  /// The first `mayBeEmpty` dimensions may be; by default only the batch.
  Batched(const Tensor &input, int64_t spatialDims, const char *operation,
          std::optional<int64_t> mayBeEmpty = std::nullopt);
  Tensor restore(const Tensor &result) const;
};

/// `before` and `after` elements of `value` around (negative: taken away from) each of the last
/// dimensions, given from the first of them.
Tensor padConstant(const Tensor &t, const Dims &before, const Dims &after, const Scalar &value);

/// [n, c, out..., kernel...]: a view of the windows of a row-major tensor that is padded already.
Tensor windowsView(const Tensor &padded, const std::vector<Window> &windows, const Dims &out);

} // namespace tjit
