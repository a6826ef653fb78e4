//===- EmitRandom.cpp -------------------------------------------------------------------------===//
// Philox 4x32-10 on lanes.
//
// A block is four words, for four numbers of at most 32 bits or two of 64. Lanes are 64 bits wide
// while rounds are made, since the processor multiplies 32 bits to 64 in such lanes.
//
//   any places      a lane computes the block of its own number and takes one word of it
//   consecutive,    a vector of w numbers needs w / 4 (w / 2) blocks. One vector has words 0 of all
//   aligned         blocks and then words 2, another one words 1 and 3: a round is one
//   multiplication
//                   and one exchange of halves, for all of them.
//
// Consecutive places that begin inside of a block take the first way in a function of their own:
// rows whose length is no multiple of four.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/EmitRandom.h"
#include "Codegen/EmitElementary.h"
#include "Codegen/EmitTypes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

constexpr int kRounds = 10;
constexpr int64_t kMultiplier[2] = {0xD2511F53, 0xCD9E8D57}, kWeyl[2] = {0x9E3779B9, 0xBB67AE85};
constexpr int64_t kWord = 0xffffffff;

/// Which unit of its block a number takes: place & mask | bit. A unit is a word, or two words for
/// numbers of 64 bits.
struct Choice {
  int64_t mask, bit;
};

class Philox {
public:
  Philox(CodeBuilder &code, int64_t perBlock) : code(code), perBlock(perBlock) {}

  /// The unit of every lane for places in vectors or scalars of i64; i64, the upper half of a word
  /// 0.
  Value general(Value place, Value seed, Value counter, Choice choice) {
    Type type = place.getType();
    auto i = [&](int64_t value) { return code.integer(type, value); };
    Value n = shiftRight(place, llvm::Log2_64(perBlock));
    Value c[4] = {low(n), shiftRight(n, 32), low(counter), shiftRight(counter, 32)};
    Value key[2] = {low(seed), shiftRight(seed, 32)};
    for (int round = 0; round < kRounds; ++round) {
      Value p = code.create<arith::MulIOp>(c[0], i(kMultiplier[0]));
      Value q = code.create<arith::MulIOp>(c[2], i(kMultiplier[1]));
      c[0] = exclusive(exclusive(shiftRight(q, 32), c[1]), key[0]);
      c[2] = exclusive(exclusive(shiftRight(p, 32), c[3]), key[1]);
      c[1] = low(q);
      c[3] = low(p);
      for (int k : {0, 1})
        key[k] = low(code.create<arith::AddIOp>(key[k], i(kWeyl[k])));
    }
    Value unit = code.create<arith::AndIOp>(place, i(choice.mask));
    unit = code.create<arith::OrIOp>(unit, i(choice.bit));
    auto select = [&](int64_t number, Value yes, Value no) {
      Value is = code.create<arith::CmpIOp>(arith::CmpIPredicate::eq, unit, i(number));
      return Value(code.create<arith::SelectOp>(is, yes, no));
    };
    if (perBlock == 2)
      return select(0, join(c[0], c[1]), join(c[2], c[3]));
    return select(0, c[0], select(1, c[1], select(2, c[2], c[3])));
  }

  /// The units of `width` places from `first` on, a multiple of perBlock, for several choices; i32
  /// words, or i64.
  SmallVector<Value> aligned(Value first, Value seed, Value counter, int64_t width,
                             ArrayRef<Choice> choices) {
    const int64_t blocks = width / perBlock, lanes = 2 * blocks;
    auto type = VectorType::get({lanes}, code.b.getI64Type());
    auto halves = [&](int64_t a, int64_t b) {
      SmallVector<int64_t> values(blocks, a);
      values.append(blocks, b);
      return code.constant(DenseElementsAttr::get(type, ArrayRef(values)));
    };
    SmallVector<int64_t> numbers, swapped;
    SmallVector<bool> firstHalf;
    for (int64_t i = 0; i < lanes; ++i) {
      numbers.push_back(i % blocks);
      swapped.push_back((i + blocks) % lanes);
      firstHalf.push_back(i < blocks);
    }
    Value block = shiftRight(first, llvm::Log2_64(perBlock));
    Value n =
        code.create<arith::AddIOp>(broadcast(code, block, lanes),
                                   code.constant(DenseElementsAttr::get(type, ArrayRef(numbers))));
    Value isFirst = code.constant(
        DenseElementsAttr::get(VectorType::get({lanes}, code.b.getI1Type()), ArrayRef(firstHalf)));
    Value start = code.create<arith::SelectOp>(isFirst, n, broadcast(code, counter, lanes));
    Value even = low(start), odd = shiftRight(start, 32);
    Value key = code.create<arith::SelectOp>(isFirst, broadcast(code, low(seed), lanes),
                                             broadcast(code, shiftRight(seed, 32), lanes));
    Value multiplier = halves(kMultiplier[0], kMultiplier[1]), weyl = halves(kWeyl[0], kWeyl[1]);
    for (int round = 0; round < kRounds; ++round) {
      Value product = code.create<arith::MulIOp>(even, multiplier);
      Value exchanged = code.create<vector::ShuffleOp>(product, product, swapped);
      even = exclusive(exclusive(shiftRight(exchanged, 32), odd), key);
      odd = low(exchanged);
      key = low(code.create<arith::AddIOp>(key, weyl));
    }
    SmallVector<Value> units;
    for (Choice choice : choices) {
      SmallVector<int64_t> from;
      for (int64_t i = 0; i < width; ++i) {
        int64_t k = i / perBlock, unit = (i & choice.mask) | choice.bit;
        // Words: the lower halves of even, then those of odd.
        from.push_back(perBlock == 2 ? unit * blocks + k
                                     : (unit % 2) * 2 * lanes + 2 * (unit / 2 * blocks + k));
      }
      if (perBlock == 2) {
        Value pairs = join(even, odd);
        units.push_back(code.create<vector::ShuffleOp>(pairs, pairs, from));
        continue;
      }
      auto words = VectorType::get({2 * lanes}, code.b.getI32Type());
      units.push_back(code.create<vector::ShuffleOp>(code.create<vector::BitCastOp>(words, even),
                                                     code.create<vector::BitCastOp>(words, odd),
                                                     from));
    }
    return units;
  }

  /// The function of consecutive places that begin anywhere: (first, seed, counter) to units.
  func::FuncOp anywhere(int64_t width, Choice choice) {
    Operation *table = SymbolTable::getNearestSymbolTable(code.b.getBlock()->getParentOp());
    std::string symbol = ("tjit_philox" + Twine(perBlock) + "_" + Twine(choice.mask) + "_" +
                          Twine(choice.bit) + "_x" + Twine(width))
                             .str();
    if (auto known = SymbolTable::lookupSymbolIn(table, symbol))
      return cast<func::FuncOp>(known);
    OpBuilder b = OpBuilder::atBlockEnd(&table->getRegion(0).front());
    Type i64 = b.getI64Type(), result = VectorType::get({width}, unitType());
    auto function =
        func::FuncOp::create(b, code.loc, symbol, b.getFunctionType({i64, i64, i64}, {result}));
    function.setPrivate();
    function->setAttr(kRareAttribute, b.getUnitAttr());
    function->setAttr("passthrough", b.getStrArrayAttr({"cold", "noinline"}));
    Block *entry = function.addEntryBlock();
    CodeBuilder inner(*entry, code.loc);
    inner.isa = code.isa;
    Philox philox(inner, perBlock);
    Value units = philox.general(countUp(inner, entry->getArgument(0), width),
                                 broadcast(inner, entry->getArgument(1), width),
                                 broadcast(inner, entry->getArgument(2), width), choice);
    inner.create<func::ReturnOp>(philox.narrow(units));
    return function;
  }

  /// Words are i32.
  Value narrow(Value units) {
    if (perBlock == 2)
      return units;
    return code.create<arith::TruncIOp>(vectorOf(code.b.getI32Type(), widthOf(units)), units);
  }

private:
  Type unitType() { return perBlock == 2 ? code.b.getI64Type() : code.b.getI32Type(); }
  Value low(Value x) { return code.create<arith::AndIOp>(x, code.integer(x.getType(), kWord)); }
  Value shiftRight(Value x, int64_t by) {
    return code.create<arith::ShRUIOp>(x, code.integer(x.getType(), by));
  }
  Value exclusive(Value x, Value y) { return code.create<arith::XOrIOp>(x, y); }
  Value join(Value lower, Value upper) {
    Value shifted = code.create<arith::ShLIOp>(upper, code.integer(upper.getType(), 32));
    return code.create<arith::OrIOp>(lower, shifted);
  }

  CodeBuilder &code;
  const int64_t perBlock;
};

/// The scalar of which `lanes` are copies; null where it is not known.
Value scalarOf(Value lanes) {
  auto spread = lanes.getDefiningOp<vector::BroadcastOp>();
  return spread && !isa<VectorType>(spread.getSource().getType()) ? spread.getSource() : Value();
}

SmallVector<Value> emitUnits(CodeBuilder &code, int64_t perBlock, ValueRange operands,
                             ArrayRef<Choice> choices) {
  Value seed = operands[0], counter = operands[1], place = operands[2];
  const int64_t width = widthOf(place);
  Philox philox(code, perBlock);
  Value first = code.firstLane(place), oneSeed = scalarOf(seed), oneCounter = scalarOf(counter);
  if (!first || !oneSeed || !oneCounter || width < perBlock)
    return llvm::map_to_vector(choices, [&](Choice choice) {
      return philox.narrow(philox.general(place, seed, counter, choice));
    });
  Value within = code.create<arith::AndIOp>(first, code.i64(perBlock - 1));
  Value isAligned = code.create<arith::CmpIOp>(arith::CmpIPredicate::eq, within, code.i64(0));
  Type type =
      VectorType::get({width}, perBlock == 2 ? code.b.getI64Type() : Type(code.b.getI32Type()));
  SmallVector<Type> types(choices.size(), type);
  auto branch = code.create<scf::IfOp>(types, isAligned, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(code.b);
  code.b.setInsertionPointToEnd(&branch.getThenRegion().front());
  code.create<scf::YieldOp>(philox.aligned(first, oneSeed, oneCounter, width, choices));
  code.b.setInsertionPointToEnd(&branch.getElseRegion().front());
  SmallVector<Value> units;
  for (Choice choice : choices)
    units.push_back(code.create<func::CallOp>(philox.anywhere(width, choice),
                                              ValueRange{first, oneSeed, oneCounter})
                        .getResult(0));
  code.create<scf::YieldOp>(units);
  return SmallVector<Value>(branch.getResults());
}

/// The upper `bits` bits of a unit as a number of [0, 1).
Value toUniform(CodeBuilder &code, Value unit, int64_t bits) {
  const bool isDouble = getElementTypeOrSelf(unit.getType()).isInteger(64);
  const int64_t width = widthOf(unit);
  Type type = vectorOf(isDouble ? Type(code.b.getF64Type()) : code.b.getF32Type(), width);
  Value upper =
      code.create<arith::ShRUIOp>(unit, code.integer(unit.getType(), (isDouble ? 64 : 32) - bits));
  return code.create<arith::MulFOp>(code.create<arith::SIToFPOp>(type, upper),
                                    code.floating(type, std::ldexp(1.0, -static_cast<int>(bits))));
}

} // namespace

Value emitDraw(CodeBuilder &code, ir::DrawOp draw, ValueRange operands) {
  Type element = draw.getResult().getType();
  const bool isWide = element.getIntOrFloatBitWidth() == 64;
  const int64_t perBlock = isWide ? 2 : 4;
  const Choice own{perBlock - 1, 0};
  if (draw.getDistribution() == ir::Distribution::bits) {
    Value unit = emitUnits(code, perBlock, operands, own)[0];
    return code.create<arith::ShRUIOp>(unit, code.integer(unit.getType(), 1));
  }
  if (draw.getDistribution() == ir::Distribution::uniform) {
    int64_t bits = element.isF64() ? 53 : element.isF32() ? 24 : element.isF16() ? 11 : 8;
    return toUniform(code, emitUnits(code, perBlock, operands, own)[0], bits);
  }
  // Neighbours are a pair, which has two units of the block.
  const Choice pair[] = {{isWide ? 0 : 2, 0}, {isWide ? 0 : 2, 1}};
  SmallVector<Value> units = emitUnits(code, perBlock, operands, pair);
  const int64_t bits = isWide ? 53 : 24;
  Value u = toUniform(code, units[0], bits), v = toUniform(code, units[1], bits);
  u = code.create<arith::AddFOp>(
      u, code.floating(u.getType(), std::ldexp(1.0, -static_cast<int>(bits))));
  Value place = operands[2];
  Value parity = code.create<arith::AndIOp>(place, code.integer(place.getType(), 1));
  Value second = code.create<arith::CmpIOp>(arith::CmpIPredicate::ne, parity,
                                            code.integer(place.getType(), 0));
  return roundToElement(code, emitNormal(code, u, v, second), element);
}

} // namespace tjit::codegen
