//===- EmitTypes.h ----------------------------------------------------------------------------===//
// Elements in memory and elements in registers.
//
// A value of dtype bool is a byte in memory and i1 in registers; float16 and bfloat16 are 16 bits
// in memory and a float32 in registers that holds a value of the 16-bit type; uint8 is i8, its sign
// is known from the dtype. Everything works on scalars and vectors alike.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBuilder.h"

namespace tjit::codegen {

/// Type of one element in registers, and in memory.
mlir::Type computeType(mlir::Type element);
mlir::Type memoryType(mlir::Type element);
unsigned memoryBytes(mlir::Type element);
bool isUnsigned(mlir::Type element); // uint8 and bool
bool isHalf(mlir::Type element);     // float16 and bfloat16

mlir::Value fromMemory(CodeBuilder &code, mlir::Value stored, mlir::Type element);
mlir::Value toMemory(CodeBuilder &code, mlir::Value value, mlir::Type element);
/// A float32 rounded to the nearest value of a 16-bit element type; other types are left alone.
mlir::Value roundToElement(CodeBuilder &code, mlir::Value value, mlir::Type element);
/// Conversion between dtypes by docs/numerics.md: total, without traps.
mlir::Value castElement(CodeBuilder &code, mlir::Value value, mlir::Type from, mlir::Type to);
/// The scalar in every lane; `width` 1 leaves it alone.
mlir::Value broadcast(CodeBuilder &code, mlir::Value scalar, int64_t width);
/// first, first + 1, ... in lanes of i64, which CodeBuilder::firstLane knows; a scalar for width 1.
mlir::Value countUp(CodeBuilder &code, mlir::Value first, int64_t width);

} // namespace tjit::codegen
