//===- InterpreterLinalg.cpp - factorizations by LAPACK -----------------------------------===//
//
// Each matrix of a batch is copied into column-major memory, so operands may have any strides, and
// the results are written row-major. Results are packed as TjitOpsLinalg.td says.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/OpAttrs.h.inc"
#include "Runtime/InterpreterLoops.h"
#include "Runtime/Lapack.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <limits>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

/// A column-major matrix.
template <class T> struct Matrix {
  int rows, columns;
  std::vector<T> data;

  Matrix(int rows, int columns)
      : rows(rows), columns(columns),
        data(static_cast<size_t>(rows) * static_cast<size_t>(columns), T(0)) {}
  T &at(int i, int j) { return data[static_cast<size_t>(j) * rows + i]; }
  T at(int i, int j) const { return data[static_cast<size_t>(j) * rows + i]; }
  /// The leading dimension, which LAPACK wants to be 1 at least.
  int lead() const { return std::max(rows, 1); }
  /// Writes the elements row-major.
  void store(T *out) const {
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < columns; ++j)
        *out++ = at(i, j);
  }
};

int lapackSize(OpKind kind, int64_t size) {
  if (size > INT_MAX)
    throw Error(std::string(opInfo(kind).mnemonic) + ": LAPACK takes sizes up to " +
                std::to_string(INT_MAX) + ", found " + std::to_string(size));
  return static_cast<int>(size);
}

/// The matrices of a batched operand, one after another.
template <class T> class Batch {
public:
  Batch(OpKind kind, const TensorRef &t)
      : t_(t), rows_(lapackSize(kind, t.sizes[t.sizes.size() - 2])),
        columns_(lapackSize(kind, t.sizes.back())) {
    const std::span<const int64_t> sizes = t.sizes.first(t.sizes.size() - 2);
    Nest<1>(sizes, {Dims(t.strides.first(sizes.size()))})
        .forEachRow([&](auto &begin, int64_t n, auto &steps) {
          for (int64_t i = 0; i < n; ++i)
            offsets_.push_back(begin[0] + i * steps[0]);
        });
  }
  int rows() const { return rows_; }
  int columns() const { return columns_; }
  size_t size() const { return offsets_.size(); }
  Matrix<T> operator[](size_t index) const {
    const int64_t rowStep = t_.strides[t_.strides.size() - 2], step = t_.strides.back();
    const T *data = static_cast<const T *>(t_.data) + offsets_[index];
    Matrix<T> m(rows_, columns_);
    for (int j = 0; j < columns_; ++j)
      for (int i = 0; i < rows_; ++i)
        m.at(i, j) = data[i * rowStep + j * step];
    return m;
  }
  /// ", matrix 3 of the batch", or nothing where there is one.
  std::string which(size_t index) const {
    return t_.sizes.size() > 2 ? " (matrix " + std::to_string(index) + " of the batch)" : "";
  }

private:
  const TensorRef &t_;
  int rows_, columns_;
  std::vector<int64_t> offsets_;
};

/// f(T()) for float and double; inference lets nothing else come here.
template <class F> void visitFloat(ScalarType dtype, F &&f) {
  dtype == ScalarType::Float ? f(float()) : f(double());
}

/// matrix(Batch, number of the matrix, where its result is written) for each of the first operand.
template <class T, class F> void forEachMatrix(const Call &call, F &&matrix) {
  const Batch<T> batch(call.kind, call.operands[0]);
  const size_t step =
      batch.size() ? static_cast<size_t>(numElements(call.result.sizes)) / batch.size() : 0;
  for (size_t i = 0; i < batch.size(); ++i)
    matrix(batch, i, static_cast<T *>(call.result.data) + i * step);
}

//===------------------------------------------------------------------------------------------===//
// Cholesky, LU
//===------------------------------------------------------------------------------------------===//

void cholesky(const Call &call) {
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      Matrix<T> a = batch[index];
      int info = 0, lead = a.lead();
      lapack<T>().potrf("L", &a.rows, a.data.data(), &lead, &info, 1);
      if (info > 0)
        throw Error("cholesky: the matrix" + batch.which(index) +
                    " is not positive definite: its leading minor of order " +
                    std::to_string(info) +
                    " is not positive; check that it is symmetric, or add to its diagonal");
      for (int j = 1; j < a.columns; ++j)
        std::fill_n(&a.at(0, j), j, T(0));
      a.store(out);
    });
  });
}

template <class T> struct Lu {
  Matrix<T> factors;
  std::vector<int> pivots;
  bool singular;
  int firstZero; // on the diagonal of U, from 1; 0 where there is none

  explicit Lu(Matrix<T> a)
      : factors(std::move(a)),
        pivots(static_cast<size_t>(std::min(factors.rows, factors.columns))) {
    int info = 0, lead = factors.lead();
    if (!pivots.empty())
      lapack<T>().getrf(&factors.rows, &factors.columns, factors.data.data(), &lead, pivots.data(),
                        &info);
    firstZero = info;
    singular = info > 0;
  }
  /// Of the permutation.
  T sign() const {
    T sign = 1;
    for (size_t i = 0; i < pivots.size(); ++i)
      if (pivots[i] != static_cast<int>(i) + 1)
        sign = -sign;
    return sign;
  }
  T determinant() const {
    T product = sign();
    for (int i = 0; i < factors.rows; ++i)
      product *= factors.at(i, i);
    return product;
  }
};

void luFactor(const Call &call) {
  const bool checked = LuFactorAttrs::read(call.attributes).checked;
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      const Lu<T> lu(batch[index]);
      if (checked && lu.singular)
        throw Error("lu_factor: the matrix" + batch.which(index) + " is singular: U[" +
                    std::to_string(lu.firstZero - 1) + ", " + std::to_string(lu.firstZero - 1) +
                    "] is zero, so lu_solve would divide by zero; lu and lu_factor_ex give the "
                    "factors all the same");
      lu.factors.store(out);
      out += lu.factors.data.size();
      out = std::ranges::copy(lu.pivots, out).out;
      std::vector<int> rows(static_cast<size_t>(lu.factors.rows));
      for (size_t i = 0; i < rows.size(); ++i)
        rows[i] = static_cast<int>(i);
      for (size_t i = 0; i < lu.pivots.size(); ++i)
        std::swap(rows[i], rows[static_cast<size_t>(lu.pivots[i]) - 1]);
      std::ranges::copy(rows, out);
    });
  });
}

void det(const Call &call) {
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      *out = Lu<T>(batch[index]).determinant();
    });
  });
}

void slogdet(const Call &call) {
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      const Lu<T> lu(batch[index]);
      T sign = lu.sign(), log = 0;
      for (int i = 0; i < lu.factors.rows; ++i) {
        const T x = lu.factors.at(i, i);
        sign *= x > 0 ? T(1) : x < 0 ? T(-1) : x; // NaN stays
        log += std::log(std::abs(x));
      }
      out[0] = sign, out[1] = log;
    });
  });
}

void qr(const Call &call) {
  const bool full = QrAttrs::read(call.attributes).full;
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      Matrix<T> a = batch[index];
      const int m = a.rows, n = a.columns, k = std::min(m, n), columns = full ? m : k;
      Matrix<T> q(m, columns), r(columns, n);
      if (k == 0) { // LAPACK leaves it alone
        for (int i = 0; i < columns; ++i)
          q.at(i, i) = 1;
      } else {
        std::vector<T> tau(static_cast<size_t>(k)), work(64 * static_cast<size_t>(m + n));
        int info = 0, lead = a.lead(), size = static_cast<int>(work.size());
        lapack<T>().geqrf(&m, &n, a.data.data(), &lead, tau.data(), work.data(), &size, &info);
        for (int j = 0; j < n; ++j)
          for (int i = 0; i <= std::min(j, columns - 1); ++i)
            r.at(i, j) = a.at(i, j);
        std::copy_n(a.data.begin(), static_cast<size_t>(m) * std::min(n, columns), q.data.begin());
        lapack<T>().orgqr(&m, &columns, &k, q.data.data(), &lead, tau.data(), work.data(), &size,
                          &info);
      }
      q.store(out);
      r.store(out + q.data.size());
    });
  });
}

template <class T> struct Svd {
  Matrix<T> u, vt;
  std::vector<T> s;
  int info = 0;

  /// job: 'N' singular values alone, 'S' k vectors, 'A' all of them.
  Svd(Matrix<T> a, char job)
      : u(a.rows, job == 'A' ? a.rows : std::min(a.rows, a.columns)),
        vt(job == 'A' ? a.columns : std::min(a.rows, a.columns), a.columns),
        s(static_cast<size_t>(std::min(a.rows, a.columns))) {
    if (s.empty()) { // LAPACK leaves the vectors alone
      for (Matrix<T> *m : {&u, &vt})
        for (int i = 0; i < std::min(m->rows, m->columns); ++i)
          m->at(i, i) = 1;
      return;
    }
    std::vector<int> integers(8 * s.size());
    int lead = a.lead(), leadU = u.lead(), leadV = vt.lead(), size = -1;
    T best = 0;
    auto run = [&](T *work) {
      lapack<T>().gesdd(&job, &a.rows, &a.columns, a.data.data(), &lead, s.data(), u.data.data(),
                        &leadU, vt.data.data(), &leadV, work, &size, integers.data(), &info, 1);
    };
    run(&best);
    // float32 holds large sizes rounded, maybe down.
    size = static_cast<int>(best * (1 + std::numeric_limits<T>::epsilon())) + 1;
    std::vector<T> work(static_cast<size_t>(size));
    run(work.data());
  }
};

/// Iterations over NaN and infinities need not end.
template <class T> Matrix<T> finite(OpKind kind, const Batch<T> &batch, size_t index) {
  Matrix<T> a = batch[index];
  if (!std::ranges::all_of(a.data, [](T x) { return std::isfinite(x); }))
    throw Error(std::string(opInfo(kind).mnemonic) + ": the matrix" + batch.which(index) +
                " has elements that are not finite, for which the algorithm does not converge");
  return a;
}
template <class T> void checkConverged(OpKind kind, const Batch<T> &batch, size_t index, int info) {
  if (info)
    throw Error(std::string(opInfo(kind).mnemonic) + ": the algorithm failed for the matrix" +
                batch.which(index) + " (LAPACK's info is " + std::to_string(info) +
                "); check whether it is badly scaled");
}

/// det(A) A^-T; for singular A = U S Vt det(U) det(Vt) U diag(products of the other s) Vt.
void cofactor(const Call &call) {
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      Lu<T> lu(batch[index]);
      Matrix<T> &a = lu.factors;
      const int n = a.rows;
      if (n == 0)
        return;
      if (!lu.singular) {
        const T determinant = lu.determinant();
        int info = 0, lead = a.lead(), size = 64 * n;
        std::vector<T> work(static_cast<size_t>(size));
        lapack<T>().getri(&n, a.data.data(), &lead, lu.pivots.data(), work.data(), &size, &info);
        for (int i = 0; i < n; ++i)
          for (int j = 0; j < n; ++j)
            out[i * int64_t(n) + j] = determinant * a.at(j, i);
        return;
      }
      Svd<T> svd(finite(call.kind, batch, index), 'A');
      checkConverged(call.kind, batch, index, svd.info);
      const T sign = Lu<T>(svd.u).determinant() * Lu<T>(svd.vt).determinant();
      std::vector<T> others(static_cast<size_t>(n), sign);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
          others[i] *= j == i ? T(1) : svd.s[j];
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
          T sum = 0;
          for (int k = 0; k < n; ++k)
            sum += svd.u.at(i, k) * others[k] * svd.vt.at(k, j);
          out[i * int64_t(n) + j] = sum;
        }
    });
  });
}

//===------------------------------------------------------------------------------------------===//
// Systems of equations
//===------------------------------------------------------------------------------------------===//

void solve(const Call &call) {
  const bool checked = SolveAttrs::read(call.attributes).checked;
  visitFloat(call.result.dtype, [&]<class T>(T) {
    const Batch<T> rhs(call.kind, call.operands[1]);
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      Matrix<T> a = batch[index], b = rhs[index];
      int info = 0, lead = a.lead();
      std::vector<int> pivots(static_cast<size_t>(a.rows));
      lapack<T>().gesv(&a.rows, &b.columns, a.data.data(), &lead, pivots.data(), b.data.data(),
                       &lead, &info);
      if (info > 0 && checked)
        throw Error("solve: the matrix" + batch.which(index) + " is singular: element [" +
                    std::to_string(info - 1) + ", " + std::to_string(info - 1) +
                    "] of its triangular factor is zero; there is no inverse");
      if (info > 0) // gesv stops at the factors
        lapack<T>().getrs("N", &a.rows, &b.columns, a.data.data(), &lead, pivots.data(),
                          b.data.data(), &lead, &info, 1);
      b.store(out);
    });
  });
}

void triangularSolve(const Call &call) {
  const auto attrs = TriangularSolveAttrs::read(call.attributes);
  visitFloat(call.result.dtype, [&]<class T>(T) {
    const Batch<T> rhs(call.kind, call.operands[1]);
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      const Matrix<T> a = batch[index];
      Matrix<T> b = rhs[index];
      const int lead = a.lead();
      const T one = 1;
      lapack<T>().trsm("L", attrs.upper ? "U" : "L", "N", attrs.unitriangular ? "U" : "N", &b.rows,
                       &b.columns, &one, a.data.data(), &lead, b.data.data(), &lead, 1, 1, 1, 1);
      b.store(out);
    });
  });
}

//===------------------------------------------------------------------------------------------===//
// Singular values, eigenvalues
//===------------------------------------------------------------------------------------------===//

void svdvals(const Call &call) {
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      const Svd<T> svd(finite(call.kind, batch, index), 'N');
      checkConverged(call.kind, batch, index, svd.info);
      std::ranges::copy(svd.s, out);
    });
  });
}

void svd(const Call &call) {
  const bool full = SvdAttrs::read(call.attributes).full;
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      const Svd<T> svd(finite(call.kind, batch, index), full ? 'A' : 'S');
      checkConverged(call.kind, batch, index, svd.info);
      svd.u.store(out);
      out = std::ranges::copy(svd.s, out + svd.u.data.size()).out;
      svd.vt.store(out);
    });
  });
}

void symmetricEigen(const Call &call) {
  const bool vectors = call.kind == OpKind::eigh;
  visitFloat(call.result.dtype, [&]<class T>(T) {
    forEachMatrix<T>(call, [&](const Batch<T> &batch, size_t index, T *out) {
      Matrix<T> a = finite(call.kind, batch, index);
      if (a.rows == 0)
        return;
      const char *job = vectors ? "V" : "N";
      std::vector<T> values(static_cast<size_t>(a.rows));
      int info = 0, lead = a.lead(), size = -1, integers = -1, bestIntegers = 0;
      T best = 0;
      auto run = [&](T *work, int *iwork) {
        lapack<T>().syevd(job, "L", &a.rows, a.data.data(), &lead, values.data(), work, &size,
                          iwork, &integers, &info, 1, 1);
      };
      run(&best, &bestIntegers);
      size = static_cast<int>(best * (1 + std::numeric_limits<T>::epsilon())) + 1;
      integers = bestIntegers;
      std::vector<T> work(static_cast<size_t>(size));
      std::vector<int> iwork(static_cast<size_t>(integers));
      run(work.data(), iwork.data());
      checkConverged(call.kind, batch, index, info);
      out = std::ranges::copy(values, out).out;
      if (vectors)
        a.store(out);
    });
  });
}

constexpr KernelEntry kKernels[] = {
    {OpKind::cholesky, cholesky},
    {OpKind::det, det},
    {OpKind::slogdet, slogdet},
    {OpKind::cofactor, cofactor},
    {OpKind::lu_factor, luFactor},
    {OpKind::qr, qr},
    {OpKind::solve, solve},
    {OpKind::triangular_solve, triangularSolve},
    {OpKind::svdvals, svdvals},
    {OpKind::svd, svd},
    {OpKind::eigvalsh, symmetricEigen},
    {OpKind::eigh, symmetricEigen},
};

} // namespace

std::span<const KernelEntry> interpreter::linalgKernels() { return kKernels; }
