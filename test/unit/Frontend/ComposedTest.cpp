//===- ComposedTest.cpp - behaviour of compositions that recorded calls do not show -----------===//
//
// tjit-goldens compares values and gradients with PyTorch's. Here stands what depends on when
// something is evaluated, and what no recorded call has.
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

#include <gtest/gtest.h>
#include <tjit/torch.h>

#include <string>

namespace F = torch::nn::functional;
using torch::Tensor;

namespace {

template <class Run> std::string messageOf(Run run) {
  try {
    run();
  } catch (const std::exception &error) {
    return error.what();
  }
  return "";
}
bool has(const std::string &message, const std::string &part) {
  return message.find(part) != std::string::npos;
}

} // namespace

TEST(Composed, ASingularMatrixIsAnErrorOfTheEvaluation) {
  Tensor singular = torch::ones({2, 2}), other = torch::ones({2}) + 1;
  Tensor inverse = torch::linalg_inv(singular); // records
  Tensor dependent = inverse + 1;
  EXPECT_TRUE(has(messageOf([&] { torch::eval(inverse); }), "solve: the matrix is singular"));
  EXPECT_TRUE(has(messageOf([&] { torch::eval(dependent); }), "singular"));
  EXPECT_EQ(other.sum().item<float>(), 4);
  EXPECT_EQ(singular.sum().item<float>(), 4);
}

TEST(Composed, AScatterOutOfRangeOverwritesNothing) {
  Tensor x = torch::zeros({3}), index = torch::tensor({1, 5}, torch::kInt64) + 0;
  Tensor y = x.scatter(0, index, torch::ones({2}));
  EXPECT_TRUE(has(messageOf([&] { torch::eval(y); }), "scatter: index 5 at position [1]"));
  EXPECT_EQ(x.sum().item<float>(), 0);
}

TEST(Composed, APendingTargetMayHoldTheIgnoredIndex) {
  Tensor logs = torch::log_softmax(torch::arange(6, torch::kFloat32).reshape({2, 3}), 1);
  Tensor target = torch::tensor({-100, 2}, torch::kInt64);
  const float ready = F::nll_loss(logs, target).item<float>();
  EXPECT_EQ(F::nll_loss(logs, target + 0).item<float>(), ready);
  EXPECT_FLOAT_EQ(ready, -logs[1][2].item<float>());
  EXPECT_TRUE(has(messageOf([&] { F::nll_loss(logs, target + 2).item<float>(); }), "out of range"));
}

TEST(Composed, GroupsOfOneValueAreRefusedByBatchNormOnly) {
  const Tensor x = torch::ones({1, 2, 1}), one = torch::ones({1, 2});
  namespace F = torch::nn::functional;
  EXPECT_EQ(frontend_test::values(F::instance_norm(x)), frontend_test::Values({0, 0}));
  EXPECT_EQ(frontend_test::values(F::group_norm(one, 2)), frontend_test::Values({0, 0}));
  EXPECT_THROW(F::batch_norm(one, {}, {}, {}, {}, true), torch::ValueError);
  EXPECT_EQ(frontend_test::values(torch::instance_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5, false)),
            frontend_test::Values({0, 0}));
  EXPECT_EQ(frontend_test::values(torch::group_norm(one, 2)), frontend_test::Values({0, 0}));
  EXPECT_EQ(frontend_test::values(torch::batch_norm(one, {}, {}, {}, {}, true, 0.1, 1e-5, false)),
            frontend_test::Values({0, 0}));
  // The same for limits in the wrong order.
  const Tensor y = torch::tensor({-3.f, 0.f, 3.f});
  EXPECT_THROW(F::hardtanh(y, 1, -1), torch::ValueError);
  EXPECT_EQ(frontend_test::values(torch::hardtanh(y, 1, -1)), frontend_test::Values({-1, -1, -1}));
}
TEST(Composed, EinsumMultipliesDtypesButDoesNotContractThem) {
  const Tensor a = torch::ones({2, 3}), b = torch::ones({3, 2}, torch::kDouble);
  EXPECT_THROW(torch::einsum("ij,jk->ik", {a, b}), torch::Error);
  EXPECT_THROW(torch::einsum("i,i->", {a[0], b.t()[0]}), torch::Error);
  EXPECT_EQ(torch::einsum("ij,ij->ij", {a, b.t()}).scalar_type(), torch::kDouble);
}
TEST(Composed, RunningStatisticsMoveWithoutAHistory) {
  Tensor x = torch::tensor({{1., 2.}, {3., 6.}}, torch::kFloat32).requires_grad_(true);
  Tensor mean = torch::zeros({2}), var = torch::ones({2});
  Tensor y = F::batch_norm(x, mean, var, {}, {}, /*training=*/true, /*momentum=*/0.5);
  EXPECT_FALSE(mean.requires_grad());
  EXPECT_EQ(mean[0].item<float>(), 1);
  EXPECT_EQ(var[1].item<float>(), 4.5f); // (1 + 8) / 2: the unbiased variance
  EXPECT_TRUE(y.requires_grad());
}

TEST(Composed, ConvolutionsTakeTheirPaddingInEveryForm) {
  Tensor x = torch::ones({1, 1, 4, 4}), w = torch::ones({1, 1, 3, 3});
  EXPECT_EQ(F::conv2d(x, w).sizes().vec(), (std::vector<int64_t>{1, 1, 2, 2}));
  EXPECT_EQ(F::conv2d(x, w, {}, 1, 0).sizes().vec(), (std::vector<int64_t>{1, 1, 2, 2}));
  EXPECT_EQ(F::conv2d(x, w, {}, 1, {0, 1}).sizes().vec(), (std::vector<int64_t>{1, 1, 2, 4}));
  EXPECT_EQ(F::conv2d(x, w, {}, 1, "same").sizes().vec(), (std::vector<int64_t>{1, 1, 4, 4}));
  EXPECT_EQ(F::conv2d(x, w, {}, 1, "same").sum().item<float>(), 100);
  EXPECT_TRUE(has(messageOf([&] { F::conv2d(x, w, {}, 1, "most"); }), "most"));
}

TEST(Composed, FoldAddsWhatUnfoldRead) {
  Tensor x = torch::arange(16, torch::kFloat32).reshape({1, 1, 4, 4});
  Tensor columns = F::unfold(x, 2);
  Tensor counts = F::fold(torch::ones_like(columns), 4, 2);
  EXPECT_TRUE(F::fold(columns, 4, 2).equal(x * counts));
}

TEST(Composed, UniqueOfRowsIsLexicographic) {
  Tensor x = torch::tensor({{2, 1}, {1, 5}, {2, 1}, {1, 2}}, torch::kInt64);
  auto [rows, inverse, counts] = torch::unique_dim(x, 0, true, true, true);
  EXPECT_TRUE(rows.equal(torch::tensor({{1, 2}, {1, 5}, {2, 1}}, torch::kInt64)));
  EXPECT_TRUE(inverse.equal(torch::tensor({2, 1, 2, 0}, torch::kInt64)));
  EXPECT_TRUE(counts.equal(torch::tensor({1, 1, 2}, torch::kInt64)));
}

TEST(Composed, EqualElementsShareTheGradientOfAMedian) {
  Tensor x = torch::tensor({1., 2., 2., 5.}, torch::kFloat64).requires_grad_(true);
  x.median().backward();
  EXPECT_TRUE(x.grad().equal(torch::tensor({0., 0.5, 0.5, 0.}, torch::kFloat64)));
}

TEST(Composed, LogcumsumexpNeitherOverflowsNorForgets) {
  Tensor x = torch::tensor({1000., 0., -1000.}, torch::kFloat64);
  Tensor forward = torch::logcumsumexp(x, 0), backward = torch::logcumsumexp(x.flip(0), 0);
  EXPECT_EQ(forward[2].item<double>(), 1000);
  EXPECT_EQ(backward[0].item<double>(), -1000);
  EXPECT_EQ(backward[1].item<double>(), 0);
}

TEST(Composed, IsinFindsTheSameByComparisonAndByBisection) {
  Tensor many = torch::arange(3000, torch::kFloat32), x = torch::tensor({-1.f, 0.f, 2.5f, 2999.f});
  EXPECT_TRUE(torch::isin(x, many).equal(torch::tensor({false, true, false, true})));
  Tensor big = torch::arange(6000, torch::kFloat32);
  EXPECT_EQ(torch::isin(big, many * 2).sum().item<int64_t>(), 3000);
}

TEST(Composed, LinalgHasBothOfLibtorchsNames) {
  Tensor a = torch::tensor({{4., 1.}, {1., 3.}}, torch::kFloat64);
  EXPECT_TRUE(torch::linalg::inv(a).equal(torch::linalg_inv(a)));
  auto [u, s, vh] = torch::linalg::svd(a);
  EXPECT_TRUE(torch::allclose((u * s).matmul(vh), a));
  auto [l, v] = torch::linalg::eigh(a);
  EXPECT_TRUE(torch::allclose((v * l).matmul(v.mT()), a));
  EXPECT_TRUE(torch::allclose(torch::linalg::pinv(a), torch::linalg::inv(a)));
}
