//===- Tensor.h - the tensor handle ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/ArrayRef.h"
#include "tjit/ConvPadding.h"
#include "tjit/Error.h"
#include "tjit/Generator.h"
#include "tjit/Scalar.h"
#include "tjit/SymInt.h"
#include "tjit/TensorOptions.h"

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace tjit {
struct TensorImpl;
inline namespace v1 {

class Tensor;
using TensorList = ArrayRef<Tensor>;

namespace autograd {
class NodePtr;
} // namespace autograd
namespace indexing {
class TensorIndex;
}
template <class T, size_t N> class TensorAccessor;
class TensorStorage;

/// What Tensor::type() returns.
class DeprecatedTypeProperties {
public:
  explicit DeprecatedTypeProperties(ScalarType type) : type_(type) {}
  ScalarType scalarType() const { return type_; }
  TypeMeta typeMeta() const { return type_; }
  /// "CPUFloatType"
  TJIT_EXPORT std::string toString() const;
  friend bool operator==(DeprecatedTypeProperties a, DeprecatedTypeProperties b) {
    return a.type_ == b.type_;
  }
  friend bool operator!=(DeprecatedTypeProperties a, DeprecatedTypeProperties b) {
    return a.type_ != b.type_;
  }

private:
  ScalarType type_;
};

/// The dtype of a C++ type: float, double, bool and the integers; anything else does not compile.
template <class T> struct CppTypeToScalarType;
template <> struct CppTypeToScalarType<bool> {
  static constexpr ScalarType value = kBool;
};
template <> struct CppTypeToScalarType<uint8_t> {
  static constexpr ScalarType value = kByte;
};
template <> struct CppTypeToScalarType<int8_t> {
  static constexpr ScalarType value = kChar;
};
template <> struct CppTypeToScalarType<char> {
  static constexpr ScalarType value = kChar;
};
template <> struct CppTypeToScalarType<int16_t> {
  static constexpr ScalarType value = kShort;
};
template <> struct CppTypeToScalarType<int32_t> {
  static constexpr ScalarType value = kInt;
};
template <> struct CppTypeToScalarType<int64_t> {
  static constexpr ScalarType value = kLong;
};
template <> struct CppTypeToScalarType<long long> {
  static constexpr ScalarType value = kLong;
};
template <> struct CppTypeToScalarType<float> {
  static constexpr ScalarType value = kFloat;
};
template <> struct CppTypeToScalarType<double> {
  static constexpr ScalarType value = kDouble;
};
template <ScalarType Type> struct CppTypeToScalarType<SmallFloat<Type>> {
  static constexpr ScalarType value = Type;
};

namespace detail {
/// A count of owners with the members of std::atomic that are used, without that header.
struct RefCount {
  uint32_t value = 1;
  template <class Order> uint32_t load(Order) const {
    return __atomic_load_n(&value, __ATOMIC_ACQUIRE);
  }
  template <class Order> uint32_t fetch_add(uint32_t n, Order) {
    return __atomic_fetch_add(&value, n, __ATOMIC_RELAXED);
  }
  template <class Order> uint32_t fetch_sub(uint32_t n, Order) {
    return __atomic_fetch_sub(&value, n, __ATOMIC_ACQ_REL);
  }
};
/// The beginning of every TensorImpl.
struct Counted {
  RefCount refs;
};
TJIT_EXPORT void destroyTensor(TensorImpl *impl) noexcept;
} // namespace detail

/// A handle of a tensor: copying it shares the tensor, as in PyTorch. A default-made one is
/// undefined: it has the sizes [0] and the dtype Undefined, and every use but questions of these
/// throws.
///
/// A call records an operation and returns at once; the value is computed when somebody reads it
/// (`item`, printing, a data pointer, `eval`). Errors that the call can know are thrown by the call
/// and leave everything as it was. Functions whose name ends in `_` and compound assignments change
/// the tensor in place; views share memory and see each other's writes.
class TJIT_EXPORT Tensor {
public:
  Tensor() noexcept : impl_(nullptr) {}
  Tensor(const Tensor &other) noexcept : impl_(other.impl_) { retain(); }
  Tensor(Tensor &&other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
  ~Tensor() { release(); }
  Tensor &operator=(const Tensor &other) & noexcept {
    Tensor copy(other);
    std::swap(impl_, copy.impl_);
    return *this;
  }
  Tensor &operator=(Tensor &&other) & noexcept {
    std::swap(impl_, other.impl_);
    return *this;
  }
  /// Writing through a view: `a[i] = b`, `a[i][j] = 99.f`.
  Tensor &operator=(const Tensor &other) &&;
  // It writes, and throws what writing throws:
  // NOLINTNEXTLINE(performance-noexcept-move-constructor)
  Tensor &operator=(Tensor &&other) &&;
  Tensor &operator=(const Scalar &value) &&;

  bool defined() const noexcept { return impl_ != nullptr; }
  /// Makes the handle undefined.
  void reset() noexcept {
    release();
    impl_ = nullptr;
  }
  /// Whether both handles are of one tensor.
  bool is_same(const Tensor &other) const noexcept { return impl_ == other.impl_; }

  //===--- attributes ---===//
  int64_t dim() const;
  int64_t ndimension() const { return dim(); }
  /// Valid as long as the tensor lives.
  IntArrayRef sizes() const;
  IntArrayRef strides() const;
  /// Negative dimensions count from the end; IndexError where there is no such dimension.
  int64_t size(int64_t dim) const;
  int64_t stride(int64_t dim) const;
  int64_t numel() const;
  /// libtorch's names for programs that could be given symbols.
  SymInt sym_size(int64_t dim) const { return size(dim); }
  SymIntArrayRef sym_sizes() const { return detail::symbolic(sizes()); }
  SymInt sym_stride(int64_t dim) const { return stride(dim); }
  SymIntArrayRef sym_strides() const { return detail::symbolic(strides()); }
  SymInt sym_numel() const { return numel(); }
  SymInt sym_storage_offset() const { return storage_offset(); }
  /// Distance of the first element from the start of the storage, in elements.
  int64_t storage_offset() const;
  TypeMeta dtype() const { return scalar_type(); }
  /// to(other.dtype()): see to(ScalarType).
  Tensor to(TypeMeta dtype, bool non_blocking = false, bool copy = false) const {
    return to(dtype.toScalarType(), non_blocking, copy);
  }
  ScalarType scalar_type() const;
  DeprecatedTypeProperties type() const { return DeprecatedTypeProperties(scalar_type()); }
  Device device() const;
  TensorOptions options() const;
  size_t itemsize() const;
  int64_t element_size() const { return static_cast<int64_t>(itemsize()); }
  size_t nbytes() const { return static_cast<size_t>(numel()) * itemsize(); }
  bool is_contiguous() const;
  /// Whether the strides are those that `contiguous(memory_format)` gives.
  bool is_contiguous(MemoryFormat memory_format) const;
  /// Whether the elements fill a piece of memory, each once, in some order of dimensions.
  bool is_non_overlapping_and_dense() const;
  /// The memory format that the strides are of; Contiguous where there is none.
  MemoryFormat suggest_memory_format() const {
    return is_contiguous()                               ? MemoryFormat::Contiguous
           : is_contiguous(MemoryFormat::ChannelsLast)   ? MemoryFormat::ChannelsLast
           : is_contiguous(MemoryFormat::ChannelsLast3d) ? MemoryFormat::ChannelsLast3d
                                                         : MemoryFormat::Contiguous;
  }
  bool is_complex() const { return false; }
  bool is_signed() const { return isSignedType(scalar_type()); }
  bool is_sparse() const { return false; }
  bool is_quantized() const { return false; }
  bool is_mkldnn() const { return false; }
  bool is_meta() const { return false; }
  bool is_nested() const { return false; }
  bool is_conj() const { return false; }
  bool is_neg() const { return false; }
  bool is_pinned() const { return false; }
  bool has_names() const { return false; }
  Layout layout() const { return kStrided; }
  bool is_same_size(const Tensor &other) const { return sizes() == other.sizes(); }
  /// Whether both see each other's writes: views of one storage.
  bool is_alias_of(const Tensor &other) const;
  /// Whether both read the same memory by the same geometry.
  bool is_set_to(const Tensor &other) const;
  bool has_storage() const { return defined(); }
  /// The memory that views share.
  TensorStorage storage() const;
  size_t use_count() const noexcept {
    return impl_ ? reinterpret_cast<const detail::Counted *>(impl_)->refs.load(0) : 0;
  }
  bool is_floating_point() const { return isFloatingType(scalar_type()); }
  bool is_cpu() const { return device().is_cpu(); }
  bool is_cuda() const { return device().is_cuda(); }
  /// -1, the CPU's.
  int64_t get_device() const { return device().index(); }
  /// Whether a view of another tensor's storage.
  bool is_view() const;
  /// What a view is a view of, at the end of a chain of views. Throws Error for other tensors.
  Tensor _base() const;
  /// Empty: tensors have no names.
  const std::string &name() const;
  /// How many writes the storage has seen. Throws Error for inference tensors.
  int64_t _version() const;
  /// Whether made under InferenceMode; see tjit/Autograd.h.
  bool is_inference() const;

  //===--- reading the value ---===//
  /// The only element; throws Error where there is not exactly one.
  Scalar item() const;
  template <class T> T item() const { return item().template to<T>(); }
  bool is_nonzero() const;
  /// Memory that the caller may read and write, at `strides()`. It stays valid while the tensor
  /// lives, and the tensor sees what is written there. Prefer `const_data_ptr`: after this call
  /// operations copy the tensor when they are recorded.
  void *data_ptr() const;
  template <class T> T *data_ptr() const {
    return static_cast<T *>(checkedData(CppTypeToScalarType<std::remove_const_t<T>>::value, true));
  }
  template <class T> T *mutable_data_ptr() const { return data_ptr<T>(); }
  void *mutable_data_ptr() const { return data_ptr(); }
  /// Memory to read, at `strides()`. Valid until the tensor is written to or destroyed.
  const void *const_data_ptr() const;
  template <class T> const T *const_data_ptr() const {
    return static_cast<const T *>(
        checkedData(CppTypeToScalarType<std::remove_const_t<T>>::value, false));
  }
  /// Element access by index on the host; T must be the dtype, N the number of dimensions. As
  /// `data_ptr` it borrows.
  template <class T, size_t N> TensorAccessor<T, N> accessor() const {
    checkAccessor(N);
    return TensorAccessor<T, N>(data_ptr<T>(), sizes().data(), strides().data());
  }
  template <class T, size_t N> TensorAccessor<T, N> packed_accessor32() const {
    return accessor<T, N>();
  }
  template <class T, size_t N> TensorAccessor<T, N> packed_accessor64() const {
    return accessor<T, N>();
  }
  /// The text that Python's PyTorch prints: "tensor([[1., 2.],\n        [3., 4.]])".
  std::string str() const;
  /// "CPUFloatType"
  std::string toString() const;
  /// Prints the type and sizes.
  void print() const;

  //===--- indexing ---===//
  /// A view of one index of the first dimension; IndexError where it is out of range.
  Tensor operator[](int64_t index) const;
  Tensor operator[](const Tensor &index) const;
  Tensor operator[](const Scalar &index) const { return operator[](index.toLong()); }
  template <class I, class = std::enable_if_t<std::is_integral<I>::value>>
  Tensor operator[](I index) const {
    return operator[](static_cast<int64_t>(index));
  }
  /// `x.index({Slice(1, None), 0})`: a view if only slices, integers, None and Ellipsis are given,
  /// a copy with masks or index tensors.
  Tensor index(ArrayRef<indexing::TensorIndex> indices) const;
  Tensor index(std::initializer_list<indexing::TensorIndex> indices) const;
  /// Writes `value`, broadcast, where `index(indices)` reads. With `accumulate` adds, every
  /// duplicate index too.
  Tensor &index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor &value,
                     bool accumulate = false) const;
  Tensor &index_put_(std::initializer_list<indexing::TensorIndex> indices, const Tensor &value,
                     bool accumulate = false) const;
  Tensor &index_put_(ArrayRef<indexing::TensorIndex> indices, const Scalar &value) const;
  Tensor &index_put_(std::initializer_list<indexing::TensorIndex> indices,
                     const Scalar &value) const;

  //===--- autograd; see tjit/Autograd.h ---===//
  bool requires_grad() const;
  /// Throws Error for integer tensors, and where a tensor that is not a leaf would lose its
  /// gradient.
  Tensor &requires_grad_(bool value = true) const;
  /// requires_grad_(value) of a leaf; nothing for what was computed.
  const Tensor &set_requires_grad(bool value) const;
  bool is_leaf() const;
  /// The operation that made this tensor in the graph of gradients; null for leaves. See
  /// tjit/Autograd.h.
  autograd::NodePtr grad_fn() const;
  /// Which of the results of `grad_fn` this is: other than 0 for results of a Function only.
  int64_t output_nr() const;
  /// The accumulated gradient of a leaf; undefined if there is none.
  const Tensor &grad() const;
  Tensor &mutable_grad() const;
  /// Keeps the gradient of a tensor that is not a leaf in `grad()` too.
  void retain_grad() const;
  bool retains_grad() const;
  /// Calls hook(gradient) when a backward pass has computed this tensor's gradient; a tensor that
  /// it returns takes its place. Defined in tjit/Autograd.h. Returns a handle for remove_hook.
  template <class F> unsigned register_hook(F &&hook) const;
  void remove_hook(unsigned hook) const;
  /// Adds the gradients of this tensor, which has one element unless `gradient` is given, to the
  /// leaves.
  void backward(const Tensor &gradient = {}, std::optional<bool> retain_graph = std::nullopt,
                bool create_graph = false) const;
  /// The same memory, without history.
  Tensor detach() const;
  Tensor &detach_() const;
  /// The same memory, without history. Writes through it (and through views of it) are not counted:
  /// a backward pass does not notice them.
  Tensor data() const;
  Tensor variable_data() const { return data(); }
  Tensor tensor_data() const { return data(); }

  //===--- operators ---===//
  Tensor operator-() const;
  Tensor operator~() const;
  Tensor &operator+=(const Tensor &other);
  Tensor &operator+=(const Scalar &other);
  Tensor &operator-=(const Tensor &other);
  Tensor &operator-=(const Scalar &other);
  Tensor &operator*=(const Tensor &other);
  Tensor &operator*=(const Scalar &other);
  Tensor &operator/=(const Tensor &other);
  Tensor &operator/=(const Scalar &other);
  Tensor &operator&=(const Tensor &other);
  Tensor &operator|=(const Tensor &other);
  Tensor &operator^=(const Tensor &other);

  //===--- methods that are made from TjitApi.td ---===//
#include "tjit/TensorMethods.h.inc"
  // An int is a dimension, not a bool `unbiased`.
  Tensor var(int dim) const { return var(IntArrayRef(int64_t{dim})); }
  // A literal 0 is a number, not the null pointer of a text.
  template <class I, class = std::enable_if_t<std::is_same<I, int>::value>> Tensor norm(I p) const {
    return norm(Scalar(p));
  }
  template <class I, class = std::enable_if_t<std::is_same<I, int>::value>>
  Tensor norm(I p, IntArrayRef dim, bool keepdim = false) const {
    return norm(Scalar(p), dim, keepdim);
  }
  Tensor std(int dim) const { return std(IntArrayRef(int64_t{dim})); }

  /// For the library itself.
  TensorImpl *impl() const noexcept { return impl_; }
  /// Takes over one count.
  static Tensor adopt(TensorImpl *impl) noexcept {
    Tensor t;
    t.impl_ = impl;
    return t;
  }

private:
  void retain() const noexcept {
    if (impl_)
      reinterpret_cast<detail::Counted *>(impl_)->refs.fetch_add(1, 0);
  }
  // The last owner needs no read-modify-write.
  void release() const noexcept {
    if (!impl_)
      return;
    detail::RefCount &refs = reinterpret_cast<detail::Counted *>(impl_)->refs;
    if (refs.load(0) == 1 || refs.fetch_sub(1, 0) == 1)
      detail::destroyTensor(impl_);
  }
  void *checkedData(ScalarType type, bool writable) const;
  void checkAccessor(size_t dims) const;

  TensorImpl *impl_;
};

/// Elements of a tensor on the host by index: `a[i][j]`. The tensor must outlive it.
template <class T, size_t N> class TensorAccessor {
public:
  TensorAccessor(T *data, const int64_t *sizes, const int64_t *strides)
      : data_(data), sizes_(sizes), strides_(strides) {}
  decltype(auto) operator[](int64_t i) const {
    if constexpr (N == 1)
      return static_cast<T &>(data_[i * strides_[0]]);
    else
      return TensorAccessor<T, N - 1>(data_ + i * strides_[0], sizes_ + 1, strides_ + 1);
  }
  int64_t size(int64_t dim) const { return sizes_[dim]; }
  int64_t stride(int64_t dim) const { return strides_[dim]; }
  IntArrayRef sizes() const { return {sizes_, N}; }
  IntArrayRef strides() const { return {strides_, N}; }
  T *data() const { return data_; }

private:
  T *data_;
  const int64_t *sizes_, *strides_;
};

/// The memory that a tensor and its views share, see Tensor::storage(). Two are equal if it is the
/// same memory.
class TensorStorage {
public:
  explicit TensorStorage(Tensor tensor) : tensor_(std::move(tensor)) {}
  /// Bytes.
  TJIT_EXPORT size_t nbytes() const;
  /// As Tensor::data_ptr, of the first element of the memory; data() to read.
  TJIT_EXPORT void *data_ptr() const;
  TJIT_EXPORT const void *data() const;
  void *mutable_data() const { return data_ptr(); }
  bool is_alias_of(const TensorStorage &other) const { return tensor_.is_alias_of(other.tensor_); }
  friend bool operator==(const TensorStorage &a, const TensorStorage &b) {
    return a.is_alias_of(b);
  }
  friend bool operator!=(const TensorStorage &a, const TensorStorage &b) {
    return !a.is_alias_of(b);
  }

private:
  Tensor tensor_;
};
inline TensorStorage Tensor::storage() const { return TensorStorage(*this); }

#include "tjit/Functions.h.inc"
inline Tensor var(const Tensor &self, int dim) { return self.var(dim); }
inline Tensor std(const Tensor &self, int dim) { return self.std(dim); }
inline std::tuple<Tensor, Tensor> var_mean(const Tensor &self, int dim) {
  return var_mean(self, IntArrayRef(int64_t{dim}));
}
inline std::tuple<Tensor, Tensor> std_mean(const Tensor &self, int dim) {
  return std_mean(self, IntArrayRef(int64_t{dim}));
}
template <class I, class = std::enable_if_t<std::is_same<I, int>::value>>
Tensor norm(const Tensor &self, I p) {
  return self.norm(Scalar(p));
}
template <class I, class = std::enable_if_t<std::is_same<I, int>::value>>
Tensor norm(const Tensor &self, I p, IntArrayRef dim, bool keepdim = false) {
  return self.norm(Scalar(p), dim, keepdim);
}
inline bool is_floating_point(const Tensor &self) { return self.is_floating_point(); }
inline bool is_complex(const Tensor &self) { return self.is_complex(); }
inline bool is_signed(const Tensor &self) { return self.is_signed(); }
inline bool is_nonzero(const Tensor &self) { return self.is_nonzero(); }
inline bool is_same_size(const Tensor &self, const Tensor &other) {
  return self.is_same_size(other);
}
inline int64_t numel(const Tensor &self) { return self.numel(); }
inline int64_t size(const Tensor &self, int64_t dim) { return self.size(dim); }
inline int64_t stride(const Tensor &self, int64_t dim) { return self.stride(dim); }
inline Tensor detach(const Tensor &self) { return self.detach(); }
inline Tensor &detach_(const Tensor &self) { return self.detach_(); }

/// The dtype that both promote to; with tensors and numbers as operands of a call.
TJIT_EXPORT ScalarType promote_types(ScalarType a, ScalarType b);
TJIT_EXPORT ScalarType result_type(const Tensor &a, const Tensor &b);
TJIT_EXPORT ScalarType result_type(const Tensor &a, const Scalar &b);
inline ScalarType result_type(const Scalar &a, const Tensor &b) { return result_type(b, a); }
TJIT_EXPORT ScalarType result_type(const Scalar &a, const Scalar &b);
/// Whether a result of one dtype may be stored into a tensor of another: no floating point into
/// integers, no numbers into bools.
TJIT_EXPORT bool can_cast(ScalarType from, ScalarType to);
inline bool canCast(ScalarType from, ScalarType to) { return can_cast(from, to); }
inline ScalarType typeMetaToScalarType(TypeMeta type) { return type.toScalarType(); }
namespace Reduction {
/// ATen's numbers of reductions: `torch::mse_loss(x, y, torch::Reduction::Sum)`.
enum Reduction { None, Mean, Sum };
} // namespace Reduction

/// libtorch's text: rows, then "[ CPUFloatType{2,2} ]".
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, const Tensor &tensor);
/// The same for lines of `linesize` characters.
TJIT_EXPORT std::ostream &print(std::ostream &out, const Tensor &tensor, int64_t linesize);
/// The sizes to which two broadcast. Throws Error where they do not.
TJIT_EXPORT std::vector<int64_t> infer_size(IntArrayRef a, IntArrayRef b);
/// To std::cout.
TJIT_EXPORT void print(const Tensor &tensor, int64_t linesize = 80);

/// Computes the values of the tensors, and with no argument everything that the calling thread has
/// recorded.
TJIT_EXPORT void eval(TensorList tensors);
TJIT_EXPORT void eval();
inline void eval(const Tensor &tensor) { eval(TensorList(tensor)); }

} // namespace v1
} // namespace tjit
