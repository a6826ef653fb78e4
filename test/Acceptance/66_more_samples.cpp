// Arguments that PyTorch's database of samples has and the golden data has not: shifts out of
// range, ranges of integers by fractions, gradients at the origin and at infinity, expanded tensors
// that are written to.
#include "facts.h"

using torch::Tensor;
namespace F = torch::nn::functional;

static void history(const std::string &words, const std::function<Tensor()> &f) {
  const Tensor t = f();
  std::cout << named(words) << ": text " << (t.grad_fn() ? t.grad_fn()->name() : "-") << "\n";
}
/// First and second gradients of f by each of the operands.
static void gradients(const std::string &name, std::vector<Tensor> x,
                      const std::function<Tensor()> &f) {
  const std::vector<Tensor> first = torch::autograd::grad({f().sum()}, x, {}, true, true, true);
  Tensor sum;
  for (size_t i = 0; i < x.size(); ++i) {
    value(name + " by " + std::to_string(i), [&] { return first[i]; });
    if (first[i].defined() && first[i].requires_grad())
      sum = sum.defined() ? sum + first[i].sum() : first[i].sum();
  }
  if (!sum.defined())
    return;
  const std::vector<Tensor> second = torch::autograd::grad({sum}, x, {}, true, false, true);
  for (size_t i = 0; i < x.size(); ++i)
    value(name + ", second by " + std::to_string(i), [&] { return second[i]; });
}
static Tensor leafOf(std::vector<double> values, torch::ScalarType dtype = torch::kDouble) {
  return torch::tensor(values, dtype).requires_grad_();
}

static void shifts() {
  for (const auto &[name, dtype] : {std::pair<std::string, torch::ScalarType>{"int8", torch::kChar},
                                    {"uint8", torch::kByte},
                                    {"int16", torch::kShort},
                                    {"int32", torch::kInt},
                                    {"int64", torch::kLong}}) {
    const bool sign = dtype != torch::kByte;
    const Tensor x = torch::tensor({1, 77, 100, sign ? -1 : 255, sign ? -77 : 200}, dtype),
                 by =
                     torch::tensor({0, 1, 6, 7, 8, 9, 15, 31, 63, 64, 100, sign ? -1 : 200}, dtype);
    value(name + " right", [&] { return x.unsqueeze(1).bitwise_right_shift(by); });
    value(name + " left", [&] { return x.unsqueeze(1).bitwise_left_shift(by); });
    value(name + " right by a number", [&] { return x.bitwise_right_shift(100); });
  }
}

static void ranges() {
  for (const auto &[name, dtype] : {std::pair<std::string, torch::ScalarType>{"int8", torch::kChar},
                                    {"uint8", torch::kByte},
                                    {"int32", torch::kInt},
                                    {"int64", torch::kLong},
                                    {"float32", torch::kFloat}}) {
    value(name + " down", [&] { return torch::arange(2.1, -2.9, -1.0, dtype); });
    value(name + " up", [&] { return torch::arange(0.5, 7.3, 1.5, dtype); });
    value(name + " by less than 1", [&] { return torch::arange(0.5, 3.5, 0.5, dtype); });
    value(name + " of integers", [&] { return torch::arange(3, 12, 4, dtype); });
  }
}

static void derivatives() {
  const double inf = std::numeric_limits<double>::infinity();
  {
    const Tensor y = leafOf({0., -0., 0., 1e-200, 1, -2, inf}),
                 x = leafOf({0., 0., -0., 0., 2, -1, 1});
    gradients("atan2", {y, x}, [&] { return y.atan2(x); });
  }
  {
    const Tensor x = leafOf({0., 0., 0., 0., 2, 3, 0.5}), y = leafOf({0., 1, 2, 0.5, 0, -1, 3});
    gradients("pow", {x, y}, [&] { return x.pow(y); });
  }
  {
    const Tensor x = leafOf({-800, -100, -1, 0, 1, 100, 709, 710, 1001.2});
    gradients("mish", {x}, [&] { return F::mish(x); });
  }
  {
    const Tensor x = leafOf({-5, -4.5, -1, 0.25, -501});
    value("digamma", [&] { return torch::autograd::grad({x.digamma().sum()}, {x})[0]; });
    value("polygamma", [&] { return x.polygamma(1); });
  }
  {
    const Tensor x = leafOf({0, 1e-3, -2e-3, 0.4, 1, 2.5}, torch::kFloat);
    value("sinc", [&] { return torch::autograd::grad({x.sinc().sum()}, {x})[0]; });
  }
  {
    const Tensor x = leafOf({1, 2, 3, 4, 5, 6, 7, 8, 9}).reshape({3, 3}), v = leafOf({4, 5, 6}),
                 none = torch::zeros({3}, torch::kBool);
    for (bool accumulate : {false, true}) {
      const Tensor out = x.index_put({none}, v, accumulate);
      const auto g = torch::autograd::grad({out.sum()}, {x, v}, {}, false, false, true);
      const std::string name = accumulate ? "nothing added" : "nothing put";
      value(name, [&] { return g[0]; });
      value(name + ", values", [&] { return g[1]; });
    }
  }
}

static void writes() {
  auto expanded = [] { return torch::tensor({-1.5, -0.5, 0.5}).expand({2, 3}); };
  value("fill", [&] { return expanded().fill_(2); });
  value("fill with a tensor", [&] { return expanded().fill_(torch::tensor(3.)); });
  value("zero", [&] { return expanded().zero_(); });
  value("threshold", [&] {
    Tensor x = expanded();
    return torch::threshold_(x, 0, 7);
  });
  value("row", [&] {
    Tensor x = expanded();
    x[0].fill_(2);
    return x;
  });
  value("abs", [&] { return expanded().abs_(); });
  value("clamp", [&] { return expanded().clamp_(0, 1); });
  value("add", [&] { return expanded().add_(1); });
  for (const std::vector<int64_t> &sizes :
       {std::vector<int64_t>{}, {1}, {4}, {1, 4}, {3, 1}, {3, 4}}) {
    const Tensor a = torch::linspace(-1, 1, 30).reshape({5, 3, 2}),
                 b = torch::linspace(-2, 1, 40).reshape({5, 2, 4});
    std::string name = "of";
    for (int64_t n : sizes)
      name += " " + std::to_string(n);
    value("addbmm " + name, [&] {
      Tensor x = torch::ones(sizes);
      x.addbmm_(a, b, 0.5, 2);
      return x;
    });
    value("addmm " + name, [&] {
      Tensor x = torch::ones(sizes);
      x.addmm_(a[0], b[0]);
      return x;
    });
  }
  for (const auto &[name, dtype] :
       {std::pair<std::string, torch::ScalarType>{"float64", torch::kDouble},
        {"float32", torch::kFloat},
        {"float16", torch::kHalf},
        {"int64", torch::kLong}}) {
    value("float_power of " + name, [&] { return torch::full({2}, 3, dtype).float_power(2); });
    value("float_power_ of " + name, [&] { return torch::full({2}, 3, dtype).float_power_(2); });
    value("float_power_ by a tensor of " + name,
          [&] { return torch::full({2}, 3, dtype).float_power_(torch::tensor({1, 2})); });
  }
}

static void histories() {
  const Tensor x = torch::linspace(-1, 2, 12, torch::kDouble).reshape({3, 4}).requires_grad_();
  const double inf = std::numeric_limits<double>::infinity();
  for (bool keepdim : {false, true})
    for (double order : {1., -1., inf, -inf})
      history("matrix norm " + std::to_string(order) + (keepdim ? " kept" : ""),
              [&] { return torch::linalg_matrix_norm(x, order, {-2, -1}, keepdim); });
  history("smooth l1, beta 0",
          [&] { return F::smooth_l1_loss(x, x * 2, F::SmoothL1LossFuncOptions().beta(0)); });
  history("smooth l1", [&] { return F::smooth_l1_loss(x, x * 2); });
  history("movedim of nothing",
          [&] { return x.movedim(torch::IntArrayRef{}, torch::IntArrayRef{}); });
  history("movedim without dimensions",
          [&] { return x[0][0].movedim(torch::IntArrayRef{}, torch::IntArrayRef{}); });
  history("movedim", [&] { return x.movedim({0}, {1}); });
  history("sum to no dimensions", [&] { return x[0][0].sum_to_size(torch::IntArrayRef{}); });
  value("integers summed to no dimensions",
        [&] { return torch::tensor(3, torch::kInt).sum_to_size(torch::IntArrayRef{}); });
  for (const std::vector<int64_t> &sizes :
       {std::vector<int64_t>{2, 4, 5}, {2, 4, 1}, {0, 4, 5}, {2, 4, 0}})
    history("matrix by batches of " + std::to_string(sizes[0]) + " " + std::to_string(sizes[2]),
            [&] { return x.matmul(torch::ones(sizes, torch::kDouble)); });
  history("row by batches",
          [&] { return x.narrow(0, 0, 1).matmul(torch::ones({2, 4, 5}, torch::kDouble)); });
}

/// Functions beside those of the golden data.
static void others() {
  const double inf = std::numeric_limits<double>::infinity(),
               nan = std::numeric_limits<double>::quiet_NaN();
  {
    Tensor a = torch::linspace(-1, 2, 16, torch::kDouble).mul(7).sin().reshape({4, 4});
    a = (a + a.mT()).detach().requires_grad_();
    const auto [l, v] = torch::linalg_eigh(a);
    value("eigenvectors", [&] {
      const Tensor g =
          torch::autograd::grad({v.square().cumsum(0).square().sum()}, {a}, {}, true)[0];
      return torch::cat({g, g - g.mT()});
    });
    gradients("eigenvalues", {a}, [&] {
      return torch::linalg_eigvalsh(a) * torch::tensor({1., 2., 4., 7.}, torch::kDouble);
    });
  }
  {
    const Tensor a = leafOf({1, 2, nan, 5}), b = leafOf({1, 3, 1, nan}),
                 sign = torch::tensor({1., 1., 1., -1.}, torch::kDouble);
    gradients("margin ranking", {a, b}, [&] {
      return F::margin_ranking_loss(
          a, b, sign, F::MarginRankingLossFuncOptions().margin(0).reduction(torch::kSum));
    });
    const Tensor x = leafOf({1, 0, 1, 0}), y = leafOf({0, 1, nan, 1});
    gradients("cosine embedding", {x}, [&] {
      return F::cosine_embedding_loss(x.reshape({2, 2}), y.detach().reshape({2, 2}),
                                      torch::tensor({-1., -1.}),
                                      F::CosineEmbeddingLossFuncOptions().reduction(torch::kSum));
    });
    gradients("hinge embedding", {a}, [&] {
      return F::hinge_embedding_loss(a, -torch::ones({4}, torch::kDouble),
                                     F::HingeEmbeddingLossFuncOptions().reduction(torch::kSum));
    });
  }
  {
    const Tensor x = leafOf({nan, 0, 1e-17, 0.25, -2, 3});
    gradients("i1", {x}, [&] { return torch::special_i1(x); });
    gradients("i1e", {x}, [&] { return torch::special_i1e(x); });
    const Tensor y = leafOf({inf, -inf, nan, 0, 3, -0.1});
    value("frexp",
          [&] { return torch::autograd::grad({std::get<0>(torch::frexp(y)).sum()}, {y})[0]; });
    const Tensor n = torch::tensor({inf, -inf, nan, 1e19, -1., 2.}, torch::kDouble),
                 at = torch::full({6}, 0.5, torch::kDouble);
    value("chebyshev", [&] { return torch::special_chebyshev_polynomial_t(at, n); });
    value("hermite", [&] { return torch::special_hermite_polynomial_h(at, n); });
    value("laguerre", [&] { return torch::special_laguerre_polynomial_l(at, n); });
  }
  {
    const Tensor m = torch::tensor({{true, false}, {false, true}}),
                 a = torch::tensor({true, false}), b = torch::tensor({true, true});
    for (int beta : {0, 1, 3})
      for (int alpha : {0, 2})
        value("addr of bools " + std::to_string(beta) + " " + std::to_string(alpha),
              [&] { return m.addr(a, b, beta, alpha); });
    value("addr_ of bools", [&] { return m.clone().addr_(a, b); });
  }
  value("vander of a number", [&] { return torch::linalg_vander(torch::tensor(3.), 3); });
  value("linear with a vector",
        [&] { return torch::linear(torch::ones({2, 3}), torch::ones({3}), torch::ones({1})); });
  value("binary cross entropy with more weights", [&] {
    return F::binary_cross_entropy(
        torch::full({2}, 0.5), torch::full({2}, 0.25),
        F::BinaryCrossEntropyFuncOptions().weight(torch::ones({3, 2})).reduction(torch::kNone));
  });
  const Tensor x = torch::linspace(-1, 1, 64).reshape({1, 1, 4, 4, 4}).requires_grad_();
  history("copy to itself", [&] {
    Tensor t = x * 2;
    return t.copy_(t);
  });
  history("vecdot", [&] { return torch::linalg_vecdot(x.flatten(), x.flatten()); });
  history("vecdot of rows", [&] { return torch::linalg_vecdot(x, x); });
  for (int64_t size : {1, 2, 4})
    history("average to " + std::to_string(size), [&] {
      return F::adaptive_avg_pool3d(x, F::AdaptiveAvgPool3dFuncOptions({size, size, size}));
    });
  history("cross entropy, smoothed", [&] {
    return F::cross_entropy(x.reshape({16, 4}), torch::zeros({16}, torch::kLong),
                            F::CrossEntropyFuncOptions().label_smoothing(0.25));
  });
  history("alpha dropout of all", [&] { return torch::alpha_dropout(x, 1, true); });
}

/// Which order results have in memory, of integers that lie transposed and with gaps.
static void layouts() {
  const Tensor x = torch::arange(40).reshape({2, 20}).narrow(1, 0, 5).t();
  auto order = [](const std::string &name, const Tensor &t) {
    std::cout << named(name) << ": text " << t.dtype() << " " << t.strides() << "\n";
  };
  order("exp2", x.exp2());
  order("exp2 of fractions", x.to(torch::kFloat).exp2());
  order("isnan", x.isnan());
  order("isfinite", x.isfinite());
  order("isinf", x.isinf());
  order("isposinf", x.isposinf());
  order("isneginf", x.isneginf());
  order("isreal", torch::isreal(x));
  order("signbit", x.gt(3).signbit());
  const Tensor y = torch::ones({2, 3}).requires_grad_(), w = torch::ones({3}).requires_grad_();
  history("nothing put into a history",
          [&] { return (y * 2).index_put_({torch::zeros({2}, torch::kBool)}, torch::ones({3})); });
  history("linear of vectors", [&] { return torch::linear(w, w, torch::ones({})); });
  history("cross entropy of no rows",
          [&] { return F::cross_entropy(y.narrow(0, 0, 0), torch::ones({0, 3})); });
  history("cross entropy by probabilities",
          [&] { return F::cross_entropy(y, torch::ones({2, 3}) / 3); });
}

int main() {
  shifts();
  ranges();
  derivatives();
  writes();
  histories();
  others();
  layouts();
}
