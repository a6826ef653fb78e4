//===- Divisors.cpp ---------------------------------------------------------------------------===//
// Greatest common divisors.
//
// The number of Euclid's steps depends on the values, so the operands are read by the call.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Evaluate.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
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
  const std::vector<Tensor> wide = tjit::broadcast_tensors({a, b});
  const std::vector<int64_t> x = readNumbers<int64_t>(*wide[0].impl()),
                             y = readNumbers<int64_t>(*wide[1].impl());
  const HostTensor result = makeHostTensor(a.scalar_type(), wide[0].impl()->type().sizes);
  const size_t bytes = elementSize(a.scalar_type());
  for (size_t i = 0; i < x.size(); ++i) {
    // As magnitudes: -2^63 has one of 2^63, which wraps when it is stored.
    uint64_t p = x[i] < 0 ? 0 - static_cast<uint64_t>(x[i]) : static_cast<uint64_t>(x[i]),
             q = y[i] < 0 ? 0 - static_cast<uint64_t>(y[i]) : static_cast<uint64_t>(y[i]);
    while (q)
      p = std::exchange(q, p % q);
    storeScalar(result.data + i * bytes, static_cast<int64_t>(p), a.scalar_type());
  }
  return result.tensor;
}

Tensor lcm(const Tensor &self, const Tensor &other) {
  const auto [a, b] = integers(self, other, "lcm");
  const Tensor divisor = ops::gcd(a, b), one = tjit::ones_like(divisor);
  // gcd(0, 0) is 0, and so is the product.
  return (tjit::div(a, tjit::where(divisor.eq(0), one, divisor), "trunc") * b).abs();
}

} // namespace ops
} // namespace v1
} // namespace tjit
