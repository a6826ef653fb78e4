// Which results have a history, its name, and which backward passes raise: derivatives that
// libtorch does not have.
#include "common.h"
using torch::Tensor;
namespace F = torch::nn::functional;
static void show(const char *name, int which, const std::function<Tensor()> &f,
                 const std::vector<Tensor> &leaves) {
  std::cout << name << " " << which << ": text ";
  Tensor r;
  try {
    r = f();
  } catch (const std::exception &) {
    std::cout << "the call raises\n";
    return;
  }
  std::cout << r.requires_grad() << " " << (r.grad_fn() ? r.grad_fn()->name() : "none");
  try {
    r.sum().backward();
    std::cout << " ok";
  } catch (const std::exception &) {
    std::cout << " raises";
  }
  for (const Tensor &t : leaves)
    std::cout << " " << (t.grad().defined() ? 1 : 0);
  std::cout << "\n";
}
int main() {
  for (int which = 1; which < 4; ++which) {
    auto fresh = [&](std::initializer_list<float> v, int bit) {
      return torch::tensor(std::vector<float>(v)).requires_grad_((which & bit) != 0);
    };
#define S(n, ...)                                                                                  \
  {                                                                                                \
    Tensor x = fresh({1.f, 2.5f, 0.5f}, 1), y = fresh({2.f, 0.5f, 3.f}, 2);                        \
    show(n, which, [&]() -> Tensor { return __VA_ARGS__; }, {x, y});                               \
  }
    S("floor_divide", torch::floor_divide(x, y))
    S("floor_divide method", x.floor_divide(y))
    S("floor_divide scalar", torch::floor_divide(x, 2.0))
    S("floor_divide in place", (x * 1).floor_divide_(y))
    S("div floor", torch::div(x, y, "floor"))
    S("div trunc", torch::div(x, y, "trunc"))
    S("heaviside", torch::heaviside(x, y))
    S("heaviside in place", (x * 1).heaviside_(y))
    S("soft_margin_loss", F::soft_margin_loss(x, y))
    S("soft_margin_loss plain", torch::soft_margin_loss(x, y))
    S("igamma", torch::igamma(x, y))
    S("igammac", torch::igammac(x, y))
    S("igamma in place", (x * 1).igamma_(y))
    S("zeta", torch::special::zeta(x + 1, y))
    S("bessel_j0", torch::special::bessel_j0(x))
    S("bessel_y1", torch::special::bessel_y1(x))
    S("airy", torch::special::airy_ai(x))
    S("chebyshev t", torch::special::chebyshev_polynomial_t(x, y))
    S("hermite", torch::special::hermite_polynomial_h(x, y))
    S("k0", torch::special::modified_bessel_k0(x))
    S("scaled k1", torch::special::scaled_modified_bessel_k1(x))
    S("spherical", torch::special::spherical_bessel_j0(x))
    S("nextafter", torch::nextafter(x, y))
    S("histc", torch::histc(x, 3))
    S("bincount", torch::bincount(torch::tensor({0, 1, 1}), x))
    S("histogram", std::get<0>(torch::histogram(x, 3)))
    S("histogram weight", std::get<0>(torch::histogram(x, 3, c10::nullopt, y)))
    S("binomial", torch::binomial(x.floor(), y / 4))
    S("poisson", torch::poisson(x))
    S("bernoulli", torch::bernoulli(x / 4))
    S("multinomial", torch::multinomial(x, 2))
    S("kl_div", F::kl_div(x, y))
    S("mse", F::mse_loss(x, y))
    S("l1", F::l1_loss(x, y))
    S("smooth_l1", F::smooth_l1_loss(x, y))
    S("huber", F::huber_loss(x, y))
    S("bce", F::binary_cross_entropy(x / 4, y / 4))
    S("bce logits", F::binary_cross_entropy_with_logits(x, y))
    S("poisson_nll", F::poisson_nll_loss(x, y))
    S("hinge", F::hinge_embedding_loss(x, y))
    S("margin_ranking", F::margin_ranking_loss(x, x, y))
    S("cosine_embedding",
      F::cosine_embedding_loss(x.view({1, 3}), x.view({1, 3}), y.slice(0, 0, 1)))
    S("multilabel_soft", F::multilabel_soft_margin_loss(x.view({1, 3}), y.view({1, 3})))
    S("fmod", torch::fmod(x, y))
    S("remainder", torch::remainder(x, y))
    S("copysign", torch::copysign(x, y))
    S("xlogy", torch::xlogy(x, y))
    S("hypot", torch::hypot(x, y))
    S("maximum", torch::maximum(x, y))
    S("fmax", torch::fmax(x, y))
    S("ldexp", torch::ldexp(x, y))
    S("atan2", torch::atan2(x, y))
    S("float_power", torch::float_power(x, y))
    S("logaddexp", torch::logaddexp(x, y))
    S("lerp", torch::lerp(x, y, y))
    S("where", torch::where(x > y, x, y))
    S("trapezoid", torch::trapezoid(x, y))
    S("cdist", torch::cdist(x.view({1, 3}), y.view({1, 3})))
    S("isclose", torch::isclose(x, y))
    S("bucketize", torch::bucketize(x, y.detach()))
    S("searchsorted", torch::searchsorted(x, y))
    S("argmax", x.argmax())
    S("sign", torch::sign(x))
    S("round", torch::round(x))
    S("frexp", std::get<0>(torch::frexp(x)))
    S("renorm", torch::renorm(x.view({1, 3}), 2, 0, 1.))
    S("embedding", F::embedding(torch::tensor({0}), x.view({1, 3})))
    S("logical_and", torch::logical_and(x, y))
    S("bitwise", x.to(torch::kInt).bitwise_and(3).to(torch::kFloat))
    S("quantile", torch::quantile(x, y.detach() / 4))
    S("quantile q", torch::quantile(x, y / 4))
    S("nanquantile", torch::nanquantile(x, 0.3))
    S("cross", torch::cross(x, y, 0))
    S("householder", torch::linalg_householder_product(x.view({3, 1}), y.slice(0, 0, 1)))
    S("lstsq", std::get<0>(torch::linalg_lstsq(x.view({3, 1}), y.view({3, 1}))))
    S("matrix_rank", torch::linalg_matrix_rank(x.view({3, 1})))
    S("unique_consecutive", std::get<0>(torch::unique_consecutive(x)))
    S("nonzero", torch::nonzero(x))
    S("count_nonzero", torch::count_nonzero(x))
    S("ones_like", torch::ones_like(x))
    S("rand_like", torch::rand_like(x))
    S("dropout", torch::dropout(x, 0.5, true))
    S("polygamma", torch::polygamma(2, x))
    S("i0e", torch::special::i0e(x))
    S("i1", torch::special::i1(x))
    S("ndtri", torch::special::ndtri(x / 4))
    S("erfcx", torch::special::erfcx(x))
    S("log_ndtr", torch::special::log_ndtr(x))
    S("mvlgamma", torch::mvlgamma(x + 2, 2))
    S("sinc", torch::sinc(x))
    S("logit", torch::logit(x / 4))
    S("cumprod", torch::cumprod(x, 0))
    S("cummin", std::get<0>(torch::cummin(x, 0)))
    S("kthvalue", std::get<0>(torch::kthvalue(x, 2)))
    S("mode", std::get<0>(torch::mode(x)))
    S("scatter amax", x.scatter_reduce(0, torch::tensor({0, 0, 1}), y, "amax"))
    S("scatter prod", x.scatter_reduce(0, torch::tensor({0, 0, 1}), y, "prod"))
    S("index_reduce", x.index_reduce(0, torch::tensor({0, 0, 1}), y, "mean"))
    S("segment", torch::index_fill(x, 0, torch::tensor({0}), 1.5))
    S("put", x.put(torch::tensor({0, 2}), y.slice(0, 0, 2)))
    S("pow base", torch::pow(2.0, x))
    S("eq", x.eq(y))
    S("addr", torch::addr(torch::zeros({3, 3}), x, y))
    S("baddbmm",
      torch::baddbmm(x.view({1, 1, 3}), y.slice(0, 0, 1).view({1, 1, 1}), x.view({1, 1, 3})))
    S("std", x.std())
    S("var_mean", std::get<1>(torch::var_mean(x, 0)))
    S("cov", torch::cov(torch::stack({x, y})))
    S("corrcoef", torch::corrcoef(torch::stack({x, y})))
    S("gradient", torch::gradient(x)[0])
    S("cumulative_trapezoid", torch::cumulative_trapezoid(x, y))
    S("diff", torch::diff(x))
    S("prelu", torch::prelu(x, y.slice(0, 0, 1)))
    S("gaussian_nll", F::mse_loss(x, y, F::MSELossFuncOptions(torch::kSum)))
    S("pdist", torch::pdist(x.view({3, 1})))
    S("logcumsumexp", torch::logcumsumexp(x, 0))
    S("rrelu", torch::rrelu(x))
    S("bilinear", torch::bilinear(x.view({1, 3}), y.view({1, 3}), torch::ones({1, 3, 3})))
    S("unique2", std::get<0>(torch::_unique2(x)))
    S("unique_dim", std::get<0>(torch::unique_dim(x.view({3, 1}), 0)))
    S("unique_dim_consecutive", std::get<0>(torch::unique_dim_consecutive(x.view({3, 1}), 0)))
    S("nll weight",
      F::nll_loss(x.view({1, 3}), torch::tensor({1}), F::NLLLossFuncOptions().weight(y)))
    S("nll weight plain", torch::nll_loss(x.view({1, 3}), torch::tensor({1}), y))
    S("cross entropy weight",
      F::cross_entropy(x.view({1, 3}), torch::tensor({1}), F::CrossEntropyFuncOptions().weight(y)))
    S("cross entropy smooth",
      F::cross_entropy(x.view({1, 3}), torch::tensor({1}),
                       F::CrossEntropyFuncOptions().weight(y).label_smoothing(0.1)))
    S("cross entropy of probabilities", F::cross_entropy(x.view({1, 3}), torch::ones({1, 3}) / 3,
                                                         F::CrossEntropyFuncOptions().weight(y)))
    S("multi margin weight", F::multi_margin_loss(x.view({1, 3}), torch::tensor({1}),
                                                  F::MultiMarginLossFuncOptions().weight(y)))
    S("multilabel weight",
      F::multilabel_soft_margin_loss(x.view({1, 3}), torch::ones({1, 3}),
                                     F::MultilabelSoftMarginLossFuncOptions().weight(y)))
    S("bce weight", F::binary_cross_entropy(x / 4, torch::ones({3}),
                                            F::BinaryCrossEntropyFuncOptions().weight(y)))
    S("bce logits weight",
      F::binary_cross_entropy_with_logits(x, torch::ones({3}),
                                          F::BinaryCrossEntropyWithLogitsFuncOptions().weight(y)))
    S("bce logits pos_weight",
      F::binary_cross_entropy_with_logits(
          x, torch::ones({3}), F::BinaryCrossEntropyWithLogitsFuncOptions().pos_weight(y)))
    S("batch norm mean", F::batch_norm(x.view({1, 3}), y, torch::ones({3})))
    S("batch norm var", F::batch_norm(x.view({1, 3}), torch::ones({3}), y))
    S("batch norm weight", F::batch_norm(x.view({1, 3}), torch::ones({3}), torch::ones({3}),
                                         F::BatchNormFuncOptions().weight(y)))
    S("instance norm mean",
      torch::instance_norm(x.view({1, 3, 1}), {}, {}, y, torch::ones({3}), false, 0.1, 1e-5, false))
    S("embedding_bag", std::get<0>(torch::embedding_bag(x.view({3, 1}), torch::tensor({0, 1, 1}),
                                                        torch::tensor({0}), false, 0, false, y)))
    S("cdist many",
      torch::cdist(x.view({3, 1}).expand({3, 4}).repeat({10, 1}), y.view({3, 1}).expand({3, 4})))
    S("cdist 1", torch::cdist(x.view({3, 1}), y.view({3, 1}), 1))
    S("clamp tensors", torch::clamp(x, y, y + 1))
    S("masked_fill", x.masked_fill(x > 1, y[0]))
    S("index_fill", x.index_fill(0, torch::tensor({1}), y[0]))
    S("normal", at::normal(x, y))
    S("kthvalue w", std::get<0>(torch::topk(y, 2)))
    S("floor_divide integers",
      torch::floor_divide(torch::tensor({7, 8}), torch::tensor({2, 3})).to(torch::kFloat))
    S("bincount counts", torch::bincount(torch::tensor({0, 1, 1})).to(torch::kFloat))
    for (auto r : {0, 1, 2}) {
      const std::string n = "cross entropy of probabilities " + std::to_string(r);
      Tensor x = fresh({1.f, 2.5f, 0.5f}, 1), y = fresh({2.f, 0.5f, 3.f}, 2);
      show(n.c_str(), which,
           [&] { return torch::cross_entropy_loss(x.view({1, 3}), y.view({1, 3}) / 6, {}, r); },
           {x, y});
      show((n + " unbatched").c_str(), which,
           [&] { return torch::cross_entropy_loss(x, y / 6, {}, r); }, {x, y});
      show((n + " smooth").c_str(), which,
           [&] {
             return torch::cross_entropy_loss(x.view({1, 3}), y.view({1, 3}) / 6, {}, r, -100, 0.1);
           },
           {x, y});
    }
    {
      torch::NoGradGuard guard;
      S("no grad soft_margin", F::soft_margin_loss(x, y))
      S("no grad nll", torch::nll_loss(x.view({1, 3}), torch::tensor({1}), y))
      S("no grad floor_divide", torch::floor_divide(x, y))
    }
  }
}
