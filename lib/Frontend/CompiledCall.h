//===- CompiledCall.h -------------------------------------------------------------------------===//
// What a compiled function does while it runs.
//
// The frontend tells a CompiledCall what is read and written, so that tjit::compile knows the
// tensors that a function uses without getting them, and whether recording says all that it does.
// See Compile.cpp.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/TensorImpl.h"

#include <vector>

namespace tjit {

/// A tensor from outside of the function: an argument, or one that it found.
struct OutsideTensor {
  Tensor handle;            // of a found one: the tensor, or what it is a view of
  Storage *storage;         // kept by the handle
  rt::Ref<rt::Value> value; // before the call
  uint32_t writes = 0;
};

class CompiledCall {
public:
  /// The call that the thread is in, or null.
  static CompiledCall *current() { return current_; }

  explicit CompiledCall(bool capturing) : capturing_(capturing) { current_ = this; }
  CompiledCall(const CompiledCall &) = delete;
  /// What was read in place of borrowed memory is computed at the latest here.
  ~CompiledCall();

  /// Before the tensor's value becomes an operand or another storage's.
  void reads(const TensorImpl &t) {
    if (capturing_)
      note(t);
  }
  void writes(const TensorImpl &t) {
    if (capturing_)
      ++note(t)->writes;
  }
  /// The tensor's geometry changes in place, which is not made again unless it is a result.
  void moves(const TensorImpl &t) {
    if (capturing_ && note(t) != &ignored_)
      cannotCapture();
  }
  /// Borrowed memory is read in place.
  void readsBorrowed() { readsBorrowed_ = true; }
  /// Computes what was recorded on borrowed memory, before it changes.
  void finishBorrowed();
  /// Recording does not say what the function does here.
  void cannotCapture() { failed_ = true; }

  bool failed() const { return failed_; }
  std::vector<OutsideTensor> &outside() { return outside_; }

private:
  OutsideTensor *note(const TensorImpl &t);

  [[gnu::tls_model("initial-exec")]] static inline thread_local constinit CompiledCall *current_ =
      nullptr;
  const bool capturing_;
  bool failed_ = false, readsBorrowed_ = false;
  std::vector<OutsideTensor> outside_;
  OutsideTensor ignored_{}; // recorded by the function itself
};

/// A value is read: what follows may depend on it.
inline void noteValueRead() {
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->cannotCapture();
}

} // namespace tjit
