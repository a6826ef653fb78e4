//===- Elementary.h - the elementary functions, by operation
//---------------------------------------------------===//
//
// Which template computes which operation, for every backend. See ElementaryBackend.h for the
// concept.
//
//===------------------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryExp.h"
#include "IR/ElementaryTrig.h"
#include "IR/OpKind.h"

namespace tjit::elementary {

template <class B> struct Unary {
  OpKind kind;
  typename B::F (*function)(B &, typename B::F);
};
template <class B> struct Binary {
  OpKind kind;
  typename B::F (*function)(B &, typename B::F lhs, typename B::F rhs);
};

template <class B>
inline constexpr Unary<B> kUnary[] = {
    {OpKind::exp, exp<B>}, {OpKind::expm1, expm1<B>}, {OpKind::tanh, tanh<B>},
    {OpKind::sin, sin<B>}, {OpKind::cos, cos<B>},
};

} // namespace tjit::elementary
