//===- ScalarType.h - the ten element types ---------------------------------------------------===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Export.h"

#include <cstddef>
#include <cstdint>

TJIT_NAMESPACE_BEGIN

/// Element type of a tensor. The numbers are part of trace keys and cached executables: append,
/// never reorder.
enum class ScalarType : uint8_t {
  Bool,
  Byte,
  Char,
  Short,
  Int,
  Long,
  Half,
  BFloat16,
  Float,
  Double,
  Undefined
};

inline constexpr ScalarType kBool = ScalarType::Bool;
inline constexpr ScalarType kByte = ScalarType::Byte, kUInt8 = ScalarType::Byte;
inline constexpr ScalarType kChar = ScalarType::Char, kInt8 = ScalarType::Char;
inline constexpr ScalarType kShort = ScalarType::Short, kInt16 = ScalarType::Short;
inline constexpr ScalarType kInt = ScalarType::Int, kInt32 = ScalarType::Int;
inline constexpr ScalarType kLong = ScalarType::Long, kInt64 = ScalarType::Long;
inline constexpr ScalarType kHalf = ScalarType::Half, kFloat16 = ScalarType::Half;
inline constexpr ScalarType kBFloat16 = ScalarType::BFloat16;
inline constexpr ScalarType kFloat = ScalarType::Float, kFloat32 = ScalarType::Float;
inline constexpr ScalarType kDouble = ScalarType::Double, kFloat64 = ScalarType::Double;

/// Bytes of one element.
constexpr size_t elementSize(ScalarType t) {
  constexpr uint8_t sizes[] = {1, 1, 1, 2, 4, 8, 2, 2, 4, 8, 0};
  return sizes[static_cast<int>(t)];
}
constexpr bool isFloatingType(ScalarType t) {
  return t >= ScalarType::Half && t <= ScalarType::Double;
}
constexpr bool isComplexType(ScalarType) { return false; }
/// Whether the dtype has negative numbers.
constexpr bool isSignedType(ScalarType t) {
  return t != ScalarType::Bool && t != ScalarType::Byte && t != ScalarType::Undefined;
}
constexpr bool isIntegralType(ScalarType t, bool includeBool) {
  return t <= ScalarType::Long && (includeBool || t != ScalarType::Bool);
}

TJIT_NAMESPACE_END
