//===- tjit-op-examples.cpp - a function for every test case of every operation ---------------===//
//
// Writes the module that the round trip of the operations is tested with; see
// test/IR/operations.test.
//
//===------------------------------------------------------------------------------------------===//

#include "../unit/IR/GeneratedTests.h"
#include "IR/Dialect/OpBridge.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"

using namespace tjit;

/// func.func @add_0(%arg0: ..., %arg1: ...) -> ... of the case, at float32 where that is one of the
/// operation's dtypes.
static bool emitCase(mlir::OpBuilder &b, const GeneratedTest &test, unsigned number) {
  GeneratedTest instance;
  TensorType result;
  std::string error;
  if (!instantiate(test, kFloat32, instance) && !instantiate(test, kInt64, instance))
    return false;
  if (!inferResult(instance, result, error)) {
    llvm::errs() << opInfo(test.kind).mnemonic << " " << test.text << ": " << error << "\n";
    return false;
  }
  mlir::OpBuilder::InsertionGuard guard(b);
  mlir::Location location = b.getUnknownLoc();
  llvm::SmallVector<mlir::Type> operands;
  for (const TensorType &type : instance.operands)
    operands.push_back(ir::tensorType(b.getContext(), type));
  mlir::Type type = ir::tensorType(b.getContext(), result);
  std::string name = std::string(opInfo(test.kind).mnemonic) + "_" + std::to_string(number);
  auto func = mlir::func::FuncOp::create(b, location, name, b.getFunctionType(operands, type));
  mlir::Block *block = func.addEntryBlock();
  b.setInsertionPointToEnd(block);
  mlir::Operation *op =
      ir::createOperation(test.kind, b, location, type, block->getArguments(), instance.words);
  mlir::func::ReturnOp::create(b, location, op->getResults());
  return true;
}

int main() {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<ir::TjitDialect, mlir::func::FuncDialect>();
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::ModuleOp::create(mlir::UnknownLoc::get(&context));
  auto b = mlir::OpBuilder::atBlockEnd(module->getBody());
  unsigned number = 0;
  for (const GeneratedTest &test : generatedTests())
    if (!emitCase(b, test, number++))
      return 1;
  module->print(llvm::outs());
  llvm::outs() << "\n"; // as tjit-opt does
  return 0;
}
