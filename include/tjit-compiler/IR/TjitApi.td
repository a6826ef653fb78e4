//===- TjitApi.td - functions and methods of the tensor API ---------------------------------*- tablegen -*-===//
//
// Every record is one overload of one function of the public API, under libtorch's name. tjit-tblgen makes from it
//
//   tjit/Functions.h.inc       inside tjit::v1:      TJIT_EXPORT Tensor add(const Tensor &self, const Tensor &other);
//   tjit/TensorMethods.h.inc   inside class Tensor:  Tensor add(const Tensor &other) const;
//                                                    Tensor &add_(const Tensor &other) const;
//   Frontend/Api.cpp.inc       at file scope: first `namespace tjit::ops { ... }` with a declaration of every distinct
//                              implementation (no default arguments), then the definitions inside tjit::v1:
//                                Tensor add(const Tensor &self, const Tensor &other) { return ops::add(self, other); }
//                                Tensor Tensor::add(const Tensor &other) const { return ops::add(*this, other); }
//                                Tensor &Tensor::add_(const Tensor &other) const {
//                                  return ops::store(*this, ops::add(*this, other), "add_");
//                                }
//
// with the docstring before the declarations. Default arguments stand in declarations only. A record with a `primitive`
// has no implementation of its own: the definitions call ops::unary(OpKind::<primitive>, self, <toFloat>).
// The implementations are functions of the namespace tjit::ops in lib/Frontend/*.cpp; a missing one fails the link.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_TD
#define TJIT_API_TD

// `params` is a C++ parameter list with defaults; `self` comes first where there is a method.
class Tjit_Api<string n, string result, string params, list<string> as> {
  string name = n;
  string resultType = result;
  string parameters = params;
  list<string> forms = as;  // of "function", "method", "inplace" (name_ method; stores the result into self)
  string implementation = n;
  string doc = "";          // public docstring: shapes, dtypes, errors
}
// One elementwise primitive of one operand, recorded directly; toFloat: integers are converted to the default dtype.
class Tjit_ApiUnary<Tjit_Op op, string n = op.opName, bit promoteToFloat = 1>
    : Tjit_Api<n, "Tensor", "const Tensor &self", ["function", "method", "inplace"]> {
  Tjit_Op primitive = op;
  bit toFloat = promoteToFloat;
}

class Tjit_Function<string n, string params, string text> : Tjit_Api<n, "Tensor", params, ["function"]> {
  let doc = text;
}
class Tjit_Method<string n, string params, string text> : Tjit_Api<n, "Tensor", params, ["method"]> {
  let doc = text;
}
class Tjit_Both<string n, string params, string text> : Tjit_Api<n, "Tensor", params, ["function", "method"]> {
  let doc = text;
}
class Tjit_All<string n, string params, string text>
    : Tjit_Api<n, "Tensor", params, ["function", "method", "inplace"]> {
  let doc = text;
}
class Tjit_Other<string n, string result, string params, list<string> as, string text>
    : Tjit_Api<n, result, params, as> {
  let doc = text;
}


//===----------------------------------------------------------------------------------------------------===//
// Creation. Without a dtype in the options: the default dtype, float32 unless it was changed.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Function<"zeros", "IntArrayRef sizes, TensorOptions options = {}",
    "Zeros. Error where a size is negative or the product overflows.">;
def : Tjit_Function<"ones", "IntArrayRef sizes, TensorOptions options = {}",
    "Ones.">;
def : Tjit_Function<"full", "IntArrayRef sizes, const Scalar &value, TensorOptions options = {}",
    "`value` everywhere. Without a dtype that of the value: bool, int64 or the default dtype.">;
def : Tjit_Function<"empty", "IntArrayRef sizes, TensorOptions options = {}",
    "A tensor whose elements mean nothing yet (they are zero).">;
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
def : Tjit_Function<"linspace", "const Scalar &start, const Scalar &end, int64_t steps, TensorOptions options = {}",
    "`steps` numbers from start to end, evenly spaced.">;
def : Tjit_Function<"logspace", "const Scalar &start, const Scalar &end, int64_t steps, double base = 10.0, TensorOptions options = {}",
    "base to the powers linspace(start, end, steps).">;
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
def : Tjit_Function<"zeros_like", "const Tensor &self, TensorOptions options = {}",
    "Zeros, in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"ones_like", "const Tensor &self, TensorOptions options = {}",
    "Ones, in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"empty_like", "const Tensor &self, TensorOptions options = {}",
    "A tensor without meaning, in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"rand_like", "const Tensor &self, TensorOptions options = {}",
    "Uniform numbers in [0, 1), in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"randn_like", "const Tensor &self, TensorOptions options = {}",
    "Normal numbers, in the sizes of self and in its dtype unless `options` has one.">;
def : Tjit_Function<"full_like", "const Tensor &self, const Scalar &value, TensorOptions options = {}",
    "`value` everywhere, in the sizes and dtype of self.">;
def : Tjit_Method<"new_zeros", "const Tensor &self, IntArrayRef sizes, TensorOptions options = {}",
    "Zeros in the dtype of self.">;
def : Tjit_Method<"new_ones", "const Tensor &self, IntArrayRef sizes, TensorOptions options = {}",
    "Ones in the dtype of self.">;
def : Tjit_Method<"new_empty", "const Tensor &self, IntArrayRef sizes, TensorOptions options = {}",
    "A tensor without meaning in the dtype of self.">;
def : Tjit_Method<"new_full", "const Tensor &self, IntArrayRef sizes, const Scalar &value, TensorOptions options = {}",
    "`value` everywhere, in the dtype of self.">;
def : Tjit_Other<"manual_seed", "void", "uint64_t seed", ["function"],
    "Seeds the generator of random numbers: the same calls give the same numbers.">;

//===----------------------------------------------------------------------------------------------------===//
// Conversion and copies
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Method<"to", "const Tensor &self, ScalarType dtype, bool non_blocking = false, bool copy = false",
    "In another dtype; self where nothing changes and no copy is asked for. Float to integer truncates.">;
def : Tjit_Method<"to", "const Tensor &self, Device device, bool non_blocking = false, bool copy = false",
    "On another device. Error where there is no such device.">;
def : Tjit_Method<"to", "const Tensor &self, DeviceType device, bool non_blocking = false, bool copy = false",
    "On another device. Error where there is no such device.">;
def : Tjit_Method<"to", "const Tensor &self, Device device, ScalarType dtype, bool non_blocking = false, bool copy = false",
    "On another device in another dtype.">;
def : Tjit_Method<"to", "const Tensor &self, const TensorOptions &options, bool non_blocking = false, bool copy = false",
    "With the dtype and device that the options set.">;
def : Tjit_Method<"to", "const Tensor &self, const Tensor &other, bool non_blocking = false, bool copy = false",
    "In the dtype and on the device of other.">;
def : Tjit_Method<"type_as", "const Tensor &self, const Tensor &other",
    "In the dtype of other.">;
def : Tjit_Method<"toType", "const Tensor &self, ScalarType dtype",
    "In another dtype.">;
def : Tjit_Method<"cpu", "const Tensor &self",
    "On the CPU.">;
def : Tjit_Method<"cuda", "const Tensor &self",
    "On the GPU. Error where there is none.">;
def : Tjit_Both<"clone", "const Tensor &self",
    "A copy with memory of its own; gradients flow through.">;
def : Tjit_Method<"contiguous", "const Tensor &self",
    "Self if its strides are row-major, else a copy whose are.">;
def : Tjit_Other<"copy_", "Tensor &", "const Tensor &self, const Tensor &source, bool non_blocking = false", ["method"],
    "Writes source, broadcast and converted, into self.">;
def : Tjit_Other<"fill_", "Tensor &", "const Tensor &self, const Scalar &value", ["method"],
    "Writes the number everywhere.">;
def : Tjit_Other<"fill_", "Tensor &", "const Tensor &self, const Tensor &value", ["method"],
    "Writes the 0-dim tensor everywhere.">;
def : Tjit_Other<"zero_", "Tensor &", "const Tensor &self", ["method"],
    "Writes zeros.">;
def : Tjit_Other<"uniform_", "Tensor &", "const Tensor &self, double from = 0.0, double to = 1.0", ["method"],
    "Writes uniform numbers of [from, to).">;
def : Tjit_Other<"normal_", "Tensor &", "const Tensor &self, double mean = 0.0, double std = 1.0", ["method"],
    "Writes normal numbers.">;

//===----------------------------------------------------------------------------------------------------===//
// Elementwise, one operand. Operations of floating point convert integers to the default dtype.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_ApiUnary<SqrtOp>;
def : Tjit_ApiUnary<RsqrtOp>;
def : Tjit_ApiUnary<ExpOp>;
def : Tjit_ApiUnary<Expm1Op>;
def : Tjit_ApiUnary<LogOp>;
def : Tjit_ApiUnary<Log1pOp>;
def : Tjit_ApiUnary<SinOp>;
def : Tjit_ApiUnary<CosOp>;
def : Tjit_ApiUnary<TanhOp>;
def : Tjit_ApiUnary<ErfOp>;
def : Tjit_ApiUnary<NegOp, NegOp.opName, 0>;
def : Tjit_ApiUnary<AbsOp, AbsOp.opName, 0>;
def : Tjit_ApiUnary<SignOp, SignOp.opName, 0>;
def : Tjit_ApiUnary<ReluOp, ReluOp.opName, 0>;
def : Tjit_ApiUnary<BitwiseNotOp, BitwiseNotOp.opName, 0>;
def : Tjit_ApiUnary<NegOp, "negative", 0>;
def : Tjit_ApiUnary<AbsOp, "absolute", 0>;
def : Tjit_All<"floor", "const Tensor &self",
    "The largest integer not above x; integers stay.">;
def : Tjit_All<"ceil", "const Tensor &self",
    "The smallest integer not below x; integers stay.">;
def : Tjit_All<"round", "const Tensor &self",
    "The nearest integer, ties to even; integers stay.">;
def : Tjit_All<"trunc", "const Tensor &self",
    "x without its fraction; integers stay.">;
def : Tjit_All<"frac", "const Tensor &self",
    "The fraction of x, with its sign.">;
def : Tjit_All<"square", "const Tensor &self",
    "x * x">;
def : Tjit_All<"reciprocal", "const Tensor &self",
    "1 / x">;
def : Tjit_All<"sigmoid", "const Tensor &self",
    "1 / (1 + exp(-x))">;
def : Tjit_All<"exp2", "const Tensor &self",
    "2 to the x">;
def : Tjit_All<"log2", "const Tensor &self",
    "Logarithm to base 2.">;
def : Tjit_All<"log10", "const Tensor &self",
    "Logarithm to base 10.">;
def : Tjit_All<"tan", "const Tensor &self",
    "Tangent.">;
def : Tjit_All<"asin", "const Tensor &self",
    "Arc sine.">;
def : Tjit_All<"acos", "const Tensor &self",
    "Arc cosine.">;
def : Tjit_All<"atan", "const Tensor &self",
    "Arc tangent.">;
def : Tjit_All<"sinh", "const Tensor &self",
    "Hyperbolic sine.">;
def : Tjit_All<"cosh", "const Tensor &self",
    "Hyperbolic cosine.">;
def : Tjit_All<"asinh", "const Tensor &self",
    "Inverse hyperbolic sine.">;
def : Tjit_All<"acosh", "const Tensor &self",
    "Inverse hyperbolic cosine.">;
def : Tjit_All<"atanh", "const Tensor &self",
    "Inverse hyperbolic tangent.">;
def : Tjit_All<"erfc", "const Tensor &self",
    "1 - erf(x)">;
def : Tjit_All<"logical_not", "const Tensor &self",
    "Whether x is zero (bool).">;
def : Tjit_Function<"silu", "const Tensor &self",
    "x * sigmoid(x)">;
def : Tjit_Function<"gelu", "const Tensor &self",
    "x * Phi(x), Phi the normal distribution function.">;
def : Tjit_Function<"softplus", "const Tensor &self",
    "log(1 + exp(x))">;
def : Tjit_Function<"log_sigmoid", "const Tensor &self",
    "log(sigmoid(x))">;
def : Tjit_Function<"leaky_relu", "const Tensor &self, const Scalar &slope = 0.01",
    "x where it is positive, else slope * x.">;
def : Tjit_Both<"isnan", "const Tensor &self",
    "Whether x is not a number (bool).">;
def : Tjit_Both<"isinf", "const Tensor &self",
    "Whether x is an infinity (bool).">;
def : Tjit_Both<"isfinite", "const Tensor &self",
    "Whether x is neither an infinity nor NaN (bool).">;

//===----------------------------------------------------------------------------------------------------===//
// Elementwise, two operands: shapes broadcast, dtypes are promoted as in PyTorch
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_All<"add", "const Tensor &self, const Tensor &other, const Scalar &alpha = 1",
    "self + alpha * other">;
def : Tjit_All<"add", "const Tensor &self, const Scalar &other, const Scalar &alpha = 1",
    "self + alpha * other">;
def : Tjit_All<"sub", "const Tensor &self, const Tensor &other, const Scalar &alpha = 1",
    "self - alpha * other; Error for bools">;
def : Tjit_All<"sub", "const Tensor &self, const Scalar &other, const Scalar &alpha = 1",
    "self - alpha * other; Error for bools">;
def : Tjit_All<"mul", "const Tensor &self, const Tensor &other",
    "self * other">;
def : Tjit_All<"mul", "const Tensor &self, const Scalar &other",
    "self * other">;
def : Tjit_All<"div", "const Tensor &self, const Tensor &other",
    "self / other in floating point">;
def : Tjit_All<"div", "const Tensor &self, const Scalar &other",
    "self / other in floating point">;
def : Tjit_All<"floor_divide", "const Tensor &self, const Tensor &other",
    "floor(self / other); integer division by zero is an error of the evaluation">;
def : Tjit_All<"floor_divide", "const Tensor &self, const Scalar &other",
    "floor(self / other); integer division by zero is an error of the evaluation">;
def : Tjit_All<"remainder", "const Tensor &self, const Tensor &other",
    "self - other * floor(self / other), the sign of other">;
def : Tjit_All<"remainder", "const Tensor &self, const Scalar &other",
    "self - other * floor(self / other), the sign of other">;
def : Tjit_All<"fmod", "const Tensor &self, const Tensor &other",
    "self - other * trunc(self / other), the sign of self">;
def : Tjit_All<"fmod", "const Tensor &self, const Scalar &other",
    "self - other * trunc(self / other), the sign of self">;
def : Tjit_All<"pow", "const Tensor &self, const Tensor &other",
    "self to the other. Error for integers to negative integer powers.">;
def : Tjit_All<"pow", "const Tensor &self, const Scalar &other",
    "self to the other. Error for integers to negative integer powers.">;
def : Tjit_All<"bitwise_and", "const Tensor &self, const Tensor &other",
    "Bits of both; integers and bools.">;
def : Tjit_All<"bitwise_and", "const Tensor &self, const Scalar &other",
    "Bits of both; integers and bools.">;
def : Tjit_All<"bitwise_or", "const Tensor &self, const Tensor &other",
    "Bits of either; integers and bools.">;
def : Tjit_All<"bitwise_or", "const Tensor &self, const Scalar &other",
    "Bits of either; integers and bools.">;
def : Tjit_All<"bitwise_xor", "const Tensor &self, const Tensor &other",
    "Bits of one; integers and bools.">;
def : Tjit_All<"bitwise_xor", "const Tensor &self, const Scalar &other",
    "Bits of one; integers and bools.">;
def : Tjit_All<"bitwise_left_shift", "const Tensor &self, const Tensor &other",
    "self * 2^other">;
def : Tjit_All<"bitwise_left_shift", "const Tensor &self, const Scalar &other",
    "self * 2^other">;
def : Tjit_All<"bitwise_right_shift", "const Tensor &self, const Tensor &other",
    "floor(self / 2^other)">;
def : Tjit_All<"bitwise_right_shift", "const Tensor &self, const Scalar &other",
    "floor(self / 2^other)">;
def : Tjit_All<"div", "const Tensor &self, const Tensor &other, std::optional<std::string_view> rounding_mode",
    "self / other, rounded: \"trunc\", \"floor\" or none.">;
def : Tjit_All<"div", "const Tensor &self, const Scalar &other, std::optional<std::string_view> rounding_mode",
    "self / other, rounded: \"trunc\", \"floor\" or none.">;
def : Tjit_Both<"rsub", "const Tensor &self, const Tensor &other, const Scalar &alpha = 1",
    "other - alpha * self">;
def : Tjit_Both<"rsub", "const Tensor &self, const Scalar &other, const Scalar &alpha = 1",
    "other - alpha * self">;
def : Tjit_Function<"pow", "const Scalar &self, const Tensor &exponent",
    "A number to the powers of a tensor.">;
def : Tjit_Function<"remainder", "const Scalar &self, const Tensor &other",
    "The remainder of a number divided by the elements.">;
def : Tjit_Both<"maximum", "const Tensor &self, const Tensor &other",
    "The larger of both; NaN if either is.">;
def : Tjit_Both<"minimum", "const Tensor &self, const Tensor &other",
    "The smaller of both; NaN if either is.">;
def : Tjit_All<"atan2", "const Tensor &self, const Tensor &other",
    "The angle of the point (y = self, x = other).">;
def : Tjit_All<"hypot", "const Tensor &self, const Tensor &other",
    "sqrt(self^2 + other^2)">;
def : Tjit_All<"logical_and", "const Tensor &self, const Tensor &other",
    "Whether both are not zero (bool).">;
def : Tjit_All<"logical_or", "const Tensor &self, const Tensor &other",
    "Whether either is not zero (bool).">;
def : Tjit_All<"logical_xor", "const Tensor &self, const Tensor &other",
    "Whether one is not zero (bool).">;
def : Tjit_Both<"eq", "const Tensor &self, const Tensor &other",
    "self == other (bool)">;
def : Tjit_Both<"eq", "const Tensor &self, const Scalar &other",
    "self == other (bool)">;
def : Tjit_Both<"ne", "const Tensor &self, const Tensor &other",
    "self != other (bool)">;
def : Tjit_Both<"ne", "const Tensor &self, const Scalar &other",
    "self != other (bool)">;
def : Tjit_Both<"lt", "const Tensor &self, const Tensor &other",
    "self < other (bool)">;
def : Tjit_Both<"lt", "const Tensor &self, const Scalar &other",
    "self < other (bool)">;
def : Tjit_Both<"le", "const Tensor &self, const Tensor &other",
    "self <= other (bool)">;
def : Tjit_Both<"le", "const Tensor &self, const Scalar &other",
    "self <= other (bool)">;
def : Tjit_Both<"gt", "const Tensor &self, const Tensor &other",
    "self > other (bool)">;
def : Tjit_Both<"gt", "const Tensor &self, const Scalar &other",
    "self > other (bool)">;
def : Tjit_Both<"ge", "const Tensor &self, const Tensor &other",
    "self >= other (bool)">;
def : Tjit_Both<"ge", "const Tensor &self, const Scalar &other",
    "self >= other (bool)">;
def : Tjit_Both<"isclose", "const Tensor &self, const Tensor &other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false",
    "|self - other| <= atol + rtol * |other| (bool)">;
def : Tjit_Other<"allclose", "bool", "const Tensor &self, const Tensor &other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false", ["function", "method"],
    "Whether isclose holds everywhere.">;
def : Tjit_Other<"equal", "bool", "const Tensor &self, const Tensor &other", ["function", "method"],
    "Whether sizes and all elements are equal.">;

//===----------------------------------------------------------------------------------------------------===//
// Elementwise, three operands
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Function<"where", "const Tensor &condition, const Tensor &self, const Tensor &other",
    "self where the condition (bool) holds, else other; all broadcast.">;
def : Tjit_Function<"where", "const Tensor &condition, const Tensor &self, const Scalar &other",
    "self where the condition (bool) holds, else other.">;
def : Tjit_Function<"where", "const Tensor &condition, const Scalar &self, const Tensor &other",
    "self where the condition (bool) holds, else other.">;
def : Tjit_Function<"where", "const Tensor &condition, const Scalar &self, const Scalar &other",
    "self where the condition (bool) holds, else other.">;
def : Tjit_Other<"where", "std::vector<Tensor>", "const Tensor &condition", ["function"],
    "The index tensors of the elements that are not zero, one for each dimension; evaluates.">;
def : Tjit_All<"clamp", "const Tensor &self, std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt",
    "Limited to [min, max].">;
def : Tjit_All<"clamp", "const Tensor &self, const Tensor &min, const Tensor &max",
    "Limited to [min, max] elementwise; an undefined bound is none.">;
def : Tjit_All<"clamp_min", "const Tensor &self, const Scalar &min",
    "max(x, min)">;
def : Tjit_All<"clamp_max", "const Tensor &self, const Scalar &max",
    "min(x, max)">;
def : Tjit_All<"lerp", "const Tensor &self, const Tensor &end, const Scalar &weight",
    "self + weight * (end - self)">;
def : Tjit_All<"lerp", "const Tensor &self, const Tensor &end, const Tensor &weight",
    "self + weight * (end - self)">;
def : Tjit_All<"addcmul", "const Tensor &self, const Tensor &a, const Tensor &b, const Scalar &value = 1",
    "self + value * a * b">;
def : Tjit_All<"addcdiv", "const Tensor &self, const Tensor &a, const Tensor &b, const Scalar &value = 1",
    "self + value * a / b">;
def : Tjit_All<"masked_fill", "const Tensor &self, const Tensor &mask, const Scalar &value",
    "value where the mask (bool, broadcast) holds, else self.">;
def : Tjit_All<"masked_fill", "const Tensor &self, const Tensor &mask, const Tensor &value",
    "The 0-dim value where the mask (bool, broadcast) holds, else self.">;

//===----------------------------------------------------------------------------------------------------===//
// Reductions. Without dimensions: over all. keepdim leaves dimensions of size 1.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Both<"sum", "const Tensor &self, std::optional<ScalarType> dtype = std::nullopt",
    "Sum; of integers and bools as int64.">;
def : Tjit_Both<"sum", "const Tensor &self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "Sum; of integers and bools as int64.">;
def : Tjit_Both<"mean", "const Tensor &self, std::optional<ScalarType> dtype = std::nullopt",
    "Mean. Error for integers unless a floating dtype is given.">;
def : Tjit_Both<"mean", "const Tensor &self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "Mean. Error for integers unless a floating dtype is given.">;
def : Tjit_Both<"prod", "const Tensor &self, std::optional<ScalarType> dtype = std::nullopt",
    "Product; of integers and bools as int64.">;
def : Tjit_Both<"prod", "const Tensor &self, int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "Product over one dimension.">;
def : Tjit_Both<"var", "const Tensor &self, bool unbiased = true",
    "Variance, divided by n - 1 if unbiased.">;
def : Tjit_Both<"var", "const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false",
    "Variance, divided by n - 1 if unbiased.">;
def : Tjit_Both<"std", "const Tensor &self, bool unbiased = true",
    "Standard deviation, see var.">;
def : Tjit_Both<"std", "const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false",
    "Standard deviation, see var.">;
def : Tjit_Both<"max", "const Tensor &self",
    "The largest element; NaN if any is. Error for a tensor without elements.">;
def : Tjit_Other<"max", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim, bool keepdim = false", ["function", "method"],
    "The largest elements along dim and their indices (int64), the first where several are equal.">;
def : Tjit_Both<"max", "const Tensor &self, const Tensor &other",
    "The larger of both, elementwise.">;
def : Tjit_Both<"min", "const Tensor &self",
    "The smallest element; NaN if any is. Error for a tensor without elements.">;
def : Tjit_Other<"min", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim, bool keepdim = false", ["function", "method"],
    "The smallest elements along dim and their indices (int64), the first where several are equal.">;
def : Tjit_Both<"min", "const Tensor &self, const Tensor &other",
    "The smaller of both, elementwise.">;
def : Tjit_Both<"amax", "const Tensor &self, IntArrayRef dim = {}, bool keepdim = false",
    "The largest element over the dimensions; gradients are divided among equals.">;
def : Tjit_Both<"amin", "const Tensor &self, IntArrayRef dim = {}, bool keepdim = false",
    "The smallest element over the dimensions; gradients are divided among equals.">;
def : Tjit_Both<"argmax", "const Tensor &self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false",
    "Index (int64) of the first largest element, of the flattened tensor without dim.">;
def : Tjit_Both<"argmin", "const Tensor &self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false",
    "Index (int64) of the first smallest element, of the flattened tensor without dim.">;
def : Tjit_Both<"all", "const Tensor &self",
    "Whether all elements are not zero (bool).">;
def : Tjit_Both<"all", "const Tensor &self, int64_t dim, bool keepdim = false",
    "Whether all elements are not zero along dim (bool).">;
def : Tjit_Both<"any", "const Tensor &self",
    "Whether any element is not zero (bool).">;
def : Tjit_Both<"any", "const Tensor &self, int64_t dim, bool keepdim = false",
    "Whether any element is not zero along dim (bool).">;
def : Tjit_Both<"norm", "const Tensor &self, const Scalar &p = 2",
    "The p-norm of all elements.">;
def : Tjit_Both<"norm", "const Tensor &self, const Scalar &p, IntArrayRef dim, bool keepdim = false",
    "The p-norm over dimensions.">;
def : Tjit_Both<"logsumexp", "const Tensor &self, IntArrayRef dim, bool keepdim = false",
    "log(sum(exp(x))) over the dimensions, without overflow.">;
def : Tjit_Both<"count_nonzero", "const Tensor &self",
    "How many elements are not zero (int64).">;

//===----------------------------------------------------------------------------------------------------===//
// Products of matrices. Operands have one dtype.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Both<"matmul", "const Tensor &self, const Tensor &other",
    "Matrix product: vectors, matrices, and batches of matrices whose leading dimensions broadcast.">;
def : Tjit_Both<"mm", "const Tensor &self, const Tensor &mat2",
    "[m, k] x [k, n]">;
def : Tjit_Both<"bmm", "const Tensor &self, const Tensor &mat2",
    "[b, m, k] x [b, k, n]">;
def : Tjit_Both<"mv", "const Tensor &self, const Tensor &vec",
    "[m, k] x [k]">;
def : Tjit_Both<"dot", "const Tensor &self, const Tensor &other",
    "Sum of the products of two vectors of one length.">;
def : Tjit_Both<"outer", "const Tensor &self, const Tensor &vec2",
    "[m] x [n] gives [m, n].">;
def : Tjit_Both<"inner", "const Tensor &self, const Tensor &other",
    "Sum of products over the last dimensions.">;
def : Tjit_All<"addmm", "const Tensor &self, const Tensor &mat1, const Tensor &mat2, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * mat1 @ mat2; with beta 0 self is not read.">;
def : Tjit_All<"addmv", "const Tensor &self, const Tensor &mat, const Tensor &vec, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * mat @ vec">;
def : Tjit_All<"addr", "const Tensor &self, const Tensor &vec1, const Tensor &vec2, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * outer(vec1, vec2)">;
def : Tjit_All<"baddbmm", "const Tensor &self, const Tensor &batch1, const Tensor &batch2, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * bmm(batch1, batch2)">;
def : Tjit_Function<"linear", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}",
    "input @ weight.t() + bias">;
def : Tjit_Both<"trace", "const Tensor &self",
    "Sum of the diagonal of a matrix.">;
def : Tjit_All<"tril", "const Tensor &self, int64_t diagonal = 0",
    "The last two dimensions, zero above the diagonal.">;
def : Tjit_All<"triu", "const Tensor &self, int64_t diagonal = 0",
    "The last two dimensions, zero below the diagonal.">;

//===----------------------------------------------------------------------------------------------------===//
// Views: they share the storage; a write to one is seen by all
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Method<"view", "const Tensor &self, IntArrayRef sizes",
    "The same elements under other sizes (-1: what is left). Error where the strides do not allow it: use reshape.">;
def : Tjit_Method<"view_as", "const Tensor &self, const Tensor &other",
    "view(other.sizes())">;
def : Tjit_Both<"reshape", "const Tensor &self, IntArrayRef sizes",
    "A view if the strides allow it, else a copy. One size may be -1.">;
def : Tjit_Method<"reshape_as", "const Tensor &self, const Tensor &other",
    "reshape(other.sizes())">;
def : Tjit_Both<"flatten", "const Tensor &self, int64_t start_dim = 0, int64_t end_dim = -1",
    "The dimensions start_dim ... end_dim as one.">;
def : Tjit_Both<"unflatten", "const Tensor &self, int64_t dim, IntArrayRef sizes",
    "One dimension as several.">;
def : Tjit_Both<"t", "const Tensor &self",
    "The transpose of a matrix; vectors stay.">;
def : Tjit_Method<"mT", "const Tensor &self",
    "The last two dimensions exchanged.">;
def : Tjit_Both<"transpose", "const Tensor &self, int64_t dim0, int64_t dim1",
    "Two dimensions exchanged.">;
def : Tjit_Both<"swapaxes", "const Tensor &self, int64_t dim0, int64_t dim1",
    "Two dimensions exchanged.">;
def : Tjit_Both<"permute", "const Tensor &self, IntArrayRef dims",
    "Dimension i of the result is dimension dims[i].">;
def : Tjit_Both<"movedim", "const Tensor &self, int64_t source, int64_t destination",
    "One dimension moved to another place.">;
def : Tjit_Method<"expand", "const Tensor &self, IntArrayRef sizes, bool implicit = false",
    "Dimensions of size 1 repeated; -1 keeps a size. Several elements of the result are one in memory.">;
def : Tjit_Method<"expand_as", "const Tensor &self, const Tensor &other",
    "expand(other.sizes())">;
def : Tjit_Function<"broadcast_to", "const Tensor &self, IntArrayRef sizes",
    "expand(sizes)">;
def : Tjit_Both<"squeeze", "const Tensor &self",
    "Without dimensions of size 1.">;
def : Tjit_Both<"squeeze", "const Tensor &self, int64_t dim",
    "Without dimension dim if its size is 1.">;
def : Tjit_Both<"unsqueeze", "const Tensor &self, int64_t dim",
    "A new dimension of size 1 at dim.">;
def : Tjit_Both<"select", "const Tensor &self, int64_t dim, int64_t index",
    "One index of a dimension, which is dropped. IndexError where it is out of range.">;
def : Tjit_Both<"slice", "const Tensor &self, int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt, int64_t step = 1",
    "Every step-th index from start to before end; negative bounds count from the end, bounds are clamped.">;
def : Tjit_Both<"narrow", "const Tensor &self, int64_t dim, int64_t start, int64_t length",
    "`length` indices from start.">;
def : Tjit_Both<"diagonal", "const Tensor &self, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1",
    "The diagonal of two dimensions as the last one.">;
def : Tjit_Both<"as_strided", "const Tensor &self, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> storage_offset = std::nullopt",
    "Any geometry over the storage, in elements. Error where it leaves the storage.">;
def : Tjit_Other<"unbind", "std::vector<Tensor>", "const Tensor &self, int64_t dim = 0", ["function", "method"],
    "One view for every index of dim.">;
def : Tjit_Other<"split", "std::vector<Tensor>", "const Tensor &self, int64_t size, int64_t dim = 0", ["function", "method"],
    "Views of at most `size` indices of dim.">;
def : Tjit_Other<"split", "std::vector<Tensor>", "const Tensor &self, IntArrayRef sizes, int64_t dim = 0", ["function", "method"],
    "Views of the given numbers of indices of dim, which add up to its size.">;
def : Tjit_Other<"chunk", "std::vector<Tensor>", "const Tensor &self, int64_t chunks, int64_t dim = 0", ["function", "method"],
    "At most `chunks` views of one size, the last may be smaller.">;

//===----------------------------------------------------------------------------------------------------===//
// Joining and moving
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Function<"cat", "TensorList tensors, int64_t dim = 0",
    "One after another along dim; other sizes are equal, dtypes are promoted.">;
def : Tjit_Function<"concat", "TensorList tensors, int64_t dim = 0",
    "cat">;
def : Tjit_Function<"stack", "TensorList tensors, int64_t dim = 0",
    "Tensors of equal sizes along a new dimension.">;
def : Tjit_Function<"vstack", "TensorList tensors",
    "Rows (at least 2-D) one below the other.">;
def : Tjit_Function<"hstack", "TensorList tensors",
    "Side by side: along dimension 1, vectors along 0.">;
def : Tjit_Both<"flip", "const Tensor &self, IntArrayRef dims",
    "The dimensions reversed; a copy.">;
def : Tjit_Both<"roll", "const Tensor &self, IntArrayRef shifts, IntArrayRef dims = {}",
    "Shifted cyclically; without dims the flattened tensor.">;
def : Tjit_Method<"repeat", "const Tensor &self, IntArrayRef repeats",
    "Copies of the tensor along each dimension.">;
def : Tjit_Both<"tile", "const Tensor &self, IntArrayRef repeats",
    "repeat, with missing leading counts as 1.">;
def : Tjit_Both<"index_select", "const Tensor &self, int64_t dim, const Tensor &index",
    "The indices of dim that a vector (int64 or int32) names.">;
def : Tjit_Both<"gather", "const Tensor &self, int64_t dim, const Tensor &index",
    "result[i][j] = self[index[i][j]][j] for dim 0. An index out of range is an error of the evaluation.">;
def : Tjit_Both<"take", "const Tensor &self, const Tensor &index",
    "Elements of the flattened tensor.">;
def : Tjit_All<"scatter_add", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source",
    "self with source[i][j] added to [index[i][j]][j] for dim 0.">;
def : Tjit_All<"index_add", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source, const Scalar &alpha = 1",
    "self with alpha * source added to the indices of dim that a vector names.">;
def : Tjit_All<"index_fill", "const Tensor &self, int64_t dim, const Tensor &index, const Scalar &value",
    "self with a number at the indices of dim that a vector names.">;
def : Tjit_All<"index_copy", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source",
    "self with source at the indices of dim that a vector names.">;
def : Tjit_Both<"masked_select", "const Tensor &self, const Tensor &mask",
    "The elements where the mask (bool, broadcast) holds, as a vector; evaluates the mask.">;
def : Tjit_Both<"nonzero", "const Tensor &self",
    "Indices (int64, [n, dim]) of the elements that are not zero; evaluates.">;
def : Tjit_Function<"argwhere", "const Tensor &self",
    "nonzero">;
def : Tjit_Function<"one_hot", "const Tensor &self, int64_t num_classes = -1",
    "int64: 1 at the index that self names along a new last dimension. -1 classes: as many as the largest index needs; evaluates.">;

//===----------------------------------------------------------------------------------------------------===//
// Neural networks
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Both<"softmax", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "exp(x) / sum(exp(x)) along dim, without overflow.">;
def : Tjit_Both<"log_softmax", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "log(softmax(x)) along dim.">;
def : Tjit_Function<"nll_loss", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, int64_t reduction = 1, int64_t ignore_index = -100",
    "-self[i][target[i]], meaned (reduction 1), summed (2) or as it is (0). self [n, c] or [c], target int64 [n] or [].">;
def : Tjit_Function<"cross_entropy", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, int64_t reduction = 1, int64_t ignore_index = -100",
    "nll_loss of log_softmax along the classes. Targets of floating point are probabilities of self's sizes.">;
def : Tjit_Function<"mse_loss", "const Tensor &self, const Tensor &target, int64_t reduction = 1",
    "(self - target)^2, meaned (1), summed (2) or as it is (0).">;
def : Tjit_Function<"dropout", "const Tensor &self, double p, bool train",
    "In training: zero with probability p, else self / (1 - p).">;

#endif // TJIT_API_TD
