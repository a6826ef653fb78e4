//===- Joining.cpp ----------------------------------------------------------------------------===//
// Concatenation, repetition, gathering along a dimension.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Evaluate.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include "tjit/Indexing.h"

#include <algorithm>

namespace tjit {
inline namespace v1 {
namespace ops {

static bool allChannelsLast(TensorList tensors) {
  return std::all_of(tensors.begin(), tensors.end(),
                     [](const Tensor &t) { return liesChannelsLast(t); });
}

Tensor cat(TensorList tensors, int64_t dim) {
  if (tensors.empty())
    throw Error("cat: expected at least one tensor");
  ScalarType dtype = implOf(tensors[0], "cat").type().dtype;
  for (const Tensor &t : tensors) {
    dtype = promoteTypes(dtype, implOf(t, "cat").type().dtype);
    if (t.dim() == 0)
      throw Error("cat: tensors without dimensions cannot be concatenated; use stack");
  }
  // Empty vectors fit everything, as in PyTorch: they are taken for tensors of the others' sizes
  // with nothing along dim.
  auto isEmptyVector = [](const Tensor &t) { return t.dim() == 1 && t.size(0) == 0; };
  const Tensor *shape = &tensors[0];
  for (const Tensor &t : tensors)
    if (!isEmptyVector(t)) {
      shape = &t;
      break;
    }
  dim = wrapDim(dim, shape->dim(), "cat");
  Dims empty(sizesOf(shape->sizes()));
  empty[dim] = 0;
  std::vector<Tensor> parts;
  for (const Tensor &t : tensors)
    parts.push_back(castTo(isEmptyVector(t) ? t.reshape(refOf(empty)) : t, dtype));
  if (allChannelsLast(parts)) {
    for (Tensor &t : parts)
      t = t.movedim(1, -1);
    dim = dim == 0 ? 0 : dim == 1 ? shape->dim() - 1 : dim - 1;
    return recordOp(OpKind::concat, parts, {&dim, 1}).movedim(-1, 1);
  }
  return recordOp(OpKind::concat, parts, {&dim, 1});
}
Tensor concat(TensorList tensors, int64_t dim) { return tjit::cat(tensors, dim); }

Tensor stack(TensorList tensors, int64_t dim) {
  if (tensors.empty())
    throw Error("stack: expected at least one tensor");
  dim = wrapDim(dim, static_cast<int64_t>(implOf(tensors[0], "stack").type().sizes.size()) + 1,
                "stack");
  std::vector<Tensor> parts;
  for (const Tensor &t : tensors) {
    if (!(implOf(t, "stack").type().sizes == tensors[0].impl()->type().sizes))
      throw Error("stack: the tensors' sizes differ: " + toString(tensors[0].impl()->type().sizes) +
                  " and " + toString(t.impl()->type().sizes));
    parts.push_back(t.unsqueeze(dim));
  }
  if (dim < tensors[0].dim() && allChannelsLast(tensors)) // as PyTorch's, which keeps the order
    return tjit::cat(tensors, dim).unflatten(dim, {static_cast<int64_t>(parts.size()), -1});
  return tjit::cat(parts, dim);
}
Tensor vstack(TensorList tensors) {
  std::vector<Tensor> parts;
  for (const Tensor &t : tensors)
    parts.push_back(t.dim() == 0 ? t.reshape({1, 1}) : t.dim() == 1 ? t.unsqueeze(0) : t);
  return tjit::cat(parts, 0);
}
Tensor hstack(TensorList tensors) {
  std::vector<Tensor> parts;
  for (const Tensor &t : tensors)
    parts.push_back(t.dim() == 0 ? t.reshape({1}) : t);
  return tjit::cat(parts, !parts.empty() && parts[0].dim() > 1 ? 1 : 0);
}

Tensor dstack(TensorList tensors) { return tjit::cat(tjit::atleast_3d(tensors), 2); }
Tensor column_stack(TensorList tensors) {
  std::vector<Tensor> parts;
  for (const Tensor &t : tensors)
    parts.push_back(implOf(t, "column_stack").type().sizes.size() <= 1 ? t.reshape({t.numel(), 1})
                                                                       : t);
  return tjit::cat(parts, 1);
}

Tensor fliplr(const Tensor &self) {
  if (implOf(self, "fliplr").type().sizes.size() < 2)
    throw Error("fliplr: expected at least two dimensions, found sizes " +
                toString(self.impl()->type().sizes));
  return self.flip(1);
}
Tensor flipud(const Tensor &self) {
  if (implOf(self, "flipud").type().sizes.empty())
    throw Error("flipud: expected at least one dimension");
  return self.flip(0);
}
Tensor flip(const Tensor &self, IntArrayRef dims) {
  const int64_t rank = static_cast<int64_t>(implOf(self, "flip").type().sizes.size());
  if (dims.empty())
    return self.clone();
  const Dims flipped = wrapDims(dims, rank, "flip");
  auto record = [](const Tensor &t, const Dims &along) {
    AttrWords words;
    FlipAttrs{along}.write(words);
    return recordOp(OpKind::flip, {&t, 1}, words.span());
  };
  const std::optional<Dims> order = orderOfCopy(self);
  if (!order)
    return record(self, flipped);
  Dims along; // of the dimensions as they lie in memory
  for (size_t d = 0; d < order->size(); ++d)
    if (std::ranges::count(flipped, (*order)[d]))
      along.push_back(static_cast<int64_t>(d));
  return fromMemoryOrder(record(self.permute(refOf(*order)), along), *order);
}

static Tensor rollOne(const Tensor &self, int64_t shift, int64_t dim) {
  dim = wrapDim(dim, self.dim(), "roll");
  const int64_t n = self.dim() ? self.size(dim) : 1;
  shift = n ? (shift % n + n) % n : 0;
  if (shift == 0)
    return self.clone();
  const Tensor parts[] = {self.narrow(dim, n - shift, shift), self.narrow(dim, 0, n - shift)};
  return tjit::cat(parts, dim);
}
Tensor roll(const Tensor &self, IntArrayRef shifts, IntArrayRef dims) {
  implOf(self, "roll");
  if (shifts.empty())
    throw Error("roll: at least one shift is required");
  if (dims.empty() && shifts.size() == 1)
    return rollOne(self.reshape({-1}), shifts[0], 0).reshape(self.sizes());
  if (dims.size() != shifts.size())
    throw Error("roll: shifts " + toString(sizesOf(shifts)) + " and dims " +
                toString(sizesOf(dims)) + " have different lengths");
  if (self.dim() == 0)
    throw IndexError("roll: dims " + toString(sizesOf(dims)) +
                     " of a tensor without dimensions; leave dims out");
  // The result lies as what is concatenated would, whatever other strides self has.
  Tensor out = liesChannelsLast(self) ? self : self.contiguous();
  for (size_t i = 0; i < dims.size(); ++i)
    out = rollOne(out, shifts[i], dims[i]);
  return out;
}

Tensor repeat(const Tensor &self, IntArrayRef repeats) {
  const int64_t own = static_cast<int64_t>(implOf(self, "repeat").type().sizes.size());
  const int64_t rank = static_cast<int64_t>(repeats.size()), missing = rank - own;
  if (missing < 0)
    throw Error(
        "repeat: " + toString(sizesOf(repeats)) +
        " names fewer dimensions than the tensor has: " + toString(self.impl()->type().sizes));
  // Each dimension becomes [repeats, size] by an expansion, and one dimension again.
  Dims inserted, expanded, sizes;
  for (int64_t i = 0; i < rank; ++i) {
    const int64_t n = i < missing ? 1 : self.size(i - missing);
    if (repeats[i] < 0)
      throw Error("repeat: counts must not be negative, found " + toString(sizesOf(repeats)));
    inserted.push_back(1), inserted.push_back(n);
    expanded.push_back(repeats[i]), expanded.push_back(n);
    sizes.push_back(repeats[i] * n);
  }
  Tensor out = self.reshape(refOf(inserted)).expand(refOf(expanded)).reshape(refOf(sizes));
  return out.impl()->storage == self.impl()->storage ? out.clone(MemoryFormat::Contiguous) : out;
}
Tensor tile(const Tensor &self, IntArrayRef repeats) {
  std::vector<int64_t> counts = repeats.vec();
  while (static_cast<int64_t>(counts.size()) < self.dim())
    counts.insert(counts.begin(), 1);
  return self.repeat(counts);
}

//===------------------------------------------------------------------------------------------===//
// Indices along one dimension
//===------------------------------------------------------------------------------------------===//

Tensor block_diag(TensorList tensors) {
  int64_t columns = 0;
  // Of tensors with dimensions, and of those without, which count less.
  ScalarType dtype = ScalarType::Undefined, numbers = ScalarType::Undefined;
  std::vector<Tensor> blocks;
  for (const Tensor &t : tensors) {
    if (implOf(t, "block_diag").type().sizes.size() > 2)
      throw Error("block_diag: expected at most 2 dimensions, found sizes " +
                  toString(sizesOf(t.sizes())));
    blocks.push_back(tjit::atleast_2d(t));
    columns += blocks.back().size(1);
    ScalarType &kind = t.dim() ? dtype : numbers;
    kind = kind == ScalarType::Undefined ? t.scalar_type() : promoteTypes(kind, t.scalar_type());
  }
  if (blocks.empty())
    return tjit::empty({1, 0});
  if (dtype == ScalarType::Undefined)
    dtype = numbers;
  else if (numbers != ScalarType::Undefined && dtypeCategory(numbers) > dtypeCategory(dtype))
    dtype = promoteTypes(dtype, numbers);
  std::vector<Tensor> bands;
  int64_t before = 0;
  for (const Tensor &block : blocks) {
    const int64_t behind = columns - before - block.size(1);
    const Tensor band[] = {tjit::zeros({block.size(0), before}, dtype), block,
                           tjit::zeros({block.size(0), behind}, dtype)};
    bands.push_back(tjit::cat(band, 1));
    before += block.size(1);
  }
  return castTo(tjit::cat(bands, 0), dtype);
}
Tensor gather(const Tensor &self, int64_t dim, const Tensor &index, bool) {
  implOf(self, "gather");
  dim = wrapDim(dim, self.dim(), "gather");
  // An empty index may be of any dtype, as in PyTorch.
  const Tensor i =
      implOf(index, "gather").numel() ? integerIndex(index, "gather") : castTo(index, kLong);
  if (i.numel() == 0) // nothing is read, whatever the sizes
    return autodiff::labeled(self.reshape({-1}).narrow(0, 0, 0).reshape(i.sizes()).clone(),
                             "GatherBackward0");
  if (i.dim() == 0 && self.dim() == 1)
    return self.gather(0, i.reshape({1})).reshape({});
  if (self.dim() == 0 && i.dim() > 1)
    throw Error("gather: the index needs as many dimensions as the input, found sizes " +
                toString(i.impl()->type().sizes) + " and []");
  if (self.dim() == 0)
    return self.reshape({1}).gather(0, i.reshape({-1})).reshape(index.sizes());
  const Tensor operands[] = {self, i};
  return recordOp(OpKind::gather, operands, {&dim, 1});
}
/// Where there is nothing to choose from, no index can be right.
static void checkChoice(int64_t size, const Tensor &index, const char *operation) {
  if (size == 0 && implOf(index, operation).numel())
    throw IndexError(std::string(operation) + ": " + toString(index.impl()->type().sizes) +
                     " indices choose from no elements");
}
Tensor index_select(const Tensor &self, int64_t dim, const Tensor &index) {
  implOf(self, "index_select");
  dim = wrapDim(dim, self.dim(), "index_select");
  if (self.dim() == 0)
    return self.reshape({1}).index_select(0, index).reshape({});
  checkChoice(self.size(dim), index, "index_select");
  const Tensor operands[] = {self, indexAlong(index, self, dim, "index_select")};
  return recordOp(OpKind::gather, operands, {&dim, 1});
}
Tensor take(const Tensor &self, const Tensor &index) {
  const Tensor i = longIndex(index, "take"), flat = self.reshape({-1});
  checkChoice(flat.size(0), i, "take");
  const Tensor wrapped = tjit::where(i < 0, i + flat.size(0), i);
  return flat.gather(0, wrapped.reshape({-1})).reshape(index.sizes());
}
Tensor one_hot(const Tensor &self, int64_t classes) {
  const Tensor &i = longIndex(self, "one_hot");
  for (int64_t c : readNumbers<int64_t>(*i.impl()))
    if (c < 0 || (classes >= 0 && c >= classes))
      throw Error(
          "one_hot: class " + std::to_string(c) + " is " +
          (c < 0 ? "negative" : "not below the number of classes, " + std::to_string(classes)));
  if (classes < 0 && self.numel() == 0)
    throw Error("one_hot: an empty tensor does not tell the number of classes; give it");
  if (classes < 0)
    classes = i.max().item<int64_t>() + 1;
  // A class that is out of range is an error of the evaluation.
  Dims sizes(sizesOf(self.sizes()));
  sizes.push_back(classes);
  return tjit::zeros(refOf(sizes), kLong).scatter(-1, i.unsqueeze(-1), 1);
}

} // namespace ops
} // namespace v1
} // namespace tjit
