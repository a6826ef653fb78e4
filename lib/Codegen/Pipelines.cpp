//===- Pipelines.cpp --------------------------------------------------------------------------===//
// The passes in the order in which a trace meets them.

#include "tjit-compiler/Codegen/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

namespace tjit::codegen {

void buildDefaultPipeline(OpPassManager &passes) {
  OpPassManager &func = passes.nest<func::FuncOp>();
  // Before fusion, so that equal operations are computed once and dead ones do not become results
  // of kernels.
  func.addPass(createTjitSimplify());
  // After folding, which knows the operations that are recorded; the pieces fuse.
  func.addPass(createTjitDecompose());
  func.addPass(createTjitFuse());
  // When it is known what the kernels are; the planner finds lifetimes by the order that is made
  // here.
  func.addPass(createTjitShareLaunches());
  // The planner relies on this; a violation is reported with the operation's location and not as a
  // wrong result.
  func.addPass(createTjitVerifyFused());
}

void registerPassesAndPipelines() {
  registerTjitCodegenPasses();
  PassPipelineRegistration<>("tjit-default-pipeline",
                             "What a compilation runs before it plans and emits",
                             buildDefaultPipeline);
}

} // namespace tjit::codegen
