//===- AutogradGraph.h - histories: what a tensor knows of how it was computed ------------------------------------===//
//
// The data structures of eager differentiation and the doors through which the frontend reaches them:
//
//   recordOp        tracks(operands) before it records, attach(kind, operands, attributes, result) after
//   view functions  attachView(kind, self, attributes, start, view) for every view, whether or not gradients are wanted
//   in-place calls  checkWrite(self) first; recordWrite(self, value) when the new value is known, before it is stored
//
// A result that requires grad points to a GradNode, whose edges point to the nodes of its operands; a leaf's node adds what
// arrives to the leaf's `grad`. Edges lead to lower sequence numbers, so a pass that takes nodes in falling order has
// every contribution when it reaches a node. AutogradEngine.cpp is that pass.
//
// A node keeps an operand that its rule reads by handle and version: a write to it since is an error of the pass, as in
// PyTorch, and the old value does not have to be kept. A result is kept by an alias, since a handle would be a cycle.
// Nodes, metas and the tensors they hold are destroyed without recursion, whatever the length of the chain.
//
//===------------------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/TensorImpl.h"
#include "IR/OpKind.h"

#include "tjit/Autograd.h"

#include <memory>

namespace tjit::autodiff {

struct GradNode;
using NodeRef = rt::Ref<GradNode>;
using ImplRef = rt::Ref<TensorImpl>;

/// Words behind a pointer: attributes of one operation. Up to `kInline` without an allocation.
class SmallWords {
public:
  static constexpr uint32_t kInline = 6;
  SmallWords() = default;
  SmallWords(const SmallWords &) = delete;
  SmallWords &operator=(const SmallWords &) = delete;
  ~SmallWords() { clear(); }
  void assign(std::span<const int64_t> words) {
    clear();
    int64_t *to = words.size() > kInline ? (heap_ = new int64_t[words.size()]) : inline_;
    for (size_t i = 0; i < words.size(); ++i)
      to[i] = words[i];
    size_ = static_cast<uint32_t>(words.size());
  }
  void clear() {
    delete[] heap_;
    heap_ = nullptr, size_ = 0;
  }
  std::span<const int64_t> span() const { return {heap_ ? heap_ : inline_, size_}; }

private:
  int64_t *heap_ = nullptr;
  uint32_t size_ = 0;
  int64_t inline_[kInline];
};

/// One view call: `parent` read through `kind`. Applying it again to a newer parent gives the view's newer history.
struct ViewStep {
  OpKind kind;
  int64_t start = 0; // slice: start; as_strided: offset, in the parent's row-major elements
  SmallWords attributes;
};

/// An operand of a node: where its gradient goes, and its value if the rule reads it.
struct GradEdge {
  NodeRef node;  // null: no gradient is wanted
  ImplRef saved; // null: not read
  uint32_t version = 0;
  bool sameSizes = true; // as the result's: nothing was broadcast
  ScalarType dtype = ScalarType::Undefined;
};

/// What few nodes have: hooks, the tensor that retains its gradient, more than kInline operands, operand sizes that
/// differ from the result's.
struct NodeExtras;

struct GradNode : autograd::Node {
  enum class Type : uint8_t {
    Operation,  // an entry of TjitOps.td, differentiated by its rule
    Leaf,       // adds to `leaf`'s grad
    ViewWrite,  // edges: the root before the write, the value written into the view that `steps` describe
    Stop,       // a value written without history: the gradient ends here
  };
  static constexpr unsigned kInline = 3;

  std::atomic<uint32_t> refs{1};
  OpKind kind{};
  Type type = Type::Operation;
  bool freed = false; // saved values were dropped by a pass without retain_graph
  uint16_t numEdges = 0;
  uint64_t sequence = 0;
  int64_t start = 0; // of slice, as_strided and write_view: the concrete index operand
  GradEdge inlineEdges[kInline];
  ImplRef savedResult;
  uint32_t savedResultVersion = 0;
  SmallWords attributes;
  TensorImpl *leaf = nullptr; // of a Leaf; null once the tensor is gone
  NodeExtras *extras = nullptr;

  // Scratch of the pass `epoch`; meaningless to others.
  uint64_t epoch = 0;
  Tensor pending;       // sum of the contributions so far
  bool reaches = false; // a wanted input lies behind this node
  int32_t capture = -1; // wanted input number
  GradNode *nextDead = nullptr;

  std::span<GradEdge> edges();
  bool isLeaf() const { return type == Type::Leaf; }
  std::string name() const;
  static void destroy(GradNode *node);
};

/// What autograd knows of a tensor; made when the tensor first takes part in a history or is a view.
struct AutogradMeta {
  NodeRef node; // a Leaf: the tensor is a leaf that requires grad; null: does not require grad
  Tensor grad;
  // Of a view: how it was made, so that its history can be renewed when the storage was written.
  ImplRef parent;
  std::unique_ptr<ViewStep> step;
  uint32_t version = 0; // of the storage when `node` was made
  bool retains = false; // retain_grad() was called
};

//===----------------------------------------------------------------------------------------------------===//
// For recordOp, view functions and in-place calls
//===----------------------------------------------------------------------------------------------------===//

bool gradEnabled();
void setGradEnabled(bool enabled);

/// Whether an operation on these operands becomes part of a history: grad mode is on and one of them requires grad.
/// Evaluates a leaf among them that requires grad while its value is pending (docs/design.md, decision 5), so it is
/// called before the operation is recorded.
bool tracksSlow(std::span<TensorImpl *const> operands);
inline bool tracks(std::span<TensorImpl *const> operands) {
  for (const TensorImpl *operand : operands)
    if (operand->meta)
      return tracksSlow(operands);
  return false;
}

/// Gives `result`, which has no history yet, that of an operation; nothing happens if its dtype has no gradients.
/// `attributes`: the words of a trace node. `start`: of slice, as_strided and write_view, the value of the index operand
/// (which then need not be among `operands`).
void attach(OpKind kind, std::span<TensorImpl *const> operands, std::span<const int64_t> attributes,
            TensorImpl &result, int64_t start = 0);

/// Says that `view` shares `parent`'s storage and is `kind` of it (permute, expand, reshape, slice, as_strided), and
/// gives it its history if grad mode is on and `parent` requires grad. detach() makes views without calling this.
void attachView(OpKind kind, TensorImpl &parent, std::span<const int64_t> attributes, int64_t start,
                TensorImpl &view);

/// Throws Error if an in-place call may not change `self`: a leaf that requires grad, or a view of one, in grad mode.
void checkWriteSlow(TensorImpl &self, const char *operation);
inline void checkWrite(TensorImpl &self, const char *operation) {
  if (self.meta)
    checkWriteSlow(self, operation);
}

/// Called when `value` (of self's sizes and dtype) is about to be stored into `self`, before its storage changes: the
/// history of self, of its base and of other views becomes that of the write. Nothing happens where grad mode is off.
void recordWriteSlow(TensorImpl &self, TensorImpl &value);
inline void recordWrite(TensorImpl &self, TensorImpl &value) {
  if (self.meta || value.meta)
    recordWriteSlow(self, value);
}

//===----------------------------------------------------------------------------------------------------===//
// For the methods of Tensor (AutogradTensor.cpp defines those that are about gradients)
//===----------------------------------------------------------------------------------------------------===//

/// The node that `impl`'s gradient goes to, null if it does not require grad; renews a view's history.
GradNode *nodeOf(TensorImpl &impl);
inline bool requiresGrad(TensorImpl &impl) { return impl.meta && nodeOf(impl); }
/// Frees `impl.meta`; called by TensorImpl::destroy where it is not null.
void destroyMeta(TensorImpl &impl);

} // namespace tjit::autodiff
