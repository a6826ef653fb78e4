//===- Differences.h - gradients against central finite differences ---------------------------===//
//
// A function of float64 tensors is reduced to a scalar by fixed weights; its gradient by the
// backward pass must equal the differences of the scalar. Second and third derivatives are the same
// check on the weighted gradient.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <tjit/torch.h>
#include <vector>

namespace tjit::testing {

using Tensors = std::vector<Tensor>;
using Function = std::function<Tensor(const Tensors &)>;

/// Repeatable numbers in [low, high].
class Numbers {
public:
  explicit Numbers(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
  double next(double low, double high) {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return low + (high - low) * (static_cast<double>(state_ >> 11) * 0x1p-53);
  }
  std::vector<double> list(int64_t n, double low, double high) {
    std::vector<double> values;
    for (int64_t i = 0; i < n; ++i)
      values.push_back(next(low, high));
    return values;
  }

private:
  uint64_t state_;
};

struct Input {
  std::vector<double> values;
  std::vector<int64_t> sizes;
};
inline Input randomInput(std::vector<int64_t> sizes, double low, double high, uint64_t seed) {
  int64_t n = 1;
  for (int64_t s : sizes)
    n *= s;
  return {Numbers(seed).list(n, low, high), std::move(sizes)};
}
inline Tensor toTensor(const Input &input) {
  return torch::tensor(input.values, torch::kFloat64).reshape(input.sizes);
}
inline Tensors toLeaves(const std::vector<Input> &inputs) {
  Tensors leaves;
  for (const Input &input : inputs)
    leaves.push_back(toTensor(input).clone().requires_grad_(true));
  return leaves;
}

/// sum(x * fixed weights)
inline Tensor weighted(const Tensor &x, uint64_t seed) {
  if (x.numel() == 0)
    return x.sum();
  Input weights = randomInput({x.numel()}, 0.5, 1.5, seed);
  return (x.reshape({-1}) * toTensor(weights)).sum();
}

/// The weighted sum of the gradients of a scalar function, itself a function that can be
/// differentiated.
inline Function gradientOf(Function scalar) {
  return [scalar](const Tensors &x) {
    Tensor value = scalar(x), sum = torch::zeros({}, torch::kFloat64);
    if (!value.requires_grad())
      return sum;
    Tensors gradients = torch::autograd::grad({value}, x, {}, true, true, true);
    for (size_t i = 0; i < x.size(); ++i)
      if (gradients[i].defined())
        sum = sum + weighted(gradients[i], 100 + i);
    return sum;
  };
}

/// Checks the derivatives of the given order (1: the gradient) of a function of float64 tensors.
inline void checkDerivative(const Function &f, std::vector<Input> inputs, int order = 1,
                            double tolerance = 1e-6) {
  Function scalar = [f](const Tensors &x) { return weighted(f(x), 7); };
  for (int i = 1; i < order; ++i)
    scalar = gradientOf(scalar);
  auto valueAt = [&] { return scalar(toLeaves(inputs)).item<double>(); };
  const Tensors leaves = toLeaves(inputs);
  const Tensor value = scalar(leaves);
  Tensors gradients(leaves.size());
  if (value.requires_grad())
    gradients = torch::autograd::grad({value}, leaves, {}, false, false, true);
  const double step = 1e-5;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (gradients[i].defined()) {
      ASSERT_EQ(gradients[i].sizes().vec(), inputs[i].sizes);
      ASSERT_EQ(gradients[i].scalar_type(), torch::kFloat64);
    }
    const Tensor flat = gradients[i].defined() ? gradients[i].contiguous() : Tensor();
    for (size_t j = 0; j < inputs[i].values.size(); ++j) {
      const double x = inputs[i].values[j];
      inputs[i].values[j] = x + step;
      const double above = valueAt();
      inputs[i].values[j] = x - step;
      const double below = valueAt();
      inputs[i].values[j] = x;
      const double want = (above - below) / (2 * step);
      const double got = flat.defined() ? flat.const_data_ptr<double>()[j] : 0;
      ASSERT_NEAR(got, want, tolerance * (1 + std::abs(want)))
          << "input " << i << " element " << j << ", order " << order;
    }
  }
}

} // namespace tjit::testing
