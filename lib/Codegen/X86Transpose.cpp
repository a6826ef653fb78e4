//===- X86Transpose.cpp -----------------------------------------------------------------------===//
// Elementwise kernels whose operands run along different dimensions, in tiles.
//
// See X86Transpose.h. A unit of the launch is a column of tiles: `columns` points wide and up to
// kUnitRows long, so that turned inputs are read along memory and one result line is complete after
// another. What is left beside the tiles is one more unit, which gathers.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/X86Transpose.h"
#include "Codegen/EmitTypes.h"
#include "Codegen/X86Kernel.h"
#include "Codegen/X86Lanes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tjit::codegen {

//===------------------------------------------------------------------------------------------===//
// Turning a square of registers
//===------------------------------------------------------------------------------------------===//

namespace {

constexpr int64_t kBlockBytes = 16; // what most shuffles of x86 do not cross

Value shuffle(CodeBuilder &code, Value a, Value b, ArrayRef<int64_t> lanes) {
  return code.create<vector::ShuffleOp>(a, b, lanes);
}

/// Blocks of `size` lanes: block g of result b is block b of row g. Rows are as many as blocks.
SmallVector<Value> transposeBlocks(CodeBuilder &code, ArrayRef<Value> rows, int64_t size) {
  if (rows.size() == 1)
    return {rows[0]};
  const int64_t width = widthOf(rows[0]);
  SmallVector<Value> halves[2];
  for (int64_t odd : {0, 1}) {
    SmallVector<int64_t> lanes;
    for (int64_t block = odd; block < 2 * width / size; block += 2)
      for (int64_t i = 0; i < size; ++i)
        lanes.push_back(block * size + i);
    for (size_t row = 0; row < rows.size(); row += 2)
      halves[odd].push_back(shuffle(code, rows[row], rows[row + 1], lanes));
    halves[odd] = transposeBlocks(code, halves[odd], size);
  }
  SmallVector<Value> result;
  for (auto [even, odd] : llvm::zip_equal(halves[0], halves[1]))
    result.append({even, odd});
  return result;
}

} // namespace

SmallVector<Value> transposeVectors(CodeBuilder &code, ArrayRef<Value> rows) {
  const int64_t width = rows.size();
  const int64_t bytes = getElementTypeOrSelf(rows[0].getType()).getIntOrFloatBitWidth() / 8;
  const int64_t block = std::min(width, kBlockBytes / bytes); // lanes
  // Within blocks: pairs of rows are interleaved, element by element, then by twos, fours ...
  SmallVector<Value> now(rows), next(rows);
  for (int64_t unit = 1; unit < block; unit *= 2) {
    SmallVector<int64_t> lanes[2];
    for (int64_t high : {0, 1})
      for (int64_t start = 0; start < width; start += block)
        for (int64_t chunk = 0; chunk < block / 2; chunk += unit)
          for (int64_t row : {0, 1})
            for (int64_t i = 0; i < unit; ++i)
              lanes[high].push_back(row * width + start + high * block / 2 + chunk + i);
    for (int64_t group = 0; group < width; group += 2 * unit)
      for (int64_t p = 0; p < unit; ++p)
        for (int64_t high : {0, 1})
          next[group + 2 * p + high] =
              shuffle(code, now[group + p], now[group + unit + p], lanes[high]);
    std::swap(now, next);
  }
  // Row g * block + c has column c of each block now.
  for (int64_t c = 0; c < block; ++c) {
    SmallVector<Value> group;
    for (int64_t row = c; row < width; row += block)
      group.push_back(now[row]);
    for (auto [b, value] : llvm::enumerate(transposeBlocks(code, group, block)))
      next[b * block + c] = value;
  }
  return next;
}

//===------------------------------------------------------------------------------------------===//
// The plan
//===------------------------------------------------------------------------------------------===//

namespace {

constexpr int64_t kRows = 16;        // of a tile
constexpr int64_t kLineBytes = 64;   // of a cache
constexpr int64_t kUnitRows = 1024;  // long enough for the prefetchers
constexpr int64_t kStreamFactor = 4; // results of more than so many second-level caches bypass them

unsigned bytesOf(Value value) { return memoryBytes(getElementTypeOrSelf(value.getType())); }

const OperandMap &mapOf(const KernelShape &shape, unsigned operand) {
  size_t inputs = shape.inputs.size();
  return operand < inputs ? shape.inputs[operand] : shape.results[operand - inputs];
}

} // namespace

std::optional<TransposePlan> planTranspose(ir::KernelOp kernel, const KernelShape &shape) {
  const unsigned rank = shape.sizes.size();
  if (rank < 2 || shape.hasGeneralMaps())
    return std::nullopt;
  TransposePlan plan;
  plan.along = rank - 1;
  auto runsElsewhere = [&](unsigned operand, unsigned dim) {
    const OperandMap &map = mapOf(shape, operand);
    Extent stride = map.strides[plan.along];
    return stride != 0 && stride != 1 && map.strides[dim] == 1 && !map.offsetVaries;
  };
  auto isUsed = [&](unsigned operand) {
    return operand >= shape.inputs.size() || !kernel.getBody().getArgument(operand).use_empty();
  };
  const unsigned operands = shape.inputs.size() + shape.results.size();
  unsigned most = 0;
  for (unsigned dim = 0; dim < plan.along; ++dim) {
    unsigned count = 0;
    for (unsigned operand = 0; operand < operands; ++operand)
      count += isUsed(operand) && runsElsewhere(operand, dim);
    if (count > most) {
      most = count;
      plan.across = dim;
    }
  }
  if (most == 0)
    return std::nullopt;
  // Rows of a tile are whole lines of every result.
  int64_t narrowest = 8;
  for (Value result : kernel.getResults())
    narrowest = std::min<int64_t>(narrowest, bytesOf(result));
  plan.columns = std::max(kRows, kLineBytes / narrowest);
  auto tooFew = [&](Extent size, int64_t least) { return !size.varies() && size < least; };
  if (tooFew(shape.sizes[plan.across], kRows) || tooFew(shape.sizes[plan.along], plan.columns))
    return std::nullopt;
  for (unsigned operand = 0; operand < operands; ++operand)
    if (isUsed(operand) && runsElsewhere(operand, plan.across))
      (operand < shape.inputs.size() ? plan.inputs : plan.results).push_back(operand);
  return plan;
}

//===------------------------------------------------------------------------------------------===//
// Emission
//===------------------------------------------------------------------------------------------===//

namespace {

class TransposeEmitter {
public:
  TransposeEmitter(ir::KernelOp kernel, const KernelShape &shape, const TransposePlan &plan,
                   X86Function &function, const TargetInfo &target)
      : kernel(kernel), shape(shape), plan(plan), function(function), code(function.code),
        width(vectorWidth(kernel, target, {})), rows(shape.sizes[plan.across]),
        columns(shape.sizes[plan.along]), tiledRows(rows / kRows * kRows),
        tiledColumns(columns / plan.columns * plan.columns), streams(canStream(target)) {
    uint64_t at = LaneEmitter::kBuffer * function.numOperands();
    for (unsigned operand : turned()) {
      buffers[operand] = at;
      at += kRows * plan.columns * memoryBytes(function.element(operand));
    }
    scratchBytes = at;
    point.outer.assign(shape.sizes.size(), nullptr);
  }

  void emit(LaunchExtents &launch) {
    const bool rest =
        rows.varies() || columns.varies() || tiledRows != rows || tiledColumns != columns;
    SmallVector<Extent> units;
    SmallVector<unsigned> dims;
    launch.range = 1;
    for (unsigned dim = 0; dim < shape.sizes.size(); ++dim)
      if (dim != plan.across && dim != plan.along) {
        dims.push_back(dim);
        units.push_back(shape.sizes[dim]);
      }
    const Extent tiles = tiledColumns / plan.columns;
    units.append({divideUp(rows, kUnitRows), tiles + int64_t(rest)});
    for (Extent size : units)
      launch.range *= size;
    launch.grain = grainFor(kernel, rows.min(kUnitRows) * plan.columns);
    launch.scratchBytes = scratchBytes;

    Value aligned = streams ? resultsAreAligned() : nullptr;
    code.loop(function.begin(), function.end(), 1, [&](Value unit) {
      SmallVector<Value, 4> coordinates = code.delinearize(unit, units);
      for (auto [dim, coordinate] : llvm::zip(dims, coordinates))
        point.outer[dim] = coordinate;
      Value firstRow = code.mul(coordinates[dims.size()], kUnitRows);
      Value afterRows = code.add(firstRow, kUnitRows);
      Value tile = coordinates.back();
      auto column = [&] {
        emitTiles(firstRow, code.min(afterRows, code.i64(tiledRows)), code.mul(tile, plan.columns),
                  aligned);
      };
      if (!rest)
        return column();
      Value inTiles = code.create<arith::CmpIOp>(arith::CmpIPredicate::ult, tile, code.i64(tiles));
      function.branch(inTiles, column,
                      [&] { emitRest(firstRow, code.min(afterRows, code.i64(rows))); });
    });
    if (streams)
      // What is written past the caches must be there before the end of the launch says so.
      code.create<LLVM::CallIntrinsicOp>(code.b.getStringAttr("llvm.x86.sse.sfence"), ValueRange());
  }

private:
  SmallVector<unsigned> turned() const {
    SmallVector<unsigned> all(plan.inputs.begin(), plan.inputs.end());
    all.append(plan.results);
    return all;
  }

  /// Whether every result is written once and is too large to be found in a cache afterwards: then
  /// its old contents need not be read first, which costs more than writing it. That takes whole
  /// lines, too: see fillLines.
  bool canStream(const TargetInfo &target) {
    if (!plan.results.empty())
      return false;
    for (auto [result, map] : llvm::zip_equal(kernel.getResults(), shape.results)) {
      Extent total = bytesOf(result);
      for (Extent size : shape.sizes)
        total *= size;
      if (map.offsetInput >= 0 || map.strides[plan.along] != 1 ||
          total < static_cast<int64_t>(kStreamFactor * target.l2Bytes))
        return false;
      for (unsigned dim = 0; dim < plan.along; ++dim)
        if (map.strides[dim] == 0)
          return false;
    }
    const Extent lines = fillLines();
    return lines.varies() || lines.number();
  }

  /// 1 where the tiles' rows begin and end with lines of the results' memory, if that is aligned.
  Extent fillLines() {
    Extent apart = 0;
    for (auto [result, map] : llvm::zip_equal(kernel.getResults(), shape.results)) {
      const int64_t bytes = bytesOf(result);
      auto add = [&](Extent elements) { apart = apart.derive('|', elements * bytes % kLineBytes); };
      add(map.constant);
      for (unsigned dim = 0; dim < plan.along; ++dim)
        add(map.strides[dim]);
    }
    return apart.derive('=', 0);
  }

  Value resultsAreAligned() {
    Value bits = code.i64(0);
    for (unsigned i = function.numInputs(); i < function.numOperands(); ++i) {
      Value address = code.create<LLVM::PtrToIntOp>(code.b.getI64Type(), function.argument(i));
      bits = code.create<arith::OrIOp>(bits, address);
    }
    bits = code.create<arith::AndIOp>(bits, code.i64(kLineBytes - 1));
    if (const Extent lines = fillLines(); lines.varies()) {
      Value unfilled = code.sub(code.i64(1), code.i64(lines));
      bits = code.create<arith::OrIOp>(bits, unfilled);
    }
    return code.create<arith::CmpIOp>(arith::CmpIPredicate::eq, bits, code.i64(0));
  }

  void emitTiles(Value firstRow, Value lastRow, Value column, Value aligned) {
    auto tiles = [&](bool streaming) {
      code.loop(firstRow, lastRow, kRows, [&](Value row) { emitTile(row, column, streaming); });
    };
    if (aligned)
      function.branch(aligned, [&] { tiles(true); }, [&] { tiles(false); });
    else
      tiles(false);
  }

  /// The address of a turned operand's row `row` of the current tile's buffer.
  Value buffer(unsigned operand, Value row) {
    Type element = function.element(operand);
    Value start =
        function.offsetPointer(function.scratch(), code.i64(buffers[operand]), code.b.getI8Type());
    return function.offsetPointer(start, code.mul(row, plan.columns), element);
  }

  void emitTile(Value row, Value column, bool streaming) {
    for (unsigned operand : plan.inputs)
      turn(operand, row, column, /*toBuffer=*/true);
    code.loop(code.i64(0), code.i64(kRows), 1, [&](Value i) {
      LaneSpace space = point;
      space.outer[plan.across] = code.add(row, i);
      space.dims.push_back(plan.along);
      SmallVector<LaneEmitter::Moved> moved;
      for (unsigned operand : turned())
        // Points are numbered from the start of the dimension.
        moved.push_back(
            {operand, function.offsetPointer(buffer(operand, i), code.sub(code.i64(0), column),
                                             function.element(operand))});
      LaneEmitter::Options options;
      options.origin = column;
      options.moved = moved;
      options.streaming = streaming;
      LaneEmitter(kernel, function, width)
          .emit(space, code.i64(0), code.i64(plan.columns), options);
    });
    for (unsigned operand : plan.results)
      turn(operand, row, column, /*toBuffer=*/false);
  }

  /// Copies a tile of `operand` between its memory, where lines run across, and the buffer.
  void turn(unsigned operand, Value row, Value column, bool toBuffer) {
    Type element = function.element(operand);
    const unsigned bytes = memoryBytes(element);
    const int64_t lanes = std::min<int64_t>(kRows, function.simd.bytes / bytes);
    const Type vector = vectorOf(memoryType(element), lanes);
    const Extent stride = mapOf(shape, operand).strides[plan.along];
    point.outer[plan.across] = row;
    point.outer[plan.along] = column;
    Value corner = function.access(operand, point, 1).base;
    point.outer[plan.across] = point.outer[plan.along] = nullptr;
    code.loop(code.i64(0), code.i64(kRows), lanes, [&](Value i) {
      code.loop(code.i64(0), code.i64(plan.columns), lanes, [&](Value j) {
        Value memory = function.offsetPointer(corner, code.add(i, code.mul(j, stride)), element);
        Value inBuffer = function.offsetPointer(buffer(operand, i), j, element);
        auto line = [&](int64_t k, bool ofBuffer) {
          const Extent distance = ofBuffer ? Extent(plan.columns) : stride;
          return function.offsetPointer(ofBuffer ? inBuffer : memory,
                                        code.mul(code.i64(k), distance), element);
        };
        SmallVector<Value> square;
        for (int64_t k = 0; k < lanes; ++k)
          square.push_back(function.loadPlain(line(k, !toBuffer), vector, bytes));
        for (auto [k, value] : llvm::enumerate(transposeVectors(code, square)))
          function.storePlain(line(k, toBuffer), value, bytes);
      });
    });
  }

  /// What no tile covers of the rows from `firstRow` to `lastRow`.
  void emitRest(Value firstRow, Value lastRow) {
    code.loop(firstRow, lastRow, 1, [&](Value row) {
      LaneSpace space = point;
      space.outer[plan.across] = row;
      space.dims.push_back(plan.along);
      Value isTiled =
          code.create<arith::CmpIOp>(arith::CmpIPredicate::slt, row, code.i64(tiledRows));
      Value first = code.create<arith::SelectOp>(isTiled, code.i64(tiledColumns), code.i64(0));
      LaneEmitter(kernel, function, width).emit(space, first, code.i64(columns));
    });
  }

  ir::KernelOp kernel;
  const KernelShape &shape;
  const TransposePlan &plan;
  X86Function &function;
  CodeBuilder &code;
  const int64_t width;
  const Extent rows, columns, tiledRows, tiledColumns;
  const bool streams;
  LaneSpace point;                            ///< coordinates of the dimensions that are not tiled
  llvm::DenseMap<unsigned, uint64_t> buffers; ///< offsets in scratch
  uint64_t scratchBytes = 0;
};

} // namespace

FailureOr<EmittedKernel> emitTransposeX86(ir::KernelOp kernel, const KernelShape &shape,
                                          const TransposePlan &plan, StringRef symbol,
                                          ModuleOp module, const TargetInfo &target) {
  X86Function function(kernel, shape, symbol, module, target);
  Parameters parameters;
  function.readParameters(parameters, function.numOperands());
  EmittedKernel emitted;
  LaunchExtents launch;
  launch.symbol = symbol.str();
  TransposeEmitter(kernel, shape, plan, function, target).emit(launch);
  function.finish();
  emitted.take(parameters, launch);
  return emitted;
}

} // namespace tjit::codegen
