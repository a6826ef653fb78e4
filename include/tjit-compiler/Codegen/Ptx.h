//===- Ptx.h ----------------------------------------------------------------------------------===//
// GPU modules as PTX.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>

namespace tjit::codegen {

/// The PTX of every gpu.module in `module`, one after the other, for the chip of its target
/// attribute (tjit-to-nvptx sets it). Lowers them in place. Fails where there is none.
llvm::Expected<std::string> emitPtx(mlir::ModuleOp module);

/// Dialects and translations that emitPtx needs, for a new context's registry.
void registerPtx(mlir::DialectRegistry &registry);

} // namespace tjit::codegen
