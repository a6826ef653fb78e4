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

void KernelCache::clear() {
  std::lock_guard lock(mutex);
  entries.clear();
  byKey.clear();
}

//===------------------------------------------------------------------------------------------===//
// Keys
//===------------------------------------------------------------------------------------------===//

bool isSizePolymorphic(ir::KernelOp kernel) {
  return kernel.getDomain().size() == 1 && kernel.getReductions() == 0;
}

static void printTarget(llvm::raw_ostream &os, const TargetInfo &target) {
  os << target.cpu << ' ' << target.features << ' ' << target.vectorBytes << ' '
     << target.numThreads << '\n';
}

std::string kernelKey(ir::KernelOp kernel, const TargetInfo &target) {
  std::string key;
  llvm::raw_string_ostream os(key);
  printTarget(os, target);
  if (isSizePolymorphic(kernel))
    os << (bypassesCaches(kernel, target) ? "large n" : "n");
  else
    llvm::interleave(kernel.getDomain(), os, "x");
  os << " reduce " << kernel.getReductions() << " lanes " << kernel.getLanes() << " dests "
     << kernel.getDests().size() << '\n';
  for (Attribute map : kernel.getMaps())
    os << cast<AffineMapAttr>(map).getValue() << '\n';
  llvm::interleave(kernel.getOffsets(), os, ",");
  if (llvm::any_of(kernel.getOffsets(), [](int64_t offset) { return offset >= 0; })) {
    const KernelShape shape = analyzeShape(kernel);
    for (auto [i, map] : llvm::enumerate(shape.inputs))
      if (map.offsetVaries)
        os << (hasNarrowOffsets(kernel, shape, i) ? " narrow" : " wide");
  }
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
      os << ' ' << attribute.getName().strref() << '=' << attribute.getValue();
    os << '\n';
  }
  return key;
}

std::string matmulKey(const MatmulDescription &matmul, const TargetInfo &target) {
  std::string key;
  llvm::raw_string_ostream os(key);
  printTarget(os, target);
  os << "matmul " << static_cast<int>(matmul.dtype) << ' ' << matmul.m << 'x' << matmul.n << 'x'
     << matmul.k;
  for (auto *list : {&matmul.batch, &matmul.lhsBatchStrides, &matmul.rhsBatchStrides}) {
    os << " [";
    llvm::interleave(*list, os, ",");
    os << ']';
  }
  os << ' ' << matmul.lhsRowStride << ' ' << matmul.lhsColStride << ' ' << matmul.rhsRowStride
     << ' ' << matmul.rhsColStride;
  if (matmul.epilogue)
    os << " epilogue of input " << matmul.product << '\n'
       << kernelKey(cast<ir::KernelOp>(matmul.epilogue), target);
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
