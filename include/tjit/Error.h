//===- Error.h - what tjit throws -------------------------------------------------------------===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Export.h"

#include <stdexcept>
#include <string>

TJIT_NAMESPACE_BEGIN

/// Base of all exceptions. The message names the operation, the values and the remedy; tensors are
/// unchanged.
class TJIT_EXPORT Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
  /// libtorch's names; messages have no backtrace.
  const char *what_without_backtrace() const noexcept { return what(); }
  std::string msg() const { return what(); }
};
/// An index or a dimension out of range (PyTorch's IndexError).
class TJIT_EXPORT IndexError : public Error {
public:
  using Error::Error;
};
/// A wrong value of a right type (PyTorch's ValueError).
class TJIT_EXPORT ValueError : public Error {
public:
  using Error::Error;
};
/// A wrong dtype or kind of argument (PyTorch's TypeError).
class TJIT_EXPORT TypeError : public Error {
public:
  using Error::Error;
};
/// Work that is not compiled yet was asked for by a thread that has said OnMiss::Fail; nothing was
/// changed, and the same call may succeed later.
class TJIT_EXPORT NotCompiledError : public Error {
public:
  using Error::Error;
};
/// Memory for a result could not be had; nothing was changed.
class TJIT_EXPORT OutOfMemoryError : public Error {
public:
  using Error::Error;
};

TJIT_NAMESPACE_END
