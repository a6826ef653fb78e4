//===- ElementwiseKernelTest.cpp --------------------------------------------------------------===//
// Kernels that only write elements.
#include "RunKernel.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <random>

using namespace tjit::codegen;

namespace {

std::string tensor(std::vector<int64_t> sizes, std::string element) {
  std::string text = "tensor<";
  for (int64_t size : sizes)
    text += std::to_string(size) + "x";
  return text + element + ">";
}

std::vector<float> ramp(size_t n, float from = -3, float step = 0.37f) {
  std::vector<float> v(n);
  for (size_t i = 0; i < n; ++i)
    v[i] = from + step * static_cast<float>(i % 101);
  return v;
}

class Elementwise : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Cpus, Elementwise, testing::ValuesIn(runnableCpus()),
                         [](const auto &info) { return nameOf(info.param); });

const std::string kMulAdd = R"(
    %0 = tjit.mul %a0, %a1 : (f32, f32) -> f32
    %1 = tjit.add %0, %a2 : (f32, f32) -> f32
    tjit.yield %1 : f32)";

TEST_P(Elementwise, OneDimensionOfAnySizeAndCut) {
  for (int64_t n : {1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127, 1000, 4099}) {
    std::string t = tensor({n}, "f32");
    KernelText k{.inputs = {t, t, t}, .results = {t}, .domain = {n}, .body = kMulAdd};
    k.maps.assign(4, "(d0) -> (d0)");
    RunKernel run(k, GetParam());
    ASSERT_TRUE(run.ok);
    EXPECT_EQ(run.emitted.launches[0].range, n);
    auto a = ramp(n), b = ramp(n, 1), c = ramp(n, 5);
    for (int64_t pieces : {1, 3}) {
      std::vector<float> out(n + 1, -7.f);
      run({a.data(), b.data(), c.data(), out.data()}, pieces);
      for (int64_t i = 0; i < n; ++i)
        ASSERT_EQ(out[i], a[i] * b[i] + c[i]) << n << " " << i;
      EXPECT_EQ(out[n], -7.f);
    }
  }
}

/// So large that results are written past the caches, which needs aligned lines.
TEST_P(Elementwise, LargeResultsAtAnyAddress) {
  const int64_t n =
      16 * int64_t(makeTarget(GetParam())->l2Bytes) / 4 + 61; // more than a vector left
  std::string t = tensor({n}, "f32");
  for (const char *body : {R"(
    %0 = tjit.add %a0, %a0 : (f32, f32) -> f32
    tjit.yield %0 : f32)",
                           R"(
    %0 = tjit.exp %a0 : (f32) -> f32
    %1 = tjit.add %a0, %a0 : (f32, f32) -> f32
    %2 = tjit.sub %0, %0 : (f32, f32) -> f32
    %3 = tjit.add %1, %2 : (f32, f32) -> f32
    tjit.yield %3 : f32)"}) {
    KernelText k{.inputs = {t},
                 .results = {t},
                 .domain = {n},
                 .maps = {"(d0) -> (d0)", "(d0) -> (d0)"},
                 .body = body};
    RunKernel run(k, GetParam());
    ASSERT_TRUE(run.ok);
    EXPECT_EQ(run.emitted.launches[0].grain % 64, 0);
    std::vector<float> in(n + 32), out(n + 32);
    auto at = [](std::vector<float> &v, size_t shift) {
      return reinterpret_cast<float *>((reinterpret_cast<uintptr_t>(v.data()) + 63) / 64 * 64 +
                                       shift);
    };
    for (size_t shift : {0, 4})
      for (int64_t pieces : {1, 3}) {
        float *x = at(in, 0), *y = at(out, shift);
        for (int64_t i = 0; i < n; ++i)
          x[i] = static_cast<float>(i % 1001 - 500) / 32, y[i] = -1;
        y[n] = 7;
        run({x, y}, pieces);
        for (int64_t i = 0; i < n; ++i)
          ASSERT_EQ(y[i], 2 * x[i]) << i << " of " << pieces << " pieces, shifted by " << shift;
        EXPECT_EQ(y[n], 7);
      }
    float *x = at(in, 0);
    run({x, x}, 1);
    EXPECT_EQ(x[0], 2 * -500.f / 32);
  }
}

// A divisor that all lanes share is inverted once; every quotient still is the correctly rounded
// one.
TEST_P(Elementwise, QuotientsOfOneDivisorAreThoseOfDivisions) {
  constexpr int64_t n = 1 << 16;
  std::string t = tensor({n}, "f32");
  KernelText k{.inputs = {t, "tensor<f32>"},
               .results = {t},
               .domain = {n},
               .maps = {"(d0) -> (d0)", "(d0) -> (0)", "(d0) -> (d0)"},
               .body = R"(
    %0 = tjit.div %a0, %a1 : (f32, f32) -> f32
    tjit.yield %0 : f32)"};
  RunKernel run(k, GetParam());
  ASSERT_TRUE(run.ok);
  std::mt19937 random(7);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float special[] = {0,
                           -0.f,
                           1,
                           -3,
                           0x1.fffffep0f,
                           0x1p-30f,
                           -0x1p30f,
                           0x1.8p-31f,
                           0x1p-140f,
                           0x1p100f,
                           kInfinity,
                           -kInfinity,
                           std::nanf(""),
                           0x1.fffffep-1f,
                           0x1.000002p0f,
                           1e-20f};
  std::vector<float> x(n), out(n);
  for (int round = 0; round < 200; ++round) {
    // Dividends of like sizes in some rounds, so that whole vectors take the short way; of any in
    // the others.
    bool anySize = round % 4 == 3;
    auto draw = [&] {
      uint32_t bits = random();
      if (!anySize)
        bits = (bits & 0x807fffff) | (127 - 20 + bits % 40) << 23;
      return std::bit_cast<float>(bits);
    };
    for (int64_t i = 0; i < n; ++i)
      x[i] = i % 997 == 0 ? special[i / 997 % std::size(special)] : draw();
    float divisor = round < 32 ? special[round / 2] : draw();
    run({x.data(), &divisor, out.data()}, 2);
    for (int64_t i = 0; i < n; ++i) {
      float expected = x[i] / divisor;
      ASSERT_TRUE(std::bit_cast<uint32_t>(out[i]) == std::bit_cast<uint32_t>(expected) ||
                  (std::isnan(out[i]) && std::isnan(expected)))
          << x[i] << " / " << divisor << " is " << expected << ", not " << out[i];
    }
  }
}

TEST_P(Elementwise, TheCodeOfOneDimensionServesEverySize) {
  KernelText k{.inputs = {"tensor<100xf32>", "tensor<100xf32>", "tensor<f32>"},
               .results = {"tensor<100xf32>"},
               .domain = {100},
               .maps = {"(d0) -> (d0)", "(d0) -> (d0)", "(d0) -> (0)", "(d0) -> (d0)"},
               .body = kMulAdd};
  RunKernel run(k, GetParam());
  k.domain = {1000};
  k.inputs = {"tensor<1000xf32>", "tensor<1000xf32>", "tensor<f32>"};
  k.results = {"tensor<1000xf32>"};
  EXPECT_EQ(run.image.bytes, RunKernel(k, GetParam()).image.bytes);
  run.emitted.launches[0].range = 333;
  auto a = ramp(333), b = ramp(333, 2);
  float c = 4;
  std::vector<float> out(333);
  run({a.data(), b.data(), &c, out.data()}, 2);
  for (int i = 0; i < 333; ++i)
    ASSERT_EQ(out[i], a[i] * b[i] + c);
}

TEST_P(Elementwise, ARankZeroKernelIsOnePoint) {
  KernelText k{.inputs = {"tensor<f32>", "tensor<f32>", "tensor<f32>"},
               .results = {"tensor<f32>"},
               .maps = {"() -> (0)", "() -> (0)", "() -> (0)", "() -> (0)"},
               .body = kMulAdd};
  RunKernel run(k, GetParam());
  float a = 2, b = 3, c = 4, out = 0;
  run({&a, &b, &c, &out});
  EXPECT_EQ(out, 10.f);
}

struct Layout {
  const char *what;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides[2]; // of the inputs
};

TEST_P(Elementwise, StridedAndBroadcastOperands) {
  const Layout layouts[] = {
      {"row broadcast", {37, 50}, {{50, 1}, {0, 1}}},
      {"column broadcast", {37, 50}, {{50, 1}, {1, 0}}},
      {"transposed", {33, 47}, {{1, 33}, {47, 1}}},
      {"short rows", {101, 3}, {{3, 1}, {0, 1}}},
      {"short rows, strided", {101, 3}, {{1, 101}, {7, 2}}},
      {"every other element", {200}, {{2}, {1}}},
      {"three dimensions", {5, 6, 40}, {{1, 5, 30}, {40, 0, 1}}},
      {"long rows", {3, 40000}, {{40000, 1}, {1, 0}}},
      {"reversed", {70}, {{-1}, {1}}},
  };
  for (const Layout &layout : layouts) {
    std::string map[3];
    std::string dims;
    size_t rank = layout.sizes.size();
    int64_t points = 1, start[2] = {0, 0}, furthest[2] = {0, 0};
    std::vector<int64_t> dense(rank, 1);
    for (size_t d = rank; d-- > 0;) {
      dense[d] = points;
      points *= layout.sizes[d];
    }
    for (size_t d = 0; d < rank; ++d)
      dims += (d ? ", d" : "d") + std::to_string(d);
    for (int operand = 0; operand < 3; ++operand) {
      const auto &strides = operand < 2 ? layout.strides[operand] : dense;
      std::string sum;
      for (size_t d = 0; d < rank; ++d) {
        sum += (d ? " + d" : "d") + std::to_string(d) + " * " + std::to_string(strides[d]);
        if (operand < 2)
          (strides[d] < 0 ? start : furthest)[operand] +=
              std::abs(strides[d]) * (layout.sizes[d] - 1);
      }
      if (operand < 2)
        sum += " + " + std::to_string(start[operand]);
      map[operand] = "(" + dims + ") -> (" + sum + ")";
    }
    KernelText k{.inputs = {tensor({start[0] + furthest[0] + 1}, "f32"),
                            tensor({start[1] + furthest[1] + 1}, "f32")},
                 .results = {tensor(layout.sizes, "f32")},
                 .domain = layout.sizes,
                 .maps = {map[0], map[1], map[2]},
                 .body = "%0 = tjit.sub %a0, %a1 : (f32, f32) -> f32\n tjit.yield %0 : f32"};
    RunKernel run(k, GetParam());
    ASSERT_TRUE(run.ok) << layout.what;
    auto a = ramp(start[0] + furthest[0] + 1), b = ramp(start[1] + furthest[1] + 1, 1, 0.11f);
    for (int64_t pieces : {1, 4}) {
      std::vector<float> out(points, -1);
      run({a.data(), b.data(), out.data()}, pieces);
      for (int64_t p = 0; p < points; ++p) {
        int64_t at[2] = {start[0], start[1]};
        for (size_t d = 0; d < rank; ++d)
          for (int operand : {0, 1})
            at[operand] += p / dense[d] % layout.sizes[d] * layout.strides[operand][d];
        ASSERT_EQ(out[p], a[at[0]] - b[at[1]]) << layout.what << " at " << p;
      }
    }
  }
}

TEST_P(Elementwise, MapsWithDivisionsAreGathered) {
  // A reshape of a transposed matrix: element i of [6 * 35] is (i / 35, i mod 35) of the transposed
  // [35, 6].
  KernelText k{.inputs = {"tensor<35x6xf32>"},
               .results = {"tensor<210xf32>"},
               .domain = {210},
               .maps = {"(d0) -> (d0 floordiv 35 + (d0 mod 35) * 6)", "(d0) -> (d0)"},
               .body = "%0 = tjit.neg %a0 : (f32) -> f32\n tjit.yield %0 : f32"};
  RunKernel run(k, GetParam());
  auto a = ramp(210);
  std::vector<float> out(210);
  run({a.data(), out.data()}, 3);
  for (int i = 0; i < 210; ++i)
    ASSERT_EQ(out[i], -a[i / 35 + i % 35 * 6]) << i;
}

TEST_P(Elementwise, DynamicOffsetsAreReadWhenTheLaunchStarts) {
  KernelText k{.inputs = {"tensor<100xf32>", "tensor<i64>"},
               .results = {"tensor<20xf32>"},
               .domain = {20},
               .maps = {"(d0)[s0] -> (d0 * 2 + s0 + 1)", "(d0) -> (0)", "(d0) -> (d0)"},
               .body = "%0 = tjit.neg %a0 : (f32) -> f32\n tjit.yield %0 : f32",
               .offsets = {1, -1}};
  RunKernel run(k, GetParam());
  auto a = ramp(100);
  for (int64_t offset : {0, 33}) {
    std::vector<float> out(20);
    run({a.data(), &offset, out.data()});
    for (int i = 0; i < 20; ++i)
      ASSERT_EQ(out[i], -a[offset + 1 + 2 * i]) << i;
  }
}

TEST_P(Elementwise, AResultThatContinuesADestKeepsTheOtherElements) {
  KernelText k{.inputs = {"tensor<5xf32>", "tensor<i64>"},
               .results = {"tensor<30xf32>"},
               .domain = {5},
               .maps = {"(d0) -> (d0)", "(d0) -> (0)", "(d0)[s0] -> (d0 * 3 + s0)",
                        "(d0)[s0] -> (d0 * 3 + s0)"},
               .body = "tjit.yield %a0 : f32",
               .offsets = {-1, -1, 1},
               .dests = {"tensor<30xf32>"}};
  RunKernel run(k, GetParam());
  auto value = ramp(5, 100), out = ramp(30), before = out;
  int64_t offset = 4;
  run({value.data(), &offset, out.data()});
  for (int i = 0; i < 30; ++i)
    ASSERT_EQ(out[i], i >= 4 && i < 19 && (i - 4) % 3 == 0 ? value[(i - 4) / 3] : before[i]) << i;
}

TEST_P(Elementwise, AResultInTheMemoryOfAnInput) {
  KernelText k{.inputs = {"tensor<1001xf32>", "tensor<1001xf32>", "tensor<1001xf32>"},
               .results = {"tensor<1001xf32>"},
               .domain = {1001},
               .body = kMulAdd};
  k.maps.assign(4, "(d0) -> (d0)");
  RunKernel run(k, GetParam());
  auto a = ramp(1001), b = ramp(1001, 1), c = ramp(1001, 5), inOut = c;
  run({a.data(), b.data(), inOut.data(), inOut.data()}, 3);
  for (int i = 0; i < 1001; ++i)
    ASSERT_EQ(inOut[i], a[i] * b[i] + c[i]);
}

TEST_P(Elementwise, ScalarsAreComputedOnceAndSpread) {
  KernelText k{.inputs = {"tensor<77xf32>", "tensor<f32>"},
               .results = {"tensor<77xf32>", "tensor<77xf32>"},
               .domain = {77},
               .maps = {"(d0) -> (d0)", "(d0) -> (0)", "(d0) -> (d0)", "(d0) -> (d0)"},
               .body = R"(
    %two = tjit.fill {sizes = array<i64>, dtype = f32, value = 2.0 : f64} : () -> f32
    %0 = tjit.mul %a1, %two : (f32, f32) -> f32
    %1 = tjit.mul %a0, %0 : (f32, f32) -> f32
    tjit.yield %1, %0 : f32, f32)"};
  RunKernel run(k, GetParam());
  auto a = ramp(77);
  float s = 1.5f;
  std::vector<float> out(77), scalar(77);
  run({a.data(), &s, out.data(), scalar.data()});
  for (int i = 0; i < 77; ++i) {
    ASSERT_EQ(out[i], a[i] * 3.f);
    ASSERT_EQ(scalar[i], 3.f);
  }
}

TEST_P(Elementwise, TheIndexOfAPoint) {
  // A triangular mask: x where column <= row, else -1; and the column itself.
  KernelText k{.inputs = {"tensor<37x50xf32>"},
               .results = {"tensor<37x50xf32>", "tensor<37x50xi64>"},
               .domain = {37, 50},
               .maps = {"(d0, d1) -> (d0 * 50 + d1)", "(d0, d1) -> (d0 * 50 + d1)",
                        "(d0, d1) -> (d0 * 50 + d1)"},
               .body = R"(
    %row = tjit.index affine_map<(d0, d1) -> (d0)>
    %column = tjit.index affine_map<(d0, d1) -> (d1)>
    %below = tjit.le %column, %row : (i64, i64) -> i1
    %other = tjit.fill {sizes = array<i64>, dtype = f32, value = -1.0 : f64} : () -> f32
    %0 = tjit.where %below, %a0, %other : (i1, f32, f32) -> f32
    tjit.yield %0, %column : f32, i64)"};
  RunKernel run(k, GetParam());
  auto a = ramp(37 * 50);
  std::vector<float> out(37 * 50);
  std::vector<int64_t> columns(37 * 50);
  run({a.data(), out.data(), columns.data()}, 3);
  for (int i = 0; i < 37 * 50; ++i) {
    ASSERT_EQ(out[i], i % 50 <= i / 50 ? a[i] : -1.f) << i;
    ASSERT_EQ(columns[i], i % 50);
  }
}

} // namespace
