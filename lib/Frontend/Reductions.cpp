//===- Reductions.cpp -------------------------------------------------------------------------===//
// Sums, means, extrema.

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
static int64_t rankOf(const Tensor &self, const char *operation) {
  return static_cast<int64_t>(implOf(self, operation).type.sizes.size());
}
/// How many elements meet in one result.
static int64_t reducedCount(const Tensor &self, const Dims &dims) {
  int64_t n = 1;
  for (int64_t d : dims)
    n *= self.size(d);
  return n;
}

Tensor sum(const Tensor &self, OptionalIntArrayRef dim, bool keepdim,
           std::optional<ScalarType> dtype) {
  const Dims dims = wrapDims(dim, rankOf(self, "sum"), "sum");
  return reduce(OpKind::sum, dtype ? castTo(self, *dtype) : self, dims, keepdim);
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
  return reduce(OpKind::sum, x, dims, keepdim) / reducedCount(x, dims);
}
Tensor mean(const Tensor &self, std::optional<ScalarType> dtype) {
  return self.mean(std::nullopt, false, dtype);
}

Tensor prod(const Tensor &self, std::optional<ScalarType> dtype) {
  return reduce(OpKind::prod, dtype ? castTo(self, *dtype) : self,
                wrapDims(std::nullopt, rankOf(self, "prod"), "prod"), false);
}
Tensor prod(const Tensor &self, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  const Dims dims = wrapDims(dim, rankOf(self, "prod"), "prod");
  return reduce(OpKind::prod, dtype ? castTo(self, *dtype) : self, dims, keepdim);
}

Tensor var(const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  const Dims dims = wrapDims(dim, rankOf(self, "var"), "var");
  if (!isFloatingType(self.scalar_type()))
    throw Error(std::string("var: expected a floating-point tensor, found ") +
                toString(self.scalar_type()));
  const int64_t n = reducedCount(self, dims);
  const Tensor difference = self - reduce(OpKind::sum, self, dims, true) / n;
  return reduce(OpKind::sum, difference * difference, dims, keepdim) /
         std::max<int64_t>(n - unbiased, 0);
}
Tensor var(const Tensor &self, bool unbiased) { return self.var(std::nullopt, unbiased, false); }
Tensor std(const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return self.var(dim, unbiased, keepdim).sqrt();
}
Tensor std(const Tensor &self, bool unbiased) {
  return self.var(std::nullopt, unbiased, false).sqrt();
}

//===------------------------------------------------------------------------------------------===//
// Extrema
//===------------------------------------------------------------------------------------------===//

static Tensor extremum(OpKind kind, const Tensor &self, IntArrayRef dim, bool keepdim,
                       const char *operation) {
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
  const int64_t rank = rankOf(self, operation);
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
Tensor any(const Tensor &self) { return countOfTrue(self, std::nullopt, false, true, "any").ne(0); }
Tensor any(const Tensor &self, int64_t dim, bool keepdim) {
  return countOfTrue(self, dim, keepdim, true, "any").ne(0);
}
Tensor all(const Tensor &self) {
  return countOfTrue(self, std::nullopt, false, false, "all").eq(0);
}
Tensor all(const Tensor &self, int64_t dim, bool keepdim) {
  return countOfTrue(self, dim, keepdim, false, "all").eq(0);
}
Tensor count_nonzero(const Tensor &self) {
  return countOfTrue(self, std::nullopt, false, true, "count_nonzero");
}

/// The largest element where it is finite, else 0: what is subtracted before exp.
Tensor logsumexp(const Tensor &self, IntArrayRef dim, bool keepdim) {
  const Dims dims = wrapDims(dim, rankOf(self, "logsumexp"), "logsumexp");
  const Tensor x = castTo(self, floatDtype(self.scalar_type()));
  const Tensor largest = reduce(OpKind::amax, x.detach(), dims, true);
  const Tensor shift = largest.masked_fill(largest.isfinite().logical_not(), 0);
  Tensor out = reduce(OpKind::sum, (x - shift).exp(), dims, true).log() + shift;
  if (keepdim)
    return out;
  Dims sizes;
  for (int64_t i = 0, at = 0; i < out.dim(); ++i)
    if (at < static_cast<int64_t>(dims.size()) && dims[at] == i)
      ++at;
    else
      sizes.push_back(out.size(i));
  return out.reshape(refOf(sizes));
}

} // namespace ops
} // namespace v1
} // namespace tjit
