//===- Conveniences.cpp -----------------------------------------------------------------------===//
// Short compositions of libtorch that belong nowhere else, and questions about dtypes.

#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/Ops.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"

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
bool can_cast(ScalarType from, ScalarType to) { return dtypeCategory(from) <= dtypeCategory(to); }

bool Tensor::is_alias_of(const Tensor &other) const {
  return implOf(*this, "is_alias_of").storage == implOf(other, "is_alias_of").storage;
}

namespace ops {

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
  return self * tjit::pow(2.0, other);
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

/// The p-norms of rows; for p = 0 a constant that is still a function of them.
static Tensor distances(const Tensor &difference, double p, const char *operation) {
  if (!(p >= 0))
    throw Error(std::string(operation) + ": p must not be negative, found " + std::to_string(p));
  if (p > 0)
    return tjit::linalg_vector_norm(difference, p, {-1});
  return compositeUnary(
      "Cdist", difference, [](const Tensor &d) { return castTo(d.ne(0).sum(-1), d.scalar_type()); },
      [](const Tensor &, const Tensor &d) { return tjit::zeros_like(d); });
}
Tensor cdist(const Tensor &x1, const Tensor &x2, double p, std::optional<int64_t>) {
  if (rankOf(x1, "cdist") < 2 || rankOf(x2, "cdist") < 2 || x1.size(-1) != x2.size(-1))
    throw Error("cdist: expected rows of one length, found sizes " + toString(sizesOf(x1.sizes())) +
                " and " + toString(sizesOf(x2.sizes())));
  return distances(x1.unsqueeze(-2) - x2.unsqueeze(-3), p, "cdist");
}
Tensor pdist(const Tensor &self, double p) {
  if (rankOf(self, "pdist") != 2)
    throw Error("pdist: expected a matrix, found sizes " + toString(sizesOf(self.sizes())));
  const Tensor pairs = tjit::triu_indices(self.size(0), self.size(0), 1);
  return distances(self.index_select(0, pairs[0]) - self.index_select(0, pairs[1]), p, "pdist");
}

Tensor quantile(const Tensor &self, const Tensor &q, std::optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  const int64_t rank = rankOf(self, "quantile"), qRank = rankOf(q, "quantile");
  checkFloating(self, "quantile");
  if (q.scalar_type() != self.scalar_type() || qRank > 1)
    throw Error("quantile: q must be a number or a vector of the input's dtype, found sizes " +
                toString(sizesOf(q.sizes())) + " of " + toString(q.scalar_type()));
  if (self.numel() == 0)
    throw Error("quantile: the input has no elements");
  const int64_t along = dim ? wrapDim(*dim, rank, "quantile") : 0;
  const Tensor lines =
      dim ? (rank ? self.movedim(along, -1) : self.reshape({1})) : self.reshape({-1});
  const int64_t n = lines.size(-1);
  const Tensor sorted = std::get<0>(lines.sort(-1)),
               ranks = q.detach().reshape({-1}) * static_cast<double>(n - 1);
  auto at = [&](const Tensor &r) { return sorted.index_select(-1, r.to(kLong)); };
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
  // NaN is sorted behind every number.
  const Tensor last = sorted.narrow(-1, n - 1, 1);
  found = tjit::where(last.isnan(), last, found);
  Tensor out = found.movedim(-1, 0);
  if (keepdim) {
    if (dim)
      out = rank ? out.unsqueeze(along + 1) : out;
    else
      for (int64_t d = 0; d < rank; ++d)
        out = out.unsqueeze(-1);
  }
  return qRank ? out : out.squeeze(0);
}
Tensor quantile(const Tensor &self, double q, std::optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  if (!(q >= 0 && q <= 1))
    throw Error("quantile: q must be between 0 and 1, found " + std::to_string(q));
  return ops::quantile(self, scalarArgument(q, implOf(self, "quantile").type().dtype), dim, keepdim,
                       interpolation);
}

} // namespace ops
} // namespace v1
} // namespace tjit
