//===- AutogradGraph.h - histories: what a tensor knows of how it was computed ----------------===//
//
// The data structures of eager differentiation, and the doors through which the frontend reaches
// them:
//
//   recordOp:        tracks(operands) before it records, attach(...) after;
//   view functions:  attachView(...) for every view, whether or not gradients are wanted;
//   in-place calls:  checkWrite(self) first; recordWrite(self, value) before the value is stored.
//
// A result that requires grad points to a GradNode, whose edges point to the nodes of its operands;
// a leaf's node adds what arrives to the leaf's `grad`. Edges lead to lower sequence numbers, so a
// pass that takes nodes in falling order has every contribution when it reaches a node.
// AutogradEngine.cpp is that pass.
//
// A node keeps an operand that its rule reads by handle and version: a write to it since is an
// error of the pass, as in PyTorch, and the old value does not have to be kept. A result is kept by
// an alias, since a handle would be a cycle. Nodes, metas and the tensors they hold are destroyed
// without recursion, whatever the length of the chain.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/Composite.h"
#include "Frontend/TensorImpl.h"
#include "IR/OpKind.h"

#include "tjit/Autograd.h"

#include <functional>
#include <memory>

namespace tjit::autodiff {

struct GradNode;
struct NodeExtras;
struct CustomPart; // of a Custom node, see AutogradFunction.h
using NodeRef = rt::Ref<GradNode>;

/// A list of words, up to kInline without an allocation.
class SmallWords {
public:
  static constexpr uint32_t kInline = 6;
  SmallWords() {}
  SmallWords(const SmallWords &other) { append(other.span()); }
  SmallWords &operator=(const SmallWords &) = delete;
  ~SmallWords() {
    if (capacity_ > kInline)
      delete[] heap_;
  }
  void append(std::span<const int64_t> words) {
    if (size_ + words.size() > capacity_) [[unlikely]]
      grow(size_ + static_cast<uint32_t>(words.size()));
    int64_t *to = data() + size_;
    for (int64_t word : words)
      *to++ = word;
    size_ += static_cast<uint32_t>(words.size());
  }
  std::span<const int64_t> span() const { return {capacity_ > kInline ? heap_ : inline_, size_}; }

private:
  int64_t *data() { return capacity_ > kInline ? heap_ : inline_; }
  void grow(uint32_t needed);

  uint32_t size_ = 0, capacity_ = kInline;
  union {
    int64_t inline_[kInline];
    int64_t *heap_;
  };
};

/// One view call: a tensor read through `kind`. Applied to a newer parent it gives the view's newer
/// history.
struct ViewStep {
  OpKind kind;
  // as_strided: offset and strides count the storage's elements, not the parent's row-major ones.
  bool ofStorage = false;
  int64_t start = 0; // slice: start; as_strided: offset
  SmallWords attributes;
};

/// Where a tensor's elements lie in its storage.
struct Place {
  Dims sizes, strides;
  int64_t offset = 0;

  /// One past the last element.
  int64_t end() const;
};
Place placeOf(const TensorImpl &t);
/// Of an as_strided step that is `ofStorage`.
Place placeOf(const ViewStep &step);

struct DropStep {
  void operator()(ViewStep *step) const;
};
using PooledStep = std::unique_ptr<ViewStep, DropStep>;

/// An operand of a node: where its gradient goes, and its value if the rule reads it.
struct GradEdge {
  NodeRef node; // null: no gradient is wanted
  Tensor saved; // undefined: not read
  uint32_t version = 0;
  ScalarType dtype = ScalarType::Undefined;
  bool sameSizes =
      true; // as the result's; otherwise they stand in `words`, or are those of `saved`
  uint8_t rank = 0;
};

struct GradNode : autograd::Node {
  enum class Type : uint8_t {
    Operation, // an entry of TjitOps.td, differentiated by its rule
    Leaf,      // adds to `leaf`'s grad
    Function,  // a composition with a rule of its own, see Composite.h
    Custom,    // a user's autograd::Function; its gradients come from Output nodes
    Output,    // one result of a Custom node, which is its only edge; `start` is the number
    ViewWrite, // edges: a tensor before a write into a view of it, and the value written
    Overwrite, // edges: a tensor before all of it was written, which gets zeros, and what was
               // written
  };
  static constexpr unsigned kInline = 3;

  std::atomic<uint32_t> refs{1};
  OpKind kind{};
  Type type = Type::Operation;
  bool freed = false; // a pass without retain_graph has dropped what was saved
  bool saves = false; // something was saved
  bool flat = false;  // the gradients' derivative by what they choose by is zero, not missing
  uint8_t attributeWords = 0;
  uint32_t numEdges = 0;
  uint64_t sequence = 0;
  int64_t start = 0; // of slice, as_strided and write_view: the index operand
  GradEdge inlineEdges[kInline];
  Tensor savedResult;
  uint32_t resultVersion = 0;
  SmallWords words;           // attributes, then sizes of the edges that have neither the result's
                              // sizes nor a saved value
  TensorImpl *leaf = nullptr; // of a Leaf; null once the tensor is gone
  NodeExtras *extras = nullptr;
  const char *label = nullptr; // the name where it is not that of `kind`

  // Scratch of the pass `epoch`.
  uint64_t epoch = 0;
  Tensor pending;       // sum of the contributions so far
  bool reaches = false; // a wanted input lies at or behind this node
  int32_t capture = -1; // number of the wanted input
  GradNode *nextDead = nullptr;

  inline std::span<GradEdge> edges();
  std::span<const int64_t> attributes() const { return words.span().first(attributeWords); }
  bool isLeaf() const { return type == Type::Leaf; }
  static void destroy(GradNode *node);
};

/// Of a Function node.
struct FunctionPart {
  const char *name;
  CompositeRule rule;
  std::vector<TensorType> operands;
};

using Hook = std::function<Tensor(const Tensor &)>;

/// What few nodes have.
struct NodeExtras {
  NodeExtras();
  ~NodeExtras();
  std::vector<GradEdge> edges; // all of them, where they are more than kInline
  std::vector<std::pair<unsigned, Hook>> hooks;
  unsigned nextHook = 0;
  TensorImpl *retain = nullptr; // gets the gradient too: retain_grad()
  std::unique_ptr<FunctionPart> function;
  std::unique_ptr<CustomPart> custom;
  std::vector<std::pair<Tensor, uint32_t>> watched; // must still be of this version in a pass
  std::vector<ViewStep> steps;                      // of a ViewWrite: from the tensor to the view
  Place written;                                    // of a ViewWrite: of the tensor
};
inline std::span<GradEdge> GradNode::edges() {
  if (numEdges <= kInline)
    return {inlineEdges, numEdges};
  return extras->edges;
}

/// How a view came about, where a write through it could not be followed.
enum class ViewOrigin : uint8_t {
  Ordinary,
  MultiOutput, // one of several results: split, unbind
  NoGrad,      // made while grad mode was off
  Inference,   // the same in InferenceMode
  Function,    // made inside of a user's autograd::Function, or an input that it returned
};

/// What autograd knows of a tensor; made when it first takes part in a history, is a view, or
/// changes its geometry.
struct AutogradMeta {
  NodeRef node; // a Leaf: the tensor is a leaf that requires grad; null: does not require grad
  Tensor grad;
  // Of a view: how it was made, so that its history can be renewed when the storage was written.
  Tensor parent;
  PooledStep step;
  uint32_t version = 0; // of the storage when `node` was made
  bool retains = false; // retain_grad() was called
  // See follow(). The tensor's geometry changed: it is another name of `parent`, which nobody else
  // has and of whose history it takes part; there is no step.
  bool moved = false;
  bool origin = false;    // stands for what a moved tensor was at first
  bool uncounted = false; // from data(): writes do not count in the storage's version
  ViewOrigin viewOrigin = ViewOrigin::Ordinary;
};

//===------------------------------------------------------------------------------------------===//
// For recordOp, view functions and in-place calls
//===------------------------------------------------------------------------------------------===//

namespace detail {
[[gnu::tls_model("initial-exec")]] inline thread_local constinit bool gradMode = true;
[[gnu::tls_model("initial-exec")]] inline thread_local constinit bool gradEnabled = true;
/// Of the node that the thread made last.
[[gnu::tls_model("initial-exec")]] inline thread_local constinit uint64_t lastSequence = 0;
} // namespace detail
/// Grad mode of the calling thread, and whether it records histories: in grad mode and outside of
/// InferenceMode.
inline bool gradMode() { return detail::gradMode; }
inline bool gradEnabled() { return detail::gradEnabled; }
inline void setModes(bool grad, bool inference) {
  inferenceMode = inference;
  detail::gradMode = grad;
  detail::gradEnabled = grad && !inference;
}
inline void setGradEnabled(bool enabled) { setModes(enabled, inferenceMode); }

/// Whether an operation on these operands becomes part of a history: grad mode is on and one of
/// them requires grad. Evaluates a leaf among them that requires grad while its value is pending
/// (docs/design.md, decision 5), so it is called before the operation is recorded.
bool tracksSlow(std::span<TensorImpl *const> operands);
inline bool tracks(std::span<TensorImpl *const> operands) {
  for (const TensorImpl *operand : operands)
    if (operand->meta)
      return tracksSlow(operands);
  return false;
}

/// Gives `result`, which has no history yet, that of an operation on operands of which one requires
/// grad; nothing happens if its dtype has no gradients. `attributes`: the words of a trace node.
/// `start`: of slice, as_strided and write_view, the value of the index operand, which then need
/// not be among `operands`.
void attach(OpKind kind, std::span<TensorImpl *const> operands, std::span<const int64_t> attributes,
            TensorImpl &result, int64_t start = 0);

/// The same for a composition: `rule` gives the gradients of the operands.
void attachFunction(const char *name, std::span<TensorImpl *const> operands, TensorImpl &result,
                    CompositeRule rule, bool savesResult);

/// Says that `view` shares `parent`'s storage and is `kind` of it (permute, expand, reshape, slice,
/// as_strided), and gives it its history if grad mode is on and `parent` requires grad. detach()
/// makes an alias without calling this.
void attachView(OpKind kind, TensorImpl &parent, std::span<const int64_t> attributes, int64_t start,
                TensorImpl &view);

/// The same for any other geometry of the parent's storage, whose elements need not be the
/// parent's.
void attachStridedView(TensorImpl &parent, TensorImpl &view);

/// The gradient, laid out as `tensor`, of a view of its storage at another place. Where elements of
/// the tensor share memory each gets its part.
CompositeRule stridedRule(Place tensor, Place view);
/// A tensor's gradient in memory of its own that is laid out as the tensor's, and a view of that at
/// another place of the tensor's storage.
struct PlacedGradient {
  Tensor whole, part;
};
PlacedGradient placeGradient(const Tensor &gradient, const Place &whole, const Place &part);

/// Changes the geometry of `self` in place, for everybody who has it: it becomes `view`, a new view
/// of it that nobody else has, or a tensor over another storage. Counts a version. A leaf stays
/// one; otherwise its history becomes the view's. checkWrite(self) first.
void follow(TensorImpl &self, const Tensor &view);

/// What `t`, which has a meta, is a view of; null if it is none. The parent of a moved tensor is
/// what it follows.
TensorImpl *parentOf(TensorImpl &t);
/// The tensor at the end of the chain of parents, t itself if it is no view.
TensorImpl &rootOf(TensorImpl &t);
/// Whether `t` is a view to the user, for whom a moved tensor is what it was.
bool isView(TensorImpl &t);
/// Says that a view is one of several results of one call.
void markMultiOutput(TensorImpl &view);

/// Throws Error if an in-place call may not change `self`: a leaf that requires grad, or a view of
/// one, in grad mode.
void checkWriteSlow(TensorImpl &self, const char *operation);
inline void checkWrite(TensorImpl &self, const char *operation) {
  if (self.meta)
    checkWriteSlow(self, operation);
}

/// Called when `value` (of self's sizes and dtype) is about to be stored into `self`, before its
/// storage changes: the history of self, of the tensor it is a view of, and of other views becomes
/// that of the write. Where grad mode is off no history changes. Throws Error where `self` is a
/// view whose ViewOrigin forbids the write. `overwrites`: grad_fn's name where the value was given
/// rather than made from what stood in self.
void recordWriteSlow(TensorImpl &self, TensorImpl &value, const char *overwrites);
inline void recordWrite(TensorImpl &self, TensorImpl &value, const char *overwrites = nullptr) {
  if (self.meta || value.meta)
    recordWriteSlow(self, value, overwrites);
}

//===------------------------------------------------------------------------------------------===//
// For the methods of Tensor (AutogradTensor.cpp defines those that are about gradients)
//===------------------------------------------------------------------------------------------===//

/// The node that the tensor's gradient goes to, null if it does not require grad. Renews the
/// history of a view whose storage was written.
GradNode *renewedNode(TensorImpl &view);
inline GradNode *nodeOf(TensorImpl &t) {
  if (!t.meta)
    return nullptr;
  if (t.meta->parent.defined() && t.meta->version != t.storage->version) [[unlikely]]
    return renewedNode(t);
  return t.meta->node.get();
}
inline bool requiresGrad(TensorImpl &t) { return nodeOf(t) != nullptr; }

/// A handle of a tensor that has an owner.
Tensor handleOf(TensorImpl &t);
/// The same elements without history, and without a handle on the tensor itself.
Tensor aliasOf(const TensorImpl &t);
/// Throws Error where a node may not keep `t`: an inference tensor.
void checkSaved(const TensorImpl &t);
/// The message of a pass that finds a saved tensor overwritten.
[[noreturn]] void throwModified(const GradNode &node, const TensorImpl &t, uint32_t version);
[[noreturn]] void throwFreed(const GradNode &node);

/// Gives `t`, which is new and has no history, one whose gradient by `from`, the history of a
/// tensor of `type`, is zero.
void attachFlat(TensorImpl &t, GradNode &from, const TensorType &type);

/// For those who make nodes themselves: a node; its number, once it has its edges; its place as the
/// history of a tensor.
GradNode *newNode(GradNode::Type type, OpKind kind);
void setEdgeCount(GradNode &node, size_t count);
void setSequence(GradNode &node);
void setHistory(TensorImpl &t, NodeRef node);

/// The name of a result's history; null where it has none, or none that is known as a literal.
const char *labelOf(const Tensor &result);
/// Names the history of a result as PyTorch does, where it is not the operation that was recorded
/// last: "MeanBackward0". `result` is new.
void labelSlow(TensorImpl &result, const char *label);
inline const Tensor &labeled(const Tensor &result, const char *label) {
  if (result.impl()->meta)
    labelSlow(*result.impl(), label);
  return result;
}

/// See Tjit_Api's `flat`; `result` is new.
void markFlatSlow(TensorImpl &result);
inline void markFlat(const Tensor &result) {
  if (result.impl()->meta)
    markFlatSlow(*result.impl());
}

/// The name that the API's table has for the history of a call's results, given to what was
/// recorded since this was made: a result that was there before (a tensor that is contiguous
/// already) keeps its own. Without a name the histories keep theirs, and what nobody else has a
/// part of is no view.
class HistoryName {
public:
  explicit HistoryName(const char *name) : name_(name), before_(detail::lastSequence) {}
  void give(const Tensor &result) const {
    if (result.impl() && result.impl()->meta) [[unlikely]]
      giveSlow(*result.impl());
  }
  void give(const std::vector<Tensor> &results) const {
    for (const Tensor &result : results)
      give(result);
  }
  template <class... T> void give(const std::tuple<T...> &results) const {
    std::apply([&](const T &...result) { (give(result), ...); }, results);
  }
  template <class T> void give(const T &) const {} // a number beside tensors
  /// The same for a tensor that the call wrote to. One that is a view keeps its name, as the write
  /// became part of its base's history.
  void giveWritten(const Tensor &result) const {
    if (result.impl()->meta) [[unlikely]]
      giveWrittenSlow(*result.impl());
  }
  /// Makes a write to `operand` before a pass through the result's new history an error of the
  /// pass.
  void save(const Tensor &result, const Tensor &operand) const {
    if (result.impl() && result.impl()->meta && operand.impl()) [[unlikely]]
      saveSlow(*result.impl(), operand);
  }
  template <class... T>
  void save(const std::tuple<Tensor, T...> &results, const Tensor &operand) const {
    save(std::get<0>(results), operand);
  }

  /// See Tjit_Api's `flat`.
  void markFlat(const Tensor &result) const {
    if (result.impl() && result.impl()->meta && madeSince(*result.impl())) [[unlikely]]
      markFlatSlow(*result.impl());
  }
  template <class... T> void markFlat(const std::tuple<Tensor, T...> &results) const {
    markFlat(std::get<0>(results));
  }

private:
  GradNode *madeSince(TensorImpl &result) const;
  void forgetOwnParent(TensorImpl &result) const;
  void giveSlow(TensorImpl &result) const;
  void giveWrittenSlow(TensorImpl &result) const;
  void saveSlow(TensorImpl &result, const Tensor &operand) const;
  const char *name_;
  uint64_t before_;
};

/// `t.meta`, made if there is none.
AutogradMeta &metaOf(TensorImpl &t);
/// Frees `t.meta`, which is not null.
void destroyMeta(TensorImpl &t);
/// `node.extras`, made if there are none.
NodeExtras &extrasOf(GradNode &node);
/// Makes `t` a leaf that requires grad; its dtype has been checked.
void makeLeaf(TensorImpl &t);

/// One reverse pass. `inputs` null: adds to the `grad` of every leaf. Otherwise the gradients with
/// respect to the inputs are returned, undefined where no output depends on one.
struct PassOptions {
  bool retainGraph = false, createGraph = false;
  const std::vector<Tensor> *inputs = nullptr;
};
std::vector<Tensor> runBackward(std::span<const Tensor> outputs, std::span<const Tensor> gradients,
                                const PassOptions &options);

} // namespace tjit::autodiff
