//===- Trace.h --------------------------------------------------------------------------------===//
// What a thread has recorded and not run yet.
//
// A trace is an arena of nodes, operands before their users, and a pool of words beside it. An
// operation's words are its chunk of the trace key (IR/TraceKey.h) with node numbers for operands,
// so that making a key is copying chunks:
//
//   operation   head | operands, two to a word | sizes[rank] | attribute words
//   input       head | sizes[rank] | strides[rank] | byte offset into the buffer
//
// A node that has a handle points to its Value, which points back. A Value that dies clears the
// pointer and nothing else. Inputs own a count of their buffer.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/Place.h"
#include "Runtime/PodVector.h"
#include "Runtime/Recorder.h"
#include "Runtime/TraceLock.h"

#include <algorithm>

namespace tjit::rt {

struct ThreadContext;

enum class NodeType : uint8_t { operation, input, scalar };

struct Node {
  enum Flags : uint8_t {
    kOutput = 1,     // gets memory in the evaluation under way
    kNeeded = 2,     // an output depends on it
    kKept = 4,       // stays in the trace after the evaluation
    kRecomputed = 8, // was computed by an earlier evaluation that did not keep it
    kTarget = 16,    // has to be an output of the evaluation that comes
    kDonor = 32,     // input: proposed to an output
    kPoisoned = 64,  // could not be computed
  };

  Value *value; // the live handle, or null
  union {
    uint64_t head;  // operation: the first word of its chunk
    Buffer *buffer; // input
    uint64_t bits;  // scalar
  };
  uint32_t chunk;  // operation, input: its first word
  uint32_t number; // in the key of the evaluation under way; in the next trace where it is kept
  NodeType type;
  uint8_t cost; // of computing it again from what will have memory; scratch of an evaluation
  uint8_t flags;
  uint8_t age; // evaluations that the node has survived pending
  ScalarType dtype;

  /// All that is not scratch of an evaluation.
  void setOperation(Value *handle, uint64_t firstWord, size_t firstIndex, ScalarType resultDtype) {
    value = handle;
    head = firstWord;
    chunk = static_cast<uint32_t>(firstIndex);
    type = NodeType::operation, cost = flags = age = 0;
    dtype = resultDtype;
  }
  OpKind kind() const { return static_cast<OpKind>(head & 0xffff); }
  unsigned rank() const { return head >> 24 & 0xff; }
  unsigned numOperands() const { return head >> 32 & 0xffff; }
  unsigned numAttributes() const { return head >> 48; }
};
static_assert(sizeof(Node) == 32 && std::is_trivial_v<Node>);

/// Which node of which trace stands for a whole value: 48 bits that name a trace between two
/// resets, 16 bits of node.
struct InputMark {
  static constexpr uint32_t kNoNode = 0xffff; // used in that trace, but not as a whole
  static constexpr unsigned kNodeBits = 16;
  static uint64_t of(uint64_t epoch, uint32_t node) {
    return epoch << 16 | (node < kNoNode ? node : kNoNode);
  }
  static uint64_t epoch(uint64_t mark) { return mark >> 16; }
  static uint32_t node(uint64_t mark) { return mark & 0xffff; }
};

/// Where an operation that may fail was recorded.
struct NodePlace {
  uint32_t node;
  const void *address; // see Place.h
};

/// Stand for values that are not in a trace, see Value.
namespace detail {
// Only their addresses are used.
inline constinit std::byte scalarPlace{}, poisonPlace{};
} // namespace detail
inline Trace *scalarTrace() { return reinterpret_cast<Trace *>(&detail::scalarPlace); }
inline Trace *poisonTrace() { return reinterpret_cast<Trace *>(&detail::poisonPlace); }

/// Limits of one trace. It is evaluated when one is reached.
struct TraceLimits {
  uint32_t operations = 512;
  /// Waiting for a period that is longer: loops with large bodies.
  uint32_t operationsWithoutPeriod = 2048;
  size_t nodes = 50000;
  size_t orphanBytes = 64 << 20; // memory that the trace alone keeps alive
  /// Operations that may be computed again instead of being kept.
  static constexpr uint32_t kCheapChain = 8;
  /// Where more operations than this stay pending again and again, the old ones get memory: an
  /// evaluation takes time for each.
  static constexpr uint32_t kCrowd = 64, kOld = 4;
};

class Trace {
public:
  explicit Trace(uint32_t id) : id_(id), epoch_(uint64_t(id) << 32) {}
  Trace(const Trace &) = delete;

  TraceLock lock;

  // All that follows wants the lock.

  bool full() const {
    return numOperations >= checkAt || nodes.size() >= limits.nodes ||
           orphanBytes.load(std::memory_order_relaxed) > limits.orphanBytes;
  }
  /// A handle died. Buffers to release once the lock is open are added to `orphans`.
  void forget(const Value &value, PodVector<Buffer *> &orphans) {
    nodes[value.node].value = nullptr;
    if (--numLive == 0)
      clear(orphans);
  }

  PodVector<Node> nodes;
  PodVector<uint64_t> words;
  PodVector<uint32_t> inputs, scalars; // nodes of these types, ascending
  PodVector<NodePlace> places;         // of operations that may fail, ascending
  TraceLimits limits;
  uint32_t checkAt =
      TraceLimits().operations; // number of operations at which `limits` are looked at again
  uint32_t numOperations = 0;
  size_t carriedInputs = 0; // the first so many inputs come from before the last evaluation
  uint32_t carriedOperations = 0;
  uint32_t numLive = 0; // nodes with a handle

  /// While there are fewer nodes than this, a node can be appended without asking whether the trace
  /// is full or its memory used up.
  size_t quickUntil() const { return quickUntil_.load(std::memory_order_relaxed); }
  /// Looks how far that is.
  void openQuickWay() {
    const size_t room = full() ? 0 : nodes.size() + (checkAt - numOperations);
    quickUntil_.store(std::min({room, limits.nodes, nodes.capacity()}), std::memory_order_relaxed);
  }
  /// Memory that the trace alone keeps. By the owner's thread, without the lock.
  void noteOrphan(size_t bytes) {
    if (orphanBytes.fetch_add(bytes, std::memory_order_relaxed) + bytes > limits.orphanBytes)
      quickUntil_.store(0, std::memory_order_relaxed);
  }

  uint64_t epoch() const { return epoch_.load(std::memory_order_relaxed); }
  /// Names the trace anew: marks in values become stale.
  void nextEpoch() { epoch_.store(epoch() + 1, std::memory_order_relaxed); }
  /// Forgets all nodes; the buffers they counted are added to `orphans`.
  void clear(PodVector<Buffer *> &orphans);

  uint32_t addInput(Buffer *buffer, uint64_t byteOffset, ScalarType dtype,
                    std::span<const int64_t> sizes, std::span<const int64_t> strides,
                    unsigned alignLog2);
  uint32_t addScalar(ScalarType dtype, uint64_t bits);
  uint32_t addOperation(OpKind kind, std::span<const uint32_t> operands,
                        std::span<const int64_t> attributes, ScalarType dtype,
                        std::span<const int64_t> sizes);

  /// Memory that would be free but for this trace, as far as noticed. Written by the owner's thread
  /// without the lock.
  std::atomic<size_t> orphanBytes{0};

  /// Keeps from where the operation that was appended last, which may fail, was recorded.
  [[gnu::noinline, gnu::cold]] void notePlace();
  /// Null: unknown.
  const void *placeOf(uint32_t node) const;

  const uint32_t *operandsOf(const Node &op) const {
    return reinterpret_cast<const uint32_t *>(words.data() + op.chunk + 1);
  }
  const int64_t *sizesOf(const Node &n) const {
    return reinterpret_cast<const int64_t *>(
        words.data() + n.chunk + 1 +
        (n.type == NodeType::operation ? (n.numOperands() + 1) / 2 : 0));
  }
  std::span<const int64_t> attributesOf(const Node &op) const {
    return {sizesOf(op) + op.rank(), op.numAttributes()};
  }
  size_t operationWords(const Node &op) const {
    return 1 + (op.numOperands() + 1) / 2 + op.rank() + op.numAttributes();
  }
  unsigned inputRank(const Node &input) const { return words[input.chunk] >> 8 & 0xff; }
  std::span<const int64_t> shapeOf(const Node &n) const {
    return {sizesOf(n), n.type == NodeType::operation ? n.rank()
                        : n.type == NodeType::input   ? inputRank(n)
                                                      : 0};
  }
  std::span<const int64_t> stridesOf(const Node &input) const {
    return {sizesOf(input) + inputRank(input), inputRank(input)};
  }
  uint64_t byteOffsetOf(const Node &input) const {
    return words[input.chunk + 1 + 2 * inputRank(input)];
  }

  /// The node that stands for the whole value. Throws what poisoned it.
  uint32_t nodeOf(Value &v) {
    if (v.trace.load(std::memory_order_acquire) == this)
      return v.node;
    uint64_t mark = v.input.load(std::memory_order_relaxed);
    if (InputMark::epoch(mark) == epoch() && InputMark::node(mark) != InputMark::kNoNode)
      return InputMark::node(mark);
    return enter(v);
  }
  uint32_t nodeOf(const Operand &operand);
  /// The same for values that the trace knows; otherwise InputMark::kNoNode or more.
  [[gnu::always_inline]] uint64_t knownNode(const Value &v) const {
    if (v.trace.load(std::memory_order_acquire) == this)
      return v.node;
    return v.input.load(std::memory_order_relaxed) - (epoch() << InputMark::kNodeBits);
  }

  /// Begins an operation's node and chunk. The operands' nodes are written by the caller, from the
  /// chunk's second word on.
  uint64_t *beginOperation(OpKind kind, size_t numOperands, std::span<const int64_t> attributes,
                           ScalarType dtype, const int64_t *sizes, size_t rank);
  /// An operation without attributes on one or two values, with the numbers of their nodes, for
  /// which `result` stands. Wants fewer nodes than quickUntil().
  void appendQuickly(OpKind kind, size_t numOperands, uint64_t numbers, Value &result);
  /// Ties a new value to a node.
  void bind(Value &v, uint32_t node) {
    nodes[node].value = &v;
    v.node = node;
    v.trace.store(this, std::memory_order_relaxed);
    ++numLive;
  }

private:
  uint32_t enter(Value &value); // a value that is ready or a scalar
  uint32_t wholeInput(Value &value);
  uint32_t stridedInput(Value &value, std::span<const int64_t> sizes,
                        std::span<const int64_t> strides, int64_t offset);
  /// A strided view of a pending value as view operations (TraceViews.cpp).
  uint32_t viewOf(uint32_t node, const TensorType &type, std::span<const int64_t> sizes,
                  std::span<const int64_t> strides, int64_t offset);

  const uint32_t id_;
  std::atomic<uint64_t> epoch_;
  std::atomic<size_t> quickUntil_{0};
};

/// Copies a few words; a loop that is made for many costs more than they do.
inline void copyFew(uint64_t *to, const int64_t *from, size_t n) {
  if (n > 2) [[unlikely]] {
    std::memcpy(to, from, n * sizeof *to);
    return;
  }
  if (n > 1)
    to[1] = static_cast<uint64_t>(from[1]);
  if (n)
    to[0] = static_cast<uint64_t>(from[0]);
}

inline uint64_t *Trace::beginOperation(OpKind kind, size_t numOperands,
                                       std::span<const int64_t> attributes, ScalarType dtype,
                                       const int64_t *sizes, size_t rank) {
  const size_t operandWords = (numOperands + 1) / 2;
  const uint64_t head = static_cast<uint64_t>(kind) | static_cast<uint64_t>(dtype) << 16 |
                        rank << 24 | numOperands << 32 | attributes.size() << 48;
  nodes.append(1)->setOperation(nullptr, head, words.size(), dtype);
  uint64_t *w = words.append(1 + operandWords + rank + attributes.size());
  w[0] = head;
  if (operandWords)
    w[operandWords] = 0; // the high half, where their number is odd
  uint64_t *to = w + 1 + operandWords;
  copyFew(to, sizes, rank);
  copyFew(to + rank, attributes.data(), attributes.size());
  ++numOperations;
  return w;
}

inline void Trace::appendQuickly(OpKind kind, size_t numOperands, uint64_t numbers, Value &result) {
  const Dims &sizes = result.type.sizes;
  const ScalarType dtype = result.type.dtype;
  const size_t rank = sizes.size(), node = nodes.size();
  const uint64_t head = static_cast<uint64_t>(kind) | static_cast<uint64_t>(dtype) << 16 |
                        rank << 24 | numOperands << 32;
  nodes.appendInCapacity(1)->setOperation(&result, head, words.size(), dtype);
  uint64_t *w = words.append(2 + rank);
  w[0] = head, w[1] = numbers;
  copyFew(w + 2, sizes.data(), rank);
  result.node = static_cast<uint32_t>(node);
  result.trace.store(this, std::memory_order_relaxed);
  ++numOperations, ++numLive;
}

/// Holds the lock of the calling thread's own trace.
class OwnerGuard {
public:
  explicit OwnerGuard(TraceLock &lock) : lock_(lock) { lock.lockAsOwner(); }
  OwnerGuard(const OwnerGuard &) = delete;
  ~OwnerGuard() { lock_.unlockAsOwner(); }

private:
  TraceLock &lock_;
};

/// Holds a trace's lock, as its owner or as another thread.
class TraceGuard {
public:
  explicit TraceGuard(Trace &trace);
  TraceGuard(Trace &trace, bool owner) : trace_(trace), owner_(owner) {
    if (owner)
      trace.lock.lockAsOwner();
    else
      trace.lock.lockAsStranger();
  }
  TraceGuard(const TraceGuard &) = delete;
  ~TraceGuard() {
    if (owner_)
      trace_.lock.unlockAsOwner();
    else
      trace_.lock.unlockAsStranger();
  }

private:
  Trace &trace_;
  const bool owner_;
};

/// Why a value could not be computed.
struct PoisonedValue {
  std::atomic<uint32_t> refs{1};
  std::exception_ptr error;
  static void destroy(PoisonedValue *p) { delete p; }
};
[[noreturn]] void throwPoison(const Value &value);

} // namespace tjit::rt
