//===- ProductCodeTest.cpp --------------------------------------------------------------------===//
// Products with equal decisions have equal code, and their parameters follow from the formulas.

#include "Codegen/ProductCode.h"
#include "Codegen/CodeText.h"
#include "Codegen/Compiler.h"

#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

using namespace mlir;
using namespace tjit;
using namespace tjit::codegen;

namespace {

class ProductCode : public ::testing::Test {
protected:
  ProductCode() : context(MLIRContext::Threading::DISABLED) {
    DialectRegistry registry;
    registerCompilerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    target = llvm::cantFail(makeTarget("haswell", 2));
  }

  struct Written {
    std::string text;
    std::vector<int64_t> parameters;
    ExtentFormulas formulas;
    bool looked;
  };
  Written write(const ProductDecisions &product, ArrayRef<Extent> extents) {
    OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
    EmittedKernel kernel = launchesOf(product, "k", target);
    Parameters parameters;
    ExtentWatch watch;
    emitProduct(product, kernel, parameters, UnknownLoc::get(&context), *module, target);
    SmallVector<uint64_t> origins;
    for (Extent extent : extents)
      origins.push_back(extent.origin);
    std::string text;
    for (const KernelLaunch &launch : kernel.launches)
      texts.append(module->lookupSymbol<func::FuncOp>(launch.symbol), text);
    return {text, parameters.values(), ExtentFormulas(origins, parameters.all(), watch),
            watch.looked || !watch.questions.empty()};
  }

  /// m, n, k and what follows from them vary where `which` has their bit. `layout`: bit 0: the left
  /// operand is transposed, bit 1: the right one is.
  MatmulDescription describe(ScalarType dtype, int64_t m, int64_t n, int64_t k, int64_t batch,
                             unsigned which, unsigned layout) {
    MatmulDescription matmul(UnknownLoc::get(&context));
    auto extent = [&](int64_t number, unsigned bits) {
      // Origins that are none of the plan's own.
      return Extent(number, number > 1 && (which & bits) ? Extent::mix(bits + 1000) | 1 : 0);
    };
    matmul.dtype = dtype;
    matmul.m = extent(m, 1), matmul.n = extent(n, 2), matmul.k = extent(k, 4);
    matmul.lhsRowStride = layout & 1 ? Extent(1) : matmul.k;
    matmul.lhsColStride = layout & 1 ? matmul.m : Extent(1);
    matmul.rhsRowStride = layout & 2 ? Extent(1) : matmul.n;
    matmul.rhsColStride = layout & 2 ? matmul.k : Extent(1);
    if (batch > 1) {
      matmul.batch = {batch};
      matmul.lhsBatchStrides = {matmul.m * matmul.k},
      matmul.rhsBatchStrides = {matmul.k * matmul.n};
    }
    return matmul;
  }

  MLIRContext context;
  CodeTextWriter texts;
  TargetInfo target;
};

TEST_F(ProductCode, EqualDecisionsAreEqualCodeAndTheFormulasGiveItsParameters) {
  std::map<std::string, Written> known;
  std::mt19937 random(7);
  int again = 0, shapes = 0;
  for (ScalarType dtype : {ScalarType::Float, ScalarType::Half, ScalarType::Int})
    for (unsigned layout = 0; layout < 4; ++layout)
      for (unsigned which : {1u, 2u, 4u, 7u})
        for (int64_t batch : {1, 3})
          for (int round = 0; round < 4; ++round) {
            // Where one does not vary it is the same for all.
            auto size = [&](unsigned bit, int64_t fixed) {
              return which & bit ? 2 + int64_t(random() % (round % 2 ? 900 : 60)) : fixed;
            };
            std::optional<ProductDecisions> product = decideProduct(
                describe(dtype, size(1, 48), size(2, 80), size(4, 64), batch, which, layout),
                target);
            ASSERT_TRUE(product);
            if (refusesToVary(*product))
              continue;
            SmallVector<Extent> extents;
            const std::string key = keyOf(*product, target, extents);
            ASSERT_FALSE(key.empty());
            Written written = write(*product, extents);
            EXPECT_FALSE(written.looked) << key;
            ++shapes;
            auto [at, isNew] = known.try_emplace(key, written);
            if (isNew)
              continue;
            ++again;
            EXPECT_EQ(at->second.text, written.text) << key;
            SmallVector<int64_t> numbers;
            for (Extent extent : extents)
              numbers.push_back(extent.now());
            auto parameters = at->second.formulas.evaluate(numbers);
            ASSERT_TRUE(parameters);
            EXPECT_EQ(*parameters, written.parameters) << key;
          }
  EXPECT_GT(again, shapes / 4) << "of " << shapes << " shapes";
}

TEST_F(ProductCode, WhatLooksAtANumberIsSeen) {
  ExtentWatch watch;
  const Extent fixed(3), varies(5, 77);
  EXPECT_EQ((fixed + 1).number(), 4);
  Extent sum = varies + fixed;
  EXPECT_FALSE(watch.looked);
  EXPECT_TRUE(watch.formulas.contains(sum.origin));
  EXPECT_FALSE(varies.is(5));
  EXPECT_FALSE(watch.looked);
  EXPECT_FALSE(sum > 8);
  EXPECT_FALSE(8 < sum);
  EXPECT_FALSE(watch.looked);
  EXPECT_EQ(watch.questions.size(), 1u) << "one question, asked twice";
  EXPECT_EQ(sum.now(), 8);
  EXPECT_FALSE(watch.looked);
  EXPECT_EQ(sum.number(), 8);
  EXPECT_TRUE(watch.looked);
}

TEST_F(ProductCode, WhatWasMadeAnotherWayIsNotTheSame) {
  // One parameter stands for n and for m * 2 in the code that was written first.
  const Extent m(4, 11), n = m * 2;
  ExtentWatch watch;
  const Extent again = m * 2;
  ExtentFormulas formulas({m.origin, n.origin}, {again}, watch);
  EXPECT_EQ(formulas.evaluate({6, 12}), std::vector<int64_t>{12});
  EXPECT_EQ(formulas.evaluate({6, 13}), std::nullopt);
}

TEST_F(ProductCode, OtherAnswersAreOtherCode) {
  ExtentWatch watch;
  const Extent rows(100, 11), columns(7, 13);
  EXPECT_TRUE(rows * columns > 64);
  EXPECT_FALSE(columns == 64);
  ExtentFormulas formulas({rows.origin, 0, columns.origin}, {divideUp(rows, 64), columns, 5},
                          watch);
  EXPECT_EQ(formulas.evaluate({65, 3, 2}), (std::vector<int64_t>{2, 2, 5}));
  EXPECT_EQ(formulas.evaluate({64, 3, 1}), std::nullopt) << "no more than 64";
  EXPECT_EQ(formulas.evaluate({64, 3, 64}), std::nullopt) << "is 64";
}

TEST_F(ProductCode, FormulasOfOneOriginNeedEqualNumbers) {
  ExtentWatch watch;
  const Extent size(100, 11);
  ExtentFormulas formulas({size.origin, size.origin}, {size + 1}, watch);
  EXPECT_EQ(formulas.evaluate({65, 65}), std::vector<int64_t>{66});
  EXPECT_EQ(formulas.evaluate({65, 66}), std::nullopt);
}

TEST_F(ProductCode, WhatNobodySawBeingMadeIsNotKnown) {
  const Extent made = Extent(100, 11) * 3;
  ExtentWatch watch;
  ExtentFormulas formulas({Extent(100, 11).origin}, {made}, watch);
  EXPECT_EQ(formulas.evaluate({100}), std::nullopt);
}

} // namespace
