//===- BorrowedMemoryTest.cpp -----------------------------------------------------------------===//
// From_blob and data pointers (decision 12).

#include "Support.h"

#include <memory>

using namespace frontend_test;
using namespace tjit;

TEST(BorrowedMemory, BothSidesSeeEachOthersWrites) {
  std::vector<float> data = {1, 2, 3, 4, 5, 6};
  Tensor t = from_blob(data.data(), {2, 3});
  data[4] = 50;
  EXPECT_EQ(t[1][1].item<float>(), 50);
  t.add_(1);
  EXPECT_EQ(data[4], 51);
  t.t()[2].mul_(2);
  EXPECT_EQ(data[2], 8);
  EXPECT_EQ(data[5], 14);
  EXPECT_EQ(t.data_ptr<float>(), data.data());
}
TEST(BorrowedMemory, ResultsBelongToTheMomentOfTheCall) {
  float data[4] = {1, 2, 3, 4};
  Tensor t = from_blob(data, {4}), s = (t * t).sum(), e = t + 10, c = t.clone();
  data[0] = 100;
  EXPECT_EQ(s.item<float>(), 30);
  EXPECT_EQ(values(e), Values({11, 12, 13, 14}));
  EXPECT_EQ(values(c), Values({1, 2, 3, 4}));
  EXPECT_EQ(t.sum().item<float>(), 109);
}
TEST(BorrowedMemory, AboveAMegabyteTheCallEvaluates) {
  std::vector<float> data(1 << 19, 1.f); // 2 MB
  Tensor t = from_blob(data.data(), {1 << 19}), doubled = t * 2;
  data[7] = 100;
  EXPECT_EQ(doubled[7].item<float>(), 2);
  t.mul_(3);
  EXPECT_EQ(data[7], 300);
  EXPECT_EQ(data[8], 3);
}
TEST(BorrowedMemory, StridesAreInElements) {
  int64_t ints[6] = {1, 2, 3, 4, 5, 6};
  Tensor t = from_blob(ints, {3}, {2}, kInt64);
  EXPECT_EQ(values(t), Values({1, 3, 5}));
  t.mul_(10);
  EXPECT_EQ(ints[2], 30);
  EXPECT_EQ(ints[3], 4);
}
TEST(BorrowedMemory, TheDeleterRunsWhenTheLastViewIsGone) {
  auto calls = std::make_shared<int>(0);
  {
    auto *buffer = new float[3]{1, 2, 3};
    Tensor t = from_blob(buffer, {3}, [calls](void *p) {
      ++*calls;
      delete[] static_cast<float *>(p);
    });
    Tensor v = t.slice(0, 1, 3);
    t = Tensor();
    EXPECT_EQ(*calls, 0);
    EXPECT_EQ(values(v), Values({2, 3}));
  }
  EXPECT_EQ(*calls, 1);
}
TEST(BorrowedMemory, AMutablePointerStaysConnected) {
  Tensor t = ones({5});
  float *p = t.data_ptr<float>();
  t.add_(1);
  EXPECT_EQ(p[0], 2);
  p[2] = 20;
  EXPECT_EQ(t[2].item<float>(), 20);
  Tensor v = t.slice(0, 1, 4);
  v.mul_(3);
  EXPECT_EQ(p[2], 60);
  EXPECT_EQ(v.data_ptr<float>(), p + 1);
}
TEST(BorrowedMemory, APointerDoesNotReachOtherTensorsWithTheSameValue) {
  Tensor a = ones({3}) * 2, b = a.clone(), pending = a + 1;
  a.data_ptr<float>()[0] = 50;
  EXPECT_EQ(values(b), Values({2, 2, 2}));
  EXPECT_EQ(values(pending), Values({3, 3, 3}));
  EXPECT_EQ(values(a), Values({50, 2, 2}));
}
TEST(BorrowedMemory, ReadingAPointerDoesNotBorrow) {
  Tensor a = arange(3.);
  const float *p = a.const_data_ptr<float>();
  EXPECT_EQ(p[2], 2);
  a.add_(1);
  EXPECT_EQ(a.const_data_ptr<float>()[2], 3);
}
TEST(BorrowedMemory, WrongTypesAndGeometriesAreErrors) {
  expectThrows<Error>([] { ones({2}).data_ptr<int>(); }, {"float32", "int32"});
  expectThrows<Error>([] { from_blob(nullptr, {2}); }, {"from_blob", "null"});
  float data[4] = {};
  expectThrows<Error>([&] { from_blob(data, {2}, {-1}); }, {"from_blob", "[-1]"});
  expectThrows<Error>([] { ones({2, 2}).accessor<float, 1>(); }, {"accessor", "1", "2"});
}
TEST(BorrowedMemory, AccessorsReadAndWriteByIndex) {
  Tensor m = arange(6.).view({2, 3}).t();
  auto a = m.accessor<float, 2>();
  EXPECT_EQ(a[2][1], 5);
  a[0][1] = -1;
  EXPECT_EQ(m[0][1].item<float>(), -1);
}
TEST(BorrowedMemory, GradientsOfALeafOverTheCallersMemory) {
  float w[3] = {0.5f, 0.1f, -0.2f};
  Tensor t = from_blob(w, {3}).requires_grad_(true);
  (t * tensor({1., 2., 3.})).sum().backward();
  {
    NoGradGuard guard;
    t.sub_(t.grad());
  }
  EXPECT_EQ(w[0], -0.5f);
}
