//===- EmitModule.h - the steps that every target's back end shares
//------------------------------------------===//
#pragma once

#include "tjit-compiler/Codegen/Emit.h"

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

/// A module of the llvm dialect as LLVM IR with the machine's triple and data layout; null after a
/// diagnostic.
std::unique_ptr<llvm::Module> translateToLLVM(mlir::ModuleOp module, llvm::LLVMContext &context,
                                              llvm::TargetMachine &machine);

} // namespace tjit::codegen
