//===- Products.cpp ---------------------------------------------------------------------------===//
// Products of vectors, matrices and batches.
//
// The primitive multiplies (batches of) matrices; vectors become matrices here.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"

namespace tjit {

/// A message about the operands' sizes.
[[noreturn]] static void badShapes(const char *operation, const char *expected, const Tensor &a,
                                   const Tensor &b) {
  throw Error(std::string(operation) + ": expected " + expected + ", found sizes " +
              toString(sizesOf(a.sizes())) + " and " + toString(sizesOf(b.sizes())));
}
static void checkRanks(const char *operation, const char *expected, const Tensor &a, int64_t ra,
                       const Tensor &b, int64_t rb) {
  implOf(a, operation), implOf(b, operation);
  if (a.dim() != ra || b.dim() != rb)
    badShapes(operation, expected, a, b);
}
/// For functions whose error should name them and not matmul.
static void checkInner(const char *operation, const char *expected, const Tensor &a, int64_t da,
                       const Tensor &b, int64_t db) {
  if (a.size(da) != b.size(db))
    badShapes(operation, expected, a, b);
}

inline namespace v1 {
namespace ops {

static Tensor product(const Tensor &a, const Tensor &b) {
  const Tensor operands[] = {a, b};
  return recordOp(OpKind::matmul, operands);
}

Tensor matmul(const Tensor &self, const Tensor &other) {
  const TensorImpl &a = implOf(self, "matmul"), &b = implOf(other, "matmul");
  const size_t ra = a.type().sizes.size(), rb = b.type().sizes.size();
  if (ra == 2 && rb == 2)
    return autodiff::labeled(product(self, other), "MmBackward0");
  if (ra == 0 || rb == 0)
    badShapes("matmul", "at least one dimension on both sides", self, other);
  if (ra == 1 && rb == 1)
    return self.dot(other);
  if (rb == 1) {
    checkInner("matmul", "[..., k] x [k]", self, -1, other, 0);
    return autodiff::labeled(self.matmul(other.unsqueeze(1)).squeeze(-1),
                             ra == 2 ? "MvBackward0" : "UnsafeViewBackward0");
  }
  if (ra == 1) {
    checkInner("matmul", "[k] x [..., k, n]", self, 0, other, -2);
    return autodiff::labeled(self.unsqueeze(0).matmul(other).squeeze(-2),
                             rb == 2 ? "SqueezeBackward4" : "UnsafeViewBackward0");
  }
  // Rows of all batches against one matrix are one product.
  if (rb == 2 && a.contiguous) {
    checkInner("matmul", "[..., m, k] x [k, n]", self, -1, other, 0);
    Dims sizes = a.type().sizes;
    const int64_t k = sizes[ra - 1],
                  rows = k ? self.numel() / k : numElements(Sizes(sizes).first(ra - 1));
    sizes[ra - 1] = other.size(1);
    return autodiff::labeled(product(self.reshape({rows, k}), other).reshape(refOf(sizes)),
                             "UnsafeViewBackward0");
  }
  // libtorch turns a matrix against batches around where the matrix requires grad, and copies what
  // it turns back unless that is contiguous.
  const Tensor out = product(self, other);
  const bool turned = ra == 2 && self.requires_grad();
  const bool copied = turned && out.size(-2) != 1 && out.size(-1) != 1 && out.numel() != 0;
  return autodiff::labeled(out, copied   ? "CloneBackward0"
                                : turned ? "TransposeBackward0"
                                         : "UnsafeViewBackward0");
}
Tensor mm(const Tensor &self, const Tensor &mat2) {
  checkRanks("mm", "[m, k] x [k, n]", self, 2, mat2, 2);
  checkInner("mm", "[m, k] x [k, n]", self, 1, mat2, 0);
  return autodiff::labeled(product(self, mat2), "MmBackward0");
}
Tensor bmm(const Tensor &self, const Tensor &mat2) {
  checkRanks("bmm", "[b, m, k] x [b, k, n]", self, 3, mat2, 3);
  checkInner("bmm", "[b, m, k] x [b, k, n]", self, 0, mat2, 0);
  checkInner("bmm", "[b, m, k] x [b, k, n]", self, 2, mat2, 1);
  return autodiff::labeled(product(self, mat2), "BmmBackward0");
}
Tensor mv(const Tensor &self, const Tensor &vec) {
  checkRanks("mv", "[m, k] x [k]", self, 2, vec, 1);
  checkInner("mv", "[m, k] x [k]", self, 1, vec, 0);
  return autodiff::labeled(product(self, vec.unsqueeze(1)).squeeze(1), "MvBackward0");
}
Tensor dot(const Tensor &self, const Tensor &other) {
  checkRanks("dot", "[k] x [k]", self, 1, other, 1);
  checkInner("dot", "[k] x [k]", self, 0, other, 0);
  return autodiff::labeled(product(self.unsqueeze(0), other.unsqueeze(1)).reshape({}),
                           "DotBackward0");
}
Tensor outer(const Tensor &self, const Tensor &vec2) {
  checkRanks("outer", "[m] x [n]", self, 1, vec2, 1);
  return self.unsqueeze(1) * vec2;
}
Tensor inner(const Tensor &self, const Tensor &other) {
  implOf(self, "inner"), implOf(other, "inner");
  if (self.dim() == 0 || other.dim() == 0)
    return self * other;
  checkInner("inner", "[..., k] x [..., k]", self, -1, other, -1);
  Dims sizes;
  for (int64_t i = 0; i + 1 < self.dim(); ++i)
    sizes.push_back(self.size(i));
  for (int64_t i = 0; i + 1 < other.dim(); ++i)
    sizes.push_back(other.size(i));
  auto rows = [](const Tensor &t) {
    return t.dim() == 1 ? t.unsqueeze(0) : t.flatten(0, t.dim() - 2);
  };
  return product(rows(self), rows(other).t()).reshape(refOf(sizes));
}

/// beta * self + alpha * p; with beta 0 self is not read, so that its NaNs do not matter.
static Tensor combine(const Tensor &self, const Tensor &p, const Scalar &beta, const Scalar &alpha,
                      const char *operation) {
  if (isIntegralType(p.scalar_type(), true) &&
      (beta.isFloatingPoint() || alpha.isFloatingPoint())) // factors have the tensors' dtype
    return combine(self, p, beta.toLong(), alpha.toLong(), operation);
  Tensor scaled = alpha.equal(1) ? p : p * alpha;
  const TensorImpl &t = implOf(self, operation);
  expandTo(self, scaled.impl()->type().sizes, operation); // the product's sizes are the result's
  if (beta.equal(0))
    return scaled;
  if (t.type().sizes.size() > scaled.impl()->type().sizes.size())
    badShapes(operation, "a first operand that broadcasts to the product", self, scaled);
  const Tensor sum = (beta.equal(1) ? self : self * beta) + scaled;
  return sum.contiguous(); // whatever the strides of self
}
/// sum(self, a, b), which adds self to a product of a and b. Of 16 bits it is computed in float32,
/// so that the product is rounded with what is added to it, once.
template <class F>
static Tensor roundedOnce(const Tensor &self, const Tensor &a, const Tensor &b,
                          const char *operation, F sum) {
  const ScalarType dtype = implOf(a, operation).type().dtype;
  if (implOf(b, operation).type().dtype != dtype || computeDtype(dtype) == dtype)
    return sum(self, a, b);
  implOf(self, operation);
  return castTo(sum(wide(self), wide(a), wide(b)), promoteTypes(self.scalar_type(), dtype));
}
Tensor addmm(const Tensor &self, const Tensor &mat1, const Tensor &mat2, const Scalar &beta,
             const Scalar &alpha) {
  checkSameDtype(self, mat2, "addmm");
  for (const Scalar &factor : {beta, alpha})
    checkHolds(factor, computeDtype(self.scalar_type()), "addmm");
  return roundedOnce(self, mat1, mat2, "addmm",
                     [&](const Tensor &s, const Tensor &a, const Tensor &b) {
                       return combine(s, a.mm(b), beta, alpha, "addmm");
                     });
}
Tensor addmv(const Tensor &self, const Tensor &mat, const Tensor &vec, const Scalar &beta,
             const Scalar &alpha) {
  checkSameDtype(self, vec, "addmv");
  return roundedOnce(self, mat, vec, "addmv",
                     [&](const Tensor &s, const Tensor &a, const Tensor &b) {
                       return combine(s, a.mv(b), beta, alpha, "addmv");
                     });
}
Tensor addr(const Tensor &self, const Tensor &vec1, const Tensor &vec2, const Scalar &beta,
            const Scalar &alpha) {
  const Tensor product = vec1.outer(vec2);
  if (product.scalar_type() == kBool && implOf(self, "addr").type().dtype == kBool &&
      !beta.isFloatingPoint() && !alpha.isFloatingPoint()) { // factors are truth values, too
    const Tensor sum = alpha.equal(0) ? tjit::zeros_like(product) : product;
    return beta.equal(0) ? sum : sum.logical_or(expandTo(self, sizesOf(sum.sizes()), "addr"));
  }
  return combine(self, product, beta, alpha, "addr");
}
Tensor baddbmm(const Tensor &self, const Tensor &batch1, const Tensor &batch2, const Scalar &beta,
               const Scalar &alpha) {
  checkSameDtype(self, batch2, "baddbmm");
  for (const Scalar &factor : {beta, alpha})
    checkHolds(factor, computeDtype(self.scalar_type()), "baddbmm");
  return roundedOnce(self, batch1, batch2, "baddbmm",
                     [&](const Tensor &s, const Tensor &a, const Tensor &b) {
                       return combine(s, a.bmm(b), beta, alpha, "baddbmm");
                     });
}
// The batch is one more dimension to sum over, so this is one product.
Tensor addbmm(const Tensor &self, const Tensor &batch1, const Tensor &batch2, const Scalar &beta,
              const Scalar &alpha) {
  checkSameDtype(self, batch2, "addbmm");
  checkRanks("addbmm", "[b, m, k] x [b, k, n]", batch1, 3, batch2, 3);
  checkInner("addbmm", "[b, m, k] x [b, k, n]", batch1, 0, batch2, 0);
  checkInner("addbmm", "[b, m, k] x [b, k, n]", batch1, 2, batch2, 1);
  const int64_t k = batch1.size(0) * batch1.size(2);
  return roundedOnce(self, batch1.permute({1, 0, 2}).reshape({batch1.size(1), k}),
                     batch2.reshape({k, batch2.size(2)}), "addbmm",
                     [&](const Tensor &s, const Tensor &a, const Tensor &b) {
                       return combine(s, product(a, b), beta, alpha, "addbmm");
                     });
}
Tensor &addbmm_(const Tensor &self, const Tensor &batch1, const Tensor &batch2, const Scalar &beta,
                const Scalar &alpha) {
  refuseOverlap("addbmm_", false, self, batch1), refuseOverlap("addbmm_", false, self, batch2);
  const Tensor result = self.addbmm(batch1, batch2, beta, alpha);
  if (self.sizes() != result.sizes())
    self.resize_(result.sizes());
  return storedInto(self, result);
}
Tensor linear(const Tensor &input, const Tensor &weight, const Tensor &bias) {
  if (!bias.defined())
    return input.matmul(weight.t());
  if (input.dim() == 2)
    checkSameDtype(bias, weight, "linear"),
        checkRanks("linear", "[m, k] x [n, k]", input, 2, weight, 2);
  const Tensor sum = roundedOnce(
      bias, input, weight, "linear", [](const Tensor &s, const Tensor &a, const Tensor &b) {
        const Tensor p = a.matmul(b.t());
        if (s.dim() > p.dim() || s.numel() > p.numel()) // it is added in place
          expandTo(s, p.impl()->type().sizes, "linear");
        return p + s;
      });
  return autodiff::labeled(sum, input.dim() == 2    ? "AddmmBackward0"
                                : weight.dim() == 1 ? "AddBackward0"
                                                    : "ViewBackward0");
}

Tensor trace(const Tensor &self) {
  refuseBool(self, "trace");
  if (self.dim() != 2)
    throw Error("trace: expected a matrix, found sizes " + toString(sizesOf(self.sizes())));
  return self.diagonal().sum();
}

static Tensor triangle(const Tensor &self, int64_t diagonal, bool lower, const char *operation) {
  implOf(self, operation);
  if (self.dim() < 2)
    throw Error(std::string(operation) + ": expected at least 2 dimensions, found sizes " +
                toString(sizesOf(self.sizes())));
  const Tensor rows = tjit::arange(self.size(-2)).unsqueeze(1) + diagonal,
               columns = tjit::arange(self.size(-1));
  const Tensor keep = lower ? columns <= rows : columns >= rows;
  // Of batches a row-major copy, as in PyTorch.
  const Tensor matrices = self.dim() > 2 ? self.contiguous() : self;
  const Tensor operands[] = {keep, matrices, recordFill(0, self.scalar_type(), {})};
  return recordOp(OpKind::where, operands);
}
Tensor tril(const Tensor &self, int64_t diagonal) { return triangle(self, diagonal, true, "tril"); }
Tensor triu(const Tensor &self, int64_t diagonal) {
  return triangle(self, diagonal, false, "triu");
}

} // namespace ops
} // namespace v1
} // namespace tjit
