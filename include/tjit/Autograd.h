//===- Autograd.h -----------------------------------------------------------------------------===//
// Gradients: modes, backward, grad.
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

TJIT_NAMESPACE_BEGIN

/// Whether the calling thread records the history of what it computes; on at the start of a thread.
struct TJIT_EXPORT GradMode {
  static bool is_enabled();
  static void set_enabled(bool enabled);
};

/// Sets the grad mode until the end of the scope.
class TJIT_EXPORT AutoGradMode {
public:
  explicit AutoGradMode(bool enabled) : before_(GradMode::is_enabled()) {
    GradMode::set_enabled(enabled);
  }
  AutoGradMode(const AutoGradMode &) = delete;
  AutoGradMode &operator=(const AutoGradMode &) = delete;
  ~AutoGradMode() { GradMode::set_enabled(before_); }

private:
  bool before_;
};

/// What is computed in its scope has no history; in-place operations on leaves are allowed.
class TJIT_EXPORT NoGradGuard : public AutoGradMode {
public:
  NoGradGuard() : AutoGradMode(false) {}
};

/// As NoGradGuard; results stay ordinary tensors.
class TJIT_EXPORT InferenceMode : public AutoGradMode {
public:
  explicit InferenceMode(bool enabled = true)
      : AutoGradMode(enabled ? false : GradMode::is_enabled()) {}
};

namespace autograd {

using Variable = Tensor;
using variable_list = std::vector<Tensor>;

/// An operation in a history. Valid as long as a NodePtr or a tensor computed from it is alive.
class TJIT_EXPORT Node {
public:
  Node(const Node &) = delete;
  Node &operator=(const Node &) = delete;
  /// "MulBackward0"
  std::string name() const;
  /// Operations that the gradient goes to next, one for each operand; null where it stops.
  std::vector<NodePtr> next_functions() const;

protected:
  Node() = default;
  ~Node() = default;
};

/// Shares ownership of a node; null for a leaf's grad_fn.
class TJIT_EXPORT NodePtr {
public:
  NodePtr() = default;
  NodePtr(std::nullptr_t) {}
  /// Takes over one count.
  static NodePtr adopt(Node *node) {
    NodePtr result;
    result.node_ = node;
    return result;
  }
  NodePtr(const NodePtr &other);
  NodePtr(NodePtr &&other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  NodePtr &operator=(NodePtr other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~NodePtr();
  Node *get() const { return node_; }
  Node *operator->() const { return node_; }
  Node &operator*() const { return *node_; }
  explicit operator bool() const { return node_ != nullptr; }
  friend bool operator==(const NodePtr &a, const NodePtr &b) { return a.node_ == b.node_; }
  friend bool operator!=(const NodePtr &a, const NodePtr &b) { return a.node_ != b.node_; }
  friend bool operator==(const NodePtr &a, std::nullptr_t) { return !a.node_; }
  friend bool operator!=(const NodePtr &a, std::nullptr_t) { return a.node_; }

private:
  Node *node_ = nullptr;
};

/// Adds the gradients of sum(tensors[i] * grad_tensors[i]) to the `grad` of every leaf (of `inputs`
/// only, if given). grad_tensors: one for each tensor, of its shape; undefined, or an empty list,
/// stands for 1 where the tensor has one element. retain_graph (default: create_graph) keeps what a
/// second pass needs; create_graph records the pass itself, so that the gradients can be
/// differentiated. Throws Error where a tensor has no history, a gradient's shape differs, the
/// graph was freed, or a saved value was modified in place since.
TJIT_EXPORT void backward(const variable_list &tensors, const variable_list &grad_tensors = {},
                          std::optional<bool> retain_graph = std::nullopt,
                          bool create_graph = false, const variable_list &inputs = {});

/// The gradients with respect to `inputs`, which may be leaves or results on the way; no `grad`
/// field is changed. An input that the outputs do not depend on is an error, or gives an undefined
/// tensor with allow_unused.
TJIT_EXPORT variable_list grad(const variable_list &outputs, const variable_list &inputs,
                               const variable_list &grad_outputs = {},
                               std::optional<bool> retain_graph = std::nullopt,
                               bool create_graph = false, bool allow_unused = false);

/// A function of a gradient. What it returns takes the gradient's place; an undefined result leaves
/// it as it is.
class Hook {
public:
  virtual ~Hook() = default;
  virtual Tensor operator()(const Tensor &gradient) = 0;
};
/// What Tensor::register_hook does; takes the hook over.
TJIT_EXPORT unsigned addHook(const Tensor &tensor, Hook *hook);

} // namespace autograd

template <class F> unsigned Tensor::register_hook(F &&hook) const {
  using Function = std::decay_t<F>;
  struct Call final : autograd::Hook {
    explicit Call(F &&f) : function(std::forward<F>(f)) {}
    Tensor operator()(const Tensor &gradient) override {
      if constexpr (std::is_void<decltype(function(gradient))>::value) {
        function(gradient);
        return Tensor();
      } else {
        return Tensor(function(gradient));
      }
    }
    Function function;
  };
  return autograd::addHook(*this, new Call(std::forward<F>(hook)));
}

TJIT_NAMESPACE_END
