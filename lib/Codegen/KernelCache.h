//===- KernelCache.h --------------------------------------------------------------------------===//
// Machine code of kernels that have been compiled before.
//
// Traces differ more than their kernels do: a step with another batch size, a second parameter of
// the same rank, a loss printed in between. The key is the canonical text of a kernel or
// contraction with its target; it holds no pointer and nothing of a context. Kernels over one
// dimension have no size in it.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/X86Scatter.h"
#include "tjit-compiler/Codegen/Emit.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace tjit::codegen {

/// Code of one kernel: an image, which the kernels that were compiled with it share, and where its
/// launches begin.
struct CachedKernel {
  std::shared_ptr<const std::vector<uint8_t>> image;
  EmittedKernel kernel;
  std::vector<uint64_t> entries; ///< per launch, in `image`
};

/// Thread-safe. Keeps the most recently used kernels.
class KernelCache {
public:
  explicit KernelCache(size_t capacity = 4096) : capacity(capacity) {}
  std::shared_ptr<const CachedKernel> find(const std::string &key);
  void insert(const std::string &key, std::shared_ptr<const CachedKernel> kernel);
  void clear();

private:
  struct Entry {
    std::string key;
    std::shared_ptr<const CachedKernel> kernel;
  };
  std::mutex mutex;
  size_t capacity;
  std::list<Entry> entries; ///< most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> byKey;
};

/// Whether the code of a kernel does not depend on its size: one dimension, nothing reduced.
bool isSizePolymorphic(ir::KernelOp kernel);
std::string kernelKey(ir::KernelOp kernel, const TargetInfo &target);
std::string matmulKey(const MatmulDescription &matmul, const TargetInfo &target);
std::string scatterKey(const ScatterDescription &scatter, const TargetInfo &target);

} // namespace tjit::codegen
