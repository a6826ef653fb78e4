//===- EmitMemory.cpp -------------------------------------------------------------------------===//
// Loads and stores of lanes at a pointer.
#include "Codegen/EmitMemory.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tjit::codegen {

Value firstLanes(CodeBuilder &code, int64_t count, int64_t width) {
  if (count >= width)
    return nullptr;
  SmallVector<bool> lanes(width, false);
  std::fill_n(lanes.begin(), count, true);
  return code.constant(DenseElementsAttr::get(VectorType::get({width}, code.b.getI1Type()), lanes));
}

Value loadLanes(CodeBuilder &code, Value pointer, Type type, unsigned alignment, Value mask) {
  if (!mask)
    return code.create<LLVM::LoadOp>(type, pointer, alignment);
  Value zero = code.constant(code.b.getZeroAttr(type));
  return code.create<LLVM::MaskedLoadOp>(type, pointer, mask, zero,
                                         code.b.getI32IntegerAttr(alignment));
}

void storeLanes(CodeBuilder &code, Value pointer, Value value, unsigned alignment, Value mask) {
  // LLVM 22 makes a store of 32 bits of a masked store of one lane whose value was narrowed to 8 or
  // 16 bits (its combine for single lanes ignores that the store truncates).
  DenseElementsAttr lanes;
  if (mask && matchPattern(mask, m_Constant(&lanes)) &&
      llvm::count(lanes.getValues<bool>(), true) == 1 && *lanes.getValues<bool>().begin()) {
    value = code.create<vector::ExtractOp>(value, int64_t(0));
    mask = nullptr;
  }
  if (!mask)
    code.create<LLVM::StoreOp>(value, pointer, alignment);
  else
    code.create<LLVM::MaskedStoreOp>(value, pointer, mask, code.b.getI32IntegerAttr(alignment));
}

} // namespace tjit::codegen
