//===- AutogradBuilder.h - the builder of the derivative rules over tensors -------------------===//
//
// Rules that run on it record operations like any other caller, so under create_graph gradients
// have histories of their own. Views are views: they record nothing. See Autodiff/RuleContext.h.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Frontend/RecordOp.h"
#include "IR/OpBuilder.h.inc"

namespace tjit::autodiff {

class EagerBuilder : public OpBuilder<EagerBuilder, Tensor> {
public:
  using Index = int64_t;
  using Sizes = std::span<const int64_t>;

  static bool isNull(const Tensor &t) { return !t.defined(); }
  const TensorType &typeOf(const Tensor &t) { return t.impl()->type(); }
  Tensor build(OpKind kind, std::span<const Tensor> operands, std::span<const int64_t> words) {
    if (words.empty() && operands.size() == 2)
      return recordBinary(kind, operands[0], operands[1]);
    if (words.empty() && operands.size() == 1)
      return recordUnary(kind, operands[0]);
    return recordOp(kind, operands, words);
  }

  /// The sizes are those of a tensor that exists, so nothing has to be checked.
  Tensor constant(double value, ScalarType dtype, Sizes sizes) {
    return recordFillLike(value, {dtype, sizes});
  }
  Index index(int64_t value) { return value; }
  Index scaled(Index index, int64_t factor) { return index * factor; }
  Tensor indexValue(Index index) { return indexArgument(index); }

  Tensor permute(const Tensor &t, Sizes dims) { return t.permute(ref(dims)); }
  Tensor expand(const Tensor &t, Sizes sizes) { return t.expand(ref(sizes)); }
  Tensor reshape(const Tensor &t, Sizes sizes) { return t.reshape(ref(sizes)); }
  Tensor sliceAt(const Tensor &t, Index start, int64_t dim, int64_t size, int64_t step) {
    return t.slice(dim, start, start + (size - 1) * step + 1, step);
  }
  /// `offset` and `strides` are those of row-major elements.
  Tensor asStridedAt(const Tensor &t, Index offset, Sizes sizes, Sizes strides) {
    const Tensor rowMajor = t.contiguous();
    return rowMajor.as_strided(ref(sizes), ref(strides), rowMajor.storage_offset() + offset);
  }
  Tensor writeViewAt(const Tensor &base, const Tensor &value, Index offset, Sizes sizes,
                     Sizes strides) {
    AttrWords words;
    WriteViewAttrs{sizes, strides}.write(words);
    const Tensor operands[] = {base, value, indexArgument(offset)};
    return recordOp(OpKind::write_view, operands, words.span(), offset);
  }

private:
  static IntArrayRef ref(Sizes sizes) { return {sizes.data(), sizes.size()}; }
};

} // namespace tjit::autodiff
