//===- Compose.cpp ----------------------------------------------------------------------------===//
// Small pieces that compositions are made of.

#include "Frontend/Compose.h"
#include "Frontend/AutogradGraph.h"
#include "Frontend/CompiledCall.h"
#include "Frontend/Evaluate.h"
#include "IR/Infer.h"
#include "Runtime/Interpreter.h"

namespace tjit {

Tensor reduceDims(OpKind kind, const Tensor &t, std::span<const int64_t> dims, bool keepdim) {
  AttrWords words;
  SumAttrs{dims, keepdim}.write(words); // those of every reduction over several dimensions
  return recordOp(kind, {&t, 1}, words.span());
}

Tensor rounded(const Tensor &t, ScalarType dtype) {
  const Tensor result = castTo(t, dtype);
  if (const char *name = result.is_same(t) ? nullptr : autodiff::labelOf(t))
    autodiff::labeled(result, name);
  return result;
}

Tensor uniformAs(const Tensor &t) {
  const std::optional<Dims> order = orderOfCopy(t);
  if (!order)
    return tjit::rand(t.sizes(), kFloat);
  Dims sizes;
  for (int64_t d : *order)
    sizes.push_back(t.size(d));
  return fromMemoryOrder(tjit::rand(refOf(sizes), kFloat), *order);
}

Tensor checkedValues(const Tensor &t, ValueRule rule) {
  const TensorImpl &impl = implOf(t, "check_values");
  AttrWords words;
  CheckValuesAttrs{rule}.write(words);
  if (impl.storage->value->pending() || CompiledCall::current())
    return recordOp(OpKind::check_values, {&t, 1}, words.span());
  const TensorRef operand{const_cast<std::byte *>(readPointer(impl)), impl.type().dtype,
                          impl.type().sizes, impl.strides};
  if (std::string error = checkOperandValues(OpKind::check_values, words.span(), {&operand, 1});
      !error.empty())
    throw Error(error);
  return t;
}

Tensor integerIndex(const Tensor &index, const char *operation) {
  const ScalarType dtype = implOf(index, operation).type().dtype;
  if (dtype != kLong && dtype != kInt)
    throw IndexError(std::string(operation) +
                     ": an index must be an int32 or int64 tensor, found " + toString(dtype) +
                     "; convert with to(kLong)");
  return castTo(index, kLong);
}

const Tensor &longIndex(const Tensor &index, const char *operation) {
  const ScalarType dtype = implOf(index, operation).type().dtype;
  if (dtype != kLong)
    throw IndexError(std::string(operation) + ": an index must be an int64 tensor, found " +
                     toString(dtype) + "; convert with to(kLong)");
  return index;
}

Tensor indexAlong(const Tensor &index, const Tensor &source, int64_t dim, const char *operation) {
  const Tensor i = integerIndex(index, operation);
  if (i.dim() > 1)
    throw IndexError(std::string(operation) + ": the index must be a vector, found sizes " +
                     toString(sizesOf(index.sizes())));
  Dims shape(static_cast<size_t>(source.dim()), 1), sizes(sizesOf(source.sizes()));
  shape[dim] = sizes[dim] = i.numel();
  return i.reshape(refOf(shape)).expand(refOf(sizes));
}

void checkFloating(const Tensor &t, const char *operation) {
  if (!isFloatingType(implOf(t, operation).type().dtype))
    throw Error(std::string(operation) + ": expected a floating-point tensor, found " +
                toString(t.scalar_type()) + "; convert with to()");
}

void refuseBool(ScalarType dtype, const char *operation) {
  if (dtype == kBool)
    throw Error(std::string(operation) +
                ": not defined for bool; use integers or convert with to()");
}
void refuseBool(const Tensor &t, const char *operation) {
  refuseBool(implOf(t, operation).type().dtype, operation);
}

void refuseSixteenBits(const Tensor &t, const char *operation) {
  const ScalarType dtype = implOf(t, operation).type().dtype;
  if (t.numel() && computeDtype(dtype) != dtype)
    throw Error(std::string(operation) + ": not defined for " + toString(dtype) +
                "; convert with to()");
}
void refuseGradient(const Tensor &t, const char *argument, const char *operation) {
  if (t.requires_grad() && autodiff::gradEnabled())
    throw Error(std::string(operation) + ": not differentiable with respect to " + argument +
                ", which requires a gradient; detach() it");
}

void checkSameDtype(const Tensor &a, const Tensor &b, const char *operation) {
  const ScalarType one = implOf(a, operation).type().dtype,
                   other = implOf(b, operation).type().dtype;
  if (one != other)
    throw Error(std::string(operation) + ": the operands must have one dtype, found " +
                toString(one) + " and " + toString(other) + "; convert one with to()");
}

Tensor stored(const Tensor &input, const Tensor &result, bool inplace) {
  if (!inplace || result.is_same(input))
    return result;
  ops::storeInPlace(input, result);
  return input;
}

LossReduction reductionOf(std::string_view text, const char *operation) {
  if (text == "none")
    return LossReduction::none;
  if (text == "mean")
    return LossReduction::mean;
  if (text == "sum")
    return LossReduction::sum;
  throw ValueError(std::string(operation) + ": the reduction must be none, mean or sum, found \"" +
                   std::string(text) + "\"");
}
LossReduction reductionOf(int64_t number, const char *operation) {
  if (number < 0 || number > 2)
    throw Error(std::string(operation) +
                ": reduction must be 0 (none), 1 (mean) or 2 (sum), found " +
                std::to_string(number));
  return static_cast<LossReduction>(number);
}
Tensor reduced(const Tensor &loss, LossReduction reduction) {
  return reduction == LossReduction::none   ? loss
         : reduction == LossReduction::mean ? loss.mean()
                                            : loss.sum();
}

Dims spatial(IntArrayRef values, int64_t count, const char *what, const char *operation) {
  if (values.size() != 1 && static_cast<int64_t>(values.size()) != count)
    throw Error(std::string(operation) + ": " + what + " must be one number or " +
                std::to_string(count) + ", found " + toString(sizesOf(values)));
  Dims out(static_cast<size_t>(count), values[0]);
  for (size_t i = 0; i < values.size(); ++i)
    out[i] = values[i];
  return out;
}

} // namespace tjit
