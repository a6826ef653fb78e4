//===- ScalarBits.h ---------------------------------------------------------------------------===//
// Numbers in the representation of a dtype.
//
// A C++ number becomes an element and an element a number; float16 and bfloat16 by the conversions
// of IR/Half.h, integers by docs/numerics.md.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Scalar.h"

namespace tjit {

/// The element of `dtype` in the low bytes.
uint64_t bitsOf(const Scalar &value, ScalarType dtype);
/// The element at `data`: a bool, an int64 or a double.
Scalar loadScalar(const void *data, ScalarType dtype);
void storeScalar(void *data, const Scalar &value, ScalarType dtype);

/// Whether the number is one of the dtype's.
bool holdsExactly(const Scalar &value, ScalarType dtype);

/// Throws Error where a value is beyond what the dtype holds. PyTorch's fills do; its arithmetic
/// wraps.
void checkHolds(const Scalar &value, ScalarType dtype, const char *operation);

} // namespace tjit
