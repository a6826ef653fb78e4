//===- Record.cpp -----------------------------------------------------------------------------===//
// Recording operations.
//
// The hottest path of the runtime: nothing here allocates but from a pool, and no lock is taken
// that another thread holds in normal use.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Evaluation.h"

#include "tjit/Error.h"

namespace tjit::rt {

namespace {

/// Values pending in other threads' traces become ready; poisoned ones throw.
inline void makeUsable(Value &v, const Trace &trace) {
  Trace *owner = v.trace.load(std::memory_order_acquire);
  if (owner && owner != &trace && owner != scalarTrace()) [[unlikely]]
    evaluate(v);
}

template <class... Values>
inline Ref<Value> recordWhole(OpKind kind, ScalarType dtype, const Dims &sizes,
                              Values &...operands) {
  ThreadContext &thread = thisThread();
  Trace &trace = thread.trace;
  (makeUsable(operands, trace), ...);
  OrphanRelease release{thread};
  TraceGuard guard(trace, true);
  if (trace.full()) [[unlikely]]
    relieve(trace, thread);
  const uint32_t ids[] = {trace.nodeOf(operands)...};
  Value *v = Pool<Value>::make();
  const uint32_t node = static_cast<uint32_t>(trace.nodes.size());
  uint64_t *w =
      trace.beginOperation(kind, sizeof...(operands), {}, dtype, sizes.data(), sizes.size());
  if constexpr (sizeof...(operands) == 1)
    w[1] = ids[0];
  else
    w[1] = ids[0] | uint64_t(ids[1]) << 32;
  v->type.dtype = dtype;
  v->type.sizes = sizes;
  trace.bind(*v, node);
  return Ref<Value>::adopt(v);
}

} // namespace

Ref<Value> record(OpKind kind, Value &input, ScalarType dtype, const Dims &sizes) {
  return recordWhole(kind, dtype, sizes, input);
}
Ref<Value> record(OpKind kind, Value &lhs, Value &rhs, ScalarType dtype, const Dims &sizes) {
  return recordWhole(kind, dtype, sizes, lhs, rhs);
}

Ref<Value> record(OpKind kind, std::span<const Operand> operands,
                  std::span<const int64_t> attributes, ScalarType dtype,
                  std::span<const int64_t> sizes) {
  ThreadContext &thread = thisThread();
  Trace &trace = thread.trace;
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
  Value *v = Pool<Value>::make();
  const uint32_t node = static_cast<uint32_t>(trace.nodes.size());
  uint64_t *w =
      trace.beginOperation(kind, operands.size(), attributes, dtype, sizes.data(), sizes.size());
  auto *to = reinterpret_cast<uint32_t *>(w + 1);
  for (size_t i = 0; i < operands.size(); ++i)
    to[i] = ids[i];
  v->type.dtype = dtype;
  v->type.sizes.assign(sizes.data(), sizes.size());
  trace.bind(*v, node);
  return Ref<Value>::adopt(v);
}

Ref<Value> recordScalar(ScalarType dtype, uint64_t bits) {
  Value *v = Pool<Value>::make();
  v->type.dtype = dtype;
  v->bits = bits;
  v->trace.store(scalarTrace(), std::memory_order_relaxed);
  return Ref<Value>::adopt(v);
}

} // namespace tjit::rt
