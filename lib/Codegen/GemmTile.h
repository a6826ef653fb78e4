//===- GemmTile.h - the product of one register tile ------------------------------------------===//
#pragma once

#include "Codegen/GemmBuilder.h"

namespace tjit::codegen {

/// rows x vectors accumulators; the last vector of each row holds `lastLanes` elements of the
/// result.
struct TileShape {
  int64_t rows, vectors;
  LaneCount last; ///< lanes of the last vector of a row
  LaneCount lanesOf(int64_t vector, int64_t lanes) const {
    return vector + 1 == vectors ? last : LaneCount(lanes);
  }
};

/// Where a tile's operands are: elements of the accumulators' type, strides in elements. A row of B
/// is contiguous.
struct TileOperands {
  mlir::Value lhs;
  Extent lhsRow, lhsStep;
  mlir::Value rhs;
  Extent rhsStep;
  bool rhsPadded;    ///< the last vector may be read whole
  mlir::Value steps; ///< of k
  Extent depth; ///< all steps of the product together: whether there is a rest that the unrolled
                ///< loop leaves
};

/// The accumulators (row-major) after c = fma(a[k], b[k], c) for ascending k on each. The loop over
/// k is unrolled `unroll` times: 1, 2 or 4, which divide every block of k but the last one.
GemmBuilder::Values emitTile(GemmBuilder &g, const TileShape &shape, const TileOperands &operands,
                             GemmBuilder::Values accumulators, int64_t unroll);

} // namespace tjit::codegen
