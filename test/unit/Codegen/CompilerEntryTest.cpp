//===- CompilerEntryTest.cpp ------------------------------------------------------------------===//
// The C interface: traces in, executables out.

#include "IR/Executable.h"
#include "IR/TraceKey.h"
#include "Runtime/CompilerInterface.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <gtest/gtest.h>

extern "C" const tjit_compiler_functions *tjit_compiler_entry();

using namespace tjit;

namespace {

/// exp(x) + exp(x) over one input of these sizes.
std::vector<uint64_t> chain(Dims sizes) {
  TraceGraph graph;
  TensorType type{ScalarType::Float, sizes};
  graph.inputs.push_back({type, contiguousStrides(sizes), 2});
  graph.nodes.push_back({OpKind::exp, type, {0}, {}});
  graph.nodes.push_back({OpKind::add, type, {1, 1}, {}});
  graph.outputs.push_back({2, -1});
  return encodeTrace(graph);
}

class CompilerEntryTest : public ::testing::Test {
protected:
  const tjit_compiler_functions &compiler = *tjit_compiler_entry();
  tjit_compile_result result{};

  void SetUp() override { compiler.clearKernelCache(); }
  void TearDown() override { compiler.release(&result); }

  int compile(const std::vector<uint64_t> &key, const char *cpu = "native",
              const char *dump = nullptr) {
    compiler.release(&result);
    tjit_compile_request request{};
    request.key = key.data();
    request.keyWords = key.size();
    request.cpu = cpu;
    request.numThreads = 1;
    request.dumpDir = dump;
    request.dumpName = "trace";
    return compiler.compile(&request, &result);
  }
};

TEST_F(CompilerEntryTest, AnExecutableComesOut) {
  EXPECT_EQ(compiler.abiVersion, kCompilerAbi);
  ASSERT_EQ(compile(chain({8})), 0) << result.error;
  exe::Header header;
  ASSERT_GT(result.size, sizeof header);
  std::memcpy(&header, result.bytes, sizeof header);
  EXPECT_EQ(header.magic, exe::kMagic);
  EXPECT_EQ(header.numInputs, 1u);
  EXPECT_EQ(header.numOutputs, 1u);
  EXPECT_EQ(header.numKernels, 1u);
}

TEST_F(CompilerEntryTest, TheSameTraceGivesTheSameBytes) {
  ASSERT_EQ(compile(chain({8})), 0);
  std::vector<uint8_t> first(result.bytes, result.bytes + result.size);
  compiler.clearKernelCache();
  ASSERT_EQ(compile(chain({8})), 0);
  EXPECT_EQ(first, std::vector<uint8_t>(result.bytes, result.bytes + result.size));
}

TEST_F(CompilerEntryTest, AContiguousKernelIsCompiledOnceForAllSizes) {
  ASSERT_EQ(compile(chain({8})), 0);
  EXPECT_EQ(result.kernelsCompiled, 1u);
  ASSERT_EQ(compile(chain({1000})), 0);
  EXPECT_EQ(result.kernelsCompiled, 0u);
  EXPECT_EQ(result.kernelsReused, 1u);
  ASSERT_EQ(compile(chain({10, 7})), 0);
  EXPECT_EQ(result.kernelsReused, 1u);
}

TEST_F(CompilerEntryTest, AMalformedKeyIsAnError) {
  std::vector<uint64_t> key = chain({8});
  key.resize(key.size() - 1);
  EXPECT_NE(compile(key), 0);
  EXPECT_EQ(result.bytes, nullptr);
  EXPECT_STREQ(result.error, "the trace key is malformed");
}

TEST_F(CompilerEntryTest, AnUnknownProcessorIsAnErrorThatNamesIt) {
  EXPECT_NE(compile(chain({8}), "abacus"), 0);
  EXPECT_NE(std::string(result.error).find("abacus"), std::string::npos) << result.error;
}

TEST_F(CompilerEntryTest, ADumpHasEveryStage) {
  llvm::SmallString<128> folder;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("tjit-dump", folder));
  ASSERT_EQ(compile(chain({8}), "native", folder.c_str()), 0);
  for (const char *stage : {"trace.txt", "tjit.mlir", "tjit-simplify.mlir", "tjit-fuse.mlir",
                            "emitted.mlir", "lowered.mlir", "llvm.ll", "kernel.s", "plan.txt"}) {
    llvm::SmallString<128> file(folder);
    llvm::sys::path::append(file, "trace", stage);
    uint64_t size = 0;
    EXPECT_FALSE(llvm::sys::fs::file_size(file, size)) << stage;
    EXPECT_GT(size, 0u) << stage;
  }
  EXPECT_FALSE(llvm::sys::fs::remove_directories(folder));
}

} // namespace
