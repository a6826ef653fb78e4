// The dtype of each pair of dtypes, beside 0-dim tensors and numbers; a dash where the call raises.
#include "common.h"
using torch::Tensor;
using B = Tensor (*)(const Tensor &, const Tensor &);
using S = Tensor (*)(const Tensor &, const torch::Scalar &);
// Three characters for each call: int32 is i32, int8 it8, bfloat16 b16, bool bol.
template <class F> static void row(std::string &all, F f) {
  try {
    const std::string name = dtype_name(f().scalar_type());
    all += " " + name.substr(0, 1) + name.substr(name.size() - 2);
  } catch (const std::exception &) {
    all += " -";
  }
}
int main() {
  const torch::ScalarType types[] = {
      torch::kBool,  torch::kUInt8,   torch::kInt8,     torch::kInt16,   torch::kInt32,
      torch::kInt64, torch::kFloat16, torch::kBFloat16, torch::kFloat32, torch::kFloat64};
  struct Op {
    const char *n;
    B f;
  };
  const Op ops[] = {
    {"add", [](const Tensor &a, const Tensor &b) { return a + b; }}, {"sub", [](const Tensor &a, const Tensor &b) { return a - b; }}, {"mul", [](const Tensor &a, const Tensor &b) { return a * b; }}, {"div", [](const Tensor &a, const Tensor &b) { return a / b; }},
    {"floordiv", [](const Tensor &a, const Tensor &b) { return torch::floor_divide(a, b); }}, {"divtrunc", [](const Tensor &a, const Tensor &b) { return torch::div(a, b, "trunc"); }}, {"divfloor", [](const Tensor &a, const Tensor &b) { return torch::div(a, b, "floor"); }},
    {"rem", [](const Tensor &a, const Tensor &b) { return torch::remainder(a, b); }}, {"fmod", [](const Tensor &a, const Tensor &b) { return torch::fmod(a, b); }}, {"pow", [](const Tensor &a, const Tensor &b) { return torch::pow(a, b); }}, {"fpow", [](const Tensor &a, const Tensor &b) { return torch::float_power(a, b); }},
    {"max", [](const Tensor &a, const Tensor &b) { return torch::maximum(a, b); }}, {"fmin", [](const Tensor &a, const Tensor &b) { return torch::fmin(a, b); }}, {"atan2", [](const Tensor &a, const Tensor &b) { return torch::atan2(a, b); }}, {"and", [](const Tensor &a, const Tensor &b) { return a & b; }}, {"xor", [](const Tensor &a, const Tensor &b) { return a ^ b; }},
    {"shl", [](const Tensor &a, const Tensor &b) { return torch::bitwise_left_shift(a, b); }}, {"shr", [](const Tensor &a, const Tensor &b) { return torch::bitwise_right_shift(a, b); }}, {"eq", [](const Tensor &a, const Tensor &b) { return a == b; }}, {"lt", [](const Tensor &a, const Tensor &b) { return a < b; }}, {"land", [](const Tensor &a, const Tensor &b) { return torch::logical_and(a, b); }},
    {"hypot", [](const Tensor &a, const Tensor &b) { return torch::hypot(a, b); }}, {"copysign", [](const Tensor &a, const Tensor &b) { return torch::copysign(a, b); }}, {"nextafter", [](const Tensor &a, const Tensor &b) { return torch::nextafter(a, b); }}, {"heaviside", [](const Tensor &a, const Tensor &b) { return torch::heaviside(a, b); }}, {"gcd", [](const Tensor &a, const Tensor &b) { return torch::gcd(a, b); }}, {"lcm", [](const Tensor &a, const Tensor &b) { return torch::lcm(a, b); }},
    {"xlogy", [](const Tensor &a, const Tensor &b) { return torch::xlogy(a, b); }}, {"logaddexp", [](const Tensor &a, const Tensor &b) { return torch::logaddexp(a, b); }}, {"ldexp", [](const Tensor &a, const Tensor &b) { return torch::ldexp(a, b); }}, {"where", [](const Tensor &a, const Tensor &b) { return torch::where(torch::tensor({true, false}), a, b); }}, {"cat", [](const Tensor &a, const Tensor &b) { return torch::cat({a.reshape({-1}), b.reshape({-1})}); }}, {"stack", [](const Tensor &a, const Tensor &b) { return torch::stack({a, b}); }},
    {"lerp", [](const Tensor &a, const Tensor &b) { return torch::lerp(a, b, 0.5); }}, {"clampmin", [](const Tensor &a, const Tensor &b) { return a.clamp_min(b); }}, {"isin", [](const Tensor &a, const Tensor &b) { return torch::isin(a, b); }}, {"zeta", [](const Tensor &a, const Tensor &b) { return torch::special_zeta(a, b); }}, {"cheb", [](const Tensor &a, const Tensor &b) { return torch::special_chebyshev_polynomial_t(a, b); }}, {"igamma", [](const Tensor &a, const Tensor &b) { return torch::igamma(a, b); }}, {"xlog1py", [](const Tensor &a, const Tensor &b) { return torch::special_xlog1py(a, b); }},
    {"iadd", [](const Tensor &a, const Tensor &b) { auto c = a.clone(); c.add_(b); return c; }}, {"imul", [](const Tensor &a, const Tensor &b) { auto c = a.clone(); c.mul_(b); return c; }}, {"idiv", [](const Tensor &a, const Tensor &b) { auto c = a.clone(); c.div_(b); return c; }}, {"ipow", [](const Tensor &a, const Tensor &b) { auto c = a.clone(); c.pow_(b); return c; }}, {"ieq", [](const Tensor &a, const Tensor &b) { auto c = a.clone(); c.eq_(b); return c; }}, {"icopy", [](const Tensor &a, const Tensor &b) { auto c = a.clone(); c.copy_(b); return c; }}, {"dot", [](const Tensor &a, const Tensor &b) { return torch::dot(a, b); }}, {"outer", [](const Tensor &a, const Tensor &b) { return torch::outer(a, b); }}, {"addcmul", [](const Tensor &a, const Tensor &b) { return torch::addcmul(a, b, b); }}, {"mse", [](const Tensor &a, const Tensor &b) { return torch::mse_loss(a, b); }}, {"dist", [](const Tensor &a, const Tensor &b) { return torch::dist(a, b); }}, {"kron", [](const Tensor &a, const Tensor &b) { return torch::kron(a, b); }}, {"isclose", [](const Tensor &a, const Tensor &b) { return torch::isclose(a, b); }}};
  section("pairs", [&] {
    for (auto &op : ops)
      for (auto p : types) {
        std::string all;
        for (auto q : types) {
          const auto a = torch::tensor({5.0, 2.0}).to(p), b = torch::tensor({3.0, 1.0}).to(q);
          row(all, [&] { return op.f(a, b); });
          row(all, [&] { return op.f(a, b[0]); });
          row(all, [&] { return op.f(a[0], b); });
        }
        show(std::string(op.n) + "." + dtype_name(p), all);
      }
  });
  struct OpS {
    const char *n;
    S f;
  };
  const OpS sc[] = {{"add", [](const Tensor &a, const torch::Scalar &b) { return a + b; }}, {"rsub", [](const Tensor &a, const torch::Scalar &b) { return torch::rsub(a, b); }}, {"mul", [](const Tensor &a, const torch::Scalar &b) { return a * b; }}, {"div", [](const Tensor &a, const torch::Scalar &b) { return a / b; }}, {"sdiv", [](const Tensor &a, const torch::Scalar &b) { return b / a; }}, {"ssub", [](const Tensor &a, const torch::Scalar &b) { return b - a; }}, {"fd", [](const Tensor &a, const torch::Scalar &b) { return torch::floor_divide(a, b); }}, {"rem", [](const Tensor &a, const torch::Scalar &b) { return torch::remainder(a, b); }}, {"srem", [](const Tensor &a, const torch::Scalar &b) { return torch::remainder(b, a); }}, {"fmod", [](const Tensor &a, const torch::Scalar &b) { return torch::fmod(a, b); }}, {"pow", [](const Tensor &a, const torch::Scalar &b) { return torch::pow(a, b); }}, {"spow", [](const Tensor &a, const torch::Scalar &b) { return torch::pow(b, a); }}, {"lt", [](const Tensor &a, const torch::Scalar &b) { return a < b; }}, {"eq", [](const Tensor &a, const torch::Scalar &b) { return a == b; }}, {"and", [](const Tensor &a, const torch::Scalar &b) { return torch::bitwise_and(a, b); }}, {"shl", [](const Tensor &a, const torch::Scalar &b) { return torch::bitwise_left_shift(a, b); }}, {"sshr", [](const Tensor &a, const torch::Scalar &b) { return torch::bitwise_right_shift(b, a); }}, {"clamp", [](const Tensor &a, const torch::Scalar &b) { return a.clamp(b); }}, {"fill", [](const Tensor &a, const torch::Scalar &b) { return torch::full_like(a, b); }}, {"where", [](const Tensor &a, const torch::Scalar &b) { return torch::where(a > 2, a, b); }}, {"copysign", [](const Tensor &a, const torch::Scalar &b) { return torch::copysign(a, b); }}, {"xlogy", [](const Tensor &a, const torch::Scalar &b) { return torch::xlogy(a, b); }}, {"iadd", [](const Tensor &a, const torch::Scalar &b) { auto c = a.clone(); c.add_(b); return c; }}, {"ipow", [](const Tensor &a, const torch::Scalar &b) { auto c = a.clone(); c.pow_(b); return c; }}, {"mfill", [](const Tensor &a, const torch::Scalar &b) { return a.masked_fill(a > 2, b); }}, {"threshold", [](const Tensor &a, const torch::Scalar &b) { return torch::threshold(a, b, b); }}, {"addalpha", [](const Tensor &a, const torch::Scalar &b) { return torch::add(a, a, b); }}, {"fpow", [](const Tensor &a, const torch::Scalar &b) { return torch::float_power(a, b); }}};
  section("numbers", [&] {
    const std::pair<const char *, torch::Scalar> numbers[] = {
        {"t", true},  {"i3", 3},  {"in1", -1}, {"i300", 300}, {"big", (int64_t(1) << 40) + 7},
        {"f25", 2.5}, {"f0", 0.0}};
    for (auto &op : sc)
      for (auto p : types) {
        std::string all;
        for (auto &[nn, v] : numbers) {
          const auto a = torch::tensor({5.0, 2.0}).to(p);
          row(all, [&] { return op.f(a, v); });
        }
        show(std::string("s.") + op.n + "." + dtype_name(p), all);
      }
  });
  return finish();
}
