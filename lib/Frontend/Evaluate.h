//===- Evaluate.h -----------------------------------------------------------------------------===//
// Making values ready and reading them.
//
// Everything that leads from a tensor to memory: evaluation, host pointers, copies of regions,
// borrowing (decisions 5 and 12 of docs/design.md).
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/TensorImpl.h"
#include "Runtime/Context.h"

namespace tjit {

/// Makes the storage's value ready.
void evaluateTensor(const TensorImpl &t);

/// Whether every call is evaluated before it returns (Mode::Eager).
inline bool evaluatesEveryCall() { return rt::Context::get().settings.mode() == Mode::Eager; }

/// A leaf that requires grad is used in grad mode: if its value is pending, evaluates it together
/// with those of all leaves that were written to since (noteLeafWrite), so that a training step is
/// one trace.
void evaluateLeaf(TensorImpl &leaf);
/// The storage of a leaf that requires grad got a pending value.
void noteLeafWrite(const rt::Ref<Storage> &storage);

/// Address of the tensor's first element, to read; evaluates. Null where there are no elements.
const std::byte *readPointer(const TensorImpl &t);
/// The same, to write: the storage becomes borrowed, its memory its own.
std::byte *borrowPointer(TensorImpl &t);

/// A dense row-major copy of a region of a ready value.
rt::Ref<rt::Value> copyRegion(const rt::Value &value, const Dims &sizes, const Dims &strides,
                              int64_t offset);
/// Copies elements of one dtype between strided regions of equal sizes.
void copyStrided(std::byte *to, const Dims &toStrides, const std::byte *from,
                 const Dims &fromStrides, const Dims &sizes, size_t elementBytes);
/// The elements in row-major order.
std::vector<std::byte> readElements(const TensorImpl &t);
/// The elements in row-major order as numbers of type T, which is int64_t or double.
template <class T> std::vector<T> readNumbers(const TensorImpl &t);

/// A ready tensor of uninitialized memory and its pointer.
struct HostTensor {
  Tensor tensor;
  std::byte *data;
  template <class T> T *as() { return reinterpret_cast<T *>(data); }
};
HostTensor makeHostTensor(ScalarType dtype, std::span<const int64_t> sizes);
/// A ready int64 tensor of one dimension.
Tensor fromIntegers(std::span<const int64_t> values);

} // namespace tjit
