//===- Recorder.h -----------------------------------------------------------------------------===//
// Recording operations and evaluating them.
//
// The runtime as the frontend sees it. Every thread records into a trace of its own; `evaluate`
// looks the trace's signature up, compiles on a miss, and runs. Recording takes no lock that
// another thread holds in normal use, allocates from pools, and builds no string.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/OpKind.h"
#include "Runtime/Value.h"

#include "tjit/Runtime.h" // public: settings, statistics, LogFlags

namespace tjit::rt {

/// How an operand is read. `strides == nullptr`: the whole value in its own shape. Otherwise a
/// strided view of the value's storage: for a ready value this becomes the geometry of a trace
/// input (no operation, the offset not in the key); for a pending one the recorder appends permute,
/// expand, reshape, slice or as_strided, whichever says it best.
struct Operand {
  Value *value;
  const Dims *sizes = nullptr;
  const Dims *strides = nullptr;
  int64_t offset = 0; // elements
};

/// Appends one operation to the calling thread's trace; `result`, which is new, stands for it. The
/// caller has inferred and checked the result's type. The attribute words are copied. May evaluate
/// when the trace is full, before it appends. After an exception nothing has happened.
void record(OpKind kind, Value &result, std::span<const Operand> operands,
            std::span<const int64_t> attributes);
/// The same for operations without attributes on one or two whole values: the short way.
void record(OpKind kind, Value &result, Value &input);
void record(OpKind kind, Value &result, Value &lhs, Value &rhs);
/// One operand is a scalar argument, see recordScalar; first or second.
void recordWithScalar(OpKind kind, Value &result, Value &operand, uint64_t bits, bool scalarFirst);

/// A new value that stands for the operation.
inline Ref<Value> record(OpKind kind, std::span<const Operand> operands,
                         std::span<const int64_t> attributes, ScalarType dtype,
                         std::span<const int64_t> sizes) {
  Ref<Value> result = Value::make(dtype, sizes);
  record(kind, *result, operands, attributes);
  return result;
}

/// A 0-dim argument of the trace: its value is not part of the signature. `bits` holds the value in
/// its dtype's own representation, in the low bytes.
Ref<Value> recordScalar(ScalarType dtype, uint64_t bits);

/// Makes the values ready, and whatever else the trace holds that is not cheap to recompute. Throws
/// what the evaluation found (Error naming operation and values, OutOfMemoryError); then only what
/// depends on the failed operation is poisoned, and asking for that throws again.
void evaluate(std::span<Value *const> targets);
inline void evaluate(Value &value) {
  Value *p = &value;
  if (value.pending())
    evaluate(std::span<Value *const>(&p, 1));
}
/// Evaluates everything the calling thread has pending.
void evaluateAll();

/// Evaluates every pending operation of any trace that reads `buffer` (before foreign memory
/// changes, decision 12).
void finishReaders(Buffer &buffer);

/// A Philox key and the counter of the next draw; see manual_seed. `draws`: how many counters the
/// call takes.
struct RandomState {
  uint64_t seed, counter;
};
RandomState nextRandom(uint64_t draws);
void setSeed(uint64_t seed);
/// Where the sequence stands.
RandomState randomState();
void setRandomState(RandomState state);

} // namespace tjit::rt
