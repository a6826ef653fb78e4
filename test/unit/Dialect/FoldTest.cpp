//===- FoldTest.cpp - constants of the dialect as attributes ----------------------------------===//

#include "IR/DTypes.h"
#include "IR/Dialect/Constants.h"
#include "IR/Dialect/OpBridge.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>
#include <limits>

using namespace tjit;

namespace {

class Constants : public ::testing::Test {
protected:
  Constants() { context.loadDialect<ir::TjitDialect>(); }
  mlir::TypedAttr element(ScalarType dtype, double value) {
    return ir::elementFromDouble(ir::elementType(&context, dtype), value);
  }
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
};

TEST_F(Constants, IntegersAreExactOrNone) {
  EXPECT_TRUE(element(kUInt8, 255));
  EXPECT_FALSE(element(kUInt8, 256));
  EXPECT_FALSE(element(kUInt8, -1));
  EXPECT_TRUE(element(kInt8, -128));
  EXPECT_FALSE(element(kInt8, 128));
  EXPECT_TRUE(element(kBool, 1));
  EXPECT_FALSE(element(kBool, 2));
  EXPECT_FALSE(element(kInt32, 0.5));
  EXPECT_FALSE(element(kInt64, 0x1p63));
  EXPECT_FALSE(element(kInt64, std::numeric_limits<double>::quiet_NaN()));
}

TEST_F(Constants, SixteenBitFloatsAreRoundedThroughFloat32) {
  // Just above the middle of two float16 numbers, by less than float32 can say: rounds to even,
  // down.
  double value = 1 + 0x1p-11 + 0x1p-40;
  EXPECT_TRUE(ir::isExactly(element(kFloat16, value), 1.0));
  EXPECT_FALSE(ir::isExactly(element(kFloat16, 1 + 0x1p-11 + 0x1p-20), 1.0));
}

TEST_F(Constants, ZerosAreToldApart) {
  EXPECT_TRUE(ir::isExactly(element(kFloat32, -0.0), -0.0));
  EXPECT_FALSE(ir::isExactly(element(kFloat32, -0.0), 0.0));
  EXPECT_TRUE(ir::isExactly(element(kInt32, 0.0), 0.0));
}

TEST_F(Constants, EveryDTypeIsMaterialized) {
  mlir::OpBuilder builder(&context);
  mlir::Block block;
  builder.setInsertionPointToEnd(&block);
  auto *dialect = context.getLoadedDialect<ir::TjitDialect>();
  for (int t = 0; t < kNumScalarTypes; ++t) {
    mlir::Type scalar = ir::elementType(&context, static_cast<ScalarType>(t));
    for (mlir::Type type : {scalar, mlir::Type(mlir::RankedTensorType::get({2, 3}, scalar))}) {
      mlir::Attribute value =
          ir::makeConstant(type, ir::elementFromDouble(scalar, t == 0 ? 1 : 100));
      mlir::Operation *op =
          dialect->materializeConstant(builder, value, type, builder.getUnknownLoc());
      ASSERT_NE(op, nullptr);
      EXPECT_EQ(op->getResult(0).getType(), type);
      llvm::SmallVector<mlir::OpFoldResult> folded;
      ASSERT_TRUE(mlir::succeeded(op->fold({}, folded)));
      EXPECT_EQ(llvm::cast<mlir::Attribute>(folded[0]), value);
    }
  }
}

TEST_F(Constants, Int64BeyondDoubleIsNotMaterialized) {
  mlir::OpBuilder builder(&context);
  mlir::Block block;
  builder.setInsertionPointToEnd(&block);
  auto value = builder.getI64IntegerAttr((int64_t(1) << 53) + 1);
  auto *dialect = context.getLoadedDialect<ir::TjitDialect>();
  EXPECT_EQ(dialect->materializeConstant(builder, value, value.getType(), builder.getUnknownLoc()),
            nullptr);
}

} // namespace
