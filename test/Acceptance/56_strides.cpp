// Where the results of a permuted tensor lie in memory.
#include "common.h"
namespace F = torch::nn::functional;
using torch::Tensor;
static void st(const std::string &n, const Tensor &t) {
  if (!t.defined())
    return;
  show(n + ".sizes", t.sizes());
  if (t.numel())
    show(n + ".strides", t.strides());
  show(n + ".contig", t.is_contiguous());
}
template <class G> void go(const std::string &n, G &&g) {
  try {
    st(n, g());
  } catch (const std::exception &) {
    show(n, std::string("raised"));
  }
}
int main() {
  section("p", [] {
    const Tensor x = torch::arange(1.0, 25.0).view({2, 3, 4}).permute({2, 0, 1});
    const Tensor m = x > 2, c = x.contiguous(), e = x.select(0, 0);
    const Tensor g = torch::zeros_like(x, torch::kLong), i1 = torch::zeros({1}, torch::kLong),
                 v = torch::tensor({2.0f, 3.0f});
    go("p.abs", [&] { return Tensor(x.abs()); });
    go("p.neg", [&] { return Tensor(x.neg()); });
    go("p.exp", [&] { return Tensor(x.exp()); });
    go("p.log1p", [&] { return Tensor(x.log1p()); });
    go("p.sqrt", [&] { return Tensor(x.sqrt()); });
    go("p.sigmoid", [&] { return Tensor(x.sigmoid()); });
    go("p.tanh", [&] { return Tensor(x.tanh()); });
    go("p.erf", [&] { return Tensor(x.erf()); });
    go("p.relu", [&] { return Tensor(x.relu()); });
    go("p.sign", [&] { return Tensor(x.sign()); });
    go("p.floor", [&] { return Tensor(x.floor()); });
    go("p.round", [&] { return Tensor(x.round()); });
    go("p.trunc", [&] { return Tensor(x.trunc()); });
    go("p.frac", [&] { return Tensor(x.frac()); });
    go("p.reciprocal", [&] { return Tensor(x.reciprocal()); });
    go("p.square", [&] { return Tensor(x.square()); });
    go("p.isnan", [&] { return Tensor(x.isnan()); });
    go("p.logical_not", [&] { return Tensor(x.logical_not()); });
    go("p.logit", [&] { return Tensor(x.logit()); });
    go("p.digamma", [&] { return Tensor(x.digamma()); });
    go("p.sinc", [&] { return Tensor(x.sinc()); });
    go("p.nan_to_num", [&] { return Tensor(x.nan_to_num()); });
    go("p.positive", [&] { return Tensor(x.positive()); });
    go("p.clone", [&] { return Tensor(x.clone()); });
    go("p.contiguous", [&] { return Tensor(x.contiguous()); });
    go("p.cumsum(0)", [&] { return Tensor(x.cumsum(0)); });
    go("p.cumprod(-1)", [&] { return Tensor(x.cumprod(-1)); });
    go("p.softmax(-1)", [&] { return Tensor(x.softmax(-1)); });
    go("p.log_softmax(0)", [&] { return Tensor(x.log_softmax(0)); });
    go("p.flip(-1)", [&] { return Tensor(x.flip(-1)); });
    go("p.roll(1,0)", [&] { return Tensor(x.roll(1, 0)); });
    go("p.rot90(1,{0,1})", [&] { return Tensor(x.rot90(1, {0, 1})); });
    go("p.tril()", [&] { return Tensor(x.tril()); });
    go("p.triu()", [&] { return Tensor(x.triu()); });
    go("p.clamp(0,1)", [&] { return Tensor(x.clamp(0, 1)); });
    go("p.pow(2)", [&] { return Tensor(x.pow(2)); });
    go("p.pow(2.5)", [&] { return Tensor(x.pow(2.5)); });
    go("p.add(1)", [&] { return Tensor(x.add(1)); });
    go("p.mul(2)", [&] { return Tensor(x.mul(2)); });
    go("p.eq(1)", [&] { return Tensor(x.eq(1)); });
    go("p.to(torch.kDouble)", [&] { return Tensor(x.to(torch::kDouble)); });
    go("p.to(torch.kHalf)", [&] { return Tensor(x.to(torch::kHalf)); });
    go("p.to(torch.kLong)", [&] { return Tensor(x.to(torch::kLong)); });
    go("p.masked_fill(m,0)", [&] { return Tensor(x.masked_fill(m, 0)); });
    go("p.logcumsumexp(0)", [&] { return Tensor(x.logcumsumexp(0)); });
    go("p.renorm(2,0,1.0)", [&] { return Tensor(x.renorm(2, 0, 1.0)); });
    go("p.repeat_interleave(2)", [&] { return Tensor(x.repeat_interleave(2)); });
    go("p.sort(-1,false)|0", [&] { return Tensor(std::get<0>(x.sort(-1, false))); });
    go("p.sort(0,true)|1", [&] { return Tensor(std::get<1>(x.sort(0, true))); });
    go("p.cummax(0)|0", [&] { return Tensor(std::get<0>(x.cummax(0))); });
    go("p.cummax(0)|1", [&] { return Tensor(std::get<1>(x.cummax(0))); });
    go("p.topk(1,-1)|0", [&] { return Tensor(std::get<0>(x.topk(1, -1))); });
    go("p.topk(1,0)|1", [&] { return Tensor(std::get<1>(x.topk(1, 0))); });
    go("p.kthvalue(1,0,true)|0", [&] { return Tensor(std::get<0>(x.kthvalue(1, 0, true))); });
    go("p.median(0,true)|0", [&] { return Tensor(std::get<0>(x.median(0, true))); });
    go("p.mode(0,true)|0", [&] { return Tensor(std::get<0>(x.mode(0, true))); });
    go("p.max(0,true)|0", [&] { return Tensor(std::get<0>(x.max(0, true))); });
    go("p.min(-1,true)|1", [&] { return Tensor(std::get<1>(x.min(-1, true))); });
    go("p.sum(0,true)", [&] { return Tensor(x.sum(0, true)); });
    go("p.sum(-1)", [&] { return Tensor(x.sum(-1)); });
    go("p.mean(0)", [&] { return Tensor(x.mean(0)); });
    go("p.mean(-1,true)", [&] { return Tensor(x.mean(-1, true)); });
    go("p.var(0)", [&] { return Tensor(x.var(0)); });
    go("p.std(-1,true,true)", [&] { return Tensor(x.std(-1, true, true)); });
    go("p.prod(0)", [&] { return Tensor(x.prod(0)); });
    go("p.amax(0)", [&] { return Tensor(x.amax(0)); });
    go("p.amin(-1,true)", [&] { return Tensor(x.amin(-1, true)); });
    go("p.argmax(0)", [&] { return Tensor(x.argmax(0)); });
    go("p.argmin(-1,true)", [&] { return Tensor(x.argmin(-1, true)); });
    go("p.any(0)", [&] { return Tensor(x.any(0)); });
    go("p.all(-1,true)", [&] { return Tensor(x.all(-1, true)); });
    go("p.norm(2,0,true)", [&] { return Tensor(x.norm(2, 0, true)); });
    go("p.logsumexp(0)", [&] { return Tensor(x.logsumexp(0)); });
    go("p.nansum(0)", [&] { return Tensor(x.nansum(0)); });
    go("p.bernoulli(0.5)", [&] { return Tensor(x.bernoulli(0.5)); });
    go("p.unfold(0,1,1)", [&] { return Tensor(x.unfold(0, 1, 1)); });
    go("p.diff()", [&] { return Tensor(x.diff()); });
    go("p.diff(1,0)", [&] { return Tensor(x.diff(1, 0)); });
    go("p.index_fill(0,i1,1)", [&] { return Tensor(x.index_fill(0, i1, 1)); });
    go("p.index_select(0,i1)", [&] { return Tensor(x.index_select(0, i1)); });
    go("p.index_select(-1,i1)", [&] { return Tensor(x.index_select(-1, i1)); });
    go("p.index_add(0,i1,x.narrow(0,0,1))",
       [&] { return Tensor(x.index_add(0, i1, x.narrow(0, 0, 1))); });
    go("p.index_copy(0,i1,x.narrow(0,0,1))",
       [&] { return Tensor(x.index_copy(0, i1, x.narrow(0, 0, 1))); });
    go("p.gather(0,g)", [&] { return Tensor(x.gather(0, g)); });
    go("p.scatter(0,g,1.0)", [&] { return Tensor(x.scatter(0, g, 1.0)); });
    go("p.scatter_add(0,g,x)", [&] { return Tensor(x.scatter_add(0, g, x)); });
    go("p.take_along_dim(g,0)", [&] { return Tensor(x.take_along_dim(g, 0)); });
    go("p.masked_scatter(m,x)", [&] { return Tensor(x.masked_scatter(m, x)); });
    go("p.masked_select(m)", [&] { return Tensor(x.masked_select(m)); });
    go("p.lerp(x,0.5)", [&] { return Tensor(x.lerp(x, 0.5)); });
    go("p.addcmul(x,x)", [&] { return Tensor(x.addcmul(x, x)); });
    go("p.addcdiv(x,x.abs()+1)", [&] { return Tensor(x.addcdiv(x, x.abs() + 1)); });
    go("p.where(m,x)", [&] { return Tensor(torch::where(m, x, c)); });
    go("p.fmod(2)", [&] { return Tensor(x.fmod(2)); });
    go("p.remainder(2)", [&] { return Tensor(x.remainder(2)); });
    go("p.floor_divide(2)", [&] { return Tensor(x.floor_divide(2)); });
    go("p.copysign(x)", [&] { return Tensor(x.copysign(x)); });
    go("p.maximum(x)", [&] { return Tensor(x.maximum(x)); });
    go("p.hypot(x)", [&] { return Tensor(x.hypot(x)); });
    go("p.atan2(x)", [&] { return Tensor(x.atan2(x)); });
    go("p.xlogy(x.abs())", [&] { return Tensor(x.xlogy(x.abs())); });
    go("p.logaddexp(x)", [&] { return Tensor(x.logaddexp(x)); });
    go("p.nextafter(x)", [&] { return Tensor(x.nextafter(x)); });
    go("p.heaviside(x)", [&] { return Tensor(x.heaviside(x)); });
    go("p.ldexp(x)", [&] { return Tensor(x.ldexp(x)); });
    go("p.isclose(x)", [&] { return Tensor(x.isclose(x)); });
    go("p.mvlgamma(1)", [&] { return Tensor(x.mvlgamma(1)); });
    go("p.signbit()", [&] { return Tensor(x.signbit()); });
    go("p.reshape({-1})", [&] { return Tensor(x.reshape({-1})); });
    go("p.flatten()", [&] { return Tensor(x.flatten()); });
    go("p.squeeze(0)", [&] { return Tensor(x.squeeze(0)); });
    go("p.unsqueeze(0)", [&] { return Tensor(x.unsqueeze(0)); });
    go("p.movedim(0,-1)", [&] { return Tensor(x.movedim(0, -1)); });
    go("p.expand_as(x)", [&] { return Tensor(x.expand_as(x)); });
    go("p.repeat({2,1,1,1})", [&] { return Tensor(x.repeat({2, 1, 1, 1})); });
    go("p.tile({2})", [&] { return Tensor(x.tile({2})); });
    go("p.sub(c)", [&] { return Tensor(x.sub(c)); });
    go("p.add(c)", [&] { return Tensor(x.add(c)); });
    go("p.mul(c)", [&] { return Tensor(x.mul(c)); });
    go("p.c+x", [&] { return Tensor(c + x); });
    go("p.x+e", [&] { return Tensor(x + e); });
    go("p.e+x", [&] { return Tensor(e + x); });
    go("p.x*e", [&] { return Tensor(x * e); });
    go("p.argsort(-1,false)", [&] { return Tensor(x.argsort(-1, false)); });
    go("p.msort()", [&] { return Tensor(x.msort()); });
    go("p.deg2rad()", [&] { return Tensor(x.deg2rad()); });
    go("p.hardshrink()", [&] { return Tensor(x.hardshrink()); });
    go("p.expm1()", [&] { return Tensor(x.expm1()); });
    go("p.rsqrt()", [&] { return Tensor(x.rsqrt()); });
    go("p.lgamma()", [&] { return Tensor(x.lgamma()); });
    go("p.i0()", [&] { return Tensor(x.i0()); });
    go("p.erfinv()", [&] { return Tensor(x.erfinv()); });
    go("p.quantile(0.5,0)", [&] { return Tensor(x.quantile(0.5, 0)); });
    go("p.nanmedian(0)|0", [&] { return Tensor(std::get<0>(x.nanmedian(0))); });
    go("p.histc(3)", [&] { return Tensor(x.histc(3)); });
    go("p.cov()", [&] { return Tensor(x.cov()); });
    go("p.aminmax(0,true)|0", [&] { return Tensor(std::get<0>(x.aminmax(0, true))); });
    go("p.sgn()", [&] { return Tensor(x.sgn()); });
    go("p.xlogy(2)", [&] { return Tensor(x.xlogy(2)); });
    go("p.clamp_min(0)", [&] { return Tensor(x.clamp_min(0)); });
    go("p.clamp_max(c)", [&] { return Tensor(x.clamp_max(c)); });
    go("p.float_power(2)", [&] { return Tensor(x.float_power(2)); });
    go("p.true_divide(x)", [&] { return Tensor(x.true_divide(x)); });
    go("p.ceil()", [&] { return Tensor(x.ceil()); });
    go("p.torch.gelu(x)", [&] { return Tensor(torch::gelu(x)); });
    go("p.torch.elu(x)", [&] { return Tensor(torch::elu(x)); });
    go("p.torch.leaky_relu(x)", [&] { return Tensor(torch::leaky_relu(x)); });
    go("p.torch.softplus(x)", [&] { return Tensor(torch::softplus(x)); });
    go("p.torch.hardtanh(x)", [&] { return Tensor(torch::hardtanh(x)); });
    go("p.torch.hardswish(x)", [&] { return Tensor(torch::hardswish(x)); });
    go("p.torch.hardsigmoid(x)", [&] { return Tensor(torch::hardsigmoid(x)); });
    go("p.torch.mish(x)", [&] { return Tensor(torch::mish(x)); });
    go("p.torch.silu(x)", [&] { return Tensor(torch::silu(x)); });
    go("p.torch.selu(x)", [&] { return Tensor(torch::selu(x)); });
    go("p.torch.celu(x)", [&] { return Tensor(torch::celu(x)); });
    go("p.torch.rrelu(x)", [&] { return Tensor(torch::rrelu(x)); });
    go("p.torch.prelu(x,torch.ones({1}))",
       [&] { return Tensor(torch::prelu(x, torch::ones({1}))); });
    go("p.torch.threshold(x,0,0)", [&] { return Tensor(torch::threshold(x, 0, 0)); });
    go("p.torch.log_sigmoid(x)", [&] { return Tensor(torch::log_sigmoid(x)); });
    go("p.torch.hardshrink(x)", [&] { return Tensor(torch::hardshrink(x)); });
    go("p.torch.softshrink(x)", [&] { return Tensor(torch::softshrink(x)); });
    go("p.F.normalize(x)", [&] { return Tensor(F::normalize(x)); });
    go("p.torch.dropout(x,0.5,true)", [&] { return Tensor(torch::dropout(x, 0.5, true)); });
    go("p.torch.dropout(x,0.5,false)", [&] { return Tensor(torch::dropout(x, 0.5, false)); });
    go("p.torch.alpha_dropout(x,0.5,true)",
       [&] { return Tensor(torch::alpha_dropout(x, 0.5, true)); });
    go("p.torch.l1_loss(x,x,0)", [&] { return Tensor(torch::l1_loss(x, x, 0)); });
    go("p.torch.mse_loss(x,x,0)", [&] { return Tensor(torch::mse_loss(x, x, 0)); });
    go("p.torch.smooth_l1_loss(x,x,0)", [&] { return Tensor(torch::smooth_l1_loss(x, x, 0)); });
    go("p.torch.huber_loss(x,x,0)", [&] { return Tensor(torch::huber_loss(x, x, 0)); });
    go("p.torch.binary_cross_entropy(x.sigmoid(),x.sigmoid(),{},0)",
       [&] { return Tensor(torch::binary_cross_entropy(x.sigmoid(), x.sigmoid(), {}, 0)); });
    go("p.torch.binary_cross_entropy_with_logits(x,x,{},{},0)",
       [&] { return Tensor(torch::binary_cross_entropy_with_logits(x, x, {}, {}, 0)); });
    go("p.torch.kl_div(x,x,0)", [&] { return Tensor(torch::kl_div(x, x, 0)); });
    go("p.torch.soft_margin_loss(x,x,0)", [&] { return Tensor(torch::soft_margin_loss(x, x, 0)); });
    go("p.torch.cosine_similarity(x,x,1)",
       [&] { return Tensor(torch::cosine_similarity(x, x, 1)); });
    go("p.torch.layer_norm(x,{x.size(-1)})",
       [&] { return Tensor(torch::layer_norm(x, {x.size(-1)})); });
    go("p.torch.rms_norm(x,{x.size(-1)})",
       [&] { return Tensor(torch::rms_norm(x, {x.size(-1)})); });
    go("p.torch.batch_norm(x,{},{},{},{},true,0.1,1e-5,false)",
       [&] { return Tensor(torch::batch_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5, false)); });
    go("p.torch.instance_norm(x,{},{},{},{},true,0.1,1e-5,false)",
       [&] { return Tensor(torch::instance_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5, false)); });
    go("p.torch.group_norm(x,1)", [&] { return Tensor(torch::group_norm(x, 1)); });
    go("p.torch.constant_pad_nd(x,{1,1})",
       [&] { return Tensor(torch::constant_pad_nd(x, {1, 1})); });
    go("p.F.pad(x,F.PadFuncOptions({1,1}).mode(torch.kReflect))",
       [&] { return Tensor(F::pad(x, F::PadFuncOptions({1, 1}).mode(torch::kReflect))); });
    go("p.F.pad(x,F.PadFuncOptions({1,1,0,0}))",
       [&] { return Tensor(F::pad(x, F::PadFuncOptions({1, 1, 0, 0}))); });
    go("p.torch.zeros_like(x)", [&] { return Tensor(torch::zeros_like(x)); });
    go("p.torch.empty_like(x)", [&] { return Tensor(torch::empty_like(x)); });
    go("p.torch.rand_like(x)", [&] { return Tensor(torch::rand_like(x)); });
    go("p.torch.full_like(x,2)", [&] { return Tensor(torch::full_like(x, 2)); });
    go("p.torch.cat({x,x},0)", [&] { return Tensor(torch::cat({x, x}, 0)); });
    go("p.torch.cat({x,x},1)", [&] { return Tensor(torch::cat({x, x}, 1)); });
    go("p.torch.cat({x,c},0)", [&] { return Tensor(torch::cat({x, c}, 0)); });
    go("p.torch.stack({x,x})", [&] { return Tensor(torch::stack({x, x})); });
    go("p.torch.stack({x,x},-1)", [&] { return Tensor(torch::stack({x, x}, -1)); });
    go("p.torch.hstack({x,x})", [&] { return Tensor(torch::hstack({x, x})); });
    go("p.torch.vstack({x,x})", [&] { return Tensor(torch::vstack({x, x})); });
    go("p.torch.dstack({x,x})", [&] { return Tensor(torch::dstack({x, x})); });
    go("p.torch.where(m,x,x)", [&] { return Tensor(torch::where(m, x, x)); });
    go("p.torch.where(m,x,1)", [&] { return Tensor(torch::where(m, x, 1)); });
    go("p.torch.where(m,1,x)", [&] { return Tensor(torch::where(m, 1, x)); });
    go("p.torch.embedding(x.dim()==2?x:x.reshape({-1,x.size(-1)}),i1)", [&] {
      return Tensor(torch::embedding(x.dim() == 2 ? x : x.reshape({-1, x.size(-1)}), i1));
    });
    go("p.torch.one_hot(g)", [&] { return Tensor(torch::one_hot(g)); });
    go("p.torch.glu(torch.cat({x,x},1),1)",
       [&] { return Tensor(torch::glu(torch::cat({x, x}, 1), 1)); });
    go("p.torch.bucketize(x,v)", [&] { return Tensor(torch::bucketize(x, v)); });
    go("p.torch.searchsorted(v,x.contiguous())",
       [&] { return Tensor(torch::searchsorted(v, x.contiguous())); });
    go("p.torch.frexp(x)|0", [&] { return Tensor(std::get<0>(torch::frexp(x))); });
    go("p.torch.linear(x,torch.ones({2,x.size(-1)}))",
       [&] { return Tensor(torch::linear(x, torch::ones({2, x.size(-1)}))); });
    go("p.torch.matmul(x,x.transpose(-1,-2))",
       [&] { return Tensor(torch::matmul(x, x.transpose(-1, -2))); });
    go("p.torch.matmul(x.transpose(-1,-2),x)",
       [&] { return Tensor(torch::matmul(x.transpose(-1, -2), x)); });
    go("p.x.new_zeros({2,2})", [&] { return Tensor(x.new_zeros({2, 2})); });
    go("p.torch.addcmul(x,x,x)", [&] { return Tensor(torch::addcmul(x, x, x)); });
    go("p.torch.cdist(x,x)", [&] { return Tensor(torch::cdist(x, x)); });
    go("p.torch.broadcast_to(x,x.sizes())",
       [&] { return Tensor(torch::broadcast_to(x, x.sizes())); });
    go("p.torch.logical_and(x,x)", [&] { return Tensor(torch::logical_and(x, x)); });
    go("p.torch.bitwise_and(g,g)", [&] { return Tensor(torch::bitwise_and(g, g)); });
    go("p.torch.bitwise_not(g)", [&] { return Tensor(torch::bitwise_not(g)); });
    go("p.torch.gcd(g,g)", [&] { return Tensor(torch::gcd(g, g)); });
    go("p.torch.poisson(x.abs())", [&] { return Tensor(torch::poisson(x.abs())); });
    go("p.torch.bernoulli(x.sigmoid())", [&] { return Tensor(torch::bernoulli(x.sigmoid())); });
    go("p.torch.cumulative_trapezoid(x)", [&] { return Tensor(torch::cumulative_trapezoid(x)); });
    go("p.torch.trapz(x)", [&] { return Tensor(torch::trapz(x)); });
    go("p.torch.take(x,g)", [&] { return Tensor(torch::take(x, g)); });
    go("p.torch.tensordot(x,x,{0},{0})", [&] { return Tensor(torch::tensordot(x, x, {0}, {0})); });
    go("p.torch.kron(x,x)", [&] { return Tensor(torch::kron(x, x)); });
    go("p.torch.special.xlog1py(x,x)", [&] { return Tensor(torch::special::xlog1py(x, x)); });
    go("p.torch.special.ndtr(x)", [&] { return Tensor(torch::special::ndtr(x)); });
    go("p.torch.special.entr(x)", [&] { return Tensor(torch::special::entr(x)); });
    go("p.torch.special.erfcx(x)", [&] { return Tensor(torch::special::erfcx(x)); });
    go("p.torch.special.bessel_j0(x)", [&] { return Tensor(torch::special::bessel_j0(x)); });
    go("p.torch.isin(x,v)", [&] { return Tensor(torch::isin(x, v)); });
    go("p.torch.nan_to_num(x)", [&] { return Tensor(torch::nan_to_num(x)); });
    go("p.torch.swapaxes(x,0,1)", [&] { return Tensor(torch::swapaxes(x, 0, 1)); });
    go("p.torch.moveaxis(x,0,1)", [&] { return Tensor(torch::moveaxis(x, 0, 1)); });
    go("p.torch.flipud(x)", [&] { return Tensor(torch::flipud(x)); });
    go("p.torch.fliplr(x)", [&] { return Tensor(torch::fliplr(x)); });
    go("p.torch.gradient(x,1,0)[0]", [&] { return Tensor(torch::gradient(x, 1, 0)[0]); });
    go("p.torch.std_mean(x,1,true,true)|0",
       [&] { return Tensor(std::get<0>(torch::std_mean(x, 1, true, true))); });
    go("p.torch.max(x,c)", [&] { return Tensor(torch::max(x, c)); });
    go("p.torch.fmax(x,x)", [&] { return Tensor(torch::fmax(x, x)); });
    go("p.torch.tanh(x)", [&] { return Tensor(torch::tanh(x)); });
    go("p.torch.polygamma(1,x)", [&] { return Tensor(torch::polygamma(1, x)); });
    go("p.torch.igamma(x.abs(),x.abs())", [&] { return Tensor(torch::igamma(x.abs(), x.abs())); });
    go("p.torch.logit(x)", [&] { return Tensor(torch::logit(x)); });
    go("p.torch.square(x)", [&] { return Tensor(torch::square(x)); });
    go("p.torch.rsqrt(x)", [&] { return Tensor(torch::rsqrt(x)); });
    go("p.torch.native_layer_norm(x,{x.size(-1)},{},{},1e-5)|0", [&] {
      return Tensor(std::get<0>(torch::native_layer_norm(x, {x.size(-1)}, {}, {}, 1e-5)));
    });
  });
  return finish();
}
