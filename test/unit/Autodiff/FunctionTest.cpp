//===- FunctionTest.cpp -----------------------------------------------------------------------===//
// A user's autograd::Function: what forward may save and mark, what backward sees, what either may
// do wrong.
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

#include <stdexcept>

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

struct Cube : Function<Cube> {
  static Tensor forward(AutogradContext *ctx, Tensor x) {
    EXPECT_FALSE(torch::GradMode::is_enabled());
    ctx->save_for_backward({x});
    return x * x * x;
  }
  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    const Tensor x = ctx->get_saved_variables()[0];
    return {3 * x * x * gradients[0]};
  }
};

/// Saves its result.
struct Exp : Function<Exp> {
  static Tensor forward(AutogradContext *ctx, const Tensor &x) {
    Tensor y = x.exp();
    ctx->save_for_backward({y, Tensor()});
    return y;
  }
  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    variable_list saved = ctx->get_saved_variables();
    EXPECT_FALSE(saved.at(1).defined());
    return {gradients[0] * saved.at(0)};
  }
};

/// a * x + y and a * x - y, with numbers among the arguments.
struct SumAndDifference : Function<SumAndDifference> {
  static variable_list forward(AutogradContext *ctx, const Tensor &x, double a, const Tensor &y,
                               bool materialize, std::vector<bool> *sawUndefined) {
    ctx->saved_data["a"] = a;
    ctx->saved_data["sizes"] = x.sizes();
    ctx->saved_data["name"] = "twice";
    ctx->saved_data["saw"] = reinterpret_cast<int64_t>(sawUndefined);
    ctx->set_materialize_grads(materialize);
    return {a * x + y, a * x - y};
  }
  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    EXPECT_EQ(ctx->saved_data["sizes"].toIntVector(), std::vector<int64_t>{2});
    EXPECT_EQ(ctx->saved_data["name"].toStringRef(), "twice");
    auto *saw = reinterpret_cast<std::vector<bool> *>(ctx->saved_data["saw"].toInt());
    *saw = {!gradients.at(0).defined(), !gradients.at(1).defined()};
    for (Tensor &g : gradients)
      if (!g.defined())
        g = torch::zeros({2}, torch::kFloat64);
    const double a = ctx->saved_data["a"].toDouble();
    Tensor ofX, ofY;
    if (ctx->needs_input_grad(0))
      ofX = a * (gradients[0] + gradients[1]);
    if (ctx->needs_input_grad(1))
      ofY = gradients[0] - gradients[1];
    return {ofX, Tensor(), ofY, Tensor(), Tensor()};
  }
};

TEST(Function, HasTheGradientThatItStates) {
  Tensor x = leaf({1, -2});
  Tensor y = Cube::apply(x);
  EXPECT_EQ(valuesOf(y), (V{1, -8}));
  EXPECT_TRUE(y.requires_grad());
  EXPECT_FALSE(y.is_leaf());
  EXPECT_NE(y.grad_fn()->name().find("CppNode<"), std::string::npos);
  EXPECT_NE(y.grad_fn()->name().find("Cube>"), std::string::npos);
  EXPECT_EQ(y.grad_fn()->next_functions().at(0)->name(), "torch::autograd::AccumulateGrad");
  EXPECT_EQ((y * 2).grad_fn()->next_functions().at(0), y.grad_fn());
  (y * 2).sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{6, 24}));
}

TEST(Function, IsDifferentiatedTwiceAndThrice) {
  Tensor x = leaf({2});
  for (Tensor y : {Cube::apply(x), Exp::apply(x)}) {
    const bool cube = y.item<double>() == 8;
    Tensor g1 = torch::autograd::grad({y}, {x}, {}, true, true)[0];
    Tensor g2 = torch::autograd::grad({g1}, {x}, {}, true, true)[0];
    Tensor g3 = torch::autograd::grad({g2}, {x})[0];
    const double e = std::exp(2.0);
    EXPECT_NEAR(g1.item<double>(), cube ? 12 : e, 1e-12);
    EXPECT_NEAR(g2.item<double>(), cube ? 12 : e, 1e-12);
    EXPECT_NEAR(g3.item<double>(), cube ? 6 : e, 1e-12);
  }
}

TEST(Function, OfTensorsWithoutGradIsOnlyForward) {
  Tensor y = Cube::apply(torch::tensor({2.0}, torch::kFloat64));
  EXPECT_FALSE(y.requires_grad());
  torch::NoGradGuard guard;
  EXPECT_FALSE(Cube::apply(leaf({2})).requires_grad());
}

TEST(Function, HasSeveralResultsWithNumbersOfTheirOwn) {
  Tensor x = leaf({1, 2}), y = leaf({3, 5});
  std::vector<bool> saw;
  variable_list out = SumAndDifference::apply(x, 10.0, y, true, &saw);
  EXPECT_EQ(out[0].output_nr(), 0);
  EXPECT_EQ(out[1].output_nr(), 1);
  EXPECT_EQ(out[0].grad_fn(), out[1].grad_fn());
  EXPECT_EQ((out[1] * 2).grad_fn()->next_edge(0).input_nr, 1u);
  EXPECT_TRUE((out[1] * 2).grad_fn()->next_edge(0).function == out[1].grad_fn());
  EXPECT_FALSE((out[1] * 2).grad_fn()->next_edges().at(1).is_valid());
  (out[0] * torch::tensor({1.0, 2.0}, torch::kFloat64) + 4 * out[1]).sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{50, 60}));
  EXPECT_EQ(valuesOf(y.grad()), (V{-3, -2}));
  EXPECT_EQ(saw, (std::vector<bool>{false, false}));
}

TEST(Function, MissingGradientsAreZerosUnlessItWantsThemUndefined) {
  for (bool materialize : {true, false}) {
    Tensor x = leaf({1, 2}), y = leaf({3, 5});
    std::vector<bool> saw;
    Tensor second = SumAndDifference::apply(x, 10.0, y, materialize, &saw)[1];
    second.sum().backward();
    EXPECT_EQ(saw, (std::vector<bool>{!materialize, false}));
    EXPECT_EQ(valuesOf(x.grad()), (V{10, 10}));
    EXPECT_EQ(valuesOf(y.grad()), (V{-1, -1}));
  }
}

TEST(Function, IsAskedOnlyForGradientsThatAreWanted) {
  Tensor x = leaf({1, 2}), y = leaf({3, 5});
  std::vector<bool> saw;
  variable_list out = SumAndDifference::apply(x, 10.0, y, true, &saw);
  Tensor sum = (out[0] + out[1]).sum();
  EXPECT_EQ(valuesOf(torch::autograd::grad({sum}, {y}, {}, true)[0]), (V{0, 0}));
  EXPECT_EQ(valuesOf(torch::autograd::grad({sum}, {x})[0]), (V{20, 20}));
  EXPECT_FALSE(x.grad().defined());
}

TEST(Function, HooksAndRetainedGradientsAreThoseOfEachResult) {
  Tensor x = leaf({1, 2}), y = leaf({3, 5});
  std::vector<bool> saw;
  variable_list out = SumAndDifference::apply(x, 1.0, y, true, &saw);
  out[0].register_hook([](Tensor g) { return g * 100; });
  int calls = 0;
  unsigned removed = out[1].register_hook([&](Tensor) { ++calls; });
  out[1].remove_hook(removed);
  out[1].register_hook([&](Tensor g) {
    calls += 10;
    EXPECT_EQ(valuesOf(g), (V{2, 2}));
  });
  out[1].retain_grad();
  (out[0] + 2 * out[1]).sum().backward();
  EXPECT_EQ(calls, 10);
  EXPECT_EQ(valuesOf(out[1].grad()), (V{2, 2}));
  EXPECT_EQ(valuesOf(x.grad()), (V{102, 102}));
  EXPECT_EQ(valuesOf(y.grad()), (V{98, 98}));
}

struct Abs : Function<Abs> {
  static variable_list forward(AutogradContext *ctx, Tensor x) {
    Tensor sign = x.sign(), order = x.argsort();
    ctx->save_for_backward({sign});
    ctx->mark_non_differentiable({sign, order});
    return {x.abs(), sign, order};
  }
  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    EXPECT_EQ(gradients.size(), 3u);
    EXPECT_EQ(valuesOf(gradients[1]), (V{0, 0}));
    return {gradients[0] * ctx->get_saved_variables()[0]};
  }
};

TEST(Function, MarksResultsThatHaveNoGradient) {
  Tensor x = leaf({-3, 4});
  variable_list out = Abs::apply(x);
  EXPECT_TRUE(out[0].requires_grad());
  EXPECT_FALSE(out[1].requires_grad());
  EXPECT_FALSE(out[2].requires_grad());
  (out[0] * out[1]).sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{1, 1}));
}

struct DoubleInPlace : Function<DoubleInPlace> {
  static Tensor forward(AutogradContext *ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x;
  }
  static variable_list backward(AutogradContext *, variable_list gradients) {
    return {2 * gradients[0]};
  }
};

TEST(Function, WritesToAnInputThatItMarks) {
  Tensor x = leaf({1, 2});
  Tensor y = x * 3;
  Tensor z = DoubleInPlace::apply(y);
  EXPECT_TRUE(z.is_same(y));
  EXPECT_EQ(valuesOf(y), (V{6, 12}));
  (y * 1).sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{6, 6}));
}

TEST(Function, WritesThroughAView) {
  Tensor x = leaf({1, 2});
  Tensor y = x * 3;
  Tensor first = y[0];
  DoubleInPlace::apply(first);
  EXPECT_EQ(valuesOf(y), (V{6, 6}));
  EXPECT_EQ(y.grad_fn()->name(), "torch::autograd::CopySlices");
  y.sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{6, 3}));
}

TEST(Function, RefusesToWriteToALeaf) {
  Tensor x = leaf({1, 2});
  EXPECT_MESSAGE(DoubleInPlace::apply(x), "leaf");
}

struct ForgetsADirtyInput : Function<ForgetsADirtyInput> {
  static Tensor forward(AutogradContext *ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x + 1;
  }
  static variable_list backward(AutogradContext *, variable_list g) { return g; }
};

TEST(Function, MustReturnADirtyInput) {
  Tensor y = leaf({1}) * 1;
  EXPECT_MESSAGE(ForgetsADirtyInput::apply(y), "not returned as output");
}

struct SameTensor : Function<SameTensor> {
  static Tensor forward(AutogradContext *, Tensor x, Tensor) { return x; }
  static variable_list backward(AutogradContext *, variable_list g) { return {g[0] * 5, g[0]}; }
};

TEST(Function, ReturnsAnInputAsAView) {
  Tensor x = leaf({1, 2}), w = leaf({1, 1});
  Tensor y = SameTensor::apply(x, w);
  EXPECT_FALSE(y.is_same(x));
  EXPECT_TRUE(x.is_leaf());
  EXPECT_TRUE(y.is_view());
  y.sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{5, 5}));
  EXPECT_EQ(valuesOf(w.grad()), (V{1, 1}));
  Tensor z = SameTensor::apply(x * 1, w);
  EXPECT_MESSAGE(z.mul_(2), "custom Function");
  Tensor plain = SameTensor::apply(torch::ones({2}), torch::ones({2}));
  EXPECT_FALSE(plain.requires_grad());
}

struct OfAList : Function<OfAList> {
  static Tensor forward(AutogradContext *ctx, variable_list list, std::optional<Tensor> bias) {
    ctx->saved_data["n"] = static_cast<int64_t>(list.size());
    Tensor sum = list[0] + list[1];
    return bias ? sum + *bias : sum;
  }
  static variable_list backward(AutogradContext *ctx, variable_list g) {
    EXPECT_EQ(ctx->saved_data["n"].to<int>(), 2);
    return {g[0], g[0] * 2, g[0] * 3};
  }
};

TEST(Function, TakesListsAndOptionalTensors) {
  Tensor a = leaf({1}), b = leaf({2}), c = leaf({3});
  OfAList::apply(variable_list{a, b}, std::optional<Tensor>(c)).backward();
  EXPECT_EQ(valuesOf(a.grad()), V{1});
  EXPECT_EQ(valuesOf(b.grad()), V{2});
  EXPECT_EQ(valuesOf(c.grad()), V{3});
}

enum class Wrong { none, tooFew, tooMany, forANumber, badSizes, integers, throws, broadcast };
struct Careless : Function<Careless> {
  static Tensor forward(AutogradContext *ctx, Tensor x, int wrong) {
    ctx->saved_data["wrong"] = wrong;
    ctx->save_for_backward({x});
    return x * 2;
  }
  static variable_list backward(AutogradContext *ctx, variable_list g) {
    ctx->get_saved_variables();
    Tensor right = g[0] * 2;
    switch (static_cast<Wrong>(ctx->saved_data["wrong"].toInt())) {
    case Wrong::none:
      return {right, Tensor(), Tensor()}; // an undefined one too many is allowed
    case Wrong::tooFew:
      return {right};
    case Wrong::tooMany:
      return {right, Tensor(), right};
    case Wrong::forANumber:
      return {right, right};
    case Wrong::badSizes:
      return {torch::ones({3}, torch::kFloat64), Tensor()};
    case Wrong::integers:
      return {torch::ones({2}, torch::kLong), Tensor()};
    case Wrong::throws:
      throw std::runtime_error("backward has failed");
    case Wrong::broadcast:
      return {torch::ones({4, 2}, torch::kFloat32), Tensor()};
    }
    return {};
  }
};

TEST(Function, IsToldWhatIsWrongWithItsGradients) {
  Tensor x = leaf({1, 2});
  auto run = [&](Wrong wrong) { Careless::apply(x, static_cast<int>(wrong)).sum().backward(); };
  EXPECT_MESSAGE(run(Wrong::tooFew), "incorrect number of gradients (expected 2, got 1)");
  EXPECT_MESSAGE(run(Wrong::tooMany), "incorrect number of gradients (expected 2, got 3)");
  EXPECT_MESSAGE(run(Wrong::forANumber), "position 2");
  EXPECT_MESSAGE(run(Wrong::badSizes), "invalid gradient at position 1");
  EXPECT_MESSAGE(run(Wrong::integers), "floating point");
  EXPECT_FALSE(x.grad().defined());
  run(Wrong::none);
  EXPECT_EQ(valuesOf(x.grad()), (V{2, 2}));
  run(Wrong::broadcast);
  EXPECT_EQ(valuesOf(x.grad()), (V{6, 6}));
  EXPECT_EQ(x.grad().scalar_type(), torch::kFloat64);
}

TEST(Function, WhatItThrowsLeavesTheGraphUsable) {
  Tensor x = leaf({1, 2});
  Tensor wrong = Careless::apply(x, static_cast<int>(Wrong::throws)), right = Cube::apply(x);
  Tensor sum = (wrong + right).sum();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THROW(sum.backward({}, true), std::runtime_error);
    EXPECT_TRUE(torch::GradMode::is_enabled());
  }
  x.mutable_grad() = Tensor();
  right.sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{3, 12}));
  EXPECT_EQ(valuesOf(wrong), (V{2, 4}));
}

struct ThrowsInForward : Function<ThrowsInForward> {
  static Tensor forward(AutogradContext *, Tensor) { throw std::runtime_error("forward"); }
  static variable_list backward(AutogradContext *, variable_list g) { return g; }
};

TEST(Function, AForwardThatThrowsLeavesModesAndInputsAlone) {
  Tensor x = leaf({1, 2});
  EXPECT_THROW(ThrowsInForward::apply(x), std::runtime_error);
  EXPECT_TRUE(torch::GradMode::is_enabled());
  Cube::apply(x).sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{3, 12}));
}

TEST(Function, FreesWhatItSavedUnlessRetained) {
  Tensor x = leaf({2});
  Tensor y = Cube::apply(x);
  y.backward({}, true);
  y.backward();
  EXPECT_EQ(valuesOf(x.grad()), V{24});
  EXPECT_MESSAGE(y.backward(), "second time");
}

TEST(Function, NoticesThatASavedTensorWasOverwritten) {
  Tensor x = leaf({2}) * 1;
  Tensor y = Cube::apply(x);
  x.add_(1);
  EXPECT_MESSAGE(y.backward(), "modified by an inplace operation");
  Tensor z = Exp::apply(leaf({2}));
  z.add_(1);
  EXPECT_MESSAGE(z.backward(), "modified by an inplace operation");
}

TEST(Function, BackwardMayRunAPassOfItsOwn) {
  struct Checkpoint : Function<Checkpoint> {
    static Tensor forward(AutogradContext *ctx, Tensor x) {
      ctx->save_for_backward({x});
      return x.sin();
    }
    static variable_list backward(AutogradContext *ctx, variable_list g) {
      Tensor x = ctx->get_saved_variables()[0].detach().requires_grad_();
      torch::AutoGradMode enable(true);
      x.sin().backward(g[0]);
      return {x.grad()};
    }
  };
  Tensor x = leaf({0.5});
  Checkpoint::apply(Checkpoint::apply(x)).backward();
  EXPECT_NEAR(x.grad().item<double>(), std::cos(std::sin(0.5)) * std::cos(0.5), 1e-15);
}

TEST(Function, LongChainsAreDroppedWithoutRecursion) {
  Tensor x = leaf({1});
  Tensor y = x;
  for (int i = 0; i < 100000; ++i)
    y = SameTensor::apply(y, x);
  y.reset();
  Tensor z = x * 1;
  for (int i = 0; i < 20000; ++i)
    z = DoubleInPlace::apply(z);
  z.mul_(0).sum().backward();
  EXPECT_TRUE(x.grad().defined());
}

TEST(Function, ResultsMayDieInOtherThreads) {
  Tensor x = leaf({1, 2}), y = leaf({3, 5});
  std::vector<bool> saw;
  for (int i = 0; i < 200; ++i) {
    variable_list out = SumAndDifference::apply(x, 1.0, y, true, &saw);
    Tensor sum = out[0].sum();
    std::thread other([&] { out.clear(); });
    sum.backward();
    other.join();
  }
  EXPECT_EQ(valuesOf(x.grad()), (V{200, 200}));
}

TEST(IValue, SaysWhatItHoldsWhenAskedForSomethingElse) {
  torch::IValue value = 3;
  EXPECT_TRUE(value.isInt());
  EXPECT_EQ(value.toInt(), 3);
  EXPECT_MESSAGE(value.toDouble(), "an int");
  value = std::vector<Tensor>{torch::ones({2})};
  EXPECT_EQ(value.toTensorVector().size(), 1u);
  EXPECT_TRUE(torch::IValue().isNone());
  EXPECT_EQ(torch::IValue(torch::Scalar(2.5)).toScalar().toDouble(), 2.5);
  EXPECT_TRUE(torch::IValue(true).toBool());
}

} // namespace
