//===- TraceDifference.cpp --------------------------------------------------------------------===//
// How two traces differ, in words.

#include "Runtime/TraceDifference.h"

#include "IR/Infer.h"

#include <algorithm>

namespace tjit::rt {

bool haveSameOperations(const TraceGraph &a, const TraceGraph &b) {
  return std::ranges::equal(
      a.nodes, b.nodes, [](const TraceNode &x, const TraceNode &y) { return x.kind == y.kind; });
}

static std::string describe(const TensorType &type) {
  return toString(type.dtype) + (" " + toString(type.sizes));
}

std::vector<std::string> traceDifferences(const TraceGraph &old, const TraceGraph &now) {
  std::vector<std::string> out;
  auto differ = [&](const std::string &what, const std::string &is, const std::string &was) {
    if (is != was)
      out.push_back(what + " is " + is + ", not " + was);
  };
  differ("the number of inputs", std::to_string(now.inputs.size()),
         std::to_string(old.inputs.size()));
  differ("the number of scalars", std::to_string(now.scalars.size()),
         std::to_string(old.scalars.size()));
  for (size_t i = 0; i < std::min(old.inputs.size(), now.inputs.size()); ++i) {
    const TraceInput &a = old.inputs[i], &b = now.inputs[i];
    const std::string name = "input " + std::to_string(i);
    differ(name, describe(b.type), describe(a.type));
    if (a.type.sizes == b.type.sizes)
      differ("the strides of " + name, toString(b.strides), toString(a.strides));
    differ("the alignment of " + name, std::to_string(1 << b.alignLog2),
           std::to_string(1 << a.alignLog2));
  }
  for (size_t i = 0; i < std::min(old.scalars.size(), now.scalars.size()); ++i)
    differ("scalar " + std::to_string(i), toString(now.scalars[i]), toString(old.scalars[i]));
  for (size_t i = 0; i < std::min(old.nodes.size(), now.nodes.size()); ++i) {
    const TraceNode &a = old.nodes[i], &b = now.nodes[i];
    const std::string name =
        "operation " + std::to_string(i) + " (" + opInfo(b.kind).mnemonic + ")";
    differ("the result of " + name, describe(b.type), describe(a.type));
    if (a.attributes != b.attributes)
      differ("the attributes of " + name, toString(b.attributes), toString(a.attributes));
    // Other numbers of inputs shift all operands.
    if (old.firstNode() == now.firstNode() && a.operands != b.operands)
      out.push_back(name + " has other operands");
  }
  auto results = [](const TraceGraph &g) {
    std::string text;
    for (const TraceOutput &o : g.outputs)
      text += (text.empty() ? "" : ", ") +
              std::to_string(static_cast<int64_t>(o.value) - g.firstNode());
    return "{" + text + "}";
  };
  differ("the set of operations whose results are kept", results(now), results(old));
  return out;
}

} // namespace tjit::rt
