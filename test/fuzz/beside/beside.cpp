//===- beside.cpp - random programs, written so that libtorch runs them too -------------------===//
//
//   tjit-beside [--seed N] [--programs K] [--length L]
//
// Makes K programs from seeds N, N + 1, ... of the expressions of Actions.inc, runs them and prints
// what each statement gave: dtype, sizes, strides, offset, history, values, or that it raised; at
// the end every tensor again, with gradients. The same source compiles against libtorch (with
// TJIT_BESIDE_LIBTORCH), draws the same programs there, and beside.py compares the lines. In every
// second program statements are evaluated at the end only.
//
//===------------------------------------------------------------------------------------------===//

#ifdef TJIT_BESIDE_LIBTORCH
#include <torch/torch.h>
#else
#include <tjit/torch.h>
#endif

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using torch::Tensor;
using torch::indexing::Ellipsis;
using torch::indexing::None;
using torch::indexing::Slice;
namespace F = torch::nn::functional;

namespace {

struct Operands {
  Tensor a, b, c;
  int64_t d, e, i, j, k;
  double s;
  torch::ScalarType T;
  bool q, r;
};
struct Action {
  const char *text;
  Tensor (*run)(Operands &);
};

/// The derivative of y's sum by x; zero where there is none.
Tensor derivative(const Tensor &y, const Tensor &x, bool createGraph) {
  const Tensor g = torch::autograd::grad({y.sum()}, {x}, {}, true, createGraph, true)[0];
  return g.defined() ? g : torch::zeros({});
}
/// Its values: strides and histories of gradients are the libraries' own.
Tensor gradient(const Tensor &y, const Tensor &x, bool createGraph) {
  return derivative(y, x, createGraph).detach().contiguous().clone();
}
Tensor withoutGradient(const std::function<Tensor()> &f) {
  torch::NoGradGuard guard;
  return f();
}

/// A function of the user's: x * s, whose derivative is written by hand and has one in turn.
struct Scaled : torch::autograd::Function<Scaled> {
  static Tensor forward(torch::autograd::AutogradContext *context, Tensor x, double s) {
    context->save_for_backward({x});
    context->saved_data["s"] = s;
    return x * s;
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *context,
                                               torch::autograd::tensor_list grads) {
    const Tensor x = context->get_saved_variables()[0];
    return {grads[0] * context->saved_data["s"].toDouble() + x.detach() * 0, Tensor()};
  }
};
/// One that writes to what it is given: x + s.
struct Shifted : torch::autograd::Function<Shifted> {
  static Tensor forward(torch::autograd::AutogradContext *context, Tensor x, double s) {
    x.add_(s);
    context->mark_dirty({x});
    return x;
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *,
                                               torch::autograd::tensor_list grads) {
    return {grads[0] * 2, Tensor()};
  }
};
/// Two results, one of which has no derivative.
struct Parts : torch::autograd::Function<Parts> {
  static torch::autograd::tensor_list forward(torch::autograd::AutogradContext *context, Tensor x) {
    const Tensor steps = x.floor();
    context->mark_non_differentiable({steps});
    return {steps, x - steps};
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext *,
                                               torch::autograd::tensor_list grads) {
    return {grads[1]};
  }
};

#define ACTION(...)                                                                                \
  {#__VA_ARGS__, [](Operands &operands) -> Tensor {                                                \
     [[maybe_unused]] auto &[a, b, c, d, e, i, j, k, s, T, q, r] = operands;                       \
     return __VA_ARGS__;                                                                           \
   }},
const Action actions[] = {
#include "Actions.inc"
};
#undef ACTION

/// Statements whose errors depend on values are evaluated at once: libtorch raises in the call.
bool dependsOnValues(std::string_view text) {
  for (const char *word :
       {"div",     "rema",     "fmod",   "gather", "index", "scatter", "take",      "put",
        "one_hot", "bincount", "nll",    "cross",  "embed", "chol",    "inv",       "solve",
        "/",       "margin",   "select", "logdet", "lcm",   "bucket",  "multi_dot", "binary"})
    if (text.find(word) != text.npos)
      return true;
  return false;
}

const char *nameOf(torch::ScalarType dtype) {
  switch (dtype) {
  case torch::kDouble:
    return "f64";
  case torch::kFloat:
    return "f32";
  case torch::kHalf:
    return "f16";
  case torch::kBFloat16:
    return "bf16";
  case torch::kLong:
    return "i64";
  case torch::kInt:
    return "i32";
  case torch::kShort:
    return "i16";
  case torch::kChar:
    return "i8";
  case torch::kByte:
    return "u8";
  case torch::kBool:
    return "b1";
  default:
    return "other";
  }
}

std::string factsOf(const Tensor &t) {
  const auto history = t.grad_fn(); // first: libtorch renews views' histories when it is asked
  std::string facts = std::string(nameOf(t.scalar_type())) + " [";
  for (int64_t size : t.sizes())
    facts += std::to_string(size) + ",";
  facts += "] (";
  for (int64_t dim = 0; dim < t.dim() && t.numel(); ++dim)
    facts += (t.size(dim) == 1 ? "_" : std::to_string(t.stride(dim))) + ",";
  facts += ") +" + std::to_string(t.storage_offset()) + (t.is_leaf() ? " leaf" : " node");
  return facts + (t.requires_grad() ? " grad" : "") + (history ? " " + history->name() : "");
}
std::string valuesOf(const Tensor &t) {
  const Tensor wide = t.detach().contiguous().to(torch::kDouble);
  const double *values = wide.const_data_ptr<double>();
  std::string text;
  char number[40];
  for (int64_t i = 0; i < wide.numel(); ++i) {
    std::snprintf(number, sizeof number, " %.12g", values[i]);
    text += values[i] == values[i] ? number : " nan"; // without a sign
  }
  return text;
}
std::string firstLine(const std::exception &error) {
  const std::string text = error.what();
  // Without the place of recording, which need not be known.
  const size_t end = std::min({text.find('\n'), text.find("; recorded at"), size_t(300)});
  return text.substr(0, end);
}

class Program {
public:
  Program(uint64_t seed, size_t length) : engine(seed * 7919 + 13) {
    std::printf("# %llu\n", static_cast<unsigned long long>(seed));
    atOnce = below(2);
    const size_t leaves = 2 + below(3), total = leaves + 4 + below(length);
    for (size_t i = 0; i < leaves; ++i) {
      values.push_back(leaf());
      std::printf("%zu leaf => %s |%s\n", i, factsOf(values[i]).c_str(),
                  valuesOf(values[i]).c_str());
    }
    for (int tries = 0; values.size() < total && tries < 60; ++tries)
      statement();
    for (size_t i = 0; i < values.size(); ++i)
      print("= t" + std::to_string(i), values[i]);
  }

private:
  size_t below(size_t n) { return engine() % n; }
  template <class T, size_t N> const T &anyOf(const T (&list)[N]) { return list[below(N)]; }
  /// Recent results more often than not, so that programs are deep.
  size_t pick() {
    const size_t n = values.size();
    return below(2) ? below(n) : n - 1 - below(std::min<size_t>(n, 3));
  }
  torch::ScalarType dtype() {
    static const torch::ScalarType dtypes[] = {
        torch::kDouble,   torch::kDouble, torch::kDouble, torch::kDouble, torch::kDouble,
        torch::kDouble,   torch::kDouble, torch::kFloat,  torch::kFloat,  torch::kHalf,
        torch::kBFloat16, torch::kLong,   torch::kLong,   torch::kInt,    torch::kShort,
        torch::kChar,     torch::kByte,   torch::kBool};
    return anyOf(dtypes);
  }

  /// Numbers that every dtype holds exactly: eighths, sixteenths, integers, parts of one.
  Tensor leaf() {
    static const std::vector<int64_t> shapes[] = {
        {},        {1},       {5},       {3, 5}, {3, 5},      {3, 5},    {3, 1},
        {1, 5},    {5, 3},    {5, 5},    {5, 5}, {3, 3},      {2, 3, 5}, {2, 3, 5},
        {2, 1, 5}, {2, 3, 1}, {2, 3, 3}, {0, 5}, {2, 3, 4, 4}};
    const std::vector<int64_t> &shape = anyOf(shapes);
    const torch::ScalarType type = dtype();
    size_t n = 1;
    for (int64_t size : shape)
      n *= static_cast<size_t>(size);
    const size_t kind = below(4);
    std::vector<double> numbers(n);
    for (double &x : numbers) {
      const double u = static_cast<double>(below(65)) - 32;
      x = kind == 0   ? u / 8
          : kind == 1 ? (u + 33) / 16
          : kind == 2 ? static_cast<double>(static_cast<int>(u / 4))
                      : u / 32;
      if (type == torch::kByte && x < 0)
        x = -x;
    }
    const bool grad = below(2) && torch::isFloatingType(type);
    Tensor t = torch::tensor(numbers, torch::kDouble).reshape(shape).to(type).clone();
    return grad ? t.requires_grad_() : t;
  }

  void statement() {
    const Action &action = anyOf(actions);
    const size_t x = pick(), y = pick(), z = pick();
    auto number = [this](int64_t low, size_t count) {
      return low + static_cast<int64_t>(below(count));
    };
    static const double scalars[] = {0, 1, 2, 3, -1, 7, 0.5, -0.5, 0.25, -2.5};
    // Braces keep the order, so that libtorch's build draws the same.
    Operands o{values[x],      values[y],     values[z],     number(-2, 4),
               number(-2, 4),  number(-1, 5), number(0, 5),  number(1, 3),
               anyOf(scalars), dtype(),       below(2) != 0, below(2) != 0};
    char operands[160];
    std::snprintf(operands, sizeof operands,
                  " ; a=t%zu b=t%zu c=t%zu d=%d e=%d i=%d j=%d k=%d s=%g T=%s q=%d r=%d", x, y, z,
                  static_cast<int>(o.d), static_cast<int>(o.e), static_cast<int>(o.i),
                  static_cast<int>(o.j), static_cast<int>(o.k), o.s, nameOf(o.T), o.q, o.r);
    const std::string head = std::to_string(values.size()) + " " + action.text + operands;
    std::fflush(stdout); // a crash is the next statement's
    try {
      const Tensor t = action.run(o);
      if (!t.defined()) {
        std::printf("%s => undefined\n", head.c_str());
        return;
      }
      if (dependsOnValues(action.text))
        valuesOf(t), valuesOf(o.a);
      if (t.numel() > 400) {
        std::printf("%s => large\n", head.c_str());
        return;
      }
      const std::string facts = factsOf(t), numbers = atOnce ? valuesOf(t) : "";
      std::printf("%s => %s |%s\n", head.c_str(), facts.c_str(), numbers.c_str());
      values.push_back(t);
    } catch (const std::exception &error) {
      std::printf("%s => error ! %s\n", head.c_str(), firstLine(error).c_str());
    }
  }

  void print(const std::string &name, const Tensor &t) {
    try {
      std::printf("%s => %s |%s\n", name.c_str(), factsOf(t).c_str(), valuesOf(t).c_str());
      if (!t.is_leaf() || !t.requires_grad())
        return;
      if (const Tensor grad = t.grad(); grad.defined())
        print(name + ".grad", grad);
      else
        std::printf("%s.grad => undefined\n", name.c_str());
    } catch (const std::exception &error) {
      std::printf("%s => error ! %s\n", name.c_str(), firstLine(error).c_str());
    }
  }

  std::mt19937_64 engine;
  bool atOnce; // values are read after each statement
  std::vector<Tensor> values;
};

} // namespace

int main(int argc, char **argv) {
  uint64_t seed = 1, programs = 100, length = 14;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    uint64_t *const option = name == "--seed"       ? &seed
                             : name == "--programs" ? &programs
                             : name == "--length"   ? &length
                                                    : nullptr;
    if (!option || i + 1 == argc) {
      std::fprintf(stderr, "usage: tjit-beside [--seed N] [--programs K] [--length L]\n");
      return 2;
    }
    *option = std::strtoull(argv[i + 1], nullptr, 10);
  }
  for (uint64_t i = 0; i < programs; ++i)
    Program(seed + i, length);
  std::printf("# %llu programs\n", static_cast<unsigned long long>(programs));
}
