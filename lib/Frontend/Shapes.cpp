//===- Shapes.cpp -----------------------------------------------------------------------------===//
// Functions on shapes that are made of view functions.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "IR/Infer.h"

#include <algorithm>

namespace tjit {
inline namespace v1 {

std::vector<int64_t> infer_size(IntArrayRef a, IntArrayRef b) {
  Dims sizes;
  if (!broadcastSizes(sizesOf(a), sizesOf(b), sizes))
    throw Error("infer_size: the sizes " + toString(sizesOf(a)) + " and " + toString(sizesOf(b)) +
                " do not broadcast; counted from the last, sizes must be equal or 1");
  return {sizes.begin(), sizes.end()};
}

namespace ops {

Tensor ravel(const Tensor &self) {
  implOf(self, "ravel");
  return self.reshape({-1}).contiguous();
}
Tensor T(const Tensor &self) {
  std::vector<int64_t> order;
  for (int64_t d = static_cast<int64_t>(implOf(self, "T").type().sizes.size()); d-- > 0;)
    order.push_back(d);
  return self.permute(order);
}
Tensor movedim(const Tensor &self, IntArrayRef source, IntArrayRef destination) {
  const int64_t rank = static_cast<int64_t>(implOf(self, "movedim").type().sizes.size());
  if (source.size() != destination.size())
    throw Error("movedim: source " + toString(sizesOf(source)) + " and destination " +
                toString(sizesOf(destination)) + " have different lengths");
  std::vector<int64_t> order(static_cast<size_t>(rank), -1);
  std::vector<bool> moved(static_cast<size_t>(rank));
  for (size_t i = 0; i < source.size(); ++i) {
    const int64_t from = wrapDim(source[i], rank, "movedim"),
                  to = wrapDim(destination[i], rank, "movedim");
    if (rank == 0)
      continue;
    if (moved[static_cast<size_t>(from)] || order[static_cast<size_t>(to)] >= 0)
      throw Error("movedim: a dimension appears twice in source " + toString(sizesOf(source)) +
                  " or destination " + toString(sizesOf(destination)));
    moved[static_cast<size_t>(from)] = true;
    order[static_cast<size_t>(to)] = from;
  }
  if (rank == 0)
    return self.alias();
  int64_t next = 0;
  for (int64_t &from : order) {
    if (from >= 0)
      continue;
    while (moved[static_cast<size_t>(next)])
      ++next;
    from = next++;
  }
  return self.permute(order);
}

Tensor unfold(const Tensor &self, int64_t dim, int64_t size, int64_t step) {
  const TensorImpl &t = implOf(self, "unfold");
  dim = wrapDim(dim, self.dim(), "unfold");
  const int64_t n = t.type().sizes.empty() ? 1 : t.type().sizes[dim];
  if (size < 0 || size > n || step <= 0)
    throw Error("unfold: windows of " + std::to_string(size) + " every " + std::to_string(step) +
                " do not fit dimension " + std::to_string(dim) + " of size " + std::to_string(n) +
                "; the size is at most that and the step positive");
  Dims sizes = t.type().sizes, strides = contiguousStrides(sizes);
  const int64_t stride = strides.empty() ? 1 : strides[dim];
  if (!sizes.empty())
    sizes[dim] = (n - size) / step + 1, strides[dim] = stride * step;
  sizes.push_back(size), strides.push_back(stride);
  return regularView(self, sizes, strides, 0);
}

Tensor diag_embed(const Tensor &self, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t rank = static_cast<int64_t>(implOf(self, "diag_embed").type().sizes.size()) + 1;
  if (rank < 2)
    throw Error("diag_embed: expected at least one dimension");
  dim1 = wrapDim(dim1, rank, "diag_embed"), dim2 = wrapDim(dim2, rank, "diag_embed");
  if (dim1 == dim2)
    throw Error("diag_embed: the two dimensions must differ, both are " + std::to_string(dim1));
  const int64_t n = self.size(-1), side = n + std::abs(offset);
  std::vector<int64_t> sizes;
  for (int64_t d = 0, next = 0; d < rank; ++d)
    sizes.push_back(d == dim1 || d == dim2 ? side : self.size(next++));
  const Tensor out = tjit::zeros(sizes, self.scalar_type());
  out.diagonal(offset, dim1, dim2).copy_(self);
  return out;
}
Tensor diag(const Tensor &self, int64_t diagonal) {
  const size_t rank = implOf(self, "diag").type().sizes.size();
  if (rank == 1)
    return self.diag_embed(diagonal);
  if (rank != 2)
    throw Error("diag: expected a vector or a matrix, found sizes " +
                toString(self.impl()->type().sizes));
  return autodiff::labeled(self.diagonal(diagonal).clone(), "DiagonalBackward0_copy");
}
Tensor diagflat(const Tensor &self, int64_t offset) {
  implOf(self, "diagflat");
  return self.reshape({-1}).diag_embed(offset);
}

Tensor sum_to_size(const Tensor &self, IntArrayRef wanted) {
  const Dims &own = implOf(self, "sum_to_size").type().sizes;
  const size_t rank = own.size(), kept = wanted.size();
  if (kept == 0)
    return self.sum();
  bool fits = kept <= rank;
  std::vector<int64_t> dims;
  for (size_t d = 0; fits && d < rank; ++d) {
    if (d < rank - kept) {
      dims.push_back(static_cast<int64_t>(d));
      continue;
    }
    const int64_t size = wanted[d - (rank - kept)];
    fits = size == own[d] || size == 1;
    if (size == 1 && own[d] != 1)
      dims.push_back(static_cast<int64_t>(d));
  }
  if (!fits)
    throw Error("sum_to_size: sizes " + toString(sizesOf(wanted)) + " do not expand to " +
                toString(own));
  if (dims.empty())
    return self;
  const Tensor sum = self.sum(IntArrayRef(dims), /*keepdim=*/true);
  return kept == rank ? sum : sum.reshape(wanted);
}

//===------------------------------------------------------------------------------------------===//
// Dimensions of size 1, grids
//===------------------------------------------------------------------------------------------===//

Tensor atleast_1d(const Tensor &self) {
  return implOf(self, "atleast_1d").type().sizes.empty() ? self.reshape({1}) : self;
}
Tensor atleast_2d(const Tensor &self) {
  const size_t rank = implOf(self, "atleast_2d").type().sizes.size();
  return rank == 0 ? self.reshape({1, 1}) : rank == 1 ? self.unsqueeze(0) : self;
}
Tensor atleast_3d(const Tensor &self) {
  const size_t rank = implOf(self, "atleast_3d").type().sizes.size();
  return rank == 0   ? self.reshape({1, 1, 1})
         : rank == 1 ? self.unsqueeze(0).unsqueeze(-1)
         : rank == 2 ? self.unsqueeze(-1)
                     : self;
}
static std::vector<Tensor> each(TensorList tensors, Tensor (*f)(const Tensor &)) {
  std::vector<Tensor> out;
  for (const Tensor &t : tensors)
    out.push_back(f(t));
  return out;
}
std::vector<Tensor> atleast_1d(TensorList tensors) { return each(tensors, ops::atleast_1d); }
std::vector<Tensor> atleast_2d(TensorList tensors) { return each(tensors, ops::atleast_2d); }
std::vector<Tensor> atleast_3d(TensorList tensors) { return each(tensors, ops::atleast_3d); }

std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  Dims sizes;
  for (const Tensor &t : tensors) {
    Dims merged;
    if (!broadcastSizes(sizes, implOf(t, "broadcast_tensors").type().sizes, merged))
      throw Error("broadcast_tensors: sizes " + toString(t.impl()->type().sizes) +
                  " do not broadcast with " + toString(sizes));
    sizes = merged;
  }
  std::vector<Tensor> out;
  for (const Tensor &t : tensors)
    out.push_back(expandTo(t, sizes, "broadcast_tensors"));
  return out;
}

std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing) {
  if (tensors.empty())
    throw Error("meshgrid: expected at least one tensor");
  if (indexing != "ij" && indexing != "xy")
    throw Error("meshgrid: indexing must be \"ij\" or \"xy\", found \"" + std::string(indexing) +
                "\"");
  std::vector<Tensor> vectors;
  std::vector<int64_t> sizes;
  for (const Tensor &t : tensors) {
    const TensorImpl &impl = implOf(t, "meshgrid");
    if (impl.type().sizes.size() > 1)
      throw Error("meshgrid: expected vectors, found sizes " + toString(impl.type().sizes));
    if (impl.type().dtype != tensors[0].scalar_type())
      throw Error(std::string("meshgrid: the dtypes differ: ") +
                  toString(tensors[0].scalar_type()) + " and " + toString(impl.type().dtype));
    vectors.push_back(t.reshape({-1}));
    sizes.push_back(vectors.back().size(0));
  }
  const size_t rank = vectors.size();
  const bool exchanged = indexing == "xy" && rank > 1;
  std::vector<Tensor> out;
  for (size_t i = 0; i < rank; ++i) {
    std::vector<int64_t> shape(rank, 1);
    shape[i] = sizes[i];
    const Tensor grid = vectors[i].view(shape).expand(sizes);
    out.push_back(exchanged ? grid.transpose(0, 1) : grid);
  }
  return out;
}

} // namespace ops
} // namespace v1
} // namespace tjit
