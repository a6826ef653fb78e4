//===- Composite.h ----------------------------------------------------------------------------===//
// Compositions with a derivative of their own.
//
// A function that is made of several primitives is differentiated through them, unless that is
// inexact or gives NaN where the function has a gradient (sigmoid at infinity: 0 * infinity). Such
// a function states its derivative here. The rule is recorded like any other computation, so it is
// differentiated in turn.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/TensorImpl.h"

#include <functional>
#include <span>

namespace tjit {

/// What a rule sees, and where it puts the gradients.
struct CompositeGradient {
  const Tensor &grad;               /// of the result
  std::span<const Tensor> operands; /// as they were at the call
  const Tensor &result;             /// undefined unless the rule asked for it
  std::span<Tensor> gradients;      /// one for each operand; an undefined one is none
  uint64_t needed;

  bool needs(size_t i) const { return needed >> i & 1; }
};
using CompositeRule = std::function<void(CompositeGradient &)>;

enum class SavesResult { no, yes };

/// forward(), computed without history, with the history of one operation on `operands` whose
/// gradients `rule` gives. A gradient may have the broadcast sizes and the promoted dtype: it is
/// summed and cast to the operand's. `name` is grad_fn's, as PyTorch's without "Backward0".
Tensor composite(const char *name, std::initializer_list<Tensor> operands,
                 const std::function<Tensor()> &forward, CompositeRule rule,
                 SavesResult saves = SavesResult::no);

/// forward(), computed without history, of an operation that nobody has derived: a backward pass
/// that wants a gradient through it throws, as PyTorch's does. The API's table names the history.
Tensor withoutDerivative(const char *operation, std::initializer_list<Tensor> operands,
                         const std::function<Tensor()> &forward);

/// The common cases: one operand, its gradient from (grad, x) or (grad, x, result).
template <class Forward, class Gradient>
Tensor compositeUnary(const char *name, const Tensor &x, const Forward &forward,
                      const Gradient &gradient) {
  constexpr bool ofResult = std::is_invocable_v<Gradient, Tensor, Tensor, Tensor>;
  return composite(
      name, {x}, [&] { return forward(x); },
      [gradient](CompositeGradient &g) {
        if constexpr (ofResult)
          g.gradients[0] = gradient(g.grad, g.operands[0], g.result);
        else
          g.gradients[0] = gradient(g.grad, g.operands[0]);
      },
      ofResult ? SavesResult::yes : SavesResult::no);
}

} // namespace tjit
