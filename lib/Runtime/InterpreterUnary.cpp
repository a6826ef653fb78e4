//===- InterpreterUnary.cpp - elementwise operations of one operand, and where ------------===//

#include "Runtime/InterpreterLoops.h"

#include <cmath>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

struct Neg {
  template <Float T> static T apply(T x) { return -x; }
  template <Integer T> static T apply(T x) {
    return wrapping([](auto a, auto b) { return a - b; }, T(0), x);
  }
};
struct Abs {
  template <Float T> static T apply(T x) { return std::fabs(x); }
  template <Integer T> static T apply(T x) { return x < 0 ? Neg::apply(x) : x; }
};
struct Sign {
  template <Any T> static T apply(T x) {
    if constexpr (std::same_as<T, bool>)
      return x;
    else
      return static_cast<T>((x > T(0)) - (x < T(0)));
  }
};
struct Floor {
  static constexpr bool usesFma = true; // with it come rounding instructions
  template <Float T> static T apply(T x) { return std::floor(x); }
};
struct Ceil {
  static constexpr bool usesFma = true;
  template <Float T> static T apply(T x) { return std::ceil(x); }
};
struct Trunc {
  static constexpr bool usesFma = true;
  template <Float T> static T apply(T x) { return std::trunc(x); }
};
struct Round {
  static constexpr bool usesFma = true;
  template <Float T> static T apply(T x) { return __builtin_roundeven(x); }
};
struct Sqrt {
  template <Float T> static T apply(T x) { return std::sqrt(x); }
};
struct Relu {
  template <AnyNumber T> static T apply(T x) { return x <= T(0) ? T(0) : x; }
};
struct Same {
  template <Float T> static T apply(T x) { return x; }
};
struct BitwiseNot {
  template <Integral T> static T apply(T x) {
    if constexpr (std::same_as<T, bool>)
      return !x;
    else
      return static_cast<T>(~x);
  }
};
struct IsNan {
  template <Any T> static bool apply(T x) { return x != x; }
};

struct Where {
  template <Any T> static T apply(bool condition, T x, T y) { return condition ? x : y; }
};
void where(const Call &call) {
  visitElement(call.operands[1].dtype,
               [&]<class E>(E) { runElementwise<Where, E, BoolElement, E, E>(call); });
}

constexpr KernelEntry kKernels[] = {
    {OpKind::neg, unary<Neg>},
    {OpKind::abs, unary<Abs>},
    {OpKind::sign, unary<Sign>},
    {OpKind::floor, unary<Floor>},
    {OpKind::ceil, unary<Ceil>},
    {OpKind::trunc, unary<Trunc>},
    {OpKind::round, unary<Round>},
    {OpKind::sqrt, unary<Sqrt>},
    {OpKind::relu, unary<Relu>},
    {OpKind::check_values, unary<Same>},
    {OpKind::bitwise_not, unary<BitwiseNot>},
    {OpKind::isnan, unary<IsNan, BoolElement>},
    {OpKind::where, where},
};

} // namespace

std::span<const KernelEntry> interpreter::unaryKernels() { return kKernels; }
