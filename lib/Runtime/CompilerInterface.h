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

/// Where the time of a compilation goes, in the order of its stages.
enum tjit_compile_stage {
  tjit_stage_import,   // the key becomes a function of the dialect
  tjit_stage_simplify, // the passes, by name
  tjit_stage_fuse,
  tjit_stage_emit,      // kernels become func/scf/vector
  tjit_stage_lower,     // to the LLVM dialect
  tjit_stage_translate, // to LLVM IR
  tjit_stage_codegen,   // to an object
  tjit_stage_image,     // to position-independent bytes
  tjit_stage_plan,      // memory, steps, and their bytes
  tjit_num_stages
};
inline constexpr const char *kCompileStageNames[tjit_num_stages] = {
    "import", "simplify", "fuse", "emit", "lower", "translate", "codegen", "image", "plan"};

extern "C" {

struct tjit_compile_request {
  const uint64_t *key; // IR/TraceKey.h
  size_t keyWords;
  const char *cpu;     // "native", or a name LLVM knows ("haswell"); TJIT_CPU
  uint32_t numThreads; // workers that a parallel step may use; affects grain only, never the bits
  const char *dumpDir; // null, or a folder that gets the stages of this trace
  const char *dumpName;
  /// Null, or asked between stages: a compilation that nobody waits for any more fails soon.
  int (*cancelled)(void *context);
  void *cancelContext;
  int wantsRemarks; // not 0: the result has remarks
  int unfused;      // not 0: a kernel for each operation, compiled soon; the executable says so
};

struct tjit_compile_result {
  uint8_t *
      bytes; // executable (IR/Executable.h), null on failure; owned by the compiler until `release`
  size_t size;
  char *error;   // null on success
  char *remarks; // null, or what was fused and why, a line for each decision
  double stageMs[tjit_num_stages];
  uint32_t kernelsCompiled, kernelsReused;
};

struct tjit_compiler_functions {
  uint32_t abiVersion; // kCompilerAbi
  /// Thread-safe. Returns 0 on success. Never throws, prints or exits.
  int (*compile)(const tjit_compile_request *, tjit_compile_result *);
  void (*release)(tjit_compile_result *);
  /// Empties the compiler's cache of kernels (benchmarks of compile time).
  void (*clearKernelCache)();
  /// Where in the source a position of a module's file is: "file:line (in function)", released by
  /// free(). Null: unknown.
  char *(*describeAddress)(const char *file, uint64_t offset);
  /// An address in each library whose code decides what is compiled (MLIR, LLVM), but for the
  /// compiler's own.
  const void *const *modules;
  size_t numModules;
  /// operationsHash() (IR/OpKind.h) of the compiler: a trace of other operations would be compiled
  /// into something else.
  uint64_t (*operations)();
};

/// The only exported symbol of libtjit_compiler.so. The first call makes all globals that a
/// compilation needs, so that none is made later: who wants to be told of the process's end before
/// they are destroyed registers after this call.
typedef const tjit_compiler_functions *(*tjit_compiler_entry_fn)();
}

inline constexpr uint32_t kCompilerAbi = 5;
inline constexpr const char *kCompilerEntryName = "tjit_compiler_entry";
