//===- X86Kernel.cpp --------------------------------------------------------------------------===//
// A kernel becomes launch functions.
#include "Codegen/X86Kernel.h"
#include "Codegen/EmitTypes.h"
#include "tjit-compiler/IR/TjitDialect.h"

using namespace mlir;

namespace tjit::codegen {

Extent grainFor(ir::KernelOp kernel, Extent elements) {
  // Rough costs in picoseconds of one core: memory streams at 10 bytes a nanosecond, sixteen
  // additions take half of one.
  constexpr int64_t kPerByte = 100, kPerOperation = 30, kWorthATask = 20'000'000;
  int64_t bytes = 0;
  for (Value value : kernel.getInputs())
    bytes += memoryBytes(getElementTypeOrSelf(value.getType()));
  for (Value value : kernel.getResults())
    bytes += memoryBytes(getElementTypeOrSelf(value.getType()));
  int64_t perElement = bytes * kPerByte + bodyCost(kernel.getBody().front()) * kPerOperation;
  const Extent points = kWorthATask / std::max<int64_t>(1, perElement);
  return (points / elements.max(1)).max(1);
}

void EmittedKernel::take(const Parameters &read, ArrayRef<LaunchExtents> extents,
                         Extent temporary) {
  refused = read.areRefused();
  parameters.resize(read.all().size());
  origins = read.all();
  launches.clear();
  for (const LaunchExtents &launch : extents) {
    launches.emplace_back().symbol = launch.symbol;
    origins.insert(origins.end(), {launch.range, launch.grain, launch.scratchBytes});
  }
  origins.push_back(temporary);
  std::vector<int64_t> numbers(origins.size());
  llvm::transform(origins, numbers.begin(), [](Extent extent) { return extent.now(); });
  set(numbers);
}

void EmittedKernel::set(ArrayRef<int64_t> numbers) {
  llvm::copy(numbers.take_front(parameters.size()), parameters.begin());
  numbers = numbers.drop_front(parameters.size());
  for (KernelLaunch &launch : launches) {
    launch.range = numbers[0], launch.grain = numbers[1], launch.scratchBytes = numbers[2];
    numbers = numbers.drop_front(3);
  }
  temporaryBytes = numbers.front();
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
