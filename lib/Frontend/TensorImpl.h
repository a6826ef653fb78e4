//===- TensorImpl.h - what a tensor handle points to -----------------------------------------------------------===//
//
// A tensor is a storage with offset, sizes and strides, and what autograd knows of it. Views share the storage.
//
//===------------------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/Value.h"

namespace tjit {
inline namespace v1 {
class Tensor;
}

/// What views share. `value` is replaced by a write; `version` counts the writes.
struct Storage {
  std::atomic<uint32_t> refs{1};
  uint32_t version = 0;
  bool borrowed = false; // foreign or exported memory: see decision 12 in docs/design.md
  rt::Ref<rt::Value> value;

  static void destroy(Storage *);
};

namespace autodiff {
struct AutogradMeta;
} // namespace autodiff

struct TensorImpl {
  std::atomic<uint32_t> refs{1};
  ScalarType dtype;
  bool contiguous;          // strides are row-major
  bool whole;               // reads the storage's value in its own shape: no view operation needed
  int64_t offset = 0;       // elements
  Dims sizes, strides;      // elements
  rt::Ref<Storage> storage;
  autodiff::AutogradMeta *meta = nullptr; // null: does not require grad, never did; owned

  static void destroy(TensorImpl *);
};

} // namespace tjit
