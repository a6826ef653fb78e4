//===- CodeText.h - when two kernels have the same code
//---------------------------------------------===//
//
// Code that reads its sizes from parameters serves every kernel for which the emitters write the
// same code. Whether they do is found by writing it, which takes a tenth of the time of compiling
// it, and comparing: the text of functions here is all that they compute, without names and
// locations.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

#include <string>

namespace tjit::codegen {

/// Makes the text of functions of one context. Attributes and types are written as 128-bit hashes
/// of their own text, which a context's writer remembers.
class CodeTextWriter {
public:
  /// Appends the text of `function`. Two functions with the same text do the same.
  void append(mlir::func::FuncOp function, std::string &text);

private:
  struct Hash {
    uint64_t low = 0, high = 0;
  };
  void appendBlock(mlir::Block &block);
  void appendOperation(mlir::Operation &op);
  void put(uint64_t word) { text->append(reinterpret_cast<const char *>(&word), sizeof word); }
  void put(Hash hash) { put(hash.low), put(hash.high); }
  Hash hashOf(mlir::Attribute attribute);
  Hash hashOf(mlir::Type type);
  Hash hashOf(mlir::OperationName name);

  std::string *text = nullptr;
  llvm::DenseMap<mlir::Value, uint64_t> numbers; ///< of one function
  llvm::DenseMap<const void *, Hash> known;      ///< unique attributes, types and names
};

} // namespace tjit::codegen
