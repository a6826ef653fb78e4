// Where libtorch's results lie in memory, what in-place calls leave of histories, which dtypes and
// sizes raise: what random programs found beside libtorch (test/fuzz/beside).
#include "facts.h"
using torch::Tensor;
using torch::indexing::Ellipsis;
using torch::indexing::None;
using torch::indexing::Slice;
namespace F = torch::nn::functional;

static void fact(const std::string &name, const std::function<Tensor()> &f) {
  std::cout << name << ": text ";
  try {
    const Tensor t = f();
    std::cout << t.dtype() << " " << t.sizes() << " ";
    for (int64_t d = 0; d < t.dim(); ++d) // those of other dimensions mean nothing
      std::cout << (t.size(d) > 1 ? std::to_string(t.stride(d)) : "_") << ",";
    std::cout << " " << t.storage_offset() << (t.is_leaf() ? " leaf" : " node")
              << (t.requires_grad() ? " grad " : " ") << (t.grad_fn() ? t.grad_fn()->name() : "");
  } catch (const std::exception &) {
    std::cout << "raises";
  }
  std::cout << "\n";
}
static Tensor gradient(const Tensor &y, const Tensor &x) {
  return torch::autograd::grad({y.sum()}, {x}, {}, true, false, true)[0];
}

static void linearAlgebra() {
  for (const std::vector<int64_t> &batch : {std::vector<int64_t>{}, std::vector<int64_t>{2}}) {
    auto of = [&](int64_t m, int64_t n) {
      std::vector<int64_t> sizes = batch;
      sizes.push_back(m), sizes.push_back(n);
      return parameter(sizes);
    };
    const std::string n = " of " + std::to_string(batch.size() + 2) + " dimensions";
    const Tensor a = of(4, 4), p = a.matmul(a.mT()) + torch::eye(4, torch::kDouble), b = of(4, 2),
                 tall = of(5, 3), wide = of(3, 5);
    fact("cholesky" + n, [&] { return torch::linalg_cholesky(p); });
    fact("upper cholesky" + n, [&] { return torch::linalg_cholesky(p, true); });
    fact("inverse of a factor" + n, [&] { return torch::cholesky_inverse(p); });
    fact("cholesky_solve" + n, [&] { return torch::cholesky_solve(b, p); });
    fact("inv" + n, [&] { return torch::linalg_inv(p); });
    fact("inv_ex" + n, [&] { return std::get<0>(torch::linalg_inv_ex(p)); });
    fact("power -1" + n, [&] { return torch::linalg_matrix_power(p, -1); });
    fact("solve" + n, [&] { return torch::linalg_solve(p, b); });
    fact("solve from the right" + n, [&] { return torch::linalg_solve(p, b.mT(), false); });
    fact("solve a vector" + n, [&] { return torch::linalg_solve(p, p.select(-1, 0).detach()); });
    fact("solve_triangular" + n, [&] { return torch::linalg_solve_triangular(p, b, true); });
    fact("solve_triangular from the right" + n,
         [&] { return torch::linalg_solve_triangular(p, b.mT(), true, false); });
    fact("triangular_solve's matrix" + n,
         [&] { return std::get<1>(torch::triangular_solve(b, p)); });
    fact("eigenvalues" + n, [&] { return std::get<0>(torch::linalg_eigh(p)); });
    fact("eigenvectors" + n, [&] { return std::get<1>(torch::linalg_eigh(p)); });
    fact("lu_factor" + n, [&] { return std::get<0>(torch::linalg_lu_factor(tall)); });
    fact("lu" + n, [&] { return std::get<1>(torch::linalg_lu(tall)); });
    const auto [LU, pivots] = torch::linalg_lu_factor(p);
    const Tensor factors = LU, rows = pivots;
    fact("lu_solve" + n, [&] { return torch::linalg_lu_solve(factors, rows, b); });
    fact("lu_solve from the right" + n,
         [&] { return torch::linalg_lu_solve(factors, rows, b.mT(), false); });
    for (const Tensor &t : {tall, wide}) {
      const std::string name = (t.size(-1) == 3 ? " of tall ones" : " of wide ones") + n;
      fact("Q" + name, [&] { return std::get<0>(torch::linalg_qr(t)); });
      fact("R" + name, [&] { return std::get<1>(torch::linalg_qr(t)); });
      fact("U" + name, [&] { return std::get<0>(torch::linalg_svd(t)); });
      fact("S" + name, [&] { return std::get<1>(torch::linalg_svd(t)); });
      fact("Vh" + name, [&] { return std::get<2>(torch::linalg_svd(t, false)); });
      fact("V" + name, [&] { return std::get<2>(torch::svd(t)); });
      const Tensor right = t.detach().narrow(-1, 0, 2);
      fact("lstsq" + name, [&] { return std::get<0>(torch::linalg_lstsq(t, right)); });
      fact("residuals" + name, [&] { return std::get<1>(torch::linalg_lstsq(t, right)); });
    }
    value("inverse_values" + std::to_string(batch.size()), [&] { return torch::linalg_inv(p); });
    value("gradient_of_the_inverse" + std::to_string(batch.size()),
          [&] { return gradient(torch::linalg_inv(p).square(), a); });
    value("gradient_of_least_squares" + std::to_string(batch.size()), [&] {
      return gradient(std::get<0>(torch::linalg_lstsq(tall, of(5, 2).detach())).square(), tall);
    });
  }
  fact("singular values are not wanted",
       [] { return std::get<0>(torch::svd(numbers({2, 3, 3}), true, false)); });
}

static void indices() {
  const Tensor all[] = {numbers({3, 4, 5}), numbers({5, 4, 3}).permute({2, 1, 0}),
                        numbers({3, 5, 4}).transpose(1, 2), numbers({3, 4, 10}).slice(2, 0, 10, 2)};
  const Tensor vector = torch::tensor({0, 2, 1}),
               matrix = torch::tensor({1, 0, 2, 1, 1, 0}).reshape({2, 3}),
               permuted = matrix.t().contiguous().t(),
               mask = torch::tensor({1, 0, 1, 1}).to(torch::kBool);
  const std::vector<std::vector<torch::indexing::TensorIndex>> lists = {{vector},
                                                                        {Slice(), vector},
                                                                        {Ellipsis, vector},
                                                                        {vector, vector},
                                                                        {vector, Slice(), vector},
                                                                        {Slice(), vector, vector},
                                                                        {matrix},
                                                                        {Slice(), matrix},
                                                                        {permuted},
                                                                        {Slice(), permuted},
                                                                        {matrix, permuted},
                                                                        {permuted, matrix},
                                                                        {Slice(), mask},
                                                                        {None, vector},
                                                                        {vector, None},
                                                                        {Slice(1, None, 2), vector},
                                                                        {0, vector},
                                                                        {vector, 0},
                                                                        {true},
                                                                        {Ellipsis, true},
                                                                        {true, Slice(), vector}};
  for (size_t i = 0; i < std::size(all); ++i)
    for (size_t j = 0; j < lists.size(); ++j)
      fact("index " + std::to_string(i) + " " + std::to_string(j),
           [&] { return all[i].index(lists[j]); });
  value("indexed_values", [&] { return all[1].index({vector, Slice(), matrix.select(0, 0)}); });
  value("indexed_gradient", [&] {
    const Tensor x = parameter({5, 4, 3}), y = x.permute({2, 1, 0});
    return gradient(y.index({vector, Slice(), permuted.select(1, 0).narrow(0, 0, 1)}).square(), x);
  });
  fact("nonzero", [&] { return all[1].gt(0).nonzero(); });
  fact("argwhere", [&] { return torch::argwhere(all[0].gt(0)); });
  fact("where of one", [&] { return torch::where(all[0].gt(0))[1]; });
  value("nonzero_values", [&] { return all[1].gt(0).nonzero(); });
}

static void layouts() {
  // Transposed, with gaps, both, and a part of a tensor.
  const Tensor all[] = {parameter({4, 3, 2}).mul(1).permute({2, 1, 0}),
                        parameter({2, 3, 8}).mul(1).slice(2, 0, 8, 2),
                        parameter({8, 3, 2}).mul(1).permute({2, 1, 0}).slice(2, 0, 8, 2),
                        parameter({4, 3, 4}).mul(1).slice(0, 1, 3)};
  for (size_t i = 0; i < std::size(all); ++i) {
    const Tensor &a = all[i];
    const std::string n = " " + std::to_string(i);
    fact("2 to the power" + n, [&] { return torch::pow(2, a); });
    fact("to the power of 0" + n, [&] { return a.pow(0); });
    fact("float_power" + n, [&] { return torch::float_power(2, a); });
    fact("randint_like" + n, [&] { return torch::randint_like(a.detach(), 5); });
    fact("dropout" + n, [&] { return torch::dropout(a, 0.5, true); });
    fact("feature_dropout" + n, [&] { return torch::feature_dropout(a, 0.5, true); });
    fact("alpha_dropout" + n, [&] { return torch::alpha_dropout(a, 0.5, true); });
    fact("feature_alpha_dropout" + n, [&] { return torch::feature_alpha_dropout(a, 0.5, true); });
    fact("dropout2d" + n, [&] { return F::dropout2d(a); });
    fact("channel_shuffle" + n, [&] { return torch::channel_shuffle(a, 3); });
    fact("quantile" + n, [&] { return torch::quantile(a, 0.25, 1); });
    fact("quantiles" + n,
         [&] { return torch::quantile(a, torch::tensor({0.25, 0.5}, torch::kDouble), 0, true); });
    fact("put" + n,
         [&] { return torch::put(a, torch::tensor({0, 1}), torch::ones({2}, torch::kDouble)); });
    fact("index_fill" + n, [&] { return a.index_fill(1, torch::tensor({0, 2}), 3); });
    fact("sort" + n, [&] { return std::get<0>(a.sort(1)); });
    fact("argsort" + n, [&] { return a.argsort(int64_t(2)); });
    fact("flip" + n, [&] { return a.flip({0}); });
    fact("rot90" + n, [&] { return a.rot90(); });
    fact("select_scatter" + n, [&] { return a.select_scatter(a.select(1, 0) * 2, 1, 2); });
    fact("slice_scatter" + n, [&] { return a.slice_scatter(a.slice(2, 0, 2) * 2, 2, 0, 2); });
    fact("diagonal_scatter" + n, [&] { return a.diagonal_scatter(a.diagonal() * 2); });
    const std::string v = std::to_string(i);
    value("slice_scatter_" + v, [&] { return a.slice_scatter(a.slice(2, 0, 2) * 2, 2, 0, 2); });
    value("slice_scatter_gradient_" + v, [&] {
      const Tensor x = parameter({4, 3, 8});
      const Tensor y = i == 0   ? x.permute({2, 1, 0})
                       : i == 1 ? x.slice(2, 0, 8, 2)
                       : i == 2 ? x.permute({2, 1, 0}).slice(2, 0, 4, 2)
                                : x.slice(0, 1, 3);
      return gradient(y.slice_scatter(y.slice(2, 0, 2) * 2, 2, 0, 2).square(), x);
    });
    value("sorted_" + v, [&] { return std::get<0>(a.sort(1)); });
    value("put_" + v, [&] {
      return torch::put(a, torch::tensor({0, 5}), torch::ones({2}, torch::kDouble), true);
    });
  }
}

static void histories() {
  using InPlace = std::function<Tensor(Tensor &, const Tensor &)>;
  const std::pair<const char *, InPlace> calls[] = {
      {"eq_", [](Tensor &a, const Tensor &b) { return a.eq_(b); }},
      {"lt_", [](Tensor &a, const Tensor &b) { return a.lt_(b); }},
      {"ge_ of a number", [](Tensor &a, const Tensor &) { return a.ge_(0); }},
      {"logical_and_", [](Tensor &a, const Tensor &b) { return a.logical_and_(b); }},
      {"logical_xor_", [](Tensor &a, const Tensor &b) { return a.logical_xor_(b); }},
      {"logical_not_", [](Tensor &a, const Tensor &) { return a.logical_not_(); }}};
  for (const auto &[name, call] : calls)
    for (int k = 0; k < 4; ++k) {
      const std::string n = std::string(name) + " " + std::to_string(k);
      const Tensor x = parameter({2, 3}), other = parameter({2, 3});
      Tensor y = k == 0   ? x * 2
                 : k == 1 ? (x * 2).select(0, 0)
                 : k == 2 ? x
                          : numbers({2, 3}).clone();
      const Tensor b = k == 1 ? numbers({3}) : k == 3 ? other * 1 : numbers({2, 3});
      // libtorch makes the history of a view again after a write that none remembers.
      const bool renewed = k == 1 && n.starts_with("logical");
      fact(n, [&] { return renewed ? call(y, b).detach() : call(y, b); });
      const std::string v = std::string(name).substr(0, 9) + "_" + std::to_string(k);
      value("written_" + v, [&] { return y; });
      value("gradient_" + v, [&] { return gradient(y, x); });
      value("other_gradient_" + v, [&] { return gradient(y, other); });
    }
  // A view that was made without grad mode requires grad on its own.
  const Tensor x = parameter({2, 3});
  Tensor view;
  {
    torch::NoGradGuard guard;
    view = x.select(0, 1);
  }
  fact("view without grad mode", [&] { return view; });
  fact("computed from it", [&] { return view * 2; });
  fact("a view of it", [&] { return view.select(0, 0); });
  value("gradient_by_its_base", [&] { return gradient(view * 2, x); });
  value("gradient_by_itself", [&] { return gradient(view * 2, view); });

  for (torch::ScalarType T : {torch::kDouble, torch::kBFloat16}) {
    auto make = [T](std::vector<int64_t> sizes) {
      return numbers(sizes).to(T).clone().requires_grad_();
    };
    const std::string n = T == torch::kDouble ? " of float64" : " of bfloat16";
    const Tensor a = make({3, 3}), b = make({3, 3}), c = make({3, 3}), l = make({3});
    fact("triplet_margin_loss" + n, [&] { return F::triplet_margin_loss(a, b, c); });
    fact("triplet_margin_loss, none" + n, [&] {
      return F::triplet_margin_loss(a, b, c,
                                    F::TripletMarginLossFuncOptions().reduction(torch::kNone));
    });
    fact("cosine_embedding_loss" + n, [&] { return F::cosine_embedding_loss(a, b, l); });
    fact("hinge_embedding_loss, none" + n, [&] {
      return F::hinge_embedding_loss(a, c,
                                     F::HingeEmbeddingLossFuncOptions().reduction(torch::kNone));
    });
    fact("multilabel_soft_margin_loss, none" + n, [&] {
      return F::multilabel_soft_margin_loss(
          a, c, F::MultilabelSoftMarginLossFuncOptions().reduction(torch::kNone));
    });
    fact("kl_div, none" + n,
         [&] { return F::kl_div(a, c, F::KLDivFuncOptions().reduction(torch::kNone)); });
    fact("l1_loss, none" + n,
         [&] { return F::l1_loss(a, c, F::L1LossFuncOptions().reduction(torch::kNone)); });
    fact("bilinear" + n, [&] { return F::bilinear(a, b, make({2, 3, 3}), make({2})); });
    fact("grid_sample" + n,
         [&] { return F::grid_sample(make({2, 3, 4, 4}), torch::zeros({2, 2, 2, 2}, T)); });
    fact("conv1d" + n, [&] { return F::conv1d(make({1, 3, 3}), make({2, 3, 2})); });
    fact("conv1d of a sample" + n, [&] { return F::conv1d(a, make({2, 3, 2})); });
    fact("conv_transpose2d of a sample" + n,
         [&] { return F::conv_transpose2d(make({3, 4, 4}), make({3, 2, 2, 2})); });
    fact("cdist" + n, [&] { return torch::cdist(a, b); });
    fact("pdist" + n, [&] { return torch::pdist(a); });
    fact("multi_margin_loss" + n,
         [&] { return F::multi_margin_loss(a, torch::tensor({0, 1, 2})); });
    fact("instance_norm of single elements" + n, [&] { return F::instance_norm(a); });
    fact("group_norm of single elements" + n,
         [&] { return F::group_norm(make({1, 2}), F::GroupNormFuncOptions(2)); });
  }
}

static void distances() {
  for (double p : {0., 0.5, 1., 2., 3., std::numeric_limits<double>::infinity()}) {
    const Tensor x = parameter({4, 3}), y = parameter({2, 3});
    const std::string n = std::to_string(int(p * 10) % 1000);
    value("cdist_" + n, [&] { return torch::cdist(x, y, p); });
    value("cdist_by_first_" + n, [&] { return gradient(torch::cdist(x, y, p).square(), x); });
    value("cdist_by_second_" + n, [&] { return gradient(torch::cdist(x, y, p).square(), y); });
    value("cdist_to_itself_" + n,
          [&] { return gradient(torch::cdist(x, x.detach(), p).exp(), x); });
    value("pdist_" + n, [&] { return gradient(torch::pdist(x, p).square(), x); });
    value("second_derivative_" + n, [&] {
      const Tensor g = torch::autograd::grad({torch::cdist(x, y, p).sum()}, {x}, {}, true, true)[0];
      return gradient(g.square(), x);
    });
  }
}

static void refusals() {
  const Tensor a = numbers({3, 5}), bools = a.gt(0), integers = a.mul(4).to(torch::kLong);
  fact("soft_margin_loss of a larger target",
       [&] { return F::soft_margin_loss(a.select(0, 0), a); });
  fact("soft_margin_loss of a smaller target",
       [&] { return F::soft_margin_loss(a, a.select(0, 0)); });
  fact("poisson_nll_loss of bools", [&] { return F::poisson_nll_loss(bools, bools); });
  fact("poisson_nll_loss of a rate beside bools", [&] {
    return F::poisson_nll_loss(a, bools,
                               F::PoissonNLLLossFuncOptions().log_input(false).full(true));
  });
  fact("binary_cross_entropy_with_logits of bools",
       [&] { return F::binary_cross_entropy_with_logits(a, bools); });
  fact("multi_margin_loss with weights of another dtype", [&] {
    return F::multi_margin_loss(a, torch::tensor({0, 1, 2}),
                                F::MultiMarginLossFuncOptions().weight(torch::ones({5})));
  });
  fact("bilinear of two dtypes",
       [&] { return F::bilinear(a, torch::ones({3, 5}), torch::ones({2, 5, 5}, torch::kDouble)); });
  fact("embedding_bag with weights of another dtype", [&] {
    return F::embedding_bag(torch::tensor({0, 1}), a,
                            F::EmbeddingBagFuncOptions()
                                .offsets(torch::tensor({0}))
                                .mode(torch::kSum)
                                .per_sample_weights(torch::ones({2})));
  });
  fact("dropout of all bools", [&] { return torch::dropout(bools, 1, true); });
  fact("poisson_nll_loss beside bools", [&] { return F::poisson_nll_loss(a, bools); });
  fact("reflection of bools",
       [&] { return F::pad(bools, F::PadFuncOptions({1, 1}).mode(torch::kReflect)); });
  fact("repetition of bools",
       [&] { return F::pad(bools, F::PadFuncOptions({1, 1}).mode(torch::kCircular)); });
  fact("kron of a transpose", [&] { return torch::kron(a, a.t()); });
  fact("kron of two transposes", [&] { return torch::kron(a.t(), a.t()); });
  fact("isin of a slice", [&] { return torch::isin(a, a.slice(1, 0, 2)); });
  fact("put into nothing",
       [&] { return torch::put(torch::zeros({0, 5}), torch::tensor({0}), torch::ones({1})); });
  fact("isnan_out of another dtype", [&] {
    Tensor out = torch::empty({0});
    return torch::isnan_out(out, a);
  });
  fact("embedding_bag of integers", [&] {
    return F::embedding_bag(torch::tensor({0, 1}), integers,
                            F::EmbeddingBagFuncOptions().offsets(torch::tensor({0})));
  });
  fact("dropout of channels of integers", [&] { return F::dropout2d(integers); });
  fact("max_unpool1d of integers", [&] {
    return F::max_unpool1d(integers, torch::zeros({3, 5}, torch::kLong),
                           F::MaxUnpool1dFuncOptions(2));
  });
  fact("local_response_norm of four dimensions", [&] {
    return F::local_response_norm(torch::ones({1, 2, 3, 3}, torch::kHalf),
                                  F::LocalResponseNormFuncOptions(2));
  });
  fact("local_response_norm of three dimensions", [&] {
    return F::local_response_norm(torch::ones({2, 3, 3}, torch::kHalf),
                                  F::LocalResponseNormFuncOptions(2));
  });
}

int main() {
  linearAlgebra();
  indices();
  layouts();
  histories();
  distances();
  refusals();
}
