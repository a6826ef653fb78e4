// Questions of undefined tensors, sizes as symbols, streams, strides.
#include "common.h"
#include <iostream>
#include <sstream>
namespace F = torch::nn::functional;
template <class T> std::string text(const T &v) {
  std::ostringstream s;
  s << v;
  std::string r = s.str();
  for (char &c : r)
    if (c == '\n')
      c = '|';
  return r;
}
template <class G> void what(const std::string &n, G &&g) {
  try {
    g();
    show(n, std::string("fine"));
  } catch (const std::exception &e) {
    std::string w = e.what();
    std::printf("# %s: %s\n", n.c_str(), w.substr(0, w.find('\n')).c_str());
    show(n, std::string("raised"));
  }
}
int main() {
  section("undefined", [] {
    torch::Tensor u;
    show("u.sizes", u.sizes());
    show("u.numel", u.numel());
    show("u.dim", u.dim());
    what("u.strides", [&] { u.strides(); });
    what("u.dtype", [&] { show("u.dtype.text", std::string(u.dtype().name())); });
    what("u.size", [&] { u.size(0); });
    what("u.options", [&] { u.options(); });
    what("u.scalar_type", [&] { show("u.st", text(u.scalar_type())); });
    what("u.add", [&] { u.add(1); });
    what("u.device", [&] { u.device(); });
    what("u.is_contiguous", [&] { u.is_contiguous(); });
    what("u.requires_grad", [&] { u.requires_grad(); });
    what("u.grad", [&] { u.grad(); });
    what("u.itemsize", [&] { u.itemsize(); });
    what("u.nbytes", [&] { u.nbytes(); });
    what("u.storage_offset", [&] { u.storage_offset(); });
    what("u.data_ptr", [&] { u.data_ptr(); });
    what("u.clone", [&] { u.clone(); });
    what("u.detach", [&] { u.detach(); });
    what("u.is_leaf", [&] { u.is_leaf(); });
    what("u.grad_fn", [&] { u.grad_fn(); });
    what("u.backward", [&] { u.backward(); });
    what("u.print", [&] { show("u.print.text", text(u)); });
    what("u.toString", [&] { show("u.toString.text", u.toString()); });
    what("u.is_floating_point", [&] { u.is_floating_point(); });
    what("u.is_same", [&] { show("u.is_same.v", u.is_same(torch::Tensor())); });
    what("u.element_size", [&] { u.element_size(); });
    what("u._version", [&] { u._version(); });
    what("u.to", [&] { u.to(torch::kFloat); });
    what("u.reset", [&] { u.reset(); });
    what("u.item", [&] { u.item(); });
    what("u.data", [&] { u.data(); });
    what("u.layout", [&] { u.layout(); });
  });
  section("sym", [] {
    auto x = torch::ones({2, 3, 4});
    show("sym_size", int64_t(x.sym_size(1).expect_int()));
    show("sym_size_neg", int64_t(x.sym_size(-1).expect_int()));
    show("sym_sizes_n", int64_t(x.sym_sizes().size()));
    show("sym_sizes_0", int64_t(x.sym_sizes()[0].expect_int()));
    show("sym_numel", int64_t(x.sym_numel().expect_int()));
    show("sym_numel_guard", int64_t(x.sym_numel().guard_int(__FILE__, __LINE__)));
    show("sym_stride", int64_t(x.sym_stride(0).expect_int()));
    show("sym_strides_0", int64_t(x.sym_strides()[0].expect_int()));
    show("sym_storage_offset", int64_t(x.sym_storage_offset().expect_int()));
    show("sym_eq", c10::SymInt(3) == 3);
    show("shape_as_tensor", torch::_shape_as_tensor(x));
    show("infer_size", at::infer_size({2, 1, 4}, {3, 1}));
    throws("infer_size_bad", [] { at::infer_size({2}, {3}); });
    show("infer_size_one", at::infer_size(std::vector<int64_t>{-1, 4}, 12));
    throws("infer_size_one_bad", [] { at::infer_size(std::vector<int64_t>{-1, 5}, 12); });
  });
  section("streams", [] {
    auto x = torch::ones({2, 3, 4});
    show("stream.sizes", text(x.sizes()));
    show("stream.strides", text(x.strides()));
    show("stream.vector", text(std::vector<int64_t>{1, 2, 3}));
    show("stream.vector_empty", text(std::vector<int64_t>{}));
    show("stream.vector_int", text(std::vector<int>{1, 2, 3}));
    show("stream.vector_double", text(std::vector<double>{1.5, 2}));
    show("stream.list", text(torch::IntArrayRef({1, 2, 3})));
    show("stream.list_empty", text(torch::IntArrayRef()));
    show("stream.doubles", text(torch::ArrayRef<double>({1.5, 2})));
    show("stream.vector_tensor",
         text(std::vector<torch::Tensor>{torch::ones({2}), torch::zeros({1})}));
    show("stream.dtype", text(torch::kFloat));
    show("stream.meta", text(x.dtype()));
    show("stream.device", text(x.device()));
    show("stream.options", text(x.options()));
    show("stream.scalar", text(torch::Scalar(2.5)));
    show("stream.scalar_int", text(torch::Scalar(2)));
    show("stream.scalar_bool", text(torch::Scalar(true)));
    show("stream.layout", text(x.layout()));
    show("stream.memory_format", text(torch::MemoryFormat::Contiguous));
    show("stream.slice", text(torch::indexing::Slice(1, 5, 2)));
    show("stream.slice_none", text(torch::indexing::Slice()));
    show("stream.index", text(torch::indexing::TensorIndex(3)));
    show("stream.index_none", text(torch::indexing::TensorIndex(torch::indexing::None)));
    show("stream.index_ell", text(torch::indexing::TensorIndex("...")));
    show("stream.half", text(torch::Half(1.5f)));
    show("stream.bfloat16", text(torch::BFloat16(1.5f)));
  });
  section("clamp", [] {
    auto x = torch::arange(-2.0, 3.0);
    throws("clamp.none_opt", [&] { return x.clamp(std::optional<torch::Scalar>()); });
    throws("clamp.none_tensor",
           [&] { return x.clamp(std::optional<torch::Tensor>(), std::optional<torch::Tensor>()); });
    throws("clamp.fn_none", [&] { return torch::clamp(x, std::optional<torch::Scalar>()); });
    throws("clamp_.none", [&] { return x.clone().clamp_(std::optional<torch::Scalar>()); });
    show("clamp.max_only", x.clamp(c10::nullopt, torch::Scalar(1)));
  });
  section("einsum", [] {
    auto a = torch::ones({2, 3}), b = torch::ones({3, 2}, torch::kDouble),
         i = torch::ones({3, 2}, torch::kLong);
    throws("einsum.fd", [&] { return torch::einsum("ij,jk->ik", {a, b}); });
    throws("einsum.fi", [&] { return torch::einsum("ij,jk->ik", {a, i}); });
    throws("einsum.outer_fd", [&] { return torch::einsum("i,j->ij", {a[0], b[0]}); });
    throws("einsum.mul_fd", [&] { return torch::einsum("ij,ij->ij", {a, b.t()}); });
    throws("einsum.mul_fi", [&] { return torch::einsum("ij,ij->ij", {a, i.t()}); });
    show("einsum.mul_fd_v", torch::einsum("ij,ij->ij", {a, b.t()}));
    throws("einsum.three", [&] { return torch::einsum("i,i,i->i", {a[0], b.t()[0], a[0]}); });
    throws("einsum.dot", [&] { return torch::einsum("i,i->", {a[0], b.t()[0]}); });
    throws("einsum.dot_fi", [&] { return torch::einsum("i,i->", {a[0], i.t()[0]}); });
    throws("einsum.bool", [&] { return torch::einsum("ij,jk->ik", {a > 0, b > 0}); });
    throws("einsum.bool1", [&] { return torch::einsum("ij->i", {a > 0}); });
    throws("einsum.sum_fd", [&] { return torch::einsum("ij,k->", {a, b[0]}); });
    throws("einsum.scalar_fd",
           [&] { return torch::einsum(",ij->ij", {torch::tensor(2.0, torch::kDouble), a}); });
    throws("tensordot.fd", [&] { return torch::tensordot(a, b, {1}, {0}); });
    throws("matmul.fd", [&] { return torch::matmul(a, b); });
    throws("mm.fd", [&] { return torch::mm(a, b); });
    throws("dot.fd", [&] { return torch::dot(a[0], b.t()[0]); });
    throws("mv.fd", [&] { return torch::mv(a, b.t()[0]); });
    throws("addmm.fd", [&] { return torch::addmm(a, a, b); });
    throws("linear.fd", [&] { return F::linear(a, b.t()); });
    throws("inner.fd", [&] { return torch::inner(a, b.t()); });
    throws("kron.fd", [&] { return torch::kron(a, b); });
    throws("outer.fd", [&] { return torch::outer(a[0], b[0]); });
    throws("cross.fd", [&] { return torch::cross(a, b.t(), 1); });
    throws("bilinear.fd", [&] { return torch::bilinear(a, a, b.new_ones({2, 3, 3}), {}); });
  });
  section("norms", [] {
    auto x = torch::ones({1, 2, 1});
    throws("torch_instance_norm.one",
           [&] { return torch::instance_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5, false); });
    throws("batch_norm.one", [&] {
      return F::batch_norm(torch::ones({1, 2}), {}, {}, F::BatchNormFuncOptions().training(true));
    });
    throws("torch_batch_norm.one", [&] {
      return torch::batch_norm(torch::ones({1, 2}), {}, {}, {}, {}, true, 0.1, 1e-5, false);
    });
    throws("torch_group_norm.one", [&] { return torch::group_norm(torch::ones({1, 2}), 2); });
    throws("layer_norm.one", [&] { return torch::layer_norm(torch::ones({2, 1}), {1}); });
    auto y = torch::arange(-3.0, 4.0).requires_grad_();
    torch::hardtanh(y, 1, -1).sum().backward();
  });
  section("mode", [] {
    const float n = NAN;
    auto m = [](const std::string &name, torch::Tensor t) {
      auto [v, i] = t.mode(-1);
      show(name + ".v", v);
      show(name + ".i", i);
    };
    m("mode.a", torch::tensor({1.f, n, n, 2.f}));
    m("mode.c", torch::tensor({1.f, 1.f, n}));
    m("mode.d", torch::tensor({n}));
    m("mode.f", torch::tensor({n, 2.f, 2.f, n, n}));
    m("mode.g", torch::tensor({2.f, n, 1.f}));
    m("mode.h", torch::tensor({n, 2.f, n, 1.f, 1.f}));
    m("mode.j", torch::tensor({0.f, -0.f, 1.f, 1.f}));
    m("mode.k", torch::tensor({n, n, n, n}));
    m("mode.l", torch::tensor({1.f, 2.f, 2.f, 1.f, n}));
  });
  section("sort", [] {
    auto st = [](const std::string &name, torch::Tensor t) {
      show(name, t);
      show(name + ".strides", t.strides());
      show(name + ".contig", t.is_contiguous());
    };
    auto x = torch::tensor({3.f, 1.f, 2.f, 9.f, 7.f, 8.f}).view({2, 3}).t();
    st("sort.v0", std::get<0>(x.sort(0)));
    st("sort.i0", std::get<1>(x.sort(0)));
    st("sort.v1", std::get<0>(x.sort(1)));
    st("sort.i1", std::get<1>(x.sort(1)));
    st("msort", x.msort());
    st("sort.stable", std::get<0>(x.sort(true, 0, true)));
    st("topk.v", std::get<0>(x.topk(2, 0)));
    st("topk.i", std::get<1>(x.topk(2, 0)));
    st("topk.v1", std::get<0>(x.topk(2, 1)));
    st("kthvalue", std::get<0>(x.kthvalue(1, 0)));
    st("median", std::get<0>(x.median(0)));
    st("cumsum", x.cumsum(0));
    st("cumprod", x.cumprod(1));
    st("cummax.v", std::get<0>(x.cummax(0)));
    st("cummax.i", std::get<1>(x.cummax(0)));
    st("logcumsumexp", x.logcumsumexp(0));
    st("softmax", x.softmax(0));
    st("log_softmax", x.log_softmax(1));
    st("unique", std::get<0>(torch::_unique2(x)));
    st("flip", x.flip(0));
    st("roll", x.roll(1, 0));
    st("rot90", x.rot90());
    st("gather", x.gather(0, torch::zeros({2, 2}, torch::kLong).t()));
    st("index_select", x.index_select(0, torch::tensor({0, 2})));
    st("take", x.take(torch::zeros({2, 2}, torch::kLong).t()));
    st("masked_fill", x.masked_fill(x > 5, 0));
    st("where", torch::where(x > 5, x, 0));
    st("scatter", x.scatter(0, torch::zeros({1, 2}, torch::kLong), 4.0));
    st("index_add", x.index_add(0, torch::tensor({0}), torch::ones({1, 2})));
    st("index_copy", x.index_copy(0, torch::tensor({0}), torch::ones({1, 2})));
    st("index_fill", x.index_fill(0, torch::tensor({0}), 1));
    st("clone", x.clone());
    st("zeros_like", torch::zeros_like(x));
    st("full_like", torch::full_like(x, 2));
    st("to", x.to(torch::kDouble));
    st("cat", torch::cat({x, x}, 0));
    st("stack", torch::stack({x, x}, 0));
    st("repeat", x.repeat({1, 2}));
    st("tril", x.tril());
    st("triu", x.triu());
    st("renorm", x.renorm(2, 0, 1.0));
    st("cdist", torch::cdist(x, x));
    st("sum", x.sum(0, true));
    st("amax", x.amax(1, true));
    st("mean", x.mean(1));
    st("std", x.std(1));
    st("prod", x.prod(0));
    st("var3", torch::ones({2, 3, 4}).permute({2, 0, 1}).var(1));
    st("sum3", torch::ones({2, 3, 4}).permute({2, 0, 1}).sum(1));
    st("amin3", torch::ones({2, 3, 4}).permute({2, 0, 1}).amin(1));
    st("argmax3", torch::ones({2, 3, 4}).permute({2, 0, 1}).argmax(1));
    st("any3", (torch::ones({2, 3, 4}) > 0).permute({2, 0, 1}).any(1));
    st("max3", std::get<0>(torch::ones({2, 3, 4}).permute({2, 0, 1}).max(1)));
    st("norm3", torch::ones({2, 3, 4}).permute({2, 0, 1}).norm(2, 1));
    st("logsumexp3", torch::ones({2, 3, 4}).permute({2, 0, 1}).logsumexp(1));
    st("mm", x.mm(x.t()));
    st("matmul", torch::ones({2, 3, 4}).transpose(0, 1).matmul(torch::ones({4, 5})));
    st("layer_norm", torch::layer_norm(x, {2}));
    st("gelu", torch::gelu(x));
    st("dropout", torch::dropout(x, 0.0, true));
    st("pad", torch::constant_pad_nd(x, {1, 1}));
    st("nan_to_num", x.nan_to_num());
    st("clamp", x.clamp(1, 2));
    st("lerp", x.lerp(x, 0.5));
    st("prelu", torch::prelu(x, torch::ones({1})));
    st("glu", torch::glu(torch::ones({4, 3}).t(), 1));
    st("embedding", torch::embedding(x, torch::tensor({0, 1})));
    st("one_hot", torch::one_hot(torch::tensor({0, 1, 2, 3}).view({2, 2}).t()));
    st("cov", torch::cov(x));
    st("corrcoef", torch::corrcoef(x));
    st("diff", x.diff());
    st("trapz", torch::cumulative_trapezoid(x, 0));
    st("bucketize", torch::bucketize(x, torch::tensor({2.f})));
    st("frexp", std::get<0>(torch::frexp(x)));
    st("addmm", torch::addmm(x, x, torch::ones({2, 2})));
    st("addcmul", x.addcmul(x, x));
    st("cross", torch::cross(x, x, 0));
    st("repeat_interleave", x.repeat_interleave(2, 0));
    st("tile", x.tile({2, 1}));
    st("linear", torch::linear(x, torch::ones({4, 2})));
    st("rand_like", torch::rand_like(x).mul(0));
    st("masked_select", x.masked_select(x > 2));
    st("index", x.index({torch::tensor({0, 1})}));
    st("index2", x.index({torch::indexing::Slice(), torch::tensor({0, 1})}));
    st("bmm", torch::bmm(torch::ones({2, 3, 4}).transpose(1, 2), torch::ones({2, 3, 5})));
    st("conv", torch::conv1d(torch::ones({2, 5, 3}).transpose(1, 2), torch::ones({4, 3, 2})));
    st("pool", torch::max_pool1d(torch::ones({2, 6, 3}).transpose(1, 2), 2));
    st("bnorm", torch::batch_norm(torch::ones({2, 4, 4, 3}).permute({0, 3, 1, 2}), {}, {}, {}, {},
                                  true, 0.1, 1e-5, false));
  });
  return finish();
}
