//===- EmitSoftware.cpp -----------------------------------------------------------------------===//
// What processors of x86-64's first level have no instruction for.
#include "Codegen/EmitSoftware.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

using FPred = arith::CmpFPredicate;
using IPred = arith::CmpIPredicate;

/// Arithmetic on lanes without the names of the operations.
struct Lanes {
  CodeBuilder &code;

  Type like(Type element, Value value) { return vectorOf(element, widthOf(value)); }
  Value bits(Value x) {
    unsigned width = getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth();
    return code.create<arith::BitcastOp>(like(code.b.getIntegerType(width), x), x);
  }
  Value asFloat(Value x) {
    bool isSingle = getElementTypeOrSelf(x.getType()).isInteger(32);
    Type type = isSingle ? Type(code.b.getF32Type()) : code.b.getF64Type();
    return code.create<arith::BitcastOp>(like(type, x), x);
  }
  Value integer(Value sameType, int64_t value) { return code.integer(sameType.getType(), value); }
  Value number(Value sameType, double value) { return code.floating(sameType.getType(), value); }
  Value select(Value m, Value a, Value b) { return code.create<arith::SelectOp>(m, a, b); }
  Value compare(FPred p, Value a, Value b) { return code.create<arith::CmpFOp>(p, a, b); }
  Value compare(IPred p, Value a, Value b) { return code.create<arith::CmpIOp>(p, a, b); }
  template <class Op> Value op(Value a, Value b) { return code.create<Op>(a, b); }
  Value both(Value a, int64_t b) { return op<arith::AndIOp>(a, integer(a, b)); }
};

} // namespace

Value emitFmaInDouble(CodeBuilder &code, Value a, Value b, Value c) {
  Lanes l{code};
  Type wide = l.like(code.b.getF64Type(), a);
  auto extend = [&](Value x) { return Value(code.create<arith::ExtFOp>(wide, x)); };
  Value product = l.op<arith::MulFOp>(extend(a), extend(b)), addend = extend(c);
  Value sum = l.op<arith::AddFOp>(product, addend);
  // What the sum lost: twoSum.
  Value part = l.op<arith::SubFOp>(sum, product);
  Value error = l.op<arith::AddFOp>(l.op<arith::SubFOp>(product, l.op<arith::SubFOp>(sum, part)),
                                    l.op<arith::SubFOp>(addend, part));
  // To odd: an even sum that is not exact is moved towards the exact value. NaN and infinities have
  // an error that is NaN.
  Value bits = l.bits(sum);
  Value inexact = l.compare(FPred::ONE, error, l.number(error, 0));
  Value even = l.compare(IPred::eq, l.both(bits, 1), l.integer(bits, 0));
  Value opposite =
      l.compare(IPred::slt, l.op<arith::XOrIOp>(bits, l.bits(error)), l.integer(bits, 0));
  Value step = l.select(opposite, l.integer(bits, -1), l.integer(bits, 1));
  Value moved = l.op<arith::AddIOp>(bits, step);
  bits = l.select(l.op<arith::AndIOp>(inexact, even), moved, bits);
  return code.create<arith::TruncFOp>(a.getType(), l.asFloat(bits));
}

Value emitRound(CodeBuilder &code, Value x, Rounding rounding) {
  Lanes l{code};
  const bool isSingle = getElementTypeOrSelf(x.getType()).isF32();
  const int64_t sign = isSingle ? int64_t(1) << 31 : INT64_MIN;
  // Adding 2^23 to a smaller number leaves no bit for a fraction.
  Value limit = l.number(x, isSingle ? 0x1p23 : 0x1p52);
  Value bits = l.bits(x), signBit = l.both(bits, sign);
  Value magnitude = l.asFloat(l.op<arith::XOrIOp>(bits, signBit));
  auto withSign = [&](Value positive) {
    return l.asFloat(l.op<arith::OrIOp>(l.bits(positive), signBit));
  };
  Value nearest = l.op<arith::SubFOp>(l.op<arith::AddFOp>(magnitude, limit), limit);
  Value one = l.number(x, 1), result = nearest;
  if (rounding == Rounding::towardZero) {
    Value above = l.compare(FPred::OGT, nearest, magnitude);
    result = l.select(above, l.op<arith::SubFOp>(nearest, one), nearest);
  } else if (rounding != Rounding::toEven) {
    // Down and up are to the left and right of x itself; the result has its sign, -0 too.
    Value near = withSign(nearest);
    const bool down = rounding == Rounding::down;
    Value beyond = l.compare(down ? FPred::OGT : FPred::OLT, near, x);
    Value moved = down ? l.op<arith::SubFOp>(near, one) : l.op<arith::AddFOp>(near, one);
    Value chosen = l.bits(l.select(beyond, moved, near));
    result = l.asFloat(l.both(chosen, ~sign));
  }
  Value small = l.compare(FPred::OLT, magnitude, limit);
  return l.select(small, withSign(result), x);
}

Value emitHalfToFloat(CodeBuilder &code, Value bits) {
  Lanes l{code};
  Value wide = code.create<arith::ExtUIOp>(l.like(code.b.getI32Type(), bits), bits);
  Value magnitude = l.both(wide, 0x7fff);
  Value sign = l.op<arith::ShLIOp>(l.op<arith::XOrIOp>(wide, magnitude), l.integer(wide, 16));
  // The exponents' biases differ by 112; the product is exact, of subnormals too.
  Value shifted = l.op<arith::ShLIOp>(magnitude, l.integer(wide, 13));
  Value number = l.asFloat(shifted);
  number = l.op<arith::MulFOp>(number, l.number(number, 0x1p112));
  Value finite = l.compare(IPred::slt, magnitude, l.integer(wide, 0x7c00));
  Value special = l.op<arith::OrIOp>(shifted, l.integer(wide, 0x7f800000));
  Value chosen = l.select(finite, l.bits(number), special);
  return l.asFloat(l.op<arith::OrIOp>(chosen, sign));
}

Value emitFloatToHalf(CodeBuilder &code, Value x) {
  Lanes l{code};
  Value bits = l.bits(x), magnitude = l.both(bits, 0x7fffffff);
  Value sign = l.op<arith::ShRUIOp>(l.op<arith::XOrIOp>(bits, magnitude), l.integer(bits, 16));
  // Normal numbers: the lower 13 bits are rounded off, to nearest even.
  Value odd = l.both(l.op<arith::ShRUIOp>(magnitude, l.integer(bits, 13)), 1);
  Value rounded = l.op<arith::AddIOp>(magnitude, l.integer(bits, 0xfff - (int64_t(112) << 23)));
  rounded = l.op<arith::ShRUIOp>(l.op<arith::AddIOp>(rounded, odd), l.integer(bits, 13));
  // Subnormal ones: an addition to 1/2 rounds at 2^-24.
  Value half = l.number(x, 0.5);
  Value sum = l.op<arith::AddFOp>(l.asFloat(magnitude), half);
  Value tiny = l.op<arith::SubIOp>(l.bits(sum), l.bits(half));
  auto below = [&](int64_t limit) {
    return l.compare(IPred::slt, magnitude, l.integer(bits, limit));
  };
  Value result = l.select(below(0x38800000), tiny, rounded);             // 2^-14
  result = l.select(below(0x477ff000), result, l.integer(bits, 0x7c00)); // 65520 is infinite
  Value isNan = l.compare(IPred::sgt, magnitude, l.integer(bits, 0x7f800000));
  result = l.select(isNan, l.integer(bits, 0x7e00), result);
  result = l.op<arith::OrIOp>(result, sign);
  return code.create<arith::TruncIOp>(l.like(code.b.getIntegerType(16), x), result);
}

} // namespace tjit::codegen
