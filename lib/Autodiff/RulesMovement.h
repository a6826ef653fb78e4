//===- RulesMovement.h ------------------------------------------------------------------------===//
// Derivatives of concat, gather and the scatters.
//
// Templates named by TjitDerivatives.td; see RuleContext.h for what they get and give.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
#include "IR/OpAttrs.h.inc"

namespace tjit::autodiff {

/// Each operand gets its part.
template <class B> void concatRule(RuleContext<B> &c) {
  const int64_t dim = ConcatAttrs::read(c.attributes.data()).dim;
  B &b = c.builder;
  int64_t start = 0;
  for (size_t i = 0; i < c.operandTypes.size(); ++i) {
    const int64_t size = c.operandTypes[i].sizes[static_cast<size_t>(dim)];
    if (c.needs(static_cast<unsigned>(i)))
      c.gradients[i] = b.sliceAt(c.grad, b.index(start), dim, size, 1);
    start += size;
  }
}

/// What was read in several places gets the sum of their cotangents. Where each line along `dim` is
/// read once (the loss of a classifier), a comparison with the index does that in elementwise
/// operations, which fuse.
template <class B> void gatherRule(RuleContext<B> &c) {
  const int64_t dim = GatherAttrs::read(c.attributes.data()).dim;
  B &b = c.builder;
  const TensorType &type = c.operandTypes[0];
  const size_t d = static_cast<size_t>(dim);
  Dims lines(type.sizes);
  if (!lines.empty())
    lines[d] = 1;
  if (!lines.empty() && c.operandTypes[1].sizes == lines) {
    Dims along(type.sizes.size(), 1);
    along[d] = type.sizes[d];
    auto hit = b.eq(b.reshape(b.iota(type.sizes[d]), along), c.operands[1]);
    c.gradients[0] = b.where(hit, c.grad, b.constant(0.0, type.dtype, {}));
    return;
  }
  auto zeros = b.constant(0.0, type.dtype, type.sizes);
  c.gradients[0] = b.scatter_add(zeros, c.operands[1], c.grad, dim);
}

/// A gradient for the part of a scatter's source that the index covers, with zeros for the rest.
template <class B>
typename B::Value coverSource(B &b, const typename B::Value &grad, const TensorType &source) {
  const TensorType part = b.typeOf(grad);
  if (part.sizes == source.sizes)
    return grad;
  auto zeros = b.constant(0.0, source.dtype, source.sizes);
  return b.writeViewAt(zeros, grad, b.index(0), part.sizes, contiguousStrides(source.sizes));
}
/// The part of a scatter's source that the index covers.
template <class B>
typename B::Value coveredSource(B &b, const typename B::Value &source, const Dims &covered) {
  auto part = source;
  for (size_t d = 0; d < covered.size(); ++d)
    if (b.typeOf(part).sizes[d] != covered[d])
      part = b.sliceAt(part, b.index(0), static_cast<int64_t>(d), covered[d], 1);
  return part;
}

template <class B> void scatterAddRule(RuleContext<B> &c) {
  const int64_t dim = ScatterAddAttrs::read(c.attributes.data()).dim;
  B &b = c.builder;
  if (c.needs(0))
    c.gradients[0] = c.grad;
  if (c.needs(2))
    c.gradients[2] = coverSource(b, b.gather(c.grad, c.operands[1], dim), c.operandTypes[2]);
}

/// As in PyTorch every source gets the cotangent of its place, also one that a later one overwrote.
template <class B> void scatterRule(RuleContext<B> &c) {
  const int64_t dim = ScatterAttrs::read(c.attributes.data()).dim;
  B &b = c.builder;
  if (c.needs(0)) {
    auto zeros = b.constant(0.0, c.resultType.dtype, c.operandTypes[1].sizes);
    c.gradients[0] = b.scatter(c.grad, c.operands[1], zeros, dim);
  }
  if (c.needs(2))
    c.gradients[2] = coverSource(b, b.gather(c.grad, c.operands[1], dim), c.operandTypes[2]);
}

/// The extreme elements that meet in one place share its cotangent evenly. A factor gets the
/// product of the others: the quotient by it, or, if it is the only zero there, the product without
/// it.
template <class B> void scatterReduceRule(RuleContext<B> &c) {
  const auto attrs = ScatterReduceAttrs::read(c.attributes.data());
  B &b = c.builder;
  const ScalarType dtype = c.resultType.dtype;
  auto &input = c.operands[0], &index = c.operands[1];
  auto source = coveredSource(b, c.operands[2], c.operandTypes[1].sizes);
  auto zero = b.constant(0.0, dtype, {}), one = b.constant(1.0, dtype, {});
  auto ofSource = [&](const typename B::Value &grad) {
    return coverSource(b, grad, c.operandTypes[2]);
  };
  if (attrs.reduction != ScatterReduction::prod) {
    auto inputWins = b.cast(b.eq(input, c.result), dtype);
    auto sourceWins = b.cast(b.eq(source, b.gather(c.result, index, attrs.dim)), dtype);
    auto winners = b.scatter_add(inputWins, index, sourceWins, attrs.dim);
    auto share = b.div(c.grad, winners);
    if (c.needs(0))
      c.gradients[0] = b.mul(inputWins, share);
    if (c.needs(2))
      c.gradients[2] = ofSource(b.mul(sourceWins, b.gather(share, index, attrs.dim)));
    return;
  }
  if (c.needs(0)) {
    auto safe = b.where(b.eq(input, zero), one, input);
    auto others = b.scatter_reduce(safe, index, source, attrs.dim, attrs.reduction);
    c.gradients[0] = b.div(b.mul(c.grad, others), safe);
  }
  if (c.needs(2)) {
    auto isZero = b.eq(source, zero);
    auto zeros = b.scatter_add(b.constant(0.0, dtype, c.resultType.sizes), index,
                               b.cast(isZero, dtype), attrs.dim);
    auto onlyZero = b.bitwise_and(isZero, b.eq(b.gather(zeros, index, attrs.dim), one));
    auto without =
        b.scatter_reduce(input, index, b.where(onlyZero, one, source), attrs.dim, attrs.reduction);
    auto quotient =
        b.div(b.gather(b.mul(c.grad, c.result), index, attrs.dim), b.where(isZero, one, source));
    c.gradients[2] =
        ofSource(b.where(onlyZero, b.gather(b.mul(c.grad, without), index, attrs.dim), quotient));
  }
}

} // namespace tjit::autodiff
