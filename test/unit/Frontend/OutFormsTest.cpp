//===- OutFormsTest.cpp - functions that store into tensors of the caller ---------------------===//

#include "Support.h"

using namespace frontend_test;
using namespace tjit;

TEST(OutForms, StoreTheResultAndReturnTheTensor) {
  Tensor out = empty({3});
  const Tensor alias = out, x = arange(3.);
  Tensor &returned = add_out(out, x, x, 2);
  EXPECT_EQ(&returned, &out);
  EXPECT_EQ(values(alias), Values({0, 3, 6}));
  EXPECT_EQ(alias._version(), 1);
  exp_out(out, zeros({3}));
  EXPECT_EQ(values(alias), Values({1, 1, 1}));
  EXPECT_EQ(values(mul_outf(x, x, out)), Values({0, 1, 4}));
  add_out(out, out, out); // out is an operand too
  EXPECT_EQ(values(out), Values({0, 2, 8}));
}
TEST(OutForms, ResizeForEverybodyWhoHasTheTensor) {
  Tensor out = empty({0});
  const Tensor alias = out;
  mm_out(out, ones({2, 3}), ones({3, 4}));
  EXPECT_EQ(alias.sizes(), IntArrayRef({2, 4}));
  EXPECT_EQ(alias.sum().item<float>(), 24);
  sum_out(out, ones({2, 3}), {1});
  EXPECT_EQ(values(alias), Values({3, 3}));
}
TEST(OutForms, WriteThroughViews) {
  const Tensor base = zeros({2, 3});
  Tensor column = base.select(1, 1);
  add_out(column, ones({2}), 1);
  EXPECT_EQ(values(base), Values({0, 2, 0, 0, 2, 0}));
}
TEST(OutForms, ConvertToHigherDtypesOnly) {
  Tensor wide = empty({2}, kDouble), integers = zeros({2}, kLong), flags = zeros({2}, kBool);
  add_out(wide, ones({2}, kInt), ones({2}, kInt));
  EXPECT_EQ(wide.dtype(), kDouble);
  EXPECT_EQ(values(wide), Values({2, 2}));
  expectThrows<Error>([&] { add_out(integers, ones({2}), ones({2})); }, {"float32", "int64"});
  expectThrows<Error>([&] { add_out(flags, integers, integers); }, {"int64", "bool"});
  EXPECT_EQ(values(integers), Values({0, 0}));
  EXPECT_EQ(integers._version(), 0);
  Tensor bytes = empty({1}, kByte);
  eq_out(bytes, ones({1}), ones({1}));
  EXPECT_EQ(values(bytes), Values({1}));
}
TEST(OutForms, RefuseHistories) {
  Tensor out = empty({2});
  const Tensor w = ones({2}).requires_grad_(true);
  expectThrows<Error>([&] { add_out(out, w, ones({2})); }, {"add()", "requires grad"});
  expectThrows<Error>([&] { cat_out(out, {w, w}); }, {"cat()"});
  Tensor leaf = ones({2}).requires_grad_(true);
  expectThrows<Error>([&] { exp_out(leaf, ones({2})); }, {"exp()"});
  NoGradGuard guard;
  add_out(out, w, w);
  EXPECT_EQ(values(out), Values({2, 2}));
  exp_out(leaf, zeros({2}));
  EXPECT_EQ(values(leaf), Values({1, 1}));
  EXPECT_TRUE(leaf.requires_grad());
}
TEST(OutForms, OfSeveralResults) {
  Tensor v = empty({0}), i = empty({0}, kLong);
  const Tensor x = tensor({{3., 1., 2.}, {4., 6., 5.}});
  auto [first, second] = max_out(v, i, x, 1);
  EXPECT_EQ(&first, &v);
  EXPECT_EQ(&second, &i);
  EXPECT_EQ(values(v), Values({3, 6}));
  EXPECT_EQ(values(i), Values({0, 1}));
  sort_out(v, i, x, 1);
  EXPECT_EQ(values(v), Values({1, 2, 3, 4, 5, 6}));
  topk_out(v, i, x, 1);
  EXPECT_EQ(values(i), Values({0, 1}));
}
TEST(OutForms, OfCreationHaveTheDtypeOfOut) {
  Tensor out = empty({0}, kLong);
  arange_out(out, 4);
  EXPECT_EQ(values(out), Values({0, 1, 2, 3}));
  EXPECT_EQ(out.dtype(), kLong);
  zeros_out(out, {2, 2});
  EXPECT_EQ(out.sizes(), IntArrayRef({2, 2}));
  Tensor m = empty({0});
  linalg_inv_out(m, eye(2) * 2);
  EXPECT_EQ(values(linalg::inv_out(m, m)), Values({2, 0, 0, 2}));
}
TEST(OutForms, InPlaceFormsAreFunctionsToo) {
  Tensor x = tensor({-1., 4.});
  EXPECT_EQ(&relu_(x), &x);
  EXPECT_EQ(values(sqrt_(x)), Values({0, 2}));
  EXPECT_EQ(values(clamp_(x, 1)), Values({1, 2}));
}

TEST(Divisors, OfIntegersOfAnySign) {
  EXPECT_EQ(values(gcd(tensor({12, -18, 7, 0, 0}), tensor({18, 12, 0, -5, 0}))),
            Values({6, 6, 7, 5, 0}));
  EXPECT_EQ(values(lcm(tensor({4, -6, 0, 0}), tensor({6, 8, 3, 0}))), Values({12, 24, 0, 0}));
  Tensor i = tensor({12, 18}, kShort);
  i.gcd_(tensor({8}, kShort));
  EXPECT_EQ(i.dtype(), kShort);
  EXPECT_EQ(values(i), Values({4, 2}));
  EXPECT_EQ(gcd(tensor({4}, kInt), tensor({6}, kLong)).dtype(), kLong);
  EXPECT_EQ(values(tensor({200}, kByte).gcd(tensor({75}, kByte))), Values({25}));
  const int64_t least = std::numeric_limits<int64_t>::min();
  // |least| is itself, so remainders are negative; as in PyTorch.
  EXPECT_EQ(gcd(tensor({least}), tensor({int64_t(6)})).item<int64_t>(), -2);
  EXPECT_EQ(lcm(tensor({-128, 127}, kChar), tensor({6, -128}, kChar)).sum().item<int64_t>(), -256);
  expectThrows<Error>([] { gcd(ones({1}), ones({1})); }, {"gcd", "float32"});
  expectThrows<Error>([] { lcm(tensor({true}), tensor({true})); }, {"lcm", "bool"});
}
