//===- EmitMaps.cpp ---------------------------------------------------------------------------===//
// A kernel's iteration space and where its operands lie in it.
#include "Codegen/EmitMaps.h"
#include "tjit-compiler/IR/TjitDialect.h"

using namespace mlir;

namespace tjit::codegen {
namespace {

/// Adds `factor` * `expr` to the linear form; false where `expr` is not linear.
bool addLinear(AffineExpr expr, int64_t factor, OperandMap &map) {
  switch (expr.getKind()) {
  case AffineExprKind::Constant:
    map.constant += factor * cast<AffineConstantExpr>(expr).getValue();
    return true;
  case AffineExprKind::DimId:
    map.strides[cast<AffineDimExpr>(expr).getPosition()] += factor;
    return true;
  case AffineExprKind::SymbolId:
    return true; // offsetScale has its factor, and the operand's offsetInput says where it is read
  case AffineExprKind::Add: {
    auto sum = cast<AffineBinaryOpExpr>(expr);
    return addLinear(sum.getLHS(), factor, map) && addLinear(sum.getRHS(), factor, map);
  }
  case AffineExprKind::Mul: {
    auto product = cast<AffineBinaryOpExpr>(expr);
    auto constant = dyn_cast<AffineConstantExpr>(product.getRHS());
    return constant && addLinear(product.getLHS(), factor * constant.getValue(), map);
  }
  default:
    return false;
  }
}

/// What s0 is multiplied with: maps add it, once, to what the dimensions give.
int64_t symbolFactor(AffineExpr expr) {
  if (isa<AffineSymbolExpr>(expr))
    return 1;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return 0;
  if (expr.getKind() == AffineExprKind::Add)
    return symbolFactor(binary.getLHS()) + symbolFactor(binary.getRHS());
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return constant && expr.getKind() == AffineExprKind::Mul
             ? symbolFactor(binary.getLHS()) * constant.getValue()
             : 0;
}

/// Without a symbol's offset.
OperandMap makeMap(AffineMap affine, int64_t offsetInput) {
  OperandMap map;
  map.offsetInput = affine.getNumSymbols() ? static_cast<int>(offsetInput) : -1;
  map.offsetScale = symbolFactor(affine.getResult(0));
  map.strides.assign(affine.getNumDims(), 0);
  if (addLinear(affine.getResult(0), 1, map))
    return map;
  OperandMap general;
  general.offsetInput = map.offsetInput;
  general.offsetScale = map.offsetScale;
  general.general = affine;
  return general;
}

template <typename Fn> void forEachMap(KernelShape &shape, Fn fn) {
  for (OperandMap &map : shape.inputs)
    fn(map);
  for (OperandMap &map : shape.results)
    fn(map);
  for (OperandMap &map : shape.indices)
    fn(map);
}

void dropDim(KernelShape &shape, unsigned dim) {
  forEachMap(shape, [&](OperandMap &map) {
    if (map.isLinear()) {
      map.strides.erase(map.strides.begin() + dim);
      return;
    }
    MLIRContext *context = map.general.getContext();
    SmallVector<AffineExpr> replacements;
    for (unsigned i = 0; i < shape.sizes.size(); ++i)
      replacements.push_back(i == dim ? getAffineConstantExpr(0, context)
                                      : getAffineDimExpr(i - (i > dim), context));
    map.general =
        map.general.replaceDimsAndSymbols(replacements, {getAffineSymbolExpr(0, context)},
                                          shape.sizes.size() - 1, map.general.getNumSymbols());
  });
  if (dim >= shape.numParallel())
    --shape.numReduced;
  shape.sizes.erase(shape.sizes.begin() + dim);
}

/// Makes dims `outer` and outer + 1 one dimension, if every operand steps through them alike.
bool mergeWithNext(KernelShape &shape, unsigned outer) {
  bool mergeable = true;
  forEachMap(shape, [&](const OperandMap &map) {
    mergeable = mergeable && map.isLinear() &&
                map.strides[outer] == map.strides[outer + 1] * shape.sizes[outer + 1];
  });
  if (!mergeable)
    return false;
  shape.sizes[outer + 1] *= shape.sizes[outer];
  dropDim(shape, outer);
  return true;
}

} // namespace

bool KernelShape::hasGeneralMaps() const {
  auto general = [](const OperandMap &map) { return !map.isLinear(); };
  return llvm::any_of(inputs, general) || llvm::any_of(results, general) ||
         llvm::any_of(indices, general);
}

/// The kernel's maps in order: of its operands, then of the body's tjit.index operations.
static SmallVector<AffineMap> mapsOf(ir::KernelOp kernel) {
  SmallVector<AffineMap> maps;
  for (Attribute map : kernel.getMaps())
    maps.push_back(cast<AffineMapAttr>(map).getValue());
  for (auto index : kernel.getBody().front().getOps<ir::IndexOp>())
    maps.push_back(index.getMap());
  return maps;
}

bool isLinear(AffineMap map) { return makeMap(map, -1).isLinear(); }

void forEachNumber(ir::KernelOp kernel, llvm::function_ref<void(int64_t)> number) {
  for (int64_t size : kernel.getDomain())
    number(size);
  for (AffineMap affine : mapsOf(kernel)) {
    OperandMap map = makeMap(affine, -1);
    if (!map.isLinear())
      continue;
    for (int64_t stride : map.strides)
      number(stride);
    number(map.constant);
    number(map.offsetScale);
  }
}

KernelShape analyzeShape(ir::KernelOp kernel, ArrayRef<uint64_t> varying) {
  KernelShape shape;
  auto next = [&](Extent &extent) {
    if (varying.empty())
      return;
    extent.origin = varying.front();
    varying = varying.drop_front();
  };
  shape.sizes.assign(kernel.getDomain().begin(), kernel.getDomain().end());
  shape.numReduced = kernel.getReductions();
  for (Extent &size : shape.sizes)
    next(size);
  const int numInputs = kernel.getInputs().size(), numDests = kernel.getDests().size();
  const int numResults = kernel.getResults().size();
  for (auto [i, affine] : llvm::enumerate(mapsOf(kernel))) {
    // The last results continue the dests, and lie where the dest's dynamic offset says.
    const int position = i, result = position - numInputs - numDests;
    const int dest = result - (numResults - numDests);
    const bool isInput = position < numInputs, isResult = result >= 0 && result < numResults;
    const int offset = isInput ? position : isResult && dest >= 0 ? numInputs + dest : -1;
    OperandMap map = makeMap(affine, offset < 0 ? -1 : kernel.getOffsets()[offset]);
    if (map.isLinear()) {
      for (Extent &stride : map.strides)
        next(stride);
      next(map.constant);
      next(map.offsetScale);
    }
    if (isInput)
      shape.inputs.push_back(map);
    else if (isResult)
      shape.results.push_back(map);
    else if (result >= numResults)
      shape.indices.push_back(map);
  }
  forEachMap(shape, [&](OperandMap &map) {
    if (map.offsetInput < 0)
      return;
    const OperandMap &index = shape.inputs[map.offsetInput];
    map.offsetVaries =
        !index.isLinear() || llvm::any_of(index.strides, [](Extent stride) { return stride != 0; });
  });
  for (unsigned dim = shape.sizes.size(); dim-- > 0;)
    if (shape.sizes[dim] == 1)
      dropDim(shape, dim);
  for (unsigned dim = shape.sizes.size(); dim-- > 1;)
    if (dim != shape.numParallel())
      mergeWithNext(shape, dim - 1);
  return shape;
}

bool hasNarrowOffsets(ir::KernelOp kernel, const KernelShape &shape, unsigned input) {
  const OperandMap &map = shape.inputs[input];
  if (!map.isLinear())
    return false;
  // Not asked of the extents: the answer is part of every key.
  constexpr double kLimit = 0x1p31;
  double elements = 1;
  for (int64_t size : cast<RankedTensorType>(kernel.getInputs()[input].getType()).getShape())
    elements *= static_cast<double>(size);
  // An index is below the number of elements.
  double furthest = elements * static_cast<double>(std::abs(map.offsetScale.now()));
  for (auto [size, stride] : llvm::zip_equal(shape.sizes, map.strides))
    furthest += static_cast<double>(size.now()) * static_cast<double>(std::abs(stride.now()));
  return furthest < kLimit;
}

SmallVector<Step, 4> mergedSteps(const KernelShape &shape, const OperandMap &map,
                                 ArrayRef<unsigned> dims) {
  SmallVector<Step, 4> steps;
  for (unsigned dim : llvm::reverse(dims)) {
    Step step{shape.sizes[dim], map.strides[dim]};
    if (!steps.empty() && step.stride == steps.back().stride * steps.back().size)
      steps.back().size *= step.size;
    else
      steps.push_back(step);
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

} // namespace tjit::codegen
