//===- Value.cpp ------------------------------------------------------------------------------===//
// Making and dropping buffers and values.

#include "Runtime/Value.h"

#include "Runtime/Context.h"
#include "Runtime/Evaluation.h"

namespace tjit::rt {

Ref<Buffer> Buffer::allocate(size_t bytes) {
  return Ref<Buffer>::adopt(Context::get().allocator.allocate(bytes, thisThread().buffers));
}

Ref<Buffer> Buffer::borrow(void *data, size_t bytes, std::function<void(void *)> deleter) {
  auto *b = Pool<Buffer>::make();
  b->foreign = true;
  b->data = static_cast<std::byte *>(data);
  b->bytes = bytes;
  if (deleter)
    b->deleter = new std::function<void(void *)>(std::move(deleter));
  return Ref<Buffer>::adopt(b);
}

void Buffer::destroy(Buffer *b) {
  if (!b->foreign) [[likely]]
    return Context::get().allocator.free(b, thisThread().buffers);
  std::unique_ptr<std::function<void(void *)>> deleter(b->deleter);
  void *data = b->data;
  Pool<Buffer>::drop(b);
  if (deleter)
    (*deleter)(data);
}

namespace {
/// A value that is part of nothing else.
struct OwnedValue : Value {
  TensorType ownType;

  OwnedValue(ScalarType dtype, std::span<const int64_t> sizes)
      : Value(ownType, drop), ownType{dtype, sizes} {}
  static void drop(Value *v) { Pool<OwnedValue>::drop(static_cast<OwnedValue *>(v)); }
};
} // namespace

Ref<Value> Value::make(ScalarType dtype, std::span<const int64_t> sizes) {
  return Ref<Value>::adopt(Pool<OwnedValue>::make(dtype, sizes));
}

Ref<Value> Value::ready(const TensorType &type, Ref<Buffer> buffer) {
  Ref<Value> v = make(type.dtype, type.sizes);
  v->buffer = std::move(buffer);
  return v;
}

void Value::leave() {
  Trace *t = trace.load(std::memory_order_acquire);
  if (t && t != scalarTrace() && t != poisonTrace()) {
    // The handle of a node is gone; unless an evaluation by another thread makes the value ready
    // meanwhile.
    ThreadContext &thread = thisThread();
    {
      TraceGuard guard(*t, t == &thread.trace);
      if (trace.load(std::memory_order_relaxed) == t)
        t->forget(*this, thread.scratch.orphans);
      else
        t = nullptr;
    }
    if (!thread.scratch.orphans.empty()) [[unlikely]]
      releaseOrphans(thread);
    if (t)
      return; // pending to the last: it has no buffer
    t = trace.load(std::memory_order_relaxed);
  }
  if (t == poisonTrace()) [[unlikely]]
    Ref<PoisonedValue>::adopt(poison).reset();
  if (Buffer *b = buffer.get()) {
    if (b->refs.load(std::memory_order_relaxed) != 1) {
      // Maybe it is now the calling thread's trace alone that keeps the memory.
      Trace &own = thisThread().trace;
      if (InputMark::epoch(input.load(std::memory_order_relaxed)) == own.epoch())
        own.noteOrphan(b->bytes);
    }
    buffer.reset();
  }
}

} // namespace tjit::rt
