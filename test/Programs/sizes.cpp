//===- sizes.cpp - programs at random sizes
//-----------------------------------------------------===//
//
//   tjit-sizes [--seed N] [--rounds K]
//
// Each round runs every program at other sizes, compiled and interpreted, and compares the bits.
// From the second round on the compiled code is code for many shapes, found by what earlier shapes
// asked of their sizes (docs/adr/0014-shapes-that-vary.md): a size that was asked about unnoticed
// would show here.
//
//===--------------------------------------------------------------------------------------------===//
#include <tjit/torch.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

namespace {

using torch::Tensor;
using Tensors = std::vector<Tensor>;
namespace F = torch::nn::functional;

Tensor normal(torch::IntArrayRef sizes) { return torch::randn(sizes); }
Tensor leaf(torch::IntArrayRef sizes) { return torch::randn(sizes).requires_grad_(true); }

struct Program {
  const char *name;
  Tensors (*run)(int64_t n, int64_t m, int64_t k);
};

constexpr Program kPrograms[] = {
    {"softmax of rows", [](auto n, auto m, auto) { return Tensors{normal({n, m}).softmax(-1)}; }},
    {"softmax of columns",
     [](auto n, auto m, auto k) { return Tensors{normal({n, m, k}).softmax(1)}; }},
    {"logsumexp",
     [](auto n, auto m, auto k) { return Tensors{normal({n, m, k}).logsumexp({0, 2})}; }},
    {"layer norm",
     [](auto n, auto m, auto) {
       Tensor x = leaf({n, m}), w = leaf({m}), y = torch::layer_norm(x, {m}, w, normal({m}));
       auto gradients = torch::autograd::grad({(y * y).sum()}, {x, w});
       return Tensors{y, gradients[0], gradients[1]};
     }},
    {"sums",
     [](auto n, auto m, auto k) {
       Tensor x = normal({n, m, k});
       return Tensors{x.sum(), x.sum(0), x.sum(1), x.sum(2), x.mean({0, 1}), x.sum({1, 2})};
     }},
    {"spread",
     [](auto n, auto m, auto) {
       Tensor x = normal({n, m});
       return Tensors{x.var(0), x.std(1), x.norm()};
     }},
    {"extremes",
     [](auto n, auto m, auto) {
       Tensor x = normal({n, m});
       return Tensors{x.amax(0), x.amin(1), x.argmax(1), x.max()};
     }},
    {"transposes",
     [](auto n, auto m, auto k) {
       Tensor x = normal({n, m}), y = normal({n, m, k});
       return Tensors{x.t() + normal({m, n}), (x.t() * 2).sum(0), y.permute({2, 0, 1}).contiguous(),
                      y.permute({1, 0, 2}).sum(-1)};
     }},
    {"broadcasts",
     [](auto n, auto m, auto k) {
       Tensor x = normal({n, 1, k}), y = normal({m, 1});
       return Tensors{torch::tanh(x * y + normal({k})), (x - y).exp().sum(1)};
     }},
    {"joins",
     [](auto n, auto m, auto k) {
       Tensor x = normal({n, k});
       return Tensors{torch::cat({x, normal({m, k}) * 2, x.sin()}, 0),
                      torch::stack({x, x + 1}, 1).sum(0)};
     }},
    {"slices",
     [](auto n, auto m, auto) {
       Tensor x = normal({n + 4, m + 4}), y = x.slice(0, 1, n + 2).slice(1, 2, m + 3, 2);
       return Tensors{y * 3, y.sum(1), x.flip(0) + 1};
     }},
    {"products",
     [](auto n, auto m, auto k) {
       Tensor x = normal({n, k});
       return Tensors{torch::relu(x.matmul(normal({k, m})) + normal({m})),
                      x.t().matmul(normal({n, m})), x.matmul(normal({m, k}).t())};
     }},
    // Behind a product with one block of k the weight's memory is taken over.
    {"updates",
     [](auto n, auto m, auto k) {
       Tensor w = normal({m, k}), x = normal({6 * n, m}), g = normal({6 * n, k});
       torch::eval({w, x, g});
       return Tensors{w -= 0.01 * x.t().matmul(g)};
     }},
    {"batches of products",
     [](auto n, auto m, auto k) {
       Tensor x = normal({3, n, k});
       return Tensors{x.matmul(normal({3, k, m})).softmax(-1),
                      x.transpose(1, 2).matmul(normal({3, n, m}))};
     }},
    {"attention",
     [](auto n, auto, auto) {
       Tensor x = leaf({n, 16});
       Tensor p = (x.matmul(normal({16, 16})).matmul(x.t()) * 0.1).softmax(-1);
       Tensor z = torch::layer_norm(p.matmul(x) + x, {16});
       return Tensors{z, torch::autograd::grad({z.square().mean()}, {x})[0]};
     }},
    {"lookups",
     [](auto n, auto m, auto k) {
       Tensor x = leaf({n, m}), rows = x.index_select(0, torch::randint(0, n, {k}));
       return Tensors{rows * 2, (rows + 1).sum(0),
                      torch::autograd::grad({rows.exp().sum()}, {x})[0]};
     }},
    {"cross-entropy",
     [](auto n, auto m, auto) {
       Tensor x = leaf({n, m}), loss = F::cross_entropy(x, torch::randint(0, m, {n}));
       return Tensors{loss, torch::autograd::grad({loss}, {x})[0]};
     }},
    {"16 bits",
     [](auto n, auto m, auto) {
       Tensor x = normal({n, m}), half = x.to(torch::kHalf);
       return Tensors{(half * half).sum(1),
                      (x.to(torch::kBFloat16) + normal({m}).to(torch::kBFloat16)).softmax(1)};
     }},
    {"64 bits",
     [](auto n, auto m, auto) {
       Tensor x = normal({n, m}).to(torch::kDouble);
       return Tensors{x.softmax(1), x.sum(0), x.t().matmul(x)};
     }},
    {"integers",
     [](auto n, auto m, auto) {
       Tensor x = torch::randint(-9, 9, {n, m});
       return Tensors{x.sum(0), x * 3 + 1, x.cumsum(1), (x > 0).sum(1)};
     }},
    {"whole sums",
     [](auto n, auto m, auto k) {
       Tensor x = normal({n * m, k});
       return Tensors{(x * x).sum(), x.abs().max(), x.mean()};
     }},
    {"images",
     [](auto n, auto m, auto) {
       Tensor x = normal({1, 2, n + 3, m + 3});
       return Tensors{torch::conv2d(x, normal({3, 2, 3, 3})), torch::max_pool2d(x, 2)};
     }},
    {"reshapes", [](auto n, auto m, auto) {
       Tensor x = normal({n, m * 2});
       return Tensors{x.reshape({n * m, 2}).sum(1), x.reshape({2, n * m}) + 1,
                      x.view({n, m, 2}).softmax(1)};
     }}};

Tensors run(const Program &program, torch::Mode mode, uint64_t seed, int64_t n, int64_t m,
            int64_t k) {
  torch::setMode(mode);
  torch::manual_seed(seed);
  Tensors results = program.run(n, m, k);
  torch::eval(results);
  return results;
}

bool sameBits(const Tensor &a, const Tensor &b) {
  const Tensor x = a.detach().contiguous(), y = b.detach().contiguous();
  return x.sizes() == y.sizes() && x.scalar_type() == y.scalar_type() &&
         std::memcmp(x.const_data_ptr(), y.const_data_ptr(), x.nbytes()) == 0;
}

} // namespace

int main(int argc, char **argv) {
  unsigned long seed = 1, rounds = 12;
  for (int i = 1; i + 1 < argc; i += 2)
    (std::string_view(argv[i]) == "--seed" ? seed : rounds) =
        std::strtoul(argv[i + 1], nullptr, 10);
  std::mt19937_64 generator(seed);
  // Small ones often: that is where loops have no whole vector, or no rest.
  auto size = [&] {
    constexpr int64_t kMost[] = {4, 40, 40, 150, 150, 400};
    const int64_t most = kMost[generator() % std::size(kMost)];
    return 1 + static_cast<int64_t>(generator() % static_cast<uint64_t>(most));
  };
  size_t compared = 0, different = 0;
  for (unsigned long round = 0; round < rounds; ++round)
    for (const Program &program : kPrograms) {
      const int64_t m = size(), k = std::min<int64_t>(size(), 90),
                    n = m * k > 10'000 ? std::min<int64_t>(size(), 60) : size();
      const Tensors compiled = run(program, torch::Mode::Compile, round, n, m, k),
                    expected = run(program, torch::Mode::Interpret, round, n, m, k);
      for (size_t i = 0; i < expected.size(); ++i, ++compared)
        if (!sameBits(compiled[i], expected[i])) {
          ++different;
          std::printf("%s, result %zu: n = %lld, m = %lld, k = %lld in round %lu\n", program.name,
                      i, static_cast<long long>(n), static_cast<long long>(m),
                      static_cast<long long>(k), round);
        }
    }
  const torch::Statistics s = torch::statistics();
  std::printf("tjit-sizes: %zu results compared, %zu different; %llu compilations, %llu plans\n",
              compared, different, static_cast<unsigned long long>(s.compilations),
              static_cast<unsigned long long>(s.plans));
  return different != 0;
}
