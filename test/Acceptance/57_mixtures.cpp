// Views, writes and histories; hooks; double backward; Functions.
#include "common.h"
using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using torch::indexing::Slice;
template <class G> static void attempt(const std::string &n, G &&g) {
  try {
    g();
    show(n, std::string("fine"));
  } catch (const std::exception &e) {
    std::string w = e.what();
    std::printf("# %s: %s\n", n.c_str(), w.substr(0, w.find('\n')).c_str());
    show(n, std::string("raised"));
  }
}
static std::string fn(const Tensor &t) { return t.grad_fn() ? t.grad_fn()->name() : "none"; }
struct TwoOut : torch::autograd::Function<TwoOut> {
  static variable_list forward(AutogradContext *ctx, Tensor a, Tensor b, double k) {
    ctx->save_for_backward({a, b});
    ctx->saved_data["k"] = k;
    return {a * b * k, a + b};
  }
  static variable_list backward(AutogradContext *ctx, variable_list g) {
    auto s = ctx->get_saved_variables();
    double k = ctx->saved_data["k"].toDouble();
    return {g[0] * s[1] * k + g[1], g[0] * s[0] * k + g[1], Tensor()};
  }
};
struct NonDiff : torch::autograd::Function<NonDiff> {
  static variable_list forward(AutogradContext *ctx, Tensor a) {
    auto i = a.argmax(0, true);
    auto v = a * 2;
    auto w = a + 1;
    ctx->mark_non_differentiable({i, w});
    return {v, i, w};
  }
  static variable_list backward(AutogradContext *ctx, variable_list g) {
    show("nondiff.n", (int64_t)g.size());
    return {g[0] * 2};
  }
};
struct Dirty : torch::autograd::Function<Dirty> {
  static variable_list forward(AutogradContext *ctx, Tensor a) {
    a.mul_(3);
    ctx->mark_dirty({a});
    return {a};
  }
  static variable_list backward(AutogradContext *, variable_list g) { return {g[0] * 3}; }
};
struct NoMaterialize : torch::autograd::Function<NoMaterialize> {
  static variable_list forward(AutogradContext *ctx, Tensor a) {
    ctx->set_materialize_grads(false);
    return {a * 2, a * 3};
  }
  static variable_list backward(AutogradContext *, variable_list g) {
    show("nomat.defined0", g[0].defined());
    show("nomat.defined1", g[1].defined());
    return {(g[0].defined() ? g[0] * 2 : torch::zeros({2})) +
            (g[1].defined() ? g[1] * 3 : torch::zeros({2}))};
  }
};
struct NeedsInput : torch::autograd::Function<NeedsInput> {
  static Tensor forward(AutogradContext *ctx, Tensor a, Tensor b) { return a * b; }
  static variable_list backward(AutogradContext *ctx, variable_list g) {
    show("needs.0", ctx->needs_input_grad(0));
    show("needs.1", ctx->needs_input_grad(1));
    return {g[0], g[0]};
  }
};
struct Wrong : torch::autograd::Function<Wrong> {
  static Tensor forward(AutogradContext *ctx, Tensor a) { return a * 2; }
  static variable_list backward(AutogradContext *ctx, variable_list g) { return {g[0], g[0]}; }
};
struct WrongShape : torch::autograd::Function<WrongShape> {
  static Tensor forward(AutogradContext *ctx, Tensor a) { return a * 2; }
  static variable_list backward(AutogradContext *ctx, variable_list g) {
    return {torch::ones({5})};
  }
};
struct Identity : torch::autograd::Function<Identity> {
  static Tensor forward(AutogradContext *ctx, Tensor a) { return a; }
  static variable_list backward(AutogradContext *ctx, variable_list g) { return {g[0] * 7}; }
};
struct ViewOut : torch::autograd::Function<ViewOut> {
  static Tensor forward(AutogradContext *ctx, Tensor a) { return a.view({-1}); }
  static variable_list backward(AutogradContext *ctx, variable_list g) {
    return {g[0].view({2, 2})};
  }
};
int main() {
  section("views", [] {
    auto x = leaf({4, 3});
    auto y = x * 2;
    auto v = y[1];
    auto w = v.slice(0, 0, 2);
    w.mul_(5);
    show("v.fn", fn(v));
    show("w.fn", fn(w));
    show("y.fn", fn(y));
    show("y.version", y._version());
    show("w.version", w._version());
    y.sum().backward();
    show("v.grad", x.grad());
    auto z = leaf({6}, 3);
    auto q = z.clone();
    auto parts = q.split(2);
    attempt("split.write", [&] { parts[0].mul_(2); });
    auto ch = q.chunk(3);
    attempt("chunk.write", [&] { ch[1].add_(1); });
    auto ub = q.unbind(0);
    attempt("unbind.write", [&] { ub[0].add_(1); });
    attempt("q.write", [&] { q.mul_(3); });
    attempt("q.back", [&] { q.sum().backward(); });
    show("q.grad", z.grad());
    auto r = leaf({2, 3}, 5);
    auto s = r.clone();
    auto t = s.t();
    t.add_(1);
    show("t.fn", fn(t));
    show("s.fn", fn(s));
    auto d = s.diagonal();
    d.zero_();
    show("d.fn", fn(d));
    (s * s).sum().backward();
    show("s.grad", r.grad());
    auto a = leaf({3, 3}, 7);
    auto b = a.clone();
    auto st = b.as_strided({2, 2}, {3, 1}, 1);
    st.mul_(10);
    show("st.fn", fn(st));
    b.sum().backward();
    show("st.grad", a.grad());
    auto e = leaf({3}, 8);
    auto f = e.clone();
    auto g = f.expand({2, 3});
    attempt("expand.write", [&] { g.add_(1); });
    auto h = leaf({4}, 9);
    auto hv = h.view({2, 2});
    attempt("leafview.write", [&] { hv.add_(1); });
    attempt("leaf.write", [&] { h.add_(1); });
    {
      torch::NoGradGuard ng;
      attempt("leafview.nograd", [&] { hv.add_(1); });
      show("h.version", h._version());
      attempt("leaf.nograd", [&] { h.add_(1); });
    }
    auto k = leaf({4}, 10);
    Tensor kv;
    {
      torch::NoGradGuard ng;
      kv = k.view({2, 2});
    }
    attempt("nogradview.write", [&] { kv.mul_(2); });
    auto l = leaf({4}, 11);
    auto m = l * 1;
    Tensor mv;
    {
      torch::NoGradGuard ng;
      mv = m.view({2, 2});
    }
    attempt("nogradview2.write", [&] { mv.mul_(2); });
    auto n = leaf({4}, 12);
    auto o = n.exp();
    o.mul_(2);
    attempt("saved.out", [&] { o.sum().backward(); });
    auto p1 = leaf({4}, 13);
    auto p2 = p1 * 2;
    auto p3 = p2 * p2;
    p2.add_(1);
    attempt("saved.in", [&] { p3.sum().backward(); });
    auto p4 = leaf({4}, 14);
    auto p5 = p4 * 2;
    auto p6 = p5 + 1;
    p5.add_(1);
    attempt("notsaved.in", [&] { p6.sum().backward(); });
    auto p7 = leaf({4}, 15);
    auto p8 = p7 * 2;
    auto p9 = p8.view({2, 2});
    auto p10 = p9.sin();
    p8[0] = 4;
    attempt("saved.view", [&] { p10.sum().backward(); });
    auto c1 = leaf({4}, 16);
    auto c2 = c1.clone();
    c2.detach().add_(1);
    attempt("detach.write", [&] { (c2 * c2).sum().backward(); });
    show("detach.grad", c1.grad());
    auto c3 = leaf({4}, 17);
    auto c4 = c3 * c3;
    c3.data().add_(1);
    attempt("data.write", [&] { c4.sum().backward(); });
    show("data.grad", c3.grad());
    auto c5 = leaf({4}, 18);
    auto c6 = c5 * c5;
    c5.detach().add_(1);
    attempt("detach2.write", [&] { c6.sum().backward(); });
    auto i1 = leaf({4}, 19);
    auto i2 = i1.clone();
    i2.index_put_({torch::tensor({0, 2})}, i1.index({torch::tensor({1, 3})}));
    i2.sum().backward();
    show("index_put.grad", i1.grad());
    auto i3 = leaf({4}, 20);
    auto i4 = i3.clone();
    i4.masked_fill_(i4 > 0, 0);
    i4.sum().backward();
    show("masked_fill.grad", i3.grad());
    auto i5 = leaf({2, 2}, 21);
    auto i6 = i5.clone();
    i6.transpose_(0, 1);
    i6[0].mul_(2);
    i6.sum().backward();
    show("transpose_.grad", i5.grad());
    auto i7 = leaf({4}, 22);
    auto i8 = i7.clone();
    i8.copy_(i7 * 3);
    i8.sum().backward();
    show("copy_.grad", i7.grad());
    auto i9 = torch::zeros({4});
    i9.slice(0, 1, 3).copy_(leaf({2}, 23));
    show("copy_into.rg", i9.requires_grad());
    show("copy_into.fn", fn(i9));
    auto j1 = torch::zeros({2, 2});
    auto j2 = j1.view({4});
    j2.add_(leaf({4}, 24));
    show("base.rg", j1.requires_grad());
    show("base.fn", fn(j1));
    show("view.fn", fn(j2));
    auto j3 = leaf({2, 2}, 25).clone();
    auto j4 = j3.view({4});
    j3.mul_(2);
    show("j4.fn", fn(j4));
    show("j4.v", j4._version());
    j4.mul_(2);
    show("j3.fn", fn(j3));
    auto j5 = leaf({3, 4}, 26);
    auto j6 = j5 * 1;
    auto j7 = j6.unfold(1, 2, 2);
    show("unfold.fn", fn(j7));
    j7.mul_(2);
    j6.sum().backward();
    show("unfold.grad", j5.grad());
    auto j8 = leaf({2, 3}, 27);
    auto j9 = j8 * 1;
    auto j10 = j9.select(1, 0).view({2, 1}).squeeze(1);
    j10.fill_(3);
    j9.pow(2).sum().backward();
    show("chain.grad", j8.grad());
    auto l1 = leaf({4}, 28);
    auto l2 = l1 * 1;
    auto l3 = l2.narrow(0, 0, 2);
    l2.zero_();
    auto l4 = l3 * 2;
    l4.sum().backward();
    auto l5 = leaf({4}, 29);
    auto l6 = l5 * 1;
    auto l7 = l6.view({2, 2});
    auto l8 = l7[0];
    l7.mul_(2);
    l8.mul_(3);
    l6.mul_(4);
    l8.sum().backward();
    show("three.grad", l5.grad());
    auto u1 = leaf({2, 3}, 30);
    auto u2 = u1 * 1;
    auto us = u2.unbind(1);
    attempt("unbind2.write", [&] { us[1].mul_(2); });
    attempt("unbind2.base_write", [&] { u2.mul_(2); });
    attempt("unbind2.read", [&] { us[0].sum().backward(); });
    {
      torch::NoGradGuard ng;
      auto u3 = u1 * 1;
      auto u4 = u3.unbind(1);
      attempt("unbind.nograd", [&] { u4[0].mul_(2); });
    }
    auto sp = torch::arange(6.0);
    auto sps = sp.split(2);
    attempt("split.plain", [&] { sps[0].mul_(2); });
    show("split.plain.base", sp);
    attempt("split.rg", [&] { sps[1].mul_(leaf({2}, 31)); });
    auto ts = torch::arange(6.0);
    auto tss = ts.tensor_split(2);
    tss[0].add_(1);
    show("tsplit", ts);
    auto hs = torch::arange(6.0).hsplit(2);
    show("hsplit", hs[1]);
  });
  section("hooks", [] {
    auto x = leaf({3});
    auto y = x * 2;
    y.retain_grad();
    auto z = y * y;
    z.retain_grad();
    int n = 0;
    auto h = y.register_hook([&](Tensor g) {
      ++n;
      return g * 10;
    });
    x.register_hook([&](Tensor g) { ++n; });
    z.sum().backward({}, true);
    show("hook.x", x.grad());
    show("hook.y", y.grad());
    show("hook.z", z.grad());
    show("hook.n", n);
    y.remove_hook(h);
    x.mutable_grad() = Tensor();
    z.sum().backward();
    show("hook.x2", x.grad());
    show("hook.y2", y.grad());
    attempt("hook.norg", [] { torch::ones({2}).register_hook([](Tensor g) { return g; }); });
    attempt("retain.leaf", [] {
      auto l = leaf({2});
      l.retain_grad();
    });
    attempt("retain.norg", [] { torch::ones({2}).retain_grad(); });
    auto a = leaf({2}, 2);
    auto b = a * 3;
    b.register_hook([](Tensor g) { return g + 1; });
    b.register_hook([](Tensor g) { return g * 2; });
    b.sum().backward();
    show("hook.order", a.grad());
    auto c = leaf({2}, 3);
    auto d = c * 3;
    d.register_hook([](Tensor g) -> Tensor { return torch::ones({5}); });
    attempt("hook.shape", [&] { d.sum().backward(); });
    auto e = leaf({2}, 4);
    auto f = e * 3;
    f.register_hook([](Tensor g) -> Tensor { throw std::runtime_error("no"); });
    attempt("hook.throw", [&] { f.sum().backward(); });
    attempt("hook.after", [&] { (e * 2).sum().backward(); });
    show("hook.after.grad", e.grad());
    auto g = leaf({2}, 5);
    auto i = g * 2;
    auto gi = torch::autograd::grad({(i * i).sum()}, {i, g}, {}, true, true);
    show("grad.i", gi[0]);
    show("grad.g", gi[1]);
    auto gg = torch::autograd::grad({gi[1].sum()}, {g});
    show("gradgrad", gg[0]);
    auto k = leaf({2}, 6);
    attempt("grad.unused", [&] { torch::autograd::grad({(g * 2).sum()}, {k}); });
    auto un = torch::autograd::grad({(g * 2).sum()}, {k}, {}, std::nullopt, false, true);
    show("grad.unused.def", un[0].defined());
    auto m = leaf({2}, 7);
    auto mm = m * 2;
    mm.sum().backward();
    attempt("twice", [&] { mm.sum().backward(); });
    auto m3 = m.exp();
    m3.sum().backward();
    attempt("twice.saved", [&] { m3.sum().backward(); });
    attempt("backward.vector", [&] { (m * 2).backward(); });
    attempt("backward.grad", [&] { (m * 2).backward(torch::ones({2})); });
    attempt("backward.gradshape", [&] { (m * 2).backward(torch::ones({3})); });
    attempt("backward.int", [&] { torch::ones({}, torch::kLong).backward(); });
    auto o = leaf({2}, 8);
    o.mutable_grad() = torch::ones({2});
    (o * 2).sum().backward();
    show("accumulate", o.grad());
    attempt("grad.assign_shape", [&] { o.mutable_grad() = torch::ones({3}); });
  });
  section("double", [] {
    auto dd = [](const std::string &n, auto f, std::vector<int64_t> s, int seed) {
      auto x = leaf64(s, seed);
      auto y = f(x);
      auto g =
          torch::autograd::grad({(y * gen64(y.sizes().vec(), 99)).sum()}, {x}, {}, true, true)[0];
      show(n + ".g", g);
      if (g.requires_grad()) {
        auto h = torch::autograd::grad({(g * g).sum()}, {x}, {}, true, true, true)[0];
        if (h.defined()) {
          show(n + ".h", h);
          if (h.requires_grad()) {
            auto t = torch::autograd::grad({h.sum()}, {x}, {}, std::nullopt, false, true)[0];
            if (t.defined())
              show(n + ".t", t);
          }
        } else
          show(n + ".h", std::string("none"));
      } else
        show(n + ".h", std::string("constant"));
    };
    dd("gelu", [](Tensor x) { return torch::gelu(x); }, {4}, 5);
    dd("gelut", [](Tensor x) { return torch::gelu(x, "tanh"); }, {4}, 6);
    dd("silu", [](Tensor x) { return torch::silu(x); }, {4}, 7);
    dd("mish", [](Tensor x) { return torch::mish(x); }, {4}, 8);
    dd("elu", [](Tensor x) { return torch::elu(x); }, {4}, 9);
    dd("softplus", [](Tensor x) { return torch::softplus(x); }, {4}, 10);
    dd("norm3", [](Tensor x) { return x.norm(3); }, {2, 3}, 12);
    dd("var", [](Tensor x) { return x.var(0); }, {3, 2}, 13);
    dd("prod", [](Tensor x) { return x.prod(0); }, {3, 2}, 15);
    dd("cumprod", [](Tensor x) { return x.cumprod(0); }, {3, 2}, 16);
    dd(
        "conv", [](Tensor x) { return torch::conv1d(x, x.narrow(2, 0, 2).narrow(0, 0, 1)); },
        {2, 2, 4}, 19);
    dd("pool", [](Tensor x) { return torch::avg_pool1d(x * x, 2); }, {1, 2, 4}, 20);
    dd("maxpool", [](Tensor x) { return torch::max_pool1d(x * x, 2); }, {1, 2, 4}, 21);
    dd("mm", [](Tensor x) { return x.mm(x.t()).mm(x); }, {2, 3}, 22);
    dd(
        "inv", [](Tensor x) { return torch::inverse(x + 5 * torch::eye(3, torch::kDouble)); },
        {3, 3}, 23);
    dd(
        "det", [](Tensor x) { return torch::det(x + 5 * torch::eye(3, torch::kDouble)); }, {3, 3},
        24);
    dd(
        "chol",
        [](Tensor x) { return torch::cholesky(x.mm(x.t()) + 5 * torch::eye(3, torch::kDouble)); },
        {3, 3}, 25);
    dd(
        "solve",
        [](Tensor x) { return torch::linalg_solve(x + 5 * torch::eye(3, torch::kDouble), x); },
        {3, 3}, 26);
    dd(
        "gather", [](Tensor x) { return (x * x).gather(0, torch::tensor({{0, 1, 0}})); }, {2, 3},
        27);
    dd("index", [](Tensor x) { return (x * x).index({torch::tensor({0, 0, 1})}); }, {2, 3}, 28);
    dd(
        "scatter",
        [](Tensor x) {
          return torch::zeros({2, 3}, torch::kDouble)
              .scatter_add(0, torch::tensor({{0, 1, 0}}), x * x);
        },
        {2, 3}, 29);
    dd("sort", [](Tensor x) { return std::get<0>((x * x).sort(0)); }, {3, 2}, 30);
    dd("max", [](Tensor x) { return (x * x).max(); }, {3, 2}, 31);
    dd("median", [](Tensor x) { return (x * x).median(); }, {3}, 32);
    dd("clamp", [](Tensor x) { return (x * x).clamp(0.5, 2); }, {5}, 33);
    dd("where", [](Tensor x) { return torch::where(x > 0, x * x, x.exp()); }, {5}, 34);
    dd("pow", [](Tensor x) { return torch::pow(x.abs() + 1, x); }, {4}, 35);
    dd("atan2", [](Tensor x) { return torch::atan2(x, x * x + 1); }, {4}, 36);
    dd("erfinv", [](Tensor x) { return (x / 4).erfinv(); }, {4}, 37);
    dd("lgamma", [](Tensor x) { return (x.abs() + 1).lgamma(); }, {4}, 38);
    dd("i0", [](Tensor x) { return torch::i0(x); }, {4}, 39);
    dd("i1e", [](Tensor x) { return torch::special_i1e(x + 3); }, {4}, 40);
    dd("ndtri", [](Tensor x) { return torch::special_ndtri(x / 5 + 0.5); }, {4}, 41);
    dd("logndtr", [](Tensor x) { return torch::special_log_ndtr(x); }, {4}, 42);
    dd("erfcx", [](Tensor x) { return torch::special_erfcx(x); }, {4}, 43);
    dd(
        "bce",
        [](Tensor x) {
          return torch::binary_cross_entropy(x.sigmoid(), torch::full({4}, 0.3, torch::kDouble));
        },
        {4}, 44);
    dd(
        "bcel",
        [](Tensor x) {
          return torch::binary_cross_entropy_with_logits(x, torch::full({4}, 0.3, torch::kDouble));
        },
        {4}, 45);
    dd(
        "ce", [](Tensor x) { return torch::cross_entropy_loss(x, torch::tensor({0, 2})); }, {2, 3},
        46);
    dd("kl", [](Tensor x) { return torch::kl_div(x, x.softmax(-1)); }, {2, 3}, 47);
    dd(
        "smooth",
        [](Tensor x) { return torch::smooth_l1_loss(x, torch::zeros({4}, torch::kDouble)); }, {4},
        48);
    dd(
        "huber", [](Tensor x) { return torch::huber_loss(x, torch::zeros({4}, torch::kDouble)); },
        {4}, 49);
    dd("mse", [](Tensor x) { return torch::mse_loss(x, x * x); }, {4}, 50);
    dd("cos", [](Tensor x) { return torch::cosine_similarity(x, x * x + 1, 1); }, {2, 3}, 51);
    dd("cdist", [](Tensor x) { return torch::cdist(x, x * 2 + 1); }, {2, 3}, 52);
    dd("einsum", [](Tensor x) { return torch::einsum("ij,kj->ik", {x, x}); }, {2, 3}, 53);
    dd("renorm", [](Tensor x) { return x.renorm(2, 0, 1.0); }, {2, 3}, 54);
    dd("interp", [](Tensor x) { return torch::upsample_nearest1d(x * x, {5}); }, {1, 2, 3}, 55);
    dd("repeat", [](Tensor x) { return (x * x).repeat({2, 2}); }, {2, 2}, 56);
    dd("expand", [](Tensor x) { return (x * x).expand({3, 2}); }, {1, 2}, 57);
    dd("pad", [](Tensor x) { return torch::constant_pad_nd(x * x, {1, 1}); }, {2, 2}, 58);
    dd("fold", [](Tensor x) { return (x * x).unfold(0, 2, 1); }, {4}, 59);
    dd("stride", [](Tensor x) { return (x * x).as_strided({2, 2}, {1, 1}); }, {4}, 60);
    dd("logit", [](Tensor x) { return (x / 8 + 0.5).logit(); }, {4}, 61);
    dd("sinc", [](Tensor x) { return x.sinc(); }, {4}, 62);
    dd("xlogy", [](Tensor x) { return torch::xlogy(x, x.abs() + 1); }, {4}, 63);
    dd("hypot", [](Tensor x) { return torch::hypot(x, x * 2 + 1); }, {4}, 64);
    dd("lae", [](Tensor x) { return torch::logaddexp(x, x * x); }, {4}, 65);
    dd("polygamma", [](Tensor x) { return torch::polygamma(1, x.abs() + 1); }, {4}, 66);
    dd("trapz", [](Tensor x) { return torch::trapezoid(x * x, x, -1); }, {4}, 67);
    dd("cummax", [](Tensor x) { return std::get<0>((x * x).cummax(0)); }, {4}, 68);
    dd("amax", [](Tensor x) { return (x * x).amax(0); }, {4, 2}, 69);
    dd("mean", [](Tensor x) { return (x * x * x).mean(0); }, {4, 2}, 70);
    dd("kron", [](Tensor x) { return torch::kron(x, x); }, {2, 2}, 71);
    dd("tri", [](Tensor x) { return (x * x).tril(); }, {3, 3}, 72);
    dd("rot", [](Tensor x) { return (x * x).rot90(); }, {2, 3}, 73);
    dd("flip", [](Tensor x) { return (x * x).flip(0); }, {2, 3}, 74);
    dd("roll", [](Tensor x) { return (x * x).roll(1, 0); }, {2, 3}, 75);
    dd("gn", [](Tensor x) { return torch::group_norm(x, 2); }, {2, 4, 2}, 76);
    dd("svdvals", [](Tensor x) { return torch::linalg_svdvals(x); }, {2, 3}, 77);
    dd(
        "eigvalsh",
        [](Tensor x) {
          return torch::linalg_eigvalsh(x + x.t() +
                                        torch::diag(torch::arange(3).to(torch::kDouble) * 5));
        },
        {3, 3}, 78);
    dd("mexp", [](Tensor x) { return torch::matrix_exp(x / 4); }, {2, 2}, 79);
    dd("mpow", [](Tensor x) { return torch::matrix_power(x, 3); }, {2, 2}, 80);
    dd("pinv", [](Tensor x) { return torch::pinverse(x); }, {2, 3}, 81);
  });
  section("function", [] {
    auto a = leaf({2}), b = leaf({2}, 2);
    auto r = TwoOut::apply(a, b, 2.5);
    show("two.0", r[0]);
    show("two.1", r[1]);
    show("two.fn", r[0].grad_fn() == r[1].grad_fn());
    (r[0].sum() + r[1].pow(2).sum()).backward();
    show("two.a", a.grad());
    show("two.b", b.grad());
    auto c = leaf({2}, 3);
    auto r2 = TwoOut::apply(c, torch::ones({2}), 1.0);
    r2[1].sum().backward();
    show("two.only1", c.grad());
    auto d = leaf({3}, 4);
    auto n = NonDiff::apply(d);
    show("nondiff.rg", n[0].requires_grad());
    show("nondiff.rg1", n[1].requires_grad());
    show("nondiff.rg2", n[2].requires_grad());
    n[0].sum().backward();
    show("nondiff.grad", d.grad());
    auto e = leaf({2}, 5);
    auto f = e * 1;
    auto g = Dirty::apply(f);
    show("dirty.same", g[0].is_same(f));
    show("dirty.f", f);
    show("dirty.v", f._version());
    f.sum().backward();
    show("dirty.grad", e.grad());
    attempt("dirty.leaf", [] {
      auto l = leaf({2});
      Dirty::apply(l);
    });
    auto h = leaf({2}, 6);
    auto nm = NoMaterialize::apply(h);
    nm[1].sum().backward();
    show("nomat.grad", h.grad());
    auto i = leaf({2}, 7);
    NeedsInput::apply(i, torch::ones({2})).sum().backward();
    show("needs.grad", i.grad());
    auto j = leaf({2}, 8);
    attempt("wrong.count", [&] { Wrong::apply(j).sum().backward(); });
    attempt("wrong.shape", [&] { WrongShape::apply(j).sum().backward(); });
    auto k = leaf({2}, 9);
    auto id = Identity::apply(k);
    show("identity.same", id.is_same(k));
    show("identity.view", id.is_view());
    id.sum().backward();
    show("identity.grad", k.grad());
    attempt("identity.write", [&] {
      auto k2 = leaf({2}, 10) * 1;
      auto w = Identity::apply(k2);
      w.add_(1);
    });
    auto l = leaf({2, 2}, 11) * 1;
    auto vo = ViewOut::apply(l);
    show("viewout.view", vo.is_view());
    attempt("viewout.write", [&] { vo.add_(1); });
    auto m = leaf({2}, 12);
    Tensor q;
    {
      torch::NoGradGuard ng;
      q = TwoOut::apply(m, m, 1.0)[0];
    }
    show("nograd.rg", q.requires_grad());
    auto o = leaf({2}, 13);
    auto two = TwoOut::apply(o, o, 1.0);
    auto gg = torch::autograd::grad({two[0].sum()}, {o}, {}, true, true)[0];
    show("fn.g", gg);
    auto g2 = torch::autograd::grad({gg.sum()}, {o})[0];
    show("fn.gg", g2);
    auto p = leaf({2}, 14);
    auto t = TwoOut::apply(p, torch::ones({2}), 1.0);
    p.data().mul_(2);
    attempt("fn.data", [&] { t[0].sum().backward(); });
    {
      auto p2 = leaf({2}, 15) * 1;
      auto t2 = TwoOut::apply(p2, torch::ones({2}, torch::requires_grad()), 1.0);
      p2.mul_(2);
      attempt("fn.modified", [&] { t2[0].sum().backward(); });
    }
  });
  return finish();
}
