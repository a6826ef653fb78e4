//===- FunctionsTest.cpp - compositions with derivatives of their own -------------------------===//

#include "tjit/torch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace torch = tjit;
using torch::Tensor;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> valuesOf(const Tensor &t) {
  const Tensor dense = t.detach().to(torch::kFloat64).contiguous();
  const double *p = dense.const_data_ptr<double>();
  return {p, p + dense.numel()};
}
Tensor leaf(std::vector<double> values) {
  return torch::tensor(values, torch::kFloat64).requires_grad_(true);
}

} // namespace

TEST(Functions, GradientsAreFiniteWhereTheFunctionIsFlat) {
  for (auto f :
       {+[](const Tensor &x) { return x.sigmoid(); }, +[](const Tensor &x) { return x.erfc(); },
        +[](const Tensor &x) { return x.atan(); }}) {
    const Tensor x = leaf({-infinity, infinity, -1000, 1000});
    for (double g : valuesOf(torch::autograd::grad({f(x).sum()}, {x})[0]))
      EXPECT_NEAR(g, 0, 1e-5);
  }
}

TEST(Functions, CompositionsAreDifferentiatedTwice) {
  const Tensor x = leaf({0.3, -1.2});
  const Tensor first = torch::autograd::grad({x.sigmoid().sum()}, {x}, {}, true, true)[0];
  const std::vector<double> second = valuesOf(torch::autograd::grad({first.sum()}, {x})[0]);
  for (size_t i = 0; i < 2; ++i) {
    const double s = 1 / (1 + std::exp(-valuesOf(x)[i]));
    EXPECT_NEAR(second[i], s * (1 - s) * (1 - 2 * s), 1e-12);
  }
}

TEST(Functions, AnOperandThatWasModifiedIsNoticed) {
  const Tensor x = leaf({1, 2}), y = x * 2, z = y.atan();
  y.add_(1);
  EXPECT_THROW(z.sum().backward(), torch::Error);
}

TEST(Functions, ACompositionInPlaceKeepsWhatItsRuleReads) {
  const Tensor x = leaf({0.5});
  Tensor y = x * 1;
  y.atan_();
  EXPECT_NEAR(valuesOf(torch::autograd::grad({y.sum()}, {x})[0])[0], 1 / 1.25, 1e-12);
}

TEST(Functions, BackwardTwiceThroughACompositionThrows) {
  const Tensor x = leaf({0.5}), y = x.sinh();
  y.sum().backward();
  EXPECT_THROW(y.sum().backward(), torch::Error);
}

TEST(Functions, SixteenBitResultsAreRoundedOnce) {
  const Tensor x = torch::tensor({8.25, -3.5, 0.125}, torch::kBFloat16);
  const Tensor exact = x.to(torch::kFloat64);
  EXPECT_EQ(valuesOf(x.sinh()), valuesOf(exact.sinh().to(torch::kBFloat16)));
  EXPECT_EQ(valuesOf(x.var()), valuesOf(exact.var().to(torch::kBFloat16)));
}

TEST(Functions, HyperbolicFunctionsOverflowOnlyWhereTheResultDoes) {
  const Tensor x = torch::tensor({89.0, -89.0}, torch::kFloat32);
  EXPECT_NEAR(x.sinh()[0].item<float>() / 2.2448e38, 1, 1e-3);
  EXPECT_NEAR(x.cosh()[1].item<float>() / 2.2448e38, 1, 1e-3);
  EXPECT_EQ(torch::tensor({infinity}).asinh().item<float>(), infinity);
}

TEST(Functions, NeighboursOfSixteenBitNumbers) {
  const Tensor one = torch::ones({1}, torch::kBFloat16),
               up = torch::full({1}, infinity, torch::kBFloat16);
  EXPECT_EQ(torch::nextafter(one, up).item<double>(), 1 + 1.0 / 128);
  EXPECT_EQ(torch::nextafter(one, -up).item<double>(), 1 - 1.0 / 256);
  EXPECT_EQ(torch::nextafter(up, one).item<double>(), 0x1.fep127);
}

TEST(Functions, DigammaIsDifferentiatedAsOftenAsOneLikes) {
  const Tensor x = leaf({1, 2.5, -0.5});
  Tensor d = x.digamma();
  // psi_n(1) = (-1)^(n + 1) n! zeta(n + 1)
  const double atOne[] = {1.6449340668482264, -2.4041138063191885, 6.4939394022668291,
                          -24.886266123440878};
  for (int64_t n = 1; n <= 4; ++n) {
    d = torch::autograd::grad({d.sum()}, {x}, {}, true, true)[0];
    const std::vector<double> got = valuesOf(d), direct = valuesOf(torch::polygamma(n, x));
    EXPECT_NEAR(got[0], atOne[n - 1], 1e-7);
    for (size_t i = 0; i < 3; ++i)
      EXPECT_NEAR(got[i], direct[i], 1e-12 * std::abs(direct[i]));
    // psi_n(x) - psi_n(x + 1) = -(-1)^n n! / x^(n + 1)
    const std::vector<double> above = valuesOf(torch::polygamma(n, x + 1));
    const double step = (n % 2 ? 1 : -1) * std::tgamma(n + 1);
    EXPECT_NEAR(direct[1] - above[1], step / std::pow(2.5, n + 1), 1e-7);
    EXPECT_NEAR(direct[2] - above[2], step / std::pow(-0.5, n + 1), 1e-6);
  }
  EXPECT_THROW(x.polygamma(-1), torch::Error);
}

TEST(Functions, ZetaOfHurwitz) {
  const auto zeta = [](double x, double y) {
    return torch::special_zeta(torch::tensor(x, torch::kFloat64), torch::tensor(y, torch::kFloat64))
        .item<double>();
  };
  EXPECT_NEAR(zeta(2, 1), 1.6449340668482264, 1e-15);
  EXPECT_NEAR(zeta(2, 0.5), 4.934802200544679, 1e-14); // pi^2 / 2
  EXPECT_NEAR(zeta(1.5, 1), 2.612375348685488, 1e-14);
  double rest = std::pow(M_PI, 4) / 90; // zeta(4, 1), without its first 29 terms
  for (int k = 1; k < 30; ++k)
    rest -= std::pow(k, -4);
  EXPECT_NEAR(zeta(4, 30), rest, 1e-15);
  EXPECT_EQ(zeta(1, 2), infinity);
  EXPECT_EQ(zeta(2, -3), infinity);
  EXPECT_TRUE(std::isnan(zeta(0.5, 2)));
  EXPECT_TRUE(std::isnan(zeta(1.5, -0.5)));
}

TEST(MemoryFormats, ChannelsLastMovesTheStridesOnly) {
  const Tensor x = torch::arange(24).reshape({1, 2, 3, 4});
  const Tensor y = x.contiguous(torch::MemoryFormat::ChannelsLast);
  EXPECT_EQ(y.strides(), torch::IntArrayRef({24, 1, 8, 2}));
  EXPECT_TRUE(torch::equal(x, y));
  EXPECT_THROW(x[0].contiguous(torch::MemoryFormat::ChannelsLast), torch::Error);
}

/// Against std::stable_sort, for lines on both sides of where the method changes.
TEST(Sorting, LongLinesOfEveryDType) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (torch::ScalarType dtype :
       {torch::kFloat, torch::kDouble, torch::kHalf, torch::kBFloat16, torch::kLong, torch::kInt,
        torch::kShort, torch::kChar, torch::kByte, torch::kBool})
    for (int64_t n : {1, 200, 201, 20000}) {
      torch::manual_seed(static_cast<uint64_t>(n));
      Tensor x = torch::randn({n}) * 50;
      auto sprinkle = [&](double value) {
        x = torch::where(torch::rand({n}).gt(0.9), torch::full({n}, value), x);
      };
      sprinkle(0), sprinkle(-0.0);
      if (torch::isFloatingType(dtype))
        sprinkle(nan), sprinkle(infinity), sprinkle(-infinity);
      if (dtype == torch::kByte)
        x = x.abs();
      x = x.to(dtype);
      const std::vector<double> all = valuesOf(x);
      for (bool descending : {false, true}) {
        std::vector<double> expected(static_cast<size_t>(n));
        std::iota(expected.begin(), expected.end(), 0);
        auto before = [&](double a, double b) {
          const double p = all[static_cast<size_t>(a)], q = all[static_cast<size_t>(b)];
          return p < q || (std::isnan(q) && !std::isnan(p));
        };
        std::stable_sort(expected.begin(), expected.end(), [&](double a, double b) {
          return descending ? before(b, a) : before(a, b);
        });
        EXPECT_EQ(valuesOf(x.argsort(0, descending)), expected) << toString(dtype) << " " << n;
      }
    }
}
