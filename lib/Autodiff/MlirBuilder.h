//===- MlirBuilder.h - the builder of the derivative rules over MLIR values -------------------===//
//
// Rules that run on it append operations of the dialect. See RuleContext.h.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/Dialect/OpBridge.h"
#include "IR/OpBuilder.h.inc"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"

namespace tjit::autodiff {

class MlirBuilder : public OpBuilder<MlirBuilder, mlir::Value> {
public:
  using Value = mlir::Value;
  using Index = mlir::Value;
  using Sizes = std::span<const int64_t>;

  explicit MlirBuilder(mlir::OpBuilder &builder) : builder_(builder) {}

  /// What is made from now on belongs to the derivative of `op`.
  void setSource(mlir::Operation *op) { source_ = op; }
  /// Whether a rule asked for an operation that its operands do not allow; reported at the source.
  bool failed() const { return failed_; }

  static bool isNull(Value value) { return !value; }
  TensorType typeOf(Value value) { return ir::typeOf(value.getType()); }
  Value create(OpKind kind, std::span<const Value> operands, Sizes words, const TensorType &type) {
    return ir::createOperation(
               kind, builder_, source_->getLoc(), ir::tensorType(builder_.getContext(), type),
               mlir::ValueRange(llvm::ArrayRef(operands.data(), operands.size())), words)
        ->getResult(0);
  }
  /// Some value, so that the rule runs to its end; the pass fails.
  Value inferenceFailed(const InferContext &context) {
    source_->emitOpError() << "cannot be differentiated: " << context.error;
    failed_ = true;
    return constant(0.0, ScalarType::Float, {});
  }

  Value constant(double value, ScalarType dtype, Sizes sizes) { return fill(sizes, dtype, value); }
  Index index(int64_t value) { return constant(static_cast<double>(value), ScalarType::Long, {}); }
  Index scaled(Index start, int64_t factor) {
    return factor == 1 ? start : mul(start, index(factor));
  }
  Value indexValue(Index start) { return start; }
  Value sliceAt(Value input, Index start, int64_t dim, int64_t size, int64_t step) {
    return slice(input, start, dim, size, step);
  }
  Value asStridedAt(Value input, Index offset, Sizes sizes, Sizes strides) {
    return as_strided(input, offset, sizes, strides);
  }
  Value writeViewAt(Value base, Value value, Index offset, Sizes sizes, Sizes strides) {
    return write_view(base, value, offset, sizes, strides);
  }

private:
  mlir::OpBuilder &builder_;
  mlir::Operation *source_ = nullptr;
  bool failed_ = false;
};

} // namespace tjit::autodiff
