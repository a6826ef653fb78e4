//===- Compilation.h --------------------------------------------------------------------------===//
// What is compiled for, and what a compilation gives.
#pragma once

#include "Runtime/CompilerInterface.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tjit::rt {

/// What the settings say about a compilation, read once for all that it is used for.
struct CompileTarget {
  std::string cpu; // TJIT_CPU
  uint32_t threads;
};

/// What a compilation gave.
struct Compilation {
  std::vector<uint8_t> bytes;
  std::string error;   // empty: it succeeded
  std::string remarks; // lines, with TJIT_LOG=fuse
  double stageMs[tjit_num_stages] = {};
  uint32_t kernelsCompiled = 0, kernelsReused = 0;
  double milliseconds = 0; // as the one who asked saw it

  /// Asks the compiler of this process.
  static Compilation run(const tjit_compiler_functions &compiler,
                         const tjit_compile_request &request);
};

} // namespace tjit::rt
