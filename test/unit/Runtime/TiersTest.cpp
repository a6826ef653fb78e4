//===- TiersTest.cpp --------------------------------------------------------------------------===//
// Who waits for the compiler, and what happens when it fails.

#include "RuntimeTest.h"

#include "Runtime/Miss.h"

#include <future>
#include <pthread.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace tjit;
using namespace tjit::test;

namespace {

using Floats = std::vector<float>;

/// Holds the compiler up until it is opened.
class Gate {
public:
  void open() { opened_.set_value(); }
  void pass() { future_.wait(); }

private:
  std::promise<void> opened_;
  std::shared_future<void> future_ = opened_.get_future().share();
};

class Tiers : public RuntimeTest {
protected:
  void TearDown() override {
    synchronize();
    Context::get().background.wait();
    fakeCompilerOptions() = {};
    thisThread().onMiss.reset();
    RuntimeTest::TearDown();
  }
  /// a * a + 1 over a small tensor, checked.
  static void compute() {
    ValueRef a = ready({1, 2, 3});
    EXPECT_EQ(read(add(mul(a, a), number(1))), (Floats{2, 5, 10}));
  }
};

TEST_F(Tiers, BlockRunsCompiledCodeAtOnce) {
  set_on_miss(OnMiss::Block);
  compute();
  EXPECT_EQ(statistics().compilations, 1u);
  EXPECT_EQ(statistics().interpretations, 0u);
}

TEST_F(Tiers, InterpretNeverWaitsAndTakesTheCodeWhenItIsThere) {
  Gate gate;
  fakeCompilerOptions().before = [&](auto &) { gate.pass(); };
  set_on_miss(OnMiss::Interpret);
  for (int i = 0; i < 5; ++i)
    compute();
  EXPECT_EQ(statistics().interpretations, 5u);
  EXPECT_EQ(statistics().hits, 0u);
  gate.open();
  synchronize();
  EXPECT_EQ(statistics().compilations, 1u);
  compute();
  EXPECT_EQ(statistics().interpretations, 5u);
  EXPECT_EQ(statistics().hits, 1u);
}

TEST_F(Tiers, AutomaticInterpretsWhatIsShort) {
  Gate gate;
  fakeCompilerOptions().before = [&](auto &) { gate.pass(); };
  set_on_miss(OnMiss::Automatic);
  compute();
  EXPECT_EQ(statistics().interpretations, 1u);
  gate.open();
  synchronize();
  compute();
  EXPECT_EQ(statistics().interpretations, 1u);
  EXPECT_EQ(statistics().compilations, 1u);
}

TEST_F(Tiers, AutomaticWaitsForWhatWouldTakeLong) {
  set_on_miss(OnMiss::Automatic);
  ValueRef a = counting({1 << 20});
  read(add(a, a));
  EXPECT_EQ(statistics().interpretations, 0u);
  EXPECT_EQ(statistics().compilations, 1u);
}

TEST_F(Tiers, FailThrowsAndLeavesEverythingAsItWas) {
  Gate gate;
  fakeCompilerOptions().before = [&](auto &) { gate.pass(); };
  set_on_miss(OnMiss::Fail);
  ValueRef a = ready({1, 2}), x = add(a, a);
  try {
    evaluate(*x);
    FAIL() << "it was not compiled";
  } catch (const NotCompiledError &e) {
    EXPECT_NE(std::string(e.what()).find("synchronize()"), std::string::npos) << e.what();
  }
  EXPECT_TRUE(x->pending());
  EXPECT_EQ(statistics().interpretations, 0u);
  gate.open();
  synchronize();
  EXPECT_EQ(read(x), (Floats{2, 4}));
}

TEST_F(Tiers, FailFailsForWhatCannotBeCompiled) {
  fakeCompilerOptions().fail = true;
  ValueRef a = ready({1, 2});
  set_on_miss(OnMiss::Block);
  EXPECT_EQ(read(add(a, a)), (Floats{2, 4}));
  set_on_miss(OnMiss::Fail);
  EXPECT_THROW(read(add(a, a)), NotCompiledError);
  set_on_miss(OnMiss::Interpret);
  EXPECT_EQ(read(add(a, a)), (Floats{2, 4}));
}

TEST_F(Tiers, ThePolicyIsTheThreadsElseTheSetting) {
  setSetting("TJIT_ON_MISS", "interpret");
  EXPECT_EQ(on_miss(), OnMiss::Interpret);
  set_on_miss(OnMiss::Fail);
  EXPECT_EQ(on_miss(), OnMiss::Fail);
  std::thread([] { EXPECT_EQ(on_miss(), OnMiss::Interpret); }).join();
  EXPECT_THROW(setSetting("TJIT_ON_MISS", "panic"), ValueError);
}

TEST_F(Tiers, APolicyEndsWithItsThread) {
  setSetting("TJIT_ON_MISS", "block");
  for (int i = 0; i < 3; ++i) // contexts are handed on to later threads
    std::thread([] {
      EXPECT_EQ(on_miss(), OnMiss::Block);
      set_on_miss(OnMiss::Fail);
    }).join();
}

TEST_F(Tiers, WhoeverWaitsForAQueuedTraceCompilesItAtOnce) {
  // The background thread is held up by one trace while another one is wanted now.
  Gate gate;
  std::thread::id blocked;
  fakeCompilerOptions().before = [&, main = std::this_thread::get_id()](auto &) {
    if (std::this_thread::get_id() != main)
      gate.pass();
  };
  set_on_miss(OnMiss::Interpret);
  read(sum(ready({1, 2})));
  compute();
  set_on_miss(OnMiss::Block);
  compute();
  EXPECT_EQ(statistics().interpretations, 2u);
  EXPECT_EQ(statistics().compilations, 1u);
  gate.open();
  synchronize();
  EXPECT_EQ(statistics().compilations, 2u);
}

TEST_F(Tiers, TheQueueIsBoundedAndWhatIsRefusedIsTakenLater) {
  Gate gate;
  fakeCompilerOptions().before = [&](auto &) { gate.pass(); };
  set_on_miss(OnMiss::Interpret);
  setTraceCacheCapacity(4096);
  const int most = Background::kMostQueued, traces = most + 50;
  auto run = [](int i) { read(sum(counting({i + 1}))); };
  for (int i = 0; i < traces; ++i)
    run(i);
  EXPECT_EQ(statistics().interpretations, uint64_t(traces));
  gate.open();
  synchronize();
  const uint64_t compiled = statistics().compilations;
  EXPECT_LT(compiled, uint64_t(traces));
  EXPECT_GE(compiled, uint64_t(most));
  for (int i = 0; i < traces; ++i)
    run(i);
  synchronize();
  EXPECT_EQ(statistics().compilations, uint64_t(traces));
}

TEST_F(Tiers, AutomaticHelpsWhenTheQueueIsFull) {
  Gate gate;
  fakeCompilerOptions().before = [&, main = std::this_thread::get_id()](auto &) {
    if (std::this_thread::get_id() != main)
      gate.pass();
  };
  set_on_miss(OnMiss::Automatic);
  setTraceCacheCapacity(4096);
  for (int i = 0; i < static_cast<int>(Background::kMostQueued) + 20; ++i)
    read(sum(counting({i + 1})));
  EXPECT_GE(statistics().compilations, 19u);
  gate.open();
  synchronize();
}

TEST_F(Tiers, ACompilerFaultCostsSpeedOnly) {
  fakeCompilerOptions().fail = true;
  set_on_miss(OnMiss::Interpret);
  compute();
  synchronize();
  compute();
  EXPECT_EQ(statistics().interpretations, 2u);
  fakeCompilerOptions().fail = false;
  EXPECT_EQ(read(sum(ready({1, 2}))), Floats{3}); // another trace is compiled
  synchronize();
  EXPECT_EQ(read(sum(ready({1, 2}))), Floats{3});
  EXPECT_EQ(statistics().hits, 2u); // the failure and the sum
}

TEST_F(Tiers, AKilledCompileThreadCostsSpeedOnly) {
  std::atomic<int> kills{2};
  fakeCompilerOptions().before = [&](auto &) {
    if (kills-- > 0)
      pthread_exit(nullptr);
  };
  set_on_miss(OnMiss::Interpret);
  for (int i = 1; i <= 4; ++i)
    EXPECT_EQ(read(sum(counting({i}))), Floats{i * (i - 1) / 2.f});
  synchronize();
  EXPECT_EQ(statistics().compilations, 2u); // by a third thread
  for (int i = 1; i <= 4; ++i)
    EXPECT_EQ(read(sum(counting({i}))), Floats{i * (i - 1) / 2.f});
  EXPECT_EQ(statistics().interpretations, 6u);
}

TEST_F(Tiers, TracesThatWereDroppedAreNotCompiled) {
  Gate gate;
  fakeCompilerOptions().before = [&](auto &) { gate.pass(); };
  set_on_miss(OnMiss::Interpret);
  read(sum(ready({1, 2})));
  compute();
  clearCaches();
  gate.open();
  synchronize();
  EXPECT_LE(statistics().compilations, 1u); // what had begun
}

TEST_F(Tiers, AChildGoesOnAndLeavesItsParentsQueueToIt) {
  if (kThreadSanitizer)
    GTEST_SKIP() << "ThreadSanitizer ends a child that starts a thread";
  fakeCompilerOptions().before = [](auto &) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  };
  set_on_miss(OnMiss::Interpret);
  read(sum(ready({1, 2})));
  compute(); // one of them is being compiled, the other one waits
  pid_t child = fork();
  if (child == 0) {
    fakeCompilerOptions().before = nullptr;
    const uint64_t before = statistics().compilations;
    compute();
    synchronize();
    compute();
    set_on_miss(OnMiss::Block);
    ValueRef x = sum(mul(ready({1, 2}), ready({3, 4})));
    const bool right = read(x) == Floats{11};
    _exit(right && !testing::Test::HasFailure() && statistics().compilations > before ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  synchronize();
  EXPECT_EQ(statistics().compilations, 2u);
}

TEST_F(Tiers, SameBitsBeforeAndAfterTheSwap) {
  Gate gate;
  fakeCompilerOptions().before = [&](auto &) { gate.pass(); };
  set_on_miss(OnMiss::Interpret);
  ValueRef state = ready({0.1f, 0.2f}), factor = ready({1.7f, 0.3f});
  std::atomic<bool> done{false};
  std::thread opener([&] {
    while (statistics().interpretations < 20)
      std::this_thread::yield();
    gate.open();
    done = true;
  });
  float expected[2] = {0.1f, 0.2f};
  for (int i = 0; i < 2000 || !done; ++i) {
    state = sub(mul(state, factor), state);
    for (int e = 0; e < 2; ++e)
      expected[e] = expected[e] * (e ? 0.3f : 1.7f) - expected[e];
    ASSERT_EQ(read(state), (Floats{expected[0], expected[1]})) << i;
  }
  opener.join();
}

TEST(Estimate, GrowsWithElementsAndCostOfTheOperation) {
  auto estimate = [](OpKind kind, Dims sizes) {
    TraceGraph g;
    TensorType type{kFloat, sizes};
    g.inputs = {{type, contiguousStrides(sizes), 6}};
    const bool two = kind == OpKind::add || kind == OpKind::matmul;
    g.nodes = {{kind, type, two ? std::vector<uint32_t>{0, 0} : std::vector<uint32_t>{0}, {}}};
    g.outputs = {{1, -1}};
    return estimateInterpretation(encodeTrace(g));
  };
  EXPECT_LT(estimate(OpKind::add, {100}), 10);
  EXPECT_GT(estimate(OpKind::add, {10'000'000}), 1000);
  EXPECT_GT(estimate(OpKind::sin, {10'000}), 10 * estimate(OpKind::add, {10'000}));
  EXPECT_GT(estimate(OpKind::matmul, {200, 200}), 5 * estimate(OpKind::add, {200, 200}));
}

} // namespace
