//===- TensorImpl.cpp -------------------------------------------------------------------------===//
// Making and dropping tensors and storages.

#include "Frontend/TensorImpl.h"

#include "Frontend/AutogradGraph.h"
#include "Frontend/CompiledCall.h"
#include "Frontend/Layout.h"
#include "Runtime/Pool.h"
#include "Runtime/RecordQuickly.h"

namespace tjit {

static_assert(sizeof(detail::RefCount) == sizeof(uint32_t));

TensorBlock *TensorBlock::holding(rt::Ref<rt::Value> value, const Dims &sizes, const Dims &strides,
                                  int64_t offset, bool contiguous) {
  TensorBlock *b =
      rt::Pool<TensorBlock>::make(value->type.dtype, sizes, strides, offset, contiguous, 2);
  b->storage = rt::Ref<Storage>::adopt(b);
  b->value = std::move(value);
  return b;
}

TensorBlock *TensorBlock::sharing(rt::Ref<Storage> storage, ScalarType dtype, const Dims &sizes,
                                  const Dims &strides, int64_t offset, bool contiguous) {
  TensorBlock *b = rt::Pool<TensorBlock>::make(dtype, sizes, strides, offset, contiguous, 1);
  b->storage = std::move(storage);
  return b;
}

void TensorBlock::giveBack() {
  // Lists of sizes on the heap are all that is left to destroy.
  if (ownType_.sizes.size() > Dims::kInline) [[unlikely]]
    rt::Pool<TensorBlock>::drop(this);
  else
    rt::Pool<TensorBlock>::deallocate(this);
}

void TensorBlock::partGone() {
  if (parts_.load(std::memory_order_acquire) == 1 ||
      parts_.fetch_sub(1, std::memory_order_acq_rel) == 1)
    giveBack();
}
void TensorBlock::valueGone(rt::Value *value) { static_cast<TensorBlock *>(value)->partGone(); }

void Storage::destroy(Storage *s) {
  s->value.reset();
  static_cast<TensorBlock *>(s)->partGone();
}

void detail::destroyTensor(TensorImpl *impl) noexcept {
  auto *b = static_cast<TensorBlock *>(impl);
  if (b->meta)
    autodiff::destroyMeta(*b);
  if (b->storage.get() == b && b->Storage::refs.load(std::memory_order_acquire) == 1 &&
      b->value.get() == b && b->Value::refs.load(std::memory_order_acquire) == 1) [[likely]] {
    // Nobody else has a part, so nobody else looks at the block.
    if (!rt::tryLeave(*b))
      b->leave();
    if (b->ownType_.sizes.size() <= Dims::kInline) [[likely]]
      return rt::Pool<TensorBlock>::deallocate(b);
    b->storage.release(), b->value.release();
    return rt::Pool<TensorBlock>::drop(b);
  }
  b->storage.reset();
  b->partGone();
}

void throwUndefined(const char *what) {
  throw Error(std::string(what) + ": the tensor is undefined (a default-made Tensor, or a gradient "
                                  "that was never computed); give it a value "
                                  "first");
}

Tensor wrapValue(rt::Ref<rt::Value> value) {
  const Dims &sizes = value->type.sizes;
  return Tensor::adopt(
      TensorBlock::holding(std::move(value), sizes, contiguousStrides(sizes), 0, true));
}

Tensor copyStorage(const TensorImpl &t) {
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->reads(t);
  return Tensor::adopt(
      TensorBlock::holding(t.storage->value, t.type().sizes, t.strides, t.offset, t.contiguous));
}

Tensor makeAlias(const TensorImpl &of, const Dims &sizes, const Dims &strides, int64_t offset) {
  Tensor view = Tensor::adopt(TensorBlock::sharing(of.storage, of.type().dtype, sizes, strides,
                                                   offset, isRowMajor(sizes, strides)));
  if (of.meta && of.meta->uncounted) [[unlikely]]
    autodiff::metaOf(*view.impl()).uncounted = true;
  return view;
}

} // namespace tjit
