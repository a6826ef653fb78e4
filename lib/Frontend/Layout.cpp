//===- Layout.cpp -----------------------------------------------------------------------------===//
// Questions about sizes and strides.

#include "Frontend/Layout.h"

#include <algorithm>

namespace tjit {

bool isRowMajor(Sizes sizes, Sizes strides) {
  int64_t expected = 1;
  for (size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 0)
      return true;
    if (sizes[i] != 1 && strides[i] != expected) {
      // A size of 0 further left still makes it row-major.
      return std::find(sizes.begin(), sizes.begin() + i, 0) != sizes.begin() + i;
    }
    expected *= sizes[i];
  }
  return true;
}

Dims orderOfStrides(Sizes sizes, Sizes strides) {
  Dims order(sizes.size(), 0);
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<int64_t>(i);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    // Dimensions of size 1 have no say; they stay where they are as far as possible.
    return strides[a] > strides[b];
  });
  return order;
}

bool isDense(Sizes sizes, Sizes strides) {
  if (std::find(sizes.begin(), sizes.end(), 0) != sizes.end())
    return true;
  Dims order;
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] != 1)
      order.push_back(static_cast<int64_t>(i));
  std::sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return strides[a] < strides[b]; });
  int64_t expected = 1;
  for (int64_t d : order) {
    if (strides[d] != expected)
      return false;
    expected *= sizes[d];
  }
  return true;
}

bool liesChannelsLast(Sizes sizes, Sizes strides) {
  const size_t rank = sizes.size();
  if ((rank != 4 && rank != 5) || strides[1] == 0)
    return false;
  int64_t least = 0;
  for (size_t i = 0; i < rank; ++i) { // channels, the spatial dimensions from the last, the batch
    const size_t d = i == 0 ? 1 : i + 1 == rank ? 0 : rank - i;
    // A batch stride that is the channels' is that of a row-major tensor with one channel.
    if (sizes[d] == 0 || strides[d] < least || (d == 0 && least == strides[1]))
      return false;
    least = strides[d] * std::max<int64_t>(sizes[d], 1);
  }
  return true;
}

bool overlapsItself(Sizes sizes, Sizes strides) {
  if (std::find(sizes.begin(), sizes.end(), 0) != sizes.end())
    return false;
  Dims order;
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] != 1)
      order.push_back(static_cast<int64_t>(i));
  std::sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return strides[a] < strides[b]; });
  int64_t reach = 1;
  for (int64_t d : order) {
    if (strides[d] < reach)
      return true;
    reach = strides[d] * (sizes[d] - 1) + reach;
  }
  return false;
}

Overlap overlapOf(Sizes aSizes, Sizes aStrides, int64_t aOffset, Sizes bSizes, Sizes bStrides,
                  int64_t bOffset) {
  if (aOffset == bOffset && std::ranges::equal(aSizes, bSizes) &&
      std::ranges::equal(aStrides, bStrides))
    return Overlap::full;
  if (!isDense(aSizes, aStrides) || !isDense(bSizes, bStrides))
    return Overlap::none;
  const int64_t aEnd = aOffset + extent(aSizes, aStrides),
                bEnd = bOffset + extent(bSizes, bStrides);
  if (aOffset == bOffset && aEnd == bEnd)
    return std::ranges::equal(aStrides, bStrides) ? Overlap::full : Overlap::partial;
  return aOffset < bEnd && bOffset < aEnd ? Overlap::partial : Overlap::none;
}

int64_t extent(Sizes sizes, Sizes strides) {
  int64_t last = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0)
      return 0;
    last += (sizes[i] - 1) * strides[i];
  }
  return last + 1;
}

int64_t fromRowMajor(int64_t distance, Sizes sizes, Sizes strides) {
  int64_t step = numElements(sizes), out = 0;
  for (size_t i = 0; i < sizes.size() && step; ++i) {
    step /= sizes[i];
    out += distance / step * strides[i];
    distance %= step;
  }
  return out;
}

bool elementwiseOrder(Sizes resultSizes, std::span<const Geometry> operands, Dims &order) {
  const size_t rank = resultSizes.size();
  auto stride = [&](const Geometry &g, int64_t dim) -> int64_t {
    int64_t own = dim - static_cast<int64_t>(rank - g.sizes.size());
    return own < 0 || (g.sizes[own] == 1 && resultSizes[dim] != 1) ? 0 : g.strides[own];
  };
  // Positive: a should be further from the fastest place than b.
  auto compare = [&](int64_t a, int64_t b) {
    for (const Geometry &g : operands) {
      int64_t sa = stride(g, a), sb = stride(g, b);
      if (sa == 0 || sb == 0)
        continue;
      if (sa != sb)
        return sa < sb ? -1 : 1;
      if (resultSizes[a] > resultSizes[b])
        return 1;
    }
    return 0;
  };
  // Fastest first, as TensorIterator keeps them; the insertion sort is part of the definition where
  // comparison is no order.
  Dims fastestFirst(rank, 0);
  for (size_t i = 0; i < rank; ++i)
    fastestFirst[i] = static_cast<int64_t>(rank - 1 - i);
  for (size_t i = 1; i < rank; ++i) {
    size_t at = i;
    for (size_t j = i; j-- > 0;) {
      int c = compare(fastestFirst[j], fastestFirst[at]);
      if (c > 0) {
        std::swap(fastestFirst[j], fastestFirst[at]);
        at = j;
      } else if (c < 0) {
        break;
      }
    }
  }
  order = Dims(rank, 0);
  bool rowMajor = true;
  for (size_t i = 0; i < rank; ++i) {
    order[i] = fastestFirst[rank - 1 - i];
    rowMajor &= order[i] == static_cast<int64_t>(i);
  }
  return rowMajor;
}

Dims stridesInOrder(Sizes sizes, const Dims &order) {
  Dims strides(sizes.size(), 1);
  int64_t next = 1;
  for (size_t i = order.size(); i-- > 0;) {
    strides[order[i]] = next;
    next *= std::max<int64_t>(sizes[order[i]], 1);
  }
  return strides;
}

std::optional<Dims> stridesOfView(Sizes sizes, Sizes strides, Sizes newSizes) {
  if (numElements(sizes) == 0)
    return contiguousStrides(newSizes);
  // Walk from the right over maximal runs of old dimensions that are contiguous among themselves;
  // every run must be the product of some new dimensions.
  Dims out(newSizes.size(), 0);
  int64_t view = static_cast<int64_t>(newSizes.size()) - 1;
  int64_t base = sizes.empty() ? 1 : strides.back();
  int64_t run = 1, made = 1;
  for (int64_t d = static_cast<int64_t>(sizes.size()) - 1; d >= 0; --d) {
    run *= sizes[d];
    bool ends = d == 0 || (sizes[d - 1] != 1 && strides[d - 1] != run * base);
    if (!ends)
      continue;
    while (view >= 0 && (made < run || newSizes[view] == 1)) {
      out[view] = made * base;
      made *= newSizes[view];
      --view;
    }
    if (made != run)
      return std::nullopt;
    if (d > 0) {
      base = strides[d - 1];
      run = made = 1;
    }
  }
  for (; view >= 0; --view) {
    if (newSizes[view] != 1)
      return std::nullopt;
    out[view] = base * made;
  }
  return out;
}

} // namespace tjit
