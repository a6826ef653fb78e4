//===- TjitApiNn.td - neural networks ----------------------------------------------------*- tablegen -*-===//
//
// The functional names of torch::nn::functional. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_NN_TD
#define TJIT_API_NN_TD

include "tjit-compiler/IR/TjitApiBase.td"

//===----------------------------------------------------------------------------------------------------===//
// Neural networks
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Both<"softmax", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "exp(x) / sum(exp(x)) along dim, without overflow.">;
def : Tjit_Both<"log_softmax", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "log(softmax(x)) along dim.">;
def : Tjit_Function<"nll_loss", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, int64_t reduction = 1, int64_t ignore_index = -100",
    "-self[i][target[i]], meaned (reduction 1), summed (2) or as it is (0). self [n, c] or [c], target int64 [n] or []."> { let flat = 1; let saves = ["target"]; let history = "composed"; }
def : Tjit_Function<"cross_entropy", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, int64_t reduction = 1, int64_t ignore_index = -100",
    "nll_loss of log_softmax along the classes. Targets of floating point are probabilities of self's sizes."> { let saves = ["target"]; let history = "composed"; }
def : Tjit_Function<"mse_loss", "const Tensor &self, const Tensor &target, int64_t reduction = 1",
    "(self - target)^2, meaned (1), summed (2) or as it is (0).">;
def : Tjit_Function<"dropout", "const Tensor &self, double p, bool train",
    "In training: zero with probability p, else self / (1 - p)."> { let history = "MulBackward0"; }

//===----------------------------------------------------------------------------------------------------===//
// torch.nn.functional: activations. With `inplace` the result is stored into the input, which is returned.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_NnFunction<"relu", "const Tensor &input, bool inplace = false",
    "max(x, 0)">;
def : Tjit_NnFunction<"relu6", "const Tensor &input, bool inplace = false",
    "x clamped to [0, 6]."> { let flat = 1; let history = "HardtanhBackward0"; }
def : Tjit_NnFunction<"elu", "const Tensor &input, double alpha = 1.0, bool inplace = false",
    "x where it is positive, else alpha * (exp(x) - 1)."> { let historyInPlace = "EluBackward1"; }
def : Tjit_NnFunction<"celu", "const Tensor &input, double alpha = 1.0, bool inplace = false",
    "x where it is positive, else alpha * (exp(x / alpha) - 1). Error for alpha 0."> { let historyInPlace = "CeluBackward1"; }
def : Tjit_NnFunction<"selu", "const Tensor &input, bool inplace = false",
    "The scaled exponential linear unit: 1.0507 * elu(x) with alpha 1.6733."> { let historyInPlace = "EluBackward1"; let history = "EluBackward0"; }
def : Tjit_NnFunction<"gelu", "const Tensor &input, std::string_view approximate = \"none\"",
    "x * Phi(x), Phi the normal distribution function, or its approximation by \"tanh\".">;
def : Tjit_NnFunction<"glu", "const Tensor &input, int64_t dim = -1",
    "a * sigmoid(b) of the two halves of dim. Error where its size is odd.">;
def : Tjit_NnFunction<"hardshrink", "const Tensor &input, const Scalar &lambd = 0.5",
    "x where it is outside of [-lambd, lambd], else 0."> { let flat = 1; }
def : Tjit_NnFunction<"hardsigmoid", "const Tensor &input, bool inplace = false",
    "relu6(x + 3) / 6"> { let options = 0; }
def : Tjit_NnFunction<"hardswish", "const Tensor &input, bool inplace = false",
    "x * relu6(x + 3) / 6"> { let options = 0; }
def : Tjit_NnFunction<"hardtanh", "const Tensor &input, const Scalar &min_val = -1.0, const Scalar &max_val = 1.0, bool inplace = false",
    "x clamped to [min_val, max_val]. ValueError where the first is larger."> { let flat = 1; }
def : Tjit_NnFunction<"leaky_relu", "const Tensor &input, const Scalar &negative_slope = 0.01, bool inplace = false",
    "x where it is positive, else negative_slope * x."> { let flat = 1; let historyInPlace = "LeakyReluBackward1"; }
def : Tjit_NnFunction<"logsigmoid", "const Tensor &input",
    "log(sigmoid(x))"> { let history = "LogSigmoidBackward0"; }
def : Tjit_NnFunction<"mish", "const Tensor &input, bool inplace = false",
    "x * tanh(softplus(x))"> { let options = 0; }
def : Tjit_NnFunction<"prelu", "const Tensor &input, const Tensor &weight",
    "x where it is positive, else weight * x; a weight for each channel (dimension 1), or one."> { let flat = 1; let history = "PreluKernelBackward0"; }
def : Tjit_NnFunction<"silu", "const Tensor &input, bool inplace = false",
    "x * sigmoid(x)"> { let options = 0; }
def : Tjit_NnFunction<"softplus", "const Tensor &input, const Scalar &beta = 1, const Scalar &threshold = 20",
    "log(1 + exp(beta * x)) / beta; x where beta * x is above the threshold.">;
def : Tjit_NnFunction<"softshrink", "const Tensor &input, const Scalar &lambd = 0.5",
    "x moved by lambd towards 0, and 0 where it would cross. Error where lambd is negative."> { let flat = 1; }
def : Tjit_NnFunction<"softsign", "const Tensor &input",
    "x / (1 + |x|)"> { let history = "DivBackward0"; }
def : Tjit_NnFunction<"tanhshrink", "const Tensor &input",
    "x - tanh(x)"> { let history = "SubBackward0"; }
def : Tjit_NnFunction<"threshold", "const Tensor &input, const Scalar &threshold, const Scalar &value, bool inplace = false",
    "x where it is above the threshold, else value."> { let flat = 1; let historyInPlace = "ThresholdBackward1"; }
def : Tjit_NnFunction<"sigmoid", "const Tensor &input",
    "1 / (1 + exp(-x))">;
def : Tjit_NnFunction<"tanh", "const Tensor &input",
    "Hyperbolic tangent.">;
def : Tjit_NnFunction<"softmax", "const Tensor &input, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "exp(x) / sum(exp(x)) along dim, without overflow.">;
def : Tjit_NnFunction<"softmin", "const Tensor &input, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "softmax(-x)"> { let history = "SoftmaxBackward0"; }
def : Tjit_NnFunction<"log_softmax", "const Tensor &input, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "log(softmax(x)) along dim.">;
def : Tjit_NnFunction<"dropout", "const Tensor &input, double p = 0.5, bool training = true, bool inplace = false",
    "In training: zero with probability p, else x / (1 - p)."> { let history = "MulBackward0"; }

//===----------------------------------------------------------------------------------------------------===//
// torch.nn.functional: losses. The reduction is \"mean\", \"sum\" or \"none\"; ValueError for another.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_NnFunction<"nll_loss", "const Tensor &input, const Tensor &target, const Tensor &weight = {}, int64_t ignore_index = -100, std::string_view reduction = \"mean\"",
    "-input[i][target[i]]. input [n, c, ...] or [c], target int64 [n, ...] or []; the mean is weighted."> { let flat = 1; let saves = ["target"]; let history = "composed"; }
def : Tjit_NnFunction<"cross_entropy", "const Tensor &input, const Tensor &target, const Tensor &weight = {}, int64_t ignore_index = -100, std::string_view reduction = \"mean\", double label_smoothing = 0.0",
    "nll_loss of log_softmax along the classes. Targets of floating point are probabilities in the sizes of input."> { let saves = ["target"]; let history = "composed"; }
def : Tjit_NnFunction<"mse_loss", "const Tensor &input, const Tensor &target, std::string_view reduction = \"mean\", const Tensor &weight = {}",
    "(input - target)^2">;
def : Tjit_NnFunction<"l1_loss", "const Tensor &input, const Tensor &target, std::string_view reduction = \"mean\", const Tensor &weight = {}",
    "|input - target|"> { let history = "composed"; }
def : Tjit_NnFunction<"smooth_l1_loss", "const Tensor &input, const Tensor &target, std::string_view reduction = \"mean\", double beta = 1.0",
    "With d = |input - target|: d^2 / (2 beta) below beta, else d - beta / 2.">;
def : Tjit_NnFunction<"huber_loss", "const Tensor &input, const Tensor &target, std::string_view reduction = \"mean\", double delta = 1.0, const Tensor &weight = {}",
    "With d = |input - target|: d^2 / 2 below delta, else delta * (d - delta / 2).">;
def : Tjit_NnFunction<"binary_cross_entropy", "const Tensor &input, const Tensor &target, const Tensor &weight = {}, std::string_view reduction = \"mean\"",
    "-(target * log(input) + (1 - target) * log(1 - input)), the logarithms at least -100.">;
def : Tjit_NnFunction<"binary_cross_entropy_with_logits", "const Tensor &input, const Tensor &target, const Tensor &weight = {}, std::string_view reduction = \"mean\", const Tensor &pos_weight = {}",
    "binary_cross_entropy of sigmoid(input), without overflow.">;
def : Tjit_NnFunction<"kl_div", "const Tensor &input, const Tensor &target, std::string_view reduction = \"mean\", bool log_target = false",
    "target * (log(target) - input); \"batchmean\" divides the sum by the first size."> { let history = "composed"; }
def : Tjit_NnFunction<"poisson_nll_loss", "const Tensor &input, const Tensor &target, bool log_input = true, bool full = false, double eps = 1e-8, std::string_view reduction = \"mean\"",
    "exp(input) - target * input, or without log_input input - target * log(input + eps)."> { let history = "composed"; }
def : Tjit_NnFunction<"gaussian_nll_loss", "const Tensor &input, const Tensor &target, const Tensor &var, bool full = false, double eps = 1e-6, std::string_view reduction = \"mean\"",
    "(log(var) + (input - target)^2 / var) / 2 with var at least eps."> { let options = 0; let history = "composed"; }
def : Tjit_NnFunction<"soft_margin_loss", "const Tensor &input, const Tensor &target, std::string_view reduction = \"mean\"",
    "log(1 + exp(-target * input))">;
def : Tjit_NnFunction<"hinge_embedding_loss", "const Tensor &input, const Tensor &target, double margin = 1.0, std::string_view reduction = \"mean\"",
    "input where the target is 1, max(margin - input, 0) where it is -1."> { let history = "composed"; }
def : Tjit_NnFunction<"margin_ranking_loss", "const Tensor &input1, const Tensor &input2, const Tensor &target, double margin = 0.0, std::string_view reduction = \"mean\"",
    "max(margin - target * (input1 - input2), 0)"> { let history = "composed"; }
def : Tjit_NnFunction<"cosine_embedding_loss", "const Tensor &input1, const Tensor &input2, const Tensor &target, double margin = 0.0, std::string_view reduction = \"mean\"",
    "1 - cosine where the target is 1, max(cosine - margin, 0) where it is -1."> { let history = "composed"; }
def : Tjit_NnFunction<"triplet_margin_loss", "const Tensor &anchor, const Tensor &positive, const Tensor &negative, double margin = 1.0, double p = 2.0, double eps = 1e-6, bool swap = false, std::string_view reduction = \"mean\"",
    "max(|anchor - positive| - |anchor - negative| + margin, 0) in the p-norm."> { let history = "composed"; }

//===----------------------------------------------------------------------------------------------------===//
// torch.nn.functional: normalization
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_NnFunction<"batch_norm", "const Tensor &input, const Tensor &running_mean, const Tensor &running_var, const Tensor &weight = {}, const Tensor &bias = {}, bool training = false, double momentum = 0.1, double eps = 1e-5",
    "Channels (dimension 1) with mean 0 and variance 1, by their own statistics in training, which move the running ones."> { let history = "composed"; }
def : Tjit_NnFunction<"instance_norm", "const Tensor &input, const Tensor &running_mean = {}, const Tensor &running_var = {}, const Tensor &weight = {}, const Tensor &bias = {}, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-5",
    "Each channel of each sample with mean 0 and variance 1."> { let history = "ViewBackward0"; }
def : Tjit_NnFunction<"group_norm", "const Tensor &input, int64_t num_groups, const Tensor &weight = {}, const Tensor &bias = {}, double eps = 1e-5",
    "Groups of channels of each sample with mean 0 and variance 1."> { let history = "NativeGroupNormBackward0"; }
def : Tjit_NnFunction<"layer_norm", "const Tensor &input, IntArrayRef normalized_shape, const Tensor &weight = {}, const Tensor &bias = {}, double eps = 1e-5",
    "The last dimensions, whose sizes are normalized_shape, with mean 0 and variance 1."> { let history = "NativeLayerNormBackward0"; }
def : Tjit_NnFunction<"rms_norm", "const Tensor &input, IntArrayRef normalized_shape, const Tensor &weight = {}, std::optional<double> eps = std::nullopt",
    "The last dimensions divided by the root of the mean of their squares. Without eps: the epsilon of the dtype."> { let options = 0; let history = "MulBackward0"; }
def : Tjit_NnFunction<"local_response_norm", "const Tensor &input, int64_t size, double alpha = 1e-4, double beta = 0.75, double k = 1.0",
    "x / (k + alpha * mean of the squares of size neighbouring channels)^beta"> { let history = "DivBackward0"; }
def : Tjit_NnFunction<"normalize", "const Tensor &input, double p = 2.0, int64_t dim = 1, double eps = 1e-12",
    "x / max(p-norm along dim, eps)"> { let history = "DivBackward0"; }

//===----------------------------------------------------------------------------------------------------===//
// torch.nn.functional: pooling. Sizes for each spatial dimension, or one for all; without a stride the kernel's sizes.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_NnFunction<"max_pool1d", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false",
    "The largest element of each window of [n, c, l] or [c, l]."> { let flat = 1; let history = "SqueezeBackward1"; }
def : Tjit_NnFunction<"max_pool1d_with_indices", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false",
    "max_pool and where the elements stand in their channel (int64).", "std::tuple<Tensor, Tensor>"> { let flat = 1; let history = "SqueezeBackward1"; }
def : Tjit_NnFunction<"avg_pool1d", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true",
    "The mean of each window of [n, c, l] or [c, l]."> { let flat = 1; let history = "SqueezeBackward1"; }
def : Tjit_NnFunction<"adaptive_avg_pool1d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "The means of windows that give the output its size; nothing keeps a size."> { let flat = 1; let history = "SqueezeBackward1"; }
def : Tjit_NnFunction<"adaptive_max_pool1d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "The largest elements of windows that give the output its size."> { let flat = 1; let history = "SqueezeBackward1"; }
def : Tjit_NnFunction<"adaptive_max_pool1d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size, bool return_indices",
    "adaptive_max_pool, and where the elements stand in their channel (int64) if that is asked for.", "std::tuple<Tensor, Tensor>"> { let flat = 1; let history = "SqueezeBackward1"; }
def : Tjit_NnFunction<"adaptive_max_pool1d_with_indices", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "adaptive_max_pool and where the elements stand in their channel (int64).", "std::tuple<Tensor, Tensor>"> { let flat = 1; let history = "SqueezeBackward1"; }
def : Tjit_NnFunction<"max_pool2d", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false",
    "The largest element of each window of [n, c, h, w] or [c, h, w]."> { let flat = 1; let history = "MaxPool2DWithIndicesBackward0"; }
def : Tjit_NnFunction<"max_pool2d_with_indices", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false",
    "max_pool and where the elements stand in their channel (int64).", "std::tuple<Tensor, Tensor>"> { let flat = 1; }
def : Tjit_NnFunction<"avg_pool2d", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true, std::optional<int64_t> divisor_override = std::nullopt",
    "The mean of each window of [n, c, h, w] or [c, h, w]."> { let flat = 1; }
def : Tjit_NnFunction<"adaptive_avg_pool2d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "The means of windows that give the output its size; nothing keeps a size."> { let flat = 1; let history = "composed"; }
def : Tjit_NnFunction<"adaptive_max_pool2d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "The largest elements of windows that give the output its size."> { let flat = 1; }
def : Tjit_NnFunction<"adaptive_max_pool2d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size, bool return_indices",
    "adaptive_max_pool, and where the elements stand in their channel (int64) if that is asked for.", "std::tuple<Tensor, Tensor>"> { let flat = 1; }
def : Tjit_NnFunction<"adaptive_max_pool2d_with_indices", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "adaptive_max_pool and where the elements stand in their channel (int64).", "std::tuple<Tensor, Tensor>"> { let flat = 1; let history = "AdaptiveMaxPool2DBackward0"; }
def : Tjit_NnFunction<"max_pool3d", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false",
    "The largest element of each window of [n, c, d, h, w] or [c, d, h, w]."> { let flat = 1; let history = "MaxPool3DWithIndicesBackward0"; }
def : Tjit_NnFunction<"max_pool3d_with_indices", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false",
    "max_pool and where the elements stand in their channel (int64).", "std::tuple<Tensor, Tensor>"> { let flat = 1; }
def : Tjit_NnFunction<"avg_pool3d", "const Tensor &input, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true, std::optional<int64_t> divisor_override = std::nullopt",
    "The mean of each window of [n, c, d, h, w] or [c, d, h, w]."> { let flat = 1; }
def : Tjit_NnFunction<"adaptive_avg_pool3d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "The means of windows that give the output its size; nothing keeps a size."> { let flat = 1; let history = "composed"; }
def : Tjit_NnFunction<"adaptive_max_pool3d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "The largest elements of windows that give the output its size."> { let flat = 1; }
def : Tjit_NnFunction<"adaptive_max_pool3d", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size, bool return_indices",
    "adaptive_max_pool, and where the elements stand in their channel (int64) if that is asked for.", "std::tuple<Tensor, Tensor>"> { let flat = 1; }
def : Tjit_NnFunction<"adaptive_max_pool3d_with_indices", "const Tensor &input, ArrayRef<std::optional<int64_t>> output_size",
    "adaptive_max_pool and where the elements stand in their channel (int64).", "std::tuple<Tensor, Tensor>"> { let flat = 1; let history = "AdaptiveMaxPool3DBackward0"; }

//===----------------------------------------------------------------------------------------------------===//
// torch.nn.functional: convolution
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_NnFunction<"conv1d", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, const ConvPadding &padding = 0, IntArrayRef dilation = 1, int64_t groups = 1",
    "input [n, c, ...] or [c, ...], weight [o, c / groups, ...], bias [o]. The padding is numbers, \"valid\" (none) or \"same\": the output has the sizes of the input."> { let history = "views"; }
def : Tjit_NnFunction<"conv_transpose1d", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1",
    "The derivative of a convolution by its input. weight [c, o / groups, ...]."> { let history = "views"; }
def : Tjit_NnFunction<"conv2d", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, const ConvPadding &padding = 0, IntArrayRef dilation = 1, int64_t groups = 1",
    "input [n, c, ...] or [c, ...], weight [o, c / groups, ...], bias [o]. The padding is numbers, \"valid\" (none) or \"same\": the output has the sizes of the input."> { let history = "views"; }
def : Tjit_NnFunction<"conv_transpose2d", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1",
    "The derivative of a convolution by its input. weight [c, o / groups, ...]."> { let history = "views"; }
def : Tjit_NnFunction<"conv3d", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, const ConvPadding &padding = 0, IntArrayRef dilation = 1, int64_t groups = 1",
    "input [n, c, ...] or [c, ...], weight [o, c / groups, ...], bias [o]. The padding is numbers, \"valid\" (none) or \"same\": the output has the sizes of the input."> { let history = "views"; }
def : Tjit_NnFunction<"conv_transpose3d", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1",
    "The derivative of a convolution by its input. weight [c, o / groups, ...]."> { let history = "views"; }
def : Tjit_NnFunction<"unfold", "const Tensor &input, IntArrayRef kernel_size, IntArrayRef dilation = 1, IntArrayRef padding = 0, IntArrayRef stride = 1",
    "The windows of [n, c, h, w] as columns: [n, c * kernel, windows]."> { let history = "Im2ColBackward0"; }
def : Tjit_NnFunction<"fold", "const Tensor &input, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation = 1, IntArrayRef padding = 0, IntArrayRef stride = 1",
    "Columns [n, c * kernel, windows] added up into [n, c, h, w]."> { let history = "Col2ImBackward0"; }

//===----------------------------------------------------------------------------------------------------===//
// torch.nn.functional: images and sequences
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_NnFunction<"interpolate", "const Tensor &input, OptionalIntArrayRef size = std::nullopt, ArrayRef<double> scale_factor = {}, std::string_view mode = \"nearest\", std::optional<bool> align_corners = std::nullopt, std::optional<bool> recompute_scale_factor = std::nullopt, bool antialias = false",
    "Spatial dimensions of another size, by \"nearest\", \"nearest-exact\", \"linear\", \"bilinear\", \"trilinear\", \"bicubic\" or \"area\"."> { let history = "composed"; }
def : Tjit_NnFunction<"pad", "const Tensor &input, IntArrayRef pad, std::string_view mode = \"constant\", std::optional<Scalar> value = std::nullopt",
    "Elements added (or, where negative, taken away) before and after each dimension, from the last: \"constant\", \"reflect\", \"replicate\", \"circular\"."> { let history = "composed"; }
def : Tjit_NnFunction<"pixel_shuffle", "const Tensor &input, int64_t upscale_factor",
    "[..., c * r^2, h, w] to [..., c, h * r, w * r].">;
def : Tjit_NnFunction<"pixel_unshuffle", "const Tensor &input, int64_t downscale_factor",
    "[..., c, h * r, w * r] to [..., c * r^2, h, w].">;
def : Tjit_NnFunction<"channel_shuffle", "const Tensor &input, int64_t groups",
    "Channels (dimension 1) [groups, n] as [n, groups]."> { let options = 0; }

//===----------------------------------------------------------------------------------------------------===//
// torch.nn.functional: products, distances, attention
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_NnFunction<"linear", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}",
    "input @ weight.t() + bias"> { let options = 0; let history = "composed"; }
def : Tjit_NnFunction<"bilinear", "const Tensor &input1, const Tensor &input2, const Tensor &weight, const Tensor &bias = {}",
    "input1 [..., i], input2 [..., j], weight [o, i, j]: sums of input1_i weight_oij input2_j."> { let options = 0; let history = "views"; }
def : Tjit_NnFunction<"embedding", "const Tensor &input, const Tensor &weight, std::optional<int64_t> padding_idx = std::nullopt, std::optional<double> max_norm = std::nullopt, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false",
    "Rows of weight by integers. Rows that are read and larger than max_norm are made shorter in place; padding_idx gets no gradient."> { let saves = ["input"]; }
def : Tjit_NnFunction<"one_hot", "const Tensor &input, int64_t num_classes = -1",
    "int64: 1 at the index that input names along a new last dimension. -1 classes: as many as the largest index needs; evaluates."> { let options = 0; }
def : Tjit_NnFunction<"cosine_similarity", "const Tensor &x1, const Tensor &x2, int64_t dim = 1, double eps = 1e-8",
    "x1 * x2 summed along dim, divided by the norms, each at least eps."> { let history = "SumBackward1"; }
def : Tjit_NnFunction<"pairwise_distance", "const Tensor &x1, const Tensor &x2, double p = 2.0, double eps = 1e-6, bool keepdim = false",
    "The p-norm of x1 - x2 + eps along the last dimension."> { let history = "NormBackward1"; }
def : Tjit_NnFunction<"scaled_dot_product_attention", "const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &attn_mask = {}, double dropout_p = 0.0, bool is_causal = false, std::optional<double> scale = std::nullopt, bool enable_gqa = false",
    "softmax(query @ key^T * scale + mask) @ value; a bool mask says what takes part. The scale is 1 / sqrt(size of a query) without one."> { let options = 0; let history = "composed"; }

def : Tjit_Function<"constant_pad_nd", "const Tensor &self, IntArrayRef pad, const Scalar &value = 0",
    "nn::functional::pad with a constant.">;

#endif // TJIT_API_NN_TD
