//===- RulesMovement.h ------------------------------------------------------------------------===//
// Derivatives of concat, gather and scatter_add.
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

template <class B> void scatterAddRule(RuleContext<B> &c) {
  const int64_t dim = ScatterAddAttrs::read(c.attributes.data()).dim;
  if (c.needs(0))
    c.gradients[0] = c.grad;
  if (c.needs(2))
    c.gradients[2] = c.builder.gather(c.grad, c.operands[1], dim);
}

} // namespace tjit::autodiff
