// Matrix products: 1-D to 4-D, transposed, strided, expanded and empty operands, fused forms,
// einsum, gradients.
#include "common.h"
using torch::indexing::Slice;

int main() {
  section("shapes", [] {
    auto v = gen({3}, 81), w = gen({3}, 82);
    auto A = gen({2, 3}, 83), B = gen({3, 4}, 84);
    auto T = gen({2, 4, 3}, 85), U = gen({2, 3, 2}, 86);
    auto Q = gen({2, 1, 2, 3}, 87), R = gen({3, 3, 2}, 88);
    show("1x1", torch::matmul(v, w));
    show("2x1", torch::matmul(A, v));
    show("1x2", torch::matmul(v, B));
    show("2x2", torch::matmul(A, B));
    show("3x1", torch::matmul(T, v));
    show("3x2", torch::matmul(T, B));
    show("1x3", torch::matmul(v, U));
    show("2x3", torch::matmul(A, U));
    show("3x3", torch::matmul(T, U));
    show("4x3", torch::matmul(Q, R));
    show("4x1", torch::matmul(Q, w));
    show("dot", torch::dot(v, w));
    show("mv", torch::mv(A, v));
    show("mm", A.mm(B));
    show("bmm", torch::bmm(T, U));
    show("outer", torch::outer(v, gen({2}, 89)));
    show("inner", torch::inner(A, T[0]));
    show("kron", torch::kron(torch::tensor({{1, 2}}), torch::tensor({{1, 0}, {0, 1}})));
    show("cross", torch::cross(v, w, 0));
    show("trace", torch::trace(gen({3, 3}, 90)));
    show("tensordot", torch::tensordot(T, U, {2, 0}, {1, 0}));
    show("chain", torch::matmul(torch::matmul(A, B), B.t()));
    show("matrix_power", torch::matrix_power(torch::tensor({{1., 1.}, {1., 0.}}), 10));
  });

  section("layouts", [] {
    auto A = gen({4, 6}, 91), B = gen({6, 5}, 92);
    auto plain = A.mm(B);
    show("plain", plain);
    show("both_transposed", torch::allclose(B.t().mm(A.t()).t(), plain));
    auto At = A.t().contiguous().t();
    auto Bt = B.t().contiguous().t();
    show("column_major", At.mm(Bt));
    show("sliced", A.slice(1, 1, 5).mm(B.slice(0, 1, 5)));
    show("stepped", A.slice(0, 0, 4, 2).mm(B.slice(1, 0, 5, 3)));
    show("flipped", A.flip(1).mm(B.flip(0)));
    show("expanded", torch::arange(6.).expand({2, 6}).mm(B));
    show("expanded_batch",
         torch::bmm(A.unsqueeze(0).expand({2, 4, 6}), B.unsqueeze(0).expand({2, 6, 5})).sum(2));
    show("permuted_batch",
         torch::matmul(gen({3, 2, 4}, 93).permute({1, 2, 0}), gen({2, 3, 2}, 94)));
    auto out = torch::empty({4, 5});
    torch::mm_out(out, A, B);
    show("out", out.sub(plain).abs().max());
    auto big = torch::zeros({4, 10});
    big.slice(1, 0, 10, 2).copy_(plain);
    show("into_strided", big.sum(0));
  });

  section("fused", [] {
    auto A = gen({2, 3}, 95), B = gen({3, 2}, 96), C = gen({2, 2}, 97);
    show("addmm", torch::addmm(C, A, B, 0.5, 2));
    show("addmm_broadcast", torch::addmm(torch::tensor({1., 2.}), A, B));
    show("addmm_beta0_nan", torch::addmm(torch::full({2, 2}, kNan), A, B, 0));
    show("addmv", torch::addmv(torch::ones({2}), A, B.t()[0], 2, -1));
    show("addr", torch::addr(torch::zeros({2, 3}), torch::tensor({1., 2.}),
                             torch::tensor({1., 10., 100.})));
    show("baddbmm",
         torch::baddbmm(torch::ones({2, 2, 2}), gen({2, 2, 3}, 98), gen({2, 3, 2}, 99), 1, 0.5));
    C.addmm_(A, B);
    show("addmm_", C);
  });

  section("types", [] {
    show("int", torch::matmul(torch::arange(6).view({2, 3}), torch::arange(6).view({3, 2})));
    show("int32_dot", torch::dot(torch::arange(4, torch::kInt32), torch::arange(4, torch::kInt32)));
    show("double", torch::matmul(gen64({2, 20}, 101), gen64({20, 2}, 102)));
    show("half",
         torch::matmul(gen({2, 4}, 103).to(torch::kFloat16), gen({4, 2}, 104).to(torch::kFloat16)));
    show("bfloat16", torch::matmul(gen({2, 4}, 103).to(torch::kBFloat16),
                                   gen({4, 2}, 104).to(torch::kBFloat16)));
    show("long", torch::matmul(gen({2, 1000}, 105), gen({1000, 2}, 106)));
    throws("mixed",
           [] { return torch::matmul(torch::ones({2, 2}), torch::ones({2, 2}, torch::kFloat64)); });
    throws("inner_mismatch",
           [] { return torch::matmul(torch::ones({2, 3}), torch::ones({2, 3})); });
    throws("mm_3d", [] { return torch::mm(torch::ones({2, 2, 2}), torch::ones({2, 2})); });
    throws("scalar", [] { return torch::matmul(torch::tensor(1.), torch::ones({1})); });
    throws("dot_2d", [] { return torch::dot(torch::ones({2, 2}), torch::ones({2, 2})); });
    throws("batch_mismatch",
           [] { return torch::matmul(torch::ones({2, 2, 2}), torch::ones({3, 2, 2})); });
  });

  section("empty", [] {
    show("k0", torch::matmul(torch::zeros({2, 0}), torch::zeros({0, 3})));
    show("m0", torch::matmul(torch::zeros({0, 2}), torch::zeros({2, 3})).sizes());
    show("batch0", torch::bmm(torch::zeros({0, 2, 3}), torch::zeros({0, 3, 4})).sizes());
    show("dot0", torch::dot(torch::zeros({0}), torch::zeros({0})));
    show("mv0", torch::mv(torch::zeros({3, 0}), torch::zeros({0})));
    show("addmm_k0",
         torch::addmm(torch::ones({2, 2}), torch::zeros({2, 0}), torch::zeros({0, 2}), 3));
  });

  section("einsum", [] {
    auto A = gen({2, 3}, 111), B = gen({3, 4}, 112), S = gen({3, 3}, 113), T = gen({2, 3, 4}, 114);
    show("ein.mm", torch::einsum("ij,jk->ik", {A, B}));
    show("ein.implicit", torch::einsum("ij,jk", {A, B}));
    show("ein.transpose", torch::einsum("ij->ji", {A}));
    show("ein.trace", torch::einsum("ii", {S}));
    show("ein.diagonal", torch::einsum("ii->i", {S}));
    show("ein.sum", torch::einsum("ijk->k", {T}));
    show("ein.outer", torch::einsum("i,j->ij", {A[0], B[0]}));
    show("ein.batch", torch::einsum("bij,bkj->bik", {T, T}));
    show("ein.bilinear", torch::einsum("bn,nm,bm->b", {A, S, A}));
    show("ein.ellipsis", torch::einsum("...ij,jk->...ik", {T, gen({4, 2}, 115)}));
    throws("ein.bad", [&] { return torch::einsum("ij,jk->ik", {A, A}); });
  });

  section("gradients", [] {
    auto A = leaf({2, 3}, 121), B = leaf({3, 4}, 122), v = leaf({3}, 123);
    torch::matmul(A, B).square().sum().backward();
    show("g.A", A.grad());
    show("g.B", B.grad());
    auto g = torch::autograd::grad({torch::matmul(A, v).sin().sum()}, {A, v});
    show("g.mv.A", g[0]);
    show("g.mv.v", g[1]);
    auto T = leaf({2, 2, 3}, 124);
    auto h = torch::autograd::grad(
        {(torch::matmul(T, B) * torch::arange(16.).view({2, 2, 4})).sum()}, {T, B});
    show("g.batch.T", h[0]);
    show("g.batch.B", h[1]);
    auto k = torch::autograd::grad({torch::einsum("bij,jk->bk", {T, B}).square().sum()}, {T, B});
    show("g.einsum.T", k[0]);
    show("g.einsum.B", k[1]);
    auto s = torch::autograd::grad({torch::matmul(A.t(), A).tril().sum()}, {A});
    show("g.gram", s[0]);
    auto d = torch::autograd::grad({torch::dot(v, v)}, {v});
    show("g.dot", d[0]);
    auto am =
        torch::autograd::grad({torch::addmm(v, A.t().mm(A), torch::eye(3), 2, 3).sum()}, {v, A});
    show("g.addmm.v", am[0]);
    show("g.addmm.A", am[1]);
  });
  return finish();
}
