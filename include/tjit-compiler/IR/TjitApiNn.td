//===- TjitApiNn.td - neural networks ----------------------------------------------------*- tablegen -*-===//
//
// The functional names of torch::nn::functional. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_NN_TD
#define TJIT_API_NN_TD

include "tjit-compiler/IR/TjitApiBase.td"

//===----------------------------------------------------------------------------------------------------===//
// Neural networks
//===----------------------------------------------------------------------------------------------------===//

let alsoIn = ["nn::functional"] in
def : Tjit_Both<"softmax", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "exp(x) / sum(exp(x)) along dim, without overflow.">;
let alsoIn = ["nn::functional"] in
def : Tjit_Both<"log_softmax", "const Tensor &self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt",
    "log(softmax(x)) along dim.">;
let alsoIn = ["nn::functional"] in
def : Tjit_Function<"nll_loss", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, int64_t reduction = 1, int64_t ignore_index = -100",
    "-self[i][target[i]], meaned (reduction 1), summed (2) or as it is (0). self [n, c] or [c], target int64 [n] or [].">;
let alsoIn = ["nn::functional"] in
def : Tjit_Function<"cross_entropy", "const Tensor &self, const Tensor &target, const Tensor &weight = {}, int64_t reduction = 1, int64_t ignore_index = -100",
    "nll_loss of log_softmax along the classes. Targets of floating point are probabilities of self's sizes.">;
let alsoIn = ["nn::functional"] in
def : Tjit_Function<"mse_loss", "const Tensor &self, const Tensor &target, int64_t reduction = 1",
    "(self - target)^2, meaned (1), summed (2) or as it is (0).">;
def : Tjit_Function<"dropout", "const Tensor &self, double p, bool train",
    "In training: zero with probability p, else self / (1 - p).">;

#endif // TJIT_API_NN_TD
