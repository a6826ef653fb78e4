//===- CompilerInterface.h --------------------------------------------------------------------===//
// The C interface between libtjit and libtjit_compiler.
//
// libtjit opens libtjit_compiler.so (dlopen, RTLD_LOCAL) at the first miss and looks up one symbol,
// tjit_compiler_entry. A trace key goes in, the bytes of an executable come out. No C++ type and no
// exception crosses.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

struct tjit_compile_request {
  const uint64_t *key; // IR/TraceKey.h
  size_t keyWords;
  const char *cpu;     // "native", or a name LLVM knows ("haswell"); TJIT_CPU
  uint32_t numThreads; // workers that a parallel step may use; affects grain only, never the bits
  const char *dumpDir; // null, or a folder that gets the stages of this trace
  const char *dumpName;
  void (*log)(void *context, const char *line); // null: quiet
  void *logContext;
};

struct tjit_compile_result {
  uint8_t *
      bytes; // executable (IR/Executable.h), null on failure; owned by the compiler until `release`
  size_t size;
  char *error; // null on success
  double importMs, optimizeMs, emitMs, codegenMs;
  uint32_t kernelsCompiled, kernelsReused;
};

struct tjit_compiler_functions {
  uint32_t abiVersion; // kCompilerAbi
  /// Thread-safe. Returns 0 on success. Never throws, prints or exits.
  int (*compile)(const tjit_compile_request *, tjit_compile_result *);
  void (*release)(tjit_compile_result *);
  /// Empties the compiler's cache of kernels (benchmarks of compile time).
  void (*clearKernelCache)();
};

/// The only exported symbol of libtjit_compiler.so.
typedef const tjit_compiler_functions *(*tjit_compiler_entry_fn)();
}

inline constexpr uint32_t kCompilerAbi = 1;
inline constexpr const char *kCompilerEntryName = "tjit_compiler_entry";
