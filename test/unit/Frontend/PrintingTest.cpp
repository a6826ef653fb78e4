//===- PrintingTest.cpp -----------------------------------------------------------------------===//
// The texts of libtorch and of Python's PyTorch.

#include "Support.h"

#include <cmath>

using namespace frontend_test;
using namespace tjit;

TEST(Printing, StreamsLibtorchsText) {
  EXPECT_EQ(streamed(tensor({{1., 2.}, {3., 4.}})), " 1  2\n 3  4\n[ CPUFloatType{2,2} ]");
  EXPECT_EQ(streamed(tensor({0.5, -1.125})), " 0.5000\n-1.1250\n[ CPUFloatType{2} ]");
  EXPECT_EQ(streamed(tensor(2.5)), "2.5\n[ CPUFloatType{} ]");
  EXPECT_EQ(streamed(tensor({true, false})), " 1\n 0\n[ CPUBoolType{2} ]");
  EXPECT_EQ(streamed(empty({2, 0})), "[ CPUFloatType{2,0} ]");
  EXPECT_EQ(streamed(Tensor()), "[ Tensor (undefined) ]");
  EXPECT_EQ(streamed(arange(4).view({2, 1, 2})),
            "(1,.,.) = \n 0  1\n\n(2,.,.) = \n 2  3\n[ CPULongType{2,1,2} ]");
}
TEST(Printing, StreamsAttributes) {
  EXPECT_EQ(streamed(ones({2, 3}).sizes()), "[2, 3]");
  EXPECT_EQ(streamed(ones({1}, kInt64).dtype()), "long int");
  EXPECT_EQ(streamed(kInt16), "Short");
  EXPECT_EQ(streamed(Device("cuda:0")), "cuda:0");
  EXPECT_EQ(ones({1}, kFloat64).toString(), "CPUDoubleType");
}
TEST(Printing, StreamsContainersAsLibtorchsHeaderDoes) {
  EXPECT_EQ(streamed(std::vector<int64_t>{1, 2, 3}), "1 2 3");
  EXPECT_EQ(streamed(std::vector<double>{}), "");
  EXPECT_EQ(streamed(std::vector<int>(101, 7)).substr(195), " 7 7 ...");
  EXPECT_EQ(streamed(std::vector<Tensor>{ones({1}), zeros({1})}),
            " 1\n[ CPUFloatType{1} ]  0\n[ CPUFloatType{1} ]");
  EXPECT_EQ(streamed(std::map<int, bool>{{1, true}}), "(1, 1)");
  EXPECT_EQ(streamed(std::pair<int, double>(1, 2.5)), "(1, 2.5)");
}
TEST(Printing, LeavesTheStreamAsItWas) {
  std::ostringstream out;
  out.precision(3);
  out << tensor({0.123456}) << 0.123456;
  EXPECT_NE(out.str().find("0.123"), std::string::npos);
  EXPECT_EQ(out.precision(), 3);
}
TEST(Printing, StrIsPythonsText) {
  EXPECT_EQ(tensor({{1., 2.}, {3., 4.}}).str(), "tensor([[1., 2.],\n        [3., 4.]])");
  EXPECT_EQ(tensor({{5., 6.}, {7., 8.}}, kFloat64).str(),
            "tensor([[5., 6.],\n        [7., 8.]], dtype=torch.float64)");
  EXPECT_EQ(tensor({0.5, 0.1, -0.2}).str(), "tensor([ 0.5000,  0.1000, -0.2000])");
  EXPECT_EQ(tensor({1, 20, -300}).str(), "tensor([   1,   20, -300])");
  EXPECT_EQ(tensor({true, false}).str(), "tensor([ True, False])");
  EXPECT_EQ(tensor(4.).str(), "tensor(4.)");
  EXPECT_EQ(empty({0}).str(), "tensor([])");
  EXPECT_EQ(empty({2, 0}, kInt64).str(), "tensor([], size=(2, 0), dtype=torch.int64)");
  EXPECT_EQ(tensor({NAN, INFINITY, 1.}).str(), "tensor([nan, inf, 1.])");
  EXPECT_EQ(tensor({1e-5, 1.}).str(), "tensor([1.0000e-05, 1.0000e+00])");
  EXPECT_EQ(ones({2}, kInt16).str(), "tensor([1, 1], dtype=torch.int16)");
}
TEST(Printing, StrNamesGradients) {
  Tensor w = tensor({1., 2.}, requires_grad());
  EXPECT_EQ(w.str(), "tensor([1., 2.], requires_grad=True)");
  EXPECT_NE((w * 2).str().find("grad_fn=<Mul"), std::string::npos);
}
TEST(Printing, LongTensorsAreSummarized) {
  EXPECT_EQ(arange(2000).str(), "tensor([   0,    1,    2,  ..., 1997, 1998, 1999])");
}
