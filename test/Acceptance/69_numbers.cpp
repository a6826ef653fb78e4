// Numbers that a dtype does not hold, as arguments of functions: which are refused, and what the
// others give.
#include "common.h"

#include <functional>
#include <iostream>

using torch::Tensor;

struct Operands {
  Tensor a, mask, index, row;
  torch::ScalarType t;
  double v;
};
struct Function {
  const char *name;
  std::function<Tensor(const Operands &)> of;
};
#define X(...)                                                                                     \
  {#__VA_ARGS__, [](const Operands &o) -> Tensor {                                                 \
     [[maybe_unused]] const auto &[a, m, i, i1, t, v] = o;                                         \
     return __VA_ARGS__;                                                                           \
   }}

static const std::vector<Function> functions = {
    X(a.clone().fill_(v)),
    X(torch::full({2}, v, t)),
    X(torch::full_like(a, v)),
    X(a.scatter(0, i, v)),
    X(a.clone().scatter_(0, i, v)),
    X(a.scatter(0, i, v, "add")),
    X(a.index_fill(0, i1, v)),
    X(a.clone().index_fill_(0, i1, v)),
    X(a.masked_fill(m, v)),
    X(a.clone().masked_fill_(m, v)),
    X(a.clone().index_put_({i1}, v)),
    X(torch::where(m, a, v)),
    X(a.clamp(v)),
    X(a.clone().clamp_(v)),
    X(a.clone().add_(v)),
    X(a.add(v)),
    X(a.eq(v)),
    X(a.lt(v)),
    X(a.clone().fill_diagonal_(v)),
    X(torch::constant_pad_nd(a, {1, 0}, v)),
    X(a.new_full({2}, v)),
    X(torch::scalar_tensor(v, t)),
    X(torch::tensor(v, t)),
    X(torch::arange(v, v + 3, 1, t)),
    X(torch::linspace(0, v, 3, t)),
    X(torch::maximum(a, torch::tensor(v))),
    X(a.clone().mul_(v)),
    X(a.remainder(v)),
    X(a.pow(v)),
    X(a.bitwise_and(int64_t(v))),
    X(torch::nan_to_num(a, v)),
    X(a.masked_scatter(m, torch::tensor({v, v, v, v}).to(t))),
    X(torch::zeros({2}, t).put_(i1, torch::tensor({v}).to(t))),
    X(torch::addcmul(a, a, a, v)),
    X(a.sub(a, v)),
    X(a.add(a, v)),
    X(torch::addmm(a, a, a, v, 1)),
    X(torch::threshold(a, 0, v)),
    X(torch::hardtanh(a, 0, v)),
    X(torch::lerp(a, a, v)),
    X(torch::baddbmm(a.unsqueeze(0), a.unsqueeze(0), a.unsqueeze(0), v)),
    X(torch::rsub(a, v)),
    X(torch::isclose(a, a, std::abs(v))),
    X(torch::searchsorted(a[0], v)),
    X(torch::isin(a, v)),
    X(torch::bucketize(v, a[0])),
    X(torch::fmod(a, v)),
    X(torch::floor_divide(a, v)),
    X(torch::heaviside(a, torch::tensor(v, t))),
    X(torch::copysign(a, v)),
    X(torch::float_power(a, v)),
    X(a.bitwise_left_shift(int64_t(v)))};

int main() {
  for (double v : {-0.5, -1.0, 255.5, 256.0, 300.0, 1e10})
    for (torch::ScalarType t : {torch::kByte, torch::kChar, torch::kHalf}) {
      const Operands o{torch::ones({2, 2}, t),
                       torch::ones({2, 2}, torch::kBool),
                       torch::zeros({2, 2}, torch::kLong),
                       torch::zeros({1}, torch::kLong),
                       t,
                       v};
      for (const Function &f : functions) {
        std::cout << f.name << " | " << v << " " << o.a.dtype() << ": text ";
        try {
          const Tensor y = f.of(o);
          std::cout << y.dtype() << " " << y.flatten()[0].item<double>() << "\n";
        } catch (const std::exception &) {
          std::cout << "raises\n";
        }
      }
    }
}
