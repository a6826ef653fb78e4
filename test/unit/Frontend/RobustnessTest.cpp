//===- RobustnessTest.cpp ---------------------------------------------------------------------===//
// What a long or careless program does: memory stays bounded, tensors may be shared between threads
// and die in any order.
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

#include "Runtime/Sanitizer.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <pthread.h>
#include <random>
#include <thread>
#include <unistd.h>

using namespace frontend_test;
using namespace tjit;

namespace {

/// TJIT_TEST_FULL=1 runs the sizes that a promise names instead of smaller ones.
bool full() { return std::getenv("TJIT_TEST_FULL") != nullptr; }

int64_t residentBytes() {
  int64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

} // namespace

TEST(Robustness, ALoopOfOperationsTakesConstantMemory) {
  if (tjit::rt::kAddressSanitizer)
    GTEST_SKIP() << "AddressSanitizer keeps freed memory";
  const int64_t operations = full() ? 1'000'000 : 60'000;
  Tensor x = ones({100});
  auto run = [&](int64_t n) {
    for (int64_t i = 0; i < n; i += 2)
      x = x * 0.999 + 0.001;
  };
  run(operations / 6); // caches fill
  const int64_t before = residentBytes();
  run(operations);
  EXPECT_LT(residentBytes() - before, 8 << 20);
  EXPECT_NEAR(x[0].item<float>(), 1, 1e-3);
}

TEST(Robustness, ALoopOfTrainingStepsTakesConstantMemory) {
  if (tjit::rt::kAddressSanitizer)
    GTEST_SKIP() << "AddressSanitizer keeps freed memory";
  const int steps = full() ? 50'000 : 1'000;
  manual_seed(1);
  const Tensor inputs = randn({16, 4}), targets = randn({16, 1});
  Tensor w = randn({4, 1}, requires_grad()), loss;
  auto run = [&](int n) {
    for (int i = 0; i < n; ++i) {
      loss = (inputs.matmul(w) - targets).square().mean();
      loss.backward();
      NoGradGuard guard;
      w -= 0.01 * w.grad();
      w.grad().zero_();
    }
    eval(w);
  };
  run(steps / 5);
  const int64_t before = residentBytes();
  run(steps);
  EXPECT_LT(residentBytes() - before, 8 << 20);
  EXPECT_TRUE(std::isfinite(loss.item<float>()));
}

TEST(Robustness, PendingMeansDoNotKeepTheirInputs) {
  const int64_t count = full() ? 1000 : 60, elements = full() ? 1 << 24 : 1 << 20;
  const auto inputBytes = static_cast<uint64_t>(elements) * 4;
  resetStatistics();
  const uint64_t before = statistics().bytesInUse;
  std::vector<Tensor> means;
  for (int64_t i = 0; i < count; ++i) {
    Tensor input = full() || i % 2 ? tjit::full({elements}, static_cast<double>(i), kFloat)
                                   : arange(elements).to(kFloat) * 0 + i;
    input.data_ptr<float>(); // in memory, not a recipe for it
    means.push_back(input.mean());
  }
  EXPECT_LT(statistics().peakBytesInUse - before, 8 * inputBytes);
  for (int64_t i = 0; i < count; ++i)
    EXPECT_EQ(means[static_cast<size_t>(i)].item<float>(), static_cast<float>(i));
}

TEST(Robustness, PendingMeansOfEvaluatedInputsDoNotKeepThemEither) {
  const int64_t count = full() ? 1000 : 100, elements = full() ? 1 << 24 : 1 << 22;
  const auto inputBytes = static_cast<uint64_t>(elements) * 4;
  resetStatistics();
  const uint64_t before = statistics().bytesInUse;
  std::vector<Tensor> means;
  for (int64_t i = 0; i < count; ++i) {
    Tensor input = tjit::full({elements}, static_cast<double>(i), kFloat);
    eval(input);
    means.push_back(input.mean());
  }
  const uint64_t peak = statistics().peakBytesInUse - before;
  EXPECT_LT(peak, std::max<uint64_t>(8 * inputBytes, uint64_t(300) << 20)) << peak;
  for (int64_t i = 0; i < count; ++i)
    EXPECT_EQ(means[static_cast<size_t>(i)].item<float>(), static_cast<float>(i));
}

TEST(Robustness, DeepGraphsRunWithASmallStack) {
  // Recursion of a hundred thousand calls would not fit into 256 KB.
  pthread_t handle;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  auto body = [](void *) -> void * {
    Tensor x = full({2}, 1., kFloat64).requires_grad_(), y = x;
    for (int i = 0; i < 100'000; ++i)
      y = y.sin() * 0.5 + y;
    y.sum().backward();
    EXPECT_TRUE(std::isfinite(x.grad()[0].item<double>()));
    Tensor view = y.detach().clone(); // views of views, and what hangs on them
    for (int i = 0; i < 20'000; ++i)
      view = view.view({2});
    EXPECT_EQ(view.numel(), 2);
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&handle, &attributes, body, nullptr), 0);
  pthread_join(handle, nullptr);
  pthread_attr_destroy(&attributes);
}

TEST(Robustness, ThreadsShareTensors) {
  manual_seed(2);
  const Tensor shared = randn({64, 64}), w = randn({64, 64}, requires_grad());
  const Tensor pending = shared * 2 + 1; // recorded here, read there
  Tensor view = shared.t();
  const double expected = (pending.matmul(view) * w.detach()).sum().item<double>();
  std::vector<std::thread> threads;
  std::vector<double> sums(4);
  for (size_t i = 0; i < sums.size(); ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 10; ++round) {
        Tensor loss = (pending.matmul(view) * w).sum();
        loss.backward();
        sums[i] = loss.item<double>();
      }
    });
  for (std::thread &t : threads)
    t.join();
  for (double sum : sums)
    EXPECT_EQ(sum, expected);
  EXPECT_TRUE(allclose(w.grad(), pending.matmul(view) * 40, 1e-4, 1e-3));
}

TEST(Robustness, ThingsDieInAnyOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    int deleted = 0;
    std::vector<float> memory(12, 1.f);
    std::vector<Tensor> all;
    {
      Tensor x = from_blob(memory.data(), {3, 4}, [&](void *) { ++deleted; });
      Tensor part = x.slice(1, 1, 3);
      part.mul_(2);
      Tensor w = ones({3, 4}).requires_grad_(), y = w * x, view = y[1], z = (view + x[0]).relu();
      y.register_hook([](Tensor g) { return g * 2; });
      z.retain_grad();
      Tensor sum = z.sum() + y.sum();
      sum.backward(Tensor(), true);
      Tensor copy = x.clone();
      all = {x, w, y, view, z, sum, part, copy, w.grad(), z.grad(), sum * 3, x.t()};
    }
    std::shuffle(all.begin(), all.end(), random);
    while (!all.empty()) {
      if (all.back().requires_grad() && all.back().numel() == 1)
        all.back().backward(Tensor(), true);
      all.pop_back();
    }
    EXPECT_EQ(deleted, 1);
  }
}
