//===- ApiCall.h - calling a function of the API by its name ----------------------------------===//
//
// The table of the API (ApiTable.cpp.inc, made from TjitApi*.td) has a row for every form of every
// overload. A call picks the first row of its name whose parameters take its arguments, as
// PyTorch's argument parser does: positional arguments in order, then keywords, then defaults.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/tjit.h"

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace tjit::api {

/// A value as Python has it.
struct Value;
using List = std::vector<Value>;
struct Value {
  std::variant<std::monostate, bool, int64_t, double, std::string, tjit::Tensor, ScalarType,
               MemoryFormat, TensorOptions, List>
      data;

  template <class T> const T *as() const { return std::get_if<T>(&data); }
  bool isNone() const { return as<std::monostate>(); }
  /// "Tensor", "int", "list of int": for messages.
  std::string kind() const;
};

/// The kinds of parameters. Each has a type of the same name that holds its argument during a call
/// and converts to the parameter's type.
enum class Kind {
  Tensor,
  OptionalTensor,
  Scalar,
  OptionalScalar,
  Bool,
  OptionalBool,
  Int,
  OptionalInt,
  Double,
  OptionalDouble,
  String,
  OptionalString,
  IntList,
  OptionalIntList,
  Padding, // numbers or a text
  ListOfOptionalInt,
  DoubleList,
  OptionalDoubleList,
  TensorList,
  DType,
  OptionalDType,
  Format,
  OptionalFormat,
  OptionalGenerator, // none
  Options, // of several keywords: dtype, device, layout, requires_grad, memory_format, pin_memory
  Device,
  DeviceKind
};

using Tensor = tjit::Tensor;
using OptionalTensor = std::optional<tjit::Tensor>;
using Scalar = tjit::Scalar;
using OptionalScalar = std::optional<tjit::Scalar>;
using Bool = bool;
using OptionalBool = std::optional<bool>;
using Int = int64_t;
using OptionalInt = std::optional<int64_t>;
using Double = double;
using OptionalDouble = std::optional<double>;
using DType = ScalarType;
using OptionalDType = std::optional<ScalarType>;
using Format = MemoryFormat;
using OptionalFormat = std::optional<MemoryFormat>;
using OptionalGenerator = std::optional<tjit::Generator>;
using Options = TensorOptions;
using Device = tjit::Device;
using DeviceKind = DeviceType;

struct String : std::string {
  String(std::string text) : std::string(std::move(text)) {}
  String(const char *text) : std::string(text) {}
};
struct OptionalString {
  OptionalString(std::nullopt_t = std::nullopt) {}
  OptionalString(std::string text) : text(std::move(text)) {}
  operator std::optional<std::string_view>() const {
    return text ? std::optional<std::string_view>(*text) : std::nullopt;
  }
  std::optional<std::string> text;
};
template <class T> struct ListOf : std::vector<T> {
  ListOf() = default;
  ListOf(std::initializer_list<T> list) : std::vector<T>(list) {}
  explicit ListOf(std::vector<T> list) : std::vector<T>(std::move(list)) {}
  explicit ListOf(T one) : std::vector<T>{one} {}
};
using IntList = ListOf<int64_t>;
using DoubleList = ListOf<double>;
using ListOfOptionalInt = ListOf<std::optional<int64_t>>;
using TensorList = ListOf<tjit::Tensor>;
struct OptionalIntList {
  OptionalIntList(std::nullopt_t = std::nullopt) {}
  OptionalIntList(std::initializer_list<int64_t> values) : list(values) {}
  explicit OptionalIntList(IntList values) : list(std::move(values)) {}
  operator OptionalIntArrayRef() const {
    return list ? OptionalIntArrayRef(IntArrayRef(*list)) : OptionalIntArrayRef();
  }
  std::optional<IntList> list;
};
struct Padding {
  explicit Padding(int64_t one) : numbers(one) {}
  explicit Padding(IntList list) : numbers(std::move(list)) {}
  explicit Padding(std::string name) : text(std::move(name)) {}
  operator ConvPadding() const {
    return text ? ConvPadding(std::string_view(*text)) : ConvPadding(IntArrayRef(numbers));
  }
  IntList numbers;
  std::optional<std::string> text;
};
struct OptionalDoubleList {
  OptionalDoubleList(std::nullopt_t = std::nullopt) {}
  explicit OptionalDoubleList(DoubleList values) : list(std::move(values)) {}
  operator std::optional<ArrayRef<double>>() const {
    return list ? std::optional<ArrayRef<double>>(ArrayRef<double>(*list)) : std::nullopt;
  }
  std::optional<DoubleList> list;
};

/// The arguments of one call, one for every parameter.
class Arguments {
public:
  explicit Arguments(size_t parameters) : values(parameters) {}
  void set(size_t i, Value value) { values[i] = std::move(value); }
  /// Whether parameter i was given; else it takes its default.
  bool has(size_t i) const { return values[i].has_value(); }
  template <class T> T get(size_t i) const {
    return convert(*values[i], static_cast<T *>(nullptr));
  }

private:
  static tjit::Tensor convert(const Value &value, tjit::Tensor *);
  static tjit::Scalar convert(const Value &value, tjit::Scalar *);
  static bool convert(const Value &value, bool *);
  static int64_t convert(const Value &value, int64_t *);
  static double convert(const Value &value, double *);
  static std::string convert(const Value &value, std::string *);
  static String convert(const Value &value, String *);
  static OptionalString convert(const Value &value, OptionalString *);
  static ScalarType convert(const Value &value, ScalarType *);
  static Generator convert(const Value &, Generator *) { return {}; }
  static MemoryFormat convert(const Value &value, MemoryFormat *);
  static tjit::Device convert(const Value &value, tjit::Device *);
  static DeviceType convert(const Value &value, DeviceType *);
  static TensorOptions convert(const Value &value, TensorOptions *);
  static OptionalIntList convert(const Value &value, OptionalIntList *);
  static Padding convert(const Value &value, Padding *);
  static OptionalDoubleList convert(const Value &value, OptionalDoubleList *);
  template <class T> static ListOf<T> convert(const Value &value, ListOf<T> *) {
    ListOf<T> list;
    if (const List *values = value.as<List>())
      for (const Value &element : *values)
        list.push_back(convert(element, static_cast<T *>(nullptr)));
    else
      list.push_back(convert(value, static_cast<T *>(nullptr)));
    return list;
  }
  template <class T> static std::optional<T> convert(const Value &value, std::optional<T> *) {
    return value.isNone() ? std::nullopt
                          : std::optional<T>(convert(value, static_cast<T *>(nullptr)));
  }

  std::vector<std::optional<Value>> values;
};

/// What a call returned: tuples and lists of tensors are flattened.
using Results = std::vector<std::variant<tjit::Tensor, tjit::Scalar>>;

struct Parameter {
  const char *name;
  Kind kind;
  bool hasDefault;
};
struct Overload {
  const char *name;
  std::vector<Parameter> parameters;
  bool numberFirst; // Python's operators call it with a number for the first operand too
  Results (*call)(const Arguments &);
};

/// There is no function of this name.
struct UnknownFunction : Error {
  using Error::Error;
};

/// Calls the function. Throws UnknownFunction, TypeError naming the overloads where none takes the
/// arguments, and what the function throws.
Results call(const std::string &name, const List &args,
             const std::map<std::string, Value> &keywords);

} // namespace tjit::api
