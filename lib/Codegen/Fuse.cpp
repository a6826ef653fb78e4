//===- Fuse.cpp -------------------------------------------------------------------------------===//
// Tjit-fuse: gather operations into kernels.
//
// The pass around FusionGraph, Clusters and KernelBuilder: rebuilds the function in the order of
// the clusters.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/EmitStages.h"
#include "Codegen/KernelBuilder.h"
#include "Codegen/MatmulOperands.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace tjit::codegen {

#define GEN_PASS_DEF_TJITFUSE
#include "tjit-compiler/Codegen/Passes.h.inc"

namespace {

constexpr StringRef kRemarkCategory = "fusion";

void remark(Location location, StringRef name, const Twine &text) {
  if (location.getContext()->getRemarkEngine())
    mlir::remark::passed(location, mlir::remark::RemarkOpts::name(name).category(kRemarkCategory))
        << text.str();
}

std::string describe(const Cluster &cluster) {
  std::string text = "kernel of";
  for (const Node *node : cluster.nodes)
    text += (" " + (node->op ? node->op->getName().stripDialect() : StringRef("copy"))).str();
  return text;
}

class Rebuild {
public:
  Rebuild(FusionGraph &graph, ArrayRef<Cluster> clusters)
      : graph(graph), clusters(clusters), block(graph.func.getBody().front()),
        builder(block.getTerminator()) {}

  void run() {
    SmallVector<Operation *> old;
    for (Operation &op : block.without_terminator())
      old.push_back(&op);
    for (const Cluster &cluster : clusters) {
      if (cluster.opaque) {
        Operation *clone = cloneWithViews(cluster.opaque->op);
        made[cluster.opaque] = clone->getResult(0);
        continue;
      }
      for (const Node *node : cluster.nodes)
        if (auto gather = dyn_cast_or_null<ir::GatherOp>(node->op); gather && !gather->use_empty())
          ir::CheckIndicesOp::create(builder, gather.getLoc(), inMemory(gather.getInput()),
                                     inMemory(gather.getIndex()), gather.getDimAttr());
      buildKernel(builder, graph, cluster, made, memory);
      Node *stored = *llvm::find_if(cluster.nodes, [](Node *n) { return n->inMemory; });
      describeKernel(made.lookup(stored).getDefiningOp<ir::KernelOp>(), cluster);
      for (const Node *node : cluster.nodes)
        if (node->kind == NodeKind::copy)
          remark(node->value.getLoc(), "copied",
                 "a copy: no map with one offset expresses how this value is read");
    }
    Operation *terminator = block.getTerminator();
    for (OpOperand &operand : terminator->getOpOperands())
      operand.set(inMemory(operand.get()));
    for (Operation *op : llvm::reverse(old))
      op->erase();
    for (auto matmul : block.getOps<ir::MatmulOp>())
      for (unsigned side : {0, 1})
        if (ir::KernelOp kernel = prologueKernel(matmul, side))
          remark(kernel.getLoc(), "prologue",
                 Twine("what makes the product's ") + (side ? "right" : "left") +
                     " operand may run while it is packed: nothing else reads it");
    for (auto kernel : block.getOps<ir::KernelOp>())
      if (std::optional<unsigned> product = epilogueProduct(kernel))
        remark(kernel.getInputs()[*product].getLoc(), "epilogue",
               "what follows the product may run on its tiles: nothing else reads it");
  }

private:
  FusionGraph &graph;
  ArrayRef<Cluster> clusters;
  Block &block;
  OpBuilder builder;
  llvm::DenseMap<const Node *, Value> made;
  IRMapping memory;

  /// Says what is in a kernel, and what of it is computed or read more than once.
  void describeKernel(ir::KernelOp kernel, const Cluster &cluster) {
    if (!kernel.getContext()->getRemarkEngine())
      return;
    std::string text = describe(cluster);
    StagePlan stages = planStages(kernel, analyzeShape(kernel), 0, 0);
    if (stages.stages.size() > 1)
      text += "; " + std::to_string(stages.stages.size()) + " passes over each of " +
              std::to_string(cluster.rows()) + " rows of " +
              std::to_string(cluster.points() / cluster.rows());
    remark(kernel.getLoc(), "fused", text);
    llvm::StringSet<> again;
    for (const Node *node : cluster.nodes)
      for (const Edge &edge : node->edges)
        if (edge.producer && edge.producer->inlined && edge.producer->op && !edge.memoryOnly &&
            !edge.producer->edges.empty() &&
            again.insert(edge.producer->op->getName().stripDialect()).second)
          remark(edge.producer->value.getLoc(), "recomputed",
                 ("computed where it is used: " + edge.producer->op->getName().stripDialect() +
                  " is cheaper than storing and loading it")
                     .str());
  }

  /// The new value of an operand outside kernels: memory, or clones of the views in front of it.
  Value inMemory(Value value) {
    if (elementsOf(value) == 0 && !isa<BlockArgument>(value))
      return emptyTensor(value);
    if (Node *copy = graph.copyOfArgument(value); copy && made.contains(copy) && !isDense(value))
      return made.lookup(copy);
    if (Value known = memory.lookupOrNull(value))
      return known;
    Operation *op = value.getDefiningOp();
    return isView(op) ? cloneWithViews(op)->getResult(0) : value;
  }

  /// A tensor without elements needs nothing of what made it, which no kernel computes.
  Value emptyTensor(Value value) {
    if (Value known = memory.lookupOrNull(value))
      return known;
    auto type = cast<RankedTensorType>(value.getType());
    Value empty = ir::FillOp::create(
        builder, value.getLoc(), type, builder.getDenseI64ArrayAttr(type.getShape()),
        TypeAttr::get(type.getElementType()), builder.getF64FloatAttr(0));
    memory.map(value, empty);
    return empty;
  }

  Operation *cloneWithViews(Operation *op) {
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      // Strided arguments are read as they are, also where a row-major copy is returned.
      operands.push_back(isa<BlockArgument>(operand) ? operand : inMemory(operand));
    }
    Operation *clone = builder.clone(*op);
    clone->setOperands(operands);
    memory.map(op->getResult(0), clone->getResult(0));
    return clone;
  }
};

struct FusePass : impl::TjitFuseBase<FusePass> {
  using TjitFuseBase::TjitFuseBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    if (!func.getBody().hasOneBlock()) {
      func.emitError("tjit-fuse: a recorded program has one block");
      return signalPassFailure();
    }
    FusionGraph graph(func);
    ClusterOptions options;
    options.horizontalLimit = horizontalLimit;
    if (func->hasAttr(kUnfusedAttribute))
      options.maxNodes = 1;
    std::vector<Cluster> clusters = makeClusters(graph, options);
    Rebuild(graph, clusters).run();
  }
};

} // namespace
} // namespace tjit::codegen
