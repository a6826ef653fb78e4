//===- GenRules.cpp - derivative rules: DAGs as C++ templates, and the dispatch by kind -------===//

#include "OpModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Record.h"

using namespace llvm;
using namespace tjit::tblgen;

namespace {

/// Turns one operation's DAGs into statements, one temporary per step: C++ leaves the order in
/// which nested calls are made open, and a trace must come out the same with every compiler.
class RuleEmitter {
public:
  RuleEmitter(const OpModel &model, const Operation &op, raw_ostream &os)
      : model(model), op(op), os(os) {}

  void emit() {
    os << formatv("template <class B> void {0}GeneratedRule(RuleContext<B> &c) {{\n", op.mnemonic);
    for (auto [i, gradient] : enumerate(op.derivative.gradients)) {
      auto *oper = gradient->getOperatorAsDef(op.derivative.def->getLoc());
      if (oper->getName() == "NoGrad")
        continue;
      os << "  if (c.needs(" << i << ")) { // " << op.operands[i].name << ": " << readable(gradient)
         << "\n";
      std::string value;
      if (oper->getName() == "Zero" || oper->isSubClassOf("Tjit_Const"))
        value =
            formatv("c.builder.constant({0}, c.operandTypes[{1}].dtype, c.operandTypes[{1}].sizes)",
                    oper->getName() == "Zero" ? "0.0" : number(oper->getValueAsString("value")), i);
      else
        value = step(gradient);
      os << "    c.gradients[" << i << "] = " << value << ";\n  }\n";
    }
    os << "}\n";
  }

private:
  static std::string readable(const DagInit *gradient) {
    std::string text = gradient->getAsString();
    for (size_t at; (at = text.find("?:")) != std::string::npos;)
      text.erase(at, 2);
    return text;
  }
  std::string number(StringRef text) {
    double value;
    if (text.getAsDouble(value))
      PrintFatalError(op.derivative.def, "'" + text + "' is not a number");
    return formatv("{0}", "static_cast<double>(" + text.str() + ")");
  }
  std::string constant(StringRef text) {
    return "c.builder.constant(" + number(text) + ", c.resultType.dtype, {})";
  }
  std::string argument(const Init *arg, StringRef name) {
    if (auto *dag = dyn_cast<DagInit>(arg))
      return step(dag);
    if (auto *integer = dyn_cast<IntInit>(arg))
      return temporary(constant(std::to_string(integer->getValue())));
    if (auto *text = dyn_cast<StringInit>(arg))
      return temporary(constant(text->getValue()));
    if (name == "grad" || name == "result")
      return "c." + name.str();
    auto it = find_if(op.operands, [&](const Operand &o) { return o.name == name; });
    return "c.operands[" + std::to_string(it - op.operands.begin()) + "]";
  }
  std::string step(const DagInit *dag) {
    auto *oper = dag->getOperatorAsDef(op.derivative.def->getLoc());
    if (oper->isSubClassOf("Tjit_Const"))
      return temporary(constant(oper->getValueAsString("value")));
    if (oper->getName() == "Zero" || oper->getName() == "NoGrad")
      PrintFatalError(op.derivative.def, oper->getName() + " stands for a whole gradient");
    std::vector<std::string> arguments;
    for (unsigned i = 0; i < dag->getNumArgs(); ++i)
      arguments.push_back(argument(dag->getArg(i), dag->getArgNameStr(i)));
    return temporary("c.builder." + model.lookup(oper, op.derivative.def).mnemonic.str() + "(" +
                     join(arguments, ", ") + ")");
  }
  std::string temporary(const std::string &expression) {
    std::string name = "t" + std::to_string(next++);
    os << "    auto " << name << " = " << expression << ";\n";
    return name;
  }

  const OpModel &model;
  const Operation &op;
  raw_ostream &os;
  unsigned next = 0;
};

} // namespace

static bool genRuleDispatch(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  os << "// Included by lib/Autodiff/Rules.h in namespace tjit::autodiff, after the named rules. A "
        "value without a\n"
        "// gradient is left null; B::isNull(value) tells.\n\n";
  for (const Operation &op : model.operations())
    if (op.differentiable() && op.derivative.function.empty())
      RuleEmitter(model, op, os).emit();
  os << "\ntemplate <class B> void applyRule(RuleContext<B> &c) {\n  switch (c.kind) {\n";
  for (const Operation &op : model.operations()) {
    os << "  case OpKind::" << op.mnemonic << ":\n";
    if (!op.differentiable())
      os << "    break;\n";
    else if (op.derivative.function.empty())
      os << "    " << op.mnemonic << "GeneratedRule(c);\n    break;\n";
    else
      os << "    " << op.derivative.function << "(c);\n    break;\n";
  }
  os << R"(  }
  for (size_t i = 0; i < c.gradients.size(); ++i)
    if (!B::isNull(c.gradients[i]))
      c.gradients[i] = sumToType(c.builder, c.gradients[i], c.operandTypes[i]);
}
)";
  return false;
}

static mlir::GenRegistration registration("gen-rule-dispatch",
                                          "Generate derivative rules and their dispatch by kind",
                                          genRuleDispatch);
