//===- Passes.h - the pass of differentiation -------------------------------------------------===//
//
// See Passes.td for what it does.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace tjit::autodiff {

#define GEN_PASS_DECL
#include "tjit-compiler/Autodiff/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "tjit-compiler/Autodiff/Passes.h.inc"

/// Registers --tjit-autodiff with the command line of tools.
inline void registerAutodiffPasses() { registerTjitAutodiffPasses(); }

} // namespace tjit::autodiff
