//===- Trace.h - a trace as a function of the dialect, and back -------------------------------===//
//
//   func.func @main(%arg0: tensor<64x128xf32> {tjit.align = 64 : i64, tjit.strides = array<i64: 1,
//   64>},
//                   %arg1: tensor<f32> {tjit.scalar}) -> (tensor<64x128xf32> {tjit.donor = 0 :
//                   i64})
//
// Arguments are the trace's inputs, then its scalars. `tjit.strides` (elements) stands where an
// input is not row-major, `tjit.align` (bytes) where more is known than the alignment of an
// element. `tjit.donor` is the input whose buffer a result may take over.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/Dialect/OpBridge.h"
#include "IR/TraceKey.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlir::func {
class FuncOp;
} // namespace mlir::func

namespace tjit::ir {

inline constexpr const char *kStridesAttr = "tjit.strides";
inline constexpr const char *kAlignAttr = "tjit.align";
inline constexpr const char *kScalarAttr = "tjit.scalar";
inline constexpr const char *kDonorAttr = "tjit.donor";

/// A module with the one function @main. The graph is well-formed: decoded, or recorded. The
/// context has the tjit dialect and func loaded. Operation i of the trace has the location `%i`
/// (NameLoc).
mlir::OwningOpRef<mlir::ModuleOp> importTrace(const TraceGraph &graph, mlir::MLIRContext *context);

/// The inverse, for any function of one block whose operations are of TjitOps.td and whose shapes
/// are static. Arguments without `tjit.scalar` are inputs, and stand before those with it.
/// Otherwise emits an error at the operation and fails.
mlir::LogicalResult exportTrace(mlir::func::FuncOp func, TraceGraph &out);

/// Row-major unless the argument says otherwise.
Dims argumentStrides(mlir::func::FuncOp func, unsigned argument);

} // namespace tjit::ir
