//===- EmitElementary.cpp ---------------------------------------------------------------------===//
// Elementary functions as operations on lanes.
//
// The backend of IR/Elementary.h whose values are vectors or scalars of MLIR. A function's cold
// part becomes a private function of the module, once for each width, and is called when any lane
// needs it.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitElementary.h"
#include "Codegen/EmitSoftware.h"
#include "Codegen/EmitTypes.h"
#include "IR/Elementary.h"
#include "IR/Random.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/SymbolTable.h"

#include <array>
#include <limits>
#include <numeric>

using namespace mlir;

namespace tjit::codegen {
namespace {

template <int Bits> struct LaneBackend {
  static constexpr int bits = Bits;
  using F = Value;
  using I = Value;
  using M = Value;
  using FPred = arith::CmpFPredicate;
  using IPred = arith::CmpIPredicate;

  LaneBackend(CodeBuilder &code, int64_t width)
      : code(code), width(width),
        floatType(vectorOf(Bits == 32 ? Type(code.b.getF32Type()) : code.b.getF64Type(), width)),
        intType(vectorOf(code.b.getIntegerType(Bits), width)) {}

  F constant(double v) { return code.floating(floatType, v); }
  I integer(int64_t v) { return code.integer(intType, v); }
  F add(F a, F b) { return code.create<arith::AddFOp>(a, b); }
  F sub(F a, F b) { return code.create<arith::SubFOp>(a, b); }
  F mul(F a, F b) { return code.create<arith::MulFOp>(a, b); }
  F div(F a, F b) { return code.create<arith::DivFOp>(a, b); }
  F sqrt(F a) { return code.create<math::SqrtOp>(a); }
  F fma(F a, F b, F c) {
    if (Bits == 32 && !code.isa.fma)
      return emitFmaInDouble(code, a, b, c);
    return code.create<math::FmaOp>(a, b, c);
  }
  /// v * 2^n, rounded once, for an integral n: an instruction of AVX-512 for 512 bits, for each
  /// half of wider vectors.
  bool scalesAtOnce() const { return code.isa.scale && Bits * width % 512 == 0; }
  F scaleAtOnce(F v, F n) { return scaled(v, n, width); }
  F neg(F a) { return code.create<arith::NegFOp>(a); }
  F abs(F a) { return code.create<math::AbsFOp>(a); }
  F floor(F a) { return round<math::FloorOp>(a, Rounding::down); }
  F trunc(F a) { return round<math::TruncOp>(a, Rounding::towardZero); }
  F roundEven(F a) { return round<math::RoundEvenOp>(a, Rounding::toEven); }
  M lt(F a, F b) { return compare(FPred::OLT, a, b); }
  M le(F a, F b) { return compare(FPred::OLE, a, b); }
  M eq(F a, F b) { return compare(FPred::OEQ, a, b); }
  M isNan(F a) { return compare(FPred::UNO, a, a); }
  M both(M a, M b) { return code.create<arith::AndIOp>(a, b); }
  M either(M a, M b) { return code.create<arith::OrIOp>(a, b); }
  M no(M a) { return code.create<arith::XOrIOp>(a, code.integer(a.getType(), 1)); }
  F select(M m, F a, F b) { return code.create<arith::SelectOp>(m, a, b); }
  I selectInt(M m, I a, I b) { return code.create<arith::SelectOp>(m, a, b); }
  I toBits(F a) { return code.create<arith::BitcastOp>(intType, a); }
  F fromBits(I a) { return code.create<arith::BitcastOp>(floatType, a); }
  I iadd(I a, I b) { return code.create<arith::AddIOp>(a, b); }
  I isub(I a, I b) { return code.create<arith::SubIOp>(a, b); }
  I iand(I a, I b) { return code.create<arith::AndIOp>(a, b); }
  I ior(I a, I b) { return code.create<arith::OrIOp>(a, b); }
  I ixor(I a, I b) { return code.create<arith::XOrIOp>(a, b); }
  I shl(I a, int n) { return code.create<arith::ShLIOp>(a, integer(n)); }
  I shr(I a, int n) { return code.create<arith::ShRUIOp>(a, integer(n)); }
  I sar(I a, int n) { return code.create<arith::ShRSIOp>(a, integer(n)); }
  M ilt(I a, I b) { return code.create<arith::CmpIOp>(IPred::slt, a, b); }
  M ieq(I a, I b) { return code.create<arith::CmpIOp>(IPred::eq, a, b); }
  F toFloat(I a) { return code.create<arith::SIToFPOp>(floatType, a); }

  template <class Slow, class... Args>
  F rare(const char *name, M mask, F fast, Slow slow, Args... args) {
    func::FuncOp function = slowFunction(name, slow, args...);
    Value any = mask;
    if (width > 1)
      any = code.create<vector::ReductionOp>(vector::CombiningKind::OR, mask);
    auto branch = code.create<scf::IfOp>(TypeRange(floatType), any, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(code.b);
    code.b.setInsertionPointToEnd(&branch.getThenRegion().front());
    Value exact = code.create<func::CallOp>(function, ValueRange{args...}).getResult(0);
    code.create<scf::YieldOp>(select(mask, exact, fast));
    code.b.setInsertionPointToEnd(&branch.getElseRegion().front());
    code.create<scf::YieldOp>(fast);
    return branch.getResult(0);
  }

  template <class Step, class... Args> F repeat(int n, F x, Step step, Args... args) {
    return code.loop(code.i64(0), code.i64(n), 1, x, [&](Value, ValueRange carried) {
      return SmallVector<Value>{step(*this, carried[0], args...)};
    })[0];
  }

private:
  F scaled(F v, F n, int64_t lanes) {
    if (Bits * lanes > 512) {
      SmallVector<int32_t> whole(lanes);
      std::iota(whole.begin(), whole.end(), 0);
      ArrayRef<int32_t> low = ArrayRef(whole).take_front(lanes / 2),
                        high = ArrayRef(whole).drop_front(lanes / 2);
      auto part = [&](F of, ArrayRef<int32_t> which) -> F {
        return code.create<LLVM::ShuffleVectorOp>(of, of, which);
      };
      F first = scaled(part(v, low), part(n, low), lanes / 2),
        second = scaled(part(v, high), part(n, high), lanes / 2);
      return code.create<LLVM::ShuffleVectorOp>(first, second, whole);
    }
    Value everyLane = code.integer(code.b.getIntegerType(lanes), -1);
    Value currentRounding = code.integer(code.b.getI32Type(), 4); // _MM_FROUND_CUR_DIRECTION
    StringRef name =
        Bits == 32 ? "llvm.x86.avx512.mask.scalef.ps.512" : "llvm.x86.avx512.mask.scalef.pd.512";
    return code
        .create<LLVM::CallIntrinsicOp>(v.getType(), code.b.getStringAttr(name),
                                       ValueRange{v, n, v, everyLane, currentRounding})
        .getResult(0);
  }
  template <class Op> F round(F a, Rounding rounding) {
    return code.isa.rounding ? F(code.create<Op>(a)) : emitRound(code, a, rounding);
  }
  M compare(FPred predicate, F a, F b) { return code.create<arith::CmpFOp>(predicate, a, b); }

  template <class Slow, class... Args>
  func::FuncOp slowFunction(const char *name, Slow slow, Args... args) {
    Operation *table = SymbolTable::getNearestSymbolTable(code.b.getBlock()->getParentOp());
    std::string symbol = (Twine("tjit_") + name + "_f" + Twine(Bits) + "x" + Twine(width)).str();
    if (auto known = SymbolTable::lookupSymbolIn(table, symbol))
      return cast<func::FuncOp>(known);
    OpBuilder b = OpBuilder::atBlockEnd(&table->getRegion(0).front());
    SmallVector<Type, 4> types{args.getType()...};
    auto function = func::FuncOp::create(b, code.loc, symbol, b.getFunctionType(types, floatType));
    function.setPrivate();
    // Cold: the branch to it is unlikely, so the caller keeps its registers for the fast path.
    function->setAttr(kRareAttribute, b.getUnitAttr());
    function->setAttr("passthrough", b.getStrArrayAttr({"cold", "noinline"}));
    Block *entry = function.addEntryBlock();
    CodeBuilder inner(*entry, code.loc);
    inner.isa = code.isa;
    LaneBackend backend(inner, width);
    int64_t next = 0;
    auto argument = [&](Value) { return Value(entry->getArgument(next++)); };
    std::array<Value, sizeof...(Args)> values{argument(args)...};
    Value result = std::apply([&](auto... v) { return slow(backend, v...); }, values);
    inner.create<func::ReturnOp>(result);
    return function;
  }

  CodeBuilder &code;
  const int64_t width;
  const Type floatType, intType;
};

template <int Bits> Value emit(CodeBuilder &code, OpKind kind, ValueRange operands) {
  using Backend = LaneBackend<Bits>;
  Backend backend(code, widthOf(operands[0]));
  if (operands.size() == 1)
    return elementary::unaryFunction<Backend>(kind)(backend, operands[0]);
  return elementary::binaryFunction<Backend>(kind)(backend, operands[0], operands[1]);
}

} // namespace

bool hasElementary(OpKind kind, unsigned numOperands) {
  using Backend = LaneBackend<32>;
  return (numOperands == 1 && elementary::unaryFunction<Backend>(kind)) ||
         (numOperands == 2 && elementary::binaryFunction<Backend>(kind));
}

Value emitElementary(CodeBuilder &code, OpKind kind, ValueRange operands) {
  bool isDouble = getElementTypeOrSelf(operands[0].getType()).isF64();
  return isDouble ? emit<64>(code, kind, operands) : emit<32>(code, kind, operands);
}

Value emitNormalExp(CodeBuilder &code, Value x) {
  auto emit = [&](auto backend) { return elementary::normalExp(backend, x); };
  if (getElementTypeOrSelf(x.getType()).isF64())
    return emit(LaneBackend<64>(code, widthOf(x)));
  return emit(LaneBackend<32>(code, widthOf(x)));
}

Value emitNormal(CodeBuilder &code, Value u, Value v, Value second) {
  auto emit = [&](auto backend) { return random::normal(backend, u, v, second); };
  if (getElementTypeOrSelf(u.getType()).isF64())
    return emit(LaneBackend<64>(code, widthOf(u)));
  return emit(LaneBackend<32>(code, widthOf(u)));
}

// With 2^-30 <= |d| <= 2^30 and 2^-90 <= |x| <= 2^90 the quotient, every product and every
// remainder are normal or exact: a remainder is a multiple of 2^-46 |x|.
constexpr double kLeastDivisor = 0x1p-30, kLargestDivisor = 0x1p30;
constexpr double kLeastDividend = 0x1p-90, kLargestDividend = 0x1p90;

Reciprocal emitReciprocal(CodeBuilder &code, Value divisor, int64_t width) {
  LaneBackend<32> one(code, 1);
  Value size = one.abs(divisor);
  Value usable = one.both(one.le(one.constant(kLeastDivisor), size),
                          one.le(size, one.constant(kLargestDivisor)));
  Value low = one.select(usable, one.constant(kLeastDividend),
                         one.constant(std::numeric_limits<double>::infinity()));
  Value inverse = one.div(one.constant(1), divisor);
  return {broadcast(code, divisor, width), broadcast(code, inverse, width),
          broadcast(code, low, width)};
}

Value emitQuotient(CodeBuilder &code, Value x, const Reciprocal &r) {
  LaneBackend<32> b(code, widthOf(x));
  Value first = b.mul(x, r.inverse), quotient = first;
  for (int i = 0; i < 2; ++i)
    quotient = b.fma(b.fma(b.neg(quotient), r.divisor, x), r.inverse, quotient);
  // Of 0 the product has the right sign, and the corrections would lose it.
  Value isZero = b.eq(x, b.constant(0));
  quotient = b.select(isZero, first, quotient);
  Value size = b.select(isZero, b.constant(1), b.abs(x));
  Value fits = b.both(b.le(r.low, size), b.le(size, b.constant(kLargestDividend)));
  auto divide = [](auto &backend, Value a, Value d) { return backend.div(a, d); };
  return b.rare("quotient", b.no(fits), quotient, divide, x, r.divisor);
}

} // namespace tjit::codegen
