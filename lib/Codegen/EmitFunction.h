//===- EmitFunction.h -------------------------------------------------------------------------===//
// A function of a kernel under construction.
//
// What loops and reductions of every target share: the operands' pointers, and loads and stores of
// as many consecutive points as there are lanes (one on a GPU's thread), whatever the operand's
// strides are.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBody.h"
#include "Codegen/EmitMaps.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include <memory>

namespace tjit::codegen {

/// What vectors of a target can do without being taken apart.
struct Simd {
  unsigned bytes;

  bool masks(unsigned elementBytes) const {
    return bytes == 64 || (bytes == 32 && elementBytes >= 4);
  }
  bool gathers(unsigned elementBytes) const { return bytes >= 32 && elementBytes >= 4; }
  bool scatters(unsigned elementBytes) const { return bytes == 64 && elementBytes >= 4; }
};

/// Dimensions whose points, in row-major order, become the lanes of vectors. A vector begins at a
/// flat index into them.
struct LaneSpace {
  llvm::SmallVector<unsigned, 4> dims;
  llvm::SmallVector<mlir::Value, 6>
      outer;            ///< per dimension of the domain: its coordinate; null for those in `dims`
  bool aligned = false; ///< vectors begin at multiples of their width
};

/// Where an operand's elements lie for consecutive points of a lane space.
struct Access {
  enum Kind {
    invariant,  ///< one element for all
    contiguous, ///< one after the other
    strided,    ///< at equal distances
    runs,       ///< contiguous or invariant within each vector, because vectors do not cross runs
    general,    ///< each lane's offset is computed
    indexed     ///< each lane's offset is read, and what is computed is added
  };
  Kind kind = invariant;
  unsigned operand = 0; ///< inputs, then results
  mlir::Value
      base; ///< address of the point with all lane coordinates 0; general maps: of the buffer
  Extent stride = 0;
  bool streaming = false;           ///< whole vectors are stored past the caches; they are aligned
  llvm::SmallVector<Step, 4> steps; ///< merged lane dimensions
  const LaneSpace *space = nullptr; ///< must outlive the access
  std::shared_ptr<Access> index;    ///< indexed: where the offsets are
};

class KernelFunction {
public:
  virtual ~KernelFunction() = default;

  unsigned numInputs() const { return shape.inputs.size(); }
  unsigned numOperands() const { return numInputs() + shape.results.size(); }
  const OperandMap &map(unsigned operand) const;
  mlir::Type element(unsigned operand); ///< tjit element type
  mlir::Value argument(unsigned i);     ///< the operands' addresses, in order

  Access access(unsigned operand, const LaneSpace &space, int64_t width);
  /// Elements of the lanes from `flat` on, in registers; lanes that `mask` leaves out are 0.
  /// Scalars for width 1.
  mlir::Value load(const Access &access, mlir::Value flat, int64_t width,
                   mlir::Value mask = nullptr);
  void store(const Access &access, mlir::Value flat, mlir::Value value, mlir::Value mask = nullptr);
  /// Asks for the line that is `ahead` elements behind the one at `flat`; any address will do. The
  /// access is contiguous.
  void prefetch(const Access &access, mlir::Value flat, Extent ahead, bool forWriting);
  /// `count` of `width` lanes, from the first one: null where that is all of them.
  mlir::Value staticMask(int64_t count, int64_t width);
  mlir::Value dynamicMask(mlir::Value count, int64_t width);

  /// The values of the body's tjit.index operations in the lanes from `flat` on.
  llvm::SmallVector<mlir::Value> indices(const LaneSpace &space, mlir::Value flat, int64_t width);

  /// Plain memory at byte or element distances from a pointer.
  mlir::Value offsetPointer(mlir::Value pointer, mlir::Value elements, mlir::Type element);
  mlir::Value loadPlain(mlir::Value pointer, mlir::Type type, unsigned alignment,
                        mlir::Value mask = nullptr);
  void storePlain(mlir::Value pointer, mlir::Value value, unsigned alignment,
                  mlir::Value mask = nullptr);
  /// Past the caches, aligned to the value's own size.
  void storeStreaming(mlir::Value pointer, mlir::Value value);

  /// Copies `count` < `width` elements.
  void copyElements(mlir::Value to, mlir::Value from, mlir::Type element, mlir::Value count,
                    int64_t width);

  const KernelShape &shape;
  const Simd simd;
  CodeBuilder code;

protected:
  /// Operand addresses are computed at the start of `entry`, after its first operation.
  KernelFunction(ir::KernelOp kernel, const KernelShape &shape, mlir::Block &entry, Simd simd)
      : shape(shape), simd(simd), code(entry, kernel.getLoc()), kernel(kernel) {}
  void startAfter(mlir::Operation *first) { lastPointer = first; }
  virtual mlir::Value makeArgument(unsigned i) = 0;

private:
  mlir::Value pointer(unsigned operand); ///< address of the element at constant + s0
  mlir::Value dynamicOffset(const OperandMap &map);
  /// Element offsets of the lanes from `flat` on, but for the coordinates of other dimensions where
  /// `map` is linear. 32 bits where they are enough and `mayNarrow`.
  mlir::Value laneOffsets(const OperandMap &map, const LaneSpace &space, mlir::Value flat,
                          int64_t width, bool mayNarrow);
  mlir::Value outerOffset(const OperandMap &map, const LaneSpace &space);
  mlir::Value lanePointers(const Access &access, mlir::Value flat, int64_t width,
                           mlir::Value mask = nullptr);
  mlir::Value addressOf(const Access &access, mlir::Value flat);

  ir::KernelOp kernel;
  mlir::Operation *lastPointer = nullptr;
  llvm::DenseMap<unsigned, mlir::Value> arguments, pointers;
};

} // namespace tjit::codegen
