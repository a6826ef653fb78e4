//===- EmitBuilder.h --------------------------------------------------------------------------===//
// Writing clean loops.
//
// No optimizer runs after the emitters, so what they write has its constants in one place and its
// trivial arithmetic folded. CodeBuilder does that much and no more.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit-compiler/Codegen/Emit.h"
#include "tjit-compiler/Codegen/Extent.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tjit::codegen {

/// Instructions that some targets lack, and that are composed of others there (EmitSoftware.h).
struct Isa {
  bool fma = true, rounding = true, half = true;
  bool scale = false; // of 512 bits, by powers of two

  static Isa of(const TargetInfo &target) {
    return {target.hasFma, target.hasRounding, target.hasHalf, target.vectorBytes == 64};
  }
};

/// Builds operations at one location inside one function; constants go to the start of its entry
/// block, once each.
class CodeBuilder {
public:
  CodeBuilder(mlir::Block &entry, mlir::Location location)
      : b(mlir::OpBuilder::atBlockEnd(&entry)), loc(location), entry(entry) {}

  template <typename Op, typename... Args> auto create(Args &&...args) {
    return Op::create(b, loc, std::forward<Args>(args)...);
  }

  /// The constant of an integer, float or splat vector type. Floats take `value` rounded to the
  /// type.
  mlir::Value constant(mlir::Attribute typedAttribute);
  mlir::Value integer(mlir::Type type, int64_t value);
  mlir::Value floating(mlir::Type type, double value);
  mlir::Value i64(int64_t value) { return integer(b.getI64Type(), value); }
  /// A constant, or the parameter that holds it.
  mlir::Value i64(Extent extent) {
    return extent.varies() ? parameter(extent) : i64(extent.number());
  }

  /// i64 arithmetic, folded where operands are constants or neutral. Division is of unsigned
  /// numbers.
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value sub(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, mlir::Value y);
  mlir::Value div(mlir::Value x, Extent by);
  mlir::Value min(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, Extent y) { return mul(x, i64(y)); }
  mlir::Value add(mlir::Value x, Extent y) { return add(x, i64(y)); }

  /// Row-major coordinates of `flat` in a box; the outermost one needs no remainder.
  llvm::SmallVector<mlir::Value, 4> delinearize(mlir::Value flat, llvm::ArrayRef<Extent> sizes);

  /// for i in [begin, end) by step: carried = body(i, carried). Gives what is carried out. A loop
  /// that is known to run once, or never, is not a loop.
  using LoopBody =
      llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)>;
  llvm::SmallVector<mlir::Value> loop(mlir::Value begin, mlir::Value end, int64_t step,
                                      mlir::ValueRange carried, LoopBody body);
  void loop(mlir::Value begin, mlir::Value end, int64_t step,
            llvm::function_ref<void(mlir::Value)> body);

  static std::optional<int64_t> constantValue(mlir::Value value);

  /// The first of lanes that count up by one, where that is known; else null.
  mlir::Value firstLane(mlir::Value lanes) const { return firstLanes.lookup(lanes); }
  void setFirstLane(mlir::Value lanes, mlir::Value first) { firstLanes[lanes] = first; }

  /// Extents that vary are read at the start of the entry block, from the memory whose address is
  /// args[position], at their places in `parameters`.
  void readParameters(Parameters &parameters, mlir::Value args, unsigned position);
  /// In all lanes of an integer type.
  mlir::Value integer(mlir::Type type, Extent value);
  mlir::Value integer(mlir::Type type, std::integral auto value) {
    return integer(type, static_cast<int64_t>(value));
  }
  Parameters *variable() const { return parameters; }

  mlir::OpBuilder b;
  const mlir::Location loc;
  Isa isa;

private:
  mlir::Value parameter(Extent extent);

  mlir::Block &entry;
  Parameters *parameters = nullptr;
  mlir::Value args;
  unsigned parameterPosition = 0;
  mlir::Value parameterBase;
  mlir::Operation *lastParameter = nullptr;
  llvm::DenseMap<unsigned, mlir::Value> parameterValues; ///< by place
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants;
  llvm::DenseMap<mlir::Value, mlir::Value> firstLanes;
};

/// `element` itself for width 1, else vector<width x element>.
mlir::Type vectorOf(mlir::Type element, int64_t width);
/// Lanes of a value: 1 for scalars.
int64_t widthOf(mlir::Value value);

} // namespace tjit::codegen
