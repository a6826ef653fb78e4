// torch::linalg_* and the older names: values that do not depend on signs, reconstructions,
// gradients, errors.
#include "common.h"

// A second gradient, where it is one: what is zero, or noise around it, depends on the order of
// additions.
inline void second(const std::string &name, const Tensor &t) {
  if (t.defined() && t.numel() && (t + 0).abs().max().item<double>() > 1e-9)
    show(name, t);
}

template <class Fn> void run(const std::string &n, const Tensor &x, Fn f) {
  section(n.c_str(), [&] {
    auto a = x.detach().clone().requires_grad_(true);
    auto y = f(a);
    show(n, y);
    auto g = torch::autograd::grad({(y * gen64(y.sizes().vec(), 7)).sum()}, {a}, {}, true, true)[0];
    show(n + ".g", g);
    if (g.defined() && g.requires_grad())
      second(n + ".gg", torch::autograd::grad({(g * g).sum()}, {a}, {}, {}, false, true)[0]);
  });
}

int main() {
  auto A = gen64({4, 4}, 3) + 3 * torch::eye(4, torch::kFloat64), B = gen64({4, 2}, 4),
       v = gen64({4}, 5);
  auto S = A.mm(A.t()) + torch::eye(4, torch::kFloat64), W = gen64({5, 3}, 6),
       T = gen64({2, 3, 3}, 8) + 3 * torch::eye(3, torch::kFloat64);
  auto sym = [](Tensor a) { return (a + a.mT()) / 2; };
  run("det", A, [](Tensor a) { return torch::linalg_det(a); });
  run("det.batch", T, [](Tensor a) { return torch::det(a); });
  run("logdet", S, [](Tensor a) { return torch::logdet(a); });
  run("slogdet", A, [](Tensor a) { return std::get<1>(torch::linalg_slogdet(a)); });
  run("slogdet.m", A, [](Tensor a) { return std::get<1>(a.slogdet()); });
  run("inv", A, [](Tensor a) { return torch::linalg_inv(a); });
  run("inverse", T, [](Tensor a) { return a.inverse(); });
  run("inv_ex", A, [](Tensor a) { return std::get<0>(torch::linalg_inv_ex(a)); });
  run("pinv", W, [](Tensor a) { return torch::linalg_pinv(a); });
  run("pinverse", W, [](Tensor a) { return torch::pinverse(a); });
  run("pinv.h", S, [&](Tensor a) { return torch::linalg_pinv(sym(a), 1e-12, true); });
  run("solve", A, [&](Tensor a) { return torch::linalg_solve(a, B); });
  run("solve.v", A, [&](Tensor a) { return torch::linalg_solve(a, v); });
  run("solve.left", A, [&](Tensor a) { return torch::linalg_solve(a, B.t(), false); });
  run("solve.rhs", B, [&](Tensor b) { return torch::linalg_solve(A, b); });
  run("solve.batch", T, [&](Tensor a) { return torch::linalg_solve(a, gen64({2, 3, 2}, 9)); });
  run("solve_ex", A, [&](Tensor a) { return std::get<0>(torch::linalg_solve_ex(a, B)); });
  run("cholesky", S, [&](Tensor a) { return torch::linalg_cholesky(sym(a)); });
  run("cholesky.u", S, [&](Tensor a) { return torch::linalg_cholesky(sym(a), true); });
  run("cholesky.old", S, [&](Tensor a) { return torch::cholesky(sym(a)); });
  run("cholesky_ex", S, [&](Tensor a) { return std::get<0>(torch::linalg_cholesky_ex(sym(a))); });
  run("cholesky_solve", B,
      [&](Tensor b) { return torch::cholesky_solve(b, torch::linalg_cholesky(S)); });
  run("cholesky_inverse", S,
      [&](Tensor a) { return torch::cholesky_inverse(torch::linalg_cholesky(sym(a))); });
  run("tri", A, [&](Tensor a) { return torch::linalg_solve_triangular(a.triu(), B, true); });
  run("tri.uni", A,
      [&](Tensor a) { return torch::linalg_solve_triangular(a, B, false, true, true); });
  run("tri.right", A,
      [&](Tensor a) { return torch::linalg_solve_triangular(a, B.t(), false, false); });
  run("triangular_solve", A, [&](Tensor a) { return std::get<0>(torch::triangular_solve(B, a)); });
  run("triangular_solve.t", A,
      [&](Tensor a) { return std::get<0>(B.triangular_solve(a, false, true)); });
  run("eigh.l", S, [&](Tensor a) { return std::get<0>(torch::linalg_eigh(sym(a))); });
  run("eigh.rec", S, [&](Tensor a) {
    auto [l, q] = torch::linalg_eigh(sym(a));
    return q.mm(torch::diag(l.sqrt())).mm(q.t());
  });
  run("eigvalsh", S, [&](Tensor a) { return torch::linalg_eigvalsh(sym(a), "U"); });
  run("svd.s", W, [](Tensor a) { return std::get<1>(torch::linalg_svd(a, false)); });
  run("svd.rec", W, [](Tensor a) {
    auto [u, s, vh] = torch::linalg_svd(a, false);
    return u.mm(torch::diag(s.square())).mm(vh);
  });
  run("svdvals", W, [](Tensor a) { return torch::linalg_svdvals(a); });
  run("svd.old", W, [](Tensor a) { return std::get<1>(torch::svd(a)); });
  run("qr.r", W, [](Tensor a) {
    auto r = std::get<1>(torch::linalg_qr(a));
    return r.t().mm(r);
  });
  run("qr.rec", W, [](Tensor a) {
    auto [q, r] = torch::linalg_qr(a);
    return q.mm(r);
  });
  run("lu.rec", A, [](Tensor a) {
    auto [p, l, u] = torch::linalg_lu(a);
    return l + u;
  });
  run("lu_factor", A, [](Tensor a) { return std::get<0>(torch::linalg_lu_factor(a)); });
  run("lu_solve", B, [&](Tensor b) {
    auto [lu, p] = torch::linalg_lu_factor(A);
    return torch::linalg_lu_solve(lu, p, b);
  });
  run("lstsq", W, [](Tensor a) { return std::get<0>(torch::linalg_lstsq(a, gen64({5, 2}, 10))); });
  run("matrix_power", A / 3, [](Tensor a) { return torch::linalg_matrix_power(a, 5); });
  run("matrix_power-", A, [](Tensor a) { return torch::matrix_power(a, -2); });
  run("matrix_exp", A / 2, [](Tensor a) { return torch::matrix_exp(a); });
  run("matrix_exp.batch", T, [](Tensor a) { return torch::linalg_matrix_exp(a); });
  run("multi_dot", A, [&](Tensor a) { return torch::linalg_multi_dot({v, a, B}); });
  run("chain", A, [&](Tensor a) { return torch::chain_matmul({a, B, B.t()}); });
  run("vander", v, [](Tensor a) { return torch::linalg_vander(a); });
  run("vander3", v, [](Tensor a) { return torch::linalg_vander(a, 3); });
  run("householder", W, [](Tensor a) {
    return torch::linalg_householder_product(a, torch::tensor({0.5, 1.1, 0.3}, torch::kFloat64));
  });
  run("cross", gen64({4, 3}, 1), [](Tensor a) { return torch::linalg_cross(a, gen64({4, 3}, 2)); });
  run("vecdot", A, [&](Tensor a) { return torch::linalg_vecdot(a, v); });
  run("diagonal", A, [&](Tensor a) { return torch::linalg_diagonal(a, 1); });
  run("tensorinv", gen64({4, 2, 2}, 12), [](Tensor a) { return torch::linalg_tensorinv(a, 1); });
  run("tensorsolve", gen64({2, 2, 4}, 13),
      [](Tensor a) { return torch::linalg_tensorsolve(a, gen64({2, 2}, 14)); });
  run("cond", A, [](Tensor a) { return torch::linalg_cond(a); });
  for (double p : {0.5, 1., 2., 3., kInf, -kInf, -1.}) {
    auto s = std::to_string(p).substr(0, 4);
    run("vnorm" + s, W, [&](Tensor a) { return torch::linalg_vector_norm(a, p); });
    run("vnormd" + s, W,
        [&](Tensor a) { return torch::linalg_vector_norm(a, p, std::vector<int64_t>{1}, true); });
    run("norm" + s, W, [&](Tensor a) { return torch::norm(a, p); });
    run("normd" + s, W, [&](Tensor a) { return a.norm(p, 0, true); });
    run("lnorm" + s, v, [&](Tensor a) { return torch::linalg_norm(a, p); });
  }
  for (double p : {1., -1., 2., -2., kInf, -kInf}) {
    auto s = std::to_string(p).substr(0, 4);
    run("mnorm" + s, W, [&](Tensor a) { return torch::linalg_matrix_norm(a, p); });
    run("lmnorm" + s, W,
        [&](Tensor a) { return torch::linalg_norm(a, p, std::vector<int64_t>{0, 1}, true); });
  }
  run("fro", W, [](Tensor a) { return torch::linalg_matrix_norm(a); });
  run("nuc", W, [](Tensor a) { return torch::linalg_matrix_norm(a, "nuc"); });
  run("frobenius", W, [](Tensor a) { return torch::frobenius_norm(a, {1}); });
  run("nuclear", W, [](Tensor a) { return torch::nuclear_norm(a); });
  run("renorm", W, [](Tensor a) { return torch::renorm(a, 2, 0, 1.0); });
  section("ints", [&] {
    show("rank", torch::linalg_matrix_rank(torch::tensor({{1., 2.}, {2., 4.}})));
    show("rank.batch", torch::linalg_matrix_rank(T));
    show("rank.tol", torch::linalg_matrix_rank(A, 1e-3, true));
    auto e = torch::linalg_cholesky_ex(torch::tensor({{1., 2.}, {2., 1.}}));
    show("chex.info", std::get<1>(e));
    auto ie = torch::linalg_inv_ex(torch::tensor({{1., 2.}, {2., 4.}}));
    show("invex.info", std::get<1>(ie));
    auto [lu, p, info] = torch::linalg_lu_factor_ex(A);
    show("lufx.p", p);
    show("lufx.i", info);
    auto sl = torch::slogdet(torch::tensor({{1., 2.}, {2., 4.}}));
    show("slog.sign", std::get<0>(sl));
    show("slog.log", std::get<1>(sl));
    auto ls = torch::linalg_lstsq(W, gen64({5, 2}, 10), std::nullopt, "gelsd");
    show("ls.res", std::get<1>(ls));
    show("ls.rank", std::get<2>(ls));
    show("ls.sv", std::get<3>(ls));
    auto [P, L, U] = torch::linalg_lu(gen64({3, 5}, 20));
    show("lu.P", P);
    show("lu.rec2", P.mm(L).mm(U));
    auto [q, r] = torch::linalg_qr(W, "complete");
    show("qr.shape", q.sizes());
    show("qr.complete", q.mm(r));
    show("qr.r_only", std::get<1>(torch::linalg_qr(W, "r")).abs());
    auto [u, s, vh] = torch::linalg_svd(W, true);
    show("svd.full", u.sizes());
  });
  section("float", [&] {
    auto f = A.to(torch::kFloat32);
    show("f.inv", torch::linalg_inv(f));
    show("f.det", f.det());
    show("f.chol", torch::linalg_cholesky(S.to(torch::kFloat32)));
    show("f.eig", torch::linalg_eigvalsh(S.to(torch::kFloat32)));
    show("f.exp", torch::matrix_exp(f));
    show("f.svd", torch::linalg_svdvals(f));
  });
  section("empty", [&] {
    show("e.det", torch::det(torch::zeros({0, 0})));
    show("e.inv", torch::inverse(torch::zeros({2, 0, 0})).sizes());
    show("e.solve", torch::linalg_solve(torch::zeros({0, 0}), torch::zeros({0, 3})).sizes());
    show("e.eigh", std::get<0>(torch::linalg_eigh(torch::zeros({0, 0}))).sizes());
    show("e.norm", torch::linalg_norm(torch::zeros({0})));
    show("e.exp", torch::matrix_exp(torch::zeros({0, 2, 2})).sizes());
  });
  section("errors", [&] {
    throws("x.inv_singular", [] { return torch::inverse(torch::tensor({{1., 2.}, {2., 4.}})); });
    throws("x.inv_rect", [&] { return torch::inverse(W); });
    throws("x.chol", [] { return torch::linalg_cholesky(torch::tensor({{1., 2.}, {2., 1.}})); });
    throws("x.solve_shape", [&] { return torch::linalg_solve(A, gen64({3, 2}, 1)); });
    throws("x.solve_dtype", [&] { return torch::linalg_solve(A, B.to(torch::kFloat32)); });
    throws("x.solve_singular",
           [&] { return torch::linalg_solve(torch::zeros({2, 2}), torch::ones({2})); });
    throws("x.int", [] { return torch::det(torch::ones({2, 2}, torch::kInt)); });
    throws("x.qr_mode", [&] { return std::get<0>(torch::linalg_qr(W, "bad")); });
    throws("x.norm_inf", [] { return torch::linalg_norm(torch::zeros({0}), kInf); });
    throws("x.matrix_norm", [&] { return torch::linalg_matrix_norm(v); });
    throws("x.mpower", [&] { return torch::matrix_power(W, 2); });
    throws("x.exp", [&] { return torch::matrix_exp(W); });
    throws("x.multi", [&] { return torch::linalg_multi_dot({v}); });
    throws("x.cross", [&] { return torch::linalg_cross(A, A); });
  });
  return finish();
}
