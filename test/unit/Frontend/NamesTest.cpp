//===- NamesTest.cpp - functions that few programs use ----------------------------------------===//

#include "Support.h"

#include <cmath>

using namespace frontend_test;

TEST(Creation, RangeHasItsEnd) {
  EXPECT_EQ(values(torch::range(1, 2, 0.25)), Values({1, 1.25, 1.5, 1.75, 2}));
  EXPECT_EQ(torch::range(0, 6, 2, torch::kInt32).scalar_type(), torch::kInt);
  EXPECT_EQ(values(torch::range(5, 0, -2)), Values({5, 3, 1}));
}

TEST(Creation, LikeKeepsTheOrderInMemory) {
  const Tensor x = torch::ones({2, 3, 4}).permute({2, 0, 1});
  EXPECT_EQ(strides(torch::zeros_like(x)), Ints({1, 12, 4}));
  EXPECT_FALSE(torch::zeros_like(x).is_view());
  EXPECT_EQ(strides(torch::ones_like(x, {}, torch::MemoryFormat::Contiguous)), Ints({6, 3, 1}));
  EXPECT_EQ(strides(torch::ones_like(torch::ones({1, 3}).expand({2, 3}))), Ints({3, 1}));
  const Tensor image = torch::empty({1, 2, 3, 4}, torch::kFloat, torch::MemoryFormat::ChannelsLast);
  EXPECT_TRUE(image.is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_FALSE(image.is_contiguous());
  EXPECT_EQ(strides(torch::empty_strided({2, 3}, {1, 2})), Ints({1, 2}));
}

TEST(Creation, Windows) {
  EXPECT_EQ(values(torch::bartlett_window(4)), Values({0, 0.5, 1, 0.5}));
  EXPECT_EQ(values(torch::hann_window(1)), Values({1}));
  EXPECT_NEAR(torch::hamming_window(5, false)[2].item<double>(), 1, 1e-6);
  EXPECT_NEAR(torch::blackman_window(6)[3].item<double>(), 1, 1e-6);
}

TEST(Statistics, CovarianceAndCorrelation) {
  const Tensor x = torch::tensor({{1., 2., 3.}, {6., 4., 2.}});
  EXPECT_EQ(values(torch::cov(x)), Values({1, -2, -2, 4}));
  EXPECT_EQ(values(torch::corrcoef(x)), Values({1, -1, -1, 1}));
  EXPECT_EQ(torch::cov(x[0]).dim(), 0);
  const Tensor counts = torch::tensor({1, 2, 1});
  EXPECT_NEAR(torch::cov(x, 1, counts)[0][0].item<double>(), 2. / 3, 1e-6);
}

TEST(Statistics, QuantilesWithoutNaN) {
  const Tensor x = torch::tensor({{1., NAN, 3.}, {NAN, NAN, NAN}});
  const Tensor q = torch::nanquantile(x, 0.5, 1);
  EXPECT_EQ(q[0].item<double>(), 2);
  EXPECT_TRUE(std::isnan(q[1].item<double>()));
  EXPECT_EQ(values(torch::nanquantile(x, torch::tensor({0., 1.}))), Values({1, 3}));
}

TEST(Statistics, Histogram) {
  auto [counts, edges] =
      torch::histogram(torch::tensor({1., 2., 1., 4.}), 4, std::vector<double>{0, 4});
  EXPECT_EQ(values(counts), Values({0, 2, 1, 1}));
  EXPECT_EQ(values(edges), Values({0, 1, 2, 3, 4}));
  auto [density, same] =
      torch::histogram(torch::tensor({0.5, 1.5, 1.75}), torch::tensor({0., 1., 3.}), {}, true);
  EXPECT_NEAR(density[0].item<double>(), 1. / 3, 1e-6);
  EXPECT_NEAR(density[1].item<double>(), 1. / 3, 1e-6);
}

TEST(Statistics, SumsInANarrowDtypeWrap) {
  EXPECT_EQ(torch::arange(5).sum(torch::kInt32).scalar_type(), torch::kInt);
  EXPECT_EQ(torch::full({3}, 100).sum(torch::kInt8).item<int64_t>(), 44);
  EXPECT_EQ(sizes(torch::ones({2, 3}).var(1)), Ints({2})); // a dimension, no bool
}

TEST(Shapes, BlocksGradientsAndFriends) {
  EXPECT_EQ(values(torch::block_diag({torch::ones({1, 2}), torch::tensor(5.)})),
            Values({1, 1, 0, 0, 0, 5}));
  EXPECT_EQ(values(torch::gradient(torch::tensor({1., 4., 9., 16.}))[0]), Values({3, 4, 6, 7}));
  EXPECT_EQ(values(torch::nonzero_static(torch::tensor({1, 0, 1}), 3)), Values({0, 2, -1}));
  EXPECT_EQ(values(torch::tensor({3, 1}).greater(2)), Values({1, 0}));
  EXPECT_EQ(values(torch::tensor({1., 2.}).where(torch::tensor({true, false}), 7)), Values({1, 7}));
  EXPECT_EQ(values(torch::bitwise_left_shift(1, torch::tensor({0, 3}))), Values({1, 8}));
  EXPECT_EQ(values(torch::arange(5).narrow(0, torch::tensor(2), 2)), Values({2, 3}));
}

TEST(Softmax, OfNoElementsAndOfTransposedOnes) {
  EXPECT_EQ(sizes(torch::empty({0, 3}).softmax(0)), Ints({0, 3}));
  EXPECT_EQ(sizes(torch::empty({2, 0}).log_softmax(1)), Ints({2, 0}));
  EXPECT_TRUE(torch::ones({2, 3}).t().softmax(0).is_contiguous());
}

TEST(Index, AZeroDimIntegerIsAnInteger) {
  const Tensor x = torch::arange(24).view({2, 3, 4});
  EXPECT_EQ(sizes(x.index({torch::tensor(1), Slice(), torch::tensor({0, 3})})), Ints({3, 2}));
  EXPECT_EQ(values(torch::index(
                x, {torch::tensor({0, 1}), torch::tensor({1, 2}), torch::tensor({0, 0})})),
            Values({4, 20}));
}

TEST(Index, SourcesOfAnotherDtypeAreRefused) {
  Tensor x = torch::zeros({3});
  expectThrows<torch::Error>([&] { x.index_put_({torch::tensor({0, 1})}, torch::tensor({1, 2})); },
                             {"index_put_"});
  x.index_put_({torch::tensor({true, false, true})}, torch::tensor(5)); // one value: a fill
  EXPECT_EQ(values(x), Values({5, 0, 5}));
}

TEST(Copies, AreTheViewsElementsInMemoryOfTheirOwn) {
  Tensor x = torch::arange(6.).view({2, 3});
  const Tensor copies[] = {torch::t_copy(x),
                           torch::view_copy(x, {3, 2}),
                           torch::expand_copy(x.select(0, 0), {2, 3}),
                           torch::select_copy(x, 1, 2),
                           torch::slice_copy(x, 1, 0, 3, 2),
                           torch::narrow_copy(x, 1, 1, 2),
                           torch::unfold_copy(x, 1, 2, 1),
                           torch::diagonal_copy(x),
                           torch::as_strided_copy(x, {2}, {3}, 1),
                           torch::detach_copy(x),
                           torch::split_copy(x, 2, 1)[1],
                           torch::split_with_sizes_copy(x, {1, 2}, 1)[1],
                           torch::unbind_copy(x)[1]};
  const Values expected[] = {{0, 3, 1, 4, 2, 5},
                             {0, 1, 2, 3, 4, 5},
                             {0, 1, 2, 0, 1, 2},
                             {2, 5},
                             {0, 2, 3, 5},
                             {1, 2, 4, 5},
                             {0, 1, 1, 2, 3, 4, 4, 5},
                             {0, 4},
                             {1, 4},
                             {0, 1, 2, 3, 4, 5},
                             {2, 5},
                             {1, 2, 4, 5},
                             {3, 4, 5}};
  x.zero_();
  for (size_t i = 0; i < std::size(copies); ++i) {
    EXPECT_EQ(values(copies[i]), expected[i]) << i;
    EXPECT_TRUE(copies[i].is_contiguous()) << i;
    EXPECT_FALSE(copies[i].is_view()) << i;
  }
}

TEST(Copies, HaveHistoriesAndOutForms) {
  const Tensor x = torch::ones({2, 3}).requires_grad_();
  const Tensor y = torch::squeeze_copy(x.unsqueeze(0), 0);
  EXPECT_EQ(y.grad_fn()->name(), "SqueezeBackward1_copy");
  EXPECT_EQ(torch::t_copy(x).grad_fn()->name(), "TBackward0_copy");
  EXPECT_EQ(x.narrow_copy(0, 0, 1).grad_fn()->name(), "NarrowCopyBackward0");
  EXPECT_FALSE(torch::detach_copy(x).requires_grad());
  (torch::permute_copy(x, {1, 0}) * 2).sum().backward();
  EXPECT_EQ(values(x.grad()), Values(6, 2));
  Tensor out = torch::empty({3, 2});
  torch::t_copy_out(out, x.detach());
  EXPECT_EQ(values(out), Values(6, 1));
}

TEST(PythonsOperators, AreMethods) {
  EXPECT_EQ(values(torch::tensor({7, 5}).__and__(3)), Values({3, 1}));
  EXPECT_EQ(values(torch::__xor__(torch::tensor({7, 5}), torch::tensor({1, 1}))), Values({6, 4}));
  Tensor x = torch::tensor({7, 5});
  x.__iand__(6).__ilshift__(torch::tensor({1, 2}));
  EXPECT_EQ(values(x), Values({12, 16}));
}

TEST(InPlace, OfActivationsAndDropouts) {
  const Tensor x = torch::tensor({-2., 3., 8.});
  Tensor y = x.clone();
  torch::relu6_(y);
  EXPECT_EQ(values(y), Values({0, 3, 6}));
  y = x.clone();
  torch::gelu_(y, "tanh");
  EXPECT_EQ(values(y), values(torch::gelu(x, "tanh")));
  y = x.clone();
  torch::rrelu_(y, 0.25, 0.25);
  EXPECT_EQ(values(y), Values({-0.5, 3, 8}));
  y = torch::ones({100});
  torch::alpha_dropout_(y, 0.5, false);
  EXPECT_EQ(values(y), Values(100, 1));
  y = torch::ones({4, 8, 2});
  torch::feature_dropout_(y, 0.5, true);
  EXPECT_TRUE(torch::equal(y.select(2, 0), y.select(2, 1))); // whole channels
  EXPECT_GT(y.eq(0).sum().item<int64_t>(), 0);
  EXPECT_GT(y.eq(2).sum().item<int64_t>(), 0);
  y = torch::tensor({0.5}).requires_grad_().clone();
  y.polygamma_(1);
  EXPECT_NEAR(y.item<double>(), 4.9348022, 1e-5);
  EXPECT_EQ(y.grad_fn()->name(), "PolygammaBackward1");
}

TEST(Names, WritesThatForgetGiveZerosToWhatStoodThere) {
  const torch::Tensor x = torch::tensor({1., 2.}).requires_grad_(),
                      other = torch::tensor({5., 6.}).requires_grad_();
  torch::Tensor y = x * 3;
  y.zero_();
  EXPECT_EQ(y.grad_fn()->name(), "ZeroBackward0");
  EXPECT_EQ(y.grad_fn()->next_functions()[0]->name(), "MulBackward1");
  y.fill_(4);
  EXPECT_EQ(y.grad_fn()->name(), "FillBackward2");
  y.copy_(other);
  EXPECT_EQ(y.grad_fn()->name(), "torch::autograd::CopyBackwards");
  (y * y).sum().backward();
  EXPECT_EQ(values(x.grad()), Values({0, 0}));
  EXPECT_EQ(values(other.grad()), Values({10, 12}));
  // Nothing is kept where nothing had a history.
  y = torch::zeros({2});
  y.fill_(1);
  EXPECT_FALSE(y.requires_grad());
  y.copy_(other);
  EXPECT_FALSE(y.grad_fn()->next_functions()[0]);
  EXPECT_EQ(values(y), Values({5, 6}));
}

TEST(ScalarToTensor, KeepsTheKindOfNumber) {
  EXPECT_EQ(torch::scalar_to_tensor(2.5).scalar_type(), torch::kDouble);
  EXPECT_EQ(torch::scalar_to_tensor(2).scalar_type(), torch::kLong);
  EXPECT_EQ(torch::scalar_to_tensor(true).scalar_type(), torch::kBool);
  EXPECT_EQ(torch::scalar_to_tensor(2.5).dim(), 0);
}
