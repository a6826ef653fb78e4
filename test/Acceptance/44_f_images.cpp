// Pools, padding, interpolation, windows, grids.
#include "common.h"
namespace F = torch::nn::functional;

// A second gradient, where it is one: what is zero, or noise around it, depends on the order of
// additions.
inline void second(const std::string &name, const Tensor &t) {
  if (t.defined() && t.numel() && (t + 0).abs().max().item<double>() > 1e-9)
    show(name, t);
}

template <class Fn> void run(const std::string &n, const Tensor &x, Fn f) {
  section(n.c_str(), [&] {
    auto a = x.detach().clone().requires_grad_(true);
    auto y = f(a);
    show(n, y);
    auto g = torch::autograd::grad({(y * y * gen64(y.sizes().vec(), 7).to(y.scalar_type())).sum()},
                                   {a}, {}, true, true)[0];
    show(n + ".g", g);
    if (g.requires_grad())
      second(n + ".gg", torch::autograd::grad({(g * g).sum()}, {a}, {}, {}, false, true)[0]);
  });
}

int main() {
  auto x1 = gen64({2, 3, 11}, 1), x2 = gen64({2, 2, 7, 6}, 2), x3 = gen64({1, 2, 4, 5, 6}, 3);
  run("max1", x1,
      [](Tensor a) { return F::max_pool1d(a, F::MaxPool1dFuncOptions(3).stride(2).padding(1)); });
  run("max1d", x1, [](Tensor a) {
    return F::max_pool1d(a, F::MaxPool1dFuncOptions(3).dilation(2).stride(1).ceil_mode(true));
  });
  run("max2", x2, [](Tensor a) { return F::max_pool2d(a, F::MaxPool2dFuncOptions({3, 2})); });
  run("max2c", x2, [](Tensor a) {
    return F::max_pool2d(a, F::MaxPool2dFuncOptions(3).stride(2).padding(1).ceil_mode(true));
  });
  run("max2d", x2, [](Tensor a) { return torch::max_pool2d(a, 2, {1, 2}, {1, 0}, {2, 1}); });
  run("max3", x3,
      [](Tensor a) { return F::max_pool3d(a, F::MaxPool3dFuncOptions(2).stride({1, 2, 2})); });
  run("avg1", x1, [](Tensor a) {
    return F::avg_pool1d(a,
                         F::AvgPool1dFuncOptions(3).stride(2).padding(1).count_include_pad(false));
  });
  run("avg2", x2, [](Tensor a) {
    return F::avg_pool2d(a, F::AvgPool2dFuncOptions({2, 3}).stride(2).padding(1).ceil_mode(true));
  });
  run("avg2div", x2,
      [](Tensor a) { return F::avg_pool2d(a, F::AvgPool2dFuncOptions(2).divisor_override(3)); });
  run("avg2nc", x2, [](Tensor a) { return torch::avg_pool2d(a, 3, 2, 1, true, false); });
  run("avg3", x3, [](Tensor a) {
    return F::avg_pool3d(
        a, F::AvgPool3dFuncOptions({2, 3, 2}).padding({1, 1, 0}).ceil_mode(true).count_include_pad(
               false));
  });
  run("aavg1", x1,
      [](Tensor a) { return F::adaptive_avg_pool1d(a, F::AdaptiveAvgPool1dFuncOptions(4)); });
  run("aavg2", x2,
      [](Tensor a) { return F::adaptive_avg_pool2d(a, F::AdaptiveAvgPool2dFuncOptions({3, 4})); });
  run("aavg2n", x2, [](Tensor a) {
    return F::adaptive_avg_pool2d(a, F::AdaptiveAvgPool2dFuncOptions({std::nullopt, 4}));
  });
  run("aavg3", x3, [](Tensor a) {
    return F::adaptive_avg_pool3d(a, F::AdaptiveAvgPool3dFuncOptions({2, 2, 4}));
  });
  run("amax1", x1,
      [](Tensor a) { return F::adaptive_max_pool1d(a, F::AdaptiveMaxPool1dFuncOptions(4)); });
  run("amax2", x2,
      [](Tensor a) { return F::adaptive_max_pool2d(a, F::AdaptiveMaxPool2dFuncOptions({3, 2})); });
  run("amax3", x3,
      [](Tensor a) { return F::adaptive_max_pool3d(a, F::AdaptiveMaxPool3dFuncOptions(2)); });
  run("lp1", x1.abs() + 0.5,
      [](Tensor a) { return F::lp_pool1d(a, F::LPPool1dFuncOptions(2, 3).stride(2)); });
  run("lp2", x2.abs() + 0.5,
      [](Tensor a) { return F::lp_pool2d(a, F::LPPool2dFuncOptions(3, 2).ceil_mode(true)); });
  run("lp3", x3.abs() + 0.5,
      [](Tensor a) { return F::lp_pool3d(a, F::LPPool3dFuncOptions(2, 2)); });
  section("indices", [&] {
    auto [v, i] = F::max_pool2d_with_indices(x2, F::MaxPool2dFuncOptions(2));
    show("mi.v", v);
    show("mi.i", i);
    auto [v1, i1] = F::max_pool1d_with_indices(x1, F::MaxPool1dFuncOptions(2));
    show("mi1.i", i1);
    auto [v3, i3] = F::max_pool3d_with_indices(x3, F::MaxPool3dFuncOptions(2));
    show("mi3.i", i3);
    auto [va, ia] = F::adaptive_max_pool2d_with_indices(x2, F::AdaptiveMaxPool2dFuncOptions(3));
    show("mia.i", ia);
    show("unpool.aten", torch::max_unpool2d(v, i, {7, 6}));
  });
  section("nan", [&] {
    auto t = torch::tensor({{1., kNan, 3., -kInf, kInf, 2.}});
    show("nan.max", torch::max_pool1d(t, 2, 1));
    show("nan.avg", torch::avg_pool1d(t, 2, 1));
  });
  // padding
  run("pad.const", x2, [](Tensor a) {
    return F::pad(a, F::PadFuncOptions({1, 2, 0, 1}).mode(torch::kConstant).value(3));
  });
  run("pad.neg", x2, [](Tensor a) { return F::pad(a, F::PadFuncOptions({-1, 2, 1, -2})); });
  run("pad.reflect", x2,
      [](Tensor a) { return F::pad(a, F::PadFuncOptions({2, 1, 3, 0}).mode(torch::kReflect)); });
  run("pad.repl", x2,
      [](Tensor a) { return F::pad(a, F::PadFuncOptions({2, 1, 3, 0}).mode(torch::kReplicate)); });
  run("pad.circ", x2,
      [](Tensor a) { return F::pad(a, F::PadFuncOptions({2, 1, 3, 0}).mode(torch::kCircular)); });
  run("pad.reflect1", x1,
      [](Tensor a) { return F::pad(a, F::PadFuncOptions({2, 3}).mode(torch::kReflect)); });
  run("pad.repl3", x3, [](Tensor a) {
    return F::pad(a, F::PadFuncOptions({1, 0, 2, 1, 0, 1}).mode(torch::kReplicate));
  });
  run("pad.reflect3", x3, [](Tensor a) {
    return F::pad(a, F::PadFuncOptions({1, 0, 2, 1, 0, 1}).mode(torch::kReflect));
  });
  section("plainpad", [&] {
    show("rp1", torch::reflection_pad1d(x1, {1, 2}));
    show("rp2", torch::reflection_pad2d(x2, {1, 2, 0, 1}));
    show("rp3", torch::reflection_pad3d(x3, {1, 2, 0, 1, 1, 1}));
    show("pp1", torch::replication_pad1d(x1, {1, 2}));
    show("pp2", torch::replication_pad2d(x2, {1, 2, 0, 1}));
    show("pp3", torch::replication_pad3d(x3, {1, 2, 0, 1, 1, 1}));
    show("cp", torch::constant_pad_nd(x1, {1, 2}, 2.5));
    show("padt", torch::pad(x1, {1, 2}, "constant", 1.5));
  });
  // interpolation
  auto ip = [&](const char *n, Tensor x, auto o) {
    run(std::string("ip.") + n, x, [&](Tensor a) { return F::interpolate(a, o); });
  };
  using O = F::InterpolateFuncOptions;
  using V = std::vector<int64_t>;
  using D = std::vector<double>;
  ip("near1", x1, O().size(V{7}).mode(torch::kNearest));
  ip("near2", x2, O().scale_factor(D{2, 1.5}).mode(torch::kNearest));
  ip("near3", x3, O().size(V{3, 7, 4}).mode(torch::kNearest));
  ip("nearex", x2, O().size(V{5, 9}).mode(torch::kNearestExact));
  ip("lin", x1, O().size(V{7}).mode(torch::kLinear).align_corners(false));
  ip("linac", x1, O().size(V{20}).mode(torch::kLinear).align_corners(true));
  ip("bil", x2, O().size(V{5, 9}).mode(torch::kBilinear).align_corners(false));
  ip("bilac", x2, O().scale_factor(D{1.7, 0.6}).mode(torch::kBilinear).align_corners(true));
  ip("bilrs", x2,
     O().scale_factor(D{1.7, 0.6})
         .mode(torch::kBilinear)
         .align_corners(false)
         .recompute_scale_factor(true));
  ip("bilns", x2, O().scale_factor(D{1.7, 0.6}).mode(torch::kBilinear).align_corners(false));
  ip("bic", x2, O().size(V{5, 9}).mode(torch::kBicubic).align_corners(false));
  ip("bicac", x2, O().size(V{10, 4}).mode(torch::kBicubic).align_corners(true));
  ip("tri", x3, O().size(V{3, 7, 8}).mode(torch::kTrilinear).align_corners(false));
  ip("area", x2, O().size(V{3, 4}).mode(torch::kArea));
  section("upsample", [&] {
    show("up.n1", torch::upsample_nearest1d(x1, {7}));
    show("up.n2", torch::upsample_nearest2d(x2, {5, 9}));
    show("up.n3", torch::upsample_nearest3d(x3, {3, 7, 4}));
    show("up.l1", torch::upsample_linear1d(x1, {7}, false));
    show("up.b2", torch::upsample_bilinear2d(x2, {5, 9}, true));
    show("up.c2", torch::upsample_bicubic2d(x2, {5, 9}, true));
    show("up.t3", torch::upsample_trilinear3d(x3, {3, 7, 4}, false));
  });
  // windows
  run("unfold", x2, [](Tensor a) {
    return F::unfold(a, F::UnfoldFuncOptions({2, 3}).stride({2, 1}).padding(1).dilation({2, 1}));
  });
  run("fold", gen64({2, 12, 20}, 5),
      [](Tensor a) { return F::fold(a, F::FoldFuncOptions({5, 6}, {2, 2}).stride(1)); });
  run("fold2", gen64({12, 12}, 6), [](Tensor a) {
    return F::fold(a, F::FoldFuncOptions({4, 6}, {2, 2}).stride({2, 2}).padding(1));
  });
  run("pshuf", gen64({2, 8, 3, 2}, 6),
      [](Tensor a) { return F::pixel_shuffle(a, F::PixelShuffleFuncOptions(2)); });
  run("punshuf", gen64({2, 2, 4, 6}, 6),
      [](Tensor a) { return F::pixel_unshuffle(a, F::PixelUnshuffleFuncOptions(2)); });
  run("chshuf", gen64({2, 6, 3}, 6), [](Tensor a) { return torch::channel_shuffle(a, 3); });
  // grids
  auto theta = torch::tensor(
      {{{0.9, 0.2, 0.1}, {-0.3, 1.1, -0.2}}, {{1.0, 0.0, 0.5}, {0.4, 0.7, 0.0}}}, torch::kFloat64);
  run("affine", theta, [](Tensor a) { return F::affine_grid(a, {2, 2, 4, 5}); });
  run("affine_ac", theta, [](Tensor a) { return F::affine_grid(a, {2, 2, 4, 5}, true); });
  auto grid = F::affine_grid(theta, {2, 2, 4, 5}).detach();
  run("gs.bil", x2, [&](Tensor a) {
    return F::grid_sample(a, grid,
                          F::GridSampleFuncOptions()
                              .mode(torch::kBilinear)
                              .padding_mode(torch::kZeros)
                              .align_corners(false));
  });
  run("gs.border", x2, [&](Tensor a) {
    return F::grid_sample(a, grid,
                          F::GridSampleFuncOptions()
                              .mode(torch::kBilinear)
                              .padding_mode(torch::kBorder)
                              .align_corners(true));
  });
  run("gs.refl", x2, [&](Tensor a) {
    return F::grid_sample(a, grid,
                          F::GridSampleFuncOptions()
                              .mode(torch::kBilinear)
                              .padding_mode(torch::kReflection)
                              .align_corners(false));
  });
  run("gs.near", x2, [&](Tensor a) {
    return F::grid_sample(a, grid,
                          F::GridSampleFuncOptions().mode(torch::kNearest).align_corners(false));
  });
  run("gs.bic", x2, [&](Tensor a) {
    return F::grid_sample(a, grid,
                          F::GridSampleFuncOptions().mode(torch::kBicubic).align_corners(false));
  });
  run("gs.g", grid, [&](Tensor g) {
    return F::grid_sample(x2, g, F::GridSampleFuncOptions().align_corners(false));
  });
  section("dtypes", [&] {
    for (auto t : {torch::kFloat32, torch::kFloat16, torch::kBFloat16}) {
      auto s = std::string(".") + dtype_name(t);
      show("d.max" + s, torch::max_pool2d(x2.to(t), 2));
      show("d.avg" + s, torch::avg_pool2d(x2.to(t), 2));
      show("d.aavg" + s, torch::adaptive_avg_pool2d(x2.to(t), {3, 2}));
      show("d.bil" + s,
           F::interpolate(x2.to(t), O().size(V{5, 9}).mode(torch::kBilinear).align_corners(false)));
      show("d.refl" + s, torch::reflection_pad2d(x2.to(t), {1, 2, 0, 1}));
    }
    show("d.maxint", torch::max_pool2d(torch::arange(24).view({1, 4, 6}), 2));
    show("d.nearu8", F::interpolate(torch::arange(6, torch::kUInt8).view({1, 1, 2, 3}),
                                    O().size(V{4, 4}).mode(torch::kNearest)));
  });
  section("errors", [&] {
    throws("x.pool_kernel", [&] { return torch::max_pool2d(x2, 9); });
    throws("x.pool_pad", [&] { return torch::max_pool2d(x2, 2, 2, 2); });
    throws("x.pool_rank", [&] { return torch::max_pool2d(x2[0][0], 2); });
    throws("x.avg_pad", [&] { return torch::avg_pool2d(x2, 2, 2, 2); });
    throws("x.reflect_big",
           [&] { return F::pad(x2, F::PadFuncOptions({7, 0, 0, 0}).mode(torch::kReflect)); });
    throws("x.circ_big",
           [&] { return F::pad(x2, F::PadFuncOptions({9, 0, 0, 0}).mode(torch::kCircular)); });
    throws("x.pad_odd", [&] { return F::pad(x2, F::PadFuncOptions({1, 0, 1})); });
    throws("x.interp_both",
           [&] { return F::interpolate(x2, O().size(V{2, 2}).scale_factor(D{2., 2.})); });
    throws("x.interp_none", [&] { return F::interpolate(x2, O()); });
    throws("x.interp_rank",
           [&] { return F::interpolate(x1, O().size(V{2}).mode(torch::kBilinear)); });
    throws("x.interp_zero",
           [&] { return F::interpolate(x1, O().size(V{0}).mode(torch::kLinear)); });
    throws("x.fold",
           [&] { return F::fold(gen64({2, 12, 19}, 5), F::FoldFuncOptions({5, 6}, {2, 2})); });
    throws("x.shuffle", [&] { return F::pixel_shuffle(x2, F::PixelShuffleFuncOptions(2)); });
    throws("x.div0",
           [&] { return F::avg_pool2d(x2, F::AvgPool2dFuncOptions(2).divisor_override(0)); });
  });
  return finish();
}
