//===- Options.cpp ----------------------------------------------------------------------------===//
// Dtypes, devices and options of new tensors.

#include "Frontend/Ops.h"
#include "IR/DTypes.h"

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
                                      {"nullptr (uninitialized)", "Undefined"}};
} // namespace

const char *TypeMeta::name() const { return kDtypeNames[static_cast<int>(type_)].cpp; }

void set_default_dtype(TypeMeta type) {
  if (!isFloatingType(type.toScalarType()))
    throw TypeError(std::string("set_default_dtype: expected a floating-point type, found ") +
                    tjit::toString(type.toScalarType()));
  defaultDtype.store(type.toScalarType(), std::memory_order_relaxed);
}
TypeMeta get_default_dtype() { return defaultDtype.load(std::memory_order_relaxed); }

std::string Tensor::toString() const {
  return std::string("CPU") + kDtypeNames[static_cast<int>(scalar_type())].at + "Type";
}

std::ostream &operator<<(std::ostream &out, ScalarType type) {
  return out << kDtypeNames[static_cast<int>(type)].at;
}
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
