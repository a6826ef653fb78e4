//===- InterpreterCounts.cpp - numbers with Poisson's and the binomial distribution --------===//
//
// How many uniform numbers a result takes depends on what they are, so every element has a stream
// of its own: blocks 0, 1, ... of (seed, counter + i). Logarithms are the elementary functions, in
// float64, so the numbers are the same on every machine.
//
// Sources: Hoermann, The transformed rejection method for generating Poisson random variables
// (1993), algorithm PTRS; The generation of binomial random variates (1993), algorithm BTRS.
//
//===------------------------------------------------------------------------------------------===//

#include "IR/Elementary.h"
#include "IR/Random.h"
#include "Runtime/InterpreterLoops.h"

#include <algorithm>
#include <cmath>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

double log(double x) {
  elementary::PlainFloat<double> b;
  return elementary::log(b, x);
}
double log1p(double x) {
  elementary::PlainFloat<double> b;
  return elementary::log1p(b, x);
}
/// log(n!)
double logFactorial(double n) {
  elementary::PlainFloat<double> b;
  return elementary::lgamma(b, n + 1);
}

/// Uniform numbers of (0, 1], without end.
class Uniforms {
public:
  Uniforms(uint64_t seed, uint64_t counter) : seed(seed), counter(counter) {}
  double next() {
    if (used == 0)
      block = random::block(seed, counter, n++);
    const double u = random::uniform53(random::pairOf(block, used)) + 0x1p-53;
    used = 1 - used;
    return u;
  }

private:
  uint64_t seed, counter, n = 0;
  random::Block block{};
  int used = 0;
};

double poisson(Uniforms &uniforms, double rate) {
  if (!(rate > 0) || std::isinf(rate))
    return std::isnan(rate) ? rate : std::max(rate, 0.0);
  if (rate < 10) { // arrivals until time 1, whose distances are -log(u) / rate
    double count = 0, time = 0;
    for (;; ++count) {
      time -= log(uniforms.next());
      if (time > rate)
        return count;
    }
  }
  const double b = 0.931 + 2.53 * std::sqrt(rate), a = -0.059 + 0.02483 * b,
               inverseAlpha = 1.1239 + 1.1328 / (b - 3.4), accepted = 0.9277 - 3.6224 / (b - 2),
               logRate = log(rate);
  for (;;) {
    const double u = uniforms.next() - 0.5, v = uniforms.next(), edge = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / edge + b) * u + rate + 0.43);
    if (edge >= 0.07 && v <= accepted)
      return k;
    if (!(k >= 0) || (edge < 0.013 && v > edge))
      continue;
    if (log(v * inverseAlpha / (a / (edge * edge) + b)) <= k * logRate - rate - logFactorial(k))
      return k;
  }
}

/// For a probability up to 1/2.
double successes(Uniforms &uniforms, double count, double probability) {
  if (count * probability < 10) { // the distances between successes are geometric
    const double logFailure = log1p(-probability);
    double found = 0, trial = 0;
    for (;; ++found) {
      trial += std::max(std::ceil(log(uniforms.next()) / logFailure), 1.0);
      if (trial > count)
        return found;
    }
  }
  const double odds = probability / (1 - probability),
               deviation = std::sqrt(count * probability * (1 - probability)),
               b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * probability,
               center = count * probability + 0.5, accepted = 0.92 - 4.2 / b,
               alpha = (2.83 + 5.1 / b) * deviation, logOdds = log(odds),
               mode = std::floor((count + 1) * probability),
               atMode = logFactorial(mode) + logFactorial(count - mode);
  for (;;) {
    const double u = uniforms.next() - 0.5, v = uniforms.next(), edge = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / edge + b) * u + center);
    if (edge >= 0.07 && v <= accepted)
      return k;
    if (!(k >= 0 && k <= count))
      continue;
    if (log(v * alpha / (a / (edge * edge) + b)) <=
        atMode - logFactorial(k) - logFactorial(count - k) + (k - mode) * logOdds)
      return k;
  }
}
double binomial(Uniforms &uniforms, double count, double probability) {
  if (std::isnan(count) || std::isnan(probability))
    return count + probability;
  if (count <= 0 || probability <= 0)
    return 0;
  if (probability >= 1 || std::isinf(count))
    return count;
  return probability > 0.5 ? count - successes(uniforms, count, 1 - probability)
                           : successes(uniforms, count, probability);
}

/// draw(stream of element i, offsets of the parameters) for every element, in row-major order.
template <size_t parameters, class Draw> void drawCounts(const Call &call, Draw draw) {
  const uint64_t seed = *static_cast<const uint64_t *>(call.operands[0].data),
                 counter = *static_cast<const uint64_t *>(call.operands[1].data);
  visitElement(call.result.dtype, [&]<class E>(E) {
    if constexpr (AnyNumber<typename E::Compute>) {
      std::array<Dims, parameters + 1> strides;
      strides[0] = Dims(call.result.strides);
      std::array<const typename E::Storage *, parameters> in;
      for (size_t k = 0; k < parameters; ++k) {
        strides[k + 1] = broadcastStrides(call.operands[k + 2], call.result.sizes);
        in[k] = static_cast<const typename E::Storage *>(call.operands[k + 2].data);
      }
      auto *out = static_cast<typename E::Storage *>(call.result.data);
      uint64_t i = 0;
      Nest<parameters + 1>(call.result.sizes, strides)
          .forEachRow([&](auto &offsets, int64_t n, auto &steps) {
            for (int64_t j = 0; j < n; ++j) {
              Uniforms uniforms(seed, counter + i++);
              std::array<double, parameters> values;
              for (size_t k = 0; k < parameters; ++k)
                values[k] = static_cast<double>(E::load(in[k][offsets[k + 1] + j * steps[k + 1]]));
              out[offsets[0] + j * steps[0]] =
                  E::store(Convert<typename E::Compute>::apply(draw(uniforms, values)));
            }
          });
    } else {
      throwUnsupported(call.kind, call.result.dtype);
    }
  });
}

void drawPoisson(const Call &call) {
  drawCounts<1>(call, [](Uniforms &u, auto &values) { return poisson(u, values[0]); });
}
void drawBinomial(const Call &call) {
  drawCounts<2>(call, [](Uniforms &u, auto &values) { return binomial(u, values[0], values[1]); });
}

constexpr KernelEntry kKernels[] = {{OpKind::random_poisson, drawPoisson},
                                    {OpKind::random_binomial, drawBinomial}};

} // namespace

std::span<const KernelEntry> interpreter::countKernels() { return kKernels; }
