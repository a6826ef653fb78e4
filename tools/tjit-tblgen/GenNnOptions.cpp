//===- GenNnOptions.cpp - option structs of nn::functional ------------------------------------===//
//
// libtorch's second way to call nn::functional: F::conv2d(x, w, F::Conv2dFuncOptions().stride(2)).
// The leading tensors without a default are arguments of the call; every other parameter is a
// setter of the struct, and those that have no default are the arguments of its constructor.
//
//===------------------------------------------------------------------------------------------===//

#include "ApiModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Record.h"

#include <set>

using namespace llvm;
using namespace tjit::tblgen;

namespace {

/// "mse_loss" -> "MSELossFuncOptions": words with a capital, abbreviations as libtorch writes them.
std::string structName(StringRef function) {
  function.consume_back("_with_indices"); // has those of the function without
  SmallVector<StringRef> words;
  function.split(words, '_');
  std::string name;
  for (StringRef word : words)
    name +=
        StringSwitch<std::string>(word)
            .Cases({"elu", "celu", "selu", "gelu", "glu", "mse", "l1", "nll", "kl", "ctc", "lp"},
                   word.upper())
            .Case("rrelu", "RReLU")
            .Case("relu", "ReLU")
            .Case("relu6", "ReLU6")
            .Default(std::string(1, toUpper(word[0])) + word.drop_front().str());
  return name + "FuncOptions";
}

bool hasDefault(const Parameter &p) { return StringRef(p.declaration).contains('='); }
std::string defaultOf(const Parameter &p) {
  return StringRef(p.declaration).split('=').second.trim().str();
}

/// What the struct holds: an owner of what the parameter refers to.
std::string heldType(StringRef type) {
  return StringSwitch<std::string>(type)
      .Case("IntArrayRef", "std::vector<int64_t>")
      .Case("OptionalIntArrayRef", "std::optional<std::vector<int64_t>>")
      .Case("ArrayRef<double>", "std::vector<double>")
      .Case("ArrayRef<std::optional<int64_t>>", "detail::OptionalSizes")
      .Case("std::string_view", "std::string")
      .Case("const ConvPadding &", "detail::HeldPadding")
      .Case("const Tensor &", "Tensor")
      .Case("const Scalar &", "Scalar")
      .Default(type.str());
}
/// What a setter takes.
std::string setterType(StringRef type) {
  return StringSwitch<std::string>(type)
      .Case("ArrayRef<std::optional<int64_t>>", "detail::OptionalSizes")
      .Default(type.str());
}
/// `value`, of the type that a setter takes, as what the struct holds.
std::string held(const Parameter &p, StringRef value) {
  const StringRef type = p.type;
  if (type == "IntArrayRef" || type == "ArrayRef<double>")
    return (value + ".vec()").str();
  if (type == "OptionalIntArrayRef")
    return ("detail::heldSizes(" + value + ")").str();
  if (type == "std::string_view")
    return ("std::string(" + value + ")").str();
  return value.str();
}
/// The held value as an argument of the call.
std::string argument(const Parameter &p) {
  std::string value = "options." + p.name + "_";
  if (p.type == "ArrayRef<std::optional<int64_t>>")
    return value + ".list";
  if (p.type == "const ConvPadding &")
    return value + ".get()";
  if (p.type == "OptionalIntArrayRef")
    return "detail::refOf(" + value + ")";
  return value;
}
/// The default, as a value of the type that a setter takes.
std::string initial(const Parameter &p) {
  const std::string text = defaultOf(p);
  if (p.type == "const Tensor &" || p.type == "ArrayRef<double>" ||
      StringRef(p.type).starts_with("std::optional") || p.type == "OptionalIntArrayRef")
    return "";
  if (p.type == "IntArrayRef" || p.type == "const ConvPadding &")
    return "{" + text + "}";
  return " = " + text;
}

void emitStruct(const ApiFunction &f, StringRef name, ArrayRef<Parameter> fields, raw_ostream &os) {
  os << "/// Options of " << f.name << ".\nstruct " << name << " {\n";
  std::vector<Parameter> needed;
  for (const Parameter &p : fields)
    if (!hasDefault(p))
      needed.push_back(p);
  auto constructor = [&](StringRef parameters, StringRef initializers) {
    os << "  explicit " << name << "(" << parameters << ") : " << initializers << " {}\n";
  };
  // `XFuncOptions({5})` must not be a copy of one that is made from 5: one list is a vector or a
  // number.
  if (needed.size() == 1 && needed[0].type == "IntArrayRef") {
    constructor("std::vector<int64_t> " + needed[0].name,
                needed[0].name + "_(std::move(" + needed[0].name + "))");
    constructor("int64_t " + needed[0].name, needed[0].name + "_{" + needed[0].name + "}");
  } else if (!needed.empty()) {
    std::string parameters, initializers;
    for (const Parameter &p : needed) {
      const std::string type = setterType(p.type);
      parameters += (parameters.empty() ? "" : ", ") + type +
                    (StringRef(type).ends_with("&") ? "" : " ") + p.name;
      initializers += (initializers.empty() ? "" : ", ") + p.name + "_(" + held(p, p.name) + ")";
    }
    constructor(parameters, initializers);
  } else {
    // The first setting, or the reduction, may be given to the constructor.
    os << "  " << name << "() = default;\n";
    const std::string &first = fields[0].type;
    if (first == "bool" || first == "double" || first == "int64_t" || first == "const Scalar &")
      os << "  explicit " << name << "(" << heldType(first) << " value) : " << fields[0].name
         << "_(value) {}\n";
    for (const Parameter &p : fields)
      if (p.name == "reduction")
        os << "  explicit " << name << "(ModeName reduction) : reduction_(reduction.text) {}\n";
  }
  for (const Parameter &p : fields) {
    const std::string type = setterType(p.type);
    auto setter = [&](StringRef called) {
      os << "  " << name << " &" << called << "(" << type
         << (StringRef(type).ends_with("&") ? "" : " ") << "value) {\n    " << p.name
         << "_ = " << held(p, "value") << ";\n    return *this;\n  }\n";
    };
    setter(p.name);
    if (p.name == "lambd") // Python has no parameter of the name that C++ has
      setter("lambda");
  }
  for (const Parameter &p : fields)
    os << "  " << heldType(p.type) << " " << p.name << "_" << (hasDefault(p) ? initial(p) : "")
       << ";\n";
  os << "};\n";
}

/// The function that takes the struct.
void emitCall(const ApiFunction &f, StringRef name, ArrayRef<Parameter> direct, raw_ostream &os) {
  std::string arguments;
  for (const Parameter &p : f.parameters)
    arguments += (arguments.empty() ? "" : ", ") +
                 (&p < f.parameters.data() + direct.size() ? p.name : argument(p));
  os << "inline " << f.resultType << " " << f.name << "(" << defined(direct) << ", const " << name
     << " &options) {\n  return functional::" << f.name << "(" << arguments << ");\n}\n";
}

bool genNnOptions(const RecordKeeper &records, raw_ostream &os) {
  os << "// Option structs of nn::functional, included in that namespace. Generated from "
        "TjitApiNn.td.\n";
  std::set<std::string> made; // of several overloads the first
  for (const ApiFunction &f : readApi(records)) {
    if (f.scope != "nn::functional" || !f.def->getValueAsBit("options"))
      continue;
    ArrayRef<Parameter> all = f.parameters;
    size_t direct = 0;
    while (direct < all.size() && all[direct].type == "const Tensor &" && !hasDefault(all[direct]))
      ++direct;
    std::string name = structName(f.name);
    if (direct == all.size())
      continue;
    if (made.insert(name).second) {
      emitStruct(f, name, all.drop_front(direct), os);
      emitCall(f, name, all.take_front(direct), os);
    } else if (StringRef(f.name).ends_with("_with_indices")) {
      emitCall(f, name, all.take_front(direct), os);
    }
  }
  return false;
}

mlir::GenRegistration options("gen-nn-options", "Generate the option structs of nn::functional",
                              genNnOptions);

} // namespace
