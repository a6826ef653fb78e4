//===- workloads.bench.cpp --------------------------------------------------------------------===//
// Whole workloads, under the names and shapes that other frameworks are timed with.

#include <benchmark/benchmark.h>
#include <tjit/torch.h>

#include <cmath>

namespace {

/// Random numbers in memory, made before the clock runs.
torch::Tensor input(torch::IntArrayRef sizes) {
  auto t = torch::randn(sizes);
  torch::eval(t);
  return t;
}

/// Evaluates and drops the result of `call`, which records one workload.
template <class F> void timeCall(benchmark::State &state, F &&call) {
  torch::NoGradGuard guard;
  torch::eval(call());
  for (auto _ : state)
    torch::eval(call());
}

void chain(benchmark::State &state) {
  const int64_t n = state.range(0);
  auto a = input({n}), b = input({n}), c = input({n});
  timeCall(state, [&] { return a * b + torch::sin(c); });
  state.SetBytesProcessed(state.iterations() * n * 16);
}
BENCHMARK(chain)->Name("chain_1k")->Arg(1000);
BENCHMARK(chain)->Name("chain_100k")->Arg(100'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(chain)->Name("chain_10m")->Arg(10'000'000)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// The tanh approximation, as peers.py asks for.
torch::Tensor tanhGelu(const torch::Tensor &x) {
  return 0.5 * x * (1 + torch::tanh(0.7978845608028654 * (x + 0.044715 * (x * x * x))));
}

void gelu10m(benchmark::State &state) {
  auto a = input({10'000'000});
  timeCall(state, [&] { return tanhGelu(a); });
  state.SetBytesProcessed(state.iterations() * 80'000'000);
}
BENCHMARK(gelu10m)->Name("gelu_10m")->Unit(benchmark::kMicrosecond)->UseRealTime();

void sum10m(benchmark::State &state) {
  auto a = input({10'000'000});
  timeCall(state, [&] { return a.sum(); });
}
BENCHMARK(sum10m)->Name("sum_10m")->Unit(benchmark::kMicrosecond)->UseRealTime();

void transpose4k(benchmark::State &state) {
  auto a = input({4096, 4096});
  timeCall(state, [&] { return a.t().contiguous(); });
  state.SetBytesProcessed(state.iterations() * 4096 * 4096 * 8);
}
BENCHMARK(transpose4k)->Name("transpose_4kx4k")->Unit(benchmark::kMicrosecond)->UseRealTime();

void softmax(benchmark::State &state) {
  auto a = input({4096, 1024});
  timeCall(state, [&] { return torch::softmax(a, -1); });
}
BENCHMARK(softmax)->Name("softmax_4kx1k")->Unit(benchmark::kMicrosecond)->UseRealTime();

void colsum(benchmark::State &state) {
  auto a = input({4096, 4096});
  timeCall(state, [&] { return a.sum(0); });
}
BENCHMARK(colsum)->Name("colsum_4kx4k")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// Over the last dimension, with a factor and a bias for each of its elements.
void layerNorm(benchmark::State &state) {
  auto a = input({4096, 1024}), g = input({1024}), b = input({1024});
  timeCall(state, [&] {
    auto centered = a - a.mean(-1, true);
    return centered * torch::rsqrt((centered * centered).mean(-1, true) + 1e-5) * g + b;
  });
}
BENCHMARK(layerNorm)->Name("layernorm_4kx1k")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// [m, k] x [k, n].
void gemm(benchmark::State &state) {
  const int64_t m = state.range(0), k = state.range(1), n = state.range(2);
  auto a = input({m, k}), b = input({k, n});
  timeCall(state, [&] { return a.matmul(b); });
  state.counters["GFLOP/s"] =
      benchmark::Counter(2.0 * m * k * n * state.iterations(), benchmark::Counter::kIsRate,
                         benchmark::Counter::kIs1000);
}
BENCHMARK(gemm)->Name("gemm_64")->Args({64, 64, 64})->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(gemm)
    ->Name("gemm_256")
    ->Args({256, 256, 256})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();
BENCHMARK(gemm)
    ->Name("gemm_1024")
    ->Args({1024, 1024, 1024})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

BENCHMARK(gemm)
    ->Name("gemm_2048")
    ->Args({2048, 2048, 2048})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();
BENCHMARK(gemm)
    ->Name("gemm_tall")
    ->Args({8192, 64, 512})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

void gemv(benchmark::State &state) {
  auto a = input({4096, 4096}), b = input({4096});
  timeCall(state, [&] { return a.matmul(b); });
}
BENCHMARK(gemv)->Name("gemv_4k")->Unit(benchmark::kMicrosecond)->UseRealTime();

void gemmBiasGelu(benchmark::State &state) {
  auto a = input({1024, 1024}), b = input({1024, 1024}), c = input({1024});
  timeCall(state, [&] { return tanhGelu(a.matmul(b) + c); });
}
BENCHMARK(gemmBiasGelu)->Name("gemm_bias_gelu")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// The gradients of sum(a * b + sin(c)) over 1000 elements.
void autogradSeed(benchmark::State &state) {
  auto a = input({1000}).requires_grad_(true), b = input({1000}).requires_grad_(true),
       c = input({1000}).requires_grad_(true);
  auto call = [&] {
    (a * b + torch::sin(c)).sum().backward();
    torch::eval({a.grad(), b.grad(), c.grad()});
    for (auto *t : {&a, &b, &c})
      t->mutable_grad().reset();
  };
  call();
  for (auto _ : state)
    call();
}
BENCHMARK(autogradSeed)->Name("autograd_seed")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// One step of a linear regression over 100 points: both new parameters and the loss.
void linregTrain(benchmark::State &state) {
  auto x = input({100, 1}), y = input({100, 1});
  auto w = input({1, 1}).requires_grad_(true), b = input({1}).requires_grad_(true);
  auto call = [&] {
    auto loss = (x.matmul(w) + b - y).pow(2).mean();
    loss.backward();
    torch::NoGradGuard guard;
    for (auto *p : {&w, &b}) {
      *p -= 0.01 * p->grad();
      p->mutable_grad().reset();
    }
    torch::eval({w, b, loss});
  };
  call();
  for (auto _ : state)
    call();
}
BENCHMARK(linregTrain)->Name("linreg_train")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// 784-256-10, batch 64: forward, cross-entropy, backward, one SGD step of all four parameters.
void mlpTrain(benchmark::State &state) {
  auto x = input({64, 784});
  auto y = torch::randint(0, 10, {64});
  auto w1 = (input({784, 256}) * 0.05).requires_grad_(true),
       b1 = torch::zeros({256}, torch::requires_grad());
  auto w2 = (input({256, 10}) * 0.05).requires_grad_(true),
       b2 = torch::zeros({10}, torch::requires_grad());
  auto step = [&] {
    auto loss = torch::cross_entropy(torch::relu(x.matmul(w1) + b1).matmul(w2) + b2, y);
    loss.backward();
    torch::NoGradGuard guard;
    for (auto *p : {&w1, &b1, &w2, &b2}) {
      *p -= 0.01 * p->grad();
      p->mutable_grad().reset();
    }
    torch::eval({w1, b1, w2, b2});
  };
  step();
  for (auto _ : state)
    step();
}
BENCHMARK(mlpTrain)->Name("mlp_train")->Unit(benchmark::kMicrosecond)->UseRealTime();

} // namespace
