//===- ThreadsTest.cpp ------------------------------------------------------------------------===//
// Several threads record, evaluate and drop values.

#include "RuntimeTest.h"

#include <thread>

using namespace tjit;
using namespace tjit::test;

namespace {

using Threads = RuntimeTest;
using Floats = std::vector<float>;

template <class F> void onThreads(int n, F work) {
  std::vector<std::thread> threads;
  for (int t = 0; t < n; ++t)
    threads.emplace_back([=] { work(t); });
  for (std::thread &t : threads)
    t.join();
}

TEST_F(Threads, EachHasATraceOfItsOwn) {
  onThreads(4, [](int t) {
    ValueRef x = ready({float(t), 1});
    for (int i = 0; i < 3000; ++i)
      x = add(x, number(1));
    EXPECT_EQ(read(x), (Floats{t + 3000.f, 3001}));
  });
}

TEST_F(Threads, CompileASignatureOnce) {
  onThreads(4, [](int) {
    for (int i = 0; i < 50; ++i)
      EXPECT_EQ(read(mul(add(ready({1, 2}), number(1)), ready({2, 2}))), (Floats{4, 6}));
  });
  EXPECT_EQ(fakeCompilerOptions().calls, 1);
  EXPECT_EQ(statistics().hits, 199u);
}

TEST_F(Threads, AnotherThreadsPendingValueIsEvaluatedWhenItIsUsed) {
  ValueRef x = add(ready({1, 2}), number(1));
  std::thread([&] { EXPECT_EQ(read(mul(x, number(2))), (Floats{4, 6})); }).join();
  EXPECT_FALSE(x->pending());
}

TEST_F(Threads, ValuesOutliveTheThreadThatRecordedThem) {
  ValueRef x, named;
  std::thread([&] {
    x = add(ready({1, 2}), number(1));
    named = mul(x, x);
  }).join();
  EXPECT_TRUE(x->pending());
  EXPECT_EQ(read(named), (Floats{4, 9}));
  EXPECT_EQ(read(x), (Floats{2, 3}));
}

TEST_F(Threads, ValuesMayDieInAnotherThread) {
  for (int round = 0; round < 50; ++round) {
    std::vector<ValueRef> values;
    for (int i = 0; i < 20; ++i)
      values.push_back(add(ready({1, 2}), number(static_cast<float>(i))));
    std::thread dropper([dropped = std::move(values)]() mutable { dropped.clear(); });
    ValueRef x = ready({0, 0});
    for (int i = 0; i < 200; ++i)
      x = add(x, number(1));
    EXPECT_EQ(read(x), (Floats{200, 200}));
    dropper.join();
  }
}

TEST_F(Threads, ReadEachOthersValuesWhileRecording) {
  // Every thread publishes a pending value, and uses that of its neighbour.
  constexpr int kThreads = 4, kRounds = 100;
  struct Shelf {
    std::mutex mutex;
    ValueRef value = ready({0, 0});
  };
  std::vector<Shelf> shelves(kThreads);
  std::atomic<int> errors{0};
  onThreads(kThreads, [&](int t) {
    ValueRef own = ready({1, 1});
    for (int i = 0; i < kRounds; ++i) {
      own = add(own, number(1));
      {
        std::lock_guard lock(shelves[t].mutex);
        shelves[t].value = own;
      }
      ValueRef other;
      {
        std::lock_guard lock(shelves[(t + 1) % kThreads].mutex);
        other = shelves[(t + 1) % kThreads].value;
      }
      Floats sums = read(sub(add(own, other), other));
      if (sums != Floats{i + 2.f, i + 2.f})
        ++errors;
    }
  });
  EXPECT_EQ(errors, 0);
}

TEST_F(Threads, FinishReadersReachesOtherThreadsTraces) {
  float memory[1] = {1};
  ValueRef a = Value::ready({kFloat, {1}}, Buffer::borrow(memory, 4, nullptr)), x;
  std::thread([&] { x = add(a, a); }).join();
  finishReaders(*a->buffer);
  EXPECT_FALSE(x->pending());
}

TEST_F(Threads, BlocksFreedByAnotherThreadAreUsedAgain) {
  const uint64_t before = statistics().bytesInUse;
  for (int round = 0; round < 200; ++round) {
    std::vector<Ref<Buffer>> buffers;
    for (int i = 0; i < 50; ++i)
      buffers.push_back(Buffer::allocate(10000));
    std::thread([dropped = std::move(buffers)]() mutable { dropped.clear(); }).join();
  }
  EXPECT_EQ(statistics().bytesInUse, before);
  EXPECT_LT(statistics().bytesReserved, uint64_t(64) << 20);
}

} // namespace
