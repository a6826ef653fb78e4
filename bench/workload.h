//===- workload.h -----------------------------------------------------------------------------===//
// How a workload under a name that other frameworks are timed with becomes a benchmark.
//
// Included by tjit-bench and by peers/libtorch_bench.cpp, so it names neither library.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <sys/resource.h>

namespace bench {

/// What one call moves and computes at least, if it is too large for the caches; bench/compare.py
/// holds the time against the machine's limits (`limit_*`).
struct Work {
  double read = 0, written = 0; // bytes
  double flops = 0;
};

/// Memory that was resident at most until now, in bytes.
inline double peakResident() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

/// Registers a workload: `make` makes its inputs and gives the call that is timed, which evaluates
/// what it records. Counters: `first_ms`, the first call of the process, compilation included;
/// `peak_bytes`, how far the process grew beyond what it had before the inputs were made, if it
/// runs nothing else.
template <class Make> bool workload(const char *name, Work work, Make make) {
  auto run = [work, make, first = 0.0, before = 0.0](benchmark::State &state) mutable {
    if (before == 0)
      before = peakResident();
    auto call = make();
    const auto start = std::chrono::steady_clock::now();
    call();
    if (first == 0)
      first = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                  .count();
    for (auto _ : state)
      call();
    state.counters["first_ms"] = first;
    state.counters["peak_bytes"] = peakResident() - before;
    state.counters["read_bytes"] = work.read;
    state.counters["written_bytes"] = work.written;
    state.counters["flops"] = work.flops;
  };
  benchmark::RegisterBenchmark(name, run)->Unit(benchmark::kMicrosecond)->UseRealTime();
  return true;
}

/// [m, k] x [k, n] in floating-point operations.
constexpr double product(double m, double k, double n) { return 2 * m * k * n; }

} // namespace bench
