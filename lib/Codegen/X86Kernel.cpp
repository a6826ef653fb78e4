//===- X86Kernel.cpp --------------------------------------------------------------------------===//
// A kernel becomes launch functions.
#include "Codegen/X86Kernel.h"
#include "Codegen/EmitTypes.h"
#include "tjit-compiler/IR/TjitDialect.h"

using namespace mlir;

namespace tjit::codegen {

int64_t grainFor(ir::KernelOp kernel, int64_t elements) {
  // Rough costs in picoseconds of one core: memory streams at 10 bytes a nanosecond, sixteen
  // additions take half of one.
  constexpr int64_t kPerByte = 100, kPerOperation = 30, kWorthATask = 20'000'000;
  int64_t bytes = 0;
  for (Value value : kernel.getInputs())
    bytes += memoryBytes(getElementTypeOrSelf(value.getType()));
  for (Value value : kernel.getResults())
    bytes += memoryBytes(getElementTypeOrSelf(value.getType()));
  int64_t perElement = bytes * kPerByte + bodyCost(kernel.getBody().front()) * kPerOperation;
  int64_t grain = kWorthATask / std::max<int64_t>(1, perElement) / std::max<int64_t>(1, elements);
  return std::max<int64_t>(1, grain);
}

FailureOr<EmittedKernel> emitKernelX86(ir::KernelOp kernel, StringRef symbol, ModuleOp module,
                                       const TargetInfo &target, ArrayRef<uint64_t> varying) {
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (!hasCode(&op))
      return op.emitError("has no code for x86");
  KernelShape shape = analyzeShape(kernel, varying);
  if (shape.numReduced || kernel.getReductions())
    return emitReductionX86(kernel, shape, symbol, module, target);
  return emitElementwiseX86(kernel, shape, symbol, module, target);
}

} // namespace tjit::codegen
