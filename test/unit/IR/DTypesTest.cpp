//===- DTypesTest.cpp - promotion and names of dtypes -----------------------------------------===//

#include "IR/DTypes.h"

#include <gtest/gtest.h>

using namespace tjit;

namespace {

constexpr ScalarType kAll[] = {kBool,  kUInt8,   kInt8,     kInt16,   kInt32,
                               kInt64, kFloat16, kBFloat16, kFloat32, kFloat64};

TEST(DTypes, PromotionIsCommutativeAndIdempotent) {
  for (ScalarType a : kAll) {
    EXPECT_EQ(promoteTypes(a, a), a);
    for (ScalarType b : kAll)
      EXPECT_EQ(promoteTypes(a, b), promoteTypes(b, a)) << toString(a) << " " << toString(b);
  }
}

TEST(DTypes, PromotionFollowsPyTorchsTable) {
  // Rows and columns in the order of kAll; written out from torch.promote_types.
  constexpr const char *kTable[10] = {
      "0123456789", // bool
      "1133456789", // uint8
      "2323456789", // int8
      "3333456789", // int16
      "4444456789", // int32
      "5555556789", // int64
      "6666666889", // float16
      "7777778789", // bfloat16
      "8888888889", // float32
      "9999999999", // float64
  };
  for (int a = 0; a < 10; ++a)
    for (int b = 0; b < 10; ++b)
      EXPECT_EQ(static_cast<int>(promoteTypes(kAll[a], kAll[b])), kTable[a][b] - '0')
          << toString(kAll[a]) << " " << toString(kAll[b]);
}

ScalarType resultOf(std::initializer_list<PromotionOperand> operands) {
  return resultType({operands.begin(), operands.size()});
}

TEST(DTypes, NumberOfTheSameCategoryKeepsTheTensorsDType) {
  EXPECT_EQ(resultOf({{PromotionOperand::tensor, kInt8}, {PromotionOperand::number, kInt64}}),
            kInt8);
  EXPECT_EQ(resultOf({{PromotionOperand::tensor, kFloat16}, {PromotionOperand::number, kFloat64}}),
            kFloat16);
  EXPECT_EQ(resultOf({{PromotionOperand::tensor, kFloat32}, {PromotionOperand::number, kInt64}}),
            kFloat32);
}

TEST(DTypes, NumberOfAHigherCategoryGivesItsDefaultDType) {
  EXPECT_EQ(resultOf({{PromotionOperand::tensor, kInt32}, {PromotionOperand::number, kFloat64}}),
            kFloat32);
  EXPECT_EQ(resultOf({{PromotionOperand::tensor, kBool}, {PromotionOperand::number, kInt64}}),
            kInt64);
}

TEST(DTypes, ZeroDimTensorDoesNotWidenWithinItsCategory) {
  EXPECT_EQ(resultOf({{PromotionOperand::tensor, kFloat32}, {PromotionOperand::zeroDim, kFloat64}}),
            kFloat32);
  EXPECT_EQ(resultOf({{PromotionOperand::tensor, kInt32}, {PromotionOperand::zeroDim, kFloat64}}),
            kFloat64);
  EXPECT_EQ(
      resultOf({{PromotionOperand::zeroDim, kFloat32}, {PromotionOperand::zeroDim, kFloat64}}),
      kFloat64);
}

TEST(DTypes, NamesGoThereAndBack) {
  for (ScalarType dtype : kAll)
    EXPECT_EQ(fromMlirName(mlirName(dtype)), dtype);
  EXPECT_EQ(fromMlirName("index"), ScalarType::Undefined);
  EXPECT_STREQ(toString(kBFloat16), "bfloat16");
}

} // namespace
