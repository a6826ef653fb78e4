// Convolutions: all dimensions, strides, padding, dilation, groups, transposed; values, gradients,
// errors.
#include "common.h"
namespace F = torch::nn::functional;

// A second gradient, where it is one: what is zero, or noise around it, depends on the order of
// additions.
inline void second(const std::string &name, const Tensor &t) {
  if (t.defined() && t.numel() && (t + 0).abs().max().item<double>() > 1e-9)
    show(name, t);
}

template <class Fn> void run(const std::string &n, std::vector<Tensor> in, Fn f) {
  section(n.c_str(), [&] {
    std::vector<Tensor> leaves;
    for (auto &t : in)
      leaves.push_back(t.detach().clone().requires_grad_(true));
    auto y = f(leaves);
    show(n, y);
    auto g = torch::autograd::grad({(y * gen64(y.sizes().vec(), 7)).sum()}, leaves, {}, true, true);
    Tensor s;
    for (size_t i = 0; i < g.size(); ++i) {
      show(n + ".g" + std::to_string(i), g[i]);
      auto q = g[i].square().sum();
      s = s.defined() ? s + q : q;
    }
    auto gg = torch::autograd::grad({s}, leaves, {}, {}, false, true);
    for (size_t i = 0; i < gg.size(); ++i)
      second(n + ".gg" + std::to_string(i), gg[i]);
  });
}

int main() {
  auto x1 = gen64({2, 4, 9}, 1), w1 = gen64({6, 4, 3}, 2), b6 = gen64({6}, 3),
       w1g = gen64({6, 2, 3}, 4);
  run("c1", {x1, w1, b6},
      [](auto &v) { return F::conv1d(v[0], v[1], F::Conv1dFuncOptions().bias(v[2])); });
  run("c1s", {x1, w1, b6}, [](auto &v) {
    return F::conv1d(v[0], v[1], F::Conv1dFuncOptions().bias(v[2]).stride(2).padding(1));
  });
  run("c1d", {x1, w1},
      [](auto &v) { return F::conv1d(v[0], v[1], F::Conv1dFuncOptions().dilation(3).padding(2)); });
  run("c1g", {x1, w1g, b6}, [](auto &v) {
    return F::conv1d(v[0], v[1], F::Conv1dFuncOptions().bias(v[2]).groups(2).padding(torch::kSame));
  });
  run("c1valid", {x1, w1},
      [](auto &v) { return F::conv1d(v[0], v[1], F::Conv1dFuncOptions().padding(torch::kValid)); });
  run("c1unb", {x1[0], w1, b6}, [](auto &v) { return torch::conv1d(v[0], v[1], v[2], 2, 1, 2); });
  run("c1same", {x1, gen64({6, 4, 4}, 22)},
      [](auto &v) { return torch::conv1d(v[0], v[1], torch::Tensor(), 1, "same", 2); });
  auto x2 = gen64({2, 4, 6, 5}, 5), w2 = gen64({6, 4, 3, 2}, 6), w2g = gen64({6, 2, 2, 3}, 7),
       wd = gen64({8, 1, 3, 3}, 8);
  run("c2", {x2, w2, b6}, [](auto &v) { return torch::conv2d(v[0], v[1], v[2]); });
  run("c2s", {x2, w2, b6}, [](auto &v) { return torch::conv2d(v[0], v[1], v[2], {2, 1}, {1, 2}); });
  run("c2d", {x2, w2}, [](auto &v) {
    return F::conv2d(v[0], v[1],
                     F::Conv2dFuncOptions().stride({1, 2}).padding({2, 1}).dilation({2, 1}));
  });
  run("c2g", {x2, w2g, b6}, [](auto &v) { return torch::conv2d(v[0], v[1], v[2], 1, 1, 1, 2); });
  run("c2depth", {x2, wd}, [](auto &v) { return torch::conv2d(v[0], v[1], {}, 2, 1, 1, 4); });
  run("c2same", {x2, w2},
      [](auto &v) { return torch::conv2d(v[0], v[1], torch::Tensor(), 1, "same", 2); });
  run("c2one", {x2, gen64({3, 4, 1, 1}, 9)}, [](auto &v) { return F::conv2d(v[0], v[1]); });
  run("c2unb", {x2[0], w2},
      [](auto &v) { return F::conv2d(v[0], v[1], F::Conv2dFuncOptions().stride(3)); });
  run("c2t_in", {x2, w2},
      [](auto &v) { return F::conv2d(v[0].transpose(2, 3), v[1].flip({2, 3})); });
  auto x3 = gen64({1, 2, 4, 5, 4}, 10), w3 = gen64({3, 2, 2, 3, 2}, 11);
  run("c3", {x3, w3, gen64({3}, 12)}, [](auto &v) {
    return F::conv3d(v[0], v[1],
                     F::Conv3dFuncOptions().bias(v[2]).stride({1, 2, 1}).padding({1, 0, 1}));
  });
  run("c3g", {x3, gen64({4, 1, 2, 2, 2}, 13)},
      [](auto &v) { return torch::conv3d(v[0], v[1], {}, 2, 1, 1, 2); });
  run("c3same", {x3, w3},
      [](auto &v) { return torch::conv3d(v[0], v[1], torch::Tensor(), 1, "same"); });
  auto t1 = gen64({4, 3, 3}, 14), t2 = gen64({4, 3, 3, 2}, 15), t2g = gen64({4, 2, 2, 3}, 16),
       t3 = gen64({2, 2, 2, 3, 2}, 17);
  run("t1", {x1, t1, gen64({3}, 18)}, [](auto &v) {
    return F::conv_transpose1d(
        v[0], v[1],
        F::ConvTranspose1dFuncOptions().bias(v[2]).stride(2).padding(1).output_padding(1));
  });
  run("t1d", {x1, t1},
      [](auto &v) { return torch::conv_transpose1d(v[0], v[1], {}, 1, 2, 0, 1, 3); });
  run("t2", {x2, t2}, [](auto &v) { return F::conv_transpose2d(v[0], v[1]); });
  run("t2s", {x2, t2, gen64({3}, 19)},
      [](auto &v) { return torch::conv_transpose2d(v[0], v[1], v[2], {2, 3}, {1, 0}, {1, 2}); });
  run("t2g", {x2, t2g}, [](auto &v) {
    return F::conv_transpose2d(v[0], v[1],
                               F::ConvTranspose2dFuncOptions().groups(2).dilation(2).padding(1));
  });
  run("t3", {x3, t3}, [](auto &v) {
    return F::conv_transpose3d(
        v[0], v[1],
        F::ConvTranspose3dFuncOptions().stride(2).padding({0, 1, 1}).output_padding({1, 0, 1}));
  });
  run("t2unb", {x2[0], t2}, [](auto &v) { return torch::conv_transpose2d(v[0], v[1], {}, 2); });
  section("convolution", [&] {
    show("cv.general", torch::convolution(x2, w2, b6, {2, 1}, {1, 1}, {1, 1}, false, {0, 0}, 1));
    show("cv.transposed", torch::convolution(x2, t2, {}, {2, 2}, {1, 1}, {1, 1}, true, {1, 1}, 1));
  });
  section("dtypes", [&] {
    for (auto t : {torch::kFloat32, torch::kFloat16, torch::kBFloat16}) {
      auto s = std::string(".") + dtype_name(t);
      show("d2" + s, torch::conv2d(x2.to(t), w2.to(t), b6.to(t), 1, 1));
      show("d1" + s, torch::conv1d(x1.to(t), w1.to(t)));
      show("dt" + s, torch::conv_transpose2d(x2.to(t), t2.to(t), {}, 2));
    }
    auto f = torch::arange(2 * 4 * 6 * 5).view({2, 4, 6, 5});
    show("int", torch::conv2d(f, torch::arange(24).view({1, 4, 3, 2})));
  });
  section("empty", [&] {
    show("empty.batch",
         torch::conv2d(torch::zeros({0, 4, 6, 5}), torch::zeros({6, 4, 3, 2})).sizes());
    auto z = torch::zeros({0, 4, 6, 5}, torch::requires_grad()),
         w = torch::ones({6, 4, 3, 2}, torch::requires_grad());
    torch::conv2d(z, w).sum().backward();
    show("empty.gw", w.grad());
  });
  section("channels_last", [&] {
    auto y = torch::conv2d(x2.contiguous(torch::MemoryFormat::ChannelsLast), w2);
    show("cl", y);
  });
  section("errors", [&] {
    throws("x.channels", [&] { return torch::conv2d(x2, gen64({6, 3, 3, 2}, 6)); });
    throws("x.rank", [&] { return torch::conv2d(x1[0][0], w2); });
    throws("x.kernel", [&] { return torch::conv2d(x2, gen64({6, 4, 9, 9}, 6)); });
    throws("x.dtype", [&] { return torch::conv2d(x2, w2.to(torch::kFloat32)); });
    throws("x.groups", [&] { return torch::conv2d(x2, w2, torch::Tensor(), 1, 1, 1, 3); });
    throws("x.bias", [&] { return torch::conv2d(x2, w2, gen64({5}, 1)); });
    throws("x.stride0", [&] { return torch::conv2d(x2, w2, {}, 0); });
    throws("x.same_stride", [&] { return torch::conv2d(x2, w2, torch::Tensor(), 2, "same"); });
    throws("x.padding_neg", [&] { return torch::conv2d(x2, w2, {}, 1, -1); });
    throws("x.outpad", [&] { return torch::conv_transpose2d(x2, t2, {}, 2, 0, 2); });
    throws("x.mode", [&] { return torch::conv2d(x2, w2, torch::Tensor(), 1, "circular"); });
    throws("x.strides", [&] { return torch::conv2d(x2, w2, {}, torch::IntArrayRef{1, 2, 3}); });
  });
  return finish();
}
