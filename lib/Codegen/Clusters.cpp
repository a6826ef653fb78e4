//===- Clusters.cpp ---------------------------------------------------------------------------===//
// Which nodes share a kernel.
//
// See Clusters.h. Three walks over the nodes:
//   forward   every node joins the best cluster that its operands allow, or opens one
//   backward  a node that only a later cluster uses, and that reads nothing of its own, moves there
//   backward  what a cluster reads from another one must be in memory there
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/Clusters.h"

#include "IR/TensorType.h"

using namespace mlir;

namespace tjit::codegen {

namespace {

/// What a node reads once the nodes that are computed inside it have been looked through.
struct Leaf {
  const Edge *edge;
  bool identity; ///< along the whole way
};

class Clustering {
public:
  Clustering(FusionGraph &graph, const ClusterOptions &options)
      : graph(graph), options(options), users(graph.nodes.size()) {
    for (auto &node : graph.nodes)
      for (const Edge &edge : node->edges)
        if (edge.producer)
          users[edge.producer->id].push_back({node.get(), &edge});
  }

  std::vector<Cluster> run() {
    for (auto &node : graph.nodes)
      assign(*node);
    for (auto &node : llvm::reverse(graph.nodes))
      sink(*node);
    collectNodes();
    markMemory();
    return dropUnneeded();
  }

private:
  FusionGraph &graph;
  const ClusterOptions &options;
  std::vector<SmallVector<std::pair<Node *, const Edge *>, 2>> users;
  std::vector<Cluster> clusters;
  /// Roots that a cluster reads or makes, to find neighbours with something in common.
  std::vector<llvm::DenseSet<Value>> roots;
  std::vector<unsigned> nodeCount;

  void leaves(const Node &node, bool identity, SmallVectorImpl<Leaf> &out) {
    for (const Edge &edge : node.edges) {
      if (edge.producer && edge.producer->inlined && !edge.memoryOnly)
        leaves(*edge.producer, identity && edge.identity, out);
      else
        out.push_back({&edge, identity && edge.identity && !edge.memoryOnly});
    }
  }

  /// The first cluster in which a node's operands are there.
  int firstCluster(ArrayRef<Leaf> operands) {
    int first = 0;
    for (const Leaf &leaf : operands)
      if (leaf.edge->producer)
        first = std::max(first, leaf.edge->producer->cluster + (leaf.identity ? 0 : 1));
    return first;
  }

  /// Whether the node's domain and reduction go with the cluster's; `domain` is the common
  /// refinement.
  bool fits(const Node &node, const Cluster &cluster, Sizes &domain) {
    if (cluster.opaque || numElements(std::span(ArrayRef(node.domain))) !=
                              numElements(std::span(ArrayRef(cluster.domain))))
      return false;
    if (node.kind == NodeKind::reduction && cluster.reduces &&
        (node.reduced != cluster.reduced || node.lanes != cluster.lanes))
      return false;
    domain = cluster.domain;
    return refine(domain, node.domain);
  }

  void join(Node &node, int index, const Sizes &domain, ArrayRef<Leaf> operands) {
    Cluster &cluster = clusters[index];
    cluster.domain = domain;
    node.cluster = index;
    ++nodeCount[index];
    for (const Leaf &leaf : operands)
      roots[index].insert(leaf.edge->root);
    roots[index].insert(node.value);
    if (node.kind == NodeKind::reduction) {
      cluster.reduces = true;
      cluster.reduced = node.reduced;
      cluster.lanes = node.lanes;
    }
  }

  int open(Node *opaque, const Sizes &domain) {
    clusters.emplace_back();
    clusters.back().opaque = opaque;
    clusters.back().domain = domain;
    roots.emplace_back();
    nodeCount.push_back(0);
    return clusters.size() - 1;
  }

  void assign(Node &node) {
    if (node.kind == NodeKind::opaque) {
      node.cluster = open(&node, {});
      return;
    }
    if (node.inlined && !node.inMemory)
      return;
    SmallVector<Leaf> operands;
    leaves(node, true, operands);
    int first = firstCluster(operands);
    bool small = numElements(std::span(ArrayRef(node.domain))) <= options.horizontalLimit;
    int best = -1, bestScore = 0;
    Sizes bestDomain;
    int last = clusters.size();
    for (int i = last; i-- > std::max(first, last - options.searchDepth);) {
      Sizes domain;
      if (nodeCount[i] >= options.maxNodes ||
          roots[i].size() + operands.size() > options.maxOperands ||
          !fits(node, clusters[i], domain))
        continue;
      int score = small ? 1 : 0;
      for (const Leaf &leaf : operands)
        if (roots[i].contains(leaf.edge->root))
          score += leaf.edge->producer && leaf.edge->producer->cluster == i ? 4 : 2;
      if (score > bestScore) {
        best = i;
        bestScore = score;
        bestDomain = domain;
      }
    }
    if (best < 0) {
      best = open(nullptr, node.domain);
      bestDomain = node.domain;
    }
    join(node, best, bestDomain, operands);
  }

  void sink(Node &node) {
    if (node.cluster < 0 || node.kind != NodeKind::elementwise || node.inMemory)
      return;
    int target = -1;
    for (auto [user, edge] : users[node.id]) {
      if (user->cluster < 0 || !edge->identity || edge->memoryOnly ||
          (target >= 0 && target != user->cluster))
        return;
      target = user->cluster;
    }
    if (target <= node.cluster)
      return;
    SmallVector<Leaf> operands;
    leaves(node, true, operands);
    for (const Leaf &leaf : operands)
      if (leaf.edge->producer && leaf.edge->producer->cluster == node.cluster &&
          !leaf.edge->producer->inMemory)
        return;
    Sizes domain;
    if (!fits(node, clusters[target], domain) ||
        roots[target].size() + operands.size() > options.maxOperands)
      return;
    --nodeCount[node.cluster];
    join(node, target, domain, operands);
  }

  void collectNodes() {
    for (auto &node : graph.nodes)
      if (node->cluster >= 0)
        clusters[node->cluster].nodes.push_back(node.get());
  }

  /// Marks what computing `node` in `cluster` reads from memory.
  void markOperands(Node &node, int cluster, bool identity, llvm::DenseSet<Node *> &seen) {
    if (identity && !seen.insert(&node).second)
      return;
    for (Edge &edge : node.edges) {
      if (!edge.producer)
        continue;
      bool same = identity && edge.identity;
      if (edge.memoryOnly)
        edge.producer->inMemory = true;
      else if (edge.producer->cluster == cluster && same)
        markOperands(*edge.producer, cluster, true, seen);
      else if (edge.producer->inlined)
        markOperands(*edge.producer, cluster, same, seen);
      else
        edge.producer->inMemory = true;
    }
  }

  void markMemory() {
    // Which nodes are needed is known when the clusters after theirs are done; memory that nobody
    // asks for is dropped.
    for (int i = clusters.size(); i-- > 0;) {
      llvm::DenseSet<Node *> seen;
      for (Node *node : clusters[i].nodes)
        if (node->inMemory || clusters[i].opaque)
          markOperands(*node, i, true, seen);
    }
  }

  std::vector<Cluster> dropUnneeded() {
    std::vector<Cluster> kept;
    for (Cluster &cluster : clusters) {
      bool needed =
          cluster.opaque || llvm::any_of(cluster.nodes, [](Node *node) { return node->inMemory; });
      for (Node *node : cluster.nodes)
        node->cluster = needed ? static_cast<int>(kept.size()) : -1;
      if (needed)
        kept.push_back(std::move(cluster));
    }
    return kept;
  }
};

} // namespace

std::vector<Cluster> makeClusters(FusionGraph &graph, const ClusterOptions &options) {
  return Clustering(graph, options).run();
}

} // namespace tjit::codegen
