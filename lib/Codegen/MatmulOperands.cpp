//===- MatmulOperands.cpp ---------------------------------------------------------------------===//
// A contraction with its operands' views folded into strides.

#include "Codegen/MatmulOperands.h"

#include "Codegen/Access.h"
#include "Codegen/EmitMaps.h"
#include "IR/Dialect/OpBridge.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {

/// Strides of an operand's batch dimensions over the result's: 0 where the operand is broadcast.
static SmallVector<int64_t, 2> batchStrides(ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides,
                                            size_t batchDims) {
  SmallVector<int64_t, 2> result(batchDims, 0);
  size_t own = sizes.size() - 2;
  for (size_t i = 0; i < own; ++i)
    result[batchDims - own + i] = sizes[i] == 1 ? 0 : strides[i];
  return result;
}

std::optional<MatmulDescription> describeMatmul(ir::MatmulOp matmul) {
  auto noRoot = [](Value) { return false; };
  std::optional<StridedOperand> lhs = stridedOperand(matmul.getLhs(), noRoot);
  std::optional<StridedOperand> rhs = stridedOperand(matmul.getRhs(), noRoot);
  if (!lhs || !rhs)
    return std::nullopt;
  ArrayRef<int64_t> lhsSizes = sizesOf(matmul.getLhs()), rhsSizes = sizesOf(matmul.getRhs());
  ArrayRef<int64_t> sizes = sizesOf(matmul.getResult());
  size_t batchDims = sizes.size() - 2;

  MatmulDescription result(matmul.getLoc());
  result.dtype = ir::scalarTypeOf(getElementTypeOrSelf(matmul.getLhs().getType()));
  result.m = sizes[batchDims];
  result.n = sizes[batchDims + 1];
  result.k = lhsSizes.back();
  result.lhsRowStride = lhs->strides[lhsSizes.size() - 2];
  result.lhsColStride = lhs->strides[lhsSizes.size() - 1];
  result.rhsRowStride = rhs->strides[rhsSizes.size() - 2];
  result.rhsColStride = rhs->strides[rhsSizes.size() - 1];
  // Batch dimensions that both operands run through as one become one; those of size 1 go.
  SmallVector<int64_t, 2> lhsBatch = batchStrides(lhsSizes, lhs->strides, batchDims);
  SmallVector<int64_t, 2> rhsBatch = batchStrides(rhsSizes, rhs->strides, batchDims);
  for (size_t i = batchDims; i-- > 0;) {
    if (sizes[i] == 1)
      continue;
    if (!result.batch.empty() && lhsBatch[i] == result.lhsBatchStrides[0] * result.batch[0] &&
        rhsBatch[i] == result.rhsBatchStrides[0] * result.batch[0]) {
      result.batch[0] *= sizes[i];
      continue;
    }
    result.batch.insert(result.batch.begin(), sizes[i]);
    result.lhsBatchStrides.insert(result.lhsBatchStrides.begin(), lhsBatch[i]);
    result.rhsBatchStrides.insert(result.rhsBatchStrides.begin(), rhsBatch[i]);
  }
  return result;
}

ir::KernelOp prologueKernel(ir::MatmulOp matmul, unsigned side) {
  // Views in front of an operand are read by it alone, or the kernel is read twice.
  Value value = matmul->getOperand(side);
  while (isView(value.getDefiningOp())) {
    if (!value.hasOneUse())
      return nullptr;
    value = value.getDefiningOp()->getOperand(0);
  }
  auto kernel = value.getDefiningOp<ir::KernelOp>();
  if (!kernel || !value.hasOneUse() || kernel.getNumResults() != 1 || kernel.getInputs().empty() ||
      kernel.getReductions() || !kernel.getDests().empty() || elementsOf(value) == 0 ||
      llvm::any_of(kernel.getOffsets(), [](int64_t offset) { return offset >= 0; }) ||
      !kernel.getBody().front().getOps<ir::DrawOp>().empty() ||
      !kernel.getBody().front().getOps<ir::FoldOp>().empty())
    return nullptr;
  const KernelShape shape = analyzeShape(kernel);
  const OperandMap &result = shape.results.front();
  if (!result.isLinear() || result.constant != 0)
    return nullptr;
  int64_t elements = 1;
  for (size_t d = shape.sizes.size(); d-- > 0; elements *= shape.sizes[d])
    if (result.strides[d] != elements)
      return nullptr;
  return elements == elementsOf(value) ? kernel : nullptr;
}

std::optional<unsigned> epilogueProduct(ir::KernelOp kernel) {
  if (kernel.getReductions() || !kernel.getDests().empty())
    return std::nullopt;
  KernelShape shape = analyzeShape(kernel);
  for (auto [i, input] : llvm::enumerate(kernel.getInputs())) {
    auto matmul = input.getDefiningOp<ir::MatmulOp>();
    if (!matmul || !input.hasOneUse() || elementsOf(input) == 0 || !shape.inputs[i].isLinear() ||
        shape.inputs[i].constant != 0 || shape.inputs[i].offsetInput >= 0)
      continue;
    int64_t elements = 1;
    bool own = true;
    for (size_t d = shape.sizes.size(); d-- > 0; elements *= shape.sizes[d])
      own &= shape.inputs[i].strides[d] == elements;
    if (own && elements == elementsOf(input))
      return i;
  }
  return std::nullopt;
}

} // namespace tjit::codegen
