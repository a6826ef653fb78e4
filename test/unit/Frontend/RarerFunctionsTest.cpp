//===- RarerFunctionsTest.cpp - special functions, losses of labels, grids, bags, matrices ----===//
//
// Expected numbers are those of libtorch 2.13, or follow from a definition.
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

#include <cmath>

using namespace frontend_test;
namespace F = torch::nn::functional;

namespace {

void expectNear(const Tensor &got, const Values &want, double relative = 1e-12) {
  const Values found = values(got);
  ASSERT_EQ(found.size(), want.size());
  for (size_t i = 0; i < want.size(); ++i)
    EXPECT_NEAR(found[i], want[i], relative * (1 + std::abs(want[i]))) << "element " << i;
}
Tensor doubles(const Values &v) { return torch::tensor(v, torch::kFloat64); }
/// The gradient of the sum of f at x.
template <class Fn> Tensor slope(const Values &v, Fn f) {
  Tensor x = doubles(v).requires_grad_(true);
  return torch::autograd::grad({f(x).sum()}, {x})[0];
}
/// The same by central differences.
template <class Fn> void expectSlope(const Values &v, Fn f) {
  const double h = 1e-5;
  const Tensor x = doubles(v);
  const Tensor numeric = (f(x + h) - f(x - h)) / (2 * h);
  expectNear(slope(v, f), values(numeric), 1e-7);
}

} // namespace

TEST(Special, BesselFunctionsAndTheirSlopes) {
  expectNear(torch::i0(doubles({0, 1, -20, 25})),
             {1, 1.2660658777520084, 43558282.559553534, 5774560606.4663029});
  expectNear(torch::special::i1(doubles({0, 1, -2.5})),
             {0, 0.56515910399248503, -2.5167162452886984});
  expectNear(torch::special::i0e(doubles({800})), {0.01410694500586918});
  EXPECT_TRUE(std::isinf(torch::i0(doubles({1e6})).item<double>()));
  expectSlope({-1.5, 0.5, 3}, [](Tensor t) { return torch::i0(t); });
  expectSlope({-1.5, 0.5, 3}, [](Tensor t) { return torch::special::i1(t); });
  expectSlope({-1.5, 0.5, 30}, [](Tensor t) { return torch::special::i0e(t); });
  expectSlope({-1.5, 0.5, 30}, [](Tensor t) { return torch::special::i1e(t); });
}

TEST(Special, NormalDistribution) {
  const Values p = {0.001, 0.3, 0.5, 0.9, 1e-20};
  expectNear(torch::special::ndtr(torch::special::ndtri(doubles(p))), p);
  EXPECT_EQ(values(torch::special::ndtri(doubles({0, 1}))), (Values{-INFINITY, INFINITY}));
  EXPECT_TRUE(std::isnan(torch::special::ndtri(doubles({1.5})).item<double>()));
  expectNear(torch::special::log_ndtr(doubles({-40, 0, 3})),
             {-804.60844201375243, -0.69314718055994529, -0.0013508099647481938});
  expectNear(torch::special::erfcx(doubles({-1, 0, 2, 30})),
             {5.0089800807622833, 1, 0.2553956763105058, 0.018795888861416751});
  expectSlope({0.1, 0.4, 0.8}, [](Tensor t) { return torch::special::ndtri(t); });
  expectSlope({-3, 0.4, 2}, [](Tensor t) { return torch::special::log_ndtr(t); });
  expectSlope({-3, 0.4, 2}, [](Tensor t) { return torch::special::ndtr(t); });
  expectSlope({-1, 0.4, 2}, [](Tensor t) { return torch::special::erfcx(t); });
}

TEST(Special, IncompleteGammaFunctions) {
  expectNear(torch::igamma(doubles({1, 4, 0.5, 200}), doubles({1, 2, 9, 210})),
             {0.63212055882855767, 0.14287653950145296, 0.99997790950300137, 0.76396967450115416},
             1e-10);
  expectNear(torch::igamma(doubles({2, 3}), doubles({3, 1})) +
                 torch::igammac(doubles({2, 3}), doubles({3, 1})),
             {1, 1});
  EXPECT_EQ(values(torch::igamma(doubles({0, 2, INFINITY}), doubles({1, 0, 1}))),
            (Values{1, 0, 0}));
  expectSlope({0.5, 2, 6}, [](Tensor t) { return torch::igamma(torch::full_like(t, 2.5), t); });
  EXPECT_THROW(torch::igamma(torch::tensor({1}), torch::tensor({2})), tjit::Error);
}

TEST(Special, FractionsExponentsAndPolynomials) {
  auto [mantissa, exponent] = torch::frexp(torch::tensor({0., 1., -6., 0.3}));
  expectNear(mantissa, {0, 0.5, -0.75, 0.6}, 1e-7);
  EXPECT_EQ(values(exponent), (Values{0, 1, 3, -1}));
  EXPECT_EQ(exponent.scalar_type(), torch::kInt);
  EXPECT_EQ(values(slope({6}, [](Tensor t) { return std::get<0>(torch::frexp(t)); })),
            Values{0.125});
  expectNear(torch::special::chebyshev_polynomial_t(doubles({0.5}), 3), {-1});
  expectNear(torch::special::hermite_polynomial_he(doubles({2}), 3), {2});
  expectNear(torch::special::legendre_polynomial_p(doubles({0.5}), 2), {-0.125});
  expectNear(torch::mvlgamma(doubles({3}), 2), {1.5501949939575645});
  EXPECT_THROW(torch::mvlgamma(doubles({3}), 0), tjit::Error);
}

TEST(Losses, OfMarginsAndLabels) {
  const Tensor x = doubles({0.1, 0.2, 0.4, 0.8}).reshape({1, 4});
  expectNear(F::multi_margin_loss(x, torch::tensor({3})), {0.325});
  expectNear(F::multi_margin_loss(x, torch::tensor({3}), F::MultiMarginLossFuncOptions().p(2)),
             {(0.09 + 0.16 + 0.36) / 4});
  expectNear(F::multilabel_margin_loss(x, torch::tensor({{3, 0, -1, 1}})), {0.85});
  expectNear(F::multilabel_soft_margin_loss(x, torch::tensor({{1., 0., 0., 1.}})),
             {0.68166286195072323}, 1e-7);
  EXPECT_THROW(F::multi_margin_loss(x, torch::tensor({4})).item<double>(), tjit::Error);
}

TEST(Losses, OfPathsByConnectionistTemporalClassification) {
  // Two steps, two classes and the target "1": the paths 11, 01 and 10.
  const Tensor p = doubles({0.4, 0.6, 0.7, 0.3}).reshape({2, 1, 2});
  Tensor logs = p.log().requires_grad_(true);
  const Tensor loss =
      F::ctc_loss(logs, torch::tensor({{1}}), torch::tensor({2}), torch::tensor({1}),
                  F::CTCLossFuncOptions().reduction(torch::kSum));
  const double all = 0.6 * 0.3 + 0.4 * 0.3 + 0.6 * 0.7;
  expectNear(loss, {-std::log(all)});
  loss.backward();
  expectNear(logs.grad(), {0.4 - 0.12 / all, 0.6 - 0.6 / all, 0.7 - 0.42 / all, 0.3 - 0.3 / all});
  // The target "11" needs a blank between.
  const Tensor never = F::ctc_loss(p.log(), torch::tensor({{1, 1}}), torch::tensor({2}),
                                   torch::tensor({2}), F::CTCLossFuncOptions());
  EXPECT_TRUE(std::isinf(never.item<double>()));
}

TEST(Images, SampledAtAGrid) {
  const Tensor image = torch::arange(12., torch::kFloat64).reshape({1, 1, 3, 4});
  const Tensor theta = doubles({1, 0, 0, 0, 1, 0}).reshape({1, 2, 3});
  for (bool corners : {false, true}) {
    const Tensor grid = F::affine_grid(theta, {1, 1, 3, 4}, corners);
    for (auto mode : {torch::kBilinear, torch::kNearest, torch::kBicubic})
      expectNear(
          F::grid_sample(image, grid, F::GridSampleFuncOptions().mode(mode).align_corners(corners)),
          values(image), 1e-9);
  }
  // A point in the middle of four, and one outside.
  const Tensor points = doubles({0, -0.5, 3, 0}).reshape({1, 1, 2, 2});
  auto sample = [&](tjit::ModeName padding) {
    return F::grid_sample(image, points,
                          F::GridSampleFuncOptions().padding_mode(padding).align_corners(true));
  };
  expectNear(sample(torch::kZeros), {3.5, 0});
  expectNear(sample(torch::kBorder), {3.5, 7});
  expectNear(sample(torch::kReflection), {3.5, 4});
}

TEST(Images, UnpooledAndPaddedAround) {
  const Tensor image = torch::arange(16., torch::kFloat64).reshape({1, 1, 4, 4});
  auto [most, where] = F::max_pool2d_with_indices(image, F::MaxPool2dFuncOptions(2));
  const Tensor back = F::max_unpool2d(most, where, F::MaxUnpool2dFuncOptions(2));
  EXPECT_EQ(sizes(back), (Ints{1, 1, 4, 4}));
  expectNear(back.sum({2, 3}), {5 + 7 + 13 + 15});
  // What a negative padding cuts off does not come back on the other side.
  expectNear(F::pad(torch::arange(4., torch::kFloat64).reshape({1, 1, 4}),
                    F::PadFuncOptions({-1, 1}).mode(torch::kCircular)),
             {1, 2, 3, 1});
}

TEST(Bags, OfRowsOfAnEmbedding) {
  const Tensor rows = torch::arange(10., torch::kFloat64).reshape({5, 2}),
               index = torch::tensor({1, 2, 4, 0}), offsets = torch::tensor({0, 2, 2});
  auto bags = [&](tjit::ModeName mode) {
    return F::embedding_bag(index, rows, F::EmbeddingBagFuncOptions().mode(mode).offsets(offsets));
  };
  expectNear(bags(torch::kSum), {6, 8, 0, 0, 8, 10});
  expectNear(bags(torch::kMean), {3, 4, 0, 0, 4, 5});
  expectNear(bags(torch::kMax), {4, 5, 0, 0, 8, 9});
  EXPECT_THROW(F::embedding_bag(index, rows), tjit::Error);
}

TEST(Matrices, ExponentialsReflectionsAndReports) {
  const Tensor turn = doubles({0, -1, 1, 0}).reshape({2, 2});
  expectNear(torch::matrix_exp(turn * 7), {std::cos(7.), -std::sin(7.), std::sin(7.), std::cos(7.)},
             1e-12);
  expectNear(torch::linalg_vander(doubles({2, 3}), 3), {1, 2, 4, 1, 3, 9});
  EXPECT_EQ(values(torch::vander(torch::tensor({2, 3}))), (Values{2, 1, 3, 1}));
  const Tensor bad = doubles({1, 2, 2, 1}).reshape({2, 2}),
               good = doubles({4, 2, 2, 5}).reshape({2, 2});
  EXPECT_EQ(std::get<1>(torch::linalg_cholesky_ex(bad)).item<int>(), 2);
  expectNear(std::get<0>(torch::linalg_cholesky_ex(good)), {2, 0, 1, 2});
  expectNear(torch::linalg_householder_product(doubles({0, 0}).reshape({2, 1}), doubles({2})),
             {-1, 0});
}

TEST(Dropouts, OfChannelsAreWholeOnes) {
  torch::manual_seed(1);
  const Tensor kept = F::dropout2d(torch::ones({8, 8, 3, 3})).sum({2, 3});
  EXPECT_TRUE(((kept == 0) | (kept == 18)).all().item<bool>());
  EXPECT_TRUE((kept == 0).any().item<bool>());
  const Tensor x = F::alpha_dropout(torch::randn({200, 200}),
                                    F::AlphaDropoutFuncOptions().p(0.3).training(true));
  EXPECT_NEAR(x.mean().item<double>(), 0, 0.03);
  EXPECT_NEAR(x.std().item<double>(), 1, 0.03);
  EXPECT_NEAR(torch::poisson(torch::full({20000}, 3.)).mean().item<double>(), 3, 0.1);
  EXPECT_THROW(F::dropout2d(torch::ones({2, 2, 2, 2}), F::Dropout2dFuncOptions().p(2)),
               tjit::Error);
}

TEST(Activations, SecondDerivativesAtTheKink) {
  auto second = [](auto f) {
    Tensor x = torch::zeros({1}, torch::kFloat64).requires_grad_(true);
    const Tensor first = torch::autograd::grad({f(x).sum()}, {x}, {}, true, true)[0];
    return torch::autograd::grad({first.sum()}, {x})[0].template item<double>();
  };
  EXPECT_EQ(second([](Tensor t) { return F::elu(t, F::ELUFuncOptions().alpha(0.8)); }), 0);
  EXPECT_EQ(second([](Tensor t) { return F::selu(t); }), 0);
  EXPECT_EQ(second([](Tensor t) { return F::celu(t); }), 0);
  EXPECT_EQ(second([](Tensor t) { return F::logsigmoid(t); }), -0.25);
}

TEST(Dtypes, BoundsAndResultsOfIntegers) {
  const torch::TensorOptions whole = torch::kInt64;
  EXPECT_EQ(values(torch::arange(0, 3.1, whole)), (Values{0, 1, 2}));
  EXPECT_EQ(values(torch::linspace(4.3, 0, 3, whole)), (Values{4, 2, 0}));
  EXPECT_EQ(values(torch::logspace(4.3, 0, 2, 5, whole)), (Values{625, 1}));
  EXPECT_EQ(torch::ones({2}, torch::kInt8).prod(0, false, torch::kInt8).scalar_type(),
            torch::kInt8);
  const Tensor low = torch::zeros({1, 4}), high = torch::ones({3, 4}, torch::kHalf);
  EXPECT_EQ(torch::clamp(torch::tensor(2), low, high).scalar_type(), torch::kFloat);
  EXPECT_THROW(torch::where(torch::ones({2}), torch::ones({2}), torch::ones({2})), tjit::Error);
  EXPECT_THROW(torch::roll(torch::tensor(1.), 1, 0), tjit::IndexError);
}
