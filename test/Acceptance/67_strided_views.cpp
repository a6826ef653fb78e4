// as_strided of operands with histories: of parts, transposes, windows and expanded tensors, inside
// of their elements and outside, read, written, differentiated twice. Gradients of slogdet.
#include "facts.h"

using torch::Tensor;
using torch::indexing::Slice;

static void history(const std::string &name, const Tensor &t) {
  std::cout << name << ": text " << (t.is_leaf() ? "leaf " : "node ") << t.is_view() << " "
            << t.requires_grad() << " " << (t.grad_fn() ? t.grad_fn()->name() : "") << " "
            << t.strides() << t.storage_offset() << "\n";
}
static Tensor weighted(const Tensor &t) { return (t * numbers(t.sizes().vec())).sum(); }
/// The gradient of y and that of its square.
static Tensor gradients(const Tensor &y, const Tensor &x) {
  const Tensor first =
      torch::autograd::grad({(y * y * numbers(y.sizes().vec())).sum()}, {x}, {}, true, true)[0];
  const Tensor second = torch::autograd::grad({weighted(first)}, {x}, {}, true, false, true)[0];
  return second.defined() ? torch::stack({first, second}) : first;
}

struct Geometry {
  const char *name;
  std::vector<int64_t> sizes, strides;
  int64_t offset;
};
struct Operand {
  const char *name;
  std::function<Tensor(const Tensor &)> of;
};

static void reads() {
  const std::vector<Operand> operands = {
      {"whole", [](const Tensor &x) { return x * 1; }},
      {"columns", [](const Tensor &x) { return (x * 1).index({Slice(), Slice(1, 4)}); }},
      {"rows", [](const Tensor &x) { return (x * 1).slice(0, 1, 3); }},
      {"every second", [](const Tensor &x) { return (x * 1).slice(1, 0, 6, 2); }},
      {"transposed", [](const Tensor &x) { return (x * 1).t(); }},
      {"a row", [](const Tensor &x) { return (x * 1).select(0, 2); }},
      {"a column", [](const Tensor &x) { return (x * 1).select(1, 2); }},
      {"one", [](const Tensor &x) { return (x * 1)[1][2]; }},
      {"expanded", [](const Tensor &x) { return (x * 1).select(0, 1).expand({3, 6}); }},
      {"expanded inside", [](const Tensor &x) { return (x * 1).unsqueeze(1).expand({4, 2, 6}); }},
      {"windows", [](const Tensor &x) { return (x * 1).reshape({-1}).unfold(0, 5, 3); }},
      {"diagonal", [](const Tensor &x) { return (x * 1).diagonal(); }},
      {"leaf", [](const Tensor &x) { return x; }},
      {"leaf's columns", [](const Tensor &x) { return x.slice(1, 2, 5); }}};
  const std::vector<Geometry> geometries = {
      {"2x2", {2, 2}, {2, 1}, 8}, {"3x2", {3, 2}, {6, 1}, 7},           {"2x3", {2, 3}, {1, 6}, 8},
      {"4", {4}, {1}, 9},         {"4 overlapping", {2, 3}, {1, 1}, 8}, {"one often", {3}, {0}, 8},
      {"number", {}, {}, 8},      {"nothing", {0, 2}, {1, 1}, 8},       {"start", {5}, {1}, 0},
      {"end", {2, 2}, {1, 2}, 20}};
  for (const Operand &operand : operands)
    for (const Geometry &g : geometries) {
      const std::string name = std::string(operand.name) + " " + g.name;
      const Tensor x = parameter({4, 6});
      value(name, [&] { return operand.of(x).as_strided(g.sizes, g.strides, g.offset); });
      value("gradients of " + name,
            [&] { return gradients(operand.of(x).as_strided(g.sizes, g.strides, g.offset), x); });
      history("history of " + name, operand.of(x).as_strided(g.sizes, g.strides, g.offset));
    }
  value("default offset", [] {
    const Tensor x = parameter({4, 6});
    return gradients(x.slice(1, 2, 5).as_strided({2, 2}, {6, 2}), x);
  });
  value("chain", [] {
    const Tensor x = parameter({4, 6});
    return gradients(x.slice(1, 2, 5).as_strided({3, 2}, {6, 2}).t().as_strided({2, 2}, {2, 6}), x);
  });
  value("selected", [] {
    const Tensor x = parameter({4, 6});
    return gradients(x.slice(1, 2, 5).as_strided({3, 2}, {6, 2}).select(0, 1), x);
  });
  value("float", [] {
    const Tensor x = numbers({4, 6}).to(torch::kFloat).requires_grad_();
    return gradients(x.slice(1, 2, 5).as_strided({3, 3}, {6, 1}, 1), x);
  });
  value("grad of it", [] {
    const Tensor x = parameter({4, 6});
    const Tensor y = (x * x).slice(1, 2, 5);
    y.retain_grad();
    weighted(y.as_strided({3, 2}, {6, 2}, 2)).backward();
    return torch::cat({y.grad().reshape({-1}), x.grad().reshape({-1})});
  });
  value("copy", [] {
    const Tensor x = parameter({4, 6});
    return gradients(torch::as_strided_copy(x.slice(1, 2, 5), {2, 3}, {6, 1}, 2), x);
  });
}

static void writes() {
  const std::vector<Geometry> geometries = {{"inside", {2, 2}, {6, 1}, 8},
                                            {"across", {2, 3}, {6, 1}, 7},
                                            {"outside", {2}, {1}, 0},
                                            {"transposed", {2, 3}, {1, 6}, 8}};
  const std::vector<Operand> operands = {
      {"columns", [](const Tensor &x) { return x.slice(1, 1, 4); }},
      {"every second", [](const Tensor &x) { return x.slice(1, 0, 6, 2); }},
      {"transposed", [](const Tensor &x) { return x.t(); }},
      {"rows", [](const Tensor &x) { return x.slice(0, 1, 3); }}};
  for (const Operand &operand : operands)
    for (const Geometry &g : geometries) {
      const std::string name = std::string(operand.name) + " " + g.name;
      const auto write = [&](const Tensor &base, const Tensor &w) {
        const Tensor view = operand.of(base).as_strided(g.sizes, g.strides, g.offset);
        view.mul_(w);
        return view;
      };
      value("write to " + name, [&] {
        const Tensor x = parameter({4, 6}), base = x * 2;
        write(base, numbers(g.sizes));
        return base;
      });
      value("through a write to " + name, [&] {
        const Tensor x = parameter({4, 6}), base = x * x;
        write(base, numbers(g.sizes));
        return gradients(base, x);
      });
      value("of what is written to " + name, [&] {
        const Tensor w = parameter(g.sizes), base = numbers({4, 6});
        write(base, w * w);
        return torch::autograd::grad({weighted(base * base)}, {w})[0];
      });
      value("of the view written, " + name, [&] {
        const Tensor x = parameter({4, 6}), base = x * x;
        const Tensor view = write(base, numbers(g.sizes));
        return gradients(view, x);
      });
      value("of the part, " + name, [&] {
        const Tensor x = parameter({4, 6}), base = x * x, part = operand.of(base);
        part.as_strided(g.sizes, g.strides, g.offset).mul_(numbers(g.sizes));
        return gradients(part, x);
      });
      value("of the view, its base written, " + name, [&] {
        const Tensor x = parameter({4, 6}), base = x * x;
        const Tensor view = operand.of(base).as_strided(g.sizes, g.strides, g.offset);
        base.mul_(numbers({4, 6}));
        return gradients(view, x);
      });
      value("of a part of the view, " + name, [&] {
        const Tensor x = parameter({4, 6}), base = x * x;
        const Tensor view = operand.of(base).as_strided(g.sizes, g.strides, g.offset);
        view.select(0, 1).mul_(3);
        return torch::cat({gradients(view, x).reshape({-1}), gradients(base, x).reshape({-1})});
      });
      history("written " + name, [&] {
        const Tensor x = parameter({4, 6}), base = x * x;
        return write(base, numbers(g.sizes));
      }());
    }
  value("a leaf's", [] {
    const Tensor x = parameter({4, 6});
    x.slice(1, 1, 4).as_strided({2}, {6}).mul_(2);
    return x;
  });
  value("as_strided_ of a part", [] {
    const Tensor x = parameter({4, 6}), part = (x * x).slice(1, 1, 4);
    part.as_strided_({2, 2}, {6, 2}, 2);
    return gradients(part, x);
  });
  value("as_strided_, written", [] {
    const Tensor x = parameter({4, 6}), base = x * x, part = base.slice(1, 1, 4);
    part.as_strided_({2, 2}, {6, 2}, 2);
    part.mul_(3);
    return torch::cat({gradients(part, x).reshape({-1}), gradients(base, x).reshape({-1})});
  });
  value("scatter", [] {
    const Tensor x = parameter({4, 6}), s = parameter({2, 2});
    const Tensor y = torch::as_strided_scatter(x * x, s * s, {2, 2}, {6, 2}, 3);
    return torch::autograd::grad({weighted(y)}, {s})[0];
  });
}

static void determinants() {
  const std::vector<std::vector<double>> matrices = {
      {1, 2, 2, 4}, {0, 0, 0, 0}, {1, 2, 3, 4}, {2, 0, 0, 0}, {-1, 2, 3, 1}};
  for (const std::vector<double> &m : matrices) {
    const Tensor a = torch::tensor(m, torch::kDouble).reshape({2, 2}).requires_grad_();
    const std::string name = std::to_string(int(m[0])) + std::to_string(int(m[1])) +
                             std::to_string(int(m[2])) + std::to_string(int(m[3]));
    value("sign of " + name, [&] { return std::get<0>(torch::slogdet(a)).abs(); });
    value("logarithm of " + name, [&] { return std::get<1>(torch::slogdet(a)); });
    value("its gradient of " + name,
          [&] { return torch::autograd::grad({std::get<1>(torch::slogdet(a))}, {a})[0]; });
    value("in a batch, " + name, [&] {
      const Tensor both = torch::stack({a, torch::eye(2, torch::kDouble) * 2});
      return torch::autograd::grad({std::get<1>(torch::slogdet(both)).sum()}, {a})[0];
    });
  }
  value("second gradient", [] {
    const Tensor x = parameter({3, 3}), a = x + torch::eye(3, torch::kDouble);
    const Tensor first =
        torch::autograd::grad({std::get<1>(torch::slogdet(a))}, {a}, {}, true, true)[0];
    return torch::autograd::grad({weighted(first)}, {a})[0];
  });
}

int main() {
  reads();
  writes();
  determinants();
}
