//===- ScalarBits.cpp -------------------------------------------------------------------------===//
// Numbers in the representation of a dtype.

#include "Frontend/ScalarBits.h"

#include "IR/DTypes.h"
#include "IR/Half.h"

#include "tjit/Error.h"

#include <cstring>

namespace tjit {

/// Truncates; NaN gives 0 and what is out of range the nearest int64.
static int64_t toInteger(const Scalar &value) {
  if (!value.isFloatingPoint())
    return value.toLong();
  double d = value.toDouble();
  if (d != d)
    return 0;
  if (d >= 0x1p63)
    return INT64_MAX;
  return d <= -0x1p63 ? INT64_MIN : static_cast<int64_t>(d);
}

template <class T> static uint64_t bits(T v) {
  uint64_t out = 0;
  std::memcpy(&out, &v, sizeof v);
  return out;
}

uint64_t bitsOf(const Scalar &value, ScalarType dtype) {
  switch (dtype) {
  case ScalarType::Double:
    return bits(value.toDouble());
  case ScalarType::Float:
    return bits(static_cast<float>(value.toDouble()));
  case ScalarType::Half:
    return bits(floatToFloat16(static_cast<float>(value.toDouble())));
  case ScalarType::BFloat16:
    return bits(floatToBFloat16(static_cast<float>(value.toDouble())));
  case ScalarType::Bool:
    return value.toBool();
  default: {
    uint64_t all = static_cast<uint64_t>(toInteger(value));
    size_t n = elementSize(dtype);
    return n == 8 ? all : all & ((uint64_t(1) << 8 * n) - 1);
  }
  }
}

template <class T> static bool holds(const Scalar &value) {
  // Integers may be beyond the 16-bit floats, too.
  return !(value.isFloatingPoint() || !std::is_integral_v<T>
               ? detail::overflows<T>(value.toDouble())
               : detail::overflows<T>(value.toLong()));
}
void checkHolds(const Scalar &value, ScalarType dtype, const char *operation) {
  bool fits = true;
  switch (dtype) {
  case ScalarType::Byte:
    fits = holds<uint8_t>(value);
    break;
  case ScalarType::Char:
    fits = holds<int8_t>(value);
    break;
  case ScalarType::Short:
    fits = holds<int16_t>(value);
    break;
  case ScalarType::Int:
    fits = holds<int32_t>(value);
    break;
  case ScalarType::Long:
    fits = holds<int64_t>(value);
    break;
  case ScalarType::Half:
    fits = holds<Half>(value);
    break;
  case ScalarType::BFloat16:
    fits = holds<BFloat16>(value);
    break;
  case ScalarType::Float:
    fits = holds<float>(value);
    break;
  default:
    break;
  }
  if (!fits)
    throw Error(std::string(operation) + ": value cannot be converted to " + toString(dtype) +
                " without overflow: " + std::to_string(value.toDouble()) +
                "; give a number that the dtype holds");
}

template <class T> static T load(const void *data) {
  T v;
  std::memcpy(&v, data, sizeof v);
  return v;
}

bool holdsExactly(const Scalar &value, ScalarType dtype) {
  const uint64_t word = bitsOf(value, dtype);
  return loadScalar(&word, dtype).toDouble() == value.toDouble();
}

Scalar loadScalar(const void *data, ScalarType dtype) {
  switch (dtype) {
  case ScalarType::Bool:
    return load<uint8_t>(data) != 0;
  case ScalarType::Byte:
    return load<uint8_t>(data);
  case ScalarType::Char:
    return load<int8_t>(data);
  case ScalarType::Short:
    return load<int16_t>(data);
  case ScalarType::Int:
    return load<int32_t>(data);
  case ScalarType::Long:
    return load<int64_t>(data);
  case ScalarType::Half:
    return float16ToFloat(load<uint16_t>(data));
  case ScalarType::BFloat16:
    return bfloat16ToFloat(load<uint16_t>(data));
  case ScalarType::Float:
    return load<float>(data);
  default:
    return load<double>(data);
  }
}

void storeScalar(void *data, const Scalar &value, ScalarType dtype) {
  uint64_t all = bitsOf(value, dtype);
  std::memcpy(data, &all, elementSize(dtype));
}

} // namespace tjit
