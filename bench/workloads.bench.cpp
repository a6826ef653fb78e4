//===- workloads.bench.cpp --------------------------------------------------------------------===//
// Whole workloads, under the names and shapes that other frameworks are timed with.

#include "inputs.h"

#include "training.h" // written for what inputs.h has

namespace {

/// The call of a workload without gradients: evaluates and drops the result of `record`.
template <class F> auto evaluated(const F &record) {
  return [record] {
    torch::NoGradGuard guard;
    evaluate({record()});
  };
}

/// The tanh approximation: the library's, as peers.py calls the frameworks' own, and written out.
torch::Tensor tanhGelu(const torch::Tensor &x) { return torch::gelu(x, "tanh"); }
torch::Tensor geluByFormula(const torch::Tensor &x) {
  return 0.5 * x * (1 + torch::tanh(0.7978845608028654 * (x + 0.044715 * (x * x * x))));
}

auto chain(int64_t n) {
  return [n] {
    auto a = input({n}), b = input({n}), c = input({n});
    return evaluated([=] { return a * b + torch::sin(c); });
  };
}

auto gemm(int64_t m, int64_t k, int64_t n) {
  return [=] {
    auto a = input({m, k}), b = input({k, n});
    return evaluated([=] { return a.matmul(b); });
  };
}

const bool elementwise[] = {
    workload("chain_1k", {}, chain(1000)),
    workload("chain_100k", {}, chain(100'000)),
    workload("chain_10m", {.read = 120e6, .written = 40e6}, chain(10'000'000)),
    workload("gelu_10m", {.read = 40e6, .written = 40e6},
             [] {
               auto a = input({10'000'000});
               return evaluated([=] { return tanhGelu(a); });
             }),
    workload("gelu_formula_10m", {.read = 40e6, .written = 40e6},
             [] {
               auto a = input({10'000'000});
               return evaluated([=] { return geluByFormula(a); });
             }),
    workload("transpose_4kx4k", {.read = 4096 * 4096 * 4, .written = 4096 * 4096 * 4},
             [] {
               auto a = input({4096, 4096});
               return evaluated([=] { return a.t().contiguous(); });
             }),
};

const bool reductions[] = {
    workload("sum_10m", {.read = 40e6},
             [] {
               auto a = input({10'000'000});
               return evaluated([=] { return a.sum(); });
             }),
    workload("colsum_4kx4k", {.read = 4096 * 4096 * 4},
             [] {
               auto a = input({4096, 4096});
               return evaluated([=] { return a.sum(0); });
             }),
    workload("softmax_4kx1k", {.read = 4096 * 1024 * 4, .written = 4096 * 1024 * 4},
             [] {
               auto a = input({4096, 1024});
               return evaluated([=] { return torch::softmax(a, -1); });
             }),
    // Over the last dimension, with a factor and a bias for each of its elements.
    workload("layernorm_4kx1k", {.read = 4096 * 1024 * 4, .written = 4096 * 1024 * 4},
             [] {
               auto a = input({4096, 1024}), g = input({1024}), b = input({1024});
               return evaluated([=] {
                 auto centered = a - a.mean(-1, true);
                 return centered * torch::rsqrt((centered * centered).mean(-1, true) + 1e-5) * g +
                        b;
               });
             }),
};

const bool products[] = {
    workload("gemm_64", {.flops = product(64, 64, 64)}, gemm(64, 64, 64)),
    workload("gemm_256", {.flops = product(256, 256, 256)}, gemm(256, 256, 256)),
    workload("gemm_1024", {.flops = product(1024, 1024, 1024)}, gemm(1024, 1024, 1024)),
    workload("gemm_2048", {.flops = product(2048, 2048, 2048)}, gemm(2048, 2048, 2048)),
    workload("gemm_tall", {.flops = product(8192, 64, 512)}, gemm(8192, 64, 512)),
    workload("gemv_4k", {.read = 4096 * 4096 * 4},
             [] {
               auto a = input({4096, 4096}), b = input({4096});
               return evaluated([=] { return a.matmul(b); });
             }),
    workload("gemm_bias_gelu", {.flops = product(1024, 1024, 1024)},
             [] {
               auto a = input({1024, 1024}), b = input({1024, 1024}), c = input({1024});
               return evaluated([=] { return tanhGelu(a.matmul(b) + c); });
             }),
};

} // namespace
