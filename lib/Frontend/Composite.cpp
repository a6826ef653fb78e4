//===- Composite.cpp --------------------------------------------------------------------------===//
// Compositions with a derivative of their own.

#include "Frontend/Composite.h"

#include "Frontend/AutogradGraph.h"
#include "Frontend/Ops.h"

#include <algorithm>

namespace tjit {

Tensor composite(const char *name, std::initializer_list<Tensor> operands,
                 const std::function<Tensor()> &forward, CompositeRule rule, SavesResult saves) {
  std::vector<TensorImpl *> impls;
  for (const Tensor &operand : operands)
    impls.push_back(&implOf(operand, name));
  if (!autodiff::tracks(impls))
    return forward();
  Tensor result;
  {
    NoGradGuard without;
    result = forward();
    if (result.impl()->refs.load(0) != 1 || result.impl()->meta) // an operand, or known elsewhere
      result = result.clone();
  }
  autodiff::attachFunction(name, impls, *result.impl(), std::move(rule), saves == SavesResult::yes);
  return result;
}

Tensor withoutDerivative(const char *operation, std::initializer_list<Tensor> operands,
                         const std::function<Tensor()> &forward) {
  if (std::none_of(operands.begin(), operands.end(),
                   [](const Tensor &t) { return t.requires_grad(); })) [[likely]]
    return forward();
  return composite(operation, operands, forward, [operation](CompositeGradient &) {
    throw Error(std::string(operation) +
                ": has no derivative, and a gradient is wanted through it; "
                "detach() the operands");
  });
}

} // namespace tjit
