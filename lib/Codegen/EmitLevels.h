//===- EmitLevels.h ---------------------------------------------------------------------------===//
// Sums in the order of docs/numerics.md.
//
// Rows are summed in chains of 64, these sums in chains of 64, and so on: a level is a loop with
// accumulators of its own.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBuilder.h"

namespace tjit::codegen {

inline constexpr int64_t kRadix = 64; ///< rows of a chain, and virtual lanes of a row

using Vectors =
    llvm::SmallVector<mlir::Value>; ///< accumulators: per reduced result, per vector of a row

/// Levels that `rows` rows take, at least one. A level too many changes no bit: it adds a sum to
/// the identity.
int64_t levelsOf(int64_t rows);

struct RowRange {
  mlir::Value first, last;
  mlir::Value lastWhole; ///< if given, rows from here on are for RestFn
};
using CombineFn = llvm::function_ref<mlir::Value(unsigned, mlir::Value sum, mlir::Value value)>;
/// (row, sums) -> sums with the row added.
using RowFn = llvm::function_ref<Vectors(mlir::Value, mlir::ValueRange)>;
/// (end of the chain's rows, sums) -> sums with the short row added if the chain reaches it.
using RestFn = llvm::function_ref<Vectors(mlir::Value, Vectors)>;

/// Emits the loops over `rows`; the sums start as `identities`.
Vectors sumLevels(CodeBuilder &code, RowRange rows, int64_t levels, const Vectors &identities,
                  CombineFn combine, RowFn row, RestFn rest = nullptr);

} // namespace tjit::codegen
