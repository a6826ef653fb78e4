//===- OperationsTest.cpp - every operation compiled against the reference interpreter --------===//
//
// One test per operation, from the cases that stand in its entry of TjitOps.td: every dtype, with
// contiguous and with strided operands (empty and 0-dim ones are cases), on values from the
// operation's range and then on special ones. All dtypes and layouts of a case are one trace, so a
// case costs one compilation. The bits must be equal.
//
//===------------------------------------------------------------------------------------------===//

#include "../IR/GeneratedTests.h"
#include "CompileTrace.h"
#include "IR/DTypes.h"
#include "tjit/Error.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tjit;

namespace {

/// One dtype and layout of a case: a node of the trace.
struct Instance {
  GeneratedTest test;
  uint32_t firstInput;
  bool strided;
};

/// All instances of a case.
struct CaseTrace {
  TraceGraph graph;
  std::vector<Instance> instances;
  std::vector<bool> generic; // per input: of the dtype under test
};

/// Row-major, or with the dimensions in the other order and a gap behind each.
Dims stridesFor(const TensorType &type, bool strided) {
  if (!strided)
    return contiguousStrides(type.sizes);
  Dims strides(type.sizes.size(), 1);
  int64_t next = 2;
  for (size_t i = 0; i < type.sizes.size(); ++i) {
    strides[i] = next;
    next *= std::max<int64_t>(type.sizes[i], 1) + 1;
  }
  return strides;
}

CaseTrace makeTrace(const GeneratedTest &test) {
  CaseTrace out;
  std::vector<TraceNode> nodes;
  for (int t = 0; t < kNumScalarTypes; ++t)
    for (bool strided : {false, true}) {
      Instance instance{{}, static_cast<uint32_t>(out.graph.inputs.size()), strided};
      if (!instantiate(test, static_cast<ScalarType>(t), instance.test))
        continue;
      TraceNode node{test.kind, {}, {}, instance.test.words};
      std::string error;
      EXPECT_TRUE(inferResult(instance.test, node.type, error)) << error;
      for (size_t i = 0; i < instance.test.operands.size(); ++i) {
        const TensorType &type = instance.test.operands[i];
        node.operands.push_back(out.graph.inputs.size());
        // The base of a write is a whole storage, and so is what as_strided looks at.
        bool whole = test.kind == OpKind::write_view || test.kind == OpKind::as_strided;
        auto align = static_cast<uint8_t>(std::countr_zero(elementSize(type.dtype)));
        out.graph.inputs.push_back({type, stridesFor(type, strided && !(whole && i == 0)), align});
        out.generic.push_back(test.operands[i].dtype == ScalarType::Undefined);
      }
      nodes.push_back(std::move(node));
      out.instances.push_back(std::move(instance));
    }
  out.graph.nodes = std::move(nodes);
  for (uint32_t i = 0; i < out.graph.nodes.size(); ++i)
    out.graph.outputs.push_back({out.graph.firstNode() + i});
  return out;
}

double randomValue(const OpInfo &info, ScalarType dtype, std::mt19937_64 &random) {
  double unit = static_cast<double>(random() >> 11) * 0x1p-53;
  if (isFloatingType(dtype))
    return info.testLow + unit * (info.testHigh - info.testLow);
  double low = std::ceil(info.testLow), high = std::floor(info.testHigh);
  if (dtype == ScalarType::Byte || dtype == ScalarType::Bool)
    low = std::max(low, 0.0);
  return low + std::floor(unit * (high - low + 1));
}

std::vector<run::HostTensor> makeInputs(const CaseTrace &trace, const OpInfo &info, bool special) {
  std::mt19937_64 random(special ? 2 : 1);
  std::vector<run::HostTensor> inputs;
  for (size_t i = 0; i < trace.graph.inputs.size(); ++i) {
    run::HostTensor tensor = run::makeTensor(trace.graph.inputs[i].type);
    ScalarType dtype = tensor.type.dtype;
    for (int64_t at = 0, n = numElements(tensor.type.sizes); at < n; ++at) {
      if (!trace.generic[i])
        store(tensor, at, static_cast<double>(random() % 2));
      else
        store(tensor, at, special ? specialValue(dtype, random) : randomValue(info, dtype, random));
    }
    inputs.push_back(std::move(tensor));
  }
  return inputs;
}

class OperationTest : public ::testing::Test {
public:
  explicit OperationTest(OpKind kind) : kind(kind) {}

  void TestBody() override {
    for (const GeneratedTest &test : generatedTests())
      if (test.kind == kind)
        runCase(test);
  }

private:
  void runCase(const GeneratedTest &test) {
    SCOPED_TRACE(test.text);
    CaseTrace trace = makeTrace(test);
    ASSERT_FALSE(trace.instances.empty());
    std::unique_ptr<run::Runner> runner = compileTrace(trace.graph);
    ASSERT_TRUE(runner);
    for (bool special : {false, true}) {
      SCOPED_TRACE(special ? "special values" : "values of the operation's range");
      compareRuns(trace, *runner, makeInputs(trace, opInfo(kind), special), special);
    }
  }

  void compareRuns(const CaseTrace &trace, const run::Runner &runner,
                   const std::vector<run::HostTensor> &inputs, bool special) {
    std::vector<run::HostTensor> expected;
    try {
      expected = run::interpret(trace.graph, inputs);
    } catch (const Error &error) {
      // Division by a special 0, say: what evaluations throw is tested elsewhere.
      EXPECT_TRUE(special) << error.what();
      return;
    }
    std::vector<run::HostTensor> actual = runner.run(inputs);
    for (size_t i = 0; i < trace.instances.size(); ++i)
      if (auto difference = run::compare(actual[i], expected[i])) {
        const Instance &instance = trace.instances[i];
        std::string operands;
        for (const TensorType &type : instance.test.operands)
          operands += std::string(toString(type.dtype)) + toString(type.sizes) + " ";
        ADD_FAILURE() << opInfo(kind).mnemonic << " of "
                      << (instance.strided ? "strided " : "contiguous ") << operands << ": "
                      << *difference;
      }
  }

  OpKind kind;
};

const bool registered = [] {
  for (unsigned i = 0; i < kNumOps; ++i) {
    auto kind = static_cast<OpKind>(i);
    ::testing::RegisterTest("Operations", opInfo(kind).mnemonic, nullptr, nullptr, __FILE__,
                            __LINE__,
                            [=]() -> ::testing::Test * { return new OperationTest(kind); });
  }
  return true;
}();

} // namespace
