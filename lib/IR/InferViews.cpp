//===- InferViews.cpp - result types of contractions, views and movement ----------------------===//

#include "IR/InferSupport.h"
#include "IR/OpAttrs.h.inc"

namespace tjit::infer {

bool matmul(InferContext &c) {
  const TensorType &lhs = *c.operands[0], &rhs = *c.operands[1];
  auto shapes = [&] {
    return " (lhs " + toString(lhs.sizes) + ", rhs " + toString(rhs.sizes) + ")";
  };
  if (lhs.dtype != rhs.dtype)
    return c.fail(subject(c) + "operands have the dtypes " + toString(lhs.dtype) + " and " +
                  toString(rhs.dtype) + "; cast one of them");
  size_t l = lhs.sizes.size(), r = rhs.sizes.size();
  if (l < 2 || r < 2)
    return c.fail(subject(c) + "operands need two dimensions or more" + shapes() +
                  "; reshape a vector");
  if (lhs.sizes[l - 1] != rhs.sizes[r - 2])
    return c.fail(subject(c) + "the inner dimensions differ: " + std::to_string(lhs.sizes[l - 1]) +
                  " and " + std::to_string(rhs.sizes[r - 2]) + shapes() +
                  "; transpose or reshape one of them");
  std::span<const int64_t> lhsBatch(lhs.sizes.data(), l - 2), rhsBatch(rhs.sizes.data(), r - 2);
  if (!broadcastSizes(lhsBatch, rhsBatch, c.result.sizes))
    return c.fail(subject(c) + "the batch dimensions " + toString(lhsBatch) + " and " +
                  toString(rhsBatch) + " do not broadcast" + shapes() +
                  "; counted from the last, sizes must be equal or 1");
  c.result.dtype = lhs.dtype;
  c.result.sizes.push_back(lhs.sizes[l - 2]);
  c.result.sizes.push_back(rhs.sizes[r - 1]);
  return checkSizes(c, c.result.sizes);
}

/// Every entry is a dimension of the operand, none twice.
static bool checkDistinct(InferContext &c, std::span<const int64_t> dims) {
  size_t rank = c.operands[0]->sizes.size();
  for (size_t i = 0; i < dims.size(); ++i) {
    if (!checkDim(c, dims[i], rank))
      return false;
    for (size_t j = 0; j < i; ++j)
      if (dims[i] == dims[j])
        return c.fail(subject(c) + "dims " + toString(dims) + " name dimension " +
                      std::to_string(dims[i]) + " twice");
  }
  return true;
}

bool permute(InferContext &c) {
  auto dims = PermuteAttrs::read(c.attributes).dims;
  const TensorType &input = *c.operands[0];
  if (dims.size() != input.sizes.size())
    return c.fail(subject(c) + "dims " + toString(dims) +
                  " must name each dimension of the operand " + toString(input.sizes) + " once");
  if (!checkDistinct(c, dims))
    return false;
  c.result = {input.dtype, Dims(dims.size(), 0)};
  for (size_t i = 0; i < dims.size(); ++i)
    c.result.sizes[i] = input.sizes[dims[i]];
  return true;
}

bool flip(InferContext &c) {
  c.result = *c.operands[0];
  return checkDistinct(c, FlipAttrs::read(c.attributes).dims);
}

bool expand(InferContext &c) {
  auto sizes = ExpandAttrs::read(c.attributes).sizes;
  const TensorType &input = *c.operands[0];
  c.result = {input.dtype, Dims(sizes)};
  if (!checkSizes(c, sizes))
    return false;
  bool fits = sizes.size() >= input.sizes.size();
  for (size_t i = 0; fits && i < input.sizes.size(); ++i) {
    int64_t from = input.sizes[input.sizes.size() - 1 - i], to = sizes[sizes.size() - 1 - i];
    fits = from == to || from == 1;
  }
  return fits || c.fail(subject(c) + "the shape " + toString(input.sizes) + " does not expand to " +
                        toString(sizes) +
                        "; counted from the last, a size must be equal or 1 in the operand");
}

bool reshape(InferContext &c) {
  auto sizes = ReshapeAttrs::read(c.attributes).sizes;
  const TensorType &input = *c.operands[0];
  c.result = {input.dtype, Dims(sizes)};
  if (!checkSizes(c, sizes))
    return false;
  int64_t from = numElements(input.sizes), to = numElements(sizes);
  return from == to || c.fail(subject(c) + "the shape " + toString(input.sizes) + " has " +
                              std::to_string(from) + " elements, " + toString(sizes) + " has " +
                              std::to_string(to) + "; they must be as many");
}

bool slice(InferContext &c) {
  auto attrs = SliceAttrs::read(c.attributes);
  c.result = *c.operands[0];
  if (!checkIndexOperand(c, 1) || !checkDim(c, attrs.dim, c.result.sizes.size()))
    return false;
  int64_t &size = c.result.sizes[attrs.dim];
  if (attrs.step < 1)
    return c.fail(subject(c) + "the step is " + std::to_string(attrs.step) +
                  "; it must be 1 or more");
  if (attrs.size < 0 || attrs.size > size ||
      (attrs.size > 0 && (attrs.size - 1) > (size - 1) / attrs.step))
    return c.fail(subject(c) + std::to_string(attrs.size) + " elements in steps of " +
                  std::to_string(attrs.step) + " do not fit dimension " +
                  std::to_string(attrs.dim) + " of " + toString(c.operands[0]->sizes));
  size = attrs.size;
  return true;
}

/// The view that sizes and strides describe lies within `storage` elements, for some offset.
static bool checkStridedView(InferContext &c, std::span<const int64_t> sizes,
                             std::span<const int64_t> strides, int64_t storage) {
  if (!checkSizes(c, sizes))
    return false;
  auto what = [&] { return "sizes " + toString(sizes) + " and strides " + toString(strides); };
  if (sizes.size() != strides.size())
    return c.fail(subject(c) + what() + " differ in length");
  bool empty = false, fits = true;
  int64_t last = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (strides[i] < 0)
      return c.fail(subject(c) + what() + " contain a negative stride; flip the dimension instead");
    int64_t reach;
    empty |= sizes[i] == 0;
    if (sizes[i] > 1)
      fits = fits && !__builtin_mul_overflow(sizes[i] - 1, strides[i], &reach) &&
             !__builtin_add_overflow(last, reach, &last);
  }
  return empty || (fits && last < storage) ||
         c.fail(subject(c) + what() + " reach beyond the " + std::to_string(storage) +
                " elements of the operand " + toString(c.operands[0]->sizes));
}

bool asStrided(InferContext &c) {
  auto attrs = AsStridedAttrs::read(c.attributes);
  c.result = {c.operands[0]->dtype, Dims(attrs.sizes)};
  return checkIndexOperand(c, 1) &&
         checkStridedView(c, attrs.sizes, attrs.strides, numElements(c.operands[0]->sizes));
}

bool writeView(InferContext &c) {
  auto attrs = WriteViewAttrs::read(c.attributes);
  const TensorType &base = *c.operands[0], &value = *c.operands[1];
  c.result = base;
  if (!checkIndexOperand(c, 2) ||
      !checkStridedView(c, attrs.sizes, attrs.strides, numElements(base.sizes)))
    return false;
  for (size_t i = 0; i < attrs.sizes.size(); ++i)
    if (attrs.sizes[i] > 1 && attrs.strides[i] == 0)
      return c.fail(subject(c) + "sizes " + toString(attrs.sizes) + " and strides " +
                    toString(attrs.strides) + " write elements more than once; write to a copy");
  if (value.dtype != base.dtype)
    return c.fail(subject(c) + "a value of " + toString(value.dtype) + " is written to " +
                  toString(base.dtype) + "; cast it");
  return value.sizes == Dims(attrs.sizes) ||
         c.fail(subject(c) + "a value of shape " + toString(value.sizes) +
                " is written to a view of shape " + toString(attrs.sizes) +
                "; expand or reshape it");
}

bool concat(InferContext &c) {
  int64_t dim = ConcatAttrs::read(c.attributes).dim;
  c.result = *c.operands[0];
  if (!checkDim(c, dim, c.result.sizes.size()))
    return false;
  for (size_t i = 1; i < c.operands.size(); ++i) {
    const TensorType &type = *c.operands[i];
    if (type.dtype != c.result.dtype)
      return c.fail(subject(c) + "operands have the dtypes " + toString(c.result.dtype) + " and " +
                    toString(type.dtype) + "; cast one of them");
    bool same = type.sizes.size() == c.result.sizes.size();
    for (size_t d = 0; same && d < type.sizes.size(); ++d)
      same = type.sizes[d] == c.result.sizes[d] || static_cast<int64_t>(d) == dim;
    if (!same)
      return c.fail(subject(c) + operandName(c, i) + " has the shape " + toString(type.sizes) +
                    ", operand 0 " + toString(c.operands[0]->sizes) +
                    "; they may differ in dimension " + std::to_string(dim) + " only");
    if (__builtin_add_overflow(c.result.sizes[dim], type.sizes[dim], &c.result.sizes[dim]))
      return c.fail(subject(c) + "the result has more elements than 64 bits can address");
  }
  return checkSizes(c, c.result.sizes);
}

/// The index of gather and scatter_add: int64, of the operand's rank, within its other dimensions.
static bool checkIndex(InferContext &c, int64_t dim) {
  const TensorType &input = *c.operands[0], &index = *c.operands[1];
  if (!checkDim(c, dim, input.sizes.size()))
    return false;
  if (index.dtype != ScalarType::Long)
    return c.fail(subject(c) + "the index is " + toString(index.dtype) + "; cast it to int64");
  bool fits = index.sizes.size() == input.sizes.size();
  for (size_t d = 0; fits && d < index.sizes.size(); ++d)
    fits = static_cast<int64_t>(d) == dim || index.sizes[d] <= input.sizes[d];
  return fits || c.fail(subject(c) + "the index has the shape " + toString(index.sizes) +
                        ", the operand " + toString(input.sizes) +
                        "; the index needs as many dimensions and may be larger in " +
                        "dimension " + std::to_string(dim) + " only");
}

bool gather(InferContext &c) {
  c.result = {c.operands[0]->dtype, c.operands[1]->sizes};
  return checkIndex(c, GatherAttrs::read(c.attributes).dim);
}

static bool scattered(InferContext &c, int64_t dim) {
  const TensorType &input = *c.operands[0], &index = *c.operands[1], &source = *c.operands[2];
  c.result = input;
  if (!checkIndex(c, dim))
    return false;
  if (source.dtype != input.dtype)
    return c.fail(subject(c) + "a source of " + toString(source.dtype) + " meets an input of " +
                  toString(input.dtype) + "; cast it");
  bool fits = source.sizes.size() == index.sizes.size();
  for (size_t d = 0; fits && d < index.sizes.size(); ++d)
    fits = index.sizes[d] <= source.sizes[d];
  return fits ||
         c.fail(subject(c) + "the source has the shape " + toString(source.sizes) + ", the index " +
                toString(index.sizes) + "; the source must cover the index");
}
bool scatterAdd(InferContext &c) { return scattered(c, ScatterAddAttrs::read(c.attributes).dim); }
bool scatterReduce(InferContext &c) {
  const auto attrs = ScatterReduceAttrs::read(c.attributes);
  return (attrs.reduction >= ScatterReduction::prod && attrs.reduction <= ScatterReduction::amin) ||
                 c.fail(subject(c) + "unknown reduction " +
                        std::to_string(static_cast<int64_t>(attrs.reduction)))
             ? scattered(c, attrs.dim)
             : false;
}

} // namespace tjit::infer
