//===- AutogradTensor.cpp - gradients in the public API ---------------------------------------===//
//
// The methods of Tensor that are about gradients, and tjit/Autograd.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradFunction.h"
#include "Frontend/CompiledCall.h"
#include "Frontend/RecordOp.h"
#include "IR/Infer.h"
#include "Runtime/Place.h"

namespace tjit {
inline namespace v1 {

using namespace autodiff;

bool GradMode::is_enabled() { return gradMode(); }
void GradMode::set_enabled(bool enabled) { setGradEnabled(enabled); }

InferenceMode::InferenceMode(bool enabled)
    : inferenceBefore_(is_enabled()), gradBefore_(gradMode()) {
  setModes(!enabled, enabled);
}
InferenceMode::~InferenceMode() { setModes(gradBefore_, inferenceBefore_); }
bool InferenceMode::is_enabled() { return tjit::inferenceMode; }
bool Tensor::is_inference() const { return implOf(*this, "is_inference").storage->inference; }

//===------------------------------------------------------------------------------------------===//
// Tensor
//===------------------------------------------------------------------------------------------===//

bool Tensor::requires_grad() const {
  if (!defined())
    return false;
  TensorImpl &t = *impl_;
  if (autodiff::requiresGrad(t))
    return true;
  // A view that was made without grad mode has no history, but requires grad if its base does.
  return t.meta && isFloatingType(t.type().dtype) && autodiff::requiresGrad(autodiff::rootOf(t));
}

Tensor &Tensor::requires_grad_(bool value) const {
  TensorImpl &t = implOf(*this, "requires_grad_");
  noteValueRead();
  autodiff::GradNode *node = nodeOf(t);
  if (value && !isFloatingType(t.type().dtype))
    throw Error(std::string("only tensors of floating point dtype can require gradients, not ") +
                tjit::toString(t.type().dtype) + "; convert it first, e.g. to(torch::kFloat32)");
  if (node && !node->isLeaf() && !value)
    throw Error("you can only change requires_grad flags of leaf variables: this tensor was "
                "computed by " +
                node->name() + "; use detach() for a tensor without history");
  if (value && t.storage->inference && !InferenceMode::is_enabled())
    throw Error("requires_grad_: setting requires_grad on an inference tensor outside of "
                "InferenceMode is not allowed; clone() it first");
  if (value && !node)
    makeLeaf(t);
  if (!value && node) {
    node->leaf = nullptr;
    if (t.meta->moved && t.meta->parent.defined())
      metaOf(*t.meta->parent.impl()).node.reset();
    t.meta->node.reset();
  }
  return const_cast<Tensor &>(*this);
}
const Tensor &Tensor::set_requires_grad(bool value) const {
  // As libtorch's, which sets a flag: what was computed keeps its history.
  const autodiff::GradNode *node = nodeOf(implOf(*this, "set_requires_grad"));
  return node && !node->isLeaf() ? *this : requires_grad_(value);
}

bool Tensor::is_leaf() const {
  const autodiff::GradNode *node = nodeOf(implOf(*this, "is_leaf"));
  return !node || node->isLeaf();
}

autograd::NodePtr Tensor::grad_fn() const {
  autodiff::GradNode *node = nodeOf(implOf(*this, "grad_fn"));
  if (!node || node->isLeaf())
    return nullptr;
  return autograd::NodePtr::adopt(NodeRef::share(functionOf(node)).release());
}

int64_t Tensor::output_nr() const {
  const autodiff::GradNode *node = nodeOf(implOf(*this, "output_nr"));
  return node && node->type == autodiff::GradNode::Type::Output ? node->start : 0;
}

const Tensor &Tensor::grad() const {
  static const Tensor none;
  TensorImpl &t = implOf(*this, "grad");
  if (!t.meta)
    return none;
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->meets(t);
  return t.meta->grad;
}

Tensor &Tensor::mutable_grad() const {
  TensorImpl &t = implOf(*this, "mutable_grad");
  AutogradMeta &meta = metaOf(t);
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->meets(t);
  return meta.grad;
}

void Tensor::retain_grad() const {
  TensorImpl &t = implOf(*this, "retain_grad");
  autodiff::GradNode *node = nodeOf(t);
  if (!node)
    throw Error("can't retain_grad on a tensor that has requires_grad=false");
  if (node->isLeaf() || t.meta->retains)
    return;
  t.meta->retains = true;
  extrasOf(*node).retain = &t;
}

bool Tensor::retains_grad() const {
  const TensorImpl &t = implOf(*this, "retains_grad");
  return t.meta && t.meta->retains;
}

void Tensor::remove_hook(unsigned hook) const {
  autodiff::GradNode *node = nodeOf(implOf(*this, "remove_hook"));
  if (!node || !node->extras)
    return;
  auto &hooks = node->extras->hooks;
  std::erase_if(hooks, [&](const auto &h) { return h.first == hook; });
}

void Tensor::backward(const Tensor &gradient, std::optional<bool> retain_graph,
                      bool create_graph) const {
  rt::CallPlace place;
  implOf(*this, "backward");
  runBackward({this, 1}, {&gradient, gradient.defined() ? size_t{1} : 0},
              {retain_graph.value_or(create_graph), create_graph, nullptr});
}

Tensor Tensor::detach() const {
  TensorImpl &t = implOf(*this, "detach");
  return makeAlias(t, t.type().sizes, t.strides, t.offset);
}

Tensor Tensor::data() const {
  Tensor t = detach();
  metaOf(*t.impl()).uncounted = true;
  return t;
}

Tensor &Tensor::detach_() const {
  TensorImpl &t = implOf(*this, "detach_");
  noteValueRead();
  if (autodiff::isView(t))
    throw Error("can't detach a view in place: use detach() instead of detach_()");
  if (t.meta && t.meta->moved) {
    // What it follows loses its history too, or the tensor would get it back.
    for (TensorImpl *of = &t; of; of = of->meta ? parentOf(*of) : nullptr)
      if (of->meta)
        of->meta->node.reset(), of->meta->retains = false;
  } else if (t.meta) {
    Tensor grad = std::move(t.meta->grad);
    destroyMeta(t);
    if (grad.defined())
      metaOf(t).grad = std::move(grad);
  }
  return const_cast<Tensor &>(*this);
}

//===------------------------------------------------------------------------------------------===//
// autograd
//===------------------------------------------------------------------------------------------===//

namespace autograd {

static autodiff::GradNode *nodeOf(Node *node) { return static_cast<autodiff::GradNode *>(node); }

std::string Node::name() const {
  const auto &node = static_cast<const autodiff::GradNode &>(*this);
  if (node.label)
    return node.label;
  switch (node.type) {
  case autodiff::GradNode::Type::Leaf:
    return "torch::autograd::AccumulateGrad";
  case autodiff::GradNode::Type::ViewWrite:
    return "torch::autograd::CopySlices";
  case autodiff::GradNode::Type::Function:
    return std::string(node.extras->function->name) + "Backward0";
  case autodiff::GradNode::Type::Custom:
    return node.extras->custom->name();
  case autodiff::GradNode::Type::Output:
    return node.inlineEdges[0].node->name();
  case autodiff::GradNode::Type::Overwrite:
  case autodiff::GradNode::Type::Operation:
    break;
  }
  return opInfo(node.kind).history;
}

static std::span<GradEdge> edgesOf(const Node *node) {
  return static_cast<autodiff::GradNode *>(const_cast<Node *>(node))->edges();
}

Edge Node::next_edge(size_t i) const {
  const std::span<GradEdge> edges = edgesOf(this);
  if (i >= edges.size())
    throw IndexError("next_edge: there is no edge " + std::to_string(i) + " of " +
                     std::to_string(edges.size()));
  autodiff::GradNode *to = edges[i].node.get();
  if (!to)
    return {};
  const bool output = to->type == autodiff::GradNode::Type::Output;
  return {NodePtr::adopt(NodeRef::share(functionOf(to)).release()),
          output ? static_cast<uint32_t>(to->start) : 0};
}
edge_list Node::next_edges() const {
  edge_list next;
  for (size_t i = 0; i < edgesOf(this).size(); ++i)
    next.push_back(next_edge(i));
  return next;
}
std::vector<NodePtr> Node::next_functions() const {
  std::vector<NodePtr> next;
  for (Edge &edge : next_edges())
    next.push_back(std::move(edge.function));
  return next;
}
uint32_t Node::num_outputs() const { return static_cast<uint32_t>(edgesOf(this).size()); }
uint64_t Node::sequence_nr() const {
  return static_cast<const autodiff::GradNode *>(this)->sequence;
}

NodePtr::NodePtr(const NodePtr &other) : node_(other.node_) {
  if (node_)
    NodeRef::share(nodeOf(node_)).release();
}
NodePtr::~NodePtr() {
  if (node_)
    NodeRef::adopt(nodeOf(node_)).reset();
}

unsigned addHook(const Tensor &tensor, Hook *function) {
  std::shared_ptr<Hook> hook(function);
  autodiff::GradNode *node = autodiff::nodeOf(implOf(tensor, "register_hook"));
  if (!node)
    throw Error("cannot register a hook on a tensor that doesn't require gradient");
  NodeExtras &extras = extrasOf(*node);
  extras.hooks.emplace_back(extras.nextHook,
                            [hook](const Tensor &gradient) { return (*hook)(gradient); });
  return extras.nextHook++;
}

void backward(const variable_list &tensors, const variable_list &grad_tensors,
              std::optional<bool> retain_graph, bool create_graph, const variable_list &inputs) {
  rt::CallPlace place;
  PassOptions options{retain_graph.value_or(create_graph), create_graph, nullptr};
  if (inputs.empty()) {
    runBackward(tensors, grad_tensors, options);
    return;
  }
  for (const Tensor &input : inputs)
    if (!input.is_leaf())
      throw Error("backward: an input is not a leaf; ask autograd::grad for its gradient");
  options.inputs = &inputs;
  std::vector<Tensor> gradients = runBackward(tensors, grad_tensors, options);
  AutoGradMode mode(create_graph);
  for (size_t i = 0; i < inputs.size(); ++i)
    if (gradients[i].defined()) {
      Tensor &grad = inputs[i].mutable_grad();
      grad = grad.defined() ? recordBinary(OpKind::add, grad, gradients[i]) : gradients[i].clone();
    }
}

variable_list grad(const variable_list &outputs, const variable_list &inputs,
                   const variable_list &grad_outputs, std::optional<bool> retain_graph,
                   bool create_graph, bool allow_unused) {
  rt::CallPlace place;
  if (inputs.empty())
    throw ValueError("grad requires non-empty inputs");
  std::vector<Tensor> gradients = runBackward(
      outputs, grad_outputs, {retain_graph.value_or(create_graph), create_graph, &inputs});
  for (size_t i = 0; i < gradients.size(); ++i)
    if (!gradients[i].defined() && !allow_unused)
      throw Error("one of the differentiated tensors (input " + std::to_string(i) +
                  ") appears to not have been used in the graph; pass allow_unused=true to get an "
                  "undefined gradient for it");
  return gradients;
}

} // namespace autograd
} // namespace v1
} // namespace tjit
