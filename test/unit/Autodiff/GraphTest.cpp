//===- GraphTest.cpp --------------------------------------------------------------------------===//
// What histories and passes do.
//
// The rules of leaves, accumulation, freeing, hooks and modes, as PyTorch has them.
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

#include <memory>

TEST(Leaves, RequireGradOnlyWhenAsked) {
  Tensor x = torch::tensor({1.0, 2.0});
  EXPECT_FALSE(x.requires_grad());
  EXPECT_TRUE(x.is_leaf());
  EXPECT_FALSE((x * 2).requires_grad());
  x.requires_grad_(true);
  Tensor y = x * 2;
  EXPECT_TRUE(y.requires_grad());
  EXPECT_FALSE(y.is_leaf());
  EXPECT_TRUE(x.is_leaf());
  EXPECT_EQ(x.grad_fn(), nullptr);
  ASSERT_NE(y.grad_fn(), nullptr);
  EXPECT_EQ(y.grad_fn()->name(), "MulBackward1");
  EXPECT_EQ(y.grad_fn()->next_functions().at(0)->name(), "torch::autograd::AccumulateGrad");
  EXPECT_EQ(y.grad_fn()->next_functions().at(1), nullptr);
}

TEST(Leaves, OfIntegersAreRefused) {
  EXPECT_MESSAGE(torch::arange(3).requires_grad_(true), "floating point");
}

TEST(Leaves, AResultKeepsItsFlag) {
  Tensor y = leaf({1}) * 2;
  EXPECT_MESSAGE(y.requires_grad_(false), "leaf");
  y.requires_grad_(true);
}

TEST(Leaves, FlagCanBeSwitchedOff) {
  Tensor x = leaf({1});
  x.requires_grad_(false);
  EXPECT_FALSE((x * 2).requires_grad());
}

TEST(Accumulation, AddsToTheFieldInPlace) {
  Tensor q = leaf({2});
  (q * q).backward();
  EXPECT_EQ(valuesOf(q.grad()), V{4});
  Tensor held = q.grad();
  (q * 5).backward();
  EXPECT_EQ(valuesOf(held), V{9});
  EXPECT_TRUE(held.is_same(q.grad()));
  EXPECT_FALSE(held.requires_grad());
}

TEST(Accumulation, AfterAResetTheOldFieldIsLeftAlone) {
  Tensor q = leaf({2});
  (q * 5).backward();
  Tensor held = q.grad();
  q.mutable_grad() = Tensor();
  EXPECT_FALSE(q.grad().defined());
  (q * 7).backward();
  EXPECT_EQ(valuesOf(q.grad()), V{7});
  EXPECT_EQ(valuesOf(held), V{5});
}

TEST(Accumulation, LeavesThatShareAGradientDoNotShareTheField) {
  Tensor a = leaf({1, 2}), b = leaf({3, 4});
  (a + b).sum().backward();
  a.grad().mul_(10);
  EXPECT_EQ(valuesOf(a.grad()), (V{10, 10}));
  EXPECT_EQ(valuesOf(b.grad()), (V{1, 1}));
}

TEST(Accumulation, AGivenGradientIsNotTheField) {
  Tensor a = leaf({1, 2}), g = torch::tensor({1.0, 1.0}, torch::kFloat64);
  (a * 1).backward(g);
  (a + 0).backward(g);
  EXPECT_EQ(valuesOf(a.grad()), (V{2, 2}));
  EXPECT_EQ(valuesOf(g), (V{1, 1}));
}

TEST(Accumulation, ZeroingUnderNoGradAndGoingOn) {
  Tensor w = leaf({1});
  for (int i = 0; i < 3; ++i) {
    if (w.grad().defined())
      w.grad().zero_();
    (w * w).sum().backward();
    torch::NoGradGuard guard;
    w -= 0.25 * w.grad();
  }
  EXPECT_EQ(valuesOf(w), V{0.125});
  EXPECT_TRUE(w.requires_grad());
  EXPECT_TRUE(w.is_leaf());
}

TEST(Pass, SumsOverAllPaths) {
  Tensor x = leaf({0.5, -0.25});
  Tensor u = x.sin(), v = x.cos();
  (u * v + u / (v + 3) + x).sum().backward();
  for (size_t i = 0; i < 2; ++i) {
    const double t = valuesOf(x)[i], s = std::sin(t), c = std::cos(t);
    EXPECT_NEAR(valuesOf(x.grad())[i],
                c * c - s * s + (c * (c + 3) + s * s) / ((c + 3) * (c + 3)) + 1, 1e-12);
  }
}

TEST(Pass, SameOperandTwice) {
  Tensor x = leaf({3, 4});
  (x * x + x).sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{7, 9}));
}

TEST(Pass, ASecondOneNeedsARetainedGraph) {
  Tensor x = leaf({1, 2});
  Tensor y = (x * x).sum();
  y.backward({}, true);
  y.backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{4, 8}));
  EXPECT_MESSAGE(y.backward(), "second time");
}

TEST(Pass, WhatSavedNothingCanRunAgain) {
  Tensor x = leaf({1, 2});
  Tensor y = x.sum();
  y.backward();
  y.backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{2, 2}));
}

TEST(Pass, FreesWhatItSaved) {
  Tensor x = leaf({1, 2}), y;
  {
    Tensor big = x * 2;
    y = (big * big).sum();
  }
  y.backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{8, 16}));
}

TEST(Pass, NeedsAScalarOrAGradient) {
  Tensor x = leaf({1, 2});
  EXPECT_MESSAGE((x * 2).backward(), "scalar");
  (x * 3).backward(torch::tensor({1.0, 10.0}, torch::kFloat64));
  EXPECT_EQ(valuesOf(x.grad()), (V{3, 30}));
  EXPECT_MESSAGE((x * 3).backward(torch::ones({3}, torch::kFloat64)), "sizes");
}

TEST(Pass, NeedsAHistory) {
  EXPECT_MESSAGE(torch::ones({1}).sum().backward(), "does not require grad");
}

TEST(Pass, OfALeafItself) {
  Tensor x = leaf({3});
  x.backward();
  EXPECT_EQ(valuesOf(x.grad()), V{1});
}

TEST(Pass, SeveralOutputs) {
  Tensor x = leaf({1, 2}), y = leaf({3, 4});
  torch::autograd::backward({x.sum(), (x * y).sum()}, {});
  EXPECT_EQ(valuesOf(x.grad()), (V{4, 5}));
  EXPECT_EQ(valuesOf(y.grad()), (V{1, 2}));
}

TEST(Pass, OnlyGivenInputs) {
  Tensor x = leaf({1, 2}), y = leaf({3, 4});
  torch::autograd::backward({(x * y).sum()}, {}, std::nullopt, false, {y});
  EXPECT_FALSE(x.grad().defined());
  EXPECT_EQ(valuesOf(y.grad()), (V{1, 2}));
}

TEST(Pass, RunsOnGraphsOfOtherThreads) {
  Tensor x = leaf({2}), y;
  std::thread([&] { y = x * x; }).join();
  Tensor z;
  std::thread([&] { z = (y * y).sum(); }).join();
  z.backward();
  EXPECT_EQ(valuesOf(x.grad()), V{32});
}

TEST(Pass, ConcurrentOnesShareLeaves) {
  Tensor x = leaf({2});
  torch::eval(x);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i)
        (x * 3).sum().backward();
    });
  for (std::thread &t : threads)
    t.join();
  EXPECT_EQ(valuesOf(x.grad()), V{300});
}

TEST(Chains, OfAHundredThousandOperationsAreNoRecursion) {
  Tensor x = leaf({1});
  Tensor y = x;
  for (int i = 0; i < 100000; ++i)
    y = y + 1;
  y.sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), V{1});
}

TEST(Chains, CanBeDroppedUnused) {
  Tensor x = leaf({1});
  for (int kind = 0; kind < 2; ++kind) {
    Tensor y = x;
    for (int i = 0; i < 100000; ++i)
      y = kind ? y.view({1}) : y * x;
  }
}

TEST(Function, GradLeavesTheFieldAlone) {
  Tensor x = leaf({1, 2}), y = leaf({3, 4});
  auto g = torch::autograd::grad({(x * y).sum()}, {x, y});
  EXPECT_EQ(valuesOf(g[0]), (V{3, 4}));
  EXPECT_EQ(valuesOf(g[1]), (V{1, 2}));
  EXPECT_FALSE(x.grad().defined());
}

TEST(Function, GradOfWhatIsNotUsed) {
  Tensor x = leaf({1}), y = leaf({2});
  EXPECT_MESSAGE(torch::autograd::grad({x.sum()}, {y}), "not have been used");
  auto g = torch::autograd::grad({x.sum()}, {x, y}, {}, false, false, true);
  EXPECT_TRUE(g[0].defined());
  EXPECT_FALSE(g[1].defined());
}

TEST(Function, GradByAResultOnTheWay) {
  Tensor x = leaf({2}), y = leaf({3});
  Tensor z = x * y;
  auto g = torch::autograd::grad({(z * z).sum()}, {z, x, z});
  EXPECT_EQ(valuesOf(g[0]), V{12});
  EXPECT_EQ(valuesOf(g[1]), V{36});
  EXPECT_EQ(valuesOf(g[2]), V{12});
}

TEST(Function, GradByAnOutputItself) {
  Tensor x = leaf({2});
  Tensor z = x * 2;
  EXPECT_EQ(valuesOf(torch::autograd::grad({z}, {z})[0]), V{1});
}

TEST(Function, GradRunsNothingBesideTheWay) {
  // The other branch's rule would fail: its saved value was overwritten.
  Tensor x = leaf({2}), y = leaf({3});
  Tensor a = x * 1, b = y * 1;
  Tensor other = (b * b).sum();
  b.add_(1);
  Tensor z = (a * 3).sum() + other;
  EXPECT_EQ(valuesOf(torch::autograd::grad({z}, {x})[0]), V{3});
}

TEST(HigherOrder, SecondAndThirdDerivatives) {
  Tensor s = leaf({2});
  Tensor g1 = torch::autograd::grad({s * s * s}, {s}, {}, true, true)[0];
  Tensor g2 = torch::autograd::grad({g1}, {s}, {}, true, true)[0];
  Tensor g3 = torch::autograd::grad({g2}, {s})[0];
  EXPECT_EQ(valuesOf(g1), V{12});
  EXPECT_EQ(valuesOf(g2), V{12});
  EXPECT_EQ(valuesOf(g3), V{6});
}

TEST(HigherOrder, ThroughASavedResult) {
  Tensor x = leaf({0.5});
  Tensor g = torch::autograd::grad({x.exp()}, {x}, {}, true, true)[0];
  EXPECT_NEAR(valuesOf(torch::autograd::grad({g}, {x})[0])[0], std::exp(0.5), 1e-15);
}

TEST(HigherOrder, BackwardWithCreateGraphFillsADifferentiableField) {
  Tensor x = leaf({3});
  (x * x).backward({}, std::nullopt, true);
  ASSERT_TRUE(x.grad().requires_grad());
  EXPECT_EQ(valuesOf(torch::autograd::grad({x.grad()}, {x})[0]), V{2});
}

TEST(HigherOrder, AGradientPenalty) {
  Tensor w = leaf({2}), x = leaf({3});
  Tensor g = torch::autograd::grad({(w * x * x).sum()}, {x}, {}, true, true)[0]; // 2 w x
  (g * g).sum().backward();                                                      // 4 w^2 x^2
  EXPECT_EQ(valuesOf(w.grad()), V{8 * 2 * 9});
  EXPECT_EQ(valuesOf(x.grad()), V{8 * 4 * 3});
}

TEST(Modes, NoGradGuardNests) {
  Tensor w = leaf({1});
  {
    torch::NoGradGuard guard;
    EXPECT_FALSE(torch::GradMode::is_enabled());
    EXPECT_FALSE((w * 2).requires_grad());
    EXPECT_TRUE(w.requires_grad());
    torch::AutoGradMode enable(true);
    EXPECT_TRUE((w * 2).requires_grad());
  }
  EXPECT_TRUE(torch::GradMode::is_enabled());
}

TEST(Modes, AreTheThreadsOwn) {
  torch::NoGradGuard guard;
  bool other = false;
  std::thread([&] { other = torch::GradMode::is_enabled(); }).join();
  EXPECT_TRUE(other);
}

TEST(Modes, AreRestoredAfterAFailedPass) {
  Tensor x = leaf({1});
  Tensor y = x * x;
  y.register_hook([](const Tensor &) -> Tensor { throw torch::Error("hook"); });
  EXPECT_THROW(y.sum().backward(), torch::Error);
  EXPECT_TRUE(torch::GradMode::is_enabled());
}

TEST(Hooks, WhatTheyThrowLeavesTheGraphUsable) {
  Tensor x = leaf({2}), w = leaf({3});
  Tensor y = x * w, z = y * y;
  int calls = 0;
  y.register_hook([&](Tensor) {
    if (++calls == 1)
      throw std::string("an exception of no class of ours");
  });
  Tensor sum = z.sum() + y.sum();
  EXPECT_THROW(sum.backward({}, true), std::string);
  EXPECT_FALSE(x.grad().defined());
  sum.backward({}, true); // nothing is left of the first contributions
  EXPECT_EQ(valuesOf(x.grad()), V{39});
  EXPECT_EQ(valuesOf(w.grad()), V{26});
  EXPECT_EQ(valuesOf(torch::autograd::grad({z}, {x})[0]), V{36});
}

TEST(Hooks, SeeAndReplaceGradients) {
  Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  V seen;
  y.register_hook([&](const Tensor &g) { seen = valuesOf(g); });
  y.register_hook([](const Tensor &g) { return g * 10; });
  (y * 3).sum().backward();
  EXPECT_EQ(seen, (V{3, 3}));
  EXPECT_EQ(valuesOf(x.grad()), (V{60, 60}));
}

TEST(Hooks, OnLeavesRunBeforeAccumulation) {
  Tensor x = leaf({1});
  unsigned hook = x.register_hook([](const Tensor &g) { return g + 100; });
  (x * 2).backward();
  EXPECT_EQ(valuesOf(x.grad()), V{102});
  x.remove_hook(hook);
  (x * 2).backward();
  EXPECT_EQ(valuesOf(x.grad()), V{104});
}

TEST(Hooks, SeeTheSumOfAllContributions) {
  Tensor x = leaf({1});
  int calls = 0;
  x.register_hook([&](const Tensor &) { ++calls; });
  (x * 2 + x * 3).backward();
  EXPECT_EQ(calls, 1);
}

TEST(Hooks, MayRunAPassOfTheirOwn) {
  Tensor x = leaf({2});
  Tensor y = x * x;
  y.register_hook([&](const Tensor &) {
    torch::AutoGradMode enable(true); // hooks run in the mode of the pass
    (x * 5).backward();
  });
  (y * 1).sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), V{9});
}

TEST(Hooks, NeedAGradient) {
  EXPECT_MESSAGE(torch::ones({1}).register_hook([](const Tensor &) {}), "require");
}

TEST(RetainGrad, KeepsTheGradientOfAResult) {
  Tensor x = leaf({1, 2});
  Tensor mid = x * 2;
  mid.retain_grad();
  EXPECT_TRUE(mid.retains_grad());
  (mid * mid).sum().backward();
  EXPECT_EQ(valuesOf(mid.grad()), (V{4, 8}));
  EXPECT_EQ(valuesOf(x.grad()), (V{8, 16}));
}

TEST(RetainGrad, OfADroppedTensorIsHarmless) {
  Tensor x = leaf({1}), y;
  {
    Tensor mid = x * 2;
    mid.retain_grad();
    y = mid * 3;
  }
  y.backward();
  EXPECT_EQ(valuesOf(x.grad()), V{6});
}

TEST(Detach, SharesMemoryAndStopsGradients) {
  Tensor w = leaf({1, 2});
  Tensor d = w.detach();
  EXPECT_FALSE(d.requires_grad());
  d[0] = 9;
  EXPECT_EQ(valuesOf(w), (V{9, 2}));
  ((w * w.detach()).sum()).backward();
  EXPECT_EQ(valuesOf(w.grad()), (V{9, 2}));
}

TEST(Detach, InPlaceForgetsTheHistory) {
  Tensor y = leaf({1}) * 2;
  y.detach_();
  EXPECT_FALSE(y.requires_grad());
  EXPECT_TRUE(y.is_leaf());
}

TEST(Lifetime, ALeafThatIsGoneTakesNoGradient) {
  Tensor y, z = leaf({5});
  {
    Tensor x = leaf({1});
    y = x * z;
  }
  y.backward();
  EXPECT_EQ(valuesOf(z.grad()), V{1});
}
