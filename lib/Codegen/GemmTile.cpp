//===- GemmTile.cpp - the product of one register tile ----------------------------------------===//
//
// One step of k holds the vectors of B's row, broadcasts A's elements one by one, and issues rows *
// vectors fmas, all of them independent:
//
//            b0   b1   b2   b3
//     a[0]   c00  c01  c02  c03        24 accumulators for 6 x 4 vectors; every address is a
//     pointer that the loop
//     ...                              advances plus a constant, because strides are static
//     a[5]   c50  c51  c52  c53
//
// In a tile with fewer rows than vectors A's elements are held and B passes. The order of the
// operations is the order in which LLVM's scheduler keeps them, and with it the registers suffice.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/GemmTile.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

using Values = GemmBuilder::Values;

/// The step at `lhs`, `rhs` plus `k` steps. `rows`: where the distance of rows varies, their first
/// elements, `lhsOffset` elements before the step.
void emitStep(GemmBuilder &g, const TileShape &shape, const TileOperands &o, Value lhs,
              ArrayRef<Value> rows, Value lhsOffset, Value rhs, int64_t k,
              MutableArrayRef<Value> c) {
  const int64_t lanes = g.vectorLanes;
  auto loadRhs = [&](int64_t v) {
    LaneCount count = o.rhsPadded ? LaneCount(lanes) : shape.lanesOf(v, lanes);
    return g.loadWide(g.wideAt(rhs, k, o.rhsStep, v * lanes), lanes, count);
  };
  auto loadLhs = [&](int64_t r) {
    Value row = rows.empty() ? g.wideAt(lhs, r, o.lhsRow, 0) : g.wideAt(rows[r], lhsOffset);
    return g.broadcast(g.loadWideScalar(g.wideAt(row, k, o.lhsStep, 0)), lanes);
  };
  auto accumulate = [&](int64_t r, int64_t v, Value a, Value b) {
    Value &sum = c[r * shape.vectors + v];
    sum = g.multiplyAdd(a, b, sum);
  };
  const bool holdRhs = shape.vectors <= shape.rows;
  Values held;
  for (int64_t i = 0, e = holdRhs ? shape.vectors : shape.rows; i < e; ++i)
    held.push_back(holdRhs ? loadRhs(i) : loadLhs(i));
  for (int64_t i = 0, e = holdRhs ? shape.rows : shape.vectors; i < e; ++i) {
    Value passing = holdRhs ? loadLhs(i) : loadRhs(i);
    for (auto [j, value] : llvm::enumerate(held))
      holdRhs ? accumulate(i, j, passing, value) : accumulate(j, i, value, passing);
  }
}

} // namespace

Values emitTile(GemmBuilder &g, const TileShape &shape, const TileOperands &o, Values accumulators,
                int64_t unroll) {
  assert(4 % unroll == 0 && "blocks of k are multiples of 4");
  Values rows;
  for (int64_t r = 0; o.lhsRow.varies() && r < shape.rows; ++r)
    rows.push_back(g.wideAt(o.lhs, r, o.lhsRow, 0));
  auto body = [&](int64_t count) {
    return [&, count](Value k, ValueRange carried) {
      Values c(carried);
      Value offset = g.mul(k, o.lhsStep);
      Value lhs = rows.empty() ? g.wideAt(o.lhs, offset) : Value();
      Value rhs = g.wideAt(o.rhs, g.mul(k, o.rhsStep));
      for (int64_t u = 0; u < count; ++u)
        emitStep(g, shape, o, lhs, rows, offset, rhs, u, c);
      return c;
    };
  };
  // A few steps need no loop at all.
  if (auto steps = GemmBuilder::constantOf(o.steps); steps && *steps <= unroll)
    return body(*steps)(g.index(0), accumulators);
  const bool rest = unroll > 1 && (o.depth.varies() || o.depth % unroll != 0);
  Value whole = rest ? g.sub(o.steps, g.rem(o.steps, unroll)) : o.steps;
  accumulators = g.loop(g.index(0), whole, unroll, accumulators, body(unroll));
  return rest ? g.loop(whole, o.steps, 1, accumulators, body(1)) : accumulators;
}

} // namespace tjit::codegen
