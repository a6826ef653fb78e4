//===- FakeCompiler.h -------------------------------------------------------------------------===//
// A compiler for tests that makes plans of interpreted steps.
#pragma once

#include "Runtime/CompilerInterface.h"

#include "IR/Executable.h"
#include "IR/TraceKey.h"

#include <functional>
#include <vector>

namespace tjit::test {

/// The parts of an executable before they become bytes.
struct PlanParts {
  exe::Header header{};
  std::vector<exe::Slot> slots;
  std::vector<exe::Step> steps;
  std::vector<uint64_t> nodeWords;
  std::vector<uint32_t> stepArgs;
  std::vector<uint8_t> image;

  std::vector<uint8_t> serialize() const;
};

/// A plan that runs every node as an interpreted step. Results that are not outputs lie in the
/// workspace. A proposed donor is accepted where the output is the result of the last step and only
/// that step reads the input.
PlanParts makeInterpretedPlan(const TraceGraph &graph);

/// What the next compilations do.
struct FakeCompilerOptions {
  bool fail = false;
  bool withoutSteps = false; // plans that only reserve memory, to time what is around the kernels
  std::function<void(const tjit_compile_request &)> before; // called first, on the compiling thread
  int calls = 0;                                            // so far
  int unfused = 0;                                          // of these, asked for no fusion
  std::vector<TraceGraph> graphs;                           // that were compiled
};
FakeCompilerOptions &fakeCompilerOptions();
const tjit_compiler_functions *fakeCompiler();

} // namespace tjit::test
