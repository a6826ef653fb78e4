//===- Lapack.h - the functions of LAPACK and BLAS that the interpreter calls --------------===//
//
// The library is opened at the first use, so that a program without linear algebra neither needs
// it nor waits for it. Matrices are column-major; integers have 32 bits (Debian's
// libopenblas0-serial, liblapack3).
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstddef>

namespace tjit {

/// Names as in LAPACK without the letter of the type. The last arguments are the lengths of the
/// texts, as Fortran passes them.
template <class T> struct LapackFunctions {
  using In = const int *;
  void (*potrf)(const char *uplo, In n, T *a, In lda, int *info, size_t);
  void (*gesv)(In n, In nrhs, T *a, In lda, int *ipiv, T *b, In ldb, int *info);
  void (*getrf)(In m, In n, T *a, In lda, int *ipiv, int *info);
  void (*getrs)(const char *trans, In n, In nrhs, const T *a, In lda, const int *ipiv, T *b, In ldb,
                int *info, size_t);
  void (*geqrf)(In m, In n, T *a, In lda, T *tau, T *work, In lwork, int *info);
  void (*orgqr)(In m, In n, In k, T *a, In lda, const T *tau, T *work, In lwork, int *info);
  void (*getri)(In n, T *a, In lda, const int *ipiv, T *work, In lwork, int *info);
  void (*gesdd)(const char *jobz, In m, In n, T *a, In lda, T *s, T *u, In ldu, T *vt, In ldvt,
                T *work, In lwork, int *iwork, int *info, size_t);
  void (*syevd)(const char *jobz, const char *uplo, In n, T *a, In lda, T *w, T *work, In lwork,
                int *iwork, In liwork, int *info, size_t, size_t);
  void (*trsm)(const char *side, const char *uplo, const char *trans, const char *diag, In m, In n,
               const T *alpha, const T *a, In lda, T *b, In ldb, size_t, size_t, size_t, size_t);
};

/// T is float or double. Throws Error naming the package where the library is missing.
template <class T> const LapackFunctions<T> &lapack();

} // namespace tjit
