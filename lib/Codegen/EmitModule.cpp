//===- EmitModule.cpp -------------------------------------------------------------------------===//
// From a module of vector loops to an image.
//
//   func/scf/vector/arith/math --one dialect conversion--> llvm --translate--> LLVM IR --codegen
//   O1--> ELF --> Image
//
// There is no opt pipeline: the emitters write what it would make, and it takes longer than
// everything else together. The dialect conversion runs all patterns at once, because each pass
// over a small module costs more than its rewrites.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitModule.h"
#include "Codegen/EmitElementary.h"
#include "Codegen/Image.h"
#include "Codegen/TargetMachines.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/DialectConversion.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include <chrono>
#include <map>
#include <mutex>

using namespace llvm;

namespace tjit::codegen {
namespace {

double millisecondsSince(std::chrono::steady_clock::time_point &start) {
  auto now = std::chrono::steady_clock::now();
  double ms = std::chrono::duration<double, std::milli>(now - start).count();
  start = now;
  return ms;
}

Error failure(const Twine &what) { return createStringError(inconvertibleErrorCode(), what); }

std::string toText(mlir::Operation *op) {
  std::string text;
  raw_string_ostream stream(text);
  op->print(stream);
  return text;
}

} // namespace

LogicalResult lowerToLLVMDialect(mlir::ModuleOp module) {
  mlir::MLIRContext *context = module.getContext();
  mlir::LowerToLLVMOptions options(context);
  mlir::LLVMTypeConverter converter(context, options);
  mlir::RewritePatternSet patterns(context);
  mlir::populateSCFToControlFlowConversionPatterns(patterns);
  mlir::cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  mlir::arith::populateArithToLLVMConversionPatterns(converter, patterns);
  mlir::populateMathToLLVMConversionPatterns(converter, patterns);
  mlir::populateVectorToLLVMConversionPatterns(converter, patterns);
  mlir::populateFuncToLLVMConversionPatterns(converter, patterns);
  mlir::LLVMConversionTarget target(*context);
  target.addLegalOp<mlir::ModuleOp>();
  mlir::ConversionConfig config;
  config.allowPatternRollback = false;
  return mlir::applyFullConversion(module, target, std::move(patterns), config);
}

Expected<SmallString<0>> generateCode(Module &module, TargetMachine &machine,
                                      CodeGenFileType type) {
  SmallString<0> buffer;
  raw_svector_ostream stream(buffer);
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type, /*DisableVerify=*/true))
    return failure("LLVM has no code generator for this kind of file");
  passes.run(module);
  return buffer;
}

std::unique_ptr<Module> translateToLLVM(mlir::Operation *module, LLVMContext &context,
                                        TargetMachine &machine) {
  std::unique_ptr<Module> translated =
      mlir::translateModuleToLLVMIR(module, context, "tjit", /*disableVerification=*/true);
  if (!translated)
    return nullptr;
  translated->setTargetTriple(machine.getTargetTriple());
  translated->setDataLayout(machine.createDataLayout());
  for (Function &function : *translated)
    function.setDoesNotThrow(); // no unwind tables
  return translated;
}

namespace {

/// Objects of the rare parts of elementary functions (EmitElementary.h), by target and symbol:
/// their code is long, the same in every kernel, and made once.
struct RarePool {
  std::mutex mutex;
  std::map<std::string, SmallString<0>> objects;
};
RarePool &rarePool() {
  static RarePool *instance = new RarePool; // outlives threads that compile while the process exits
  return *instance;
}

Expected<SmallString<0>> compileToObject(mlir::ModuleOp module, TargetMachine &machine) {
  LLVMContext context;
  std::unique_ptr<Module> translated = translateToLLVM(module, context, machine);
  if (!translated)
    return failure("a kernel could not be translated to LLVM IR; see the diagnostics");
  return generateCode(*translated, machine, CodeGenFileType::ObjectFile);
}

/// Takes the bodies of the rare functions out of `module`; gives their objects.
Expected<std::vector<MemoryBufferRef>> separateRare(mlir::ModuleOp module, const TargetInfo &target,
                                                    TargetMachine &machine) {
  std::vector<MemoryBufferRef> objects;
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    if (!function->hasAttr(kRareAttribute) || function.isDeclaration())
      continue;
    std::string key = (target.cpu + "|" + target.features + "|" + function.getName()).str();
    const SmallString<0> *known = nullptr;
    {
      std::lock_guard lock(rarePool().mutex);
      auto found = rarePool().objects.find(key);
      if (found != rarePool().objects.end())
        known = &found->second;
    }
    if (!known) {
      mlir::OwningOpRef<mlir::ModuleOp> own = mlir::ModuleOp::create(module.getLoc());
      auto clone = cast<mlir::func::FuncOp>(function->clone());
      own->push_back(clone);
      clone.setPublic();
      if (failed(lowerToLLVMDialect(*own)))
        return failure("a function could not be lowered to the LLVM dialect; see the diagnostics");
      auto object = compileToObject(*own, machine);
      if (!object)
        return object.takeError();
      std::lock_guard lock(rarePool().mutex);
      known = &rarePool().objects.try_emplace(key, std::move(*object)).first->second;
    }
    function.eraseBody();
    objects.emplace_back(*known, function.getName());
  }
  return objects;
}

} // namespace

Expected<Image> compileModule(mlir::ModuleOp module, const TargetInfo &target, DumpSink *dump,
                              BackendTimes *times) {
  BackendTimes unused;
  BackendTimes &t = times ? *times : unused;
  auto clock = std::chrono::steady_clock::now();

  auto machine = TargetMachineHandle::forX86(target);
  if (!machine)
    return machine.takeError();
  auto objects = separateRare(module, target, **machine);
  if (!objects)
    return objects.takeError();
  t.codegenMs += millisecondsSince(clock);

  if (failed(lowerToLLVMDialect(module)))
    return failure("a kernel could not be lowered to the LLVM dialect; see the diagnostics");
  t.lowerMs += millisecondsSince(clock);
  if (dump)
    dump->write("lowered.mlir", toText(module));

  LLVMContext context;
  std::unique_ptr<Module> llvmModule = translateToLLVM(module, context, **machine);
  if (!llvmModule)
    return failure("a kernel could not be translated to LLVM IR; see the diagnostics");
  t.translateMs += millisecondsSince(clock);

  if (dump) {
    std::string text;
    raw_string_ostream stream(text);
    llvmModule->print(stream, nullptr);
    dump->write("llvm.ll", text);
    std::string broken;
    raw_string_ostream brokenStream(broken);
    if (verifyModule(*llvmModule, &brokenStream))
      return failure("the LLVM IR of a kernel is invalid: " + broken);
    // The code generator changes the module it works on, so assembly is made from a copy.
    LLVMContext copyContext;
    std::unique_ptr<Module> copy = translateToLLVM(module, copyContext, **machine);
    auto assembly = generateCode(*copy, **machine, CodeGenFileType::AssemblyFile);
    if (!assembly)
      return assembly.takeError();
    dump->write("kernel.s", *assembly);
    clock = std::chrono::steady_clock::now();
  }

  auto object = generateCode(*llvmModule, **machine, CodeGenFileType::ObjectFile);
  if (!object)
    return object.takeError();
  t.codegenMs += millisecondsSince(clock);
  objects->insert(objects->begin(), MemoryBufferRef(*object, "kernel.o"));
  auto image = flattenObjects(*objects);
  t.flattenMs += millisecondsSince(clock);
  return image;
}

void registerBackend(mlir::DialectRegistry &registry) {
  registry.insert<mlir::arith::ArithDialect, mlir::cf::ControlFlowDialect, mlir::func::FuncDialect,
                  mlir::LLVM::LLVMDialect, mlir::math::MathDialect, mlir::scf::SCFDialect,
                  mlir::vector::VectorDialect>();
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
}

} // namespace tjit::codegen
