//===- ModesTest.cpp --------------------------------------------------------------------------===//
// InferenceMode and its tensors; views that may not be written to where autograd records.
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

namespace {

TEST(InferenceMode, MakesInferenceTensors) {
  Tensor x = leaf({1, 2}), plain = torch::ones({2}), made, view;
  {
    torch::InferenceMode guard;
    EXPECT_TRUE(torch::InferenceMode::is_enabled());
    EXPECT_FALSE(torch::GradMode::is_enabled());
    made = x * 2;
    view = plain.view({1, 2});
    EXPECT_TRUE(made.is_inference());
    EXPECT_FALSE(made.requires_grad());
    EXPECT_TRUE(made.view({1, 2}).is_inference());
    EXPECT_FALSE(view.is_inference());
    made.add_(1);
    EXPECT_MESSAGE(made._version(), "inference tensors");
    {
      torch::AutoGradMode enable(true);
      EXPECT_TRUE(torch::GradMode::is_enabled());
      EXPECT_FALSE((x * 2).requires_grad());
    }
    {
      torch::InferenceMode leave(false);
      EXPECT_FALSE(torch::InferenceMode::is_enabled());
      EXPECT_TRUE((x * 2).requires_grad());
      EXPECT_FALSE((x * 2).is_inference());
    }
    EXPECT_TRUE(torch::InferenceMode::is_enabled());
  }
  EXPECT_FALSE(torch::InferenceMode::is_enabled());
  EXPECT_TRUE(torch::GradMode::is_enabled());
  EXPECT_FALSE(plain.is_inference());
  EXPECT_FALSE(made.clone().is_inference());
  EXPECT_TRUE(made.detach().is_inference());
}

TEST(InferenceMode, ItsTensorsStayOutOfAutograd) {
  Tensor x = leaf({1, 2}), made, wanting;
  {
    torch::InferenceMode guard;
    made = torch::ones({2}, torch::kFloat64) * 3;
    wanting = torch::ones({2}, torch::kFloat64).requires_grad_();
    EXPECT_TRUE(wanting.requires_grad());
    EXPECT_FALSE((wanting * 2).requires_grad());
  }
  EXPECT_MESSAGE(made.add_(1), "outside of InferenceMode");
  EXPECT_MESSAGE(made.requires_grad_(), "outside of InferenceMode");
  EXPECT_MESSAGE(x * made, "cannot be saved for backward");
  EXPECT_TRUE((x + made).requires_grad()); // nothing is saved
  EXPECT_EQ(valuesOf(made * 2), (V{6, 6}));
  Tensor copy = made.clone().add_(1);
  (x * copy).sum().backward();
  EXPECT_EQ(valuesOf(x.grad()), (V{4, 4}));
  EXPECT_EQ(valuesOf(made), (V{3, 3}));
}

TEST(InferenceMode, WritesToOrdinaryTensorsCount) {
  Tensor x = torch::ones({2}, torch::kFloat64);
  const int64_t before = x._version();
  {
    torch::InferenceMode guard;
    x.add_(1);
    x[0] += 1;
  }
  EXPECT_EQ(x._version(), before + 2);
  EXPECT_EQ(valuesOf(x), (V{3, 2}));
}

TEST(InferenceMode, BelongsToTheThread) {
  torch::InferenceMode guard;
  bool other = true;
  std::thread([&] { other = torch::InferenceMode::is_enabled(); }).join();
  EXPECT_FALSE(other);
}

TEST(ViewsUnderAutograd, PartsOfOneCallMayNotBeWrittenTo) {
  Tensor y = leaf({1, 2, 3, 4}) * 1;
  EXPECT_MESSAGE(y.unbind()[0].mul_(2), "multiple views");
  EXPECT_MESSAGE(y.split(2)[1].add_(1), "multiple views");
  EXPECT_MESSAGE(y.chunk(2)[1].slice(0, 0, 1).add_(1), "multiple views");
  EXPECT_EQ(valuesOf(y), (V{1, 2, 3, 4}));
  // The base may, but then they are lost.
  Tensor part = y.split(2)[0];
  y.mul_(2);
  EXPECT_MESSAGE(part * 2, "multiple views");
  // Slices are views of their own.
  y.tensor_split(2)[0].mul_(3);
  EXPECT_EQ(valuesOf(y), (V{6, 12, 6, 8}));
}

TEST(ViewsUnderAutograd, PartsOfTensorsWithoutGradAreOrdinary) {
  Tensor y = torch::ones({4}, torch::kFloat64);
  y.unbind()[1].mul_(2);
  y.split(2)[1].add_(5);
  EXPECT_EQ(valuesOf(y), (V{1, 2, 6, 6}));
  Tensor x = leaf({1, 1});
  EXPECT_MESSAGE(y.split(2)[0].mul_(x), "multiple views");
  torch::NoGradGuard guard;
  Tensor z = leaf({1, 2}) * 1;
  z.split(1)[0].mul_(7);
  EXPECT_EQ(valuesOf(z), (V{7, 2}));
}

TEST(ViewsUnderAutograd, OfNoGradModeMayNotBeWrittenToInGradMode) {
  Tensor base = torch::zeros({2}, torch::kFloat64), view;
  {
    torch::NoGradGuard guard;
    view = base.view({2, 1});
    view.add_(1);
  }
  view.add_(1); // nothing is recorded
  EXPECT_MESSAGE(view.mul_(leaf({1})), "no_grad mode");
  EXPECT_EQ(valuesOf(base), (V{2, 2}));
}

TEST(ViewsUnderAutograd, AParameterMayBeWrittenThroughAViewOfNoGradMode) {
  Tensor w = leaf({1, 2});
  {
    torch::NoGradGuard guard;
    w.view({2, 1}).mul_(2);
    w[0].fill_(7);
  }
  EXPECT_EQ(valuesOf(w), (V{7, 4}));
  (w * w).sum().backward();
  EXPECT_EQ(valuesOf(w.grad()), (V{14, 8}));
}

} // namespace
