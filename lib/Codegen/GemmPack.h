//===- GemmPack.h - copies of operand blocks in the order in which tiles read them ------------===//
#pragma once

#include "Codegen/GemmBuilder.h"
#include "Codegen/GemmPlan.h"

namespace tjit::codegen {

/// How tiles find their rows of A: elements between rows of a tile, between steps of k, and from
/// the first tile to another one, for each row that lies between them.
struct LhsLayout {
  Extent row, step, tileRow;
};
/// In place, or as packLhs leaves it.
LhsLayout lhsLayout(const GemmProblem &problem, const GemmPlan &plan);

/// Columns of a panel: vectors, valid lanes of the last one, and how many they are together.
struct PanelWidth {
  int64_t vectors;
  LaneCount last;
  mlir::Value columns;
};

/// Calls body(first column, width) for the panels of a block of `columns`: whole ones in a loop,
/// and the partial one that the last block ends with.
void eachPanel(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan,
               mlir::Value columns, llvm::function_ref<void(mlir::Value, PanelWidth)> body);

/// Copies `steps` x `columns` elements of B, from `source` on, to `target`: panel after panel, each
/// [steps][width rounded up to whole vectors] and plan.depth steps from the next. The lanes behind
/// the last column are 0.
void packRhs(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan, mlir::Value source,
             mlir::Value target, mlir::Value steps, mlir::Value columns);

/// Copies `rows` (at most a row block) x `steps` elements of A, from `source` on, to `target`.
void packLhs(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan, mlir::Value source,
             mlir::Value target, mlir::Value rows, mlir::Value steps);

} // namespace tjit::codegen
