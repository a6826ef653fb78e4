//===- GenImporter.cpp - between trace nodes and MLIR operations ------------------------------===//
//
// For every operation: make it from words, write its words, its type inference and its verifier.
// The last two are calls of one generic function; what is generated is the access to the
// operation's own attributes.
//
//===------------------------------------------------------------------------------------------===//

#include "OpModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tjit::tblgen;

/// The expression that makes an MLIR attribute of a plain value.
static std::string toMlir(const Attribute &a) {
  std::string value = "attrs." + a.name.str();
  switch (a.kind) {
  case AttrKind::i64:
    return "b.getI64IntegerAttr(" + value + ")";
  case AttrKind::boolean:
    return "b.getBoolAttr(" + value + ")";
  case AttrKind::f64:
    return "b.getF64FloatAttr(" + value + ")";
  case AttrKind::dtype:
    return "mlir::TypeAttr::get(elementType(b.getContext(), " + value + "))";
  case AttrKind::enumeration:
    return formatv("{0}Attr::get(b.getContext(), static_cast<{0}>({1}))", a.cppType(), value);
  case AttrKind::i64Array:
    return "b.getDenseI64ArrayAttr({" + value + ".data(), " + value + ".size()})";
  }
  llvm_unreachable("covered switch");
}

/// The expression that makes a plain value of an MLIR accessor's.
static std::string fromMlir(const Attribute &a) {
  std::string value = "op.get" + camelCase(a.name) + "()";
  switch (a.kind) {
  case AttrKind::i64:
    return "static_cast<int64_t>(" + value + ")";
  case AttrKind::boolean:
  case AttrKind::i64Array:
    return value;
  case AttrKind::f64:
    return value + ".convertToDouble()";
  case AttrKind::dtype:
    return "scalarTypeOf(" + value + ")";
  case AttrKind::enumeration:
    return "static_cast<tjit::" + a.cppType() + ">(" + value + ")";
  }
  llvm_unreachable("covered switch");
}

static void emitOperation(const Operation &op, raw_ostream &os) {
  os << "//===- " << op.mnemonic << "\n";
  os << formatv(
      "static mlir::Operation *import{0}(mlir::OpBuilder &b, mlir::Location loc, mlir::Type type,\n"
      "                                  mlir::ValueRange operands, const int64_t *words) {{\n",
      op.cppName);
  if (!op.attributes.empty())
    os << "  auto attrs = " << op.cppName << "Attrs::read(words);\n";
  os << "  return " << op.className << "::create(b, loc, type";
  if (op.variadic())
    os << ", operands";
  else
    for (unsigned i = 0; i < op.operands.size(); ++i)
      os << ", operands[" << i << "]";
  for (const Attribute &a : op.attributes)
    os << ",\n      " << toMlir(a);
  os << ").getOperation();\n}\n";

  os << formatv("template <class T> static void words{0}(T op, AttrWords &words) {{\n", op.cppName);
  if (!op.attributes.empty()) {
    os << "  " << op.cppName << "Attrs{";
    ListSeparator comma;
    for (const Attribute &a : op.attributes)
      os << comma << fromMlir(a);
    os << "}.write(words);\n";
  }
  os << "}\n";

  os << formatv(R"(mlir::LogicalResult {0}::inferReturnTypes(
    mlir::MLIRContext *context, std::optional<mlir::Location> location, mlir::ValueRange operands,
    mlir::DictionaryAttr attributes, mlir::OpaqueProperties properties, mlir::RegionRange regions,
    llvm::SmallVectorImpl<mlir::Type> &types) {{
  AttrWords words;
  words{1}(Adaptor(operands, attributes, properties, regions), words);
  return inferResult(OpKind::{2}, context, location, operands, words.span(), types);
}
mlir::LogicalResult {0}::refineReturnTypes(
    mlir::MLIRContext *, std::optional<mlir::Location>, mlir::ValueRange, mlir::DictionaryAttr,
    mlir::OpaqueProperties, mlir::RegionRange, llvm::SmallVectorImpl<mlir::Type> &) {{
  return mlir::success(); // verify() compares the types, and says what is wrong once
}
mlir::LogicalResult {0}::verify() {{
  AttrWords words;
  words{1}(*this, words);
  return verifyResult(OpKind::{2}, getOperation(), words.span());
}

)",
                op.className, op.cppName, op.mnemonic);
}

static bool genImporter(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  os << "// Included in lib/IR/Dialect/OpBridge.cpp, in namespace tjit::ir.\n\n";
  for (const Operation &op : model.operations())
    emitOperation(op, os);
  os << "static const OpBridge kBridges[] = {\n";
  for (const Operation &op : model.operations())
    os << formatv(
        "    {{mlir::TypeID::get<{0}>(), import{1}, [](mlir::Operation *op, AttrWords &words) {{ "
        "words{1}(mlir::cast<{0}>(op), words); }},\n",
        op.className, op.cppName);
  os << "};\n";
  return false;
}

static mlir::GenRegistration
    registration("gen-importer", "Generate what stands between trace nodes and MLIR operations",
                 genImporter);
