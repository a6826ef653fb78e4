//===- HistoryNamesTest.cpp - names of histories, and what they keep --------------------------===//
//
// tjit-goldens compares the names of many calls; here stands what a single call cannot show.
//
//===------------------------------------------------------------------------------------------===//

#include "tjit/torch.h"

#include <gtest/gtest.h>

#include <functional>

namespace {

using torch::Tensor;
using torch::indexing::Slice;

std::string nameOf(const Tensor &t) { return t.grad_fn() ? t.grad_fn()->name() : "-"; }
Tensor leaf() { return torch::rand({3, 3}).requires_grad_(); }

TEST(HistoryNames, TellOverloadsApart) {
  const Tensor x = leaf();
  EXPECT_EQ(nameOf(x + x), "AddBackward0");
  EXPECT_EQ(nameOf(x + 1), "AddBackward1");
  EXPECT_EQ(nameOf(x.pow(2)), "PowBackward0");
  EXPECT_EQ(nameOf(x.pow(x)), "PowBackward1");
  EXPECT_EQ(nameOf(x.sum()), "SumBackward0");
  EXPECT_EQ(nameOf(x.sum(0)), "SumBackward1");
  EXPECT_EQ(nameOf(x.log1p()), "Log1PBackward0");
}

TEST(HistoryNames, OfWritesAreThoseOfTheInPlaceForm) {
  const Tensor x = leaf();
  Tensor y = x * 1;
  y += 1;
  EXPECT_EQ(nameOf(y), "AddBackward1");
  y.acosh_();
  EXPECT_EQ(nameOf(y), "AcoshBackward1");
  y.t_();
  EXPECT_EQ(nameOf(y), "TBackward1");
  y.fill_(2);
  EXPECT_EQ(nameOf(y), "FillBackward2");
}

TEST(HistoryNames, OfAWrittenViewStayThoseOfViews) {
  Tensor y = leaf() * 1, row = y[0];
  EXPECT_EQ(nameOf(row), "SelectBackward0");
  row.mul_(3);
  EXPECT_EQ(nameOf(y), "torch::autograd::CopySlices");
  EXPECT_EQ(nameOf(row), "AsStridedBackward0");
}

TEST(HistoryNames, StayWhereTheResultWasThereBefore) {
  const Tensor y = leaf() * 1;
  EXPECT_TRUE(y.to(torch::kFloat).is_same(y));
  (void)torch::dropout(y, 0.5, /*train=*/false);
  EXPECT_EQ(nameOf(y), "MulBackward1");
}

TEST(HistoryNames, OfIndexing) {
  const Tensor x = leaf(), i = torch::tensor({0, 2});
  EXPECT_EQ(nameOf(x.index({i})), "IndexBackward0");
  EXPECT_EQ(nameOf(x.index({i.narrow(0, 0, 0)})), "IndexBackward0");
  EXPECT_EQ(nameOf(x.index({Slice(1)})), "SliceBackward0");
  Tensor y = x * 1;
  y.index_put_({i}, torch::zeros({3}));
  EXPECT_EQ(nameOf(y), "IndexPutBackward0");
}

TEST(HistoryNames, OfAWriteToAPartThroughAnIndexIsThatOfAViews) {
  Tensor y = leaf() * 1;
  y.index_put_({1, torch::tensor({0, 2})}, torch::zeros({2}));
  EXPECT_EQ(nameOf(y), "torch::autograd::CopySlices");
}

/// A write to what tells the elements must be an error of the pass, whatever became of it inside.
void expectSaved(const char *what, const std::function<Tensor(const Tensor &, const Tensor &)> &f,
                 torch::ScalarType dtype = torch::kLong) {
  SCOPED_TRACE(what);
  Tensor x = leaf(), index = torch::tensor({0, 2, 1}).to(dtype);
  const Tensor before = f(x, index).sum();
  before.backward();
  EXPECT_TRUE(x.grad().defined());
  const Tensor after = f(x, index).sum();
  index.add_(0);
  try {
    after.backward();
    ADD_FAILURE() << "no error";
  } catch (const torch::Error &e) {
    EXPECT_NE(std::string(e.what()).find("modified by an inplace operation"), std::string::npos)
        << e.what();
  }
}

TEST(HistorySaves, IndicesThatWereConverted) {
  using T = const Tensor &;
  expectSaved("index", [](T x, T i) { return x.index({i}); });
  expectSaved("index of two", [](T x, T i) { return x.index({i, i}); });
  expectSaved("index of int32", [](T x, T i) { return x.index({i}); }, torch::kInt);
  expectSaved("index_select", [](T x, T i) { return x.index_select(0, i); }, torch::kInt);
  expectSaved("take", [](T x, T i) { return x.take(i); });
  expectSaved("index_fill", [](T x, T i) { return x.index_fill(0, i, 1.5); });
  expectSaved("index_put", [](T x, T i) { return x.index_put({i}, x * 2); });
  expectSaved("put", [](T x, T i) { return x.put(i, x[0]); });
  expectSaved("nll_loss", [](T x, T i) { return torch::nll_loss(x, i); });
  expectSaved("embedding", [](T x, T i) { return torch::embedding(x, i); }, torch::kInt);
  expectSaved("a write to a view", [](T x, T i) {
    Tensor y = x * 1;
    y.narrow(0, 0, 3).index_put_({i}, x * 2);
    return y;
  });
}

TEST(HistorySaves, NumbersAreNoTensorsThatAPassFrees) {
  const Tensor x = leaf(), y = (x * 2).sum(), z = (x * x).sum();
  y.backward();
  y.backward();
  EXPECT_TRUE(x.grad().equal(torch::full({3, 3}, 4)));
  z.backward();
  EXPECT_THROW(z.backward(), torch::Error);
}

TEST(HistorySaves, ADerivativeThatIsFreedLeavesTheFunctionAlone) {
  const Tensor x = leaf(), g = torch::autograd::grad({x.pow(3).sum()}, {x}, {}, true, true)[0];
  const Tensor second = torch::autograd::grad({g.sum()}, {x}, {}, true, true)[0];
  (void)torch::autograd::grad({second.sum()}, {x}); // frees what it passes
  const Tensor again = torch::autograd::grad({g.sum()}, {x}, {}, true)[0];
  EXPECT_TRUE(again.allclose(x.detach() * 6));
}

TEST(HistorySaves, Masks) {
  Tensor x = leaf(), mask = torch::eye(3).to(torch::kBool);
  const Tensor y = x.masked_select(mask).sum(), z = x.index({mask}).sum();
  mask.logical_not_();
  EXPECT_THROW(y.backward(), torch::Error);
  EXPECT_THROW(z.backward(), torch::Error);
}

} // namespace
