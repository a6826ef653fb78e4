//===- EmitOps.cpp ----------------------------------------------------------------------------===//
// Elementwise operations on lanes.
//
// A table from operation to the function that emits it. What an operation means is in
// docs/numerics.md; the elementary functions are the templates of IR/Elementary.h, run with a
// backend that writes MLIR.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitBody.h"
#include "Codegen/EmitElementary.h"
#include "Codegen/EmitRandom.h"
#include "Codegen/EmitSoftware.h"
#include "Codegen/EmitTypes.h"
#include "IR/OpKind.h"
#include "tjit-compiler/Codegen/Emit.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

using FPred = arith::CmpFPredicate;
using IPred = arith::CmpIPredicate;

/// One operation being emitted: its operands in registers and what their dtypes are.
struct Lanes {
  CodeBuilder &code;
  Operation *op;
  ValueRange v;
  Type element; ///< of the last operand (a condition comes first)

  Value x() const { return v[0]; }
  Value y() const { return v[1]; }
  Type type() const { return v.back().getType(); }
  bool isFloat() const { return isa<FloatType>(element); }
  bool isBool() const { return element.isInteger(1); }
  bool noSign() const { return isUnsigned(element); }
  unsigned bits() const { return computeType(element).getIntOrFloatBitWidth(); }

  Value constant(double value) const {
    return isFloat() ? code.floating(type(), value)
                     : code.integer(type(), static_cast<int64_t>(value));
  }
  Value integer(int64_t value) const { return code.integer(type(), value); }
  template <typename Op> Value make(ValueRange operands) const {
    return code.create<Op>(type(), operands);
  }
  Value compare(FPred predicate, Value a, Value b) const {
    return code.create<arith::CmpFOp>(predicate, a, b);
  }
  Value compare(IPred predicate, Value a, Value b) const {
    return code.create<arith::CmpIOp>(predicate, a, b);
  }
  Value select(Value condition, Value a, Value b) const {
    return code.create<arith::SelectOp>(condition, a, b);
  }
  Value either(Value a, Value b) const { return code.create<arith::OrIOp>(a, b); }
};
using EmitFn = Value (*)(const Lanes &);

//===------------------------------------------------------------------------------------------===//
// One operand
//===------------------------------------------------------------------------------------------===//

Value emitNeg(const Lanes &l) {
  return l.isFloat() ? l.make<arith::NegFOp>(l.x())
                     : Value(l.code.create<arith::SubIOp>(l.integer(0), l.x()));
}

Value emitAbs(const Lanes &l) {
  if (l.isFloat())
    return l.make<math::AbsFOp>(l.x());
  if (l.noSign())
    return l.x();
  return l.select(l.compare(IPred::slt, l.x(), l.integer(0)), emitNeg(l), l.x());
}

Value emitSign(const Lanes &l) {
  if (l.isBool())
    return l.x();
  Value zero = l.constant(0), one = l.constant(1);
  if (l.isFloat()) {
    Value negative = l.select(l.compare(FPred::OLT, l.x(), zero), l.constant(-1), zero);
    return l.select(l.compare(FPred::OGT, l.x(), zero), one, negative);
  }
  if (l.noSign())
    return l.select(l.compare(IPred::ne, l.x(), zero), one, zero);
  Value negative = l.select(l.compare(IPred::slt, l.x(), zero), l.constant(-1), zero);
  return l.select(l.compare(IPred::sgt, l.x(), zero), one, negative);
}

Value emitRelu(const Lanes &l) {
  Value zero = l.constant(0);
  if (l.isFloat()) // NaN is not below zero and stays
    return l.select(l.compare(FPred::OLE, l.x(), zero), zero, l.x());
  return l.noSign() ? l.x() : Value(l.code.create<arith::MaxSIOp>(l.x(), zero));
}

Value emitIsnan(const Lanes &l) {
  if (l.isFloat())
    return l.compare(FPred::UNO, l.x(), l.x());
  return l.code.integer(vectorOf(l.code.b.getI1Type(), widthOf(l.x())), 0);
}

Value emitNot(const Lanes &l) { return l.code.create<arith::XOrIOp>(l.x(), l.integer(-1)); }

template <typename Op> Value emitFloat(const Lanes &l) { return l.make<Op>(l.v); }

template <typename Op, Rounding rounding> Value emitRounded(const Lanes &l) {
  return l.code.isa.rounding ? l.make<Op>(l.v) : emitRound(l.code, l.x(), rounding);
}

Value emitCast(const Lanes &l) {
  return castElement(l.code, l.x(), l.element, l.op->getResult(0).getType());
}

Value emitIdentity(const Lanes &l) { return l.x(); }

//===------------------------------------------------------------------------------------------===//
// Two operands
//===------------------------------------------------------------------------------------------===//

template <typename FloatOp, typename IntegerOp, typename BoolOp = IntegerOp>
Value emitArithmetic(const Lanes &l) {
  if (l.isFloat())
    return l.code.create<FloatOp>(l.x(), l.y());
  if (l.isBool())
    return l.code.create<BoolOp>(l.x(), l.y());
  return l.code.create<IntegerOp>(l.x(), l.y());
}

template <typename Op> Value emitInteger(const Lanes &l) { return l.code.create<Op>(l.x(), l.y()); }

struct Division {
  Value quotient, remainder; // truncated
};

/// Integer division that cannot trap. Vectors of at most 32 bits divide as floating point: their
/// quotient is at least 1/|y| away from the next integer where it is not one, which is more than
/// the rounding of a type that holds both operands exactly; the processor has no integer division
/// of vectors.
Division divide(const Lanes &l) {
  CodeBuilder &code = l.code;
  Value x = l.x(), y = l.y(), one = l.integer(1);
  Value special = l.compare(IPred::eq, y, l.integer(0)), minusOne;
  if (!l.noSign()) {
    minusOne = l.compare(IPred::eq, y, l.integer(-1));
    special = l.either(special, minusOne);
  }
  Value divisor = l.select(special, one, y);
  Value quotient;
  int64_t width = widthOf(x);
  if (width > 1 && l.bits() <= 32) {
    Type real = vectorOf(l.bits() == 32 ? Type(code.b.getF64Type()) : code.b.getF32Type(), width);
    Type wide = vectorOf(code.b.getI32Type(), width);
    auto toReal = [&](Value value) {
      return l.noSign() ? Value(code.create<arith::UIToFPOp>(real, value))
                        : Value(code.create<arith::SIToFPOp>(real, value));
    };
    quotient = code.create<arith::DivFOp>(toReal(x), toReal(divisor));
    quotient = code.create<arith::FPToSIOp>(wide, quotient);
    if (l.bits() < 32)
      quotient = code.create<arith::TruncIOp>(l.type(), quotient);
  } else if (l.noSign()) {
    quotient = code.create<arith::DivUIOp>(x, divisor);
  } else {
    quotient = code.create<arith::DivSIOp>(x, divisor);
  }
  if (minusOne)
    quotient = l.select(minusOne, emitNeg(l), quotient);
  Value product = code.create<arith::MulIOp>(quotient, y);
  return {quotient, code.create<arith::SubIOp>(x, product)};
}

/// Whether the truncated quotient is one above the floor: there is a remainder and it has not the
/// divisor's sign.
Value needsFloor(const Lanes &l, const Division &d) {
  Value mixed = l.code.create<arith::XOrIOp>(d.remainder, l.y());
  Value differ = l.compare(IPred::slt, mixed, l.integer(0));
  return l.code.create<arith::AndIOp>(differ, l.compare(IPred::ne, d.remainder, l.integer(0)));
}

Value emitFloorDivide(const Lanes &l) {
  if (l.isFloat())
    return emitElementary(l.code, OpKind::floor_divide, l.v);
  Division d = divide(l);
  if (l.noSign())
    return d.quotient;
  Value below = l.code.create<arith::SubIOp>(d.quotient, l.integer(1));
  return l.select(needsFloor(l, d), below, d.quotient);
}

Value emitRemainder(const Lanes &l) {
  if (l.isFloat())
    return emitElementary(l.code, OpKind::remainder, l.v);
  Division d = divide(l);
  if (l.noSign())
    return d.remainder;
  Value moved = l.code.create<arith::AddIOp>(d.remainder, l.y());
  return l.select(needsFloor(l, d), moved, d.remainder);
}

Value emitFmod(const Lanes &l) {
  return l.isFloat() ? emitElementary(l.code, OpKind::fmod, l.v) : divide(l).remainder;
}

Value emitMaximum(const Lanes &l) {
  if (l.isFloat())
    return l.code.create<arith::MaximumFOp>(l.x(), l.y());
  return l.noSign() ? emitInteger<arith::MaxUIOp>(l) : emitInteger<arith::MaxSIOp>(l);
}

Value emitMinimum(const Lanes &l) {
  if (l.isFloat())
    return l.code.create<arith::MinimumFOp>(l.x(), l.y());
  return l.noSign() ? emitInteger<arith::MinUIOp>(l) : emitInteger<arith::MinSIOp>(l);
}

Value emitShiftLeft(const Lanes &l) {
  Value fits = l.compare(IPred::ult, l.y(), l.integer(l.bits()));
  Value amount = l.select(fits, l.y(), l.integer(0));
  Value shifted = l.code.create<arith::ShLIOp>(l.x(), amount);
  return l.select(fits, shifted, l.integer(0));
}

Value emitShiftRight(const Lanes &l) {
  Value last = l.integer(l.bits() - 1);
  Value amount = l.code.create<arith::MinUIOp>(l.y(), last); // what is negative is large
  if (!l.noSign())
    return l.code.create<arith::ShRSIOp>(l.x(), amount);
  Value shifted = l.code.create<arith::ShRUIOp>(l.x(), amount);
  return l.select(l.compare(IPred::ule, l.y(), last), shifted, l.integer(0));
}

template <FPred Float, IPred Signed, IPred Unsigned> Value emitCompare(const Lanes &l) {
  if (l.isFloat())
    return l.compare(Float, l.x(), l.y());
  return l.compare(l.noSign() ? Unsigned : Signed, l.x(), l.y());
}

Value emitWhere(const Lanes &l) { return l.select(l.v[0], l.v[1], l.v[2]); }

/// x to the y by squaring; what negative exponents give is the exact power, rounded towards zero.
Value emitPow(const Lanes &l) {
  if (l.isFloat())
    return emitElementary(l.code, OpKind::pow, l.v);
  CodeBuilder &code = l.code;
  Value zero = l.integer(0), one = l.integer(1);
  // 64 rounds at most: as many as the exponent has bits.
  SmallVector<Value> state{one, l.x(), l.y()};
  state = code.loop(code.i64(0), code.i64(l.bits()), 1, state, [&](Value, ValueRange carried) {
    Value odd = code.create<arith::AndIOp>(carried[2], one);
    Value product = code.create<arith::MulIOp>(carried[0], carried[1]);
    Value power = l.select(l.compare(IPred::ne, odd, zero), product, carried[0]);
    Value square = code.create<arith::MulIOp>(carried[1], carried[1]);
    Value rest = code.create<arith::ShRUIOp>(carried[2], one);
    return SmallVector<Value>{power, square, rest};
  });
  if (l.noSign())
    return state[0];
  // 1 / x^|y| is not 0 for 1 and -1 only.
  Value odd = l.compare(IPred::ne, code.create<arith::AndIOp>(l.y(), one), zero);
  Value minusOne = l.select(odd, l.integer(-1), one);
  Value inverse = l.select(l.compare(IPred::eq, l.x(), l.integer(-1)), minusOne, zero);
  inverse = l.select(l.compare(IPred::eq, l.x(), one), one, inverse);
  return l.select(l.compare(IPred::slt, l.y(), zero), inverse, state[0]);
}

struct Emitter {
  OpKind kind;
  EmitFn emit;
  int cost = 1; ///< additions that take as long
  enum Note {
    none,
    exact,     ///< of operands of a 16-bit dtype the result needs no rounding
    byTemplate ///< floating-point operands take the template of IR/Elementary.h
  } note = none;
};
constexpr Emitter kEmitters[] = {
    {OpKind::neg, emitNeg, 1, Emitter::exact},
    {OpKind::abs, emitAbs, 1, Emitter::exact},
    {OpKind::sign, emitSign, 4, Emitter::exact},
    {OpKind::floor, emitRounded<math::FloorOp, Rounding::down>, 1, Emitter::exact},
    {OpKind::ceil, emitRounded<math::CeilOp, Rounding::up>, 1, Emitter::exact},
    {OpKind::trunc, emitRounded<math::TruncOp, Rounding::towardZero>, 1, Emitter::exact},
    {OpKind::round, emitRounded<math::RoundEvenOp, Rounding::toEven>, 1, Emitter::exact},
    {OpKind::sqrt, emitFloat<math::SqrtOp>, 8},
    {OpKind::relu, emitRelu, 2, Emitter::exact},
    {OpKind::bitwise_not, emitNot},
    {OpKind::isnan, emitIsnan},
    {OpKind::cast, emitCast, 2, Emitter::exact},
    {OpKind::expand, emitIdentity, 0, Emitter::exact},
    {OpKind::add, emitArithmetic<arith::AddFOp, arith::AddIOp, arith::OrIOp>},
    {OpKind::sub, emitArithmetic<arith::SubFOp, arith::SubIOp, arith::XOrIOp>},
    {OpKind::mul, emitArithmetic<arith::MulFOp, arith::MulIOp, arith::AndIOp>},
    {OpKind::div, emitFloat<arith::DivFOp>, 8},
    {OpKind::floor_divide, emitFloorDivide, 16, Emitter::byTemplate},
    {OpKind::remainder, emitRemainder, 16, Emitter::byTemplate},
    {OpKind::fmod, emitFmod, 16, Emitter::byTemplate},
    {OpKind::pow, emitPow, 64, Emitter::byTemplate},
    {OpKind::maximum, emitMaximum, 2, Emitter::exact},
    {OpKind::minimum, emitMinimum, 2, Emitter::exact},
    {OpKind::bitwise_and, emitInteger<arith::AndIOp>},
    {OpKind::bitwise_or, emitInteger<arith::OrIOp>},
    {OpKind::bitwise_xor, emitInteger<arith::XOrIOp>},
    {OpKind::shift_left, emitShiftLeft, 3},
    {OpKind::shift_right, emitShiftRight, 3},
    {OpKind::eq, emitCompare<FPred::OEQ, IPred::eq, IPred::eq>},
    {OpKind::ne, emitCompare<FPred::UNE, IPred::ne, IPred::ne>},
    {OpKind::lt, emitCompare<FPred::OLT, IPred::slt, IPred::ult>},
    {OpKind::le, emitCompare<FPred::OLE, IPred::sle, IPred::ule>},
    {OpKind::gt, emitCompare<FPred::OGT, IPred::sgt, IPred::ugt>},
    {OpKind::ge, emitCompare<FPred::OGE, IPred::sge, IPred::uge>},
    {OpKind::where, emitWhere, 1, Emitter::exact},
};

/// The kind of an operation of the dialect that is not one of its structural ones.
std::optional<OpKind> kindOf(Operation *op) {
  static const llvm::StringMap<OpKind> byName = [] {
    llvm::StringMap<OpKind> map;
    for (unsigned i = 0; i < kNumOps; ++i)
      map[kOpTable[i].mnemonic] = static_cast<OpKind>(i);
    return map;
  }();
  auto found = byName.find(op->getName().stripDialect());
  if (op->getName().getDialectNamespace() != ir::TjitDialect::getDialectNamespace() ||
      found == byName.end())
    return std::nullopt;
  return found->second;
}

const Emitter *findEmitter(OpKind kind) {
  for (const Emitter &emitter : kEmitters)
    if (emitter.kind == kind)
      return &emitter;
  return nullptr;
}

Value emitFill(CodeBuilder &code, ir::FillOp fill) {
  Type element = getElementTypeOrSelf(fill.getResult().getType());
  Type type = computeType(element);
  double value = fill.getValue().convertToDouble();
  if (isa<FloatType>(element)) {
    // Rounded once, to the dtype itself; what is in registers then is exact.
    APFloat rounded(value);
    bool inexact;
    auto &semantics = cast<FloatType>(element).getFloatSemantics();
    rounded.convert(semantics, APFloat::rmNearestTiesToEven, &inexact);
    rounded.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &inexact);
    return code.floating(type, rounded.convertToDouble());
  }
  if (element.isInteger(1))
    return code.integer(type, value != 0);
  return code.integer(type, static_cast<int64_t>(value));
}

/// Whether the operation's value is only added to constants beside which no subnormal number, nor
/// the smallest normal one, makes a difference: 1 + e^-x.
bool isLostWhereTiny(Operation *op) {
  constexpr double kOrdinary = 0x1p-10;
  return llvm::all_of(op->getUsers(), [&](Operation *user) {
    auto add = dyn_cast<ir::AddOp>(user);
    if (!add)
      return false;
    auto isOrdinary = [&](Value v) {
      auto fill = v.getDefiningOp<ir::FillOp>();
      return fill && std::abs(fill.getValue().convertToDouble()) >= kOrdinary;
    };
    return isOrdinary(add->getOperand(0)) || isOrdinary(add->getOperand(1));
  });
}

} // namespace

Value emitElementwise(CodeBuilder &code, Operation *op, ValueRange operands) {
  if (auto fill = dyn_cast<ir::FillOp>(op))
    return emitFill(code, fill);
  if (auto draw = dyn_cast<ir::DrawOp>(op))
    return emitDraw(code, draw, operands);
  Type element = getElementTypeOrSelf(op->getOperand(op->getNumOperands() - 1).getType());
  OpKind kind = *kindOf(op);
  Type result = getElementTypeOrSelf(op->getResult(0).getType());
  const Emitter *emitter = findEmitter(kind);
  if (!emitter)
    return roundToElement(code,
                          kind == OpKind::exp && isLostWhereTiny(op)
                              ? emitNormalExp(code, operands[0])
                              : emitElementary(code, kind, operands),
                          result);
  Value value = emitter->emit(Lanes{code, op, operands, element});
  return emitter->note == Emitter::exact ? value : roundToElement(code, value, result);
}

int64_t operationCost(Operation *op) {
  constexpr int64_t kElementaryCost = 24, kRandomCost = 48;
  if (isa<ir::DrawOp>(op))
    return kRandomCost;
  auto kind = kindOf(op);
  if (!kind || *kind == OpKind::fill)
    return 0;
  const Emitter *emitter = findEmitter(*kind);
  return emitter ? emitter->cost : kElementaryCost;
}

bool hasCode(Operation *op) {
  if (isa<ir::IndexOp, ir::FoldOp, ir::DrawOp, ir::RandomOp>(op))
    return true;
  auto kind = kindOf(op);
  if (!kind)
    return false;
  // Combiners have code for every dtype.
  if (isa<ir::SumOp, ir::ProdOp, ir::AmaxOp, ir::AminOp>(op))
    return true;
  const Emitter *emitter = findEmitter(*kind);
  bool isFloat =
      op->getNumOperands() && isa<FloatType>(getElementTypeOrSelf(op->getOperand(0).getType()));
  if (!emitter || (isFloat && emitter->note == Emitter::byTemplate))
    return *kind == OpKind::fill || hasElementary(*kind, op->getNumOperands());
  return true;
}

/// Whether code of this operation has fused multiply-adds of float64, where the machine has none.
static bool lacksFma(Operation *op) {
  if (!getElementTypeOrSelf(op->getResult(0).getType()).isF64())
    return false;
  auto kind = kindOf(op);
  auto random = dyn_cast<ir::RandomOp>(op);
  bool uses = random ? random.getDistribution() == ir::Distribution::normal
                     : kind && hasElementary(*kind, op->getNumOperands());
  auto function = op->getParentOfType<func::FuncOp>();
  return uses && function && function->hasAttr(kNoFmaAttribute);
}

bool canEmit(Operation *op) {
  if (lacksFma(op))
    return false;
  if (isa<ir::SumOp, ir::ProdOp, ir::AmaxOp, ir::AminOp>(op))
    return true;
  // A zero divisor is an error of the evaluation, which kernels do not report.
  if (isa<ir::FloorDivideOp, ir::RemainderOp, ir::FmodOp>(op) &&
      isa<IntegerType>(getElementTypeOrSelf(op->getResult(0).getType())))
    return false;
  return hasCode(op);
}

} // namespace tjit::codegen
