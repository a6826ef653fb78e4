//===- Indexing.cpp ---------------------------------------------------------------------------===//
// Index({...}) and index_put_.
//
// Integers, slices, None and Ellipsis are views. Masks and index tensors are turned into one index
// tensor of the flattened operand, read by a gather. Shapes that depend on data (masks) evaluate,
// and so do indices, which are checked here.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
#include "IR/Infer.h"

#include "tjit/Indexing.h"

#include <algorithm>
#include <unordered_map>

namespace tjit {

using indexing::TensorIndex;
using Kind = TensorIndex::Kind;

namespace {

/// The indices of the elements that are not zero: one list for each dimension.
std::vector<std::vector<int64_t>> nonzeroLists(const Tensor &t) {
  const std::vector<std::byte> truth = readElements(*castTo(t, kBool).impl());
  const Dims sizes(sizesOf(t.sizes()));
  const size_t rank = sizes.size(), row = rank ? static_cast<size_t>(sizes[rank - 1]) : 1;
  std::vector<std::vector<int64_t>> lists(rank);
  Dims at(rank, 0); // of the row's first element
  for (size_t start = 0; start < truth.size(); start += row) {
    for (size_t i = 0; i < row && rank; ++i)
      if (truth[start + i] != std::byte{0}) {
        for (size_t d = 0; d + 1 < rank; ++d)
          lists[d].push_back(at[d]);
        lists[rank - 1].push_back(static_cast<int64_t>(i));
      }
    for (size_t d = rank; d-- > 1;) {
      if (++at[d - 1] < sizes[d - 1])
        break;
      at[d - 1] = 0;
    }
  }
  return lists;
}

/// An index list applied to a tensor: the view that its integers, slices, None and Ellipsis make,
/// and for each dimension of that view an index tensor (int64) or none.
struct Applied {
  Tensor view;
  std::vector<Tensor> tensors;
  bool advanced = false;
};

int64_t dimsConsumed(const TensorIndex &index) {
  switch (index.kind()) {
  case Kind::none:
  case Kind::ellipsis:
  case Kind::boolean:
    return 0;
  case Kind::tensor: {
    if (!index.tensor().defined())
      return 1; // all of a dimension
    const TensorImpl &t = implOf(index.tensor(), "index");
    return t.type().dtype == kBool || t.type().dtype == kByte
               ? static_cast<int64_t>(t.type().sizes.size())
               : 1;
  }
  default:
    return 1;
  }
}

/// All of a dimension is no view of it, as in libtorch.
bool isAll(const indexing::Slice &slice, int64_t size) {
  return slice.start().value_or(0) == 0 && slice.stop().value_or(size) >= size && slice.step() == 1;
}

Applied apply(const Tensor &self, ArrayRef<TensorIndex> indices) {
  const int64_t rank = static_cast<int64_t>(implOf(self, "index").type().sizes.size());
  int64_t consumed = 0, ellipses = 0;
  for (const TensorIndex &i : indices) {
    consumed += dimsConsumed(i);
    ellipses += i.kind() == Kind::ellipsis;
  }
  if (consumed > rank || ellipses > 1)
    throw IndexError("index: " + (ellipses > 1 ? std::string("more than one Ellipsis")
                                               : "too many indices (" + std::to_string(consumed) +
                                                     ") for a tensor of " + std::to_string(rank) +
                                                     " dimensions"));
  Applied out{self, {}, false};
  int64_t dim = 0;
  auto none = [&] {
    out.tensors.emplace_back();
    ++dim;
  };
  for (const TensorIndex &i : indices) {
    switch (i.kind()) {
    case Kind::none:
      out.view = out.view.unsqueeze(dim);
      none();
      break;
    case Kind::ellipsis:
      for (int64_t n = rank - consumed; n > 0; --n)
        none();
      break;
    case Kind::integer: {
      const int64_t size = out.view.size(dim);
      if (i.integer() < -size || i.integer() >= size)
        throw IndexError("index: index " + std::to_string(i.integer()) +
                         " is out of range for dimension " + std::to_string(dim) + " of size " +
                         std::to_string(size));
      out.view = out.view.select(dim, i.integer());
      break;
    }
    case Kind::boolean:
      out.view = out.view.unsqueeze(dim);
      out.tensors.push_back(
          fromIntegers(i.boolean() ? std::vector<int64_t>{0} : std::vector<int64_t>{}));
      out.advanced = true;
      ++dim;
      break;
    case Kind::slice:
      if (!isAll(i.slice(), out.view.size(dim)))
        out.view = out.view.slice(dim, i.slice().start(), i.slice().stop(), i.slice().step());
      none();
      break;
    case Kind::tensor: {
      const Tensor &t = i.tensor();
      if (!t.defined()) {
        none();
        break;
      }
      if (t.dim() == 0 && isIntegralType(t.scalar_type(), false) && t.scalar_type() != kByte) {
        // As libtorch: a 0-dim integer tensor is an integer.
        out.view = out.view.select(dim, t.item<int64_t>());
        break;
      }
      out.advanced = true;
      if (t.scalar_type() != kBool && t.scalar_type() != kByte) {
        if (t.scalar_type() != kLong && t.scalar_type() != kInt)
          throw IndexError(
              std::string("index: an index tensor must be int64, int32, uint8 or bool, found ") +
              toString(t.scalar_type()) + "; convert with to(kLong)");
        out.tensors.push_back(castTo(t, kLong));
        ++dim;
        break;
      }
      if (t.dim() == 0) {
        out.view = out.view.unsqueeze(dim);
        out.tensors.push_back(
            fromIntegers(t.item<bool>() ? std::vector<int64_t>{0} : std::vector<int64_t>{}));
        ++dim;
        break;
      }
      for (int64_t d = 0; d < t.dim(); ++d)
        if (t.size(d) != out.view.size(dim + d))
          throw IndexError("index: the mask's sizes " + toString(sizesOf(t.sizes())) +
                           " do not match the tensor's " + toString(sizesOf(out.view.sizes())) +
                           " from dimension " + std::to_string(dim));
      for (const std::vector<int64_t> &list : nonzeroLists(t)) {
        out.tensors.push_back(fromIntegers(list));
        ++dim;
      }
      break;
    }
    }
  }
  out.tensors.resize(static_cast<size_t>(out.view.dim()));
  return out;
}

/// Index tensors resolved to positions in the flattened view.
struct Positions {
  std::vector<int64_t> flat; // row-major over `sizes`
  Dims sizes;                // of the result
};

/// Broadcasts the index tensors, checks them, and crosses them with the dimensions that have none.
/// The dimensions of the indices stand where the first index stood if the indices are adjacent,
/// else in front.
Positions resolve(const Applied &applied) {
  const Dims sizes(sizesOf(applied.view.sizes()));
  const size_t rank = sizes.size();
  Dims common;
  size_t first = rank, last = 0, count = 0;
  for (size_t d = 0; d < rank; ++d)
    if (applied.tensors[d].defined()) {
      Dims merged;
      if (!broadcastSizes(common, sizesOf(applied.tensors[d].sizes()), merged))
        throw IndexError(
            "index: the sizes of the index tensors do not broadcast: " + toString(common) +
            " and " + toString(sizesOf(applied.tensors[d].sizes())));
      common = merged;
      first = std::min(first, d), last = d, ++count;
    }
  const bool adjacent = last - first + 1 == count;
  const Dims strides = contiguousStrides(sizes);
  // Offset of every combination of the index tensors.
  std::vector<int64_t> combined(static_cast<size_t>(numElements(common)), 0);
  for (size_t d = 0; d < rank; ++d) {
    if (!applied.tensors[d].defined())
      continue;
    const std::vector<int64_t> values =
        readNumbers<int64_t>(*expandTo(applied.tensors[d], common, "index").impl());
    for (size_t i = 0; i < values.size(); ++i) {
      const int64_t v = values[i] < 0 ? values[i] + sizes[d] : values[i];
      if (v < 0 || v >= sizes[d])
        throw IndexError("index: index " + std::to_string(values[i]) +
                         " is out of range for dimension " + std::to_string(d) + " of size " +
                         std::to_string(sizes[d]));
      combined[i] += v * strides[d];
    }
  }
  // The result's dimensions as (size, stride) of the view, and the block of index dimensions
  // between them.
  struct Range {
    int64_t size, stride;
  };
  std::vector<Range> before, after;
  for (size_t d = 0; d < rank; ++d)
    if (!applied.tensors[d].defined())
      (adjacent && d < first ? before : after).push_back({sizes[d], strides[d]});
  auto offsets = [](const std::vector<Range> &ranges) {
    std::vector<int64_t> out{0};
    for (const Range &r : ranges) {
      std::vector<int64_t> next;
      for (int64_t o : out)
        for (int64_t i = 0; i < r.size; ++i)
          next.push_back(o + i * r.stride);
      out = std::move(next);
    }
    return out;
  };
  Positions p;
  const std::vector<int64_t> outer = offsets(before), inner = offsets(after);
  p.flat.reserve(outer.size() * combined.size() * inner.size());
  for (int64_t a : outer)
    for (int64_t b : combined)
      for (int64_t c : inner)
        p.flat.push_back(a + b + c);
  for (const Range &r : before)
    p.sizes.push_back(r.size);
  for (int64_t s : common)
    p.sizes.push_back(s);
  for (const Range &r : after)
    p.sizes.push_back(r.size);
  return p;
}

/// One index tensor alone: a gather along its dimension, with no evaluation if it is no mask.
std::optional<Tensor> selectAlongOne(const Applied &applied) {
  size_t count = 0, dim = 0;
  for (size_t d = 0; d < applied.tensors.size(); ++d)
    if (applied.tensors[d].defined())
      ++count, dim = d;
  if (count != 1)
    return std::nullopt;
  const Tensor &index = applied.tensors[dim];
  const Dims &sizes = applied.view.impl()->type().sizes;
  if (sizes[dim] == 0 && index.numel())
    throw IndexError("index: " + toString(sizesOf(index.sizes())) +
                     " indices choose from dimension " + std::to_string(dim) + ", which is empty");
  if (!index.impl()->storage->value->pending())
    for (int64_t v : readNumbers<int64_t>(*index.impl()))
      if (v < -sizes[dim] || v >= sizes[dim])
        throw IndexError("index: index " + std::to_string(v) + " is out of range for dimension " +
                         std::to_string(dim) + " of size " + std::to_string(sizes[dim]));
  const Tensor wrapped = tjit::where(index < 0, index + sizes[dim], index);
  Dims result;
  for (size_t d = 0; d < sizes.size(); ++d)
    if (d != dim)
      result.push_back(sizes[d]);
    else
      for (int64_t s : index.sizes())
        result.push_back(s);
  return applied.view.index_select(static_cast<int64_t>(dim), wrapped.reshape({-1}))
      .reshape(refOf(result));
}

/// The order in memory that libtorch gives the result of index, where that is not row-major: that
/// of TensorIterator over the view, whose dimensions with indices count for nothing, and the index
/// tensors, which get the rank of the result (AdvancedIndex in TensorAdvancedIndexing.cpp).
std::optional<Dims> orderOfIndexed(const Applied &applied) {
  const TensorImpl &view = *applied.view.impl();
  const size_t rank = applied.tensors.size();
  bool rowMajor = view.contiguous;
  size_t before = rank, last = 0;
  std::vector<Tensor> indices;
  for (size_t d = 0; d < rank; ++d)
    if (const Tensor &t = applied.tensors[d]; t.defined()) {
      rowMajor &= t.impl()->contiguous;
      before = std::min(before, d), last = d;
      indices.push_back(t.detach());
    }
  if (rowMajor)
    return std::nullopt;
  if (last - before + 1 != indices.size())
    before = 0;
  indices = tjit::broadcast_tensors(indices);
  const Dims &common = indices[0].impl()->type().sizes;
  // The dimensions of the result: those of the view in front, those of the indices, the others.
  Dims sizes, strides, result, shape;
  auto add = [&](int64_t size, int64_t stride, int64_t resultSize, int64_t indexSize) {
    sizes.push_back(size), strides.push_back(stride);
    result.push_back(resultSize), shape.push_back(indexSize);
  };
  auto addViewed = [&](size_t d) {
    const int64_t size = view.type().sizes[d];
    add(size, view.strides[d], size, 1);
  };
  for (size_t d = 0; d < before; ++d)
    addViewed(d);
  for (int64_t size : common)
    add(1, 0, size, size);
  for (size_t d = before; d < rank; ++d)
    if (!applied.tensors[d].defined())
      addViewed(d);
  std::vector<Geometry> geometries{{sizes, strides}};
  for (Tensor &index : indices) {
    index = index.view(refOf(shape));
    geometries.push_back({index.impl()->type().sizes, index.impl()->strides});
  }
  Dims order;
  return elementwiseOrder(result, geometries, order) ? std::nullopt : std::optional(order);
}

/// self with `value` where the mask holds; value broadcasts.
void putMasked(const Tensor &view, const Tensor &mask, const Tensor &value) {
  Tensor m = mask;
  while (m.dim() < view.dim())
    m = m.unsqueeze(-1);
  ops::writeInto(view, tjit::where(m, value, view), "index_put_");
}

void putPositions(const Tensor &view, const Positions &p, const Tensor &value, bool accumulate) {
  const int64_t n = view.numel();
  const Tensor values =
      expandTo(castTo(value, view.scalar_type()), p.sizes, "index_put_").reshape({-1});
  const Tensor flat = view.reshape({-1});
  if (accumulate || p.flat.empty()) {
    ops::writeInto(view, flat.scatter_add(0, fromIntegers(p.flat), values).reshape(view.sizes()),
                   "index_put_");
    return;
  }
  // For every element of the view the last value that was given for it, or none.
  std::vector<int64_t> source(static_cast<size_t>(n), -1);
  for (size_t i = 0; i < p.flat.size(); ++i)
    source[p.flat[i]] = static_cast<int64_t>(i);
  const Tensor from = fromIntegers(source);
  const Tensor taken = values.gather(0, from.clamp_min(0));
  ops::writeInto(view, tjit::where(from >= 0, taken, flat).reshape(view.sizes()), "index_put_");
}

/// Leading dimensions of size 1 are dropped from a value that is assigned, as in PyTorch.
Tensor fitted(const Tensor &value, int64_t rank) {
  Tensor v = value;
  while (v.dim() > rank && v.size(0) == 1)
    v = v.select(0, 0);
  return v;
}

/// Whether there were index tensors; else it was a copy into a view.
bool putIndexed(const Tensor &self, ArrayRef<TensorIndex> indices, const Tensor &value,
                bool accumulate) {
  // A mask with one value selects elementwise: nothing has to be evaluated.
  if (!accumulate && indices.size() == 1 && indices[0].kind() == Kind::tensor &&
      value.numel() == 1) {
    const Tensor &mask = indices[0].tensor();
    if (implOf(mask, "index_put_").type().dtype == kBool && mask.dim() > 0 &&
        mask.dim() <= self.dim() &&
        std::equal(mask.sizes().begin(), mask.sizes().end(), self.sizes().begin())) {
      putMasked(self, mask, castTo(value, self.scalar_type()).reshape({}));
      return true;
    }
  }
  const Applied applied = apply(self, indices);
  if (!applied.advanced) {
    const Tensor v = fitted(value, applied.view.dim());
    const Dims &sizes = applied.view.impl()->type().sizes;
    ops::writeInto(applied.view, expandTo(accumulate ? applied.view + v : v, sizes, "index_put_"),
                   "index_put_", v.dim() || !sizes.size() ? ops::kCopyHistory : "FillBackward3");
    return false;
  }
  if (value.scalar_type() != self.scalar_type())
    throw Error(std::string("index_put_: the destination is of ") + toString(self.scalar_type()) +
                " and the source of " + toString(value.scalar_type()) +
                "; convert the source with to() first");
  ops::refuseOverlap("index_put_", true, self, value);
  const Positions p = resolve(applied);
  const Tensor v = fitted(value, static_cast<int64_t>(p.sizes.size()));
  if (p.flat.empty() && !v.requires_grad() && !self.requires_grad()) {
    expandTo(v, p.sizes, "index_put_");
    return true;
  }
  putPositions(applied.view, p, v, accumulate);
  return true;
}

} // namespace

inline namespace v1 {

TensorIndex::TensorIndex(const char *text) : kind_(Kind::ellipsis) {
  if (std::string_view(text) != "...")
    throw ValueError(std::string("index: expected \"...\" as the only text, found \"") + text +
                     "\"");
}

/// Elements at index tensors: new memory.
static Tensor read(const Applied &applied) {
  if (std::optional<Tensor> selected = selectAlongOne(applied))
    return *selected;
  const Positions p = resolve(applied);
  const Tensor flat = applied.view.reshape({-1});
  return (p.flat.empty() ? flat.narrow(0, 0, 0).clone() : flat.gather(0, fromIntegers(p.flat)))
      .reshape(refOf(p.sizes));
}
/// The derivative reads index tensors, which were converted: it must not find others.
static void saveIndices(const autodiff::HistoryName &history, const Tensor &result,
                        ArrayRef<TensorIndex> indices) {
  for (const TensorIndex &index : indices)
    if (index.kind() == Kind::tensor)
      history.save(result, index.tensor());
}

Tensor Tensor::index(ArrayRef<TensorIndex> indices) const {
  rt::CallPlace place;
  const autodiff::HistoryName history("IndexBackward0");
  const Applied applied = apply(*this, indices);
  if (!applied.advanced && applied.view.is_same(*this))
    return indices.size() == 1 && indices[0].is_slice() ? slice() : alias(); // as libtorch's
  if (!applied.advanced)
    return applied.view;
  Tensor result = read(applied);
  if (const std::optional<Dims> order = orderOfIndexed(applied))
    result = copyInOrder(result, *order);
  history.give(result);
  saveIndices(history, result, indices);
  return result;
}
Tensor Tensor::index(std::initializer_list<TensorIndex> indices) const {
  rt::CallPlace place;
  return index(ArrayRef<TensorIndex>(indices));
}

Tensor &Tensor::index_put_(ArrayRef<TensorIndex> indices, const Tensor &value,
                           bool accumulate) const {
  rt::CallPlace place;
  implOf(*this, "index_put_"), implOf(value, "index_put_");
  autodiff::checkWrite(*impl_, "index_put_"); // also where no element is chosen
  const autodiff::HistoryName history("IndexPutBackward0");
  if (putIndexed(*this, indices, value, accumulate))
    history.giveWritten(*this);
  saveIndices(history, *this, indices);
  return const_cast<Tensor &>(*this);
}
Tensor &Tensor::index_put_(std::initializer_list<TensorIndex> indices, const Tensor &value,
                           bool accumulate) const {
  rt::CallPlace place;
  return index_put_(ArrayRef<TensorIndex>(indices), value, accumulate);
}
Tensor &Tensor::index_put_(ArrayRef<TensorIndex> indices, const Scalar &value) const {
  rt::CallPlace place;
  const ScalarType dtype = implOf(*this, "index_put_").type().dtype;
  checkHolds(value, computeDtype(dtype), "index_put_");
  return index_put_(indices, scalarArgument(value, dtype));
}
Tensor &Tensor::index_put_(std::initializer_list<TensorIndex> indices, const Scalar &value) const {
  rt::CallPlace place;
  return index_put_(ArrayRef<TensorIndex>(indices), value);
}

namespace ops {

Tensor index(const Tensor &self, TensorList indices) {
  std::vector<TensorIndex> list;
  for (const Tensor &i : indices)
    list.emplace_back(i);
  return self.index(list);
}

Tensor nonzero_static(const Tensor &self, int64_t size, int64_t fill) {
  implOf(self, "nonzero_static");
  if (size < 0)
    throw Error("nonzero_static: the number of rows must not be negative, found " +
                std::to_string(size));
  const Tensor found = self.nonzero();
  const int64_t n = std::min(size, found.size(0));
  const Tensor parts[] = {found.narrow(0, 0, n),
                          tjit::full({size - n, found.size(1)}, fill, kLong)};
  return tjit::cat(parts, 0);
}
Tensor nonzero(const Tensor &self) {
  implOf(self, "nonzero");
  const std::vector<std::vector<int64_t>> lists = nonzeroLists(self);
  const int64_t rank = self.dim(),
                n = rank ? static_cast<int64_t>(lists[0].size()) : self.item<bool>();
  const int64_t sizes[] = {rank, n};
  HostTensor host = makeHostTensor(kLong, sizes);
  int64_t *next = host.as<int64_t>();
  for (const std::vector<int64_t> &list : lists)
    next = std::ranges::copy(list, next).out;
  return makeAlias(*host.tensor.impl(), Dims{n, rank}, Dims{1, n}, 0); // list after list
}
std::vector<Tensor> nonzero_numpy(const Tensor &self) {
  implOf(self, "nonzero_numpy");
  return tjit::atleast_1d(self).nonzero().unbind(1);
}
std::vector<Tensor> nonzero(const Tensor &self, bool asTuple) {
  return asTuple ? self.nonzero_numpy() : std::vector<Tensor>{self.nonzero()};
}
Tensor argwhere(const Tensor &self) { return self.nonzero(); }
std::vector<Tensor> where(const Tensor &condition) { return condition.nonzero_numpy(); }
Tensor masked_select(const Tensor &self, const Tensor &mask) {
  if (implOf(mask, "masked_select").type().dtype != kBool)
    throw Error(std::string("masked_select: the mask must be bool, found ") +
                toString(mask.scalar_type()));
  Dims sizes;
  if (!broadcastSizes(implOf(self, "masked_select").type().sizes, mask.impl()->type().sizes, sizes))
    throw Error(
        "masked_select: the sizes do not broadcast: " + toString(self.impl()->type().sizes) +
        " and " + toString(mask.impl()->type().sizes));
  const Tensor from = expandTo(self, sizes, "masked_select"),
               where = expandTo(mask, sizes, "masked_select");
  return from.dim() ? from.index({where}) : from.reshape({1}).index({where.reshape({1})});
}

} // namespace ops
} // namespace v1
} // namespace tjit
