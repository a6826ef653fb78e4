//===- Interpreter.cpp - the table of kernels and the checks of values --------------------===//

#include "Runtime/Interpreter.h"

#include "IR/OpAttrs.h.inc"
#include "Runtime/InterpreterLoops.h"

#include <algorithm>
#include <limits>

using namespace tjit;
using namespace tjit::interpreter;

void interpreter::throwUnsupported(OpKind kind, ScalarType dtype) {
  throw TypeError(std::string(opInfo(kind).mnemonic) + ": not defined for " + toString(dtype) +
                  "; cast the operands to another dtype");
}

Dims interpreter::broadcastStrides(const TensorRef &operand, std::span<const int64_t> sizes) {
  Dims strides(sizes.size(), 0);
  size_t missing = sizes.size() - operand.sizes.size();
  for (size_t d = 0; d < operand.sizes.size(); ++d)
    if (operand.sizes[d] != 1)
      strides[missing + d] = operand.strides[d];
  return strides;
}

std::string interpreter::positionText(std::span<const int64_t> sizes, int64_t flat) {
  Dims position(sizes.size(), 0);
  for (size_t d = sizes.size(); d-- > 0; flat /= sizes[d])
    position[d] = flat % sizes[d];
  return toString(position);
}

/// Kernels by OpKind; null where there is none, which a unit test refuses.
static const std::vector<Kernel> &kernels() {
  // Never destroyed: tensors may be used while the process ends.
  static const std::vector<Kernel> &table = *new std::vector<Kernel>([] {
    std::vector<Kernel> table(kNumOps, nullptr);
    for (auto entries :
         {unaryKernels(), elementaryKernels(), binaryKernels(), castKernels(), reductionKernels(),
          matmulKernels(), viewKernels(), movementKernels(), creationKernels(), lineKernels(),
          linalgKernels(), specialKernels(), countKernels()})
      for (const KernelEntry &entry : entries)
        table[static_cast<unsigned>(entry.kind)] = entry.kernel;
    return table;
  }());
  return table;
}

//===------------------------------------------------------------------------------------------===//
// Checks of values
//===------------------------------------------------------------------------------------------===//

namespace {

using Operands = std::span<const TensorRef>;

/// The row-major number of the first element for which `bad` holds, -1 if there is none.
template <class Storage, class Bad> int64_t findElement(const TensorRef &t, Bad bad) {
  Nest<1> nest(t.sizes, {Dims(t.strides)});
  auto *data = static_cast<const Storage *>(t.data);
  int64_t seen = 0, found = -1;
  nest.forEachRow([&](auto &offsets, int64_t n, auto &steps) {
    const Storage *p = data + offsets[0];
    bool any = false; // without a branch: all is well, nearly always
    if (found < 0) {
      if (steps[0] == 1)
        for (int64_t i = 0; i < n; ++i)
          any |= bad(p[i]);
      else
        for (int64_t i = 0; i < n; ++i)
          any |= bad(p[i * steps[0]]);
    }
    for (int64_t i = 0; any && found < 0 && i < n; ++i)
      if (bad(p[i * steps[0]]))
        found = seen + i;
    seen += n;
  });
  return found;
}

std::string checkDivisor(OpKind kind, const int64_t *, Operands operands) {
  if (!isIntegralType(operands[1].dtype, true) || numElements(operands[0].sizes) == 0)
    return {};
  int64_t zero = visitElement(operands[1].dtype, [&]<class E>(E) {
    return findElement<typename E::Storage>(operands[1], [](auto x) { return x == 0; });
  });
  if (zero < 0)
    return {};
  return std::string(opInfo(kind).mnemonic) + ": integer division by zero: the divisor (" +
         toString(operands[1].dtype) + " " + toString(operands[1].sizes) + ") is 0 at position " +
         positionText(operands[1].sizes, zero) + "; replace zeros with where(), or divide as float";
}

std::string checkIndices(OpKind kind, int64_t dim, Operands operands) {
  const TensorRef &input = operands[0], &index = operands[1];
  int64_t size = input.sizes.empty() ? 1 : input.sizes[dim];
  // What an expanded index repeats is looked at once; the first bad one has coordinate 0 there.
  Dims sizes(index.sizes);
  for (size_t d = 0; d < sizes.size(); ++d)
    if (index.strides[d] == 0 && sizes[d] != 0)
      sizes[d] = 1;
  int64_t at = findElement<int64_t>({index.data, index.dtype, sizes, index.strides},
                                    [size](int64_t i) { return i < 0 || i >= size; });
  if (at < 0)
    return {};
  int64_t rest = at;
  auto *element = static_cast<const int64_t *>(index.data);
  for (size_t d = sizes.size(); d-- > 0; rest /= sizes[d])
    element += rest % sizes[d] * index.strides[d];
  const int64_t value = *element;
  return std::string(opInfo(kind).mnemonic) + ": index " + std::to_string(value) + " at position " +
         positionText(sizes, at) + " is out of range for dimension " + std::to_string(dim) +
         " of size " + std::to_string(size) + " of the input " + toString(input.sizes) +
         "; indices are 0 to " + std::to_string(size - 1);
}
std::string checkGather(OpKind kind, const int64_t *attributes, Operands operands) {
  return checkIndices(kind, GatherAttrs::read(attributes).dim, operands);
}
std::string checkScatter(OpKind kind, const int64_t *attributes, Operands operands) {
  return checkIndices(kind, ScatterAddAttrs::read(attributes).dim, operands);
}

int64_t scalarOf(const TensorRef &t) { return *static_cast<const int64_t *>(t.data); }

std::string checkSlice(OpKind, const int64_t *attributes, Operands operands) {
  auto attrs = SliceAttrs::read(attributes);
  int64_t start = scalarOf(operands[1]), size = operands[0].sizes[attrs.dim];
  int64_t last = start + (attrs.size - 1) * attrs.step;
  if (attrs.size == 0 || (start >= 0 && start < size && last >= 0 && last < size))
    return {};
  return "slice: indices " + std::to_string(start) + " to " + std::to_string(last) +
         " leave dimension " + std::to_string(attrs.dim) + " of size " + std::to_string(size);
}

/// A view of `storage` elements by sizes and strides.
std::string checkView(OpKind kind, int64_t storage, int64_t offset, std::span<const int64_t> sizes,
                      std::span<const int64_t> strides) {
  if (numElements(sizes) == 0)
    return {};
  int64_t low = offset, high = offset;
  for (size_t d = 0; d < sizes.size(); ++d)
    (strides[d] < 0 ? low : high) += (sizes[d] - 1) * strides[d];
  if (low >= 0 && high < storage)
    return {};
  return std::string(opInfo(kind).mnemonic) + ": the view " + toString(sizes) + " with strides " +
         toString(strides) + " and offset " + std::to_string(offset) + " covers elements " +
         std::to_string(low) + " to " + std::to_string(high) + " of a storage of " +
         std::to_string(storage);
}
std::string checkAsStrided(OpKind kind, const int64_t *attributes, Operands operands) {
  auto attrs = AsStridedAttrs::read(attributes);
  return checkView(kind, numElements(operands[0].sizes), scalarOf(operands[1]), attrs.sizes,
                   attrs.strides);
}
std::string checkWriteView(OpKind kind, const int64_t *attributes, Operands operands) {
  auto attrs = WriteViewAttrs::read(attributes);
  return checkView(kind, numElements(operands[0].sizes), scalarOf(operands[2]), attrs.sizes,
                   attrs.strides);
}

/// What a rule of check_values accepts, and what is said of a value that it refuses.
struct ValueCheck {
  ValueRule rule;
  bool (*accepts)(double);
  const char *demand, *remedy;
};
constexpr auto kNotNegative = [](double x) { return x >= 0; };
constexpr auto kProbability = [](double x) { return x >= 0 && x <= 1; };
constexpr ValueCheck kValueChecks[] = {
    {ValueRule::loss_probability, kProbability,
     "binary_cross_entropy: all elements of the input and of the target should be between 0 and 1",
     "use binary_cross_entropy_with_logits for what is no probability"},
    {ValueRule::probability, kProbability, "bernoulli: the probabilities should be between 0 and 1",
     "clamp them"},
    {ValueRule::deviation, kNotNegative, "normal: the standard deviations should not be below 0",
     "take abs()"},
    {ValueRule::weight, [](double x) { return x >= 0 && x <= std::numeric_limits<double>::max(); },
     "multinomial: the weights should be finite and not below 0", "clamp them"},
    {ValueRule::weight_sum, [](double x) { return x > 0; },
     "multinomial: the weights of each row should have a sum above 0", "leave empty rows out"},
    {ValueRule::rate, kNotNegative, "poisson: the rates should not be below 0", "clamp them"},
};
std::string checkValues(OpKind, const int64_t *attributes, Operands operands) {
  const ValueRule rule = CheckValuesAttrs::read(attributes).rule;
  const ValueCheck &check = *std::ranges::find(kValueChecks, rule, &ValueCheck::rule);
  return visitElement(operands[0].dtype, [&]<class E>(E) -> std::string {
    using Storage = typename E::Storage;
    double found = 0;
    const int64_t at = findElement<Storage>(operands[0], [&](Storage stored) {
      const double x = static_cast<double>(E::load(stored));
      const bool bad = !check.accepts(x);
      if (bad)
        found = x;
      return bad;
    });
    if (at < 0)
      return {};
    return std::string(check.demand) + ", found " + std::to_string(found) + " at position " +
           positionText(operands[0].sizes, at) + "; " + check.remedy;
  });
}

/// The operations whose operands' values can be wrong.
struct Check {
  OpKind kind;
  std::string (*check)(OpKind, const int64_t *attributes, Operands);
};
constexpr Check kChecks[] = {
    {OpKind::floor_divide, checkDivisor},
    {OpKind::remainder, checkDivisor},
    {OpKind::fmod, checkDivisor},
    {OpKind::check_values, checkValues},
    {OpKind::gather, checkGather},
    {OpKind::scatter_add, checkScatter},
    {OpKind::scatter, checkScatter},
    {OpKind::scatter_reduce, checkScatter},
    // These the API has checked: the interpreter may also be given a .mlir file.
    {OpKind::slice, checkSlice},
    {OpKind::as_strided, checkAsStrided},
    {OpKind::write_view, checkWriteView},
};

} // namespace

std::string tjit::checkOperandValues(OpKind kind, std::span<const int64_t> attributes,
                                     std::span<const TensorRef> operands) {
  for (const Check &check : kChecks)
    if (check.kind == kind)
      return check.check(kind, attributes.data(), operands);
  return {};
}

void tjit::interpretOp(OpKind kind, std::span<const int64_t> attributes,
                       std::span<const TensorRef> operands, const TensorRef &result) {
  Kernel kernel = kernels()[static_cast<unsigned>(kind)];
  if (!kernel)
    throw Error(std::string("interpreter: no kernel for ") + opInfo(kind).mnemonic);
  if (std::string error = checkOperandValues(kind, attributes, operands); !error.empty())
    throw Error(error);
  kernel({kind, attributes.data(), operands, result});
}
