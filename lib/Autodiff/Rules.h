//===- Rules.h --------------------------------------------------------------------------------===//
// Every derivative rule, and their dispatch.
//
//   c.grad, saved values  --applyRule-->  c.gradients, one per operand, in the operands' shapes
//
// Elementwise rules are DAGs in TjitDerivatives.td. Those that depend on shapes and attributes are
// the templates of the files included here, by the names that TjitDerivatives.td gives. The
// dispatch over all operations is generated.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Autodiff/RuleContext.h"
#include "Autodiff/RulesElementwise.h"
#include "Autodiff/RulesLinalg.h"
#include "Autodiff/RulesLine.h"
#include "Autodiff/RulesMovement.h"
#include "Autodiff/RulesReduction.h"
#include "Autodiff/RulesSpecial.h"
#include "Autodiff/RulesView.h"

namespace tjit::autodiff {

template <class B>
typename B::Value sumToType(B &b, const typename B::Value &grad, const TensorType &type) {
  const auto &from = b.typeOf(grad);
  if (from.sizes == type.sizes)
    return grad;
  const size_t added = from.sizes.size() - type.sizes.size();
  Dims summed;
  for (size_t i = 0; i < from.sizes.size(); ++i)
    if (i < added || (type.sizes[i - added] == 1 && from.sizes[i] != 1))
      summed.push_back(static_cast<int64_t>(i));
  auto sum = b.sum(grad, summed, false);
  // Dimensions that stay as size 1 were summed away with the others.
  return b.typeOf(sum).sizes == type.sizes ? sum : b.reshape(sum, type.sizes);
}

#include "Autodiff/RuleDispatch.h.inc"

} // namespace tjit::autodiff
