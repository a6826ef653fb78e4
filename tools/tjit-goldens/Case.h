//===- Case.h - running one recorded call -----------------------------------------------------===//
#pragma once

#include "Safetensors.h"

namespace tjit::goldens {

/// Makes the call of a case and compares everything that the file has about it: results, which
/// inputs changed, gradients, second gradients, or that it raises. Returns what is wrong, empty if
/// nothing is. `histories`: the names of the results' histories, "AddBackward0 -" (a result without
/// one), or null where they are not known.
std::string runCase(const File &file, const Json &golden, const std::string *histories);

} // namespace tjit::goldens
