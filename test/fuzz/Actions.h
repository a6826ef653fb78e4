//===- Actions.h - what a random program is made of ------------------------------------------===//
//
// A program is a list of statements; a statement is an action of the table in Actions.cpp with its
// operands, which are results of earlier statements, and numbers.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/torch.h"

#include <span>
#include <string>

namespace tjit::fuzz {

/// One call of the public API.
///
/// - `covers`: the operation that it records, by its name in the operation table; "" for none.
/// - `text`: the C++ expression; $0, $1 are operands, #0, #1 numbers.
/// - `numbers`: a letter for each number: d a dimension, i an index or a small size, s a scalar of
///   kScalars, S a shape of kShapes, T a dtype of kDTypes.
struct Action {
  const char *covers;
  const char *text;
  int operands;
  const char *numbers;
  Tensor (*run)(const Tensor *t, const int64_t *n);
};
std::span<const Action> actions();

/// Scalars that are integers are passed as such.
inline constexpr double kScalars[] = {0, 1, 2, 3, -1, 7, 0.5, -0.5, 0.1, -2.5, 0.001};
Scalar scalarOf(int64_t number);

/// Shapes that broadcast to each other more often than not; the last ones are for parallel and
/// many-pass reductions.
inline constexpr int64_t kNumShapes = 22;
std::vector<int64_t> shapeOf(int64_t number);

/// float32 more often than others.
inline constexpr ScalarType kDTypes[] = {kFloat,  kFloat,  kFloat, kFloat,    kFloat, kFloat,
                                         kDouble, kDouble, kHalf,  kBFloat16, kLong,  kInt,
                                         kShort,  kChar,   kByte,  kBool};

/// A number as C++.
std::string numberText(char kind, int64_t number);
/// The largest value + 1 of a number of a kind.
int64_t numberRange(char kind);

} // namespace tjit::fuzz
