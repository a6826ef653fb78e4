//===- Compile.cpp ----------------------------------------------------------------------------===//
// tjit::compile: functions that are recorded once.
//
//   first call    arguments ready, trace empty ──► the function runs, watched by a CompiledCall
//                 ──► evaluateCapturing ──► where each input of the run came from, where each
//                 result went: a Captured
//   later calls   facts of the arguments ──► a Captured of the same signature ──► runAgain ──► the
//                 results, and the writes to what lies outside
//
// Whatever recording does not say (a value that was read, random numbers, histories, tensors that
// the function put somewhere) makes the signature one whose calls run the function.
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

namespace tjit {

//===------------------------------------------------------------------------------------------===//
// Watching a call
//===------------------------------------------------------------------------------------------===//

OutsideTensor *CompiledCall::note(const TensorImpl &t) {
  for (OutsideTensor &o : outside_)
    if (o.storage == t.storage.get())
      return &o;
  rt::Value &value = *t.storage->value;
  if (value.trace.load(std::memory_order_acquire) == &rt::thisThread().trace)
    return &ignored_; // the trace was empty when the call began
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

/// What the signature says of an argument.
struct ArgumentType {
  TensorType type;
  Dims strides; // where it is not whole
  bool whole, borrowed;
  uint32_t sameValue; // first argument with the same value; its own number if there is none

  static ArgumentType of(const std::vector<const Tensor *> &inputs, size_t i) {
    const TensorImpl &t = *inputs[i]->impl();
    return {t.type(), t.strides, t.whole(), t.storage->borrowed, sharing(inputs, i)};
  }
  bool fits(const std::vector<const Tensor *> &inputs, size_t i) const {
    const TensorImpl &t = *inputs[i]->impl();
    return t.type().dtype == type.dtype && t.type().sizes == type.sizes && t.whole() == whole &&
           t.storage->borrowed == borrowed && (whole || t.strides == strides) &&
           sharing(inputs, i) == sameValue;
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
  Tensor handle;
  TensorType stored; // of its storage's value
  bool written;
  size_t sameValue; // number among all outside tensors
};
struct ResultTensor {
  int32_t argument = -1; // the argument itself
  bool defined = true;
  size_t storage = 0; // number of a new one
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
            const std::vector<Tensor> &outputs, uint64_t evaluationsBefore);
  /// A number from outside had no memory, so it was read as part of the program: it has now, and
  /// the next call may be kept.
  static bool evaluatesNumbers(const std::vector<OutsideTensor> &outside);

  /// Whether `keep` failed for want of an executable, which may be compiled by the next call.
  bool interpreted() const { return interpreted_; }

  enum class Outcome { done, stale, runFunction };
  Outcome replay(const std::vector<const Tensor *> &inputs, std::vector<Tensor> &outputs);

private:
  bool placeInputs(const std::vector<const Tensor *> &inputs,
                   const std::vector<OutsideTensor> &outside, const std::vector<bool> &isOutside);

  bool interpreted_ = false;
  rt::CapturedRun run_;
  std::vector<InputSource> sources_;
  std::vector<Found> found_;
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

/// Whether somebody else than the call holds the tensor.
bool heldElsewhere(const OutsideTensor &o) {
  return !o.handle.defined() || o.handle.impl()->TensorImpl::refs.load(0) > 1 ||
         o.storage->refs.load(std::memory_order_acquire) > 1;
}

bool Captured::evaluatesNumbers(const std::vector<OutsideTensor> &outside) {
  bool any = false;
  for (const OutsideTensor &o : outside)
    if (heldElsewhere(o) && o.value->trace.load(std::memory_order_acquire) == rt::scalarTrace()) {
      rt::evaluate(*o.value);
      any = true;
    }
  return any;
}

bool Captured::keep(const std::vector<const Tensor *> &inputs, CompiledCall &call,
                    const std::vector<Tensor> &outputs, uint64_t evaluationsBefore) {
  std::vector<OutsideTensor> &outside = call.outside();
  if (call.failed() || evaluationsOfThread() != evaluationsBefore)
    return false;
  // A tensor that nobody else holds is one that the function made from data of its own.
  std::vector<bool> isOutside(outside.size(), true);
  for (size_t j = inputs.size(); j < outside.size(); ++j)
    isOutside[j] = heldElsewhere(outside[j]);
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
        if (autodiff::requiresGrad(t) || t.refs.load(0) != copies || t.storage->borrowed)
          return false; // a history, or somebody else has it
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
    found_.push_back(
        {outside[j].handle, outside[j].value->type, outside[j].writes != 0, numberOf[same]});
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
  for (const Found &f : found_) {
    TensorImpl &t = *f.handle.impl();
    const rt::Value &value = *t.storage->value;
    if (t.refs.load(0) == 1 && t.storage->refs.load(std::memory_order_acquire) == 1)
      return Outcome::stale; // what the function reads now is another one
    if (gradMode && t.meta && autodiff::requiresGrad(t))
      return Outcome::runFunction;
    if (value.type.dtype != f.stored.dtype || !(value.type.sizes == f.stored.sizes) ||
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
    }
  }
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
    bool later = Captured::evaluatesNumbers(call.outside());
    if (!later)
      added->runsFunction = !added->keep(inputs, call, outputs, evaluations);
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
  bool pending = false, tracked = false;
  for (const Tensor *t : inputs) {
    TensorImpl &impl = implOf(*t, "a compiled function");
    pending |= impl.storage->value->pending();
    tracked |= gradMode && impl.meta && autodiff::requiresGrad(impl);
  }
  if (tracked || !inCompileMode())
    return Impl::runFunction(body);
  if (pending) {
    std::vector<rt::Value *> values;
    values.reserve(inputs.size());
    for (const Tensor *t : inputs)
      values.push_back(t->impl()->storage->value.get());
    rt::evaluate(values);
  }
  auto &captured = impl_->captured;
  for (size_t i = 0; i < captured.size(); ++i) {
    if (!captured[i]->fits(inputs, numbers))
      continue;
    if (i)
      std::rotate(captured.begin(), captured.begin() + static_cast<ptrdiff_t>(i),
                  captured.begin() + static_cast<ptrdiff_t>(i) + 1);
    if (captured[0]->runsFunction)
      return Impl::runFunction(body);
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
  return impl_->capture(inputs, numbers, body);
}

} // namespace detail
} // namespace v1
} // namespace tjit
