//===- Attention.cpp --------------------------------------------------------------------------===//
// Linear and bilinear layers, embeddings, attention.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "IR/Infer.h"

#include "tjit/Autograd.h"

#include <cmath>
#include <limits>

namespace tjit {
inline namespace v1 {
namespace ops {

Tensor nn_linear(const Tensor &input, const Tensor &weight, const Tensor &bias) {
  return tjit::linear(input, weight, bias);
}
Tensor nn_one_hot(const Tensor &input, int64_t classes) { return tjit::one_hot(input, classes); }

Tensor nn_bilinear(const Tensor &input1, const Tensor &input2, const Tensor &weight,
                   const Tensor &bias) {
  const int64_t rank = rankOf(input1, "bilinear");
  bool fits = rankOf(input2, "bilinear") == rank && rank > 0 && rankOf(weight, "bilinear") == 3 &&
              weight.size(1) == input1.size(-1) && weight.size(2) == input2.size(-1) &&
              (!bias.defined() || (bias.dim() == 1 && bias.size(0) == weight.size(0)));
  for (int64_t d = 0; fits && d + 1 < rank; ++d)
    fits = input1.size(d) == input2.size(d);
  if (!fits)
    throw Error("bilinear: expected sizes [..., i], [..., j] and [o, i, j], found " +
                toString(sizesOf(input1.sizes())) + ", " + toString(sizesOf(input2.sizes())) +
                " and " + toString(sizesOf(weight.sizes())));
  checkSameDtype(input1, input2, "bilinear"), checkSameDtype(input1, weight, "bilinear");
  const ScalarType dtype = input1.scalar_type();
  const int64_t o = weight.size(0), m = weight.size(1), n = weight.size(2);
  Dims sizes(sizesOf(input1.sizes()));
  sizes[sizes.size() - 1] = o;
  int64_t rows = 1;
  for (int64_t d = 0; d + 1 < rank; ++d)
    rows *= input1.size(d);
  const Tensor a = wide(input1).reshape({rows, m}), b = wide(input2).reshape({rows, n, 1}),
               w = wide(weight).permute({1, 0, 2}).reshape({m, o * n});
  const Tensor out = a.mm(w).reshape({rows, o, n}).bmm(b).reshape(refOf(sizes));
  return rounded(bias.defined() ? out + wide(bias) : out, dtype);
}

Tensor nn_embedding(const Tensor &input, const Tensor &weight, std::optional<int64_t> paddingIdx,
                    std::optional<double> maxNorm, double normType, bool scaleByFrequency, bool) {
  const ScalarType dtype = implOf(input, "embedding").type().dtype;
  if (dtype != kLong && dtype != kInt)
    throw Error(std::string("embedding: indices must be int64 or int32, found ") + toString(dtype));
  if (rankOf(weight, "embedding") != 2)
    throw Error("embedding: expected a weight [rows, n], found sizes " +
                toString(sizesOf(weight.sizes())));
  const int64_t rows = weight.size(0), n = weight.size(1);
  if (paddingIdx && (*paddingIdx < -rows || *paddingIdx >= rows))
    throw Error("embedding: padding_idx " + std::to_string(*paddingIdx) + " is out of range for " +
                std::to_string(rows) + " rows");
  const Tensor index = castTo(input, kLong).reshape({-1});
  if (maxNorm) {
    // Rows that are read and too long are made shorter, in place and without a history.
    NoGradGuard guard;
    checkFloating(weight, "embedding");
    const Tensor read = tjit::zeros({rows}, kBool)
                            .scatter(0, index, recordFill(1, kBool, index.impl()->type().sizes));
    const Tensor w = wide(weight), norm = w.norm(normType, {1}, true);
    const Tensor shorter = norm.gt(*maxNorm).logical_and(read.unsqueeze(1));
    writeInto(weight, tjit::where(shorter, w * (*maxNorm / (norm + 1e-7)), w), "embedding");
  }
  Tensor out = weight.index_select(0, index);
  if (weight.requires_grad()) {
    if (paddingIdx) {
      const int64_t row = *paddingIdx < 0 ? *paddingIdx + rows : *paddingIdx;
      out = tjit::where(index.eq(row).unsqueeze(1), out.detach(), out);
    }
    if (scaleByFrequency) {
      const Tensor ones = recordFill(1, kLong, index.impl()->type().sizes);
      const Tensor count =
          tjit::zeros({rows}, kLong).scatter_add(0, index, ones).gather(0, index).unsqueeze(1);
      out = out.detach() + (out - out.detach()) / castTo(count, out.scalar_type());
    }
  }
  Dims sizes(sizesOf(input.sizes()));
  sizes.push_back(n);
  return out.reshape(refOf(sizes));
}

Tensor nn_scaled_dot_product_attention(const Tensor &query, const Tensor &key, const Tensor &value,
                                       const Tensor &mask, double dropout, bool causal,
                                       std::optional<double> scale, bool groupedQueries) {
  const char *name = "scaled_dot_product_attention";
  checkFloating(query, name);
  for (const Tensor &t : {query, key, value}) {
    if (rankOf(t, name) < 2)
      throw Error(std::string(name) + ": expected [..., length, n], found sizes " +
                  toString(sizesOf(t.sizes())));
    if (t.scalar_type() != query.scalar_type())
      throw Error(std::string(name) + ": query, key and value differ in dtype: " +
                  toString(query.scalar_type()) + " and " + toString(t.scalar_type()));
  }
  if (mask.defined() && causal)
    throw Error(std::string(name) + ": give attn_mask or is_causal, not both");
  if (query.size(-1) != key.size(-1) || key.size(-2) != value.size(-2))
    throw Error(std::string(name) + ": the sizes do not fit: query " +
                toString(sizesOf(query.sizes())) + ", key " + toString(sizesOf(key.sizes())) +
                ", value " + toString(sizesOf(value.sizes())));
  Tensor k = wide(key), v = wide(value);
  const Tensor q = wide(query);
  if (groupedQueries) {
    const int64_t heads = q.size(-3);
    if (heads % k.size(-3) || heads % v.size(-3))
      throw Error(std::string(name) + ": " + std::to_string(heads) +
                  " heads of queries are no multiple of those of keys and values");
    k = k.repeat_interleave(heads / k.size(-3), -3);
    v = v.repeat_interleave(heads / v.size(-3), -3);
  }
  // The root of the scale on both sides keeps products small, as in PyTorch.
  const double root = std::sqrt(scale.value_or(1 / std::sqrt(static_cast<double>(q.size(-1)))));
  Tensor scores = (q * root).matmul(k.mT() * root);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Tensor allowed = mask;
  if (causal) {
    const int64_t l = q.size(-2), s = k.size(-2);
    allowed = tjit::arange(l).unsqueeze(1).ge(tjit::arange(s));
  }
  if (allowed.defined())
    scores = allowed.scalar_type() == kBool ? tjit::where(allowed, scores, -kInfinity)
                                            : scores + wide(allowed);
  Tensor weights = scores.softmax(-1);
  if (allowed.defined()) // a query that may look at nothing sees zeros
    weights = tjit::where(scores.eq(-kInfinity).all(-1, true), 0, weights);
  if (dropout > 0)
    weights = tjit::dropout(weights, dropout, true);
  const Tensor out = castTo(weights.matmul(v), query.scalar_type());
  // What libtorch's flash attention takes has one history; else the last product's shows.
  const bool flash = query.dim() == 4 && key.dim() == 4 && value.dim() == 4 && dropout == 0 &&
                     !(mask.defined() && mask.requires_grad()) && query.size(2) && key.size(2);
  return flash ? autodiff::labeled(out, "ScaledDotProductFlashAttentionForCpuBackward0") : out;
}

} // namespace ops
} // namespace v1
} // namespace tjit
