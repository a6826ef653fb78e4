//===- Evaluation.cpp -------------------------------------------------------------------------===//
// Evaluating values, and the recorder's interface.

#include "Runtime/Evaluation.h"

#include "tjit/Error.h"

namespace tjit::rt {

void releaseOrphans(ThreadContext &thread) {
  // A deleter may use the runtime, and come here again.
  PodVector<Buffer *> &orphans = thread.scratch.orphans;
  while (!orphans.empty()) {
    Buffer *b = orphans.back();
    orphans.truncate(orphans.size() - 1);
    Ref<Buffer>::adopt(b).reset();
  }
}

void Evaluation::run() {
  select();
  if (numNeeded) {
    encode();
    try {
      execute();
    } catch (...) {
      for (Node &n : trace.nodes)
        n.flags &= Node::kRecomputed;
      throw;
    }
    if (capture) [[unlikely]]
      keepRun(*capture);
    publish();
  }
  retain();
  dropRest();
}

void Evaluation::publish() {
  for (size_t i = 0; i < scratch.outputs.size(); ++i) {
    Node &n = trace.nodes[scratch.outputs[i]];
    n.number = static_cast<uint32_t>(i);
    Value *v = n.value;
    if (!v)
      continue;
    --trace.numLive;
    if (n.flags & Node::kPoisoned) [[unlikely]] {
      v->poison = poisonOf(scratch.outputs[i]).release();
      v->trace.store(poisonTrace(), std::memory_order_release);
      continue;
    }
    if (n.flags & Node::kKept) // the trace will own it too
      v->buffer = Ref<Buffer>::share(scratch.results[i]);
    else
      v->buffer = Ref<Buffer>::adopt(std::exchange(scratch.results[i], nullptr));
    // From here on the value may be used and dropped by other threads.
    v->trace.store(nullptr, std::memory_order_release);
  }
}

/// Results belong to their values and the trace now.
void Evaluation::dropRest() {
  for (Buffer *b : scratch.results)
    if (b)
      scratch.orphans.push_back(b);
  scratch.results.clear();
}

Ref<PoisonedValue> Evaluation::poisonOf(uint32_t node) const {
  for (const auto &[id, poison] : poisons)
    if (id == node)
      return poison;
  return nullptr;
}

void relieve(Trace &trace, ThreadContext &thread) {
  uint32_t cut = static_cast<uint32_t>(trace.nodes.size());
  const bool isPiece = trace.numOperations >= trace.checkAt; // else it keeps too much memory
  if (isPiece) {
    uint32_t period = findCut(trace);
    if (period) {
      cut = period;
    } else if (trace.numOperations < trace.limits.operationsWithoutPeriod) {
      trace.checkAt = std::min(trace.numOperations * 2, trace.limits.operationsWithoutPeriod);
      return;
    }
  }
  Evaluation evaluation(trace, thread, false, cut);
  evaluation.isPiece = isPiece;
  evaluation.run();
}

namespace {

void evaluateWhole(Trace &trace, ThreadContext &thread, bool keepCheap) {
  Evaluation(trace, thread, keepCheap, static_cast<uint32_t>(trace.nodes.size())).run();
}

/// Gives memory to a 0-dim argument.
void evaluateScalar(Value &v) {
  std::lock_guard lock(Context::get().scalarMutex);
  if (v.trace.load(std::memory_order_relaxed) != scalarTrace())
    return;
  const size_t bytes = elementSize(v.type.dtype);
  Ref<Buffer> buffer = Buffer::allocate(bytes);
  std::memcpy(buffer->data, &v.bits, bytes); // little-endian: the low bytes
  v.buffer = std::move(buffer);
  v.trace.store(nullptr, std::memory_order_release);
}

} // namespace

//===------------------------------------------------------------------------------------------===//
// Recorder.h
//===------------------------------------------------------------------------------------------===//

void evaluate(std::span<Value *const> targets) {
  ThreadContext &thread = thisThread();
  // Targets of one trace are evaluated together. Whoever holds a lock may make values ready
  // meanwhile.
  for (size_t i = 0; i < targets.size(); ++i) {
    Trace *trace = targets[i]->trace.load(std::memory_order_acquire);
    if (!trace)
      continue;
    if (trace == poisonTrace())
      continue; // the others first
    if (trace == scalarTrace()) {
      evaluateScalar(*targets[i]);
      continue;
    }
    OrphanRelease release{thread};
    TraceGuard guard(*trace, trace == &thread.trace);
    bool any = false;
    for (Value *v : targets.subspan(i))
      if (v->trace.load(std::memory_order_relaxed) == trace) {
        trace->nodes[v->node].flags |= Node::kTarget;
        any = true;
      }
    if (any)
      evaluateWhole(*trace, thread, true);
  }
  for (Value *v : targets)
    if (v->trace.load(std::memory_order_acquire) == poisonTrace()) [[unlikely]]
      throwPoison(*v);
}

void evaluateAll() {
  ThreadContext &thread = thisThread();
  OrphanRelease release{thread};
  std::exception_ptr error;
  {
    TraceGuard guard(thread.trace, true);
    Evaluation evaluation(thread.trace, thread, false,
                          static_cast<uint32_t>(thread.trace.nodes.size()));
    evaluation.run();
    error = evaluation.firstError();
  }
  if (error)
    std::rethrow_exception(error);
}

void finishReaders(Buffer &buffer) {
  ThreadContext &thread = thisThread();
  for (ThreadContext *other : Context::get().threads()) {
    OrphanRelease release{thread};
    TraceGuard guard(other->trace, other == &thread);
    for (uint32_t id : other->trace.inputs)
      if (other->trace.nodes[id].buffer == &buffer) {
        evaluateWhole(other->trace, thread, false);
        break;
      }
  }
}

} // namespace tjit::rt
