//===- Divisors.cpp ---------------------------------------------------------------------------===//
// Greatest common divisors and least common multiples.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Ops.h"
#include "IR/DTypes.h"

namespace tjit {

/// Both in the dtype that they promote to; throws where that is no integer.
static std::pair<Tensor, Tensor> integers(const Tensor &a, const Tensor &b, const char *operation) {
  implOf(a, operation), implOf(b, operation);
  const ScalarType dtype = promoted(a, b);
  if (!isIntegralType(dtype, false))
    throw Error(std::string(operation) + ": not defined for " + toString(a.scalar_type()) +
                " and " + toString(b.scalar_type()) + "; the operands must be integers");
  return {castTo(a, dtype), castTo(b, dtype)};
}

inline namespace v1 {
namespace ops {

Tensor gcd(const Tensor &self, const Tensor &other) {
  const auto [a, b] = integers(self, other, "gcd");
  return recordBinary(OpKind::gcd, a, b);
}

Tensor lcm(const Tensor &self, const Tensor &other) {
  const auto [a, b] = integers(self, other, "lcm");
  const Tensor divisor = recordBinary(OpKind::gcd, a, b);
  // gcd(0, 0) is 0, and so is the product.
  return (tjit::div(a, tjit::where(divisor.eq(0), 1, divisor), "trunc") * b).abs();
}

} // namespace ops
} // namespace v1
} // namespace tjit
