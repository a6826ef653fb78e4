// Where results lie in memory, for operands that lie in every order: rows, images with their
// channels last, windows, expanded tensors; gradients, which lie as their leaves; and what an
// in-place call leaves of a result's history.
#include "common.h"

#include <functional>
#include <iostream>

using torch::Tensor;
using torch::indexing::Ellipsis;
using torch::indexing::None;
using torch::indexing::Slice;
namespace F = torch::nn::functional;

struct Function {
  const char *name;
  std::function<Tensor(const Tensor &)> of;
};
struct Operand {
  const char *name;
  std::function<Tensor()> make;
};
#define X(...) {#__VA_ARGS__, [](const Tensor &x) -> Tensor { return __VA_ARGS__; }}

static void fact(const std::string &name, const std::function<Tensor()> &f) {
  std::cout << name << ": text ";
  try {
    const Tensor t = f();
    std::cout << t.dtype() << " " << t.sizes() << " ";
    for (int64_t d = 0; d < t.dim(); ++d) // those of other dimensions mean nothing
      std::cout << (t.size(d) > 1 ? std::to_string(t.stride(d)) : "_") << ",";
    std::cout << (t.requires_grad() ? " grad " : " ") << (t.grad_fn() ? t.grad_fn()->name() : "");
  } catch (const std::exception &) {
    std::cout << "raises";
  }
  std::cout << "\n";
}
static void facts(const char *what, const std::vector<Function> &functions,
                  const std::vector<Operand> &operands) {
  for (const Function &f : functions)
    for (const Operand &x : operands)
      fact(std::string(f.name) + " | " + what + " " + x.name, [&] { return f.of(x.make()); });
}

static const Tensor weight = torch::ones({3, 4, 2, 2}),
                    weightLast = weight.contiguous(torch::MemoryFormat::ChannelsLast),
                    depthwise = torch::ones({4, 1, 2, 2}), transposed = torch::ones({4, 3, 2, 2}),
                    four = torch::ones({4}), line = torch::ones({3, 4, 2}),
                    lineTransposed = torch::ones({4, 3, 2}), volume = torch::ones({3, 4, 2, 2, 2});

static const std::vector<Function> functions = {
    X(torch::pow(2, x)),
    X(x.pow(2)),
    X(x.pow(0.5)),
    X(x.pow(-1)),
    X(x.pow(0)),
    X(x.pow(1)),
    X(x.pow(3)),
    X(x + 1),
    X(1 - x),
    X(x * 2.5),
    X(x / 2),
    X(2 / x),
    X(x.div(2, "floor")),
    X(x.div(2, "trunc")),
    X(x.remainder(2)),
    X(x.fmod(2)),
    X(x.floor_divide(2)),
    X(torch::rsub(x, 1)),
    X(torch::where(x > 0, x, x)),
    X(torch::where(x > 0, x, torch::zeros({}, x.options()))),
    X(torch::where(x > 0, 1, x)),
    X(x.clamp(0, 1)),
    X(x.clamp_min(0)),
    X(x.clamp_max(1)),
    X(x.clip(0.5)),
    X(x.masked_fill(x > 0, 1)),
    X(x.masked_fill(x.contiguous() > 0, 1)),
    X(x.lerp(x, 0.5)),
    X(x.lerp(x, x)),
    X(x.addcmul(x, x, 2)),
    X(x.addcdiv(x, x, 2)),
    X(x.float_power(2)),
    X(torch::float_power(2, x)),
    X(x.xlogy(2)),
    X(torch::xlogy(2, x)),
    X(x.eq(1)),
    X(x.lt(1)),
    X(x != 1),
    X(x.bitwise_and(1)),
    X(x.bitwise_left_shift(1)),
    X(x.__rshift__(1)),
    X(x.to(torch::kDouble)),
    X(x.to(torch::kInt)),
    X(x.to(torch::kBool)),
    X(x.to(torch::kHalf)),
    X(x.clone()),
    X(x.contiguous()),
    X(torch::empty_like(x)),
    X(torch::full_like(x, 2)),
    X(torch::rand_like(x, torch::kFloat)),
    X(torch::randn_like(x, torch::kFloat)),
    X(torch::randint_like(x, 5)),
    X(x.new_zeros({4, 3, 2})),
    X(x.new_empty(x.sizes())),
    X(torch::bernoulli(x.to(torch::kFloat) * 0.1)),
    X(torch::dropout(x.to(torch::kFloat), 0.5, true)),
    X(x.cumsum(0)),
    X(x.cumprod(1)),
    X(x.cumsum(-1)),
    X(std::get<0>(x.cummax(0))),
    X(x.logcumsumexp(0)),
    X(x.flip(0)),
    X(x.flip({0, 1})),
    X(x.roll(1, 0)),
    X(x.roll(1)),
    X(x.rot90()),
    X(x.tril()),
    X(x.triu(1)),
    X(std::get<0>(x.sort(0))),
    X(std::get<1>(x.sort(-1))),
    X(x.argsort(int64_t(0))),
    X(std::get<0>(x.topk(2, 0))),
    X(std::get<0>(x.topk(1, -1))),
    X(x.repeat({1, 1, 1})),
    X(x.repeat_interleave(2, 0)),
    X(x.tile({2})),
    X(x.softmax(0)),
    X(x.softmax(-1)),
    X(x.to(torch::kFloat).softmax(0)),
    X(x.to(torch::kFloat).log_softmax(-1)),
    X(x.sum(0)),
    X(x.sum(-1)),
    X(x.sum(1, true)),
    X(x.mean(0)),
    X(x.to(torch::kFloat).mean(1)),
    X(x.to(torch::kFloat).var(0)),
    X(x.amax(0)),
    X(x.amax(1, true)),
    X(std::get<0>(x.max(0))),
    X(std::get<1>(x.min(-1))),
    X(x.prod(0)),
    X(x.any(0)),
    X(x.all(-1)),
    X(x.argmax(0)),
    X(x.argmin(-1, true)),
    X(x.to(torch::kFloat).norm(2, 1)),
    X(x.to(torch::kFloat).logsumexp(0)),
    X(std::get<0>(x.median(0))),
    X(std::get<0>(x.mode(0))),
    X(std::get<0>(x.kthvalue(1, 0))),
    X(x.to(torch::kFloat).quantile(0.5, 0)),
    X(torch::cat({x, x}, 0)),
    X(torch::cat({x, x}, -1)),
    X(torch::stack({x, x}, 0)),
    X(torch::stack({x, x}, 1)),
    X(torch::hstack({x, x})),
    X(torch::vstack({x, x})),
    X(torch::dstack({x, x})),
    X(x.index_select(0, torch::tensor({0, 1}))),
    X(x.index_select(-1, torch::tensor({0, 1}))),
    X(x.gather(0, torch::zeros(x.sizes(), torch::kLong))),
    X(x.index({torch::tensor({0, 1})})),
    X(x.index({Slice(), torch::tensor({0, 1})})),
    X(x.index({x > 0})),
    X(x.index({Ellipsis, torch::tensor({0})})),
    X(x.index({None, 1})),
    X(torch::take_along_dim(x, torch::zeros(x.sizes(), torch::kLong), 0)),
    X(x.masked_select(x > 0)),
    X(x.nonzero()),
    X(x.scatter(0, torch::zeros(x.sizes(), torch::kLong), x)),
    X(x.scatter_add(0, torch::zeros(x.sizes(), torch::kLong), x)),
    X(x.index_add(0, torch::tensor({0}), x.narrow(0, 0, 1))),
    X(x.index_copy(0, torch::tensor({0}), x.narrow(0, 0, 1))),
    X(x.index_fill(0, torch::tensor({0}), 1)),
    X(x.index_put({torch::tensor({0})}, x.select(0, 0))),
    X(x.masked_scatter(x > 0, x)),
    X(x.diff()),
    X(x.diff(1, 0)),
    X(torch::constant_pad_nd(x, {1, 1})),
    X(x.to(torch::kFloat).reshape({-1})),
    X(x.flatten()),
    X(x.flatten(1)),
    X(x.ravel()),
    X(x.unflatten(0, {1, -1})),
    X(x.reshape({2, -1})),
    X(x.unfold(0, 2, 1)),
    X(x.diagonal()),
    X(x.diag_embed()),
    X(x.squeeze()),
    X(x.unsqueeze(1)),
    X(x.movedim(0, 1)),
    X(x.t()),
    X(x.mT()),
    X(x.expand_as(x)),
    X(x.view_as(x)),
    X(x.swapaxes(0, 1)),
    X(torch::matmul(x, x.mT())),
    X(torch::matmul(x.mT(), x)),
    X(x.to(torch::kFloat).matmul(torch::ones({x.size(-1)}))),
    X(torch::outer(x.flatten(), x.flatten())),
    X(torch::kron(x, x)),
    X(torch::tensordot(x, x, {0}, {0})),
    X(torch::addmm(x, torch::ones({x.size(0), 3}, x.options()),
                   torch::ones({3, x.size(1)}, x.options()))),
    X(torch::einsum("...i,...j->...ij", {x, x})),
    X(torch::cdist(x.to(torch::kFloat), x.to(torch::kFloat))),
    X(torch::nan_to_num(x)),
    X(x.copysign(1)),
    X(torch::layer_norm(x.to(torch::kFloat), {x.size(-1)})),
    X(F::gelu(x.to(torch::kFloat))),
    X(F::relu(x)),
    X(F::normalize(x.to(torch::kFloat))),
    X(F::one_hot(x.to(torch::kLong))),
    X(F::mse_loss(x.to(torch::kFloat), x.to(torch::kFloat),
                  F::MSELossFuncOptions().reduction(torch::kNone))),
    X(F::glu(x.to(torch::kFloat), 0)),
    X(F::prelu(x.to(torch::kFloat), torch::ones({1}))),
    X(torch::searchsorted(torch::arange(3, x.options()), x)),
    X(torch::bucketize(x, torch::arange(3, x.options()))),
    X(torch::isin(x, x)),
    X(torch::cross(x, x, 0)),
    X(torch::trace(x)),
    X(torch::block_diag({x, x})),
    X(torch::cartesian_prod({x, x})),
    X(torch::combinations(x)),
    X(torch::corrcoef(x)),
    X(torch::cov(x.to(torch::kFloat))),
    X(torch::renorm(x.to(torch::kFloat), 2, 0, 1)),
    X(torch::trapezoid(x.to(torch::kFloat), 1, 0)),
    X(torch::gradient(x.to(torch::kFloat), 1, 0)[0]),
    X(torch::vander(x.flatten())),
    X(torch::atleast_3d(x)),
    X(torch::broadcast_to(x, x.sizes())),
    X(x.type_as(x)),
    X(x.data()),
    X(x.detach()),
    X(torch::real(x)),
    X(x.positive()),
    X(x.abs_()),
    X(x.neg_()),
    X(x.add_(1)),
    X(x.t_()),
    X(x.mul_(x)),
    X(x.copy_(x.flip(0)))};

static const std::vector<Function> ofImages = {
    X(F::conv2d(x, weight)),
    X(F::conv2d(x, weightLast)),
    X(F::conv2d(x, depthwise, F::Conv2dFuncOptions().groups(4))),
    X(F::conv_transpose2d(x, transposed)),
    X(F::conv2d(x, weight, F::Conv2dFuncOptions().stride(2).padding(1))),
    X(F::max_pool2d(x, F::MaxPool2dFuncOptions(2))),
    X(std::get<1>(F::max_pool2d_with_indices(x, F::MaxPool2dFuncOptions(2)))),
    X(F::avg_pool2d(x, F::AvgPool2dFuncOptions(2))),
    X(F::adaptive_avg_pool2d(x, F::AdaptiveAvgPool2dFuncOptions(2))),
    X(F::adaptive_max_pool2d(x, F::AdaptiveMaxPool2dFuncOptions(2))),
    X(F::lp_pool2d(x, F::LPPool2dFuncOptions(2, 2))),
    X(F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>{2, 2}))),
    X(F::interpolate(x, F::InterpolateFuncOptions()
                            .scale_factor(std::vector<double>{2, 2})
                            .mode(torch::kBilinear)
                            .align_corners(false))),
    X(F::interpolate(x, F::InterpolateFuncOptions()
                            .scale_factor(std::vector<double>{2, 2})
                            .mode(torch::kBicubic)
                            .align_corners(false))),
    X(F::interpolate(
        x, F::InterpolateFuncOptions().size(std::vector<int64_t>{2, 2}).mode(torch::kArea))),
    X(F::batch_norm(x, four, four)),
    X(F::batch_norm(x, {}, {}, F::BatchNormFuncOptions().training(true))),
    X(F::instance_norm(x)),
    X(F::group_norm(x, F::GroupNormFuncOptions(2))),
    X(F::local_response_norm(x, F::LocalResponseNormFuncOptions(2))),
    X(F::layer_norm(x, F::LayerNormFuncOptions({5}))),
    X(F::pad(x, F::PadFuncOptions({1, 1}))),
    X(F::pad(x, F::PadFuncOptions({1, 1, 1, 1}).mode(torch::kReflect))),
    X(F::pad(x, F::PadFuncOptions({1, 1, 1, 1}).mode(torch::kReplicate))),
    X(F::pad(x, F::PadFuncOptions({1, 1, 1, 1}).mode(torch::kCircular))),
    X(F::pixel_shuffle(x, F::PixelShuffleFuncOptions(2))),
    X(F::pixel_unshuffle(x.slice(2, 0, 4).slice(3, 0, 4), F::PixelUnshuffleFuncOptions(2))),
    X(torch::channel_shuffle(x, 2)),
    X(F::grid_sample(x, torch::zeros({2, 3, 3, 2}),
                     F::GridSampleFuncOptions().align_corners(false))),
    X(F::unfold(x, F::UnfoldFuncOptions({2, 2}))),
    X(F::prelu(x, four)),
    X(F::softmax(x, 1)),
    X(F::log_softmax(x, 1)),
    X(F::glu(x, 1)),
    X(F::normalize(x)),
    X(F::cosine_similarity(x, x)),
    X(F::gelu(x)),
    X(F::silu(x)),
    X(F::hardtanh(x)),
    X(F::linear(x, torch::ones({3, 5}))),
    X(torch::cat({x, x}, 1)),
    X(torch::cat({x, x.contiguous()}, 1)),
    X(torch::cat({x, x}, 2)),
    X(torch::stack({x, x})),
    X(torch::stack({x, x}, 2)),
    X(torch::stack({x, x}, 4)),
    X(x.roll(1, 2)),
    X(x.roll({1, 2}, {2, 3})),
    X(x.roll(1)),
    X(x.flip(2)),
    X(x.mean({2, 3})),
    X(x.mean({2, 3}, true)),
    X(x.sum(1)),
    X(x.sum({2})),
    X(x.amax(1, true)),
    X(x.repeat({1, 1, 2, 2})),
    X(x.tile({2})),
    X(x.index_select(0, torch::tensor({1, 0}))),
    X(x.index_select(1, torch::tensor({1, 0}))),
    X(x.index({torch::tensor({1, 0})})),
    X(x.cumsum(1)),
    X(x.permute({0, 2, 3, 1})),
    X(x.flatten(1)),
    X(x.reshape({2, 4, -1})),
    X(torch::empty_like(x)),
    X(x.clone()),
    X(x.contiguous()),
    X(x.contiguous(torch::MemoryFormat::ChannelsLast)),
    X(x.to(torch::kDouble)),
    X(torch::where(x > 0, x, 0)),
    X(x.narrow(1, 0, 2) * 2),
    X(x.narrow(2, 0, 2) * 2),
    X(x + four.reshape({4, 1, 1})),
    X(x + x.contiguous()),
    X(x.contiguous() + x),
    X(torch::nn::functional::max_pool2d(x.narrow(1, 0, 2), F::MaxPool2dFuncOptions(2))),
    X(F::conv2d(x.narrow(0, 0, 1), weight)),
    X(F::conv2d(x[0], weight)),
    X(F::max_pool2d(x[0], F::MaxPool2dFuncOptions(2))),
    X(x.masked_fill(x > 0, 0)),
    X(x.scatter(1, torch::zeros({2, 4, 6, 5}, torch::kLong), 1.0)),
    X(x.gather(1, torch::zeros({2, 4, 6, 5}, torch::kLong))),
    X(x.diff()),
    X(std::get<0>(x.sort(1))),
    X(F::fold(x.flatten(2).slice(2, 0, 4).reshape({2, 4, 4}), F::FoldFuncOptions({3, 3}, {2, 2}))),
    X(F::affine_grid(torch::ones({2, 2, 3}), {2, 4, 6, 5})),
    X(F::bilinear(x, x, torch::ones({2, 5, 5})))};

static const std::vector<Function> ofLines = {
    X(F::conv1d(x, line)),
    X(F::conv_transpose1d(x, lineTransposed)),
    X(F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>{2}))),
    X(F::interpolate(x, F::InterpolateFuncOptions()
                            .scale_factor(std::vector<double>{2})
                            .mode(torch::kLinear)
                            .align_corners(true))),
    X(F::pad(x, F::PadFuncOptions({1, 1}))),
    X(F::pad(x, F::PadFuncOptions({1, 1}).mode(torch::kReflect))),
    X(F::batch_norm(x, {}, {}, F::BatchNormFuncOptions().training(true))),
    X(torch::cat({x, x}, 1)),
    X(torch::stack({x, x}, 1)),
    X(x.roll(1, 2)),
    X(F::group_norm(x, F::GroupNormFuncOptions(2))),
    X(torch::channel_shuffle(x, 2)),
    X(torch::bmm(x, x.mT())),
    X(torch::baddbmm(torch::ones({1}), x, x.mT()))};

static const std::vector<Function> ofVolumes = {
    X(F::conv3d(x, volume)),
    X(F::max_pool3d(x, F::MaxPool3dFuncOptions(2))),
    X(F::avg_pool3d(x, F::AvgPool3dFuncOptions(2))),
    X(F::adaptive_avg_pool3d(x, F::AdaptiveAvgPool3dFuncOptions(2))),
    X(F::adaptive_max_pool3d(x, F::AdaptiveMaxPool3dFuncOptions(2))),
    X(F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>{2, 2, 2}))),
    X(F::interpolate(x, F::InterpolateFuncOptions()
                            .scale_factor(std::vector<double>{2, 2, 2})
                            .mode(torch::kTrilinear)
                            .align_corners(true))),
    X(F::pad(x, F::PadFuncOptions({1, 1}))),
    X(F::pad(x, F::PadFuncOptions({1, 1, 1, 1, 1, 1}).mode(torch::kReflect))),
    X(F::pad(x, F::PadFuncOptions({1, 1, 1, 1, 1, 1}).mode(torch::kReplicate))),
    X(F::batch_norm(x, {}, {}, F::BatchNormFuncOptions().training(true))),
    X(torch::cat({x, x}, 1)),
    X(torch::stack({x, x}, 1)),
    X(x.roll(1, 2)),
    X(F::group_norm(x, F::GroupNormFuncOptions(2))),
    X(x.contiguous(torch::MemoryFormat::ChannelsLast3d)),
    X(x.clone())};

static const std::vector<Function> differentiated = {
    X(x * 2),
    X(x.sin()),
    X(x *x),
    X(x.sum(1)),
    X(x.contiguous() * 2),
    X(x.transpose(0, 1) * 2),
    X(x.flatten()),
    X(x.clone()),
    X(x.permute({0, 2, 3, 1}).contiguous()),
    X(F::conv2d(x, weight)),
    X(F::max_pool2d(x, F::MaxPool2dFuncOptions(2))),
    X(x.select(0, 1)),
    X(x.index({torch::tensor({0, 1})})),
    X(torch::cat({x, x}, 1)),
    X(x.softmax(1)),
    X(x.expand({2, 2, 4, x.size(2), x.size(3)})),
    X(x.mean()),
    X(x.matmul(x.mT())),
    X(x.cumsum(1)),
    X(x.pow(2).sum()),
    X(x.reshape({-1}) * 2),
    X(torch::stack({x, x})),
    X(x.var()),
    X(x.norm()),
    X(x.amax(1)),
    X(x.relu()),
    X(x + 1),
    X(x.neg()),
    X(x.view_as(x)),
    X(x.gather(0, torch::zeros({1, 4, 1, 1}, torch::kLong))),
    X(x.index_select(1, torch::tensor({0}))),
    X(x.masked_select(x > 0.5)),
    X(x.flip(0)),
    X(x.roll(1, 0)),
    X(x.repeat({1, 1, 1, 1})),
    X(F::layer_norm(x, F::LayerNormFuncOptions({x.size(3)}))),
    X(F::batch_norm(x, {}, {}, F::BatchNormFuncOptions().training(true))),
    X(F::gelu(x))};

static void layouts() {
  for (torch::ScalarType type : {torch::kFloat, torch::kLong}) {
    const auto base = [type] { return (torch::arange(24).reshape({2, 3, 4}) % 3).to(type); };
    const std::string suffix = type == torch::kFloat ? "" : " of integers";
    const std::vector<Operand> operands = {
        {"transposed", [=] { return base().transpose(0, 2); }},
        {"permuted", [=] { return base().permute({1, 2, 0}); }},
        {"part", [=] { return base().slice(2, 1, 3).transpose(0, 1); }},
        {"matrix", [=] { return base().select(0, 0).t(); }},
        {"vector", [=] { return base().select(0, 0).select(1, 1); }},
        {"image", [=] { return base().reshape({2, 3, 2, 2}).permute({0, 3, 1, 2}); }}};
    for (const Function &f : functions)
      for (const Operand &x : operands)
        fact(std::string(f.name) + " | " + x.name + suffix, [&] { return f.of(x.make()); });
  }
}

static Tensor image() { return torch::rand({2, 4, 6, 5}); }
static void images() {
  facts("images", ofImages,
        {{"channels last", [] { return image().contiguous(torch::MemoryFormat::ChannelsLast); }},
         {"permuted", [] { return torch::rand({2, 6, 5, 4}).permute({0, 3, 1, 2}); }},
         {"transposed", [] { return torch::rand({2, 4, 5, 6}).transpose(2, 3); }},
         {"leaf",
          [] { return image().contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_(); }}});
  facts("lines", ofLines,
        {{"rows", [] { return torch::rand({2, 4, 6}); }},
         {"transposed", [] { return torch::rand({2, 6, 4}).transpose(1, 2); }},
         {"leaf", [] { return torch::rand({2, 6, 4}).transpose(1, 2).requires_grad_(); }},
         {"permuted", [] { return torch::rand({4, 6, 2}).permute({2, 0, 1}); }}});
  facts("volumes", ofVolumes,
        {{"rows", [] { return torch::rand({2, 4, 3, 3, 3}); }},
         {"permuted", [] { return torch::rand({2, 3, 3, 3, 4}).permute({0, 4, 1, 2, 3}); }},
         {"leaf", [] {
            return torch::rand({2, 4, 3, 3, 3})
                .contiguous(torch::MemoryFormat::ChannelsLast3d)
                .requires_grad_();
          }}});
}

static void gradients() {
  const std::vector<Operand> leaves = {
      {"rows", image},
      {"channels last", [] { return image().contiguous(torch::MemoryFormat::ChannelsLast); }},
      {"transposed", [] { return image().transpose(2, 3); }},
      {"part", [] { return image().slice(3, 1, 3); }},
      {"expanded", [] { return torch::rand({2, 1, 6, 5}).expand({2, 4, 6, 5}); }}};
  for (const Function &f : differentiated)
    for (const Operand &x : leaves) {
      const std::string of = std::string(f.name) + " | " + x.name;
      const auto leaf = [&] { return x.make().detach().requires_grad_(); };
      fact("gradient of " + of, [&] {
        const Tensor l = leaf();
        f.of(l).sum().backward();
        return l.grad();
      });
      fact("twice " + of, [&] {
        const Tensor l = leaf();
        f.of(l).sum().backward();
        f.of(l).sum().backward();
        return l.grad();
      });
      fact("with a graph " + of, [&] {
        const Tensor l = leaf();
        f.of(l).sum().backward({}, true, true);
        return l.grad().detach();
      });
    }
}

struct FunctionOfTwo {
  const char *name;
  std::function<Tensor(const Tensor &, const Tensor &)> of;
};
#define TWO(...)                                                                                   \
  {#__VA_ARGS__, [](const Tensor &x, const Tensor &y) -> Tensor {                                  \
     [[maybe_unused]] Tensor o = torch::empty({0});                                                \
     return __VA_ARGS__;                                                                           \
   }}
static const std::vector<FunctionOfTwo> ofTwo = {
    TWO(torch::special_xlog1py(x, y)),
    TWO(torch::xlogy(x, y)),
    TWO(torch::special_zeta(x, y)),
    TWO(torch::igamma(x, y)),
    TWO(torch::hypot(x, y)),
    TWO(torch::logaddexp(x, y)),
    TWO(torch::logaddexp2(x, y)),
    TWO(torch::lerp(x, y, 0.3)),
    TWO(torch::lerp(x, y, x)),
    TWO(torch::addcmul(x, y, x)),
    TWO(torch::addcdiv(x, y, x)),
    TWO(torch::where(x > 0, y, x)),
    TWO(torch::where(x > 0, y, 0)),
    TWO(torch::float_power(x, y)),
    TWO(torch::ldexp(x, y)),
    TWO(torch::isclose(x, y)),
    TWO(torch::clamp(x, y)),
    TWO(torch::clamp(x, y, y)),
    TWO(torch::clamp_min(x, y)),
    TWO(torch::floor_divide(x, y)),
    TWO(torch::div(x, y, "floor")),
    TWO(torch::div(x, y, "trunc")),
    TWO(torch::remainder(x, y)),
    TWO(torch::fmod(x, y)),
    TWO(torch::copysign(x, y)),
    TWO(torch::nextafter(x, y)),
    TWO(torch::heaviside(x, y)),
    TWO(torch::atan2(x, y)),
    TWO(torch::maximum(x, y)),
    TWO(torch::fmax(x, y)),
    TWO(x + y),
    TWO(x *y),
    TWO(x / y),
    TWO(x - y),
    TWO(torch::pow(x, y)),
    TWO(x > y),
    TWO(x == y),
    TWO(torch::logical_or(x, y)),
    TWO(torch::masked_fill(x, y > 0, 1)),
    TWO(torch::rsub(x, y)),
    TWO(torch::add(x, y, 2)),
    TWO(F::mse_loss(x, y, F::MSELossFuncOptions().reduction(torch::kNone))),
    TWO(F::l1_loss(x, y, F::L1LossFuncOptions().reduction(torch::kNone))),
    TWO(F::smooth_l1_loss(x, y, F::SmoothL1LossFuncOptions().reduction(torch::kNone))),
    TWO(F::huber_loss(x, y, F::HuberLossFuncOptions().reduction(torch::kNone))),
    TWO(F::binary_cross_entropy(x.sigmoid(), y.sigmoid(),
                                F::BinaryCrossEntropyFuncOptions().reduction(torch::kNone))),
    TWO(F::binary_cross_entropy_with_logits(
        x, y, F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kNone))),
    TWO(F::kl_div(x, y, F::KLDivFuncOptions().reduction(torch::kNone))),
    TWO(F::poisson_nll_loss(x, y, F::PoissonNLLLossFuncOptions().reduction(torch::kNone))),
    TWO(F::soft_margin_loss(x, y, F::SoftMarginLossFuncOptions().reduction(torch::kNone))),
    TWO(F::hinge_embedding_loss(x, y, F::HingeEmbeddingLossFuncOptions().reduction(torch::kNone))),
    TWO(torch::dist(x, y)),
    TWO(torch::cross(x.slice(0, 0, 3), y.slice(0, 0, 3), 0)),
    TWO(torch::add_out(o, x, y)),
    TWO(torch::mul_out(o, x, y)),
    TWO(torch::eq_out(o, x, y)),
    TWO(torch::clamp_out(o, x, 0, 1)),
    TWO(torch::sin_out(o, x)),
    TWO(torch::exp_out(o, y)),
    TWO(torch::cumsum_out(o, x, 0)),
    TWO(torch::sum_out(o, x, 0)),
    TWO(torch::matmul_out(o, x, y.mT())),
    TWO(torch::mm_out(o, x[0], y[0].mT())),
    TWO(torch::cat_out(o, {x, y})),
    TWO(torch::stack_out(o, {x, y})),
    TWO(torch::where_out(o, x > 0, x, y)),
    TWO(torch::maximum_out(o, x, y)),
    TWO(torch::softmax_out(o, x, 0)),
    TWO(torch::index_select_out(o, x, 0, torch::tensor({0}))),
    TWO(torch::gather_out(o, x, 0, torch::zeros({1, 1, 1}, torch::kLong))),
    TWO(torch::tril_out(o, x[0])),
    TWO(torch::flip(x, {0})),
    TWO(torch::neg_out(o, x)),
    TWO(torch::sigmoid_out(o, x)),
    TWO(torch::pow_out(o, x, 2)),
    TWO(torch::pow_out(o, 2, x)),
    TWO(torch::addcmul_out(o, x, y, x)),
    TWO(torch::mean_out(o, x, 0)),
    TWO(torch::amax_out(o, x, 0)),
    TWO(torch::norm_out(o, x, 2, 1)),
    TWO(torch::round_out(o, x)),
    TWO(torch::repeat_interleave(x, 2, 0)),
    TWO(torch::bmm_out(o, x, y.mT())),
    TWO(torch::baddbmm_out(o, torch::zeros({1}), x, y.mT())),
    TWO(torch::logical_not_out(o, x)),
    TWO(torch::isneginf_out(o, x)),
    TWO(torch::cosh_out(o, x)),
    TWO(torch::full_out(o, {2, 3}, 1)),
    TWO(torch::arange_out(o, 5)),
    TWO(torch::hypot_out(o, x, y)),
    TWO(torch::logit_out(o, x)),
    TWO(torch::nan_to_num_out(o, x)),
    TWO(torch::masked_select_out(o, x, x > 0)),
    TWO(torch::roll(x, 1, 0))};

static void pairs() {
  const Tensor rows = torch::rand({4, 3, 5}), transposed = torch::rand({5, 3, 4}).transpose(0, 2),
               permuted = torch::rand({3, 5, 4}).permute({2, 0, 1}),
               inner = torch::rand({4, 5, 3}).transpose(1, 2),
               part = torch::rand({4, 3, 8}).slice(2, 0, 5);
  const std::vector<std::tuple<const char *, Tensor, Tensor>> operands = {
      {"rows and transposed", rows, transposed},
      {"transposed and rows", transposed, rows},
      {"permuted and transposed", permuted, transposed},
      {"inner and rows", inner, rows},
      {"part and permuted", part, permuted},
      {"both transposed", transposed, transposed}};
  for (const FunctionOfTwo &f : ofTwo)
    for (const auto &[name, x, y] : operands)
      fact(std::string(f.name) + " | " + name, [&, &x = x, &y = y] { return f.of(x, y); });
}

static void writtenInPlace() {
  const Tensor x = torch::rand({2, 4, 6, 5}).requires_grad_();
  for (const Function &f : ofImages)
    if (const std::string name = f.name;
        name.find("get<1>") == std::string::npos && name.find("instance_norm") == std::string::npos)
      fact(std::string("relu_ of ") + f.name, [&] { return f.of(x).relu_(); });
}

int main() {
  layouts();
  images();
  gradients();
  pairs();
  writtenInPlace();
}
