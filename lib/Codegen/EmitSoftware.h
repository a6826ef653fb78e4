//===- EmitSoftware.h -------------------------------------------------------------------------===//
// What processors of x86-64's first level have no instruction for.
//
// SSE2 has no fused multiply-add, no rounding to integers and no float16. LLVM would call functions
// of the C library, which an image cannot; here are the same bits from what there is.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBuilder.h"

namespace tjit::codegen {

/// a * b + c of float32 lanes with one rounding. The product is exact in float64, the sum is
/// rounded to odd there, so rounding it to float32 is as good as once (Boldo and Melquiond,
/// Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd, 2008).
mlir::Value emitFmaInDouble(CodeBuilder &code, mlir::Value a, mlir::Value b, mlir::Value c);

enum class Rounding { toEven, towardZero, down, up };
/// To an integral value of the same type, float32 or float64; -0, infinities and NaN stay.
mlir::Value emitRound(CodeBuilder &code, mlir::Value x, Rounding rounding);

/// 16 bits of a float16 as float32, and a float32 rounded to float16's 16 bits (IR/Half.h).
mlir::Value emitHalfToFloat(CodeBuilder &code, mlir::Value bits);
mlir::Value emitFloatToHalf(CodeBuilder &code, mlir::Value x);

} // namespace tjit::codegen
