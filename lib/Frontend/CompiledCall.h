//===- CompiledCall.h -------------------------------------------------------------------------===//
// What a compiled function does while it runs.
//
// The frontend tells a CompiledCall what is read and written, so that tjit::compile knows the
// tensors that a function uses without getting them, and whether recording says all that it does.
// See Compile.cpp.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/AutogradGraph.h"
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

/// A leaf whose gradient the function looked at, added to or replaced.
struct MetLeaf {
  Tensor leaf, gradientBefore;
};

class CompiledCall {
public:
  /// The call that the thread is in, or null.
  static CompiledCall *current() { return current_; }

  explicit CompiledCall(bool capturing);
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
  /// Before the gradient of a leaf is read or changes.
  void meets(TensorImpl &leaf) {
    if (capturing_)
      noteLeaf(leaf);
  }
  /// Before a reverse pass goes through a node that is no leaf: through one from outside, or with
  /// what a user hung on it, it does more than what is recorded.
  void passes(const autodiff::GradNode &node) {
    if (capturing_ && (!owns(node) || node.extras))
      noteNode(node);
  }
  /// Whether the node was made since the call began.
  bool owns(const autodiff::GradNode &node) const {
    return node.sequence - firstSequence_ < kSequences;
  }
  /// Borrowed memory is read in place.
  void readsBorrowed() { readsBorrowed_ = true; }
  /// Computes what was recorded on borrowed memory, before it changes.
  void finishBorrowed();
  /// Recording does not say what the function does here.
  void cannotCapture() { failed_ = true; }

  bool failed() const { return failed_; }
  std::vector<OutsideTensor> &outside() { return outside_; }
  std::vector<MetLeaf> &leaves() { return leaves_; }

private:
  static constexpr uint64_t kSequences = uint64_t(1) << 32; // of nodes, for each capturing call

  OutsideTensor *note(const TensorImpl &t);
  void noteLeaf(TensorImpl &leaf);
  void noteNode(const autodiff::GradNode &node);

  [[gnu::tls_model("initial-exec")]] static inline thread_local constinit CompiledCall *current_ =
      nullptr;
  const bool capturing_;
  bool failed_ = false, readsBorrowed_ = false;
  uint64_t firstSequence_ = 0;
  std::vector<OutsideTensor> outside_;
  std::vector<MetLeaf> leaves_;
  OutsideTensor ignored_{}; // recorded by the function itself
};

/// A value is read: what follows may depend on it.
inline void noteValueRead() {
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->cannotCapture();
}

} // namespace tjit
