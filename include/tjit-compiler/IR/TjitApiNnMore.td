//===- TjitApiNnMore.td - rarer functions of nn::functional -------------------------------*- tablegen -*-===//
//
// With what libtorch has of them in namespace torch.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_NN_MORE_TD
#define TJIT_API_NN_MORE_TD

include "tjit-compiler/IR/TjitApiBase.td"

def : Tjit_NnFunction<"multi_margin_loss", "const Tensor &input, const Tensor &target, int64_t p = 1, double margin = 1.0, const Tensor &weight = {}, std::string_view reduction = \"mean\"",
    "The sum of max(margin - input[y] + input[i], 0)^p over the classes i other than the target y, divided by their number. input [n, c] or [c].">;
def : Tjit_NnFunction<"multilabel_margin_loss", "const Tensor &input, const Tensor &target, std::string_view reduction = \"mean\"",
    "The sum of max(1 - input[y] + input[i], 0) over the labels y before the first -1 of a row of target and the classes i that are no labels, divided by the number of classes.">;
def : Tjit_NnFunction<"multilabel_soft_margin_loss", "const Tensor &input, const Tensor &target, const Tensor &weight = {}, std::string_view reduction = \"mean\"",
    "The mean over the classes of binary_cross_entropy_with_logits."> { let history = "composed"; }
def : Tjit_NnFunction<"ctc_loss", "const Tensor &log_probs, const Tensor &targets, const Tensor &input_lengths, const Tensor &target_lengths, int64_t blank = 0, std::string_view reduction = \"mean\", bool zero_infinity = false",
    "-log of the probability of all paths that give the targets (connectionist temporal classification). log_probs [t, n, c] or [t, c]; targets [n, s] or one after the other. Reads targets and lengths; the mean divides by the lengths before."> { let history = "composed"; }
def : Tjit_NnFunction<"rrelu", "const Tensor &input, double lower = 0.125, double upper = 1.0 / 3.0, bool training = false, bool inplace = false",
    "x where it is positive, else x times a random slope of [lower, upper] in training, else times the middle."> { let flat = 1; let history = "RreluWithNoiseBackward0"; }
def : Tjit_NnFunction<"gumbel_softmax", "const Tensor &logits, double tau = 1.0, bool hard = false, int64_t dim = -1",
    "softmax((logits + noise) / tau); with hard the largest element is 1 and the others 0, with the gradient of the softmax."> { let history = "composed"; }
def : Tjit_NnFunction<"alpha_dropout", "const Tensor &input, double p = 0.5, bool training = false, bool inplace = false",
    "Dropout that keeps mean and variance for selu."> { let history = "composed"; }
def : Tjit_NnFunction<"feature_alpha_dropout", "const Tensor &input, double p = 0.5, bool training = false, bool inplace = false",
    "alpha_dropout of whole channels."> { let history = "composed"; }
def : Tjit_NnFunction<"dropout2d", "const Tensor &input, double p = 0.5, bool training = true, bool inplace = false",
    "Dropout of whole channels of [n, c, h, w] or [c, h, w]."> { let history = "composed"; }
def : Tjit_NnFunction<"dropout3d", "const Tensor &input, double p = 0.5, bool training = true, bool inplace = false",
    "Dropout of whole channels of [n, c, d, h, w] or [c, d, h, w]."> { let history = "composed"; }
def : Tjit_NnFunction<"embedding_bag", "const Tensor &input, const Tensor &weight, const Tensor &offsets = {}, std::optional<double> max_norm = std::nullopt, double norm_type = 2.0, bool scale_grad_by_freq = false, std::string_view mode = \"mean\", bool sparse = false, const Tensor &per_sample_weights = {}, bool include_last_offset = false, std::optional<int64_t> padding_idx = std::nullopt",
    "The \"sum\", \"mean\" or \"max\" of the rows of weight for each row of input, or for each part of a vector that begins at an offset. Reads the offsets."> { let saves = ["input"]; }
def : Tjit_NnFunction<"pdist", "const Tensor &input, double p = 2.0",
    "pdist"> { let options = 0; }
def : Tjit_NnFunction<"lp_pool1d", "const Tensor &input, double norm_type, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, bool ceil_mode = false",
    "The p-norm of each window."> { let history = "composed"; }
def : Tjit_NnFunction<"max_unpool1d", "const Tensor &input, const Tensor &indices, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, OptionalIntArrayRef output_size = std::nullopt",
    "Elements put where max_pool took them from, the others 0."> { let history = "SqueezeBackward1"; }
def : Tjit_NnFunction<"lp_pool2d", "const Tensor &input, double norm_type, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, bool ceil_mode = false",
    "The p-norm of each window."> { let history = "composed"; }
def : Tjit_NnFunction<"max_unpool2d", "const Tensor &input, const Tensor &indices, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, OptionalIntArrayRef output_size = std::nullopt",
    "Elements put where max_pool took them from, the others 0.">;
def : Tjit_NnFunction<"lp_pool3d", "const Tensor &input, double norm_type, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, bool ceil_mode = false",
    "The p-norm of each window."> { let history = "composed"; }
def : Tjit_NnFunction<"max_unpool3d", "const Tensor &input, const Tensor &indices, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, OptionalIntArrayRef output_size = std::nullopt",
    "Elements put where max_pool took them from, the others 0.">;
def : Tjit_NnFunction<"grid_sample", "const Tensor &input, const Tensor &grid, std::string_view mode = \"bilinear\", std::string_view padding_mode = \"zeros\", std::optional<bool> align_corners = std::nullopt",
    "input [n, c, h, w] at the points (x, y) of grid [n, h2, w2, 2] in [-1, 1], or the same with depth: \"bilinear\", \"nearest\" or \"bicubic\"; outside \"zeros\", \"border\" or \"reflection\"."> { let history = "composed"; }
def : Tjit_NnFunction<"affine_grid", "const Tensor &theta, IntArrayRef size, bool align_corners = false",
    "The grid for grid_sample of an affine map [n, 2, 3] or [n, 3, 4]."> { let options = 0; let history = "AffineGridGeneratorBackward0"; }

def : Tjit_Other<"multi_margin_loss", "Tensor", "const Tensor &self, const Tensor &target, const Scalar &p = 1, const Scalar &margin = 1, const Tensor &weight = {}, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let implementation = "plain_multi_margin_loss"; }
def : Tjit_Other<"multilabel_margin_loss", "Tensor", "const Tensor &self, const Tensor &target, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let implementation = "plain_multilabel_margin_loss"; }
def : Tjit_Other<"ctc_loss", "Tensor", "const Tensor &log_probs, const Tensor &targets, const Tensor &input_lengths, const Tensor &target_lengths, int64_t blank = 0, int64_t reduction = 1, bool zero_infinity = false", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_ctc_loss"; }
def : Tjit_Other<"ctc_loss", "Tensor", "const Tensor &log_probs, const Tensor &targets, IntArrayRef input_lengths, IntArrayRef target_lengths, int64_t blank = 0, int64_t reduction = 1, bool zero_infinity = false", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_ctc_loss"; }
def : Tjit_Other<"rrelu", "Tensor", "const Tensor &self, const Scalar &lower = 0.125, const Scalar &upper = 1.0 / 3.0, bool training = false", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "RreluWithNoiseBackward0"; let implementation = "plain_rrelu"; }
def : Tjit_Other<"alpha_dropout", "Tensor", "const Tensor &input, double p, bool train", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_alpha_dropout"; }
def : Tjit_Other<"feature_alpha_dropout", "Tensor", "const Tensor &input, double p, bool train", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_feature_alpha_dropout"; }
def : Tjit_Other<"feature_dropout", "Tensor", "const Tensor &input, double p, bool train", ["function"],
    "Dropout of whole channels (dimension 1)."> { let history = "composed"; }
def : Tjit_Store<"rrelu_", "const Tensor &self, const Scalar &lower = 0.125, const Scalar &upper = 1.0 / 3.0, bool training = false", "plain_rrelu",
    "rrelu, stored into the tensor."> { let history = "RreluWithNoiseBackward1"; }
def : Tjit_Store<"alpha_dropout_", "const Tensor &self, double p, bool train", "plain_alpha_dropout",
    "alpha_dropout, stored into the tensor."> { let history = "composed"; }
def : Tjit_Store<"feature_alpha_dropout_", "const Tensor &self, double p, bool train", "plain_feature_alpha_dropout",
    "feature_alpha_dropout, stored into the tensor."> { let history = "composed"; }
def : Tjit_Store<"feature_dropout_", "const Tensor &self, double p, bool train", "feature_dropout",
    "feature_dropout, stored into the tensor."> { let history = "composed"; }
def : Tjit_Other<"native_dropout", "std::tuple<Tensor, Tensor>", "const Tensor &input, double p, std::optional<bool> train", ["function"],
    "dropout, and where elements were kept (bool).">;
def : Tjit_Other<"embedding_bag", "std::tuple<Tensor, Tensor, Tensor, Tensor>", "const Tensor &weight, const Tensor &indices, const Tensor &offsets, bool scale_grad_by_freq = false, int64_t mode = 0, bool sparse = false, const Tensor &per_sample_weights = {}, bool include_last_offset = false", ["function"],
    "As in nn::functional with mode 0 (sum), 1 (mean), 2 (max); then the bag of every index, the sizes of the bags, and the offsets."> { let saves = ["indices"]; let implementation = "plain_embedding_bag"; }
def : Tjit_Other<"max_unpool2d", "Tensor", "const Tensor &self, const Tensor &indices, IntArrayRef output_size", ["function"],
    "As in nn::functional."> { let implementation = "plain_max_unpool2d"; }
def : Tjit_Other<"max_unpool3d", "Tensor", "const Tensor &self, const Tensor &indices, IntArrayRef output_size, IntArrayRef stride, IntArrayRef padding", ["function"],
    "As in nn::functional."> { let implementation = "plain_max_unpool3d"; }
def : Tjit_Other<"grid_sampler", "Tensor", "const Tensor &input, const Tensor &grid, int64_t interpolation_mode, int64_t padding_mode, bool align_corners", ["function"],
    "nn::functional::grid_sample, with the places in its lists of modes."> { let history = "composed"; }
def : Tjit_Other<"affine_grid_generator", "Tensor", "const Tensor &theta, IntArrayRef size, bool align_corners", ["function"],
    "nn::functional::affine_grid"> { let implementation = "nn_affine_grid"; }
def : Tjit_Other<"reflection_pad1d", "Tensor", "const Tensor &self, IntArrayRef padding", ["function"],
    "nn::functional::pad in the mode reflect.">;
def : Tjit_Other<"replication_pad1d", "Tensor", "const Tensor &self, IntArrayRef padding", ["function"],
    "nn::functional::pad in the mode replicate.">;
def : Tjit_Other<"upsample_nearest1d", "Tensor", "const Tensor &self, IntArrayRef output_size", ["function"],
    "nn::functional::interpolate in the mode nearest.">;
def : Tjit_Other<"reflection_pad2d", "Tensor", "const Tensor &self, IntArrayRef padding", ["function"],
    "nn::functional::pad in the mode reflect.">;
def : Tjit_Other<"replication_pad2d", "Tensor", "const Tensor &self, IntArrayRef padding", ["function"],
    "nn::functional::pad in the mode replicate.">;
def : Tjit_Other<"upsample_nearest2d", "Tensor", "const Tensor &self, IntArrayRef output_size", ["function"],
    "nn::functional::interpolate in the mode nearest.">;
def : Tjit_Other<"reflection_pad3d", "Tensor", "const Tensor &self, IntArrayRef padding", ["function"],
    "nn::functional::pad in the mode reflect.">;
def : Tjit_Other<"replication_pad3d", "Tensor", "const Tensor &self, IntArrayRef padding", ["function"],
    "nn::functional::pad in the mode replicate.">;
def : Tjit_Other<"upsample_nearest3d", "Tensor", "const Tensor &self, IntArrayRef output_size", ["function"],
    "nn::functional::interpolate in the mode nearest.">;
def : Tjit_Other<"upsample_linear1d", "Tensor", "const Tensor &self, IntArrayRef output_size, bool align_corners", ["function"],
    "nn::functional::interpolate in the mode linear.">;
def : Tjit_Other<"upsample_bilinear2d", "Tensor", "const Tensor &self, IntArrayRef output_size, bool align_corners", ["function"],
    "nn::functional::interpolate in the mode bilinear.">;
def : Tjit_Other<"upsample_bicubic2d", "Tensor", "const Tensor &self, IntArrayRef output_size, bool align_corners", ["function"],
    "nn::functional::interpolate in the mode bicubic.">;
def : Tjit_Other<"upsample_trilinear3d", "Tensor", "const Tensor &self, IntArrayRef output_size, bool align_corners", ["function"],
    "nn::functional::interpolate in the mode trilinear.">;
def : Tjit_Other<"convolution", "Tensor", "const Tensor &input, const Tensor &weight, const std::optional<Tensor> &bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding, int64_t groups", ["function"],
    "conv1d to conv3d, or transposed, by the number of dimensions.">;
def : Tjit_Other<"native_batch_norm", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &input, const std::optional<Tensor> &weight, const std::optional<Tensor> &bias, const std::optional<Tensor> &running_mean, const std::optional<Tensor> &running_var, bool training, double momentum, double eps", ["function"],
    "batch_norm, and in training mean and 1 / sqrt(variance + eps) of the channels, else empty tensors.">;
def : Tjit_Other<"native_layer_norm", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &input, IntArrayRef normalized_shape, const std::optional<Tensor> &weight, const std::optional<Tensor> &bias, double eps", ["function"],
    "layer_norm, and mean and 1 / sqrt(variance + eps).">;
def : Tjit_Other<"poisson", "Tensor", "const Tensor &self, const std::optional<Generator> &generator = std::nullopt", ["function"],
    "Random numbers of Poisson distributions with the rates self. Error where one is below 0.">;
def : Tjit_Other<"binomial", "Tensor", "const Tensor &count, const Tensor &prob, const std::optional<Generator> &generator = std::nullopt", ["function"],
    "How many of count trials of probability prob succeeded, in their broadcast sizes and common dtype. None for a count or a probability below 0, all above 1; no derivative."> { let history = "torch::autograd::NotImplemented"; }

#endif // TJIT_API_NN_MORE_TD
