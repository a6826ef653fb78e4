//===- NvptxModule.cpp ------------------------------------------------------------------------===//
// GPU modules as PTX.
#include "Codegen/EmitModule.h"
#include "Codegen/TargetMachines.h"
#include "tjit-compiler/Codegen/Ptx.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/GPUToNVVM/GPUToNVVMPass.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Transforms/DialectConversion.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;

namespace tjit::codegen {

static LogicalResult lower(gpu::GPUModuleOp module) {
  MLIRContext *context = module.getContext();
  LowerToLLVMOptions options(context);
  LLVMTypeConverter converter(context, options);
  configureGpuToNVVMTypeConverter(converter);
  RewritePatternSet patterns(context);
  populateSCFToControlFlowConversionPatterns(patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  // Preferred to calls of libdevice, which the other patterns would make of the same operations.
  populateMathToLLVMConversionPatterns(converter, patterns, /*approximateLog1p=*/false,
                                       /*benefit=*/10);
  populateFuncToLLVMConversionPatterns(converter, patterns);
  populateGpuToNVVMConversionPatterns(converter, patterns);
  LLVMConversionTarget target(*context);
  // Unlike what goes with these patterns, this allows the intrinsics that NVPTX has instructions
  // for.
  target.addLegalDialect<NVVM::NVVMDialect>();
  target.addLegalOp<gpu::GPUModuleOp>();
  return applyFullConversion(module, target, std::move(patterns));
}

llvm::Expected<std::string> emitPtx(ModuleOp module) {
  auto failure = [](const llvm::Twine &what) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), what);
  };
  std::string text;
  for (auto gpuModule : module.getOps<gpu::GPUModuleOp>()) {
    auto target = gpuModule.getTargetsAttr() && !gpuModule.getTargetsAttr().empty()
                      ? dyn_cast<NVVM::NVVMTargetAttr>(gpuModule.getTargetsAttr()[0])
                      : NVVM::NVVMTargetAttr();
    if (!target)
      return failure("gpu.module '" + gpuModule.getName() + "' has no nvvm target");
    auto machine = TargetMachineHandle::forNvptx(target.getChip(), target.getFeatures());
    if (!machine)
      return machine.takeError();
    if (failed(lower(gpuModule)))
      return failure("a kernel could not be lowered to nvvm; see the diagnostics");
    llvm::LLVMContext context;
    std::unique_ptr<llvm::Module> translated = translateToLLVM(gpuModule, context, **machine);
    if (!translated)
      return failure("a kernel could not be translated to LLVM IR; see the diagnostics");
    auto ptx = generateCode(*translated, **machine, llvm::CodeGenFileType::AssemblyFile);
    if (!ptx)
      return ptx.takeError();
    text += ptx->str();
  }
  if (text.empty())
    return failure("there is no gpu.module; run --tjit-to-nvptx=chip=sm_80 before --emit=ptx");
  return text;
}

void registerPtx(DialectRegistry &registry) {
  registerBackend(registry);
  registry.insert<gpu::GPUDialect, NVVM::NVVMDialect>();
  registerNVVMDialectTranslation(registry);
  registerGPUDialectTranslation(registry);
}

} // namespace tjit::codegen
