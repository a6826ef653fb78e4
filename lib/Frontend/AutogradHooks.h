//===- AutogradHooks.h - what the frontend tells autograd
//---------------------------------------------------------===//
//
// The frontend calls these; lib/Frontend/Autograd*.cpp defines them, with AutogradMeta and the
// members of Tensor that Tensor.h lists under "autograd" (requires_grad_ ... backward, detach_; all
// but detach and operators).
//
//===------------------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/TensorImpl.h"
#include "IR/OpKind.h"

namespace tjit {
inline namespace v1 {
namespace autograd {

/// Grad mode of the calling thread; GradMode::set_enabled writes it.
bool gradEnabled();

/// Whether gradients flow to a tensor that has a meta: a leaf that requires grad, or the result of
/// a recorded operation.
bool metaRequiresGrad(const AutogradMeta &meta);
/// Of those the leaves. Never true for a view.
bool metaIsLeafThatRequiresGrad(const AutogradMeta &meta);
/// Also true for a view whose base requires grad since a write.
inline bool requiresGrad(const TensorImpl &t) {
  return (t.meta && metaRequiresGrad(*t.meta)) ||
         (t.base.defined() && requiresGrad(*t.base.impl()));
}

/// result = kind(operands){attributes}. Called when grad mode is on, the result is of floating
/// point and an operand requires grad; gives the result a grad_fn. The operands have their logical
/// shapes, whatever was recorded. Operands that the rule saves are remembered with their storage's
/// version.
void attach(OpKind kind, std::span<const Tensor> operands, std::span<const int64_t> attributes,
            const Tensor &result);

/// result is a view of `input` that equals kind(input){attributes}; slice and as_strided have
/// `start` for their operand of that kind. No operation was recorded. result.base is set. Called as
/// `attach` is.
void attachView(OpKind kind, const Tensor &input, int64_t start,
                std::span<const int64_t> attributes, const Tensor &result);

/// Before a write to `self` in grad mode: throws for a leaf that requires grad, and for a view of
/// one.
void checkInplace(const Tensor &self, const char *operation);

/// After a write in grad mode whose value's history is that of `value` (same sizes and dtype as
/// self): self's history becomes value's. Where self is a view, its base's history becomes a
/// write_view of value into the base's, and the histories of the views of that base are made again
/// when they are next asked for. Called if self or value requires grad.
void rebaseHistory(const Tensor &self, const Tensor &value);

void destroyMeta(AutogradMeta *meta);

} // namespace autograd
} // namespace v1
} // namespace tjit
