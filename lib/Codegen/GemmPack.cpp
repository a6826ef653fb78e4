//===- GemmPack.cpp - copies of operand blocks in the order in which tiles read them ----------===//
//
// B becomes panels as wide as the register tile, A stays row-major or becomes panels as high as the
// tile:
//
//     B:  [k][n]  -->  [panel][k][tile columns]        A:  [m][k]             -->  [m][k]
//                                                          transposed, [k][m] -->  [tile][k][tile
//                                                          rows]
//
// Elements are widened on the way, so that the tiles see float32 only of float16, bfloat16 and
// small integers.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/GemmPack.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

using Values = GemmBuilder::Values;

/// Columns of a panel whose source is contiguous along k: `lanes` columns x `steps` as
/// [step][column].
///
/// A 128-bit load takes `group` (4 of 4 bytes, 2 of 8) steps of one column. Vector r is put
/// together from the columns r, r + group, r + 2 * group ...; then every 128-bit lane holds a group
/// x group square that two stages of unpacking (one of 8 bytes) transpose, without any shuffle
/// across lanes:
///
///     r0 = a0 a1 a2 a3 | e0 e1 e2 e3 ...           s0 = a0 b0 c0 d0 | e0 f0 g0 h0 ...
///     r1 = b0 b1 b2 b3 | f0 f1 f2 f3 ...    -->    s1 = a1 b1 c1 d1 | e1 f1 g1 h1 ...
class Transposer {
public:
  Transposer(GemmBuilder &g, Extent columnStride)
      : g(g), columnStride(columnStride), group(16 / g.wideBytes) {}

  /// `count` of the vector's columns exist.
  void columns(Value source, Value target, Value targetStep, Value steps, int64_t count) {
    Value whole = g.sub(steps, g.rem(steps, group));
    g.loop(g.index(0), whole, group, [&](Value k) {
      Values rows = transpose(g.sourceAt(source, k), count);
      Value to = g.wideAt(target, g.mul(k, targetStep));
      for (Value row : rows) {
        g.storeWide(row, to);
        to = g.wideAt(to, targetStep);
      }
    });
    oneByOne(source, target, targetStep, whole, steps, count);
  }

  /// The same for steps [begin, end), element by element.
  void oneByOne(Value source, Value target, Value targetStep, Value begin, Value end,
                Extent count) {
    g.loop(begin, end, 1, [&](Value k) {
      Value from = g.sourceAt(source, k), to = g.wideAt(target, g.mul(k, targetStep));
      if (count.varies() || count < g.vectorLanes)
        g.storeWide(g.zero(g.vectorType(g.vectorLanes)), to);
      g.loop(g.index(0), g.index(count), 1, [&](Value column) {
        g.storeWideScalar(g.loadSourceScalar(g.sourceAt(from, g.mul(column, columnStride))),
                          g.wideAt(to, column));
      });
    });
  }

private:
  Values transpose(Value source, int64_t count) {
    const int64_t lanes = g.vectorLanes;
    Values rows;
    for (int64_t r = 0; r < group; ++r) {
      Values parts;
      for (int64_t column = r; column < lanes; column += group)
        parts.push_back(column < count
                            ? g.loadSource(g.sourceAt(source, column, columnStride, 0), group)
                            : g.zero(g.vectorType(group)));
      rows.push_back(g.concatenate(parts));
    }
    // Stage by stage, unit elements at a time: (x, y) -> (low units of both, high units of both).
    for (int64_t unit = 1; unit < group; unit *= 2) {
      Values next(rows.size());
      for (int64_t i = 0, half = group / 2; i < half; ++i) {
        Value x = rows[2 * i], y = rows[2 * i + 1];
        next[i] = g.shuffle(x, y, unpack(unit, false));
        next[i + half] = g.shuffle(x, y, unpack(unit, true));
      }
      rows = next;
    }
    // After log2(group) stages row i sits at the position with i's bits reversed... twice: in order
    // for 2 and for 4.
    if (group == 4)
      std::swap(rows[1], rows[2]);
    return rows;
  }

  SmallVector<int32_t> unpack(int64_t unit, bool high) {
    const int64_t lanes = g.vectorLanes;
    SmallVector<int32_t> order;
    for (int64_t lane = 0; lane < lanes; lane += group)
      for (int64_t i = 0; i < group / 2; i += unit)
        for (int64_t from : {int64_t(0), lanes})
          for (int64_t u = 0; u < unit; ++u)
            order.push_back(int32_t(from + lane + (high ? group / 2 : 0) + i + u));
    return order;
  }

  GemmBuilder &g;
  const Extent columnStride;
  const int64_t group;
};

} // namespace

void eachPanel(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan, Value columns,
               llvm::function_ref<void(Value, PanelWidth)> body) {
  const int64_t width = plan.tileColumns(), lanes = plan.lanes;
  const bool rest = problem.n.varies() || problem.n % width != 0;
  Value whole = rest ? g.sub(columns, g.rem(columns, width)) : columns;
  g.loop(g.index(0), whole, width,
         [&](Value column) { body(column, {plan.tileVectors, lanes, g.index(width)}); });
  if (!rest)
    return;
  if (!problem.n.varies()) {
    const int64_t count = problem.n % width, vectors = (count + lanes - 1) / lanes;
    g.ifTrue(g.less(whole, columns),
             [&] { body(whole, {vectors, count - (vectors - 1) * lanes, g.index(count)}); });
    return;
  }
  // As many vectors as it takes; each number of them has code of its own.
  Value count = g.sub(columns, whole);
  Value needed = g.div(g.add(count, g.index(lanes - 1)), lanes);
  for (int64_t vectors = 1; vectors <= plan.tileVectors; ++vectors)
    g.ifTrue(g.equal(needed, g.index(vectors)), [&] {
      body(whole,
           {vectors, g.firstLanes(g.sub(count, g.index((vectors - 1) * lanes)), lanes), count});
    });
}

LhsLayout lhsLayout(const GemmProblem &problem, const GemmPlan &plan) {
  if (!plan.packLhs)
    return {problem.lhsRowStride, problem.lhsColStride, problem.lhsRowStride};
  if (!problem.lhsColStride.is(1) && problem.lhsRowStride.is(1))
    return {1, plan.tileRows, plan.depth};
  return {plan.depth, 1, plan.depth};
}

/// Shuffles are the dearest code to compile, so that there is one transposer for the vectors of all
/// panels, the step of the last one's rows being a variable, and the columns behind the last whole
/// vector are copied one by one.
static void packTransposedRhs(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan,
                              Value source, Value target, Value steps, Value columns) {
  const int64_t lanes = g.vectorLanes, width = plan.tileColumns();
  const Extent rest = problem.n % lanes, lastStep = codegen::roundUp(problem.n % width, lanes);
  Transposer transposer(g, problem.rhsColStride);
  if (!problem.n.varies() && problem.n < lanes)
    return transposer.columns(source, target, g.index(lastStep), steps, problem.n);
  auto eachPlace = [&](Value column, llvm::function_ref<void(Value, Value, Value)> body) {
    Value inPanel = g.rem(column, width), panel = g.sub(column, inPanel), step = g.index(width);
    if (lastStep.varies() || lastStep.number())
      step = g.choose(g.less(columns, g.add(panel, step)), g.index(lastStep), step);
    body(g.sourceAt(source, g.mul(column, problem.rhsColStride)),
         g.wideAt(g.wideAt(target, g.mul(panel, plan.depth)), inPanel), step);
  };
  const bool hasRest = rest.varies() || rest.number();
  Value whole = hasRest ? g.sub(columns, g.rem(columns, lanes)) : columns;
  g.loop(g.index(0), whole, lanes, [&](Value column) {
    eachPlace(column, [&](Value from, Value to, Value step) {
      transposer.columns(from, to, step, steps, lanes);
    });
  });
  if (hasRest)
    g.ifTrue(g.less(whole, columns), [&] {
      eachPlace(whole, [&](Value from, Value to, Value step) {
        transposer.oneByOne(from, to, step, g.index(0), steps, rest);
      });
    });
}

/// One panel that is not transposed: [steps][width rounded up to whole vectors], the lanes behind
/// the last column 0.
static void packPanel(GemmBuilder &g, const GemmProblem &problem, Value source, Value target,
                      Value steps, const PanelWidth &width) {
  const int64_t lanes = g.vectorLanes;
  const int64_t stride = width.vectors * lanes;
  if (problem.rhsColStride.is(1)) {
    g.loop(g.index(0), steps, 1, [&](Value k) {
      Value from = g.sourceAt(source, g.mul(k, problem.rhsRowStride)),
            to = g.wideAt(target, g.mul(k, stride));
      for (int64_t v = 0; v < width.vectors; ++v)
        g.storeWide(g.loadSource(g.sourceAt(from, v * lanes), lanes,
                                 v + 1 == width.vectors ? width.last : LaneCount(lanes)),
                    g.wideAt(to, v * lanes));
    });
  } else {
    g.loop(g.index(0), steps, 1, [&](Value k) {
      Value from = g.sourceAt(source, g.mul(k, problem.rhsRowStride)),
            to = g.wideAt(target, g.mul(k, stride));
      g.storeWide(g.zero(g.vectorType(lanes)), g.wideAt(to, stride - lanes));
      g.loop(g.index(0), width.columns, 1, [&](Value column) {
        g.storeWideScalar(g.loadSourceScalar(g.sourceAt(from, g.mul(column, problem.rhsColStride))),
                          g.wideAt(to, column));
      });
    });
  }
}

void packRhs(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan, Value source,
             Value target, Value steps, Value columns) {
  if (!problem.rhsColStride.is(1) && problem.rhsRowStride.is(1))
    return packTransposedRhs(g, problem, plan, source, target, steps, columns);
  eachPanel(g, problem, plan, columns, [&](Value column, PanelWidth width) {
    packPanel(g, problem, g.sourceAt(source, g.mul(column, problem.rhsColStride)),
              g.wideAt(target, g.mul(column, plan.depth)), steps, width);
  });
}

void packLhs(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan, Value source,
             Value target, Value rows, Value steps) {
  const LhsLayout layout = lhsLayout(problem, plan);
  if (problem.lhsColStride.is(1)) {
    g.loop(g.index(0), rows, 1, [&](Value row) {
      Value from = g.sourceAt(source, g.mul(row, problem.lhsRowStride)),
            to = g.wideAt(target, g.mul(row, layout.row));
      const int64_t lanes = g.vectorLanes;
      Value whole = g.sub(steps, g.rem(steps, lanes));
      g.loop(g.index(0), whole, lanes, [&](Value k) {
        g.storeWide(g.loadSource(g.sourceAt(from, k), lanes), g.wideAt(to, k));
      });
      g.loop(whole, steps, 1, [&](Value k) {
        g.storeWideScalar(g.loadSourceScalar(g.sourceAt(from, k)), g.wideAt(to, k));
      });
    });
  } else if (problem.lhsRowStride.is(1)) {
    auto tile = [&](Value first, int64_t count) {
      Value from = g.sourceAt(source, first), to = g.wideAt(target, g.mul(first, plan.depth));
      g.loop(g.index(0), steps, 1, [&](Value k) {
        Value source = g.sourceAt(from, g.mul(k, problem.lhsColStride));
        Value target = g.wideAt(to, g.mul(k, layout.step));
        if (count == 1) // LLVM cannot widen a vector of one narrow lane with SSE2
          g.storeWideScalar(g.loadSourceScalar(source), target);
        else
          g.storeWide(g.loadSource(source, count), target);
      });
    };
    Value whole = g.sub(rows, g.rem(rows, plan.tileRows));
    g.loop(g.index(0), whole, plan.tileRows, [&](Value first) { tile(first, plan.tileRows); });
    if (problem.m.varies()) {
      Value from = g.sourceAt(source, whole), to = g.wideAt(target, g.mul(whole, plan.depth));
      g.loop(g.index(0), steps, 1, [&](Value k) {
        Value in = g.sourceAt(from, g.mul(k, problem.lhsColStride));
        Value out = g.wideAt(to, g.mul(k, layout.step));
        g.loop(g.index(0), g.sub(rows, whole), 1, [&](Value row) {
          g.storeWideScalar(g.loadSourceScalar(g.sourceAt(in, row)), g.wideAt(out, row));
        });
      });
    } else if (int64_t rest = problem.m % plan.tileRows) {
      g.ifTrue(g.less(whole, rows), [&] { tile(whole, rest); });
    }
  } else {
    g.loop(g.index(0), rows, 1, [&](Value row) {
      Value from = g.sourceAt(source, g.mul(row, problem.lhsRowStride)),
            to = g.wideAt(target, g.mul(row, layout.row));
      g.loop(g.index(0), steps, 1, [&](Value k) {
        g.storeWideScalar(g.loadSourceScalar(g.sourceAt(from, g.mul(k, problem.lhsColStride))),
                          g.wideAt(to, k));
      });
    });
  }
}

} // namespace tjit::codegen
