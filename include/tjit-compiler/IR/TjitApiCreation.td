//===- TjitApiCreation.td - creation, conversion and copies ------------------------------*- tablegen -*-===//
//
// Tensors from nothing, and copies of tensors in other dtypes, devices and layouts. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_CREATION_TD
#define TJIT_API_CREATION_TD

include "tjit-compiler/IR/TjitApiBase.td"

//===----------------------------------------------------------------------------------------------------===//
// Creation. Without a dtype in the options: the default dtype, float32 unless it was changed.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Function<"zeros", "IntArrayRef sizes, TensorOptions options = {}",
    "Zeros. Error where a size is negative or the product overflows.">;
def : Tjit_Function<"ones", "IntArrayRef sizes, TensorOptions options = {}",
    "Ones.">;
def : Tjit_Function<"full", "IntArrayRef sizes, const Scalar &value, TensorOptions options = {}",
    "`value` everywhere. Without a dtype that of the value: bool, int64 or the default dtype.">;
def : Tjit_Function<"empty", "IntArrayRef sizes, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt",
    "A tensor whose elements mean nothing yet (they are zero).">;
def : Tjit_Function<"empty_strided", "IntArrayRef sizes, IntArrayRef strides, TensorOptions options = {}",
    "The same with strides of the caller's. Error where there are not as many as sizes, or one is negative.">;
def : Tjit_Function<"eye", "int64_t n, TensorOptions options = {}",
    "The identity matrix [n, n].">;
def : Tjit_Function<"eye", "int64_t n, int64_t m, TensorOptions options = {}",
    "Ones on the diagonal of [n, m].">;
def : Tjit_Function<"arange", "const Scalar &end, TensorOptions options = {}",
    "0, 1, ... below `end`.">;
def : Tjit_Function<"arange", "const Scalar &start, const Scalar &end, TensorOptions options = {}",
    "start, start + 1, ... below `end`.">;
def : Tjit_Function<"arange", "const Scalar &start, const Scalar &end, const Scalar &step, TensorOptions options = {}",
    "start, start + step, ... up to but without `end`. Integers give int64. ValueError where step is 0 or leads away from end.">;
def : Tjit_Function<"range", "const Scalar &start, const Scalar &end, TensorOptions options = {}",
    "start, start + 1, ... up to `end`, which is among them, in the default dtype unless `options` has one.">;
def : Tjit_Function<"range", "const Scalar &start, const Scalar &end, const Scalar &step, TensorOptions options = {}",
    "start, start + step, ... up to `end`. ValueError as arange.">;
def : Tjit_Function<"linspace", "const Scalar &start, const Scalar &end, int64_t steps, TensorOptions options = {}",
    "`steps` numbers from start to end, evenly spaced.">;
def : Tjit_Function<"logspace", "const Scalar &start, const Scalar &end, int64_t steps, double base = 10.0, TensorOptions options = {}",
    "base to the powers linspace(start, end, steps).">;
def : Tjit_Function<"linspace", "const Tensor &start, const Tensor &end, int64_t steps, TensorOptions options = {}",
    "linspace between 0-dim tensors; evaluates them.">;
def : Tjit_Function<"linspace", "const Tensor &start, const Scalar &end, int64_t steps, TensorOptions options = {}",
    "linspace between 0-dim tensors; evaluates them.">;
def : Tjit_Function<"linspace", "const Scalar &start, const Tensor &end, int64_t steps, TensorOptions options = {}",
    "linspace between 0-dim tensors; evaluates them.">;
def : Tjit_Function<"logspace", "const Tensor &start, const Tensor &end, int64_t steps, double base = 10.0, TensorOptions options = {}",
    "logspace between 0-dim tensors; evaluates them.">;
def : Tjit_Function<"logspace", "const Tensor &start, const Scalar &end, int64_t steps, double base = 10.0, TensorOptions options = {}",
    "logspace between 0-dim tensors; evaluates them.">;
def : Tjit_Function<"logspace", "const Scalar &start, const Tensor &end, int64_t steps, double base = 10.0, TensorOptions options = {}",
    "logspace between 0-dim tensors; evaluates them.">;
def : Tjit_Function<"tril_indices", "int64_t row, int64_t col, int64_t offset = 0, TensorOptions options = {}",
    "Rows and columns (int64 [2, n]) of the lower triangle of a matrix [row, col].">;
def : Tjit_Function<"triu_indices", "int64_t row, int64_t col, int64_t offset = 0, TensorOptions options = {}",
    "Rows and columns (int64 [2, n]) of the upper triangle of a matrix [row, col].">;
def : Tjit_Function<"hann_window", "int64_t window_length, TensorOptions options = {}",
    "The periodic window.">;
def : Tjit_Function<"hann_window", "int64_t window_length, bool periodic, TensorOptions options = {}",
    "0.5 - 0.5 cos(2 pi k / n) for k = 0, 1, ...; n is the length, or one less if not periodic.">;
def : Tjit_Function<"hamming_window", "int64_t window_length, TensorOptions options = {}",
    "The periodic window.">;
def : Tjit_Function<"hamming_window", "int64_t window_length, bool periodic, TensorOptions options = {}",
    "alpha - beta cos(2 pi k / n) for k = 0, 1, ...; n is the length, or one less if not periodic.">;
def : Tjit_Function<"hamming_window", "int64_t window_length, bool periodic, double alpha, TensorOptions options = {}",
    "The same with an alpha of the caller's instead of 0.54.">;
def : Tjit_Function<"hamming_window", "int64_t window_length, bool periodic, double alpha, double beta, TensorOptions options = {}",
    "The same with a beta too, instead of 0.46.">;
def : Tjit_Function<"blackman_window", "int64_t window_length, TensorOptions options = {}",
    "The periodic window.">;
def : Tjit_Function<"blackman_window", "int64_t window_length, bool periodic, TensorOptions options = {}",
    "0.42 - 0.5 cos(2 pi k / n) + 0.08 cos(4 pi k / n) for k = 0, 1, ...; n is the length, or one less if not periodic.">;
def : Tjit_Function<"bartlett_window", "int64_t window_length, TensorOptions options = {}",
    "The periodic window.">;
def : Tjit_Function<"bartlett_window", "int64_t window_length, bool periodic, TensorOptions options = {}",
    "1 - |2 k / n - 1| for k = 0, 1, ...; n is the length, or one less if not periodic.">;
def : Tjit_Function<"scalar_to_tensor", "const Scalar &s, Device device = Device(DeviceType::CPU)",
    "A 0-dim tensor of the number's own kind: float64, int64 or bool."> { let out = 0; }
def : Tjit_Function<"scalar_tensor", "const Scalar &value, TensorOptions options = {}",
    "A 0-dim tensor.">;
def : Tjit_Function<"rand", "IntArrayRef sizes, TensorOptions options = {}",
    "Uniform in [0, 1). See manual_seed.">;
def : Tjit_Function<"randn", "IntArrayRef sizes, TensorOptions options = {}",
    "Normal with mean 0 and variance 1.">;
def : Tjit_Function<"randint", "int64_t high, IntArrayRef sizes, TensorOptions options = {}",
    "Uniform integers in [0, high); int64 without a dtype.">;
def : Tjit_Function<"randint", "int64_t low, int64_t high, IntArrayRef sizes, TensorOptions options = {}",
    "Uniform integers in [low, high). ValueError where the range is empty.">;
def : Tjit_Function<"randperm", "int64_t n, TensorOptions options = {}",
    "A random permutation of 0 ... n - 1 (int64).">;
def : Tjit_Function<"rand", "IntArrayRef sizes, const std::optional<Generator> &generator, TensorOptions options = {}",
    "The same from a generator.">;
def : Tjit_Function<"randn", "IntArrayRef sizes, const std::optional<Generator> &generator, TensorOptions options = {}",
    "The same from a generator.">;
def : Tjit_Function<"randint", "int64_t high, IntArrayRef sizes, const std::optional<Generator> &generator, TensorOptions options = {}",
    "The same from a generator.">;
def : Tjit_Function<"randint", "int64_t low, int64_t high, IntArrayRef sizes, const std::optional<Generator> &generator, TensorOptions options = {}",
    "The same from a generator.">;
def : Tjit_Function<"randperm", "int64_t n, const std::optional<Generator> &generator, TensorOptions options = {}",
    "The same from a generator.">;
def : Tjit_Function<"randint_like", "const Tensor &self, int64_t high, TensorOptions options = {}",
    "Uniform integers in [0, high), in the sizes and dtype of self.">;
def : Tjit_Function<"randint_like", "const Tensor &self, int64_t low, int64_t high, TensorOptions options = {}",
    "Uniform integers in [low, high), in the sizes and dtype of self.">;
def : Tjit_Both<"bernoulli", "const Tensor &self, const std::optional<Generator> &generator = std::nullopt",
    "1 with the probability that self has there, else 0. Error where one is outside of [0, 1].">;
def : Tjit_Both<"bernoulli", "const Tensor &self, double p, const std::optional<Generator> &generator = std::nullopt",
    "1 with probability p, else 0, in the sizes and dtype of self.">;
def : Tjit_Function<"_shape_as_tensor", "const Tensor &self",
    "The sizes as an int64 vector.">;
def : Tjit_Both<"multinomial", "const Tensor &self, int64_t num_samples, bool replacement = false, const std::optional<Generator> &generator = std::nullopt",
    "Indices (int64) of the last dimension, drawn with probabilities that are in proportion to the weights self [n] or [m, n].">;
def : Tjit_Function<"normal", "const Tensor &mean, double std = 1.0, const std::optional<Generator> &generator = std::nullopt",
    "Normal numbers around the elements of mean."> { let history = "NormalBackward1"; }
def : Tjit_Function<"normal", "double mean, const Tensor &std, const std::optional<Generator> &generator = std::nullopt",
    "Normal numbers with the standard deviations std."> { let history = "NormalBackward2"; }
def : Tjit_Function<"normal", "const Tensor &mean, const Tensor &std, const std::optional<Generator> &generator = std::nullopt",
    "Both, which broadcast."> { let history = "NormalBackward3"; }
def : Tjit_Function<"normal", "double mean, double std, IntArrayRef size, const std::optional<Generator> &generator = std::nullopt, TensorOptions options = {}",
    "Normal numbers.">;
def : Tjit_Function<"zeros_like", "const Tensor &self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt",
    "Zeros, in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"ones_like", "const Tensor &self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt",
    "Ones, in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"empty_like", "const Tensor &self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt",
    "A tensor without meaning, in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"rand_like", "const Tensor &self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt",
    "Uniform numbers in [0, 1), in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"randn_like", "const Tensor &self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt",
    "Normal numbers, in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"full_like", "const Tensor &self, const Scalar &value, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt",
    "`value` everywhere, in the sizes and dtype of self.">;
def : Tjit_Method<"new_zeros", "const Tensor &self, IntArrayRef sizes, TensorOptions options = {}",
    "Zeros in the dtype of self.">;
def : Tjit_Method<"new_ones", "const Tensor &self, IntArrayRef sizes, TensorOptions options = {}",
    "Ones in the dtype of self.">;
def : Tjit_Method<"new_empty", "const Tensor &self, IntArrayRef sizes, TensorOptions options = {}",
    "A tensor without meaning in the dtype of self.">;
def : Tjit_Method<"new_empty_strided", "const Tensor &self, IntArrayRef sizes, IntArrayRef strides, TensorOptions options = {}",
    "empty_strided in the dtype of self.">;
def : Tjit_Method<"new_full", "const Tensor &self, IntArrayRef sizes, const Scalar &value, TensorOptions options = {}",
    "`value` everywhere, in the dtype of self.">;
def : Tjit_Other<"manual_seed", "void", "uint64_t seed", ["function"],
    "Seeds the generator of random numbers: the same calls give the same numbers.">;

//===----------------------------------------------------------------------------------------------------===//
// Conversion and copies
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Method<"to", "const Tensor &self, ScalarType dtype, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> memory_format = std::nullopt",
    "In another dtype; self where nothing changes and no copy is asked for. Float to integer truncates."> { let history = "ToCopyBackward0"; }
def : Tjit_Method<"to", "const Tensor &self, Device device, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> memory_format = std::nullopt",
    "On another device. Error where there is no such device."> { let history = "ToCopyBackward0"; }
def : Tjit_Method<"to", "const Tensor &self, DeviceType device, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> memory_format = std::nullopt",
    "On another device. Error where there is no such device."> { let history = "ToCopyBackward0"; }
def : Tjit_Method<"to", "const Tensor &self, Device device, ScalarType dtype, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> memory_format = std::nullopt",
    "On another device in another dtype."> { let history = "ToCopyBackward0"; }
def : Tjit_Method<"to", "const Tensor &self, const TensorOptions &options, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> memory_format = std::nullopt",
    "With the dtype and device that the options set."> { let history = "ToCopyBackward0"; }
def : Tjit_Method<"to", "const Tensor &self, const Tensor &other, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> memory_format = std::nullopt",
    "In the dtype and on the device of other."> { let history = "ToCopyBackward0"; }
def : Tjit_Method<"type_as", "const Tensor &self, const Tensor &other",
    "In the dtype of other."> { let history = "composed"; }
def : Tjit_Method<"toType", "const Tensor &self, ScalarType dtype",
    "In another dtype."> { let history = "composed"; }
def : Tjit_Method<"cpu", "const Tensor &self",
    "On the CPU."> { let history = "composed"; }
def : Tjit_Method<"cuda", "const Tensor &self",
    "On the GPU. Error where there is none."> { let history = "composed"; }
def : Tjit_Both<"clone", "const Tensor &self, std::optional<MemoryFormat> memory_format = std::nullopt",
    "A copy with memory of its own; gradients flow through.">;
def : Tjit_Method<"contiguous", "const Tensor &self, MemoryFormat memory_format = MemoryFormat::Contiguous",
    "Self if its strides are those of the memory format, else a copy whose are."> { let history = "composed"; }
def : Tjit_Other<"copy_", "Tensor &", "const Tensor &self, const Tensor &source, bool non_blocking = false", ["method"],
    "Writes source, broadcast and converted, into self."> { let history = "torch::autograd::CopyBackwards"; }
def : Tjit_Other<"fill_", "Tensor &", "const Tensor &self, const Scalar &value", ["function", "method"],
    "Writes the number everywhere."> { let history = "FillBackward2"; }
def : Tjit_Other<"fill_", "Tensor &", "const Tensor &self, const Tensor &value", ["function", "method"],
    "Writes the 0-dim tensor everywhere."> { let history = "FillBackward3"; }
def : Tjit_Other<"zero_", "Tensor &", "const Tensor &self", ["function", "method"],
    "Writes zeros.">;
def : Tjit_Other<"uniform_", "Tensor &", "const Tensor &self, double from = 0.0, double to = 1.0, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes uniform numbers of [from, to).">;
def : Tjit_Other<"normal_", "Tensor &", "const Tensor &self, double mean = 0.0, double std = 1.0, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes normal numbers.">;
def : Tjit_Other<"bernoulli_", "Tensor &", "const Tensor &self, double p = 0.5, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes 1 with probability p, else 0."> { let history = "BernoulliBackward2"; }
def : Tjit_Other<"bernoulli_", "Tensor &", "const Tensor &self, const Tensor &p, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes 1 with the probability that p, broadcast, has there, else 0."> { let history = "BernoulliBackward1"; }
def : Tjit_Other<"exponential_", "Tensor &", "const Tensor &self, double lambd = 1.0, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes numbers of the density lambd exp(-lambd x).">;
def : Tjit_Other<"geometric_", "Tensor &", "const Tensor &self, double p, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes how many trials of probability p it takes to the first success: 1, 2, ...">;
def : Tjit_Other<"cauchy_", "Tensor &", "const Tensor &self, double median = 0.0, double sigma = 1.0, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes numbers of the density sigma / (pi ((x - median)^2 + sigma^2)).">;
def : Tjit_Other<"log_normal_", "Tensor &", "const Tensor &self, double mean = 1.0, double std = 2.0, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes numbers whose logarithms are normal.">;
def : Tjit_Other<"random_", "Tensor &", "const Tensor &self, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes whole numbers from 0 up to what the dtype holds exactly.">;
def : Tjit_Other<"random_", "Tensor &", "const Tensor &self, int64_t to, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes whole numbers of [0, to).">;
def : Tjit_Other<"random_", "Tensor &", "const Tensor &self, int64_t from, std::optional<int64_t> to, const std::optional<Generator> &generator = std::nullopt", ["method"],
    "Writes whole numbers of [from, to), without `to` up to the largest.">;

#endif // TJIT_API_CREATION_TD
