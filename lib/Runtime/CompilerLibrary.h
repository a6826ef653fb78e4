//===- CompilerLibrary.h ----------------------------------------------------------------------===//
// The compiler, opened when it is first needed.

#pragma once

#include "Runtime/CompilerInterface.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace tjit::rt {

class Context;

/// What a compilation gave.
struct Compilation {
  std::vector<uint8_t> bytes;
  std::string error; // empty: it succeeded
  uint32_t kernelsCompiled = 0, kernelsReused = 0;
  double milliseconds = 0;
};

class CompilerLibrary {
public:
  /// Null where the library is missing or of another version: then everything is interpreted. Opens
  /// it at the first call.
  const tjit_compiler_functions *functions(Context &context);
  bool loaded() const { return functions_.load(std::memory_order_acquire) != nullptr; }
  /// The library at this path from now on; empty: the one beside libtjit; "none": no compiler.
  void setPath(std::string path);
  std::string path();
  /// A compiler inside the program, for tests.
  void use(const tjit_compiler_functions *functions);

  Compilation compile(Context &context, std::span<const uint64_t> key, uint64_t hash);
  void clearKernelCache();

private:
  const tjit_compiler_functions *open(Context &context);

  std::atomic<const tjit_compiler_functions *> functions_{nullptr};
  std::atomic<bool> tried_{false};
  std::mutex mutex_;
  std::string path_;
};

} // namespace tjit::rt
