//===- main.cpp -------------------------------------------------------------------------------===//
// The benchmark program.
//
// `./run bench` runs it; bench/README.md says what each benchmark times and what was measured.
// Google Benchmark's flags apply, e.g. --benchmark_filter=record_op.
//
//===------------------------------------------------------------------------------------------===//

#include <benchmark/benchmark.h>

#include <tjit/torch.h>

#include <cstdlib>

int main(int argc, char **argv) {
  // What is timed is compiled code, compiled here unless the environment says otherwise; benchmarks
  // of starting set their own cache.
  if (!std::getenv("TJIT_ON_MISS"))
    torch::setSetting("TJIT_ON_MISS", "block");
  if (!std::getenv("TJIT_CACHE_DIR"))
    torch::setSetting("TJIT_CACHE_DIR", "none");
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
