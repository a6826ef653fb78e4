//===- RulesTest.cpp - every derivative rule against finite differences -----------------------===//
//
// Elementwise operations are checked straight from the operation table, with their own test ranges,
// all broadcasting variants, first and second derivatives. The others have cases here. An operation
// with a derivative that neither covers fails a test.
//
//===------------------------------------------------------------------------------------------===//

#include "Differences.h"
#include "Frontend/RecordOp.h"
#include "IR/AttrWords.h"
#include "IR/OpAttrs.h.inc"

#include <cmath>
#include <map>

using namespace tjit;
using namespace tjit::testing;

namespace {

/// Floating-point elementwise operations of one and two operands without attributes.
bool isPlainElementwise(const OpInfo &info) {
  return info.opClass == OpClass::elementwise && info.numAttributes == 0 && info.numOperands >= 1 &&
         info.numOperands <= 2;
}

struct Case {
  std::string name;
  Function f;
  std::vector<Input> inputs;
  int orders = 2;
};

template <class Attrs> std::vector<int64_t> wordsOf(const Attrs &attrs) {
  AttrWords words;
  attrs.write(words);
  return {words.span().begin(), words.span().end()};
}
Tensor record(OpKind kind, std::vector<Tensor> operands, const std::vector<int64_t> &words,
              int64_t start = 0) {
  return recordOp(kind, operands, words, start);
}
Tensor integers(std::vector<int64_t> values, std::vector<int64_t> sizes) {
  return torch::tensor(values, torch::kInt64).reshape(sizes);
}
Input in(std::vector<int64_t> sizes, uint64_t seed = 1) {
  return randomInput(std::move(sizes), -2, 2, seed);
}

/// Nonlinear, so that second derivatives are not zero.
Tensor curved(const Tensor &x) { return x * x * x; }

template <class Attrs> Case reduction(OpKind kind, std::vector<int64_t> dims, bool keepdim) {
  return {
      std::string(opInfo(kind).mnemonic),
      [=](const Tensors &x) { return curved(record(kind, {x[0]}, wordsOf(Attrs{dims, keepdim}))); },
      {in({2, 3, 4})}};
}
template <class Attrs> std::vector<Case> reductions(OpKind kind) {
  std::vector<Case> cases;
  for (bool keepdim : {false, true})
    for (std::vector<int64_t> dims :
         std::vector<std::vector<int64_t>>{{0}, {1}, {2}, {0, 2}, {0, 1, 2}})
      cases.push_back(reduction<Attrs>(kind, dims, keepdim));
  return cases;
}

Case matmul(std::vector<int64_t> lhs, std::vector<int64_t> rhs) {
  return {"matmul",
          [](const Tensors &x) { return curved(record(OpKind::matmul, {x[0], x[1]}, {})); },
          {in(lhs, 1), in(rhs, 2)}};
}

/// One operand through a function of the public API that records `kind`, or is a view by it.
Case unary(std::string name, std::vector<int64_t> sizes, std::function<Tensor(const Tensor &)> f) {
  return {std::move(name), [f](const Tensors &x) { return curved(f(x[0])); }, {in(sizes)}};
}

Case recorded(OpKind kind, std::vector<int64_t> sizes, std::vector<int64_t> words) {
  return unary(opInfo(kind).mnemonic, std::move(sizes),
               [=](const Tensor &x) { return record(kind, {x}, words); });
}

using Cases = std::map<OpKind, std::vector<Case>>;

/// Places that are named once and more often, places that are not, and a source that is larger than
/// its index.
void addScatters(Cases &cases) {
  auto scatter = [](OpKind kind, std::vector<int64_t> words, std::vector<int64_t> index) {
    return Case{opInfo(kind).mnemonic,
                [=](const Tensors &x) {
                  return curved(record(kind, {x[0], integers(index, {3, 2}), x[1]}, words));
                },
                {in({3, 4}, 1), in({3, 3}, 2)}};
  };
  cases[OpKind::scatter_add].push_back(scatter(OpKind::scatter_add, {1}, {1, 1, 0, 3, 3, 3}));
  cases[OpKind::scatter] = {scatter(OpKind::scatter, {1}, {1, 2, 0, 3, 3, 1}),
                            scatter(OpKind::scatter, {0}, {1, 2, 0, 1, 2, 0})};
  for (auto reduction : {ScatterReduction::prod, ScatterReduction::amax, ScatterReduction::amin})
    for (int64_t dim : {0, 1})
      cases[OpKind::scatter_reduce].push_back(scatter(
          OpKind::scatter_reduce, wordsOf(ScatterReduceAttrs{dim, reduction}), {1, 1, 0, 2, 2, 2}));
}

void addLines(Cases &cases) {
  for (int64_t dim : {0, 1, 2}) {
    cases[OpKind::cumsum].push_back(recorded(OpKind::cumsum, {2, 3, 4}, {dim}));
    cases[OpKind::cumprod].push_back(recorded(OpKind::cumprod, {2, 3, 4}, {dim}));
  }
  Case zero = recorded(OpKind::cumprod, {2, 3}, {1});
  zero.inputs[0].values[1] = zero.inputs[0].values[3] = 0;
  cases[OpKind::cumprod].push_back(zero);
  zero.inputs[0].values[2] = zero.inputs[0].values[5] = 0; // two in a line
  cases[OpKind::cumprod].push_back(zero);
}

/// Far from singular.
Tensor dominant(const Tensor &x) { return x + torch::eye(x.size(-1), torch::kFloat64) * 4; }
Tensor symmetric(const Tensor &x) {
  return x + x.mT() +
         torch::eye(x.size(-1), torch::kFloat64) *
             torch::arange(x.size(-1), torch::kFloat64).square();
}
Case matrices(OpKind kind, std::vector<int64_t> sizes,
              std::function<Tensor(const Tensor &)> prepare, std::vector<int64_t> words = {}) {
  return unary(opInfo(kind).mnemonic, std::move(sizes),
               [=](const Tensor &x) { return record(kind, {prepare(x)}, words); });
}
/// What does not depend on the signs that LAPACK chooses: the squares of the vectors' elements.
Case decomposed(OpKind kind, std::vector<int64_t> sizes,
                std::function<Tensor(const Tensor &)> prepare, std::vector<int64_t> words = {}) {
  return {opInfo(kind).mnemonic,
          [=](const Tensors &x) { return record(kind, {prepare(x[0])}, words).square(); },
          {in(std::move(sizes))}};
}

void addMatrices(Cases &cases) {
  auto plain = [](const Tensor &x) { return x; };
  auto positive = [](const Tensor &x) {
    return x.matmul(x.mT()) + torch::eye(x.size(-1), torch::kFloat64);
  };
  cases[OpKind::cholesky] = {matrices(OpKind::cholesky, {3, 3}, positive),
                             matrices(OpKind::cholesky, {2, 2, 2}, positive)};
  cases[OpKind::det] = {matrices(OpKind::det, {3, 3}, dominant),
                        matrices(OpKind::det, {2, 2, 2}, dominant)};
  cases[OpKind::cofactor] = {matrices(OpKind::cofactor, {3, 3}, dominant)};
  cases[OpKind::slogdet] = {matrices(OpKind::slogdet, {3, 3}, dominant),
                            matrices(OpKind::slogdet, {2, 2, 2}, dominant)};
  for (std::vector<int64_t> sizes :
       std::vector<std::vector<int64_t>>{{3, 3}, {4, 2}, {2, 4}, {2, 2, 2}}) {
    cases[OpKind::svdvals].push_back(matrices(OpKind::svdvals, sizes, plain));
    cases[OpKind::svd].push_back(decomposed(OpKind::svd, sizes, plain, {false}));
  }
  cases[OpKind::svd].push_back(
      {"svd with all columns",
       [](const Tensors &x) {
         // U [2, 2], S [2] and the first two rows of Vh [3, 3].
         return record(OpKind::svd, {x[0]}, {true}).slice(0, 0, 12).square();
       },
       {in({2, 3})}});
  cases[OpKind::eigvalsh] = {matrices(OpKind::eigvalsh, {3, 3}, symmetric),
                             matrices(OpKind::eigvalsh, {2, 2, 2}, symmetric)};
  cases[OpKind::eigh] = {decomposed(OpKind::eigh, {3, 3}, symmetric),
                         decomposed(OpKind::eigh, {2, 2, 2}, symmetric)};
  for (std::vector<int64_t> sizes :
       std::vector<std::vector<int64_t>>{{3, 3}, {4, 2}, {2, 4}, {2, 2, 2}}) {
    cases[OpKind::qr].push_back(decomposed(OpKind::qr, sizes, plain, {false}));
    cases[OpKind::lu_factor].push_back(matrices(OpKind::lu_factor, sizes, plain, {false}));
  }
  cases[OpKind::qr].push_back(decomposed(OpKind::qr, {2, 4}, plain, {true}));
  auto solve = [](OpKind kind, std::vector<int64_t> words) {
    return Case{
        opInfo(kind).mnemonic,
        [=](const Tensors &x) { return curved(record(kind, {dominant(x[0]), x[1]}, words)); },
        {in({2, 3, 3}, 1), in({2, 3, 2}, 2)}};
  };
  cases[OpKind::solve] = {solve(OpKind::solve, wordsOf(SolveAttrs{true}))};
  for (bool upper : {false, true})
    for (bool unit : {false, true})
      cases[OpKind::triangular_solve].push_back(
          solve(OpKind::triangular_solve, wordsOf(TriangularSolveAttrs{upper, unit})));
}

Cases makeCases() {
  std::map<OpKind, std::vector<Case>> cases;
  using L = std::vector<int64_t>;
  cases[OpKind::cast] = {{"cast",
                          [](const Tensors &x) {
                            return curved(
                                castTo(curved(castTo(x[0], torch::kFloat64)), torch::kFloat64));
                          },
                          {in({3})}}};
  auto condition = [] {
    return record(OpKind::gt, {toTensor(in({2, 3}, 9)), torch::zeros({}, torch::kFloat64)}, {});
  };
  for (L lhs : {L{2, 3}, L{3}, L{2, 1}, L{}})
    for (L rhs : {L{2, 3}, L{1, 3}, L{}})
      cases[OpKind::where].push_back({"where",
                                      [=](const Tensors &x) {
                                        return curved(
                                            record(OpKind::where, {condition(), x[0], x[1]}, {}));
                                      },
                                      {in(lhs, 1), in(rhs, 2)}});

  // All in (0.1, 0.9), where each is smooth.
  auto inner = [](uint64_t seed) { return randomInput({2, 3}, 0.1, 0.9, seed); };
  for (int64_t f = 0; f <= static_cast<int64_t>(SpecialFunction::exponent); ++f)
    if (f != static_cast<int64_t>(SpecialFunction::mantissa) &&
        f != static_cast<int64_t>(SpecialFunction::exponent)) // steps, see SpecialTest.cpp
      cases[OpKind::special].push_back(
          {"special " + std::to_string(f),
           [=](const Tensors &x) { return curved(record(OpKind::special, {x[0]}, {f})); },
           {inner(1)}});
  for (int64_t upper : {0, 1})
    cases[OpKind::igamma].push_back({"igamma by x",
                                     [=](const Tensors &x) {
                                       const Tensor a = torch::full({3}, 1.5, torch::kFloat64);
                                       return curved(record(OpKind::igamma, {a, x[0]}, {upper}));
                                     },
                                     {inner(2)}});
  cases[OpKind::check_values] = {
      {"check_values",
       [](const Tensors &x) {
         return curved(
             record(OpKind::check_values, {x[0]}, {static_cast<int64_t>(ValueRule::probability)}));
       },
       {inner(3)}}};

  cases[OpKind::sum] = reductions<SumAttrs>(OpKind::sum);
  cases[OpKind::prod] = reductions<ProdAttrs>(OpKind::prod);
  cases[OpKind::amax] = reductions<AmaxAttrs>(OpKind::amax);
  cases[OpKind::amin] = reductions<AminAttrs>(OpKind::amin);
  cases[OpKind::matmul] = {matmul({2, 3}, {3, 4}),       matmul({2, 2, 3}, {3, 2}),
                           matmul({2, 3}, {2, 3, 2}),    matmul({2, 1, 2, 3}, {3, 3, 2}),
                           matmul({2, 2, 3}, {2, 3, 1}), matmul({1, 3}, {3, 1})};

  const L order = {2, 0, 1}, wide = {2, 3, 4}, other = {6, 4}, last = {2}, two = {0, 2};
  cases[OpKind::permute] = {recorded(OpKind::permute, {2, 3, 4}, wordsOf(PermuteAttrs{order}))};
  cases[OpKind::expand] = {recorded(OpKind::expand, {3, 1}, wordsOf(ExpandAttrs{wide})),
                           recorded(OpKind::expand, {}, wordsOf(ExpandAttrs{wide}))};
  cases[OpKind::expand][0].inputs = {in({1, 4})};
  cases[OpKind::reshape] = {recorded(OpKind::reshape, {2, 3, 4}, wordsOf(ReshapeAttrs{other}))};
  cases[OpKind::flip] = {recorded(OpKind::flip, {2, 3, 4}, wordsOf(FlipAttrs{last})),
                         recorded(OpKind::flip, {2, 3, 4}, wordsOf(FlipAttrs{two}))};
  for (int64_t start : {0, 1, 2})
    cases[OpKind::slice].push_back(unary("slice", {2, 5, 3}, [=](const Tensor &x) {
      return record(OpKind::slice, {x, indexArgument(start)}, wordsOf(SliceAttrs{1, 2, 2}), start);
    }));
  cases[OpKind::slice].push_back(
      unary("slice as a view", {2, 5, 3}, [](const Tensor &x) { return x.slice(2, 1, 3); }));
  auto strided = [](L sizes, L strides, int64_t offset) {
    return unary("as_strided", {3, 4}, [=](const Tensor &x) {
      return record(OpKind::as_strided, {x, indexArgument(offset)},
                    wordsOf(AsStridedAttrs{sizes, strides}), offset);
    });
  };
  // A transposed part, and windows that read elements twice.
  cases[OpKind::as_strided] = {strided({2, 2}, {1, 4}, 5), strided({3, 4}, {2, 1}, 1),
                               strided({2, 3}, {0, 1}, 2)};
  const L part = {2, 2}, partStrides = {4, 1};
  cases[OpKind::write_view] = {{"write_view",
                                [=](const Tensors &x) {
                                  return curved(
                                      record(OpKind::write_view, {x[0], x[1], indexArgument(5)},
                                             wordsOf(WriteViewAttrs{part, partStrides}), 5));
                                },
                                {in({3, 4}, 1), in({2, 2}, 2)}}};

  for (int64_t dim : {0, 1})
    cases[OpKind::concat].push_back(
        {"concat",
         [=](const Tensors &x) {
           return curved(record(OpKind::concat, {x[0], x[1], x[0]}, wordsOf(ConcatAttrs{dim})));
         },
         {in({2, 2}, 1), in(dim ? L{2, 1} : L{3, 2}, 2)}});
  auto gather = [](L sizes, L index, L indexSizes, int64_t dim) {
    return unary("gather", sizes, [=](const Tensor &x) {
      return record(OpKind::gather, {x, integers(index, indexSizes)}, wordsOf(GatherAttrs{dim}));
    });
  };
  // One element a line (a comparison), repeated ones and fewer lines than there are (additions).
  cases[OpKind::gather] = {gather({3, 4}, {1, 0, 3}, {3, 1}, 1),
                           gather({3, 4}, {1, 0, 2, 2}, {1, 4}, 0),
                           gather({3, 4}, {1, 1, 0, 3, 3, 3}, {3, 2}, 1),
                           gather({3, 4}, {2, 2, 1, 0}, {2, 2}, 0), gather({5}, {4, 4, 0}, {3}, 0)};
  cases[OpKind::scatter_add] = {{"scatter_add",
                                 [](const Tensors &x) {
                                   return curved(
                                       record(OpKind::scatter_add,
                                              {x[0], integers({1, 1, 0, 3, 3, 3}, {3, 2}), x[1]},
                                              wordsOf(ScatterAddAttrs{1})));
                                 },
                                 {in({3, 4}, 1), in({3, 2}, 2)}}};
  addScatters(cases);
  addLines(cases);
  addMatrices(cases);
  return cases;
}

} // namespace

TEST(Rules, EveryOperationWithADerivativeIsChecked) {
  const auto cases = makeCases();
  for (unsigned i = 0; i < kNumOps; ++i)
    if (kOpTable[i].hasDerivative && !isPlainElementwise(kOpTable[i])) {
      EXPECT_TRUE(cases.contains(static_cast<OpKind>(i)))
          << kOpTable[i].mnemonic << " has a derivative and no case in RulesTest.cpp";
    }
}

TEST(Rules, ElementwiseOperationsMatchFiniteDifferences) {
  for (unsigned i = 0; i < kNumOps; ++i) {
    const OpInfo &info = kOpTable[i];
    if (!info.hasDerivative || !isPlainElementwise(info))
      continue;
    SCOPED_TRACE(info.mnemonic);
    const auto kind = static_cast<OpKind>(i);
    Function f = [kind](const Tensors &x) { return recordOp(kind, x); };
    if (kind == OpKind::zeta) // has a derivative by its second operand only
      f = [](const Tensors &x) {
        const Tensor operands[] = {torch::full_like(x[0].detach(), 2.5), x[1]};
        return recordOp(OpKind::zeta, operands) + 0 * x[0];
      };
    std::vector<std::vector<std::vector<int64_t>>> shapes = {{{2, 3}}, {{}}};
    if (info.numOperands == 2)
      shapes = {{{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{2, 1}, {1, 3}},
                {{}, {2, 2}},     {{4}, {}},     {{}, {}}};
    for (const auto &sizes : shapes) {
      std::vector<Input> inputs;
      for (size_t k = 0; k < sizes.size(); ++k)
        inputs.push_back(randomInput(sizes[k], info.testLow, info.testHigh, 11 + k));
      for (int order = 1; order <= 2; ++order)
        checkDerivative(f, inputs, order, order == 1 ? 1e-7 : 1e-5);
    }
  }
}

TEST(Rules, OtherOperationsMatchFiniteDifferences) {
  for (const auto &[kind, cases] : makeCases())
    for (const Case &c : cases) {
      SCOPED_TRACE(c.name);
      for (int order = 1; order <= c.orders; ++order)
        checkDerivative(c.f, c.inputs, order, order == 1 ? 1e-6 : 1e-5);
    }
}

TEST(Rules, ThirdDerivativesMatchFiniteDifferences) {
  std::vector<Case> cases = {
      {"exp(sin)", [](const Tensors &x) { return x[0].sin().exp(); }, {in({3})}},
      {"quotient",
       [](const Tensors &x) { return x[0] / x[1]; },
       {in({3}), randomInput({3}, 0.5, 2, 4)}},
      {"tanh of a product",
       [](const Tensors &x) { return x[0].matmul(x[1]).tanh(); },
       {randomInput({2, 3}, -1, 1, 1), randomInput({3, 2}, -1, 1, 2)}},
      {"softmax",
       [](const Tensors &x) {
         Tensor e = x[0].exp();
         return e / e.sum(1, true);
       },
       {in({2, 3})}},
      {"pow",
       [](const Tensors &x) { return x[0].pow(x[1]); },
       {randomInput({3}, 0.5, 2, 1), randomInput({3}, 0.5, 2, 2)}}};
  for (const Case &c : cases) {
    SCOPED_TRACE(c.name);
    checkDerivative(c.f, c.inputs, 3, 1e-4);
  }
}

//===------------------------------------------------------------------------------------------===//
// Corner cases, as PyTorch has them
//===------------------------------------------------------------------------------------------===//

namespace {

Tensor leaf(std::vector<double> values) {
  return torch::tensor(values, torch::kFloat64).requires_grad_(true);
}
std::vector<double> valuesOf(const Tensor &t) {
  const Tensor dense = t.contiguous();
  const double *p = dense.const_data_ptr<double>();
  return {p, p + dense.numel()};
}
std::vector<double> gradientOfSum(const std::function<Tensor(const Tensor &)> &f, const Tensor &x) {
  return valuesOf(torch::autograd::grad({f(x).sum()}, {x})[0]);
}

} // namespace

TEST(RulesCorners, TiedMaximaShareTheGradient) {
  Tensor x = leaf({1, 3, 3});
  EXPECT_EQ(gradientOfSum([](const Tensor &t) { return t.amax(); }, x),
            (std::vector<double>{0, 0.5, 0.5}));
  Tensor a = leaf({1, 2}), b = leaf({1, 5});
  auto g = torch::autograd::grad({torch::maximum(a, b).sum()}, {a, b});
  EXPECT_EQ(valuesOf(g[0]), (std::vector<double>{0.5, 0}));
  EXPECT_EQ(valuesOf(g[1]), (std::vector<double>{0.5, 1}));
}

TEST(RulesCorners, PowAtZero) {
  // x^0 is 1 for every x; x^2 has slope 0 at 0.
  Tensor x = leaf({0, 2});
  Tensor zero = torch::tensor({0.0, 0.0}, torch::kFloat64),
         two = torch::tensor({2.0, 2.0}, torch::kFloat64);
  EXPECT_EQ(gradientOfSum([&](const Tensor &t) { return t.pow(zero); }, x),
            (std::vector<double>{0, 0}));
  EXPECT_EQ(gradientOfSum([&](const Tensor &t) { return t.pow(two); }, x),
            (std::vector<double>{0, 4}));
}

TEST(RulesCorners, PowOfANegativeBase) {
  Tensor x = leaf({-2});
  Tensor three = torch::tensor({3.0}, torch::kFloat64);
  EXPECT_EQ(gradientOfSum([&](const Tensor &t) { return t.pow(three); }, x),
            (std::vector<double>{12}));
}

TEST(RulesCorners, PowOfZeroInTheExponent) {
  // 0^y is constant for y >= 0.
  Tensor y = leaf({0, 1, 2});
  Tensor base = torch::zeros({3}, torch::kFloat64);
  EXPECT_EQ(gradientOfSum([&](const Tensor &t) { return base.pow(t); }, y),
            (std::vector<double>{0, 0, 0}));
}

TEST(RulesCorners, ReluIsFlatAtZeroAndAbsToo) {
  Tensor x = leaf({-1, 0, 2});
  EXPECT_EQ(gradientOfSum([](const Tensor &t) { return t.relu(); }, x),
            (std::vector<double>{0, 0, 1}));
  EXPECT_EQ(gradientOfSum([](const Tensor &t) { return t.abs(); }, x),
            (std::vector<double>{-1, 0, 1}));
}

TEST(RulesCorners, ProductWithZeros) {
  auto prod = [](const Tensor &t) { return t.prod(); };
  Tensor one = leaf({0, 2, 3}), both = leaf({0, 0, 3});
  EXPECT_EQ(gradientOfSum(prod, one), (std::vector<double>{6, 0, 0}));
  EXPECT_EQ(gradientOfSum(prod, both), (std::vector<double>{0, 0, 0}));
  // The mixed second derivatives at a zero are products of the third factor.
  Tensor g = torch::autograd::grad({one.prod()}, {one}, {}, true, true)[0];
  EXPECT_EQ(valuesOf(torch::autograd::grad({g[1]}, {one})[0]), (std::vector<double>{3, 0, 0}));
}

TEST(RulesCorners, StepFunctionsHaveZeroGradientNotNone) {
  Tensor x = leaf({1.5, -0.5});
  for (auto f : {&Tensor::floor, &Tensor::ceil, &Tensor::round, &Tensor::trunc, &Tensor::sign}) {
    Tensor g = torch::autograd::grad({(x.*f)().sum()}, {x})[0];
    ASSERT_TRUE(g.defined());
    EXPECT_EQ(valuesOf(g), (std::vector<double>{0, 0}));
  }
}

TEST(RulesCorners, ResultsWithoutGradient) {
  Tensor x = leaf({1, 2});
  EXPECT_FALSE(x.gt(1).requires_grad());
  EXPECT_FALSE(x.argmax().requires_grad());
  EXPECT_FALSE(x.to(torch::kInt64).requires_grad());
  EXPECT_FALSE(x.isnan().requires_grad());
}

TEST(RulesCorners, AGradientHasTheDtypeOfItsLeaf) {
  Tensor half = torch::tensor({1.0, 2.0}, torch::kFloat16).requires_grad_(true);
  (half.to(torch::kFloat32) * 3).sum().backward();
  EXPECT_EQ(half.grad().scalar_type(), torch::kFloat16);
  EXPECT_EQ(half.grad().to(torch::kFloat32).sum().item<float>(), 6);
}

TEST(RulesCorners, EmptyTensors) {
  Tensor x = torch::zeros({0, 3}, torch::kFloat64).requires_grad_(true);
  for (const Tensor &y : {x.sum(), (x * 2).sum(0).sum(),
                          x.matmul(torch::ones({3, 2}, torch::kFloat64)).sum(), x.prod()}) {
    Tensor g = torch::autograd::grad({y}, {x})[0];
    EXPECT_EQ(g.sizes().vec(), (std::vector<int64_t>{0, 3}));
  }
}
