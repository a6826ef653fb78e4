//===- GemmVector.h - products with a vector --------------------------------------------------===//
#pragma once

#include "Codegen/GemmBuilder.h"
#include "Codegen/GemmPlan.h"

namespace tjit::codegen {

/// Where a piece's operands of one batch index are, and the rows [begin, end) that it computes.
struct VectorOperands {
  mlir::Value lhs, rhs, result, scratch, begin, end;
};

/// n = 1: one dot in the order of reductions (64 lanes) for each row. `rhs` is the contiguous wide
/// vector if the plan packs it.
void emitDots(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan,
              const VectorOperands &operands);

/// Whether the dots' rows are walked together: A is contiguous along m. Row blocks then hold whole
/// vectors of rows.
inline bool dotsOfColumns(const GemmProblem &problem) {
  return problem.lhsColStride != 1 && problem.lhsRowStride == 1 && problem.m > 1;
}
/// Elements of scratch that they need.
int64_t columnDotScratch(int64_t length, int64_t lanes);

/// Few rows times a large B that is contiguous along n: B's rows go by once, four at a time, and
/// the result's rows stay in L1. `rhs` and `result` are at the first of `columns` columns, at most
/// a column block.
void emitStream(GemmBuilder &g, const GemmProblem &problem, const VectorOperands &operands,
                mlir::Value columns);

} // namespace tjit::codegen
