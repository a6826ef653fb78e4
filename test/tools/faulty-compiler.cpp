//===- faulty-compiler.cpp - a compiler library whose compilations go wrong -------------------===//
//
//   TJIT_COMPILER=libtjit_faulty_compiler.so FAULT=segv|abort|kill|exit|hang|stack program
//
// What each compilation does instead of compiling; nothing of it may cost the program more than
// time (Runtime/compile_process.test). FAULT=operations: it knows other operations than the
// program.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/OpKind.h"
#include "Runtime/CompilerInterface.h"

#include <csignal>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace {

int overflow(int depth) {
  volatile char page[1 << 16];
  page[0] = static_cast<char>(depth);
  return overflow(depth + 1) + page[0];
}

int compile(const tjit_compile_request *, tjit_compile_result *result) {
  *result = {};
  const char *text = std::getenv("FAULT");
  const std::string fault = text ? text : "";
  if (fault == "segv")
    raise(SIGSEGV);
  if (fault == "abort")
    std::abort();
  if (fault == "kill")
    raise(SIGKILL);
  if (fault == "exit")
    std::exit(0);
  if (fault == "stack")
    return overflow(0);
  while (fault == "hang")
    pause();
  return 1;
}

void release(tjit_compile_result *) {}
void clearKernelCache() {}
char *describeAddress(const char *, uint64_t) { return nullptr; }
uint64_t operations() {
  const char *fault = std::getenv("FAULT");
  return tjit::operationsHash() + (fault && std::string(fault) == "operations");
}

const tjit_compiler_functions kFunctions{kCompilerAbi,    compile, release, clearKernelCache,
                                         describeAddress, nullptr, 0,       operations};

} // namespace

extern "C" __attribute__((visibility("default"))) const tjit_compiler_functions *
tjit_compiler_entry() {
  return &kFunctions;
}
