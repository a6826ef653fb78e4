//===- Cumulative.cpp -------------------------------------------------------------------------===//
// Running sums, products and extrema, differences, integrals, combinations.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Evaluate.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include <limits>

namespace tjit {
inline namespace v1 {
namespace ops {

static Tensor running(OpKind kind, const Tensor &self, int64_t dim, std::optional<ScalarType> dtype,
                      const char *operation) {
  dim = wrapDim(dim, rankOf(self, operation), operation);
  if (dtype && !isFloatingType(*dtype)) {
    refuseBool(*dtype, operation);
    refuseGradient(self, "input", operation); // integers have no history
  }
  const Tensor x = dtype ? castTo(self, *dtype) : self;
  Tensor out = x;
  if (self.dim())
    out = recordOp(kind, {&x, 1}, {&dim, 1});
  else if (isIntegralType(x.scalar_type(), true))
    out = castTo(x, kLong);
  if (dtype)
    out = castTo(out, *dtype);
  return out.is_same(self) ? self.clone() : out;
}
Tensor cumsum(const Tensor &self, int64_t dim, std::optional<ScalarType> dtype) {
  return running(OpKind::cumsum, self, dim, dtype, "cumsum");
}
Tensor cumprod(const Tensor &self, int64_t dim, std::optional<ScalarType> dtype) {
  return running(OpKind::cumprod, self, dim, dtype, "cumprod");
}

static std::tuple<Tensor, Tensor> runningExtremum(OpKind kind, const Tensor &self, int64_t dim,
                                                  const char *operation) {
  dim = wrapDim(dim, rankOf(self, operation), operation);
  if (self.dim() == 0)
    return {self.clone(), recordFill(0, kLong, {})};
  const Tensor index = recordOp(kind, {&self, 1}, {&dim, 1});
  return {self.gather(dim, index), index};
}
std::tuple<Tensor, Tensor> cummax(const Tensor &self, int64_t dim) {
  return runningExtremum(OpKind::cummax, self, dim, "cummax");
}
std::tuple<Tensor, Tensor> cummin(const Tensor &self, int64_t dim) {
  return runningExtremum(OpKind::cummin, self, dim, "cummin");
}

/// log(exp(a) + exp(b)); -infinity where both are.
static Tensor logSum(const Tensor &a, const Tensor &b) {
  const Tensor larger = a.maximum(b).detach();
  const Tensor shift = tjit::where(larger.isfinite(), larger, 0);
  return ((a - shift).exp() + (b - shift).exp()).log() + shift;
}
// Hillis and Steele's prefix sums (CACM 1986): each sum is shifted by what it holds itself, so
// nothing is lost where the line has both large and small elements.
Tensor logcumsumexp(const Tensor &self, int64_t dim) {
  dim = wrapDim(dim, rankOf(self, "logcumsumexp"), "logcumsumexp");
  checkFloating(self, "logcumsumexp");
  if (self.dim() == 0)
    return self.clone();
  Tensor sums = wide(self).contiguous();
  const int64_t n = self.size(dim);
  for (int64_t distance = 1; distance < n; distance *= 2) {
    const Tensor tail =
        logSum(sums.narrow(dim, distance, n - distance), sums.narrow(dim, 0, n - distance));
    const Tensor parts[] = {sums.narrow(dim, 0, distance), tail};
    sums = tjit::cat(parts, dim);
  }
  return sums.is_same(self) ? self.clone() : castTo(sums, self.scalar_type());
}

//===------------------------------------------------------------------------------------------===//
// Differences and integrals
//===------------------------------------------------------------------------------------------===//

Tensor diff(const Tensor &self, int64_t n, int64_t dim, const std::optional<Tensor> &before,
            const std::optional<Tensor> &behind) {
  const Tensor prepend = before.value_or(Tensor()), append = behind.value_or(Tensor());
  const int64_t rank = rankOf(self, "diff");
  if (rank == 0)
    throw Error("diff: expected a tensor with dimensions");
  dim = wrapDim(dim, rank, "diff");
  if (n < 0)
    throw Error("diff: the order must not be negative, found " + std::to_string(n));
  Tensor x = self;
  if (n && (prepend.defined() || append.defined())) {
    std::vector<Tensor> parts;
    for (const Tensor &part : {prepend, self, append})
      if (part.defined()) {
        if (part.dim() != rank)
          throw Error("diff: what is put before or behind must have " + std::to_string(rank) +
                      " dimensions, found sizes " + toString(sizesOf(part.sizes())));
        parts.push_back(part);
      }
    x = tjit::cat(parts, dim);
  }
  if (x.is_same(self) && n == 0)
    return autodiff::labeled(self.clone(), "torch::autograd::CopyBackwards");
  const bool isBool = x.scalar_type() == kBool;
  for (; n > 0 && x.size(dim) > 0; --n) {
    const int64_t left = x.size(dim) - 1;
    const Tensor next = x.narrow(dim, 1, left), here = x.narrow(dim, 0, left);
    x = isBool ? next.ne(here) : next - here;
  }
  return x;
}

namespace {

/// y between neighbours along dim, twice.
Tensor pairSums(const Tensor &y, int64_t dim) {
  const int64_t left = y.size(dim) - 1;
  return y.narrow(dim, 1, left) + y.narrow(dim, 0, left);
}
int64_t checkIntegral(const Tensor &y, int64_t dim, const char *operation) {
  const int64_t rank = rankOf(y, operation);
  if (rank == 0)
    throw Error(std::string(operation) + ": expected a tensor with dimensions");
  if (y.scalar_type() == kBool)
    throw Error(std::string(operation) + ": bools cannot be integrated; convert with to()");
  return wrapDim(dim, rank, operation);
}
/// The distances between neighbouring places, in a shape that broadcasts with y.
Tensor distances(const Tensor &y, const Tensor &x, int64_t dim, const char *operation) {
  if (rankOf(x, operation) == 0)
    throw Error(std::string(operation) + ": the places need a dimension");
  Tensor places = x;
  if (x.dim() == 1) {
    if (x.size(0) != y.size(dim))
      throw Error(std::string(operation) + ": " + std::to_string(x.size(0)) + " places for " +
                  std::to_string(y.size(dim)) + " values along dimension " + std::to_string(dim));
    Dims sizes(static_cast<size_t>(y.dim()), 1);
    sizes[dim] = x.size(0);
    places = x.reshape(refOf(sizes));
  } else {
    while (places.dim() < y.dim())
      places = places.unsqueeze(0);
  }
  const int64_t left = places.size(dim) - 1;
  return places.narrow(dim, 1, left) - places.narrow(dim, 0, left);
}
/// Zeros in the sizes of y without dim.
Tensor nothing(const Tensor &y, int64_t dim) { return castTo(y.sum(dim), y.scalar_type()); }

} // namespace

Tensor trapezoid(const Tensor &y, const Tensor &x, int64_t dim) {
  dim = checkIntegral(y, dim, "trapezoid");
  if (y.size(dim) == 0)
    return nothing(y, dim);
  return (pairSums(y, dim) * distances(y, x, dim, "trapezoid")).sum(dim) / 2;
}
Tensor trapezoid(const Tensor &y, const Scalar &dx, int64_t dim) {
  dim = checkIntegral(y, dim, "trapezoid");
  if (y.size(dim) == 0)
    return nothing(y, dim);
  const Tensor ends = (y.select(dim, 0) + y.select(dim, -1)) * 0.5;
  return (y.sum(dim) - ends) * dx.toDouble();
}
Tensor trapz(const Tensor &y, const Tensor &x, int64_t dim) { return tjit::trapezoid(y, x, dim); }
Tensor trapz(const Tensor &y, double dx, int64_t dim) { return tjit::trapezoid(y, dx, dim); }
Tensor cumulative_trapezoid(const Tensor &y, const Tensor &x, int64_t dim) {
  dim = checkIntegral(y, dim, "cumulative_trapezoid");
  if (y.size(dim) == 0)
    return castTo(y, floatDtype(y.scalar_type())).clone();
  return (pairSums(y, dim) * distances(y, x, dim, "cumulative_trapezoid")).cumsum(dim) / 2;
}
Tensor cumulative_trapezoid(const Tensor &y, const Scalar &dx, int64_t dim) {
  dim = checkIntegral(y, dim, "cumulative_trapezoid");
  if (y.size(dim) == 0)
    return castTo(y, floatDtype(y.scalar_type())).clone();
  return (pairSums(y, dim) * (dx.toDouble() / 2)).cumsum(dim);
}

namespace {

/// (f(x + h) - f(x - h)) / 2h along dim; at the edges one-sided differences.
Tensor gradientAlong(const Tensor &self, double spacing, int64_t dim, int64_t edgeOrder) {
  const int64_t n = self.size(dim);
  if (n <= edgeOrder)
    throw Error("gradient: dimension " + std::to_string(dim) + " of size " + std::to_string(n) +
                " has too few elements; edge_order " + std::to_string(edgeOrder) + " needs " +
                std::to_string(edgeOrder + 1));
  auto at = [&](int64_t i) { return self.narrow(dim, i < 0 ? i + n : i, 1); };
  Tensor first, last;
  if (edgeOrder == 1) {
    first = (at(1) - at(0)) / spacing, last = (at(-1) - at(-2)) / spacing;
  } else {
    first = (at(1) * 4 - at(0) * 3 - at(2)) / (2 * spacing);
    last = (at(-1) * 3 - at(-2) * 4 + at(-3)) / (2 * spacing);
  }
  const Tensor parts[] = {
      first, (self.narrow(dim, 2, n - 2) - self.narrow(dim, 0, n - 2)) / (2 * spacing), last};
  return tjit::cat(parts, dim);
}
std::vector<Tensor> gradientAlongAll(const Tensor &self, const Scalar &spacing, const Dims &dims,
                                     int64_t edgeOrder) {
  if (edgeOrder != 1 && edgeOrder != 2)
    throw Error("gradient: edge_order must be 1 or 2, found " + std::to_string(edgeOrder));
  std::vector<Tensor> out;
  for (int64_t d : dims)
    out.push_back(gradientAlong(self, spacing.toDouble(), d, edgeOrder));
  return out;
}
Dims wrappedInOrder(IntArrayRef dims, const Tensor &self) {
  const int64_t rank = rankOf(self, "gradient");
  wrapDims(dims, rank, "gradient"); // distinct
  Dims out;
  for (int64_t d : dims)
    out.push_back(wrapDim(d, rank, "gradient"));
  return out;
}

} // namespace

std::vector<Tensor> gradient(const Tensor &self, const std::optional<Scalar> &spacing,
                             std::optional<int64_t> dim, int64_t edgeOrder) {
  const Dims dims = dim ? wrappedInOrder(*dim, self)
                        : wrapDims(std::nullopt, rankOf(self, "gradient"), "gradient");
  return gradientAlongAll(self, spacing.value_or(1), dims, edgeOrder);
}
std::vector<Tensor> gradient(const Tensor &self, IntArrayRef dim, int64_t edgeOrder) {
  return gradientAlongAll(self, 1, wrappedInOrder(dim, self), edgeOrder);
}
std::vector<Tensor> gradient(const Tensor &self, const Scalar &spacing, IntArrayRef dim,
                             int64_t edgeOrder) {
  return gradientAlongAll(self, spacing, wrappedInOrder(dim, self), edgeOrder);
}

//===------------------------------------------------------------------------------------------===//
// Combinations
//===------------------------------------------------------------------------------------------===//

Tensor combinations(const Tensor &self, int64_t r, bool withReplacement) {
  if (rankOf(self, "combinations") != 1)
    throw Error("combinations: expected a vector, found sizes " + toString(sizesOf(self.sizes())));
  if (r < 0)
    throw Error("combinations: the number of elements must not be negative, found " +
                std::to_string(r));
  if (r == 0)
    return tjit::empty({0}, self.options());
  // Ascending tuples of places, in lexicographic order.
  const int64_t n = self.size(0);
  std::vector<int64_t> places, tuple(static_cast<size_t>(r), 0);
  for (int64_t i = 0; i < r; ++i)
    tuple[i] = withReplacement ? 0 : i;
  auto last = [&](int64_t i) { return withReplacement ? n - 1 : n - r + i; };
  if (n > 0 && (withReplacement || r <= n))
    for (;;) {
      places.insert(places.end(), tuple.begin(), tuple.end());
      int64_t i = r - 1;
      while (i >= 0 && tuple[i] == last(i))
        --i;
      if (i < 0)
        break;
      ++tuple[i];
      for (int64_t j = i + 1; j < r; ++j)
        tuple[j] = tuple[j - 1] + !withReplacement;
    }
  const int64_t count = static_cast<int64_t>(places.size()) / r;
  return self.index_select(0, fromIntegers(places)).reshape({count, r});
}

} // namespace ops
} // namespace v1
} // namespace tjit
