//===- latency.bench.cpp ----------------------------------------------------------------------===//
// What a recorded call, a cache hit and a compilation cost.
//
// Small programs, where everything but the library's own work is negligible.
//
//===------------------------------------------------------------------------------------------===//

#include "demo_step.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/// One iteration is one operation of a chain of 256 that is recorded and dropped; nothing is
/// evaluated.
void recordOp(benchmark::State &state) {
  torch::NoGradGuard guard;
  auto x = torch::randn({16}), y = torch::randn({16});
  torch::eval(x);
  torch::eval(y);
  while (state.KeepRunningBatch(256)) {
    auto z = x;
    for (int i = 0; i < 128; ++i)
      z = (z + y) * y;
    benchmark::DoNotOptimize(z);
  }
}
BENCHMARK(recordOp)->Name("record_op");

/// z = a * b + sin(c) on scalars, backward, all three gradients read, gradients reset.
void hitSeed(benchmark::State &state) {
  auto a = torch::tensor(2.f, torch::requires_grad()),
       b = torch::tensor(3.f, torch::requires_grad());
  auto c = torch::tensor(4.f, torch::requires_grad());
  for (auto _ : state) {
    auto z = a * b + torch::sin(c);
    z.backward();
    benchmark::DoNotOptimize(a.grad().item<float>());
    benchmark::DoNotOptimize(b.grad().item<float>());
    benchmark::DoNotOptimize(c.grad().item<float>());
    a.mutable_grad().reset(), b.mutable_grad().reset(), c.mutable_grad().reset();
  }
}
BENCHMARK(hitSeed)->Name("hit_seed");

struct LinearRegression {
  torch::Tensor x = torch::randn({100, 1}), y = torch::randn({100, 1});
  torch::Tensor w = torch::randn({1, 1}).requires_grad_(true),
                b = torch::randn({1}).requires_grad_(true);

  void update() {
    torch::NoGradGuard guard;
    w -= 0.01 * w.grad();
    b -= 0.01 * b.grad();
    w.grad().zero_();
    b.grad().zero_();
  }
};

/// One eager step of a linear regression over 100 points with in-place updates; the new weight is
/// read.
void linregStep(benchmark::State &state) {
  LinearRegression r;
  for (auto _ : state) {
    auto loss = (r.x.matmul(r.w) + r.b - r.y).pow(2).mean();
    loss.backward();
    r.update();
    benchmark::DoNotOptimize(r.w.const_data_ptr<float>());
  }
}
BENCHMARK(linregStep)->Name("linreg_step");

/// The same, with a name for every intermediate value: naming must cost nothing.
void linregStepNamed(benchmark::State &state) {
  LinearRegression r;
  for (auto _ : state) {
    auto product = r.x.matmul(r.w);
    auto prediction = product + r.b;
    auto difference = prediction - r.y;
    auto square = difference.pow(2);
    auto loss = square.mean();
    loss.backward();
    r.update();
    benchmark::DoNotOptimize(r.w.const_data_ptr<float>());
  }
}
BENCHMARK(linregStepNamed)->Name("linreg_step_named");

/// The same as a compiled function: what recording a step costs.
void linregStepCompiled(benchmark::State &state) {
  LinearRegression r;
  auto step = torch::compile([&] {
    (r.x.matmul(r.w) + r.b - r.y).pow(2).mean().backward();
    r.update();
  });
  for (auto _ : state) {
    step();
    benchmark::DoNotOptimize(r.w.const_data_ptr<float>());
  }
}
BENCHMARK(linregStepCompiled)->Name("linreg_step_compiled");

/// The values as a data set: as they are, or in memory of the caller's.
template <class T>
torch::Tensor dataSet(const torch::Tensor &values, std::vector<T> &memory, bool borrowed) {
  if (!borrowed)
    return values;
  // At a line's begin, like the library's own and like a mapped file.
  constexpr size_t kLine = 64;
  const auto n = static_cast<size_t>(values.numel());
  memory.resize(n + kLine / sizeof(T));
  void *place = memory.data();
  size_t space = memory.size() * sizeof(T);
  std::align(kLine, n * sizeof(T), place, space);
  std::memcpy(place, values.const_data_ptr<T>(), n * sizeof(T));
  return torch::from_blob(place, values.sizes(), values.scalar_type());
}

/// An epoch of training over a data set of 4096 rows of 64 numbers in slices of 128: what it costs
/// that the data set is the caller's memory, from which an operation copies what it reads.
void slices(benchmark::State &state, bool borrowed, bool compiled) {
  constexpr int64_t kRows = 4096, kColumns = 64, kBatch = 128;
  std::vector<float> x, y;
  const torch::Tensor data = dataSet(torch::randn({kRows, kColumns}), x, borrowed),
                      wanted = dataSet(torch::randn({kRows, 1}), y, borrowed);
  torch::Tensor w = (torch::randn({kColumns, 1}) * 0.1).requires_grad_(true);
  auto step = [&](const torch::Tensor &batch, const torch::Tensor &target) {
    ((batch.matmul(w)).tanh() - target).pow(2).mean().backward();
    torch::NoGradGuard guard;
    w -= 0.01 * w.grad();
    w.grad().zero_();
  };
  auto compiledStep = torch::compile(step);
  for (auto _ : state) {
    for (int64_t first = 0; first < kRows; first += kBatch) {
      const torch::Tensor batch = data.slice(0, first, first + kBatch),
                          target = wanted.slice(0, first, first + kBatch);
      compiled ? compiledStep(batch, target) : step(batch, target);
    }
    benchmark::DoNotOptimize(w.const_data_ptr<float>());
  }
}
BENCHMARK_CAPTURE(slices, owned, false, false)->Name("train_slices/owned");
BENCHMARK_CAPTURE(slices, borrowed, true, false)->Name("train_slices/borrowed");
BENCHMARK_CAPTURE(slices, ownedCompiled, false, true)->Name("train_slices/owned_compiled");
BENCHMARK_CAPTURE(slices, borrowedCompiled, true, true)->Name("train_slices/borrowed_compiled");

/// The same for the demo's network, 784-256-10: 2048 rows in slices of 64.
void slicesOfImages(benchmark::State &state, bool borrowed, bool compiled) {
  constexpr int64_t kRows = 2048, kColumns = 784, kBatch = 64;
  std::vector<float> x;
  std::vector<int64_t> y;
  const torch::Tensor data = dataSet(torch::randn({kRows, kColumns}), x, borrowed),
                      wanted = dataSet(torch::randint(0, 10, {kRows}), y, borrowed);
  torch::Tensor w1 = (torch::randn({kColumns, 256}) * 0.05).requires_grad_(true),
                b1 = torch::zeros({256}, torch::requires_grad()),
                w2 = (torch::randn({256, 10}) * 0.05).requires_grad_(true),
                b2 = torch::zeros({10}, torch::requires_grad());
  auto step = [&](const torch::Tensor &batch, const torch::Tensor &target) {
    const torch::Tensor hidden = torch::relu(batch.matmul(w1) + b1);
    torch::nn::functional::cross_entropy(hidden.matmul(w2) + b2, target).backward();
    torch::NoGradGuard guard;
    for (torch::Tensor *p : {&w1, &b1, &w2, &b2}) {
      *p -= 0.01 * p->grad();
      p->mutable_grad().reset();
    }
  };
  auto compiledStep = torch::compile(step);
  for (auto _ : state) {
    for (int64_t first = 0; first < kRows; first += kBatch) {
      const torch::Tensor batch = data.slice(0, first, first + kBatch),
                          target = wanted.slice(0, first, first + kBatch);
      compiled ? compiledStep(batch, target) : step(batch, target);
    }
    benchmark::DoNotOptimize(w1.const_data_ptr<float>());
  }
}
BENCHMARK_CAPTURE(slicesOfImages, owned, false, false)->Name("train_slices/images_owned");
BENCHMARK_CAPTURE(slicesOfImages, borrowed, true, false)->Name("train_slices/images_borrowed");
BENCHMARK_CAPTURE(slicesOfImages, ownedCompiled, false, true)
    ->Name("train_slices/images_owned_compiled");
BENCHMARK_CAPTURE(slicesOfImages, borrowedCompiled, true, true)
    ->Name("train_slices/images_borrowed_compiled");

/// Milliseconds of each stage, a compilation, as counters.
void reportStages(benchmark::State &state) {
  for (const torch::CompileStage &stage : torch::compileStages())
    state.counters[stage.name] =
        benchmark::Counter(stage.milliseconds, benchmark::Counter::kAvgIterations);
}

/// A call of a compiled function of ten tensors that is replayed: the check of its signature, and a
/// kernel over 16 elements.
void compiledCall(benchmark::State &state) {
  auto f =
      torch::compile([](const torch::Tensor &a, const torch::Tensor &b, const torch::Tensor &c,
                        const torch::Tensor &d, const torch::Tensor &e, const torch::Tensor &f,
                        const torch::Tensor &g, const torch::Tensor &h, const torch::Tensor &i,
                        const torch::Tensor &j) { return a * b + c * d + e * f + g * h + i * j; });
  torch::Tensor t[10];
  for (torch::Tensor &x : t)
    torch::eval(x = torch::randn({16}));
  for (auto _ : state)
    benchmark::DoNotOptimize(f(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9]));
}
BENCHMARK(compiledCall)->Name("compiled_call");

/// A new signature of a * b + sin(c): recorded, compiled (the caches were emptied), run. The
/// compiler is loaded already.
void compileChain(benchmark::State &state) {
  torch::NoGradGuard guard;
  auto a = torch::randn({1000}), b = torch::randn({1000}), c = torch::randn({1000});
  torch::eval(a * b + torch::sin(c));
  torch::resetStatistics();
  for (auto _ : state) {
    state.PauseTiming();
    torch::clearCaches();
    state.ResumeTiming();
    torch::eval(a * b + torch::sin(c));
  }
  reportStages(state);
}
BENCHMARK(compileChain)->Name("compile_chain")->Unit(benchmark::kMillisecond);

/// The same for a training step of the demo: everything in it is compiled anew.
void compileDemoStep(benchmark::State &state) {
  demoStep();
  torch::resetStatistics();
  for (auto _ : state) {
    state.PauseTiming();
    torch::clearCaches();
    state.ResumeTiming();
    benchmark::DoNotOptimize(demoStep());
  }
  reportStages(state);
}
BENCHMARK(compileDemoStep)->Name("compile_demo_step")->Unit(benchmark::kMillisecond);

/// Times the first step in a new process that looks for code in `cache`, from its start to its end.
/// False: it failed.
bool timeFirstStep(benchmark::State &state, const std::string &cache, const char *argument) {
  std::string program = TJIT_BENCH_FIRST_STEP, word = argument, folder = "TJIT_CACHE_DIR=" + cache;
  char *arguments[] = {program.data(), word.data(), nullptr};
  // Compiled code is what is timed, also where interpreting the step would be done sooner.
  std::string block = "TJIT_ON_MISS=block";
  std::vector<char *> environment{folder.data(), block.data()};
  for (char **e = environ; *e; ++e)
    if (std::strncmp(*e, "TJIT_CACHE_DIR=", 15) != 0 && std::strncmp(*e, "TJIT_ON_MISS=", 13) != 0)
      environment.push_back(*e);
  environment.push_back(nullptr);
  pid_t child = 0;
  int status = 0;
  const auto start = std::chrono::steady_clock::now();
  if (posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environment.data()) != 0 ||
      waitpid(child, &status, 0) != child || status != 0) {
    state.SkipWithError("the first step failed");
    return false;
  }
  state.SetIterationTime(
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return true;
}

/// A folder for a cache, removed with what is in it.
class CacheFolder {
public:
  CacheFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tjit-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()))
      path = pattern;
  }
  ~CacheFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string path = "none";
};

/// A new process up to the end of the demo's first training step, with an empty cache that it
/// fills.
void startCold(benchmark::State &state) {
  for (auto _ : state) {
    CacheFolder empty;
    if (!timeFirstStep(state, empty.path, "cold"))
      break;
  }
}
BENCHMARK(startCold)
    ->Name("start_cold")
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(5);

/// The same where an earlier process has filled the cache; it fails if anything is compiled.
void startWarm(benchmark::State &state) {
  CacheFolder folder;
  if (!timeFirstStep(state, folder.path, "cold"))
    return;
  for (auto _ : state)
    if (!timeFirstStep(state, folder.path, "warm"))
      break;
}
BENCHMARK(startWarm)
    ->Name("start_warm")
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime()
    ->Iterations(20);

} // namespace
