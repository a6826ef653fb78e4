//===- KnownCodeTest.cpp ----------------------------------------------------------------------===//
// Kernels whose sizes give the same answers have the same code, and their numbers follow.
//
// The oracle is the writing: what ExtentFormulas say of a shape is compared with what the emitters
// write for it.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/CodeText.h"
#include "Codegen/Compiler.h"
#include "tjit-compiler/Codegen/Passes.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

using namespace mlir;
using namespace tjit;
using namespace tjit::codegen;

namespace {

struct Program {
  const char *name;
  const char *text; ///< with $N, $M; $P is their product, $L is M - 1
};

const Program kPrograms[] = {
    {"softmax", R"(func.func @f(%x: tensor<$Nx$Mxf32>) -> tensor<$Nx$Mxf32> {
      %m = tjit.amax %x {dims = array<i64: 1>, keepdim = true} : (tensor<$Nx$Mxf32>) -> tensor<$Nx1xf32>
      %0 = tjit.sub %x, %m : (tensor<$Nx$Mxf32>, tensor<$Nx1xf32>) -> tensor<$Nx$Mxf32>
      %1 = tjit.exp %0 : (tensor<$Nx$Mxf32>) -> tensor<$Nx$Mxf32>
      %2 = tjit.sum %1 {dims = array<i64: 1>, keepdim = true} : (tensor<$Nx$Mxf32>) -> tensor<$Nx1xf32>
      %3 = tjit.div %1, %2 : (tensor<$Nx$Mxf32>, tensor<$Nx1xf32>) -> tensor<$Nx$Mxf32>
      return %3 : tensor<$Nx$Mxf32> })"},
    {"columns", R"(func.func @f(%x: tensor<$Nx$Mxf16>) -> tensor<$Nx$Mxf16> {
      %m = tjit.amax %x {dims = array<i64: 0>, keepdim = true} : (tensor<$Nx$Mxf16>) -> tensor<1x$Mxf16>
      %0 = tjit.sub %x, %m : (tensor<$Nx$Mxf16>, tensor<1x$Mxf16>) -> tensor<$Nx$Mxf16>
      %1 = tjit.exp %0 : (tensor<$Nx$Mxf16>) -> tensor<$Nx$Mxf16>
      %2 = tjit.sum %1 {dims = array<i64: 0>, keepdim = true} : (tensor<$Nx$Mxf16>) -> tensor<1x$Mxf16>
      %3 = tjit.div %1, %2 : (tensor<$Nx$Mxf16>, tensor<1x$Mxf16>) -> tensor<$Nx$Mxf16>
      return %3 : tensor<$Nx$Mxf16> })"},
    {"norm",
     R"(func.func @f(%x: tensor<$Nx$Mxf32>, %g: tensor<$Mxf32>, %n: tensor<f32>) -> tensor<$Nx$Mxf32> {
      %0 = tjit.sum %x {dims = array<i64: 1>, keepdim = true} : (tensor<$Nx$Mxf32>) -> tensor<$Nx1xf32>
      %1 = tjit.div %0, %n : (tensor<$Nx1xf32>, tensor<f32>) -> tensor<$Nx1xf32>
      %2 = tjit.sub %x, %1 : (tensor<$Nx$Mxf32>, tensor<$Nx1xf32>) -> tensor<$Nx$Mxf32>
      %3 = tjit.mul %2, %2 : (tensor<$Nx$Mxf32>, tensor<$Nx$Mxf32>) -> tensor<$Nx$Mxf32>
      %4 = tjit.sum %3 {dims = array<i64: 1>, keepdim = true} : (tensor<$Nx$Mxf32>) -> tensor<$Nx1xf32>
      %5 = tjit.rsqrt %4 : (tensor<$Nx1xf32>) -> tensor<$Nx1xf32>
      %6 = tjit.mul %2, %5 : (tensor<$Nx$Mxf32>, tensor<$Nx1xf32>) -> tensor<$Nx$Mxf32>
      %7 = tjit.mul %6, %g : (tensor<$Nx$Mxf32>, tensor<$Mxf32>) -> tensor<$Nx$Mxf32>
      return %7 : tensor<$Nx$Mxf32> })"},
    {"sums",
     R"(func.func @f(%x: tensor<$Nx$Mxf64>, %y: tensor<$Nx$Mxi8>) -> (tensor<f64>, tensor<$Nxf64>, tensor<$Mxi8>) {
      %0 = tjit.mul %x, %x : (tensor<$Nx$Mxf64>, tensor<$Nx$Mxf64>) -> tensor<$Nx$Mxf64>
      %1 = tjit.sum %0 {dims = array<i64: 0, 1>, keepdim = false} : (tensor<$Nx$Mxf64>) -> tensor<f64>
      %2 = tjit.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<$Nx$Mxf64>) -> tensor<$Nxf64>
      %3 = tjit.amax %y {dims = array<i64: 0>, keepdim = false} : (tensor<$Nx$Mxi8>) -> tensor<$Mxi8>
      return %1, %2, %3 : tensor<f64>, tensor<$Nxf64>, tensor<$Mxi8> })"},
    {"transposed",
     R"(func.func @f(%x: tensor<$Nx$Mxf32>, %y: tensor<$Mx$Nxf32>) -> tensor<$Mx$Nxf32> {
      %0 = tjit.permute %x {dims = array<i64: 1, 0>} : (tensor<$Nx$Mxf32>) -> tensor<$Mx$Nxf32>
      %1 = tjit.add %0, %y : (tensor<$Mx$Nxf32>, tensor<$Mx$Nxf32>) -> tensor<$Mx$Nxf32>
      return %1 : tensor<$Mx$Nxf32> })"},
    {"heads",
     R"(func.func @f(%x: tensor<5x$Nx$Mxf32>, %y: tensor<5x$Mx$Nxf32>) -> (tensor<5x$Mx$Nxf32>, tensor<5x$Mxf32>) {
      %0 = tjit.permute %x {dims = array<i64: 0, 2, 1>} : (tensor<5x$Nx$Mxf32>) -> tensor<5x$Mx$Nxf32>
      %1 = tjit.mul %0, %y : (tensor<5x$Mx$Nxf32>, tensor<5x$Mx$Nxf32>) -> tensor<5x$Mx$Nxf32>
      %2 = tjit.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<5x$Nx$Mxf32>) -> tensor<5x$Mxf32>
      return %1, %2 : tensor<5x$Mx$Nxf32>, tensor<5x$Mxf32> })"},
    {"indices", R"(func.func @f(%x: tensor<$Nx$Mxf32>) -> tensor<$Nxi64> {
      %0 = tjit.argmax %x {dim = 1 : i64, keepdim = false} : (tensor<$Nx$Mxf32>) -> tensor<$Nxi64>
      return %0 : tensor<$Nxi64> })"},
    {"broadcast",
     R"(func.func @f(%x: tensor<$Nx$Mxf32>, %b: tensor<$Mxf32>, %c: tensor<$Nx1xf32>) -> tensor<$Nx$Mxf32> {
      %0 = tjit.add %x, %b : (tensor<$Nx$Mxf32>, tensor<$Mxf32>) -> tensor<$Nx$Mxf32>
      %1 = tjit.mul %0, %c : (tensor<$Nx$Mxf32>, tensor<$Nx1xf32>) -> tensor<$Nx$Mxf32>
      return %1 : tensor<$Nx$Mxf32> })"},
    {"part",
     R"(func.func @f(%x: tensor<$Nx$Mxf32>, %i: tensor<i64>) -> (tensor<$Nx$Lxf32>, tensor<$Nxf32>) {
      %0 = tjit.slice %x, %i {dim = 1 : i64, size = $L : i64, step = 1 : i64} : (tensor<$Nx$Mxf32>, tensor<i64>) -> tensor<$Nx$Lxf32>
      %1 = tjit.exp %0 : (tensor<$Nx$Lxf32>) -> tensor<$Nx$Lxf32>
      %2 = tjit.sum %0 {dims = array<i64: 1>, keepdim = false} : (tensor<$Nx$Lxf32>) -> tensor<$Nxf32>
      return %1, %2 : tensor<$Nx$Lxf32>, tensor<$Nxf32> })"},
    {"flat", R"(func.func @f(%x: tensor<$Nx$Mxf32>) -> tensor<$Pxf32> {
      %0 = tjit.permute %x {dims = array<i64: 1, 0>} : (tensor<$Nx$Mxf32>) -> tensor<$Mx$Nxf32>
      %1 = tjit.reshape %0 {sizes = array<i64: $P>} : (tensor<$Mx$Nxf32>) -> tensor<$Pxf32>
      %2 = tjit.exp %1 : (tensor<$Pxf32>) -> tensor<$Pxf32>
      return %2 : tensor<$Pxf32> })"},
    {"rows_by_number",
     R"(func.func @f(%t: tensor<$Nx8xf32>, %i: tensor<$Mxi64>) -> tensor<$Mx8xf32> {
      %0 = tjit.reshape %i {sizes = array<i64: $M, 1>} : (tensor<$Mxi64>) -> tensor<$Mx1xi64>
      %1 = tjit.expand %0 {sizes = array<i64: $M, 8>} : (tensor<$Mx1xi64>) -> tensor<$Mx8xi64>
      %2 = tjit.gather %t, %1 {dim = 0 : i64} : (tensor<$Nx8xf32>, tensor<$Mx8xi64>) -> tensor<$Mx8xf32>
      %3 = tjit.exp %2 : (tensor<$Mx8xf32>) -> tensor<$Mx8xf32>
      return %3 : tensor<$Mx8xf32> })"},
};

class KnownCode : public ::testing::TestWithParam<const char *> {
protected:
  KnownCode() : context(MLIRContext::Threading::DISABLED), passes(&context) {
    DialectRegistry registry;
    registerCompilerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    buildDefaultPipeline(passes);
    target = llvm::cantFail(makeTarget(GetParam(), 2));
  }

  OwningOpRef<ModuleOp> parse(const Program &program, int64_t n, int64_t m, MLIRContext *into) {
    std::string text = program.text;
    for (auto [name, number] : std::initializer_list<std::pair<StringRef, int64_t>>{
             {"$N", n}, {"$M", m}, {"$P", n * m}, {"$L", m - 1}})
      for (size_t at; (at = text.find(name)) != std::string::npos;)
        text.replace(at, name.size(), std::to_string(number));
    auto module = parseSourceString<ModuleOp>(text, into);
    EXPECT_TRUE(module) << text;
    return module;
  }
  OwningOpRef<ModuleOp> fuse(const Program &program, int64_t n, int64_t m) {
    auto module = parse(program, n, m, &context);
    EXPECT_TRUE(module && succeeded(passes.run(*module)));
    return module;
  }

  struct Written {
    std::string text; ///< empty where code for many shapes was refused
    EmittedKernel kernel;
    std::optional<ExtentFormulas> formulas; ///< none where a number was looked at
  };
  Written write(ir::KernelOp kernel, ArrayRef<uint64_t> varying) {
    OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
    ExtentWatch watch;
    auto emitted = emitKernelX86(kernel, "k", *module, target, varying);
    EXPECT_TRUE(succeeded(emitted));
    Written written{{}, *emitted, std::nullopt};
    if (!watch.looked)
      written.formulas.emplace(varying, emitted->origins, watch);
    if (!emitted->refused)
      for (const KernelLaunch &launch : emitted->launches)
        texts.append(module->lookupSymbol<func::FuncOp>(launch.symbol), written.text);
    return written;
  }

  MLIRContext context;
  PassManager passes;
  CodeTextWriter texts;
  TargetInfo target;
};

void expectSameNumbers(const EmittedKernel &known, const EmittedKernel &written) {
  EXPECT_EQ(known.parameters, written.parameters);
  EXPECT_EQ(known.temporaryBytes, written.temporaryBytes);
  ASSERT_EQ(known.launches.size(), written.launches.size());
  for (auto [a, b] : llvm::zip_equal(known.launches, written.launches)) {
    EXPECT_EQ(a.range, b.range);
    EXPECT_EQ(a.grain, b.grain);
    EXPECT_EQ(a.scratchBytes, b.scratchBytes);
  }
}

TEST_P(KnownCode, IsWhatWouldBeWrittenAndItsNumbersFollow) {
  std::mt19937 random(11);
  for (const Program &program : kPrograms) {
    SCOPED_TRACE(program.name);
    std::map<std::string, std::vector<Written>> known;
    Families families;
    int found = 0, varied = 0;
    for (int round = 0; round < 60; ++round) {
      // Small sizes and large ones, and those around which decisions change.
      auto size = [&]() -> int64_t {
        const int64_t around[] = {3, 16, 17, 64, 65, 128, 255, 1024, 4097};
        switch (random() % 3) {
        case 0:
          return around[random() % std::size(around)];
        case 1:
          return 3 + random() % 60;
        default:
          return 3 + random() % 700;
        }
      };
      const int64_t n = round % 3 ? size() : 48, m = round % 3 == 2 ? 80 : size();
      OwningOpRef<ModuleOp> module = fuse(program, n, m);
      ASSERT_TRUE(module);
      llvm::StringMap<int> occurrences;
      module->walk([&](ir::KernelOp kernel) {
        const Structure structure = structureOf(kernel);
        const std::string place = structure.text + std::to_string(occurrences[structure.text]++) +
                                  "/" + std::to_string(round % 3);
        const auto varying = families.observe(place, structure.numbers);
        if (varying.empty())
          return;
        const std::string key = varyingKey(kernel, structure, varying, target);
        if (key.empty())
          return;
        ++varied;
        const Written written = write(kernel, varying);
        for (const Written &other : known[key])
          if (other.formulas)
            if (auto numbers = other.formulas->evaluate(structure.numbers)) {
              ++found;
              EXPECT_EQ(other.text == written.text, true) << n << " by " << m << "\n" << key;
              EmittedKernel reused = other.kernel;
              reused.set(*numbers);
              if (!written.kernel.refused)
                expectSameNumbers(reused, written.kernel);
              return;
            }
        known[key].push_back(written);
      });
    }
    EXPECT_GT(found, varied / 2) << "of " << varied;
  }
}

TEST_P(KnownCode, WritesNothingForAShapeThatAsksNothingNew) {
  CompilerContext compiler;
  KernelCache cache;
  CompileOptions options;
  options.target = target;
  auto compile = [&](const Program &program, int64_t n, int64_t m) {
    OwningOpRef<ModuleOp> module = parse(program, n, m, &compiler.mlir());
    auto func = *module->getOps<func::FuncOp>().begin();
    return llvm::cantFail(compiler.compile(func, planRequestOf(func), options, cache));
  };
  for (const char *name : {"softmax", "norm", "columns", "transposed", "heads"}) {
    SCOPED_TRACE(name);
    const Program &program =
        *llvm::find_if(kPrograms, [&](const Program &p) { return StringRef(p.name) == name; });
    EXPECT_GT(compile(program, 150, 170).kernelsWritten, 0u);
    EXPECT_GT(compile(program, 151, 171).kernelsWritten, 0u);
    CompiledFunction again = compile(program, 163, 185);
    EXPECT_EQ(again.kernelsWritten, 0u);
    EXPECT_EQ(again.kernelsCompiled, 0u);
    EXPECT_GT(again.kernelsReused, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Machines, KnownCode,
                         ::testing::Values("skylake-avx512", "haswell", "x86-64"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

} // namespace
