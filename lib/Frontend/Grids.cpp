//===- Grids.cpp ------------------------------------------------------------------------------===//
// Images at points of a grid, and the inverse of max pools: both read or write single elements.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "IR/Infer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"

namespace {

enum class Outside { zeros, border, reflection };

/// x limited to [0, size - 1], without a gradient where it is outside.
Tensor limited(const Tensor &x, int64_t size) {
  const double last = static_cast<double>(size - 1);
  return tjit::where(x.gt(0).logical_and(x.lt(last)), x, x.detach().clamp(0, last));
}
/// x mirrored at low / 2 and high / 2 until it is between them.
Tensor mirrored(const Tensor &x, int64_t low, int64_t high) {
  if (low == high)
    return x * 0;
  const double start = static_cast<double>(low) / 2, span = static_cast<double>(high - low) / 2;
  const Tensor distance = (x - start).abs(), turns = (distance.detach() / span).floor(),
               rest = distance - turns * span, odd = turns.remainder(2).ne(0);
  return tjit::where(odd, span - rest, rest) + start;
}

/// One dimension of the image at the points.
struct Axis {
  int64_t size;
  Outside outside;
  bool corners;

  /// From [-1, 1] to indices.
  Tensor index(const Tensor &x) const {
    const double n = static_cast<double>(size);
    return corners ? (x + 1) * ((n - 1) / 2) : ((x + 1) * n - 1) / 2;
  }
  Tensor inside(const Tensor &x) const {
    if (outside == Outside::zeros)
      return x;
    const Tensor mirror = outside == Outside::reflection ? (corners ? mirrored(x, 0, 2 * (size - 1))
                                                                    : mirrored(x, -1, 2 * size - 1))
                                                         : x;
    return limited(mirror, size);
  }
};

/// Where a sample is read along one axis: an integer index, kept in the image, and its weight.
struct Tap {
  Tensor index, weight;
};
Tap tapAt(const Axis &axis, const Tensor &place, const Tensor &weight) {
  const double last = static_cast<double>(axis.size - 1);
  const Tensor in = place.ge(0).logical_and(place.le(last));
  return {castTo(tjit::where(in, place, 0).clamp(0, std::max(last, 0.0)), kLong),
          tjit::where(in, weight, 0)};
}

// Keys's cubic convolution with a = -0.75, as PyTorch has it.
double constexpr kCubic = -0.75;
Tensor cubicNear(const Tensor &t) { return ((kCubic + 2) * t - (kCubic + 3)) * t * t + 1; }
Tensor cubicFar(const Tensor &t) {
  return ((kCubic * t - 5 * kCubic) * t + 8 * kCubic) * t - 4 * kCubic;
}

std::vector<Tap> tapsOf(const Axis &axis, const Tensor &grid, std::string_view mode) {
  const Tensor raw = axis.index(grid);
  if (mode == "bicubic") {
    const Tensor base = raw.detach().floor(), t = raw - base;
    const Tensor weights[] = {cubicFar(t + 1), cubicNear(t), cubicNear(1 - t), cubicFar(2 - t)};
    std::vector<Tap> taps;
    taps.reserve(4);
    for (int k = 0; k < 4; ++k) // each place is moved inside by itself
      taps.push_back(tapAt(axis, axis.inside(base + (k - 1)).round(), weights[k]));
    return taps;
  }
  const Tensor x = axis.inside(raw);
  if (mode == "nearest")
    return {tapAt(axis, x.detach().round(), tjit::ones_like(x.detach()))};
  const Tensor base = x.detach().floor(), t = x - base;
  return {tapAt(axis, base, 1 - t), tapAt(axis, base + 1, t)};
}

} // namespace

Tensor nn_grid_sample(const Tensor &input, const Tensor &grid, std::string_view mode,
                      std::string_view paddingMode, std::optional<bool> alignCorners) {
  checkFloating(input, "grid_sample");
  const int64_t rank = rankOf(input, "grid_sample"), d = rank - 2;
  if ((rank != 4 && rank != 5) || rankOf(grid, "grid_sample") != rank || grid.size(-1) != d ||
      grid.size(0) != input.size(0))
    throw Error("grid_sample: expected [n, c, h, w] and [n, h2, w2, 2], or the same with depth, "
                "found sizes " +
                toString(sizesOf(input.sizes())) + " and " + toString(sizesOf(grid.sizes())));
  if (grid.scalar_type() != input.scalar_type())
    throw Error(std::string("grid_sample: the input is ") + toString(input.scalar_type()) +
                " and the grid " + toString(grid.scalar_type()));
  if (mode != "bilinear" && mode != "nearest" && !(mode == "bicubic" && rank == 4))
    throw ValueError("grid_sample: the mode must be bilinear, nearest or, for [n, c, h, w], "
                     "bicubic, found \"" +
                     std::string(mode) + "\"");
  Outside outside;
  if (paddingMode == "zeros")
    outside = Outside::zeros;
  else if (paddingMode == "border")
    outside = Outside::border;
  else if (paddingMode == "reflection")
    outside = Outside::reflection;
  else
    throw ValueError("grid_sample: padding_mode must be zeros, border or reflection, found \"" +
                     std::string(paddingMode) + "\"");
  for (int64_t k = 2; k < rank; ++k)
    if (input.size(k) == 0)
      throw Error("grid_sample: the input has an empty image, sizes " +
                  toString(sizesOf(input.sizes())));
  const int64_t n = input.size(0), c = input.size(1);
  const Tensor pixels = wide(input).flatten(2), points = wide(grid);
  int64_t count = 1;
  for (int64_t k = 1; k <= d; ++k)
    count *= grid.size(k);
  // Combinations of the taps of all axes, from the first (the slowest) axis on.
  std::vector<Tap> all;
  for (int64_t k = 0; k < d; ++k) {
    const Axis axis{input.size(2 + k), outside, alignCorners.value_or(false)};
    const Tensor coordinate = points.select(-1, d - 1 - k).reshape({n, count}); // x is the last
    std::vector<Tap> next;
    for (const Tap &tap : tapsOf(axis, coordinate, mode)) {
      if (k == 0)
        next.push_back(tap);
      for (const Tap &before : all)
        next.push_back({before.index * axis.size + tap.index, before.weight * tap.weight});
    }
    all = std::move(next);
  }
  Tensor sum;
  for (const Tap &tap : all) {
    const Tensor values =
        pixels.gather(2, tap.index.unsqueeze(1).expand({n, c, count})) * tap.weight.unsqueeze(1);
    sum = sum.defined() ? sum + values : values;
  }
  Dims sizes{n, c};
  for (int64_t k = 1; k <= d; ++k)
    sizes.push_back(grid.size(k));
  return autodiff::labeled(castTo(sum.reshape(refOf(sizes)), input.scalar_type()),
                           d == 2 ? "GridSampler2DBackward0" : "GridSampler3DBackward0");
}
Tensor grid_sampler(const Tensor &input, const Tensor &grid, int64_t mode, int64_t padding,
                    bool alignCorners) {
  constexpr std::string_view modes[] = {"bilinear", "nearest", "bicubic"};
  constexpr std::string_view paddings[] = {"zeros", "border", "reflection"};
  if (mode < 0 || mode > 2 || padding < 0 || padding > 2)
    throw Error("grid_sampler: modes are 0, 1 and 2, found " + std::to_string(mode) + " and " +
                std::to_string(padding));
  return nn_grid_sample(input, grid, modes[mode], paddings[padding], alignCorners);
}

Tensor nn_affine_grid(const Tensor &theta, IntArrayRef size, bool alignCorners) {
  checkFloating(theta, "affine_grid");
  const int64_t rank = static_cast<int64_t>(size.size()), d = rank - 2;
  if ((d != 2 && d != 3) || theta.dim() != 3 || theta.size(1) != d || theta.size(2) != d + 1 ||
      theta.size(0) != size[0])
    throw Error("affine_grid: expected theta [n, 2, 3] and a size (n, c, h, w), or [n, 3, 4] and "
                "(n, c, d, h, w), found " +
                toString(sizesOf(theta.sizes())) + " and " + toString(sizesOf(size)));
  for (int64_t s : size)
    if (s <= 0)
      throw Error("affine_grid: expected positive sizes, found " + toString(sizesOf(size)));
  std::vector<Tensor> axes;
  for (int64_t k = 0; k < d; ++k) {
    const int64_t n = size[2 + k];
    Tensor line =
        n > 1 ? tjit::linspace(-1, 1, n, theta.options()) : tjit::zeros({1}, theta.options());
    if (!alignCorners)
      line = line * (static_cast<double>(n - 1) / static_cast<double>(n));
    axes.push_back(line);
  }
  std::vector<Tensor> columns = tjit::meshgrid(axes, "ij");
  std::reverse(columns.begin(), columns.end()); // x first
  columns.push_back(tjit::ones_like(columns[0]));
  const Tensor base = tjit::stack(columns, -1).reshape({-1, d + 1});
  Dims sizes{size[0]};
  for (int64_t k = 0; k < d; ++k)
    sizes.push_back(size[2 + k]);
  sizes.push_back(d);
  return base.matmul(theta.mT()).reshape(refOf(sizes));
}

//===------------------------------------------------------------------------------------------===//
// The inverse of max pools
//===------------------------------------------------------------------------------------------===//

/// x [..., spatial] put at the indices of an output whose spatial sizes are given.
static Tensor unpooled(const Tensor &x, const Tensor &indices, Sizes spatialSizes,
                       const char *operation) {
  const int64_t d = static_cast<int64_t>(spatialSizes.size());
  if (!isIntegralType(implOf(indices, operation).type().dtype, false))
    throw Error(std::string(operation) + ": indices must be int64, found " +
                toString(indices.scalar_type()));
  if (!indices.sizes().equals(x.sizes()) || (x.dim() != d + 1 && x.dim() != d + 2))
    throw Error(std::string(operation) +
                ": expected input and indices [n, c, ...] or [c, ...] of one size, found sizes " +
                toString(sizesOf(x.sizes())) + " and " + toString(sizesOf(indices.sizes())));
  int64_t count = 1;
  for (int64_t s : spatialSizes)
    count *= s;
  const Tensor values = x.flatten(-d), places = castTo(indices, kLong).flatten(-d);
  Dims flat(sizesOf(values.sizes()));
  flat[flat.size() - 1] = count;
  const Tensor out =
      tjit::zeros(refOf(flat), x.options().requires_grad(false)).scatter(-1, places, values);
  Dims sizes(sizesOf(x.sizes().slice(0, x.sizes().size() - spatialSizes.size())));
  for (int64_t s : spatialSizes)
    sizes.push_back(s);
  return out.reshape(refOf(sizes));
}
static Tensor maxUnpool(const Tensor &x, const Tensor &indices, IntArrayRef kernel,
                        OptionalIntArrayRef stride, IntArrayRef padding, OptionalIntArrayRef wanted,
                        int64_t d, const char *operation) {
  checkFloating(x, operation);
  const int64_t rank = x.dim();
  if (rank != d + 1 && rank != d + 2)
    throw Error(std::string(operation) + ": expected [n, c, ...] or [c, ...], found sizes " +
                toString(sizesOf(x.sizes())));
  const Dims k = spatial(kernel, d, "kernel_size", operation),
             s = stride.has_value() && !(*stride).empty() ? spatial(*stride, d, "stride", operation)
                                                          : k,
             p = spatial(padding, d, "padding", operation);
  Dims sizes;
  for (int64_t i = 0; i < d; ++i)
    sizes.push_back((x.size(rank - d + i) - 1) * s[i] - 2 * p[i] + k[i]);
  if (wanted.has_value()) {
    IntArrayRef given = *wanted;
    if (static_cast<int64_t>(given.size()) == d + 2)
      given = given.slice(2);
    if (static_cast<int64_t>(given.size()) != d)
      throw ValueError(std::string(operation) + ": output_size must have " + std::to_string(d) +
                       " or " + std::to_string(d + 2) + " numbers, found " +
                       toString(sizesOf(*wanted)));
    for (int64_t i = 0; i < d; ++i) {
      if (given[i] <= sizes[i] - s[i] || given[i] >= sizes[i] + s[i])
        throw ValueError(std::string(operation) + ": output_size " + toString(sizesOf(given)) +
                         " is not within a stride of " + toString(sizes));
      sizes[i] = given[i];
    }
  }
  return unpooled(x, indices, sizes, operation);
}
Tensor nn_max_unpool1d(const Tensor &input, const Tensor &indices, IntArrayRef kernel,
                       OptionalIntArrayRef stride, IntArrayRef padding, OptionalIntArrayRef size) {
  return maxUnpool(input, indices, kernel, stride, padding, size, 1, "max_unpool1d");
}
Tensor nn_max_unpool2d(const Tensor &input, const Tensor &indices, IntArrayRef kernel,
                       OptionalIntArrayRef stride, IntArrayRef padding, OptionalIntArrayRef size) {
  return maxUnpool(input, indices, kernel, stride, padding, size, 2, "max_unpool2d");
}
Tensor nn_max_unpool3d(const Tensor &input, const Tensor &indices, IntArrayRef kernel,
                       OptionalIntArrayRef stride, IntArrayRef padding, OptionalIntArrayRef size) {
  return maxUnpool(input, indices, kernel, stride, padding, size, 3, "max_unpool3d");
}
Tensor plain_max_unpool2d(const Tensor &self, const Tensor &indices, IntArrayRef size) {
  implOf(self, "max_unpool2d");
  return unpooled(self, indices, spatial(size, 2, "output_size", "max_unpool2d"), "max_unpool2d");
}
Tensor plain_max_unpool3d(const Tensor &self, const Tensor &indices, IntArrayRef size, IntArrayRef,
                          IntArrayRef) {
  implOf(self, "max_unpool3d");
  return unpooled(self, indices, spatial(size, 3, "output_size", "max_unpool3d"), "max_unpool3d");
}

} // namespace ops
} // namespace v1
} // namespace tjit
