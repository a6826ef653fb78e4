//===- TjitApiViews.td - views -----------------------------------------------------------*- tablegen -*-===//
//
// Tensors that share the storage of others. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_VIEWS_TD
#define TJIT_API_VIEWS_TD

include "tjit-compiler/IR/TjitApiBase.td"

//===----------------------------------------------------------------------------------------------------===//
// Views: they share the storage; a write to one is seen by all
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Method<"view", "const Tensor &self, IntArrayRef sizes",
    "The same elements under other sizes (-1: what is left). Error where the strides do not allow it: use reshape.">;
def : Tjit_Method<"view_as", "const Tensor &self, const Tensor &other",
    "view(other.sizes())">;
def : Tjit_Both<"reshape", "const Tensor &self, IntArrayRef sizes",
    "A view if the strides allow it, else a copy. One size may be -1.">;
def : Tjit_Method<"reshape_as", "const Tensor &self, const Tensor &other",
    "reshape(other.sizes())">;
def : Tjit_Both<"flatten", "const Tensor &self, int64_t start_dim = 0, int64_t end_dim = -1",
    "The dimensions start_dim ... end_dim as one.">;
def : Tjit_Both<"unflatten", "const Tensor &self, int64_t dim, IntArrayRef sizes",
    "One dimension as several.">;
def : Tjit_Both<"t", "const Tensor &self",
    "The transpose of a matrix; vectors stay.">;
def : Tjit_Method<"mT", "const Tensor &self",
    "The last two dimensions exchanged.">;
def : Tjit_Both<"transpose", "const Tensor &self, int64_t dim0, int64_t dim1",
    "Two dimensions exchanged.">;
def : Tjit_Both<"swapaxes", "const Tensor &self, int64_t dim0, int64_t dim1",
    "Two dimensions exchanged.">;
def : Tjit_Both<"permute", "const Tensor &self, IntArrayRef dims",
    "Dimension i of the result is dimension dims[i].">;
def : Tjit_Both<"movedim", "const Tensor &self, int64_t source, int64_t destination",
    "One dimension moved to another place.">;
def : Tjit_Method<"expand", "const Tensor &self, IntArrayRef sizes, bool implicit = false",
    "Dimensions of size 1 repeated; -1 keeps a size. Several elements of the result are one in memory.">;
def : Tjit_Method<"expand_as", "const Tensor &self, const Tensor &other",
    "expand(other.sizes())">;
def : Tjit_Function<"broadcast_to", "const Tensor &self, IntArrayRef sizes",
    "expand(sizes)">;
def : Tjit_Both<"squeeze", "const Tensor &self",
    "Without dimensions of size 1.">;
def : Tjit_Both<"squeeze", "const Tensor &self, int64_t dim",
    "Without dimension dim if its size is 1.">;
def : Tjit_Both<"unsqueeze", "const Tensor &self, int64_t dim",
    "A new dimension of size 1 at dim.">;
def : Tjit_Both<"select", "const Tensor &self, int64_t dim, int64_t index",
    "One index of a dimension, which is dropped. IndexError where it is out of range.">;
def : Tjit_Both<"slice", "const Tensor &self, int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt, int64_t step = 1",
    "Every step-th index from start to before end; negative bounds count from the end, bounds are clamped.">;
def : Tjit_Both<"narrow", "const Tensor &self, int64_t dim, int64_t start, int64_t length",
    "`length` indices from start.">;
def : Tjit_Both<"diagonal", "const Tensor &self, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1",
    "The diagonal of two dimensions as the last one.">;
def : Tjit_Both<"as_strided", "const Tensor &self, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> storage_offset = std::nullopt",
    "Any geometry over the storage, in elements. Error where it leaves the storage.">;
def : Tjit_Other<"unbind", "std::vector<Tensor>", "const Tensor &self, int64_t dim = 0", ["function", "method"],
    "One view for every index of dim.">;
def : Tjit_Other<"split", "std::vector<Tensor>", "const Tensor &self, int64_t size, int64_t dim = 0", ["function", "method"],
    "Views of at most `size` indices of dim.">;
def : Tjit_Other<"split", "std::vector<Tensor>", "const Tensor &self, IntArrayRef sizes, int64_t dim = 0", ["function", "method"],
    "Views of the given numbers of indices of dim, which add up to its size.">;
def : Tjit_Other<"chunk", "std::vector<Tensor>", "const Tensor &self, int64_t chunks, int64_t dim = 0", ["function", "method"],
    "At most `chunks` views of one size, the last may be smaller.">;

#endif // TJIT_API_VIEWS_TD
