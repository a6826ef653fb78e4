//===- GemmPrologue.h - what makes an operand of a matrix product, while it is packed ---------===//
//
// A product that packs an operand reads each of its elements and writes it where the tiles want it.
// An elementwise kernel that makes the operand, and that nothing else reads, runs then: what it
// makes is never in memory. The bits are those of the kernel on its own.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBody.h"
#include "Codegen/GemmBuilder.h"
#include "Codegen/GemmPlan.h"
#include "tjit-compiler/IR/TjitDialect.h"

namespace tjit::codegen {

/// Where an input of the kernel is read for an element of the operand: elements from its first one.
struct PrologueInput {
  unsigned argument;  ///< position in the launch's args
  mlir::Type element; ///< tjit element type
  Extent constant = 0, row = 0, column = 0;
  llvm::SmallVector<Extent, 2> batch;
};

struct Prologue {
  ir::KernelOp kernel;
  llvm::SmallVector<PrologueInput, 4> inputs;
};

/// How the kernel that makes the left (0) or right (1) operand is evaluated; its inputs are
/// args[firstArgument ...]. nullopt where the product does not read the operand along memory, the
/// kernel's inputs do not lie on its rows and columns, its body has values wider than the
/// product's, or memory for what it makes is cheaper than computing it as often as it is packed.
std::optional<Prologue> analyzePrologue(const MatmulDescription &matmul, unsigned side,
                                        unsigned firstArgument, const GemmProblem &problem,
                                        const GemmPlan &plan, const TargetInfo &target);

/// Packs what a prologue makes. Coordinates are those of the whole operand: (m, k) of the left,
/// (k, n) of the right one.
class PrologueEmitter {
public:
  /// Fixes what is the same for all elements at the builder's insertion point.
  PrologueEmitter(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan,
                  const Prologue &prologue, mlir::Block &entry, mlir::Value args);

  /// As packLhs and packRhs (GemmPack.h), from (row, column) of a matrix of the batch on.
  void packLhs(mlir::Value batch, mlir::Value row, mlir::Value column, mlir::Value target,
               mlir::Value rows, mlir::Value steps);
  void packRhs(mlir::Value batch, mlir::Value row, mlir::Value column, mlir::Value target,
               mlir::Value steps, mlir::Value columns);

private:
  using Values = GemmBuilder::Values;
  Values basesAt(mlir::Value batch, mlir::Value row, mlir::Value column);
  Values advance(mlir::ValueRange bases, mlir::Value rows, mlir::Value columns);
  /// A vector of elements of a row, as accumulators.
  mlir::Value evaluate(mlir::ValueRange at, LaneCount valid);

  GemmBuilder &g;
  const GemmProblem &problem;
  const GemmPlan &plan;
  const Prologue &prologue;
  CodeBuilder code;
  mlir::Value args;
  BodyEmitter body;
};

} // namespace tjit::codegen
