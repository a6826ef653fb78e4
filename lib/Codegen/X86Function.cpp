//===- X86Function.cpp ------------------------------------------------------------------------===//
// One launch function of a kernel on x86.
#include "Codegen/X86Function.h"
#include "Codegen/EmitTypes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace tjit::codegen {

static func::FuncOp makeFunction(Location location, StringRef symbol, ModuleOp module) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  auto type = b.getFunctionType({pointer, b.getI64Type(), b.getI64Type(), pointer}, {});
  auto function = func::FuncOp::create(b, location, symbol, type);
  function.addEntryBlock();
  return function;
}

X86Function::X86Function(ir::KernelOp kernel, const KernelShape &shape, StringRef symbol,
                         ModuleOp module, const TargetInfo &target)
    : X86Function(kernel, shape, makeFunction(kernel.getLoc(), symbol, module), target) {}

X86Function::X86Function(ir::KernelOp kernel, const KernelShape &shape, func::FuncOp function,
                         const TargetInfo &target)
    : KernelFunction(kernel, shape, function.getBody().front(), Simd{target.vectorBytes}),
      function(function) {
  code.isa = Isa::of(target);
  startAfter(makeArgument(0).getDefiningOp());
}

void X86Function::finish() { code.create<func::ReturnOp>(); }

void X86Function::branch(Value condition, function_ref<void()> yes, function_ref<void()> no) {
  auto fork = code.create<scf::IfOp>(condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(code.b);
  code.b.setInsertionPointToStart(&fork.getThenRegion().front());
  yes();
  code.b.setInsertionPointToStart(&fork.getElseRegion().front());
  no();
}

Value X86Function::makeArgument(unsigned i) {
  Value slots = function.getArgument(0);
  Type pointer = slots.getType();
  Value slot = slots;
  if (i)
    slot = code.create<LLVM::GEPOp>(pointer, pointer, slots,
                                    ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
  return code.create<LLVM::LoadOp>(pointer, slot);
}

int64_t vectorWidth(ir::KernelOp kernel, const TargetInfo &target, ArrayRef<Combiner> combiners) {
  unsigned bytes = 1;
  auto widen = [&](Type element) {
    bytes = std::max(bytes, (computeType(element).getIntOrFloatBitWidth() + 7) / 8);
  };
  // Places, seeds and counters of random numbers are scalars, from which blocks are made.
  auto isWide = [](Value value) {
    return !llvm::all_of(value.getUsers(), llvm::IsaPred<ir::DrawOp>);
  };
  Block &body = kernel.getBody().front();
  for (BlockArgument argument : body.getArguments())
    if (isWide(argument))
      widen(argument.getType());
  for (Operation &op : body.without_terminator())
    if (isWide(op.getResult(0)))
      widen(op.getResult(0).getType());
  for (const Combiner &combiner : combiners)
    widen(combiner.element);
  return target.vectorBytes / bytes;
}

} // namespace tjit::codegen
