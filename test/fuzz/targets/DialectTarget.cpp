//===- DialectTarget.cpp - libFuzzer on programs of the dialect as text -----------------------===//
//
//   text --> parser, verifiers --> module --> text --> the same module
//
// Whatever is refused is refused with a diagnostic; what is accepted prints as it was read.
//
//===------------------------------------------------------------------------------------------===//

#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

#include <cstdio>
#include <cstdlib>
#include <string>

static mlir::MLIRContext &context() {
  static mlir::MLIRContext &context = *[] {
    mlir::DialectRegistry registry;
    registry.insert<tjit::ir::TjitDialect, mlir::func::FuncDialect, mlir::arith::ArithDialect>();
    auto *made = new mlir::MLIRContext(registry, mlir::MLIRContext::Threading::DISABLED);
    made->loadAllAvailableDialects();
    return made;
  }();
  return context;
}

static std::string print(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module->print(stream);
  return text;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::string text(reinterpret_cast<const char *>(data), size);
  bool diagnosed = false;
  mlir::ScopedDiagnosticHandler handler(&context(), [&](mlir::Diagnostic &diagnostic) {
    diagnosed |= diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    return mlir::success();
  });
  const auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context());
  const char *wrong = nullptr;
  if (!module && !diagnosed)
    wrong = "a program was refused without a diagnostic";
  if (module) {
    const std::string printed = print(*module);
    const auto again = mlir::parseSourceString<mlir::ModuleOp>(printed, &context());
    if (!again)
      wrong = "what was printed is refused";
    else if (print(*again) != printed)
      wrong = "a program prints differently after it was printed and read";
  }
  if (wrong) {
    std::fprintf(stderr, "DialectTarget: %s\n", wrong);
    std::abort();
  }
  return 0;
}
