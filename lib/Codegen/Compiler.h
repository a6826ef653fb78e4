//===- Compiler.h -----------------------------------------------------------------------------===//
// From a function of the dialect to the bytes of an executable.
//
// The driver that the C entry point and tjit-run share: passes, emission of what the kernel cache
// does not hold, one run of LLVM, plan.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/CodeText.h"
#include "Codegen/KernelCache.h"
#include "Codegen/Plan.h"
#include "Runtime/CompilerInterface.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

#include <array>
#include <functional>

namespace tjit::codegen {

struct CompileOptions {
  TargetInfo target;
  DumpSink *dump = nullptr;
  bool printPlan = false;
  bool wantsRemarks = false;
  bool unfused = false; ///< a kernel for each operation, to be found in the cache of kernels
  /// Asked between stages; true: the result is not wanted any more.
  std::function<bool()> cancelled;
};

/// Milliseconds by tjit_compile_stage.
using StageTimes = std::array<double, tjit_num_stages>;

struct CompiledFunction {
  std::vector<uint8_t> bytes; ///< IR/Executable.h
  std::string plan;           ///< Plan::print, where CompileOptions asks for it
  std::string remarks;        ///< of the fuser, a line each, where CompileOptions asks for them
  StageTimes stageMs{};
  unsigned kernelsCompiled = 0, kernelsReused = 0;
  unsigned kernelsWritten = 0; ///< by the emitters: what was compiled, and what was only compared
};

/// A context with the dialects loaded and the pass pipeline built, which takes longer than a
/// compilation: reused, by one thread at a time.
class CompilerContext {
public:
  CompilerContext();

  mlir::MLIRContext &mlir() { return context; }

  /// Compiles `func`, the only function of its module that is looked at; the module is changed.
  /// Errors carry the diagnostics, with locations.
  llvm::Expected<CompiledFunction> compile(mlir::func::FuncOp func, const PlanRequest &request,
                                           const CompileOptions &options, KernelCache &cache);
  unsigned compilations = 0;

private:
  mlir::MLIRContext context;
  DumpSink *dump = nullptr; ///< of the compilation that is running
  StageTimes *times = nullptr;
  std::string *remarks = nullptr;
  std::unique_ptr<mlir::PassManager> passes;
  CodeTextWriter texts; ///< remembers attributes of `context`
};

/// Dialects of everything between a trace and machine code, for tools.
void registerCompilerDialects(mlir::DialectRegistry &registry);

} // namespace tjit::codegen
