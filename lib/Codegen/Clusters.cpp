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
  std::optional<Intervals> repeatedOver; ///< of the whole way, as an edge's
};

/// Where the points of a domain are seen from a node on the way to what it reads: each at its own,
/// each at its row, or anywhere.
enum class Place { points, rows, anywhere };

std::optional<Intervals> followed(const std::optional<Intervals> &way, const Edge &edge) {
  if (!way || !edge.repeatedOver || edge.memoryOnly)
    return std::nullopt;
  if (way->empty())
    return edge.repeatedOver;
  return edge.repeatedOver->empty() ? way : std::nullopt;
}

Place placeOf(const std::optional<Intervals> &repeatedOver, const Cluster &cluster) {
  if (!repeatedOver)
    return Place::anywhere;
  if (repeatedOver->empty())
    return Place::points;
  return cluster.reduces && *repeatedOver == cluster.reduced ? Place::rows : Place::anywhere;
}

Place followed(Place from, const Edge &edge, const Cluster &cluster) {
  if (edge.memoryOnly)
    return Place::anywhere;
  Place place = placeOf(edge.repeatedOver, cluster);
  if (from == Place::points)
    return place;
  return from == Place::rows && place == Place::points ? Place::rows : Place::anywhere;
}

int64_t elementsIn(const Sizes &sizes) { return numElements(std::span(ArrayRef(sizes))); }

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

  void leaves(const Node &node, const std::optional<Intervals> &way, SmallVectorImpl<Leaf> &out) {
    for (const Edge &edge : node.edges) {
      if (edge.producer && edge.producer->inlined && !edge.memoryOnly)
        leaves(*edge.producer, followed(way, edge), out);
      else
        out.push_back({&edge, followed(way, edge)});
    }
  }
  SmallVector<Leaf> leaves(const Node &node) {
    SmallVector<Leaf> out;
    leaves(node, Intervals(), out);
    return out;
  }

  /// Where a node of cluster `index` sees a leaf that the same cluster makes.
  Place placeIn(const Leaf &leaf, int index, bool asRow) {
    Place place = placeOf(leaf.repeatedOver, clusters[index]);
    if (asRow)
      place = place == Place::points ? Place::rows : Place::anywhere;
    bool makesRows = leaf.edge->producer->makesRows();
    return makesRows == (place == Place::rows) ? place : Place::anywhere;
  }

  /// Whether what a node reads is there when cluster `index` runs, or is made in it where the node
  /// needs it.
  bool hasOperands(ArrayRef<Leaf> operands, int index, bool asRow) {
    bool inside = false;
    for (const Leaf &leaf : operands) {
      Node *producer = leaf.edge->producer;
      if (!producer || producer->cluster < index)
        continue;
      Place place = producer->cluster == index ? placeIn(leaf, index, asRow) : Place::anywhere;
      if (place == Place::anywhere ||
          (place == Place::rows && !asRow && !mayRunAgain(clusters[index])))
        return false;
      inside = true;
    }
    return inside || !asRow;
  }

  /// Whether a kernel may run over its rows once more.
  bool mayRunAgain(const Cluster &cluster) {
    int64_t points = cluster.points(), rows = cluster.rows(), length = points / rows;
    if (points <= options.horizontalLimit)
      return true;
    return cluster.lanes == 1 ? rows >= options.minColumns && length <= options.maxColumnLength
                              : rows >= options.minRows && length <= options.maxRowLength;
  }

  /// Whether the node's domain and reduction go with the cluster's; `domain` is the common
  /// refinement. `asRow`: the node's elements are the cluster's rows.
  bool fits(const Node &node, const Cluster &cluster, Sizes &domain, bool &asRow) {
    if (cluster.opaque)
      return false;
    domain = cluster.domain;
    int64_t elements = elementsIn(node.domain);
    asRow = elements != cluster.points();
    if (asRow)
      return (node.kind == NodeKind::elementwise || node.kind == NodeKind::write) &&
             cluster.reduces && elements == cluster.rows() &&
             refineOutside(domain, cluster.reduced, node.domain);
    if (node.kind == NodeKind::reduction && cluster.reduces &&
        (node.reduced != cluster.reduced || node.lanes != cluster.lanes))
      return false;
    return refine(domain, node.domain);
  }

  void join(Node &node, int index, const Sizes &domain, bool asRow, ArrayRef<Leaf> operands) {
    Cluster &cluster = clusters[index];
    cluster.domain = domain;
    node.cluster = index;
    node.isRow = asRow;
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
    SmallVector<Leaf> operands = leaves(node);
    int first = 0;
    for (const Leaf &leaf : operands)
      if (leaf.edge->producer)
        first = std::max(first, leaf.edge->producer->cluster);
    bool small = elementsIn(node.domain) <= options.horizontalLimit;
    int best = -1, bestScore = 0;
    bool bestAsRow = false;
    Sizes bestDomain;
    int last = clusters.size();
    for (int i = last; i-- > std::max(first, last - options.searchDepth);) {
      Sizes domain;
      bool asRow;
      if (nodeCount[i] >= options.maxNodes ||
          roots[i].size() + operands.size() > options.maxOperands ||
          !fits(node, clusters[i], domain, asRow) || !hasOperands(operands, i, asRow))
        continue;
      int score = small ? 1 : 0;
      for (const Leaf &leaf : operands)
        if (roots[i].contains(leaf.edge->root))
          score += leaf.edge->producer && leaf.edge->producer->cluster == i ? 4 : 2;
      if (score > bestScore) {
        best = i;
        bestScore = score;
        bestAsRow = asRow;
        bestDomain = domain;
      }
    }
    if (best < 0) {
      best = open(nullptr, node.domain);
      bestDomain = node.domain;
    }
    join(node, best, bestDomain, bestAsRow, operands);
  }

  void sink(Node &node) {
    if (node.cluster < 0 || node.kind != NodeKind::elementwise || node.inMemory || node.isRow)
      return;
    int target = -1;
    for (auto [user, edge] : users[node.id]) {
      if (user->cluster < 0 || !edge->identity || edge->memoryOnly ||
          (target >= 0 && target != user->cluster))
        return;
      target = user->cluster;
    }
    if (target <= node.cluster || nodeCount[target] >= options.maxNodes)
      return;
    SmallVector<Leaf> operands = leaves(node);
    for (const Leaf &leaf : operands)
      if (leaf.edge->producer && leaf.edge->producer->cluster == node.cluster &&
          !leaf.edge->producer->inMemory)
        return;
    Sizes domain;
    bool asRow;
    if (!fits(node, clusters[target], domain, asRow) || asRow ||
        roots[target].size() + operands.size() > options.maxOperands)
      return;
    --nodeCount[node.cluster];
    join(node, target, domain, /*asRow=*/false, operands);
  }

  void collectNodes() {
    for (auto &node : graph.nodes)
      if (node->cluster >= 0)
        clusters[node->cluster].nodes.push_back(node.get());
  }

  using Seen = llvm::DenseSet<std::pair<Node *, int>>;

  /// Marks what computing `node` in cluster `index` reads from memory. `from`: where it stands.
  void markOperands(Node &node, int index, Place from, Seen &seen) {
    if (!seen.insert({&node, static_cast<int>(from)}).second)
      return;
    for (Edge &edge : node.edges) {
      Node *producer = edge.producer;
      if (!producer)
        continue;
      Place at = followed(from, edge, clusters[index]);
      bool made = producer->cluster == index && at != Place::anywhere &&
                  producer->makesRows() == (at == Place::rows);
      if (edge.memoryOnly)
        producer->inMemory = true;
      else if (made && producer->kind == NodeKind::reduction)
        markOperands(*producer, index, Place::points, seen);
      else if (made || producer->inlined)
        markOperands(*producer, index, at, seen);
      else
        producer->inMemory = true;
    }
  }

  void markMemory() {
    // Which nodes are needed is known when the clusters after theirs are done; memory that nobody
    // asks for is dropped.
    for (int i = clusters.size(); i-- > 0;) {
      Seen seen;
      for (Node *node : llvm::reverse(clusters[i].nodes))
        if (node->inMemory || clusters[i].opaque)
          markOperands(*node, i, node->isRow ? Place::rows : Place::points, seen);
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

int64_t Cluster::points() const { return elementsIn(domain); }

int64_t Cluster::rows() const { return elementsIn(sizesOutside(domain, reduced)); }

std::vector<Cluster> makeClusters(FusionGraph &graph, const ClusterOptions &options) {
  return Clustering(graph, options).run();
}

} // namespace tjit::codegen
