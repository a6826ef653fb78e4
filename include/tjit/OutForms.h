//===- OutForms.h - functions that store into tensors of the caller ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

TJIT_NAMESPACE_BEGIN

// name_out(out, arguments) and name_outf(arguments, out): they store the results into tensors that
// the caller has, which are resized where their sizes differ, and return them. Error where a
// result's dtype is of a higher category (floating point into integers), and in grad mode where an
// argument requires grad.
#include "tjit/OutForms.h.inc"

TJIT_NAMESPACE_END
