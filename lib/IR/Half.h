//===- Half.h - float16 and bfloat16 in integer arithmetic --------------------------------===//
//
// Conversions with one rounding to nearest even, subnormals kept, NaN quiet: the definition that
// every tier follows. No instruction is used, because those of some processors flush subnormals
// (AVX512-BF16) and others are missing.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <bit>
#include <cstdint>

namespace tjit {

/// The bfloat16 nearest to x. NaN keeps its sign and upper payload and becomes quiet.
constexpr uint16_t floatToBFloat16(float x) {
  uint32_t bits = std::bit_cast<uint32_t>(x);
  uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  uint32_t nan = bits >> 16 | 0x40;
  return static_cast<uint16_t>((bits & 0x7fffffff) > 0x7f800000 ? nan : rounded);
}
constexpr float bfloat16ToFloat(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

/// The float16 nearest to x; from 65520 on infinity. NaN keeps its sign and upper payload and
/// becomes quiet.
constexpr uint16_t floatToFloat16(float x) {
  uint32_t bits = std::bit_cast<uint32_t>(x);
  uint32_t sign = bits >> 16 & 0x8000, a = bits & 0x7fffffff;
  uint32_t result;
  if (a >= 0x47800000) // 2^16 and above, infinity, NaN
    result = a > 0x7f800000 ? 0x7e00 | (a >> 13 & 0x3ff) : 0x7c00;
  else if (a >=
           0x38800000) // normal: the exponent's bias changes by 112; rounding may carry into it
    result = (a - 0x38000000 + 0xfff + (a >> 13 & 1)) >> 13;
  else {
    // Subnormal: adding 0.5 puts the unit of float16's subnormals, 2^-24, at the lowest bit, and
    // rounds.
    float shifted = std::bit_cast<float>(a) + 0.5f;
    result = std::bit_cast<uint32_t>(shifted) - 0x3f000000;
  }
  return static_cast<uint16_t>(sign | result);
}
constexpr float float16ToFloat(uint16_t bits) {
  uint32_t sign = static_cast<uint32_t>(bits & 0x8000) << 16, a = bits & 0x7fff;
  uint32_t result;
  if (a >= 0x7c00)
    result = 0x7f800000 | (a & 0x3ff) << 13 | (a > 0x7c00 ? 0x400000 : 0);
  else if (a >= 0x0400)
    result = (a << 13) + 0x38000000;
  else // subnormal: a * 2^-24
    result = std::bit_cast<uint32_t>(static_cast<float>(a) * 0x1p-24f);
  return std::bit_cast<float>(sign | result);
}

} // namespace tjit
