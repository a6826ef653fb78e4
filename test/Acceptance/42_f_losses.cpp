// Losses of nn::functional with every reduction, weights and other options.
#include "common.h"
namespace F = torch::nn::functional;

// f takes a reduction variant, shows value and gradient
// A second gradient, where it is one: what is zero, or noise around it, depends on the order of
// additions.
inline void second(const std::string &name, const Tensor &t) {
  if (t.defined() && t.numel() && (t + 0).abs().max().item<double>() > 1e-9)
    show(name, t);
}

template <class Fn> void all3(const std::string &n, const Tensor &x, Fn f) {
  int i = 0;
  for (auto r : {0, 1, 2}) {
    section((n + std::to_string(i++)).c_str(), [&] {
      auto a = x.detach().clone().requires_grad_(true);
      auto y = f(a, r);
      auto s = n + (r == 0 ? ".none" : r == 1 ? ".mean" : ".sum");
      show(s, y);
      auto g =
          torch::autograd::grad({(y * gen64(y.sizes().vec(), 77)).sum()}, {a}, {}, true, true)[0];
      show(s + ".g", g);
      if (g.requires_grad())
        second(s + ".gg", torch::autograd::grad({(g * g).sum()}, {a}, {}, {}, false, true)[0]);
    });
  }
}
template <class O> O red(O o, int r) {
  if (r == 0)
    return o.reduction(torch::kNone);
  if (r == 1)
    return o.reduction(torch::kMean);
  return o.reduction(torch::kSum);
}

int main() {
  auto x = gen64({4, 5}, 1), y = gen64({4, 5}, 2), c = torch::tensor({1, 0, 4, 2}),
       ci = torch::tensor({1, -100, 4, 2}), c3 = torch::tensor({1, 3, 3, 2});
  auto w = torch::tensor({0.5, 1.0, 2.0, 0.25, 1.5}, torch::kFloat64);
  auto s = torch::sign(y) + (y == 0).to(torch::kFloat64);
  all3("l1", x, [&](Tensor a, int r) { return F::l1_loss(a, y, red(F::L1LossFuncOptions(), r)); });
  all3("mse", x,
       [&](Tensor a, int r) { return F::mse_loss(a, y, red(F::MSELossFuncOptions(), r)); });
  all3("smooth", x, [&](Tensor a, int r) {
    return F::smooth_l1_loss(a, y, red(F::SmoothL1LossFuncOptions(), r));
  });
  all3("smooth_beta", x, [&](Tensor a, int r) {
    return F::smooth_l1_loss(a, y, red(F::SmoothL1LossFuncOptions().beta(0.5), r));
  });
  all3("smooth_beta0", x, [&](Tensor a, int r) {
    return F::smooth_l1_loss(a, y, red(F::SmoothL1LossFuncOptions().beta(0), r));
  });
  all3("smooth_arg", x, [&](Tensor a, int r) {
    return F::smooth_l1_loss(a, y, red(F::SmoothL1LossFuncOptions(), r), 0.7);
  });
  all3("huber", x, [&](Tensor a, int r) {
    return F::huber_loss(a, y, red(F::HuberLossFuncOptions().delta(0.7), r));
  });
  all3("bce", torch::sigmoid(x), [&](Tensor a, int r) {
    return F::binary_cross_entropy(a, torch::sigmoid(y),
                                   red(F::BinaryCrossEntropyFuncOptions(), r));
  });
  all3("bce_w", torch::sigmoid(x), [&](Tensor a, int r) {
    return F::binary_cross_entropy(a, torch::sigmoid(y),
                                   red(F::BinaryCrossEntropyFuncOptions().weight(w), r));
  });
  all3("bcel", x, [&](Tensor a, int r) {
    return F::binary_cross_entropy_with_logits(
        a, torch::sigmoid(y),
        red(F::BinaryCrossEntropyWithLogitsFuncOptions().weight(w).pos_weight(w.flip(0)), r));
  });
  all3("nll", torch::log_softmax(x, 1),
       [&](Tensor a, int r) { return F::nll_loss(a, c, red(F::NLLLossFuncOptions(), r)); });
  all3("nll_w", torch::log_softmax(x, 1), [&](Tensor a, int r) {
    return F::nll_loss(a, ci, red(F::NLLLossFuncOptions().weight(w).ignore_index(-100), r));
  });
  all3("nll_ig", torch::log_softmax(x, 1), [&](Tensor a, int r) {
    return F::nll_loss(a, c, red(F::NLLLossFuncOptions().ignore_index(4), r));
  });
  all3("ce", x, [&](Tensor a, int r) {
    return F::cross_entropy(a, c, red(F::CrossEntropyFuncOptions(), r));
  });
  all3("ce_w", x, [&](Tensor a, int r) {
    return F::cross_entropy(a, ci, red(F::CrossEntropyFuncOptions().weight(w), r));
  });
  all3("ce_ls", x, [&](Tensor a, int r) {
    return F::cross_entropy(a, ci, red(F::CrossEntropyFuncOptions().label_smoothing(0.1), r));
  });
  all3("ce_lsw", x, [&](Tensor a, int r) {
    return F::cross_entropy(a, ci,
                            red(F::CrossEntropyFuncOptions().weight(w).label_smoothing(0.2), r));
  });
  all3("ce_prob", x, [&](Tensor a, int r) {
    return F::cross_entropy(a, torch::softmax(y, 1),
                            red(F::CrossEntropyFuncOptions().weight(w).label_smoothing(0.2), r));
  });
  all3("kl", torch::log_softmax(x, 1), [&](Tensor a, int r) {
    return F::kl_div(a, torch::softmax(y, 1), red(F::KLDivFuncOptions(), r));
  });
  all3("kl_log", torch::log_softmax(x, 1), [&](Tensor a, int r) {
    return F::kl_div(a, torch::log_softmax(y, 1), red(F::KLDivFuncOptions().log_target(true), r));
  });
  all3("poisson", x, [&](Tensor a, int r) {
    return F::poisson_nll_loss(a, y.abs(), red(F::PoissonNLLLossFuncOptions(), r));
  });
  all3("poisson_full", x.abs(), [&](Tensor a, int r) {
    return F::poisson_nll_loss(a, y.abs() * 3,
                               red(F::PoissonNLLLossFuncOptions().log_input(false).full(true), r));
  });
  all3("soft_margin", x, [&](Tensor a, int r) {
    return F::soft_margin_loss(a, s, red(F::SoftMarginLossFuncOptions(), r));
  });
  all3("hinge", x, [&](Tensor a, int r) {
    return F::hinge_embedding_loss(a, s, red(F::HingeEmbeddingLossFuncOptions().margin(0.5), r));
  });
  all3("ranking", x, [&](Tensor a, int r) {
    return F::margin_ranking_loss(a, y, s, red(F::MarginRankingLossFuncOptions().margin(0.3), r));
  });
  all3("cosine", x, [&](Tensor a, int r) {
    return F::cosine_embedding_loss(a, y, torch::tensor({1, -1, -1, 1}),
                                    red(F::CosineEmbeddingLossFuncOptions().margin(0.1), r));
  });
  all3("triplet", x, [&](Tensor a, int r) {
    return F::triplet_margin_loss(
        a, y, y.flip(0), red(F::TripletMarginLossFuncOptions().margin(0.9).p(2).swap(true), r));
  });
  all3("triplet_p1", x, [&](Tensor a, int r) {
    return F::triplet_margin_loss(a, y, y.flip(1), red(F::TripletMarginLossFuncOptions().p(1), r));
  });
  all3("triplet_dist", x, [&](Tensor a, int r) {
    F::TripletMarginWithDistanceLossFuncOptions o;
    o.margin(0.4).distance_function(
        [](const Tensor &p, const Tensor &q) { return (p - q).abs().amax(1); });
    return F::triplet_margin_with_distance_loss(a, y, y.flip(0), red(o, r));
  });
  all3("multi_margin", x, [&](Tensor a, int r) {
    return F::multi_margin_loss(a, c,
                                red(F::MultiMarginLossFuncOptions().p(1).margin(0.8).weight(w), r));
  });
  all3("multi_margin2", x, [&](Tensor a, int r) {
    return F::multi_margin_loss(a, c, red(F::MultiMarginLossFuncOptions().p(2), r));
  });
  auto ml = torch::tensor({{1, 0, -1, 2, 3}, {4, -1, 0, 1, 2}, {-1, 1, 2, 3, 0}, {0, 1, 2, 3, 4}});
  all3("multilabel_margin", x, [&](Tensor a, int r) {
    return F::multilabel_margin_loss(a, ml, red(F::MultilabelMarginLossFuncOptions(), r));
  });
  all3("multilabel_soft", x, [&](Tensor a, int r) {
    return F::multilabel_soft_margin_loss(
        a, (y > 0).to(torch::kFloat64), red(F::MultilabelSoftMarginLossFuncOptions().weight(w), r));
  });
  section("kl_batch", [&] {
    show("kl_batchmean", F::kl_div(torch::log_softmax(x, 1), torch::softmax(y, 1),
                                   F::KLDivFuncOptions().reduction(torch::kBatchMean)));
  });
  // spatial
  auto xs = gen64({2, 3, 2, 2}, 9), cs = torch::tensor({{{0, 1}, {2, 1}}, {{1, 1}, {-1, 0}}});
  auto w3 = torch::tensor({0.5, 1.0, 2.0}, torch::kFloat64);
  all3("ce_2d", xs, [&](Tensor a, int r) {
    return F::cross_entropy(a, cs,
                            red(F::CrossEntropyFuncOptions().ignore_index(-1).weight(w3), r));
  });
  all3("ce_2dls", xs, [&](Tensor a, int r) {
    return F::cross_entropy(
        a, cs,
        red(F::CrossEntropyFuncOptions().ignore_index(-1).weight(w3).label_smoothing(0.3), r));
  });
  all3("ce_1d", xs.flatten(), [&](Tensor a, int r) {
    return F::cross_entropy(a, torch::tensor(5), red(F::CrossEntropyFuncOptions(), r));
  });
  all3("nll_2d", xs, [&](Tensor a, int r) {
    return F::nll_loss(a, cs, red(F::NLLLossFuncOptions().ignore_index(-1), r));
  });
  // ctc
  auto lp = torch::log_softmax(gen64({6, 2, 4}, 5), 2);
  all3("ctc", lp, [&](Tensor a, int r) {
    return F::ctc_loss(a, torch::tensor({{1, 2, 3}, {2, 2, 1}}), torch::tensor({6, 5}),
                       torch::tensor({3, 2}), red(F::CTCLossFuncOptions(), r));
  });
  // torch:: names with int reduction
  section("plain", [&] {
    for (int64_t r : {0, 1, 2}) {
      auto t = "plain" + std::to_string(r) + ".";
      show(t + "mse", torch::mse_loss(x, y, r));
      show(t + "l1", torch::l1_loss(x, y, r));
      show(t + "smooth", torch::smooth_l1_loss(x, y, r, 0.5));
      show(t + "huber", torch::huber_loss(x, y, r, 0.5));
      show(t + "nll", torch::nll_loss(torch::log_softmax(x, 1), c, w, r, 2));
      show(t + "nll2", torch::nll_loss(torch::log_softmax(x, 1), c, {}, r));
      show(t + "ce", torch::cross_entropy_loss(x, c, w, r, 2, 0.1));
      show(t + "bce", torch::binary_cross_entropy(torch::sigmoid(x), torch::sigmoid(y), {}, r));
      show(t + "bcel", torch::binary_cross_entropy_with_logits(x, torch::sigmoid(y), {}, w, r));
      show(t + "kl", torch::kl_div(x, y.abs(), r, false));
      show(t + "poisson", torch::poisson_nll_loss(x, y.abs(), true, true, 1e-8, r));
      show(t + "soft", torch::soft_margin_loss(x, s, r));
      show(t + "hinge", torch::hinge_embedding_loss(x, s, 1.0, r));
      show(t + "rank", torch::margin_ranking_loss(x, y, s, 0.1, r));
      show(t + "cos", torch::cosine_embedding_loss(x, y, torch::tensor({1, -1, -1, 1}), 0.1, r));
      show(t + "trip", torch::triplet_margin_loss(x, y, y.flip(0), 1.0, 2, 1e-6, false, r));
      show(t + "mm", torch::multi_margin_loss(x, c, 1, 1, {}, r));
      show(t + "mlm", torch::multilabel_margin_loss(x, ml, r));
    }
    show("plain.enum", torch::mse_loss(x, y, torch::Reduction::Sum));
    show("plain.ctc", torch::ctc_loss(lp, torch::tensor({{1, 2, 3}, {2, 2, 1}}),
                                      torch::tensor({6, 5}), torch::tensor({3, 2})));
    std::vector<int64_t> il{6, 5}, tl{3, 2};
    show("plain.ctc2", torch::ctc_loss(lp, torch::tensor({1, 2, 3, 2, 2}), il, tl, 0,
                                       torch::Reduction::None, true));
  });
  section("dtypes", [&] {
    auto h = x.to(torch::kFloat16), b = x.to(torch::kBFloat16), f = x.to(torch::kFloat32);
    show("d.mse_h", F::mse_loss(h, y.to(torch::kFloat16)));
    show("d.mse_b", F::mse_loss(b, y.to(torch::kBFloat16)));
    show("d.ce_h", F::cross_entropy(h, c));
    show("d.ce_b", F::cross_entropy(b, c));
    show("d.ce_f", F::cross_entropy(f, c));
    show("d.l1_mixed", F::l1_loss(f, y));
    show("d.bcel_b", F::binary_cross_entropy_with_logits(b, torch::sigmoid(b)));
    show("d.smooth_h", F::smooth_l1_loss(h, y.to(torch::kFloat16)));
  });
  section("empty", [&] {
    show("e.mse", F::mse_loss(torch::zeros({0, 3}), torch::zeros({0, 3})));
    show("e.mse_sum", F::mse_loss(torch::zeros({0, 3}), torch::zeros({0, 3}),
                                  F::MSELossFuncOptions().reduction(torch::kSum)));
    show("e.ce", F::cross_entropy(torch::zeros({0, 3}), torch::zeros({0}, torch::kLong)));
    show("e.all_ignored",
         F::cross_entropy(torch::zeros({2, 3}), torch::full({2}, -100, torch::kLong)));
  });
  section("errors", [&] {
    throws("x.ce_range", [&] { return F::cross_entropy(x, torch::tensor({0, 1, 2, 5})); });
    throws("x.ce_shape", [&] { return F::cross_entropy(x, torch::tensor({0, 1, 2})); });
    throws("x.ce_float_target",
           [&] { return F::cross_entropy(x, torch::tensor({0., 1., 2., 3.})); });
    throws("x.nll_weight", [&] { return F::nll_loss(x, c, F::NLLLossFuncOptions().weight(w3)); });
    throws("x.bce_shape",
           [&] { return F::binary_cross_entropy(torch::sigmoid(x), torch::sigmoid(y[0])); });
    throws("x.bcel_shape", [&] { return F::binary_cross_entropy_with_logits(x, y[0]); });
    throws("x.mse_shape", [&] { return F::mse_loss(x, gen64({3, 5})); });
    throws("x.smooth_neg",
           [&] { return F::smooth_l1_loss(x, y, F::SmoothL1LossFuncOptions().beta(-1)); });
    throws("x.huber_neg", [&] { return F::huber_loss(x, y, F::HuberLossFuncOptions().delta(-1)); });
    throws("x.cosine_shape", [&] { return F::cosine_embedding_loss(x, y, torch::ones({3})); });
    throws("x.triplet", [&] { return F::triplet_margin_loss(x, y, gen64({3})); });
    throws("x.mm_target", [&] { return F::multi_margin_loss(x, torch::tensor({0, 1, 2, 9})); });
    throws("x.label_smoothing", [&] {
      return F::cross_entropy(x, c, F::CrossEntropyFuncOptions().label_smoothing(1.5));
    });
  });
  return finish();
}
