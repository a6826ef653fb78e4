//===- TjitOpsLinalg.td - factorizations, by LAPACK ------------------------------------------*- tablegen -*-===//
//
// Operands are matrices or batches of them, [..., m, n], of float32 or float64. An operation has one result: where a
// factorization has several, they lie one after another in the last dimension, each row-major, and their reader takes
// slices (docs/adr/0009-packed-factorizations.md). Included from TjitOps.td.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_OPS_LINALG_TD
#define TJIT_OPS_LINALG_TD

class Tjit_Factorization<string mnemonic, string inference, string what> : Tjit_Op<mnemonic, LibraryClass, inference> {
  let summary = what;
  let arguments = (ins Tjit_Tensor:$input);
  let results = (outs Tjit_Tensor:$result);
  let dtypes = "float32Or64";
  let testCases = ["3x3xT", "2x1x4x4xT", "0x0xT", "2x0x0xT"];
}

def CholeskyOp : Tjit_Factorization<"cholesky", "squareMatrix", "L, lower triangular, with input = L L^T"> {
  let description = [{
    Reads the lower triangle. A matrix that is not positive definite is an error of the evaluation.
  }];
  let testRange = "0.5, 2";
  let testCases = ["1x1xT", "3x1x1xT", "0x0xT", "2x0x0xT"];
}
def DetOp : Tjit_Factorization<"det", "determinant", "determinant">;
def CofactorOp : Tjit_Factorization<"cofactor", "squareMatrix", "matrix of cofactors, the derivative of the determinant; of singular matrices too">;
def SlogdetOp : Tjit_Factorization<"slogdet", "signAndLog", "[..., 2]: sign of the determinant, logarithm of its magnitude">;
def SvdvalsOp : Tjit_Factorization<"svdvals", "singularValues", "[..., min(m, n)]: singular values, the largest first"> {
  let testCases = ["3x3xT", "2x3x5xT", "4x2xT", "0x3xT", "2x3x0xT"];
}
def SvdOp : Tjit_Op<"svd", LibraryClass, "svd"> {
  let summary = "input = U diag(S) Vh, packed: U [m, k], S [k], Vh [k, n] with k = min(m, n)";
  let description = "With `full` U is [m, m] and Vh [n, n]. The singular values fall.";
  let arguments = (ins Tjit_Tensor:$input, BoolAttr:$full);
  let results = (outs Tjit_Tensor:$result);
  let dtypes = "float32Or64";
  let testCases = ["3x3xT | full = false", "2x3x5xT | full = true", "4x2xT | full = false", "4x2xT | full = true",
                   "0x3xT | full = true"];
}
def EigvalshOp : Tjit_Factorization<"eigvalsh", "eigenvalues", "[..., n]: eigenvalues of symmetric matrices, the smallest first">;
def EighOp : Tjit_Factorization<"eigh", "eigenvectors", "input = V diag(L) V^T of symmetric matrices, packed: L [n], V [n, n]"> {
  let description = "Reads the lower triangle. The eigenvalues rise; eigenvectors are the columns of V.";
}

def QrOp : Tjit_Op<"qr", LibraryClass, "qr"> {
  let summary = "input = Q R, packed: Q [m, k] with orthogonal columns, R [k, n] upper triangular, k = min(m, n)";
  let description = [{
    By Householder reflections, so the diagonal of R may have any sign. With `full` Q is [m, m] and R [m, n].
  }];
  let arguments = (ins Tjit_Tensor:$input, BoolAttr:$full);
  let results = (outs Tjit_Tensor:$result);
  let dtypes = "float32Or64";
  let testCases = ["3x3xT | full = false", "2x3x5xT | full = true", "4x2xT | full = false", "4x2xT | full = true",
                   "0x3xT | full = true", "3x0xT | full = true"];
}
def LuFactorOp : Tjit_Op<"lu_factor", LibraryClass, "luFactor"> {
  let summary = "input[perm] = L U, packed: both factors [m, n], pivots [min(m, n)], perm [m]";
  let description = [{
    With partial pivoting. L lies below the diagonal, which is U's (L's is 1). The pivots are LAPACK's: row i was exchanged
    with row pivots[i] - 1, one after another; perm says where each row came from. Both are whole numbers in the operand's
    dtype. With `checked` a zero on the diagonal of U is an error of the evaluation.
  }];
  let arguments = (ins Tjit_Tensor:$input, BoolAttr:$checked);
  let results = (outs Tjit_Tensor:$result);
  let dtypes = "float32Or64";
  let testCases = ["3x3xT | checked = true", "2x3x5xT | checked = false", "4x2xT | checked = false", "0x3xT | checked = true"];
}

def SolveOp : Tjit_Op<"solve", LibraryClass, "solve"> {
  let summary = "X with lhs X = rhs, lhs [..., n, n], rhs [..., n, k] with the same leading sizes";
  let description = [{
    By LU factors with partial pivoting. A singular matrix is an error of the evaluation if `checked`, and gives infinities and NaN
    otherwise.
  }];
  let arguments = (ins Tjit_Tensor:$lhs, Tjit_Tensor:$rhs, BoolAttr:$checked);
  let results = (outs Tjit_Tensor:$result);
  let dtypes = "float32Or64";
  let testCases = ["3x3xT, 3x2xT | checked = true", "2x1x4x4xT, 2x1x4x1xT | checked = false", "0x0xT, 0x2xT | checked = true",
                   "3x3xT, 3x0xT | checked = true"];
}
def TriangularSolveOp : Tjit_Op<"triangular_solve", LibraryClass, "solve"> {
  let summary = "X with lhs X = rhs, lhs triangular; only its triangle is read, with `unitriangular` not its diagonal";
  let description = "A zero on the diagonal gives infinities and NaN.";
  let arguments = (ins Tjit_Tensor:$lhs, Tjit_Tensor:$rhs, BoolAttr:$upper, BoolAttr:$unitriangular);
  let results = (outs Tjit_Tensor:$result);
  let dtypes = "float32Or64";
  let testCases = ["3x3xT, 3x2xT | upper = false, unitriangular = false", "2x1x4x4xT, 2x1x4x1xT | upper = true, unitriangular = true",
                   "0x0xT, 0x2xT | upper = true, unitriangular = false"];
}

#endif // TJIT_OPS_LINALG_TD
