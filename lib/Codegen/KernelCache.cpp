//===- KernelCache.cpp ------------------------------------------------------------------------===//
// Machine code of kernels that have been compiled before.
//
// See KernelCache.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/KernelCache.h"

#include "Codegen/EmitMaps.h"
#include "Codegen/X86Kernel.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace tjit::codegen {

std::shared_ptr<const CachedKernel> KernelCache::find(const std::string &key) {
  std::lock_guard lock(mutex);
  auto it = byKey.find(key);
  if (it == byKey.end())
    return nullptr;
  entries.splice(entries.begin(), entries, it->second);
  return it->second->kernel;
}

void KernelCache::insert(const std::string &key, std::shared_ptr<const CachedKernel> kernel) {
  std::lock_guard lock(mutex);
  if (byKey.contains(key))
    return;
  entries.push_front({key, std::move(kernel)});
  byKey[key] = entries.begin();
  if (entries.size() > capacity) {
    byKey.erase(entries.back().key);
    entries.pop_back();
  }
}

KnownCodes KernelCache::findKnown(const std::string &key) {
  std::lock_guard lock(mutex);
  auto it = knownCodes.find(key);
  return it == knownCodes.end() ? KnownCodes() : it->second;
}

void KernelCache::insertKnown(const std::string &key, const KnownCodes &codes) {
  std::lock_guard lock(mutex);
  if (knownCodes.size() >= capacity) // what is forgotten is written again, and found by its text
    knownCodes.clear();
  KnownCodes &known = knownCodes[key];
  for (const auto &code : codes)
    if (known.size() < kMaxKnownCodes)
      known.push_back(code);
}

void KernelCache::clear() {
  std::lock_guard lock(mutex);
  entries.clear();
  byKey.clear();
  knownCodes.clear();
  families.clear();
}

//===------------------------------------------------------------------------------------------===//
// Keys
//===------------------------------------------------------------------------------------------===//

bool isSizePolymorphic(ir::KernelOp kernel) {
  return kernel.getDomain().size() == 1 && kernel.getReductions() == 0;
}

void printTarget(llvm::raw_ostream &os, const TargetInfo &target) {
  os << target.cpu << ' ' << target.features << ' ' << target.vectorBytes << ' '
     << target.numThreads << '\n';
}

/// What a kernel's key and the text of its structure have in common.
void printBody(llvm::raw_ostream &os, ir::KernelOp kernel, bool withIndexMaps) {
  os << " reduce " << kernel.getReductions() << " lanes " << kernel.getLanes() << " dests "
     << kernel.getDests().size() << '\n';
  llvm::interleave(kernel.getOffsets(), os, ",");
  for (Attribute combiner : kernel.getCombiners())
    os << ' ' << cast<StringAttr>(combiner).getValue();
  os << '\n';

  llvm::SmallDenseMap<Value, unsigned, 32> numbers;
  for (BlockArgument argument : kernel.getBody().getArguments()) {
    numbers[argument] = numbers.size();
    os << argument.getType() << ' ';
  }
  for (Type type : kernel.getResultTypes())
    os << getElementTypeOrSelf(type) << ' ';
  os << '\n';
  for (Operation &op : kernel.getBody().front()) {
    os << op.getName().getStringRef();
    for (Value operand : op.getOperands())
      os << ' ' << numbers.lookup(operand);
    for (Value result : op.getResults()) {
      numbers[result] = numbers.size();
      os << " : " << result.getType();
    }
    for (NamedAttribute attribute : op.getAttrs())
      if (withIndexMaps || !isa<ir::IndexOp>(op))
        os << ' ' << attribute.getName().strref() << '=' << attribute.getValue();
    os << '\n';
  }
}

/// Of the inputs that are gathered.
static void printOffsetWidths(llvm::raw_ostream &os, ir::KernelOp kernel) {
  if (llvm::all_of(kernel.getOffsets(), [](int64_t offset) { return offset < 0; }))
    return;
  const KernelShape shape = analyzeShape(kernel);
  for (auto [i, map] : llvm::enumerate(shape.inputs))
    if (map.offsetVaries)
      os << (hasNarrowOffsets(kernel, shape, i) ? " narrow" : " wide");
}

std::string kernelKey(ir::KernelOp kernel, const TargetInfo &target) {
  std::string key;
  llvm::raw_string_ostream os(key);
  printTarget(os, target);
  if (isSizePolymorphic(kernel))
    os << (bypassesCaches(kernel, analyzeShape(kernel), target) ? "large n" : "n");
  else
    llvm::interleave(kernel.getDomain(), os, "x");
  os << '\n';
  for (Attribute map : kernel.getMaps())
    os << cast<AffineMapAttr>(map).getValue() << '\n';
  printOffsetWidths(os, kernel);
  printBody(os, kernel, /*withIndexMaps=*/true);
  return key;
}

//===------------------------------------------------------------------------------------------===//
// Structures
//===------------------------------------------------------------------------------------------===//

static void printNumber(llvm::raw_ostream &os, int64_t number) {
  if (number < -1 || number > 1)
    os << "# ";
  else
    os << number << ' ';
}

Structure structureOf(ir::KernelOp kernel) {
  Structure structure;
  llvm::raw_string_ostream os(structure.text);
  os << kernel.getDomain().size() << " dims ";
  forEachNumber(kernel, [&](int64_t number) {
    printNumber(os, number);
    structure.numbers.push_back(number);
  });
  for (Attribute attribute : kernel.getMaps()) {
    AffineMap map = cast<AffineMapAttr>(attribute).getValue();
    os << map.getNumSymbols();
    if (!isLinear(map))
      os << ' ' << map;
    os << '\n';
  }
  printBody(os, kernel, /*withIndexMaps=*/false);
  for (auto index : kernel.getBody().front().getOps<ir::IndexOp>())
    if (!isLinear(index.getMap()))
      os << index.getMap() << '\n';
  return structure;
}

std::string varyingKey(ir::KernelOp kernel, const Structure &structure, ArrayRef<uint64_t> varying,
                       const TargetInfo &target) {
  std::string key;
  if (!areConsistent(varying, structure.numbers))
    return key;
  llvm::raw_string_ostream os(key);
  os << "kernel ";
  printTarget(os, target);
  std::unordered_map<uint64_t, size_t> first;
  for (auto [i, number] : llvm::enumerate(structure.numbers))
    if (varying[i])
      os << '#' << first.try_emplace(varying[i], i).first->second << ' ';
    else
      os << number << ' ';
  printOffsetWidths(os, kernel);
  os << '\n' << structure.text;
  return key;
}

/// The product's sizes and strides, in the order of its structure's numbers.
template <typename Matmul, typename Fn> static void forEachExtent(Matmul &matmul, Fn fn) {
  for (auto *extent : {&matmul.m, &matmul.n, &matmul.k, &matmul.lhsRowStride, &matmul.lhsColStride,
                       &matmul.rhsRowStride, &matmul.rhsColStride})
    fn(*extent);
  for (auto *list : {&matmul.batch, &matmul.lhsBatchStrides, &matmul.rhsBatchStrides})
    for (auto &extent : *list)
      fn(extent);
}

Structure structureOf(const MatmulDescription &matmul) {
  Structure structure;
  llvm::raw_string_ostream os(structure.text);
  os << "matmul " << static_cast<int>(matmul.dtype) << ' ' << matmul.batch.size() << ' ';
  forEachExtent(matmul, [&](Extent extent) {
    printNumber(os, extent);
    structure.numbers.push_back(extent);
  });
  if (matmul.epilogue) {
    Structure epilogue = structureOf(cast<ir::KernelOp>(matmul.epilogue));
    os << " epilogue of input " << matmul.product << '\n' << epilogue.text;
    structure.numbers.append(epilogue.numbers);
  }
  for (auto [side, kernel] : llvm::enumerate(matmul.prologues))
    if (kernel) {
      Structure prologue = structureOf(cast<ir::KernelOp>(kernel));
      os << " prologue of input " << side << '\n' << prologue.text;
      structure.numbers.append(prologue.numbers);
    }
  return structure;
}

void setVarying(MatmulDescription &matmul, ArrayRef<uint64_t> varying) {
  forEachExtent(matmul, [&](Extent &extent) {
    extent.origin = varying.front();
    varying = varying.drop_front();
  });
  auto take = [&](Operation *kernel, SmallVectorImpl<uint64_t> &numbers) {
    if (!kernel)
      return;
    size_t count = 0;
    forEachNumber(cast<ir::KernelOp>(kernel), [&](int64_t) { ++count; });
    numbers.assign(varying.begin(), varying.begin() + count);
    varying = varying.drop_front(count);
  };
  take(matmul.epilogue, matmul.epilogueVarying);
  for (unsigned side : {0, 1})
    take(matmul.prologues[side], matmul.prologueVarying[side]);
}

SmallVector<uint64_t> Families::observe(const std::string &name, ArrayRef<int64_t> numbers) {
  std::lock_guard lock(mutex);
  if (families.size() >= capacity && !families.contains(name))
    families.clear(); // what is forgotten is compiled for one shape again
  auto [at, isNew] = families.try_emplace(name);
  Family &family = at->second;
  if (isNew) {
    family.first = numbers;
    family.varies.resize(numbers.size());
    family.history.resize(numbers.size());
  }
  bool varies = false, more = false;
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (!family.varies[i] && numbers[i] != family.first[i])
      family.varies[i] = more = true;
    varies |= family.varies[i];
  }
  if (more)
    for (size_t i = 0; i < numbers.size(); ++i)
      family.history[i] =
          Extent::mix(family.history[i] ^ Extent::mix(family.first[i]) ^ Extent::mix(~numbers[i]));
  SmallVector<uint64_t> origins;
  if (!varies)
    return origins;
  for (size_t i = 0; i < numbers.size(); ++i)
    origins.push_back(family.varies[i] ? family.history[i] | 1 : 0);
  return origins;
}

void Families::clear() {
  std::lock_guard lock(mutex);
  families.clear();
}

//===------------------------------------------------------------------------------------------===//
// Products and scatters
//===------------------------------------------------------------------------------------------===//

std::string matmulKey(const MatmulDescription &matmul, const TargetInfo &target) {
  std::string key;
  llvm::raw_string_ostream os(key);
  printTarget(os, target);
  os << "matmul " << static_cast<int>(matmul.dtype) << ' ' << matmul.m.number() << 'x'
     << matmul.n.number() << 'x' << matmul.k.number();
  for (auto *list : {&matmul.batch, &matmul.lhsBatchStrides, &matmul.rhsBatchStrides}) {
    os << " [";
    for (int64_t value : *list)
      os << value << ',';
    os << ']';
  }
  for (int64_t stride :
       {matmul.lhsRowStride, matmul.lhsColStride, matmul.rhsRowStride, matmul.rhsColStride})
    os << ' ' << stride;
  if (matmul.epilogue)
    os << " epilogue of input " << matmul.product << '\n'
       << kernelKey(cast<ir::KernelOp>(matmul.epilogue), target);
  for (auto [side, kernel] : llvm::enumerate(matmul.prologues))
    if (kernel)
      os << " prologue of input " << side << '\n' << kernelKey(cast<ir::KernelOp>(kernel), target);
  return key;
}

std::string scatterKey(const ScatterDescription &scatter, const TargetInfo &target) {
  std::string key;
  llvm::raw_string_ostream os(key);
  printTarget(os, target);
  os << "scatter " << scatter.element << ' ' << scatter.dim;
  for (auto *list :
       {&scatter.sizes, &scatter.resultSizes, &scatter.indexStrides, &scatter.sourceStrides}) {
    os << " [";
    llvm::interleave(*list, os, ",");
    os << ']';
  }
  return key;
}

} // namespace tjit::codegen
