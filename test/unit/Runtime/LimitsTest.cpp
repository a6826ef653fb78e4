//===- LimitsTest.cpp -------------------------------------------------------------------------===//
// Long loops, bounded memory, a bounded cache.

#include "RuntimeTest.h"

using namespace tjit;
using namespace tjit::test;

namespace {

using Limits = RuntimeTest;
using Floats = std::vector<float>;

/// Records a loop whose body has `length` operations on a running value, after a prologue of other
/// ones. The body does not repeat within itself (Thue and Morse): where it does, a trace may be cut
/// by the shorter period.
Floats runLoop(int prologue, int length, int turns) {
  ValueRef one = ready({1, 1}), x = ready({0, 0});
  for (int i = 0; i < prologue; ++i)
    x = i % 2 ? mul(x, one) : sub(add(x, one), one);
  for (int turn = 0; turn < turns; ++turn) {
    x = add(x, one);
    for (int i = 1; i < length; ++i)
      x = std::popcount(static_cast<unsigned>(i)) % 2 ? unary(OpKind::abs, x) : mul(x, one);
  }
  return read(x);
}

class Loops : public RuntimeTest, public ::testing::WithParamInterface<int> {};

TEST_P(Loops, CompileAHandfulOfTraces) {
  const int length = GetParam(), turns = 30000 / length;
  EXPECT_EQ(runLoop(17, length, turns), (Floats(2, static_cast<float>(turns))));
  // The pieces that come again are fused meanwhile.
  EXPECT_LE(statistics().compilations - statistics().fusedLater, 4u)
      << "for a body of " << length << " operations";
  EXPECT_LE(pendingOperations(), 4096u);
}
INSTANTIATE_TEST_SUITE_P(, Loops, ::testing::Values(1, 2, 3, 5, 7, 13, 50, 100, 255, 300, 700));

TEST_F(Limits, NamedAccumulatorsOfALoopAreRight) {
  ValueRef one = ready({1, 2}), a = ready({0, 0}), b = ready({1, 1});
  for (int i = 0; i < 2000; ++i) {
    ValueRef t = add(a, one);
    b = add(sub(t, a), sub(b, b));
    a = t;
  }
  EXPECT_EQ(read(a), (Floats{2000, 4000}));
  EXPECT_EQ(read(b), (Floats{1, 2}));
  EXPECT_LE(statistics().compilations, 4u);
}

TEST_F(Limits, ManyLiveCheapValuesAreEvaluatedAtTheLimit) {
  ValueRef one = ready({1});
  std::vector<ValueRef> all;
  for (int i = 0; i < 5000; ++i)
    all.push_back(add(one, number(static_cast<float>(i))));
  EXPECT_LE(pendingOperations(), 2048u);
  for (int i = 0; i < 5000; i += 7)
    EXPECT_EQ(read(all[i]), Floats{1.f + i});
}

TEST_F(Limits, ManyPendingValuesDoNotSlowDownEveryEvaluation) {
  ValueRef one = ready({1});
  std::vector<ValueRef> named;
  for (int i = 0; i < 200; ++i)
    named.push_back(add(one, number(static_cast<float>(i))));
  for (int i = 0; i < 10; ++i)
    read(sum(one));
  EXPECT_EQ(pendingOperations(), 0u);
  EXPECT_EQ(read(named[7]), Floats{8});
}

TEST_F(Limits, ADeadRecordingAtTheLimitIsNotCompiled) {
  ValueRef a = ready({1, 2});
  for (int round = 0; round < 20; ++round) {
    ValueRef x = add(a, a);
    for (int i = 0; i < 255; ++i)
      x = add(x, a);
  }
  EXPECT_EQ(statistics().evaluations, 0u);
}

TEST_F(Limits, MemoryThatOnlyTheTraceKeepsAliveIsBounded) {
  thisThread().trace.limits.orphanBytes = 1 << 20;
  ValueRef total = ready({}, {0});
  uint64_t most = 0;
  for (int i = 0; i < 100; ++i) {
    ValueRef big = counting({1 << 16}); // 256 KiB, dropped at the end of the turn
    total = add(total, sum(big));
    big.reset();
    most = std::max(most, statistics().bytesInUse);
  }
  EXPECT_LT(most, uint64_t(3) << 20);
  EXPECT_GT(read(total)[0], 0.f);
}

TEST_F(Limits, AnOperationOfTooManyOperandsIsRefused) {
  ValueRef one = ready({1});
  std::vector<Operand> operands(70000, {one.get()});
  int64_t dim = 0;
  EXPECT_THROW(record(OpKind::concat, operands, {&dim, 1}, kFloat, Dims{70000}), Error);
  EXPECT_EQ(pendingOperations(), 0u);
}

TEST_F(Limits, TheCacheDropsTheLeastRecentlyUsed) {
  setTraceCacheCapacity(3);
  auto use = [](size_t n) { read(add(ready(Floats(n, 1)), ready(Floats(n, 2)))); };
  use(1), use(2), use(3), use(1);
  use(4); // drops 2
  EXPECT_EQ(statistics().cachedTraces, 3u);
  EXPECT_EQ(statistics().evictions, 1u);
  uint64_t before = statistics().compilations;
  use(1), use(3), use(4);
  EXPECT_EQ(statistics().compilations, before);
  use(2);
  EXPECT_EQ(statistics().compilations, before + 1);
}

TEST_F(Limits, ACacheOfNoEntriesStillRuns) {
  setTraceCacheCapacity(0);
  EXPECT_EQ(read(add(ready({1}), ready({2}))), Floats{3});
  EXPECT_EQ(statistics().cachedTraces, 0u);
}

TEST_F(Limits, ClearingTheCachesCompilesAgain) {
  ValueRef a = ready({1});
  read(add(a, a));
  clearCaches();
  read(add(a, a));
  EXPECT_EQ(statistics().compilations, 2u);
}

TEST_F(Limits, AMissSaysWhatDiffers) {
  std::vector<std::string> lines;
  setSetting("TJIT_LOG", "cache");
  Context::get().log.setSink([&](const std::string &line) { lines.push_back(line); });
  read(mul(ready({1}), ready({2})));
  read(mul(ready({1, 2}), ready({2, 3})));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[0].find("no entry has these operations"), std::string::npos) << lines[0];
  EXPECT_NE(lines[1].find("input 0 is float32 [2], not float32 [1]"), std::string::npos)
      << lines[1];
}

} // namespace
