// What programs about values and histories share; see common.h for the lines.
#pragma once
#include "common.h"

#include <algorithm>
#include <functional>
#include <iostream>

/// run.py compares the values of lines whose name is one word.
inline std::string named(std::string words) {
  std::replace(words.begin(), words.end(), ' ', '_');
  return words;
}
/// One line with f()'s values, without its history.
inline void value(const std::string &words, const std::function<torch::Tensor()> &f) {
  const std::string name = named(words);
  try {
    const torch::Tensor t = f();
    if (t.defined())
      show(name.c_str(), t.detach() + 0);
    else
      std::cout << name << ": text undefined\n";
  } catch (const std::exception &) {
    std::cout << name << ": text raises\n";
  }
}
/// Numbers of both signs without a pattern, float64.
inline torch::Tensor numbers(std::vector<int64_t> sizes) {
  int64_t n = 1;
  for (int64_t s : sizes)
    n *= s;
  return torch::linspace(-2, 3, n, torch::kDouble).mul(7).sin().reshape(sizes);
}
inline torch::Tensor parameter(std::vector<int64_t> sizes) {
  return numbers(sizes).clone().requires_grad_();
}
