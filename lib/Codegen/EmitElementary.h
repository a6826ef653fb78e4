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
/// elementary::normalExp on float32 or float64 lanes.
mlir::Value emitNormalExp(CodeBuilder &code, mlir::Value x);
/// random::normal of IR/Random.h on float32 or float64 lanes; `second` is a mask.
mlir::Value emitNormal(CodeBuilder &code, mlir::Value u, mlir::Value v, mlir::Value second);

/// A float32 divisor of many dividends, in as many lanes as those have.
struct Reciprocal {
  mlir::Value divisor, inverse;
  mlir::Value
      low; ///< dividends at least as large are divided by multiplications; infinity: none are
};
Reciprocal emitReciprocal(CodeBuilder &code, mlir::Value divisor, int64_t width);
/// The quotient, correctly rounded like that of a division, by a product and two corrections with
/// fused multiply-adds (P. Markstein, Computation of elementary functions on the IBM RISC
/// System/6000 processor, 1990, theorem 7). Vectors of lanes that are too large or small for that
/// are divided.
mlir::Value emitQuotient(CodeBuilder &code, mlir::Value x, const Reciprocal &reciprocal);

} // namespace tjit::codegen
