//===- EmitMaps.h -----------------------------------------------------------------------------===//
// A kernel's iteration space and where its operands lie in it.
//
// What both emitters know of a tjit.kernel before they write a loop: sizes, and for each operand
// the element offset as a function of the point. Dimensions that no operand tells apart are merged,
// so most kernels become one loop.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit-compiler/Codegen/Extent.h"

#include "mlir/IR/AffineMap.h"
#include "llvm/ADT/SmallVector.h"

namespace tjit::ir {
class KernelOp;
} // namespace tjit::ir

namespace tjit::codegen {

/// Element offset of an operand: constant + s0 * offsetScale + sum(d_i * strides[i]), or `general`
/// where it is not of that form.
struct OperandMap {
  llvm::SmallVector<Extent, 6>
      strides; ///< one per dimension of the domain; empty where `general` is set
  Extent constant = 0;
  int offsetInput = -1;      ///< the i64 input that holds s0; -1: none
  bool offsetVaries = false; ///< s0 is read anew at each point: a gather
  Extent offsetScale = 1;
  mlir::AffineMap general;

  bool isLinear() const { return !general; }
};

/// The iteration space: parallel dimensions first, then `numReduced` reduced ones.
struct KernelShape {
  llvm::SmallVector<Extent, 6> sizes;
  unsigned numReduced = 0;
  llvm::SmallVector<OperandMap> inputs, results;
  llvm::SmallVector<OperandMap> indices; ///< of the body's tjit.index operations, in order

  unsigned numParallel() const { return sizes.size() - numReduced; }
  llvm::ArrayRef<Extent> parallelSizes() const {
    return llvm::ArrayRef(sizes).drop_back(numReduced);
  }
  llvm::ArrayRef<Extent> reducedSizes() const {
    return llvm::ArrayRef(sizes).take_back(numReduced);
  }
  /// Whether some operand's offset is not a linear function of the point.
  bool hasGeneralMaps() const;
};

/// Which numbers of a kernel may differ the next time that its code is asked for: by position in
/// the order of forEachNumber, the origin of an Extent, 0 where the number is the same each time.
/// Empty: none may.
using VaryingNumbers = llvm::SmallVector<uint64_t>;

/// Calls `number` for the sizes of the domain, then for the strides, the constant and the factor of
/// s0 of each linear map: those of the operands, then those of the body's tjit.index operations.
/// Whether the map is of the form that an OperandMap holds as numbers.
bool isLinear(mlir::AffineMap map);

void forEachNumber(ir::KernelOp kernel, llvm::function_ref<void(int64_t)> number);

/// The shape of `kernel` without dimensions of size 1 and with neighbouring dimensions merged where
/// the maps allow it; parallel and reduced dimensions are never merged with each other, so the
/// order of accumulation stays.
KernelShape analyzeShape(ir::KernelOp kernel, llvm::ArrayRef<uint64_t> varying = {});

/// Whether 32 bits hold every offset into an input that is gathered (offsetVaries). Part of a
/// kernel's cache key, since sizes need not be.
bool hasNarrowOffsets(ir::KernelOp kernel, const KernelShape &shape, unsigned input);

/// A run of dimensions seen by one operand: how many different (size, stride) steps remain after
/// merging.
struct Step {
  Extent size, stride;
};
/// `dims` (outermost first) as the fewest steps that visit the operand's elements in the same
/// order. No steps: one point.
llvm::SmallVector<Step, 4> mergedSteps(const KernelShape &shape, const OperandMap &map,
                                       llvm::ArrayRef<unsigned> dims);

} // namespace tjit::codegen
