//===- InterpreterLines.cpp - sorting, searching, running sums ----------------------------===//

#include "IR/OpAttrs.h.inc"
#include "Runtime/InterpreterLoops.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

template <class T> bool isNan(T x) {
  if constexpr (Float<T>)
    return x != x;
  else
    return false;
}

/// line(offset in the operand, its step, offset in the result, its step, n) for every line along
/// `dim`.
template <class Line>
void forEachLine(const TensorRef &input, const TensorRef &result, int64_t dim, Line &&line) {
  Dims sizes(input.sizes);
  const int64_t n = sizes[dim], from = input.strides[dim], to = result.strides[dim];
  sizes[dim] = 1;
  if (n == 0)
    return;
  Nest<2>(sizes, {Dims(input.strides), Dims(result.strides)})
      .forEachRow([&](auto &begin, int64_t lines, auto &steps) {
        for (int64_t i = 0; i < lines; ++i)
          line(begin[0] + i * steps[0], from, begin[1] + i * steps[1], to, n);
      });
}

/// Before: whether x stands before y. NaN is above every number.
template <class T> bool below(T x, T y) { return x < y || (isNan(y) && !isNan(x)); }

void argsort(const Call &call) {
  const auto attrs = ArgsortAttrs::read(call.attributes);
  visitElement(call.operands[0].dtype, [&]<class E>(E) {
    using T = typename E::Compute;
    struct Keyed {
      T key;
      int64_t at;
    };
    auto *in = static_cast<const typename E::Storage *>(call.operands[0].data);
    auto *out = static_cast<int64_t *>(call.result.data);
    std::vector<Keyed> line;
    forEachLine(call.operands[0], call.result, attrs.dim,
                [&](int64_t from, int64_t step, int64_t to, int64_t stepTo, int64_t n) {
                  line.resize(static_cast<size_t>(n));
                  for (int64_t i = 0; i < n; ++i)
                    line[i] = {E::load(in[from + i * step]), i};
                  // With the place as the last key any sort is stable.
                  std::sort(line.begin(), line.end(), [&](const Keyed &a, const Keyed &b) {
                    const bool first = attrs.descending ? below(b.key, a.key) : below(a.key, b.key);
                    const bool last = attrs.descending ? below(a.key, b.key) : below(b.key, a.key);
                    return first || (!last && a.at < b.at);
                  });
                  for (int64_t i = 0; i < n; ++i)
                    out[to + i * stepTo] = line[i].at;
                });
  });
}

struct Sum {
  static constexpr int identity = 0;
  template <class A> static A combine(A x, A y) {
    if constexpr (Float<A>)
      return x + y;
    else
      return wrapping([](auto a, auto b) { return a + b; }, x, y);
  }
};
struct Product {
  static constexpr int identity = 1;
  template <class A> static A combine(A x, A y) {
    if constexpr (Float<A>)
      return x * y;
    else
      return wrapping([](auto a, auto b) { return a * b; }, x, y);
  }
};

/// Sums of float32 and float64 run in float64, those of 16-bit floats in float32, all others in
/// int64; each is rounded for itself.
template <class Op> void running(const Call &call) {
  const int64_t dim = CumsumAttrs::read(call.attributes).dim;
  visitElement(call.operands[0].dtype, [&]<class E>(E) {
    using T = typename E::Compute;
    constexpr bool isFloat = Float<T>, is16Bit = isFloat && sizeof(typename E::Storage) == 2;
    using A = std::conditional_t<is16Bit, float, std::conditional_t<isFloat, double, int64_t>>;
    using Out = std::conditional_t<isFloat, typename E::Storage, int64_t>;
    auto *in = static_cast<const typename E::Storage *>(call.operands[0].data);
    auto *out = static_cast<Out *>(call.result.data);
    forEachLine(call.operands[0], call.result, dim,
                [&](int64_t from, int64_t step, int64_t to, int64_t stepTo, int64_t n) {
                  A sum = Op::identity;
                  for (int64_t i = 0; i < n; ++i) {
                    sum = Op::combine(sum, static_cast<A>(E::load(in[from + i * step])));
                    if constexpr (isFloat)
                      out[to + i * stepTo] = E::store(static_cast<T>(sum));
                    else
                      out[to + i * stepTo] = sum;
                  }
                });
  });
}

/// The index of the last extreme element so far.
template <class Wins> void runningIndex(const Call &call) {
  const int64_t dim = CummaxAttrs::read(call.attributes).dim;
  visitElement(call.operands[0].dtype, [&]<class E>(E) {
    auto *in = static_cast<const typename E::Storage *>(call.operands[0].data);
    auto *out = static_cast<int64_t *>(call.result.data);
    forEachLine(call.operands[0], call.result, dim,
                [&](int64_t from, int64_t step, int64_t to, int64_t stepTo, int64_t n) {
                  auto best = E::load(in[from]);
                  int64_t at = 0;
                  for (int64_t i = 0; i < n; ++i) {
                    const auto x = E::load(in[from + i * step]);
                    if (isNan(x) || (!isNan(best) && Wins()(x, best)))
                      best = x, at = i;
                    out[to + i * stepTo] = at;
                  }
                });
  });
}

void searchsorted(const Call &call) {
  const bool right = SearchsortedAttrs::read(call.attributes).right;
  const TensorRef &lines = call.operands[0], &values = call.operands[1];
  const size_t rank = values.sizes.size();
  // The boundaries' line for each value: that of its leading indices, or the only one.
  Dims lineStrides(rank, 0);
  if (lines.sizes.size() > 1)
    for (size_t d = 0; d + 1 < rank; ++d)
      lineStrides[d] = lines.strides[d];
  const int64_t n = lines.sizes.back(), step = lines.strides.back();
  visitElement(values.dtype, [&]<class E>(E) {
    auto *boundaries = static_cast<const typename E::Storage *>(lines.data);
    auto *in = static_cast<const typename E::Storage *>(values.data);
    auto *out = static_cast<int64_t *>(call.result.data);
    Nest<3>(values.sizes, {lineStrides, Dims(values.strides), Dims(call.result.strides)})
        .forEachRow([&](auto &begin, int64_t count, auto &steps) {
          for (int64_t i = 0; i < count; ++i) {
            const auto *line = boundaries + begin[0] + i * steps[0];
            const auto x = E::load(in[begin[1] + i * steps[1]]);
            int64_t low = 0, high = n;
            while (low < high) {
              const int64_t middle = low + (high - low) / 2;
              const auto y = E::load(line[middle * step]);
              const bool after = right ? !(y > x) : !(y >= x);
              (after ? low : high) = after ? middle + 1 : middle;
            }
            out[begin[2] + i * steps[2]] = low;
          }
        });
  });
}

constexpr KernelEntry kKernels[] = {{OpKind::argsort, argsort},
                                    {OpKind::cumsum, running<Sum>},
                                    {OpKind::cumprod, running<Product>},
                                    {OpKind::cummax, runningIndex<std::greater_equal<>>},
                                    {OpKind::cummin, runningIndex<std::less_equal<>>},
                                    {OpKind::searchsorted, searchsorted}};

} // namespace

std::span<const KernelEntry> interpreter::lineKernels() { return kKernels; }
