//===- Compile.cpp ----------------------------------------------------------------------------===//
// tjit::compile: functions that are recorded once.
//
//   first call    arguments ready, trace empty ──► the function runs, watched by a CompiledCall
//                 ──► evaluateCapturing ──► where each input of the run came from, where each
//                 result went: a Captured
//   later calls   facts of the arguments ──► a Captured of the same signature ──► runAgain ──► the
//                 results, and the writes to what lies outside
//
// A reverse pass inside of the function is recorded like the rest; what it leaves in the gradients
// of leaves is made again like a result (GradientEffect).
//
// Whatever recording does not say (a value that was read, random numbers, a result that can be
// differentiated, tensors that the function put somewhere) makes the signature one whose calls run
// the function.
//
//===------------------------------------------------------------------------------------------===//

#include "tjit/Compile.h"

#include "Frontend/AutogradGraph.h"
#include "Frontend/CompiledCall.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Runtime/CapturedRun.h"
#include "Runtime/Recorder.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <unordered_set>

namespace tjit {

//===------------------------------------------------------------------------------------------===//
// Watching a call
//===------------------------------------------------------------------------------------------===//

CompiledCall::CompiledCall(bool capturing) : capturing_(capturing) {
  current_ = this;
  if (!capturing)
    return;
  // Numbers that no node has yet, whichever thread made it.
  static std::atomic<uint64_t> calls{0};
  do
    firstSequence_ = (calls.fetch_add(1, std::memory_order_relaxed) + 1) * kSequences;
  while (firstSequence_ <= autodiff::detail::lastSequence);
  autodiff::detail::lastSequence = firstSequence_;
}

void CompiledCall::noteNode(const autodiff::GradNode &node) {
  const autodiff::NodeExtras *extras = node.extras;
  if ((!node.isLeaf() && !owns(node)) ||
      (extras && (!extras->hooks.empty() || extras->retain || extras->custom)))
    cannotCapture();
}

void CompiledCall::noteLeaf(TensorImpl &leaf) {
  for (const MetLeaf &met : leaves_)
    if (met.leaf.impl() == &leaf)
      return;
  const autodiff::GradNode *node = autodiff::nodeOf(leaf);
  if (!node || !node->isLeaf())
    return cannotCapture();
  const Tensor &gradient = leaf.meta->grad;
  for (const OutsideTensor &o : outside_)
    if (gradient.defined() && gradient.impl()->storage.get() == o.storage)
      return cannotCapture(); // by another name, which may be another tensor's the next time
  leaves_.push_back({autodiff::handleOf(leaf), gradient});
}

OutsideTensor *CompiledCall::note(const TensorImpl &t) {
  for (OutsideTensor &o : outside_)
    if (o.storage == t.storage.get())
      return &o;
  rt::Value &value = *t.storage->value;
  if (value.trace.load(std::memory_order_acquire) == &rt::thisThread().trace)
    return &ignored_; // the trace was empty when the call began
  if (autodiff::gradEnabled() && t.meta)
    if (const autodiff::GradNode *node = autodiff::nodeOf(const_cast<TensorImpl &>(t));
        node && !node->isLeaf() && !owns(*node))
      cannotCapture(); // a history that goes on outside
  TensorImpl *owned = &autodiff::rootOf(const_cast<TensorImpl &>(t));
  owned->TensorImpl::refs.fetch_add(1, std::memory_order_relaxed);
  outside_.push_back({Tensor::adopt(owned), t.storage.get(), t.storage->value, 0});
  return &outside_.back();
}

void CompiledCall::finishBorrowed() {
  if (std::exchange(readsBorrowed_, false))
    rt::evaluateAll();
}

CompiledCall::~CompiledCall() {
  current_ = nullptr;
  try {
    finishBorrowed();
  } catch (const Error &) {
    // The call is being left by an exception; whoever asks for the values gets this one.
  }
}

namespace {

//===------------------------------------------------------------------------------------------===//
// Signatures
//===------------------------------------------------------------------------------------------===//

/// What part a tensor takes in histories.
enum class History : uint8_t { none, leaf, leafWithHooks, computed };
History historyOf(TensorImpl &t) {
  const autodiff::GradNode *node = autodiff::nodeOf(t);
  if (!node)
    return History::none;
  if (!node->isLeaf())
    return History::computed;
  return node->extras && !node->extras->hooks.empty() ? History::leafWithHooks : History::leaf;
}

/// What the signature says of an argument.
struct ArgumentType {
  TensorType type;
  Dims strides; // where it is not whole
  bool whole, borrowed;
  History history;
  uint32_t sameValue; // first argument with the same value; its own number if there is none

  static ArgumentType of(const std::vector<const Tensor *> &inputs, size_t i) {
    TensorImpl &t = *inputs[i]->impl();
    return {t.type(), t.strides, t.whole(), t.storage->borrowed, historyOf(t), sharing(inputs, i)};
  }
  bool fits(const std::vector<const Tensor *> &inputs, size_t i) const {
    TensorImpl &t = *inputs[i]->impl();
    return t.type().dtype == type.dtype && t.type().sizes == type.sizes && t.whole() == whole &&
           t.storage->borrowed == borrowed && (whole || t.strides == strides) &&
           historyOf(t) == history && sharing(inputs, i) == sameValue;
  }
  static uint32_t sharing(const std::vector<const Tensor *> &inputs, size_t i) {
    const rt::Value *value = inputs[i]->impl()->storage->value.get();
    for (size_t j = 0; j < i; ++j)
      if (inputs[j]->impl()->storage->value.get() == value)
        return static_cast<uint32_t>(j);
    return static_cast<uint32_t>(i);
  }
};

bool inCompileMode() { return mode() == Mode::Compile; }

/// Whether all that a gradient is are the elements of its storage, in order.
bool isPlainGradient(TensorImpl &gradient) {
  return gradient.contiguous && gradient.offset == 0 &&
         gradient.numel() == numElements(gradient.storage->value->type.sizes) &&
         !gradient.storage->borrowed && !autodiff::requiresGrad(gradient) &&
         !(gradient.meta && gradient.meta->uncounted);
}

/// What spent histories of a call's results hold of the tensors that the call met.
using HeldByHistories = std::vector<const TensorImpl *>;

/// Adds what the nodes from `node` on hold to `held`, until a pass would throw since it meets what
/// a pass inside of the call freed. False: a pass gets through.
bool isSpent(autodiff::GradNode &node, const CompiledCall &call, HeldByHistories &held) {
  std::vector<autodiff::GradNode *> open{&node};
  std::unordered_set<const autodiff::GradNode *> seen{&node};
  bool throws = false;
  while (!open.empty()) {
    autodiff::GradNode *at = open.back();
    open.pop_back();
    throws |= at->freed;
    if (at->freed)
      continue;
    if (at->isLeaf() || !call.owns(*at) || at->type == autodiff::GradNode::Type::Custom)
      return false;
    for (autodiff::GradEdge &edge : at->edges()) {
      if (edge.saved.defined())
        held.push_back(edge.saved.impl());
      if (edge.node && seen.insert(edge.node.get()).second)
        open.push_back(edge.node.get());
    }
  }
  return throws;
}

//===------------------------------------------------------------------------------------------===//
// What is kept of a call
//===------------------------------------------------------------------------------------------===//

/// A value when the run is over.
struct ValueSource {
  enum Kind { output, entry, constant } kind;
  size_t index = 0;           // of the output, or of the outside tensor that had it before
  rt::Ref<rt::Value> value{}; // constant
};
/// Where an input of the run comes from.
struct InputSource {
  int32_t outside; // number, or -1: `buffer`, which the function made from data of its own
  bool relative;   // to the argument's offset
  bool mayTake;    // the outside tensor gets another value, and no other input is of this one
  uint8_t alignLog2;
  int64_t byteOffset;
  rt::Ref<rt::Buffer> buffer;
};
/// A storage that gets a value.
struct Written {
  size_t outside;
  uint32_t writes;
  ValueSource value;
};
/// A tensor that the function found.
struct Found {
  Tensor handle;     // undefined: the gradient of the leaf `gradientOf`
  TensorType stored; // of its storage's value, of a gradient itself
  bool written = false;
  History history = History::none;
  size_t sameValue = 0; // number among all outside tensors
  size_t gradientOf = 0;
  uint32_t ownHandles = 1; // that the Captured has of the tensor
};
/// What a call does to the gradient of a leaf.
struct GradientEffect {
  int32_t argument; // the leaf's number, or -1
  Tensor leaf;      // one that was found
  bool wasDefined;
  enum After { kept, dropped, made } after = kept;
  size_t result = 0; // of the results, of which those come last
};
struct ResultTensor {
  int32_t argument = -1; // the argument itself
  bool defined = true;
  size_t storage = 0;          // number of a new one
  autodiff::NodeRef history{}; // one that no pass gets through
  TensorType type;
  Dims strides;
  int64_t offset = 0;
  bool contiguous = true;
};

class Captured {
public:
  std::vector<ArgumentType> arguments;
  std::vector<uint64_t> numbers;
  bool gradMode = false;
  /// Calls of this signature run the function.
  bool runsFunction = true;

  bool fits(const std::vector<const Tensor *> &inputs, const std::vector<uint64_t> &n) const {
    if (arguments.size() != inputs.size() || numbers != n || gradMode != autodiff::gradEnabled())
      return false;
    for (size_t i = 0; i < arguments.size(); ++i)
      if (!arguments[i].fits(inputs, i))
        return false;
    return true;
  }

  /// Fills in the rest; false: the function has to run every time.
  bool keep(const std::vector<const Tensor *> &inputs, CompiledCall &call,
            const std::vector<Tensor> &outputs, const HeldByHistories &held,
            uint64_t evaluationsBefore);
  /// A number from outside had no memory, so it was read as part of the program: it has now, and
  /// the next call may be kept.
  static bool evaluatesNumbers(const std::vector<OutsideTensor> &outside,
                               const HeldByHistories &held);

  /// Whether `keep` failed for want of an executable, which may be compiled by the next call.
  bool interpreted() const { return interpreted_; }

  enum class Outcome { done, stale, runFunction };
  Outcome replay(const std::vector<const Tensor *> &inputs, std::vector<Tensor> &outputs);

private:
  /// Adds the gradients that the call made to `outputs`.
  bool placeGradients(const std::vector<const Tensor *> &inputs, CompiledCall &call,
                      std::vector<Tensor> &outputs);
  TensorImpl &leafOf(const GradientEffect &effect,
                     const std::vector<const Tensor *> &inputs) const {
    return effect.argument >= 0 ? *inputs[static_cast<size_t>(effect.argument)]->impl()
                                : *effect.leaf.impl();
  }
  bool placeInputs(const std::vector<const Tensor *> &inputs,
                   const std::vector<OutsideTensor> &outside, const std::vector<bool> &isOutside);

  bool interpreted_ = false;
  rt::CapturedRun run_;
  std::vector<InputSource> sources_;
  std::vector<Found> found_;
  std::vector<GradientEffect> gradients_;
  std::vector<Written> written_;
  std::vector<ValueSource> newStorages_;
  std::vector<ResultTensor> results_;
  // Scratch of a replay.
  std::vector<rt::Value *> pending_;
  std::vector<Storage *> storages_;
  std::vector<rt::InputArgument> runInputs_;
};

uint64_t evaluationsOfThread() { return rt::thisThread().counters.evaluations; }

bool Captured::placeInputs(const std::vector<const Tensor *> &inputs,
                           const std::vector<OutsideTensor> &outside,
                           const std::vector<bool> &isOutside) {
  for (rt::CapturedRun::Input &in : run_.inputs) {
    InputSource source{-1, false, false, in.alignLog2, static_cast<int64_t>(in.byteOffset), {}};
    for (size_t j = 0; j < outside.size() && source.outside < 0; ++j)
      if (isOutside[j] && outside[j].value->buffer == in.buffer)
        source.outside = static_cast<int32_t>(j);
    if (source.outside < 0) {
      source.buffer = in.buffer;
    } else if (const auto i = static_cast<size_t>(source.outside);
               i < inputs.size() && !arguments[i].whole) {
      // Another time the argument may lie elsewhere in its storage.
      const TensorImpl &t = *inputs[i]->impl();
      const auto element = static_cast<int64_t>(elementSize(t.type().dtype));
      source.relative = true;
      source.byteOffset -= t.offset * element;
      if (source.byteOffset < 0 || source.byteOffset + static_cast<int64_t>(in.bytes) >
                                       extent(t.type().sizes, t.strides) * element)
        return false; // reads what is no part of the argument
    }
    sources_.push_back(std::move(source));
  }
  for (InputSource &s : sources_)
    s.mayTake = s.outside >= 0 && outside[static_cast<size_t>(s.outside)].writes &&
                std::ranges::count(sources_, s.outside, &InputSource::outside) == 1;
  return true;
}

/// Whether somebody else than the call and the histories of its results holds the tensor.
bool heldElsewhere(const OutsideTensor &o, const HeldByHistories &held) {
  return !o.handle.defined() ||
         o.handle.impl()->TensorImpl::refs.load(0) >
             1 + std::ranges::count(held, o.handle.impl()) ||
         o.storage->refs.load(std::memory_order_acquire) > 1;
}

bool Captured::evaluatesNumbers(const std::vector<OutsideTensor> &outside,
                                const HeldByHistories &held) {
  bool any = false;
  for (const OutsideTensor &o : outside)
    if (heldElsewhere(o, held) &&
        o.value->trace.load(std::memory_order_acquire) == rt::scalarTrace()) {
      rt::evaluate(*o.value);
      any = true;
    }
  return any;
}

/// Null where a result can still be differentiated.
std::optional<HeldByHistories> spentHistories(const CompiledCall &call,
                                              const std::vector<Tensor> &outputs) {
  HeldByHistories held;
  for (const Tensor &t : outputs)
    if (autodiff::GradNode *node = t.defined() ? autodiff::nodeOf(*t.impl()) : nullptr;
        node && !node->isLeaf() && !isSpent(*node, call, held))
      return std::nullopt;
  return held;
}

bool Captured::placeGradients(const std::vector<const Tensor *> &inputs, CompiledCall &call,
                              std::vector<Tensor> &outputs) {
  for (const MetLeaf &met : call.leaves()) {
    TensorImpl &leaf = *met.leaf.impl();
    const Tensor &before = met.gradientBefore, &after = leaf.meta->grad;
    GradientEffect effect{-1, {}, before.defined()};
    for (size_t i = 0; i < inputs.size() && effect.argument < 0; ++i)
      if (inputs[i]->impl() == &leaf)
        effect.argument = static_cast<int32_t>(i);
    if (effect.argument < 0)
      effect.leaf = met.leaf;
    if (historyOf(leaf) != History::leaf)
      return false;
    if (before.defined() && !isPlainGradient(*before.impl()))
      return false;
    if (!after.defined()) {
      effect.after = GradientEffect::dropped;
    } else if (!before.defined() || after.impl() != before.impl()) {
      effect.after = GradientEffect::made;
      effect.result = outputs.size();
      outputs.push_back(after);
    }
    gradients_.push_back(std::move(effect));
  }
  return true;
}

bool Captured::keep(const std::vector<const Tensor *> &inputs, CompiledCall &call,
                    const std::vector<Tensor> &returned, const HeldByHistories &held,
                    uint64_t evaluationsBefore) {
  std::vector<OutsideTensor> &outside = call.outside();
  if (call.failed() || evaluationsOfThread() != evaluationsBefore)
    return false;
  std::vector<Tensor> outputs = returned;
  if (!placeGradients(inputs, call, outputs))
    return false;
  // A tensor that nobody else holds is one that the function made from data of its own.
  std::vector<bool> isOutside(outside.size(), true);
  for (size_t j = inputs.size(); j < outside.size(); ++j)
    isOutside[j] = heldElsewhere(outside[j], held);
  // The gradients that leaves had, among them: a leaf has another one in another call.
  std::vector<std::optional<size_t>> gradientOf(outside.size());
  for (size_t j = inputs.size(); j < outside.size(); ++j)
    for (size_t k = 0; k < call.leaves().size(); ++k)
      if (const Tensor &before = call.leaves()[k].gradientBefore;
          before.defined() && before.impl()->storage.get() == outside[j].storage)
        gradientOf[j] = k;
  for (size_t j = 0; j < outside.size(); ++j) {
    const OutsideTensor &o = outside[j];
    if (isOutside[j] && o.writes && j < inputs.size() &&
        (!arguments[j].whole || o.storage->borrowed))
      return false;
    if (isOutside[j] && !o.writes && o.storage->value != o.value)
      return false; // somebody else's doing
  }

  // Where the results lie.
  std::vector<Storage *> fresh;
  std::vector<rt::Value *> targets;
  for (const Tensor &tensor : outputs) {
    ResultTensor r;
    r.defined = tensor.defined();
    if (r.defined) {
      TensorImpl &t = *tensor.impl();
      for (size_t i = 0; i < inputs.size() && r.argument < 0; ++i)
        if (inputs[i]->impl() == &t)
          r.argument = static_cast<int32_t>(i);
      if (r.argument < 0) {
        for (size_t j = 0; j < outside.size(); ++j)
          if (isOutside[j] && outside[j].storage == t.storage.get())
            return false; // a view of something outside
        const auto copies =
            std::ranges::count_if(outputs, [&](const Tensor &other) { return other.impl() == &t; });
        // Each is in `outputs`, and in `returned` or a leaf.
        if (t.refs.load(0) != 2 * copies || t.storage->borrowed)
          return false; // somebody else has it
        if (autodiff::GradNode *node = autodiff::nodeOf(t)) {
          if (t.meta->parent.defined() || t.meta->retains || results_.size() >= returned.size())
            return false;
          r.history = autodiff::NodeRef::share(node);
        }
        auto at = std::ranges::find(fresh, t.storage.get());
        if (at != fresh.end() && (t.meta || copies != 1))
          return false; // views of each other
        r.storage = static_cast<size_t>(at - fresh.begin());
        if (at == fresh.end()) {
          fresh.push_back(t.storage.get());
          targets.push_back(t.storage->value.get());
        }
        r.type = t.type(), r.strides = t.strides, r.offset = t.offset, r.contiguous = t.contiguous;
      }
    }
    results_.push_back(std::move(r));
  }
  for (size_t j = 0; j < outside.size(); ++j)
    if (isOutside[j] && outside[j].writes)
      targets.push_back(outside[j].storage->value.get());

  rt::evaluateCapturing(targets, run_);
  if (rt::thisThread().trace.numLive != 0)
    return false; // something that was recorded is still wanted elsewhere
  interpreted_ = !run_.valid() && !run_.outputs.empty();
  if (!run_.valid())
    return false;
  auto sourceOf = [&](const rt::Ref<rt::Value> &value) -> ValueSource {
    for (size_t k = 0; k < run_.outputs.size(); ++k)
      if (run_.outputs[k].value == value)
        return {ValueSource::output, k};
    for (size_t j = 0; j < outside.size(); ++j)
      if (isOutside[j] && outside[j].value == value)
        return {ValueSource::entry, j};
    return {ValueSource::constant, 0, value};
  };
  for (const rt::CapturedRun::Output &o : run_.outputs) {
    const auto held = std::ranges::count(targets, o.value.get());
    if (!o.value || !held ||
        o.value->refs.load(std::memory_order_acquire) != static_cast<uint32_t>(held) + 1)
      return false; // a value that somebody else keeps
  }
  for (Storage *s : fresh)
    newStorages_.push_back(sourceOf(s->value));
  for (size_t j = 0; j < outside.size(); ++j)
    if (isOutside[j] && outside[j].writes)
      written_.push_back({j, outside[j].writes, sourceOf(outside[j].storage->value)});
  if (!placeInputs(inputs, outside, isOutside))
    return false;

  std::vector<size_t> numberOf(outside.size());
  size_t number = 0;
  for (size_t j = 0; j < outside.size(); ++j) {
    numberOf[j] = number;
    number += isOutside[j];
    if (j < inputs.size() || !isOutside[j])
      continue;
    size_t same = 0;
    while (!isOutside[same] || outside[same].value != outside[j].value)
      ++same;
    const OutsideTensor &o = outside[j];
    Found &found = found_.emplace_back();
    found.stored = o.value->type, found.written = o.writes != 0, found.sameValue = numberOf[same];
    if (gradientOf[j]) {
      found.gradientOf = *gradientOf[j];
      found.stored = call.leaves()[*gradientOf[j]].gradientBefore.impl()->type();
      continue;
    }
    found.handle = o.handle, found.history = historyOf(*o.handle.impl());
    for (const GradientEffect &effect : gradients_)
      found.ownHandles += effect.leaf.is_same(o.handle);
  }
  for (InputSource &s : sources_)
    if (s.outside >= 0)
      s.outside = static_cast<int32_t>(numberOf[static_cast<size_t>(s.outside)]);
  for (Written &w : written_) {
    w.outside = numberOf[w.outside];
    if (w.value.kind == ValueSource::entry)
      w.value.index = numberOf[w.value.index];
  }
  for (ValueSource &v : newStorages_)
    if (v.kind == ValueSource::entry)
      v.index = numberOf[v.index];
  // The buffers of this call are not needed again.
  run_.inputs.clear();
  for (rt::CapturedRun::Output &o : run_.outputs)
    o.value.reset();
  return true;
}

Captured::Outcome Captured::replay(const std::vector<const Tensor *> &inputs,
                                   std::vector<Tensor> &outputs) {
  if (!run_.valid())
    return Outcome::stale;
  // What lies outside, ready.
  storages_.clear(), pending_.clear();
  for (const Tensor *t : inputs)
    storages_.push_back(t->impl()->storage.get());
  for (const GradientEffect &effect : gradients_) {
    TensorImpl &leaf = leafOf(effect, inputs);
    if (historyOf(leaf) != History::leaf)
      return Outcome::runFunction;
    if (leaf.meta->grad.defined() != effect.wasDefined)
      return Outcome::stale;
  }
  for (const Found &f : found_) {
    const bool isGradient = !f.handle.defined();
    TensorImpl &t =
        isGradient ? *leafOf(gradients_[f.gradientOf], inputs).meta->grad.impl() : *f.handle.impl();
    const TensorType &stored = isGradient ? t.type() : t.storage->value->type;
    if (isGradient) {
      if (!isPlainGradient(t))
        return Outcome::runFunction;
    } else {
      if (t.refs.load(0) == f.ownHandles && t.storage->refs.load(std::memory_order_acquire) == 1)
        return Outcome::stale; // what the function reads now is another one
      if (gradMode && historyOf(t) != f.history)
        return f.history == History::none ? Outcome::runFunction : Outcome::stale;
    }
    if (stored.dtype != f.stored.dtype || !(stored.sizes == f.stored.sizes) ||
        (f.written && t.storage->borrowed))
      return Outcome::stale;
    storages_.push_back(t.storage.get());
    if (storages_[f.sameValue]->value != t.storage->value)
      return Outcome::stale;
    if (t.storage->value->pending())
      pending_.push_back(t.storage->value.get());
  }
  if (!pending_.empty())
    rt::evaluate(pending_);
  for (const Written &w : written_)
    if (std::ranges::count(storages_, storages_[w.outside]) != 1)
      return Outcome::runFunction; // a write that others would see meanwhile

  // Values that are handed on as they were: held, so that no run takes their memory.
  auto heldValue = [&](const ValueSource &v) -> rt::Ref<rt::Value> {
    return v.kind == ValueSource::entry ? storages_[v.index]->value : v.value;
  };
  std::vector<rt::Ref<rt::Value>> newValues, writtenValues;
  for (const ValueSource &v : newStorages_)
    newValues.push_back(heldValue(v));
  for (const Written &w : written_)
    writtenValues.push_back(heldValue(w.value));

  runInputs_.clear();
  for (const InputSource &s : sources_) {
    rt::InputArgument in{s.buffer.get(), static_cast<uint64_t>(s.byteOffset), false};
    if (s.outside >= 0) {
      const auto i = static_cast<size_t>(s.outside);
      rt::Value &value = *storages_[i]->value;
      in.buffer = value.buffer.get();
      if (s.relative) {
        const TensorImpl &t = *inputs[i]->impl();
        in.byteOffset += static_cast<uint64_t>(t.offset) * elementSize(t.type().dtype);
      }
      in.mayTake = s.mayTake && value.refs.load(std::memory_order_acquire) == 1 &&
                   in.buffer->refs.load(std::memory_order_acquire) == 1 && !in.buffer->foreign;
    }
    if (reinterpret_cast<uintptr_t>(in.buffer->data + in.byteOffset) &
        ((uintptr_t(1) << s.alignLog2) - 1))
      return Outcome::runFunction;
    runInputs_.push_back(in);
  }

  rt::PodVector<rt::Buffer *> &buffers = rt::thisThread().scratch.results;
  rt::runAgain(run_, runInputs_, buffers);
  std::vector<rt::Ref<rt::Value>> values;
  values.reserve(run_.outputs.size());
  for (size_t k = 0; k < run_.outputs.size(); ++k)
    values.push_back(
        rt::Value::ready(run_.outputs[k].type, rt::Ref<rt::Buffer>::adopt(buffers[k])));
  buffers.clear();
  for (size_t k = 0; k < newStorages_.size(); ++k)
    if (newStorages_[k].kind == ValueSource::output)
      newValues[k] = values[newStorages_[k].index];
  for (size_t k = 0; k < written_.size(); ++k) {
    const Written &w = written_[k];
    Storage &s = *storages_[w.outside];
    s.value =
        w.value.kind == ValueSource::output ? values[w.value.index] : std::move(writtenValues[k]);
    s.version += w.writes;
  }

  std::vector<const TensorImpl *> owners(newStorages_.size());
  outputs.reserve(results_.size());
  for (const ResultTensor &r : results_) {
    if (!r.defined) {
      outputs.emplace_back();
    } else if (r.argument >= 0) {
      outputs.push_back(*inputs[static_cast<size_t>(r.argument)]);
    } else if (const TensorImpl *owner = owners[r.storage]) {
      outputs.push_back(Tensor::adopt(TensorBlock::sharing(
          owner->storage, r.type.dtype, r.type.sizes, r.strides, r.offset, r.contiguous)));
    } else {
      outputs.push_back(Tensor::adopt(TensorBlock::holding(
          std::move(newValues[r.storage]), r.type.sizes, r.strides, r.offset, r.contiguous)));
      owners[r.storage] = outputs.back().impl();
      if (r.history)
        autodiff::setHistory(*outputs.back().impl(), r.history);
    }
  }
  size_t returned = results_.size();
  for (const GradientEffect &effect : gradients_) {
    Tensor &gradient = leafOf(effect, inputs).meta->grad;
    if (effect.after == GradientEffect::dropped)
      gradient.reset();
    if (effect.after == GradientEffect::made) {
      gradient = std::move(outputs[effect.result]);
      returned = std::min(returned, effect.result);
    }
  }
  outputs.resize(returned);
  return Outcome::done;
}

} // namespace

//===------------------------------------------------------------------------------------------===//
// CompiledFunction
//===------------------------------------------------------------------------------------------===//

inline namespace v1 {
namespace detail {

struct CompiledFunction::Impl {
  /// Signatures, the one used last first; the last one goes when there are too many.
  static constexpr size_t kMost = 64;
  /// Calls that found no executable are tried again, but not for ever: it may be that none comes.
  int interpretedLeft = 1000;
  std::vector<std::unique_ptr<Captured>> captured;

  static std::vector<Tensor> runFunction(const Body &body) {
    CompiledCall call(false);
    std::vector<Tensor> outputs = body();
    call.finishBorrowed();
    return outputs;
  }

  std::vector<Tensor> capture(const std::vector<const Tensor *> &inputs,
                              const std::vector<uint64_t> &numbers, const Body &body) {
    auto added = std::make_unique<Captured>();
    for (size_t i = 0; i < inputs.size(); ++i)
      added->arguments.push_back(ArgumentType::of(inputs, i));
    added->numbers = numbers;
    added->gradMode = autodiff::gradEnabled();
    try {
      rt::evaluateAll(); // what is recorded from here on is the function's
    } catch (const Error &) {
      // Of values that nobody has asked for; who does gets it again.
    }
    CompiledCall call(true);
    for (const Tensor *t : inputs)
      call.outside().push_back({{}, t->impl()->storage.get(), t->impl()->storage->value, 0});
    const uint64_t evaluations = evaluationsOfThread();
    std::vector<Tensor> outputs = body();
    bool later = false;
    if (const std::optional<HeldByHistories> held = spentHistories(call, outputs)) {
      later = Captured::evaluatesNumbers(call.outside(), *held);
      if (!later)
        added->runsFunction = !added->keep(inputs, call, outputs, *held, evaluations);
    }
    later |= added->interpreted() && interpretedLeft-- > 0;
    call.finishBorrowed();
    if (later)
      return outputs;
    if (captured.size() == kMost)
      captured.pop_back();
    captured.insert(captured.begin(), std::move(added));
    return outputs;
  }
};

CompiledFunction::CompiledFunction() : impl_(std::make_unique<Impl>()) {}
CompiledFunction::~CompiledFunction() = default;
CompiledFunction::CompiledFunction(CompiledFunction &&) noexcept = default;
CompiledFunction &CompiledFunction::operator=(CompiledFunction &&) noexcept = default;

std::vector<Tensor> CompiledFunction::call(const std::vector<const Tensor *> &inputs,
                                           const std::vector<uint64_t> &numbers, const Body &body) {
  if (CompiledCall::current())
    return body(); // a part of the function that is running
  const bool gradMode = autodiff::gradEnabled();
  bool pending = false, continues = false;
  for (const Tensor *t : inputs) {
    TensorImpl &impl = implOf(*t, "a compiled function");
    pending |= impl.storage->value->pending();
    continues |= gradMode && impl.meta && historyOf(impl) > History::leaf;
  }
  if (continues || !inCompileMode())
    return Impl::runFunction(body);
  auto makeReady = [&] {
    if (!pending)
      return;
    std::vector<rt::Value *> values;
    values.reserve(inputs.size());
    for (const Tensor *t : inputs)
      values.push_back(t->impl()->storage->value.get());
    rt::evaluate(values);
  };
  auto &captured = impl_->captured;
  for (size_t i = 0; i < captured.size(); ++i) {
    if (!captured[i]->fits(inputs, numbers))
      continue;
    if (i)
      std::rotate(captured.begin(), captured.begin() + static_cast<ptrdiff_t>(i),
                  captured.begin() + static_cast<ptrdiff_t>(i) + 1);
    if (captured[0]->runsFunction)
      return Impl::runFunction(body);
    makeReady();
    std::vector<Tensor> outputs;
    switch (captured[0]->replay(inputs, outputs)) {
    case Captured::Outcome::done:
      return outputs;
    case Captured::Outcome::runFunction:
      return Impl::runFunction(body);
    case Captured::Outcome::stale:
      captured.erase(captured.begin());
      break;
    }
    break;
  }
  makeReady();
  return impl_->capture(inputs, numbers, body);
}

} // namespace detail
} // namespace v1
} // namespace tjit
