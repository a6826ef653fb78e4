//===- TensorImpl.h - what a tensor handle points to
//-----------------------------------------------------------===//
//
// A tensor is a storage with offset, sizes and strides, and what autograd knows of it. Views share
// the storage. The storage's value is dense and row-major in a shape of its own with as many
// elements as the storage: a write through a view may replace it by one of another shape.
//
//===------------------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/Value.h"

#include "tjit/Tensor.h"

namespace tjit {

/// What views share. `value` is replaced by a write; `version` counts the writes.
struct Storage {
  std::atomic<uint32_t> refs{1};
  uint32_t version = 0;
  bool borrowed =
      false; // foreign or exported memory: see decision 12 in docs/design.md; the value is ready
  bool pendingLeaf = false; // stands in the list of leaves to be evaluated together, see Evaluate.h
  rt::Ref<rt::Value> value;

  static Storage *create(rt::Ref<rt::Value> value);
  static void destroy(Storage *);
};

namespace v1::autograd {
struct AutogradMeta;
}

struct TensorImpl : detail::Counted {
  bool contiguous = true; // strides are row-major
  int64_t offset = 0;     // elements
  TensorType type;
  Dims strides; // elements
  rt::Ref<Storage> storage;
  autograd::AutogradMeta *meta =
      nullptr; // null: does not require grad and never did; owned, see AutogradHooks.h
  Tensor base; // of a view that autograd sees: the tensor it was made from, never itself a view

  /// Undefined type and strides.
  static TensorImpl *create();
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

/// A tensor that is all of a value, contiguous.
Tensor wrapValue(rt::Ref<rt::Value> value);
/// All of a value whose dimension i is dimension `order[i]` of the tensor: the strides are
/// permuted.
Tensor wrapPermuted(rt::Ref<rt::Value> value, std::span<const uint8_t> order);

} // namespace tjit
