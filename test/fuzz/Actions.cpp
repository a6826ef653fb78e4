//===- Actions.cpp - the table of actions ----------------------------------------------------===//

#include "Actions.h"

#include <sstream>

using namespace tjit;
using namespace tjit::fuzz;

namespace {

using T = const Tensor *;
using N = const int64_t *;

TensorOptions optionsOf(int64_t dtype) { return TensorOptions(kDTypes[dtype]); }

Tensor trigamma(const Tensor &x) { return autograd::grad({x.digamma().sum()}, {x})[0]; }

constexpr Action kActions[] = {
    // Leaves. Integers are small, and not 0 too often.
    {"random", "torch::randn(#0, #1)", 0, "ST",
     [](T, N n) { return randn(shapeOf(n[0]), optionsOf(n[1])); }},
    {"random", "torch::rand(#0, #1)", 0, "ST",
     [](T, N n) { return rand(shapeOf(n[0]), optionsOf(n[1])); }},
    {"random", "torch::randint(-4, 9, #0, #1)", 0, "ST",
     [](T, N n) { return randint(-4, 9, shapeOf(n[0]), optionsOf(n[1])); }},
    {"random", "torch::randint(1, 5, #0, #1)", 0, "ST",
     [](T, N n) { return randint(1, 5, shapeOf(n[0]), optionsOf(n[1])); }},
    {"random", "torch::randn(#0).requires_grad_()", 0, "S",
     [](T, N n) { return Tensor(randn(shapeOf(n[0])).requires_grad_()); }},
    {"fill", "torch::full(#0, #1, #2)", 0, "SsT",
     [](T, N n) { return full(shapeOf(n[0]), scalarOf(n[1]), optionsOf(n[2])); }},
    {"iota", "torch::arange(#0 * 7)", 0, "i", [](T, N n) { return arange(n[0] * 7); }},

    // One operand.
    {"neg", "$0.neg()", 1, "", [](T t, N) { return t->neg(); }},
    {"abs", "$0.abs()", 1, "", [](T t, N) { return t->abs(); }},
    {"sign", "$0.sign()", 1, "", [](T t, N) { return t->sign(); }},
    {"floor", "$0.floor()", 1, "", [](T t, N) { return t->floor(); }},
    {"ceil", "$0.ceil()", 1, "", [](T t, N) { return t->ceil(); }},
    {"trunc", "$0.trunc()", 1, "", [](T t, N) { return t->trunc(); }},
    {"round", "$0.round()", 1, "", [](T t, N) { return t->round(); }},
    {"sqrt", "$0.sqrt()", 1, "", [](T t, N) { return t->sqrt(); }},
    {"rsqrt", "$0.rsqrt()", 1, "", [](T t, N) { return t->rsqrt(); }},
    {"exp", "$0.exp()", 1, "", [](T t, N) { return t->exp(); }},
    {"expm1", "$0.expm1()", 1, "", [](T t, N) { return t->expm1(); }},
    {"log", "$0.log()", 1, "", [](T t, N) { return t->log(); }},
    {"log1p", "$0.log1p()", 1, "", [](T t, N) { return t->log1p(); }},
    {"sin", "$0.sin()", 1, "", [](T t, N) { return t->sin(); }},
    {"cos", "$0.cos()", 1, "", [](T t, N) { return t->cos(); }},
    {"tanh", "$0.tanh()", 1, "", [](T t, N) { return t->tanh(); }},
    {"erf", "$0.erf()", 1, "", [](T t, N) { return t->erf(); }},
    {"erfinv", "$0.erfinv()", 1, "", [](T t, N) { return t->erfinv(); }},
    {"lgamma", "$0.lgamma()", 1, "", [](T t, N) { return t->lgamma(); }},
    {"digamma", "$0.digamma()", 1, "", [](T t, N) { return t->digamma(); }},
    {"zeta", "torch::special_zeta($0.abs() + 1.25, $1.abs())", 2, "",
     [](T t, N) { return special_zeta(t->abs() + 1.25, t[1].abs()); }},
    // The derivative of digamma.
    {"trigamma",
     "[](auto x) { return torch::autograd::grad({x.digamma().sum()}, {x})[0]; }"
     "($0.detach().to(torch::kFloat).clone().requires_grad_())",
     1, "", [](T t, N) { return trigamma(t->detach().to(kFloat).clone().requires_grad_()); }},
    {"relu", "$0.relu()", 1, "", [](T t, N) { return t->relu(); }},
    {"", "$0.sigmoid()", 1, "", [](T t, N) { return t->sigmoid(); }},
    {"special", "torch::special_log_ndtr($0.to(torch::kFloat))", 1, "",
     [](T t, N) { return special_log_ndtr(t->to(kFloat)); }},
    {"special", "torch::special_i1e($0.to(torch::kFloat))", 1, "",
     [](T t, N) { return special_i1e(t->to(kFloat)); }},
    {"", "std::get<0>(torch::frexp($0.to(torch::kHalf)))", 1, "",
     [](T t, N) { return std::get<0>(frexp(t->to(kHalf))); }},
    {"bessel", "torch::special_bessel_j0($0.to(torch::kFloat))", 1, "",
     [](T t, N) { return special_bessel_j0(t->to(kFloat)); }},
    {"polynomial",
     "torch::special_shifted_chebyshev_polynomial_u($0.to(torch::kFloat), $1.remainder(9))", 2, "",
     [](T t, N) {
       return special_shifted_chebyshev_polynomial_u(t->to(kFloat), t[1].remainder(9));
     }},
    {"igamma", "torch::igamma($0.abs().to(torch::kDouble).detach(), $1.abs().to(torch::kDouble))",
     2, "", [](T t, N) { return igamma(t->abs().to(kDouble).detach(), t[1].abs().to(kDouble)); }},
    {"gcd", "$0.to(torch::kShort).gcd($1.to(torch::kShort))", 2, "",
     [](T t, N) { return t->to(kShort).gcd(t[1].to(kShort)); }},
    {"random_poisson", "torch::poisson($0.to(torch::kFloat).abs().nan_to_num().clamp_max(30))", 1,
     "", [](T t, N) { return poisson(t->to(kFloat).abs().nan_to_num().clamp_max(30)); }},
    {"random_binomial",
     "torch::binomial($0.detach().to(torch::kFloat).abs().nan_to_num().clamp_max(60), "
     "$0.detach().to(torch::kFloat).sigmoid().nan_to_num())",
     1, "",
     [](T t, N) {
       const Tensor x = t->detach().to(kFloat);
       return binomial(x.abs().nan_to_num().clamp_max(60), x.sigmoid().nan_to_num());
     }},
    {"check_values",
     "torch::binary_cross_entropy($0.sigmoid().nan_to_num(), "
     "$0.sigmoid().nan_to_num().detach())",
     1, "",
     [](T t, N) {
       const Tensor p = t->sigmoid().nan_to_num();
       return binary_cross_entropy(p, p.detach());
     }},
    {"bitwise_not", "$0.bitwise_not()", 1, "", [](T t, N) { return t->bitwise_not(); }},
    {"isnan", "$0.isnan()", 1, "", [](T t, N) { return t->isnan(); }},
    {"cast", "$0.to(#0)", 1, "T", [](T t, N n) { return t->to(kDTypes[n[0]]); }},
    {"", "$0.clone()", 1, "", [](T t, N) { return t->clone(); }},
    {"", "$0.contiguous()", 1, "", [](T t, N) { return t->contiguous(); }},
    {"", "$0.detach()", 1, "", [](T t, N) { return t->detach(); }},

    // Two and three operands.
    {"add", "$0.add($1)", 2, "", [](T t, N) { return t->add(t[1]); }},
    {"add", "$0.add(#0)", 1, "s", [](T t, N n) { return t->add(scalarOf(n[0])); }},
    {"", "$0.add($1, #0)", 2, "s", [](T t, N n) { return t->add(t[1], scalarOf(n[0])); }},
    {"sub", "$0.sub($1)", 2, "", [](T t, N) { return t->sub(t[1]); }},
    {"mul", "$0.mul($1)", 2, "", [](T t, N) { return t->mul(t[1]); }},
    {"mul", "$0.mul(#0)", 1, "s", [](T t, N n) { return t->mul(scalarOf(n[0])); }},
    {"div", "$0.div($1)", 2, "", [](T t, N) { return t->div(t[1]); }},
    {"div", "$0.div(#0)", 1, "s", [](T t, N n) { return t->div(scalarOf(n[0])); }},
    {"floor_divide", "$0.floor_divide($1)", 2, "", [](T t, N) { return t->floor_divide(t[1]); }},
    {"remainder", "$0.remainder($1)", 2, "", [](T t, N) { return t->remainder(t[1]); }},
    {"fmod", "$0.fmod($1)", 2, "", [](T t, N) { return t->fmod(t[1]); }},
    {"remainder", "$0.remainder(#0)", 1, "s",
     [](T t, N n) { return t->remainder(scalarOf(n[0])); }},
    {"pow", "$0.pow($1)", 2, "", [](T t, N) { return t->pow(t[1]); }},
    {"pow", "$0.pow(#0)", 1, "s", [](T t, N n) { return t->pow(scalarOf(n[0])); }},
    {"maximum", "$0.maximum($1)", 2, "", [](T t, N) { return t->maximum(t[1]); }},
    {"minimum", "$0.minimum($1)", 2, "", [](T t, N) { return t->minimum(t[1]); }},
    {"atan2", "$0.atan2($1)", 2, "", [](T t, N) { return t->atan2(t[1]); }},
    {"copysign", "$0.copysign($1)", 2, "", [](T t, N) { return t->copysign(t[1]); }},
    {"nextafter", "$0.nextafter($1)", 2, "", [](T t, N) { return t->nextafter(t[1]); }},
    {"bitwise_and", "$0.bitwise_and($1)", 2, "", [](T t, N) { return t->bitwise_and(t[1]); }},
    {"bitwise_or", "$0.bitwise_or($1)", 2, "", [](T t, N) { return t->bitwise_or(t[1]); }},
    {"bitwise_xor", "$0.bitwise_xor($1)", 2, "", [](T t, N) { return t->bitwise_xor(t[1]); }},
    {"shift_left", "$0.bitwise_left_shift($1)", 2, "",
     [](T t, N) { return t->bitwise_left_shift(t[1]); }},
    {"shift_right", "$0.bitwise_right_shift($1)", 2, "",
     [](T t, N) { return t->bitwise_right_shift(t[1]); }},
    {"eq", "$0.eq($1)", 2, "", [](T t, N) { return t->eq(t[1]); }},
    {"ne", "$0.ne($1)", 2, "", [](T t, N) { return t->ne(t[1]); }},
    {"lt", "$0.lt($1)", 2, "", [](T t, N) { return t->lt(t[1]); }},
    {"le", "$0.le($1)", 2, "", [](T t, N) { return t->le(t[1]); }},
    {"gt", "$0.gt($1)", 2, "", [](T t, N) { return t->gt(t[1]); }},
    {"ge", "$0.ge(#0)", 1, "s", [](T t, N n) { return t->ge(scalarOf(n[0])); }},
    {"where", "torch::where($0.gt(0), $1, $2)", 3, "",
     [](T t, N) { return where(t->gt(0), t[1], t[2]); }},

    // Reductions and products.
    {"sum", "$0.sum()", 1, "", [](T t, N) { return t->sum(); }},
    {"sum", "$0.sum(#0)", 1, "d", [](T t, N n) { return t->sum(n[0]); }},
    {"sum", "$0.sum(#0, true)", 1, "d", [](T t, N n) { return t->sum(n[0], true); }},
    {"", "$0.mean(#0, true)", 1, "d", [](T t, N n) { return t->mean(n[0], true); }},
    {"prod", "$0.prod(#0)", 1, "d", [](T t, N n) { return t->prod(n[0]); }},
    {"amax", "$0.amax(#0, true)", 1, "d", [](T t, N n) { return t->amax(n[0], true); }},
    {"amin", "$0.amin(#0)", 1, "d", [](T t, N n) { return t->amin(n[0]); }},
    {"argmax", "$0.argmax(#0)", 1, "d", [](T t, N n) { return t->argmax(n[0]); }},
    {"argmin", "$0.argmin(#0, true)", 1, "d", [](T t, N n) { return t->argmin(n[0], true); }},
    {"", "$0.softmax(#0)", 1, "d", [](T t, N n) { return t->softmax(n[0]); }},
    {"", "$0.log_softmax(#0)", 1, "d", [](T t, N n) { return t->log_softmax(n[0]); }},
    {"matmul", "$0.matmul($1)", 2, "", [](T t, N) { return t->matmul(t[1]); }},
    {"matmul", "$0.matmul($1.transpose(-1, -2))", 2, "",
     [](T t, N) { return t->matmul(t[1].transpose(-1, -2)); }},
    {"matmul", "$0.transpose(-1, -2).matmul($1)", 2, "",
     [](T t, N) { return t->transpose(-1, -2).matmul(t[1]); }},

    // Views.
    {"permute", "$0.transpose(#0, #1)", 1, "dd", [](T t, N n) { return t->transpose(n[0], n[1]); }},
    {"expand", "$0.expand_as($1)", 2, "", [](T t, N) { return t->expand_as(t[1]); }},
    {"reshape", "$0.reshape({-1})", 1, "", [](T t, N) { return t->reshape({-1}); }},
    {"reshape", "$0.reshape({#0 + 1, -1})", 1, "i",
     [](T t, N n) { return t->reshape({n[0] + 1, -1}); }},
    {"", "$0.unsqueeze(#0)", 1, "d", [](T t, N n) { return t->unsqueeze(n[0]); }},
    {"", "$0.select(#0, #1)", 1, "di", [](T t, N n) { return t->select(n[0], n[1]); }},
    {"slice", "$0.slice(#0, #1)", 1, "di", [](T t, N n) { return t->slice(n[0], n[1]); }},
    {"slice", "$0.slice(#0, #1, torch::nullopt, 2)", 1, "di",
     [](T t, N n) { return t->slice(n[0], n[1], std::nullopt, 2); }},
    {"", "$0.narrow(#0, #1, #2)", 1, "dii", [](T t, N n) { return t->narrow(n[0], n[1], n[2]); }},
    {"flip", "$0.flip(#0)", 1, "d", [](T t, N n) { return t->flip(n[0]); }},
    {"as_strided", "$0.as_strided({2, 2}, {1, 2}, #0)", 1, "i",
     [](T t, N n) { return t->as_strided({2, 2}, {1, 2}, n[0]); }},
    {"", "$0.diagonal()", 1, "", [](T t, N) { return t->diagonal(); }},

    // Movement.
    {"concat", "torch::cat({$0, $1}, #0)", 2, "d",
     [](T t, N n) { return cat({t[0], t[1]}, n[0]); }},
    {"concat", "torch::stack({$0, $1}, #0)", 2, "d",
     [](T t, N n) { return stack({t[0], t[1]}, n[0]); }},
    {"gather", "$0.gather(#0, $1.argmax(#0, true))", 2, "d",
     [](T t, N n) { return t->gather(n[0], t[1].argmax(n[0], true)); }},
    {"scatter_add", "$0.scatter_add(#0, $1.argmax(#0, true), $1)", 2, "d",
     [](T t, N n) { return t->scatter_add(n[0], t[1].argmax(n[0], true), t[1]); }},
    {"scatter", "$0.scatter(#0, $1.argmax(#0, true), $1)", 2, "d",
     [](T t, N n) { return t->scatter(n[0], t[1].argmax(n[0], true), t[1]); }},
    {"scatter_reduce", "$0.scatter_reduce(#0, $1.argmax(#0, true), $1, \"amax\")", 2, "d",
     [](T t, N n) { return t->scatter_reduce(n[0], t[1].argmax(n[0], true), t[1], "amax"); }},
    {"scatter_reduce", "$0.scatter_reduce(#0, $1.argmax(#0, true), $1, \"prod\", false)", 2, "d",
     [](T t, N n) {
       return t->scatter_reduce(n[0], t[1].argmax(n[0], true), t[1], "prod", false);
     }},

    // Lines.
    {"argsort", "$0.argsort(#0)", 1, "d", [](T t, N n) { return t->argsort(n[0]); }},
    {"argsort", "std::get<0>($0.sort(#0, true))", 1, "d",
     [](T t, N n) { return std::get<0>(t->sort(n[0], true)); }},
    {"cumsum", "$0.cumsum(#0)", 1, "d", [](T t, N n) { return t->cumsum(n[0]); }},
    {"cumprod", "$0.cumprod(#0)", 1, "d", [](T t, N n) { return t->cumprod(n[0]); }},
    {"cummax", "std::get<0>($0.cummax(#0))", 1, "d",
     [](T t, N n) { return std::get<0>(t->cummax(n[0])); }},
    {"cummin", "std::get<1>($0.cummin(#0))", 1, "d",
     [](T t, N n) { return std::get<1>(t->cummin(n[0])); }},
    {"searchsorted", "torch::searchsorted($0.msort(), $1)", 2, "",
     [](T t, N) { return searchsorted(t->msort(), t[1]); }},

    // Matrices. What is not square, or singular, raises.
    {"cholesky", "torch::linalg_cholesky($0.matmul($0.mT()))", 1, "",
     [](T t, N) { return linalg_cholesky(t->matmul(t->mT())); }},
    {"solve", "torch::linalg_solve($0, $1)", 2, "",
     [](T t, N) { return linalg_solve(t[0], t[1]); }},
    {"triangular_solve", "torch::linalg_solve_triangular($0, $1, true)", 2, "",
     [](T t, N) { return linalg_solve_triangular(t[0], t[1], true); }},
    {"det", "torch::linalg_det($0)", 1, "", [](T t, N) { return linalg_det(*t); }},
    {"cofactor", "torch::autograd::grad({torch::linalg_det($0).sum()}, {$0})[0]", 1, "",
     [](T t, N) { return autograd::grad({linalg_det(*t).sum()}, {*t}, {}, true)[0]; }},
    {"slogdet", "std::get<1>(torch::linalg_slogdet($0))", 1, "",
     [](T t, N) { return std::get<1>(linalg_slogdet(*t)); }},
    {"svdvals", "torch::linalg_svdvals($0)", 1, "", [](T t, N) { return linalg_svdvals(*t); }},
    {"svd", "std::get<0>(torch::linalg_svd($0, false))", 1, "",
     [](T t, N) { return std::get<0>(linalg_svd(*t, false)); }},
    {"qr", "std::get<1>(torch::linalg_qr($0))", 1, "",
     [](T t, N) { return std::get<1>(linalg_qr(*t)); }},
    {"lu_factor", "std::get<0>(torch::linalg_lu_factor_ex($0))", 1, "",
     [](T t, N) { return std::get<0>(linalg_lu_factor_ex(*t)); }},
    {"eigvalsh", "torch::linalg_eigvalsh($0)", 1, "", [](T t, N) { return linalg_eigvalsh(*t); }},
    {"eigh", "std::get<1>(torch::linalg_eigh($0))", 1, "",
     [](T t, N) { return std::get<1>(linalg_eigh(*t)); }},
    {"", "torch::tril($0)", 1, "", [](T t, N) { return t->tril(); }},

    // Writes, seen by every view of the same storage.
    {"write_view", "$0.add_($1)", 2, "", [](T t, N) { return Tensor(t->add_(t[1])); }},
    {"write_view", "$0.mul_(#0)", 1, "s", [](T t, N n) { return Tensor(t->mul_(scalarOf(n[0]))); }},
    {"write_view", "$0.copy_($1)", 2, "", [](T t, N) { return Tensor(t->copy_(t[1])); }},
    {"write_view", "$0.fill_(#0)", 1, "s",
     [](T t, N n) { return Tensor(t->fill_(scalarOf(n[0]))); }},
    {"write_view", "$0.sin_()", 1, "", [](T t, N) { return Tensor(t->sin_()); }},
    {"write_view", "$0.select(#0, #1).add_($1)", 2, "di",
     [](T t, N n) { return t->select(n[0], n[1]).add_(t[1]), t[0]; }},
    {"write_view", "$0.slice(#0, #1).mul_(#2)", 1, "dis",
     [](T t, N n) { return t->slice(n[0], n[1]).mul_(scalarOf(n[2])), t[0]; }},
    {"write_view", "$0.transpose(0, #0).sub_($1)", 2, "d",
     [](T t, N n) { return t->transpose(0, n[0]).sub_(t[1]), t[0]; }},

    // Gradients, and evaluation in the middle.
    {"", "$0.sum().backward()", 1, "",
     [](T t, N) { return t->sum().backward({}, /*retain_graph=*/true), t[0]; }},
    {"", "torch::autograd::grad({$0.sum()}, {$1})[0]", 2, "",
     [](T t, N) { return autograd::grad({t->sum()}, {t[1]}, {}, /*retain_graph=*/true)[0]; }},
    {"", "$0.requires_grad_()", 1, "", [](T t, N) { return Tensor(t->requires_grad_()); }},
    {"", "torch::eval($0)", 1, "", [](T t, N) { return eval(t[0]), t[0]; }},
};

} // namespace

std::span<const Action> fuzz::actions() { return kActions; }

Scalar fuzz::scalarOf(int64_t number) {
  double value = kScalars[number];
  if (value == static_cast<double>(static_cast<int64_t>(value)))
    return static_cast<int64_t>(value);
  return value;
}

std::vector<int64_t> fuzz::shapeOf(int64_t number) {
  static const std::vector<int64_t> shapes[kNumShapes] = {
      {},      {1},      {5},       {3, 5},    {3, 5},    {3, 5},    {3, 1}, {1, 5},
      {5, 3},  {5, 5},   {2, 3, 5}, {2, 3, 5}, {2, 1, 5}, {2, 3, 1}, {0, 5}, {70},
      {3, 70}, {33, 70}, {70, 33},  {129, 5},  {4100},    {70000}};
  return shapes[number];
}

int64_t fuzz::numberRange(char kind) {
  switch (kind) {
  case 'd':
    return 3;
  case 'i':
    return 5;
  case 's':
    return std::size(kScalars);
  case 'S':
    return kNumShapes;
  default:
    return std::size(kDTypes);
  }
}

std::string fuzz::numberText(char kind, int64_t number) {
  static const char *dtypes[] = {"kBool", "kByte", "kChar",     "kShort", "kInt",
                                 "kLong", "kHalf", "kBFloat16", "kFloat", "kDouble"};
  std::ostringstream text;
  switch (kind) {
  case 's':
    text << kScalars[number];
    break;
  case 'S': {
    text << "{";
    const char *separator = "";
    for (int64_t size : shapeOf(number)) {
      text << separator << size;
      separator = ", ";
    }
    text << "}";
    break;
  }
  case 'T':
    text << "torch::" << dtypes[static_cast<int>(kDTypes[number])];
    break;
  default:
    text << number;
  }
  return text.str();
}
