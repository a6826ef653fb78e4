//===- WritesTest.cpp - gradients through in-place calls and views ----------------------------===//
//
// The history of a tensor, of the tensor it is a view of and of other views follows a write.
//
//===------------------------------------------------------------------------------------------===//

#include <gtest/gtest.h>
#include <tjit/torch.h>

using torch::Tensor;

namespace {

using V = std::vector<double>;

Tensor constant(V values) { return torch::tensor(values, torch::kFloat64); }
Tensor leaf(V values) { return constant(std::move(values)).requires_grad_(true); }
V valuesOf(const Tensor &t) {
  if (!t.defined())
    return {};
  const Tensor dense = t.detach().contiguous();
  const double *p = dense.const_data_ptr<double>();
  return {p, p + dense.numel()};
}
V gradient(const Tensor &of, const Tensor &by) {
  return valuesOf(torch::autograd::grad({of.sum()}, {by}, {}, true)[0]);
}
template <class F> std::string messageOf(F &&f) {
  try {
    f();
  } catch (const torch::Error &e) {
    return e.what();
  }
  return "";
}
bool contains(const std::string &text, const char *part) {
  return text.find(part) != std::string::npos;
}

// A function in place gives back the view that it was called with, which stays one.
TEST(Writes, ViewWrittenByAFunctionInPlaceStaysAView) {
  namespace F = tjit::nn::functional;
  const Tensor x = tjit::ones({2, 3}).requires_grad_();
  const Tensor y = x * 2;
  const Tensor row = y.select(0, 0);
  F::relu(row, /*inplace=*/true);
  F::leaky_relu(row, 0.5, /*inplace=*/true);
  EXPECT_TRUE(row.is_view());
  row.mul_(3);
  y.sum().backward();
  EXPECT_EQ(x.grad()[0][0].item<float>(), 6.f);
  EXPECT_EQ(x.grad()[1][0].item<float>(), 2.f);
}

} // namespace

TEST(Writes, ToALeafAreRefusedInGradMode) {
  Tensor x = leaf({1, 2});
  EXPECT_TRUE(contains(messageOf([&] { x.add_(1); }), "leaf"));
  EXPECT_TRUE(contains(messageOf([&] { x[0].mul_(2); }), "leaf"));
  EXPECT_TRUE(contains(messageOf([&] { x[0] = 5; }), "leaf"));
  EXPECT_EQ(valuesOf(x), (V{1, 2}));
  {
    torch::NoGradGuard guard;
    x.add_(1);
    x[1] = 7;
  }
  EXPECT_EQ(valuesOf(x), (V{2, 7}));
  EXPECT_TRUE(x.requires_grad() && x.is_leaf());
}

TEST(Writes, ContinueTheHistory) {
  Tensor x = leaf({2, 3});
  Tensor y = x * 3;
  y.add_(1);
  y.mul_(y.detach());
  EXPECT_EQ(y.grad_fn()->name(), "MulBackward0");
  EXPECT_EQ(gradient(y, x), (V{21, 30}));
}

TEST(Writes, OfATrackedValueMakeAConstantPartOfTheHistory) {
  Tensor x = leaf({2, 3}), y = constant({1, 1});
  EXPECT_TRUE(y.is_leaf());
  y.mul_(x);
  EXPECT_FALSE(y.is_leaf());
  y.mul_(x);
  EXPECT_EQ(gradient(y, x), (V{4, 6}));
}

TEST(Writes, KeepTheOperandTheyReplace) {
  // d(x * y)/dy is the x from before the write.
  Tensor x = leaf({2, 3}), y = leaf({5, 7});
  Tensor z = x * 1;
  z.mul_(y);
  EXPECT_EQ(gradient(z, y), (V{2, 3}));
  EXPECT_EQ(gradient(z, x), (V{5, 7}));
}

TEST(Writes, OfAConstantEndTheGradient) {
  Tensor x = leaf({2, 3});
  Tensor y = x * 2;
  y.zero_();
  EXPECT_TRUE(y.requires_grad());
  Tensor z = (y + x).sum();
  EXPECT_EQ(gradient(z, x), (V{1, 1}));
}

TEST(Writes, ToASavedValueAreAnErrorOfThePass) {
  Tensor x = leaf({2, 3});
  Tensor y = x * 2;
  Tensor z = (y * y).sum();
  y.add_(1);
  const std::string message = messageOf([&] { z.backward(); });
  EXPECT_TRUE(contains(message, "modified by an inplace operation")) << message;
  EXPECT_TRUE(contains(message, "MulBackward0")) << message;
}

TEST(Writes, ToASavedResultAreAnErrorOfThePass) {
  Tensor x = leaf({2, 3});
  Tensor y = x.exp();
  y.add_(1);
  EXPECT_TRUE(contains(messageOf([&] { y.sum().backward(); }), "modified by an inplace"));
}

TEST(Writes, ToAValueThatNoRuleReadsAreFine) {
  Tensor x = leaf({2, 3});
  Tensor y = x * 2;
  Tensor z = (y + 1).sum();
  y.add_(1);
  EXPECT_EQ(gradient(z, x), (V{2, 2}));
}

TEST(Writes, UnderNoGradBumpTheVersionToo) {
  Tensor w = leaf({2});
  Tensor y = w * w;
  {
    torch::NoGradGuard guard;
    w.add_(1);
  }
  EXPECT_TRUE(contains(messageOf([&] { y.sum().backward(); }), "modified by an inplace"));
}

TEST(Views, PassGradients) {
  Tensor x = leaf({1, 2, 3, 4, 5, 6});
  Tensor m = x.view({2, 3});
  EXPECT_EQ(gradient(m.t()[2], x), (V{0, 0, 1, 0, 0, 1}));
  EXPECT_EQ(gradient(m.slice(1, 0, 3, 2) * 2, x), (V{2, 0, 2, 2, 0, 2}));
  EXPECT_EQ(gradient(m.unsqueeze(0).expand({4, 2, 3}), x), V(6, 4));
}

TEST(Views, AWriteThroughOneIsSeenByItsBase) {
  Tensor x = leaf({1, 2, 3}), v = leaf({10});
  Tensor y = x * 2;
  y.slice(0, 1, 2).mul_(v);
  EXPECT_EQ(valuesOf(y), (V{2, 40, 6}));
  EXPECT_EQ(y.grad_fn()->name(), "torch::autograd::CopySlices");
  EXPECT_EQ(gradient(y, x), (V{2, 20, 2}));
  EXPECT_EQ(gradient(y, v), V{4});
}

TEST(Views, AnAssignmentOverwritesTheGradient) {
  Tensor x = leaf({1, 2, 3}), v = leaf({10});
  Tensor y = x * 2;
  y[1] = v[0];
  EXPECT_EQ(gradient(y * y, x), (V{8, 0, 24}));
  EXPECT_EQ(gradient(y * y, v), V{20});
  y[0] = 5;
  EXPECT_EQ(gradient(y, x), (V{0, 0, 2}));
}

TEST(Views, AWriteToTheBaseIsSeenByAView) {
  Tensor x = leaf({1, 2, 3});
  Tensor y = x * 2;
  Tensor v = y.slice(0, 0, 2);
  y.mul_(x);
  EXPECT_EQ(valuesOf(v), (V{2, 8}));
  EXPECT_EQ(gradient(v, x), (V{4, 8, 0}));
}

TEST(Views, AWriteThroughOneIsSeenByAnother) {
  Tensor x = leaf({1, 2, 3, 4});
  Tensor y = (x * 2).view({2, 2});
  Tensor row = y[0], column = y.t()[0];
  row.mul_(10);
  EXPECT_EQ(valuesOf(column), (V{20, 6}));
  EXPECT_EQ(gradient(column, x), (V{20, 0, 2, 0}));
}

TEST(Views, OfAConstantGetAHistoryByAWrite) {
  Tensor base = torch::zeros({3}, torch::kFloat64), w = leaf({7});
  Tensor v = base.slice(0, 1, 2);
  EXPECT_FALSE(base.requires_grad());
  v.copy_(w * 2);
  EXPECT_TRUE(base.requires_grad());
  EXPECT_TRUE(v.requires_grad());
  EXPECT_EQ(gradient(base * base, w), V{56});
  EXPECT_EQ(gradient(v, w), V{2});
}

TEST(Views, FillingALoopOfRows) {
  Tensor x = leaf({1, 2, 3});
  Tensor out = torch::zeros({3, 3}, torch::kFloat64);
  for (int i = 0; i < 3; ++i)
    out[i] = x * static_cast<double>(i + 1);
  EXPECT_EQ(gradient(out, x), (V{6, 6, 6}));
}

TEST(Views, ChainsOfViewsCanBeWrittenThrough) {
  Tensor x = leaf({1, 2, 3, 4, 5, 6});
  Tensor y = x * 1;
  y.view({2, 3}).t().slice(0, 1, 3)[1].fill_(9);
  EXPECT_EQ(valuesOf(y), (V{1, 2, 9, 4, 5, 9}));
  EXPECT_EQ(gradient(y, x), (V{1, 1, 0, 1, 1, 0}));
}

TEST(Views, OfAPermutedResultCanBeWrittenThrough) {
  Tensor x = leaf({1, 2, 3, 4, 5, 6});
  Tensor y = x.view({2, 3}).t() * 2; // strides follow the operand
  y[0] = constant({7, 8});
  EXPECT_EQ(gradient(y * y, x), (V{0, 16, 24, 0, 40, 48}));
}

TEST(Views, WritesHaveSecondDerivatives) {
  Tensor x = leaf({1, 2, 3});
  Tensor y = x * x;
  y.slice(0, 0, 2).mul_(x.slice(0, 0, 2)); // x^3, x^3, x^2
  Tensor g = torch::autograd::grad({y.sum()}, {x}, {}, true, true)[0];
  EXPECT_EQ(valuesOf(g), (V{3, 12, 6}));
  EXPECT_EQ(gradient(g, x), (V{6, 12, 2}));
}

TEST(Views, ADetachedViewIsNoView) {
  Tensor x = leaf({1, 2, 3});
  Tensor y = x * 2;
  Tensor d = y.detach().slice(0, 0, 1);
  d.mul_(5);
  EXPECT_FALSE(d.requires_grad());
  EXPECT_EQ(valuesOf(y), (V{10, 4, 6}));
  EXPECT_EQ(gradient(y, x), (V{2, 2, 2}));
}

TEST(Views, RetainGradFollowsAWrite) {
  Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  y.retain_grad();
  y.mul_(3);
  (y * y).sum().backward();
  EXPECT_EQ(valuesOf(y.grad()), (V{12, 24}));
}

TEST(Writes, ToAViewOfALeafThatIsItselfAViewThrow) {
  const Tensor x = torch::arange(4.).view({2, 2}).requires_grad_();
  EXPECT_THROW(x[0].add_(1), torch::Error);
  EXPECT_THROW(x.index_put_({0}, 1), torch::Error);
  EXPECT_THROW(x.view({4}).mul_(2), torch::Error);
}

TEST(Writes, ThroughDataAreNotCounted) {
  const Tensor x = torch::ones({2}, torch::requires_grad());
  const Tensor y = x.exp();
  y.data().fill_(3);
  y.data()[0].add_(1);
  EXPECT_EQ(y._version(), 0);
  y.sum().backward(); // reads what was written, as PyTorch does
  EXPECT_EQ(x.grad()[0].item<double>(), 4);
  EXPECT_EQ(x.grad()[1].item<double>(), 3);
}

TEST(Writes, ToAViewMadeWithoutGradModeThrow) {
  const Tensor x = torch::ones({2}, torch::requires_grad()) * 1;
  Tensor view;
  {
    torch::NoGradGuard guard;
    view = x.view({2});
    EXPECT_TRUE(view.requires_grad());
    EXPECT_FALSE(x.detach().requires_grad());
  }
  EXPECT_THROW(view.mul_(2), torch::Error);
}

TEST(Writes, ToResultsThatAreSavedThrowInThePass) {
  const Tensor x = torch::arange(3., torch::requires_grad());
  for (auto f : {+[](const Tensor &t) { return t.softmax(0); },
                 +[](const Tensor &t) { return t.log_softmax(0); },
                 +[](const Tensor &t) { return (t + 1).reciprocal(); }}) {
    Tensor y = f(x);
    y.add_(1);
    EXPECT_THROW(y.sum().backward(), torch::Error);
  }
}
