//===- TraceViews.cpp -------------------------------------------------------------------------===//
// A strided view of a pending value as view operations.
//
// The frontend describes a view by sizes, strides and offset in the row-major storage of a value.
// Most views are made of
//
//   slice in some dimensions | drop dimensions of size 1 | permute | add dimensions of size 1 |
//   expand
//
// each of which is left out where it does nothing. The dimension of the value that a stride belongs
// to follows from the strides, since those of a row-major value are products of its sizes. What
// cannot be written so (a diagonal, overlapping windows) is one as_strided.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Trace.h"

#include "IR/AttrWords.h"
#include "IR/OpAttrs.h.inc"

#include <algorithm>

namespace tjit::rt {

namespace {

struct SliceOf {
  int64_t start = 0, size = 1, step = 1;
};

/// How a view reads a row-major value.
struct Decomposition {
  std::vector<SliceOf> slices; // of each dimension of the value
  Dims order; // dimensions of the value, those that the view walks over, in the view's order
  Dims kept;  // the same, ascending
  Dims unit;  // the view's sizes, 1 where it repeats
};

bool decompose(std::span<const int64_t> from, std::span<const int64_t> sizes,
               std::span<const int64_t> strides, int64_t offset, Decomposition &out) {
  const Dims dense = contiguousStrides(from);
  const size_t rank = from.size();
  out.slices.resize(rank);
  for (size_t d = 0; d < rank; ++d) {
    if (from[d] > 1) {
      out.slices[d].start = offset / dense[d];
      offset %= dense[d];
    }
    if (from[d] == 0 || out.slices[d].start >= from[d])
      return false;
  }
  if (offset != 0)
    return false;
  std::vector<bool> used(rank, false);
  for (size_t i = 0; i < sizes.size(); ++i) {
    const bool walks = sizes[i] > 1 && strides[i] != 0;
    out.unit.push_back(walks ? sizes[i] : 1);
    if (!walks) {
      if (sizes[i] == 0)
        return false;
      continue;
    }
    size_t d = 0;
    for (; d < rank; ++d) {
      SliceOf &slice = out.slices[d];
      const int64_t step = strides[i] / dense[d];
      if (used[d] || from[d] <= 1 || strides[i] % dense[d] ||
          slice.start + (sizes[i] - 1) * step >= from[d])
        continue;
      slice.size = sizes[i], slice.step = step;
      used[d] = true;
      out.order.push_back(static_cast<int64_t>(d));
      break;
    }
    if (d == rank)
      return false;
  }
  out.kept = out.order;
  std::ranges::sort(out.kept);
  return true;
}

} // namespace

uint32_t Trace::viewOf(uint32_t node, const TensorType &type, std::span<const int64_t> sizes,
                       std::span<const int64_t> strides, int64_t offset) {
  const ScalarType dtype = type.dtype;
  const std::span<const int64_t> from = type.sizes;
  auto add = [&](OpKind kind, std::initializer_list<uint32_t> operands, const auto &attrs,
                 std::span<const int64_t> result) {
    AttrWords words;
    attrs.write(words);
    return addOperation(kind, {operands.begin(), operands.size()}, words.span(), dtype, result);
  };
  auto scalar = [&](int64_t value) {
    return addScalar(ScalarType::Long, static_cast<uint64_t>(value));
  };

  // The same elements under other sizes.
  if (offset == 0 && numElements(from) == numElements(sizes) &&
      (numElements(sizes) == 0 || std::ranges::equal(strides, contiguousStrides(sizes)))) {
    if (std::ranges::equal(from, sizes))
      return node;
    return add(OpKind::reshape, {node}, ReshapeAttrs{sizes}, sizes);
  }

  Decomposition view;
  if (!decompose(from, sizes, strides, offset, view))
    return add(OpKind::as_strided, {node, scalar(offset)}, AsStridedAttrs{sizes, strides}, sizes);

  Dims shape(from);
  for (size_t d = 0; d < from.size(); ++d) {
    const SliceOf &slice = view.slices[d];
    if (slice.start == 0 && slice.size == from[d])
      continue;
    shape[d] = slice.size;
    SliceAttrs attrs;
    attrs.dim = static_cast<int64_t>(d), attrs.size = slice.size, attrs.step = slice.step;
    node = add(OpKind::slice, {node, scalar(slice.start)}, attrs, shape);
  }
  auto reshapeTo = [&](const Dims &to) {
    if (!(shape == to)) {
      shape = to;
      node = add(OpKind::reshape, {node}, ReshapeAttrs{shape}, shape);
    }
  };
  Dims kept(view.kept.size(), 0), ordered(view.order.size(), 0), dims(view.order.size(), 0);
  for (size_t i = 0; i < kept.size(); ++i) {
    kept[i] = view.slices[view.kept[i]].size;
    ordered[i] = view.slices[view.order[i]].size;
    dims[i] = std::ranges::find(view.kept, view.order[i]) - view.kept.begin();
  }
  if (!std::ranges::is_sorted(dims)) {
    reshapeTo(kept);
    shape = ordered;
    node = add(OpKind::permute, {node}, PermuteAttrs{dims}, shape);
  }
  reshapeTo(view.unit);
  if (!std::ranges::equal(shape, sizes))
    node = add(OpKind::expand, {node}, ExpandAttrs{sizes}, sizes);
  return node;
}

} // namespace tjit::rt
