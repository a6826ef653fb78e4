//===- GemmPrologue.cpp - what makes an operand of a matrix product, while it is packed -------===//
#include "Codegen/GemmPrologue.h"
#include "Codegen/Access.h"
#include "Codegen/EmitMemory.h"
#include "Codegen/EmitTypes.h"
#include "Codegen/GemmEpilogue.h"
#include "Codegen/GemmPack.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {

/// Whether steps of these strides, so many of each, never meet: then what is read with each of them
/// inside of one dimension of a kernel is also read there with all of them.
static bool areNested(ArrayRef<std::pair<Extent, Extent>> steps) {
  SmallVector<std::pair<int64_t, int64_t>> sorted;
  for (auto [stride, count] : steps)
    if (stride != 0 && count != 1)
      sorted.push_back({stride, count});
  llvm::sort(sorted);
  for (size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i].first < sorted[i - 1].first * sorted[i - 1].second)
      return false;
  return true;
}

/// Whether the kernel should run `times` for each element instead of once into memory. Rough costs
/// in picoseconds of one core, as in grainFor; what a second-level cache holds costs a fifth.
static bool pays(const Prologue &prologue, int64_t elements, int64_t times, bool packedAnyway,
                 const TargetInfo &target) {
  constexpr double kPerByte = 100, kPerCachedByte = 20, kPerOperation = 30;
  const double count = double(elements);
  auto perByte = [&](double bytes) {
    return bytes > double(target.l2Bytes) / 2 ? kPerByte : kPerCachedByte;
  };
  ir::KernelOp kernel = prologue.kernel;
  double read = 0;
  for (const PrologueInput &input : prologue.inputs)
    if (input.row || input.column || !input.batch.empty())
      read += memoryBytes(input.element);
  const double made = memoryBytes(getElementTypeOrSelf(kernel.getResult(0).getType()));
  const double compute = double(bodyCost(kernel.getBody().front())) * kPerOperation;
  // Written once, and read by the product as often as it packs, or reads in place.
  const double stored = compute + (read + made) * perByte((read + made) * count) +
                        double(times) * made * perByte(made * count);
  // A pack that would not be made writes and reads a copy in the cache.
  const double fused = double(times) * (compute + read * perByte(read * count) +
                                        (packedAnyway ? 0 : 2 * made * kPerCachedByte));
  return fused < stored;
}

std::optional<Prologue> analyzePrologue(const MatmulDescription &matmul, unsigned side,
                                        unsigned firstArgument, const GemmProblem &problem,
                                        const GemmPlan &plan, const TargetInfo &target) {
  auto kernel = cast<ir::KernelOp>(matmul.prologues[side]);
  KernelShape shape = analyzeShape(kernel, matmul.prologueVarying[side]);
  if (!isFloatingType(problem.dtype) || problem.swapped || plan.strategy != GemmStrategy::tiles ||
      shape.hasGeneralMaps() || !shape.indices.empty())
    return std::nullopt;
  // Values of the body fill whole registers where the product's do.
  const unsigned bytes = target.vectorBytes / plan.lanes;
  auto wide = [&](Type element) { return memoryBytes(computeType(element)) > bytes; };
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (wide(op.getResult(0).getType()))
      return std::nullopt;

  const Extent rows = side ? problem.k : problem.m, columns = side ? problem.n : problem.k;
  const Extent rowStride = side ? problem.rhsRowStride : problem.lhsRowStride;
  const Extent columnStride = side ? problem.rhsColStride : problem.lhsColStride;
  ArrayRef<Extent> batchStrides = side ? problem.rhsBatchStrides : problem.lhsBatchStrides;
  if (columns > 1 && columnStride != 1)
    return std::nullopt;
  SmallVector<std::pair<Extent, Extent>> steps = {{rowStride, rows}, {columnStride, columns}};
  for (auto [stride, size] : llvm::zip_equal(batchStrides, problem.batch))
    steps.push_back({stride, size});
  if (!areNested(steps))
    return std::nullopt;
  Prologue prologue{kernel, {}};
  for (auto [i, input] : llvm::enumerate(kernel.getInputs())) {
    const OperandMap &map = shape.inputs[i];
    PrologueInput operand{
        firstArgument + unsigned(i), getElementTypeOrSelf(input.getType()), 0, 0, 0, {}};
    auto column = strideOf(shape, map, columnStride, columns);
    auto row = strideOf(shape, map, rowStride, rows);
    if (!column || !row || map.offsetInput >= 0 || *column < 0 || *column > 1 || *row < 0 ||
        wide(operand.element))
      return std::nullopt;
    operand.constant = map.constant, operand.row = *row, operand.column = *column;
    for (auto [stride, size] : llvm::zip_equal(batchStrides, problem.batch)) {
      auto own = strideOf(shape, map, stride, size);
      if (!own || *own < 0)
        return std::nullopt;
      operand.batch.push_back(*own);
    }
    prologue.inputs.push_back(operand);
  }
  int64_t elements = elementsOf(kernel.getResult(0));
  // The left operand is packed for each block of columns, the right one for each piece that has no
  // copy of all.
  int64_t times = side ? (plan.sharedRhs ? 1 : divideUp(plan.rowBlocks, plan.grain).number())
                       : plan.columnBlocks.number();
  for (auto [stride, size] : llvm::zip_equal(batchStrides, problem.batch))
    if (stride == 0)
      times *= size;
  GemmProblem alone = problem;
  alone.makesLhs = alone.makesRhs = false;
  const GemmPlan usual = planGemm(alone, target);
  if (!pays(prologue, elements, times, side ? usual.packRhs : usual.packLhs, target))
    return std::nullopt;
  return prologue;
}

PrologueEmitter::PrologueEmitter(GemmBuilder &g, const GemmProblem &problem, const GemmPlan &plan,
                                 const Prologue &prologue, Block &entry, Value args)
    : g(g), problem(problem), plan(plan), prologue(prologue), code(entry, g.location), args(args),
      body(ir::KernelOp(prologue.kernel).getBody().front()) {
  code.isa = g.isa;
  Block &block = ir::KernelOp(prologue.kernel).getBody().front();
  SmallVector<Value> scalars(prologue.inputs.size());
  for (auto [i, input] : llvm::enumerate(prologue.inputs)) {
    bool invariant = !input.row && !input.column &&
                     llvm::all_of(input.batch, [](Extent stride) { return stride == 0; });
    if (!invariant || block.getArgument(i).use_empty())
      continue;
    Value at =
        g.at(g.loadPointer(args, input.argument), input.constant, memoryBytes(input.element));
    code.b.restoreInsertionPoint(g.builder.saveInsertionPoint());
    scalars[i] =
        fromMemory(code, loadLanes(code, at, memoryType(input.element), memoryBytes(input.element)),
                   input.element);
    g.builder.restoreInsertionPoint(code.b.saveInsertionPoint());
  }
  code.b.restoreInsertionPoint(g.builder.saveInsertionPoint());
  body.fix(code, scalars, plan.lanes);
  g.builder.restoreInsertionPoint(code.b.saveInsertionPoint());
}

GemmBuilder::Values PrologueEmitter::basesAt(Value batch, Value row, Value column) {
  Values bases;
  for (const PrologueInput &input : prologue.inputs) {
    Value offset = g.add(g.index(input.constant), g.mul(row, input.row));
    offset = g.add(offset, g.mul(column, input.column));
    Value rest = batch;
    for (size_t i = problem.batch.size(); i-- > 0;) {
      Value position = i == 0 ? rest : g.rem(rest, problem.batch[i]);
      offset = g.add(offset, g.mul(position, input.batch[i]));
      rest = g.div(rest, problem.batch[i]);
    }
    bases.push_back(g.at(g.loadPointer(args, input.argument), offset, memoryBytes(input.element)));
  }
  return bases;
}

GemmBuilder::Values PrologueEmitter::advance(ValueRange bases, Value rows, Value columns) {
  Values moved;
  for (auto [input, base] : llvm::zip_equal(prologue.inputs, bases)) {
    Value offset = g.add(g.mul(rows, input.row), g.mul(columns, input.column));
    moved.push_back(g.at(base, offset, memoryBytes(input.element)));
  }
  return moved;
}

Value PrologueEmitter::evaluate(ValueRange at, LaneCount valid) {
  const int64_t lanes = plan.lanes;
  Block &block = ir::KernelOp(prologue.kernel).getBody().front();
  ValueRange yields = block.getTerminator()->getOperands();
  code.b.restoreInsertionPoint(g.builder.saveInsertionPoint());
  LaneValues values;
  body.emit(code, values, yields, lanes, [&](Value leaf) -> Value {
    unsigned i = cast<BlockArgument>(leaf).getArgNumber();
    const PrologueInput &input = prologue.inputs[i];
    Type memory = memoryType(input.element);
    unsigned bytes = memoryBytes(input.element);
    if (!input.column)
      return broadcast(code, fromMemory(code, loadLanes(code, at[i], memory, bytes), input.element),
                       lanes);
    Value mask = valid.mask ? valid.mask : firstLanes(code, valid.count, lanes);
    return fromMemory(code, loadLanes(code, at[i], vectorOf(memory, lanes), bytes, mask),
                      input.element);
  });
  Value result = body.lanesOf(code, values, yields[0], lanes);
  g.builder.restoreInsertionPoint(code.b.saveInsertionPoint());
  return result;
}

void PrologueEmitter::packLhs(Value batch, Value row, Value column, Value target, Value rows,
                              Value steps) {
  const LhsLayout layout = lhsLayout(problem, plan);
  const int64_t lanes = plan.lanes;
  Values bases = basesAt(batch, row, column);
  g.loop(g.index(0), rows, 1, [&](Value row) {
    Values from = advance(bases, row, g.index(0));
    Value to = g.wideAt(target, g.mul(row, layout.row));
    Value whole = g.sub(steps, g.rem(steps, lanes));
    g.loop(g.index(0), whole, lanes, [&](Value k) {
      g.storeWide(evaluate(advance(from, g.index(0), k), lanes), g.wideAt(to, k));
    });
    g.ifTrue(g.less(whole, steps), [&] {
      LaneCount rest = g.firstLanes(g.sub(steps, whole), lanes);
      g.storeWide(evaluate(advance(from, g.index(0), whole), rest), g.wideAt(to, whole), rest);
    });
  });
}

void PrologueEmitter::packRhs(Value batch, Value row, Value column, Value target, Value steps,
                              Value columns) {
  const int64_t lanes = plan.lanes;
  Values bases = basesAt(batch, row, column);
  eachPanel(g, problem, plan, columns, [&](Value first, PanelWidth width) {
    const int64_t stride = width.vectors * lanes;
    const bool partial = width.last.mask || width.last.count < lanes;
    Values panel = advance(bases, g.index(0), first);
    Value to = g.wideAt(target, g.mul(first, plan.depth));
    g.loop(g.index(0), steps, 1, [&](Value k) {
      Values from = advance(panel, k, g.index(0));
      Value line = g.wideAt(to, g.mul(k, stride));
      const int64_t whole = partial ? stride - lanes : stride;
      g.loop(g.index(0), g.index(whole), lanes, [&](Value at) {
        g.storeWide(evaluate(advance(from, g.index(0), at), lanes), g.wideAt(line, at));
      });
      // What the lanes behind the last column hold is not stored by the tiles.
      if (partial)
        g.storeWide(evaluate(advance(from, g.index(0), g.index(whole)), width.last),
                    g.wideAt(line, whole));
    });
  });
}

} // namespace tjit::codegen
