//===- InferLines.cpp - result types of operations on lines and of factorizations -------------===//

#include "IR/InferSupport.h"
#include "IR/OpAttrs.h.inc"

namespace tjit::infer {

//===------------------------------------------------------------------------------------------===//
// Lines
//===------------------------------------------------------------------------------------------===//

bool argsort(InferContext &c) {
  c.result = {ScalarType::Long, c.operands[0]->sizes};
  return checkDim(c, ArgsortAttrs::read(c.attributes).dim, c.result.sizes.size());
}

bool runningSum(InferContext &c) {
  const ScalarType dtype = c.operands[0]->dtype;
  c.result = {isIntegralType(dtype, true) ? ScalarType::Long : dtype, c.operands[0]->sizes};
  return checkDim(c, CumsumAttrs::read(c.attributes).dim, c.result.sizes.size());
}

bool runningIndex(InferContext &c) {
  c.result = {ScalarType::Long, c.operands[0]->sizes};
  return checkDim(c, CummaxAttrs::read(c.attributes).dim, c.result.sizes.size());
}

bool searchsorted(InferContext &c) {
  const TensorType &lines = *c.operands[0], &values = *c.operands[1];
  c.result = {ScalarType::Long, values.sizes};
  if (lines.dtype != values.dtype)
    return c.fail(subject(c) + "operands have the dtypes " + toString(lines.dtype) + " and " +
                  toString(values.dtype) + "; cast one of them");
  const size_t rank = lines.sizes.size();
  bool fits = rank == 1 || (rank > 1 && rank == values.sizes.size());
  for (size_t d = 0; fits && rank > 1 && d + 1 < rank; ++d)
    fits = lines.sizes[d] == values.sizes[d];
  return fits || c.fail(subject(c) + "the boundaries " + toString(lines.sizes) +
                        " must be one line, or have the leading sizes of the values " +
                        toString(values.sizes));
}

//===------------------------------------------------------------------------------------------===//
// Matrices
//===------------------------------------------------------------------------------------------===//

static bool checkMatrix(InferContext &c) {
  const Dims &sizes = c.operands[0]->sizes;
  return sizes.size() >= 2 ||
         c.fail(subject(c) + "expected a matrix or a batch of matrices, found " + toString(sizes) +
                "; it needs two dimensions or more");
}
static bool checkSquare(InferContext &c) {
  if (!checkMatrix(c))
    return false;
  const Dims &sizes = c.operands[0]->sizes;
  const size_t rank = sizes.size();
  return sizes[rank - 1] == sizes[rank - 2] ||
         c.fail(subject(c) + "the matrices must be square, found " +
                std::to_string(sizes[rank - 2]) + " by " + std::to_string(sizes[rank - 1]) +
                " of " + toString(sizes));
}
/// The operand's dtype and leading sizes.
static void startBatch(InferContext &c) {
  const TensorType &input = *c.operands[0];
  c.result = {input.dtype, Dims(std::span(input.sizes.data(), input.sizes.size() - 2))};
}

bool squareMatrix(InferContext &c) {
  c.result = *c.operands[0];
  return checkSquare(c);
}
bool determinant(InferContext &c) {
  if (!checkSquare(c))
    return false;
  startBatch(c);
  return true;
}
bool signAndLog(InferContext &c) {
  if (!checkSquare(c))
    return false;
  startBatch(c);
  c.result.sizes.push_back(2);
  return checkSizes(c, c.result.sizes);
}
bool singularValues(InferContext &c) {
  if (!checkMatrix(c))
    return false;
  startBatch(c);
  const Dims &sizes = c.operands[0]->sizes;
  c.result.sizes.push_back(std::min(sizes[sizes.size() - 1], sizes[sizes.size() - 2]));
  return true;
}
/// A packed result whose parts have these numbers of elements.
static bool packed(InferContext &c, std::initializer_list<std::pair<int64_t, int64_t>> parts) {
  startBatch(c);
  int64_t all = 0;
  for (const auto &[rows, columns] : parts) {
    int64_t part;
    if (__builtin_mul_overflow(rows, columns, &part) || __builtin_add_overflow(all, part, &all))
      return c.fail(subject(c) + "the factors of " + toString(c.operands[0]->sizes) +
                    " have more elements than 64 bits can address");
  }
  c.result.sizes.push_back(all);
  return checkSizes(c, c.result.sizes);
}
bool svd(InferContext &c) {
  if (!checkMatrix(c))
    return false;
  const Dims &sizes = c.operands[0]->sizes;
  const int64_t m = sizes[sizes.size() - 2], n = sizes[sizes.size() - 1], k = std::min(m, n);
  const bool full = SvdAttrs::read(c.attributes).full;
  return packed(c, {{m, full ? m : k}, {k, 1}, {full ? n : k, n}});
}
bool qr(InferContext &c) {
  if (!checkMatrix(c))
    return false;
  const Dims &sizes = c.operands[0]->sizes;
  const int64_t m = sizes[sizes.size() - 2], n = sizes[sizes.size() - 1];
  const int64_t q = QrAttrs::read(c.attributes).full ? m : std::min(m, n);
  return packed(c, {{m, q}, {q, n}});
}
bool luFactor(InferContext &c) {
  if (!checkMatrix(c))
    return false;
  const Dims &sizes = c.operands[0]->sizes;
  const int64_t m = sizes[sizes.size() - 2], n = sizes[sizes.size() - 1];
  return packed(c, {{m, n}, {std::min(m, n), 1}, {m, 1}});
}
bool eigenvalues(InferContext &c) {
  if (!checkSquare(c))
    return false;
  startBatch(c);
  c.result.sizes.push_back(c.operands[0]->sizes.back());
  return true;
}
bool eigenvectors(InferContext &c) {
  if (!checkSquare(c))
    return false;
  startBatch(c);
  const int64_t n = c.operands[0]->sizes.back();
  int64_t all;
  if (__builtin_mul_overflow(n, n + 1, &all))
    return c.fail(subject(c) + "the eigenvectors of " + toString(c.operands[0]->sizes) +
                  " have more elements than 64 bits can address");
  c.result.sizes.push_back(all);
  return checkSizes(c, c.result.sizes);
}

bool solve(InferContext &c) {
  const TensorType &lhs = *c.operands[0], &rhs = *c.operands[1];
  c.result = rhs;
  if (!checkSquare(c))
    return false;
  if (lhs.dtype != rhs.dtype)
    return c.fail(subject(c) + "operands have the dtypes " + toString(lhs.dtype) + " and " +
                  toString(rhs.dtype) + "; cast one of them");
  const size_t rank = lhs.sizes.size();
  bool fits = rhs.sizes.size() == rank;
  for (size_t d = 0; fits && d + 1 < rank; ++d)
    fits = lhs.sizes[d] == rhs.sizes[d];
  return fits ||
         c.fail(subject(c) + "the matrices " + toString(lhs.sizes) + " and the right sides " +
                toString(rhs.sizes) + " differ; all sizes but the last must be equal");
}

} // namespace tjit::infer
