//===- fuzz.cpp - random programs must mean the same in every mode ---------------------------===//
//
//   tjit-fuzz [--seed N] [--programs K]
//
// Makes K programs from seeds N, N + 1, ... over the public API: elementwise operations with
// broadcasting and promotion, reductions, products, views, writes through views, gradients. Each
// runs interpreted, eagerly, and compiled twice (the second time from the cache), and as a function
// that is called three times, interpreted and by tjit::compile; all values and gradients must have
// the same bits. A difference is shrunk and printed as C++. Exit status 0:
// no difference; 1: one or more; 2: wrong arguments, or an operation that no action records.
//
//===------------------------------------------------------------------------------------------===//

#include "Program.h"

#include "IR/OpKind.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tjit;
using namespace tjit::fuzz;

namespace {

struct Run {
  const char *name;
  Mode mode;
  int threads;
  OnMiss onMiss = OnMiss::Block;
};
/// The first is what the others are compared with.
constexpr Run kRuns[] = {{"interpreted", Mode::Interpret, 1},
                         {"eager", Mode::Eager, 1},
                         {"compiled in the background", Mode::Compile, 1, OnMiss::Interpret},
                         {"compiled", Mode::Compile, 1},
                         {"compiled, from the cache, with two threads", Mode::Compile, 2}};

Outcome runAs(const Run &how, const Program &program) {
  synchronize(); // what the last run has asked for
  setMode(how.mode);
  set_on_miss(how.onMiss);
  set_num_threads(how.threads);
  return run(program);
}

/// What a child tells its parent.
struct Report {
  uint64_t seed, statements;
  size_t runs, plainRuns; ///< of functions, compiled and not
  char what[1000];        ///< "": no difference
};
Report *report;

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
    if (how.mode == Mode::Compile && how.onMiss == OnMiss::Block &&
        statistics().interpretations != interpretations)
      return std::string(how.name) + ": a trace was not compiled";
  }
  // As a function, whose later calls may be replayed.
  auto callsAs = [&](const Run &how, bool compiled) {
    synchronize();
    setMode(how.mode);
    set_on_miss(how.onMiss);
    set_num_threads(how.threads);
    return runCalls(program, compiled, compiled ? &report->runs : &report->plainRuns);
  };
  expected = callsAs(kRuns[0], false);
  if (!expected.error.empty())
    return {};
  if (std::string d = difference(expected, callsAs(kRuns[3], true)); !d.empty())
    return "as a compiled function of every second leaf, called three times: " + d;
  return {};
}
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

// Of processor time, which a busy machine does not take away; of a clock for one that waits for
// ever.
constexpr unsigned kSecondsPerProgram = 60, kSecondsOfWaiting = 900;

void compareAndReport(const Program &program) {
  const rlimit limit{static_cast<rlim_t>(std::clock() / CLOCKS_PER_SEC) + kSecondsPerProgram,
                     RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &limit); // then SIGXCPU
  alarm(kSecondsOfWaiting);
  std::snprintf(report->what, sizeof report->what, "%s", compare(program).c_str());
}

/// Runs `work` in a child; a signal that ends it is written to the report.
template <class Work> void inChild(Work work) {
  report->what[0] = 0;
  std::fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status))
    std::snprintf(report->what, sizeof report->what, "ended by signal %d (%s)", WTERMSIG(status),
                  strsignal(WTERMSIG(status)));
}
bool fails(const Program &program) {
  inChild([&] { compareAndReport(program); });
  return report->what[0] != 0;
}

/// The programs from `seed` on, until one fails or the last one has run.
void runPrograms(uint64_t seed, uint64_t end) {
  for (report->seed = seed; report->seed < end && !report->what[0]; ++report->seed) {
    setMode(Mode::Eager);
    Program program = generate(report->seed);
    report->statements += program.statements.size();
    compareAndReport(program);
    if (report->what[0])
      return;
  }
}

} // namespace

int main(int argc, char **argv) {
  uint64_t seed = 1, programs = 300;
  for (int i = 1; i < argc; i += 2) {
    std::string_view name = argv[i];
    if ((name != "--seed" && name != "--programs") || i + 1 == argc) {
      std::fprintf(stderr, "usage: tjit-fuzz [--seed N] [--programs K]\n");
      return 2;
    }
    (name == "--seed" ? seed : programs) = std::strtoull(argv[i + 1], nullptr, 10);
  }
  if (!coversTheTable())
    return 2;
  report = static_cast<Report *>(
      mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));

  uint64_t failures = 0, end = seed + programs;
  for (uint64_t next = seed; next < end; next = report->seed + 1) {
    inChild([&] { runPrograms(next, end); });
    if (!report->what[0])
      break;
    ++failures;
    const std::string found = report->what;
    setMode(Mode::Eager);
    Program small = shrink(generate(report->seed), fails);
    // What depends on the programs before it, or on the machine's time, does not come again.
    const bool again = fails(small);
    std::printf("// seed %llu: %s\n%s\n", static_cast<unsigned long long>(report->seed),
                again ? report->what : (found + " (not when it ran alone)").c_str(),
                text(small).c_str());
  }
  std::printf("tjit-fuzz: %zu of %zu calls of functions were replayed\n",
              report->plainRuns - report->runs, report->plainRuns);
  std::printf("tjit-fuzz: %llu programs of %llu statements, %llu with differences\n",
              static_cast<unsigned long long>(programs),
              static_cast<unsigned long long>(report->statements),
              static_cast<unsigned long long>(failures));
  return failures ? 1 : 0;
}
