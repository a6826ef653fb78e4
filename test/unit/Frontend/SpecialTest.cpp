//===- SpecialTest.cpp - functions that are an operation with an attribute --------------------===//
//
// That they are recorded, and what holds for all of them. Values are in RarerFunctionsTest.cpp.
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

#include "Frontend/RecordOp.h"
#include "IR/OpAttrs.h.inc"

#include <cmath>
#include <functional>

using namespace frontend_test;
using namespace tjit;

namespace {

using Unary = std::function<Tensor(const Tensor &)>;

const std::vector<std::pair<const char *, Unary>> kBessel = {
    {"airy_ai", [](const Tensor &x) { return special::airy_ai(x); }},
    {"bessel_j0", [](const Tensor &x) { return special::bessel_j0(x); }},
    {"bessel_j1", [](const Tensor &x) { return special::bessel_j1(x); }},
    {"bessel_y0", [](const Tensor &x) { return special::bessel_y0(x); }},
    {"bessel_y1", [](const Tensor &x) { return special::bessel_y1(x); }},
    {"modified_bessel_i0", [](const Tensor &x) { return special::modified_bessel_i0(x); }},
    {"modified_bessel_i1", [](const Tensor &x) { return special::modified_bessel_i1(x); }},
    {"modified_bessel_k0", [](const Tensor &x) { return special::modified_bessel_k0(x); }},
    {"modified_bessel_k1", [](const Tensor &x) { return special::modified_bessel_k1(x); }},
    {"scaled_modified_bessel_k0",
     [](const Tensor &x) { return special::scaled_modified_bessel_k0(x); }},
    {"scaled_modified_bessel_k1",
     [](const Tensor &x) { return special::scaled_modified_bessel_k1(x); }},
    {"spherical_bessel_j0", [](const Tensor &x) { return special::spherical_bessel_j0(x); }},
    {"chebyshev_polynomial_t",
     [](const Tensor &x) { return special::chebyshev_polynomial_t(x, 3); }},
    {"shifted_chebyshev_polynomial_w",
     [](const Tensor &x) { return special::shifted_chebyshev_polynomial_w(x, 3); }},
    {"hermite_polynomial_h", [](const Tensor &x) { return special::hermite_polynomial_h(x, 3); }},
    {"laguerre_polynomial_l", [](const Tensor &x) { return special::laguerre_polynomial_l(x, 3); }},
};
const std::vector<std::pair<const char *, Unary>> kSmooth = {
    {"i0", [](const Tensor &x) { return i0(x); }},
    {"i0e", [](const Tensor &x) { return special::i0e(x); }},
    {"i1", [](const Tensor &x) { return special::i1(x); }},
    {"i1e", [](const Tensor &x) { return special::i1e(x); }},
    {"erfcx", [](const Tensor &x) { return special::erfcx(x); }},
    {"ndtri", [](const Tensor &x) { return special::ndtri(x); }},
    {"log_ndtr", [](const Tensor &x) { return special::log_ndtr(x); }},
    {"igamma", [](const Tensor &x) { return igamma(x.detach(), x); }},
    {"frexp", [](const Tensor &x) { return std::get<0>(frexp(x)); }},
};

} // namespace

TEST(Special, IsRecorded) {
  const Tensor x = rand({3}, kDouble) + 0.5;
  const uint64_t before = statistics().evaluations;
  std::vector<Tensor> results;
  for (const auto *list : {&kBessel, &kSmooth})
    for (const auto &[name, f] : *list)
      results.push_back(f(x));
  results.push_back(std::get<1>(frexp(x)));
  results.push_back(gcd(x.to(kInt), x.to(kInt)));
  results.push_back(lcm(x.to(kInt), x.to(kInt)));
  EXPECT_EQ(statistics().evaluations, before);
}

TEST(Special, OfBesselFunctionsAndPolynomialsNothingRequiresGrad) {
  const Tensor x = ones({2}).requires_grad_();
  for (const auto &[name, f] : kBessel)
    EXPECT_FALSE(f(x).requires_grad()) << name;
  for (const auto &[name, f] : kSmooth)
    EXPECT_TRUE(f(x).requires_grad()) << name;
}

TEST(Special, SomeFunctionsRefuse16Bits) {
  const Tensor half = ones({2}, kHalf), bfloat = ones({2}, kBFloat16);
  for (const auto &[name, f] : kBessel) {
    expectThrows<Error>([&] { f(half); }, {name, "float16"});
    expectThrows<Error>([&] { f(bfloat); }, {name, "bfloat16"});
  }
  for (const Unary &f : {Unary([](const Tensor &x) { return special::erfcx(x); }),
                         Unary([](const Tensor &x) { return special::ndtri(x); }),
                         Unary([](const Tensor &x) { return special::log_ndtr(x); }),
                         Unary([](const Tensor &x) { return special::zeta(x, x); })})
    expectThrows<Error>([&] { f(half); }, {"float16"});
  EXPECT_EQ(special::i1(half).scalar_type(), kHalf);
  EXPECT_EQ(i0(ones({2}, kInt)).scalar_type(), kFloat);
}

/// What the enumerations name has a kernel, and nothing else is taken.
TEST(Special, EveryFunctionOfTheEnumerationsIsThere) {
  const Tensor x = full({2}, 0.5), n = full({2}, 2.);
  auto record = [&](OpKind kind, std::vector<int64_t> words, bool two) {
    const Tensor both[] = {x, n};
    return recordOp(kind, {both, two ? size_t(2) : 1}, words).sum().item<float>();
  };
  for (int64_t f = 0; f <= static_cast<int64_t>(SpecialFunction::exponent); ++f)
    EXPECT_TRUE(std::isfinite(record(OpKind::special, {f}, false))) << f;
  for (int64_t f = 0; f <= static_cast<int64_t>(BesselFunction::spherical_j0); ++f)
    EXPECT_TRUE(std::isfinite(record(OpKind::bessel, {f}, false))) << f;
  for (int64_t f = 0; f <= static_cast<int64_t>(PolynomialFamily::legendre_p); ++f)
    for (int64_t shifted : {0, 1})
      EXPECT_TRUE(std::isfinite(record(OpKind::polynomial, {f, shifted}, true))) << f;
  for (int64_t rule = 0; rule <= static_cast<int64_t>(ValueRule::rate); ++rule) {
    EXPECT_EQ(record(OpKind::check_values, {rule}, false), 1) << rule;
    const Tensor bad = full({2}, NAN);
    const int64_t words[] = {rule};
    EXPECT_THROW(eval(recordOp(OpKind::check_values, {&bad, 1}, words)), Error) << rule;
  }
  EXPECT_THROW(record(OpKind::special, {99}, false), Error);
  EXPECT_THROW(record(OpKind::bessel, {-1}, false), Error);
  EXPECT_THROW(record(OpKind::polynomial, {8, 0}, true), Error);
  EXPECT_THROW(record(OpKind::check_values, {6}, false), Error);
}

TEST(Special, PolynomialsOfAnyDegreeEnd) {
  const Tensor x = tensor({0.0, 0.5}), n = full({2}, 3e18, kDouble);
  EXPECT_LE(special::chebyshev_polynomial_t(x, n).abs().max().item<double>(), 1);
  EXPECT_TRUE(special::legendre_polynomial_p(x, n).isnan().all().item<bool>());
  EXPECT_TRUE(special::laguerre_polynomial_l(x, n).isnan().all().item<bool>());
  EXPECT_TRUE(special::legendre_polynomial_p(x, 3e30).eq(0).all().item<bool>());
  EXPECT_NEAR(special::chebyshev_polynomial_t(x, 1 << 21)[0].item<double>(), 1, 1e-9);
}

TEST(Special, FrexpOfTransposedAndHalfTensors) {
  const Tensor x = tensor({{1.f, -6.f, INFINITY}, {0.f, 0.3f, 96.f}}).t();
  const auto [mantissa, exponent] = frexp(x);
  EXPECT_EQ(strides(mantissa), strides(x));
  EXPECT_EQ(values(mantissa * exp2(exponent.to(kFloat))), values(x));
  EXPECT_EQ(values(exponent), Values({1, 0, 3, -1, 0, 7}));
  EXPECT_EQ(std::get<0>(frexp(x.to(kHalf))).scalar_type(), kHalf);
  Tensor leaf = tensor({0.0, 6.0}).requires_grad_();
  std::get<0>(frexp(leaf)).sum().backward();
  EXPECT_EQ(values(leaf.grad()), Values({1, 0.125}));
}
