//===- Value.h --------------------------------------------------------------------------------===//
// Buffers and SSA values, the handles below a tensor.
//
//   Tensor -> TensorImpl (geometry, autograd; lib/Frontend) -> Storage (current value, version) ->
//   Value -> trace node
//                                                                                                        \-> Buffer
//
// A Value is one immutable SSA value: pending (a node of a trace) or ready (a buffer). Its type is
// what its producer gave it and its memory is dense and row-major. A Storage is what views share: a
// write gives it another value.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/TensorType.h"

#include <atomic>
#include <functional>
#include <utility>

namespace tjit::rt {

class Trace;

/// Counts owners of T. release() of the last owner does no read-modify-write: a unique owner needs
/// no atomic. T has `std::atomic<uint32_t> refs` (starts at 1) and `static void destroy(T *)`.
template <class T> class Ref {
public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  /// Takes over one count.
  static Ref adopt(T *p) {
    Ref r;
    r.p_ = p;
    return r;
  }
  static Ref share(T *p) {
    if (p)
      p->refs.fetch_add(1, std::memory_order_relaxed);
    return adopt(p);
  }
  Ref(const Ref &o) : p_(o.p_) {
    if (p_)
      p_->refs.fetch_add(1, std::memory_order_relaxed);
  }
  Ref(Ref &&o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  // It copies first, which the check does not see in a template.
  // NOLINTNEXTLINE(bugprone-unhandled-self-assignment)
  Ref &operator=(const Ref &o) {
    Ref copy(o);
    std::swap(p_, copy.p_);
    return *this;
  }
  Ref &operator=(Ref &&o) noexcept {
    std::swap(p_, o.p_);
    return *this;
  }
  ~Ref() { reset(); }
  void reset() {
    if (T *p = std::exchange(p_, nullptr))
      if (p->refs.load(std::memory_order_acquire) == 1 ||
          p->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
        T::destroy(p);
  }
  T *release() { return std::exchange(p_, nullptr); }
  T *get() const { return p_; }
  T *operator->() const { return p_; }
  T &operator*() const { return *p_; }
  explicit operator bool() const { return p_ != nullptr; }
  friend bool operator==(const Ref &a, const Ref &b) { return a.p_ == b.p_; }

private:
  T *p_ = nullptr;
};

/// Memory. From the caching allocator (64-byte aligned, 64 readable bytes behind the end), or
/// foreign with a deleter. The allocator recycles the object together with its memory.
struct Buffer {
  std::atomic<uint32_t> refs{1};
  uint16_t sizeClass = 0; // of the allocator
  bool foreign = false;
  std::byte *data = nullptr;
  size_t bytes = 0; // as asked for
  union {
    std::function<void(void *)> *deleter = nullptr; // foreign memory only
    Buffer *nextFree;                               // while the allocator caches it
  };

  /// Throws OutOfMemoryError, naming the size.
  static Ref<Buffer> allocate(size_t bytes);
  static Ref<Buffer> borrow(void *data, size_t bytes, std::function<void(void *)> deleter);
  static void destroy(Buffer *);
};

struct PoisonedValue;

/// Pending: `trace` is the trace and `node` the node in it, which points back. Ready: `trace` is
/// null and the buffer is set. Two traces stand for other states: scalarTrace() says that `bits` is
/// the value, a 0-dim argument that gets memory when somebody asks for it, and poisonTrace() that
/// computing it failed. The state changes only under the trace's lock.
///
/// A value lies in memory of its own (`make`), or in the block of the tensor whose call recorded it
/// (Frontend/TensorImpl.h): `freeMemory` knows. Its type lies beside it and never changes.
struct Value {
  std::atomic<uint32_t> refs{1};
  uint32_t node = 0;
  std::atomic<Trace *> trace{nullptr};
  Ref<Buffer> buffer;
  const TensorType &type;
  /// Ready values and scalars: the node that stands for the whole value in the trace that used it
  /// last, see InputMark.
  std::atomic<uint64_t> input{0};
  union {
    uint64_t bits = 0;     // scalar: the value in its dtype's representation, in the low bytes
    PoisonedValue *poison; // counted
  };
  /// Set by the frontend for state: what is written in place into a storage that has memory, or is
  /// the value of a leaf that requires grad. Such a value gets memory in every evaluation of its
  /// trace, however cheap it is to recompute.
  std::atomic<bool> keep{false};
  /// Gives back the memory of a value that was left.
  void (*const freeMemory)(Value *);

  Value(const TensorType &type, void (*freeMemory)(Value *)) : type(type), freeMemory(freeMemory) {}
  Value(const Value &) = delete;
  /// A value of no state yet in memory of its own.
  static Ref<Value> make(ScalarType dtype, std::span<const int64_t> sizes);
  static Ref<Value> ready(const TensorType &type, Ref<Buffer> buffer);
  bool pending() const { return trace.load(std::memory_order_acquire) != nullptr; }
  /// Takes it out of its trace and drops its buffer: what comes before its memory is given back.
  void leave();
  static void destroy(Value *v) {
    v->leave();
    v->freeMemory(v);
  }
};

} // namespace tjit::rt
