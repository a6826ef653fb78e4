//===- fusion.bench.cpp -----------------------------------------------------------------------===//
// What fusion is for, alone.
//
// fusion_updates_X: a step of SGD with momentum for the parameters of model X,
// whose gradients are there: one launch. fusion_operand_X: a product whose left
// operand an elementwise operation makes. fusion_softmax_causal: attention's
// weights, half of whose exponentials are 0.
//
//===------------------------------------------------------------------------------------------===//
#include "inputs.h"

#include <benchmark/benchmark.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace {

using torch::Tensor;

void updates(benchmark::State &state, const std::vector<std::vector<int64_t>> &shapes) {
  std::vector<Tensor> parameters, moments, gradients;
  for (const auto &shape : shapes) {
    parameters.push_back(input(shape));
    gradients.push_back(input(shape));
    moments.push_back(torch::zeros(shape));
  }
  auto step = [&] {
    for (size_t i = 0; i < parameters.size(); ++i) {
      moments[i].mul_(0.9).add_(gradients[i]);
      parameters[i].sub_(moments[i], 0.1);
    }
    torch::eval();
  };
  step();
  for (auto _ : state)
    step();
}

/// relu(x) @ w, or x / 255 @ w of bytes.
void operand(benchmark::State &state, int64_t m, int64_t k, int64_t n, bool bytes) {
  Tensor x = bytes ? torch::randint(0, 255, {m, k}).to(torch::kUInt8) : input({m, k});
  Tensor w = input({k, n});
  torch::eval(x);
  auto step = [&] { torch::eval((bytes ? x.to(torch::kFloat) / 255 : torch::relu(x)).matmul(w)); };
  step();
  for (auto _ : state)
    step();
  state.counters["gflops"] = benchmark::Counter(2e-9 * double(m) * double(k) * double(n),
                                                benchmark::Counter::kIsIterationInvariantRate);
}

void softmaxCausal(benchmark::State &state) {
  Tensor scores = input({8, 1024, 1024});
  Tensor later = torch::ones({1024, 1024}, torch::kBool).triu(1);
  torch::eval(later);
  auto step = [&] {
    torch::eval(
        torch::softmax(scores.masked_fill(later, -std::numeric_limits<float>::infinity()), 2));
  };
  step();
  for (auto _ : state)
    step();
}

const bool registered = [] {
  benchmark::RegisterBenchmark("fusion_softmax_causal", softmaxCausal)
      ->Unit(benchmark::kMicrosecond)
      ->UseRealTime();
  // 784-256-10, and four blocks of a transformer of 128 channels.
  std::vector<std::vector<int64_t>> mlp = {{784, 256}, {256}, {256, 10}, {10}}, blocks;
  for (int i = 0; i < 4; ++i)
    for (const std::vector<int64_t> &shape : {std::vector<int64_t>{128, 384},
                                              {384},
                                              {128, 128},
                                              {128},
                                              {128, 512},
                                              {512},
                                              {512, 128},
                                              {128},
                                              {128},
                                              {128}})
      blocks.push_back(shape);
  for (const auto &[name, shapes] : {std::pair{"mlp", mlp}, {"blocks", blocks}})
    benchmark::RegisterBenchmark((std::string("fusion_updates_") + name).c_str(), updates, shapes)
        ->Unit(benchmark::kMicrosecond)
        ->UseRealTime();
  struct {
    const char *name;
    int64_t m, k, n;
    bool bytes;
  } const products[] = {{"1024", 1024, 1024, 1024, false},
                        {"tall", 32768, 256, 64, false},
                        {"bytes", 32768, 784, 64, true}};
  for (const auto &p : products)
    benchmark::RegisterBenchmark((std::string("fusion_operand_") + p.name).c_str(), operand, p.m,
                                 p.k, p.n, p.bytes)
        ->Unit(benchmark::kMicrosecond)
        ->UseRealTime();
  return true;
}();

} // namespace
