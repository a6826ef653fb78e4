//===- EmitModule.h ---------------------------------------------------------------------------===//
// The steps that every target's back end shares.
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CodeGen.h"

#include <memory>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace tjit::codegen {

/// func, scf, vector, arith, math and cf become the llvm dialect, in place. Failure has emitted a
/// diagnostic.
llvm::LogicalResult lowerToLLVMDialect(mlir::ModuleOp module);

/// A module of the llvm dialect (builtin.module or gpu.module) as LLVM IR with the machine's triple
/// and data layout; null after a diagnostic.
std::unique_ptr<llvm::Module> translateToLLVM(mlir::Operation *module, llvm::LLVMContext &context,
                                              llvm::TargetMachine &machine);

/// Runs the code generator on `module`, which it changes; gives an object, or assembly.
llvm::Expected<llvm::SmallString<0>>
generateCode(llvm::Module &module, llvm::TargetMachine &machine, llvm::CodeGenFileType type);

} // namespace tjit::codegen
