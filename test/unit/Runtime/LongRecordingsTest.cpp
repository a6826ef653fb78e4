//===- LongRecordingsTest.cpp -----------------------------------------------------------------===//
// Pieces of long recordings: unfused code at first, fused code when they come again.

#include "RuntimeTest.h"

#include "Runtime/CapturedRun.h"

#include <future>

using namespace tjit;
using namespace tjit::test;

namespace {

using Floats = std::vector<float>;

class LongRecordings : public RuntimeTest {
protected:
  void TearDown() override {
    synchronize();
    fakeCompilerOptions() = {};
    thisThread().onMiss.reset();
    RuntimeTest::TearDown();
  }
};

/// x + 1 so many times, in an order of two ways to write it that has no period.
ValueRef chain(const ValueRef &x, int length, uint32_t seed = 1) {
  ValueRef one = ready({1, 1}), out = x;
  for (int i = 0; i < length; ++i) {
    seed = seed * 1664525u + 1013904223u;
    out = seed >> 31 ? add(out, one) : sub(out, sub(one, add(one, one)));
  }
  return out;
}

TEST_F(LongRecordings, PiecesStartUnfusedAndBothCodesGiveTheValue) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(read(chain(ready({0, 5}), 10000)), (Floats{10000, 10005})) << "round " << round;
    if (round == 0) {
      EXPECT_GT(statistics().unfused, 3u);
      EXPECT_LE(statistics().unfused, 25u); // bounded pieces
      EXPECT_EQ(statistics().fusedLater, 0u);
    }
    synchronize();
  }
  EXPECT_EQ(statistics().fusedLater, statistics().unfused) << "all of them have come again";
}

TEST_F(LongRecordings, WhatComesOnceIsNotFused) {
  read(chain(ready({0, 0}), 5000, 1));
  read(chain(ready({0, 0}), 5000, 2));
  synchronize();
  EXPECT_EQ(statistics().fusedLater, 0u);
}

TEST_F(LongRecordings, ALongTraceThatIsAskedForStartsUnfusedToo) {
  thisThread().trace.limits.operations = thisThread().trace.checkAt = 5000;
  thisThread().trace.limits.operationsWithoutPeriod = 5000;
  thisThread().trace.openQuickWay();
  read(chain(ready({0, 0}), 700));
  EXPECT_EQ(statistics().unfused, 1u);
  read(chain(ready({0, 0}), 100));
  EXPECT_EQ(statistics().unfused, 1u) << "a hundred operations are compiled at once";
  EXPECT_EQ(statistics().compilations, 2u);
}

TEST_F(LongRecordings, WhatRunsLongerThanFusingTakesIsFusedAtOnce) {
  const int elements = 150'000; // sines of 6 ms
  ValueRef x = ready(Floats(elements, 1));
  thisThread().trace.limits.operations = thisThread().trace.checkAt = 300;
  thisThread().trace.limits.operationsWithoutPeriod = 300;
  thisThread().trace.openQuickWay();
  fakeCompilerOptions().withoutSteps = true; // the compiler of the tests interprets
  for (int i = 0; i < 301; ++i)
    x = unary(std::popcount(static_cast<unsigned>(i)) % 2 ? OpKind::sin : OpKind::cos, x);
  EXPECT_GE(statistics().compilations, 1u);
  EXPECT_EQ(statistics().unfused, 0u);
  x.reset();
  Context::get().allocator.releaseCached(thisThread().buffers); // for tests that bound it
}

TEST_F(LongRecordings, NobodyWaitsForFusedCode) {
  std::promise<void> opened;
  std::shared_future<void> gate = opened.get_future().share();
  fakeCompilerOptions().before = [&](const tjit_compile_request &request) {
    if (!request.unfused)
      gate.wait();
  };
  for (OnMiss policy : {OnMiss::Block, OnMiss::Automatic, OnMiss::Interpret}) {
    set_on_miss(policy);
    // A multiple of what a piece has, so that no short rest is left to wait for.
    auto run = [] {
      ValueRef x = chain(ready({0, 0}), 4096);
      return x; // dropped: the pieces that were full have run
    };
    for (int round = 0; round < 4; ++round)
      run();
  }
  EXPECT_EQ(statistics().fusedLater, 0u);
  const uint64_t hits = statistics().hits;
  EXPECT_GT(hits, 0u) << "unfused code is used meanwhile";
  opened.set_value();
  synchronize();
  EXPECT_GT(statistics().fusedLater, 0u);
}

TEST_F(LongRecordings, UnfusedCodeStaysWhereFusingFails) {
  EXPECT_EQ(read(chain(ready({0, 0}), 3000)), (Floats{3000, 3000}));
  synchronize();
  fakeCompilerOptions().before = [](const tjit_compile_request &request) {
    fakeCompilerOptions().fail = !request.unfused;
  };
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(read(chain(ready({0, 0}), 3000)), (Floats{3000, 3000}));
    synchronize();
  }
  EXPECT_EQ(statistics().fusedLater, 0u);
  EXPECT_EQ(statistics().interpretations, 0u);
}

TEST_F(LongRecordings, FailThrowsForWhatIsNew) {
  set_on_miss(OnMiss::Fail);
  EXPECT_THROW(read(chain(ready({0, 0}), 3000)), NotCompiledError);
}

TEST_F(LongRecordings, ACapturedRunTakesTheFusedCode) {
  thisThread().trace.limits.operations = thisThread().trace.checkAt = 5000;
  thisThread().trace.limits.operationsWithoutPeriod = 5000;
  thisThread().trace.openQuickWay();
  ValueRef x = ready({0, 0}), y = chain(x, 700);
  CapturedRun run;
  Value *target = y.get();
  evaluateCapturing({&target, 1}, run);
  ASSERT_TRUE(run.valid());
  EXPECT_EQ(statistics().unfused, 1u);
  for (int round = 0; round < 2; ++round) {
    std::vector<InputArgument> inputs;
    for (const CapturedRun::Input &input : run.inputs)
      inputs.push_back({input.buffer.get(), input.byteOffset, false});
    PodVector<Buffer *> results;
    runAgain(run, inputs, results);
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(reinterpret_cast<const float *>(results[0]->data)[0], 700);
    Ref<Buffer>::adopt(results[0]).reset();
    synchronize();
    EXPECT_EQ(statistics().fusedLater, 1u);
  }
}

TEST_F(LongRecordings, TheLogSaysThatAPieceIsUnfused) {
  std::vector<std::string> lines;
  setSetting("TJIT_LOG", "compile");
  Context::get().log.setSink([&](const std::string &line) { lines.push_back(line); });
  read(chain(ready({0, 0}), 3000));
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines[0].find("unfused, a piece of"), std::string::npos) << lines[0];
}

} // namespace
