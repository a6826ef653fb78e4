//===- Extent.h - sizes and strides that may differ from one run of a kernel's code to the next
//-----===//
//
// Code that serves one shape has its sizes and strides as constants. Code that serves many reads
// those that vary from its parameters (EmittedKernel::parameters). The emitters write both with the
// same lines: an Extent is a number now, and says whether the code may contain it.
//
// Nothing can go wrong where an emitter uses the number of an extent that varies: what it writes
// then fits this shape only, so that code made for another shape is other code, with another key
// (CodeText.h). Where it only compares, the comparison and its answer are noted (ExtentWatch):
// other numbers that give the same answers get the same code, which then need not be written to be
// found.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tjit::codegen {

/// A size, stride, offset or count.
struct Extent {
  /// 0: the code may contain the value. Else what it is made of, as a hash: extents of one origin
  /// are one parameter.
  uint64_t origin = 0;

  constexpr Extent() = default;
  template <std::integral T> constexpr Extent(T number) : value(static_cast<int64_t>(number)) {}
  constexpr Extent(int64_t number, uint64_t origin) : origin(origin), value(number) {}

  constexpr bool varies() const { return origin != 0; }
  constexpr bool is(int64_t number) const { return !varies() && value == number; }
  /// For decisions about which code to write that are no comparison.
  constexpr int64_t number() const;
  constexpr operator int64_t() const { return number(); }
  /// The same for what is not code: the numbers of a plan.
  constexpr int64_t now() const { return value; }

  constexpr Extent &operator*=(Extent other) { return *this = derive('*', other); }
  constexpr Extent &operator+=(Extent other) { return *this = derive('+', other); }

  /// What the operations that names stand for make of numbers that are not negative; those of
  /// others are 0 here. A division by 0 gives 0.
  static constexpr int64_t compute(char name, int64_t a, int64_t b) {
    switch (name) {
    case '*':
      return a * b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '/':
      return b ? a / b : 0;
    case '%':
      return b ? a % b : 0;
    case 'c': // divided, rounded up
      return b ? (a + b - 1) / b : 0;
    case 'r': // rounded up to a multiple
      return b ? (a + b - 1) / b * b : 0;
    case 'm': // the smaller one
      return a < b ? a : b;
    case 'M': // the larger one
      return a < b ? b : a;
    case '|':
      return a | b;
    case '=':
      return a == b;
    case '<':
      return a < b;
    case 'g': // rows of a group: few results, `b` of `a` rows, in groups enough for all workers
      return rowsOfGroup(a, b);
    default:
      return 0;
    }
  }
  /// Rows of a group where groups of the rows of few results are what workers share: a power of 64,
  /// the largest one with which there are `kFewResults` groups or more, and 64 at least.
  static constexpr int64_t rowsOfGroup(int64_t rows, int64_t results) {
    int64_t group = kRadix;
    while (results * (rows / (group * kRadix)) >= kFewResults)
      group *= kRadix;
    return group;
  }
  static constexpr int64_t kRadix = 64;      ///< see docs/numerics.md
  static constexpr int64_t kFewResults = 16; ///< fewer do not keep the workers busy

  /// Of this and `other`.
  constexpr Extent derive(char name, Extent other) const {
    return derive(name, other, compute(name, value, other.value));
  }
  constexpr Extent min(Extent other) const { return derive('m', other); }
  constexpr Extent max(Extent other) const { return derive('M', other); }
  /// `result`, which this and `other` make by an operation that `name` stands for.
  constexpr Extent derive(char name, Extent other, int64_t result) const;

  /// compute(name, ...) as a question about which code to write: '=' or '<'.
  constexpr bool ask(char name, Extent other) const;

  /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
  static constexpr uint64_t mix(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
  }

private:
  friend class Parameters;
  static constexpr uint64_t originOf(char name, Extent left, Extent right);
  int64_t value = 0;
};

/// Notes, while it lives, what its thread does with extents that vary: whether it looked at the
/// number of one, what it asked about them, and how it made others of them. What was written
/// without looking is the same for other numbers that give the same answers (ExtentFormulas.h).
class ExtentWatch {
public:
  ExtentWatch() : outer(current) { current = this; }
  ~ExtentWatch() { current = outer; }
  ExtentWatch(const ExtentWatch &) = delete;
  ExtentWatch &operator=(const ExtentWatch &) = delete;

  struct Formula {
    char name; ///< Extent::compute, or another one
    Extent left, right;
  };
  struct Question {
    Formula asked; ///< '=' or '<'
    bool answer;
  };
  std::unordered_map<uint64_t, Formula> formulas; ///< by the origin of what was made
  std::vector<Question> questions;                ///< each one once
  bool looked = false;

  void ask(const Formula &asked, uint64_t hash, bool answer) {
    if (known.insert(hash).second)
      questions.push_back({asked, answer});
  }

  static ExtentWatch *active() { return current; }

private:
  static inline thread_local ExtentWatch *current = nullptr;
  ExtentWatch *const outer;
  std::unordered_set<uint64_t> known; ///< hashes of questions
};

constexpr int64_t Extent::number() const {
  if (!std::is_constant_evaluated() && varies())
    if (ExtentWatch *watch = ExtentWatch::active())
      watch->looked = true;
  return value;
}

constexpr uint64_t Extent::originOf(char name, Extent left, Extent right) {
  uint64_t hash = mix(static_cast<uint64_t>(name));
  for (const Extent &from : {left, right})
    hash = mix(hash ^ (from.varies() ? from.origin : mix(static_cast<uint64_t>(from.value))));
  return hash | 1;
}

constexpr bool Extent::ask(char name, Extent other) const {
  const bool answer = compute(name, value, other.value) != 0;
  if (!std::is_constant_evaluated() && (varies() || other.varies()))
    if (ExtentWatch *watch = ExtentWatch::active())
      watch->ask({name, *this, other}, originOf(name, *this, other), answer);
  return answer;
}

constexpr Extent Extent::derive(char name, Extent other, int64_t result) const {
  if (!varies() && !other.varies())
    return result;
  const uint64_t hash = originOf(name, *this, other);
  if (!std::is_constant_evaluated())
    if (ExtentWatch *watch = ExtentWatch::active())
      watch->formulas.try_emplace(hash, ExtentWatch::Formula{name, *this, other});
  return {result, hash};
}

template <typename T>
concept ExtentOrNumber = std::same_as<T, Extent> || std::integral<T>;
template <typename A, typename B>
concept SomeExtent =
    ExtentOrNumber<A> && ExtentOrNumber<B> && (std::same_as<A, Extent> || std::same_as<B, Extent>);

template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr Extent operator*(A a, B b) {
  if (Extent(a).is(1) || Extent(b).is(1))
    return Extent(a).is(1) ? Extent(b) : Extent(a);
  return Extent(a).derive('*', b);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr Extent operator+(A a, B b) {
  return Extent(a).derive('+', b);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr Extent operator-(A a, B b) {
  return Extent(a).derive('-', b);
}
/// Of numbers that are not negative.
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr Extent operator/(A a, B b) {
  return Extent(b).is(1) ? Extent(a) : Extent(a).derive('/', b);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr Extent operator%(A a, B b) {
  return Extent(b).is(1) ? Extent(0) : Extent(a).derive('%', b);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr bool operator==(A a, B b) {
  return Extent(a).ask('=', b);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr bool operator!=(A a, B b) {
  return !Extent(a).ask('=', b);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr bool operator<(A a, B b) {
  return Extent(a).ask('<', b);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr bool operator>(A a, B b) {
  return Extent(b).ask('<', a);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr bool operator<=(A a, B b) {
  return !Extent(b).ask('<', a);
}
template <typename A, typename B>
  requires SomeExtent<A, B>
constexpr bool operator>=(A a, B b) {
  return !Extent(a).ask('<', b);
}
/// a / b, rounded up.
constexpr Extent divideUp(Extent a, Extent b) { return a.derive('c', b); }
constexpr Extent roundUp(Extent a, Extent b) { return a.derive('r', b); }

/// The parameters of a kernel's code: what its extents that vary are for one shape.
class Parameters {
public:
  /// Where `extent` is. Extents of one origin have one place, as long as they are equal.
  unsigned placeOf(Extent extent) {
    for (unsigned i = 0; i < extents.size(); ++i)
      if (extents[i].origin == extent.origin && extents[i].value == extent.value)
        return i;
    extents.push_back(extent);
    return extents.size() - 1;
  }
  std::vector<int64_t> values() const {
    std::vector<int64_t> numbers;
    numbers.reserve(extents.size());
    for (Extent extent : extents)
      numbers.push_back(extent.now());
    return numbers;
  }
  const std::vector<Extent> &all() const { return extents; }

  /// Says that code for one shape would be much faster: divisions by an extent in lanes.
  void refuse() { refused = true; }
  bool areRefused() const { return refused; }

private:
  std::vector<Extent> extents;
  bool refused = false;
};

} // namespace tjit::codegen
