//===- IndexingTest.cpp -----------------------------------------------------------------------===//
// Index and index_put_.

#include "Support.h"

using namespace frontend_test;
using namespace tjit;

TEST(Indexing, SlicesIntegersNoneAndEllipsisAreViews) {
  Tensor x = arange(24).view({2, 3, 4});
  EXPECT_EQ(values(x.index({0, Slice(), 1})), Values({1, 5, 9}));
  EXPECT_EQ(values(x.index({Ellipsis, Slice(None, None, 3)})),
            Values({0, 3, 4, 7, 8, 11, 12, 15, 16, 19, 20, 23}));
  EXPECT_EQ(sizes(x.index({0, None, 1})), Ints({1, 4}));
  EXPECT_EQ(values(x.index({"...", -1, 2})), Values({10, 22}));
  x.index({1, Slice(1, None)}).zero_();
  EXPECT_EQ(x.sum().item<int>(), 66 + 12 + 13 + 14 + 15);
}
TEST(Indexing, MasksSelectAndCopy) {
  Tensor x = arange(1, 10).reshape({3, 3});
  EXPECT_EQ(values(x.index({x > 5})), Values({6, 7, 8, 9}));
  EXPECT_EQ(sizes(x.index({x > 100})), Ints({0}));
  EXPECT_EQ(values(x.index({tensor({true, false, true}), 1})), Values({2, 8}));
  x.index({x > 5}).zero_();
  EXPECT_EQ(x.sum().item<int>(), 45);
}
TEST(Indexing, IndexTensorsBroadcastAndMayBeNegative) {
  Tensor x = arange(24.).view({2, 3, 4}), i = tensor({1, 0, 1}), j = tensor({2, 0, -1});
  EXPECT_EQ(values(x.index({i, j, 3})), Values({23, 3, 23}));
  EXPECT_EQ(sizes(x.index({i, Slice(), j})), Ints({3, 3}));
  EXPECT_EQ(sizes(x.index({Slice(), j, 0})), Ints({2, 3}));
  EXPECT_EQ(values(tensor({10, 20, 30}).index({tensor({{0, 2}, {1, 1}})})),
            Values({10, 30, 20, 20}));
  EXPECT_EQ(values(x.index({0, tensor({{0}, {2}}), tensor({{3, 1}})})), Values({3, 1, 11, 9}));
}
TEST(Indexing, IndicesOutOfRangeAreErrorsOfTheCall) {
  Tensor x = ones({2, 3});
  expectThrows<IndexError>([&] { x.index({tensor({0, 2})}); }, {"2", "dimension 0", "size 2"});
  expectThrows<IndexError>([&] { x.index({0, 3}); }, {"3"});
  expectThrows<IndexError>([&] { x.index({0, 0, 0}); }, {"too many", "2 dimensions"});
  expectThrows<IndexError>([&] { x.index({ones({3}, kBool)}); }, {"mask", "[3]"});
  expectThrows<IndexError>([&] { x.index({ones({2})}); }, {"float32"});
  expectThrows<ValueError>([&] { x.index({"abc"}); }, {"abc"});
}
TEST(Indexing, PendingIndicesAreCheckedByTheEvaluation) {
  Tensor x = ones({2, 3}), rows = x.index_select(0, tensor({0, 1}) * 5);
  expectThrows<Error>([&] { rows.sum().item<float>(); }, {"5"});
}
TEST(Indexing, PutsScalarsAndTensors) {
  Tensor x = zeros({3, 4});
  x.index_put_({0, Slice()}, 1);
  x.index_put_({Slice(), 1}, tensor({5., 6., 7.}));
  EXPECT_EQ(values(x), Values({1, 5, 1, 1, 0, 6, 0, 0, 0, 7, 0, 0}));
  x.index_put_({x > 5}, -1);
  x.index_put_({x == -1}, tensor({10., 20.}));
  EXPECT_EQ(values(x.select(1, 1)), Values({5, 10, 20}));
  x.index_put_({tensor({0, 2}), tensor({3, 0})}, tensor({0.5, 0.25}));
  EXPECT_EQ(x[0][3].item<float>(), 0.5f);
  EXPECT_EQ(x[2][0].item<float>(), 0.25f);
}
TEST(Indexing, PutAccumulates) {
  Tensor y = zeros({4});
  y.index_put_({tensor({1, 1, 3, 1})}, tensor({1., 2., 3., 4.}), /*accumulate=*/true);
  EXPECT_EQ(values(y), Values({0, 7, 0, 3}));
}
TEST(Indexing, AFailedPutChangesNothing) {
  Tensor x = arange(3.);
  expectThrows<IndexError>([&] { x.index_put_({tensor({0, 7})}, 1); }, {"7"});
  expectThrows<Error>([&] { x.index_put_({Slice(0, 2)}, ones({3})); }, {"[3]", "[2]"});
  EXPECT_EQ(values(x), Values({0, 1, 2}));
}
TEST(Indexing, GradientsOfAdvancedIndexingAddUp) {
  Tensor w = tensor({1., 2., 3.}, requires_grad());
  (w.index({tensor({0, 2, 2})}) * tensor({1., 10., 100.})).sum().backward();
  EXPECT_EQ(values(w.grad()), Values({1, 0, 110}));
}
TEST(Indexing, NonzeroAndWhere) {
  Tensor x = tensor({{0, 1}, {2, 0}});
  EXPECT_EQ(values(x.nonzero()), Values({0, 1, 1, 0}));
  EXPECT_EQ(values(where(x > 0)[1]), Values({1, 0}));
  EXPECT_EQ(values(masked_select(x, x > 0)), Values({1, 2}));
}
