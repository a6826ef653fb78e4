//===- InterpreterMovement.cpp - gather and scatter: elements moved by an index tensor -===//

#include "IR/OpAttrs.h.inc"
#include "Runtime/InterpreterLoops.h"

using namespace tjit;
using namespace tjit::interpreter;

namespace {

/// visit(offset of the index, offsets of the other two) for every point of the index tensor in
/// row-major order. `indexed` is the tensor whose place along `dim` comes from the index; `along`
/// has the index's sizes.
template <class Visit>
void forEachIndexed(const TensorRef &index, const TensorRef &indexed, const TensorRef &along,
                    int64_t dim, Visit &&visit) {
  Dims strides(indexed.strides);
  int64_t step = strides.empty() ? 0 : strides[dim];
  if (!strides.empty())
    strides[dim] = 0;
  auto *indices = static_cast<const int64_t *>(index.data);
  Nest<3>(index.sizes, {Dims(index.strides), strides, Dims(along.strides)})
      .forEachRow([&](auto &begin, int64_t n, auto &steps) {
        for (int64_t i = 0; i < n; ++i) {
          int64_t place = indices[begin[0] + i * steps[0]] * step;
          visit(begin[1] + i * steps[1] + place, begin[2] + i * steps[2]);
        }
      });
}

void gather(const Call &call) {
  int64_t dim = GatherAttrs::read(call.attributes).dim;
  visitElement(call.result.dtype, [&]<class E>(E) {
    auto *in = static_cast<const typename E::Storage *>(call.operands[0].data);
    auto *out = static_cast<typename E::Storage *>(call.result.data);
    forEachIndexed(call.operands[1], call.operands[0], call.result, dim,
                   [&](int64_t from, int64_t to) { out[to] = in[from]; });
  });
}

struct Copy {
  template <Any T> static T apply(T x) { return x; }
};

template <class T> T sum(T x, T y) {
  if constexpr (std::same_as<T, bool>)
    return x || y;
  else if constexpr (Float<T>)
    return x + y;
  else
    return wrapping([](auto a, auto b) { return a + b; }, x, y);
}

template <class T> T product(T x, T y) {
  if constexpr (std::same_as<T, bool>)
    return x && y;
  else if constexpr (Float<T>)
    return x * y;
  else
    return wrapping([](auto a, auto b) { return a * b; }, x, y);
}
template <class T> T larger(T x, T y) {
  if constexpr (Float<T>)
    if (x != x || y != y)
      return x + y;
  return x < y ? y : x;
}
template <class T> T smaller(T x, T y) {
  if constexpr (Float<T>)
    if (x != x || y != y)
      return x + y;
  return y < x ? y : x;
}

/// The operand with combine(element, source) in the places that the index names.
template <class Combine> void scatterWith(const Call &call, int64_t dim, Combine combine) {
  visitElement(call.result.dtype, [&]<class E>(E) {
    runElementwise<Copy, E, E>({call.kind, call.attributes, call.operands.first(1), call.result});
    auto *out = static_cast<typename E::Storage *>(call.result.data);
    auto *source = static_cast<const typename E::Storage *>(call.operands[2].data);
    forEachIndexed(call.operands[1], call.result, call.operands[2], dim,
                   [&](int64_t to, int64_t from) {
                     out[to] = E::store(combine(E::load(out[to]), E::load(source[from])));
                   });
  });
}
void scatterAdd(const Call &call) {
  scatterWith(call, ScatterAddAttrs::read(call.attributes).dim,
              [](auto x, auto y) { return sum(x, y); });
}
void scatter(const Call &call) {
  scatterWith(call, ScatterAttrs::read(call.attributes).dim, [](auto, auto y) { return y; });
}
void scatterReduce(const Call &call) {
  const auto attrs = ScatterReduceAttrs::read(call.attributes);
  switch (attrs.reduction) {
  case ScatterReduction::prod:
    return scatterWith(call, attrs.dim, [](auto x, auto y) { return product(x, y); });
  case ScatterReduction::amax:
    return scatterWith(call, attrs.dim, [](auto x, auto y) { return larger(x, y); });
  case ScatterReduction::amin:
    return scatterWith(call, attrs.dim, [](auto x, auto y) { return smaller(x, y); });
  }
}

constexpr KernelEntry kKernels[] = {{OpKind::gather, gather},
                                    {OpKind::scatter_add, scatterAdd},
                                    {OpKind::scatter, scatter},
                                    {OpKind::scatter_reduce, scatterReduce}};

} // namespace

std::span<const KernelEntry> interpreter::movementKernels() { return kKernels; }
