//===- numerics.cpp - programs whose bits may depend on nothing but themselves
//--------------------===//
//
//   tjit-numerics [--unfused] [--threads N]
//
// Prints a hash of every result's bytes. numerics.test runs it interpreted, compiled for several
// processors, with several numbers of threads, fused and evaluated after every operation, and
// compares what it prints. Sizes are those at which loops are cut: several tiles of a product,
// several levels of a reduction, several pieces of a launch.
//
//===------------------------------------------------------------------------------------------------===//
#include <tjit/torch.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

bool unfused = false;

/// Where a fused program goes on and an unfused one is evaluated.
torch::Tensor step(torch::Tensor t) {
  if (unfused)
    torch::eval(t);
  return t;
}

/// FNV-1a of the elements; of all NaN alike, because which NaN it is is left to the hardware.
void print(const std::string &name, const torch::Tensor &t) {
  torch::Tensor dense = t.detach().contiguous();
  if (torch::isFloatingType(dense.scalar_type()))
    dense = torch::where(dense.isnan(), torch::full({}, NAN, dense.options()), dense);
  torch::eval(dense);
  auto *bytes = static_cast<const unsigned char *>(dense.const_data_ptr());
  unsigned long long hash = 0xcbf29ce484222325ull;
  for (size_t i = 0; i < dense.nbytes(); ++i)
    hash = (hash ^ bytes[i]) * 0x100000001b3ull;
  std::printf("%s %016llx\n", name.c_str(), hash);
}

void elementary(torch::ScalarType dtype, const char *name) {
  auto x = step((torch::randn({70001}) * 20).to(dtype));
  auto y = step((torch::rand({70001}) * 3).to(dtype));
  std::string prefix = std::string(name) + ".";
  print(prefix + "exp", step(step(x.exp()) * y));
  print(prefix + "log", step(step(y.log()) - step(x.log1p())));
  print(prefix + "sin", step(step(x.sin()) + step(x.cos())));
  print(prefix + "pow", step(y.pow(x)));
  print(prefix + "tanh", step(step(x.tanh()) * step(torch::erf(y))));
  print(prefix + "rsqrt", step(y.rsqrt()));
  print(prefix + "round", step(step(x.round()) + step(x.floor())));
  print(prefix + "expm1", step(x.expm1()));
  print(prefix + "atan2", step(torch::atan2(x, y)));
  print(prefix + "fmod", step(torch::fmod(x, y)));
  print(prefix + "remainder", step(torch::remainder(x, y)));
}

void reductions(torch::ScalarType dtype, const char *name) {
  std::string prefix = std::string(name) + ".";
  auto x = step(torch::randn({300, 5003}).to(dtype));
  print(prefix + "sum", step(step(x * 0.5).sum()));
  print(prefix + "rows", step(step(x * x).sum(1)));
  print(prefix + "columns", step(x.sum(0)));
  print(prefix + "prod", step(step(x * 0.01 + 1).prod(1)));
  print(prefix + "amax", step(x.amax(0)));
  print(prefix + "argmax", step(x.argmax(1)));
  print(prefix + "softmax", step(torch::softmax(x, 1)));
  print(prefix + "middle", step(step(x.reshape({30, 10, 5003})).sum(1)));
}

void products(torch::ScalarType dtype, const char *name) {
  std::string prefix = std::string(name) + ".";
  auto make = [&](torch::IntArrayRef sizes) { return step(torch::randn(sizes).to(dtype)); };
  auto a = make({131, 517}), b = make({517, 263});
  print(prefix + "matmul", step(a.matmul(b)));
  print(prefix + "matmul_t", step(b.t().matmul(a.t())));
  print(prefix + "linear", step(torch::relu(step(a.matmul(b)) + make({263}))));
  print(prefix + "matvec", step(a.matmul(make({517}))));
  print(prefix + "batched", step(make({5, 33, 70}).matmul(make({5, 70, 41}))));
  print(prefix + "small", step(make({7, 300}).matmul(make({300, 9}))));
}

void movement() {
  auto x = step(torch::randn({200, 330}));
  auto index = step(torch::randint(0, 200, {777}));
  print("transpose", step(step(x.t() * 2).contiguous()));
  print("select", step(step(x.index_select(0, index)) + 1));
  print("gather", step(x.gather(1, torch::randint(0, 330, {200, 64}))));
  print("scatter", step(torch::zeros({200, 330}).index_add(0, index, torch::randn({777, 330}))));
  print("cat", step(torch::cat({x, step(x * x), x.slice(1, 0, 100)}, 1)));
  print("uniform", step(torch::rand({100003})));
  print("normal", step(torch::randn({33, 101})));
  print("normal64", step(torch::randn({33, 101}, torch::kDouble)));
  print("half", step(torch::randn({4097}, torch::kHalf)));
}

void training() {
  auto x = step(torch::randn({96, 150})), target = step(torch::randint(0, 10, {96}));
  auto w1 = (torch::randn({150, 130}) * 0.05).requires_grad_(true);
  auto w2 = (torch::randn({130, 10}) * 0.05).requires_grad_(true);
  for (int i = 0; i < 3; ++i) {
    auto hidden = step(torch::gelu(step(x.matmul(w1))));
    auto loss = step(torch::cross_entropy(step(hidden.matmul(w2)), target));
    loss.backward();
    torch::NoGradGuard guard;
    for (auto *w : {&w1, &w2}) {
      *w -= 0.1 * w->grad();
      w->mutable_grad().reset();
    }
    print("training.loss", loss);
  }
  print("training.w1", w1);
  print("training.w2", w2);
}

/// Updates of tensors of very different sizes, which share launches: dense, strided and overlapping
/// ones, and those whose order matters because one writes what another one reads.
void siblings() {
  auto weights = step(torch::randn({701, 333})), other = step(torch::randn({90, 50}));
  auto bias = step(torch::randn({7})), one = step(torch::randn({1}));
  std::vector<torch::Tensor> parameters = {weights, bias, other.t(), one, other.slice(0, 3, 70, 3)};
  std::vector<torch::Tensor> gradients, moments, squares;
  for (const auto &p : parameters) {
    gradients.push_back(step(torch::randn(p.sizes())));
    moments.push_back(step(torch::zeros(p.sizes())));
    squares.push_back(step(torch::zeros(p.sizes())));
  }
  torch::eval({weights, other, bias, one});
  for (int i = 0; i < 3; ++i)
    for (size_t j = 0; j < parameters.size(); ++j) {
      torch::Tensor m = moments[j], v = squares[j], p = parameters[j];
      m.mul_(0.9).add_(gradients[j] * 0.1), step(m);
      v.mul_(0.99).addcmul_(gradients[j], gradients[j], 0.01), step(v);
      p.sub_(0.1 * m / (v.sqrt() + 1e-6)), step(p);
    }
  print("siblings.weights", weights);
  print("siblings.other", other);
  print("siblings.bias", bias);
  print("siblings.one", one);
  // Each reads what the one before it writes, through memory that they share.
  auto line = step(torch::randn({50000}));
  auto front = line.slice(0, 0, 40000), middle = line.slice(0, 20000, 20010);
  auto sum = step(front.sum());
  front.mul_(1.5), step(line);
  middle.add_(front.slice(0, 5, 15)), step(line);
  front.slice(0, 19995, 39995).sub_(line.slice(0, 30000, 50000) * 0.25), step(line);
  auto scaled = step(line * 2), rest = step(middle + sum);
  print("siblings.line", line);
  print("siblings.scaled", scaled);
  print("siblings.rest", rest);
  // Products, reductions and elementwise kernels in one launch.
  auto x = step(torch::randn({48, 130})), w = step(torch::randn({130, 70}));
  auto hidden = step(x.matmul(w)), left = step(torch::relu(x) * 0.5);
  auto rows = step(x.sum(1)), columns = step(torch::softmax(w, 0)), far = step(weights.sum());
  print("siblings.hidden", hidden), print("siblings.left", left), print("siblings.rows", rows);
  print("siblings.columns", columns), print("siblings.far", far);
}

/// What makes an operand while a product packs it, for one shape and then for others.
void operands() {
  auto w = step(torch::randn({1500, 30})), scale = step(torch::rand({1500}));
  auto halves = step(torch::randn({200, 60}).to(torch::kBFloat16));
  for (int64_t rows : {900, 61, 1000}) {
    std::string name = "operands." + std::to_string(rows) + ".";
    auto x = step(torch::randn({rows, 1500}));
    print(name + "relu", step(step(torch::relu(x)).matmul(w)));
    print(name + "scale", step(step(step(x * scale) - 0.5).matmul(w)));
    auto bytes = step(step(x * 40).to(torch::kUInt8));
    print(name + "bytes", step(step(step(bytes.to(torch::kFloat)) / 255).matmul(w)));
    auto y = step(torch::randn({rows, 200}).to(torch::kBFloat16));
    print(name + "halves", step(step(y * y).matmul(step(halves.exp()))));
    // Its gradient reads what is made.
    auto leaf = step(torch::randn({1500, 30})).requires_grad_(true);
    step(step(torch::relu(x)).matmul(leaf)).sum().backward();
    print(name + "gradient", leaf.grad());
  }
}

} // namespace

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    if (!std::strcmp(argv[i], "--unfused"))
      unfused = true;
    else if (!std::strcmp(argv[i], "--threads") && i + 1 < argc)
      torch::set_num_threads(std::stoi(argv[++i]));
    else {
      std::fprintf(stderr, "usage: tjit-numerics [--unfused] [--threads N]\n");
      return 2;
    }
  }
  torch::manual_seed(7);
  elementary(torch::kFloat, "float32");
  elementary(torch::kDouble, "float64");
  elementary(torch::kBFloat16, "bfloat16");
  elementary(torch::kHalf, "float16");
  reductions(torch::kFloat, "float32");
  reductions(torch::kDouble, "float64");
  reductions(torch::kBFloat16, "bfloat16");
  products(torch::kFloat, "float32");
  products(torch::kDouble, "float64");
  products(torch::kBFloat16, "bfloat16");
  movement();
  training();
  siblings();
  operands();
}
