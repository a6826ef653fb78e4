//===- AutogradStrided.cpp - gradients of any geometry of a storage ---------------------------===//
//
// as_strided may read what its operand does not have, in memory that the operand shares with
// others. Gradients are laid out as the storage is: written there by one geometry and read by the
// other.
//
//===------------------------------------------------------------------------------------------===//

#include "Autodiff/Rules.h"
#include "Frontend/AutogradBuilder.h"
#include "Frontend/AutogradGraph.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"

#include <algorithm>

namespace tjit::autodiff {

Place placeOf(const TensorImpl &t) { return {t.type().sizes, t.strides, t.offset}; }
Place placeOf(const ViewStep &step) {
  const auto attrs = AsStridedAttrs::read(step.attributes.span().data());
  return {attrs.sizes, attrs.strides, step.start};
}
int64_t Place::end() const { return offset + extent(sizes, strides); }

namespace {

/// A row of memory that two places of a storage share.
struct SharedMemory {
  int64_t first, size;

  SharedMemory(const Place &a, const Place &b)
      : first(std::min(a.offset, b.offset)), size(std::max(a.end(), b.end()) - first) {}
  Tensor view(const Tensor &memory, const Place &place) const {
    return memory.as_strided(refOf(place.sizes), refOf(place.strides), place.offset - first);
  }
  /// The memory with the values at that place, summed where elements share one; else zeros.
  Tensor filled(const Tensor &values, const Place &place) const {
    EagerBuilder builder;
    AttrWords words;
    AsStridedAttrs{place.sizes, place.strides}.write(words);
    const TensorType type{values.scalar_type(), {size}};
    Tensor operand, gradient;
    RuleContext<EagerBuilder> context{builder,
                                      OpKind::as_strided,
                                      words.span(),
                                      {&operand, 1},
                                      {&type, 1},
                                      {},
                                      values.impl()->type(),
                                      values,
                                      place.offset - first,
                                      1,
                                      {&gradient, 1}};
    applyRule(context);
    return gradient;
  }
};

/// The gradient of a tensor of whose storage a view at another place was read: as PyTorch's
/// as_strided_backward (torch/csrc/autograd/FunctionsManual.cpp). Where elements of the tensor
/// share memory each gets its part.
Tensor stridedGradient(const Tensor &gradient, const Place &tensor, const Place &view) {
  if (numElements(tensor.sizes) == 0 || numElements(view.sizes) == 0)
    return recordFillLike(0, {gradient.scalar_type(), tensor.sizes});
  const SharedMemory shared(tensor, view);
  Tensor memory = shared.filled(gradient, view);
  if (overlapsItself(tensor.sizes, tensor.strides))
    memory =
        memory / shared.filled(recordFillLike(1, {gradient.scalar_type(), tensor.sizes}), tensor);
  return shared.view(memory, tensor);
}

} // namespace

CompositeRule stridedRule(Place tensor, Place view) {
  return [tensor = std::move(tensor), view = std::move(view)](CompositeGradient &g) {
    g.gradients[0] = stridedGradient(g.grad, tensor, view);
  };
}

PlacedGradient placeGradient(const Tensor &gradient, const Place &whole, const Place &part) {
  const SharedMemory shared(whole, part);
  const Tensor memory = recordFillLike(0, {gradient.scalar_type(), {shared.size}});
  const Tensor copied = shared.view(memory, whole);
  copied.copy_(gradient);
  return {copied, shared.view(memory, part)};
}

} // namespace tjit::autodiff
