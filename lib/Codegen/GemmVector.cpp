//===- GemmVector.cpp - products with a vector ------------------------------------------------===//
//
// A dot has the order of docs/numerics.md: 64 lanes, a pass over 64 rows of lanes after another,
// then the lanes in halves. The lanes of one dot are 4 vectors of AVX-512 or 8 of AVX: with one
// chain each they hide the latency of the fma.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/GemmVector.h"

#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

using Values = GemmBuilder::Values;

constexpr int64_t kLanes = 64;    // of a dot
constexpr int64_t kPassRows = 64; // rows of lanes that a pass makes one
/// How far ahead of its loads a stream is asked for: a quarter of a page.
constexpr int64_t kPrefetchBytes = 1024;

/// The dots of a few rows at once, sharing the vector's loads.
class DotEmitter {
public:
  /// With `fetch`, the lines of the rows that come next are asked for.
  DotEmitter(GemmBuilder &g, Values rows, Value vector, int64_t length, bool fetch)
      : g(g), rows(std::move(rows)), vector(vector), length(length), fetch(fetch) {}

  Values emit() {
    int64_t rowCount = (length + kLanes - 1) / kLanes, span = 1;
    while (span * kPassRows < rowCount)
      span *= kPassRows;
    Values lanes = pass(g.index(0), rowCount, span);
    Values results;
    const int64_t vectors = lanes.size() / rows.size();
    for (size_t r = 0; r < rows.size(); ++r)
      results.push_back(fold(ArrayRef<Value>(lanes).slice(r * vectors, vectors)));
    return results;
  }

private:
  /// Lanes that are never touched hold 0 in a register and need no memory: a dot of fewer than 64
  /// elements uses the vectors that it has.
  int64_t vectorCount() const {
    return std::min(kLanes / g.vectorLanes, (length + g.vectorLanes - 1) / g.vectorLanes);
  }

  /// The sum, lane by lane, of `rowCount` rows of lanes from `first` on, in passes: `span` rows
  /// make one of the top pass.
  Values pass(Value first, int64_t rowCount, int64_t span) {
    Values sums(rows.size() * vectorCount(), g.zero(g.vectorType(g.vectorLanes)));
    if (span == 1)
      return chain(first, rowCount, sums);
    const int64_t whole = rowCount / span, rest = rowCount % span;
    auto addTo = [&](ValueRange to, Values lower) {
      Values result;
      for (auto [a, b] : llvm::zip_equal(to, lower))
        result.push_back(g.addWide(a, b));
      return result;
    };
    // The elements of the last row may end early: that row is in a piece of its own.
    const bool lastIsPartial = partialAllowed && length % kLanes && !rest;
    const int64_t looped = whole - lastIsPartial;
    sums = g.loop(g.index(0), g.index(looped), 1, sums, [&](Value i, ValueRange carried) {
      llvm::SaveAndRestore whole(partialAllowed, false);
      return addTo(carried, pass(g.add(first, g.mul(i, span)), span, span / kPassRows));
    });
    if (lastIsPartial)
      sums = addTo(sums, pass(g.add(first, g.index(looped * span)), span, span / kPassRows));
    if (rest)
      sums = addTo(sums, pass(g.add(first, g.index(whole * span)), rest, span / kPassRows));
    return sums;
  }

  Values chain(Value first, int64_t rowCount, Values sums) {
    const int64_t rest = partialAllowed ? length % kLanes : 0;
    const int64_t whole = rowCount - (rest ? 1 : 0);
    sums = g.loop(first, g.add(first, g.index(whole)), 1, sums, [&](Value row, ValueRange carried) {
      return step(g.mul(row, kLanes), kLanes, Values(carried));
    });
    if (rest)
      sums = step(g.mul(g.add(first, g.index(whole)), kLanes), rest, sums);
    return sums;
  }

  /// One fma on each lane that has an element.
  Values step(Value position, int64_t count, Values sums) {
    const int64_t lanes = g.vectorLanes, vectors = vectorCount();
    for (int64_t v = 0; v * lanes < count; ++v) {
      int64_t valid = std::min(lanes, count - v * lanes);
      Value at = g.add(position, g.index(v * lanes));
      Value b = g.loadWide(g.wideAt(vector, at), lanes, valid);
      for (size_t r = 0; r < rows.size(); ++r) {
        Value from = g.wideAt(rows[r], at), a = g.loadWide(from, lanes, valid);
        if (fetch && valid == lanes && v * lanes * g.wideBytes % 64 == 0)
          g.prefetch(g.at(from, kPrefetchBytes, 1));
        Value &sum = sums[r * vectors + v];
        sum = valid == lanes ? g.multiplyAdd(a, b, sum)
                             : leaveAlone(g.multiplyAdd(a, b, sum), sum, valid);
      }
    }
    return sums;
  }

  /// Lanes past the end are 0 * 0 + sum, which is sum but for the sign of a zero: they keep their
  /// sum.
  Value leaveAlone(Value updated, Value sum, int64_t valid) {
    SmallVector<int32_t> order(g.vectorLanes);
    for (int64_t i = 0; i < g.vectorLanes; ++i)
      order[i] = int32_t(i < valid ? i : i + g.vectorLanes);
    return g.shuffle(updated, sum, order);
  }

  /// v[l] += v[l + h] for h = 32, 16, ... 1. Missing vectors are 0: adding one makes -0 a +0 and
  /// must not be left out, but once is enough.
  Value fold(ArrayRef<Value> lanes) {
    Values v(lanes.begin(), lanes.end());
    const Value zero = g.zero(g.vectorType(g.vectorLanes));
    for (int64_t half = kLanes / 2 / g.vectorLanes; half >= 1; half /= 2) {
      if (int64_t(v.size()) <= half) {
        if (half * 2 * g.vectorLanes == kLanes)
          for (Value &x : v)
            x = g.addWide(x, zero);
        continue;
      }
      for (int64_t i = 0; i < half; ++i)
        v[i] = g.addWide(v[i], i + half < int64_t(v.size()) ? v[i + half] : zero);
      v.resize(half);
    }
    Value sum = v[0];
    for (int64_t half = g.vectorLanes / 2; half >= 1; half /= 2) {
      SmallVector<int32_t> order(half), low(half);
      for (int64_t i = 0; i < half; ++i)
        order[i] = int32_t(half + i), low[i] = int32_t(i);
      sum = g.addWide(g.shuffle(sum, sum, low), g.shuffle(sum, sum, order));
    }
    return g.extract(sum, 0);
  }

  GemmBuilder &g;
  const Values rows;
  const Value vector;
  const int64_t length;
  const bool fetch;
  bool partialAllowed = true;
};

/// The dots of neighbouring rows of a transposed A, one row in each lane of a register: the 64
/// lanes of a dot are 64 vectors in the scratch, and each pass has its own.
class ColumnDotEmitter {
public:
  ColumnDotEmitter(GemmBuilder &g, const GemmProblem &problem, Value vector, Value scratch)
      : g(g), problem(problem), vector(vector), scratch(scratch) {}

  /// Passes that reduce `length` elements to one row of lanes.
  static int64_t passes(int64_t length) {
    int64_t count = 1;
    for (int64_t rows = (length + kLanes - 1) / kLanes; rows > kPassRows;
         rows = (rows + kPassRows - 1) / kPassRows)
      ++count;
    return count;
  }

  /// `lhs`: the first of `count` rows at k = 0.
  void emit(Value lhs, Value result, int64_t count) {
    this->lhs = lhs, this->count = count;
    const int64_t top = passes(problem.k) - 1;
    pass(top, g.index(0), g.index(problem.k));
    Value sums = buffer(top);
    g.loop(g.index(0), g.index(6), 1, [&](Value i) {
      // half = 32 >> i
      Value half = g.shiftRight(g.index(kLanes / 2), i);
      g.loop(g.index(0), half, 1, [&](Value l) { addTo(at(sums, l), at(sums, g.add(l, half))); });
    });
    g.storeSource(g.loadWide(sums, g.vectorLanes), result, count);
  }

private:
  Value buffer(int64_t level) { return g.wideAt(scratch, level * kLanes * g.vectorLanes); }
  Value at(Value buffer, Value lane) { return g.wideAt(buffer, g.mul(lane, g.vectorLanes)); }
  void addTo(Value sum, Value part) {
    g.storeWide(g.addWide(g.loadWide(sum, g.vectorLanes), g.loadWide(part, g.vectorLanes)), sum);
  }

  /// Elements [begin, end) become one row of lanes.
  void pass(int64_t level, Value begin, Value end) {
    Value sums = buffer(level);
    Value zero = g.zero(g.vectorType(g.vectorLanes));
    g.loop(g.index(0), g.index(kLanes), 1, [&](Value l) { g.storeWide(zero, at(sums, l)); });
    int64_t span = kLanes; // elements that become one row of the pass below
    for (int64_t i = 0; i < level; ++i)
      span *= kPassRows;
    g.loop(begin, end, span, [&](Value first) {
      Value last = g.min(g.add(first, g.index(span)), end);
      if (level == 0) {
        g.loop(first, last, 1, [&](Value k) {
          Value a =
              g.loadSource(g.sourceAt(lhs, g.mul(k, problem.lhsColStride)), g.vectorLanes, count);
          Value b = g.broadcast(g.loadWideScalar(g.wideAt(vector, k)), g.vectorLanes);
          Value sum = at(sums, g.sub(k, first));
          g.storeWide(g.multiplyAdd(a, b, g.loadWide(sum, g.vectorLanes)), sum);
        });
        return;
      }
      pass(level - 1, first, last);
      g.loop(g.index(0), g.index(kLanes), 1,
             [&](Value l) { addTo(at(sums, l), at(buffer(level - 1), l)); });
    });
  }

  GemmBuilder &g;
  const GemmProblem &problem;
  const Value vector, scratch;
  Value lhs;
  int64_t count = 0;
};

} // namespace

int64_t columnDotScratch(int64_t length, int64_t lanes) {
  return ColumnDotEmitter::passes(length) * kLanes * lanes;
}

void emitDots(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan,
              const VectorOperands &o) {
  Value vector = o.rhs;
  if (plan.packRhs) {
    vector = o.scratch;
    g.loop(g.index(0), g.index(problem.k), 1, [&](Value k) {
      g.storeWideScalar(g.loadSourceScalar(g.sourceAt(o.rhs, g.mul(k, problem.rhsRowStride))),
                        g.wideAt(vector, k));
    });
  }
  if (dotsOfColumns(problem)) {
    ColumnDotEmitter columns(g, problem, vector, g.at(o.scratch, plan.lhsScratch, 1));
    auto dots = [&](Value first, int64_t count) {
      columns.emit(g.sourceAt(o.lhs, first), g.sourceAt(o.result, first), count);
    };
    const int64_t rest = problem.m % g.vectorLanes;
    Value whole = g.sub(o.end, g.rem(g.sub(o.end, o.begin), g.vectorLanes));
    g.loop(o.begin, whole, g.vectorLanes, [&](Value first) { dots(first, g.vectorLanes); });
    if (rest)
      g.ifTrue(g.less(whole, o.end), [&] { dots(whole, rest); });
    return;
  }
  auto dots = [&](Value first, int64_t count) {
    Values rows;
    for (int64_t r = 0; r < count; ++r)
      rows.push_back(g.sourceAt(o.lhs, g.mul(g.add(first, g.index(r)), problem.lhsRowStride)));
    if (plan.packLhs) {
      Value copy = g.at(o.scratch, plan.lhsScratch, 1);
      g.loop(g.index(0), g.index(problem.k), 1, [&](Value k) {
        g.storeWideScalar(g.loadSourceScalar(g.sourceAt(rows[0], g.mul(k, problem.lhsColStride))),
                          g.wideAt(copy, k));
      });
      rows[0] = copy;
    }
    Values results = DotEmitter(g, rows, vector, problem.k, plan.fetchLhs).emit();
    for (int64_t r = 0; r < count; ++r)
      g.storeSourceScalar(results[r], g.sourceAt(o.result, g.add(first, g.index(r))));
  };
  // 4 rows x 4 vectors of AVX-512 are 16 accumulators; one row of AVX has 8 of the 16 registers.
  const int64_t together = plan.packLhs || g.vectorLanes * g.wideBytes < 64 ? 1
                           : problem.m.varies() ? 4
                                                : std::min<int64_t>(4, plan.blockRows);
  Value whole = g.sub(o.end, g.rem(g.sub(o.end, o.begin), together));
  g.loop(o.begin, whole, together, [&](Value first) { dots(first, together); });
  g.loop(whole, o.end, 1, [&](Value first) { dots(first, 1); });
}

void emitStream(GemmBuilder &g, const GemmProblem &problem, const VectorOperands &o,
                Value columns) {
  constexpr int64_t rowsAtOnce = 4;
  const int64_t lanes = g.vectorLanes, rest = problem.n % lanes;
  Value whole = g.sub(columns, g.rem(columns, lanes));
  // Calls body(first column, elements) for each vector.
  auto eachVector = [&](llvm::function_ref<void(Value, int64_t)> body) {
    g.loop(g.index(0), whole, lanes, [&](Value column) { body(column, lanes); });
    if (rest)
      g.ifTrue(g.less(whole, columns), [&] { body(whole, rest); });
  };
  auto resultAt = [&](int64_t row, Value column) {
    return g.wideAt(g.wideAt(o.result, row * problem.n), column);
  };
  eachVector([&](Value column, int64_t count) {
    for (int64_t row = 0; row < problem.m; ++row)
      g.storeWide(g.zero(g.vectorType(lanes)), resultAt(row, column), count);
  });
  auto addRows = [&](Value k, int64_t steps) {
    Value lhs = g.wideAt(o.lhs, g.mul(k, problem.lhsColStride)),
          rhs = g.wideAt(o.rhs, g.mul(k, problem.rhsRowStride));
    Values a;
    for (int64_t row = 0; row < problem.m; ++row)
      for (int64_t s = 0; s < steps; ++s)
        a.push_back(g.broadcast(
            g.loadWideScalar(g.wideAt(lhs, row * problem.lhsRowStride + s * problem.lhsColStride)),
            lanes));
    eachVector([&](Value column, int64_t count) {
      Values b;
      for (int64_t s = 0; s < steps; ++s) {
        Value at = g.wideAt(g.wideAt(rhs, s * problem.rhsRowStride), column);
        b.push_back(g.loadWide(at, lanes, count));
        if (count == lanes)
          g.prefetch(g.at(at, kPrefetchBytes, 1));
      }
      for (int64_t row = 0; row < problem.m; ++row) {
        Value sum = g.loadWide(resultAt(row, column), lanes, count);
        for (int64_t s = 0; s < steps; ++s)
          sum = g.multiplyAdd(a[row * steps + s], b[s], sum);
        g.storeWide(sum, resultAt(row, column), count);
      }
    });
  };
  const int64_t groups = problem.k / rowsAtOnce * rowsAtOnce;
  g.loop(g.index(0), g.index(groups), rowsAtOnce, [&](Value k) { addRows(k, rowsAtOnce); });
  if (groups < problem.k)
    addRows(g.index(groups), problem.k - groups);
}

} // namespace tjit::codegen
