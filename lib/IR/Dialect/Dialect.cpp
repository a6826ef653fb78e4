//===- Dialect.cpp - registration of the tjit dialect -----------------------------------------===//

#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "tjit-compiler/IR/TjitDialect.cpp.inc"
#include "tjit-compiler/IR/TjitEnums.cpp.inc"

#define GET_OP_CLASSES
#include "tjit-compiler/IR/TjitOps.cpp.inc"

void tjit::ir::TjitDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "tjit-compiler/IR/TjitOps.cpp.inc"
      >();
  addStructureOperations();
}
