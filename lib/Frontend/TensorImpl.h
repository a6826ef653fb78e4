//===- TensorImpl.h ---------------------------------------------------------------------------===//
// What a tensor handle points to.
//
// A tensor is a storage with offset, sizes and strides, and what autograd knows of it. Views share
// the storage. The storage's value is dense and row-major in a shape of its own with as many
// elements as the storage: a write through a view may replace it by one of another shape.
//
// A recorded call makes a tensor, its storage and its value, and they mostly die together: they are
// one block of memory, see TensorBlock and docs/adr/0007-one-block-per-tensor.md.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/Pool.h"
#include "Runtime/Value.h"

#include "tjit/Tensor.h"

namespace tjit {

/// Whether the calling thread is in InferenceMode.
[[gnu::tls_model("initial-exec")]] inline thread_local constinit bool inferenceMode = false;

/// What views share. `value` is replaced by a write; `version` counts the writes.
struct Storage {
  std::atomic<uint32_t> refs{1};
  uint32_t version = 0;
  std::atomic<uint32_t> exports{0}; // of DLPack
  /// Foreign or exported memory (decision 12): the value is ready.
  std::atomic<bool> borrowed{false};
  bool borrowedByExports = false;       // ordinary again when these have ended
  bool listedLeaf = false;              // stands in the list of written leaves, see Evaluate.h
  const bool inference = inferenceMode; // made in InferenceMode
  rt::Ref<rt::Value> value;

  static void destroy(Storage *);
  /// Whether somebody else may use the memory; ends the state where the last export has ended.
  bool stillBorrowed() {
    if (!borrowed.load(std::memory_order_relaxed))
      return false;
    if (borrowedByExports && exports.load(std::memory_order_acquire) == 0)
      borrowed.store(false, std::memory_order_relaxed);
    return borrowed.load(std::memory_order_relaxed);
  }
};

namespace autodiff {
struct AutogradMeta;
}

/// The geometry changes in place only (`t_`, `unsqueeze_`, `resize_`, ...), through
/// autodiff::follow: see docs/adr/0013-geometry-in-place.md.
struct TensorImpl : detail::Counted {
  bool contiguous;        // strides are row-major
  bool contiguousAtStart; // and the offset is 0
  int64_t offset;         // elements
  Dims strides;           // elements

protected:
  // The type it was made with. A value that was recorded with the tensor has it too, and may
  // outlive any change of the tensor, in other threads also: it never changes.
  const TensorType ownType_;

private:
  const TensorType *type_ = &ownType_;

public:
  rt::Ref<Storage> storage;
  /// Null: no history, not a view, and the geometry has not changed. Owned; see AutogradGraph.h.
  autodiff::AutogradMeta *meta = nullptr;

  const TensorType &type() const { return *type_; }
  /// Whether the tensor reads the storage's value in its own shape: no view operation is needed.
  bool whole() const { return reads(*storage->value); }
  /// whole(), of the storage's value.
  bool reads(const rt::Value &stored) const {
    // A value that was recorded with its tensor has the tensor's type, and the same one.
    return contiguousAtStart && (&stored.type == type_ || stored.type.sizes == type_->sizes);
  }
  int64_t numel() const { return numElements(type_->sizes); }
  /// Takes over the storage and the geometry of `other`, whose type it reads from now on: `other`
  /// must stay.
  void follow(const TensorImpl &other) {
    contiguous = other.contiguous, contiguousAtStart = other.contiguousAtStart;
    offset = other.offset;
    strides = other.strides;
    storage = other.storage;
    type_ = other.type_;
  }

protected:
  // The lists first: what is known of the other members then need not be read again.
  [[gnu::always_inline]] TensorImpl(ScalarType dtype, const Dims &sizes, const Dims &strides,
                                    int64_t offset, bool contiguous)
      : contiguous(contiguous), contiguousAtStart(contiguous && offset == 0), offset(offset),
        strides(strides), ownType_{dtype, sizes} {}
};

/// The memory of a tensor: with it that of its storage, unless it is a view, and that of the
/// storage's first value, if the tensor's call records it. It is given back when none of the three
/// has an owner any more. The value's type is the tensor's.
class alignas(64) TensorBlock final : public TensorImpl, public Storage, public rt::Value {
public:
  /// A tensor, its storage and its value, which the caller has recorded.
  [[gnu::always_inline]] static TensorBlock *make(ScalarType dtype, const Dims &sizes,
                                                  const Dims &strides) {
    TensorBlock *b = rt::Pool<TensorBlock>::make(dtype, sizes, strides, 0, true, 3);
    b->storage = rt::Ref<Storage>::adopt(b);
    b->value = rt::Ref<rt::Value>::adopt(b);
    return b;
  }
  /// A tensor and a storage that holds `value`.
  static TensorBlock *holding(rt::Ref<rt::Value> value, const Dims &sizes, const Dims &strides,
                              int64_t offset, bool contiguous);
  /// A tensor that shares a storage.
  static TensorBlock *sharing(rt::Ref<Storage> storage, ScalarType dtype, const Dims &sizes,
                              const Dims &strides, int64_t offset, bool contiguous);

private:
  friend rt::Pool<TensorBlock>;
  friend Storage;
  friend void detail::destroyTensor(TensorImpl *) noexcept;

  [[gnu::always_inline]] TensorBlock(ScalarType dtype, const Dims &sizes, const Dims &strides,
                                     int64_t offset, bool contiguous, uint32_t parts)
      : TensorImpl(dtype, sizes, strides, offset, contiguous),
        rt::Value(TensorImpl::ownType_, valueGone), parts_(parts) {}
  static void valueGone(rt::Value *value);
  void partGone();
  /// Of a block of which nobody has a part any more.
  void giveBack();

  std::atomic<uint32_t> parts_; // of the three, those that have an owner
};

/// The implementation of a defined tensor; throws Error for an undefined one, naming what was asked
/// for.
[[noreturn]] void throwUndefined(const char *what);
inline TensorImpl &implOf(const Tensor &t, const char *what = "this call") {
  if (!t.defined()) [[unlikely]]
    throwUndefined(what);
  return *t.impl();
}

/// A tensor that is all of a value, contiguous, with a storage of its own.
Tensor wrapValue(rt::Ref<rt::Value> value);
/// A tensor of t's geometry and value with a storage of its own: a copy, since values never change.
Tensor copyStorage(const TensorImpl &t);
/// A tensor of other geometry over the same storage; autograd does not see it.
Tensor makeAlias(const TensorImpl &of, const Dims &sizes, const Dims &strides, int64_t offset);

} // namespace tjit
