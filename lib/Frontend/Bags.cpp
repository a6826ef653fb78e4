//===- Bags.cpp -------------------------------------------------------------------------------===//
// Sums, means and maxima of rows of an embedding.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Compose.h"
#include "Frontend/Evaluate.h"
#include "IR/Infer.h"

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"

namespace {

enum class BagMode { sum, mean, max };

struct Bags {
  Tensor result, bagOf, counts, offsets;
};

Bags bagsOf(const Tensor &weight, const Tensor &indices, const Tensor &offsets, BagMode mode,
            const Tensor &sampleWeights, bool includeLast, std::optional<int64_t> padding,
            bool scaleByFrequency) {
  const char *name = "embedding_bag";
  const int64_t rank = rankOf(indices, name);
  if (rankOf(weight, name) != 2 || (rank != 1 && rank != 2))
    throw Error("embedding_bag: expected a weight [rows, n] and one or two dimensions of indices, "
                "found sizes " +
                toString(sizesOf(weight.sizes())) + " and " + toString(sizesOf(indices.sizes())));
  checkFloating(weight, name);
  if ((rank == 1) != offsets.defined())
    throw ValueError(rank == 1 ? "embedding_bag: a vector of indices needs offsets"
                               : "embedding_bag: rows of indices are the bags; offsets must not "
                                 "be given");
  if (sampleWeights.defined() &&
      (mode != BagMode::sum || !sampleWeights.sizes().equals(indices.sizes())))
    throw ValueError("embedding_bag: per_sample_weights are for the mode sum and have the sizes "
                     "of the indices");
  if (sampleWeights.defined())
    checkSameDtype(weight, sampleWeights, name);
  const Tensor flat = integerIndex(indices, name).reshape({-1});
  const int64_t count = flat.size(0), rows = weight.size(0);
  std::vector<int64_t> starts;
  if (rank == 2)
    for (int64_t i = 0; i < indices.size(0); ++i)
      starts.push_back(i * indices.size(1));
  else
    starts = readNumbers<int64_t>(*integerIndex(offsets, name).impl());
  if (rank == 1 && includeLast && !starts.empty())
    starts.pop_back();
  const int64_t bags = static_cast<int64_t>(starts.size());
  if (rank == 1 && bags && starts[0] != 0)
    throw Error("embedding_bag: the first offset must be 0, found " + std::to_string(starts[0]));
  const int64_t countSize[] = {count};
  HostTensor bagOf = makeHostTensor(kLong, countSize);
  for (int64_t b = 0; b < bags; ++b) {
    const int64_t end = b + 1 < bags ? starts[b + 1] : count;
    if (starts[b] > end || end > count)
      throw Error("embedding_bag: offsets must rise up to the number of indices, " +
                  std::to_string(count) + ", found " + std::to_string(starts[b]) + " and " +
                  std::to_string(end));
    for (int64_t i = starts[b]; i < end; ++i)
      bagOf.as<int64_t>()[i] = b;
  }
  if (padding && *padding < 0)
    *padding += rows;
  const Tensor real = padding ? flat.ne(*padding) : tjit::ones({count}, kBool);
  Tensor values =
      wide(nn_embedding(flat, weight, padding, std::nullopt, 2, scaleByFrequency, false));
  if (sampleWeights.defined())
    values = values * wide(sampleWeights).reshape({-1, 1});
  const Tensor counts = tjit::zeros({bags}, kLong).index_add(0, bagOf.tensor, castTo(real, kLong));
  const TensorOptions plain = values.options().requires_grad(false);
  Tensor result;
  if (mode == BagMode::max) {
    const Tensor empty = counts.eq(0).unsqueeze(1);
    constexpr double kLowest = -std::numeric_limits<double>::infinity();
    const Tensor candidates = tjit::where(real.unsqueeze(1), values, kLowest);
    const Tensor bagOfEach = bagOf.tensor.unsqueeze(1).expand(candidates.sizes());
    const Tensor largest = tjit::full({bags, weight.size(1)}, kLowest, plain)
                               .scatter_reduce(0, bagOfEach, candidates.detach(), "amax");
    // The first of equal elements is the largest, and gets the gradient.
    const Tensor rowOf = tjit::arange(count).unsqueeze(1),
                 isLargest = candidates.detach().eq(largest.index_select(0, bagOf.tensor)),
                 row = tjit::where(isLargest, rowOf, count),
                 first = tjit::full({bags, weight.size(1)}, count, kLong)
                             .scatter_reduce(0, bagOfEach, row, "amin");
    result = count ? candidates.gather(0, tjit::where(empty, 0, first.clamp_max(count - 1)))
                   : tjit::zeros({bags, weight.size(1)}, plain);
    result = tjit::where(empty, 0, result);
  } else {
    result = tjit::zeros({bags, weight.size(1)}, plain)
                 .index_add(0, bagOf.tensor, tjit::where(real.unsqueeze(1), values, 0));
    if (mode == BagMode::mean)
      result = result / counts.clamp_min(1).unsqueeze(1);
  }
  return {castTo(result, weight.scalar_type()), bagOf.tensor, counts, fromIntegers(starts)};
}

} // namespace

Tensor nn_embedding_bag(const Tensor &input, const Tensor &weight, const Tensor &offsets,
                        std::optional<double> maxNorm, double normType, bool scaleByFrequency,
                        std::string_view mode, bool, const Tensor &sampleWeights, bool includeLast,
                        std::optional<int64_t> padding) {
  if (mode != "sum" && mode != "mean" && mode != "max")
    throw ValueError("embedding_bag: the mode must be sum, mean or max, found \"" +
                     std::string(mode) + "\"");
  if (maxNorm) // shortens rows in place
    nn_embedding(input, weight, std::nullopt, maxNorm, normType, false, false);
  return bagsOf(weight, input, offsets,
                mode == "sum"    ? BagMode::sum
                : mode == "mean" ? BagMode::mean
                                 : BagMode::max,
                sampleWeights, includeLast, padding, scaleByFrequency)
      .result;
}
std::tuple<Tensor, Tensor, Tensor, Tensor>
plain_embedding_bag(const Tensor &weight, const Tensor &indices, const Tensor &offsets,
                    bool scaleByFrequency, int64_t mode, bool, const Tensor &sampleWeights,
                    bool includeLast) {
  if (mode < 0 || mode > 2)
    throw Error("embedding_bag: the mode must be 0, 1 or 2, found " + std::to_string(mode));
  Bags bags = bagsOf(weight, indices, offsets, static_cast<BagMode>(mode), sampleWeights,
                     includeLast, std::nullopt, scaleByFrequency);
  return {bags.result, bags.bagOf, bags.counts, bags.offsets};
}

} // namespace ops
} // namespace v1
} // namespace tjit
