//===- DTypes.cpp - names of dtypes and promotion ---------------------------------------------===//

#include "IR/DTypes.h"

namespace tjit {

static constexpr struct {
  const char *name, *mlir;
} kNames[] = {{"bool", "i1"},     {"uint8", "ui8"},  {"int8", "i8"},     {"int16", "i16"},
              {"int32", "i32"},   {"int64", "i64"},  {"float16", "f16"}, {"bfloat16", "bf16"},
              {"float32", "f32"}, {"float64", "f64"}};

const char *toString(ScalarType dtype) {
  auto i = static_cast<unsigned>(dtype);
  return i < kNumScalarTypes ? kNames[i].name : "undefined";
}

const char *mlirName(ScalarType dtype) {
  auto i = static_cast<unsigned>(dtype);
  return i < kNumScalarTypes ? kNames[i].mlir : "none";
}

ScalarType fromMlirName(std::string_view name) {
  for (int i = 0; i < kNumScalarTypes; ++i)
    if (name == kNames[i].mlir)
      return static_cast<ScalarType>(i);
  return ScalarType::Undefined;
}

ScalarType promoteTypes(ScalarType a, ScalarType b) {
  if (a == b)
    return a;
  if (a > b) {
    ScalarType larger = a;
    a = b, b = larger;
  }
  // Now a comes before b in the order bool, uint8, int8, int16, int32, int64, float16, bfloat16,
  // float32, float64, in which the later dtype holds the earlier one but for two pairs.
  if (a == ScalarType::Byte && b == ScalarType::Char)
    return ScalarType::Short;
  if (a == ScalarType::Half && b == ScalarType::BFloat16)
    return ScalarType::Float;
  return b;
}

ScalarType resultType(std::span<const PromotionOperand> operands) {
  // Per kind, the promotion of its members' dtypes; a kind decides only where its category is above
  // the kinds before it.
  ScalarType byKind[3] = {ScalarType::Undefined, ScalarType::Undefined, ScalarType::Undefined};
  for (const PromotionOperand &operand : operands) {
    ScalarType dtype = operand.dtype;
    if (operand.kind == PromotionOperand::number && isFloatingType(dtype))
      dtype = ScalarType::Float;
    ScalarType &slot = byKind[operand.kind];
    slot = slot == ScalarType::Undefined ? dtype : promoteTypes(slot, dtype);
  }
  ScalarType result = ScalarType::Undefined;
  for (ScalarType dtype : byKind) {
    if (dtype == ScalarType::Undefined)
      continue;
    if (result == ScalarType::Undefined || dtypeCategory(dtype) > dtypeCategory(result))
      result = dtype;
  }
  return result;
}

} // namespace tjit
