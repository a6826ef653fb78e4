//===- TjitApiSorting.td - sorting and searching -----------------------------------------*- tablegen -*-===//
//
// Functions that order elements or look for them. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_SORTING_TD
#define TJIT_API_SORTING_TD

include "tjit-compiler/IR/TjitApiBase.td"

def : Tjit_Other<"sort", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim = -1, bool descending = false", ["function", "method"],
    "The elements sorted along dim, and where they stood (int64). Equal elements keep their order; NaN is above every number.">;
def : Tjit_Other<"sort", "std::tuple<Tensor, Tensor>", "const Tensor &self, std::optional<bool> stable, int64_t dim = -1, bool descending = false", ["function", "method"],
    "The same; every sort is stable."> { let history = "SortBackward1"; }
def : Tjit_Both<"argsort", "const Tensor &self, int64_t dim = -1, bool descending = false",
    "Where the elements stand in the order of sort (int64).">;
def : Tjit_Both<"argsort", "const Tensor &self, bool stable, int64_t dim = -1, bool descending = false",
    "The same; every sort is stable.">;
def : Tjit_Both<"msort", "const Tensor &self",
    "sort(0), the elements alone."> { let history = "SortBackward0"; }
def : Tjit_Other<"topk", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true", ["function", "method"],
    "The k largest (or smallest) elements along dim in order, and where they stood (int64). Error where k is larger than the size.">;
def : Tjit_Other<"kthvalue", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t k, int64_t dim = -1, bool keepdim = false", ["function", "method"],
    "The k-th smallest element along dim, counted from 1, and where it stood.">;
def : Tjit_Both<"median", "const Tensor &self",
    "The lower median of all elements; NaN where there is one or no element.">;
def : Tjit_Other<"median", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim, bool keepdim = false", ["function", "method"],
    "The lower median along dim, and where it stood. NaN where there is one."> { let history = "MedianBackward1"; }
def : Tjit_Both<"nanmedian", "const Tensor &self",
    "The lower median of the elements that are not NaN.">;
def : Tjit_Other<"nanmedian", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim, bool keepdim = false", ["function", "method"],
    "The lower median of the elements along dim that are not NaN, and where it stood."> { let history = "NanmedianBackward1"; }
def : Tjit_Other<"mode", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim = -1, bool keepdim = false", ["function", "method"],
    "The most frequent element along dim, the smallest of those, and where it stands last.">;
def : Tjit_Other<"unique", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &self, bool sorted = true, bool return_inverse = false, bool return_counts = false, std::optional<int64_t> dim = std::nullopt", ["function"],
    "The distinct elements (or slices along dim) in order, which of them each element is, and how often each occurs; undefined where not asked for. Evaluates; no derivative."> { let history = "Unique2Backward0"; }
def : Tjit_Other<"_unique2", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &self, bool sorted = true, bool return_inverse = false, bool return_counts = false", ["function"],
    "unique of the elements; libtorch's name.">;
def : Tjit_Other<"unique_dim", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &self, int64_t dim, bool sorted = true, bool return_inverse = false, bool return_counts = false", ["function"],
    "unique of the slices along dim.">;
def : Tjit_Other<"unique_dim_consecutive", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &self, int64_t dim, bool return_inverse = false, bool return_counts = false", ["function"],
    "unique_consecutive of the slices along dim.">;
def : Tjit_Other<"unique_consecutive", "std::tuple<Tensor, Tensor, Tensor>", "const Tensor &self, bool return_inverse = false, bool return_counts = false, std::optional<int64_t> dim = std::nullopt", ["function"],
    "Runs of equal elements (or slices along dim) become one. Evaluates.">;
def : Tjit_Function<"bucketize", "const Tensor &self, const Tensor &boundaries, bool out_int32 = false, bool right = false",
    "searchsorted(boundaries, self) of a vector of boundaries.">;
def : Tjit_Function<"bucketize", "const Scalar &self, const Tensor &boundaries, bool out_int32 = false, bool right = false",
    "The same for a number.">;
def : Tjit_Function<"searchsorted", "const Tensor &sorted_sequence, const Tensor &self, bool out_int32 = false, bool right = false, std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor> &sorter = {}",
    "How many elements of a sorted line are below each element of self (`right`, side \"right\": or equal). A sorter is what argsort gave for a line that is not sorted.">;
def : Tjit_Function<"searchsorted", "const Tensor &sorted_sequence, const Scalar &self, bool out_int32 = false, bool right = false, std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor> &sorter = {}",
    "The same for a number and one line.">;
def : Tjit_Function<"isin", "const Tensor &elements, const Tensor &test_elements, bool assume_unique = false, bool invert = false",
    "Whether each element is one of the others (bool).">;
def : Tjit_Function<"isin", "const Tensor &elements, const Scalar &test_element, bool assume_unique = false, bool invert = false",
    "Whether each element is the number.">;
def : Tjit_Function<"isin", "const Scalar &element, const Tensor &test_elements, bool assume_unique = false, bool invert = false",
    "Whether the number is one of the elements.">;
def : Tjit_Both<"histc", "const Tensor &self, int64_t bins = 100, const Scalar &min = 0, const Scalar &max = 0",
    "How many elements lie in each of `bins` equal parts of [min, max]; of the range of the elements where both are equal.">;
def : Tjit_Other<"histogram", "std::tuple<Tensor, Tensor>", "const Tensor &self, const Tensor &bins, const std::optional<Tensor> &weight = {}, bool density = false", ["function", "method"],
    "How many elements (or the sum of their weights) lie between neighbouring edges, the last edge included, and the edges `bins` (ascending, of self's dtype). With density the integral is 1. Evaluates the edges; no derivative."> { let history = "torch::autograd::NotImplemented"; }
def : Tjit_Other<"histogram", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t bins = 100, std::optional<ArrayRef<double>> range = std::nullopt, const std::optional<Tensor> &weight = {}, bool density = false", ["function", "method"],
    "The same for `bins` equal parts of a range, by default that of the elements."> { let history = "torch::autograd::NotImplemented"; }
def : Tjit_Both<"bincount", "const Tensor &self, const std::optional<Tensor> &weights = {}, int64_t minlength = 0",
    "How often each integer 0, 1, ... occurs in a vector, or the sum of its weights. Evaluates; no derivative."> { let history = "torch::autograd::NotImplemented"; }
def : Tjit_All<"cumsum", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "Sums of the elements up to each along dim; integers as int64."> { let outDtype = "asked"; }
def : Tjit_All<"cumprod", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "Products of the elements up to each along dim; integers as int64."> { let outDtype = "asked"; }
def : Tjit_Other<"cummax", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim", ["function", "method"],
    "The largest element up to each along dim, and where it stands last.">;
def : Tjit_Other<"cummin", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim", ["function", "method"],
    "The smallest element up to each along dim, and where it stands last.">;
def : Tjit_Both<"logcumsumexp", "const Tensor &self, int64_t dim",
    "log(cumsum(exp(x))) along dim, without overflow.">;
def : Tjit_Both<"diff", "const Tensor &self, int64_t n = 1, int64_t dim = -1, const std::optional<Tensor> &prepend = {}, const std::optional<Tensor> &append = {}",
    "Differences of neighbours along dim, n times; of bools whether they differ."> { let history = "composed"; }
def : Tjit_Function<"trapezoid", "const Tensor &y, const Tensor &x, int64_t dim = -1",
    "The integral of y along dim by trapezoids over the places x."> { let history = "composed"; }
def : Tjit_Function<"trapezoid", "const Tensor &y, const Scalar &dx = 1, int64_t dim = -1",
    "The integral of y along dim by trapezoids of width dx."> { let history = "composed"; }
def : Tjit_Function<"trapz", "const Tensor &y, const Tensor &x, int64_t dim = -1",
    "trapezoid"> { let history = "composed"; }
def : Tjit_Function<"trapz", "const Tensor &y, double dx = 1, int64_t dim = -1",
    "trapezoid"> { let history = "composed"; }
def : Tjit_Function<"cumulative_trapezoid", "const Tensor &y, const Tensor &x, int64_t dim = -1",
    "The integrals up to each place but the first."> { let history = "composed"; }
def : Tjit_Function<"cumulative_trapezoid", "const Tensor &y, const Scalar &dx = 1, int64_t dim = -1",
    "The integrals up to each place but the first."> { let history = "composed"; }
def : Tjit_Other<"gradient", "std::vector<Tensor>", "const Tensor &self, const std::optional<Scalar> &spacing = std::nullopt, std::optional<int64_t> dim = std::nullopt, int64_t edge_order = 1", ["function"],
    "Differences of neighbours over twice their distance along dim, or along each dimension; at the edges one-sided differences of the order edge_order (1 or 2)."> { let history = "CatBackward0"; }
def : Tjit_Other<"gradient", "std::vector<Tensor>", "const Tensor &self, IntArrayRef dim, int64_t edge_order = 1", ["function"],
    "The same along several dimensions."> { let history = "CatBackward0"; }
def : Tjit_Other<"gradient", "std::vector<Tensor>", "const Tensor &self, const Scalar &spacing, IntArrayRef dim, int64_t edge_order = 1", ["function"],
    "The same along several dimensions, with a distance."> { let history = "CatBackward0"; }
def : Tjit_Function<"combinations", "const Tensor &self, int64_t r = 2, bool with_replacement = false",
    "The combinations of r elements of a vector, one in each row."> { let history = "StackBackward0"; }

def : Tjit_Both<"quantile", "const Tensor &self, const Tensor &q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = \"linear\"",
    "The q-th quantiles (0-dim or a vector of self's dtype, whose dimension comes first) along dim, or of all elements. NaN where one is NaN. Between two elements: linear, lower, higher, nearest or midpoint."> { let history = "SqueezeBackward4"; }
def : Tjit_Both<"nanquantile", "const Tensor &self, const Tensor &q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = \"linear\"",
    "quantile of the elements that are no NaN; NaN where all are."> { let history = "SqueezeBackward4"; }
def : Tjit_Both<"nanquantile", "const Tensor &self, double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = \"linear\"",
    "The same for one number in [0, 1]."> { let history = "SqueezeBackward4"; }
def : Tjit_Both<"quantile", "const Tensor &self, double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = \"linear\"",
    "The quantile of one number in [0, 1]."> { let history = "SqueezeBackward4"; }

#endif // TJIT_API_SORTING_TD
