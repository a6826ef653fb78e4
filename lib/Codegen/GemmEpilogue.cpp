//===- GemmEpilogue.cpp - what follows a matrix product, before its tile is stored ------------===//
//
// A short body is written out for every vector of the tile, whose sums never leave the registers. A
// long one would be megabytes of code and take long to compile: the sums go to scratch memory, in
// L1, and a loop over the tile's rows has one copy of the body for each vector of a row.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/GemmEpilogue.h"
#include "Codegen/EmitMemory.h"
#include "Codegen/EmitTypes.h"

using namespace mlir;

namespace tjit::codegen {

std::optional<Extent> strideOf(const KernelShape &shape, const OperandMap &map, Extent unit,
                               Extent count) {
  if (count == 1 || unit == 0)
    return 0;
  Extent low = 1;
  for (size_t d = shape.sizes.size(); d-- > 0; low *= shape.sizes[d]) {
    int64_t high = low * shape.sizes[d];
    if (unit >= high)
      continue;
    if (unit % low != 0 || high % unit.number() != 0 || unit * count > high)
      return std::nullopt;
    // One dimension of the kernel is often one of the product.
    return unit == low ? map.strides[d] : map.strides[d] * (unit / low);
  }
  return std::nullopt;
}

std::optional<Epilogue> analyzeEpilogue(const MatmulDescription &matmul, const GemmProblem &problem,
                                        const GemmPlan &plan, const TargetInfo &target) {
  auto kernel = cast<ir::KernelOp>(matmul.epilogue);
  KernelShape shape = analyzeShape(kernel, matmul.epilogueVarying);
  if (!isFloatingType(problem.dtype) || problem.swapped || plan.strategy != GemmStrategy::tiles ||
      shape.hasGeneralMaps() || !shape.indices.empty() || kernel.getReductions() ||
      !kernel.getDests().empty())
    return std::nullopt;
  // Values of the body fill whole registers where the product's do.
  unsigned bytes = target.vectorBytes / plan.lanes;
  Block &body = kernel.getBody().front();
  auto wide = [&](Type element) { return memoryBytes(computeType(element)) > bytes; };
  for (Operation &op : body.without_terminator())
    if (wide(op.getResult(0).getType()))
      return std::nullopt;

  Epilogue epilogue{kernel, matmul.product, {}, {}};
  epilogue.scratch =
      Extent(llvm::alignTo(plan.scratchBytes, 64), problem.varies() ? Extent::mix('e') | 1 : 0);
  unsigned argument = 2;
  auto add = [&](const OperandMap &map, Value value, bool isProduct, auto &list) {
    EpilogueOperand operand{isProduct ? 0 : argument++, getElementTypeOrSelf(value.getType())};
    auto column = strideOf(shape, map, 1, problem.n);
    auto row = strideOf(shape, map, problem.n, problem.m);
    auto batch = strideOf(shape, map, problem.n * problem.m, problem.batchCount());
    if (!column || !row || !batch || map.offsetInput >= 0 || *column < 0 || *column > 1 ||
        wide(operand.element))
      return false;
    operand.constant = map.constant;
    operand.column = *column, operand.row = *row, operand.batch = *batch;
    list.push_back(operand);
    return true;
  };
  for (auto [i, input] : llvm::enumerate(kernel.getInputs()))
    if (!add(shape.inputs[i], input, i == matmul.product, epilogue.inputs))
      return std::nullopt;
  for (auto [i, result] : llvm::enumerate(kernel.getResults()))
    if (!add(shape.results[i], result, false, epilogue.results) ||
        (problem.n > 1 && epilogue.results.back().column != 1))
      return std::nullopt;
  const EpilogueOperand &first = epilogue.results.front();
  epilogue.holdsSums = !problem.widens() &&
                       first.element == epilogue.inputs[matmul.product].element &&
                       first.constant == 0 && (problem.m == 1 || first.row == problem.n) &&
                       (problem.batchCount() == 1 ||
                        first.batch.number() == problem.m.number() * problem.n.number());
  if (plan.depthBlocks > 1 && !plan.accumulateInScratch && !epilogue.holdsSums)
    return std::nullopt;
  return epilogue;
}

EpilogueEmitter::EpilogueEmitter(GemmBuilder &g, const Epilogue &epilogue, Block &entry, Value args,
                                 int64_t lanes)
    : g(g), epilogue(epilogue), code(entry, g.location), args(args), lanes(lanes) {
  code.isa = g.isa;
}

int64_t EpilogueEmitter::scratchBytes(const GemmPlan &plan, const TargetInfo &target) {
  return plan.tileRows * plan.tileVectors * target.vectorBytes;
}

Value EpilogueEmitter::maskOf(const LaneCount &valid) {
  return valid.mask ? valid.mask : firstLanes(code, valid.count, lanes);
}

Value EpilogueEmitter::address(const EpilogueOperand &operand, Value row, int64_t column) {
  int64_t bytes = memoryBytes(operand.element);
  Value base = g.at(bases.lookup(operand.argument), g.mul(row, operand.row), bytes);
  return g.at(base, column * operand.column, bytes);
}

Value EpilogueEmitter::load(const EpilogueOperand &operand, Value row, int64_t column,
                            LaneCount valid) {
  Type memory = memoryType(operand.element);
  unsigned bytes = memoryBytes(operand.element);
  Value at = address(operand, row, column);
  code.b.restoreInsertionPoint(g.builder.saveInsertionPoint());
  if (operand.column == 0)
    return broadcast(code, fromMemory(code, loadLanes(code, at, memory, bytes), operand.element),
                     lanes);
  Value mask = maskOf(valid);
  return fromMemory(code, loadLanes(code, at, vectorOf(memory, lanes), bytes, mask),
                    operand.element);
}

void EpilogueEmitter::emit(const EpilogueTile &tile, ValueRange sums) {
  constexpr int64_t kShort = 12; // additions, see bodyCost
  auto place = [&](const EpilogueOperand &operand) {
    Value offset = g.add(g.index(operand.constant), g.mul(tile.batch, operand.batch));
    offset = g.add(offset, g.mul(tile.row, operand.row));
    offset = g.add(offset, g.mul(tile.column, operand.column));
    bases[operand.argument] =
        g.at(g.loadPointer(args, operand.argument), offset, memoryBytes(operand.element));
  };
  Block &block = ir::KernelOp(epilogue.kernel).getBody().front();
  SmallVector<Value> invariants(epilogue.inputs.size());
  for (auto [i, operand] : llvm::enumerate(epilogue.inputs)) {
    if (i == epilogue.product)
      continue;
    place(operand);
    if (!operand.row.is(0) || operand.column || block.getArgument(i).use_empty())
      continue;
    code.b.restoreInsertionPoint(g.builder.saveInsertionPoint());
    invariants[i] = fromMemory(code,
                               loadLanes(code, bases.lookup(operand.argument),
                                         memoryType(operand.element), memoryBytes(operand.element)),
                               operand.element);
  }
  for (const EpilogueOperand &operand : epilogue.results)
    place(operand);
  code.b.restoreInsertionPoint(g.builder.saveInsertionPoint());
  BodyEmitter body(block);
  body.fix(code, invariants, lanes);
  g.builder.restoreInsertionPoint(code.b.saveInsertionPoint());

  if (bodyCost(block) <= kShort) {
    for (int64_t row = 0; row < tile.rows; ++row)
      emitRow(tile, body, g.index(row), sums.slice(row * tile.vectors, tile.vectors));
    return;
  }
  for (auto [i, sum] : llvm::enumerate(sums))
    g.storeWide(sum, g.wideAt(tile.scratch, i * lanes));
  g.loop(g.index(0), g.index(tile.rows), 1, [&](Value row) {
    Value from = g.wideAt(tile.scratch, g.mul(row, tile.vectors * lanes));
    GemmBuilder::Values loaded;
    for (int64_t v = 0; v < tile.vectors; ++v)
      loaded.push_back(g.loadWide(g.wideAt(from, v * lanes), lanes));
    emitRow(tile, body, row, loaded);
  });
}

void EpilogueEmitter::emitRow(const EpilogueTile &tile, const BodyEmitter &body, Value row,
                              ValueRange sums) {
  Block &block = ir::KernelOp(epilogue.kernel).getBody().front();
  ValueRange yields = block.getTerminator()->getOperands();
  for (int64_t v = 0; v < tile.vectors; ++v) {
    LaneCount valid = v + 1 == tile.vectors ? tile.last : LaneCount(lanes);
    LaneValues values;
    code.b.restoreInsertionPoint(g.builder.saveInsertionPoint());
    // The product's own rounding comes first.
    values[block.getArgument(epilogue.product)] =
        roundToElement(code, sums[v], epilogue.inputs[epilogue.product].element);
    g.builder.restoreInsertionPoint(code.b.saveInsertionPoint());
    body.emit(code, values, yields, lanes, [&](Value leaf) {
      unsigned input = cast<BlockArgument>(leaf).getArgNumber();
      Value loaded = load(epilogue.inputs[input], row, v * lanes, valid);
      g.builder.restoreInsertionPoint(code.b.saveInsertionPoint());
      return loaded;
    });
    SmallVector<Value> results;
    for (Value yield : yields)
      results.push_back(body.lanesOf(code, values, yield, lanes));
    g.builder.restoreInsertionPoint(code.b.saveInsertionPoint());
    for (auto [operand, result] : llvm::zip_equal(epilogue.results, results)) {
      Value at = address(operand, row, v * lanes);
      code.b.restoreInsertionPoint(g.builder.saveInsertionPoint());
      storeLanes(code, at, toMemory(code, result, operand.element), memoryBytes(operand.element),
                 maskOf(valid));
      g.builder.restoreInsertionPoint(code.b.saveInsertionPoint());
    }
  }
}

} // namespace tjit::codegen
