//===- AutogradFunction.h - nodes of a user's autograd::Function ------------------------------===//
//
//   result k ──► Output node k ──┐
//                                ├──► Custom node ──► nodes of the inputs
//   result l ──► Output node l ──┘
//
// A call is one Custom node, whose backward wants the gradients of all results at once. Every
// result has an Output node of its own, which a pass takes like any other, so hooks, retain_grad
// and captured gradients are those of a tensor; its gradient is deposited in the Custom node.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/AutogradGraph.h"

#include "tjit/Function.h"

#include <mutex>

namespace tjit::autodiff {

/// What a Custom node is besides its edges.
struct CustomPart {
  struct Saved {
    Tensor tensor; // a handle of an input or of anything else; an alias of a result
    uint32_t version = 0;
    int64_t result = -1; // its number
  };

  explicit CustomPart(const char *typeName) : typeName(typeName) {}

  /// libtorch's: "torch::autograd::CppNode<Square>"
  std::string name() const;
  /// The user's backward, with its result checked: one gradient for each edge, of the input's
  /// dtype, undefined where there is none.
  std::vector<Tensor> backward(GradNode &node, std::vector<Tensor> gradients,
                               std::vector<bool> needed);
  /// Drops what was saved.
  void release();
  /// The Output node of a result, made anew if it is gone.
  NodeRef outputNode(GradNode &node, size_t number);

  const char *typeName;
  autograd::detail::FunctionBackward call = nullptr;
  autograd::AutogradContext context;
  std::vector<bool> isTensor;     // for each argument of forward
  std::vector<TensorType> inputs; // of the tensors among them, one for each edge
  std::vector<TensorType> results;
  std::vector<Tensor> received; // of the pass that is under way; empty before the first
  // Those that are alive; a result that is gone takes its node along, maybe in another thread.
  std::mutex mutex;
  std::vector<GradNode *> outputs;
};

/// An Output node is about to be destroyed.
void forgetOutput(GradNode &output);

/// What a program sees of a node: the function, not one of its results.
inline GradNode *functionOf(GradNode *node) {
  return node->type == GradNode::Type::Output ? node->inlineEdges[0].node.get() : node;
}

} // namespace tjit::autodiff

namespace tjit {
inline namespace v1 {
namespace autograd {

struct AutogradContext::State {
  // Of forward.
  std::vector<Tensor> toSave, dirty, nonDifferentiable;
  bool materialize = true;
  // Of backward.
  autodiff::GradNode *node = nullptr; // owns the context
  std::vector<autodiff::CustomPart::Saved> saved;
  bool freed = false;
  std::vector<bool> needed;
};

} // namespace autograd
} // namespace v1
} // namespace tjit
