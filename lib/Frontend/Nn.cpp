//===- Nn.cpp ---------------------------------------------------------------------------------===//
// Softmax, losses of classes, dropout.

#include "Frontend/AutogradGraph.h"
#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/Evaluate.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

namespace tjit {
inline namespace v1 {
namespace ops {

static Tensor reduceDim(OpKind kind, const Tensor &t, int64_t dim) {
  AttrWords words;
  SumAttrs{{&dim, 1}, true}.write(words);
  return recordOp(kind, {&t, 1}, words.span());
}

/// The operand, row-major in the dtype that was asked for, with dim wrapped.
static Tensor normalizable(const Tensor &self, int64_t &dim, std::optional<ScalarType> dtype,
                           const char *operation) {
  const TensorImpl &t = implOf(self, operation);
  const Tensor x = castTo(self, dtype.value_or(t.type().dtype)).contiguous();
  if (!isFloatingType(x.scalar_type()) && x.numel() != 0) // as in PyTorch, whose kernels find out
    throw Error(std::string(operation) + ": expected a floating-point tensor, found " +
                toString(x.scalar_type()) + "; convert with to() or give a dtype");
  dim = wrapDim(dim, x.dim(), operation);
  return x;
}
/// x minus its largest element along dim, in the dtype to compute in.
static Tensor shifted(const Tensor &given, int64_t dim) {
  const Tensor x = wide(given);
  return x - reduceDim(OpKind::amax, x, dim);
}
static bool isScalarLike(const Tensor &t, const char *operation) {
  return implOf(t, operation).type().sizes.empty();
}

Tensor softmax(const Tensor &self, int64_t dim, std::optional<ScalarType> dtype) {
  if (isScalarLike(self, "softmax")) {
    wrapDim(dim, 0, "softmax");
    return self.reshape({1}).softmax(0, dtype).reshape({});
  }
  const Tensor x = normalizable(self, dim, dtype, "softmax");
  return compositeUnary(
      "Softmax", x,
      [dim](const Tensor &x) {
        if (x.numel() == 0)
          return x.clone();
        const Tensor e = shifted(x, dim).exp();
        return castTo(e / reduceDim(OpKind::sum, e, dim), x.scalar_type());
      },
      [dim](const Tensor &grad, const Tensor &, const Tensor &y) {
        const Tensor p = wide(y), product = wide(grad) * p;
        return castTo(product - p * reduceDim(OpKind::sum, product, dim), y.scalar_type());
      });
}
Tensor log_softmax(const Tensor &self, int64_t dim, std::optional<ScalarType> dtype) {
  if (isScalarLike(self, "log_softmax")) {
    wrapDim(dim, 0, "log_softmax");
    return self.reshape({1}).log_softmax(0, dtype).reshape({});
  }
  const Tensor x = normalizable(self, dim, dtype, "log_softmax");
  return compositeUnary(
      "LogSoftmax", x,
      [dim](const Tensor &x) {
        if (x.numel() == 0)
          return x.clone();
        const Tensor s = shifted(x, dim);
        return castTo(s - reduceDim(OpKind::sum, s.exp(), dim).log(), x.scalar_type());
      },
      [dim](const Tensor &grad, const Tensor &, const Tensor &y) {
        const Tensor g = wide(grad);
        return castTo(g - wide(y).exp() * reduceDim(OpKind::sum, g, dim), y.scalar_type());
      });
}

/// Whether every target that can be looked at is a class; throws where one is not. `ignored`:
/// whether one is ignore_index.
static void checkTargets(const Tensor &target, int64_t classes, int64_t ignoreIndex,
                         bool &ignored) {
  for (int64_t t : readNumbers<int64_t>(*target.impl())) {
    ignored |= t == ignoreIndex;
    if ((t < 0 || t >= classes) && t != ignoreIndex)
      throw IndexError("nll_loss: target " + std::to_string(t) + " is out of range for " +
                       std::to_string(classes) + " classes");
  }
}

namespace {

/// One loss for each target, its weight among them, and the weights' sum, by which a mean divides;
/// undefined where all of them are 1.
struct ClassLoss {
  Tensor loss, total;
};

/// -self[i][target[i]] * weight[target[i]]; self [n, c, ...], target [n, ...].
ClassLoss classLoss(const Tensor &self, const Tensor &target, const Tensor &weight,
                    int64_t ignoreIndex) {
  const int64_t classes = self.size(1);
  if (const ScalarType dtype = target.scalar_type(); dtype != kLong && dtype != kByte)
    throw Error(std::string("nll_loss, cross_entropy: classes must be int64 or uint8, found ") +
                toString(dtype) + "; convert with to(kLong)");
  const Tensor t = castTo(target, kLong);
  // Targets that are data are checked by the call. A mask over the classes then selects, which
  // fuses; else a gather does, and checks when it runs.
  bool ignored = false;
  const bool known = !t.impl()->storage->value->pending();
  if (known)
    checkTargets(t, classes, ignoreIndex, ignored);
  else
    ignored = true; // for all that is known
  Dims shape(static_cast<size_t>(self.dim()), 1);
  shape[1] = classes;
  const Tensor zero = recordFill(0, self.scalar_type(), {});
  const Tensor skip = ignored ? t.eq(ignoreIndex) : Tensor();
  const Tensor column = (known ? t : tjit::where(skip, 0, t)).unsqueeze(1);
  auto pick = [&](const Tensor &values) {
    if (!known)
      return values.gather(1, column).squeeze(1);
    const Tensor operands[] = {tjit::arange(classes).reshape(refOf(shape)).eq(column), values,
                               zero};
    return reduceDim(OpKind::sum, recordOp(OpKind::where, operands), 1).squeeze(1);
  };
  const Tensor loss = pick(self).neg();
  if (!weight.defined() && !ignored)
    return {loss, Tensor()};
  Tensor factor = weight.defined() ? pick(weight.reshape(refOf(shape)).expand(self.sizes()))
                                   : recordFill(1, self.scalar_type(), loss.impl()->type().sizes);
  if (ignored)
    factor = tjit::where(skip, zero, factor);
  return {ignored ? tjit::where(skip, zero, loss * factor) : loss * factor, factor.sum()};
}

Tensor reducedLoss(const ClassLoss &c, LossReduction reduction) {
  return c.total.defined() && reduction == LossReduction::mean ? c.loss.sum() / c.total
                                                               : reduced(c.loss, reduction);
}

/// self as [n, c, ...] and target as [n, ...].
void addBatch(Tensor &self, Tensor &target, const char *operation) {
  if (!isIntegralType(implOf(target, operation).type().dtype, false))
    throw Error(std::string(operation) + ": targets must be integers, found " +
                toString(target.scalar_type()));
  if (rankOf(self, operation) == 1 && target.dim() == 0) {
    self = self.unsqueeze(0), target = target.unsqueeze(0);
    return;
  }
  bool fits = self.dim() > 1 && target.dim() == self.dim() - 1;
  for (int64_t d = 0; fits && d < target.dim(); ++d)
    fits = target.size(d) == self.size(d + (d > 0));
  if (!fits)
    throw Error(std::string(operation) + ": expected sizes [n, c, ...] and [n, ...], found " +
                toString(sizesOf(self.sizes())) + " and " + toString(sizesOf(target.sizes())));
}
void checkWeight(const Tensor &weight, const Tensor &self, const char *operation) {
  if (weight.defined() && (weight.dim() != 1 || weight.size(0) != self.size(1)))
    throw Error(std::string(operation) + ": expected a weight for each of " +
                std::to_string(self.size(1)) + " classes, found sizes " +
                toString(sizesOf(weight.sizes())));
}

/// The name that libtorch's history has for losses of classes: images are another function's, other
/// shapes are turned into images, and back where nothing is reduced.
const char *nllHistory(int64_t rank, LossReduction reduction) {
  if (rank <= 2)
    return "NllLossBackward0";
  return rank != 4 && reduction == LossReduction::none ? "ViewBackward0" : "NllLoss2DBackward0";
}

Tensor nllLoss(const Tensor &input, const Tensor &target, const Tensor &weight,
               LossReduction reduction, int64_t ignoreIndex) {
  checkFloating(input, "nll_loss");
  Tensor self = wide(input), t = target;
  const bool batched = input.dim() != 1;
  addBatch(self, t, "nll_loss");
  checkWeight(weight, self, "nll_loss");
  refuseGradient(weight, "weight", "nll_loss");
  const Tensor loss = reducedLoss(
      classLoss(self, t, weight.defined() ? wide(weight) : weight, ignoreIndex), reduction);
  return autodiff::labeled(
      castTo(batched || reduction != LossReduction::none ? loss : loss.squeeze(0),
             input.scalar_type()),
      nllHistory(input.dim(), reduction));
}

Tensor crossEntropy(const Tensor &input, const Tensor &target, const Tensor &weight,
                    LossReduction reduction, int64_t ignoreIndex, double smoothing) {
  checkFloating(input, "cross_entropy");
  const bool batched = rankOf(input, "cross_entropy") != 1;
  if (input.dim() == 0)
    throw Error("cross_entropy: expected a tensor with dimensions");
  const Tensor x = wide(input), self = batched ? x : x.unsqueeze(0);
  const int64_t classes = self.size(1);
  const Tensor w = weight.defined() ? wide(weight) : weight;
  checkWeight(w, self, "cross_entropy");
  Dims along(static_cast<size_t>(self.dim()), 1);
  along[1] = classes;
  auto weighted = [&](const Tensor &t) { return w.defined() ? t * w.reshape(refOf(along)) : t; };
  const Tensor logs = wide(castTo(self.log_softmax(1), input.scalar_type()));
  Tensor loss;
  if (isFloatingType(implOf(target, "cross_entropy").type().dtype)) {
    if (!target.sizes().equals(input.sizes()))
      throw Error("cross_entropy: probabilities of sizes " + toString(sizesOf(target.sizes())) +
                  " do not match the input's " + toString(sizesOf(input.sizes())));
    Tensor p = batched ? target : target.unsqueeze(0);
    if (smoothing > 0)
      p = p * (1 - smoothing) + smoothing / static_cast<double>(classes);
    loss = reduceDim(OpKind::sum, weighted(logs * wide(p)), 1).squeeze(1).neg();
    loss = reduced(loss, reduction);
  } else {
    Tensor s = logs, t = target;
    if (!batched)
      t = t.unsqueeze(0);
    addBatch(s, t, "cross_entropy");
    refuseGradient(weight, "weight", "cross_entropy");
    const ClassLoss c = classLoss(logs, t, w, ignoreIndex);
    loss = reducedLoss(c, reduction);
    if (smoothing > 0) {
      ClassLoss smooth{reduceDim(OpKind::sum, weighted(logs), 1).squeeze(1).neg(), c.total};
      smooth.loss = tjit::where(castTo(t, kLong).eq(ignoreIndex), 0, smooth.loss);
      loss = loss * (1 - smoothing) +
             reducedLoss(smooth, reduction) * (smoothing / static_cast<double>(classes));
    }
  }
  const Tensor out = castTo(batched || reduction != LossReduction::none ? loss : loss.squeeze(0),
                            input.scalar_type());
  if (isFloatingType(target.scalar_type()))
    return autodiff::labeled(
        out, reduction == LossReduction::mean && input.numel() ? "DivBackward1" : "NegBackward0");
  return autodiff::labeled(out,
                           smoothing == 0 ? nllHistory(input.dim(), reduction) : "AddBackward0");
}

} // namespace

Tensor nll_loss(const Tensor &self, const Tensor &target, const Tensor &weight, int64_t reduction,
                int64_t ignoreIndex) {
  return nllLoss(self, target, weight, reductionOf(reduction, "nll_loss"), ignoreIndex);
}
Tensor nn_nll_loss(const Tensor &input, const Tensor &target, const Tensor &weight,
                   int64_t ignoreIndex, std::string_view reduction) {
  return nllLoss(input, target, weight, reductionOf(reduction, "nll_loss"), ignoreIndex);
}
Tensor cross_entropy(const Tensor &self, const Tensor &target, const Tensor &weight,
                     int64_t reduction, int64_t ignoreIndex) {
  return crossEntropy(self, target, weight, reductionOf(reduction, "cross_entropy"), ignoreIndex,
                      0);
}
Tensor nn_cross_entropy(const Tensor &input, const Tensor &target, const Tensor &weight,
                        int64_t ignoreIndex, std::string_view reduction, double smoothing) {
  if (!(smoothing >= 0 && smoothing <= 1))
    throw Error("cross_entropy: label_smoothing must be between 0 and 1, found " +
                std::to_string(smoothing));
  return crossEntropy(input, target, weight, reductionOf(reduction, "cross_entropy"), ignoreIndex,
                      smoothing);
}
Tensor dropout(const Tensor &self, double p, bool train) {
  implOf(self, "dropout");
  if (!(p >= 0 && p <= 1))
    throw ValueError("dropout: the probability must be between 0 and 1, found " +
                     std::to_string(p));
  if (!train || p == 0 || self.numel() == 0)
    return self;
  if (p == 1)
    return self * recordFill(0, self.scalar_type(), {});
  const Tensor operands[] = {uniformAs(self) >= p, self * (1 / (1 - p)),
                             recordFill(0, self.scalar_type(), {})};
  return recordOp(OpKind::where, operands);
}

} // namespace ops
} // namespace v1
} // namespace tjit
