//===- Constants.h - values of tjit.fill as attributes ----------------------------------------===//
//
// A constant is one element repeated: a FloatAttr or IntegerAttr on a scalar in a kernel, a splat
// on a tensor.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinAttributes.h"

namespace tjit::ir {

/// The element of a constant, null where the attribute is null or no splat.
mlir::TypedAttr splatElement(mlir::Attribute constant);
/// The constant of a tensor or scalar type with that element.
mlir::Attribute makeConstant(mlir::Type type, mlir::TypedAttr element);
/// The element of `type` that holds `value`: rounded for a floating-point type (16 bits through
/// float32), exact for an integer type. Null where the integer type does not hold it.
mlir::TypedAttr elementFromDouble(mlir::Type elementType, double value);
/// Whether the element is a number equal to `value` and of its sign.
bool isExactly(mlir::TypedAttr element, double value);

} // namespace tjit::ir
