//===- gemm.cpp - speed and compile time of generated matrix products, beside a BLAS ----------===//
//
//   tjit-gemm-bench [--cpu=haswell] [--blas=/path/to/libopenblas.so] 64x784x256 784tx64x256 ...
//
// A shape is MxKxN of float32; t behind M or K says that the first operand is stored transposed, t
// behind N the second. One thread; times are the least of several rounds in the thread's processor
// time, so that a busy machine disturbs them little. The library's products are timed in the same
// rounds.
//
//===------------------------------------------------------------------------------------------===//
#include "../test/unit/Codegen/GemmTestSupport.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <string>

using namespace tjit::codegen;
using namespace tjit::codegen::test;

namespace {

double seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

GemmCase parse(const char *text) {
  GemmCase gemm{};
  auto number = [&](GemmCase::Layout &layout) {
    char *end;
    int64_t value = std::strtoll(text, &end, 10);
    if (end == text || value <= 0) {
      std::fprintf(stderr, "not a shape: %s (write 64x784x256 or 784tx64x256)\n", text);
      std::exit(1);
    }
    if (*end == 't')
      layout = GemmCase::transposed, ++end;
    text = *end ? end + 1 : end;
    return value;
  };
  gemm.m = number(gemm.lhs), gemm.k = number(gemm.lhs), gemm.n = number(gemm.rhs);
  return gemm;
}

/// cblas_sgemm of a library with 32-bit or 64-bit (suffix 64_) integers, as a call of ours.
class Blas {
public:
  explicit Blas(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      std::fprintf(stderr, "%s\n", dlerror());
      std::exit(1);
    }
    auto find = [&](const char *name) { return dlsym(library, name); };
    for (const char *name : {"cblas_sgemm64_", "scipy_cblas_sgemm64_"})
      if (!wide)
        wide = reinterpret_cast<Wide *>(find(name));
    if (!wide)
      narrow = reinterpret_cast<Narrow *>(find("cblas_sgemm"));
  }

  void run(const GemmCase &g, const float *a, const float *b, float *c) const {
    constexpr int rowMajor = 101, plain = 111, transposed = 112;
    int64_t lda = g.lhs ? g.m : g.k, ldb = g.rhs ? g.k : g.n;
    int ta = g.lhs ? transposed : plain, tb = g.rhs ? transposed : plain;
    if (wide)
      wide(rowMajor, ta, tb, g.m, g.n, g.k, 1, a, lda, b, ldb, 0, c, g.n);
    else
      narrow(rowMajor, ta, tb, int(g.m), int(g.n), int(g.k), 1, a, int(lda), b, int(ldb), 0, c,
             int(g.n));
  }

private:
  template <typename Int>
  using Function = void(int, int, int, Int, Int, Int, float, const float *, Int, const float *, Int,
                        float, float *, Int);
  using Wide = Function<int64_t>;
  using Narrow = Function<int>;
  Wide *wide = nullptr;
  Narrow *narrow = nullptr;
};

} // namespace

int main(int argc, char **argv) {
  std::string cpu = "native";
  std::unique_ptr<Blas> blas;
  std::printf("%-16s %10s %9s %9s %11s %7s\n", "MxKxN", "us", "GFLOP/s", "BLAS", "compile ms",
              "bytes");
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument.starts_with("--cpu=")) {
      cpu = argument.substr(6);
      continue;
    }
    if (argument.starts_with("--blas=")) {
      blas = std::make_unique<Blas>(argv[i] + 7);
      continue;
    }
    auto target = makeTarget(cpu, 1);
    if (!target) {
      std::fprintf(stderr, "%s\n", llvm::toString(target.takeError()).c_str());
      return 1;
    }
    GemmCase gemm = parse(argv[i]);
    CompiledGemm compiled(gemm, *target);
    double compileMs = 1e9;
    for (int round = 0; round < 10; ++round) {
      double start = seconds();
      CompiledGemm again(gemm, *target);
      compileMs = std::min(compileMs, 1e3 * (seconds() - start));
    }
    std::vector<uint8_t> lhs = operandBytes(gemm, false, 1), rhs = operandBytes(gemm, true, 2);
    std::vector<uint8_t> result(gemm.resultElements() * sizeof(float));
    double flops = 2.0 * double(gemm.m) * double(gemm.n) * double(gemm.k);
    int repeats = int(std::clamp(2e-3 * 100e9 / (flops + 1000), 1.0, 1e5));
    double best = 1e9, bestBlas = 1e9;
    for (int round = 0; round < 20; ++round) {
      double start = seconds();
      for (int r = 0; r < repeats; ++r)
        compiled.run(lhs.data(), rhs.data(), result.data());
      best = std::min(best, (seconds() - start) / repeats);
      start = seconds();
      for (int r = 0; blas && r < repeats; ++r)
        blas->run(gemm, reinterpret_cast<float *>(lhs.data()),
                  reinterpret_cast<float *>(rhs.data()), reinterpret_cast<float *>(result.data()));
      bestBlas = std::min(bestBlas, (seconds() - start) / repeats);
    }
    std::printf("%-16s %10.2f %9.1f %9.1f %11.2f %7zu\n", argv[i], 1e6 * best, 1e-9 * flops / best,
                blas ? 1e-9 * flops / bestBlas : 0.0, compileMs, compiled.codeBytes);
  }
}
