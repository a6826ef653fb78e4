//===- OrderTest.cpp - the order of accumulation ------------------------------------------===//
//
// docs/numerics.md written down once more, as literally as possible, and compared bit by bit.
//
//===------------------------------------------------------------------------------------------===//

#include "Tensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

using namespace tjit;
using namespace tjit::test;

namespace {

using Rows = std::vector<std::vector<float>>;

/// Steps 1 to 3 of the reductions, with passes that build a new list of rows.
float reduceInOrder(const std::vector<float> &x, int64_t lanes, float identity,
                    const std::function<float(float, float)> &combine) {
  int64_t n = static_cast<int64_t>(x.size()), count = std::max<int64_t>(1, (n + lanes - 1) / lanes);
  Rows rows(count, std::vector<float>(lanes, identity));
  for (int64_t i = 0; i < n; ++i)
    rows[i / lanes][i % lanes] = x[i];
  do {
    Rows next;
    for (size_t first = 0; first < rows.size(); first += 64) {
      std::vector<float> chain(lanes, identity);
      for (size_t j = first; j < std::min(first + 64, rows.size()); ++j)
        for (int64_t l = 0; l < lanes; ++l)
          chain[l] = combine(chain[l], rows[j][l]);
      next.push_back(chain);
    }
    rows = next;
  } while (rows.size() > 1);
  std::vector<float> v = rows[0];
  for (int64_t h = lanes / 2; h >= 1; h /= 2)
    for (int64_t l = 0; l < h; ++l)
      v[l] = combine(v[l], v[l + h]);
  return v[0];
}
float sumInOrder(const std::vector<float> &x, int64_t lanes) {
  return reduceInOrder(x, lanes, 0, std::plus<float>());
}

/// Numbers whose sums depend on the order.
Tensor rough(Dims sizes, ScalarType dtype = ScalarType::Float) {
  std::mt19937 engine(7);
  return Tensor::generate(dtype, sizes, [&](int64_t) {
    return std::ldexp(static_cast<double>(engine() % 2001) - 1000, static_cast<int>(engine() % 12));
  });
}
std::vector<float> floatsOf(const Tensor &t) {
  std::vector<float> x;
  for (double v : t.values())
    x.push_back(static_cast<float>(v));
  return x;
}

class ReductionOrder : public testing::TestWithParam<int64_t> {};

TEST_P(ReductionOrder, OfTheLastDimensionHas64Lanes) {
  Tensor x = rough({GetParam()});
  EXPECT_EQ(run(OpKind::sum, {x}, {1, 0, 0}).at(0), sumInOrder(floatsOf(x), 64));
  EXPECT_EQ(run(OpKind::sum, {x.strided()}, {1, 0, 0}).at(0), sumInOrder(floatsOf(x), 64));
}
TEST_P(ReductionOrder, OfAnEarlierDimensionHasOneLane) {
  int64_t n = GetParam();
  Tensor x = rough({n, 3}), sums = run(OpKind::sum, {x}, {1, 0, 0});
  for (int64_t column = 0; column < 3; ++column) {
    std::vector<float> chain;
    for (int64_t i = 0; i < n; ++i)
      chain.push_back(static_cast<float>(x.at(i * 3 + column)));
    EXPECT_EQ(sums.at(column), sumInOrder(chain, 1)) << "column " << column;
  }
}
TEST_P(ReductionOrder, OfProductsStartsFromOne) {
  Tensor x = Tensor::generate(ScalarType::Float, {GetParam()}, [](int64_t i) {
    return 1 + 0.001 * static_cast<double>(i % 13 - 6);
  });
  EXPECT_EQ(run(OpKind::prod, {x}, {1, 0, 0}).at(0),
            reduceInOrder(floatsOf(x), 64, 1, std::multiplies<float>()));
}
/// Sizes at which rows, passes and their last groups begin and end.
INSTANTIATE_TEST_SUITE_P(Sizes, ReductionOrder,
                         testing::Values(0, 1, 2, 63, 64, 65, 127, 1000, 4095, 4096, 4097, 70000,
                                         64 * 64 * 64, 64 * 64 * 64 + 1, 300001));

TEST(Reduction, OfSeveralLastDimensionsIsOneSequence) {
  Tensor x = rough({3, 50, 7}), sums = run(OpKind::sum, {x}, {2, 1, 2, 0});
  std::vector<float> all = floatsOf(x);
  for (int64_t r = 0; r < 3; ++r)
    EXPECT_EQ(sums.at(r), sumInOrder({all.begin() + r * 350, all.begin() + (r + 1) * 350}, 64));
}
TEST(Reduction, DimensionsOfSizeOneDoNotDecideTheLanes) {
  Tensor x = rough({200, 1}), y = x;
  y.type.sizes = {200}, y.strides = {1};
  EXPECT_EQ(run(OpKind::sum, {x}, {1, 0, 0}).at(0), run(OpKind::sum, {y}, {1, 0, 0}).at(0));
}
TEST(Reduction, OfFirstAndLastDimensionRunsInRowMajorOrder) {
  Tensor x = rough({40, 2, 30}), sums = run(OpKind::sum, {x}, {2, 0, 2, 0});
  for (int64_t middle = 0; middle < 2; ++middle) {
    std::vector<float> chain;
    for (int64_t i = 0; i < 40; ++i)
      for (int64_t k = 0; k < 30; ++k)
        chain.push_back(static_cast<float>(x.at(i * 60 + middle * 30 + k)));
    EXPECT_EQ(sums.at(middle), sumInOrder(chain, 64));
  }
}
TEST(Reduction, ManyResultsSideBySideAreIndependent) {
  Tensor x = rough({100, 600}), sums = run(OpKind::sum, {x}, {1, 0, 0});
  for (int64_t column : {0, 255, 256, 599}) {
    std::vector<float> chain;
    for (int64_t i = 0; i < 100; ++i)
      chain.push_back(static_cast<float>(x.at(i * 600 + column)));
    EXPECT_EQ(sums.at(column), sumInOrder(chain, 1));
  }
}
TEST(Reduction, SixteenBitTypesAccumulateInFloat32) {
  Tensor ones = Tensor::generate(ScalarType::BFloat16, {1000}, [](int64_t) { return 1; });
  EXPECT_EQ(run(OpKind::sum, {ones}, {1, 0, 0}).at(0), 1000);
}
TEST(Reduction, IntegersAndBoolsSumAsInt64) {
  Tensor x(ScalarType::Char, {3}, {100, 100, 100}), sum = run(OpKind::sum, {x}, {1, 0, 0});
  EXPECT_EQ(sum.type.dtype, ScalarType::Long);
  EXPECT_EQ(sum.at(0), 300);
  EXPECT_EQ(run(OpKind::sum, {Tensor(ScalarType::Bool, {3}, {1, 0, 1})}, {1, 0, 0}).at(0), 2);
}
TEST(Reduction, OfNothingIsTheIdentity) {
  Tensor empty(ScalarType::Float, {2, 0});
  EXPECT_EQ(run(OpKind::sum, {empty}, {1, 1, 0}).values(), (std::vector<double>{0, 0}));
  EXPECT_EQ(run(OpKind::prod, {empty}, {1, 1, 0}).values(), (std::vector<double>{1, 1}));
}
TEST(Reduction, ExtremaKeepNanAndOrderZeros) {
  Tensor x(ScalarType::Float, {3, 2}, {1, std::nan(""), -0.0, 0.0, -5, -3});
  std::vector<double> high = run(OpKind::amax, {x}, {1, 1, 0}).values();
  EXPECT_TRUE(std::isnan(high[0]));
  EXPECT_FALSE(std::signbit(high[1]));
  EXPECT_EQ(high[2], -3);
  std::vector<double> low = run(OpKind::amin, {x}, {1, 1, 0}).values();
  EXPECT_TRUE(std::isnan(low[0]));
  EXPECT_TRUE(std::signbit(low[1]));
  EXPECT_EQ(low[2], -5);
}
TEST(Reduction, ExtremaOfBoolsAreOrAndAnd) {
  Tensor x(ScalarType::Bool, {2, 2}, {1, 0, 1, 1});
  EXPECT_EQ(run(OpKind::amax, {x}, {1, 1, 0}).values(), (std::vector<double>{1, 1}));
  EXPECT_EQ(run(OpKind::amin, {x}, {1, 1, 0}).values(), (std::vector<double>{0, 1}));
}
TEST(Reduction, ArgmaxTakesTheFirstOfEqualsAndNanBeatsAll) {
  Tensor x(ScalarType::Float, {3, 3}, {1, 2, 2, 5, std::nan(""), std::nan(""), -1, -1, -1});
  EXPECT_EQ(run(OpKind::argmax, {x}, {1, 0}).values(), (std::vector<double>{1, 1, 0}));
  EXPECT_EQ(run(OpKind::argmin, {x}, {1, 0}).values(), (std::vector<double>{0, 1, 0}));
}

//===------------------------------------------------------------------------------------------===//
// Matrix products
//===------------------------------------------------------------------------------------------===//

TEST(Matmul, IsAChainOfFusedStepsOverAscendingK) {
  int64_t m = 5, n = 19, depth = 70;
  Tensor a = rough({m, depth}), b = rough({depth, n}), c = run(OpKind::matmul, {a, b});
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      float sum = 0;
      for (int64_t k = 0; k < depth; ++k)
        sum = std::fma(static_cast<float>(a.at(i * depth + k)), static_cast<float>(b.at(k * n + j)),
                       sum);
      ASSERT_EQ(c.at(i * n + j), sum) << i << ", " << j;
    }
}
TEST(Matmul, WithOneColumnTakesTheOrderOfReductions) {
  int64_t depth = 10000;
  Tensor a = rough({2, depth}), b = rough({depth, 1}), c = run(OpKind::matmul, {a, b});
  for (int64_t i = 0; i < 2; ++i) {
    std::vector<float> lanes(64), total(64);
    for (int64_t j = 0; j * 64 < depth; ++j) {
      for (int64_t k = j * 64; k < std::min(depth, j * 64 + 64); ++k)
        lanes[k % 64] = std::fma(static_cast<float>(a.at(i * depth + k)),
                                 static_cast<float>(b.at(k)), lanes[k % 64]);
      if (j % 64 == 63 || (j + 1) * 64 >= depth)
        for (int64_t l = 0; l < 64; ++l) {
          total[l] += lanes[l];
          lanes[l] = 0;
        }
    }
    for (int64_t h = 32; h >= 1; h /= 2)
      for (int64_t l = 0; l < h; ++l)
        total[l] += total[l + h];
    EXPECT_EQ(c.at(i), total[0]);
  }
}
TEST(Matmul, IgnoresTheLayoutOfItsOperands) {
  Tensor a = rough({4, 9}), b = rough({9, 17});
  EXPECT_EQ(run(OpKind::matmul, {a, b}).bytes(),
            run(OpKind::matmul, {a.strided(), b.strided()}).bytes());
}
TEST(Matmul, BroadcastsBatches) {
  Tensor a = rough({2, 1, 3, 4}), b = rough({5, 4, 2}), c = run(OpKind::matmul, {a, b});
  EXPECT_EQ(c.type.sizes, Dims({2, 5, 3, 2}));
  float sum = 0; // c[1][3][2][1]
  for (int64_t k = 0; k < 4; ++k)
    sum = std::fma(static_cast<float>(a.at(12 + 2 * 4 + k)),
                   static_cast<float>(b.at(3 * 8 + k * 2 + 1)), sum);
  EXPECT_EQ(c.at((5 + 3) * 6 + 2 * 2 + 1), sum);
}
TEST(Matmul, RoundsSixteenBitTypesOnce) {
  Tensor a = Tensor::generate(ScalarType::BFloat16, {1, 300}, [](int64_t) { return 1; });
  Tensor b = Tensor::generate(ScalarType::BFloat16, {300, 2}, [](int64_t) { return 1; });
  EXPECT_EQ(run(OpKind::matmul, {a, b}).at(0), 300);
}
TEST(Matmul, IntegersWrap) {
  Tensor a(ScalarType::Char, {1, 2}, {100, 100}), b(ScalarType::Char, {2, 2}, {2, 1, 2, 1});
  EXPECT_EQ(run(OpKind::matmul, {a, b}).values(), (std::vector<double>{400 - 512, 200 - 256}));
}
TEST(Matmul, OverNoTermsIsZero) {
  Tensor a(ScalarType::Float, {2, 0}), b(ScalarType::Float, {0, 3});
  EXPECT_EQ(run(OpKind::matmul, {a, b}).values(), std::vector<double>(6, 0.0));
}

} // namespace
