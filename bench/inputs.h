//===- inputs.h - tensors that are in memory before the clock runs ----------------------------===//
#pragma once

#include <tjit/torch.h>

inline void evaluate(const std::vector<torch::Tensor> &tensors) { torch::eval(tensors); }

/// Random numbers.
inline torch::Tensor input(torch::IntArrayRef sizes) {
  torch::Tensor t = torch::randn(sizes);
  evaluate({t});
  return t;
}
