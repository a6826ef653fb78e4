//===- tutorial.cpp ---------------------------------------------------------------------------===//
// Every tensor and autograd feature that a tutorial teaches, walked through and checked.
//
//   tjit-tutorial
//
// Reads from top to bottom. `check` compares what the library gives with what PyTorch gives; the
// program ends with `N passed, N failed`.
//
//===------------------------------------------------------------------------------------------===//

#include <tjit/torch.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using torch::indexing::Slice;

int passed = 0, failed = 0;

void check(const char *name, bool ok) {
  ok ? ++passed : ++failed;
  if (!ok)
    std::printf("FAILED %s\n", name);
}

/// Shape and values, within 1e-5 relative; integers and bools count by their value.
void check(const char *name, const torch::Tensor &got, const torch::Tensor &want) {
  check(name, got.sizes() == want.sizes() &&
                  torch::allclose(got.to(torch::kFloat64), want.to(torch::kFloat64)));
}

void check(const char *name, const std::string &got, const std::string &want) {
  check(name, got == want);
  if (got != want)
    std::printf("  got:  %s\n  want: %s\n", got.c_str(), want.c_str());
}

/// The call throws, and the message has one of the words.
template <class F> void raises(const char *name, F &&call, const std::vector<std::string> &words) {
  try {
    call();
  } catch (const std::exception &error) {
    const std::string message = error.what();
    for (const std::string &word : words)
      if (message.find(word) != std::string::npos)
        return check(name, true);
    std::printf("  the message was: %s\n", message.c_str());
  }
  check(name, false);
}

void creation() {
  auto fromList = torch::tensor({{1, 2}, {3, 4}}, torch::kFloat32);
  check("print from list", fromList.str(), "tensor([[1., 2.],\n        [3., 4.]])");

  // Host memory can be shared or copied.
  double source[2][2] = {{5., 6.}, {7., 8.}};
  auto shared = torch::from_blob(source, {2, 2}, torch::kFloat64);
  auto copied = shared.clone();
  check("float64 is kept", shared.dtype() == torch::kFloat64);
  check("print float64", shared.str(),
        "tensor([[5., 6.],\n        [7., 8.]], dtype=torch.float64)");
  source[0][0] = -5;
  check("from_blob shares", shared[0][0].item<double>() == -5);
  check("clone copies", copied[0][0].item<double>() == 5);
  shared[1][1] = 80;
  torch::eval(shared);
  check("and the other way", source[1][1] == 80);

  check("zeros", torch::zeros({2, 3}), torch::full({2, 3}, 0.));
  auto ones16 = torch::ones({2, 3}, torch::kInt16);
  check("int16", ones16.dtype() == torch::kInt16 && ones16.sum().item<int64_t>() == 6 &&
                     ones16.element_size() == 2);
  torch::manual_seed(0);
  auto uniform = torch::rand({1000, 100}), normal = torch::randn({1000, 100});
  check("rand range", uniform.ge(0).all().item<bool>() && uniform.lt(1).all().item<bool>());
  check("rand mean", std::fabs(uniform.mean().item<double>() - 0.5) < 0.01);
  check("randn moments", std::fabs(normal.mean().item<double>()) < 0.01 &&
                             std::fabs(normal.std().item<double>() - 1) < 0.01);
  torch::manual_seed(0);
  check("seeded again", torch::rand({1000, 100}).eq(uniform).all().item<bool>());
  check("zeros_like", torch::zeros_like(ones16).dtype() == torch::kInt16);
  check("rand_like", torch::rand_like(fromList).sizes() == torch::IntArrayRef({2, 2}));
  check("full", torch::full({4, 2}, 2, torch::kFloat32), torch::ones({4, 2}) + 1);
  check("arange", torch::arange(1, 10).dtype() == torch::kInt64);
  check("arange float", torch::arange(12.).dtype() == torch::kFloat32);
}

void attributes() {
  auto t = torch::rand({3, 4}, torch::device(torch::kCPU));
  check("shape", t.sizes() == torch::IntArrayRef({3, 4}) && t.size(1) == 4 && t.dim() == 2 &&
                     t.numel() == 12);
  check("device", t.device().str(), "cpu");
}

void arithmetic() {
  auto a = torch::tensor({{1., 2.}, {3., 4.}}), b = torch::ones({2, 2}) * 2;
  check("a + b", a + b, torch::tensor({{3., 4.}, {5., 6.}}));
  check("add", torch::add(a, b), torch::tensor({{3., 4.}, {5., 6.}}));
  check("a * b", a * b, torch::tensor({{2., 4.}, {6., 8.}}));
  check("mul", torch::mul(a, b), torch::tensor({{2., 4.}, {6., 8.}}));
  auto c = torch::tensor({{1., 1.}, {1., 1.}});
  auto alias = c;
  c.add_(b);
  check("add_", alias, torch::full({2, 2}, 3.));
  c.mul_(2);
  c -= 1;
  check("mul_ and -=", alias, torch::full({2, 2}, 5.));
  auto m1 = torch::arange(6.).view({2, 3}), m2 = torch::arange(12.).view({3, 4});
  check("matmul", torch::matmul(m1, m2),
        torch::tensor({{20., 23., 26., 29.}, {56., 68., 80., 92.}}));
}

void indexing() {
  auto x = torch::arange(1, 10).reshape({3, 3});
  check("row", x.index({0, Slice()}), torch::tensor({1, 2, 3}));
  check("column", x.index({Slice(), 1}), torch::tensor({2, 5, 8}));
  check("corner", x.index({Slice(1, torch::indexing::None), Slice(1, torch::indexing::None)}),
        torch::tensor({{5, 6}, {8, 9}}));
  check("mask", x.index({x > 5}), torch::tensor({6, 7, 8, 9}));
  auto t1 = torch::zeros({2, 3}), t2 = torch::ones({2, 3});
  check("cat 0", torch::cat({t1, t2}, 0).sizes() == torch::IntArrayRef({4, 3}));
  check("cat 1", torch::cat({t1, t2}, 1)[0], torch::tensor({0., 0., 0., 1., 1., 1.}));
  check("stack", torch::stack({t1, t2}, 0).sizes() == torch::IntArrayRef({2, 2, 3}));
}

void views() {
  auto original = torch::arange(12.);
  auto view = original.view({3, 4});
  view[0][0] = 99.f;
  check("a view writes through", original[0].item<float>() == 99);
  original[11] = -1;
  check("and reads through", view[2][3].item<float>() == -1);
  check("reshape", original.reshape({2, 6})[1][5].item<float>() == -1);
  auto transposed = view.t();
  check("t", transposed[3][2].item<float>() == -1);
  check("permute", view.permute({1, 0})[0][0].item<float>() == 99);
  transposed[1][1] = 7;
  check("a transpose writes through", original[5].item<float>() == 7);
  check("is_contiguous", view.is_contiguous() && !transposed.is_contiguous() &&
                             transposed.contiguous().is_contiguous());
  raises("view of a transpose", [&] { transposed.view({12}); }, {"view", "stride", "contiguous"});
  check("reshape of a transpose copies", transposed.reshape({12})[0].item<float>() == 99);
}

void devices() {
  check("device objects", torch::Device("cpu").str(), "cpu");
  if (!torch::cuda::is_available())
    raises("no such device", [] { torch::randn({2, 2}, torch::device(torch::kCUDA)); },
           {"cuda", "CUDA"});
}

void gradients() {
  auto x = torch::tensor({1.0, 2.0, 3.0});
  check("no grad by default", !x.requires_grad());
  auto w = torch::tensor({0.5, 0.1, -0.2}, torch::requires_grad());
  auto bias = torch::tensor(0.1, torch::requires_grad());
  auto y = (w * x + bias).pow(2).sum();
  check("y", std::fabs(y.item<float>() - 0.7f) < 1e-6);
  check("is_leaf", w.is_leaf() && !y.is_leaf() && y.requires_grad());
  y.backward();
  check("w.grad", w.grad(), torch::tensor({1.2, 1.2, -3.0}));
  check("b.grad", bias.grad(), torch::tensor(0.8));
  check("x.grad", !x.grad().defined());
  raises("backward twice", [&] { y.backward(); }, {"second time", "twice", "freed"});
  auto q = torch::tensor(2.0, torch::requires_grad());
  (q * q).backward();
  check("first", q.grad().item<float>() == 4);
  check("print grad", q.grad().str(), "tensor(4.)");
  (q * q * q).backward();
  check("accumulated", q.grad().item<float>() == 16);
  q.grad().zero_();
  check("zeroed", q.grad().item<float>() == 0);
  {
    torch::NoGradGuard guard;
    check("no_grad", !(w * x).sum().requires_grad() && w.requires_grad());
  }
  check("after no_grad", (w * x).sum().requires_grad());
  auto detached = w.detach();
  check("detach", !detached.requires_grad());
  detached[0] = 5;
  check("detach shares", w[0].item<float>() == 5);
  raises("non-scalar backward", [&] { (w * 2).backward(); }, {"scalar"});
  raises("in-place on a leaf", [&] { w.add_(1); }, {"leaf"});

  auto a = torch::tensor(2.0, torch::requires_grad()),
       b = torch::tensor(3.0, torch::requires_grad());
  auto c = torch::tensor(0.0, torch::requires_grad());
  auto z = a * b + torch::sin(c);
  z.backward();
  check("exercise 2", z.item<float>() == 6 && a.grad().item<float>() == 3 &&
                          b.grad().item<float>() == 2 && c.grad().item<float>() == 1);
  // Second derivative: d2(x^3)/dx2 = 6 x.
  auto s = torch::tensor(2.0, torch::requires_grad());
  auto first =
      torch::autograd::grad({s * s * s}, {s}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  auto second = torch::autograd::grad({first}, {s})[0];
  check("second derivative", first.item<float>() == 12 && second.item<float>() == 12);
}

void optimization() {
  auto x = torch::tensor({2.0}, torch::requires_grad()), target = torch::tensor({10.0});
  const char *want[] = {"3.8000 9.0000 -18.0000", "2.3600 5.7600 14.4000", "3.5120 3.6864 -11.5200",
                        "2.5904 2.3593 9.2160", "3.3277 1.5100 -7.3728"};
  for (const char *line : want) {
    auto loss = (x * 3 + 1 - target).pow(2);
    if (x.grad().defined())
      x.grad().zero_();
    loss.backward();
    {
      torch::NoGradGuard guard;
      x -= 0.1 * x.grad();
    }
    char text[64];
    std::snprintf(text, sizeof text, "%.4f %.4f %.4f", x.item<double>(), loss.item<double>(),
                  x.grad().item<double>());
    check("optimization", text, line);
  }
}

} // namespace

int main() {
  try {
    creation();
    attributes();
    arithmetic();
    indexing();
    views();
    devices();
    gradients();
    optimization();
  } catch (const std::exception &error) {
    std::printf("stopped: %s\n", error.what());
    ++failed;
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed > 0;
}
