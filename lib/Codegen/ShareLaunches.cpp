//===- ShareLaunches.cpp ----------------------------------------------------------------------===//
// Tjit-share-launches: kernels that do not need each other run at the same time.
//
// One walk in program order. Every operation gets a launch of its own, or a place in an earlier one
// that is behind all that the operation needs; so no cycle can arise, as in Clusters.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/Launches.h"

#include "Codegen/Access.h"
#include "Codegen/MatmulOperands.h"
#include "IR/Dialect/Trace.h"
#include "IR/TensorType.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace tjit::codegen {

#define GEN_PASS_DEF_TJITSHARELAUNCHES
#include "tjit-compiler/Codegen/Passes.h.inc"

std::optional<int64_t> launchOf(Operation *op) {
  if (auto number = op->getAttrOfType<IntegerAttr>(kLaunchAttribute))
    return number.getInt();
  return std::nullopt;
}

static void addMemoryReadBy(Operation *op, SmallVectorImpl<Value> &read) {
  for (Value operand : op->getOperands())
    read.push_back(memoryRoot(operand));
  if (auto kernel = dyn_cast<ir::KernelOp>(op))
    if (std::optional<unsigned> product = epilogueProduct(kernel))
      addMemoryReadBy(kernel.getInputs()[*product].getDefiningOp(), read);
  if (auto matmul = dyn_cast<ir::MatmulOp>(op))
    for (unsigned side : {0, 1})
      if (ir::KernelOp kernel = prologueKernel(matmul, side))
        for (Value input : kernel.getInputs())
          read.push_back(memoryRoot(input));
}

SmallVector<Value> memoryReadBy(Operation *op) {
  SmallVector<Value> read;
  addMemoryReadBy(op, read);
  return read;
}

namespace {

class Sharing {
public:
  Sharing(func::FuncOp func, int64_t leftLimit, unsigned maxMembers, unsigned searchDepth)
      : block(func.getBody().front()), leftLimit(leftLimit), maxMembers(maxMembers),
        searchDepth(searchDepth) {
    auto terminator = cast<func::ReturnOp>(block.getTerminator());
    for (auto [i, value] : llvm::enumerate(terminator.getOperands())) {
      Value root = memoryRoot(value);
      returned.insert(root);
      // The memory of a donor may become the result's (IR/Dialect/Trace.h).
      if (auto donor = func.getResultAttrOfType<IntegerAttr>(i, ir::kDonorAttr))
        if (Operation *maker = root.getDefiningOp())
          if (donor.getInt() >= 0 && donor.getInt() < int64_t(func.getNumArguments()))
            overwritten[maker].push_back(func.getArgument(donor.getInt()));
    }
  }

  void run() {
    for (Operation &op : block.without_terminator()) {
      if (isView(&op))
        continue;
      if (auto kernel = dyn_cast<ir::KernelOp>(op))
        for (Value dest : kernel.getDests())
          overwritten[&op].push_back(memoryRoot(dest));
      place(&op);
    }
    if (llvm::any_of(launches, [](const Launch &launch) { return launch.members.size() > 1; }))
      reorder();
  }

private:
  struct Launch {
    SmallVector<Operation *, 2> members;
    bool open; ///< others may join
  };

  Block &block;
  const int64_t leftLimit;
  const unsigned maxMembers, searchDepth;
  llvm::DenseSet<Value> returned;
  llvm::DenseMap<Operation *, SmallVector<Value, 1>> overwritten; ///< what each one may write over
  std::vector<Launch> launches;
  llvm::DenseMap<Value, int> made, lastRead; ///< launches
  int barrier = -1;                          ///< the last launch that nothing may be moved before

  static bool isEmpty(Operation *op) {
    return llvm::all_of(op->getResults(), [](Value result) { return elementsOf(result) == 0; });
  }

  /// Whether the operation has code that runs beside other code. What it leaves for later
  /// operations of the program should still be in a cache when they run, and two such results are
  /// in memory together: they are small. What is returned is there in any case.
  bool mayShare(Operation *op) {
    if (!isa<ir::KernelOp, ir::MatmulOp>(op) || isEmpty(op))
      return false;
    int64_t left = 0;
    for (Value result : op->getResults())
      if (!returned.contains(result))
        left += elementsOf(result) *
                int64_t(elementSize(ir::scalarTypeOf(getElementTypeOrSelf(result.getType()))));
    return left <= leftLimit;
  }

  /// Whether `op` may run beside the members of launch `index`, and before what is behind it.
  bool fits(Operation *op, ArrayRef<Value> read, int index) {
    const Launch &launch = launches[index];
    if (!launch.open || launch.members.size() >= maxMembers)
      return false;
    // Nobody who runs at the same time or later may want what is written over: else it is copied.
    for (Value value : overwrittenBy(op))
      if (auto at = lastRead.find(value); at != lastRead.end() && at->second >= index)
        return false;
    for (Operation *member : launch.members)
      for (Value value : overwrittenBy(member))
        if (llvm::is_contained(read, value))
          return false;
    return true;
  }

  ArrayRef<Value> overwrittenBy(Operation *op) const {
    auto at = overwritten.find(op);
    return at == overwritten.end() ? ArrayRef<Value>() : ArrayRef<Value>(at->second);
  }

  void place(Operation *op) {
    SmallVector<Value> read = memoryReadBy(op);
    int first = barrier + 1;
    for (Value value : read)
      if (auto at = made.find(value); at != made.end())
        first = std::max(first, at->second + 1);
    int at = -1;
    const int count = launches.size();
    const bool open = mayShare(op);
    if (open)
      for (int i = count; at < 0 && i-- > std::max(first, count - int(searchDepth));)
        if (fits(op, read, i))
          at = i;
    if (at < 0) {
      at = count;
      launches.push_back({{}, open});
    }
    launches[at].members.push_back(op);
    for (Value result : op->getResults())
      made[result] = at;
    for (Value value : read)
      lastRead[value] = std::max(lastRead.lookup(value), at);
    // A kernel that gathers reads where the check in front of it has looked.
    if (isa<ir::CheckIndicesOp>(op))
      barrier = at;
  }

  /// Views stand in front of the launch that first reads through them.
  void reorder() {
    Operation *terminator = block.getTerminator();
    SmallVector<Operation *> views;
    for (Operation &op : block.without_terminator())
      if (isView(&op))
        views.push_back(&op);
    llvm::DenseSet<Operation *> moved;
    auto moveViews = [&](auto &self, Operation *op) -> void {
      for (Value operand : op->getOperands())
        if (Operation *view = operand.getDefiningOp(); view && isView(view)) {
          if (!moved.insert(view).second)
            continue;
          self(self, view);
          view->moveBefore(terminator);
        }
    };
    Builder b(terminator->getContext());
    int64_t number = 0;
    for (const Launch &launch : launches) {
      for (Operation *op : launch.members)
        moveViews(moveViews, op);
      for (Operation *op : launch.members) {
        op->moveBefore(terminator);
        if (launch.members.size() > 1)
          op->setAttr(kLaunchAttribute, b.getI64IntegerAttr(number));
      }
      if (launch.members.size() > 1) {
        ++number;
        describe(launch);
      }
    }
    // What only the return reads through.
    for (Operation *view : views)
      if (!moved.contains(view))
        view->moveBefore(terminator);
  }

  void describe(const Launch &launch) {
    Location location = launch.members.front()->getLoc();
    if (!location.getContext()->getRemarkEngine())
      return;
    std::string text = "one launch of " + std::to_string(launch.members.size()) + ": ";
    llvm::raw_string_ostream os(text);
    llvm::interleaveComma(launch.members, os, [&](Operation *op) {
      auto kernel = dyn_cast<ir::KernelOp>(op);
      os << (kernel ? "a kernel over " : "a product of ");
      llvm::interleave(kernel ? kernel.getDomain() : sizesOf(op->getResult(0)), os, "x");
    });
    mlir::remark::passed(location, mlir::remark::RemarkOpts::name("launch").category("fusion"))
        << text;
  }
};

struct ShareLaunchesPass : impl::TjitShareLaunchesBase<ShareLaunchesPass> {
  using TjitShareLaunchesBase::TjitShareLaunchesBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (!func.isExternal() && func.getBody().hasOneBlock())
      Sharing(func, leftLimit, maxMembers, searchDepth).run();
  }
};

} // namespace
} // namespace tjit::codegen
