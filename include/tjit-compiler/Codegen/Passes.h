//===- Passes.h -------------------------------------------------------------------------------===//
// The passes of code generation and the pipelines made of them.
//
// See Passes.td for what each pass does, and lib/Codegen/Pipelines.cpp for the pipelines.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace tjit::codegen {

#define GEN_PASS_DECL
#include "tjit-compiler/Codegen/Passes.h.inc"

/// Of a function: every operation has a kernel of its own, see tjit-fuse.
inline constexpr const char *kUnfusedAttribute = "tjit.unfused";

/// What every compilation runs before planning: simplify, decompose, fuse, share-launches,
/// verify-fused.
void buildDefaultPipeline(mlir::OpPassManager &passes);

#define GEN_PASS_REGISTRATION
#include "tjit-compiler/Codegen/Passes.h.inc"

/// Registers the passes and `tjit-default-pipeline` with the command line of tools.
void registerPassesAndPipelines();

} // namespace tjit::codegen
