//===- Tensors.cpp ----------------------------------------------------------------------------===//
// Inputs and results of tjit-run.

#include "Tensors.h"

#include "IR/Half.h"
#include "IR/Infer.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <vector>

namespace tjit::run {

namespace {

template <class T> T load(const std::byte *p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}
template <class T, class V> void store(std::byte *p, V value) {
  T converted = static_cast<T>(value);
  std::memcpy(p, &converted, sizeof converted);
}

struct Element {
  bool isFloat;
  double number;
  int64_t integer;
};

Element readElement(const HostTensor &tensor, int64_t index) {
  const std::byte *p = tensor.data() + index * elementSize(tensor.type.dtype);
  auto real = [](double x) { return Element{true, x, 0}; };
  auto integer = [](int64_t x) { return Element{false, static_cast<double>(x), x}; };
  switch (tensor.type.dtype) {
  case ScalarType::Bool:
  case ScalarType::Byte:
    return integer(load<uint8_t>(p));
  case ScalarType::Char:
    return integer(load<int8_t>(p));
  case ScalarType::Short:
    return integer(load<int16_t>(p));
  case ScalarType::Int:
    return integer(load<int32_t>(p));
  case ScalarType::Long:
    return integer(load<int64_t>(p));
  case ScalarType::Half:
    return real(float16ToFloat(load<uint16_t>(p)));
  case ScalarType::BFloat16:
    return real(bfloat16ToFloat(load<uint16_t>(p)));
  case ScalarType::Float:
    return real(load<float>(p));
  default:
    return real(load<double>(p));
  }
}

void writeElement(const HostTensor &tensor, int64_t index, double number, int64_t integer) {
  std::byte *p = tensor.data() + index * elementSize(tensor.type.dtype);
  switch (tensor.type.dtype) {
  case ScalarType::Bool:
    return store<uint8_t>(p, number != 0);
  case ScalarType::Byte:
    return store<uint8_t>(p, integer);
  case ScalarType::Char:
    return store<int8_t>(p, integer);
  case ScalarType::Short:
    return store<int16_t>(p, integer);
  case ScalarType::Int:
    return store<int32_t>(p, integer);
  case ScalarType::Long:
    return store<int64_t>(p, integer);
  case ScalarType::Half:
    return store<uint16_t>(p, floatToFloat16(static_cast<float>(number)));
  case ScalarType::BFloat16:
    return store<uint16_t>(p, floatToBFloat16(static_cast<float>(number)));
  case ScalarType::Float:
    return store<float>(p, number);
  default:
    return store<double>(p, number);
  }
}

std::string format(const Element &element) {
  char text[40];
  if (element.isFloat)
    std::snprintf(text, sizeof text, "%.9g", element.number);
  else
    std::snprintf(text, sizeof text, "%lld", static_cast<long long>(element.integer));
  return text;
}

bool sameBits(const HostTensor &a, const HostTensor &b, int64_t index) {
  size_t size = elementSize(a.type.dtype);
  if (std::memcmp(a.data() + index * size, b.data() + index * size, size) == 0)
    return true;
  Element x = readElement(a, index), y = readElement(b, index);
  return x.isFloat && std::isnan(x.number) && std::isnan(y.number);
}

} // namespace

HostTensor makeTensor(const TensorType &type) {
  constexpr size_t kAlignment = 64;
  size_t bytes =
      (numElements(type.sizes) * elementSize(type.dtype) + kAlignment) / kAlignment * kAlignment;
  auto *p = static_cast<std::byte *>(std::aligned_alloc(kAlignment, bytes));
  std::memset(p, 0, bytes);
  return {type, std::shared_ptr<std::byte>(p, [](std::byte *q) { std::free(q); })};
}

HostTensor randomTensor(const TensorType &type, std::mt19937_64 &generator) {
  HostTensor tensor = makeTensor(type);
  if (type.sizes.empty() && isIntegralType(type.dtype, true))
    return tensor;
  std::uniform_real_distribution<double> real(-1, 1);
  std::uniform_int_distribution<int64_t> integer(0, type.dtype == ScalarType::Bool ? 1 : 9);
  for (int64_t i = 0, n = numElements(type.sizes); i < n; ++i) {
    int64_t value = integer(generator);
    writeElement(tensor, i, isFloatingType(type.dtype) ? real(generator) : value, value);
  }
  return tensor;
}

std::optional<HostTensor> parseTensor(const TensorType &type, const std::string &text,
                                      std::string &error) {
  std::string elements = text;
  if (std::ifstream file(text); file) {
    std::stringstream content;
    content << file.rdbuf();
    elements = content.str();
  }
  for (char &c : elements)
    if (c == '[' || c == ']' || c == ',' || c == ';')
      c = ' ';
  std::vector<double> numbers;
  std::vector<int64_t> integers;
  std::istringstream words(elements);
  for (std::string word; words >> word;) {
    char *end = nullptr;
    numbers.push_back(std::strtod(word.c_str(), &end));
    if (*end) {
      error = "'" + word + "' is neither a number nor a file";
      return std::nullopt;
    }
    integers.push_back(std::strtoll(word.c_str(), nullptr, 10));
  }
  HostTensor tensor = makeTensor(type);
  auto n = static_cast<size_t>(numElements(type.sizes));
  if (numbers.size() != 1 && numbers.size() != n) {
    error = "a tensor " + toString(type.sizes) + " takes 1 or " + std::to_string(n) +
            " elements, not " + std::to_string(numbers.size());
    return std::nullopt;
  }
  for (size_t i = 0; i < n; ++i) {
    size_t from = numbers.size() == 1 ? 0 : i;
    writeElement(tensor, i, numbers[from], integers[from]);
  }
  return tensor;
}

static void printDim(const HostTensor &tensor, size_t dim, int64_t offset, std::string &text) {
  constexpr int64_t kEdge = 6;
  if (dim == tensor.type.sizes.size()) {
    text += format(readElement(tensor, offset));
    return;
  }
  int64_t size = tensor.type.sizes[dim], stride = 1;
  for (size_t i = dim + 1; i < tensor.type.sizes.size(); ++i)
    stride *= tensor.type.sizes[i];
  bool last = dim + 1 == tensor.type.sizes.size();
  text += "[";
  for (int64_t i = 0; i < size; ++i) {
    if (i > 0)
      text += last ? ", " : ",\n" + std::string(dim + 1, ' ');
    if (i == kEdge && size > 2 * kEdge) {
      text += "...";
      i = size - kEdge - 1;
      continue;
    }
    printDim(tensor, dim + 1, offset + i * stride, text);
  }
  text += "]";
}

std::string print(const HostTensor &tensor) {
  std::string text;
  printDim(tensor, 0, 0, text);
  return text + " : " + toString(tensor.type.dtype) + toString(tensor.type.sizes);
}

std::optional<std::string> compare(const HostTensor &actual, const HostTensor &expected) {
  int64_t differences = 0, first = -1, n = numElements(actual.type.sizes);
  for (int64_t i = 0; i < n; ++i)
    if (!sameBits(actual, expected, i) && ++differences == 1)
      first = i;
  if (differences == 0)
    return std::nullopt;
  return std::to_string(differences) + " of " + std::to_string(n) + " elements differ; element " +
         std::to_string(first) + " is " + format(readElement(actual, first)) +
         ", the interpreter has " + format(readElement(expected, first));
}

} // namespace tjit::run
