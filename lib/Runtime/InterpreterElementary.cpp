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
