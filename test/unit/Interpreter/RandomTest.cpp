//===- RandomTest.cpp - the generator against its published vectors, and its statistics ---===//

#include "IR/Random.h"
#include "Tensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

using namespace tjit;
using namespace tjit::test;

namespace {

enum Distribution : int64_t { uniform, normal, bits };

Tensor draw(Distribution distribution, ScalarType dtype, int64_t n, int64_t seed = 42,
            int64_t counter = 0) {
  std::vector<int64_t> attributes = {1, n, static_cast<int64_t>(dtype), distribution};
  return run(OpKind::random, {Tensor::index(seed), Tensor::index(counter)}, attributes);
}

/// The philox4x32-10 lines of kat_vectors of the Random123 distribution.
TEST(Philox, MatchesTheKnownAnswers) {
  using random::Block;
  EXPECT_EQ(random::philox({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(random::philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      random::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, ElementsDoNotDependOnTheSize) {
  std::vector<double> few = draw(normal, ScalarType::Float, 5).values(),
                      many = draw(normal, ScalarType::Float, 1000).values();
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}
TEST(Random, SeedAndCounterChangeEverything) {
  std::set<double> all;
  for (int64_t seed : {0, 1})
    for (int64_t counter : {0, 1})
      for (double x : draw(uniform, ScalarType::Double, 1000, seed, counter).values())
        all.insert(x);
  EXPECT_EQ(all.size(), 4000u);
}
TEST(Random, ElementsFollowTheDocumentedMapping) {
  random::Block block = random::block(42, 3, 1);
  EXPECT_EQ(draw(uniform, ScalarType::Float, 8, 42, 3).at(6), (block[2] >> 8) * 0x1p-24);
  uint64_t words = block[2] | uint64_t(block[3]) << 32;
  EXPECT_EQ(draw(uniform, ScalarType::Double, 8, 42, 3).at(3), (words >> 11) * 0x1p-53);
  Tensor integers = draw(bits, ScalarType::Long, 8, 42, 3);
  EXPECT_EQ(reinterpret_cast<const uint64_t *>(integers.memory.data())[3], words >> 1);
  double u = ((block[0] >> 8) + 1) * 0x1p-24, v = (block[1] >> 8) * 0x1p-24;
  std::vector<double> pair = draw(normal, ScalarType::Float, 8, 42, 3).values();
  EXPECT_NEAR(pair[4], std::sqrt(-2 * std::log(u)) * std::cos(2 * M_PI * v), 1e-5);
  EXPECT_NEAR(pair[5], std::sqrt(-2 * std::log(u)) * std::sin(2 * M_PI * v), 1e-5);
}

class RandomFloats : public testing::TestWithParam<ScalarType> {};

constexpr int64_t kDraws = 200000;

TEST_P(RandomFloats, UniformIsInTheHalfOpenInterval) {
  for (double x : draw(uniform, GetParam(), kDraws).values())
    ASSERT_TRUE(x >= 0 && x < 1) << x;
}
/// Mean, variance and fourth moment within five standard errors.
void expectMoments(const std::vector<double> &x, double mean, double variance, double fourth,
                   double eighth) {
  double n = static_cast<double>(x.size()), m = 0, v = 0, f = 0;
  for (double value : x) {
    double d = value - mean;
    m += d, v += d * d, f += d * d * d * d;
  }
  EXPECT_NEAR(m / n, 0, 5 * std::sqrt(variance / n));
  EXPECT_NEAR(v / n, variance, 5 * std::sqrt((fourth - variance * variance) / n));
  EXPECT_NEAR(f / n, fourth, 5 * std::sqrt((eighth - fourth * fourth) / n));
}
TEST_P(RandomFloats, UniformHasTheRightMoments) {
  // What is cut off below the last of `bits` bits moves the mean by half of it.
  double cut = GetParam() == ScalarType::BFloat16 ? 0x1p-9
               : GetParam() == ScalarType::Half   ? 0x1p-12
                                                  : 0;
  expectMoments(draw(uniform, GetParam(), kDraws).values(), 0.5 - cut, 1 / 12., 1 / 80., 1 / 2304.);
}
TEST_P(RandomFloats, NormalHasTheRightMoments) {
  expectMoments(draw(normal, GetParam(), kDraws).values(), 0, 1, 3, 105);
}

/// The Kolmogorov-Smirnov statistic; 1.95 / sqrt(n) is exceeded with a probability of 0.001.
double distanceFrom(std::vector<double> x, double (*distribution)(double)) {
  std::sort(x.begin(), x.end());
  double worst = 0, n = static_cast<double>(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    double p = distribution(x[i]);
    worst = std::max({worst, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  return worst;
}
INSTANTIATE_TEST_SUITE_P(DTypes, RandomFloats,
                         testing::Values(ScalarType::Half, ScalarType::BFloat16, ScalarType::Float,
                                         ScalarType::Double),
                         [](auto &info) { return std::string(toString(info.param)); });

TEST(Random, PassesKolmogorovAndSmirnov) {
  double limit = 1.95 / std::sqrt(static_cast<double>(kDraws));
  for (ScalarType dtype : {ScalarType::Float, ScalarType::Double}) {
    EXPECT_LT(distanceFrom(draw(uniform, dtype, kDraws).values(), [](double x) { return x; }),
              limit);
    EXPECT_LT(distanceFrom(draw(normal, dtype, kDraws).values(),
                           [](double x) { return std::erfc(-x * M_SQRT1_2) / 2; }),
              limit);
  }
}
TEST(Random, NeighboursAreUncorrelated) {
  std::vector<double> x = draw(normal, ScalarType::Float, kDraws).values();
  for (size_t lag : {1, 2, 3, 4}) {
    double sum = 0;
    for (size_t i = lag; i < x.size(); ++i)
      sum += x[i] * x[i - lag];
    EXPECT_NEAR(sum / static_cast<double>(kDraws), 0, 5 / std::sqrt(static_cast<double>(kDraws)));
  }
}
TEST(Random, BitsAreNonNegativeAndBalanced) {
  Tensor x = draw(bits, ScalarType::Long, 20000);
  auto *words = reinterpret_cast<const int64_t *>(x.memory.data());
  for (int bit = 0; bit < 63; ++bit) {
    int64_t ones = 0;
    for (int64_t i = 0; i < 20000; ++i)
      ones += words[i] >> bit & 1;
    EXPECT_NEAR(static_cast<double>(ones), 10000, 5 * std::sqrt(5000.0)) << "bit " << bit;
  }
  EXPECT_TRUE(std::all_of(words, words + 20000, [](int64_t w) { return w >= 0; }));
}

} // namespace
