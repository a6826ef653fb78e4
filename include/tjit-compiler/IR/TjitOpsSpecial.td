//===- TjitOpsSpecial.td - special functions ---------------------------------------------*- tablegen -*-===//
//
// Functions of floating point beyond those of TjitOps.td that are no composition of others. Those of one shape that are
// interpreted are one operation with an attribute, computed in float64 (lib/Runtime/SpecialValues.h); the others are templates
// in lib/IR/Elementary*.h.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_OPS_SPECIAL_TD
#define TJIT_OPS_SPECIAL_TD

def ErfinvOp : Tjit_Unary<"erfinv", "inverse of the error function; NaN outside of [-1, 1]"> {
  let testRange = "-0.7, 0.7";
  let maxUlp = "6";
}
def LgammaOp : Tjit_Unary<"lgamma", "log of the absolute value of the gamma function; infinity at 0, -1, -2, ..."> {
  let description = "The bound holds for arguments above 0; near the zeros between the poles below 0 the error is absolute.";
  let testRange = "0.3, 4";
  let maxUlp = "6";
}
def DigammaOp : Tjit_Unary<"digamma", "derivative of lgamma; infinity of the other sign at 0, NaN at -1, -2, ..."> {
  let description = "The bound holds for arguments above 2; near the zeros (1.46...) the error is absolute.";
  let testRange = "0.3, 4";
  let maxUlp = "16";
}
def TrigammaOp : Tjit_Unary<"trigamma", "derivative of digamma; infinity at 0, large at -1, -2, ..."> {
  let description = "By PyTorch's series of three terms, 2e-9 from the exact value; the bound is that of its evaluation, above 1/2.";
  let testRange = "0.3, 4";
  let maxUlp = "8";
}
def ZetaOp : Tjit_Binary<"zeta", "Hurwitz zeta function: the sum of (y + k)^-x over k = 0, 1, ..., for x > 1", "float"> {
  let description = [{
    Infinity where x is 1 or y is 0, -1, -2, ...; NaN where x is below 1, or y is negative and x no integer. The bound
    holds for arguments above 1.
  }];
  let testRange = "1.5, 4";
  let maxUlp = "64";
  let costly = 1;
}
def CopysignOp : Tjit_Binary<"copysign", "|x| with the sign bit of y; NaN counts as positive", "float">;
def NextafterOp : Tjit_Binary<"nextafter", "the number of float32 or float64 next to x in the direction of y", "float">;

// Functions of one operand that are computed in float64 and rounded once.
class Tjit_Interpreted<string mnemonic, string inference, string what> : Tjit_Op<mnemonic, ElementwiseClass, inference> {
  let summary = what;
  let results = (outs Tjit_Value:$result);
  let dtypes = "float";
  let costly = 1;
}
def Tjit_SpecialFunctionAttr : Tjit_FunctionAttr<"SpecialFunction", "what tjit.special computes", [
  I64EnumAttrCase<"i0", 0>, I64EnumAttrCase<"i0e", 1>, I64EnumAttrCase<"i1", 2>, I64EnumAttrCase<"i1e", 3>,
  I64EnumAttrCase<"erfcx", 4>, I64EnumAttrCase<"ndtri", 5>, I64EnumAttrCase<"log_ndtr", 6>,
  I64EnumAttrCase<"mantissa", 7>, I64EnumAttrCase<"exponent", 8>]>; // of frexp
def SpecialOp : Tjit_Interpreted<"special", "special", "a special function with a derivative, or frexp's mantissa or exponent"> {
  let arguments = (ins Tjit_Value:$input, Tjit_SpecialFunctionAttr:$function);
  let testRange = "0.1, 0.9";
  let testCases = ["3x4xT | function = i0", "T | function = i0e", "0x4xT | function = i1", "3x4xT | function = i1e",
                   "3x4xT | function = erfcx", "3x4xT | function = ndtri", "3x4xT | function = log_ndtr",
                   "3x4xT | function = mantissa", "3x4xT | function = exponent"];
}
def Tjit_BesselFunctionAttr : Tjit_FunctionAttr<"BesselFunction", "what tjit.bessel computes", [
  I64EnumAttrCase<"airy_ai", 0>, I64EnumAttrCase<"j0", 1>, I64EnumAttrCase<"j1", 2>, I64EnumAttrCase<"y0", 3>,
  I64EnumAttrCase<"y1", 4>, I64EnumAttrCase<"modified_i0", 5>, I64EnumAttrCase<"modified_i1", 6>,
  I64EnumAttrCase<"modified_k0", 7>, I64EnumAttrCase<"modified_k1", 8>, I64EnumAttrCase<"scaled_k0", 9>,
  I64EnumAttrCase<"scaled_k1", 10>, I64EnumAttrCase<"spherical_j0", 11>]>;
def BesselOp : Tjit_Interpreted<"bessel", "bessel", "a Bessel function; without derivative, as in PyTorch"> {
  let arguments = (ins Tjit_Value:$input, Tjit_BesselFunctionAttr:$function);
  let testCases = ["3x4xT | function = airy_ai", "T | function = j0", "0x4xT | function = j1", "3x4xT | function = y0",
                   "3x4xT | function = y1", "3x4xT | function = modified_i0", "3x4xT | function = modified_i1",
                   "3x4xT | function = modified_k0", "3x4xT | function = modified_k1", "3x4xT | function = scaled_k0",
                   "3x4xT | function = scaled_k1", "3x4xT | function = spherical_j0"];
}
def Tjit_PolynomialFamilyAttr : Tjit_FunctionAttr<"PolynomialFamily", "which polynomials tjit.polynomial computes", [
  I64EnumAttrCase<"chebyshev_t", 0>, I64EnumAttrCase<"chebyshev_u", 1>, I64EnumAttrCase<"chebyshev_v", 2>,
  I64EnumAttrCase<"chebyshev_w", 3>, I64EnumAttrCase<"hermite_h", 4>, I64EnumAttrCase<"hermite_he", 5>,
  I64EnumAttrCase<"laguerre_l", 6>, I64EnumAttrCase<"legendre_p", 7>]>;
def PolynomialOp : Tjit_Interpreted<"polynomial", "polynomial",
                                    "the orthogonal polynomial of degree n (truncated) at x, or at 2x - 1 where it is shifted"> {
  let description = "0 for a negative degree. Without derivative, as in PyTorch.";
  let arguments = (ins Tjit_Value:$x, Tjit_Value:$n, Tjit_PolynomialFamilyAttr:$family, BoolAttr:$shifted);
  let testRange = "0, 5";
  let testCases = ["3x4xT, 3x4xT | family = chebyshev_t, shifted = false", "3x4xT, 4xT | family = chebyshev_u, shifted = true",
                   "T, 3x4xT | family = chebyshev_v, shifted = false", "3x4xT, T | family = chebyshev_w, shifted = true",
                   "T, T | family = hermite_h, shifted = false", "0x4xT, 4xT | family = hermite_he, shifted = false",
                   "3x4xT, 4xT | family = laguerre_l, shifted = false", "3x1xT, 1x5xT | family = legendre_p, shifted = false"];
}
def IgammaOp : Tjit_Interpreted<"igamma", "broadcast", "the regularized incomplete gamma function P(a, x), or Q(a, x) where it is upper"> {
  let arguments = (ins Tjit_Value:$a, Tjit_Value:$x, BoolAttr:$upper);
  let testRange = "0.5, 4";
  let testCases = ["3x4xT, 3x4xT | upper = false", "3x4xT, 4xT | upper = true", "T, T | upper = false"];
}

def : Tjit_DerivativeFn<SpecialOp, "specialRule", ["input"]>;
// By x alone: PyTorch has no derivative by a either.
def : Tjit_DerivativeFn<IgammaOp, "igammaRule", [], [[], ["a", "x"]]>;
def : Tjit_Derivative<ErfinvOp, [
  (MulOp $grad, (MulOp (ExpOp (MulOp $result, $result)), "0.886226925452758"))]>; // sqrt(pi) / 2 * exp(y^2)
def : Tjit_Derivative<LgammaOp, [(MulOp $grad, (DigammaOp $input))]>;
def : Tjit_Derivative<TrigammaOp, [(MulOp $grad, (MulOp (ZetaOp 3, $input), "-2"))]>;
// The derivative by x has no closed form; PyTorch has none either.
def : Tjit_Derivative<ZetaOp, [(NoGrad), (MulOp $grad, (NegOp (MulOp $lhs, (ZetaOp (AddOp $lhs, 1), $rhs))))]>;
def : Tjit_Derivative<DigammaOp, [(MulOp $grad, (TrigammaOp $input))]>;
// The sign of y decides; |x| has slope 0 at 0.
def : Tjit_Derivative<CopysignOp, [(MulOp $grad, (MulOp (SignOp $lhs), (CopysignOp 1, $rhs))), (Zero)]>;

#endif // TJIT_OPS_SPECIAL_TD
