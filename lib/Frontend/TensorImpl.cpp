//===- TensorImpl.cpp -------------------------------------------------------------------------===//
// Making and dropping tensors and storages.

#include "Frontend/TensorImpl.h"

#include "Frontend/AutogradGraph.h"
#include "Frontend/Layout.h"
#include "Runtime/Pool.h"

namespace tjit {

static_assert(sizeof(detail::RefCount) == sizeof(uint32_t));

Storage *Storage::create(rt::Ref<rt::Value> value) {
  Storage *s = rt::Pool<Storage>::make();
  s->value = std::move(value);
  return s;
}
void Storage::destroy(Storage *s) { rt::Pool<Storage>::drop(s); }

TensorImpl *TensorImpl::create(const TensorType &type, const Dims &strides,
                               rt::Ref<Storage> storage) {
  return rt::Pool<TensorImpl>::make(type, strides, std::move(storage));
}
void TensorImpl::destroy(TensorImpl *t) {
  if (t->meta)
    autodiff::destroyMeta(*t);
  rt::Pool<TensorImpl>::drop(t);
}
void detail::destroyTensor(TensorImpl *impl) noexcept { TensorImpl::destroy(impl); }

void throwUndefined(const char *what) {
  throw Error(std::string(what) + ": the tensor is undefined (a default-made Tensor, or a gradient "
                                  "that was never computed); give it a value "
                                  "first");
}

Tensor wrapValue(rt::Ref<rt::Value> value, const Dims *strides) {
  const TensorType &type = value->type; // the storage keeps the value
  auto storage = rt::Ref<Storage>::adopt(Storage::create(std::move(value)));
  return Tensor::adopt(TensorImpl::create(type, strides ? *strides : contiguousStrides(type.sizes),
                                          std::move(storage)));
}

Tensor makeAlias(const TensorImpl &of, const Dims &sizes, const Dims &strides, int64_t offset) {
  TensorImpl *t = TensorImpl::create({of.type.dtype, sizes}, strides, of.storage);
  t->offset = offset;
  t->contiguous = isRowMajor(sizes, strides);
  return Tensor::adopt(t);
}

} // namespace tjit
