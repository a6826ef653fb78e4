//===- Convolution.cpp ------------------------------------------------------------------------===//
// Convolutions as products of matrices: the windows are a strided view of the padded input.
//===------------------------------------------------------------------------------------------===//

#include "Frontend/AutogradGraph.h"
#include "Frontend/Windows.h"
#include "IR/Infer.h"

namespace tjit {

std::vector<Window> windowsOf(IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                              IntArrayRef dilation, int64_t count, const char *operation) {
  const Dims k = spatial(kernel, count, "kernel_size", operation),
             s = spatial(stride, count, "stride", operation),
             p = spatial(padding, count, "padding", operation),
             d = spatial(dilation, count, "dilation", operation);
  std::vector<Window> windows;
  for (int64_t i = 0; i < count; ++i) {
    const std::tuple<const char *, int64_t, int64_t> checks[] = {
        {"kernel_size", k[i], 1}, {"stride", s[i], 1}, {"padding", p[i], 0}, {"dilation", d[i], 1}};
    for (const auto &[what, value, least] : checks)
      if (value < least)
        throw Error(std::string(operation) + ": " + what + " must be " + std::to_string(least) +
                    " or more, found " + std::to_string(value));
    windows.push_back({k[i], s[i], p[i], d[i]});
  }
  return windows;
}

Batched::Batched(const Tensor &t, int64_t spatialDims, const char *operation,
                 std::optional<int64_t> mayBeEmpty)
    : input(t), added(rankOf(t, operation) == spatialDims + 1) {
  if (!added && t.dim() != spatialDims + 2)
    throw Error(std::string(operation) + ": expected " + std::to_string(spatialDims + 1) + " or " +
                std::to_string(spatialDims + 2) + " dimensions, found sizes " +
                toString(sizesOf(t.sizes())));
  if (added)
    input = t.unsqueeze(0);
  channelsLast = liesChannelsLast(spatialDims == 1 ? input.unsqueeze(2) : input);
  for (int64_t d = mayBeEmpty.value_or(!added); d < t.dim(); ++d)
    if (t.size(d) == 0)
      throw Error(std::string(operation) + ": dimension " + std::to_string(d) +
                  " must not be empty, found sizes " + toString(sizesOf(t.sizes())));
}

Tensor Batched::restore(const Tensor &result) const {
  const Tensor laid = channelsLast ? withChannelsLast(result) : result;
  return added ? laid.squeeze(0) : laid;
}

Tensor padConstant(const Tensor &t, const Dims &before, const Dims &after, const Scalar &value) {
  const int64_t first = t.dim() - static_cast<int64_t>(before.size());
  Tensor inner = t;
  Dims sizes(sizesOf(t.sizes()));
  bool grows = false;
  for (int64_t d = first; d < t.dim(); ++d) {
    const int64_t low = before[d - first], high = after[d - first];
    sizes[d] += low + high;
    const int64_t start = std::max<int64_t>(-low, 0),
                  length = t.size(d) - start - std::max<int64_t>(-high, 0);
    if (sizes[d] < 0 || length < 0)
      throw Error("pad: " + std::to_string(low) + " and " + std::to_string(high) +
                  " elements around dimension " + std::to_string(d) + " of sizes " +
                  toString(sizesOf(t.sizes())) + " leave a negative size");
    if (low < 0 || high < 0)
      inner = inner.narrow(d, start, length);
    grows |= low > 0 || high > 0;
  }
  if (!grows)
    return inner.clone();
  const Dims strides = contiguousStrides(sizes);
  int64_t offset = 0;
  for (int64_t d = first; d < t.dim(); ++d)
    offset += std::max<int64_t>(before[d - first], 0) * strides[d];
  const Tensor base = value.equal(0) ? recordFill(0, t.scalar_type(), sizes)
                                     : tjit::full(refOf(sizes), value, t.scalar_type());
  AttrWords words;
  for (const Dims &list : {inner.impl()->type().sizes, strides}) {
    words.push_back(static_cast<int64_t>(list.size()));
    for (int64_t v : list)
      words.push_back(v);
  }
  const Tensor operands[] = {base, inner, indexArgument(offset)};
  return recordOp(OpKind::write_view, operands, words.span(), offset);
}

Tensor windowsView(const Tensor &padded, const std::vector<Window> &windows, const Dims &out) {
  const Tensor x = padded.contiguous();
  Dims sizes{x.size(0), x.size(1)}, strides{x.stride(0), x.stride(1)};
  for (size_t i = 0; i < windows.size(); ++i) {
    sizes.push_back(out[i]);
    strides.push_back(x.stride(static_cast<int64_t>(i) + 2) * windows[i].stride);
  }
  for (size_t i = 0; i < windows.size(); ++i) {
    sizes.push_back(windows[i].kernel);
    strides.push_back(x.stride(static_cast<int64_t>(i) + 2) * windows[i].dilation);
  }
  return x.as_strided(refOf(sizes), refOf(strides));
}

inline namespace v1 {
namespace ops {

namespace {

int64_t product(Sizes sizes) {
  int64_t n = 1;
  for (int64_t s : sizes)
    n *= s;
  return n;
}

/// [n, c * kernel, windows] of a padded input.
Tensor columns(const Tensor &padded, const std::vector<Window> &windows, const Dims &out) {
  const int64_t d = static_cast<int64_t>(windows.size());
  std::vector<int64_t> order{0, 1};
  int64_t kernel = 1;
  for (int64_t i = 0; i < d; ++i)
    order.push_back(2 + d + i), kernel *= windows[i].kernel;
  for (int64_t i = 0; i < d; ++i)
    order.push_back(2 + i);
  return windowsView(padded, windows, out)
      .permute(order)
      .reshape({padded.size(0), padded.size(1) * kernel, product(out)});
}

void checkOperands(const Tensor &input, const Tensor &weight, const Tensor &bias, int64_t d,
                   int64_t groups, const char *operation) {
  if (rankOf(weight, operation) != d + 2)
    throw Error(std::string(operation) + ": expected a weight of " + std::to_string(d + 2) +
                " dimensions, found sizes " + toString(sizesOf(weight.sizes())));
  if (groups < 1)
    throw Error(std::string(operation) + ": groups must be positive, found " +
                std::to_string(groups));
  if (weight.size(0) == 0)
    throw Error(std::string(operation) + ": the weight makes no channels, found sizes " +
                toString(sizesOf(weight.sizes())));
  for (const Tensor &t : {weight, bias})
    if (t.defined() && t.scalar_type() != input.scalar_type())
      throw Error(std::string(operation) + ": the input is " + toString(input.scalar_type()) +
                  ", the weight or bias " + toString(t.scalar_type()) + "; convert one with to()");
}
Tensor withBias(const Tensor &out, const Tensor &bias, int64_t channels, const char *operation) {
  if (!bias.defined())
    return out;
  if (bias.dim() != 1 || bias.size(0) != channels)
    throw Error(std::string(operation) + ": expected a bias of " + std::to_string(channels) +
                " numbers, found sizes " + toString(sizesOf(bias.sizes())));
  Dims sizes(static_cast<size_t>(out.dim()), 1);
  sizes[1] = channels;
  return out + bias.reshape(refOf(sizes));
}

/// x [n, c, spatial...] is padded already; weight [o, c / groups, kernel...].
Tensor convolve(const Tensor &x, const Tensor &weight, const Tensor &bias,
                const std::vector<Window> &windows, int64_t groups, const char *operation) {
  const int64_t n = x.size(0), c = x.size(1), o = weight.size(0);
  if (weight.size(1) * groups != c)
    throw Error(std::string(operation) + ": a weight of sizes " +
                toString(sizesOf(weight.sizes())) + " with " + std::to_string(groups) +
                " groups takes " + std::to_string(weight.size(1) * groups) + " channels, found " +
                std::to_string(c));
  if (o % groups)
    throw Error(std::string(operation) + ": " + std::to_string(o) +
                " output channels do not make " + std::to_string(groups) + " groups");
  Dims out, sizes{n, o};
  int64_t kernel = 1;
  for (size_t i = 0; i < windows.size(); ++i) {
    const int64_t size = x.size(static_cast<int64_t>(i) + 2);
    if (size < windows[i].span())
      throw Error(std::string(operation) + ": a kernel that spans " +
                  std::to_string(windows[i].span()) + " does not fit the padded size " +
                  std::to_string(size));
    out.push_back((size - windows[i].span()) / windows[i].stride + 1);
    sizes.push_back(out.back());
    kernel *= windows[i].kernel;
  }
  const Tensor cols = columns(x, windows, out);
  const int64_t l = product(out);
  // In 16 bits the bias is added before the only rounding.
  const bool rounds = computeDtype(x.scalar_type()) != x.scalar_type() && bias.defined();
  const Tensor w = rounds ? wide(weight) : weight, a = rounds ? wide(cols) : cols;
  const Tensor y = groups == 1 ? w.reshape({o, c * kernel}).matmul(a)
                               : w.reshape({groups, o / groups, c / groups * kernel})
                                     .matmul(a.reshape({n, groups, c / groups * kernel, l}));
  return castTo(withBias(y.reshape(refOf(sizes)), rounds ? wide(bias) : bias, o, operation),
                x.scalar_type());
}

/// A batch, or the sample alone that was given, with the names that libtorch has for the histories.
/// `since` was made before the result was computed: what is no batch is a view, as in libtorch.
Tensor restored(const autodiff::HistoryName &since, Batched x, const Tensor &weight,
                Tensor result) {
  x.channelsLast = weight.dim() > 3 && (x.channelsLast || liesChannelsLast(weight));
  if (x.added)
    return autodiff::labeled(x.restore(result), "SqueezeBackward1");
  if (x.channelsLast)
    result = withChannelsLast(result);
  since.give(result);
  return result;
}

Tensor convolutionOf(const Tensor &input, const Tensor &weight, const Tensor &bias,
                     IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, int64_t groups,
                     int64_t d, const char *operation) {
  implOf(input, operation);
  checkOperands(input, weight, bias, d, groups, operation);
  const autodiff::HistoryName since("ConvolutionBackward0");
  const Batched x(input, d, operation);
  const std::vector<Window> windows =
      windowsOf(weight.sizes().slice(2), stride, padding, dilation, d, operation);
  Dims around;
  bool padded = false;
  for (const Window &w : windows) {
    around.push_back(w.padding);
    padded |= w.padding > 0;
  }
  return restored(since, x, weight,
                  convolve(padded ? padConstant(x.input, around, around, 0) : x.input, weight, bias,
                           windows, groups, operation));
}

Tensor convolution(const Tensor &input, const Tensor &weight, const Tensor &bias,
                   IntArrayRef stride, const ConvPadding &padding, IntArrayRef dilation,
                   int64_t groups, int64_t d, const char *operation) {
  constexpr int64_t kNone = 0;
  if (!padding.isText() || padding.text() == "valid")
    return convolutionOf(input, weight, bias, stride,
                         padding.isText() ? IntArrayRef(kNone) : padding.numbers(), dilation,
                         groups, d, operation);
  if (padding.text() != "same")
    throw Error(std::string(operation) + ": padding must be valid, same or numbers, found \"" +
                std::string(padding.text()) + "\"");
  implOf(input, operation);
  checkOperands(input, weight, bias, d, groups, operation);
  const autodiff::HistoryName since("ConvolutionBackward0");
  const Batched x(input, d, operation);
  const std::vector<Window> windows =
      windowsOf(weight.sizes().slice(2), stride, kNone, dilation, d, operation);
  Dims before, after;
  for (const Window &w : windows) {
    if (w.stride != 1)
      throw Error(std::string(operation) + ": padding \"same\" needs strides of 1, found " +
                  std::to_string(w.stride));
    before.push_back((w.span() - 1) / 2);
    after.push_back(w.span() - 1 - before.back());
  }
  return restored(
      since, x, weight,
      convolve(padConstant(x.input, before, after, 0), weight, bias, windows, groups, operation));
}

/// Zeros between the elements of dimension d: every stride-th element is one of x.
Tensor spread(const Tensor &x, int64_t d, int64_t stride) {
  if (stride == 1)
    return x;
  const int64_t n = x.size(d);
  Dims sizes(sizesOf(x.sizes()));
  sizes[d] = n * stride;
  Dims none(static_cast<size_t>(x.dim() - d), 0), after = none;
  after[0] = stride - 1;
  return padConstant(x.unsqueeze(d + 1), none, after, 0)
      .reshape(refOf(sizes))
      .narrow(d, 0, (n - 1) * stride + 1);
}

/// The convolution of the spread input with the weight turned around.
Tensor transposedConvolution(const Tensor &input, const Tensor &weight, const Tensor &bias,
                             IntArrayRef stride, IntArrayRef padding, IntArrayRef outputPadding,
                             int64_t groups, IntArrayRef dilation, int64_t d,
                             const char *operation) {
  implOf(input, operation);
  checkOperands(input, weight, bias, d, groups, operation);
  const autodiff::HistoryName since("ConvolutionBackward0");
  const Batched x(input, d, operation);
  std::vector<Window> windows =
      windowsOf(weight.sizes().slice(2), stride, padding, dilation, d, operation);
  const Dims extra = spatial(outputPadding, d, "output_padding", operation);
  const int64_t c = x.input.size(1), o = weight.size(1);
  if (weight.size(0) != c || c % groups)
    throw Error(std::string(operation) + ": a weight of sizes " +
                toString(sizesOf(weight.sizes())) + " and " + std::to_string(groups) +
                " groups do not fit " + std::to_string(c) + " channels");
  Tensor spreadInput = x.input;
  Dims before, after;
  std::vector<int64_t> spatialDims;
  for (int64_t i = 0; i < d; ++i) {
    Window &w = windows[i];
    if (extra[i] < 0 || (extra[i] >= w.stride && extra[i] >= w.dilation))
      throw Error(std::string(operation) +
                  ": output_padding must be below the stride or the "
                  "dilation, found " +
                  std::to_string(extra[i]));
    spreadInput = spread(spreadInput, i + 2, w.stride);
    before.push_back(w.span() - 1 - w.padding);
    after.push_back(before.back() + extra[i]);
    w.stride = 1;
    spatialDims.push_back(i + 3);
  }
  for (int64_t i = 0; i < d; ++i)
    if (spreadInput.size(i + 2) + before[i] + after[i] < windows[i].span())
      throw Error(std::string(operation) + ": the output would be empty in dimension " +
                  std::to_string(i));
  // [groups, c / groups, o, kernel] to [groups * o, c / groups, kernel turned around].
  std::vector<int64_t> grouped{groups, c / groups}, flat{groups * o, c / groups};
  for (int64_t i = 1; i < d + 2; ++i)
    grouped.push_back(weight.size(i));
  for (int64_t i = 2; i < d + 2; ++i)
    flat.push_back(weight.size(i));
  const Tensor turned = weight.reshape(grouped).transpose(1, 2).flip(spatialDims).reshape(flat);
  return restored(since, x, weight,
                  convolve(padConstant(spreadInput, before, after, 0), turned, bias, windows,
                           groups, operation));
}

} // namespace

Tensor nn_conv1d(const Tensor &input, const Tensor &weight, const Tensor &bias, IntArrayRef stride,
                 const ConvPadding &padding, IntArrayRef dilation, int64_t groups) {
  return convolution(input, weight, bias, stride, padding, dilation, groups, 1, "conv1d");
}
Tensor nn_conv2d(const Tensor &input, const Tensor &weight, const Tensor &bias, IntArrayRef stride,
                 const ConvPadding &padding, IntArrayRef dilation, int64_t groups) {
  return convolution(input, weight, bias, stride, padding, dilation, groups, 2, "conv2d");
}
Tensor nn_conv3d(const Tensor &input, const Tensor &weight, const Tensor &bias, IntArrayRef stride,
                 const ConvPadding &padding, IntArrayRef dilation, int64_t groups) {
  return convolution(input, weight, bias, stride, padding, dilation, groups, 3, "conv3d");
}
Tensor nn_conv_transpose1d(const Tensor &input, const Tensor &weight, const Tensor &bias,
                           IntArrayRef stride, IntArrayRef padding, IntArrayRef outputPadding,
                           int64_t groups, IntArrayRef dilation) {
  return transposedConvolution(input, weight, bias, stride, padding, outputPadding, groups,
                               dilation, 1, "conv_transpose1d");
}
Tensor nn_conv_transpose2d(const Tensor &input, const Tensor &weight, const Tensor &bias,
                           IntArrayRef stride, IntArrayRef padding, IntArrayRef outputPadding,
                           int64_t groups, IntArrayRef dilation) {
  return transposedConvolution(input, weight, bias, stride, padding, outputPadding, groups,
                               dilation, 2, "conv_transpose2d");
}
Tensor nn_conv_transpose3d(const Tensor &input, const Tensor &weight, const Tensor &bias,
                           IntArrayRef stride, IntArrayRef padding, IntArrayRef outputPadding,
                           int64_t groups, IntArrayRef dilation) {
  return transposedConvolution(input, weight, bias, stride, padding, outputPadding, groups,
                               dilation, 3, "conv_transpose3d");
}

/// How many windows each of two spatial dimensions has.
static Dims windowCounts(const Dims &sizes, const std::vector<Window> &windows,
                         const char *operation) {
  Dims out;
  for (size_t i = 0; i < windows.size(); ++i) {
    const int64_t size = sizes[i] + 2 * windows[i].padding;
    if (size < windows[i].span())
      throw Error(std::string(operation) + ": a window that spans " +
                  std::to_string(windows[i].span()) + " does not fit the padded size " +
                  std::to_string(size));
    out.push_back((size - windows[i].span()) / windows[i].stride + 1);
  }
  return out;
}
Tensor nn_unfold(const Tensor &input, IntArrayRef kernel, IntArrayRef dilation, IntArrayRef padding,
                 IntArrayRef stride) {
  Batched x(input, 2, "unfold");
  x.channelsLast = false; // the result is no image
  const std::vector<Window> windows = windowsOf(kernel, stride, padding, dilation, 2, "unfold");
  const Dims out = windowCounts(Dims{x.input.size(2), x.input.size(3)}, windows, "unfold");
  const Dims around{windows[0].padding, windows[1].padding};
  return x.restore(columns(padConstant(x.input, around, around, 0), windows, out));
}
Tensor nn_fold(const Tensor &input, IntArrayRef outputSize, IntArrayRef kernel,
               IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride) {
  const bool batched = rankOf(input, "fold") == 3;
  if (!batched && input.dim() != 2)
    throw Error("fold: expected [n, c * kernel, windows], found sizes " +
                toString(sizesOf(input.sizes())));
  const Tensor x = batched ? input : input.unsqueeze(0);
  const Dims size = spatial(outputSize, 2, "output_size", "fold");
  const std::vector<Window> windows = windowsOf(kernel, stride, padding, dilation, 2, "fold");
  const Dims out = windowCounts(size, windows, "fold");
  const int64_t n = x.size(0), k = windows[0].kernel * windows[1].kernel, l = product(out);
  if (x.size(1) % k || x.size(2) != l)
    throw Error("fold: sizes " + toString(sizesOf(input.sizes())) + " do not fit kernels of " +
                std::to_string(k) + " elements and " + std::to_string(l) + " windows");
  // Every column goes back to the places that unfold reads.
  const int64_t c = x.size(1) / k, height = size[0] + 2 * windows[0].padding,
                width = size[1] + 2 * windows[1].padding;
  auto places = [&](size_t i, int64_t scale) {
    const Tensor kernelPart = tjit::arange(windows[i].kernel) * (windows[i].dilation * scale),
                 windowPart = tjit::arange(out[i]) * (windows[i].stride * scale);
    return kernelPart.unsqueeze(1) + windowPart; // [kernel, out]
  };
  const Tensor at = (places(0, width).reshape({windows[0].kernel, 1, out[0], 1}) +
                     places(1, 1).reshape({1, windows[1].kernel, 1, out[1]}))
                        .reshape({1, 1, k * l});
  const Tensor sum = recordFill(0, x.scalar_type(), Dims{n, c, height * width})
                         .scatter_add(2, at.expand({n, c, k * l}), x.reshape({n, c, k * l}))
                         .reshape({n, c, height, width})
                         .narrow(2, windows[0].padding, size[0])
                         .narrow(3, windows[1].padding, size[1]);
  return (batched ? sum : sum.squeeze(0)).contiguous();
}

} // namespace ops
} // namespace v1
} // namespace tjit
