//===- Simplify.cpp ---------------------------------------------------------------------------===//
// Tjit-simplify: fold, canonicalize, merge.
//
// The greedy driver with the patterns of the tjit dialect alone, then common subexpressions, in one
// walk: a recorded program is one block of pure operations, so an operation equal to an earlier one
// is always replaced by it.
//
//===------------------------------------------------------------------------------------------===//

#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace tjit::codegen {

#define GEN_PASS_DEF_TJITSIMPLIFY
#include "tjit-compiler/Codegen/Passes.h.inc"

namespace {

/// Operations that compute the same: name, operands (in any order for commutative ones),
/// attributes, result types.
struct SameOperation : llvm::DenseMapInfo<Operation *> {
  static unsigned getHashValue(const Operation *op) {
    return OperationEquivalence::computeHash(
        const_cast<Operation *>(op), OperationEquivalence::directHashValue,
        OperationEquivalence::ignoreHashValue, OperationEquivalence::IgnoreLocations);
  }
  static bool isEqual(const Operation *a, const Operation *b) {
    if (a == b)
      return true;
    if (a == getTombstoneKey() || a == getEmptyKey() || b == getTombstoneKey() ||
        b == getEmptyKey())
      return false;
    return OperationEquivalence::isEquivalentTo(const_cast<Operation *>(a),
                                                const_cast<Operation *>(b),
                                                OperationEquivalence::IgnoreLocations);
  }
};

struct SimplifyPass : impl::TjitSimplifyBase<SimplifyPass> {
  using TjitSimplifyBase::TjitSimplifyBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    auto *dialect = context->getOrLoadDialect<ir::TjitDialect>();
    dialect->getCanonicalizationPatterns(set);
    for (RegisteredOperationName op : context->getRegisteredOperationsByDialect("tjit"))
      op.getCanonicalizationPatterns(set, context);
    patterns = FrozenRewritePatternSet(std::move(set));
    return success();
  }

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    GreedyRewriteConfig config;
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    (void)applyPatternsGreedily(func, patterns, config);
    merge(func.getBody().front());
  }

private:
  FrozenRewritePatternSet patterns;

  static void merge(Block &block) {
    llvm::DenseSet<Operation *, SameOperation> seen;
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (!isPure(&op) || op.hasTrait<OpTrait::IsTerminator>() || op.getNumRegions() != 0)
        continue;
      auto [known, isNew] = seen.insert(&op);
      if (isNew)
        continue;
      op.replaceAllUsesWith(*known);
      op.erase();
    }
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
  }
};

} // namespace
} // namespace tjit::codegen
