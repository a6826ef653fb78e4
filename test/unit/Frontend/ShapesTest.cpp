// Shapes that vary: how often the code generator runs, and that the bits are the interpreter's.

#include "Support.h"

#include <functional>

using namespace frontend_test;

namespace {

using Tensors = std::vector<Tensor>;
/// Makes the operands for a size, in memory; what it gives records the program.
using Program = std::function<std::function<Tensors()>(int64_t)>;

class VaryingShapes : public testing::Test {
protected:
  void SetUp() override {
    torch::set_on_miss(torch::OnMiss::Block);
    torch::clearCaches();
    torch::resetStatistics();
    torch::eval(torch::ones({2}) + torch::ones({2}));
    compiles = torch::statistics().interpretations == 0; // tests run with and without a compiler
  }
  void TearDown() override {
    torch::setMode(torch::Mode::Compile);
    torch::set_on_miss(torch::OnMiss::Automatic);
  }
  bool compiles = false;
};

std::string bytesOf(const Tensor &t) {
  const Tensor dense = t.detach().contiguous();
  return {static_cast<const char *>(dense.const_data_ptr()),
          static_cast<size_t>(dense.numel()) * dense.element_size()};
}

/// Runs `program` for each size, compiled and interpreted, compares the bits, and gives how often
/// the code generator ran.
uint64_t compilationsOf(const Program &program, const std::vector<int64_t> &sizes) {
  uint64_t count = 0;
  for (int64_t size : sizes) {
    torch::setMode(torch::Mode::Compile);
    std::function<Tensors()> record = program(size);
    const uint64_t before = torch::statistics().compilations;
    Tensors compiled = record();
    torch::eval(compiled);
    count += torch::statistics().compilations - before;
    torch::setMode(torch::Mode::Interpret);
    Tensors expected = program(size)();
    torch::eval(expected);
    for (size_t i = 0; i < compiled.size(); ++i)
      EXPECT_TRUE(bytesOf(compiled[i]) == bytesOf(expected[i]))
          << "result " << i << " for size " << size << ", of shape " << compiled[i].sizes();
    if (testing::Test::HasFailure())
      break;
  }
  torch::setMode(torch::Mode::Compile);
  return count;
}

/// 50 lengths, not in order, below and above the widths of vectors, tiles and blocks.
std::vector<int64_t> fiftyLengths() {
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < 50; ++i)
    lengths.push_back(3 + i * 37 % 50 * (i % 3 + 1));
  return lengths;
}

/// Memory with numbers that no rounding makes equal.
Tensor filled(torch::IntArrayRef sizes, double step) {
  int64_t n = 1;
  for (int64_t size : sizes)
    n *= size;
  Tensor t = ((torch::arange(n, torch::kFloat32) * step).sin() * 0.7).reshape(sizes);
  torch::eval(t);
  return t;
}

TEST_F(VaryingShapes, ElementwiseWithBroadcasting) {
  auto program = [](int64_t n) {
    return [x = filled({n, 24}, 0.37), bias = filled({24}, 0.2),
            column = filled({n, 1}, 0.3)]() -> Tensors {
      return {(x * 2 + bias) * column, x - column, torch::tanh(x + bias)};
    };
  };
  EXPECT_LE(compilationsOf(program, fiftyLengths()), 3u);
}

TEST_F(VaryingShapes, HalfPrecisionAndIntegers) {
  auto program = [](int64_t n) {
    return [x = filled({6, n}, 0.37).to(torch::kBFloat16),
            i = torch::arange(6 * n, torch::kInt32).reshape({6, n})]() -> Tensors {
      return {x.softmax(-1), x.sum(0), i.sum(1), i * i, i.amax(0), x.sum()};
    };
  };
  EXPECT_LE(compilationsOf(program, fiftyLengths()), 3u);
}

TEST_F(VaryingShapes, RowsOfVaryingLength) {
  auto program = [](int64_t n) {
    return [x = filled({12, n}, 0.37)]() -> Tensors {
      return {x.softmax(-1), x.sum(-1), x.log_softmax(-1), x.amax(1)};
    };
  };
  EXPECT_LE(compilationsOf(program, fiftyLengths()), 3u);
}

TEST_F(VaryingShapes, ColumnsAndWholeSums) {
  auto program = [](int64_t n) {
    return [x = filled({n, 40}, 0.37), y = filled({5, n}, 0.1)]() -> Tensors {
      return {x.sum(0), x.mean(), y.sum(0), y.prod(0), (y * y).sum(), x.mean(0)};
    };
  };
  EXPECT_LE(compilationsOf(program, fiftyLengths()), 3u);
}

TEST_F(VaryingShapes, LongSumsOfSeveralGroups) {
  auto program = [](int64_t n) {
    return [x = filled({n}, 0.37), y = filled({n, 2}, 0.1)]() -> Tensors {
      return {x.sum(), y.sum(0), y.softmax(0), x.softmax(0)};
    };
  };
  // A softmax is passes over a row only up to a length, and long sums have more levels.
  EXPECT_LE(compilationsOf(program, {1000, 5000, 4096, 4097, 300000, 299999, 64 * 64, 20000}), 6u);
}

TEST_F(VaryingShapes, TransposesInsideOfKernels) {
  auto program = [](int64_t n) {
    return [x = filled({n, 40}, 0.37), y = filled({40, n}, 0.1)]() -> Tensors {
      return {x.t() + y, (x * y.t()).contiguous(), x.t().contiguous()};
    };
  };
  EXPECT_LE(compilationsOf(program, fiftyLengths()), 4u); // 40 is one of the lengths' neighbours
}

TEST_F(VaryingShapes, ProductsInEveryDimension) {
  auto program = [](int64_t n) {
    return [x = filled({n, 48}, 0.37), w = filled({48, 40}, 0.1), y = filled({n, 40}, 0.2),
            b = filled({40}, 0.5)]() -> Tensors {
      return {torch::relu(x.matmul(w) + b), x.t().matmul(y), y.matmul(y.t()),
              x.matmul(x.t()).matmul(y), torch::gelu(y.matmul(y.t()) + 1)};
    };
  };
  EXPECT_LE(compilationsOf(program, fiftyLengths()), 3u);
}

TEST_F(VaryingShapes, ProductsOfOtherTypesAndBatches) {
  auto program = [](int64_t n) {
    return [x = filled({3, n, 20}, 0.37), d = filled({n, 20}, 0.1).to(torch::kFloat64),
            h = filled({n, 20}, 0.2).to(torch::kBFloat16),
            i = torch::arange(n * 20, torch::kInt32).reshape({n, 20})]() -> Tensors {
      return {x.matmul(x.transpose(1, 2)),
              x.transpose(1, 2).matmul(x),
              d.matmul(d.t()),
              d.t().matmul(d),
              h.matmul(h.t()),
              h.t().matmul(h),
              i.matmul(i.t())};
    };
  };
  EXPECT_LE(compilationsOf(program, fiftyLengths()), 3u);
}

TEST_F(VaryingShapes, ProductsOfManyBlocks) {
  auto program = [](int64_t n) {
    return [x = filled({n, 1100}, 0.37), w = filled({1100, 300}, 0.1)]() -> Tensors {
      return {torch::relu(x.matmul(w)), x.matmul(x.t()), w.t().matmul(x.t())};
    };
  };
  EXPECT_LE(compilationsOf(program, {70, 90, 257, 300, 515, 301}), 4u);
}

/// Attention over one sequence of `length` with its residual, layer norm and gradients.
std::function<Tensors()> attentionBlock(int64_t length) {
  const int64_t width = 32, heads = 2;
  Tensors inputs{filled({length, width}, 0.31), filled({width, width}, 0.11),
                 filled({width, width}, 0.13),  filled({width, width}, 0.17),
                 filled({width, width}, 0.19),  filled({width}, 0.23),
                 filled({width}, 0.29)};
  return [=]() -> Tensors {
    Tensors leaves;
    for (const Tensor &t : inputs)
      leaves.push_back(t.detach().requires_grad_());
    auto split = [&](const Tensor &t) {
      return t.view({length, heads, width / heads}).transpose(0, 1);
    };
    Tensor x = leaves[0], q = split(x.matmul(leaves[1])), k = split(x.matmul(leaves[2])),
           v = split(x.matmul(leaves[3]));
    Tensor p = (q.matmul(k.transpose(-2, -1)) * 0.25).softmax(-1);
    Tensor y = p.matmul(v).transpose(0, 1).reshape({length, width}).matmul(leaves[4]) + x;
    Tensor z = torch::layer_norm(y, {width}, leaves[5], leaves[6]);
    Tensor loss = (z * z).mean();
    loss.backward();
    Tensors results{loss.detach(), z.detach()};
    for (const Tensor &t : leaves)
      results.push_back(t.grad());
    return results;
  };
}

TEST_F(VaryingShapes, AnAttentionBlockOverFiftyLengths) {
  EXPECT_LE(compilationsOf(attentionBlock, fiftyLengths()), 3u);
  if (compiles) {
    EXPECT_GE(torch::statistics().plans, 40u);
  }
}

TEST_F(VaryingShapes, ALastShortBatchCompilesOnceMore) {
  auto program = [](int64_t batch) {
    Tensors parameters{filled({20, 64}, 0.1), filled({64}, 0.3), filled({64, 10}, 0.2),
                       filled({10}, 0.4)};
    Tensor labels = torch::arange(batch, torch::kInt64) % 10;
    torch::eval(labels);
    return [=, x = filled({batch, 20}, 0.05)]() -> Tensors {
      Tensors leaves;
      for (const Tensor &t : parameters)
        leaves.push_back(t.detach().requires_grad_());
      Tensor hidden = torch::relu(x.matmul(leaves[0]) + leaves[1]);
      Tensor loss =
          torch::nn::functional::cross_entropy(hidden.matmul(leaves[2]) + leaves[3], labels);
      loss.backward();
      Tensors results{loss.detach()};
      for (const Tensor &leaf : leaves)
        results.push_back(leaf.grad() * -0.1 + leaf.detach());
      return results;
    };
  };
  EXPECT_EQ(compilationsOf(program, {128, 128}), compiles ? 1u : 0u);
  EXPECT_LE(compilationsOf(program, {52, 52, 128}), 1u);
  EXPECT_EQ(compilationsOf(program, {77, 31, 99}), 0u);
}

TEST_F(VaryingShapes, LayersOfOneTraceKeepCodeForTheirSizes) {
  // Products of one structure in one trace are different places: none makes another one's sizes
  // vary.
  if (!compiles)
    GTEST_SKIP() << "there is no compiler";
  Tensor x = filled({16, 48}, 0.37), u = filled({48, 40}, 0.1), v = filled({40, 56}, 0.2),
         w = filled({56, 72}, 0.3);
  torch::resetStatistics();
  torch::eval(x.matmul(u).matmul(v).matmul(w));
  EXPECT_EQ(torch::statistics().kernelsCompiled, 3u);
  EXPECT_EQ(torch::statistics().kernelsReused, 0u);
}

} // namespace
