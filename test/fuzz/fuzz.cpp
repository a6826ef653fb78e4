//===- fuzz.cpp - random programs must mean the same in every mode ---------------------------===//
//
//   tjit-fuzz [--seed N] [--programs K]
//
// Makes K programs from seeds N, N + 1, ... over the public API: elementwise operations with
// broadcasting and promotion, reductions, products, views, writes through views, gradients. Each
// runs interpreted, eagerly, and compiled twice (the second time from the cache), and all values
// and gradients must have the same bits. A difference is shrunk and printed as C++. Exit status 0:
// no difference; 1: one or more; 2: wrong arguments, or an operation that no action records.
//
//===----------------------------------------------------------------------------------------===//

#include "Program.h"

#include "IR/OpKind.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

using namespace tjit;
using namespace tjit::fuzz;

namespace {

struct Run {
  const char *name;
  Mode mode;
  int threads;
};
/// The first is what the others are compared with.
constexpr Run kRuns[] = {{"interpreted", Mode::Interpret, 1},
                         {"eager", Mode::Eager, 1},
                         {"compiled", Mode::Compile, 1},
                         {"compiled, from the cache, with two threads", Mode::Compile, 2}};

Outcome runAs(const Run &how, const Program &program) {
  setMode(how.mode);
  set_num_threads(how.threads);
  return run(program);
}

/// "" or which run differs and how. A program that throws when interpreted is none of ours.
std::string compare(const Program &program) {
  Outcome expected = runAs(kRuns[0], program);
  if (!expected.error.empty())
    return {};
  for (const Run &how : std::span(kRuns).subspan(1)) {
    uint64_t interpretations = statistics().interpretations;
    Outcome got = runAs(how, program);
    if (std::string d = difference(expected, got); !d.empty())
      return std::string(how.name) + ": " + d;
    if (how.mode == Mode::Compile && statistics().interpretations != interpretations)
      return std::string(how.name) + ": a trace was not compiled";
  }
  return {};
}
bool fails(const Program &program) { return !compare(program).empty(); }

/// Every operation of the table has an action that records it, so a new one is not forgotten.
bool coversTheTable() {
  bool all = true;
  for (unsigned i = 0; i < kNumOps; ++i) {
    bool covered = false;
    for (const Action &action : actions())
      covered |= std::string_view(action.covers) == kOpTable[i].mnemonic;
    if (!covered)
      std::fprintf(stderr, "tjit-fuzz: no action of test/fuzz/Actions.cpp covers tjit.%s\n",
                   kOpTable[i].mnemonic);
    all &= covered;
  }
  return all;
}

volatile uint64_t currentSeed;
void reportCrash(int signal) {
  char message[128];
  int n =
      std::snprintf(message, sizeof message, "tjit-fuzz: signal %d in the program of seed %llu\n",
                    signal, static_cast<unsigned long long>(currentSeed));
  if (write(2, message, n) < 0)
    _exit(4);
  _exit(3);
}

} // namespace

int main(int argc, char **argv) {
  uint64_t seed = 1, programs = 300;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string_view name = argv[i];
    if (name != "--seed" && name != "--programs") {
      std::fprintf(stderr, "usage: tjit-fuzz [--seed N] [--programs K]\n");
      return 2;
    }
    (name == "--seed" ? seed : programs) = std::strtoull(argv[i + 1], nullptr, 10);
  }
  if (!coversTheTable())
    return 2;
  for (int signal : {SIGSEGV, SIGILL, SIGFPE, SIGABRT, SIGBUS})
    std::signal(signal, reportCrash);

  uint64_t failures = 0, statements = 0;
  for (uint64_t s = seed; s < seed + programs; ++s) {
    currentSeed = s;
    setMode(Mode::Eager);
    Program program = generate(s);
    statements += program.statements.size();
    std::string what = compare(program);
    if (what.empty())
      continue;
    ++failures;
    Program small = shrink(program, fails);
    std::printf("// seed %llu: %s\n%s\n", static_cast<unsigned long long>(s),
                compare(small).c_str(), text(small).c_str());
    std::fflush(stdout);
  }
  std::printf("tjit-fuzz: %llu programs of %llu statements, %llu with differences\n",
              static_cast<unsigned long long>(programs),
              static_cast<unsigned long long>(statements),
              static_cast<unsigned long long>(failures));
  return failures ? 1 : 0;
}
