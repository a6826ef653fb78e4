//===- Gemm.cpp - matrix products for x86 -----------------------------------------------------===//
//
// tjit.matmul as loops over packed, register-tiled blocks (docs/gemm.md; the sums behind the sizes
// are in GemmPlan.cpp):
//
//     for (batch, block of columns) of the piece
//       for block of k                                  the accumulators go on from the result so
//       far: no split of the chain
//         pack B [depth x columns] into panels          or read it in place, or from a copy that
//                                                       a launch in front made for all pieces
//         for block of rows of the piece
//           pack A [rows x depth]                       only transposed or narrow ones
//           for panel of columns
//             for tile of rows: emitTile, store         6 x 64 floats in registers
//
// Each piece of the launch owns its tiles of the result, and every element of it is one chain of
// fmas for ascending k: the bits depend neither on the pieces nor on the sizes of blocks and
// vectors.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/GemmBuilder.h"
#include "Codegen/GemmEpilogue.h"
#include "Codegen/GemmPack.h"
#include "Codegen/GemmPlan.h"
#include "Codegen/GemmPrologue.h"
#include "Codegen/GemmTile.h"
#include "Codegen/GemmVector.h"
#include "Codegen/ProductCode.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

using Values = GemmBuilder::Values;

/// Positions in the launches' args; parameters come last.
struct Arguments {
  int64_t result = 2, shared = 3, parameters = 3;

  explicit Arguments(const ProductDecisions &product) {
    for (const std::optional<Prologue> &prologue : product.prologues)
      result += prologue ? prologue->inputs.size() : 0;
    shared = result + 1;
    if (product.epilogue) {
      result = product.epilogue->results.front().argument;
      shared = product.epilogue->results.back().argument + 1;
    }
    parameters = shared + product.plan.sharedRhs;
  }
};

class GemmEmitter {
public:
  /// What runs inside of the product, where there is something.
  struct Inside {
    EpilogueEmitter *epilogue = nullptr;
    PrologueEmitter *lhs = nullptr, *rhs = nullptr;
  };
  /// The epilogue's scratch begins where the decisions say.
  GemmEmitter(GemmBuilder &g, const ProductDecisions &product, Inside inside, Arguments arguments)
      : g(g), problem(product.problem), plan(product.plan), layout(lhsLayout(problem, plan)),
        epilogue(inside.epilogue), makesLhs(inside.lhs), makesRhs(inside.rhs), arguments(arguments),
        epilogueScratch(product.epilogue ? product.epilogue->scratch : Extent(0)) {}

  void emit(Value args, Value begin, Value end, Value scratchArgument) {
    lhs = g.loadPointer(args, problem.swapped), rhs = g.loadPointer(args, !problem.swapped),
    result = g.loadPointer(args, arguments.result);
    scratch = scratchArgument;
    if (plan.sharedRhs)
      sharedRhs = g.loadPointer(args, arguments.shared);
    if (plan.range == 1 && !problem.varies())
      begin = g.index(0), end = g.index(1);
    if (plan.strategy == GemmStrategy::fillZero)
      return fillZero(begin, end);
    // Indices (batch, column block, row block): all rows of the piece in one column block are done
    // together.
    if (plan.rowBlocks.is(1)) {
      g.loop(begin, end, 1, [&](Value block) { columnBlock(block, g.index(0), g.index(1)); });
      return;
    }
    Value count = g.index(plan.rowBlocks);
    Value last = g.div(g.add(end, g.index(plan.rowBlocks - 1)), plan.rowBlocks);
    g.loop(g.div(begin, plan.rowBlocks), last, 1, [&](Value block) {
      Value start = g.mul(block, plan.rowBlocks);
      columnBlock(block, g.max(g.sub(begin, start), g.index(0)), g.min(g.sub(end, start), count));
    });
  }

  /// The launch in front of that one where B's copy is shared: an index is (packed block, panel).
  void emitPack(Value args, Value begin, Value end) {
    rhs = g.loadPointer(args, !problem.swapped);
    sharedRhs = g.loadPointer(args, arguments.shared);
    g.loop(begin, end, 1, [&](Value index) {
      Value block = g.div(index, plan.panelsOfBlock());
      Value inBlock = g.mul(g.rem(index, plan.panelsOfBlock()), plan.tileColumns());
      Value k = g.mul(g.rem(block, plan.depthBlocks), plan.depth);
      Value columnBlock = g.div(block, plan.depthBlocks);
      Value column =
          g.add(g.mul(g.rem(columnBlock, plan.columnBlocks), plan.blockColumns), inBlock);
      Value matrix = batchAt(rhs, g.div(columnBlock, plan.columnBlocks), problem.rhsBatchStrides);
      Value source = g.sourceAt(
          matrix, g.add(g.mul(k, problem.rhsRowStride), g.mul(column, problem.rhsColStride)));
      Value target = g.wideAt(packedBlock(block), g.mul(inBlock, plan.depth));
      Value steps = g.min(g.index(plan.depth), g.sub(g.index(problem.k), k));
      Value columns = g.min(g.index(plan.tileColumns()), g.sub(g.index(problem.n), column));
      // The last block of columns may have fewer panels than the others.
      g.ifTrue(g.less(g.index(0), columns), [&] {
        if (makesRhs)
          return makesRhs->packRhs(g.div(columnBlock, plan.columnBlocks), k, column, target, steps,
                                   columns);
        packRhs(g, problem, plan, source, target, steps, columns);
      });
    });
  }

private:
  Value packedBlock(Value block) {
    return g.wideAt(sharedRhs, g.mul(block, plan.depth * plan.blockColumns));
  }

  /// k = 0: every sum is empty.
  void fillZero(Value begin, Value end) {
    Value zero = g.zero(g.wide);
    int64_t elements = problem.batchCount() * problem.m * problem.n;
    g.loop(begin, end, 1, [&](Value) {
      g.loop(g.index(0), g.index(elements), 1,
             [&](Value i) { g.storeSourceScalar(zero, g.sourceAt(result, i)); });
    });
  }

  /// The first element of a batch index's operand.
  Value batchAt(Value base, Value batchIndex, ArrayRef<Extent> strides) {
    for (size_t i = problem.batch.size(); i-- > 0;) {
      Value position = i == 0 ? batchIndex : g.rem(batchIndex, problem.batch[i]);
      base = g.sourceAt(base, g.mul(position, strides[i]));
      batchIndex = g.div(batchIndex, problem.batch[i]);
    }
    return base;
  }

  void columnBlock(Value index, Value firstRowBlock, Value lastRowBlock) {
    Value batchIndex = g.div(index, plan.columnBlocks);
    Value column = g.mul(g.rem(index, plan.columnBlocks), plan.blockColumns);
    Block block;
    block.lhs = batchAt(lhs, batchIndex, problem.lhsBatchStrides);
    Value rhsMatrix = batchAt(rhs, batchIndex, problem.rhsBatchStrides);
    Value resultMatrix = g.sourceAt(result, g.mul(batchIndex, problem.m * problem.n));
    if (plan.strategy == GemmStrategy::dots) {
      Value end = g.min(g.mul(lastRowBlock, plan.blockRows), g.index(problem.m));
      return emitDots(
          g, problem, plan,
          {block.lhs, rhsMatrix, resultMatrix, scratch, g.mul(firstRowBlock, plan.blockRows), end});
    }
    block.rhs = g.sourceAt(rhsMatrix, g.mul(column, problem.rhsColStride));
    block.result = g.sourceAt(resultMatrix, column);
    block.batch = batchIndex, block.column = column, block.index = index;
    block.columns = g.min(g.index(plan.blockColumns), g.sub(g.index(problem.n), column));
    if (plan.strategy == GemmStrategy::stream)
      return emitStream(g, problem, {block.lhs, block.rhs, block.result, scratch, {}, {}},
                        block.columns);
    if (!plan.accumulateInScratch)
      return depthBlocks(block, firstRowBlock, lastRowBlock);
    // The wide sums of one row block fit into the scratch.
    g.loop(firstRowBlock, lastRowBlock, 1,
           [&](Value rowBlock) { depthBlocks(block, rowBlock, g.add(rowBlock, g.index(1))); });
  }

  /// One (batch, column block).
  struct Block {
    Value lhs, rhs, result; ///< at row 0, the block's first column, k = 0
    Value columns;
    Value batch, column; ///< which one, and its first column
    Value index;         ///< of (batch, column block)
  };

  void depthBlocks(const Block &block, Value firstRowBlock, Value lastRowBlock) {
    g.loop(g.index(0), g.index(plan.depthBlocks), 1, [&](Value depthBlock) {
      Value k = g.mul(depthBlock, plan.depth);
      Depth depth;
      depth.k = k;
      depth.steps = g.min(g.index(plan.depth), g.sub(g.index(problem.k), k));
      depth.first = g.equal(depthBlock, g.index(0));
      depth.last = g.equal(depthBlock, g.index(plan.depthBlocks - 1));
      depth.lhs = g.sourceAt(block.lhs, g.mul(k, problem.lhsColStride));
      depth.rhs = g.sourceAt(block.rhs, g.mul(k, problem.rhsRowStride));
      if (plan.sharedRhs) {
        depth.rhs = packedBlock(g.add(g.mul(block.index, plan.depthBlocks), depthBlock));
      } else if (plan.packRhs) {
        Value packed = g.at(scratch, plan.rhsScratch, 1);
        if (makesRhs)
          makesRhs->packRhs(block.batch, k, block.column, packed, depth.steps, block.columns);
        else
          packRhs(g, problem, plan, depth.rhs, packed, depth.steps, block.columns);
        depth.rhs = packed;
      }
      g.loop(firstRowBlock, lastRowBlock, 1, [&](Value rowBlock) { rows(block, depth, rowBlock); });
    });
  }

  /// One block of k: operands at its first step.
  struct Depth {
    Value k, lhs, rhs, steps, first, last;
  };

  void rows(const Block &block, const Depth &depth, Value rowBlock) {
    Value first = g.mul(rowBlock, plan.blockRows);
    Value count = g.min(g.index(plan.blockRows), g.sub(g.index(problem.m), first));
    Value lhsRows = g.sourceAt(depth.lhs, g.mul(first, problem.lhsRowStride));
    if (plan.packLhs) {
      Value packed = g.at(scratch, plan.lhsScratch, 1);
      if (makesLhs)
        makesLhs->packLhs(block.batch, first, depth.k, packed, count, depth.steps);
      else
        packLhs(g, problem, plan, lhsRows, packed, count, depth.steps);
      lhsRows = packed;
    }
    Value resultRows = g.sourceAt(block.result, g.mul(first, problem.n));
    eachPanel(g, problem, plan, block.columns, [&](Value column, PanelWidth width) {
      Panel panel;
      const int64_t vectors = width.vectors;
      panel.shape = {plan.tileRows, vectors, width.last};
      panel.rhs = g.wideAt(depth.rhs, g.mul(column, plan.packRhs ? plan.depth : Extent(1)));
      panel.rhsStep = plan.packRhs ? Extent(vectors * plan.lanes) : problem.rhsRowStride;
      panel.result = g.sourceAt(resultRows, column);
      panel.place.batch = block.batch;
      panel.place.column = g.add(block.column, column);
      panel.sums = !plan.accumulateInScratch
                       ? panel.result
                       : g.wideAt(g.at(scratch, plan.resultScratch, 1), column);
      panel.sumsRow = plan.accumulateInScratch ? plan.blockColumns : problem.n;
      // A tile of `height` rows that begins `inside` rows behind `row`, where a whole one would.
      auto tiles = [&](Value row, int64_t height, int64_t unroll, Value inside = nullptr) {
        Panel at = panel;
        at.shape.rows = height;
        Value lhsTile = g.wideAt(lhsRows, g.mul(row, layout.tileRow));
        if (inside) {
          lhsTile = g.wideAt(lhsTile, g.mul(inside, layout.row));
          row = g.add(row, inside);
        }
        at.place.row = g.add(first, row);
        at.result = g.sourceAt(panel.result, g.mul(row, problem.n));
        at.sums =
            plan.accumulateInScratch ? g.wideAt(panel.sums, g.mul(row, panel.sumsRow)) : at.result;
        tile(at, depth, lhsTile, unroll);
      };
      // Up to 96 fmas in a step of the loop: 48 cost 2 to 4% where loads and fmas compete for the
      // front end, 24 up to 9%. Tiles at the edges do without.
      const bool main =
          vectors == plan.tileVectors && !width.last.mask && width.last.count == plan.lanes;
      const int64_t fmas = plan.tileRows * vectors, mainUnroll = plan.composed ? 1
                                                                 : fmas <= 24  ? 4
                                                                               : 1;
      const int64_t rest =
          problem.m.varies() ? plan.tileRows - 1 : problem.m.number() % plan.tileRows;
      Value whole = rest ? g.sub(count, g.rem(count, plan.tileRows)) : count;
      g.loop(g.index(0), whole, plan.tileRows,
             [&](Value row) { tiles(row, plan.tileRows, main ? mainUnroll : 1); });
      if (!rest)
        return;
      if (!problem.m.varies())
        return g.ifTrue(g.less(whole, count), [&] { tiles(whole, rest, 1); });
      // The bits of the number of rows that are left: tiles of 8, 4, 2 and 1.
      Value left = g.sub(count, whole);
      for (int64_t height = llvm::bit_floor<uint64_t>(rest); height > 0; height /= 2) {
        Value below = g.rem(left, 2 * height);
        g.ifTrue(g.less(g.index(height - 1), below),
                 [&] { tiles(whole, height, 1, g.sub(left, below)); });
      }
    });
  }

  /// A column of tiles, or one of them.
  struct Panel {
    TileShape shape;
    Value rhs, result;
    Value sums; ///< where the accumulators stay between blocks of k
    Extent rhsStep, sumsRow;
    EpilogueTile place; ///< of its first element in the product
  };

  void tile(const Panel &panel, const Depth &depth, Value lhsTile, int64_t unroll) {
    const TileShape &shape = panel.shape;
    const int64_t lanes = plan.lanes;
    auto each = [&](llvm::function_ref<void(int64_t, int64_t, LaneCount)> body) {
      for (int64_t row = 0; row < shape.rows; ++row)
        for (int64_t v = 0; v < shape.vectors; ++v)
          body(row, v, shape.lanesOf(v, lanes));
    };
    const size_t count = shape.rows * shape.vectors;
    Values sums = g.select(
        depth.first, SmallVector<Type>(count, g.vectorType(lanes)),
        [&] { return Values(count, g.zero(g.vectorType(lanes))); },
        [&] {
          Values loaded;
          each([&](int64_t row, int64_t v, LaneCount valid) {
            loaded.push_back(
                g.loadWide(g.wideAt(panel.sums, row, panel.sumsRow, v * lanes), lanes, valid));
          });
          return loaded;
        });
    if (plan.fetchResult && !plan.accumulateInScratch && !epilogue)
      each([&](int64_t row, int64_t v, LaneCount) {
        g.prefetch(g.sourceAt(panel.result, plan.tileRows + row, problem.n, v * lanes),
                   /*forWriting=*/true);
      });
    TileOperands operands{lhsTile,       layout.row,   layout.step, panel.rhs,
                          panel.rhsStep, plan.packRhs, depth.steps, problem.k};
    sums = emitTile(g, shape, operands, sums, unroll);
    if (problem.addZero)
      for (Value &sum : sums)
        sum = g.addWide(sum, g.zero(sum.getType()));
    auto storeSums = [&] {
      each([&](int64_t row, int64_t v, LaneCount valid) {
        g.storeWide(sums[row * shape.vectors + v],
                    g.wideAt(panel.sums, row, panel.sumsRow, v * lanes), valid);
      });
    };
    auto storeResult = [&] {
      if (epilogue) {
        EpilogueTile at = panel.place;
        at.rows = shape.rows, at.vectors = shape.vectors;
        at.last = shape.lanesOf(shape.vectors - 1, lanes);
        at.scratch = g.at(scratch, epilogueScratch, 1);
        return epilogue->emit(at, sums);
      }
      each([&](int64_t row, int64_t v, LaneCount valid) {
        g.storeSource(sums[row * shape.vectors + v],
                      g.sourceAt(panel.result, row, problem.n, v * lanes), valid);
      });
    };
    if (plan.accumulateInScratch || epilogue)
      g.ifElse(depth.last, storeResult, storeSums);
    else
      storeResult();
  }

  GemmBuilder &g;
  const GemmProblem &problem;
  const GemmPlan &plan;
  const LhsLayout layout;
  EpilogueEmitter *const epilogue;
  PrologueEmitter *const makesLhs, *const makesRhs;
  const Arguments arguments;
  const Extent epilogueScratch;
  Value lhs, rhs, result, scratch, sharedRhs;
};

} // namespace

std::optional<ProductDecisions> decideProduct(const MatmulDescription &matmul,
                                              const TargetInfo &target) {
  if (matmul.dtype == kBool || matmul.dtype == ScalarType::Undefined)
    return std::nullopt;
  // Without the instruction a fma of float32 is composed of float64's operations; that of float64
  // would be a call.
  if (matmul.dtype == ScalarType::Double && !target.hasFma)
    return std::nullopt;
  ProductDecisions product;
  product.problem = normalize(matmul);
  product.plan = planGemm(product.problem, target);
  if (matmul.epilogue) {
    product.epilogue = analyzeEpilogue(matmul, product.problem, product.plan, target);
    if (!product.epilogue)
      return std::nullopt;
  }
  // Behind what the epilogue reads come the inputs of the prologues, then the results.
  unsigned next = product.epilogue ? product.epilogue->results.front().argument : 2;
  for (unsigned side : {0, 1})
    if (matmul.prologues[side]) {
      std::optional<Prologue> &prologue = product.prologues[side];
      prologue = analyzePrologue(matmul, side, next, product.problem, product.plan, target);
      if (!prologue)
        return std::nullopt;
      next += prologue->inputs.size();
    }
  if (product.epilogue)
    for (auto [i, result] : llvm::enumerate(product.epilogue->results))
      result.argument = next + i;
  return product;
}

bool canEmitMatmul(const MatmulDescription &matmul, const TargetInfo &target) {
  return decideProduct(matmul, target).has_value();
}

bool refusesToVary(const ProductDecisions &product) {
  // Dots along a length that varies, and single rows, have code for one shape.
  const auto &[problem, plan, epilogue, prologues] = product;
  return problem.varies() && plan.strategy != GemmStrategy::tiles &&
         !(plan.strategy == GemmStrategy::dots && !problem.k.varies() && !dotsOfColumns(problem));
}

EmittedKernel launchesOf(const ProductDecisions &product, StringRef symbol,
                         const TargetInfo &target) {
  const auto &[problem, plan, epilogue, prologues] = product;
  EmittedKernel kernel;
  if (plan.range == 0) // the result is empty
    return kernel;
  if (plan.sharedRhs) {
    const int64_t batch = problem.batchCount();
    const int64_t range = plan.packedBlocks(batch) * plan.panelsOfBlock();
    constexpr int64_t kElements = 1 << 16; // copied in some twenty microseconds
    const int64_t grain = std::max<int64_t>(1, kElements / (plan.depth * plan.tileColumns()));
    kernel.temporaryBytes = plan.packedElements(batch) * problem.wideBytes();
    kernel.launches.push_back({(symbol + "_pack").str(), range, grain, 0});
  }
  int64_t scratchBytes = plan.scratchBytes;
  if (epilogue)
    scratchBytes = epilogue->scratch + EpilogueEmitter::scratchBytes(plan, target);
  kernel.launches.push_back({symbol.str(), plan.range, plan.grain, uint64_t(scratchBytes)});
  kernel.storesOnce = plan.depthBlocks == 1 || plan.accumulateInScratch;
  return kernel;
}

void emitProduct(const ProductDecisions &product, const EmittedKernel &launches,
                 Parameters &parameters, Location location, ModuleOp module,
                 const TargetInfo &target) {
  const Arguments arguments(product);
  for (const KernelLaunch &launch : launches.launches) {
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    Type pointer = LLVM::LLVMPointerType::get(builder.getContext()), i64 = builder.getI64Type();
    auto function = func::FuncOp::create(builder, location, launch.symbol,
                                         builder.getFunctionType({pointer, i64, i64, pointer}, {}));
    ::mlir::Block *body = function.addEntryBlock();
    builder.setInsertionPointToStart(body);
    GemmBuilder g(location, product.problem.dtype, target, builder);
    CodeBuilder extents(*body, location);
    extents.readParameters(parameters, body->getArgument(0), arguments.parameters);
    g.extents = &extents;
    std::optional<EpilogueEmitter> epilogue;
    if (product.epilogue)
      epilogue.emplace(g, *product.epilogue, *body, body->getArgument(0), product.plan.lanes);
    std::optional<PrologueEmitter> makes[2];
    for (unsigned side : {0, 1})
      if (product.prologues[side])
        makes[side].emplace(g, product.problem, product.plan, *product.prologues[side], *body,
                            body->getArgument(0));
    auto inside = [](auto &emitter) { return emitter ? &*emitter : nullptr; };
    GemmEmitter emitter(g, product, {inside(epilogue), inside(makes[0]), inside(makes[1])},
                        arguments);
    const bool packs = product.plan.sharedRhs && &launch == &launches.launches.front();
    if (packs)
      emitter.emitPack(body->getArgument(0), body->getArgument(1), body->getArgument(2));
    else
      emitter.emit(body->getArgument(0), body->getArgument(1), body->getArgument(2),
                   body->getArgument(3));
    func::ReturnOp::create(builder, location);
  }
}

FailureOr<EmittedKernel> emitMatmulX86(const MatmulDescription &matmul, StringRef symbol,
                                       ModuleOp module, const TargetInfo &target) {
  std::optional<ProductDecisions> product = decideProduct(matmul, target);
  if (!product)
    return emitError(matmul.location,
                     "there is no code for this matrix product: bool, float64 "
                     "without hardware fma, or an epilogue that does not run on its tiles");
  Parameters parameters;
  if (refusesToVary(*product))
    parameters.refuse();
  EmittedKernel kernel = launchesOf(*product, symbol, target);
  emitProduct(*product, kernel, parameters, matmul.location, module, target);
  kernel.take(parameters);
  return kernel;
}

} // namespace tjit::codegen
