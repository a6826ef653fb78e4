//===- TraceKey.cpp - a trace as words, and back ----------------------------------------------===//
//
// The decoder takes words from a disk cache or another process: every count is checked before it is
// used, every type is inferred again, and nothing is reserved that the words do not hold.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/TraceKey.h"
#include "IR/Infer.h"

namespace tjit {

TensorType TraceGraph::typeOf(uint32_t value) const {
  if (value < firstScalar())
    return inputs[value].type;
  if (value < firstNode())
    return {scalars[value - firstScalar()], {}};
  return nodes[value - firstNode()].type;
}

std::vector<uint64_t> encodeTrace(const TraceGraph &graph) {
  std::vector<uint64_t> words;
  auto appendAll = [&](const auto &list) { words.insert(words.end(), list.begin(), list.end()); };
  words.push_back(kTraceMagic);
  words.push_back(graph.inputs.size() | uint64_t(graph.scalars.size()) << 32);
  words.push_back(graph.nodes.size() | uint64_t(graph.outputs.size()) << 32);
  for (const TraceInput &input : graph.inputs) {
    words.push_back(uint64_t(input.type.dtype) | input.type.sizes.size() << 8 |
                    uint64_t(input.alignLog2) << 16);
    appendAll(input.type.sizes);
    appendAll(input.strides);
  }
  for (ScalarType dtype : graph.scalars)
    words.push_back(uint64_t(dtype));
  for (const TraceNode &node : graph.nodes) {
    words.push_back(uint64_t(node.kind) | uint64_t(node.type.dtype) << 16 |
                    node.type.sizes.size() << 24 | node.operands.size() << 32 |
                    node.attributes.size() << 48);
    for (size_t i = 0; i < node.operands.size(); i += 2)
      words.push_back(node.operands[i] |
                      (i + 1 < node.operands.size() ? uint64_t(node.operands[i + 1]) << 32 : 0));
    appendAll(node.type.sizes);
    appendAll(node.attributes);
  }
  for (const TraceOutput &output : graph.outputs)
    words.push_back(output.value | uint64_t(output.donor + 1) << 32);
  return words;
}

bool checkAttributeWords(OpKind kind, std::span<const int64_t> words) {
  const OpInfo &info = opInfo(kind);
  size_t at = 0;
  for (unsigned i = 0; i < info.numAttributes; ++i) {
    if (at >= words.size())
      return false;
    int64_t word = words[at++];
    switch (info.attributes[i].kind) {
    case AttrKind::i64:
    case AttrKind::f64:
    case AttrKind::enumeration: // checked by the operation's inference
      break;
    case AttrKind::boolean:
      if (word != 0 && word != 1)
        return false;
      break;
    case AttrKind::dtype:
      if (word < 0 || word >= kNumScalarTypes)
        return false;
      break;
    case AttrKind::i64Array:
      if (word < 0 || static_cast<uint64_t>(word) > words.size() - at)
        return false;
      at += word;
      break;
    }
  }
  return at == words.size();
}

namespace {

/// Reads words from the front; every step says whether they were there and made sense.
class Decoder {
public:
  Decoder(std::span<const uint64_t> words, TraceGraph &graph) : rest(words), graph(graph) {}

  bool decode() {
    uint64_t counts[3];
    for (uint64_t &word : counts)
      if (!next(word))
        return false;
    if (counts[0] != kTraceMagic)
      return false;
    return repeat(low(counts[1]), &Decoder::input) && repeat(high(counts[1]), &Decoder::scalar) &&
           repeat(low(counts[2]), &Decoder::node) && repeat(high(counts[2]), &Decoder::output) &&
           rest.empty();
  }

private:
  static uint32_t low(uint64_t word) { return static_cast<uint32_t>(word); }
  static uint32_t high(uint64_t word) { return static_cast<uint32_t>(word >> 32); }
  uint32_t numValues() const {
    return graph.firstNode() + static_cast<uint32_t>(graph.nodes.size());
  }

  bool next(uint64_t &word) {
    if (rest.empty())
      return false;
    word = rest.front();
    rest = rest.subspan(1);
    return true;
  }
  template <class List> bool take(size_t n, List &out) {
    if (n > rest.size())
      return false;
    out.resize(n);
    for (size_t i = 0; i < n; ++i)
      out[i] = static_cast<int64_t>(rest[i]);
    rest = rest.subspan(n);
    return true;
  }
  bool repeat(uint32_t n, bool (Decoder::*read)()) {
    for (uint32_t i = 0; i < n; ++i)
      if (!(this->*read)())
        return false;
    return true;
  }
  static bool dtype(uint64_t number, ScalarType &out) {
    out = static_cast<ScalarType>(number);
    return number < kNumScalarTypes;
  }

  bool input() {
    uint64_t head;
    TraceInput in;
    int64_t elements;
    if (!next(head) || head >> 24 || !dtype(head & 0xff, in.type.dtype) ||
        (head >> 16 & 0xff) > 6 || !take(head >> 8 & 0xff, in.type.sizes) ||
        !take(head >> 8 & 0xff, in.strides) || !checkedNumElements(in.type.sizes, elements))
      return false;
    for (int64_t stride : in.strides)
      if (stride < 0)
        return false;
    in.alignLog2 = head >> 16 & 0xff;
    graph.inputs.push_back(std::move(in));
    return true;
  }
  bool scalar() {
    uint64_t word;
    ScalarType type;
    if (!next(word) || !dtype(word, type))
      return false;
    graph.scalars.push_back(type);
    return true;
  }
  bool node() {
    uint64_t head;
    if (!next(head) || (head & 0xffff) >= kNumOps)
      return false;
    TraceNode n;
    n.kind = static_cast<OpKind>(head & 0xffff);
    size_t numOperands = head >> 32 & 0xffff;
    std::vector<TensorType> types(numOperands);
    std::vector<const TensorType *> pointers(numOperands);
    uint64_t pair = 0;
    for (size_t i = 0; i < numOperands; ++i) {
      if (i % 2 == 0 && !next(pair))
        return false;
      uint32_t operand = i % 2 ? high(pair) : low(pair);
      if (operand >= numValues())
        return false;
      n.operands.push_back(operand);
      types[i] = graph.typeOf(operand);
      pointers[i] = &types[i];
    }
    if (numOperands % 2 && high(pair))
      return false;
    if (!dtype(head >> 16 & 0xff, n.type.dtype) || !take(head >> 24 & 0xff, n.type.sizes) ||
        !take(head >> 48, n.attributes) || !checkAttributeWords(n.kind, n.attributes))
      return false;
    InferContext context{n.kind, pointers, n.attributes.data(), {}, {}};
    if (!inferType(context) || context.result.dtype != n.type.dtype ||
        !(context.result.sizes == n.type.sizes))
      return false;
    graph.nodes.push_back(std::move(n));
    return true;
  }
  bool output() {
    uint64_t word;
    if (!next(word) || low(word) >= numValues() || high(word) > graph.inputs.size())
      return false;
    graph.outputs.push_back({low(word), static_cast<int32_t>(high(word)) - 1});
    return true;
  }

  std::span<const uint64_t> rest;
  TraceGraph &graph;
};

} // namespace

bool decodeTrace(std::span<const uint64_t> words, TraceGraph &out) {
  out = {};
  return Decoder(words, out).decode();
}

} // namespace tjit
