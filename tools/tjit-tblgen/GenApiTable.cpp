//===- GenApiTable.cpp - the API as a table, for callers that have names and values -----------===//
//
// One row for every form of every overload: its name as Python spells it ("torch.add",
// "Tensor.add_", "nn.functional.gelu"), its parameters with the kind of value each takes, and a
// function that calls it. tools/tjit-goldens/ApiCall.h says what the rows mean.
//
//===------------------------------------------------------------------------------------------===//

#include "ApiModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"

using namespace llvm;
using namespace tjit::tblgen;

/// What holds an argument of a C++ type while the call runs; its name is also the kind. Empty where
/// no value of Python's corresponds to the type.
static StringRef storageOf(StringRef type) {
  return StringSwitch<StringRef>(type)
      .Case("const Tensor &", "Tensor")
      .Cases({"std::optional<Tensor>", "const std::optional<Tensor> &"}, "OptionalTensor")
      .Case("const Scalar &", "Scalar")
      .Cases({"std::optional<Scalar>", "const std::optional<Scalar> &"}, "OptionalScalar")
      .Case("bool", "Bool")
      .Case("std::optional<bool>", "OptionalBool")
      .Cases({"int64_t", "uint64_t"}, "Int")
      .Case("std::optional<int64_t>", "OptionalInt")
      .Case("double", "Double")
      .Case("std::optional<double>", "OptionalDouble")
      .Case("std::string_view", "String")
      .Case("std::optional<std::string_view>", "OptionalString")
      .Case("IntArrayRef", "IntList")
      .Case("const ConvPadding &", "Padding")
      .Case("OptionalIntArrayRef", "OptionalIntList")
      .Case("ArrayRef<std::optional<int64_t>>", "ListOfOptionalInt")
      .Case("ArrayRef<double>", "DoubleList")
      .Case("std::optional<ArrayRef<double>>", "OptionalDoubleList")
      .Cases({"TensorList", "const std::vector<Tensor> &"}, "TensorList")
      .Case("ScalarType", "DType")
      .Case("std::optional<ScalarType>", "OptionalDType")
      .Case("MemoryFormat", "Format")
      .Case("std::optional<MemoryFormat>", "OptionalFormat")
      .Cases({"TensorOptions", "const TensorOptions &"}, "Options")
      .Case("const std::optional<Generator> &", "OptionalGenerator")
      .Case("Device", "Device")
      .Case("DeviceType", "DeviceKind")
      .Default("");
}

static StringRef pythonScope(StringRef scope) {
  return StringSwitch<StringRef>(scope)
      .Case("", "torch")
      .Case("nn::functional", "nn.functional")
      .Default(scope);
}

static std::string storageFor(const ApiFunction &f, const Parameter &p) {
  StringRef storage = storageOf(p.type);
  if (storage.empty())
    PrintFatalError(f.def, "'" + f.name + "': parameter '" + p.name + "' has the type '" + p.type +
                               "', which the table of the API has no kind of value for; add one in "
                               "GenApiTable.cpp and ApiCall.h");
  return storage.str();
}

/// The default as an expression of the type that holds the argument.
static std::string defaultOf(const Parameter &p, StringRef storage) {
  StringRef text = StringRef(p.declaration).split('=').second.trim();
  return text.starts_with("{") ? ("api::" + storage + text).str()
                               : ("api::" + storage + "(" + text + ")").str();
}

static void emitRow(const ApiFunction &f, const Twine &name, const Twine &callee, bool method,
                    raw_ostream &os) {
  os << "{\"" << name << "\", {";
  for (const Parameter &p : f.parameters)
    os << "{\"" << p.name << "\", Kind::" << storageFor(f, p) << ", "
       << (StringRef(p.declaration).contains('=') ? "true" : "false") << "}, ";
  os << "}, " << (f.numberFirst ? "true" : "false") << ",\n [](const Arguments &a) {\n";
  std::string arguments;
  for (auto [i, p] : enumerate(f.parameters)) {
    std::string storage = storageFor(f, p);
    std::string value = "a.get<api::" + storage + ">(" + std::to_string(i) + ")";
    if (StringRef(p.declaration).contains('='))
      value = ("a.has(" + Twine(i) + ") ? " + value + " : " + defaultOf(p, storage)).str();
    os << "   decltype(auto) p" << i << " = " << value << ";\n";
    if (method && i == 0)
      continue;
    if (!arguments.empty())
      arguments += ", ";
    arguments += "p" + std::to_string(i);
  }
  os << "   return results([&]() -> decltype(auto) { return " << (method ? "p0." : "") << callee
     << "(" << arguments << "); });\n }},\n";
}

static bool genApiTable(const RecordKeeper &records, raw_ostream &os) {
  os << "// The rows of the table of the API. Generated from TjitApi*.td.\n";
  for (const ApiFunction &f : readApi(records)) {
    if (f.function) {
      std::string function = "tjit::" + (f.scope.empty() ? "" : f.scope.str() + "::") + f.name;
      emitRow(f, pythonScope(f.scope) + "." + f.name, function, false, os);
      for (StringRef alias : f.aliases)
        emitRow(f, pythonScope(alias) + "." + f.name, function, false, os);
    }
    if (f.method)
      emitRow(f, "Tensor." + f.name, f.name, true, os);
    if (f.inPlace)
      emitRow(f, "Tensor." + f.inPlaceName(), f.inPlaceName(), true, os);
  }
  return false;
}

static mlir::GenRegistration table("gen-api-table", "Generate the table of the API's functions",
                                   genApiTable);
