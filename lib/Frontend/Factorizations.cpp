//===- Factorizations.cpp ---------------------------------------------------------------------===//
// QR and LU factors, what is solved by them, least squares, conditions.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/CompiledCall.h"
#include "Frontend/Composite.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Matrices.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include <limits>

namespace tjit {
inline namespace v1 {
namespace ops {

//===------------------------------------------------------------------------------------------===//
// QR
//===------------------------------------------------------------------------------------------===//

Pair linalg_qr(const Tensor &A, std::string_view mode) {
  checkLapack(A, false, "linalg.qr");
  if (mode != "reduced" && mode != "complete" && mode != "r")
    throw Error("linalg.qr: the mode must be reduced, complete or r, found \"" + std::string(mode) +
                "\"");
  const int64_t m = A.size(-2), n = A.size(-1);
  const bool full = mode == "complete";
  const int64_t columns = full ? m : std::min(m, n);
  AttrWords words;
  QrAttrs{full}.write(words);
  Tensor packed;
  if (full && m > n)
    packed = composite(
        "LinalgQr", {A}, [&] { return recordOp(OpKind::qr, {&A, 1}, words.span()); },
        [](CompositeGradient &) {
          throw Error("linalg.qr: with the mode complete and more rows than columns the last "
                      "columns of Q are not unique, so there is no derivative; use reduced");
        });
  else
    packed = recordOp(OpKind::qr, {&A, 1}, words.span());
  const Tensor R = unpack(packed, m * columns, columns, n);
  if (mode == "r")
    return {tjit::empty({0}, A.options()), R};
  return {unpack(packed, 0, m, columns), R};
}
Pair qr(const Tensor &self, bool some) { return linalg::qr(self, some ? "reduced" : "complete"); }

//===------------------------------------------------------------------------------------------===//
// LU
//===------------------------------------------------------------------------------------------===//

namespace {

/// The parts of lu_factor's packed result.
struct LuParts {
  Tensor LU, pivots, rows; // [..., m, n], int32 [..., k], int64 [..., m]: see LuFactorOp

  LuParts(const Tensor &A, bool pivot, bool checked, const char *operation) {
    checkLapack(A, false, operation);
    if (!pivot)
      throw Error(std::string(operation) +
                  ": LU without pivoting is not implemented on the CPU; leave pivot true");
    AttrWords words;
    LuFactorAttrs{checked}.write(words);
    const Tensor packed = recordOp(OpKind::lu_factor, {&A, 1}, words.span());
    const int64_t m = A.size(-2), n = A.size(-1), k = std::min(m, n);
    LU = packedPart(packed, 0, m, n);
    pivots = castTo(packed.detach().narrow(-1, m * n, k), kInt);
    rows = castTo(packed.detach().narrow(-1, m * n + k, m), kLong);
  }
  /// int32 [...]: the first zero on the diagonal of U, from 1; 0 where there is none.
  Tensor info() const {
    const Tensor zeros = castTo(LU.detach().diagonal(0, -2, -1) == 0, kInt);
    if (zeros.size(-1) == 0)
      return castTo(zeros.sum(-1), kInt);
    return castTo(tjit::where(zeros.amax({-1}) > 0, zeros.argmax(-1) + 1, 0), kInt);
  }
};

Tensor lowerFactor(const Tensor &LU) {
  const int64_t m = LU.size(-2), k = std::min(m, LU.size(-1));
  return LU.narrow(-1, 0, k).tril(-1) + tjit::eye(m, k, LU.options());
}
Tensor upperFactor(const Tensor &LU) {
  return LU.narrow(-2, 0, std::min(LU.size(-2), LU.size(-1))).triu();
}
/// P [..., m, m] with A = P L U.
Tensor permutationMatrix(const Tensor &rows, ScalarType dtype) {
  const int64_t m = rows.size(-1);
  return castTo(tjit::arange(m, kLong).unsqueeze(-1) == rows.unsqueeze(-2), dtype);
}
/// Where each row came from, by the exchanges of LAPACK's pivots. Evaluates the pivots.
Tensor rowsOf(const Tensor &pivots, int64_t m, const char *operation) {
  const TensorImpl &t = implOf(pivots, operation);
  if (t.type().dtype != kInt || t.type().sizes.empty())
    throw Error(std::string(operation) + ": pivots must be an int32 tensor, as lu_factor gives it");
  Dims sizes = t.type().sizes;
  const int64_t k = sizes.back();
  sizes[sizes.size() - 1] = m;
  const std::vector<int64_t> values = readNumbers<int64_t>(t);
  std::vector<int64_t> rows(static_cast<size_t>(numElements(sizes)));
  for (size_t matrix = 0; m && matrix < rows.size() / static_cast<size_t>(m); ++matrix) {
    int64_t *row = &rows[matrix * static_cast<size_t>(m)];
    for (int64_t i = 0; i < m; ++i)
      row[i] = i;
    for (int64_t i = 0; i < k; ++i) {
      const int64_t p = values[matrix * static_cast<size_t>(k) + static_cast<size_t>(i)] - 1;
      if (p < 0 || p >= m)
        throw Error(std::string(operation) + ": the pivot " + std::to_string(p + 1) +
                    " is not between 1 and " + std::to_string(m));
      std::swap(row[i], row[p]);
    }
  }
  return fromIntegers(rows).view(refOf(sizes));
}

/// X with A X = B or, `transposed`, A^T X = B; `rows` as in LuParts.
Tensor solveByFactors(Tensor LU, const Tensor &rows, Tensor B, bool transposed,
                      const char *operation) {
  broadcastBatches(LU, B, operation);
  Dims sizes(sizesOf(B.sizes()));
  Dims index = sizes;
  index[index.size() - 1] = 1;
  const Tensor column = expandTo(rows.unsqueeze(-1), index, operation);
  if (!transposed) {
    const Tensor right = B.gather(-2, expandTo(column, sizes, operation));
    return linalg::solve_triangular(LU, linalg::solve_triangular(LU, right, false, true, true),
                                    true);
  }
  const Tensor left = linalg::solve_triangular(LU.mT(), linalg::solve_triangular(LU.mT(), B, false),
                                               true, true, true);
  const Tensor back = column.argsort(int64_t(-2)); // the inverse permutation
  return left.gather(-2, expandTo(back, sizes, operation));
}

} // namespace

Pair linalg_lu_factor(const Tensor &A, bool pivot) {
  const LuParts lu(A, pivot, true, "linalg.lu_factor");
  return {copyByColumns(lu.LU), lu.pivots};
}
Triple linalg_lu_factor_ex(const Tensor &A, bool pivot, bool check_errors) {
  const LuParts lu(A, pivot, check_errors, "linalg.lu_factor_ex");
  return {copyByColumns(lu.LU), lu.pivots, lu.info()};
}
Triple linalg_lu(const Tensor &A, bool pivot) {
  const LuParts lu(A, pivot, false, "linalg.lu");
  return {permutationMatrix(lu.rows, A.scalar_type()), lowerFactor(lu.LU), upperFactor(lu.LU)};
}
Triple lu_unpack(const Tensor &LU, const Tensor &pivots, bool unpack_data, bool unpack_pivots) {
  checkLapack(LU, false, "lu_unpack");
  const Tensor none = tjit::empty({0}, LU.options());
  return {unpack_pivots
              ? permutationMatrix(rowsOf(pivots, LU.size(-2), "lu_unpack"), LU.scalar_type())
              : none,
          unpack_data ? lowerFactor(LU) : none, unpack_data ? upperFactor(LU) : none};
}

Tensor linalg_lu_solve(const Tensor &LU, const Tensor &pivots, const Tensor &B, bool left,
                       bool adjoint) {
  checkLapack(LU, true, "linalg.lu_solve");
  checkMatrix(B, false, "linalg.lu_solve");
  const int64_t n = LU.size(-1), equations = B.size(left ? -2 : -1);
  if (LU.scalar_type() != B.scalar_type() || equations != n)
    throw Error("linalg.lu_solve: LU of sizes " + toString(sizesOf(LU.sizes())) + " and dtype " +
                toString(LU.scalar_type()) + " does not go with B of sizes " +
                toString(sizesOf(B.sizes())) + " and dtype " + toString(B.scalar_type()));
  const Tensor rows = rowsOf(pivots, n, "linalg.lu_solve");
  const Tensor X = left ? solveByFactors(LU, rows, B, adjoint, "linalg.lu_solve")
                        : solveByFactors(LU, rows, B.mT(), !adjoint, "linalg.lu_solve").mT();
  return left ? copyByColumns(X) : X.clone(MemoryFormat::Contiguous);
}
Tensor lu_solve(const Tensor &self, const Tensor &LU_data, const Tensor &LU_pivots) {
  return linalg::lu_solve(LU_data, LU_pivots, self, true, false);
}

Pair linalg_inv_ex(const Tensor &A, bool check_errors) {
  checkLapack(A, true, "linalg.inv_ex");
  const LuParts lu(A, true, false, "linalg.inv_ex");
  if (check_errors)
    return {linalg::inv(A), lu.info()};
  return {copyByColumns(solveByFactors(lu.LU, lu.rows, identity(A), false, "linalg.inv_ex")),
          lu.info()};
}

//===------------------------------------------------------------------------------------------===//
// By Cholesky factors
//===------------------------------------------------------------------------------------------===//

Tensor cholesky_solve(const Tensor &self, const Tensor &input2, bool upper) {
  checkLapack(input2, true, "cholesky_solve");
  implOf(self, "cholesky_solve");
  // The derivative by the factor is PyTorch's: it takes the factor as it is, both triangles of it.
  return composite(
      "CholeskySolve", {self, input2},
      [&] {
        const Tensor L = upper ? input2.mT() : input2;
        return copyByColumns(
            linalg::solve_triangular(L.mT(), linalg::solve_triangular(L, self, false), true));
      },
      [upper](CompositeGradient &g) {
        const Tensor ofSelf = g.grad.cholesky_solve(g.operands[1], upper);
        if (g.needs(0))
          g.gradients[0] = ofSelf;
        if (g.needs(1)) {
          const Tensor half = ofSelf.matmul(g.result.mT()), both = half + half.mT();
          g.gradients[1] =
              upper ? g.operands[1].matmul(both).neg() : both.matmul(g.operands[1]).neg();
        }
      },
      SavesResult::yes);
}
Tensor cholesky_inverse(const Tensor &self, bool upper) {
  checkLapack(self, true, "cholesky_inverse");
  // The factor is rarely pending: Cholesky's decomposition is a step of its own, so this waits for
  // little.
  if (!CompiledCall::current()) {
    const Tensor zeros = self.detach().diagonal(0, -2, -1).eq(0);
    if (zeros.any().item<bool>())
      throw Error("cholesky_inverse: the factor of sizes " + toString(sizesOf(self.sizes())) +
                  " has a zero on its diagonal, at " +
                  std::to_string(zeros.nonzero()[0][-1].item<int64_t>()) +
                  ", so the matrix is singular; use linalg::pinv");
  }
  return tjit::cholesky_solve(identity(self), self, upper);
}

//===------------------------------------------------------------------------------------------===//
// Least squares, conditions
//===------------------------------------------------------------------------------------------===//

std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(const Tensor &A, const Tensor &B,
                                                        std::optional<double> rcond,
                                                        std::optional<std::string_view> driver) {
  checkLapack(A, false, "linalg.lstsq");
  const std::string_view how = driver.value_or("gelsy");
  if (how != "gels" && how != "gelsy" && how != "gelsd" && how != "gelss")
    throw Error("linalg.lstsq: the driver must be gels, gelsy, gelsd or gelss, found \"" +
                std::string(how) + "\"");
  const bool vectors = rankOf(B, "linalg.lstsq") + 1 == A.dim() &&
                       std::equal(B.sizes().begin(), B.sizes().end(), A.sizes().begin());
  Tensor a = A, b = vectors ? B.unsqueeze(-1) : B;
  checkMatrix(b, false, "linalg.lstsq");
  if (a.scalar_type() != b.scalar_type() || a.size(-2) != b.size(-2))
    throw Error("linalg.lstsq: A of sizes " + toString(sizesOf(A.sizes())) + " and dtype " +
                toString(A.scalar_type()) + " does not go with B of sizes " +
                toString(sizesOf(B.sizes())) + " and dtype " + toString(B.scalar_type()));
  broadcastBatches(a, b, "linalg.lstsq");
  const int64_t m = a.size(-2), n = a.size(-1);
  Tensor X = linalg::pinv(a, std::nullopt, rcond).matmul(b);
  const TensorOptions integers = A.options().dtype(kLong);
  Tensor rank = tjit::empty({0}, integers), values = tjit::empty({0}, A.options()),
         residuals = tjit::empty({0}, A.options());
  if (how != "gels")
    rank = linalg::matrix_rank(a, std::nullopt, rcond);
  if (how == "gelsd" || how == "gelss")
    values = linalg::svdvals(a.detach());
  if (m > n && how != "gelsy" && (how == "gels" || (rank == n).all().item<bool>()))
    residuals = (a.matmul(X) - b).square().sum(-2);
  // As LAPACK leaves it: column by column, where B was.
  X = m > n ? nn::functional::pad(X.mT(), {0, m - n}).mT().narrow(-2, 0, n) : copyByColumns(X);
  if (residuals.numel() == 0 && X.requires_grad()) // part of the same history
    residuals = X.reshape({-1}).narrow(0, 0, 0).clone();
  return {vectors ? X.squeeze(-1) : X,
          vectors && residuals.dim() > 1 ? residuals.squeeze(-1) : residuals, rank, values};
}

/// The product of the norms of A and its inverse; infinity where there is none.
template <class Norm> static Tensor conditionByInverse(const Tensor &A, const Norm &norm) {
  checkLapack(A, true, "linalg.cond");
  if (A.numel() == 0)
    return tjit::zeros(A.sizes().slice(0, static_cast<size_t>(A.dim()) - 2), A.options());
  const auto [inverse, info] = linalg::inv_ex(A, false);
  return tjit::where(info != 0, std::numeric_limits<double>::infinity(), norm(A) * norm(inverse));
}
Tensor linalg_cond(const Tensor &A, const std::optional<Scalar> &p) {
  checkLapack(A, false, "linalg.cond");
  const double order = p ? p->toDouble() : 2;
  if (order == 2 || order == -2) {
    const Tensor values = linalg::svdvals(A);
    if (values.numel() == 0)
      return values.sum(-1);
    const Tensor largest = values.narrow(-1, 0, 1), smallest = values.narrow(-1, -1, 1);
    return (order == 2 ? largest / smallest : smallest / largest).squeeze(-1);
  }
  return conditionByInverse(A,
                            [&](const Tensor &t) { return linalg::matrix_norm(t, Scalar(order)); });
}
Tensor linalg_cond(const Tensor &A, std::string_view p) {
  return conditionByInverse(A, [&](const Tensor &t) { return linalg::matrix_norm(t, p); });
}

//===------------------------------------------------------------------------------------------===//
// Eigenvalues of any matrix
//===------------------------------------------------------------------------------------------===//

[[noreturn]] static void throwComplex(const Tensor &A, const char *operation) {
  checkLapack(A, true, operation);
  throw Error(std::string(operation) +
              ": the eigenvalues of a matrix that is not symmetric are complex numbers, and tjit "
              "has no complex dtypes; for symmetric matrices use linalg.eigh or linalg.eigvalsh");
}
Pair linalg_eig(const Tensor &A) { throwComplex(A, "linalg.eig"); }
Tensor linalg_eigvals(const Tensor &A) { throwComplex(A, "linalg.eigvals"); }

//===------------------------------------------------------------------------------------------===//
// Tensors as matrices
//===------------------------------------------------------------------------------------------===//

Tensor linalg_vecdot(const Tensor &x, const Tensor &y, int64_t dim) {
  const Tensor out = (x * y).sum(dim);
  return x.dim() == 1 && y.dim() == 1 ? autodiff::labeled(out, "VdotBackward0") : out;
}
Tensor linalg_diagonal(const Tensor &A, int64_t offset, int64_t dim1, int64_t dim2) {
  return A.diagonal(offset, dim1, dim2);
}
static int64_t product(Sizes sizes) {
  int64_t n = 1;
  for (int64_t s : sizes)
    n *= s;
  return n;
}
Tensor linalg_tensorinv(const Tensor &A, int64_t ind) {
  const int64_t rank = rankOf(A, "linalg.tensorinv");
  const Sizes sizes = sizesOf(A.sizes());
  if (ind <= 0 || ind > rank ||
      product(sizes.first(static_cast<size_t>(ind))) !=
          product(sizes.subspan(static_cast<size_t>(ind))))
    throw Error("linalg.tensorinv: the first " + std::to_string(ind) + " of the sizes " +
                toString(sizes) + " must have the product of the others");
  Dims out;
  for (int64_t d = 0; d < rank; ++d)
    out.push_back(sizes[static_cast<size_t>((d + ind) % rank)]);
  const int64_t n = product(sizes.first(static_cast<size_t>(ind)));
  return linalg::inv(A.reshape({n, n})).reshape(refOf(out));
}
Tensor linalg_tensorsolve(const Tensor &A, const Tensor &B, OptionalIntArrayRef dims) {
  Tensor a = A;
  const int64_t rank = rankOf(A, "linalg.tensorsolve"), rankB = rankOf(B, "linalg.tensorsolve");
  if (dims.has_value()) {
    std::vector<int64_t> to;
    for (size_t i = 0; i < (*dims).size(); ++i)
      to.push_back(rank - static_cast<int64_t>((*dims).size()) + static_cast<int64_t>(i));
    a = A.movedim(*dims, to);
  }
  const Sizes sizes = sizesOf(a.sizes());
  const int64_t n = B.numel();
  if (rankB > rank || product(sizes.first(static_cast<size_t>(rankB))) != n || a.numel() != n * n)
    throw Error("linalg.tensorsolve: sizes " + toString(sizes) + " do not go with those of B, " +
                toString(sizesOf(B.sizes())));
  const Dims out(sizes.subspan(static_cast<size_t>(rankB)));
  return linalg::solve(a.reshape({n, n}), B.reshape({n})).reshape(refOf(out));
}

} // namespace ops
} // namespace v1
} // namespace tjit
