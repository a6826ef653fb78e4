//===- Splitting.cpp --------------------------------------------------------------------------===//
// Views of parts of a dimension.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Ops.h"
#include "IR/Infer.h"

#include <algorithm>

namespace tjit {
inline namespace v1 {
namespace ops {

static void checkHasDims(const Tensor &self, const char *operation) {
  if (implOf(self, operation).type().sizes.empty())
    throw Error(std::string(operation) + ": a tensor without dimensions cannot be divided");
}

/// The views are results of one call, which matters where one of them is written to.
static std::vector<Tensor> together(std::vector<Tensor> views) {
  for (Tensor &view : views)
    autodiff::markMultiOutput(*view.impl());
  return views;
}

std::vector<Tensor> unbind(const Tensor &self, int64_t dim) {
  checkHasDims(self, "unbind");
  dim = wrapDim(dim, self.dim(), "unbind");
  std::vector<Tensor> out;
  out.reserve(static_cast<size_t>(self.size(dim)));
  for (int64_t i = 0; i < self.size(dim); ++i)
    out.push_back(self.select(dim, i));
  return together(std::move(out));
}
/// Parts of `sizes`, each a view of its own.
static std::vector<Tensor> narrowed(const Tensor &self, IntArrayRef sizes, int64_t dim) {
  const int64_t n = self.size(dim);
  int64_t sum = 0;
  for (int64_t s : sizes)
    sum += s < 0 ? n + 1 : s;
  if (sum != n)
    throw Error("split: the sizes " + toString(sizesOf(sizes)) + " do not add up to dimension " +
                std::to_string(dim) + " of size " + std::to_string(n));
  std::vector<Tensor> out;
  int64_t at = 0;
  for (int64_t s : sizes) {
    out.push_back(self.narrow(dim, at, s));
    at += s;
  }
  return out;
}
std::vector<Tensor> split(const Tensor &self, IntArrayRef sizes, int64_t dim) {
  checkHasDims(self, "split");
  return together(narrowed(self, sizes, wrapDim(dim, self.dim(), "split")));
}
std::vector<Tensor> split(const Tensor &self, int64_t size, int64_t dim) {
  checkHasDims(self, "split");
  dim = wrapDim(dim, self.dim(), "split");
  const int64_t n = self.size(dim);
  if (size < 0 || (size == 0 && n != 0))
    throw Error("split: the size must be positive, found " + std::to_string(size));
  std::vector<int64_t> sizes;
  for (int64_t at = 0; at < n; at += size)
    sizes.push_back(std::min(size, n - at));
  if (sizes.empty())
    sizes.push_back(0);
  return self.split(IntArrayRef(sizes), dim);
}
std::vector<Tensor> chunk(const Tensor &self, int64_t chunks, int64_t dim) {
  checkHasDims(self, "chunk");
  dim = wrapDim(dim, self.dim(), "chunk");
  if (chunks <= 0)
    throw Error("chunk: the number of chunks must be positive, found " + std::to_string(chunks));
  const int64_t n = self.size(dim);
  if (n == 0) // as many empty ones as were asked for
    return self.split(IntArrayRef(std::vector<int64_t>(static_cast<size_t>(chunks), 0)), dim);
  return self.split(std::max<int64_t>((n + chunks - 1) / chunks, 1), dim);
}

std::vector<Tensor> tensor_split(const Tensor &self, int64_t sections, int64_t dim) {
  checkHasDims(self, "tensor_split");
  dim = wrapDim(dim, self.dim(), "tensor_split");
  if (sections <= 0)
    throw Error("tensor_split: the number of sections must be positive, found " +
                std::to_string(sections));
  const int64_t n = self.size(dim);
  std::vector<int64_t> sizes;
  sizes.reserve(static_cast<size_t>(sections));
  for (int64_t i = 0; i < sections; ++i)
    sizes.push_back(n / sections + (i < n % sections));
  return narrowed(self, sizes, dim);
}
std::vector<Tensor> tensor_split(const Tensor &self, IntArrayRef indices, int64_t dim) {
  checkHasDims(self, "tensor_split");
  dim = wrapDim(dim, self.dim(), "tensor_split");
  std::vector<Tensor> out;
  int64_t start = 0;
  for (int64_t index : indices) {
    out.push_back(self.slice(dim, start, index));
    start = index;
  }
  out.push_back(self.slice(dim, start, self.size(dim)));
  return out;
}
std::vector<Tensor> tensor_split(const Tensor &self, const Tensor &where, int64_t dim) {
  const TensorImpl &t = implOf(where, "tensor_split");
  if (t.type().dtype != kLong || t.type().sizes.size() > 1)
    throw Error(std::string("tensor_split: sections or indices must be an int64 tensor with at "
                            "most one dimension, found ") +
                toString(t.type().dtype) + " of sizes " + toString(t.type().sizes));
  if (t.type().sizes.empty())
    return self.tensor_split(where.item<int64_t>(), dim);
  return self.tensor_split(IntArrayRef(readNumbers<int64_t>(t)), dim);
}

/// The dimension that hsplit, vsplit and dsplit divide, for a tensor with `least` dimensions.
static void checkRank(const Tensor &self, int64_t least, const char *operation) {
  if (static_cast<int64_t>(implOf(self, operation).type().sizes.size()) < least)
    throw Error(std::string(operation) + ": expected at least " + std::to_string(least) +
                " dimensions, found sizes " + toString(self.impl()->type().sizes));
}
static std::vector<Tensor> equalParts(const Tensor &self, int64_t sections, int64_t dim,
                                      const char *operation) {
  if (sections <= 0 || self.size(dim) % sections)
    throw Error(std::string(operation) + ": dimension " + std::to_string(dim) + " of size " +
                std::to_string(self.size(dim)) + " is not divisible into " +
                std::to_string(sections) + " equal parts");
  return self.tensor_split(sections, dim);
}
std::vector<Tensor> hsplit(const Tensor &self, int64_t sections) {
  checkRank(self, 1, "hsplit");
  return equalParts(self, sections, self.dim() > 1, "hsplit");
}
std::vector<Tensor> hsplit(const Tensor &self, IntArrayRef indices) {
  checkRank(self, 1, "hsplit");
  return self.tensor_split(indices, self.dim() > 1);
}
std::vector<Tensor> vsplit(const Tensor &self, int64_t sections) {
  checkRank(self, 2, "vsplit");
  return equalParts(self, sections, 0, "vsplit");
}
std::vector<Tensor> vsplit(const Tensor &self, IntArrayRef indices) {
  checkRank(self, 2, "vsplit");
  return self.tensor_split(indices, 0);
}
std::vector<Tensor> dsplit(const Tensor &self, int64_t sections) {
  checkRank(self, 3, "dsplit");
  return equalParts(self, sections, 2, "dsplit");
}
std::vector<Tensor> dsplit(const Tensor &self, IntArrayRef indices) {
  checkRank(self, 3, "dsplit");
  return self.tensor_split(indices, 2);
}

} // namespace ops
} // namespace v1
} // namespace tjit
