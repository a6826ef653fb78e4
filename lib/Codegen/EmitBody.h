//===- EmitBody.h -----------------------------------------------------------------------------===//
// The scalar body of a kernel as operations on lanes.
//
// The body of a tjit.kernel is elementwise operations on scalars; here they become arithmetic on
// vectors of any width, or on scalars, for every target. Values are in registers as EmitTypes.h
// says.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBuilder.h"
#include "Codegen/EmitElementary.h"
#include "mlir/IR/Operation.h"

namespace tjit::codegen {

/// Values of a body as lanes in registers.
using LaneValues = llvm::DenseMap<mlir::Value, mlir::Value>;

/// Emits the body of one kernel, in parts: what depends on values that are the same in all lanes
/// once, outside of the loop, the rest wherever `emit` is called. Copies keep what has been emitted
/// so far, so nested loops can each fix more values.
class BodyEmitter {
public:
  explicit BodyEmitter(mlir::Block &body) : body(&body) {}

  /// Fixes inputs to scalars (null: not fixed here) and emits everything that follows from them and
  /// from earlier calls at the builder's insertion point, together with its copies in all lanes of
  /// `width`.
  void fix(CodeBuilder &code, mlir::ValueRange scalars, int64_t width);
  /// The same for values of the body: the results of folds.
  void fix(CodeBuilder &code, const LaneValues &scalars, int64_t width);
  /// The scalar that a value is fixed to, or null.
  mlir::Value fixedTo(mlir::Value value) const { return fixed.lookup(value); }

  /// Emits what `targets` need beyond what is fixed and what is in `values`, `width` lanes each,
  /// and adds it to `values`. `leaf` gives the lanes of block arguments and tjit.index operations.
  void emit(CodeBuilder &code, LaneValues &values, mlir::ValueRange targets, int64_t width,
            llvm::function_ref<mlir::Value(mlir::Value)> leaf) const;
  /// The lanes of a value that is fixed or in `values`.
  mlir::Value lanesOf(CodeBuilder &code, const LaneValues &values, mlir::Value value,
                      int64_t width) const;

  /// Emits all the rest for the given inputs (null where fixed) and the values of the tjit.index
  /// operations, and gives what the body yields.
  llvm::SmallVector<mlir::Value> emit(CodeBuilder &code, mlir::ValueRange inputs,
                                      mlir::ValueRange indices, int64_t width) const;

private:
  void followFixed(CodeBuilder &code, int64_t width);

  mlir::Block *body;
  LaneValues fixed;                                    // body value -> scalar
  LaneValues spread;                                   // body value -> the same in all lanes
  llvm::DenseMap<mlir::Value, Reciprocal> reciprocals; // of fixed divisors
};

/// Emits one elementwise operation for operands in registers. The operation's element types say
/// what they mean.
mlir::Value emitElementwise(CodeBuilder &code, mlir::Operation *op, mlir::ValueRange operands);

/// Whether the body of a kernel may hold this operation: an elementwise one, tjit.fill, tjit.index
/// or tjit.fold.
bool hasCode(mlir::Operation *op);

/// How many times the work of an addition an operation, a whole body is, roughly: for grain sizes
/// and unrolling.
int64_t operationCost(mlir::Operation *elementwise);
int64_t bodyCost(mlir::Block &body);

/// Reductions: "add", "mul", "max", "min".
struct Combiner {
  enum Kind { none, add, mul, max, min } kind = none;
  mlir::Type element; ///< the accumulation dtype as a tjit element type

  /// `yielded` is a tjit element type.
  static Combiner get(llvm::StringRef name, mlir::Type yielded);
  /// Whether any order gives the same bits.
  bool orderFree() const;
  mlir::Value identity(CodeBuilder &code, int64_t width) const;
  mlir::Value combine(CodeBuilder &code, mlir::Value x, mlir::Value y) const;
};

} // namespace tjit::codegen
