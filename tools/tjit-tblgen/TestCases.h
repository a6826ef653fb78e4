//===- TestCases.h - the generated tests of an operation, from its entry ----------------------===//
#pragma once

#include "OpModel.h"

namespace tjit::tblgen {

/// Reads `testCases` of an operation: "3x4xT, i64 | dim = 1, size = 2". Where an entry has none,
/// operations without attributes whose operands are alike get a few shapes, broadcasting ones among
/// them; others end with an error.
std::vector<TestCase> readTestCases(const Operation &op);

/// The number of a dtype in tjit::ScalarType by its name in MLIR ("f32", "ui8"), -1 where there is
/// none.
int scalarTypeNumber(llvm::StringRef mlirName);

} // namespace tjit::tblgen
