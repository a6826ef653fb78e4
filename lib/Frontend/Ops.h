//===- Ops.h ----------------------------------------------------------------------------------===//
// What implementations of the API share.
//
// The functions of tjit::ops implement the records of TjitApi.td; their declarations are generated.
// Here stand the helpers that several files of implementations use.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/RecordOp.h"
#include "Runtime/Place.h"

#include "tjit/Operators.h"

namespace tjit {

using Sizes = std::span<const int64_t>;
inline Sizes sizesOf(IntArrayRef list) { return {list.data(), list.size()}; }
inline IntArrayRef refOf(const Dims &dims) { return {dims.data(), dims.size()}; }

/// `dim` in [0, rank), counted from the end where it is negative; a 0-dim tensor is taken for one
/// with a dimension, as in PyTorch. IndexError naming the operation.
int64_t wrapDim(int64_t dim, int64_t rank, const char *operation);
/// Dimensions wrapped, ascending and distinct; all of them where there are none.
Dims wrapDims(OptionalIntArrayRef dims, int64_t rank, const char *operation);

/// A view of `parent`: records nothing, shares its storage, autograd sees kind(parent){attributes}.
/// `start` is the value of the index operand of slice and as_strided.
Tensor makeView(OpKind kind, const Tensor &parent, std::span<const int64_t> attributes,
                int64_t start, const Dims &sizes, const Dims &strides, int64_t offset);
/// A view that autograd knows by strides and a start over row-major elements of `parent`, however
/// those lie: a diagonal, windows.
Tensor regularView(const Tensor &parent, const Dims &sizes, const Dims &rowMajorStrides,
                   int64_t start);
/// `t` with its dimensions of size 1, or missing at the front, repeated; t itself where nothing
/// changes. Throws Error naming the operation.
Tensor expandTo(const Tensor &t, Sizes sizes, const char *operation);

/// The order in which a copy of the tensor has its dimensions in memory, where that is not
/// row-major: the tensor's own, or for one that leaves gaps that of its strides.
std::optional<Dims> orderOfCopy(const Tensor &t);
/// What a function made of t.permute(order), with the dimensions of t.
Tensor fromMemoryOrder(const Tensor &t, const Dims &order);
/// The elements in memory of their own, where the dimensions lie in that order.
Tensor copyInOrder(const Tensor &t, const Dims &order);
/// The elements in memory of their own that lie as a copy of `model`, which has as many dimensions.
Tensor copyLike(const Tensor &t, const Tensor &model);
/// Matrices in memory of their own, column by column, as LAPACK gives them; vectors as they are.
Tensor copyByColumns(const Tensor &t);
/// The elements in a memory format: channels last, else row-major. Self where they lie so already.
Tensor inMemoryFormat(const Tensor &self, MemoryFormat format, const char *operation);

/// Images or volumes [n, c, ...] in memory of their own with the channels last, and whether they
/// lie so: what functions of images are given so they give back so, as PyTorch's.
Tensor withChannelsLast(const Tensor &t);
bool liesChannelsLast(const Tensor &t);
inline Tensor laidAs(const Tensor &like, const Tensor &result) {
  return liesChannelsLast(like) ? withChannelsLast(result) : result;
}

/// Checks and makes a new tensor's options: the device is there, a tensor that requires grad is of
/// floating point.
Tensor finishCreation(Tensor t, const TensorOptions &options, const char *operation);
/// Throws where the device is not there.
void checkDevice(Device device, const char *operation);

/// The default dtype for integers, else the dtype itself.
ScalarType floatDtype(ScalarType dtype);
/// The dtype in which a composition computes: float32 for 16-bit floats, whose result is rounded
/// once, else the dtype itself.
inline ScalarType computeDtype(ScalarType dtype) {
  return dtype == kHalf || dtype == kBFloat16 ? kFloat : dtype;
}
/// The dtype in which PyTorch computes an operation of these: dimensions count more than 0-dim
/// tensors, those more than numbers.
ScalarType promoted(const Tensor &a, const Tensor &b);
ScalarType promoted(const Tensor &a, const Scalar &b);

inline namespace v1 {
namespace ops {
/// What the functions name_copy return: the views' elements, row-major, in memory of their own.
Tensor copied(const Tensor &view);
std::vector<Tensor> copied(std::vector<Tensor> views);
/// A write that gives all elements that are one in memory the same value, as libtorch's fill_,
/// zero_ and threshold_ do, which therefore take expanded tensors: the first of them stands for
/// all.
void writeOnce(const Tensor &self, const Tensor &value, const char *operation);
/// Stores the result of an operation into self, as storeInPlace does, and returns self.
Tensor &storedInto(const Tensor &self, const Tensor &value);
/// What functions in place return: handles of const tensors may be written to, as in libtorch.
inline Tensor &mutableOf(const Tensor &self) { return const_cast<Tensor &>(self); }

/// One operand; integers and bools are converted where `toFloat` says so.
Tensor unary(OpKind kind, const Tensor &self, bool toFloat);
/// Two operands, promoted.
inline Tensor binary(OpKind kind, const Tensor &a, const Tensor &b) {
  return recordBinary(kind, a, b);
}
Tensor binary(OpKind kind, const Tensor &a, const Scalar &b);
Tensor binary(OpKind kind, const Scalar &a, const Tensor &b);

/// Stores the result of an operation into self, which keeps its dtype and sizes. Errors: a result
/// of a higher category (floating point into integers), other sizes, a leaf that requires grad in
/// grad mode, a tensor that overlaps itself.
void storeInPlace(const Tensor &self, const Tensor &value);
/// `value`, which does not depend on `other` in the sense of derivatives: of self's dtype, and with
/// a history that gives `other` zeros where it requires grad.
Tensor flatIn(const Tensor &self, const Tensor &other, const Tensor &value);
/// An _out form that stores a result.
struct OutForm {
  const char *function;
  bool exact;    ///< the tensor has the result's dtype; else one that it can be cast to
  bool argument; ///< it is one of the arguments, which are not resized
};
/// Stores a result into the tensor that the caller of an _out form gave: it is resized where its
/// sizes differ. Errors: another dtype, or one of a lower category; an argument of other sizes.
void storeOut(const OutForm &form, const Tensor &out, const Tensor &result);
/// Whether a result could have a history.
inline bool hasFloating(const Tensor &result) { return isFloatingType(result.scalar_type()); }
template <class... T> bool hasFloating(const std::tuple<T...> &results) {
  return std::apply([](const T &...result) { return (hasFloating(result) || ...); }, results);
}
/// Whether `out` is one of the arguments.
inline bool isOneOf(const Tensor &out, const Tensor &argument) { return out.is_same(argument); }
inline bool isOneOf(const Tensor &out, const std::optional<Tensor> &argument) {
  return argument && out.is_same(*argument);
}
inline bool isOneOf(const Tensor &out, const TensorList &arguments) {
  for (const Tensor &t : arguments)
    if (out.is_same(t))
      return true;
  return false;
}
template <class... A> bool isAmong(const Tensor &out, const A &...arguments) {
  return (isOneOf(out, arguments) || ...);
}
/// Throws where grad mode is on and an argument of an _out form requires grad.
void refuseHistory(const char *function, const Tensor &argument);
inline void refuseHistory(const char *function, const std::optional<Tensor> &argument) {
  if (argument)
    refuseHistory(function, *argument);
}
inline void refuseHistory(const char *function, const TensorList &arguments) {
  for (const Tensor &t : arguments)
    refuseHistory(function, t);
}
inline void refuseHistory(const char *function, const std::vector<Tensor> &arguments) {
  refuseHistory(function, TensorList(arguments));
}
template <class T> void refuseHistory(const char *, const T &) {} // no tensor
template <class... A> void refuseHistories(const char *function, const A &...arguments) {
  (refuseHistory(function, arguments), ...);
}
/// Throws where the memory that `self` writes to and that of an argument overlap in part, or at all
/// where `distinct` says so.
void refuseOverlap(const char *function, bool distinct, const Tensor &self, const Tensor &argument);
inline void refuseOverlap(const char *function, bool distinct, const Tensor &self,
                          const std::optional<Tensor> &argument) {
  if (argument)
    refuseOverlap(function, distinct, self, *argument);
}
inline void refuseOverlap(const char *function, bool distinct, const Tensor &self,
                          const TensorList &arguments) {
  for (const Tensor &t : arguments)
    refuseOverlap(function, distinct, self, t);
}
template <class... A>
void refuseOverlaps(const char *function, bool distinct, const Tensor &self,
                    const A &...arguments) {
  (refuseOverlap(function, distinct, self, arguments), ...);
}
/// What a copy makes the history of a tensor that is no view.
inline constexpr const char *kCopyHistory = "torch::autograd::CopyBackwards";
/// Writes `value`, converted and broadcast.
void writeInto(const Tensor &self, const Tensor &value, const char *operation,
               const char *overwrites = nullptr);

} // namespace ops
} // namespace v1
} // namespace tjit
