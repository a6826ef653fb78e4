//===- TransposeKernelTest.cpp ----------------------------------------------------------------===//
// Kernels whose operands run along different dimensions.
#include "RunKernel.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace tjit::codegen;

namespace {

class Transpose : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Cpus, Transpose, testing::ValuesIn(runnableCpus()),
                         [](const auto &info) { return nameOf(info.param); });

std::string tensor(std::vector<int64_t> sizes, std::string element) {
  std::string text = "tensor<";
  for (int64_t size : sizes)
    text += std::to_string(size) + "x";
  return text + element + ">";
}

std::string map(const std::vector<int64_t> &strides, int64_t constant = 0) {
  std::string dims, sum = std::to_string(constant);
  for (size_t d = 0; d < strides.size(); ++d) {
    dims += (d ? ", d" : "d") + std::to_string(d);
    sum += " + d" + std::to_string(d) + " * " + std::to_string(strides[d]);
  }
  return "(" + dims + ") -> (" + sum + ")";
}

/// Every element of a buffer has another value, as far as its bits go.
std::vector<uint8_t> counting(int64_t elements, int64_t bytes) {
  std::vector<uint8_t> data(elements * bytes);
  for (int64_t i = 0; i < elements; ++i) {
    uint64_t value = i * 0x9e3779b97f4a7c15ull >> 8;
    std::memcpy(&data[i * bytes], &value, bytes);
  }
  return data;
}

struct Case {
  std::vector<int64_t> sizes, from, to;
  int64_t constant = 0;
};

/// Copies elements from strides to strides, cut in several ways.
void checkCopy(const Case &c, const std::string &element, int64_t bytes, const std::string &cpu) {
  int64_t points = 1, lastFrom = c.constant, lastTo = 0;
  for (size_t d = 0; d < c.sizes.size(); ++d) {
    points *= c.sizes[d];
    lastFrom += (c.sizes[d] - 1) * c.from[d];
    lastTo += (c.sizes[d] - 1) * c.to[d];
  }
  KernelText k{.inputs = {tensor({lastFrom + 1}, element)},
               .results = {tensor({lastTo + 1}, element)},
               .domain = c.sizes,
               .maps = {map(c.from, c.constant), map(c.to)},
               .body = "tjit.yield %a0 : " + element};
  RunKernel run(k, cpu);
  ASSERT_TRUE(run.ok);
  std::vector<uint8_t> in = counting(lastFrom + 1, bytes);
  for (int64_t pieces : {1, 3}) {
    std::vector<uint8_t> out((lastTo + 1) * bytes, 0xcd), expected = out;
    run({in.data(), out.data()}, pieces);
    for (int64_t p = 0; p < points; ++p) {
      int64_t rest = p, from = c.constant, to = 0;
      for (size_t d = c.sizes.size(); d-- > 0; rest /= c.sizes[d]) {
        from += rest % c.sizes[d] * c.from[d];
        to += rest % c.sizes[d] * c.to[d];
      }
      std::memcpy(&expected[to * bytes], &in[from * bytes], bytes);
    }
    ASSERT_EQ(out, expected) << element << " " << map(c.from) << " " << cpu;
  }
}

TEST_P(Transpose, MatricesOfEveryElementSize) {
  const std::pair<const char *, int64_t> types[] = {{"i8", 1},  {"i16", 2}, {"f32", 4},
                                                    {"i32", 4}, {"f64", 8}, {"i64", 8}};
  for (auto [type, bytes] : types) {
    for (auto [rows, columns] : std::vector<std::pair<int64_t, int64_t>>{
             {64, 64}, {16, 64}, {100, 131}, {65, 80}, {17, 16}, {1100, 70}})
      checkCopy({{rows, columns}, {1, rows}, {columns, 1}}, type, bytes, GetParam());
  }
}

TEST_P(Transpose, ResultsThatRunAcross) {
  checkCopy({{70, 130}, {130, 1}, {1, 70}}, "f32", 4, GetParam());
  checkCopy({{70, 130}, {130, 1}, {1, 75}}, "i16", 2, GetParam());
}

TEST_P(Transpose, BatchesAndGaps) {
  checkCopy({{3, 40, 50}, {2000, 1, 40}, {2000, 50, 1}}, "f32", 4, GetParam());
  checkCopy({{40, 3, 50}, {1, 2000, 40}, {150, 50, 1}}, "f32", 4, GetParam());
  checkCopy({{40, 50}, {1, 47}, {60, 1}, 5}, "f64", 8, GetParam());
  checkCopy({{4, 20, 6, 33}, {33 * 120, 1, 20, 120}, {6 * 660, 33, 660, 1}}, "i32", 4, GetParam());
}

TEST_P(Transpose, FusesWithTheBodyAroundIt) {
  // A transposed matrix, one that is not, a row and a scalar; two results of which one is a mask.
  const int64_t rows = 50, columns = 100;
  KernelText k{.inputs = {tensor({columns, rows}, "f32"), tensor({rows, columns}, "f32"),
                          tensor({columns}, "f32"), "tensor<f32>", tensor({columns, rows}, "i1")},
               .results = {tensor({rows, columns}, "f32"), tensor({rows, columns}, "i1")},
               .domain = {rows, columns},
               .maps = {map({1, rows}), map({columns, 1}), map({0, 1}), map({0, 0}), map({1, rows}),
                        map({columns, 1}), map({columns, 1})},
               .body = R"(
    %column = tjit.index affine_map<(d0, d1) -> (d1)>
    %c = tjit.cast %column {dtype = f32} : (i64) -> f32
    %0 = tjit.mul %a0, %a1 : (f32, f32) -> f32
    %1 = tjit.add %0, %a2 : (f32, f32) -> f32
    %2 = tjit.mul %1, %a3 : (f32, f32) -> f32
    %3 = tjit.where %a4, %2, %c : (i1, f32, f32) -> f32
    %4 = tjit.gt %3, %a1 : (f32, f32) -> i1
    tjit.yield %3, %4 : f32, i1)"};
  RunKernel run(k, GetParam());
  ASSERT_TRUE(run.ok);
  std::vector<float> x(rows * columns), y(rows * columns), row(columns), out(rows * columns);
  std::vector<uint8_t> choose(rows * columns), mask(rows * columns);
  for (int64_t i = 0; i < rows * columns; ++i) {
    x[i] = static_cast<float>(i % 97) - 40;
    y[i] = static_cast<float>(i % 89) * 0.5f;
    choose[i] = i % 3 != 0;
  }
  for (int64_t i = 0; i < columns; ++i)
    row[i] = static_cast<float>(i);
  float scale = 1.25f;
  run({x.data(), y.data(), row.data(), &scale, choose.data(), out.data(), mask.data()}, 2);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) {
      float product = x[c * rows + r] * y[r * columns + c];
      float expected = choose[c * rows + r] ? (product + row[c]) * scale : static_cast<float>(c);
      ASSERT_EQ(out[r * columns + c], expected) << r << " " << c;
      ASSERT_EQ(mask[r * columns + c], expected > y[r * columns + c]);
    }
}

TEST_P(Transpose, AResultInTheMemoryOfAnInput) {
  const int64_t rows = 37, columns = 90;
  KernelText k{.inputs = {tensor({columns, rows}, "f32"), tensor({rows, columns}, "f32")},
               .results = {tensor({rows, columns}, "f32")},
               .domain = {rows, columns},
               .maps = {map({1, rows}), map({columns, 1}), map({columns, 1})},
               .body = "%0 = tjit.add %a0, %a1 : (f32, f32) -> f32\n tjit.yield %0 : f32"};
  RunKernel run(k, GetParam());
  std::vector<float> x(rows * columns), y(rows * columns);
  for (int64_t i = 0; i < rows * columns; ++i)
    x[i] = static_cast<float>(i), y[i] = static_cast<float>(-2 * i);
  std::vector<float> inOut = y;
  run({x.data(), inOut.data(), inOut.data()}, 3);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c)
      ASSERT_EQ(inOut[r * columns + c], x[c * rows + r] + y[r * columns + c]);
}

TEST_P(Transpose, LargeResultsAtAnyAddress) {
  // Large enough to be written past the caches, which needs aligned lines.
  const int64_t rows = 3200, columns = 2080;
  KernelText k{.inputs = {tensor({columns, rows}, "f32")},
               .results = {tensor({rows, columns}, "f32")},
               .domain = {rows, columns},
               .maps = {map({1, rows}), map({columns, 1})},
               .body = "tjit.yield %a0 : f32"};
  RunKernel run(k, GetParam());
  std::vector<float> in(rows * columns), out(rows * columns + 32);
  for (int64_t i = 0; i < rows * columns; ++i)
    in[i] = static_cast<float>(i);
  for (size_t shift : {0, 4}) {
    auto address = (reinterpret_cast<uintptr_t>(out.data()) + 63) / 64 * 64 + shift;
    auto *aligned = reinterpret_cast<float *>(address);
    run({in.data(), aligned}, 3);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < columns; ++c)
        ASSERT_EQ(aligned[r * columns + c], in[c * rows + r]) << r << " " << c;
  }
}

} // namespace
