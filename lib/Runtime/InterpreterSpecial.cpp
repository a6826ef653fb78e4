//===- InterpreterSpecial.cpp - functions that a table of numbers' functions computes -----===//
//
// Operations with an attribute that says which function: computed in float64, rounded once.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/OpAttrs.h.inc"
#include "Runtime/InterpreterLoops.h"
#include "Runtime/SpecialValues.h"

#include <array>
#include <cmath>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

/// A function of one or two doubles as a functor.
template <auto f> struct InDouble {
  template <Float T> static T apply(T x) { return static_cast<T>(f(static_cast<double>(x))); }
};
template <auto f> struct PairInDouble {
  template <Float T> static T apply(T x, T y) {
    return static_cast<T>(f(static_cast<double>(x), static_cast<double>(y)));
  }
};

/// The kernel of a function; a test walks the cases of every enumeration.
template <class Enum> struct Row {
  Enum function;
  Kernel kernel;
};
template <class Enum, size_t n>
void runFunction(const Row<Enum> (&rows)[n], Enum function, const Call &call) {
  for (const Row<Enum> &row : rows)
    if (row.function == function)
      return row.kernel(call);
  throwUnsupported(call.kind, call.result.dtype);
}

constexpr Row<SpecialFunction> kSpecial[] = {
    {SpecialFunction::i0, unary<InDouble<[](double x) { return besselI(0, x, false); }>>},
    {SpecialFunction::i0e, unary<InDouble<[](double x) { return besselI(0, x, true); }>>},
    {SpecialFunction::i1, unary<InDouble<[](double x) { return besselI(1, x, false); }>>},
    {SpecialFunction::i1e, unary<InDouble<[](double x) { return besselI(1, x, true); }>>},
    {SpecialFunction::erfcx, unary<InDouble<scaledErfc>>},
    {SpecialFunction::ndtri, unary<InDouble<inverseNormal>>},
    {SpecialFunction::log_ndtr, unary<InDouble<logNormal>>},
    {SpecialFunction::mantissa, unary<InDouble<mantissaOf>>},
    {SpecialFunction::exponent, unary<InDouble<exponentOf>>},
};
void special(const Call &call) {
  runFunction(kSpecial, SpecialAttrs::read(call.attributes).function, call);
}

constexpr Row<BesselFunction> kBessel[] = {
    {BesselFunction::airy_ai, unary<InDouble<airyAi>>},
    {BesselFunction::j0, unary<InDouble<[](double x) { return ::j0(x); }>>},
    {BesselFunction::j1, unary<InDouble<[](double x) { return ::j1(x); }>>},
    {BesselFunction::y0, unary<InDouble<[](double x) { return ::y0(x); }>>},
    {BesselFunction::y1, unary<InDouble<[](double x) { return ::y1(x); }>>},
    {BesselFunction::modified_i0, unary<InDouble<[](double x) { return besselI(0, x, false); }>>},
    {BesselFunction::modified_i1, unary<InDouble<[](double x) { return besselI(1, x, false); }>>},
    {BesselFunction::modified_k0, unary<InDouble<[](double x) { return besselK(0, x, false); }>>},
    {BesselFunction::modified_k1, unary<InDouble<[](double x) { return besselK(1, x, false); }>>},
    {BesselFunction::scaled_k0, unary<InDouble<[](double x) { return besselK(0, x, true); }>>},
    {BesselFunction::scaled_k1, unary<InDouble<[](double x) { return besselK(1, x, true); }>>},
    {BesselFunction::spherical_j0, unary<InDouble<sphericalJ0>>},
};
void bessel(const Call &call) {
  runFunction(kBessel, BesselAttrs::read(call.attributes).function, call);
}

template <PolynomialFamily family> struct Polynomial {
  template <Float T> static T apply(T x, T n) {
    return static_cast<T>(polynomialAt(family, static_cast<double>(x), static_cast<double>(n)));
  }
};
template <PolynomialFamily family> struct ShiftedPolynomial {
  template <Float T> static T apply(T x, T n) {
    return static_cast<T>(
        polynomialAt(family, 2 * static_cast<double>(x) - 1, static_cast<double>(n)));
  }
};
/// The row-th family's kernels, by whether it is shifted.
template <size_t... row> constexpr auto makePolynomials(std::index_sequence<row...>) {
  return std::array<std::array<Kernel, 2>, sizeof...(row)>{
      {{binary<Polynomial<static_cast<PolynomialFamily>(row)>>,
        binary<ShiftedPolynomial<static_cast<PolynomialFamily>(row)>>}...}};
}
constexpr auto kPolynomials = makePolynomials(
    std::make_index_sequence<static_cast<size_t>(PolynomialFamily::legendre_p) + 1>());
void polynomial(const Call &call) {
  const auto attrs = PolynomialAttrs::read(call.attributes);
  kPolynomials[static_cast<size_t>(attrs.family)][attrs.shifted](call);
}

void igamma(const Call &call) {
  constexpr auto lower = [](double a, double x) { return incompleteGamma(a, x, false); };
  constexpr auto upper = [](double a, double x) { return incompleteGamma(a, x, true); };
  (IgammaAttrs::read(call.attributes).upper ? binary<PairInDouble<upper>>
                                            : binary<PairInDouble<lower>>)(call);
}

constexpr KernelEntry kKernels[] = {{OpKind::special, special},
                                    {OpKind::bessel, bessel},
                                    {OpKind::polynomial, polynomial},
                                    {OpKind::igamma, igamma}};

} // namespace

std::span<const KernelEntry> interpreter::specialKernels() { return kKernels; }
