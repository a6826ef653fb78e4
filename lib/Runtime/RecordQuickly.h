//===- RecordQuickly.h ------------------------------------------------------------------------===//
// The part of recording that is compiled into its callers.
//
// Most calls have one or two operands that the thread's trace knows, and most handles die with
// their operation still pending. These functions do that and nothing else: they say no, with
// nothing changed, where anything has to be looked at. Then the functions of Recorder.h and Value.h
// do it.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/OpKind.h"
#include "Runtime/ThreadContext.h"

#include <cassert>

namespace tjit::rt {

namespace detail {
/// Appends an operation on `numOperands` values, of which `scalars` become nodes with it.
/// `numbersOf(trace, known)` gives the operands' nodes as the chunk has them; `known`: whether the
/// trace knows them all.
template <class Numbers>
[[gnu::always_inline]] inline bool tryAppend(OpKind kind, Value &result, size_t numOperands,
                                             size_t scalars, const Numbers &numbersOf) {
  assert(!opInfo(kind).mayFail);
  ThreadContext *const thread = currentThread;
  if (!thread) [[unlikely]]
    return false;
  Trace &trace = thread->trace;
  OwnerGuard guard(trace.lock);
  if (trace.nodes.size() + scalars >= trace.quickUntil()) [[unlikely]]
    return false;
  bool known;
  const uint64_t numbers = numbersOf(trace, known);
  if (!known) [[unlikely]]
    return false;
  trace.appendQuickly(kind, numOperands, numbers, result);
  return true;
}
} // namespace detail

/// Recorder.h's record(kind, result, input), for an operation that cannot fail.
[[gnu::always_inline]] inline bool tryRecord(OpKind kind, Value &result, const Value &input) {
  return detail::tryAppend(kind, result, 1, 0, [&](Trace &trace, bool &known) {
    const uint64_t node = trace.knownNode(input);
    known = node < InputMark::kNoNode;
    return node;
  });
}
/// The same for two operands.
[[gnu::always_inline]] inline bool tryRecord(OpKind kind, Value &result, const Value &lhs,
                                             const Value &rhs) {
  return detail::tryAppend(kind, result, 2, 0, [&](Trace &trace, bool &known) {
    const uint64_t first = trace.knownNode(lhs), second = trace.knownNode(rhs);
    // Both are below kNoNode, which has all bits, unless their union is not.
    known = (first | second) < InputMark::kNoNode;
    return first | second << 32;
  });
}
/// Recorder.h's recordWithScalar, for an operation that cannot fail.
[[gnu::always_inline]] inline bool tryRecordWithScalar(OpKind kind, Value &result,
                                                       const Value &operand, uint64_t bits,
                                                       bool scalarFirst) {
  return detail::tryAppend(kind, result, 2, 1, [&](Trace &trace, bool &known) -> uint64_t {
    const uint64_t tensor = trace.knownNode(operand);
    known = tensor < InputMark::kNoNode;
    if (!known) [[unlikely]]
      return 0;
    const uint64_t scalar = trace.addScalar(operand.type.dtype, bits);
    return scalarFirst ? scalar | tensor << 32 : tensor | scalar << 32;
  });
}

/// Value::leave() of a value that is pending in the calling thread's trace, and not the last one
/// there.
[[gnu::always_inline]] inline bool tryLeave(const Value &value) {
  ThreadContext *const thread = currentThread;
  if (!thread) [[unlikely]]
    return false;
  Trace &trace = thread->trace;
  if (value.trace.load(std::memory_order_relaxed) != &trace)
    return false;
  OwnerGuard guard(trace.lock);
  // Another thread may have evaluated it meanwhile.
  if (value.trace.load(std::memory_order_relaxed) != &trace || trace.numLive == 1) [[unlikely]]
    return false;
  --trace.numLive;
  trace.nodes[value.node].value = nullptr;
  return true;
}

} // namespace tjit::rt
