//===- EmitStages.h ---------------------------------------------------------------------------===//
// Which pass over a row computes what.
//
// A kernel with tjit.fold operations runs over each of its rows several times: a fold is complete
// only when the whole row has been seen, and what depends on it comes in the next pass. A stage is
// one such pass. What a later stage needs of an earlier one is either computed again from the
// operands, which are in cache, or kept in the launch's scratch memory.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBody.h"
#include "Codegen/EmitMaps.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include <vector>

namespace tjit::codegen {

/// A value combined over the reduced dimensions: a result of the kernel, or a tjit.fold.
struct Fold {
  Combiner combiner;
  mlir::Value operand; ///< what is combined
  mlir::Type element;  ///< what the combination becomes (tjit element type)
  int result = -1;     ///< of the kernel; -1: a tjit.fold's
  mlir::Value value;   ///< the tjit.fold's; null: a result's
};

/// Whether a map is linear and the same for all points of a row, whatever other inputs hold.
bool standsStill(const KernelShape &shape, const OperandMap &map);

struct Stage {
  llvm::SmallVector<Fold> folds;
  llvm::SmallVector<unsigned> written; ///< results stored at each point; those of the last stage
  /// Values that this stage stores in scratch memory, and those that it loads from there.
  llvm::SmallVector<mlir::Value> kept, loaded;
  /// Row values of operations that this stage's folds make known, in the order of the body.
  llvm::SmallVector<mlir::Value> rowValues;

  bool orderFree() const;
  /// What has to be computed at each point.
  llvm::SmallVector<mlir::Value> targets(ir::KernelOp kernel) const;
};

struct StagePlan {
  std::vector<Stage> stages;                ///< at least one
  llvm::SmallVector<unsigned> rowResults;   ///< results with one element a row, not combined
  llvm::SmallVector<mlir::Value> keptOrder; ///< all that is kept; its index is its place in scratch

  bool orderFree() const;
  llvm::SmallVector<Combiner> combiners() const;
};

/// `shape` is analyzeShape(kernel). `keepBytes`: how much of a row's values may be kept, and
/// `rowElements`: of how many elements such a row is; with 0 everything is computed again.
StagePlan planStages(ir::KernelOp kernel, const KernelShape &shape, Extent rowElements,
                     int64_t keepBytes);

} // namespace tjit::codegen
