//===- GenTests.cpp - the manifest of generated tests -----------------------------------------===//

#include "OpModel.h"
#include "TestCases.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"

using namespace llvm;
using namespace tjit::tblgen;

/// "3x4xT" as the initializer of a tjit::TensorType.
static std::string tensorType(const Operation &op, StringRef text) {
  static constexpr const char *dtypes[] = {"Bool", "Byte", "Char",     "Short", "Int",
                                           "Long", "Half", "BFloat16", "Float", "Double"};
  SmallVector<StringRef> parts;
  text.split(parts, 'x');
  std::string dtype = "Undefined";
  if (parts.back() != "T") {
    int number = scalarTypeNumber(parts.back());
    if (number < 0)
      PrintFatalError(op.def, "test case of '" + op.mnemonic + "': \"" + text +
                                  "\" does not end in a dtype or T");
    dtype = dtypes[number];
  }
  parts.pop_back();
  for (StringRef size : parts) {
    uint64_t value;
    if (size.getAsInteger(10, value))
      PrintFatalError(op.def, "test case of '" + op.mnemonic + "': bad size in \"" + text + "\"");
  }
  return "{ScalarType::" + dtype + ", {" + join(parts, ", ") + "}}";
}

static bool genTestManifest(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  os << "// {OpKind, text, {operand types, Undefined: the dtype under test}, {attribute words, "
        "dtype 10: the dtype "
        "under test}}\n";
  for (const Operation &op : model.operations())
    for (const TestCase &test : op.testCases) {
      os << "{OpKind::" << op.mnemonic << ", " << quoted(test.text) << ", {";
      ListSeparator comma;
      for (const std::string &type : test.operandTypes)
        os << comma << tensorType(op, type);
      os << "}, {";
      ListSeparator separator;
      for (int64_t word : test.words)
        os << separator << word;
      os << "}},\n";
    }
  return false;
}

static mlir::GenRegistration registration("gen-test-manifest",
                                          "Generate the list of generated tests", genTestManifest);
