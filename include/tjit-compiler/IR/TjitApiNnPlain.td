//===- TjitApiNnPlain.td - neural networks without a namespace ---------------------------*- tablegen -*-===//
//
// The functions of nn::functional as libtorch has them in namespace torch: reductions are numbers (0: none, 1: mean, 2: sum),
// some parameters have another order. What has the parameters of nn::functional is the same implementation.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_NN_PLAIN_TD
#define TJIT_API_NN_PLAIN_TD

include "tjit-compiler/IR/TjitApiBase.td"

def : Tjit_Other<"celu", "Tensor", "const Tensor &self, const Scalar &alpha = 1", ["function"],
    "As in nn::functional."> { let implementation = "plain_celu"; }
def : Tjit_Other<"selu", "Tensor", "const Tensor &self", ["function"],
    "As in nn::functional."> { let history = "EluBackward0"; let implementation = "plain_selu"; }
def : Tjit_Other<"hardsigmoid", "Tensor", "const Tensor &self", ["function"],
    "As in nn::functional."> { let implementation = "plain_hardsigmoid"; }
def : Tjit_Other<"hardswish", "Tensor", "const Tensor &self", ["function"],
    "As in nn::functional."> { let implementation = "plain_hardswish"; }
def : Tjit_Other<"mish", "Tensor", "const Tensor &self", ["function"],
    "As in nn::functional."> { let implementation = "plain_mish"; }
def : Tjit_Other<"relu6", "Tensor", "const Tensor &self", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "HardtanhBackward0"; let implementation = "plain_relu6"; }
def : Tjit_Other<"hardtanh", "Tensor", "const Tensor &self, const Scalar &min_val = -1, const Scalar &max_val = 1", ["function"],
    "As in nn::functional."> { let flat = 1; let implementation = "plain_hardtanh"; }
def : Tjit_Other<"threshold", "Tensor", "const Tensor &self, const Scalar &threshold, const Scalar &value", ["function"],
    "As in nn::functional."> { let flat = 1; let implementation = "plain_threshold"; }
def : Tjit_Other<"elu", "Tensor", "const Tensor &self, const Scalar &alpha = 1, const Scalar &scale = 1, const Scalar &input_scale = 1", ["function"],
    "scale * x where it is positive, else scale * alpha * (exp(x * input_scale) - 1)."> { let implementation = "plain_elu"; }
def : Tjit_Store<"elu_", "const Tensor &self, const Scalar &alpha = 1, const Scalar &scale = 1, const Scalar &input_scale = 1", "plain_elu",
    "elu, stored into the tensor."> { let history = "EluBackward1"; }
def : Tjit_Store<"celu_", "const Tensor &self, const Scalar &alpha = 1", "plain_celu",
    "celu, stored into the tensor."> { let history = "CeluBackward1"; }
def : Tjit_Store<"selu_", "const Tensor &self", "plain_selu",
    "selu, stored into the tensor."> { let history = "EluBackward0"; }
def : Tjit_Store<"hardsigmoid_", "const Tensor &self", "plain_hardsigmoid",
    "hardsigmoid, stored into the tensor.">;
def : Tjit_Store<"hardswish_", "const Tensor &self", "plain_hardswish",
    "hardswish, stored into the tensor.">;
def : Tjit_Store<"mish_", "const Tensor &self", "plain_mish",
    "mish, stored into the tensor.">;
def : Tjit_Store<"silu_", "const Tensor &self", "silu",
    "silu, stored into the tensor.">;
def : Tjit_Store<"hardtanh_", "const Tensor &self, const Scalar &min_val = -1, const Scalar &max_val = 1", "plain_hardtanh",
    "hardtanh, stored into the tensor.">;
def : Tjit_Store<"leaky_relu_", "const Tensor &self, const Scalar &negative_slope = 0.01", "leaky_relu",
    "leaky_relu, stored into the tensor."> { let history = "LeakyReluBackward1"; }
def : Tjit_Other<"threshold_", "Tensor &", "const Tensor &self, const Scalar &threshold, const Scalar &value", ["function"],
    "threshold, stored into the tensor."> { let history = "ThresholdBackward1"; }
def : Tjit_Store<"dropout_", "const Tensor &self, double p, bool train", "dropout",
    "dropout, stored into the tensor."> { let history = "MulBackward0"; }
def : Tjit_Store<"gelu_", "const Tensor &self, std::string_view approximate = \"none\"", "nn_gelu",
    "gelu, stored into the tensor.">;
def : Tjit_Store<"relu6_", "const Tensor &self", "plain_relu6",
    "relu6, stored into the tensor."> { let history = "HardtanhBackward0"; }
def : Tjit_Other<"gelu", "Tensor", "const Tensor &self, std::string_view approximate", ["function"],
    "As in nn::functional."> { let implementation = "nn_gelu"; }
def : Tjit_Other<"softplus", "Tensor", "const Tensor &self, const Scalar &beta, const Scalar &threshold = 20", ["function"],
    "As in nn::functional."> { let implementation = "nn_softplus"; }
def : Tjit_Other<"glu", "Tensor", "const Tensor &self, int64_t dim = -1", ["function"],
    "As in nn::functional."> { let implementation = "nn_glu"; }
def : Tjit_Other<"hardshrink", "Tensor", "const Tensor &self, const Scalar &lambd = 0.5", ["function", "method"],
    "As in nn::functional."> { let flat = 1; let implementation = "nn_hardshrink"; }
def : Tjit_Other<"softshrink", "Tensor", "const Tensor &self, const Scalar &lambd = 0.5", ["function"],
    "As in nn::functional."> { let flat = 1; let implementation = "nn_softshrink"; }
def : Tjit_Other<"prelu", "Tensor", "const Tensor &self, const Tensor &weight", ["function", "method"],
    "As in nn::functional."> { let flat = 1; let history = "PreluKernelBackward0"; let implementation = "nn_prelu"; }
def : Tjit_Other<"l1_loss", "Tensor", "const Tensor &self, const Tensor &target, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_l1_loss"; }
def : Tjit_Other<"smooth_l1_loss", "Tensor", "const Tensor &self, const Tensor &target, int64_t reduction = 1, double beta = 1.0", ["function"],
    "As in nn::functional."> { let implementation = "plain_smooth_l1_loss"; }
def : Tjit_Other<"huber_loss", "Tensor", "const Tensor &self, const Tensor &target, int64_t reduction = 1, double delta = 1.0", ["function"],
    "As in nn::functional."> { let implementation = "plain_huber_loss"; }
def : Tjit_Other<"binary_cross_entropy", "Tensor", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let implementation = "plain_binary_cross_entropy"; }
def : Tjit_Other<"binary_cross_entropy_with_logits", "Tensor", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, const Tensor &pos_weight = {}, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let implementation = "plain_binary_cross_entropy_with_logits"; }
def : Tjit_Other<"kl_div", "Tensor", "const Tensor &self, const Tensor &target, int64_t reduction = 1, bool log_target = false", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_kl_div"; }
def : Tjit_Other<"poisson_nll_loss", "Tensor", "const Tensor &input, const Tensor &target, bool log_input, bool full, double eps, int64_t reduction", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_poisson_nll_loss"; }
def : Tjit_Other<"soft_margin_loss", "Tensor", "const Tensor &self, const Tensor &target, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let implementation = "plain_soft_margin_loss"; }
def : Tjit_Other<"hinge_embedding_loss", "Tensor", "const Tensor &self, const Tensor &target, double margin = 1.0, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_hinge_embedding_loss"; }
def : Tjit_Other<"margin_ranking_loss", "Tensor", "const Tensor &input1, const Tensor &input2, const Tensor &target, double margin = 0.0, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_margin_ranking_loss"; }
def : Tjit_Other<"cosine_embedding_loss", "Tensor", "const Tensor &input1, const Tensor &input2, const Tensor &target, double margin = 0.0, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_cosine_embedding_loss"; }
def : Tjit_Other<"triplet_margin_loss", "Tensor", "const Tensor &anchor, const Tensor &positive, const Tensor &negative, double margin = 1.0, double p = 2.0, double eps = 1e-6, bool swap = false, int64_t reduction = 1", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_triplet_margin_loss"; }
def : Tjit_Other<"batch_norm", "Tensor", "const Tensor &input, const Tensor &weight, const Tensor &bias, const Tensor &running_mean, const Tensor &running_var, bool training, double momentum, double eps, bool cudnn_enabled", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_batch_norm"; }
def : Tjit_Other<"instance_norm", "Tensor", "const Tensor &input, const Tensor &weight, const Tensor &bias, const Tensor &running_mean, const Tensor &running_var, bool use_input_stats, double momentum, double eps, bool cudnn_enabled", ["function"],
    "As in nn::functional."> { let history = "ViewBackward0"; let implementation = "plain_instance_norm"; }
def : Tjit_Other<"layer_norm", "Tensor", "const Tensor &input, IntArrayRef normalized_shape, const Tensor &weight = {}, const Tensor &bias = {}, double eps = 1e-5, bool cudnn_enable = true", ["function"],
    "As in nn::functional."> { let history = "NativeLayerNormBackward0"; let implementation = "plain_layer_norm"; }
def : Tjit_Other<"group_norm", "Tensor", "const Tensor &input, int64_t num_groups, const Tensor &weight = {}, const Tensor &bias = {}, double eps = 1e-5, bool cudnn_enabled = true", ["function"],
    "As in nn::functional."> { let history = "NativeGroupNormBackward0"; let implementation = "plain_group_norm"; }
def : Tjit_Other<"rms_norm", "Tensor", "const Tensor &input, IntArrayRef normalized_shape, const Tensor &weight = {}, std::optional<double> eps = std::nullopt", ["function"],
    "As in nn::functional."> { let history = "MulBackward0"; let implementation = "nn_rms_norm"; }
def : Tjit_Other<"max_pool1d", "Tensor", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "SqueezeBackward1"; let implementation = "nn_max_pool1d"; }
def : Tjit_Other<"max_pool1d_with_indices", "std::tuple<Tensor, Tensor>", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "SqueezeBackward1"; let implementation = "nn_max_pool1d_with_indices"; }
def : Tjit_Other<"avg_pool1d", "Tensor", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "SqueezeBackward1"; let implementation = "nn_avg_pool1d"; }
def : Tjit_Other<"adaptive_avg_pool1d", "Tensor", "const Tensor &self, IntArrayRef output_size", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "SqueezeBackward1"; let implementation = "plain_adaptive_avg_pool1d"; }
def : Tjit_Other<"adaptive_max_pool1d", "std::tuple<Tensor, Tensor>", "const Tensor &self, IntArrayRef output_size", ["function"],
    "The largest elements, and where they stand in their channel (int64)."> { let flat = 1; let history = "SqueezeBackward1"; let implementation = "plain_adaptive_max_pool1d"; }
def : Tjit_Other<"conv1d", "Tensor", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, const ConvPadding &padding = 0, IntArrayRef dilation = 1, int64_t groups = 1", ["function"],
    "As in nn::functional."> { let history = "views"; let implementation = "nn_conv1d"; }
def : Tjit_Other<"conv_transpose1d", "Tensor", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1", ["function"],
    "As in nn::functional."> { let history = "views"; let implementation = "nn_conv_transpose1d"; }
def : Tjit_Other<"max_pool2d", "Tensor", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "MaxPool2DWithIndicesBackward0"; let implementation = "nn_max_pool2d"; }
def : Tjit_Other<"max_pool2d_with_indices", "std::tuple<Tensor, Tensor>", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false", ["function"],
    "As in nn::functional."> { let flat = 1; let implementation = "nn_max_pool2d_with_indices"; }
def : Tjit_Other<"avg_pool2d", "Tensor", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true, std::optional<int64_t> divisor_override = std::nullopt", ["function"],
    "As in nn::functional."> { let flat = 1; let implementation = "nn_avg_pool2d"; }
def : Tjit_Other<"adaptive_avg_pool2d", "Tensor", "const Tensor &self, IntArrayRef output_size", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "composed"; let implementation = "plain_adaptive_avg_pool2d"; }
def : Tjit_Other<"adaptive_max_pool2d", "std::tuple<Tensor, Tensor>", "const Tensor &self, IntArrayRef output_size", ["function"],
    "The largest elements, and where they stand in their channel (int64)."> { let flat = 1; let implementation = "plain_adaptive_max_pool2d"; }
def : Tjit_Other<"conv2d", "Tensor", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, const ConvPadding &padding = 0, IntArrayRef dilation = 1, int64_t groups = 1", ["function"],
    "As in nn::functional."> { let history = "views"; let implementation = "nn_conv2d"; }
def : Tjit_Other<"conv_transpose2d", "Tensor", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1", ["function"],
    "As in nn::functional."> { let history = "views"; let implementation = "nn_conv_transpose2d"; }
def : Tjit_Other<"max_pool3d", "Tensor", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "MaxPool3DWithIndicesBackward0"; let implementation = "nn_max_pool3d"; }
def : Tjit_Other<"max_pool3d_with_indices", "std::tuple<Tensor, Tensor>", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false", ["function"],
    "As in nn::functional."> { let flat = 1; let implementation = "nn_max_pool3d_with_indices"; }
def : Tjit_Other<"avg_pool3d", "Tensor", "const Tensor &self, IntArrayRef kernel_size, OptionalIntArrayRef stride = std::nullopt, IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true, std::optional<int64_t> divisor_override = std::nullopt", ["function"],
    "As in nn::functional."> { let flat = 1; let implementation = "nn_avg_pool3d"; }
def : Tjit_Other<"adaptive_avg_pool3d", "Tensor", "const Tensor &self, IntArrayRef output_size", ["function"],
    "As in nn::functional."> { let flat = 1; let history = "composed"; let implementation = "plain_adaptive_avg_pool3d"; }
def : Tjit_Other<"adaptive_max_pool3d", "std::tuple<Tensor, Tensor>", "const Tensor &self, IntArrayRef output_size", ["function"],
    "The largest elements, and where they stand in their channel (int64)."> { let flat = 1; let implementation = "plain_adaptive_max_pool3d"; }
def : Tjit_Other<"conv3d", "Tensor", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, const ConvPadding &padding = 0, IntArrayRef dilation = 1, int64_t groups = 1", ["function"],
    "As in nn::functional."> { let history = "views"; let implementation = "nn_conv3d"; }
def : Tjit_Other<"conv_transpose3d", "Tensor", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1", ["function"],
    "As in nn::functional."> { let history = "views"; let implementation = "nn_conv_transpose3d"; }
def : Tjit_Other<"im2col", "Tensor", "const Tensor &self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride", ["function"],
    "nn::functional::unfold"> { let implementation = "nn_unfold"; }
def : Tjit_Other<"col2im", "Tensor", "const Tensor &self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride", ["function"],
    "nn::functional::fold"> { let implementation = "nn_fold"; }
def : Tjit_Other<"pad", "Tensor", "const Tensor &self, IntArrayRef pad, std::string_view mode = \"constant\", std::optional<double> value = std::nullopt", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "plain_pad"; }
def : Tjit_Other<"pixel_shuffle", "Tensor", "const Tensor &self, int64_t upscale_factor", ["function"],
    "As in nn::functional."> { let implementation = "nn_pixel_shuffle"; }
def : Tjit_Other<"pixel_unshuffle", "Tensor", "const Tensor &self, int64_t downscale_factor", ["function"],
    "As in nn::functional."> { let implementation = "nn_pixel_unshuffle"; }
def : Tjit_Other<"channel_shuffle", "Tensor", "const Tensor &self, int64_t groups", ["function"],
    "As in nn::functional."> { let implementation = "nn_channel_shuffle"; }
def : Tjit_Other<"bilinear", "Tensor", "const Tensor &input1, const Tensor &input2, const Tensor &weight, const Tensor &bias = {}", ["function"],
    "As in nn::functional."> { let history = "views"; let implementation = "nn_bilinear"; }
def : Tjit_Other<"embedding", "Tensor", "const Tensor &weight, const Tensor &indices, int64_t padding_idx = -1, bool scale_grad_by_freq = false, bool sparse = false", ["function"],
    "Rows of weight; the row padding_idx gets no gradient, -1 is none."> { let saves = ["indices"]; let implementation = "plain_embedding"; }
def : Tjit_Other<"cosine_similarity", "Tensor", "const Tensor &x1, const Tensor &x2, int64_t dim = 1, double eps = 1e-8", ["function"],
    "As in nn::functional."> { let history = "SumBackward1"; let implementation = "nn_cosine_similarity"; }
def : Tjit_Other<"pairwise_distance", "Tensor", "const Tensor &x1, const Tensor &x2, double p = 2.0, double eps = 1e-6, bool keepdim = false", ["function"],
    "As in nn::functional."> { let history = "NormBackward1"; let implementation = "nn_pairwise_distance"; }
def : Tjit_Other<"scaled_dot_product_attention", "Tensor", "const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &attn_mask = {}, double dropout_p = 0.0, bool is_causal = false, std::optional<double> scale = std::nullopt, bool enable_gqa = false", ["function"],
    "As in nn::functional."> { let history = "composed"; let implementation = "nn_scaled_dot_product_attention"; }

def : Tjit_Function<"cross_entropy_loss", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, int64_t reduction = 1, int64_t ignore_index = -100, double label_smoothing = 0.0",
    "cross_entropy"> { let saves = ["target"]; let history = "composed"; let implementation = "plain_cross_entropy"; }

#endif // TJIT_API_NN_PLAIN_TD
