//===- InterpreterMatmul.cpp - matrix products in the order of docs/numerics.md -----------===//
//
// Every element is a chain of fused multiply-adds over ascending k from +0. The chains of four rows
// by sixteen columns run side by side, over a panel of the right-hand side that has been converted
// to the accumulation type and made contiguous. The product with a vector takes the order of
// reductions.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/InterpreterChain.h"

#include <cmath>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

constexpr int64_t kTileRows = 4, kTileColumns = 16;

/// a * b + c, in one rounding or wrapping.
struct FusedSum {
  template <class A> static A identity() { return 0; }
  template <Float A> static A step(A a, A b, A c) { return std::fma(a, b, c); }
  template <Integer A> static A step(A a, A b, A c) {
    return combine(c, wrapping([](auto x, auto y) { return x * y; }, a, b));
  }
  template <Float A> static A combine(A x, A y) { return x + y; }
  template <Integer A> static A combine(A x, A y) {
    return wrapping([](auto a, auto b) { return a + b; }, x, y);
  }
};

/// One matrix of a batch: strides in elements.
template <class E> struct Matrix {
  const typename E::Storage *data;
  int64_t rowStride, columnStride;
  typename E::Compute at(int64_t i, int64_t j) const {
    return E::load(data[i * rowStride + j * columnStride]);
  }
};

/// out[i][j] = chain over k of a[i][k] * panel[k][j], for a tile; `a` is [kTileRows][depth], the
/// panel [depth][kTileColumns].
template <class A>
[[gnu::always_inline]] inline void multiplyTile(const A *a, const A *panel, int64_t depth, A *out) {
  A sum[kTileRows][kTileColumns] = {};
  for (int64_t k = 0; k < depth; ++k)
    for (int64_t i = 0; i < kTileRows; ++i)
      for (int64_t j = 0; j < kTileColumns; ++j)
        sum[i][j] = FusedSum::step(a[i * depth + k], panel[k * kTileColumns + j], sum[i][j]);
  std::copy(&sum[0][0], &sum[0][0] + kTileRows * kTileColumns, out);
}
template <class A> void multiplyTilePlain(const A *a, const A *panel, int64_t depth, A *out) {
  multiplyTile(a, panel, depth, out);
}
template <class A>
[[gnu::target("avx2,fma"), gnu::flatten]] void multiplyTileFused(const A *a, const A *panel,
                                                                 int64_t depth, A *out) {
  multiplyTile(a, panel, depth, out);
}

/// acc[l] = a[l] * b[l] + acc[l] for up to 64 lanes.
template <class A>
[[gnu::always_inline]] inline void multiplyLanes(const A *a, const A *b, int64_t n, A *acc) {
  for (int64_t l = 0; l < n; ++l)
    acc[l] = FusedSum::step(a[l], b[l], acc[l]);
}
template <class A> void multiplyLanesPlain(const A *a, const A *b, int64_t n, A *acc) {
  multiplyLanes(a, b, n, acc);
}
template <class A>
[[gnu::target("avx2,fma"), gnu::flatten]] void multiplyLanesFused(const A *a, const A *b, int64_t n,
                                                                  A *acc) {
  multiplyLanes(a, b, n, acc);
}

template <class E>
void multiply(const Matrix<E> &lhs, const Matrix<E> &rhs, typename E::Storage *out, int64_t m,
              int64_t n, int64_t depth) {
  using A = typename E::Compute;
  auto tile = hasFusedMultiplyAdd() ? multiplyTileFused<A> : multiplyTilePlain<A>;
  // The left-hand side once, rows past the end zero.
  std::vector<A> rows((m + kTileRows - 1) / kTileRows * kTileRows * depth),
      panel(depth * kTileColumns);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t k = 0; k < depth; ++k)
      rows[i * depth + k] = lhs.at(i, k);
  A sums[kTileRows][kTileColumns];
  for (int64_t j0 = 0; j0 < n; j0 += kTileColumns) {
    int64_t columns = std::min(kTileColumns, n - j0);
    for (int64_t k = 0; k < depth; ++k)
      for (int64_t j = 0; j < columns; ++j)
        panel[k * kTileColumns + j] = rhs.at(k, j0 + j);
    for (int64_t i0 = 0; i0 < m; i0 += kTileRows) {
      tile(rows.data() + i0 * depth, panel.data(), depth, &sums[0][0]);
      for (int64_t i = 0; i < std::min(kTileRows, m - i0); ++i)
        for (int64_t j = 0; j < columns; ++j)
          out[(i0 + i) * n + j0 + j] = E::store(sums[i][j]);
    }
  }
}

template <class E>
void multiplyVector(const Matrix<E> &lhs, const Matrix<E> &rhs, typename E::Storage *out, int64_t m,
                    int64_t depth) {
  using A = typename E::Compute;
  auto lanes = hasFusedMultiplyAdd() ? multiplyLanesFused<A> : multiplyLanesPlain<A>;
  LaneChains<FusedSum, A> chains(kLanes);
  std::vector<A> vector(depth);
  for (int64_t k = 0; k < depth; ++k)
    vector[k] = rhs.at(k, 0);
  A row[kLanes];
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t k0 = 0; k0 < depth; k0 += kLanes) {
      int64_t count = std::min(kLanes, depth - k0);
      for (int64_t l = 0; l < count; ++l)
        row[l] = lhs.at(i, k0 + l);
      lanes(row, vector.data() + k0, count, chains.innermost());
      chains.rowDone();
    }
    out[i] = E::store(foldLanes<FusedSum>(chains.finish()));
  }
}

void matmul(const Call &call) {
  const TensorRef &lhs = call.operands[0], &rhs = call.operands[1], &result = call.result;
  size_t rank = result.sizes.size(), batch = rank - 2;
  size_t lhsRank = lhs.sizes.size(), rhsRank = rhs.sizes.size();
  int64_t m = result.sizes[rank - 2], n = result.sizes[rank - 1], depth = lhs.sizes[lhsRank - 1];
  auto batchOf = [&](const TensorRef &t) {
    TensorRef outer{t.data, t.dtype, t.sizes.first(t.sizes.size() - 2),
                    t.strides.first(t.strides.size() - 2)};
    return broadcastStrides(outer, result.sizes.first(batch));
  };
  Nest<3> nest(result.sizes.first(batch),
               {Dims(result.strides.first(batch)), batchOf(lhs), batchOf(rhs)});
  visitElement(result.dtype, [&]<class E>(E) {
    if constexpr (std::same_as<typename E::Compute, bool>)
      throwUnsupported(call.kind, result.dtype);
    else
      nest.forEachRow([&](auto &begin, int64_t count, auto &steps) {
        for (int64_t b = 0; b < count; ++b) {
          auto pointer = [&](const TensorRef &t, int k) {
            return static_cast<typename E::Storage *>(t.data) + begin[k] + b * steps[k];
          };
          Matrix<E> left{pointer(lhs, 1), lhs.strides[lhsRank - 2], lhs.strides[lhsRank - 1]};
          Matrix<E> right{pointer(rhs, 2), rhs.strides[rhsRank - 2], rhs.strides[rhsRank - 1]};
          if (n == 1)
            multiplyVector<E>(left, right, pointer(result, 0), m, depth);
          else
            multiply<E>(left, right, pointer(result, 0), m, n, depth);
        }
      });
  });
}

constexpr KernelEntry kKernels[] = {{OpKind::matmul, matmul}};

} // namespace

std::span<const KernelEntry> interpreter::matmulKernels() { return kKernels; }
