// The tutorial prints every tensor: std::cout << tensor and friends. Runs of white space count as
// one space.
#include "common.h"
#include <sstream>

template <class T> static std::string text(const T &value) {
  std::ostringstream out;
  out << value;
  std::istringstream in(out.str());
  std::string all, word;
  while (in >> word)
    all += (all.empty() ? "" : " ") + word;
  return all;
}

int main() {
  section("tensors", [] {
    show("matrix", text(torch::tensor({{1., 2.}, {3., 4.}})));
    show("vector", text(torch::tensor({1., 2., 3.})));
    show("fractions", text(torch::tensor({0.5, 0.25, -1.125})));
    show("scalar", text(torch::tensor(2.5)));
    show("scalar_whole", text(torch::tensor(7.0)));
    show("ints", text(torch::arange(1, 10).reshape({3, 3})));
    show("int16", text(torch::ones({2, 3}, torch::kInt16)));
    show("bools", text(torch::tensor({true, false})));
    show("double", text(torch::tensor({1.5, 2.0}, torch::kFloat64)));
    show("three_dims", text(torch::arange(8.).view({2, 2, 2})));
    show("empty", text(torch::empty({0})));
    show("empty_rows", text(torch::empty({2, 0})));
    show("undefined", text(Tensor()));
    show("nan_inf", text(torch::tensor({kNan, kInf, 1.0})));
    show("negative", text(torch::tensor({-1, 20, -300})));
    show("transposed", text(torch::arange(6).view({2, 3}).t()));
    show("requires_grad", text(torch::tensor({0.5, 0.1, -0.2}, torch::requires_grad())));
  });
  section("attributes", [] {
    auto t = torch::rand({3, 4});
    show("sizes", text(t.sizes()));
    show("dtype", text(t.dtype()));
    show("dtype.int64", text(torch::arange(3).dtype()));
    show("scalar_type", text(torch::ones({1}, torch::kInt16).scalar_type()));
    show("device", text(t.device()));
    show("device.cuda", text(torch::Device("cuda:0")));
    show("item", text(torch::tensor(41).item<int64_t>()));
    show("toString", t.toString());
    show("grad_undefined", text(t.grad()));
  });
  return finish();
}
