//===- X86Scatter.cpp -------------------------------------------------------------------------===//
// tjit.scatter_add on x86.
//
// Points with the same coordinates but for `dim` may meet in one element, and are added in order;
// all others are independent. A unit of the launch is such a column of points, or, where the last
// dimension is another one, neighbouring columns: lanes if they share their index, as the rows of
// an embedding's gradient do.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/X86Scatter.h"
#include "Codegen/Access.h"
#include "Codegen/EmitTypes.h"
#include "IR/TensorType.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {

std::optional<ScatterDescription> describeScatter(ir::ScatterAddOp scatter) {
  auto noRoot = [](Value) { return false; };
  std::optional<StridedOperand> index = stridedOperand(scatter.getIndex(), noRoot);
  std::optional<StridedOperand> source = stridedOperand(scatter.getSource(), noRoot);
  std::optional<StridedOperand> input = stridedOperand(scatter.getInput(), noRoot);
  ArrayRef<int64_t> sizes = sizesOf(scatter.getIndex());
  if (!index || !source || !input || sizes.empty() || elementsOf(scatter.getResult()) == 0 ||
      elementsOf(scatter.getIndex()) == 0)
    return std::nullopt;
  const Dims dense = contiguousStrides(std::span(sizesOf(scatter.getInput())));
  for (auto [stride, wanted, size] :
       llvm::zip_equal(input->strides, dense, sizesOf(scatter.getInput())))
    if (size != 1 && stride != wanted)
      return std::nullopt;
  ScatterDescription d(scatter.getLoc());
  d.element = getElementTypeOrSelf(scatter.getResult().getType());
  d.dim = scatter.getDim();
  d.sizes.assign(sizes.begin(), sizes.end());
  llvm::append_range(d.resultSizes, sizesOf(scatter.getInput()));
  d.indexStrides.assign(index->strides.begin(), index->strides.end());
  d.sourceStrides.assign(source->strides.begin(), source->strides.end());
  return d;
}

namespace {

class ScatterEmitter {
public:
  ScatterEmitter(const ScatterDescription &scatter, func::FuncOp function, const TargetInfo &target)
      : d(scatter), function(function), code(*function.addEntryBlock(), scatter.location),
        target(target), resultStrides(contiguousStrides(std::span(ArrayRef(scatter.resultSizes)))),
        last(scatter.sizes.size() - 1) {}

  void emit(KernelLaunch &launch) {
    code.isa = Isa::of(target);
    const bool inColumns = d.dim != static_cast<int64_t>(last);
    const unsigned bytes = std::max(1u, computeType(d.element).getIntOrFloatBitWidth() / 8);
    const int64_t width = target.vectorBytes / bytes;
    lanes = inColumns && d.indexStrides[last] == 0 && d.sourceStrides[last] == 1 ? width : 1;
    // Independent columns, and pieces of the last dimension: as few as keep the workers busy,
    // because each reads the indices anew.
    SmallVector<Extent> units;
    SmallVector<unsigned> dims;
    int64_t columns = 1;
    for (unsigned dim = 0; dim < d.sizes.size(); ++dim)
      if (dim != d.dim && (!inColumns || dim != last)) {
        dims.push_back(dim);
        units.push_back(d.sizes[dim]);
        columns *= d.sizes[dim];
      }
    const int64_t length = inColumns ? d.sizes[last] : 1;
    int64_t wanted = std::max<int64_t>(1, 2 * target.numThreads / columns);
    const int64_t piece = ((length + wanted - 1) / wanted + kLine - 1) / kLine * kLine;
    const int64_t pieces = (length + piece - 1) / piece;
    units.push_back(pieces);
    launch.range = columns * pieces;
    const int64_t points = d.sizes[d.dim] * std::min(length, piece);
    launch.grain =
        std::clamp<int64_t>(kPointsOfTask / std::max<int64_t>(1, points), 1, launch.range);

    for (unsigned i = 1; i < 4; ++i)
      arguments[i] = argument(i);
    code.loop(function.getArgument(1), function.getArgument(2), 1, [&](Value unit) {
      SmallVector<Value, 4> coordinates = code.delinearize(unit, units);
      Value offsets[3] = {code.i64(0), code.i64(0), code.i64(0)};
      for (auto [dim, coordinate] : llvm::zip(dims, coordinates))
        advance(offsets, dim, coordinate);
      Value first = code.mul(coordinates.back(), piece);
      Value end = code.min(code.add(first, piece), code.i64(length));
      code.loop(code.i64(0), code.i64(d.sizes[d.dim]), 1, [&](Value i) {
        Value row[3] = {offsets[0], offsets[1], offsets[2]};
        advance(row, d.dim, i);
        if (!inColumns)
          return add(row[0], row[1], row[2], 1);
        emitLine(row, first, end);
      });
    });
    code.create<func::ReturnOp>();
  }

private:
  static constexpr int64_t kLine = 64, kPointsOfTask = 16384; ///< in elements

  /// Steps along `dim`: of the index, the source, the result (which does not move along d.dim).
  void advance(Value (&offsets)[3], unsigned dim, Value coordinate) {
    const int64_t strides[] = {d.indexStrides[dim], d.sourceStrides[dim],
                               dim == d.dim ? 0 : resultStrides[dim]};
    for (int k = 0; k < 3; ++k)
      if (strides[k])
        offsets[k] = code.add(offsets[k], code.mul(coordinate, strides[k]));
  }

  void emitLine(Value (&row)[3], Value first, Value end) {
    auto at = [&](Value j, int64_t width) {
      Value point[3] = {row[0], row[1], row[2]};
      advance(point, last, j);
      add(point[0], point[1], point[2], width);
    };
    Value next = first;
    if (lanes > 1) {
      Value whole = code.create<arith::AndIOp>(code.sub(end, first), code.i64(-lanes));
      next = code.add(first, whole);
      code.loop(first, next, lanes, [&](Value j) { at(j, lanes); });
    }
    code.loop(next, end, 1, [&](Value j) { at(j, 1); });
  }

  /// result[index at `indexOffset`] += source, for `width` neighbours.
  void add(Value indexOffset, Value sourceOffset, Value resultOffset, int64_t width) {
    Type i64 = code.b.getI64Type(), memory = memoryType(d.element);
    Value index = code.create<LLVM::LoadOp>(i64, address(arguments[1], indexOffset, i64), 8);
    Value place = code.add(resultOffset, code.mul(index, resultStrides[d.dim]));
    Value to = address(arguments[3], place, memory);
    Value from = address(arguments[2], sourceOffset, memory);
    auto load = [&](Value pointer) {
      Value stored =
          code.create<LLVM::LoadOp>(vectorOf(memory, width), pointer, memoryBytes(d.element));
      return fromMemory(code, stored, d.element);
    };
    Value x = load(to), y = load(from), sum;
    if (isa<FloatType>(d.element))
      sum = roundToElement(code, code.create<arith::AddFOp>(x, y), d.element);
    else if (d.element.isInteger(1))
      sum = code.create<arith::OrIOp>(x, y);
    else
      sum = code.create<arith::AddIOp>(x, y);
    code.create<LLVM::StoreOp>(toMemory(code, sum, d.element), to, memoryBytes(d.element));
  }

  Value argument(unsigned i) {
    Value slots = function.getArgument(0);
    Type pointer = slots.getType();
    Value slot = code.create<LLVM::GEPOp>(pointer, pointer, slots,
                                          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
    return code.create<LLVM::LoadOp>(pointer, slot);
  }
  Value address(Value base, Value offset, Type type) {
    return code.create<LLVM::GEPOp>(base.getType(), type, base,
                                    ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(offset)});
  }

  const ScatterDescription &d;
  func::FuncOp function;
  CodeBuilder code;
  const TargetInfo &target;
  const Dims resultStrides;
  const size_t last;
  int64_t lanes = 1;
  Value arguments[4];
};

} // namespace

EmittedKernel emitScatterX86(const ScatterDescription &scatter, StringRef symbol, ModuleOp module,
                             const TargetInfo &target) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(b.getContext()), i64 = b.getI64Type();
  auto function = func::FuncOp::create(b, scatter.location, symbol,
                                       b.getFunctionType({pointer, i64, i64, pointer}, {}));
  EmittedKernel emitted;
  KernelLaunch launch;
  launch.symbol = symbol.str();
  ScatterEmitter(scatter, function, target).emit(launch);
  emitted.launches.push_back(launch);
  return emitted;
}

} // namespace tjit::codegen
