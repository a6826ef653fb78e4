//===- Tensors.h - small tensors for tests of the interpreter -----------------------------===//
//
// A tensor with its own memory and any strides, whose elements are read and written as double.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/Half.h"
#include "IR/Infer.h"
#include "Runtime/Interpreter.h"
#include "tjit/Error.h"

#include <algorithm>
#include <cstddef>
#include <ostream>

namespace tjit::test {

/// Element `at` of an array of a dtype.
inline double loadElement(const void *data, ScalarType dtype, int64_t at) {
  auto read = [&]<class T>(T) { return static_cast<const T *>(data)[at]; };
  switch (dtype) {
  case ScalarType::Bool:
    return read(uint8_t()) != 0;
  case ScalarType::Byte:
    return read(uint8_t());
  case ScalarType::Char:
    return read(int8_t());
  case ScalarType::Short:
    return read(int16_t());
  case ScalarType::Int:
    return read(int32_t());
  case ScalarType::Long:
    return static_cast<double>(read(int64_t()));
  case ScalarType::Half:
    return float16ToFloat(read(uint16_t()));
  case ScalarType::BFloat16:
    return bfloat16ToFloat(read(uint16_t()));
  case ScalarType::Float:
    return read(float());
  default:
    return read(double());
  }
}
inline void storeElement(void *data, ScalarType dtype, int64_t at, double value) {
  auto write = [&]<class T>(T x) { static_cast<T *>(data)[at] = x; };
  switch (dtype) {
  case ScalarType::Bool:
    return write(uint8_t(value != 0));
  case ScalarType::Byte:
    return write(static_cast<uint8_t>(static_cast<int64_t>(value)));
  case ScalarType::Char:
    return write(static_cast<int8_t>(value));
  case ScalarType::Short:
    return write(static_cast<int16_t>(value));
  case ScalarType::Int:
    return write(static_cast<int32_t>(value));
  case ScalarType::Long:
    return write(static_cast<int64_t>(value));
  case ScalarType::Half:
    return write(floatToFloat16(static_cast<float>(value)));
  case ScalarType::BFloat16:
    return write(floatToBFloat16(static_cast<float>(value)));
  case ScalarType::Float:
    return write(static_cast<float>(value));
  default:
    return write(value);
  }
}

struct Tensor {
  TensorType type;
  Dims strides;
  std::vector<std::byte> memory;
  int64_t offset = 0; ///< of element 0, for negative strides

  Tensor() = default;
  /// Zeros, row-major.
  Tensor(ScalarType dtype, Dims sizes) : type{dtype, sizes}, strides(contiguousStrides(sizes)) {
    memory.resize(elementSize(dtype) * std::max<int64_t>(1, numElements(sizes)));
  }
  Tensor(ScalarType dtype, Dims sizes, std::initializer_list<double> values)
      : Tensor(dtype, sizes) {
    int64_t i = 0;
    for (double v : values)
      storeElement(memory.data(), dtype, i++, v);
  }
  template <class Make> static Tensor generate(ScalarType dtype, Dims sizes, Make make) {
    Tensor t(dtype, sizes);
    for (int64_t i = 0; i < t.count(); ++i)
      storeElement(t.memory.data(), dtype, i, make(i));
    return t;
  }
  static Tensor index(int64_t value) {
    return Tensor(ScalarType::Long, {}, {static_cast<double>(value)});
  }

  int64_t count() const { return numElements(type.sizes); }
  /// Offset in memory of the element with row-major number i.
  int64_t place(int64_t i) const {
    int64_t at = offset;
    for (size_t d = type.sizes.size(); d-- > 0; i /= type.sizes[d])
      at += i % type.sizes[d] * strides[d];
    return at;
  }
  double at(int64_t i) const { return loadElement(memory.data(), type.dtype, place(i)); }
  std::vector<double> values() const {
    std::vector<double> all;
    for (int64_t i = 0; i < count(); ++i)
      all.push_back(at(i));
    return all;
  }
  /// The bytes of the elements in row-major order.
  std::vector<std::byte> bytes() const {
    size_t size = elementSize(type.dtype);
    std::vector<std::byte> all(count() * size);
    for (int64_t i = 0; i < count(); ++i)
      std::copy_n(memory.data() + place(i) * size, size, all.data() + i * size);
    return all;
  }
  /// The same elements in another layout: dimensions reversed in memory, gaps between, the last one
  /// backwards.
  Tensor strided() const {
    Tensor t;
    t.type = type;
    t.strides.resize(type.sizes.size());
    int64_t span = 2;
    for (size_t d = 0; d < type.sizes.size(); ++d) {
      t.strides[d] = span;
      span *= 2 * std::max<int64_t>(1, type.sizes[d]);
    }
    size_t size = elementSize(type.dtype);
    t.memory.resize(span * size, std::byte(0x55));
    if (!type.sizes.empty() && type.sizes.back() > 0) {
      size_t last = type.sizes.size() - 1;
      t.offset = (type.sizes[last] - 1) * t.strides[last];
      t.strides[last] = -t.strides[last];
    }
    for (int64_t i = 0; i < count(); ++i)
      std::copy_n(memory.data() + place(i) * size, size, t.memory.data() + t.place(i) * size);
    return t;
  }
  TensorRef ref() const {
    auto *data = const_cast<std::byte *>(memory.data()) + offset * elementSize(type.dtype);
    return {data, type.dtype, type.sizes, strides};
  }
};

/// Infers the result's type and runs the operation; throws what inference says.
inline Tensor run(OpKind kind, const std::vector<Tensor> &operands,
                  const std::vector<int64_t> &attributes = {}) {
  std::vector<const TensorType *> types;
  std::vector<TensorRef> refs;
  for (const Tensor &t : operands) {
    types.push_back(&t.type);
    refs.push_back(t.ref());
  }
  InferContext context{kind, types, attributes.data(), {}, {}};
  if (!inferType(context))
    throw ValueError(context.error);
  Tensor result(context.result.dtype, context.result.sizes);
  interpretOp(kind, attributes, refs, result.ref());
  return result;
}

inline constexpr ScalarType kAllDTypes[] = {
    ScalarType::Bool,  ScalarType::Byte,  ScalarType::Char, ScalarType::Short,
    ScalarType::Int,   ScalarType::Long,  ScalarType::Half, ScalarType::BFloat16,
    ScalarType::Float, ScalarType::Double};

} // namespace tjit::test
