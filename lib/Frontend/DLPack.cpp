//===- DLPack.cpp -----------------------------------------------------------------------------===//
// Memory shared with other tensor libraries.
//
// An import is a from_blob. An export borrows like data_ptr, but has an end: when the last one is
// gone, the storage is ordinary again (Storage::exports).
//
//===------------------------------------------------------------------------------------------===//

#include "tjit/DLPack.h"

#include "Frontend/Evaluate.h"
#include "IR/Infer.h"

#include "tjit/TensorData.h"

#include <dlpack/dlpack.h>
#include <memory>

namespace tjit {

namespace {

// Codes that versions of the header after 0.6 have names for.
constexpr uint8_t kBoolCode = 6;

struct TypeRow {
  ScalarType dtype;
  uint8_t code, bits;
};
constexpr TypeRow kTypes[] = {
    {kBool, kBoolCode, 8},   {kByte, kDLUInt, 8},        {kChar, kDLInt, 8},
    {kShort, kDLInt, 16},    {kInt, kDLInt, 32},         {kLong, kDLInt, 64},
    {kHalf, kDLFloat, 16},   {kBFloat16, kDLBfloat, 16}, {kFloat, kDLFloat, 32},
    {kDouble, kDLFloat, 64},
};

struct Export {
  DLManagedTensor managed;
  Tensor tensor;
  Dims sizes, strides;

  static void release(DLManagedTensor *managed) {
    std::unique_ptr<Export> e(static_cast<Export *>(managed->manager_ctx));
    e->tensor.impl()->storage->exports.fetch_sub(1, std::memory_order_release);
  }
};

} // namespace

inline namespace v1 {

DLManagedTensor *toDLPack(const Tensor &tensor) {
  TensorImpl &t = implOf(tensor, "toDLPack");
  auto e = std::make_unique<Export>();
  Storage &storage = *t.storage;
  const bool ends = !storage.stillBorrowed() || storage.borrowedByExports;
  std::byte *data = borrowPointer(t);
  storage.borrowedByExports = ends;
  e->tensor = tensor;
  e->sizes = t.type().sizes, e->strides = t.strides;
  DLTensor &dl = e->managed.dl_tensor;
  dl.data = data;
  dl.device = {kDLCPU, 0};
  dl.ndim = static_cast<int>(e->sizes.size());
  for (const TypeRow &row : kTypes)
    if (row.dtype == t.type().dtype)
      dl.dtype = {row.code, row.bits, 1};
  dl.shape = e->sizes.data();
  dl.strides = e->strides.data();
  dl.byte_offset = 0;
  e->managed.manager_ctx = e.get();
  e->managed.deleter = Export::release;
  storage.exports.fetch_add(1, std::memory_order_relaxed);
  return &e.release()->managed;
}

Tensor fromDLPack(DLManagedTensor *source) {
  if (!source)
    throw Error("fromDLPack: the structure is null");
  const DLTensor &dl = source->dl_tensor;
  if (dl.device.device_type != kDLCPU)
    throw Error("fromDLPack: the memory is on a device of type " +
                std::to_string(dl.device.device_type) +
                "; only the CPU's (kDLCPU) can be used: copy it there first");
  const TypeRow *type = nullptr;
  for (const TypeRow &row : kTypes)
    if (row.code == dl.dtype.code && row.bits == dl.dtype.bits && dl.dtype.lanes == 1)
      type = &row;
  if (!type)
    throw Error("fromDLPack: elements of type code " + std::to_string(dl.dtype.code) + " with " +
                std::to_string(dl.dtype.bits) + " bits and " + std::to_string(dl.dtype.lanes) +
                " lanes are no dtype of tjit; convert them first");
  const auto rank = static_cast<size_t>(dl.ndim);
  const IntArrayRef sizes(dl.shape, rank);
  const IntArrayRef strides = dl.strides ? IntArrayRef(dl.strides, rank) : IntArrayRef();
  auto release = [source](void *) {
    if (source->deleter)
      source->deleter(source);
  };
  std::byte *data = static_cast<std::byte *>(dl.data);
  return from_blob(data ? data + dl.byte_offset : nullptr, sizes, strides, release,
                   TensorOptions(type->dtype));
}

} // namespace v1
} // namespace tjit
