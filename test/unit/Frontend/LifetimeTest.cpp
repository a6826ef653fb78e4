// A tensor, its storage and its value are one block of memory; each of them may outlive the others.

#include "Frontend/TensorImpl.h"
#include "Support.h"

#include <thread>

namespace {

torch::Tensor recorded() { return torch::full({3}, 2.f) * torch::tensor({1.f, 2.f, 3.f}); }

TEST(Lifetime, AResultIsOneBlockWithItsStorageAndItsValue) {
  torch::Tensor t = recorded();
  const tjit::TensorImpl &impl = *t.impl();
  EXPECT_EQ(static_cast<const tjit::Storage *>(static_cast<const tjit::TensorBlock *>(&impl)),
            impl.storage.get());
  EXPECT_EQ(&impl.type(), &impl.storage->value->type);
}

TEST(Lifetime, AViewKeepsTheStorageOfATensorThatIsGone) {
  torch::Tensor view;
  {
    torch::Tensor t = recorded();
    view = t.slice(0, 1, 3);
    t.add_(1);
  }
  EXPECT_EQ(view[0].item<float>(), 5);
  view.mul_(2);
  EXPECT_EQ(view[1].item<float>(), 14);
}

TEST(Lifetime, AValueOutlivesTheTensorThatRecordedIt) {
  torch::Tensor state = torch::zeros({3}), copy;
  {
    torch::Tensor t = recorded();
    state.copy_(t);
    copy = t.clone();
  }
  state.add_(1);
  EXPECT_EQ(copy[2].item<float>(), 6);
  EXPECT_EQ(state[2].item<float>(), 7);
}

TEST(Lifetime, ATensorOutlivesItsFirstValue) {
  torch::Tensor t = recorded();
  for (int i = 0; i < 3; ++i)
    t.copy_(recorded() + i);
  EXPECT_EQ(t[0].item<float>(), 4);
}

TEST(Lifetime, MoreDimensionsThanFitInline) {
  torch::Tensor t = torch::full({1, 2, 1, 1, 1, 1, 1, 3}, 2.f), view;
  {
    torch::Tensor u = t + t;
    view = u.select(1, 1);
  }
  EXPECT_EQ(view.sum().item<float>(), 12);
}

TEST(Lifetime, PartsMayDieInDifferentThreads) {
  constexpr int kRounds = 2000;
  std::vector<torch::Tensor> tensors, views, copies;
  for (int i = 0; i < kRounds; ++i) {
    tensors.push_back(recorded());
    views.push_back(tensors.back().slice(0, 0, 2));
    copies.push_back(tensors.back().clone());
  }
  std::thread a([&] { tensors.clear(); }), b([&] { views.clear(); });
  for (torch::Tensor &copy : copies)
    copy.reset();
  a.join(), b.join();
  EXPECT_EQ(recorded()[1].item<float>(), 4);
}

TEST(Lifetime, ARepeatedNumberIsReadAsTheNumber) {
  torch::Tensor x = torch::arange(6).to(torch::kFloat).view({3, 2}), n = torch::tensor(2.f) * 2;
  torch::Tensor expanded = n.expand({3, 2});
  torch::Tensor product = expanded * x, column = x + n.expand({2}), both = expanded - expanded;
  EXPECT_EQ(product.sizes(), torch::IntArrayRef({3, 2}));
  EXPECT_TRUE(product.is_contiguous());
  EXPECT_EQ(product.sum().item<float>(), 60);
  EXPECT_EQ(column.sum().item<float>(), 39);
  EXPECT_EQ(both.sizes(), torch::IntArrayRef({3, 2}));
  EXPECT_EQ(both.sum().item<float>(), 0);
}

TEST(Lifetime, RowsBroadcastTheShortWay) {
  torch::Tensor x = torch::arange(6).to(torch::kFloat).view({3, 2});
  torch::Tensor row = torch::tensor({10.f, 20.f}),
                column = torch::tensor({1.f, 2.f, 3.f}).view({3, 1});
  EXPECT_EQ((x + row).sum().item<float>(), 105);
  EXPECT_EQ((row - x).sum().item<float>(), 75);
  EXPECT_EQ((x * column)[2][1].item<float>(), 15);
  EXPECT_EQ((column + row).sizes(), torch::IntArrayRef({3, 2}));
  EXPECT_THROW(x + torch::tensor({1.f, 2.f, 3.f}), torch::Error);
}

} // namespace
