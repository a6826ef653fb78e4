//===- Norms.cpp ------------------------------------------------------------------------------===//
// Norms of vectors and matrices.
//
// Where a norm has a kink its gradient is PyTorch's: 0 where the norm is 0, and nothing from
// elements that are 0.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "IR/Infer.h"

#include <cmath>
#include <limits>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// s to the power e; where s is 0 nothing flows back.
Tensor rootOf(const Tensor &s, double e) {
  auto power = [&](const Tensor &t) { return e == 0.5 ? t.sqrt() : t.pow(e); };
  if (!s.requires_grad())
    return power(s);
  const Tensor zero = s.eq(0);
  return tjit::where(zero, power(s.detach()), power(tjit::where(zero, 1, s)));
}

/// The norm over ascending, wrapped dims; x is floating point, and so is the result.
Tensor normOver(const Tensor &given, double order, const Dims &dims, bool keepdim,
                const char *operation) {
  const ScalarType dtype = given.scalar_type();
  const Tensor x = wide(given);
  auto result = [&](const Tensor &norm) { return castTo(norm, dtype); };
  if (std::abs(order) == kInfinity) {
    for (int64_t d : dims)
      if (x.size(d) == 0)
        throw Error(std::string(operation) + ": dimension " + std::to_string(d) + " of sizes " +
                    toString(sizesOf(x.sizes())) + " has no elements, so there is no largest one");
    return result(reduceDims(order > 0 ? OpKind::amax : OpKind::amin, x.abs(), dims, keepdim));
  }
  if (order < 0)
    for (int64_t d : dims)
      if (x.size(d) == 0)
        throw Error(std::string(operation) + ": a norm of order " + std::to_string(order) +
                    " of no elements is not defined (dimension " + std::to_string(d) + ")");
  if (order == 0) {
    const Tensor count = castTo(reduceDims(OpKind::sum, x.ne(0), dims, keepdim), x.scalar_type());
    // Constant, but a function of x: its gradient is zero.
    return result(x.requires_grad()
                      ? count + reduceDims(OpKind::sum, tjit::where(recordFill(0, kBool, {}), x, 0),
                                           dims, keepdim)
                      : count);
  }
  if (order == 1)
    return result(reduceDims(OpKind::sum, x.abs(), dims, keepdim));
  if (order == 2)
    return result(rootOf(reduceDims(OpKind::sum, x * x, dims, keepdim), 0.5));
  Tensor powers;
  if (x.requires_grad()) {
    const Tensor zero = x.eq(0);
    powers =
        tjit::where(zero, x.detach().abs().pow(order), tjit::where(zero, 1, x).abs().pow(order));
  } else {
    powers = x.abs().pow(order);
  }
  return result(rootOf(reduceDims(OpKind::sum, powers, dims, keepdim), 1 / order));
}

Tensor converted(const Tensor &x, std::optional<ScalarType> dtype, const char *operation) {
  if (dtype && !isFloatingType(*dtype))
    throw Error(std::string(operation) + ": dtype must be of floating point, found " +
                toString(*dtype));
  checkFloating(x, operation);
  return dtype ? castTo(x, *dtype) : x;
}

/// Two different dimensions, wrapped.
std::pair<int64_t, int64_t> matrixDims(const Tensor &A, IntArrayRef dim, const char *operation) {
  const int64_t rank = rankOf(A, operation);
  if (dim.size() != 2)
    throw Error(std::string(operation) + ": dim must name two dimensions, found " +
                toString(sizesOf(dim)));
  if (rank < 2)
    throw Error(std::string(operation) + ": expected a matrix, found sizes " +
                toString(sizesOf(A.sizes())));
  const int64_t a = wrapDim(dim[0], rank, operation), b = wrapDim(dim[1], rank, operation);
  if (a == b)
    throw Error(std::string(operation) + ": the dimensions must differ, found " +
                toString(sizesOf(dim)));
  return {a, b};
}
Dims ascending(std::pair<int64_t, int64_t> dims) {
  return Dims{std::min(dims.first, dims.second), std::max(dims.first, dims.second)};
}

/// The singular values [..., k] of the matrices that two dimensions make.
Tensor singularValues(const Tensor &A, std::pair<int64_t, int64_t> dims) {
  std::vector<int64_t> order;
  for (int64_t i = 0; i < A.dim(); ++i)
    if (i != dims.first && i != dims.second)
      order.push_back(i);
  order.push_back(dims.first), order.push_back(dims.second);
  return tjit::linalg::svdvals(A.permute(order));
}
/// A number for each matrix, with the matrices' dimensions back as 1 where they are kept.
Tensor withMatrixDims(Tensor value, std::pair<int64_t, int64_t> dims, bool keepdim) {
  if (!keepdim)
    return value;
  for (int64_t d : ascending(dims))
    value = value.unsqueeze(d);
  return autodiff::labeled(value, "PermuteBackward0");
}

} // namespace

Tensor linalg_vector_norm(const Tensor &x, const Scalar &ord, OptionalIntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  const Dims dims = wrapDims(dim, rankOf(x, "linalg.vector_norm"), "linalg.vector_norm");
  return normOver(converted(x, dtype, "linalg.vector_norm"), ord.toDouble(), dims, keepdim,
                  "linalg.vector_norm");
}

Tensor linalg_matrix_norm(const Tensor &A, const Scalar &ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  const char *name = "linalg.matrix_norm";
  auto dims = matrixDims(A, dim, name);
  const Tensor x = converted(A, dtype, name);
  const double order = ord.toDouble(), magnitude = std::abs(order);
  const OpKind extremum = order > 0 ? OpKind::amax : OpKind::amin;
  if (magnitude == 2) {
    const Tensor s = singularValues(x, dims);
    return withMatrixDims(reduceDims(extremum, s, s.dim() - 1, false), dims, keepdim);
  }
  if (magnitude != 1 && magnitude != kInfinity)
    throw Error(std::string(name) +
                ": the order must be 1, 2 or infinity or one of their "
                "negatives, \"fro\" or \"nuc\", found " +
                std::to_string(order));
  if (magnitude == kInfinity)
    std::swap(dims.first, dims.second);
  const Tensor sums = reduceDims(OpKind::sum, wide(x).abs(), dims.first, true);
  const Tensor out = castTo(reduceDims(extremum, sums, dims.second, true), x.scalar_type());
  return autodiff::labeled(keepdim ? out
                                   : out.squeeze(std::max(dims.first, dims.second))
                                         .squeeze(std::min(dims.first, dims.second)),
                           order > 0 ? "AmaxBackward0" : "AminBackward0");
}
Tensor linalg_matrix_norm(const Tensor &A, std::string_view ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  const char *name = "linalg.matrix_norm";
  const auto dims = matrixDims(A, dim, name);
  const Tensor x = converted(A, dtype, name);
  if (ord == "fro")
    return autodiff::labeled(normOver(x, 2, ascending(dims), keepdim, name),
                             "LinalgVectorNormBackward0");
  if (ord == "nuc") {
    const Tensor s = singularValues(x, dims);
    return withMatrixDims(
        autodiff::labeled(reduceDims(OpKind::sum, s, s.dim() - 1, false), "SumBackward1"), dims,
        keepdim);
  }
  throw Error(std::string(name) + ": the order must be \"fro\", \"nuc\" or a number, found \"" +
              std::string(ord) + "\"");
}

Tensor linalg_norm(const Tensor &A, const std::optional<Scalar> &ord, OptionalIntArrayRef dim,
                   bool keepdim, std::optional<ScalarType> dtype) {
  const int64_t rank = rankOf(A, "linalg.norm");
  if (!ord)
    return linalg::vector_norm(A, 2, dim, keepdim, dtype);
  if (dim.has_value() ? dim.value().size() == 2 : rank == 2)
    return dim.has_value() ? linalg::matrix_norm(A, *ord, dim.value(), keepdim, dtype)
                           : linalg::matrix_norm(A, *ord, {0, 1}, keepdim, dtype);
  if (dim.has_value() ? dim.value().size() != 1 : rank != 1)
    throw Error("linalg.norm: an order needs one or two dimensions, found " +
                (dim.has_value() ? "dim " + toString(sizesOf(dim.value()))
                                 : "sizes " + toString(sizesOf(A.sizes()))));
  return linalg::vector_norm(A, *ord, dim, keepdim, dtype);
}
Tensor linalg_norm(const Tensor &A, std::string_view ord, OptionalIntArrayRef dim, bool keepdim,
                   std::optional<ScalarType> dtype) {
  if (rankOf(A, "linalg.norm") != 2 && !dim.has_value())
    throw Error("linalg.norm: the norm \"" + std::string(ord) +
                "\" is one of matrices, found sizes " + toString(sizesOf(A.sizes())));
  return dim.has_value() ? linalg::matrix_norm(A, ord, dim.value(), keepdim, dtype)
                         : linalg::matrix_norm(A, ord, {0, 1}, keepdim, dtype);
}

Tensor norm(const Tensor &self, const Scalar &p) {
  const Dims dims = wrapDims(std::nullopt, rankOf(self, "norm"), "norm");
  return normOver(converted(self, std::nullopt, "norm"), p.toDouble(), dims, false, "norm");
}
Tensor norm(const Tensor &self, const std::optional<Scalar> &p, IntArrayRef dim, bool keepdim) {
  const Dims dims = wrapDims(dim, rankOf(self, "norm"), "norm");
  return normOver(converted(self, std::nullopt, "norm"), p.value_or(2).toDouble(), dims, keepdim,
                  "norm");
}
Tensor dist(const Tensor &self, const Tensor &other, const Scalar &p) {
  return (self - other).norm(p);
}
Tensor norm(const Tensor &self, const std::optional<Scalar> &p, ScalarType dtype) {
  return linalg::vector_norm(self, p.value_or(2), std::nullopt, false, dtype);
}
Tensor norm(const Tensor &self, const std::optional<Scalar> &p, IntArrayRef dim, bool keepdim,
            ScalarType dtype) {
  return linalg::vector_norm(self, p.value_or(2), dim, keepdim, dtype);
}
Tensor norm(const Tensor &self, std::string_view p, OptionalIntArrayRef dim, bool keepdim,
            std::optional<ScalarType> dtype) {
  if (p == "fro")
    return linalg::vector_norm(self, 2, dim, keepdim, dtype);
  return linalg::norm(self, p, dim, keepdim, dtype);
}
Tensor frobenius_norm(const Tensor &self, IntArrayRef dim, bool keepdim) {
  return linalg::vector_norm(self, 2, dim, keepdim, std::nullopt);
}
Tensor nuclear_norm(const Tensor &self, bool keepdim) {
  return linalg::matrix_norm(self, "nuc", {-2, -1}, keepdim, std::nullopt);
}
Tensor nuclear_norm(const Tensor &self, IntArrayRef dim, bool keepdim) {
  return linalg::matrix_norm(self, "nuc", dim, keepdim, std::nullopt);
}

} // namespace ops
} // namespace v1
} // namespace tjit
