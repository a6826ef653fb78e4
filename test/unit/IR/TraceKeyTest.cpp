//===- TraceKeyTest.cpp - encoding of traces, and decoding of what is none --------------------===//

#include "IR/TraceKey.h"
#include "IR/AttrWords.h"
#include "IR/OpAttrs.h.inc"

#include <gtest/gtest.h>
#include <random>

using namespace tjit;

namespace {

/// sum(x * s, dims = [1]) with x transposed and s a scalar.
TraceGraph exampleTrace() {
  TraceGraph g;
  g.inputs.push_back({{kFloat32, {64, 128}}, {1, 64}, 6});
  g.scalars.push_back(kFloat32);
  g.nodes.push_back({OpKind::mul, {kFloat32, {64, 128}}, {0, 1}, {}});
  g.nodes.push_back({OpKind::sum, {kFloat32, {64}}, {2}, {1, 1, 0}});
  g.nodes.push_back({OpKind::concat, {kFloat32, {192}}, {3, 3, 3}, {0}});
  g.outputs.push_back({3, -1});
  g.outputs.push_back({2, 0});
  return g;
}

TEST(TraceKey, DecodingInvertsEncoding) {
  std::vector<uint64_t> words = encodeTrace(exampleTrace());
  TraceGraph decoded;
  ASSERT_TRUE(decodeTrace(words, decoded));
  EXPECT_EQ(encodeTrace(decoded), words);
  EXPECT_EQ(printTrace(decoded), printTrace(exampleTrace()));
}

TEST(TraceKey, TextNamesEveryPart) {
  EXPECT_EQ(printTrace(exampleTrace()), "%0 = input float32[64, 128] strides [1, 64] align 64\n"
                                        "%1 = scalar float32\n"
                                        "%2 = mul %0, %1 : float32[64, 128]\n"
                                        "%3 = sum %2 {dims = [1], keepdim = false} : float32[64]\n"
                                        "%4 = concat %3, %3, %3 {dim = 0} : float32[192]\n"
                                        "return %3, %2 (donor %0)\n");
}

TEST(TraceKey, EveryTruncationIsRejected) {
  std::vector<uint64_t> words = encodeTrace(exampleTrace());
  TraceGraph decoded;
  for (size_t n = 0; n < words.size(); ++n)
    EXPECT_FALSE(decodeTrace(std::span(words).first(n), decoded)) << n;
  words.push_back(0);
  EXPECT_FALSE(decodeTrace(words, decoded)) << "trailing words";
}

TEST(TraceKey, OperandAfterItsUserIsRejected) {
  TraceGraph g = exampleTrace();
  g.nodes[0].operands[1] = 3;
  TraceGraph decoded;
  EXPECT_FALSE(decodeTrace(encodeTrace(g), decoded));
}

TEST(TraceKey, TypeThatInferenceDoesNotGiveIsRejected) {
  TraceGraph g = exampleTrace();
  g.nodes[0].type.sizes = {64, 129};
  TraceGraph decoded;
  EXPECT_FALSE(decodeTrace(encodeTrace(g), decoded));
}

TEST(TraceKey, AttributesOfTheWrongLengthAreRejected) {
  TraceGraph decoded;
  for (std::vector<int64_t> attributes : {std::vector<int64_t>{},
                                          {1, 1},
                                          {2, 1, 0},
                                          {-1, 0},
                                          {1, 1, 2},
                                          {1, 1, 0, 0},
                                          {std::numeric_limits<int64_t>::max(), 1, 0}}) {
    TraceGraph g = exampleTrace();
    g.nodes[1].attributes = attributes;
    EXPECT_FALSE(decodeTrace(encodeTrace(g), decoded));
  }
}

TEST(TraceKey, OutputAndDonorAreInRange) {
  TraceGraph decoded;
  TraceGraph g = exampleTrace();
  g.outputs[0].value = 5;
  EXPECT_FALSE(decodeTrace(encodeTrace(g), decoded));
  g = exampleTrace();
  g.outputs[0].donor = 1; // a scalar
  EXPECT_FALSE(decodeTrace(encodeTrace(g), decoded));
}

TEST(TraceKey, DamagedWordsAreRejectedOrDecodeToAValidTrace) {
  std::vector<uint64_t> words = encodeTrace(exampleTrace());
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::vector<uint64_t> damaged = words;
    for (int n = 1 + random() % 3; n > 0; --n)
      damaged[random() % damaged.size()] ^= uint64_t(1) << random() % 64;
    TraceGraph decoded;
    if (decodeTrace(damaged, decoded))
      EXPECT_EQ(encodeTrace(decoded), damaged);
  }
}

TEST(TraceKey, WordsOfAttributesGoThereAndBack) {
  std::vector<int64_t> sizes(30), strides(30, 1);
  AttrWords words;
  WriteViewAttrs{sizes, strides}.write(words); // longer than what is held inline
  auto read = WriteViewAttrs::read(words.span().data());
  EXPECT_EQ(words.span().size(), 62u);
  EXPECT_TRUE(std::equal(read.strides.begin(), read.strides.end(), strides.begin(), strides.end()));
}

} // namespace
