//===- EmitFunction.cpp -----------------------------------------------------------------------===//
// A function of a kernel under construction.
#include "Codegen/EmitFunction.h"
#include "Codegen/EmitMemory.h"
#include "Codegen/EmitTypes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tjit::codegen {

const OperandMap &KernelFunction::map(unsigned operand) const {
  return operand < numInputs() ? shape.inputs[operand] : shape.results[operand - numInputs()];
}

Type KernelFunction::element(unsigned operand) {
  Value value = operand < numInputs() ? kernel.getInputs()[operand]
                                      : Value(kernel.getResults()[operand - numInputs()]);
  return getElementTypeOrSelf(value.getType());
}

//===------------------------------------------------------------------------------------------===//
// Addresses
//===------------------------------------------------------------------------------------------===//

Value KernelFunction::offsetPointer(Value pointer, Value elements, Type element) {
  if (CodeBuilder::constantValue(elements) == 0)
    return pointer;
  Type memory = memoryType(element);
  return code.create<LLVM::GEPOp>(pointer.getType(), memory, pointer,
                                  ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(elements)});
}

Value KernelFunction::argument(unsigned i) {
  Value &known = arguments[i];
  if (known)
    return known;
  OpBuilder::InsertionGuard guard(code.b);
  code.b.setInsertionPointAfter(lastPointer);
  known = makeArgument(i);
  if (Operation *made = known.getDefiningOp())
    lastPointer = made;
  return known;
}

Value KernelFunction::dynamicOffset(const OperandMap &map) {
  if (map.offsetInput < 0 || map.offsetVaries)
    return code.i64(0);
  Value scalar = argument(map.offsetInput);
  Value address =
      offsetPointer(scalar, code.i64(shape.inputs[map.offsetInput].constant), code.b.getI64Type());
  return code.mul(loadPlain(address, code.b.getI64Type(), 8), map.offsetScale);
}

Value KernelFunction::pointer(unsigned operand) {
  if (Value known = pointers.lookup(operand))
    return known;
  const OperandMap &m = map(operand);
  Value base = argument(operand);
  if (m.offsetInput >= 0 && !m.offsetVaries)
    argument(m.offsetInput);
  OpBuilder::InsertionGuard guard(code.b);
  code.b.setInsertionPointAfter(lastPointer);
  Value constant = code.i64(m.isLinear() ? m.constant : Extent(0));
  Value offset = code.add(dynamicOffset(m), constant);
  Value address = offsetPointer(base, offset, element(operand));
  if (address != base)
    lastPointer = address.getDefiningOp();
  pointers[operand] = address;
  return address;
}

Value KernelFunction::outerOffset(const OperandMap &map, const LaneSpace &space) {
  Value offset = code.i64(0);
  for (auto [coordinate, stride] : llvm::zip_equal(space.outer, map.strides))
    if (coordinate && stride != 0)
      offset = code.add(offset, code.mul(coordinate, stride));
  return offset;
}

Access KernelFunction::access(unsigned operand, const LaneSpace &space, int64_t width) {
  const OperandMap &m = map(operand);
  Access access;
  access.operand = operand;
  access.space = &space;
  access.base = pointer(operand);
  if (m.offsetVaries) {
    Access index = this->access(m.offsetInput, space, width);
    if (index.kind != Access::invariant) {
      access.kind = Access::indexed;
      access.index = std::make_shared<Access>(index);
      if (m.isLinear())
        access.base = offsetPointer(access.base, outerOffset(m, space), element(operand));
      return access;
    }
    Value offset = code.mul(load(index, code.i64(0), 1), m.offsetScale);
    access.base = offsetPointer(access.base, offset, element(operand));
  }
  if (!m.isLinear()) {
    access.kind = Access::general;
    return access;
  }
  access.base = offsetPointer(access.base, outerOffset(m, space), element(operand));
  access.steps = mergedSteps(shape, m, space.dims);
  if (access.steps.empty())
    return access;
  const Step &inner = access.steps.back();
  if (access.steps.size() == 1) {
    access.stride = inner.stride;
    access.kind = inner.stride == 0   ? Access::invariant
                  : inner.stride == 1 ? Access::contiguous
                                      : Access::strided;
  } else if (space.aligned && !inner.size.varies() && inner.size % width == 0 &&
             (inner.stride == 0 || inner.stride == 1)) {
    access.kind = Access::runs;
    access.stride = inner.stride;
  } else {
    access.kind = Access::general;
  }
  return access;
}

namespace {

/// Evaluates an affine expression on scalars or vectors of one integer type.
class ExprEmitter {
public:
  ExprEmitter(CodeBuilder &code, ArrayRef<Value> dims, Value symbol, Type type)
      : code(code), dims(dims), symbol(symbol), type(type) {}

  Value visit(AffineExpr expr) {
    switch (expr.getKind()) {
    case AffineExprKind::Constant:
      return code.integer(type, cast<AffineConstantExpr>(expr).getValue());
    case AffineExprKind::DimId:
      return dims[cast<AffineDimExpr>(expr).getPosition()];
    case AffineExprKind::SymbolId:
      return symbol;
    default:
      break;
    }
    auto binary = cast<AffineBinaryOpExpr>(expr);
    Value x = visit(binary.getLHS()), y = visit(binary.getRHS());
    // Coordinates are never negative, so floors and remainders are those of unsigned numbers.
    switch (expr.getKind()) {
    case AffineExprKind::Add:
      return code.create<arith::AddIOp>(x, y);
    case AffineExprKind::Mul:
      return code.create<arith::MulIOp>(x, y);
    case AffineExprKind::Mod:
      return code.create<arith::RemUIOp>(x, y);
    case AffineExprKind::FloorDiv:
      return code.create<arith::DivUIOp>(x, y);
    default: {
      Value less = code.create<arith::SubIOp>(y, code.integer(type, 1));
      return code.create<arith::DivUIOp>(code.create<arith::AddIOp>(x, less), y);
    }
    }
  }

private:
  CodeBuilder &code;
  ArrayRef<Value> dims;
  Value symbol;
  Type type;
};

bool fitsIn(unsigned bits, Extent extent) {
  return extent < llvm::maxIntN(bits) && extent > llvm::minIntN(bits);
}

Extent magnitude(Extent extent) { return extent < 0 ? 0 - extent : extent; }

/// 0, step, 2 step, ... in lanes of `type`.
Value lanesFrom0(CodeBuilder &code, VectorType type, int64_t step = 1) {
  SmallVector<APInt> lanes;
  unsigned bits = type.getElementType().getIntOrFloatBitWidth();
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    lanes.push_back(APInt(bits, i * step, /*isSigned=*/true, /*implicitTrunc=*/true));
  return code.constant(DenseElementsAttr::get(type, lanes));
}

} // namespace

/// Addresses of each lane's element: one pointer for width 1, else a vector of pointers.
Value KernelFunction::lanePointers(const Access &access, Value flat, int64_t width, Value mask) {
  OpBuilder &b = code.b;
  Type memory = memoryType(element(access.operand));
  Type pointerType = access.base.getType();
  auto gep = [&](Value base, Value index) -> Value {
    Type type = width == 1 ? pointerType : VectorType::get({width}, pointerType);
    return code.create<LLVM::GEPOp>(type, memory, base,
                                    ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(index)});
  };
  if (access.kind == Access::strided) {
    Value first =
        offsetPointer(access.base, code.mul(flat, access.stride), element(access.operand));
    if (width == 1)
      return first;
    bool narrow = fitsIn(32, access.stride * width);
    auto type = VectorType::get({width}, narrow ? b.getI32Type() : b.getI64Type());
    if (!access.stride.varies())
      return gep(first, lanesFrom0(code, type, access.stride));
    return gep(first, code.create<arith::MulIOp>(lanesFrom0(code, type),
                                                 code.integer(type, access.stride)));
  }

  const OperandMap &m = map(access.operand);
  if (access.kind != Access::indexed)
    return gep(access.base, laneOffsets(m, *access.space, flat, width, /*mayNarrow=*/true));
  Value offsets = load(*access.index, flat, width, mask);
  // The processor gathers twice as many elements at once by offsets of 32 bits.
  bool narrow = width > 1 && hasNarrowOffsets(kernel, shape, access.operand);
  if (narrow)
    offsets = code.create<arith::TruncIOp>(vectorOf(b.getI32Type(), width), offsets);
  if (m.offsetScale != 1)
    offsets = code.create<arith::MulIOp>(offsets, code.integer(offsets.getType(), m.offsetScale));
  bool moves = !m.isLinear() ||
               llvm::any_of(access.space->dims, [&](unsigned dim) { return m.strides[dim] != 0; });
  if (moves) {
    Value own = laneOffsets(m, *access.space, flat, width, /*mayNarrow=*/false);
    if (narrow)
      own = code.create<arith::TruncIOp>(offsets.getType(), own);
    offsets = code.create<arith::AddIOp>(offsets, own);
  }
  return gep(access.base, offsets);
}

Value KernelFunction::laneOffsets(const OperandMap &m, const LaneSpace &space, Value flat,
                                  int64_t width, bool mayNarrow) {
  OpBuilder &b = code.b;
  // Every lane's flat index becomes coordinates. 32 bits where they are enough: vectors have no
  // 64-bit multiplication.
  SmallVector<Extent, 4> laneSizes;
  Extent points = 1, furthest = 0;
  for (unsigned dim : space.dims) {
    if (shape.sizes[dim].varies() && !laneSizes.empty() && code.variable())
      code.variable()->refuse();
    laneSizes.push_back(shape.sizes[dim]);
    points *= shape.sizes[dim];
    if (m.isLinear())
      furthest += magnitude(m.strides[dim]) * shape.sizes[dim];
  }
  bool narrow =
      mayNarrow && width > 1 && m.isLinear() && fitsIn(31, points + width) && fitsIn(31, furthest);
  Type scalarType = narrow ? b.getI32Type() : b.getI64Type();
  Type type = vectorOf(scalarType, width);
  Value index = narrow ? Value(code.create<arith::TruncIOp>(scalarType, flat)) : flat;
  index = broadcast(code, index, width);
  if (width > 1)
    index = code.create<arith::AddIOp>(index, lanesFrom0(code, cast<VectorType>(type)));
  SmallVector<Value, 4> coordinates(laneSizes.size());
  for (size_t i = laneSizes.size(); i-- > 0;) {
    if (i == 0) {
      coordinates[0] = index;
      break;
    }
    Value size = code.integer(type, laneSizes[i]);
    Value outer = code.create<arith::DivUIOp>(index, size);
    Value inner = code.create<arith::MulIOp>(outer, size);
    coordinates[i] = code.create<arith::SubIOp>(index, inner);
    index = outer;
  }
  if (m.isLinear()) {
    Value offset;
    for (auto [coordinate, dim] : llvm::zip_equal(coordinates, space.dims)) {
      if (m.strides[dim] == 0)
        continue;
      Value part = coordinate;
      if (m.strides[dim] != 1)
        part = code.create<arith::MulIOp>(coordinate, code.integer(type, m.strides[dim]));
      offset = offset ? Value(code.create<arith::AddIOp>(offset, part)) : part;
    }
    return offset ? offset : code.integer(type, 0);
  }
  SmallVector<Value> dims(shape.sizes.size());
  for (auto [dim, value] : llvm::enumerate(space.outer))
    if (value)
      dims[dim] = broadcast(code, value, width);
  for (auto [coordinate, dim] : llvm::zip_equal(coordinates, space.dims))
    dims[dim] = coordinate;
  // The buffer's address has the dynamic offset in it already.
  return ExprEmitter(code, dims, code.integer(type, 0), type).visit(m.general.getResult(0));
}

SmallVector<Value> KernelFunction::indices(const LaneSpace &space, Value flat, int64_t width) {
  SmallVector<Value> values;
  for (const OperandMap &m : shape.indices) {
    if (m.isLinear()) {
      SmallVector<Step, 4> steps = mergedSteps(shape, m, space.dims);
      if (steps.size() == 1 && steps[0].stride == 1) {
        Value start = code.add(outerOffset(m, space), m.constant);
        values.push_back(countUp(code, code.add(start, flat), width));
        continue;
      }
    }
    Value lanes = laneOffsets(m, space, flat, width, /*mayNarrow=*/false);
    if (m.isLinear()) {
      Value start = code.add(outerOffset(m, space), m.constant);
      lanes = code.create<arith::AddIOp>(lanes, broadcast(code, start, width));
    }
    values.push_back(lanes);
  }
  return values;
}

/// The address of the first lane, for accesses that are contiguous or invariant within a vector.
Value KernelFunction::addressOf(const Access &access, Value flat) {
  Type type = element(access.operand);
  if (access.kind == Access::invariant)
    return access.base;
  if (access.kind == Access::contiguous)
    return offsetPointer(access.base, flat, type);
  SmallVector<Extent, 4> sizes;
  for (const Step &step : access.steps)
    sizes.push_back(step.size);
  Value offset = code.i64(0);
  for (auto [coordinate, step] : llvm::zip_equal(code.delinearize(flat, sizes), access.steps))
    offset = code.add(offset, code.mul(coordinate, step.stride));
  return offsetPointer(access.base, offset, type);
}

//===------------------------------------------------------------------------------------------===//
// Loads and stores
//===------------------------------------------------------------------------------------------===//

Value KernelFunction::staticMask(int64_t count, int64_t width) {
  return firstLanes(code, count, width);
}

Value KernelFunction::dynamicMask(Value count, int64_t width) {
  Type type = code.b.getIntegerType(simd.bytes * 8 / width);
  auto lanes = VectorType::get({width}, type);
  Value limit = type.isInteger(64) ? count : Value(code.create<arith::TruncIOp>(type, count));
  return code.create<arith::CmpIOp>(arith::CmpIPredicate::slt, lanesFrom0(code, lanes),
                                    broadcast(code, limit, width));
}

Value KernelFunction::loadPlain(Value pointer, Type type, unsigned alignment, Value mask) {
  return loadLanes(code, pointer, type, alignment, mask);
}

void KernelFunction::storePlain(Value pointer, Value value, unsigned alignment, Value mask) {
  storeLanes(code, pointer, value, alignment, mask);
}

void KernelFunction::storeStreaming(Value pointer, Value value) {
  const unsigned bytes =
      widthOf(value) * getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth() / 8;
  const unsigned alignment = std::min(bytes, 64u); // of a line
  code.create<LLVM::StoreOp>(value, pointer, alignment, /*isVolatile=*/false,
                             /*isNonTemporal=*/true);
}

void KernelFunction::copyElements(Value to, Value from, Type element, Value count, int64_t width) {
  Type memory = memoryType(element);
  unsigned bytes = memoryBytes(element);
  if (simd.masks(bytes)) {
    Value mask = dynamicMask(count, width);
    storePlain(to, loadPlain(from, vectorOf(memory, width), bytes, mask), bytes, mask);
    return;
  }
  code.loop(code.i64(0), count, 1, [&](Value i) {
    Value value = loadPlain(offsetPointer(from, i, element), memory, bytes);
    storePlain(offsetPointer(to, i, element), value, bytes);
  });
}

Value KernelFunction::load(const Access &access, Value flat, int64_t width, Value mask) {
  Type type = element(access.operand);
  Type memory = memoryType(type);
  unsigned bytes = memoryBytes(type);
  bool invariantInVector =
      access.kind == Access::invariant || (access.kind == Access::runs && access.stride == 0);
  if (invariantInVector) {
    Value stored = loadPlain(addressOf(access, flat), memory, bytes);
    return broadcast(code, fromMemory(code, stored, type), width);
  }
  if (access.kind == Access::contiguous || access.kind == Access::runs)
    return fromMemory(
        code, loadPlain(addressOf(access, flat), vectorOf(memory, width), bytes, mask), type);
  Value pointers = lanePointers(access, flat, width, mask);
  if (width == 1)
    return fromMemory(code, loadPlain(pointers, memory, bytes), type);
  if (!mask)
    mask = code.integer(VectorType::get({width}, code.b.getI1Type()), 1);
  Type vector = vectorOf(memory, width);
  Value zero = code.constant(code.b.getZeroAttr(vector));
  Value stored = code.create<LLVM::masked_gather>(vector, pointers, mask, ValueRange(zero),
                                                  code.b.getI32IntegerAttr(bytes));
  return fromMemory(code, stored, type);
}

void KernelFunction::prefetch(const Access &access, Value flat, Extent ahead, bool forWriting) {
  Value address = offsetPointer(addressOf(access, flat), code.i64(ahead), element(access.operand));
  code.create<LLVM::Prefetch>(address, /*rw=*/forWriting ? 1u : 0u, /*hint=*/3u, /*cache=*/1u);
}

void KernelFunction::store(const Access &access, Value flat, Value value, Value mask) {
  Type type = element(access.operand);
  unsigned bytes = memoryBytes(type);
  int64_t width = widthOf(value);
  value = toMemory(code, value, type);
  if (access.streaming && access.kind == Access::contiguous && width > 1 && !mask)
    return storeStreaming(addressOf(access, flat), value);
  if (access.kind == Access::contiguous || access.kind == Access::invariant ||
      (access.kind == Access::runs && access.stride == 1))
    return storePlain(addressOf(access, flat), value, bytes, mask);
  Value pointers = lanePointers(access, flat, width, mask);
  if (width == 1)
    return storePlain(pointers, value, bytes);
  if (!mask)
    mask = code.integer(VectorType::get({width}, code.b.getI1Type()), 1);
  code.create<LLVM::masked_scatter>(value, pointers, mask, code.b.getI32IntegerAttr(bytes));
}

} // namespace tjit::codegen
