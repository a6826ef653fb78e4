//===- Safetensors.cpp ------------------------------------------------------------------------===//
// Reading golden data, and comparing tensors with it.

#include "Safetensors.h"

#include "IR/Half.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

namespace tjit::goldens {

int64_t Stored::count() const {
  int64_t n = 1;
  for (int64_t size : sizes)
    n *= size;
  return n;
}

/// A table's entry; throws Error that names what is missing.
static ScalarType lookUp(const std::map<std::string, ScalarType> &table, const std::string &name) {
  auto it = table.find(name);
  if (it == table.end())
    throw Error("unknown dtype '" + name + "'");
  return it->second;
}

/// By the names of the format of files.
static ScalarType fileDtype(const std::string &name) {
  static const std::map<std::string, ScalarType> names = {
      {"BOOL", kBool}, {"U8", kByte},  {"I8", kChar},       {"I16", kShort}, {"I32", kInt},
      {"I64", kLong},  {"F16", kHalf}, {"BF16", kBFloat16}, {"F32", kFloat}, {"F64", kDouble}};
  return lookUp(names, name);
}

ScalarType dtypeOf(const std::string &name) {
  static const std::map<std::string, ScalarType> names = {
      {"bool", kBool},     {"uint8", kByte},    {"int8", kChar},    {"int16", kShort},
      {"int32", kInt},     {"int64", kLong},    {"float16", kHalf}, {"bfloat16", kBFloat16},
      {"float32", kFloat}, {"float64", kDouble}};
  return lookUp(names, name);
}

File::File(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  content = text.str();
  uint64_t length = 0;
  if (content.size() >= sizeof length)
    std::memcpy(&length, content.data(), sizeof length);
  if (!in || length == 0 || length > content.size() - sizeof length)
    throw Error(path + ": not a safetensors file, or it cannot be read");
  const char *start = content.data() + sizeof length, *data = start + length;
  const uint64_t available = content.size() - sizeof length - length;
  const Json header = Json::parse(start, data);
  for (const auto &[name, entry] : header.items()) {
    if (name == "__metadata__")
      continue;
    const auto offsets = entry.at("data_offsets").get<std::pair<uint64_t, uint64_t>>();
    Stored stored{fileDtype(entry.at("dtype").get<std::string>()),
                  entry.at("shape").get<std::vector<int64_t>>(), data + offsets.first};
    if (offsets.first > offsets.second || offsets.second > available ||
        offsets.second - offsets.first !=
            static_cast<uint64_t>(stored.count()) * elementSize(stored.dtype))
      throw Error(std::string(path)
                      .append(": tensor ")
                      .append(name)
                      .append(" lies outside of the file or has another size"));
    tensors.emplace(name, stored);
  }
  cases_ = Json::parse(header.at("__metadata__").at("cases").get<std::string>());
}

const Stored &File::tensor(const std::string &name) const {
  auto it = tensors.find(name);
  if (it == tensors.end())
    throw Error("the file has no tensor " + name);
  return it->second;
}

/// Calls visit(i, position) for the elements in row-major order; positions follow the strides.
template <class F>
static void forEach(const std::vector<int64_t> &sizes, const std::vector<int64_t> &strides,
                    F visit) {
  std::vector<int64_t> index(sizes.size());
  int64_t position = 0, count = 1;
  for (int64_t size : sizes)
    count *= size;
  for (int64_t i = 0; i < count; ++i) {
    visit(i, position);
    for (size_t d = sizes.size(); d-- > 0;) {
      position += strides[d];
      if (++index[d] < sizes[d])
        break;
      position -= index[d] * strides[d];
      index[d] = 0;
    }
  }
}

Tensor makeTensor(const Stored &stored, const std::vector<int64_t> &strides) {
  char *data = const_cast<char *>(stored.data); // read only: it is cloned at once
  if (strides.empty())
    return from_blob(data, stored.sizes, stored.dtype).clone();
  int64_t span = stored.count() > 0;
  for (size_t d = 0; d < strides.size(); ++d)
    span += stored.count() > 0 ? (stored.sizes[d] - 1) * strides[d] : 0;
  const size_t size = elementSize(stored.dtype);
  std::vector<char> memory(static_cast<size_t>(span) * size);
  forEach(stored.sizes, strides, [&](int64_t i, int64_t position) {
    std::memcpy(memory.data() + static_cast<size_t>(position) * size,
                data + static_cast<size_t>(i) * size, size);
  });
  return from_blob(memory.data(), span, stored.dtype).clone().as_strided(stored.sizes, strides);
}

template <class T> static T load(const char *data, int64_t i) {
  T value;
  std::memcpy(&value, data + static_cast<size_t>(i) * sizeof(T), sizeof(T));
  return value;
}
/// Element i, exactly but for integers beyond 2^53.
static double number(ScalarType dtype, const char *data, int64_t i) {
  switch (dtype) {
  case kBool:
  case kByte:
    return load<uint8_t>(data, i);
  case kChar:
    return load<int8_t>(data, i);
  case kShort:
    return load<int16_t>(data, i);
  case kInt:
    return load<int32_t>(data, i);
  case kLong:
    return static_cast<double>(load<int64_t>(data, i));
  case kHalf:
    return float16ToFloat(load<uint16_t>(data, i));
  case kBFloat16:
    return bfloat16ToFloat(load<uint16_t>(data, i));
  case kFloat:
    return load<float>(data, i);
  default:
    return load<double>(data, i);
  }
}

std::string difference(const Tensor &tensor, const Stored &want, double rtol, double atol) {
  std::ostringstream text;
  text.precision(17);
  if (!tensor.defined())
    return "no tensor";
  if (tensor.scalar_type() != want.dtype) {
    text << "dtype " << tensor.scalar_type() << ", wanted " << want.dtype;
    return text.str();
  }
  if (tensor.sizes() != IntArrayRef(want.sizes)) {
    text << "sizes " << tensor.sizes() << ", wanted " << IntArrayRef(want.sizes);
    return text.str();
  }
  if (want.count() == 0)
    return "";
  const Tensor plain = tensor.detach();
  const char *data = static_cast<const char *>(plain.const_data_ptr());
  int64_t different = 0;
  forEach(want.sizes, plain.strides().vec(), [&](int64_t i, int64_t position) {
    const double a = number(want.dtype, data, position), b = number(want.dtype, want.data, i);
    bool same = a == b || (std::isnan(a) && std::isnan(b)) ||
                (std::isfinite(a) && std::abs(a - b) <= atol + rtol * std::abs(b));
    if (want.dtype == kLong && rtol == 0 && atol == 0)
      same = load<int64_t>(data, position) == load<int64_t>(want.data, i);
    if (!same && different++ == 0)
      text << "element " << i << " is " << a << ", wanted " << b;
  });
  if (different > 1)
    text << " (" << different << " of " << want.count() << " differ)";
  return text.str();
}

} // namespace tjit::goldens
