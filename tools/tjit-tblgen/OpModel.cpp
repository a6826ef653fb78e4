//===- OpModel.cpp - reading and checking TjitOps.td ------------------------------------------===//

#include "OpModel.h"
#include "TestCases.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Record.h"

#include <algorithm>

using namespace llvm;

namespace tjit::tblgen {

std::string camelCase(StringRef snake) {
  return convertToCamelFromSnakeCase(snake, /*capitalizeFirst=*/true);
}

std::string historyOf(StringRef name) {
  std::string history;
  bool upper = true; // at the start, and after what is no letter
  for (char c : name) {
    if (c != '_')
      history += upper ? toUpper(c) : c;
    upper = !isAlpha(c);
  }
  return history + "Backward0";
}

std::string quoted(StringRef text) {
  std::string out;
  raw_string_ostream os(out);
  os << '"';
  printEscapedString(text, os);
  os << '"';
  // printEscapedString writes hexadecimal without the `x` of C++.
  if (out.find('\\') != std::string::npos)
    PrintFatalError("text with a character that needs an escape: " + text);
  return out;
}

std::string Attribute::cppType() const {
  switch (kind) {
  case AttrKind::i64:
    return "int64_t";
  case AttrKind::boolean:
    return "bool";
  case AttrKind::f64:
    return "double";
  case AttrKind::dtype:
    return "ScalarType";
  case AttrKind::enumeration:
    return enumDef->getValueAsString("className").str();
  case AttrKind::i64Array:
    return "std::span<const int64_t>";
  }
  llvm_unreachable("covered switch");
}

static AttrKind attributeKind(const Record *op, StringRef name, const Record *type) {
  if (type->isSubClassOf("EnumAttrInfo"))
    return AttrKind::enumeration;
  static constexpr std::pair<const char *, AttrKind> kinds[] = {
      {"I64Attr", AttrKind::i64},
      {"BoolAttr", AttrKind::boolean},
      {"F64Attr", AttrKind::f64},
      {"Tjit_DTypeAttr", AttrKind::dtype},
      {"DenseI64ArrayAttr", AttrKind::i64Array}};
  for (auto &[defName, kind] : kinds)
    if (type->getName() == defName)
      return kind;
  PrintFatalError(op, "attribute '" + name + "' has type " + type->getName() +
                          ", which has no encoding in a trace; use I64Attr, BoolAttr, F64Attr, "
                          "Tjit_DTypeAttr, DenseI64ArrayAttr or an I64EnumAttr");
}

static std::pair<std::string, std::string> splitRange(const Record *op, StringRef range) {
  auto [low, high] = range.split(',');
  double l, h;
  if (low.trim().getAsDouble(l) || high.trim().getAsDouble(h) || !(l < h))
    PrintFatalError(op, "testRange is \"low, high\" with low < high; found \"" + range + "\"");
  return {low.trim().str(), high.trim().str()};
}

void OpModel::readOperation(const Record *def) {
  Operation op;
  op.def = def;
  op.mnemonic = def->getValueAsString("opName");
  op.summary = def->getValueAsString("summary");
  op.opClass = def->getValueAsDef("opClass")->getValueAsString("name");
  op.inference = def->getValueAsString("inferFn");
  op.dtypes = def->getValueAsString("dtypes");
  op.maxUlp = def->getValueAsString("maxUlp").str();
  std::tie(op.testLow, op.testHigh) = splitRange(def, def->getValueAsString("testRange"));
  op.cppName = camelCase(op.mnemonic);
  op.className = op.cppName + "Op";
  if (def->getName() != op.className)
    PrintFatalError(def, "operation '" + op.mnemonic + "' must be called " + op.className +
                             ": generated code goes by that name");
  if (op.summary.empty())
    PrintFatalError(def, "operation '" + op.mnemonic + "' has no summary");
  double ulp;
  if (StringRef(op.maxUlp).getAsDouble(ulp) || ulp < 0)
    PrintFatalError(def, "maxUlp is a number, 0 or above; found \"" + op.maxUlp + "\"");
  static const StringSet<> dtypeClasses = {"all",      "float",        "number",
                                           "integral", "floatOrInt64", "float32Or64"};
  if (!dtypeClasses.contains(op.dtypes))
    PrintFatalError(
        def, "dtypes is all, float, number, integral, floatOrInt64 or float32Or64; found \"" +
                 op.dtypes + "\"");
  for (const Record *trait : def->getValueAsListOfDefs("traits"))
    op.commutative |= trait->getName() == "Commutative";
  op.mayFail = def->getValueAsBit("mayFail") || op.opClass == "library";
  op.costly = def->getValueAsBit("costly");
  op.history = def->getValueAsString("history").str();
  if (op.history.empty())
    op.history = historyOf(op.mnemonic);

  const DagInit *arguments = def->getValueAsDag("arguments");
  for (unsigned i = 0; i < arguments->getNumArgs(); ++i) {
    StringRef name = arguments->getArgNameStr(i);
    auto *init = dyn_cast<DefInit>(arguments->getArg(i));
    if (!init || name.empty())
      PrintFatalError(def, "every argument is a type or an attribute with a name");
    const Record *type = init->getDef();
    if (type->isSubClassOf("Attr")) {
      AttrKind kind = attributeKind(def, name, type);
      op.attributes.push_back({name, kind, kind == AttrKind::enumeration ? type : nullptr});
      continue;
    }
    if (!op.attributes.empty())
      PrintFatalError(def, "operands come before attributes; '" + name + "' does not");
    if (type->isSubClassOf("Optional"))
      PrintFatalError(def, "operand '" + name + "' is optional; make two operations");
    op.operands.push_back({name, type->isSubClassOf("Variadic")});
  }
  if (op.operands.size() > 1 && llvm::any_of(op.operands, [](auto &o) { return o.variadic; }))
    PrintFatalError(def, "a variadic operand must be the only one");
  if (op.operands.size() > 30)
    PrintFatalError(def, "more than 30 operands");
  if (def->getValueAsDag("results")->getNumArgs() != 1)
    PrintFatalError(def, "an operation has exactly one result");
  op.testCases = readTestCases(op);
  ops.push_back(std::move(op));
}

const Operation &OpModel::lookup(const Record *def, const Record *use) const {
  for (const Operation &op : ops)
    if (op.def == def)
      return op;
  PrintFatalError(use, def->getName() + " is not an operation of TjitOps.td");
}

/// The values that a term of a gradient reads, as a mask; checks the term.
uint32_t OpModel::valuesRead(const Operation &op, const Record *use, const Init *term) const {
  auto *dag = dyn_cast<DagInit>(term);
  if (!dag)
    PrintFatalError(use, "a gradient is a DAG of operations; found " + term->getAsString());
  const Record *oper = dag->getOperatorAsDef(use->getLoc());
  if (oper->isSubClassOf("Tjit_Const") || oper->getName() == "Zero" ||
      oper->getName() == "NoGrad") {
    if (dag->getNumArgs())
      PrintFatalError(use, oper->getName() + " takes no arguments");
    return 0;
  }
  const Operation &called = lookup(oper, use);
  if (!called.attributes.empty() || called.variadic())
    PrintFatalError(use, "'" + called.mnemonic +
                             "' has attributes or a variable number of operands; "
                             "write the rule as a Tjit_DerivativeFn");
  if (dag->getNumArgs() != called.operands.size())
    PrintFatalError(use, "'" + called.mnemonic + "' takes " + Twine(called.operands.size()) +
                             " operands; found " + dag->getAsString());
  uint32_t mask = 0;
  for (unsigned i = 0; i < dag->getNumArgs(); ++i) {
    const Init *arg = dag->getArg(i);
    if (isa<DagInit>(arg)) {
      mask |= valuesRead(op, use, arg);
      continue;
    }
    if (isa<IntInit, StringInit>(arg))
      continue;
    StringRef name = dag->getArgNameStr(i);
    if (name.empty() || !isa<UnsetInit>(arg))
      PrintFatalError(use,
                      "an argument in a gradient is $grad, $result, an operand's name, a number, "
                      "a number in quotes or an operation; found " +
                          arg->getAsString());
    if (name == "grad")
      continue;
    if (name == "result") {
      mask |= kResultBit;
      continue;
    }
    auto it = llvm::find_if(op.operands, [&](const Operand &o) { return o.name == name; });
    if (it == op.operands.end())
      PrintFatalError(use, "'" + op.mnemonic + "' has no operand '$" + name + "'");
    mask |= 1u << (it - op.operands.begin());
  }
  return mask;
}

/// The bit of an operand, or of "result".
static uint32_t valueMask(const Operation &op, const Record *use, StringRef name) {
  if (name == "result")
    return kResultBit;
  auto it = llvm::find_if(op.operands, [&](const Operand &o) { return o.name == name; });
  if (it == op.operands.end())
    PrintFatalError(use, "'" + op.mnemonic + "' has no operand '" + name + "' to save");
  return 1u << (it - op.operands.begin());
}

void OpModel::readDerivative(const Record *def) {
  auto &op = const_cast<Operation &>(lookup(def->getValueAsDef("operation"), def));
  if (op.derivative.def)
    PrintFatalError(def, "'" + op.mnemonic + "' has two derivatives");
  Derivative &derivative = op.derivative;
  derivative.def = def;
  if (def->isSubClassOf("Tjit_DerivativeFn")) {
    derivative.function = def->getValueAsString("function");
    for (StringRef name : def->getValueAsListOfStrings("saves"))
      derivative.saved |= valueMask(op, def, name);
    const ListInit *savesFor = def->getValueAsListInit("savesFor");
    if (!savesFor->empty() && (op.variadic() || savesFor->size() != op.operands.size()))
      PrintFatalError(def, "'" + op.mnemonic +
                               "' needs one list of what is saved for each of its " +
                               Twine(op.operands.size()) + " operands");
    for (const Init *list : *savesFor) {
      uint32_t mask = 0;
      for (const Init *name : *cast<ListInit>(list))
        mask |= valueMask(op, def, cast<StringInit>(name)->getValue());
      derivative.savedByOperand.push_back(mask);
      derivative.saved |= mask;
    }
    return;
  }
  const ListInit *gradients = def->getValueAsListInit("gradients");
  if (op.variadic() || gradients->size() != op.operands.size())
    PrintFatalError(def, "'" + op.mnemonic + "' needs one gradient for each of its " +
                             Twine(op.operands.size()) + " operands");
  for (const Init *gradient : *gradients) {
    derivative.savedByOperand.push_back(valuesRead(op, def, gradient));
    derivative.saved |= derivative.savedByOperand.back();
    derivative.gradients.push_back(cast<DagInit>(gradient));
  }
}

OpModel::OpModel(const RecordKeeper &records) {
  auto inFileOrder = [&](StringRef className) {
    std::vector<const Record *> defs = records.getAllDerivedDefinitions(className);
    llvm::sort(defs, [](const Record *a, const Record *b) { return a->getID() < b->getID(); });
    return defs;
  };
  StringSet<> seen;
  for (const Record *def : inFileOrder("Tjit_Op")) {
    readOperation(def);
    if (!seen.insert(ops.back().mnemonic).second)
      PrintFatalError(def, "two operations are called '" + ops.back().mnemonic + "'");
  }
  if (ops.empty())
    PrintFatalError("no operations: is this TjitOps.td?");
  for (const Record *def : inFileOrder("Tjit_Derivative"))
    readDerivative(def);
  for (const Record *def : inFileOrder("Tjit_DerivativeFn"))
    readDerivative(def);
}

} // namespace tjit::tblgen
