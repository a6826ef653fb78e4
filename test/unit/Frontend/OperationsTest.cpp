//===- OperationsTest.cpp ---------------------------------------------------------------------===//
// Promotion, broadcasting, functions and their errors.

#include "Support.h"

#include <cmath>
#include <limits>

using namespace frontend_test;
using namespace tjit;

TEST(Operations, PromotionOfTensors) {
  EXPECT_EQ((ones({2}, kInt32) + ones({2}, kInt64)).dtype(), kInt64);
  EXPECT_EQ((ones({2}, kUInt8) + ones({2}, kInt8)).dtype(), kInt16);
  EXPECT_EQ((ones({2}, kInt64) + ones({2}, kFloat16)).dtype(), kFloat16);
  EXPECT_EQ((ones({2}, kFloat16) + ones({2}, kBFloat16)).dtype(), kFloat32);
  EXPECT_EQ((ones({2}, kFloat32) + ones({}, kFloat64)).dtype(), kFloat32);
  EXPECT_EQ((ones({2}, kInt32) + ones({}, kFloat64)).dtype(), kFloat64);
  EXPECT_EQ((ones({2}, kInt32) + ones({}, kInt64)).dtype(), kInt32);
}
TEST(Operations, PromotionWithNumbers) {
  EXPECT_EQ((ones({2}, kInt32) + 1).dtype(), kInt32);
  EXPECT_EQ((ones({2}, kInt32) + 1.5).dtype(), kFloat32);
  EXPECT_EQ((ones({2}, kBool) + 1).dtype(), kInt64);
  EXPECT_EQ((ones({2}, kFloat16) * 2.5).dtype(), kFloat16);
  EXPECT_EQ((ones({2}, kFloat64) * 2).dtype(), kFloat64);
  EXPECT_EQ(values(tensor({250, 5}, kUInt8) + 10), Values({4, 15}));
}
TEST(Operations, TrueDivisionOfIntegersIsFloatingPoint) {
  EXPECT_EQ((tensor({7, -7}) / tensor({2, 2})).dtype(), kFloat32);
  EXPECT_EQ(values(tensor({7, -7}) / 2), Values({3.5, -3.5}));
  EXPECT_EQ(values(div(tensor({7, -7}), 2, "trunc")), Values({3, -3}));
  EXPECT_EQ(values(div(tensor({7, -7}), 2, "floor")), Values({3, -4}));
  EXPECT_EQ(div(tensor({7}), 2, "floor").dtype(), kInt64);
  expectThrows<Error>([] { div(tensor({7}), 2, "up"); }, {"div", "up", "trunc"});
}
TEST(Operations, IntegerDivisionByZeroIsAnErrorOfTheEvaluation) {
  Tensor q = floor_divide(tensor({1}), tensor({0}));
  expectThrows<Error>([&] { q.item<int>(); }, {"zero"});
}
TEST(Operations, Broadcasting) {
  EXPECT_EQ(sizes(ones({3, 1}) + ones({2})), Ints({3, 2}));
  EXPECT_EQ(values(tensor({{1.}, {2.}}) * tensor({10., 20.})), Values({10, 20, 20, 40}));
  expectThrows<Error>([] { ones({3}) + ones({2}); }, {"add", "[3]", "[2]"});
}
TEST(Operations, NumbersOnTheLeft) {
  Tensor x = tensor({1., 2., 4.});
  EXPECT_EQ(values(3 - x), Values({2, 1, -1}));
  EXPECT_EQ(values(1 / x), Values({1, 0.5, 0.25}));
  EXPECT_EQ(values(8 / x), Values({8, 4, 2}));
  EXPECT_EQ(values(2 > x), Values({1, 0, 0}));
}
TEST(Operations, PowersWithCommonExponentsAreExact) {
  Tensor x = tensor({1.5, 4., 9.});
  EXPECT_EQ(values(x.pow(2)), Values({2.25, 16, 81}));
  EXPECT_EQ(values(x.pow(3)), Values({3.375, 64, 729}));
  EXPECT_EQ(values(x.pow(0.5))[1], 2);
  EXPECT_EQ(values(x.pow(-1))[1], 0.25);
  EXPECT_EQ(values(x.pow(0)), Values({1, 1, 1}));
  EXPECT_EQ(values(pow(2, tensor({0., 3.}))), Values({1, 8}));
  expectThrows<Error>([] { tensor({2}).pow(-1); }, {"pow", "negative"});
}
TEST(Operations, AlphaScalesTheOther) {
  EXPECT_EQ(values(add(tensor({1., 2.}), tensor({10., 20.}), 0.5)), Values({6, 12}));
  EXPECT_EQ(values(tensor({5}).sub(tensor({2}), 2)), Values({1}));
  expectThrows<Error>([] { add(tensor({1}), tensor({1}), 0.5); }, {"alpha"});
}
TEST(Operations, WrongDtypesAreNamed) {
  expectThrows<Error>([] { bitwise_and(tensor({1.}), tensor({1.})); }, {"bitwise_and", "float32"});
  expectThrows<Error>([] { -tensor({true}); }, {"neg", "bool"});
  expectThrows<Error>([] { arange(3).mean(); }, {"mean", "int64"});
  expectThrows<Error>([] { ones({2}).masked_fill(ones({2}), 1); }, {"masked_fill", "bool"});
}
TEST(Operations, UndefinedTensorsAreErrors) {
  Tensor none;
  expectThrows<Error>([&] { none + 1; }, {"undefined"});
  expectThrows<Error>([&] { none.strides(); }, {"undefined", "strides"});
  expectThrows<Error>([&] { none.itemsize(); }, {"undefined", "itemsize"});
  // Questions that libtorch answers.
  EXPECT_EQ(sizes(none), Ints({0}));
  EXPECT_EQ(none.dim(), 1);
  EXPECT_EQ(none.size(0), 0);
  EXPECT_EQ(none.numel(), 0);
  EXPECT_EQ(none.scalar_type(), ScalarType::Undefined);
  EXPECT_EQ(none.toString(), "UndefinedType");
  EXPECT_FALSE(none.requires_grad());
  EXPECT_TRUE(none.is_contiguous());
}
TEST(Operations, Reductions) {
  Tensor t = tensor({{1., 5., 2.}, {4., 3., 6.}});
  EXPECT_EQ(values(t.sum(0)), Values({5, 8, 8}));
  EXPECT_EQ(values(t.mean({0}, true)), Values({2.5, 4, 4}));
  EXPECT_EQ(t.max().item<float>(), 6);
  EXPECT_EQ(values(std::get<1>(t.max(1))), Values({1, 2}));
  EXPECT_EQ(values(std::get<0>(t.min(0))), Values({1, 3, 2}));
  EXPECT_EQ(t.argmax().item<int>(), 5);
  EXPECT_EQ(sizes(t.argmax(0, true)), Ints({1, 3}));
  EXPECT_NEAR(t.var().item<double>(), 3.5, 1e-6);
  EXPECT_NEAR(t.std(1, false).index({0}).item<double>(), std::sqrt(26. / 9), 1e-6);
  EXPECT_EQ(ones({5}, kBool).sum().dtype(), kInt64);
  EXPECT_TRUE(t.gt(0).all().item<bool>());
  EXPECT_FALSE(t.gt(6).any().item<bool>());
  EXPECT_TRUE(zeros({0}).all().item<bool>());
  EXPECT_NEAR(t.norm().item<double>(), std::sqrt(91.), 1e-6);
  expectThrows<Error>([&] { t.sum({0, 0}); }, {"twice"});
  expectThrows<IndexError>([&] { t.sum(2); }, {"sum", "2"});
  expectThrows<Error>([] { zeros({0}).max(); }, {"amax"});
}
TEST(Operations, ProductsOfAllRanks) {
  Tensor a = arange(6.).view({2, 3}), b = arange(12.).view({3, 4}), v = tensor({1., 2., 3.});
  EXPECT_EQ(values(a.matmul(b)), Values({20, 23, 26, 29, 56, 68, 80, 92}));
  EXPECT_EQ(values(a.matmul(v)), Values({8, 26}));
  EXPECT_EQ(values(v.matmul(b)), Values({32, 38, 44, 50}));
  EXPECT_EQ(v.dot(v).item<float>(), 14);
  EXPECT_EQ(sizes(ones({5, 2, 3}).matmul(b)), Ints({5, 2, 4}));
  EXPECT_EQ(sizes(ones({4, 1, 2, 3}).matmul(ones({7, 3, 2}))), Ints({4, 7, 2, 2}));
  EXPECT_EQ(values(zeros({2, 0}).matmul(zeros({0, 2}))), Values(4, 0));
  EXPECT_EQ(values(addmm(tensor({1., 2.}), a, a.t())), Values({6, 16, 15, 52}));
  expectThrows<Error>([&] { a.matmul(a); }, {"matmul", "[2, 3]"});
  expectThrows<Error>([&] { a.mm(v); }, {"mm", "[3]"});
  expectThrows<Error>([&] { a.matmul(b.to(kFloat64)); }, {"matmul", "float64"});
}
TEST(Operations, JoiningAndMoving) {
  Tensor a = zeros({2, 3}), b = ones({2, 3});
  EXPECT_EQ(sizes(cat({a, b}, 1)), Ints({2, 6}));
  EXPECT_EQ(sizes(stack({a, b}, -1)), Ints({2, 3, 2}));
  EXPECT_EQ(cat({ones({1}, kInt64), ones({1})}).dtype(), kFloat32);
  EXPECT_EQ(values(arange(4).flip(0)), Values({3, 2, 1, 0}));
  EXPECT_EQ(values(arange(4).roll(1)), Values({3, 0, 1, 2}));
  EXPECT_EQ(values(tensor({1, 2}).repeat({2, 2})), Values({1, 2, 1, 2, 1, 2, 1, 2}));
  expectThrows<Error>([&] { cat({a, ones({3, 3})}, 1); }, {"[2, 3]", "[3, 3]"});
  expectThrows<Error>([&] { stack({a, ones({2})}); }, {"stack"});
}
TEST(Operations, SoftmaxIsStableAndSumsToOne) {
  Tensor x = tensor({{1000., 1001.}, {-1000., -1000.}});
  EXPECT_NEAR(x.softmax(1).sum(1).index({0}).item<double>(), 1, 1e-6);
  EXPECT_NEAR(x.log_softmax(1).index({1, 0}).item<double>(), -std::log(2.), 1e-6);
}
TEST(Operations, CrossEntropyChecksItsTargetsAndIgnoresSome) {
  Tensor x = tensor({{1., 2., 3.}, {3., 1., 0.}});
  const double first = std::log(std::exp(1.) + std::exp(2.) + std::exp(3.)) - 3;
  const double second = std::log(std::exp(3.) + std::exp(1.) + 1) - 3;
  EXPECT_NEAR(cross_entropy(x, tensor({2, 0})).item<double>(), (first + second) / 2, 1e-6);
  EXPECT_NEAR(cross_entropy(x, tensor({2, -100})).item<double>(), first, 1e-6);
  // Targets that are still pending go another way to the same value.
  EXPECT_NEAR(cross_entropy(x, tensor({1, -1}) + 1).item<double>(), (first + second) / 2, 1e-6);
  expectThrows<IndexError>([&] { cross_entropy(x, tensor({2, 3})); }, {"target 3", "3 classes"});
}
TEST(Operations, WhereAndClamp) {
  Tensor x = tensor({-2., 0.5, 3.});
  EXPECT_EQ(values(where(x > 0, x, x * 10)), Values({-20, 0.5, 3}));
  EXPECT_EQ(values(x.clamp(-1, 2)), Values({-1, 0.5, 2}));
  EXPECT_EQ(values(x.clamp_min(0)), Values({0, 0.5, 3}));
  EXPECT_EQ(where(tensor({true}), tensor({1}), tensor(0.5)).dtype(), kFloat32);
}
TEST(Operations, FiniteAndNan) {
  Tensor x = tensor({NAN, INFINITY, 1.});
  EXPECT_EQ(values(x.isfinite()), Values({0, 0, 1}));
  EXPECT_EQ(values(x.isnan()), Values({1, 0, 0}));
  EXPECT_EQ(values(x.isinf()), Values({0, 1, 0}));
  EXPECT_FALSE(allclose(x, x));
  EXPECT_TRUE(allclose(x, x, 1e-5, 1e-8, true));
}
TEST(Operations, ItemNeedsOneElement) {
  expectThrows<Error>([] { ones({2}).item(); }, {"item", "2"});
  EXPECT_EQ(tensor({{4.5}}).item<double>(), 4.5);
  EXPECT_TRUE(tensor(0.5).is_nonzero());
}
