//===- Period.cpp -----------------------------------------------------------------------------===//
// Where a full trace is cut.
//
// A loop of a million operations fills its trace again and again. If every trace is cut at the same
// place of the loop's body they all have one signature, and the loop is compiled once or twice. The
// body shows in the recording: its operations repeat with their operands at the same distances.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Evaluation.h"

namespace tjit::rt {

namespace {

struct Operations {
  std::vector<uint32_t> hashes; // structure and where the operands come from
  std::vector<uint32_t> nodes;
};

uint32_t mix(uint32_t hash, uint64_t word) {
  uint64_t x = (hash ^ word) * 0x9e3779b97f4a7c15ull;
  return static_cast<uint32_t>(x >> 32) ^ static_cast<uint32_t>(x);
}

Operations hashOperations(const Trace &trace) {
  // What was computed before the loop and is read in it gets ever farther away.
  constexpr uint32_t kFar = 64;
  Operations out;
  std::vector<uint32_t> ordinal(trace.nodes.size());
  for (uint32_t id = 0; id < trace.nodes.size(); ++id) {
    const Node &n = trace.nodes[id];
    if (n.type != NodeType::operation)
      continue;
    ordinal[id] = static_cast<uint32_t>(out.nodes.size());
    uint32_t hash = mix(0, n.head);
    for (int64_t size : trace.shapeOf(n))
      hash = mix(hash, static_cast<uint64_t>(size));
    for (int64_t word : trace.attributesOf(n))
      hash = mix(hash, static_cast<uint64_t>(word));
    for (unsigned i = 0; i < n.numOperands(); ++i) {
      uint32_t operand = trace.operandsOf(n)[i];
      const Node &from = trace.nodes[operand];
      // An input counts as far: the first turn of a loop reads as inputs what the others get from
      // the turn before.
      uint32_t distance = from.type == NodeType::operation ? ordinal[id] - ordinal[operand] : kFar;
      hash = mix(hash, from.type == NodeType::scalar ? kFar + 1 : std::min(distance, kFar));
    }
    out.hashes.push_back(hash);
    out.nodes.push_back(id);
  }
  return out;
}

} // namespace

uint32_t findCut(const Trace &trace) {
  Operations operations = hashOperations(trace);
  const auto &h = operations.hashes;
  const size_t n = h.size();
  for (size_t period = 1; period <= n / 2; ++period) {
    size_t i = n; // the recording repeats from i - period on
    while (i > period && h[i - 1] == h[i - 1 - period])
      --i;
    const size_t start = i - period;
    if (n - start < n / 2 || n - start < 2 * period)
      continue;
    // A trace that begins with the loop itself begins where the one before was cut; its first turn
    // reads inputs, so that the repetition seems to start a little later.
    const size_t phase = start < 2 * period ? 0 : start;
    const size_t end = phase + (n - phase) / period * period;
    return end < n ? operations.nodes[end] : static_cast<uint32_t>(trace.nodes.size());
  }
  return 0;
}

} // namespace tjit::rt
