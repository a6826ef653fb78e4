//===- CapturedRun.cpp ------------------------------------------------------------------------===//
// An evaluation that is kept to be run again on other inputs.

#include "Runtime/CapturedRun.h"

#include "Runtime/Evaluation.h"
#include "Runtime/Miss.h"
#include "Runtime/RunPlan.h"

#include <algorithm>

namespace tjit::rt {

/// Between execution and publication: everything is still where the key's order has it.
void Evaluation::keepRun(CapturedRun &run) {
  run.entry = Ref<CacheEntry>::share(ranEntry);
  run.scalarBits.assign(scratch.scalarBits.begin(), scratch.scalarBits.end());
  for (uint32_t id : trace.inputs) {
    const Node &n = trace.nodes[id];
    if (!(n.flags & Node::kNeeded))
      continue;
    std::span<const int64_t> sizes = trace.shapeOf(n), strides = trace.stridesOf(n);
    uint64_t last = 0; // element
    for (size_t d = 0; d < sizes.size(); ++d)
      last += static_cast<uint64_t>((sizes[d] - 1) * strides[d]);
    const bool empty = std::ranges::find(sizes, 0) != sizes.end();
    run.inputs.push_back({Ref<Buffer>::share(n.buffer), trace.byteOffsetOf(n),
                          empty ? 0 : (last + 1) * elementSize(n.dtype),
                          static_cast<uint8_t>(trace.words[n.chunk] >> 16)});
  }
  for (uint32_t id : scratch.outputs) {
    const Node &n = trace.nodes[id];
    run.outputs.push_back({Ref<Value>::share(n.value), {n.dtype, Dims(trace.shapeOf(n))}});
  }
}

void evaluateCapturing(std::span<Value *const> targets, CapturedRun &run) {
  ThreadContext &thread = thisThread();
  Trace &trace = thread.trace;
  {
    OrphanRelease release{thread};
    TraceGuard guard(trace, true);
    bool any = false;
    for (Value *v : targets)
      if (v->trace.load(std::memory_order_relaxed) == &trace) {
        trace.nodes[v->node].flags |= Node::kTarget;
        any = true;
      }
    if (any)
      Evaluation(trace, thread, true, static_cast<uint32_t>(trace.nodes.size()), &run).run();
  }
  evaluate(targets); // scalars, and what is poisoned throws
}

void runAgain(const CapturedRun &run, std::span<const InputArgument> inputs,
              PodVector<Buffer *> &results) {
  ThreadContext &thread = thisThread();
  thread.counters.evaluations.add();
  thread.counters.hits.add();
  const LoadedExecutable &code = *run.entry->code.load(std::memory_order_acquire);
  if (code.unfused()) [[unlikely]]
    fuseLater(Context::get(), *run.entry);
  runPlan(code, inputs, run.scalarBits, results, thread);
}

} // namespace tjit::rt
