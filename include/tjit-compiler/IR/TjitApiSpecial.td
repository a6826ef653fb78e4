//===- TjitApiSpecial.td - special functions and second names of elementwise ones ---------*- tablegen -*-===//
//
// torch::special::X is torch::special_X.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_SPECIAL_TD
#define TJIT_API_SPECIAL_TD

include "tjit-compiler/IR/TjitApiBase.td"

let outDtype = "cast" in {

multiclass Tjit_Special<string n, string params, string text> {
  def : Tjit_Api<n, "Tensor", params, ["function"]> {
    let scope = "special";
    let implementation = "special_" # n;
    let doc = text;
  }
  def : Tjit_Api<"special_" # n, "Tensor", params, ["function"]> { let doc = text; }
}

let history = "Log1PBackward0" in
defm : Tjit_Special<"log1p", "const Tensor &self",
    "log1p">;
let history = "Expm1Backward0" in
defm : Tjit_Special<"expm1", "const Tensor &self",
    "expm1">;
let history = "Exp2Backward0" in
defm : Tjit_Special<"exp2", "const Tensor &self",
    "exp2">;
let history = "ErfBackward0" in
defm : Tjit_Special<"erf", "const Tensor &self",
    "erf">;
let history = "ErfcBackward0" in
defm : Tjit_Special<"erfc", "const Tensor &self",
    "erfc">;
let history = "ErfinvBackward0" in
defm : Tjit_Special<"erfinv", "const Tensor &self",
    "erfinv">;
let history = "DigammaBackward0" in
defm : Tjit_Special<"digamma", "const Tensor &self",
    "digamma">;
let history = "RoundBackward0" in
defm : Tjit_Special<"round", "const Tensor &self",
    "round">;
let history = "SincBackward0" in
defm : Tjit_Special<"sinc", "const Tensor &self",
    "sinc">;
let history = "SigmoidBackward0" in
defm : Tjit_Special<"expit", "const Tensor &self",
    "sigmoid">;
let history = "LgammaBackward0" in
defm : Tjit_Special<"gammaln", "const Tensor &self",
    "lgamma">;
let history = "DigammaBackward0" in
defm : Tjit_Special<"psi", "const Tensor &self",
    "digamma">;
let history = "LogitBackward0" in
let outDtype = "cast" in
defm : Tjit_Special<"logit", "const Tensor &self, std::optional<double> eps = std::nullopt",
    "logit">;
let history = "LogsumexpBackward0" in
defm : Tjit_Special<"logsumexp", "const Tensor &self, IntArrayRef dim, bool keepdim = false",
    "logsumexp">;
let history = "SoftmaxBackward0" in
defm : Tjit_Special<"softmax", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "softmax">;
let history = "LogSoftmaxBackward0" in
defm : Tjit_Special<"log_softmax", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "log_softmax">;
let history = "PolygammaBackward0" in
let outDtype = "cast" in
defm : Tjit_Special<"polygamma", "int64_t n, const Tensor &self",
    "The n-th derivative of digamma.">;
let history = "MvlgammaBackward0" in
defm : Tjit_Special<"multigammaln", "const Tensor &self, int64_t p",
    "mvlgamma">;
def : Tjit_Api<"zeta", "Tensor", "const Tensor &self, const Tensor &other", ["function"]> {
  let scope = "special";
  let implementation = "special_zeta";
  let doc = "Hurwitz zeta function.";
}
let history = "XlogyBackward0" in
defm : Tjit_Special<"xlogy", "const Tensor &self, const Tensor &other",
    "self * log(other), 0 where self is 0 and other is no NaN">;
defm : Tjit_Special<"xlog1py", "const Tensor &self, const Tensor &other",
    "self * log(1 + other), 0 where self is 0 and other is no NaN">;
let history = "XlogyBackward1" in
defm : Tjit_Special<"xlogy", "const Scalar &self, const Tensor &other",
    "self * log(other), 0 where self is 0 and other is no NaN">;
let history = "SpecialXlog1PyBackward1" in
defm : Tjit_Special<"xlog1py", "const Scalar &self, const Tensor &other",
    "self * log(1 + other), 0 where self is 0 and other is no NaN">;
let history = "XlogyBackward2" in
defm : Tjit_Special<"xlogy", "const Tensor &self, const Scalar &other",
    "self * log(other), 0 where self is 0 and other is no NaN">;
let history = "SpecialXlog1PyBackward2" in
defm : Tjit_Special<"xlog1py", "const Tensor &self, const Scalar &other",
    "self * log(1 + other), 0 where self is 0 and other is no NaN">;
let history = "IgammaBackward0" in
defm : Tjit_Special<"gammainc", "const Tensor &self, const Tensor &other",
    "igamma">;
let history = "IgammacBackward0" in
defm : Tjit_Special<"gammaincc", "const Tensor &self, const Tensor &other",
    "igammac">;
defm : Tjit_Special<"entr", "const Tensor &self",
    "-x * log(x); 0 at 0, -infinity below.">;
let history = "MulBackward1" in
defm : Tjit_Special<"ndtr", "const Tensor &self",
    "The distribution function of the normal distribution.">;
defm : Tjit_Special<"ndtri", "const Tensor &self",
    "The inverse of ndtr.">;
defm : Tjit_Special<"log_ndtr", "const Tensor &self",
    "log(ndtr(x)) without underflow.">;
defm : Tjit_Special<"erfcx", "const Tensor &self",
    "exp(x^2) * erfc(x).">;
let history = "I0Backward0" in
defm : Tjit_Special<"i0", "const Tensor &self",
    "The modified Bessel function of the first kind and order 0.">;
defm : Tjit_Special<"i0e", "const Tensor &self",
    "exp(-|x|) * i0(x).">;
defm : Tjit_Special<"i1", "const Tensor &self",
    "The modified Bessel function of the first kind and order 1.">;
defm : Tjit_Special<"i1e", "const Tensor &self",
    "exp(-|x|) * i1(x).">;
defm : Tjit_Special<"airy_ai", "const Tensor &self",
    "The Airy function Ai. Without derivative.">;
defm : Tjit_Special<"bessel_j0", "const Tensor &self",
    "The Bessel function of the first kind and order 0. Without derivative.">;
defm : Tjit_Special<"bessel_j1", "const Tensor &self",
    "The same of order 1.">;
defm : Tjit_Special<"bessel_y0", "const Tensor &self",
    "The Bessel function of the second kind and order 0. Without derivative.">;
defm : Tjit_Special<"bessel_y1", "const Tensor &self",
    "The same of order 1.">;
defm : Tjit_Special<"modified_bessel_i0", "const Tensor &self",
    "i0, without derivative.">;
defm : Tjit_Special<"modified_bessel_i1", "const Tensor &self",
    "i1, without derivative.">;
defm : Tjit_Special<"modified_bessel_k0", "const Tensor &self",
    "The modified Bessel function of the second kind and order 0. Without derivative.">;
defm : Tjit_Special<"modified_bessel_k1", "const Tensor &self",
    "The same of order 1.">;
defm : Tjit_Special<"scaled_modified_bessel_k0", "const Tensor &self",
    "exp(x) * modified_bessel_k0(x).">;
defm : Tjit_Special<"scaled_modified_bessel_k1", "const Tensor &self",
    "exp(x) * modified_bessel_k1(x).">;
defm : Tjit_Special<"spherical_bessel_j0", "const Tensor &self",
    "sin(x) / x, without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_t", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_t", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_t", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_u", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_u", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_u", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_v", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_v", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_v", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_w", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_w", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"chebyshev_polynomial_w", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_t", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_t", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_t", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_u", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_u", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_u", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_v", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_v", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_v", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_w", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_w", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"shifted_chebyshev_polynomial_w", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"hermite_polynomial_h", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"hermite_polynomial_h", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"hermite_polynomial_h", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"hermite_polynomial_he", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"hermite_polynomial_he", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"hermite_polynomial_he", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"laguerre_polynomial_l", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"laguerre_polynomial_l", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"laguerre_polynomial_l", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"legendre_polynomial_p", "const Tensor &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"legendre_polynomial_p", "const Scalar &x, const Tensor &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;
defm : Tjit_Special<"legendre_polynomial_p", "const Tensor &x, const Scalar &n",
    "The polynomial of degree n at x, 0 for a negative degree. Without derivative.">;

def : Tjit_All<"i0", "const Tensor &self",
    "The modified Bessel function of the first kind and order 0.">;
def : Tjit_All<"igamma", "const Tensor &self, const Tensor &other",
    "The regularized lower incomplete gamma function P(self, other). No derivative by self.">;
def : Tjit_All<"igammac", "const Tensor &self, const Tensor &other",
    "1 - igamma(self, other). No derivative by self.">;
def : Tjit_All<"mvlgamma", "const Tensor &self, int64_t p",
    "The logarithm of the multivariate gamma function of dimension p."> { let outDtype = "cast"; }
def : Tjit_Other<"frexp", "std::tuple<Tensor, Tensor>", "const Tensor &self", ["function", "method"],
    "Mantissas in [0.5, 1) and exponents (int32) with self = mantissa * 2^exponent."> { let outDtype = "exact"; }
def : Tjit_Both<"angle", "const Tensor &self",
    "pi where x is negative, else 0.">;
def : Tjit_Both<"conj", "const Tensor &self",
    "The tensor itself: there are no complex ones."> { let history = "composed"; let implementation = "real"; let out = 0; }
def : Tjit_Both<"conj_physical", "const Tensor &self",
    "The tensor itself: there are no complex ones."> { let history = "composed"; let implementation = "real"; let out = 0; }
def : Tjit_Both<"resolve_conj", "const Tensor &self",
    "The tensor itself: there are no complex ones."> { let history = "composed"; let implementation = "real"; let out = 0; }
def : Tjit_Both<"resolve_neg", "const Tensor &self",
    "The tensor itself: there are no complex ones."> { let history = "composed"; let implementation = "real"; let out = 0; }
def : Tjit_All<"arccos", "const Tensor &self",
    "acos"> { let history = "AcosBackward0"; let implementation = "acos"; }
def : Tjit_All<"arccosh", "const Tensor &self",
    "acosh"> { let historyInPlace = "AcoshBackward1"; let history = "AcoshBackward0"; let implementation = "acosh"; }
def : Tjit_All<"arcsin", "const Tensor &self",
    "asin"> { let history = "AsinBackward0"; let implementation = "asin"; }
def : Tjit_All<"arcsinh", "const Tensor &self",
    "asinh"> { let historyInPlace = "AsinhBackward1"; let history = "AsinhBackward0"; let implementation = "asinh"; }
def : Tjit_All<"arctan", "const Tensor &self",
    "atan"> { let history = "AtanBackward0"; let implementation = "atan"; }
def : Tjit_All<"arctanh", "const Tensor &self",
    "atanh"> { let historyInPlace = "AtanhBackward1"; let history = "AtanhBackward0"; let implementation = "atanh"; }
def : Tjit_All<"fix", "const Tensor &self",
    "trunc"> { let outDtype = "exact"; let history = "TruncBackward0"; let implementation = "trunc"; }
def : Tjit_All<"arctan2", "const Tensor &self, const Tensor &other",
    "atan2"> { let history = "Atan2Backward0"; let implementation = "atan2"; }
def : Tjit_Function<"kaiser_window", "int64_t window_length, TensorOptions options = {}",
    "The periodic Kaiser window with beta 12.">;
def : Tjit_Function<"kaiser_window", "int64_t window_length, bool periodic, TensorOptions options = {}",
    "i0(beta * sqrt(1 - x^2)) / i0(beta) for x from -1 to 1, with beta 12.">;
def : Tjit_Function<"kaiser_window", "int64_t window_length, bool periodic, double beta, TensorOptions options = {}",
    "i0(beta * sqrt(1 - x^2)) / i0(beta) for x from -1 to 1; periodic: the first elements of a window that is longer by one.">;

} // let outDtype

#endif // TJIT_API_SPECIAL_TD
