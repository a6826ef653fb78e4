//===- ElementaryTest.cpp - the error of elementary functions against MPFR ----------------===//
//
// Every operation that the table gives a tolerance is measured, in float32 and float64, through the
// interpreter. TJIT_EXHAUSTIVE=1 goes through all 2^32 arguments of the functions of one operand
// (glibc's double-precision function screens, MPFR decides).
//
//===------------------------------------------------------------------------------------------===//

#include "IR/Elementary.h"
#include "Tensors.h"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <cstdlib>
#include <limits>
#include <random>

using namespace tjit;
using namespace tjit::test;

namespace {

using MpfrUnary = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);
using MpfrBinary = int (*)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

/// What an operation computes exactly.
struct Reference {
  OpKind kind;
  MpfrUnary unary;
  double (*approximate)(double);
  MpfrBinary binary = nullptr;
  double lowest = -std::numeric_limits<double>::infinity(); // the table's bound holds from here on
};
/// IEEE 754's rSqrt(-0) is -infinity; MPFR's is +infinity.
int mpfrRsqrt(mpfr_t r, const mpfr_t x, mpfr_rnd_t mode) {
  return mpfr_zero_p(x) ? mpfr_ui_div(r, 1, x, mode) : mpfr_rec_sqrt(r, x, mode);
}
double rsqrt(double x) { return 1 / std::sqrt(x); }
/// Newton's method from Winitzki's approximation.
int mpfrErfinv(mpfr_t r, const mpfr_t x, mpfr_rnd_t mode) {
  const double approximate = mpfr_get_d(x, MPFR_RNDN);
  if (!(std::fabs(approximate) < 1) || approximate == 0) {
    if (std::fabs(approximate) == 1)
      mpfr_set_inf(r, mpfr_sgn(x));
    else if (approximate == 0)
      mpfr_set(r, x, mode);
    else
      mpfr_set_nan(r);
    return 0;
  }
  const double l = std::log1p(-approximate * approximate), a = 0.147, b = 2 / (M_PI * a) + l / 2;
  const double start = std::sqrt(std::max(std::sqrt(b * b - l / a) - b, 0.0));
  mpfr_t y, step, slope;
  mpfr_inits2(256, y, step, slope, static_cast<mpfr_ptr>(nullptr));
  mpfr_set_d(y, std::copysign(std::isfinite(start) ? start : 5.8, approximate), MPFR_RNDN);
  for (int i = 0; i < 9; ++i) {
    mpfr_erf(step, y, MPFR_RNDN);
    mpfr_sub(step, step, x, MPFR_RNDN);
    mpfr_sqr(slope, y, MPFR_RNDN);
    mpfr_exp(slope, slope, MPFR_RNDN);
    mpfr_mul(step, step, slope, MPFR_RNDN);
    mpfr_const_pi(slope, MPFR_RNDN);
    mpfr_sqrt(slope, slope, MPFR_RNDN);
    mpfr_div_2ui(slope, slope, 1, MPFR_RNDN);
    mpfr_mul(step, step, slope, MPFR_RNDN);
    mpfr_sub(y, y, step, MPFR_RNDN);
  }
  mpfr_set(r, y, mode);
  mpfr_clears(y, step, slope, static_cast<mpfr_ptr>(nullptr));
  return 0;
}
int mpfrLgamma(mpfr_t r, const mpfr_t x, mpfr_rnd_t mode) {
  int sign;
  return mpfr_lgamma(r, &sign, x, mode);
}
/// PyTorch's series: see lib/IR/ElementaryGamma.h.
int mpfrTrigamma(mpfr_t r, const mpfr_t x, mpfr_rnd_t mode) {
  mpfr_t t, sum, square, term;
  mpfr_inits2(256, t, sum, square, term, static_cast<mpfr_ptr>(nullptr));
  mpfr_set(t, x, MPFR_RNDN);
  mpfr_set_zero(sum, 1);
  for (int i = 0; i < 6; ++i) {
    mpfr_sqr(term, t, MPFR_RNDN);
    mpfr_ui_div(term, 1, term, MPFR_RNDN);
    mpfr_add(sum, sum, term, MPFR_RNDN);
    mpfr_add_ui(t, t, 1, MPFR_RNDN);
  }
  mpfr_sqr(square, t, MPFR_RNDN);
  mpfr_ui_div(square, 1, square, MPFR_RNDN);
  auto inverseOf = [&](unsigned long n) {
    mpfr_set_ui(term, 1, MPFR_RNDN);
    mpfr_div_ui(term, term, n, MPFR_RNDN);
  };
  mpfr_t series;
  mpfr_init2(series, 256);
  mpfr_set_zero(series, 1);
  for (unsigned long n : {42ul, 30ul, 6ul}) {
    mpfr_mul(series, series, square, MPFR_RNDN);
    inverseOf(n);
    mpfr_sub(series, term, series, MPFR_RNDN);
  }
  mpfr_mul(series, series, square, MPFR_RNDN);
  mpfr_ui_div(term, 1, t, MPFR_RNDN);
  mpfr_div_2ui(term, term, 1, MPFR_RNDN);
  mpfr_add(series, series, term, MPFR_RNDN);
  mpfr_add_ui(series, series, 1, MPFR_RNDN);
  mpfr_div(series, series, t, MPFR_RNDN);
  mpfr_add(r, sum, series, mode);
  mpfr_clears(t, sum, square, term, series, static_cast<mpfr_ptr>(nullptr));
  return 0;
}
constexpr Reference kReferences[] = {
    {OpKind::exp, mpfr_exp, std::exp},
    {OpKind::expm1, mpfr_expm1, std::expm1},
    {OpKind::log, mpfr_log, std::log},
    {OpKind::log1p, mpfr_log1p, std::log1p},
    {OpKind::sin, mpfr_sin, std::sin},
    {OpKind::cos, mpfr_cos, std::cos},
    {OpKind::tanh, mpfr_tanh, std::tanh},
    {OpKind::erf, mpfr_erf, std::erf},
    {OpKind::rsqrt, mpfrRsqrt, rsqrt},
    {OpKind::pow, nullptr, nullptr, mpfr_pow},
    {OpKind::atan2, nullptr, nullptr, mpfr_atan2},
    {OpKind::erfinv, mpfrErfinv, nullptr},
    {OpKind::lgamma, mpfrLgamma, nullptr, nullptr, 0.0},
    {OpKind::digamma, mpfr_digamma, nullptr, nullptr, 2.0},
    {OpKind::trigamma, mpfrTrigamma, nullptr, nullptr, 0.5},
};
const Reference *findReference(OpKind kind) {
  for (const Reference &r : kReferences)
    if (r.kind == kind)
      return &r;
  return nullptr;
}

/// A number of MPFR with more bits than any double.
struct Exact {
  mpfr_t value;
  Exact() { mpfr_init2(value, 256); }
  ~Exact() { mpfr_clear(value); }
};

/// |got - exact| in units of the last place that the exact result has in T. Infinity where one of
/// them is NaN, or where exact zeros differ in sign; an overflow counts as the next number of the
/// format.
template <class T> double ulpError(T got, const mpfr_t exact) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  using Limits = std::numeric_limits<T>;
  if (mpfr_nan_p(exact) || got != got)
    return mpfr_nan_p(exact) && got != got ? 0 : wrong;
  if (mpfr_zero_p(exact) || mpfr_inf_p(exact))
    return got == static_cast<T>(mpfr_get_d(exact, MPFR_RNDN)) &&
                   std::signbit(got) == (mpfr_signbit(exact) != 0)
               ? 0
               : wrong;
  if (got != 0 && std::signbit(got) != (mpfr_signbit(exact) != 0))
    return wrong;
  long exponent = std::min<long>(mpfr_get_exp(exact), Limits::max_exponent);
  long unit = std::max<long>(exponent - Limits::digits, Limits::min_exponent - Limits::digits);
  static Exact difference;
  if (std::isinf(got))
    mpfr_set_ui_2exp(difference.value, 1, Limits::max_exponent, MPFR_RNDN);
  else
    mpfr_set_d(difference.value, std::fabs(static_cast<double>(got)), MPFR_RNDN);
  static Exact magnitude;
  mpfr_abs(magnitude.value, exact, MPFR_RNDN);
  if (std::isinf(got) && mpfr_cmp(magnitude.value, difference.value) >= 0)
    return 0;
  mpfr_sub(difference.value, difference.value, magnitude.value, MPFR_RNDN);
  mpfr_mul_2si(difference.value, difference.value, -unit, MPFR_RNDN);
  return std::fabs(mpfr_get_d(difference.value, MPFR_RNDN));
}

struct Worst {
  double error = 0, x = 0, y = 0;
  void meet(double e, double atX, double atY = 0) {
    if (e > error)
      *this = {e, atX, atY};
  }
};

template <class T>
constexpr ScalarType kDType = sizeof(T) == 4 ? ScalarType::Float : ScalarType::Double;
template <class T> using BitsOf = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;

/// Numbers in which functions have their edges, and their negatives.
template <class T> std::vector<T> edges() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> all = {0,
                        1,
                        2,
                        3,
                        0.5,
                        2.5,
                        1e30f,
                        T(0x1p24) - 1,
                        T(0x1p53) - 1,
                        T(88.72284),
                        T(709.7827),
                        Limits::min(),
                        Limits::denorm_min(),
                        Limits::max(),
                        Limits::infinity(),
                        Limits::quiet_NaN(),
                        std::nextafter(T(1), T(2)),
                        std::nextafter(T(1), T(0)),
                        T(1e-40),
                        T(3.14159265358979),
                        T(1.5707963267949)};
  for (size_t i = 0, n = all.size(); i < n; ++i)
    all.push_back(-all[i]);
  return all;
}

template <class T> class Samples {
public:
  /// Of any magnitude, subnormals included.
  T any() { return std::bit_cast<T>(static_cast<BitsOf<T>>(engine())); }
  T within(double low, double high) {
    return static_cast<T>(low + (high - low) * (static_cast<double>(engine() >> 11) * 0x1p-53));
  }

private:
  std::mt19937_64 engine{1};
};

template <class T>
std::vector<T> runOn(OpKind kind, std::initializer_list<const std::vector<T> *> inputs) {
  int64_t n = static_cast<int64_t>((*inputs.begin())->size());
  std::vector<T> out(n);
  Dims sizes{n}, strides{1};
  std::vector<TensorRef> operands;
  for (auto *input : inputs)
    operands.push_back({const_cast<T *>(input->data()), kDType<T>, sizes, strides});
  interpretOp(kind, {}, operands, {out.data(), kDType<T>, sizes, strides});
  return out;
}

template <class T> Worst measureUnary(const Reference &reference, int count) {
  Samples<T> samples;
  std::vector<T> x = edges<T>();
  for (int i = 0; i < count; ++i) {
    x.push_back(samples.any());
    x.push_back(samples.within(-4, 4));
    x.push_back(samples.within(-100, 100));
    x.push_back(samples.within(-2000, 2000));
  }
  std::vector<T> y = runOn<T>(reference.kind, {&x});
  Worst worst;
  Exact input, exact;
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] < reference.lowest || (x[i] == 0 && std::signbit(x[i]) && reference.lowest == 0))
      continue;
    mpfr_set_d(input.value, x[i], MPFR_RNDN);
    reference.unary(exact.value, input.value, MPFR_RNDN);
    worst.meet(ulpError<T>(y[i], exact.value), x[i]);
  }
  return worst;
}

template <class T> Worst measureBinary(const Reference &reference, int count) {
  Samples<T> samples;
  std::vector<T> x, y;
  for (T a : edges<T>())
    for (T b : edges<T>()) {
      x.push_back(a);
      y.push_back(b);
    }
  for (int i = 0; i < count; ++i) {
    T a = samples.any();
    auto add = [&](T p, T q) {
      x.push_back(p);
      y.push_back(q);
    };
    add(a, samples.any());
    add(a, a * samples.within(-20, 20));
    add(samples.within(-10, 10), std::round(samples.within(-40, 40)));
    add(samples.within(0, 4), samples.within(-100, 100));
    add(samples.within(0.99, 1.01), samples.within(-10000, 10000));
    // Powers anywhere in the range of the format.
    add(std::fabs(a), samples.within(-1, 1) * std::numeric_limits<T>::max_exponent /
                          static_cast<T>(std::log2(static_cast<double>(std::fabs(a)))));
  }
  std::vector<T> z = runOn<T>(reference.kind, {&x, &y});
  Worst worst;
  Exact first, second, exact;
  for (size_t i = 0; i < x.size(); ++i) {
    mpfr_set_d(first.value, x[i], MPFR_RNDN);
    mpfr_set_d(second.value, y[i], MPFR_RNDN);
    reference.binary(exact.value, first.value, second.value, MPFR_RNDN);
    worst.meet(ulpError<T>(z[i], exact.value), x[i], y[i]);
  }
  return worst;
}

template <class T> Worst measure(const Reference &reference, int count) {
  return reference.unary ? measureUnary<T>(reference, count) : measureBinary<T>(reference, count);
}

class ElementaryError : public testing::TestWithParam<unsigned> {};

void expectWithin(double limit, const Worst &worst, const char *dtype) {
  printf("  %s: largest error %.3f ulp at %a, %a\n", dtype, worst.error, worst.x, worst.y);
  EXPECT_LE(worst.error, limit) << dtype << " at " << worst.x << ", " << worst.y;
}

TEST_P(ElementaryError, StaysBelowTheTablesBound) {
  const OpInfo &info = kOpTable[GetParam()];
  const Reference *reference = findReference(static_cast<OpKind>(GetParam()));
  ASSERT_TRUE(reference) << info.mnemonic << " has a tolerance and no reference in this test";
  expectWithin(info.maxUlp, measure<float>(*reference, 10000), "float32");
  // Twice the table's bound, which is float32's.
  expectWithin(2 * info.maxUlp, measure<double>(*reference, 10000), "float64");
}

class ElementaryErrorOfAll : public ElementaryError {};
TEST_P(ElementaryErrorOfAll, StaysBelowTheTablesBound) {
  const Reference *reference = findReference(static_cast<OpKind>(GetParam()));
  ASSERT_TRUE(reference && reference->unary);
  double limit = kOpTable[GetParam()].maxUlp;
  Worst worst;
  Exact input, exact;
  constexpr uint32_t block = 1 << 20;
  std::vector<float> x(block);
  for (uint64_t start = 0; start < uint64_t(1) << 32; start += block) {
    for (uint32_t i = 0; i < block; ++i)
      x[i] = std::bit_cast<float>(static_cast<uint32_t>(start + i));
    std::vector<float> y = runOn<float>(reference->kind, {&x});
    for (uint32_t i = 0; i < block; ++i) {
      double about = reference->approximate(x[i]);
      int exponent;
      std::frexp(about, &exponent);
      double error = std::fabs(y[i] - about) * std::ldexp(1.0, 24 - std::max(exponent, -125));
      float rounded = static_cast<float>(about);
      bool nearest = y[i] == rounded && std::signbit(y[i]) == std::signbit(rounded);
      if (nearest || (y[i] != y[i] && about != about) || error < worst.error - 0.001)
        continue;
      mpfr_set_d(input.value, x[i], MPFR_RNDN);
      reference->unary(exact.value, input.value, MPFR_RNDN);
      worst.meet(ulpError<float>(y[i], exact.value), x[i]);
    }
  }
  expectWithin(limit, worst, "float32, all");
}

/// sum of (y + k)^-x by Euler and Maclaurin behind 64 terms: for x of 1 to 20 and y above 0 the
/// rest is below 2^-100 of the sum.
void hurwitzZeta(mpfr_t r, const mpfr_t x, const mpfr_t y) {
  constexpr int kTerms = 64;
  // Bernoulli numbers B2, B4, ...
  constexpr struct {
    long numerator;
    unsigned long denominator;
  } kBernoulli[] = {{1, 6}, {-1, 30},     {1, 42},      {-1, 30},       {5, 66},      {-691, 2730},
                    {7, 6}, {-3617, 510}, {43867, 798}, {-174611, 330}, {854513, 138}};
  mpfr_t base, power, minus, term, factor;
  mpfr_inits2(256, base, power, minus, term, factor, static_cast<mpfr_ptr>(nullptr));
  mpfr_neg(minus, x, MPFR_RNDN);
  mpfr_set_zero(r, 1);
  mpfr_set(base, y, MPFR_RNDN);
  for (int k = 0; k < kTerms; ++k) {
    mpfr_pow(power, base, minus, MPFR_RNDN);
    mpfr_add(r, r, power, MPFR_RNDN);
    mpfr_add_ui(base, base, 1, MPFR_RNDN);
  }
  mpfr_pow(power, base, minus, MPFR_RNDN); // base^-x
  mpfr_mul(term, power, base, MPFR_RNDN);
  mpfr_sub_ui(factor, x, 1, MPFR_RNDN);
  mpfr_div(term, term, factor, MPFR_RNDN);
  mpfr_add(r, r, term, MPFR_RNDN);
  mpfr_div_2ui(term, power, 1, MPFR_RNDN);
  mpfr_add(r, r, term, MPFR_RNDN);
  // B_2j / (2j)! x (x + 1) ... (x + 2j - 2) base^(-x - 2j + 1)
  mpfr_div(power, power, base, MPFR_RNDN);
  mpfr_mul(power, power, x, MPFR_RNDN);
  mpfr_div_2ui(power, power, 1, MPFR_RNDN);
  unsigned long j = 1;
  for (const auto &b : kBernoulli) {
    mpfr_mul_si(term, power, b.numerator, MPFR_RNDN);
    mpfr_div_ui(term, term, b.denominator, MPFR_RNDN);
    mpfr_add(r, r, term, MPFR_RNDN);
    for (unsigned long i : {2 * j - 1, 2 * j}) {
      mpfr_add_ui(factor, x, i, MPFR_RNDN);
      mpfr_mul(power, power, factor, MPFR_RNDN);
      mpfr_div(power, power, base, MPFR_RNDN);
    }
    mpfr_div_ui(power, power, (2 * j + 1) * (2 * j + 2), MPFR_RNDN);
    ++j;
  }
  mpfr_clears(base, power, minus, term, factor, static_cast<mpfr_ptr>(nullptr));
}

template <class T> Worst measureZeta(int count) {
  Samples<T> samples;
  std::vector<T> x, y;
  for (int i = 0; i < count; ++i) {
    x.push_back(samples.within(1.05, 20));
    y.push_back(samples.within(0.01, i % 2 ? 2 : 60));
  }
  const std::vector<T> z = runOn<T>(OpKind::zeta, {&x, &y});
  Worst worst;
  Exact first, second, exact;
  for (size_t i = 0; i < x.size(); ++i) {
    mpfr_set_d(first.value, x[i], MPFR_RNDN);
    mpfr_set_d(second.value, y[i], MPFR_RNDN);
    hurwitzZeta(exact.value, first.value, second.value);
    worst.meet(ulpError<T>(z[i], exact.value), x[i], y[i]);
  }
  return worst;
}

/// Its bound holds above 1; what lies elsewhere is in the frontend's test of it.
TEST(Zeta, StaysBelowTheTablesBound) {
  const double limit = opInfo(OpKind::zeta).maxUlp;
  expectWithin(limit, measureZeta<float>(1000), "float32");
  expectWithin(2 * limit, measureZeta<double>(1000), "float64");
}

std::vector<unsigned> operationsWithTolerance() {
  std::vector<unsigned> kinds;
  for (unsigned i = 0; i < kNumOps; ++i)
    if (kOpTable[i].maxUlp > 0 && static_cast<OpKind>(i) != OpKind::zeta)
      kinds.push_back(i);
  return kinds;
}
INSTANTIATE_TEST_SUITE_P(Operations, ElementaryError, testing::ValuesIn(operationsWithTolerance()),
                         [](auto &info) { return std::string(kOpTable[info.param].mnemonic); });

/// Half a minute for each function.
std::vector<unsigned> operationsToExhaust() {
  std::vector<unsigned> kinds;
  if (std::getenv("TJIT_EXHAUSTIVE"))
    for (unsigned kind : operationsWithTolerance())
      if (const Reference *r = findReference(static_cast<OpKind>(kind)); r && r->approximate)
        kinds.push_back(kind);
  return kinds;
}
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ElementaryErrorOfAll);
INSTANTIATE_TEST_SUITE_P(Operations, ElementaryErrorOfAll, testing::ValuesIn(operationsToExhaust()),
                         [](auto &info) { return std::string(kOpTable[info.param].mnemonic); });

template <class T> void expectExactRemainders() {
  Samples<T> samples;
  std::vector<T> x, y;
  for (T a : edges<T>())
    for (T b : edges<T>()) {
      x.push_back(a);
      y.push_back(b);
    }
  for (int i = 0; i < 20000; ++i) {
    x.push_back(samples.any());
    y.push_back(samples.any());
    x.push_back(samples.within(-1000, 1000));
    y.push_back(samples.within(-3, 3));
  }
  std::vector<T> rest = runOn<T>(OpKind::fmod, {&x, &y});
  for (size_t i = 0; i < x.size(); ++i) {
    T expected = std::fmod(x[i], y[i]);
    EXPECT_TRUE((rest[i] == expected && std::signbit(rest[i]) == std::signbit(expected)) ||
                (rest[i] != rest[i] && expected != expected))
        << "fmod(" << x[i] << ", " << y[i] << ") = " << rest[i] << ", not " << expected;
  }
}
TEST(Fmod, IsExactForEveryQuotient) {
  expectExactRemainders<float>();
  expectExactRemainders<double>();
}

TEST(Elementary, CosineNeverLeavesItsRange) {
  std::vector<float> x;
  for (int i = 0; i < 100000; ++i)
    x.push_back(static_cast<float>(i) * 1e-5f);
  for (float y : runOn<float>(OpKind::cos, {&x}))
    EXPECT_LE(y, 1.0f);
}

TEST(Elementary, SimpleArgumentsGiveExactResults) {
  std::vector<float> x = {0, 1};
  EXPECT_EQ(runOn<float>(OpKind::cos, {&x})[0], 1.0f);
  EXPECT_EQ(runOn<float>(OpKind::exp, {&x})[0], 1.0f);
  EXPECT_EQ(runOn<float>(OpKind::log, {&x})[1], 0.0f);
  EXPECT_EQ(runOn<float>(OpKind::rsqrt, {&x})[1], 1.0f);
  std::vector<float> base = {2, 3, 10, -2}, exponent = {10, 4, 3, 3};
  EXPECT_EQ(runOn<float>(OpKind::pow, {&base, &exponent}),
            (std::vector<float>{1024, 81, 1000, -8}));
}

/// The division of the largest magnitude that counts: see docs/numerics.md.
TEST(FloorDivide, IsTheFloorOfTheExactQuotient) {
  std::vector<float> x = {1, -1, 7, -7, 7, 0, -0.0f, 1}, y = {0.1f, 0.1f, 2, 2, -2, 3, 3, 0};
  std::vector<float> q = runOn<float>(OpKind::floor_divide, {&x, &y});
  EXPECT_EQ(
      q, (std::vector<float>{9, -10, 3, -4, -4, 0, -0.0f, std::numeric_limits<float>::infinity()}));
  EXPECT_TRUE(std::signbit(q[6]));
}

} // namespace
