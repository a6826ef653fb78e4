//===- Interpreter.h - the reference interpreter ------------------------------------------===//
//
// Runs one operation in plain loops that follow docs/numerics.md. It is the oracle of the tests,
// the debugging mode, the runner of plan steps that no kernel covers, and the whole runtime where
// the compiler library is missing.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/TraceKey.h"

namespace tjit {

/// Memory of an operand or result. Strides in elements; a result is row-major. Not owned.
struct TensorRef {
  void *data;
  ScalarType dtype;
  std::span<const int64_t> sizes, strides;
};

/// Runs one operation. Throws tjit::Error for what depends on values (a gather index out of range,
/// integer division by zero), before it writes anything. `result` overlaps no operand, except
/// write_view's `base`, which may be the result.
void interpretOp(OpKind kind, std::span<const int64_t> attributes,
                 std::span<const TensorRef> operands, const TensorRef &result);

/// Checks what `interpretOp` would throw without running it; the evaluation calls this before it
/// overwrites anything. Empty: fine.
std::string checkOperandValues(OpKind kind, std::span<const int64_t> attributes,
                               std::span<const TensorRef> operands);

} // namespace tjit
