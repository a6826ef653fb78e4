//===- PlainImages.cpp ------------------------------------------------------------------------===//
// What libtorch has in namespace torch of padding, interpolation, convolutions and norms: one
// function for each number of dimensions or mode.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "IR/Infer.h"

#include <cmath>

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"

namespace {

Tensor padded(const Tensor &x, IntArrayRef padding, int64_t d, const char *mode,
              const char *operation) {
  const int64_t rank = rankOf(x, operation);
  if (static_cast<int64_t>(padding.size()) != 2 * d)
    throw Error(std::string(operation) + ": expected " + std::to_string(2 * d) +
                " numbers, found " + toString(sizesOf(padding)));
  if (rank != d + 1 && rank != d + 2)
    throw Error(std::string(operation) + ": expected [n, c, ...] or [c, ...], found sizes " +
                toString(sizesOf(x.sizes())));
  return nn_pad(x, padding, mode, std::nullopt);
}
Tensor resized(const Tensor &x, IntArrayRef size, int64_t d, const char *mode,
               std::optional<bool> corners, const char *operation) {
  if (rankOf(x, operation) != d + 2 || static_cast<int64_t>(size.size()) != d)
    throw Error(std::string(operation) + ": expected " + std::to_string(d + 2) +
                " dimensions and " + std::to_string(d) + " sizes, found " +
                toString(sizesOf(x.sizes())) + " and " + toString(sizesOf(size)));
  return nn_interpolate(x, size, {}, mode, corners, std::nullopt, false);
}
Tensor orNone(const std::optional<Tensor> &t) { return t ? *t : Tensor(); }

} // namespace

Tensor reflection_pad1d(const Tensor &self, IntArrayRef padding) {
  return padded(self, padding, 1, "reflect", "reflection_pad1d");
}
Tensor reflection_pad2d(const Tensor &self, IntArrayRef padding) {
  return padded(self, padding, 2, "reflect", "reflection_pad2d");
}
Tensor reflection_pad3d(const Tensor &self, IntArrayRef padding) {
  return padded(self, padding, 3, "reflect", "reflection_pad3d");
}
Tensor replication_pad1d(const Tensor &self, IntArrayRef padding) {
  return padded(self, padding, 1, "replicate", "replication_pad1d");
}
Tensor replication_pad2d(const Tensor &self, IntArrayRef padding) {
  return padded(self, padding, 2, "replicate", "replication_pad2d");
}
Tensor replication_pad3d(const Tensor &self, IntArrayRef padding) {
  return padded(self, padding, 3, "replicate", "replication_pad3d");
}
Tensor upsample_nearest1d(const Tensor &self, IntArrayRef size) {
  return resized(self, size, 1, "nearest", std::nullopt, "upsample_nearest1d");
}
Tensor upsample_nearest2d(const Tensor &self, IntArrayRef size) {
  return resized(self, size, 2, "nearest", std::nullopt, "upsample_nearest2d");
}
Tensor upsample_nearest3d(const Tensor &self, IntArrayRef size) {
  return resized(self, size, 3, "nearest", std::nullopt, "upsample_nearest3d");
}
Tensor upsample_linear1d(const Tensor &self, IntArrayRef size, bool corners) {
  return resized(self, size, 1, "linear", corners, "upsample_linear1d");
}
Tensor upsample_bilinear2d(const Tensor &self, IntArrayRef size, bool corners) {
  return resized(self, size, 2, "bilinear", corners, "upsample_bilinear2d");
}
Tensor upsample_bicubic2d(const Tensor &self, IntArrayRef size, bool corners) {
  return resized(self, size, 2, "bicubic", corners, "upsample_bicubic2d");
}
Tensor upsample_trilinear3d(const Tensor &self, IntArrayRef size, bool corners) {
  return resized(self, size, 3, "trilinear", corners, "upsample_trilinear3d");
}

Tensor convolution(const Tensor &input, const Tensor &weight, const std::optional<Tensor> &bias,
                   IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed,
                   IntArrayRef outputPadding, int64_t groups) {
  const int64_t rank = rankOf(weight, "convolution");
  const Tensor b = orNone(bias);
  switch (rank) {
  case 3:
    return transposed ? nn_conv_transpose1d(input, weight, b, stride, padding, outputPadding,
                                            groups, dilation)
                      : nn_conv1d(input, weight, b, stride, padding, dilation, groups);
  case 4:
    return transposed ? nn_conv_transpose2d(input, weight, b, stride, padding, outputPadding,
                                            groups, dilation)
                      : nn_conv2d(input, weight, b, stride, padding, dilation, groups);
  case 5:
    return transposed ? nn_conv_transpose3d(input, weight, b, stride, padding, outputPadding,
                                            groups, dilation)
                      : nn_conv3d(input, weight, b, stride, padding, dilation, groups);
  default:
    throw Error("convolution: expected a weight of 3 to 5 dimensions, found sizes " +
                toString(sizesOf(weight.sizes())));
  }
}

std::tuple<Tensor, Tensor, Tensor> native_batch_norm(const Tensor &input,
                                                     const std::optional<Tensor> &weight,
                                                     const std::optional<Tensor> &bias,
                                                     const std::optional<Tensor> &runningMean,
                                                     const std::optional<Tensor> &runningVar,
                                                     bool training, double momentum, double eps) {
  const int64_t rank = rankOf(input, "native_batch_norm");
  const Tensor out = plain_batch_norm(input, orNone(weight), orNone(bias), orNone(runningMean),
                                      orNone(runningVar), training, momentum, eps, false);
  if (!training)
    return {out, tjit::empty({0}, input.options().requires_grad(false)),
            tjit::empty({0}, input.options().requires_grad(false))};
  Dims others{0};
  for (int64_t d = 2; d < rank; ++d)
    others.push_back(d);
  const Tensor x = wide(input.detach());
  return {out, castTo(x.mean(refOf(others)), input.scalar_type()),
          castTo((x.var(refOf(others), 0) + eps).rsqrt(), input.scalar_type())};
}
std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor &input, IntArrayRef shape,
                                                     const std::optional<Tensor> &weight,
                                                     const std::optional<Tensor> &bias,
                                                     double eps) {
  const Tensor out = nn_layer_norm(input, shape, orNone(weight), orNone(bias), eps);
  std::vector<int64_t> dims;
  for (int64_t d = input.dim() - static_cast<int64_t>(shape.size()); d < input.dim(); ++d)
    dims.push_back(d);
  const Tensor x = wide(input.detach());
  return {out, castTo(x.mean(dims, true), input.scalar_type()),
          castTo((x.var(dims, 0, true) + eps).rsqrt(), input.scalar_type())};
}

static Tensor powerPool(const Tensor &numbers, double p, IntArrayRef kernel,
                        OptionalIntArrayRef stride, bool ceilMode, int64_t d,
                        const char *operation) {
  const Tensor input = castTo(numbers, floatDtype(implOf(numbers, operation).type().dtype));
  double elements = 1;
  for (int64_t k : spatial(kernel, d, "kernel_size", operation))
    elements *= static_cast<double>(k);
  const Tensor powers = input.pow(p);
  const Tensor mean = d == 1 ? nn_avg_pool1d(powers, kernel, stride, 0, ceilMode, true)
                      : d == 2
                          ? nn_avg_pool2d(powers, kernel, stride, 0, ceilMode, true, std::nullopt)
                          : nn_avg_pool3d(powers, kernel, stride, 0, ceilMode, true, std::nullopt);
  return autodiff::labeled((mean.sign() * mean.abs().relu() * elements).pow(1 / p), "PowBackward0");
}
Tensor nn_lp_pool1d(const Tensor &input, double p, IntArrayRef kernel, OptionalIntArrayRef stride,
                    bool ceilMode) {
  return powerPool(input, p, kernel, stride, ceilMode, 1, "lp_pool1d");
}
Tensor nn_lp_pool2d(const Tensor &input, double p, IntArrayRef kernel, OptionalIntArrayRef stride,
                    bool ceilMode) {
  return powerPool(input, p, kernel, stride, ceilMode, 2, "lp_pool2d");
}
Tensor nn_lp_pool3d(const Tensor &input, double p, IntArrayRef kernel, OptionalIntArrayRef stride,
                    bool ceilMode) {
  return powerPool(input, p, kernel, stride, ceilMode, 3, "lp_pool3d");
}
Tensor nn_pdist(const Tensor &input, double p) { return tjit::pdist(input, p); }

} // namespace ops
} // namespace v1
} // namespace tjit
