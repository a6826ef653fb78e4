//===- Function.h - derivatives that a program states itself ----------------------------------===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Autograd.h"
#include "tjit/IValue.h"

#include <memory>
#include <typeinfo>
#include <unordered_map>

TJIT_NAMESPACE_BEGIN
namespace autograd {

/// What a Function hands from its forward to its backward. It lives as long as the graph that the
/// call is part of.
class TJIT_EXPORT AutogradContext {
public:
  AutogradContext();
  ~AutogradContext();
  AutogradContext(const AutogradContext &) = delete;
  AutogradContext &operator=(const AutogradContext &) = delete;

  /// Whatever is no input and no output: numbers, shapes. A tensor that was computed from the
  /// output must not stand here (it would keep the graph alive for ever); save_for_backward is for
  /// tensors.
  std::unordered_map<std::string, IValue> saved_data;

  /// To be called once, in forward. A tensor that is overwritten before backward reads it is an
  /// error there. Undefined tensors are allowed.
  void save_for_backward(variable_list tensors);
  /// In backward: what was saved, with its history, so that the gradient can be differentiated.
  /// Throws Error if a pass without retain_graph has freed it, or it was overwritten.
  variable_list get_saved_variables() const;
  /// In forward: these inputs were written to in place; they must be outputs too.
  void mark_dirty(const variable_list &inputs);
  /// In forward: these outputs do not require grad.
  void mark_non_differentiable(const variable_list &outputs);
  /// In forward, default true: gradients of outputs that nothing depends on come as zeros; with
  /// false they come undefined.
  void set_materialize_grads(bool value);
  /// In backward: whether the gradient of the i-th tensor among forward's arguments is wanted.
  bool needs_input_grad(size_t i) const;

  struct State;
  /// For the library itself.
  State &state() const { return *state_; }

private:
  std::unique_ptr<State> state_;
};

namespace detail {

using FunctionBackward = variable_list (*)(AutogradContext *, variable_list &&);

/// One call of a Function: what `Function::apply` asks the library to do before and after forward.
class TJIT_EXPORT FunctionCall {
public:
  FunctionCall(const char *typeName, FunctionBackward backward);
  ~FunctionCall();
  FunctionCall(const FunctionCall &) = delete;
  FunctionCall &operator=(const FunctionCall &) = delete;

  void add(const Tensor &input);
  void add(const std::optional<Tensor> &input) { add(input.value_or(Tensor())); }
  void add(const variable_list &inputs) {
    for (const Tensor &input : inputs)
      add(input);
  }
  void add(const TensorList &inputs) {
    for (const Tensor &input : inputs)
      add(input);
  }
  template <class T> void add(const T &) { addOther(); }

  /// Before forward runs, which it does without history.
  AutogradContext *begin();
  /// Gives the outputs their history.
  variable_list finish(variable_list outputs);

private:
  void addOther();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace detail

/// A function with a derivative of its own, as in libtorch:
///
///     struct Square : torch::autograd::Function<Square> {
///       static torch::Tensor forward(torch::autograd::AutogradContext *ctx, torch::Tensor x) {
///         ctx->save_for_backward({x});
///         return x * x;
///       }
///       static variable_list backward(torch::autograd::AutogradContext *ctx,
///                                     variable_list gradients) {
///         return {2 * ctx->get_saved_variables()[0] * gradients[0]};
///       }
///     };
///     auto y = Square::apply(x);
///
/// forward has any arguments; tensors, optional tensors and lists of tensors among them are the
/// inputs. It returns a tensor or a list of them, and is not recorded. backward gets a gradient for
/// each output and returns one for each argument of forward (for each tensor of a list), undefined
/// where there is none, which it must be for an argument that is no tensor. Its operations are
/// recorded under create_graph. What either throws leaves the graph as it was.
template <class T> struct Function {
  template <class X = T, class... Args> static auto apply(Args &&...args) {
    using Result =
        decltype(X::forward(static_cast<AutogradContext *>(nullptr), std::declval<Args>()...));
    constexpr bool one = std::is_convertible<Result, Tensor>::value;
    static_assert(one || std::is_convertible<Result, variable_list>::value,
                  "forward returns a tensor or a variable_list");
    detail::FunctionCall call(typeid(T).name(),
                              [](AutogradContext *ctx, variable_list &&gradients) -> variable_list {
                                return X::backward(ctx, std::move(gradients));
                              });
    (call.add(args), ...);
    AutogradContext *ctx = call.begin();
    variable_list outputs;
    {
      AutoGradMode mode(false);
      if constexpr (one)
        outputs.push_back(X::forward(ctx, std::forward<Args>(args)...));
      else
        outputs = X::forward(ctx, std::forward<Args>(args)...);
    }
    outputs = call.finish(std::move(outputs));
    if constexpr (one)
      return Tensor(std::move(outputs[0]));
    else
      return outputs;
  }
};

} // namespace autograd
TJIT_NAMESPACE_END
