//===- Dropouts.cpp ---------------------------------------------------------------------------===//
// Kinds of dropout, other random activations.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Compose.h"
#include "IR/Infer.h"

#include "tjit/Generator.h"

#include <cmath>

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"

namespace {

void checkProbability(double p, const char *operation) {
  if (!(p >= 0 && p <= 1))
    throw ValueError(std::string(operation) + ": the probability must be between 0 and 1, found " +
                     std::to_string(p));
}
/// The sizes of x, 1 behind the channels where these are dropped as a whole.
Dims noiseSizes(const Tensor &x, bool channels, const char *operation) {
  Dims sizes(sizesOf(x.sizes()));
  if (channels && sizes.size() < 2)
    throw Error(std::string(operation) + ": expected at least two dimensions, found sizes " +
                toString(sizes));
  for (size_t d = 2; channels && d < sizes.size(); ++d)
    sizes[d] = 1;
  return sizes;
}
Tensor kept(const Tensor &x, bool channels, double p, const char *operation) {
  return (channels ? tjit::rand(refOf(noiseSizes(x, channels, operation)), kFloat)
                   : uniformAs(x)) >= p;
}

// Klambauer and others, Self-Normalizing Neural Networks: what is dropped becomes selu's limit for
// -infinity, and an affine map restores mean and variance.
Tensor alphaDropout(const Tensor &x, double p, bool train, bool channels, const char *operation) {
  implOf(x, operation);
  checkProbability(p, operation);
  if (!train || p == 0 || x.numel() == 0)
    return x;
  if (p == 1)
    return x * recordFill(0, x.scalar_type(), {});
  checkFloating(x, operation);
  constexpr double kLimit = 1.7580993408473766;
  const double a = 1 / std::sqrt((kLimit * kLimit * p + 1) * (1 - p));
  const Tensor noise = castTo(kept(x, channels, p, operation), x.scalar_type());
  return x * (noise * a) + ((noise - 1) * (kLimit * a) + kLimit * a * p);
}
Tensor channelDropout(const Tensor &x, double p, bool train, int64_t rank, bool inplace,
                      const char *operation) {
  if (rankOf(x, operation) != rank) // libtorch takes all others for a sample alone
    return stored(x, tjit::feature_dropout(x.unsqueeze(0), p, train).squeeze(0), inplace);
  return stored(x, tjit::feature_dropout(x, p, train), inplace);
}

} // namespace

Tensor feature_dropout(const Tensor &input, double p, bool train) {
  implOf(input, "feature_dropout");
  checkProbability(p, "feature_dropout");
  if (!train || p == 0 || input.numel() == 0)
    return input;
  if (p == 1)
    return input * recordFill(0, input.scalar_type(), {});
  checkFloating(input, "feature_dropout");
  return input * (castTo(kept(input, true, p, "feature_dropout"), input.scalar_type()) / (1 - p));
}
Tensor nn_dropout2d(const Tensor &input, double p, bool training, bool inplace) {
  return channelDropout(input, p, training, 4, inplace, "dropout2d");
}
Tensor nn_dropout3d(const Tensor &input, double p, bool training, bool inplace) {
  return channelDropout(input, p, training, 5, inplace, "dropout3d");
}
Tensor nn_alpha_dropout(const Tensor &input, double p, bool training, bool inplace) {
  return stored(input, alphaDropout(input, p, training, false, "alpha_dropout"), inplace);
}
Tensor nn_feature_alpha_dropout(const Tensor &input, double p, bool training, bool inplace) {
  return stored(input, alphaDropout(input, p, training, true, "feature_alpha_dropout"), inplace);
}
Tensor plain_alpha_dropout(const Tensor &input, double p, bool train) {
  return alphaDropout(input, p, train, false, "alpha_dropout");
}
Tensor plain_feature_alpha_dropout(const Tensor &input, double p, bool train) {
  return alphaDropout(input, p, train, true, "feature_alpha_dropout");
}
std::tuple<Tensor, Tensor> native_dropout(const Tensor &input, double p,
                                          std::optional<bool> train) {
  implOf(input, "native_dropout");
  checkProbability(p, "native_dropout");
  if (!train.value_or(true))
    return {input.clone(), tjit::ones_like(input.detach(), kBool)};
  const Tensor mask = kept(input, false, p, "native_dropout");
  return {tjit::where(mask, input * (p == 1 ? 0 : 1 / (1 - p)), 0), mask};
}

Tensor nn_rrelu(const Tensor &input, double lower, double upper, bool training, bool inplace) {
  checkFloating(input, "rrelu");
  if (!(lower <= upper))
    throw Error("rrelu: lower must not be above upper, found " + std::to_string(lower) + " and " +
                std::to_string(upper));
  const Tensor x = wide(input.contiguous());
  const Tensor slope = training
                           ? tjit::rand(input.sizes(), x.scalar_type()) * (upper - lower) + lower
                           : tjit::full({}, (lower + upper) / 2, x.scalar_type());
  return stored(input, castTo(tjit::where(x.gt(0), x, x * slope), input.scalar_type()), inplace);
}
Tensor plain_rrelu(const Tensor &self, const Scalar &lower, const Scalar &upper, bool training) {
  return nn_rrelu(self, lower.toDouble(), upper.toDouble(), training, false);
}

Tensor nn_gumbel_softmax(const Tensor &logits, double tau, bool hard, int64_t dim) {
  checkFloating(logits, "gumbel_softmax");
  dim = wrapDim(dim, rankOf(logits, "gumbel_softmax"), "gumbel_softmax");
  const Tensor noise =
      tjit::empty_like(logits.detach()).exponential_(1).log().neg(); // of Gumbel's distribution
  Tensor soft = ((logits + noise) / tau).softmax(dim);
  if (!hard)
    return soft;
  const Tensor largest = std::get<1>(soft.detach().max(dim, true));
  const Tensor one = tjit::zeros_like(soft.detach()).scatter(dim, largest, 1.0);
  return one - soft.detach() + soft;
}

} // namespace ops
} // namespace v1
} // namespace tjit
