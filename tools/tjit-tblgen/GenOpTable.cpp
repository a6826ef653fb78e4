//===- GenOpTable.cpp -------------------------------------------------------------------------===//
// The enumeration of operations and the table of what the .td says of each.

#include "OpModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include "llvm/TableGen/Record.h"

using namespace llvm;
using namespace tjit::tblgen;

static bool genOpKinds(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  for (const Operation &op : model.operations())
    os << "TJIT_OP(" << op.mnemonic << ")\n";
  return false;
}

static const char *attrKindName(AttrKind kind) {
  static constexpr const char *names[] = {"i64",   "boolean",     "f64",
                                          "dtype", "enumeration", "i64Array"};
  return names[static_cast<int>(kind)];
}

/// Bit per ScalarType.
static unsigned dtypeMask(StringRef dtypes) {
  if (dtypes == "float")
    return 0x3c0;
  if (dtypes == "number")
    return 0x3fe;
  if (dtypes == "integral")
    return 0x03f;
  if (dtypes == "floatOrInt64")
    return 0x3e0;
  if (dtypes == "float32Or64")
    return 0x300;
  return 0x3ff;
}

/// What the words of a trace mean: the operations in their order, their operands and attributes,
/// and the cases of enumerations.
static uint64_t hashOf(const OpModel &model) {
  std::string text;
  raw_string_ostream os(text);
  for (const Operation &op : model.operations()) {
    os << op.mnemonic << ' ' << (op.variadic() ? -1 : int(op.operands.size()));
    for (const Attribute &a : op.attributes) {
      os << ' ' << a.name << ':' << attrKindName(a.kind);
      if (a.enumDef)
        for (const Record *enumCase : a.enumDef->getValueAsListOfDefs("enumerants"))
          os << '|' << enumCase->getValueAsString("symbol");
    }
    os << '\n';
  }
  return xxh3_64bits(text);
}

static bool genOpTable(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  os << "// The table behind tjit::opInfo, in the order of OpKind. Included in namespace tjit.\n\n";
  for (const Operation &op : model.operations()) {
    if (!op.attributes.empty()) {
      os << "static constexpr AttrInfo k" << op.cppName << "Attributes[] = {";
      for (const Attribute &a : op.attributes)
        os << "{" << quoted(a.name) << ", AttrKind::" << attrKindName(a.kind) << "}, ";
      os << "};\n";
    }
    if (!op.derivative.savedByOperand.empty()) {
      os << "static constexpr uint32_t k" << op.cppName << "Saved[] = {";
      for (uint32_t mask : op.derivative.savedByOperand)
        os << formatv("{0:x}, ", mask);
      os << "};\n";
    }
  }
  os << "\nconst OpInfo kOpTable[] = {\n";
  for (const Operation &op : model.operations()) {
    std::string attributes = op.attributes.empty() ? "nullptr" : "k" + op.cppName + "Attributes";
    std::string saved =
        op.derivative.savedByOperand.empty() ? "nullptr" : "k" + op.cppName + "Saved";
    os << formatv(
        "    {{{0}, OpClass::{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8:x}, {9}, {10}, {11}, {12}, "
        "{13:x}, {14}, {15}, {16}, {17}},\n",
        quoted(op.mnemonic), op.opClass, op.commutative ? "true" : "false",
        op.mayFail ? "true" : "false", op.variadic() ? -1 : int(op.operands.size()),
        op.attributes.size(), attributes, quoted(op.dtypes), dtypeMask(op.dtypes), op.maxUlp,
        op.testLow, op.testHigh, op.differentiable() ? "true" : "false", op.derivative.saved, saved,
        op.costly ? "true" : "false", quoted(op.history), quoted(op.summary));
  }
  os << "};\n\n" << formatv("uint64_t operationsHash() {{ return {0:x}; }\n", hashOf(model));
  return false;
}

static mlir::GenRegistration
    kinds("gen-op-kinds", "Generate the list of operations: TJIT_OP(mnemonic)", genOpKinds);
static mlir::GenRegistration table("gen-op-table", "Generate kOpTable", genOpTable);
