//===- LargeTest.cpp - more elements than 32 bits count
//-------------------------------------------===//
// 2^31 + 100 bytes, written and read behind the 2^31st. Needs some 7 GB of memory.
//
//===------------------------------------------------------------------------------------------===//

#include "tjit/torch.h"

#include "gtest/gtest.h"

#include <fstream>
#include <string>

namespace {

/// MemAvailable of /proc/meminfo in bytes.
int64_t availableMemory() {
  std::ifstream info("/proc/meminfo");
  std::string name, unit;
  for (int64_t kilobytes; info >> name >> kilobytes >> unit;)
    if (name == "MemAvailable:")
      return kilobytes * 1024;
  return 0;
}

TEST(LargeTest, ElementsBehindThe31stBitAreReached) {
  constexpr int64_t kHalf = int64_t{1} << 31, kSize = kHalf + 100, kGigabyte = int64_t{1} << 30;
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  GTEST_SKIP() << "a sanitizer's shadow of 6 GB is too much";
#endif
  if (availableMemory() < 9 * kGigabyte)
    GTEST_SKIP() << "needs 9 GB of free memory";
  torch::NoGradGuard without;
  torch::Tensor t = torch::zeros({kSize}, torch::kByte);
  t[kSize - 1] = 7, t[kHalf] = 3, t[5] = 2;
  EXPECT_EQ(t.sum().item<int64_t>(), 12);
  EXPECT_EQ(t.argmax().item<int64_t>(), kSize - 1);
  EXPECT_EQ(t.count_nonzero().item<int64_t>(), 3);
  EXPECT_TRUE(t.nonzero().reshape({-1}).equal(torch::tensor({int64_t{5}, kHalf, kSize - 1})));
  EXPECT_TRUE(t.masked_select(t > 2).equal(torch::tensor({3, 7}, torch::kByte)));
  EXPECT_TRUE(t.index_select(0, torch::tensor({kSize - 1, int64_t{5}}))
                  .equal(torch::tensor({7, 2}, torch::kByte)));
  EXPECT_TRUE(t.view({4, kSize / 4}).sum(1).equal(torch::tensor({2, 0, 0, 10}, torch::kLong)));
  t.slice(0, kSize - 2, kSize).add_(50);
  EXPECT_EQ((t + 1)[kSize - 1].item<int>(), 58);
  EXPECT_EQ(torch::cat({t.slice(0, 0, 10), t})[kSize + 9].item<int>(), 57);
  EXPECT_EQ(t.flip(0)[0].item<int>(), 57);
}

} // namespace
