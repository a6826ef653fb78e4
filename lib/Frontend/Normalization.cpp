//===- Normalization.cpp ----------------------------------------------------------------------===//
// Normalization by statistics of groups of elements.
//
// Everything is computed in float32 at least and rounded once.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "IR/Infer.h"

#include "tjit/Autograd.h"

#include <limits>

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"

namespace {

struct Statistics {
  Tensor mean, variance; // with the dimensions kept; the variance is the biased one
};
Statistics statisticsOf(const Tensor &x, const Dims &dims) {
  double n = 1;
  for (int64_t d : dims)
    n *= static_cast<double>(x.size(d));
  const Tensor mean = reduceDims(OpKind::sum, x, dims, true) / n;
  const Tensor centered = x - mean;
  return {mean, reduceDims(OpKind::sum, centered * centered, dims, true) / n};
}
Tensor normalized(const Tensor &x, const Statistics &s, double eps) {
  return (x - s.mean) * (s.variance + eps).rsqrt();
}

/// [c] in a shape that broadcasts along dimension 1 of `rank` dimensions.
Tensor alongChannels(const Tensor &t, int64_t rank) {
  Dims sizes(static_cast<size_t>(rank), 1);
  sizes[1] = t.numel();
  return wide(t).reshape(refOf(sizes));
}
Tensor affine(Tensor x, const Tensor &weight, const Tensor &bias) {
  if (weight.defined())
    x = x * weight;
  return bias.defined() ? x + bias : x;
}
Tensor affineChannels(const Tensor &x, const Tensor &weight, const Tensor &bias) {
  return affine(x, weight.defined() ? alongChannels(weight, x.dim()) : weight,
                bias.defined() ? alongChannels(bias, x.dim()) : bias);
}
void checkChannels(const Tensor &t, int64_t channels, const char *what, const char *operation) {
  if (t.defined() && (t.dim() != 1 || t.size(0) != channels))
    throw Error(std::string(operation) + ": expected " + what + " of " + std::to_string(channels) +
                " channels, found sizes " + toString(sizesOf(t.sizes())));
}
void checkChannels(const Tensor &runningMean, const Tensor &runningVar, const Tensor &weight,
                   const Tensor &bias, int64_t channels, const char *operation) {
  checkChannels(runningMean, channels, "a running_mean", operation);
  checkChannels(runningVar, channels, "a running_var", operation);
  checkChannels(weight, channels, "a weight", operation);
  checkChannels(bias, channels, "a bias", operation);
}

/// PyTorch's kernels lay their results out in the memory format of the input.
Tensor asInput(const Tensor &result, const Tensor &input, const char *operation) {
  const MemoryFormat format = input.suggest_memory_format();
  return result.is_contiguous(format) ? result : inMemoryFormat(result, format, operation);
}

/// running = (1 - momentum) * running + momentum * value, in place and without a history.
void move(const Tensor &running, const Tensor &value, double momentum) {
  if (!running.defined())
    return;
  NoGradGuard guard;
  writeInto(running,
            wide(running) * (1 - momentum) + value.detach().reshape(running.sizes()) * momentum,
            "running statistics");
}

} // namespace

Tensor plain_batch_norm(const Tensor &input, const Tensor &weight, const Tensor &bias,
                        const Tensor &runningMean, const Tensor &runningVar, bool training,
                        double momentum, double eps, bool) {
  const char *name = "batch_norm";
  checkFloating(input, name);
  const int64_t rank = input.dim();
  if (input.numel() == 0)
    return input.clone();
  if (rank < 2)
    throw Error("batch_norm: expected [n, c, ...], found sizes " +
                toString(sizesOf(input.sizes())));
  const int64_t channels = input.size(1);
  checkChannels(runningMean, runningVar, weight, bias, channels, name);
  refuseGradient(runningMean, "running_mean", name);
  refuseGradient(runningVar, "running_var", name);
  const Tensor x = wide(input);
  Statistics s;
  if (training) {
    const int64_t n = channels ? input.numel() / channels : 0;
    Dims dims;
    for (int64_t d = 0; d < rank; ++d)
      if (d != 1)
        dims.push_back(d);
    s = statisticsOf(x, dims);
    move(runningMean, s.mean, momentum);
    move(runningVar, s.variance * (static_cast<double>(n) / static_cast<double>(n - 1)), momentum);
  } else {
    if (!runningMean.defined() || !runningVar.defined())
      throw Error("batch_norm: running_mean and running_var must be given outside of training");
    s = {alongChannels(runningMean, rank), alongChannels(runningVar, rank)};
  }
  return autodiff::labeled(
      asInput(castTo(affineChannels(normalized(x, s, eps), weight, bias), input.scalar_type()),
              input, name),
      "NativeBatchNormBackward0");
}
Tensor nn_batch_norm(const Tensor &input, const Tensor &runningMean, const Tensor &runningVar,
                     const Tensor &weight, const Tensor &bias, bool training, double momentum,
                     double eps) {
  // As libtorch's; torch::batch_norm has no variance to divide by and goes on.
  const int64_t channels = rankOf(input, "batch_norm") < 2 ? 0 : input.size(1);
  if (training && channels && input.numel() / channels == 1)
    throw ValueError("batch_norm: one value in each channel has no variance (sizes " +
                     toString(sizesOf(input.sizes())) + ")");
  return plain_batch_norm(input, weight, bias, runningMean, runningVar, training, momentum, eps,
                          false);
}

Tensor plain_instance_norm(const Tensor &input, const Tensor &weight, const Tensor &bias,
                           const Tensor &runningMean, const Tensor &runningVar, bool useInputStats,
                           double momentum, double eps, bool) {
  const char *name = "instance_norm";
  checkFloating(input, name);
  const int64_t rank = input.dim();
  if (rank < 2)
    throw Error("instance_norm: expected [n, c, ...], found sizes " +
                toString(sizesOf(input.sizes())));
  checkChannels(runningMean, runningVar, weight, bias, input.size(1), name);
  if (!useInputStats)
    return plain_batch_norm(input, weight, bias, runningMean, runningVar, false, momentum, eps,
                            false);
  int64_t n = 1;
  Dims dims;
  for (int64_t d = 2; d < rank; ++d) {
    dims.push_back(d);
    n *= input.size(d);
  }
  const Tensor x = wide(input);
  const Statistics s = statisticsOf(x, dims);
  move(runningMean, s.mean.mean(0), momentum);
  move(runningVar, s.variance.mean(0) * (static_cast<double>(n) / static_cast<double>(n - 1)),
       momentum);
  return castTo(affineChannels(normalized(x, s, eps), weight, bias), input.scalar_type())
      .contiguous();
}
Tensor nn_instance_norm(const Tensor &input, const Tensor &runningMean, const Tensor &runningVar,
                        const Tensor &weight, const Tensor &bias, bool useInputStats,
                        double momentum, double eps) {
  return plain_instance_norm(input, weight, bias, runningMean, runningVar, useInputStats, momentum,
                             eps, false);
}

Tensor plain_group_norm(const Tensor &input, int64_t groups, const Tensor &weight,
                        const Tensor &bias, double eps, bool) {
  const char *name = "group_norm";
  checkFloating(input, name);
  if (input.dim() < 2)
    throw Error("group_norm: expected [n, c, ...], found sizes " +
                toString(sizesOf(input.sizes())));
  const int64_t n = input.size(0), channels = input.size(1);
  if (groups < 1 || channels % groups)
    throw Error("group_norm: " + std::to_string(channels) + " channels do not make " +
                std::to_string(groups) + " groups");
  checkChannels(weight, channels, "a weight", name);
  checkChannels(bias, channels, "a bias", name);
  const int64_t spatial = n * channels ? input.numel() / (n * channels) : 0;
  const Tensor x = wide(input).reshape({n, groups, channels / groups * spatial});
  const Tensor y = normalized(x, statisticsOf(x, {2}), eps).reshape(input.sizes());
  return asInput(castTo(affineChannels(y, weight, bias), input.scalar_type()), input, name);
}
Tensor nn_group_norm(const Tensor &input, int64_t groups, const Tensor &weight, const Tensor &bias,
                     double eps) {
  return plain_group_norm(input, groups, weight, bias, eps, false);
}

/// The last dimensions, whose sizes are `shape`.
static Dims normalizedDims(const Tensor &input, IntArrayRef shape, const char *operation) {
  checkFloating(input, operation);
  const int64_t rank = input.dim(), n = static_cast<int64_t>(shape.size());
  bool fits = n > 0 && n <= rank;
  Dims dims;
  for (int64_t i = 0; fits && i < n; ++i) {
    fits = input.size(rank - n + i) == shape[i];
    dims.push_back(rank - n + i);
  }
  if (!fits)
    throw Error(std::string(operation) + ": normalized_shape " + toString(sizesOf(shape)) +
                " must be the last sizes of the input, found " + toString(sizesOf(input.sizes())));
  return dims;
}
/// A parameter has the dtype of the input, or float32 where that has 16 bits.
static void checkParameter(const Tensor &t, const Tensor &input, const char *what,
                           const char *operation) {
  if (t.scalar_type() != input.scalar_type() &&
      t.scalar_type() != computeDtype(input.scalar_type()))
    throw Error(std::string(operation) + ": the " + what + " must be " +
                toString(input.scalar_type()) + " as the input, found " +
                toString(t.scalar_type()) + "; convert with to()");
}
static Tensor shapedAs(const Tensor &t, IntArrayRef shape, const char *what,
                       const char *operation) {
  if (!t.defined())
    return t;
  if (!t.sizes().equals(shape))
    throw Error(std::string(operation) + ": the " + what + "'s sizes must be " +
                toString(sizesOf(shape)) + ", found " + toString(sizesOf(t.sizes())));
  return wide(t);
}
Tensor nn_layer_norm(const Tensor &input, IntArrayRef shape, const Tensor &weight,
                     const Tensor &bias, double eps) {
  const Dims dims = normalizedDims(input, shape, "layer_norm");
  if (weight.defined())
    checkParameter(weight, input, "weight", "layer_norm");
  if (bias.defined())
    checkParameter(bias, input, "bias", "layer_norm");
  const Tensor w = shapedAs(weight, shape, "weight", "layer_norm"),
               b = shapedAs(bias, shape, "bias", "layer_norm"), x = wide(input);
  const Tensor y = normalized(x, statisticsOf(x, dims), eps);
  return castTo(affine(y, w, b), input.scalar_type()).contiguous();
}
Tensor nn_rms_norm(const Tensor &input, IntArrayRef shape, const Tensor &weight,
                   std::optional<double> eps) {
  const Dims dims = normalizedDims(input, shape, "rms_norm");
  const Tensor w = shapedAs(weight, shape, "weight", "rms_norm"), x = wide(input);
  const double e = eps.value_or(x.scalar_type() == kDouble ? std::numeric_limits<double>::epsilon()
                                                           : std::numeric_limits<float>::epsilon());
  double n = 1;
  for (int64_t d : dims)
    n *= static_cast<double>(x.size(d));
  const Tensor mean = reduceDims(OpKind::sum, x * x, dims, true) / n;
  return castTo(affine(x * (mean + e).rsqrt(), w, {}), input.scalar_type()).contiguous();
}

Tensor nn_local_response_norm(const Tensor &input, int64_t size, double alpha, double beta,
                              double k) {
  checkFloating(input, "local_response_norm");
  if (input.dim() > 3) // of three dimensions libtorch takes the means in two
    refuseSixteenBits(input, "local_response_norm");
  if (input.dim() < 3 || size < 1)
    throw Error("local_response_norm: expected [n, c, ...] and a positive size, found sizes " +
                toString(sizesOf(input.sizes())) + " and size " + std::to_string(size));
  const Tensor x = wide(input), squares = x * x;
  const int64_t channels = x.size(1);
  // What each channel sees of its neighbours, summed one distance after another.
  Tensor sum;
  for (int64_t i = -(size / 2); i <= (size - 1) / 2; ++i) {
    const int64_t low = std::max<int64_t>(0, -i), high = std::min(channels, channels - i);
    if (low >= high)
      continue;
    Dims before(sizesOf(x.sizes())), after(before);
    before[1] = low, after[1] = channels - high;
    const Tensor operands[] = {recordFill(0, x.scalar_type(), before),
                               squares.narrow(1, low + i, high - low),
                               recordFill(0, x.scalar_type(), after)};
    const Tensor moved = tjit::cat(operands, 1);
    sum = sum.defined() ? sum + moved : moved;
  }
  return castTo(x / (sum * (alpha / static_cast<double>(size)) + k).pow(beta), input.scalar_type());
}

Tensor nn_normalize(const Tensor &input, double p, int64_t dim, double eps) {
  checkFloating(input, "normalize");
  return input / input.norm(p, dim, true).clamp_min(eps);
}

} // namespace ops
} // namespace v1
} // namespace tjit
