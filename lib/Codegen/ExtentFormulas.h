//===- ExtentFormulas.h - what follows from the numbers that vary -----------------------------===//
//
// Code that was written under an ExtentWatch is the same for all numbers that give the same answers
// to what the emitters asked. For other numbers its parameters, and the ranges of its launches,
// follow by the formulas that were noted:
//
//   numbers of a shape --evaluate--> same answers?  yes: parameters, ranges ...
//                                                   no:  other code, which has to be written
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit-compiler/Codegen/Extent.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <vector>

namespace tjit::codegen {

class ExtentFormulas {
public:
  /// `bases`: the origins of the numbers that evaluate will be given, 0 for one that does not vary.
  /// `wanted`: the extents that it gives. `watch` saw how they were made.
  ExtentFormulas(llvm::ArrayRef<uint64_t> bases, llvm::ArrayRef<Extent> wanted,
                 const ExtentWatch &watch);
  /// The wanted numbers, where the bases are `numbers`. nullopt: the code that would be written for
  /// these is not known to be the same.
  std::optional<std::vector<int64_t>> evaluate(llvm::ArrayRef<int64_t> numbers) const;

private:
  struct Term {
    bool isConstant = true;
    int64_t value = 0; ///< or a place: of a base, or behind the bases that of a step
  };
  struct Step {
    char name; ///< Extent::compute
    Term left, right;
  };
  struct Question {
    Step asked;
    bool answer;
  };
  class Builder;

  size_t numBases;
  std::vector<Step> steps; ///< each one needs earlier ones only
  std::vector<Question> questions;
  std::vector<Term> results;
  bool complete = true; ///< false: something was made in a way that nobody noted
};

/// Whether numbers that are of one origin, 0 left out, are equal, so that they are one parameter.
bool areConsistent(llvm::ArrayRef<uint64_t> origins, llvm::ArrayRef<int64_t> numbers);

} // namespace tjit::codegen
