//===- Clusters.h -----------------------------------------------------------------------------===//
// Which nodes share a kernel.
//
// Greedy clustering. Clusters run in the order of their numbers, and a node's cluster is never
// before those of the values it needs: so there are no cycles, whatever joins what, and no
// reachability has to be computed.
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
  llvm::SmallVector<std::pair<int64_t, int64_t>, 2> reduced;
  int64_t lanes = 64;
};

struct ClusterOptions {
  /// Nodes that share no value still share a kernel when their domain has at most this many points.
  int64_t horizontalLimit = 32768;
  /// Bounds of a kernel: more operands than this run out of registers for addresses; longer bodies
  /// compile slowly.
  unsigned maxOperands = 24, maxNodes = 96;
  /// How many of the last clusters a node may join: keeps fusion linear in the length of a trace.
  int searchDepth = 64;
};

/// Assigns every node that is not only computed inside others to a cluster, marks the nodes that
/// must be in memory, and drops clusters of which nothing is needed.
std::vector<Cluster> makeClusters(FusionGraph &graph, const ClusterOptions &options = {});

} // namespace tjit::codegen
