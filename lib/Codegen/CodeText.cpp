//===- CodeText.cpp - when two kernels have the same code
//-------------------------------------------===//
//
// See CodeText.h.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/CodeText.h"

#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace tjit::codegen {

namespace {

template <typename T> std::string textOf(const T &printable) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << printable;
  return text;
}

} // namespace

void CodeTextWriter::append(func::FuncOp function, std::string &to) {
  text = &to;
  numbers.clear();
  put(function.getBody().front().getNumArguments());
  appendBlock(function.getBody().front());
}

void CodeTextWriter::appendBlock(Block &block) {
  put(block.getNumArguments());
  for (BlockArgument argument : block.getArguments()) {
    numbers[argument] = numbers.size();
    put(hashOf(argument.getType()));
  }
  for (Operation &op : block)
    appendOperation(op);
}

void CodeTextWriter::appendOperation(Operation &op) {
  put(hashOf(op.getName()));
  put(op.getNumOperands() | uint64_t(op.getNumResults()) << 32 |
      uint64_t(op.getNumRegions()) << 48);
  for (Value operand : op.getOperands())
    put(numbers.lookup(operand));
  for (Value result : op.getResults()) {
    numbers[result] = numbers.size();
    put(hashOf(result.getType()));
  }
  // Properties are attributes here, without the names of their places.
  put(hashOf(op.getAttrDictionary()));
  for (Region &region : op.getRegions()) {
    put(region.getBlocks().size());
    for (Block &block : region)
      appendBlock(block);
  }
}

CodeTextWriter::Hash CodeTextWriter::hashOf(Attribute attribute) {
  auto [at, isNew] = known.try_emplace(attribute.getAsOpaquePointer());
  if (isNew) {
    const std::string printed = textOf(attribute);
    auto hash = llvm::xxh3_128bits(
        llvm::ArrayRef(reinterpret_cast<const uint8_t *>(printed.data()), printed.size()));
    at->second = {hash.low64, hash.high64};
  }
  return at->second;
}

CodeTextWriter::Hash CodeTextWriter::hashOf(Type type) {
  auto [at, isNew] = known.try_emplace(type.getAsOpaquePointer());
  if (isNew) {
    const std::string printed = textOf(type);
    auto hash = llvm::xxh3_128bits(
        llvm::ArrayRef(reinterpret_cast<const uint8_t *>(printed.data()), printed.size()));
    at->second = {hash.low64, hash.high64};
  }
  return at->second;
}

CodeTextWriter::Hash CodeTextWriter::hashOf(OperationName name) {
  return hashOf(name.getIdentifier());
}

} // namespace tjit::codegen
