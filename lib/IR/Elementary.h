//===- Elementary.h - the elementary functions, by operation ------------------------------===//
//
// Which template computes which operation, for every backend. See ElementaryBackend.h for the
// concept.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/ElementaryAtan.h"
#include "IR/ElementaryBits.h"
#include "IR/ElementaryDivide.h"
#include "IR/ElementaryErf.h"
#include "IR/ElementaryErfinv.h"
#include "IR/ElementaryExp.h"
#include "IR/ElementaryGamma.h"
#include "IR/ElementaryLog.h"
#include "IR/ElementaryPow.h"
#include "IR/ElementaryTrig.h"
#include "IR/OpKind.h"

namespace tjit::elementary {

template <class B> using UnaryFunction = typename B::F (*)(B &, typename B::F);
template <class B>
using BinaryFunction = typename B::F (*)(B &, typename B::F lhs, typename B::F rhs);

template <class B> struct Unary {
  OpKind kind;
  UnaryFunction<B> function;
};
template <class B> struct Binary {
  OpKind kind;
  BinaryFunction<B> function;
};

template <class B>
inline constexpr Unary<B> kUnary[] = {
    {OpKind::exp, exp<B>},           {OpKind::expm1, expm1<B>},   {OpKind::tanh, tanh<B>},
    {OpKind::log, log<B>},           {OpKind::log1p, log1p<B>},   {OpKind::sin, sin<B>},
    {OpKind::cos, cos<B>},           {OpKind::erf, erf<B>},       {OpKind::rsqrt, rsqrt<B>},
    {OpKind::erfinv, erfinv<B>},     {OpKind::lgamma, lgamma<B>}, {OpKind::digamma, digamma<B>},
    {OpKind::trigamma, trigamma<B>},
};
/// Of floats; integers have their own definitions of the same operations.
template <class B>
inline constexpr Binary<B> kBinary[] = {
    {OpKind::pow, pow<B>},
    {OpKind::atan2, atan2<B>},
    {OpKind::fmod, fmod<B>},
    {OpKind::remainder, remainder<B>},
    {OpKind::floor_divide, floorDivide<B>},
    {OpKind::copysign, copysign<B>},
    {OpKind::nextafter, nextafter<B>},
};

/// The template of an operation, null if it is no elementary function.
template <class B> constexpr UnaryFunction<B> unaryFunction(OpKind kind) {
  for (const Unary<B> &entry : kUnary<B>)
    if (entry.kind == kind)
      return entry.function;
  return nullptr;
}
template <class B> constexpr BinaryFunction<B> binaryFunction(OpKind kind) {
  for (const Binary<B> &entry : kBinary<B>)
    if (entry.kind == kind)
      return entry.function;
  return nullptr;
}

} // namespace tjit::elementary
