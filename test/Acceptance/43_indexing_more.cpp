// Every kind of index, assignments and their gradients.
#include "common.h"
#include <iostream>
#include <sstream>
using namespace torch::indexing;
template <class T> static std::string text(const T &value) {
  std::ostringstream out;
  out << value;
  std::istringstream in(out.str());
  std::string all, word;
  while (in >> word)
    all += (all.empty() ? "" : " ") + word;
  return all;
}
int main() {
  section("kinds", [] {
    auto x = torch::arange(60).view({3, 4, 5});
    show("k.slice_all", x.index({Slice()}).sizes());
    show("k.slice_1arg", x.index({Slice(1)}).sizes());
    show("k.slice_none_none", x.index({Slice(None, None)}).sizes());
    show("k.ellipsis_enum", x.index({torch::indexing::Ellipsis, 1}).sizes());
    show("k.ellipsis_two", x.index({Ellipsis, None}).sizes());
    show("k.none_none", x.index({None, None}).sizes());
    show("k.none_mid", x.index({Slice(), None, Slice(), None}).sizes());
    show("k.bool_mid", x.index({Slice(), true}).sizes());
    show("k.bool_false_mid", x.index({0, false}).sizes());
    show("k.true_true", x.index({true, true, 1}).sizes());
    show("k.tensor_then_none", x.index({torch::tensor({0, 2}), None}).sizes());
    show("k.none_then_tensor", x.index({None, torch::tensor({0, 2})}).sizes());
    show("k.tensor_slice_none_tensor",
         x.index({torch::tensor({0, 2}), None, torch::tensor({1, 3})}).sizes());
    show("k.zero_dim_tensor", x.index({torch::tensor(1)}));
    show("k.zero_dim_pair", x.index({torch::tensor(1), Slice(), torch::tensor({0, 4})}));
    show("k.byte_mask", x.index({torch::tensor({1, 0, 1}, torch::kUInt8)}).sizes());
    show("k.mask_scalar_true", torch::arange(3).index({torch::tensor(true)}));
    show("k.mask_scalar_false", torch::arange(3).index({torch::tensor(false)}));
    show("k.vector", x.index(std::vector<TensorIndex>{1, Slice(0, 2), Ellipsis}));
    std::vector<TensorIndex> dyn;
    dyn.emplace_back(0);
    dyn.push_back(Slice(None, None, 2));
    dyn.push_back(torch::tensor({1, 1}));
    show("k.dyn", x.index(dyn));
    show("k.arrayref", x.index(torch::ArrayRef<TensorIndex>(dyn)));
    show("k.neg_int", x.index({-1, -1, -1}));
    show("k.neg_index_tensor", x.index({torch::tensor({-1, -3})}).sum());
    show("k.two_masks",
         x.index({torch::tensor({true, false, true}), torch::tensor({true, true, false, false})}));
    show("k.mask2d_slice", x.index({torch::ones({3, 4}, torch::kBool), Slice(0, 2)}).sizes());
    show("k.int64max", x.index({Slice(1, std::numeric_limits<int64_t>::max())}).sizes());
    show("k.slice_print", text(Slice(1, 5, 2)));
    show("k.slice_print_none", text(Slice()));
    show("k.ti_print", text(TensorIndex(3)));
    show("k.ti_print_none", text(TensorIndex(None)));
    show("k.ti_print_e", text(TensorIndex("...")));
    show("k.ti_print_b", text(TensorIndex(true)));
    show("k.ti_print_s", text(TensorIndex(Slice(0, 3))));
    show("k.ti_kind", TensorIndex(3).is_integer());
    show("k.ti_kind_s", TensorIndex(Slice()).is_slice());
    show("k.ti_kind_t", TensorIndex(torch::ones({1})).is_tensor());
    show("k.ti_kind_n", TensorIndex(None).is_none());
    show("k.ti_kind_e", TensorIndex(Ellipsis).is_ellipsis());
    show("k.ti_kind_b", TensorIndex(false).is_boolean());
    show("k.brackets_tensor", torch::arange(5)[torch::tensor(3)]);
    show("k.at_scalar", torch::arange(5)[2].item<int64_t>());
    show("k.index_fn_tensors", torch::index(x, {torch::tensor({0, 1}), torch::tensor({1, 2})}));
    show("k.index_method_opt", x.index({torch::tensor({0, 1})}).sizes());
    show("k.index_put_fn",
         torch::index_put(torch::zeros({3}), {torch::tensor({0, 2})}, torch::tensor({5., 6.})));
    show("k.index_put_acc", torch::index_put(torch::zeros({3}), {torch::tensor({0, 0})},
                                             torch::tensor({5., 6.}), true));
    throws("e.too_many", [&] { return x.index({0, 0, 0, 0}); });
    throws("e.out", [&] { return x.index({3}); });
    throws("e.out_neg", [&] { return x.index({-4}); });
    throws("e.tensor_out", [&] { return x.index({torch::tensor({3})}); });
    throws("e.step_neg", [&] { return x.index({Slice(None, None, -1)}); });
    throws("e.step_zero", [&] { return x.index({Slice(None, None, 0)}); });
    throws("e.float_index", [&] { return x.index({torch::tensor({0.5})}); });
    throws("e.mask_shape", [&] { return x.index({torch::ones({2}, torch::kBool)}); });
    throws("e.mask_shape2", [&] { return x.index({torch::ones({3, 5}, torch::kBool)}); });
    throws("e.bcast", [&] { return x.index({torch::tensor({0, 1}), torch::tensor({0, 1, 2})}); });
    throws("e.bad_text", [&] { return x.index({"..", 0}); });
    throws("e.select", [&] { return x.select(3, 0); });
    throws("e.scalar_idx", [&] { return torch::tensor(1)[0]; });
    throws("e.slice_fn_step", [&] { return x.slice(0, 0, 2, -1); });
    throws("e.narrow", [&] { return x.narrow(0, 2, 2); });
    throws("e.narrow_neg", [&] { return x.narrow(0, 0, -1); });
    show("narrow_neg_start", x.narrow(0, -1, 1).sizes());
    show("narrow_tensor", x.narrow(0, torch::tensor(1), 2).sizes());
    show("slice_opt", x.slice(1, c10::nullopt, 2).sizes());
  });
  section("put", [] {
    auto x = torch::zeros({3, 4}, torch::kInt64);
    x.index_put_({Slice(), Slice(None, None, 2)}, torch::arange(6).view({3, 2}));
    show("p.step", x);
    x.index_put_({torch::tensor({true, false, true})}, -1);
    show("p.mask_row", x);
    x.index_put_({1}, torch::arange(4) * 100);
    show("p.int", x);
    x.index_put_({Ellipsis}, 5);
    show("p.all", x);
    x.index_put_({None, 0}, torch::arange(4).view({1, 4}));
    show("p.none", x);
    x.index_put_({torch::tensor({0, 1}), Slice(1, 3)}, torch::tensor({{7, 8}, {9, 10}}));
    show("p.tensor_slice", x);
    x.index_put_({Slice(), torch::tensor({0, 3})}, torch::tensor({{70}, {80}, {90}}));
    show("p.bcast_col", x);
    show("p.acc", x);
    x.index_put_({true}, x + 1);
    show("p.true", x);
    x.index_put_({false}, 0);
    show("p.false", x);
    auto f = torch::zeros({2, 2});
    f.index_put_({0, 0}, 3);
    f.index_put_({0, 1}, 2.5);
    f.index_put_({1}, torch::tensor({1, 2}));
    show("p.dtype_cast", f);
    throws("p.dtype_adv",
           [&] { return f.index_put_({torch::tensor({0})}, torch::tensor({1, 2})); });
    throws("p.shape", [&] { return f.index_put_({0}, torch::ones({3})); });
    throws("p.out", [&] { return f.index_put_({torch::tensor({5})}, torch::ones({2})); });
    auto i = torch::zeros({3}, torch::kInt64);
    i.index_put_({0}, 2.7);
    show("p.int_from_float", i);
    auto y = torch::arange(10.);
    y.index_put_({y > 5}, y.index({y > 5}) * 10);
    show("p.self", y);
    y.index_put_({Slice(0, 5)}, y.index({Slice(5, 10)}));
    show("p.half", y);
    auto m = torch::eye(3);
    m.index({Slice(), 0}).fill_(9);
    show("p.fill_view", m);
    m.index({1}) += 5;
    show("p.plus_assign_view", m);
    m[2] *= 2;
    show("p.times_row", m);
    m[0][1] += 0.5;
    show("p.elem_plus", m);
    m.index({Slice(0, 2), Slice(0, 2)}) = torch::zeros({2, 2});
    show("p.assign_block", m);
    m.diagonal() = torch::tensor({1., 2., 3.});
    show("p.assign_lvalue_diag", m);
    m.diagonal().copy_(torch::tensor({1., 2., 3.}));
    show("p.diag", m);
    m.t()[0] = torch::tensor({7., 8., 9.});
    show("p.t_assign", m);
    m.masked_fill_(m > 7, 0);
    show("p.masked_fill", m);
    m.masked_scatter_(m == 0, torch::tensor({11., 12., 13., 14., 15., 16., 17., 18., 19.}));
    show("p.masked_scatter", m);
    m.put_(torch::tensor({0, 8}), torch::tensor({100., 200.}));
    show("p.put_", m);
    m.put_(torch::tensor({0, 0}), torch::tensor({1., 2.}), true);
    show("p.put_acc", m);
    show("p.put_fn", torch::put(m, torch::tensor({1}), torch::tensor({-5.})));
    m.index_fill_(0, torch::tensor({1}), 3);
    show("p.index_fill_", m);
    m.index_copy_(1, torch::tensor({0}), torch::tensor({{1.}, {1.}, {1.}}));
    show("p.index_copy_", m);
    m.index_add_(0, torch::tensor({0, 0}), torch::ones({2, 3}), 2);
    show("p.index_add_", m);
    m.fill_diagonal_(-1);
    show("p.fill_diag", m);
    m.select(0, 1).zero_();
    show("p.select_zero", m);
    m.fill_(torch::tensor(4.));
    show("p.fill_tensor", m);
    show("p.select_scatter", torch::select_scatter(torch::zeros({2, 2}), torch::ones({2}), 0, 1));
    show("p.slice_scatter", torch::slice_scatter(torch::zeros({4}), torch::ones({2}), 0, 1, 3));
    show("p.diag_scatter", torch::diagonal_scatter(torch::zeros({2, 2}), torch::ones({2})));
    show("p.as_strided_scatter",
         torch::as_strided_scatter(torch::zeros({4}), torch::ones({2}), {2}, {2}));
    show("p.masked_scatter_fn",
         torch::masked_scatter(torch::zeros({3}), torch::tensor({true, false, true}),
                               torch::tensor({1., 2.})));
    throws("p.masked_scatter_few", [] {
      return torch::masked_scatter(torch::zeros({3}), torch::tensor({true, false, true}),
                                   torch::tensor({1.}));
    });
    throws("p.masked_scatter_dtype", [] {
      return torch::masked_scatter(torch::zeros({3}), torch::tensor({true, false, true}),
                                   torch::tensor({1, 2}));
    });
  });
  section("grad", [] {
    auto x = leaf({3, 4}, 5);
    x.index({Slice(0, 2), torch::tensor({0, 0, 3})}).pow(2).sum().backward();
    show("g.adv", x.grad());
    auto m = leaf({3, 4}, 6);
    (m.index({m > 0}) * 3).sum().backward();
    show("g.mask", m.grad());
    auto b = leaf({4}, 7), v = leaf({2}, 8);
    auto y = b.clone();
    y.index_put_({torch::tensor({1, 3})}, v);
    (y * torch::arange(4.)).sum().backward();
    show("g.put.b", b.grad());
    show("g.put.v", v.grad());
    auto c = leaf({4}, 9), w = leaf({3}, 10);
    auto z = c * 1;
    z.index_put_({torch::tensor({1, 1, 3})}, w, true);
    z.square().sum().backward();
    show("g.acc.c", c.grad());
    show("g.acc.w", w.grad());
    auto d = leaf({3, 3}, 11);
    auto q = d * 2;
    q.index_put_({Slice(), 0}, 0);
    q[1] = d[0] * d[1];
    q.sum().backward();
    show("g.slices", d.grad());
    auto e = leaf({5}, 12);
    e.index({Slice(None, None, 2)}).exp().sum().backward();
    show("g.slice", e.grad());
    auto s = leaf({2, 3}, 13);
    s.masked_fill(s > 0, 7).square().sum().backward();
    show("g.masked_fill", s.grad());
    auto k = leaf({4}, 14);
    k.take(torch::tensor({0, 0, 2})).sum().backward();
    show("g.take", k.grad());
    auto r = leaf({3, 2}, 15);
    r.index_select(0, torch::tensor({2, 2, 0})).square().sum().backward();
    show("g.index_select", r.grad());
    auto u = leaf({3, 2}, 16);
    torch::where(u > 0, u * 2, u * u).sum().backward();
    show("g.where", u.grad());
  });
  return finish();
}
