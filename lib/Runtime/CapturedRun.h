//===- CapturedRun.h --------------------------------------------------------------------------===//
// An evaluation that is kept to be run again on other inputs.
//
// What tjit::compile stands on: the frontend says which tensors the inputs of the run were, and
// gives the buffers of others in their place. Nothing is recorded, encoded or looked up again.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/ThreadContext.h"

namespace tjit::rt {

struct CapturedRun {
  struct Input {
    Ref<Buffer> buffer;
    uint64_t byteOffset;
    uint64_t bytes; // that the input's elements reach, from the offset on
    uint8_t alignLog2;
  };
  struct Output {
    Ref<Value> value; // that the evaluation made ready; null: nobody held it
    TensorType type;
  };
  /// Null where the trace was interpreted.
  Ref<CacheEntry> entry;
  std::vector<Input> inputs;
  std::vector<uint64_t> scalarBits;
  std::vector<Output> outputs;

  /// Whether another run may use it: the caches were not emptied meanwhile.
  bool valid() const { return entry && !entry->dropped.load(std::memory_order_relaxed); }
};

/// Evaluates values that the calling thread has recorded, as `evaluate` does, and says what was
/// run. `run` stays empty if none of them was pending.
void evaluateCapturing(std::span<Value *const> targets, CapturedRun &run);

/// Runs it on as many inputs. The outputs' buffers, counted, are in `results`. Throws what runPlan
/// throws; then nothing has changed.
void runAgain(const CapturedRun &run, std::span<const InputArgument> inputs,
              PodVector<Buffer *> &results);

} // namespace tjit::rt
