//===- GemmBuilder.h - what the matrix product's code is written with -------------------------===//
//
// A thin layer over OpBuilder: index arithmetic that folds, loops that vanish when they run once,
// and vector access to elements that are widened when loaded and narrowed when stored. All indices
// are i64; addresses are !llvm.ptr.
//
// 8- and 16-bit elements are computed in a 32-bit type: float16 and bfloat16 in float32, as
// docs/numerics.md wants it, and small integers in i32, whose low bits are those of the wrapped
// product. So the tiles know 4- and 8-byte lanes only.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/EmitBuilder.h"
#include "tjit-compiler/Codegen/Emit.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"

#include <optional>

namespace tjit::codegen {

/// How many lanes of a vector, from the first one on, are touched.
struct LaneCount {
  int64_t count = 0; ///< at most
  mlir::Value mask;  ///< null: exactly `count`

  LaneCount(int64_t count = 0, mlir::Value mask = nullptr) : count(count), mask(mask) {}
};

/// Offsets in elements are relative to a pointer to elements of the operand (`source`) or of the
/// accumulators.
class GemmBuilder {
public:
  using Value = mlir::Value;
  using Values = llvm::SmallVector<Value>;

  GemmBuilder(mlir::Location location, ScalarType dtype, const TargetInfo &target,
              mlir::OpBuilder &builder);

  // -- Indices.
  Value index(int64_t value);
  /// A constant, or the parameter that holds it.
  Value index(Extent extent);
  static std::optional<int64_t> constantOf(Value value);
  Value add(Value a, Value b);
  Value sub(Value a, Value b);
  Value mul(Value a, int64_t b);
  Value mul(Value a, Value b);
  Value mul(Value a, Extent b) { return b.varies() ? mul(a, index(b)) : mul(a, b.number()); }
  Value choose(Value condition, Value a, Value b);
  Value div(Value a, int64_t b); ///< of numbers that are not negative
  Value rem(Value a, int64_t b); ///< of numbers that are not negative
  Value div(Value a, Extent b);
  Value rem(Value a, Extent b);
  Value shiftRight(Value a, Value b); ///< of numbers that are not negative
  Value min(Value a, Value b);
  Value max(Value a, Value b);
  Value equal(Value a, Value b); ///< i1
  Value less(Value a, Value b);  ///< i1, signed

  // -- Control. Conditions and bounds that are constants leave no branch.
  void loop(Value begin, Value end, int64_t step, llvm::function_ref<void(Value)> body);
  Values loop(Value begin, Value end, int64_t step, Values carried,
              llvm::function_ref<Values(Value, mlir::ValueRange)> body);
  void ifTrue(Value condition, llvm::function_ref<void()> then);
  void ifElse(Value condition, llvm::function_ref<void()> then,
              llvm::function_ref<void()> otherwise);
  Values select(Value condition, mlir::TypeRange types, llvm::function_ref<Values()> then,
                llvm::function_ref<Values()> otherwise);

  // -- Addresses.
  Value loadPointer(Value array, int64_t position);
  Value sourceAt(Value base, Value elements) { return at(base, elements, sourceBytes); }
  Value sourceAt(Value base, int64_t elements) { return at(base, elements, sourceBytes); }
  Value wideAt(Value base, Value elements) { return at(base, elements, wideBytes); }
  Value wideAt(Value base, int64_t elements) { return at(base, elements, wideBytes); }
  Value at(Value base, Value elements, int64_t elementBytes);
  Value at(Value base, int64_t elements, int64_t elementBytes);
  Value at(Value base, Extent elements, int64_t elementBytes) {
    return elements.varies() ? at(base, index(elements), elementBytes)
                             : at(base, elements.number(), elementBytes);
  }
  /// `row` rows of `stride` elements and `elements` more behind the base.
  Value at(Value base, int64_t row, Extent stride, int64_t elements, int64_t elementBytes);
  Value sourceAt(Value base, int64_t row, Extent stride, int64_t elements) {
    return at(base, row, stride, elements, sourceBytes);
  }
  Value wideAt(Value base, int64_t row, Extent stride, int64_t elements) {
    return at(base, row, stride, elements, wideBytes);
  }

  // -- Elements. `count` of `lanes` elements are touched; the other lanes are 0 when loaded.
  Value loadSource(Value address, int64_t lanes, LaneCount count); ///< widened
  Value loadSource(Value address, int64_t lanes) { return loadSource(address, lanes, lanes); }
  Value loadSourceScalar(Value address); ///< widened
  Value loadWide(Value address, int64_t lanes, LaneCount count);
  Value loadWide(Value address, int64_t lanes) { return loadWide(address, lanes, lanes); }
  Value loadWideScalar(Value address);
  void storeSource(Value vector, Value address,
                   LaneCount count); ///< narrowed: rounded once, or wrapped
  void storeSourceScalar(Value scalar, Value address);
  void storeWide(Value vector, Value address, LaneCount count);
  void storeWide(Value vector, Value address);
  void storeWideScalar(Value scalar, Value address);

  // -- Arithmetic on wide scalars and vectors.
  mlir::VectorType vectorType(int64_t lanes) const;
  Value zero(mlir::Type type);
  Value broadcast(Value scalar, int64_t lanes);
  Value addWide(Value a, Value b);
  Value multiplyAdd(Value a, Value b,
                    Value c); ///< a * b + c, rounded once
  Value shuffle(Value a, Value b, llvm::ArrayRef<int32_t> lanes);
  Value concatenate(llvm::ArrayRef<Value> vectors); ///< of one type
  Value extract(Value vector, int64_t lane);
  void prefetch(Value address, bool forWriting = false);

  mlir::OpBuilder &builder;
  const mlir::Location location;
  const ScalarType dtype;
  const bool isFloat;
  mlir::Type source; ///< element type in memory; bfloat16 is its 16 bits
  mlir::Type wide;   ///< element type of accumulators
  int64_t sourceBytes, wideBytes;
  int64_t vectorLanes; ///< wide elements of one register
  const Isa isa;
  CodeBuilder *extents = nullptr; ///< reads those that vary
  /// The first `count` of `lanes`, where that is known when the code runs.
  LaneCount firstLanes(Value count, int64_t lanes);
  bool widens() const { return source != wide; }

private:
  CodeBuilder here() const; ///< writes where `builder` stands
  Value widen(Value v);     ///< scalar or vector of source elements
  Value narrow(Value v);    ///< scalar or vector of wide elements
  Value load(mlir::Type element, int64_t bytes, Value address, int64_t lanes, LaneCount count);
  void store(Value vector, int64_t bytes, Value address, LaneCount count);
  Value mask(int64_t lanes, int64_t count);
  mlir::Type like(Value shape, mlir::Type element);
  Value splat(mlir::Type type, int64_t bits);
};

} // namespace tjit::codegen
