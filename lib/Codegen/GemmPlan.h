//===- GemmPlan.h - which code a matrix product gets: strategy, register tile, blocking -------===//
//
// Plain arithmetic on shapes and cache sizes, apart from the emission so that a test can look at
// its choices.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

namespace tjit::codegen {

/// A matrix product after its batch has been made as small as it can be; see normalize.
struct GemmProblem {
  ScalarType dtype = ScalarType::Float;
  Extent m = 0, n = 0, k = 0;
  llvm::SmallVector<Extent, 2> batch, lhsBatchStrides, rhsBatchStrides;
  Extent lhsRowStride = 0, lhsColStride = 0; ///< elements, of [m, k]
  Extent rhsRowStride = 0, rhsColStride = 0; ///< elements, of [k, n]

  bool makesLhs = false, makesRhs = false; ///< by a prologue, which needs a pack to make it in
  bool swapped = false; ///< what is called lhs here is the second argument, and the other way round
  bool addZero =
      false; ///< +0 is added to every element at last: what folding 64 lanes makes of a single one

  Extent batchCount() const;
  bool varies() const;       ///< any of the sizes or strides
  int64_t wideBytes() const; ///< bytes of an accumulator
  bool widens() const { return elementSize(dtype) < 4; }
};

/// Drops batch dimensions of size 1, merges neighbours that one stride walks, and makes the
/// innermost one part of m where the right operand does not depend on it: [b, m, k] x [k, n] is one
/// product of b * m rows. Strides of dimensions of size 1 become those of a dense operand, so that
/// what looks transposed but is not is seen.
GemmProblem normalize(const MatmulDescription &matmul);

enum class GemmStrategy {
  fillZero, ///< k = 0
  dots,     ///< n = 1: one dot in the reductions' order for each row
  stream,   ///< few rows, and a right operand that is read once: whole rows of it are added to the
            ///< result's
  tiles,    ///< register tiles, operands packed or in place
};

/// How to compute a product. All sizes are in elements, `rows` and `columns` of the result.
///
/// The tile of the result that stays in registers has `tileRows` rows and `tileVectors` vectors. A
/// panel of B is as wide as the tile; a column block holds whole panels, a row block whole tiles
/// (the last ones may be partial). One index of the launch's range is one (batch, column block, row
/// block), the row block running fastest.
struct GemmPlan {
  GemmStrategy strategy = GemmStrategy::tiles;
  int64_t lanes = 1; ///< of a vector of accumulators
  int64_t tileRows = 1, tileVectors = 1;
  bool composed = false; ///< a fma is some fifty instructions with registers of their own
  Extent depth = 0,
         depthBlocks = 1; ///< k of a block (the last one may be shorter); K is cut evenly
  Extent blockRows = 0, rowBlocks = 1, blockColumns = 0, columnBlocks = 1;
  bool packLhs = false, packRhs = false;
  /// B is packed by a launch of its own, into memory that all pieces read: else each piece packs
  /// what it meets, into its scratch.
  bool sharedRhs = false;
  bool fetchResult = false; ///< lines of a tile's result are asked for before its sums are made
  bool fetchLhs = false;    ///< dots ask for the lines of their rows that come next
  bool accumulateInScratch = false; ///< narrow results with several depth blocks
  int64_t range = 1, grain = 1;     ///< range 0: the result is empty
  /// Bytes of a piece's scratch, and where its parts begin.
  int64_t scratchBytes = 0;
  Extent lhsScratch = 0, rhsScratch = 0, resultScratch = 0;

  int64_t tileColumns() const { return lanes * tileVectors; }
  /// The shared copy of B: blocks (batch, column block, depth block), each whole panels of
  /// depth x tileColumns elements.
  Extent panelsOfBlock() const { return blockColumns / tileColumns(); }
  int64_t packedBlocks(int64_t batch) const { return batch * columnBlocks * depthBlocks; }
  int64_t packedElements(int64_t batch) const { return packedBlocks(batch) * depth * blockColumns; }
};

/// Where sizes vary, the blocks' sizes and counts do, and what the plan decides about the code
/// depends on as little else as possible.
GemmPlan planGemm(const GemmProblem &problem, const TargetInfo &target);

} // namespace tjit::codegen
