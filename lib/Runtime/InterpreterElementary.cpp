//===- InterpreterElementary.cpp - elementary functions of one operand, and casts ---------===//

#include "IR/Elementary.h"
#include "Runtime/InterpreterLoops.h"

#include <cmath>
#include <limits>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

/// The n-th function of elementary::kUnary.
template <size_t n> struct Elementary {
  static constexpr bool usesFma = true;
  template <Float T> [[gnu::always_inline]] static T apply(T x) {
    elementary::PlainFloat<T> b;
    constexpr auto function = elementary::kUnary<elementary::PlainFloat<T>>[n].function;
    return function(b, x);
  }
};
constexpr auto &kFunctions = elementary::kUnary<elementary::PlainFloat<float>>;
template <size_t... n> constexpr auto makeElementary(std::index_sequence<n...>) {
  return std::array<KernelEntry, sizeof...(n)>{
      KernelEntry{kFunctions[n].kind, unary<Elementary<n>>}...};
}
constexpr auto kElementary = makeElementary(std::make_index_sequence<std::size(kFunctions)>());

/// A number in another compute type.
template <class To> struct Convert {
  template <Any From> static To apply(From x) {
    if constexpr (std::same_as<To, bool>)
      return x != From(0);
    else if constexpr (Float<From> && Integer<To>)
      return static_cast<To>(saturate(x));
    else
      return static_cast<To>(x);
  }
  /// Towards zero into int64; NaN is 0.
  template <class From> static int64_t saturate(From x) {
    if (x != x)
      return 0;
    if (x >= From(0x1p63))
      return std::numeric_limits<int64_t>::max();
    if (x < From(-0x1p63))
      return std::numeric_limits<int64_t>::min();
    return static_cast<int64_t>(x);
  }
};
void cast(const Call &call) {
  visitElement(call.operands[0].dtype, [&]<class From>(From) {
    visitElement(call.result.dtype, [&]<class To>(To) {
      runElementwise<Convert<typename To::Compute>, To, From>(call);
    });
  });
}
constexpr KernelEntry kCast[] = {{OpKind::cast, cast}};

} // namespace

std::span<const KernelEntry> interpreter::elementaryKernels() { return kElementary; }
std::span<const KernelEntry> interpreter::castKernels() { return kCast; }
