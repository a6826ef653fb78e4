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

/// Nothing in its scope has a history, whatever the grad mode, and tensors that are made there are
/// inference tensors for ever: outside of the mode they cannot be written to, saved for a backward
/// pass or made to require grad (Error); a clone() is an ordinary tensor. Views of ordinary tensors
/// are ordinary. InferenceMode(false) within the mode leaves it and switches grad mode on.
class TJIT_EXPORT InferenceMode {
public:
  explicit InferenceMode(bool enabled = true);
  InferenceMode(const InferenceMode &) = delete;
  InferenceMode &operator=(const InferenceMode &) = delete;
  ~InferenceMode();
  static bool is_enabled();

private:
  bool inferenceBefore_, gradBefore_;
};

namespace autograd {

using Variable = Tensor;
using variable_list = std::vector<Tensor>;
using tensor_list = std::vector<Tensor>;

struct Edge;
using edge_list = std::vector<Edge>;

/// An operation in a history. Valid as long as a NodePtr or a tensor computed from it is alive.
class TJIT_EXPORT Node {
public:
  Node(const Node &) = delete;
  Node &operator=(const Node &) = delete;
  /// "MulBackward0"
  std::string name() const;
  /// Operations that the gradient goes to next, one for each operand; null where it stops.
  std::vector<NodePtr> next_functions() const;
  /// The same with the number of the result that each operand was; see Edge.
  edge_list next_edges() const;
  Edge next_edge(size_t i) const;
  uint32_t num_outputs() const;
  /// Higher than those of all operations that it depends on.
  uint64_t sequence_nr() const;

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

/// Where a gradient goes: which result of which operation. Not valid where it stops.
struct Edge {
  NodePtr function;
  uint32_t input_nr = 0;
  bool is_valid() const { return function != nullptr; }
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
