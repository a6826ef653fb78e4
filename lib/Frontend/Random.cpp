//===- Random.cpp -----------------------------------------------------------------------------===//
// Random numbers: generators, and distributions made of uniform and normal numbers.
//
// A draw is one operation whose seed and counter are fixed when the call is recorded (decision 11
// in docs/design.md), so neither fusion nor threads change a number. Values that are there are
// checked by the call (a probability outside of [0, 1]), others by the evaluation.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/CompiledCall.h"
#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/Evaluate.h"
#include "Frontend/ScalarBits.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include "tjit/Generator.h"

#include <cstring>
#include <functional>
#include <mutex>
#include <numbers>
#include <numeric>
#include <random>

namespace tjit {
inline namespace v1 {

//===------------------------------------------------------------------------------------------===//
// Generators
//===------------------------------------------------------------------------------------------===//

/// The default generator's state is the context's.
struct Generator::State {
  explicit State(uint64_t seed) : now{seed, 0} {}
  virtual ~State() = default;
  virtual rt::RandomState get() {
    std::lock_guard lock(mutex);
    return now;
  }
  virtual void set(rt::RandomState state) {
    std::lock_guard lock(mutex);
    now = state;
  }
  virtual rt::RandomState next(uint64_t draws) {
    std::lock_guard lock(mutex);
    const rt::RandomState before = now;
    now.counter += draws;
    return before;
  }
  static Generator make(std::shared_ptr<State> state) {
    Generator g;
    g.state_ = std::move(state);
    return g;
  }

private:
  std::mutex mutex;
  rt::RandomState now;
};

namespace {
struct DefaultState final : Generator::State {
  DefaultState() : State(0) {}
  rt::RandomState get() override { return rt::randomState(); }
  void set(rt::RandomState state) override { rt::setRandomState(state); }
  rt::RandomState next(uint64_t draws) override { return rt::nextRandom(draws); }
};

Generator::State &stateOf(const Generator &g, const char *operation) {
  if (!g.defined())
    throw Error(std::string(operation) +
                ": the generator is undefined (default-made); use make_generator");
  noteValueRead(); // a call that is replayed would not seed or ask again
  return *g.state();
}
} // namespace

void Generator::set_current_seed(uint64_t seed) {
  stateOf(*this, "set_current_seed").set({seed, 0});
}
uint64_t Generator::current_seed() const { return stateOf(*this, "current_seed").get().seed; }
uint64_t Generator::seed() {
  std::random_device source;
  const uint64_t seed = static_cast<uint64_t>(source()) << 32 | source();
  set_current_seed(seed);
  return seed;
}
Generator Generator::clone() const {
  auto state = std::make_shared<State>(0);
  state->set(stateOf(*this, "clone").get());
  return State::make(std::move(state));
}
Tensor Generator::get_state() const {
  const rt::RandomState now = stateOf(*this, "get_state").get();
  const int64_t bytes = 16;
  HostTensor host = makeHostTensor(kByte, {&bytes, 1});
  std::memcpy(host.data, &now.seed, 8), std::memcpy(host.data + 8, &now.counter, 8);
  return host.tensor;
}
void Generator::set_state(const Tensor &state) {
  const TensorImpl &t = implOf(state, "set_state");
  if (t.type().dtype != kByte || t.numel() != 16)
    throw Error("set_state: expected what get_state gives, uint8 [16], found " +
                std::string(tjit::toString(t.type().dtype)) + " " + tjit::toString(t.type().sizes));
  const std::vector<std::byte> bytes = readElements(t);
  rt::RandomState now;
  std::memcpy(&now.seed, bytes.data(), 8), std::memcpy(&now.counter, bytes.data() + 8, 8);
  stateOf(*this, "set_state").set(now);
}

Generator detail::createCPUGenerator(uint64_t seed) {
  return Generator::State::make(std::make_shared<Generator::State>(seed));
}
const Generator &detail::getDefaultCPUGenerator() {
  static const Generator &generator =
      *new Generator(Generator::State::make(std::make_shared<DefaultState>()));
  return generator;
}

namespace ops {

//===------------------------------------------------------------------------------------------===//
// Draws
//===------------------------------------------------------------------------------------------===//

namespace {

using Source = const std::optional<Generator> &;

Dims checkedSizes(IntArrayRef sizes, const char *operation) {
  Dims out(sizesOf(sizes));
  int64_t n;
  if (!checkedNumElements(out, n))
    throw Error(std::string(operation) + ": the sizes " + toString(out) +
                " are negative or have more elements than 64 bits can count");
  return out;
}

/// The seed and the first of `count` counters, as operands.
std::array<Tensor, 2> drawFrom(Source generator, int64_t count, const char *operation) {
  noteValueRead(); // every call draws numbers of its own
  const auto counters = static_cast<uint64_t>(std::max<int64_t>(count, 1));
  const rt::RandomState state =
      generator ? stateOf(*generator, operation).next(counters) : rt::nextRandom(counters);
  return {indexArgument(static_cast<int64_t>(state.seed)),
          indexArgument(static_cast<int64_t>(state.counter))};
}
Tensor draw(const Dims &sizes, ScalarType dtype, Distribution distribution, Source generator,
            const char *operation) {
  const auto operands = drawFrom(generator, numElements(sizes), operation);
  AttrWords words;
  RandomAttrs{sizes, dtype, distribution}.write(words);
  return recordOp(OpKind::random, operands, words.span());
}
Tensor drawFloats(const Dims &sizes, ScalarType dtype, Distribution distribution, Source generator,
                  const char *operation) {
  if (!isFloatingType(dtype))
    throw TypeError(std::string(operation) + ": expected a floating-point dtype, found " +
                    toString(dtype));
  return draw(sizes, dtype, distribution, generator, operation);
}
/// float32 or float64 numbers to make others of, for a result of a dtype.
Tensor uniformFor(const Dims &sizes, ScalarType dtype, Source generator, const char *operation) {
  return draw(sizes, dtype == kDouble ? kDouble : kFloat, Distribution::uniform, generator,
              operation);
}
/// [low, high) where `span` is high - low, by the remainder.
Tensor integersIn(int64_t low, int64_t high, const Dims &sizes, Source generator,
                  const char *operation) {
  if (low >= high)
    throw ValueError(std::string(operation) + ": the range [" + std::to_string(low) + ", " +
                     std::to_string(high) + ") is empty");
  return draw(sizes, kLong, Distribution::bits, generator, operation).remainder(high - low) + low;
}
const Dims &sizesOfSelf(const Tensor &self, const char *operation) {
  return implOf(self, operation).type().sizes;
}
void checkProbability(double p, const char *operation) {
  if (!(p >= 0 && p <= 1))
    throw Error(std::string(operation) + ": the probability must be in [0, 1], found " +
                std::to_string(p));
}
void checkPositive(double value, const char *what, const char *operation) {
  if (!(value > 0))
    throw Error(std::string(operation) + ": " + what + " must be above 0, found " +
                std::to_string(value));
}
void checkDeviation(double std, const char *operation) {
  if (!(std >= 0))
    throw Error(std::string(operation) + ": the standard deviation must not be negative, found " +
                std::to_string(std));
}
void checkFloatSelf(const Tensor &self, const char *operation) { checkFloating(self, operation); }
/// What is drawn for parameters has a gradient of zeros for each of them.
Tensor withoutGradient(const char *name, std::initializer_list<Tensor> parameters,
                       const std::function<Tensor()> &drawn) {
  return composite(name, parameters, drawn, [](CompositeGradient &g) {
    for (size_t i = 0; i < g.operands.size(); ++i)
      if (g.needs(i))
        g.gradients[i] = tjit::zeros_like(g.operands[i]);
  });
}
Tensor &write(const Tensor &self, const Tensor &value, const char *operation) {
  writeInto(self, value, operation);
  return mutableOf(self);
}

} // namespace

Tensor rand(IntArrayRef sizes, const std::optional<Generator> &generator, TensorOptions options) {
  checkDevice(options.device(), "rand");
  return finishCreation(drawFloats(checkedSizes(sizes, "rand"), options.dtype(),
                                   Distribution::uniform, generator, "rand"),
                        options, "rand");
}
Tensor rand(IntArrayRef sizes, TensorOptions options) {
  return tjit::rand(sizes, std::nullopt, options);
}
Tensor randn(IntArrayRef sizes, const std::optional<Generator> &generator, TensorOptions options) {
  checkDevice(options.device(), "randn");
  return finishCreation(drawFloats(checkedSizes(sizes, "randn"), options.dtype(),
                                   Distribution::normal, generator, "randn"),
                        options, "randn");
}
Tensor randn(IntArrayRef sizes, TensorOptions options) {
  return tjit::randn(sizes, std::nullopt, options);
}
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes,
               const std::optional<Generator> &generator, TensorOptions options) {
  checkDevice(options.device(), "randint");
  const ScalarType dtype = options.has_dtype() ? options.dtype().toScalarType() : kLong;
  if (isIntegralType(dtype, true) && dtype != kLong && low < high) {
    const int bits = dtype == kBool ? 1 : 8 * static_cast<int>(elementSize(dtype));
    const bool isSigned = dtype != kBool && dtype != kByte;
    const int64_t least = isSigned ? -(int64_t{1} << (bits - 1)) : 0,
                  most = (int64_t{1} << (isSigned ? bits - 1 : bits)) - 1;
    if (low < least || high - 1 > most)
      throw Error("randint: the range [" + std::to_string(low) + ", " + std::to_string(high) +
                  ") does not fit into " + toString(dtype));
  }
  const Tensor numbers =
      integersIn(low, high, checkedSizes(sizes, "randint"), generator, "randint");
  return finishCreation(castTo(numbers, dtype), options, "randint");
}
Tensor randint(int64_t high, IntArrayRef sizes, const std::optional<Generator> &generator,
               TensorOptions options) {
  return tjit::randint(0, high, sizes, generator, options);
}
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, TensorOptions options) {
  return tjit::randint(low, high, sizes, std::nullopt, options);
}
Tensor randint(int64_t high, IntArrayRef sizes, TensorOptions options) {
  return tjit::randint(0, high, sizes, std::nullopt, options);
}
Tensor randperm(int64_t n, const std::optional<Generator> &generator, TensorOptions options) {
  checkDevice(options.device(), "randperm");
  if (n < 0)
    throw ValueError("randperm: n must not be negative, found " + std::to_string(n));
  const ScalarType dtype = options.has_dtype() ? options.dtype().toScalarType() : kLong;
  refuseBool(dtype, "randperm");
  if (n > 0)
    checkHolds(n - 1, dtype, "randperm");
  if (dtype == kHalf && n > 2049)
    throw Error("randperm: float16 holds the integers up to 2048 only, found n = " +
                std::to_string(n) + "; use another dtype");
  // Fisher and Yates on random bits of the same generator.
  const std::vector<int64_t> bits =
      readNumbers<int64_t>(*draw(Dims{n}, kLong, Distribution::bits, generator, "randperm").impl());
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t(0));
  for (int64_t i = n; i-- > 1;)
    std::swap(order[i], order[bits[i] % (i + 1)]);
  return finishCreation(castTo(fromIntegers(order), dtype), options, "randperm");
}
Tensor randperm(int64_t n, TensorOptions options) {
  return tjit::randperm(n, std::nullopt, options);
}
void manual_seed(uint64_t seed) {
  noteValueRead(); // a call that is replayed would not seed
  rt::setSeed(seed);
}

//===------------------------------------------------------------------------------------------===//
// Distributions
//===------------------------------------------------------------------------------------------===//

Tensor bernoulli(const Tensor &self, const std::optional<Generator> &generator) {
  checkFloatSelf(self, "bernoulli");
  const Tensor p = checkedValues(self.detach(), ValueRule::probability);
  const Dims &sizes = self.impl()->type().sizes;
  const Tensor u = uniformFor(sizes, self.scalar_type(), generator, "bernoulli");
  return withoutGradient("Bernoulli", {self}, [&] { return castTo(u < p, p.scalar_type()); });
}
Tensor bernoulli(const Tensor &self, double p, const std::optional<Generator> &generator) {
  checkProbability(p, "bernoulli");
  const Dims &sizes = sizesOfSelf(self, "bernoulli");
  return castTo(uniformFor(sizes, kDouble, generator, "bernoulli") < p, self.scalar_type());
}
Tensor &bernoulli_(const Tensor &self, double p, const std::optional<Generator> &generator) {
  return write(self, self.bernoulli(p, generator), "bernoulli_");
}
Tensor &bernoulli_(const Tensor &self, const Tensor &p, const std::optional<Generator> &generator) {
  checkFloatSelf(p, "bernoulli_");
  const Dims &sizes = sizesOfSelf(self, "bernoulli_");
  return write(self, expandTo(p.detach(), sizes, "bernoulli_").bernoulli(generator), "bernoulli_");
}

Tensor normal(const Tensor &mean, const Tensor &std, const std::optional<Generator> &generator) {
  checkFloatSelf(mean, "normal"), checkFloatSelf(std, "normal");
  const Tensor m = mean.detach(), s = checkedValues(std.detach(), ValueRule::deviation);
  Dims sizes;
  if (!broadcastSizes(sizesOf(m.sizes()), sizesOf(s.sizes()), sizes))
    throw Error("normal: the sizes " + toString(sizesOf(m.sizes())) + " and " +
                toString(sizesOf(s.sizes())) + " do not broadcast");
  return withoutGradient("Normal", {mean, std}, [&] {
    return draw(sizes, promoted(m, s), Distribution::normal, generator, "normal") * s + m;
  });
}
Tensor normal(const Tensor &mean, double std, const std::optional<Generator> &generator) {
  checkFloatSelf(mean, "normal"), checkDeviation(std, "normal");
  const TensorImpl &t = *mean.impl();
  return withoutGradient("Normal", {mean}, [&] {
    return draw(t.type().sizes, t.type().dtype, Distribution::normal, generator, "normal") * std +
           mean.detach();
  });
}
Tensor normal(double mean, const Tensor &std, const std::optional<Generator> &generator) {
  checkFloatSelf(std, "normal");
  const Tensor s = checkedValues(std.detach(), ValueRule::deviation);
  return withoutGradient("Normal", {std}, [&] {
    return draw(s.impl()->type().sizes, s.scalar_type(), Distribution::normal, generator,
                "normal") *
               s +
           mean;
  });
}
Tensor normal(double mean, double std, IntArrayRef size, const std::optional<Generator> &generator,
              TensorOptions options) {
  checkDeviation(std, "normal");
  const bool requiresGrad = options.requires_grad();
  const Tensor out = tjit::randn(size, generator, options.requires_grad(false)) * std + mean;
  return requiresGrad ? out.requires_grad_() : out;
}

Tensor multinomial(const Tensor &self, int64_t num_samples, bool replacement,
                   const std::optional<Generator> &generator) {
  checkFloatSelf(self, "multinomial");
  const int64_t rank = self.dim();
  if (rank < 1 || rank > 2)
    throw Error("multinomial: expected one or two dimensions, found sizes " +
                toString(sizesOf(self.sizes())));
  const int64_t n = self.size(-1);
  if (num_samples <= 0 || (!replacement && num_samples > n))
    throw Error("multinomial: cannot draw " + std::to_string(num_samples) + " of " +
                std::to_string(n) + " categories" + (replacement ? "" : " without replacement"));
  Tensor weights = checkedValues(wide(self.detach()), ValueRule::weight);
  const Tensor sums = checkedValues(weights.sum(-1, true), ValueRule::weight_sum);
  weights = tjit::where(sums.gt(0), weights, 0); // so that the sums are looked at
  const ScalarType dtype = weights.scalar_type();
  if (!replacement || num_samples == 1) {
    // The largest of weight / exponential number has the probability of its weight, the next one
    // that among the rest, and so on. See Efraimidis, Spirakis, Weighted random sampling with a
    // reservoir (2006). Where too few have a weight, those without one follow.
    const Tensor u = uniformFor(weights.impl()->type().sizes, dtype, generator, "multinomial");
    const Tensor key = weights / -tjit::log1p(-u).clamp_max(-0x1p-53);
    return key.argsort(int64_t(-1), true).narrow(-1, 0, num_samples).contiguous();
  }
  Tensor ends = weights.cumsum(-1);
  ends = ends / ends.narrow(-1, n - 1, 1);
  Dims sizes(sizesOf(weights.sizes()));
  sizes[sizes.size() - 1] = num_samples;
  const Tensor u = draw(sizes, dtype, Distribution::uniform, generator, "multinomial");
  return tjit::searchsorted(ends, u, false, true).clamp_max(n - 1);
}

Tensor poisson(const Tensor &self, const std::optional<Generator> &generator) {
  checkFloatSelf(self, "poisson");
  const Tensor rates = checkedValues(self.detach(), ValueRule::rate);
  return withoutGradient("Poisson", {self}, [&] {
    const auto [seed, counter] = drawFrom(generator, rates.numel(), "poisson");
    const Tensor operands[] = {seed, counter, rates};
    return recordOp(OpKind::random_poisson, operands);
  });
}
Tensor binomial(const Tensor &count, const Tensor &prob,
                const std::optional<Generator> &generator) {
  checkFloatSelf(count, "binomial"), checkSameDtype(count, prob, "binomial");
  if (const ScalarType dtype = count.scalar_type(); dtype == kHalf || dtype == kBFloat16)
    throw Error(std::string("binomial: not defined for ") + toString(dtype) + "; cast to float32");
  const std::vector<Tensor> both = tjit::broadcast_tensors({count.detach(), prob.detach()});
  return withoutDerivative("binomial", {count, prob}, [&] {
    const auto [seed, counter] = drawFrom(generator, both[0].numel(), "binomial");
    const Tensor operands[] = {seed, counter, both[0], both[1]};
    return recordOp(OpKind::random_binomial, operands);
  });
}

Tensor &uniform_(const Tensor &self, double from, double to,
                 const std::optional<Generator> &generator) {
  checkFloatSelf(self, "uniform_");
  if (!(from <= to))
    throw Error("uniform_: the range [" + std::to_string(from) + ", " + std::to_string(to) +
                ") is empty");
  return write(self, tjit::rand(self.sizes(), generator, self.options()) * (to - from) + from,
               "uniform_");
}
Tensor &normal_(const Tensor &self, double mean, double std,
                const std::optional<Generator> &generator) {
  checkFloatSelf(self, "normal_"), checkDeviation(std, "normal_");
  return write(self, tjit::randn(self.sizes(), generator, self.options()) * std + mean, "normal_");
}
Tensor &exponential_(const Tensor &self, double lambd, const std::optional<Generator> &generator) {
  checkFloatSelf(self, "exponential_"), checkPositive(lambd, "lambd", "exponential_");
  const Tensor u =
      uniformFor(self.impl()->type().sizes, self.scalar_type(), generator, "exponential_");
  return write(self, tjit::log1p(-u) * (-1 / lambd), "exponential_");
}
Tensor &geometric_(const Tensor &self, double p, const std::optional<Generator> &generator) {
  checkPositive(p, "the probability", "geometric_");
  if (!(p < 1))
    throw Error("geometric_: the probability must be below 1, found " + std::to_string(p));
  const Tensor u = uniformFor(sizesOfSelf(self, "geometric_"), kDouble, generator, "geometric_");
  return write(self, (tjit::log1p(-u) / std::log1p(-p)).floor() + 1, "geometric_");
}
Tensor &cauchy_(const Tensor &self, double median, double sigma,
                const std::optional<Generator> &generator) {
  checkFloatSelf(self, "cauchy_"), checkPositive(sigma, "sigma", "cauchy_");
  const Tensor u = uniformFor(self.impl()->type().sizes, kDouble, generator, "cauchy_");
  return write(self, ((u - 0.5) * std::numbers::pi).tan() * sigma + median, "cauchy_");
}
Tensor &log_normal_(const Tensor &self, double mean, double std,
                    const std::optional<Generator> &generator) {
  checkFloatSelf(self, "log_normal_"), checkPositive(std, "std", "log_normal_");
  const ScalarType dtype = self.scalar_type() == kDouble ? kDouble : kFloat;
  const Tensor x =
      draw(self.impl()->type().sizes, dtype, Distribution::normal, generator, "log_normal_");
  return write(self, (x * std + mean).exp(), "log_normal_");
}

/// Whole numbers that the dtype holds exactly.
static int64_t largestWhole(ScalarType dtype) {
  switch (dtype) {
  case kBool:
    return 2;
  case kByte:
    return 256;
  case kChar:
    return 128;
  case kShort:
    return 1 << 15;
  case kInt:
    return int64_t(1) << 31;
  case kHalf:
    return (1 << 11) + 1;
  case kBFloat16:
    return (1 << 8) + 1;
  case kFloat:
    return (1 << 24) + 1;
  case kDouble:
    return (int64_t(1) << 53) + 1;
  default:
    return INT64_MAX;
  }
}
Tensor &random_(const Tensor &self, int64_t from, std::optional<int64_t> to,
                const std::optional<Generator> &generator) {
  const Dims &sizes = sizesOfSelf(self, "random_");
  const ScalarType dtype = self.scalar_type();
  const int64_t end = isIntegralType(dtype, true) ? largestWhole(dtype) : INT64_MAX;
  if (!to) // up to what the dtype holds, as [from, largest]
    return self.random_(from, end, generator);
  if (*to > end || (end != INT64_MAX && from < (dtype == kByte || dtype == kBool ? 0 : -end)))
    throw Error("random_: [" + std::to_string(from) + ", " + std::to_string(*to) +
                ") has numbers that " + toString(dtype) + " does not hold");
  return write(self, integersIn(from, *to, sizes, generator, "random_"), "random_");
}
Tensor &random_(const Tensor &self, int64_t to, const std::optional<Generator> &generator) {
  return self.random_(0, to, generator);
}
Tensor &random_(const Tensor &self, const std::optional<Generator> &generator) {
  return self.random_(0, largestWhole(implOf(self, "random_").type().dtype), generator);
}

} // namespace ops
} // namespace v1
} // namespace tjit
