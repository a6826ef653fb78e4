//===- GenOpAttrs.cpp -------------------------------------------------------------------------===//
// A struct per operation with attributes: typed access to a trace's words.

#include "OpModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Record.h"

#include <map>

using namespace llvm;
using namespace tjit::tblgen;

/// Plain C++ twins of the enumerations that attributes use.
static void emitEnums(const OpModel &model, raw_ostream &os) {
  std::map<std::string, const Record *> enums;
  for (const Operation &op : model.operations())
    for (const Attribute &a : op.attributes)
      if (a.enumDef)
        enums[a.enumDef->getValueAsString("className").str()] = a.enumDef;
  for (auto &[name, def] : enums) {
    os << "/// " << def->getValueAsString("summary") << "\nenum class " << name << " : int64_t {\n";
    for (const Record *c : def->getValueAsListOfDefs("enumerants"))
      os << "  " << c->getValueAsString("symbol") << " = " << c->getValueAsInt("value") << ",\n";
    os << "};\n\n";
  }
}

static void emitStruct(const Operation &op, raw_ostream &os) {
  os << "/// Attributes of `" << op.mnemonic << "`. Arrays read from words stay in them.\n";
  os << "struct " << op.cppName << "Attrs {\n";
  for (const Attribute &a : op.attributes)
    os << "  " << a.cppType() << " " << a.name << ";\n";
  os << "\n  static " << op.cppName << "Attrs read(const int64_t *words) {\n";
  os << "    " << op.cppName << "Attrs attrs;\n";
  for (const Attribute &a : op.attributes) {
    os << "    attrs." << a.name << " = ";
    if (a.kind == AttrKind::i64Array)
      os << "{words + 1, static_cast<size_t>(words[0])};\n    words += words[0] + 1;\n";
    else if (a.kind == AttrKind::f64)
      os << "std::bit_cast<double>(*words++);\n";
    else if (a.kind == AttrKind::boolean)
      os << "*words++ != 0;\n";
    else
      os << "static_cast<" << a.cppType() << ">(*words++);\n";
  }
  os << "    return attrs;\n  }\n  template <class Words> void write(Words &words) const {\n";
  for (const Attribute &a : op.attributes) {
    if (a.kind == AttrKind::i64Array)
      os << formatv("    words.push_back(static_cast<int64_t>({0}.size()));\n"
                    "    for (int64_t word : {0})\n      words.push_back(word);\n",
                    a.name);
    else if (a.kind == AttrKind::f64)
      os << "    words.push_back(std::bit_cast<int64_t>(" << a.name << "));\n";
    else
      os << "    words.push_back(static_cast<int64_t>(" << a.name << "));\n";
  }
  os << "  }\n};\n\n";
}

static bool genOpAttrs(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  os << "// Typed access to the attribute words of a trace. `read` trusts its words: decodeTrace "
        "has checked "
        "them.\n#pragma once\n\n#include \"IR/TensorType.h\"\n\n#include <bit>\n#include <span>\n\n"
        "namespace tjit {\n\n";
  emitEnums(model, os);
  for (const Operation &op : model.operations())
    if (!op.attributes.empty())
      emitStruct(op, os);
  os << "} // namespace tjit\n";
  return false;
}

static mlir::GenRegistration
    registration("gen-op-attrs", "Generate the attribute structs of the operations", genOpAttrs);
