//===- long.bench.cpp -------------------------------------------------------------------------===//
// The first evaluation of 10^5 recorded calls, everything compiled anew.
//
//   trace_100k/loop        a body of 200 calls, again and again: one period
//   trace_100k/scalars     calls in random order, without a period, on 0-dim tensors
//   trace_100k/vectors     the same on 1000 elements
//   trace_100k/mixed       matrices: also reductions, softmax, views, broadcasting, products
//   trace_100k/gradient    mixed, 15000 calls, with the gradients of eight leaves
//
// The times are manual: from the first call to the value, without emptying caches. The counters say
// what the compiler did, and how long the second evaluation took; its bits must be the first one's.
//
//===------------------------------------------------------------------------------------------===//
#include <tjit/torch.h>

#include <benchmark/benchmark.h>

#include <bit>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using torch::Tensor;

/// Numbers that look random and are the same everywhere.
class Choices {
public:
  uint32_t below(uint32_t n) {
    state_ = state_ * 1664525u + 1013904223u;
    return (state_ >> 8) % n;
  }
  void restart() { state_ = 1; }

private:
  uint32_t state_ = 1;
};

/// Every call keeps values of size one about there.
Tensor unary(const Tensor &a, Choices &choices) {
  switch (choices.below(8)) {
  case 0:
    return torch::tanh(a);
  case 1:
    return torch::sin(a * 3);
  case 2:
    return torch::cos(a * 2);
  case 3:
    return torch::sigmoid(a) - 0.25;
  case 4:
    return 0.5 - torch::abs(a);
  case 5:
    return torch::exp(-torch::abs(a));
  case 6:
    return torch::relu(a) - 0.5;
  default:
    return a * -0.75 + 0.5;
  }
}

Tensor binary(const Tensor &a, const Tensor &b, Choices &choices) {
  switch (choices.below(5)) {
  case 0:
    return (a + b) * 0.7;
  case 1:
    return a * 0.9 - b * 0.4;
  case 2:
    return torch::sin(a * b * 4);
  case 3:
    return torch::maximum(a, -b) - 0.1;
  default:
    return torch::where(a > b, a, b * 0.8);
  }
}

/// For square matrices.
Tensor matrices(const Tensor &a, const Tensor &b, Choices &choices) {
  switch (choices.below(8)) {
  case 0:
    return binary(a, b.t(), choices);
  case 1:
    return a - a.mean(-1, true);
  case 2:
    return torch::softmax(a * 2, -1);
  case 3:
    return torch::tanh(a.matmul(b) * 0.2);
  case 4:
    return binary(a, b.slice(0, 0, 1), choices);
  case 5:
    return a * torch::sigmoid(b.sum(0));
  case 6:
    return unary(a, choices);
  default:
    return binary(a, b, choices);
  }
}

struct Kind {
  const char *name;
  std::vector<int64_t> sizes;
  int calls;
  int period; // 0: none
  bool gradient;
};
const Kind kKinds[] = {{"loop", {1000}, 100000, 200, false},
                       {"scalars", {}, 100000, 0, false},
                       {"vectors", {1000}, 100000, 0, false},
                       {"mixed", {32, 32}, 100000, 0, false},
                       {"gradient", {32, 32}, 15000, 0, true}};

float evaluate(const Kind &kind, const std::vector<Tensor> &leaves) {
  const auto n = static_cast<uint32_t>(leaves.size());
  std::vector<Tensor> pool = leaves;
  Choices choices;
  for (int i = 0; i < kind.calls; ++i) {
    if (kind.period && i % kind.period == 0)
      choices.restart();
    const Tensor &a = pool[choices.below(n)], &b = pool[choices.below(n)];
    Tensor next = kind.sizes.size() == 2 ? matrices(a, b, choices)
                  : choices.below(2)     ? unary(a, choices)
                                         : binary(a, b, choices);
    pool[choices.below(n)] = next;
  }
  Tensor sum = pool[0].sum();
  for (uint32_t i = 1; i < n; ++i)
    sum = sum + pool[i].sum();
  if (!kind.gradient)
    return sum.item<float>();
  sum.backward();
  Tensor gradients = torch::zeros({});
  for (const Tensor &leaf : leaves)
    if (leaf.grad().defined()) {
      gradients = gradients + leaf.grad().sum();
      leaf.mutable_grad().reset();
    }
  return sum.item<float>() + gradients.item<float>();
}

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void longTrace(benchmark::State &state, const Kind &kind) {
  torch::manual_seed(1);
  std::vector<Tensor> leaves;
  for (int i = 0; i < 8; ++i) {
    leaves.push_back(torch::randn(kind.sizes));
    torch::eval(leaves.back());
    if (kind.gradient)
      leaves.back().requires_grad_(true);
  }
  for (auto _ : state) {
    torch::synchronize();
    torch::clearCaches();
    torch::resetStatistics();
    auto start = std::chrono::steady_clock::now();
    const float first = evaluate(kind, leaves);
    state.SetIterationTime(secondsSince(start));
    const torch::Statistics s = torch::statistics();
    state.counters["evaluations"] = static_cast<double>(s.evaluations);
    state.counters["compiled"] = static_cast<double>(s.compilations + s.plans);
    state.counters["unfused"] = static_cast<double>(s.unfused);
    state.counters["kernels"] = static_cast<double>(s.kernelsCompiled);
    state.counters["peak_MB"] = static_cast<double>(s.peakBytesInUse >> 20);
    start = std::chrono::steady_clock::now();
    const float second = evaluate(kind, leaves);
    state.counters["second_s"] = secondsSince(start);
    if (std::bit_cast<uint32_t>(first) != std::bit_cast<uint32_t>(second))
      state.SkipWithError("the second evaluation has other bits");
  }
  torch::clearCaches(); // what came twice is not to be fused while others are timed
}

const int kRegistered = [] {
  for (const Kind &kind : kKinds)
    benchmark::RegisterBenchmark((std::string("trace_100k/") + kind.name).c_str(),
                                 [&kind](benchmark::State &state) { longTrace(state, kind); })
        ->Unit(benchmark::kSecond)
        ->UseManualTime()
        ->Iterations(1);
  return 0;
}();

} // namespace
