//===- Views.cpp ------------------------------------------------------------------------------===//
// Other geometries of a storage.
//
// A view records nothing: it is another geometry, remembered by autograd as the structured call
// that made it (ADR 0002).
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "IR/AttrWords.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include "tjit/TensorData.h"

#include <algorithm>

namespace tjit {

int64_t wrapDim(int64_t dim, int64_t rank, const char *operation) {
  const int64_t bound = std::max<int64_t>(rank, 1);
  if (dim < -bound || dim >= bound)
    throw IndexError(std::string(operation) + ": dimension " + std::to_string(dim) +
                     " is out of range, expected " + std::to_string(-bound) + " to " +
                     std::to_string(bound - 1));
  return dim < 0 ? dim + bound : dim;
}

Dims wrapDims(OptionalIntArrayRef dims, int64_t rank, const char *operation) {
  Dims out;
  if (!dims.has_value() || (*dims).empty()) {
    out = Dims(static_cast<size_t>(rank), 0);
    for (int64_t i = 0; i < rank; ++i)
      out[i] = i;
    return out;
  }
  for (int64_t d : *dims)
    out.push_back(wrapDim(d, rank, operation));
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end())
    throw Error(std::string(operation) + ": a dimension appears twice in " +
                toString(sizesOf(*dims)));
  if (rank == 0)
    out = Dims();
  return out;
}

Tensor makeView(OpKind kind, const Tensor &parent, std::span<const int64_t> attributes,
                int64_t start, const Dims &sizes, const Dims &strides, int64_t offset) {
  TensorImpl &p = *parent.impl();
  Tensor view = makeAlias(p, sizes, strides, offset);
  autodiff::attachView(kind, p, attributes, start, *view.impl());
  return view;
}

static AttrWords stridedWords(const Dims &sizes, const Dims &strides) {
  AttrWords words;
  AsStridedAttrs{sizes, strides}.write(words);
  return words;
}

Tensor regularView(const Tensor &parent, const Dims &sizes, const Dims &rowMajorStrides,
                   int64_t start) {
  const TensorImpl &t = *parent.impl();
  Dims strides;
  for (int64_t s : rowMajorStrides)
    strides.push_back(fromRowMajor(s, t.type().sizes, t.strides));
  return makeView(OpKind::as_strided, parent, stridedWords(sizes, rowMajorStrides).span(), start,
                  sizes, strides, t.offset + fromRowMajor(start, t.type().sizes, t.strides));
}

namespace {

/// Sizes with -1 replaced by what is left.
Dims inferSizes(IntArrayRef sizes, int64_t numel, const char *operation) {
  Dims out(sizesOf(sizes));
  int64_t known = 1, unknown = -1;
  bool bad = false;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] == -1) {
      bad |= unknown >= 0;
      unknown = static_cast<int64_t>(i);
    } else {
      bad |= out[i] < 0 || __builtin_mul_overflow(known, out[i], &known);
    }
  }
  if (!bad && unknown >= 0 && known != 0 && numel % known == 0)
    out[unknown] = numel / known;
  else if (bad || unknown >= 0 || known != numel)
    throw Error(std::string(operation) + ": sizes " + toString(sizesOf(sizes)) +
                " are invalid for a tensor of " + std::to_string(numel) + " elements" +
                (unknown >= 0 && known == 0 ? "; -1 is ambiguous beside 0" : ""));
  return out;
}

Tensor reshapeView(const Tensor &self, const Dims &sizes, const Dims &strides) {
  return makeView(OpKind::reshape, self, listWords(sizes).span(), 0, sizes, strides,
                  self.impl()->offset);
}

Tensor permuteView(const Tensor &self, const Dims &dims) {
  const TensorImpl &t = *self.impl();
  Dims sizes(dims.size(), 0), strides(dims.size(), 0);
  for (size_t i = 0; i < dims.size(); ++i)
    sizes[i] = t.type().sizes[dims[i]], strides[i] = t.strides[dims[i]];
  return makeView(OpKind::permute, self, listWords(dims).span(), 0, sizes, strides, t.offset);
}

/// A dimension's indices start, start + step, ...: `size` of them, in range.
Tensor sliceView(const Tensor &self, int64_t dim, int64_t start, int64_t size, int64_t step) {
  const TensorImpl &t = *self.impl();
  Dims sizes = t.type().sizes, strides = t.strides;
  const int64_t offset = t.offset + start * strides[dim];
  sizes[dim] = size, strides[dim] *= step;
  const int64_t words[] = {dim, size, step};
  return makeView(OpKind::slice, self, words, start, sizes, strides, offset);
}

Dims without(const Dims &list, size_t at) {
  Dims out;
  for (size_t i = 0; i < list.size(); ++i)
    if (i != at)
      out.push_back(list[i]);
  return out;
}
Dims withInserted(const Dims &list, size_t at, int64_t value) {
  Dims out(list.size() + 1, value);
  for (size_t i = 0; i < list.size(); ++i)
    out[i < at ? i : i + 1] = list[i];
  return out;
}

} // namespace

Tensor expandTo(const Tensor &self, Sizes sizes, const char *operation) {
  const TensorImpl &t = implOf(self, operation);
  const size_t rank = sizes.size(), own = t.type().sizes.size();
  if (own == rank && std::equal(sizes.begin(), sizes.end(), t.type().sizes.begin()))
    return self;
  Dims strides(rank, 0);
  bool fits = own <= rank;
  for (size_t i = 0; fits && i < own; ++i) {
    const size_t at = rank - own + i;
    if (t.type().sizes[i] == sizes[at])
      strides[at] = t.strides[i];
    else
      fits = t.type().sizes[i] == 1;
  }
  // A new dimension of size 1 is as if it had been inserted.
  for (size_t next = fits ? rank - own : 0; next > 0 && sizes[next - 1] == 1; --next)
    strides[next - 1] = next < rank ? sizes[next] * strides[next] : 1;
  if (!fits)
    throw Error(std::string(operation) + ": sizes " + toString(t.type().sizes) +
                " cannot be expanded to " + toString(sizes) +
                "; only dimensions of size 1, or missing at the front, can");
  return makeView(OpKind::expand, self, listWords(sizes).span(), 0, Dims(sizes), strides, t.offset);
}

/// The dimensions in the order in which they lie in memory, where that is another one than they
/// have and the elements fill their memory.
static std::optional<Dims> memoryOrder(const Tensor &t) {
  const TensorImpl &impl = *t.impl();
  if (impl.contiguous || !isDense(impl.type().sizes, impl.strides))
    return std::nullopt;
  return orderOfStrides(impl.type().sizes, impl.strides);
}
std::optional<Dims> orderOfCopy(const Tensor &t) {
  const TensorImpl &impl = *t.impl();
  if (impl.contiguous || isDense(impl.type().sizes, impl.strides))
    return memoryOrder(t);
  const Geometry own{impl.type().sizes, impl.strides};
  Dims order;
  return elementwiseOrder(own.sizes, {&own, 1}, order) ? std::nullopt : std::optional(order);
}
Tensor fromMemoryOrder(const Tensor &t, const Dims &order) {
  Dims inverse(order.size(), 0);
  for (size_t i = 0; i < order.size(); ++i)
    inverse[order[i]] = static_cast<int64_t>(i);
  return t.permute(refOf(inverse));
}

Tensor copyInOrder(const Tensor &t, const Dims &order) {
  return fromMemoryOrder(t.permute(refOf(order)).clone(MemoryFormat::Contiguous), order);
}
Tensor copyLike(const Tensor &t, const Tensor &model) {
  const std::optional<Dims> order = orderOfCopy(model);
  return order ? copyInOrder(t, *order) : t.clone(MemoryFormat::Contiguous);
}
Tensor copyByColumns(const Tensor &t) {
  return t.dim() < 2 ? t.clone(MemoryFormat::Contiguous)
                     : t.mT().clone(MemoryFormat::Contiguous).mT();
}

Tensor inMemoryFormat(const Tensor &self, MemoryFormat format, const char *operation) {
  const size_t rank = implOf(self, operation).type().sizes.size();
  if (format == MemoryFormat::Contiguous || format == MemoryFormat::Preserve)
    return self.contiguous();
  const size_t wanted = format == MemoryFormat::ChannelsLast ? 4 : 5;
  if (rank != wanted)
    throw Error(std::string(operation) + ": this memory format is for tensors with " +
                std::to_string(wanted) + " dimensions, found sizes " +
                toString(self.impl()->type().sizes));
  return withChannelsLast(self);
}
Tensor withChannelsLast(const Tensor &t) { return t.movedim(1, -1).contiguous().movedim(-1, 1); }
bool liesChannelsLast(const Tensor &t) {
  return liesChannelsLast(t.impl()->type().sizes, t.impl()->strides);
}

inline namespace v1 {

//===------------------------------------------------------------------------------------------===//
// Attributes of Tensor
//===------------------------------------------------------------------------------------------===//

// libtorch answers for undefined tensors as for a vector without elements.
static constexpr int64_t kUndefinedSizes[] = {0};

int64_t Tensor::dim() const { return static_cast<int64_t>(sizes().size()); }
IntArrayRef Tensor::sizes() const {
  return defined() ? refOf(impl_->type().sizes) : IntArrayRef(kUndefinedSizes);
}
IntArrayRef Tensor::strides() const { return refOf(implOf(*this, "strides").strides); }
int64_t Tensor::size(int64_t dim) const {
  const IntArrayRef sizes = this->sizes();
  if (sizes.empty())
    throw IndexError("size: dimension " + std::to_string(dim) + " of a tensor without dimensions");
  return sizes[static_cast<size_t>(wrapDim(dim, static_cast<int64_t>(sizes.size()), "size"))];
}
int64_t Tensor::stride(int64_t dim) const {
  const Dims &strides = implOf(*this, "stride").strides;
  if (strides.empty())
    throw IndexError("stride: dimension " + std::to_string(dim) +
                     " of a tensor without dimensions");
  return strides[wrapDim(dim, static_cast<int64_t>(strides.size()), "stride")];
}
int64_t Tensor::numel() const { return defined() ? impl_->numel() : 0; }
int64_t Tensor::storage_offset() const { return defined() ? impl_->offset : 0; }
ScalarType Tensor::scalar_type() const {
  return defined() ? impl_->type().dtype : ScalarType::Undefined;
}
size_t Tensor::itemsize() const { return elementSize(implOf(*this, "itemsize").type().dtype); }
Device Tensor::device() const {
  implOf(*this, "device");
  return Device(DeviceType::CPU);
}
TensorOptions Tensor::options() const {
  return TensorOptions(scalar_type()).device(device()).layout(kStrided);
}
bool Tensor::is_non_overlapping_and_dense() const {
  const TensorImpl &t = implOf(*this, "is_non_overlapping_and_dense");
  return t.contiguous || isDense(t.type().sizes, t.strides);
}
bool Tensor::is_contiguous(MemoryFormat format) const {
  const TensorImpl &t = implOf(*this, "is_contiguous");
  if (format == MemoryFormat::Contiguous || format == MemoryFormat::Preserve)
    return t.contiguous;
  const size_t rank = t.type().sizes.size();
  if (rank != (format == MemoryFormat::ChannelsLast ? 4 : 5))
    return false;
  Dims order{0};
  for (size_t d = 2; d < rank; ++d)
    order.push_back(static_cast<int64_t>(d));
  order.push_back(1);
  Dims sizes, strides;
  for (int64_t d : order)
    sizes.push_back(t.type().sizes[d]), strides.push_back(t.strides[d]);
  return isRowMajor(sizes, strides);
}
bool Tensor::is_set_to(const Tensor &other) const {
  const TensorImpl &a = implOf(*this, "is_set_to"), &b = implOf(other, "is_set_to");
  return a.storage == b.storage && a.offset == b.offset && a.type().sizes == b.type().sizes &&
         a.strides == b.strides;
}
Tensor Tensor::_base() const {
  TensorImpl &t = implOf(*this, "_base");
  if (!autodiff::isView(t))
    throw Error("_base: the tensor is no view of another one");
  return autodiff::handleOf(autodiff::rootOf(t));
}
const std::string &Tensor::name() const {
  static const std::string none;
  implOf(*this, "name");
  return none;
}
size_t TensorStorage::nbytes() const {
  const TensorImpl &t = implOf(tensor_, "nbytes");
  return static_cast<size_t>(numElements(t.storage->value->type.sizes)) *
         elementSize(t.type().dtype);
}
void *TensorStorage::data_ptr() const {
  const TensorImpl &t = implOf(tensor_, "data_ptr");
  return static_cast<std::byte *>(tensor_.data_ptr()) -
         static_cast<size_t>(t.offset) * elementSize(t.type().dtype);
}
const void *TensorStorage::data() const {
  const TensorImpl &t = implOf(tensor_, "data");
  return static_cast<const std::byte *>(tensor_.const_data_ptr()) -
         static_cast<size_t>(t.offset) * elementSize(t.type().dtype);
}
bool Tensor::is_contiguous() const { return !defined() || impl_->contiguous; }
bool Tensor::is_view() const { return autodiff::isView(implOf(*this, "is_view")); }
int64_t Tensor::_version() const {
  if (!defined())
    return 0;
  const TensorImpl &t = *impl_;
  if (t.storage->inference)
    throw Error("_version: inference tensors do not track a version; clone() gives a tensor that "
                "does");
  return t.storage->version;
}

Tensor Tensor::operator[](int64_t index) const {
  const TensorImpl &t = implOf(*this, "operator[]");
  if (t.type().sizes.empty())
    throw IndexError("operator[]: a tensor without dimensions cannot be indexed; use item()");
  return select(0, index);
}
Tensor Tensor::operator[](const Tensor &index) const {
  const TensorImpl &i = implOf(index, "operator[]");
  if (i.type().sizes.empty() && isIntegralType(i.type().dtype, false))
    return operator[](index.item<int64_t>());
  throw IndexError("operator[]: the index must be a 0-dim integer tensor, found sizes " +
                   tjit::toString(i.type().sizes) + "; use index({...})");
}

//===------------------------------------------------------------------------------------------===//
// View functions
//===------------------------------------------------------------------------------------------===//

namespace ops {

Tensor view(const Tensor &self, IntArrayRef sizes) {
  const TensorImpl &t = implOf(self, "view");
  Dims wanted = inferSizes(sizes, t.numel(), "view");
  std::optional<Dims> strides = stridesOfView(t.type().sizes, t.strides, wanted);
  if (!strides)
    throw Error("view: sizes " + toString(wanted) + " are not compatible with the tensor's sizes " +
                toString(t.type().sizes) + " and strides " + toString(t.strides) +
                ": a dimension would span two that do not lie next to each other; use reshape(...) "
                "or contiguous() first");
  return autodiff::labeled(reshapeView(self, wanted, *strides), "ViewBackward0");
}
Tensor viewAs(const Tensor &self, ScalarType dtype) {
  const TensorImpl &t = implOf(self, "view");
  if (dtype == t.type().dtype)
    return self.detach(); // another dtype has no derivative, and so has none
  const int64_t from = static_cast<int64_t>(elementSize(t.type().dtype)),
                to = static_cast<int64_t>(elementSize(dtype));
  Dims sizes = t.type().sizes, strides = t.strides;
  if (from != to) {
    bool fits = !sizes.empty() && strides[sizes.size() - 1] == 1;
    if (fits && to > from) {
      fits = sizes[sizes.size() - 1] * from % to == 0 && t.offset * from % to == 0;
      for (size_t d = 0; d + 1 < sizes.size(); ++d)
        fits &= strides[d] * from % to == 0;
    }
    if (!fits)
      throw Error(std::string("view: elements of ") + toString(t.type().dtype) + " with sizes " +
                  toString(sizes) + " and strides " + toString(strides) + " are not elements of " +
                  toString(dtype) +
                  ": the last dimension must be dense, and sizes and strides must divide");
    sizes[sizes.size() - 1] = sizes[sizes.size() - 1] * from / to;
    for (size_t d = 0; d + 1 < sizes.size(); ++d)
      strides[d] = strides[d] * from / to;
  }
  // The same memory under another dtype is memory that somebody else may change; it keeps the
  // tensor.
  void *const memory = self.data_ptr();
  const auto keep = [self](void *) {};
  return tjit::from_blob(memory, refOf(sizes), refOf(strides), keep, dtype);
}
Tensor alias(const Tensor &self) { return self.view(self.sizes()); }
Tensor view_as(const Tensor &self, const Tensor &other) { return self.view(other.sizes()); }

Tensor reshape(const Tensor &self, IntArrayRef sizes) {
  const TensorImpl &t = implOf(self, "reshape");
  Dims wanted = inferSizes(sizes, t.numel(), "reshape");
  if (std::optional<Dims> strides = stridesOfView(t.type().sizes, t.strides, wanted))
    return autodiff::labeled(reshapeView(self, wanted, *strides),
                             t.contiguous ? "ViewBackward0" : "ReshapeAliasBackward0");
  return autodiff::labeled(recordOp(OpKind::reshape, {&self, 1}, listWords(wanted).span()),
                           "UnsafeViewBackward0");
}
Tensor reshape_as(const Tensor &self, const Tensor &other) { return self.reshape(other.sizes()); }

Tensor copied(const Tensor &view) { return view.clone(MemoryFormat::Contiguous); }
std::vector<Tensor> copied(std::vector<Tensor> views) {
  for (Tensor &view : views)
    view = copied(std::as_const(view));
  return views;
}

Tensor contiguous(const Tensor &self, MemoryFormat format) {
  const TensorImpl &t = implOf(self, "contiguous");
  if (format == MemoryFormat::Preserve)
    throw Error("contiguous: preserve is no memory format to be in; name one");
  if (format != MemoryFormat::Contiguous) {
    const Tensor out = inMemoryFormat(self, format, "contiguous");
    return out.strides() == self.strides() ? self : autodiff::labeled(out, "CloneBackward0");
  }
  if (t.contiguous)
    return self;
  return autodiff::labeled(recordOp(OpKind::reshape, {&self, 1}, listWords(t.type().sizes).span()),
                           "CloneBackward0");
}

Tensor flatten(const Tensor &self, int64_t start, int64_t end) {
  const Dims &sizes = implOf(self, "flatten").type().sizes;
  const int64_t rank = static_cast<int64_t>(sizes.size());
  start = wrapDim(start, rank, "flatten"), end = wrapDim(end, rank, "flatten");
  if (rank == 0)
    return self.reshape({1});
  if (start > end)
    throw Error("flatten: start_dim " + std::to_string(start) + " is behind end_dim " +
                std::to_string(end));
  if (start == end)
    return self;
  Dims out;
  int64_t product = 1;
  for (int64_t i = 0; i < rank; ++i) {
    if (i >= start && i <= end)
      product *= sizes[i];
    if (i < start || i > end)
      out.push_back(sizes[i]);
    else if (i == end)
      out.push_back(product);
  }
  return self.reshape(refOf(out));
}
Tensor unflatten(const Tensor &self, int64_t dim, IntArrayRef sizes) {
  const Dims &own = implOf(self, "unflatten").type().sizes;
  if (own.empty())
    throw Error("unflatten: a tensor without dimensions has none to unflatten; use reshape");
  dim = wrapDim(dim, self.dim(), "unflatten");
  Dims parts = inferSizes(sizes, own[dim], "unflatten"), out;
  for (int64_t i = 0; i < self.dim(); ++i)
    if (i != dim)
      out.push_back(own[i]);
    else
      for (int64_t p : parts)
        out.push_back(p);
  return self.view(refOf(out));
}

Tensor permute(const Tensor &self, IntArrayRef dims) {
  const int64_t rank = static_cast<int64_t>(implOf(self, "permute").type().sizes.size());
  Dims order;
  for (int64_t d : dims)
    order.push_back(wrapDim(d, rank, "permute"));
  Dims sorted = order;
  std::sort(sorted.begin(), sorted.end());
  bool all = static_cast<int64_t>(order.size()) == rank;
  for (int64_t i = 0; all && i < rank; ++i)
    all = sorted[i] == i;
  if (!all)
    throw Error("permute: " + toString(sizesOf(dims)) + " does not name each of the " +
                std::to_string(rank) + " dimensions once");
  return permuteView(self, order);
}
Tensor transpose(const Tensor &self, int64_t dim0, int64_t dim1) {
  const int64_t rank = static_cast<int64_t>(implOf(self, "transpose").type().sizes.size());
  dim0 = wrapDim(dim0, rank, "transpose"), dim1 = wrapDim(dim1, rank, "transpose");
  if (rank == 0)
    return self.alias();
  Dims order = wrapDims(std::nullopt, rank, "transpose");
  std::swap(order[dim0], order[dim1]);
  return autodiff::labeled(permuteView(self, order), "TransposeBackward0");
}
Tensor swapaxes(const Tensor &self, int64_t dim0, int64_t dim1) {
  return self.transpose(dim0, dim1);
}
Tensor t(const Tensor &self) {
  const size_t rank = implOf(self, "t").type().sizes.size();
  if (rank > 2)
    throw Error("t: expected a tensor with at most 2 dimensions, found sizes " +
                toString(self.impl()->type().sizes) + "; use transpose(dim0, dim1) or mT()");
  return rank < 2 ? self.alias() : self.transpose(0, 1);
}
Tensor mT(const Tensor &self) {
  const size_t rank = implOf(self, "mT").type().sizes.size();
  if (rank == 0) // deprecated in PyTorch, and the tensor itself
    return self;
  if (rank == 1)
    throw Error("mT: expected at least 2 dimensions, found sizes " +
                toString(self.impl()->type().sizes));
  return self.transpose(-2, -1);
}
Tensor movedim(const Tensor &self, int64_t source, int64_t destination) {
  const int64_t rank = static_cast<int64_t>(implOf(self, "movedim").type().sizes.size());
  source = wrapDim(source, rank, "movedim"), destination = wrapDim(destination, rank, "movedim");
  if (rank == 0)
    return self.alias();
  Dims order = without(wrapDims(std::nullopt, rank, "movedim"), source);
  return permuteView(self, withInserted(order, destination, source));
}

Tensor expand(const Tensor &self, IntArrayRef sizes, bool) {
  const Dims &own = implOf(self, "expand").type().sizes;
  Dims wanted(sizesOf(sizes));
  const size_t missing = wanted.size() - own.size();
  if (wanted.size() < own.size())
    throw Error("expand: sizes " + toString(wanted) + " have fewer dimensions than the tensor's " +
                toString(own));
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == -1 && i >= missing)
      wanted[i] = own[i - missing];
    else if (wanted[i] < 0)
      throw Error("expand: size " + std::to_string(wanted[i]) + " of dimension " +
                  std::to_string(i) +
                  " is not allowed; -1 keeps the size of a dimension that exists");
  }
  int64_t n;
  if (!checkedNumElements(wanted, n))
    throw Error("expand: sizes " + toString(wanted) + " have more elements than 64 bits can count");
  Tensor out = expandTo(self, wanted, "expand");
  // An expand to the tensor's own sizes is a view too, not the tensor itself.
  return out.is_same(self) ? reshapeView(self, wanted, self.impl()->strides) : out;
}
Tensor expand_as(const Tensor &self, const Tensor &other) { return self.expand(other.sizes()); }
Tensor broadcast_to(const Tensor &self, IntArrayRef sizes) { return self.expand(sizes); }

Tensor squeeze(const Tensor &self) {
  const TensorImpl &t = implOf(self, "squeeze");
  Dims sizes, strides;
  for (size_t i = 0; i < t.type().sizes.size(); ++i)
    if (t.type().sizes[i] != 1)
      sizes.push_back(t.type().sizes[i]), strides.push_back(t.strides[i]);
  return reshapeView(self, sizes, strides);
}
Tensor squeeze(const Tensor &self, int64_t dim) {
  const TensorImpl &t = implOf(self, "squeeze");
  dim = wrapDim(dim, self.dim(), "squeeze");
  if (t.type().sizes.empty() || t.type().sizes[dim] != 1)
    return reshapeView(self, t.type().sizes, t.strides);
  return autodiff::labeled(reshapeView(self, without(t.type().sizes, dim), without(t.strides, dim)),
                           "SqueezeBackward1");
}
Tensor squeeze(const Tensor &self, IntArrayRef dims) {
  const TensorImpl &t = implOf(self, "squeeze");
  std::vector<bool> named(t.type().sizes.size() + 1);
  for (int64_t d : dims) {
    const size_t dim = static_cast<size_t>(wrapDim(d, self.dim(), "squeeze"));
    if (named[dim])
      throw Error("squeeze: a dimension appears twice in " + toString(sizesOf(dims)));
    named[dim] = true;
  }
  Dims sizes, strides;
  for (size_t i = 0; i < t.type().sizes.size(); ++i)
    if (!named[i] || t.type().sizes[i] != 1)
      sizes.push_back(t.type().sizes[i]), strides.push_back(t.strides[i]);
  return reshapeView(self, sizes, strides);
}
Tensor unsqueeze(const Tensor &self, int64_t dim) {
  const TensorImpl &t = implOf(self, "unsqueeze");
  dim = wrapDim(dim, self.dim() + 1, "unsqueeze");
  const bool last = dim == self.dim();
  const int64_t stride = last ? 1 : t.type().sizes[dim] * t.strides[dim];
  return autodiff::labeled(
      reshapeView(self, withInserted(t.type().sizes, dim, 1), withInserted(t.strides, dim, stride)),
      "UnsqueezeBackward0");
}

Tensor select(const Tensor &self, int64_t dim, int64_t index) {
  const Dims &sizes = implOf(self, "select").type().sizes;
  if (sizes.empty())
    throw IndexError("select: a tensor without dimensions cannot be indexed; use item()");
  dim = wrapDim(dim, static_cast<int64_t>(sizes.size()), "select");
  if (index < -sizes[dim] || index >= sizes[dim])
    throw IndexError("select: index " + std::to_string(index) + " is out of range for dimension " +
                     std::to_string(dim) + " of size " + std::to_string(sizes[dim]));
  Tensor row = sliceView(self, dim, index < 0 ? index + sizes[dim] : index, 1, 1);
  const TensorImpl &r = *row.impl();
  return autodiff::labeled(reshapeView(row, without(r.type().sizes, dim), without(r.strides, dim)),
                           "SelectBackward0");
}

Tensor slice(const Tensor &self, int64_t dim, std::optional<int64_t> start,
             std::optional<int64_t> end, int64_t step) {
  const Dims &sizes = implOf(self, "slice").type().sizes;
  if (sizes.empty())
    throw Error("slice: a tensor without dimensions cannot be sliced");
  dim = wrapDim(dim, static_cast<int64_t>(sizes.size()), "slice");
  if (step <= 0)
    throw ValueError("slice: the step must be positive, found " + std::to_string(step) +
                     "; use flip to reverse");
  const int64_t n = sizes[dim];
  auto bound = [n](int64_t v) { return std::clamp<int64_t>(v < 0 ? v + n : v, 0, n); };
  const int64_t from = bound(start.value_or(0)), to = std::max(bound(end.value_or(n)), from);
  return sliceView(self, dim, from, (to - from) / step + ((to - from) % step != 0), step);
}

Tensor narrow(const Tensor &self, int64_t dim, const Tensor &start, int64_t length) {
  if (!implOf(start, "narrow").type().sizes.empty() || !isIntegralType(start.scalar_type(), false))
    throw Error(std::string("narrow: start must be a 0-dim integer tensor, found ") +
                toString(start.scalar_type()) + toString(start.impl()->type().sizes));
  return self.narrow(dim, start.item<int64_t>(), length);
}
Tensor narrow(const Tensor &self, int64_t dim, int64_t start, int64_t length) {
  const Dims &sizes = implOf(self, "narrow").type().sizes;
  if (sizes.empty())
    throw Error("narrow: a tensor without dimensions cannot be narrowed");
  dim = wrapDim(dim, static_cast<int64_t>(sizes.size()), "narrow");
  const int64_t n = sizes[dim], from = start < 0 ? start + n : start;
  if (from < 0 || from > n || length < 0 || length > n - from)
    throw IndexError("narrow: start " + std::to_string(start) + " and length " +
                     std::to_string(length) + " exceed dimension " + std::to_string(dim) +
                     " of size " + std::to_string(n));
  return sliceView(self, dim, from, length, 1);
}
Tensor detach_copy(const Tensor &self) { return copied(self.detach()); }
Tensor narrow_copy(const Tensor &self, int64_t dim, int64_t start, int64_t length) {
  return copied(self.narrow(dim, start, length));
}

Tensor as_strided(const Tensor &self, IntArrayRef sizes, IntArrayRef strides,
                  std::optional<int64_t> storageOffset) {
  TensorImpl &t = implOf(self, "as_strided");
  Dims wanted(sizesOf(sizes)), steps(sizesOf(strides));
  const int64_t offset = storageOffset.value_or(t.offset);
  int64_t n;
  bool bad = wanted.size() != steps.size() || !checkedNumElements(wanted, n) || offset < 0;
  for (int64_t s : steps)
    bad |= s < 0;
  if (bad)
    throw Error("as_strided: sizes " + toString(wanted) + ", strides " + toString(steps) +
                " and offset " + std::to_string(offset) +
                " are not a geometry: both lists have one length and nothing is negative");
  const int64_t room = numElements(t.storage->value->type.sizes);
  if (n > 0 && offset + extent(wanted, steps) > room)
    throw Error("as_strided: sizes " + toString(wanted) + ", strides " + toString(steps) +
                " and offset " + std::to_string(offset) + " leave the storage of " +
                std::to_string(room) + " elements");
  // Of a row-major tensor's own elements it is an operation of the IR.
  if (t.contiguous && offset >= t.offset && offset + extent(wanted, steps) <= t.offset + t.numel())
    return makeView(OpKind::as_strided, self, stridedWords(wanted, steps).span(), offset - t.offset,
                    wanted, steps, offset);
  Tensor view = makeAlias(t, wanted, steps, offset);
  autodiff::attachStridedView(t, *view.impl());
  return view;
}

Tensor diagonal(const Tensor &self, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t rank = static_cast<int64_t>(implOf(self, "diagonal").type().sizes.size());
  dim1 = wrapDim(dim1, rank, "diagonal"), dim2 = wrapDim(dim2, rank, "diagonal");
  if (rank < 2 || dim1 == dim2)
    throw Error("diagonal: two different dimensions are needed, found " + std::to_string(dim1) +
                " and " + std::to_string(dim2) + " of sizes " +
                toString(self.impl()->type().sizes));
  const Dims &own = self.impl()->type().sizes;
  const Dims steps = contiguousStrides(own);
  const int64_t rows = own[dim1], columns = own[dim2];
  const int64_t length = std::max<int64_t>(
      0, std::min(offset < 0 ? rows + offset : rows, offset < 0 ? columns : columns - offset));
  Dims sizes, strides;
  for (int64_t i = 0; i < rank; ++i)
    if (i != dim1 && i != dim2)
      sizes.push_back(own[i]), strides.push_back(steps[i]);
  sizes.push_back(length), strides.push_back(steps[dim1] + steps[dim2]);
  const int64_t start = !length ? 0 : offset < 0 ? -offset * steps[dim1] : offset * steps[dim2];
  return regularView(self, sizes, strides, start);
}

} // namespace ops
} // namespace v1
} // namespace tjit
