//===- Retain.cpp -----------------------------------------------------------------------------===//
// What an evaluation leaves pending.
//
// Values that stay pending keep their operands: inputs stay inputs, evaluated nodes become inputs,
// all else is copied to the front of the arena.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Evaluation.h"

namespace tjit::rt {

void Evaluation::retain() {
  if (trace.numLive == 0) {
    trace.clear(scratch.orphans);
    return;
  }

  // The old arrays move to scratch; the trace is filled again.
  PodVector<Node> &old = scratch.nextNodes;
  PodVector<uint64_t> &oldWords = scratch.nextWords;
  PodVector<uint32_t> &oldInputs = scratch.nextInputs, &oldScalars = scratch.nextScalars;
  PodVector<NodePlace> &oldPlaces = scratch.nextPlaces;
  old.swap(trace.nodes), oldWords.swap(trace.words), oldInputs.swap(trace.inputs),
      oldScalars.swap(trace.scalars), oldPlaces.swap(trace.places);
  trace.nodes.clear(), trace.words.clear(), trace.inputs.clear(), trace.scalars.clear(),
      trace.places.clear();
  const NodePlace *place = oldPlaces.begin(); // of the next operation that has one
  trace.numOperations = trace.numLive = 0;
  trace.nextEpoch();
  auto copyWords = [&](uint32_t chunk, size_t n) {
    uint32_t at = static_cast<uint32_t>(trace.words.size());
    std::memcpy(trace.words.append(n), oldWords.data() + chunk, n * sizeof(uint64_t));
    return at;
  };

  size_t orphaned = 0;
  for (uint32_t id = 0; id < old.size(); ++id) {
    Node &n = old[id];
    const bool stays = n.flags & Node::kKept;
    const uint32_t next = static_cast<uint32_t>(trace.nodes.size());
    if (n.type == NodeType::input) {
      if (!stays) {
        scratch.orphans.push_back(n.buffer);
        continue;
      }
      Node copy = n;
      copy.chunk = copyWords(n.chunk, 2 + 2 * (oldWords[n.chunk] >> 8 & 0xff));
      copy.flags = 0;
      trace.nodes.push_back(copy);
      trace.inputs.push_back(next);
      n.number = next;
      if (n.buffer->refs.load(std::memory_order_relaxed) == 1)
        orphaned += n.buffer->bytes;
      continue;
    }
    if (!stays)
      continue;
    if (n.type == NodeType::scalar) {
      n.number = trace.addScalar(n.dtype, n.bits);
      continue;
    }
    const uint64_t *chunk = oldWords.data() + n.chunk;
    const unsigned operandWords = (n.numOperands() + 1) / 2;
    if (n.flags & Node::kPoisoned)
      continue;
    if (n.flags & Node::kOutput) {
      Buffer *buffer = scratch.results[n.number];
      std::span<const int64_t> sizes(reinterpret_cast<const int64_t *>(chunk + 1 + operandWords),
                                     n.rank());
      uint32_t input = trace.addInput(buffer, 0, n.dtype, sizes, contiguousStrides(sizes), 6);
      if (!n.value) // which otherwise is ready by now, and may be gone
        orphaned += buffer->bytes;
      n.number = input;
      continue;
    }
    const uint32_t *operands = reinterpret_cast<const uint32_t *>(chunk + 1);
    Ref<PoisonedValue> poison;
    for (unsigned i = 0; i < n.numOperands(); ++i)
      if (old[operands[i]].flags & Node::kPoisoned)
        poison = poisonOf(operands[i]);
    if (poison) [[unlikely]] {
      n.flags |= Node::kPoisoned;
      poisons.push_back({id, poison});
      if (n.value) {
        n.value->poison = poison.release();
        n.value->trace.store(poisonTrace(), std::memory_order_release);
      }
      continue;
    }
    Node copy = n;
    copy.chunk = copyWords(n.chunk, 1 + operandWords + n.rank() + n.numAttributes());
    auto *to = reinterpret_cast<uint32_t *>(trace.words.data() + copy.chunk + 1);
    for (unsigned i = 0; i < n.numOperands(); ++i)
      to[i] = old[operands[i]].number;
    copy.flags = n.flags & (Node::kNeeded | Node::kRecomputed) ? Node::kRecomputed : 0;
    copy.age = n.age < 255 ? n.age + 1 : 255;
    while (place != oldPlaces.end() && place->node < id)
      ++place;
    if (place != oldPlaces.end() && place->node == id)
      trace.places.push_back({next, place->address});
    trace.nodes.push_back(copy);
    n.number = next;
    ++trace.numOperations;
    if (n.value) {
      n.value->node = next;
      ++trace.numLive;
    }
  }
  trace.carriedInputs = trace.inputs.size();
  trace.carriedOperations = trace.numOperations;
  trace.orphanBytes.store(orphaned, std::memory_order_relaxed);
  trace.checkAt = std::max(trace.limits.operations, trace.numOperations + 1);
  trace.openQuickWay();
  if (trace.numLive == 0)
    trace.clear(scratch.orphans); // all that would have stayed is poisoned
}

} // namespace tjit::rt
