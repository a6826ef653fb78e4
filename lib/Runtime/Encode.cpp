//===- Encode.cpp -----------------------------------------------------------------------------===//
// The live part of a trace as a key.
//
// The words of IR/TraceKey.h, put together from the chunks that recording has prepared; only
// operand numbers change.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Evaluation.h"

#include "IR/TraceKey.h"

#include <algorithm>

namespace tjit::rt {

namespace {

/// Looks for an input whose memory an output may take over: behind writes the tensor that is
/// written to; behind elementwise operations the first operand of the output's type, which is the
/// tensor that is changed in place.
struct DonorSearch {
  Trace &trace;
  const Node &output;
  std::span<const int64_t> shape;
  int visitsLeft = 12;

  bool fits(const Node &input) const {
    if (input.flags & Node::kDonor || input.dtype != output.dtype)
      return false;
    std::span<const int64_t> sizes = trace.shapeOf(input), strides = trace.stridesOf(input);
    if (!std::ranges::equal(sizes, shape))
      return false;
    int64_t dense = 1;
    for (size_t d = sizes.size(); d-- > 0; dense *= sizes[d])
      if (sizes[d] != 1 && strides[d] != dense)
        return false;
    return true;
  }

  /// The input's node, -1 if there is none.
  int64_t from(uint32_t id, bool root) {
    Node &n = trace.nodes[id];
    if (n.type == NodeType::input)
      return fits(n) ? static_cast<int64_t>(id) : -1;
    if (n.type == NodeType::scalar || (!root && n.flags & Node::kOutput) || --visitsLeft < 0)
      return -1;
    const uint32_t *operands = trace.operandsOf(n);
    if (n.kind() == OpKind::write_view)
      return from(operands[0], false);
    if (opInfo(n.kind()).opClass != OpClass::elementwise)
      return -1;
    for (unsigned i = 0; i < n.numOperands(); ++i)
      if (int64_t found = from(operands[i], false); found >= 0)
        return found;
    return -1;
  }
};

} // namespace

int32_t Evaluation::findDonor(uint32_t root) {
  const Node &output = trace.nodes[root];
  DonorSearch search{trace, output, trace.shapeOf(output)};
  int64_t input = search.from(root, true);
  if (input < 0)
    return -1;
  trace.nodes[input].flags |= Node::kDonor;
  return static_cast<int32_t>(trace.nodes[input].number);
}

void Evaluation::encode() {
  Node *const nodes = trace.nodes.data();
  // No part of the key is longer than what it is made of.
  uint64_t *const key =
      scratch.key.resizeForOverwrite(3 + trace.words.size() + trace.nodes.size() * 2);
  uint64_t *w = key + 3;

  uint32_t number = 0;
  scratch.inputs.clear();
  for (uint32_t id : trace.inputs) {
    Node &n = nodes[id];
    if (!(n.flags & Node::kNeeded))
      continue;
    n.number = number++;
    const size_t words = 1 + 2 * trace.inputRank(n);
    std::memcpy(w, trace.words.data() + n.chunk, words * sizeof *w);
    w += words;
    const bool unshared = n.buffer->refs.load(std::memory_order_acquire) == 1;
    scratch.inputs.push_back({n.buffer, trace.byteOffsetOf(n),
                              unshared && !n.buffer->foreign && !(n.flags & Node::kKept)});
  }
  const uint32_t numInputs = number;

  scratch.scalarBits.clear();
  for (uint32_t id : trace.scalars) {
    Node &n = nodes[id];
    if (!(n.flags & Node::kNeeded))
      continue;
    n.number = number++;
    *w++ = static_cast<uint64_t>(n.dtype);
    scratch.scalarBits.push_back(n.bits);
  }
  const uint32_t numScalars = number - numInputs;

  scratch.outputs.clear();
  for (uint32_t id = 0; id < cut; ++id) {
    Node &n = nodes[id];
    if (n.type != NodeType::operation || !(n.flags & (Node::kOutput | Node::kNeeded)))
      continue;
    n.number = number++;
    if (n.flags & Node::kOutput)
      scratch.outputs.push_back(id);
    const uint64_t *chunk = trace.words.data() + n.chunk;
    const unsigned numOperands = n.numOperands();
    const uint32_t *operands = reinterpret_cast<const uint32_t *>(chunk + 1);
    *w++ = chunk[0];
    for (unsigned i = 0; i < numOperands; i += 2) {
      uint64_t pair = nodes[operands[i]].number;
      if (i + 1 < numOperands)
        pair |= uint64_t(nodes[operands[i + 1]].number) << 32;
      *w++ = pair;
    }
    const unsigned rest = n.rank() + n.numAttributes();
    const uint64_t *from = chunk + 1 + (numOperands + 1) / 2;
    for (unsigned i = 0; i < rest; ++i)
      *w++ = from[i];
  }

  for (uint32_t id : scratch.outputs)
    *w++ = nodes[id].number | uint64_t(findDonor(id) + 1) << 32;

  key[0] = kTraceMagic;
  key[1] = numInputs | uint64_t(numScalars) << 32;
  key[2] = (number - numInputs - numScalars) | uint64_t(scratch.outputs.size()) << 32;
  scratch.key.truncate(static_cast<size_t>(w - key));
}

} // namespace tjit::rt
