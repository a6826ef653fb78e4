//===- EmitElementary.h -----------------------------------------------------------------------===//
// Elementary functions as operations on lanes.
#pragma once

#include "Codegen/EmitBuilder.h"
#include "IR/OpKind.h"

namespace tjit::codegen {

/// Marks the private functions that hold the rare parts of elementary functions. A function of that
/// name has the same body in every module.
inline constexpr const char *kRareAttribute = "tjit.rare";

/// Whether IR/Elementary.h computes this operation of `numOperands` floating-point operands.
bool hasElementary(OpKind kind, unsigned numOperands);
/// The operation on float32 or float64 lanes: the template of IR/Elementary.h run with a backend
/// that writes MLIR.
mlir::Value emitElementary(CodeBuilder &code, OpKind kind, mlir::ValueRange operands);
/// random::normal of IR/Random.h on float32 or float64 lanes; `second` is a mask.
mlir::Value emitNormal(CodeBuilder &code, mlir::Value u, mlir::Value v, mlir::Value second);

} // namespace tjit::codegen
