//===- ValueChecksTest.cpp - values that a function refuses -----------------------------------===//

#include "tjit/torch.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

namespace F = torch::nn::functional;

TEST(ValueChecks, ProbabilitiesOfBinaryCrossEntropy) {
  const torch::Tensor right = torch::tensor({0.5f, 1.0f});
  for (float wrong : {1.5f, -0.5f, NAN}) {
    const torch::Tensor t = torch::tensor({0.5f, wrong});
    EXPECT_THROW(F::binary_cross_entropy(t, right), torch::Error) << wrong;
    EXPECT_THROW(F::binary_cross_entropy(right, t), torch::Error) << wrong;
  }
  EXPECT_NO_THROW(F::binary_cross_entropy(right, right));
  // What is pending stays so; the evaluation looks at it.
  const torch::Tensor x = torch::tensor({0.5f, 2.0f}).requires_grad_();
  torch::Tensor loss = F::binary_cross_entropy((x * 3).sigmoid(), right);
  loss.backward();
  EXPECT_FALSE(std::isnan(loss.item<float>()));
  EXPECT_NEAR(x.grad()[0].item<float>(), (1 / (1 + std::exp(-1.5)) - 0.5) * 3 / 2, 1e-5);
  for (float factor : {2.0f, -1.0f, NAN}) {
    torch::Tensor wrong = F::binary_cross_entropy(right * factor, right);
    EXPECT_THROW(wrong.item<float>(), torch::Error) << factor;
    wrong = F::binary_cross_entropy(right, right * factor);
    EXPECT_THROW(wrong.item<float>(), torch::Error) << factor;
  }
  EXPECT_EQ((right * 2).sum().item<float>(), 3); // all else goes on
}

TEST(ValueChecks, IndicesThatMustBeInt64) {
  const torch::Tensor x = torch::arange(4.0f), i = torch::tensor({1}, torch::kInt);
  const torch::Tensor rows = x.view({1, 4}), one = torch::ones({1});
  EXPECT_THROW(x.take(i), torch::Error);
  EXPECT_THROW(x.put(i, one), torch::Error);
  EXPECT_THROW(x.index_copy(0, i, one), torch::Error);
  EXPECT_THROW(x.index_fill(0, i, 5), torch::Error);
  EXPECT_THROW(torch::one_hot(i), torch::Error);
  EXPECT_THROW(torch::cross_entropy(rows, i), torch::Error);
  EXPECT_THROW(F::multi_margin_loss(rows, i), torch::Error);
  // Others take every integer, and classes may be bytes.
  EXPECT_EQ(x.gather(0, i).item<float>(), 1);
  EXPECT_EQ(x.index_select(0, i).item<float>(), 1);
  EXPECT_EQ(x.index_add(0, i, one)[1].item<float>(), 2);
  EXPECT_NO_THROW(torch::cross_entropy(rows, i.to(torch::kByte)));
}

TEST(ValueChecks, TheInverseOfASingularFactor) {
  const torch::Tensor factor = torch::tensor({{1.0f, 0.0f}, {5.0f, 0.0f}});
  EXPECT_THROW(torch::cholesky_inverse(factor), torch::Error);
  EXPECT_THROW(torch::cholesky_inverse(factor * 1), torch::Error);
  EXPECT_EQ(torch::cholesky_inverse(torch::eye(2) * 2)[1][1].item<float>(), 0.25f);
}

TEST(ValueChecks, OneHotOfNothingNeedsTheNumberOfClasses) {
  const torch::Tensor none = torch::empty({0}, torch::kLong);
  EXPECT_THROW(torch::one_hot(none), torch::Error);
  EXPECT_EQ(torch::one_hot(none, 3).sizes(), torch::IntArrayRef({0, 3}));
}

TEST(ValueChecks, NumbersThatADtypeDoesNotHold) {
  const torch::Tensor bytes = torch::tensor({5, 2}, torch::kByte), flags = bytes > 2;
  const int64_t big = int64_t(1) << 40;
  EXPECT_THROW(torch::where(flags, bytes, 300), torch::Error);
  EXPECT_THROW(torch::where(flags, 300, bytes), torch::Error);
  EXPECT_THROW(torch::threshold(bytes, 300, 1), torch::Error);
  EXPECT_THROW(torch::add(bytes, bytes, 300), torch::Error);
  EXPECT_THROW(torch::add(bytes, bytes, false), torch::Error);
  EXPECT_THROW(300 - bytes, torch::Error);
  EXPECT_THROW(torch::full({1}, big, torch::kHalf), torch::Error);
  EXPECT_NO_THROW(torch::full({1}, big, torch::kBFloat16));
  EXPECT_THROW(flags.clamp(true), torch::Error);
  EXPECT_EQ((true - bytes)[0].item<int>(), 252);
  EXPECT_EQ(torch::add(flags, flags, 3).scalar_type(), torch::kBool);
  EXPECT_EQ(torch::div(flags, bytes, "trunc").scalar_type(), torch::kByte);
  EXPECT_NEAR(torch::xlogy(bytes, 300)[0].item<float>(), 5 * std::log(300.0f), 1e-4);
  EXPECT_NEAR(torch::special_xlog1py(bytes, 300)[0].item<float>(), 5 * std::log(301.0f), 1e-4);
  EXPECT_EQ(torch::ldexp(torch::ones({1}, torch::kHalf), bytes).scalar_type(), torch::kHalf);
  EXPECT_THROW(torch::ldexp(torch::ones({1}), flags), torch::Error);
}

TEST(ValueChecks, RandomNumbersThatTheDtypeDoesNotHold) {
  torch::Tensor bytes = torch::empty({2}, torch::kByte);
  EXPECT_THROW(bytes.random_(0, 300), torch::Error);
  EXPECT_THROW(bytes.random_(-1, 3), torch::Error);
  EXPECT_NO_THROW(bytes.random_(0, 256));
  EXPECT_NO_THROW(torch::empty({2}, torch::kChar).random_(-128, 128));
}

TEST(ValueChecks, MultinomialTakesWhatHasNoWeightLast) {
  const torch::Tensor weights = torch::tensor({0.0f, 1.0f, 0.0f});
  EXPECT_EQ(torch::multinomial(weights, 2)[0].item<int64_t>(), 1);
  EXPECT_THROW(torch::eval(torch::multinomial(weights * 0, 1)), torch::Error);
}

} // namespace
