//===- TjitDerivatives.td - derivative rules of the operations ------------------------------*- tablegen -*-===//
//
// One rule per operation that has a derivative, for every operand in order; see Tjit_Derivative in TjitBase.td.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_DERIVATIVES_TD
#define TJIT_DERIVATIVES_TD

def : Tjit_Derivative<NegOp, [(NegOp $grad)]>;
def : Tjit_Derivative<SinOp, [(MulOp $grad, (CosOp $input))]>;
def : Tjit_Derivative<MulOp, [(MulOp $grad, $rhs), (MulOp $grad, $lhs)]>;
def : Tjit_DerivativeFn<SumOp, "sumRule">;

#endif // TJIT_DERIVATIVES_TD
