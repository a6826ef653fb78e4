//===- Nn.cpp ---------------------------------------------------------------------------------===//
// Softmax, losses, dropout.

#include "Frontend/Evaluate.h"
#include "Frontend/Ops.h"
#include "IR/AttrWords.h"
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

/// x minus its largest element along dim, which no gradient flows through.
static Tensor shifted(const Tensor &self, int64_t &dim, std::optional<ScalarType> dtype,
                      const char *operation) {
  const TensorImpl &t = implOf(self, operation);
  const Tensor x = castTo(self, dtype.value_or(t.type.dtype));
  if (!isFloatingType(x.scalar_type()))
    throw Error(std::string(operation) + ": expected a floating-point tensor, found " +
                toString(x.scalar_type()) + "; convert with to() or give a dtype");
  dim = wrapDim(dim, x.dim(), operation);
  return x - reduceDim(OpKind::amax, x.detach(), dim);
}
static bool isScalarLike(const Tensor &t, const char *operation) {
  return implOf(t, operation).type.sizes.empty();
}

Tensor softmax(const Tensor &self, int64_t dim, std::optional<ScalarType> dtype) {
  if (isScalarLike(self, "softmax"))
    return self.reshape({1}).softmax(0, dtype).reshape({});
  const Tensor e = shifted(self, dim, dtype, "softmax").exp();
  return e / reduceDim(OpKind::sum, e, dim);
}
Tensor log_softmax(const Tensor &self, int64_t dim, std::optional<ScalarType> dtype) {
  if (isScalarLike(self, "log_softmax"))
    return self.reshape({1}).log_softmax(0, dtype).reshape({});
  const Tensor x = shifted(self, dim, dtype, "log_softmax");
  return x - reduceDim(OpKind::sum, x.exp(), dim).log();
}

/// 0: none, 1: mean, 2: sum.
static Tensor reduced(const Tensor &loss, int64_t reduction, const char *operation) {
  if (reduction < 0 || reduction > 2)
    throw Error(std::string(operation) +
                ": reduction must be 0 (none), 1 (mean) or 2 (sum), found " +
                std::to_string(reduction));
  return reduction == 0 ? loss : reduction == 1 ? loss.mean() : loss.sum();
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

Tensor nll_loss(const Tensor &self, const Tensor &target, const Tensor &weight, int64_t reduction,
                int64_t ignoreIndex) {
  implOf(self, "nll_loss");
  if (!isIntegralType(implOf(target, "nll_loss").type.dtype, false))
    throw Error(std::string("nll_loss: targets must be integers, found ") +
                toString(target.scalar_type()));
  if (self.dim() == 1 && target.dim() == 0) {
    const Tensor loss =
        tjit::nll_loss(self.unsqueeze(0), target.unsqueeze(0), weight, reduction, ignoreIndex);
    return reduction == 0 ? loss.squeeze(0) : loss;
  }
  if (self.dim() < 2 || target.dim() != self.dim() - 1)
    throw Error("nll_loss: expected sizes [n, c, ...] and [n, ...], found " +
                toString(sizesOf(self.sizes())) + " and " + toString(sizesOf(target.sizes())));
  const int64_t classes = self.size(1);
  const Tensor t = castTo(target, kLong);
  // Targets that are data are checked by the call. A mask over the classes then selects, which
  // fuses; else a gather does, and checks when it runs.
  bool ignored = false;
  const bool known = !t.impl()->storage->value->pending();
  if (known)
    checkTargets(t, classes, ignoreIndex, ignored);
  Dims shape(static_cast<size_t>(self.dim()), 1);
  shape[1] = classes;
  const Tensor column = t.unsqueeze(1), zero = recordFill(0, self.scalar_type(), {});
  auto pick = [&](const Tensor &values) {
    if (!known)
      return values.gather(1, t.unsqueeze(1)).squeeze(1);
    const Tensor operands[] = {tjit::arange(classes).reshape(refOf(shape)).eq(column), values,
                               zero};
    return reduceDim(OpKind::sum, recordOp(OpKind::where, operands), 1).squeeze(1);
  };
  Tensor loss = pick(self).neg();
  if (!weight.defined() && !ignored)
    return reduced(loss, reduction, "nll_loss");
  Tensor factor = weight.defined() ? pick(weight.reshape(refOf(shape)).expand(self.sizes()))
                                   : recordFill(1, self.scalar_type(), loss.impl()->type.sizes);
  if (ignored) {
    const Tensor operands[] = {t.eq(ignoreIndex), zero, factor};
    factor = recordOp(OpKind::where, operands);
  }
  loss = loss * factor;
  return reduction == 1 ? loss.sum() / factor.sum() : reduced(loss, reduction, "nll_loss");
}

Tensor cross_entropy(const Tensor &self, const Tensor &target, const Tensor &weight,
                     int64_t reduction, int64_t ignoreIndex) {
  const int64_t dim = implOf(self, "cross_entropy").type.sizes.size() > 1 ? 1 : 0;
  const Tensor logProbabilities = self.log_softmax(dim);
  if (!isFloatingType(implOf(target, "cross_entropy").type.dtype))
    return tjit::nll_loss(logProbabilities, target, weight, reduction, ignoreIndex);
  if (!(target.impl()->type.sizes == self.impl()->type.sizes))
    throw Error("cross_entropy: probabilities of sizes " + toString(sizesOf(target.sizes())) +
                " do not match the input's " + toString(sizesOf(self.sizes())));
  Tensor loss = logProbabilities * target;
  if (weight.defined()) {
    Dims shape(static_cast<size_t>(self.dim()), 1);
    shape[dim] = self.size(dim);
    loss = loss * weight.reshape(refOf(shape));
  }
  loss = loss.sum(dim).neg();
  return reduced(loss, reduction, "cross_entropy");
}

Tensor mse_loss(const Tensor &self, const Tensor &target, int64_t reduction) {
  return reduced((self - target).square(), reduction, "mse_loss");
}
Tensor dropout(const Tensor &self, double p, bool train) {
  implOf(self, "dropout");
  if (!(p >= 0 && p <= 1))
    throw ValueError("dropout: the probability must be between 0 and 1, found " +
                     std::to_string(p));
  if (!train || p == 0)
    return self;
  if (p == 1)
    return self * 0;
  const Tensor operands[] = {tjit::rand(self.sizes(), kFloat) >= p, self * (1 / (1 - p)),
                             recordFill(0, self.scalar_type(), {})};
  return recordOp(OpKind::where, operands);
}

} // namespace ops
} // namespace v1
} // namespace tjit
