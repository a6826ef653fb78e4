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
