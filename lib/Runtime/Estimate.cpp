//===- Estimate.cpp ---------------------------------------------------------------------------===//
// How long the interpreter would take.
//
// Decides whether somebody waits for the compiler, so the order of magnitude is enough. The costs
// are nanoseconds for an element on a machine of 2023; docs/runtime.md says how they were measured.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Miss.h"

#include "IR/OpKind.h"
#include "IR/TraceKey.h"

namespace tjit::rt {

namespace {

constexpr double kOperation = 300; // whatever its size
constexpr double kElement = 2;     // loaded, computed, stored
constexpr double kSummand = 0.6;   // of a reduction
constexpr double kFunction = 40;   // exp, sin, pow and the like
constexpr double kProduct = 0.1;   // a multiply-add of a contraction
constexpr double kFactor = 1;      // a multiply-add of a factorization

double elementsOf(const TensorType &type) { return static_cast<double>(numElements(type.sizes)); }

double nanosecondsOf(const TraceGraph &graph, const TraceNode &node) {
  const OpInfo &info = opInfo(node.kind);
  const double results = elementsOf(node.type);
  switch (info.opClass) {
  case OpClass::view:
    return kOperation;
  case OpClass::contraction: {
    // The last dimension of the left operand is the one that is summed over.
    const TensorType left = graph.typeOf(node.operands[0]);
    const double length = left.sizes.empty() ? 1 : static_cast<double>(left.sizes.back());
    return kOperation + results * length * kProduct;
  }
  case OpClass::reduction:
    return kOperation + elementsOf(graph.typeOf(node.operands[0])) * kSummand;
  case OpClass::library: {
    // As many multiply-adds for each element of the operand as it has columns.
    const TensorType matrix = graph.typeOf(node.operands[0]);
    const double length = matrix.sizes.empty() ? 1 : static_cast<double>(matrix.sizes.back());
    return kOperation + elementsOf(matrix) * length * kFactor;
  }
  case OpClass::elementwise:
  case OpClass::creation:
  case OpClass::movement:
  case OpClass::line:
    break;
  }
  // Correctly rounded results are half a unit off.
  const bool isFunction = info.maxUlp > 0.5 || info.costly;
  return kOperation + results * (isFunction ? kFunction : kElement);
}

} // namespace

double estimateInterpretation(std::span<const uint64_t> key) {
  TraceGraph graph;
  double nanoseconds = 0;
  if (decodeTrace(key, graph))
    for (const TraceNode &node : graph.nodes)
      nanoseconds += nanosecondsOf(graph, node);
  return nanoseconds / 1000;
}

} // namespace tjit::rt
