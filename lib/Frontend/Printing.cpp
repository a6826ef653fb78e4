//===- Printing.cpp ---------------------------------------------------------------------------===//
// Libtorch's text of a tensor.
//
// operator<< chooses one format for all elements as libtorch does
// (aten/src/ATen/core/Formatting.cpp): plain integers, four decimals, a common factor, or
// scientific notation. The stream's own settings are neither used nor changed.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Evaluate.h"
#include "Frontend/Ops.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace tjit {

namespace {

/// How all elements of a matrix or vector are written.
struct Format {
  char conversion = 'g';
  int precision = 6, width = 0;
  double scale = 1;

  std::string text(double v) const {
    const char spec[] = {'%', '*', '.', '*', conversion, 0};
    char out[64];
    std::snprintf(out, sizeof out, spec, width, precision, v / scale);
    return out;
  }
};

Format chooseFormat(const double *values, size_t n) {
  Format f;
  bool integers = true, any = false;
  double low = 1, high = 1;
  for (size_t i = 0; i < n; ++i) {
    if (!std::isfinite(values[i]))
      continue;
    const double a = std::fabs(values[i]);
    integers &= a == std::ceil(a);
    low = any ? std::min(low, a) : a, high = any ? std::max(high, a) : a;
    any = true;
  }
  auto exponent = [&](double v) {
    return any && v != 0 ? static_cast<int>(std::floor(std::log10(v))) + 1 : 1;
  };
  const int least = exponent(low), most = exponent(high);
  if (integers) {
    if (most > 9)
      f.conversion = 'e', f.precision = 4, f.width = 11;
    else
      f.width = most + 1;
  } else if (most - least > 4) {
    f.conversion = 'e', f.precision = 4,
    f.width = 11 + (std::abs(most) > 99 || std::abs(least) > 99);
  } else {
    f.conversion = 'f', f.precision = 4;
    if (most > 5 || most < 0)
      f.width = 7, f.scale = std::pow(10.0, most - 1);
    else
      f.width = most == 0 ? 7 : most + 6;
  }
  return f;
}

/// The fewest digits that give the number back; with an exponent below 1e-4 and from 1e16 on.
std::string shortest(double v) {
  char out[64];
  const double a = std::fabs(v);
  const bool plain = !std::isfinite(v) || a == 0 || (a >= 1e-4 && a < 1e16);
  const auto end = plain ? std::to_chars(out, out + sizeof out, v, std::chars_format::fixed)
                         : std::to_chars(out, out + sizeof out, v, std::chars_format::scientific);
  return {out, end.ptr};
}

std::string scaleText(double scale) {
  char out[48];
  std::snprintf(out, sizeof out, scale > 1 && scale < 1e16 ? "%.0f *\n" : "%g *\n", scale);
  return out;
}

void printMatrix(std::string &out, const double *values, int64_t rows, int64_t columns, int indent,
                 int64_t line) {
  const Format f = chooseFormat(values, static_cast<size_t>(rows * columns));
  const std::string margin(static_cast<size_t>(indent), ' ');
  const int64_t perLine = std::max<int64_t>(1, (line - indent) / (f.width + 1));
  for (int64_t first = 0; first < columns; first += perLine) {
    const int64_t last = std::min(first + perLine, columns) - 1;
    if (perLine < columns)
      out += (first ? "\n" : "") + std::string("Columns ") + std::to_string(first + 1) + " to " +
             std::to_string(last + 1) + margin;
    if (f.scale != 1)
      out += scaleText(f.scale) + margin;
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = first; c <= last; ++c) {
        out += f.text(values[r * columns + c]);
        out += c == last ? "\n" : " ";
        if (c == last && r + 1 < rows)
          out += margin + (f.scale != 1 ? " " : "");
      }
  }
}

/// Matrices of the last two dimensions under their index, the first dimension running fastest.
void printStack(std::string &out, const double *values, const Dims &sizes, int64_t line) {
  const size_t outer = sizes.size() - 2;
  const int64_t rows = sizes[outer], columns = sizes[outer + 1];
  const Dims strides = contiguousStrides(sizes);
  Dims at(outer, 0);
  for (bool first = true;; first = false) {
    out += first ? "(" : "\n(";
    int64_t offset = 0;
    for (size_t d = 0; d < outer; ++d) {
      out += std::to_string(at[d] + 1) + ",";
      offset += at[d] * strides[d];
    }
    out += ".,.) = \n";
    printMatrix(out, values + offset, rows, columns, 1, line);
    size_t d = 0;
    for (; d < outer; ++d) {
      if (++at[d] < sizes[d])
        break;
      at[d] = 0;
    }
    if (d == outer)
      return;
  }
}

} // namespace

inline namespace v1 {

void print(const Tensor &tensor, int64_t linesize) { print(std::cout, tensor, linesize); }
std::ostream &operator<<(std::ostream &stream, const Tensor &tensor) {
  return print(stream, tensor, 80);
}
std::ostream &print(std::ostream &stream, const Tensor &tensor, int64_t linesize) {
  if (!tensor.defined())
    return stream << "[ Tensor (undefined) ]";
  const TensorImpl &t = *tensor.impl();
  const Dims &sizes = t.type().sizes;
  std::string out;
  const std::vector<double> values = readNumbers<double>(t);
  if (sizes.empty()) {
    out = shortest(values[0]) + "\n";
  } else if (values.empty()) {
    // Only the type.
  } else if (sizes.size() == 1) {
    const Format f = chooseFormat(values.data(), values.size());
    if (f.scale != 1)
      out += scaleText(f.scale);
    for (double v : values)
      out += f.text(v) + "\n";
  } else if (sizes.size() == 2) {
    printMatrix(out, values.data(), sizes[0], sizes[1], 0, linesize);
  } else {
    printStack(out, values.data(), sizes, linesize);
  }
  out += "[ " + tensor.toString() + "{";
  for (size_t i = 0; i < sizes.size(); ++i)
    out += (i ? "," : "") + std::to_string(sizes[i]);
  return stream << out + "} ]";
}

void Tensor::print() const {
  if (!defined()) {
    std::printf("[UndefinedType]\n");
    return;
  }
  std::string out = "[" + toString();
  for (size_t i = 0; i < sizes().size(); ++i)
    out += (i ? ", " : " [") + std::to_string(sizes()[i]);
  std::printf("%s%s]\n", out.c_str(), sizes().empty() ? "" : "]");
}

} // namespace v1
} // namespace tjit
