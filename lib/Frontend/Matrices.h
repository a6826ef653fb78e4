//===- Matrices.h -----------------------------------------------------------------------------===//
// Checks and packed results that the functions of linear algebra share.
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/Compose.h"

#include <tuple>

namespace tjit {

using Pair = std::tuple<Tensor, Tensor>;
using Triple = std::tuple<Tensor, Tensor, Tensor>;

/// Throws Error where A is no (batch of) matrices, or they are not square.
void checkMatrix(const Tensor &A, bool square, const char *operation);
/// The same for factorizations, which take float32 and float64.
void checkLapack(const Tensor &A, bool square, const char *operation);
/// Part of a packed result as matrices of these sizes, as they lie in it.
Tensor packedPart(const Tensor &packed, int64_t start, int64_t rows, int64_t columns);
/// The same column by column, as the functions of linear algebra give their factors.
Tensor unpack(const Tensor &packed, int64_t start, int64_t rows, int64_t columns);
/// Unit matrices of A's sizes.
Tensor identity(const Tensor &A);
/// Both with the leading sizes that they broadcast to.
void broadcastBatches(Tensor &A, Tensor &B, const char *operation);
/// Up to where singular values (or magnitudes of eigenvalues) count as 0, [..., 1].
Tensor rankTolerance(const Tensor &A, const Tensor &values, std::optional<double> atol,
                     std::optional<double> rtol);

} // namespace tjit
