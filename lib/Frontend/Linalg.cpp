//===- Linalg.cpp -----------------------------------------------------------------------------===//
// Linear algebra: factorizations, systems of equations, powers and products of matrices.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Composite.h"
#include "Frontend/Matrices.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include <limits>

namespace tjit {
void checkMatrix(const Tensor &A, bool square, const char *operation) {
  if (rankOf(A, operation) < 2 || (square && A.size(-1) != A.size(-2)))
    throw Error(std::string(operation) + ": expected " + (square ? "square matrices" : "matrices") +
                " [..., " + (square ? "n, n" : "m, n") + "], found sizes " +
                toString(sizesOf(A.sizes())));
}
void checkLapack(const Tensor &A, bool square, const char *operation) {
  checkMatrix(A, square, operation);
  if (A.scalar_type() != kFloat && A.scalar_type() != kDouble)
    throw Error(std::string(operation) + ": expected float32 or float64, found " +
                toString(A.scalar_type()) + "; convert with to()");
}
Tensor packedPart(const Tensor &packed, int64_t start, int64_t rows, int64_t columns) {
  Dims sizes(sizesOf(packed.sizes()));
  sizes[sizes.size() - 1] = rows;
  sizes.push_back(columns);
  return packed.narrow(-1, start, rows * columns).reshape(refOf(sizes));
}
Tensor unpack(const Tensor &packed, int64_t start, int64_t rows, int64_t columns) {
  return copyByColumns(packedPart(packed, start, rows, columns));
}
Tensor identity(const Tensor &A) { return tjit::eye(A.size(-1), A.options()).expand(A.sizes()); }

void broadcastBatches(Tensor &A, Tensor &B, const char *operation) {
  auto batch = [](const Tensor &t) {
    return std::span(t.sizes().data(), static_cast<size_t>(t.dim() - 2));
  };
  Dims common;
  if (!broadcastSizes(batch(A), batch(B), common))
    throw Error(std::string(operation) + ": the batches of " + toString(sizesOf(A.sizes())) +
                " and " + toString(sizesOf(B.sizes())) + " do not broadcast");
  for (Tensor *t : {&A, &B}) {
    Dims sizes = common;
    sizes.push_back(t->size(-2)), sizes.push_back(t->size(-1));
    *t = expandTo(*t, sizes, operation);
  }
}

Tensor rankTolerance(const Tensor &A, const Tensor &values, std::optional<double> atol,
                     std::optional<double> rtol) {
  const double epsilon = A.scalar_type() == kFloat ? std::numeric_limits<float>::epsilon()
                                                   : std::numeric_limits<double>::epsilon();
  const double relative = rtol.value_or(
      atol.value_or(0) > 0 ? 0.0 : epsilon * static_cast<double>(std::max(A.size(-2), A.size(-1))));
  return (reduceDims(OpKind::amax, values.detach(), values.dim() - 1, true) * relative)
      .clamp_min(atol.value_or(0));
}

inline namespace v1 {
namespace ops {

namespace {

Tensor factorize(OpKind kind, const Tensor &A, bool square, const char *operation) {
  checkLapack(A, square, operation);
  return recordOp(kind, {&A, 1});
}
/// A X = B, or X A = B by its transpose; `record` does the first, row by row.
template <class Record>
Tensor solveEither(Tensor A, Tensor B, bool left, const char *operation, Record record) {
  checkLapack(A, true, operation);
  checkMatrix(B, false, operation);
  if (!left)
    A = A.mT(), B = B.mT();
  if (A.scalar_type() != B.scalar_type())
    throw Error(std::string(operation) + ": A is " + toString(A.scalar_type()) + " and B " +
                toString(B.scalar_type()) + "; convert one with to()");
  if (A.size(-1) != B.size(-2))
    throw Error(std::string(operation) + ": A has " + std::to_string(A.size(-1)) +
                " unknowns and B " + std::to_string(B.size(-2)) + " equations (sizes " +
                toString(sizesOf(A.sizes())) + " and " + toString(sizesOf(B.sizes())) + ")");
  broadcastBatches(A, B, operation);
  const Tensor X = record(A, B);
  return left ? X : X.mT();
}

} // namespace

Tensor linalg_cholesky(const Tensor &A, bool upper) {
  const Tensor L = factorize(OpKind::cholesky, A, true, "linalg.cholesky");
  return upper ? L.mT() : copyByColumns(L);
}
Tensor linalg_det(const Tensor &A) { return factorize(OpKind::det, A, true, "linalg.det"); }
Pair linalg_slogdet(const Tensor &A) {
  const Tensor packed = factorize(OpKind::slogdet, A, true, "linalg.slogdet");
  const auto part = [&](int64_t i) { return packed.select(-1, i).clone(MemoryFormat::Contiguous); };
  return {part(0), part(1)};
}

Tensor linalg_solve(const Tensor &A, const Tensor &B, bool left) {
  const int64_t rankA = rankOf(A, "linalg.solve"), rankB = rankOf(B, "linalg.solve");
  const bool vectors =
      rankB == 1 ||
      (rankA == rankB + 1 && std::equal(B.sizes().begin(), B.sizes().end(), A.sizes().begin()));
  if (vectors && !left)
    throw Error("linalg.solve: with left = false B must be a matrix, found sizes " +
                toString(sizesOf(B.sizes())));
  const Tensor X = solveEither(A, vectors ? B.unsqueeze(-1) : B, left, "linalg.solve",
                               [](const Tensor &a, const Tensor &b) {
                                 const Tensor operands[] = {a, b};
                                 AttrWords words;
                                 SolveAttrs{true}.write(words);
                                 return recordOp(OpKind::solve, operands, words.span());
                               });
  // Batches of vectors lie as one matrix; the solutions from the right row by row.
  return left ? copyByColumns(vectors ? X.squeeze(-1) : X) : X.clone(MemoryFormat::Contiguous);
}
Tensor linalg_inv(const Tensor &A) {
  checkLapack(A, true, "linalg.inv");
  return linalg::solve(A, identity(A));
}
Tensor linalg_solve_triangular(const Tensor &A, const Tensor &B, bool upper, bool left,
                               bool unitriangular) {
  AttrWords words;
  // The transpose of an upper triangle is a lower one.
  TriangularSolveAttrs{upper == left, unitriangular}.write(words);
  const Tensor X =
      solveEither(A, B, left, "linalg.solve_triangular", [&](const Tensor &a, const Tensor &b) {
        const Tensor operands[] = {a, b};
        return recordOp(OpKind::triangular_solve, operands, words.span());
      });
  return left ? copyByColumns(X) : X;
}

Tensor linalg_svdvals(const Tensor &A) {
  return factorize(OpKind::svdvals, A, false, "linalg.svdvals");
}
Triple linalg_svd(const Tensor &A, bool full) {
  checkLapack(A, false, "linalg.svd");
  AttrWords words;
  SvdAttrs{full}.write(words);
  const Tensor packed = recordOp(OpKind::svd, {&A, 1}, words.span());
  const int64_t m = A.size(-2), n = A.size(-1), k = std::min(m, n), u = full ? m : k,
                v = full ? n : k;
  return {unpack(packed, 0, m, u), packed.narrow(-1, m * u, k).clone(MemoryFormat::Contiguous),
          unpack(packed, m * u + k, v, n)};
}

static Tensor triangleOf(const Tensor &A, std::string_view uplo, const char *operation) {
  checkLapack(A, true, operation);
  if (uplo == "L" || uplo == "l")
    return A;
  if (uplo == "U" || uplo == "u")
    return A.mT();
  throw Error(std::string(operation) + ": UPLO must be L or U, found \"" + std::string(uplo) +
              "\"");
}
Tensor linalg_eigvalsh(const Tensor &A, std::string_view uplo) {
  return factorize(OpKind::eigvalsh, triangleOf(A, uplo, "linalg.eigvalsh"), true,
                   "linalg.eigvalsh");
}
Pair linalg_eigh(const Tensor &A, std::string_view uplo) {
  const Tensor packed =
      factorize(OpKind::eigh, triangleOf(A, uplo, "linalg.eigh"), true, "linalg.eigh");
  const int64_t n = A.size(-1);
  return {packed.narrow(-1, 0, n).clone(MemoryFormat::Contiguous), unpack(packed, n, n, n)};
}

/// Outside of autograd, by singular values or eigenvalues.
static Tensor pseudoInverse(const Tensor &A, std::optional<double> atol, std::optional<double> rtol,
                            bool hermitian) {
  auto inverse = [&](const Tensor &values, const Tensor &magnitudes) {
    const Tensor large = magnitudes > rankTolerance(A, magnitudes, atol, rtol);
    return tjit::where(large, tjit::where(large, values, 1).reciprocal(), 0).unsqueeze(-2);
  };
  if (hermitian) {
    const auto [values, vectors] = linalg::eigh(A);
    return (vectors * inverse(values, values.abs())).matmul(vectors.mT());
  }
  const auto [u, s, vh] = linalg::svd(A, false);
  return (vh.mT() * inverse(s, s)).matmul(u.mT());
}
/// Golub, Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems
/// whose variables separate (1973), (4.12): it holds where the rank is constant, also where
/// singular values are equal and those of the singular vectors have no derivative.
static Tensor pseudoInverseGradient(const Tensor &grad, const Tensor &A, const Tensor &P) {
  const Tensor gT = grad.mT(), pT = P.mT();
  if (A.size(-2) <= A.size(-1)) {
    const Tensor k = gT.matmul(P), kp = k.matmul(pT);
    return kp - P.matmul(k).mT() - A.matmul(P).matmul(kp) + pT.matmul(P).matmul(gT - k.matmul(A));
  }
  const Tensor k = P.matmul(gT), pk = pT.matmul(k);
  return pk - k.matmul(P).mT() + (gT - A.matmul(k)).matmul(P).matmul(pT) - pk.matmul(P).matmul(A);
}
Tensor linalg_pinv(const Tensor &A, std::optional<double> atol, std::optional<double> rtol,
                   bool hermitian) {
  checkLapack(A, hermitian, "linalg.pinv");
  if (A.numel() == 0)
    return A.mT().clone();
  return compositeUnary(
      "LinalgPinv", A, [&](const Tensor &a) { return pseudoInverse(a, atol, rtol, hermitian); },
      [](const Tensor &grad, const Tensor &a, const Tensor &p) {
        return pseudoInverseGradient(grad, a, p);
      });
}
Tensor linalg_matrix_rank(const Tensor &A, std::optional<double> atol, std::optional<double> rtol,
                          bool hermitian) {
  checkLapack(A, hermitian, "linalg.matrix_rank");
  const Tensor values =
      hermitian ? linalg::eigvalsh(A.detach()).abs() : linalg::svdvals(A.detach());
  if (values.size(-1) == 0)
    return castTo(values, kLong).sum(-1);
  return reduceDims(OpKind::sum, values > rankTolerance(A, values, atol, rtol), values.dim() - 1,
                    false);
}

Tensor linalg_pinv(const Tensor &A, double rcond, bool hermitian) {
  return linalg::pinv(A, std::optional<double>(0.0), std::optional<double>(rcond), hermitian);
}
Tensor linalg_matrix_rank(const Tensor &A, double tol, bool hermitian) {
  return linalg::matrix_rank(A, std::optional<double>(tol), std::optional<double>(0.0), hermitian);
}

Tensor linalg_matrix_power(const Tensor &A, int64_t n) {
  checkMatrix(A, true, "linalg.matrix_power");
  if (n == 0) // constant, but a function of A: its gradient is zero
    return autodiff::labeled(tjit::where(recordFill(1, kBool, {}), identity(A), A),
                             "torch::autograd::CopyBackwards");
  if (n < 0) {
    checkLapack(A, true, "linalg.matrix_power");
    return n == -1 ? linalg::inv(A) : linalg::matrix_power(linalg::inv(A), -n);
  }
  // By the bits of n, from the lowest.
  Tensor power = A, result;
  for (; n; n /= 2) {
    if (n % 2)
      result = result.defined() ? result.matmul(power) : power;
    if (n > 1)
      power = power.matmul(power);
  }
  return result.is_same(A) ? A.clone() : result;
}

namespace {

/// The products of the matrices first ... last in the order with the fewest multiplications; split
/// holds where each product is cut.
Tensor chain(const std::vector<Tensor> &matrices, const std::vector<std::vector<size_t>> &split,
             size_t first, size_t last) {
  if (first == last)
    return matrices[first];
  const size_t cut = split[first][last];
  return chain(matrices, split, first, cut).mm(chain(matrices, split, cut + 1, last));
}

/// Cormen et al., Introduction to Algorithms, 15.2: matrix-chain multiplication.
std::vector<std::vector<size_t>> bestOrder(const std::vector<Tensor> &matrices) {
  const size_t n = matrices.size();
  std::vector<std::vector<double>> cost(n, std::vector<double>(n, 0));
  std::vector<std::vector<size_t>> split(n, std::vector<size_t>(n, 0));
  for (size_t length = 2; length <= n; ++length)
    for (size_t first = 0; first + length <= n; ++first) {
      const size_t last = first + length - 1;
      cost[first][last] = std::numeric_limits<double>::infinity();
      for (size_t cut = first; cut < last; ++cut) {
        const double c = cost[first][cut] + cost[cut + 1][last] +
                         static_cast<double>(matrices[first].size(0)) *
                             static_cast<double>(matrices[cut].size(1)) *
                             static_cast<double>(matrices[last].size(1));
        if (c < cost[first][last])
          cost[first][last] = c, split[first][last] = cut;
      }
    }
  return split;
}

} // namespace

Tensor linalg_multi_dot(TensorList tensors) {
  if (tensors.size() < 2)
    throw Error("linalg.multi_dot: expected at least two tensors, found " +
                std::to_string(tensors.size()));
  std::vector<Tensor> matrices;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor &t = tensors[i];
    const int64_t rank = rankOf(t, "linalg.multi_dot");
    const bool first = i == 0, last = i + 1 == tensors.size();
    if (rank != 2 && !(rank == 1 && (first || last)))
      throw Error("linalg.multi_dot: tensor " + std::to_string(i) + " must be a matrix" +
                  (first || last ? " or a vector" : "") + ", found sizes " +
                  toString(sizesOf(t.sizes())));
    matrices.push_back(rank == 2 ? t : t.unsqueeze(first ? 0 : 1));
    if (!first && matrices[i].size(0) != matrices[i - 1].size(1))
      throw Error("linalg.multi_dot: tensors " + std::to_string(i - 1) + " and " +
                  std::to_string(i) + " of sizes " + toString(sizesOf(tensors[i - 1].sizes())) +
                  " and " + toString(sizesOf(t.sizes())) + " cannot be multiplied");
  }
  Tensor out = chain(matrices, bestOrder(matrices), 0, matrices.size() - 1);
  if (tensors[tensors.size() - 1].dim() == 1)
    out = out.squeeze(-1);
  return tensors[0].dim() == 1 ? out.squeeze(0) : out;
}

Tensor linalg_cross(const Tensor &self, const Tensor &other, int64_t dim) {
  const int64_t rank = rankOf(self, "linalg.cross");
  checkSameDtype(self, other, "linalg.cross");
  if (rankOf(other, "linalg.cross") != rank)
    throw Error("linalg.cross: the operands must have as many dimensions, found sizes " +
                toString(sizesOf(self.sizes())) + " and " + toString(sizesOf(other.sizes())));
  const int64_t d = wrapDim(dim, rank, "linalg.cross");
  if (rank == 0 || self.size(d) != 3 || other.size(d) != 3)
    throw Error("linalg.cross: dimension " + std::to_string(dim) +
                " must have size 3 in both, found sizes " + toString(sizesOf(self.sizes())) +
                " and " + toString(sizesOf(other.sizes())));
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < 3; ++i) {
    const int64_t a = (i + 1) % 3, b = (i + 2) % 3;
    parts.push_back(self.select(d, a) * other.select(d, b) -
                    self.select(d, b) * other.select(d, a));
  }
  return tjit::stack(parts, d);
}

Tensor matrix_power(const Tensor &self, int64_t n) { return linalg::matrix_power(self, n); }
Tensor det(const Tensor &self) { return linalg::det(self); }
Pair slogdet(const Tensor &self) { return linalg::slogdet(self); }
Tensor logdet(const Tensor &self) {
  const auto [sign, log] = linalg::slogdet(self);
  return tjit::where(sign < 0, std::numeric_limits<double>::quiet_NaN(), log);
}
Tensor inverse(const Tensor &self) { return linalg::inv(self); }
Tensor cholesky(const Tensor &self, bool upper) { return linalg::cholesky(self, upper); }
Tensor pinverse(const Tensor &self, double rcond) {
  return linalg::pinv(self, std::nullopt, rcond, false);
}
Triple svd(const Tensor &self, bool some, bool computeUv) {
  if (!computeUv) {
    const Tensor s = linalg::svdvals(self);
    auto zeros = [&](int64_t n) {
      Dims sizes(sizesOf(self.sizes()));
      sizes[sizes.size() - 2] = sizes[sizes.size() - 1] = n;
      return tjit::zeros(refOf(sizes), self.options());
    };
    return {zeros(self.size(-2)), s, zeros(self.size(-1))};
  }
  const auto [u, s, vh] = linalg::svd(self, !some);
  return {u, s, vh.mT()};
}
Pair triangular_solve(const Tensor &self, const Tensor &A, bool upper, bool transpose,
                      bool unitriangular) {
  checkMatrix(A, true, "triangular_solve");
  return {transpose ? linalg::solve_triangular(A.mT(), self, !upper, true, unitriangular)
                    : linalg::solve_triangular(A, self, upper, true, unitriangular),
          copyByColumns(A)};
}

Tensor chain_matmul(TensorList matrices) {
  for (const Tensor &t : matrices)
    if (rankOf(t, "chain_matmul") != 2)
      throw Error("chain_matmul: expected matrices, found sizes " + toString(sizesOf(t.sizes())));
  if (matrices.empty())
    throw Error("chain_matmul: expected at least one matrix");
  return matrices.size() == 1 ? matrices[0].clone() : linalg::multi_dot(matrices);
}

Tensor cross(const Tensor &self, const Tensor &other, std::optional<int64_t> dim) {
  const int64_t rank = rankOf(self, "cross");
  if (dim)
    return linalg::cross(self, other, *dim);
  for (int64_t d = 0; d < rank; ++d)
    if (self.size(d) == 3)
      return linalg::cross(self, other, d);
  throw Error("cross: no dimension of " + toString(sizesOf(self.sizes())) + " has size 3");
}

Tensor kron(const Tensor &self, const Tensor &other) {
  const int64_t rank = std::max(rankOf(self, "kron"), rankOf(other, "kron"));
  // Each dimension as a pair: [m, 1] of self, [1, n] of other.
  Dims a, b, sizes;
  for (int64_t d = 0; d < rank; ++d) {
    const int64_t i = d - (rank - self.dim()), j = d - (rank - other.dim());
    const int64_t m = i < 0 ? 1 : self.size(i), n = j < 0 ? 1 : other.size(j);
    a.push_back(m), a.push_back(1);
    b.push_back(1), b.push_back(n);
    sizes.push_back(m * n);
  }
  return (self.reshape(refOf(a)) * other.reshape(refOf(b))).view(refOf(sizes));
}

} // namespace ops
} // namespace v1
} // namespace tjit
