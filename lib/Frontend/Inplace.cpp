//===- Inplace.cpp ----------------------------------------------------------------------------===//
// Writes.
//
// A write gives the storage another value and counts its version. Where the tensor is all of its
// storage the new value simply takes the old one's place; a write to a part is a write_view.
// Borrowed memory is written before the call returns.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/CompiledCall.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "IR/AttrWords.h"
#include "IR/DTypes.h"
#include "IR/Infer.h"

namespace tjit {

namespace {

/// Whether the tensor's elements are all of its storage's, in some order.
bool coversStorage(const TensorImpl &t) {
  return t.offset == 0 && t.numel() == numElements(t.storage->value->type.sizes) &&
         (t.contiguous || isDense(t.type().sizes, t.strides));
}

AttrWords geometryWords(Sizes sizes, Sizes strides) {
  AttrWords words;
  for (Sizes list : {sizes, strides}) {
    words.push_back(static_cast<int64_t>(list.size()));
    for (int64_t v : list)
      words.push_back(v);
  }
  return words;
}

/// The elements of `value` as a dense row-major value under `order` of dimensions, outside of
/// autograd.
rt::Ref<rt::Value> denseValue(const TensorImpl &value, const Dims &order) {
  Dims sizes(order.size(), 0), strides(order.size(), 0);
  for (size_t i = 0; i < order.size(); ++i)
    sizes[i] = value.type().sizes[order[i]], strides[i] = value.strides[order[i]];
  OperandReader reader;
  rt::Operand operand = reader.read(value, sizes, strides);
  if (!operand.sizes && !operand.strides)
    return rt::Ref<rt::Value>::share(operand.value);
  AttrWords words;
  words.push_back(static_cast<int64_t>(sizes.size()));
  for (int64_t s : sizes)
    words.push_back(s);
  rt::Ref<rt::Value> dense =
      rt::record(OpKind::reshape, {&operand, 1}, words.span(), value.type().dtype, sizes);
  if (reader.mustEvaluate())
    rt::evaluate(*dense);
  return dense;
}

/// self's elements become those of `value`: same sizes and dtype. Nothing but memory and version
/// changes.
void write(TensorImpl &self, const TensorImpl &value) {
  Storage &s = *self.storage;
  if (CompiledCall *call = CompiledCall::current()) [[unlikely]] {
    call->reads(value);
    call->writes(self);
    if (s.stillBorrowed())
      call->finishBorrowed();
  }
  const bool leaf = self.meta && self.meta->node && self.meta->node->isLeaf();
  // Something that lives in memory and is written over and over: a parameter, a running mean.
  const bool state = leaf || !s.value->pending() || s.value->keep.load(std::memory_order_relaxed);
  if (s.stillBorrowed()) {
    const size_t bytes = elementSize(self.type().dtype);
    if (value.storage.get() == self.storage.get()) {
      std::vector<std::byte> elements = readElements(value);
      copyStrided(borrowPointer(self), self.strides, elements.data(),
                  contiguousStrides(self.type().sizes), self.type().sizes, bytes);
    } else {
      const std::byte *from = readPointer(value);
      copyStrided(borrowPointer(self), self.strides, from, value.strides, self.type().sizes, bytes);
    }
  } else if (self.whole() && value.whole() && !value.storage->borrowed) {
    s.value = value.storage->value;
  } else if (coversStorage(self)) {
    if (!value.storage->borrowed && coversStorage(value) && value.strides == self.strides)
      s.value = value.storage->value;
    else
      s.value = denseValue(value, self.contiguous
                                      ? wrapDims(std::nullopt, self.type().sizes.size(), "write")
                                      : orderOfStrides(self.type().sizes, self.strides));
  } else {
    OperandReader reader;
    rt::Ref<rt::Value> offset = rt::recordScalar(kLong, static_cast<uint64_t>(self.offset));
    rt::Operand operands[] = {{s.value.get()}, reader.read(value), {offset.get()}};
    rt::Ref<rt::Value> written = rt::record(OpKind::write_view, operands,
                                            geometryWords(self.type().sizes, self.strides).span(),
                                            self.type().dtype, s.value->type.sizes);
    if (reader.mustEvaluate())
      rt::evaluate(*written);
    s.value = std::move(written);
  }
  if (!self.meta || !self.meta->uncounted)
    ++s.version;
  if (state)
    s.value->keep.store(true, std::memory_order_relaxed);
  if (leaf)
    noteLeafWrite(self.storage);
  if (evaluatesEveryCall())
    evaluateTensor(self);
}

/// value has self's sizes and dtype. `overwrites` as for recordWrite.
void checkedWrite(const Tensor &self, const Tensor &value, const char *operation,
                  const char *overwrites = nullptr) {
  TensorImpl &t = *self.impl();
  if (t.storage->inference && !InferenceMode::is_enabled())
    throw Error(std::string(operation) +
                ": an inplace update of an inference tensor outside of InferenceMode is not "
                "allowed; clone() it to get a normal tensor first");
  autodiff::checkWrite(t, operation);
  if (!t.contiguous && overlapsItself(t.type().sizes, t.strides))
    throw Error(std::string(operation) + ": several elements of the tensor (sizes " +
                toString(t.type().sizes) + ", strides " + toString(t.strides) +
                ") are one in memory; clone() it before it is written to");
  autodiff::recordWrite(t, *value.impl(), overwrites);
  if (t.numel())
    write(t, *value.impl());
}

} // namespace

inline namespace v1 {
namespace ops {

void writeOnce(const Tensor &self, const Tensor &value, const char *operation) {
  const TensorImpl &t = implOf(self, operation);
  for (size_t d = 0; d < t.strides.size(); ++d)
    if (t.strides[d] == 0 && t.type().sizes[d] > 1) {
      const int64_t dim = static_cast<int64_t>(d);
      return writeOnce(self.select(dim, 0), value.select(dim, 0), operation);
    }
  checkedWrite(self, value, operation);
}

void storeInPlace(const Tensor &self, const Tensor &value) {
  const TensorImpl &t = implOf(self, "in-place operation"),
                   &v = implOf(value, "in-place operation");
  if (dtypeCategory(v.type().dtype) > dtypeCategory(t.type().dtype))
    throw Error(std::string("in-place operation: a result of type ") + toString(v.type().dtype) +
                " cannot be stored into a tensor of type " + toString(t.type().dtype) +
                "; convert the tensor with to() first");
  if (!(v.type().sizes == t.type().sizes))
    throw Error("in-place operation: a tensor of sizes " + toString(t.type().sizes) +
                " cannot take the broadcast result of sizes " + toString(v.type().sizes));
  checkedWrite(self, castTo(value, t.type().dtype), "in-place operation");
}

Tensor flatIn(const Tensor &self, const Tensor &other, const Tensor &value) {
  if (!autodiff::gradEnabled() || !other.requires_grad() ||
      !isFloatingType(implOf(self, "in-place operation").type().dtype))
    return value;
  const Tensor result = castTo(value, self.scalar_type());
  if (autodiff::GradNode *node = autodiff::nodeOf(*other.impl()))
    autodiff::attachFlat(*result.impl(), *node, other.impl()->type());
  return result;
}

Tensor &storedInto(const Tensor &self, const Tensor &value) {
  storeInPlace(self, value);
  return mutableOf(self);
}

void refuseOverlap(const char *function, bool distinct, const Tensor &self,
                   const Tensor &argument) {
  if (!self.defined() || !argument.defined())
    return; // the call will say so
  const TensorImpl &a = *self.impl(), &b = *argument.impl();
  if (a.storage.get() != b.storage.get() || (&a == &b && !distinct)) [[likely]]
    return;
  if (a.numel() == 0 || b.numel() == 0)
    return;
  const Overlap overlap =
      overlapOf(a.type().sizes, a.strides, a.offset, b.type().sizes, b.strides, b.offset);
  if (overlap == Overlap::partial || (distinct && overlap == Overlap::full))
    throw Error(
        std::string(function) + ": unsupported operation: some elements of an argument (sizes " +
        toString(b.type().sizes) + ", strides " + toString(b.strides) +
        ") and of the tensor that is written to (sizes " + toString(a.type().sizes) + ", strides " +
        toString(a.strides) + ") are one in memory; clone() the argument first");
}

void writeInto(const Tensor &self, const Tensor &value, const char *operation,
               const char *overwrites) {
  const TensorImpl &t = implOf(self, operation);
  implOf(value, operation);
  refuseOverlap(operation, false, self, value);
  checkedWrite(self, expandTo(castTo(value, t.type().dtype), t.type().sizes, operation), operation,
               overwrites);
}

Tensor &copy_(const Tensor &self, const Tensor &source, bool) {
  writeInto(self, source, "copy_", kCopyHistory);
  return mutableOf(self);
}
Tensor &fill_(const Tensor &self, const Scalar &value) {
  const TensorImpl &t = implOf(self, "fill_");
  writeOnce(self, tjit::full(refOf(t.type().sizes), value, t.type().dtype), "fill_");
  return mutableOf(self);
}
Tensor &fill_(const Tensor &self, const Tensor &value) {
  if (implOf(value, "fill_").type().sizes.size())
    throw Error("fill_: the value must have no dimensions, found sizes " +
                toString(value.impl()->type().sizes));
  writeInto(self, value, "fill_", "FillBackward3");
  return mutableOf(self);
}
Tensor &zero_(const Tensor &self) {
  const TensorImpl &t = implOf(self, "zero_");
  writeOnce(self, recordFillLike(0, t.type()), "zero_");
  return mutableOf(self);
}
Tensor clone(const Tensor &self, std::optional<MemoryFormat> format) {
  const TensorImpl &t = implOf(self, "clone");
  if (format && *format != MemoryFormat::Preserve) {
    const Tensor out = inMemoryFormat(self, *format, "clone");
    return out.impl()->storage == t.storage ? out.clone() : out;
  }
  const bool tracked = autodiff::gradEnabled() && autodiff::requiresGrad(*self.impl());
  if (!tracked && !t.storage->borrowed && coversStorage(t))
    return copyStorage(t);
  AttrWords words;
  const std::optional<Dims> order = orderOfCopy(self);
  const Tensor from = order ? self.permute(refOf(*order)) : self;
  words.push_back(from.dim());
  for (int64_t s : from.sizes())
    words.push_back(s);
  Tensor copy = recordOp(OpKind::reshape, {&from, 1}, words.span());
  return order ? fromMemoryOrder(copy, *order) : copy;
}

} // namespace ops

// Writing a tensor to itself changes nothing.
// NOLINTNEXTLINE(bugprone-unhandled-self-assignment)
Tensor &Tensor::operator=(const Tensor &other) && {
  ops::writeInto(*this, other, "assignment to a view", ops::kCopyHistory);
  return *this;
}
// NOLINTNEXTLINE(performance-noexcept-move-constructor): it writes
Tensor &Tensor::operator=(Tensor &&other) && {
  ops::writeInto(*this, other, "assignment to a view", ops::kCopyHistory);
  return *this;
}
Tensor &Tensor::operator=(const Scalar &value) && { return fill_(value); }

Tensor &Tensor::operator+=(const Tensor &other) { return add_(other); }
Tensor &Tensor::operator+=(const Scalar &other) { return add_(other); }
Tensor &Tensor::operator-=(const Tensor &other) { return sub_(other); }
Tensor &Tensor::operator-=(const Scalar &other) { return sub_(other); }
Tensor &Tensor::operator*=(const Tensor &other) { return mul_(other); }
Tensor &Tensor::operator*=(const Scalar &other) { return mul_(other); }
Tensor &Tensor::operator/=(const Tensor &other) { return div_(other); }
Tensor &Tensor::operator/=(const Scalar &other) { return div_(other); }
Tensor &Tensor::operator&=(const Tensor &other) { return bitwise_and_(other); }
Tensor &Tensor::operator|=(const Tensor &other) { return bitwise_or_(other); }
Tensor &Tensor::operator^=(const Tensor &other) { return bitwise_xor_(other); }

} // namespace v1
} // namespace tjit
