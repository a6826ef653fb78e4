//===- FusionGraph.cpp ------------------------------------------------------------------------===//
// A recorded program as nodes and the accesses between them.
//
// See FusionGraph.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/FusionGraph.h"

#include "IR/Dialect/OpBridge.h"
#include "IR/TensorType.h"
#include "tjit-compiler/Codegen/Emit.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tjit::codegen {

//===------------------------------------------------------------------------------------------===//
// What an operation is to the fuser
//===------------------------------------------------------------------------------------------===//

static bool isIntegerDivision(Operation *op) {
  return isa<ir::FloorDivideOp, ir::RemainderOp, ir::FmodOp>(op) &&
         !isa<FloatType>(getElementTypeOrSelf(op->getResult(0).getType()));
}

NodeKind classify(Operation *op) {
  auto hasElements = [](Value value) { return elementsOf(value) != 0; };
  if (op->getNumResults() != 1 || !hasElements(op->getResult(0)) ||
      !llvm::all_of(op->getOperands(), hasElements))
    return NodeKind::opaque;
  if (isa<ir::WriteViewOp>(op))
    return NodeKind::write;
  // Constants, and tjit.index in a body.
  if (isa<ir::FillOp, ir::IotaOp>(op))
    return NodeKind::elementwise;
  if (isa<ir::RandomOp>(op))
    return canEmit(op) ? NodeKind::elementwise : NodeKind::opaque;
  if (auto gather = dyn_cast<ir::GatherOp>(op))
    return sizesOf(gather.getIndex()).empty() ? NodeKind::opaque : NodeKind::elementwise;
  std::optional<OpKind> kind = ir::opKindOf(op);
  if (!kind)
    return NodeKind::opaque;
  if (opInfo(*kind).opClass == OpClass::elementwise && !isIntegerDivision(op) && canEmit(op))
    return NodeKind::elementwise;
  if (isa<ir::SumOp, ir::ProdOp, ir::AmaxOp, ir::AminOp>(op) && canEmit(op))
    return NodeKind::reduction;
  return NodeKind::opaque;
}

bool refine(Sizes &domain, ArrayRef<int64_t> sizes) {
  auto products = [](ArrayRef<int64_t> of) {
    SmallVector<int64_t, 8> result{1};
    for (int64_t size : llvm::reverse(of))
      if (size != 1)
        result.push_back(result.back() * size);
    return result;
  };
  SmallVector<int64_t, 8> all = products(domain);
  llvm::append_range(all, products(sizes));
  llvm::sort(all);
  all.erase(llvm::unique(all), all.end());
  Sizes refined;
  for (size_t i = all.size(); i-- > 1;) {
    if (all[i - 1] == 0 || all[i] % all[i - 1] != 0)
      return false;
    refined.push_back(all[i] / all[i - 1]);
  }
  domain = refined;
  return true;
}

bool refineOutside(Sizes &domain, const Intervals &intervals, ArrayRef<int64_t> sizes) {
  Sizes fine = sizesOutside(domain, intervals);
  if (!refine(fine, sizes))
    return false;
  Sizes refined;
  size_t next = fine.size();
  for (size_t d = domain.size(); d-- > 0;) {
    if (isInside(domain, d, intervals)) {
      refined.push_back(domain[d]);
      continue;
    }
    // The parts of this dimension, from the right.
    for (int64_t size = 1; size < domain[d]; size *= fine[next])
      refined.push_back(fine[--next]);
  }
  domain.assign(refined.rbegin(), refined.rend());
  return true;
}

/// Refines a domain by the reshapes in front of an operand, so that walks through them succeed.
static void refineByReshapes(Sizes &domain, Value operand) {
  int64_t elements = numElements(std::span(ArrayRef(domain)));
  for (Operation *op = operand.getDefiningOp(); isView(op); op = op->getOperand(0).getDefiningOp())
    if (isa<ir::ReshapeOp>(op) && elementsOf(op->getResult(0)) == elements) {
      refine(domain, sizesOf(op->getOperand(0)));
      refine(domain, sizesOf(op->getResult(0)));
    }
}

/// The value whose elements the domain of an operation counts.
static Value domainValue(Operation *op, NodeKind kind) {
  if (kind == NodeKind::reduction)
    return op->getOperand(0);
  if (auto write = dyn_cast<ir::WriteViewOp>(op))
    return write.getValue();
  return op->getResult(0);
}

static Sizes refinedDomain(Operation *op, NodeKind kind) {
  Sizes domain;
  refine(domain, sizesOf(domainValue(op, kind)));
  for (Value operand : op->getOperands())
    refineByReshapes(domain, operand);
  return domain;
}

static Sizes refinedDomainOfCopy(Value value) {
  Sizes domain;
  refine(domain, sizesOf(value));
  refineByReshapes(domain, value);
  return domain;
}

//===------------------------------------------------------------------------------------------===//
// Copies
//===------------------------------------------------------------------------------------------===//

static Value symbolOf(const Access &access) {
  for (const LinearForm &form : access.forms)
    if (form.symbol)
      return form.symbol;
  return {};
}

/// Marks what has to be copied so that this access can be followed to memory.
void FusionGraph::checkAccess(Access access, ArrayRef<int64_t> domain) {
  WalkEnd end = walkViews(access, domain, [&](Value value) { return copies.contains(value); });
  if (Value symbol = symbolOf(access); symbol && isView(symbol.getDefiningOp()))
    needCopy(symbol);
  if (end == WalkEnd::root) {
    if (isa<BlockArgument>(access.value) && !memoryOffset(access, domain))
      needCopy(access.value);
    return;
  }
  needCopy(access.value);
}

void FusionGraph::needCopy(Value value) {
  if (elementsOf(value) == 0 || !copies.insert(value).second || isa<BlockArgument>(value))
    return;
  Sizes domain = refinedDomainOfCopy(value);
  Access access = identityAccess(value, domain);
  if (isView(value.getDefiningOp()) && stepThroughView(access, domain) == WalkEnd::root)
    checkAccess(access, domain);
}

void FusionGraph::findCopies() {
  auto copied = [&](Value value) { return copies.contains(value); };
  for (Operation &op : func.getBody().front()) {
    if (isView(&op))
      continue;
    if (isa<func::ReturnOp>(op)) {
      for (Value value : op.getOperands())
        if (!isDenseAlias(value, copied))
          needCopy(value);
      continue;
    }
    NodeKind kind = classify(&op);
    if (kind == NodeKind::opaque || isa<ir::GatherOp>(op)) {
      for (Value operand : op.getOperands())
        if (!stridedOperand(operand, copied))
          needCopy(operand);
      // What is added to is memory in its own order.
      if (auto scatter = dyn_cast<ir::ScatterAddOp>(op);
          scatter && !isDenseAlias(scatter.getInput(), copied))
        needCopy(scatter.getInput());
      continue;
    }
    Sizes domain = refinedDomain(&op, kind);
    Access own = identityAccess(domainValue(&op, kind), domain);
    if (auto write = dyn_cast<ir::WriteViewOp>(op)) {
      checkAccess(own, domain);
      if (isView(write.getBase().getDefiningOp()) || !isDense(write.getBase()))
        needCopy(write.getBase());
      if (isView(write.getOffset().getDefiningOp()))
        needCopy(write.getOffset());
      continue;
    }
    for (Value operand : op.getOperands()) {
      Access access = own;
      if (kind == NodeKind::elementwise && !broadcastAccess(own, operand, domain, access))
        llvm_unreachable("an identity access has one form per dimension");
      checkAccess(access, domain);
    }
  }
}

//===------------------------------------------------------------------------------------------===//
// Nodes and edges
//===------------------------------------------------------------------------------------------===//

Access FusionGraph::resolve(Access access, ArrayRef<int64_t> domain, Node *&producer) const {
  walkViews(access, domain, [&](Value value) { return isRoot(value); });
  producer = byValue.lookup(access.value);
  if (!producer && !memoryOffset(access, domain))
    producer = argumentCopies.lookup(access.value);
  return access;
}

Access FusionGraph::operandAccess(const Node &node, unsigned index, const Access &own,
                                  ArrayRef<int64_t> domain) const {
  Access access = own;
  switch (node.kind) {
  case NodeKind::copy:
    if (isView(node.value.getDefiningOp()))
      stepThroughView(access, domain);
    return access;
  case NodeKind::elementwise:
    broadcastAccess(own, node.op->getOperand(index), domain, access);
    return access;
  default:
    return access;
  }
}

/// Whether every view between `operand` and `root` can be followed from any index.
static bool simpleViews(Value operand, Value root) {
  while (operand != root) {
    Operation *op = operand.getDefiningOp();
    bool simple = isa<ir::PermuteOp, ir::ExpandOp, ir::FlipOp>(op) ||
                  (isa<ir::ReshapeOp>(op) && changesUnitDimsOnly(op));
    if (auto slice = dyn_cast<ir::SliceOp>(op))
      simple = slice.getStart().getDefiningOp<ir::FillOp>() != nullptr;
    if (!simple)
      return false;
    operand = op->getOperand(0);
  }
  return true;
}

Edge FusionGraph::makeEdge(Node &node, unsigned index) {
  Edge edge;
  Access own = identityAccess(node.domainOf, node.domain);
  Access access = resolve(operandAccess(node, index, own, node.domain), node.domain, edge.producer);
  edge.operand = node.kind == NodeKind::copy ? node.value : node.op->getOperand(index);
  edge.root = access.value;
  edge.repeatedOver = repeatedOver(access, node.domain);
  edge.identity = edge.repeatedOver && edge.repeatedOver->empty();
  edge.simple = simpleViews(edge.operand, edge.root);
  for (auto [d, size] : llvm::enumerate(node.domain))
    edge.repeats |= size != 1 && llvm::all_of(access.forms, [&](const LinearForm &form) {
                      return form.coefficients[d] == 0;
                    });
  Value symbol = symbolOf(access);
  NodeKind from = edge.producer ? edge.producer->kind : NodeKind::opaque;
  edge.memoryOnly = symbol || from == NodeKind::opaque || from == NodeKind::write ||
                    (from == NodeKind::reduction && !edge.repeatedOver) ||
                    (from == NodeKind::copy && !edge.identity) ||
                    (!edge.repeatedOver && !edge.simple) || !hasIndices(access, node.domain);
  return edge;
}

void FusionGraph::addNode(NodeKind kind, Operation *op, Value value) {
  auto &node = *nodes.emplace_back(std::make_unique<Node>());
  node.id = nodes.size() - 1;
  node.kind = kind;
  node.op = op;
  node.value = value;
  auto memoryEdge = [&](Value operand, Value root) {
    Edge edge;
    edge.operand = operand;
    edge.root = root;
    edge.producer = byValue.lookup(root);
    if (!edge.producer && copies.contains(root) && operand == root)
      edge.producer = argumentCopies.lookup(root);
    edge.memoryOnly = true;
    node.edges.push_back(edge);
  };
  const bool isGather = isa_and_nonnull<ir::GatherOp>(op);
  if (kind == NodeKind::elementwise && isGather)
    refine(node.domain, sizesOf(value));
  if (kind == NodeKind::opaque || isGather) {
    node.domainOf = value;
    for (Value operand : op->getOperands()) {
      std::optional<StridedOperand> from =
          stridedOperand(operand, [&](Value v) { return isRoot(v); });
      if (from && elementsOf(operand) != 0)
        memoryEdge(operand, from->root);
    }
  } else {
    node.domainOf = op ? domainValue(op, kind) : value;
    node.domain = op ? refinedDomain(op, kind) : refinedDomainOfCopy(value);
    if (auto write = dyn_cast_or_null<ir::WriteViewOp>(op)) {
      node.edges.push_back(makeEdge(node, 1));
      memoryEdge(write.getBase(), write.getBase());
      if (!write.getOffset().getDefiningOp<ir::FillOp>())
        memoryEdge(write.getOffset(), write.getOffset());
    } else {
      for (unsigned i = 0, n = op ? op->getNumOperands() : 1; i < n; ++i)
        node.edges.push_back(makeEdge(node, i));
    }
    // Dynamic offsets are read from memory too.
    for (unsigned i = 0, n = node.edges.size(); i < n; ++i) {
      for (Value at = node.edges[i].operand; at != node.edges[i].root;
           at = at.getDefiningOp()->getOperand(0)) {
        Operation *view = at.getDefiningOp();
        if (isa<ir::SliceOp, ir::AsStridedOp>(view) &&
            !view->getOperand(1).getDefiningOp<ir::FillOp>())
          memoryEdge(view->getOperand(1), view->getOperand(1));
      }
    }
  }
  if (isa<BlockArgument>(value))
    argumentCopies[value] = &node;
  else
    byValue[value] = &node;

  if (kind != NodeKind::reduction)
    return;
  auto dims = op->getAttrOfType<DenseI64ArrayAttr>("dims").asArrayRef();
  ArrayRef<int64_t> sizes = sizesOf(node.domainOf);
  // Intervals of suffix products name reduced dimensions whatever the domain is refined to.
  int64_t product = 1;
  bool keptInside = false;
  node.lanes = 64;
  for (size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 1)
      continue;
    if (llvm::is_contained(dims, static_cast<int64_t>(i))) {
      if (node.reduced.empty() && keptInside)
        node.lanes = 1;
      if (!node.reduced.empty() && node.reduced.back().second == product)
        node.reduced.back().second = product * sizes[i];
      else
        node.reduced.push_back({product, product * sizes[i]});
    } else {
      keptInside = true;
    }
    product *= sizes[i];
  }
  std::reverse(node.reduced.begin(), node.reduced.end());
  node.combiner = llvm::TypeSwitch<Operation *, StringRef>(op)
                      .Case([](ir::SumOp) { return "add"; })
                      .Case([](ir::ProdOp) { return "mul"; })
                      .Case([](ir::AmaxOp) { return "max"; })
                      .Default([](Operation *) { return "min"; });
}

FusionGraph::FusionGraph(func::FuncOp func) : func(func) {
  // A copy ends the walks that led through it before: they may need other ones.
  size_t known;
  do {
    known = copies.size();
    findCopies();
  } while (copies.size() != known);
  for (Value argument : func.getArguments())
    if (copies.contains(argument))
      addNode(NodeKind::copy, nullptr, argument);
  for (Operation &op : func.getBody().front()) {
    if (isa<func::ReturnOp>(op))
      continue;
    if (!isView(&op))
      addNode(classify(&op), &op, op.getResult(0));
    else if (copies.contains(op.getResult(0)))
      addNode(NodeKind::copy, nullptr, op.getResult(0));
  }
  decideInlining();
}

//===------------------------------------------------------------------------------------------===//
// Recompute or keep
//===------------------------------------------------------------------------------------------===//

void FusionGraph::decideInlining() {
  std::vector<SmallVector<const Edge *, 2>> uses(nodes.size());
  for (auto &node : nodes)
    for (const Edge &edge : node->edges)
      if (edge.producer) {
        uses[edge.producer->id].push_back(&edge);
        edge.producer->inMemory |= edge.memoryOnly;
      }
  for (Value value : func.getBody().front().getTerminator()->getOperands()) {
    if (elementsOf(value) == 0)
      continue;
    std::optional<StridedOperand> from = stridedOperand(value, [&](Value v) { return isRoot(v); });
    Node *producer = from ? producerOf(from->root) : nullptr;
    if (!producer)
      producer = copyOfArgument(value);
    if (producer)
      producer->inMemory = true;
  }

  // Weight of the operations, and loads of more than a scalar, that computing a node once more
  // costs.
  constexpr int kElementaryWeight = 8, kRandomWeight = 16, kCheapWeight = 3, kCheapLoads = 1;
  struct Cost {
    int weight = 0, loads = 0;
    bool fromMemory = true; // everything that is loaded is in memory anyway
  };
  std::vector<Cost> costs(nodes.size());
  for (auto &node : nodes) {
    if (node->kind != NodeKind::elementwise)
      continue;
    Cost &cost = costs[node->id];
    bool creation = node->edges.empty();
    bool elementary = opInfo(*ir::opKindOf(node->op)).maxUlp > 0;
    cost.weight = creation ? 0 : elementary ? kElementaryWeight : 1;
    if (isa<ir::RandomOp>(node->op))
      cost.weight = kRandomWeight;
    // A gather is checked before its kernel runs, on operands in memory.
    bool simple = !isa<ir::GatherOp>(node->op);
    for (const Edge &edge : node->edges) {
      simple &= edge.simple;
      if (edge.producer && edge.producer->inlined && !edge.memoryOnly) {
        cost.weight += costs[edge.producer->id].weight;
        cost.loads += costs[edge.producer->id].loads;
        cost.fromMemory &= costs[edge.producer->id].fromMemory;
      } else {
        cost.loads += elementsOf(edge.root) > 1;
        cost.fromMemory &= !edge.producer || edge.producer->inMemory;
      }
    }
    const auto &readers = uses[node->id];
    // What is in memory itself is loaded, unless it takes no load to compute.
    bool cheap = cost.weight <= kCheapWeight && cost.loads <= kCheapLoads && cost.fromMemory &&
                 !(node->inMemory && cost.loads > 0);
    bool readOnce = readers.size() == 1 && !node->inMemory && !readers[0]->identity &&
                    !readers[0]->repeats && !readers[0]->memoryOnly;
    node->inlined = simple && (cheap || readOnce);
  }
}

} // namespace tjit::codegen
