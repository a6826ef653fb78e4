//===- Selection.cpp --------------------------------------------------------------------------===//
// Which values of a trace get memory.

#include "Runtime/Evaluation.h"

#include <algorithm>

namespace tjit::rt {

void Evaluation::select() {
  Node *const nodes = trace.nodes.data();
  const uint32_t size = static_cast<uint32_t>(trace.nodes.size());
  const uint8_t *const cheap = context.cheapOperations.data();
  constexpr unsigned kExpensive = TraceLimits::kCheapChain + 1;
  const bool crowded = trace.carriedOperations > TraceLimits::kCrowd;

  // What lies behind the cut stays, so what it reads of the rest must get memory.
  for (uint32_t id = size; id-- > cut;) {
    Node &n = nodes[id];
    n.flags &= Node::kRecomputed | Node::kKept;
    if (n.type != NodeType::operation || !(n.value || n.flags & Node::kKept))
      continue;
    n.flags |= Node::kKept;
    const uint32_t *operands = trace.operandsOf(n);
    for (unsigned i = 0; i < n.numOperands(); ++i)
      nodes[operands[i]].flags |= operands[i] < cut ? Node::kTarget | Node::kKept : Node::kKept;
  }

  // The cost of computing a node again: operations from what has memory.
  for (uint32_t id = 0; id < cut; ++id) {
    Node &n = nodes[id];
    if (n.type != NodeType::operation) {
      n.cost = 0;
      n.flags &= Node::kKept;
      continue;
    }
    bool output = n.flags & Node::kTarget;
    n.flags &= Node::kRecomputed | Node::kKept;
    if (!output) {
      unsigned cost = kExpensive;
      if (cheap[n.head & 0xffff]) {
        cost = 1;
        const uint32_t *operands = trace.operandsOf(n);
        for (unsigned i = 0; i < n.numOperands(); ++i)
          cost += nodes[operands[i]].cost;
        cost = std::min(cost, kExpensive);
      }
      n.cost = static_cast<uint8_t>(cost);
      output = n.value &&
               (!keepCheap || cost == kExpensive || n.value->keep.load(std::memory_order_relaxed) ||
                (crowded && n.age >= TraceLimits::kOld));
    }
    if (output) {
      n.cost = 0;
      n.flags |= Node::kOutput;
    }
  }

  // What the outputs need is computed; what stays needs its operands to stay, unless they get
  // memory.
  numNeeded = 0;
  for (uint32_t id = cut; id-- > 0;) {
    Node &n = nodes[id];
    if (n.type != NodeType::operation)
      continue;
    // Computed a second time only to be dropped again: it is not as cheap as it looked.
    if (n.value && (n.flags & Node::kNeeded) && (n.flags & Node::kRecomputed))
      n.flags |= Node::kOutput;
    unsigned toOperands = 0;
    if (n.flags & (Node::kOutput | Node::kNeeded)) {
      toOperands |= Node::kNeeded;
      ++numNeeded;
    }
    if (!(n.flags & Node::kOutput)) {
      if (n.value)
        n.flags |= Node::kKept;
      toOperands |= n.flags & Node::kKept;
    }
    if (!toOperands)
      continue;
    const uint32_t *operands = trace.operandsOf(n);
    for (unsigned i = 0; i < n.numOperands(); ++i)
      nodes[operands[i]].flags |= static_cast<uint8_t>(toOperands);
  }
}

} // namespace tjit::rt
