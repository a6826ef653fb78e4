//===- shapes.bench.cpp -----------------------------------------------------------------------===//
// Code for one shape and code for many, at the same shapes; and what a new shape costs.
//
// shapes_X/one/N runs code that was compiled for size N; shapes_X/many/N code that reads its sizes,
// because the program came with other ones before. shapes_new measures the first run of an
// attention block at a length that was not seen before, when the code for many shapes is there.
//
//===------------------------------------------------------------------------------------------===//
#include "inputs.h"

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <vector>

namespace {

using torch::Tensor;
using Program = std::function<std::function<void()>(int64_t)>;

void run(const Tensor &t) { torch::eval(t); }

/// Prepares the operands for a size; what it gives runs the program once.
const std::vector<std::pair<std::string, Program>> kPrograms{
    {"softmax_rows", [](int64_t n) { return [x = input({256, n})] { run(x.softmax(-1)); }; }},
    {"layernorm_tokens",
     [](int64_t n) {
       Tensor w = input({256}), b = input({256});
       return [=, x = input({n, 256})] { run(torch::layer_norm(x, {256}, w, b)); };
     }},
    {"bias_gelu",
     [](int64_t n) {
       return [x = input({n, 256}), b = input({256})] { run(torch::gelu(x + b)); };
     }},
    {"column_sums", [](int64_t n) { return [x = input({n, 256})] { run(x.sum(0)); }; }},
    {"whole_sum", [](int64_t n) { return [x = input({n, 256})] { run((x * x).sum()); }; }},
    {"transpose_add",
     [](int64_t n) { return [x = input({n, 256}), y = input({256, n})] { run(x.t() + y); }; }},
    {"linear",
     [](int64_t n) {
       return [x = input({n, 256}), w = input({256, 256}), b = input({256})] {
         run(torch::relu(x.matmul(w) + b));
       };
     }},
    {"scores",
     [](int64_t n) {
       return
           [q = input({4, n, 64}), k = input({4, n, 64})] { run(q.matmul(k.transpose(-2, -1))); };
     }},
    {"mix", [](int64_t n) {
       return [p = input({4, n, n}), v = input({4, n, 64})] { run(p.matmul(v)); };
     }}};

void program(benchmark::State &state, const Program &make, bool many) {
  torch::NoGradGuard guard;
  const int64_t size = state.range(0);
  torch::clearCaches();
  torch::set_on_miss(torch::OnMiss::Block);
  if (many)
    for (int64_t other : {size + 37, size + 22}) // the second one makes code for many
      make(other)();
  std::function<void()> once = make(size);
  once();
  torch::resetStatistics();
  for (auto _ : state)
    once();
  state.counters["compiled"] = static_cast<double>(torch::statistics().compilations);
}

void newLength(benchmark::State &state) {
  torch::clearCaches();
  torch::set_on_miss(torch::OnMiss::Block);
  Tensor w = torch::randn({64, 64}), gain = torch::randn({64}), shift = torch::randn({64});
  Tensor all = torch::randn({2048, 64});
  torch::eval({w, gain, shift, all});
  auto block = [&](int64_t length) {
    Tensor x = all.slice(0, 0, length).detach().requires_grad_();
    Tensor q = x.matmul(w), p = (q.matmul(x.t()) * 0.125).softmax(-1);
    Tensor z = torch::layer_norm(p.matmul(x) + x, {64}, gain, shift);
    z.square().mean().backward();
    torch::eval(x.grad());
  };
  block(40), block(45), block(51);
  torch::resetStatistics();
  int64_t length = 52;
  for (auto _ : state)
    block(length = length == 250 ? 52 : length + 1);
  const torch::Statistics s = torch::statistics();
  state.counters["plans"] = static_cast<double>(s.plans);
  state.counters["compilations"] = static_cast<double>(s.compilations);
  state.counters["ms_a_plan"] = s.plans ? s.compileMilliseconds / static_cast<double>(s.plans) : 0;
}

const bool registered = [] {
  for (const auto &[name, make] : kPrograms)
    for (bool many : {false, true})
      benchmark::RegisterBenchmark(
          ("shapes_" + name + (many ? "/many" : "/one")).c_str(),
          [&make, many](benchmark::State &state) { program(state, make, many); })
          ->Arg(61)
          ->Arg(200)
          ->Arg(512)
          ->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("shapes_new", newLength)
      ->Iterations(150)
      ->Unit(benchmark::kMicrosecond);
  return true;
}();

} // namespace
