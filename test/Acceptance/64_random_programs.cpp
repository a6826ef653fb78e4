// What random programs found that were run by libtorch and by tjit: views of tensors that are not
// row-major, tensors that results are stored into, histories, promotion, second derivatives.
#include "common.h"
using torch::Tensor;
using torch::indexing::Ellipsis;
using torch::indexing::None;
using torch::indexing::Slice;
namespace F = torch::nn::functional;

static void fact(const char *name, const std::function<Tensor()> &f) {
  std::cout << name << ": text ";
  try {
    const Tensor t = f();
    std::cout << t.dtype() << " " << t.sizes() << " " << t.strides() << " " << t.storage_offset()
              << (t.is_leaf() ? " leaf" : " node") << (t.requires_grad() ? " grad " : " ")
              << (t.grad_fn() ? t.grad_fn()->name() : "");
  } catch (const std::exception &) {
    std::cout << "raises";
  }
  std::cout << "\n";
}
static void value(const char *name, const std::function<Tensor()> &f) {
  try {
    const Tensor t = f();
    if (t.defined())
      show(name, t.detach() + 0); // libtorch has tensors of zeros without memory
    else
      std::cout << name << ": text undefined\n";
  } catch (const std::exception &) {
    std::cout << name << ": text raises\n";
  }
}
static Tensor numbers(std::vector<int64_t> sizes) {
  int64_t n = 1;
  for (int64_t s : sizes)
    n *= s;
  return torch::linspace(-2, 3, n, torch::kDouble).reshape(sizes);
}
static Tensor parameter(std::vector<int64_t> sizes) {
  return numbers(sizes).clone().requires_grad_();
}
/// The second derivative by x of sum(f).
static Tensor twice(const std::function<Tensor(const Tensor &)> &f, const Tensor &x) {
  const Tensor first = torch::autograd::grad({f(x).sum()}, {x}, {}, true, true)[0];
  return torch::autograd::grad({first.sum()}, {x}, {}, true, false, true)[0];
}

int main() {
  // Views of tensors that are not row-major see writes, and their gradients.
  for (int strided = 0; strided < 3; ++strided) {
    auto base = [strided](const Tensor &x) {
      return strided == 0   ? (x * 2).t()
             : strided == 1 ? (x * 2).slice(1, 0, 5, 2)
                            : (x * 2).unsqueeze(0).transpose(0, 2).squeeze(2);
    };
    const std::string n = std::to_string(strided);
    {
      const Tensor x = parameter({4, 5}), y = base(x), d = y.diagonal();
      d.mul_(3);
      show(("diagonal_written_" + n).c_str(), y.detach());
      (y * y).sum().backward();
      show(("diagonal_gradient_" + n).c_str(), x.grad());
      fact(("diagonal " + n).c_str(), [&] { return d; });
    }
    {
      const Tensor x = parameter({4, 5}), y = base(x), w = y.unfold(1, 2, 2);
      w.select(2, 1).fill_(7);
      show(("windows_written_" + n).c_str(), y.detach());
      (y * y).sum().backward();
      show(("windows_gradient_" + n).c_str(), x.grad());
      fact(("windows " + n).c_str(), [&] { return w; });
    }
    {
      const Tensor x = parameter({4, 5}), y = base(x);
      const Tensor w = y.unfold(0, 3, 1);
      show(("overlapping_windows_" + n).c_str(), torch::autograd::grad({(w * w).sum()}, {x})[0]);
    }
  }
  value("as_strided_of_a_transpose", [] {
    const Tensor x = parameter({4, 5}), y = (x * 2).t();
    y.as_strided({2, 2}, {1, 5}, 3).zero_();
    return torch::autograd::grad({(y * y).sum()}, {x})[0];
  });
  value("gradient_by_an_intermediate", [] {
    const Tensor x = parameter({3}), y = (x * 2).exp(), z = y.i0(), w = y * 1;
    y.add_(1); // what i0 saved is not needed for the gradient by its result
    return torch::autograd::grad({(z * w).sum()}, {z})[0];
  });

  // Geometry.
  fact("empty slice", [] { return numbers({4, 5}).slice(0, 3, 3); });
  fact("empty slice behind", [] { return numbers({4, 5}).slice(1, 5); });
  fact("slice of all", [] { return parameter({4, 5}).index({Slice()}); });
  fact("slices of all", [] { return parameter({4, 5}).index({Slice(), Slice()}); });
  fact("slice and None", [] { return parameter({4, 5}).index({Slice(), None}); });
  fact("reshape of a column", [] { return parameter({4, 5}).select(1, 0).reshape({-1}); });
  fact("reshape of a view", [] { return parameter({4, 5}).reshape({-1}); });
  fact("broadcast_tensors",
       [] { return torch::broadcast_tensors({parameter({4, 5}), parameter({5})})[0]; });
  fact("broadcast_tensors expanded",
       [] { return torch::broadcast_tensors({parameter({4, 5}), parameter({5})})[1]; });
  fact("mT of a number", [] { return parameter({}).mT(); });
  fact("adjoint of a number", [] { return parameter({}).adjoint(); });
  fact("expand with a new dimension", [] { return parameter({4, 5}).expand({1, 4, 5}); });
  fact("tile once", [] { return numbers({4, 5}).t().tile({1}); });
  fact("roll of a transpose", [] { return numbers({4, 5}).t().roll(1, 0); });
  fact("zeros_like of a slice",
       [] { return torch::zeros_like(numbers({4, 5, 6}).slice(2, 0, 6, 2).permute({2, 0, 1})); });
  fact("clone of a slice",
       [] { return numbers({4, 5, 6}).slice(2, 0, 6, 2).permute({2, 0, 1}).clone(); });
  fact("pixel_shuffle by one", [] {
    return F::pixel_shuffle(numbers({4, 5, 1}).transpose(0, 1), F::PixelShuffleFuncOptions(1));
  });
  fact("slogdet", [] {
    return std::get<1>(torch::linalg_slogdet(torch::eye(3, torch::kDouble).expand({2, 3, 3})));
  });
  fact("unflatten of a number", [] { return numbers({}).unflatten(0, {1, -1}); });

  // Writes and histories.
  fact("write to all by a slice", [] {
    Tensor y = parameter({4, 5}) * 2;
    return y.index_put_({Slice()}, numbers({4, 5}));
  });
  fact("write to all by a slice, a number", [] {
    Tensor y = parameter({4, 5}) * 2;
    return y.index_put_({Slice()}, numbers({}));
  });
  fact("write to itself", [] {
    Tensor y = parameter({4, 5}) * 2;
    return y.index_put_({None, Ellipsis}, y);
  });
  fact("leaf written at no element", [] {
    Tensor x = parameter({3});
    return x.index_put_({x.detach().gt(9)}, numbers({}));
  });
  fact("linear with a bias of another dtype",
       [] { return F::linear(numbers({2, 3}), numbers({2, 3}), torch::ones({2})); });
  fact("leaf copied to itself", [] {
    const Tensor x = parameter({3});
    return x.copy_(x);
  });
  fact("leaf after resize_", [] {
    Tensor x = numbers({4, 5}).clone();
    x.resize_({2, 2});
    x.requires_grad_();
    return x.reshape({-1}).add_(1);
  });
  fact("leaf after t_", [] {
    Tensor x = numbers({4, 5}).clone();
    x.t_();
    x.requires_grad_();
    return x.select(0, 0).add_(1);
  });
  fact("detach_ of a softmax", [] {
    Tensor x = numbers({}).softmax(0);
    x.detach_();
    return x;
  });
  fact("set_requires_grad of a result", [] {
    const Tensor y = parameter({3}).sin();
    y.set_requires_grad(false);
    return y;
  });
  fact("topk written", [] {
    const Tensor y = std::get<0>(parameter({4, 5}).topk(2));
    return y.mul_(2);
  });
  fact("softmax written", [] {
    const Tensor y = parameter({4, 5}).softmax(0);
    return y.mul_(2);
  });
  fact("elu in place", [] {
    const Tensor y = parameter({3}) * 2;
    return F::elu(y, F::ELUFuncOptions().inplace(true));
  });
  fact("celu in place", [] {
    const Tensor y = parameter({3}) * 2;
    return F::celu(y, F::CELUFuncOptions().inplace(true));
  });
  fact("selu in place", [] {
    const Tensor y = parameter({3}) * 2;
    return F::selu(y, F::SELUFuncOptions(true));
  });
  fact("leaky_relu in place", [] {
    const Tensor y = parameter({3}) * 2;
    return F::leaky_relu(y, F::LeakyReLUFuncOptions().inplace(true));
  });
  fact("threshold in place", [] {
    const Tensor y = parameter({3}) * 2;
    return F::threshold(y, F::ThresholdFuncOptions(0.5, 1).inplace(true));
  });
  fact("cumulative_trapezoid", [] { return torch::cumulative_trapezoid(parameter({4, 5})); });
  fact("lp_pool1d",
       [] { return F::lp_pool1d(parameter({1, 4, 5}), F::LPPool1dFuncOptions(2, 2)); });
  fact("lp_pool1d of integers", [] {
    return F::lp_pool1d(torch::ones({1, 4, 5}, torch::kLong), F::LPPool1dFuncOptions(2, 2));
  });
  for (double e : {0., 1., 2., 3., 0.5, -0.5, -1., -2., 0.25})
    fact(("pow " + std::to_string(e)).c_str(), [&] { return parameter({3}).pow(e); });
  fact("view as integers", [] { return parameter({4, 5}).view(torch::kInt); });
  fact("view as the same", [] { return (parameter({4, 5}) * 2).view(torch::kDouble); });
  fact("to the dtype of another",
       [] { return parameter({3}).to(torch::ones({2}, torch::kHalf).dtype()); });

  // Dtypes that were asked for.
  fact("sum as integers", [] { return parameter({3}).sum(0, false, torch::kLong); });
  fact("prod as integers", [] { return parameter({3}).prod(0, false, torch::kLong); });
  fact("cumsum as integers", [] { return parameter({3}).cumsum(0, torch::kInt); });
  fact("cumprod as integers", [] { return parameter({3}).cumprod(0, torch::kInt); });
  fact("nansum as integers", [] { return parameter({3}).nansum(0, false, torch::kInt); });
  fact("cumsum in place", [] { return torch::ones({3}, torch::kByte).cumsum_(0); });
  fact("cumsum of bools in place", [] { return torch::ones({3}, torch::kBool).cumsum_(0); });
  fact("addcdiv of a number and 16 bits", [] {
    return torch::addcdiv(torch::tensor(1.f), torch::ones({3}, torch::kHalf), torch::tensor(2.f));
  });
  fact("cosine_similarity of a number",
       [] { return F::cosine_similarity(numbers({}), torch::ones({3, 3}, torch::kBFloat16)); });
  fact("mse_loss of a number", [] { return F::mse_loss(torch::ones({3}), numbers({})); });
  fact("l1_loss of a number", [] { return F::l1_loss(torch::ones({3}), numbers({})); });
  fact("smooth_l1_loss of a number",
       [] { return F::smooth_l1_loss(torch::ones({3}), numbers({})); });
  fact("poisson_nll_loss of integers", [] {
    return F::poisson_nll_loss(torch::ones({3}, torch::kLong), torch::ones({3}, torch::kHalf));
  });
  fact("block_diag of a number",
       [] { return torch::block_diag({torch::ones({2, 2}, torch::kHalf), numbers({})}); });
  fact("cov of nothing", [] { return torch::cov(torch::ones({0, 5}, torch::kBFloat16)); });
  value("addcmul_of_integers", [] {
    return torch::addcmul(torch::tensor({1, 2}), torch::tensor({3, 4}), torch::tensor({5, 6}), 0.5);
  });
  fact("addcmul of bytes", [] {
    const Tensor b = torch::ones({2}, torch::kByte);
    return torch::addcmul(b, b, b, -1);
  });
  fact("lerp by an integer",
       [] { return torch::lerp(numbers({3}), numbers({3}), torch::tensor(1)); });

  // What is refused.
  fact("add with alpha 1.0", [] { return torch::tensor({1}).add(torch::tensor({1}), 1.0); });
  fact("sub with alpha 1.0", [] { return torch::tensor({1}).sub(torch::tensor({1}), 1.0); });
  fact("add with alpha 1", [] { return torch::tensor({1}).add(torch::tensor({1}), 1); });
  fact("tensordot of two dtypes",
       [] { return torch::tensordot(numbers({3}), torch::ones({3}), {0}, {0}); });
  fact("addmm of two dtypes",
       [] { return torch::ones({2, 2}).addmm(numbers({2, 2}), numbers({2, 2})); });
  fact("addmv of two dtypes", [] { return torch::ones({2}).addmv(numbers({2, 2}), numbers({2})); });
  fact("baddbmm of two dtypes",
       [] { return torch::ones({1, 2, 2}).baddbmm(numbers({1, 2, 2}), numbers({1, 2, 2})); });
  fact("addmm to more than a product",
       [] { return numbers({3, 3}).addmm(numbers({3, 3}), numbers({3, 1})); });
  fact("linear without a bias", [] { return F::linear(numbers({3}), numbers({2, 3}), {}); });
  fact("linear with a large bias",
       [] { return F::linear(numbers({3}), numbers({3}), numbers({2, 3})); });
  fact("vander of one", [] { return torch::linalg_vander(numbers({3, 1})); });
  fact("vander of 16 bits", [] { return torch::linalg_vander(torch::ones({3}, torch::kHalf)); });
  fact("softmax of a number along 1", [] { return numbers({}).softmax(1); });
  fact("log_softmax of a number along 1", [] { return numbers({}).log_softmax(1); });
  fact("gather from a number",
       [] { return numbers({}).gather(0, torch::zeros({1, 1}, torch::kLong)); });
  fact("gather by a number", [] { return numbers({3}).gather(0, torch::tensor(1)); });

  // Tensors that results are stored into.
  const Tensor ones = torch::ones({3, 4}), grad = torch::ones({3, 4}).requires_grad_();
  auto out = [](torch::ScalarType dtype) { return torch::empty({3, 4}, dtype); };
  const Tensor index = torch::zeros({3, 4}, torch::kLong);
#define O(name, dtype, ...)                                                                        \
  fact(name, [&] {                                                                                 \
    Tensor o = out(torch::dtype);                                                                  \
    return __VA_ARGS__;                                                                            \
  });
  O("add_out", kDouble, torch::add_out(o, ones, ones))
  O("add_out to integers", kLong, torch::add_out(o, ones, ones))
  O("sin_out", kDouble, torch::sin_out(o, ones))
  O("abs_out", kDouble, torch::abs_out(o, ones))
  O("neg_out", kDouble, torch::neg_out(o, ones))
  O("floor_out", kDouble, torch::floor_out(o, ones))
  O("clamp_out", kDouble, torch::clamp_out(o, ones, 0, 1))
  O("clamp_min_out tensor", kDouble, torch::clamp_min_out(o, ones, ones))
  O("lerp_out", kDouble, torch::lerp_out(o, ones, ones, 0.5))
  O("where_out", kDouble, torch::where_out(o, ones.gt(0), ones, ones))
  O("eq_out", kFloat, torch::eq_out(o, ones, ones))
  O("eq_out of a leaf", kFloat, torch::eq_out(o, grad, 1))
  O("add_out of a leaf", kFloat, torch::add_out(o, grad, grad))
  O("argmax_out", kFloat, torch::argmax_out(o, ones, 1))
  O("argmax_out of a leaf", kLong, torch::argmax_out(o, grad, 1))
  O("isneginf_out", kFloat, torch::isneginf_out(o, ones))
  O("gather_out", kDouble, torch::gather_out(o, ones, 1, index))
  O("index_select_out", kDouble, torch::index_select_out(o, ones, 0, torch::tensor({0})))
  O("matmul_out", kDouble, torch::matmul_out(o, ones, ones.t()))
  O("mm_out", kDouble, torch::mm_out(o, ones, ones.t()))
  O("cat_out", kDouble, torch::cat_out(o, {ones, ones}))
  O("stack_out", kDouble, torch::stack_out(o, {ones, ones}))
  O("tril_out", kDouble, torch::tril_out(o, ones))
  O("sum_out", kDouble, torch::sum_out(o, ones, {1}))
  O("sum_out to integers", kLong, torch::sum_out(o, ones, {1}))
  O("mean_out", kDouble, torch::mean_out(o, ones, {1}))
  O("prod_out", kDouble, torch::prod_out(o, ones, 1))
  O("cumsum_out", kDouble, torch::cumsum_out(o, ones, 1))
  O("logsumexp_out", kDouble, torch::logsumexp_out(o, ones, {1}))
  O("std_out", kDouble, torch::std_out(o, ones, {1}, true))
  O("amax_out", kDouble, torch::amax_out(o, ones, {1}))
  O("softmax_out", kDouble, torch::softmax_out(o, ones, 1))
  O("linalg_inv_out", kDouble, torch::linalg_inv_out(o, torch::eye(3)))
  O("linalg_pinv_out", kDouble, torch::linalg_pinv_out(o, ones, 1e-15))
  O("kron_out", kDouble, torch::kron_out(o, ones, ones))
  O("arange_out", kDouble, torch::arange_out(o, 0, 3, 1))
  fact("add_out to an argument", [&] {
    Tensor a = torch::ones({4});
    return torch::add_out(a, a, ones);
  });
  value("sum_out_in_the_tensor's_dtype", [&] {
    Tensor o = torch::empty({3}, torch::kInt);
    return torch::sum_out(o, ones * 1.75, {1});
  });

  // Second derivatives where the first one only chooses, and at the edges.
  const Tensor x = parameter({5});
  const Tensor image = parameter({1, 4, 4});
#define D(name, x, ...)                                                                            \
  value(name, [&] { return twice([&](const Tensor &t) { return __VA_ARGS__; }, x); });
  D("relu_twice", x, t.relu())
  D("relu6_twice", x, F::relu6(t))
  D("hardtanh_twice", x, F::hardtanh(t))
  D("hardshrink_twice", x, t.hardshrink())
  D("softshrink_twice", x, F::softshrink(t))
  D("leaky_relu_twice", x, F::leaky_relu(t))
  D("threshold_twice", x, torch::threshold(t, 0.2, 1))
  D("prelu_twice", x, F::prelu(t, torch::tensor(0.3, torch::kDouble)))
  D("max_pool1d_twice", image, F::max_pool1d(t, F::MaxPool1dFuncOptions(2)))
  D("max_pool2d_twice", image, F::max_pool2d(t, F::MaxPool2dFuncOptions(2)))
  D("avg_pool2d_twice", image, F::avg_pool2d(t, F::AvgPool2dFuncOptions(2)))
  D("adaptive_max_pool1d_twice", image,
    F::adaptive_max_pool1d(t, F::AdaptiveMaxPool1dFuncOptions(2)))
  D("adaptive_avg_pool1d_twice", image,
    F::adaptive_avg_pool1d(t, F::AdaptiveAvgPool1dFuncOptions(2)))
  D("pad_twice", image, F::pad(t, F::PadFuncOptions({1, 1}).mode(torch::kReplicate)))
  D("pad_by_reflection_twice", image, F::pad(t, F::PadFuncOptions({1, 1}).mode(torch::kReflect)))
  D("nll_loss_twice", parameter({3, 4}), F::nll_loss(t, torch::tensor({0, 2, 1})))
  D("relu_of_a_product_twice", x, (t * t).relu())
  D("clamp_twice", x, t.clamp(-1, 1))
  D("abs_twice", x, t.abs())
  D("max_twice", x, t.max())
  D("maximum_twice", x, t.maximum(t.detach().flip({0})))
  D("huber_loss_twice",
    torch::tensor({-2., -1., 0., 0.5, 1., 2.}).to(torch::kDouble).requires_grad_(),
    F::huber_loss(t, torch::zeros({6}, torch::kDouble)))
  D("smooth_l1_loss_twice",
    torch::tensor({-2., -1., 0., 0.5, 1., 2.}).to(torch::kDouble).requires_grad_(),
    F::smooth_l1_loss(t, torch::zeros({6}, torch::kDouble)))
  value("median_of_NaN", [] {
    const Tensor t =
        torch::tensor(std::vector<double>{1, NAN, 2, NAN}).to(torch::kDouble).requires_grad_();
    return torch::autograd::grad({t.median()}, {t})[0];
  });
  value("median_of_equal_elements", [] {
    const Tensor t = torch::tensor({1., 2., 2., 3.}).to(torch::kDouble).requires_grad_();
    return torch::autograd::grad({t.median()}, {t})[0];
  });
}
