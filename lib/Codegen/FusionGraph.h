//===- FusionGraph.h --------------------------------------------------------------------------===//
// A recorded program as nodes and the accesses between them.
//
// What the fuser reasons about. Views have disappeared into edges; what is left computes, copies or
// is opaque. The graph says of every edge whether it reads element for element, and of every node
// whether it is cheaper to compute again than to store; it decides which values must be copied
// because no index map can express how they are read.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/Access.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <memory>
#include <vector>

namespace tjit::codegen {

struct Node;

/// How a node reads an operand, after views have been followed.
struct Edge {
  mlir::Value operand;      ///< before views
  mlir::Value root;         ///< the value that has memory or is computed
  Node *producer = nullptr; ///< of root; null: a function argument
  /// The dimensions of the node's domain that it does not move with, where the others run through
  /// root's elements in row-major order; nullopt where they do not.
  std::optional<Intervals> repeatedOver;
  bool identity = false; ///< none: every point reads its own element
  bool repeats = false;  ///< several points read the same element
  bool simple =
      false; ///< the views can be followed from any index: no reordering reshape, no dynamic offset
  bool memoryOnly = false; ///< root is read through memory in any case
};

enum class NodeKind {
  elementwise, ///< also fill, iota, random, and gather, whose operands are memory
  reduction,
  copy,   ///< a value stored densely because no map can express how it is read
  write,  ///< tjit.write_view: stores into the memory of its base
  opaque, ///< contraction, interpreted operation, or anything without elements
};

/// One operation, or a copy.
struct Node {
  unsigned id;
  NodeKind kind;
  mlir::Operation *op;  ///< null for a copy
  mlir::Value value;    ///< what it makes
  mlir::Value domainOf; ///< the value whose elements its domain counts: a reduction's operand, a
                        ///< write's value
  Sizes domain;         ///< refined so that every reshape in front of it can be followed
  llvm::SmallVector<Edge, 3> edges;

  bool inlined = false;  ///< computed again where it is used
  bool inMemory = false; ///< some user reads it from memory
  int cluster = -1;
  bool isRow = false; ///< its domain is the rows of its cluster's, not the points

  /// Reductions: what is reduced of domainOf's sizes; 64 or 1 lanes.
  Intervals reduced;
  int64_t lanes = 1;
  llvm::StringRef combiner = "none";

  /// Whether it has one value for each row of its cluster's domain.
  bool makesRows() const { return kind == NodeKind::reduction || isRow; }
};

class FusionGraph {
public:
  explicit FusionGraph(mlir::func::FuncOp func);

  std::vector<std::unique_ptr<Node>> nodes; ///< producers before consumers
  mlir::func::FuncOp func;

  /// The node that makes `value`; null for arguments and views.
  Node *producerOf(mlir::Value value) const { return byValue.lookup(value); }
  /// The dense copy of a function argument that is read as no map of its own strides can express,
  /// if one was needed.
  Node *copyOfArgument(mlir::Value argument) const { return argumentCopies.lookup(argument); }
  bool isRoot(mlir::Value value) const { return byValue.contains(value) || copies.contains(value); }

  /// Follows an access to the memory or computation behind it: as the edges were made, so it does
  /// not fail for accesses of domains at least as fine as the node's. `producer` is null for an
  /// argument that is read directly.
  Access resolve(Access access, llvm::ArrayRef<int64_t> domain, Node *&producer) const;
  /// The access of `node` to operand `index`, given its own.
  Access operandAccess(const Node &node, unsigned index, const Access &own,
                       llvm::ArrayRef<int64_t> domain) const;

private:
  void findCopies();
  void needCopy(mlir::Value value);
  void checkAccess(Access access, llvm::ArrayRef<int64_t> domain);
  void addNode(NodeKind kind, mlir::Operation *op, mlir::Value value);
  Edge makeEdge(Node &node, unsigned index);
  void decideInlining();

  llvm::DenseSet<mlir::Value> copies; ///< views and arguments that are copied
  llvm::DenseMap<mlir::Value, Node *> byValue;
  llvm::DenseMap<mlir::Value, Node *> argumentCopies;
};

/// The kind of node that an operation becomes. `opaque` for what emitters have no code for and for
/// what has no elements.
NodeKind classify(mlir::Operation *op);

/// Splits the dimensions of `domain` so that each dimension of `sizes`, a shape of as many
/// elements, is a product of neighbouring ones. False, and no change, where the two do not divide
/// each other.
bool refine(Sizes &domain, llvm::ArrayRef<int64_t> sizes);
/// The same for the dimensions outside of `intervals`, and sizes of as many elements as those have.
bool refineOutside(Sizes &domain, const Intervals &intervals, llvm::ArrayRef<int64_t> sizes);

} // namespace tjit::codegen
