//===- ApiModel.cpp - reading and checking TjitApi.td -----------------------------------------===//

#include "ApiModel.h"
#include "OpModel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Record.h"

#include <set>

using namespace llvm;

namespace tjit::tblgen {

/// Position of the first `what` outside brackets, or npos.
static size_t findOutsideBrackets(StringRef text, char what) {
  int depth = 0;
  for (auto [i, c] : enumerate(text)) {
    if (depth == 0 && c == what)
      return i;
    depth += StringRef("(<{[").contains(c);
    depth -= StringRef(")>}]").contains(c);
  }
  return StringRef::npos;
}

static Parameter readParameter(const Record *def, StringRef text) {
  Parameter p;
  p.declaration = text.str();
  StringRef plain = text.take_front(findOutsideBrackets(text, '=')).trim();
  size_t nameLength = 0;
  while (nameLength < plain.size() && (isAlnum(plain[plain.size() - 1 - nameLength]) ||
                                       plain[plain.size() - 1 - nameLength] == '_'))
    ++nameLength;
  p.name = plain.take_back(nameLength).str();
  p.type = plain.drop_back(nameLength).trim().str();
  if (p.name.empty() || p.type.empty() || isDigit(p.name[0]))
    PrintFatalError(def,
                    "'" + text + "' is not a parameter: a type, a name and possibly a default");
  return p;
}

static std::vector<Parameter> readParameters(const Record *def, StringRef text) {
  std::vector<Parameter> parameters;
  for (text = text.trim(); !text.empty();) {
    size_t comma = findOutsideBrackets(text, ',');
    parameters.push_back(readParameter(def, text.take_front(comma).trim()));
    text = comma == StringRef::npos ? "" : text.drop_front(comma + 1).trim();
  }
  return parameters;
}

std::string declared(ArrayRef<Parameter> parameters) {
  return join(map_range(parameters, [](const Parameter &p) { return p.declaration; }), ", ");
}
std::string defined(ArrayRef<Parameter> parameters) {
  return join(map_range(parameters, [](const Parameter &p) { return p.definition(); }), ", ");
}
std::string names(ArrayRef<Parameter> parameters) {
  return join(map_range(parameters, [](const Parameter &p) { return p.name; }), ", ");
}
std::string callOf(const ApiFunction &f, function_ref<std::string(const Parameter &)> argument) {
  if (!f.primitive.empty())
    return ("ops::unary(OpKind::" + f.primitive + ", " + argument(f.parameters[0]) + ", " +
            (f.toFloat ? "true" : "false") + ")")
        .str();
  std::string arguments;
  for (const Parameter &p : f.parameters)
    arguments += (arguments.empty() ? "" : ", ") + argument(p);
  std::string call = ("ops::" + f.implementation + "(" + arguments + ")").str();
  if (f.stores)
    return "ops::storedInto(" + argument(f.parameters[0]) + ", " + call + ")";
  return f.copied ? "ops::copied(" + call + ")" : call;
}

std::string ApiFunction::inPlaceName() const {
  return StringRef(name).starts_with("__") ? "__i" + name.substr(2) : name + "_";
}

bool holdsTensors(const Parameter &p) {
  return StringRef(p.type).contains("Tensor") && !StringRef(p.type).contains("TensorOptions");
}

std::string argumentStoredInto(const ApiFunction &f, const Parameter &p, StringRef stored,
                               std::string argument) {
  if (f.outDtype != ApiFunction::OutDtype::Asked || p.type != "std::optional<ScalarType>")
    return argument;
  return argument + " ? " + argument + " : std::optional(" + stored.str() + ".scalar_type())";
}

std::string overlapCheck(const ApiFunction &f, const std::string &function, StringRef self,
                         ArrayRef<Parameter> arguments) {
  std::string tensors;
  for (const Parameter &p : arguments)
    if (holdsTensors(p))
      tensors += ", " + p.name;
  if (tensors.empty())
    return "";
  return "ops::refuseOverlaps(\"" + function + "\", " + (f.distinct ? "true" : "false") + ", " +
         self.str() + tensors + ");\n  ";
}

/// Functions of linalg and special have the namespace in their names.
static std::string historyOf(StringRef scope, StringRef name) {
  return historyOf(scope == "linalg" || scope == "special" ? (scope + "_" + name).str()
                                                           : name.str());
}

/// As a literal; empty where no result could have a history, or where it has the name already.
static std::string readHistory(const Record *def, const ApiFunction &f) {
  StringRef history = def->getValueAsString("history");
  if (!f.resultType.contains("Tensor"))
    return "";
  if (history == "composed" || history == "views")
    return "";
  if (none_of(f.parameters, holdsTensors))
    return "";
  return '"' + (history.empty() ? historyOf(f.scope, f.name) : history.str()) + '"';
}

/// The function that returns what the view `f`, called `name`, would, in memory of its own.
static ApiFunction copyOf(ApiFunction f, StringRef name) {
  if (!f.resultType.contains("Tensor") || f.inPlace || f.primitive.size())
    PrintFatalError(f.def, "'" + name + "' is no view, so it has no " + name + "_copy");
  f.name = (name + "_copy").str();
  f.doc += " A copy, with memory of its own.";
  if (!f.history.empty())
    f.history.insert(f.history.size() - 1, "_copy");
  f.copied = f.function = true;
  f.method = false;
  f.aliases.clear();
  f.outs = f.resultType == "Tensor";
  return f;
}

std::vector<ApiFunction> readApi(const RecordKeeper &records) {
  std::vector<const Record *> defs = records.getAllDerivedDefinitions("Tjit_Api");
  llvm::sort(defs, [](const Record *a, const Record *b) { return a->getID() < b->getID(); });
  std::vector<ApiFunction> api;
  std::set<StringRef> named;
  for (const Record *def : defs)
    named.insert(def->getValueAsString("name"));
  for (const Record *def : defs) {
    ApiFunction f;
    f.def = def;
    f.name = def->getValueAsString("name").str();
    f.resultType = def->getValueAsString("resultType");
    f.implementation = def->getValueAsString("implementation");
    f.doc = def->getValueAsString("doc").str();
    f.scope = def->getValueAsString("scope");
    f.aliases = def->getValueAsListOfStrings("alsoIn");
    f.distinct = def->getValueAsBit("distinct");
    f.stores = def->getValueAsBit("stores");
    f.parameters = readParameters(def, def->getValueAsString("parameters"));
    const StringRef outDtype = def->getValueAsString("outDtype");
    f.outDtype = outDtype == "cast"    ? ApiFunction::OutDtype::Cast
                 : outDtype == "asked" ? ApiFunction::OutDtype::Asked
                                       : ApiFunction::OutDtype::Exact;
    if (f.outDtype == ApiFunction::OutDtype::Exact && outDtype != "exact")
      PrintFatalError(def, "outDtype of '" + f.name + "' is exact, cast or asked; found \"" +
                               outDtype + "\"");
    f.flat = def->getValueAsBit("flat");
    f.numberFirst = def->getValueAsBit("numberFirst");
    f.history = f.historyInPlace = readHistory(def, f);
    if (StringRef own = def->getValueAsString("historyInPlace"); !own.empty())
      f.historyInPlace = '"' + own.str() + '"';
    f.composed = def->getValueAsString("history") == "composed" && f.resultType == "Tensor";
    f.writesPlainly = f.historyInPlace == "\"none\"";
    f.flatInPlace = def->getValueAsBit("flatInPlace");
    if (f.writesPlainly)
      f.historyInPlace.clear();
    f.saves = def->getValueAsListOfStrings("saves");
    for (StringRef saved : f.saves)
      if (none_of(f.parameters, [&](const Parameter &p) { return p.name == saved; }))
        PrintFatalError(def, "'" + f.name + "' saves '" + saved + "', which is no parameter");
    for (StringRef form : def->getValueAsListOfStrings("forms")) {
      if (form == "function")
        f.function = true;
      else if (form == "method")
        f.method = true;
      else if (form == "inplace")
        f.inPlace = true;
      else
        PrintFatalError(def, "a form of '" + f.name + "' is function, method or inplace; found \"" +
                                 form + "\"");
    }
    if (def->isSubClassOf("Tjit_ApiUnary")) {
      const Record *primitive = def->getValueAsDef("primitive");
      f.primitive = primitive->getValueAsString("opName");
      if (f.history == '"' + historyOf(f.primitive) + '"')
        f.history.clear(); // the recorded operation's own
      if (f.historyInPlace == '"' + historyOf(f.primitive) + '"')
        f.historyInPlace.clear();
      f.toFloat = def->getValueAsBit("toFloat");
      if (f.doc.empty())
        f.doc = primitive->getValueAsString("summary").str();
    }
    if (f.doc.empty())
      PrintFatalError(def,
                      "'" + f.name + "' has no doc: it is the comment of the public declaration");
    if (f.name.empty() || f.resultType.empty() || !(f.function || f.method || f.inPlace))
      PrintFatalError(def, "an API function needs a name, a result type and a form");
    bool takesSelf = !f.parameters.empty() && f.parameters[0].name == "self";
    if ((f.method || f.inPlace) && !takesSelf)
      PrintFatalError(def, "the first parameter of the method '" + f.name + "' is self");
    if (!f.scope.empty() && (f.method || f.inPlace || !f.function))
      PrintFatalError(def, "'" + f.name + "' is of namespace " + f.scope +
                               ", so it is a function and nothing else");
    if (!f.aliases.empty() && !f.function)
      PrintFatalError(def, "'" + f.name + "' is no function, so no namespace can have it");
    if (f.stores && (!takesSelf || f.resultType != "Tensor &"))
      PrintFatalError(def, "'" + f.name + "' stores, so it takes self and returns Tensor &");
    if (f.inPlace && f.resultType != "Tensor")
      PrintFatalError(def, "'" + f.name + "' has an in-place form, so its result is a Tensor");
    bool plain = f.scope.empty() || f.scope == "linalg";
    if (f.function && plain && def->getValueAsBit("out") && !StringRef(f.name).ends_with("_")) {
      StringRef type = f.resultType;
      if (type == "Tensor")
        f.outs = 1;
      else if (type.starts_with("std::tuple<"))
        f.outs = type.count("Tensor");
    }
    api.push_back(f);
    for (StringRef synonym : def->getValueAsListOfStrings("synonyms")) {
      if (named.contains(synonym))
        continue; // it has records of its own
      f.name = synonym.str();
      api.push_back(f);
    }
    if (def->getValueAsBit("copies"))
      api.push_back(copyOf(std::move(f), def->getValueAsString("name")));
  }
  return api;
}

} // namespace tjit::tblgen
