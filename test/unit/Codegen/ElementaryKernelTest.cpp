//===- ElementaryKernelTest.cpp ---------------------------------------------------------------===//
// Emitted elementary functions against the plain templates.
//
// Vectors and scalars of generated code must have the bits that the interpreter's instance of the
// same template has.
//
//===------------------------------------------------------------------------------------------===//
#include "IR/Elementary.h"
#include "RunKernel.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace tjit;
using namespace tjit::codegen;
using elementary::PlainFloat;

namespace {

/// Ordinary numbers of every magnitude, and what functions treat apart.
template <typename T> std::vector<T> arguments() {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  constexpr T kTiny = std::numeric_limits<T>::denorm_min(), kHuge = std::numeric_limits<T>::max();
  std::vector<T> v{0,
                   -T(0),
                   1,
                   -1,
                   T(0.5),
                   2,
                   kInfinity,
                   -kInfinity,
                   kHuge,
                   -kHuge,
                   kTiny,
                   -kTiny,
                   std::numeric_limits<T>::quiet_NaN(),
                   T(3.14159265358979),
                   T(1e6),
                   T(-1e9),
                   T(1e20),
                   T(-88.25), // exponentials that are subnormal
                   T(-95.5),
                   T(-103.5),
                   T(-104.5),
                   T(-149.5),
                   T(-151.5),
                   T(-709.5),
                   T(-744.5)};
  uint64_t state = 7;
  for (int i = 0; i < 400; ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    T unit = static_cast<T>(static_cast<double>(state >> 11) * 0x1p-52 - 1);
    v.push_back(std::ldexp(unit, static_cast<int>(state % 24) - 12));
  }
  return v;
}

template <typename T> bool sameBits(T a, T b) {
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  static_assert(sizeof(T) == sizeof(Bits));
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<Bits>(a) == std::bit_cast<Bits>(b);
}

template <typename T> struct Element;
template <> struct Element<float> {
  static constexpr const char *name = "f32";
};
template <> struct Element<double> {
  static constexpr const char *name = "f64";
};

template <typename T> KernelText kernelOf(OpKind kind, size_t n, unsigned operands) {
  std::string e = Element<T>::name, t = "tensor<" + std::to_string(n) + "x" + e + ">";
  KernelText k{.results = {t}, .domain = {static_cast<int64_t>(n)}};
  k.inputs.assign(operands, t);
  k.maps.assign(operands + 1, "(d0) -> (d0)");
  k.body = "%0 = tjit." + std::string(opInfo(kind).mnemonic) +
           (operands == 2 ? " %a0, %a1 : (" + e + ", " + e : " %a0 : (" + e) + ") -> " + e +
           "\n tjit.yield %0 : " + e;
  return k;
}

class ElementaryKernel : public testing::TestWithParam<std::string> {
protected:
  template <typename T> void checkUnary() {
    std::vector<T> x = arguments<T>();
    for (const auto &entry : elementary::kUnary<PlainFloat<T>>) {
      RunKernel run(kernelOf<T>(entry.kind, x.size(), 1), GetParam());
      ASSERT_TRUE(run.ok) << opInfo(entry.kind).mnemonic;
      std::vector<T> out(x.size());
      run({x.data(), out.data()}, 3);
      PlainFloat<T> plain;
      for (size_t i = 0; i < x.size(); ++i) {
        T expected = entry.function(plain, x[i]);
        EXPECT_TRUE(sameBits(out[i], expected)) << opInfo(entry.kind).mnemonic << "(" << x[i]
                                                << ") = " << out[i] << ", not " << expected;
      }
    }
  }
  template <typename T> void checkBinary() {
    std::vector<T> x, y, some = arguments<T>();
    for (size_t i = 0; i < some.size(); ++i)
      for (size_t j = i % 7; j < some.size(); j += 13) {
        x.push_back(some[i]);
        y.push_back(some[j]);
      }
    for (const auto &entry : elementary::kBinary<PlainFloat<T>>) {
      RunKernel run(kernelOf<T>(entry.kind, x.size(), 2), GetParam());
      ASSERT_TRUE(run.ok) << opInfo(entry.kind).mnemonic;
      std::vector<T> out(x.size());
      run({x.data(), y.data(), out.data()}, 3);
      PlainFloat<T> plain;
      for (size_t i = 0; i < x.size(); ++i) {
        T expected = entry.function(plain, x[i], y[i]);
        EXPECT_TRUE(sameBits(out[i], expected))
            << opInfo(entry.kind).mnemonic << "(" << x[i] << ", " << y[i] << ") = " << out[i]
            << ", not " << expected;
      }
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Cpus, ElementaryKernel, testing::ValuesIn(runnableCpus()),
                         [](const auto &info) { return nameOf(info.param); });

/// Without fused multiply-adds, functions of float64 are interpreted (canEmit).
std::vector<std::string> cpusForDouble() {
  std::vector<std::string> cpus = runnableCpus();
  std::erase_if(cpus, [](const std::string &cpu) { return !makeTarget(cpu)->hasFma; });
  return cpus;
}
class DoubleElementaryKernel : public ElementaryKernel {};
INSTANTIATE_TEST_SUITE_P(Cpus, DoubleElementaryKernel, testing::ValuesIn(cpusForDouble()),
                         [](const auto &info) { return nameOf(info.param); });

TEST_P(ElementaryKernel, Unary) { checkUnary<float>(); }
TEST_P(DoubleElementaryKernel, Unary) { checkUnary<double>(); }
TEST_P(ElementaryKernel, Binary) { checkBinary<float>(); }
TEST_P(DoubleElementaryKernel, Binary) { checkBinary<double>(); }

} // namespace
