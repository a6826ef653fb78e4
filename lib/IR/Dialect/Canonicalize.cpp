//===- Canonicalize.cpp - canonical forms of the dialect --------------------------------------===//
//
// Patterns that make new operations; what only replaces or drops one is in Fold.cpp. None changes a
// bit of a result.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/Dialect/Constants.h"
#include "IR/Dialect/OpBridge.h"
#include "IR/Infer.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

#include <cmath>

using namespace mlir;

namespace tjit::ir {

namespace {

/// An elementwise operation broadcasts by itself: op(x, expand(y)) is op(x, y) where the result
/// keeps its shape.
struct DropExpandBeforeBroadcast : RewritePattern {
  explicit DropExpandBeforeBroadcast(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    auto kind = opKindOf(op);
    if (!kind || opInfo(*kind).opClass != OpClass::elementwise || op->getNumOperands() < 2)
      return failure();
    auto resultType = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (!resultType)
      return failure();
    for (OpOperand &operand : op->getOpOperands()) {
      auto expand = operand.get().getDefiningOp<ExpandOp>();
      if (!expand || !keepsShape(op, operand, expand.getInput(), resultType))
        continue;
      rewriter.modifyOpInPlace(op, [&] { operand.set(expand.getInput()); });
      return success();
    }
    return failure();
  }

  static bool keepsShape(Operation *op, OpOperand &replaced, Value by, RankedTensorType result) {
    Dims sizes;
    for (OpOperand &operand : op->getOpOperands()) {
      Value value = &operand == &replaced ? by : operand.get();
      Dims before = sizes;
      if (!broadcastSizes(before, typeOf(value.getType()).sizes, sizes))
        return false;
    }
    return result.getShape() == ArrayRef<int64_t>(sizes.data(), sizes.size());
  }
};

/// x / 2^k is x * 2^-k, to the bit, where 2^-k is a normal number of float32 (the type that 16-bit
/// operands are computed in) or of float64.
struct DivideByPowerOfTwo : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DivOp op, PatternRewriter &rewriter) const override {
    Attribute constant;
    if (!matchPattern(op.getRhs(), m_Constant(&constant)))
      return failure();
    auto divisor = dyn_cast_if_present<FloatAttr>(splatElement(constant));
    if (!divisor)
      return failure();
    double value = divisor.getValueAsDouble();
    int exponent;
    if (!std::isfinite(value) || std::abs(std::frexp(value, &exponent)) != 0.5)
      return failure();
    // value = ±2^(exponent - 1); the narrowest range, float16's, bounds the reciprocal as a
    // constant of the dtype.
    constexpr int kBound = 14;
    if (std::abs(exponent - 1) > kBound)
      return failure();
    Attribute reciprocal =
        makeConstant(op.getRhs().getType(), elementFromDouble(divisor.getType(), 1 / value));
    Operation *fill = op->getDialect()->materializeConstant(
        rewriter, reciprocal, op.getRhs().getType(), op.getRhs().getLoc());
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), op.getLhs(), fill->getResult(0));
    return success();
  }
};

} // namespace

void TjitDialect::getCanonicalizationPatterns(RewritePatternSet &patterns) const {
  patterns.add<DropExpandBeforeBroadcast, DivideByPowerOfTwo>(patterns.getContext());
}

} // namespace tjit::ir
