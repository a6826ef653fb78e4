//===- Pooling.cpp ----------------------------------------------------------------------------===//
// The largest element, or the mean, of windows.
//
// One spatial dimension after another: each is replaced by [windows, elements of one], by the
// places that the windows read. Windows of different lengths are filled up, for the maximum with
// places that the window has anyway, for the mean with zeros.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Windows.h"
#include "IR/Infer.h"

#include <algorithm>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

using Pair = std::tuple<Tensor, Tensor>;

/// What the windows of one dimension read: [begin, end) in steps, and what a mean divides by.
struct Line {
  struct Range {
    int64_t begin, end, step, divisor;
    int64_t count() const { return (end - begin + step - 1) / step; }
  };
  int64_t size;
  std::vector<Range> windows;

  int64_t longest() const {
    int64_t n = 1;
    for (const Range &w : windows)
      n = std::max(n, w.count());
    return n;
  }
  /// Whether the windows cut the dimension into equal parts.
  bool isPartition() const {
    const int64_t n = windows[0].count();
    for (size_t i = 0; i < windows.size(); ++i)
      if (windows[i].begin != static_cast<int64_t>(i) * n || windows[i].count() != n ||
          windows[i].step != 1)
        return false;
    return n * static_cast<int64_t>(windows.size()) <= size;
  }
};

int64_t outputSize(int64_t size, const Window &w, bool ceilMode) {
  const int64_t room = size + 2 * w.padding - w.span();
  int64_t n = (room + (ceilMode ? w.stride - 1 : 0)) / w.stride + 1;
  if (room < 0)
    n = room + (ceilMode ? w.stride - 1 : 0) < 0 ? 0 : n;
  // No window starts in the padding behind.
  if (ceilMode && (n - 1) * w.stride >= size + w.padding)
    --n;
  return n;
}

/// Windows of sliding pools. Means count the padding, or not; never what is beyond it.
std::vector<Line> slidingLines(const Tensor &x, const std::vector<Window> &windows, bool ceilMode,
                               bool countPadding, const char *operation) {
  std::vector<Line> lines;
  for (size_t i = 0; i < windows.size(); ++i) {
    const Window &w = windows[i];
    const int64_t size = x.size(static_cast<int64_t>(i) + 2), n = outputSize(size, w, ceilMode);
    if (2 * w.padding > w.span())
      throw Error(std::string(operation) + ": the padding " + std::to_string(w.padding) +
                  " is more than half of a window that spans " + std::to_string(w.span()));
    if (n < 1)
      throw Error(std::string(operation) + ": a window that spans " + std::to_string(w.span()) +
                  " does not fit the size " + std::to_string(size));
    Line line{size, {}};
    for (int64_t o = 0; o < n; ++o) {
      int64_t begin = o * w.stride - w.padding;
      const int64_t end = begin + w.span(), padded = std::min(end, size + w.padding);
      const int64_t wanted = padded - begin;
      if (begin < 0)
        begin += (-begin + w.dilation - 1) / w.dilation * w.dilation;
      const int64_t last = std::min(end, size);
      line.windows.push_back({begin, last, w.dilation, countPadding ? wanted : last - begin});
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<Line> adaptiveLines(const Tensor &x, ArrayRef<std::optional<int64_t>> wanted, int64_t d,
                                const char *operation) {
  if (wanted.size() != 1 && static_cast<int64_t>(wanted.size()) != d)
    throw Error(std::string(operation) + ": output_size must be one number or " +
                std::to_string(d) + ", found " + std::to_string(wanted.size()));
  std::vector<Line> lines;
  for (int64_t i = 0; i < d; ++i) {
    const int64_t size = x.size(i + 2);
    const int64_t n = (wanted.size() == 1 ? wanted[0] : wanted[i]).value_or(size);
    if (n < 0)
      throw Error(std::string(operation) + ": output sizes must not be negative, found " +
                  std::to_string(n));
    Line line{size, {}};
    for (int64_t o = 0; o < n; ++o) {
      const int64_t begin = o * size / n, end = ((o + 1) * size + n - 1) / n;
      line.windows.push_back({begin, end, 1, end - begin});
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

/// Dimension d as [windows, longest window].
Tensor unrolled(const Tensor &x, int64_t d, const Line &line) {
  const int64_t n = static_cast<int64_t>(line.windows.size()), k = line.longest();
  Dims sizes(sizesOf(x.sizes()));
  sizes[d] = n;
  Dims both(std::span(sizes.data(), static_cast<size_t>(d) + 1));
  both.push_back(k);
  for (size_t i = static_cast<size_t>(d) + 1; i < sizes.size(); ++i)
    both.push_back(sizes[i]);
  if (line.isPartition())
    return x.narrow(d, 0, n * k).reshape(refOf(both));
  std::vector<int64_t> places;
  for (const Line::Range &w : line.windows)
    for (int64_t i = 0; i < k; ++i)
      places.push_back(w.begin + std::min(i, w.count() - 1) * w.step);
  return x.index_select(d, fromIntegers(places)).reshape(refOf(both));
}

/// Sums of windows.
Tensor sumWindows(const Tensor &x, int64_t d, const Line &line) {
  Tensor values = unrolled(x, d, line);
  const int64_t n = static_cast<int64_t>(line.windows.size()), k = line.longest();
  std::vector<int64_t> valid;
  bool all = true;
  for (const Line::Range &w : line.windows)
    for (int64_t i = 0; i < k; ++i) {
      valid.push_back(i < w.count());
      all &= i < w.count();
    }
  if (!all) {
    Dims along(static_cast<size_t>(values.dim()), 1);
    along[d] = n, along[d + 1] = k;
    values = tjit::where(fromIntegers(valid).reshape(refOf(along)).ne(0), values, 0);
  }
  return reduceDims(OpKind::sum, values, d + 1, false);
}

Tensor meanOf(const Tensor &input, const std::vector<Line> &lines, std::optional<int64_t> divisor) {
  Tensor x = wide(input);
  const int64_t d = static_cast<int64_t>(lines.size());
  Tensor divisors;
  for (int64_t i = 0; i < d; ++i) {
    x = sumWindows(x, i + 2, lines[i]);
    std::vector<int64_t> counts;
    for (const Line::Range &w : lines[i].windows)
      counts.push_back(w.divisor);
    Dims along(static_cast<size_t>(d), 1);
    along[i] = static_cast<int64_t>(counts.size());
    const Tensor here = fromIntegers(counts).reshape(refOf(along));
    divisors = divisors.defined() ? divisors * here : here;
  }
  if (divisor)
    divisors = scalarArgument(*divisor, kLong);
  const Tensor mean = isFloatingType(x.scalar_type()) ? x / castTo(divisors, x.scalar_type())
                                                      : x.div(divisors, "trunc");
  return castTo(mean, input.scalar_type());
}

/// What a pool without results gives: sizes without elements, with the operand's history.
Tensor nothingOf(const Tensor &x, const Dims &sizes) {
  return tjit::zeros(refOf(sizes), x.options()) + x.sum();
}

/// The largest element of each window and its place in the channel.
Pair largestOf(const Tensor &x, const std::vector<Line> &lines) {
  const int64_t d = static_cast<int64_t>(lines.size());
  int64_t channel = 1, results = 1;
  Dims places(static_cast<size_t>(x.dim()), 1), sizes(sizesOf(x.sizes()));
  for (int64_t i = 0; i < d; ++i) {
    places[i + 2] = lines[i].size;
    channel *= lines[i].size;
    sizes[i + 2] = static_cast<int64_t>(lines[i].windows.size());
    results *= sizes[i + 2];
  }
  if (numElements(sizes) == 0)
    return {nothingOf(x, sizes), tjit::zeros(refOf(sizes), kLong)};
  Tensor values = x.detach();
  Tensor place = tjit::arange(channel).reshape(refOf(places)).expand(x.sizes());
  for (int64_t i = d; i-- > 0;) {
    values = unrolled(values, i + 2, lines[i]);
    const Tensor best = values.argmax(i + 3, true);
    values = values.gather(i + 3, best).squeeze(i + 3);
    place = unrolled(place, i + 2, lines[i]).gather(i + 3, best).squeeze(i + 3);
  }
  const int64_t n = x.size(0), c = x.size(1);
  const Tensor chosen = x.reshape({n, c, channel}).gather(2, place.reshape({n, c, results}));
  return {chosen.reshape(refOf(sizes)), place};
}

IntArrayRef strideOr(OptionalIntArrayRef stride, IntArrayRef kernel) {
  return stride.has_value() && !stride.value().empty() ? stride.value() : kernel;
}

Pair maxPool(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
             IntArrayRef padding, IntArrayRef dilation, bool ceilMode, int64_t d,
             const char *operation) {
  if (implOf(input, operation).type().dtype == kBool)
    throw Error(std::string(operation) + ": not defined for bool");
  const std::vector<Window> windows =
      windowsOf(kernel, strideOr(stride, kernel), padding, dilation, d, operation);
  const Batched x(input, d, operation);
  const auto [values, places] =
      largestOf(x.input, slidingLines(x.input, windows, ceilMode, false, operation));
  return {x.restore(values), x.restore(places)};
}
Tensor averagePool(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                   IntArrayRef padding, bool ceilMode, bool countPadding,
                   std::optional<int64_t> divisor, int64_t d, const char *operation) {
  const ScalarType dtype = implOf(input, operation).type().dtype;
  if (!isFloatingType(dtype) && dtype != kLong)
    throw Error(std::string(operation) + ": not defined for " + toString(dtype));
  if (divisor && *divisor == 0)
    throw Error(std::string(operation) + ": divisor_override must not be 0");
  const std::vector<Window> windows =
      windowsOf(kernel, strideOr(stride, kernel), padding, 1, d, operation);
  const Batched x(input, d, operation);
  return x.restore(
      meanOf(x.input, slidingLines(x.input, windows, ceilMode, countPadding, operation), divisor));
}
Tensor adaptiveAverage(const Tensor &input, ArrayRef<std::optional<int64_t>> size, int64_t d,
                       const char *operation) {
  if (implOf(input, operation).numel() != 0) // as in PyTorch, whose kernels find out
    checkFloating(input, operation);
  Batched x(input, d, operation, input.dim() - d);
  const std::vector<Line> lines = adaptiveLines(x.input, size, d, operation);
  const bool whole = std::all_of(lines.begin(), lines.end(),
                                 [](const Line &line) { return line.windows.size() == 1; });
  x.channelsLast &= d < 3 || whole; // PyTorch's of volumes keep it where they are a mean
  for (const Line &line : lines)
    if (line.windows.empty()) {
      Dims sizes(sizesOf(x.input.sizes()));
      for (int64_t i = 0; i < d; ++i)
        sizes[i + 2] = static_cast<int64_t>(lines[i].windows.size());
      return x.restore(nothingOf(x.input, sizes));
    }
  Tensor out = x.restore(meanOf(x.input, lines, std::nullopt));
  if (d == 1)
    return out;
  return autodiff::labeled(out, whole && x.channelsLast ? "AsStridedBackward1"
                                : whole                 ? "MeanBackward1"
                                : d == 2                ? "AdaptiveAvgPool2DBackward0"
                                                        : "AdaptiveAvgPool3DBackward0");
}
Pair adaptiveMax(const Tensor &input, ArrayRef<std::optional<int64_t>> size, int64_t d,
                 const char *operation) {
  checkFloating(input, operation);
  Batched x(input, d, operation, 1);
  x.channelsLast &= d < 3;
  const auto [values, places] = largestOf(x.input, adaptiveLines(x.input, size, d, operation));
  return {x.restore(values), x.restore(places)};
}
/// Without indices the second is undefined.
Pair withIndices(Pair out, bool returnIndices) {
  if (!returnIndices)
    std::get<1>(out).reset();
  return out;
}

} // namespace

Pair nn_max_pool1d_with_indices(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                                IntArrayRef padding, IntArrayRef dilation, bool ceilMode) {
  return maxPool(input, kernel, stride, padding, dilation, ceilMode, 1, "max_pool1d");
}
Tensor nn_max_pool1d(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                     IntArrayRef padding, IntArrayRef dilation, bool ceilMode) {
  checkFloating(input, "max_pool1d"); // two dimensions and more take integers, as in PyTorch
  const Tensor out =
      std::get<0>(maxPool(input, kernel, stride, padding, dilation, ceilMode, 1, "max_pool1d"));
  // PyTorch has a kernel of its own for where no gradient is wanted.
  return autodiff::gradEnabled() && input.requires_grad() ? out : out.contiguous();
}
Tensor nn_avg_pool1d(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                     IntArrayRef padding, bool ceilMode, bool countPadding) {
  return averagePool(input, kernel, stride, padding, ceilMode, countPadding, std::nullopt, 1,
                     "avg_pool1d");
}
Tensor nn_adaptive_avg_pool1d(const Tensor &input, ArrayRef<std::optional<int64_t>> size) {
  return adaptiveAverage(input, size, 1, "adaptive_avg_pool1d");
}
Tensor nn_adaptive_max_pool1d(const Tensor &input, ArrayRef<std::optional<int64_t>> size) {
  return std::get<0>(adaptiveMax(input, size, 1, "adaptive_max_pool1d"));
}
Pair nn_adaptive_max_pool1d(const Tensor &input, ArrayRef<std::optional<int64_t>> size,
                            bool returnIndices) {
  return withIndices(adaptiveMax(input, size, 1, "adaptive_max_pool1d"), returnIndices);
}
Pair nn_adaptive_max_pool1d_with_indices(const Tensor &input,
                                         ArrayRef<std::optional<int64_t>> size) {
  return adaptiveMax(input, size, 1, "adaptive_max_pool1d");
}

Pair nn_max_pool2d_with_indices(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                                IntArrayRef padding, IntArrayRef dilation, bool ceilMode) {
  return maxPool(input, kernel, stride, padding, dilation, ceilMode, 2, "max_pool2d");
}
Tensor nn_max_pool2d(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                     IntArrayRef padding, IntArrayRef dilation, bool ceilMode) {
  return std::get<0>(maxPool(input, kernel, stride, padding, dilation, ceilMode, 2, "max_pool2d"));
}
Tensor nn_avg_pool2d(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                     IntArrayRef padding, bool ceilMode, bool countPadding,
                     std::optional<int64_t> divisor) {
  return averagePool(input, kernel, stride, padding, ceilMode, countPadding, divisor, 2,
                     "avg_pool2d");
}
Tensor nn_adaptive_avg_pool2d(const Tensor &input, ArrayRef<std::optional<int64_t>> size) {
  return adaptiveAverage(input, size, 2, "adaptive_avg_pool2d");
}
Tensor nn_adaptive_max_pool2d(const Tensor &input, ArrayRef<std::optional<int64_t>> size) {
  return std::get<0>(adaptiveMax(input, size, 2, "adaptive_max_pool2d"));
}
Pair nn_adaptive_max_pool2d(const Tensor &input, ArrayRef<std::optional<int64_t>> size,
                            bool returnIndices) {
  return withIndices(adaptiveMax(input, size, 2, "adaptive_max_pool2d"), returnIndices);
}
Pair nn_adaptive_max_pool2d_with_indices(const Tensor &input,
                                         ArrayRef<std::optional<int64_t>> size) {
  return adaptiveMax(input, size, 2, "adaptive_max_pool2d");
}

Pair nn_max_pool3d_with_indices(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                                IntArrayRef padding, IntArrayRef dilation, bool ceilMode) {
  return maxPool(input, kernel, stride, padding, dilation, ceilMode, 3, "max_pool3d");
}
Tensor nn_max_pool3d(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                     IntArrayRef padding, IntArrayRef dilation, bool ceilMode) {
  return std::get<0>(maxPool(input, kernel, stride, padding, dilation, ceilMode, 3, "max_pool3d"));
}
Tensor nn_avg_pool3d(const Tensor &input, IntArrayRef kernel, OptionalIntArrayRef stride,
                     IntArrayRef padding, bool ceilMode, bool countPadding,
                     std::optional<int64_t> divisor) {
  return averagePool(input, kernel, stride, padding, ceilMode, countPadding, divisor, 3,
                     "avg_pool3d");
}
Tensor nn_adaptive_avg_pool3d(const Tensor &input, ArrayRef<std::optional<int64_t>> size) {
  return adaptiveAverage(input, size, 3, "adaptive_avg_pool3d");
}
Tensor nn_adaptive_max_pool3d(const Tensor &input, ArrayRef<std::optional<int64_t>> size) {
  return std::get<0>(adaptiveMax(input, size, 3, "adaptive_max_pool3d"));
}
Pair nn_adaptive_max_pool3d(const Tensor &input, ArrayRef<std::optional<int64_t>> size,
                            bool returnIndices) {
  return withIndices(adaptiveMax(input, size, 3, "adaptive_max_pool3d"), returnIndices);
}
Pair nn_adaptive_max_pool3d_with_indices(const Tensor &input,
                                         ArrayRef<std::optional<int64_t>> size) {
  return adaptiveMax(input, size, 3, "adaptive_max_pool3d");
}

} // namespace ops
} // namespace v1
} // namespace tjit
