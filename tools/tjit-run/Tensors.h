//===- Tensors.h ------------------------------------------------------------------------------===//
// Inputs and results of tjit-run.
//
// Makes tensors from literals, files and random numbers; prints and compares them. All row-major.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/TensorType.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace tjit::run {

/// A row-major tensor that owns its memory, 64-byte aligned.
struct HostTensor {
  TensorType type;
  std::shared_ptr<std::byte> memory;
  std::byte *data() const { return memory.get(); }
  size_t bytes() const { return numElements(type.sizes) * elementSize(type.dtype); }
};

HostTensor makeTensor(const TensorType &type);

/// Floats in [-1, 1), integers in [0, 10), bools; 0-dim integers are 0, a valid offset.
HostTensor randomTensor(const TensorType &type, std::mt19937_64 &generator);

/// "1.5" or "[1, 2]" (a splat or all elements), or the name of a file with the elements. `error`
/// names what is wrong.
std::optional<HostTensor> parseTensor(const TensorType &type, const std::string &text,
                                      std::string &error);

/// Nested brackets, one row a line; long dimensions are cut.
std::string print(const HostTensor &tensor);

/// The first difference and how many there are; nothing where all bits are equal (any NaN equals
/// any NaN).
std::optional<std::string> compare(const HostTensor &actual, const HostTensor &expected);

} // namespace tjit::run
