//===- ProductCode.cpp - when the code of two matrix products is the same ---------------------===//
//
// See ProductCode.h.
//
//===------------------------------------------------------------------------------------------===//
#include "Codegen/ProductCode.h"
#include "Codegen/KernelCache.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace tjit::codegen {

namespace {

/// Writes decisions as text. Structured bindings name every member, so that one that is added does
/// not compile until it is written here.
class KeyWriter {
public:
  KeyWriter(llvm::raw_ostream &os, llvm::SmallVectorImpl<Extent> &extents)
      : os(os), extents(extents) {}

  void put(Extent extent) {
    extents.push_back(extent);
    if (!extent.varies()) {
      os << extent.number() << ' ';
      return;
    }
    // The first one that is equal: then both are one parameter.
    unsigned place = 0;
    while (extents[place].origin != extent.origin)
      ++place;
    clear &= extents[place].number() == extent.number();
    os << '#' << place << ' ';
  }
  template <std::integral T> void put(T number) { os << int64_t(number) << ' '; }
  template <typename T>
    requires std::is_enum_v<T>
  void put(T value) {
    os << static_cast<int>(value) << ' ';
  }
  void put(Type type) { os << type << ' '; }
  template <typename T, unsigned N> void put(const llvm::SmallVector<T, N> &list) {
    os << '[';
    for (const T &element : list)
      put(element);
    os << ']';
  }
  void put(const EpilogueOperand &operand) {
    auto &[argument, element, constant, batch, row, column] = operand;
    putAll(argument, element, constant, batch, row, column);
  }
  void put(const GemmProblem &problem) {
    auto &[dtype, m, n, k, batch, lhsBatchStrides, rhsBatchStrides, lhsRowStride, lhsColStride,
           rhsRowStride, rhsColStride, makesLhs, makesRhs, swapped, addZero] = problem;
    putAll(dtype, m, n, k, batch, lhsBatchStrides, rhsBatchStrides, lhsRowStride, lhsColStride,
           rhsRowStride, rhsColStride, makesLhs, makesRhs, swapped, addZero);
  }
  void put(const GemmPlan &plan) {
    // Ranges, grains and the size of scratch are the launches', not their code's.
    auto &[strategy, lanes, tileRows, tileVectors, composed, depth, depthBlocks, blockRows,
           rowBlocks, blockColumns, columnBlocks, packLhs, packRhs, sharedRhs, fetchResult,
           fetchLhs, accumulateInScratch, range, grain, scratchBytes, lhsScratch, rhsScratch,
           resultScratch] = plan;
    putAll(strategy, lanes, tileRows, tileVectors, composed, depth, depthBlocks, blockRows,
           rowBlocks, blockColumns, columnBlocks, packLhs, packRhs, sharedRhs, fetchResult,
           fetchLhs, accumulateInScratch, lhsScratch, rhsScratch, resultScratch);
  }
  void put(const Epilogue &epilogue) {
    auto &[kernel, product, inputs, results, scratch, holdsSums] = epilogue;
    putAll(product, inputs, results, scratch, holdsSums);
    os << '\n';
    printBody(os, kernel, /*withIndexMaps=*/true);
  }
  void put(const PrologueInput &input) {
    auto &[argument, element, constant, row, column, batch] = input;
    putAll(argument, element, constant, row, column, batch);
  }
  void put(const Prologue &prologue) {
    auto &[kernel, inputs] = prologue;
    put(inputs);
    os << '\n';
    printBody(os, kernel, /*withIndexMaps=*/true);
  }

  bool clear = true; ///< extents of one origin are equal

private:
  template <typename... Ts> void putAll(const Ts &...members) { (put(members), ...); }

  llvm::raw_ostream &os;
  llvm::SmallVectorImpl<Extent> &extents;
};

} // namespace

std::string keyOf(const ProductDecisions &product, const TargetInfo &target,
                  llvm::SmallVectorImpl<Extent> &extents) {
  std::string key = "product ";
  llvm::raw_string_ostream os(key);
  printTarget(os, target);
  KeyWriter writer(os, extents);
  auto &[problem, plan, epilogue, prologues] = product;
  writer.put(problem);
  writer.put(plan);
  if (epilogue)
    writer.put(*epilogue);
  for (auto [side, prologue] : llvm::enumerate(prologues))
    if (prologue) {
      os << "\noperand " << side << ' ';
      writer.put(*prologue);
    }
  return writer.clear ? key : std::string();
}

} // namespace tjit::codegen
