//===- Operators.h - infix operators of tensors and scalars ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

TJIT_NAMESPACE_BEGIN

// Each is the function named beside it: broadcasting and type promotion are described there.

inline Tensor operator+(const Tensor &a, const Tensor &b) { return a.add(b); }
inline Tensor operator+(const Tensor &a, const Scalar &b) { return a.add(b); }
inline Tensor operator-(const Tensor &a, const Tensor &b) { return a.sub(b); }
inline Tensor operator-(const Tensor &a, const Scalar &b) { return a.sub(b); }
inline Tensor operator*(const Tensor &a, const Tensor &b) { return a.mul(b); }
inline Tensor operator*(const Tensor &a, const Scalar &b) { return a.mul(b); }
inline Tensor operator/(const Tensor &a, const Tensor &b) { return a.div(b); }
inline Tensor operator/(const Tensor &a, const Scalar &b) { return a.div(b); }
inline Tensor operator%(const Tensor &a, const Tensor &b) { return a.remainder(b); }
inline Tensor operator%(const Tensor &a, const Scalar &b) { return a.remainder(b); }
inline Tensor operator==(const Tensor &a, const Tensor &b) { return a.eq(b); }
inline Tensor operator==(const Tensor &a, const Scalar &b) { return a.eq(b); }
inline Tensor operator!=(const Tensor &a, const Tensor &b) { return a.ne(b); }
inline Tensor operator!=(const Tensor &a, const Scalar &b) { return a.ne(b); }
inline Tensor operator<(const Tensor &a, const Tensor &b) { return a.lt(b); }
inline Tensor operator<(const Tensor &a, const Scalar &b) { return a.lt(b); }
inline Tensor operator<=(const Tensor &a, const Tensor &b) { return a.le(b); }
inline Tensor operator<=(const Tensor &a, const Scalar &b) { return a.le(b); }
inline Tensor operator>(const Tensor &a, const Tensor &b) { return a.gt(b); }
inline Tensor operator>(const Tensor &a, const Scalar &b) { return a.gt(b); }
inline Tensor operator>=(const Tensor &a, const Tensor &b) { return a.ge(b); }
inline Tensor operator>=(const Tensor &a, const Scalar &b) { return a.ge(b); }
inline Tensor operator&(const Tensor &a, const Tensor &b) { return a.bitwise_and(b); }
inline Tensor operator&(const Tensor &a, const Scalar &b) { return a.bitwise_and(b); }
inline Tensor operator|(const Tensor &a, const Tensor &b) { return a.bitwise_or(b); }
inline Tensor operator|(const Tensor &a, const Scalar &b) { return a.bitwise_or(b); }
inline Tensor operator^(const Tensor &a, const Tensor &b) { return a.bitwise_xor(b); }
inline Tensor operator^(const Tensor &a, const Scalar &b) { return a.bitwise_xor(b); }
inline Tensor operator<<(const Tensor &a, const Tensor &b) { return a.bitwise_left_shift(b); }
inline Tensor operator<<(const Tensor &a, const Scalar &b) { return a.bitwise_left_shift(b); }
inline Tensor operator>>(const Tensor &a, const Tensor &b) { return a.bitwise_right_shift(b); }
inline Tensor operator>>(const Tensor &a, const Scalar &b) { return a.bitwise_right_shift(b); }

inline Tensor operator+(const Scalar &a, const Tensor &b) { return b.add(a); }
TJIT_EXPORT Tensor operator-(const Scalar &a, const Tensor &b);
inline Tensor operator*(const Scalar &a, const Tensor &b) { return b.mul(a); }
TJIT_EXPORT Tensor operator/(const Scalar &a, const Tensor &b);
TJIT_EXPORT Tensor operator%(const Scalar &a, const Tensor &b);
inline Tensor operator==(const Scalar &a, const Tensor &b) { return b.eq(a); }
inline Tensor operator!=(const Scalar &a, const Tensor &b) { return b.ne(a); }
inline Tensor operator<(const Scalar &a, const Tensor &b) { return b.gt(a); }
inline Tensor operator<=(const Scalar &a, const Tensor &b) { return b.ge(a); }
inline Tensor operator>(const Scalar &a, const Tensor &b) { return b.lt(a); }
inline Tensor operator>=(const Scalar &a, const Tensor &b) { return b.le(a); }
inline Tensor operator&(const Scalar &a, const Tensor &b) { return b.bitwise_and(a); }
inline Tensor operator|(const Scalar &a, const Tensor &b) { return b.bitwise_or(a); }
inline Tensor operator^(const Scalar &a, const Tensor &b) { return b.bitwise_xor(a); }

TJIT_NAMESPACE_END
