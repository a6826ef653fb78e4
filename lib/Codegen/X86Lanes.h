//===- X86Lanes.h -----------------------------------------------------------------------------===//
// An elementwise body along one line of points, in vectors.
#pragma once

#include "Codegen/X86Function.h"

namespace tjit::codegen {

/// Loops over consecutive points that evaluate a kernel's body, with as many lanes as a vector has.
class LaneEmitter {
public:
  LaneEmitter(ir::KernelOp kernel, X86Function &function, int64_t width);

  /// An operand whose elements are somewhere else: those of the points from `first` on lie one
  /// after the other behind `address`, in the operand's own type.
  struct Moved {
    unsigned operand;
    mlir::Value address;
  };
  struct Options {
    mlir::Value origin = nullptr; ///< added to the points' numbers; null: 0
    llvm::ArrayRef<Moved> moved = {};
    bool streaming = false; ///< contiguous results bypass the caches: their vectors must be aligned
  };
  /// All points of the lane space from `first` to `last`, given the coordinates of the other
  /// dimensions. Short code where both are constants: what is left behind the whole vectors is
  /// known.
  void emit(const LaneSpace &space, mlir::Value first, mlir::Value last, const Options &options);
  void emit(const LaneSpace &space, mlir::Value first, mlir::Value last) {
    emit(space, first, last, Options());
  }

  static constexpr int64_t kBuffer = 128; ///< bytes of scratch per operand, at its start

private:
  /// As many steps of `vectors` whole vectors as fit; gives where they end.
  mlir::Value emitWhole(mlir::Value first, mlir::Value last, int64_t vectors,
                        llvm::function_ref<void(mlir::Value)> emit);
  void emitOnce(llvm::SmallVectorImpl<Access> &accesses, mlir::Value first, mlir::Value last,
                llvm::function_ref<void(mlir::Value)> emit);
  bool canMask(llvm::ArrayRef<Access> accesses);

  ir::KernelOp kernel;
  X86Function &function;
  CodeBuilder &code;
  int64_t width;              // points of a pass through the loop
  const int64_t cost, unroll; // short bodies are bound by the loop's own instructions
};

} // namespace tjit::codegen
