//===- InterpreterCreate.cpp - fill, iota, random -----------------------------------------===//

#include "IR/OpAttrs.h.inc"
#include "IR/Random.h"
#include "Runtime/InterpreterLoops.h"

#include <algorithm>

using namespace tjit;
using namespace tjit::interpreter;

namespace {

/// The constant has been checked to be a value of the dtype; one rounding where it is a float.
void fill(const Call &call) {
  double value = FillAttrs::read(call.attributes).value;
  visitElement(call.result.dtype, [&]<class E>(E) {
    using C = typename E::Compute;
    typename E::Storage element;
    if constexpr (std::same_as<C, bool>)
      element = E::store(value != 0);
    else if constexpr (Float<C>)
      element = E::store(static_cast<C>(value));
    else
      element = static_cast<C>(static_cast<int64_t>(value));
    auto *out = static_cast<typename E::Storage *>(call.result.data);
    std::fill_n(out, numElements(call.result.sizes), element);
  });
}

void iota(const Call &call) {
  auto *out = static_cast<int64_t *>(call.result.data);
  for (int64_t i = 0, n = numElements(call.result.sizes); i < n; ++i)
    out[i] = i;
}

//===------------------------------------------------------------------------------------------===//
// Random numbers: number i of a stream from its block
//===------------------------------------------------------------------------------------------===//

struct Stream {
  uint64_t seed, counter;
  random::Block quarter(int64_t i) const { return random::block(seed, counter, uint64_t(i) / 4); }
  random::Block half(int64_t i) const { return random::block(seed, counter, uint64_t(i) / 2); }
};

/// Bits that a uniform number of the dtype has, so that rounding never makes it 1.
template <class E>
constexpr int kUniformBits = std::same_as<E, HalfElement>       ? 11
                             : std::same_as<E, BFloat16Element> ? 8
                                                                : 24;

template <class E> typename E::Compute uniformElement(const Stream &stream, int64_t i) {
  if constexpr (std::same_as<typename E::Compute, double>)
    return random::uniform53(random::pairOf(stream.half(i), i % 2));
  else
    return random::uniform<float>(stream.quarter(i)[i % 4], kUniformBits<E>);
}

template <class E>
[[gnu::always_inline]] inline typename E::Compute normalElement(const Stream &stream, int64_t i) {
  using C = typename E::Compute;
  elementary::PlainFloat<C> b;
  if constexpr (std::same_as<C, double>) {
    random::Block block = stream.half(i);
    double u = random::uniform53(random::pairOf(block, 0)) + 0x1p-53;
    return random::normal(b, u, random::uniform53(random::pairOf(block, 1)), i % 2);
  } else {
    random::Block block = stream.quarter(i);
    int first = i % 4 / 2 * 2;
    float u = random::uniform<float>(block[first], 24) + 0x1p-24f;
    return random::normal(b, u, random::uniform<float>(block[first + 1], 24), i % 2);
  }
}

template <class E>
[[gnu::always_inline]] inline void normalRow(typename E::Storage *out, int64_t n,
                                             const Stream &stream) {
  for (int64_t i = 0; i < n; ++i)
    out[i] = E::store(normalElement<E>(stream, i));
}
template <class E> void normalPlain(typename E::Storage *out, int64_t n, const Stream &stream) {
  normalRow<E>(out, n, stream);
}
template <class E>
[[gnu::target("avx2,fma")]] void normalFused(typename E::Storage *out, int64_t n,
                                             const Stream &stream) {
  normalRow<E>(out, n, stream);
}

void drawRandom(const Call &call) {
  auto attrs = RandomAttrs::read(call.attributes);
  Stream stream{*static_cast<const uint64_t *>(call.operands[0].data),
                *static_cast<const uint64_t *>(call.operands[1].data)};
  visitElement(call.result.dtype, [&]<class E>(E) {
    auto *out = static_cast<typename E::Storage *>(call.result.data);
    int64_t n = numElements(call.result.sizes);
    if constexpr (Float<typename E::Compute>) {
      if (attrs.distribution == Distribution::uniform) {
        for (int64_t i = 0; i < n; ++i)
          out[i] = E::store(uniformElement<E>(stream, i));
        return;
      }
      if (attrs.distribution == Distribution::normal) {
        (hasFusedMultiplyAdd() ? normalFused<E> : normalPlain<E>)(out, n, stream);
        return;
      }
    }
    if constexpr (std::same_as<typename E::Compute, int64_t>)
      if (attrs.distribution == Distribution::bits) {
        for (int64_t i = 0; i < n; ++i)
          out[i] = static_cast<int64_t>(random::pairOf(stream.half(i), i % 2) >> 1);
        return;
      }
    throwUnsupported(call.kind, call.result.dtype);
  });
}

constexpr KernelEntry kKernels[] = {
    {OpKind::fill, fill}, {OpKind::iota, iota}, {OpKind::random, drawRandom}};

} // namespace

std::span<const KernelEntry> interpreter::creationKernels() { return kKernels; }
