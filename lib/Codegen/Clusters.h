//===- Clusters.h -----------------------------------------------------------------------------===//
// Which nodes share a kernel.
//
// Greedy clustering. Clusters run in the order of their numbers, and a node's cluster is never
// before those of the values it needs: so there are no cycles, whatever joins what, and no
// reachability has to be computed.
//
// A cluster that reduces has two kinds of nodes: those with one element at each point of the
// domain, and those with one for each row (what the reduced dimensions leave). A point may read the
// row that it is in: then the kernel runs over each row again.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/FusionGraph.h"

namespace tjit::codegen {

/// Nodes of one kernel, or one opaque node.
struct Cluster {
  Node *opaque = nullptr;
  std::vector<Node *> nodes; ///< in graph order
  Sizes domain;              ///< refined by every node; row-major over the same elements
  /// What the kernel reduces, if one of its nodes does.
  bool reduces = false;
  Intervals reduced;
  int64_t lanes = 64;

  int64_t points() const;
  /// What the reduced dimensions leave; as many as points where nothing is reduced.
  int64_t rows() const;
};

struct ClusterOptions {
  /// Nodes that share no value still share a kernel when their domain has at most this many points.
  int64_t horizontalLimit = 32768;
  /// Bounds of a kernel: more operands than this run out of registers for addresses; longer bodies
  /// compile slowly.
  unsigned maxOperands = 24, maxNodes = 96;
  /// When a kernel may run over its rows again instead of leaving them to the next one: what it
  /// reads should still be in cache, and a row is the work of one task.
  int64_t minRows = 16, maxRowLength = 65536;
  /// The same for rows across memory, of which a block of neighbouring ones is done at a time.
  int64_t minColumns = 1024, maxColumnLength = 2048;
  /// How many of the last clusters a node may join: keeps fusion linear in the length of a trace.
  int searchDepth = 64;
};

/// Assigns every node that is not only computed inside others to a cluster, marks the nodes that
/// must be in memory, and drops clusters of which nothing is needed.
std::vector<Cluster> makeClusters(FusionGraph &graph, const ClusterOptions &options = {});

} // namespace tjit::codegen
