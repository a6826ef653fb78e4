//===- Trace.cpp ------------------------------------------------------------------------------===//
// Recording.

#include "Runtime/Trace.h"

#include "Runtime/Context.h"

#include "tjit/Error.h"

#include <algorithm>

namespace tjit::rt {

TraceGuard::TraceGuard(Trace &trace) : TraceGuard(trace, &thisThread().trace == &trace) {}

void throwPoison(const Value &value) { std::rethrow_exception(value.poison->error); }

//===------------------------------------------------------------------------------------------===//
// Nodes
//===------------------------------------------------------------------------------------------===//

uint32_t Trace::addScalar(ScalarType dtype, uint64_t bits) {
  uint32_t id = static_cast<uint32_t>(nodes.size());
  Node *n = nodes.append(1);
  n->value = nullptr;
  n->bits = bits;
  n->chunk = static_cast<uint32_t>(words.size());
  n->type = NodeType::scalar;
  n->dtype = dtype;
  n->cost = n->flags = n->age = 0;
  scalars.push_back(id);
  return id;
}

uint32_t Trace::addInput(Buffer *buffer, uint64_t byteOffset, ScalarType dtype,
                         std::span<const int64_t> sizes, std::span<const int64_t> strides,
                         unsigned alignLog2) {
  uint32_t id = static_cast<uint32_t>(nodes.size());
  Node *n = nodes.append(1);
  const size_t rank = sizes.size();
  n->value = nullptr;
  buffer->refs.fetch_add(1, std::memory_order_relaxed);
  n->buffer = buffer;
  n->chunk = static_cast<uint32_t>(words.size());
  n->type = NodeType::input;
  n->dtype = dtype;
  n->cost = n->flags = n->age = 0;
  uint64_t *w = words.append(2 + 2 * rank);
  *w++ = static_cast<uint64_t>(dtype) | rank << 8 | uint64_t(alignLog2) << 16;
  for (int64_t s : sizes)
    *w++ = static_cast<uint64_t>(s);
  for (int64_t s : strides)
    *w++ = static_cast<uint64_t>(s);
  *w = byteOffset;
  inputs.push_back(id);
  return id;
}

uint32_t Trace::addOperation(OpKind kind, std::span<const uint32_t> operands,
                             std::span<const int64_t> attributes, ScalarType dtype,
                             std::span<const int64_t> sizes) {
  uint32_t id = static_cast<uint32_t>(nodes.size());
  uint64_t *w =
      beginOperation(kind, operands.size(), attributes, dtype, sizes.data(), sizes.size());
  if (!operands.empty())
    std::memcpy(w + 1, operands.data(), operands.size() * sizeof(uint32_t));
  return id;
}

void Trace::notePlace() { places.push_back({static_cast<uint32_t>(nodes.size() - 1), callPlace}); }

const void *Trace::placeOf(uint32_t node) const {
  const NodePlace *found = std::ranges::lower_bound(places, node, {}, &NodePlace::node);
  return found != places.end() && found->node == node ? found->address : nullptr;
}

//===------------------------------------------------------------------------------------------===//
// Operands
//===------------------------------------------------------------------------------------------===//

static unsigned log2OfElement(ScalarType dtype) {
  return static_cast<unsigned>(std::countr_zero(elementSize(dtype)));
}

uint32_t Trace::wholeInput(Value &v) {
  uint64_t mark = v.input.load(std::memory_order_relaxed);
  if (InputMark::epoch(mark) == epoch() && InputMark::node(mark) != InputMark::kNoNode)
    return InputMark::node(mark);
  Buffer *b = v.buffer.get();
  // Marks do not outlive an evaluation, but inputs may.
  for (size_t i = 0; i < carriedInputs; ++i)
    if (const Node &n = nodes[inputs[i]];
        n.buffer == b && n.dtype == v.type.dtype && byteOffsetOf(n) == 0 &&
        std::ranges::equal(shapeOf(n), v.type.sizes) &&
        std::ranges::equal(stridesOf(n), contiguousStrides(v.type.sizes))) {
      v.input.store(InputMark::of(epoch(), inputs[i]), std::memory_order_relaxed);
      return inputs[i];
    }
  unsigned align = reinterpret_cast<uintptr_t>(b->data) % 64 == 0 ? 6 : log2OfElement(v.type.dtype);
  uint32_t id;
  if (v.type.sizes.empty())
    id = addInput(b, 0, v.type.dtype, {}, {}, align);
  else
    id = addInput(b, 0, v.type.dtype, v.type.sizes, contiguousStrides(v.type.sizes), align);
  v.input.store(InputMark::of(epoch(), id), std::memory_order_relaxed);
  return id;
}

uint32_t Trace::stridedInput(Value &v, std::span<const int64_t> sizes,
                             std::span<const int64_t> strides, int64_t offset) {
  const uint64_t byteOffset = static_cast<uint64_t>(offset) * elementSize(v.type.dtype);
  // The same view again, as w.t() in forward and backward. Looking at the last few finds it.
  constexpr size_t kLook = 32;
  for (size_t i = inputs.size(), end = i > kLook ? i - kLook : 0; i-- > end;) {
    const Node &n = nodes[inputs[i]];
    if (n.buffer == v.buffer.get() && n.dtype == v.type.dtype && byteOffsetOf(n) == byteOffset &&
        std::ranges::equal(shapeOf(n), sizes) && std::ranges::equal(stridesOf(n), strides))
      return inputs[i];
  }
  // The alignment of a view changes with its offset, which is no part of the key: only the
  // element's is promised.
  uint32_t id = addInput(v.buffer.get(), byteOffset, v.type.dtype, sizes, strides,
                         log2OfElement(v.type.dtype));
  uint64_t mark = v.input.load(std::memory_order_relaxed);
  if (InputMark::epoch(mark) != epoch())
    v.input.store(InputMark::of(epoch(), InputMark::kNoNode), std::memory_order_relaxed);
  return id;
}

uint32_t Trace::enter(Value &v) {
  Trace *owner = v.trace.load(std::memory_order_acquire);
  if (owner == nullptr)
    return wholeInput(v);
  if (owner != scalarTrace())
    throwPoison(v); // the recorder has made values of other traces ready
  uint32_t id = addScalar(v.type.dtype, v.bits);
  v.input.store(InputMark::of(epoch(), id), std::memory_order_relaxed);
  return id;
}

uint32_t Trace::nodeOf(const Operand &operand) {
  Value &v = *operand.value;
  if (!operand.strides)
    return nodeOf(v);
  if (v.trace.load(std::memory_order_acquire) == nullptr)
    return stridedInput(v, *operand.sizes, *operand.strides, operand.offset);
  return viewOf(nodeOf(v), v.type, *operand.sizes, *operand.strides, operand.offset);
}

void Trace::clear(PodVector<Buffer *> &orphans) {
  for (uint32_t id : inputs)
    orphans.push_back(nodes[id].buffer);
  nodes.clear();
  words.clear();
  inputs.clear();
  scalars.clear();
  places.clear();
  numOperations = numLive = 0;
  checkAt = limits.operations;
  carriedInputs = carriedOperations = 0;
  orphanBytes.store(0, std::memory_order_relaxed);
  openQuickWay();
  nextEpoch();
}

} // namespace tjit::rt
