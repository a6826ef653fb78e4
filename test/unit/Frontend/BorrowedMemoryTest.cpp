//===- BorrowedMemoryTest.cpp -----------------------------------------------------------------===//
// From_blob, data pointers and DLPack (decision 12).

#include "Frontend/TensorImpl.h"
#include "Support.h"

#include <tjit/DLPack.h>

#include <algorithm>
#include <cmath>
#include <dlpack/dlpack.h>
#include <memory>
#include <numeric>

using namespace frontend_test;
using namespace tjit;

TEST(BorrowedMemory, RegionsOfAnyOrderAreCopiedWhenTheyAreRead) {
  std::vector<float> data(12);
  std::iota(data.begin(), data.end(), 0.f);
  const Tensor t = from_blob(data.data(), {3, 4});
  // Without gaps, as a part of the rows, with gaps, of one number read often.
  const Tensor all = t.t() * 2, rows = t.slice(0, 1, 3).t() * 2, columns = t.slice(1, 1, 3).t() * 2,
               one = t.select(0, 1).select(0, 1).expand({2, 2}) * 2,
               back = t.slice(0, 1, 3).t().matmul(ones({2, 1}));
  std::ranges::fill(data, -1.f);
  EXPECT_EQ(values(all), Values({0, 8, 16, 2, 10, 18, 4, 12, 20, 6, 14, 22}));
  EXPECT_EQ(values(rows), Values({8, 16, 10, 18, 12, 20, 14, 22}));
  EXPECT_EQ(values(columns), Values({2, 10, 18, 4, 12, 20}));
  EXPECT_EQ(values(one), Values({10, 10, 10, 10}));
  EXPECT_EQ(values(back), Values({12, 14, 16, 18}));
}

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
// The product and its gradient may share a copy of what they read, but not of what was written in
// between: as libtorch's saved tensor, the gradient reads the memory when it is computed.
TEST(BorrowedMemory, GradientsReadTheMemoryAgain) {
  constexpr int64_t kRows = 64, kColumns = 32;
  std::vector<float> data(kRows * kColumns);
  std::iota(data.begin(), data.end(), 0.f);
  Tensor w = ones({kColumns, 1}).requires_grad_(true);
  auto columnSums = [&] {
    Values sums(kColumns);
    for (size_t i = 0; i < data.size(); ++i)
      sums[i % kColumns] += data[i];
    return sums;
  };
  const Tensor t = from_blob(data.data(), {kRows, kColumns});
  // Unchanged, then with the first, the last and all elements changed; the loss is evaluated before
  // the gradient, or with it.
  for (int change = 0; change < 4; ++change)
    for (const bool early : {false, true}) {
      Tensor loss = t.matmul(w).sum();
      const double before = std::accumulate(data.begin(), data.end(), 0.);
      if (early)
        EXPECT_EQ(loss.item<float>(), before);
      if (change == 1)
        data.front() += 1;
      else if (change == 2)
        data.back() += 1;
      else if (change == 3)
        for (float &x : data)
          x = 5000 - x;
      loss.backward();
      EXPECT_EQ(values(w.grad()), columnSums()) << change;
      EXPECT_EQ(loss.item<float>(), before) << change;
      w.mutable_grad().reset();
    }
}
TEST(BorrowedMemory, ABufferThatIsRefilledForEachStep) {
  constexpr int64_t kRows = 48, kColumns = 40;
  std::vector<float> buffer(kRows * kColumns);
  const Tensor batch = from_blob(buffer.data(), {kRows, kColumns});
  Tensor w = ones({kColumns, 3}).requires_grad_(true),
         expected = ones({kColumns, 3}).requires_grad_(true);
  auto step = [](Tensor &weight, const Tensor &x) {
    x.matmul(weight).sin().sum().backward();
    NoGradGuard guard;
    weight -= 0.01 * weight.grad();
    weight.mutable_grad().reset();
  };
  for (int i = 0; i < 6; ++i) {
    const int filling = i / 2; // each twice, so that the same bytes come again
    for (size_t k = 0; k < buffer.size(); ++k)
      buffer[k] = std::sin(static_cast<float>(k) * 0.1f + static_cast<float>(filling));
    step(w, batch);
    step(expected, batch.clone());
  }
  EXPECT_EQ(values(w), values(expected));
  // The same bytes as numbers of another type.
  const Tensor bits = from_blob(buffer.data(), {kRows, kColumns}, kInt);
  EXPECT_EQ(bits.sum().item<int64_t>(), bits.clone().sum().item<int64_t>());
  EXPECT_FALSE(bits.to(kFloat).equal(batch.clone()));
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

TEST(BorrowedMemory, ADeleterComesWithStridesToo) {
  int calls = 0;
  float data[6] = {1, 2, 3, 4, 5, 6};
  {
    Tensor t = from_blob(data, {3, 2}, {1, 3}, [&calls](void *) { ++calls; }, kFloat);
    EXPECT_EQ(values(t), Values({1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(t.data_ptr<float>(), data);
    EXPECT_EQ(t[1].data_ptr<float>(), data + 1);
    t[2].fill_(9);
    EXPECT_EQ(data[2], 9);
    EXPECT_EQ(data[5], 9);
    EXPECT_EQ(calls, 0);
  }
  EXPECT_EQ(calls, 1);
}
TEST(BorrowedMemory, AGraphKeepsTheMemoryItSaved) {
  int calls = 0;
  float data[2] = {3, 4};
  Tensor w = ones({2}).requires_grad_(), loss;
  {
    Tensor x = from_blob(data, {2}, [&](void *) { ++calls; });
    loss = (w * x).sum();
  }
  EXPECT_EQ(calls, 0);
  loss.backward();
  EXPECT_EQ(calls, 1); // the pass has freed what was saved
  EXPECT_EQ(values(w.grad()), Values({3, 4}));
}
TEST(BorrowedMemory, AFailedCallDropsTheDeleterUncalled) {
  auto alive = std::make_shared<int>(0);
  float data[2] = {};
  EXPECT_THROW(from_blob(data, {-1}, [alive](void *) { ++*alive; }), Error);
  EXPECT_EQ(alive.use_count(), 1);
  EXPECT_EQ(*alive, 0);
}

TEST(DLPack, AnExportAliasesTheTensor) {
  Tensor t = arange(6.).view({2, 3}).t(), read;
  DLManagedTensor *managed = toDLPack(t);
  const DLTensor &dl = managed->dl_tensor;
  EXPECT_EQ(dl.device.device_type, kDLCPU);
  EXPECT_EQ(std::vector<int64_t>(dl.shape, dl.shape + dl.ndim), Ints({3, 2}));
  EXPECT_EQ(std::vector<int64_t>(dl.strides, dl.strides + dl.ndim), Ints({1, 3}));
  EXPECT_EQ(dl.dtype.code, kDLFloat);
  EXPECT_EQ(dl.dtype.bits, 32);
  auto *data = static_cast<float *>(dl.data);
  data[4] = 50;
  EXPECT_EQ(t[1][1].item<float>(), 50);
  t.add_(1);
  EXPECT_EQ(data[4], 51);
  Tensor before = t * 1;
  data[4] = 7;
  EXPECT_EQ(before[1][1].item<float>(), 51);
  t.reset(); // the export keeps the memory
  EXPECT_EQ(data[5], 6);
  managed->deleter(managed);
}
TEST(DLPack, AStorageIsOrdinaryAgainAfterTheLastExport) {
  Tensor t = ones({3}) * 2, view = t[0];
  DLManagedTensor *first = toDLPack(t), *second = toDLPack(view);
  first->deleter(first);
  t + 1;
  EXPECT_TRUE(t.impl()->storage->borrowed);
  static_cast<float *>(second->dl_tensor.data)[1] = 9;
  second->deleter(second);
  Tensor sum = t + view;
  EXPECT_FALSE(t.impl()->storage->borrowed);
  EXPECT_EQ(values(sum), Values({4, 11, 4}));
  t.add_(1);
  EXPECT_EQ(values(t), Values({3, 10, 3}));
  // A pointer has no end.
  DLManagedTensor *third = toDLPack(t);
  t.data_ptr();
  third->deleter(third);
  t + 1;
  EXPECT_TRUE(t.impl()->storage->borrowed);
}
TEST(DLPack, AnImportAliasesTheMemoryAndCallsTheDeleterOnce) {
  struct Foreign {
    DLManagedTensor managed = {};
    int16_t data[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    int64_t shape[2] = {2, 2}, strides[2] = {4, 2};
    int deleted = 0;
  } foreign;
  DLTensor &dl = foreign.managed.dl_tensor;
  dl.data = foreign.data, dl.byte_offset = sizeof(int16_t), dl.ndim = 2;
  dl.shape = foreign.shape, dl.strides = foreign.strides;
  dl.device = {kDLCPU, 0}, dl.dtype = {kDLInt, 16, 1};
  foreign.managed.manager_ctx = &foreign;
  foreign.managed.deleter = [](DLManagedTensor *m) {
    ++static_cast<Foreign *>(m->manager_ctx)->deleted;
  };
  Tensor t = fromDLPack(&foreign.managed), row = t[1];
  EXPECT_EQ(t.scalar_type(), kShort);
  EXPECT_EQ(values(t), Values({1, 3, 5, 7}));
  row.mul_(10);
  EXPECT_EQ(foreign.data[7], 70);
  foreign.data[1] = -1;
  EXPECT_EQ(t[0][0].item<int>(), -1);
  t.reset();
  EXPECT_EQ(foreign.deleted, 0);
  row.reset();
  EXPECT_EQ(foreign.deleted, 1);
}
TEST(DLPack, EveryDtypeGoesBothWays) {
  for (ScalarType dtype :
       {kBool, kByte, kChar, kShort, kInt, kLong, kHalf, kBFloat16, kFloat, kDouble}) {
    Tensor t = ones({2, 0, 3}, dtype), u = ones({}, dtype);
    EXPECT_EQ(sizes(fromDLPack(toDLPack(t))), sizes(t));
    Tensor back = fromDLPack(toDLPack(u));
    EXPECT_EQ(back.scalar_type(), dtype);
    EXPECT_EQ(back.data_ptr(), u.data_ptr());
    EXPECT_EQ(back.item<int>(), 1);
  }
}
TEST(DLPack, WhatCannotBeUsedIsLeftToTheCaller) {
  int deleted = 0;
  float data[2] = {};
  int64_t shape[1] = {2}, strides[1] = {-1};
  DLManagedTensor managed = {};
  managed.manager_ctx = &deleted;
  managed.deleter = [](DLManagedTensor *m) { ++*static_cast<int *>(m->manager_ctx); };
  DLTensor &dl = managed.dl_tensor;
  dl.data = data, dl.ndim = 1, dl.shape = shape;
  dl.device = {kDLCUDA, 0}, dl.dtype = {kDLFloat, 32, 1};
  expectThrows<Error>([&] { fromDLPack(&managed); }, {"fromDLPack", "device"});
  dl.device = {kDLCPU, 0}, dl.dtype = {kDLComplex, 64, 1};
  expectThrows<Error>([&] { fromDLPack(&managed); }, {"fromDLPack", "64 bits"});
  dl.dtype = {kDLFloat, 32, 1}, dl.strides = strides;
  expectThrows<Error>([&] { fromDLPack(&managed); }, {"[-1]"});
  expectThrows<Error>([] { fromDLPack(nullptr); }, {"null"});
  expectThrows<Error>([] { toDLPack(Tensor()); }, {"toDLPack", "undefined"});
  EXPECT_EQ(deleted, 0);
}
