//===- AutogradGraph.cpp - building and dropping histories ------------------------------------===//
//
// What happens while operations are recorded: nodes are attached to results, views and writes are
// followed, and what nobody needs any more is destroyed.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"

#include "Frontend/Evaluate.h"
#include "Runtime/Pool.h"

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
[[gnu::tls_model("initial-exec")]] thread_local constinit uint64_t lastSequence = 0;

struct DeadMeta {
  AutogradMeta meta;
  DeadMeta *next = nullptr;
};

void freeNode(GradNode *node) {
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

GradNode *newNode(GradNode::Type type, OpKind kind) {
  GradNode *node = rt::Pool<GradNode>::make();
  node->type = type;
  node->kind = kind;
  return node;
}

/// Above every operand's number, whichever thread made them, and above what this thread made
/// before.
void setSequence(GradNode &node) {
  uint64_t sequence = lastSequence;
  for (const GradEdge &edge : node.edges())
    if (edge.node)
      sequence = std::max(sequence, edge.node->sequence);
  node.sequence = lastSequence = sequence + 1;
}

void setEdgeCount(GradNode &node, size_t count) {
  node.numEdges = static_cast<uint32_t>(count);
  if (count > GradNode::kInline)
    extrasOf(node).edges.resize(count);
}

} // namespace

void GradNode::destroy(GradNode *node) {
  node->nextDead = graveyard.nodes;
  graveyard.nodes = node;
  bury();
}

void destroyMeta(TensorImpl &t) {
  AutogradMeta *meta = std::exchange(t.meta, nullptr);
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
    if (!node)
      continue;
    any = true;
    if (node->isLeaf() && operand->storage->value->pending())
      evaluateLeaf(*operand);
  }
  return any;
}

static Tensor handleOf(TensorImpl &t) {
  t.refs.fetch_add(1, std::memory_order_relaxed);
  return Tensor::adopt(&t);
}

/// The same elements without history, and without a handle on the tensor itself.
static Tensor aliasOf(const TensorImpl &t) {
  return makeAlias(t, t.type.sizes, t.strides, t.offset);
}

/// The node, whose edges are set, becomes the history of the result.
static void makeHistory(GradNode *node, TensorImpl &result, bool savesResult) {
  if (savesResult) {
    node->savedResult = aliasOf(result);
    node->resultVersion = result.storage->version;
  }
  setSequence(*node);
  AutogradMeta &meta = metaOf(result);
  meta.node = NodeRef::adopt(node);
  meta.version = result.storage->version;
}

void attach(OpKind kind, std::span<TensorImpl *const> operands, std::span<const int64_t> attributes,
            TensorImpl &result, int64_t start) {
  if (!isFloatingType(result.type.dtype))
    return;
  GradNode *node = newNode(GradNode::Type::Operation, kind);
  node->start = start;
  setEdgeCount(*node, operands.size());
  const std::span<GradEdge> edges = node->edges();
  const OpInfo &info = opInfo(kind);
  uint32_t saved = info.savedByOperand ? 0 : info.savedOperands;
  for (size_t i = 0; i < operands.size(); ++i) {
    TensorImpl &t = *operands[i];
    edges[i].dtype = t.type.dtype;
    if (GradNode *from = nodeOf(t)) {
      edges[i].node = NodeRef::share(from);
      if (info.savedByOperand)
        saved |= info.savedByOperand[i];
    }
  }
  node->words.append(attributes);
  node->attributeWords = static_cast<uint8_t>(attributes.size());
  for (size_t i = 0; i < operands.size(); ++i) {
    TensorImpl &t = *operands[i];
    if (i < 31 && saved >> i & 1) {
      edges[i].saved = handleOf(t);
      edges[i].version = t.storage->version;
      edges[i].sameSizes = false;
    } else if (!(t.type.sizes == result.type.sizes)) {
      edges[i].sameSizes = false;
      edges[i].rank = static_cast<uint8_t>(t.type.sizes.size());
      node->words.append(t.type.sizes);
    }
  }
  node->saves = saved != 0;
  makeHistory(node, result, saved >> 31);
}

void attachFunction(const char *name, std::span<TensorImpl *const> operands, TensorImpl &result,
                    CompositeRule rule, bool savesResult) {
  if (!isFloatingType(result.type.dtype))
    return;
  GradNode *node = newNode(GradNode::Type::Function, OpKind{});
  setEdgeCount(*node, operands.size());
  auto function = std::make_unique<FunctionPart>(FunctionPart{name, std::move(rule), {}});
  const std::span<GradEdge> edges = node->edges();
  for (size_t i = 0; i < operands.size(); ++i) {
    TensorImpl &t = *operands[i];
    function->operands.push_back(t.type);
    if (GradNode *from = nodeOf(t))
      edges[i].node = NodeRef::share(from);
    edges[i].saved = handleOf(t);
    edges[i].version = t.storage->version;
  }
  extrasOf(*node).function = std::move(function);
  node->saves = true;
  makeHistory(node, result, savesResult);
}

//===------------------------------------------------------------------------------------------===//
// Views and writes
//===------------------------------------------------------------------------------------------===//

void attachView(OpKind kind, TensorImpl &parent, std::span<const int64_t> attributes, int64_t start,
                TensorImpl &view) {
  AutogradMeta &meta = metaOf(view);
  meta.parent = handleOf(parent);
  meta.step.reset(rt::Pool<ViewStep>::make());
  meta.step->kind = kind;
  meta.step->start = start;
  meta.step->attributes.append(attributes);
  meta.version = view.storage->version;
  TensorImpl *const operand = &parent;
  if (tracks({&operand, 1}))
    attach(kind, {&operand, 1}, attributes, view, start);
}

GradNode *renewedNode(TensorImpl &view) {
  // From the oldest stale ancestor down: each one's history is its step on its parent's.
  std::vector<TensorImpl *> stale;
  for (TensorImpl *t = &view;
       t->meta && t->meta->parent.defined() && t->meta->version != t->storage->version;
       t = t->meta->parent.impl())
    stale.push_back(t);
  for (size_t i = stale.size(); i-- > 0;) {
    TensorImpl &t = *stale[i];
    AutogradMeta &meta = *t.meta;
    meta.version = t.storage->version;
    GradNode *from = meta.parent.impl()->meta ? meta.parent.impl()->meta->node.get() : nullptr;
    if (!from) {
      if (meta.node && !meta.node->isLeaf())
        meta.node.reset();
      continue;
    }
    if (meta.node && (meta.node->isLeaf() || meta.node->edges()[0].node.get() == from))
      continue; // a write that left the parent's history alone
    const bool retains = meta.retains;
    meta.node.reset();
    TensorImpl *const parent = meta.parent.impl();
    attach(meta.step->kind, {&parent, 1}, meta.step->attributes.span(), t, meta.step->start);
    if (retains && meta.node)
      extrasOf(*meta.node).retain = &t;
  }
  return view.meta->node.get();
}

static TensorImpl &rootOf(TensorImpl &t) {
  TensorImpl *root = &t;
  while (root->meta && root->meta->parent.defined())
    root = root->meta->parent.impl();
  return *root;
}

void checkWriteSlow(TensorImpl &self, const char *operation) {
  if (!gradEnabled())
    return;
  GradNode *node = nodeOf(self);
  if (node && node->isLeaf())
    throw Error(std::string(operation) +
                ": a leaf tensor that requires grad is used in an in-place operation; do it under "
                "NoGradGuard, or on a result or a detach() of it");
  TensorImpl &root = rootOf(self);
  if (&root != &self && root.meta && root.meta->node && root.meta->node->isLeaf())
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

static void setHistory(TensorImpl &t, NodeRef node) {
  AutogradMeta &meta = metaOf(t);
  if (meta.retains) {
    if (meta.node && meta.node->extras && meta.node->extras->retain == &t)
      meta.node->extras->retain = nullptr;
    if (node)
      extrasOf(*node).retain = &t;
  }
  meta.node = std::move(node);
}

void recordWriteSlow(TensorImpl &self, TensorImpl &value) {
  if (!isFloatingType(self.type.dtype))
    return;
  if (!gradEnabled()) {
    TensorImpl &root = rootOf(self);
    if (root.meta && root.meta->node && root.meta->node->isLeaf())
      noteLeafWrite(root.storage);
    return;
  }
  GradNode *from = nodeOf(value);
  TensorImpl &root = rootOf(self);
  GradNode *before = nodeOf(root);
  if (!from && !before)
    return;
  if (from && (from->type == GradNode::Type::Operation || from->type == GradNode::Type::Function))
    keepOldOperands(*from, self);
  if (&root == &self) {
    if (!from || from->isLeaf()) {
      // A leaf's value is copied: its own node would make self that leaf.
      GradNode *node = newNode(from ? GradNode::Type::Operation : GradNode::Type::Stop,
                               from ? OpKind::reshape : OpKind::fill);
      setEdgeCount(*node, from ? 1 : 0);
      if (from) {
        node->edges()[0].node = NodeRef::share(from);
        node->edges()[0].dtype = value.type.dtype;
      }
      setSequence(*node);
      setHistory(self, NodeRef::adopt(node));
      return;
    }
    setHistory(self, NodeRef::share(from));
    return;
  }
  GradNode *node = newNode(GradNode::Type::ViewWrite, OpKind::write_view);
  setEdgeCount(*node, 2);
  node->edges()[0].node = before ? NodeRef::share(before) : NodeRef();
  node->edges()[1].node = from ? NodeRef::share(from) : NodeRef();
  NodeExtras &extras = extrasOf(*node);
  extras.written = root.type;
  std::vector<TensorImpl *> chain;
  for (TensorImpl *t = &self; t != &root; t = t->meta->parent.impl())
    chain.push_back(t);
  for (size_t i = chain.size(); i-- > 0;)
    extras.steps.push_back(*chain[i]->meta->step);
  setSequence(*node);
  setHistory(root, NodeRef::adopt(node));
}

} // namespace tjit::autodiff
