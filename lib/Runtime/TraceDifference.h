//===- TraceDifference.h ----------------------------------------------------------------------===//
// How two traces differ, in words.
#pragma once

#include "IR/TraceKey.h"

#include <string>

namespace tjit::rt {

/// Whether the traces apply the same operations in the same order.
bool haveSameOperations(const TraceGraph &a, const TraceGraph &b);
/// One line for each difference between two traces of the same operations: "input 2 is float32 [64,
/// 8], not [32, 8]".
std::vector<std::string> traceDifferences(const TraceGraph &old, const TraceGraph &now);

} // namespace tjit::rt
