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
  // What is pending stays so.
  EXPECT_NO_THROW(F::binary_cross_entropy((right * 3).sigmoid(), right));
}

TEST(ValueChecks, OneHotOfNothingNeedsTheNumberOfClasses) {
  const torch::Tensor none = torch::empty({0}, torch::kLong);
  EXPECT_THROW(torch::one_hot(none), torch::Error);
  EXPECT_EQ(torch::one_hot(none, 3).sizes(), torch::IntArrayRef({0, 3}));
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
  EXPECT_THROW(torch::multinomial(weights * 0, 1), torch::Error);
}

} // namespace
