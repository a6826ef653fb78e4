//===- InterpreterLoops.h - dtypes and loops of the reference interpreter -----------------===//
//
// An operation is a functor on one element; what is here turns it into a kernel: the dispatch on
// the dtype, the loop nest over strided operands, and, for functors that need it, a second
// instantiation with fused multiply-add instructions.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "IR/Half.h"
#include "IR/Infer.h"
#include "Runtime/Interpreter.h"
#include "tjit/Error.h"

#include <array>
#include <concepts>
#include <limits>
#include <type_traits>

namespace tjit::interpreter {

/// One call of interpretOp.
struct Call {
  OpKind kind;
  const int64_t *attributes;
  std::span<const TensorRef> operands;
  const TensorRef &result;
};
using Kernel = void (*)(const Call &);

/// What runs an operation. The tables of the Interpreter*.cpp files; Interpreter.cpp puts them
/// together by OpKind.
struct KernelEntry {
  OpKind kind;
  Kernel kernel;
};
std::span<const KernelEntry> unaryKernels();
std::span<const KernelEntry> elementaryKernels();
std::span<const KernelEntry> binaryKernels();
std::span<const KernelEntry> castKernels();
std::span<const KernelEntry> reductionKernels();
std::span<const KernelEntry> matmulKernels();
std::span<const KernelEntry> viewKernels();
std::span<const KernelEntry> movementKernels();
std::span<const KernelEntry> creationKernels();
std::span<const KernelEntry> lineKernels();
std::span<const KernelEntry> linalgKernels();
std::span<const KernelEntry> specialKernels();
std::span<const KernelEntry> countKernels();

//===------------------------------------------------------------------------------------------===//
// Element types
//===------------------------------------------------------------------------------------------===//

/// How an element is stored and what it is computed in. Bool is any byte, read as x != 0 and
/// written as 0 or 1.
template <class Stored, class Value> struct Plain {
  using Storage = Stored;
  using Compute = Value;
  static Compute load(Storage x) { return x; }
  static Storage store(Compute x) { return x; }
};
struct BoolElement {
  using Storage = uint8_t;
  using Compute = bool;
  static bool load(uint8_t x) { return x != 0; }
  static uint8_t store(bool x) { return x; }
};
struct HalfElement {
  using Storage = uint16_t;
  using Compute = float;
  static float load(uint16_t x) { return float16ToFloat(x); }
  static uint16_t store(float x) { return floatToFloat16(x); }
};
struct BFloat16Element {
  using Storage = uint16_t;
  using Compute = float;
  static float load(uint16_t x) { return bfloat16ToFloat(x); }
  static uint16_t store(float x) { return floatToBFloat16(x); }
};
template <class T> using Number = Plain<T, T>;

/// visit(Element()) with the element type of a dtype.
template <class Visitor> decltype(auto) visitElement(ScalarType dtype, Visitor &&visit) {
  switch (dtype) {
  case ScalarType::Bool:
    return visit(BoolElement());
  case ScalarType::Byte:
    return visit(Number<uint8_t>());
  case ScalarType::Char:
    return visit(Number<int8_t>());
  case ScalarType::Short:
    return visit(Number<int16_t>());
  case ScalarType::Int:
    return visit(Number<int32_t>());
  case ScalarType::Long:
    return visit(Number<int64_t>());
  case ScalarType::Half:
    return visit(HalfElement());
  case ScalarType::BFloat16:
    return visit(BFloat16Element());
  case ScalarType::Float:
    return visit(Number<float>());
  case ScalarType::Double:
    return visit(Number<double>());
  case ScalarType::Undefined:
    break;
  }
  throw Error("interpreter: a tensor has no dtype");
}

[[noreturn]] void throwUnsupported(OpKind kind, ScalarType dtype);

//===------------------------------------------------------------------------------------------===//
// Loop nests
//===------------------------------------------------------------------------------------------===//

/// The strides of `operand` over `sizes`, to which its own sizes broadcast.
Dims broadcastStrides(const TensorRef &operand, std::span<const int64_t> sizes);

/// A loop nest over N strided operands: dimensions of size 1 dropped, neighbours merged where every
/// operand allows it, at least one dimension. Strides in elements.
template <size_t N> struct Nest {
  Dims sizes;
  std::array<Dims, N> strides;
  bool empty = false;

  Nest(std::span<const int64_t> shape, const std::array<Dims, N> &given) {
    for (size_t d = 0; d < shape.size(); ++d) {
      empty |= shape[d] == 0;
      if (shape[d] == 1)
        continue;
      bool merge = !sizes.empty();
      for (size_t k = 0; merge && k < N; ++k)
        merge = strides[k].back() == given[k][d] * shape[d];
      if (merge) {
        sizes[sizes.size() - 1] *= shape[d];
        for (size_t k = 0; k < N; ++k)
          strides[k][sizes.size() - 1] = given[k][d];
        continue;
      }
      sizes.push_back(shape[d]);
      for (size_t k = 0; k < N; ++k)
        strides[k].push_back(given[k][d]);
    }
    if (sizes.empty()) {
      sizes.push_back(1);
      for (Dims &s : strides)
        s.push_back(0);
    }
  }

  /// row(offsets, n, steps) for every run along the innermost dimension, in row-major order.
  template <class Row> void forEachRow(Row &&row) const {
    if (empty)
      return;
    size_t inner = sizes.size() - 1;
    std::array<int64_t, N> offsets{}, steps;
    for (size_t k = 0; k < N; ++k)
      steps[k] = strides[k][inner];
    Dims index(inner, 0);
    for (;;) {
      row(offsets, sizes[inner], steps);
      size_t d = inner;
      for (; d-- > 0;) {
        for (size_t k = 0; k < N; ++k)
          offsets[k] += strides[k][d];
        if (++index[d] < sizes[d])
          break;
        for (size_t k = 0; k < N; ++k)
          offsets[k] -= strides[k][d] * sizes[d];
        index[d] = 0;
      }
      if (d == size_t(-1))
        return;
    }
  }
};

/// Whether the processor has the instructions of the second instantiation. The bits are the same
/// without them.
inline bool hasFusedMultiplyAdd() {
  static const bool has = __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx2");
  return has;
}

//===------------------------------------------------------------------------------------------===//
// Elementwise operations
//
// A functor has `static R apply(C...)` on compute types, constrained to those the operation is
// defined for. The result is stored in the result's element type.
//===------------------------------------------------------------------------------------------===//

template <class Op, class Out, class... In, size_t... K>
[[gnu::always_inline]] inline void elementwiseRow(typename Out::Storage *out, int64_t n,
                                                  std::index_sequence<K...>, const int64_t *steps,
                                                  const typename In::Storage *...in) {
  if (((steps[K] == 1) && ...))
    for (int64_t i = 0; i < n; ++i)
      out[i] = Out::store(Op::apply(In::load(in[i])...));
  else
    for (int64_t i = 0; i < n; ++i)
      out[i] = Out::store(Op::apply(In::load(in[i * steps[K]])...));
}
template <class Op, class Out, class... In> struct ElementwiseRow {
  using Row = void (*)(typename Out::Storage *, int64_t, const int64_t *,
                       const typename In::Storage *...);
  static void plain(typename Out::Storage *out, int64_t n, const int64_t *steps,
                    const typename In::Storage *...in) {
    elementwiseRow<Op, Out, In...>(out, n, std::index_sequence_for<In...>(), steps, in...);
  }
  [[gnu::target("avx2,fma"), gnu::flatten]] static void fused(typename Out::Storage *out, int64_t n,
                                                              const int64_t *steps,
                                                              const typename In::Storage *...in) {
    elementwiseRow<Op, Out, In...>(out, n, std::index_sequence_for<In...>(), steps, in...);
  }
  /// Functors say `usesFma` where it makes a difference to the speed.
  static Row choose() {
    if constexpr (requires { Op::usesFma; })
      if (hasFusedMultiplyAdd())
        return fused;
    return plain;
  }
};

/// Runs a functor whose operands have the element types In.
template <class Op, class Out, class... In> void runElementwise(const Call &call) {
  constexpr size_t count = sizeof...(In);
  std::array<Dims, count + 1> strides;
  strides[0] = Dims(call.result.strides);
  for (size_t k = 0; k < count; ++k)
    strides[k + 1] = broadcastStrides(call.operands[k], call.result.sizes);
  auto row = ElementwiseRow<Op, Out, In...>::choose();
  [&]<size_t... K>(std::index_sequence<K...>) {
    Nest<count + 1>(call.result.sizes, strides)
        .forEachRow([&](auto &offsets, int64_t n, auto &steps) {
          row(static_cast<typename Out::Storage *>(call.result.data) + offsets[0], n,
              steps.data() + 1,
              static_cast<const typename In::Storage *>(call.operands[K].data) + offsets[K + 1]...);
        });
  }(std::index_sequence_for<In...>());
}

/// The kernel of a functor whose operands and result have one dtype (Result = void), or whose
/// result is Result.
template <class Op, class Result = void> void unary(const Call &call) {
  visitElement(call.operands[0].dtype, [&]<class E>(E) {
    if constexpr (requires(typename E::Compute x) { Op::apply(x); })
      runElementwise<Op, std::conditional_t<std::is_void_v<Result>, E, Result>, E>(call);
    else
      throwUnsupported(call.kind, call.operands[0].dtype);
  });
}
template <class Op, class Result = void> void binary(const Call &call) {
  visitElement(call.operands[0].dtype, [&]<class E>(E) {
    if constexpr (requires(typename E::Compute x) { Op::apply(x, x); })
      runElementwise<Op, std::conditional_t<std::is_void_v<Result>, E, Result>, E, E>(call);
    else
      throwUnsupported(call.kind, call.operands[0].dtype);
  });
}

/// Compute types that a functor is constrained to.
template <class T>
concept Float = std::floating_point<T>;
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept AnyNumber = Float<T> || Integer<T>;
template <class T>
concept Integral = std::integral<T>;
template <class T>
concept Any = Float<T> || Integral<T>;

/// A number in another compute type.
template <class To> struct Convert {
  template <Any From> static To apply(From x) {
    if constexpr (std::same_as<To, bool>)
      return x != From(0);
    else if constexpr (Float<From> && Integer<To>)
      return static_cast<To>(saturate(x));
    else
      return static_cast<To>(x);
  }
  /// Towards zero into int64; NaN is 0.
  template <class From> static int64_t saturate(From x) {
    if (x != x)
      return 0;
    if (x >= From(0x1p63))
      return std::numeric_limits<int64_t>::max();
    if (x < From(-0x1p63))
      return std::numeric_limits<int64_t>::min();
    return static_cast<int64_t>(x);
  }
};

/// f on the unsigned twin, so that integers wrap. Twice the int of small types, which int promotion
/// would make signed.
template <Integer T, class F> T wrapping(F f, T x, T y) {
  using U = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
  return static_cast<T>(f(static_cast<U>(x), static_cast<U>(y)));
}

/// "[1, 0]": the row-major position of element `flat` of a tensor.
std::string positionText(std::span<const int64_t> sizes, int64_t flat);

} // namespace tjit::interpreter
