//===- AutogradEngine.cpp - the reverse pass over histories -----------------------------------===//
//
//   outputs, their cotangents --> nodes in falling sequence order --> gradients of leaves or inputs
//
// Every edge leads to a lower sequence number, so a node taken from the top of the heap has got all
// its contributions, and no counting of dependencies has to come first. What a pass knows of a node
// stands in the node: a pass on a small graph allocates nothing but the gradients. Passes of
// different threads take turns; one that a hook starts sets aside the scratch of nodes that the
// outer pass is using.
//
//===------------------------------------------------------------------------------------------===//

#include "Autodiff/Rules.h"
#include "Frontend/AutogradBuilder.h"
#include "Frontend/AutogradFunction.h"
#include "Frontend/CompiledCall.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "IR/Infer.h"

#include <algorithm>
#include <mutex>

namespace tjit::autodiff {

namespace {

bool earlier(const GradNode *a, const GradNode *b) { return a->sequence < b->sequence; }

Tensor cloneInto(const Tensor &gradient);

class Pass {
public:
  explicit Pass(const PassOptions &options) : options_(options), outer_(current) {
    static uint64_t lastEpoch = 0; // under the lock of passes
    epoch_ = ++lastEpoch;
    current = this;
    setGradEnabled(options.createGraph);
  }
  Pass(const Pass &) = delete;
  Pass &operator=(const Pass &) = delete;
  ~Pass() {
    for (GradNode *node : heap_) { // after an exception
      node->pending.reset();
      if (node->type == GradNode::Type::Custom)
        node->extras->custom->received.clear();
    }
    heap_.clear();
    for (Displaced &d : displaced_) {
      d.node->epoch = d.epoch;
      d.node->pending = std::move(d.pending);
      if (d.node->type == GradNode::Type::Custom)
        d.node->extras->custom->received = std::move(d.received);
      d.node->reaches = d.reaches;
      d.node->capture = d.capture;
    }
    setGradEnabled(gradModeBefore_);
    current = outer_;
  }

  void addOutput(size_t number, TensorImpl &output, const Tensor &gradient);
  void markInputs(std::vector<Tensor> &results);
  void run();

private:
  struct Displaced {
    NodeRef node;
    uint64_t epoch;
    Tensor pending;
    std::vector<Tensor> received;
    bool reaches;
    int32_t capture;
  };

  void claim(GradNode *node);
  void contribute(GradNode *node, Tensor gradient);
  void visit(GradNode *node, Tensor gradient);
  void applyOperation(GradNode *node, const Tensor &gradient);
  void applyFunction(GradNode *node, const Tensor &gradient);
  Tensor resultFor(GradNode *node);
  void release(GradNode *node);
  void checkWatched(GradNode *node);
  void applyCustom(GradNode *node);
  void deposit(GradNode *output, Tensor gradient);
  void applyViewWrite(GradNode *node, const Tensor &gradient);
  void applyOverwrite(GradNode *node, const Tensor &gradient);
  void accumulate(GradNode *node, Tensor gradient);
  bool wanted(const GradEdge &edge) const {
    return edge.node && (!options_.inputs || (edge.node->epoch == epoch_ && edge.node->reaches));
  }

  const PassOptions &options_;
  Pass *outer_;
  const bool gradModeBefore_ = gradMode();
  uint64_t epoch_;
  struct Output {
    NodeRef node; // keeps the graph alive whatever a hook drops
    Tensor cotangent;
  };
  Output first_; // most passes have one
  std::vector<Output> others_;
  std::vector<GradNode *> &heap_ = outer_ ? ownHeap_ : threadHeap;
  std::vector<GradNode *> ownHeap_; // of a pass inside a pass
  std::vector<Tensor> *results_ = nullptr;
  std::vector<std::vector<int32_t>> sameInput_; // inputs given twice
  std::vector<Displaced> displaced_;
  EagerBuilder builder_;

  static thread_local constinit Pass *current;
  static thread_local std::vector<GradNode *> threadHeap; // empty between passes
};
thread_local constinit Pass *Pass::current = nullptr;
thread_local std::vector<GradNode *> Pass::threadHeap;

/// Makes the node's scratch this pass's.
void Pass::claim(GradNode *node) {
  CustomPart *custom = node->type == GradNode::Type::Custom ? node->extras->custom.get() : nullptr;
  if (outer_)
    for (Pass *p = outer_; p; p = p->outer_)
      if (node->epoch == p->epoch_) {
        displaced_.push_back({NodeRef::share(node), node->epoch, std::move(node->pending),
                              custom ? std::move(custom->received) : std::vector<Tensor>(),
                              node->reaches, node->capture});
        break;
      }
  if (custom)
    custom->received.clear();
  node->epoch = epoch_;
  node->pending.reset();
  node->reaches = false;
  node->capture = -1;
}

void Pass::contribute(GradNode *node, Tensor gradient) {
  if (node->epoch != epoch_)
    claim(node);
  if (node->pending.defined()) {
    node->pending = recordBinary(OpKind::add, node->pending, gradient);
    return;
  }
  node->pending = std::move(gradient);
  heap_.push_back(node);
  std::push_heap(heap_.begin(), heap_.end(), earlier);
}

/// Gives a Custom node the gradient of one of its results.
void Pass::deposit(GradNode *output, Tensor gradient) {
  GradNode *node = output->inlineEdges[0].node.get();
  if (node->epoch != epoch_)
    claim(node);
  CustomPart &custom = *node->extras->custom;
  if (custom.received.empty()) {
    custom.received.resize(custom.outputs.size());
    heap_.push_back(node);
    std::push_heap(heap_.begin(), heap_.end(), earlier);
  }
  Tensor &sum = custom.received[static_cast<size_t>(output->start)];
  sum = sum.defined() ? recordBinary(OpKind::add, sum, gradient) : std::move(gradient);
}

/// Finds the nodes between the outputs and the inputs; the others are left out of the pass.
void Pass::markInputs(std::vector<Tensor> &results) {
  results_ = &results;
  const std::vector<Tensor> &inputs = *options_.inputs;
  results.resize(inputs.size());
  sameInput_.resize(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    GradNode *node = nodeOf(*inputs[i].impl());
    if (!node)
      continue; // a view that was made without grad mode: nothing arrives
    if (node->epoch != epoch_)
      claim(node);
    if (node->capture >= 0) {
      sameInput_[static_cast<size_t>(node->capture)].push_back(static_cast<int32_t>(i));
      continue;
    }
    node->capture = static_cast<int32_t>(i);
    node->reaches = true;
  }
  std::vector<GradNode *> found, seen;
  auto find = [&](GradNode *node) {
    // A claimed node that is no input has been found; an input is found when it is first met.
    if (node->epoch == epoch_ && node->capture < 0)
      return;
    if (node->epoch != epoch_)
      claim(node);
    found.push_back(node);
  };
  find(first_.node.get());
  for (const Output &output : others_)
    find(output.node.get());
  while (!found.empty()) {
    GradNode *node = found.back();
    found.pop_back();
    seen.push_back(node);
    for (GradEdge &edge : node->edges())
      if (edge.node)
        find(edge.node.get());
  }
  std::sort(seen.begin(), seen.end(), earlier);
  for (GradNode *node : seen)
    for (GradEdge &edge : node->edges())
      node->reaches |= edge.node && edge.node->reaches;
}

void Pass::run() {
  contribute(first_.node.get(), std::move(first_.cotangent));
  for (Output &output : others_)
    contribute(output.node.get(), std::move(output.cotangent));
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), earlier);
    GradNode *node = heap_.back();
    heap_.pop_back();
    visit(node, std::move(node->pending));
  }
}

void Pass::visit(GradNode *node, Tensor gradient) {
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->passes(*node);
  if (node->type == GradNode::Type::Custom) {
    applyCustom(node);
    return;
  }
  if (node->extras) {
    for (size_t i = 0; i < node->extras->hooks.size(); ++i) {
      Hook hook = node->extras->hooks[i].second; // a hook may remove itself
      Tensor replaced = hook(gradient);
      if (!replaced.defined())
        continue;
      if (replaced.impl()->type().sizes != gradient.impl()->type().sizes)
        throw Error("a hook returned a gradient of sizes " +
                    toString(replaced.impl()->type().sizes) + "; the gradient has sizes " +
                    toString(gradient.impl()->type().sizes));
      gradient = std::move(replaced);
    }
    if (TensorImpl *retain = node->extras->retain) {
      Tensor &grad = metaOf(*retain).grad;
      grad = grad.defined() ? recordBinary(OpKind::add, grad, gradient) : cloneInto(gradient);
    }
  }
  if (options_.inputs) {
    if (node->capture >= 0) {
      const auto i = static_cast<size_t>(node->capture);
      for (int32_t same : sameInput_[i])
        (*results_)[static_cast<size_t>(same)] = gradient;
      (*results_)[i] = gradient;
      // Of an input that is a result too only what leads to further inputs is differentiated.
      const std::span<GradEdge> edges = node->edges();
      if (std::none_of(edges.begin(), edges.end(),
                       [this](const GradEdge &edge) { return wanted(edge); }))
        return;
    }
    if (node->isLeaf() || !node->reaches)
      return;
  }
  if (node->extras && node->saves)
    checkWatched(node);
  switch (node->type) {
  case GradNode::Type::Leaf:
    accumulate(node, std::move(gradient));
    break;
  case GradNode::Type::Operation:
    applyOperation(node, gradient);
    break;
  case GradNode::Type::Function:
    applyFunction(node, gradient);
    break;
  case GradNode::Type::ViewWrite:
    applyViewWrite(node, gradient);
    break;
  case GradNode::Type::Output:
    deposit(node, std::move(gradient));
    break;
  case GradNode::Type::Overwrite:
    applyOverwrite(node, gradient);
    break;
  case GradNode::Type::Custom:
    break;
  }
}

//===------------------------------------------------------------------------------------------===//
// Operations
//===------------------------------------------------------------------------------------------===//

} // namespace

void throwFreed(const GradNode &node) {
  throw Error("backward through the graph a second time: what " + node.name() +
              " saved was freed by the first pass; call the first one with retain_graph=true");
}

void throwModified(const GradNode &node, const TensorImpl &t, uint32_t version) {
  throw Error("one of the variables needed for gradient computation has been modified by an "
              "inplace operation: a " +
              std::string(toString(t.type().dtype)) + " tensor " + toString(t.type().sizes) +
              " that " + node.name() + " saved at version " + std::to_string(version) +
              " is at version " + std::to_string(t.storage->version) +
              " now; write to a clone() of it instead");
}

namespace {

/// The value that a node kept; throws if it was overwritten.
const Tensor &unpack(const GradNode &node, const Tensor &saved, uint32_t version) {
  if (saved.defined() && saved.impl()->storage->version != version)
    throwModified(node, *saved.impl(), version);
  return saved;
}

/// The node's saved result; under create_graph as this node's, so that the gradient can be
/// differentiated through it.
Tensor Pass::resultFor(GradNode *node) {
  Tensor result = unpack(*node, node->savedResult, node->resultVersion);
  if (result.defined() && options_.createGraph) {
    result = makeAlias(*result.impl(), result.impl()->type().sizes, result.impl()->strides,
                       result.impl()->offset);
    metaOf(*result.impl()).node = NodeRef::share(node);
  }
  return result;
}

/// Drops what the node saved, unless the graph is retained.
void Pass::release(GradNode *node) {
  if (options_.retainGraph || !node->saves)
    return;
  node->freed = true;
  for (GradEdge &edge : node->edges())
    edge.saved.reset();
  node->savedResult.reset();
  if (node->extras)
    node->extras->watched.clear();
}

/// Throws if something that the node's call read was overwritten or dropped since.
void Pass::checkWatched(GradNode *node) {
  if (node->freed)
    throwFreed(*node);
  for (const auto &[tensor, version] : node->extras->watched)
    unpack(*node, tensor, version);
}

/// The gradient of an operand with a history that leads to the operand, if it has none.
static void makeFlat(Tensor &gradient, const GradEdge &edge, const TensorType &type) {
  if (requiresGrad(*gradient.impl()))
    return;
  TensorImpl &g = *gradient.impl();
  gradient = makeAlias(g, g.type().sizes, g.strides, g.offset); // nobody else's
  attachFlat(*gradient.impl(), *edge.node, type);
}

void Pass::applyOperation(GradNode *node, const Tensor &gradient) {
  if (node->freed)
    throwFreed(*node);
  constexpr size_t kFew = GradNode::kInline;
  Tensor fewOperands[kFew], fewGradients[kFew];
  TensorType fewTypes[kFew];
  std::vector<Tensor> manyTensors;
  std::vector<TensorType> manyTypes;
  const std::span<GradEdge> edges = node->edges();
  const size_t n = edges.size();
  Tensor *operands = fewOperands, *gradients = fewGradients;
  TensorType *types = fewTypes;
  if (n > kFew) {
    manyTensors.resize(2 * n), manyTypes.resize(n);
    operands = manyTensors.data(), gradients = operands + n, types = manyTypes.data();
  }
  const TensorType &resultType = gradient.impl()->type();
  const int64_t *sizes = node->words.span().data() + node->attributeWords;
  uint64_t needed = 0;
  for (size_t i = 0; i < n; ++i) {
    GradEdge &edge = edges[i];
    if (i < 64 && wanted(edge))
      needed |= uint64_t(1) << i;
    types[i].dtype = edge.dtype;
    if (edge.saved.defined()) {
      operands[i] = unpack(*node, edge.saved, edge.version);
      types[i].sizes = edge.saved.impl()->type().sizes;
    } else if (edge.sameSizes) {
      types[i].sizes = resultType.sizes;
    } else {
      types[i].sizes.assign(sizes, edge.rank);
      sizes += edge.rank;
    }
  }
  RuleContext<EagerBuilder> context{builder_,    node->kind,      node->attributes(), {operands, n},
                                    {types, n},  resultFor(node), resultType,         gradient,
                                    node->start, needed,          {gradients, n}};
  applyRule(context);
  release(node);
  const bool flat = options_.createGraph && (node->flat || node->kind == OpKind::relu);
  for (size_t i = 0; i < n; ++i)
    if (gradients[i].defined() && wanted(edges[i])) {
      if (flat)
        makeFlat(gradients[i], edges[i], types[i]);
      contribute(edges[i].node.get(), std::move(gradients[i]));
    }
}

void Pass::applyFunction(GradNode *node, const Tensor &gradient) {
  if (node->freed)
    throwFreed(*node);
  const std::span<GradEdge> edges = node->edges();
  FunctionPart &function = *node->extras->function;
  std::vector<Tensor> operands(edges.size()), gradients(edges.size());
  uint64_t needed = 0;
  for (size_t i = 0; i < edges.size(); ++i) {
    operands[i] = unpack(*node, edges[i].saved, edges[i].version);
    needed |= uint64_t(wanted(edges[i])) << i;
  }
  const Tensor result = resultFor(node);
  CompositeGradient context{gradient, operands, result, gradients, needed};
  function.rule(context);
  release(node);
  for (size_t i = 0; i < edges.size(); ++i)
    if (gradients[i].defined() && wanted(edges[i])) {
      const TensorType &type = function.operands[i];
      Tensor sum = sumToType(builder_, castTo(gradients[i], type.dtype), type);
      if (options_.createGraph && node->flat)
        makeFlat(sum, edges[i], type);
      contribute(edges[i].node.get(), std::move(sum));
    }
}

void Pass::applyCustom(GradNode *node) {
  CustomPart &custom = *node->extras->custom;
  const std::span<GradEdge> edges = node->edges();
  std::vector<bool> needed(edges.size());
  for (size_t i = 0; i < edges.size(); ++i)
    needed[i] = wanted(edges[i]);
  std::vector<Tensor> gradients =
      custom.backward(*node, std::exchange(custom.received, {}), std::move(needed));
  if (!options_.retainGraph)
    custom.release();
  for (size_t i = 0; i < edges.size(); ++i)
    if (gradients[i].defined() && wanted(edges[i]))
      contribute(edges[i].node.get(), sumToType(builder_, gradients[i], custom.inputs[i]));
}

/// A view of `t` by one step of a chain of views.
Tensor applyStep(EagerBuilder &b, const Tensor &t, const ViewStep &step) {
  const int64_t *words = step.attributes.span().data();
  switch (step.kind) {
  case OpKind::permute:
    return b.permute(t, PermuteAttrs::read(words).dims);
  case OpKind::expand:
    return b.expand(t, ExpandAttrs::read(words).sizes);
  case OpKind::reshape:
    return b.reshape(t, ReshapeAttrs::read(words).sizes);
  case OpKind::slice: {
    const auto attrs = SliceAttrs::read(words);
    return b.sliceAt(t, step.start, attrs.dim, attrs.size, attrs.step);
  }
  case OpKind::as_strided: {
    const auto attrs = AsStridedAttrs::read(words);
    const TensorImpl &from = *t.impl();
    Dims strides;
    for (int64_t stride : attrs.strides)
      strides.push_back(fromRowMajor(stride, from.type().sizes, from.strides));
    return makeView(step.kind, t, step.attributes.span(), step.start, attrs.sizes, strides,
                    from.offset + fromRowMajor(step.start, from.type().sizes, from.strides));
  }
  default:
    throw Error(std::string("internal error: '") + opInfo(step.kind).mnemonic + "' is no view");
  }
}

/// The value gets what is in the view; what was overwritten gets nothing.
void Pass::applyViewWrite(GradNode *node, const Tensor &gradient) {
  std::span<const ViewStep> steps = node->extras->steps;
  Tensor base, view;
  const auto last = std::find_if(steps.rbegin(), steps.rend(),
                                 [](const ViewStep &step) { return step.ofStorage; });
  if (last == steps.rend()) {
    view = base = cloneInto(gradient);
  } else {
    // What leads to a geometry of the storage does not matter.
    auto [whole, part] = placeGradient(gradient, node->extras->written, placeOf(*last));
    base = std::move(whole), view = std::move(part);
    steps = {last.base(), steps.end()};
  }
  for (const ViewStep &step : steps)
    view = applyStep(builder_, view, step);
  const std::span<GradEdge> edges = node->edges();
  if (wanted(edges[1]))
    contribute(edges[1].node.get(), view.clone());
  if (wanted(edges[0])) {
    view.zero_();
    contribute(edges[0].node.get(), std::move(base));
  }
}

void Pass::applyOverwrite(GradNode *node, const Tensor &gradient) {
  const std::span<GradEdge> edges = node->edges();
  if (wanted(edges[1]))
    contribute(edges[1].node.get(), gradient);
  if (wanted(edges[0]))
    contribute(edges[0].node.get(), recordFillLike(0, gradient.impl()->type()));
}

//===------------------------------------------------------------------------------------------===//
// Leaves
//===------------------------------------------------------------------------------------------===//

/// A tensor of its own, row-major, that nobody else writes to. Values are immutable, so a storage
/// of its own is enough where the gradient is all of one.
Tensor cloneInto(const Tensor &gradient) {
  TensorImpl &t = *gradient.impl();
  if (requiresGrad(t) || t.storage->borrowed || !t.whole())
    return gradient.clone().contiguous();
  return wrapValue(t.storage->value);
}

/// As PyTorch's (torch/csrc/autograd/utils/grad_layout_contract.h): a leaf's gradient lies as the
/// leaf does where that fills its memory, else row-major.
bool liesAsLeaf(const TensorImpl &gradient, const TensorImpl &leaf) {
  const Dims &sizes = leaf.type().sizes;
  if (leaf.contiguous || !isDense(sizes, leaf.strides))
    return gradient.contiguous;
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > 1 && gradient.strides[i] != leaf.strides[i])
      return false;
  return true;
}
Tensor layAsLeaf(const Tensor &gradient, const TensorImpl &leaf, bool withHistory) {
  const Dims &sizes = leaf.type().sizes;
  const Tensor copy = isDense(sizes, leaf.strides)
                          ? copyInOrder(gradient, orderOfStrides(sizes, leaf.strides))
                          : gradient.clone(MemoryFormat::Contiguous);
  return withHistory ? copy : aliasOf(*copy.impl()); // no view of anything
}

void Pass::accumulate(GradNode *node, Tensor gradient) {
  TensorImpl *leaf = node->leaf;
  if (!leaf)
    return;
  if (leaf->meta->moved && !(gradient.impl()->type().sizes == leaf->type().sizes)) [[unlikely]]
    throw Error("a gradient of sizes " + toString(gradient.impl()->type().sizes) +
                " for a leaf that has sizes " + toString(leaf->type().sizes) +
                " by now: its geometry was changed in place after it was used");
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->meets(*leaf);
  Tensor &grad = leaf->meta->grad;
  if (!grad.defined()) {
    TensorImpl &t = *gradient.impl();
    const bool unshared = t.refs.load(std::memory_order_acquire) == 1 &&
                          t.storage->refs.load(std::memory_order_acquire) == 1;
    if (!liesAsLeaf(t, *leaf)) [[unlikely]]
      gradient = layAsLeaf(gradient, *leaf, options_.createGraph);
    else if (options_.createGraph || !unshared || (!t.whole() && leaf->contiguous))
      gradient = leaf->contiguous ? cloneInto(gradient) : gradient.clone();
    grad = std::move(gradient);
  } else if (options_.createGraph) {
    gradient = recordBinary(OpKind::add, grad, gradient);
    grad = liesAsLeaf(*gradient.impl(), *leaf) ? std::move(gradient)
                                               : layAsLeaf(gradient, *leaf, true);
  } else {
    grad.add_(gradient);
  }
}

/// The cotangent of an output: the one given, checked, or 1.
Tensor cotangentOf(const TensorImpl &output, const Tensor &given) {
  if (!given.defined()) {
    if (output.numel() != 1)
      throw Error("grad can be implicitly created only for scalar outputs: this one has sizes " +
                  toString(output.type().sizes) +
                  "; give backward() a gradient of these sizes, or reduce it with sum()");
    return recordFillLike(1, output.type());
  }
  const TensorType &type = given.impl()->type();
  if (!(type.sizes == output.type().sizes))
    throw Error("the gradient has sizes " + toString(type.sizes) + " and the output has sizes " +
                toString(output.type().sizes) + "; they must be equal");
  if (!isFloatingType(type.dtype))
    throw Error(std::string("the gradient has dtype ") + toString(type.dtype) +
                "; it must be of floating point");
  return castTo(given, output.type().dtype);
}

void Pass::addOutput(size_t number, TensorImpl &output, const Tensor &gradient) {
  GradNode *node = nodeOf(output);
  if (!node)
    throw Error("element " + std::to_string(number) +
                " of tensors does not require grad and does not have a grad_fn: nothing it was "
                "computed from requires grad, or it was computed under NoGradGuard");
  Output &to = first_.node ? others_.emplace_back() : first_;
  to.node = NodeRef::share(node);
  to.cotangent = cotangentOf(output, gradient);
}

std::recursive_mutex passes;

} // namespace

std::vector<Tensor> runBackward(std::span<const Tensor> outputs, std::span<const Tensor> gradients,
                                const PassOptions &options) {
  if (!gradients.empty() && gradients.size() != outputs.size())
    throw Error("got " + std::to_string(outputs.size()) + " tensors and " +
                std::to_string(gradients.size()) + " gradients; give one for each, or none");
  std::lock_guard lock(passes);
  std::vector<Tensor> results;
  Pass pass(options);
  for (size_t i = 0; i < outputs.size(); ++i)
    pass.addOutput(i, implOf(outputs[i], "backward"), gradients.empty() ? Tensor() : gradients[i]);
  if (options.inputs) {
    for (const Tensor &input : *options.inputs)
      if (implOf(input, "grad"); !input.requires_grad())
        throw Error("one of the differentiated tensors does not require grad: call "
                    "requires_grad_() on it before it is used");
    pass.markInputs(results);
  }
  pass.run();
  return results;
}

} // namespace tjit::autodiff
