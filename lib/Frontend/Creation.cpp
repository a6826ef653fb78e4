//===- Creation.cpp ---------------------------------------------------------------------------===//
// New tensors.
//
// Constants 0 and 1 and ranges are operations of the program; other numbers are its arguments; what
// is small and has no primitive (eye, linspace) is computed here and enters as data.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/CompiledCall.h"
#include "Frontend/Compose.h"
#include "Frontend/Evaluate.h"
#include "Frontend/Layout.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
#include "IR/AttrWords.h"
#include "IR/Infer.h"
#include "IR/OpAttrs.h.inc"

#include <algorithm>
#include <cmath>
#include <numbers>
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
  checkHolds(value, dtype, "full");
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
                                 ScalarType dtype, const char *operation) {
  if (steps < 0)
    throw ValueError(std::string(operation) + ": the number of steps must not be negative, found " +
                     std::to_string(steps));
  std::vector<double> out(static_cast<size_t>(steps));
  // In 16 bits PyTorch rounds each step.
  auto rounded = [dtype](double v) {
    if (computeDtype(dtype) == dtype)
      return v;
    uint64_t word = bitsOf(v, dtype);
    return loadScalar(&word, dtype).toDouble();
  };
  const double from = rounded(start.toDouble()), to = rounded(end.toDouble()),
               step = steps > 1 ? rounded((to - from) / double(steps - 1)) : 0;
  for (int64_t i = 0; i < steps; ++i)
    out[i] = i < steps / 2 || steps == 1 ? from + rounded(step * double(i))
                                         : to - rounded(step * double(steps - 1 - i));
  return out;
}

/// `t`, which is new, row-major and without history, with its elements in another order in memory:
/// it is no view to anybody.
Tensor withOrder(const Tensor &t, const Dims &order) {
  Dims sizes(order.size(), 0);
  for (size_t i = 0; i < order.size(); ++i)
    sizes[i] = t.size(order[i]);
  const Tensor dense = t.reshape(refOf(sizes)).detach();
  return makeAlias(*dense.impl(), t.impl()->type().sizes,
                   stridesInOrder(t.impl()->type().sizes, order), 0);
}
Tensor inFormat(const Tensor &t, MemoryFormat format, const char *operation) {
  if (format == MemoryFormat::Contiguous || format == MemoryFormat::Preserve)
    return t;
  const int64_t rank = t.dim(), wanted = format == MemoryFormat::ChannelsLast ? 4 : 5;
  if (rank != wanted)
    throw Error(std::string(operation) + ": this memory format is for tensors with " +
                std::to_string(wanted) + " dimensions, found sizes " +
                toString(sizesOf(t.sizes())));
  Dims order{0};
  for (int64_t d = 2; d < rank; ++d)
    order.push_back(d);
  order.push_back(1);
  return withOrder(t, order);
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
Tensor empty(IntArrayRef sizes, TensorOptions options, std::optional<MemoryFormat> format) {
  checkDevice(options.device(), "empty");
  const Tensor t = recordFill(0, options.dtype(), checkedSizes(sizes, "empty"));
  if (!format)
    format = options.memory_format_opt();
  if (format == MemoryFormat::Preserve)
    throw Error("empty: there is nothing whose memory format could be preserved");
  return finishCreation(format ? inFormat(t, *format, "empty") : t, options, "empty");
}
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, TensorOptions options) {
  checkDevice(options.device(), "empty_strided");
  const Dims shape = checkedSizes(sizes, "empty_strided"), steps(sizesOf(strides));
  if (steps.size() != shape.size() ||
      std::any_of(steps.begin(), steps.end(), [](int64_t s) { return s < 0; }))
    throw Error("empty_strided: strides " + toString(steps) + " for sizes " + toString(shape) +
                " must be as many and not negative");
  const int64_t reach = extent(shape, steps);
  const Tensor all = recordFill(0, options.dtype(), std::span(&reach, 1));
  return finishCreation(makeAlias(*all.impl(), shape, steps, 0), options, "empty_strided");
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
  refuseBool(dtype, "arange");
  // Elements that are integers are counted from a start by a step that are, but as many as the
  // bounds say.
  const bool whole = !isFloatingType(dtype);
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
  if (integers || whole) {
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
  refuseBool(dtype, "linspace");
  checkHolds(start, dtype, "linspace");
  checkHolds(end, dtype, "linspace");
  return finishCreation(fromDoubles(evenlySpaced(asBound(start, dtype), asBound(end, dtype), steps,
                                                 dtype, "linspace"),
                                    dtype),
                        options, "linspace");
}
Tensor logspace(const Scalar &start, const Scalar &end, int64_t steps, double base,
                TensorOptions options) {
  checkDevice(options.device(), "logspace");
  const ScalarType dtype = options.dtype();
  refuseBool(dtype, "logspace");
  std::vector<double> values =
      evenlySpaced(asBound(start, dtype), asBound(end, dtype), steps, kDouble, "logspace");
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
Tensor scalar_to_tensor(const Scalar &s, Device device) {
  checkDevice(device, "scalar_to_tensor");
  return constant(s, s.type(), {});
}
Tensor scalar_tensor(const Scalar &value, TensorOptions options) {
  checkDevice(options.device(), "scalar_tensor");
  // In 16 bits too large a number is infinity, as in libtorch, where full() refuses it.
  return finishCreation(castTo(constant(value, computeDtype(options.dtype()), {}), options.dtype()),
                        options, "scalar_tensor");
}

Tensor range(const Scalar &start, const Scalar &end, const Scalar &step, TensorOptions options) {
  const double from = start.toDouble(), to = end.toDouble(), by = step.toDouble();
  if (by == 0 || !(by > 0 ? from <= to : from >= to) || !std::isfinite(from) || !std::isfinite(to))
    throw ValueError("range: from " + std::to_string(from) + " to " + std::to_string(to) + " by " +
                     std::to_string(by) +
                     " is no range: the step must not be 0 and must lead from start to end");
  // Half a step behind the last element ends the half-open range.
  const double last = from + std::floor((to - from) / by) * by;
  return tjit::arange(from, last + by / 2, by, options.dtype(options.dtype()));
}
Tensor range(const Scalar &start, const Scalar &end, TensorOptions options) {
  return tjit::range(start, end, 1, options);
}

//===------------------------------------------------------------------------------------------===//
// Windows
//===------------------------------------------------------------------------------------------===//

/// f(k / n) for k = 0 ... length - 1; n is the length, or one less where it is not periodic.
template <class F>
static Tensor window(int64_t length, bool periodic, TensorOptions options, const char *operation,
                     F f) {
  checkDevice(options.device(), operation);
  if (!isFloatingType(options.dtype()))
    throw Error(std::string(operation) + ": expected a floating-point dtype, found " +
                toString(options.dtype().toScalarType()));
  if (length < 0)
    throw Error(std::string(operation) + ": the length must not be negative, found " +
                std::to_string(length));
  std::vector<double> values(static_cast<size_t>(length), 1);
  const double n = static_cast<double>(periodic ? length : length - 1);
  if (length > 1)
    for (int64_t k = 0; k < length; ++k)
      values[k] = f(static_cast<double>(k) / n);
  return finishCreation(fromDoubles(values, options.dtype()), options, operation);
}
constexpr double kTurn = 2 * std::numbers::pi;
Tensor hann_window(int64_t length, bool periodic, TensorOptions options) {
  return window(length, periodic, options, "hann_window",
                [](double x) { return 0.5 - 0.5 * std::cos(kTurn * x); });
}
Tensor hann_window(int64_t length, TensorOptions options) {
  return ops::hann_window(length, true, options);
}
Tensor hamming_window(int64_t length, bool periodic, double alpha, double beta,
                      TensorOptions options) {
  return window(length, periodic, options, "hamming_window",
                [=](double x) { return alpha - beta * std::cos(kTurn * x); });
}
Tensor hamming_window(int64_t length, bool periodic, double alpha, TensorOptions options) {
  return ops::hamming_window(length, periodic, alpha, 0.46, options);
}
Tensor hamming_window(int64_t length, bool periodic, TensorOptions options) {
  return ops::hamming_window(length, periodic, 0.54, 0.46, options);
}
Tensor hamming_window(int64_t length, TensorOptions options) {
  return ops::hamming_window(length, true, options);
}
Tensor blackman_window(int64_t length, bool periodic, TensorOptions options) {
  return window(length, periodic, options, "blackman_window", [](double x) {
    return 0.42 - 0.5 * std::cos(kTurn * x) + 0.08 * std::cos(2 * kTurn * x);
  });
}
Tensor blackman_window(int64_t length, TensorOptions options) {
  return ops::blackman_window(length, true, options);
}
Tensor bartlett_window(int64_t length, bool periodic, TensorOptions options) {
  return window(length, periodic, options, "bartlett_window",
                [](double x) { return 1 - std::abs(2 * x - 1); });
}
Tensor bartlett_window(int64_t length, TensorOptions options) {
  return ops::bartlett_window(length, true, options);
}

static TensorOptions like(const Tensor &self, const TensorOptions &options, const char *operation) {
  implOf(self, operation);
  return options.dtype(dtypeFor(options, self));
}
using Format = std::optional<MemoryFormat>;
/// A new tensor for self's sizes in the memory format that was asked for, by default self's: dense
/// tensors keep the order of their dimensions in memory.
template <class Make>
static Tensor madeLike(const Tensor &self, TensorOptions options, Format format,
                       const char *operation, Make make) {
  options = like(self, options, operation);
  const Tensor made = make(options.requires_grad(false));
  if (!format)
    format = options.memory_format_opt();
  const bool preserve = format.value_or(MemoryFormat::Preserve) == MemoryFormat::Preserve;
  Tensor out = made;
  if (!preserve)
    out = inFormat(made, *format, operation);
  else if (const std::optional<Dims> order = orderOfCopy(self))
    out = withOrder(made, *order);
  return finishCreation(out, options, operation);
}
Tensor zeros_like(const Tensor &self, TensorOptions options, Format format) {
  return madeLike(self, options, format, "zeros_like",
                  [&](const TensorOptions &o) { return tjit::zeros(self.sizes(), o); });
}
Tensor ones_like(const Tensor &self, TensorOptions options, Format format) {
  return madeLike(self, options, format, "ones_like",
                  [&](const TensorOptions &o) { return tjit::ones(self.sizes(), o); });
}
Tensor empty_like(const Tensor &self, TensorOptions options, Format format) {
  return madeLike(self, options, format, "empty_like",
                  [&](const TensorOptions &o) { return tjit::zeros(self.sizes(), o); });
}
Tensor rand_like(const Tensor &self, TensorOptions options, Format format) {
  return madeLike(self, options, format, "rand_like",
                  [&](const TensorOptions &o) { return tjit::rand(self.sizes(), o); });
}
Tensor randn_like(const Tensor &self, TensorOptions options, Format format) {
  return madeLike(self, options, format, "randn_like",
                  [&](const TensorOptions &o) { return tjit::randn(self.sizes(), o); });
}
Tensor randint_like(const Tensor &self, int64_t low, int64_t high, TensorOptions options) {
  return madeLike(self, options, std::nullopt, "randint_like", [&](const TensorOptions &o) {
    return tjit::randint(low, high, self.sizes(), o);
  });
}
Tensor randint_like(const Tensor &self, int64_t high, TensorOptions options) {
  return tjit::randint_like(self, 0, high, options);
}
Tensor full_like(const Tensor &self, const Scalar &value, TensorOptions options, Format format) {
  return madeLike(self, options, format, "full_like",
                  [&](const TensorOptions &o) { return tjit::full(self.sizes(), value, o); });
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
Tensor new_empty_strided(const Tensor &self, IntArrayRef sizes, IntArrayRef strides,
                         TensorOptions options) {
  return tjit::empty_strided(sizes, strides, like(self, options, "new_empty_strided"));
}
Tensor new_full(const Tensor &self, IntArrayRef sizes, const Scalar &value, TensorOptions options) {
  return tjit::full(sizes, value, like(self, options, "new_full"));
}

//===------------------------------------------------------------------------------------------===//
// Conversion
//===------------------------------------------------------------------------------------------===//

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
