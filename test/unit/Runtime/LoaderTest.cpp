//===- LoaderTest.cpp -------------------------------------------------------------------------===//
// Executables whose bytes are wrong are refused.

#include "RuntimeTest.h"

#include "Runtime/LoadedExecutable.h"
#include "Runtime/RunPlan.h"

#include <random>

using namespace tjit;
using namespace tjit::test;

namespace {

/// (a + b) * s with the output named, and a as the proposed donor.
TraceGraph exampleGraph() {
  TraceGraph g;
  TensorType type{kFloat, {4}};
  g.inputs = {{type, {1}, 6}, {type, {1}, 6}};
  g.scalars = {kFloat};
  g.nodes = {{OpKind::add, type, {0, 1}, {}}, {OpKind::mul, type, {3, 2}, {}}};
  g.outputs = {{4, 0}};
  return g;
}

class Loader : public ::testing::Test {
protected:
  TraceGraph graph = exampleGraph();
  PlanParts plan = makeInterpretedPlan(graph);

  std::unique_ptr<LoadedExecutable> load(const std::vector<uint8_t> &bytes) {
    error.clear();
    return LoadedExecutable::load(bytes, graph, error);
  }
  void expectRefused(const char *why) {
    EXPECT_EQ(load(plan.serialize()), nullptr);
    EXPECT_NE(error.find(why), std::string::npos) << error;
  }
  exe::Slot &slotOfKind(exe::SlotKind kind) {
    for (exe::Slot &slot : plan.slots)
      if (slot.kind == kind)
        return slot;
    throw std::logic_error("no such slot");
  }
  std::string error;
};

TEST_F(Loader, TakesAGoodPlan) {
  auto exe = load(plan.serialize());
  ASSERT_NE(exe, nullptr) << error;
  EXPECT_EQ(exe->nodes.size(), 2u);
  EXPECT_FALSE(exe->mayFail);
}

TEST_F(Loader, MapsTheImageReadableAndExecutable) {
  plan.image = {0xc3, 1, 2, 3}; // ret
  auto exe = load(plan.serialize());
  ASSERT_NE(exe, nullptr) << error;
  EXPECT_EQ(reinterpret_cast<uintptr_t>(exe->image.base()) % 4096, 0u);
  EXPECT_EQ(std::memcmp(exe->image.base(), plan.image.data(), plan.image.size()), 0);
  reinterpret_cast<void (*)()>(const_cast<std::byte *>(exe->image.base()))();
}

TEST_F(Loader, RefusesEveryTruncation) {
  std::vector<uint8_t> bytes = plan.serialize();
  for (size_t n = 0; n + 64 < bytes.size(); n += 4)
    EXPECT_EQ(load({bytes.begin(), bytes.begin() + n}), nullptr) << n;
}

TEST_F(Loader, RefusesAnotherMagic) {
  plan.header.magic ^= 1;
  expectRefused("not an executable");
}
TEST_F(Loader, RefusesAnotherVersion) {
  plan.header.version += 1;
  expectRefused("version");
}
TEST_F(Loader, RefusesOtherInputCounts) {
  plan.header.numInputs += 1;
  expectRefused("other inputs");
}
TEST_F(Loader, RefusesASlotOfAnInputThatDoesNotExist) {
  slotOfKind(exe::SlotKind::input).index = 2;
  expectRefused("input that the trace does not have");
}
TEST_F(Loader, RefusesAnOutputOfAnotherSize) {
  slotOfKind(exe::SlotKind::output).bytes += 4;
  expectRefused("another size");
}
TEST_F(Loader, RefusesAMissingOutput) {
  slotOfKind(exe::SlotKind::output) = slotOfKind(exe::SlotKind::input);
  expectRefused("without a slot");
}
TEST_F(Loader, RefusesADonorThatDoesNotExist) {
  slotOfKind(exe::SlotKind::output).donor = 2;
  expectRefused("donor");
}
TEST_F(Loader, RefusesAWorkspaceSlotBehindTheEnd) {
  slotOfKind(exe::SlotKind::workspace).offset = uint64_t(0) - 64;
  expectRefused("outside the workspace");
}
TEST_F(Loader, RefusesArgumentsOutsideTheirTable) {
  plan.steps[0].firstArg = UINT32_MAX;
  expectRefused("outside their table");
}
TEST_F(Loader, RefusesAnArgumentThatIsNoSlot) {
  plan.stepArgs[0] = 1000;
  expectRefused("no slot");
}
TEST_F(Loader, RefusesAnEntryOutsideTheImage) {
  plan.steps[0].kind = exe::StepKind::launch;
  plan.steps[0].grain = 1;
  expectRefused("outside the image");
}
TEST_F(Loader, RefusesLaunchesTogetherThatAreNone) {
  plan.steps[0].together = 1; // of an interpreted operation
  expectRefused("run together");
  plan.steps[0].kind = plan.steps[1].kind = exe::StepKind::launch;
  plan.steps[0].together = 2;
  expectRefused("behind the last step");
  plan.steps[0].together = UINT32_MAX;
  expectRefused("behind the last step");
}
TEST_F(Loader, RefusesLaunchesTogetherThatOverlap) {
  plan.steps.push_back(plan.steps[0]);
  for (exe::Step &step : plan.steps)
    step.kind = exe::StepKind::launch;
  plan.steps[0].together = 2, plan.steps[1].together = 1;
  expectRefused("run together");
}
TEST_F(Loader, RefusesAnUnknownOperation) {
  plan.nodeWords[0] |= 0xffff;
  expectRefused("unknown operation");
}
TEST_F(Loader, RefusesAnOperandLargerThanItsSlot) {
  for (uint64_t &word : plan.nodeWords)
    if (word == 4)
      word = 4096;
  expectRefused("larger than its slot");
}
TEST_F(Loader, RefusesAResultWrittenToAnInput) {
  plan.stepArgs[2] = plan.stepArgs[0];
  expectRefused("larger than its slot");
}
TEST_F(Loader, RefusesACopyThatDoesNotFit) {
  exe::Step copy{};
  copy.kind = exe::StepKind::copy;
  copy.firstArg = 2, copy.numArgs = 2; // the sum's slot, then the sum's slot as operand
  copy.bytes = 17;
  plan.steps.push_back(copy);
  expectRefused("copy");
}

TEST_F(Loader, SurvivesRandomCorruption) {
  std::mt19937 random(7);
  std::vector<uint8_t> good = plan.serialize();
  for (int round = 0; round < 20000; ++round) {
    std::vector<uint8_t> bytes = good;
    for (int flips = 1 + static_cast<int>(random() % 3); flips-- > 0;)
      bytes[random() % bytes.size()] ^= static_cast<uint8_t>(1u << random() % 8);
    load(bytes); // refuses or not, but stays inside
  }
}

//===------------------------------------------------------------------------------------------===//
// Running kernels
//===------------------------------------------------------------------------------------------===//

/// A launch of machine code that stores its range: lea-free, position-independent, four
/// instructions.
///   void entry(void *const *args, int64_t begin, int64_t end, void *scratch)
///     for (; begin < end; ++begin) ((int32_t *)args[0])[begin] += 1;
const std::vector<uint8_t> kIncrement = {
    0x48, 0x8b, 0x07, // mov rax, [rdi]
    0x48, 0x39, 0xd6, // loop: cmp rsi, rdx
    0x7d, 0x08,       // jge done
    0xff, 0x04, 0xb0, // inc dword [rax + rsi * 4]
    0x48, 0xff, 0xc6, // inc rsi
    0xeb, 0xf3,       // jmp loop
    0xc3,             // done: ret
};

class Launches : public ::testing::TestWithParam<int> {
  void SetUp() override {
    if (kThreadSanitizer && GetParam() % 2 == 0)
      GTEST_SKIP()
          << "ThreadSanitizer does not see how oneTBB, which is not instrumented, synchronizes";
    Context::get().setExecutor(GetParam() % 2 ? makeThreadPool() : makeTbbExecutor());
  }
  void TearDown() override { Context::get().settings.setThreads(0); }
};

TEST_P(Launches, CoverEveryPointOnce) {
  Context::get().settings.setThreads(GetParam());
  for (int64_t range : {0, 1, 7, 64, 65, 1000, 4097}) {
    for (int64_t grain : {1, 16, 5000}) {
      // The output starts as a copy of the input; a kernel adds 1 to each element.
      PlanParts plan;
      plan.header.magic = exe::kMagic, plan.header.version = exe::kVersion;
      plan.header.numInputs = plan.header.numOutputs = 1;
      const uint64_t bytes = static_cast<uint64_t>(range) * 4;
      plan.slots = {{exe::SlotKind::input, 0, 0, bytes, -1, 0},
                    {exe::SlotKind::output, 0, 0, bytes, -1, 0}};
      exe::Step copy{}, launch{};
      copy.kind = exe::StepKind::copy, copy.numArgs = 2, copy.bytes = bytes;
      launch.kind = exe::StepKind::launch, launch.firstArg = 0, launch.numArgs = 1;
      launch.range = range, launch.grain = grain, launch.scratchBytes = 100;
      plan.stepArgs = {1, 0};
      plan.steps = {copy, launch};
      plan.image = kIncrement;
      TraceGraph graph;
      graph.inputs = {{{kInt, {range}}, {1}, 6}};
      graph.nodes = {{OpKind::abs, {kInt, {range}}, {0}, {}}};
      graph.outputs = {{1, -1}};
      std::string error;
      auto exe = LoadedExecutable::load(plan.serialize(), graph, error);
      ASSERT_NE(exe, nullptr) << error;
      std::vector<int32_t> numbers(static_cast<size_t>(range));
      std::iota(numbers.begin(), numbers.end(), 0);
      Ref<Buffer> in = Buffer::allocate(bytes);
      if (bytes)
        std::memcpy(in->data, numbers.data(), bytes);
      InputArgument argument{in.get(), 0, false};
      PodVector<Buffer *> results;
      runPlan(*exe, {&argument, 1}, {}, results, thisThread());
      ASSERT_EQ(results.size(), 1u);
      Ref<Buffer> out = Ref<Buffer>::adopt(results[0]);
      for (int64_t i = 0; i < range; ++i)
        ASSERT_EQ(reinterpret_cast<int32_t *>(out->data)[i], i + 1) << range << " by " << grain;
    }
  }
}
/// Launches of very different ranges over parts of one output, as one.
TEST_P(Launches, TogetherCoverEveryPointOnce) {
  Context::get().settings.setThreads(GetParam());
  for (std::vector<int64_t> ranges :
       {std::vector<int64_t>{1000, 0, 1, 7, 4097}, {3, 5, 2}, {64, 64}, {1, 100000, 1, 1, 30}}) {
    for (int64_t grain : {1, 16, 5000}) {
      PlanParts plan;
      plan.header.magic = exe::kMagic, plan.header.version = exe::kVersion;
      plan.header.numInputs = plan.header.numOutputs = ranges.size();
      TraceGraph graph;
      std::vector<Ref<Buffer>> buffers;
      std::vector<InputArgument> arguments;
      const auto count = static_cast<uint32_t>(ranges.size());
      for (uint32_t i = 0; i < count; ++i) {
        const int64_t range = ranges[i];
        const uint64_t bytes = static_cast<uint64_t>(range) * 4;
        plan.slots.push_back({exe::SlotKind::input, i, 0, bytes, -1, 0});
        graph.inputs.push_back({{kInt, {range}}, {1}, 6});
        buffers.push_back(Buffer::allocate(bytes));
        for (int64_t at = 0; at < range; ++at)
          reinterpret_cast<int32_t *>(buffers.back()->data)[at] = static_cast<int32_t>(at);
        arguments.push_back({buffers.back().get(), 0, false});
        graph.nodes.push_back({OpKind::abs, {kInt, {range}}, {i}, {}});
        graph.outputs.push_back({count + i, -1});
        exe::Step copy{};
        copy.kind = exe::StepKind::copy, copy.firstArg = plan.stepArgs.size(), copy.numArgs = 2;
        copy.bytes = bytes;
        plan.stepArgs.push_back(count + i), plan.stepArgs.push_back(i);
        plan.steps.push_back(copy);
      }
      for (uint32_t i = 0; i < count; ++i) {
        plan.slots.push_back(
            {exe::SlotKind::output, i, 0, static_cast<uint64_t>(ranges[i]) * 4, -1, 0});
        exe::Step launch{};
        launch.kind = exe::StepKind::launch, launch.firstArg = plan.stepArgs.size();
        launch.numArgs = 1, launch.range = ranges[i], launch.grain = grain + i;
        launch.scratchBytes = 100 * i, launch.together = i ? 0 : count - 1;
        plan.stepArgs.push_back(count + i);
        plan.steps.push_back(launch);
      }
      plan.image = kIncrement;
      std::string error;
      auto exe = LoadedExecutable::load(plan.serialize(), graph, error);
      ASSERT_NE(exe, nullptr) << error;
      PodVector<Buffer *> results;
      runPlan(*exe, arguments, {}, results, thisThread());
      ASSERT_EQ(results.size(), count);
      for (uint32_t i = 0; i < count; ++i) {
        Ref<Buffer> out = Ref<Buffer>::adopt(results[i]);
        for (int64_t at = 0; at < ranges[i]; ++at)
          ASSERT_EQ(reinterpret_cast<int32_t *>(out->data)[at], at + 1) << i << " by " << grain;
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(, Launches, ::testing::Values(1, 2, 3, 4));

} // namespace
