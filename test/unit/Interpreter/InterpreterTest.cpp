//===- InterpreterTest.cpp - what operations compute --------------------------------------===//

#include "Tensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace tjit;
using namespace tjit::test;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::nan("");
using Values = std::vector<double>;

//===------------------------------------------------------------------------------------------===//
// Every operation: the generated cases
//===------------------------------------------------------------------------------------------===//

struct Case {
  OpKind kind;
  const char *text;
  std::vector<TensorType> operands;
  std::vector<int64_t> attributes;
};
const Case kCases[] = {
#include "test/TestManifest.inc"
};

/// Operands of a case with the dtype under test filled in: numbers of the operation's test range;
/// operands whose dtype the case names are indices, and small. Cubes keep matrices regular.
std::vector<Tensor> operandsOf(const Case &c, ScalarType dtype) {
  const OpInfo &info = opInfo(c.kind);
  std::vector<Tensor> operands;
  for (const TensorType &type : c.operands) {
    bool free = type.dtype == ScalarType::Undefined;
    double low = free ? info.testLow : 0, high = free ? info.testHigh : 1;
    operands.push_back(Tensor::generate(free ? dtype : type.dtype, type.sizes, [&](int64_t i) {
      double x = low + (high - low) *
                           static_cast<double>((i * i * i * 37 + 11 * operands.size()) % 101) / 100;
      return free && isFloatingType(dtype) ? x : std::round(x) + (free && x >= 0.5 ? 0 : 0);
    }));
  }
  return operands;
}
std::vector<int64_t> attributesOf(const Case &c, ScalarType dtype) {
  std::vector<int64_t> words = c.attributes;
  size_t at = 0;
  for (int a = 0; a < opInfo(c.kind).numAttributes; ++a) {
    AttrKind kind = opInfo(c.kind).attributes[a].kind;
    if (kind == AttrKind::dtype && words[at] == static_cast<int64_t>(ScalarType::Undefined))
      words[at] = static_cast<int64_t>(dtype);
    at += kind == AttrKind::i64Array ? words[at] + 1 : 1;
  }
  return words;
}

class EveryOperation : public testing::TestWithParam<unsigned> {};

TEST_P(EveryOperation, RunsForItsDTypesAndIgnoresLayout) {
  auto kind = static_cast<OpKind>(GetParam());
  int ran = 0;
  for (const Case &c : kCases) {
    if (c.kind != kind)
      continue;
    for (ScalarType dtype : kAllDTypes) {
      if (!(opInfo(kind).dtypeMask >> static_cast<int>(dtype) & 1))
        continue;
      SCOPED_TRACE(std::string(c.text) + " of " + toString(dtype));
      std::vector<Tensor> operands = operandsOf(c, dtype), strided;
      for (const Tensor &t : operands)
        strided.push_back(t.strided());
      std::vector<int64_t> attributes = attributesOf(c, dtype);
      Tensor dense = run(kind, operands, attributes);
      EXPECT_EQ(dense.bytes(), run(kind, strided, attributes).bytes());
      ++ran;
    }
  }
  EXPECT_GT(ran, 0) << "no generated case";
}
std::vector<unsigned> allOperations() {
  std::vector<unsigned> kinds(kNumOps);
  for (unsigned i = 0; i < kNumOps; ++i)
    kinds[i] = i;
  return kinds;
}
INSTANTIATE_TEST_SUITE_P(Interpreter, EveryOperation, testing::ValuesIn(allOperations()),
                         [](auto &info) { return std::string(kOpTable[info.param].mnemonic); });

//===------------------------------------------------------------------------------------------===//
// Elementwise
//===------------------------------------------------------------------------------------------===//

Values unary(OpKind kind, ScalarType dtype, std::initializer_list<double> x) {
  return run(kind, {Tensor(dtype, {static_cast<int64_t>(x.size())}, x)}).values();
}
Values binary(OpKind kind, ScalarType dtype, std::initializer_list<double> x,
              std::initializer_list<double> y) {
  auto make = [&](auto &v) { return Tensor(dtype, {static_cast<int64_t>(v.size())}, v); };
  return run(kind, {make(x), make(y)}).values();
}
Values cast(ScalarType from, ScalarType to, std::initializer_list<double> x) {
  return run(OpKind::cast, {Tensor(from, {static_cast<int64_t>(x.size())}, x)},
             {static_cast<int64_t>(to)})
      .values();
}

TEST(Elementwise, BroadcastsRowsAndColumns) {
  Tensor column(ScalarType::Float, {2, 1}, {10, 20}), row(ScalarType::Float, {3}, {1, 2, 3});
  Tensor sum = run(OpKind::add, {column, row});
  EXPECT_EQ(sum.type.sizes, Dims({2, 3}));
  EXPECT_EQ(sum.values(), (Values{11, 12, 13, 21, 22, 23}));
}
TEST(Elementwise, IntegersWrap) {
  EXPECT_EQ(binary(OpKind::add, ScalarType::Char, {127, -128}, {1, -1}), (Values{-128, 127}));
  EXPECT_EQ(binary(OpKind::mul, ScalarType::Short, {300}, {300}), (Values{90000 - 65536}));
  EXPECT_EQ(binary(OpKind::sub, ScalarType::Byte, {1}, {2}), (Values{255}));
  EXPECT_EQ(unary(OpKind::neg, ScalarType::Char, {-128}), (Values{-128}));
  EXPECT_EQ(unary(OpKind::abs, ScalarType::Char, {-128, -5}), (Values{-128, 5}));
}
TEST(Elementwise, BoolsAddAsOrAndMultiplyAsAnd) {
  EXPECT_EQ(binary(OpKind::add, ScalarType::Bool, {1, 1, 0}, {1, 0, 0}), (Values{1, 1, 0}));
  EXPECT_EQ(binary(OpKind::mul, ScalarType::Bool, {1, 1, 0}, {1, 0, 0}), (Values{1, 0, 0}));
}
TEST(Elementwise, SixteenBitFloatsRoundEachResultOnce) {
  // 2049 is halfway between 2048 and 2050: to even.
  EXPECT_EQ(binary(OpKind::add, ScalarType::Half, {2048, 2050}, {1, 1}), (Values{2048, 2052}));
  EXPECT_EQ(binary(OpKind::add, ScalarType::BFloat16, {256, 258}, {1, 1}), (Values{256, 260}));
}
TEST(Elementwise, MaximumAndMinimumOrderZerosAndKeepNan) {
  Values high =
      binary(OpKind::maximum, ScalarType::Float, {0.0, -0.0, kNan, 1}, {-0.0, 0.0, 1, kNan});
  EXPECT_FALSE(std::signbit(high[0]) || std::signbit(high[1]));
  EXPECT_TRUE(std::isnan(high[2]) && std::isnan(high[3]));
  Values low =
      binary(OpKind::minimum, ScalarType::Float, {0.0, -0.0, kNan, 1}, {-0.0, 0.0, 1, kNan});
  EXPECT_TRUE(std::signbit(low[0]) && std::signbit(low[1]));
  EXPECT_TRUE(std::isnan(low[2]) && std::isnan(low[3]));
}
TEST(Elementwise, SignOfNanIsZeroAndReluKeepsNan) {
  EXPECT_EQ(unary(OpKind::sign, ScalarType::Float, {-3, 0, 5, kNan}), (Values{-1, 0, 1, 0}));
  Values r = unary(OpKind::relu, ScalarType::Float, {-3, -0.0, 5, kNan});
  EXPECT_EQ(r[0], 0);
  EXPECT_FALSE(std::signbit(r[1]));
  EXPECT_EQ(r[2], 5);
  EXPECT_TRUE(std::isnan(r[3]));
}
TEST(Elementwise, RoundBreaksTiesToEven) {
  EXPECT_EQ(unary(OpKind::round, ScalarType::Float, {0.5, 1.5, 2.5, -0.5}),
            (Values{0, 2, 2, -0.0}));
}
TEST(Elementwise, IntegerDivisionFloorsOrTruncates) {
  EXPECT_EQ(binary(OpKind::floor_divide, ScalarType::Int, {7, -7, 7, -7}, {2, 2, -2, -2}),
            (Values{3, -4, -4, 3}));
  EXPECT_EQ(binary(OpKind::remainder, ScalarType::Int, {7, -7, 7, -7}, {2, 2, -2, -2}),
            (Values{1, 1, -1, -1}));
  EXPECT_EQ(binary(OpKind::fmod, ScalarType::Int, {7, -7, 7, -7}, {2, 2, -2, -2}),
            (Values{1, -1, 1, -1}));
}
TEST(Elementwise, SmallestIntegerDividedByMinusOneWraps) {
  EXPECT_EQ(binary(OpKind::floor_divide, ScalarType::Char, {-128}, {-1}), (Values{-128}));
  EXPECT_EQ(binary(OpKind::remainder, ScalarType::Char, {-128}, {-1}), (Values{0}));
}
TEST(Elementwise, IntegerPowersWrapAndNegativeExponentsTruncate) {
  EXPECT_EQ(binary(OpKind::pow, ScalarType::Char, {2, 3, -1, 1, 5, -1}, {7, 4, -3, -9, -1, -2}),
            (Values{-128, 81, -1, 1, 0, 1}));
}
TEST(Elementwise, ShiftsAreDefinedForEveryAmount) {
  EXPECT_EQ(binary(OpKind::shift_left, ScalarType::Char, {3, 3, 3, 3}, {1, 7, 8, -1}),
            (Values{6, -128, 0, 0}));
  EXPECT_EQ(binary(OpKind::shift_right, ScalarType::Char, {-8, -8, -8, -8}, {1, 7, 100, -1}),
            (Values{-4, -1, -1, -1}));
}
TEST(Elementwise, WhereSelectsAndBroadcasts) {
  Tensor condition(ScalarType::Bool, {2, 1}, {1, 0}), x(ScalarType::Int, {2}, {1, 2}),
      y(ScalarType::Int, {}, {9});
  EXPECT_EQ(run(OpKind::where, {condition, x, y}).values(), (Values{1, 2, 9, 9}));
}
TEST(Elementwise, EmptyOperandsGiveEmptyResults) {
  Tensor empty(ScalarType::Float, {0, 3}), row(ScalarType::Float, {3}, {1, 2, 3});
  EXPECT_EQ(run(OpKind::add, {empty, row}).count(), 0);
}

TEST(Cast, FloatToIntegerTruncatesSaturatesAndDropsNan) {
  EXPECT_EQ(cast(ScalarType::Float, ScalarType::Int, {1.9, -1.9, kNan}), (Values{1, -1, 0}));
  EXPECT_EQ(cast(ScalarType::Double, ScalarType::Long, {1e300, -1e300}), (Values{0x1p63, -0x1p63}));
  // Saturated to int64, of which the low bits stay.
  EXPECT_EQ(cast(ScalarType::Float, ScalarType::Int, {kInf, -kInf, 0x1p32 + 512}),
            (Values{-1, 0, 512}));
  EXPECT_EQ(cast(ScalarType::Float, ScalarType::Byte, {-1, 257}), (Values{255, 1}));
}
TEST(Cast, ToBoolIsNonZero) {
  EXPECT_EQ(cast(ScalarType::Float, ScalarType::Bool, {0, -0.0, 1e-40, kNan}),
            (Values{0, 0, 1, 1}));
}
TEST(Cast, ToSixteenBitGoesThroughFloat32) {
  // Just above a tie of float16; float32 loses the bit that says so.
  EXPECT_EQ(cast(ScalarType::Double, ScalarType::Half, {2049 + 0x1p-30}), (Values{2048}));
  EXPECT_EQ(cast(ScalarType::Float, ScalarType::Half, {65519.996, 65520}), (Values{65504, kInf}));
}
TEST(Half, RoundsToTheNearestBFloat16WithTiesToEven) {
  for (uint32_t high = 0; high < 0x7f80; high += 7)
    for (uint32_t low : {0x0000u, 0x0001u, 0x7fffu, 0x8000u, 0x8001u, 0xffffu}) {
      uint32_t up = low > 0x8000 || (low == 0x8000 && high % 2);
      EXPECT_EQ(floatToBFloat16(std::bit_cast<float>(high << 16 | low)), high + up);
    }
  EXPECT_EQ(floatToBFloat16(std::bit_cast<float>(0x7f800001u)), 0x7fc0);
}
TEST(Half, EveryFloat16SurvivesTheWayThroughFloat32) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits)
    if ((bits & 0x7fff) <= 0x7c00)
      ASSERT_EQ(floatToFloat16(float16ToFloat(bits)), bits);
}

//===------------------------------------------------------------------------------------------===//
// Views and movement
//===------------------------------------------------------------------------------------------===//

Tensor counting(Dims sizes, ScalarType dtype = ScalarType::Float) {
  return Tensor::generate(dtype, sizes, [](int64_t i) { return static_cast<double>(i); });
}

TEST(Views, SliceStepsAndFlipReverses) {
  Values sliced = run(OpKind::slice, {counting({2, 5}), Tensor::index(1)}, {1, 2, 2}).values();
  EXPECT_EQ(sliced, (Values{1, 3, 6, 8}));
  EXPECT_EQ(run(OpKind::flip, {counting({2, 2})}, {2, 0, 1}).values(), (Values{3, 2, 1, 0}));
}
TEST(Views, AsStridedReadsTheRowMajorStorage) {
  std::vector<int64_t> attributes = {2, 2, 2, 2, 1, 2}; // sizes [2, 2], strides [1, 2]
  EXPECT_EQ(run(OpKind::as_strided, {counting({5}), Tensor::index(1)}, attributes).values(),
            (Values{1, 3, 2, 4}));
  EXPECT_EQ(
      run(OpKind::as_strided, {counting({5}).strided(), Tensor::index(1)}, attributes).values(),
      (Values{1, 3, 2, 4}));
}
TEST(Views, WriteViewReplacesTheViewsElementsOnly) {
  Tensor value(ScalarType::Float, {2}, {10, 20});
  EXPECT_EQ(
      run(OpKind::write_view, {counting({6}), value, Tensor::index(1)}, {1, 2, 1, 3}).values(),
      (Values{0, 10, 2, 3, 20, 5}));
}
TEST(Views, WriteViewWorksInPlace) {
  Tensor base = counting({4}), value(ScalarType::Float, {2}, {10, 20}), offset = Tensor::index(2);
  TensorRef operands[] = {base.ref(), value.ref(), offset.ref()};
  interpretOp(OpKind::write_view, std::vector<int64_t>{1, 2, 1, 1}, operands, base.ref());
  EXPECT_EQ(base.values(), (Values{0, 1, 10, 20}));
}
TEST(Movement, ConcatAlongEitherDimension) {
  Tensor a(ScalarType::Int, {1, 2}, {1, 2}), b(ScalarType::Int, {1, 2}, {3, 4});
  EXPECT_EQ(run(OpKind::concat, {a, b}, {0}).values(), (Values{1, 2, 3, 4}));
  EXPECT_EQ(run(OpKind::concat, {a, b}, {1}).type.sizes, Dims({1, 4}));
}
TEST(Movement, GatherTakesTheIndexAlongItsDimension) {
  Tensor index(ScalarType::Long, {2, 2}, {2, 0, 1, 1});
  EXPECT_EQ(run(OpKind::gather, {counting({2, 3}), index}, {1}).values(), (Values{2, 0, 4, 4}));
}
TEST(Movement, ScatterAddAddsEveryContribution) {
  Tensor input(ScalarType::Float, {3}, {1, 1, 1}), index(ScalarType::Long, {4}, {0, 2, 0, 0}),
      source(ScalarType::Float, {4}, {1, 2, 3, 4});
  EXPECT_EQ(run(OpKind::scatter_add, {input, index, source}, {0}).values(), (Values{9, 1, 3}));
}
TEST(Movement, ScatterAddRoundsSixteenBitsAtEachStep) {
  Tensor input(ScalarType::Half, {1}, {2048}), index(ScalarType::Long, {2}, {0, 0}),
      source(ScalarType::Half, {2}, {1, 1});
  EXPECT_EQ(run(OpKind::scatter_add, {input, index, source}, {0}).values(), (Values{2048}));
}

//===------------------------------------------------------------------------------------------===//
// Errors that depend on values
//===------------------------------------------------------------------------------------------===//

template <class Run> std::string messageOf(Run run) {
  try {
    run();
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

TEST(Errors, GatherNamesTheIndexAndItsPosition) {
  Tensor index(ScalarType::Long, {2, 1}, {0, 7});
  std::string message = messageOf([&] { run(OpKind::gather, {counting({5, 1}), index}, {0}); });
  EXPECT_NE(
      message.find("gather: index 7 at position [1, 0] is out of range for dimension 0 of size 5"),
      std::string::npos)
      << message;
}
TEST(Errors, ScatterAddRefusesNegativeIndices) {
  Tensor index(ScalarType::Long, {1}, {-1});
  std::string message =
      messageOf([&] { run(OpKind::scatter_add, {counting({3}), index, counting({1})}, {0}); });
  EXPECT_NE(message.find("scatter_add: index -1 at position [0]"), std::string::npos) << message;
}
TEST(Errors, IntegerDivisionByZeroNamesThePosition) {
  for (OpKind kind : {OpKind::floor_divide, OpKind::remainder, OpKind::fmod}) {
    Tensor y(ScalarType::Int, {2, 2}, {1, 2, 0, 4});
    std::string message = messageOf([&] { run(kind, {counting({2, 2}, ScalarType::Int), y}); });
    EXPECT_NE(message.find("is 0 at position [1, 0]"), std::string::npos) << message;
    EXPECT_EQ(message.find(opInfo(kind).mnemonic), 0u) << message;
  }
}
TEST(Errors, NothingIsWrittenBeforeTheCheck) {
  Tensor x = counting({3}, ScalarType::Int), y(ScalarType::Int, {3}, {1, 1, 0});
  Tensor result(ScalarType::Int, {3}, {7, 7, 7});
  TensorRef operands[] = {x.ref(), y.ref()};
  EXPECT_THROW(interpretOp(OpKind::fmod, {}, operands, result.ref()), Error);
  EXPECT_EQ(result.values(), (Values{7, 7, 7}));
  EXPECT_NE(checkOperandValues(OpKind::fmod, {}, operands), "");
}
TEST(Errors, FloatDivisionByZeroIsNone) {
  Tensor one(ScalarType::Float, {1}, {1}), zero(ScalarType::Float, {1}, {0});
  EXPECT_EQ(run(OpKind::floor_divide, {one, zero}).values(), (Values{kInf}));
}
TEST(Errors, ViewsOutsideOfTheStorageAreRefused) {
  EXPECT_THROW(run(OpKind::as_strided, {counting({5}), Tensor::index(3)}, {1, 3, 1, 1}), Error);
  EXPECT_THROW(run(OpKind::slice, {counting({5}), Tensor::index(-1)}, {0, 2, 1}), Error);
}

} // namespace
