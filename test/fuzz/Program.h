//===- Program.h - random programs: making, running, printing, shrinking ---------------------===//

#pragma once

#include "Actions.h"

#include <optional>
#include <random>
#include <vector>

namespace tjit::fuzz {

/// The result of statement i is value i.
struct Statement {
  const Action *action;
  std::vector<int> operands;
  std::vector<int64_t> numbers;
};
struct Program {
  uint64_t seed; ///< of the tensors' contents
  std::vector<Statement> statements;
};

/// A value or gradient at the end of a program.
struct Observation {
  std::string name; ///< "t3", "t0.grad()"
  ScalarType dtype;
  std::vector<int64_t> sizes;
  std::vector<std::byte> bytes;
};
struct Outcome {
  std::vector<Observation> observations;
  /// What a statement or a read at the end threw, with its number.
  std::string error;
};

/// A program none of whose statements throws: tries random ones and keeps those that work.
Program generate(uint64_t seed);
/// Runs the program in the current mode from the beginning.
Outcome run(const Program &program);
/// Makes the program a function of every second leaf, which finds the other ones, and calls it
/// three times on new arguments; as a compiled function where `compiled`. Programs of odd seeds end
/// with an update of the leaves by their gradients. Adds to `runs` how often the function itself
/// ran.
Outcome runCalls(const Program &program, bool compiled, size_t *runs);
/// How two outcomes differ; empty if they do not. NaN equals NaN.
std::string difference(const Outcome &expected, const Outcome &got);
/// The program as C++ that compiles against the public API.
std::string text(const Program &program);

/// A program with fewer or simpler statements for which `fails` still holds.
Program shrink(Program program, bool (*fails)(const Program &));

} // namespace tjit::fuzz
