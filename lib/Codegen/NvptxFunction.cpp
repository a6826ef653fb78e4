//===- NvptxFunction.cpp ----------------------------------------------------------------------===//
// One function of a kernel on a GPU.
#include "Codegen/NvptxFunction.h"
#include "Codegen/EmitTypes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace tjit::codegen {

static gpu::GPUFuncOp makeFunction(ir::KernelOp kernel, StringRef symbol, gpu::GPUModuleOp module) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  SmallVector<Type> types(
      kernel.getInputs().size() + kernel.getResults().size(),
      LLVM::LLVMPointerType::get(b.getContext(),
                                 static_cast<unsigned>(NVVM::NVVMMemorySpace::Global)));
  types.push_back(b.getI64Type());
  auto function = gpu::GPUFuncOp::create(b, kernel.getLoc(), symbol, b.getFunctionType(types, {}));
  function->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), b.getUnitAttr());
  function.setKnownBlockSizeAttr(b.getDenseI32ArrayAttr({kBlock, 1, 1}));
  return function;
}

NvptxFunction::NvptxFunction(ir::KernelOp kernel, const KernelShape &shape, StringRef symbol,
                             gpu::GPUModuleOp module)
    : NvptxFunction(kernel, shape, makeFunction(kernel, symbol, module)) {}

NvptxFunction::NvptxFunction(ir::KernelOp kernel, const KernelShape &shape, gpu::GPUFuncOp function)
    : KernelFunction(kernel, shape, function.getBody().front(), Simd{0}), function(function) {
  thread = code.create<NVVM::ThreadIdXOp>(code.b.getI32Type());
  startAfter(thread.getDefiningOp());
}

void NvptxFunction::finish() { code.create<gpu::ReturnOp>(); }

Value NvptxFunction::makeArgument(unsigned i) { return function.getArgument(i); }

Value NvptxFunction::widened(Value i32) {
  return code.create<arith::ExtUIOp>(code.b.getI64Type(), i32);
}

Value NvptxFunction::threadInGrid() {
  Type i32 = code.b.getI32Type();
  Value block = widened(code.create<NVVM::BlockIdXOp>(i32));
  return code.add(code.mul(block, kBlock), widened(thread));
}

Value NvptxFunction::threadsOfGrid() {
  return code.mul(widened(code.create<NVVM::GridDimXOp>(code.b.getI32Type())), kBlock);
}

Value NvptxFunction::laneInWarp() {
  return widened(code.create<arith::AndIOp>(thread, code.integer(code.b.getI32Type(), kWarp - 1)));
}

void NvptxFunction::stride(Value first, Value step, llvm::function_ref<void(Value)> body) {
  Value count = function.getArguments().back();
  auto loop = code.create<scf::ForOp>(first, count, step);
  OpBuilder::InsertionGuard guard(code.b);
  code.b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

Value NvptxFunction::shuffleDown(Value value, int distance) {
  return shuffle(value, distance, NVVM::ShflKind::down);
}

Value NvptxFunction::shuffleFirst(Value value) { return shuffle(value, 0, NVVM::ShflKind::idx); }

Value NvptxFunction::shuffle(Value value, int operand, NVVM::ShflKind kind) {
  OpBuilder &b = code.b;
  Type type = value.getType(), i32 = b.getI32Type();
  auto move = [&](Value word) -> Value {
    return code.create<NVVM::ShflOp>(word.getType(), code.integer(i32, -1), word,
                                     code.integer(i32, operand), code.integer(i32, kWarp - 1), kind,
                                     UnitAttr());
  };
  unsigned bits = type.getIntOrFloatBitWidth();
  if (type.isF32() || type.isInteger(32))
    return move(value);
  if (bits < 32)
    return code.create<arith::TruncIOp>(type, move(code.create<arith::ExtUIOp>(i32, value)));
  // Two words, moved one by one.
  Value whole =
      type.isInteger(64) ? value : Value(code.create<arith::BitcastOp>(b.getI64Type(), value));
  Value half = code.i64(32);
  Value low = move(code.create<arith::TruncIOp>(i32, whole));
  Value high = move(code.create<arith::TruncIOp>(i32, code.create<arith::ShRUIOp>(whole, half)));
  whole = code.create<arith::OrIOp>(code.create<arith::ShLIOp>(widened(high), half), widened(low));
  return type.isInteger(64) ? whole : Value(code.create<arith::BitcastOp>(type, whole));
}

} // namespace tjit::codegen
