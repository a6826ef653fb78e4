//===- InterpreterChain.h - the order of accumulation -------------------------------------===//
//
// docs/numerics.md in code: rows of lanes are combined 64 at a time, level by level, and lanes are
// folded in halves.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/InterpreterLoops.h"

#include <algorithm>
#include <vector>

namespace tjit::interpreter {

inline constexpr int64_t kLanes = 64;
inline constexpr int64_t kRadix = 64;

/// Chains of several lanes side by side. Level k holds the chain over what level k - 1 gave, at
/// most 64 rows long.
template <class Op, class Accumulator> class LaneChains {
public:
  explicit LaneChains(int64_t lanes) : lanes(lanes) { pushLevel(); }

  /// The next row; lanes from count on hold the identity.
  void add(const Accumulator *row, int64_t count) {
    Accumulator *level = levels[0].data();
    for (int64_t l = 0; l < count; ++l)
      level[l] = Op::combine(level[l], row[l]);
    rowDone();
  }
  /// The innermost chain, for those who add to it themselves; rowDone() after each row.
  Accumulator *innermost() { return levels[0].data(); }
  void rowDone() {
    if (++rows[0] == kRadix)
      flush(0);
  }

  /// The last level's row, valid until the next call. Starts again.
  ///
  /// A level that is flushed although it was the last adds (id + row), which is the row: no chain
  /// ends at -0.
  const Accumulator *finish() {
    for (size_t k = 0; k + 1 < levels.size(); ++k)
      if (rows[k])
        flush(k);
    total = levels.back();
    for (size_t k = 0; k < levels.size(); ++k)
      reset(k);
    return total.data();
  }

private:
  void pushLevel() {
    levels.emplace_back(lanes);
    rows.push_back(0);
    reset(levels.size() - 1);
  }
  void reset(size_t k) {
    std::fill(levels[k].begin(), levels[k].end(), Op::template identity<Accumulator>());
    rows[k] = 0;
  }
  void flush(size_t k) {
    if (k + 1 == levels.size())
      pushLevel();
    for (int64_t l = 0; l < lanes; ++l)
      levels[k + 1][l] = Op::combine(levels[k + 1][l], levels[k][l]);
    reset(k);
    if (++rows[k + 1] == kRadix)
      flush(k + 1);
  }

  int64_t lanes;
  std::vector<std::vector<Accumulator>> levels;
  std::vector<int64_t> rows;
  std::vector<Accumulator> total;
};

/// v[l] = v[l] + v[l + h] for h = 32, 16, ..., 1; v[0] is the result.
template <class Op, class Accumulator> Accumulator foldLanes(const Accumulator *lanes) {
  Accumulator v[kLanes];
  std::copy(lanes, lanes + kLanes, v);
  for (int64_t h = kLanes / 2; h >= 1; h /= 2)
    for (int64_t l = 0; l < h; ++l)
      v[l] = Op::combine(v[l], v[l + h]);
  return v[0];
}

} // namespace tjit::interpreter
