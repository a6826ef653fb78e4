//===- tjit.h - the tensor library, in one header ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Autograd.h"
#include "tjit/Indexing.h"
#include "tjit/Operators.h"
#include "tjit/Runtime.h"
#include "tjit/Tensor.h"
#include "tjit/TensorData.h"

TJIT_NAMESPACE_BEGIN

using Dtype = ScalarType;
using std::nullopt;
using std::optional;

/// libtorch's names of what stands here without `nn::functional`.
namespace nn {
namespace functional {
using tjit::cross_entropy;
using tjit::log_softmax;
using tjit::mse_loss;
using tjit::nll_loss;
using tjit::one_hot;
using tjit::relu;
using tjit::softmax;
} // namespace functional
} // namespace nn

TJIT_NAMESPACE_END
