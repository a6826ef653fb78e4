//===- Support.h ------------------------------------------------------------------------------===//
// Leaves, values and messages in the tests of histories.
#pragma once

#include <tjit/torch.h>

#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

using torch::Tensor;
using V = std::vector<double>;

inline Tensor leaf(std::vector<double> values) {
  return torch::tensor(values, torch::kFloat64).requires_grad_(true);
}
inline std::vector<double> valuesOf(const Tensor &t) {
  if (!t.defined())
    return {};
  const Tensor dense = t.detach().to(torch::kFloat64).contiguous();
  const double *p = dense.const_data_ptr<double>();
  return {p, p + dense.numel()};
}

/// The message of the exception that f throws; empty if it throws none.
template <class F> std::string messageOf(F &&f) {
  try {
    f();
  } catch (const torch::Error &e) {
    return e.what();
  }
  return "";
}
/// The statement throws, with `part` in the message.
#define EXPECT_MESSAGE(statement, part)                                                            \
  do {                                                                                             \
    const std::string message = messageOf([&] { statement; });                                     \
    EXPECT_NE(message.find(part), std::string::npos) << "message: " << message;                    \
  } while (false)
