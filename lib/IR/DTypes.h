//===- DTypes.h - names of dtypes, promotion and ranges ---------------------------------------===//
//
// PyTorch's rules: two tensors give the dtype that holds both; a 0-dim tensor or a C++ number takes
// part only where its category (bool, integer, floating point) is above that of the tensors with
// dimensions.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/ScalarType.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace tjit {

inline constexpr int kNumScalarTypes = 10;

/// "float32", "bool", ...: the names that messages use.
const char *toString(ScalarType dtype);
/// "f32", "i1", "ui8", ...: the names of MLIR's element types.
const char *mlirName(ScalarType dtype);
/// The dtype that `mlirName` gives, Undefined where there is none.
ScalarType fromMlirName(std::string_view name);

/// 0: bool, 1: integer, 2: floating point.
constexpr int dtypeCategory(ScalarType t) {
  return isFloatingType(t) ? 2 : t == ScalarType::Bool ? 0 : 1;
}

/// The smallest dtype that holds both, by PyTorch's table (torch.promote_types).
ScalarType promoteTypes(ScalarType a, ScalarType b);

/// What takes part in an operation of several operands.
struct PromotionOperand {
  enum Kind : uint8_t { tensor, zeroDim, number } kind;
  ScalarType dtype; // of a number: bool, int64 or float64
};
/// The dtype in which an operation of these operands is done (torch.result_type). Numbers count as
/// the default dtype of their category: bool, int64, float32.
ScalarType resultType(std::span<const PromotionOperand> operands);

} // namespace tjit
