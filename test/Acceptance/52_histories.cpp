// Histories and what is around them: names, hooks, writes under autograd, a user's functions;
// printing of extremes; geometry in place; memory of somebody else; generators.
#include "common.h"

#include <sstream>

using torch::Tensor;
using torch::indexing::None;
using torch::indexing::Slice;
// As operator<< prints it, with visible spaces and ends of lines.
template <class T> void p(const char *name, const T &value) {
  std::ostringstream out;
  out << std::boolalpha << value;
  std::string text;
  for (char c : out.str())
    text += c == '\n' ? "|" : c == ' ' ? "_" : std::string(1, c);
  show(name, text);
}
template <class F> void t(const char *name, F f) {
  throws(name, [&] { f(); });
}
struct Dirty : torch::autograd::Function<Dirty> {
  static Tensor forward(torch::autograd::AutogradContext *c, Tensor x) {
    x.mul_(2);
    c->mark_dirty({x});
    return x;
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *c,
                                                 torch::autograd::variable_list g) {
    return {g[0] * 2};
  }
};
struct NonDiff : torch::autograd::Function<NonDiff> {
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext *c, Tensor x) {
    auto i = x.argsort();
    auto v = x.sign();
    c->mark_non_differentiable({v});
    c->save_for_backward({x});
    c->saved_data["k"] = 3;
    return {x * x, v, i};
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *c,
                                                 torch::autograd::variable_list g) {
    auto x = c->get_saved_variables()[0];
    p("nondiff.k", c->saved_data["k"].toInt());
    return {2 * x * g[0]};
  }
};
struct NoMat : torch::autograd::Function<NoMat> {
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext *c, Tensor x,
                                                Tensor y, int k) {
    c->set_materialize_grads(false);
    return {x * k, y * k};
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *c,
                                                 torch::autograd::variable_list g) {
    show(std::string("nomat.first.") + (g[0].defined() ? "a" : "b"), g[0].defined());
    show(std::string("nomat.second.") + (g[0].defined() ? "a" : "b"), g[1].defined());
    return {g[0].defined() ? g[0] * 3 : Tensor(), Tensor(), Tensor()};
  }
};
struct Wrong : torch::autograd::Function<Wrong> {
  static Tensor forward(torch::autograd::AutogradContext *c, Tensor x) { return x.sum(); }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *c,
                                                 torch::autograd::variable_list g) {
    return {g[0].expand({5})};
  }
};
int main() {
  {
    auto x = torch::arange(6, torch::kDouble).view({2, 3}).requires_grad_();
    std::string order;
    auto y = x * 2;
    y.register_hook([&](Tensor g) {
      order += "y1 ";
      return g * 2;
    });
    y.register_hook([&](Tensor g) { order += "y2 "; });
    x.register_hook([&](Tensor g) { order += "x "; });
    y.retain_grad();
    auto z = y.sum();
    z.backward({}, true);
    p("hook.order", order);
    p("hook.x", x.grad());
    p("hook.y", y.grad());
    z.backward();
    p("hook.x2", x.grad());
    p("hook.order2", order);
    t("hook.third", [&] { z.backward(); });
  }
  {
    auto x = torch::arange(6, torch::kDouble).requires_grad_();
    auto y = x * 1;
    y.index_put_({torch::tensor({0, 0, 2})},
                 torch::tensor({1., 2., 3.}, torch::kDouble).requires_grad_(), true);
    p("put.acc", y);
    p("put.acc.fn", y.grad_fn()->name());
    (y * y).sum().backward();
    p("put.acc.g", x.grad());
  }
  {
    auto x = torch::arange(6, torch::kDouble).view({2, 3}).requires_grad_();
    auto v = torch::tensor({10., 20., 30.}, torch::kDouble).requires_grad_();
    auto y = x * 1;
    y.index_put_({x.detach() > 2}, v);
    p("put.mask", y);
    (y * y).sum().backward();
    p("put.mask.x", x.grad());
    p("put.mask.v", v.grad());
  }
  {
    auto x = torch::arange(6, torch::kDouble).view({2, 3}).requires_grad_();
    auto v = torch::tensor(7., torch::kDouble).requires_grad_();
    auto y = x * 1;
    y.index_put_({Slice(), torch::tensor({1, 1})}, v);
    p("put.bc", y);
    y.pow(2).sum().backward();
    p("put.bc.x", x.grad());
  }
  {
    auto x = torch::arange(6, torch::kDouble).view({2, 3}).requires_grad_();
    auto y = x * 1;
    auto c = y.split(1, 0);
    t("split.add_", [&] { c[0].add_(1); });
    auto u = y.unbind(1);
    t("unbind.mul_", [&] { u[1].mul_(2); });
    auto k = y.chunk(3, 1);
    t("chunk.zero_", [&] { k[2].zero_(); });
    auto s = y.select(0, 1);
    s.mul_(3);
    p("select.mul", y);
    p("select.fn", y.grad_fn()->name());
    p("select.sfn", s.grad_fn()->name());
    y.sum().backward();
    p("select.g", x.grad());
    {
      torch::NoGradGuard g;
      auto q = y.unbind(0);
      q[0].fill_(9);
      p("nograd.unbind", y.detach());
    }
  }
  {
    auto w = torch::zeros({2, 2});
    auto a = torch::ones({2}, torch::requires_grad());
    w[0].copy_(a);
    w.select(1, 1).mul_(3);
    p("copy.w", w);
    p("copy.fn", w.grad_fn()->name());
    w.sum().backward();
    p("copy.g", a.grad());
  }
  {
    auto x = torch::tensor({1e10f, -1e-10f, 0.f, INFINITY, -INFINITY, NAN});
    p("pr.ext", x);
    p("pr.d", x.to(torch::kDouble));
    p("pr.big", torch::tensor({16777216.f, 1.f}));
    p("pr.small", torch::tensor({1e-5f, 1.f}));
    p("pr.int", torch::tensor({1000000, -2}));
    p("pr.bool", torch::tensor({true, false}));
    p("pr.long", torch::tensor({(long)INT64_MAX, (long)INT64_MIN}));
    p("pr.half", torch::tensor({65504.f, 0.1f, 6e-8f}).to(torch::kHalf));
    p("pr.bf16", torch::tensor({3.1415926f, 1e30f}).to(torch::kBFloat16));
    p("pr.u8", torch::tensor({0, 255}).to(torch::kByte));
    p("pr.0d", torch::tensor(3.5));
    p("pr.0di", torch::tensor(3));
    p("pr.0db", torch::tensor(true));
    p("pr.empty", torch::empty({0}));
    p("pr.empty2", torch::empty({2, 0}));
    p("pr.empty3", torch::empty({0, 3}, torch::kLong));
    p("pr.rg", torch::ones({2}, torch::requires_grad()));
    p("pr.3d", torch::arange(8).view({2, 2, 2}));
    p("pr.4d", torch::zeros({1, 1, 2, 2}));
    p("pr.neg", torch::tensor({-0.f, -1.5f}));
    p("pr.frac", torch::tensor({0.1f, 100.25f, 12345.678f}));
    p("pr.wide", torch::arange(30));
    p("pr.widef", torch::arange(14) / 3.0);
  }
  {
    auto x = torch::arange(12);
    auto y = x.as_strided({3, 2}, {4, 1}, 1);
    p("as.y", y);
    auto z = y.as_strided({2, 2}, {2, 3});
    p("as.z", z);
    p("as.off", z.storage_offset());
    y.add_(100);
    p("as.x", x);
    auto w = torch::arange(4);
    w.resize_({2, 3});
    p("rs.sizes", w.sizes());
    p("rs.head", w.flatten().narrow(0, 0, 4));
    w.resize_({2});
    p("rs.small", w);
    auto v = torch::empty({0}, torch::kLong);
    v.set_(x);
    v[0] = 55;
    p("set.x", x);
    p("set.same", v.data_ptr() == x.data_ptr());
    auto n = x.narrow(0, 4, 4);
    auto m = torch::empty({0}, torch::kLong);
    m.set_(n);
    p("set.off", m.storage_offset());
    p("set.m", m);
    t("as.bad", [&] { x.as_strided({20}, {1}); });
    t("as.neg", [&] { x.as_strided({2}, {-1}); });
    t("rs.neg", [&] { x.resize_({-1}); });
    t("rs.rg", [&] { torch::ones({2}, torch::requires_grad()).resize_({3}); });
    t("view.bad", [&] { x.view({5, -1}); });
  }
  {
    int del = 0;
    {
      float d[4] = {1, 2, 3, 4};
      {
        auto b = torch::from_blob(d, {2, 2}, [&](void *) { ++del; }, torch::kFloat);
        auto c = b.t();
        b.mul_(2);
        p("fb.c", c);
        d[0] = 50;
        p("fb.b", b);
        auto e = b + 1;
        d[1] = -1;
        p("fb.e", e);
        p("fb.del0", del);
      }
      p("fb.del", del);
    }
    auto s = torch::from_blob(new float[3]{1, 2, 3}, {3}, [&](void *q) {
      ++del;
      delete[] (float *)q;
    });
    auto v = s.narrow(0, 1, 2);
    s = Tensor();
    p("fb.v", v);
    p("fb.del1", del);
    v = Tensor();
    p("fb.del2", del);
  }
  {
    torch::manual_seed(3);
    auto a = torch::rand({3});
    torch::manual_seed(3);
    auto b = torch::rand({3});
    p("gen.same", a.equal(b));
    auto c = torch::rand({3});
    p("gen.next", b.equal(c));
    p("gen.range", (a.ge(0) & a.lt(1)).all().item<bool>());
  }
  {
    auto x = torch::tensor({1., 2., 3.}, torch::kDouble).requires_grad_();
    auto y = x * 1;
    auto z = Dirty::apply(y);
    p("dirty.same", z.is_same(y));
    z.sum().backward();
    p("dirty.g", x.grad());
    p("dirty.v", y);
    t("dirty.leaf", [&] { Dirty::apply(x); });
  }
  {
    auto x = torch::tensor({1., -2., 3.}, torch::kDouble).requires_grad_();
    auto o = NonDiff::apply(x);
    p("nd.0", o[0].requires_grad());
    p("nd.1", o[1].requires_grad());
    p("nd.2", o[2].requires_grad());
    o[0].sum().backward();
    p("nd.g", x.grad());
  }
  {
    auto x = torch::ones({2}, torch::requires_grad()), y = torch::ones({2}, torch::requires_grad());
    auto o = NoMat::apply(x, y, 3);
    o[1].sum().backward();
    p("nm.x", x.grad().defined());
    o = NoMat::apply(x, y, 3);
    o[0].sum().backward();
    p("nm.x2", x.grad());
    p("nm.y", y.grad().defined());
  }
  {
    auto x = torch::ones({3}, torch::requires_grad());
    t("wrong.size", [&] { Wrong::apply(x).backward(); });
    p("wrong.grad", x.grad().defined());
  }
  {
    auto x = torch::ones({3}, torch::requires_grad());
    auto y = (x * 2).sum();
    t("hook.throw", [&] {
      auto h = x.register_hook([](Tensor g) -> Tensor { throw std::runtime_error("h"); });
      y.backward({}, true);
    });
    p("hook.throw.g", x.grad().defined());
    x.remove_hook(0);
    y.backward();
    p("hook.after", x.grad());
  }
  {
    auto x = torch::ones({2, 2}, torch::requires_grad());
    auto n = [&](const char *k, const Tensor &y) { p(k, y.grad_fn()->name()); };
    n("n.add", x + x);
    n("n.adds", x + 1);
    n("n.radd", 1 + x);
    n("n.sub", x - 1);
    n("n.rsub", 1 - x);
    n("n.mul", x * 2);
    n("n.rmul", 2 * x);
    n("n.div", x / 2);
    n("n.rdiv", 1 / x);
    n("n.neg", -x);
    n("n.pow", x.pow(2));
    n("n.powt", x.pow(x));
    n("n.sum", x.sum());
    n("n.sumd", x.sum(0));
    n("n.mean", x.mean());
    n("n.mm", x.mm(x));
    n("n.matmul", x.matmul(x));
    n("n.T", x.t());
    n("n.relu", x.relu());
    n("n.idx", x.index({0}));
    n("n.sl", x.index({Slice(0, 1)}));
    n("n.none", x.index({None}));
    n("n.adv", x.index({torch::tensor({0})}));
    n("n.cat", torch::cat({x, x}));
    n("n.view", x.view({4}));
    n("n.resh", x.t().reshape({4}));
    n("n.to", x.to(torch::kDouble));
    n("n.clone", x.clone());
    n("n.exp", x.exp());
    n("n.sm", x.softmax(0));
    n("n.max", std::get<0>(x.max(0)));
    n("n.maxa", x.max());
    n("n.op[]", x[0]);
    n("n.masked", x.masked_fill(x > 0, 1));
    n("n.where", torch::where(x > 0, x, x));
    n("n.norm", x.norm());
    n("n.std", x.std());
    n("n.clamp", x.clamp(0, 1));
    n("n.cmin", x.clamp_min(0));
    auto y = x * 1;
    y += 1;
    n("n.+=", y);
    y *= x;
    n("n.*=", y);
    y.relu_();
    n("n.relu_", y);
    y.zero_();
    n("n.zero_", y);
    auto z = x * 1;
    z.t_();
    n("n.t_", z);
    z.squeeze_();
    n("n.squeeze_", z);
    z.unsqueeze_(0);
    n("n.unsqueeze_", z);
    auto w = x * 1;
    w.fill_(3);
    n("n.fill_", w);
    w.copy_(x);
    n("n.copy_", w);
    n("n.lin", torch::nn::functional::linear(x, x, x[0]));
    n("n.ce", torch::nn::functional::cross_entropy(x, torch::tensor({0, 1})));
    n("n.mse", torch::mse_loss(x, x));
    n("n.ln", torch::layer_norm(x, {2}));
    n("n.gather", x.gather(0, torch::tensor({{0, 1}})));
    n("n.ex", x.expand({2, 2, 2}));
    n("n.perm", x.permute({1, 0}));
    n("n.tril", x.tril());
    n("n.sort", std::get<0>(x.sort(0)));
    n("n.cumsum", x.cumsum(0));
    n("n.flip", x.flip({0}));
    n("n.sel", x.select(0, 0));
    n("n.diag", x.diag());
    n("n.det", torch::det(x));
    n("n.inv", torch::inverse(torch::eye(2) + x));
    n("n.stack", torch::stack({x}));
    n("n.lerp", x.lerp(x, 0.5));
    n("n.addmm", torch::addmm(x, x, x));
    n("n.contig", x.t().contiguous());
    n("n.op.-=", (y -= x));
  }
  return finish();
}
