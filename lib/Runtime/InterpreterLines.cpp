//===- InterpreterLines.cpp - sorting, searching, running sums ----------------------------===//

#include "IR/OpAttrs.h.inc"
#include "Runtime/Context.h"
#include "Runtime/InterpreterLoops.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

template <class T> bool isNan(T x) {
  if constexpr (Float<T>)
    return x != x;
  else
    return false;
}

/// Where elements of lines side by side stand in a tensor.
struct Lines {
  int64_t begin, step; // of the first line; along a line
  int64_t apart;       // between neighbouring lines
};

/// block(operand, result, number of lines, n) for all lines along `dim`, up to `most` at a time.
template <class Block>
void forEachBlock(const TensorRef &input, const TensorRef &result, int64_t dim, int64_t most,
                  Block &&block) {
  Dims sizes(input.sizes);
  const int64_t n = sizes[dim], from = input.strides[dim], to = result.strides[dim];
  sizes[dim] = 1;
  if (n == 0)
    return;
  Nest<2>(sizes, {Dims(input.strides), Dims(result.strides)})
      .forEachRow([&](auto &begin, int64_t lines, auto &steps) {
        for (int64_t i = 0; i < lines; i += most)
          block(Lines{begin[0] + i * steps[0], from, steps[0]},
                Lines{begin[1] + i * steps[1], to, steps[1]}, std::min(most, lines - i), n);
      });
}
/// line(offset in the operand, its step, offset in the result, its step, n) for every line.
template <class Line>
void forEachLine(const TensorRef &input, const TensorRef &result, int64_t dim, Line &&line) {
  forEachBlock(input, result, dim, 1, [&](const Lines &in, const Lines &out, int64_t, int64_t n) {
    line(in.begin, in.step, out.begin, out.step, n);
  });
}

/// A number whose order among unsigned integers is that of x: -0 is +0, NaN is above every number.
template <class T> auto orderKey(T x) {
  using U = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
  constexpr U kSign = U(1) << (8 * sizeof(U) - 1);
  if constexpr (Float<T>) {
    if (x != x)
      return ~U(0);
    const U bits = std::bit_cast<U>(x + T(0)); // -0 + 0 is +0
    return bits & kSign ? ~bits : bits | kSign;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<U>(static_cast<U>(x) ^ kSign);
  } else {
    return static_cast<U>(x);
  }
}

/// A key and where it stands.
template <class Key, class Place> struct Keyed {
  Key key;
  Place at;
};

/// By key; equal keys keep their order. Byte by byte from the lowest one (a radix sort): each pass
/// keeps the order of what is equal in its byte, and one in which all are equal is left out.
template <class Key, class Place>
void sortByKey(std::vector<Keyed<Key, Place>> &line, std::vector<Keyed<Key, Place>> &other) {
  constexpr size_t kFew = 200, kBuckets = 256;
  if (line.size() <= kFew)
    return std::sort(line.begin(), line.end(), [](const auto &a, const auto &b) {
      return a.key < b.key || (a.key == b.key && a.at < b.at);
    });
  std::array<std::array<size_t, kBuckets>, sizeof(Key)> counts{};
  for (const auto &k : line)
    for (size_t byte = 0; byte < sizeof(Key); ++byte)
      ++counts[byte][k.key >> (8 * byte) & (kBuckets - 1)];
  other.resize(line.size());
  for (size_t byte = 0; byte < sizeof(Key); ++byte) {
    std::array<size_t, kBuckets> &next = counts[byte];
    if (std::ranges::count(next, line.size()))
      continue;
    size_t before = 0;
    for (size_t &count : next)
      before += std::exchange(count, before);
    for (const auto &k : line)
      other[next[k.key >> (8 * byte) & (kBuckets - 1)]++] = k;
    line.swap(other);
  }
}

template <class Place> void argsortWith(const Call &call) {
  const auto attrs = ArgsortAttrs::read(call.attributes);
  visitElement(call.operands[0].dtype, [&]<class E>(E) {
    using Key = decltype(orderKey(typename E::Compute()));
    auto *in = static_cast<const typename E::Storage *>(call.operands[0].data);
    auto *out = static_cast<int64_t *>(call.result.data);
    const Key flip = attrs.descending ? ~Key(0) : Key(0);
    std::vector<Keyed<Key, Place>> line, other;
    forEachLine(call.operands[0], call.result, attrs.dim,
                [&](int64_t from, int64_t step, int64_t to, int64_t stepTo, int64_t n) {
                  line.resize(static_cast<size_t>(n));
                  for (int64_t i = 0; i < n; ++i)
                    line[i] = {orderKey(E::load(in[from + i * step])) ^ flip,
                               static_cast<Place>(i)};
                  sortByKey(line, other);
                  for (int64_t i = 0; i < n; ++i)
                    out[to + i * stepTo] = static_cast<int64_t>(line[i].at);
                });
  });
}
void argsort(const Call &call) {
  const int64_t dim = ArgsortAttrs::read(call.attributes).dim;
  // A place of 32 bits halves what is moved.
  if (call.operands[0].sizes[static_cast<size_t>(dim)] <= int64_t(UINT32_MAX))
    argsortWith<uint32_t>(call);
  else
    argsortWith<int64_t>(call);
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
    auto store = [](Out &to, A sum) {
      if constexpr (isFloat)
        to = E::store(static_cast<T>(sum));
      else
        to = sum;
    };
    if (call.operands[0].strides[dim] == 1)
      return forEachLine(call.operands[0], call.result, dim,
                         [&](int64_t from, int64_t step, int64_t to, int64_t stepTo, int64_t n) {
                           A sum = Op::identity;
                           for (int64_t i = 0; i < n; ++i) {
                             sum = Op::combine(sum, static_cast<A>(E::load(in[from + i * step])));
                             store(out[to + i * stepTo], sum);
                           }
                         });
    // Lines whose elements lie far apart run side by side.
    constexpr int64_t kMost = 64;
    forEachBlock(call.operands[0], call.result, dim, kMost,
                 [&](const Lines &from, const Lines &to, int64_t lines, int64_t n) {
                   A sums[kMost];
                   std::fill_n(sums, lines, A(Op::identity));
                   for (int64_t i = 0; i < n; ++i) {
                     const typename E::Storage *x = in + from.begin + i * from.step;
                     Out *y = out + to.begin + i * to.step;
                     for (int64_t l = 0; l < lines; ++l) {
                       sums[l] = Op::combine(sums[l], static_cast<A>(E::load(x[l * from.apart])));
                       store(y[l * to.apart], sums[l]);
                     }
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
              // Chosen by masks: a branch would be foretold half of the time.
              const int64_t up = -static_cast<int64_t>(after);
              low = ((middle + 1) & up) | (low & ~up);
              high = (high & up) | (middle & ~up);
            }
            out[begin[2] + i * steps[2]] = low;
          }
        });
  });
}

/// What of a tensor lies in [begin, end) of dimension d.
class Slice {
public:
  Slice(const TensorRef &of, size_t d, int64_t begin, int64_t end) : sizes_(of.sizes) {
    const auto step = of.strides[d] * static_cast<int64_t>(elementSize(of.dtype));
    sizes_[d] = end - begin;
    tensor = {static_cast<std::byte *>(of.data) + begin * step, of.dtype, sizes_, of.strides};
  }
  Slice(const Slice &) = delete;

  TensorRef tensor;

private:
  Dims sizes_;
};

/// The kernel on parts of the result along its largest dimension but `line`, on all threads where
/// there is enough to do. The last operand has the result's sizes; a first one before it has them
/// in the dimensions before `shared`.
void inParts(const Call &call, Kernel kernel, size_t line, size_t shared) {
  constexpr int64_t kWorth = 1 << 16; // elements
  constexpr int64_t kPartsOfThread = 4;
  rt::Context &context = rt::Context::get();
  const int threads = context.settings.threads();
  const std::span<const int64_t> sizes = call.result.sizes;
  std::optional<size_t> along;
  for (size_t d = 0; d < sizes.size(); ++d)
    if (d != line && (!along || sizes[d] > sizes[*along]))
      along = d;
  if (threads <= 1 || !along || sizes[*along] < 2 || numElements(sizes) < kWorth)
    return kernel(call);
  struct Parts {
    const Call &call;
    Kernel kernel;
    size_t along, shared;
    int64_t count;

    static void part(void *context, int64_t i) {
      const auto &p = *static_cast<Parts *>(context);
      const int64_t size = p.call.result.sizes[p.along];
      const int64_t begin = size * i / p.count, end = size * (i + 1) / p.count;
      const Slice result(p.call.result, p.along, begin, end),
          values(p.call.operands.back(), p.along, begin, end);
      std::optional<Slice> first;
      if (p.along < p.shared)
        first.emplace(p.call.operands.front(), p.along, begin, end);
      const TensorRef operands[] = {first ? first->tensor : p.call.operands.front(), values.tensor};
      p.kernel({p.call.kind, p.call.attributes, std::span(operands).last(p.call.operands.size()),
                result.tensor});
    }
  } parts{call, kernel, *along, shared,
          std::min<int64_t>(sizes[*along], int64_t(threads) * kPartsOfThread)};
  context.executor().parallel(threads, parts.count, Parts::part, &parts);
}
template <class Attrs, Kernel kernel> void linesInParts(const Call &call) {
  inParts(call, kernel, static_cast<size_t>(Attrs::read(call.attributes).dim), 0);
}
void valuesInParts(const Call &call) {
  const size_t rank = call.operands.front().sizes.size();
  inParts(call, searchsorted, /*line=*/call.result.sizes.size(), rank > 1 ? rank - 1 : 0);
}

constexpr KernelEntry kKernels[] = {
    {OpKind::argsort, linesInParts<ArgsortAttrs, argsort>},
    {OpKind::cumsum, linesInParts<CumsumAttrs, running<Sum>>},
    {OpKind::cumprod, linesInParts<CumprodAttrs, running<Product>>},
    {OpKind::cummax, linesInParts<CummaxAttrs, runningIndex<std::greater_equal<>>>},
    {OpKind::cummin, linesInParts<CumminAttrs, runningIndex<std::less_equal<>>>},
    {OpKind::searchsorted, valuesInParts}};

} // namespace

std::span<const KernelEntry> interpreter::lineKernels() { return kKernels; }
