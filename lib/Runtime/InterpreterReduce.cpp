//===- InterpreterReduce.cpp - reductions in the order of docs/numerics.md ----------------===//

#include "IR/OpAttrs.h.inc"
#include "Runtime/InterpreterChain.h"

#include <cmath>
#include <limits>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

/// Integers are accumulated in int64 by sum and prod, 16-bit floats in float; bools as the bytes
/// they are stored in.
template <class T> using Wide = std::conditional_t<Float<T>, T, int64_t>;
template <class T> using Same = std::conditional_t<std::same_as<T, bool>, uint8_t, T>;

struct SumOf {
  template <class T> using Accumulator = Wide<T>;
  template <class A> static A identity() { return 0; }
  template <class A> static A combine(A x, A y) {
    if constexpr (Float<A>)
      return x + y;
    else
      return wrapping([](auto a, auto b) { return a + b; }, x, y);
  }
};
struct ProdOf {
  template <class T> using Accumulator = Wide<T>;
  template <class A> static A identity() { return 1; }
  template <class A> static A combine(A x, A y) {
    if constexpr (Float<A>)
      return x * y;
    else
      return wrapping([](auto a, auto b) { return a * b; }, x, y);
  }
};
template <class A> constexpr A lowest() {
  using Limits = std::numeric_limits<A>;
  return Float<A> ? -Limits::infinity() : Limits::lowest();
}
template <class A> constexpr A highest() {
  using Limits = std::numeric_limits<A>;
  return Float<A> ? Limits::infinity() : Limits::max();
}
struct MaxOf {
  template <class T> using Accumulator = Same<T>;
  template <class A> static A identity() { return lowest<A>(); }
  template <class A> static A combine(A x, A y) {
    if constexpr (Float<A>) {
      if (x != x || y != y)
        return x + y;
      if (x == y)
        return std::signbit(x) ? y : x;
    }
    return x > y ? x : y;
  }
};
struct MinOf {
  template <class T> using Accumulator = Same<T>;
  template <class A> static A identity() { return highest<A>(); }
  template <class A> static A combine(A x, A y) {
    if constexpr (Float<A>) {
      if (x != x || y != y)
        return x + y;
      if (x == y)
        return std::signbit(x) ? x : y;
    }
    return x < y ? x : y;
  }
};

/// The dimensions of a reduction's operand, split. Kept ones with the result's strides, in the
/// result's order.
struct Split {
  Dims keptSizes, keptStrides, reducedSizes, reducedStrides;
  int64_t lanes = kLanes; ///< 64 where the last dimension is reduced, else 1

  Split(const TensorRef &input, std::span<const int64_t> dims) {
    size_t next = 0;
    for (size_t d = 0; d < input.sizes.size(); ++d) {
      bool reduced = next < dims.size() && dims[next] == static_cast<int64_t>(d);
      (reduced ? reducedSizes : keptSizes).push_back(input.sizes[d]);
      (reduced ? reducedStrides : keptStrides).push_back(input.strides[d]);
      next += reduced;
      if (input.sizes[d] != 1 && numElements(reducedSizes) != 1)
        lanes = reduced ? kLanes : 1;
    }
  }
};

/// The element offsets of a box in row-major order.
std::vector<int64_t> offsetsOf(const Dims &sizes, const Dims &strides) {
  std::vector<int64_t> offsets;
  offsets.reserve(numElements(sizes));
  Nest<1>(sizes, {strides}).forEachRow([&](auto &begin, int64_t n, auto &steps) {
    for (int64_t i = 0; i < n; ++i)
      offsets.push_back(begin[0] + i * steps[0]);
  });
  return offsets;
}

/// Results side by side: up to this many chains of one lane run together.
constexpr int64_t kBlock = 256;

template <class Op, class E> void reduceElements(const Call &call, const Split &split) {
  using Accumulator = typename Op::template Accumulator<typename E::Compute>;
  auto *input = static_cast<const typename E::Storage *>(call.operands[0].data);
  Nest<1> reduced(split.reducedSizes, {split.reducedStrides});
  auto store = [&](int64_t at, Accumulator value) {
    if constexpr (std::same_as<Accumulator, typename E::Compute>)
      static_cast<typename E::Storage *>(call.result.data)[at] = E::store(value);
    else
      static_cast<Accumulator *>(call.result.data)[at] = value;
  };

  std::vector<int64_t> kept = offsetsOf(split.keptSizes, split.keptStrides);
  int64_t results = static_cast<int64_t>(kept.size());
  if (split.lanes == kLanes) {
    LaneChains<Op, Accumulator> chains(kLanes);
    Accumulator row[kLanes];
    for (int64_t r = 0; r < results; ++r) {
      // Runs of the innermost dimension fill rows of lanes one after the other.
      int64_t filled = 0;
      reduced.forEachRow([&](auto &begin, int64_t n, auto &steps) {
        const typename E::Storage *p = input + kept[r] + begin[0];
        for (int64_t i = 0; i < n;) {
          int64_t take = std::min(n - i, kLanes - filled);
          for (int64_t l = 0; l < take; ++l)
            row[filled + l] = E::load(p[(i + l) * steps[0]]);
          i += take, filled += take;
          if (filled == kLanes) {
            chains.add(row, kLanes);
            filled = 0;
          }
        }
      });
      if (filled)
        chains.add(row, filled);
      store(r, foldLanes<Op>(chains.finish()));
    }
    return;
  }
  LaneChains<Op, Accumulator> chains(kBlock);
  Accumulator row[kBlock];
  for (int64_t first = 0; first < results; first += kBlock) {
    int64_t count = std::min(kBlock, results - first);
    const int64_t *columns = kept.data() + first;
    bool dense =
        columns[count - 1] - columns[0] == count - 1 && std::is_sorted(columns, columns + count);
    reduced.forEachRow([&](auto &begin, int64_t n, auto &steps) {
      for (int64_t i = 0; i < n; ++i) {
        const typename E::Storage *p = input + begin[0] + i * steps[0];
        if (dense)
          for (int64_t l = 0; l < count; ++l)
            row[l] = E::load(p[columns[0] + l]);
        else
          for (int64_t l = 0; l < count; ++l)
            row[l] = E::load(p[columns[l]]);
        chains.add(row, count);
      }
    });
    const Accumulator *totals = chains.finish();
    for (int64_t l = 0; l < count; ++l)
      store(first + l, totals[l]);
  }
}

template <class Op> void reduce(const Call &call) {
  Split split(call.operands[0], SumAttrs::read(call.attributes).dims);
  visitElement(call.operands[0].dtype, [&]<class E>(E) { reduceElements<Op, E>(call, split); });
}

/// Whether y replaces the best element so far, x: strictly better, or the first NaN.
struct Larger {
  template <class T> static bool better(T x, T y) { return x == x && (y > x || y != y); }
};
struct Smaller {
  template <class T> static bool better(T x, T y) { return x == x && (y < x || y != y); }
};

template <class Op> void argReduce(const Call &call) {
  const TensorRef &input = call.operands[0];
  int64_t dim = ArgmaxAttrs::read(call.attributes).dim;
  Dims one({dim});
  // A 0-dim operand has one element, and its index is 0.
  Split split(input, input.sizes.empty() ? Dims() : one);
  std::vector<int64_t> kept = offsetsOf(split.keptSizes, split.keptStrides);
  int64_t n = split.reducedSizes.empty() ? 1 : split.reducedSizes[0];
  int64_t step = split.reducedSizes.empty() ? 0 : split.reducedStrides[0];
  visitElement(input.dtype, [&]<class E>(E) {
    for (size_t r = 0; r < kept.size(); ++r) {
      auto *p = static_cast<const typename E::Storage *>(input.data) + kept[r];
      int64_t best = 0;
      auto value = E::load(p[0]);
      for (int64_t i = 1; i < n; ++i)
        if (auto candidate = E::load(p[i * step]); Op::better(value, candidate))
          best = i, value = candidate;
      static_cast<int64_t *>(call.result.data)[r] = best;
    }
  });
}

constexpr KernelEntry kKernels[] = {
    {OpKind::sum, reduce<SumOf>},        {OpKind::prod, reduce<ProdOf>},
    {OpKind::amax, reduce<MaxOf>},       {OpKind::amin, reduce<MinOf>},
    {OpKind::argmax, argReduce<Larger>}, {OpKind::argmin, argReduce<Smaller>},
};

} // namespace

std::span<const KernelEntry> interpreter::reductionKernels() { return kKernels; }
