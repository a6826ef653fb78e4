//===- demo_step.h ----------------------------------------------------------------------------===//
// The demo's training step, for the benchmarks of starting and of compiling.
#pragma once

#include <tjit/torch.h>

/// A step of the digit classifier: 64 images of 64 pixels, 128 hidden units, SGD with momentum. The
/// loss of the first one.
inline float demoStep() {
  torch::manual_seed(1);
  auto x = torch::rand({64, 64}), w1 = torch::randn({64, 128}) * 0.1,
       w2 = torch::randn({128, 10}) * 0.1;
  auto labels = torch::arange(64).remainder(10);
  auto b1 = torch::zeros({128}, torch::requires_grad()),
       b2 = torch::zeros({10}, torch::requires_grad());
  w1.requires_grad_(true), w2.requires_grad_(true);
  auto loss = torch::cross_entropy(torch::relu(x.matmul(w1) + b1).matmul(w2) + b2, labels);
  loss.backward();
  torch::NoGradGuard guard;
  for (auto *p : {&w1, &b1, &w2, &b2}) {
    auto momentum = torch::zeros_like(*p);
    momentum.mul_(0.9).add_(p->grad());
    p->sub_(momentum, 0.1);
  }
  torch::eval({w1, b1, w2, b2, loss});
  return loss.item<float>();
}
