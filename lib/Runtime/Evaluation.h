//===- Evaluation.h ---------------------------------------------------------------------------===//
// One evaluation of a trace, stage by stage.
//
//   select    which values get memory, which stay pending, which nodes are dead       Selection.cpp
//   encode    the live nodes as a key, with the inputs and scalars of the run          Encode.cpp
//   execute   the key's executable from the cache or the compiler, and its run         Execute.cpp
//             or one operation at a time InterpretedRun.cpp
//   publish   hands the results to the values Evaluation.cpp retain    what stays pending becomes
//   the next trace                                Retain.cpp
//
// Until publish nothing that others see has changed, but for inputs that nobody else holds.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/CapturedRun.h"
#include "Runtime/Context.h"

namespace tjit::rt {

class Evaluation {
public:
  /// Under the trace's lock. Nodes from `cut` on stay pending, and what they need of the others
  /// gets memory. `keepCheap`: live values that are cheap to recompute stay pending, unless they
  /// are marked as targets.
  Evaluation(Trace &trace, ThreadContext &thread, bool keepCheap, uint32_t cut,
             CapturedRun *capture = nullptr)
      : trace(trace), thread(thread), scratch(thread.scratch), context(Context::get()),
        keepCheap(keepCheap), cut(cut), capture(capture) {}

  /// Throws OutOfMemoryError and NotCompiledError; then nothing has changed. Other errors poison
  /// values.
  void run();
  /// What is evaluated is a piece of a recording that had reached the limit: it may never come
  /// again.
  bool isPiece = false;
  /// Of what could not be computed; null if all was.
  std::exception_ptr firstError() const {
    return poisons.empty() ? nullptr : poisons.front().second->error;
  }

private:
  void select();
  void encode();
  void execute();
  void publish();
  void retain();

  bool runCompiled();
  CacheEntry *findEntry(uint64_t hash);
  bool miss(CacheEntry &entry, bool added);
  void runInterpreted();
  void keepRun(CapturedRun &run);
  int32_t findDonor(uint32_t root);
  void dropRest();
  Ref<PoisonedValue> poisonOf(uint32_t node) const;

  Trace &trace;
  ThreadContext &thread;
  Scratch &scratch;
  Context &context;
  const bool keepCheap;
  const uint32_t cut;
  CapturedRun *const capture;     // gets what was run; null: nobody asks
  CacheEntry *ranEntry = nullptr; // whose executable has run
  uint32_t numNeeded = 0;         // operations to run
  /// Operations that failed or depend on one that did.
  std::vector<std::pair<uint32_t, Ref<PoisonedValue>>> poisons;
};

/// Releases the buffers that were dropped while a trace's lock was held. Runs deleters of foreign
/// memory.
void releaseOrphans(ThreadContext &thread);
/// Does so when a scope ends.
struct OrphanRelease {
  ThreadContext &thread;
  ~OrphanRelease() {
    if (!thread.scratch.orphans.empty()) [[unlikely]]
      releaseOrphans(thread);
  }
};

/// Evaluates a full trace, of which the calling thread holds the lock, up to a place where it
/// repeats.
void relieve(Trace &trace, ThreadContext &thread);

/// The node at which a full trace is cut: a multiple of the smallest period in which its end
/// repeats. 0: no period.
uint32_t findCut(const Trace &trace);

} // namespace tjit::rt
