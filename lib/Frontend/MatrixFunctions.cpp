//===- MatrixFunctions.cpp --------------------------------------------------------------------===//
// Exponentials, reflections and powers of matrices; factorizations that report in place of
// throwing.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Compose.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Matrices.h"
#include "IR/Infer.h"

#include <cmath>

namespace tjit {
inline namespace v1 {
namespace ops {

Tensor linalg_matmul(const Tensor &self, const Tensor &other) { return self.matmul(other); }

// exp(A) = exp(A / 2^s)^(2^s). The norm is at most 1/2 after scaling, where 14 terms of the Taylor
// series leave 1e-17. The polynomial is evaluated in parts of three powers (Paterson and
// Stockmeyer).
Tensor linalg_matrix_exp(const Tensor &A) {
  checkMatrix(A, true, "linalg.matrix_exp");
  checkFloating(A, "linalg.matrix_exp");
  if (A.numel() == 0)
    return A.clone();
  const Tensor x = wide(A), unit = identity(x);
  double norm = 0;
  for (double n : readNumbers<double>(*x.detach().abs().sum(-2).impl()))
    norm = std::isfinite(n) ? std::max(norm, n) : norm;
  const int squarings = norm > 0.5 ? std::ilogb(norm) + 2 : 0;
  const Tensor scaled = squarings ? x * std::ldexp(1.0, -squarings) : x;
  const Tensor powers[] = {unit, scaled, scaled.matmul(scaled)};
  const Tensor cube = powers[2].matmul(scaled);
  constexpr int kTerms = 15;
  double inverse[kTerms] = {1}; // 1 / k!
  for (int k = 1; k < kTerms; ++k)
    inverse[k] = inverse[k - 1] / k;
  Tensor sum;
  for (int part = kTerms / 3 - 1; part >= 0; --part) {
    Tensor terms = unit * inverse[3 * part];
    for (int k = 1; k < 3; ++k)
      terms = terms + powers[k] * inverse[3 * part + k];
    sum = sum.defined() ? sum.matmul(cube) + terms : terms;
  }
  for (int s = 0; s < squarings; ++s)
    sum = sum.matmul(sum);
  return castTo(sum, A.scalar_type());
}

// The leading minors are positive as long as Gauss's elimination without pivots has positive
// pivots; it is done on the host, where a failure is a number and no error.
Pair linalg_cholesky_ex(const Tensor &A, bool upper, bool check_errors) {
  checkLapack(A, true, "linalg.cholesky_ex");
  if (check_errors)
    return {linalg::cholesky(A, upper),
            tjit::zeros(A.sizes().slice(0, A.sizes().size() - 2), kInt)};
  const int64_t n = A.size(-1), batches = n ? A.numel() / (n * n) : 0;
  Dims sizes(sizesOf(A.sizes().slice(0, A.sizes().size() - 2)));
  std::vector<double> a = readNumbers<double>(*A.detach().impl());
  HostTensor info = makeHostTensor(kInt, sizes);
  bool failed = false;
  for (int64_t b = 0; b < batches; ++b) {
    double *m = a.data() + b * n * n;
    int32_t found = 0;
    for (int64_t k = 0; k < n && !found; ++k) {
      if (!(m[k * n + k] > 0))
        found = static_cast<int32_t>(k + 1);
      for (int64_t i = k + 1; i < n && !found; ++i)
        for (int64_t j = k + 1; j <= i; ++j)
          m[i * n + j] -= m[i * n + k] * m[j * n + k] / m[k * n + k];
    }
    info.as<int32_t>()[b] = found;
    failed |= found != 0;
  }
  if (n == 0)
    return {A.clone(), tjit::zeros(refOf(sizes), kInt)};
  // Where there is no factor, that of the unit matrix stands in, and is replaced by A's triangle.
  Tensor good = A;
  Tensor bad;
  if (failed) {
    bad = info.tensor.ne(0).unsqueeze(-1).unsqueeze(-1);
    good = tjit::where(bad, identity(A), A);
  }
  Tensor L = linalg::cholesky(good, upper);
  if (failed)
    L = tjit::where(bad, upper ? A.triu() : A.tril(), L);
  return {L, info.tensor};
}

Pair linalg_solve_ex(const Tensor &A, const Tensor &B, bool left, bool check_errors) {
  const Tensor info = std::get<1>(linalg::inv_ex(A, false));
  if (check_errors || !tjit::any(info.ne(0)).item<bool>())
    return {linalg::solve(A, B, left), info};
  const auto [lu, pivots, zero] = linalg::lu_factor_ex(A);
  const bool vectors = B.dim() == 1 || (B.dim() + 1 == A.dim() &&
                                        B.sizes().equals(A.sizes().slice(0, A.sizes().size() - 1)));
  const Tensor X = linalg::lu_solve(lu, pivots, vectors ? B.unsqueeze(-1) : B, left);
  return {vectors ? copyByColumns(X.squeeze(-1)) : X, info};
}

Tensor linalg_householder_product(const Tensor &A, const Tensor &tau) {
  checkLapack(A, false, "linalg.householder_product");
  const int64_t m = A.size(-2), n = A.size(-1),
                k = rankOf(tau, "linalg.householder_product") ? tau.size(-1) : 0;
  if (m < n || k > n || tau.dim() + 1 != A.dim())
    throw Error("linalg.householder_product: expected [..., m, n] with m >= n and [..., k] with "
                "k <= n, found sizes " +
                toString(sizesOf(A.sizes())) + " and " + toString(sizesOf(tau.sizes())));
  const Tensor eye = tjit::eye(m, n, A.options()), below = A.tril(-1);
  const Tensor vectors = below + eye; // the first element of each is 1
  Tensor Q = eye.expand(A.sizes());
  for (int64_t i = k - 1; i >= 0; --i) {
    const Tensor v = vectors.narrow(-1, i, 1), t = tau.narrow(-1, i, 1).unsqueeze(-1);
    Q = Q - t * v.matmul(v.mT().matmul(Q));
  }
  return copyByColumns(Q);
}

Tensor linalg_vander(const Tensor &x, std::optional<int64_t> N) {
  if (rankOf(x, "linalg.vander") == 0)
    return ops::linalg_vander(x.unsqueeze(0), N);
  const ScalarType dtype = x.scalar_type();
  if (dtype == kHalf || dtype == kBFloat16 || dtype == kBool)
    throw Error(std::string("linalg.vander: not defined for ") + toString(dtype) +
                "; convert with to()");
  const int64_t n = N.value_or(x.size(-1));
  if (n <= 1)
    throw Error("linalg.vander: N must be greater than 1, found " + std::to_string(n));
  const Tensor base =
      isIntegralType(x.scalar_type(), true) ? castTo(x, kLong) : x; // as cumprod has it
  std::vector<int64_t> sizes = base.unsqueeze(-1).sizes().vec();
  sizes.back() = n - 1;
  const Tensor factors = base.unsqueeze(-1).expand(sizes);
  sizes.back() = 1;
  return tjit::cat({tjit::ones(sizes, base.options()), factors.cumprod(-1)}, -1);
}
Tensor vander(const Tensor &x, std::optional<int64_t> N, bool increasing) {
  if (rankOf(x, "vander") != 1)
    throw Error("vander: expected a vector, found sizes " + toString(sizesOf(x.sizes())));
  const int64_t n = N.value_or(x.size(0));
  if (n < 0)
    throw Error("vander: N must not be negative, found " + std::to_string(n));
  const Tensor base = isIntegralType(x.scalar_type(), true) ? castTo(x, kLong) : x;
  Tensor powers = tjit::ones({x.size(0), n}, base.options());
  if (n > 1)
    powers = tjit::cat(
        {powers.narrow(1, 0, 1), base.unsqueeze(-1).expand({x.size(0), n - 1}).cumprod(-1)}, 1);
  return increasing ? powers : powers.flip(1);
}

} // namespace ops
} // namespace v1
} // namespace tjit
