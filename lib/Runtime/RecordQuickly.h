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

/// Recorder.h's record(kind, result, input), for an operation that cannot fail.
[[gnu::always_inline]] inline bool tryRecord(OpKind kind, Value &result, const Value &input) {
  assert(!opInfo(kind).mayFail);
  ThreadContext *const thread = currentThread;
  if (!thread) [[unlikely]]
    return false;
  Trace &trace = thread->trace;
  OwnerGuard guard(trace.lock);
  const uint64_t node = trace.knownNode(input);
  if (trace.nodes.size() >= trace.quickUntil() || node >= InputMark::kNoNode) [[unlikely]]
    return false;
  trace.appendQuickly(kind, 1, node, result);
  return true;
}
/// The same for two operands.
[[gnu::always_inline]] inline bool tryRecord(OpKind kind, Value &result, const Value &lhs,
                                             const Value &rhs) {
  assert(!opInfo(kind).mayFail);
  ThreadContext *const thread = currentThread;
  if (!thread) [[unlikely]]
    return false;
  Trace &trace = thread->trace;
  OwnerGuard guard(trace.lock);
  const uint64_t first = trace.knownNode(lhs), second = trace.knownNode(rhs);
  // Both are below kNoNode, which has all bits, unless their union is not.
  if (trace.nodes.size() >= trace.quickUntil() || (first | second) >= InputMark::kNoNode)
      [[unlikely]]
    return false;
  trace.appendQuickly(kind, 2, first | second << 32, result);
  return true;
}

/// Recorder.h's recordWithScalar, for an operation that cannot fail.
[[gnu::always_inline]] inline bool tryRecordWithScalar(OpKind kind, Value &result,
                                                       const Value &operand, uint64_t bits,
                                                       bool scalarFirst) {
  assert(!opInfo(kind).mayFail);
  ThreadContext *const thread = currentThread;
  if (!thread) [[unlikely]]
    return false;
  Trace &trace = thread->trace;
  OwnerGuard guard(trace.lock);
  const uint64_t tensor = trace.knownNode(operand);
  if (trace.nodes.size() + 1 >= trace.quickUntil() || tensor >= InputMark::kNoNode) [[unlikely]]
    return false;
  const uint64_t scalar = trace.addScalar(operand.type.dtype, bits);
  trace.appendQuickly(kind, 2, scalarFirst ? scalar | tensor << 32 : tensor | scalar << 32, result);
  return true;
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
