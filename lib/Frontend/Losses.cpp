//===- Losses.cpp -----------------------------------------------------------------------------===//
// Losses that compare element by element, and distances.
//
// The mean over all elements, their sum, or each for itself; losses of classes are in Nn.cpp.
// Each element's loss of 16-bit tensors is computed in float32 and rounded once, and so is a mean.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Evaluate.h"
#include "IR/Infer.h"

#include <cmath>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

/// The element-wise loss of two tensors, reduced, in `result`.
template <class R, class F>
Tensor lossIn(ScalarType result, const Tensor &input, const Tensor &target, R reduction,
              const char *operation, F elements) {
  const LossReduction r = reductionOf(reduction, operation);
  const ScalarType dtype = computeDtype(promoted(input, target));
  return reduced(rounded(elements(castTo(input, dtype), castTo(target, dtype)), result), r);
}
/// In the dtype to which they promote, which must have fractions.
template <class R, class F>
Tensor lossOf(const Tensor &input, const Tensor &target, R reduction, const char *operation,
              F elements) {
  implOf(input, operation), implOf(target, operation);
  const ScalarType dtype = promoted(input, target);
  if (!isFloatingType(dtype))
    throw Error(std::string(operation) + ": expected floating-point tensors, found " +
                toString(input.scalar_type()) + " and " + toString(target.scalar_type()) +
                "; convert one with to()");
  return lossIn(dtype, input, target, reduction, operation, elements);
}
/// A tensor without dimensions beside one that has some: some functions of libtorch broadcast
/// before they promote.
Tensor beside(const Tensor &t, const Tensor &other, const char *operation) {
  implOf(t, operation), implOf(other, operation);
  return t.dim() == 0 && other.dim() ? expandTo(t, sizesOf(other.sizes()), operation) : t;
}
Tensor weighted(const Tensor &loss, const Tensor &weight) {
  return weight.defined() ? loss * castTo(weight, computeDtype(weight.scalar_type())) : loss;
}
void checkSameSizes(const Tensor &input, const Tensor &target, const char *operation) {
  implOf(input, operation), implOf(target, operation);
  if (!input.sizes().equals(target.sizes()))
    throw ValueError(std::string(operation) + ": the target's sizes " +
                     toString(sizesOf(target.sizes())) + " must be the input's " +
                     toString(sizesOf(input.sizes())));
}
Tensor zeroLike(const Tensor &t) { return recordFill(0, t.scalar_type(), {}); }
/// Its gradient is 1 at 0 and 0 at NaN, as that of PyTorch's clamp_min.
Tensor positivePart(const Tensor &t) {
  return autodiff::labeled(t.clamp_min(0), "ClampMinBackward0");
}

Tensor squares(const Tensor &a, const Tensor &b) { return (a - b).square(); }

} // namespace

Tensor mse_loss(const Tensor &self, const Tensor &target, int64_t reduction) {
  return lossOf(self, target, reduction, "mse_loss", squares);
}
Tensor nn_mse_loss(const Tensor &input, const Tensor &target, std::string_view reduction,
                   const Tensor &weight) {
  return lossOf(beside(input, target, "mse_loss"), beside(target, input, "mse_loss"), reduction,
                "mse_loss",
                [&](const Tensor &x, const Tensor &t) { return weighted(squares(x, t), weight); });
}
Tensor nn_l1_loss(const Tensor &input, const Tensor &target, std::string_view reduction,
                  const Tensor &weight) {
  implOf(input, "l1_loss"), implOf(target, "l1_loss");
  refuseBool(input, "l1_loss"), refuseBool(target, "l1_loss");
  return lossIn(promoted(input, target), input, target, reduction, "l1_loss",
                [&](const Tensor &x, const Tensor &t) { return weighted((x - t).abs(), weight); });
}
Tensor nn_smooth_l1_loss(const Tensor &input, const Tensor &target, std::string_view reduction,
                         double beta) {
  if (beta < 0)
    throw Error("smooth_l1_loss: beta must not be negative, found " + std::to_string(beta));
  if (beta == 0)
    return nn_l1_loss(input, target, reduction, {});
  return lossOf(beside(input, target, "smooth_l1_loss"), beside(target, input, "smooth_l1_loss"),
                reduction, "smooth_l1_loss", [&](const Tensor &x, const Tensor &t) {
                  // The square of the difference itself has a second derivative at 0.
                  const Tensor e = x - t, d = e.abs();
                  return tjit::where(d.lt(beta), e * e * (0.5 / beta), d - 0.5 * beta);
                });
}
Tensor nn_huber_loss(const Tensor &input, const Tensor &target, std::string_view reduction,
                     double delta, const Tensor &weight) {
  if (!(delta > 0))
    throw Error("huber_loss: delta must be positive, found " + std::to_string(delta));
  checkFloating(input, "huber_loss"), implOf(target, "huber_loss");
  return lossIn(input.scalar_type(), input, target, reduction, "huber_loss",
                [&](const Tensor &x, const Tensor &t) {
                  const Tensor e = x - t, d = e.abs();
                  return weighted(tjit::where(d.lt(delta), e * e * 0.5, (d - 0.5 * delta) * delta),
                                  weight);
                });
}

Tensor nn_binary_cross_entropy(const Tensor &input, const Tensor &target, const Tensor &weight,
                               std::string_view reduction) {
  checkFloating(input, "binary_cross_entropy");
  checkSameDtype(input, target, "binary_cross_entropy");
  checkSameSizes(input, target, "binary_cross_entropy");
  refuseGradient(weight, "weight", "binary_cross_entropy");
  if (weight.defined())
    expandTo(weight, sizesOf(input.sizes()), "binary_cross_entropy"); // it is multiplied in place
  const Tensor probabilities = checkedValues(input, ValueRule::loss_probability),
               targets = checkedValues(target, ValueRule::loss_probability);
  // The logarithm of 0 counts as -100. Its gradient is that of 1e-12, as PyTorch's is.
  auto logarithm = [](const Tensor &x) {
    const Tensor small = x.lt(1e-12);
    const Tensor log = tjit::where(small, x.detach(), x).log().clamp_min(-100);
    return tjit::where(small, log.detach() + (x - x.detach()) * 1e12, log);
  };
  return lossOf(probabilities, targets, reduction, "binary_cross_entropy",
                [&](const Tensor &x, const Tensor &t) {
                  return weighted(logarithm(1 - x) * (t - 1) - logarithm(x) * t, weight);
                });
}
Tensor nn_binary_cross_entropy_with_logits(const Tensor &input, const Tensor &target,
                                           const Tensor &weight, std::string_view reduction,
                                           const Tensor &positive) {
  checkFloating(input, "binary_cross_entropy_with_logits");
  implOf(target, "binary_cross_entropy_with_logits");
  refuseBool(target, "binary_cross_entropy_with_logits"); // libtorch subtracts it from 1
  checkSameSizes(input, target, "binary_cross_entropy_with_logits");
  refuseGradient(weight, "weight", "binary_cross_entropy_with_logits");
  refuseGradient(positive, "pos_weight", "binary_cross_entropy_with_logits");
  for (const Tensor &factor : {weight, positive})
    if (factor.defined())
      expandTo(factor, sizesOf(input.sizes()), "binary_cross_entropy_with_logits");
  return lossOf(input, target, reduction, "binary_cross_entropy_with_logits",
                [&](const Tensor &x, const Tensor &t) {
                  const Tensor log = nn::functional::logsigmoid(x);
                  const Tensor ofOnes =
                      positive.defined() ? ((wide(positive) - 1) * t + 1) * log : log;
                  return weighted((1 - t) * x - ofOnes, weight);
                });
}

Tensor nn_kl_div(const Tensor &input, const Tensor &target, std::string_view reduction,
                 bool logTarget) {
  checkFloating(input, "kl_div"), checkFloating(target, "kl_div");
  const bool batchMean = reduction == "batchmean";
  const Tensor loss =
      lossOf(input, target, batchMean ? "sum" : reduction, "kl_div",
             [&](const Tensor &x, const Tensor &t) {
               if (logTarget)
                 return t.exp() * (t - x);
               const Tensor zero = t.eq(0);
               return tjit::where(zero, zeroLike(t), t * tjit::where(zero, 1, t).log()) - t * x;
             });
  return batchMean && input.dim() ? loss / input.size(0) : loss;
}
Tensor nn_poisson_nll_loss(const Tensor &numbers, const Tensor &target, bool logInput, bool full,
                           double eps, std::string_view reduction) {
  implOf(target, "poisson_nll_loss");
  // The exponential or the logarithm of integers has the default dtype.
  const Tensor input =
      castTo(numbers, floatDtype(implOf(numbers, "poisson_nll_loss").type().dtype));
  refuseBool(promoted(numbers, target), "poisson_nll_loss"); // libtorch subtracts the product
  if (!logInput)
    refuseBool(numbers, "poisson_nll_loss");
  if (full)
    refuseBool(target, "poisson_nll_loss");
  return lossIn(promoted(input, target), input, target, reduction, "poisson_nll_loss",
                [&](const Tensor &x, const Tensor &t) {
                  Tensor loss = logInput ? x.exp() - t * x : x - t * (x + eps).log();
                  if (full) {
                    // Stirling's approximation of log(t!), where t is above 1.
                    const Tensor large = t.gt(1), s = tjit::where(large, t, 1);
                    const Tensor term = s * s.log() - s + (s * (2 * M_PI)).log() * 0.5;
                    loss = loss + tjit::where(large, term, 0);
                  }
                  return loss;
                });
}
Tensor nn_gaussian_nll_loss(const Tensor &input, const Tensor &target, const Tensor &var, bool full,
                            double eps, std::string_view reduction) {
  implOf(var, "gaussian_nll_loss");
  return lossOf(input, target, reduction, "gaussian_nll_loss",
                [&](const Tensor &x, const Tensor &t) {
                  Tensor v = wide(var);
                  if (v.dim() + 1 == x.dim())
                    v = v.unsqueeze(-1);
                  // No gradient comes from the bound itself.
                  v = v + (v.detach().clamp_min(eps) - v.detach());
                  const Tensor loss = (v.log() + squares(x, t) / v) * 0.5;
                  return full ? loss + 0.5 * std::log(2 * M_PI) : loss;
                });
}
Tensor nn_soft_margin_loss(const Tensor &input, const Tensor &target, std::string_view reduction) {
  checkFloating(input, "soft_margin_loss"), implOf(target, "soft_margin_loss");
  refuseGradient(target, "target", "soft_margin_loss");
  expandTo(target, sizesOf(input.sizes()), "soft_margin_loss"); // libtorch multiplies in place
  return lossIn(input.scalar_type(), input, target, reduction, "soft_margin_loss",
                [](const Tensor &x, const Tensor &t) { return (x * t.neg()).exp().log1p(); });
}
Tensor nn_hinge_embedding_loss(const Tensor &input, const Tensor &target, double margin,
                               std::string_view reduction) {
  refuseBool(input, "hinge_embedding_loss"), implOf(target, "hinge_embedding_loss");
  // A target that is neither 1 nor -1 counts as both, as in PyTorch.
  return lossIn(input.scalar_type(), input, target, reduction, "hinge_embedding_loss",
                [&](const Tensor &x, const Tensor &t) {
                  return tjit::where(t.ne(1), positivePart(margin - x), 0) +
                         tjit::where(t.ne(-1), x, 0);
                });
}
Tensor nn_margin_ranking_loss(const Tensor &input1, const Tensor &input2, const Tensor &target,
                              double margin, std::string_view reduction) {
  const LossReduction r = reductionOf(reduction, "margin_ranking_loss");
  if (input1.dim() != input2.dim() || input1.dim() != target.dim())
    throw Error("margin_ranking_loss: all tensors must have as many dimensions, found sizes " +
                toString(sizesOf(input1.sizes())) + ", " + toString(sizesOf(input2.sizes())) +
                " and " + toString(sizesOf(target.sizes())));
  return reduced(positivePart(target.neg() * (input1 - input2) + margin), r);
}

//===------------------------------------------------------------------------------------------===//
// Distances and what is made of them
//===------------------------------------------------------------------------------------------===//

Tensor nn_cosine_embedding_loss(const Tensor &input1, const Tensor &input2, const Tensor &target,
                                double margin, std::string_view reduction) {
  const LossReduction r = reductionOf(reduction, "cosine_embedding_loss");
  const int64_t rank = rankOf(target, "cosine_embedding_loss");
  if (rank > 1 || rankOf(input1, "cosine_embedding_loss") != rank + 1 ||
      rankOf(input2, "cosine_embedding_loss") != rank + 1)
    throw Error("cosine_embedding_loss: expected inputs [n, d] and targets [n], or [d] and [], "
                "found sizes " +
                toString(sizesOf(input1.sizes())) + ", " + toString(sizesOf(input2.sizes())) +
                " and " + toString(sizesOf(target.sizes())));
  constexpr double kSmall = 1e-12;
  const Tensor a = wide(input1), b = wide(input2);
  const Tensor lengths = (((a * a).sum(rank) + kSmall) * ((b * b).sum(rank) + kSmall)).sqrt();
  const Tensor cosine = (a * b).sum(rank) / lengths;
  const Tensor loss = tjit::where(target.eq(1), 1 - cosine, 0) +
                      tjit::where(target.eq(-1), positivePart(cosine - margin), 0);
  return rounded(reduced(loss, r), floatDtype(promoted(input1, input2)));
}

Tensor nn_pairwise_distance(const Tensor &x1, const Tensor &x2, double p, double eps,
                            bool keepdim) {
  implOf(x1, "pairwise_distance"), implOf(x2, "pairwise_distance");
  return (x1 - x2 + eps).norm(p, -1, keepdim);
}

Tensor nn_triplet_margin_loss(const Tensor &anchor, const Tensor &positive, const Tensor &negative,
                              double margin, double p, double eps, bool swap,
                              std::string_view reduction) {
  const LossReduction r = reductionOf(reduction, "triplet_margin_loss");
  const int64_t rank = rankOf(anchor, "triplet_margin_loss");
  if (!(margin > 0))
    throw ValueError("triplet_margin_loss: the margin must be positive, found " +
                     std::to_string(margin));
  if (rankOf(positive, "triplet_margin_loss") != rank ||
      rankOf(negative, "triplet_margin_loss") != rank)
    throw Error("triplet_margin_loss: all tensors must have as many dimensions, found sizes " +
                toString(sizesOf(anchor.sizes())) + ", " + toString(sizesOf(positive.sizes())) +
                " and " + toString(sizesOf(negative.sizes())));
  const Tensor near = nn_pairwise_distance(wide(anchor), wide(positive), p, eps, false);
  Tensor far = nn_pairwise_distance(wide(anchor), wide(negative), p, eps, false);
  if (swap)
    far = far.minimum(nn_pairwise_distance(wide(positive), wide(negative), p, eps, false));
  return rounded(reduced(positivePart(near - far + margin), r),
                 floatDtype(promoted(anchor, negative)));
}

Tensor nn_cosine_similarity(const Tensor &x1, const Tensor &x2, int64_t dim, double eps) {
  implOf(x1, "cosine_similarity"), implOf(x2, "cosine_similarity");
  const ScalarType dtype = promoteTypes(x1.scalar_type(), x2.scalar_type());
  if (!isFloatingType(dtype))
    throw Error(std::string("cosine_similarity: expected floating-point tensors, found ") +
                toString(x1.scalar_type()) + " and " + toString(x2.scalar_type()));
  Dims sizes;
  if (!broadcastSizes(x1.impl()->type().sizes, x2.impl()->type().sizes, sizes))
    throw Error("cosine_similarity: the sizes do not broadcast: " + toString(sizesOf(x1.sizes())) +
                " and " + toString(sizesOf(x2.sizes())));
  auto direction = [&](const Tensor &t) {
    const Tensor x = expandTo(castTo(t, computeDtype(dtype)), sizes, "cosine_similarity");
    const Tensor length = x.norm(2, dim, true);
    // No gradient comes from the bound itself.
    return x / (length + (length.detach().clamp_min(eps) - length.detach()));
  };
  return castTo((direction(x1) * direction(x2)).sum(dim), dtype);
}

} // namespace ops
} // namespace v1
} // namespace tjit
