//===- Constants.cpp - values of tjit.fill as attributes --------------------------------------===//

#include "IR/Dialect/Constants.h"

#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/APSInt.h"

#include <bit>
#include <cmath>

using namespace mlir;

namespace tjit::ir {

TypedAttr splatElement(Attribute constant) {
  if (auto dense = dyn_cast_if_present<DenseElementsAttr>(constant))
    return dense.isSplat() ? cast<TypedAttr>(dense.getSplatValue<Attribute>()) : TypedAttr();
  if (isa_and_present<FloatAttr, IntegerAttr>(constant))
    return cast<TypedAttr>(constant);
  return {};
}

Attribute makeConstant(Type type, TypedAttr element) {
  if (!element)
    return {};
  if (auto shaped = dyn_cast<RankedTensorType>(type))
    return DenseElementsAttr::get(shaped, cast<Attribute>(element));
  return element;
}

TypedAttr elementFromDouble(Type elementType, double value) {
  if (auto floating = dyn_cast<FloatType>(elementType)) {
    APFloat converted(value);
    bool losesInfo;
    // 16-bit types are rounded through float32, as a cast is.
    if (floating.getWidth() < 64)
      converted.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &losesInfo);
    converted.convert(floating.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    return FloatAttr::get(elementType, converted);
  }
  auto integer = cast<IntegerType>(elementType);
  bool isUnsigned = integer.isUnsigned() || integer.getWidth() == 1;
  llvm::APSInt converted(integer.getWidth(), isUnsigned);
  bool exact = false;
  if (!std::isfinite(value) ||
      APFloat(value).convertToInteger(converted, APFloat::rmTowardZero, &exact) != APFloat::opOK)
    return {};
  return IntegerAttr::get(elementType, converted);
}

bool isExactly(TypedAttr element, double value) {
  if (auto number = dyn_cast_if_present<FloatAttr>(element))
    return std::bit_cast<uint64_t>(number.getValueAsDouble()) == std::bit_cast<uint64_t>(value);
  if (auto number = dyn_cast_if_present<IntegerAttr>(element)) {
    TypedAttr wanted = elementFromDouble(element.getType(), value);
    return wanted && cast<IntegerAttr>(wanted).getValue() == number.getValue();
  }
  return false;
}

OpFoldResult FillOp::fold(FoldAdaptor) {
  Type type = getType();
  return makeConstant(type,
                      elementFromDouble(getElementTypeOrSelf(type), getValue().convertToDouble()));
}

Operation *TjitDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                            Location location) {
  TypedAttr element = splatElement(value);
  if (!element)
    return nullptr;
  double number;
  if (auto floating = dyn_cast<FloatAttr>(element)) {
    number = floating.getValueAsDouble();
  } else {
    bool isUnsigned = element.getType().isUnsignedInteger() || element.getType().isInteger(1);
    number = cast<IntegerAttr>(element).getValue().roundToDouble(!isUnsigned);
    if (!isExactly(element, number))
      return nullptr;
  }
  ArrayRef<int64_t> sizes;
  if (auto shaped = dyn_cast<RankedTensorType>(type))
    sizes = shaped.getShape();
  return FillOp::create(builder, location, type, builder.getDenseI64ArrayAttr(sizes),
                        TypeAttr::get(element.getType()), builder.getF64FloatAttr(number));
}

} // namespace tjit::ir
