//===- GemmTest.cpp - emitted matrix products against plain loops, bit for bit ----------------===//
//
// Every product is compiled for AVX-512 and for AVX2, for one worker and for several, run as one
// piece and in pieces of one index from the last to the first, and compared with the order of
// docs/numerics.md. Bytes behind the result must stay.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/GemmPlan.h"
#include "GemmTestSupport.h"

#include "mlir/IR/MLIRContext.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace tjit;
using namespace tjit::codegen;
using namespace tjit::codegen::test;

namespace {

constexpr auto rowMajor = GemmCase::rowMajor, transposed = GemmCase::transposed,
               strided = GemmCase::strided;
constexpr GemmCase::Layout kLayouts[] = {rowMajor, transposed, strided};
constexpr ScalarType kNumberTypes[] = {kUInt8,   kInt8,     kInt16,   kInt32,  kInt64,
                                       kFloat16, kBFloat16, kFloat32, kFloat64};

TargetInfo target(const char *cpu, unsigned threads) {
  return llvm::cantFail(makeTarget(cpu, threads));
}

class Gemm : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    machine = target(GetParam(), 1);
    if (!canRun(machine))
      GTEST_SKIP() << "this machine cannot run code for " << machine.cpu;
  }

  /// Products of float64 have no code without fused multiply-adds; all others have.
  bool isInterpreted(const GemmCase &gemm) {
    mlir::MLIRContext context;
    bool has = canEmitMatmul(gemm.describe(context), machine);
    EXPECT_EQ(has, gemm.dtype != kFloat64 || machine.hasFma) << gemm.name();
    return !has;
  }

  /// For one worker, and for eight where that cuts the product differently.
  void expectExact(const GemmCase &gemm) {
    if (isInterpreted(gemm))
      return;
    std::vector<uint8_t> lhs = operandBytes(gemm, false, 1), rhs = operandBytes(gemm, true, 2);
    std::vector<uint8_t> expected = referenceProduct(gemm, lhs, rhs);
    expected.insert(expected.end(), 64, 0xcd);
    int64_t lastRange = -1;
    for (unsigned threads : {1, 8}) {
      machine.numThreads = threads;
      mlir::MLIRContext context;
      int64_t range = planGemm(normalize(gemm.describe(context)), machine).range;
      if (range == lastRange)
        continue;
      CompiledGemm compiled(gemm, machine);
      lastRange = range;
      for (int64_t piece : {0, 1}) {
        std::vector<uint8_t> result(expected.size(), 0xcd);
        compiled.run(lhs.data(), rhs.data(), result.data(), piece);
        ASSERT_EQ(result, expected)
            << gemm.name() << ", " << threads << " threads" << (piece ? ", in pieces" : "");
        if (range <= 1)
          break;
      }
    }
    machine.numThreads = 1;
  }

  TargetInfo machine;
};

TEST_P(Gemm, SmallShapesWithAllKindsOfEdges) {
  for (int64_t m : {1, 2, 5, 6, 64})
    for (int64_t n : {2, 10, 16, 17, 100})
      for (int64_t k : {1, 3, 65})
        expectExact({m, k, n});
}

TEST_P(Gemm, LayoutsOfAllTypes) {
  for (GemmCase::Layout lhs : kLayouts)
    for (GemmCase::Layout rhs : kLayouts)
      for (ScalarType dtype : kNumberTypes) {
        expectExact({13, 21, 37, dtype, lhs, rhs, {}, false, false, 5});
        expectExact({20, 70, 1, dtype, lhs, rhs});
      }
}

TEST_P(Gemm, BatchesAndBroadcastBatches) {
  for (GemmCase::Layout lhs : kLayouts) {
    expectExact({4, 5, 20, kFloat32, lhs, rowMajor, {2, 3}});
    expectExact({4, 5, 20, kFloat32, lhs, transposed, {3}, true, false});
    expectExact({4, 5, 20, kFloat16, lhs, rowMajor, {2, 1, 3}, false, true});
    expectExact({4, 5, 1, kFloat32, lhs, rowMajor, {3}, true, false});
    expectExact({1, 5, 20, kFloat32, lhs, rowMajor, {5}, false, true});
    expectExact({7, 1, 1, kFloat32, lhs, rowMajor, {5}});
  }
}

/// Caches of 1 and 32 KB make small products of many blocks.
TEST_P(Gemm, SeveralBlocksOfRowsColumnsAndDepth) {
  machine.l1Bytes = 1 << 10, machine.l2Bytes = 32 << 10;
  for (GemmCase::Layout lhs : {rowMajor, transposed})
    for (GemmCase::Layout rhs : {rowMajor, transposed})
      for (ScalarType dtype : {kFloat32, kFloat64, kBFloat16, kInt8}) {
        GemmCase gemm{190, 300, 470, dtype, lhs, rhs};
        mlir::MLIRContext context;
        GemmPlan plan = planGemm(normalize(gemm.describe(context)), machine);
        EXPECT_GT(plan.rowBlocks, 1) << gemm.name();
        EXPECT_GT(plan.columnBlocks, 1) << gemm.name();
        EXPECT_GT(plan.depthBlocks, 1) << gemm.name();
        expectExact(gemm);
      }
  // Caches so small that pieces do not share a copy of B.
  machine.l2Bytes = 8 << 10;
  for (GemmCase::Layout rhs : {rowMajor, transposed})
    expectExact({190, 300, 470, kFloat32, rowMajor, rhs});
  machine.l2Bytes = 32 << 10;
  // Tiles of other shapes, with other loops over k.
  for (int64_t m : {3, 64, 80})
    for (int64_t n : {20, 64, 130})
      expectExact({m, 330, n, kFloat32, rowMajor, transposed});
}

TEST_P(Gemm, FewRowsStreamALargeRightOperand) {
  machine.l2Bytes = 4 << 10;
  for (int64_t m : {1, 3, 4})
    for (int64_t n : {256, 500, 509})
      for (GemmCase::Layout lhs : kLayouts) {
        GemmCase gemm{m, 67, n, kFloat32, lhs};
        mlir::MLIRContext context;
        EXPECT_EQ(planGemm(normalize(gemm.describe(context)), machine).strategy,
                  GemmStrategy::stream);
        expectExact(gemm);
      }
  expectExact({2, 68, 300, kInt64});
  expectExact({1, 70, 300, kFloat64, rowMajor, rowMajor, {3}});
}

TEST_P(Gemm, DotsTakeTheOrderOfReductions) {
  for (ScalarType dtype : {kFloat32, kFloat64, kFloat16})
    for (int64_t k : {1, 2, 31, 63, 64, 65, 128, 130, 4096, 4097, 8200})
      expectExact({3, k, 1, dtype});
  for (int64_t m : {2, 16, 37})
    for (ScalarType dtype : {kFloat32, kFloat64, kBFloat16, kInt8})
      for (int64_t k : {1, 7, 64, 130, 4100})
        expectExact(
            {m, k, 1, dtype, transposed, k == 7 ? transposed : rowMajor, {}, false, false, 3});
  expectExact({17, 64 * 4096 + 130, 1, kFloat32, transposed});
  expectExact({2, 64 * 4096 + 130, 1}); // three passes
  expectExact({2, 64 * 4096, 1});
}

/// The operands and the result end where the next page faults.
TEST_P(Gemm, TouchesNothingBehindItsOperands) {
  for (ScalarType dtype : {kInt8, kFloat16, kFloat32, kFloat64})
    for (GemmCase::Layout lhs : kLayouts)
      for (GemmCase::Layout rhs : kLayouts)
        for (GemmCase gemm :
             {GemmCase{7, 9, 11, dtype, lhs, rhs}, GemmCase{19, 300, 70, dtype, lhs, rhs},
              GemmCase{5, 67, 1, dtype, lhs, rhs}, GemmCase{1, 3, 1, dtype, lhs, rhs}}) {
          if (isInterpreted(gemm))
            continue;
          GuardedBytes a(operandBytes(gemm, false, 1), operandExtent(gemm, false));
          GuardedBytes b(operandBytes(gemm, true, 2), operandExtent(gemm, true));
          GuardedBytes c({}, gemm.resultElements() * elementSize(dtype));
          CompiledGemm(gemm, machine).run(a.data(), b.data(), c.data());
        }
}

/// Results that underflow to -0 show whether +0 was added where the definition adds it.
TEST_P(Gemm, NegativeZeroOfAnUnderflow) {
  for (GemmCase gemm :
       {GemmCase{3, 1, 1}, GemmCase{3, 2, 1}, GemmCase{3, 40, 1}, GemmCase{3, 1, 2}}) {
    CompiledGemm compiled(gemm, machine);
    std::vector<float> lhs(1000, -1e-30f), rhs(1000, 1e-30f);
    auto bytes = [](const std::vector<float> &v) {
      auto *data = reinterpret_cast<const uint8_t *>(v.data());
      return std::vector<uint8_t>(data, data + v.size() * sizeof(float));
    };
    std::vector<uint8_t> expected = referenceProduct(gemm, bytes(lhs), bytes(rhs)),
                         result(expected.size());
    compiled.run(lhs.data(), rhs.data(), result.data());
    EXPECT_EQ(result, expected) << gemm.name();
  }
}

TEST_P(Gemm, EmptySumsAreZero) {
  expectExact({3, 0, 5});
  expectExact({3, 0, 1, kInt16});
  expectExact({0, 4, 5});
  expectExact({3, 4, 5, kFloat32, rowMajor, rowMajor, {0}});
}

/// The shapes of the digits and of the 784-256-10 networks, forward and backward.
TEST_P(Gemm, TrainingSteps) {
  for (int64_t rows : {64, 62}) {
    expectExact({rows, 784, 256});
    expectExact({784, rows, 256, kFloat32, transposed});
    expectExact({rows, 256, 10});
    expectExact({256, rows, 10, kFloat32, transposed});
    expectExact({rows, 10, 256, kFloat32, rowMajor, transposed});
    expectExact({rows, 784, 256, kFloat32, rowMajor, transposed});
  }
  expectExact({100, 1, 1});
  expectExact({1, 100, 1, kFloat32, transposed});
}

/// fma(a1, b1, fma(a0, b0, 0)) with operands of any bits: sums that cancel, that are subnormal,
/// that overflow, halfway cases of a rounding to float32.
TEST_P(Gemm, EverySumIsRoundedOnce) {
  constexpr int64_t n = 4096;
  const GemmCase gemm{1, 2, n};
  CompiledGemm compiled(gemm, machine);
  std::mt19937 random(11);
  std::vector<float> b(2 * n), result(n);
  for (int round = 0; round < 64; ++round) {
    auto draw = [&] {
      uint32_t bits = random();
      // Few bits of the significand make ties likely.
      if (round % 2)
        bits &= 0xfff80001;
      // Half of the rounds around 1, with products and addends that meet.
      if (round % 4 < 2)
        bits = (bits & 0x807fffff) | (127 - 12 + bits % 24) << 23;
      return std::bit_cast<float>(bits);
    };
    float a[2] = {draw(), draw()};
    for (float &x : b)
      x = draw();
    compiled.run(a, b.data(), result.data(), 0);
    for (int64_t i = 0; i < n; ++i) {
      float expected = std::fma(a[1], b[n + i], std::fma(a[0], b[i], 0.f));
      ASSERT_TRUE(std::bit_cast<uint32_t>(result[i]) == std::bit_cast<uint32_t>(expected) ||
                  (std::isnan(result[i]) && std::isnan(expected)))
          << a[0] << " * " << b[i] << " + " << a[1] << " * " << b[n + i] << " is " << expected
          << ", not " << result[i];
    }
  }
}

TEST(GemmTargets, OnlyProductsOfFloat64NeedTheInstruction) {
  mlir::MLIRContext context;
  TargetInfo old = target("x86-64-v2", 1);
  EXPECT_FALSE(canEmitMatmul(GemmCase{2, 3, 4, kFloat64}.describe(context), old));
  for (ScalarType dtype : {kInt32, kFloat16, kBFloat16, kFloat32})
    EXPECT_TRUE(canEmitMatmul(GemmCase{2, 3, 4, dtype}.describe(context), old));
}

INSTANTIATE_TEST_SUITE_P(Targets, Gemm, testing::Values("skylake-avx512", "haswell", "x86-64"),
                         [](const auto &info) {
                           std::string name = info.param;
                           return name == "haswell" ? "avx2" : name == "x86-64" ? "sse2" : "avx512";
                         });

TEST(GemmPlan, LargeProductsOfOneWorkerUseTheWideTileAndPackOnlyB) {
  mlir::MLIRContext context;
  GemmPlan plan = planGemm(normalize(GemmCase{1024, 1024, 1024}.describe(context)),
                           target("skylake-avx512", 1));
  EXPECT_EQ(plan.tileRows, 6);
  EXPECT_EQ(plan.tileColumns(), 64);
  EXPECT_TRUE(plan.packRhs);
  EXPECT_FALSE(plan.packLhs);
}

TEST(GemmPlan, SmallProductsRunInPlaceAsOnePiece) {
  mlir::MLIRContext context;
  for (GemmCase gemm : {GemmCase{64, 784, 256}, GemmCase{64, 128, 10}, GemmCase{64, 64, 128}}) {
    GemmPlan plan = planGemm(normalize(gemm.describe(context)), target("skylake-avx512", 1));
    EXPECT_FALSE(plan.packRhs || plan.packLhs) << gemm.name();
    EXPECT_EQ(plan.range, 1) << gemm.name();
    EXPECT_EQ(plan.scratchBytes, 0) << gemm.name();
  }
}

TEST(GemmPlan, LargeProductsHaveWorkForEveryThread) {
  mlir::MLIRContext context;
  for (GemmCase gemm :
       {GemmCase{1024, 1024, 1024}, GemmCase{64, 1024, 1024}, GemmCase{2048, 256, 64}}) {
    GemmPlan plan = planGemm(normalize(gemm.describe(context)), target("haswell", 8));
    EXPECT_GE(plan.range / plan.grain, 8) << gemm.name();
  }
  GemmPlan small =
      planGemm(normalize(GemmCase{64, 128, 10}.describe(context)), target("haswell", 8));
  EXPECT_LE(small.range, small.grain);
}

TEST(GemmPlan, PiecesOfSeveralRowsShareOneCopyOfB) {
  mlir::MLIRContext context;
  TargetInfo machine = target("skylake-avx512", 2);
  GemmPlan plan = planGemm(normalize(GemmCase{1024, 1024, 1024}.describe(context)), machine);
  EXPECT_TRUE(plan.packRhs && plan.sharedRhs);
  EXPECT_EQ(plan.scratchBytes, 0);
  EXPECT_GE(plan.packedElements(1), 1024 * 1024);
  // A copy that is much larger than the caches is not made at once.
  EXPECT_FALSE(
      planGemm(normalize(GemmCase{1024, 8192, 8192}.describe(context)), machine).sharedRhs);
  // One worker packs a block when it needs it, and finds it in a cache then.
  machine.numThreads = 1;
  EXPECT_FALSE(
      planGemm(normalize(GemmCase{1024, 1024, 1024}.describe(context)), machine).sharedRhs);
}

TEST(GemmPlan, ABatchOverOneRightOperandIsOneTallProduct) {
  mlir::MLIRContext context;
  GemmProblem problem = normalize(
      GemmCase{4, 5, 6, kFloat32, rowMajor, rowMajor, {2, 3}, false, true}.describe(context));
  EXPECT_TRUE(problem.batch.empty());
  EXPECT_EQ(problem.m, 24);
}

} // namespace
