//===- sweep.cpp - many functions beside libtorch, one by one ---------------------------------===//
//
//   g++ -O2 -std=c++20 -DWITH_TJIT sweep.cpp ... -ltjit -o sweep-tjit       see README.md
//   g++ -O2 -std=c++20 sweep.cpp ... -ltorch ... -o sweep-libtorch
//
// Prints the median time of each function of some 130 in microseconds, and of 50 with their
// gradients ("softmax'"): where a ratio is far from the others' something is slow that need not be.
// sweep.py runs both programs and sorts by the ratio. No timed test.
//
//===------------------------------------------------------------------------------------------===//
#ifdef WITH_TJIT
#include <tjit/torch.h>
#else
#include <torch/torch.h>
#endif

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

namespace F = torch::nn::functional;
using torch::Tensor;

namespace {

/// Waits for what was recorded; libtorch has computed it.
void ready(const Tensor &t) {
#ifdef WITH_TJIT
  torch::eval(t);
#else
  (void)t;
#endif
}
Tensor made(Tensor t, bool requiresGrad) {
  ready(t);
  return requiresGrad ? t.requires_grad_(true) : t;
}

/// Operands of every function; those that can have gradients do where `gradients`.
struct Operands {
  explicit Operands(bool gradients) : gradients(gradients) {}

  bool gradients;
  Tensor of(Tensor t) const { return made(std::move(t), gradients); }
  Tensor a = of(torch::randn({1024, 1024})), b = of(torch::randn({1024, 1024})),
         r = of(torch::randn({1024})), img = of(torch::randn({8, 16, 64, 64})),
         w = of(torch::randn({32, 16, 3, 3})), emb = of(torch::randn({10000, 128})),
         q = of(torch::randn({8, 256, 64})), k = of(torch::randn({8, 256, 64})),
         v = of(torch::randn({8, 256, 64})), g1 = of(torch::ones({16})),
         b1 = of(torch::zeros({16})), ln = of(torch::ones({1024})), lb = of(torch::zeros({1024})),
         spd = of(torch::randn({128, 128}).pow(2) + torch::eye(128) * 300);
  Tensor idx = made(torch::randint(0, 1024, {1024}), false),
         idx2 = made(torch::randint(0, 1024, {1024, 1024}), false),
         tok = made(torch::randint(0, 10000, {4096}), false),
         lab = made(torch::randint(0, 1024, {1024}), false),
         m = made(torch::rand({1024, 1024}).gt(0.5), false),
         tgt = made(torch::rand({1024, 1024}), false);

  std::vector<const Tensor *> leaves() const {
    return {&a, &b, &r, &img, &w, &emb, &q, &k, &v, &g1, &b1, &ln, &lb, &spd};
  }
};

struct Function {
  std::string name;
  std::function<Tensor()> run;
};

/// The median time of up to 25 calls, or of as many as fit into 0.4 s.
template <class Call> void time(const std::string &name, const Call &call) {
  std::vector<double> times;
  double total = 0;
  try {
    for (int i = 0; i < 25 && total < 4e5; ++i) {
      const auto start = std::chrono::steady_clock::now();
      call();
      times.push_back(
          std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
              .count());
      total += times.back();
    }
  } catch (const std::exception &e) {
    std::printf("%s error %.60s\n", name.c_str(), e.what());
    return;
  }
  std::sort(times.begin(), times.end());
  std::printf("%s %.1f\n", name.c_str(), times[times.size() / 2]);
  std::fflush(stdout);
}

void forward() {
  const torch::NoGradGuard guard;
  const Operands o(false);
  const auto &[gradients, a, b, r, img, w, emb, q, k, v, g1, b1, ln, lb, spd0, idx, idx2, tok, lab,
               m, tgt] = o;
  const Tensor flat = made(torch::randn({1 << 20}), false),
               i64 = made(torch::randint(0, 1000, {1 << 20}), false),
               sq = made(torch::randn({256, 256}), false),
               spd = made(sq.matmul(sq.t()) + torch::eye(256) * 256, false),
               d = made(torch::randn({512, 512}, torch::kDouble), false),
               h = made(torch::randn({1024, 1024}).to(torch::kHalf), false),
               bf = made(torch::randn({1024, 1024}).to(torch::kBFloat16), false),
               by = made(torch::randint(0, 255, {1024, 1024}).to(torch::kUInt8), false),
               in32 = made(torch::randint(-1000, 1000, {1024, 1024}).to(torch::kInt), false);
  const std::vector<Function> functions = {
      {"add", [&] { return Tensor(a + b); }},
      {"add_bcast", [&] { return Tensor(a + r); }},
      {"add_col", [&] { return Tensor(a + r.view({1024, 1})); }},
      {"mul_add_relu", [&] { return Tensor(torch::relu(a * b + r)); }},
      {"t_add", [&] { return Tensor(a.t() + b); }},
      {"contig_t", [&] { return Tensor(a.t().contiguous()); }},
      {"cat0", [&] { return Tensor(torch::cat({a, b}, 0)); }},
      {"cat1", [&] { return Tensor(torch::cat({a, b}, 1)); }},
      {"stack", [&] { return Tensor(torch::stack({a, b}, 2)); }},
      {"sum", [&] { return Tensor(a.sum()); }},
      {"sum0", [&] { return Tensor(a.sum(0)); }},
      {"sum1", [&] { return Tensor(a.sum(1)); }},
      {"mean", [&] { return Tensor(a.mean()); }},
      {"var", [&] { return Tensor(a.var()); }},
      {"std1", [&] { return Tensor(a.std(1)); }},
      {"max", [&] { return Tensor(a.max()); }},
      {"argmax1", [&] { return Tensor(a.argmax(1)); }},
      {"max1", [&] { return Tensor(std::get<0>(a.max(1))); }},
      {"prod1", [&] { return Tensor(a.prod(1)); }},
      {"norm", [&] { return Tensor(a.norm()); }},
      {"all", [&] { return Tensor(m.all()); }},
      {"any1", [&] { return Tensor(m.any(1)); }},
      {"logsumexp", [&] { return Tensor(torch::logsumexp(a, 1)); }},
      {"median", [&] { return Tensor(a.median()); }},
      {"cumsum0", [&] { return Tensor(a.cumsum(0)); }},
      {"cumsum1", [&] { return Tensor(a.cumsum(1)); }},
      {"cumprod", [&] { return Tensor(a.cumprod(1)); }},
      {"cummax", [&] { return Tensor(std::get<0>(a.cummax(1))); }},
      {"sort1", [&] { return Tensor(std::get<0>(a.sort(1))); }},
      {"sort_flat", [&] { return Tensor(std::get<0>(flat.sort())); }},
      {"argsort_i64", [&] { return Tensor(i64.argsort()); }},
      {"topk", [&] { return Tensor(std::get<0>(a.topk(10, 1))); }},
      {"kthvalue", [&] { return Tensor(std::get<0>(a.kthvalue(5, 1))); }},
      {"unique", [&] { return Tensor(std::get<0>(torch::_unique2(i64))); }},
      {"bincount", [&] { return Tensor(i64.bincount()); }},
      {"histc", [&] { return Tensor(torch::histc(flat, 100)); }},
      {"gather", [&] { return Tensor(a.gather(1, idx2)); }},
      {"index_select", [&] { return Tensor(a.index_select(0, idx)); }},
      {"index_select1", [&] { return Tensor(a.index_select(1, idx)); }},
      {"scatter_add", [&] { return Tensor(a.scatter_add(1, idx2, b)); }},
      {"scatter", [&] { return Tensor(a.scatter(1, idx2, b)); }},
      {"index_add", [&] { return Tensor(a.index_add(0, idx, b)); }},
      {"masked_fill", [&] { return Tensor(a.masked_fill(m, 0)); }},
      {"masked_select", [&] { return Tensor(a.masked_select(m)); }},
      {"where", [&] { return Tensor(torch::where(m, a, b)); }},
      {"nonzero", [&] { return Tensor(m.nonzero()); }},
      {"embedding", [&] { return Tensor(F::embedding(tok, emb)); }},
      {"index2", [&] { return Tensor(a.index({idx, idx})); }},
      {"flip", [&] { return Tensor(a.flip(0)); }},
      {"roll", [&] { return Tensor(a.roll(5, 1)); }},
      {"tril", [&] { return Tensor(a.tril()); }},
      {"diag", [&] { return Tensor(a.diagonal().clone()); }},
      {"repeat", [&] { return Tensor(r.repeat({1024, 1})); }},
      {"expand_clone", [&] { return Tensor(r.expand({1024, 1024}).clone()); }},
      {"pad", [&] { return Tensor(F::pad(a, F::PadFuncOptions({1, 1}))); }},
      {"exp", [&] { return Tensor(a.exp()); }},
      {"log", [&] { return Tensor(a.abs().log()); }},
      {"sin", [&] { return Tensor(a.sin()); }},
      {"tanh", [&] { return Tensor(a.tanh()); }},
      {"sigmoid", [&] { return Tensor(a.sigmoid()); }},
      {"erf", [&] { return Tensor(a.erf()); }},
      {"pow", [&] { return Tensor(a.abs().pow(2.5)); }},
      {"pow2", [&] { return Tensor(a.pow(2)); }},
      {"sqrt", [&] { return Tensor(a.abs().sqrt()); }},
      {"atan2", [&] { return Tensor(torch::atan2(a, b)); }},
      {"gelu", [&] { return Tensor(torch::gelu(a)); }},
      {"fmod", [&] { return Tensor(a.fmod(0.7)); }},
      {"remainder", [&] { return Tensor(a.remainder(0.7)); }},
      {"floor_divide", [&] { return Tensor(torch::floor_divide(a, 0.7)); }},
      {"clamp", [&] { return Tensor(a.clamp(-1, 1)); }},
      {"lgamma", [&] { return Tensor(a.lgamma()); }},
      {"digamma", [&] { return Tensor(a.digamma()); }},
      {"round", [&] { return Tensor(a.round()); }},
      {"lerp", [&] { return Tensor(torch::lerp(a, b, 0.3)); }},
      {"addcmul", [&] { return Tensor(torch::addcmul(a, a, b)); }},
      {"isnan", [&] { return Tensor(a.isnan()); }},
      {"eq", [&] { return Tensor(a.eq(b)); }},
      {"logical_and", [&] { return Tensor(m.logical_and(m.t())); }},
      {"int_add", [&] { return Tensor(in32 + in32); }},
      {"int_div", [&] { return Tensor(torch::floor_divide(in32, in32.abs() + 1)); }},
      {"int_mul", [&] { return Tensor(in32 * in32); }},
      {"i64_remainder", [&] { return Tensor(i64.remainder(7)); }},
      {"u8_to_f", [&] { return Tensor(by.to(torch::kFloat) / 255); }},
      {"f_to_half", [&] { return Tensor(a.to(torch::kHalf)); }},
      {"half_add", [&] { return Tensor(h + h); }},
      {"bf_mul", [&] { return Tensor(bf * bf); }},
      {"half_mm", [&] { return Tensor(h.mm(h)); }},
      {"bf_mm", [&] { return Tensor(bf.mm(bf)); }},
      {"double_mm", [&] { return Tensor(d.mm(d)); }},
      {"mm", [&] { return Tensor(a.mm(b)); }},
      {"mm_t", [&] { return Tensor(a.mm(b.t())); }},
      {"bmm", [&] { return Tensor(q.bmm(q.transpose(1, 2))); }},
      {"mv", [&] { return Tensor(a.mv(r)); }},
      {"dot", [&] { return Tensor(flat.dot(flat)); }},
      {"outer", [&] { return Tensor(torch::outer(r, r)); }},
      {"einsum", [&] { return Tensor(torch::einsum("bij,bkj->bik", {q, q})); }},
      {"int_mm",
       [&] {
         return Tensor(
             in32.slice(0, 0, 256).slice(1, 0, 256).mm(in32.slice(0, 0, 256).slice(1, 0, 256)));
       }},
      {"softmax", [&] { return Tensor(a.softmax(1)); }},
      {"softmax0", [&] { return Tensor(a.softmax(0)); }},
      {"log_softmax", [&] { return Tensor(a.log_softmax(1)); }},
      {"layer_norm", [&] { return Tensor(torch::layer_norm(a, {1024}, ln, ln)); }},
      {"batch_norm",
       [&] {
         return Tensor(torch::batch_norm(img, torch::ones({16}), torch::zeros({16}),
                                         torch::zeros({16}), torch::ones({16}), true, 0.1, 1e-5,
                                         false));
       }},
      {"cross_entropy", [&] { return Tensor(F::cross_entropy(a, lab)); }},
      {"mse", [&] { return Tensor(F::mse_loss(a, b)); }},
      {"sdpa", [&] { return Tensor(torch::scaled_dot_product_attention(q, q, q)); }},
      {"conv2d", [&] { return Tensor(torch::conv2d(img, w, {}, 1, 1)); }},
      {"max_pool", [&] { return Tensor(torch::max_pool2d(img, 2)); }},
      {"avg_pool", [&] { return Tensor(torch::avg_pool2d(img, 2)); }},
      {"adaptive", [&] { return Tensor(torch::adaptive_avg_pool2d(img, {1, 1})); }},
      {"interp",
       [&] {
         return Tensor(F::interpolate(img, F::InterpolateFuncOptions()
                                               .scale_factor(std::vector<double>{2, 2})
                                               .mode(torch::kNearest)));
       }},
      {"interp_bil",
       [&] {
         return Tensor(F::interpolate(img, F::InterpolateFuncOptions()
                                               .scale_factor(std::vector<double>{2, 2})
                                               .mode(torch::kBilinear)
                                               .align_corners(false)));
       }},
      {"unfold", [&] { return Tensor(F::unfold(img, F::UnfoldFuncOptions({3, 3}))); }},
      {"cholesky", [&] { return Tensor(torch::linalg_cholesky(spd)); }},
      {"inv", [&] { return Tensor(torch::linalg_inv(spd)); }},
      {"svd", [&] { return Tensor(std::get<1>(torch::linalg_svd(spd))); }},
      {"qr", [&] { return Tensor(std::get<0>(torch::linalg_qr(spd))); }},
      {"solve", [&] { return Tensor(torch::linalg_solve(spd, spd)); }},
      {"eigh", [&] { return Tensor(std::get<0>(torch::linalg_eigh(spd))); }},
      {"det", [&] { return Tensor(torch::linalg_det(spd)); }},
      {"randn", [&] { return Tensor(torch::randn({1024, 1024})); }},
      {"rand", [&] { return Tensor(torch::rand({1024, 1024})); }},
      {"randperm", [&] { return Tensor(torch::randperm(1 << 20)); }},
      {"bernoulli", [&] { return Tensor(torch::bernoulli(torch::full({1024, 1024}, 0.5))); }},
      {"multinomial", [&] { return Tensor(torch::multinomial(a.abs(), 10, true)); }},
      {"arange", [&] { return Tensor(torch::arange(1 << 20)); }},
      {"cdist", [&] { return Tensor(torch::cdist(a.slice(0, 0, 256), b.slice(0, 0, 256))); }},
      {"bucketize", [&] { return Tensor(torch::bucketize(flat, torch::linspace(-3, 3, 100))); }},
      {"searchsorted",
       [&] { return Tensor(torch::searchsorted(torch::linspace(-3, 3, 100), flat)); }},
      {"quantile", [&] { return Tensor(torch::quantile(r, 0.5)); }},
      {"meshgrid_mul", [&] { return Tensor(torch::meshgrid({r, r}, "ij")[0] * 2); }},
      {"kron",
       [&] { return Tensor(torch::kron(torch::eye(32), a.slice(0, 0, 32).slice(1, 0, 32))); }},
  };
  for (const Function &f : functions)
    time(f.name, [&] { ready(f.run()); });
}

void withGradients() {
  const Operands o(true);
  const auto &[gradients, a, b, r, img, w, emb, q, k, v, g1, b1, ln, lb, spd, idx, idx2, tok, lab,
               m, tgt] = o;
  const std::vector<Function> functions = {
      {"add_bcast", [&] { return Tensor((a + r).sum()); }},
      {"mul", [&] { return Tensor((a * b).sum()); }},
      {"relu_mul", [&] { return Tensor(torch::relu(a * b).sum()); }},
      {"gelu", [&] { return Tensor(torch::gelu(a).sum()); }},
      {"tanh", [&] { return Tensor(a.tanh().sum()); }},
      {"sigmoid", [&] { return Tensor(a.sigmoid().sum()); }},
      {"softmax", [&] { return Tensor((a.softmax(1) * b).sum()); }},
      {"log_softmax", [&] { return Tensor((a.log_softmax(1) * b).sum()); }},
      {"ce", [&] { return Tensor(F::cross_entropy(a, lab)); }},
      {"mse", [&] { return Tensor(F::mse_loss(a, b)); }},
      {"bce_logits", [&] { return Tensor(F::binary_cross_entropy_with_logits(a, tgt)); }},
      {"layer_norm", [&] { return Tensor((torch::layer_norm(a, {1024}, ln, lb) * b).sum()); }},
      {"batch_norm",
       [&] {
         return Tensor(torch::batch_norm(img, g1, b1, {}, {}, true, 0.1, 1e-5, false).pow(2).sum());
       }},
      {"group_norm", [&] { return Tensor(torch::group_norm(img, 4, g1, b1).pow(2).sum()); }},
      {"mm", [&] { return Tensor(a.mm(b).sum()); }},
      {"linear", [&] { return Tensor(F::linear(a, b, r).pow(2).sum()); }},
      {"bmm", [&] { return Tensor(q.bmm(k.transpose(1, 2)).sum()); }},
      {"sdpa", [&] { return Tensor(torch::scaled_dot_product_attention(q, k, v).pow(2).sum()); }},
      {"embedding", [&] { return Tensor(F::embedding(tok, emb).pow(2).sum()); }},
      {"index_select", [&] { return Tensor(a.index_select(0, idx).pow(2).sum()); }},
      {"gather", [&] { return Tensor(a.gather(1, idx2).sum()); }},
      {"scatter_add", [&] { return Tensor(a.scatter_add(1, idx2, b).pow(2).sum()); }},
      {"index", [&] { return Tensor(a.index({idx, idx}).sum()); }},
      {"slice", [&] { return Tensor(a.slice(1, 0, 1024, 2).pow(2).sum()); }},
      {"cat", [&] { return Tensor(torch::cat({a, b}, 1).pow(2).sum()); }},
      {"t", [&] { return Tensor((a.t() * b).sum()); }},
      {"masked_fill", [&] { return Tensor(a.masked_fill(m, 0).pow(2).sum()); }},
      {"where", [&] { return Tensor(torch::where(m, a, b).pow(2).sum()); }},
      {"max1", [&] { return Tensor(std::get<0>(a.max(1)).sum()); }},
      {"amax", [&] { return Tensor(a.amax(1).sum()); }},
      {"var1", [&] { return Tensor(a.var(1).sum()); }},
      {"std", [&] { return Tensor(a.std().sum()); }},
      {"norm", [&] { return Tensor(a.norm()); }},
      {"logsumexp", [&] { return Tensor(a.logsumexp(1).sum()); }},
      {"cumsum", [&] { return Tensor(a.cumsum(1).pow(2).sum()); }},
      {"sort", [&] { return Tensor(std::get<0>(a.sort(1)).pow(2).sum()); }},
      {"topk", [&] { return Tensor(std::get<0>(a.topk(10, 1)).sum()); }},
      {"prod1", [&] { return Tensor(a.prod(1).sum()); }},
      {"conv2d", [&] { return Tensor(torch::conv2d(img, w, {}, 1, 1).pow(2).sum()); }},
      {"max_pool", [&] { return Tensor(torch::max_pool2d(img, 2).sum()); }},
      {"avg_pool", [&] { return Tensor(torch::avg_pool2d(img, 2).pow(2).sum()); }},
      {"interp",
       [&] {
         return Tensor(F::interpolate(img, F::InterpolateFuncOptions()
                                               .scale_factor(std::vector<double>{2, 2})
                                               .mode(torch::kBilinear)
                                               .align_corners(false))
                           .pow(2)
                           .sum());
       }},
      {"pad", [&] { return Tensor(F::pad(img, F::PadFuncOptions({1, 1, 1, 1})).pow(2).sum()); }},
      {"roll", [&] { return Tensor(a.roll(3, 1).pow(2).sum()); }},
      {"clamp", [&] { return Tensor(a.clamp(-1, 1).sum()); }},
      {"pow", [&] { return Tensor(a.abs().pow(1.5).sum()); }},
      {"dropout", [&] { return Tensor(torch::dropout(a, 0.5, true).sum()); }},
      {"einsum", [&] { return Tensor(torch::einsum("bij,bkj->bik", {q, k}).sum()); }},
      {"cdist", [&] { return Tensor(torch::cdist(q[0], k[0]).sum()); }},
      {"inv", [&] { return Tensor(torch::linalg_inv(spd).sum()); }},
      {"solve", [&] { return Tensor(torch::linalg_solve(spd, spd).sum()); }},
      {"huber", [&] { return Tensor(F::huber_loss(a, b)); }},
      {"cos", [&] { return Tensor(F::cosine_similarity(a, b).sum()); }},
      {"unfold", [&] { return Tensor(F::unfold(img, F::UnfoldFuncOptions({3, 3})).pow(2).sum()); }},
  };
  for (const Function &f : functions) {
    auto forget = [&] {
      for (const Tensor *leaf : o.leaves())
        leaf->mutable_grad() = Tensor();
    };
    time(f.name + "'", [&] {
      forget();
      f.run().backward();
      for (const Tensor *leaf : o.leaves())
        if (leaf->grad().defined())
          ready(leaf->grad());
    });
  }
}

} // namespace

int main() {
#ifdef WITH_TJIT
  torch::set_on_miss(torch::OnMiss::Block);
#endif
  forward();
  withGradients();
}
