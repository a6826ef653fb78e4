//===- EmitBody.cpp ---------------------------------------------------------------------------===//
// The scalar body of a kernel as operations on lanes.
#include "Codegen/EmitBody.h"
#include "Codegen/EmitTypes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include <limits>

using namespace mlir;

namespace tjit::codegen {

void BodyEmitter::fix(CodeBuilder &code, ValueRange scalars, int64_t width) {
  for (auto [argument, scalar] : llvm::zip_equal(body->getArguments(), scalars))
    if (scalar)
      fixed[argument] = scalar;
  followFixed(code, width);
}

void BodyEmitter::fix(CodeBuilder &code, const LaneValues &scalars, int64_t width) {
  for (auto [value, scalar] : scalars)
    fixed[value] = scalar;
  followFixed(code, width);
}

void BodyEmitter::followFixed(CodeBuilder &code, int64_t width) {
  for (Operation &op : body->without_terminator()) {
    if (fixed.count(op.getResult(0)) || isa<ir::IndexOp, ir::FoldOp>(op) ||
        !llvm::all_of(op.getOperands(), [&](Value v) { return fixed.count(v) != 0; }))
      continue;
    SmallVector<Value, 3> operands;
    for (Value operand : op.getOperands())
      operands.push_back(fixed.lookup(operand));
    fixed[op.getResult(0)] = emitElementwise(code, &op, operands);
  }
  // What varying operations read is spread over the lanes here, not in the loop.
  for (Operation &op : *body) {
    bool varies = isa<ir::YieldOp>(op) || !fixed.count(op.getResult(0));
    for (Value operand : op.getOperands())
      if (auto scalar = fixed.find(operand);
          varies && scalar != fixed.end() && !spread.contains(operand))
        spread[operand] = broadcast(code, scalar->second, width);
  }
  for (auto division : body->getOps<ir::DivOp>()) {
    Value divisor = division->getOperand(1);
    if (code.isa.fma && width > 1 && divisor.getType().isF32() && fixed.contains(divisor) &&
        !fixed.contains(division->getOperand(0)) && !reciprocals.contains(divisor))
      reciprocals[divisor] = emitReciprocal(code, fixed.lookup(divisor), width);
  }
}

Value BodyEmitter::lanesOf(CodeBuilder &code, const LaneValues &values, Value value,
                           int64_t width) const {
  if (Value known = values.lookup(value))
    return known;
  Value lanes = spread.lookup(value);
  return lanes && widthOf(lanes) == width ? lanes : broadcast(code, fixed.lookup(value), width);
}

void BodyEmitter::emit(CodeBuilder &code, LaneValues &values, ValueRange targets, int64_t width,
                       llvm::function_ref<Value(Value)> leaf) const {
  llvm::DenseSet<Value> needed;
  SmallVector<Value> open(targets);
  while (!open.empty()) {
    Value value = open.pop_back_val();
    if (fixed.contains(value) || values.contains(value) || !needed.insert(value).second)
      continue;
    if (Operation *op = value.getDefiningOp(); op && !isa<ir::IndexOp>(op))
      llvm::append_range(open, op->getOperands());
  }
  for (Value argument : body->getArguments())
    if (needed.contains(argument))
      values[argument] = leaf(argument);
  for (auto index : body->getOps<ir::IndexOp>())
    if (needed.contains(index))
      values[index] = leaf(index);
  for (Operation &op : body->without_terminator()) {
    if (!needed.contains(op.getResult(0)) || isa<ir::IndexOp>(op))
      continue;
    assert(!isa<ir::FoldOp>(op) && "a fold is known before what depends on it");
    auto operands = llvm::map_to_vector(op.getOperands(),
                                        [&](Value v) { return lanesOf(code, values, v, width); });
    auto reciprocal = isa<ir::DivOp>(op) ? reciprocals.find(op.getOperand(1)) : reciprocals.end();
    if (reciprocal != reciprocals.end() && widthOf(reciprocal->second.divisor) == width)
      values[op.getResult(0)] = emitQuotient(code, operands[0], reciprocal->second);
    else
      values[op.getResult(0)] = emitElementwise(code, &op, operands);
  }
}

SmallVector<Value> BodyEmitter::emit(CodeBuilder &code, ValueRange inputs, ValueRange indices,
                                     int64_t width) const {
  LaneValues values;
  for (auto [argument, input] : llvm::zip_equal(body->getArguments(), inputs))
    if (input)
      values[argument] = input;
  for (auto [op, index] : llvm::zip_equal(body->getOps<ir::IndexOp>(), indices))
    values[op.getResult()] = index;
  ValueRange yields = body->getTerminator()->getOperands();
  emit(code, values, yields, width,
       [](Value) -> Value { llvm_unreachable("all leaves are given"); });
  return llvm::map_to_vector(yields, [&](Value v) { return lanesOf(code, values, v, width); });
}

int64_t bodyCost(Block &body) {
  int64_t cost = 0;
  for (Operation &op : body.without_terminator())
    cost += operationCost(&op);
  return cost;
}

Combiner Combiner::get(StringRef name, Type yielded) {
  Combiner combiner;
  combiner.kind = name == "add"   ? add
                  : name == "mul" ? mul
                  : name == "max" ? max
                  : name == "min" ? min
                                  : none;
  MLIRContext *context = yielded.getContext();
  bool accumulates = combiner.kind == add || combiner.kind == mul;
  combiner.element = yielded;
  if (accumulates && isHalf(yielded))
    combiner.element = Float32Type::get(context);
  else if (accumulates && isa<IntegerType>(yielded))
    combiner.element = IntegerType::get(context, 64);
  return combiner;
}

bool Combiner::orderFree() const { return kind == max || kind == min || isa<IntegerType>(element); }

Value Combiner::identity(CodeBuilder &code, int64_t width) const {
  Type type = vectorOf(computeType(element), width);
  if (isa<FloatType>(element)) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return code.floating(type, kind == add   ? 0
                               : kind == mul ? 1
                               : kind == max ? -kInfinity
                                             : kInfinity);
  }
  unsigned bits = computeType(element).getIntOrFloatBitWidth();
  APInt lowest = isUnsigned(element) ? APInt::getMinValue(bits) : APInt::getSignedMinValue(bits);
  APInt highest = isUnsigned(element) ? APInt::getMaxValue(bits) : APInt::getSignedMaxValue(bits);
  if (kind == max || kind == min)
    return code.integer(type, (kind == max ? lowest : highest).getSExtValue());
  return code.integer(type, kind == mul);
}

Value Combiner::combine(CodeBuilder &code, Value x, Value y) const {
  bool isFloat = isa<FloatType>(element), noSign = isUnsigned(element);
  switch (kind) {
  case add:
    return isFloat ? Value(code.create<arith::AddFOp>(x, y)) : code.create<arith::AddIOp>(x, y);
  case mul:
    return isFloat ? Value(code.create<arith::MulFOp>(x, y)) : code.create<arith::MulIOp>(x, y);
  case max:
    return isFloat  ? Value(code.create<arith::MaximumFOp>(x, y))
           : noSign ? Value(code.create<arith::MaxUIOp>(x, y))
                    : Value(code.create<arith::MaxSIOp>(x, y));
  case min:
    return isFloat  ? Value(code.create<arith::MinimumFOp>(x, y))
           : noSign ? Value(code.create<arith::MinUIOp>(x, y))
                    : Value(code.create<arith::MinSIOp>(x, y));
  case none:
    break;
  }
  llvm_unreachable("an elementwise result is not combined");
}

} // namespace tjit::codegen
