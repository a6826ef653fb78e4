//===- EmitRandom.h ---------------------------------------------------------------------------===//
// Philox 4x32-10 on lanes.
#pragma once

#include "Codegen/EmitBuilder.h"
#include "tjit-compiler/IR/TjitDialect.h"

namespace tjit::codegen {

/// Numbers of a draw (docs/numerics.md) for `operands` in registers: seed, counter, and the
/// numbers' places, in as many lanes as those have. Consecutive places (CodeBuilder::firstLane)
/// share blocks.
mlir::Value emitDraw(CodeBuilder &code, ir::DrawOp draw, mlir::ValueRange operands);

} // namespace tjit::codegen
