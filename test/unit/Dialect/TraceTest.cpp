//===- TraceTest.cpp - traces as functions of the dialect, and back ---------------------------===//

#include "IR/Dialect/Trace.h"

#include "../IR/GeneratedTests.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace tjit;

namespace {

class Traces : public ::testing::Test {
protected:
  Traces() { context.loadDialect<ir::TjitDialect, mlir::func::FuncDialect>(); }

  static std::string print(mlir::ModuleOp module) {
    std::string text;
    llvm::raw_string_ostream os(text);
    module.print(os);
    return text;
  }
  /// Imports, verifies, prints, parses and exports a trace.
  void expectRoundTrip(const TraceGraph &graph) {
    auto module = ir::importTrace(graph, &context);
    ASSERT_TRUE(mlir::succeeded(mlir::verify(*module)));
    std::string text = print(*module);
    auto parsed = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(print(*parsed), text);
    TraceGraph exported;
    auto func = *parsed->getOps<mlir::func::FuncOp>().begin();
    ASSERT_TRUE(mlir::succeeded(ir::exportTrace(func, exported))) << text;
    EXPECT_EQ(encodeTrace(exported), encodeTrace(graph)) << text;
  }
  /// Parses a function; the error that exporting it gives.
  std::string exportError(const char *text) {
    std::string error;
    mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
      error = diagnostic.str();
      return mlir::success();
    });
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << error;
    TraceGraph graph;
    auto func = *module->getOps<mlir::func::FuncOp>().begin();
    EXPECT_TRUE(mlir::failed(ir::exportTrace(func, graph)));
    return error;
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
};

TEST_F(Traces, ArgumentsCarryStridesAlignmentScalarsAndDonors) {
  TraceGraph graph;
  graph.inputs.push_back({{kFloat32, {64, 128}}, {1, 64}, 6});
  graph.inputs.push_back({{kFloat32, {64, 128}}, {128, 1}, 2});
  graph.scalars.push_back(kFloat32);
  graph.nodes.push_back({OpKind::mul, {kFloat32, {64, 128}}, {0, 2}, {}});
  graph.nodes.push_back({OpKind::add, {kFloat32, {64, 128}}, {3, 1}, {}});
  graph.outputs.push_back({4, 1});
  auto module = ir::importTrace(graph, &context);
  EXPECT_EQ(print(*module),
            "module {\n"
            "  func.func @main(%arg0: tensor<64x128xf32> {tjit.align = 64 : i64, tjit.strides = "
            "array<i64: 1, 64>}, %arg1: tensor<64x128xf32>, %arg2: tensor<f32> {tjit.scalar}) -> "
            "(tensor<64x128xf32> {tjit.donor = 1 : i64}) {\n"
            "    %0 = tjit.mul %arg0, %arg2 : (tensor<64x128xf32>, tensor<f32>) -> "
            "tensor<64x128xf32>\n"
            "    %1 = tjit.add %0, %arg1 : (tensor<64x128xf32>, tensor<64x128xf32>) -> "
            "tensor<64x128xf32>\n"
            "    return %1 : tensor<64x128xf32>\n"
            "  }\n"
            "}\n");
  expectRoundTrip(graph);
}

TEST_F(Traces, EveryOperationGoesThereAndBackAtEveryDType) {
  for (const GeneratedTest &test : generatedTests())
    for (int t = 0; t < kNumScalarTypes; ++t) {
      GeneratedTest instance;
      if (!instantiate(test, static_cast<ScalarType>(t), instance))
        continue;
      TraceGraph graph;
      TraceNode node{instance.kind, {}, {}, instance.words};
      for (const TensorType &type : instance.operands) {
        node.operands.push_back(graph.inputs.size());
        auto align = static_cast<uint8_t>(std::countr_zero(elementSize(type.dtype)));
        graph.inputs.push_back({type, contiguousStrides(type.sizes), align});
      }
      std::string error;
      ASSERT_TRUE(inferResult(instance, node.type, error)) << error;
      graph.nodes.push_back(node);
      graph.outputs.push_back({graph.firstNode()});
      SCOPED_TRACE(std::string(opInfo(test.kind).mnemonic) + " " + test.text);
      expectRoundTrip(graph);
    }
}

TEST_F(Traces, InputsAreReturnedAsTheyAre) {
  TraceGraph graph;
  graph.inputs.push_back({{kInt64, {}}, {}, 3});
  graph.scalars.push_back(kBool);
  graph.outputs.push_back({1});
  graph.outputs.push_back({0});
  expectRoundTrip(graph);
}

TEST_F(Traces, ForeignOperationIsNoTrace) {
  EXPECT_EQ(exportError("func.func @f(%x: tensor<f32>) -> tensor<f32> {\n"
                        "  %0 = tjit.detach %x : tensor<f32>\n  return %0 : tensor<f32>\n}"),
            "'tjit.detach' is no operation of a trace");
}

TEST_F(Traces, ScalarsComeLast) {
  EXPECT_EQ(exportError("func.func @f(%s: tensor<f32> {tjit.scalar}, %x: tensor<3xf32>) {\n"
                        "  return\n}"),
            "argument 1 is an input after a tjit.scalar; scalars come last");
}

TEST_F(Traces, ArgumentsAreTensorsOfStaticShape) {
  EXPECT_EQ(exportError("func.func @f(%x: tensor<?xf32>) {\n  return\n}"),
            "argument 0 is no tensor of static shape: 'tensor<?xf32>'");
}

TEST_F(Traces, DonorIsAnInput) {
  EXPECT_EQ(exportError("func.func @f(%x: tensor<f32>) -> (tensor<f32> {tjit.donor = 1 : i64}) {\n"
                        "  return %x : tensor<f32>\n}"),
            "result 0 has the donor 1, which is no input");
}

} // namespace
