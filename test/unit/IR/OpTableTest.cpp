//===- OpTableTest.cpp - the generated table and the generated test cases ---------------------===//

#include "GeneratedTests.h"
#include "IR/TraceKey.h"

#include <gtest/gtest.h>
#include <set>

using namespace tjit;

namespace {

TEST(OpTable, MnemonicsAreDistinct) {
  std::set<std::string> names;
  for (unsigned i = 0; i < kNumOps; ++i)
    EXPECT_TRUE(names.insert(kOpTable[i].mnemonic).second) << kOpTable[i].mnemonic;
}

TEST(OpTable, IsIndexedByKind) {
  EXPECT_STREQ(opInfo(OpKind::write_view).mnemonic, "write_view");
  EXPECT_EQ(opInfo(OpKind::concat).numOperands, -1);
  EXPECT_EQ(opInfo(OpKind::where).numOperands, 3);
  EXPECT_TRUE(opInfo(OpKind::add).commutative);
  EXPECT_FALSE(opInfo(OpKind::sub).commutative);
}

TEST(OpTable, SavedValuesAreThoseTheGradientNames) {
  const OpInfo &mul = opInfo(OpKind::mul);
  ASSERT_TRUE(mul.hasDerivative);
  EXPECT_EQ(mul.savedOperands, 3u);
  ASSERT_NE(mul.savedByOperand, nullptr);
  EXPECT_EQ(mul.savedByOperand[0], 2u);
  EXPECT_EQ(mul.savedByOperand[1], 1u);
}

TEST(OpTable, DTypeMaskSaysWhatTheNameSays) {
  for (unsigned i = 0; i < kNumOps; ++i)
    for (int t = 0; t < kNumScalarTypes; ++t) {
      auto dtype = static_cast<ScalarType>(t);
      std::string_view name = kOpTable[i].dtypes;
      bool expected = name == "all" || (name == "float" && isFloatingType(dtype)) ||
                      (name == "number" && dtype != kBool) ||
                      (name == "integral" && isIntegralType(dtype, true)) ||
                      (name == "float32Or64" && (dtype == kFloat || dtype == kDouble)) ||
                      (name == "floatOrInt64" && (isFloatingType(dtype) || dtype == kInt64));
      EXPECT_EQ(kOpTable[i].dtypeMask >> t & 1, expected) << kOpTable[i].mnemonic << " " << t;
    }
}

TEST(GeneratedTests, EveryOperationHasACaseThatInfersAtSomeDType) {
  std::set<OpKind> seen;
  for (const GeneratedTest &test : generatedTests())
    for (int t = 0; t < kNumScalarTypes; ++t) {
      GeneratedTest instance;
      TensorType result;
      std::string error;
      if (!instantiate(test, static_cast<ScalarType>(t), instance))
        continue;
      EXPECT_TRUE(checkAttributeWords(instance.kind, instance.words)) << test.text;
      EXPECT_TRUE(inferResult(instance, result, error)) << error << " in " << test.text;
      seen.insert(test.kind);
    }
  EXPECT_EQ(seen.size(), kNumOps);
}

} // namespace
