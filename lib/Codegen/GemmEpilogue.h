//===- GemmEpilogue.h - what follows a matrix product, before its tile is stored --------------===//
//
// An elementwise kernel that reads a product element for element runs on the tiles of the product:
// bias, activation, residual. The bits are those of the kernel on its own.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBody.h"
#include "Codegen/EmitMaps.h"
#include "Codegen/GemmBuilder.h"
#include "Codegen/GemmPlan.h"
#include "tjit-compiler/IR/TjitDialect.h"

namespace tjit::codegen {

/// Where an operand's element lies: elements from its first one, for (batch, row, column).
struct EpilogueOperand {
  unsigned argument;  ///< position in the launch's args
  mlir::Type element; ///< tjit element type
  Extent constant = 0;
  Extent batch = 0, row = 0; ///< strides
  int64_t column = 0;        ///< 0 or 1
};

struct Epilogue {
  ir::KernelOp kernel;
  unsigned product = 0;                         ///< the input that is the product
  llvm::SmallVector<EpilogueOperand, 4> inputs; ///< of the kernel; the product's is not used
  llvm::SmallVector<EpilogueOperand, 2> results;
  Extent scratch = 0; ///< where its scratch begins in the launch's
  /// Whether blocks of k may leave their sums in the first result: it looks like the product.
  bool holdsSums = false;
};

/// The stride of an operand of a kernel for `count` steps of `unit` elements of a dense value that
/// the kernel makes or reads element for element: nullopt where the steps leave a dimension of the
/// kernel.
std::optional<Extent> strideOf(const KernelShape &shape, const OperandMap &map, Extent unit,
                               Extent count);

/// nullopt where the kernel's operands do not lie on rows and columns of the product, or its body
/// has values wider than the product's.
std::optional<Epilogue> analyzeEpilogue(const MatmulDescription &matmul, const GemmProblem &problem,
                                        const GemmPlan &plan, const TargetInfo &target);

/// The tile that an epilogue runs on.
struct EpilogueTile {
  mlir::Value batch, row, column; ///< of its first element, i64
  int64_t rows, vectors;
  LaneCount last = 0;  ///< lanes of the last vector of a row
  mlir::Value scratch; ///< rows * vectors vectors, 64-byte aligned
};

class EpilogueEmitter {
public:
  EpilogueEmitter(GemmBuilder &g, const Epilogue &epilogue, mlir::Block &entry, mlir::Value args,
                  int64_t lanes);
  /// Bytes of an EpilogueTile's scratch.
  static int64_t scratchBytes(const GemmPlan &plan, const TargetInfo &target);

  /// Computes and stores the results at the builder's insertion point. `sums`: the products,
  /// row-major vectors of accumulators.
  void emit(const EpilogueTile &tile, mlir::ValueRange sums);

private:
  void emitRow(const EpilogueTile &tile, const BodyEmitter &body, mlir::Value row,
               mlir::ValueRange sums);
  mlir::Value address(const EpilogueOperand &operand, mlir::Value row, int64_t column);
  mlir::Value load(const EpilogueOperand &operand, mlir::Value row, int64_t column,
                   LaneCount valid);
  mlir::Value maskOf(const LaneCount &valid);

  GemmBuilder &g;
  const Epilogue &epilogue;
  CodeBuilder code;
  mlir::Value args;
  int64_t lanes;
  llvm::DenseMap<unsigned, mlir::Value> bases; ///< per argument, of the current tile
};

} // namespace tjit::codegen
