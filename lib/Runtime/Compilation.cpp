//===- Compilation.cpp ------------------------------------------------------------------------===//
// What a compilation gives.

#include "Runtime/Compilation.h"

#include <algorithm>
#include <iterator>

namespace tjit::rt {

Compilation Compilation::run(const tjit_compiler_functions &compiler,
                             const tjit_compile_request &request) {
  Compilation out;
  tjit_compile_result result{};
  if (compiler.compile(&request, &result) == 0)
    out.bytes.assign(result.bytes, result.bytes + result.size);
  else
    out.error = result.error ? result.error : "unknown error";
  std::copy(std::begin(result.stageMs), std::end(result.stageMs), out.stageMs);
  if (result.remarks)
    out.remarks = result.remarks;
  out.kernelsCompiled = result.kernelsCompiled;
  out.kernelsReused = result.kernelsReused;
  compiler.release(&result);
  return out;
}

} // namespace tjit::rt
