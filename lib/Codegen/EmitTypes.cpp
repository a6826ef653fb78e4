//===- EmitTypes.cpp --------------------------------------------------------------------------===//
// Elements in memory and elements in registers.
#include "Codegen/EmitTypes.h"
#include "Codegen/EmitSoftware.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace tjit::codegen {

bool isHalf(Type element) { return element.isF16() || element.isBF16(); }
bool isUnsigned(Type element) { return element.isInteger(1) || element.isUnsignedInteger(); }

Type computeType(Type element) {
  if (isHalf(element))
    return Float32Type::get(element.getContext());
  if (auto integer = dyn_cast<IntegerType>(element))
    return IntegerType::get(element.getContext(), integer.getWidth());
  return element;
}

Type memoryType(Type element) {
  if (isHalf(element))
    return IntegerType::get(element.getContext(), 16);
  if (auto integer = dyn_cast<IntegerType>(element))
    return IntegerType::get(element.getContext(), std::max(8u, integer.getWidth()));
  return element;
}

unsigned memoryBytes(Type element) { return memoryType(element).getIntOrFloatBitWidth() / 8; }

/// `element` in as many lanes as `like` has.
static Type sameWidth(Type element, Value like) { return vectorOf(element, widthOf(like)); }

Value fromMemory(CodeBuilder &code, Value stored, Type element) {
  OpBuilder &b = code.b;
  if (element.isInteger(1))
    return code.create<arith::CmpIOp>(arith::CmpIPredicate::ne, stored,
                                      code.integer(stored.getType(), 0));
  if (element.isBF16()) {
    Type wide = sameWidth(b.getI32Type(), stored);
    Value bits = code.create<arith::ExtUIOp>(wide, stored);
    bits = code.create<arith::ShLIOp>(bits, code.integer(wide, 16));
    return code.create<arith::BitcastOp>(sameWidth(b.getF32Type(), stored), bits);
  }
  if (element.isF16() && !code.isa.half)
    return emitHalfToFloat(code, stored);
  if (element.isF16()) {
    Value half = code.create<arith::BitcastOp>(sameWidth(b.getF16Type(), stored), stored);
    return code.create<arith::ExtFOp>(sameWidth(b.getF32Type(), stored), half);
  }
  return stored;
}

Value toMemory(CodeBuilder &code, Value value, Type element) {
  OpBuilder &b = code.b;
  if (element.isInteger(1))
    return code.create<arith::ExtUIOp>(sameWidth(b.getI8Type(), value), value);
  if (element.isBF16()) {
    Type wide = sameWidth(b.getI32Type(), value);
    Value bits = code.create<arith::BitcastOp>(wide, value);
    bits = code.create<arith::ShRUIOp>(bits, code.integer(wide, 16));
    return code.create<arith::TruncIOp>(sameWidth(b.getI16Type(), value), bits);
  }
  if (element.isF16() && !code.isa.half)
    return emitFloatToHalf(code, value);
  if (element.isF16()) {
    Value half = code.create<arith::TruncFOp>(sameWidth(b.getF16Type(), value), value);
    return code.create<arith::BitcastOp>(sameWidth(b.getI16Type(), value), half);
  }
  return value;
}

Value roundToElement(CodeBuilder &code, Value value, Type element) {
  OpBuilder &b = code.b;
  if (element.isF16() && !code.isa.half)
    return emitHalfToFloat(code, emitFloatToHalf(code, value));
  if (element.isF16()) {
    Value half = code.create<arith::TruncFOp>(sameWidth(b.getF16Type(), value), value);
    return code.create<arith::ExtFOp>(value.getType(), half);
  }
  if (!element.isBF16())
    return value;
  // Round to nearest even on the bits: AVX512-BF16's instruction flushes subnormals.
  Type wide = sameWidth(b.getI32Type(), value);
  Value bits = code.create<arith::BitcastOp>(wide, value);
  Value odd = code.create<arith::ShRUIOp>(bits, code.integer(wide, 16));
  odd = code.create<arith::AndIOp>(odd, code.integer(wide, 1));
  Value rounded = code.create<arith::AddIOp>(bits, code.integer(wide, 0x7fff));
  rounded = code.create<arith::AddIOp>(rounded, odd);
  Value quiet = code.create<arith::OrIOp>(bits, code.integer(wide, 0x400000));
  Value isNan = code.create<arith::CmpFOp>(arith::CmpFPredicate::UNO, value, value);
  Value chosen = code.create<arith::SelectOp>(isNan, quiet, rounded);
  chosen = code.create<arith::AndIOp>(chosen, code.integer(wide, 0xffff0000));
  return code.create<arith::BitcastOp>(value.getType(), chosen);
}

static Value floatToI64(CodeBuilder &code, Value x) {
  constexpr double kLimit = 0x1p63;
  Type type = sameWidth(code.b.getI64Type(), x);
  Value high = code.floating(x.getType(), kLimit), low = code.floating(x.getType(), -kLimit);
  Value tooHigh = code.create<arith::CmpFOp>(arith::CmpFPredicate::OGE, x, high);
  Value notLow = code.create<arith::CmpFOp>(arith::CmpFPredicate::OGE, x, low);
  Value tooLow = code.create<arith::CmpFOp>(arith::CmpFPredicate::OLT, x, low);
  // NaN is neither: it takes the zero.
  Value notHigh = code.create<arith::CmpFOp>(arith::CmpFPredicate::OLT, x, high);
  Value inRange = code.create<arith::AndIOp>(notLow, notHigh);
  Value safe = code.create<arith::SelectOp>(inRange, x, code.floating(x.getType(), 0));
  Value result = code.create<arith::FPToSIOp>(type, safe);
  result = code.create<arith::SelectOp>(tooHigh, code.integer(type, INT64_MAX), result);
  return code.create<arith::SelectOp>(tooLow, code.integer(type, INT64_MIN), result);
}

Value castElement(CodeBuilder &code, Value value, Type from, Type to) {
  if (from == to)
    return value;
  Type in = computeType(from), out = computeType(to);
  Type outType = sameWidth(out, value);
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
  if (to.isInteger(1)) {
    if (fromFloat)
      return code.create<arith::CmpFOp>(arith::CmpFPredicate::UNE, value,
                                        code.floating(value.getType(), 0));
    return code.create<arith::CmpIOp>(arith::CmpIPredicate::ne, value,
                                      code.integer(value.getType(), 0));
  }
  if (fromFloat && toFloat) {
    if (in.isF32() && out.isF64())
      return code.create<arith::ExtFOp>(outType, value);
    if (in.isF64() && out.isF32())
      value = code.create<arith::TruncFOp>(outType, value);
    return roundToElement(code, value, to);
  }
  if (fromFloat) {
    value = floatToI64(code, value);
    in = code.b.getI64Type();
    from = in;
  }
  if (toFloat) {
    value = isUnsigned(from) ? Value(code.create<arith::UIToFPOp>(outType, value))
                             : Value(code.create<arith::SIToFPOp>(outType, value));
    return roundToElement(code, value, to);
  }
  unsigned inBits = in.getIntOrFloatBitWidth(), outBits = out.getIntOrFloatBitWidth();
  if (outBits < inBits)
    return code.create<arith::TruncIOp>(outType, value);
  if (outBits == inBits)
    return value;
  return isUnsigned(from) ? Value(code.create<arith::ExtUIOp>(outType, value))
                          : Value(code.create<arith::ExtSIOp>(outType, value));
}

Value broadcast(CodeBuilder &code, Value scalar, int64_t width) {
  if (width == 1)
    return scalar;
  auto type = VectorType::get({width}, scalar.getType());
  Attribute constant;
  if (matchPattern(scalar, m_Constant(&constant)))
    return code.constant(DenseElementsAttr::get(type, constant));
  return code.create<vector::BroadcastOp>(type, scalar);
}

Value countUp(CodeBuilder &code, Value first, int64_t width) {
  if (width == 1)
    return first;
  SmallVector<int64_t> numbers = llvm::to_vector(llvm::seq<int64_t>(0, width));
  auto type = VectorType::get({width}, code.b.getI64Type());
  Value lanes =
      code.create<arith::AddIOp>(broadcast(code, first, width),
                                 code.constant(DenseElementsAttr::get(type, ArrayRef(numbers))));
  code.setFirstLane(lanes, first);
  return lanes;
}

} // namespace tjit::codegen
