//===- OpModel.h - the operations as the generators see them ----------------------------------===//
//
// Reads the records of TjitOps.td once, checks them, and ends the program with a located error
// where an entry says something that no generator could turn into code.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace llvm {
class DagInit;
class Init;
class Record;
class RecordKeeper;
} // namespace llvm

namespace tjit::tblgen {

/// Mirrors tjit::AttrKind (lib/IR/OpKind.h).
enum class AttrKind { i64, boolean, f64, dtype, enumeration, i64Array };

struct Attribute {
  llvm::StringRef name;
  AttrKind kind;
  const llvm::Record *enumDef = nullptr; // of an enumeration

  /// The type of a parameter or field that holds it, in plain C++.
  std::string cppType() const;
};

struct Operand {
  llvm::StringRef name;
  bool variadic = false;
};

/// How an operation is differentiated: by one DAG per operand, or by a named C++ template.
struct Derivative {
  const llvm::Record *def = nullptr;
  std::vector<const llvm::DagInit *> gradients;
  llvm::StringRef function;
  uint32_t saved = 0; // bit per operand, kResultBit
  std::vector<uint32_t>
      savedByOperand; // what each gradient alone reads; empty for a named function
};
inline constexpr uint32_t kResultBit = 1u << 31;

/// One generated test: attribute values in the operation's order, as the words of a trace.
struct TestCase {
  llvm::StringRef text;
  std::vector<std::string> operandTypes; // "2x3xT", or "2x3xi64" where the dtype is fixed
  std::vector<int64_t> words;
};

struct Operation {
  const llvm::Record *def;
  llvm::StringRef mnemonic, summary, opClass, inference, dtypes;
  std::string cppName;   // of the MLIR class and the attribute struct: "WriteView"
  std::string className; // "WriteViewOp"
  bool commutative = false, mayFail = false, costly = false;
  std::string maxUlp, testLow, testHigh;
  std::string history; // what grad_fn()->name() is by default
  std::vector<Operand> operands;
  std::vector<Attribute> attributes;
  Derivative derivative;
  std::vector<TestCase> testCases;

  bool variadic() const { return operands.size() == 1 && operands[0].variadic; }
  bool differentiable() const { return derivative.def != nullptr; }
};

class OpModel {
public:
  explicit OpModel(const llvm::RecordKeeper &records);

  /// In the order of the file, which is the order of OpKind.
  const std::vector<Operation> &operations() const { return ops; }
  /// The operation that a record defines; ends with an error at `use` if it is none.
  const Operation &lookup(const llvm::Record *def, const llvm::Record *use) const;

private:
  void readOperation(const llvm::Record *def);
  void readDerivative(const llvm::Record *def);
  uint32_t valuesRead(const Operation &op, const llvm::Record *use, const llvm::Init *term) const;

  std::vector<Operation> ops;
};

/// "write_view" -> "WriteView", "as_strided" -> "AsStrided": MLIR's names of classes and accessors.
std::string camelCase(llvm::StringRef snake);
/// The name that the history of a function or an operation has where the table gives none, as
/// PyTorch spells it: "log1p": Log1PBackward0.
std::string historyOf(llvm::StringRef name);
/// A C++ string literal.
std::string quoted(llvm::StringRef text);

} // namespace tjit::tblgen
