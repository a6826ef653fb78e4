//===- GenDocs.cpp - the table of operations as Markdown --------------------------------------===//
//
// What mlir-tblgen's reference does not know: dtypes, error bounds and derivatives.
//
//===------------------------------------------------------------------------------------------===//

#include "OpModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Record.h"

using namespace llvm;
using namespace tjit::tblgen;

/// A gradient's term as a formula: "mul(grad, cos(input))".
static std::string formula(const OpModel &model, const Operation &op, const DagInit *dag) {
  const Record *oper = dag->getOperatorAsDef(op.derivative.def->getLoc());
  if (oper->getName() == "NoGrad")
    return "none";
  if (oper->getName() == "Zero")
    return "0";
  if (oper->isSubClassOf("Tjit_Const"))
    return oper->getValueAsString("value").str();
  std::string text = model.lookup(oper, op.derivative.def).mnemonic.str() + "(";
  for (unsigned i = 0; i < dag->getNumArgs(); ++i) {
    text += i ? ", " : "";
    if (auto *inner = dyn_cast<DagInit>(dag->getArg(i)))
      text += formula(model, op, inner);
    else if (auto *string = dyn_cast<StringInit>(dag->getArg(i)))
      text += string->getValue();
    else if (auto *integer = dyn_cast<IntInit>(dag->getArg(i)))
      text += std::to_string(integer->getValue());
    else
      text += dag->getArgNameStr(i);
  }
  return text + ")";
}

static std::string derivative(const OpModel &model, const Operation &op) {
  if (!op.differentiable())
    return "none";
  if (!op.derivative.function.empty())
    return "`" + op.derivative.function.str() + "` (lib/Autodiff)";
  std::vector<std::string> lines;
  for (auto [operand, gradient] : zip(op.operands, op.derivative.gradients))
    lines.push_back(operand.name.str() + ": `" + formula(model, op, gradient) + "`");
  return join(lines, "<br>");
}

static bool genOpDocs(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  os << "# The operations\n\n"
        "Generated from `TjitOps.td`. `grad` is the cotangent of the result; the error bound is in "
        "units in the last\n"
        "place of float32, 0 where the result is exact.\n\n"
        "| operation | what it computes | class | dtypes | ULP | gradient of each operand |\n"
        "|---|---|---|---|---|---|\n";
  for (const Operation &op : model.operations()) {
    std::string summary;
    for (char c : op.summary)
      summary += c == '|' ? std::string("\\|") : std::string(1, c);
    os << "| `" << op.mnemonic << "` | " << summary << " | " << op.opClass << " | " << op.dtypes
       << " | " << op.maxUlp << " | " << derivative(model, op) << " |\n";
  }
  return false;
}

static mlir::GenRegistration
    registration("gen-op-docs", "Generate the table of operations as Markdown", genOpDocs);
