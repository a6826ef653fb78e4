//===- PlaceTest.cpp --------------------------------------------------------------------------===//
// Errors of an evaluation name where the operation was recorded.
//
// This file is compiled with line tables (test/CMakeLists.txt).
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

using namespace tjit;

namespace {

std::string evaluationError(const Tensor &t) {
  try {
    t.sum().item<float>();
  } catch (const Error &e) {
    return e.what();
  }
  return "no error";
}

struct Recorded {
  Tensor tensor;
  int line;
};

[[gnu::noinline]] Recorded lookUp(const Tensor &table, const Tensor &index) {
  return {table.gather(0, index), __LINE__};
}
[[gnu::noinline]] Recorded lossOf(const Tensor &scores, const Tensor &target) {
  return {nn::functional::cross_entropy(scores, target), __LINE__};
}
[[gnu::noinline]] Recorded quotient(const Tensor &a, const Tensor &b) { return {a % b, __LINE__}; }
[[gnu::noinline]] Recorded selection(const Tensor &a, const Tensor &b) {
  return {a.index_select(0, b), __LINE__};
}

void expectPlace(const Recorded &recorded, const std::string &function) {
  const std::string message = evaluationError(recorded.tensor);
  if (compilerLoaded()) { // reads the line tables
    EXPECT_NE(
        message.find("; recorded at PlaceTest.cpp:" + std::to_string(recorded.line) + " (in "),
        std::string::npos)
        << message;
    EXPECT_NE(message.find(function), std::string::npos) << message;
  } else {
    EXPECT_NE(message.find("; recorded at tjit-unit-Frontend+0x"), std::string::npos) << message;
  }
}

class PlaceTest : public ::testing::Test {
protected:
  void SetUp() override { (ones({2}) + 1).sum().item<float>(); } // opens the compiler
};

TEST_F(PlaceTest, OfTheCallAndNotOfTheEvaluation) {
  Tensor index = full({2}, 7, kLong);
  expectPlace(lookUp(rand({3}), index), "lookUp");
}
TEST_F(PlaceTest, OfTheOutermostCallOfAComposition) {
  Tensor target = full({4}, 11, kLong);
  expectPlace(lossOf(rand({4, 3}), target), "lossOf");
}
TEST_F(PlaceTest, OfAnOperator) {
  expectPlace(quotient(full({3}, 5, kLong), zeros({3}, kLong)), "quotient");
}
TEST_F(PlaceTest, StaysWithAnOperationThatAnEvaluationLeavesPending) {
  Recorded pending = selection(rand({3, 2}), full({2}, 3, kLong));
  Tensor other = rand({100}) * 2;
  other.sum().item<float>();
  expectPlace(pending, "selection");
}
TEST_F(PlaceTest, TypeAndValuesStayInTheMessage) {
  const std::string message = evaluationError(lookUp(rand({3}), full({1}, 7, kLong)).tensor);
  EXPECT_EQ(message.find("gather: index 7 at position [0] is out of range"), 0u) << message;
}

} // namespace
