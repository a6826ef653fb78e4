// Elementwise functions, in-place and out= forms, operators with scalars on either side.
#include "common.h"

int main() {
  section("unary", [] {
    auto x = torch::tensor({-2.5, -1.5, -0.5, -0.25, 0.0, 0.3, 0.5, 1.0, 1.5, 2.5, 7.75});
    auto p = torch::tensor({0.001, 0.25, 0.5, 1.0, 1.5, 2.0, 10.0, 1000.0});
    show("abs", x.abs());
    show("neg", -x);
    show("exp", x.exp());
    show("exp2", torch::exp2(x));
    show("expm1", torch::expm1(x * 1e-3));
    show("log", p.log());
    show("log2", p.log2());
    show("log10", p.log10());
    show("log1p", torch::log1p(p * 1e-3));
    show("sqrt", p.sqrt());
    show("rsqrt", p.rsqrt());
    show("reciprocal", p.reciprocal());
    show("square", x.square());
    show("sin", x.sin());
    show("cos", x.cos());
    show("tan", torch::tan(x * 0.5));
    show("asin", torch::asin(x.clamp(-0.9, 0.9)));
    show("acos", torch::acos(x.clamp(-0.9, 0.9)));
    show("atan", x.atan());
    show("sinh", x.sinh());
    show("cosh", x.cosh());
    show("tanh", x.tanh());
    show("asinh", x.asinh());
    show("acosh", torch::acosh(p + 1));
    show("atanh", torch::atanh(x.clamp(-0.9, 0.9)));
    show("sigmoid", x.sigmoid());
    show("erf", x.erf());
    show("erfc", torch::erfc(x.clamp(-2, 2)));
    show("floor", x.floor());
    show("ceil", x.ceil());
    show("round_half_even", x.round());
    show("trunc", x.trunc());
    show("frac", x.frac());
    show("sign", x.sign());
    show("lgamma", torch::lgamma(p + 1.5));
    show("exp64", torch::linspace(-20, 20, 9, torch::kFloat64).exp());
    show("sin64", torch::sin(torch::tensor({1.0, 1e3, 1e6, 1e9}, torch::kFloat64)));
  });

  section("binary", [] {
    auto x = torch::tensor({-7.5, -2.0, -0.5, 0.5, 2.0, 7.5});
    auto y = torch::tensor({2.0, -3.0, 0.75, -0.25, 5.0, 2.5});
    show("pow", torch::pow(y.abs(), x));
    show("pow_scalar", x.pow(3));
    show("pow_half", y.abs().pow(0.5));
    show("scalar_pow", torch::pow(2, x));
    show("atan2", torch::atan2(x, y));
    show("fmod", torch::fmod(x, y));
    show("remainder", torch::remainder(x, y));
    show("fmod_scalar", x.fmod(2.));
    show("remainder_scalar", x.remainder(-2.));
    show("floor_divide", torch::floor_divide(x, y));
    show("maximum", torch::maximum(x, y));
    show("minimum", torch::minimum(x, y));
    show("hypot", torch::hypot(x, y));
    show("add_alpha", torch::add(x, y, 0.5));
    show("sub_alpha", torch::sub(x, y, 2));
    show("rsub", 3 - x);
    show("rdiv", 3 / x);
    show("lerp", torch::lerp(x, y, 0.25));
    show("addcmul", torch::addcmul(x, y, y, 0.5));
    show("addcdiv", torch::addcdiv(x, y, x, 2));
    show("clamp", x.clamp(-1, 2.5));
    show("clamp_min", x.clamp_min(0));
    show("clamp_max", x.clamp_max(0));
    show("clamp_tensor", torch::clamp(x, torch::full_like(x, -2.5), y.abs()));
    show("where", torch::where(x > y, x, y * 10));
  });

  section("logic", [] {
    auto a = torch::tensor({1, 2, 3, 4}), b = torch::tensor({4, 2, 1, 5});
    show("eq", a == b);
    show("ne", a != b);
    show("lt_gt", (a < b).logical_or(a > b));
    show("le_scalar", a <= 2);
    show("and", torch::logical_and(a > 1, b > 1));
    show("xor", torch::logical_xor(a > 1, b > 1));
    show("not", torch::logical_not(a - 2));
    show("bool_ops", ((a > 1) & (b > 1)) | (a == 1));
    show("bitwise", (a & b) + (a | b) * 10 + (a ^ b) * 100);
    show("bitwise_not", ~a);
    show("bitwise_not_bool", ~(a > 2));
    show("equal", torch::equal(a, a.clone()));
    show("isclose", torch::isclose(torch::tensor({1.0, 1.1}), torch::tensor({1.0 + 1e-6, 1.2})));
  });

  section("inplace", [] {
    auto x = torch::arange(1., 5.);
    auto alias = x;
    x.add_(1).mul_(2).sub_(3).div_(2);
    show("chain", alias);
    x += 1;
    x *= torch::tensor({1., 2., 3., 4.});
    x -= 0.5;
    x /= 2;
    show("compound", alias);
    x.pow_(2).sqrt_().neg_().abs_();
    show("functions", alias);
    x.clamp_(1, 3);
    show("clamp_", alias);
    x.fill_(2).exp_().log_();
    show("fill_exp_log_", alias);
    auto i = torch::arange(4);
    i.mul_(3).remainder_(4);
    show("int_inplace", i);
    i.copy_(torch::tensor({1.9, -1.9, 0.2, 3.0}));
    show("copy_truncates", i);
    auto out = torch::empty({4});
    torch::add_out(out, x, x);
    show("add_out", out);
    torch::exp_out(out, out * 0.5);
    show("exp_out", out);
    auto z = torch::ones({3});
    auto &r = z.zero_();
    r.add_(5);
    show("returns_self", z);
  });
  return finish();
}
