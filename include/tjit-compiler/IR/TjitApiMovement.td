//===- TjitApiMovement.td - joining, gathering and moving --------------------------------*- tablegen -*-===//
//
// Functions that copy elements to other places. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_MOVEMENT_TD
#define TJIT_API_MOVEMENT_TD

include "tjit-compiler/IR/TjitApiBase.td"

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
def : Tjit_Function<"row_stack", "TensorList tensors",
    "vstack"> { let implementation = "vstack"; }
def : Tjit_Function<"dstack", "TensorList tensors",
    "Along dimension 2 of tensors with at least three.">;
def : Tjit_Function<"column_stack", "TensorList tensors",
    "Side by side, vectors as columns.">;
def : Tjit_Both<"fliplr", "const Tensor &self",
    "Dimension 1 reversed. Error for fewer than two dimensions.">;
def : Tjit_Both<"flipud", "const Tensor &self",
    "Dimension 0 reversed. Error for a tensor without dimensions.">;
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
def : Tjit_Other<"nonzero", "std::vector<Tensor>", "const Tensor &self, bool as_tuple", ["function", "method"],
    "nonzero(), or with as_tuple nonzero_numpy().">;
def : Tjit_Other<"nonzero_numpy", "std::vector<Tensor>", "const Tensor &self", ["function", "method"],
    "The indices of the elements that are not zero, a vector for each dimension (a 0-dim tensor has one); evaluates.">;
def : Tjit_Function<"argwhere", "const Tensor &self",
    "nonzero">;
def : Tjit_Function<"one_hot", "const Tensor &self, int64_t num_classes = -1",
    "int64: 1 at the index that self names along a new last dimension. -1 classes: as many as the largest index needs; evaluates.">;

#endif // TJIT_API_MOVEMENT_TD
