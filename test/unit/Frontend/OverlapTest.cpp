//===- OverlapTest.cpp - writes whose operands lie in the memory that is written --------------===//

#include "Support.h"

using namespace frontend_test;

namespace {
template <class F> void refused(F &&call) {
  expectThrows<torch::Error>(call, {"one in memory", "clone()"});
}
} // namespace

TEST(Overlap, PartialIsRefusedAndNothingIsWritten) {
  Tensor x = torch::arange(6.), m = torch::arange(9.).view({3, 3});
  Tensor head = x.slice(0, 0, 5), tail = x.slice(0, 1, 6);
  refused([&] { head.copy_(tail); });
  refused([&] { head.add_(tail); });
  refused([&] { head.lerp_(tail, 0.5); });
  refused([&] { m.add_(m.t()); });
  refused([&] { m.copy_(m.t()); });
  refused([&] { torch::add_out(head, tail, torch::ones({5})); });
  refused([&] { x.index({Slice(0, 5)}) = tail; });
  EXPECT_EQ(values(x), Values({0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(x._version(), 0);
}

TEST(Overlap, TheSameElementsAndDisjointOnesAreFine) {
  Tensor x = torch::arange(4.), m = torch::arange(4.).view({2, 2});
  x.sub_(x.view({4}));
  torch::add_out(x, x, x);
  m[0].copy_(m[1]);
  m.add_(m);
  x.copy_(x);
  EXPECT_EQ(values(x), Values({0, 0, 0, 0}));
  EXPECT_EQ(values(m), Values({4, 6, 4, 6}));
}

TEST(Overlap, ScattersMayNotReadWhatTheyWrite) {
  Tensor x = torch::zeros({4});
  const Tensor all = torch::arange(4);
  refused([&] { x.index_add_(0, all, x); });
  refused([&] { x.scatter_(0, all, x); });
  refused([&] { x.index_copy_(0, all, x); });
  refused([&] { torch::cat_out(x, {x, x}); });
  refused([&] { torch::gather_out(x, x, 0, all); });
}
