// Tensors of all magnitudes, shapes and dtypes as text, and streams in other states.
#include "common.h"
#include <iomanip>
#include <sstream>
using torch::Tensor;
static uint64_t state = 12345;
static uint64_t next() {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return state >> 33;
}
static std::string text(const Tensor &t) {
  std::ostringstream s;
  s << t;
  std::string r = s.str(), o;
  for (char c : r) {
    if (c == '\n')
      o += "|";
    else
      o += c;
  }
  return o;
}
int main() {
  const torch::ScalarType types[] = {
      torch::kFloat32, torch::kFloat64, torch::kFloat16, torch::kBFloat16, torch::kInt64,
      torch::kInt32,   torch::kUInt8,   torch::kInt8,    torch::kInt16,    torch::kBool};
  const std::vector<std::vector<int64_t>> shapes = {
      {},        {1},          {3},          {7},  {2, 3},  {1, 5}, {5, 1}, {2, 2, 2},
      {3, 1, 4}, {1, 1, 1, 2}, {2, 1, 2, 2}, {30}, {4, 30}, {0},    {2, 0}, {0, 3, 2}};
  const double scales[] = {1e-30, 1e-12, 1e-6, 1e-4, 1e-3, 0.1, 1,    7,
                           99.5,  1e3,   1e4,  1e5,  1e6,  1e8, 1e12, 1e25};
  section("random", [&] {
    for (int k = 0; k < 300; ++k) {
      const auto type = types[next() % 10];
      const auto &shape = shapes[next() % shapes.size()];
      int64_t n = 1;
      for (auto s : shape)
        n *= s;
      std::vector<double> v;
      const int mode = next() % 6;
      const double scale = scales[next() % 16], other = scales[next() % 16];
      for (int64_t i = 0; i < n; ++i) {
        double x = (double(next() % 20001) - 10000) / 10000;
        if (mode == 0)
          x = std::round(x * 100);
        else if (mode == 1)
          x *= scale;
        else if (mode == 2)
          x *= (next() % 2) ? scale : other;
        else if (mode == 3)
          x = std::round(x * 10) * scale;
        else if (mode == 4)
          x = next() % 5 == 0 ? (next() % 2 ? INFINITY : NAN) : x * scale;
        else
          x = next() % 3 ? 0 : std::round(x * 1000);
        v.push_back(x);
      }
      Tensor t = torch::tensor(v, torch::kDouble).reshape(shape);
      if (!(type == torch::kFloat32 || type == torch::kFloat64 || type == torch::kFloat16 ||
            type == torch::kBFloat16))
        t = t.nan_to_num(0, 3, -3).clamp(-100, 100);
      t = t.to(type);
      show("p" + std::to_string(k), text(t));
    }
  });
  section("state", [&] {
    std::ostringstream s;
    s << std::setprecision(3) << torch::tensor({1.23456, 2.5}) << " " << 1.23456789;
    show("precision", s.str());
    std::ostringstream h;
    h << std::hex << torch::tensor({10, 255}) << 255;
    show("hex", h.str());
    std::ostringstream w;
    w << std::setw(20) << torch::tensor({1, 2}) << 5;
    show("setw", w.str());
    std::ostringstream f;
    f << std::fixed << torch::tensor({1.5, 2e10}) << 1.5;
    show("fixed", f.str());
    show("scalar", text(torch::tensor(3)));
    show("requires", text(torch::ones({2}, torch::requires_grad())));
    show("grad", text(torch::ones({2}, torch::requires_grad()) * 2));
    std::ostringstream o;
    torch::print(o, torch::arange(40).reshape({2, 20}), 40);
    show("width", o.str());
    std::ostringstream sc;
    sc << torch::Scalar(2.5) << torch::Scalar(3) << torch::Scalar(true);
    show("scalars", sc.str());
    std::ostringstream d;
    d << torch::kFloat << torch::kInt << torch::kBool << torch::Device("cpu") << torch::kStrided
      << torch::TensorOptions().dtype(torch::kInt) << torch::IntArrayRef({1, 2})
      << torch::ones({2, 3}).sizes();
    show("names", d.str());
    show("tostring", torch::ones({2, 3}).toString());
    show("dtype", std::string(torch::ones({1}).dtype().name()));
  });
  return finish();
}
