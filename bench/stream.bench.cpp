//===- stream.bench.cpp -----------------------------------------------------------------------===//
// Hand-written loops that the generated code is held against.

#include <benchmark/benchmark.h>
#include <oneapi/tbb/parallel_for.h>

#include <cstddef>
#include <memory>

namespace {

/// out = a * b + c over 10M float32 on all threads: the memory traffic of chain_10m and next to no
/// arithmetic.
void chain10mStream(benchmark::State &state) {
  constexpr size_t n = 10'000'000;
  auto make = [](float value) {
    std::unique_ptr<float[]> p(new float[n]);
    for (size_t i = 0; i < n; ++i)
      p[i] = value + static_cast<float>(i % 7);
    return p;
  };
  auto a = make(1), b = make(2), c = make(3), out = make(0);
  for (auto _ : state) {
    oneapi::tbb::parallel_for(
        oneapi::tbb::blocked_range<size_t>(0, n, 1 << 16), [&](const auto &range) {
          const float *__restrict x = a.get(), *__restrict y = b.get(), *__restrict z = c.get();
          float *__restrict to = out.get();
          for (size_t i = range.begin(); i < range.end(); ++i)
            to[i] = x[i] * y[i] + z[i];
        });
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * n * 16);
}
BENCHMARK(chain10mStream)->Name("chain_10m_stream")->Unit(benchmark::kMicrosecond)->UseRealTime();

} // namespace
