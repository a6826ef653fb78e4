//===- RecordOp.cpp ---------------------------------------------------------------------------===//
// Recording an operation on tensors.

#include "Frontend/RecordOp.h"

#include "Frontend/AutogradGraph.h"
#include "Frontend/CompiledCall.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
#include "IR/AttrWords.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"
#include "Runtime/RecordQuickly.h"

#include <array>
#include <cstring>

namespace tjit {

namespace {

constexpr int64_t kCopyBorrowedUpTo = 1 << 20; // bytes

/// Result dtypes of the elementwise operations of one and two operands without attributes that
/// cannot fail, asked once of shape inference; Undefined where the operands' dtype is refused and
/// for all other operations. Constant-initialized and filled as it is asked, so that asking needs
/// no guard.
class ResultDtypes {
public:
  ScalarType of(OpKind kind, ScalarType dtype) {
    const uint8_t known = entry(kind, dtype).load(std::memory_order_relaxed);
    if (!known) [[unlikely]]
      return ask(kind, dtype);
    return static_cast<ScalarType>(known - 1);
  }

private:
  std::atomic<uint8_t> &entry(OpKind kind, ScalarType dtype) {
    return table_[static_cast<unsigned>(kind)][static_cast<unsigned>(dtype)];
  }
  [[gnu::noinline, gnu::cold]] ScalarType ask(OpKind kind, ScalarType dtype) {
    const OpInfo &info = opInfo(kind);
    ScalarType result = ScalarType::Undefined;
    if (info.opClass == OpClass::elementwise && !info.numAttributes && !info.mayFail &&
        (info.numOperands == 1 || info.numOperands == 2)) {
      const TensorType type{dtype, {}};
      const TensorType *operands[] = {&type, &type};
      InferContext context{
          kind, {operands, static_cast<size_t>(info.numOperands)}, nullptr, {}, {}};
      if (inferType(context))
        result = context.result.dtype;
    }
    entry(kind, dtype).store(static_cast<uint8_t>(result) + 1, std::memory_order_relaxed);
    return result;
  }

  static constexpr size_t kRow = 16; // dtypes; a row is found by a shift
  std::atomic<uint8_t> table_[kNumOps][kRow] = {};
};
constinit ResultDtypes resultDtypes;

/// implOf, with the name of the operation.
inline TensorImpl &operandOf(OpKind kind, const Tensor &t) {
  if (!t.defined()) [[unlikely]]
    throwUndefined(opInfo(kind).mnemonic);
  return *t.impl();
}

/// Whether a call has nothing to do besides recording.
[[gnu::always_inline]] inline bool recordsOnly() {
  return rt::Settings::recordsOnly.load(std::memory_order_relaxed) && !CompiledCall::current();
}

bool isBorrowed(const TensorImpl &t) { return t.storage->borrowed.load(std::memory_order_relaxed); }
/// Whether nothing but the value has to be looked at when `t` is read.
bool isPlain(const TensorImpl &t) { return !isBorrowed(t) && t.whole(); }
/// Whether `stored`, the value of t's storage, can be read instead of `t` where operands broadcast:
/// t is all of it, or repeats a number, as gradients of sums and means do.
bool broadcastsAs(const TensorImpl &t, const rt::Value &stored) {
  return t.reads(stored) || stored.type.sizes.empty();
}

bool broadcastsTo(const Dims &from, const Dims &to) {
  const size_t rank = from.size(), missing = to.size() - rank;
  if (rank > to.size())
    return false;
  for (size_t d = 0; d < rank; ++d)
    if (from[d] != to[missing + d] && from[d] != 1)
      return false;
  return true;
}

/// Which of two tensors has the shape of the result and can give it its strides; otherwise null.
const TensorImpl *shapeOfResult(const TensorImpl &a, const rt::Value &aStored, const TensorImpl &b,
                                const rt::Value &bStored) {
  if (a.reads(aStored) && broadcastsTo(b.type().sizes, a.type().sizes)) [[likely]]
    return &a;
  if (b.reads(bStored) && broadcastsTo(a.type().sizes, b.type().sizes))
    return &b;
  return nullptr;
}

/// Before recording: whether the operation becomes part of a history (autodiff::tracks).
bool tracksShort(TensorImpl &a) {
  TensorImpl *const operands[] = {&a};
  return a.meta && autodiff::tracksSlow(operands);
}
bool tracksShort(TensorImpl &a, TensorImpl &b) {
  TensorImpl *const operands[] = {&a, &b};
  return (a.meta || b.meta) && autodiff::tracksSlow(operands);
}

/// A contiguous tensor whose value `record` records.
template <class Record>
inline Tensor recordInBlock(ScalarType dtype, const Dims &sizes, const Dims &strides,
                            Record &&record) {
  TensorBlock *block = TensorBlock::make(dtype, sizes, strides);
  Tensor result = Tensor::adopt(block);
  record(static_cast<rt::Value &>(*block));
  return result;
}

/// The work of recordOp after the type is known.
struct Recording {
  OpKind kind;
  std::span<TensorImpl *const> operands;
  std::span<const int64_t> attributes;
  const TensorType &type;
  OperandReader reader;

  Tensor run() {
    Tensor result = inMemoryOrder();
    if (reader.mustEvaluate() || evaluatesEveryCall())
      evaluateTensor(*result.impl());
    return result;
  }

private:
  Tensor inMemoryOrder() {
    if (opInfo(kind).opClass == OpClass::elementwise && type.sizes.size() > 1)
      for (const TensorImpl *t : operands)
        if (!t->contiguous)
          return permuted();
    std::array<rt::Operand, 8> few;
    std::vector<rt::Operand> many(operands.size() > few.size() ? operands.size() : 0);
    rt::Operand *out = many.empty() ? few.data() : many.data();
    for (size_t i = 0; i < operands.size(); ++i)
      out[i] = reader.read(*operands[i]);
    const Dims strides = contiguousStrides(type.sizes);
    return recordInBlock(type.dtype, type.sizes, strides, [&](rt::Value &result) {
      rt::record(kind, result, {out, operands.size()}, attributes);
    });
  }

  /// Records on the operands as they lie in memory, so that the result gets the order of dimensions
  /// that PyTorch gives it.
  Tensor permuted() {
    std::vector<Geometry> geometries;
    for (const TensorImpl *t : operands)
      geometries.push_back({t->type().sizes, t->strides});
    Dims order;
    const size_t rank = type.sizes.size(), n = operands.size();
    bool rowMajor = elementwiseOrder(type.sizes, geometries, order);
    std::vector<rt::Operand> read(n);
    std::vector<Dims> sizes(n), strides(n);
    for (size_t i = 0; i < n; ++i) {
      const TensorImpl &t = *operands[i];
      const size_t missing = rank - t.type().sizes.size();
      if (rowMajor || t.type().sizes.empty()) {
        read[i] = reader.read(t);
        continue;
      }
      sizes[i] = Dims(rank, 1), strides[i] = Dims(rank, 0);
      for (size_t d = 0; d < rank; ++d)
        if (size_t from = order[d]; from >= missing) {
          sizes[i][d] = t.type().sizes[from - missing];
          strides[i][d] = t.strides[from - missing];
        }
      read[i] = reader.read(t, sizes[i], strides[i]);
    }
    Dims stored(rank, 0);
    for (size_t d = 0; d < rank; ++d)
      stored[d] = type.sizes[order[d]];
    rt::Ref<rt::Value> value = rt::record(kind, read, attributes, type.dtype, stored);
    if (rowMajor)
      return wrapValue(std::move(value));
    const Dims permutedStrides = stridesInOrder(type.sizes, order);
    return Tensor::adopt(TensorBlock::holding(std::move(value), type.sizes, permutedStrides, 0,
                                              isRowMajor(type.sizes, permutedStrides)));
  }
};

} // namespace

rt::Operand OperandReader::read(const TensorImpl &t) {
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->reads(t);
  if (!t.storage->borrowed && t.whole())
    return {t.storage->value.get()};
  return read(t, t.type().sizes, t.strides);
}

rt::Operand OperandReader::read(const TensorImpl &t, const Dims &sizes, const Dims &strides) {
  rt::Value *value = t.storage->value.get();
  CompiledCall *const call = CompiledCall::current();
  if (call) [[unlikely]]
    call->reads(t);
  const bool borrowed = t.storage->stillBorrowed();
  if (borrowed && call) {
    call->readsBorrowed();
    if (t.whole() && &sizes == &t.type().sizes)
      return {value};
  } else if (borrowed) {
    if (numElements(sizes) * static_cast<int64_t>(elementSize(t.type().dtype)) <= kCopyBorrowedUpTo)
      return copy(t, sizes, strides);
    mustEvaluate_ = true;
  } else if (t.offset == 0 && sizes == value->type.sizes && isRowMajor(sizes, strides)) {
    return {value};
  }
  return {value, &sizes, &strides, t.offset};
}

namespace {
/// The last copies of borrowed memory that operations with a history read, of this thread. The
/// gradient of a product reads its operands a second time, and the copy that both read is in the
/// caches by then. A copy stands for the memory only while both hold the same bytes.
class RecentCopies {
public:
  /// The copy of `bytes` bytes at `from`, if it is here; otherwise null. Never dereferences what
  /// was copied before: all that is read is what the caller would copy.
  rt::Ref<rt::Value> find(ScalarType dtype, const std::byte *from, size_t bytes) const {
    for (const Entry &e : entries_)
      if (e.from == from && e.bytes == bytes && e.copy && e.copy->type.dtype == dtype &&
          std::memcmp(e.copy->buffer->data, from, bytes) == 0)
        return e.copy;
    return {};
  }
  /// Forgets the copies that nothing else holds, and keeps this one.
  void add(const std::byte *from, size_t bytes, rt::Ref<rt::Value> copy) {
    for (Entry &e : entries_)
      if (e.from == from || (e.copy && e.copy->refs.load(std::memory_order_relaxed) == 1))
        e = {};
    entries_[next_++ % entries_.size()] = {from, bytes, std::move(copy)};
  }

private:
  struct Entry {
    const std::byte *from = nullptr;
    size_t bytes = 0;
    rt::Ref<rt::Value> copy;
  };
  std::array<Entry, 4> entries_;
  unsigned next_ = 0;
};
thread_local RecentCopies recentCopies;

/// Smaller copies cost less than remembering them.
constexpr size_t kRememberFrom = 4096; // bytes
} // namespace

rt::Operand OperandReader::copy(const TensorImpl &t, const Dims &sizes, const Dims &strides) {
  const rt::Value &value = *t.storage->value;
  const int64_t n = numElements(sizes);
  const bool rowMajor = isRowMajor(sizes, strides);
  // A region without gaps is copied as it lies in memory, in whatever order.
  if (!n || (!rowMajor && (extent(sizes, strides) != n || overlapsItself(sizes, strides)))) {
    copies_.push_back(copyRegion(value, sizes, strides, t.offset));
    return {copies_.back().get()};
  }
  const size_t element = elementSize(value.type.dtype), bytes = n * element;
  const std::byte *from = value.buffer->data + t.offset * static_cast<int64_t>(element);
  rt::Ref<rt::Value> copied;
  if (bytes >= kRememberFrom)
    copied = recentCopies.find(value.type.dtype, from, bytes);
  if (!copied) {
    copied = rowMajor ? copyRegion(value, sizes, strides, t.offset)
                      : copyRegion(value, Dims{n}, Dims{1}, t.offset);
    if (tracked_ && bytes >= kRememberFrom)
      recentCopies.add(from, bytes, copied);
  }
  copies_.push_back(std::move(copied));
  rt::Value *read = copies_.back().get();
  if (rowMajor && read->type.sizes == sizes)
    return {read};
  return {read, &sizes, &strides, 0};
}

Tensor recordOp(OpKind kind, std::span<const Tensor> operands, std::span<const int64_t> attributes,
                int64_t start) {
  constexpr size_t kFew = 8;
  std::array<TensorImpl *, kFew> fewImpls;
  std::array<const TensorType *, kFew> fewTypes;
  std::vector<TensorImpl *> manyImpls;
  std::vector<const TensorType *> manyTypes;
  TensorImpl **impls = fewImpls.data();
  const TensorType **types = fewTypes.data();
  const size_t n = operands.size();
  if (n > kFew) {
    manyImpls.resize(n), manyTypes.resize(n);
    impls = manyImpls.data(), types = manyTypes.data();
  }
  for (size_t i = 0; i < n; ++i) {
    impls[i] = &implOf(operands[i], opInfo(kind).mnemonic);
    types[i] = &impls[i]->type();
  }
  InferContext context{kind, {types, n}, attributes.data(), {}, {}};
  if (!inferType(context))
    throw Error(context.error);
  bool tracked = autodiff::tracks({impls, n});
  Recording recording{kind, {impls, n}, attributes, context.result, OperandReader(tracked)};
  Tensor result = recording.run();
  if (tracked)
    autodiff::attach(kind, {impls, n}, attributes, *result.impl(), start);
  return result;
}

Tensor recordUnary(OpKind kind, const Tensor &input) {
  TensorImpl &a = operandOf(kind, input);
  if (isPlain(a) && recordsOnly()) [[likely]]
    if (ScalarType dtype = resultDtypes.of(kind, a.type().dtype); dtype != ScalarType::Undefined) {
      const bool tracked = tracksShort(a);
      rt::Value &value = *a.storage->value;
      Tensor result = recordInBlock(dtype, a.type().sizes, a.strides, [&](rt::Value &result) {
        if (!rt::tryRecord(kind, result, value)) [[unlikely]]
          rt::record(kind, result, value);
      });
      if (tracked) {
        TensorImpl *const operands[] = {&a};
        autodiff::attach(kind, operands, {}, *result.impl());
      }
      return result;
    }
  return recordOp(kind, {&input, 1});
}

[[gnu::noinline]] static Tensor recordPromoted(OpKind kind, const Tensor &lhs, const Tensor &rhs) {
  Tensor operands[] = {lhs, rhs};
  if (lhs.impl()->type().dtype != rhs.impl()->type().dtype) {
    const ScalarType dtype = promoted(lhs, rhs);
    auto isNumber = [dtype](const Tensor &t) {
      return t.dim() == 0 && isFloatingType(t.scalar_type()) && t.scalar_type() != dtype;
    };
    // As with a number that is given: the product or quotient is rounded once.
    if (keepsNumbers(kind) && computeDtype(dtype) != dtype &&
        (isNumber(rhs) || (isNumber(lhs) && kind != OpKind::div))) {
      operands[0] = castTo(lhs, kFloat), operands[1] = castTo(rhs, kFloat);
      return autodiff::labeled(castTo(recordOp(kind, operands), dtype), opInfo(kind).history);
    }
    operands[0] = castTo(lhs, dtype), operands[1] = castTo(rhs, dtype);
  }
  return recordOp(kind, operands);
}

Tensor recordBinary(OpKind kind, const Tensor &lhs, const Tensor &rhs) {
  TensorImpl &a = operandOf(kind, lhs), &b = operandOf(kind, rhs);
  rt::Value &aStored = *a.storage->value, &bStored = *b.storage->value;
  const ScalarType operandDtype = a.type().dtype;
  if (operandDtype == b.type().dtype && !isBorrowed(a) && !isBorrowed(b) &&
      broadcastsAs(a, aStored) && broadcastsAs(b, bStored) && recordsOnly()) [[likely]] {
    const ScalarType dtype = resultDtypes.of(kind, operandDtype);
    const TensorImpl *shape =
        dtype != ScalarType::Undefined ? shapeOfResult(a, aStored, b, bStored) : nullptr;
    if (shape) [[likely]] {
      const bool tracked = tracksShort(a, b);
      Tensor result =
          recordInBlock(dtype, shape->type().sizes, shape->strides, [&](rt::Value &result) {
            if (!rt::tryRecord(kind, result, aStored, bStored)) [[unlikely]]
              rt::record(kind, result, aStored, bStored);
          });
      if (tracked) [[unlikely]] {
        TensorImpl *const operands[] = {&a, &b};
        autodiff::attach(kind, operands, {}, *result.impl());
      }
      return result;
    }
  }
  return recordPromoted(kind, lhs, rhs);
}

Tensor recordWithScalar(OpKind kind, const Tensor &tensor, const Scalar &scalar, bool scalarFirst) {
  TensorImpl &a = operandOf(kind, tensor);
  if (isPlain(a) && recordsOnly() && !(a.meta && autodiff::gradEnabled()))
    if (ScalarType dtype = resultDtypes.of(kind, a.type().dtype); dtype != ScalarType::Undefined) {
      const uint64_t bits = bitsOf(scalar, a.type().dtype);
      return recordInBlock(dtype, a.type().sizes, a.strides, [&](rt::Value &result) {
        rt::Value &value = *a.storage->value;
        if (!rt::tryRecordWithScalar(kind, result, value, bits, scalarFirst)) [[unlikely]]
          rt::recordWithScalar(kind, result, value, bits, scalarFirst);
      });
    }
  const Tensor argument = scalarArgument(scalar, a.type().dtype);
  return scalarFirst ? recordBinary(kind, argument, tensor) : recordBinary(kind, tensor, argument);
}

Tensor castTo(const Tensor &input, ScalarType dtype) {
  if (implOf(input, "cast").type().dtype == dtype)
    return input;
  const int64_t word = static_cast<int64_t>(dtype);
  return recordOp(OpKind::cast, {&input, 1}, {&word, 1});
}

Tensor recordFill(double value, ScalarType dtype, std::span<const int64_t> sizes) {
  AttrWords words;
  FillAttrs{sizes, dtype, value}.write(words);
  return recordOp(OpKind::fill, {}, words.span());
}

Tensor recordFillLike(double value, const TensorType &type) {
  AttrWords words;
  FillAttrs{type.sizes, type.dtype, value}.write(words);
  Tensor result =
      recordInBlock(type.dtype, type.sizes, contiguousStrides(type.sizes),
                    [&](rt::Value &result) { rt::record(OpKind::fill, result, {}, words.span()); });
  if (evaluatesEveryCall())
    evaluateTensor(*result.impl());
  return result;
}

Tensor scalarArgument(const Scalar &value, ScalarType dtype) {
  return wrapValue(rt::recordScalar(dtype, bitsOf(value, dtype)));
}

} // namespace tjit
