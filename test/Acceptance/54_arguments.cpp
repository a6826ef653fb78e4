// Arguments that functions refuse: dimensions, sizes, options, places in autograd.
#include "common.h"
using torch::indexing::Slice;
namespace F = torch::nn::functional;
int main() {
  section("dims", [] {
    const auto x = torch::arange(24.f).reshape({2, 3, 4});
    const auto m = torch::arange(6.f).reshape({2, 3});
    throws("d.sum", [&] { return x.sum(3); });
    throws("d.sum_neg", [&] { return x.sum(-4); });
    throws("d.sum_twice", [&] { return x.sum({0, 0}); });
    throws("d.sum_twice_neg", [&] { return x.sum({0, -3}); });
    throws("d.mean_twice", [&] { return x.mean({1, 1}); });
    throws("d.amax_twice", [&] { return x.amax({1, -2}); });
    throws("d.var_twice", [&] { return x.var({0, 0}); });
    throws("d.norm_twice", [&] { return x.norm(2, {0, 0}); });
    throws("d.logsumexp_twice", [&] { return x.logsumexp({0, 0}); });
    throws("d.prod", [&] { return x.prod(3); });
    throws("d.argmax", [&] { return x.argmax(3); });
    throws("d.max", [&] { return std::get<0>(x.max(3)); });
    throws("d.cumsum", [&] { return x.cumsum(3); });
    throws("d.sort", [&] { return std::get<0>(x.sort(3)); });
    throws("d.topk", [&] { return std::get<0>(x.topk(5, 2)); });
    throws("d.topk_neg", [&] { return std::get<0>(x.topk(-1, 2)); });
    throws("d.kthvalue", [&] { return std::get<0>(x.kthvalue(0, 2)); });
    throws("d.transpose", [&] { return x.transpose(0, 3); });
    throws("d.permute", [&] { return x.permute({0, 1}); });
    throws("d.permute_twice", [&] { return x.permute({0, 1, 1}); });
    throws("d.movedim", [&] { return x.movedim({0, 1}, {0}); });
    throws("d.movedim_twice", [&] { return x.movedim({0, 0}, {1, 2}); });
    throws("d.flip_twice", [&] { return x.flip({0, 0}); });
    throws("d.flip", [&] { return x.flip({3}); });
    throws("d.roll", [&] { return x.roll({1, 2}, {0}); });
    throws("d.rot90", [&] { return x.rot90(1, {0, 0}); });
    throws("d.rot90_rank", [&] { return torch::arange(3.f).rot90(1, {0, 1}); });
    throws("d.squeeze", [&] { return x.squeeze(3); });
    throws("d.unsqueeze", [&] { return x.unsqueeze(4); });
    throws("d.unsqueeze_end", [&] { return x.unsqueeze(3); });
    throws("d.unsqueeze_neg", [&] { return x.unsqueeze(-5); });
    throws("d.flatten", [&] { return x.flatten(2, 1); });
    throws("d.unflatten", [&] { return x.unflatten(1, {2, 2}); });
    throws("d.unflatten_infer", [&] { return x.unflatten(2, {-1, 2}); });
    throws("d.unflatten_two", [&] { return x.unflatten(2, {-1, -1}); });
    throws("d.view", [&] { return x.view({5, 5}); });
    throws("d.view_two", [&] { return x.view({-1, -1}); });
    throws("d.view_zero", [&] { return torch::empty({0}).view({-1, 0}); });
    throws("d.view_strided", [&] { return x.transpose(0, 1).view({24}); });
    throws("d.reshape_neg", [&] { return x.reshape({-2, 12}); });
    throws("d.expand", [&] { return x.expand({2, 3, 5}); });
    throws("d.expand_rank", [&] { return x.expand({3, 4}); });
    throws("d.expand_new", [&] { return x.expand({-1, 2, 3, 4}); });
    throws("d.repeat", [&] { return x.repeat({2}); });
    throws("d.repeat_neg", [&] { return x.repeat({-1, 1, 1}); });
    throws("d.tile_neg", [&] { return x.tile({-1}); });
    throws("d.select", [&] { return x.select(0, 2); });
    throws("d.select_neg", [&] { return x.select(0, -3); });
    throws("d.select_scalar", [&] { return torch::tensor(1.f).select(0, 0); });
    throws("d.slice_step", [&] { return x.slice(0, 0, 2, 0); });
    throws("d.slice_step_neg", [&] { return x.slice(0, 0, 2, -1); });
    throws("d.slice_far", [&] { return x.slice(0, 5, 9); });
    throws("d.slice_back", [&] { return x.slice(2, 3, 1); });
    throws("d.narrow", [&] { return x.narrow(2, 2, 3); });
    throws("d.narrow_neg", [&] { return x.narrow(2, -1, 1); });
    throws("d.narrow_neglen", [&] { return x.narrow(2, 0, -1); });
    throws("d.split", [&] { return x.split(0, 1)[0]; });
    throws("d.split_neg", [&] { return x.split(-1, 1)[0]; });
    throws("d.split_sizes", [&] { return x.split({1, 1}, 1)[0]; });
    throws("d.chunk", [&] { return x.chunk(0, 1)[0]; });
    throws("d.tensor_split", [&] { return x.tensor_split(0, 1)[0]; });
    throws("d.unbind", [&] { return x.unbind(3)[0]; });
    throws("d.unbind_scalar", [&] { return torch::tensor(1.f).unbind(0)[0]; });
    throws("d.stack", [&] { return torch::stack({x, m}); });
    throws("d.stack_none", [&] { return torch::stack({}); });
    throws("d.cat_none", [&] { return torch::cat({}); });
    throws("d.cat_scalar", [&] { return torch::cat({torch::tensor(1.f), torch::tensor(2.f)}); });
    throws("d.cat_sizes", [&] { return torch::cat({m, torch::ones({2, 4})}, 0); });
    throws("d.cat_empty", [&] { return torch::cat({m, torch::empty({0})}, 0); });
    throws("d.cat_dim", [&] { return torch::cat({m, m}, 2); });
    throws("d.hsplit", [&] { return m.hsplit(2)[0]; });
    throws("d.vsplit", [&] { return torch::arange(3.f).vsplit(3)[0]; });
    throws("d.dsplit", [&] { return m.dsplit(1)[0]; });
    throws("d.diagonal", [&] { return x.diagonal(0, 1, 1); });
    throws("d.diagonal_far", [&] { return m.diagonal(5); });
    throws("d.diag", [&] { return x.diag(); });
    throws("d.diag_embed", [&] { return m.diag_embed(0, 1, 1); });
    throws("d.trace", [&] { return x.trace(); });
    throws("d.tril", [&] { return torch::arange(3.f).tril(); });
    throws("d.unfold", [&] { return m.unfold(1, 4, 1); });
    throws("d.unfold_step", [&] { return m.unfold(1, 2, 0); });
    throws("d.unfold_neg", [&] { return m.unfold(1, -1, 1); });
    throws("d.as_strided_neg", [&] { return m.as_strided({2}, {-1}); });
    throws("d.as_strided_far", [&] { return m.as_strided({10}, {1}); });
    throws("d.as_strided_off", [&] { return m.as_strided({2}, {1}, 5); });
    throws("d.as_strided_rank", [&] { return m.as_strided({2, 2}, {1}); });
    throws("d.gather_rank", [&] { return m.gather(0, torch::tensor({0})); });
    throws("d.gather_size", [&] { return m.gather(0, torch::zeros({1, 4}, torch::kLong)); });
    throws("d.gather_oob", [&] { return m.gather(0, torch::full({1, 3}, 2, torch::kLong)); });
    throws("d.gather_neg", [&] { return m.gather(0, torch::full({1, 3}, -1, torch::kLong)); });
    throws("d.scatter_size", [&] { return m.scatter(0, torch::zeros({1, 4}, torch::kLong), 1); });
    throws("d.scatter_src",
           [&] { return m.scatter(0, torch::zeros({2, 3}, torch::kLong), torch::ones({1, 3})); });
    throws("d.index_select_rank",
           [&] { return m.index_select(0, torch::zeros({1, 1}, torch::kLong)); });
    throws("d.index_add_len",
           [&] { return m.index_add(0, torch::tensor({0}), torch::ones({2, 3})); });
    throws("d.index_fill_oob", [&] { return m.index_fill(0, torch::tensor({2}), 1); });
    throws("d.index_fill_neg", [&] { return m.index_fill(0, torch::tensor({-1}), 1); });
    throws("d.index_copy_oob",
           [&] { return m.index_copy(0, torch::tensor({2}), torch::ones({1, 3})); });
    throws("d.index_copy_neg",
           [&] { return m.index_copy(0, torch::tensor({-1}), torch::ones({1, 3})); });
    throws("d.take_neg", [&] { return m.take(torch::tensor({-6})); });
    throws("d.take_oob", [&] { return m.take(torch::tensor({6})); });
    throws("d.put_oob", [&] { return m.put(torch::tensor({6}), torch::ones({1})); });
    throws("d.masked_select", [&] { return m.masked_select(torch::ones({4}, torch::kBool)); });
    throws("d.masked_fill", [&] { return m.masked_fill(torch::ones({4}, torch::kBool), 1); });
    throws("d.masked_fill_value",
           [&] { return m.masked_fill(torch::ones({3}, torch::kBool), torch::ones({1})); });
    throws("d.masked_scatter_few",
           [&] { return m.masked_scatter(torch::ones({2, 3}, torch::kBool), torch::ones({5})); });
    throws("d.where", [&] { return torch::where(torch::ones({4}, torch::kBool), m, m); });
    throws("d.repeat_interleave", [&] { return m.repeat_interleave(torch::tensor({1, 2, 3}), 0); });
    throws("d.repeat_interleave_neg",
           [&] { return m.repeat_interleave(torch::tensor({1, -1}), 0); });
    throws("d.repeat_interleave_count", [&] { return m.repeat_interleave(-1); });
    throws("d.bincount_neg", [&] { return torch::bincount(torch::tensor({-1})); });
    throws("d.bincount_rank", [&] { return torch::bincount(torch::zeros({2, 2}, torch::kLong)); });
    throws("d.bincount_weights",
           [&] { return torch::bincount(torch::tensor({1, 2}), torch::ones({3})); });
    throws("d.histc_range", [&] { return m.histc(4, 3, 1); });
    throws("d.histc_bins", [&] { return m.histc(0); });
    throws("d.searchsorted_rank", [&] { return torch::searchsorted(m, torch::ones({3, 1})); });
    throws("d.bucketize_rank", [&] { return torch::bucketize(m, m); });
    throws("d.median_empty", [&] { return torch::empty({0}).median(); });
    throws("d.median_empty_dim", [&] { return std::get<0>(torch::empty({0, 2}).median(0)); });
    throws("d.max_empty", [&] { return torch::empty({0}).max(); });
    throws("d.max_empty_dim", [&] { return std::get<0>(torch::empty({0, 2}).max(0)); });
    throws("d.max_empty_other", [&] { return std::get<0>(torch::empty({0, 2}).max(1)); });
    throws("d.argmax_empty", [&] { return torch::empty({0}).argmax(); });
    throws("d.amax_empty", [&] { return torch::empty({0}).amax(); });
    throws("d.mean_empty", [&] { return torch::empty({0}).mean(); });
    throws("d.aminmax_empty", [&] { return std::get<0>(torch::empty({0}).aminmax()); });
    throws("d.quantile_empty", [&] { return torch::empty({0}).quantile(0.5); });
    throws("d.logsumexp_empty", [&] { return torch::empty({0}).logsumexp(0); });
    throws("d.softmax_empty", [&] { return torch::empty({0}).softmax(0); });
    throws("d.cummax_empty", [&] { return std::get<0>(torch::empty({0}).cummax(0)); });
    throws("d.multinomial_many", [&] { return torch::multinomial(torch::ones({3}), 4); });
    throws("d.multinomial_neg", [&] { return torch::multinomial(torch::tensor({1.f, -1.f}), 1); });
    throws("d.multinomial_zero", [&] { return torch::multinomial(torch::ones({3}), 0); });
    throws("d.tensordot", [&] { return torch::tensordot(m, m, {0, 1}, {0}); });
    throws("d.tensordot_sizes", [&] { return torch::tensordot(m, m, {0}, {1}); });
    throws("d.einsum_sizes", [&] { return torch::einsum("ij,jk->ik", {m, m}); });
    throws("d.einsum_count", [&] { return torch::einsum("ij,jk->ik", {m}); });
    throws("d.einsum_rank", [&] { return torch::einsum("i->i", {m}); });
    throws("d.einsum_out", [&] { return torch::einsum("ij->ik", {m}); });
    throws("d.einsum_twice", [&] { return torch::einsum("ij->ii", {m}); });
    throws("d.einsum_letter", [&] { return torch::einsum("i1->i", {m}); });
    throws("d.kron", [&] { return torch::kron(m, x); });
    throws("d.cross", [&] { return torch::cross(m, m, 0); });
    throws("d.cross_shape", [&] { return torch::cross(m, torch::ones({3, 2}), 1); });
    throws("d.dot_rank", [&] { return torch::dot(m, m); });
    throws("d.mv", [&] { return m.mv(torch::ones({2})); });
    throws("d.mm_rank", [&] { return x.mm(m); });
    throws("d.bmm", [&] { return torch::bmm(x, x); });
    throws("d.bmm_batch", [&] { return torch::bmm(x, torch::ones({3, 4, 2})); });
    throws("d.matmul_scalar", [&] { return torch::matmul(torch::tensor(1.f), m); });
    throws("d.matmul_batch",
           [&] { return torch::matmul(torch::ones({2, 3, 4}), torch::ones({3, 4, 5})); });
    throws("d.addmm", [&] { return torch::addmm(torch::ones({3}), m, torch::ones({3, 2})); });
    throws("d.addmv", [&] { return torch::addmv(torch::ones({3}), m, torch::ones({3})); });
    throws("d.addr", [&] { return torch::addr(m, torch::ones({2}), torch::ones({2})); });
    throws("d.baddbmm", [&] { return torch::baddbmm(torch::ones({3, 3}), x, x.transpose(1, 2)); });
    throws("d.ger", [&] { return torch::outer(m, torch::ones({2})); });
    throws("d.inverse", [&] { return torch::inverse(m); });
    throws("d.det", [&] { return torch::det(m); });
    throws("d.cholesky", [&] { return torch::linalg_cholesky(m); });
    throws("d.solve", [&] { return torch::linalg_solve(torch::eye(3), torch::ones({2})); });
    throws("d.matrix_power", [&] { return torch::matrix_power(m, 2); });
    throws("d.lerp", [&] { return torch::lerp(m, torch::ones({4}), 0.5); });
    throws("d.cdist", [&] { return torch::cdist(m, torch::ones({2, 4})); });
    throws("d.pdist", [&] { return torch::pdist(x); });
    throws("d.cov", [&] { return torch::cov(x); });
    throws("d.corrcoef", [&] { return torch::corrcoef(x); });
    throws("d.renorm", [&] { return m.renorm(-1, 0, 1); });
    throws("d.renorm_max", [&] { return m.renorm(2, 0, -1); });
    throws("d.clamp_order", [&] { return m.clamp(2, 1); });
    throws("d.logical_shapes", [&] { return m.logical_and(torch::ones({4})); });
    throws("d.polygamma", [&] { return torch::polygamma(-1, m); });
    throws("d.mvlgamma", [&] { return m.mvlgamma(0); });
    throws("d.vander", [&] { return torch::vander(m); });
    throws("d.combinations", [&] { return torch::combinations(m); });
    throws("d.combinations_neg", [&] { return torch::combinations(torch::arange(3), -1); });
    throws("d.cartesian", [&] { return torch::cartesian_prod({m}); });
    throws("d.meshgrid", [&] { return torch::meshgrid({torch::ones({2}), m}, "ij")[0]; });
    throws("d.meshgrid_mode", [&] { return torch::meshgrid({torch::ones({2})}, "ji")[0]; });
    throws("d.block_diag", [&] { return torch::block_diag({x}); });
    throws("d.broadcast_tensors",
           [&] { return torch::broadcast_tensors({m, torch::ones({4})})[0]; });
    throws("d.gradient", [&] { return torch::gradient(torch::ones({1}))[0]; });
    throws("d.trapz", [&] { return torch::trapz(m, torch::ones({2})); });
    throws("d.diff_n", [&] { return m.diff(-1); });
    throws("d.diff_far", [&] { return m.diff(5); });
    throws("d.unique_dim", [&] { return std::get<0>(torch::unique_dim(m, 2)); });
    throws("d.isin", [&] { return torch::isin(m, m); });
    throws("d.fill_diagonal", [&] { return torch::ones({3}).fill_diagonal_(1); });
    throws("d.fill_diagonal_3d", [&] { return x.clone().fill_diagonal_(1); });
    throws("d.heaviside", [&] { return torch::heaviside(m, torch::ones({4})); });
    throws("d.heaviside_dtype", [&] { return torch::heaviside(m, torch::tensor(1)); });
    throws("d.round_decimals", [&] { return torch::arange(3).round(1); });
    throws("d.nan_to_num", [&] { return torch::nan_to_num(torch::arange(3), 1.5); });
    throws("d.bitwise_float", [&] { return m.bitwise_and(m); });
    throws("d.shift_float", [&] { return torch::bitwise_left_shift(m, m); });
    throws("d.gcd_float", [&] { return torch::gcd(m, m); });
    throws("d.not_float", [&] { return m.bitwise_not(); });
    throws("d.item_many", [&] { return torch::tensor(m.item<float>()); });
    throws("d.bool_many", [&] { return torch::tensor(bool(m.is_nonzero())); });
    throws("d.len_scalar", [&] { return torch::tensor(torch::tensor(1).size(0)); });
    throws("d.resize_neg", [&] { return m.clone().resize_({-1, 2}); });
  });
  section("creation", [] {
    throws("c.ones_neg", [] { return torch::ones({-1}); });
    throws("c.empty_neg", [] { return torch::empty({2, -3}); });
    throws("c.eye_neg", [] { return torch::eye(-1); });
    throws("c.arange_step", [] { return torch::arange(0, 5, -1); });
    throws("c.arange_zero", [] { return torch::arange(0, 5, 0); });
    throws("c.arange_inf", [] { return torch::arange(0, INFINITY); });
    throws("c.arange_nan", [] { return torch::arange(0, NAN); });
    throws("c.arange_empty", [] { return torch::arange(0); });
    throws("c.linspace_neg", [] { return torch::linspace(0, 1, -1); });
    throws("c.linspace_zero", [] { return torch::linspace(0, 1, 0); });
    throws("c.randint", [] { return torch::randint(3, 3, {2}); });
    throws("c.randint_byte", [] { return torch::randint(0, 300, {2}, torch::kByte); });
    throws("c.normal_std", [] { return torch::normal(0., -1., {2}); });
    throws("c.bernoulli_p", [] { return torch::ones({2}).bernoulli_(1.5); });
    throws("c.uniform", [] { return torch::ones({2}).uniform_(1, 0); });
    throws("c.exponential", [] { return torch::ones({2}).exponential_(-1); });
    throws("c.geometric", [] { return torch::ones({2}).geometric_(0); });
    throws("c.cauchy", [] { return torch::ones({2}).cauchy_(0, -1); });
    throws("c.log_normal", [] { return torch::ones({2}).log_normal_(0, -1); });
    throws("c.random", [] { return torch::ones({2}).random_(5, 5); });
    throws("c.randperm", [] { return torch::randperm(-2); });
    throws("c.randperm_byte", [] { return torch::randperm(300, torch::kByte); });
    throws("c.full_nan_int", [] { return torch::full({2}, NAN, torch::kLong); });
    throws("c.tensor_ragged", [] { return torch::tensor({1, 2, 3}).reshape({2, 2}); });
    throws("c.grad_int",
           [] { return torch::ones({2}, torch::dtype(torch::kLong).requires_grad(true)); });
    throws("c.tril_indices", [] { return torch::tril_indices(-1, 2); });
    throws("c.empty_strided", [] { return torch::empty_strided({2, 2}, {1}); });
    throws("c.empty_strided_neg", [] { return torch::empty_strided({2}, {-1}); });
    throws("c.from_blob_neg", [] {
      static float v[4] = {};
      return torch::from_blob(v, {-1});
    });
    throws("c.hann", [] { return torch::hann_window(-1); });
    throws("c.logspace", [] { return torch::logspace(0, 1, -3); });
    throws("c.one_hot", [] { return torch::one_hot(torch::tensor({1.f})); });
    throws("c.complex_int", [] { return torch::tensor({1, 2}).to(torch::kFloat).sqrt_(); });
  });
  section("functional", [] {
    const auto x = torch::ones({2, 3, 8}), im = torch::ones({1, 2, 6, 6}), v = torch::ones({4, 5});
    throws("f.linear", [&] { return F::linear(v, torch::ones({3, 4})); });
    throws("f.linear_bias", [&] { return F::linear(v, torch::ones({3, 5}), torch::ones({4})); });
    throws("f.bilinear", [&] { return F::bilinear(v, v, torch::ones({2, 4, 5})); });
    throws("f.conv1d_channels", [&] { return F::conv1d(x, torch::ones({4, 2, 3})); });
    throws("f.conv1d_kernel", [&] { return F::conv1d(x, torch::ones({4, 3, 9})); });
    throws("f.conv1d_stride",
           [&] { return F::conv1d(x, torch::ones({4, 3, 3}), F::Conv1dFuncOptions().stride(0)); });
    throws("f.conv1d_padding", [&] {
      return F::conv1d(x, torch::ones({4, 3, 3}), F::Conv1dFuncOptions().padding(-1));
    });
    throws("f.conv1d_groups",
           [&] { return F::conv1d(x, torch::ones({4, 3, 3}), F::Conv1dFuncOptions().groups(2)); });
    throws("f.conv1d_bias", [&] {
      return F::conv1d(x, torch::ones({4, 3, 3}), F::Conv1dFuncOptions().bias(torch::ones({3})));
    });
    throws("f.conv2d_rank",
           [&] { return F::conv2d(torch::ones({6, 6}), torch::ones({1, 1, 3, 3})); });
    throws("f.conv2d_dilation", [&] {
      return F::conv2d(im, torch::ones({2, 2, 3, 3}), F::Conv2dFuncOptions().dilation(4));
    });
    throws("f.conv_transpose", [&] { return F::conv_transpose1d(x, torch::ones({2, 4, 3})); });
    throws("f.conv_transpose_op", [&] {
      return F::conv_transpose1d(x, torch::ones({3, 4, 3}),
                                 F::ConvTranspose1dFuncOptions().output_padding(1));
    });
    throws("f.max_pool_pad",
           [&] { return F::max_pool1d(x, F::MaxPool1dFuncOptions(3).padding(2)); });
    throws("f.max_pool_kernel", [&] { return F::max_pool1d(x, F::MaxPool1dFuncOptions(9)); });
    throws("f.max_pool_zero", [&] { return F::max_pool1d(x, F::MaxPool1dFuncOptions(0)); });
    throws("f.max_pool_stride",
           [&] { return F::max_pool2d(im, F::MaxPool2dFuncOptions(2).stride(0)); });
    throws("f.max_pool_dil",
           [&] { return F::max_pool1d(x, F::MaxPool1dFuncOptions(3).dilation(0)); });
    throws("f.avg_pool_pad",
           [&] { return F::avg_pool1d(x, F::AvgPool1dFuncOptions(3).padding(2)); });
    throws("f.avg_pool_div",
           [&] { return F::avg_pool2d(im, F::AvgPool2dFuncOptions(2).divisor_override(0)); });
    throws("f.adaptive",
           [&] { return F::adaptive_avg_pool1d(x, F::AdaptiveAvgPool1dFuncOptions(-1)); });
    throws("f.adaptive_zero",
           [&] { return F::adaptive_avg_pool1d(x, F::AdaptiveAvgPool1dFuncOptions(0)); });
    throws("f.adaptive_rank",
           [&] { return F::adaptive_avg_pool2d(v, F::AdaptiveAvgPool2dFuncOptions(1)); });
    throws("f.lp_pool", [&] { return F::lp_pool1d(x, F::LPPool1dFuncOptions(2, 9)); });
    throws("f.dropout_p", [&] { return F::dropout(v, F::DropoutFuncOptions().p(1.5)); });
    throws("f.dropout_neg", [&] { return F::dropout(v, F::DropoutFuncOptions().p(-0.5)); });
    throws("f.layer_norm", [&] { return F::layer_norm(v, F::LayerNormFuncOptions({4})); });
    throws("f.layer_norm_weight",
           [&] { return F::layer_norm(v, F::LayerNormFuncOptions({5}).weight(torch::ones({4}))); });
    throws("f.layer_norm_none", [&] { return F::layer_norm(v, F::LayerNormFuncOptions({})); });
    throws("f.group_norm", [&] { return F::group_norm(x, F::GroupNormFuncOptions(2)); });
    throws("f.group_norm_weight",
           [&] { return F::group_norm(x, F::GroupNormFuncOptions(3).weight(torch::ones({2}))); });
    throws("f.batch_norm", [&] { return F::batch_norm(x, torch::ones({2}), torch::ones({2})); });
    throws("f.batch_norm_one", [&] {
      return F::batch_norm(torch::ones({1, 3}), torch::zeros({3}), torch::ones({3}),
                           F::BatchNormFuncOptions().training(true));
    });
    throws("f.batch_norm_none",
           [&] { return F::batch_norm(x, {}, {}, F::BatchNormFuncOptions().training(false)); });
    throws("f.embedding", [&] { return F::embedding(torch::tensor({3}), torch::ones({3, 2})); });
    throws("f.embedding_neg",
           [&] { return F::embedding(torch::tensor({-1}), torch::ones({3, 2})); });
    throws("f.embedding_pad", [&] {
      return F::embedding(torch::tensor({1}), torch::ones({3, 2}),
                          F::EmbeddingFuncOptions().padding_idx(3));
    });
    throws("f.embedding_rank", [&] { return F::embedding(torch::tensor({1}), torch::ones({3})); });
    throws("f.embedding_bag",
           [&] { return F::embedding_bag(torch::tensor({0, 1}), torch::ones({3, 2})); });
    throws("f.embedding_bag_off", [&] {
      return F::embedding_bag(torch::tensor({0, 1}), torch::ones({3, 2}),
                              F::EmbeddingBagFuncOptions().offsets(torch::tensor({1})));
    });
    throws("f.one_hot", [&] { return F::one_hot(torch::tensor({4}), 3); });
    throws("f.softmax_dim", [&] { return F::softmax(v, F::SoftmaxFuncOptions(2)); });
    throws("f.glu", [&] { return F::glu(v, F::GLUFuncOptions(1)); });
    throws("f.glu_dim", [&] { return F::glu(v, F::GLUFuncOptions(2)); });
    throws("f.celu", [&] { return F::celu(v, F::CELUFuncOptions().alpha(0)); });
    throws("f.prelu", [&] { return F::prelu(v, torch::ones({3})); });
    throws("f.rrelu", [&] { return F::rrelu(v, F::RReLUFuncOptions().lower(0.5).upper(0.1)); });
    throws("f.softshrink", [&] { return F::softshrink(v, F::SoftshrinkFuncOptions(-1)); });
    throws("f.mse", [&] { return F::mse_loss(v, torch::ones({3, 5})); });
    throws("f.l1", [&] { return F::l1_loss(v, torch::ones({3, 5})); });
    throws("f.mse_broadcast", [&] { return F::mse_loss(v, torch::ones({5})); });
    throws("f.smooth_beta",
           [&] { return F::smooth_l1_loss(v, v, F::SmoothL1LossFuncOptions(), -1); });
    throws("f.huber", [&] { return F::huber_loss(v, v, F::HuberLossFuncOptions().delta(0)); });
    throws("f.nll_batch", [&] { return F::nll_loss(v, torch::tensor({1, 2})); });
    throws("f.nll_class", [&] { return F::nll_loss(v, torch::tensor({1, 2, 3, 5})); });
    throws("f.nll_neg", [&] { return F::nll_loss(v, torch::tensor({1, 2, 3, -1})); });
    throws("f.nll_ignore", [&] { return F::nll_loss(v, torch::tensor({1, 2, 3, -100})); });
    throws("f.nll_weight", [&] {
      return F::nll_loss(v, torch::tensor({1, 2, 3, 0}),
                         F::NLLLossFuncOptions().weight(torch::ones({4})));
    });
    throws("f.ce_prob", [&] { return F::cross_entropy(v, torch::ones({4, 4})); });
    throws("f.ce_smooth", [&] {
      return F::cross_entropy(v, torch::tensor({1, 2, 3, 0}),
                              F::CrossEntropyFuncOptions().label_smoothing(1.5));
    });
    throws("f.ce_rank", [&] { return F::cross_entropy(x, torch::tensor({1, 2})); });
    throws("f.bce_shape", [&] { return F::binary_cross_entropy(v, torch::ones({5})); });
    throws("f.bce_range", [&] { return F::binary_cross_entropy(v * 2, v); });
    throws("f.bce_logits",
           [&] { return F::binary_cross_entropy_with_logits(v, torch::ones({3, 5})); });
    throws("f.kl", [&] { return F::kl_div(v, torch::ones({3, 5})); });
    throws("f.margin", [&] { return F::margin_ranking_loss(v, v, torch::ones({3})); });
    throws("f.hinge", [&] { return F::hinge_embedding_loss(v, torch::ones({3, 5})); });
    throws("f.cosine_emb", [&] { return F::cosine_embedding_loss(v, v, torch::ones({3})); });
    throws("f.triplet", [&] { return F::triplet_margin_loss(v, v, torch::ones({3, 5})); });
    throws("f.multi_margin", [&] { return F::multi_margin_loss(v, torch::tensor({1, 2, 3, 5})); });
    throws("f.multi_margin_p", [&] {
      return F::multi_margin_loss(v, torch::tensor({1, 2, 3, 0}),
                                  F::MultiMarginLossFuncOptions().p(3));
    });
    throws("f.multilabel",
           [&] { return F::multilabel_margin_loss(v, torch::ones({4, 5}, torch::kLong) * 7); });
    throws("f.soft_margin", [&] { return F::soft_margin_loss(v, torch::ones({3})); });
    throws("f.ctc", [&] {
      return F::ctc_loss(torch::zeros({5, 1, 3}).log_softmax(2), torch::tensor({{1, 2}}),
                         torch::tensor({6}), torch::tensor({2}));
    });
    throws("f.pairwise", [&] { return F::pairwise_distance(v, torch::ones({3, 5})); });
    throws("f.cosine", [&] { return F::cosine_similarity(v, torch::ones({3, 5})); });
    throws("f.pad_odd", [&] { return F::pad(v, F::PadFuncOptions({1})); });
    throws("f.pad_many", [&] { return F::pad(v, F::PadFuncOptions({1, 1, 1, 1, 1, 1})); });
    throws("f.pad_reflect",
           [&] { return F::pad(x, F::PadFuncOptions({8, 8}).mode(torch::kReflect)); });
    throws("f.pad_circular",
           [&] { return F::pad(x, F::PadFuncOptions({9, 0}).mode(torch::kCircular)); });
    throws("f.pad_neg", [&] { return F::pad(v, F::PadFuncOptions({-6, 0})); });
    throws("f.pixel_shuffle", [&] { return F::pixel_shuffle(im, F::PixelShuffleFuncOptions(2)); });
    throws("f.pixel_unshuffle",
           [&] { return F::pixel_unshuffle(im, F::PixelUnshuffleFuncOptions(4)); });
    throws("f.fold",
           [&] { return F::fold(torch::ones({1, 8, 9}), F::FoldFuncOptions({6, 6}, {2, 2})); });
    throws("f.unfold", [&] { return F::unfold(im, F::UnfoldFuncOptions({7, 7})); });
    throws("f.unfold_rank", [&] { return F::unfold(v, F::UnfoldFuncOptions({2, 2})); });
    throws("f.interp_both", [&] {
      return F::interpolate(im, F::InterpolateFuncOptions()
                                    .size(std::vector<int64_t>{3, 3})
                                    .scale_factor(std::vector<double>{2, 2}));
    });
    throws("f.interp_none", [&] { return F::interpolate(im, F::InterpolateFuncOptions()); });
    throws("f.interp_mode", [&] {
      return F::interpolate(x, F::InterpolateFuncOptions()
                                   .size(std::vector<int64_t>{3})
                                   .mode(torch::kBilinear)
                                   .align_corners(false));
    });
    throws("f.interp_align", [&] {
      return F::interpolate(
          im, F::InterpolateFuncOptions().size(std::vector<int64_t>{3, 3}).align_corners(true));
    });
    throws("f.interp_zero", [&] {
      return F::interpolate(im, F::InterpolateFuncOptions().size(std::vector<int64_t>{0, 3}));
    });
    throws("f.grid_rank", [&] { return F::grid_sample(x, torch::zeros({1, 2, 2, 2})); });
    throws("f.grid_batch", [&] { return F::grid_sample(im, torch::zeros({2, 2, 2, 2})); });
    throws("f.grid_last", [&] { return F::grid_sample(im, torch::zeros({1, 2, 2, 3})); });
    throws("f.affine_grid", [&] { return F::affine_grid(torch::zeros({1, 3, 3}), {1, 1, 4, 4}); });
    throws("f.normalize_dim", [&] { return F::normalize(v, F::NormalizeFuncOptions().dim(2)); });
    throws("f.sdpa", [&] {
      return torch::scaled_dot_product_attention(x, torch::ones({2, 3, 7}), torch::ones({2, 3, 7}));
    });
    throws("f.gumbel", [&] { return F::gumbel_softmax(torch::ones({2, 3}, torch::kLong)); });
    throws("f.local_response",
           [&] { return F::local_response_norm(v, F::LocalResponseNormFuncOptions(2)); });
  });
  section("autograd", [] {
    const auto x = torch::ones({2, 2}).requires_grad_();
    throws("a.backward_many", [&] { (x * 2).backward(); });
    throws("a.backward_shape", [&] { (x * 2).backward(torch::ones({3})); });
    throws("a.backward_none", [&] { torch::ones({1}).backward(); });
    throws("a.backward_twice", [&] {
      auto y = (x * x).sum();
      y.backward();
      y.backward();
    });
    throws("a.backward_retain", [&] {
      auto y = (x * x).sum();
      y.backward({}, true);
      y.backward();
    });
    throws("a.grad_unused", [&] {
      return torch::autograd::grad({(x * 2).sum()}, {torch::ones({1}).requires_grad_()})[0];
    });
    throws("a.grad_norequire",
           [&] { return torch::autograd::grad({(x * 2).sum()}, {torch::ones({1})})[0]; });
    throws("a.leaf_inplace", [&] { return torch::ones({2}).requires_grad_().add_(1); });
    throws("a.leaf_view_inplace", [&] {
      auto l = torch::ones({2}).requires_grad_();
      return l.view({2}).add_(1);
    });
    throws("a.leaf_nograd", [&] {
      torch::NoGradGuard g;
      return torch::ones({2}).requires_grad_().add_(1);
    });
    throws("a.saved_modified", [&] {
      auto y = x * 1;
      auto z = y * y;
      y.add_(1);
      z.sum().backward();
    });
    throws("a.saved_exp", [&] {
      auto y = (x * 1).exp();
      auto z = y * 1;
      y.add_(1);
      z.sum().backward();
    });
    throws("a.unsaved_modified", [&] {
      auto y = x * 1;
      auto z = y + 1;
      y.add_(1);
      z.sum().backward();
    });
    throws("a.sum_modified", [&] {
      auto y = x * 1;
      auto z = y.sum();
      y.mul_(2);
      z.backward();
    });
    throws("a.requires_false", [&] {
      auto y = x * 2;
      return y.requires_grad_(false);
    });
    throws("a.detach_requires", [&] { return (x * 2).detach().requires_grad_(); });
    throws("a.numpy_like_data", [&] {
      auto y = x * 1;
      auto z = y.square();
      y.data().add_(1);
      z.sum().backward();
    });
    throws("a.split_inplace", [&] {
      auto y = x * 1;
      auto p = y.split(1);
      return p[0].add_(1);
    });
    throws("a.unbind_inplace", [&] {
      auto y = x * 1;
      auto p = y.unbind();
      return p[0].mul_(2);
    });
    throws("a.chunk_inplace", [&] {
      auto y = x * 1;
      auto p = y.chunk(2);
      return p[0].mul_(2);
    });
    throws("a.expand_inplace", [&] { return torch::ones({1}).expand({3}).add_(1); });
    throws("a.set_grad_shape", [&] {
      auto l = torch::ones({2}).requires_grad_();
      l.mutable_grad() = torch::ones({3});
      return (l * 2);
    });
    throws("a.retain_leafless", [&] { torch::ones({2}).retain_grad(); });
    throws("a.hook_norequire", [&] { torch::ones({2}).register_hook([](Tensor g) { return g; }); });
    throws("a.custom_grad_count",
           [&] { return torch::autograd::grad({x.sum(), x.sum()}, {x}, {torch::ones({})})[0]; });
    throws("a.int_backward", [&] { (x.sum() > 1).backward(); });
    throws("a.inplace_dtype", [&] { return torch::arange(3).add_(0.5); });
    throws("a.inplace_shape", [&] { return torch::ones({1, 3}).add_(torch::ones({2, 3})); });
    throws("a.inplace_bool", [&] { return torch::ones({2}, torch::kBool).add_(1); });
    throws("a.copy_shape", [&] { return torch::ones({2}).copy_(torch::ones({3})); });
    throws("a.resize_grad", [&] { return (x * 1).resize_({4}); });
    throws("a.detach_view_inplace", [&] {
      auto y = x * 1;
      y[0].detach_();
    });
  });
  return finish();
}
