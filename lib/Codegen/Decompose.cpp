//===- Decompose.cpp --------------------------------------------------------------------------===//
// Tjit-decompose: operations without loops of their own.

#include "Codegen/Access.h"
#include "IR/TensorType.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {

#define GEN_PASS_DEF_TJITDECOMPOSE
#include "tjit-compiler/Codegen/Passes.h.inc"

namespace {

/// Builds operations in front of the one that they replace.
class Decomposer {
public:
  explicit Decomposer(Operation *op) : b(op), loc(op->getLoc()) {}

  /// The least index whose element is the extremum, compared as numbers: +0 is -0. A NaN is the
  /// extremum wherever there is one.
  template <class Extremum> Value firstExtremum(Value input, int64_t dim, Type result) {
    auto type = cast<RankedTensorType>(input.getType());
    SmallVector<int64_t> kept(type.getShape()), alongDim(type.getRank(), 1);
    const int64_t size = kept[dim];
    kept[dim] = 1;
    alongDim[dim] = size;
    Value extremum =
        create<Extremum>(type.clone(kept), ValueRange(input), reductionAttributes(dim, true));
    auto mask = RankedTensorType::get(type.getShape(), b.getI1Type());
    Value found = create<ir::EqOp>(mask, ValueRange{input, extremum});
    if (isa<FloatType>(type.getElementType())) {
      Value isNan = create<ir::IsnanOp>(mask, ValueRange(input));
      found = create<ir::AddOp>(mask, ValueRange{found, isNan}); // or
    }
    auto places = [&](ArrayRef<int64_t> sizes) {
      return RankedTensorType::get(sizes, b.getI64Type());
    };
    Value place = create<ir::IotaOp>(places(size), ValueRange(),
                                     {b.getNamedAttr("size", b.getI64IntegerAttr(size))});
    place = create<ir::ReshapeOp>(places(alongDim), ValueRange(place),
                                  {b.getNamedAttr("sizes", b.getDenseI64ArrayAttr(alongDim))});
    Value behind = scalar(size);
    Value chosen = create<ir::WhereOp>(places(type.getShape()), ValueRange{found, place, behind});
    bool keepdim = cast<RankedTensorType>(result).getRank() == type.getRank();
    return create<ir::AminOp>(result, ValueRange(chosen), reductionAttributes(dim, keepdim));
  }

  /// Writes of the operands, one behind the other, into new memory.
  Value concatenated(ir::ConcatOp concat) {
    auto type = cast<RankedTensorType>(concat.getResult().getType());
    Dims strides = contiguousStrides(std::span(type.getShape()));
    Value whole = ir::EmptyOp::create(b, loc, type);
    int64_t offset = 0;
    for (Value part : concat.getInputs()) {
      ArrayRef<int64_t> sizes = sizesOf(part);
      if (elementsOf(part) == 0)
        continue;
      whole = create<ir::WriteViewOp>(
          type, ValueRange{whole, part, scalar(offset)},
          {b.getNamedAttr("sizes", b.getDenseI64ArrayAttr(sizes)),
           b.getNamedAttr("strides",
                          b.getDenseI64ArrayAttr(ArrayRef(strides.data(), strides.size())))});
      offset += sizes[concat.getDim()] * strides[concat.getDim()];
    }
    return whole;
  }

private:
  template <class Op>
  Value create(Type type, ValueRange operands, ArrayRef<NamedAttribute> attributes = {}) {
    OperationState state(loc, Op::getOperationName());
    state.addOperands(operands);
    state.addTypes(type);
    state.addAttributes(attributes);
    return b.create(state)->getResult(0);
  }
  /// A 0-dim i64.
  Value scalar(int64_t value) {
    return create<ir::FillOp>(
        RankedTensorType::get({}, b.getI64Type()), ValueRange(),
        {b.getNamedAttr("sizes", b.getDenseI64ArrayAttr({})),
         b.getNamedAttr("dtype", TypeAttr::get(b.getI64Type())),
         b.getNamedAttr("value", b.getF64FloatAttr(static_cast<double>(value)))});
  }
  SmallVector<NamedAttribute> reductionAttributes(int64_t dim, bool keepdim) {
    return {b.getNamedAttr("dims", b.getDenseI64ArrayAttr(dim)),
            b.getNamedAttr("keepdim", b.getBoolAttr(keepdim))};
  }

  OpBuilder b;
  Location loc;
};

/// What replaces an operation; null: it stays. Tensors without elements are nobody's work.
Value decompose(Operation *op) {
  if (op->getNumResults() != 1 || elementsOf(op->getResult(0)) == 0)
    return {};
  Type result = op->getResult(0).getType();
  if (auto concat = dyn_cast<ir::ConcatOp>(op))
    return Decomposer(op).concatenated(concat);
  if (auto argmax = dyn_cast<ir::ArgmaxOp>(op); argmax && !sizesOf(argmax.getInput()).empty())
    return Decomposer(op).firstExtremum<ir::AmaxOp>(argmax.getInput(), argmax.getDim(), result);
  if (auto argmin = dyn_cast<ir::ArgminOp>(op); argmin && !sizesOf(argmin.getInput()).empty())
    return Decomposer(op).firstExtremum<ir::AminOp>(argmin.getInput(), argmin.getDim(), result);
  return {};
}

struct DecomposePass : impl::TjitDecomposeBase<DecomposePass> {
  using TjitDecomposeBase::TjitDecomposeBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    for (Operation &op : llvm::make_early_inc_range(func.getBody().front())) {
      if (isa<func::ReturnOp>(op))
        continue;
      Value replacement = decompose(&op);
      if (!replacement)
        continue;
      op.getResult(0).replaceAllUsesWith(replacement);
      op.erase();
    }
  }
};

} // namespace
} // namespace tjit::codegen
