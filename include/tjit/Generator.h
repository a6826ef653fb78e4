//===- Generator.h - sources of random numbers ------------------------------------------------===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Export.h"

#include <cstdint>
#include <memory>
#include <type_traits>

TJIT_NAMESPACE_BEGIN

class Tensor;

/// A handle of a seed and of how much has been drawn from it: copies share both. Calls that draw
/// take one as their last argument or before their options; without one they draw from the default
/// generator, which manual_seed seeds. The numbers depend on the seed and on the calls before, and
/// on nothing else. May be used by several threads.
class TJIT_EXPORT Generator {
public:
  /// Undefined: every use but defined() throws Error.
  Generator() = default;
  bool defined() const { return state_ != nullptr; }
  void set_current_seed(uint64_t seed);
  uint64_t current_seed() const;
  /// Seeds from the system's entropy and returns the seed.
  uint64_t seed();
  /// A generator of its own that will draw the same numbers.
  Generator clone() const;
  /// Seed and position as 16 bytes (uint8 [16]).
  Tensor get_state() const;
  void set_state(const Tensor &state);
  friend bool operator==(const Generator &a, const Generator &b) { return a.state_ == b.state_; }
  friend bool operator!=(const Generator &a, const Generator &b) { return a.state_ != b.state_; }

  struct State;
  /// For the library itself.
  State *state() const { return state_.get(); }

private:
  friend struct State;
  std::shared_ptr<State> state_;
};

/// PyTorch's seed where a program sets none.
constexpr uint64_t default_rng_seed_val = 67280421310721;

namespace detail {
TJIT_EXPORT Generator createCPUGenerator(uint64_t seed = default_rng_seed_val);
/// The one that calls without a generator draw from.
TJIT_EXPORT const Generator &getDefaultCPUGenerator();
} // namespace detail

/// Names the only kind of generator: `at::make_generator<at::CPUGeneratorImpl>(seed)`.
struct CPUGeneratorImpl;
template <class Impl> Generator make_generator(uint64_t seed = default_rng_seed_val) {
  static_assert(std::is_same<Impl, CPUGeneratorImpl>::value,
                "the only kind of generator is CPUGeneratorImpl");
  return detail::createCPUGenerator(seed);
}

TJIT_NAMESPACE_END
