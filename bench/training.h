//===- training.h -----------------------------------------------------------------------------===//
// Workloads with gradients, written once for tjit and for libtorch.
//
// The includer has `namespace torch`, says in `evaluate(tensors)`, a function of a list of tensors,
// how their values come to be in memory, and makes random numbers there in `input(sizes)`.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "workload.h"

namespace {

using bench::product;
using bench::workload;

/// A parameter of small random numbers.
torch::Tensor weight(torch::IntArrayRef sizes) {
  return (input(sizes) * 0.05).requires_grad_(true);
}

torch::Tensor bias(int64_t size) { return torch::zeros({size}, torch::requires_grad()); }

/// p - 0.01 * gradient for every parameter, in place; no gradients are left.
void descend(std::initializer_list<torch::Tensor *> parameters) {
  torch::NoGradGuard guard;
  for (torch::Tensor *p : parameters) {
    *p -= 0.01 * p->grad();
    p->mutable_grad().reset();
  }
}

const bool training[] = {
    // The gradients of sum(a * b + sin(c)) over 1000 elements.
    workload("autograd_seed", {},
             [] {
               auto a = input({1000}).requires_grad_(true), b = input({1000}).requires_grad_(true),
                    c = input({1000}).requires_grad_(true);
               return [a, b, c]() mutable {
                 (a * b + torch::sin(c)).sum().backward();
                 evaluate({a.grad(), b.grad(), c.grad()});
                 for (auto *t : {&a, &b, &c})
                   t->mutable_grad().reset();
               };
             }),
    // One step of a linear regression over 100 points: both new parameters and the loss.
    workload("linreg_train", {},
             [] {
               auto x = input({100, 1}), y = input({100, 1});
               auto w = input({1, 1}).requires_grad_(true), b = input({1}).requires_grad_(true);
               return [x, y, w, b]() mutable {
                 auto loss = (x.matmul(w) + b - y).pow(2).mean();
                 loss.backward();
                 descend({&w, &b});
                 evaluate({w, b, loss});
               };
             }),
    // 784-256-10, batch 64: forward, cross-entropy, backward, one SGD step of all four parameters.
    workload("mlp_train", {.flops = 2 * product(64, 784, 256) + 3 * product(64, 256, 10)},
             [] {
               auto x = input({64, 784});
               auto y = torch::randint(0, 10, {64});
               auto w1 = weight({784, 256}), b1 = bias(256);
               auto w2 = weight({256, 10}), b2 = bias(10);
               return [x, y, w1, b1, w2, b2]() mutable {
                 auto loss = torch::nn::functional::cross_entropy(
                     torch::relu(x.matmul(w1) + b1).matmul(w2) + b2, y);
                 loss.backward();
                 descend({&w1, &b1, &w2, &b2});
                 evaluate({w1, b1, w2, b2});
               };
             }),
    // 784-1024-1024-10 with gelu, batch 4096: what a step keeps in memory is large.
    workload("mlp_wide_train",
             {.flops = 2 * product(4096, 784, 1024) + 3 * product(4096, 1024, 1024) +
                       3 * product(4096, 1024, 10)},
             [] {
               auto x = input({4096, 784});
               auto y = torch::randint(0, 10, {4096});
               auto w1 = weight({784, 1024}), b1 = bias(1024);
               auto w2 = weight({1024, 1024}), b2 = bias(1024);
               auto w3 = weight({1024, 10}), b3 = bias(10);
               return [=]() mutable {
                 auto h = torch::gelu(x.matmul(w1) + b1);
                 h = torch::gelu(h.matmul(w2) + b2);
                 torch::nn::functional::cross_entropy(h.matmul(w3) + b3, y).backward();
                 descend({&w1, &b1, &w2, &b2, &w3, &b3});
                 evaluate({w1, b1, w2, b2, w3, b3});
               };
             }),
    // A transformer block: 8 sequences of 256 tokens, 256 wide, 4 heads.
    workload("block_train", {},
             [] {
               auto x = input({8, 256, 256}), target = input({8, 256, 256});
               auto qkv = weight({256, 768}), out = weight({256, 256});
               auto up = weight({256, 1024}), upBias = bias(1024);
               auto down = weight({1024, 256}), downBias = bias(256);
               auto heads = [](const torch::Tensor &t) {
                 return t.reshape({8, 256, 4, 64}).transpose(1, 2);
               };
               return [=]() mutable {
                 auto parts = torch::layer_norm(x, {256}).matmul(qkv).chunk(3, -1);
                 auto scores = heads(parts[0]).matmul(heads(parts[1]).transpose(-2, -1)) * 0.125;
                 auto seen = torch::softmax(scores, -1).matmul(heads(parts[2]));
                 auto h = x + seen.transpose(1, 2).reshape({8, 256, 256}).matmul(out);
                 auto wide = torch::gelu(torch::layer_norm(h, {256}).matmul(up) + upBias);
                 auto y = h + wide.matmul(down) + downBias;
                 (y - target).pow(2).mean().backward();
                 descend({&qkv, &out, &up, &upBias, &down, &downBias});
                 evaluate({qkv, out, up, upBias, down, downBias});
               };
             }),
};

} // namespace
