//===- Layout.h -------------------------------------------------------------------------------===//
// Questions about sizes and strides.
//
// Plain arithmetic on geometry: what is row-major, what is dense, in which order an elementwise
// operation stores its result, whether a view under other sizes exists.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/TensorType.h"

#include <optional>

namespace tjit {

using Sizes = std::span<const int64_t>;

/// Whether the strides are those of a dense row-major tensor; strides of dimensions of size 1 do
/// not matter, and a tensor without elements always is.
bool isRowMajor(Sizes sizes, Sizes strides);
/// Whether the elements fill a piece of memory without gaps or overlap, in some order of
/// dimensions.
bool isDense(Sizes sizes, Sizes strides);
/// Whether images or volumes [n, c, ...] lie with their channels last, as PyTorch tells it
/// (is_channels_last_strides in c10/core/MemoryFormat.h). False for other ranks.
bool liesChannelsLast(Sizes sizes, Sizes strides);
/// Whether two index tuples may name the same element. Exact for what slices, permutations and
/// expansions make.
bool overlapsItself(Sizes sizes, Sizes strides);
/// How the memory of two geometries over one storage meets. As PyTorch's get_overlap_status
/// (aten/src/ATen/MemoryOverlap.cpp), which looks at dense ones only: for the others it is `none`.
enum class Overlap { none, full, partial };
Overlap overlapOf(Sizes aSizes, Sizes aStrides, int64_t aOffset, Sizes bSizes, Sizes bStrides,
                  int64_t bOffset);
/// One past the largest offset that the geometry reaches, from offset 0; 0 for no elements.
int64_t extent(Sizes sizes, Sizes strides);

/// What a distance over row-major elements of these sizes is over elements that lie by `strides`.
int64_t fromRowMajor(int64_t distance, Sizes sizes, Sizes strides);

/// An operand of an elementwise operation: its sizes broadcast to the result's from the right.
struct Geometry {
  Sizes sizes, strides;
};
/// Dimensions of the result from slowest to fastest, as PyTorch's TensorIterator
/// (reorder_dimensions in aten/src/ATen/TensorIterator.cpp) orders them from the operands' strides.
/// Returns whether that is the row-major order.
bool elementwiseOrder(Sizes resultSizes, std::span<const Geometry> operands, Dims &order);
/// Strides of a dense tensor whose dimensions have that order in memory.
Dims stridesInOrder(Sizes sizes, const Dims &order);
/// The order of a dense tensor's dimensions from slowest to fastest.
Dims orderOfStrides(Sizes sizes, Sizes strides);

/// Strides under `newSizes` (as many elements) that read the same elements in the same order; none
/// if there are no such strides.
std::optional<Dims> stridesOfView(Sizes sizes, Sizes strides, Sizes newSizes);

} // namespace tjit
