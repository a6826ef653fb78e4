// Special functions in every dtype that has them, with edges.
#include "common.h"

// A second gradient, where it is one: what is zero, or noise around it, depends on the order of
// additions.
inline void second(const std::string &name, const Tensor &t) {
  if (t.defined() && t.numel() && (t + 0).abs().max().item<double>() > 1e-9)
    show(name, t);
}

template <class F> void each(const std::string &n, const Tensor &x, F f) {
  for (auto t : {torch::kFloat64, torch::kFloat32, torch::kFloat16, torch::kBFloat16}) {
    section(n.c_str(), [&] { show(n + "." + dtype_name(t), f(x.to(t))); });
  }
}

int main() {
  auto x = torch::tensor({-7.25, -3.5, -2.0, -1.0, -0.75, -0.25, -0.001, 0.0, 0.001, 0.3, 0.5, 0.9,
                          1.0, 1.5, 2.5, 4.0, 9.5, 20.0},
                         torch::kFloat64);
  auto p = torch::tensor({0.01, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.25, 5.5, 10.0, 30.0},
                         torch::kFloat64);
  auto u = torch::tensor({0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99}, torch::kFloat64);
  auto edge = torch::tensor({kNan, kInf, -kInf, 0.0, -0.0, 1.0, -1.0}, torch::kFloat64);
  section("names", [&] {
    show("expit", torch::special::expit(x));
    show("gammaln", torch::special::gammaln(p));
    show("digamma", torch::special::digamma(p));
    show("psi", torch::special::psi(p));
    show("erf", torch::special::erf(x));
    show("erfc", torch::special::erfc(x));
    show("erfinv", torch::special::erfinv(u));
    show("exp2", torch::special::exp2(x));
    show("expm1", torch::special::expm1(x));
    show("log1p", torch::special::log1p(p));
    show("sinc", torch::special::sinc(x));
    show("logit", torch::special::logit(u));
    show("logit_eps", torch::logit(x, 0.1));
    show("round", torch::special::round(x));
    show("xlogy", torch::special::xlogy(p, p.flip(0)));
    show("logsumexp", torch::special::logsumexp(x.view({3, 6}), 1, false));
    show("softmax", torch::special::softmax(x.view({3, 6}), 1, torch::kFloat32));
    show("log_softmax", torch::special::log_softmax(x.view({3, 6}), 0, std::nullopt));
    show("polygamma", torch::special::polygamma(2, p));
    show("zeta", torch::special::zeta(p + 1.1, p.flip(0)));
    show("multigammaln", torch::special::multigammaln(p + 2, 3));
  });
  each("i0", x, [](Tensor t) { return torch::i0(t); });
  each("i0e", x, [](Tensor t) { return torch::special::i0e(t); });
  each("entr", p, [](Tensor t) { return torch::special::entr(t); });
  each("ndtr", x, [](Tensor t) { return torch::special::ndtr(t); });
  for (auto t : {torch::kFloat64, torch::kFloat32}) {
    auto s = std::string(".") + dtype_name(t);
    auto a = x.to(t), b = p.to(t), c = u.to(t), e = edge.to(t);
    section("fl", [&] {
      show("i1" + s, torch::special::i1(a));
      show("i1e" + s, torch::special::i1e(a));
      show("erfcx" + s, torch::special::erfcx(a.clamp(-3, 20)));
      show("ndtri" + s, torch::special::ndtri(c));
      show("log_ndtr" + s, torch::special::log_ndtr(a));
      show("xlog1py" + s, torch::special::xlog1py(a, b[0]));
      show("mvlgamma" + s, torch::mvlgamma(b + 3, 4));
      show("igamma" + s, torch::igamma(b, b.flip(0)));
      show("igammac" + s, torch::igammac(b, b.flip(0)));
      show("gammainc" + s, torch::special::gammainc(b, b.flip(0)));
      show("gammaincc" + s, torch::special::gammaincc(b, b.flip(0)));
      show("lgamma" + s, torch::lgamma(a + 0.1));
      show("digamma" + s, torch::digamma(a + 0.1));
      show("polygamma1" + s, torch::polygamma(1, b));
      show("polygamma3" + s, torch::polygamma(3, b));
      show("sinc" + s, torch::sinc(a));
      show("entr.edge" + s, torch::special::entr(e));
      show("erf.edge" + s, torch::erf(e));
      show("lgamma.edge" + s, torch::lgamma(e));
      show("digamma.edge" + s, torch::digamma(e));
      show("logit.edge" + s, torch::logit(e));
      show("erfinv.edge" + s, torch::erfinv(e));
      show("sinc.edge" + s, torch::sinc(e));
      show("i0.edge" + s, torch::i0(e));
      show("ndtri.edge" + s, torch::special::ndtri(e));
      show("xlogy.edge" + s, torch::xlogy(e, e.flip(0)));
      show("exp2.edge" + s, torch::exp2(e));
      show("log1p.edge" + s, torch::log1p(e));
      show("expm1.edge" + s, torch::expm1(e));
      show("hypot.edge" + s, torch::hypot(e, e.flip(0)));
      show("logaddexp.edge" + s, torch::logaddexp(e, e.flip(0)));
      show("logaddexp2.edge" + s, torch::logaddexp2(e, e.flip(0)));
      show("nextafter" + s, torch::nextafter(a, -a) - a);
      show("ldexp" + s, torch::ldexp(a, torch::arange(18)));
      auto fr = torch::frexp(a);
      show("frexp.m" + s, std::get<0>(fr));
      show("frexp.e" + s, std::get<1>(fr));
    });
  }
  section("int", [] {
    auto i = torch::arange(1, 7);
    show("int.i0", torch::i0(i));
    show("int.lgamma", i.lgamma());
    show("int.digamma", i.digamma());
    show("int.erf", i.erf());
    show("int.sinc", torch::sinc(i));
    show("int.entr", torch::special::entr(i));
    show("int.ndtr", torch::special::ndtr(i));
    show("int.i1", torch::special::i1(i));
    show("int.log_ndtr", torch::special::log_ndtr(i));
    show("int.erfcx", torch::special::erfcx(i));
    show("int.xlogy", torch::xlogy(i, i));
    show("int.polygamma", torch::polygamma(1, i));
    show("int.mvlgamma", torch::mvlgamma(i, 1));
    show("int.logit", torch::logit(i, 0.2));
    show("int.exp2", torch::exp2(i));
    show("int.hyp", torch::sinh(torch::tensor({true, false})));
    show("int.sqrt8", torch::sqrt(i.to(torch::kUInt8)));
    show("int.pow", torch::pow(i.to(torch::kInt8), 3));
    show("int.gcd", torch::gcd(i * 6, i + 3));
    show("int.lcm", torch::lcm(i * 6, i + 3));
  });
  section("grad", [] {
    auto pg = torch::tensor({0.3, 0.7, 1.2, 2.5, 4.0}, torch::kFloat64);
    auto g = [&](const char *n, auto f) {
      section(n, [&] {
        auto a = pg.clone().requires_grad_(true);
        auto y = f(a);
        auto d = torch::autograd::grad({y.sum()}, {a}, {}, true, true)[0];
        show(std::string("g.") + n, d);
        if (d.requires_grad())
          second(std::string("gg.") + n, torch::autograd::grad({d.square().sum()}, {a})[0]);
      });
    };
    g("i0", [](Tensor t) { return torch::i0(t); });
    g("i0e", [](Tensor t) { return torch::special::i0e(t); });
    g("i1", [](Tensor t) { return torch::special::i1(t); });
    g("i1e", [](Tensor t) { return torch::special::i1e(t); });
    g("entr", [](Tensor t) { return torch::special::entr(t); });
    g("ndtr", [](Tensor t) { return torch::special::ndtr(t); });
    g("ndtri", [](Tensor t) { return torch::special::ndtri(t / 5); });
    g("log_ndtr", [](Tensor t) { return torch::special::log_ndtr(t); });
    g("erfcx", [](Tensor t) { return torch::special::erfcx(t); });
    g("xlog1py", [](Tensor t) { return torch::special::xlog1py(t, t); });
    g("mvlgamma", [](Tensor t) { return torch::mvlgamma(t + 2, 2); });
    g("lgamma", [](Tensor t) { return torch::lgamma(t); });
    g("digamma", [](Tensor t) { return torch::digamma(t); });
    g("polygamma", [](Tensor t) { return torch::polygamma(1, t); });
    g("igamma", [](Tensor t) { return torch::igamma(torch::full({5}, 2.0, torch::kFloat64), t); });
    g("igammac",
      [](Tensor t) { return torch::igammac(torch::full({5}, 2.0, torch::kFloat64), t); });
    g("erfinv", [](Tensor t) { return torch::erfinv(t / 5); });
    g("sinc", [](Tensor t) { return torch::sinc(t); });
    g("logit", [](Tensor t) { return torch::logit(t / 5); });
    g("zeta",
      [](Tensor t) { return torch::special::zeta(torch::full({5}, 3.0, torch::kFloat64), t); });
    g("frexp", [](Tensor t) { return std::get<0>(torch::frexp(t)); });
    g("hypot", [](Tensor t) { return torch::hypot(t, t + 1); });
    g("logaddexp", [](Tensor t) { return torch::logaddexp(t, t * 2); });
    g("ldexp", [](Tensor t) { return torch::ldexp(t, torch::arange(5)); });
    g("atan2", [](Tensor t) { return torch::atan2(t, t * t); });
    g("xlogy", [](Tensor t) { return torch::xlogy(t, t + 1); });
    g("float_power", [](Tensor t) { return torch::float_power(t, 2.5); });
    g("nan_to_num", [](Tensor t) { return torch::nan_to_num(t / 0. * t); });
  });
  section("errors", [] {
    throws("e.mvlgamma", [] { return torch::mvlgamma(torch::tensor({0.1}), 3); });
    throws("e.polygamma", [] { return torch::polygamma(-1, torch::tensor({0.1})); });
    throws("e.igamma_int",
           [] { return torch::igamma(torch::tensor({1, 2}), torch::tensor({1, 2})); });
    throws("e.frexp_int", [] { return std::get<0>(torch::frexp(torch::tensor({1, 2}))); });
    throws("e.gcd_float", [] { return torch::gcd(torch::tensor({1.}), torch::tensor({1.})); });
    throws("e.nextafter_int",
           [] { return torch::nextafter(torch::tensor({1}), torch::tensor({2})); });
    throws("e.heaviside", [] { return torch::heaviside(torch::tensor({1.}), torch::tensor({2})); });
    throws("e.erf_inplace_int", [] { return torch::tensor({1, 2}).erf_(); });
    throws("e.i0_inplace_int", [] { return torch::tensor({1, 2}).i0_(); });
  });
  return finish();
}
