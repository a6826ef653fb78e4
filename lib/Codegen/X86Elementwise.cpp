//===- X86Elementwise.cpp - kernels that only write elements
//--------------------------------------------------===//
//
//   one dimension      for e in [begin, end): vectors, then a masked vector (or scalars) for what
//   is left; no size in it several            rows: [begin, end) counts (outer point, tile of the
//   last dimension); lanes run along it
//                      flat: where the last dimension is shorter than a vector, or an offset is no
//                      linear function: [begin, end) counts points, lanes take consecutive points,
//                      and operands that are not contiguous over all of them are gathered
//
//===------------------------------------------------------------------------------------------------------===//
#include "Codegen/EmitTypes.h"
#include "Codegen/X86Kernel.h"
#include "tjit-compiler/IR/TjitDialect.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

class ElementwiseEmitter {
public:
  ElementwiseEmitter(ir::KernelOp kernel, X86Function &function, int64_t width)
      : kernel(kernel), function(function), code(function.code), width(width),
        unroll(chooseUnroll()) {}

  /// All points of the lane space from `first` to `last`, given the coordinates of the other
  /// dimensions.
  void emitLanes(const LaneSpace &space, Value first, Value last) {
    BodyEmitter body(kernel.getBody().front());
    SmallVector<Access> accesses;
    for (unsigned i = 0; i < function.numOperands(); ++i)
      accesses.push_back(function.access(i, space, width));
    SmallVector<Value> invariants(function.numInputs());
    for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
      if (accesses[i].kind == Access::invariant && !argument.use_empty())
        invariants[i] = function.load(accesses[i], code.i64(0), 1);
    body.fix(code, invariants, width);

    auto emitPoints = [&](Value at, int64_t lanes, Value mask) {
      SmallVector<Value> inputs(function.numInputs());
      for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
        if (!invariants[i] && !argument.use_empty())
          inputs[i] = function.load(accesses[i], at, lanes, mask);
      SmallVector<Value> yields = body.emit(code, inputs, lanes);
      for (auto [i, value] : llvm::enumerate(yields))
        function.store(accesses[function.numInputs() + i], at, value, mask);
    };

    if (width == 1) {
      code.loop(first, last, 1, [&](Value at) { emitPoints(at, 1, nullptr); });
      return;
    }
    Value next = first;
    SmallVector<int64_t, 2> steps{1};
    if (unroll > 1)
      steps.insert(steps.begin(), unroll);
    for (int64_t vectors : steps) {
      Value stop = alignedEnd(next, last, vectors * width);
      code.loop(next, stop, vectors * width, [&](Value at) {
        for (int64_t v = 0; v < vectors; ++v)
          emitPoints(code.add(at, v * width), width, nullptr);
      });
      next = stop;
    }
    emitRest(accesses, next, last, emitPoints);
  }

private:
  /// Short bodies are bound by the loop's own instructions.
  int64_t chooseUnroll() {
    int64_t cost = bodyCost(kernel.getBody().front());
    return cost <= 4 ? 4 : cost <= 12 ? 2 : 1;
  }

  /// The end of as many whole steps as fit into [first, last).
  Value alignedEnd(Value first, Value last, int64_t step) {
    auto from = CodeBuilder::constantValue(first), to = CodeBuilder::constantValue(last);
    if (from && to)
      return code.i64(*from + (*to - *from) / step * step);
    Value count = code.sub(last, first);
    Value whole = code.create<arith::AndIOp>(count, code.i64(-step)); // step is a power of two
    return code.add(first, whole);
  }

  /// Fewer points than a vector has lanes.
  template <typename EmitPoints>
  void emitRest(ArrayRef<Access> accesses, Value next, Value last, EmitPoints emitPoints) {
    auto from = CodeBuilder::constantValue(next), to = CodeBuilder::constantValue(last);
    if (from && to && *from == *to)
      return;
    bool known = from && to;
    // Masks that are known when the code is made are cheap everywhere.
    if (!known && !canMask(accesses)) {
      code.loop(next, last, 1, [&](Value at) { emitPoints(at, 1, nullptr); });
      return;
    }
    if (known) {
      emitPoints(next, width, function.staticMask(*to - *from, width));
      return;
    }
    Value any = code.create<arith::CmpIOp>(arith::CmpIPredicate::slt, next, last);
    auto branch = code.create<scf::IfOp>(any, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(code.b);
    code.b.setInsertionPointToStart(&branch.getThenRegion().front());
    emitPoints(next, width, function.dynamicMask(code.sub(last, next), width));
  }

  bool canMask(ArrayRef<Access> accesses) {
    for (const Access &access : accesses) {
      unsigned bytes = memoryBytes(function.element(access.operand));
      bool isResult = access.operand >= function.numInputs();
      bool whole = access.kind == Access::contiguous;
      bool fits = access.kind == Access::invariant || (whole      ? function.simd.masks(bytes)
                                                       : isResult ? function.simd.scatters(bytes)
                                                                  : function.simd.gathers(bytes));
      if (!fits)
        return false;
    }
    return true;
  }

  ir::KernelOp kernel;
  X86Function &function;
  CodeBuilder &code;
  const int64_t width, unroll;
};

} // namespace

FailureOr<EmittedKernel> emitElementwiseX86(ir::KernelOp kernel, const KernelShape &shape,
                                            StringRef symbol, ModuleOp module,
                                            const TargetInfo &target) {
  constexpr int64_t kTile = 16384; // points of a long row that one index stands for
  ArrayRef<int64_t> sizes = shape.sizes;
  int64_t width = vectorWidth(kernel, target, {});
  X86Function function(kernel, shape, symbol, module, target);
  CodeBuilder &code = function.code;
  LaneSpace space;
  space.outer.assign(sizes.size(), nullptr);
  int64_t points = 1;
  for (int64_t size : sizes)
    points *= size;

  EmittedKernel emitted;
  KernelLaunch launch;
  launch.symbol = symbol.str();
  if (sizes.empty()) {
    ElementwiseEmitter(kernel, function, 1).emitLanes(space, code.i64(0), code.i64(1));
  } else if (sizes.size() == 1 || sizes.back() < width || shape.hasGeneralMaps()) {
    for (unsigned dim = 0; dim < sizes.size(); ++dim)
      space.dims.push_back(dim);
    launch.range = points;
    launch.grain = grainFor(kernel, 1, launch.range);
    ElementwiseEmitter(kernel, function, width).emitLanes(space, function.begin(), function.end());
  } else {
    unsigned last = sizes.size() - 1;
    int64_t tiles = sizes[last] <= 2 * kTile ? 1 : llvm::divideCeil(sizes[last], kTile);
    space.dims.push_back(last);
    launch.range = points / sizes[last] * tiles;
    launch.grain = grainFor(kernel, tiles == 1 ? sizes[last] : kTile, launch.range);
    SmallVector<int64_t> units(sizes.begin(), sizes.end());
    units.back() = tiles;
    code.loop(function.begin(), function.end(), 1, [&](Value unit) {
      SmallVector<Value, 4> coordinates = code.delinearize(unit, units);
      for (unsigned dim = 0; dim < last; ++dim)
        space.outer[dim] = coordinates[dim];
      Value first = code.i64(0), end = code.i64(sizes[last]);
      if (tiles > 1) {
        first = code.mul(coordinates[last], kTile);
        end = code.min(code.add(first, kTile), end);
      }
      ElementwiseEmitter(kernel, function, width).emitLanes(space, first, end);
    });
  }
  function.finish();
  emitted.launches.push_back(launch);
  return emitted;
}

} // namespace tjit::codegen
