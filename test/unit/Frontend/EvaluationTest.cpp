//===- EvaluationTest.cpp ---------------------------------------------------------------------===//
// What is evaluated when (decision 5).

#include "Support.h"

using namespace frontend_test;
using namespace tjit;

namespace {
/// Traces run by the call.
template <class F> uint64_t evaluationsOf(F &&call) {
  resetStatistics();
  call();
  return statistics().evaluations;
}
} // namespace

TEST(Evaluation, RecordingRunsNothing) {
  Tensor x = ones({4});
  EXPECT_EQ(evaluationsOf([&] { Tensor y = (x + 1) * x.t(); }), 0u);
}
TEST(Evaluation, ViewsRecordNothing) {
  Tensor x = arange(12.);
  eval(x);
  EXPECT_EQ(
      evaluationsOf([&] { EXPECT_EQ(x.view({3, 4}).t().slice(0, 1)[0][2].item<float>(), 9); }), 0u);
}
TEST(Evaluation, ReadingAValueRunsOneTrace) {
  Tensor x = ones({4});
  EXPECT_EQ(evaluationsOf([&] { EXPECT_EQ(((x + 1) * 3).sum().item<float>(), 24); }), 1u);
}
TEST(Evaluation, ATrainingStepIsOneTrace) {
  Tensor x = randn({20, 3}), y = randn({20, 1});
  Tensor w = zeros({3, 1}, requires_grad()), b = zeros({1}, requires_grad());
  auto step = [&] {
    Tensor loss = (x.matmul(w) + b - y).pow(2).mean();
    loss.backward();
    NoGradGuard guard;
    w -= 0.1 * w.grad();
    b -= 0.1 * b.grad();
    w.mutable_grad().reset();
    b.mutable_grad().reset();
  };
  for (int i = 0; i < 4; ++i)
    step();
  const uint64_t n = evaluationsOf([&] {
    for (int i = 0; i < 10; ++i)
      step();
  });
  EXPECT_EQ(n, 10u);
}
TEST(Evaluation, EagerModeEvaluatesEveryCall) {
  const Mode before = mode();
  setMode(Mode::Eager);
  Tensor x = ones({4});
  EXPECT_EQ(evaluationsOf([&] { (x + 1) * 2; }), 2u);
  EXPECT_THROW(floor_divide(tensor({1}), tensor({0})), Error);
  Tensor out = zeros({2, 2});
  out[0] = 7;
  EXPECT_EQ(values(out), Values({7, 7, 0, 0}));
  setMode(before);
}
TEST(Evaluation, EvalComputesWhatItIsGiven) {
  Tensor x = ones({4}), y = x + 1, z = x * 2;
  EXPECT_EQ(evaluationsOf([&] { eval({y, z}); }), 1u);
  EXPECT_EQ(evaluationsOf([&] { EXPECT_EQ(y[0].item<float>() + z[0].item<float>(), 4); }), 0u);
}
TEST(Evaluation, EvalWithoutArgumentsComputesEverything) {
  Tensor x = ones({4}), y = x + 1;
  eval();
  EXPECT_EQ(evaluationsOf([&] { EXPECT_EQ(y[0].item<float>(), 2); }), 0u);
}
