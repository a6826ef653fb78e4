//===- CreationTest.cpp -----------------------------------------------------------------------===//
// New tensors.

#include "Support.h"

#include <cmath>

using namespace frontend_test;
using namespace tjit;

TEST(Creation, NestedListsGiveShapeAndDefaultDtype) {
  Tensor t = tensor({{{1., 2.}, {3., 4.}}, {{5., 6.}, {7., 8.}}});
  EXPECT_EQ(sizes(t), Ints({2, 2, 2}));
  EXPECT_EQ(t.dtype(), kFloat32);
  EXPECT_EQ(values(t), Values({1, 2, 3, 4, 5, 6, 7, 8}));
}
TEST(Creation, IntegersGiveInt64AndTruthValuesBool) {
  EXPECT_EQ(tensor({1, 2}).dtype(), kInt64);
  EXPECT_EQ(tensor(7).dtype(), kInt64);
  EXPECT_EQ(tensor({true, false}).dtype(), kBool);
  EXPECT_EQ(tensor(std::vector<int>{4, 5}).dtype(), kInt64);
  EXPECT_EQ(tensor(std::vector<double>{4, 5}).dtype(), kFloat32);
  EXPECT_EQ(tensor(std::vector<bool>{true, false}).dtype(), kBool);
}
TEST(Creation, OptionsDecideTheDtype) {
  EXPECT_EQ(tensor({1, 2}, kInt16).dtype(), kInt16);
  Tensor t = tensor({0.1}, dtype(kFloat64).requires_grad(true));
  EXPECT_EQ(t.dtype(), kFloat64);
  EXPECT_TRUE(t.requires_grad());
  EXPECT_EQ(t.item<double>(), 0.1);
}
TEST(Creation, Int64KeepsAllBits) {
  const int64_t big = 9007199254740993;
  EXPECT_EQ(tensor({big}).item<int64_t>(), big);
  EXPECT_EQ(tensor({big, INT64_MIN}).index({1}).item<int64_t>(), INT64_MIN);
}
TEST(Creation, RaggedListsAreRefused) {
  expectThrows<ValueError>([] { tensor({{1, 2}, {3}}); }, {"tensor", "differ"});
  expectThrows<ValueError>([] { tensor({{1, 2}, 3}); }, {"tensor"});
  expectThrows<TypeError>([] { tensor({1., true}); }, {"mixed"});
}
TEST(Creation, EmptyListIsAVectorWithoutElements) { EXPECT_EQ(sizes(tensor({})), Ints({0})); }

TEST(Creation, Constants) {
  EXPECT_EQ(values(zeros({2, 2})), Values(4, 0));
  EXPECT_EQ(values(ones({3}, kInt16)), Values(3, 1));
  EXPECT_EQ(full({2}, 3).dtype(), kInt64);
  EXPECT_EQ(full({2}, 3.5).dtype(), kFloat32);
  EXPECT_EQ(full({2}, true).dtype(), kBool);
  EXPECT_EQ(values(full({2}, 3.5)), Values({3.5, 3.5}));
  EXPECT_EQ(values(eye(2, 3)), Values({1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(sizes(empty({3, 0, 2})), Ints({3, 0, 2}));
}
TEST(Creation, AFullTensorCanBeWrittenElementwise) {
  Tensor t = full({3}, 2.5);
  t[1] = 7;
  EXPECT_EQ(values(t), Values({2.5, 7, 2.5}));
}
TEST(Creation, Ranges) {
  EXPECT_EQ(values(arange(1, 5)), Values({1, 2, 3, 4}));
  EXPECT_EQ(arange(4.).dtype(), kFloat32);
  EXPECT_EQ(values(arange(0, 1, 0.25)), Values({0, 0.25, 0.5, 0.75}));
  EXPECT_EQ(values(arange(5, -5, -3)), Values({5, 2, -1, -4}));
  EXPECT_EQ(values(linspace(-1, 1, 5)), Values({-1, -0.5, 0, 0.5, 1}));
  EXPECT_EQ(values(linspace(3, 9, 1)), Values({3}));
  EXPECT_EQ(values(logspace(0, 2, 3)), Values({1, 10, 100}));
  expectThrows<ValueError>([] { arange(0, 5, -1); }, {"arange", "step"});
  expectThrows<ValueError>([] { arange(0, 5, 0); }, {"arange", "step"});
}
TEST(Creation, SizesThatOverflowOrAreNegativeAreErrors) {
  expectThrows<Error>([] { zeros({int64_t(1) << 40, int64_t(1) << 40}); },
                      {"zeros", "1099511627776"});
  expectThrows<Error>([] { ones({-1}); }, {"ones", "-1"});
  expectThrows<Error>([] { full({int64_t(1) << 62, 4}, 2); }, {"full"});
}
TEST(Creation, AbsentDevicesAreErrors) {
  expectThrows<Error>([] { randn({2, 2}, device(kCUDA)); }, {"randn", "cuda"});
  expectThrows<Error>([] { ones({2}).to(kCUDA); }, {"to", "cuda"});
  expectThrows<Error>([] { Device("tpu"); }, {"tpu", "cpu"});
  EXPECT_EQ(Device("cuda:1").str(), "cuda:1");
}
TEST(Creation, SeededRandomNumbersRepeat) {
  manual_seed(3);
  Tensor a = rand({100}), b = rand({100});
  manual_seed(3);
  EXPECT_TRUE(equal(rand({100}), a));
  EXPECT_FALSE(equal(a, b));
  EXPECT_TRUE((a.ge(0) & a.lt(1)).all().item<bool>());
}
TEST(Creation, RandomIntegersStayInRange) {
  Tensor t = randint(-2, 3, {1000});
  EXPECT_EQ(t.dtype(), kInt64);
  EXPECT_EQ(t.min().item<int64_t>(), -2);
  EXPECT_EQ(t.max().item<int64_t>(), 2);
}
TEST(Creation, RandpermHasEveryNumberOnce) {
  Tensor p = randperm(50);
  std::vector<bool> seen(50);
  for (double v : values(p))
    seen[static_cast<size_t>(v)] = true;
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), 50);
}
TEST(Creation, LikeTakesSizesAndDtype) {
  Tensor t = ones({2, 3}, kInt32);
  EXPECT_EQ(zeros_like(t).dtype(), kInt32);
  EXPECT_EQ(sizes(full_like(t, 4)), Ints({2, 3}));
  EXPECT_EQ(ones_like(t, kFloat64).dtype(), kFloat64);
}
TEST(Creation, CastsFollowTheContract) {
  Tensor t = tensor({1.9, -1.9, 300., NAN});
  EXPECT_EQ(values(t.to(kInt8)), Values({1, -1, 44, 0}));
  EXPECT_EQ(values(t.to(kBool)), Values({1, 1, 1, 1}));
}
