//===- GenOutForms.cpp - functions that store their results into tensors of the caller --------===//
//
// For every plain function (and those of linalg) with tensors for results, unless its record says
// `out = 0`: libtorch's name_out(out, arguments) and name_outf(arguments, out). TensorOptions are
// not among the arguments: the dtype is that of `out`.
//
//===------------------------------------------------------------------------------------------===//

#include "ApiModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Record.h"

using namespace llvm;
using namespace tjit::tblgen;

namespace {

bool isOptions(const Parameter &p) {
  return p.type == "TensorOptions" || p.type == "const TensorOptions &";
}

struct OutForm {
  const ApiFunction &f;
  std::vector<Parameter> parameters; // without options
  std::string result, outs, outNames;

  explicit OutForm(const ApiFunction &f) : f(f) {
    for (const Parameter &p : f.parameters)
      if (!isOptions(p))
        parameters.push_back(p);
    for (unsigned i = 0; i < f.outs; ++i) {
      std::string name = f.outs == 1 ? "out" : "out" + std::to_string(i);
      outs += (i ? ", Tensor &" : "Tensor &") + name;
      outNames += (i ? ", " : "") + name;
      result += i ? ", Tensor &" : "Tensor &";
    }
    if (f.outs > 1)
      result = "std::tuple<" + result + ">";
  }

  static std::string list(StringRef a, StringRef b) {
    return (a + (a.empty() || b.empty() ? "" : ", ") + b).str();
  }
  std::string firstForm(bool defaults) const {
    return f.name + "_out(" + list(outs, defaults ? declared(parameters) : defined(parameters)) +
           ")";
  }
  std::string lastForm() const { return f.name + "_outf(" + list(defined(parameters), outs) + ")"; }

  void declare(raw_ostream &os) const {
    if (!f.scope.empty())
      os << "namespace " << f.scope << " {\n";
    os << "/// Stores `" << f.name << "`.\n"
       << "TJIT_EXPORT " << result << " " << firstForm(true) << ";\n"
       << "TJIT_EXPORT " << result << " " << lastForm() << ";\n";
    if (!f.scope.empty())
      os << "} // namespace " << f.scope << "\n";
  }

  /// The results may be the arguments, but not overlap them otherwise.
  std::string overlapChecks() const {
    std::string checks;
    for (unsigned i = 0; i < f.outs; ++i)
      checks += "  " + overlapCheck(f, f.name + "_out",
                                    f.outs == 1 ? "out" : "out" + std::to_string(i), parameters);
    return checks;
  }

  void define(raw_ostream &os) const {
    const std::string scope = f.scope.empty() ? "" : (f.scope + "::").str();
    const std::string quoted = '"' + f.name + '"';
    const std::string refuse =
        "ops::refuseHistories(" + quoted + ", " + list(outNames, names(parameters)) + ");\n";
    // The dtype of the result says whether it could have a history, unless it is that of `out`.
    const bool asked = f.outDtype == ApiFunction::OutDtype::Asked;
    os << result << " " << scope << firstForm(false) << " {\n"
       << "  rt::CallPlace place;\n  " << (asked ? refuse + "  " : "") << overlapChecks()
       << "const auto result = [&] { NoGradGuard guard; return "
       << callOf(f,
                 [&](const Parameter &p) {
                   return isOptions(p) ? std::string("TensorOptions(out.scalar_type())")
                                       : argumentStoredInto(f, p, "out", p.name);
                 })
       << "; }();\n";
    if (!asked)
      os << "  if (ops::hasFloating(result))\n    " << refuse;
    std::string tensors;
    for (const Parameter &p : parameters)
      if (holdsTensors(p))
        tensors += ", " + p.name;
    os << "  NoGradGuard guard;\n";
    for (unsigned i = 0; i < f.outs; ++i) {
      const std::string n = std::to_string(i), out = f.outs == 1 ? "out" : "out" + n;
      os << "  ops::storeOut({" << quoted << ", "
         << (f.outDtype == ApiFunction::OutDtype::Exact ? "true" : "false") << ", ops::isAmong("
         << out << tensors << ")}, " << out << ", "
         << (f.outs == 1 ? "result" : "std::get<" + n + ">(result)") << ");\n";
    }
    os << "  return " << (f.outs == 1 ? outNames : "{" + outNames + "}") << ";\n}\n"
       << result << " " << scope << lastForm()
       << " {\n  rt::CallPlace place;\n  return tjit::" << scope << f.name << "_out("
       << list(outNames, names(parameters)) << ");\n}\n";
  }
};

bool genOutDeclarations(const RecordKeeper &records, raw_ostream &os) {
  os << "// Functions that store into tensors of the caller, included in namespace tjit. Generated "
        "from TjitApi.td.\n";
  for (const ApiFunction &f : readApi(records))
    if (f.outs)
      OutForm(f).declare(os);
  return false;
}
bool genOutDefinitions(const RecordKeeper &records, raw_ostream &os) {
  os << "// Definitions of tjit/OutForms.h.inc. Generated from TjitApi.td.\n";
  for (const ApiFunction &f : readApi(records))
    if (f.outs)
      OutForm(f).define(os);
  return false;
}

mlir::GenRegistration declarations("gen-out-declarations", "Declare the _out forms",
                                   genOutDeclarations);
mlir::GenRegistration definitions("gen-out-definitions", "Define the _out forms",
                                  genOutDefinitions);

} // namespace
