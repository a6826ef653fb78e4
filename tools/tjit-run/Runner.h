//===- Runner.h -------------------------------------------------------------------------------===//
// Running what has been compiled, and what has not.
#pragma once

#include "Tensors.h"

#include "IR/TraceKey.h"

#include <vector>

namespace tjit::run {

/// An executable (IR/Executable.h) with its code mapped. Inputs are row-major here whatever
/// `tjit.strides` says: they are laid out as the function wants them first.
class Runner {
public:
  /// `strides`: per input, how the function reads it.
  Runner(const std::vector<uint8_t> &executable, std::vector<Dims> strides,
         std::vector<TensorType> outputs);
  ~Runner();
  Runner(const Runner &) = delete;
  std::vector<HostTensor> run(const std::vector<HostTensor> &inputs) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

/// Runs a trace one operation at a time in the reference interpreter. Throws what the operations
/// throw.
std::vector<HostTensor> interpret(const TraceGraph &graph, const std::vector<HostTensor> &inputs);

} // namespace tjit::run
