//===- Case.h - running one recorded call -----------------------------------------------------===//
#pragma once

#include "Safetensors.h"

namespace tjit::goldens {

/// Makes the call of a case and compares everything that the file has about it: results, which
/// inputs changed, gradients, second gradients, or that it raises. Returns what is wrong, empty if
/// nothing is.
std::string runCase(const File &file, const Json &golden);

} // namespace tjit::goldens
