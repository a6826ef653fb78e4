//===- Evaluate.cpp ---------------------------------------------------------------------------===//
// Making values ready and reading them.

#include "Frontend/Evaluate.h"

#include "Frontend/CompiledCall.h"
#include "Frontend/Layout.h"
#include "Frontend/ScalarBits.h"
#include "IR/Infer.h"
#include "Runtime/Recorder.h"

#include <algorithm>
#include <array>

namespace tjit {

void evaluateTensor(const TensorImpl &t) {
  if (t.storage->value->pending())
    rt::evaluate(*t.storage->value);
}

namespace {
/// Leaves of this thread that were written to and are still pending. A few; bounded in case nothing
/// evaluates them.
struct WrittenLeaves {
  static constexpr size_t kMost = 4096;
  std::vector<rt::Ref<Storage>> list;
};
thread_local WrittenLeaves writtenLeaves;
} // namespace

void noteLeafWrite(const rt::Ref<Storage> &storage) {
  if (storage->listedLeaf || !storage->value->pending() ||
      writtenLeaves.list.size() >= WrittenLeaves::kMost)
    return;
  storage->listedLeaf = true;
  writtenLeaves.list.push_back(storage);
}

void evaluateLeaf(TensorImpl &leaf) {
  if (!leaf.storage->value->pending())
    return;
  // Owned here: what the storages hold may change while the evaluation runs user code (deleters).
  std::vector<rt::Ref<Storage>> list = std::exchange(writtenLeaves.list, {});
  std::vector<rt::Ref<rt::Value>> values{leaf.storage->value};
  for (const rt::Ref<Storage> &s : list) {
    s->listedLeaf = false;
    if (s.get() != leaf.storage.get() && s->refs.load(std::memory_order_relaxed) > 1 &&
        s->value->pending())
      values.push_back(s->value);
  }
  std::vector<rt::Value *> targets;
  targets.reserve(values.size());
  for (const auto &v : values)
    targets.push_back(v.get());
  rt::evaluate(targets);
}

const std::byte *readPointer(const TensorImpl &t) {
  noteValueRead();
  evaluateTensor(t);
  const rt::Buffer *buffer = t.storage->value->buffer.get();
  if (!buffer || !buffer->data)
    return nullptr;
  return buffer->data + t.offset * static_cast<int64_t>(elementSize(t.type().dtype));
}

std::byte *borrowPointer(TensorImpl &t) {
  noteValueRead();
  evaluateTensor(t);
  Storage &s = *t.storage;
  if (!s.borrowed) {
    // Nobody else may see what is written through the pointer: a value or a buffer that others hold
    // is copied first.
    const bool shared =
        s.value->refs.load(std::memory_order_acquire) > 1 ||
        (s.value->buffer && s.value->buffer->refs.load(std::memory_order_acquire) > 1);
    if (shared)
      s.value =
          copyRegion(*s.value, s.value->type.sizes, contiguousStrides(s.value->type.sizes), 0);
    else if (s.value->buffer)
      rt::finishReaders(*s.value->buffer);
    s.borrowed = true;
  }
  s.borrowedByExports = false; // the pointer has no end that could be seen
  return const_cast<std::byte *>(readPointer(t));
}

/// Of elements of T's size, at least one.
template <class T>
static void copyElements(T *to, const Dims &toStrides, const T *from, const Dims &fromStrides,
                         const Dims &sizes) {
  const size_t rank = sizes.size();
  if (rank == 0 || (isRowMajor(sizes, toStrides) && isRowMajor(sizes, fromStrides))) {
    std::copy_n(from, numElements(sizes), to);
    return;
  }
  const int64_t inner = sizes[rank - 1], toStep = toStrides[rank - 1],
                fromStep = fromStrides[rank - 1];
  Dims index(rank, 0);
  int64_t toAt = 0, fromAt = 0;
  for (;;) {
    if (toStep == 1 && fromStep == 1) {
      std::copy_n(from + fromAt, inner, to + toAt);
    } else {
      for (int64_t i = 0; i < inner; ++i)
        to[toAt + i * toStep] = from[fromAt + i * fromStep];
    }
    size_t d = rank - 1;
    for (; d-- > 0;) {
      toAt += toStrides[d], fromAt += fromStrides[d];
      if (++index[d] < sizes[d])
        break;
      toAt -= toStrides[d] * sizes[d], fromAt -= fromStrides[d] * sizes[d];
      index[d] = 0;
    }
    if (d == static_cast<size_t>(-1))
      return;
  }
}

void copyStrided(std::byte *to, const Dims &toStrides, const std::byte *from,
                 const Dims &fromStrides, const Dims &sizes, size_t bytes) {
  if (numElements(sizes) == 0)
    return;
  auto copy = [&]<class T>(T) {
    copyElements(reinterpret_cast<T *>(to), toStrides, reinterpret_cast<const T *>(from),
                 fromStrides, sizes);
  };
  switch (bytes) {
  case 1:
    return copy(uint8_t{});
  case 2:
    return copy(uint16_t{});
  case 4:
    return copy(uint32_t{});
  default:
    return copy(uint64_t{});
  }
}

rt::Ref<rt::Value> copyRegion(const rt::Value &value, const Dims &sizes, const Dims &strides,
                              int64_t offset) {
  const size_t bytes = elementSize(value.type.dtype);
  rt::Ref<rt::Buffer> buffer = rt::Buffer::allocate(numElements(sizes) * bytes);
  if (numElements(sizes))
    copyStrided(buffer->data, contiguousStrides(sizes), value.buffer->data + offset * bytes,
                strides, sizes, bytes);
  return rt::Value::ready({value.type.dtype, sizes}, std::move(buffer));
}

std::vector<std::byte> readElements(const TensorImpl &t) {
  const size_t bytes = elementSize(t.type().dtype);
  std::vector<std::byte> out(t.numel() * bytes);
  if (!out.empty())
    copyStrided(out.data(), contiguousStrides(t.type().sizes), readPointer(t), t.strides,
                t.type().sizes, bytes);
  return out;
}

template <class T> std::vector<T> readNumbers(const TensorImpl &t) {
  std::vector<std::byte> elements = readElements(t);
  const size_t bytes = elementSize(t.type().dtype), n = elements.size() / bytes;
  std::vector<T> out(n);
  for (size_t i = 0; i < n; ++i)
    out[i] = loadScalar(elements.data() + i * bytes, t.type().dtype).to<T>();
  return out;
}
template std::vector<int64_t> readNumbers<int64_t>(const TensorImpl &);
template std::vector<double> readNumbers<double>(const TensorImpl &);

HostTensor makeHostTensor(ScalarType dtype, std::span<const int64_t> sizes) {
  int64_t n;
  if (!checkedNumElements(sizes, n))
    throw Error("the sizes " + toString(sizes) +
                " are negative or have more elements than 64 bits can count");
  rt::Ref<rt::Buffer> buffer = rt::Buffer::allocate(n * elementSize(dtype));
  std::byte *data = buffer->data;
  return {wrapValue(rt::Value::ready({dtype, Dims(sizes)}, std::move(buffer))), data};
}

Tensor fromIntegers(std::span<const int64_t> values) {
  const int64_t n = static_cast<int64_t>(values.size());
  HostTensor host = makeHostTensor(kLong, {&n, 1});
  if (n)
    std::memcpy(host.data, values.data(), n * sizeof(int64_t));
  return host.tensor;
}

//===------------------------------------------------------------------------------------------===//
// Members of Tensor that read values
//===------------------------------------------------------------------------------------------===//

inline namespace v1 {

Scalar Tensor::item() const {
  TensorImpl &t = implOf(*this, "item");
  if (t.numel() != 1)
    throw Error("item: a tensor with " + std::to_string(t.numel()) + " elements (sizes " +
                tjit::toString(t.type().sizes) +
                ") cannot be converted to one number; select an element or reduce it");
  return loadScalar(readPointer(t), t.type().dtype);
}

bool Tensor::is_nonzero() const {
  if (int64_t n = numel(); n != 1)
    throw Error("is_nonzero: the truth value of a tensor with " + std::to_string(n) +
                " elements is ambiguous; use any() or all()");
  return item().toBool();
}

void *Tensor::data_ptr() const { return borrowPointer(implOf(*this, "data_ptr")); }
const void *Tensor::const_data_ptr() const { return readPointer(implOf(*this, "const_data_ptr")); }

void *Tensor::checkedData(ScalarType type, bool writable) const {
  TensorImpl &t = implOf(*this, "data_ptr");
  if (t.type().dtype != type)
    throw Error(std::string("data_ptr: expected the type of ") + tjit::toString(t.type().dtype) +
                " elements but got " + tjit::toString(type) + "; convert with to()");
  return writable ? borrowPointer(t) : const_cast<std::byte *>(readPointer(t));
}

void Tensor::checkAccessor(size_t dims) const {
  if (static_cast<size_t>(dim()) != dims)
    throw Error("accessor: expected " + std::to_string(dims) + " dimensions but the tensor has " +
                std::to_string(dim()));
}

void eval(TensorList tensors) {
  std::vector<rt::Value *> targets;
  for (const Tensor &t : tensors)
    if (rt::Value *v = implOf(t, "eval").storage->value.get(); v->pending())
      targets.push_back(v);
  if (!targets.empty())
    rt::evaluate(targets);
}
void eval() { rt::evaluateAll(); }

} // namespace v1
} // namespace tjit
