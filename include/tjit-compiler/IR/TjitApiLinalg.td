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

#endif // TJIT_API_LINALG_TD
