//===- TjitApiElementwise.td - functions of elements -------------------------------------*- tablegen -*-===//
//
// Functions that compute an element of the result from one element of every operand. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_ELEMENTWISE_TD
#define TJIT_API_ELEMENTWISE_TD

include "tjit-compiler/IR/TjitApiBase.td"

let outDtype = "cast" in {

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
def : Tjit_ApiUnary<NegOp, NegOp.opName, 0> { let outDtype = "exact"; }
def : Tjit_ApiUnary<AbsOp, AbsOp.opName, 0> { let outDtype = "exact"; }
def : Tjit_ApiUnary<SignOp, SignOp.opName, 0> { let outDtype = "exact"; }
def : Tjit_ApiUnary<ReluOp, ReluOp.opName, 0>;
def : Tjit_ApiUnary<BitwiseNotOp, BitwiseNotOp.opName, 0>;
def : Tjit_ApiUnary<NegOp, "negative", 0> { let outDtype = "exact"; let history = "NegBackward0"; }
def : Tjit_ApiUnary<AbsOp, "absolute", 0> { let outDtype = "exact"; let history = "AbsBackward0"; }
def : Tjit_All<"floor", "const Tensor &self",
    "The largest integer not above x; integers stay."> { let outDtype = "exact"; }
def : Tjit_All<"ceil", "const Tensor &self",
    "The smallest integer not below x; integers stay."> { let outDtype = "exact"; }
def : Tjit_All<"round", "const Tensor &self",
    "The nearest integer, ties to even; integers stay."> { let outDtype = "exact"; }
def : Tjit_All<"round", "const Tensor &self, int64_t decimals",
    "To a number of decimals, or to a power of ten where it is negative. Error for integers."> { let outDtype = "exact"; let history = "RoundBackward1"; }
def : Tjit_All<"trunc", "const Tensor &self",
    "x without its fraction; integers stay."> { let outDtype = "exact"; }
def : Tjit_All<"frac", "const Tensor &self",
    "The fraction of x, with its sign."> { let outDtype = "exact"; }
def : Tjit_All<"square", "const Tensor &self",
    "x * x"> { let history = "PowBackward0"; }
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
    "Inverse hyperbolic sine."> { let historyInPlace = "AsinhBackward1"; }
def : Tjit_All<"acosh", "const Tensor &self",
    "Inverse hyperbolic cosine."> { let historyInPlace = "AcoshBackward1"; }
def : Tjit_All<"atanh", "const Tensor &self",
    "Inverse hyperbolic tangent."> { let historyInPlace = "AtanhBackward1"; }
def : Tjit_All<"erfc", "const Tensor &self",
    "1 - erf(x)">;
def : Tjit_ApiUnary<ErfinvOp>;
def : Tjit_All<"lgamma", "const Tensor &self",
    "Log of the absolute value of the gamma function.">;
def : Tjit_All<"digamma", "const Tensor &self",
    "Derivative of lgamma.">;
def : Tjit_Other<"polygamma", "Tensor", "const Tensor &self, int64_t n", ["method", "inplace"],
    "The n-th derivative of digamma."> { let outDtype = "cast"; let historyInPlace = "PolygammaBackward1"; }
def : Tjit_Function<"polygamma", "int64_t n, const Tensor &self",
    "The n-th derivative of digamma."> { let outDtype = "cast"; }
def : Tjit_Function<"special_zeta", "const Tensor &self, const Tensor &other",
    "Hurwitz zeta function: the sum of (other + k)^-self over k = 0, 1, ...">;
def : Tjit_All<"sinc", "const Tensor &self",
    "sin(pi x) / (pi x), 1 at 0">;
def : Tjit_All<"logit", "const Tensor &self, std::optional<double> eps = std::nullopt",
    "log(x / (1 - x)); with eps x is limited to [eps, 1 - eps] before."> { let outDtype = "cast"; }
def : Tjit_All<"deg2rad", "const Tensor &self",
    "Degrees as radians.">;
def : Tjit_All<"rad2deg", "const Tensor &self",
    "Radians as degrees.">;
def : Tjit_All<"nan_to_num", "const Tensor &self, std::optional<double> nan = std::nullopt, std::optional<double> posinf = std::nullopt, std::optional<double> neginf = std::nullopt",
    "NaN, infinity and -infinity replaced: by 0 and the largest and the smallest finite number unless others are given."> { let outDtype = "exact"; }
def : Tjit_All<"logical_not", "const Tensor &self",
    "Whether x is zero (bool)."> { let historyInPlace = "none"; }
def : Tjit_Function<"silu", "const Tensor &self",
    "x * sigmoid(x)">;
def : Tjit_Function<"gelu", "const Tensor &self",
    "x * Phi(x), Phi the normal distribution function.">;
def : Tjit_Function<"softplus", "const Tensor &self",
    "log(1 + exp(x))">;
def : Tjit_Function<"log_sigmoid", "const Tensor &self",
    "log(sigmoid(x))">;
def : Tjit_Function<"leaky_relu", "const Tensor &self, const Scalar &slope = 0.01",
    "x where it is positive, else slope * x."> { let flat = 1; }
def : Tjit_Both<"isnan", "const Tensor &self",
    "Whether x is not a number (bool)."> { let outDtype = "exact"; }
def : Tjit_Both<"isinf", "const Tensor &self",
    "Whether x is an infinity (bool).">;
def : Tjit_Both<"isposinf", "const Tensor &self",
    "Whether x is infinity (bool)."> { let outDtype = "exact"; }
def : Tjit_Both<"isneginf", "const Tensor &self",
    "Whether x is -infinity (bool)."> { let outDtype = "exact"; }
def : Tjit_Both<"signbit", "const Tensor &self",
    "Whether the sign bit is set, of -0 and NaN too (bool)."> { let outDtype = "exact"; }
def : Tjit_Both<"isfinite", "const Tensor &self",
    "Whether x is neither an infinity nor NaN (bool).">;

//===----------------------------------------------------------------------------------------------------===//
// Elementwise, two operands: shapes broadcast, dtypes are promoted as in PyTorch
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_All<"add", "const Tensor &self, const Tensor &other, const Scalar &alpha = 1",
    "self + alpha * other"> { let numberFirst = 1; }
def : Tjit_All<"add", "const Tensor &self, const Scalar &other, const Scalar &alpha = 1",
    "self + alpha * other"> { let history = "AddBackward1"; }
def : Tjit_All<"sub", "const Tensor &self, const Tensor &other, const Scalar &alpha = 1",
    "self - alpha * other; Error for bools"> { let numberFirst = 1; }
def : Tjit_All<"sub", "const Tensor &self, const Scalar &other, const Scalar &alpha = 1",
    "self - alpha * other; Error for bools"> { let history = "SubBackward1"; }
def : Tjit_All<"mul", "const Tensor &self, const Tensor &other",
    "self * other"> { let numberFirst = 1; }
def : Tjit_All<"mul", "const Tensor &self, const Scalar &other",
    "self * other"> { let history = "MulBackward1"; }
def : Tjit_All<"div", "const Tensor &self, const Tensor &other",
    "self / other in floating point"> { let numberFirst = 1; }
def : Tjit_All<"div", "const Tensor &self, const Scalar &other",
    "self / other in floating point"> { let history = "DivBackward1"; }
def : Tjit_All<"floor_divide", "const Tensor &self, const Tensor &other",
    "floor(self / other), without a derivative; integer division by zero is an error of the evaluation"> { let history = "torch::autograd::NotImplemented"; let numberFirst = 1; }
def : Tjit_All<"floor_divide", "const Tensor &self, const Scalar &other",
    "floor(self / other), without a derivative; integer division by zero is an error of the evaluation"> { let history = "torch::autograd::NotImplemented"; }
def : Tjit_All<"remainder", "const Tensor &self, const Tensor &other",
    "self - other * floor(self / other), the sign of other"> { let history = "RemainderBackward1"; }
def : Tjit_All<"remainder", "const Tensor &self, const Scalar &other",
    "self - other * floor(self / other), the sign of other">;
def : Tjit_All<"fmod", "const Tensor &self, const Tensor &other",
    "self - other * trunc(self / other), the sign of self"> { let history = "FmodBackward1"; }
def : Tjit_All<"fmod", "const Tensor &self, const Scalar &other",
    "self - other * trunc(self / other), the sign of self">;
def : Tjit_All<"pow", "const Tensor &self, const Tensor &other",
    "self to the other. Error for integers to negative integer powers."> { let history = "PowBackward1"; }
def : Tjit_All<"pow", "const Tensor &self, const Scalar &other",
    "self to the other. Error for integers to negative integer powers.">;
def : Tjit_All<"gcd", "const Tensor &self, const Tensor &other",
    "The greatest common divisor, negative only with the smallest integer; gcd(0, 0) is 0. Integers only.">;
def : Tjit_All<"lcm", "const Tensor &self, const Tensor &other",
    "The least common multiple, not negative, 0 where one is 0; it wraps. Integers only.">;
def : Tjit_All<"bitwise_and", "const Tensor &self, const Tensor &other",
    "Bits of both; integers and bools."> { let synonyms = ["__and__"]; }
def : Tjit_All<"bitwise_and", "const Tensor &self, const Scalar &other",
    "Bits of both; integers and bools."> { let synonyms = ["__and__"]; }
def : Tjit_All<"bitwise_or", "const Tensor &self, const Tensor &other",
    "Bits of either; integers and bools."> { let synonyms = ["__or__"]; }
def : Tjit_All<"bitwise_or", "const Tensor &self, const Scalar &other",
    "Bits of either; integers and bools."> { let synonyms = ["__or__"]; }
def : Tjit_All<"bitwise_xor", "const Tensor &self, const Tensor &other",
    "Bits of one; integers and bools."> { let synonyms = ["__xor__"]; }
def : Tjit_All<"bitwise_xor", "const Tensor &self, const Scalar &other",
    "Bits of one; integers and bools."> { let synonyms = ["__xor__"]; }
def : Tjit_All<"bitwise_left_shift", "const Tensor &self, const Tensor &other",
    "self * 2^other"> { let synonyms = ["__lshift__"]; }
def : Tjit_All<"bitwise_left_shift", "const Tensor &self, const Scalar &other",
    "self * 2^other"> { let synonyms = ["__lshift__"]; }
def : Tjit_All<"bitwise_right_shift", "const Tensor &self, const Tensor &other",
    "floor(self / 2^other)"> { let synonyms = ["__rshift__"]; }
def : Tjit_All<"bitwise_right_shift", "const Tensor &self, const Scalar &other",
    "floor(self / 2^other)"> { let synonyms = ["__rshift__"]; }
def : Tjit_Function<"bitwise_and", "const Scalar &self, const Tensor &other",
    "Bits of both, the first a number.">;
def : Tjit_Function<"bitwise_or", "const Scalar &self, const Tensor &other",
    "Bits of either, the first a number.">;
def : Tjit_Function<"bitwise_xor", "const Scalar &self, const Tensor &other",
    "Bits of one, the first a number.">;
def : Tjit_Function<"bitwise_left_shift", "const Scalar &self, const Tensor &other",
    "self * 2^other, the first a number.">;
def : Tjit_Function<"bitwise_right_shift", "const Scalar &self, const Tensor &other",
    "floor(self / 2^other), the first a number.">;
def : Tjit_All<"div", "const Tensor &self, const Tensor &other, std::optional<std::string_view> rounding_mode",
    "self / other, rounded: \"trunc\", \"floor\" or none."> { let history = "DivBackward2"; }
def : Tjit_All<"div", "const Tensor &self, const Scalar &other, std::optional<std::string_view> rounding_mode",
    "self / other, rounded: \"trunc\", \"floor\" or none."> { let history = "DivBackward3"; }
def : Tjit_Both<"rsub", "const Tensor &self, const Tensor &other, const Scalar &alpha = 1",
    "other - alpha * self">;
def : Tjit_Both<"rsub", "const Tensor &self, const Scalar &other, const Scalar &alpha = 1",
    "other - alpha * self"> { let history = "RsubBackward1"; }
def : Tjit_Function<"pow", "const Scalar &self, const Tensor &exponent",
    "A number to the powers of a tensor."> { let history = "PowBackward2"; }
def : Tjit_Function<"remainder", "const Scalar &self, const Tensor &other",
    "The remainder of a number divided by the elements."> { let history = "RemainderBackward1"; }
def : Tjit_Both<"maximum", "const Tensor &self, const Tensor &other",
    "The larger of both; NaN if either is.">;
def : Tjit_Both<"minimum", "const Tensor &self, const Tensor &other",
    "The smaller of both; NaN if either is.">;
def : Tjit_All<"atan2", "const Tensor &self, const Tensor &other",
    "The angle of the point (y = self, x = other).">;
def : Tjit_All<"hypot", "const Tensor &self, const Tensor &other",
    "sqrt(self^2 + other^2)">;
def : Tjit_All<"true_divide", "const Tensor &self, const Tensor &other",
    "div"> { let numberFirst = 1; let history = "DivBackward0"; let implementation = "div"; }
def : Tjit_All<"true_divide", "const Tensor &self, const Scalar &other",
    "div"> { let history = "DivBackward1"; let implementation = "div"; }
def : Tjit_All<"divide", "const Tensor &self, const Tensor &other",
    "div"> { let history = "DivBackward0"; let implementation = "div"; }
def : Tjit_All<"divide", "const Tensor &self, const Scalar &other",
    "div"> { let history = "DivBackward1"; let implementation = "div"; }
def : Tjit_All<"multiply", "const Tensor &self, const Tensor &other",
    "mul"> { let history = "MulBackward0"; let implementation = "mul"; }
def : Tjit_All<"multiply", "const Tensor &self, const Scalar &other",
    "mul"> { let history = "MulBackward1"; let implementation = "mul"; }
def : Tjit_All<"divide", "const Tensor &self, const Tensor &other, std::optional<std::string_view> rounding_mode",
    "div"> { let history = "DivBackward2"; let implementation = "div"; }
def : Tjit_All<"divide", "const Tensor &self, const Scalar &other, std::optional<std::string_view> rounding_mode",
    "div"> { let history = "DivBackward3"; let implementation = "div"; }
def : Tjit_All<"subtract", "const Tensor &self, const Tensor &other, const Scalar &alpha = 1",
    "sub"> { let history = "SubBackward0"; let implementation = "sub"; }
def : Tjit_All<"subtract", "const Tensor &self, const Scalar &other, const Scalar &alpha = 1",
    "sub"> { let history = "SubBackward1"; let implementation = "sub"; }
def : Tjit_All<"copysign", "const Tensor &self, const Tensor &other",
    "|self| with the sign of other">;
def : Tjit_All<"copysign", "const Tensor &self, const Scalar &other",
    "|self| with the sign of other"> { let history = "CopysignBackward1"; }
def : Tjit_All<"nextafter", "const Tensor &self, const Tensor &other",
    "The number next to self towards other.">;
def : Tjit_Both<"logaddexp", "const Tensor &self, const Tensor &other",
    "log(exp(self) + exp(other)) without overflow">;
def : Tjit_Both<"logaddexp2", "const Tensor &self, const Tensor &other",
    "log2(2^self + 2^other) without overflow">;
def : Tjit_All<"xlogy", "const Tensor &self, const Tensor &other",
    "self * log(other), 0 where self is 0 and other is no NaN">;
def : Tjit_All<"xlogy", "const Tensor &self, const Scalar &other",
    "self * log(other), 0 where self is 0 and other is no NaN"> { let history = "XlogyBackward2"; }
def : Tjit_Function<"xlogy", "const Scalar &self, const Tensor &other",
    "self * log(other), 0 where self is 0 and other is no NaN"> { let history = "XlogyBackward1"; }
def : Tjit_All<"heaviside", "const Tensor &self, const Tensor &values",
    "0 below 0, 1 above, `values` at 0. Both have one dtype; no derivative."> { let outDtype = "exact"; let history = "torch::autograd::NotImplemented"; }
def : Tjit_Both<"float_power", "const Tensor &self, const Tensor &exponent",
    "self to the other, in float64"> { let history = "PowBackward1"; }
def : Tjit_Both<"float_power", "const Tensor &self, const Scalar &exponent",
    "self to the other, in float64"> { let history = "PowBackward0"; }
def : Tjit_Other<"float_power_", "Tensor &", "const Tensor &self, const Tensor &exponent", ["function", "method"],
    "self, of float64, to the other"> { let history = "PowBackward1"; }
def : Tjit_Other<"float_power_", "Tensor &", "const Tensor &self, const Scalar &exponent", ["function", "method"],
    "self, of float64, to the other"> { let history = "PowBackward0"; }
def : Tjit_Function<"float_power", "const Scalar &self, const Tensor &exponent",
    "self to the other, in float64"> { let history = "PowBackward2"; }
def : Tjit_Both<"fmax", "const Tensor &self, const Tensor &other",
    "The larger of both; a NaN gives way to a number.">;
def : Tjit_Both<"fmin", "const Tensor &self, const Tensor &other",
    "The smaller of both; a NaN gives way to a number.">;
def : Tjit_All<"logical_and", "const Tensor &self, const Tensor &other",
    "Whether both are not zero (bool)."> { let historyInPlace = "none"; }
def : Tjit_All<"logical_or", "const Tensor &self, const Tensor &other",
    "Whether either is not zero (bool)."> { let historyInPlace = "none"; }
def : Tjit_All<"logical_xor", "const Tensor &self, const Tensor &other",
    "Whether one is not zero (bool)."> { let historyInPlace = "none"; }
def : Tjit_All<"eq", "const Tensor &self, const Tensor &other",
    "self == other (bool)"> { let historyInPlace = "EqBackward1"; let flatInPlace = 1; }
def : Tjit_All<"eq", "const Tensor &self, const Scalar &other",
    "self == other (bool)">;
def : Tjit_All<"ne", "const Tensor &self, const Tensor &other",
    "self != other (bool)"> { let synonyms = ["not_equal"]; let historyInPlace = "NeBackward1"; let flatInPlace = 1; }
def : Tjit_All<"ne", "const Tensor &self, const Scalar &other",
    "self != other (bool)"> { let synonyms = ["not_equal"]; }
def : Tjit_All<"lt", "const Tensor &self, const Tensor &other",
    "self < other (bool)"> { let synonyms = ["less"]; let historyInPlace = "LtBackward1"; let flatInPlace = 1; }
def : Tjit_All<"lt", "const Tensor &self, const Scalar &other",
    "self < other (bool)"> { let synonyms = ["less"]; }
def : Tjit_All<"le", "const Tensor &self, const Tensor &other",
    "self <= other (bool)"> { let synonyms = ["less_equal"]; let historyInPlace = "LeBackward1"; let flatInPlace = 1; }
def : Tjit_All<"le", "const Tensor &self, const Scalar &other",
    "self <= other (bool)"> { let synonyms = ["less_equal"]; }
def : Tjit_All<"gt", "const Tensor &self, const Tensor &other",
    "self > other (bool)"> { let synonyms = ["greater"]; let historyInPlace = "GtBackward1"; let flatInPlace = 1; }
def : Tjit_All<"gt", "const Tensor &self, const Scalar &other",
    "self > other (bool)"> { let synonyms = ["greater"]; }
def : Tjit_All<"ge", "const Tensor &self, const Tensor &other",
    "self >= other (bool)"> { let synonyms = ["greater_equal"]; let historyInPlace = "GeBackward1"; let flatInPlace = 1; }
def : Tjit_All<"ge", "const Tensor &self, const Scalar &other",
    "self >= other (bool)"> { let synonyms = ["greater_equal"]; }
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
    "self where the condition (bool) holds, else other; all broadcast."> { let outDtype = "exact"; }
def : Tjit_Function<"where", "const Tensor &condition, const Tensor &self, const Scalar &other",
    "self where the condition (bool) holds, else other."> { let outDtype = "exact"; }
def : Tjit_Function<"where", "const Tensor &condition, const Scalar &self, const Tensor &other",
    "self where the condition (bool) holds, else other."> { let outDtype = "exact"; }
def : Tjit_Function<"where", "const Tensor &condition, const Scalar &self, const Scalar &other",
    "self where the condition (bool) holds, else other."> { let outDtype = "exact"; }
def : Tjit_Method<"where", "const Tensor &self, const Tensor &condition, const Tensor &other",
    "self where the condition (bool) holds, else other; all broadcast."> { let implementation = "selfWhere"; }
def : Tjit_Method<"where", "const Tensor &self, const Tensor &condition, const Scalar &other",
    "self where the condition (bool) holds, else the number."> { let implementation = "selfWhere"; }
def : Tjit_Other<"where", "std::vector<Tensor>", "const Tensor &condition", ["function"],
    "The index tensors of the elements that are not zero, one for each dimension; evaluates.">;
def : Tjit_All<"clamp", "const Tensor &self, std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt",
    "Limited to [min, max]."> { let outDtype = "exact"; let history = "ClampBackward1"; }
def : Tjit_All<"clamp", "const Tensor &self, const std::optional<Tensor> &min, const std::optional<Tensor> &max = std::nullopt",
    "Limited to [min, max] elementwise; a bound that is not given is none.">;
def : Tjit_All<"clip", "const Tensor &self, std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt",
    "clamp"> { let outDtype = "exact"; let history = "ClampBackward1"; let implementation = "clamp"; }
def : Tjit_All<"clip", "const Tensor &self, const std::optional<Tensor> &min, const std::optional<Tensor> &max = std::nullopt",
    "clamp"> { let history = "ClampBackward0"; let implementation = "clamp"; }
def : Tjit_All<"clamp_min", "const Tensor &self, const Tensor &min",
    "max(x, min)"> { let history = "ClampMinBackward1"; }
def : Tjit_All<"clamp_max", "const Tensor &self, const Tensor &max",
    "min(x, max)"> { let history = "ClampMaxBackward1"; }
def : Tjit_All<"clamp_min", "const Tensor &self, const Scalar &min",
    "max(x, min)"> { let outDtype = "exact"; }
def : Tjit_All<"clamp_max", "const Tensor &self, const Scalar &max",
    "min(x, max)"> { let outDtype = "exact"; }
def : Tjit_All<"lerp", "const Tensor &self, const Tensor &end, const Scalar &weight",
    "self + weight * (end - self)">;
def : Tjit_All<"lerp", "const Tensor &self, const Tensor &end, const Tensor &weight",
    "self + weight * (end - self)"> { let outDtype = "exact"; let history = "LerpBackward1"; }
def : Tjit_All<"addcmul", "const Tensor &self, const Tensor &a, const Tensor &b, const Scalar &value = 1",
    "self + value * a * b">;
def : Tjit_All<"addcdiv", "const Tensor &self, const Tensor &a, const Tensor &b, const Scalar &value = 1",
    "self + value * a / b">;
def : Tjit_Both<"fill", "const Tensor &self, const Scalar &value",
    "The number everywhere, in the sizes and dtype of self.">;
def : Tjit_Both<"fill", "const Tensor &self, const Tensor &value",
    "The 0-dim tensor everywhere, in the sizes and dtype of self."> { let history = "FillBackward1"; }
def : Tjit_All<"masked_fill", "const Tensor &self, const Tensor &mask, const Scalar &value",
    "value where the mask (bool, broadcast) holds, else self.">;
def : Tjit_All<"masked_fill", "const Tensor &self, const Tensor &mask, const Tensor &value",
    "The 0-dim value where the mask (bool, broadcast) holds, else self."> { let history = "MaskedFillBackward1"; }

def : Tjit_ApiUnary<SignOp, "sgn", 0> { let outDtype = "exact"; }
def : Tjit_Both<"positive", "const Tensor &self",
    "The tensor itself. Error for bools."> { let history = "composed"; }
def : Tjit_Both<"isreal", "const Tensor &self",
    "true everywhere (bool): there are no complex numbers.">;
def : Tjit_Function<"real", "const Tensor &self",
    "The tensor itself: there are no complex ones."> { let history = "composed"; }
def : Tjit_All<"ldexp", "const Tensor &self, const Tensor &other",
    "self * 2^other">;

} // let outDtype

#endif // TJIT_API_ELEMENTWISE_TD
