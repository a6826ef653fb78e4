//===- tjit-opt.cpp - reads, transforms, checks and prints programs of the tjit dialect -------===//
//
//   tjit-opt in.mlir --canonicalize --cse --tjit-fuse
//   tjit-opt in.mlir --tjit-fuse --tjit-to-nvptx=chip=sm_80 --emit=ptx
//
// `tjit-opt --help` lists tjit's passes and pipelines and the few of MLIR that go with them.
//
//===------------------------------------------------------------------------------------------===//

#include "tjit-compiler/Autodiff/Passes.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/Codegen/Ptx.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

/// libLLVM.so registers the options of every target and pass of LLVM; none means anything here.
/// MLIR's own options are registered by MlirOptMain and stay.
static void hideOptionsOfLLVM() {
  for (auto &[name, option] : llvm::cl::getRegisteredOptions())
    if (!llvm::is_contained(
            {"emit", "help", "version", "help-list", "help-hidden", "help-list-hidden"}, name))
      option->setHiddenFlag(llvm::cl::ReallyHidden);
}

namespace {
enum class Emit { mlir, ptx };
}
static llvm::cl::opt<Emit>
    emit("emit", llvm::cl::desc("What to print after the passes:"), llvm::cl::init(Emit::mlir),
         llvm::cl::values(clEnumValN(Emit::mlir, "mlir", "the program"),
                          clEnumValN(Emit::ptx, "ptx", "PTX of the gpu.modules in it")));

/// Runs the passes, then prints the PTX of what they leave.
static mlir::LogicalResult printPtx(llvm::StringRef inputName, llvm::StringRef outputName,
                                    mlir::DialectRegistry &registry) {
  std::string error, program;
  auto input = mlir::openInputFile(inputName, &error);
  auto output = mlir::openOutputFile(outputName, &error);
  if (!input || !output) {
    llvm::errs() << error << "\n";
    return mlir::failure();
  }
  llvm::raw_string_ostream stream(program);
  if (failed(mlir::MlirOptMain(stream, std::move(input), registry,
                               mlir::MlirOptMainConfig::createFromCLOptions())))
    return mlir::failure();
  tjit::codegen::registerPtx(registry);
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(program, &context, inputName);
  if (!module)
    return mlir::failure();
  auto ptx = tjit::codegen::emitPtx(*module);
  if (!ptx) {
    llvm::errs() << "tjit-opt: " << llvm::toString(ptx.takeError()) << "\n";
    return mlir::failure();
  }
  output->os() << *ptx;
  output->keep();
  return mlir::success();
}

int main(int argc, char **argv) {
  hideOptionsOfLLVM();
  mlir::DialectRegistry registry;
  registry.insert<tjit::ir::TjitDialect, mlir::func::FuncDialect, mlir::arith::ArithDialect,
                  mlir::math::MathDialect, mlir::scf::SCFDialect, mlir::cf::ControlFlowDialect,
                  mlir::vector::VectorDialect, mlir::gpu::GPUDialect, mlir::LLVM::LLVMDialect,
                  mlir::NVVM::NVVMDialect>();
  mlir::func::registerInlinerExtension(registry);
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  mlir::registerInlinerPass();
  mlir::registerSymbolDCEPass();
  mlir::registerPrintIRPass();
  tjit::autodiff::registerAutodiffPasses();
  tjit::autodiff::registerAutodiffPasses();
  tjit::codegen::registerPassesAndPipelines();
  auto [input, output] = mlir::registerAndParseCLIOptions(
      argc, argv, "tjit: reads, transforms, checks and prints programs\n", registry);
  if (emit == Emit::ptx)
    return mlir::asMainReturnCode(printPtx(input, output, registry));
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, input, output, registry));
}
