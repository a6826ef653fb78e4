//===- Compile.h - functions that are recorded once ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Tensor.h"

#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <type_traits>

namespace tjit {
inline namespace v1 {
namespace detail {

/// What `compile` keeps of a function. A result or argument that is no tensor is not its business.
class TJIT_EXPORT CompiledFunction {
public:
  using Body = std::function<std::vector<Tensor>()>;
  CompiledFunction();
  ~CompiledFunction();
  CompiledFunction(CompiledFunction &&) noexcept;
  CompiledFunction &operator=(CompiledFunction &&) noexcept;

  /// The results of `body`, which reads `inputs`. `numbers`: what else it depends on.
  std::vector<Tensor> call(const std::vector<const Tensor *> &inputs,
                           const std::vector<uint64_t> &numbers, const Body &body);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Arguments: tensors and lists of them are inputs; numbers are part of the signature.
struct CompiledArguments {
  std::vector<const Tensor *> inputs;
  std::vector<uint64_t> numbers;

  void add(const Tensor &t) { inputs.push_back(&t); }
  void add(const std::vector<Tensor> &list) {
    numbers.push_back(list.size());
    for (const Tensor &t : list)
      inputs.push_back(&t);
  }
  template <class T, class = std::enable_if_t<std::is_arithmetic<T>::value>> void add(T value) {
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value < sizeof bits ? sizeof value : sizeof bits);
    numbers.push_back(bits);
  }
};

/// Results: how they become a list of tensors and back.
template <class R> struct CompiledResult;
template <> struct CompiledResult<void> {};
template <> struct CompiledResult<Tensor> {
  static std::vector<Tensor> list(Tensor &&r) { return {std::move(r)}; }
  static Tensor from(std::vector<Tensor> &&list) { return std::move(list[0]); }
};
template <> struct CompiledResult<std::vector<Tensor>> {
  static std::vector<Tensor> list(std::vector<Tensor> &&r) { return std::move(r); }
  static std::vector<Tensor> from(std::vector<Tensor> &&list) { return std::move(list); }
};
template <class... T> struct CompiledResult<std::tuple<T...>> {
  static_assert((std::is_same<T, Tensor>::value && ...), "a compiled function returns tensors");
  static std::vector<Tensor> list(std::tuple<T...> &&r) {
    return std::apply([](auto &...t) { return std::vector<Tensor>{std::move(t)...}; }, r);
  }
  static std::tuple<T...> from(std::vector<Tensor> &&list) {
    return take(list, std::index_sequence_for<T...>());
  }

private:
  template <size_t... I>
  static std::tuple<T...> take(std::vector<Tensor> &list, std::index_sequence<I...>) {
    return {std::move(list[I])...};
  }
};

} // namespace detail

/// A function of tensors that is recorded once for every signature of its arguments; see compile.
template <class F> class Compiled {
public:
  explicit Compiled(F function) : function_(std::move(function)) {}

  template <class... Args> auto operator()(const Args &...args) {
    using R = std::invoke_result_t<F &, const Args &...>;
    detail::CompiledArguments arguments;
    arguments.inputs.reserve(sizeof...(args));
    (arguments.add(args), ...);
    auto body = [&]() -> std::vector<Tensor> {
      if constexpr (std::is_void<R>::value) {
        function_(args...);
        return {};
      } else {
        return detail::CompiledResult<R>::list(function_(args...));
      }
    };
    std::vector<Tensor> results =
        compiled_.call(arguments.inputs, arguments.numbers, std::ref(body));
    if constexpr (!std::is_void<R>::value)
      return detail::CompiledResult<R>::from(std::move(results));
  }

private:
  F function_;
  detail::CompiledFunction compiled_;
};

/// Makes calls of a function cheap: `auto f = compile([](Tensor x, Tensor y) { return x * y; })`.
///
/// The first call with a signature (dtypes, sizes, strides and sharing of the tensor arguments,
/// which of them are leaves that require grad, the values of numbers, grad mode) runs the function
/// and keeps what it recorded. Later calls check the signature and run that, without calling the
/// function. Results are computed when a call returns. Arguments may be tensors, vectors of tensors
/// and numbers; the result is a tensor, a tuple or vector of tensors, or void.
///
/// Tensors that the function reads without getting them are found. Writes to them and to arguments
/// are seen and made again by every call. A handle that is assigned anew is noticed when nobody
/// else keeps the old tensor; C++ variables that are no tensors are not noticed: pass them.
///
/// A whole training step may be one function: a reverse pass inside of it is kept too, with what it
/// adds to the gradients of leaves, and so are gradients that the function reads, writes, replaces
/// or drops (of whichever tensor the leaf has at the time of the call). A loss that was
/// differentiated there may be returned; it keeps its history, which no second pass gets through.
///
/// A call runs the function itself, each time, where that is the only honest way: when it reads a
/// value (`item`, printing, masks as indices: control flow on values), draws random numbers, has a
/// result that can be differentiated still, goes backward through a graph from outside of the
/// function, a hook or an autograd::Function. Borrowed memory is read in place: everything is
/// computed before the call returns. Calls of one compiled function from several threads at a time
/// are not allowed.
template <class F> Compiled<std::decay_t<F>> compile(F &&function) {
  return Compiled<std::decay_t<F>>(std::forward<F>(function));
}

} // namespace v1
} // namespace tjit
