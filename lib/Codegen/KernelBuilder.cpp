//===- KernelBuilder.cpp ----------------------------------------------------------------------===//
// A cluster as one tjit.kernel.
//
// See KernelBuilder.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/KernelBuilder.h"

#include "IR/TensorType.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {

namespace {

class KernelBuilder {
public:
  KernelBuilder(OpBuilder &builder, const FusionGraph &graph, const Cluster &cluster,
                llvm::DenseMap<const Node *, Value> &made, IRMapping &memory)
      : builder(builder), body(builder.getContext()), graph(graph), cluster(cluster), made(made),
        memory(memory), domain(cluster.domain) {
    block = new Block;
    region.push_back(block);
    body.setInsertionPointToStart(block);
  }

  void build() {
    std::vector<Node *> stores, writes;
    for (Node *node : cluster.nodes)
      if (node->inMemory)
        (node->kind == NodeKind::write ? writes : stores).push_back(node);
    llvm::append_range(stores, writes);

    SmallVector<Value> yields, dests;
    SmallVector<Type> types;
    SmallVector<StringRef> combiners;
    SmallVector<LinearForm> destForms, resultForms;
    SmallVector<int64_t> destOffsets;
    SmallVector<Location> locations;
    for (Node *node : stores)
      yields.push_back(node->kind == NodeKind::reduction ? combined(*node) : storedScalar(*node));
    for (auto [i, node] : llvm::enumerate(stores)) {
      // What the body needs itself is folded there, and stored as a value of the row.
      Value fold = folds.lookup(node);
      if (fold)
        yields[i] = fold;
      types.push_back(node->value.getType());
      combiners.push_back(fold ? "none" : node->combiner);
      locations.push_back(node->value.getLoc());
      resultForms.push_back(resultForm(*node));
      if (auto write = dyn_cast_or_null<ir::WriteViewOp>(node->op)) {
        dests.push_back(memory.lookupOrDefault(baseOf(write)));
        destForms.push_back(resultForms.back());
        destOffsets.push_back(resultForms.back().symbol ? symbolInput(resultForms.back().symbol)
                                                        : -1);
      }
    }
    ir::YieldOp::create(body, locations[0], yields);
    SmallVector<int64_t> offsets;
    for (size_t i = 0; i < inputForms.size(); ++i)
      offsets.push_back(inputIndices[i] >= 0   ? inputIndices[i]
                        : inputForms[i].symbol ? symbolInput(inputForms[i].symbol)
                                               : -1);
    llvm::append_range(offsets, destOffsets);

    // One list of everything that depends on the domain's dimensions, in the order of `maps`, then
    // the indices.
    SmallVector<LinearForm *> forms;
    for (auto *list : {&inputForms, &destForms, &resultForms})
      for (LinearForm &form : *list)
        forms.push_back(&form);
    size_t numMaps = forms.size();
    for (auto &[op, form] : indices)
      forms.push_back(&form);
    int64_t reductions = orderDomain(forms);
    reductions = collapse(forms, reductions);

    MLIRContext *context = builder.getContext();
    SmallVector<Attribute> maps;
    for (LinearForm *form : ArrayRef(forms).take_front(numMaps))
      maps.push_back(AffineMapAttr::get(toAffineMap(*form, context)));
    for (auto &[op, form] : indices)
      op.setMapAttr(AffineMapAttr::get(toAffineMap(form, context)));

    Location location = FusedLoc::get(context, locations);
    auto kernel = ir::KernelOp::create(
        builder, location, types, inputs, dests, builder.getDenseI64ArrayAttr(domain),
        builder.getI64IntegerAttr(reductions), builder.getI64IntegerAttr(cluster.lanes),
        builder.getArrayAttr(maps), builder.getDenseI64ArrayAttr(offsets),
        builder.getStrArrayAttr(combiners));
    kernel.getBody().takeBody(region);
    for (auto [node, result] : llvm::zip(stores, kernel.getResults())) {
      made[node] = result;
      if (!isa<BlockArgument>(node->value))
        memory.map(node->value, result);
    }
  }

private:
  OpBuilder &builder;
  OpBuilder body;
  const FusionGraph &graph;
  const Cluster &cluster;
  llvm::DenseMap<const Node *, Value> &made;
  IRMapping &memory;
  Sizes domain;
  Region region;
  Block *block;

  SmallVector<Value> inputs;
  SmallVector<LinearForm> inputForms;
  SmallVector<int64_t> inputIndices; ///< the input that says where a gathered one is read; -1: none
  SmallVector<std::pair<ir::IndexOp, LinearForm>> indices;
  llvm::DenseMap<const Node *, SmallVector<std::pair<Access, Value>, 1>> computed;
  llvm::DenseMap<const Node *, Value> folds;

  Value baseOf(ir::WriteViewOp write) {
    if (Node *copy = graph.copyOfArgument(write.getBase()))
      return made.lookup(copy);
    return write.getBase();
  }

  //===--------------------------------------------------------------------------------------------------===//
  // The body
  //===--------------------------------------------------------------------------------------------------===//

  int64_t addInput(Value value, const LinearForm &form, int64_t index = -1) {
    for (size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i] == value && inputForms[i] == form && inputIndices[i] == index)
        return i;
    inputs.push_back(value);
    inputForms.push_back(form);
    inputIndices.push_back(index);
    block->addArgument(getElementTypeOrSelf(value.getType()), value.getLoc());
    return inputs.size() - 1;
  }

  /// The input that holds a dynamic offset.
  int64_t symbolInput(Value symbol) {
    LinearForm form;
    form.coefficients.assign(inputForms.empty() ? domain.size() : inputForms[0].coefficients.size(),
                             0);
    return addInput(memory.lookupOrDefault(symbol), form);
  }

  Value load(const Access &access, Node *producer) {
    Value value = producer ? made.lookup(producer) : memory.lookupOrDefault(access.value);
    assert(value && "a cluster reads what no earlier one has stored");
    Access at = access;
    // A producer's result is dense whatever the strides of the argument that it copies are.
    at.value = value;
    std::optional<LinearForm> offset = memoryOffset(at, domain);
    assert(offset && "the graph copies what no map can express");
    return block->getArgument(addInput(value, *offset));
  }

  /// The memory of a root that operations outside of kernels could read as it is.
  Value memoryOf(Value root) {
    Node *producer = graph.producerOf(root);
    return producer ? made.lookup(producer) : memory.lookupOrDefault(root);
  }

  /// An element of a gather's input: an input of the kernel whose offset is another one.
  Value gathered(ir::GatherOp gather, const Access &access) {
    auto isRoot = [&](Value value) { return graph.isRoot(value); };
    StridedOperand index = *stridedOperand(gather.getIndex(), isRoot);
    StridedOperand input = *stridedOperand(gather.getInput(), isRoot);
    Access own;
    if (!broadcastAccess(access, gather.getIndex(), domain, own))
      llvm_unreachable("gathers are read point by point");
    LinearForm place, from;
    place.coefficients.assign(domain.size(), 0);
    from.coefficients.assign(domain.size(), 0);
    const size_t dim = gather.getDim();
    for (size_t d = 0; d < own.forms.size(); ++d) {
      place.add(own.forms[d], index.strides[d]);
      if (d != dim)
        from.add(own.forms[d], input.strides[d]);
    }
    from.symbol = gather.getIndex();
    from.symbolCoefficient = input.strides[dim];
    int64_t indexInput = addInput(memoryOf(index.root), place);
    return block->getArgument(addInput(memoryOf(input.root), from, indexInput));
  }

  Value operand(const Node &node, unsigned index, const Access &own) {
    Node *producer = nullptr;
    Access access = graph.resolve(graph.operandAccess(node, index, own, domain), domain, producer);
    if (!producer)
      return load(access, nullptr);
    if (!node.edges[index].memoryOnly) {
      if (isMade(*producer, access))
        return producer->kind == NodeKind::reduction ? fold(*producer)
                                                     : scalar(*producer, ownAccess(*producer));
      if (producer->inlined)
        return scalar(*producer, access);
    }
    return load(access, producer);
  }

  /// Whether this kernel makes what the access reads, where it reads it: at the same point or in
  /// the same row.
  bool isMade(const Node &producer, const Access &access) const {
    if (producer.cluster != cluster.nodes[0]->cluster)
      return false;
    std::optional<Intervals> repeated = repeatedOver(access, domain);
    if (!repeated)
      return false;
    return producer.makesRows() ? !repeated->empty() && *repeated == cluster.reduced
                                : repeated->empty();
  }

  /// A node's own elements over the domain.
  Access ownAccess(const Node &node) const {
    return node.isRow ? rowAccess(node.domainOf, domain, cluster.reduced)
                      : identityAccess(node.domainOf, domain);
  }

  /// What a reduction combines: sums of bools and integers are int64.
  Value combined(const Node &node) {
    Value value = operand(node, 0, ownAccess(node));
    Type element = getElementTypeOrSelf(node.value.getType());
    if (value.getType() == element)
      return value;
    return ir::CastOp::create(body, node.op->getLoc(), element, value, TypeAttr::get(element));
  }

  Value fold(const Node &node) {
    if (Value known = folds.lookup(&node))
      return known;
    Value value = combined(node);
    Value result = ir::FoldOp::create(body, node.op->getLoc(), value.getType(),
                                      body.getStringAttr(node.combiner), value);
    folds[&node] = result;
    return result;
  }

  /// The value of a node at an access to it.
  Value scalar(const Node &node, const Access &access) {
    auto &known = computed[&node];
    for (auto &[at, value] : known)
      if (at == access)
        return value;
    Value value = compute(node, access);
    computed[&node].push_back({access, value});
    return value;
  }

  Value compute(const Node &node, const Access &access) {
    if (node.kind == NodeKind::copy)
      return operand(node, 0, access);
    Operation *op = node.op;
    Type type = getElementTypeOrSelf(op->getResult(0).getType());
    auto placeAt = [&](const LinearForm &form) -> Value {
      auto index = ir::IndexOp::create(body, op->getLoc(), body.getI64Type(),
                                       AffineMap::getConstantMap(0, body.getContext()));
      indices.push_back({index, form});
      return index;
    };
    if (isa<ir::IotaOp>(op))
      return placeAt(access.forms[0]);
    if (auto random = dyn_cast<ir::RandomOp>(op))
      return ir::DrawOp::create(body, op->getLoc(), type, operand(node, 0, access),
                                operand(node, 1, access), placeAt(*memoryOffset(access, domain)),
                                random.getDistribution());
    if (auto gather = dyn_cast<ir::GatherOp>(op))
      return gathered(gather, access);
    SmallVector<Value> operands;
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      operands.push_back(operand(node, i, access));
    OperationState state(op->getLoc(), op->getName());
    state.addOperands(operands);
    state.addTypes(type);
    state.addAttributes(op->getAttrs());
    if (isa<ir::FillOp>(op))
      state.attributes.set("sizes", body.getDenseI64ArrayAttr({}));
    return body.create(state)->getResult(0);
  }

  /// What is yielded for a node.
  Value storedScalar(const Node &node) {
    Access own = ownAccess(node);
    return node.kind == NodeKind::write ? operand(node, 0, own) : scalar(node, own);
  }

  //===--------------------------------------------------------------------------------------------------===//
  // The domain
  //===--------------------------------------------------------------------------------------------------===//

  bool isReduced(size_t dim) const { return isInside(cluster.domain, dim, cluster.reduced); }

  LinearForm resultForm(const Node &node) {
    LinearForm form;
    form.coefficients.assign(domain.size(), 0);
    if (auto write = dyn_cast_or_null<ir::WriteViewOp>(node.op)) {
      Access view = ownAccess(node);
      for (auto [dim, stride] : llvm::zip(view.forms, write.getStrides()))
        form.add(dim, stride);
      if (auto fill = write.getOffset().getDefiningOp<ir::FillOp>()) {
        form.constant = static_cast<int64_t>(fill.getValue().convertToDouble());
      } else {
        form.symbol = write.getOffset();
        form.symbolCoefficient = 1;
      }
      return form;
    }
    // Row-major over the dimensions that are kept.
    int64_t stride = 1;
    for (size_t d = domain.size(); d-- > 0;) {
      if (node.makesRows() && isReduced(d))
        continue;
      form.coefficients[d] = domain[d] == 1 ? 0 : stride;
      stride *= domain[d];
    }
    return form;
  }

  /// Moves the reduced dimensions behind the others, in order. Returns how many there are.
  int64_t orderDomain(ArrayRef<LinearForm *> forms) {
    if (!cluster.reduces)
      return 0;
    SmallVector<size_t> order;
    for (bool reduced : {false, true})
      for (size_t d = 0; d < domain.size(); ++d)
        if (isReduced(d) == reduced)
          order.push_back(d);
    auto permute = [&](Sizes &values) {
      Sizes old = values;
      for (auto [to, from] : llvm::enumerate(order))
        values[to] = old[from];
    };
    int64_t reductions = llvm::count_if(order, [&](size_t d) { return isReduced(d); });
    permute(domain);
    for (LinearForm *form : forms)
      permute(form->coefficients);
    if (reductions > 0)
      return reductions;
    // A reduction of one element still rounds and starts from the identity.
    domain.push_back(1);
    for (LinearForm *form : forms)
      form->coefficients.push_back(0);
    return 1;
  }

  /// Merges neighbouring dimensions that every form runs through as one. Returns the number of
  /// reduced ones.
  int64_t collapse(ArrayRef<LinearForm *> forms, int64_t reductions) {
    auto erase = [&](size_t d) {
      domain.erase(domain.begin() + d);
      for (LinearForm *form : forms)
        form->coefficients.erase(form->coefficients.begin() + d);
    };
    for (size_t d = domain.size(); d-- > 0;) {
      bool reduced = d >= domain.size() - reductions;
      if (domain[d] == 1 && !(reduced && reductions == 1)) {
        erase(d);
        reductions -= reduced;
        continue;
      }
      bool sameKind = d + 1 < domain.size() && reduced == (d + 1 >= domain.size() - reductions);
      if (sameKind && llvm::all_of(forms, [&](LinearForm *form) {
            return form->coefficients[d] == form->coefficients[d + 1] * domain[d + 1];
          })) {
        domain[d + 1] *= domain[d];
        erase(d);
        reductions -= reduced;
      }
    }
    return reductions;
  }
};

} // namespace

void buildKernel(OpBuilder &builder, const FusionGraph &graph, const Cluster &cluster,
                 llvm::DenseMap<const Node *, Value> &made, IRMapping &memory) {
  KernelBuilder(builder, graph, cluster, made, memory).build();
}

} // namespace tjit::codegen
