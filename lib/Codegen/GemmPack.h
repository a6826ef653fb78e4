//===- GemmPack.h - copies of operand blocks in the order in which tiles read them ------------===//
#pragma once

#include "Codegen/GemmBuilder.h"
#include "Codegen/GemmPlan.h"

namespace tjit::codegen {

/// How tiles find their rows of A: elements between rows of a tile, between steps of k, between
/// tiles.
struct LhsLayout {
  int64_t row, step, tile;
};
/// In place, or as packLhs leaves it.
LhsLayout lhsLayout(const GemmProblem &problem, const GemmPlan &plan);

/// Copies `steps` x `width` elements of B, from `source` on, to `target` as [steps][width rounded
/// up to whole vectors]; the lanes behind the last column are 0.
void packRhsPanel(GemmBuilder &g, const GemmProblem &problem, mlir::Value source,
                  mlir::Value target, mlir::Value steps, int64_t width);

/// Copies `rows` (at most a row block) x `steps` elements of A, from `source` on, to `target`.
void packLhs(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan, mlir::Value source,
             mlir::Value target, mlir::Value rows, mlir::Value steps);

} // namespace tjit::codegen
