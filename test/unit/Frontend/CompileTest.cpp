// tjit::compile: what is replayed, what is not, and that the results are those of the function.

#include "Support.h"

#include <cmath>

using namespace frontend_test;

namespace {

/// Tests run with and without a compiler; only with one is anything replayed.
bool replays() {
  static const bool compiles = [] {
    torch::resetStatistics();
    torch::eval(torch::ones({2}) + torch::ones({2}));
    return torch::statistics().interpretations == 0;
  }();
  return compiles;
}

TEST(Compile, ALaterCallDoesNotRunTheFunction) {
  int runs = 0;
  auto f = torch::compile([&](const Tensor &x, const Tensor &y) {
    ++runs;
    return x * y + 1;
  });
  for (int i = 1; i <= 4; ++i) {
    Tensor x = torch::full({3}, float(i)), y = torch::tensor({1.f, 2.f, 3.f});
    EXPECT_EQ(values(f(x, y)), (Values{i + 1., 2. * i + 1, 3. * i + 1}));
  }
  EXPECT_EQ(runs, replays() ? 1 : 4);
}

TEST(Compile, AnotherSignatureIsAnotherProgram) {
  int runs = 0;
  auto f = torch::compile([&](const Tensor &x, double factor) {
    ++runs;
    return x * factor;
  });
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(values(f(torch::ones({2}), 2.0)), (Values{2, 2}));
    EXPECT_EQ(values(f(torch::ones({3}), 2.0)), (Values{2, 2, 2}));
    EXPECT_EQ(values(f(torch::ones({2}), 5.0)), (Values{5, 5}));
    EXPECT_EQ(f(torch::ones({2}, torch::kFloat64), 2.0).scalar_type(), torch::kFloat64);
  }
  EXPECT_EQ(runs, replays() ? 4 : 8);
}

TEST(Compile, SeveralResultsKeepTheirGeometry) {
  auto f = torch::compile([](const Tensor &x) {
    Tensor y = x + 1;
    return std::make_tuple(y, y.t(), (x * 2).slice(0, 1, 2), x);
  });
  for (int round = 0; round < 3; ++round) {
    Tensor x = torch::arange(6).to(torch::kFloat).view({2, 3}).clone();
    auto [y, t, row, same] = f(x);
    EXPECT_EQ(strides(t), (Ints{1, 3}));
    EXPECT_EQ(values(t), (Values{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(values(row), (Values{6, 8, 10}));
    EXPECT_TRUE(same.is_same(x));
    y.mul_(10);
    EXPECT_EQ(t[1][0].item<float>(), 20) << "two results are views of one storage";
  }
}

TEST(Compile, ControlFlowOnValuesRunsTheFunction) {
  auto f = torch::compile([](const Tensor &x) {
    if (x.sum().item<float>() > 0)
      return x + 1;
    return x - 1;
  });
  auto g = torch::compile([](const Tensor &x) { return x[0].item<float>() > 0 ? x * 2 : x * 3; });
  for (int round = 0; round < 3; ++round)
    for (float v : {1.f, -1.f}) {
      EXPECT_EQ(values(f(torch::full({2}, v))), (Values{v * 2, v * 2}));
      Tensor ready = torch::full({2}, v);
      torch::eval(ready);
      EXPECT_EQ(values(g(ready)), (Values(2, v > 0 ? 2 : -3)));
    }
}

TEST(Compile, RandomNumbersAreNewInEveryCall) {
  auto f = torch::compile([](const Tensor &x) { return x + torch::rand({4}); });
  Tensor x = torch::zeros({4}), a = f(x), b = f(x), c = f(x);
  EXPECT_FALSE(torch::equal(a, b));
  EXPECT_FALSE(torch::equal(b, c));
}

TEST(Compile, WritesToWhatItFindsAreSeenAndRepeated) {
  int runs = 0;
  Tensor w = torch::ones({2}), calls = torch::zeros({});
  auto f = torch::compile([&](const Tensor &x) {
    ++runs;
    calls.add_(1);
    return x * w;
  });
  Tensor x = torch::full({2}, 3.f);
  EXPECT_EQ(values(f(x)), (Values{3, 3}));
  EXPECT_EQ(values(f(x)), (Values{3, 3}));
  const int64_t version = calls._version();
  w.mul_(2);
  EXPECT_EQ(values(f(x)), (Values{6, 6}));
  w = torch::full({2}, 5.f); // another tensor under the same name
  EXPECT_EQ(values(f(x)), (Values{15, 15}));
  EXPECT_EQ(values(f(x)), (Values{15, 15}));
  EXPECT_EQ(calls.item<float>(), 5);
  EXPECT_EQ(calls._version(), version + 3);
  if (replays()) {
    EXPECT_LT(runs, 5);
  }
}

TEST(Compile, AnArgumentMayBeWritten) {
  auto step = torch::compile([](const Tensor &x, const Tensor &g) { x.sub_(g * 0.5); });
  Tensor x = torch::full({2}, 8.f), copy = x.clone();
  for (int i = 0; i < 3; ++i)
    step(x, torch::full({2}, 2.f));
  EXPECT_EQ(values(x), (Values{5, 5}));
  EXPECT_EQ(values(copy), (Values{8, 8}));
  Tensor y = torch::full({2}, 4.f);
  step(y, y); // one tensor twice
  step(y, y);
  EXPECT_EQ(values(y), (Values{1, 1}));
}

TEST(Compile, NumbersInTensorsAreRead) {
  Tensor rate = torch::scalar_tensor(2.f);
  auto f = torch::compile([&](const Tensor &x) { return x * rate; });
  Tensor x = torch::ones({2});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(values(f(x)), (Values{2, 2}));
  rate.fill_(3);
  EXPECT_EQ(values(f(x)), (Values{3, 3}));
}

TEST(Compile, RowsOfATensorAreOneSignature) {
  int runs = 0;
  auto f = torch::compile([&](const Tensor &row) {
    ++runs;
    return row.sum();
  });
  Tensor data = torch::arange(12).to(torch::kFloat).view({4, 3}).clone();
  torch::eval(data);
  for (int i = 1; i < 4; ++i)
    EXPECT_EQ(f(data[i]).item<float>(), 9 * i + 3);
  EXPECT_EQ(runs, replays() ? 1 : 3);
}

TEST(Compile, GradientsGoThroughIt) {
  auto f = torch::compile([](const Tensor &x, const Tensor &y) { return (x * y).sum(); });
  for (int round = 0; round < 3; ++round) {
    Tensor x = torch::tensor({1.f, 2.f}).requires_grad_(true), y = torch::tensor({3.f, 4.f});
    f(x, y).backward();
    EXPECT_EQ(values(x.grad()), (Values{3, 4}));
    EXPECT_EQ(f(y, y).item<float>(), 25) << "without gradients between";
  }
  // A tensor that it finds comes to require gradients later.
  Tensor w = torch::ones({2});
  auto g = torch::compile([&](const Tensor &x) { return (x * w).sum(); });
  Tensor x = torch::tensor({3.f, 4.f});
  g(x), g(x);
  w.requires_grad_(true);
  g(x).backward();
  EXPECT_EQ(values(w.grad()), (Values{3, 4}));
}

/// A model of two parameters, and what an update needs.
struct Regression {
  Tensor w = torch::tensor({0.5f, -0.25f}, torch::requires_grad()),
         b = torch::zeros({1}, torch::requires_grad());

  Tensor loss(const Tensor &x, const Tensor &y) const {
    return torch::mse_loss(torch::matmul(x, w) + b, y);
  }
  void update() const {
    torch::NoGradGuard guard;
    for (const Tensor &p : {w, b})
      p.sub_(p.grad() * 0.1);
  }
  void forgetGradients() const {
    for (const Tensor &p : {w, b})
      p.mutable_grad().reset();
  }
  Values state() const {
    Values all = values(w);
    for (const Tensor &t : {b, w.grad(), b.grad()})
      if (t.defined())
        for (double v : values(t))
          all.push_back(v);
      else
        all.push_back(12345);
    return all;
  }
};
Tensor batch(int i) {
  return torch::tensor({1.f + float(i), 2.f, -1.f, 0.5f * float(i), 3.f, 1.f}).view({3, 2});
}
Tensor target(int i) { return torch::tensor({1.f, float(i), -1.f}); }

/// Trains a model by `step`, and another one by compile(step): they stay the same, and the step
/// runs `runs` times of six.
template <class Step> void expectSameTraining(Step step, int runs) {
  Regression eager, compiled;
  int ran = 0;
  auto f = torch::compile([&](const Tensor &x, const Tensor &y) {
    ++ran;
    return step(compiled, x, y);
  });
  for (int i = 0; i < 6; ++i) {
    Tensor expected = step(eager, batch(i), target(i)), loss = f(batch(i), target(i));
    EXPECT_EQ(values(loss), values(expected)) << i;
    EXPECT_EQ(loss.requires_grad(), expected.requires_grad());
    EXPECT_EQ(compiled.state(), eager.state()) << i;
  }
  EXPECT_EQ(ran, replays() ? runs : 6);
}

TEST(Compile, ATrainingStepIsReplayed) {
  expectSameTraining(
      [](const Regression &m, const Tensor &x, const Tensor &y) {
        Tensor loss = m.loss(x, y);
        loss.backward();
        m.update();
        m.forgetGradients();
        return loss.detach();
      },
      1);
}

TEST(Compile, GradientsMayBeDroppedFirst) {
  // The first call meets none, the second those of the first.
  expectSameTraining(
      [](const Regression &m, const Tensor &x, const Tensor &y) {
        m.forgetGradients();
        Tensor loss = m.loss(x, y);
        loss.backward();
        m.update();
        return loss.detach();
      },
      2);
}

TEST(Compile, GradientsMayBeZeroedOrAddedTo) {
  expectSameTraining(
      [](const Regression &m, const Tensor &x, const Tensor &y) {
        Tensor loss = m.loss(x, y);
        loss.backward();
        m.update();
        for (const Tensor &p : {m.w, m.b})
          p.grad().zero_();
        return loss.detach();
      },
      2);
  expectSameTraining(
      [](const Regression &m, const Tensor &x, const Tensor &y) {
        Tensor loss = m.loss(x, y);
        loss.backward();
        return loss.detach();
      },
      2);
}

TEST(Compile, GradientsOfAutogradGradAreResults) {
  expectSameTraining(
      [](const Regression &m, const Tensor &x, const Tensor &y) {
        auto gradients = torch::autograd::grad({m.loss(x, y)}, {m.w, m.b});
        torch::NoGradGuard guard;
        m.w.sub_(gradients[0] * 0.1);
        return gradients[1] + 0;
      },
      1);
}

TEST(Compile, ALossThatWasDifferentiatedKeepsItsHistory) {
  auto step = [](const Regression &m, const Tensor &x, const Tensor &y) {
    Tensor loss = m.loss(x, y);
    loss.backward();
    m.update();
    m.forgetGradients();
    return loss;
  };
  expectSameTraining(step, 1);
  Regression model;
  auto f = torch::compile([&](const Tensor &x, const Tensor &y) { return step(model, x, y); });
  for (int i = 0; i < 3; ++i) {
    Tensor loss = f(batch(i), target(i));
    ASSERT_TRUE(loss.grad_fn());
    EXPECT_THROW(loss.backward(), torch::Error) << "what it saved was freed";
    EXPECT_FALSE(model.w.grad().defined());
  }
}

TEST(Compile, AnUpdateReadsTheGradientsOfTheMoment) {
  Regression eager, compiled;
  int ran = 0;
  auto update = torch::compile([&] {
    ++ran;
    compiled.update();
    compiled.forgetGradients();
  });
  for (int i = 0; i < 6; ++i) {
    for (const Regression *m : {&eager, &compiled})
      m->loss(batch(i), target(i)).backward();
    eager.update();
    eager.forgetGradients();
    update();
    EXPECT_EQ(compiled.state(), eager.state()) << i;
  }
  EXPECT_EQ(ran, replays() ? 1 : 6);
}

TEST(Compile, ParametersMayBeArguments) {
  Regression a, b, eager;
  int ran = 0;
  auto step = [&](const Tensor &w, const Tensor &x, const Tensor &y) {
    Tensor loss = torch::mse_loss(torch::matmul(x, w), y);
    loss.backward();
    torch::NoGradGuard guard;
    w.sub_(w.grad() * 0.1);
    w.mutable_grad().reset();
    return loss.detach();
  };
  auto f = torch::compile([&](const Tensor &w, const Tensor &x, const Tensor &y) {
    ++ran;
    return step(w, x, y);
  });
  for (int i = 0; i < 4; ++i) {
    step(eager.w, batch(i), target(i));
    f(a.w, batch(i), target(i));
    f(b.w, batch(i), target(i));
    EXPECT_EQ(a.state(), eager.state());
    EXPECT_EQ(b.state(), eager.state());
  }
  EXPECT_EQ(ran, replays() ? 1 : 8);
}

TEST(Compile, HooksAndForeignHistoriesRunTheFunction) {
  Regression m;
  int seen = 0, ran = 0;
  auto f = torch::compile([&](const Tensor &x, const Tensor &y) {
    ++ran;
    Tensor loss = m.loss(x, y);
    loss.backward();
    m.forgetGradients();
    return loss.detach();
  });
  f(batch(0), target(0));
  f(batch(1), target(1));
  const int before = ran;
  unsigned hook = m.w.register_hook([&](const Tensor &g) { return ++seen, g; });
  for (int i = 0; i < 3; ++i)
    f(batch(i), target(i));
  EXPECT_EQ(seen, 3) << "a hook runs in every pass";
  m.w.remove_hook(hook);
  f(batch(1), target(1));
  EXPECT_LE(ran, before + 4);

  // A scale that was computed from a parameter outside.
  Tensor s = torch::ones({1}, torch::requires_grad());
  for (int i = 1; i <= 3; ++i) {
    Tensor scale = s * s * 2;
    auto g = torch::compile([&](const Tensor &x) {
      Tensor loss = (x * scale).sum();
      loss.backward();
      return loss.detach();
    });
    EXPECT_EQ(values(g(torch::full({2}, float(i)))), Values{4. * i});
    EXPECT_THROW(g(torch::ones({2})), torch::Error) << "the first pass freed what is outside";
  }
  EXPECT_EQ(values(s.grad()), Values{48});
}

TEST(Compile, AHistoryMayEndAtAViewMadeWithoutGradMode) {
  Tensor w = torch::ones({3}, torch::requires_grad()), view;
  {
    torch::NoGradGuard guard;
    view = w.slice(0, 0, 2);
  }
  auto f = torch::compile([&](const Tensor &x) { return (view * x).sum(); });
  for (int i = 0; i < 3; ++i) {
    Tensor y = f(torch::full({2}, float(i)));
    EXPECT_EQ(y.item<float>(), 2 * i);
    ASSERT_TRUE(y.requires_grad());
    y.backward();
  }
  EXPECT_FALSE(w.grad().defined());
}

TEST(Compile, AFrozenParameterIsNoticed) {
  Regression m;
  auto f = torch::compile([&](const Tensor &x, const Tensor &y) {
    Tensor loss = m.loss(x, y);
    loss.backward();
    return loss.detach();
  });
  f(batch(0), target(0));
  m.forgetGradients();
  f(batch(0), target(0));
  m.forgetGradients();
  m.w.requires_grad_(false);
  f(batch(0), target(0));
  EXPECT_FALSE(m.w.grad().defined());
  EXPECT_TRUE(m.b.grad().defined());
  m.w = torch::ones({2}, torch::requires_grad());
  f(batch(0), target(0));
  EXPECT_TRUE(m.w.grad().defined());
}

TEST(Compile, BorrowedMemoryIsReadWhenTheCallRuns) {
  float memory[2] = {1, 2};
  Tensor x = torch::from_blob(memory, {2});
  auto f = torch::compile([](const Tensor &t) { return t * 10; });
  for (int i = 0; i < 3; ++i) {
    memory[0] = float(i);
    Tensor y = f(x);
    memory[0] = -1; // too late to be seen
    EXPECT_EQ(values(y), (Values{10. * i, 20}));
  }
  // It writes there after it has read.
  auto g = torch::compile([](const Tensor &t) {
    Tensor before = t + 0;
    t.add_(1);
    return before;
  });
  memory[0] = 5;
  EXPECT_EQ(values(g(x)), (Values{5, 2}));
  EXPECT_EQ(values(g(x)), (Values{6, 3}));
  EXPECT_EQ(memory[0], 7);
}

TEST(Compile, ATensorThatItPutsSomewhereIsNew) {
  Tensor last;
  auto f = torch::compile([&](const Tensor &x) {
    Tensor y = x * 2;
    last = y.exp();
    return y;
  });
  for (float v : {0.f, 1.f, 2.f}) {
    f(torch::full({1}, v));
    EXPECT_NEAR(last.item<float>(), std::exp(2 * v), 1e-4);
  }
}

TEST(Compile, AnExceptionLeavesEverythingUsable) {
  auto f = torch::compile([](const Tensor &x, const Tensor &y) { return x + y; });
  EXPECT_THROW(f(torch::ones({2}), torch::ones({3})), torch::Error);
  EXPECT_EQ(values(f(torch::ones({2}), torch::ones({2}))), (Values{2, 2}));
  EXPECT_THROW(f(torch::ones({2}), Tensor()), torch::Error);
}

TEST(Compile, ListsOfTensors) {
  auto f = torch::compile([](const std::vector<Tensor> &ts) {
    std::vector<Tensor> out;
    for (const Tensor &t : ts)
      out.push_back(t * 2);
    return out;
  });
  for (int n : {1, 3, 3, 2}) {
    std::vector<Tensor> in(n, torch::ones({2}));
    std::vector<Tensor> out = f(in);
    ASSERT_EQ(out.size(), in.size());
    EXPECT_EQ(values(out.back()), (Values{2, 2}));
  }
}

TEST(State, WhatIsWrittenInMemoryIsComputedWithItsTrace) {
  Tensor state = torch::zeros({2}), other = torch::ones({2});
  torch::eval(state);
  torch::eval(other);
  state.add_(1);
  Tensor named = other * 3; // cheap: stays pending
  torch::eval((other * 2).sum());
  torch::resetStatistics();
  EXPECT_EQ(state.const_data_ptr<float>()[0], 1);
  EXPECT_EQ(torch::statistics().evaluations, 0u) << "state was computed with the sum";
  EXPECT_EQ(named.const_data_ptr<float>()[0], 3);
  EXPECT_EQ(torch::statistics().evaluations, 1u) << "a name was not";
}

} // namespace
