//===- FunctionsTest.cpp - compositions with derivatives of their own -------------------------===//

#include "tjit/torch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

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

TEST(Functions, ASecondDerivativeOfDigammaIsRefused) {
  const Tensor x = leaf({2});
  const Tensor first = torch::autograd::grad({x.digamma().sum()}, {x}, {}, true, true)[0];
  EXPECT_THROW(torch::autograd::grad({first.sum()}, {x}), torch::Error);
}

TEST(MemoryFormats, ChannelsLastMovesTheStridesOnly) {
  const Tensor x = torch::arange(24).reshape({1, 2, 3, 4});
  const Tensor y = x.contiguous(torch::MemoryFormat::ChannelsLast);
  EXPECT_EQ(y.strides(), torch::IntArrayRef({24, 1, 8, 2}));
  EXPECT_TRUE(torch::equal(x, y));
  EXPECT_THROW(x[0].contiguous(torch::MemoryFormat::ChannelsLast), torch::Error);
}
