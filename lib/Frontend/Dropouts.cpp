//===- Dropouts.cpp ---------------------------------------------------------------------------===//
// Kinds of dropout, other random activations, and distributions that the host draws.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Compose.h"
#include "Frontend/Evaluate.h"
#include "Frontend/ScalarBits.h"
#include "IR/Infer.h"

#include "tjit/Generator.h"

#include <cmath>
#include <random>

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
Tensor kept(const Dims &sizes, double p) { return tjit::rand(refOf(sizes), kFloat) >= p; }

// Klambauer and others, Self-Normalizing Neural Networks: what is dropped becomes selu's limit for
// -infinity, and an affine map restores mean and variance.
Tensor alphaDropout(const Tensor &x, double p, bool train, bool channels, const char *operation) {
  implOf(x, operation);
  checkProbability(p, operation);
  if (!train || p == 0 || x.numel() == 0)
    return x;
  if (p == 1)
    return x * 0;
  checkFloating(x, operation);
  constexpr double kLimit = 1.7580993408473766;
  const double a = 1 / std::sqrt((kLimit * kLimit * p + 1) * (1 - p));
  const Tensor keep = kept(noiseSizes(x, channels, operation), p);
  const Tensor w = wide(x);
  return castTo(tjit::where(keep, w * a, w * 0 - kLimit * a) + kLimit * a * p, x.scalar_type());
}
Tensor channelDropout(const Tensor &x, double p, bool train, int64_t rank, bool inplace,
                      const char *operation) {
  if (rankOf(x, operation) == rank - 1) // a sample alone
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
    return input * 0;
  return tjit::where(kept(noiseSizes(input, true, "feature_dropout"), p), input * (1 / (1 - p)), 0);
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
  const Tensor mask = kept(noiseSizes(input, false, "native_dropout"), p);
  return {tjit::where(mask, input * (p == 1 ? 0 : 1 / (1 - p)), 0), mask};
}

Tensor nn_rrelu(const Tensor &input, double lower, double upper, bool training, bool inplace) {
  checkFloating(input, "rrelu");
  if (!(lower <= upper))
    throw Error("rrelu: lower must not be above upper, found " + std::to_string(lower) + " and " +
                std::to_string(upper));
  const Tensor x = wide(input);
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

//===------------------------------------------------------------------------------------------===//
// Drawn by the host
//===------------------------------------------------------------------------------------------===//

namespace {
/// A stream of its own, seeded by the generator.
std::mt19937_64 hostSource(const std::optional<Generator> &generator) {
  const Tensor seed = tjit::randint(0, int64_t{1} << 62, {1}, generator, kLong);
  return std::mt19937_64(static_cast<uint64_t>(seed.item<int64_t>()));
}
} // namespace

Tensor poisson(const Tensor &self, const std::optional<Generator> &generator) {
  checkFloating(self, "poisson");
  const std::vector<double> rates = readNumbers<double>(*self.detach().impl());
  for (double rate : rates)
    if (!(rate >= 0))
      throw Error("poisson: the rates must not be negative, found " + std::to_string(rate));
  std::mt19937_64 source = hostSource(generator);
  const HostTensor out = makeHostTensor(self.scalar_type(), self.impl()->type().sizes);
  const size_t bytes = elementSize(self.scalar_type());
  for (size_t i = 0; i < rates.size(); ++i)
    storeScalar(out.data + i * bytes,
                rates[i] > 0
                    ? static_cast<double>(std::poisson_distribution<int64_t>(rates[i])(source))
                    : 0.0,
                self.scalar_type());
  return out.tensor;
}
Tensor binomial(const Tensor &count, const Tensor &prob,
                const std::optional<Generator> &generator) {
  checkFloating(count, "binomial");
  checkFloating(prob, "binomial");
  const std::vector<Tensor> both = tjit::broadcast_tensors({count.detach(), prob.detach()});
  const std::vector<double> n = readNumbers<double>(*both[0].impl()),
                            p = readNumbers<double>(*both[1].impl());
  std::mt19937_64 source = hostSource(generator);
  const HostTensor out = makeHostTensor(count.scalar_type(), both[0].impl()->type().sizes);
  const size_t bytes = elementSize(count.scalar_type());
  for (size_t i = 0; i < n.size(); ++i) {
    if (!(n[i] >= 0) || !(p[i] >= 0 && p[i] <= 1))
      throw Error("binomial: expected a count that is not negative and a probability in [0, 1], "
                  "found " +
                  std::to_string(n[i]) + " and " + std::to_string(p[i]));
    std::binomial_distribution<int64_t> distribution(static_cast<int64_t>(n[i]), p[i]);
    storeScalar(out.data + i * bytes, static_cast<double>(distribution(source)),
                count.scalar_type());
  }
  return out.tensor;
}

} // namespace ops
} // namespace v1
} // namespace tjit
