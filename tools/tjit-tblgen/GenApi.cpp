//===- GenApi.cpp - declarations and definitions of the public functions and methods ----------===//

#include "ApiModel.h"
#include "OpModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

using namespace llvm;
using namespace tjit::tblgen;

static void emitDoc(const ApiFunction &f, StringRef indent, raw_ostream &os) {
  SmallVector<StringRef> lines;
  StringRef(f.doc).trim().split(lines, '\n');
  for (StringRef line : lines)
    os << indent << "/// " << line.trim() << "\n";
}

/// The name of the results' histories, which functions with the parameter `inplace` have two of.
static std::string historyOf(const ApiFunction &f) {
  const bool twice = f.history != f.historyInPlace && !f.historyInPlace.empty() &&
                     any_of(f.parameters, [](const Parameter &p) { return p.name == "inplace"; });
  return twice ? "inplace ? " + f.historyInPlace + " : " + f.history : f.history;
}

static std::string call(const ApiFunction &f, StringRef self) {
  return callOf(f, [&](const Parameter &p) { return p.name == "self" ? self.str() : p.name; });
}

/// The call whose result an in-place form stores.
static std::string callInPlace(const ApiFunction &f) {
  return callOf(f, [&](const Parameter &p) {
    return p.name == "self" ? std::string("*this") : argumentStoredInto(f, p, "(*this)", p.name);
  });
}

/// The operation that the function records, if it records one.
static StringRef mnemonicOf(const ApiFunction &f) {
  return f.primitive.empty() ? StringRef(f.implementation) : f.primitive;
}

/// Whether the function may record operations that fail in an evaluation, so that it notes where it
/// was called. Not those that do nothing but record one elementwise operation: they are the
/// hottest.
static bool notesPlace(const ApiFunction &f, const OpModel &model) {
  StringRef mnemonic = mnemonicOf(f);
  for (const Parameter &p : f.parameters)
    if (!StringRef(p.declaration).starts_with("const Tensor &") &&
        !StringRef(p.declaration).starts_with("const Scalar &"))
      return true; // other arguments choose among operations
  for (const Operation &op : model.operations())
    if (op.mnemonic == mnemonic && op.opClass == "elementwise")
      return op.mayFail;
  return true;
}

/// What stands before the call whose results get a name, and after it.
static std::string beforeHistory(const std::string &history, const ApiFunction &f) {
  if (history.empty() && f.saves.empty() && !f.composed)
    return "";
  return "const autodiff::HistoryName history(" + (history.empty() ? "nullptr" : history) + "); ";
}
static std::string afterHistory(const std::string &history, const ApiFunction &f, StringRef result,
                                bool written) {
  std::string text;
  if (!history.empty() || (f.composed && !written))
    text = (written ? "history.giveWritten(" : "history.give(") + result.str() + "); ";
  if (f.flat)
    text += ("history.markFlat(" + result + "); ").str();
  for (StringRef saved : f.saves)
    text += ("history.save(" + result + ", " + saved + "); ").str();
  return text;
}

/// The statements of a body that returns what `call` gives, with the name that the API has for it.
static std::string returned(const ApiFunction &f, const std::string &call) {
  const std::string before = beforeHistory(historyOf(f), f);
  if (before.empty())
    return "return " + call + ";";
  const bool written = f.resultType.ends_with("&");
  return before + f.resultType.str() + (written ? "" : " ") + "result = " + call + "; " +
         afterHistory(f.history, f, "result", written) + "return result;";
}

static ArrayRef<Parameter> withoutSelf(const ApiFunction &f) {
  return ArrayRef<Parameter>(f.parameters).drop_front();
}

static bool genTensorMethods(const RecordKeeper &records, raw_ostream &os) {
  os << "// Methods of tjit::Tensor, included in the body of the class. Generated from "
        "TjitApi.td.\n";
  for (const ApiFunction &f : readApi(records)) {
    if (f.method) {
      emitDoc(f, "", os);
      os << f.resultType << " " << f.name << "(" << declared(withoutSelf(f)) << ") const;\n";
    }
    if (f.inPlace) {
      os << "/// Stores `" << f.name
         << "` into this tensor, which keeps its dtype and shape, and returns it.\n";
      os << "Tensor &" << f.inPlaceName() << "(" << declared(withoutSelf(f)) << ") const;\n";
    }
  }
  return false;
}

static bool genFunctions(const RecordKeeper &records, raw_ostream &os) {
  os << "// Functions of namespace tjit, included in it. Generated from TjitApi.td.\n";
  std::set<std::pair<StringRef, std::string>> aliases; // namespace, name
  for (const ApiFunction &f : readApi(records)) {
    if (!f.function)
      continue;
    if (!f.scope.empty())
      os << "namespace " << f.scope << " {\n";
    emitDoc(f, "", os);
    os << "TJIT_EXPORT " << f.resultType << " " << f.name << "(" << declared(f.parameters)
       << ");\n";
    if (!f.scope.empty())
      os << "} // namespace " << f.scope << "\n";
    if (f.inPlace && f.scope.empty())
      os << "/// self." << f.inPlaceName() << "(...)\nTJIT_EXPORT Tensor &" << f.inPlaceName()
         << "(" << declared(f.parameters) << ");\n";
    for (StringRef alias : f.aliases)
      aliases.insert({alias, f.name});
  }
  for (const auto &[scope, name] : aliases)
    os << "namespace " << scope << " {\nusing v1::" << name << ";\n} // namespace " << scope
       << "\n";
  return false;
}

static bool genOpsDeclarations(const RecordKeeper &records, raw_ostream &os) {
  os << "// The implementations (lib/Frontend/*.cpp), included in namespace tjit::v1::ops. "
        "Generated "
        "from TjitApi.td.\n";
  std::set<std::string> declarations; // several names may have one implementation
  for (const ApiFunction &f : readApi(records))
    if (f.primitive.empty())
      declarations.insert(((f.stores ? "Tensor" : f.resultType) + " " + f.implementation + "(" +
                           defined(f.parameters) + ");\n")
                              .str());
  for (const std::string &declaration : declarations)
    os << declaration;
  return false;
}

static bool genApiDefinitions(const RecordKeeper &records, raw_ostream &os) {
  os << "// Definitions of the public functions and methods. Included in namespace tjit::v1. "
        "Generated from TjitApi.td.\n";
  std::vector<ApiFunction> api = readApi(records);
  OpModel model(records);
  for (ApiFunction &f : api) {
    const bool hot = !notesPlace(f, model);
    StringRef place = hot ? "" : "rt::CallPlace place; ";
    if (hot && f.history == '"' + historyOf(mnemonicOf(f)) + '"')
      f.history.clear(); // the recorded operation's own
    if (f.function)
      os << f.resultType << " " << (f.scope.empty() ? "" : (f.scope + "::").str()) << f.name << "("
         << defined(f.parameters) << ") { " << place << returned(f, call(f, "self")) << " }\n";
    if (f.method)
      os << f.resultType << " Tensor::" << f.name << "(" << defined(withoutSelf(f)) << ") const { "
         << place << returned(f, call(f, "*this")) << " }\n";
    if (f.inPlace)
      os << "Tensor &Tensor::" << f.inPlaceName() << "(" << defined(withoutSelf(f)) << ") const {\n"
         << "  " << place << overlapCheck(f, f.inPlaceName(), "*this", withoutSelf(f))
         << (f.writesPlainly ? "NoGradGuard guard; " : "") << beforeHistory(f.historyInPlace, f)
         << "ops::storeInPlace(*this, "
         << (f.flatInPlace ? "ops::flatIn(*this, other, " + callInPlace(f) + ")" : callInPlace(f))
         << "); " << afterHistory(f.historyInPlace, f, "*this", true) << "\n"
         << "  return const_cast<Tensor &>(*this);\n}\n";
    if (f.inPlace && f.function && f.scope.empty())
      os << "Tensor &" << f.inPlaceName() << "(" << defined(f.parameters) << ") {\n"
         << "  " << place << "implOf(self, \"" << f.inPlaceName() << "\");\n"
         << "  return self." << f.inPlaceName() << "(" << names(withoutSelf(f)) << ");\n}\n";
  }
  return false;
}

static mlir::GenRegistration methods("gen-tensor-methods", "Generate the methods of tjit::Tensor",
                                     genTensorMethods);
static mlir::GenRegistration functions("gen-functions", "Generate the functions of namespace tjit",
                                       genFunctions);
static mlir::GenRegistration implementations("gen-ops-declarations",
                                             "Declare the implementations of functions and methods",
                                             genOpsDeclarations);
static mlir::GenRegistration definitions("gen-api-definitions",
                                         "Generate the definitions of functions and methods",
                                         genApiDefinitions);
