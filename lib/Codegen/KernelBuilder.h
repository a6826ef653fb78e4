//===- KernelBuilder.h ------------------------------------------------------------------------===//
// A cluster as one tjit.kernel.
//
// Walks from the values that a cluster must store back to what it reads, makes the scalar body on
// the way, and collapses the domain.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/Clusters.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace tjit::codegen {

/// Builds the kernel of `cluster` at the builder's insertion point. `memory` maps roots of the
/// graph to the values that hold them (arguments, results of kernels already built, clones of
/// opaque operations); the kernel's results are added for the cluster's nodes that are in memory.
void buildKernel(mlir::OpBuilder &builder, const FusionGraph &graph, const Cluster &cluster,
                 llvm::DenseMap<const Node *, mlir::Value> &made, mlir::IRMapping &memory);

} // namespace tjit::codegen
