//===- RulesLinalg.h - derivatives of factorizations ------------------------------------------===//
//
// Templates named by TjitDerivatives.td; see RuleContext.h for what they get and give. Formulas:
// Giles, Collected matrix derivative results for forward and reverse mode algorithmic
// differentiation (2008); for the Cholesky factor Murray, Differentiation of the Cholesky
// decomposition (2016).
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
#include "Autodiff/RulesReduction.h"
#include "IR/OpAttrs.h.inc"

namespace tjit::autodiff {

/// The transposes of a batch of matrices.
template <class B> typename B::Value transposed(B &b, const typename B::Value &x) {
  return transposed(b, x, b.typeOf(x).sizes.size());
}

/// bool [n, n]: whether row - column is `low` or more; the lower triangle for 0.
template <class B> typename B::Value lowerMask(B &b, int64_t n, int64_t low) {
  const int64_t column[] = {n, 1};
  auto row = b.reshape(b.iota(n), column);
  if (low)
    row = b.sub(row, b.constant(static_cast<double>(low), ScalarType::Long, {}));
  return b.ge(row, b.iota(n));
}
/// bool [n, n]: the diagonal.
template <class B> typename B::Value diagonalMask(B &b, int64_t n) {
  const int64_t column[] = {n, 1};
  return b.eq(b.reshape(b.iota(n), column), b.iota(n));
}
template <class B>
typename B::Value keepWhere(B &b, const typename B::Value &mask, const typename B::Value &x) {
  return b.where(mask, x, b.constant(0.0, b.typeOf(x).dtype, {}));
}
/// The inverses of a batch of matrices.
template <class B> typename B::Value inverse(B &b, const typename B::Value &x) {
  const TensorType type = b.typeOf(x);
  auto identity = b.cast(diagonalMask(b, type.sizes.back()), type.dtype);
  return b.solve(x, b.expand(identity, type.sizes), true);
}
/// A value for each matrix, as [..., 1, 1].
template <class B> typename B::Value forEachMatrix(B &b, const typename B::Value &x) {
  Dims sizes(b.typeOf(x).sizes);
  sizes.push_back(1), sizes.push_back(1);
  return b.reshape(x, sizes);
}

/// L^-T Phi(L^T dL) L^-1, Phi taking the lower triangle with half the diagonal, made symmetric.
template <class B> void choleskyRule(RuleContext<B> &c) {
  B &b = c.builder;
  const int64_t n = c.resultType.sizes.back();
  auto half = b.constant(0.5, c.resultType.dtype, {});
  auto lower =
      keepWhere(b, lowerMask(b, n, 0),
                b.matmul(transposed(b, c.result), keepWhere(b, lowerMask(b, n, 0), c.grad)));
  auto symmetric =
      b.mul(b.add(lower, transposed(b, keepWhere(b, lowerMask(b, n, 1), lower))), half);
  auto upper = transposed(b, c.result);
  auto left = b.triangular_solve(upper, symmetric, true, false);
  c.gradients[0] = transposed(b, b.triangular_solve(upper, transposed(b, left), true, false));
}

template <class B> void detRule(RuleContext<B> &c) {
  B &b = c.builder;
  c.gradients[0] = b.mul(forEachMatrix(b, c.grad), b.cofactor(c.operands[0]));
}

/// With C = det(A) A^-T: sum(dC C) A^-T - C dC^T A^-T, for matrices that have an inverse.
template <class B> void cofactorRule(RuleContext<B> &c) {
  B &b = c.builder;
  const size_t rank = c.resultType.sizes.size();
  const int64_t last[] = {static_cast<int64_t>(rank) - 2, static_cast<int64_t>(rank) - 1};
  auto inverseT = transposed(b, inverse(b, c.operands[0]));
  auto trace = b.sum(b.mul(c.grad, c.result), last, true);
  auto turned = b.matmul(b.matmul(c.result, transposed(b, c.grad)), inverseT);
  c.gradients[0] = b.sub(b.mul(trace, inverseT), turned);
}

/// Of the logarithm; the sign is a step function.
template <class B> void slogdetRule(RuleContext<B> &c) {
  B &b = c.builder;
  const int64_t dim = static_cast<int64_t>(c.resultType.sizes.size()) - 1;
  Dims sizes(c.resultType.sizes);
  sizes[sizes.size() - 1] = 1;
  sizes.push_back(1);
  auto grad = b.reshape(b.sliceAt(c.grad, b.index(1), dim, 1, 1), sizes);
  // Infinities and NaN for a singular matrix, as PyTorch's solution by the factors.
  const TensorType &type = c.operandTypes[0];
  auto identity = b.cast(diagonalMask(b, type.sizes.back()), type.dtype);
  c.gradients[0] = b.solve(transposed(b, c.operands[0]), b.mul(grad, identity), false);
}

template <class B> void solveRule(RuleContext<B> &c) {
  B &b = c.builder;
  auto right =
      b.solve(transposed(b, c.operands[0]), c.grad, SolveAttrs::read(c.attributes.data()).checked);
  if (c.needs(1))
    c.gradients[1] = right;
  if (c.needs(0))
    c.gradients[0] = b.neg(b.matmul(right, transposed(b, c.result)));
}

template <class B> void triangularSolveRule(RuleContext<B> &c) {
  B &b = c.builder;
  const auto attrs = TriangularSolveAttrs::read(c.attributes.data());
  auto right =
      b.triangular_solve(transposed(b, c.operands[0]), c.grad, !attrs.upper, attrs.unitriangular);
  if (c.needs(1))
    c.gradients[1] = right;
  if (!c.needs(0))
    return;
  const int64_t n = c.operandTypes[0].sizes.back(), unit = attrs.unitriangular;
  auto product = attrs.upper ? b.matmul(c.result, transposed(b, right))
                             : b.matmul(right, transposed(b, c.result));
  auto kept = b.neg(keepWhere(b, lowerMask(b, n, unit), product));
  c.gradients[0] = attrs.upper ? transposed(b, kept) : kept;
}

/// A part of a packed result as matrices [..., rows, columns], of which the first `keepRows` and
/// `keepColumns` are wanted.
template <class B>
typename B::Value unpack(B &b, const typename B::Value &packed, int64_t start, int64_t rows,
                         int64_t columns, int64_t keepRows, int64_t keepColumns) {
  Dims sizes(b.typeOf(packed).sizes);
  const int64_t dim = static_cast<int64_t>(sizes.size()) - 1;
  auto part = b.sliceAt(packed, b.index(start), dim, rows * columns, 1);
  sizes[sizes.size() - 1] = rows;
  sizes.push_back(columns);
  part = b.reshape(part, sizes);
  if (keepRows != rows)
    part = b.sliceAt(part, b.index(0), dim, keepRows, 1);
  if (keepColumns != columns)
    part = b.sliceAt(part, b.index(0), dim + 1, keepColumns, 1);
  return part;
}
template <class B> struct SvdParts {
  typename B::Value u, s, vh; // [..., m, k], [..., 1, k], [..., k, n]

  SvdParts(B &b, const typename B::Value &packed, int64_t m, int64_t n, bool full) {
    const int64_t k = m < n ? m : n, mu = full ? m : k, nv = full ? n : k;
    u = unpack(b, packed, 0, m, mu, m, k);
    s = unpack(b, packed, m * mu, 1, k, 1, k);
    vh = unpack(b, packed, m * mu + k, nv, n, k, n);
  }
};

/// U diag(dS) Vh
template <class B> void svdvalsRule(RuleContext<B> &c) {
  B &b = c.builder;
  const Dims &sizes = c.operandTypes[0].sizes;
  const SvdParts<B> parts(b, b.svd(c.operands[0], false), sizes[sizes.size() - 2], sizes.back(),
                          false);
  Dims row(c.resultType.sizes);
  row.push_back(row.back());
  row[row.size() - 2] = 1;
  c.gradients[0] = b.matmul(b.mul(parts.u, b.reshape(c.grad, row)), parts.vh);
}

/// With E[i][j] = s_j^2 - s_i^2 off the diagonal: U (skew(U^T dU) / E S + S skew(V^T dV) / E + dS)
/// Vh and, where U or V is not square, the parts of dU and dV that are orthogonal to them. Columns
/// that `full` adds are not unique, and have no derivative.
template <class B> void svdRule(RuleContext<B> &c) {
  using Value = typename B::Value;
  B &b = c.builder;
  const Dims &sizes = c.operandTypes[0].sizes;
  const int64_t m = sizes[sizes.size() - 2], n = sizes.back(), k = m < n ? m : n;
  const bool full = SvdAttrs::read(c.attributes.data()).full;
  const SvdParts<B> x(b, c.result, m, n, full), g(b, c.grad, m, n, full);
  auto diagonal = diagonalMask(b, k);
  auto one = b.constant(1.0, c.resultType.dtype, {});
  auto squares = b.mul(x.s, x.s);
  auto e = b.where(diagonal, one, b.sub(squares, transposed(b, squares)));
  auto skew = [&](const Value &p) { return b.sub(p, transposed(b, p)); };
  auto column = transposed(b, x.s); // [..., k, 1]
  auto ofU = b.matmul(transposed(b, x.u), g.u), ofV = b.matmul(x.vh, transposed(b, g.vh));
  auto inner = b.add(b.mul(b.div(skew(ofU), e), x.s), b.mul(column, b.div(skew(ofV), e)));
  inner = b.add(inner, keepWhere(b, diagonal, g.s));
  auto gradient = b.matmul(b.matmul(x.u, inner), x.vh);
  if (m > k) {
    auto scaled = b.div(g.u, x.s);
    auto rest = b.sub(scaled, b.matmul(x.u, b.matmul(transposed(b, x.u), scaled)));
    gradient = b.add(gradient, b.matmul(rest, x.vh));
  }
  if (n > k) {
    auto scaled = b.div(g.vh, column);
    auto rest = b.sub(scaled, b.matmul(b.matmul(scaled, transposed(b, x.vh)), x.vh));
    gradient = b.add(gradient, b.matmul(x.u, rest));
  }
  c.gradients[0] = gradient;
}

/// X with X A = B for a triangular A.
template <class B>
typename B::Value solveFromRight(B &b, const typename B::Value &a, const typename B::Value &x,
                                 bool upper, bool unitriangular = false) {
  return transposed(b,
                    b.triangular_solve(transposed(b, a), transposed(b, x), !upper, unitriangular));
}
/// Zero below the diagonal of square matrices.
template <class B> typename B::Value upperPart(B &b, const typename B::Value &x) {
  const TensorType type = b.typeOf(x);
  return b.where(lowerMask(b, type.sizes.back(), 1), b.constant(0.0, type.dtype, {}), x);
}
/// Columns (dim 1) or rows (dim 0) of matrices from `start` on.
template <class B>
typename B::Value part(B &b, const typename B::Value &x, int dim, int64_t start, int64_t size) {
  const auto rank = static_cast<int64_t>(b.typeOf(x).sizes.size());
  return b.sliceAt(x, b.index(start), rank - 2 + dim, size, 1);
}
template <class B>
typename B::Value joined(B &b, const typename B::Value &first, const typename B::Value &second,
                         int dim) {
  const auto rank = static_cast<int64_t>(b.typeOf(first).sizes.size());
  const typename B::Value parts[] = {first, second};
  return b.concat(parts, rank - 2 + dim);
}

/// With M the upper triangle of dR R^T - Q^T dQ and S that made symmetric by it:
/// (dQ + Q S) R^-T. Columns of A beyond the rows are Q times those of R. Walter, Lehmann,
/// Structured higher-order algorithmic differentiation in the forward and reverse mode with
/// application in optimum experimental design (2012), chapter 3. The columns of Q that `full` adds
/// are not unique where there are fewer columns than rows; the frontend refuses their gradient.
template <class B> void qrRule(RuleContext<B> &c) {
  using Value = typename B::Value;
  B &b = c.builder;
  const Dims &sizes = c.operandTypes[0].sizes;
  const int64_t m = sizes[sizes.size() - 2], n = sizes.back(), k = m < n ? m : n;
  const int64_t columns = QrAttrs::read(c.attributes.data()).full ? m : k;
  const Value q = unpack(b, c.result, 0, m, columns, m, k),
              r = unpack(b, c.result, m * columns, columns, n, k, n),
              gradR = unpack(b, c.grad, m * columns, columns, n, k, n);
  Value gradQ = unpack(b, c.grad, 0, m, columns, m, k);
  Value r1 = r, gradR1 = gradR, rest;
  if (n > k) {
    r1 = part(b, r, 1, 0, k), gradR1 = part(b, gradR, 1, 0, k);
    const Value r2 = part(b, r, 1, k, n - k), gradR2 = part(b, gradR, 1, k, n - k);
    gradQ = b.add(gradQ, b.matmul(b.matmul(q, r2), transposed(b, gradR2)));
    rest = b.matmul(q, gradR2);
  }
  auto upper =
      upperPart(b, b.sub(b.matmul(gradR1, transposed(b, r1)), b.matmul(transposed(b, q), gradQ)));
  auto symmetric = b.where(diagonalMask(b, k), upper, b.add(upper, transposed(b, upper)));
  auto gradient = b.add(gradQ, b.matmul(q, symmetric));
  gradient = solveFromRight(b, transposed(b, r1), gradient, false);
  c.gradients[0] = n > k ? joined(b, gradient, rest, 1) : gradient;
}

/// Of B = L U with B = A[perm]: L^-T (lower(L^T dL) + upper(dU U^T)) U^-T, the first strictly
/// lower. What lies beside the square part is L^-1 times columns of B, or rows of B times U^-1. The
/// same source as qrRule.
template <class B> void luFactorRule(RuleContext<B> &c) {
  using Value = typename B::Value;
  B &b = c.builder;
  const Dims &sizes = c.operandTypes[0].sizes;
  const size_t rank = sizes.size();
  const int64_t m = sizes[rank - 2], n = sizes.back(), k = m < n ? m : n;
  const ScalarType dtype = c.resultType.dtype;
  const Value lu = unpack(b, c.result, 0, m, n, m, n), grad = unpack(b, c.grad, 0, m, n, m, n);
  const Value square = unpack(b, c.result, 0, m, n, k, k);
  const Value u = upperPart(b, square);
  const Value l = b.where(diagonalMask(b, k), b.constant(1.0, dtype, {}),
                          keepWhere(b, lowerMask(b, k, 1), square));
  Value gradL = unpack(b, c.grad, 0, m, n, k, k), gradU = gradL, rest;
  gradU = upperPart(b, gradU);
  if (n > k) {
    rest = b.triangular_solve(transposed(b, l), part(b, grad, 1, k, n - k), true, true);
    gradL = b.sub(gradL, b.matmul(rest, transposed(b, part(b, lu, 1, k, n - k))));
  } else if (m > k) {
    rest = solveFromRight(b, transposed(b, u), part(b, grad, 0, k, m - k), false);
    gradU = b.sub(gradU, b.matmul(transposed(b, part(b, lu, 0, k, m - k)), rest));
  }
  gradL = keepWhere(b, lowerMask(b, k, 1), gradL);
  auto inner = b.add(keepWhere(b, lowerMask(b, k, 1), b.matmul(transposed(b, l), gradL)),
                     upperPart(b, b.matmul(gradU, transposed(b, u))));
  auto gradient = b.triangular_solve(transposed(b, l), inner, true, true);
  gradient = solveFromRight(b, transposed(b, u), gradient, false);
  if (n > k)
    gradient = joined(b, gradient, rest, 1);
  else if (m > k)
    gradient = joined(b, gradient, rest, 0);
  auto perm = b.cast(b.sliceAt(c.result, b.index(m * n + k), static_cast<int64_t>(rank) - 2, m, 1),
                     ScalarType::Long);
  Dims column(b.typeOf(perm).sizes);
  column.push_back(1);
  auto index = b.expand(b.reshape(perm, column), sizes);
  c.gradients[0] =
      b.scatter_add(b.constant(0.0, dtype, sizes), index, gradient, static_cast<int64_t>(rank) - 2);
}

/// V diag(dL) V^T
template <class B> void eigvalshRule(RuleContext<B> &c) {
  B &b = c.builder;
  const int64_t n = c.resultType.sizes.back();
  auto v = unpack(b, b.eigh(c.operands[0]), n, n, n, n, n);
  Dims row(c.resultType.sizes);
  row.push_back(n);
  row[row.size() - 2] = 1;
  c.gradients[0] = b.matmul(b.mul(v, b.reshape(c.grad, row)), transposed(b, v));
}

/// V (dL + skew(V^T dV) / E) V^T with E[i][j] = l_j - l_i off the diagonal: V stays orthogonal, so
/// only the antisymmetric part of V^T dV means something, and the gradient is symmetric as
/// PyTorch's is.
template <class B> void eighRule(RuleContext<B> &c) {
  B &b = c.builder;
  const int64_t n = c.operandTypes[0].sizes.back();
  auto values = unpack(b, c.result, 0, 1, n, 1, n), v = unpack(b, c.result, n, n, n, n, n);
  auto gradValues = unpack(b, c.grad, 0, 1, n, 1, n), gradV = unpack(b, c.grad, n, n, n, n, n);
  auto diagonal = diagonalMask(b, n);
  auto one = b.constant(1.0, c.resultType.dtype, {});
  auto e = b.where(diagonal, one, b.sub(values, transposed(b, values)));
  auto product = b.matmul(transposed(b, v), gradV);
  auto skew =
      b.mul(b.sub(product, transposed(b, product)), b.constant(0.5, c.resultType.dtype, {}));
  auto inner = b.where(diagonal, gradValues, b.div(skew, e));
  c.gradients[0] = b.matmul(b.matmul(v, inner), transposed(b, v));
}

} // namespace tjit::autodiff
