//===- Launches.h -----------------------------------------------------------------------------===//
// Which operations of a fused function share a launch.
//
// tjit-share-launches decides it and writes it on them, the planner reads it.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Operation.h"

#include <optional>

namespace tjit::codegen {

/// A number on kernels and contractions of a fused function: neighbours (views do not count) that
/// have the same one run at the same time.
inline constexpr const char *kLaunchAttribute = "tjit.launch";

std::optional<int64_t> launchOf(mlir::Operation *op);

/// The values whose memory running `op` reads: of a kernel that may run on a product's tiles the
/// product's operands too, of a product what the kernels read that may run while it packs.
llvm::SmallVector<mlir::Value> memoryReadBy(mlir::Operation *op);

} // namespace tjit::codegen
