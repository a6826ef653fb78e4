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
#include "Codegen/EmitTypes.h"
#include "Codegen/X86Kernel.h"
#include "Codegen/X86Lanes.h"
#include "Codegen/X86Transpose.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

constexpr int64_t kLineBytes = 64; // of a cache

/// What [begin, end) of a kernel that bypasses the caches may rely on: every result's first line
/// begins at `begin`, and none is in the memory of an input, whose lines are at hand in any case.
Value mayBypass(X86Function &function) {
  CodeBuilder &code = function.code;
  auto addressOf = [&](unsigned operand) -> Value {
    return code.create<LLVM::PtrToIntOp>(code.b.getI64Type(), function.argument(operand));
  };
  Value bits = code.i64(0), apart;
  for (unsigned result = function.numInputs(); result < function.numOperands(); ++result) {
    Value address = addressOf(result);
    bits = code.create<arith::OrIOp>(bits, address);
    for (unsigned input = 0; input < function.numInputs(); ++input) {
      Value differ =
          code.create<arith::CmpIOp>(arith::CmpIPredicate::ne, address, addressOf(input));
      apart = apart ? Value(code.create<arith::AndIOp>(apart, differ)) : differ;
    }
  }
  // Elements have a byte at least.
  bits = code.create<arith::AndIOp>(code.create<arith::OrIOp>(bits, function.begin()),
                                    code.i64(kLineBytes - 1));
  Value aligned = code.create<arith::CmpIOp>(arith::CmpIPredicate::eq, bits, code.i64(0));
  return apart ? Value(code.create<arith::AndIOp>(apart, aligned)) : aligned;
}

} // namespace

bool bypassesCaches(ir::KernelOp kernel, const KernelShape &shape, const TargetInfo &target) {
  constexpr int64_t kFactor =
      16; // of L2; reading 16 MB back is not slower from memory than from L3
  if (kernel.getDomain().size() != 1 || kernel.getReductions() || !kernel.getDests().empty())
    return false;
  Extent bytes = 0;
  for (const OperandMap &map : shape.results)
    if (!map.isLinear() || map.offsetInput >= 0 || map.constant != 0 || map.strides.size() != 1 ||
        map.strides[0] != 1)
      return false;
  for (Value result : kernel.getResults())
    bytes += shape.sizes[0] * memoryBytes(getElementTypeOrSelf(result.getType()));
  return bytes >= kFactor * int64_t(target.l2Bytes);
}

FailureOr<EmittedKernel> emitElementwiseX86(ir::KernelOp kernel, const KernelShape &shape,
                                            StringRef symbol, ModuleOp module,
                                            const TargetInfo &target) {
  constexpr int64_t kTile = 16384; // points of a long row that one index stands for
  ArrayRef<Extent> sizes = shape.sizes;
  if (std::optional<TransposePlan> plan = planTranspose(kernel, shape))
    return emitTransposeX86(kernel, shape, *plan, symbol, module, target);
  int64_t width = vectorWidth(kernel, target, {});
  X86Function function(kernel, shape, symbol, module, target);
  Parameters parameters;
  function.readParameters(parameters, function.numOperands());
  CodeBuilder &code = function.code;
  LaneSpace space;
  space.outer.assign(sizes.size(), nullptr);
  Extent points = 1;
  for (Extent size : sizes)
    points *= size;

  EmittedKernel emitted;
  LaunchExtents launch;
  launch.symbol = symbol.str();
  if (sizes.empty()) {
    LaneEmitter(kernel, function, 1).emit(space, code.i64(0), code.i64(1));
  } else if (sizes.size() == 1 || (!sizes.back().varies() && sizes.back() < width) ||
             shape.hasGeneralMaps()) {
    for (unsigned dim = 0; dim < sizes.size(); ++dim)
      space.dims.push_back(dim);
    launch.range = points;
    // Elements have a byte at least: then every piece begins with a line, as the first one does.
    launch.grain = roundUp(grainFor(kernel, 1), kLineBytes);
    auto points = [&](bool streaming) {
      LaneEmitter::Options options;
      options.streaming = streaming;
      LaneEmitter(kernel, function, width).emit(space, function.begin(), function.end(), options);
    };
    if (bypassesCaches(kernel, shape, target)) {
      function.branch(
          mayBypass(function),
          [&] {
            points(/*streaming=*/true);
            // What is written past the caches must be there before the end of the launch says so.
            code.create<LLVM::CallIntrinsicOp>(code.b.getStringAttr("llvm.x86.sse.sfence"),
                                               ValueRange());
          },
          [&] { points(/*streaming=*/false); });
    } else {
      points(/*streaming=*/false);
    }
  } else {
    unsigned last = sizes.size() - 1;
    const bool isOneTile = sizes[last] <= 2 * kTile;
    space.dims.push_back(last);
    launch.grain = grainFor(kernel, isOneTile ? sizes[last] : Extent(kTile));
    SmallVector<Extent> units(sizes.begin(), sizes.end());
    units.back() = isOneTile ? Extent(1) : divideUp(sizes[last], kTile);
    for (Extent unit : units)
      launch.range *= unit;
    code.loop(function.begin(), function.end(), 1, [&](Value unit) {
      SmallVector<Value, 4> coordinates = code.delinearize(unit, units);
      for (unsigned dim = 0; dim < last; ++dim)
        space.outer[dim] = coordinates[dim];
      Value first = code.i64(0), end = code.i64(sizes[last]);
      if (!isOneTile) {
        first = code.mul(coordinates[last], kTile);
        end = code.min(code.add(first, kTile), end);
      }
      LaneEmitter(kernel, function, width).emit(space, first, end);
    });
  }
  function.finish();
  launch.scratchBytes = LaneEmitter::kBuffer * function.numOperands();
  emitted.take(parameters, launch);
  return emitted;
}

} // namespace tjit::codegen
