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

Ref<Value> Value::ready(TensorType type, Ref<Buffer> buffer) {
  Value *v = Pool<Value>::make();
  v->type = std::move(type);
  v->buffer = std::move(buffer);
  return Ref<Value>::adopt(v);
}

/// The handle of a node is gone; unless an evaluation by another thread has made the value ready
/// meanwhile.
static void leaveTrace(Value *v, Trace *trace) {
  ThreadContext &thread = thisThread();
  {
    TraceGuard guard(*trace, trace == &thread.trace);
    if (v->trace.load(std::memory_order_relaxed) == trace)
      trace->forget(*v, thread.scratch.orphans);
  }
  if (!thread.scratch.orphans.empty())
    releaseOrphans(thread);
}

void Value::destroy(Value *v) {
  Trace *trace = v->trace.load(std::memory_order_acquire);
  if (trace && trace != scalarTrace() && trace != poisonTrace()) {
    leaveTrace(v, trace);
    trace = v->trace.load(std::memory_order_relaxed);
  }
  if (trace == poisonTrace()) [[unlikely]]
    Ref<PoisonedValue>::adopt(v->poison).reset();
  if (Buffer *b = v->buffer.get(); b && b->refs.load(std::memory_order_relaxed) != 1) {
    // Maybe it is now the calling thread's trace alone that keeps the memory.
    Trace &own = thisThread().trace;
    if (InputMark::epoch(v->input.load(std::memory_order_relaxed)) == own.epoch())
      own.orphanBytes.fetch_add(b->bytes, std::memory_order_relaxed);
  }
  Pool<Value>::drop(v);
}

} // namespace tjit::rt
