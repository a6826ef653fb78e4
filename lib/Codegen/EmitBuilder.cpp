//===- EmitBuilder.cpp ------------------------------------------------------------------------===//
// Writing clean loops.
#include "Codegen/EmitBuilder.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {

Type vectorOf(Type element, int64_t width) {
  return width == 1 ? element : VectorType::get({width}, element);
}

int64_t widthOf(Value value) {
  auto vector = dyn_cast<VectorType>(value.getType());
  return vector ? vector.getNumElements() : 1;
}

Value CodeBuilder::constant(Attribute attribute) {
  Value &known = constants[attribute];
  if (!known) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&entry);
    known = create<arith::ConstantOp>(cast<TypedAttr>(attribute));
  }
  return known;
}

Value CodeBuilder::integer(Type type, int64_t value) {
  auto integerType = cast<IntegerType>(getElementTypeOrSelf(type));
  Attribute scalar = IntegerAttr::get(
      integerType, APInt(integerType.getWidth(), static_cast<uint64_t>(value), /*isSigned=*/true,
                         /*implicitTrunc=*/true));
  auto vector = dyn_cast<VectorType>(type);
  return constant(vector ? DenseElementsAttr::get(vector, scalar) : scalar);
}

Value CodeBuilder::integer(Type type, Extent value) {
  if (!value.varies())
    return integer(type, value.number());
  Value scalar = i64(value);
  if (Type element = getElementTypeOrSelf(type); !element.isInteger(64))
    scalar = create<arith::TruncIOp>(element, scalar);
  return ::mlir::isa<VectorType>(type) ? Value(create<vector::BroadcastOp>(type, scalar)) : scalar;
}

Value CodeBuilder::floating(Type type, double value) {
  Attribute scalar = FloatAttr::get(getElementTypeOrSelf(type), value);
  auto vector = dyn_cast<VectorType>(type);
  return constant(vector ? DenseElementsAttr::get(vector, scalar) : scalar);
}

std::optional<int64_t> CodeBuilder::constantValue(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return constant.getSExtValue();
  return std::nullopt;
}

Value CodeBuilder::add(Value x, Value y) {
  auto a = constantValue(x), c = constantValue(y);
  if (a && c)
    return i64(*a + *c);
  if (a == 0)
    return y;
  if (c == 0)
    return x;
  return create<arith::AddIOp>(x, y);
}

Value CodeBuilder::sub(Value x, Value y) {
  auto a = constantValue(x), c = constantValue(y);
  if (a && c)
    return i64(*a - *c);
  return c == 0 ? x : create<arith::SubIOp>(x, y);
}

Value CodeBuilder::mul(Value x, Value y) {
  auto a = constantValue(x), c = constantValue(y);
  if (a && c)
    return i64(*a * *c);
  if (a == 0 || c == 1)
    return x;
  if (c == 0 || a == 1)
    return y;
  return create<arith::MulIOp>(x, y);
}

Value CodeBuilder::div(Value x, Extent by) {
  if (auto a = constantValue(x); a && (*a == 0 || !by.varies()))
    return i64(*a ? *a / by.number() : 0);
  return !by.varies() && by.number() == 1 ? x : create<arith::DivUIOp>(x, i64(by));
}

void CodeBuilder::readParameters(Parameters &list, Value arguments, unsigned position) {
  parameters = &list;
  args = arguments;
  parameterPosition = position;
}

Value CodeBuilder::parameter(Extent extent) {
  if (!parameters) // this code serves one shape
    return i64(extent.number());
  const unsigned place = parameters->placeOf(extent);
  Value &known = parameterValues[place];
  if (known)
    return known;
  OpBuilder::InsertionGuard guard(b);
  auto read = [&](Type type, Value from, unsigned at) {
    if (lastParameter)
      b.setInsertionPointAfter(lastParameter);
    else
      b.setInsertionPointToStart(&entry);
    Value address = create<LLVM::GEPOp>(from.getType(), b.getI64Type(), from,
                                        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(at)});
    auto load = create<LLVM::LoadOp>(type, address, /*alignment=*/8, /*isVolatile=*/false,
                                     /*isNonTemporal=*/false, /*isInvariant=*/true);
    lastParameter = load;
    return Value(load);
  };
  if (!parameterBase)
    parameterBase = read(args.getType(), args, parameterPosition);
  return known = read(b.getI64Type(), parameterBase, place);
}

Value CodeBuilder::min(Value x, Value y) {
  auto a = constantValue(x), c = constantValue(y);
  if (a && c)
    return i64(std::min(*a, *c));
  return create<arith::MinSIOp>(x, y);
}

SmallVector<Value, 4> CodeBuilder::delinearize(Value flat, ArrayRef<Extent> sizes) {
  SmallVector<Value, 4> coordinates(sizes.size());
  for (size_t i = sizes.size(); i-- > 1;) {
    if (!sizes[i].varies() && sizes[i].number() == 1) {
      coordinates[i] = i64(0);
      continue;
    }
    Value outer = div(flat, sizes[i]);
    coordinates[i] = sub(flat, mul(outer, sizes[i])); // cheaper than a second division
    flat = outer;
  }
  if (!sizes.empty())
    coordinates[0] = flat;
  return coordinates;
}

SmallVector<Value> CodeBuilder::loop(Value begin, Value end, int64_t step, ValueRange carried,
                                     LoopBody body) {
  auto first = constantValue(begin), last = constantValue(end);
  if (first && last && *first >= *last)
    return SmallVector<Value>(carried);
  if (first && last && *first + step >= *last)
    return body(begin, carried);
  auto loop = create<scf::ForOp>(begin, end, i64(step), carried);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
    if (carried.empty()) // such a loop comes with its terminator
      return {};
    b.setInsertionPointToEnd(loop.getBody());
    create<scf::YieldOp>(next);
  }
  return SmallVector<Value>(loop.getResults());
}

void CodeBuilder::loop(Value begin, Value end, int64_t step, function_ref<void(Value)> body) {
  loop(begin, end, step, ValueRange(), [&](Value i, ValueRange) {
    body(i);
    return SmallVector<Value>();
  });
}

} // namespace tjit::codegen
