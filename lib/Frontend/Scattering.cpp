//===- Scattering.cpp -------------------------------------------------------------------------===//
// Elements put, added or combined in places that an index tensor names.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Frontend/ScalarBits.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include "tjit/Indexing.h"

#include <limits>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

Tensor withDims(const Tensor &t) { return t.dim() ? t : t.reshape({1}); }

/// kind(self, index, source){attributes}: 0-dim tensors are vectors of one element, and nothing
/// changes where the index is empty.
Tensor scattered(OpKind kind, const Tensor &self, int64_t dim, const Tensor &index,
                 const Tensor &source, std::optional<ScatterReduction> reduction,
                 const char *operation) {
  dim = wrapDim(dim, rankOf(self, operation), operation);
  const Tensor i = integerIndex(index, operation);
  if (implOf(source, operation).type().dtype != self.scalar_type())
    throw Error(std::string(operation) + ": a source of " + toString(source.scalar_type()) +
                " does not go into a tensor of " + toString(self.scalar_type()) +
                "; convert it with to()");
  if (index.numel() == 0 && (index.dim() != self.dim() || !index.sizes().equals(source.sizes())))
    return self.clone();
  AttrWords words;
  words.push_back(dim);
  if (reduction)
    words.push_back(static_cast<int64_t>(*reduction));
  const Tensor operands[] = {withDims(self), withDims(i), withDims(source)};
  const Tensor out = recordOp(kind, operands, words.span());
  return self.dim() ? out : out.reshape({});
}
Tensor overwritten(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source,
                   const char *operation) {
  return scattered(OpKind::scatter, self, dim, index, source, std::nullopt, operation);
}
Tensor added(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source,
             const char *operation) {
  return scattered(OpKind::scatter_add, self, dim, index, source, std::nullopt, operation);
}
/// The number in the dtype of self, expanded to the index.
Tensor numberFor(const Tensor &self, const Tensor &index, const Scalar &value,
                 const char *operation) {
  implOf(index, operation);
  return scalarArgument(value, implOf(self, operation).type().dtype).expand(index.sizes());
}

/// What any element of the dtype beats.
Scalar identityOf(ScatterReduction reduction, ScalarType dtype) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (reduction == ScatterReduction::prod)
    return 1;
  const bool largest = reduction == ScatterReduction::amin;
  if (isFloatingType(dtype))
    return largest ? kInfinity : -kInfinity;
  if (dtype == kBool || dtype == kByte)
    return largest ? (dtype == kBool ? 1 : 255) : 0;
  const int bits = 8 * static_cast<int>(elementSize(dtype));
  const int64_t high = static_cast<int64_t>(~uint64_t(0) >> (65 - bits));
  return largest ? high : -high - 1;
}

Tensor combined(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source,
                std::string_view reduce, bool includeSelf, const char *operation) {
  implOf(self, operation), implOf(index, operation), implOf(source, operation);
  const ScalarType dtype = self.scalar_type();
  auto without = [&](const Scalar &identity) {
    return includeSelf ? self
                       : overwritten(self, dim, index, numberFor(self, index, identity, operation),
                                     operation);
  };
  if (reduce == "sum")
    return added(without(0), dim, index, source, operation);
  if (reduce == "mean") {
    const Tensor sum = added(without(0), dim, index, source, operation);
    const Tensor ones = recordFill(1, dtype, index.impl()->type().sizes);
    const Tensor base = recordFill(includeSelf, dtype, self.impl()->type().sizes);
    const Tensor count = added(base, dim, index, ones, operation).clamp_min(1);
    return isFloatingType(dtype) ? sum / count : sum.floor_divide(count);
  }
  const std::pair<std::string_view, ScatterReduction> names[] = {{"prod", ScatterReduction::prod},
                                                                 {"amax", ScatterReduction::amax},
                                                                 {"amin", ScatterReduction::amin}};
  for (const auto &[name, reduction] : names)
    if (reduce == name)
      return scattered(OpKind::scatter_reduce, without(identityOf(reduction, dtype)), dim, index,
                       source, reduction, operation);
  throw Error(std::string(operation) + ": reduce must be sum, prod, mean, amax or amin, found \"" +
              std::string(reduce) + "\"");
}

} // namespace

Tensor scatter(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &src) {
  return overwritten(self, dim, index, src, "scatter");
}
Tensor scatter(const Tensor &self, int64_t dim, const Tensor &index, const Scalar &value) {
  checkHolds(value, implOf(self, "scatter").type().dtype, "scatter");
  return overwritten(self, dim, index, numberFor(self, index, value, "scatter"), "scatter");
}
Tensor scatter(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &src,
               std::string_view reduce) {
  if (reduce == "add")
    return added(self, dim, index, src, "scatter");
  if (reduce == "multiply")
    return combined(self, dim, index, src, "prod", true, "scatter");
  throw Error("scatter: reduce must be add or multiply, found \"" + std::string(reduce) + "\"");
}
Tensor scatter(const Tensor &self, int64_t dim, const Tensor &index, const Scalar &value,
               std::string_view reduce) {
  checkHolds(value, implOf(self, "scatter").type().dtype, "scatter");
  return self.scatter(dim, index, numberFor(self, index, value, "scatter"), reduce);
}
Tensor scatter_add(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &src) {
  return added(self, dim, index, src, "scatter_add");
}
Tensor scatter_reduce(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &src,
                      std::string_view reduce, bool includeSelf) {
  return combined(self, dim, index, src, reduce, includeSelf, "scatter_reduce");
}

//===------------------------------------------------------------------------------------------===//
// A vector of indices of one dimension
//===------------------------------------------------------------------------------------------===//

namespace {

/// self and a source whose slices along dim go to the places of `index`, as the operands of a
/// scatter.
struct Slices {
  Tensor self, index, source;
  int64_t dim;

  Slices(const Tensor &to, int64_t d, const Tensor &indices, const Tensor &from,
         const char *operation)
      : self(to), source(from), dim(wrapDim(d, rankOf(to, operation), operation)) {
    implOf(from, operation), implOf(indices, operation);
    self = withDims(self), source = withDims(source);
    if (source.dim() != self.dim() || indices.numel() != source.size(dim))
      throw IndexError(std::string(operation) + ": " + std::to_string(indices.numel()) +
                       " indices of dimension " + std::to_string(dim) + " of a tensor of sizes " +
                       toString(sizesOf(to.sizes())) + " do not fit a source of sizes " +
                       toString(sizesOf(from.sizes())));
    for (int64_t i = 0; i < self.dim(); ++i)
      if (i != dim && self.size(i) != source.size(i))
        throw IndexError(std::string(operation) + ": the source's sizes " +
                         toString(sizesOf(from.sizes())) + " differ from " +
                         toString(sizesOf(to.sizes())) + " in dimension " + std::to_string(i));
    index = indexAlong(indices, source, dim, operation);
  }
};

} // namespace

Tensor index_add(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source,
                 const Scalar &alpha) {
  const Slices s(self, dim, index, source, "index_add");
  const Tensor scaled = alpha.isOne() ? s.source
                        : s.source.scalar_type() == kBool
                            ? s.source.logical_and(scalarArgument(alpha.toBool(), kBool))
                            : s.source * scalarArgument(alpha, s.source.scalar_type());
  return added(s.self, s.dim, s.index, scaled, "index_add").reshape(self.sizes());
}
Tensor index_copy(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source) {
  const Slices s(self, dim, longIndex(index, "index_copy"), source, "index_copy");
  return overwritten(s.self, s.dim, s.index, s.source, "index_copy").reshape(self.sizes());
}
Tensor index_reduce(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source,
                    std::string_view reduce, bool includeSelf) {
  if (reduce == "sum")
    throw Error("index_reduce: reduce must be prod, mean, amax or amin, found \"sum\"; use "
                "index_add");
  const Slices s(self, dim, index, source, "index_reduce");
  return combined(s.self, s.dim, s.index, s.source, reduce, includeSelf, "index_reduce")
      .reshape(self.sizes());
}
Tensor index_fill(const Tensor &self, int64_t dim, const Tensor &index, const Tensor &value) {
  dim = wrapDim(dim, rankOf(self, "index_fill"), "index_fill");
  if (rankOf(value, "index_fill"))
    throw Error("index_fill: the value must have no dimensions, found sizes " +
                toString(sizesOf(value.sizes())));
  if (const std::optional<Dims> order = orderOfCopy(self)) { // the result lies as self does
    const auto at = std::ranges::find(*order, dim) - order->begin();
    return fromMemoryOrder(self.permute(refOf(*order)).contiguous().index_fill(at, index, value),
                           *order);
  }
  const Tensor to = withDims(self), i = longIndex(index, "index_fill");
  const Tensor places = indexAlong(tjit::where(i < 0, i + to.size(dim), i), to, dim, "index_fill");
  if (value
          .requires_grad()) { // an index that occurs twice writes once, so its gradient counts once
    const Tensor mask = overwritten(tjit::zeros_like(to.detach(), kBool), dim, places,
                                    tjit::ones({}, kBool).expand(places.sizes()), "index_fill");
    return tjit::where(mask, castTo(value, self.scalar_type()), to).reshape(self.sizes());
  }
  return overwritten(to, dim, places, castTo(value, self.scalar_type()).expand(places.sizes()),
                     "index_fill")
      .reshape(self.sizes());
}
Tensor index_fill(const Tensor &self, int64_t dim, const Tensor &index, const Scalar &value) {
  checkHolds(value, implOf(self, "index_fill").type().dtype, "index_fill");
  return self.index_fill(dim, index, scalarArgument(value, self.scalar_type()));
}

//===------------------------------------------------------------------------------------------===//
// Places of the whole tensor, masks
//===------------------------------------------------------------------------------------------===//

Tensor index_put(const Tensor &self, TensorList indices, const Tensor &values, bool accumulate) {
  implOf(self, "index_put");
  std::vector<indexing::TensorIndex> at;
  for (const Tensor &index : indices)
    if (index.defined())
      at.push_back(index);
    else
      at.push_back(indexing::Slice());
  Tensor out = self.clone();
  out.index_put_(at, values, accumulate);
  return out;
}

Tensor put(const Tensor &self, const Tensor &index, const Tensor &source, bool accumulate) {
  const Tensor i = longIndex(index, "put").reshape({-1});
  implOf(self, "put"), implOf(source, "put");
  if (source.numel() != index.numel())
    throw IndexError("put: " + std::to_string(index.numel()) + " places for " +
                     std::to_string(source.numel()) + " elements");
  if (self.numel() == 0 && index.numel())
    throw IndexError("put: a tensor without elements has no places");
  const Tensor places = tjit::where(i < 0, i + self.numel(), i), from = source.reshape({-1});
  const Tensor flat = self.reshape({-1});
  const Tensor out =
      (accumulate ? added(flat, 0, places, from, "put") : overwritten(flat, 0, places, from, "put"))
          .reshape(self.sizes());
  return orderOfCopy(self) ? copyLike(out, self) : out;
}

Tensor masked_scatter(const Tensor &self, const Tensor &mask, const Tensor &source) {
  implOf(self, "masked_scatter"), implOf(source, "masked_scatter");
  if (implOf(mask, "masked_scatter").type().dtype != kBool)
    throw Error(std::string("masked_scatter: the mask must be bool, found ") +
                toString(mask.scalar_type()));
  if (source.scalar_type() != self.scalar_type())
    throw Error(std::string("masked_scatter: a source of ") + toString(source.scalar_type()) +
                " does not go into a tensor of " + toString(self.scalar_type()));
  Dims sizes;
  if (!broadcastSizes(self.impl()->type().sizes, mask.impl()->type().sizes, sizes))
    throw Error("masked_scatter: the sizes do not broadcast: " + toString(sizesOf(self.sizes())) +
                " and " + toString(sizesOf(mask.sizes())));
  const Tensor to = expandTo(self, sizes, "masked_scatter"),
               where = expandTo(mask, sizes, "masked_scatter");
  if (source.numel() < where.numel()) {
    const int64_t wanted = castTo(where, kLong).sum().item<int64_t>();
    if (wanted > source.numel())
      throw Error("masked_scatter: the mask holds " + std::to_string(wanted) +
                  " times, and the source has " + std::to_string(source.numel()) + " elements");
  }
  if (source.numel() == 0 || where.numel() == 0)
    return to.clone();
  const Tensor place = (where.reshape({-1}).cumsum(0) - 1).clamp_min(0);
  return tjit::where(where, source.reshape({-1}).gather(0, place).reshape(refOf(sizes)), to)
      .contiguous();
}

Tensor take_along_dim(const Tensor &self, const Tensor &indices, std::optional<int64_t> dim) {
  implOf(self, "take_along_dim");
  if (implOf(indices, "take_along_dim").type().dtype != kLong)
    throw Error(std::string("take_along_dim: indices must be int64, found ") +
                toString(indices.scalar_type()));
  if (!dim)
    return self.reshape({-1}).gather(0, indices.reshape({-1}));
  if (self.dim() != indices.dim())
    throw Error("take_along_dim: the tensor has " + std::to_string(self.dim()) +
                " dimensions and the indices " + std::to_string(indices.dim()));
  const int64_t d = wrapDim(*dim, self.dim(), "take_along_dim");
  Dims from(sizesOf(self.sizes())), at(sizesOf(indices.sizes())), common;
  const int64_t n = from[d], m = at[d];
  from[d] = at[d] = 1;
  if (!broadcastSizes(from, at, common))
    throw Error("take_along_dim: the sizes do not broadcast: " + toString(sizesOf(self.sizes())) +
                " and " + toString(sizesOf(indices.sizes())));
  from = at = common;
  from[d] = n, at[d] = m;
  const Tensor wrapped = tjit::where(indices < 0, indices + n, indices);
  return self.expand(refOf(from)).gather(d, wrapped.expand(refOf(at)));
}

std::vector<Tensor> unravel_index(const Tensor &indices, IntArrayRef shape) {
  if (!isIntegralType(implOf(indices, "unravel_index").type().dtype, false))
    throw Error(std::string("unravel_index: the indices must be integers, found ") +
                toString(indices.scalar_type()));
  Tensor rest = castTo(indices, kLong);
  for (int64_t size : shape)
    if (size < 0)
      throw ValueError("unravel_index: sizes must not be negative, found " +
                       toString(sizesOf(shape)));
  std::vector<Tensor> out(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    out[d] = rest.remainder(shape[d]);
    rest = rest.floor_divide(shape[d]);
  }
  return out;
}

//===------------------------------------------------------------------------------------------===//
// Copies with a view written
//===------------------------------------------------------------------------------------------===//

/// A copy of all that self's storage holds, read as self reads it.
static Tensor copyWithGaps(const Tensor &self) {
  const TensorImpl &t = *self.impl();
  if (t.whole() || t.storage->stillBorrowed() || overlapsItself(t.type().sizes, t.strides))
    return self.clone();
  return compositeUnary(
      "Clone", self, [](const Tensor &x) { return copyStorage(*x.impl()); },
      [](const Tensor &grad, const Tensor &) { return grad; });
}
/// Such a copy with src written into the view that `view` makes of it.
template <class View>
static Tensor withWritten(const Tensor &self, const Tensor &src, View view, const char *operation) {
  implOf(self, operation), implOf(src, operation);
  const Tensor copy = copyWithGaps(self), part = view(copy);
  if (!part.sizes().equals(src.sizes()))
    throw Error(std::string(operation) + ": the source must have the view's sizes " +
                toString(sizesOf(part.sizes())) + ", found " + toString(sizesOf(src.sizes())));
  part.copy_(src);
  return copy;
}
Tensor select_scatter(const Tensor &self, const Tensor &src, int64_t dim, int64_t index) {
  return withWritten(
      self, src, [&](const Tensor &t) { return t.select(dim, index); }, "select_scatter");
}
Tensor slice_scatter(const Tensor &self, const Tensor &src, int64_t dim,
                     std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  return withWritten(
      self, src, [&](const Tensor &t) { return t.slice(dim, start, end, step); }, "slice_scatter");
}
Tensor diagonal_scatter(const Tensor &self, const Tensor &src, int64_t offset, int64_t dim1,
                        int64_t dim2) {
  return withWritten(
      self, src, [&](const Tensor &t) { return t.diagonal(offset, dim1, dim2); },
      "diagonal_scatter");
}
Tensor as_strided_scatter(const Tensor &self, const Tensor &src, IntArrayRef sizes,
                          IntArrayRef strides, std::optional<int64_t> offset) {
  return withWritten(
      self.clone(), src, [&](const Tensor &t) { return t.as_strided(sizes, strides, offset); },
      "as_strided_scatter");
}

//===------------------------------------------------------------------------------------------===//
// Repetition, norms of slices, rotation
//===------------------------------------------------------------------------------------------===//

static void checkOutputSize(std::optional<int64_t> wanted, int64_t found) {
  if (wanted && *wanted != found)
    throw Error("repeat_interleave: output_size is " + std::to_string(*wanted) +
                ", but the result has " + std::to_string(found) + " elements along dim");
}
/// What is repeated: self along dim, or all of its elements.
static Tensor alongOrFlat(const Tensor &self, std::optional<int64_t> dim) {
  if (dim && self.dim() == 0)
    throw IndexError("repeat_interleave: a tensor without dimensions has no dimension " +
                     std::to_string(*dim));
  return dim ? self : self.reshape({-1});
}
Tensor repeat_interleave(const Tensor &self, int64_t repeats, std::optional<int64_t> dim,
                         std::optional<int64_t> outputSize) {
  implOf(self, "repeat_interleave");
  if (repeats < 0)
    throw Error("repeat_interleave: counts must not be negative, found " + std::to_string(repeats));
  const Tensor x = alongOrFlat(self, dim);
  const int64_t d = wrapDim(dim.value_or(0), x.dim(), "repeat_interleave");
  Dims expanded(sizesOf(x.sizes())), sizes(expanded);
  expanded.push_back(0);
  for (size_t i = expanded.size() - 1; i > static_cast<size_t>(d) + 1; --i)
    expanded[i] = expanded[i - 1];
  expanded[d + 1] = repeats;
  sizes[d] *= repeats;
  checkOutputSize(outputSize, sizes[d]);
  const Tensor out = x.unsqueeze(d + 1).expand(refOf(expanded)).reshape(refOf(sizes));
  return autodiff::labeled(out.impl()->storage == self.impl()->storage ? out.clone() : out,
                           "ViewBackward0");
}
Tensor repeat_interleave(const Tensor &repeats, std::optional<int64_t> outputSize) {
  if (rankOf(repeats, "repeat_interleave") != 1)
    throw Error("repeat_interleave: the counts must be a vector, found sizes " +
                toString(sizesOf(repeats.sizes())));
  integerIndex(repeats, "repeat_interleave");
  std::vector<int64_t> places;
  const std::vector<int64_t> counts = readNumbers<int64_t>(*repeats.impl());
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0)
      throw Error("repeat_interleave: counts must not be negative, found " +
                  std::to_string(counts[i]));
    places.insert(places.end(), static_cast<size_t>(counts[i]), static_cast<int64_t>(i));
  }
  checkOutputSize(outputSize, static_cast<int64_t>(places.size()));
  return castTo(fromIntegers(places), repeats.scalar_type());
}
Tensor repeat_interleave(const Tensor &self, const Tensor &repeats, std::optional<int64_t> dim,
                         std::optional<int64_t> outputSize) {
  implOf(self, "repeat_interleave");
  const Tensor x = alongOrFlat(self, dim);
  const int64_t d = wrapDim(dim.value_or(0), x.dim(), "repeat_interleave"), n = x.size(d);
  Tensor counts = integerIndex(repeats, "repeat_interleave");
  if (counts.dim() > 1 || (counts.numel() != 1 && counts.numel() != n))
    throw Error("repeat_interleave: expected one count or " + std::to_string(n) +
                " of them, found sizes " + toString(sizesOf(repeats.sizes())));
  counts = counts.reshape({-1}).expand({n});
  return x.index_select(d, tjit::repeat_interleave(counts, outputSize));
}

Tensor renorm(const Tensor &self, const Scalar &p, int64_t dim, const Scalar &maxnorm) {
  const int64_t rank = rankOf(self, "renorm");
  checkFloating(self, "renorm");
  if (rank < 2)
    throw Error("renorm: expected at least 2 dimensions, found sizes " +
                toString(sizesOf(self.sizes())));
  dim = wrapDim(dim, rank, "renorm");
  if (!(p.toDouble() > 0))
    throw Error("renorm: p must be positive, found " + std::to_string(p.toDouble()));
  if (!(maxnorm.toDouble() >= 0))
    throw Error("renorm: maxnorm must not be negative, found " +
                std::to_string(maxnorm.toDouble()));
  std::vector<int64_t> others;
  for (int64_t i = 0; i < rank; ++i)
    if (i != dim)
      others.push_back(i);
  const Tensor norm = wide(self).norm(p, others, true);
  const Tensor factor = tjit::where(norm > maxnorm, maxnorm.toDouble() / (norm + 1e-7), 1.0);
  return (self * castTo(factor, self.scalar_type())).contiguous();
}

Tensor rot90(const Tensor &self, int64_t k, IntArrayRef dims) {
  const int64_t rank = rankOf(self, "rot90");
  if (dims.size() != 2 || rank < 2)
    throw Error("rot90: expected two dimensions of at least 2, found dims " +
                toString(sizesOf(dims)) + " of a tensor of sizes " +
                toString(sizesOf(self.sizes())));
  const int64_t a = wrapDim(dims[0], rank, "rot90"), b = wrapDim(dims[1], rank, "rot90");
  if (a == b)
    throw Error("rot90: the dimensions must differ, found " + toString(sizesOf(dims)));
  switch ((k % 4 + 4) % 4) {
  case 1:
    return self.flip(b).transpose(a, b);
  case 2:
    return self.flip({a, b});
  case 3:
    return self.flip(a).transpose(a, b);
  default:
    return self.clone();
  }
}

} // namespace ops
} // namespace v1
} // namespace tjit
