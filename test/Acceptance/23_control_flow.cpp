// C++ control flow that depends on tensor values.
#include "common.h"
#include <functional>
using torch::indexing::Slice;

static Tensor newton_sqrt(const Tensor &a, int *steps = nullptr) {
  auto x = a.detach().clone();
  int n = 0;
  while ((x * x - a).abs().max().item<double>() > 1e-9) {
    x = 0.5 * (x + a / x);
    if (++n > 100)
      break;
  }
  if (steps)
    *steps = n;
  return x;
}

int main() {
  section("while", [] {
    int steps = 0;
    show("newton_sqrt", newton_sqrt(torch::tensor({2.0, 9.0, 1e4, 0.25}, torch::kFloat64), &steps));
    show("newton_steps", steps);
    auto x = torch::tensor(100.0);
    int halvings = 0;
    while (x.item<float>() > 1) {
      x = x / 2;
      ++halvings;
    }
    show("halvings", halvings);
    show("halved", x);
    auto n = torch::tensor(27);
    int64_t collatz = 0;
    auto peak = n.clone();
    while (n.item<int64_t>() != 1) {
      if (n.remainder(2).item<int64_t>() == 0) {
        n = torch::floor_divide(n, 2);
      } else {
        n = 3 * n + 1;
      }
      peak = torch::maximum(peak, n);
      ++collatz;
    }
    show("collatz.steps", collatz);
    show("collatz.peak", peak);
    auto a = torch::tensor(252), b = torch::tensor(105);
    while (b.item<int64_t>() != 0) {
      auto r = a % b;
      a = b;
      b = r;
    }
    show("gcd", a);
    auto v = torch::tensor({1.0, 2.0, 3.0});
    while ((v < 50).any().item<bool>())
      v.mul_(torch::tensor({1.5, 2.0, 3.0}));
    show("inplace_until", v);
    auto lo = torch::tensor(0.0, torch::kFloat64), hi = torch::tensor(2.0, torch::kFloat64);
    for (int i = 0; i < 60 && (hi - lo).item<double>() > 1e-12; ++i) {
      auto mid = (lo + hi) / 2;
      if ((mid.cos() - mid).item<double>() > 0) {
        lo = mid;
      } else {
        hi = mid;
      }
    }
    show("bisection", lo);
  });

  section("branches", [] {
    auto f = [](const Tensor &x) {
      if (x.mean().item<float>() > 0)
        return x * 2;
      if (x.min().item<float>() < -1)
        return -x;
      return x + 100;
    };
    show("branch.first", f(torch::tensor({1., 2.})));
    show("branch.second", f(torch::tensor({-2., 1.})));
    show("branch.third", f(torch::tensor({-0.5, -0.25})));
    show("branch.first_again", f(torch::tensor({3., 4.})));
    show("is_nonzero", torch::tensor(0.5).is_nonzero());
    show("item_bool", (torch::tensor(2) == 2).item<bool>());
    int kinds[3] = {0, 0, 0};
    auto data = gen({30}, 701);
    for (int64_t i = 0; i < data.size(0); ++i) {
      float value = data[i].item<float>();
      ++kinds[value < -0.5f ? 0 : value > 0.5f ? 2 : 1];
    }
    show("histogram.low", kinds[0]);
    show("histogram.high", kinds[2]);
    std::string signs;
    for (int64_t i = 0; i < 12; ++i)
      signs += data[i].item<float>() < 0 ? '-' : '+';
    show("signs", signs);
    auto order = torch::tensor({5, 2, 9, 1, 7, 3});
    int swaps = 0;
    for (int i = 0; i < 6; ++i) {
      for (int j = 0; j + 1 < 6 - i; ++j) {
        if ((order[j] > order[j + 1]).item<bool>()) {
          auto keep = order[j].clone();
          order[j] = order[j + 1];
          order[j + 1] = keep;
          ++swaps;
        }
      }
    }
    show("bubble_sort", order);
    show("bubble_swaps", swaps);
  });

  section("dynamic_shapes", [] {
    auto x = torch::arange(2, 60);
    std::vector<Tensor> primes;
    while (x.numel() > 0) {
      auto p = x[0];
      primes.push_back(p);
      x = x.index({x % p != 0});
    }
    show("sieve", torch::stack(primes));
    auto flags = torch::ones({50}, torch::kBool);
    flags.index_put_({Slice(0, 2)}, false);
    for (int p = 2; p * p < 50; ++p) {
      if (flags[p].item<bool>())
        flags.index_put_({Slice(p * p, torch::indexing::None, p)}, false);
    }
    show("sieve_by_slices", flags.nonzero().view({-1}));
    auto y = gen({40}, 702);
    std::vector<int64_t> sizes;
    while (y.size(0) > 3) {
      y = y.index({y.abs() >= y.abs().mean()});
      sizes.push_back(y.size(0));
      if (sizes.size() > 20)
        break;
    }
    show("shrinking", sizes);
    show("survivors", std::get<0>(y.sort()));
    auto parts = torch::zeros({0});
    for (int i = 1; i < 6; ++i)
      parts = torch::cat({parts, torch::full({i}, i)});
    show("growing", parts);
    auto text = torch::tensor({3, 3, 1, 2, 2, 2});
    std::vector<Tensor> runs;
    int64_t start = 0;
    for (int64_t i = 1; i <= text.size(0); ++i) {
      if (i == text.size(0) || !torch::equal(text[i], text[start])) {
        runs.push_back(torch::stack({text[start], torch::tensor(i - start)}));
        start = i;
      }
    }
    show("run_lengths", torch::stack(runs));
  });

  section("gradients", [] {
    auto a = torch::tensor(3.0, torch::dtype(torch::kFloat64).requires_grad(true));
    auto x = torch::tensor(1.0, torch::kFloat64);
    int n = 0;
    while ((x * x - a).abs().item<double>() > 1e-12 && n < 50) {
      x = 0.5 * (x + a / x);
      ++n;
    }
    x.backward();
    show("sqrt_loop.iterations", n);
    show("sqrt_loop.gradient", a.grad());
    show("sqrt_loop.exact", std::abs(a.grad().item<double>() - 0.5 / std::sqrt(3.0)) < 1e-9);
    auto w = torch::tensor({0.5, -0.3}, torch::requires_grad());
    auto f = [&](double scale) {
      auto h = w * scale;
      if (h.sum().item<float>() > 0.5)
        return (h * h).sum();
      return h.exp().sum();
    };
    f(1.0).backward();
    show("branch_grad.small", w.grad());
    w.mutable_grad() = Tensor();
    f(4.0).backward();
    show("branch_grad.large", w.grad());
    w.mutable_grad() = Tensor();
    auto s = torch::zeros({});
    for (int i = 0; i < 5; ++i) {
      if (i % 2 == 0) {
        s = s + w[0].pow(i);
      } else {
        s = s * w[1];
      }
    }
    s.backward();
    show("polynomial_loop", w.grad());
    w.mutable_grad() = Tensor();
    auto h = w;
    for (int depth = static_cast<int>((w.abs() * 10).sum().item<float>() + 0.5); depth > 0; --depth)
      h = torch::tanh(h * 1.1);
    h.sum().backward();
    show("data_dependent_depth", w.grad());
    std::function<Tensor(const Tensor &, int)> tree = [&](const Tensor &t, int level) -> Tensor {
      if (level == 0 || t.abs().item<float>() < 0.05f)
        return t * t;
      return tree(t * 0.5, level - 1) + tree(t * 0.25, level - 1).sin();
    };
    w.mutable_grad() = Tensor();
    (tree(w[0], 4) + tree(w[1], 4)).backward();
    show("recursive", w.grad());
  });

  section("iteration", [] {
    auto A = torch::tensor({{4.0, 1.0, 0.5}, {1.0, 3.0, 0.25}, {0.5, 0.25, 2.0}}, torch::kFloat64);
    auto v = torch::ones({3}, torch::kFloat64);
    double eigenvalue = 0, previous = -1;
    int count = 0;
    while (std::abs(eigenvalue - previous) > 1e-13 && count < 500) {
      previous = eigenvalue;
      v = A.mv(v);
      v = v / v.norm();
      eigenvalue = torch::dot(v, A.mv(v)).item<double>();
      ++count;
    }
    show("power_iteration", eigenvalue);
    auto b = torch::tensor({1.0, 2.0, 3.0}, torch::kFloat64);
    auto x = torch::zeros({3}, torch::kFloat64), r = b.clone(), p = r.clone();
    auto rr = torch::dot(r, r);
    int cg = 0;
    while (rr.item<double>() > 1e-20 && cg < 10) {
      auto Ap = A.mv(p);
      auto alpha = rr / torch::dot(p, Ap);
      x.add_(alpha * p);
      r.sub_(alpha * Ap);
      auto next = torch::dot(r, r);
      p = r + (next / rr) * p;
      rr = next;
      ++cg;
    }
    show("conjugate_gradient", x);
    show("conjugate_gradient.steps", cg <= 4);
  });
  return finish();
}
