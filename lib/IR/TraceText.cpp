//===- TraceText.cpp - a trace as text --------------------------------------------------------===//
//
//   %0 = input float32[64, 128] strides [1, 64] align 64
//   %1 = scalar float32
//   %2 = mul %0, %1 : float32[64, 128]
//   %3 = sum %2 {dims = [1], keepdim = false} : float32[64]
//   return %3 (donor %0)
//
//===------------------------------------------------------------------------------------------===//

#include "IR/Infer.h"
#include "IR/TraceKey.h"

#include <bit>
#include <cstdio>

namespace tjit {

static std::string typeText(const TensorType &type) {
  return toString(type.dtype) + (type.sizes.empty() ? std::string() : toString(type.sizes));
}

static std::string numberText(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.17g", value);
  return buffer;
}

static std::string attributesText(const TraceNode &node) {
  const OpInfo &info = opInfo(node.kind);
  std::string text;
  const int64_t *word = node.attributes.data();
  for (unsigned i = 0; i < info.numAttributes; ++i) {
    text += std::string(i ? ", " : " {") + info.attributes[i].name + " = ";
    switch (info.attributes[i].kind) {
    case AttrKind::i64:
    case AttrKind::enumeration:
      text += std::to_string(*word++);
      break;
    case AttrKind::boolean:
      text += *word++ ? "true" : "false";
      break;
    case AttrKind::f64:
      text += numberText(std::bit_cast<double>(*word++));
      break;
    case AttrKind::dtype:
      text += toString(static_cast<ScalarType>(*word++));
      break;
    case AttrKind::i64Array:
      text += toString(std::span(word + 1, static_cast<size_t>(*word)));
      word += *word + 1;
      break;
    }
  }
  return text + (info.numAttributes ? "}" : "");
}

std::string printTrace(const TraceGraph &graph) {
  std::string text;
  uint32_t number = 0;
  auto begin = [&] { text += "%" + std::to_string(number++) + " = "; };
  for (const TraceInput &input : graph.inputs) {
    begin();
    text += "input " + typeText(input.type);
    if (!(input.strides == contiguousStrides(input.type.sizes)))
      text += " strides " + toString(input.strides);
    text += " align " + std::to_string(1 << input.alignLog2) + "\n";
  }
  for (ScalarType dtype : graph.scalars) {
    begin();
    text += std::string("scalar ") + toString(dtype) + "\n";
  }
  for (const TraceNode &node : graph.nodes) {
    begin();
    text += opInfo(node.kind).mnemonic;
    for (size_t i = 0; i < node.operands.size(); ++i)
      text += (i ? ", %" : " %") + std::to_string(node.operands[i]);
    text += attributesText(node) + " : " + typeText(node.type) + "\n";
  }
  text += "return";
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    text += (i ? ", %" : " %") + std::to_string(graph.outputs[i].value);
    if (graph.outputs[i].donor >= 0)
      text += " (donor %" + std::to_string(graph.outputs[i].donor) + ")";
  }
  return text + "\n";
}

} // namespace tjit
