//===- TjitApiLinalg.td - products of matrices -------------------------------------------*- tablegen -*-===//
//
// Products of matrices and what is computed from matrices. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_LINALG_TD
#define TJIT_API_LINALG_TD

include "tjit-compiler/IR/TjitApiBase.td"

//===----------------------------------------------------------------------------------------------------===//
// Products of matrices. Operands have one dtype.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Both<"matmul", "const Tensor &self, const Tensor &other",
    "Matrix product: vectors, matrices, and batches of matrices whose leading dimensions broadcast."> { let history = "composed"; }
def : Tjit_Both<"mm", "const Tensor &self, const Tensor &mat2",
    "[m, k] x [k, n]">;
def : Tjit_Both<"bmm", "const Tensor &self, const Tensor &mat2",
    "[b, m, k] x [b, k, n]">;
def : Tjit_Both<"mv", "const Tensor &self, const Tensor &vec",
    "[m, k] x [k]">;
def : Tjit_Both<"dot", "const Tensor &self, const Tensor &other",
    "Sum of the products of two vectors of one length.">;
def : Tjit_Both<"outer", "const Tensor &self, const Tensor &vec2",
    "[m] x [n] gives [m, n]."> { let outDtype = "cast"; let history = "MulBackward0"; }
def : Tjit_Both<"inner", "const Tensor &self, const Tensor &other",
    "Sum of products over the last dimensions."> { let history = "composed"; }
def : Tjit_All<"addmm", "const Tensor &self, const Tensor &mat1, const Tensor &mat2, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * mat1 @ mat2; with beta 0 self is not read.">;
def : Tjit_All<"addmv", "const Tensor &self, const Tensor &mat, const Tensor &vec, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * mat @ vec">;
def : Tjit_All<"addr", "const Tensor &self, const Tensor &vec1, const Tensor &vec2, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * outer(vec1, vec2)">;
def : Tjit_All<"baddbmm", "const Tensor &self, const Tensor &batch1, const Tensor &batch2, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * bmm(batch1, batch2)">;
def : Tjit_Function<"linear", "const Tensor &input, const Tensor &weight, const Tensor &bias = {}",
    "input @ weight.t() + bias"> { let history = "composed"; }
def : Tjit_Both<"trace", "const Tensor &self",
    "Sum of the diagonal of a matrix.">;
def : Tjit_All<"tril", "const Tensor &self, int64_t diagonal = 0",
    "The last two dimensions, zero above the diagonal.">;
def : Tjit_All<"triu", "const Tensor &self, int64_t diagonal = 0",
    "The last two dimensions, zero below the diagonal.">;
def : Tjit_Both<"addbmm", "const Tensor &self, const Tensor &batch1, const Tensor &batch2, const Scalar &beta = 1, const Scalar &alpha = 1",
    "beta * self + alpha * the sum over the batch of bmm(batch1, batch2)">;
def : Tjit_Other<"addbmm_", "Tensor &", "const Tensor &self, const Tensor &batch1, const Tensor &batch2, const Scalar &beta = 1, const Scalar &alpha = 1", ["function", "method"],
    "addbmm stored into self, which is resized where it broadcast to the product."> { let history = "AddbmmBackward0"; }
def : Tjit_Function<"einsum", "std::string_view equation, TensorList operands",
    "Sums of products by indices: \"ij,jk->ik\"; `...` stands for dimensions that broadcast. Without an arrow the result has the indices that occur once, in alphabetical order."> { let history = "views"; }
def : Tjit_Function<"tensordot", "const Tensor &self, const Tensor &other, IntArrayRef dims_self, IntArrayRef dims_other",
    "Sums of products over pairs of dimensions; the result has the others of self, then those of other."> { let history = "ViewBackward0"; }
def : Tjit_Function<"tensordot", "const Tensor &self, const Tensor &other, int64_t dims",
    "The last `dims` dimensions of self with the first of other."> { let history = "ViewBackward0"; }
def : Tjit_Both<"kron", "const Tensor &self, const Tensor &other",
    "Kronecker product: each element of self times other."> { let outDtype = "cast"; let history = "UnsafeViewBackward0"; }
def : Tjit_Both<"cross", "const Tensor &self, const Tensor &other, std::optional<int64_t> dim = std::nullopt",
    "Vector product along a dimension of size 3, without dim the first of that size."> { let history = "LinalgCrossBackward0"; }
def : Tjit_Function<"chain_matmul", "TensorList matrices",
    "The product of all matrices."> { let history = "composed"; }
def : Tjit_Both<"matrix_power", "const Tensor &self, int64_t n",
    "linalg::matrix_power"> { let history = "composed"; }
def : Tjit_Both<"det", "const Tensor &self",
    "linalg::det"> { let history = "LinalgDetBackward0"; }
def : Tjit_Both<"logdet", "const Tensor &self",
    "The logarithm of the determinant; NaN where it is negative."> { let history = "WhereBackward0"; }
def : Tjit_Other<"slogdet", "std::tuple<Tensor, Tensor>", "const Tensor &self", ["function", "method"],
    "linalg::slogdet"> { let history = "LinalgSlogdetBackward0"; }
def : Tjit_Both<"inverse", "const Tensor &self",
    "linalg::inv"> { let history = "LinalgInvExBackward0"; }
def : Tjit_Both<"cholesky", "const Tensor &self, bool upper = false",
    "linalg::cholesky"> { let outDtype = "cast"; }
def : Tjit_Both<"pinverse", "const Tensor &self, double rcond = 1e-15",
    "linalg::pinv"> { let history = "LinalgPinvBackward0"; }
def : Tjit_Other<"svd", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &self, bool some = true, bool compute_uv = true", ["function", "method"],
    "U, S and V with self = U diag(S) V^T."> { let history = "composed"; }
def : Tjit_Other<"triangular_solve", "std::tuple<Tensor, Tensor>", "const Tensor &self, const Tensor &A, bool upper = true, bool transpose = false, bool unitriangular = false", ["function", "method"],
    "X with A X = self for a triangular A, and A.">;
def : Tjit_Both<"norm", "const Tensor &self, const std::optional<Scalar> &p, ScalarType dtype",
    "The p-norm of all elements, computed in a dtype."> { let history = "NormBackward2"; }
def : Tjit_Both<"norm", "const Tensor &self, const std::optional<Scalar> &p, IntArrayRef dim, bool keepdim, ScalarType dtype",
    "The p-norm along dims, computed in a dtype."> { let history = "NormBackward3"; }
def : Tjit_Both<"norm", "const Tensor &self, std::string_view p, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "\"fro\": of squares; \"nuc\": the sum of the singular values."> { let history = "composed"; }
def : Tjit_Function<"frobenius_norm", "const Tensor &self, IntArrayRef dim, bool keepdim = false",
    "norm(\"fro\")"> { let history = "LinalgVectorNormBackward0"; }
def : Tjit_Function<"nuclear_norm", "const Tensor &self, bool keepdim = false",
    "norm(\"nuc\") of a matrix."> { let history = "composed"; }
def : Tjit_Function<"nuclear_norm", "const Tensor &self, IntArrayRef dim, bool keepdim = false",
    "norm(\"nuc\") of two dimensions."> { let history = "composed"; }

//===----------------------------------------------------------------------------------------------------===//
// torch.linalg. Matrices or batches of them, [..., m, n]; factorizations take float32 and float64 and run in LAPACK. What
// depends on values (a singular matrix) is an error of the evaluation.
//===----------------------------------------------------------------------------------------------------===//

let history = "LinalgCholeskyExBackward0" in
defm : Tjit_Linalg<"cholesky", "const Tensor &A, bool upper = false",
    "L with A = L L^T, or with `upper` its transpose. Error where A is not positive definite.">;
defm : Tjit_Linalg<"det", "const Tensor &A",
    "The determinant.">;
defm : Tjit_Linalg<"slogdet", "const Tensor &A",
    "The sign of the determinant, and the logarithm of its magnitude.", "std::tuple<Tensor, Tensor>">;
let history = "LinalgInvExBackward0" in
defm : Tjit_Linalg<"inv", "const Tensor &A",
    "The inverse. Error where there is none.">;
let outDtype = "cast" in
defm : Tjit_Linalg<"pinv", "const Tensor &A, std::optional<double> atol = std::nullopt, std::optional<double> rtol = std::nullopt, bool hermitian = false",
    "The pseudo-inverse; singular values up to atol, or rtol times the largest, count as 0. rtol is max(m, n) * epsilon where neither is given.">;
let history = "LinalgSolveExBackward0" in
defm : Tjit_Linalg<"solve", "const Tensor &A, const Tensor &B, bool left = true",
    "X with A X = B, or X A = B. B is [..., n, k], or vectors [..., n] where its sizes are those of A without the last. Error where A is singular.">;
defm : Tjit_Linalg<"solve_triangular", "const Tensor &A, const Tensor &B, bool upper, bool left = true, bool unitriangular = false",
    "X with A X = B, or X A = B, for a triangular A.">;
defm : Tjit_Linalg<"svd", "const Tensor &A, bool full_matrices = true",
    "U, S and Vh with A = U diag(S) Vh.", "std::tuple<Tensor, Tensor, Tensor>">;
let history = "LinalgSvdBackward0" in
defm : Tjit_Linalg<"svdvals", "const Tensor &A",
    "The singular values, the largest first.">;
defm : Tjit_Linalg<"eigh", "const Tensor &A, std::string_view UPLO = \"L\"",
    "Eigenvalues, the smallest first, and eigenvectors (columns) of symmetric matrices, of which one triangle is read.", "std::tuple<Tensor, Tensor>">;
let history = "LinalgEighBackward0" in
defm : Tjit_Linalg<"eigvalsh", "const Tensor &A, std::string_view UPLO = \"L\"",
    "Eigenvalues of symmetric matrices, the smallest first.">;
let history = "composed" in
defm : Tjit_Linalg<"matrix_power", "const Tensor &A, int64_t n",
    "The product of n factors A; of inverses where n is negative.">;
let outDtype = "cast" in
defm : Tjit_Linalg<"matrix_rank", "const Tensor &A, std::optional<double> atol = std::nullopt, std::optional<double> rtol = std::nullopt, bool hermitian = false",
    "How many singular values are above the tolerance of pinv (int64).">;
let outDtype = "cast" in
defm : Tjit_Linalg<"matrix_rank", "const Tensor &A, double tol, bool hermitian = false",
    "How many singular values are above tol (int64).">;
let outDtype = "cast" in
defm : Tjit_Linalg<"pinv", "const Tensor &A, double rcond, bool hermitian = false",
    "The pseudo-inverse; singular values up to rcond times the largest count as 0.">;
let history = "ViewBackward0" in
defm : Tjit_Linalg<"multi_dot", "TensorList tensors",
    "The product of all matrices, in the order that needs the fewest multiplications; the first and last may be vectors.">;
defm : Tjit_Linalg<"cross", "const Tensor &self, const Tensor &other, int64_t dim = -1",
    "Vector product along a dimension of size 3.">;
defm : Tjit_Linalg<"vector_norm", "const Tensor &x, const Scalar &ord = 2, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "(sum |x|^ord)^(1 / ord) along dims; the largest for infinity, how many are not 0 for 0.">;
let history = "composed" in
defm : Tjit_Linalg<"matrix_norm", "const Tensor &A, const Scalar &ord, IntArrayRef dim = {-2, -1}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "1, -1: sums of columns; infinity, -infinity: of rows; 2, -2: the largest and smallest singular value.">;
let history = "composed" in
defm : Tjit_Linalg<"matrix_norm", "const Tensor &A, std::string_view ord = \"fro\", IntArrayRef dim = {-2, -1}, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "\"fro\": the root of the sum of squares; \"nuc\": the sum of the singular values.">;
let history = "composed" in
defm : Tjit_Linalg<"norm", "const Tensor &A, const std::optional<Scalar> &ord = std::nullopt, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "A vector or matrix norm, by the number of dimensions; without ord the 2-norm of all elements.">;
let history = "composed" in
defm : Tjit_Linalg<"norm", "const Tensor &A, std::string_view ord, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "The matrix norm \"fro\" or \"nuc\".">;
defm : Tjit_Linalg<"qr", "const Tensor &A, std::string_view mode = \"reduced\"",
    "Q and R with A = Q R: Q [..., m, k] with orthogonal columns, R [..., k, n] upper triangular, k = min(m, n); with the mode \"complete\" Q is [..., m, m], with \"r\" it is empty.", "std::tuple<Tensor, Tensor>">;
let history = "LinalgLuFactorExBackward0" in
defm : Tjit_Linalg<"lu_factor", "const Tensor &A, bool pivot = true",
    "Both factors of A = P L U in one matrix, and the pivots (int32), for lu_solve. Error where A is singular.", "std::tuple<Tensor, Tensor>">;
defm : Tjit_Linalg<"lu_factor_ex", "const Tensor &A, bool pivot = true, bool check_errors = false",
    "The same, with the first zero on the diagonal of U, from 1, or 0 (int32), in place of the error.", "std::tuple<Tensor, Tensor, Tensor>">;
defm : Tjit_Linalg<"lu", "const Tensor &A, bool pivot = true",
    "P, L and U with A = P L U.", "std::tuple<Tensor, Tensor, Tensor>">;
defm : Tjit_Linalg<"lu_solve", "const Tensor &LU, const Tensor &pivots, const Tensor &B, bool left = true, bool adjoint = false",
    "X with A X = B, or X A = B, or A^T X = B, by the factors of lu_factor. Evaluates the pivots.">;
defm : Tjit_Linalg<"inv_ex", "const Tensor &A, bool check_errors = false",
    "The inverse, and 0 (int32), or another number where there is none.", "std::tuple<Tensor, Tensor>">;
let outDtype = "cast" in
defm : Tjit_Linalg<"lstsq", "const Tensor &A, const Tensor &B, std::optional<double> rcond = std::nullopt, std::optional<std::string_view> driver = std::nullopt",
    "X with the least |A X - B|, and the least |X| of these; the sums of the squares of A X - B (with gels, gelsd and gelss where m > n and the rank is n, else empty), the rank, the singular values (gelsd, gelss). Singular values up to rcond times the largest count as 0.", "std::tuple<Tensor, Tensor, Tensor, Tensor>">;
let history = "composed" in
let outDtype = "cast" in
defm : Tjit_Linalg<"cond", "const Tensor &A, const std::optional<Scalar> &p = std::nullopt",
    "The product of the norms of A and its inverse; infinity where there is none. Without p by the 2-norm, also for matrices that are not square.">;
let history = "composed" in
let outDtype = "cast" in
defm : Tjit_Linalg<"cond", "const Tensor &A, std::string_view p",
    "The same by the norm \"fro\" or \"nuc\".">;
defm : Tjit_Linalg<"eig", "const Tensor &A",
    "Error: there are no complex dtypes.", "std::tuple<Tensor, Tensor>">;
let history = "LinalgEigBackward0" in
defm : Tjit_Linalg<"eigvals", "const Tensor &A",
    "Error: there are no complex dtypes.">;
let history = "composed" in
defm : Tjit_Linalg<"vecdot", "const Tensor &x, const Tensor &y, int64_t dim = -1",
    "Sums of products along a dimension.">;
let history = "DiagonalBackward0" in
defm : Tjit_Linalg<"diagonal", "const Tensor &A, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1",
    "The diagonals, as a view.">;
let history = "ReshapeAliasBackward0" in
let outDtype = "cast" in
defm : Tjit_Linalg<"tensorinv", "const Tensor &A, int64_t ind = 2",
    "The inverse of A as a matrix whose rows are the first `ind` dimensions.">;
let history = "ViewBackward0" in
let outDtype = "cast" in
defm : Tjit_Linalg<"tensorsolve", "const Tensor &A, const Tensor &B, OptionalIntArrayRef dims = std::nullopt",
    "X with tensordot(A, X, X.dim()) = B; `dims` of A are moved to the end before.">;
def : Tjit_Other<"qr", "std::tuple<Tensor, Tensor>", "const Tensor &self, bool some = true", ["function", "method"],
    "linalg::qr, without `some` in the mode complete."> { let history = "LinalgQrBackward0"; }
def : Tjit_Both<"lu_solve", "const Tensor &self, const Tensor &LU_data, const Tensor &LU_pivots",
    "linalg::lu_solve"> { let history = "LinalgLuSolveBackward0"; }
def : Tjit_Other<"lu_unpack", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &LU_data, const Tensor &LU_pivots, bool unpack_data = true, bool unpack_pivots = true", ["function"],
    "P, L and U from what lu_factor gives. Evaluates the pivots.">;
def : Tjit_Both<"cholesky_solve", "const Tensor &self, const Tensor &input2, bool upper = false",
    "X with A X = self for A = L L^T, input2 being L or, with upper, its transpose.">;
def : Tjit_Both<"cholesky_inverse", "const Tensor &self, bool upper = false",
    "The inverse of L L^T.">;

def : Tjit_Both<"ger", "const Tensor &self, const Tensor &vec2",
    "outer"> { let outDtype = "cast"; let history = "MulBackward0"; let implementation = "outer"; }
def : Tjit_Both<"vdot", "const Tensor &self, const Tensor &other",
    "dot: there are no complex numbers."> { let implementation = "dot"; }
def : Tjit_Function<"cdist", "const Tensor &x1, const Tensor &x2, double p = 2, std::optional<int64_t> compute_mode = std::nullopt",
    "p-norms of the differences of each row of x1 [..., n, m] and each of x2 [..., k, m]: [..., n, k]."> { let history = "composed"; }
def : Tjit_Function<"pdist", "const Tensor &self, double p = 2",
    "p-norms of the differences of every two rows of a matrix, in the order of the upper triangle.">;

let history = "composed" in
defm : Tjit_Linalg<"matmul", "const Tensor &self, const Tensor &other",
    "Matrix product.">;
defm : Tjit_Linalg<"matrix_exp", "const Tensor &A",
    "The exponential of square matrices, by scaling and squaring of a Taylor polynomial. Reads the norm of A.">;
def : Tjit_Both<"matrix_exp", "const Tensor &self",
    "linalg::matrix_exp"> { let history = "LinalgMatrixExpBackward0"; let implementation = "linalg_matrix_exp"; }
defm : Tjit_Linalg<"cholesky_ex", "const Tensor &A, bool upper = false, bool check_errors = false",
    "L with A = L L^T, and 0 (int32), or the order of the first minor that is not positive. Reads A.", "std::tuple<Tensor, Tensor>">;
defm : Tjit_Linalg<"solve_ex", "const Tensor &A, const Tensor &B, bool left = true, bool check_errors = false",
    "solve, and 0 (int32), or the first zero on the diagonal of U, from 1.", "std::tuple<Tensor, Tensor>">;
let outDtype = "cast" in
defm : Tjit_Linalg<"householder_product", "const Tensor &A, const Tensor &tau",
    "The first columns of the product of the reflections I - tau[i] v v^T, whose vectors stand below the diagonal of A.">;
def : Tjit_Both<"orgqr", "const Tensor &self, const Tensor &input2",
    "linalg::householder_product"> { let history = "LinalgHouseholderProductBackward0"; let implementation = "linalg_householder_product"; }
let history = "CatBackward0" in
defm : Tjit_Linalg<"vander", "const Tensor &x, std::optional<int64_t> N = std::nullopt",
    "The powers 0 to N - 1 of each element; N is the last size where it is not given.">;
def : Tjit_Function<"vander", "const Tensor &x, std::optional<int64_t> N = std::nullopt, bool increasing = false",
    "The powers of the elements of a vector, the highest first unless they increase."> { let history = "composed"; }

#endif // TJIT_API_LINALG_TD
