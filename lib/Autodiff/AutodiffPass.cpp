//===- AutodiffPass.cpp - tjit-autodiff: expand tjit.grad -------------------------------------===//
//
//   forward over the block: which values depend on what is differentiated by, through operations
//                           that let a gradient pass
//   backward over the block: each operation's rule, from its result's cotangent to its operands'
//
//===------------------------------------------------------------------------------------------===//

#include "Autodiff/MlirBuilder.h"
#include "Autodiff/Rules.h"
#include "tjit-compiler/Autodiff/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace tjit::autodiff {

#define GEN_PASS_DEF_TJITAUTODIFF
#include "tjit-compiler/Autodiff/Passes.h.inc"

namespace {

/// The operand that a rule sees as its index, or null.
Value indexOperand(OpKind kind, Operation *op) {
  switch (kind) {
  case OpKind::slice:
  case OpKind::as_strided:
    return op->getOperand(1);
  case OpKind::write_view:
    return op->getOperand(2);
  default:
    return {};
  }
}

bool isFloat(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

/// The expansion of one tjit.grad.
class Expansion {
public:
  explicit Expansion(ir::GradOp grad) : grad_(grad), opBuilder_(grad), builder_(opBuilder_) {}

  LogicalResult run() {
    findActive();
    if (failed(checkDifferentiable()))
      return failure();
    builder_.setSource(grad_);
    add(grad_.getOf(), builder_.constant(1.0, builder_.typeOf(grad_.getOf()).dtype, {}));
    for (Operation *op : llvm::reverse(active_))
      if (Value cotangent = cotangents_.lookup(op->getResult(0)))
        applyTo(op, cotangent);
    builder_.setSource(grad_);
    for (auto [wrt, gradient] : llvm::zip(grad_.getWrt(), grad_.getGradients())) {
      Value value = cotangents_.lookup(wrt);
      if (!value) {
        const TensorType type = builder_.typeOf(wrt);
        value = builder_.constant(0.0, type.dtype, type.sizes);
      }
      gradient.replaceAllUsesWith(value);
    }
    grad_.erase();
    return success(!builder_.failed());
  }

private:
  /// Operations in order whose result depends on a wanted value.
  void findActive() {
    for (Value wrt : grad_.getWrt())
      depends_.insert(wrt);
    for (Operation &op : *grad_->getBlock()) {
      if (&op == grad_)
        break;
      if (isa<ir::DetachOp>(op) || !llvm::any_of(op.getOperands(), [&](Value operand) {
            return depends_.contains(operand);
          }))
        continue;
      bool any = false;
      for (Value result : op.getResults())
        if (isFloat(result))
          any |= depends_.insert(result).second || depends_.contains(result);
      if (any)
        active_.push_back(&op);
    }
  }

  /// Reports operations without a derivative between the differentiated value and the wanted ones.
  LogicalResult checkDifferentiable() {
    llvm::DenseSet<Value> reached;
    reached.insert(grad_.getOf());
    LogicalResult result = success();
    for (Operation *op : llvm::reverse(active_)) {
      if (!llvm::any_of(op->getResults(), [&](Value v) { return reached.contains(v); }))
        continue;
      std::optional<OpKind> kind = ir::opKindOf(op);
      if (!kind || !opInfo(*kind).hasDerivative) {
        InFlightDiagnostic error = op->emitOpError()
                                   << "has no derivative, and a gradient is wanted through it; cut "
                                      "it off with tjit.detach";
        error.attachNote(grad_.getLoc()) << "the gradient is taken here";
        result = failure();
        continue;
      }
      for (Value operand : op->getOperands())
        reached.insert(operand);
    }
    return result;
  }

  void add(Value value, Value cotangent) {
    Value &sum = cotangents_[value];
    sum = sum ? builder_.add(sum, cotangent) : cotangent;
  }

  void applyTo(Operation *op, Value cotangent) {
    builder_.setSource(op);
    const OpKind kind = *ir::opKindOf(op);
    const std::vector<int64_t> words = ir::attributeWordsOf(op);
    const auto operands = llvm::to_vector(op->getOperands());
    llvm::SmallVector<TensorType> types;
    llvm::SmallVector<Value> gradients(operands.size());
    uint64_t needed = 0;
    for (auto [i, operand] : llvm::enumerate(operands)) {
      types.push_back(builder_.typeOf(operand));
      if (i < 64 && depends_.contains(operand))
        needed |= uint64_t(1) << i;
    }
    const TensorType resultType = builder_.typeOf(op->getResult(0));
    RuleContext<MlirBuilder> context{builder_,
                                     kind,
                                     words,
                                     {operands.data(), operands.size()},
                                     {types.data(), types.size()},
                                     op->getResult(0),
                                     resultType,
                                     cotangent,
                                     indexOperand(kind, op),
                                     needed,
                                     {gradients.data(), gradients.size()}};
    applyRule(context);
    for (auto [operand, gradient] : llvm::zip(operands, gradients))
      if (gradient && depends_.contains(operand))
        add(operand, gradient);
  }

  ir::GradOp grad_;
  mlir::OpBuilder opBuilder_;
  MlirBuilder builder_;
  llvm::DenseSet<Value> depends_;
  llvm::SmallVector<Operation *> active_;
  llvm::DenseMap<Value, Value> cotangents_;
};

struct AutodiffPass : impl::TjitAutodiffBase<AutodiffPass> {
  void runOnOperation() override {
    // In program order: what an outer gradient differentiates is expanded before it.
    llvm::SmallVector<ir::GradOp> gradients;
    getOperation().walk([&](ir::GradOp op) { gradients.push_back(op); });
    for (ir::GradOp op : gradients)
      if (failed(Expansion(op).run()))
        return signalPassFailure();
    getOperation().walk([](ir::DetachOp op) {
      op.getResult().replaceAllUsesWith(op.getInput());
      op.erase();
    });
  }
};

} // namespace

} // namespace tjit::autodiff
