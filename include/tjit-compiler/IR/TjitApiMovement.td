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
    "One after another along dim; other sizes are equal, dtypes are promoted."> { let outDtype = "cast"; let distinct = 1; }
def : Tjit_Function<"concat", "TensorList tensors, int64_t dim = 0",
    "cat"> { let outDtype = "cast"; let history = "CatBackward0"; let distinct = 1; let synonyms = ["concatenate"]; }
def : Tjit_Function<"block_diag", "TensorList tensors",
    "A matrix with the tensors (at most 2-D) as blocks on its diagonal, zero elsewhere.">;
def : Tjit_Function<"stack", "TensorList tensors, int64_t dim = 0",
    "Tensors of equal sizes along a new dimension."> { let outDtype = "cast"; }
def : Tjit_Function<"vstack", "TensorList tensors",
    "Rows (at least 2-D) one below the other."> { let outDtype = "cast"; let history = "CatBackward0"; }
def : Tjit_Function<"hstack", "TensorList tensors",
    "Side by side: along dimension 1, vectors along 0."> { let outDtype = "cast"; let history = "CatBackward0"; }
def : Tjit_Function<"row_stack", "TensorList tensors",
    "vstack"> { let outDtype = "cast"; let history = "CatBackward0"; let implementation = "vstack"; }
def : Tjit_Function<"dstack", "TensorList tensors",
    "Along dimension 2 of tensors with at least three."> { let outDtype = "cast"; let history = "CatBackward0"; }
def : Tjit_Function<"column_stack", "TensorList tensors",
    "Side by side, vectors as columns."> { let outDtype = "cast"; let history = "CatBackward0"; }
def : Tjit_Both<"fliplr", "const Tensor &self",
    "Dimension 1 reversed. Error for fewer than two dimensions."> { let history = "FlipBackward0"; }
def : Tjit_Both<"flipud", "const Tensor &self",
    "Dimension 0 reversed. Error for a tensor without dimensions."> { let history = "FlipBackward0"; }
def : Tjit_Both<"flip", "const Tensor &self, IntArrayRef dims",
    "The dimensions reversed; a copy.">;
def : Tjit_Both<"roll", "const Tensor &self, IntArrayRef shifts, IntArrayRef dims = {}",
    "Shifted cyclically; without dims the flattened tensor.">;
def : Tjit_Method<"repeat", "const Tensor &self, IntArrayRef repeats",
    "Copies of the tensor along each dimension.">;
def : Tjit_Both<"tile", "const Tensor &self, IntArrayRef repeats",
    "repeat, with missing leading counts as 1."> { let history = "RepeatBackward0"; }
def : Tjit_Both<"index_select", "const Tensor &self, int64_t dim, const Tensor &index",
    "The indices of dim that a vector (int64 or int32) names."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_Both<"gather", "const Tensor &self, int64_t dim, const Tensor &index, bool sparse_grad = false",
    "result[i][j] = self[index[i][j]][j] for dim 0. An index out of range is an error of the evaluation."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_Both<"take", "const Tensor &self, const Tensor &index",
    "Elements of the flattened tensor."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_All<"scatter_add", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &src",
    "self with src[i][j] added to [index[i][j]][j] for dim 0."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_All<"index_add", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source, const Scalar &alpha = 1",
    "self with alpha * source added to the indices of dim that a vector names."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_All<"index_fill", "const Tensor &self, int64_t dim, const Tensor &index, const Scalar &value",
    "self with a number at the indices of dim that a vector names."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_All<"index_fill", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &value",
    "self with a 0-dim tensor at the indices of dim that a vector names."> { let saves = ["index"]; let history = "IndexFillBackward1"; let distinct = 1; }
def : Tjit_All<"index_copy", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source",
    "self with source at the indices of dim that a vector names."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_Both<"masked_select", "const Tensor &self, const Tensor &mask",
    "The elements where the mask (bool, broadcast) holds, as a vector; evaluates the mask."> { let saves = ["mask"]; let distinct = 1; }
def : Tjit_Both<"nonzero", "const Tensor &self",
    "Indices (int64, [n, dim]) of the elements that are not zero; evaluates.">;
def : Tjit_Other<"nonzero", "std::vector<Tensor>", "const Tensor &self, bool as_tuple", ["function", "method"],
    "nonzero(), or with as_tuple nonzero_numpy().">;
def : Tjit_Other<"nonzero_numpy", "std::vector<Tensor>", "const Tensor &self", ["function", "method"],
    "The indices of the elements that are not zero, a vector for each dimension (a 0-dim tensor has one); evaluates.">;
def : Tjit_Both<"argwhere", "const Tensor &self",
    "nonzero">;
def : Tjit_Both<"nonzero_static", "const Tensor &self, int64_t size, int64_t fill_value = -1",
    "The first `size` rows of nonzero(), filled up where it has fewer; evaluates.">;
def : Tjit_Function<"one_hot", "const Tensor &self, int64_t num_classes = -1",
    "int64: 1 at the index that self names along a new last dimension. -1 classes: as many as the largest index needs; evaluates.">;
def : Tjit_All<"scatter", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &src",
    "self with src[i][j] at [index[i][j]][j] for dim 0; the last of several stays."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_All<"scatter", "const Tensor &self, int64_t dim, const Tensor &index, const Scalar &value",
    "self with a number at [index[i][j]][j] for dim 0."> { let saves = ["index"]; let history = "ScatterBackward1"; let distinct = 1; }
def : Tjit_All<"scatter", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &src, std::string_view reduce",
    "self with src combined with what is there: \"add\" or \"multiply\"."> { let saves = ["index"]; let history = "composed"; let distinct = 1; }
def : Tjit_All<"scatter", "const Tensor &self, int64_t dim, const Tensor &index, const Scalar &value, std::string_view reduce",
    "self with a number combined with what is there: \"add\" or \"multiply\"."> { let saves = ["index"]; let history = "composed"; let distinct = 1; }
def : Tjit_All<"scatter_reduce", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &src, std::string_view reduce, bool include_self = true",
    "The \"sum\", \"prod\", \"mean\", \"amax\" or \"amin\" of what meets in each place, with what was there unless include_self is false."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_All<"index_reduce", "const Tensor &self, int64_t dim, const Tensor &index, const Tensor &source, std::string_view reduce, bool include_self = true",
    "scatter_reduce of whole slices along dim, by a vector of indices."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_Function<"index", "const Tensor &self, TensorList indices",
    "self at index tensors (undefined: all of a dimension), as Tensor::index.">;
def : Tjit_Both<"index_put", "const Tensor &self, TensorList indices, const Tensor &values, bool accumulate = false",
    "self with values where index tensors (undefined: all of a dimension) point; `accumulate` adds.">;
def : Tjit_All<"masked_scatter", "const Tensor &self, const Tensor &mask, const Tensor &source",
    "self with the elements of source, in order, where the mask holds. Error where there are too few; evaluates.">;
def : Tjit_All<"put", "const Tensor &self, const Tensor &index, const Tensor &source, bool accumulate = false",
    "self with source at places of the flattened tensor; `accumulate` adds."> { let saves = ["index"]; let distinct = 1; }
def : Tjit_Both<"take_along_dim", "const Tensor &self, const Tensor &indices, std::optional<int64_t> dim = std::nullopt",
    "gather with dimensions of size 1 repeated; without dim of the flattened tensor."> { let history = "GatherBackward0"; }
def : Tjit_Both<"select_scatter", "const Tensor &self, const Tensor &src, int64_t dim, int64_t index",
    "A copy with src in place of one index of dim.">;
def : Tjit_Both<"slice_scatter", "const Tensor &self, const Tensor &src, int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt, int64_t step = 1",
    "A copy with src in place of a slice.">;
def : Tjit_Both<"diagonal_scatter", "const Tensor &self, const Tensor &src, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1",
    "A copy with src in place of a diagonal.">;
def : Tjit_Both<"as_strided_scatter", "const Tensor &self, const Tensor &src, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> storage_offset = std::nullopt",
    "A copy with src in place of a strided view.">;
def : Tjit_Both<"repeat_interleave", "const Tensor &self, int64_t repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt",
    "Each index of dim several times; without dim of the flattened tensor."> { let history = "composed"; }
def : Tjit_Both<"repeat_interleave", "const Tensor &self, const Tensor &repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt",
    "Each index of dim as often as repeats says; evaluates."> { let history = "composed"; }
def : Tjit_Function<"repeat_interleave", "const Tensor &repeats, std::optional<int64_t> output_size = std::nullopt",
    "0 repeats[0] times, 1 repeats[1] times, ...; evaluates."> { let history = "composed"; }
def : Tjit_All<"renorm", "const Tensor &self, const Scalar &p, int64_t dim, const Scalar &maxnorm",
    "Slices of dim whose p-norm is above maxnorm are made that short.">;
def : Tjit_Both<"rot90", "const Tensor &self, int64_t k = 1, IntArrayRef dims = {0, 1}",
    "Turned k times by 90 degrees from the first of two dimensions to the second; a copy.">;
def : Tjit_Other<"unravel_index", "std::vector<Tensor>", "const Tensor &indices, IntArrayRef shape", ["function"],
    "The coordinates, one tensor for each dimension, of places in a row-major tensor of a shape.">;

def : Tjit_Function<"cartesian_prod", "TensorList tensors",
    "All combinations of the elements of vectors, one a row."> { let history = "StackBackward0"; }
def : Tjit_Other<"fill_diagonal_", "Tensor &", "const Tensor &self, const Scalar &fill_value, bool wrap = false", ["method"],
    "Fills the diagonal; with wrap that of a tall matrix goes on behind each square block. More than two dimensions must have one size."> { let history = "composed"; }

#endif // TJIT_API_MOVEMENT_TD
