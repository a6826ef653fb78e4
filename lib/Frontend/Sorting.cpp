//===- Sorting.cpp ----------------------------------------------------------------------------===//
// Sorting, order statistics, searching, counting.
//
// The primitive says where the elements stand in the order of a line; values are gathered, so that
// their gradients are those of a gather.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include "tjit/Indexing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

using Pair = std::tuple<Tensor, Tensor>;

/// The order of the lines along dim, which is wrapped; self has dimensions.
Tensor orderOf(const Tensor &self, int64_t dim, bool descending) {
  AttrWords words;
  ArgsortAttrs{dim, descending}.write(words);
  return recordOp(OpKind::argsort, {&self, 1}, words.span());
}

/// A 0-dim tensor is a line of one element.
Pair ofScalar(const Tensor &self) { return {self.clone(), recordFill(0, kLong, {})}; }

Pair gathered(const Tensor &self, int64_t dim, const Tensor &index, bool keepdim) {
  const Tensor values = self.gather(dim, index);
  return keepdim ? Pair{values, index} : Pair{values.squeeze(dim), index.squeeze(dim)};
}

/// How many elements of each line are NaN, with the dimension kept.
Tensor countNan(const Tensor &self, int64_t dim) {
  return reduceDims(OpKind::sum, self.isnan(), dim, true);
}

Pair medianOfLines(const Tensor &self, int64_t dim, bool keepdim, bool ignoreNan,
                   const char *operation) {
  refuseBool(self, operation);
  dim = wrapDim(dim, rankOf(self, operation), operation);
  if (self.dim() == 0)
    return ofScalar(self);
  const int64_t n = self.size(dim);
  if (n == 0)
    throw IndexError(std::string(operation) + ": dimension " + std::to_string(dim) +
                     " has size 0, so it has no median");
  const Tensor order = orderOf(self, dim, false);
  if (!isFloatingType(self.scalar_type()))
    return gathered(self, dim, order.narrow(dim, (n - 1) / 2, 1), keepdim);
  // NaN is at the end of the order.
  const Tensor nan = countNan(self, dim);
  const Tensor position = ignoreNan
                              ? ((n - 1) - nan).clamp_min(0).bitwise_right_shift(1)
                              : tjit::where(nan > 0, n - nan, tjit::full({}, (n - 1) / 2, kLong));
  return gathered(self, dim, order.gather(dim, position), keepdim);
}

/// Of all elements. Equal ones share the gradient evenly, as in PyTorch.
Tensor medianOfAll(const Tensor &self, bool ignoreNan, const char *operation) {
  refuseBool(self, operation);
  const ScalarType dtype = self.scalar_type();
  if (self.numel() == 0)
    return castTo(self.sum() + std::numeric_limits<double>::quiet_NaN(), dtype);
  const Tensor flat = self.reshape({-1});
  return compositeUnary(
      "Median", flat,
      [&](const Tensor &x) {
        return std::get<0>(medianOfLines(x, 0, false, ignoreNan, operation));
      },
      [](const Tensor &grad, const Tensor &x, const Tensor &value) {
        const Tensor equal =
            x.eq(value).logical_or(x.isnan().logical_and(value.isnan())).to(x.scalar_type());
        return grad * equal / equal.sum();
      });
}

} // namespace

Pair sort(const Tensor &self, int64_t dim, bool descending) {
  dim = wrapDim(dim, rankOf(self, "sort"), "sort");
  if (self.dim() == 0)
    return ofScalar(self);
  if (const std::optional<Dims> order = orderOfCopy(self)) { // results lie as self does
    const auto at = std::ranges::find(*order, dim);
    const auto [values, indices] =
        ops::sort(self.permute(refOf(*order)).contiguous(), at - order->begin(), descending);
    return {fromMemoryOrder(values, *order), fromMemoryOrder(indices, *order)};
  }
  return gathered(self, dim, orderOf(self, dim, descending), true);
}
Pair sort(const Tensor &self, std::optional<bool>, int64_t dim, bool descending) {
  return self.sort(dim, descending);
}
Tensor argsort(const Tensor &self, int64_t dim, bool descending) {
  dim = wrapDim(dim, rankOf(self, "argsort"), "argsort");
  return std::get<1>(ops::sort(self.detach(), dim, descending));
}
Tensor argsort(const Tensor &self, bool, int64_t dim, bool descending) {
  return self.argsort(dim, descending);
}
Tensor msort(const Tensor &self) { return std::get<0>(self.sort(0)); }

Pair topk(const Tensor &self, int64_t k, int64_t dim, bool largest, bool) {
  refuseBool(self, "topk");
  dim = wrapDim(dim, self.dim(), "topk");
  const int64_t n = self.dim() ? self.size(dim) : 1;
  if (k < 0 || k > n)
    throw Error("topk: k must be between 0 and the dimension's size " + std::to_string(n) +
                ", found " + std::to_string(k));
  if (self.dim() == 0)
    return ofScalar(self);
  return gathered(self, dim, orderOf(self, dim, largest).narrow(dim, 0, k), true);
}

Pair kthvalue(const Tensor &self, int64_t k, int64_t dim, bool keepdim) {
  refuseBool(self, "kthvalue");
  dim = wrapDim(dim, self.dim(), "kthvalue");
  const int64_t n = self.dim() ? self.size(dim) : 1;
  if (k < 1 || k > n)
    throw Error("kthvalue: k must be between 1 and the dimension's size " + std::to_string(n) +
                ", found " + std::to_string(k));
  if (self.dim() == 0)
    return ofScalar(self);
  return gathered(self, dim, orderOf(self, dim, false).narrow(dim, k - 1, 1), keepdim);
}

Tensor median(const Tensor &self) { return medianOfAll(self, false, "median"); }
Tensor nanmedian(const Tensor &self) { return medianOfAll(self, true, "nanmedian"); }
Pair median(const Tensor &self, int64_t dim, bool keepdim) {
  return medianOfLines(self, dim, keepdim, false, "median");
}
Pair nanmedian(const Tensor &self, int64_t dim, bool keepdim) {
  return medianOfLines(self, dim, keepdim, true, "nanmedian");
}

Pair mode(const Tensor &self, int64_t dim, bool keepdim) {
  dim = wrapDim(dim, rankOf(self, "mode"), "mode");
  if (self.dim() == 0)
    return ofScalar(self);
  const int64_t n = self.size(dim);
  if (n == 0)
    throw IndexError("mode: dimension " + std::to_string(dim) +
                     " has size 0, so it has no most frequent element");
  const Tensor order = orderOf(self, dim, false), sorted = self.detach().gather(dim, order);
  // In the sorted line: where each run of equal elements starts, and how long it is up to each
  // element. The first longest one is the smallest of the most frequent elements.
  Dims along(static_cast<size_t>(self.dim()), 1);
  along[dim] = n;
  const Tensor place = tjit::arange(n).reshape(refOf(along));
  Dims first(sizesOf(self.sizes()));
  first[dim] = 1;
  const Tensor parts[] = {tjit::zeros(refOf(first), kBool),
                          sorted.narrow(dim, 1, n - 1).ne(sorted.narrow(dim, 0, n - 1))};
  const Tensor starts = tjit::where(tjit::cat(parts, dim), place, 0);
  const Tensor length = place - std::get<0>(starts.cummax(dim));
  return gathered(self, dim, order.gather(dim, length.argmax(dim, true)), keepdim);
}

//===------------------------------------------------------------------------------------------===//
// Distinct elements
//===------------------------------------------------------------------------------------------===//

namespace {

using Triple = std::tuple<Tensor, Tensor, Tensor>;

/// Rows [n, m] (or elements [n]) in an order in which equal ones are neighbours become one each.
struct Runs {
  Tensor values, group, counts; // group: which run each row belongs to

  explicit Runs(const Tensor &rows) {
    const int64_t n = rows.size(0);
    if (n == 0) {
      values = rows, group = counts = tjit::zeros({0}, kLong);
      return;
    }
    Tensor changes = rows.narrow(0, 1, n - 1).ne(rows.narrow(0, 0, n - 1));
    if (rows.dim() > 1)
      changes = changes.flatten(1).any(1);
    const Tensor parts[] = {tjit::ones({1}, kBool), changes};
    const Tensor starts = tjit::cat(parts, 0);
    group = starts.cumsum(0) - 1;
    const Tensor places = starts.nonzero().reshape({-1});
    values = rows.index_select(0, places);
    const Tensor ends[] = {places.narrow(0, 1, places.size(0) - 1), tjit::full({1}, n, kLong)};
    counts = tjit::cat(ends, 0) - places;
  }
};

/// The lexicographic order of rows [n, m]: stable sorts from the last column to the first.
Tensor orderOfRows(const Tensor &rows) {
  Tensor order = tjit::arange(rows.size(0));
  for (int64_t column = rows.size(1); column-- > 0;) {
    const Tensor key = rows.select(1, column).gather(0, order);
    order = order.gather(0, orderOf(key, 0, false));
  }
  return order;
}

/// Without dim of all elements, with it of the slices along it.
Triple distinct(const Tensor &self, std::optional<int64_t> dim, bool sorting, bool inverse,
                bool counts, const char *operation) {
  const int64_t rank = rankOf(self, operation);
  Tensor rows = self.detach().reshape({-1});
  if (dim && rank == 0)
    throw IndexError(std::string(operation) + ": a tensor without dimensions has no dimension " +
                     std::to_string(*dim));
  if (dim) {
    dim = wrapDim(*dim, rank, operation);
    rows = self.detach().movedim(*dim, 0);
  }
  const Dims sizes(sizesOf(rows.sizes()));
  const int64_t n = rows.size(0);
  if (rows.dim() > 1 && std::ranges::count(sizes.begin() + 1, sizes.end(), 0))
    throw Error(std::string(operation) + ": slices along dimension " + std::to_string(*dim) +
                " of sizes " + toString(sizesOf(self.sizes())) + " have no elements to compare");
  Tensor order;
  if (sorting && n) {
    order = rows.dim() == 1 ? orderOf(rows, 0, false)
                            : orderOfRows(rows.reshape({n, rows.numel() / n}));
    rows = rows.index_select(0, order);
  }
  const Runs runs(rows);
  Triple out{withoutDerivative(operation, {self},
                               [&] { return dim ? runs.values.movedim(0, *dim) : runs.values; }),
             Tensor(), Tensor()};
  if (inverse) {
    Tensor group = runs.group;
    if (order.defined())
      group = tjit::zeros({n}, kLong).scatter(0, order, group);
    std::get<1>(out) = dim ? group : group.reshape(self.sizes());
  }
  if (counts)
    std::get<2>(out) = runs.counts;
  return out;
}

} // namespace

Triple unique(const Tensor &self, bool, bool inverse, bool counts, std::optional<int64_t> dim) {
  return distinct(self, dim, true, inverse, counts, "unique");
}
/// What was not asked for is empty, as in ATen.
static Triple completed(Triple found) {
  for (Tensor *t : {&std::get<1>(found), &std::get<2>(found)})
    if (!t->defined())
      *t = recordFill(0, kLong, std::array<int64_t, 1>{0});
  return found;
}
Triple _unique2(const Tensor &self, bool, bool inverse, bool counts) {
  return completed(distinct(self, std::nullopt, true, inverse, counts, "unique"));
}
Triple unique_dim(const Tensor &self, int64_t dim, bool, bool inverse, bool counts) {
  return completed(distinct(self, dim, true, inverse, counts, "unique"));
}
Triple unique_consecutive(const Tensor &self, bool inverse, bool counts,
                          std::optional<int64_t> dim) {
  return completed(distinct(self, dim, false, inverse, counts, "unique_consecutive"));
}
Triple unique_dim_consecutive(const Tensor &self, int64_t dim, bool inverse, bool counts) {
  return completed(distinct(self, dim, false, inverse, counts, "unique_consecutive"));
}

//===------------------------------------------------------------------------------------------===//
// Searching
//===------------------------------------------------------------------------------------------===//

namespace {

Tensor search(const Tensor &boundaries, const Tensor &values, bool outInt32, bool right) {
  const ScalarType dtype = promoted(boundaries, values);
  AttrWords words;
  SearchsortedAttrs{right}.write(words);
  const Tensor operands[] = {castTo(boundaries.detach(), dtype), castTo(values.detach(), dtype)};
  const Tensor found = recordOp(OpKind::searchsorted, operands, words.span());
  return outInt32 ? castTo(found, kInt) : found;
}

/// The sorted lines, and whether values go behind those that are equal.
Tensor sortedLines(const Tensor &sequence, const std::optional<Tensor> &given,
                   std::optional<std::string_view> side, bool &right) {
  if (implOf(sequence, "searchsorted").type().sizes.empty())
    throw Error("searchsorted: the boundaries need a dimension, found a 0-dim tensor");
  if (side) {
    if (*side != "left" && *side != "right")
      throw Error("searchsorted: side must be \"left\" or \"right\", found \"" +
                  std::string(*side) + "\"");
    if (*side == "left" && right)
      throw Error("searchsorted: side is \"left\" but right is true");
    right = *side == "right";
  }
  const Tensor sorter = given.value_or(Tensor());
  if (!sorter.defined())
    return sequence;
  if (sorter.scalar_type() != kLong || !sorter.sizes().equals(sequence.sizes()))
    throw Error(std::string("searchsorted: the sorter must be int64 in the sizes ") +
                toString(sizesOf(sequence.sizes())) + " of the boundaries, found " +
                toString(sorter.scalar_type()) + toString(sizesOf(sorter.sizes())));
  return sequence.gather(-1, sorter);
}

} // namespace

Tensor searchsorted(const Tensor &sequence, const Tensor &self, bool outInt32, bool right,
                    std::optional<std::string_view> side, const std::optional<Tensor> &sorter) {
  const Tensor lines = sortedLines(sequence, sorter, side, right);
  refuseBool(lines, "searchsorted");
  return search(lines, self, outInt32, right);
}
Tensor searchsorted(const Tensor &sequence, const Scalar &self, bool outInt32, bool right,
                    std::optional<std::string_view> side, const std::optional<Tensor> &sorter) {
  const Tensor lines = sortedLines(sequence, sorter, side, right);
  return search(lines, scalarArgument(self, promoted(lines, self)), outInt32, right);
}
static void checkBoundaries(const Tensor &boundaries) {
  if (implOf(boundaries, "bucketize").type().sizes.size() != 1)
    throw Error("bucketize: the boundaries must be a vector, found sizes " +
                toString(sizesOf(boundaries.sizes())));
}
Tensor bucketize(const Tensor &self, const Tensor &boundaries, bool outInt32, bool right) {
  checkBoundaries(boundaries);
  refuseBool(boundaries, "bucketize");
  return search(boundaries, self, outInt32, right);
}
Tensor bucketize(const Scalar &self, const Tensor &boundaries, bool outInt32, bool right) {
  checkBoundaries(boundaries);
  return search(boundaries, scalarArgument(self, promoted(boundaries, self)), outInt32, right);
}

Tensor isin(const Tensor &elements, const Tensor &tests, bool, bool invert) {
  refuseBool(elements, "isin"), refuseBool(tests, "isin");
  constexpr int64_t kCompareAllUpTo = 1 << 20;
  const ScalarType dtype = promoted(elements, tests);
  const Tensor x = castTo(elements, dtype), all = castTo(tests, dtype).reshape({-1});
  Tensor found;
  if (all.numel() == 0) {
    found = tjit::zeros(x.sizes(), kBool);
  } else if (x.numel() <= kCompareAllUpTo / all.numel()) {
    // libtorch compares few with a view of them.
    if (static_cast<double>(tests.numel()) <
        10 * std::pow(static_cast<double>(elements.numel()), 0.145))
      (void)tests.view({-1});
    found = x.unsqueeze(-1).eq(all).any(-1);
  } else {
    // Between bisections to both sides of it stands what is equal. NaN, which no bisection can
    // pass, stands for infinity, and infinity is looked for by comparison.
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const bool isFloat = isFloatingType(dtype);
    const Tensor sorted =
        std::get<0>((isFloat ? tjit::where(all.isnan(), kInfinity, all) : all).sort(0));
    found = search(sorted, x, false, true).gt(search(sorted, x, false, false));
    if (isFloat)
      found = tjit::where(x.eq(kInfinity), all.eq(kInfinity).any(), found);
  }
  return invert ? found.logical_not() : found;
}
Tensor isin(const Tensor &elements, const Scalar &test, bool, bool invert) {
  return invert ? elements.ne(test) : elements.eq(test);
}
Tensor isin(const Scalar &element, const Tensor &tests, bool, bool invert) {
  const Tensor found =
      implOf(tests, "isin").numel() ? tests.eq(element).any() : recordFill(0, kBool, {});
  return invert ? found.logical_not() : found;
}

//===------------------------------------------------------------------------------------------===//
// Counting
//===------------------------------------------------------------------------------------------===//

Tensor histc(const Tensor &self, int64_t bins, const Scalar &min, const Scalar &max) {
  const ScalarType dtype = implOf(self, "histc").type().dtype;
  if (!isFloatingType(dtype))
    throw Error(std::string("histc: expected a floating-point tensor, found ") + toString(dtype));
  if (bins <= 0)
    throw Error("histc: the number of bins must be positive, found " + std::to_string(bins));
  double low = min.toDouble(), high = max.toDouble();
  const Tensor x = self.detach().reshape({-1});
  if (low == high && x.numel())
    low = x.amin().item<double>(), high = x.amax().item<double>();
  if (low == high)
    low -= 1, high += 1;
  if (!std::isfinite(low) || !std::isfinite(high))
    throw Error("histc: the range [" + std::to_string(low) + ", " + std::to_string(high) +
                "] is not finite");
  if (low > high)
    throw Error("histc: max must not be below min, found " + std::to_string(high) + " below " +
                std::to_string(low));
  const Tensor inside = x.ge(low).logical_and(x.le(high));
  const Tensor bin = castTo((x - low) * bins / (high - low), kLong).clamp(0, bins - 1);
  // What is outside is counted behind the last bin.
  const Tensor counts = tjit::zeros({bins + 1}, kLong)
                            .scatter_add(0, tjit::where(inside, bin, bins),
                                         recordFill(1, kLong, x.impl()->type().sizes));
  return castTo(counts.narrow(0, 0, bins), dtype);
}

namespace {

/// The elements (or their weights) between neighbouring edges, ascending and of self's dtype.
std::tuple<Tensor, Tensor> histogramOf(const Tensor &self, const Tensor &edges,
                                       const std::optional<Tensor> &weight, bool density) {
  const int64_t bins = edges.size(0) - 1;
  const Tensor x = self.detach().reshape({-1});
  Tensor w = tjit::ones(x.sizes(), x.scalar_type());
  if (weight && weight->defined()) {
    if (!weight->sizes().equals(self.sizes()) || weight->scalar_type() != self.scalar_type())
      throw Error(std::string("histogram: the weights must have the sizes and the dtype of the "
                              "input, found ") +
                  toString(weight->scalar_type()) + toString(sizesOf(weight->sizes())));
    w = weight->detach().reshape({-1});
  }
  // The last edge belongs to the last bin; what is outside is counted behind it.
  const Tensor inside = x.ge(edges[0]).logical_and(x.le(edges[-1]));
  const Tensor bin = tjit::where(inside, (search(edges, x, false, true) - 1).clamp(0, bins - 1),
                                 recordFill(double(bins), kLong, {}));
  Tensor counts = tjit::zeros({bins + 1}, x.options()).scatter_add(0, bin, w).narrow(0, 0, bins);
  if (density)
    counts = counts / counts.sum() / (edges.narrow(0, 1, bins) - edges.narrow(0, 0, bins));
  auto own = [&] { return counts.clone(); };
  if (weight && weight->defined())
    return {withoutDerivative("histogram", {self, *weight}, own), edges};
  return {withoutDerivative("histogram", {self}, own), edges};
}

} // namespace

std::tuple<Tensor, Tensor> histogram(const Tensor &self, const Tensor &bins,
                                     const std::optional<Tensor> &weight, bool density) {
  checkFloating(self, "histogram");
  if (rankOf(bins, "histogram") != 1 || bins.size(0) < 2 ||
      bins.scalar_type() != self.scalar_type())
    throw Error(std::string("histogram: the edges must be a vector of at least two elements of "
                            "the input's dtype, found ") +
                toString(bins.scalar_type()) + toString(sizesOf(bins.sizes())));
  if (!bins.narrow(0, 1, bins.size(0) - 1)
           .ge(bins.narrow(0, 0, bins.size(0) - 1))
           .all()
           .item<bool>())
    throw Error("histogram: the edges must ascend");
  return histogramOf(self, bins.detach().clone(), weight, density);
}
std::tuple<Tensor, Tensor> histogram(const Tensor &self, int64_t bins,
                                     std::optional<ArrayRef<double>> range,
                                     const std::optional<Tensor> &weight, bool density) {
  checkFloating(self, "histogram");
  if (bins < 1 || (range && range->size() != 2))
    throw Error("histogram: expected at least one bin and a range of two numbers, found " +
                std::to_string(bins) + " bins");
  double low = 0, high = 0;
  if (range)
    low = (*range)[0], high = (*range)[1];
  else if (self.numel())
    low = self.amin().item<double>(), high = self.amax().item<double>();
  if (!std::isfinite(low) || !std::isfinite(high) || low > high)
    throw Error("histogram: [" + std::to_string(low) + ", " + std::to_string(high) +
                "] is no finite range");
  if (low == high)
    low -= 0.5, high += 0.5;
  return histogramOf(self, tjit::linspace(low, high, bins + 1, self.options()), weight, density);
}

Tensor bincount(const Tensor &self, const std::optional<Tensor> &given, int64_t minlength) {
  const Tensor weights = given.value_or(Tensor());
  const ScalarType dtype = implOf(self, "bincount").type().dtype;
  if (!isIntegralType(dtype, false) || self.dim() != 1)
    throw Error(std::string("bincount: expected a vector of integers, found ") + toString(dtype) +
                toString(sizesOf(self.sizes())));
  if (minlength < 0)
    throw Error("bincount: minlength must not be negative, found " + std::to_string(minlength));
  if (weights.defined() && (weights.dim() != 1 || weights.size(0) != self.numel()))
    throw Error("bincount: weights of sizes " + toString(sizesOf(weights.sizes())) +
                " do not match the input's " + toString(sizesOf(self.sizes())));
  const Tensor index = castTo(self.reshape({-1}), kLong);
  int64_t n = minlength;
  if (index.numel()) {
    const int64_t smallest = index.amin().item<int64_t>();
    if (smallest < 0)
      throw Error("bincount: elements must not be negative, found " + std::to_string(smallest));
    n = std::max(n, index.amax().item<int64_t>() + 1);
  }
  if (!weights.defined())
    return tjit::zeros({n}, kLong)
        .scatter_add(0, index, recordFill(1, kLong, index.impl()->type().sizes));
  return withoutDerivative("bincount", {weights}, [&] {
    const Tensor added = castTo(weights, weights.scalar_type() == kFloat ? kFloat : kDouble);
    return tjit::zeros({n}, added.scalar_type()).scatter_add(0, index, added);
  });
}

} // namespace ops
} // namespace v1
} // namespace tjit
