//===- main.cpp -------------------------------------------------------------------------------===//
// The benchmark program.
//
// `./run bench` runs it; bench/README.md says what each benchmark times and what was measured.
// Google Benchmark's flags apply, e.g. --benchmark_filter=record_op.
//
//===------------------------------------------------------------------------------------------===//

#include <benchmark/benchmark.h>

BENCHMARK_MAIN();
