//===- ExtentFormulas.cpp - what follows from the numbers that vary ---------------------------===//
//
// See ExtentFormulas.h.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/ExtentFormulas.h"

#include "llvm/ADT/STLExtras.h"

#include <unordered_map>

namespace tjit::codegen {

/// Puts formulas into an order in which each one's operands come first.
class ExtentFormulas::Builder {
public:
  Builder(ExtentFormulas &to, llvm::ArrayRef<uint64_t> bases, const ExtentWatch &watch)
      : to(to), watch(watch) {
    for (auto [i, base] : llvm::enumerate(bases))
      if (base)
        places.try_emplace(base, i);
  }

  Term term(Extent extent) {
    if (!extent.varies())
      return {true, extent.now()};
    if (auto place = places.find(extent.origin); place != places.end())
      return {false, place->second};
    auto formula = watch.formulas.find(extent.origin);
    if (formula == watch.formulas.end()) {
      to.complete = false;
      return {};
    }
    const int64_t place = made(formula->second);
    places[extent.origin] = place;
    return {false, place};
  }

  Step step(const ExtentWatch::Formula &formula) {
    Term left = term(formula.left);
    return {formula.name, left, term(formula.right)};
  }

  /// The place of what a formula makes.
  int64_t made(const ExtentWatch::Formula &formula) {
    Step next = step(formula);
    to.steps.push_back(next);
    return int64_t(to.numBases + to.steps.size() - 1);
  }

private:
  ExtentFormulas &to;
  const ExtentWatch &watch;
  std::unordered_map<uint64_t, int64_t> places; ///< by origin
};

ExtentFormulas::ExtentFormulas(llvm::ArrayRef<uint64_t> bases, llvm::ArrayRef<Extent> wanted,
                               const ExtentWatch &watch)
    : numBases(bases.size()) {
  Builder builder(*this, bases, watch);
  for (Extent extent : wanted)
    results.push_back(builder.term(extent));
  for (const ExtentWatch::Question &question : watch.questions)
    questions.push_back({builder.step(question.asked), question.answer});
  // Numbers of one origin were one parameter, and what was one parameter with a number because it
  // was made the same way must be made that way again.
  std::unordered_map<uint64_t, int64_t> first;
  for (auto [i, base] : llvm::enumerate(bases)) {
    if (!base)
      continue;
    const Term own{false, int64_t(i)};
    if (auto [at, isNew] = first.try_emplace(base, i); !isNew)
      questions.push_back({{'=', own, {false, at->second}}, true});
    else if (auto formula = watch.formulas.find(base); formula != watch.formulas.end())
      questions.push_back({{'=', own, {false, builder.made(formula->second)}}, true});
  }
}

std::optional<std::vector<int64_t>>
ExtentFormulas::evaluate(llvm::ArrayRef<int64_t> numbers) const {
  if (!complete || numbers.size() != numBases)
    return std::nullopt;
  std::vector<int64_t> known(numbers.begin(), numbers.end());
  known.reserve(numBases + steps.size());
  auto valueOf = [&](Term term) { return term.isConstant ? term.value : known[term.value]; };
  auto compute = [&](const Step &step) {
    return Extent::compute(step.name, valueOf(step.left), valueOf(step.right));
  };
  for (const Step &step : steps)
    known.push_back(compute(step));
  for (const Question &question : questions)
    if ((compute(question.asked) != 0) != question.answer)
      return std::nullopt;
  std::vector<int64_t> values;
  values.reserve(results.size());
  for (Term term : results)
    values.push_back(valueOf(term));
  return values;
}

bool areConsistent(llvm::ArrayRef<uint64_t> origins, llvm::ArrayRef<int64_t> numbers) {
  std::unordered_map<uint64_t, int64_t> known;
  for (auto [origin, number] : llvm::zip_equal(origins, numbers))
    if (origin && known.try_emplace(origin, number).first->second != number)
      return false;
  return true;
}

} // namespace tjit::codegen
