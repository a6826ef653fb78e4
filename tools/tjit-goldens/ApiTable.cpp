//===- ApiTable.cpp - the generated table -----------------------------------------------------===//

#include "ApiTable.h"

#include <tuple>

namespace tjit::api {

static void append(Results &results, const tjit::Tensor &tensor) { results.emplace_back(tensor); }
template <class T>
static std::enable_if_t<std::is_arithmetic<T>::value> append(Results &results, T number) {
  results.emplace_back(tjit::Scalar(number));
}
static void append(Results &results, const tjit::Scalar &number) { results.emplace_back(number); }
static void append(Results &results, const std::vector<tjit::Tensor> &tensors) {
  results.insert(results.end(), tensors.begin(), tensors.end());
}
/// Without the parts that were not asked for, which are undefined.
template <class... T> static void append(Results &results, const std::tuple<T...> &tuple) {
  std::apply([&](const T &...element) { (append(results, element), ...); }, tuple);
  std::erase_if(results, [](const auto &result) {
    const tjit::Tensor *tensor = std::get_if<tjit::Tensor>(&result);
    return tensor && !tensor->defined();
  });
}

/// What the function returns, flattened.
template <class F> static Results results(F call) {
  Results list;
  if constexpr (std::is_void<decltype(call())>::value)
    call();
  else
    append(list, call());
  return list;
}

const std::vector<Overload> &overloads() {
  static const std::vector<Overload> table = {
#include "tools/ApiTable.cpp.inc"
  };
  return table;
}

} // namespace tjit::api
