//===- TjitApiViews.td - views -----------------------------------------------------------*- tablegen -*-===//
//
// Tensors that share the storage of others. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_VIEWS_TD
#define TJIT_API_VIEWS_TD

include "tjit-compiler/IR/TjitApiBase.td"

let out = 0 in {

//===----------------------------------------------------------------------------------------------------===//
// Views: they share the storage; a write to one is seen by all
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Method<"view", "const Tensor &self, IntArrayRef sizes",
    "The same elements under other sizes (-1: what is left). Error where the strides do not allow it: use reshape."> { let copies = 1; }
def : Tjit_Method<"view", "const Tensor &self, ScalarType dtype",
    "The same memory as elements of another dtype, whose last size changes with theirs. Without history; as after data_ptr(), operations copy the tensor when they are recorded. Error where the strides do not allow it."> { let implementation = "viewAs"; let copies = 1; }
def : Tjit_Both<"alias", "const Tensor &self",
    "The same elements as another tensor."> { let copies = 1; }
def : Tjit_Method<"view_as", "const Tensor &self, const Tensor &other",
    "view(other.sizes())"> { let history = "ViewBackward0"; }
def : Tjit_Both<"reshape", "const Tensor &self, IntArrayRef sizes",
    "A view if the strides allow it, else a copy. One size may be -1."> { let history = "views"; }
def : Tjit_Method<"reshape_as", "const Tensor &self, const Tensor &other",
    "reshape(other.sizes())"> { let history = "views"; }
def : Tjit_Both<"flatten", "const Tensor &self, int64_t start_dim = 0, int64_t end_dim = -1",
    "The dimensions start_dim ... end_dim as one."> { let history = "views"; }
def : Tjit_Both<"unflatten", "const Tensor &self, int64_t dim, IntArrayRef sizes",
    "One dimension as several."> { let history = "ViewBackward0"; }
def : Tjit_Both<"t", "const Tensor &self",
    "The transpose of a matrix; vectors stay."> { let copies = 1; }
def : Tjit_Method<"T", "const Tensor &self",
    "The dimensions in reverse order."> { let history = "PermuteBackward0"; }
def : Tjit_Method<"numpy_T", "const Tensor &self",
    "The dimensions in reverse order."> { let history = "PermuteBackward0"; let implementation = "T"; }
def : Tjit_Method<"mT", "const Tensor &self",
    "The last two dimensions exchanged."> { let history = "TransposeBackward0"; }
def : Tjit_Method<"mH", "const Tensor &self",
    "mT, as there are no complex numbers."> { let history = "TransposeBackward0"; let implementation = "mT"; let synonyms = ["matrix_H"]; }
def : Tjit_Both<"adjoint", "const Tensor &self",
    "mT, as there are no complex numbers."> { let history = "TransposeBackward0"; let implementation = "mT"; }
def : Tjit_Both<"transpose", "const Tensor &self, int64_t dim0, int64_t dim1",
    "Two dimensions exchanged."> { let copies = 1; }
def : Tjit_Both<"swapaxes", "const Tensor &self, int64_t dim0, int64_t dim1",
    "Two dimensions exchanged."> { let history = "TransposeBackward0"; }
def : Tjit_Both<"permute", "const Tensor &self, IntArrayRef dims",
    "Dimension i of the result is dimension dims[i]."> { let copies = 1; }
def : Tjit_Both<"movedim", "const Tensor &self, int64_t source, int64_t destination",
    "One dimension moved to another place."> { let history = "views"; }
def : Tjit_Both<"movedim", "const Tensor &self, IntArrayRef source, IntArrayRef destination",
    "Dimensions moved to other places; the others keep their order."> { let history = "views"; }
def : Tjit_Both<"moveaxis", "const Tensor &self, int64_t source, int64_t destination",
    "movedim"> { let history = "views"; let implementation = "movedim"; }
def : Tjit_Both<"moveaxis", "const Tensor &self, IntArrayRef source, IntArrayRef destination",
    "movedim"> { let history = "views"; let implementation = "movedim"; }
def : Tjit_Both<"swapdims", "const Tensor &self, int64_t dim0, int64_t dim1",
    "Two dimensions exchanged."> { let history = "TransposeBackward0"; let implementation = "swapaxes"; }
def : Tjit_Method<"expand", "const Tensor &self, IntArrayRef sizes, bool implicit = false",
    "Dimensions of size 1 repeated; -1 keeps a size. Several elements of the result are one in memory."> { let copies = 1; }
def : Tjit_Method<"expand_as", "const Tensor &self, const Tensor &other",
    "expand(other.sizes())"> { let history = "ExpandBackward0"; }
def : Tjit_Both<"broadcast_to", "const Tensor &self, IntArrayRef sizes",
    "expand(sizes)"> { let history = "ExpandBackward0"; }
def : Tjit_Both<"squeeze", "const Tensor &self",
    "Without dimensions of size 1."> { let copies = 1; }
def : Tjit_Both<"squeeze", "const Tensor &self, int64_t dim",
    "Without dimension dim if its size is 1."> { let history = "SqueezeBackward1"; let copies = 1; }
def : Tjit_Both<"squeeze", "const Tensor &self, IntArrayRef dim",
    "Without those of the dimensions whose size is 1."> { let history = "SqueezeBackward2"; let copies = 1; }
def : Tjit_Both<"unsqueeze", "const Tensor &self, int64_t dim",
    "A new dimension of size 1 at dim."> { let copies = 1; }
def : Tjit_Both<"select", "const Tensor &self, int64_t dim, int64_t index",
    "One index of a dimension, which is dropped. IndexError where it is out of range."> { let copies = 1; }
def : Tjit_Both<"slice", "const Tensor &self, int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt, int64_t step = 1",
    "Every step-th index from start to before end; negative bounds count from the end, bounds are clamped."> { let copies = 1; }
def : Tjit_Both<"narrow", "const Tensor &self, int64_t dim, int64_t start, int64_t length",
    "`length` indices from start."> { let history = "SliceBackward0"; }
def : Tjit_Both<"narrow", "const Tensor &self, int64_t dim, const Tensor &start, int64_t length",
    "The same from a 0-dim integer tensor, which is evaluated."> { let history = "SliceBackward0"; }
def : Tjit_Function<"detach_copy", "const Tensor &self",
    "The elements in memory of their own, without history."> { let out = 1; let history = "views"; }
def : Tjit_Both<"narrow_copy", "const Tensor &self, int64_t dim, int64_t start, int64_t length",
    "`length` indices from start, in memory of their own."> { let out = 1; }
def : Tjit_Both<"diagonal", "const Tensor &self, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1",
    "The diagonal of two dimensions as the last one."> { let copies = 1; }
def : Tjit_Both<"as_strided", "const Tensor &self, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> storage_offset = std::nullopt",
    "Any geometry over the storage, in elements. Error where it leaves the storage."> { let copies = 1; }
def : Tjit_Other<"unbind", "std::vector<Tensor>", "const Tensor &self, int64_t dim = 0", ["function", "method"],
    "One view for every index of dim."> { let copies = 1; }
def : Tjit_Other<"split", "std::vector<Tensor>", "const Tensor &self, int64_t size, int64_t dim = 0", ["function", "method"],
    "Views of at most `size` indices of dim."> { let copies = 1; }
def : Tjit_Other<"unsafe_split", "std::vector<Tensor>", "const Tensor &self, int64_t size, int64_t dim = 0", ["function", "method"],
    "split"> { let implementation = "split"; }
def : Tjit_Other<"split", "std::vector<Tensor>", "const Tensor &self, IntArrayRef sizes, int64_t dim = 0", ["function", "method"],
    "Views of the given numbers of indices of dim, which add up to its size."> { let history = "SplitWithSizesBackward0"; }
def : Tjit_Other<"chunk", "std::vector<Tensor>", "const Tensor &self, int64_t chunks, int64_t dim = 0", ["function", "method"],
    "At most `chunks` views of one size, the last may be smaller."> { let history = "SplitBackward0"; }
def : Tjit_Other<"unsafe_chunk", "std::vector<Tensor>", "const Tensor &self, int64_t chunks, int64_t dim = 0", ["function", "method"],
    "chunk"> { let history = "UnsafeSplitBackward0"; let implementation = "chunk"; }

def : Tjit_Other<"split_with_sizes", "std::vector<Tensor>", "const Tensor &self, IntArrayRef sizes, int64_t dim = 0", ["function", "method"],
    "split"> { let implementation = "split"; let copies = 1; }
def : Tjit_Other<"unsafe_split_with_sizes", "std::vector<Tensor>", "const Tensor &self, IntArrayRef sizes, int64_t dim = 0", ["function", "method"],
    "split"> { let implementation = "split"; }
def : Tjit_Other<"tensor_split", "std::vector<Tensor>", "const Tensor &self, int64_t indices_or_sections, int64_t dim = 0", ["function", "method"],
    "Views of dim in a number of parts; the first ones have one index more where it does not divide."> { let history = "SliceBackward0"; }
def : Tjit_Other<"tensor_split", "std::vector<Tensor>", "const Tensor &self, IntArrayRef indices_or_sections, int64_t dim = 0", ["function", "method"],
    "Views of dim that end before the given indices."> { let history = "SliceBackward0"; }
def : Tjit_Other<"tensor_split", "std::vector<Tensor>", "const Tensor &self, const Tensor &indices_or_sections, int64_t dim = 0", ["function", "method"],
    "As with a number (a 0-dim int64 tensor) or a list (a vector); evaluates."> { let history = "SliceBackward0"; }
def : Tjit_Other<"hsplit", "std::vector<Tensor>", "const Tensor &self, int64_t indices_or_sections", ["function", "method"],
    "tensor_split along dimension 1, of vectors along 0, in equal parts. Error where the dimension is missing."> { let history = "SliceBackward0"; }
def : Tjit_Other<"hsplit", "std::vector<Tensor>", "const Tensor &self, IntArrayRef indices_or_sections", ["function", "method"],
    "tensor_split along dimension 1, of vectors along 0, in equal parts or before indices. Error where the dimension is missing."> { let history = "SliceBackward0"; }
def : Tjit_Other<"vsplit", "std::vector<Tensor>", "const Tensor &self, int64_t indices_or_sections", ["function", "method"],
    "tensor_split along dimension 0, in equal parts. Error where the dimension is missing."> { let history = "SliceBackward0"; }
def : Tjit_Other<"vsplit", "std::vector<Tensor>", "const Tensor &self, IntArrayRef indices_or_sections", ["function", "method"],
    "tensor_split along dimension 0, in equal parts or before indices. Error where the dimension is missing."> { let history = "SliceBackward0"; }
def : Tjit_Other<"dsplit", "std::vector<Tensor>", "const Tensor &self, int64_t indices_or_sections", ["function", "method"],
    "tensor_split along dimension 2, in equal parts. Error where the dimension is missing."> { let history = "SliceBackward0"; }
def : Tjit_Other<"dsplit", "std::vector<Tensor>", "const Tensor &self, IntArrayRef indices_or_sections", ["function", "method"],
    "tensor_split along dimension 2, in equal parts or before indices. Error where the dimension is missing."> { let history = "SliceBackward0"; }
def : Tjit_Both<"ravel", "const Tensor &self",
    "One dimension of all elements, a view where the strides allow it."> { let history = "ViewBackward0"; }
def : Tjit_Method<"unfold", "const Tensor &self, int64_t dimension, int64_t size, int64_t step",
    "Windows of `size` indices of a dimension, every `step`, as a new last dimension."> { let copies = 1; }
def : Tjit_Both<"diag_embed", "const Tensor &self, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1",
    "The last dimension as the diagonal of two new ones; a copy, zero elsewhere.">;
def : Tjit_Both<"diag", "const Tensor &self, int64_t diagonal = 0",
    "The diagonal of a matrix, or the matrix of a diagonal."> { let history = "views"; }
def : Tjit_Both<"diagflat", "const Tensor &self, int64_t offset = 0",
    "The matrix whose diagonal is the flattened tensor."> { let history = "DiagEmbedBackward0"; }
def : Tjit_Method<"sum_to_size", "const Tensor &self, IntArrayRef size",
    "Summed to sizes that expand to the tensor's."> { let history = "views"; }
def : Tjit_Function<"atleast_1d", "const Tensor &self",
    "With dimensions of size 1 added where there are fewer than 1."> { let history = "ViewBackward0"; }
def : Tjit_Other<"atleast_1d", "std::vector<Tensor>", "TensorList tensors", ["function"],
    "Each with at least 1 dimensions."> { let history = "ViewBackward0"; }
def : Tjit_Function<"atleast_2d", "const Tensor &self",
    "With dimensions of size 1 added where there are fewer than 2."> { let history = "views"; }
def : Tjit_Other<"atleast_2d", "std::vector<Tensor>", "TensorList tensors", ["function"],
    "Each with at least 2 dimensions."> { let history = "views"; }
def : Tjit_Function<"atleast_3d", "const Tensor &self",
    "With dimensions of size 1 added where there are fewer than 3."> { let history = "views"; }
def : Tjit_Other<"atleast_3d", "std::vector<Tensor>", "TensorList tensors", ["function"],
    "Each with at least 3 dimensions."> { let history = "views"; }
def : Tjit_Other<"broadcast_tensors", "std::vector<Tensor>", "TensorList tensors", ["function"],
    "Views of all in the sizes that they broadcast to."> { let history = "ExpandBackward0"; }
def : Tjit_Other<"meshgrid", "std::vector<Tensor>", "TensorList tensors, std::string_view indexing = \"ij\"", ["function"],
    "Vectors (or 0-dim tensors) along one dimension each of a grid, the first two exchanged with \"xy\"."> { let history = "ExpandBackward0"; }

//===----------------------------------------------------------------------------------------------------===//
// Geometry in place: the tensor itself changes, every handle of it sees that
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Other<"squeeze_", "Tensor &", "const Tensor &self", ["method"],
    "The tensor becomes squeeze of itself, for all who have it."> { let history = "SqueezeBackward3"; }
def : Tjit_Other<"squeeze_", "Tensor &", "const Tensor &self, int64_t dim", ["method"],
    "The tensor becomes squeeze of itself, for all who have it."> { let history = "SqueezeBackward4"; }
def : Tjit_Other<"squeeze_", "Tensor &", "const Tensor &self, IntArrayRef dim", ["method"],
    "The tensor becomes squeeze of itself, for all who have it."> { let history = "SqueezeBackward5"; }
def : Tjit_Other<"unsqueeze_", "Tensor &", "const Tensor &self, int64_t dim", ["method"],
    "The tensor becomes unsqueeze of itself, for all who have it."> { let history = "UnsqueezeBackward1"; }
def : Tjit_Other<"t_", "Tensor &", "const Tensor &self", ["method"],
    "The tensor becomes t of itself, for all who have it."> { let history = "TBackward1"; }
def : Tjit_Other<"transpose_", "Tensor &", "const Tensor &self, int64_t dim0, int64_t dim1", ["method"],
    "The tensor becomes transpose of itself, for all who have it."> { let history = "TransposeBackward1"; }
def : Tjit_Other<"swapaxes_", "Tensor &", "const Tensor &self, int64_t dim0, int64_t dim1", ["method"],
    "The tensor becomes transpose of itself, for all who have it."> { let history = "TransposeBackward1"; let implementation = "transpose_"; }
def : Tjit_Other<"swapdims_", "Tensor &", "const Tensor &self, int64_t dim0, int64_t dim1", ["method"],
    "The tensor becomes transpose of itself, for all who have it."> { let history = "TransposeBackward1"; let implementation = "transpose_"; }
def : Tjit_Other<"as_strided_", "Tensor &", "const Tensor &self, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> storage_offset = std::nullopt", ["method"],
    "The tensor becomes as_strided of itself, for all who have it."> { let history = "AsStridedBackward1"; }

def : Tjit_Other<"resize_", "Tensor &", "const Tensor &self, IntArrayRef size, std::optional<MemoryFormat> memory_format = std::nullopt", ["method"],
    "Row-major in other sizes, over the same memory, with new elements at the end where it is too small. Error for borrowed memory that is, and for tensors that require grad.">;
def : Tjit_Other<"resize_as_", "Tensor &", "const Tensor &self, const Tensor &the_template, std::optional<MemoryFormat> memory_format = std::nullopt", ["method"],
    "resize_(the_template.sizes())">;
def : Tjit_Other<"set_", "Tensor &", "const Tensor &self, const Tensor &source", ["method"],
    "The tensor gets the memory and the geometry of source, of its own dtype. Error for tensors that require grad.">;
def : Tjit_Other<"set_", "Tensor &", "const Tensor &self", ["method"],
    "The tensor loses its memory and has one dimension of size 0.">;
def : Tjit_Other<"set_data", "void", "const Tensor &self, const Tensor &new_data", ["method"],
    "The tensor gets the memory, the geometry and the dtype of new_data, and keeps its history: a leaf stays one.">;

} // let out

#endif // TJIT_API_VIEWS_TD
