//===- ViewsTest.cpp --------------------------------------------------------------------------===//
// Views share memory, writes are seen through every alias.

#include "Support.h"

using namespace frontend_test;
using namespace tjit;

TEST(Views, GeometryOfPermutations) {
  Tensor t = arange(24).view({2, 3, 4});
  EXPECT_EQ(strides(t.permute({2, 0, 1})), Ints({1, 12, 4}));
  EXPECT_EQ(sizes(t.transpose(0, -1)), Ints({4, 3, 2}));
  EXPECT_EQ(sizes(t.movedim(0, 2)), Ints({3, 4, 2}));
  EXPECT_FALSE(t.transpose(1, 2).is_contiguous());
  EXPECT_EQ(values(arange(6).view({2, 3}).t()), Values({0, 3, 1, 4, 2, 5}));
}
TEST(Views, SlicesSelectsAndDiagonals) {
  Tensor t = arange(12).view({3, 4});
  EXPECT_EQ(values(t.slice(1, 1, 4, 2)), Values({1, 3, 5, 7, 9, 11}));
  EXPECT_EQ(values(t.select(0, -1)), Values({8, 9, 10, 11}));
  EXPECT_EQ(values(t.narrow(1, 1, 2)), Values({1, 2, 5, 6, 9, 10}));
  EXPECT_EQ(values(t.diagonal()), Values({0, 5, 10}));
  EXPECT_EQ(values(t.diagonal(-1)), Values({4, 9}));
  EXPECT_EQ(values(t.slice(0, 5, 9)), Values());
  EXPECT_EQ(t.slice(0, 1).storage_offset(), 4);
}
TEST(Views, ExpandRepeatsWithoutCopying) {
  Tensor t = tensor({1., 2.}).unsqueeze(1).expand({2, 3});
  EXPECT_EQ(values(t), Values({1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(strides(t), Ints({1, 0}));
  expectThrows<Error>([] { ones({2, 3}).expand({2, 4}); }, {"expand", "[2, 3]", "[2, 4]"});
}
TEST(Views, ReshapeIsAViewWhereStridesAllow) {
  Tensor t = arange(6.), v = t.reshape({2, 3});
  v[0][0] = 9;
  EXPECT_EQ(t[0].item<float>(), 9);
  Tensor copy = v.t().reshape({6});
  copy[0] = 1;
  EXPECT_EQ(t[0].item<float>(), 9);
  EXPECT_EQ(sizes(t.reshape({-1, 2})), Ints({3, 2}));
  expectThrows<Error>([&] { t.reshape({4, -1}); }, {"reshape", "[4, -1]", "6"});
}
TEST(Views, ImpossibleViewNamesSizesStridesAndRemedy) {
  Tensor t = arange(6).view({2, 3}).t();
  expectThrows<Error>([&] { t.view({6}); },
                      {"view", "[6]", "[3, 2]", "[1, 3]", "reshape", "contiguous"});
}
TEST(Views, IndicesOutOfRangeNameThem) {
  Tensor t = ones({2, 3});
  expectThrows<IndexError>([&] { t[2]; }, {"2", "dimension 0", "size 2"});
  expectThrows<IndexError>([&] { t.select(1, -4); }, {"-4", "size 3"});
  expectThrows<IndexError>([&] { t.transpose(0, 2); }, {"transpose", "2"});
  expectThrows<IndexError>([&] { t.narrow(0, 1, 2); }, {"narrow", "size 2"});
  expectThrows<ValueError>([&] { t.slice(0, 0, 2, 0); }, {"step"});
  expectThrows<Error>([&] { t.as_strided({3}, {3}); }, {"as_strided", "6"});
  expectThrows<Error>([&] { t.permute({0, 0}); }, {"permute"});
}
TEST(Views, EveryAliasSeesEveryWriteInOrder) {
  Tensor base = arange(12.), grid = base.view({3, 4}), column = grid.select(1, 1),
         transposed = grid.t();
  column.mul_(10);
  EXPECT_EQ(values(base), Values({0, 10, 2, 3, 4, 50, 6, 7, 8, 90, 10, 11}));
  base[11] = -1;
  EXPECT_EQ(transposed[3][2].item<float>(), -1);
  transposed[0] = tensor({7., 8., 9.});
  EXPECT_EQ(values(grid.select(1, 0)), Values({7, 8, 9}));
  grid.slice(0, 0, 3, 2).slice(1, 0, 4, 3).zero_();
  EXPECT_EQ(values(base), Values({0, 10, 2, 0, 8, 50, 6, 7, 0, 90, 10, 0}));
}
TEST(Views, ReadsBeforeAWriteKeepTheOldValue) {
  Tensor t = arange(4.), doubled = t * 2, row = t.slice(0, 0, 2) + 1;
  t.add_(100);
  EXPECT_EQ(values(doubled), Values({0, 2, 4, 6}));
  EXPECT_EQ(values(row), Values({1, 2}));
}
TEST(Views, WritesThroughATransposeKeepTheStorage) {
  Tensor t = arange(6.).view({2, 3}), v = t.t();
  v.mul_(2);
  EXPECT_EQ(values(t), Values({0, 2, 4, 6, 8, 10}));
  v.copy_(tensor({{1., 2.}, {3., 4.}, {5., 6.}}));
  EXPECT_EQ(values(t), Values({1, 3, 5, 2, 4, 6}));
}
TEST(Views, CopyingATensorIntoItsOwnTranspose) {
  Tensor t = arange(9.).view({3, 3});
  EXPECT_THROW(t.copy_(t.t()), torch::Error); // as PyTorch
  t.copy_(t.t().clone());
  EXPECT_EQ(values(t), Values({0, 3, 6, 1, 4, 7, 2, 5, 8}));
}
TEST(Views, VersionsCountWrites) {
  Tensor t = zeros({4}), v = t.slice(0, 0, 2);
  const int64_t before = t._version();
  v.add_(1);
  t.zero_();
  EXPECT_EQ(t._version(), before + 2);
  EXPECT_EQ(v._version(), t._version());
  EXPECT_TRUE(v.is_view());
  EXPECT_FALSE(t.is_view());
}
TEST(Views, CloneIsIndependent) {
  Tensor t = arange(6.).view({2, 3}).t(), c = t.clone();
  t.zero_();
  EXPECT_EQ(values(c), Values({0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(strides(c), Ints({1, 3}));
  c.add_(1);
  EXPECT_EQ(values(t), Values(6, 0));
}
TEST(Views, OverlappingTensorsAreNotWritten) {
  expectThrows<Error>([] { ones({1, 3}).expand({2, 3}).add_(1); }, {"clone"});
}
TEST(Views, SplitsAndChunks) {
  Tensor t = arange(10);
  EXPECT_EQ(t.split(4).size(), 3u);
  EXPECT_EQ(values(t.split(4)[2]), Values({8, 9}));
  EXPECT_EQ(values(t.split(IntArrayRef({3, 7}))[1]), Values({3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(t.chunk(4).size(), 4u);
  EXPECT_EQ(t.view({2, 5}).unbind()[1][0].item<int>(), 5);
}
TEST(Views, ElementwiseResultsKeepTheOperandsOrderOfDimensions) {
  Tensor t = arange(24.).view({2, 3, 4}).permute({2, 0, 1});
  EXPECT_EQ(strides(t * 2), Ints({1, 12, 4}));
  EXPECT_EQ(strides(t + t), Ints({1, 12, 4}));
  EXPECT_EQ(values(t * 2 - t), values(t));
  // A broadcast operand has no say where it is repeated.
  EXPECT_EQ(strides(t + arange(3.)), Ints({1, 12, 4}));
  EXPECT_EQ(strides(t + ones({4, 2, 3})), Ints({1, 12, 4}));
  EXPECT_EQ(strides(ones({4, 2, 3}) + t), Ints({6, 3, 1}));
}
TEST(Views, ResultsLieAsLibtorchs) {
  const torch::Tensor x = torch::arange(24.0f).view({2, 3, 4}).permute({2, 0, 1});
  const torch::Tensor i = torch::zeros({1}, torch::kLong);
  auto [values, indices] = x.sort(1, true);
  for (const torch::Tensor &t : {values, indices, x.argsort(int64_t(0)), x.flip(1),
                                 x.index_fill(0, i, 1), torch::dropout(x, 0.5, true)})
    EXPECT_EQ(strides(t), strides(x));
  // Row-major whatever the operand is.
  const torch::Tensor y = torch::rand({3, 3}).t(), row = torch::ones({3});
  for (const torch::Tensor &t :
       {x.tril(), x.masked_scatter(x > 3, x.contiguous()), torch::layer_norm(x, {3}),
        torch::rms_norm(x, {3}), torch::log_sigmoid(x), torch::addmm(y, y, y),
        torch::addr(y, row, row), y.renorm(2, 0, 1.0), torch::rot90(y),
        torch::batch_norm(y, {}, {}, {}, {}, true, 0.1, 1e-5, false)})
    EXPECT_TRUE(t.is_contiguous()) << t.sizes() << t.strides();
  EXPECT_TRUE(x.flip(1).equal(x.contiguous().flip(1)));
  EXPECT_TRUE(values.equal(std::get<0>(x.contiguous().sort(1, true))));
  EXPECT_TRUE(indices.equal(std::get<1>(x.contiguous().sort(1, true))));
  EXPECT_TRUE(x.index_fill(0, i, 1).equal(x.contiguous().index_fill(0, i, 1)));
}
TEST(Views, SizesAsSymbols) {
  const torch::Tensor x = torch::ones({2, 3}).t();
  EXPECT_EQ(x.sym_size(0).expect_int(), 3);
  EXPECT_EQ(x.sym_sizes()[1].guard_int(__FILE__, __LINE__), 2);
  EXPECT_EQ(x.sym_stride(0), 1);
  EXPECT_EQ(x.sym_strides()[1], 3);
  EXPECT_EQ(x.sym_numel(), 6);
  EXPECT_EQ(x.sym_storage_offset(), 0);
  EXPECT_EQ(torch::infer_size({2, 1, 4}, {3, 1}), (std::vector<int64_t>{2, 3, 4}));
  EXPECT_THROW(torch::infer_size({2}, {3}), torch::Error);
  EXPECT_TRUE(torch::_shape_as_tensor(x).equal(torch::tensor({3, 2}, torch::kLong)));
}
TEST(Views, AScalarAssignedToAnElementWritesThrough) {
  Tensor a = zeros({2, 2});
  a[0][1] = 99.f;
  a[1] = tensor({3., 4.});
  a.index({0, 0}) = 5;
  EXPECT_EQ(values(a), Values({5, 99, 3, 4}));
}
