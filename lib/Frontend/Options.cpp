//===- Options.cpp ----------------------------------------------------------------------------===//
// Dtypes, devices and options of new tensors.

#include "Frontend/Ops.h"
#include "IR/DTypes.h"

#include "IR/Half.h"

#include "tjit/Indexing.h"

#include <atomic>
#include <ostream>

namespace tjit {

void checkDevice(Device device, const char *operation) {
  if (device.is_cuda())
    throw Error(std::string(operation) + ": device " + device.str() +
                " is not available: no NVIDIA driver (CUDA) was found; use cpu");
}

Tensor finishCreation(Tensor t, const TensorOptions &options, const char *operation) {
  checkDevice(options.device(), operation);
  if (options.requires_grad())
    t.requires_grad_(true);
  return t;
}

inline namespace v1 {

Device::Device(const std::string &text) : type_(DeviceType::CPU), index_(-1) {
  const size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const std::string number = colon == std::string::npos ? "" : text.substr(colon + 1);
  bool good = (name == "cpu" || name == "cuda") && number.size() <= 2 &&
              (colon == std::string::npos || !number.empty());
  int index = -1;
  for (char c : number) {
    good &= c >= '0' && c <= '9';
    index = std::max(index, 0) * 10 + (c - '0');
  }
  if (!good)
    throw Error("Device: \"" + text +
                "\" is not a device; expected \"cpu\", \"cuda\" or \"cuda:<number>\"");
  type_ = name == "cpu" ? DeviceType::CPU : DeviceType::CUDA;
  index_ = static_cast<int8_t>(index);
}

std::string Device::str() const {
  std::string out = is_cpu() ? "cpu" : "cuda";
  return has_index() ? out + ":" + std::to_string(index()) : out;
}

std::string DeviceTypeName(DeviceType type, bool lower_case) {
  if (type == DeviceType::CPU)
    return lower_case ? "cpu" : "CPU";
  return lower_case ? "cuda" : "CUDA";
}
std::ostream &operator<<(std::ostream &out, DeviceType type) {
  return out << DeviceTypeName(type, true);
}

bool cuda::is_available() { return false; }
int cuda::device_count() { return 0; }

namespace {
std::atomic<ScalarType> defaultDtype{kFloat};

struct DtypeNames {
  const char *cpp, *at;
};
constexpr DtypeNames kDtypeNames[] = {{"bool", "Bool"},
                                      {"unsigned char", "Byte"},
                                      {"signed char", "Char"},
                                      {"short int", "Short"},
                                      {"int", "Int"},
                                      {"long int", "Long"},
                                      {"c10::Half", "Half"},
                                      {"c10::BFloat16", "BFloat16"},
                                      {"float", "Float"},
                                      {"double", "Double"},
                                      {"nullptr (uninitialized)", "UNKNOWN_SCALAR"}};
} // namespace

const char *TypeMeta::name() const { return kDtypeNames[static_cast<int>(type_)].cpp; }

void set_default_dtype(TypeMeta type) {
  if (!isFloatingType(type.toScalarType()))
    throw TypeError(std::string("set_default_dtype: expected a floating-point type, found ") +
                    tjit::toString(type.toScalarType()));
  defaultDtype.store(type.toScalarType(), std::memory_order_relaxed);
}
TypeMeta get_default_dtype() { return defaultDtype.load(std::memory_order_relaxed); }

std::string DeprecatedTypeProperties::toString() const {
  return std::string("CPU") + detail::nameOfDtype(type_) + "Type";
}
std::string Tensor::toString() const { return defined() ? type().toString() : "UndefinedType"; }

const char *detail::nameOfDtype(ScalarType type) { return kDtypeNames[static_cast<int>(type)].at; }
std::ostream &operator<<(std::ostream &out, ScalarType type) {
  return out << detail::nameOfDtype(type);
}
std::ostream &operator<<(std::ostream &out, Layout) { return out << "Strided"; }
std::ostream &operator<<(std::ostream &out, MemoryFormat format) {
  constexpr const char *names[] = {"Contiguous", "Preserve", "ChannelsLast", "ChannelsLast3d"};
  return out << names[static_cast<int>(format)];
}

namespace {
/// "name=value", and whether that is what nobody asked for.
template <class T>
void writeOption(std::ostream &out, const char *name, const T &value, bool given) {
  out << name << '=' << value << (given ? ", " : " (default), ");
}
const char *wordOf(bool value) { return value ? "true" : "false"; }
} // namespace

std::ostream &operator<<(std::ostream &out, const TensorOptions &options) {
  out << "TensorOptions(";
  writeOption(out, "dtype", options.dtype(), options.has_dtype());
  writeOption(out, "device", options.device(), options.has_device());
  writeOption(out, "layout", options.layout(), options.has_layout());
  writeOption(out, "requires_grad", wordOf(options.requires_grad()), options.has_requires_grad());
  writeOption(out, "pinned_memory", wordOf(options.pinned_memory()), options.has_pinned_memory());
  out << "memory_format=";
  if (options.has_memory_format())
    out << *options.memory_format_opt();
  else
    out << "(nullopt)";
  return out << ")";
}

std::ostream &operator<<(std::ostream &out, const Scalar &scalar) {
  if (scalar.isFloatingPoint())
    return out << scalar.toDouble();
  if (scalar.isBoolean())
    return out << wordOf(scalar.toBool());
  return out << scalar.toLong();
}
void detail::throwScalarOverflow(const char *type) {
  throw Error(std::string("value cannot be converted to type ") + type +
              " without overflow; ask for a wider type");
}

std::ostream &operator<<(std::ostream &out, Half value) { return out << static_cast<float>(value); }
std::ostream &operator<<(std::ostream &out, BFloat16 value) {
  return out << static_cast<float>(value);
}
float detail::smallToFloat(uint16_t bits, ScalarType type) {
  return type == kHalf ? float16ToFloat(bits) : bfloat16ToFloat(bits);
}
uint16_t detail::floatToSmall(float value, ScalarType type) {
  return type == kHalf ? floatToFloat16(value) : floatToBFloat16(value);
}

namespace indexing {
std::ostream &operator<<(std::ostream &out, const Slice &slice) {
  constexpr int64_t none = INT64_MAX / 2; // libtorch's largest symbolic int
  return out << slice.start().value_or(0) << ':' << slice.stop().value_or(none) << ':'
             << slice.step();
}
std::ostream &operator<<(std::ostream &out, const TensorIndex &index) {
  switch (index.kind()) {
  case TensorIndex::Kind::none:
    return out << "None";
  case TensorIndex::Kind::ellipsis:
    return out << "...";
  case TensorIndex::Kind::integer:
    return out << index.integer();
  case TensorIndex::Kind::boolean:
    return out << wordOf(index.boolean());
  case TensorIndex::Kind::slice:
    return out << index.slice();
  case TensorIndex::Kind::tensor:
    return out << index.tensor();
  }
  return out;
}
std::ostream &operator<<(std::ostream &out, const std::vector<TensorIndex> &indices) {
  out << '(';
  for (size_t i = 0; i < indices.size(); ++i)
    out << (i ? ", " : "") << indices[i];
  return out << ')';
}
} // namespace indexing
std::ostream &operator<<(std::ostream &out, TypeMeta type) { return out << type.name(); }
std::ostream &operator<<(std::ostream &out, const Device &device) { return out << device.str(); }
std::ostream &operator<<(std::ostream &out, IntArrayRef list) {
  out << '[';
  for (size_t i = 0; i < list.size(); ++i)
    out << (i ? ", " : "") << list[i];
  return out << ']';
}

} // namespace v1
} // namespace tjit
