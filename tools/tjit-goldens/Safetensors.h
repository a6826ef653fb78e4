//===- Safetensors.h - a file of golden data --------------------------------------------------===//
#pragma once

#include "tjit/tjit.h"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace tjit::goldens {

using Json = nlohmann::json;

/// A tensor's values as the file has them, row-major.
struct Stored {
  ScalarType dtype;
  std::vector<int64_t> sizes;
  const char *data;

  int64_t count() const;
};

/// A safetensors file in memory, with the list of cases of its metadata.
class File {
public:
  /// Throws Error naming the file and what is wrong with it.
  explicit File(const std::string &path);

  /// Throws Error where the file has no such tensor.
  const Stored &tensor(const std::string &name) const;
  const Json &cases() const { return cases_; }

private:
  std::string content;
  std::map<std::string, Stored> tensors;
  Json cases_;
};

/// The dtype of a name as PyTorch writes it: "float32". Throws Error for one that is not known.
ScalarType dtypeOf(const std::string &name);

/// A tensor of the stored values with the given strides (in elements; empty: row-major).
Tensor makeTensor(const Stored &stored, const std::vector<int64_t> &strides);

/// What differs between a tensor and stored values: dtype, sizes, or the first elements further
/// apart than atol + rtol * |want|. Empty where nothing does. NaN equals NaN, 0 equals -0.
std::string difference(const Tensor &tensor, const Stored &want, double rtol, double atol);

} // namespace tjit::goldens
