//===- torch.h - libtorch's names: namespace torch = tjit ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/tjit.h"

namespace torch = tjit;
