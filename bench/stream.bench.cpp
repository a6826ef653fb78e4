//===- stream.bench.cpp -----------------------------------------------------------------------===//
// Hand-written loops that the generated code is held against: what the machine can do at all.

#include <benchmark/benchmark.h>
#include <oneapi/tbb/parallel_for.h>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <sys/mman.h>

namespace {

constexpr size_t kElements = 10'000'000;
constexpr size_t kGrain = 1 << 16;

/// kElements floats in huge pages, as the library's own memory is.
struct Array {
  static constexpr size_t kPage = 2 << 20,
                          kBytes = (kElements * sizeof(float) + kPage - 1) / kPage * kPage;
  struct Free {
    void operator()(float *p) const { std::free(p); }
  };
  std::unique_ptr<float[], Free> data{static_cast<float *>(std::aligned_alloc(kPage, kBytes))};

  explicit Array(float value) {
    madvise(data.get(), kBytes, MADV_HUGEPAGE);
    for (size_t i = 0; i < kElements; ++i)
      data[i] = value + static_cast<float>(i % 7);
  }
};

/// Runs `body(begin, end)` over all elements on all threads.
template <class Body> void overAll(const Body &body) {
  oneapi::tbb::parallel_for(oneapi::tbb::blocked_range<size_t>(0, kElements, kGrain),
                            [&](const auto &range) { body(range.begin(), range.end()); });
  benchmark::ClobberMemory();
}

/// out = a * b + c: the memory traffic of chain_10m and next to no arithmetic.
void chain10mStream(benchmark::State &state) {
  Array a(1), b(2), c(3), out(0);
  for (auto _ : state)
    overAll([&](size_t begin, size_t end) {
      const float *__restrict x = a.data.get(), *__restrict y = b.data.get(),
                              *__restrict z = c.data.get();
      float *__restrict to = out.data.get();
      for (size_t i = begin; i < end; ++i)
        to[i] = x[i] * y[i] + z[i];
    });
  state.SetBytesProcessed(state.iterations() * kElements * 16);
}
BENCHMARK(chain10mStream)->Name("chain_10m_stream")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// The fastest reading of 40 MB.
void limitRead(benchmark::State &state) {
  Array a(1);
  for (auto _ : state)
    overAll([&](size_t begin, size_t end) {
      // Integers, because their sum may be taken in any order: so the compiler uses vectors.
      const auto *x = reinterpret_cast<const unsigned *>(a.data.get());
      unsigned sum = std::accumulate(x + begin, x + end, 0u);
      benchmark::DoNotOptimize(sum);
    });
  state.SetBytesProcessed(state.iterations() * kElements * 4);
}
BENCHMARK(limitRead)->Name("limit_read")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// 40 MB read and 40 MB written.
void limitCopy(benchmark::State &state) {
  Array a(1), out(0);
  for (auto _ : state)
    overAll([&](size_t begin, size_t end) {
      const float *__restrict x = a.data.get();
      float *__restrict to = out.data.get();
      for (size_t i = begin; i < end; ++i)
        to[i] = x[i] + 1;
    });
  state.SetBytesProcessed(state.iterations() * kElements * 8);
}
BENCHMARK(limitCopy)->Name("limit_copy")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// Multiply-adds of float32 in registers on all threads; counter: operations per second.
void limitFlops(benchmark::State &state) {
  constexpr int kWidth = 256; // enough independent sums for the latency of an addition
  constexpr int kSteps = 4096, kTasks = 64;
  for (auto _ : state)
    oneapi::tbb::parallel_for(0, kTasks, [&](int task) {
      float sums[kWidth] = {};
      float factor = 1 + 1e-6f * static_cast<float>(task), addend = 1e-3f;
      benchmark::DoNotOptimize(factor);
      benchmark::DoNotOptimize(addend);
      for (int step = 0; step < kSteps; ++step)
        for (float &sum : sums)
          sum = std::fma(sum, factor, addend);
      benchmark::DoNotOptimize(sums);
    });
  state.counters["flops"] = benchmark::Counter(2.0 * kWidth * kSteps * kTasks,
                                               benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(limitFlops)->Name("limit_flops")->Unit(benchmark::kMicrosecond)->UseRealTime();

} // namespace
