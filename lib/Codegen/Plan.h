//===- Plan.h ---------------------------------------------------------------------------------===//
// Memory and steps of a fused function.
//
// Decides where every value lives (an argument, an output, a part of the workspace), what may be
// written in place, and the order of steps; then writes the bytes of IR/Executable.h.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/Executable.h"
#include "tjit-compiler/Codegen/Emit.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>
#include <vector>

namespace tjit::codegen {

/// What the caller knows of a function's arguments and results.
struct PlanRequest {
  unsigned numInputs = 0;      ///< the arguments after these are scalars: 8 bytes each
  std::vector<int32_t> donors; ///< per result: the input whose memory it may take over, -1: none
};

/// As the function's attributes say (IR/Dialect/Trace.h).
PlanRequest planRequestOf(mlir::func::FuncOp func);

/// The code of one operation: launches with their offsets in the image.
struct PlannedCode {
  const EmittedKernel *kernel;
  std::vector<uint64_t> entries;      ///< one per launch
  int64_t sizePolymorphicRange;       ///< the range of the first launch where code is shared by all
                                      ///< sizes; else -1
  uint64_t parametersAt = 0;          ///< in the image, where the kernel has parameters
  mlir::Operation *product = nullptr; ///< of a kernel that runs on a product's tiles: the
                                      ///< contraction, which is no step of its own then
  mlir::Operation *prologues[2] = {nullptr, nullptr}; ///< kernels that make a product's operands
                                                      ///< and are no steps of their own
};

/// Steps, slots and memory of a function on which tjit-verify-fused succeeds.
class Plan {
public:
  /// `code`: for every kernel and every contraction that has code. Other operations are
  /// interpreted.
  Plan(mlir::func::FuncOp func, const PlanRequest &request,
       const llvm::DenseMap<mlir::Operation *, PlannedCode> &code);

  /// The executable with `image` behind the plan.
  std::vector<uint8_t> serialize(llvm::ArrayRef<uint8_t> image) const;
  /// One line per slot and step, for dumps and tests.
  std::string print() const;

  exe::Header header{};
  std::vector<exe::Slot> slots;
  std::vector<exe::Step> steps;
  std::vector<uint64_t> nodeWords;
  std::vector<uint32_t> stepArgs;
};

} // namespace tjit::codegen
