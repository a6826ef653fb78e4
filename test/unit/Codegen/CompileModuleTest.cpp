//===- CompileModuleTest.cpp ------------------------------------------------------------------===//
// Modules of vector loops to running images.
#include "LoadedImage.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

using namespace tjit::codegen;

namespace {

class CompileModule : public testing::Test {
protected:
  CompileModule() {
    mlir::DialectRegistry registry;
    registerBackend(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }

  llvm::Expected<Image> compile(llvm::StringRef text, llvm::StringRef cpu = "native",
                                DumpSink *dump = nullptr) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    auto target = makeTarget(cpu);
    if (!target)
      return target.takeError();
    return compileModule(*module, *target, dump);
  }

  std::string errorOf(llvm::StringRef text) {
    auto image = compile(text);
    return image ? "no error" : llvm::toString(image.takeError());
  }

  mlir::MLIRContext context;
};

const char *kAddLoop = R"mlir(
func.func @twice(%args: !llvm.ptr, %begin: i64, %end: i64, %scratch: !llvm.ptr) {
  %x = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %one = arith.constant 1 : i64
  scf.for %i = %begin to %end step %one : i64 {
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    %v = llvm.load %p : !llvm.ptr -> f32
    %two = arith.constant 2.5 : f32
    %w = arith.mulf %v, %two : f32
    llvm.store %w, %p : f32, !llvm.ptr
  }
  return
})mlir";

TEST_F(CompileModule, ALoopRunsWithItsConstants) {
  auto image = compile(kAddLoop);
  ASSERT_TRUE(bool(image)) << llvm::toString(image.takeError());
  LoadedImage loaded(*image);
  auto *twice = loaded.entry<void(void **, int64_t, int64_t, void *)>("twice");
  ASSERT_NE(twice, nullptr);
  float x[] = {1, 2, 3, 4};
  void *args[] = {x};
  twice(args, 1, 3, nullptr);
  EXPECT_EQ(x[0], 1.f);
  EXPECT_EQ(x[1], 5.f);
  EXPECT_EQ(x[2], 7.5f);
  EXPECT_EQ(x[3], 4.f);
}

TEST_F(CompileModule, VectorConstantsAreReadRelativeToTheCode) {
  auto image = compile(R"mlir(
func.func @table(%p: !llvm.ptr) {
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]> : vector<8xf32>
  %v = llvm.load %p : !llvm.ptr -> vector<8xf32>
  %s = math.fma %v, %c, %c : vector<8xf32>
  llvm.store %s, %p {alignment = 4} : vector<8xf32>, !llvm.ptr
  return
})mlir",
                       "haswell");
  ASSERT_TRUE(bool(image)) << llvm::toString(image.takeError());
  LoadedImage loaded(*image);
  alignas(32) float x[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  loaded.entry<void(float *)>("table")(x);
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(x[i], 2.f * (i + 1));
}

TEST_F(CompileModule, CallsWithinTheModuleAreResolved) {
  auto image = compile(R"mlir(
func.func private @helper(%x: i64) -> i64 {
  %three = arith.constant 3 : i64
  %y = arith.muli %x, %three : i64
  return %y : i64
}
func.func @outer(%x: i64) -> i64 {
  %y = func.call @helper(%x) : (i64) -> i64
  return %y : i64
})mlir");
  ASSERT_TRUE(bool(image)) << llvm::toString(image.takeError());
  EXPECT_EQ(LoadedImage(*image).entry<int64_t(int64_t)>("outer")(14), 42);
}

TEST_F(CompileModule, AnUndefinedFunctionIsRefusedByName) {
  EXPECT_NE(errorOf(R"mlir(
func.func private @sinf(f32) -> f32
func.func @outer(%x: f32) -> f32 {
  %y = func.call @sinf(%x) : (f32) -> f32
  return %y : f32
})mlir")
                .find("'sinf'"),
            std::string::npos);
}

TEST_F(CompileModule, WritableDataIsRefused) {
  EXPECT_NE(errorOf(R"mlir(
llvm.mlir.global @counter(7 : i64) : i64
func.func @outer() -> i64 {
  %p = llvm.mlir.addressof @counter : !llvm.ptr
  %y = llvm.load %p : !llvm.ptr -> i64
  return %y : i64
})mlir")
                .find("writable data"),
            std::string::npos);
}

TEST_F(CompileModule, DumpsEveryStage) {
  struct Sink : DumpSink {
    void write(llvm::StringRef fileName, llvm::StringRef text) override {
      files[fileName] = text.str();
    }
    llvm::StringMap<std::string> files;
  } sink;
  auto image = compile(kAddLoop, "native", &sink);
  ASSERT_TRUE(bool(image)) << llvm::toString(image.takeError());
  EXPECT_NE(sink.files["lowered.mlir"].find("llvm.fmul"), std::string::npos);
  EXPECT_NE(sink.files["llvm.ll"].find("define"), std::string::npos);
  EXPECT_NE(sink.files["kernel.s"].find("twice:"), std::string::npos);
}

TEST(MakeTarget, NamedCpusHaveTheirWidth) {
  EXPECT_EQ(makeTarget("haswell")->vectorBytes, 32u);
  EXPECT_EQ(makeTarget("skylake-avx512")->vectorBytes, 64u);
  EXPECT_EQ(makeTarget("x86-64")->vectorBytes, 16u);
  EXPECT_TRUE(makeTarget("haswell")->hasFma);
}

TEST(MakeTarget, AnUnknownCpuIsAnErrorThatSaysWhatHelps) {
  auto target = makeTarget("quantum");
  ASSERT_FALSE(bool(target));
  std::string text = llvm::toString(target.takeError());
  EXPECT_NE(text.find("'quantum'"), std::string::npos);
  EXPECT_NE(text.find("haswell"), std::string::npos);
}

} // namespace
