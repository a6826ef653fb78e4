//===- GenOpBuilder.cpp - OpBuilder<D, V>: one method per operation over any way of recording -===//

#include "OpModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tjit::tblgen;

static void emitMethod(const Operation &op, raw_ostream &os) {
  os << "  /// " << op.summary << "\n  V " << op.mnemonic << "(";
  ListSeparator comma;
  for (const Operand &o : op.operands)
    os << comma << (o.variadic ? "std::span<const V> " : "const V &") << o.name;
  for (const Attribute &a : op.attributes)
    os << comma << a.cppType() << " " << a.name;
  os << ") {\n";
  std::string words = "{}";
  if (!op.attributes.empty()) {
    os << "    AttrWords words;\n    " << op.cppName << "Attrs{";
    ListSeparator separator;
    for (const Attribute &a : op.attributes)
      os << separator << a.name;
    os << "}.write(words);\n";
    words = "words.span()";
  }
  std::string operands = "{}";
  if (op.variadic()) {
    operands = op.operands[0].name.str();
  } else if (!op.operands.empty()) {
    os << "    const V operands[] = {";
    ListSeparator separator;
    for (const Operand &o : op.operands)
      os << separator << o.name;
    os << "};\n";
    operands = "operands";
  }
  os << "    return derived().build(OpKind::" << op.mnemonic << ", " << operands << ", " << words
     << ");\n  }\n";
}

static bool genOpBuilder(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  os << R"(// One method per operation, over any way of recording. D derives from OpBuilder<D, V> and provides
//   TensorType typeOf(const V &);
//   V create(OpKind, std::span<const V> operands, std::span<const int64_t> attributeWords, const TensorType &result);
//   V inferenceFailed(const InferContext &context);   // throws, or reports context.error and returns a null value
#pragma once

#include "IR/AttrWords.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

namespace tjit {

template <class D, class V> class OpBuilder {
public:
  using Value = V;

)";
  for (const Operation &op : model.operations())
    emitMethod(op, os);
  os << R"(
  /// Any operation, by kind; the result's type is inferred.
  V build(OpKind kind, std::span<const V> operands, std::span<const int64_t> words) {
    constexpr size_t kMany = 4;
    TensorType few[kMany];
    const TensorType *fewPointers[kMany];
    std::vector<TensorType> many;
    std::vector<const TensorType *> manyPointers;
    TensorType *types = few;
    const TensorType **pointers = fewPointers;
    if (operands.size() > kMany) {
      many.resize(operands.size());
      manyPointers.resize(operands.size());
      types = many.data();
      pointers = manyPointers.data();
    }
    for (size_t i = 0; i < operands.size(); ++i) {
      types[i] = derived().typeOf(operands[i]);
      pointers[i] = &types[i];
    }
    InferContext context{kind, {pointers, operands.size()}, words.data(), {}, {}};
    if (!inferType(context))
      return derived().inferenceFailed(context);
    return derived().create(kind, operands, words, context.result);
  }

private:
  D &derived() { return static_cast<D &>(*this); }
};

} // namespace tjit
)";
  return false;
}

static mlir::GenRegistration registration("gen-op-builder",
                                          "Generate OpBuilder<D, V>, a method per operation",
                                          genOpBuilder);
