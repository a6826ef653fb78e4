//===- ThreadContext.h ------------------------------------------------------------------------===//
// What every thread has of the runtime.
//
// A trace, cached memory, counters and scratch for evaluations. When its thread ends, a context
// waits for a new thread; its trace may still hold values that others want, so contexts are never
// destroyed.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/Executable.h"
#include "Runtime/Allocator.h"
#include "Runtime/CompilerInterface.h"
#include "Runtime/Pool.h"
#include "Runtime/Trace.h"
#include "Runtime/TraceCache.h"

#include "tjit/Runtime.h"

#include <optional>

namespace tjit::rt {

/// An input of a run.
struct InputArgument {
  Buffer *buffer;
  uint64_t byteOffset;
  bool mayTake; // nobody else wants what is in the buffer
};

/// Written by their thread alone, read by all.
struct Counter {
  std::atomic<uint64_t> value{0};
  void add(uint64_t n = 1) {
    value.store(value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  operator uint64_t() const { return value.load(std::memory_order_relaxed); }
};
struct Counters {
  Counter evaluations, hits, loads, compilations, plans, unfused, fusedLater, interpretations,
      kernelsCompiled, kernelsReused, compileMicroseconds, stageMicroseconds[tjit_num_stages];
};

/// A part of a launch.
struct LaunchPart {
  const exe::Step *step;
  void *const *args;
  int64_t begin, end;
  uint64_t scratch; // offset in the run's memory for that
};

/// Arrays that an evaluation fills, kept for their capacity.
struct Scratch {
  PodVector<uint64_t> key;
  PodVector<uint32_t> outputs; // nodes, in the key's order
  PodVector<uint64_t> scalarBits;
  PodVector<void *> addresses; // of a plan's slots
  PodVector<void *> arguments; // of one step, or of those that run together
  PodVector<LaunchPart> parts; // of launches that run together
  PodVector<uint32_t> tasks;   // how many of the parts are done when each task is
  PodVector<Buffer *> results; // of the outputs, counted
  PodVector<Buffer *> orphans; // to be released once the trace's lock is open
  PodVector<Node> nextNodes;   // what stays in the trace
  PodVector<uint64_t> nextWords;
  PodVector<uint32_t> nextInputs, nextScalars;
  PodVector<NodePlace> nextPlaces;
  PodVector<InputArgument> inputs;
};

/// Entries that this thread hit last, by the low bits of their hash.
struct RecentEntries {
  static constexpr size_t kSlots = 64;
  Ref<CacheEntry> slots[kSlots];
};

struct ThreadContext {
  explicit ThreadContext(uint32_t id);
  ~ThreadContext();

  Trace trace;
  BufferCache buffers;
  Counters counters;
  Scratch scratch;
  RecentEntries recent;
  std::optional<OnMiss> onMiss; // none: the setting
};

/// Null until the thread first uses the runtime, and again when it ends.
[[gnu::tls_model("initial-exec")]] extern thread_local constinit ThreadContext *currentThread;
ThreadContext &openThread();
inline ThreadContext &thisThread() {
  if (ThreadContext *context = currentThread) [[likely]]
    return *context;
  return openThread();
}

} // namespace tjit::rt
