//===- RecordOp.h -----------------------------------------------------------------------------===//
// Recording an operation on tensors.
//
// The one door between tensors and the recorder: checks by inference, geometry of the operands,
// strides of the result, autograd, borrowed memory, eager mode.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/TensorImpl.h"
#include "IR/OpKind.h"
#include "Runtime/Recorder.h"

namespace tjit {

/// Records kind(operands){attributes} and gives the result. Elementwise operands have one dtype
/// (promotion is done before, see Promotion.h) and broadcast. Throws Error with the message of
/// shape inference. The result's strides are those that PyTorch gives. Attaches a grad_fn where one
/// is needed.
/// `start` is the value of the index operand of slice, as_strided and write_view, for autograd.
Tensor recordOp(OpKind kind, std::span<const Tensor> operands,
                std::span<const int64_t> attributes = {}, int64_t start = 0);

/// The same for one and two operands without attributes, with a short way for what is common:
/// contiguous operands or repeated numbers, one of which has the shape of the result.
/// Two operands are promoted to one dtype.
Tensor recordUnary(OpKind kind, const Tensor &input);
Tensor recordBinary(OpKind kind, const Tensor &lhs, const Tensor &rhs);
/// tensor op scalar and scalar op tensor, the scalar in the tensor's dtype as an argument of the
/// trace.
Tensor recordWithScalar(OpKind kind, const Tensor &tensor, const Scalar &scalar,
                        bool scalarFirst = false);

/// tjit.cast; the tensor itself where it has the dtype.
Tensor castTo(const Tensor &input, ScalarType dtype);

/// Whether a number beside 16-bit floats stays as it is, as in PyTorch: only the result is rounded.
/// Other operations round the number first.
inline bool keepsNumbers(OpKind kind) { return kind == OpKind::mul || kind == OpKind::div; }
/// tjit.fill: a constant that is part of the program.
Tensor recordFill(double value, ScalarType dtype, std::span<const int64_t> sizes);
/// The same for the type of a tensor that exists and a value that its dtype has: nothing is
/// checked.
Tensor recordFillLike(double value, const TensorType &type);
/// A 0-dim tensor whose value is an argument of the trace.
Tensor scalarArgument(const Scalar &value, ScalarType dtype);
/// An int64 scalarArgument: starts of slices, offsets.
inline Tensor indexArgument(int64_t value) { return scalarArgument(Scalar(value), kLong); }

/// Makes tensors operands of the recorder. Borrowed memory is copied into a value of its own, up to
/// 1 MB; above that it is read in place and the result has to be evaluated before the call returns
/// (decision 12 in docs/design.md). A region without gaps that was copied for an operation with a
/// history is not copied again for its gradient while the memory holds the same bytes.
class OperandReader {
public:
  /// `tracked`: the operation becomes part of a history, so that what it reads may be read again.
  explicit OperandReader(bool tracked = false) : tracked_(tracked) {}
  /// All of `t`, or t under other sizes and strides (which must live until the operation is
  /// recorded).
  rt::Operand read(const TensorImpl &t);
  rt::Operand read(const TensorImpl &t, const Dims &sizes, const Dims &strides);
  bool mustEvaluate() const { return mustEvaluate_; }

private:
  rt::Operand copy(const TensorImpl &t, const Dims &sizes, const Dims &strides);

  std::vector<rt::Ref<rt::Value>> copies_;
  bool tracked_, mustEvaluate_ = false;
};

} // namespace tjit
