//===- NnOptionsTest.cpp - option structs, plain names and other ways to call -----------------===//

#include "tjit/torch.h"

#include <gtest/gtest.h>

#include <limits>

namespace F = torch::nn::functional;
using torch::Tensor;

namespace {

void expectSame(const Tensor &a, const Tensor &b) {
  EXPECT_EQ(a.sizes(), b.sizes());
  EXPECT_TRUE(torch::equal(a, b));
}
Tensor sample(torch::IntArrayRef sizes) {
  torch::manual_seed(3);
  return torch::randn(sizes);
}

} // namespace

TEST(NnOptions, AreTheParametersOfTheFunction) {
  const Tensor x = sample({2, 3, 6, 6}), w = sample({4, 3, 3, 3}), b = sample({4});
  expectSame(F::conv2d(x, w, F::Conv2dFuncOptions().bias(b).stride({1, 2}).padding(1)),
             F::conv2d(x, w, b, {1, 2}, 1));
  expectSame(F::conv2d(x, w, F::Conv2dFuncOptions().padding(torch::kSame)),
             F::conv2d(x, w, {}, 1, "same"));
  expectSame(F::max_pool2d(x, F::MaxPool2dFuncOptions(2).stride(1)), F::max_pool2d(x, 2, 1));
  expectSame(F::avg_pool2d(x, F::AvgPool2dFuncOptions({2, 3}).count_include_pad(false).padding(1)),
             F::avg_pool2d(x, {2, 3}, std::nullopt, 1, false, false));
  expectSame(F::adaptive_avg_pool2d(x, F::AdaptiveAvgPool2dFuncOptions({3, 2})),
             F::adaptive_avg_pool2d(x, {3, 2}));
  expectSame(F::pad(x, F::PadFuncOptions({1, 2, 1, 1}).mode(torch::kReplicate)),
             F::pad(x, {1, 2, 1, 1}, "replicate"));
  expectSame(F::interpolate(x, F::InterpolateFuncOptions()
                                   .size(std::vector<int64_t>{3, 4})
                                   .mode(torch::kBilinear)
                                   .align_corners(true)),
             F::interpolate(x, torch::IntArrayRef({3, 4}), {}, "bilinear", true));
  expectSame(F::layer_norm(x, F::LayerNormFuncOptions(6).eps(0.1)),
             F::layer_norm(x, {6}, {}, {}, 0.1));
  expectSame(F::softmax(x, F::SoftmaxFuncOptions(1)), F::softmax(x, 1));
  expectSame(F::hardshrink(x, F::HardshrinkFuncOptions().lambda(1)), F::hardshrink(x, 1));
  expectSame(F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(0.3)),
             F::leaky_relu(x, 0.3));
}

TEST(NnOptions, NameReductionsByConstants) {
  const Tensor x = sample({4, 5}), y = x * 2, target = torch::tensor({1, 0, 4, 2});
  expectSame(F::mse_loss(x, y, F::MSELossFuncOptions(torch::kSum)), F::mse_loss(x, y, "sum"));
  expectSame(F::mse_loss(x, y, torch::kNone), F::mse_loss(x, y, "none"));
  expectSame(
      F::cross_entropy(x, target,
                       F::CrossEntropyFuncOptions().reduction(torch::kSum).label_smoothing(0.2)),
      F::cross_entropy(x, target, {}, -100, "sum", 0.2));
  expectSame(F::kl_div(x, y, F::KLDivFuncOptions().reduction(torch::kBatchMean).log_target(true)),
             F::kl_div(x, y, "batchmean", true));
}

TEST(PlainNames, AreThoseOfFunctional) {
  const Tensor x = sample({2, 3, 6, 6}), w = sample({4, 3, 3, 3}), y = x * 2;
  expectSame(torch::conv2d(x, w, {}, 2, 1), F::conv2d(x, w, {}, 2, 1));
  expectSame(torch::max_pool2d(x, {2, 2}), F::max_pool2d(x, 2));
  expectSame(torch::elu(x, 0.5), F::elu(x, 0.5));
  EXPECT_TRUE(torch::allclose(torch::elu(x, 1.5, 2, 0.5),
                              2 * torch::where(x > 0, x, 1.5 * torch::expm1(x * 0.5))));
  expectSame(torch::l1_loss(x, y, torch::Reduction::Sum), F::l1_loss(x, y, "sum"));
  expectSame(torch::layer_norm(x, {6}), F::layer_norm(x, {6}));
  const Tensor mean = torch::zeros({3}), var = torch::ones({3}), g = torch::full({3}, 2.);
  expectSame(torch::batch_norm(x, g, {}, mean, var, false, 0.1, 1e-5, false),
             F::batch_norm(x, mean, var, g));
  Tensor z = x.clone();
  EXPECT_EQ(&torch::elu_(z, 0.5), &z);
  expectSame(z, F::elu(x, 0.5));
  const Tensor table = sample({5, 2}), index = torch::tensor({4, 0});
  expectSame(torch::embedding(table, index), table.index_select(0, index));
  EXPECT_EQ(torch::cdist(torch::zeros({2, 3}), torch::ones({4, 3}), 1).sum().item<float>(), 24);
  EXPECT_EQ(torch::pdist(torch::tensor({{0.}, {1.}, {3.}}))[1].item<float>(), 3);
}

TEST(Conveniences, Quantiles) {
  const Tensor x = torch::tensor({{4., 1., 3., 2.}, {8., 5., 7., 6.}});
  EXPECT_EQ(x.quantile(0.5).item<float>(), 4.5f);
  expectSame(x.quantile(0.5, 1), torch::tensor({2.5, 6.5}));
  expectSame(torch::quantile(x, torch::tensor({0., 1.}), 1, true),
             torch::tensor({{{1.}, {5.}}, {{4.}, {8.}}}));
  EXPECT_EQ(torch::quantile(x, 0.5, std::nullopt, false, "lower").item<float>(), 4);
  EXPECT_EQ(torch::quantile(x, 0.5, std::nullopt, false, "higher").item<float>(), 5);
  const Tensor bad = torch::tensor({1., std::numeric_limits<double>::quiet_NaN()});
  EXPECT_TRUE(torch::isnan(bad.quantile(0.)).item<bool>());
  EXPECT_THROW(x.quantile(1.5), torch::Error);
}

TEST(Conveniences, DiagonalsAndProducts) {
  Tensor tall = torch::zeros({7, 2});
  tall.fill_diagonal_(1, true);
  expectSame(tall.sum(1), torch::tensor({1., 1., 0., 1., 1., 0., 1.}));
  Tensor cube = torch::zeros({2, 2, 2});
  cube.fill_diagonal_(3);
  EXPECT_EQ(cube.sum().item<float>(), 6);
  EXPECT_EQ(cube[1][1][1].item<float>(), 3);
  expectSame(torch::cartesian_prod({torch::tensor({1, 2}), torch::tensor({3, 4})}),
             torch::tensor({{1, 3}, {1, 4}, {2, 3}, {2, 4}}));
  expectSame(torch::ldexp(torch::tensor({1., 3.}), torch::tensor({2, -1})),
             torch::tensor({4., 1.5}));
}

TEST(Einsum, DimensionsThatOneOperandLacks) {
  const Tensor a = sample({2, 3}), b = sample({3, 4}), c = sample({2, 3, 4});
  EXPECT_TRUE(torch::allclose(torch::einsum("ij,jk->ik", {a, b}), a.mm(b)));
  EXPECT_TRUE(torch::allclose(torch::einsum("bij,bkj->bik", {c, c}), c.bmm(c.mT())));
  EXPECT_TRUE(torch::allclose(torch::einsum("...ij,jk->...ik", {c.mT(), b}), c.mT().matmul(b)));
}

TEST(Libtorch, OtherNamespacesAndChecks) {
  at::Tensor x = torch::ones({2, 3});
  const c10::IntArrayRef sizes = x.sizes();
  c10::optional<int64_t> none = c10::nullopt;
  EXPECT_FALSE(none.has_value());
  TORCH_CHECK(sizes.size() == 2, "unused ", 1);
  try {
    TORCH_CHECK(x.dim() == 3, "dim is ", x.dim());
    ADD_FAILURE();
  } catch (const c10::Error &e) {
    EXPECT_NE(std::string(e.what()).find("dim is 2"), std::string::npos);
  }
  EXPECT_THROW(TORCH_CHECK_INDEX(false), c10::IndexError);
  EXPECT_EQ(torch::promote_types(torch::kInt, torch::kHalf), torch::kHalf);
  EXPECT_EQ(torch::result_type(torch::ones({1}, torch::kInt), 2.5), torch::kFloat);
  EXPECT_FALSE(torch::can_cast(torch::kFloat, torch::kInt));
  EXPECT_TRUE(x.is_alias_of(x.t()));
  EXPECT_FALSE(x.is_alias_of(x.clone()));
}
