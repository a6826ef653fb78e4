//===- GemmPlan.cpp - which code a matrix product gets: strategy, register tile, blocking -----===//
#include "Codegen/GemmPlan.h"
#include "Codegen/GemmVector.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace tjit::codegen {
namespace {

/// Work of one piece below which another thread does not pay: 2^20 multiply-adds take 20 to 30 us.
/// Dots wait for memory: as many of theirs take 60 to 120.
constexpr int64_t kParallelWork = int64_t(1) << 20, kParallelDots = kParallelWork / 4;

struct RegisterTile {
  int64_t rows, vectors;
};

/// Time of one step of k in a rows x vectors tile, in units of one vector fma. Loads cost a quarter
/// of an fma (measured: 24 fmas with 10 loads are 1.25 times as slow as with none). Below 8
/// accumulators the latency of the chains shows: 4 cycles, two fmas a cycle.
double stepCost(int64_t rows, int64_t vectors) {
  return double(std::max<int64_t>(rows * vectors, 8)) + 0.25 * double(rows + vectors);
}

/// The tile with the least time for the whole m x n result, partial tiles at the edges included.
/// Registers, of 32 (AVX-512) or 16: rows * vectors accumulators, the smaller side of the tile held
/// (the vectors of B while rows of A are broadcast one by one, or the other way round), and one for
/// what passes.
///   6 x 4: 24 + 4 + 1 = 29 of 32       12 x 2: 24 + 2 + 1 = 27       6 x 2: 12 + 2 + 1 = 15 of 16
RegisterTile chooseTile(int64_t m, int64_t n, int64_t lanes, int64_t registers) {
  RegisterTile best{1, 1};
  double bestCost = 1e300;
  const int64_t columnVectors = divideUp(n, lanes);
  for (int64_t vectors = 1; vectors <= std::min<int64_t>(8, columnVectors); ++vectors) {
    for (int64_t rows = 1; rows <= std::min<int64_t>(16, m); ++rows) {
      int64_t used = rows * vectors + std::min(rows, vectors) + 1;
      // AVX-512's 32 registers are filled to 29: the scheduler needs a few to move loads ahead.
      if (used > (registers == 32 ? 29 : registers))
        break;
      int64_t fullRows = m / rows, restRows = m % rows;
      int64_t fullPanels = columnVectors / vectors, restVectors = columnVectors % vectors;
      double cost = 0;
      auto add = [&](int64_t count, int64_t r, int64_t v) {
        if (count && r && v)
          cost += double(count) * stepCost(r, v);
      };
      add(fullRows * fullPanels, rows, vectors);
      add(fullPanels, restRows, vectors);
      add(fullRows, rows, restVectors);
      add(1, restRows, restVectors);
      // Every other shape of tile is a millisecond or two of compile time: for few rows a tile that
      // divides them is better.
      int variants = (1 + (fullPanels && restVectors)) * (1 + (fullRows && restRows));
      cost *= 1 + (m <= 256 ? 0.03 : 0.01) * (variants - 1) + 0.0005 * double(rows * vectors);
      if (cost < bestCost)
        bestCost = cost, best = {rows, vectors};
    }
  }
  return best;
}

} // namespace

Extent GemmProblem::batchCount() const {
  Extent count = 1;
  for (Extent size : batch)
    count *= size;
  return count;
}

bool GemmProblem::varies() const {
  auto any = [](const auto &list) {
    return llvm::any_of(list, [](Extent extent) { return extent.varies(); });
  };
  return any(llvm::ArrayRef<Extent>{m, n, k, lhsRowStride, lhsColStride, rhsRowStride,
                                    rhsColStride}) ||
         any(batch) || any(lhsBatchStrides) || any(rhsBatchStrides);
}

int64_t GemmProblem::wideBytes() const { return widens() ? 4 : int64_t(elementSize(dtype)); }

GemmProblem normalize(const MatmulDescription &matmul) {
  GemmProblem p;
  p.dtype = matmul.dtype, p.m = matmul.m, p.n = matmul.n, p.k = matmul.k;
  p.lhsRowStride = matmul.lhsRowStride, p.lhsColStride = matmul.lhsColStride;
  p.rhsRowStride = matmul.rhsRowStride, p.rhsColStride = matmul.rhsColStride;
  p.makesLhs = matmul.prologues[0], p.makesRhs = matmul.prologues[1];
  for (size_t i = 0; i < matmul.batch.size(); ++i) {
    const Extent size = matmul.batch[i], lhs = matmul.lhsBatchStrides[i],
                 rhs = matmul.rhsBatchStrides[i];
    if (size == 1)
      continue;
    if (!p.batch.empty() && p.lhsBatchStrides.back().number() == lhs.number() * size.number() &&
        p.rhsBatchStrides.back().number() == rhs.number() * size.number()) {
      p.batch.back() *= size, p.lhsBatchStrides.back() = lhs, p.rhsBatchStrides.back() = rhs;
      continue;
    }
    p.batch.push_back(size), p.lhsBatchStrides.push_back(lhs), p.rhsBatchStrides.push_back(rhs);
  }
  if (!p.batch.empty() && p.rhsBatchStrides.back() == 0 &&
      (p.m == 1 || p.lhsBatchStrides.back().number() == p.m.number() * p.lhsRowStride.number())) {
    if (p.m == 1)
      p.lhsRowStride = p.lhsBatchStrides.back();
    p.m *= p.batch.back();
    p.batch.pop_back(), p.lhsBatchStrides.pop_back(), p.rhsBatchStrides.pop_back();
  }
  if (p.n == 1 && p.k == 1) {
    std::swap(p.m, p.n), std::swap(p.lhsBatchStrides, p.rhsBatchStrides);
    p.rhsColStride = p.lhsRowStride;
    p.swapped = true, p.addZero = isFloatingType(p.dtype);
  }
  if (p.k == 1)
    p.lhsColStride = 1, p.rhsRowStride = p.n;
  if (p.m == 1)
    p.lhsRowStride = p.k * p.lhsColStride;
  if (p.n == 1)
    p.rhsColStride = 1;
  return p;
}

namespace {

/// The plan for the sizes as they are: fields are numbers.
GemmPlan planSizes(const GemmProblem &p, const TargetInfo &target) {
  GemmPlan plan;
  const int64_t bytes = p.wideBytes(), l1 = int64_t(target.l1Bytes), l2 = int64_t(target.l2Bytes);
  const int64_t threads = std::max(1u, target.numThreads);
  plan.lanes = int64_t(target.vectorBytes) / bytes;
  plan.depth = p.k.number(), plan.blockRows = p.m.number(), plan.blockColumns = p.n.number();
  if (p.batchCount() * p.m * p.n == 0) {
    plan.range = 0;
    return plan;
  }
  if (p.k == 0) {
    plan.strategy = GemmStrategy::fillZero;
    return plan;
  }
  const int64_t batch = p.batchCount();
  const double work = double(batch) * double(p.m) * double(p.n) * double(p.k);
  const int64_t pieceWork = p.n == 1 ? kParallelDots : kParallelWork;
  const bool parallel = threads > 1 && work >= 2.0 * double(pieceWork);
  // Enough blocks that threads that finish early find another one.
  const int64_t wantedBlocks =
      parallel ? std::min<int64_t>(4 * threads, int64_t(work / double(pieceWork))) : 1;
  auto setRange = [&](double workPerIndex) {
    plan.range = batch * plan.rowBlocks * plan.columnBlocks;
    plan.grain = std::max<int64_t>(1, int64_t(double(pieceWork) / workPerIndex));
    if (!parallel)
      plan.grain = std::max(plan.grain, plan.range);
  };

  if (p.n == 1) {
    plan.strategy = GemmStrategy::dots;
    plan.rowBlocks = std::min<int64_t>(p.m, divideUp(wantedBlocks, batch));
    plan.blockRows = divideUp(p.m, plan.rowBlocks);
    if (dotsOfColumns(p))
      plan.blockRows = roundUp(plan.blockRows, plan.lanes);
    plan.rowBlocks = divideUp(p.m, plan.blockRows);
    // What is not contiguous along k, or not in the accumulators' type, is copied: the vector once,
    // each row before its dot.
    plan.packRhs = p.rhsRowStride != 1 || p.widens();
    plan.packLhs = !dotsOfColumns(p) && (p.lhsColStride != 1 || p.widens());
    // Rows from beyond L2: each is a stream that the processor's prefetcher follows to the end of
    // a page only.
    plan.fetchLhs = !plan.packLhs && batch * p.m * p.k * bytes > l2;
    int64_t vectorBytes = roundUp(p.k * bytes, 64);
    plan.lhsScratch = plan.packRhs ? vectorBytes : 0;
    plan.scratchBytes = plan.lhsScratch + (plan.packLhs ? vectorBytes : 0);
    if (dotsOfColumns(p))
      plan.scratchBytes += columnDotScratch(p.k, plan.lanes) * bytes;
    setRange(double(plan.blockRows) * double(p.k));
    return plan;
  }

  // Reading B in a panel's strips takes longer than in whole rows: half as long again from L3 for
  // one row (two rows and more gain more from registers), twice as long from memory for some.
  const int64_t streamed = p.k * p.n * bytes;
  if (!p.widens() && p.rhsColStride == 1 &&
      ((p.m == 1 && streamed > l2) || (p.m <= 4 && streamed > 16 * l2))) {
    plan.strategy = GemmStrategy::stream;
    // The rows of the result take a quarter of L2: 65536 floats of 1 MB.
    int64_t columns =
        std::max<int64_t>(plan.lanes, l2 / 4 / (p.m * bytes) / plan.lanes * plan.lanes);
    plan.columnBlocks =
        std::max<int64_t>(divideUp(p.n, columns),
                          std::min<int64_t>(divideUp(p.n, 256), divideUp(wantedBlocks, batch)));
    plan.blockColumns = roundUp(divideUp(p.n, plan.columnBlocks), plan.lanes);
    plan.columnBlocks = divideUp(p.n, plan.blockColumns);
    setRange(double(p.m) * double(plan.blockColumns) * double(p.k));
    return plan;
  }

  plan.composed = isFloatingType(p.dtype) && !target.hasFma;
  const int64_t registers = target.vectorBytes == 64 ? 32 : plan.composed ? 8 : 16;
  // Of a size that varies there are many tiles, and some of every size at the edge.
  constexpr int64_t kMany = 720720 * 64; // a multiple of all tiles
  RegisterTile tile = chooseTile(p.m.varies() ? kMany : p.m.number(),
                                 p.n.varies() ? kMany : p.n.number(), plan.lanes, registers);
  plan.tileRows = tile.rows, plan.tileVectors = tile.vectors;
  const int64_t tileColumns = plan.tileColumns();

  // In place, the vectors of a panel of B lie a row stride apart: fine while B stays in L2, and for
  // a few rows, which read B few times, even in L3 (packing 1000 x 1000 for 32 rows costs a fifth).
  // Strides of 4 KB and more put every step of k on another page and in few cache sets: only a few
  // tiles' worth of rows stand that.
  const int64_t rhsBytes = p.k * p.n * bytes;
  const bool small = p.m <= 256 && p.n <= 256 && p.k <= 256;
  const bool fewRows =
      p.m <= 64 && rhsBytes <= 4 * l2 && (p.rhsRowStride * bytes < 4096 || p.m <= 16);
  plan.packRhs = p.makesRhs || p.widens() || p.rhsColStride != 1 ||
                 !(small || fewRows || p.m <= 2 * plan.tileRows);

  // A transposed A is read in place down its columns: each step of k is in another cache line, and
  // in another page where the stride is large. Packing pays when many steps are walked by several
  // panels; for few it costs little, so that code for many shapes does it for any number of steps.
  plan.packLhs = p.makesLhs || p.widens() ||
                 (p.lhsColStride != 1 && p.lhsRowStride == 1 && (p.k.varies() || p.k > 128) &&
                  p.n > tileColumns);

  // L1: the rows of A in a tile and a few rows of the panel of B; both stream, so that a long depth
  // costs nothing, and every other block of k costs a load and a store of the whole result:
  //   tileRows * depth * bytes = 3/4 l1, i.e. 6 x 1024 floats of 32 KB.
  // L2: a block of A takes half, 126 x 1024 floats of 1 MB. It meets every panel of the block of
  // B, which streams from L3 once for each block of A: 3/2 l2, i.e. 1024 x 384 floats. A B of more
  // than 4 l2 competes with A and the result for L3, too, and is better kept in L2 a part at a
  // time: a tenth of 2048^3. Where A is packed anew for each block of B, that is 4 l2; where a few
  // rows leave little to wait for but B itself, a copy that stays in L2 (l2 / 4) is read back 5 to
  // 20% sooner.
  if (plan.packRhs) {
    int64_t depth = std::clamp<int64_t>(l1 * 3 / 4 / (plan.tileRows * bytes), 128, 1024);
    plan.depthBlocks = divideUp(p.k, depth);
    plan.depth = plan.depthBlocks == 1 ? p.k : roundUp(divideUp(p.k, plan.depthBlocks), 4);
    plan.depthBlocks = divideUp(p.k, plan.depth);
    int64_t rhsBlock = p.m <= 16           ? l2 / 4
                       : plan.packLhs      ? 4 * l2
                       : rhsBytes > 4 * l2 ? l2 / 2
                                           : l2 * 3 / 2;
    int64_t columns =
        std::max<int64_t>(tileColumns, rhsBlock / (plan.depth * bytes) / tileColumns * tileColumns);
    plan.blockColumns = std::min<int64_t>(columns, roundUp(p.n, tileColumns));
  }
  constexpr int64_t kFewTiles = 16; // what a piece does at least, and where wide sums wait in L2
  int64_t tilesOfBlock = std::max<int64_t>(1, l2 / 2 / (plan.depth * plan.tileRows * bytes));
  if (p.widens())
    tilesOfBlock = std::min(tilesOfBlock, kFewTiles);
  plan.blockRows = std::min<int64_t>(tilesOfBlock * plan.tileRows, roundUp(p.m, plan.tileRows));
  if (parallel && p.m < 256 && plan.packRhs) // pieces of one block of columns would each pack it
    plan.blockRows = roundUp(p.m, plan.tileRows);
  if (!parallel && !plan.packRhs)
    plan.blockRows = p.m;
  auto blocks = [&] {
    plan.columnBlocks = divideUp(p.n, plan.blockColumns);
    plan.blockColumns = roundUp(divideUp(p.n, plan.columnBlocks), tileColumns);
    plan.columnBlocks = divideUp(p.n, plan.blockColumns);
    plan.rowBlocks = divideUp(p.m, plan.blockRows);
    plan.blockRows = roundUp(divideUp(p.m, plan.rowBlocks), plan.tileRows);
    plan.rowBlocks = divideUp(p.m, plan.blockRows);
    return batch * plan.columnBlocks * plan.rowBlocks;
  };
  while (blocks() < wantedBlocks)
    if (plan.blockRows > kFewTiles * plan.tileRows && p.m >= 256)
      plan.blockRows = std::max<int64_t>(plan.blockRows / 2, kFewTiles * plan.tileRows);
    else if (plan.blockColumns > tileColumns)
      plan.blockColumns = roundUp(plan.blockColumns / 2, tileColumns);
    else
      break;

  // Pieces that pack for themselves copy a block of B once for each of them: 8 pieces of 1024^3
  // spent a seventh of their time on it. A copy for all needs memory, and is made in parallel.
  constexpr int64_t kSharedCopies = 32; // of L2
  plan.sharedRhs = parallel && plan.packRhs && plan.rowBlocks > 1 &&
                   plan.packedElements(batch) * bytes <= kSharedCopies * l2;

  // A result that the caches do not hold: the tile's loop over k hides the way to memory.
  plan.fetchResult = batch * p.m * p.n * int64_t(elementSize(p.dtype)) > l2;

  plan.accumulateInScratch = p.widens() && plan.depthBlocks > 1;
  int64_t scratch = 0;
  auto reserve = [&](bool needed, int64_t elements) {
    int64_t at = scratch;
    scratch += needed ? roundUp(elements * bytes, 64).number() : 0;
    return at;
  };
  plan.rhsScratch = reserve(plan.packRhs && !plan.sharedRhs, plan.depth * plan.blockColumns);
  plan.lhsScratch = reserve(plan.packLhs, plan.depth * plan.blockRows);
  plan.resultScratch = reserve(plan.accumulateInScratch, plan.blockRows * plan.blockColumns);
  plan.scratchBytes = scratch;
  setRange(double(plan.blockRows) * double(plan.blockColumns) * double(p.k));
  if (plan.packRhs &&
      !plan.sharedRhs) // at least 192 rows of a piece share its copy of B: 2% of their time
    plan.grain = std::max<int64_t>(
        plan.grain, std::min<int64_t>(plan.rowBlocks, divideUp(192, plan.blockRows)));
  return plan;
}

} // namespace

GemmPlan planGemm(const GemmProblem &p, const TargetInfo &target) {
  GemmPlan plan = planSizes(p, target);
  if (!p.varies())
    return plan;
  uint64_t name = 0;
  for (Extent *extent :
       {&plan.depth, &plan.blockRows, &plan.rowBlocks, &plan.blockColumns, &plan.columnBlocks,
        &plan.lhsScratch, &plan.rhsScratch, &plan.resultScratch})
    extent->origin = Extent::mix(++name) | 1;
  // One block of k needs no sums in memory: that is other code.
  plan.depthBlocks.origin = plan.depthBlocks == 1 ? 0 : Extent::mix(++name) | 1;
  return plan;
}

} // namespace tjit::codegen
