//===- OpBridge.h - between OpKind with attribute words and MLIR operations -------------------===//
//
// What importer, autodiff, planner and emitters need to go from one world to the other, for any
// operation.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/OpKind.h"
#include "IR/TensorType.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"
#include "mlir/IR/ValueRange.h"

#include <optional>
#include <vector>

namespace mlir {
class OpBuilder;
} // namespace mlir

namespace tjit::ir {

/// i1, ui8, i8, ... f64.
mlir::Type elementType(mlir::MLIRContext *context, ScalarType dtype);
/// Of an element type, or of a tensor's; Undefined where it is none of the ten.
ScalarType scalarTypeOf(mlir::Type type);

mlir::RankedTensorType tensorType(mlir::MLIRContext *context, const TensorType &type);
/// Dtype and sizes of a tensor; of a scalar inside a kernel with no sizes.
TensorType typeOf(mlir::Type type);

/// The kind of an operation of TjitOps.td; nothing for any other operation.
std::optional<OpKind> opKindOf(mlir::Operation *op);
/// The attributes of an operation of TjitOps.td as the words of a trace node.
std::vector<int64_t> attributeWordsOf(mlir::Operation *op);

/// Makes the operation of a kind. The words are its attributes (checkAttributeWords); the type is
/// not checked here.
mlir::Operation *createOperation(OpKind kind, mlir::OpBuilder &builder, mlir::Location location,
                                 mlir::Type type, mlir::ValueRange operands,
                                 std::span<const int64_t> words);

} // namespace tjit::ir
