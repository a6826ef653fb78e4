//===- TypesTest.cpp - numbers, dtypes, options and devices as libtorch has them --------------===//

#include "Support.h"

#include <cmath>
#include <limits>

using namespace frontend_test;

TEST(Scalars, ConversionsThatDoNotHoldTheNumberThrow) {
  EXPECT_EQ(torch::Scalar(2.9).to<int>(), 2);
  EXPECT_EQ(torch::Scalar(-1).toByte(), 255); // negative integers wrap
  EXPECT_EQ(torch::Scalar(300).to<bool>(), true);
  expectThrows<torch::Error>([] { torch::Scalar(300).toByte(); }, {"uint8_t", "overflow"});
  expectThrows<torch::Error>([] { torch::Scalar(-128.5 * 2).toChar(); }, {"int8_t"});
  expectThrows<torch::Error>([] { torch::Scalar(std::nan("")).toLong(); }, {"overflow"});
  expectThrows<torch::Error>([] { torch::Scalar(0x1p63).toLong(); }, {"overflow"});
  expectThrows<torch::Error>([] { torch::Scalar(1e300).toFloat(); }, {"float"});
  EXPECT_TRUE(std::isinf(torch::Scalar(INFINITY).toFloat()));
  expectThrows<torch::Error>([] { torch::tensor(300).item<uint8_t>(); }, {"uint8_t"});
}

TEST(Scalars, Printing) {
  EXPECT_EQ(streamed(torch::Scalar(3)), "3");
  EXPECT_EQ(streamed(torch::Scalar(2.5)), "2.5");
  EXPECT_EQ(streamed(torch::Scalar(true)), "true");
}

TEST(SmallFloats, RoundAndComputeAsFloat) {
  const torch::Half a(0.1f), b(0.2f);
  EXPECT_EQ(static_cast<float>(a), 0.0999755859375f);
  EXPECT_EQ(static_cast<float>(a + b), static_cast<float>(torch::Half(float(a) + float(b))));
  EXPECT_TRUE((std::is_same<decltype(a * 2), torch::Half>::value));
  EXPECT_TRUE((std::is_same<decltype(a * 2.0), double>::value));
  EXPECT_TRUE((std::is_same<decltype(1.5f - a), float>::value));
  EXPECT_LT(a, b);
  EXPECT_EQ(static_cast<float>(std::numeric_limits<torch::Half>::max()), 65504.f);
  EXPECT_EQ(static_cast<float>(std::numeric_limits<torch::BFloat16>::epsilon()), 0.0078125f);
  EXPECT_EQ(streamed(torch::BFloat16(1.5f)), "1.5");
}

TEST(SmallFloats, AreElementsOfTensors) {
  Tensor h = torch::tensor({0.5, 1.5}, torch::kHalf);
  EXPECT_EQ(static_cast<float>(h.data_ptr<torch::Half>()[1]), 1.5f);
  h.accessor<torch::Half, 1>()[0] = torch::Half(9.f);
  EXPECT_EQ(values(h), Values({9, 1.5}));
  EXPECT_EQ(static_cast<float>(torch::tensor(0.25, torch::kBFloat16).item<torch::BFloat16>()),
            0.25f);
  EXPECT_EQ(values(torch::full({2}, torch::Half(2.f))), Values({2, 2}));
}

TEST(Options, Printing) {
  EXPECT_EQ(streamed(torch::TensorOptions().dtype(torch::kFloat64).requires_grad(true)),
            "TensorOptions(dtype=double, device=cpu (default), layout=Strided (default), "
            "requires_grad=true, pinned_memory=false (default), memory_format=(nullopt))");
  EXPECT_EQ(streamed(torch::ones({1}, torch::kInt16).options()),
            "TensorOptions(dtype=short int, device=cpu, layout=Strided, requires_grad=false "
            "(default), pinned_memory=false (default), memory_format=(nullopt))");
  EXPECT_EQ(streamed(torch::kStrided), "Strided");
  EXPECT_EQ(streamed(torch::MemoryFormat::ChannelsLast), "ChannelsLast");
  EXPECT_EQ(streamed(torch::kCPU), "cpu");
}

TEST(Options, MergingKeepsWhatTheOtherDoesNotSet) {
  const auto merged = torch::dtype(torch::kInt8)
                          .requires_grad(false)
                          .merge_in(torch::TensorOptions().dtype(torch::kDouble));
  EXPECT_EQ(merged.dtype(), torch::kDouble);
  EXPECT_TRUE(merged.has_requires_grad());
  EXPECT_FALSE(merged.has_layout());
  EXPECT_EQ(torch::zeros({1}, torch::TensorOptions().dtype<int>()).scalar_type(), torch::kInt);
}

TEST(Indices, Printing) {
  using torch::indexing::TensorIndex;
  EXPECT_EQ(streamed(Slice(1, 5, 2)), "1:5:2");
  EXPECT_EQ(streamed(TensorIndex(None)), "None");
  EXPECT_EQ(streamed(std::vector<TensorIndex>{3, Ellipsis, true}), "(3, ..., true)");
}

TEST(Dtypes, LibtorchsNames) {
  EXPECT_STREQ(torch::toString(torch::kFloat32), "Float");
  EXPECT_EQ(torch::promoteTypes(torch::kInt, torch::kHalf), torch::kHalf);
  EXPECT_EQ(torch::result_type(torch::Scalar(1), torch::Scalar(2.5)), torch::kFloat);
  EXPECT_EQ(torch::ones({1}).type().toString(), "CPUFloatType");
  EXPECT_FALSE(torch::canCast(torch::kFloat, torch::kInt));
  EXPECT_FALSE(torch::ones({1}, torch::kByte).is_signed());
}

TEST(Views, ElementsOfAnotherDtypeShareTheMemory) {
  Tensor i = torch::tensor({1, 2}, torch::kInt32);
  Tensor halves = i.view(torch::kInt16);
  EXPECT_EQ(sizes(halves), Ints({4}));
  halves[0] = 7;
  EXPECT_EQ(values(i), Values({7, 2}));
  i.add_(1);
  EXPECT_EQ(values(halves), Values({8, 0, 3, 0}));
  EXPECT_EQ(torch::tensor({1.f}).view(torch::kInt32).item<int64_t>(), 0x3f800000);
  expectThrows<torch::Error>([] { torch::ones({3}, torch::kByte).view(torch::kInt); }, {"view"});
}

TEST(Storages, ViewsShareOne) {
  const Tensor x = torch::zeros({2, 3});
  EXPECT_EQ(x[1].storage().data_ptr(), x.data_ptr());
  EXPECT_EQ(x[1].storage(), x.storage());
  EXPECT_NE(x.clone().storage(), x.storage());
  EXPECT_EQ(x[1].storage().nbytes(), 24u);
  EXPECT_TRUE(x[1]._base().is_same(x));
}
