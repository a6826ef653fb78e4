//===- PlainNames.cpp -------------------------------------------------------------------------===//
// nn::functional as it is in namespace torch: other orders of parameters, reductions as numbers.

#include "Frontend/Compose.h"
#include "Frontend/Ops.h"

namespace tjit {
inline namespace v1 {
namespace ops {
#include "Frontend/OpsDeclarations.h.inc"

namespace {
std::string_view nameOf(int64_t reduction, const char *operation) {
  constexpr std::string_view names[] = {"none", "mean", "sum"};
  return names[static_cast<size_t>(reductionOf(reduction, operation))];
}
std::vector<std::optional<int64_t>> optionalSizes(IntArrayRef sizes) {
  return {sizes.begin(), sizes.end()};
}
} // namespace

//===------------------------------------------------------------------------------------------===//
// Activations
//===------------------------------------------------------------------------------------------===//

Tensor plain_elu(const Tensor &self, const Scalar &alpha, const Scalar &scale,
                 const Scalar &inputScale) {
  const double s = scale.toDouble(), in = inputScale.toDouble();
  if (s == 1 && in == 1)
    return nn_elu(self, alpha.toDouble(), false);
  checkFloating(self, "elu");
  const ScalarType dtype = self.scalar_type();
  const Tensor x = castTo(self, computeDtype(dtype)), positive = x.gt(0),
               negative = tjit::where(positive, 0, x);
  return castTo(tjit::where(positive, x * s, (negative * in).expm1() * (alpha.toDouble() * s)),
                dtype);
}
Tensor plain_celu(const Tensor &self, const Scalar &alpha) {
  return nn_celu(self, alpha.toDouble(), false);
}
Tensor plain_selu(const Tensor &self) { return nn_selu(self, false); }
Tensor plain_hardsigmoid(const Tensor &self) { return nn_hardsigmoid(self, false); }
Tensor plain_hardswish(const Tensor &self) { return nn_hardswish(self, false); }
Tensor plain_mish(const Tensor &self) { return nn_mish(self, false); }
Tensor plain_relu6(const Tensor &self) { return nn_relu6(self, false); }
Tensor plain_threshold(const Tensor &self, const Scalar &threshold, const Scalar &value) {
  return nn_threshold(self, threshold, value, false);
}
Tensor &threshold_(const Tensor &self, const Scalar &threshold, const Scalar &value) {
  nn_threshold(self, threshold, value, /*inplace=*/true);
  return mutableOf(self);
}

//===------------------------------------------------------------------------------------------===//
// Losses
//===------------------------------------------------------------------------------------------===//

Tensor plain_l1_loss(const Tensor &self, const Tensor &target, int64_t reduction) {
  return nn_l1_loss(self, target, nameOf(reduction, "l1_loss"), {});
}
Tensor plain_smooth_l1_loss(const Tensor &self, const Tensor &target, int64_t reduction,
                            double beta) {
  return nn_smooth_l1_loss(self, target, nameOf(reduction, "smooth_l1_loss"), beta);
}
Tensor plain_huber_loss(const Tensor &self, const Tensor &target, int64_t reduction, double delta) {
  return nn_huber_loss(self, target, nameOf(reduction, "huber_loss"), delta, {});
}
Tensor plain_binary_cross_entropy(const Tensor &self, const Tensor &target, const Tensor &weight,
                                  int64_t reduction) {
  return nn_binary_cross_entropy(self, target, weight, nameOf(reduction, "binary_cross_entropy"));
}
Tensor plain_binary_cross_entropy_with_logits(const Tensor &self, const Tensor &target,
                                              const Tensor &weight, const Tensor &posWeight,
                                              int64_t reduction) {
  return nn_binary_cross_entropy_with_logits(
      self, target, weight, nameOf(reduction, "binary_cross_entropy_with_logits"), posWeight);
}
Tensor plain_cross_entropy(const Tensor &self, const Tensor &target, const Tensor &weight,
                           int64_t reduction, int64_t ignoreIndex, double smoothing) {
  return nn_cross_entropy(self, target, weight, ignoreIndex,
                          nameOf(reduction, "cross_entropy_loss"), smoothing);
}
Tensor plain_kl_div(const Tensor &self, const Tensor &target, int64_t reduction, bool logTarget) {
  return nn_kl_div(self, target, nameOf(reduction, "kl_div"), logTarget);
}
Tensor plain_poisson_nll_loss(const Tensor &input, const Tensor &target, bool logInput, bool full,
                              double eps, int64_t reduction) {
  return nn_poisson_nll_loss(input, target, logInput, full, eps,
                             nameOf(reduction, "poisson_nll_loss"));
}
Tensor plain_soft_margin_loss(const Tensor &self, const Tensor &target, int64_t reduction) {
  return nn_soft_margin_loss(self, target, nameOf(reduction, "soft_margin_loss"));
}
Tensor plain_hinge_embedding_loss(const Tensor &self, const Tensor &target, double margin,
                                  int64_t reduction) {
  return nn_hinge_embedding_loss(self, target, margin, nameOf(reduction, "hinge_embedding_loss"));
}
Tensor plain_margin_ranking_loss(const Tensor &input1, const Tensor &input2, const Tensor &target,
                                 double margin, int64_t reduction) {
  return nn_margin_ranking_loss(input1, input2, target, margin,
                                nameOf(reduction, "margin_ranking_loss"));
}
Tensor plain_cosine_embedding_loss(const Tensor &input1, const Tensor &input2, const Tensor &target,
                                   double margin, int64_t reduction) {
  return nn_cosine_embedding_loss(input1, input2, target, margin,
                                  nameOf(reduction, "cosine_embedding_loss"));
}
Tensor plain_triplet_margin_loss(const Tensor &anchor, const Tensor &positive,
                                 const Tensor &negative, double margin, double p, double eps,
                                 bool swap, int64_t reduction) {
  return nn_triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap,
                                nameOf(reduction, "triplet_margin_loss"));
}

//===------------------------------------------------------------------------------------------===//
// Normalization, pools, and the rest
//===------------------------------------------------------------------------------------------===//

Tensor plain_layer_norm(const Tensor &input, IntArrayRef normalizedShape, const Tensor &weight,
                        const Tensor &bias, double eps, bool) {
  return nn_layer_norm(input, normalizedShape, weight, bias, eps);
}
Tensor plain_adaptive_avg_pool1d(const Tensor &self, IntArrayRef size) {
  return nn_adaptive_avg_pool1d(self, optionalSizes(size));
}
Tensor plain_adaptive_avg_pool2d(const Tensor &self, IntArrayRef size) {
  return nn_adaptive_avg_pool2d(self, optionalSizes(size));
}
Tensor plain_adaptive_avg_pool3d(const Tensor &self, IntArrayRef size) {
  return nn_adaptive_avg_pool3d(self, optionalSizes(size));
}
std::tuple<Tensor, Tensor> plain_adaptive_max_pool1d(const Tensor &self, IntArrayRef size) {
  return nn_adaptive_max_pool1d_with_indices(self, optionalSizes(size));
}
std::tuple<Tensor, Tensor> plain_adaptive_max_pool2d(const Tensor &self, IntArrayRef size) {
  return nn_adaptive_max_pool2d_with_indices(self, optionalSizes(size));
}
std::tuple<Tensor, Tensor> plain_adaptive_max_pool3d(const Tensor &self, IntArrayRef size) {
  return nn_adaptive_max_pool3d_with_indices(self, optionalSizes(size));
}

Tensor plain_pad(const Tensor &self, IntArrayRef pad, std::string_view mode,
                 std::optional<double> value) {
  return nn_pad(self, pad, mode, value ? std::optional<Scalar>(*value) : std::nullopt);
}
Tensor plain_embedding(const Tensor &weight, const Tensor &indices, int64_t paddingIdx,
                       bool scaleByFrequency, bool sparse) {
  return nn_embedding(indices, weight,
                      paddingIdx == -1 ? std::nullopt : std::optional<int64_t>(paddingIdx),
                      std::nullopt, 2, scaleByFrequency, sparse);
}

} // namespace ops
} // namespace v1
} // namespace tjit
