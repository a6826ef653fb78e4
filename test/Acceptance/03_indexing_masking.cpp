// Indexing: Slice, None, Ellipsis, integers, bool masks, index tensors, and index_put_ in all its
// forms.
#include "common.h"
using torch::indexing::Ellipsis;
using torch::indexing::None;
using torch::indexing::Slice;

int main() {
  section("basic", [] {
    auto x = torch::arange(24).view({2, 3, 4});
    show("int", x[1]);
    show("int_int", x[1][2]);
    show("neg", x[-1][-1][-1]);
    show("row", x.index({0, Slice()}));
    show("col", x.index({Slice(), 1}));
    show("sub", x.index({Slice(), Slice(1, None), Slice(None, 2)}));
    show("step", x.index({Slice(), Slice(), Slice(None, None, 2)}));
    show("step_start", x.index({1, 1, Slice(1, None, 3)}));
    show("neg_bounds", x.index({Slice(), Slice(-2, -1), Slice(-3, None)}));
    show("clamped", x.index({0, Slice(1, 100), Slice(-100, 2)}));
    show("empty_slice", x.index({0, Slice(2, 1)}));
    show("ellipsis", x.index({Ellipsis, 2}));
    show("ellipsis_mid", x.index({1, Ellipsis, Slice(0, 2)}));
    show("ellipsis_text", x.index({"...", 0}));
    show("none", x.index({0, None, 1}));
    show("none_last", x.index({1, 1, Slice(), None}));
    show("select", x.select(1, 2));
    show("slice_fn", x.slice(2, 1, 4, 2));
    show("narrow", x.narrow(1, 1, 2));
    show("item", x.index({1, 2, 3}).item<int64_t>());
  });

  section("masks", [] {
    auto x = torch::arange(1, 10).reshape({3, 3});
    show("mask", x.index({x > 5}));
    show("mask_none", x.index({x > 100}));
    show("mask_rows", x.index({torch::tensor({true, false, true})}));
    show("mask_row_col", x.index({torch::tensor({true, false, true}), 1}));
    show("mask_cols", x.index({Slice(), torch::tensor({false, true, true})}));
    auto y = torch::arange(12.).view({2, 2, 3});
    show("mask_2d_of_3d", y.index({torch::tensor({{true, false}, {false, true}})}));
    show("masked_select", torch::masked_select(y, y.remainder(2) == 0));
    show("nonzero", torch::nonzero(x % 2 == 0));
    show("argwhere", torch::argwhere(x > 7));
    auto parts = torch::where(x > 6);
    show("where1.rows", parts[0]);
    show("where1.cols", parts[1]);
    show("bool_true", x.index({true}).sizes());
    show("bool_false", x.index({false}).sizes());
  });

  section("advanced", [] {
    auto x = torch::arange(24.).view({2, 3, 4});
    auto i = torch::tensor({1, 0, 1}), j = torch::tensor({2, 0, -1});
    show("rows", x.index({i}).sum(2));
    show("pairs", x.index({i, j}));
    show("pairs_col", x.index({i, j, 3}));
    show("split_by_slice", x.index({i, Slice(), j}));
    show("middle", x.index({Slice(), j, 0}));
    show("adjacent_inner", x.index({Slice(), j, j}));
    show("outer", x.index({0, torch::tensor({{0}, {2}}), torch::tensor({{3, 1}})}));
    show("index2d", torch::tensor({10, 20, 30}).index({torch::tensor({{0, 2}, {1, 1}})}));
    show("empty_index", x.index({torch::empty({0}, torch::kInt64)}).sizes());
    show("index_select", torch::index_select(x, 2, torch::tensor({3, 0})));
    show("take", torch::take(x, torch::tensor({5, 23, -1})));
    show("take_along", torch::take_along_dim(x, torch::argsort(-x, int64_t{2}), 2)[0]);
    show("int32_index", x.index({0, torch::tensor({2, 1}, torch::kInt32)}));
    show("mask_and_index", x.index({torch::tensor({true, true}), torch::tensor({0, 2}), 1}));
  });

  section("assign", [] {
    auto x = torch::zeros({3, 4});
    x.index_put_({0, Slice()}, 1);
    x.index_put_({Slice(), 1}, torch::tensor({5., 6., 7.}));
    show("put_slice", x);
    x.index_put_({x > 5}, -1);
    show("put_mask_scalar", x);
    x.index_put_({x == -1}, torch::tensor({10., 20.}));
    show("put_mask_values", x);
    x.index_put_({torch::tensor({0, 2}), torch::tensor({3, 0})}, torch::tensor({0.5, 0.25}));
    show("put_pairs", x);
    auto y = torch::zeros({4});
    y.index_put_({torch::tensor({1, 1, 3, 1})}, torch::tensor({1., 2., 3., 4.}),
                 /*accumulate=*/true);
    show("put_accumulate", y);
    x.index_put_({Slice(None, None, 2), Slice(1, 3)}, torch::tensor({8., 9.}));
    show("put_broadcast", x);
    x.index_put_({Ellipsis, -1}, 100);
    show("put_ellipsis", x);
    x.index({1, Slice(1, 3)}) = 77;
    show("assign_through_index", x);
    x[2] = torch::arange(4.);
    show("assign_row", x);
    x[0][0] = -5;
    show("assign_element", x);
    x.index({torch::tensor({0, 1})}).fill_(1234);
    show("advanced_read_is_a_copy", x);
    x.index({Slice(0, 2), Slice(0, 2)}).add_(1000);
    show("slice_read_is_a_view", x);
    auto z = torch::arange(6);
    z.index_put_({Slice(1, None, 2)}, z.index({Slice(0, None, 2)}) * 10);
    show("put_interleaved", z);
    auto w = torch::zeros({2, 3, 4});
    w.index_put_({Slice(), torch::tensor({0, 2}), Slice(1, 3)}, torch::tensor({1., 2.}));
    show("put_mixed", w);
    show("index_fill", torch::index_fill(torch::zeros({2, 3}), 1, torch::tensor({0, 2}), 4));
    show("index_copy",
         torch::index_copy(torch::zeros({3, 2}), 0, torch::tensor({2, 0}), torch::ones({2, 2})));
  });
  return finish();
}
