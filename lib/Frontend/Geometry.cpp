//===- Geometry.cpp ---------------------------------------------------------------------------===//
// Geometry that changes in place.
//
// The tensor itself gets other sizes, strides or another storage: everybody who has it sees that.
// See autodiff::follow and docs/adr/0013-geometry-in-place.md.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/CompiledCall.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "IR/Infer.h"

namespace tjit {

namespace {

Tensor &moved(const Tensor &self, const Tensor &to) {
  TensorImpl &t = *self.impl();
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]]
    call->moves(t);
  autodiff::follow(t, to);
  return const_cast<Tensor &>(self);
}

/// The tensor becomes view(self).
template <class View> Tensor &become(const Tensor &self, const char *operation, View view) {
  autodiff::checkWrite(implOf(self, operation), operation);
  Tensor to = view(self);
  return moved(self, to.is_same(self) ? self.view(self.sizes()) : to);
}

void refuseGrad(const Tensor &self, const char *operation, const char *what) {
  if (autodiff::requiresGrad(implOf(self, operation)))
    throw Error(std::string(operation) + ": cannot " + what +
                " a tensor that requires grad; do it to a detach() of it");
}

/// Makes room for `elements` in the storage; the new ones are zeros.
void grow(TensorImpl &t, int64_t elements) {
  Storage &s = *t.storage;
  const int64_t old = numElements(s.value->type.sizes);
  if (elements <= old)
    return;
  if (s.value->buffer && s.value->buffer->foreign)
    throw Error("resize_: the memory belongs to somebody else (from_blob) and has " +
                std::to_string(old) + " elements, not " + std::to_string(elements) +
                "; clone() the tensor first");
  NoGradGuard guard;
  const Tensor room = tjit::zeros({elements}, t.type().dtype);
  if (old)
    room.narrow(0, 0, old).copy_(makeAlias(t, Dims{old}, Dims{1}, 0));
  evaluateTensor(*room.impl()); // before the memory that was borrowed goes
  s.value = room.impl()->storage->value;
  s.borrowed = false;
}

} // namespace

inline namespace v1 {
namespace ops {

Tensor &squeeze_(const Tensor &self) {
  return become(self, "squeeze_", [](const Tensor &t) { return t.squeeze(); });
}
Tensor &squeeze_(const Tensor &self, int64_t dim) {
  return become(self, "squeeze_", [dim](const Tensor &t) { return t.squeeze(dim); });
}
Tensor &squeeze_(const Tensor &self, IntArrayRef dims) {
  return become(self, "squeeze_", [dims](const Tensor &t) { return t.squeeze(dims); });
}
Tensor &unsqueeze_(const Tensor &self, int64_t dim) {
  return become(self, "unsqueeze_", [dim](const Tensor &t) { return t.unsqueeze(dim); });
}
Tensor &t_(const Tensor &self) {
  return become(self, "t_", [](const Tensor &t) { return t.t(); });
}
Tensor &transpose_(const Tensor &self, int64_t dim0, int64_t dim1) {
  return become(self, "transpose_", [=](const Tensor &t) { return t.transpose(dim0, dim1); });
}
Tensor &as_strided_(const Tensor &self, IntArrayRef sizes, IntArrayRef strides,
                    std::optional<int64_t> offset) {
  return become(self, "as_strided_",
                [=](const Tensor &t) { return t.as_strided(sizes, strides, offset); });
}

Tensor &resize_(const Tensor &self, IntArrayRef sizes, std::optional<MemoryFormat> format) {
  TensorImpl &t = implOf(self, "resize_");
  refuseGrad(self, "resize_", "resize");
  if (format && *format != MemoryFormat::Contiguous)
    throw Error(
        "resize_: only the contiguous memory format is there; use contiguous(format) after");
  const Dims wanted(sizesOf(sizes));
  int64_t n;
  if (!checkedNumElements(wanted, n))
    throw Error("resize_: sizes " + toString(wanted) +
                " are negative or have more elements than 64 bits can count");
  if (wanted == t.type().sizes)
    return const_cast<Tensor &>(self);
  if (n)
    grow(t, t.offset + n);
  return moved(self, makeAlias(t, wanted, contiguousStrides(wanted), t.offset));
}
Tensor &resize_as_(const Tensor &self, const Tensor &other, std::optional<MemoryFormat> format) {
  implOf(other, "resize_as_");
  return resize_(self, other.sizes(), format);
}

Tensor &set_(const Tensor &self, const Tensor &source) {
  const TensorImpl &t = implOf(self, "set_"), &from = implOf(source, "set_");
  refuseGrad(self, "set_", "replace the memory of");
  if (from.type().dtype != t.type().dtype)
    throw Error(std::string("set_: a tensor of ") + toString(t.type().dtype) +
                " cannot take the memory of one of " + toString(from.type().dtype) +
                "; convert it with to() first");
  return moved(self, source.detach());
}
Tensor &set_(const Tensor &self) {
  return set_(self, tjit::empty({0}, implOf(self, "set_").type().dtype));
}
void set_data(const Tensor &self, const Tensor &data) {
  const TensorImpl &t = implOf(self, "set_data"), &from = implOf(data, "set_data");
  if (autodiff::requiresGrad(*self.impl()) && !isFloatingType(from.type().dtype))
    throw Error(std::string("set_data: a tensor that requires grad cannot become one of ") +
                toString(from.type().dtype) + " (its dtype is " + toString(t.type().dtype) +
                "); only floating point has gradients");
  moved(self, data.detach());
}

} // namespace ops
} // namespace v1
} // namespace tjit
