//===- LinesTest.cpp - sorting, running sums, scatters, factorizations --------------------===//

#include "IR/OpAttrs.h.inc"
#include "Tensors.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace tjit;
using tjit::test::run;
using tjit::test::Tensor;
using Values = std::vector<double>;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Tensor floats(Dims sizes, std::initializer_list<double> values) {
  return Tensor(ScalarType::Float, std::move(sizes), values);
}
template <class Run> std::string messageOf(Run run) {
  try {
    run();
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST(Lines, ArgsortIsStableInBothDirections) {
  Tensor x = floats({6}, {2, 1, 2, 1, 3, 2});
  EXPECT_EQ(run(OpKind::argsort, {x}, {0, false}).values(), (Values{1, 3, 0, 2, 5, 4}));
  EXPECT_EQ(run(OpKind::argsort, {x}, {0, true}).values(), (Values{4, 0, 2, 5, 1, 3}));
}
TEST(Lines, ArgsortPutsNanAboveInfinity) {
  Tensor x = floats({4}, {kNan, 1, std::numeric_limits<double>::infinity(), kNan});
  EXPECT_EQ(run(OpKind::argsort, {x}, {0, false}).values(), (Values{1, 2, 0, 3}));
  EXPECT_EQ(run(OpKind::argsort, {x}, {0, true}).values(), (Values{0, 3, 2, 1}));
}
TEST(Lines, ArgsortReadsStridedLinesOfAnyDimension) {
  Tensor x = floats({2, 3}, {3, 1, 2, 1, 2, 3});
  for (const Tensor &t : {x, x.strided()}) {
    EXPECT_EQ(run(OpKind::argsort, {t}, {0, false}).values(), (Values{1, 0, 0, 0, 1, 1}));
    EXPECT_EQ(run(OpKind::argsort, {t}, {1, false}).values(), (Values{1, 2, 0, 0, 1, 2}));
  }
}

TEST(Lines, CumsumOfSmallIntegersIsInt64) {
  Tensor x(ScalarType::Char, {3}, {100, 100, 100});
  Tensor sum = run(OpKind::cumsum, {x}, {0});
  EXPECT_EQ(sum.type.dtype, ScalarType::Long);
  EXPECT_EQ(sum.values(), (Values{100, 200, 300}));
}
TEST(Lines, CumsumAccumulatesMoreBitsThanItStores) {
  // In float32 2^24 + 1 would stay 2^24 for ever.
  Tensor x = floats({3}, {16777216, 1, 1});
  EXPECT_EQ(run(OpKind::cumsum, {x}, {0}).values(), (Values{16777216, 16777216, 16777218}));
  Tensor half(ScalarType::Half, {3}, {2048, 1, 1});
  EXPECT_EQ(run(OpKind::cumsum, {half}, {0}).values(), (Values{2048, 2048, 2050}));
}
TEST(Lines, CummaxNamesTheLastLargestAndKeepsNan) {
  Tensor x = floats({6}, {1, 3, 2, 3, kNan, 9});
  EXPECT_EQ(run(OpKind::cummax, {x}, {0}).values(), (Values{0, 1, 1, 3, 4, 4}));
  EXPECT_EQ(run(OpKind::cummin, {x}, {0}).values(), (Values{0, 0, 0, 0, 4, 4}));
}
TEST(Lines, SearchsortedCountsWhatIsBelowOrNotAbove) {
  Tensor line = floats({4}, {1, 2, 2, 5}), x = floats({4}, {0, 2, 6, kNan});
  EXPECT_EQ(run(OpKind::searchsorted, {line, x}, {false}).values(), (Values{0, 1, 4, 4}));
  EXPECT_EQ(run(OpKind::searchsorted, {line, x}, {true}).values(), (Values{0, 3, 4, 4}));
}
TEST(Lines, SearchsortedTakesALineForEachLineOfValues) {
  Tensor lines = floats({2, 2}, {1, 2, 10, 20}), x = floats({2, 1}, {2, 15});
  EXPECT_EQ(run(OpKind::searchsorted, {lines, x}, {false}).values(), (Values{1, 1}));
}

TEST(Scatter, TheLastSourceStays) {
  Tensor input = floats({3}, {1, 1, 1}), index(ScalarType::Long, {3}, {2, 0, 2}),
         source = floats({3}, {5, 6, 7});
  EXPECT_EQ(run(OpKind::scatter, {input, index, source}, {0}).values(), (Values{6, 1, 7}));
}
TEST(Scatter, ReducesWithWhatWasThere) {
  Tensor input = floats({2}, {2, 2}), index(ScalarType::Long, {3}, {0, 0, 1}),
         source = floats({3}, {3, 5, kNan});
  auto reduced = [&](ScatterReduction how) {
    return run(OpKind::scatter_reduce, {input, index, source}, {0, static_cast<int64_t>(how)});
  };
  EXPECT_EQ(reduced(ScatterReduction::prod).at(0), 30);
  EXPECT_EQ(reduced(ScatterReduction::amax).at(0), 5);
  EXPECT_EQ(reduced(ScatterReduction::amin).at(0), 2);
  EXPECT_TRUE(std::isnan(reduced(ScatterReduction::amax).at(1)));
}
TEST(Scatter, RefusesIndicesOutOfRange) {
  Tensor index(ScalarType::Long, {1}, {3});
  for (OpKind kind : {OpKind::scatter, OpKind::scatter_reduce}) {
    const std::string message =
        messageOf([&] { run(kind, {floats({3}, {1, 2, 3}), index, floats({1}, {1})}, {0, 0}); });
    EXPECT_NE(message.find("index 3 at position [0] is out of range"), std::string::npos)
        << message;
    EXPECT_TRUE(opInfo(kind).mayFail);
  }
}

//===------------------------------------------------------------------------------------------===//
// Matrices
//===------------------------------------------------------------------------------------------===//

namespace {

Tensor doubles(Dims sizes, std::initializer_list<double> values) {
  return Tensor(ScalarType::Double, std::move(sizes), values);
}
void expectNear(const Tensor &t, const Values &want) {
  const Values got = t.values();
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], want[i], 1e-12) << "element " << i;
}

} // namespace

TEST(Matrices, CholeskyReadsTheLowerTriangleOfStridedBatches) {
  Tensor a = doubles({2, 2, 2}, {4, 99, 2, 5, 9, 99, 3, 2});
  for (const Tensor &t : {a, a.strided()})
    expectNear(run(OpKind::cholesky, {t}), {2, 0, 1, 2, 3, 0, 1, 1});
}
TEST(Matrices, CholeskySaysWhichMatrixIsNotPositiveDefinite) {
  Tensor a = doubles({2, 1, 1}, {4, -1});
  const std::string message = messageOf([&] { run(OpKind::cholesky, {a}); });
  EXPECT_NE(message.find("(matrix 1 of the batch) is not positive definite"), std::string::npos)
      << message;
}
TEST(Matrices, SolveAndTriangularSolve) {
  Tensor a = doubles({2, 2}, {0, 2, 4, 1}), b = doubles({2, 1}, {2, 5});
  expectNear(run(OpKind::solve, {a, b}, {1}), {1, 1});
  Tensor lower = doubles({2, 2}, {2, 99, 1, 4}), c = doubles({2, 1}, {4, 10});
  expectNear(run(OpKind::triangular_solve, {lower, c}, {false, false}), {2, 2});
  expectNear(run(OpKind::triangular_solve, {lower, c}, {false, true}), {4, 6});
}
TEST(Matrices, SolveRefusesSingularMatrices) {
  Tensor a = doubles({2, 2}, {1, 2, 2, 4});
  const std::string message =
      messageOf([&] { run(OpKind::solve, {a, doubles({2, 1}, {1, 1})}, {1}); });
  EXPECT_NE(message.find("solve: the matrix is singular"), std::string::npos) << message;
  EXPECT_TRUE(opInfo(OpKind::solve).mayFail);
}
TEST(Matrices, DeterminantsOfPermutedAndSingularMatrices) {
  expectNear(run(OpKind::det, {doubles({2, 2}, {0, 2, 3, 0})}), {-6});
  expectNear(run(OpKind::slogdet, {doubles({2, 2}, {0, 2, 3, 0})}), {-1, std::log(6.0)});
  EXPECT_EQ(run(OpKind::det, {doubles({2, 2}, {1, 2, 2, 4})}).at(0), 0);
  expectNear(run(OpKind::det, {doubles({0, 0}, {})}), {1});
}
TEST(Matrices, CofactorsOfSingularMatricesToo) {
  expectNear(run(OpKind::cofactor, {doubles({2, 2}, {1, 2, 3, 4})}), {4, -3, -2, 1});
  expectNear(run(OpKind::cofactor, {doubles({2, 2}, {1, 2, 2, 4})}), {4, -2, -2, 1});
  expectNear(run(OpKind::cofactor, {doubles({2, 2}, {0, 0, 0, 0})}), {0, 0, 0, 0});
}
TEST(Matrices, TheFactorsOfAnSvdMultiplyToTheMatrix) {
  for (bool full : {false, true})
    for (Dims sizes : {Dims{2, 3}, Dims{3, 2}, Dims{3, 3}}) {
      const int64_t m = sizes[0], n = sizes[1], k = std::min(m, n), u = full ? m : k;
      Tensor a = Tensor::generate(ScalarType::Double, sizes,
                                  [](int64_t i) { return std::sin(3.0 * static_cast<double>(i)); });
      Tensor packed = run(OpKind::svd, {a}, {full});
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j) {
          double sum = 0;
          for (int64_t l = 0; l < k; ++l)
            sum += packed.at(i * u + l) * packed.at(m * u + l) * packed.at(m * u + k + l * n + j);
          EXPECT_NEAR(sum, a.at(i * n + j), 1e-12);
        }
      const Values all = packed.values();
      expectNear(run(OpKind::svdvals, {a}), Values(all.begin() + m * u, all.begin() + m * u + k));
    }
}
TEST(Matrices, EigenvaluesOfTheLowerTriangle) {
  Tensor a = doubles({2, 2}, {2, 99, 1, 2});
  expectNear(run(OpKind::eigvalsh, {a}), {1, 3});
  Tensor packed = run(OpKind::eigh, {a});
  for (int64_t j = 0; j < 2; ++j) { // A v = l v
    const double x = packed.at(2 + j), y = packed.at(4 + j), l = packed.at(j);
    EXPECT_NEAR(2 * x + y, l * x, 1e-12);
    EXPECT_NEAR(x + 2 * y, l * y, 1e-12);
  }
}
TEST(Matrices, WhatIsNotFiniteIsAnErrorOfTheIterations) {
  for (OpKind kind : {OpKind::svdvals, OpKind::eigvalsh, OpKind::eigh}) {
    const std::string message = messageOf([&] { run(kind, {doubles({2, 2}, {1, kNan, 0, 1})}); });
    EXPECT_NE(message.find("not finite"), std::string::npos) << message;
  }
}
