//===- InferTest.cpp - result types of operations and what their errors say -------------------===//

#include "IR/Infer.h"
#include "IR/AttrWords.h"
#include "IR/OpAttrs.h.inc"

#include <gtest/gtest.h>

using namespace tjit;

namespace {

/// An operation applied to types.
struct Applied {
  TensorType result;
  std::string error;

  Applied(OpKind kind, std::vector<TensorType> operands, const AttrWords &words = {}) {
    std::vector<const TensorType *> pointers;
    for (const TensorType &type : operands)
      pointers.push_back(&type);
    InferContext context{kind, pointers, words.span().data(), {}, {}};
    bool ok = inferType(context);
    EXPECT_EQ(ok, context.error.empty()) << context.error;
    result = context.result;
    error = context.error;
  }
  std::string text() const {
    return error.empty() ? toString(result.dtype) + toString(result.sizes) : error;
  }
};

template <class Attrs> AttrWords words(const Attrs &attrs) {
  AttrWords out;
  attrs.write(out);
  return out;
}

using Sizes = std::vector<int64_t>;
TensorType f32(Dims sizes) { return {kFloat32, std::move(sizes)}; }
TensorType i64(Dims sizes) { return {kInt64, std::move(sizes)}; }

TEST(Infer, ElementwiseOperandsBroadcast) {
  EXPECT_EQ(Applied(OpKind::add, {f32({2, 1, 4}), f32({3, 1})}).text(), "float32[2, 3, 4]");
  EXPECT_EQ(Applied(OpKind::add, {f32({}), f32({3, 4})}).text(), "float32[3, 4]");
  EXPECT_EQ(Applied(OpKind::mul, {f32({0, 4}), f32({1, 1})}).text(), "float32[0, 4]");
}

TEST(Infer, ShapesThatDoNotBroadcastAreNamed) {
  EXPECT_EQ(Applied(OpKind::add, {f32({2, 3}), f32({4})}).text(),
            "add: the shapes [2, 3] and [4] do not broadcast; counted from the last, sizes must be "
            "equal or 1");
}

TEST(Infer, ElementwiseOperandsHaveOneDType) {
  EXPECT_EQ(Applied(OpKind::mul, {f32({2}), i64({2})}).text(),
            "mul: operands have the dtypes float32 and int64; cast one of them");
}

TEST(Infer, OperandsOutsideTheOperationsDTypesAreNamed) {
  EXPECT_EQ(Applied(OpKind::sqrt, {i64({2})}).text(),
            "sqrt: the operand is int64, but it takes floating-point operands; cast it, to float32 "
            "for instance");
  EXPECT_FALSE(Applied(OpKind::sub, {{kBool, {}}, {kBool, {}}}).error.empty());
}

TEST(Infer, ComparisonsGiveBools) {
  EXPECT_EQ(Applied(OpKind::lt, {i64({3}), i64({})}).text(), "bool[3]");
}

TEST(Infer, WhereNeedsABoolCondition) {
  EXPECT_EQ(Applied(OpKind::where, {{kBool, {4}}, f32({3, 1}), f32({})}).text(), "float32[3, 4]");
  EXPECT_FALSE(Applied(OpKind::where, {i64({4}), f32({4}), f32({4})}).error.empty());
}

TEST(Infer, BroadcastingBeyond64BitsIsAnError) {
  int64_t big = int64_t(1) << 40;
  EXPECT_NE(Applied(OpKind::add, {f32({big, 1}), f32({1, big})}).error.find("64 bits"),
            std::string::npos);
}

TEST(Infer, NumberOfOperandsIsChecked) {
  EXPECT_EQ(Applied(OpKind::add, {f32({})}).text(), "add: takes 2 operands, found 1");
  EXPECT_EQ(Applied(OpKind::concat, {}, words(ConcatAttrs{0})).text(),
            "concat: takes one or more operands, found 0");
}

TEST(Infer, FillIsOfItsSizes) {
  Sizes sizes{2, 3};
  EXPECT_EQ(Applied(OpKind::fill, {}, words(FillAttrs{sizes, kInt8, -1})).text(), "int8[2, 3]");
}

TEST(Infer, ShapeProductsThatOverflowAreAnError) {
  Sizes huge{int64_t(1) << 32, int64_t(1) << 32}, hidden{int64_t(1) << 40, int64_t(1) << 40, 0};
  EXPECT_FALSE(Applied(OpKind::fill, {}, words(FillAttrs{huge, kFloat32, 0})).error.empty());
  EXPECT_FALSE(Applied(OpKind::fill, {}, words(FillAttrs{hidden, kFloat32, 0})).error.empty());
  EXPECT_FALSE(Applied(OpKind::expand, {f32({})}, words(ExpandAttrs{huge})).error.empty());
}

TEST(Infer, FillOfAnIntegerDTypeHoldsItsValue) {
  EXPECT_FALSE(Applied(OpKind::fill, {}, words(FillAttrs{{}, kUInt8, 256})).error.empty());
  EXPECT_FALSE(Applied(OpKind::fill, {}, words(FillAttrs{{}, kInt32, 0.5})).error.empty());
  EXPECT_FALSE(Applied(OpKind::fill, {}, words(FillAttrs{{}, kInt64, 0x1p63})).error.empty());
  EXPECT_TRUE(Applied(OpKind::fill, {}, words(FillAttrs{{}, kInt64, -0x1p63})).error.empty());
}

TEST(Infer, SumOfIntegersIsInt64) {
  Sizes dims{0, 2};
  EXPECT_EQ(Applied(OpKind::sum, {{kInt8, {2, 3, 4}}}, words(SumAttrs{dims, false})).text(),
            "int64[3]");
  EXPECT_EQ(Applied(OpKind::sum, {{kFloat16, {2, 3, 4}}}, words(SumAttrs{dims, true})).text(),
            "float16[1, 3, 1]");
}

TEST(Infer, ReductionDimsAreDistinctAscendingAndInRange) {
  Sizes twice{1, 1}, far{2}, negative{-1};
  for (const Sizes &dims : {twice, far, negative})
    EXPECT_FALSE(Applied(OpKind::sum, {f32({2, 3})}, words(SumAttrs{dims, false})).error.empty());
}

TEST(Infer, MaximumOfNothingIsAnError) {
  Sizes dims{1}, other{0};
  EXPECT_FALSE(Applied(OpKind::amax, {f32({2, 0})}, words(AmaxAttrs{dims, false})).error.empty());
  EXPECT_EQ(Applied(OpKind::amax, {f32({2, 0})}, words(AmaxAttrs{other, false})).text(),
            "float32[0]");
  EXPECT_FALSE(Applied(OpKind::argmax, {f32({0})}, words(ArgmaxAttrs{0, false})).error.empty());
}

TEST(Infer, MatmulBroadcastsBatches) {
  EXPECT_EQ(Applied(OpKind::matmul, {f32({2, 1, 3, 4}), f32({5, 4, 6})}).text(),
            "float32[2, 5, 3, 6]");
  EXPECT_EQ(Applied(OpKind::matmul, {f32({3, 0}), f32({0, 2})}).text(), "float32[3, 2]");
}

TEST(Infer, MatmulNamesTheInnerDimensions) {
  EXPECT_EQ(Applied(OpKind::matmul, {f32({2, 3}), f32({4, 5})}).text(),
            "matmul: the inner dimensions differ: 3 and 4 (lhs [2, 3], rhs [4, 5]); transpose or "
            "reshape one of them");
}

TEST(Infer, PermuteNamesEachDimensionOnce) {
  Sizes good{2, 0, 1}, twice{0, 0, 1}, few{0, 1};
  EXPECT_EQ(Applied(OpKind::permute, {f32({2, 3, 4})}, words(PermuteAttrs{good})).text(),
            "float32[4, 2, 3]");
  EXPECT_FALSE(
      Applied(OpKind::permute, {f32({2, 3, 4})}, words(PermuteAttrs{twice})).error.empty());
  EXPECT_FALSE(Applied(OpKind::permute, {f32({2, 3, 4})}, words(PermuteAttrs{few})).error.empty());
}

TEST(Infer, ReshapeKeepsTheNumberOfElements) {
  Sizes good{6, 2}, bad{5, 2};
  EXPECT_EQ(Applied(OpKind::reshape, {f32({3, 4})}, words(ReshapeAttrs{good})).text(),
            "float32[6, 2]");
  EXPECT_EQ(Applied(OpKind::reshape, {f32({3, 4})}, words(ReshapeAttrs{bad})).text(),
            "reshape: the shape [3, 4] has 12 elements, [5, 2] has 10; they must be as many");
}

TEST(Infer, SliceFitsItsDimension) {
  auto slice = [](int64_t size, int64_t step) {
    return Applied(OpKind::slice, {f32({7}), i64({})}, words(SliceAttrs{0, size, step})).text();
  };
  EXPECT_EQ(slice(4, 2), "float32[4]");
  EXPECT_EQ(slice(0, 1), "float32[0]");
  EXPECT_EQ(slice(5, 2), "slice: 5 elements in steps of 2 do not fit dimension 0 of [7]");
  EXPECT_EQ(slice(1, 0), "slice: the step is 0; it must be 1 or more");
  EXPECT_EQ(slice(1, std::numeric_limits<int64_t>::max()), "float32[1]");
}

TEST(Infer, StridedViewsStayInTheirStorage) {
  auto view = [](Sizes sizes, Sizes strides) {
    return Applied(OpKind::as_strided, {f32({3, 4}), i64({})},
                   words(AsStridedAttrs{sizes, strides}))
        .error.empty();
  };
  EXPECT_TRUE(view({3, 2}, {4, 3}));
  EXPECT_TRUE(view({5, 2}, {0, 11}));
  EXPECT_FALSE(view({2, 2}, {8, 4}));
  EXPECT_FALSE(view({2}, {int64_t(1) << 62}));
  EXPECT_FALSE(view({2}, {-1}));
  EXPECT_FALSE(view({2, 2}, {1}));
}

TEST(Infer, WrittenViewsDoNotOverlap) {
  Sizes sizes{2, 2}, overlapping{0, 1}, strides{4, 1};
  EXPECT_FALSE(Applied(OpKind::write_view, {f32({3, 4}), f32({2, 2}), i64({})},
                       words(WriteViewAttrs{sizes, overlapping}))
                   .error.empty());
  EXPECT_EQ(Applied(OpKind::write_view, {f32({3, 4}), f32({2, 2}), i64({})},
                    words(WriteViewAttrs{sizes, strides}))
                .text(),
            "float32[3, 4]");
}

TEST(Infer, ConcatAddsUpOneDimension) {
  EXPECT_EQ(Applied(OpKind::concat, {f32({2, 3}), f32({2, 0}), f32({2, 1})}, words(ConcatAttrs{1}))
                .text(),
            "float32[2, 4]");
  EXPECT_FALSE(
      Applied(OpKind::concat, {f32({2, 3}), f32({3, 3})}, words(ConcatAttrs{1})).error.empty());
}

TEST(Infer, GatherHasTheShapeOfItsIndex) {
  EXPECT_EQ(Applied(OpKind::gather, {f32({3, 4}), i64({7, 2})}, words(GatherAttrs{0})).text(),
            "float32[7, 2]");
  EXPECT_FALSE(
      Applied(OpKind::gather, {f32({3, 4}), i64({7, 5})}, words(GatherAttrs{0})).error.empty());
  EXPECT_FALSE(Applied(OpKind::gather, {f32({3, 4}), {kInt32, {7, 2}}}, words(GatherAttrs{0}))
                   .error.empty());
}

TEST(Infer, RandomBitsAreInt64) {
  EXPECT_TRUE(Applied(OpKind::random, {i64({}), i64({})},
                      words(RandomAttrs{{}, kInt64, Distribution::bits}))
                  .error.empty());
  EXPECT_FALSE(Applied(OpKind::random, {i64({}), i64({})},
                       words(RandomAttrs{{}, kInt64, Distribution::uniform}))
                   .error.empty());
  EXPECT_FALSE(Applied(OpKind::random, {i64({1}), i64({})},
                       words(RandomAttrs{{}, kFloat32, Distribution::uniform}))
                   .error.empty());
}

} // namespace
