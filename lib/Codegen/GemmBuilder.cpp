//===- GemmBuilder.cpp - what the matrix product's code is written with -----------------------===//
#include "Codegen/GemmBuilder.h"
#include "Codegen/EmitSoftware.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

#include <numeric>

using namespace mlir;

namespace tjit::codegen {

GemmBuilder::GemmBuilder(Location location, ScalarType dtype, const TargetInfo &target,
                         OpBuilder &builder)
    : builder(builder), location(location), dtype(dtype), isFloat(isFloatingType(dtype)),
      sourceBytes(elementSize(dtype)), wideBytes(sourceBytes < 4 ? 4 : sourceBytes),
      vectorLanes(target.vectorBytes / wideBytes), isa(Isa::of(target)) {
  unsigned sourceBits = 8 * sourceBytes, wideBits = 8 * wideBytes;
  wide = !isFloat         ? Type(builder.getIntegerType(wideBits))
         : wideBits == 64 ? Type(builder.getF64Type())
                          : Type(builder.getF32Type());
  source = !isFloat || dtype == kBFloat16 ? Type(builder.getIntegerType(sourceBits))
           : dtype == kHalf ? isa.half ? Type(builder.getF16Type()) : builder.getI16Type()
                            : wide;
}

//===------------------------------------------------------------------------------------------===//
// Indices
//===------------------------------------------------------------------------------------------===//

Value GemmBuilder::index(int64_t value) {
  return arith::ConstantIntOp::create(builder, location, value, 64);
}

Value GemmBuilder::index(Extent extent) {
  return extent.varies() && extents ? extents->i64(extent) : index(extent.number());
}

LaneCount GemmBuilder::firstLanes(Value count, int64_t lanes) {
  Type i32 = builder.getI32Type();
  SmallVector<int32_t> numbers(lanes);
  std::iota(numbers.begin(), numbers.end(), 0);
  auto type = VectorType::get(lanes, i32);
  Value numbered = arith::ConstantOp::create(builder, location, type,
                                             DenseElementsAttr::get(type, ArrayRef(numbers)));
  Value narrow = arith::TruncIOp::create(builder, location, i32, count);
  return {lanes, arith::CmpIOp::create(builder, location, arith::CmpIPredicate::slt, numbered,
                                       broadcast(narrow, lanes))};
}

std::optional<int64_t> GemmBuilder::constantOf(Value value) {
  IntegerAttr attr;
  if (matchPattern(value, m_Constant(&attr)))
    return attr.getInt();
  return std::nullopt;
}

Value GemmBuilder::add(Value a, Value b) {
  return builder.createOrFold<arith::AddIOp>(location, a, b);
}
Value GemmBuilder::sub(Value a, Value b) {
  return builder.createOrFold<arith::SubIOp>(location, a, b);
}
Value GemmBuilder::mul(Value a, int64_t b) {
  return builder.createOrFold<arith::MulIOp>(location, a, index(b));
}
Value GemmBuilder::mul(Value a, Value b) {
  return builder.createOrFold<arith::MulIOp>(location, a, b);
}
Value GemmBuilder::choose(Value condition, Value a, Value b) {
  return builder.createOrFold<arith::SelectOp>(location, condition, a, b);
}
Value GemmBuilder::div(Value a, int64_t b) {
  return b == 1 ? a : builder.createOrFold<arith::DivUIOp>(location, a, index(b));
}
Value GemmBuilder::rem(Value a, int64_t b) {
  return b == 1 ? index(0) : builder.createOrFold<arith::RemUIOp>(location, a, index(b));
}
Value GemmBuilder::div(Value a, Extent b) {
  return b.varies() ? builder.createOrFold<arith::DivUIOp>(location, a, index(b))
                    : div(a, b.number());
}
Value GemmBuilder::rem(Value a, Extent b) {
  return b.varies() ? builder.createOrFold<arith::RemUIOp>(location, a, index(b))
                    : rem(a, b.number());
}
Value GemmBuilder::shiftRight(Value a, Value b) {
  return arith::ShRUIOp::create(builder, location, a, b);
}
Value GemmBuilder::min(Value a, Value b) {
  auto x = constantOf(a), y = constantOf(b);
  return x && y ? index(std::min(*x, *y)) : Value(arith::MinSIOp::create(builder, location, a, b));
}
Value GemmBuilder::max(Value a, Value b) {
  auto x = constantOf(a), y = constantOf(b);
  return x && y ? index(std::max(*x, *y)) : Value(arith::MaxSIOp::create(builder, location, a, b));
}
Value GemmBuilder::equal(Value a, Value b) {
  return builder.createOrFold<arith::CmpIOp>(location, arith::CmpIPredicate::eq, a, b);
}
Value GemmBuilder::less(Value a, Value b) {
  return builder.createOrFold<arith::CmpIOp>(location, arith::CmpIPredicate::slt, a, b);
}

//===------------------------------------------------------------------------------------------===//
// Control
//===------------------------------------------------------------------------------------------===//

void GemmBuilder::loop(Value begin, Value end, int64_t step, llvm::function_ref<void(Value)> body) {
  loop(begin, end, step, {}, [&](Value i, ValueRange) {
    body(i);
    return Values();
  });
}

GemmBuilder::Values GemmBuilder::loop(Value begin, Value end, int64_t step, Values carried,
                                      llvm::function_ref<Values(Value, ValueRange)> body) {
  if (auto b = constantOf(begin), e = constantOf(end); b && e) {
    if (*b >= *e)
      return carried;
    if (*b + step >= *e)
      return body(begin, carried);
  }
  auto loop = scf::ForOp::create(builder, location, begin, end, index(step), carried);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  Values results = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!carried.empty()) // without results scf.for has its terminator already
    scf::YieldOp::create(builder, location, results);
  return Values(loop.getResults());
}

void GemmBuilder::ifTrue(Value condition, llvm::function_ref<void()> then) {
  if (auto known = constantOf(condition))
    return *known ? then() : void();
  auto branch = scf::IfOp::create(builder, location, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  then();
}

void GemmBuilder::ifElse(Value condition, llvm::function_ref<void()> then,
                         llvm::function_ref<void()> otherwise) {
  if (auto known = constantOf(condition))
    return *known ? then() : otherwise();
  auto branch = scf::IfOp::create(builder, location, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  then();
  builder.setInsertionPointToStart(branch.elseBlock());
  otherwise();
}

GemmBuilder::Values GemmBuilder::select(Value condition, TypeRange types,
                                        llvm::function_ref<Values()> then,
                                        llvm::function_ref<Values()> otherwise) {
  if (auto known = constantOf(condition))
    return *known ? then() : otherwise();
  auto branch = scf::IfOp::create(builder, location, types, condition, /*addThenBlock=*/true,
                                  /*addElseBlock=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(builder, location, then());
  builder.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(builder, location, otherwise());
  return Values(branch.getResults());
}

//===------------------------------------------------------------------------------------------===//
// Addresses
//===------------------------------------------------------------------------------------------===//

Value GemmBuilder::loadPointer(Value array, int64_t position) {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  return LLVM::LoadOp::create(builder, location, pointer, at(array, position, sizeof(void *)));
}

Value GemmBuilder::at(Value base, int64_t elements, int64_t elementBytes) {
  if (elements == 0)
    return base;
  int64_t bytes = elements * elementBytes;
  if (bytes != int32_t(bytes)) // constant GEP indices have 32 bits
    return at(base, index(elements), elementBytes);
  return LLVM::GEPOp::create(builder, location, base.getType(), builder.getI8Type(), base,
                             ArrayRef<LLVM::GEPArg>{int32_t(bytes)});
}

Value GemmBuilder::at(Value base, Value elements, int64_t elementBytes) {
  if (auto known = constantOf(elements); known && std::abs(*known) < (int64_t(1) << 27))
    return at(base, *known, elementBytes);
  return LLVM::GEPOp::create(builder, location, base.getType(),
                             builder.getIntegerType(8 * elementBytes), base, ValueRange{elements});
}

Value GemmBuilder::at(Value base, int64_t row, Extent stride, int64_t elements,
                      int64_t elementBytes) {
  if (row == 0)
    return at(base, elements, elementBytes);
  if (!stride.varies())
    return at(base, row * stride.number() + elements, elementBytes);
  return at(at(base, mul(index(row), index(stride)), elementBytes), elements, elementBytes);
}

//===------------------------------------------------------------------------------------------===//
// Elements
//===------------------------------------------------------------------------------------------===//

CodeBuilder GemmBuilder::here() const {
  CodeBuilder code(*builder.getInsertionBlock(), location);
  code.b.restoreInsertionPoint(builder.saveInsertionPoint());
  code.isa = isa;
  return code;
}

VectorType GemmBuilder::vectorType(int64_t lanes) const { return VectorType::get(lanes, wide); }

Type GemmBuilder::like(Value shape, Type element) {
  if (auto vector = dyn_cast<VectorType>(shape.getType()))
    return VectorType::get(vector.getShape(), element);
  return element;
}

Value GemmBuilder::splat(Type type, int64_t bits) {
  Attribute value = builder.getIntegerAttr(getElementTypeOrSelf(type), bits);
  if (auto vector = dyn_cast<VectorType>(type))
    value = DenseElementsAttr::get(vector, value);
  return arith::ConstantOp::create(builder, location, type, cast<TypedAttr>(value));
}

Value GemmBuilder::mask(int64_t lanes, int64_t count) {
  SmallVector<bool> bits(lanes, false);
  std::fill_n(bits.begin(), count, true);
  auto type = VectorType::get(lanes, builder.getI1Type());
  return arith::ConstantOp::create(builder, location, type, DenseElementsAttr::get(type, bits));
}

/// Source bits to the accumulators' type. Zero-extended integers are fine: only the low bits of a
/// product are kept.
Value GemmBuilder::widen(Value v) {
  if (!widens())
    return v;
  if (dtype == kHalf && !isa.half) {
    CodeBuilder code = here();
    return emitHalfToFloat(code, v);
  }
  if (dtype == kHalf)
    return arith::ExtFOp::create(builder, location, like(v, wide), v);
  Value bits = arith::ExtUIOp::create(builder, location, like(v, builder.getI32Type()), v);
  if (!isFloat)
    return bits;
  bits = arith::ShLIOp::create(builder, location, bits, splat(bits.getType(), 16));
  return arith::BitcastOp::create(builder, location, like(v, wide), bits);
}

/// bfloat16: round to nearest even on the bits (the hardware's conversion flushes subnormals); NaN
/// stays a quiet NaN.
Value GemmBuilder::narrow(Value v) {
  if (!widens())
    return v;
  if (dtype == kHalf && !isa.half) {
    CodeBuilder code = here();
    return emitFloatToHalf(code, v);
  }
  if (dtype == kHalf)
    return arith::TruncFOp::create(builder, location, like(v, source), v);
  if (!isFloat)
    return arith::TruncIOp::create(builder, location, like(v, source), v);
  Type i32 = like(v, builder.getI32Type());
  Value bits = arith::BitcastOp::create(builder, location, i32, v);
  Value high = arith::ShRUIOp::create(builder, location, bits, splat(i32, 16));
  Value odd = arith::AndIOp::create(builder, location, high, splat(i32, 1));
  Value bias = arith::AddIOp::create(builder, location, odd, splat(i32, 0x7fff));
  Value sum = arith::AddIOp::create(builder, location, bits, bias);
  Value rounded = arith::ShRUIOp::create(builder, location, sum, splat(i32, 16));
  Value quiet = arith::OrIOp::create(builder, location, high, splat(i32, 0x40));
  Value isNan = arith::CmpFOp::create(builder, location, arith::CmpFPredicate::UNO, v, v);
  Value result = arith::SelectOp::create(builder, location, isNan, quiet, rounded);
  return arith::TruncIOp::create(builder, location, like(v, source), result);
}

/// Partial vectors: masked where the instruction set masks lanes of that size (AVX has it for 4 and
/// 8 bytes), else a vector of `count` lanes, which LLVM splits into pieces of powers of two.
Value GemmBuilder::load(Type element, int64_t bytes, Value address, int64_t lanes,
                        LaneCount valid) {
  auto type = VectorType::get(lanes, element);
  const int64_t count = valid.count;
  if (valid.mask)
    return LLVM::MaskedLoadOp::create(builder, location, type, address, valid.mask, zero(type),
                                      uint32_t(bytes));
  if (count == lanes)
    return LLVM::LoadOp::create(builder, location, type, address, bytes);
  if (bytes >= 4)
    return LLVM::MaskedLoadOp::create(builder, location, type, address, mask(lanes, count),
                                      zero(type), uint32_t(bytes));
  auto part = VectorType::get(count, element);
  Value loaded = LLVM::LoadOp::create(builder, location, part, address, bytes);
  SmallVector<int32_t> order(lanes);
  for (int64_t i = 0; i < lanes; ++i)
    order[i] = std::min(i, count); // lane 0 of the zero vector behind the last element
  return shuffle(loaded, zero(part), order);
}

void GemmBuilder::store(Value vector, int64_t bytes, Value address, LaneCount valid) {
  int64_t lanes = cast<VectorType>(vector.getType()).getNumElements();
  const int64_t count = valid.count;
  if (valid.mask) {
    LLVM::MaskedStoreOp::create(builder, location, vector, address, valid.mask, uint32_t(bytes));
  } else if (count == lanes) {
    LLVM::StoreOp::create(builder, location, vector, address, bytes);
  } else if (bytes >= 4) {
    LLVM::MaskedStoreOp::create(builder, location, vector, address, mask(lanes, count),
                                uint32_t(bytes));
  } else {
    SmallVector<int32_t> order(count);
    for (int64_t i = 0; i < count; ++i)
      order[i] = i;
    LLVM::StoreOp::create(builder, location, shuffle(vector, vector, order), address, bytes);
  }
}

Value GemmBuilder::loadSource(Value address, int64_t lanes, LaneCount count) {
  return widen(load(source, sourceBytes, address, lanes, count));
}
Value GemmBuilder::loadWide(Value address, int64_t lanes, LaneCount count) {
  return load(wide, wideBytes, address, lanes, count);
}
Value GemmBuilder::loadSourceScalar(Value address) {
  return widen(LLVM::LoadOp::create(builder, location, source, address, sourceBytes));
}
Value GemmBuilder::loadWideScalar(Value address) {
  return LLVM::LoadOp::create(builder, location, wide, address, wideBytes);
}
void GemmBuilder::storeSource(Value vector, Value address, LaneCount count) {
  store(narrow(vector), sourceBytes, address, count);
}
void GemmBuilder::storeSourceScalar(Value scalar, Value address) {
  LLVM::StoreOp::create(builder, location, narrow(scalar), address, sourceBytes);
}
void GemmBuilder::storeWide(Value vector, Value address, LaneCount count) {
  store(vector, wideBytes, address, count);
}
void GemmBuilder::storeWide(Value vector, Value address) {
  LLVM::StoreOp::create(builder, location, vector, address, wideBytes);
}
void GemmBuilder::storeWideScalar(Value scalar, Value address) {
  LLVM::StoreOp::create(builder, location, scalar, address, wideBytes);
}

//===------------------------------------------------------------------------------------------===//
// Arithmetic
//===------------------------------------------------------------------------------------------===//

Value GemmBuilder::zero(Type type) {
  return arith::ConstantOp::create(builder, location, type, builder.getZeroAttr(type));
}

Value GemmBuilder::broadcast(Value scalar, int64_t lanes) {
  return vector::BroadcastOp::create(builder, location, VectorType::get(lanes, scalar.getType()),
                                     scalar);
}

Value GemmBuilder::addWide(Value a, Value b) {
  if (isFloat)
    return arith::AddFOp::create(builder, location, a, b);
  return arith::AddIOp::create(builder, location, a, b);
}

Value GemmBuilder::multiplyAdd(Value a, Value b, Value c) {
  if (!isFloat)
    return arith::AddIOp::create(builder, location, arith::MulIOp::create(builder, location, a, b),
                                 c);
  if (!isa.fma) {
    CodeBuilder code = here();
    return emitFmaInDouble(code, a, b, c);
  }
  return LLVM::FMAOp::create(builder, location, a, b, c);
}

Value GemmBuilder::shuffle(Value a, Value b, ArrayRef<int32_t> lanes) {
  return LLVM::ShuffleVectorOp::create(builder, location, a, b, lanes);
}

Value GemmBuilder::concatenate(ArrayRef<Value> vectors) {
  int64_t lanes = cast<VectorType>(vectors[0].getType()).getNumElements();
  if (vectors.size() == 1)
    return vectors[0];
  Value result = LLVM::PoisonOp::create(builder, location, vectorType(lanes * vectors.size()));
  for (auto [i, part] : llvm::enumerate(vectors))
    result = LLVM::vector_insert::create(builder, location, result, part, int64_t(i) * lanes);
  return result;
}

Value GemmBuilder::extract(Value vector, int64_t lane) {
  Value position = arith::ConstantIntOp::create(builder, location, lane, 32);
  return LLVM::ExtractElementOp::create(builder, location, vector, position);
}

void GemmBuilder::prefetch(Value address, bool forWriting) {
  LLVM::Prefetch::create(builder, location, address, /*rw=*/forWriting ? 1u : 0u, /*hint=*/3u,
                         /*cache=*/1u);
}

} // namespace tjit::codegen
