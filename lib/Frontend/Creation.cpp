//===- Creation.cpp ---------------------------------------------------------------------------===//
// New tensors.
//
// Constants 0 and 1 and ranges are operations of the program; other numbers are its arguments; what
// is small and has no primitive (eye, linspace) is computed here and enters as data.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/CompiledCall.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
#include "IR/AttrWords.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tjit {

namespace {

Dims checkedSizes(IntArrayRef sizes, const char *operation) {
  int64_t n, bytes;
  if (!checkedNumElements(sizesOf(sizes), n) || __builtin_mul_overflow(n, int64_t(8), &bytes))
    throw Error(std::string(operation) + ": sizes " + toString(sizesOf(sizes)) +
                " are negative or have more elements than 64 bits can address");
  return Dims(sizesOf(sizes));
}

/// 0 and 1 are constants, all other numbers arguments.
Tensor constant(const Scalar &value, ScalarType dtype, const Dims &sizes) {
  if (value.equal(0) || value.equal(1))
    return recordFill(value.toDouble(), dtype, sizes);
  Tensor number = scalarArgument(value, dtype);
  if (sizes.empty())
    return number;
  AttrWords words;
  ExpandAttrs{sizes}.write(words);
  return recordOp(OpKind::expand, {&number, 1}, words.span());
}

/// The dtype of the options, else of the number: bool, int64 or the default dtype.
ScalarType dtypeFor(const TensorOptions &options, const Scalar &value) {
  if (options.has_dtype())
    return options.dtype();
  return value.isFloatingPoint() ? get_default_dtype().toScalarType() : value.type();
}
ScalarType dtypeFor(const TensorOptions &options, const Tensor &like) {
  return options.has_dtype() ? options.dtype().toScalarType() : like.scalar_type();
}

/// Numbers that were computed as float64.
Tensor fromDoubles(const std::vector<double> &values, ScalarType dtype) {
  const int64_t n = static_cast<int64_t>(values.size());
  HostTensor host = makeHostTensor(dtype, {&n, 1});
  for (int64_t i = 0; i < n; ++i)
    storeScalar(host.data + i * elementSize(dtype), values[i], dtype);
  return host.tensor;
}

std::vector<double> evenlySpaced(const Scalar &start, const Scalar &end, int64_t steps,
                                 const char *operation) {
  if (steps < 0)
    throw ValueError(std::string(operation) + ": the number of steps must not be negative, found " +
                     std::to_string(steps));
  std::vector<double> out(static_cast<size_t>(steps));
  const double from = start.toDouble(), to = end.toDouble(),
               step = steps > 1 ? (to - from) / double(steps - 1) : 0;
  for (int64_t i = 0; i < steps; ++i)
    out[i] = i < (steps + 1) / 2 ? from + step * double(i) : to - step * double(steps - 1 - i);
  return out;
}

} // namespace

inline namespace v1 {
namespace ops {

Tensor full(IntArrayRef sizes, const Scalar &value, TensorOptions options) {
  checkDevice(options.device(), "full");
  return finishCreation(constant(value, dtypeFor(options, value), checkedSizes(sizes, "full")),
                        options, "full");
}
Tensor zeros(IntArrayRef sizes, TensorOptions options) {
  checkDevice(options.device(), "zeros");
  return finishCreation(recordFill(0, options.dtype(), checkedSizes(sizes, "zeros")), options,
                        "zeros");
}
Tensor ones(IntArrayRef sizes, TensorOptions options) {
  checkDevice(options.device(), "ones");
  return finishCreation(recordFill(1, options.dtype(), checkedSizes(sizes, "ones")), options,
                        "ones");
}
Tensor empty(IntArrayRef sizes, TensorOptions options) {
  checkDevice(options.device(), "empty");
  return finishCreation(recordFill(0, options.dtype(), checkedSizes(sizes, "empty")), options,
                        "empty");
}

Tensor eye(int64_t n, int64_t m, TensorOptions options) {
  checkDevice(options.device(), "eye");
  const int64_t sizes[] = {n, m};
  const ScalarType dtype = options.dtype();
  HostTensor host = makeHostTensor(dtype, checkedSizes(sizes, "eye"));
  std::fill(host.data, host.data + host.tensor.nbytes(), std::byte{0});
  for (int64_t i = 0; i < std::min(n, m); ++i)
    storeScalar(host.data + i * (m + 1) * elementSize(dtype), 1, dtype);
  return finishCreation(host.tensor, options, "eye");
}
Tensor eye(int64_t n, TensorOptions options) { return tjit::eye(n, n, options); }

Tensor arange(const Scalar &start, const Scalar &end, const Scalar &step, TensorOptions options) {
  checkDevice(options.device(), "arange");
  // int64 counts in integers, whatever the bounds are, as in PyTorch.
  const bool integers =
      (options.has_dtype() && options.dtype() == kLong) ||
      (!start.isFloatingPoint() && !end.isFloatingPoint() && !step.isFloatingPoint());
  const ScalarType dtype = options.has_dtype() ? options.dtype().toScalarType()
                           : integers          ? kLong
                                               : get_default_dtype().toScalarType();
  const double from = start.toDouble(), to = end.toDouble(), by = step.toDouble();
  if (by == 0 || !(by > 0 ? from <= to : from >= to) || !std::isfinite(from) || !std::isfinite(to))
    throw ValueError("arange: from " + std::to_string(from) + " to " + std::to_string(to) + " by " +
                     std::to_string(by) +
                     " is no range: the step must not be 0 and must lead from start to end");
  int64_t n;
  if (integers) {
    const int64_t distance = by > 0 ? end.toLong() - start.toLong() : start.toLong() - end.toLong();
    const int64_t width = std::abs(step.toLong());
    if (width == 0)
      throw ValueError("arange: the step " + std::to_string(by) + " is 0 as an integer");
    n = distance / width + (distance % width != 0);
  } else {
    const double count = std::ceil((to - from) / by);
    if (count > 0x1p60)
      throw ValueError("arange: the range has more elements than 64 bits can address");
    n = static_cast<int64_t>(count);
  }
  Tensor out = recordOp(OpKind::iota, {}, {&n, 1});
  if (integers) {
    if (!step.equal(1))
      out = out * step.toLong();
    if (!start.equal(0))
      out = out + start.toLong();
  } else if (from != 0 || by != 1) {
    // In float64, rounded once.
    out = castTo(out, kDouble) * by + from;
  }
  return finishCreation(castTo(out, dtype), options, "arange");
}
Tensor arange(const Scalar &start, const Scalar &end, TensorOptions options) {
  return tjit::arange(start, end, Scalar(1), options);
}
Tensor arange(const Scalar &end, TensorOptions options) {
  return tjit::arange(Scalar(0), end, Scalar(1), options);
}

/// A bound is converted to the dtype of the result before anything is computed.
static Scalar asBound(const Scalar &bound, ScalarType dtype) {
  return isIntegralType(dtype, false) ? Scalar(bound.toLong()) : bound;
}
Tensor linspace(const Scalar &start, const Scalar &end, int64_t steps, TensorOptions options) {
  checkDevice(options.device(), "linspace");
  const ScalarType dtype = options.dtype();
  return finishCreation(
      fromDoubles(evenlySpaced(asBound(start, dtype), asBound(end, dtype), steps, "linspace"),
                  dtype),
      options, "linspace");
}
Tensor logspace(const Scalar &start, const Scalar &end, int64_t steps, double base,
                TensorOptions options) {
  checkDevice(options.device(), "logspace");
  const ScalarType dtype = options.dtype();
  std::vector<double> values =
      evenlySpaced(asBound(start, dtype), asBound(end, dtype), steps, "logspace");
  for (double &v : values)
    v = std::pow(base, v);
  return finishCreation(fromDoubles(values, options.dtype()), options, "logspace");
}
/// The number that a 0-dim tensor holds.
static Scalar numberOf(const Tensor &t, const char *operation) {
  if (!implOf(t, operation).type().sizes.empty())
    throw Error(std::string(operation) + ": expected 0-dim tensors as bounds, found sizes " +
                toString(t.impl()->type().sizes));
  return t.item();
}
Tensor linspace(const Tensor &start, const Tensor &end, int64_t steps, TensorOptions options) {
  return tjit::linspace(numberOf(start, "linspace"), numberOf(end, "linspace"), steps, options);
}
Tensor linspace(const Tensor &start, const Scalar &end, int64_t steps, TensorOptions options) {
  return tjit::linspace(numberOf(start, "linspace"), end, steps, options);
}
Tensor linspace(const Scalar &start, const Tensor &end, int64_t steps, TensorOptions options) {
  return tjit::linspace(start, numberOf(end, "linspace"), steps, options);
}
Tensor logspace(const Tensor &start, const Tensor &end, int64_t steps, double base,
                TensorOptions options) {
  return tjit::logspace(numberOf(start, "logspace"), numberOf(end, "logspace"), steps, base,
                        options);
}
Tensor logspace(const Tensor &start, const Scalar &end, int64_t steps, double base,
                TensorOptions options) {
  return tjit::logspace(numberOf(start, "logspace"), end, steps, base, options);
}
Tensor logspace(const Scalar &start, const Tensor &end, int64_t steps, double base,
                TensorOptions options) {
  return tjit::logspace(start, numberOf(end, "logspace"), steps, base, options);
}

/// Positions (row, column) of a matrix for which keep(column - row) holds.
template <class F>
static Tensor triangleIndices(int64_t rows, int64_t columns, TensorOptions options,
                              const char *operation, F keep) {
  checkDevice(options.device(), operation);
  if (rows < 0 || columns < 0)
    throw Error(std::string(operation) + ": the sizes must not be negative, found " +
                std::to_string(rows) + " and " + std::to_string(columns));
  const ScalarType dtype = options.has_dtype() ? options.dtype().toScalarType() : kLong;
  if (dtype != kLong && dtype != kInt)
    throw Error(std::string(operation) + ": the dtype is int64 or int32, found " + toString(dtype));
  std::vector<int64_t> row, column;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      if (keep(j - i))
        row.push_back(i), column.push_back(j);
  const int64_t n = static_cast<int64_t>(row.size());
  row.insert(row.end(), column.begin(), column.end());
  return castTo(fromIntegers(row).reshape({2, n}), dtype);
}
Tensor tril_indices(int64_t rows, int64_t columns, int64_t offset, TensorOptions options) {
  return triangleIndices(rows, columns, options, "tril_indices",
                         [offset](int64_t d) { return d <= offset; });
}
Tensor triu_indices(int64_t rows, int64_t columns, int64_t offset, TensorOptions options) {
  return triangleIndices(rows, columns, options, "triu_indices",
                         [offset](int64_t d) { return d >= offset; });
}
Tensor scalar_tensor(const Scalar &value, TensorOptions options) {
  checkDevice(options.device(), "scalar_tensor");
  return finishCreation(constant(value, options.dtype(), {}), options, "scalar_tensor");
}

static TensorOptions like(const Tensor &self, const TensorOptions &options, const char *operation) {
  implOf(self, operation);
  return options.dtype(dtypeFor(options, self));
}
Tensor zeros_like(const Tensor &self, TensorOptions options) {
  options = like(self, options, "zeros_like");
  return tjit::zeros(self.sizes(), options);
}
Tensor ones_like(const Tensor &self, TensorOptions options) {
  options = like(self, options, "ones_like");
  return tjit::ones(self.sizes(), options);
}
Tensor empty_like(const Tensor &self, TensorOptions options) {
  options = like(self, options, "empty_like");
  return tjit::empty(self.sizes(), options);
}
Tensor rand_like(const Tensor &self, TensorOptions options) {
  options = like(self, options, "rand_like");
  return tjit::rand(self.sizes(), options);
}
Tensor randn_like(const Tensor &self, TensorOptions options) {
  options = like(self, options, "randn_like");
  return tjit::randn(self.sizes(), options);
}
Tensor full_like(const Tensor &self, const Scalar &value, TensorOptions options) {
  options = like(self, options, "full_like");
  return tjit::full(self.sizes(), value, options);
}
Tensor new_zeros(const Tensor &self, IntArrayRef sizes, TensorOptions options) {
  return tjit::zeros(sizes, like(self, options, "new_zeros"));
}
Tensor new_ones(const Tensor &self, IntArrayRef sizes, TensorOptions options) {
  return tjit::ones(sizes, like(self, options, "new_ones"));
}
Tensor new_empty(const Tensor &self, IntArrayRef sizes, TensorOptions options) {
  return tjit::empty(sizes, like(self, options, "new_empty"));
}
Tensor new_full(const Tensor &self, IntArrayRef sizes, const Scalar &value, TensorOptions options) {
  return tjit::full(sizes, value, like(self, options, "new_full"));
}

//===------------------------------------------------------------------------------------------===//
// Conversion
//===------------------------------------------------------------------------------------------===//

using Format = std::optional<MemoryFormat>;
Tensor to(const Tensor &self, ScalarType dtype, bool, bool copy, Format format) {
  const Tensor out = castTo(self, dtype);
  if (format && *format != MemoryFormat::Preserve) {
    const Tensor formatted = inMemoryFormat(out, *format, "to");
    return copy && formatted.is_same(self) ? self.clone() : formatted;
  }
  return copy && out.is_same(self) ? self.clone() : out;
}
Tensor to(const Tensor &self, Device device, bool, bool copy, Format format) {
  checkDevice(device, "to");
  return self.to(implOf(self, "to").type().dtype, false, copy, format);
}
Tensor to(const Tensor &self, DeviceType device, bool, bool copy, Format format) {
  return self.to(Device(device), false, copy, format);
}
Tensor to(const Tensor &self, Device device, ScalarType dtype, bool, bool copy, Format format) {
  checkDevice(device, "to");
  return self.to(dtype, false, copy, format);
}
Tensor to(const Tensor &self, const TensorOptions &options, bool, bool copy, Format format) {
  checkDevice(options.device(), "to");
  return self.to(dtypeFor(options, self), false, copy, format);
}
Tensor to(const Tensor &self, const Tensor &other, bool, bool copy, Format format) {
  return self.to(other.scalar_type(), false, copy, format);
}
Tensor type_as(const Tensor &self, const Tensor &other) {
  return castTo(self, other.scalar_type());
}
Tensor toType(const Tensor &self, ScalarType dtype) { return castTo(self, dtype); }
Tensor cpu(const Tensor &self) { return self.to(kCPU); }
Tensor cuda(const Tensor &self) { return self.to(kCUDA); }

} // namespace ops
} // namespace v1
} // namespace tjit
