//===- Infer.cpp - result types of operations: dispatch, creation, elementwise, reductions ----===//

#include "IR/Infer.h"
#include "IR/InferSupport.h"
#include "IR/OpAttrs.h.inc"

#include <cmath>

namespace tjit {

#include "IR/InferDispatch.cpp.inc"

std::string toString(std::span<const int64_t> sizes) {
  std::string text = "[";
  for (size_t i = 0; i < sizes.size(); ++i)
    text += (i ? ", " : "") + std::to_string(sizes[i]);
  return text + "]";
}

bool checkedNumElements(std::span<const int64_t> sizes, int64_t &out) {
  constexpr int64_t kLimit = int64_t(1) << 60;
  int64_t extent = 1;
  bool empty = false;
  for (int64_t size : sizes) {
    if (size < 0)
      return false;
    empty |= size == 0;
    if (size > 1 && (__builtin_mul_overflow(extent, size, &extent) || extent > kLimit))
      return false;
  }
  out = empty ? 0 : extent;
  return true;
}

bool broadcastSizes(std::span<const int64_t> a, std::span<const int64_t> b, Dims &out) {
  if (a.size() < b.size())
    std::swap(a, b);
  size_t missing = a.size() - b.size();
  Dims sizes(a);
  for (size_t i = 0; i < b.size(); ++i) {
    int64_t &size = sizes[missing + i];
    if (size == 1)
      size = b[i];
    else if (b[i] != size && b[i] != 1)
      return false;
  }
  out = std::move(sizes);
  return true;
}

namespace infer {

std::string subject(const InferContext &c) { return std::string(opInfo(c.kind).mnemonic) + ": "; }

std::string operandName(const InferContext &c, size_t i) {
  return c.operands.size() == 1 ? "the operand" : "operand " + std::to_string(i);
}

bool checkSizes(InferContext &c, std::span<const int64_t> sizes) {
  int64_t n;
  if (checkedNumElements(sizes, n))
    return true;
  for (int64_t size : sizes)
    if (size < 0)
      return c.fail(subject(c) + "the sizes " + toString(sizes) + " contain the negative size " +
                    std::to_string(size) + "; sizes are 0 or above");
  return c.fail(subject(c) + "a tensor of sizes " + toString(sizes) +
                " has more elements than 64 bits can address; use smaller sizes");
}

bool checkDType(InferContext &c, ScalarType dtype) {
  return static_cast<unsigned>(dtype) < kNumScalarTypes ||
         c.fail(subject(c) + "the dtype is undefined; name one");
}

bool checkDim(InferContext &c, int64_t dim, size_t rank) {
  if (dim >= 0 && dim < static_cast<int64_t>(rank))
    return true;
  return c.fail(
      subject(c) + "dim " + std::to_string(dim) + " is out of range for " + std::to_string(rank) +
      " dimensions" +
      (rank ? "; use 0 to " + std::to_string(rank - 1) : "; a 0-dim tensor has no dimension"));
}

bool checkIndexOperand(InferContext &c, size_t i) {
  const TensorType &type = *c.operands[i];
  if (type.dtype == ScalarType::Long && type.sizes.empty())
    return true;
  return c.fail(subject(c) + operandName(c, i) + " is " + toString(type.dtype) +
                toString(type.sizes) + "; it must be a 0-dim int64");
}

/// One dtype for operands `first` and after; elementwise operations do not promote, their callers
/// do.
static bool checkSameDType(InferContext &c, size_t first) {
  for (size_t i = first + 1; i < c.operands.size(); ++i)
    if (c.operands[i]->dtype != c.operands[first]->dtype)
      return c.fail(subject(c) + "operands have the dtypes " + toString(c.operands[first]->dtype) +
                    " and " + toString(c.operands[i]->dtype) + "; cast one of them");
  return true;
}

/// Broadcasts all operands' sizes into the result.
static bool broadcastOperands(InferContext &c) {
  c.result.sizes = c.operands[0]->sizes;
  bool grown = false;
  for (size_t i = 1; i < c.operands.size(); ++i) {
    const Dims &sizes = c.operands[i]->sizes;
    if (sizes == c.result.sizes || sizes.empty())
      continue;
    Dims before = c.result.sizes;
    if (!broadcastSizes(before, sizes, c.result.sizes))
      return c.fail(subject(c) + "the shapes " + toString(before) + " and " + toString(sizes) +
                    " do not broadcast; counted from the last, sizes must be equal or 1");
    grown = true;
  }
  return !grown || checkSizes(c, c.result.sizes);
}

/// Whether an integer dtype or bool holds the value.
static bool holds(ScalarType dtype, double value) {
  if (dtype == ScalarType::Bool)
    return value == 0 || value == 1;
  int bits = static_cast<int>(elementSize(dtype)) * 8;
  double low = dtype == ScalarType::Byte ? 0 : -std::ldexp(1, bits - 1);
  double end = std::ldexp(1, dtype == ScalarType::Byte ? bits : bits - 1);
  return value >= low && value < end && value == std::trunc(value);
}

bool fill(InferContext &c) {
  auto attrs = FillAttrs::read(c.attributes);
  c.result = {attrs.dtype, Dims(attrs.sizes)};
  if (!checkDType(c, attrs.dtype) || !checkSizes(c, attrs.sizes))
    return false;
  return isFloatingType(attrs.dtype) || holds(attrs.dtype, attrs.value) ||
         c.fail(subject(c) + std::to_string(attrs.value) + " is no value of " +
                toString(attrs.dtype) + "; cast it first");
}

bool iota(InferContext &c) {
  auto attrs = IotaAttrs::read(c.attributes);
  c.result = {ScalarType::Long, Dims{attrs.size}};
  return checkSizes(c, c.result.sizes);
}

bool random(InferContext &c) {
  auto attrs = RandomAttrs::read(c.attributes);
  c.result = {attrs.dtype, Dims(attrs.sizes)};
  if (!checkIndexOperand(c, 0) || !checkIndexOperand(c, 1) || !checkDType(c, attrs.dtype) ||
      !checkSizes(c, attrs.sizes))
    return false;
  switch (attrs.distribution) {
  case Distribution::uniform:
  case Distribution::normal:
    return isFloatingType(attrs.dtype) ||
           c.fail(subject(c) + "uniform and normal numbers are floating point, not " +
                  toString(attrs.dtype));
  case Distribution::bits:
    return attrs.dtype == ScalarType::Long ||
           c.fail(subject(c) + "random bits are int64, not " + toString(attrs.dtype));
  }
  return c.fail(subject(c) + "unknown distribution " +
                std::to_string(static_cast<int64_t>(attrs.distribution)));
}

bool randomCount(InferContext &c) {
  c.result = *c.operands[2];
  if (!checkIndexOperand(c, 0) || !checkIndexOperand(c, 1))
    return false;
  for (const TensorType *type : c.operands.subspan(3))
    if (type->dtype != c.result.dtype || type->sizes != c.result.sizes)
      return c.fail(subject(c) + "the parameters are " + toString(c.result.dtype) +
                    toString(c.result.sizes) + " and " + toString(type->dtype) +
                    toString(type->sizes) + "; cast and expand one of them");
  return true;
}

bool sameAsOperand(InferContext &c) {
  c.result = *c.operands[0];
  return true;
}

bool boolOfOperand(InferContext &c) {
  c.result = {ScalarType::Bool, c.operands[0]->sizes};
  return true;
}

bool cast(InferContext &c) {
  c.result = {CastAttrs::read(c.attributes).dtype, c.operands[0]->sizes};
  return checkDType(c, c.result.dtype);
}

bool broadcast(InferContext &c) {
  c.result.dtype = c.operands[0]->dtype;
  return checkSameDType(c, 0) && broadcastOperands(c);
}

/// Whether the enumeration in attribute word `at` is one of those up to `last`.
template <class Enum> static bool checkCase(InferContext &c, Enum last, unsigned at = 0) {
  const int64_t found = c.attributes[at];
  return (found >= 0 && found <= static_cast<int64_t>(last)) ||
         c.fail(subject(c) + "there is no " + opInfo(c.kind).attributes[at].name + " " +
                std::to_string(found));
}
bool checkValues(InferContext &c) { return checkCase(c, ValueRule::rate) && sameAsOperand(c); }
bool special(InferContext &c) {
  return checkCase(c, SpecialFunction::exponent) && sameAsOperand(c);
}
bool bessel(InferContext &c) {
  return checkCase(c, BesselFunction::spherical_j0) && sameAsOperand(c);
}
bool polynomial(InferContext &c) {
  return checkCase(c, PolynomialFamily::legendre_p) && broadcast(c);
}

bool compare(InferContext &c) {
  c.result.dtype = ScalarType::Bool;
  return checkSameDType(c, 0) && broadcastOperands(c);
}

bool where(InferContext &c) {
  c.result.dtype = c.operands[1]->dtype;
  if (c.operands[0]->dtype != ScalarType::Bool)
    return c.fail(subject(c) + "the condition is " + toString(c.operands[0]->dtype) +
                  "; it must be bool: compare it with 0");
  return checkSameDType(c, 1) && broadcastOperands(c);
}

/// Sizes after a reduction over ascending distinct dims.
static bool reduceSizes(InferContext &c, std::span<const int64_t> dims, bool keepdim) {
  const Dims &sizes = c.operands[0]->sizes;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (!checkDim(c, dims[i], sizes.size()))
      return false;
    if (i && dims[i] <= dims[i - 1])
      return c.fail(subject(c) + "dims " + toString(dims) + " are not distinct and ascending");
  }
  size_t next = 0, kept = 0;
  c.result.sizes = Dims(keepdim ? sizes.size() : sizes.size() - dims.size(), 1);
  for (size_t i = 0; i < sizes.size(); ++i) {
    bool reduced = next < dims.size() && dims[next] == static_cast<int64_t>(i);
    next += reduced;
    if (!reduced)
      c.result.sizes[kept] = sizes[i];
    kept += !reduced || keepdim;
  }
  return true;
}

bool reduceSum(InferContext &c) {
  auto attrs = SumAttrs::read(c.attributes);
  ScalarType dtype = c.operands[0]->dtype;
  c.result.dtype = isIntegralType(dtype, true) ? ScalarType::Long : dtype;
  return reduceSizes(c, attrs.dims, attrs.keepdim);
}

/// Reductions without an identity need an element.
static bool checkNotEmpty(InferContext &c, int64_t dim) {
  const Dims &sizes = c.operands[0]->sizes;
  return sizes[dim] != 0 ||
         c.fail(subject(c) + "dimension " + std::to_string(dim) + " of the operand " +
                toString(sizes) + " has size 0, so there is no element to choose");
}

bool reduceSame(InferContext &c) {
  auto attrs = AmaxAttrs::read(c.attributes);
  c.result.dtype = c.operands[0]->dtype;
  if (!reduceSizes(c, attrs.dims, attrs.keepdim))
    return false;
  for (int64_t dim : attrs.dims)
    if (!checkNotEmpty(c, dim))
      return false;
  return true;
}

bool argReduce(InferContext &c) {
  auto attrs = ArgmaxAttrs::read(c.attributes);
  c.result.dtype = ScalarType::Long;
  const int64_t dims[] = {attrs.dim};
  return reduceSizes(c, dims, attrs.keepdim) && checkNotEmpty(c, attrs.dim);
}

} // namespace infer

static const char *dtypeRequirement(const char *dtypes) {
  static constexpr const char *texts[][2] = {
      {"float", "floating-point operands; cast it, to float32 for instance"},
      {"number", "numbers, not bools; cast it, to int64 for instance"},
      {"integral", "bools or integers; cast it, to int64 for instance"},
      {"floatOrInt64", "int64 or floating-point operands; cast it"},
      {"float32Or64", "float32 or float64; cast it"}};
  for (auto &[name, text] : texts)
    if (std::string_view(dtypes) == name)
      return text;
  return "operands with a dtype";
}

bool inferType(InferContext &context) {
  const OpInfo &info = opInfo(context.kind);
  if (info.numOperands >= 0 ? context.operands.size() != static_cast<size_t>(info.numOperands)
                            : context.operands.empty())
    return context.fail(infer::subject(context) + "takes " +
                        (info.numOperands >= 0 ? std::to_string(info.numOperands) : "one or more") +
                        " operands, found " + std::to_string(context.operands.size()));
  for (size_t i = 0; i < context.operands.size(); ++i) {
    ScalarType dtype = context.operands[i]->dtype;
    if (!(info.dtypeMask >> static_cast<unsigned>(dtype) & 1))
      return context.fail(infer::subject(context) + infer::operandName(context, i) + " is " +
                          toString(dtype) + ", but it takes " + dtypeRequirement(info.dtypes));
  }
  return kInferRules[static_cast<unsigned>(context.kind)](context);
}

} // namespace tjit
