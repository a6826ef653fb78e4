//===- ProductCode.h - what the code of a matrix product is made from -------------------------===//
//
// A product's emission has two halves. The first one decides: strategy, tile, blocks, and where the
// operands of what follows the product lie (decideProduct). The second one writes the code, and
// sees nothing but these decisions and the target. So products with equal decisions have equal
// code, in which the numbers that vary are parameters; of those the writing must not look at the
// numbers, and ExtentWatch says whether it did. A new shape then takes neither writing nor
// comparing:
//
//   decisions --keyOf--> known?  yes: its code, and the parameters by the formulas that were noted
//                                (ExtentFormulas.h)
//                                no:  write (emitProduct), watched; remember, unless numbers were
//                                looked at
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/GemmEpilogue.h"
#include "Codegen/GemmPlan.h"
#include "Codegen/GemmPrologue.h"

#include <array>

namespace tjit::codegen {

/// All that the code of a product depends on, but for the target.
struct ProductDecisions {
  GemmProblem problem;
  GemmPlan plan;
  std::optional<Epilogue> epilogue;
  std::array<std::optional<Prologue>, 2> prologues; ///< of the left and of the right operand
};

/// nullopt: there is no code.
std::optional<ProductDecisions> decideProduct(const MatmulDescription &matmul,
                                              const TargetInfo &target);
/// Whether code that reads the sizes that vary would be much slower.
bool refusesToVary(const ProductDecisions &product);
/// The launches, without code: ranges, grains and memory for this shape.
EmittedKernel launchesOf(const ProductDecisions &product, llvm::StringRef symbol,
                         const TargetInfo &target);
/// Writes the code of the launches into `module`, and reads what varies from `parameters`.
void emitProduct(const ProductDecisions &product, const EmittedKernel &launches,
                 Parameters &parameters, mlir::Location location, mlir::ModuleOp module,
                 const TargetInfo &target);

/// The decisions as text, with a number for each extent that varies: equal ones have equal numbers.
/// `extents`: all of them, in order. Empty where extents of one origin differ.
std::string keyOf(const ProductDecisions &product, const TargetInfo &target,
                  llvm::SmallVectorImpl<Extent> &extents);

} // namespace tjit::codegen
