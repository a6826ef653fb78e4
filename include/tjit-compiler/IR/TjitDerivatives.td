//===- TjitDerivatives.td - derivative rules of the operations ------------------------------*- tablegen -*-===//
//
// One rule per operation that has a derivative, for every operand in order; see Tjit_Derivative in TjitBase.td. They follow
// PyTorch where a function has a kink, a tie or a corner case. An operation without a rule (comparisons, bits, indices) has
// a result that never requires grad.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_DERIVATIVES_TD
#define TJIT_DERIVATIVES_TD

//===----------------------------------------------------------------------------------------------------===//
// Elementwise, one operand
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Derivative<NegOp, [(NegOp $grad)]>;
def : Tjit_Derivative<AbsOp, [(MulOp $grad, (SignOp $input))]>;
def : Tjit_Derivative<SqrtOp, [(DivOp $grad, (MulOp $result, 2))]>;
def : Tjit_Derivative<RsqrtOp, [(MulOp (MulOp $grad, "-0.5"), (MulOp $result, (MulOp $result, $result)))]>;
def : Tjit_Derivative<ExpOp, [(MulOp $grad, $result)]>;
def : Tjit_Derivative<Expm1Op, [(MulOp $grad, (AddOp $result, 1))]>;
def : Tjit_Derivative<LogOp, [(DivOp $grad, $input)]>;
def : Tjit_Derivative<Log1pOp, [(DivOp $grad, (AddOp $input, 1))]>;
def : Tjit_Derivative<SinOp, [(MulOp $grad, (CosOp $input))]>;
def : Tjit_Derivative<CosOp, [(NegOp (MulOp $grad, (SinOp $input)))]>;
def : Tjit_Derivative<TanhOp, [(MulOp $grad, (SubOp 1, (MulOp $result, $result)))]>;
// 2 / sqrt(pi) * exp(-x^2)
def : Tjit_Derivative<ErfOp, [(MulOp $grad, (MulOp (ExpOp (NegOp (MulOp $input, $input))), "1.1283791670955126"))]>;
// 0 at 0; a NaN lets the gradient pass.
def : Tjit_Derivative<ReluOp, [(WhereOp (LeOp $result, 0), 0, $grad)]>;
def : Tjit_DerivativeFn<CheckValuesOp, "checkValuesRule">;

// Steps: the derivative is zero wherever it exists.
def : Tjit_Derivative<SignOp, [(Zero)]>;
def : Tjit_Derivative<FloorOp, [(Zero)]>;
def : Tjit_Derivative<CeilOp, [(Zero)]>;
def : Tjit_Derivative<TruncOp, [(Zero)]>;
def : Tjit_Derivative<RoundOp, [(Zero)]>;

def : Tjit_DerivativeFn<CastOp, "castRule">;

//===----------------------------------------------------------------------------------------------------===//
// Elementwise, two and three operands
//===----------------------------------------------------------------------------------------------------===//

// A gradient that is $grad itself costs nothing.
def : Tjit_DerivativeFn<AddOp, "addRule">;
def : Tjit_DerivativeFn<SubOp, "subRule">;
def : Tjit_Derivative<MulOp, [(MulOp $grad, $rhs), (MulOp $grad, $lhs)]>;
def : Tjit_Derivative<DivOp, [(DivOp $grad, $rhs), (NegOp (MulOp $grad, (DivOp (DivOp $lhs, $rhs), $rhs)))]>;
def : Tjit_Derivative<FloorDivideOp, [(Zero), (Zero)]>;
// x - y * floor(x / y), and with trunc
def : Tjit_DerivativeFn<RemainderOp, "remainderRule", [], [[], ["lhs", "rhs"]]>;
def : Tjit_DerivativeFn<FmodOp, "fmodRule", [], [[], ["lhs", "rhs"]]>;
// x^0 is constant in x, also at 0; 0^y is constant in y where y >= 0.
def : Tjit_Derivative<PowOp, [
  (WhereOp (EqOp $rhs, 0), 0, (MulOp $grad, (MulOp $rhs, (PowOp $lhs, (SubOp $rhs, 1))))),
  (MulOp $grad, (WhereOp (BitwiseAndOp (EqOp $lhs, 0), (GeOp $rhs, 0)), 0, (MulOp $result, (LogOp $lhs))))]>;
// Ties share evenly.
def : Tjit_Derivative<MaximumOp, [
  (WhereOp (EqOp $lhs, $rhs), (MulOp $grad, "0.5"), (WhereOp (LtOp $lhs, $rhs), 0, $grad)),
  (WhereOp (EqOp $lhs, $rhs), (MulOp $grad, "0.5"), (WhereOp (LtOp $rhs, $lhs), 0, $grad))]>;
def : Tjit_Derivative<MinimumOp, [
  (WhereOp (EqOp $lhs, $rhs), (MulOp $grad, "0.5"), (WhereOp (GtOp $lhs, $rhs), 0, $grad)),
  (WhereOp (EqOp $lhs, $rhs), (MulOp $grad, "0.5"), (WhereOp (GtOp $rhs, $lhs), 0, $grad))]>;
def : Tjit_DerivativeFn<Atan2Op, "atan2Rule", ["lhs", "rhs"]>;
def : Tjit_Derivative<WhereOp, [(NoGrad), (WhereOp $condition, $grad, 0), (WhereOp $condition, 0, $grad)]>;

//===----------------------------------------------------------------------------------------------------===//
// Reductions and the matrix product
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_DerivativeFn<SumOp, "sumRule">;
def : Tjit_DerivativeFn<ProdOp, "prodRule", ["input"]>;
def : Tjit_DerivativeFn<AmaxOp, "extremumRule", ["input", "result"]>;
def : Tjit_DerivativeFn<AminOp, "extremumRule", ["input", "result"]>;
def : Tjit_DerivativeFn<MatmulOp, "matmulRule", [], [["rhs"], ["lhs"]]>;

//===----------------------------------------------------------------------------------------------------===//
// Views and movement
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_DerivativeFn<PermuteOp, "permuteRule">;
def : Tjit_DerivativeFn<ExpandOp, "expandRule">;
def : Tjit_DerivativeFn<ReshapeOp, "reshapeRule">;
def : Tjit_DerivativeFn<FlipOp, "flipRule">;
def : Tjit_DerivativeFn<SliceOp, "sliceRule", ["start"]>;
def : Tjit_DerivativeFn<AsStridedOp, "asStridedRule", ["offset"]>;
def : Tjit_DerivativeFn<WriteViewOp, "writeViewRule", ["offset"]>;
def : Tjit_DerivativeFn<ConcatOp, "concatRule">;
def : Tjit_DerivativeFn<GatherOp, "gatherRule", ["index"]>;
def : Tjit_DerivativeFn<ScatterAddOp, "scatterAddRule", [], [[], [], ["index"]]>;
def : Tjit_DerivativeFn<ScatterOp, "scatterRule", [], [["index"], [], ["index"]]>;
def : Tjit_DerivativeFn<ScatterReduceOp, "scatterReduceRule", ["input", "index", "source", "result"]>;

//===----------------------------------------------------------------------------------------------------===//
// Lines and matrices
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_DerivativeFn<CumsumOp, "cumsumRule">;
def : Tjit_DerivativeFn<CumprodOp, "cumprodRule", ["input"]>;
def : Tjit_DerivativeFn<CholeskyOp, "choleskyRule", ["result"]>;
def : Tjit_DerivativeFn<DetOp, "detRule", ["input"]>;
def : Tjit_DerivativeFn<CofactorOp, "cofactorRule", ["input", "result"]>;
def : Tjit_DerivativeFn<SlogdetOp, "slogdetRule", ["input"]>;
def : Tjit_DerivativeFn<SvdvalsOp, "svdvalsRule", ["input"]>;
def : Tjit_DerivativeFn<SvdOp, "svdRule", ["result"]>;
def : Tjit_DerivativeFn<QrOp, "qrRule", ["result"]>;
def : Tjit_DerivativeFn<LuFactorOp, "luFactorRule", ["result"]>;
def : Tjit_DerivativeFn<EigvalshOp, "eigvalshRule", ["input"]>;
def : Tjit_DerivativeFn<EighOp, "eighRule", ["result"]>;
def : Tjit_DerivativeFn<SolveOp, "solveRule", [], [["lhs", "result"], ["lhs"]]>;
def : Tjit_DerivativeFn<TriangularSolveOp, "triangularSolveRule", [], [["lhs", "result"], ["lhs"]]>;

#endif // TJIT_DERIVATIVES_TD
