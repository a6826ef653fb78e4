//===- PlanTest.cpp ---------------------------------------------------------------------------===//
// Where values live and what is written in place.
//
// Plans functions after fusion with code that is not there (one launch per kernel): slots and steps
// are what is tested.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/Compiler.h"
#include "IR/OpKind.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace tjit;
using namespace tjit::codegen;

namespace {

class PlanTest : public ::testing::Test {
protected:
  static MLIRContext &context() {
    static CompilerContext instance;
    return instance.mlir();
  }

  Plan plan(StringRef text, unsigned numInputs, std::vector<int32_t> donors = {},
            uint64_t temporaryBytes = 0) {
    module = parseSourceString<ModuleOp>(text, &context());
    EXPECT_TRUE(module);
    PassManager passes(&context());
    buildDefaultPipeline(passes);
    EXPECT_TRUE(succeeded(passes.run(*module)));
    auto func = *module->getOps<func::FuncOp>().begin();
    emitted.launches.assign(1, {"k", 1, 1, 0});
    emitted.temporaryBytes = temporaryBytes;
    llvm::DenseMap<Operation *, PlannedCode> code;
    for (Operation &op : func.getBody().front()) {
      if (isa<ir::KernelOp, ir::MatmulOp, ir::ScatterAddOp>(op))
        code[&op] = {&emitted, {0}, -1};
      if (onTiles && isa<ir::KernelOp>(op))
        for (Value operand : op.getOperands())
          if (auto product = operand.getDefiningOp<ir::MatmulOp>())
            code[&op].product = product;
    }
    return Plan(func, {numInputs, std::move(donors)}, code);
  }

  static const exe::Slot &output(const Plan &plan, unsigned index) {
    for (const exe::Slot &slot : plan.slots)
      if (slot.kind == exe::SlotKind::output && slot.index == index)
        return slot;
    ADD_FAILURE() << "no output " << index;
    return plan.slots[0];
  }
  static size_t count(const Plan &plan, exe::StepKind kind) {
    return llvm::count_if(plan.steps, [&](const exe::Step &step) { return step.kind == kind; });
  }

  OwningOpRef<ModuleOp> module;
  EmittedKernel emitted;
  bool onTiles = false; ///< kernels behind products run on their tiles
};

constexpr StringRef kWrite = R"(
  func.func @f(%x: tensor<8x4xf32>, %v: tensor<4xf32>, %o: tensor<i64>) -> tensor<8x4xf32> {
    %0 = tjit.write_view %x, %v, %o {sizes = array<i64: 4>, strides = array<i64: 1>}
      : (tensor<8x4xf32>, tensor<4xf32>, tensor<i64>) -> tensor<8x4xf32>
    return %0 : tensor<8x4xf32>
  })";

TEST_F(PlanTest, WriteIntoAnArgumentCopiesItUnlessTheRunDonatesIt) {
  Plan p = plan(kWrite, 2, {0});
  EXPECT_EQ(output(p, 0).donor, 0);
  ASSERT_EQ(p.steps.size(), 2u);
  EXPECT_EQ(p.steps[0].kind, exe::StepKind::copy);
  EXPECT_EQ(p.steps[0].bytes, 128u);
  EXPECT_EQ(p.steps[1].kind, exe::StepKind::launch);
  EXPECT_EQ(p.header.workspaceBytes, 0u);
}

TEST_F(PlanTest, WithoutAProposedDonorThereIsNone) {
  EXPECT_EQ(output(plan(kWrite, 2), 0).donor, -1);
}

TEST_F(PlanTest, WriteIntoAComputedValueIsInPlace) {
  Plan p = plan(R"(
    func.func @f(%x: tensor<8x4xf32>, %v: tensor<4xf32>, %o: tensor<i64>) -> tensor<8x4xf32> {
      %e = tjit.exp %x : (tensor<8x4xf32>) -> tensor<8x4xf32>
      %0 = tjit.write_view %e, %v, %o {sizes = array<i64: 4>, strides = array<i64: 1>}
        : (tensor<8x4xf32>, tensor<4xf32>, tensor<i64>) -> tensor<8x4xf32>
      return %0 : tensor<8x4xf32>
    })",
                2);
  EXPECT_EQ(count(p, exe::StepKind::copy), 0u);
  EXPECT_EQ(p.header.workspaceBytes, 0u);
}

TEST_F(PlanTest, WriteIntoAValueThatIsReadLaterCopiesIt) {
  Plan p = plan(R"(
    func.func @f(%x: tensor<8x4xf32>, %v: tensor<4xf32>, %o: tensor<i64>)
        -> (tensor<8x4xf32>, tensor<8x4xf32>) {
      %e = tjit.exp %x : (tensor<8x4xf32>) -> tensor<8x4xf32>
      %0 = tjit.write_view %e, %v, %o {sizes = array<i64: 4>, strides = array<i64: 1>}
        : (tensor<8x4xf32>, tensor<4xf32>, tensor<i64>) -> tensor<8x4xf32>
      return %0, %e : tensor<8x4xf32>, tensor<8x4xf32>
    })",
                2);
  EXPECT_EQ(count(p, exe::StepKind::copy), 1u);
}

TEST_F(PlanTest, DonorIsAcceptedWhereItIsReadAtThePointThatIsWritten) {
  Plan p = plan(R"(
    func.func @f(%w: tensor<4x4xf32>, %g: tensor<4x4xf32>, %lr: tensor<f32>) -> tensor<4x4xf32> {
      %0 = tjit.mul %g, %lr : (tensor<4x4xf32>, tensor<f32>) -> tensor<4x4xf32>
      %1 = tjit.sub %w, %0 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
      return %1 : tensor<4x4xf32>
    })",
                2, {0});
  EXPECT_EQ(output(p, 0).donor, 0);
}

TEST_F(PlanTest, DonorIsRefusedWhereItIsReadTransposed) {
  Plan p = plan(R"(
    func.func @f(%w: tensor<4x4xf32>) -> tensor<4x4xf32> {
      %t = tjit.permute %w {dims = array<i64: 1, 0>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
      %1 = tjit.sub %w, %t : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
      return %1 : tensor<4x4xf32>
    })",
                1, {0});
  EXPECT_EQ(output(p, 0).donor, -1);
}

TEST_F(PlanTest, DonorIsRefusedWhereItsElementsAreNarrowerThanTheOutputs) {
  Plan p = plan(R"(
    func.func @f(%w: tensor<8xf32>, %o: tensor<i64>) -> tensor<4xf64> {
      %zero = tjit.fill {sizes = array<i64>, dtype = i64, value = 0.0 : f64} : () -> tensor<i64>
      %h = tjit.slice %w, %zero {dim = 0 : i64, size = 4 : i64, step = 1 : i64}
        : (tensor<8xf32>, tensor<i64>) -> tensor<4xf32>
      %1 = tjit.cast %h {dtype = f64} : (tensor<4xf32>) -> tensor<4xf64>
      return %1 : tensor<4xf64>
    })",
                2, {0});
  EXPECT_EQ(output(p, 0).donor, -1);
}

TEST_F(PlanTest, DonorIsRefusedWhereItIsReadAfterTheOutputIsWritten) {
  Plan p = plan(R"(
    func.func @f(%w: tensor<4x4xf32>, %m: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
      %1 = tjit.exp %w : (tensor<4x4xf32>) -> tensor<4x4xf32>
      %2 = tjit.matmul %1, %w : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
      return %1, %2 : tensor<4x4xf32>, tensor<4x4xf32>
    })",
                2, {0, 1});
  EXPECT_EQ(output(p, 0).donor, -1);
  EXPECT_EQ(output(p, 1).donor, 1);
}

TEST_F(PlanTest, WhatRunsOnAProductsTilesTakesThePlaceOfWhatItReadsAtItsPoints) {
  auto update = [&](StringRef lhs) {
    return plan((R"(
      func.func @f(%w: tensor<4x4xf32>, %x: tensor<4x4xf32>) -> tensor<4x4xf32> {
        %0 = tjit.matmul )" +
                 lhs + R"(, %x : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
        %1 = tjit.sub %w, %0 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
        return %1 : tensor<4x4xf32>
      })")
                    .str(),
                2, {0});
  };
  onTiles = true;
  EXPECT_EQ(output(update("%x"), 0).donor, 0);
  EXPECT_EQ(output(update("%w"), 0).donor, -1); // other tiles read it
  emitted.storesOnce = false;
  EXPECT_EQ(output(update("%x"), 0).donor, -1);
}

TEST_F(PlanTest, OneInputIsDonatedOnce) {
  Plan p = plan(R"(
    func.func @f(%w: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
      %1 = tjit.exp %w : (tensor<4xf32>) -> tensor<4xf32>
      %2 = tjit.sin %w : (tensor<4xf32>) -> tensor<4xf32>
      return %1, %2 : tensor<4xf32>, tensor<4xf32>
    })",
                1, {0, 0});
  EXPECT_EQ((output(p, 0).donor == 0) + (output(p, 1).donor == 0), 1);
}

TEST_F(PlanTest, WorkspaceIsReusedOnceItsReaderHasRun) {
  Plan p = plan(R"(
    func.func @f(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {
      %1 = tjit.matmul %x, %x : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
      %2 = tjit.matmul %1, %x : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
      %3 = tjit.matmul %2, %x : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
      %4 = tjit.matmul %3, %x : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
      %5 = tjit.matmul %4, %x : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
      return %5 : tensor<64x64xf32>
    })",
                1);
  EXPECT_EQ(p.header.workspaceBytes, 2u * 64 * 64 * 4);
}

TEST_F(PlanTest, TemporaryMemoryOfAKernelIsItsLastArgument) {
  Plan p = plan(R"(
    func.func @f(%x: tensor<64xf32>) -> tensor<f32> {
      %0 = tjit.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<64xf32>) -> tensor<f32>
      return %0 : tensor<f32>
    })",
                1, {}, 4096);
  ASSERT_EQ(p.steps.size(), 1u);
  ASSERT_EQ(p.steps[0].numArgs, 3u);
  const exe::Slot &last = p.slots[p.stepArgs[p.steps[0].firstArg + 2]];
  EXPECT_EQ(last.kind, exe::SlotKind::workspace);
  EXPECT_EQ(last.bytes, 4096u);
}

TEST_F(PlanTest, AValueReturnedTwiceIsCopied) {
  Plan p = plan(R"(
    func.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
      %0 = tjit.exp %x : (tensor<4xf32>) -> tensor<4xf32>
      return %0, %0, %x : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
    })",
                1);
  EXPECT_EQ(count(p, exe::StepKind::copy), 2u);
  EXPECT_EQ(p.header.numOutputs, 3u);
}

TEST_F(PlanTest, AnInterpretedStepCarriesItsOperation) {
  Plan p = plan(R"(
    func.func @f(%x: tensor<3x5xi32> {tjit.strides = array<i64: 1, 3>}, %y: tensor<5xi32>) -> tensor<3x5xi32> {
      %0 = tjit.fmod %x, %y : (tensor<3x5xi32>, tensor<5xi32>) -> tensor<3x5xi32>
      return %0 : tensor<3x5xi32>
    })",
                2);
  ASSERT_EQ(count(p, exe::StepKind::interpret), 1u);
  const auto i32 = static_cast<uint64_t>(ScalarType::Int);
  std::vector<uint64_t> expected = {static_cast<uint64_t>(OpKind::fmod) | i32 << 16 | 2ull << 24 |
                                        2ull << 32,
                                    3,
                                    5,
                                    i32 | 2ull << 8,
                                    3,
                                    5,
                                    1,
                                    3,
                                    i32 | 1ull << 8,
                                    5,
                                    1};
  EXPECT_EQ(p.nodeWords, expected);
}

TEST_F(PlanTest, AGatherIsCheckedBeforeItsKernelRuns) {
  Plan p = plan(R"(
    func.func @f(%x: tensor<7x5xf32>, %i: tensor<3xi64>) -> tensor<3x5xf32> {
      %0 = tjit.reshape %i {sizes = array<i64: 3, 1>} : (tensor<3xi64>) -> tensor<3x1xi64>
      %1 = tjit.expand %0 {sizes = array<i64: 3, 5>} : (tensor<3x1xi64>) -> tensor<3x5xi64>
      %2 = tjit.gather %x, %1 {dim = 0 : i64} : (tensor<7x5xf32>, tensor<3x5xi64>) -> tensor<3x5xf32>
      %3 = tjit.exp %2 : (tensor<3x5xf32>) -> tensor<3x5xf32>
      return %3 : tensor<3x5xf32>
    })",
                2);
  ASSERT_EQ(p.steps.size(), 2u);
  EXPECT_EQ(p.steps[0].kind, exe::StepKind::check);
  EXPECT_EQ(p.steps[0].numArgs, 2u);
  EXPECT_EQ(p.steps[1].kind, exe::StepKind::launch);
  const auto f32 = static_cast<uint64_t>(ScalarType::Float),
             i64 = static_cast<uint64_t>(ScalarType::Long);
  std::vector<uint64_t> expected = {static_cast<uint64_t>(OpKind::gather) | f32 << 16 | 2ull << 24 |
                                        2ull << 32 | 1ull << 48,
                                    3,
                                    5,
                                    0, // sizes, dim
                                    f32 | 2ull << 8,
                                    7,
                                    5,
                                    5,
                                    1,
                                    i64 | 2ull << 8,
                                    3,
                                    5,
                                    1,
                                    0};
  EXPECT_EQ(p.nodeWords, expected);
}

TEST_F(PlanTest, AScatterAddsToMemoryThatNobodyElseReads) {
  const char *text = R"(
    func.func @f(%i: tensor<4xi64>, %s: tensor<4xf32>, %x: tensor<9xf32>) -> (tensor<9xf32>, tensor<9xf32>) {
      %z = tjit.exp %x : (tensor<9xf32>) -> tensor<9xf32>
      %0 = tjit.scatter_add %z, %i, %s {dim = 0 : i64} : (tensor<9xf32>, tensor<4xi64>, tensor<4xf32>) -> tensor<9xf32>
      return %0, RESULT : tensor<9xf32>, tensor<9xf32>
    })";
  auto with = [&](const std::string &result) {
    std::string all = text;
    all.replace(all.find("RESULT"), 6, result);
    return all;
  };
  // The second result is a copy of the first, or what was there before the additions.
  Plan inPlace = plan(with("%0"), 3), kept = plan(with("%z"), 3);
  auto kinds = [](const Plan &p) {
    std::vector<exe::StepKind> all;
    for (const exe::Step &step : p.steps)
      all.push_back(step.kind);
    return all;
  };
  using enum exe::StepKind;
  EXPECT_EQ(kinds(inPlace), (std::vector{launch, check, launch, copy}));
  EXPECT_EQ(kinds(kept), (std::vector{launch, check, copy, launch}));
}

TEST_F(PlanTest, NothingIsRunForAResultWithoutElements) {
  Plan p = plan(R"(
    func.func @f(%x: tensor<0x3xf32>) -> tensor<0x3xf32> {
      %0 = tjit.exp %x : (tensor<0x3xf32>) -> tensor<0x3xf32>
      return %0 : tensor<0x3xf32>
    })",
                1);
  EXPECT_TRUE(p.steps.empty());
  EXPECT_EQ(output(p, 0).bytes, 0u);
}

TEST_F(PlanTest, TheExecutableBeginsWithItsHeaderAndEndsWithItsImage) {
  Plan p = plan(kWrite, 2);
  std::vector<uint8_t> image = {1, 2, 3};
  std::vector<uint8_t> bytes = p.serialize(image);
  exe::Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  EXPECT_EQ(header.magic, exe::kMagic);
  EXPECT_EQ(header.imageOffset % kImageAlignment, 0u);
  EXPECT_EQ(header.imageBytes, 3u);
  EXPECT_EQ(bytes.size(), header.imageOffset + 3);
  EXPECT_EQ(bytes.back(), 3);
}

/// A row of %w is used, then %w is updated; `attribute` on the updated one.
static std::string usedAndUpdated(StringRef attribute) {
  return (R"(
    func.func @f(%w: tensor<500x128xf32>, %g: tensor<500x128xf32>, %v: tensor<128xf32>)
        -> (tensor<128xf32>, tensor<500x128xf32>)" +
          attribute + R"() {
      %0 = tjit.fill {dtype = i64, sizes = array<i64>, value = 128.0 : f64} : () -> tensor<i64>
      %1 = tjit.as_strided %w, %0 {sizes = array<i64: 128>, strides = array<i64: 1>}
        : (tensor<500x128xf32>, tensor<i64>) -> tensor<128xf32>
      %2 = tjit.mul %1, %v : (tensor<128xf32>, tensor<128xf32>) -> tensor<128xf32>
      %3 = tjit.sub %w, %g
        : (tensor<500x128xf32>, tensor<500x128xf32>) -> tensor<500x128xf32>
      return %2, %3 : tensor<128xf32>, tensor<500x128xf32>
    })")
      .str();
}

TEST_F(PlanTest, KernelsThatDoNotNeedEachOtherAreOneLaunch) {
  Plan p = plan(usedAndUpdated(""), 3);
  ASSERT_EQ(p.steps.size(), 2u);
  EXPECT_EQ(p.steps[0].together, 1u);
  EXPECT_EQ(p.steps[1].together, 0u);
  EXPECT_EQ(p.header.numKernels, 1u);
}

TEST_F(PlanTest, WhatIsUpdatedInPlaceIsUsedInALaunchBefore) {
  Plan p = plan(usedAndUpdated(" {tjit.donor = 0 : i64}"), 3, {-1, 0});
  ASSERT_EQ(p.steps.size(), 2u);
  EXPECT_EQ(p.steps[0].together, 0u);
  EXPECT_EQ(output(p, 1).donor, 0);
}

TEST_F(PlanTest, NothingTakesOverWhatAnotherOneReadsInTheSameLaunch) {
  Plan p = plan(usedAndUpdated(""), 3, {-1, 0}); // only the planner knows of the donor
  EXPECT_EQ(p.steps[0].together, 1u);
  EXPECT_EQ(output(p, 1).donor, -1);
}

TEST_F(PlanTest, MemoryOfValuesOfOneLaunchIsTheirOwn) {
  // %1 is read for the last time in the launch in which %3 is made.
  Plan p = plan(R"(
    func.func @f(%x: tensor<32x32xf32>, %y: tensor<300xf32>)
        -> (tensor<32x32xf32>, tensor<32x32xf32>) {
      %0 = tjit.matmul %x, %x : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
      %1 = tjit.matmul %0, %x : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
      %2 = tjit.matmul %1, %x : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
      %3 = tjit.matmul %0, %0 : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
      %4 = tjit.matmul %3, %x : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
      return %2, %4 : tensor<32x32xf32>, tensor<32x32xf32>
    })",
                2);
  ASSERT_EQ(p.steps.size(), 5u);
  EXPECT_EQ(p.steps[2].together, 1u);
  // Of two members of a launch none writes what the other one reads or writes.
  for (size_t i = 0; i < p.steps.size(); i += p.steps[i].together + 1)
    for (size_t a = i; a <= i + p.steps[i].together; ++a)
      for (size_t b = i; b <= i + p.steps[i].together; ++b) {
        if (a == b)
          continue;
        const exe::Slot &written = p.slots[p.stepArgs[p.steps[a].firstArg + 2]];
        for (uint32_t arg = 0; arg < p.steps[b].numArgs; ++arg) {
          const exe::Slot &other = p.slots[p.stepArgs[p.steps[b].firstArg + arg]];
          EXPECT_FALSE(written.kind == exe::SlotKind::workspace && other.kind == written.kind &&
                       other.offset < written.offset + written.bytes &&
                       written.offset < other.offset + other.bytes);
        }
      }
}

TEST_F(PlanTest, WhatAPrologueReadsLivesUntilTheProductHasRun) {
  // The kernel that makes %1 has no memory; %0, which it reads, outlives the product in between.
  module = parseSourceString<ModuleOp>(R"(
    func.func @f(%x: tensor<32x32xf32>) -> tensor<32x32xf32> {
      %0 = tjit.matmul %x, %x : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
      %1 = tjit.exp %0 : (tensor<32x32xf32>) -> tensor<32x32xf32>
      %2 = tjit.matmul %0, %x : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
      %3 = tjit.matmul %1, %2 : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
      return %3 : tensor<32x32xf32>
    })",
                                       &context());
  PassManager passes(&context());
  buildDefaultPipeline(passes);
  ASSERT_TRUE(succeeded(passes.run(*module)));
  auto func = *module->getOps<func::FuncOp>().begin();
  emitted.launches.assign(1, {"k", 1, 1, 0});
  llvm::DenseMap<Operation *, PlannedCode> code;
  Operation *kernel = nullptr, *last = nullptr;
  for (Operation &op : func.getBody().front()) {
    if (isa<ir::KernelOp>(op))
      kernel = &op;
    else if (isa<ir::MatmulOp>(op))
      code[last = &op] = {&emitted, {0}, -1};
  }
  ASSERT_TRUE(kernel);
  code[last].prologues[0] = kernel;
  Plan p(func, {1, {}}, code);
  ASSERT_EQ(p.steps.size(), 3u);
  const exe::Step &step = p.steps[2];
  ASSERT_EQ(step.numArgs, 4u); // a place that is not read, the right operand, %0, the result
  const uint32_t *args = p.stepArgs.data() + step.firstArg;
  const exe::Slot &read = p.slots[args[2]], &right = p.slots[args[1]];
  EXPECT_EQ(read.kind, exe::SlotKind::workspace);
  EXPECT_EQ(p.stepArgs[p.steps[0].firstArg + 2], args[2]);
  EXPECT_NE(read.offset, right.offset);
}

} // namespace
