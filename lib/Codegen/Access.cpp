//===- Access.cpp -----------------------------------------------------------------------------===//
// Which element of a value is read at a point of a domain.
//
// See Access.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/Access.h"

#include "IR/TensorType.h"
#include "tjit-compiler/IR/TjitDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tjit::codegen {

ArrayRef<int64_t> sizesOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? type.getShape() : ArrayRef<int64_t>();
}

int64_t elementsOf(Value value) { return numElements(std::span(sizesOf(value))); }

static Sizes rowMajorStrides(ArrayRef<int64_t> sizes) {
  Dims strides = contiguousStrides(std::span(sizes));
  return Sizes(strides.begin(), strides.end());
}

static int64_t floorDiv(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

//===------------------------------------------------------------------------------------------===//
// Linear forms
//===------------------------------------------------------------------------------------------===//

bool LinearForm::add(const LinearForm &other, int64_t factor) {
  if (coefficients.size() < other.coefficients.size())
    coefficients.resize(other.coefficients.size());
  for (auto [mine, theirs] : llvm::zip(coefficients, other.coefficients))
    mine += factor * theirs;
  constant += factor * other.constant;
  if (!other.symbol || factor == 0)
    return true;
  if (symbol && symbol != other.symbol)
    return false;
  symbol = other.symbol;
  symbolCoefficient += factor * other.symbolCoefficient;
  return true;
}

bool LinearForm::split(int64_t inner, ArrayRef<int64_t> domain, LinearForm &quotient,
                       LinearForm &remainder) const {
  quotient = LinearForm();
  remainder = LinearForm();
  quotient.coefficients.assign(coefficients.size(), 0);
  remainder.coefficients.assign(coefficients.size(), 0);
  if (inner <= 0)
    return false;
  quotient.constant = floorDiv(constant, inner);
  remainder.constant = constant - quotient.constant * inner;
  int64_t low = remainder.constant, high = remainder.constant;
  for (auto [i, c] : llvm::enumerate(coefficients)) {
    if (c % inner == 0) {
      quotient.coefficients[i] = c / inner;
      continue;
    }
    remainder.coefficients[i] = c;
    (c < 0 ? low : high) += c * (domain[i] - 1);
  }
  if (symbol) {
    if (symbolCoefficient % inner != 0)
      return false;
    quotient.symbol = symbol;
    quotient.symbolCoefficient = symbolCoefficient / inner;
  }
  return low >= 0 && high < inner;
}

AffineMap toAffineMap(const LinearForm &form, MLIRContext *context) {
  AffineExpr sum = getAffineConstantExpr(form.constant, context);
  for (auto [i, c] : llvm::enumerate(form.coefficients))
    if (c != 0)
      sum = sum + getAffineDimExpr(i, context) * c;
  if (form.symbol)
    sum = sum + getAffineSymbolExpr(0, context) * form.symbolCoefficient;
  return AffineMap::get(form.coefficients.size(), form.symbol ? 1 : 0, sum, context);
}

//===------------------------------------------------------------------------------------------===//
// Accesses
//===------------------------------------------------------------------------------------------===//

static LinearForm zeroForm(size_t dims) {
  LinearForm form;
  form.coefficients.assign(dims, 0);
  return form;
}

bool isInside(ArrayRef<int64_t> domain, size_t dim, const Intervals &intervals) {
  int64_t low = 1;
  for (size_t i = dim + 1; i < domain.size(); ++i)
    low *= domain[i];
  int64_t high = low * domain[dim];
  return llvm::any_of(
      intervals, [&](auto interval) { return interval.first <= low && high <= interval.second; });
}

Sizes sizesOutside(ArrayRef<int64_t> domain, const Intervals &intervals) {
  Sizes sizes;
  for (size_t d = 0; d < domain.size(); ++d)
    if (!isInside(domain, d, intervals))
      sizes.push_back(domain[d]);
  return sizes;
}

Access rowAccess(Value value, ArrayRef<int64_t> domain, const Intervals &intervals) {
  ArrayRef<int64_t> sizes = sizesOf(value);
  Access access{value, false, {}};
  access.forms.assign(sizes.size(), zeroForm(domain.size()));
  size_t d = domain.size();
  for (size_t i = sizes.size(); i-- > 0;) {
    // Dimensions of the domain from the right until they fill this one.
    for (int64_t stride = 1; d > 0 && stride < sizes[i];) {
      --d;
      if (domain[d] == 1 || isInside(domain, d, intervals))
        continue;
      access.forms[i].coefficients[d] = stride;
      stride *= domain[d];
    }
  }
  return access;
}

Access identityAccess(Value value, ArrayRef<int64_t> domain) {
  return rowAccess(value, domain, {});
}

/// Replaces the forms by the row-major number of the element. False: two symbols.
static bool flatten(Access &access) {
  if (access.flat)
    return true;
  Sizes strides = rowMajorStrides(sizesOf(access.value));
  LinearForm sum;
  if (!access.forms.empty())
    sum.coefficients.assign(access.forms[0].coefficients.size(), 0);
  for (auto [form, stride] : llvm::zip(access.forms, strides))
    if (!sum.add(form, stride))
      return false;
  access.forms.assign(1, sum);
  access.flat = true;
  return true;
}

/// Takes a flat access apart into one form per dimension of its value.
static bool unflatten(Access &access, ArrayRef<int64_t> domain) {
  if (!access.flat)
    return true;
  ArrayRef<int64_t> sizes = sizesOf(access.value);
  LinearForm rest = access.forms[0];
  SmallVector<LinearForm, 4> forms(sizes.size(), zeroForm(domain.size()));
  // Dimensions of size 1 are read at 0; the outermost other one takes what is left over.
  size_t outermost = 0;
  while (outermost < sizes.size() && sizes[outermost] == 1)
    ++outermost;
  for (size_t i = sizes.size(); i-- > outermost;) {
    if (sizes[i] == 1)
      continue;
    if (i == outermost) {
      forms[i] = rest;
      break;
    }
    LinearForm quotient;
    if (!rest.split(sizes[i], domain, quotient, forms[i]))
      return false;
    rest = quotient;
  }
  access.forms = std::move(forms);
  access.flat = false;
  return true;
}

bool hasIndices(const Access &access, ArrayRef<int64_t> domain) {
  Access copy = access;
  return unflatten(copy, domain);
}

bool broadcastAccess(Access result, Value operand, ArrayRef<int64_t> domain, Access &out) {
  if (!unflatten(result, domain))
    return false;
  ArrayRef<int64_t> sizes = sizesOf(operand);
  ArrayRef<int64_t> resultSizes = sizesOf(result.value);
  out = Access{operand, false, {}};
  size_t missing = resultSizes.size() - sizes.size();
  for (size_t i = 0; i < sizes.size(); ++i)
    out.forms.push_back(sizes[i] == 1 ? zeroForm(domain.size()) : result.forms[i + missing]);
  return true;
}

bool isView(Operation *op) {
  return isa_and_nonnull<ir::PermuteOp, ir::ExpandOp, ir::ReshapeOp, ir::SliceOp, ir::FlipOp,
                         ir::AsStridedOp>(op);
}

bool changesUnitDimsOnly(Operation *reshape) {
  auto squeezed = [](Value value) {
    SmallVector<int64_t> sizes(sizesOf(value));
    llvm::erase(sizes, 1);
    return sizes;
  };
  return squeezed(reshape->getOperand(0)) == squeezed(reshape->getResult(0));
}

std::optional<Intervals> repeatedOver(const Access &access, ArrayRef<int64_t> domain) {
  Access flat = access;
  if (!flatten(flat) || flat.forms[0].symbol || flat.forms[0].constant != 0)
    return std::nullopt;
  Sizes coefficients = flat.forms[0].coefficients;
  coefficients.resize(domain.size());
  Intervals repeated;
  int64_t product = 1, stride = 1;
  for (size_t d = domain.size(); d-- > 0;) {
    if (domain[d] == 1)
      continue;
    if (coefficients[d] == 0) {
      if (!repeated.empty() && repeated.back().second == product)
        repeated.back().second = product * domain[d];
      else
        repeated.push_back({product, product * domain[d]});
    } else if (coefficients[d] == stride) {
      stride *= domain[d];
    } else {
      return std::nullopt;
    }
    product *= domain[d];
  }
  if (stride != elementsOf(access.value))
    return std::nullopt;
  std::reverse(repeated.begin(), repeated.end());
  return repeated;
}

bool isRowMajor(const Access &access, ArrayRef<int64_t> domain) {
  std::optional<Intervals> repeated = repeatedOver(access, domain);
  return repeated && repeated->empty();
}

/// The offset as a constant where tjit.fill makes it, else as the form's symbol.
static LinearForm offsetForm(Value offset, int64_t factor, size_t dims) {
  LinearForm form = zeroForm(dims);
  if (auto fill = offset.getDefiningOp<ir::FillOp>()) {
    form.constant = static_cast<int64_t>(fill.getValue().convertToDouble()) * factor;
    return form;
  }
  form.symbol = offset;
  form.symbolCoefficient = factor;
  return form;
}

/// Reshapes that only insert or drop dimensions of size 1 keep the forms, and so the dynamic
/// offsets in them.
static bool reshapeUnitDims(Access &access, Value operand) {
  if (access.flat)
    return false;
  SmallVector<LinearForm, 4> kept, forms;
  SmallVector<int64_t> keptSizes, operandSizes;
  for (auto [form, size] : llvm::zip(access.forms, sizesOf(access.value)))
    if (size != 1) {
      kept.push_back(form);
      keptSizes.push_back(size);
    }
  size_t dims = access.forms.empty() ? 0 : access.forms[0].coefficients.size();
  size_t next = 0;
  for (int64_t size : sizesOf(operand)) {
    if (size == 1) {
      forms.push_back(zeroForm(dims));
      continue;
    }
    if (next == kept.size() || keptSizes[next] != size)
      return false;
    forms.push_back(kept[next++]);
  }
  if (next != kept.size())
    return false;
  access = Access{operand, false, std::move(forms)};
  return true;
}

WalkEnd stepThroughView(Access &access, ArrayRef<int64_t> domain) {
  Operation *op = access.value.getDefiningOp();
  Value operand = op->getOperand(0);
  ArrayRef<int64_t> operandSizes = sizesOf(operand);
  if (isa<ir::ReshapeOp>(op)) {
    if (reshapeUnitDims(access, operand))
      return WalkEnd::root;
    if (!flatten(access))
      return WalkEnd::twoOffsets;
    access.value = operand;
    if (access.forms[0].coefficients.size() < domain.size())
      access.forms[0].coefficients.resize(domain.size());
    return WalkEnd::root;
  }
  Access in = access;
  if (!unflatten(in, domain))
    return WalkEnd::unsplittable;
  Access out{operand, false, {}};
  bool oneOffset = true;
  TypeSwitch<Operation *>(op)
      .Case([&](ir::PermuteOp permute) {
        out.forms.resize(operandSizes.size());
        for (auto [i, dim] : llvm::enumerate(permute.getDims()))
          out.forms[dim] = in.forms[i];
      })
      .Case([&](ir::ExpandOp) {
        size_t missing = in.forms.size() - operandSizes.size();
        for (size_t i = 0; i < operandSizes.size(); ++i)
          out.forms.push_back(operandSizes[i] == 1 ? zeroForm(domain.size())
                                                   : in.forms[i + missing]);
      })
      .Case([&](ir::SliceOp slice) {
        out.forms = in.forms;
        LinearForm start = offsetForm(slice.getStart(), 1, domain.size());
        oneOffset = start.add(in.forms[slice.getDim()], slice.getStep());
        out.forms[slice.getDim()] = start;
      })
      .Case([&](ir::FlipOp flip) {
        out.forms = in.forms;
        for (int64_t dim : flip.getDims()) {
          LinearForm reversed = zeroForm(domain.size());
          reversed.constant = operandSizes[dim] - 1;
          reversed.add(in.forms[dim], -1);
          out.forms[dim] = reversed;
        }
      })
      .Case([&](ir::AsStridedOp strided) {
        LinearForm sum = offsetForm(strided.getOffset(), 1, domain.size());
        for (auto [form, stride] : llvm::zip(in.forms, strided.getStrides()))
          oneOffset &= sum.add(form, stride);
        out.forms.assign(1, sum);
        out.flat = true;
      });
  // A kernel's map has one symbol, so the offsets of all dimensions together must be one.
  Access whole = out;
  if (!oneOffset || !flatten(whole))
    return WalkEnd::twoOffsets;
  access = std::move(out);
  return WalkEnd::root;
}

WalkEnd walkViews(Access &access, ArrayRef<int64_t> domain, function_ref<bool(Value)> isRoot) {
  while (!isRoot(access.value)) {
    if (!isView(access.value.getDefiningOp()))
      return WalkEnd::root;
    WalkEnd end = stepThroughView(access, domain);
    if (end != WalkEnd::root)
      return end;
  }
  return WalkEnd::root;
}

//===------------------------------------------------------------------------------------------===//
// Memory
//===------------------------------------------------------------------------------------------===//

Sizes memoryStrides(Value root) {
  if (auto argument = dyn_cast<BlockArgument>(root))
    if (auto func = dyn_cast_or_null<func::FuncOp>(argument.getOwner()->getParentOp()))
      if (auto strides =
              func.getArgAttrOfType<DenseI64ArrayAttr>(argument.getArgNumber(), "tjit.strides"))
        return Sizes(strides.asArrayRef());
  return rowMajorStrides(sizesOf(root));
}

bool isDense(Value root) {
  Sizes strides = memoryStrides(root), dense = rowMajorStrides(sizesOf(root));
  for (auto [stride, wanted, size] : llvm::zip(strides, dense, sizesOf(root)))
    if (size != 1 && stride != wanted)
      return false;
  return true;
}

std::optional<LinearForm> memoryOffset(const Access &access, ArrayRef<int64_t> domain) {
  Access at = access;
  if (at.flat && isDense(at.value))
    return at.forms[0];
  if (!unflatten(at, domain))
    return std::nullopt;
  LinearForm sum = zeroForm(domain.size());
  for (auto [form, stride] : llvm::zip(at.forms, memoryStrides(at.value)))
    if (!sum.add(form, stride))
      return std::nullopt;
  return sum;
}

std::optional<StridedOperand> stridedOperand(Value value, function_ref<bool(Value)> isRoot) {
  ArrayRef<int64_t> sizes = sizesOf(value);
  Access access = identityAccess(value, sizes);
  if (walkViews(access, sizes, isRoot) != WalkEnd::root)
    return std::nullopt;
  std::optional<LinearForm> offset = memoryOffset(access, sizes);
  if (!offset || offset->symbol || offset->constant != 0 ||
      llvm::any_of(offset->coefficients, [](int64_t c) { return c < 0; }))
    return std::nullopt;
  StridedOperand result{access.value, offset->coefficients};
  result.strides.resize(sizes.size());
  return result;
}

bool isDenseAlias(Value value, function_ref<bool(Value)> isRoot) {
  std::optional<StridedOperand> operand = stridedOperand(value, isRoot);
  if (!operand || elementsOf(operand->root) != elementsOf(value))
    return false;
  Dims dense = contiguousStrides(std::span(sizesOf(value)));
  for (auto [i, size] : llvm::enumerate(sizesOf(value)))
    if (size != 1 && operand->strides[i] != dense[i])
      return false;
  return true;
}

Value memoryRoot(Value value) {
  if (!isView(value.getDefiningOp()))
    return value;
  std::optional<StridedOperand> operand = stridedOperand(value, [](Value) { return false; });
  return operand ? operand->root : value;
}

} // namespace tjit::codegen
