//===- AutogradGraph.cpp - building and dropping histories ------------------------------------===//
//
// What happens while operations are recorded: nodes are attached to results, views and writes are
// followed, and what nobody needs any more is destroyed.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradFunction.h"

#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Frontend/RecordOp.h"
#include "IR/AttrWords.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"
#include "Runtime/Pool.h"
#include "Runtime/Trace.h"

#include <algorithm>
#include <cstring>

namespace tjit::autodiff {

void DropStep::operator()(ViewStep *step) const { rt::Pool<ViewStep>::drop(step); }

void SmallWords::grow(uint32_t needed) {
  const uint32_t capacity = std::max(needed, capacity_ * 2);
  auto *to = new int64_t[capacity];
  std::memcpy(to, data(), size_ * sizeof(int64_t));
  if (capacity_ > kInline)
    delete[] heap_;
  heap_ = to, capacity_ = capacity;
}

//===------------------------------------------------------------------------------------------===//
// Lifetime
//===------------------------------------------------------------------------------------------===//

namespace {

// A node that dies releases its operands, whose metas release their nodes, and so on: the dead wait
// in a list instead of being destroyed inside one another.
struct Graveyard {
  GradNode *nodes = nullptr;
  AutogradMeta *metas = nullptr; // chained through `step`'s place, see destroyMeta
  bool busy = false;
};
[[gnu::tls_model("initial-exec")]] thread_local constinit Graveyard graveyard;

struct DeadMeta {
  AutogradMeta meta;
  DeadMeta *next = nullptr;
};

void freeNode(GradNode *node) {
  if (node->type == GradNode::Type::Output)
    forgetOutput(*node);
  delete node->extras;
  rt::Pool<GradNode>::drop(node);
}
void freeMeta(DeadMeta *meta) { rt::Pool<DeadMeta>::drop(meta); }

void bury() {
  Graveyard &g = graveyard;
  if (g.busy)
    return;
  g.busy = true;
  while (g.nodes || g.metas) {
    if (GradNode *node = g.nodes) {
      g.nodes = node->nextDead;
      freeNode(node);
    } else {
      auto *meta = reinterpret_cast<DeadMeta *>(g.metas);
      g.metas = reinterpret_cast<AutogradMeta *>(meta->next);
      freeMeta(meta);
    }
  }
  g.busy = false;
}

} // namespace

GradNode *newNode(GradNode::Type type, OpKind kind) {
  GradNode *node = rt::Pool<GradNode>::make();
  node->type = type;
  node->kind = kind;
  return node;
}

// Above every operand's number, whichever thread made them, and above what this thread made before.
void setSequence(GradNode &node) {
  uint64_t sequence = detail::lastSequence;
  for (const GradEdge &edge : node.edges())
    if (edge.node)
      sequence = std::max(sequence, edge.node->sequence);
  node.sequence = detail::lastSequence = sequence + 1;
}

void setEdgeCount(GradNode &node, size_t count) {
  node.numEdges = static_cast<uint32_t>(count);
  if (count > GradNode::kInline)
    extrasOf(node).edges.resize(count);
}

void GradNode::destroy(GradNode *node) {
  node->nextDead = graveyard.nodes;
  graveyard.nodes = node;
  bury();
}

void destroyMeta(TensorImpl &t) {
  AutogradMeta *meta = std::exchange(t.meta, nullptr);
  if (meta->moved)
    t.strides = Dims(); // the block expects lists on the heap only where those it was made with are
  if (GradNode *node = meta->node.get()) {
    if (node->leaf == &t)
      node->leaf = nullptr;
    if (meta->retains && node->extras && node->extras->retain == &t)
      node->extras->retain = nullptr;
  }
  auto *dead = reinterpret_cast<DeadMeta *>(meta);
  dead->next = reinterpret_cast<DeadMeta *>(graveyard.metas);
  graveyard.metas = meta;
  bury();
}

AutogradMeta &metaOf(TensorImpl &t) {
  if (!t.meta)
    t.meta = &rt::Pool<DeadMeta>::make()->meta;
  return *t.meta;
}

NodeExtras &extrasOf(GradNode &node) {
  if (!node.extras)
    node.extras = new NodeExtras;
  return *node.extras;
}

void makeLeaf(TensorImpl &t) {
  GradNode *node = newNode(GradNode::Type::Leaf, OpKind{});
  node->leaf = &t;
  AutogradMeta &meta = metaOf(t);
  meta.node = NodeRef::adopt(node);
  meta.version = t.storage->version;
  if (meta.moved && meta.parent.defined())
    metaOf(*meta.parent.impl()).node = meta.node; // views that are made later ask it
  if (t.storage->value->pending())
    noteLeafWrite(t.storage);
}

//===------------------------------------------------------------------------------------------===//
// Operations
//===------------------------------------------------------------------------------------------===//

bool tracksSlow(std::span<TensorImpl *const> operands) {
  if (!gradEnabled())
    return false;
  bool any = false;
  for (TensorImpl *operand : operands) {
    GradNode *node = nodeOf(*operand);
    // A view that was made without grad mode, or before its base required grad, requires grad as
    // its base does, but its gradient goes nowhere: as in PyTorch the result has a history, which
    // ends there.
    if (!any && !node && operand->meta && operand->meta->parent.defined() &&
        isFloatingType(operand->type().dtype))
      any = requiresGrad(rootOf(*operand));
    if (!node)
      continue;
    any = true;
    if (node->isLeaf() && operand->storage->value->pending())
      evaluateLeaf(*operand);
  }
  return any;
}

Tensor handleOf(TensorImpl &t) {
  t.refs.fetch_add(1, std::memory_order_relaxed);
  return Tensor::adopt(&t);
}

Tensor aliasOf(const TensorImpl &t) { return makeAlias(t, t.type().sizes, t.strides, t.offset); }

void checkSaved(const TensorImpl &t) {
  if (t.storage->inference)
    throw Error("inference tensors cannot be saved for backward: a tensor of sizes " +
                toString(t.type().sizes) +
                " was made in InferenceMode and is used where autograd records; clone() it, or "
                "make it under NoGradGuard instead");
}

/// The node, whose edges are set, becomes the history of the result.
static void makeHistory(NodeRef node, TensorImpl &result, bool savesResult) {
  if (savesResult) {
    node->savedResult = aliasOf(result);
    node->resultVersion = result.storage->version;
  }
  setSequence(*node);
  AutogradMeta &meta = metaOf(result);
  meta.node = std::move(node);
  meta.version = result.storage->version;
}

void attach(OpKind kind, std::span<TensorImpl *const> operands, std::span<const int64_t> attributes,
            TensorImpl &result, int64_t start) {
  if (!isFloatingType(result.type().dtype))
    return;
  NodeRef owner = NodeRef::adopt(newNode(GradNode::Type::Operation, kind));
  GradNode *const node = owner.get();
  node->start = start;
  setEdgeCount(*node, operands.size());
  const std::span<GradEdge> edges = node->edges();
  const OpInfo &info = opInfo(kind);
  uint32_t saved = info.savedByOperand ? 0 : info.savedOperands;
  for (size_t i = 0; i < operands.size(); ++i) {
    TensorImpl &t = *operands[i];
    edges[i].dtype = t.type().dtype;
    if (GradNode *from = nodeOf(t)) {
      edges[i].node = NodeRef::share(from);
      if (info.savedByOperand)
        saved |= info.savedByOperand[i];
    }
  }
  for (size_t i = 0; i < operands.size(); ++i)
    if (i < 31 && saved >> i & 1)
      checkSaved(*operands[i]);
  node->words.append(attributes);
  node->attributeWords = static_cast<uint8_t>(attributes.size());
  bool saves = false;
  for (size_t i = 0; i < operands.size(); ++i) {
    TensorImpl &t = *operands[i];
    if (i < 31 && saved >> i & 1) {
      edges[i].saved = handleOf(t);
      edges[i].version = t.storage->version;
      edges[i].sameSizes = false;
      // A number of the program is no tensor that a pass would have to free.
      saves |= t.storage->value->trace.load(std::memory_order_relaxed) != rt::scalarTrace();
    } else if (!(t.type().sizes == result.type().sizes)) {
      edges[i].sameSizes = false;
      edges[i].rank = static_cast<uint8_t>(t.type().sizes.size());
      node->words.append(t.type().sizes);
    }
  }
  node->saves = saves || saved >> 31;
  makeHistory(std::move(owner), result, saved >> 31);
}

const char *labelOf(const Tensor &result) {
  const GradNode *node = result.impl()->meta ? result.impl()->meta->node.get() : nullptr;
  if (!node || node->label)
    return node ? node->label : nullptr;
  return node->type == GradNode::Type::Operation ? opInfo(node->kind).history : nullptr;
}
void labelSlow(TensorImpl &result, const char *label) {
  if (GradNode *node = result.meta->node.get(); node && !node->isLeaf())
    node->label = label;
}

void markFlatSlow(TensorImpl &result) {
  if (GradNode *node = result.meta->node.get(); node && !node->isLeaf())
    node->flat = true;
}

GradNode *HistoryName::madeSince(TensorImpl &result) const {
  GradNode *node = result.meta->node.get();
  return node && node->sequence > before_ && !node->isLeaf() ? node : nullptr;
}

/// Many functions end in a view of something that nobody else has. To their callers that is no
/// view.
void HistoryName::forgetOwnParent(TensorImpl &result) const {
  // One that others have too was there before: a view that was written in place and given back.
  if (result.meta->moved || result.refs.load(std::memory_order_acquire) != 1)
    return;
  TensorImpl &root = rootOf(result);
  bool own = root.meta && madeSince(root);
  if (!own) {
    own = true;
    for (TensorImpl *t = parentOf(result); own && t; t = t->meta ? parentOf(*t) : nullptr)
      own = t->refs.load(std::memory_order_acquire) == 1;
  }
  if (!own)
    return;
  result.meta->parent.reset();
  result.meta->step.reset();
  result.meta->viewOrigin = ViewOrigin::Ordinary;
}

void HistoryName::giveSlow(TensorImpl &result) const {
  if (result.meta->parent.defined())
    forgetOwnParent(result);
  if (GradNode *node = name_ ? madeSince(result) : nullptr)
    node->label = name_;
}

void HistoryName::giveWrittenSlow(TensorImpl &result) const {
  if (result.meta->moved)
    (void)nodeOf(result); // it is a view to us only: what the write made of it is made now
  else if (result.meta->parent.defined())
    return;
  // The call may have written to a view of the tensor, and then that is what its history says.
  if (const GradNode *node = madeSince(result); node && node->type != GradNode::Type::ViewWrite)
    giveSlow(result);
}

void HistoryName::saveSlow(TensorImpl &result, const Tensor &operand) const {
  // A write to a view went into the history of the tensor at the root of the chain.
  TensorImpl &root = rootOf(result);
  TensorImpl &written = root.meta && madeSince(root) ? root : result;
  if (GradNode *node = madeSince(written)) {
    for (const GradEdge &edge : node->edges())
      if (edge.saved.is_same(operand))
        return; // the operation does it
    checkSaved(*operand.impl());
    extrasOf(*node).watched.emplace_back(operand, operand.impl()->storage->version);
    node->saves = true;
  }
}

/// The history of a function of one operand, of `type`, whose rule reads the gradient only.
static void attachUnsaved(const char *name, GradNode &from, const TensorType &type,
                          TensorImpl &result, CompositeRule rule) {
  NodeRef owner = NodeRef::adopt(newNode(GradNode::Type::Function, OpKind{}));
  GradNode *const node = owner.get();
  setEdgeCount(*node, 1);
  node->edges()[0].node = NodeRef::share(&from);
  extrasOf(*node).function =
      std::make_unique<FunctionPart>(FunctionPart{name, std::move(rule), {type}});
  makeHistory(std::move(owner), result, false);
}

void attachFlat(TensorImpl &t, GradNode &from, const TensorType &type) {
  attachUnsaved("Flat", from, type, t,
                [type](CompositeGradient &g) { g.gradients[0] = recordFillLike(0, type); });
}

/// `view` is any geometry of `parent`'s storage.
static void attachStrided(TensorImpl &parent, TensorImpl &view) {
  GradNode *const from = nodeOf(parent);
  if (!from || !isFloatingType(view.type().dtype))
    return;
  attachUnsaved("AsStrided", *from, parent.type(), view,
                stridedRule(placeOf(parent), placeOf(view)));
}

void attachFunction(const char *name, std::span<TensorImpl *const> operands, TensorImpl &result,
                    CompositeRule rule, bool savesResult) {
  if (!isFloatingType(result.type().dtype))
    return;
  NodeRef owner = NodeRef::adopt(newNode(GradNode::Type::Function, OpKind{}));
  GradNode *const node = owner.get();
  setEdgeCount(*node, operands.size());
  auto function = std::make_unique<FunctionPart>(FunctionPart{name, std::move(rule), {}});
  const std::span<GradEdge> edges = node->edges();
  for (size_t i = 0; i < operands.size(); ++i) {
    TensorImpl &t = *operands[i];
    checkSaved(t);
    function->operands.push_back(t.type());
    if (GradNode *from = nodeOf(t))
      edges[i].node = NodeRef::share(from);
    edges[i].saved = handleOf(t);
    edges[i].version = t.storage->version;
  }
  extrasOf(*node).function = std::move(function);
  node->saves = true;
  makeHistory(std::move(owner), result, savesResult);
}

//===------------------------------------------------------------------------------------------===//
// Views and writes
//===------------------------------------------------------------------------------------------===//

/// What a moved tensor was at first; undefined where its storage was another one.
static Tensor originOf(const TensorImpl &moved) {
  Tensor t = moved.meta->parent;
  while (t.defined() && !(t.impl()->meta && t.impl()->meta->origin))
    t = t.impl()->meta ? t.impl()->meta->parent : Tensor();
  return t;
}

TensorImpl *parentOf(TensorImpl &t) {
  Tensor &parent = t.meta->parent;
  if (!parent.defined())
    return nullptr;
  const AutogradMeta *above = parent.impl()->meta;
  if (above && above->moved && !t.meta->moved) [[unlikely]] {
    // A view of what the parent was when it was made; views that are made later have what the
    // parent follows for their parent.
    Tensor origin = originOf(*parent.impl());
    parent = std::move(origin);
  }
  return parent.impl();
}

TensorImpl &rootOf(TensorImpl &t) {
  TensorImpl *root = &t;
  while (root->meta) {
    TensorImpl *parent = parentOf(*root);
    if (!parent)
      break;
    root = parent;
  }
  return *root;
}

bool isView(TensorImpl &t) {
  if (!t.meta)
    return false;
  if (!t.meta->moved)
    return parentOf(t) != nullptr;
  const Tensor origin = originOf(t);
  return origin.defined() && parentOf(*origin.impl());
}

/// Gives a view the history that `step` of `parent`, which requires grad, has.
static void attachStep(const ViewStep &step, TensorImpl &parent, TensorImpl &view) {
  TensorImpl *const operand = &parent;
  if (step.ofStorage)
    attachStrided(parent, view);
  else
    attach(step.kind, {&operand, 1}, step.attributes.span(), view, step.start);
}

static void becomeView(OpKind kind, TensorImpl &parent, std::span<const int64_t> attributes,
                       int64_t start, bool ofStorage, TensorImpl &view) {
  AutogradMeta &meta = metaOf(view);
  meta.parent = parent.meta && parent.meta->moved ? parent.meta->parent : handleOf(parent);
  meta.step.reset(rt::Pool<ViewStep>::make());
  meta.step->kind = kind;
  meta.step->ofStorage = ofStorage;
  meta.step->start = start;
  meta.step->attributes.append(attributes);
  meta.version = view.storage->version;
  meta.viewOrigin = detail::gradEnabled
                        ? parent.meta ? parent.meta->viewOrigin : ViewOrigin::Ordinary
                    : inferenceMode ? ViewOrigin::Inference
                                    : ViewOrigin::NoGrad;
  TensorImpl *const operand = &parent;
  if (tracks({&operand, 1}))
    attachStep(*meta.step, parent, view);
}

void attachView(OpKind kind, TensorImpl &parent, std::span<const int64_t> attributes, int64_t start,
                TensorImpl &view) {
  becomeView(kind, parent, attributes, start, false, view);
}

/// The attributes of an as_strided that reads where the view lies.
static AttrWords placeWords(const TensorImpl &view) {
  AttrWords words;
  AsStridedAttrs{view.type().sizes, view.strides}.write(words);
  return words;
}

void attachStridedView(TensorImpl &parent, TensorImpl &view) {
  becomeView(OpKind::as_strided, parent, placeWords(view).span(), view.offset, true, view);
}

void markMultiOutput(TensorImpl &view) {
  if (view.meta && gradEnabled())
    view.meta->viewOrigin = ViewOrigin::MultiOutput;
}

/// As PyTorch's handle_view_on_rebase; `what` was modified in place.
[[noreturn]] static void throwForbidden(const AutogradMeta &view, const char *what) {
  const std::string grad_fn =
      view.node && !view.node->isLeaf() ? "an output of " + view.node->name() : "a tensor";
  const bool mode =
      view.viewOrigin == ViewOrigin::NoGrad || view.viewOrigin == ViewOrigin::Inference;
  std::string message =
      mode ? std::string("a view was created in ") +
                 (view.viewOrigin == ViewOrigin::NoGrad ? "no_grad" : "inference") + " mode and " +
                 what + " modified inplace in grad mode. "
           : grad_fn + " is a view and " + what + " modified inplace. ";
  switch (view.viewOrigin) {
  case ViewOrigin::MultiOutput:
    message += "It is the output of a function that returns multiple views, which must not be "
               "modified inplace; use an out-of-place operation, or clone() it first";
    break;
  case ViewOrigin::Function:
    message += "It was created inside a custom Function (or is an input that was returned as it "
               "is), whose backward the write would override; clone() the output of the Function";
    break;
  default:
    message += "That is ambiguous, so it is forbidden: move both the view and the inplace "
               "operation inside the no_grad block, or both outside";
  }
  throw Error(message);
}

GradNode *renewedNode(TensorImpl &view) {
  // From the oldest stale ancestor down: each one's history is its step on its parent's.
  std::vector<TensorImpl *> stale;
  for (TensorImpl *t = &view; t && t->meta && t->meta->version != t->storage->version;
       t = parentOf(*t))
    if (parentOf(*t))
      stale.push_back(t);
  for (size_t i = stale.size(); i-- > 0;) {
    TensorImpl &t = *stale[i];
    AutogradMeta &meta = *t.meta;
    // What any other geometry of the storage reads need not be its parent's, but is the root's.
    TensorImpl *const parent = meta.step && meta.step->ofStorage ? &rootOf(t) : parentOf(t);
    GradNode *from = parent->meta ? parent->meta->node.get() : nullptr;
    if (meta.moved) {
      meta.version = t.storage->version;
      if (from != meta.node.get() && !(meta.node && meta.node->isLeaf()))
        setHistory(t, from ? NodeRef::share(from) : NodeRef());
      continue;
    }
    if (meta.viewOrigin == ViewOrigin::Function && gradEnabled())
      throwForbidden(meta, "its base or another view of its base was");
    if (!from) {
      meta.version = t.storage->version;
      if (meta.node && !meta.node->isLeaf())
        meta.node.reset();
      continue;
    }
    if (meta.node && (meta.node->isLeaf() || meta.node->edges()[0].node.get() == from)) {
      meta.version = t.storage->version;
      continue; // a write that left the parent's history alone
    }
    if (meta.viewOrigin != ViewOrigin::Ordinary) {
      if (gradEnabled())
        throwForbidden(meta, "its base or another view of its base was");
      break;
    }
    meta.version = t.storage->version;
    const bool retains = meta.retains;
    meta.node.reset();
    attachStep(*meta.step, *parent, t);
    if (meta.node)
      meta.node->label = "AsStridedBackward0";
    if (retains && meta.node)
      extrasOf(*meta.node).retain = &t;
  }
  return view.meta->node.get();
}

void checkWriteSlow(TensorImpl &self, const char *operation) {
  if (!gradEnabled())
    return;
  GradNode *node = nodeOf(self);
  if (node && node->isLeaf())
    throw Error(std::string(operation) +
                ": a leaf tensor that requires grad is used in an in-place operation; do it under "
                "NoGradGuard, or on a result or a detach() of it");
  // A leaf may itself be a view of something that does not require grad; a view of it without a
  // history (made under NoGradGuard) is then one of that.
  bool ofLeaf = false;
  for (TensorImpl *t = parentOf(self); t && !ofLeaf; t = t->meta ? parentOf(*t) : nullptr)
    ofLeaf =
        t->meta && t->meta->node && t->meta->node->isLeaf() && (node || !t->meta->parent.defined());
  if (ofLeaf)
    throw Error(std::string(operation) +
                ": a view of a leaf tensor that requires grad is used in an in-place operation; do "
                "it under NoGradGuard, or on a view of a result or of a detach()");
}

/// Points saved handles of the tensor that is about to be overwritten to its present value:
/// x.mul_(y) needs the old x for the gradient of y.
static void keepOldOperands(GradNode &node, const TensorImpl &self) {
  for (GradEdge &edge : node.edges()) {
    if (!edge.saved.defined() || edge.saved.impl()->storage != self.storage)
      continue;
    const TensorImpl &t = *edge.saved.impl();
    if (edge.version != t.storage->version)
      continue; // overwritten before: the pass will say so
    Tensor old = copyStorage(t);
    if (edge.node)
      metaOf(*old.impl()).node = edge.node;
    edge.saved = std::move(old);
    edge.version = 0;
  }
}

void setHistory(TensorImpl &t, NodeRef node) {
  AutogradMeta &meta = metaOf(t);
  if (meta.retains) {
    if (meta.node && meta.node->extras && meta.node->extras->retain == &t)
      meta.node->extras->retain = nullptr;
    if (node)
      extrasOf(*node).retain = &t;
  }
  meta.node = std::move(node);
}

/// What a view of any geometry read is the root's, not only its parent's, once it is written: the
/// node of the value that is written reads what was there from the root. `chain`: from the view up.
static void readFromRoot(GradNode &from, TensorImpl &root, std::span<TensorImpl *const> chain) {
  const auto last = std::find_if(chain.rbegin(), chain.rend(),
                                 [](const TensorImpl *t) { return t->meta->step->ofStorage; });
  const GradNode *const old = last == chain.rend() ? nullptr : nodeOf(*chain.front());
  if (!old)
    return;
  Tensor parent = aliasOf(root);
  metaOf(*parent.impl()).node = root.meta->node;
  for (auto t = last; t != chain.rend(); ++t) {
    const GradNode *const present = (*t)->meta->node.get();
    if (!present)
      return;
    Tensor view = aliasOf(**t);
    attachStep(*(*t)->meta->step, *parent.impl(), *view.impl());
    view.impl()->meta->node->sequence = present->sequence; // before `from`
    parent = std::move(view);
  }
  for (GradEdge &edge : from.edges())
    if (edge.node.get() == old)
      edge.node = parent.impl()->meta->node;
}

void recordWriteSlow(TensorImpl &self, TensorImpl &value, const char *overwrites) {
  if (!isFloatingType(self.type().dtype))
    return;
  if (!gradEnabled()) {
    TensorImpl &root = rootOf(self);
    if (root.meta && root.meta->node && root.meta->node->isLeaf())
      noteLeafWrite(root.storage);
    return;
  }
  GradNode *from = nodeOf(value);
  if (self.meta && self.meta->viewOrigin != ViewOrigin::Ordinary) {
    if (from || nodeOf(self) || nodeOf(rootOf(self)))
      throwForbidden(*self.meta, "is being");
    return; // as in PyTorch: neither operand is followed
  }
  TensorImpl &root = rootOf(self);
  GradNode *before = nodeOf(root);
  if (!from && !before)
    return;
  if (from && (from->type == GradNode::Type::Operation || from->type == GradNode::Type::Function))
    keepOldOperands(*from, self);
  std::vector<TensorImpl *> chain; // the views from self up
  for (TensorImpl *t = &self; t != &root; t = parentOf(*t))
    if (!t->meta->moved)
      chain.push_back(t);
  if (chain.empty()) {
    NodeRef written = NodeRef::share(from);
    // A leaf's value is copied: its own node would make self that leaf.
    if (!from || from->isLeaf() || overwrites) {
      GradNode *node = newNode(GradNode::Type::Overwrite, OpKind::fill);
      node->label = overwrites ? overwrites : from ? "torch::autograd::CopyBackwards" : nullptr;
      setEdgeCount(*node, 2);
      node->edges()[0].node = before ? NodeRef::share(before) : NodeRef();
      node->edges()[1].node = from ? NodeRef::share(from) : NodeRef();
      setSequence(*node);
      written = NodeRef::adopt(node);
    }
    if (&root != &self)
      setHistory(root, written);
    setHistory(self, std::move(written));
    return;
  }
  if (from && before && !overwrites)
    readFromRoot(*from, root, chain);
  GradNode *node = newNode(GradNode::Type::ViewWrite, OpKind::write_view);
  setEdgeCount(*node, 2);
  node->edges()[0].node = before ? NodeRef::share(before) : NodeRef();
  node->edges()[1].node = from ? NodeRef::share(from) : NodeRef();
  NodeExtras &extras = extrasOf(*node);
  extras.written = placeOf(root);
  for (size_t i = chain.size(); i-- > 0;)
    extras.steps.push_back(*chain[i]->meta->step);
  setSequence(*node);
  setHistory(root, NodeRef::adopt(node));
}

//===------------------------------------------------------------------------------------------===//
// Geometry in place
//===------------------------------------------------------------------------------------------===//

/// A second change of geometry starts where the first one did, where one step says both: a tensor
/// that is transposed in place again and again keeps no chain of what it was.
static void shorten(TensorImpl &view, const Tensor &origin) {
  const TensorImpl &from = *origin.impl();
  const int64_t offset = view.offset - from.offset;
  // Autograd knows as_strided of row-major operands only.
  if (!from.contiguous || offset < 0 ||
      offset + extent(view.type().sizes, view.strides) > from.numel())
    return;
  PooledStep step(rt::Pool<ViewStep>::make());
  step->kind = OpKind::as_strided;
  step->start = offset;
  step->attributes.append(placeWords(view).span());
  view.meta->step = std::move(step);
  view.meta->parent = origin;
}

void follow(TensorImpl &self, const Tensor &view) {
  TensorImpl &v = *view.impl();
  const NodeRef before = NodeRef::share(nodeOf(self)); // renewed first
  const bool again = self.meta && self.meta->moved;
  const bool ofSelf = v.meta && v.meta->parent.defined() && v.storage == self.storage;
  if (!ofSelf) {
    // Views of what self was have no parent any more that writes to self could reach.
  } else if (again) {
    if (const Tensor origin = originOf(self); origin.defined())
      shorten(v, origin);
  } else {
    // What self was takes its place above the new view and above those that there are.
    const Tensor was = aliasOf(self);
    AutogradMeta &old = metaOf(*was.impl());
    old.origin = true;
    old.node = before;
    if (self.meta)
      old.parent = std::move(self.meta->parent), old.step = std::move(self.meta->step),
      old.viewOrigin = self.meta->viewOrigin;
    v.meta->parent = was;
  }
  AutogradMeta &meta = metaOf(self), &of = metaOf(v);
  of.viewOrigin = ViewOrigin::Ordinary; // a part of self, in whatever mode it was made
  const bool leaf = before && before->isLeaf();
  if (leaf || (before && !ofSelf)) {
    of.node = before;
  } else if (before && !of.node) {
    // Without grad mode too: its gradient has another geometry from now on.
    attachStep(*of.step, *parentOf(v), v);
  }
  // Above what nodes have seen of either storage, so that none reads a saved tensor that moved.
  of.version = v.storage->version = std::max(v.storage->version, self.storage->version) + 1;
  self.follow(v);
  meta.moved = true;
  meta.step.reset();
  meta.parent = view;
  meta.version = v.storage->version;
  if (!leaf)
    setHistory(self, of.node);
}

} // namespace tjit::autodiff
