//===- Record.cpp -----------------------------------------------------------------------------===//
// Recording operations.
//
// The hottest path of the runtime: nothing here allocates but from a pool, and no lock is taken
// that another thread holds in normal use. What is most common has been done by RecordQuickly.h
// already.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Evaluation.h"

#include "tjit/Error.h"

namespace tjit::rt {

namespace {

/// Values pending in other threads' traces become ready; poisoned ones throw.
inline void makeUsable(Value &v, const Trace &trace) {
  const Trace *owner = v.trace.load(std::memory_order_acquire);
  if (owner != &trace && owner && owner != scalarTrace()) [[unlikely]]
    evaluate(v);
}

/// What the short ways have in common: `node` gives the words of the operands' numbers.
template <class Operands>
inline void recordShort(OpKind kind, Value &result, size_t numOperands, ThreadContext &thread,
                        Operands &&operands) {
  Trace &trace = thread.trace;
  OrphanRelease release{thread};
  TraceGuard guard(trace, true);
  if (trace.full()) [[unlikely]]
    relieve(trace, thread);
  const uint64_t numbers = operands(trace);
  const uint32_t node = static_cast<uint32_t>(trace.nodes.size());
  const Dims &sizes = result.type.sizes;
  trace.beginOperation(kind, numOperands, {}, result.type.dtype, sizes.data(), sizes.size())[1] =
      numbers;
  if (opInfo(kind).mayFail) [[unlikely]]
    trace.notePlace();
  trace.bind(result, node);
  trace.openQuickWay();
}

} // namespace

void record(OpKind kind, Value &result, Value &input) {
  ThreadContext &thread = thisThread();
  makeUsable(input, thread.trace);
  recordShort(kind, result, 1, thread,
              [&](Trace &trace) -> uint64_t { return trace.nodeOf(input); });
}

void record(OpKind kind, Value &result, Value &lhs, Value &rhs) {
  ThreadContext &thread = thisThread();
  makeUsable(lhs, thread.trace);
  makeUsable(rhs, thread.trace);
  recordShort(kind, result, 2, thread, [&](Trace &trace) {
    const uint64_t first = trace.nodeOf(lhs), second = trace.nodeOf(rhs);
    return first | second << 32;
  });
}

void recordWithScalar(OpKind kind, Value &result, Value &operand, uint64_t bits, bool scalarFirst) {
  ThreadContext &thread = thisThread();
  makeUsable(operand, thread.trace);
  recordShort(kind, result, 2, thread, [&](Trace &trace) {
    const uint64_t tensor = trace.nodeOf(operand);
    const uint64_t scalar = trace.addScalar(operand.type.dtype, bits);
    return scalarFirst ? scalar | tensor << 32 : tensor | scalar << 32;
  });
}

void record(OpKind kind, Value &result, std::span<const Operand> operands,
            std::span<const int64_t> attributes) {
  ThreadContext &thread = thisThread();
  Trace &trace = thread.trace;
  const Dims &sizes = result.type.sizes;
  // Counts have 16 bits in a key, ranks 8.
  if (operands.size() > 0xffff || attributes.size() > 0xffff || sizes.size() > 0xff) [[unlikely]]
    throw Error(std::string(opInfo(kind).mnemonic) + ": " + std::to_string(operands.size()) +
                " operands, " + std::to_string(attributes.size()) + " attribute words and " +
                std::to_string(sizes.size()) +
                " dimensions are more than an operation can have (65535, 65535, 255); work in "
                "smaller pieces");
  for (const Operand &operand : operands)
    makeUsable(*operand.value, trace);
  OrphanRelease release{thread};
  TraceGuard guard(trace, true);
  if (trace.full()) [[unlikely]]
    relieve(trace, thread);
  constexpr size_t kFew = 8;
  uint32_t few[kFew];
  std::vector<uint32_t> many(operands.size() > kFew ? operands.size() : 0);
  uint32_t *ids = operands.size() > kFew ? many.data() : few;
  for (size_t i = 0; i < operands.size(); ++i)
    ids[i] = trace.nodeOf(operands[i]);
  const uint32_t node = static_cast<uint32_t>(trace.nodes.size());
  uint64_t *w = trace.beginOperation(kind, operands.size(), attributes, result.type.dtype,
                                     sizes.data(), sizes.size());
  auto *to = reinterpret_cast<uint32_t *>(w + 1);
  for (size_t i = 0; i < operands.size(); ++i)
    to[i] = ids[i];
  if (opInfo(kind).mayFail) [[unlikely]]
    trace.notePlace();
  trace.bind(result, node);
  trace.openQuickWay();
}

Ref<Value> recordScalar(ScalarType dtype, uint64_t bits) {
  Ref<Value> v = Value::make(dtype, {});
  v->bits = bits;
  v->trace.store(scalarTrace(), std::memory_order_relaxed);
  return v;
}

} // namespace tjit::rt
