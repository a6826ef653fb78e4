//===- GeometryTest.cpp - geometry that changes in place --------------------------------------===//
//
// Every handle of the tensor sees the change; older views, versions and gradients go on as in
// PyTorch.
//
//===------------------------------------------------------------------------------------------===//

#include "tjit/torch.h"

#include <gtest/gtest.h>

namespace torch = tjit;
using torch::IntArrayRef;
using torch::Tensor;

namespace {

using V = std::vector<double>;

V valuesOf(const Tensor &t) {
  const Tensor dense = t.detach().to(torch::kFloat64).contiguous();
  const double *p = dense.const_data_ptr<double>();
  return {p, p + dense.numel()};
}
Tensor leaf(V values) { return torch::tensor(values, torch::kFloat64).requires_grad_(true); }
V gradient(const Tensor &of, const Tensor &by) {
  return valuesOf(torch::autograd::grad({of.sum()}, {by}, {}, true)[0]);
}
Tensor grid() { return torch::arange(6.).reshape({2, 3}) + 0.; } // pending

} // namespace

TEST(ShapesInPlace, TheTensorBecomesTheViewAndWritesReachItsBase) {
  const Tensor base = torch::arange(6).reshape({2, 3});
  Tensor row = base[0];
  row.unsqueeze_(1);
  EXPECT_EQ(row.sizes(), torch::IntArrayRef({3, 1}));
  row.fill_(9);
  EXPECT_EQ(valuesOf(base), (std::vector<double>{9, 9, 9, 3, 4, 5}));
}

TEST(ShapesInPlace, HistoryGoesOnThroughTheOldGeometry) {
  const Tensor x = leaf({1, 2, 3, 4});
  Tensor y = (x * 2).reshape({2, 2});
  y.t_();
  y[0].mul_(10); // y's first row: elements 0 and 2 of x
  const Tensor g = torch::autograd::grad({y.sum()}, {x})[0];
  EXPECT_EQ(valuesOf(g), (std::vector<double>{20, 2, 20, 2}));
}

TEST(ShapesInPlace, EveryHandleSeesTheChange) {
  Tensor x = grid();
  const Tensor other = x;
  std::vector<Tensor> list{x};
  x.t_();
  EXPECT_TRUE(other.is_same(x));
  for (const Tensor &t : {other, list[0]}) {
    EXPECT_EQ(t.sizes(), IntArrayRef({3, 2}));
    EXPECT_EQ(t.strides(), IntArrayRef({1, 3}));
    EXPECT_EQ(valuesOf(t), V({0, 3, 1, 4, 2, 5}));
  }
  other.unsqueeze_(0);
  EXPECT_EQ(x.sizes(), IntArrayRef({1, 3, 2}));
  x.squeeze_(IntArrayRef({0, 1}));
  EXPECT_EQ(other.sizes(), IntArrayRef({3, 2}));
  x.swapaxes_(0, -1);
  EXPECT_TRUE(list[0].is_contiguous());
  x.as_strided_({2, 2}, {3, 1}, 1);
  EXPECT_EQ(valuesOf(list[0]), V({1, 2, 4, 5}));
  EXPECT_FALSE(x.is_view());
}

TEST(ShapesInPlace, AValueThatOthersShareKeepsItsSizes) {
  Tensor x = grid();
  const Tensor copy = x.clone(), twice = x * 2; // the copy shares the pending value
  x.unsqueeze_(0).unsqueeze_(0).unsqueeze_(0).unsqueeze_(0).unsqueeze_(0);
  EXPECT_EQ(x.dim(), 7); // a list of sizes on the heap
  EXPECT_EQ(valuesOf(copy + 1), V({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(copy.sizes(), IntArrayRef({2, 3}));
  EXPECT_EQ(valuesOf(twice), V({0, 2, 4, 6, 8, 10}));
  EXPECT_EQ((x + copy).sizes(), x.sizes());
}

TEST(ShapesInPlace, TheVersionCounts) {
  Tensor x = grid();
  x.t_();
  EXPECT_EQ(x._version(), 1);
  x.squeeze_(); // nothing to squeeze
  EXPECT_EQ(x._version(), 2);
  Tensor vector = torch::arange(3.);
  vector.t_();
  EXPECT_EQ(vector._version(), 1);
}

TEST(ShapesInPlace, TheHistoryIsThatOfTheStep) {
  const Tensor x = leaf({1, 2, 3, 4});
  Tensor y = (x * 2).reshape({2, 2}).clone();
  const Tensor other = y;
  y.t_();
  const Tensor factors = torch::tensor({1., 10., 100., 1000.}, torch::kFloat64).view({2, 2});
  EXPECT_EQ(gradient(other * factors, x), V({2, 200, 20, 2000}));
  EXPECT_FALSE(other.is_leaf());
}

TEST(ShapesInPlace, OlderAndNewerViewsSeeWritesAndGradients) {
  const Tensor x = leaf({1, 2, 3, 4, 5, 6});
  Tensor y = x.reshape({2, 3}).mul(1);
  const Tensor older = y[1];
  y.t_();
  const Tensor newer = y[2]; // elements 2 and 5
  y.unsqueeze_(0);
  const Tensor newest = y.select(1, 0); // [[1, 4]]
  newer.mul_(10);
  EXPECT_EQ(valuesOf(older), V({4, 5, 60}));
  EXPECT_EQ(valuesOf(y), V({1, 4, 2, 5, 30, 60}));
  EXPECT_EQ(gradient(older, x), V({0, 0, 0, 1, 1, 10}));
  EXPECT_EQ(gradient(y, x), V({1, 1, 10, 1, 1, 10}));
  EXPECT_EQ(gradient(newest, x), V({1, 0, 0, 1, 0, 0}));
  older.fill_(0);
  EXPECT_EQ(gradient(y, x), V({1, 1, 10, 0, 0, 0}));
  EXPECT_EQ(gradient(newest, x), V({1, 0, 0, 0, 0, 0}));
}

TEST(ShapesInPlace, AWriteToTheTensorReplacesItsHistory) {
  const Tensor x = leaf({1, 2, 3}), z = leaf({4, 5, 6});
  Tensor y = x * 2;
  const Tensor view = y.slice(0, 1, 3);
  y.unsqueeze_(1);
  y.copy_(z.view({3, 1}) * 3);
  EXPECT_EQ(gradient(y, z), V({3, 3, 3}));
  EXPECT_EQ(gradient(view, z), V({0, 3, 3}));
}

TEST(ShapesInPlace, AChangedViewStaysAViewOfItsBase) {
  const Tensor x = leaf({1, 2, 3, 4});
  const Tensor base = x.view({2, 2}) * 1;
  Tensor row = base[1];
  row.unsqueeze_(0).mul_(5);
  EXPECT_TRUE(row.is_view());
  EXPECT_EQ(valuesOf(base), V({1, 2, 15, 20}));
  EXPECT_EQ(gradient(base, x), V({1, 1, 5, 5}));
  EXPECT_THROW(row.detach_(), torch::Error);
}

TEST(ShapesInPlace, ASavedTensorThatMovedIsAnError) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 1;
  const Tensor loss = (y * y).sum();
  y.unsqueeze_(0);
  EXPECT_THROW(loss.backward(), torch::Error);
  Tensor e = x.exp();
  e.unsqueeze_(0); // exp saved its result
  EXPECT_THROW(e.sum().backward(), torch::Error);
}

TEST(ShapesInPlace, LeavesMoveWithoutGradModeOnly) {
  Tensor w = torch::ones({2, 3}).requires_grad_(true);
  EXPECT_THROW(w.t_(), torch::Error);
  EXPECT_THROW(w.view({3, 2}).t_(), torch::Error);
  EXPECT_EQ(w.sizes(), IntArrayRef({2, 3}));
  const Tensor before = w.sum(0);
  {
    torch::NoGradGuard guard;
    w.t_();
  }
  EXPECT_TRUE(w.is_leaf());
  EXPECT_TRUE(w.requires_grad());
  (w * 2).sum().backward();
  EXPECT_EQ(w.grad().sizes(), IntArrayRef({3, 2}));
  EXPECT_THROW(before.sum().backward(), torch::Error); // its gradient has the old sizes
}

TEST(ShapesInPlace, WithoutGradModeGradientsStillHaveTheRightPlace) {
  const Tensor x = leaf({1, 2, 3, 4});
  Tensor y = x.view({2, 2}) * 1;
  {
    torch::NoGradGuard guard;
    y.t_();
  }
  EXPECT_EQ(gradient(y[0], x), V({1, 0, 1, 0}));
}

TEST(ShapesInPlace, RetainedGradientsHaveTheNewSizes) {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 1;
  y.retain_grad();
  y.unsqueeze_(0);
  (y * 3).sum().backward();
  EXPECT_EQ(y.grad().sizes(), IntArrayRef({1, 2}));
}

TEST(ShapesInPlace, DetachForgetsTheHistoryForGood) {
  const Tensor x = leaf({1, 2, 3, 4});
  Tensor y = x.view({2, 2}) * 1;
  y.t_();
  y.detach_();
  y.add_(1);
  EXPECT_FALSE(y.requires_grad());
  EXPECT_EQ(valuesOf(y), V({2, 4, 3, 5}));
}

TEST(ShapesInPlace, RepeatedChangesKeepNoChain) {
  Tensor x = grid();
  const Tensor row = x[0];
  for (int i = 0; i < 100000; ++i)
    x.t_();
  row.fill_(7);
  EXPECT_EQ(valuesOf(x), V({7, 7, 7, 3, 4, 5}));
} // dropping a chain of this length would be slow, and the memory would show

TEST(ShapesInPlace, ACompiledFunctionMayMoveWhatItMakes) {
  auto f = torch::compile([](const Tensor &x) {
    Tensor y = x * 2;
    return y.t_() + 1;
  });
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(valuesOf(f(torch::arange(6.).reshape({2, 3}))), V({1, 7, 3, 9, 5, 11}));
  Tensor outside = grid();
  auto g = torch::compile([&](const Tensor &x) {
    outside.t_();
    return x + 1;
  });
  for (int i = 0; i < 3; ++i)
    g(torch::ones({2}));
  EXPECT_EQ(outside.sizes(), IntArrayRef({3, 2})); // moved three times
}

TEST(Resize, KeepsTheElementsAndSharesTheMemory) {
  Tensor x = torch::arange(6.);
  const Tensor other = x, view = x.slice(0, 0, 2);
  x.resize_({2, 2});
  EXPECT_EQ(other.sizes(), IntArrayRef({2, 2}));
  EXPECT_EQ(valuesOf(other), V({0, 1, 2, 3}));
  x.resize_({2, 4}); // the storage has 6
  EXPECT_EQ(x.numel(), 8);
  const V all = valuesOf(x);
  EXPECT_EQ(V(all.begin(), all.begin() + 6), V({0, 1, 2, 3, 4, 5}));
  x.fill_(3);
  EXPECT_EQ(valuesOf(view), V({3, 3}));
  Tensor empty = torch::empty({0}, torch::kInt64);
  empty.resize_as_(torch::ones({3}));
  EXPECT_EQ(empty.sizes(), IntArrayRef({3}));
  EXPECT_EQ(empty.scalar_type(), torch::kInt64);
}

TEST(Resize, IsRefusedWhereItCannotBe) {
  Tensor w = torch::ones({2}).requires_grad_(true);
  EXPECT_THROW(w.resize_({3}), torch::Error);
  float memory[4] = {1, 2, 3, 4};
  Tensor borrowed = torch::from_blob(memory, {4});
  borrowed.resize_({2});
  EXPECT_EQ(valuesOf(borrowed), V({1, 2}));
  EXPECT_THROW(borrowed.resize_({5}), torch::Error);
  EXPECT_THROW(borrowed.resize_({-1}), torch::Error);
  EXPECT_EQ(borrowed.sizes(), IntArrayRef({2}));
}

TEST(SetData, GivesMemoryAndGeometryAndKeepsTheLeaf) {
  Tensor w = torch::ones({2}).requires_grad_(true);
  const Tensor other = w, data = torch::arange(3.);
  w.set_data(data);
  EXPECT_EQ(valuesOf(other), V({0, 1, 2}));
  EXPECT_TRUE(other.requires_grad() && other.is_leaf());
  data.fill_(5);
  EXPECT_EQ(valuesOf(other), V({5, 5, 5}));
  (w * 2).sum().backward();
  EXPECT_EQ(valuesOf(w.grad()), V({2, 2, 2}));
}

TEST(SetData, SetTakesTheMemoryOfTheSameDtype) {
  Tensor x = torch::ones({2});
  const Tensor old = x.view({2, 1}), source = torch::arange(4.).view({2, 2}).t();
  x.set_(source);
  EXPECT_EQ(valuesOf(x), V({0, 2, 1, 3}));
  x.fill_(1);
  EXPECT_EQ(valuesOf(source), V({1, 1, 1, 1}));
  EXPECT_EQ(valuesOf(old), V({1, 1}));
  EXPECT_THROW(x.set_(torch::ones({2}, torch::kInt64)), torch::Error);
  x.set_();
  EXPECT_EQ(x.numel(), 0);
}
