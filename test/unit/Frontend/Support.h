//===- Support.h ------------------------------------------------------------------------------===//
// Comparing tensors in the tests of the frontend.
#pragma once

#include <tjit/torch.h>

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace frontend_test {

using tjit::Tensor;
using tjit::indexing::Ellipsis;
using tjit::indexing::None;
using tjit::indexing::Slice;

/// The elements in row-major order, read through a dense copy.
inline std::vector<double> values(const Tensor &t) {
  const Tensor dense = t.detach().to(tjit::kFloat64).contiguous();
  const double *p = dense.const_data_ptr<double>();
  return std::vector<double>(p, p + dense.numel());
}
inline std::vector<int64_t> sizes(const Tensor &t) { return t.sizes().vec(); }
inline std::vector<int64_t> strides(const Tensor &t) { return t.strides().vec(); }

using Values = std::vector<double>;
using Ints = std::vector<int64_t>;

/// The call throws E, and the message has every one of the words.
template <class E, class F> void expectThrows(F &&call, const std::vector<std::string> &words) {
  try {
    call();
    FAIL() << "nothing was thrown";
  } catch (const E &error) {
    for (const std::string &word : words)
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos)
          << error.what() << "\nlacks " << word;
  }
}

template <class T> std::string streamed(const T &value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

} // namespace frontend_test
