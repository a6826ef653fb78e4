//===- LinalgTest.cpp -------------------------------------------------------------------------===//
// Functions of linear algebra: what they solve, and their gradients against finite differences.
//
//===------------------------------------------------------------------------------------------===//

#include "Differences.h"
#include "Support.h"

using tjit::testing::checkDerivative;
using tjit::testing::Input;
using tjit::testing::randomInput;
using tjit::testing::Tensors;

namespace {

Input matrix(std::vector<int64_t> sizes, uint64_t seed = 3) {
  return randomInput(std::move(sizes), -1, 1, seed);
}
Tensor random(std::vector<int64_t> sizes, torch::ScalarType dtype = torch::kFloat64) {
  return tjit::testing::toTensor(matrix(std::move(sizes), 9)).to(dtype);
}
void expectClose(const Tensor &a, const Tensor &b, double tolerance = 1e-12) {
  ASSERT_EQ(a.sizes(), b.sizes());
  if (a.numel())
    EXPECT_LT((a - b).abs().max().item<double>(), tolerance) << a << "\n" << b;
}
double toleranceOf(torch::ScalarType dtype) { return dtype == torch::kFloat ? 1e-5 : 1e-12; }

TEST(Linalg, QrFactorsMultiplyToTheMatrix) {
  for (torch::ScalarType dtype : {torch::kFloat, torch::kFloat64})
    for (std::vector<int64_t> sizes : std::vector<std::vector<int64_t>>{
             {3, 3}, {4, 2}, {2, 4}, {2, 3, 4, 2}, {0, 3}, {3, 0}, {2, 0, 2}}) {
      const Tensor a = random(sizes, dtype);
      const int64_t m = a.size(-2), n = a.size(-1), k = std::min(m, n);
      for (const char *mode : {"reduced", "complete"}) {
        auto [q, r] = torch::linalg_qr(a, mode);
        const int64_t columns = mode == std::string("complete") ? m : k;
        EXPECT_EQ(q.size(-2), m);
        EXPECT_EQ(q.size(-1), columns);
        expectClose(q.matmul(r), a, toleranceOf(dtype));
        expectClose(q.mT().matmul(q), torch::eye(columns, q.options()).expand_as(q.mT().matmul(q)),
                    toleranceOf(dtype));
        EXPECT_TRUE(r.equal(r.triu()));
      }
      expectClose(std::get<1>(torch::linalg_qr(a, "r")), std::get<1>(torch::linalg_qr(a)));
    }
  EXPECT_MESSAGE(torch::linalg_qr(random({2, 2}), "full"), "reduced, complete or r");
  Tensor tall = random({3, 2}).requires_grad_();
  EXPECT_MESSAGE(std::get<1>(torch::linalg_qr(tall, "complete")).sum().backward(), "not unique");
}

TEST(Linalg, LuFactorsMultiplyToTheMatrix) {
  for (torch::ScalarType dtype : {torch::kFloat, torch::kFloat64})
    for (std::vector<int64_t> sizes :
         std::vector<std::vector<int64_t>>{{3, 3}, {4, 2}, {2, 4}, {2, 3, 4, 4}, {0, 3}, {3, 0}}) {
      const Tensor a = random(sizes, dtype);
      auto [p, l, u] = torch::linalg_lu(a);
      expectClose(p.matmul(l).matmul(u), a, toleranceOf(dtype));
      auto [lu, pivots, info] = torch::linalg_lu_factor_ex(a);
      EXPECT_EQ(pivots.scalar_type(), torch::kInt);
      EXPECT_EQ(info.scalar_type(), torch::kInt);
      EXPECT_EQ(info.sum().item<int>(), 0);
      auto [p2, l2, u2] = torch::lu_unpack(lu, pivots);
      EXPECT_TRUE(p2.equal(p) && l2.equal(l) && u2.equal(u));
    }
  EXPECT_MESSAGE(torch::linalg_lu(random({2, 2}), false), "pivot");
}

TEST(Linalg, LuSolvesEverySide) {
  for (torch::ScalarType dtype : {torch::kFloat, torch::kFloat64}) {
    const Tensor a = random({2, 3, 3}, dtype) + 3 * torch::eye(3, dtype);
    auto [lu, pivots] = torch::linalg_lu_factor(a);
    const Tensor b = random({3, 2}, dtype); // broadcasts over the batch
    expectClose(a.matmul(torch::linalg_lu_solve(lu, pivots, b)), b.expand({2, 3, 2}),
                toleranceOf(dtype));
    expectClose(a.mT().matmul(torch::linalg_lu_solve(lu, pivots, b, true, true)),
                b.expand({2, 3, 2}), toleranceOf(dtype));
    expectClose(torch::linalg_lu_solve(lu, pivots, b.mT(), false).matmul(a),
                b.mT().expand({2, 2, 3}), toleranceOf(dtype));
    expectClose(torch::lu_solve(b, lu, pivots), torch::linalg_solve(a, b), toleranceOf(dtype));
  }
  Tensor permuted = torch::tensor({{0., 2., 0.}, {0., 0., 4.}, {5., 0., 0.}}, torch::kFloat64);
  auto [lu, pivots] = torch::linalg_lu_factor(permuted);
  const Tensor b = random({3, 1});
  expectClose(permuted.matmul(torch::linalg_lu_solve(lu, pivots, b)), b);
  EXPECT_MESSAGE(torch::linalg_lu_solve(lu, pivots + 7, b), "pivot");
  EXPECT_MESSAGE(torch::linalg_lu_solve(lu, pivots, random({2, 1})), "[2, 1]");
}

TEST(Linalg, SingularMatricesAreErrorsOrSaidSo) {
  const Tensor a = torch::tensor({{1., 2.}, {2., 4.}}, torch::kFloat64);
  EXPECT_MESSAGE(std::get<0>(torch::linalg_lu_factor(a)).sum().item(), "U[1, 1] is zero");
  EXPECT_MESSAGE(torch::linalg_inv(a).sum().item(), "singular");
  EXPECT_EQ(std::get<2>(torch::linalg_lu_factor_ex(a)).item<int>(), 2);
  EXPECT_EQ(std::get<1>(torch::linalg_inv_ex(a)).item<int>(), 2);
  const Tensor batch = torch::stack({torch::eye(2, torch::kFloat64), a});
  EXPECT_EQ(valuesOf(std::get<1>(torch::linalg_inv_ex(batch))), (V{0, 2}));
  EXPECT_MESSAGE(torch::linalg_inv_ex(a, true); torch::linalg_inv(a).sum().item(), "singular");
  EXPECT_EQ(torch::linalg_cond(a, 1).item<double>(), INFINITY);
  EXPECT_EQ(torch::linalg_cond(a, "fro").item<double>(), INFINITY);
  EXPECT_EQ(torch::linalg_matrix_rank(a).item<int64_t>(), 1);
  const Tensor good = a + torch::eye(2, torch::kFloat64); // nothing else is disturbed
  expectClose(torch::linalg_inv(good).matmul(good), torch::eye(2, torch::kFloat64));
}

TEST(Linalg, LeastSquares) {
  for (torch::ScalarType dtype : {torch::kFloat, torch::kFloat64})
    for (std::vector<int64_t> sizes :
         std::vector<std::vector<int64_t>>{{4, 2}, {3, 3}, {2, 4}, {2, 4, 3}}) {
      const Tensor a = random(sizes, dtype), b = random({a.size(-2), 2}, dtype);
      for (const char *driver : {"gels", "gelsy", "gelsd", "gelss"}) {
        auto [x, residuals, rank, values] = torch::linalg_lstsq(a, b, std::nullopt, driver);
        // The residual is orthogonal to the columns.
        const Tensor rest = a.matmul(x) - b;
        expectClose(a.mT().matmul(rest), torch::zeros_like(x), 10 * toleranceOf(dtype));
        const bool tall = a.size(-2) > a.size(-1), named = driver != std::string("gelsy");
        if (tall && named)
          expectClose(residuals, rest.square().sum(-2), toleranceOf(dtype));
        else
          EXPECT_EQ(residuals.numel(), 0);
        EXPECT_EQ(rank.numel() > 0, driver != std::string("gels"));
        EXPECT_EQ(values.numel() > 0,
                  driver == std::string("gelsd") || driver == std::string("gelss"));
      }
    }
  const Tensor a = random({4, 2}), v = random({4});
  expectClose(std::get<0>(torch::linalg_lstsq(a, v)).unsqueeze(-1),
              std::get<0>(torch::linalg_lstsq(a, v.unsqueeze(-1))));
  // Of rank 1: the shortest of all solutions.
  const Tensor flat = torch::tensor({{1., 1.}, {1., 1.}}, torch::kFloat64);
  expectClose(std::get<0>(torch::linalg_lstsq(flat, torch::tensor({2., 4.}, torch::kFloat64))),
              torch::tensor({1.5, 1.5}, torch::kFloat64));
  EXPECT_MESSAGE(torch::linalg_lstsq(a, v, std::nullopt, "qr"), "gelsy");
  EXPECT_MESSAGE(torch::linalg_lstsq(a, random({3, 2})), "[3, 2]");
}

TEST(Linalg, Conditions) {
  const Tensor a = torch::tensor({{3., 0.}, {0., -0.5}}, torch::kFloat64);
  for (double p : {1., 2., double(INFINITY)})
    EXPECT_NEAR(torch::linalg_cond(a, p).item<double>(), 6, 1e-12);
  EXPECT_NEAR(torch::linalg_cond(a).item<double>(), 6, 1e-12);
  EXPECT_NEAR(torch::linalg_cond(a, -2).item<double>(), 1 / 6., 1e-12);
  EXPECT_NEAR(torch::linalg_cond(a, "nuc").item<double>(), 3.5 * (2 + 1 / 3.), 1e-12);
  EXPECT_EQ(torch::linalg_cond(random({2, 3, 2})).sizes(), torch::IntArrayRef({2}));
  EXPECT_EQ(torch::linalg_cond(torch::zeros({3, 0, 0}), 1).sizes(), torch::IntArrayRef({3}));
}

TEST(Linalg, ComplexEigenvaluesAreRefused) {
  EXPECT_MESSAGE(torch::linalg_eig(random({2, 2})), "no complex dtypes");
  EXPECT_MESSAGE(torch::linalg_eigvals(random({2, 2})), "eigvalsh");
  EXPECT_MESSAGE(torch::linalg_eigvals(random({2, 3})), "square");
}

TEST(Linalg, CholeskyFactorsSolve) {
  const Tensor root = random({3, 3}), a = root.matmul(root.mT()) + torch::eye(3, torch::kFloat64);
  const Tensor l = torch::linalg_cholesky(a), b = random({3, 2});
  expectClose(a.matmul(torch::cholesky_solve(b, l)), b);
  expectClose(a.matmul(torch::cholesky_solve(b, l.mT(), true)), b);
  expectClose(torch::cholesky_inverse(l).matmul(a), torch::eye(3, torch::kFloat64));
}

TEST(Linalg, TensorsAsMatrices) {
  const Tensor a = random({2, 3, 6}) + torch::eye(6, torch::kFloat64).view({2, 3, 6});
  const Tensor b = random({2, 3});
  const Tensor x = torch::linalg_tensorsolve(a, b);
  expectClose(torch::tensordot(a, x, 1), b);
  expectClose(torch::tensordot(torch::linalg_tensorinv(a), b, 2), x);
  EXPECT_MESSAGE(torch::linalg_tensorinv(a, 1), "[2, 3, 6]");
  expectClose(torch::linalg_vecdot(b, b), b.square().sum(-1));
}

/// First and second derivatives.
void check(const char *name, const std::function<Tensor(const Tensors &)> &f,
           const std::vector<Input> &inputs) {
  SCOPED_TRACE(name);
  checkDerivative(f, inputs, 1, 1e-6);
  checkDerivative(f, inputs, 2, 1e-4);
}

TEST(Linalg, GradientsMatchFiniteDifferences) {
  const Tensor far = 3 * torch::eye(3, torch::kFloat64);
  for (std::vector<int64_t> sizes :
       std::vector<std::vector<int64_t>>{{3, 3}, {4, 2}, {2, 4}, {2, 3, 2}}) {
    check("pinv", [](const Tensors &x) { return torch::linalg_pinv(x[0]); }, {matrix(sizes)});
    const std::vector<Input> both = {matrix(sizes), matrix({sizes[sizes.size() - 2], 2}, 5)};
    check(
        "lstsq", [](const Tensors &x) { return std::get<0>(torch::linalg_lstsq(x[0], x[1])); },
        both);
    check("lu",
          [](const Tensors &x) {
            auto [p, l, u] = torch::linalg_lu(x[0]);
            return torch::cat({(l * l).flatten(), u.flatten()});
          },
          {matrix(sizes)});
  }
  check("pinv of a multiple of the identity",
        [&](const Tensors &x) { return torch::linalg_pinv(far * x[0]); }, {matrix({}, 4)});
  check("lu_solve",
        [&](const Tensors &x) {
          auto [lu, pivots] = torch::linalg_lu_factor(x[0] + far);
          return torch::cat({torch::linalg_lu_solve(lu, pivots, x[1]),
                             torch::linalg_lu_solve(lu, pivots, x[1], true, true)});
        },
        {matrix({3, 3}), matrix({3, 2}, 5)});
  check("inv_ex", [&](const Tensors &x) { return std::get<0>(torch::linalg_inv_ex(x[0] + far)); },
        {matrix({3, 3})});
  for (double p : {1., 2., -2., double(INFINITY)})
    check("cond", [&](const Tensors &x) { return torch::linalg_cond(x[0] + far, p); },
          {matrix({3, 3})});
  check("cond of the Frobenius norm",
        [&](const Tensors &x) { return torch::linalg_cond(x[0] + far, "fro"); }, {matrix({3, 3})});
  check("cholesky_solve",
        [](const Tensors &x) {
          const Tensor a = x[0].matmul(x[0].mT()) + torch::eye(3, torch::kFloat64);
          return torch::cholesky_solve(x[1], torch::linalg_cholesky(a));
        },
        {matrix({3, 3}), matrix({3, 2}, 5)});
}

} // namespace
