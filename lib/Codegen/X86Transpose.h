//===- X86Transpose.h -------------------------------------------------------------------------===//
// Elementwise kernels whose operands run along different dimensions, in tiles.
//
// x.t() * y reads x down its columns and everything else along rows. Gathering x would fetch a
// cache line for each element, so such a kernel works on tiles of 16 rows: what lies the other way
// is turned in registers on its way through scratch memory, and the body runs along the rows of the
// tile as if everything were contiguous.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/X86Function.h"

#include <optional>

namespace tjit::codegen {

/// The two dimensions of the tiles and what is turned.
struct TransposePlan {
  unsigned across; ///< the dimension along which turned operands are contiguous: rows of a tile
  unsigned along;  ///< the last one, along which the others are: its columns
  int64_t columns; ///< of a tile
  llvm::SmallVector<unsigned, 2> inputs, results; ///< turned operands, numbered together
};

/// Nothing where no operand runs along another dimension, or where less than a tile does.
std::optional<TransposePlan> planTranspose(ir::KernelOp kernel, const KernelShape &shape);

mlir::FailureOr<EmittedKernel> emitTransposeX86(ir::KernelOp kernel, const KernelShape &shape,
                                                const TransposePlan &plan, llvm::StringRef symbol,
                                                mlir::ModuleOp module, const TargetInfo &target);

/// The rows of a square matrix become its columns: as many vectors as each has lanes, of 8-, 16-,
/// 32- or 64-bit elements; lanes are a power of two.
llvm::SmallVector<mlir::Value> transposeVectors(CodeBuilder &code,
                                                llvm::ArrayRef<mlir::Value> rows);

} // namespace tjit::codegen
