//===- InplaceTest.cpp ------------------------------------------------------------------------===//
// Rules of in-place operations.

#include "Support.h"

using namespace frontend_test;
using namespace tjit;

TEST(Inplace, MethodsAndOperatorsChangeTheSharedTensor) {
  Tensor x = arange(1., 5.), alias = x;
  x.add_(1).mul_(2).sub_(3).div_(2);
  x += 1;
  x *= tensor({1., 2., 3., 4.});
  x -= 0.5;
  x /= 2;
  EXPECT_EQ(values(alias), Values({0.5, 2.25, 5, 8.75}));
  EXPECT_TRUE(alias.is_same(x));
}
TEST(Inplace, ResultsAreConvertedToTheTensorsDtype) {
  Tensor i = arange(4);
  i.mul_(3).remainder_(4);
  EXPECT_EQ(i.dtype(), kInt64);
  EXPECT_EQ(values(i), Values({0, 3, 2, 1}));
  i.copy_(tensor({1.9, -1.9, 0.2, 3.0}));
  EXPECT_EQ(values(i), Values({1, -1, 0, 3}));
  Tensor half = ones({2}, kFloat16);
  half.add_(ones({2}));
  EXPECT_EQ(half.dtype(), kFloat16);
}
TEST(Inplace, HigherCategoriesAreRefusedAndNothingChanges) {
  Tensor i = arange(3);
  expectThrows<Error>([&] { i.div_(2); }, {"float32", "int64"});
  expectThrows<Error>([&] { i.add_(0.5); }, {"float32", "int64"});
  EXPECT_EQ(values(i), Values({0, 1, 2}));
  EXPECT_EQ(i._version(), 0);
}
TEST(Inplace, ResultsOfOtherSizesAreRefused) {
  Tensor t = ones({3});
  expectThrows<Error>([&] { t.add_(ones({2, 3})); }, {"[3]", "[2, 3]"});
  expectThrows<Error>([&] { t.copy_(ones({2})); }, {"copy_", "[2]", "[3]"});
  EXPECT_EQ(values(t), Values({1, 1, 1}));
}
TEST(Inplace, FillZeroAndRandom) {
  Tensor t = empty({3});
  EXPECT_EQ(values(t.fill_(2.5)), Values(3, 2.5));
  EXPECT_EQ(values(t.zero_()), Values(3, 0));
  t.uniform_(2, 3);
  EXPECT_TRUE((t.ge(2) & t.lt(3)).all().item<bool>());
}
TEST(Inplace, LeavesThatRequireGradAreProtected) {
  Tensor w = ones({2}, requires_grad());
  expectThrows<Error>([&] { w.add_(1); }, {"leaf"});
  expectThrows<Error>([&] { w[0].mul_(2); }, {"leaf"});
  EXPECT_EQ(values(w), Values({1, 1}));
  NoGradGuard guard;
  w.add_(1);
  EXPECT_EQ(values(w), Values({2, 2}));
}
TEST(Inplace, GradientsFlowThroughWritesToViews) {
  Tensor w = tensor({1., 2.}, requires_grad());
  Tensor out = zeros({2, 2});
  out[0] = w * 3;
  out[1].copy_(w);
  out.mul_(2);
  out.sum().backward();
  EXPECT_EQ(values(w.grad()), Values({8, 8}));
}
TEST(Inplace, AMaskedFillSelects) {
  Tensor t = arange(4.);
  t.masked_fill_(t > 1, -1);
  EXPECT_EQ(values(t), Values({0, 1, -1, -1}));
}
TEST(Inplace, APendingWriteIsSeenByATensorThatWasReadBefore) {
  Tensor t = ones({4});
  EXPECT_EQ(t[0].item<float>(), 1);
  Tensor v = t.view({2, 2});
  t.add_(1);
  EXPECT_EQ(values(v), Values(4, 2));
}
TEST(Inplace, AThousandRowWritesLeaveEveryRow) {
  Tensor out = zeros({1000, 2});
  for (int64_t i = 0; i < 1000; ++i)
    out[i] = tensor({double(i), double(-i)});
  EXPECT_EQ(out[999][0].item<int>(), 999);
  EXPECT_EQ(out.sum().item<float>(), 0);
  EXPECT_EQ(out.select(1, 0).sum().item<float>(), 499500);
}
