//===- ApiCall.cpp ----------------------------------------------------------------------------===//
// The argument parser.

#include "ApiCall.h"

#include "ApiTable.h"

#include <algorithm>
#include <unordered_map>

namespace tjit::api {

std::string Value::kind() const {
  static const char *const names[] = {"None",   "bool",  "int",           "float",   "str",
                                      "Tensor", "dtype", "memory_format", "options", "list"};
  std::string text = names[data.index()];
  if (const List *list = as<List>())
    text += list->empty() ? "" : " of " + list->front().kind();
  return text;
}

//===------------------------------------------------------------------------------------------===//
// Which values a parameter takes
//===------------------------------------------------------------------------------------------===//

/// A 0-dim tensor stands for a number where no gradient would be lost.
static bool isNumberLike(const Value &value) {
  const tjit::Tensor *tensor = value.as<tjit::Tensor>();
  return tensor && tensor->dim() == 0 && !tensor->requires_grad();
}
static bool isInt(const Value &value) {
  return value.as<int64_t>() ||
         (isNumberLike(value) &&
          isIntegralType(value.as<tjit::Tensor>()->scalar_type(), /*includeBool=*/false));
}
static bool isNumber(const Value &value) {
  return value.as<int64_t>() || value.as<double>() || value.as<bool>() || isNumberLike(value);
}
template <class F> static bool isListOf(const Value &value, F isElement) {
  const List *list = value.as<List>();
  return list && std::all_of(list->begin(), list->end(), isElement);
}

static bool takes(const Parameter &parameter, const Value &value) {
  const bool none = value.isNone();
  if (none && parameter.hasDefault)
    return true;
  switch (parameter.kind) {
  case Kind::OptionalTensor:
    return none || value.as<tjit::Tensor>();
  case Kind::Tensor:
    return value.as<tjit::Tensor>();
  case Kind::OptionalScalar:
  case Kind::OptionalDouble:
    return none || isNumber(value);
  case Kind::Scalar:
  case Kind::Double:
    return isNumber(value);
  case Kind::OptionalBool:
    return none || value.as<bool>();
  case Kind::Bool:
    return value.as<bool>();
  case Kind::OptionalInt:
    return none || isInt(value);
  case Kind::Int:
    return isInt(value);
  case Kind::OptionalString:
    return none || value.as<std::string>();
  case Kind::String:
  case Kind::Device:
  case Kind::DeviceKind:
    return value.as<std::string>();
  case Kind::OptionalIntList:
    return none || isInt(value) || isListOf(value, isInt);
  case Kind::IntList:
    return isInt(value) || isListOf(value, isInt);
  case Kind::Padding:
    return value.as<std::string>() || isInt(value) || isListOf(value, isInt);
  case Kind::ListOfOptionalInt: {
    auto isElement = [](const Value &v) { return v.isNone() || isInt(v); };
    return isElement(value) || isListOf(value, isElement);
  }
  case Kind::OptionalDoubleList:
    return none || isNumber(value) || isListOf(value, isNumber);
  case Kind::DoubleList:
    return isNumber(value) || isListOf(value, isNumber);
  case Kind::TensorList:
    return isListOf(value, [](const Value &v) { return v.as<tjit::Tensor>() != nullptr; });
  case Kind::OptionalDType:
    return none || value.as<ScalarType>();
  case Kind::DType:
    return value.as<ScalarType>();
  case Kind::OptionalFormat:
    return none || value.as<MemoryFormat>();
  case Kind::OptionalGenerator:
    return none;
  case Kind::Format:
    return value.as<MemoryFormat>();
  case Kind::Options:
    return value.as<TensorOptions>();
  }
  return false;
}

//===------------------------------------------------------------------------------------------===//
// Conversion
//===------------------------------------------------------------------------------------------===//

tjit::Tensor Arguments::convert(const Value &value, tjit::Tensor *) {
  return value.isNone() ? tjit::Tensor() : std::get<tjit::Tensor>(value.data);
}
tjit::Scalar Arguments::convert(const Value &value, tjit::Scalar *) {
  if (const bool *b = value.as<bool>())
    return *b;
  if (const int64_t *i = value.as<int64_t>())
    return *i;
  if (const double *d = value.as<double>())
    return *d;
  return std::get<tjit::Tensor>(value.data).item();
}
bool Arguments::convert(const Value &value, bool *) { return std::get<bool>(value.data); }
int64_t Arguments::convert(const Value &value, int64_t *) {
  return convert(value, static_cast<tjit::Scalar *>(nullptr)).toLong();
}
double Arguments::convert(const Value &value, double *) {
  return convert(value, static_cast<tjit::Scalar *>(nullptr)).toDouble();
}
String Arguments::convert(const Value &value, String *) {
  return std::get<std::string>(value.data);
}
OptionalString Arguments::convert(const Value &value, OptionalString *) {
  return value.isNone() ? OptionalString() : OptionalString(std::get<std::string>(value.data));
}
ScalarType Arguments::convert(const Value &value, ScalarType *) {
  return std::get<ScalarType>(value.data);
}
MemoryFormat Arguments::convert(const Value &value, MemoryFormat *) {
  return std::get<MemoryFormat>(value.data);
}
tjit::Device Arguments::convert(const Value &value, tjit::Device *) {
  return tjit::Device(std::get<std::string>(value.data));
}
DeviceType Arguments::convert(const Value &value, DeviceType *) {
  return tjit::Device(std::get<std::string>(value.data)).type();
}
TensorOptions Arguments::convert(const Value &value, TensorOptions *) {
  return std::get<TensorOptions>(value.data);
}
Padding Arguments::convert(const Value &value, Padding *) {
  if (const std::string *text = value.as<std::string>())
    return Padding(*text);
  return Padding(convert(value, static_cast<IntList *>(nullptr)));
}
OptionalIntList Arguments::convert(const Value &value, OptionalIntList *) {
  return value.isNone() ? OptionalIntList()
                        : OptionalIntList(convert(value, static_cast<IntList *>(nullptr)));
}
OptionalDoubleList Arguments::convert(const Value &value, OptionalDoubleList *) {
  return value.isNone() ? OptionalDoubleList()
                        : OptionalDoubleList(convert(value, static_cast<DoubleList *>(nullptr)));
}

//===------------------------------------------------------------------------------------------===//
// Binding arguments to parameters
//===------------------------------------------------------------------------------------------===//

/// Adds a keyword to the options; whether it is one of theirs.
static bool addOption(TensorOptions &options, const std::string &name, const Value &value) {
  if (name == "dtype") {
    if (const ScalarType *type = value.as<ScalarType>())
      options = options.dtype(*type);
    return value.isNone() || value.as<ScalarType>();
  }
  if (name == "requires_grad") {
    if (const bool *b = value.as<bool>())
      options = options.requires_grad(*b);
    return value.as<bool>();
  }
  if (name == "device") {
    if (const std::string *device = value.as<std::string>())
      options = options.device(tjit::Device(*device));
    return value.isNone() || value.as<std::string>();
  }
  if (name == "memory_format")
    return value.isNone() || value.as<MemoryFormat>();
  return (name == "layout" || name == "pin_memory") && (value.isNone() || value.as<bool>());
}

/// Binds one argument; false where the parameter does not take it. None for a parameter without a
/// "nothing" of its own stands for its default.
static bool bindOne(Arguments &bound, size_t i, const Parameter &p, const Value &value) {
  if (bound.has(i) || !takes(p, value))
    return false;
  if (takes({p.name, p.kind, /*hasDefault=*/false}, value))
    bound.set(i, value);
  return true;
}

/// Whether the arguments from `next` on are the elements of the list that the parameter takes:
/// permute(0, 2, 1), meshgrid(a, b).
static bool isSpelledOut(const Parameter &p, const List &rest) {
  return (p.kind == Kind::IntList || p.kind == Kind::TensorList) && takes(p, {rest}) &&
         std::none_of(rest.begin(), rest.end(), [](const Value &v) { return v.as<List>(); });
}

/// The arguments for an overload, or nothing where it does not take them. With `spelledOut` the
/// first list may be given as separate arguments, which then are all that follow.
static std::optional<Arguments> bind(const Overload &overload, const List &args,
                                     const std::map<std::string, Value> &keywords,
                                     bool spelledOut) {
  const std::vector<Parameter> &parameters = overload.parameters;
  Arguments bound(parameters.size());
  size_t next = 0; // positional argument
  for (size_t i = 0; i < parameters.size() && next < args.size(); ++i) {
    const Parameter &p = parameters[i];
    if (p.kind == Kind::Options)
      break;
    if (spelledOut && i == (std::string_view(parameters[0].name) == "self")) {
      const List rest(args.begin() + static_cast<std::ptrdiff_t>(next), args.end());
      if (isSpelledOut(p, rest)) {
        bound.set(i, {rest});
        next = args.size();
        break;
      }
    }
    if (!bindOne(bound, i, p, args[next++]))
      return std::nullopt;
  }
  if (next < args.size())
    return std::nullopt;
  TensorOptions options;
  bool hasOptions = false;
  for (const auto &[name, value] : keywords) {
    auto p = std::find_if(parameters.begin(), parameters.end(), [&](const Parameter &parameter) {
      return parameter.name == name || (name == "input" && parameter.name == std::string("self"));
    });
    if (p == parameters.end()) {
      auto isOptions = [](const Parameter &parameter) { return parameter.kind == Kind::Options; };
      if (std::none_of(parameters.begin(), parameters.end(), isOptions) ||
          !addOption(options, name, value))
        return std::nullopt;
      hasOptions = true;
      continue;
    }
    if (!bindOne(bound, static_cast<size_t>(p - parameters.begin()), *p, value))
      return std::nullopt;
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].kind == Kind::Options && hasOptions)
      bound.set(i, {options});
    if (!bound.has(i) && !parameters[i].hasDefault)
      return std::nullopt;
  }
  return bound;
}

static std::string describe(const List &args, const std::map<std::string, Value> &keywords) {
  std::string text;
  for (const Value &value : args)
    text += (text.empty() ? "" : ", ") + value.kind();
  for (const auto &[name, value] : keywords)
    text += (text.empty() ? "" : ", ") + name + "=" + value.kind();
  return text;
}

/// A number as the tensor that it is beside another operand: in that one's floating-point dtype, so
/// that it neither loses digits nor changes the dtype of the result.
static tjit::Tensor firstOperand(const Value &number, const Value &other) {
  if (const bool *b = number.as<bool>())
    return tjit::scalar_tensor(*b, kBool);
  if (const int64_t *n = number.as<int64_t>())
    return tjit::scalar_tensor(*n, kLong);
  const tjit::Tensor *tensor = other.as<tjit::Tensor>();
  const bool floating = tensor && isFloatingType(tensor->scalar_type());
  return tjit::scalar_tensor(std::get<double>(number.data),
                             floating ? TensorOptions(tensor->scalar_type()) : TensorOptions());
}

Results call(const std::string &name, const List &args,
             const std::map<std::string, Value> &keywords) {
  static const std::unordered_multimap<std::string, size_t> index = [] {
    std::unordered_multimap<std::string, size_t> map;
    for (size_t i = 0; i < overloads().size(); ++i)
      map.emplace(overloads()[i].name, i);
    return map;
  }();
  // What Python chooses by a keyword has a name of its own in C++.
  if (auto it = keywords.find("return_indices"); it != keywords.end())
    if (const bool *indices = it->second.as<bool>()) {
      std::map<std::string, Value> others = keywords;
      others.erase("return_indices");
      return call(*indices ? name + "_with_indices" : name, args, others);
    }
  auto [begin, end] = index.equal_range(name);
  if (begin == end)
    throw UnknownFunction("the API has no " + name);
  std::vector<size_t> rows;
  for (auto it = begin; it != end; ++it)
    rows.push_back(it->second);
  std::sort(rows.begin(), rows.end()); // in the order of the list
  for (bool spelledOut : {false, true})
    for (size_t row : rows)
      if (std::optional<Arguments> arguments = bind(overloads()[row], args, keywords, spelledOut))
        return overloads()[row].call(*arguments);
  // Python takes None for a tensor without a default, and a number for the first operand of what
  // its operators call.
  const bool numberFirst = std::any_of(rows.begin(), rows.end(),
                                       [](size_t row) { return overloads()[row].numberFirst; });
  List other = args;
  bool changed = false;
  for (size_t i = 0; i < other.size(); ++i) {
    if (other[i].isNone())
      other[i] = {tjit::Tensor()};
    else if (i == 0 && numberFirst && isNumber(other[0]) && !isNumberLike(other[0]))
      other[i] = {firstOperand(other[0], other.size() > 1 ? other[1] : Value())};
    else
      continue;
    changed = true;
  }
  if (changed)
    for (size_t row : rows)
      if (std::optional<Arguments> arguments = api::bind(overloads()[row], other, keywords, false))
        return overloads()[row].call(*arguments);
  throw TypeError(name + ": no overload takes (" + describe(args, keywords) + ")");
}

} // namespace tjit::api
