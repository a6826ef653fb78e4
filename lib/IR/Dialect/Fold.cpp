//===- Fold.cpp - folders of the operations ---------------------------------------------------===//
//
// Every fold keeps the bits that docs/numerics.md asks for: x + 0 is no x for x = -0, a sum over no
// dimension of -0 is +0. Constants are splats, so folding one costs one scalar operation whatever
// the shape.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/Dialect/Constants.h"
#include "IR/Dialect/OpBridge.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"

#include <numeric>

using namespace mlir;

namespace tjit::ir {

/// Both constant: the operation on their elements, float or integer.
static Attribute foldBinary(Type type, Attribute lhs, Attribute rhs,
                            function_ref<void(APFloat &, const APFloat &)> onFloats,
                            function_ref<APInt(const APInt &, const APInt &)> onIntegers) {
  TypedAttr a = splatElement(lhs), b = splatElement(rhs);
  if (!a || !b)
    return {};
  Builder builder(type.getContext());
  if (auto x = dyn_cast<FloatAttr>(a)) {
    APFloat value = x.getValue();
    onFloats(value, cast<FloatAttr>(b).getValue());
    // Which NaN comes out is the machine's business.
    return value.isNaN() ? Attribute() : makeConstant(type, FloatAttr::get(a.getType(), value));
  }
  if (!onIntegers)
    return {};
  return makeConstant(type,
                      IntegerAttr::get(a.getType(), onIntegers(cast<IntegerAttr>(a).getValue(),
                                                               cast<IntegerAttr>(b).getValue())));
}

static bool isFloating(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }
static bool isBool(Type type) { return getElementTypeOrSelf(type).isInteger(1); }
static constexpr auto kNearest = APFloat::rmNearestTiesToEven;

OpFoldResult NegOp::fold(FoldAdaptor adaptor) {
  if (auto inner = getInput().getDefiningOp<NegOp>())
    return inner.getInput();
  TypedAttr element = splatElement(adaptor.getInput());
  if (auto number = dyn_cast_if_present<FloatAttr>(element))
    return makeConstant(getType(), FloatAttr::get(number.getType(), -number.getValue()));
  if (auto number = dyn_cast_if_present<IntegerAttr>(element))
    return makeConstant(getType(), IntegerAttr::get(number.getType(), -number.getValue()));
  return {};
}

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  bool neutral = isExactly(splatElement(adaptor.getRhs()), isFloating(getType()) ? -0.0 : 0.0);
  if (neutral && getLhs().getType() == getType())
    return getLhs();
  return foldBinary(
      getType(), adaptor.getLhs(), adaptor.getRhs(),
      [](APFloat &a, const APFloat &b) { a.add(b, kNearest); },
      [&](const APInt &a, const APInt &b) { return isBool(getType()) ? a | b : a + b; });
}

OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  if (isExactly(splatElement(adaptor.getRhs()), 0.0) && getLhs().getType() == getType())
    return getLhs();
  if (getLhs() == getRhs() && !isFloating(getType()))
    return makeConstant(getType(), elementFromDouble(getElementTypeOrSelf(getType()), 0));
  return foldBinary(
      getType(), adaptor.getLhs(), adaptor.getRhs(),
      [](APFloat &a, const APFloat &b) { a.subtract(b, kNearest); },
      [](const APInt &a, const APInt &b) { return a - b; });
}

OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  TypedAttr rhs = splatElement(adaptor.getRhs());
  if (isExactly(rhs, 1.0) && getLhs().getType() == getType())
    return getLhs();
  // Not for floats: NaN, infinity and the sign of zero.
  if (!isFloating(getType()) && isExactly(rhs, 0.0))
    return makeConstant(getType(), rhs);
  return foldBinary(
      getType(), adaptor.getLhs(), adaptor.getRhs(),
      [](APFloat &a, const APFloat &b) { a.multiply(b, kNearest); },
      [](const APInt &a, const APInt &b) { return a * b; }); // of bools: and
}

OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  if (isExactly(splatElement(adaptor.getRhs()), 1.0) && getLhs().getType() == getType())
    return getLhs();
  return foldBinary(
      getType(), adaptor.getLhs(), adaptor.getRhs(),
      [](APFloat &a, const APFloat &b) { a.divide(b, kNearest); }, nullptr);
}

OpFoldResult WhereOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs() && getLhs().getType() == getType())
    return getLhs();
  TypedAttr condition = splatElement(adaptor.getCondition());
  if (!condition)
    return {};
  Value chosen = isExactly(condition, 0.0) ? getRhs() : getLhs();
  return chosen.getType() == getType() ? OpFoldResult(chosen) : OpFoldResult();
}

/// Whether every value of `from` is one of `to`.
static bool holds(ScalarType to, ScalarType from) {
  if (to == from || from == ScalarType::Bool)
    return true;
  // Bits of magnitude an integer has, or of precision a float has.
  static constexpr int kBits[] = {1, 8, 7, 15, 31, 63, 11, 8, 24, 53};
  int fromBits = kBits[static_cast<int>(from)], toBits = kBits[static_cast<int>(to)];
  if (isFloatingType(from))
    return isFloatingType(to) && (to == ScalarType::Float || to == ScalarType::Double) &&
           toBits >= fromBits;
  if (isFloatingType(to))
    return fromBits <= toBits;
  bool keepsSign = from == ScalarType::Byte || to != ScalarType::Byte;
  return to != ScalarType::Bool && keepsSign && fromBits <= toBits;
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<CastOp>())
    if (holds(scalarTypeOf(inner.getType()), scalarTypeOf(inner.getInput().getType()))) {
      getInputMutable().assign(inner.getInput());
      return getResult();
    }
  TypedAttr element = splatElement(adaptor.getInput());
  Type to = getElementTypeOrSelf(getType());
  if (auto number = dyn_cast_if_present<FloatAttr>(element))
    if (isa<FloatType>(to) && !number.getValue().isNaN())
      return makeConstant(getType(), elementFromDouble(to, number.getValueAsDouble()));
  if (auto number = dyn_cast_if_present<IntegerAttr>(element)) {
    bool isUnsigned = number.getType().isUnsignedInteger() || number.getType().isInteger(1);
    double value = number.getValue().roundToDouble(!isUnsigned);
    if (isExactly(number, value))
      return makeConstant(getType(), elementFromDouble(to, value));
  }
  return {};
}

/// Every element of a view of a constant is that constant.
static Attribute viewOfConstant(Type type, Attribute input) {
  return makeConstant(type, splatElement(input));
}

OpFoldResult PermuteOp::fold(FoldAdaptor adaptor) {
  ArrayRef<int64_t> dims = getDims();
  if (llvm::is_sorted(dims))
    return getInput();
  if (auto inner = getInput().getDefiningOp<PermuteOp>()) {
    SmallVector<int64_t> composed;
    for (int64_t dim : dims)
      composed.push_back(inner.getDims()[dim]);
    setDims(composed);
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return viewOfConstant(getType(), adaptor.getInput());
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return viewOfConstant(getType(), adaptor.getInput());
}

OpFoldResult ExpandOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ExpandOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return viewOfConstant(getType(), adaptor.getInput());
}

OpFoldResult FlipOp::fold(FoldAdaptor adaptor) {
  auto sizes = cast<RankedTensorType>(getType()).getShape();
  if (llvm::all_of(getDims(), [&](int64_t dim) { return sizes[dim] == 1; }))
    return getInput();
  if (auto inner = getInput().getDefiningOp<FlipOp>(); inner && inner.getDims() == getDims())
    return inner.getInput();
  return viewOfConstant(getType(), adaptor.getInput());
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  // As many as there are: the start can only be 0.
  if (getInput().getType() == getType())
    return getInput();
  return viewOfConstant(getType(), adaptor.getInput());
}

OpFoldResult SumOp::fold(FoldAdaptor) {
  // A float sum over nothing still adds x to +0, which is no x for x = -0.
  if (getDims().empty() && getInput().getType() == getType() && !isFloating(getType()))
    return getInput();
  return {};
}

} // namespace tjit::ir
