//===- EmitLevels.cpp -------------------------------------------------------------------------===//
// Sums in the order of docs/numerics.md.
#include "Codegen/EmitLevels.h"

using namespace mlir;

namespace tjit::codegen {

int64_t levelsOf(int64_t rows) {
  int64_t levels = 1;
  for (int64_t span = kRadix; span < rows; span *= kRadix)
    ++levels;
  return levels;
}

Vectors sumLevels(CodeBuilder &code, RowRange rows, int64_t levels, const Vectors &identities,
                  CombineFn combine, RowFn row, RestFn rest) {
  if (levels == 1) {
    Value stop = rows.lastWhole ? code.min(rows.last, rows.lastWhole) : rows.last;
    Vectors sums = code.loop(rows.first, stop, 1, identities, row);
    return rest ? rest(rows.last, sums) : sums;
  }
  int64_t span = 1;
  for (int64_t level = 1; level < levels; ++level)
    span *= kRadix;
  return code.loop(rows.first, rows.last, span, identities, [&](Value at, ValueRange sums) {
    RowRange inner{at, code.min(code.add(at, span), rows.last), rows.lastWhole};
    Vectors next = sumLevels(code, inner, levels - 1, identities, combine, row, rest);
    for (auto [i, sum] : llvm::enumerate(sums))
      next[i] = combine(i, sum, next[i]);
    return next;
  });
}

} // namespace tjit::codegen
