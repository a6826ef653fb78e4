//===- TjitApiReduction.td - reductions --------------------------------------------------*- tablegen -*-===//
//
// Functions that make one element of many. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_REDUCTION_TD
#define TJIT_API_REDUCTION_TD

include "tjit-compiler/IR/TjitApiBase.td"

//===----------------------------------------------------------------------------------------------------===//
// Reductions. Without dimensions: over all. keepdim leaves dimensions of size 1.
//===----------------------------------------------------------------------------------------------------===//

def : Tjit_Both<"sum", "const Tensor &self, std::optional<ScalarType> dtype = std::nullopt",
    "Sum; of integers and bools as int64."> { let outDtype = "asked"; }
def : Tjit_Both<"sum", "const Tensor &self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "Sum; of integers and bools as int64."> { let outDtype = "asked"; let history = "SumBackward1"; }
def : Tjit_Both<"mean", "const Tensor &self, std::optional<ScalarType> dtype = std::nullopt",
    "Mean. Error for integers unless a floating dtype is given."> { let outDtype = "asked"; }
def : Tjit_Both<"mean", "const Tensor &self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "Mean. Error for integers unless a floating dtype is given."> { let outDtype = "asked"; let history = "MeanBackward1"; }
def : Tjit_Both<"prod", "const Tensor &self, std::optional<ScalarType> dtype = std::nullopt",
    "Product; of integers and bools as int64."> { let outDtype = "asked"; }
def : Tjit_Both<"prod", "const Tensor &self, int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "Product over one dimension."> { let outDtype = "asked"; let history = "ProdBackward1"; }
def : Tjit_Both<"var", "const Tensor &self, bool unbiased",
    "Variance of all elements, divided by n - 1 if unbiased."> { let outDtype = "cast"; }
def : Tjit_Both<"var", "const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false",
    "Variance over dimensions, divided by n - 1 if unbiased."> { let outDtype = "cast"; }
def : Tjit_Both<"var", "const Tensor &self, OptionalIntArrayRef dim = std::nullopt, const std::optional<Scalar> &correction = std::nullopt, bool keepdim = false",
    "Variance over dimensions, divided by n - correction (1 if it is not given), or by 0."> { let outDtype = "cast"; }
def : Tjit_Both<"std", "const Tensor &self, bool unbiased",
    "Standard deviation of all elements, divided by n - 1 if unbiased."> { let outDtype = "cast"; }
def : Tjit_Both<"std", "const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false",
    "Standard deviation over dimensions, divided by n - 1 if unbiased."> { let outDtype = "cast"; }
def : Tjit_Both<"std", "const Tensor &self, OptionalIntArrayRef dim = std::nullopt, const std::optional<Scalar> &correction = std::nullopt, bool keepdim = false",
    "Standard deviation over dimensions, divided by n - correction (1 if it is not given), or by 0."> { let outDtype = "cast"; }
def : Tjit_Other<"var_mean", "std::tuple<Tensor, Tensor>", "const Tensor &self, bool unbiased", ["function"],
    "Variance and mean of all elements, divided by n - 1 if unbiased.">;
def : Tjit_Other<"var_mean", "std::tuple<Tensor, Tensor>", "const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false", ["function"],
    "Variance and mean over dimensions, divided by n - 1 if unbiased.">;
def : Tjit_Other<"var_mean", "std::tuple<Tensor, Tensor>", "const Tensor &self, OptionalIntArrayRef dim = std::nullopt, const std::optional<Scalar> &correction = std::nullopt, bool keepdim = false", ["function"],
    "Variance and mean over dimensions, divided by n - correction (1 if it is not given), or by 0.">;
def : Tjit_Other<"std_mean", "std::tuple<Tensor, Tensor>", "const Tensor &self, bool unbiased", ["function"],
    "Standard deviation and mean of all elements, divided by n - 1 if unbiased.">;
def : Tjit_Other<"std_mean", "std::tuple<Tensor, Tensor>", "const Tensor &self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false", ["function"],
    "Standard deviation and mean over dimensions, divided by n - 1 if unbiased.">;
def : Tjit_Other<"std_mean", "std::tuple<Tensor, Tensor>", "const Tensor &self, OptionalIntArrayRef dim = std::nullopt, const std::optional<Scalar> &correction = std::nullopt, bool keepdim = false", ["function"],
    "Standard deviation and mean over dimensions, divided by n - correction (1 if it is not given), or by 0.">;
def : Tjit_Both<"max", "const Tensor &self",
    "The largest element; NaN if any is. Error for a tensor without elements."> { let history = "MaxBackward1"; }
def : Tjit_Both<"max", "const Tensor &self, const Tensor &other",
    "The larger of both, elementwise."> { let history = "MaximumBackward0"; }
def : Tjit_Other<"max", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim, bool keepdim = false", ["function", "method"],
    "The largest elements along dim and their indices (int64), the first where several are equal.">;
def : Tjit_Both<"min", "const Tensor &self",
    "The smallest element; NaN if any is. Error for a tensor without elements."> { let history = "MinBackward1"; }
def : Tjit_Both<"min", "const Tensor &self, const Tensor &other",
    "The smaller of both, elementwise."> { let history = "MinimumBackward0"; }
def : Tjit_Other<"min", "std::tuple<Tensor, Tensor>", "const Tensor &self, int64_t dim, bool keepdim = false", ["function", "method"],
    "The smallest elements along dim and their indices (int64), the first where several are equal.">;
def : Tjit_Both<"amax", "const Tensor &self, IntArrayRef dim = {}, bool keepdim = false",
    "The largest element over the dimensions; gradients are divided among equals.">;
def : Tjit_Both<"amin", "const Tensor &self, IntArrayRef dim = {}, bool keepdim = false",
    "The smallest element over the dimensions; gradients are divided among equals.">;
def : Tjit_Both<"argmax", "const Tensor &self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false",
    "Index (int64) of the first largest element, of the flattened tensor without dim.">;
def : Tjit_Both<"argmin", "const Tensor &self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false",
    "Index (int64) of the first smallest element, of the flattened tensor without dim.">;
def : Tjit_Both<"all", "const Tensor &self",
    "Whether all elements are not zero (bool).">;
def : Tjit_Both<"all", "const Tensor &self, OptionalIntArrayRef dim, bool keepdim = false",
    "Whether all elements are not zero along the dimensions (bool).">;
def : Tjit_Both<"any", "const Tensor &self",
    "Whether any element is not zero (bool).">;
def : Tjit_Both<"any", "const Tensor &self, OptionalIntArrayRef dim, bool keepdim = false",
    "Whether any element is not zero along the dimensions (bool).">;
def : Tjit_Both<"norm", "const Tensor &self, const Scalar &p = 2",
    "The p-norm of all elements.">;
def : Tjit_Both<"norm", "const Tensor &self, const std::optional<Scalar> &p, IntArrayRef dim, bool keepdim = false",
    "The p-norm over dimensions."> { let history = "NormBackward1"; }
def : Tjit_Both<"dist", "const Tensor &self, const Tensor &other, const Scalar &p = 2",
    "The p-norm of self - other.">;
def : Tjit_Both<"cov", "const Tensor &self, int64_t correction = 1, const std::optional<Tensor> &fweights = {}, const std::optional<Tensor> &aweights = {}",
    "The covariance matrix of variables (rows of a matrix, or one vector) from observations (columns), which may be counted by fweights (integers) and weighed by aweights."> { let history = "SqueezeBackward0"; }
def : Tjit_Both<"corrcoef", "const Tensor &self",
    "The correlation matrix of variables (rows) from observations (columns)."> { let history = "composed"; }
def : Tjit_Both<"logsumexp", "const Tensor &self, IntArrayRef dim, bool keepdim = false",
    "log(sum(exp(x))) over the dimensions, without overflow."> { let outDtype = "cast"; }
def : Tjit_Both<"nansum", "const Tensor &self, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "Sum that takes NaN for 0."> { let outDtype = "asked"; }
def : Tjit_Both<"nanmean", "const Tensor &self, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt",
    "Mean of the elements that are no NaN."> { let outDtype = "cast"; let history = "DivBackward0"; }
def : Tjit_Other<"aminmax", "std::tuple<Tensor, Tensor>", "const Tensor &self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false", ["function", "method"],
    "The smallest and the largest elements; gradients are divided among equals.">;
def : Tjit_Both<"count_nonzero", "const Tensor &self, OptionalIntArrayRef dim",
    "How many elements are not zero along the dimensions (int64).">;
def : Tjit_Both<"count_nonzero", "const Tensor &self",
    "How many elements are not zero (int64).">;

#endif // TJIT_API_REDUCTION_TD
