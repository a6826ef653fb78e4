// Contractions, and gradients of gradients through usual models.
#include "common.h"
namespace F = torch::nn::functional;

// A second gradient, where it is one: what is zero, or noise around it, depends on the order of
// additions.
inline void second(const std::string &name, const Tensor &t) {
  if (t.defined() && t.numel() && (t + 0).abs().max().item<double>() > 1e-9)
    show(name, t);
}

template <class Fn> void run(const std::string &n, std::vector<Tensor> in, Fn f) {
  section(n.c_str(), [&] {
    std::vector<Tensor> leaves;
    for (auto &t : in)
      leaves.push_back(t.detach().clone().requires_grad_(true));
    auto y = f(leaves);
    show(n, y);
    auto g = torch::autograd::grad({(y * gen64(y.sizes().vec(), 7)).sum()}, leaves, {}, true, true);
    Tensor s = torch::zeros({}, torch::kFloat64);
    for (size_t i = 0; i < g.size(); ++i) {
      show(n + ".g" + std::to_string(i), g[i]);
      if (g[i].defined())
        s = s + g[i].sin().sum();
    }
    if (!s.requires_grad())
      return;
    auto gg = torch::autograd::grad({s}, leaves, {}, {}, false, true);
    for (size_t i = 0; i < gg.size(); ++i)
      second(n + ".gg" + std::to_string(i), gg[i]);
  });
}

int main() {
  auto A = gen64({3, 4}, 1), B = gen64({4, 5}, 2), T = gen64({2, 3, 4}, 3), U = gen64({2, 4, 3}, 4),
       v = gen64({4}, 5), Q = gen64({2, 3, 2, 4}, 6);
  run("ein.mm", {A, B}, [](auto &x) { return torch::einsum("ij,jk->ik", {x[0], x[1]}); });
  run("ein.three", {A, B, v},
      [](auto &x) { return torch::einsum("ij,jk,j->ki", {x[0], x[1], x[2]}); });
  run("ein.batch", {T, U}, [](auto &x) { return torch::einsum("bij,bjk->bk", {x[0], x[1]}); });
  run("ein.diag", {gen64({3, 3, 2}, 7)}, [](auto &x) { return torch::einsum("iij->ji", {x[0]}); });
  run("ein.dots", {Q, B}, [](auto &x) { return torch::einsum("...j,jk->k...", {x[0], x[1]}); });
  run("ein.space", {A, A},
      [](auto &x) { return torch::einsum(" i j , k j -> i k ", {x[0], x[1]}); });
  run("ein.sum", {A}, [](auto &x) { return torch::einsum("ij->", {x[0]}); });
  run("ein.upper", {A, B}, [](auto &x) { return torch::einsum("aB,Bc->ca", {x[0], x[1]}); });
  run("ein.bcast", {gen64({1, 4}, 8), A},
      [](auto &x) { return torch::einsum("ij,ij->i", {x[0], x[1]}); });
  run("ein.attn", {Q, gen64({2, 3, 5, 4}, 9)},
      [](auto &x) { return torch::softmax(torch::einsum("bhqd,bhkd->bhqk", {x[0], x[1]}), -1); });
  run("tdot", {T, U}, [](auto &x) { return torch::tensordot(x[0], x[1], {0, 2}, {0, 1}); });
  run("tdot0", {v, A}, [](auto &x) { return torch::tensordot(x[0], x[1], {}, {}); });
  run("bilinear", {gen64({3, 2}, 10), A, gen64({2, 2, 4}, 11)},
      [](auto &x) { return torch::bilinear(x[0], x[1], x[2]); });
  run("addmm", {gen64({5}, 12), A, B},
      [](auto &x) { return torch::addmm(x[0], x[1], x[2], 0.5, -2); });
  run("addbmm", {gen64({3, 3}, 12), T, U},
      [](auto &x) { return torch::addbmm(x[0], x[1], x[2], 0.5, 2); });
  run("baddbmm", {gen64({3, 3}, 12), T, U},
      [](auto &x) { return torch::baddbmm(x[0], x[1], x[2]); });
  run("addmv", {gen64({3}, 12), A, v}, [](auto &x) { return x[0].addmv(x[1], x[2]); });
  run("addr", {A, gen64({3}, 13), v}, [](auto &x) { return torch::addr(x[0], x[1], x[2], 2, 3); });
  run("outer", {v, v}, [](auto &x) { return torch::outer(x[0], x[1]); });
  run("inner", {A, T}, [](auto &x) { return torch::inner(x[0], x[1]); });
  run("kron", {A, gen64({2, 2}, 14)}, [](auto &x) { return torch::kron(x[0], x[1]); });
  run("vdot", {v, v}, [](auto &x) { return torch::vdot(x[0], x[1]); });
  run("mv", {A, v}, [](auto &x) { return torch::mv(x[0], x[1]); });
  run("matmul41", {Q, v}, [](auto &x) { return torch::matmul(x[0], x[1]); });
  run("matmul14", {v.slice(0, 0, 2), Q}, [](auto &x) { return torch::matmul(x[0], x[1]); });
  run("matmul.b", {T, gen64({5, 1, 4, 2}, 15)}, [](auto &x) { return torch::matmul(x[0], x[1]); });
  run("mlp", {A, B, gen64({5, 2}, 16)},
      [](auto &x) { return torch::tanh(torch::mm(torch::gelu(torch::mm(x[0], x[1])), x[2])); });
  run("penalty", {A, B}, [](auto &x) {
    auto y = torch::sigmoid(x[0].mm(x[1])).sum();
    auto g = torch::autograd::grad({y}, {x[0]}, {}, true, true)[0];
    return (g.norm(2, 1) - 1).square().mean();
  });
  run("lse", {A}, [](auto &x) { return torch::logsumexp(x[0], 1); });
  run("softmax", {A}, [](auto &x) { return torch::softmax(x[0], 0); });
  run("logsoftmax", {A}, [](auto &x) { return torch::log_softmax(x[0], 1); });
  run("norm", {A}, [](auto &x) { return x[0].norm(); });
  run("cumprod", {A}, [](auto &x) { return x[0].cumprod(1); });
  run("prod", {A}, [](auto &x) { return x[0].prod(0); });
  run("var", {A}, [](auto &x) { return x[0].var(std::vector<int64_t>{1}, true); });
  run("std", {A}, [](auto &x) { return x[0].std(); });
  run("pow", {A.abs() + 0.5, A}, [](auto &x) { return x[0].pow(x[1]); });
  run("spow", {A}, [](auto &x) { return torch::pow(2.5, x[0]); });
  run("where", {A, A * 2}, [](auto &x) { return torch::where(x[0] > 0, x[0] * x[1], x[1].exp()); });
  run("clamp", {A}, [](auto &x) { return x[0].clamp(-1, 1) * x[0]; });
  run("sort", {A}, [](auto &x) { return std::get<0>(x[0].sort(1)).square(); });
  run("gather", {A}, [](auto &x) {
    return x[0].gather(1, torch::tensor({{0, 0, 3}, {1, 2, 2}, {3, 1, 0}})).square();
  });
  run("index_add", {A, gen64({2, 4}, 17)},
      [](auto &x) { return x[0].index_add(0, torch::tensor({2, 2}), x[1], 2).square(); });
  run("scatter_add", {A, A}, [](auto &x) {
    return x[0]
        .scatter_add(0, torch::tensor({{0, 1, 2, 0}, {1, 1, 1, 1}}), x[1].slice(0, 0, 2))
        .square();
  });
  run("unfold", {v}, [](auto &x) { return x[0].unfold(0, 2, 1).square(); });
  run("atan2", {A, A + 3}, [](auto &x) { return torch::atan2(x[0], x[1]); });
  run("lerp", {A, A * A, A.sigmoid()}, [](auto &x) { return torch::lerp(x[0], x[1], x[2]); });
  run("addcdiv", {A, A, A.abs() + 1},
      [](auto &x) { return torch::addcdiv(x[0], x[1], x[2], 0.3); });
  run("remainder", {A, A.abs() + 1}, [](auto &x) { return torch::remainder(x[0], x[1]).square(); });
  run("fmod", {A, A.abs() + 1}, [](auto &x) { return torch::fmod(x[0], x[1]).square(); });
  run("maximum", {A, A.flip(0)}, [](auto &x) { return torch::maximum(x[0], x[1]).square(); });
  run("amax", {A.round()}, [](auto &x) { return x[0].amax(1).square(); });
  run("asin", {A / 3}, [](auto &x) {
    return torch::asin(x[0]) + torch::acos(x[0] / 2) + torch::atanh(x[0]) + torch::asinh(x[0]);
  });
  run("cosh", {A}, [](auto &x) {
    return torch::cosh(x[0]) + torch::sinh(x[0]) + torch::tan(x[0] / 2) +
           torch::acosh(x[0].abs() + 1.5);
  });
  run("erf", {A}, [](auto &x) {
    return torch::erf(x[0]) + torch::erfc(x[0]) + torch::expm1(x[0]) + torch::log1p(x[0].abs());
  });
  section("out", [&] {
    auto o = torch::empty({0}, torch::kFloat64);
    torch::matmul_out(o, A, B);
    show("o.matmul", o);
    torch::bmm_out(o, T, U);
    show("o.bmm", o);
    torch::addmm_out(o, gen64({5}, 12), A, B, 2, 3);
    show("o.addmm", o);
    torch::outer_out(o, v, v);
    show("o.outer", o);
    torch::einsum("ij,jk->ik", {A, B});
  });
  section("errors", [&] {
    throws("x.ein_ops", [&] { return torch::einsum("ij,jk->ik", {A}); });
    throws("x.ein_out", [&] { return torch::einsum("ij->ik", {A}); });
    throws("x.ein_rank", [&] { return torch::einsum("ijk->i", {A}); });
    throws("x.ein_sub", [&] { return torch::einsum("i1->i", {A}); });
    throws("x.ein_twice", [&] { return torch::einsum("ij->ii", {A}); });
    throws("x.tdot", [&] { return torch::tensordot(A, B, {0}, {0}); });
    throws("x.outer", [&] { return torch::outer(A, v); });
    throws("x.bil", [&] { return torch::bilinear(A, A, gen64({2, 3, 4}, 1)); });
    throws("x.kron", [&] { return torch::mv(A, A); });
    throws("x.bmm", [&] { return torch::bmm(T, T); });
    throws("x.addmm", [&] { return torch::addmm(gen64({4}, 1), A, B); });
  });
  return finish();
}
