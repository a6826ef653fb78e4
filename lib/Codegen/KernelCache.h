//===- KernelCache.h --------------------------------------------------------------------------===//
// Machine code of kernels that have been compiled before.
//
// Traces differ more than their kernels do: a step with another batch size, a second parameter of
// the same rank, a loss printed in between. A kernel is known
//   by its canonical text, which says its sizes; kernels over one dimension have none in it;
//   by the code that is written for it (CodeText.h), where that reads sizes from parameters;
//   by the answers that its sizes give to what the emitters asked (KnownCode), without writing.
// Keys hold no pointer and nothing of a context; the target is part of them.
//
// Code for one shape is the best and is made first. When a trace of the same structure comes with
// other sizes, those that differ vary from then on: see Families.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Codegen/ExtentFormulas.h"
#include "Codegen/ProductCode.h"
#include "Codegen/X86Scatter.h"
#include "tjit-compiler/Codegen/Emit.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace tjit::codegen {

/// Code of one kernel: an image, which the kernels that were compiled with it share, and where its
/// launches begin.
struct CachedKernel {
  std::shared_ptr<const std::vector<uint8_t>> image;
  EmittedKernel kernel;
  std::vector<uint64_t> entries; ///< per launch, in `image`
};

/// Code that serves many shapes: those for which the formulas give numbers. A product is known by
/// its decisions (ProductCode.h), and the formulas give its parameters; another kernel is known by
/// its structure (varyingKey), and they give all of its EmittedKernel::origins.
struct KnownCode {
  /// Null: code for many shapes would be much slower than code for one.
  std::shared_ptr<const CachedKernel> kernel;
  ExtentFormulas formulas;
};
using KnownCodes = std::vector<std::shared_ptr<const KnownCode>>;
constexpr size_t kMaxKnownCodes = 16; ///< of a key; the text finds others

/// What differs between the shapes that came for one place in a program: a kernel of a certain
/// structure, in a trace of a certain structure.
class Families {
public:
  explicit Families(size_t capacity = 16384) : capacity(capacity) {}
  /// The numbers that vary among those that came so far for `family`: the origins of their extents,
  /// where numbers that have been equal each time are of one origin. Empty for the first ones, and
  /// while all were equal. Thread-safe.
  llvm::SmallVector<uint64_t> observe(const std::string &family, llvm::ArrayRef<int64_t> numbers);
  void clear();

private:
  struct Family {
    std::vector<int64_t> first;
    std::vector<bool> varies;
    std::vector<uint64_t> history; ///< a hash of what each number was when something new varied
  };
  std::mutex mutex;
  size_t capacity;
  std::unordered_map<std::string, Family> families;
};

/// Thread-safe. Keeps the most recently used kernels.
class KernelCache {
public:
  explicit KernelCache(size_t capacity = 4096) : capacity(capacity) {}
  std::shared_ptr<const CachedKernel> find(const std::string &key);
  void insert(const std::string &key, std::shared_ptr<const CachedKernel> kernel);
  KnownCodes findKnown(const std::string &key);
  void insertKnown(const std::string &key, const KnownCodes &codes);
  void clear();
  Families families;

private:
  struct Entry {
    std::string key;
    std::shared_ptr<const CachedKernel> kernel;
  };
  std::mutex mutex;
  size_t capacity;
  std::list<Entry> entries; ///< most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> byKey;
  std::unordered_map<std::string, KnownCodes> knownCodes;
};

/// The numbers of a kernel or a product, and a text of all the rest. 0, 1 and -1 are part of the
/// text: what they say of a dimension or a stride decides about the code.
struct Structure {
  std::string text;
  llvm::SmallVector<int64_t> numbers;
};
Structure structureOf(ir::KernelOp kernel);
/// The product's own numbers come first.
Structure structureOf(const MatmulDescription &matmul);
/// What kernels have in common that the emitters cannot tell apart but by asking about extents that
/// vary. `varying`: as from Families::observe. Empty where numbers of one origin differ.
std::string varyingKey(ir::KernelOp kernel, const Structure &structure,
                       llvm::ArrayRef<uint64_t> varying, const TargetInfo &target);
/// Takes `varying`, in the order of the structure's numbers, into the description.
void setVarying(MatmulDescription &matmul, llvm::ArrayRef<uint64_t> varying);

/// Whether the code of a kernel does not depend on its size: one dimension, nothing reduced.
bool isSizePolymorphic(ir::KernelOp kernel);
std::string kernelKey(ir::KernelOp kernel, const TargetInfo &target);
std::string matmulKey(const MatmulDescription &matmul, const TargetInfo &target);
std::string scatterKey(const ScatterDescription &scatter, const TargetInfo &target);
void printTarget(llvm::raw_ostream &os, const TargetInfo &target);
/// All of a kernel but sizes and maps. `withIndexMaps`: but for those of tjit.index.
void printBody(llvm::raw_ostream &os, ir::KernelOp kernel, bool withIndexMaps);

} // namespace tjit::codegen
