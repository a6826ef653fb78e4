//===- AllocatorTest.cpp ----------------------------------------------------------------------===//
// Size classes, reuse, statistics, running out.

#include "RuntimeTest.h"

using namespace tjit;
using namespace tjit::test;

namespace {

TEST(SizeClasses, HoldWhatTheyAreFor) {
  for (size_t bytes :
       {0, 1, 63, 64, 65, 128, 1000, 1024, 1025, 1280, 1281, 2048, 2049, 65536, 65537, 1 << 20}) {
    unsigned c = SizeClass::of(bytes);
    EXPECT_GE(SizeClass::bytes(c), bytes);
    if (c)
      EXPECT_LT(SizeClass::bytes(c - 1), bytes);
  }
  EXPECT_EQ(SizeClass::of(SizeClass::kLargest), SizeClass::kCount - 1);
  EXPECT_EQ(SizeClass::of(65536), SizeClass::kOfThread - 1);
}

TEST(SizeClasses, WasteAQuarterAtMost) {
  for (size_t bytes = 2000; bytes < (size_t(1) << 40); bytes += bytes / 7)
    EXPECT_LE(SizeClass::bytes(SizeClass::of(bytes)), bytes + bytes / 4);
}

using AllocatorTest = RuntimeTest;

TEST_F(AllocatorTest, AlignsAndReuses) {
  for (size_t bytes : {size_t(4), size_t(5000), size_t(1) << 18, size_t(8) << 20}) {
    std::byte *first = Buffer::allocate(bytes)->data;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(first) % 64, 0u);
    EXPECT_EQ(Buffer::allocate(bytes)->data, first) << bytes;
  }
}

TEST_F(AllocatorTest, WhatALoopFreesIsKeptBeforeWhatWasLeftBehind) {
  Allocator &allocator = Context::get().allocator;
  allocator.releaseCached(thisThread().buffers);
  allocator.resetPeak(thisThread().buffers);
  // As much as is kept in any case, in several sizes.
  for (size_t megabytes : {64, 48, 40, 32, 24, 20, 16, 12})
    Buffer::allocate(megabytes << 20);
  for (size_t megabytes : {56, 12}) {
    Buffer::allocate(megabytes << 20);
    const uint64_t reserved = statistics().bytesReserved;
    Ref<Buffer> again = Buffer::allocate(megabytes << 20);
    EXPECT_EQ(statistics().bytesReserved, reserved) << megabytes;
  }
  EXPECT_LE(statistics().bytesReserved - statistics().bytesInUse, uint64_t(300) << 20);
}

TEST_F(AllocatorTest, CountsWhatIsInUse) {
  const uint64_t before = statistics().bytesInUse;
  Ref<Buffer> small = Buffer::allocate(100), large = Buffer::allocate(1 << 20);
  EXPECT_EQ(statistics().bytesInUse, before + 100 + (1 << 20));
  large.reset();
  EXPECT_EQ(statistics().bytesInUse, before + 100);
  EXPECT_GE(statistics().peakBytesInUse, before + (1 << 20));
}

TEST_F(AllocatorTest, ThrowsWithTheSizeWhenMemoryIsOut) {
  try {
    Buffer::allocate(size_t(1) << 46);
    FAIL();
  } catch (const OutOfMemoryError &e) {
    EXPECT_NE(std::string(e.what()).find("65536.0 GiB"), std::string::npos) << e.what();
  }
  EXPECT_THROW(Buffer::allocate(SIZE_MAX), OutOfMemoryError);
  EXPECT_NE(Buffer::allocate(100)->data, nullptr);
}

TEST_F(AllocatorTest, GivesCachedMemoryBackBeforeItThrows) {
  Allocator &allocator = Context::get().allocator;
  allocator.releaseCached(thisThread().buffers);
  const uint64_t limit = allocator.limit(), reserved = statistics().bytesReserved;
  allocator.setLimit(reserved + (40 << 20));
  {
    Ref<Buffer> a = Buffer::allocate(30 << 20);
  }
  EXPECT_GE(statistics().bytesReserved, reserved + (30 << 20)); // cached
  EXPECT_NO_THROW(Buffer::allocate(20 << 20));
  allocator.setLimit(limit);
}

//===------------------------------------------------------------------------------------------===//
// Settings
//===------------------------------------------------------------------------------------------===//

using SettingsTest = RuntimeTest;

TEST_F(SettingsTest, AreDescribed) {
  std::string text = describeSettings();
  for (const char *name :
       {"TJIT_MODE", "TJIT_NUM_THREADS", "TJIT_CPU", "TJIT_LOG", "TJIT_DUMP", "TJIT_COMPILER"})
    EXPECT_NE(text.find(name), std::string::npos);
}

TEST_F(SettingsTest, TakeValuesByName) {
  setSetting("TJIT_MODE", "interpret");
  EXPECT_EQ(mode(), Mode::Interpret);
  setSetting("TJIT_NUM_THREADS", "3");
  EXPECT_EQ(get_num_threads(), 3);
  setSetting("TJIT_LOG", "cache,eval");
  EXPECT_EQ(Context::get().log.flags(), unsigned(logCache | logEval));
  setSetting("TJIT_NUM_THREADS", "0");
}

TEST_F(SettingsTest, NameTheValidNamesAndValues) {
  try {
    setSetting("TJIT_MODE", "fast");
    FAIL();
  } catch (const ValueError &e) {
    EXPECT_NE(std::string(e.what()).find("compile, interpret, eager"), std::string::npos)
        << e.what();
  }
  EXPECT_THROW(setSetting("TJIT_SPEED", "1"), ValueError);
  EXPECT_THROW(setSetting("TJIT_LOG", "cache,everything"), ValueError);
  EXPECT_THROW(setSetting("TJIT_NUM_THREADS", "-1"), ValueError);
  EXPECT_THROW(set_num_threads(0), ValueError);
}

TEST_F(SettingsTest, AMissingCompilerIsToldToTheLog) {
  std::vector<std::string> lines;
  setSetting("TJIT_LOG", "compile");
  Context::get().log.setSink([&](const std::string &line) { lines.push_back(line); });
  setSetting("TJIT_COMPILER", "/nowhere/libtjit_compiler.so");
  EXPECT_EQ(read(add(ready({1}), ready({2}))), std::vector<float>{3});
  EXPECT_FALSE(compilerLoaded());
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines.back().find("interpreted"), std::string::npos);
}

TEST_F(SettingsTest, RandomStateCountsTheDraws) {
  setSeed(42);
  EXPECT_EQ(nextRandom(10).counter, 0u);
  RandomState next = nextRandom(1);
  EXPECT_EQ(next.seed, 42u);
  EXPECT_EQ(next.counter, 10u);
}

} // namespace
