//===- ClassLosses.cpp ------------------------------------------------------------------------===//
// Margin losses of classes and labels, and connectionist temporal classification.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Compose.h"
#include "Frontend/Evaluate.h"
#include "IR/Infer.h"

#include <algorithm>
#include <cmath>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

/// [n, c] and [n, ...]: a sample alone becomes a batch of one.
struct Batch {
  Tensor input, target;
  bool alone, flat; // a sample without a batch; a loss without dimensions

  Batch(const Tensor &x, const Tensor &t, int64_t targetRank, const char *operation)
      : input(x), target(t), alone(rankOf(x, operation) < 2),
        flat(alone && (targetRank == 2 || rankOf(t, operation) == 0)) {
    checkFloating(x, operation);
    if (alone) {
      input = x.reshape({1, -1});
      target = targetRank == 1 && rankOf(t, operation) == 0 ? t.reshape({1}) : t;
      if (targetRank == 2)
        target = t.reshape({1, -1});
    }
    if (input.dim() != 2 || target.dim() != targetRank || target.size(0) != input.size(0) ||
        (targetRank == 2 && target.size(1) != input.size(1)))
      throw Error(std::string(operation) + ": the sizes of input and target do not fit: " +
                  toString(sizesOf(x.sizes())) + " and " + toString(sizesOf(t.sizes())));
    input = wide(input);
  }
  /// loss [n] reduced, in the dtype of x.
  Tensor finish(const Tensor &loss, LossReduction reduction, const Tensor &x) const {
    return rounded(flat && reduction == LossReduction::none ? loss.squeeze(0)
                                                            : reduced(loss, reduction),
                   x.scalar_type());
  }
};

Tensor multiMargin(const Tensor &input, const Tensor &target, int64_t p, double margin,
                   const Tensor &weight, LossReduction reduction) {
  const char *name = "multi_margin_loss";
  if (p != 1 && p != 2)
    throw Error("multi_margin_loss: p must be 1 or 2, found " + std::to_string(p));
  refuseSixteenBits(input, name);
  const Batch batch(input, target, 1, name);
  const Tensor &x = batch.input, y = longIndex(batch.target, name).unsqueeze(1);
  if (weight.defined() && (weight.dim() != 1 || weight.size(0) != x.size(1)))
    throw Error("multi_margin_loss: expected a weight for each of the " +
                std::to_string(x.size(1)) + " classes, found sizes " +
                toString(sizesOf(weight.sizes())));
  if (weight.defined())
    checkSameDtype(input, weight, name);
  refuseGradient(weight, "weight", name);
  const Tensor distance = margin - x.gather(1, y) + x;
  Tensor terms = tjit::where(distance.gt(0), distance, 0);
  if (p == 2)
    terms = terms * terms;
  if (weight.defined())
    terms = terms * wide(weight).index_select(0, y.squeeze(1)).unsqueeze(1);
  const Tensor others = tjit::arange(x.size(1)).ne(y);
  const Tensor loss = tjit::where(others, terms, 0).sum(1) / x.size(1);
  return batch.finish(loss, reduction, input);
}

Tensor multilabelMargin(const Tensor &input, const Tensor &target, LossReduction reduction) {
  const char *name = "multilabel_margin_loss";
  const Batch batch(input, target, 2, name);
  const Tensor &x = batch.input, labels = longIndex(batch.target, name);
  // Labels end at the first negative one.
  const Tensor valid = castTo(labels.ge(0), kLong).cumprod(1), y = labels * valid;
  const Tensor isLabel = tjit::zeros_like(labels).scatter_add(1, y, valid).gt(0);
  const Tensor distance = 1 - x.gather(1, y).unsqueeze(2) + x.unsqueeze(1);
  const Tensor counts = valid.ne(0)
                            .unsqueeze(2)
                            .logical_and(isLabel.logical_not().unsqueeze(1))
                            .logical_and(distance.gt(0));
  const Tensor loss = tjit::where(counts, distance, 0).sum({1, 2}) / x.size(1);
  return batch.finish(loss, reduction, input);
}

} // namespace

Tensor nn_multi_margin_loss(const Tensor &input, const Tensor &target, int64_t p, double margin,
                            const Tensor &weight, std::string_view reduction) {
  return multiMargin(input, target, p, margin, weight, reductionOf(reduction, "multi_margin_loss"));
}
Tensor plain_multi_margin_loss(const Tensor &self, const Tensor &target, const Scalar &p,
                               const Scalar &margin, const Tensor &weight, int64_t reduction) {
  return multiMargin(self, target, p.toLong(), margin.toDouble(), weight,
                     reductionOf(reduction, "multi_margin_loss"));
}
Tensor nn_multilabel_margin_loss(const Tensor &input, const Tensor &target,
                                 std::string_view reduction) {
  return multilabelMargin(input, target, reductionOf(reduction, "multilabel_margin_loss"));
}
Tensor plain_multilabel_margin_loss(const Tensor &self, const Tensor &target, int64_t reduction) {
  return multilabelMargin(self, target, reductionOf(reduction, "multilabel_margin_loss"));
}
Tensor nn_multilabel_soft_margin_loss(const Tensor &input, const Tensor &target,
                                      const Tensor &weight, std::string_view reduction) {
  const char *name = "multilabel_soft_margin_loss";
  const LossReduction r = reductionOf(reduction, name);
  checkFloating(input, name);
  implOf(target, name);
  const Tensor x = wide(input), t = wide(target);
  Tensor loss =
      (t * nn::functional::logsigmoid(x) + (1 - t) * nn::functional::logsigmoid(-x)).neg();
  if (weight.defined())
    loss = loss * wide(weight);
  // The input's last dimension, also where the weight has more of them.
  return rounded(reduced(loss.sum(std::max<int64_t>(input.dim() - 1, 0)) / input.size(-1), r),
                 input.scalar_type());
}

//===------------------------------------------------------------------------------------------===//
// Connectionist temporal classification (Graves and others, 2006)
//===------------------------------------------------------------------------------------------===//

namespace {

std::vector<int64_t> numbersOf(const Tensor &t, const char *what, int64_t count) {
  integerIndex(t, "ctc_loss");
  std::vector<int64_t> numbers = readNumbers<int64_t>(*t.detach().impl());
  if (static_cast<int64_t>(numbers.size()) != count)
    throw Error("ctc_loss: expected " + std::to_string(count) + " " + what + ", found sizes " +
                toString(sizesOf(t.sizes())));
  return numbers;
}

/// One loss for each sample, and the lengths of the targets.
Tensor ctc(const Tensor &logProbs, const Tensor &targets, const std::vector<int64_t> &steps,
           const std::vector<int64_t> &lengths, int64_t blank, bool zeroInfinity) {
  refuseSixteenBits(logProbs, "ctc_loss");
  const int64_t total = logProbs.size(0), n = logProbs.size(1), classes = logProbs.size(2);
  if (blank < 0 || blank >= classes)
    throw Error("ctc_loss: blank must be one of the " + std::to_string(classes) +
                " classes, found " + std::to_string(blank));
  integerIndex(targets, "ctc_loss");
  const std::vector<int64_t> labels = readNumbers<int64_t>(*targets.detach().impl());
  const bool rows = targets.dim() == 2;
  int64_t longest = 0, used = 0;
  for (int64_t b = 0; b < n; ++b) {
    if (steps[b] < 0 || steps[b] > total)
      throw Error("ctc_loss: an input length of " + std::to_string(steps[b]) + " with " +
                  std::to_string(total) + " steps");
    if (lengths[b] < 0 || (rows && lengths[b] > targets.size(1)))
      throw Error("ctc_loss: a target length of " + std::to_string(lengths[b]) +
                  " with targets of sizes " + toString(sizesOf(targets.sizes())));
    longest = std::max(longest, lengths[b]), used += lengths[b];
  }
  if (rows ? targets.size(0) != n : used != targets.numel())
    throw Error("ctc_loss: targets of sizes " + toString(sizesOf(targets.sizes())) +
                " do not fit the target lengths, whose sum is " + std::to_string(used));
  // The labels with blanks around; a label may follow the one before at once if they differ.
  const int64_t places = 2 * longest + 1;
  const int64_t sizes[] = {n, places};
  HostTensor path = makeHostTensor(kLong, sizes), skips = makeHostTensor(kBool, sizes),
             start = makeHostTensor(kBool, sizes), end = makeHostTensor(kBool, sizes);
  int64_t first = 0;
  for (int64_t b = 0; b < n; ++b) {
    const int64_t *row = labels.data() + (rows ? b * targets.size(1) : first);
    for (int64_t i = 0; i < places; ++i) {
      const int64_t at = b * places + i;
      const bool label = i % 2 && i / 2 < lengths[b];
      path.as<int64_t>()[at] = label ? row[i / 2] : blank;
      skips.as<bool>()[at] = label && i > 1 && row[i / 2] != row[i / 2 - 1];
      start.as<bool>()[at] = i == 0 || (i == 1 && lengths[b] > 0);
      end.as<bool>()[at] = i == 2 * lengths[b] || (i == 2 * lengths[b] - 1);
    }
    first += lengths[b];
  }
  const int64_t batch[] = {n};
  HostTensor stepsOf = makeHostTensor(kLong, batch);
  std::copy(steps.begin(), steps.end(), stepsOf.as<int64_t>());

  // A number in place of -infinity, whose differences are NaN.
  constexpr double kNever = -1e30;
  const Tensor x = wide(logProbs), index = path.tensor;
  auto scores = [&](int64_t t) { return x.select(0, t).gather(1, index).clamp_min(kNever); };
  auto shifted = [&](const Tensor &a, int64_t by) {
    return places > by
               ? tjit::cat({tjit::full({n, by}, kNever, a.options()), a.narrow(1, 0, places - by)},
                           1)
               : tjit::full({n, places}, kNever, a.options());
  };
  Tensor alpha = tjit::full({n, places}, kNever, x.options());
  if (total)
    alpha = tjit::where(start.tensor, scores(0), kNever);
  for (int64_t t = 1; t < total; ++t) {
    const Tensor from = tjit::stack(
        {alpha, shifted(alpha, 1), tjit::where(skips.tensor, shifted(alpha, 2), kNever)});
    const Tensor next = from.logsumexp({0}) + scores(t);
    alpha = tjit::where(stepsOf.tensor.gt(t).unsqueeze(1), next, alpha);
  }
  Tensor loss = tjit::where(end.tensor, alpha, kNever).logsumexp({1}).neg();
  const Tensor impossible = loss.gt(-kNever / 2);
  // PyTorch's gradient is that by the scores from which log_softmax made log_probs: it has the
  // probabilities themselves too.
  const Tensor within = stepsOf.tensor.gt(tjit::arange(total).unsqueeze(1)).unsqueeze(2);
  const Tensor same = tjit::where(within, x.detach().exp() * (x - x.detach()), 0);
  loss = loss + tjit::where(x.detach().isinf(), 0, same).sum({0, 2});
  return tjit::where(impossible, zeroInfinity ? 0 : std::numeric_limits<double>::infinity(), loss);
}

Tensor ctcReduced(const Tensor &logProbs, const Tensor &targets, const std::vector<int64_t> &steps,
                  const std::vector<int64_t> &lengths, int64_t blank, LossReduction reduction,
                  bool zeroInfinity) {
  const bool alone = logProbs.dim() == 2;
  Tensor loss =
      ctc(alone ? logProbs.unsqueeze(1) : logProbs, alone ? targets.reshape({1, -1}) : targets,
          steps, lengths, blank, zeroInfinity);
  if (reduction == LossReduction::mean) {
    const int64_t n[] = {static_cast<int64_t>(lengths.size())};
    HostTensor divisor = makeHostTensor(kLong, n);
    std::transform(lengths.begin(), lengths.end(), divisor.as<int64_t>(),
                   [](int64_t l) { return std::max<int64_t>(l, 1); });
    loss = loss / divisor.tensor;
  }
  return castTo(alone && reduction == LossReduction::none ? loss.squeeze(0)
                                                          : reduced(loss, reduction),
                logProbs.scalar_type());
}
Tensor ctcOfTensors(const Tensor &logProbs, const Tensor &targets, const Tensor &steps,
                    const Tensor &lengths, int64_t blank, LossReduction reduction, bool zero) {
  checkFloating(logProbs, "ctc_loss");
  if (logProbs.dim() != 2 && logProbs.dim() != 3)
    throw Error("ctc_loss: expected log_probs [t, n, c] or [t, c], found sizes " +
                toString(sizesOf(logProbs.sizes())));
  const int64_t n = logProbs.dim() == 3 ? logProbs.size(1) : 1;
  return ctcReduced(logProbs, targets, numbersOf(steps, "input lengths", n),
                    numbersOf(lengths, "target lengths", n), blank, reduction, zero);
}

} // namespace

Tensor nn_ctc_loss(const Tensor &log_probs, const Tensor &targets, const Tensor &input_lengths,
                   const Tensor &target_lengths, int64_t blank, std::string_view reduction,
                   bool zero_infinity) {
  return ctcOfTensors(log_probs, targets, input_lengths, target_lengths, blank,
                      reductionOf(reduction, "ctc_loss"), zero_infinity);
}
Tensor plain_ctc_loss(const Tensor &log_probs, const Tensor &targets, const Tensor &input_lengths,
                      const Tensor &target_lengths, int64_t blank, int64_t reduction,
                      bool zero_infinity) {
  return ctcOfTensors(log_probs, targets, input_lengths, target_lengths, blank,
                      reductionOf(reduction, "ctc_loss"), zero_infinity);
}
Tensor plain_ctc_loss(const Tensor &log_probs, const Tensor &targets, IntArrayRef input_lengths,
                      IntArrayRef target_lengths, int64_t blank, int64_t reduction,
                      bool zero_infinity) {
  return ctcOfTensors(log_probs, targets, fromIntegers(sizesOf(input_lengths)),
                      fromIntegers(sizesOf(target_lengths)), blank,
                      reductionOf(reduction, "ctc_loss"), zero_infinity);
}

} // namespace ops
} // namespace v1
} // namespace tjit
