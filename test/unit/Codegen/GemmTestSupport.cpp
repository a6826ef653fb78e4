//===- GemmTestSupport.cpp --------------------------------------------------------------------===//
// Compiles a matrix product, runs it, and computes it in plain loops.
#include "GemmTestSupport.h"

#include "mlir/IR/MLIRContext.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace tjit::codegen::test {
namespace {

[[noreturn]] void fail(const std::string &what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

struct Strides {
  int64_t batch, row, col, elements;
};

/// Strides of a rows x cols operand, and how many elements its memory has.
Strides stridesOf(const GemmCase &gemm, bool isRhs) {
  int64_t rows = isRhs ? gemm.k : gemm.m, cols = isRhs ? gemm.n : gemm.k;
  GemmCase::Layout layout = isRhs ? gemm.rhs : gemm.lhs;
  Strides s{};
  if (layout == GemmCase::rowMajor)
    s.row = cols + gemm.padding, s.col = 1;
  else if (layout == GemmCase::transposed)
    s.row = 1, s.col = rows + gemm.padding;
  else
    s.col = 3, s.row = 3 * cols + gemm.padding;
  int64_t one = (rows + 1) * s.row + (cols + 1) * s.col;
  bool broadcast = isRhs ? gemm.broadcastRhs : gemm.broadcastLhs;
  s.batch = broadcast                        ? 0
            : layout == GemmCase::rowMajor   ? rows * s.row
            : layout == GemmCase::transposed ? cols * s.col
                                             : one;
  s.elements = one + (gemm.batchCount() - 1) * s.batch;
  return s;
}

float halfToFloat(uint16_t h) {
  int exponent = h >> 10 & 31, mantissa = h & 1023;
  float value = exponent == 31  ? (mantissa ? NAN : INFINITY)
                : exponent == 0 ? std::ldexp(float(mantissa), -24)
                                : std::ldexp(float(1024 + mantissa), exponent - 25);
  return h >> 15 ? -value : value;
}

/// Round to nearest even, by searching among the neighbours: slow and plainly right.
uint16_t floatToHalf(float f) {
  uint16_t sign = std::signbit(f) ? 0x8000 : 0;
  double x = std::fabs(double(f));
  if (std::isnan(f))
    return sign | 0x7e00;
  if (x >= 65520)
    return sign | 0x7c00;
  int low = 0, high = 0x7bff; // the largest half that is not above x
  while (low < high) {
    int middle = (low + high + 1) / 2;
    if (double(halfToFloat(uint16_t(middle))) <= x)
      low = middle;
    else
      high = middle - 1;
  }
  double below = halfToFloat(uint16_t(low)),
         above = low == 0x7bff ? 65536.0 : halfToFloat(uint16_t(low + 1));
  bool up = x - below > above - x || (x - below == above - x && low % 2);
  return sign | uint16_t(low + up);
}

float bfloatToFloat(uint16_t b) {
  uint32_t bits = uint32_t(b) << 16;
  float f;
  std::memcpy(&f, &bits, 4);
  return f;
}

uint16_t floatToBfloat(float f) {
  uint32_t bits;
  std::memcpy(&bits, &f, 4);
  if (std::isnan(f))
    return uint16_t(bits >> 16 | 0x40);
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/// A dtype's memory type, computing type and conversions.
template <typename Memory, typename Wide = Memory> struct Plain {
  using memory = Memory;
  using wide = Wide;
  static Wide widen(Memory x) { return Wide(x); }
  static Memory narrow(Wide x) { return Memory(x); }
};
struct HalfType {
  using memory = uint16_t;
  using wide = float;
  static float widen(uint16_t x) { return halfToFloat(x); }
  static uint16_t narrow(float x) { return floatToHalf(x); }
};
struct BfloatType {
  using memory = uint16_t;
  using wide = float;
  static float widen(uint16_t x) { return bfloatToFloat(x); }
  static uint16_t narrow(float x) { return floatToBfloat(x); }
};

template <typename F> void dispatch(ScalarType dtype, F f) {
  switch (dtype) {
  case ScalarType::Byte:
    return f(Plain<uint8_t, uint64_t>());
  case ScalarType::Char:
    return f(Plain<int8_t, uint64_t>());
  case ScalarType::Short:
    return f(Plain<int16_t, uint64_t>());
  case ScalarType::Int:
    return f(Plain<int32_t, uint64_t>());
  case ScalarType::Long:
    return f(Plain<int64_t, uint64_t>());
  case ScalarType::Half:
    return f(HalfType());
  case ScalarType::BFloat16:
    return f(BfloatType());
  case ScalarType::Float:
    return f(Plain<float>());
  case ScalarType::Double:
    return f(Plain<double>());
  default:
    fail("no such dtype");
  }
}

template <typename W> W multiplyAdd(W a, W b, W c) {
  if constexpr (std::is_floating_point_v<W>)
    return std::fma(a, b, c);
  else
    return a * b + c;
}

/// docs/numerics.md, Reductions, steps 1 to 3, with a fma in the innermost chain.
template <typename W, typename A, typename B> W dot(int64_t n, A a, B b) {
  constexpr int64_t lanes = 64;
  int64_t rowCount = std::max<int64_t>(1, (n + lanes - 1) / lanes);
  std::vector<std::vector<W>> rows;
  for (int64_t first = 0; first < rowCount; first += 64) {
    std::vector<W> sum(lanes, W(0));
    for (int64_t j = first; j < std::min(first + 64, rowCount); ++j)
      for (int64_t l = 0; l < lanes; ++l)
        if (j * lanes + l < n)
          sum[l] = multiplyAdd<W>(a(j * lanes + l), b(j * lanes + l), sum[l]);
    rows.push_back(sum);
  }
  while (rows.size() > 1) {
    std::vector<std::vector<W>> next;
    for (size_t first = 0; first < rows.size(); first += 64) {
      std::vector<W> sum(lanes, W(0));
      for (size_t j = first; j < std::min(first + 64, rows.size()); ++j)
        for (int64_t l = 0; l < lanes; ++l)
          sum[l] = sum[l] + rows[j][l];
      next.push_back(sum);
    }
    rows = next;
  }
  std::vector<W> &v = rows[0];
  for (int64_t h = lanes / 2; h >= 1; h /= 2)
    for (int64_t l = 0; l < h; ++l)
      v[l] = v[l] + v[l + h];
  return v[0];
}

} // namespace

int64_t GemmCase::batchCount() const {
  int64_t count = 1;
  for (int64_t size : batch)
    count *= size;
  return count;
}

std::string GemmCase::name() const {
  static const char *const dtypes[] = {"bool", "u8",  "i8",   "i16", "i32",
                                       "i64",  "f16", "bf16", "f32", "f64"};
  static const char *const layouts[] = {"", "t", "s"};
  std::string text = dtypes[int(dtype)];
  for (int64_t size : batch)
    text += " " + std::to_string(size) + (broadcastLhs ? "a" : "") + (broadcastRhs ? "b" : "");
  return text + " " + std::to_string(m) + "x" + std::to_string(k) + layouts[lhs] + "x" +
         std::to_string(n) + layouts[rhs] + (padding ? "+" + std::to_string(padding) : "");
}

MatmulDescription GemmCase::describe(mlir::MLIRContext &context) const {
  MatmulDescription d{mlir::UnknownLoc::get(&context)};
  d.dtype = dtype, d.m = m, d.n = n, d.k = k;
  Strides a = stridesOf(*this, false), b = stridesOf(*this, true);
  int64_t repeat = batchCount();
  for (int64_t size : batch) {
    repeat /= std::max<int64_t>(size, 1);
    d.batch.push_back(size);
    d.lhsBatchStrides.push_back(a.batch * repeat), d.rhsBatchStrides.push_back(b.batch * repeat);
  }
  d.lhsRowStride = a.row, d.lhsColStride = a.col, d.rhsRowStride = b.row, d.rhsColStride = b.col;
  return d;
}

CompiledGemm::CompiledGemm(const GemmCase &gemm, const TargetInfo &target, DumpSink *dump) {
  // One context for all: loading dialects takes longer than a kernel.
  static mlir::MLIRContext &context = *[] {
    mlir::DialectRegistry registry;
    registerBackend(registry);
    auto *made = new mlir::MLIRContext(registry, mlir::MLIRContext::Threading::DISABLED);
    made->loadAllAvailableDialects();
    return made;
  }();
  auto start = std::chrono::steady_clock::now();
  auto module =
      mlir::OwningOpRef<mlir::ModuleOp>(mlir::ModuleOp::create(mlir::UnknownLoc::get(&context)));
  auto emitted = emitMatmulX86(gemm.describe(context), "gemm", *module, target);
  if (failed(emitted))
    fail("emission failed: " + gemm.name());
  emitMs =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  kernel = *emitted;
  auto image = compileModule(*module, target, dump, &times);
  if (!image)
    fail(gemm.name() + ": " + llvm::toString(image.takeError()));
  codeBytes = image->bytes.size();
  if (kernel.launches.empty())
    return;
  code = std::make_unique<LoadedImage>(*image);
  uint64_t scratchBytes = 0;
  for (const KernelLaunch &launch : kernel.launches) {
    entries.push_back(code->entry<Entry>(launch.symbol));
    scratchBytes = std::max(scratchBytes, launch.scratchBytes);
  }
  scratch.assign(scratchBytes + 64, 0xff);
  shared.assign(kernel.temporaryBytes + 64, 0xff);
}

static void *alignedTo64(std::vector<uint8_t> &bytes) {
  return reinterpret_cast<void *>((reinterpret_cast<uintptr_t>(bytes.data()) + 63) &
                                  ~uintptr_t(63));
}

void CompiledGemm::run(const void *lhs, const void *rhs, void *result, int64_t piece) {
  const void *args[] = {lhs, rhs, result, alignedTo64(shared)};
  void *aligned = alignedTo64(scratch);
  for (size_t i = 0; i < entries.size(); ++i) {
    int64_t range = kernel.launches[i].range, step = piece ? piece : range;
    for (int64_t begin = (range - 1) / step * step; begin >= 0; begin -= step)
      entries[i](args, begin, std::min(begin + step, range), aligned);
  }
}

std::vector<uint8_t> operandBytes(const GemmCase &gemm, bool isRhs, uint64_t seed) {
  Strides s = stridesOf(gemm, isRhs);
  std::vector<uint8_t> bytes(s.elements * elementSize(gemm.dtype) + 64);
  uint64_t state = seed * 2654435761u + isRhs + 1;
  dispatch(gemm.dtype, [&](auto type) {
    using T = decltype(type);
    auto *data = reinterpret_cast<typename T::memory *>(bytes.data());
    for (int64_t i = 0; i < s.elements; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      int32_t random = int32_t(state >> 33) - (1 << 30);
      if constexpr (std::is_floating_point_v<typename T::wide>)
        data[i] = T::narrow(typename T::wide(random) / (1 << 30));
      else
        data[i] = typename T::memory(random);
    }
  });
  return bytes;
}

size_t operandExtent(const GemmCase &gemm, bool isRhs) {
  Strides s = stridesOf(gemm, isRhs);
  int64_t rows = isRhs ? gemm.k : gemm.m, cols = isRhs ? gemm.n : gemm.k;
  int64_t last = (gemm.batchCount() - 1) * s.batch + (rows - 1) * s.row + (cols - 1) * s.col;
  return size_t(last + 1) * elementSize(gemm.dtype);
}

GuardedBytes::GuardedBytes(const std::vector<uint8_t> &content, size_t size) {
  constexpr size_t page = 4096;
  size_t pages = (size + page - 1) / page * page;
  mappedBytes = pages + page;
  mapping = mmap(nullptr, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(static_cast<uint8_t *>(mapping) + pages, page, PROT_NONE);
  first = static_cast<uint8_t *>(mapping) + pages - size;
  std::memcpy(first, content.data(), std::min(size, content.size()));
}
GuardedBytes::~GuardedBytes() { munmap(mapping, mappedBytes); }

std::vector<uint8_t> referenceProduct(const GemmCase &gemm, const std::vector<uint8_t> &lhsBytes,
                                      const std::vector<uint8_t> &rhsBytes) {
  Strides a = stridesOf(gemm, false), b = stridesOf(gemm, true);
  std::vector<uint8_t> bytes(gemm.resultElements() * elementSize(gemm.dtype));
  dispatch(gemm.dtype, [&](auto type) {
    using T = decltype(type);
    using Wide = typename T::wide;
    auto *lhs = reinterpret_cast<const typename T::memory *>(lhsBytes.data());
    auto *rhs = reinterpret_cast<const typename T::memory *>(rhsBytes.data());
    auto *result = reinterpret_cast<typename T::memory *>(bytes.data());
    for (int64_t batch = 0; batch < gemm.batchCount(); ++batch)
      for (int64_t i = 0; i < gemm.m; ++i)
        for (int64_t j = 0; j < gemm.n; ++j) {
          auto x = [&](int64_t k) {
            return T::widen(lhs[batch * a.batch + i * a.row + k * a.col]);
          };
          auto y = [&](int64_t k) {
            return T::widen(rhs[batch * b.batch + k * b.row + j * b.col]);
          };
          Wide sum = 0;
          if (gemm.n == 1)
            sum = dot<Wide>(gemm.k, x, y);
          else
            for (int64_t k = 0; k < gemm.k; ++k)
              sum = multiplyAdd<Wide>(x(k), y(k), sum);
          *result++ = T::narrow(sum);
        }
  });
  return bytes;
}

bool canRun(const TargetInfo &target) {
  if (target.vectorBytes == 64)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (target.vectorBytes == 32)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return true;
}

} // namespace tjit::codegen::test
