//===- AutogradFunction.cpp - calls of a user's autograd::Function ----------------------------===//
//
// Forward runs without history; its results get nodes afterwards, whichever way it made them: new
// tensors, inputs that it wrote to (mark_dirty), inputs as they are, views of them.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradFunction.h"

#include "Frontend/CompiledCall.h"
#include "Frontend/Ops.h"
#include "IR/AttrWords.h"
#include "IR/Infer.h"

#include <algorithm>
#include <cxxabi.h>

namespace tjit {

namespace autodiff {

NodeExtras::NodeExtras() = default;
NodeExtras::~NodeExtras() = default;

std::string CustomPart::name() const {
  int status;
  char *text = abi::__cxa_demangle(typeName, nullptr, nullptr, &status);
  const std::string type = status == 0 ? text : typeName;
  std::free(text);
  return "torch::autograd::CppNode<" + type + ">";
}

void CustomPart::release() {
  autograd::AutogradContext::State &state = context.state();
  state.freed = !state.saved.empty();
  state.saved.clear();
}

NodeRef CustomPart::outputNode(GradNode &node, size_t number) {
  std::lock_guard lock(mutex);
  if (GradNode *output = outputs[number]) {
    // It may be about to die, waiting for the lock in forgetOutput.
    uint32_t refs = output->refs.load(std::memory_order_relaxed);
    while (refs != 0)
      if (output->refs.compare_exchange_weak(refs, refs + 1, std::memory_order_acq_rel))
        return NodeRef::adopt(output);
  }
  GradNode *output = newNode(GradNode::Type::Output, OpKind{});
  output->start = static_cast<int64_t>(number);
  setEdgeCount(*output, 1);
  output->inlineEdges[0].node = NodeRef::share(&node);
  setSequence(*output);
  outputs[number] = output;
  return NodeRef::adopt(output);
}

void forgetOutput(GradNode &output) {
  CustomPart &custom = *output.inlineEdges[0].node->extras->custom;
  std::lock_guard lock(custom.mutex);
  GradNode *&place = custom.outputs[static_cast<size_t>(output.start)];
  if (place == &output)
    place = nullptr;
}

namespace {
/// What backward may ask for while it runs; a pass inside of it may run it too.
class Needed {
public:
  Needed(autograd::AutogradContext::State &state, std::vector<bool> needed)
      : state_(state), before_(std::exchange(state.needed, std::move(needed))) {}
  Needed(const Needed &) = delete;
  Needed &operator=(const Needed &) = delete;
  ~Needed() { state_.needed = std::move(before_); }

private:
  autograd::AutogradContext::State &state_;
  std::vector<bool> before_;
};
} // namespace

std::vector<Tensor> CustomPart::backward(GradNode &node, std::vector<Tensor> gradients,
                                         std::vector<bool> needed) {
  const NodeRef alive = NodeRef::share(&node);
  if (context.state().materialize)
    for (size_t i = 0; i < gradients.size(); ++i)
      if (!gradients[i].defined())
        gradients[i] = recordFillLike(0, results[i]);
  std::vector<Tensor> given;
  {
    Needed now(context.state(), std::move(needed));
    given = call(&context, std::move(gradients));
  }
  bool tooMany = false;
  for (size_t i = isTensor.size(); i < given.size(); ++i)
    tooMany |= given[i].defined();
  if (given.size() < isTensor.size() || tooMany)
    throw Error("function " + name() + " returned an incorrect number of gradients (expected " +
                std::to_string(isTensor.size()) + ", got " + std::to_string(given.size()) +
                "): backward returns one for each argument of forward");
  std::vector<Tensor> out;
  for (size_t i = 0; i < isTensor.size(); ++i) {
    if (!isTensor[i]) {
      if (given[i].defined())
        throw Error("function " + name() +
                    " returned a gradient different than an undefined tensor at position " +
                    std::to_string(i + 1) + ", but that argument of forward is no tensor");
      continue;
    }
    const TensorType &type = inputs[out.size()];
    if (given[i].defined()) {
      if (!isFloatingType(given[i].scalar_type()))
        throw Error("function " + name() + " returned a gradient of dtype " +
                    toString(given[i].scalar_type()) + " at position " + std::to_string(i + 1) +
                    "; it must be of floating point");
      const Dims sizes(sizesOf(given[i].sizes()));
      // A gradient may have the sizes that the input is broadcast to.
      bool fits = sizes.size() >= type.sizes.size();
      for (size_t d = 0; fits && d < type.sizes.size(); ++d) {
        const int64_t size = type.sizes[type.sizes.size() - 1 - d];
        fits = size == 1 || size == sizes[sizes.size() - 1 - d];
      }
      if (!fits)
        throw Error("function " + name() + " returned an invalid gradient at position " +
                    std::to_string(i + 1) + ": got sizes " + toString(sizes) +
                    " but expected sizes compatible with " + toString(type.sizes));
      given[i] = castTo(given[i], type.dtype);
    }
    out.push_back(std::move(given[i]));
  }
  return out;
}

} // namespace autodiff

inline namespace v1 {

void detail::throwIValueType(size_t held, const char *asked) {
  static constexpr const char *kNames[] = {
      "nothing",  "a tensor",       "a double",          "an int",           "a bool",
      "a string", "a list of ints", "a list of doubles", "a list of tensors"};
  throw TypeError(std::string("IValue: it holds ") + kNames[held] + ", not " + asked);
}

namespace autograd {

using autodiff::CustomPart;
using autodiff::GradNode;
using autodiff::NodeRef;

//===------------------------------------------------------------------------------------------===//
// AutogradContext
//===------------------------------------------------------------------------------------------===//

AutogradContext::AutogradContext() : state_(std::make_unique<State>()) {}
AutogradContext::~AutogradContext() = default;

void AutogradContext::save_for_backward(variable_list tensors) {
  state_->toSave = std::move(tensors);
}
void AutogradContext::mark_dirty(const variable_list &inputs) { state_->dirty = inputs; }
void AutogradContext::mark_non_differentiable(const variable_list &outputs) {
  state_->nonDifferentiable = outputs;
}
void AutogradContext::set_materialize_grads(bool value) { state_->materialize = value; }

bool AutogradContext::needs_input_grad(size_t i) const {
  if (i >= state_->needed.size())
    throw IndexError("needs_input_grad: there is no input " + std::to_string(i) + ": backward of " +
                     std::to_string(state_->needed.size()) + " tensors is running");
  return state_->needed[i];
}

variable_list AutogradContext::get_saved_variables() const {
  if (state_->freed)
    autodiff::throwFreed(*state_->node);
  variable_list out;
  for (const CustomPart::Saved &saved : state_->saved) {
    if (!saved.tensor.defined()) {
      out.emplace_back();
      continue;
    }
    TensorImpl &t = *saved.tensor.impl();
    if (t.storage->version != saved.version)
      autodiff::throwModified(*state_->node, t, saved.version);
    if (saved.result < 0) {
      out.push_back(saved.tensor);
      continue;
    }
    Tensor result = autodiff::aliasOf(t);
    autodiff::setHistory(*result.impl(), state_->node->extras->custom->outputNode(
                                             *state_->node, static_cast<size_t>(saved.result)));
    out.push_back(std::move(result));
  }
  return out;
}

//===------------------------------------------------------------------------------------------===//
// FunctionCall
//===------------------------------------------------------------------------------------------===//

namespace detail {

struct FunctionCall::Impl {
  NodeRef node = NodeRef::adopt(autodiff::newNode(GradNode::Type::Custom, OpKind{}));
  CustomPart *custom;
  std::vector<Tensor> inputs;
  bool tracked = false;
};

FunctionCall::FunctionCall(const char *typeName, FunctionBackward backward)
    : impl_(std::make_unique<Impl>()) {
  auto custom = std::make_unique<CustomPart>(typeName);
  custom->call = backward;
  impl_->custom = custom.get();
  autodiff::extrasOf(*impl_->node).custom = std::move(custom);
}
FunctionCall::~FunctionCall() = default;

void FunctionCall::add(const Tensor &input) {
  impl_->custom->isTensor.push_back(true);
  impl_->inputs.push_back(input);
}
void FunctionCall::addOther() { impl_->custom->isTensor.push_back(false); }

AutogradContext *FunctionCall::begin() {
  GradNode &node = *impl_->node;
  std::vector<TensorImpl *> defined;
  for (const Tensor &input : impl_->inputs)
    if (input.defined())
      defined.push_back(input.impl());
  impl_->tracked = autodiff::tracks(defined);
  if (impl_->tracked)
    noteValueRead(); // a history is not in a trace
  autodiff::setEdgeCount(node, impl_->inputs.size());
  for (size_t i = 0; i < impl_->inputs.size(); ++i) {
    const Tensor &input = impl_->inputs[i];
    impl_->custom->inputs.push_back(input.defined() ? input.impl()->type()
                                                    : TensorType{kFloat, {}});
    if (!impl_->tracked || !input.defined())
      continue;
    if (GradNode *from = autodiff::nodeOf(*input.impl()))
      node.edges()[i].node = NodeRef::share(from);
  }
  impl_->custom->context.state().node = &node;
  return &impl_->custom->context;
}

namespace {
bool contains(const std::vector<Tensor> &list, const Tensor &t) {
  return std::any_of(list.begin(), list.end(), [&](const Tensor &s) { return s.is_same(t); });
}
} // namespace

variable_list FunctionCall::finish(variable_list outputs) {
  GradNode &node = *impl_->node;
  CustomPart &custom = *impl_->custom;
  AutogradContext::State &state = custom.context.state();
  for (const Tensor &dirty : state.dirty) {
    if (!contains(impl_->inputs, dirty))
      throw Error("function " + custom.name() + ": a tensor marked as dirty is no input");
    if (!contains(outputs, dirty))
      throw Error("function " + custom.name() +
                  ": an input marked as dirty during forward was not "
                  "returned as output; inputs that are modified "
                  "inplace must all be outputs of the Function");
    if (impl_->tracked)
      autodiff::checkWrite(*dirty.impl(), custom.name().c_str());
  }
  if (!impl_->tracked) {
    for (Tensor &output : outputs)
      if (output.defined() && contains(impl_->inputs, output) && !contains(state.dirty, output))
        output = output.detach();
    return outputs;
  }
  const variable_list results = outputs; // as forward knows them
  autodiff::setSequence(node);
  custom.outputs.resize(outputs.size());
  for (const Tensor &output : outputs)
    custom.results.push_back(output.defined() ? output.impl()->type() : TensorType{kFloat, {}});
  for (size_t k = 0; k < outputs.size(); ++k) {
    Tensor &output = outputs[k];
    if (!output.defined())
      continue;
    const bool differentiable =
        isFloatingType(output.scalar_type()) && !contains(state.nonDifferentiable, output);
    const bool dirty = contains(state.dirty, output), input = contains(impl_->inputs, output);
    if (!differentiable) {
      if (input && !dirty)
        output = output.detach();
      continue;
    }
    NodeRef history = custom.outputNode(node, k);
    if (dirty) {
      // As a write of the result into the input; views that forward made are renewed.
      Tensor value = autodiff::aliasOf(*output.impl());
      autodiff::setHistory(*value.impl(), std::move(history));
      autodiff::recordWrite(*output.impl(), *value.impl());
      ++output.impl()->storage->version;
      continue;
    }
    if (input || (output.requires_grad() && output.is_leaf())) {
      // A tensor that is known elsewhere keeps its own history: the result is a view of it.
      const Tensor parent = std::exchange(output, autodiff::aliasOf(*output.impl()));
      NoGradGuard without;
      autodiff::attachView(OpKind::reshape, *parent.impl(),
                           listWords(parent.impl()->type().sizes).span(), 0, *output.impl());
    }
    autodiff::setHistory(*output.impl(), std::move(history));
    autodiff::AutogradMeta &meta = *output.impl()->meta;
    meta.version = output.impl()->storage->version;
    if (meta.parent.defined())
      meta.viewOrigin = autodiff::ViewOrigin::Function;
  }
  for (const Tensor &t : state.toSave) {
    CustomPart::Saved &saved = state.saved.emplace_back();
    if (!t.defined())
      continue;
    autodiff::checkSaved(*t.impl());
    saved.version = t.impl()->storage->version;
    for (size_t k = 0; k < results.size() && saved.result < 0; ++k)
      if (results[k].is_same(t) && custom.outputs[k] &&
          (contains(state.dirty, t) || !contains(impl_->inputs, t)))
        saved.result = static_cast<int64_t>(k);
    saved.tensor = saved.result < 0 ? t : autodiff::aliasOf(*t.impl());
  }
  state.toSave.clear(), state.dirty.clear(), state.nonDifferentiable.clear();
  return outputs;
}

} // namespace detail
} // namespace autograd
} // namespace v1
} // namespace tjit
