//===- RandomTest.cpp -------------------------------------------------------------------------===//
// Generators, and the distributions of what is drawn: moments within five standard errors, and
// Kolmogorov and Smirnov's distance, with fixed seeds. Uniform and normal numbers themselves are
// tested in Interpreter/RandomTest.cpp.
//
//===------------------------------------------------------------------------------------------===//

#include "Support.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

using namespace frontend_test;
using namespace tjit;

namespace {

constexpr int64_t kDraws = 100000;

Generator generator(uint64_t seed) { return make_generator<CPUGeneratorImpl>(seed); }

void expectMoments(const Tensor &draws, double mean, double variance) {
  const Values x = values(draws);
  const double n = static_cast<double>(x.size());
  double m = 0, v = 0, fourth = 0;
  for (double value : x)
    m += value / n;
  for (double value : x) {
    const double d = (value - mean) * (value - mean);
    v += d / n, fourth += d * d / n;
  }
  EXPECT_NEAR(m, mean, 5 * std::sqrt(variance / n));
  EXPECT_NEAR(v, variance, 5 * std::sqrt((fourth - variance * variance) / n) + 1e-12);
}

/// 1.95 / sqrt(n) is exceeded with a probability of 0.001.
template <class F> void expectDistribution(const Tensor &draws, F &&distribution) {
  Values x = values(draws);
  std::sort(x.begin(), x.end());
  const double n = static_cast<double>(x.size());
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double p = distribution(x[i]);
    worst = std::max({worst, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  EXPECT_LT(worst, 1.95 / std::sqrt(n));
}
double normalDistribution(double x) { return std::erfc(-x * M_SQRT1_2) / 2; }

/// Frequencies of 0, 1, ... against probabilities: chi^2 below its 0.999 quantile by Wilson and
/// Hilferty's approximation.
void expectFrequencies(const Tensor &draws, const Values &probabilities) {
  Values counts(probabilities.size(), 0);
  for (double x : values(draws))
    ++counts.at(static_cast<size_t>(x));
  double chi = 0, n = static_cast<double>(draws.numel()), k = -1;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = n * probabilities[i];
    if (expected == 0) {
      EXPECT_EQ(counts[i], 0) << "category " << i;
      continue;
    }
    chi += (counts[i] - expected) * (counts[i] - expected) / expected, ++k;
  }
  const double quantile = k * std::pow(1 - 2 / (9 * k) + 3.09 * std::sqrt(2 / (9 * k)), 3);
  EXPECT_LT(chi, quantile);
}

} // namespace

TEST(Generators, TheSameSeedGivesTheSameNumbers) {
  Generator a = generator(7), b = generator(7), c = generator(8);
  const Tensor first = rand({5}, a), second = rand({5}, a);
  EXPECT_FALSE(first.equal(second));
  EXPECT_TRUE(first.equal(rand({5}, b)));
  EXPECT_TRUE(second.equal(rand({5}, b)));
  EXPECT_FALSE(first.equal(rand({5}, c)));
  a.set_current_seed(7);
  EXPECT_EQ(a.current_seed(), 7u);
  EXPECT_TRUE(first.equal(rand({5}, a)));
}
TEST(Generators, LeaveEachOtherAlone) {
  manual_seed(3);
  const Tensor expected = randn({4});
  manual_seed(3);
  Generator g = generator(1);
  rand({100}, g), randperm(5, g), randint(9, {3}, g);
  EXPECT_TRUE(expected.equal(randn({4})));
}
TEST(Generators, TheDefaultOneIsThatOfManualSeed) {
  Generator g = detail::getDefaultCPUGenerator();
  manual_seed(11);
  EXPECT_EQ(g.current_seed(), 11u);
  const Tensor state = g.get_state(), x = rand({3}), y = rand({3}, g);
  g.set_state(state);
  EXPECT_TRUE(x.equal(rand({3}, g)));
  EXPECT_TRUE(y.equal(rand({3})));
}
TEST(Generators, CopiesShareAndClonesDoNot) {
  Generator g = generator(5), copy = g;
  const Tensor first = rand({3}, g);
  Generator clone = g.clone();
  const Tensor second = rand({3}, copy);
  EXPECT_FALSE(first.equal(second));
  EXPECT_TRUE(second.equal(rand({3}, clone)));
  EXPECT_TRUE(copy == g);
  EXPECT_FALSE(clone == g);
}
TEST(Generators, ASeedFromTheSystemIsReturned) {
  Generator g = generator(0);
  const uint64_t seed = g.seed();
  EXPECT_EQ(g.current_seed(), seed);
  EXPECT_NE(seed, generator(0).seed());
}
TEST(Generators, UndefinedOnesAndForeignStatesAreErrors) {
  expectThrows<Error>([] { rand({2}, Generator()); }, {"rand", "undefined"});
  expectThrows<Error>([] { generator(1).set_state(ones({16})); }, {"set_state", "16"});
}
TEST(Generators, EveryFunctionDrawsFromTheOneItIsGiven) {
  const std::vector<std::function<Tensor(Generator)>> draws = {
      [](Generator g) { return rand({8}, g); },
      [](Generator g) { return randn({8}, g); },
      [](Generator g) { return randint(1000, {8}, g); },
      [](Generator g) { return randint(-5, 1000, {8}, g); },
      [](Generator g) { return randperm(50, g); },
      [](Generator g) { return full({64}, 0.5).bernoulli(g); },
      [](Generator g) { return ones({64}).bernoulli(0.5, g); },
      [](Generator g) { return multinomial(ones({50}), 20, false, g); },
      [](Generator g) { return multinomial(ones({50}), 20, true, g); },
      [](Generator g) { return poisson(full({8}, 50.), g); },
      [](Generator g) { return binomial(full({8}, 900.), full({8}, 0.5), g); },
      [](Generator g) { return normal(1, 2, {8}, g); },
      [](Generator g) { return normal(zeros({8}), 2, g); },
      [](Generator g) { return normal(0, ones({8}), g); },
      [](Generator g) { return normal(zeros({8}), ones({8}), g); },
      [](Generator g) { return empty({8}).uniform_(0, 1, g); },
      [](Generator g) { return empty({8}).normal_(0, 1, g); },
      [](Generator g) { return empty({64}).bernoulli_(0.5, g); },
      [](Generator g) { return empty({64}).bernoulli_(full({64}, 0.5), g); },
      [](Generator g) { return empty({8}).exponential_(1, g); },
      [](Generator g) { return empty({8}).geometric_(0.01, g); },
      [](Generator g) { return empty({8}).cauchy_(0, 1, g); },
      [](Generator g) { return empty({8}).log_normal_(0, 1, g); },
      [](Generator g) { return empty({8}).random_(g); },
      [](Generator g) { return empty({8}).random_(1000, g); },
      [](Generator g) { return empty({8}).random_(5, 1000, g); }};
  for (size_t i = 0; i < draws.size(); ++i) {
    SCOPED_TRACE(i);
    manual_seed(1);
    const Tensor first = draws[i](generator(4)), expected = rand({2});
    manual_seed(1);
    EXPECT_FALSE(first.equal(draws[i](generator(5))));
    EXPECT_TRUE(first.equal(draws[i](generator(4))));
    EXPECT_TRUE(expected.equal(rand({2}))); // the default generator was left alone
  }
}

TEST(Distributions, Bernoulli) {
  Generator g = generator(21);
  for (double p : {0.0, 0.1, 0.5, 1.0}) {
    const Tensor x = full({kDraws}, p).bernoulli(g), y = empty({kDraws}, kInt).bernoulli(p, g);
    EXPECT_EQ(y.scalar_type(), kInt);
    for (const Tensor &t : {x, y}) {
      EXPECT_NEAR(t.to(kFloat64).mean().item<double>(), p, 5 * std::sqrt(p * (1 - p) / kDraws));
      EXPECT_TRUE(t.eq(0).logical_or(t.eq(1)).all().item<bool>());
    }
  }
  expectThrows<Error>([] { bernoulli(tensor({0.5, 1.5})); }, {"bernoulli", "1.5"});
  expectThrows<Error>([] { eval(bernoulli(full({2}, 1.5))); }, {"bernoulli", "1.5"});
  expectThrows<Error>([] { ones({2}).bernoulli_(-0.5); }, {"bernoulli", "-0.5"});
  Tensor p = full({3}, 0.5).requires_grad_();
  p.bernoulli(g).sum().backward();
  EXPECT_EQ(values(p.grad()), Values({0, 0, 0}));
}
TEST(Distributions, MultinomialWithReplacement) {
  const Values p = {0.1, 0, 0.4, 0.2, 0.3};
  const Tensor x = multinomial(tensor(p) * 7, kDraws, true, generator(22));
  EXPECT_EQ(x.scalar_type(), kLong);
  expectFrequencies(x, p);
  const Tensor rows = multinomial(tensor({{1., 0.}, {0., 2.}}), 6, true, generator(23));
  EXPECT_EQ(sizes(rows), Ints({2, 6}));
  EXPECT_EQ(values(rows), Values({0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}));
}
TEST(Distributions, MultinomialWithoutReplacement) {
  const Values p = {0.1, 0, 0.4, 0.2, 0.3};
  const Tensor x = multinomial(tensor(p).expand({20000, 5}), 2, false, generator(24));
  EXPECT_FALSE(x.select(1, 0).eq(x.select(1, 1)).any().item<bool>());
  expectFrequencies(x.select(1, 0), p);
  Values second(5, 0); // the sum over the first of p[first] * p[i] / (1 - p[first])
  for (size_t first = 0; first < 5; ++first)
    for (size_t i = 0; i < 5; ++i)
      if (i != first)
        second[i] += p[first] * p[i] / (1 - p[first]);
  expectFrequencies(x.select(1, 1), second);
  expectThrows<Error>([] { multinomial(ones({3}), 4); }, {"multinomial", "4", "3"});
  expectThrows<Error>([] { multinomial(tensor({1., -1.}), 1); }, {"multinomial", "below 0"});
  for (bool replacement : {false, true})
    expectThrows<Error>([&] { eval(multinomial(zeros({2}), 2, replacement)); },
                        {"multinomial", "sum above 0"});
}
TEST(Distributions, Poisson) {
  Generator g = generator(41);
  for (double rate : {0.3, 4.0, 9.99, 10.0, 77.0, 1e4}) {
    SCOPED_TRACE(rate);
    const Tensor x = poisson(full({kDraws}, rate, kDouble), g);
    expectMoments(x, rate, rate);
    EXPECT_TRUE(x.eq(x.floor()).logical_and(x.ge(0)).all().item<bool>());
  }
  for (double rate : {2.0, 12.0}) {
    SCOPED_TRACE(rate);
    Values p; // the last category has all that is above
    double rest = 1;
    for (int k = 0; k < 30; ++k) {
      p.push_back(std::exp(k * std::log(rate) - rate - std::lgamma(k + 1)));
      rest -= p.back();
    }
    if (rate < 10) // categories that are nearly empty are one
      p.resize(10), rest = 1 - std::accumulate(p.begin(), p.end(), 0.0);
    p.push_back(rest);
    const Tensor x = poisson(full({kDraws}, rate), g);
    expectFrequencies(x.clamp_max(static_cast<double>(p.size() - 1)), p);
  }
  EXPECT_EQ(values(poisson(tensor({0.f, INFINITY}))), Values({0, INFINITY}));
  expectThrows<Error>([] { poisson(tensor({1.f, -1.f})); }, {"poisson", "-1", "[1]"});
  expectThrows<Error>([] { eval(poisson(full({2}, 0.0).log())); }, {"poisson"});
  Tensor rates = full({3}, 2.).requires_grad_();
  poisson(rates).sum().backward();
  EXPECT_EQ(values(rates.grad()), Values({0, 0, 0}));
}
TEST(Distributions, Binomial) {
  Generator g = generator(42);
  for (auto [n, p] : {std::pair(7., 0.2), std::pair(40., 0.3), std::pair(1e5, 0.7),
                      std::pair(1e9, 1e-9), std::pair(12., 0.95)}) {
    SCOPED_TRACE(testing::Message() << n << " " << p);
    const Tensor x = binomial(full({kDraws}, n, kDouble), full({1}, p, kDouble), g);
    expectMoments(x, n * p, n * p * (1 - p));
    EXPECT_TRUE(x.ge(0).logical_and(x.le(n)).all().item<bool>());
  }
  for (double p : {0.3, 0.5, 0.8}) { // 30 * 0.5 takes the other way than 30 * 0.3
    SCOPED_TRACE(p);
    Values exact;
    for (int k = 0; k <= 30; ++k)
      exact.push_back(std::exp(std::lgamma(31) - std::lgamma(k + 1) - std::lgamma(31 - k) +
                               k * std::log(p) + (30 - k) * std::log1p(-p)));
    // What is rare is one category at each end.
    int low = 0, high = 30;
    for (; exact[low] < 1e-3; ++low)
      exact[low + 1] += exact[low];
    for (; exact[high] < 1e-3; --high)
      exact[high - 1] += exact[high];
    const Tensor x = binomial(full({kDraws}, 30.), full({kDraws}, p), g);
    expectFrequencies(x.clamp(low, high) - low,
                      Values(exact.begin() + low, exact.begin() + high + 1));
  }
  EXPECT_EQ(values(binomial(tensor({-1., 3., 3., 2.5}), tensor({0.5, 1.5, -1., 1.}))),
            Values({0, 3, 0, 2.5}));
  expectThrows<Error>([] { binomial(ones({1}), ones({1}, kDouble)); }, {"binomial", "float64"});
  Tensor p = full({1}, 0.5).requires_grad_();
  expectThrows<Error>([&] { binomial(ones({1}), p).sum().backward(); }, {"binomial"});
}
TEST(Distributions, AreRecorded) {
  const Tensor p = full({4}, 0.5), pending = p * p;
  const uint64_t before = statistics().evaluations;
  const Tensor drawn[] = {bernoulli(pending),
                          poisson(pending),
                          binomial(pending * 20, pending),
                          multinomial(pending, 2),
                          multinomial(pending, 5, true),
                          normal(pending, pending)};
  EXPECT_EQ(statistics().evaluations, before);
  for (const Tensor &t : drawn)
    EXPECT_FALSE(t.isnan().any().item<bool>());
}
TEST(Distributions, Randperm) {
  Generator g = generator(25);
  Tensor places = zeros({6, 6});
  for (int i = 0; i < 3000; ++i)
    places += one_hot(randperm(6, g), 6).to(kFloat);
  for (int64_t place = 0; place < 6; ++place)
    for (double count : values(places[place]))
      EXPECT_NEAR(count, 500, 5 * std::sqrt(3000 * 5 / 36.));
  EXPECT_EQ(randperm(3, TensorOptions(kInt)).scalar_type(), kInt);
}
TEST(Distributions, Randint) {
  expectFrequencies(randint(-2, 5, {kDraws}, generator(26)) + 2, Values(7, 1 / 7.));
  const Tensor like = randint_like(ones({100}, kShort), 3, 5);
  EXPECT_EQ(like.scalar_type(), kShort);
  EXPECT_TRUE(like.ge(3).logical_and(like.lt(5)).all().item<bool>());
}
TEST(Distributions, Uniform) {
  for (ScalarType dtype : {kFloat, kDouble}) {
    const Tensor x = empty({kDraws}, dtype).uniform_(-3, 5, generator(27));
    expectMoments(x, 1, 64 / 12.);
    expectDistribution(x, [](double v) { return (v + 3) / 8; });
  }
}
TEST(Distributions, Normal) {
  const Tensor x = normal(2, 3, {kDraws}, generator(28));
  expectMoments(x, 2, 9);
  expectDistribution(x, [](double v) { return normalDistribution((v - 2) / 3); });
  const Tensor y = normal(full({kDraws}, -1.), full({1}, 0.5), generator(29));
  expectMoments(y, -1, 0.25);
  expectMoments(normal(full({kDraws}, 4.), 2, generator(30)), 4, 4);
  expectMoments(normal(4, full({kDraws}, 2.), generator(31)), 4, 4);
  expectThrows<Error>([] { normal(0, -1, {2}); }, {"normal", "-1"});
  expectThrows<Error>([] { normal(0, tensor({1., -2.})); }, {"normal", "-2"});
  EXPECT_TRUE(normal(0, 1, {2}, std::nullopt, requires_grad()).requires_grad());
}
TEST(Distributions, Exponential) {
  for (ScalarType dtype : {kFloat, kDouble}) {
    const Tensor x = empty({kDraws}, dtype).exponential_(2, generator(32));
    expectMoments(x, 0.5, 0.25);
    expectDistribution(x, [](double v) { return 1 - std::exp(-2 * v); });
  }
}
TEST(Distributions, Geometric) {
  const Tensor x = empty({kDraws}).geometric_(0.25, generator(33));
  expectMoments(x, 4, 12);
  EXPECT_EQ(x.min().item<double>(), 1);
}
TEST(Distributions, CauchyAndLogNormal) {
  expectDistribution(empty({kDraws}, kDouble).cauchy_(1, 2, generator(34)),
                     [](double v) { return 0.5 + std::atan((v - 1) / 2) / M_PI; });
  expectDistribution(empty({kDraws}, kDouble).log_normal_(1, 0.5, generator(35)),
                     [](double v) { return normalDistribution((std::log(v) - 1) / 0.5); });
}
TEST(Distributions, RandomFillsTheDtype) {
  expectMoments(empty({kDraws}, kByte).random_(generator(36)), 127.5, (65536 - 1) / 12.);
  EXPECT_LE(empty({1000}).random_(generator(37)).max().item<double>(), 1 << 24);
  expectFrequencies(empty({kDraws}).random_(4, generator(38)), Values(4, 0.25));
}
TEST(Distributions, DropoutKeepsTheMean) {
  manual_seed(39);
  const Tensor x = ones({kDraws}), y = dropout(x, 0.25, true);
  EXPECT_NEAR(y.eq(0).to(kFloat64).mean().item<double>(), 0.25, 5 * std::sqrt(0.1875 / kDraws));
  EXPECT_NEAR(y.max().item<double>(), 1 / 0.75, 1e-6);
  expectMoments(y, 1, 1 / 3.);
  EXPECT_TRUE(dropout(x, 0.25, false).equal(x));
}
TEST(Distributions, OfAThreadCountAndOfFusionNumbersDoNotDepend) {
  Tensor expected;
  const int before = get_num_threads();
  for (int threads : {1, 2}) {
    set_num_threads(threads);
    for (bool fused : {false, true}) {
      Generator g = generator(40);
      Tensor u = rand({300, 1000}, g);
      if (!fused)
        eval(u);
      const Tensor sum = (u * 2 + randn({300, 1000}, g)).sum();
      if (!expected.defined())
        expected = sum;
      EXPECT_EQ(sum.item<float>(), expected.item<float>());
    }
  }
  set_num_threads(before);
}
TEST(Distributions, WritesFollowTheRulesOfWrites) {
  Tensor leaf = ones({2}).requires_grad_();
  expectThrows<Error>([&] { leaf.uniform_(); }, {"leaf"});
  expectThrows<Error>([] { ones({2}, kInt).normal_(); }, {"normal_"});
  Tensor base = zeros({2, 3});
  base.t()[1].fill_(0).bernoulli_(1.0);
  EXPECT_EQ(values(base), Values({0, 1, 0, 0, 1, 0}));
}
