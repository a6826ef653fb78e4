//===- Export.h - visibility and the ABI namespace --------------------------------------------===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#define TJIT_EXPORT __attribute__((visibility("default")))

/// Everything public lives in `inline namespace v1`; the compiler's own namespaces (tjit::ir,
/// tjit::codegen) do not.
#define TJIT_NAMESPACE_BEGIN                                                                       \
  namespace tjit {                                                                                 \
  inline namespace v1 {
#define TJIT_NAMESPACE_END                                                                         \
  }                                                                                                \
  }
