//===- Access.h -------------------------------------------------------------------------------===//
// Which element of a value is read at a point of a domain.
//
// Views compute nothing: they say where to read. An Access follows a chain of them from its last
// result back to the value that has memory or is computed, as linear forms over the dimensions of a
// domain. Everything that fusion decides about indices (can this be fused, is it the same element,
// what is the kernel's map) is asked of an Access.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace mlir {
class Operation;
}

namespace tjit::codegen {

using Sizes = llvm::SmallVector<int64_t, 6>;

/// Dimensions of a domain, however it is refined: intervals [low, high) of its suffix products,
/// outermost first, neighbours merged. What a reduction reduces.
using Intervals = llvm::SmallVector<std::pair<int64_t, int64_t>, 2>;

/// Whether dimension `dim` of a domain lies in one of the intervals.
bool isInside(llvm::ArrayRef<int64_t> domain, size_t dim, const Intervals &intervals);
/// Sizes of the dimensions that lie in none.
Sizes sizesOutside(llvm::ArrayRef<int64_t> domain, const Intervals &intervals);

/// constant + sum(coefficients[i] * d_i) + symbolCoefficient * symbol. The symbol is a 0-dim i64
/// value: a dynamic offset.
struct LinearForm {
  Sizes coefficients; ///< one per dimension of the domain; 0 for dimensions of size 1
  int64_t constant = 0;
  mlir::Value symbol;
  int64_t symbolCoefficient = 0;

  /// Adds factor * other. False where the sum would need two symbols.
  bool add(const LinearForm &other, int64_t factor);
  /// this = inner * quotient + remainder with 0 <= remainder < inner at every point of the domain;
  /// false where the form does not fall apart so.
  bool split(int64_t inner, llvm::ArrayRef<int64_t> domain, LinearForm &quotient,
             LinearForm &remainder) const;
  friend bool operator==(const LinearForm &, const LinearForm &) = default;
};

/// The element of `value` that a point of the domain reads: either one form per dimension of the
/// value, or, behind a reshape, the row-major number of the element.
struct Access {
  mlir::Value value;
  bool flat = false;
  llvm::SmallVector<LinearForm, 4> forms;

  friend bool operator==(const Access &, const Access &) = default;
};

/// The domain's own point as an access to `value`, whose row-major elements the domain counts: the
/// product of the domain's sizes is the number of elements, and each of the value's dimensions is a
/// product of neighbouring domain dimensions.
Access identityAccess(mlir::Value value, llvm::ArrayRef<int64_t> domain);

/// The same for a value whose elements the dimensions outside of `intervals` count: a reduction's
/// result. The access does not move with the others.
Access rowAccess(mlir::Value value, llvm::ArrayRef<int64_t> domain, const Intervals &intervals);

/// The access to an operand of an elementwise operation, given the indices of its result:
/// broadcasting drops forms. False where a flat access cannot be taken apart into the result's
/// dimensions.
bool broadcastAccess(Access result, mlir::Value operand, llvm::ArrayRef<int64_t> domain,
                     Access &out);

/// Whether the access has, or can be given, one form per dimension of its value: what an operation
/// that is computed at it needs. Memory can be read at a row-major number as it is.
bool hasIndices(const Access &access, llvm::ArrayRef<int64_t> domain);

/// Why a walk through views stopped before a value with memory or a computation.
enum class WalkEnd {
  root,         ///< access.value is not the result of a view
  unsplittable, ///< a reshape's elements do not lie on the domain's dimensions: access.value is
                ///< what must be in memory
  twoOffsets,   ///< a second dynamic offset, likewise
};
/// Follows `access` through views until it ends at a root or at a value in `isRoot`.
WalkEnd walkViews(Access &access, llvm::ArrayRef<int64_t> domain,
                  llvm::function_ref<bool(mlir::Value)> isRoot);

/// One step of that walk: from the result of the view that makes `access.value` to its operand.
WalkEnd stepThroughView(Access &access, llvm::ArrayRef<int64_t> domain);

bool isView(mlir::Operation *op);
/// Whether a reshape only inserts or drops dimensions of size 1.
bool changesUnitDimsOnly(mlir::Operation *reshape);
/// The dimensions that an access does not move with, if the others run through all of its value's
/// elements in row-major order; else nullopt.
std::optional<Intervals> repeatedOver(const Access &access, llvm::ArrayRef<int64_t> domain);
/// Whether a point of the domain accesses the element of its own row-major number.
bool isRowMajor(const Access &access, llvm::ArrayRef<int64_t> domain);

/// Element strides of the memory that holds a value: `tjit.strides` of a function argument, else
/// row-major.
Sizes memoryStrides(mlir::Value root);
/// Whether memoryStrides are those of row-major order, sizes of 1 ignored.
bool isDense(mlir::Value root);

/// Offset in elements from the start of the root's memory; nullopt where a flat access meets a
/// strided argument.
std::optional<LinearForm> memoryOffset(const Access &access, llvm::ArrayRef<int64_t> domain);

/// The form as a map (d0, ...)[s0] -> (...); the symbol is present where the form has one.
mlir::AffineMap toAffineMap(const LinearForm &form, mlir::MLIRContext *context);

/// How a value is read by an operation that takes strided operands: `root`'s memory from its start
/// with these strides.
struct StridedOperand {
  mlir::Value root;
  Sizes strides;
};
/// nullopt where the views before `value` need an offset, a negative stride or a copy.
std::optional<StridedOperand> stridedOperand(mlir::Value value,
                                             llvm::function_ref<bool(mlir::Value)> isRoot);

/// Whether the return may hand out the memory behind a value as it is.
bool isDenseAlias(mlir::Value value, llvm::function_ref<bool(mlir::Value)> isRoot);

/// The memory behind a value outside kernels: views followed to their root.
mlir::Value memoryRoot(mlir::Value value);

/// Sizes of a ranked tensor.
llvm::ArrayRef<int64_t> sizesOf(mlir::Value value);
int64_t elementsOf(mlir::Value value);

} // namespace tjit::codegen
