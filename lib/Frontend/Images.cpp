//===- Images.cpp -----------------------------------------------------------------------------===//
// Padding, other sizes, channels and pixels exchanged.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Windows.h"
#include "IR/Infer.h"

#include "tjit/TensorData.h"

#include <cmath>
#include <utility>

namespace tjit {
inline namespace v1 {
namespace ops {

//===------------------------------------------------------------------------------------------===//
// Padding
//===------------------------------------------------------------------------------------------===//

/// PyTorch's list, which begins with the last dimension, as one for each dimension from the first.
static void paddingOf(const Tensor &t, IntArrayRef pad, Dims &before, Dims &after,
                      const char *operation) {
  const size_t n = pad.size() / 2;
  if (pad.size() % 2 || static_cast<int64_t>(n) > rankOf(t, operation))
    throw Error(std::string(operation) + ": expected pairs of numbers for at most " +
                std::to_string(t.dim()) + " dimensions, found " + toString(sizesOf(pad)));
  for (size_t i = n; i-- > 0;) {
    before.push_back(pad[2 * i]);
    after.push_back(pad[2 * i + 1]);
  }
}

Tensor constant_pad_nd(const Tensor &self, IntArrayRef pad, const Scalar &value) {
  Dims before, after;
  paddingOf(self, pad, before, after, "constant_pad_nd");
  return laidAs(self, padConstant(self, before, after, value));
}

/// The place that padded place i of n elements repeats.
static int64_t repeatedPlace(int64_t i, int64_t n, std::string_view mode) {
  if (mode == "replicate")
    return std::clamp<int64_t>(i, 0, n - 1);
  if (mode == "circular")
    return (i % n + n) % n;
  i = i < 0 ? -i : i; // reflect: once at most
  return i >= n ? 2 * (n - 1) - i : i;
}

Tensor nn_pad(const Tensor &input, IntArrayRef pad, std::string_view mode,
              std::optional<Scalar> value) {
  Dims before, after;
  paddingOf(input, pad, before, after, "pad");
  if (mode == "constant")
    return autodiff::labeled(laidAs(input, padConstant(input, before, after, value.value_or(0))),
                             "ConstantPadNdBackward0");
  if (mode != "reflect" && mode != "replicate" && mode != "circular")
    throw Error("pad: the mode must be constant, reflect, replicate or circular, found \"" +
                std::string(mode) + "\"");
  if (value && !value->equal(0))
    throw Error("pad: the mode " + std::string(mode) + " takes no value");
  if (mode != "circular")
    refuseBool(input, "pad");
  const int64_t n = static_cast<int64_t>(before.size()), rank = input.dim();
  if (n < 1 || n > 3 || (rank != n + 1 && rank != n + 2))
    throw Error("pad: the mode " + std::string(mode) +
                " pads the last 1, 2 or 3 dimensions of "
                "[n, c, ...] or [c, ...], found sizes " +
                toString(sizesOf(input.sizes())) + " and " + toString(sizesOf(pad)));
  if (mode != "circular")
    for (int64_t d = rank == n + 2; d < rank; ++d)
      if (input.size(d) == 0)
        throw Error("pad: the mode " + std::string(mode) +
                    " needs elements; only the batch may be empty, found sizes " +
                    toString(sizesOf(input.sizes())));
  Tensor out = input;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t d = rank - n + i, size = input.size(d), low = before[i], high = after[i];
    if (size == 0 || size + low + high < 1)
      throw Error("pad: " + std::to_string(low) + " and " + std::to_string(high) +
                  " elements around dimension " + std::to_string(d) + " of sizes " +
                  toString(sizesOf(input.sizes())) + " leave nothing");
    const int64_t most = mode == "reflect" ? size - 1 : mode == "circular" ? size : INT64_MAX;
    if (low > most || high > most)
      throw Error("pad: the mode " + std::string(mode) + " adds at most " + std::to_string(most) +
                  " elements to a dimension of size " + std::to_string(size) + ", found " +
                  toString(sizesOf(pad)));
    if (low == 0 && high == 0)
      continue;
    std::vector<int64_t> places;
    if (mode == "circular") { // what is cut off is not repeated on the other side
      const int64_t cut = std::max<int64_t>(-low, 0),
                    rest = size - cut - std::max<int64_t>(-high, 0);
      if (rest < 1 || low > rest || high > rest)
        throw Error("pad: the mode circular repeats at most the " + std::to_string(rest) +
                    " elements that are left of a dimension of size " + std::to_string(size) +
                    ", found " + toString(sizesOf(pad)));
      for (int64_t p = -std::max<int64_t>(low, 0); p < rest + std::max<int64_t>(high, 0); ++p)
        places.push_back(cut + repeatedPlace(p, rest, mode));
    } else {
      for (int64_t p = -low; p < size + high; ++p)
        places.push_back(repeatedPlace(p, size, mode));
    }
    out = out.index_select(d, fromIntegers(places));
  }
  if (out.is_same(input))
    out = input.clone();
  if (mode != "circular") {
    out = laidAs(input, out);
    autodiff::markFlat(out);
  }
  static constexpr const char *names[2][3] = {
      {"ReflectionPad1DBackward0", "ReflectionPad2DBackward0", "ReflectionPad3DBackward0"},
      {"ReplicationPad1DBackward0", "ReplicationPad2DBackward0", "ReplicationPad3DBackward0"}};
  return autodiff::labeled(out, mode == "circular" ? "torch::autograd::CopySlices"
                                                   : names[mode == "replicate"][n - 1]);
}

//===------------------------------------------------------------------------------------------===//
// Other sizes
//===------------------------------------------------------------------------------------------===//

namespace {

/// One spatial dimension's way from its size to another.
struct Scale {
  int64_t from, to;
  double given; // the factor that decides about places, or 0: the sizes do

  double ratio() const {
    return given > 0 ? 1 / given : static_cast<double>(from) / static_cast<double>(to);
  }
  double aligned() const {
    return to > 1 ? static_cast<double>(from - 1) / static_cast<double>(to - 1) : 0;
  }
};

/// Places of the taps of each result element, and their weights: sum over taps of
/// weight[tap][i] * x[place[tap][i]].
struct Taps {
  std::vector<std::vector<int64_t>> places;
  std::vector<std::vector<double>> weights;

  explicit Taps(size_t n) : places(n), weights(n) {}
  void add(size_t tap, int64_t place, double weight, int64_t size) {
    places[tap].push_back(std::clamp<int64_t>(place, 0, size - 1));
    weights[tap].push_back(weight);
  }
};

/// PyTorch computes places in float32, unless the tensor is float64.
template <class T> T sourcePlace(const Scale &s, bool align, int64_t i, bool cubic) {
  if (align)
    return static_cast<T>(s.aligned()) * static_cast<T>(i);
  const T place = static_cast<T>(s.ratio()) * (static_cast<T>(i) + T(0.5)) - T(0.5);
  return cubic || place >= 0 ? place : T(0);
}
template <class T> Taps linearTaps(const Scale &s, bool align) {
  Taps taps(2);
  for (int64_t i = 0; i < s.to; ++i) {
    const T place = sourcePlace<T>(s, align, i, false);
    const int64_t low = std::min<int64_t>(static_cast<int64_t>(place), s.from - 1);
    const T weight = std::clamp<T>(place - static_cast<T>(low), 0, 1);
    taps.add(0, low, T(1) - weight, s.from);
    taps.add(1, low + 1, weight, s.from);
  }
  return taps;
}
/// Keys, Cubic convolution interpolation (1981), with a = -0.75.
template <class T> Taps cubicTaps(const Scale &s, bool align) {
  Taps taps(4);
  constexpr T a = T(-0.75);
  auto near = [](T x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  auto far = [](T x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
  for (int64_t i = 0; i < s.to; ++i) {
    const T place = sourcePlace<T>(s, align, i, true), floor = std::floor(place), t = place - floor;
    const T weights[] = {far(t + 1), near(t), near(1 - t), far(2 - t)};
    for (size_t tap = 0; tap < 4; ++tap)
      taps.add(tap, static_cast<int64_t>(floor) + static_cast<int64_t>(tap) - 1, weights[tap],
               s.from);
  }
  return taps;
}

Tensor applyTaps(const Tensor &x, int64_t d, const Taps &taps) {
  Dims along(static_cast<size_t>(x.dim()), 1);
  along[d] = static_cast<int64_t>(taps.places[0].size());
  Tensor sum;
  for (size_t i = 0; i < taps.places.size(); ++i) {
    const Tensor weight = tjit::tensor(taps.weights[i], x.scalar_type()).reshape(refOf(along));
    const Tensor part = x.index_select(d, fromIntegers(taps.places[i])) * weight;
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

/// Bytes (int32) in PyTorch's arithmetic of images: weights with as many binary digits as 16 bits
/// have for the largest of them, sums rounded to bytes, halves up.
Tensor applyFixedTaps(const Tensor &x, int64_t d, Taps taps) {
  const size_t count = taps.places.size();
  double largest = 0;
  for (size_t i = 0; i < taps.places[0].size(); ++i)
    for (size_t tap = 0; tap < count; ++tap) {
      size_t first = 0; // taps beyond the border are one with the border's
      while (taps.places[first][i] != taps.places[tap][i])
        ++first;
      if (first != tap)
        taps.weights[first][i] += std::exchange(taps.weights[tap][i], 0);
      largest = std::max(largest, taps.weights[first][i]);
    }
  int64_t digits = 0;
  while (digits < 22 &&
         std::floor(0.5 + std::ldexp(largest, static_cast<int>(digits) + 1)) < 0x1p15)
    ++digits;
  for (std::vector<double> &weights : taps.weights)
    for (double &weight : weights)
      weight = std::round(std::ldexp(weight, static_cast<int>(digits)));
  const Tensor sum = applyTaps(x, d, taps) + (int64_t(1) << digits >> 1);
  return sum.bitwise_right_shift(digits).clamp(0, 255);
}

Tensor nearest(const Tensor &x, int64_t d, const Scale &s, bool exact) {
  std::vector<int64_t> places;
  const auto ratio = static_cast<float>(s.ratio());
  for (int64_t i = 0; i < s.to; ++i) {
    const float place = (static_cast<float>(i) + (exact ? 0.5f : 0.0f)) * ratio;
    places.push_back(std::min<int64_t>(static_cast<int64_t>(std::floor(place)), s.from - 1));
  }
  return x.index_select(d, fromIntegers(places));
}

} // namespace

Tensor nn_interpolate(const Tensor &input, OptionalIntArrayRef size, ArrayRef<double> factors,
                      std::string_view mode, std::optional<bool> alignCorners,
                      std::optional<bool> recompute, bool antialias) {
  const int64_t d = rankOf(input, "interpolate") - 2;
  refuseBool(input, "interpolate");
  const bool isNearest = mode == "nearest" || mode == "nearest-exact";
  const std::pair<std::string_view, int64_t> ranks[] = {
      {"linear", 1}, {"bilinear", 2}, {"bicubic", 2}, {"trilinear", 3}};
  bool fits = (isNearest || mode == "area") && d >= 1 && d <= 3,
       known = isNearest || mode == "area";
  for (const auto &[name, wanted] : ranks)
    if (mode == name)
      known = true, fits = d == wanted;
  if (!known)
    throw Error("interpolate: unknown mode \"" + std::string(mode) + "\"");
  if (!fits)
    throw Error("interpolate: the mode " + std::string(mode) + " does not take sizes " +
                toString(sizesOf(input.sizes())));
  if (input.size(1) == 0)
    throw Error("interpolate: only the batch may be empty, found sizes " +
                toString(sizesOf(input.sizes())));
  if (antialias)
    throw ValueError("interpolate: antialias is not supported; blur the input first");
  if (alignCorners && (isNearest || mode == "area"))
    throw ValueError("interpolate: align_corners is for the linear and cubic modes, found " +
                     std::string(mode));
  if (size.has_value() == !factors.empty())
    throw ValueError("interpolate: give either size or scale_factor");
  std::vector<Scale> scales;
  if (size.has_value()) {
    const Dims sizes = spatial(size.value(), d, "size", "interpolate");
    for (int64_t i = 0; i < d; ++i)
      scales.push_back({input.size(i + 2), sizes[i], 0});
  } else {
    if (factors.size() != 1 && static_cast<int64_t>(factors.size()) != d)
      throw ValueError("interpolate: scale_factor must be one number or " + std::to_string(d));
    for (int64_t i = 0; i < d; ++i) {
      const double factor = factors[factors.size() == 1 ? 0 : i];
      const int64_t from = input.size(i + 2);
      scales.push_back({from, static_cast<int64_t>(std::floor(static_cast<double>(from) * factor)),
                        recompute.value_or(false) ? 0 : factor});
    }
  }
  for (const Scale &s : scales)
    if (s.from < 1 || s.to < 1)
      throw Error("interpolate: sizes must be positive, found " + std::to_string(s.from) + " to " +
                  std::to_string(s.to));
  if (mode == "area") {
    std::vector<std::optional<int64_t>> sizes;
    sizes.reserve(scales.size());
    for (const Scale &s : scales)
      sizes.push_back(s.to);
    return d == 1   ? nn::functional::adaptive_avg_pool1d(input, sizes)
           : d == 2 ? nn::functional::adaptive_avg_pool2d(input, sizes)
                    : nn::functional::adaptive_avg_pool3d(input, sizes);
  }
  Tensor x = input;
  if (isNearest) {
    for (int64_t i = 0; i < d; ++i)
      x = nearest(x, i + 2, scales[i], mode == "nearest-exact");
    static constexpr const char *names[2][3] = {
        {"UpsampleNearest1DBackward0", "UpsampleNearest2DBackward0", "UpsampleNearest3DBackward0"},
        {"UpsampleNearestExact1DBackward0", "UpsampleNearestExact2DBackward0",
         "UpsampleNearestExact3DBackward0"}};
    return autodiff::labeled(laidAs(input, x), names[mode == "nearest-exact"][d - 1]);
  }
  const ScalarType dtype = input.scalar_type();
  if (!isFloatingType(dtype) && dtype != kByte)
    throw Error("interpolate: the mode " + std::string(mode) + " is not defined for " +
                toString(dtype));
  const bool image = dtype == kByte && d == 2;
  x = castTo(x, dtype == kDouble ? kDouble : image ? kInt : kFloat);
  const bool align = alignCorners.value_or(false), cubic = mode == "bicubic";
  for (int64_t i = d; i-- > 0;) {
    const Scale &s = scales[i];
    if (image)
      x = applyFixedTaps(x, i + 2,
                         cubic ? cubicTaps<double>(s, align) : linearTaps<double>(s, align));
    else if (dtype == kDouble)
      x = applyTaps(x, i + 2, cubic ? cubicTaps<double>(s, align) : linearTaps<double>(s, align));
    else
      x = applyTaps(x, i + 2, cubic ? cubicTaps<float>(s, align) : linearTaps<float>(s, align));
    if (dtype == kByte && !image) // rounded in each dimension, halves up, as PyTorch does
      x = (x + 0.5).floor().clamp(0, 255);
  }
  return autodiff::labeled(laidAs(input, castTo(x, dtype)), cubic    ? "UpsampleBicubic2DBackward0"
                                                            : d == 1 ? "UpsampleLinear1DBackward0"
                                                            : d == 2
                                                                ? "UpsampleBilinear2DBackward0"
                                                                : "UpsampleTrilinear3DBackward0");
}

//===------------------------------------------------------------------------------------------===//
// Channels and pixels
//===------------------------------------------------------------------------------------------===//

/// A copy whose last three dimensions were split into `split`, put in `order` and joined to
/// `joined`.
static Tensor rearranged(const Tensor &input, std::initializer_list<int64_t> split,
                         std::initializer_list<int64_t> order,
                         std::initializer_list<int64_t> joined) {
  const std::vector<int64_t> batch(input.sizes().begin(), input.sizes().end() - 3);
  const int64_t first = static_cast<int64_t>(batch.size());
  std::vector<int64_t> from = batch, permuted, to = batch;
  from.insert(from.end(), split);
  to.insert(to.end(), joined);
  for (int64_t i = 0; i < first; ++i)
    permuted.push_back(i);
  for (int64_t i : order)
    permuted.push_back(first + i);
  return input.reshape(from).permute(permuted).clone().reshape(to);
}

Tensor nn_pixel_shuffle(const Tensor &input, int64_t r) {
  if (rankOf(input, "pixel_shuffle") < 3)
    throw Error("pixel_shuffle: expected [..., c, h, w], found sizes " +
                toString(sizesOf(input.sizes())));
  if (r < 1 || input.size(-3) % (r * r))
    throw Error("pixel_shuffle: " + std::to_string(input.size(-3)) +
                " channels are no multiple of the square of the factor " + std::to_string(r));
  const int64_t c = input.size(-3) / (r * r), h = input.size(-2), w = input.size(-1);
  return rearranged(input, {c, r, r, h, w}, {0, 3, 1, 4, 2}, {c, h * r, w * r}).contiguous();
}
Tensor nn_pixel_unshuffle(const Tensor &input, int64_t r) {
  if (rankOf(input, "pixel_unshuffle") < 3)
    throw Error("pixel_unshuffle: expected [..., c, h, w], found sizes " +
                toString(sizesOf(input.sizes())));
  if (r < 1 || input.size(-2) % r || input.size(-1) % r)
    throw Error("pixel_unshuffle: the sizes " + std::to_string(input.size(-2)) + " and " +
                std::to_string(input.size(-1)) + " are no multiples of the factor " +
                std::to_string(r));
  const int64_t c = input.size(-3), h = input.size(-2) / r, w = input.size(-1) / r;
  return laidAs(
      input, rearranged(input, {c, h, r, w, r}, {0, 2, 4, 1, 3}, {c * r * r, h, w}).contiguous());
}
Tensor nn_channel_shuffle(const Tensor &input, int64_t groups) {
  if (rankOf(input, "channel_shuffle") < 3)
    throw Error("channel_shuffle: expected [n, c, ...], found sizes " +
                toString(sizesOf(input.sizes())));
  if (groups < 1 || input.size(1) % groups)
    throw Error("channel_shuffle: " + std::to_string(input.size(1)) + " channels do not make " +
                std::to_string(groups) + " groups");
  Dims split(sizesOf(input.sizes()));
  Dims sizes{split[0], groups, split[1] / groups};
  for (size_t i = 2; i < split.size(); ++i)
    sizes.push_back(split[i]);
  return laidAs(input,
                input.reshape(refOf(sizes))
                    .transpose(1, 2)
                    .clone(MemoryFormat::Contiguous) // also where no channel changes its place
                    .reshape(input.sizes()));
}

} // namespace ops
} // namespace v1
} // namespace tjit
