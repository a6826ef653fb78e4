//===- X86Elementwise.cpp ---------------------------------------------------------------------===//
// Kernels that only write elements.
//
//   one dimension      for e in [begin, end): vectors, then a masked vector (or scalars) for what
//                      is left; no size in it
//   several            rows: [begin, end) counts (outer point, tile of the last dimension); lanes
//                      run along it
//                      tiles: where operands run along another dimension, X86Transpose.h
//                      flat: where the last dimension is shorter than a vector, or an offset is no
//                      linear function: [begin, end) counts points, lanes take consecutive points,
//                      and operands that are not contiguous over all of them are gathered
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/X86Kernel.h"
#include "Codegen/X86Lanes.h"
#include "Codegen/X86Transpose.h"
#include "tjit-compiler/IR/TjitDialect.h"

using namespace mlir;

namespace tjit::codegen {

FailureOr<EmittedKernel> emitElementwiseX86(ir::KernelOp kernel, const KernelShape &shape,
                                            StringRef symbol, ModuleOp module,
                                            const TargetInfo &target) {
  constexpr int64_t kTile = 16384; // points of a long row that one index stands for
  ArrayRef<int64_t> sizes = shape.sizes;
  if (std::optional<TransposePlan> plan = planTranspose(kernel, shape, target))
    return emitTransposeX86(kernel, shape, *plan, symbol, module, target);
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
    LaneEmitter(kernel, function, 1).emit(space, code.i64(0), code.i64(1));
  } else if (sizes.size() == 1 || sizes.back() < width || shape.hasGeneralMaps()) {
    for (unsigned dim = 0; dim < sizes.size(); ++dim)
      space.dims.push_back(dim);
    launch.range = points;
    launch.grain = grainFor(kernel, 1, launch.range);
    LaneEmitter(kernel, function, width).emit(space, function.begin(), function.end());
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
      LaneEmitter(kernel, function, width).emit(space, first, end);
    });
  }
  function.finish();
  launch.scratchBytes = LaneEmitter::kBuffer * function.numOperands();
  emitted.launches.push_back(launch);
  return emitted;
}

} // namespace tjit::codegen
