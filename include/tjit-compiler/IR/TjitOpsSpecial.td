//===- TjitOpsSpecial.td - special functions ---------------------------------------------*- tablegen -*-===//
//
// Functions of floating point beyond those of TjitOps.td that are no composition of others: each is a template in
// lib/IR/Elementary*.h.
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
def TrigammaOp : Tjit_Unary<"trigamma", "derivative of digamma; infinity at 0, -1, -2, ..."> {
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
}
def CopysignOp : Tjit_Binary<"copysign", "|x| with the sign bit of y", "float">;
def NextafterOp : Tjit_Binary<"nextafter", "the number of float32 or float64 next to x in the direction of y", "float">;

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
