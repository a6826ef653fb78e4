//===- RuleContext.h --------------------------------------------------------------------------===//
// What a derivative rule sees.
//
// Rules are templates over a builder B, so that one text serves the eager backward pass (B::Value
// is Tensor: rules record operations, differentiable again under create_graph) and `tjit-opt
// --tjit-autodiff` (B::Value is mlir::Value).
//
// B derives from the generated OpBuilder<B, Value> (IR/OpBuilder.h.inc), which has one method per
// operation,
//   Value mul(Value lhs, Value rhs);  Value sum(Value input, std::span<const int64_t> dims, bool
//   keepdim);
// and provides, beside what OpBuilder asks for,
//   static bool isNull(const Value &);
//   Value constant(double value, ScalarType dtype, std::span<const int64_t> sizes);   // tjit.fill
// The start of a slice and the offset of as_strided and write_view are operands of the IR, but
// concrete integers in eager histories, where slices are views that record nothing. Rules see them
// as B::Index (int64_t or mlir::Value):
//   Index index(int64_t);
//   Index scaled(Index, int64_t factor);
//   Value indexValue(Index);                 // as a 0-dim int64 tensor
//   Value sliceAt(Value input, Index start, int64_t dim, int64_t size, int64_t step);
//   Value asStridedAt(Value input, Index offset, sizes, strides);
//   Value writeViewAt(Value base, Value value, Index offset, sizes, strides);
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/OpKind.h"
#include "IR/TensorType.h"

namespace tjit::autodiff {

/// One application of an operation whose result's cotangent is known. Operand values that the rule
/// did not declare as saved are not available; their types always are.
template <class B> struct RuleContext {
  using Value = typename B::Value;

  B &builder;
  OpKind kind;
  std::span<const int64_t> attributes; // words; see IR/OpAttrs.h.inc for typed access
  std::span<const Value> operands;     // unsaved ones are null values
  std::span<const TensorType> operandTypes;
  Value result; // null unless saved
  const TensorType &resultType;
  Value grad;                // cotangent of the result, of the result's type
  typename B::Index start{}; // the index operand of slice, as_strided and write_view
  uint64_t needed = 0; // bit i: operand i needs a gradient; those above 63 always count as needed
  std::span<Value>
      gradients; // out: one per operand; null: none. May still have the result's broadcast shape

  bool needs(unsigned operand) const { return operand > 63 || (needed >> operand & 1); }
};

/// Sums a gradient over the dimensions that broadcasting enlarged: the one place where that is
/// done.
template <class B>
typename B::Value sumToType(B &b, const typename B::Value &grad, const TensorType &type);

/// Runs the rule of context.kind (generated dispatch); gradients come back in their operands'
/// shapes.
template <class B> void applyRule(RuleContext<B> &context);

} // namespace tjit::autodiff
