//===- main.cpp -------------------------------------------------------------------------------===//
// The benchmark program.
//
// `./run bench` runs it; bench/README.md says what each benchmark times and what was measured.
// Google Benchmark's flags apply, e.g. --benchmark_filter=record_op.
//
//===------------------------------------------------------------------------------------------===//

#include <benchmark/benchmark.h>

#include <tjit/torch.h>

int main(int argc, char **argv) {
  // What is timed is compiled code, compiled here; benchmarks of starting set their own cache.
  torch::setSetting("TJIT_ON_MISS", "block");
  torch::setSetting("TJIT_CACHE_DIR", "none");
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
