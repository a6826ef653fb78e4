//===- Reductions.cpp -------------------------------------------------------------------------===//
// Sums, means, extrema.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/Ops.h"
#include "IR/AttrWords.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include <limits>

namespace tjit {
inline namespace v1 {
namespace ops {

static Tensor reduce(OpKind kind, const Tensor &self, const Dims &dims, bool keepdim) {
  AttrWords words;
  SumAttrs{dims, keepdim}.write(
      words); // all reductions over several dimensions have these attributes
  return recordOp(kind, {&self, 1}, words.span());
}
static Tensor argReduce(OpKind kind, const Tensor &self, int64_t dim, bool keepdim) {
  AttrWords words;
  ArgmaxAttrs{dim, keepdim}.write(words);
  return recordOp(kind, {&self, 1}, words.span());
}
/// How many elements meet in one result.
static int64_t reducedCount(const Tensor &self, const Dims &dims) {
  int64_t n = 1;
  for (int64_t d : dims)
    n *= self.size(d);
  return n;
}

/// Throws where a dtype without fractions was asked for and a history would need the gradient.
static void checkAsked(const Tensor &self, std::optional<ScalarType> dtype, const char *operation) {
  if (dtype && !isFloatingType(*dtype))
    refuseGradient(self, "input", operation);
}

/// Integers are added up as int64, and wrap where a narrower dtype was asked for.
static Tensor inDtype(const Tensor &reduced, std::optional<ScalarType> dtype) {
  return dtype ? castTo(reduced, *dtype) : reduced;
}

Tensor sum(const Tensor &self, OptionalIntArrayRef dim, bool keepdim,
           std::optional<ScalarType> dtype) {
  const Dims dims = wrapDims(dim, rankOf(self, "sum"), "sum");
  checkAsked(self, dtype, "sum");
  return inDtype(reduce(OpKind::sum, dtype ? castTo(self, *dtype) : self, dims, keepdim), dtype);
}
Tensor sum(const Tensor &self, std::optional<ScalarType> dtype) {
  return self.sum(std::nullopt, false, dtype);
}

Tensor mean(const Tensor &self, OptionalIntArrayRef dim, bool keepdim,
            std::optional<ScalarType> dtype) {
  const Dims dims = wrapDims(dim, rankOf(self, "mean"), "mean");
  const Tensor x = dtype ? castTo(self, *dtype) : self;
  if (!isFloatingType(x.scalar_type()))
    throw Error(std::string("mean: expected a floating-point tensor, found ") +
                toString(x.scalar_type()) + "; convert with to() or give a dtype");
  // In 16 bits it is rounded once: the sum alone might not fit.
  const Tensor mean = reduce(OpKind::sum, wide(x), dims, keepdim) / reducedCount(x, dims);
  return autodiff::labeled(castTo(mean, x.scalar_type()),
                           dim.has_value() ? "MeanBackward1" : "MeanBackward0");
}
Tensor mean(const Tensor &self, std::optional<ScalarType> dtype) {
  return self.mean(std::nullopt, false, dtype);
}

Tensor prod(const Tensor &self, std::optional<ScalarType> dtype) {
  checkAsked(self, dtype, "prod");
  const Tensor product = reduce(OpKind::prod, dtype ? castTo(self, *dtype) : self,
                                wrapDims(std::nullopt, rankOf(self, "prod"), "prod"), false);
  return dtype ? castTo(product, *dtype) : product; // small integers are multiplied as int64
}
Tensor prod(const Tensor &self, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  const Dims dims = wrapDims(dim, rankOf(self, "prod"), "prod");
  checkAsked(self, dtype, "prod");
  const Tensor product = reduce(OpKind::prod, dtype ? castTo(self, *dtype) : self, dims, keepdim);
  return dtype ? castTo(product, *dtype) : product;
}

//===------------------------------------------------------------------------------------------===//
// Variance
//===------------------------------------------------------------------------------------------===//

/// A reduced tensor with its dimensions of size 1 back, so that it broadcasts to the operand.
static Tensor kept(const Tensor &reduced, const Tensor &operand, const Dims &dims, bool keepdim) {
  if (keepdim)
    return reduced;
  Dims sizes = operand.impl()->type().sizes;
  for (int64_t d : dims)
    sizes[d] = 1;
  return reduced.reshape(refOf(sizes));
}

/// Divided by n - correction, or by 0. Computed in float32 for 16-bit floats.
static Tensor variance(const Tensor &self, const Dims &dims, double correction, bool keepdim) {
  const ScalarType dtype = self.scalar_type();
  const Tensor x = castTo(self, computeDtype(dtype));
  const int64_t n = reducedCount(x, dims);
  const Tensor difference = x - reduce(OpKind::sum, x, dims, true) / n;
  return reduce(OpKind::sum, difference * difference, dims, keepdim) /
         std::max(static_cast<double>(n) - correction, 0.0);
}
/// Gradient of the variance: 2 (x - mean) / (n - correction).
static Tensor varianceGradient(const Tensor &grad, const Tensor &x, const Dims &dims,
                               double correction, bool keepdim) {
  const double n = static_cast<double>(reducedCount(x, dims));
  const Tensor mean = reduce(OpKind::sum, x, dims, true) / n;
  return kept(grad, x, dims, keepdim) * ((x - mean) * (2 / (n - correction)));
}

/// What the functions of this section have in common.
struct Moment {
  Dims dims;
  double correction;
  bool keepdim;
};
static Moment momentOf(const Tensor &self, OptionalIntArrayRef dim, double correction, bool keepdim,
                       const char *operation) {
  const Dims dims = wrapDims(dim, rankOf(self, operation), operation);
  if (!isFloatingType(self.scalar_type()))
    throw Error(std::string(operation) + ": expected a floating-point tensor, found " +
                toString(self.scalar_type()) + "; convert with to()");
  return {dims, correction, keepdim};
}
static Tensor varOf(const Tensor &self, const Moment &m) {
  return compositeUnary(
      "Var", self,
      [&](const Tensor &x) {
        return castTo(variance(x, m.dims, m.correction, m.keepdim), x.scalar_type());
      },
      [m](const Tensor &grad, const Tensor &x) {
        return varianceGradient(grad, x, m.dims, m.correction, m.keepdim);
      });
}
static Tensor stdOf(const Tensor &self, const Moment &m) {
  return compositeUnary(
      "Std", self,
      [&](const Tensor &x) {
        return castTo(variance(x, m.dims, m.correction, m.keepdim).sqrt(), x.scalar_type());
      },
      [m](const Tensor &grad, const Tensor &x, const Tensor &y) {
        const Tensor slope = (grad / (y * 2)).masked_fill(y.eq(0), 0);
        return varianceGradient(slope, x, m.dims, m.correction, m.keepdim);
      });
}
static Tensor meanOf(const Tensor &self, const Moment &m) {
  return reduce(OpKind::sum, self, m.dims, m.keepdim) / reducedCount(self, m.dims);
}
static double correctionOf(const std::optional<Scalar> &correction) {
  return correction ? correction->toDouble() : 1;
}

Tensor var(const Tensor &self, bool unbiased) {
  return varOf(self, momentOf(self, std::nullopt, unbiased, false, "var"));
}
Tensor var(const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return varOf(self, momentOf(self, dim, unbiased, keepdim, "var"));
}
Tensor var(const Tensor &self, OptionalIntArrayRef dim, const std::optional<Scalar> &correction,
           bool keepdim) {
  return varOf(self, momentOf(self, dim, correctionOf(correction), keepdim, "var"));
}
Tensor std(const Tensor &self, bool unbiased) {
  return stdOf(self, momentOf(self, std::nullopt, unbiased, false, "std"));
}
Tensor std(const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return stdOf(self, momentOf(self, dim, unbiased, keepdim, "std"));
}
Tensor std(const Tensor &self, OptionalIntArrayRef dim, const std::optional<Scalar> &correction,
           bool keepdim) {
  return stdOf(self, momentOf(self, dim, correctionOf(correction), keepdim, "std"));
}
using TwoTensors = std::tuple<Tensor, Tensor>;
static TwoTensors varMean(const Tensor &self, const Moment &m) {
  return {varOf(self, m), meanOf(self, m)};
}
static TwoTensors stdMean(const Tensor &self, const Moment &m) {
  return {stdOf(self, m), meanOf(self, m)};
}
TwoTensors var_mean(const Tensor &self, bool unbiased) {
  return varMean(self, momentOf(self, std::nullopt, unbiased, false, "var_mean"));
}
TwoTensors var_mean(const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return varMean(self, momentOf(self, dim, unbiased, keepdim, "var_mean"));
}
TwoTensors var_mean(const Tensor &self, OptionalIntArrayRef dim,
                    const std::optional<Scalar> &correction, bool keepdim) {
  return varMean(self, momentOf(self, dim, correctionOf(correction), keepdim, "var_mean"));
}
TwoTensors std_mean(const Tensor &self, bool unbiased) {
  return stdMean(self, momentOf(self, std::nullopt, unbiased, false, "std_mean"));
}
TwoTensors std_mean(const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return stdMean(self, momentOf(self, dim, unbiased, keepdim, "std_mean"));
}
TwoTensors std_mean(const Tensor &self, OptionalIntArrayRef dim,
                    const std::optional<Scalar> &correction, bool keepdim) {
  return stdMean(self, momentOf(self, dim, correctionOf(correction), keepdim, "std_mean"));
}

//===------------------------------------------------------------------------------------------===//
// Sums without NaN
//===------------------------------------------------------------------------------------------===//

Tensor nansum(const Tensor &self, OptionalIntArrayRef dim, bool keepdim,
              std::optional<ScalarType> dtype) {
  implOf(self, "nansum");
  checkAsked(self, dtype, "nansum");
  const Tensor x = dtype ? castTo(self, *dtype) : self;
  if (!isFloatingType(x.scalar_type()))
    return x.sum(dim, keepdim);
  return x.masked_fill(x.isnan(), 0).sum(dim, keepdim);
}
Tensor nanmean(const Tensor &self, OptionalIntArrayRef dim, bool keepdim,
               std::optional<ScalarType> dtype) {
  if (!isFloatingType(implOf(self, "nanmean").type().dtype))
    throw Error(std::string("nanmean: expected a floating-point tensor, found ") +
                toString(self.scalar_type()) + "; convert with to()");
  return self.nansum(dim, keepdim, dtype) / self.isnan().logical_not().sum(dim, keepdim);
}

//===------------------------------------------------------------------------------------------===//
// Extrema
//===------------------------------------------------------------------------------------------===//

static Tensor extremum(OpKind kind, const Tensor &self, IntArrayRef dim, bool keepdim,
                       const char *operation) {
  if (rankOf(self, operation) > 64)
    throw Error(std::string(operation) + ": at most 64 dimensions can be reduced, found " +
                std::to_string(self.dim()));
  return reduce(kind, self, wrapDims(dim, rankOf(self, operation), operation), keepdim);
}
Tensor amax(const Tensor &self, IntArrayRef dim, bool keepdim) {
  return extremum(OpKind::amax, self, dim, keepdim, "amax");
}
Tensor amin(const Tensor &self, IntArrayRef dim, bool keepdim) {
  return extremum(OpKind::amin, self, dim, keepdim, "amin");
}
Tensor max(const Tensor &self) { return extremum(OpKind::amax, self, {}, false, "max"); }
Tensor min(const Tensor &self) { return extremum(OpKind::amin, self, {}, false, "min"); }

std::tuple<Tensor, Tensor> aminmax(const Tensor &self, std::optional<int64_t> dim, bool keepdim) {
  rankOf(self, "aminmax");
  if (!dim)
    return {self.amin({}, keepdim), self.amax({}, keepdim)};
  return {self.amin(*dim, keepdim), self.amax(*dim, keepdim)};
}

/// The first extreme element along dim and its index; the gradient goes to that element.
static std::tuple<Tensor, Tensor> extremumWithIndex(OpKind kind, const Tensor &self, int64_t dim,
                                                    bool keepdim, const char *operation) {
  const int64_t rank = rankOf(self, operation);
  dim = wrapDim(dim, rank, operation);
  if (rank == 0)
    return {self.clone(), recordFill(0, kLong, {})};
  const Tensor index = argReduce(kind, self, dim, true), value = self.gather(dim, index);
  if (keepdim)
    return {value, index};
  return {value.squeeze(dim), index.squeeze(dim)};
}
std::tuple<Tensor, Tensor> max(const Tensor &self, int64_t dim, bool keepdim) {
  return extremumWithIndex(OpKind::argmax, self, dim, keepdim, "max");
}
std::tuple<Tensor, Tensor> min(const Tensor &self, int64_t dim, bool keepdim) {
  return extremumWithIndex(OpKind::argmin, self, dim, keepdim, "min");
}

static Tensor argExtremum(OpKind kind, const Tensor &self, std::optional<int64_t> dim, bool keepdim,
                          const char *operation) {
  refuseBool(self, operation);
  const int64_t rank = self.dim();
  if (!dim) {
    Tensor index = argReduce(kind, self.reshape({-1}), 0, false);
    return keepdim ? index.reshape(std::vector<int64_t>(static_cast<size_t>(rank), 1)) : index;
  }
  const int64_t d = wrapDim(*dim, rank, operation);
  return rank == 0 ? recordFill(0, kLong, {}) : argReduce(kind, self, d, keepdim);
}
Tensor argmax(const Tensor &self, std::optional<int64_t> dim, bool keepdim) {
  return argExtremum(OpKind::argmax, self, dim, keepdim, "argmax");
}
Tensor argmin(const Tensor &self, std::optional<int64_t> dim, bool keepdim) {
  return argExtremum(OpKind::argmin, self, dim, keepdim, "argmin");
}

//===------------------------------------------------------------------------------------------===//
// Truth, logsumexp
//===------------------------------------------------------------------------------------------===//

// By counting, so that the result for no elements is right.
static Tensor countOfTrue(const Tensor &self, OptionalIntArrayRef dim, bool keepdim, bool wanted,
                          const char *operation) {
  const Dims dims = wrapDims(dim, rankOf(self, operation), operation);
  const Tensor truth = castTo(self, kBool);
  return reduce(OpKind::sum, wanted ? truth : recordUnary(OpKind::bitwise_not, truth), dims,
                keepdim);
}
/// bool, but uint8 of uint8, as in PyTorch.
static Tensor truthLike(const Tensor &self, const Tensor &truth) {
  return self.scalar_type() == kByte ? castTo(truth, kByte) : truth;
}
Tensor any(const Tensor &self) {
  return truthLike(self, countOfTrue(self, std::nullopt, false, true, "any").ne(0));
}
Tensor any(const Tensor &self, OptionalIntArrayRef dim, bool keepdim) {
  return truthLike(self, countOfTrue(self, dim, keepdim, true, "any").ne(0));
}
Tensor all(const Tensor &self) {
  return truthLike(self, countOfTrue(self, std::nullopt, false, false, "all").eq(0));
}
Tensor all(const Tensor &self, OptionalIntArrayRef dim, bool keepdim) {
  return truthLike(self, countOfTrue(self, dim, keepdim, false, "all").eq(0));
}
Tensor count_nonzero(const Tensor &self, OptionalIntArrayRef dim) {
  return countOfTrue(self, dim, false, true, "count_nonzero");
}
Tensor count_nonzero(const Tensor &self) {
  return countOfTrue(self, std::nullopt, false, true, "count_nonzero");
}

Tensor logsumexp(const Tensor &self, IntArrayRef dim, bool keepdim) {
  const Dims dims = wrapDims(dim, rankOf(self, "logsumexp"), "logsumexp");
  const ScalarType dtype = floatDtype(self.scalar_type());
  return compositeUnary(
      "Logsumexp", castTo(self, dtype),
      [&](const Tensor &operand) {
        const Tensor x = castTo(operand, computeDtype(dtype));
        if (x.numel() == 0) // the logarithms of sums of nothing
          return castTo(reduce(OpKind::sum, x.exp(), dims, keepdim).log(), dtype);
        // Less the largest element where that is finite.
        const Tensor largest = reduce(OpKind::amax, x, dims, true);
        const Tensor shift = largest.masked_fill(largest.isfinite().logical_not(), 0);
        const Tensor sum = reduce(OpKind::sum, (x - shift).exp(), dims, keepdim).log();
        return castTo(sum + (keepdim ? shift : shift.reshape(sum.sizes())), dtype);
      },
      [dims, keepdim](const Tensor &grad, const Tensor &x, const Tensor &y) {
        return kept(grad, x, dims, keepdim) * (x - kept(y, x, dims, keepdim)).exp();
      });
}

} // namespace ops
} // namespace v1
} // namespace tjit
