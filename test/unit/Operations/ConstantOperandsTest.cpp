//===- ConstantOperandsTest.cpp - folds against the reference interpreter ---------------------===//
//
// Every elementwise operation with constants for some or all of its operands, at a few dtypes. The
// compiler folds, the interpreter does not, and the bits must be equal: on the values for which
// folds are easily wrong.
//
//===------------------------------------------------------------------------------------------===//

#include "../IR/GeneratedTests.h"
#include "CompileTrace.h"
#include "IR/AttrWords.h"
#include "IR/OpAttrs.h.inc"
#include "tjit/Error.h"

#include <gtest/gtest.h>
#include <limits>

using namespace tjit;

namespace {

constexpr int64_t kElements = 37;

std::vector<double> constantsOf(ScalarType dtype) {
  if (isFloatingType(dtype))
    return {0.0, -0.0, 1.0, 4.0, 0.1, std::numeric_limits<double>::quiet_NaN()};
  if (dtype == ScalarType::Bool)
    return {0, 1};
  return {0, 1, 4, dtype == ScalarType::Byte ? 255.0 : -1.0};
}

/// A trace of one operation in every mixture of constants and inputs.
struct Mixtures {
  TraceGraph graph;
  std::vector<std::string> texts; // per output

  /// The case's operands at one dtype: [37] where T stands, or of the fixed dtype.
  explicit Mixtures(const GeneratedTest &test) : test(test) {
    for (const TensorType &type : test.operands)
      graph.inputs.push_back({{type.dtype, {kElements}}, {1}, 0});
    for (const TensorType &type : test.operands) {
      std::vector<uint32_t> choices{static_cast<uint32_t>(choicesByOperand.size())};
      for (double value : constantsOf(type.dtype)) {
        AttrWords words;
        FillAttrs{{}, type.dtype, value}.write(words);
        choices.push_back(graph.firstNode() + graph.nodes.size());
        graph.nodes.push_back(
            {OpKind::fill, {type.dtype, {}}, {}, {words.span().begin(), words.span().end()}});
      }
      choicesByOperand.push_back(std::move(choices));
    }
    std::vector<uint32_t> operands;
    extend(operands);
  }

private:
  void extend(std::vector<uint32_t> &operands) {
    if (operands.size() < choicesByOperand.size()) {
      for (uint32_t choice : choicesByOperand[operands.size()]) {
        operands.push_back(choice);
        extend(operands);
        operands.pop_back();
      }
      return;
    }
    GeneratedTest applied = test;
    for (size_t i = 0; i < operands.size(); ++i)
      applied.operands[i] = graph.typeOf(operands[i]);
    TensorType result;
    std::string error;
    ASSERT_TRUE(inferResult(applied, result, error)) << error;
    graph.outputs.push_back({graph.firstNode() + static_cast<uint32_t>(graph.nodes.size())});
    graph.nodes.push_back({test.kind, result, operands, test.words});
    std::string text;
    for (uint32_t operand : operands)
      text += "%" + std::to_string(operand) + " ";
    texts.push_back(text);
  }

  const GeneratedTest &test;
  std::vector<std::vector<uint32_t>> choicesByOperand;
};

class ConstantOperands : public ::testing::Test {
public:
  explicit ConstantOperands(OpKind kind) : kind(kind) {}

  void TestBody() override {
    for (const GeneratedTest &test : generatedTests())
      for (ScalarType dtype : {kBool, kUInt8, kInt32, kFloat16, kFloat32}) {
        GeneratedTest instance;
        if (test.kind == kind && instantiate(test, dtype, instance) && isFirstWithItsWords(test))
          run(instance, dtype);
      }
  }

private:
  /// Cases that differ in shapes only are one case here.
  bool isFirstWithItsWords(const GeneratedTest &test) {
    for (const GeneratedTest &other : generatedTests())
      if (other.kind == kind && other.words == test.words)
        return &other == &test;
    return false;
  }

  void run(const GeneratedTest &test, ScalarType dtype) {
    SCOPED_TRACE(std::string(toString(dtype)) + " " + test.text);
    Mixtures mixtures(test);
    std::mt19937_64 random(3);
    std::vector<run::HostTensor> inputs;
    for (const TraceInput &input : mixtures.graph.inputs) {
      inputs.push_back(run::makeTensor(input.type));
      for (int64_t i = 0; i < kElements; ++i)
        store(inputs.back(), i, specialValue(input.type.dtype, random));
    }
    std::vector<run::HostTensor> expected;
    try {
      expected = run::interpret(mixtures.graph, inputs);
    } catch (const Error &) {
      return; // integer division by the constant 0
    }
    std::unique_ptr<run::Runner> runner = compileTrace(mixtures.graph);
    ASSERT_TRUE(runner);
    std::vector<run::HostTensor> actual = runner->run(inputs);
    for (size_t i = 0; i < expected.size(); ++i)
      if (auto difference = run::compare(actual[i], expected[i]))
        ADD_FAILURE() << opInfo(kind).mnemonic << " of " << mixtures.texts[i] << ": " << *difference
                      << "\n"
                      << printTrace(mixtures.graph).substr(0, 1000);
  }

  OpKind kind;
};

const bool registered = [] {
  for (unsigned i = 0; i < kNumOps; ++i)
    if (kOpTable[i].opClass == OpClass::elementwise)
      ::testing::RegisterTest(
          "ConstantOperands", kOpTable[i].mnemonic, nullptr, nullptr, __FILE__, __LINE__,
          [=]() -> ::testing::Test * { return new ConstantOperands(static_cast<OpKind>(i)); });
  return true;
}();

} // namespace
