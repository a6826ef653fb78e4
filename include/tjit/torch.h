//===- torch.h - libtorch's names: namespaces torch, at and c10 are tjit ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/tjit.h"

namespace torch = tjit;
namespace at = tjit;
namespace c10 = tjit;
