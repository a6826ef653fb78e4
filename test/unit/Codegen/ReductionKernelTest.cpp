//===- ReductionKernelTest.cpp ----------------------------------------------------------------===//
// Kernels with reduced dimensions.
//
// The oracle is docs/numerics.md, written down again in the plainest way.
//
//===------------------------------------------------------------------------------------------===//
#include "RunKernel.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <limits>

using namespace tjit::codegen;

namespace {

/// The result of docs/numerics.md, "Reductions", for the elements x in order.
template <typename T, typename Combine>
T reduceByTheBook(const std::vector<T> &x, size_t lanes, T id, Combine combine) {
  std::vector<std::vector<T>> rows((std::max<size_t>(x.size(), 1) + lanes - 1) / lanes,
                                   std::vector<T>(lanes, id));
  for (size_t i = 0; i < x.size(); ++i)
    rows[i / lanes][i % lanes] = x[i];
  do {
    std::vector<std::vector<T>> next;
    for (size_t group = 0; group < rows.size(); group += 64) {
      std::vector<T> chain(lanes, id);
      for (size_t j = group; j < std::min(group + 64, rows.size()); ++j)
        for (size_t l = 0; l < lanes; ++l)
          chain[l] = combine(chain[l], rows[j][l]);
      next.push_back(chain);
    }
    rows = next;
  } while (rows.size() > 1);
  for (size_t h = lanes / 2; h > 0; h /= 2)
    for (size_t l = 0; l < h; ++l)
      rows[0][l] = combine(rows[0][l], rows[0][l + h]);
  return rows[0][0];
}

std::string tensor(std::vector<int64_t> sizes, std::string element) {
  std::string text = "tensor<";
  for (int64_t size : sizes)
    text += std::to_string(size) + "x";
  return text + element + ">";
}

/// Numbers whose sums depend on their order.
template <typename T> std::vector<T> noise(size_t n, uint32_t seed = 1) {
  std::vector<T> v(n);
  uint64_t state = seed * 0x9e3779b97f4a7c15ull;
  for (T &x : v) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    double unit = static_cast<double>(state >> 11) * 0x1p-53 - 0.4;
    x = std::is_integral_v<T> ? static_cast<T>(unit * 1e9) : static_cast<T>(unit * 3);
  }
  return v;
}

template <typename T> T plus(T a, T b) { return a + b; }

struct Run {
  std::string cpu;
  unsigned threads;
};
class Reduction : public testing::TestWithParam<Run> {};
std::vector<Run> allRuns() {
  std::vector<Run> runs;
  for (const std::string &cpu : runnableCpus())
    for (unsigned threads : {1u, 8u})
      runs.push_back({cpu, threads});
  return runs;
}
INSTANTIATE_TEST_SUITE_P(Cpus, Reduction, testing::ValuesIn(allRuns()), [](const auto &info) {
  return nameOf(info.param.cpu) + "_" + std::to_string(info.param.threads);
});

KernelText rowSums(int64_t rows, int64_t n, std::string element = "f32") {
  return {.inputs = {tensor({rows, n}, element)},
          .results = {tensor({rows}, element)},
          .domain = {rows, n},
          .reductions = 1,
          .maps = {"(d0, d1) -> (d0 * " + std::to_string(n) + " + d1)", "(d0, d1) -> (d0)"},
          .combiners = {"add"},
          .body = "tjit.yield %a0 : " + element};
}

TEST_P(Reduction, RowSumsOfEveryLength) {
  for (int64_t n : {1, 5, 16, 17, 63, 64, 65, 100, 1000, 4096, 4097, 4160, 10000, 300000}) {
    int64_t rows = n > 5000 ? 2 : 5;
    RunKernel run(rowSums(rows, n), GetParam().cpu, GetParam().threads);
    ASSERT_TRUE(run.ok);
    auto x = noise<float>(rows * n);
    for (int64_t pieces : {1, 3}) {
      std::vector<float> out(rows);
      run({x.data(), out.data()}, pieces);
      for (int64_t r = 0; r < rows; ++r) {
        std::vector<float> row(x.begin() + r * n, x.begin() + (r + 1) * n);
        ASSERT_EQ(out[r], reduceByTheBook(row, 64, 0.f, plus<float>)) << n;
      }
    }
  }
}

TEST_P(Reduction, AFullSumIsCutIntoGroups) {
  for (int64_t n : {0, 70, 200000, 1000003}) {
    KernelText k{.inputs = {tensor({n}, "f32")},
                 .results = {"tensor<f32>"},
                 .domain = {n},
                 .reductions = 1,
                 .maps = {"(d0) -> (d0)", "(d0) -> (0)"},
                 .combiners = {"add"},
                 .body = "tjit.yield %a0 : f32"};
    RunKernel run(k, GetParam().cpu, GetParam().threads);
    ASSERT_TRUE(run.ok);
    EXPECT_EQ(run.emitted.launches.size() > 1, GetParam().threads > 1 && n > 131072);
    auto x = noise<float>(n);
    for (int64_t pieces : {1, 5}) {
      float out = -1;
      run({x.data(), &out}, pieces);
      ASSERT_EQ(out, reduceByTheBook(x, 64, 0.f, plus<float>)) << n;
    }
  }
}

TEST_P(Reduction, ColumnSumsHaveOneLane) {
  struct {
    int64_t rows, columns;
  } shapes[] = {{3, 5}, {64, 64}, {70, 130}, {5000, 37}, {200000, 3}, {0, 9}};
  for (auto [rows, columns] : shapes) {
    KernelText k{
        .inputs = {tensor({rows, columns}, "f32")},
        .results = {tensor({columns}, "f32")},
        .domain = {columns, rows},
        .reductions = 1,
        .lanes = 1,
        .maps = {"(d0, d1) -> (d1 * " + std::to_string(columns) + " + d0)", "(d0, d1) -> (d0)"},
        .combiners = {"add"},
        .body = "tjit.yield %a0 : f32"};
    RunKernel run(k, GetParam().cpu, GetParam().threads);
    ASSERT_TRUE(run.ok);
    auto x = noise<float>(rows * columns);
    for (int64_t pieces : {1, 3}) {
      std::vector<float> out(columns + 1, -7);
      run({x.data(), out.data()}, pieces);
      for (int64_t c = 0; c < columns; ++c) {
        std::vector<float> column;
        for (int64_t r = 0; r < rows; ++r)
          column.push_back(x[r * columns + c]);
        ASSERT_EQ(out[c], reduceByTheBook(column, 1, 0.f, plus<float>)) << rows << " " << columns;
      }
      EXPECT_EQ(out[columns], -7);
    }
  }
}

TEST_P(Reduction, SeveralReducedDimensionsOfABroadcastProduct) {
  // sum over (d1, d2) of x[d0, d1, d2] * y[d1], for inner sizes that are and are not multiples of a
  // vector.
  for (int64_t inner : {5, 32, 48}) {
    int64_t outer = 9, rows = 4, n = outer * inner;
    KernelText k{.inputs = {tensor({rows, outer, inner}, "f32"), tensor({outer}, "f32")},
                 .results = {tensor({rows}, "f32")},
                 .domain = {rows, outer, inner},
                 .reductions = 2,
                 .maps = {"(d0, d1, d2) -> (d0 * " + std::to_string(n) + " + d1 * " +
                              std::to_string(inner) + " + d2)",
                          "(d0, d1, d2) -> (d1)", "(d0, d1, d2) -> (d0)"},
                 .combiners = {"add"},
                 .body = "%0 = tjit.mul %a0, %a1 : (f32, f32) -> f32\n tjit.yield %0 : f32"};
    RunKernel run(k, GetParam().cpu, GetParam().threads);
    ASSERT_TRUE(run.ok);
    auto x = noise<float>(rows * n), y = noise<float>(outer, 2);
    std::vector<float> out(rows);
    run({x.data(), y.data(), out.data()});
    for (int64_t r = 0; r < rows; ++r) {
      std::vector<float> row;
      for (int64_t i = 0; i < n; ++i)
        row.push_back(x[r * n + i] * y[i / inner]);
      ASSERT_EQ(out[r], reduceByTheBook(row, 64, 0.f, plus<float>)) << inner;
    }
  }
}

TEST_P(Reduction, SeveralResultsAndWrittenElements) {
  int64_t rows = 3, n = 777;
  KernelText k{.inputs = {tensor({rows, n}, "f32")},
               .results = {tensor({rows}, "f32"), tensor({rows, n}, "f32"), tensor({rows}, "f32")},
               .domain = {rows, n},
               .reductions = 1,
               .maps = {"(d0, d1) -> (d0 * 777 + d1)", "(d0, d1) -> (d0)",
                        "(d0, d1) -> (d0 * 777 + d1)", "(d0, d1) -> (d0)"},
               .combiners = {"add", "none", "max"},
               .body = R"(
    %0 = tjit.mul %a0, %a0 : (f32, f32) -> f32
    tjit.yield %0, %0, %a0 : f32, f32, f32)"};
  RunKernel run(k, GetParam().cpu, GetParam().threads);
  auto x = noise<float>(rows * n);
  std::vector<float> sums(rows), squares(rows * n), largest(rows);
  run({x.data(), sums.data(), squares.data(), largest.data()}, 2);
  for (int64_t r = 0; r < rows; ++r) {
    std::vector<float> row;
    for (int64_t i = 0; i < n; ++i) {
      row.push_back(x[r * n + i] * x[r * n + i]);
      ASSERT_EQ(squares[r * n + i], row.back());
    }
    EXPECT_EQ(sums[r], reduceByTheBook(row, 64, 0.f, plus<float>));
    EXPECT_EQ(largest[r], *std::max_element(&x[r * n], &x[(r + 1) * n]));
  }
}

TEST_P(Reduction, LargestAndSmallestKnowNanAndSignedZero) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (int64_t n : {2, 40, 300}) {
    KernelText k = rowSums(4, n);
    k.results = {tensor({4}, "f32"), tensor({4}, "f32")};
    k.maps.push_back(k.maps[1]);
    k.combiners = {"max", "min"};
    k.body = "tjit.yield %a0, %a0 : f32, f32";
    RunKernel run(k, GetParam().cpu, GetParam().threads);
    std::vector<float> x(4 * n, -0.f);
    x[n / 2] = kNan;
    x[n + n / 2] = 0.f;
    x[2 * n + n / 2] = 3.f;
    x[3 * n + n / 2] = -INFINITY;
    std::vector<float> largest(4), smallest(4);
    run({x.data(), largest.data(), smallest.data()});
    EXPECT_TRUE(std::isnan(largest[0]) && std::isnan(smallest[0]));
    EXPECT_FALSE(std::signbit(largest[1]));
    EXPECT_TRUE(std::signbit(smallest[1]));
    EXPECT_EQ(largest[2], 3.f);
    EXPECT_TRUE(std::signbit(smallest[2]) && smallest[2] == 0);
    EXPECT_TRUE(std::signbit(largest[3]) && largest[3] == 0);
    EXPECT_EQ(smallest[3], -INFINITY);
  }
}

TEST_P(Reduction, DoublesAndIntegers) {
  int64_t rows = 3, n = 9000;
  auto doubles = noise<double>(rows * n);
  std::vector<double> sums(rows);
  RunKernel(rowSums(rows, n, "f64"), GetParam().cpu,
            GetParam().threads)({doubles.data(), sums.data()});
  KernelText ints = rowSums(rows, n, "i32");
  ints.results = {tensor({rows}, "i64")};
  ints.body = "%0 = tjit.cast %a0 {dtype = i64} : (i32) -> i64\n tjit.yield %0 : i64";
  auto numbers = noise<int32_t>(rows * n);
  std::vector<int64_t> totals(rows);
  RunKernel(ints, GetParam().cpu, GetParam().threads)({numbers.data(), totals.data()});
  for (int64_t r = 0; r < rows; ++r) {
    std::vector<double> row(doubles.begin() + r * n, doubles.begin() + (r + 1) * n);
    EXPECT_EQ(sums[r], reduceByTheBook(row, 64, 0., plus<double>));
    int64_t total = 0;
    for (int64_t i = 0; i < n; ++i)
      total += numbers[r * n + i];
    EXPECT_EQ(totals[r], total);
  }
}

TEST_P(Reduction, CountsOfTruthValues) {
  KernelText k = rowSums(2, 1000, "i1");
  k.results = {"tensor<2xi64>", "tensor<2xi1>"};
  k.maps.push_back(k.maps[1]);
  k.combiners = {"add", "max"};
  k.body = "%0 = tjit.cast %a0 {dtype = i64} : (i1) -> i64\n tjit.yield %0, %a0 : i64, i1";
  RunKernel run(k, GetParam().cpu, GetParam().threads);
  std::vector<uint8_t> x(2000, 0);
  for (int i = 0; i < 1000; i += 3)
    x[i] = 1;
  std::vector<int64_t> counts(2);
  std::vector<uint8_t> any(2, 9);
  run({x.data(), counts.data(), any.data()});
  EXPECT_EQ(counts[0], 334);
  EXPECT_EQ(counts[1], 0);
  EXPECT_EQ(any[0], 1);
  EXPECT_EQ(any[1], 0);
}

TEST_P(Reduction, Bfloat16AccumulatesInFloat32) {
  int64_t rows = 3, n = 1234;
  RunKernel run(rowSums(rows, n, "bf16"), GetParam().cpu, GetParam().threads);
  auto numbers = noise<float>(rows * n);
  std::vector<uint16_t> x, out(rows);
  for (float f : numbers)
    x.push_back(static_cast<uint16_t>(std::bit_cast<uint32_t>(f) >> 16));
  run({x.data(), out.data()});
  for (int64_t r = 0; r < rows; ++r) {
    std::vector<float> row;
    for (int64_t i = 0; i < n; ++i)
      row.push_back(std::bit_cast<float>(static_cast<uint32_t>(x[r * n + i]) << 16));
    uint32_t bits = std::bit_cast<uint32_t>(reduceByTheBook(row, 64, 0.f, plus<float>));
    EXPECT_EQ(out[r], (bits + 0x7fff + (bits >> 16 & 1)) >> 16);
  }
}

} // namespace
