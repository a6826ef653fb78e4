//===- Conveniences.cpp -----------------------------------------------------------------------===//
// Short compositions of libtorch that belong nowhere else, and questions about dtypes.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Ops.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"

#include <cmath>

namespace tjit {
inline namespace v1 {

ScalarType promote_types(ScalarType a, ScalarType b) { return promoteTypes(a, b); }
ScalarType result_type(const Tensor &a, const Tensor &b) {
  implOf(a, "result_type"), implOf(b, "result_type");
  return promoted(a, b);
}
ScalarType result_type(const Tensor &a, const Scalar &b) {
  implOf(a, "result_type");
  return promoted(a, b);
}
ScalarType result_type(const Scalar &a, const Scalar &b) {
  auto typeOf = [](const Scalar &s) {
    return s.isFloatingPoint() ? get_default_dtype().toScalarType() : s.type();
  };
  return promoteTypes(typeOf(a), typeOf(b));
}
bool can_cast(ScalarType from, ScalarType to) { return dtypeCategory(from) <= dtypeCategory(to); }

bool Tensor::is_alias_of(const Tensor &other) const {
  return implOf(*this, "is_alias_of").storage == implOf(other, "is_alias_of").storage;
}

namespace ops {

Tensor _shape_as_tensor(const Tensor &self) {
  return fromIntegers(implOf(self, "_shape_as_tensor").type().sizes);
}
Tensor positive(const Tensor &self) {
  if (implOf(self, "positive").type().dtype == kBool)
    throw Error("positive: not defined for bool; convert it first, e.g. to(torch::kInt)");
  return self;
}
Tensor real(const Tensor &self) {
  implOf(self, "real");
  return self;
}
Tensor ldexp(const Tensor &self, const Tensor &other) {
  implOf(self, "ldexp"), implOf(other, "ldexp");
  const ScalarType dtype = self.scalar_type();
  if (!isFloatingType(dtype) || !isIntegralType(other.scalar_type(), true))
    return self * tjit::pow(2.0, other);
  refuseBool(other, "ldexp");
  return self * castTo(tjit::pow(2.0, other), dtype); // integers do not widen floats
}

Tensor cartesian_prod(TensorList tensors) {
  for (const Tensor &t : tensors)
    if (rankOf(t, "cartesian_prod") != 1)
      throw Error("cartesian_prod: expected vectors, found sizes " + toString(sizesOf(t.sizes())));
  if (tensors.empty())
    throw Error("cartesian_prod: expected at least one vector");
  if (tensors.size() == 1)
    return tensors[0];
  std::vector<Tensor> columns = tjit::meshgrid(tensors, "ij");
  for (Tensor &c : columns)
    c = c.flatten();
  return tjit::stack(columns, 1);
}

Tensor &fill_diagonal_(const Tensor &self, const Scalar &value, bool wrap) {
  const int64_t rank = rankOf(self, "fill_diagonal_");
  if (rank < 2)
    throw Error("fill_diagonal_: expected at least 2 dimensions, found " + std::to_string(rank));
  int64_t length = self.size(0), step = 0;
  for (int64_t d = 0; d < rank; ++d) {
    if (rank > 2 && self.size(d) != self.size(0))
      throw Error("fill_diagonal_: all of more than two dimensions must have one size, found " +
                  toString(sizesOf(self.sizes())));
    length = std::min(length, self.size(d)), step += self.stride(d);
  }
  if (rank == 2)
    self.diagonal().fill_(value);
  else
    self.as_strided({length}, {step}, self.storage_offset()).fill_(value);
  const int64_t rows = self.size(0), columns = self.size(1);
  if (wrap && rank == 2)
    for (int64_t row = columns + 1; row < rows; row += columns + 1)
      self.slice(0, row, rows).diagonal().fill_(value);
  return const_cast<Tensor &>(self);
}

/// The p-norms of rows.
static Tensor distances(const Tensor &difference, double p) {
  return p > 0 ? tjit::linalg_vector_norm(difference, p, {-1})
               : castTo(difference.ne(0).sum(-1), difference.scalar_type());
}
/// Their gradient by the rows, as libtorch has it (aten/src/ATen/native/cpu/DistanceOpsKernel.cpp):
/// zeros for rows that are equal.
static Tensor distanceGradient(const Tensor &grad, const Tensor &difference, const Tensor &distance,
                               double p) {
  const Tensor g = grad.unsqueeze(-1), norm = distance.unsqueeze(-1), sign = difference.sign();
  if (p == 0)
    return tjit::zeros_like(difference);
  if (p == 1)
    return g * sign;
  if (std::isinf(p))
    return g * sign * difference.abs().eq(norm);
  const Tensor slope = p == 2 ? difference / norm : sign * (difference.abs() / norm).pow(p - 1);
  return g * tjit::where(p < 1 ? norm.eq(0).logical_or(difference.eq(0)) : norm.eq(0), 0, slope);
}
static void checkDistances(const Tensor &t, double p, const char *operation) {
  if (!(p >= 0))
    throw Error(std::string(operation) + ": p must not be negative, found " + std::to_string(p));
  refuseSixteenBits(t, operation);
}
Tensor cdist(const Tensor &x1, const Tensor &x2, double p, std::optional<int64_t>) {
  if (rankOf(x1, "cdist") < 2 || rankOf(x2, "cdist") < 2 || x1.size(-1) != x2.size(-1))
    throw Error("cdist: expected rows of one length, found sizes " + toString(sizesOf(x1.sizes())) +
                " and " + toString(sizesOf(x2.sizes())));
  checkSameDtype(x1, x2, "cdist");
  // libtorch's own way for many rows is a product.
  if (p == 2 && (x1.size(-2) > 25 || x2.size(-2) > 25))
    return autodiff::labeled(distances(x1.unsqueeze(-2) - x2.unsqueeze(-3), p), "ViewBackward0");
  checkDistances(x1, p, "cdist");
  return composite(
      "Cdist", {x1, x2}, [&] { return distances(x1.unsqueeze(-2) - x2.unsqueeze(-3), p); },
      [p](CompositeGradient &g) {
        const Tensor a = g.operands[0], b = g.operands[1];
        const Tensor byRows = withoutDerivative("cdist's derivative", {g.grad, a, b}, [&] {
          return distanceGradient(g.grad, a.unsqueeze(-2) - b.unsqueeze(-3), g.result, p);
        });
        if (g.needs(0))
          g.gradients[0] = byRows.sum(-2);
        if (g.needs(1))
          g.gradients[1] = -byRows.sum(-3);
      },
      SavesResult::yes);
}
Tensor pdist(const Tensor &self, double p) {
  if (rankOf(self, "pdist") != 2)
    throw Error("pdist: expected a matrix, found sizes " + toString(sizesOf(self.sizes())));
  const Tensor pairs = tjit::triu_indices(self.size(0), self.size(0), 1);
  checkDistances(self, p, "pdist");
  auto differences = [first = pairs[0], second = pairs[1]](const Tensor &rows) {
    return rows.index_select(0, first) - rows.index_select(0, second);
  };
  return composite(
      "Pdist", {self}, [&] { return distances(differences(self), p); },
      [=](CompositeGradient &g) {
        const Tensor rows = g.operands[0];
        g.gradients[0] = withoutDerivative("pdist's derivative", {g.grad, rows}, [&] {
          const Tensor byRows = distanceGradient(g.grad, differences(rows), g.result, p);
          return tjit::zeros_like(rows)
              .index_add(0, pairs[0], byRows)
              .index_add(0, pairs[1], -byRows);
        });
      },
      SavesResult::yes);
}

Tensor cov(const Tensor &self, int64_t correction, const std::optional<Tensor> &fweights,
           const std::optional<Tensor> &aweights) {
  if (rankOf(self, "cov") > 2 || self.scalar_type() == kBool)
    throw Error("cov: expected numbers in at most two dimensions, found " +
                std::string(toString(self.scalar_type())) + toString(sizesOf(self.sizes())));
  const Tensor x = self.dim() < 2 ? self.reshape({1, -1}) : self;
  const int64_t n = x.size(1);
  Tensor weights;
  for (const std::optional<Tensor> *given : {&fweights, &aweights}) {
    if (!*given || !(*given)->defined())
      continue;
    const Tensor &w = **given;
    const bool counts = given == &fweights;
    if (w.dim() > 1 || w.numel() != n || isFloatingType(w.scalar_type()) == counts)
      throw Error(std::string("cov: ") +
                  (counts ? "fweights must be " : "aweights must be floating-point numbers, ") +
                  (counts ? "integers, " : "") + std::to_string(n) + " of them, found " +
                  toString(w.scalar_type()) + toString(sizesOf(w.sizes())));
    if (n && w.amin().item<double>() < 0)
      throw Error("cov: weights must not be negative");
    weights = weights.defined() ? weights * w : w;
  }
  if (self.numel() == 0) {
    const Tensor mean = x.mean(1, false, floatDtype(self.scalar_type()));
    return self.dim() < 2 ? mean.squeeze()
                          : mean.reshape({-1, 1}) * tjit::ones({1, x.size(0)}, mean.scalar_type());
  }
  const Tensor total = weights.defined() ? weights.sum() : tjit::scalar_tensor(n, kLong);
  if (weights.defined() && total.item<double>() == 0)
    throw Error("cov: the weights must not add up to 0");
  const Tensor mean = weights.defined() ? (x * weights).sum(1) / total : x.sum(1) / total;
  Tensor norm = total;
  if (aweights && aweights->defined() && correction)
    norm = total - (weights * *aweights).sum() * correction / total;
  else
    norm = total - correction;
  if (norm.item<double>() <= 0)
    norm = norm.zero_();
  const Tensor centered = x - mean.unsqueeze(1);
  return (centered.mm((weights.defined() ? centered * weights : centered).t()) / norm).squeeze();
}
Tensor corrcoef(const Tensor &self) {
  if (rankOf(self, "corrcoef") > 2)
    throw Error("corrcoef: expected at most two dimensions, found sizes " +
                toString(sizesOf(self.sizes())));
  const Tensor c = self.cov();
  if (c.dim() == 0)
    return c / c;
  const Tensor deviation = c.diag().sqrt();
  return (c / deviation.unsqueeze(1) / deviation.unsqueeze(0)).clamp(-1, 1);
}

static Tensor quantileOf(const Tensor &self, const Tensor &q, std::optional<int64_t> dim,
                         bool keepdim, std::string_view interpolation, bool ignoreNan) {
  const int64_t rank = rankOf(self, "quantile"), qRank = rankOf(q, "quantile");
  if (self.scalar_type() != kFloat && self.scalar_type() != kDouble)
    throw Error(std::string("quantile: the input must be float32 or float64, found ") +
                toString(self.scalar_type()) + "; convert with to()");
  if (q.scalar_type() != self.scalar_type() || qRank > 1)
    throw Error("quantile: q must be a number or a vector of the input's dtype, found sizes " +
                toString(sizesOf(q.sizes())) + " of " + toString(q.scalar_type()));
  if (self.numel() == 0)
    throw Error("quantile: the input has no elements");
  const int64_t along = dim ? wrapDim(*dim, rank, "quantile") : 0;
  const Tensor lines =
      dim ? (rank ? self.movedim(along, -1) : self.reshape({1})) : self.reshape({-1});
  const int64_t n = lines.size(-1);
  const Tensor sorted = std::get<0>(lines.sort(-1));
  // NaN is sorted behind every number.
  const Tensor numbers = ignoreNan ? sorted.isnan().logical_not().sum(-1, true) : Tensor();
  const Tensor ranks = ignoreNan
                           ? q.reshape({-1}) * castTo((numbers - 1).clamp_min(0), q.scalar_type())
                           : q.reshape({-1}) * static_cast<double>(n - 1);
  auto at = [&](const Tensor &r) {
    return ignoreNan ? sorted.gather(-1, r.to(kLong)) : sorted.index_select(-1, r.to(kLong));
  };
  Tensor found;
  if (interpolation == "lower")
    found = at(ranks.floor());
  else if (interpolation == "higher")
    found = at(ranks.ceil());
  else if (interpolation == "nearest")
    found = at(ranks.round());
  else if (interpolation == "linear")
    found = at(ranks.floor()).lerp(at(ranks.ceil()), ranks - ranks.floor());
  else if (interpolation == "midpoint")
    found = at(ranks.floor()).lerp(at(ranks.ceil()), 0.5);
  else
    throw Error("quantile: the interpolation must be linear, lower, higher, nearest or midpoint, "
                "found \"" +
                std::string(interpolation) + "\"");
  if (!ignoreNan) {
    const Tensor last = sorted.narrow(-1, n - 1, 1);
    found = tjit::where(last.isnan(), last, found);
  }
  Tensor out = found.contiguous().movedim(-1, 0);
  if (keepdim) {
    if (dim)
      out = rank ? out.unsqueeze(along + 1) : out;
    else
      for (int64_t d = 0; d < rank; ++d)
        out = out.unsqueeze(-1);
  }
  return qRank ? out : out.squeeze(0);
}
static Tensor numberOf(const Tensor &self, double q) {
  if (!(q >= 0 && q <= 1))
    throw Error("quantile: q must be between 0 and 1, found " + std::to_string(q));
  return scalarArgument(q, implOf(self, "quantile").type().dtype);
}
Tensor quantile(const Tensor &self, const Tensor &q, std::optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantileOf(self, q, dim, keepdim, interpolation, false);
}
Tensor quantile(const Tensor &self, double q, std::optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantileOf(self, numberOf(self, q), dim, keepdim, interpolation, false);
}
Tensor nanquantile(const Tensor &self, const Tensor &q, std::optional<int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return quantileOf(self, q, dim, keepdim, interpolation, true);
}
Tensor nanquantile(const Tensor &self, double q, std::optional<int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return quantileOf(self, numberOf(self, q), dim, keepdim, interpolation, true);
}

} // namespace ops
} // namespace v1
} // namespace tjit
