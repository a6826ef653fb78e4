//===- DLPack.h - memory shared with other tensor libraries -----------------------------------===//
//
// DLPack is a C structure that describes a tensor in memory; NumPy, PyTorch, JAX and others read
// and write it. This header needs none of its declarations; a program that looks into the structure
// includes <dlpack/dlpack.h> itself.
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

struct DLManagedTensor;

TJIT_NAMESPACE_BEGIN

/// The tensor's memory for another library, which calls the structure's deleter once when it does
/// not need it any more. Both sides see each other's writes until then; as after data_ptr(),
/// operations copy the tensor when they are recorded. Sizes and strides are those of the tensor, in
/// elements. Evaluates. History is not passed on.
TJIT_EXPORT DLManagedTensor *toDLPack(const Tensor &tensor);

/// A tensor over another library's memory; takes the structure over and calls its deleter once,
/// when the last tensor that uses the memory is gone. Throws Error, and leaves the structure to the
/// caller, where the memory is not the CPU's, the dtype is none of tjit's, or a stride is negative.
TJIT_EXPORT Tensor fromDLPack(DLManagedTensor *source);

TJIT_NAMESPACE_END
