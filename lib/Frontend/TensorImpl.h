//===- TensorImpl.h ---------------------------------------------------------------------------===//
// What a tensor handle points to.
//
// A tensor is a storage with offset, sizes and strides, and what autograd knows of it. Views share
// the storage. The storage's value is dense and row-major in a shape of its own with as many
// elements as the storage: a write through a view may replace it by one of another shape.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/Value.h"

#include "tjit/Tensor.h"

namespace tjit {

/// What views share. `value` is replaced by a write; `version` counts the writes.
struct Storage {
  std::atomic<uint32_t> refs{1};
  uint32_t version = 0;
  bool borrowed = false;   // foreign or exported memory (decision 12): the value is ready
  bool listedLeaf = false; // stands in the list of written leaves, see Evaluate.h
  rt::Ref<rt::Value> value;

  static Storage *create(rt::Ref<rt::Value> value);
  static void destroy(Storage *);
};

namespace autodiff {
struct AutogradMeta;
}

struct TensorImpl : detail::Counted {
  bool contiguous = true; // strides are row-major
  int64_t offset = 0;     // elements
  TensorType type;
  Dims strides; // elements
  rt::Ref<Storage> storage;
  /// Null: no history and not a view. Owned; see AutogradGraph.h.
  autodiff::AutogradMeta *meta = nullptr;

  TensorImpl(const TensorType &type, const Dims &strides, rt::Ref<Storage> storage)
      : type(type), strides(strides), storage(std::move(storage)) {}
  static TensorImpl *create(const TensorType &type, const Dims &strides, rt::Ref<Storage> storage);
  static void destroy(TensorImpl *);

  /// Whether the tensor reads the storage's value in its own shape: no view operation is needed.
  bool whole() const {
    return contiguous && offset == 0 && type.sizes == storage->value->type.sizes;
  }
  int64_t numel() const { return numElements(type.sizes); }
};

/// The implementation of a defined tensor; throws Error for an undefined one, naming what was asked
/// for.
[[noreturn]] void throwUndefined(const char *what);
inline TensorImpl &implOf(const Tensor &t, const char *what = "this call") {
  if (!t.defined()) [[unlikely]]
    throwUndefined(what);
  return *t.impl();
}

/// A tensor that is all of a value, contiguous. `strides`, if given, are those of its sizes.
Tensor wrapValue(rt::Ref<rt::Value> value, const Dims *strides = nullptr);
/// A tensor of other geometry over the same storage; autograd does not see it.
Tensor makeAlias(const TensorImpl &of, const Dims &sizes, const Dims &strides, int64_t offset);

} // namespace tjit
