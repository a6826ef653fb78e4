//===- EmitMemory.h ---------------------------------------------------------------------------===//
// Loads and stores of lanes at a pointer.
#pragma once

#include "Codegen/EmitBuilder.h"

namespace tjit::codegen {

/// `count` of `width` lanes, from the first one: null where that is all of them.
mlir::Value firstLanes(CodeBuilder &code, int64_t count, int64_t width);
/// Lanes that `mask` leaves out are 0, and not touched in memory.
mlir::Value loadLanes(CodeBuilder &code, mlir::Value pointer, mlir::Type type, unsigned alignment,
                      mlir::Value mask = nullptr);
void storeLanes(CodeBuilder &code, mlir::Value pointer, mlir::Value value, unsigned alignment,
                mlir::Value mask = nullptr);

} // namespace tjit::codegen
