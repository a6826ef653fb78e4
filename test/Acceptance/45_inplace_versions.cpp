// Functions in place, version counters.
#include "common.h"
using namespace torch::indexing;
int main() {
  section("versions", [] {
    auto x = torch::zeros({3, 3});
    show("v.0", x._version());
    x.add_(1);
    show("v.add", x._version());
    x[0].mul_(2);
    show("v.view", x._version());
    auto v = x.t();
    show("v.view_same", v._version());
    v.zero_();
    show("v.shared", x._version());
    x.index_put_({0, 0}, 5);
    show("v.put", x._version());
    x.index_put_({torch::tensor({0})}, 5);
    show("v.put_adv", x._version());
    x.copy_(torch::ones({3, 3}));
    show("v.copy", x._version());
    x.fill_(3);
    show("v.fill", x._version());
    x += 1;
    show("v.plus", x._version());
    x.detach().add_(1);
    show("v.detach", x._version());
    x.data().add_(1);
    show("v.data", x._version());
    auto c = x.clone();
    show("v.clone", c._version());
    x[1][2] = 7;
    show("v.elem", x._version());
    x.t_();
    show("v.t_", x._version());
    x.requires_grad_();
    show("v.rg", x._version());
    auto z = torch::ones({2});
    z.zero_();
    torch::add_out(z, z, z);
    show("v.out", z._version());
    torch::NoGradGuard g;
    z.add_(1);
    show("v.nograd", z._version());
  });
  section("saved_modified", [] {
    throws("exp", [] {
      auto x = leaf({3});
      auto y = x.exp();
      y.add_(1);
      y.sum().backward();
    });
    throws("sin_ok", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.sin();
      y.add_(1);
      y.sum().backward();
    });
    throws("sin_arg", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.sin();
      h.add_(1);
      y.sum().backward();
    });
    throws("mul_arg", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h * h;
      h.mul_(2);
      y.sum().backward();
    });
    throws("add_arg", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h + h;
      h.mul_(2);
      y.sum().backward();
    });
    throws("mul_const_arg", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h * 2;
      h.mul_(2);
      y.sum().backward();
    });
    throws("mul_nograd_operand", [] {
      auto x = leaf({3});
      auto c = torch::ones({3});
      auto y = x * c;
      c.add_(1);
      y.sum().backward();
    });
    throws("view_modified", [] {
      auto x = leaf({4});
      auto h = x * 1;
      auto y = h.square();
      h[0].add_(1);
      y.sum().backward();
    });
    throws("sigmoid", [] {
      auto x = leaf({3});
      auto y = x.sigmoid();
      y.mul_(2);
      y.sum().backward();
    });
    throws("tanh", [] {
      auto x = leaf({3});
      auto y = x.tanh();
      y.mul_(2);
      y.sum().backward();
    });
    throws("relu", [] {
      auto x = leaf({3});
      auto y = x.relu();
      y.mul_(2);
      y.sum().backward();
    });
    throws("sqrt", [] {
      auto x = torch::ones({3}, torch::requires_grad());
      auto y = x.sqrt();
      y.mul_(2);
      y.sum().backward();
    });
    throws("log", [] {
      auto x = torch::ones({3}, torch::requires_grad());
      auto y = x.log();
      y.mul_(2);
      y.sum().backward();
    });
    throws("pow", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.pow(3);
      h.zero_();
      y.sum().backward();
    });
    throws("mm", [] {
      auto x = leaf({2, 2});
      auto w = torch::ones({2, 2});
      auto y = x.mm(w);
      w.zero_();
      y.sum().backward();
    });
    throws("softmax", [] {
      auto x = leaf({3});
      auto y = x.softmax(0);
      y.add_(1);
      y[0].backward();
    });
    throws("max", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.max();
      h.add_(1);
      y.backward();
    });
    throws("cumsum", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.cumsum(0);
      h.add_(1);
      y.sum().backward();
    });
    throws("prod", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.prod();
      h.add_(1);
      y.backward();
    });
    throws("norm", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.norm();
      h.add_(1);
      y.backward();
    });
    throws("div", [] {
      auto x = leaf({3});
      auto d = torch::full({3}, 2.);
      auto y = x / d;
      d.add_(1);
      y.sum().backward();
    });
    throws("where_cond", [] {
      auto x = leaf({3});
      auto c = torch::ones({3}, torch::kBool);
      auto y = torch::where(c, x, 0);
      c.zero_();
      y.sum().backward();
    });
    throws("gather_idx", [] {
      auto x = leaf({3});
      auto i = torch::tensor({0, 1});
      auto y = x.gather(0, i);
      i.zero_();
      y.sum().backward();
    });
    throws("index_idx", [] {
      auto x = leaf({3});
      auto i = torch::tensor({0, 1});
      auto y = x.index({i});
      i.zero_();
      y.sum().backward();
    });
    throws("masked_fill_mask", [] {
      auto x = leaf({3});
      auto m = torch::ones({3}, torch::kBool);
      auto y = x.masked_fill(m, 0);
      m.zero_();
      y.sum().backward();
    });
    throws("detach_write", [] {
      auto x = leaf({3});
      auto y = x.exp();
      y.detach().add_(1);
      y.sum().backward();
    });
    throws("data_write", [] {
      auto x = leaf({3});
      auto y = x.exp();
      y.data().add_(1);
      y.sum().backward();
    });
    throws("nograd_write", [] {
      auto x = leaf({3});
      auto y = x.exp();
      {
        torch::NoGradGuard g;
        y.add_(1);
      }
      y.sum().backward();
    });
    throws("leaf_nograd_write", [] {
      auto x = leaf({3});
      auto y = x.square();
      {
        torch::NoGradGuard g;
        x.add_(1);
      }
      y.sum().backward();
    });
    throws("leaf_data_write", [] {
      auto x = leaf({3});
      auto y = x.square();
      x.data().add_(1);
      y.sum().backward();
    });
    throws("retain_then_modify", [] {
      auto x = leaf({3});
      auto y = x.exp();
      auto s = y.sum();
      s.backward({}, true);
      y.add_(1);
      s.backward();
    });
    throws("clamp", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.clamp(0, 1);
      h.add_(1);
      y.sum().backward();
    });
    throws("abs", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.abs();
      h.add_(1);
      y.sum().backward();
    });
    throws("sum", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.sum();
      h.add_(1);
      y.backward();
    });
    throws("mean", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.mean();
      h.add_(1);
      y.backward();
    });
    throws("neg", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = -h;
      h.add_(1);
      y.sum().backward();
    });
    throws("std", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h.std();
      h.add_(1);
      y.backward();
    });
    throws("reciprocal", [] {
      auto x = leaf({3});
      auto y = (x + 3).reciprocal();
      y.add_(1);
      y.sum().backward();
    });
    throws("div_scalar", [] {
      auto x = leaf({3});
      auto h = x * 1;
      auto y = h / 2;
      h.add_(1);
      y.sum().backward();
    });
    throws("scalar_div", [] {
      auto x = leaf({3});
      auto h = x + 5;
      auto y = 2 / h;
      h.add_(1);
      y.sum().backward();
    });
  });
  section("leaf_rules", [] {
    throws("add_", [] { leaf({3}).add_(1); });
    throws("copy_", [] { leaf({3}).copy_(torch::ones({3})); });
    throws("zero_", [] { leaf({3}).zero_(); });
    throws("fill_", [] { leaf({3}).fill_(1); });
    throws("index_put_", [] { leaf({3}).index_put_({0}, 1); });
    throws("assign", [] {
      auto x = leaf({3});
      x[0] = 1;
    });
    throws("view", [] { leaf({4}).view({2, 2}).add_(1); });
    throws("detach_ok", [] { leaf({3}).detach().add_(1); });
    throws("uniform_", [] { leaf({3}).uniform_(); });
    throws("clone_ok", [] { leaf({3}).clone().add_(1); });
    throws("resize_", [] { leaf({3}).resize_({5}); });
    throws("t_", [] { leaf({2, 3}).t_(); });
    throws("set_", [] { leaf({3}).set_(torch::ones({3})); });
    throws("requires_on_modified", [] {
      auto x = torch::ones({3});
      x.add_(1);
      x.requires_grad_();
      x.sum().backward();
    });
    throws("other_requires", [] {
      auto x = torch::ones({3});
      x.add_(leaf({3}));
      x.sum().backward();
    });
    throws("int_inplace_float_grad", [] {
      auto x = torch::ones({3}, torch::kInt64);
      x.add_(leaf({3}));
    });
    throws("plus_eq", [] {
      auto x = leaf({3});
      x += 1;
    });
    throws("out_requires", [] {
      auto x = leaf({3});
      auto o = torch::empty({3});
      torch::add_out(o, x, x);
    });
    throws("out_nograd", [] {
      torch::NoGradGuard g;
      auto x = leaf({3});
      auto o = torch::empty({3});
      torch::add_out(o, x, x);
    });
    auto y = torch::ones({3});
    y.add_(leaf({3}, 2));
    show("becomes_nonleaf", y.is_leaf());
    show("becomes_rg", y.requires_grad());
    show("has_fn", y.grad_fn()->name());
    auto w = torch::ones({4});
    auto wv = w.slice(0, 0, 2);
    wv.mul_(leaf({2}, 3));
    show("base_rg", w.requires_grad());
    show("base_fn", w.grad_fn()->name());
    show("view_fn", wv.grad_fn()->name());
    auto d = torch::ones({3});
    d.detach_();
    show("detach_leaf", d.is_leaf());
    auto e = leaf({3}) * 2;
    e.detach_();
    show("detach_nonleaf", e.requires_grad());
    throws("detach_view", [] {
      auto x = leaf({3}) * 2;
      x[0].detach_();
    });
    throws("no_grad_view_inplace", [] {
      auto x = leaf({3});
      Tensor v;
      {
        torch::NoGradGuard g;
        v = x.view({3});
      }
      v.add_(1);
    });
    throws("nograd_view_of_nonleaf", [] {
      auto x = leaf({3}) * 1;
      Tensor v;
      {
        torch::NoGradGuard g;
        v = x.view({3});
      }
      v.mul_(2);
    });
  });
  section("inplace_values", [] {
    auto x = leaf({4}, 21), w = leaf({2}, 22);
    auto y = x * 3;
    y.slice(0, 0, 2).mul_(w);
    y[3] = y[0] * 2;
    y.sum().backward();
    show("iv.x", x.grad());
    show("iv.w", w.grad());
    auto a = leaf({2, 3}, 23);
    auto b = a.clone();
    b.t()[1].mul_(5);
    b.diagonal().mul_(2);
    b.view({6}).slice(0, 4, 6).add_(a.view({6}).slice(0, 0, 2));
    (b * b).sum().backward();
    show("iv.a", a.grad());
    auto c = leaf({3}, 24);
    auto h = c * 2;
    auto v = h.view({3, 1});
    h.sin_();
    v.mul_(2);
    (h + v.squeeze()).sum().backward();
    show("iv.c", c.grad());
    auto d = leaf({2, 2}, 25);
    auto q = torch::zeros({2, 2});
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 2; ++j)
        q[i][j] = d[j][i].square();
    (q * torch::arange(4.).view({2, 2})).sum().backward();
    show("iv.d", d.grad());
    auto e = leaf({3}, 26);
    auto z = e.exp();
    z = z * 2;
    z += e;
    z *= e;
    z -= 1;
    z /= 2;
    z.sum().backward();
    show("iv.e", e.grad());
    auto f = leaf({4}, 27);
    auto parts = (f * 1).chunk(2);
    throws("iv.chunk_inplace", [&] { parts[0].mul_(2); });
    auto g = leaf({4}, 28);
    auto un = (g * 1).unbind(0);
    throws("iv.unbind_inplace", [&] { un[0].mul_(2); });
    auto k = leaf({3}, 29);
    auto m = k * 1;
    m.masked_fill_(m > 0, 3).relu_();
    m.sum().backward();
    show("iv.k", k.grad());
    auto n = leaf({3}, 30);
    auto o = n * 1;
    o.clamp_(-0.5, 0.5).neg_().abs_().sqrt_();
    o.sum().backward();
    show("iv.n", n.grad());
    auto p = leaf({3}, 31);
    auto r = torch::zeros({3});
    r.copy_(p);
    r.add_(p, 2);
    r.addcmul_(p, p, 0.5);
    r.addcdiv_(p, p + 5);
    r.lerp_(p, 0.25);
    r.sub_(p, 3);
    r.pow_(2);
    r.cumsum_(0);
    r.sum().backward();
    show("iv.p", p.grad());
    auto s = leaf({2, 2}, 32);
    auto t = s * 1;
    t.tril_();
    t.t_();
    t.fill_diagonal_(2);
    t.index_add_(0, torch::tensor({1}), s.slice(0, 0, 1));
    t.scatter_add_(0, torch::tensor({{0, 0}}), s);
    t.index_copy_(1, torch::tensor({0}), s.slice(1, 1, 2));
    (t * torch::tensor({{1., 2.}, {3., 4.}})).sum().backward();
    show("iv.s", s.grad());
    auto u = leaf({3}, 33);
    auto uu = u.expand({2, 3}).clone();
    uu[0].mul_(uu[1]);
    uu.sum().backward();
    show("iv.u", u.grad());
    auto aa = leaf({3}, 34);
    auto bb = torch::zeros({3});
    auto bv = bb.slice(0, 1, 3);
    bb.copy_(aa * aa);
    bv.mul_(3);
    bb.sum().backward();
    show("iv.aa", aa.grad());
    auto cc = leaf({4}, 35);
    auto dd = cc * 1;
    auto before = dd.slice(0, 0, 2) * 1;
    dd.zero_();
    (before.sum() + dd.sum()).backward();
    show("iv.cc", cc.grad());
    auto ee = leaf({4}, 36);
    auto ff = ee * 1;
    auto gv = ff.view({2, 2});
    auto hv = gv.t();
    hv[0] = 5;
    ff[3] = 1;
    show("iv.ff", ff);
    show("iv.gv", gv);
    gv.square().sum().backward();
    show("iv.ee", ee.grad());
    show("iv.gvfn", gv.grad_fn()->name());
    show("iv.hvfn", hv.grad_fn()->name());
    show("iv.fffn", ff.grad_fn()->name());
  });
  section("all_inplace", [] {
    auto x = torch::tensor({0.25, 0.5, 0.75}, torch::kFloat64);
#define U(n) show("u." #n, x.clone().n##_())
    U(abs);
    U(acos);
    U(asin);
    U(atan);
    U(ceil);
    U(cos);
    U(cosh);
    U(erf);
    U(erfc);
    U(erfinv);
    U(exp);
    U(exp2);
    U(expm1);
    U(floor);
    U(frac);
    U(lgamma);
    U(digamma);
    U(log);
    U(log10);
    U(log1p);
    U(log2);
    U(logit);
    U(neg);
    U(reciprocal);
    U(round);
    U(rsqrt);
    U(sigmoid);
    U(sign);
    U(sin);
    U(sinh);
    U(sqrt);
    U(square);
    U(tan);
    U(tanh);
    U(trunc);
    U(relu);
    U(nan_to_num);
    U(sinc);
    U(asinh);
    U(acosh);
    U(atanh);
    U(arccos);
    U(arcsin);
    U(arctan);
    U(arcsinh);
    U(arctanh);
    U(absolute);
    U(negative);
    U(fix);
    U(i0);
    U(sgn);
    U(deg2rad);
    U(rad2deg);
    U(logical_not);
    show("u.signbit", torch::signbit(x));
    show("u.positive", torch::positive(x));
    show("u.heaviside_", x.clone().heaviside_(x));
    show("u.hypot_", x.clone().hypot_(x));
    show("u.atan2_", x.clone().atan2_(x));
    show("u.copysign_", x.clone().copysign_(-x));
    show("u.fmod_", x.clone().fmod_(0.4));
    show("u.remainder_", x.clone().remainder_(0.4));
    show("u.floor_divide_", x.clone().floor_divide_(0.4));
    show("u.nextafter_", x.clone().nextafter_(x + 1));
    show("u.ldexp_", x.clone().ldexp_(torch::tensor({1, 2, 3})));
    show("u.xlogy_", x.clone().xlogy_(x));
    show("u.eq_", x.clone().eq_(0.5));
    show("u.lt_", x.clone().lt_(0.5));
    show("u.ge_", x.clone().ge_(torch::tensor(0.5)));
    show("u.clamp_min_", x.clone().clamp_min_(0.5));
    show("u.clamp_max_", x.clone().clamp_max_(0.5));
    show("u.clip_", x.clone().clip_(0.3, 0.6));
    show("u.clamp_t", x.clone().clamp_(torch::full({3}, 0.3, torch::kFloat64),
                                       torch::full({3}, 0.6, torch::kFloat64)));
    show("u.renorm_", x.clone().view({3, 1}).renorm_(2, 0, 0.4));
    show("u.tril_", torch::ones({3, 3}).tril_());
    show("u.triu_", torch::ones({3, 3}).triu_(1));
    show("u.bitand_", torch::tensor({7, 5}).bitwise_and_(3));
    show("u.bitnot_", torch::tensor({7, 5}).bitwise_not_());
    show("u.shl", torch::tensor({7, 5}).bitwise_left_shift_(1));
    show("u.iand", torch::tensor({7, 5}).__iand__(3));
    show("u.ilshift", torch::tensor({7, 5}).__ilshift__(1));
    show("u.land_", torch::tensor({7, 0}).logical_and_(torch::tensor({1, 1})));
    show("u.gcd_", torch::tensor({12, 18}).gcd_(torch::tensor({8, 12})));
    show("u.lcm_", torch::tensor({12, 18}).lcm_(torch::tensor({8, 12})));
    show("u.cumprod_", x.clone().cumprod_(0));
    show("u.true_divide_", x.clone().true_divide_(2));
    show("u.div_mode", x.clone().div_(0.2, "trunc"));
    show("u.mul_", x.clone().multiply_(2));
    show("u.sub_", x.clone().subtract_(2));
    show("u.mvlgamma_", (x + 2).mvlgamma_(2));
    show("u.polygamma_", x.clone().polygamma_(1));
    show("u.addmm_", torch::ones({2, 2}).addmm_(torch::ones({2, 2}), torch::ones({2, 2})));
    show("u.addbmm_", torch::ones({2, 2}).addbmm_(torch::ones({1, 2, 2}), torch::ones({1, 2, 2})));
    show("u.addmv_", torch::ones({2}).addmv_(torch::ones({2, 2}), torch::ones({2})));
    show("u.addr_", torch::ones({2, 2}).addr_(torch::ones({2}), torch::ones({2})));
    show("u.swapaxes_", torch::ones({2, 3}).swapaxes_(0, 1).sizes());
    show("u.logical_xor_", torch::tensor({true, false}).logical_xor_(torch::tensor({true, true})));
    show("u.ixor", [] {
      auto a = torch::tensor({5, 6});
      a ^= torch::tensor({1, 1});
      return a;
    }());
    show("u.index_reduce_",
         torch::ones({3}).index_reduce_(0, torch::tensor({0, 0}), torch::tensor({2., 3.}), "prod"));
    show("u.scatter_", torch::zeros({3}).scatter_(0, torch::tensor({1}), 5));
    show("u.scatter_reduce_", torch::ones({3}).scatter_reduce_(0, torch::tensor({1, 1}),
                                                               torch::tensor({4., 5.}), "amax"));
    show("u.erfinv", torch::erfinv(x));
    show("u.float_power_", x.clone().float_power_(2));
    show("u.dist", x.dist(x + 1));
    show("u.ne_", x.clone().ne_(0.5));
    show("u.gt_", x.clone().greater_(0.5));
    show("u.le_", x.clone().less_equal_(0.5));
    show("u.resize_as_", x.clone().resize_as_(torch::ones({2})).sizes());
    show("u.requires_chain", x.clone().requires_grad_().requires_grad());
    show("u.exponential_", x.clone().exponential_().ge(0).all());
    show("u.random_", x.clone().random_(0, 5).lt(5).all());
    show("u.geometric_", x.clone().geometric_(0.5).ge(1).all());
    show("u.cauchy_", x.clone().cauchy_().isfinite().all());
    show("u.log_normal_", x.clone().log_normal_().gt(0).all());
    show("u.normal_", x.clone().normal_(0, 1).isfinite().all());
    show("u.bernoulli_", x.clone().bernoulli_(1.0));
  });
  return finish();
}
