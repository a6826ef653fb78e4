//===- X86Scatter.h ---------------------------------------------------------------------------===//
// tjit.scatter_add on x86.
#pragma once

#include "tjit-compiler/Codegen/Emit.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include <optional>

namespace tjit::codegen {

/// A scatter_add whose operands' views have been folded into strides (elements, not negative). The
/// result is dense and holds the input when the launch starts; indices have been checked.
struct ScatterDescription {
  mlir::Type element;
  int64_t dim = 0;
  llvm::SmallVector<int64_t, 4> sizes;       ///< of the index
  llvm::SmallVector<int64_t, 4> resultSizes; ///< of the input
  llvm::SmallVector<int64_t, 4> indexStrides, sourceStrides;
  mlir::Location location;

  explicit ScatterDescription(mlir::Location location) : location(location) {}
};

/// Nothing where the operands are no strided reads of memory, or nothing is scattered.
std::optional<ScatterDescription> describeScatter(ir::ScatterAddOp scatter);

/// Args: input (not read), index, source, result. Contributions to one element are added in
/// row-major order of the index; points that differ in another dimension than `dim` are
/// independent.
EmittedKernel emitScatterX86(const ScatterDescription &scatter, llvm::StringRef symbol,
                             mlir::ModuleOp module, const TargetInfo &target);

} // namespace tjit::codegen
