//===- tjit.h - the tensor library, in one header ---===//
//
// But for two long lists that few programs need and every compiler would read: OutForms.h and
// NnOptions.h, which torch.h includes.
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Autograd.h"
#include "tjit/Compile.h"
#include "tjit/Function.h"
#include "tjit/Indexing.h"
#include "tjit/Operators.h"
#include "tjit/Runtime.h"
#include "tjit/Tensor.h"
#include "tjit/TensorData.h"

TJIT_NAMESPACE_BEGIN

using Dtype = ScalarType;
using std::nullopt;
using std::optional;

TJIT_NAMESPACE_END
