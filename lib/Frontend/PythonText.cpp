//===- PythonText.cpp -------------------------------------------------------------------------===//
// The text that Python's PyTorch prints.
//
// Tensor::str follows torch/_tensor_str.py with its default options: four digits, lines of 80
// characters, and from 1001 elements on only three at both ends of every dimension.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Evaluate.h"
#include "Frontend/Ops.h"
#include "Frontend/ScalarBits.h"
#include "IR/DTypes.h"

#include "tjit/Autograd.h"

#include <cmath>
#include <cstdio>

namespace tjit {

namespace {

constexpr int64_t kEdge = 3, kSummarizeAbove = 1000, kLine = 80;

/// The elements of a dense tensor, with the positions that are shown of every dimension; -1 stands
/// for "...".
struct Elements {
  std::vector<std::byte> data;
  ScalarType dtype;
  Dims sizes, strides;
  bool summarize;

  Scalar at(int64_t offset) const {
    return loadScalar(data.data() + offset * elementSize(dtype), dtype);
  }
  std::vector<int64_t> shown(size_t dim) const {
    std::vector<int64_t> out;
    const int64_t n = sizes[dim];
    for (int64_t i = 0; i < n; ++i) {
      if (summarize && n > 2 * kEdge && i == kEdge) {
        out.push_back(-1);
        i = n - kEdge;
      }
      out.push_back(i);
    }
    return out;
  }
  template <class F> void forEachShown(F &&f, size_t dim = 0, int64_t offset = 0) const {
    if (dim == sizes.size()) {
      f(at(offset));
      return;
    }
    for (int64_t i : shown(dim))
      if (i >= 0)
        forEachShown(f, dim + 1, offset + i * strides[dim]);
  }
};

std::string printed(const char *spec, double v) {
  char out[512];
  std::snprintf(out, sizeof out, spec, v);
  return out;
}

class Formatter {
public:
  explicit Formatter(const Elements &elements) : floating_(isFloatingType(elements.dtype)) {
    if (!floating_) {
      elements.forEachShown([&](const Scalar &v) { widen(whole(v)); });
      return;
    }
    double low = 0, high = 0;
    bool any = false, integers = true;
    elements.forEachShown([&](const Scalar &s) {
      const double v = s.toDouble(), a = std::fabs(v);
      if (!std::isfinite(v) || v == 0)
        return;
      integers &= v == std::ceil(v);
      low = any ? std::min(low, a) : a, high = any ? std::max(high, a) : a;
      any = true;
    });
    if (!any)
      return;
    integers_ = integers;
    scientific_ = high / low > 1000 || high > 1e8 || (!integers && low < 1e-4);
    elements.forEachShown([&](const Scalar &s) {
      const double v = s.toDouble();
      if (std::isfinite(v) && v != 0)
        widen(text(v));
    });
  }

  size_t width() const { return width_; }
  std::string operator()(const Scalar &v) const {
    const std::string out = floating_ ? text(v.toDouble()) : whole(v);
    return std::string(out.size() < width_ ? width_ - out.size() : 0, ' ') + out;
  }

private:
  static std::string whole(const Scalar &v) {
    return v.isBoolean() ? (v.toBool() ? "True" : "False") : std::to_string(v.toLong());
  }
  std::string text(double v) const {
    if (std::isnan(v))
      return "nan";
    if (std::isinf(v))
      return v < 0 ? "-inf" : "inf";
    if (scientific_)
      return printed("%.4e", v);
    return integers_ ? printed("%.0f", v) + "." : printed("%.4f", v);
  }
  void widen(const std::string &out) { width_ = std::max(width_, out.size()); }

  bool floating_, integers_ = true, scientific_ = false;
  size_t width_ = 1;
};

std::string join(const std::vector<std::string> &parts, const std::string &separator) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i)
    out += (i ? separator : "") + parts[i];
  return out;
}

std::string body(const Elements &e, const Formatter &format, size_t dim, int64_t offset,
                 size_t indent) {
  const size_t rank = e.sizes.size();
  if (rank == 0)
    return format(e.at(0));
  std::vector<std::string> parts;
  for (int64_t i : e.shown(dim)) {
    if (i < 0)
      parts.push_back(dim + 1 == rank ? " ..." : "...");
    else if (dim + 1 == rank)
      parts.push_back(format(e.at(offset + i * e.strides[dim])));
    else
      parts.push_back(body(e, format, dim + 1, offset + i * e.strides[dim], indent + 1));
  }
  const std::string margin(indent + 1, ' ');
  if (dim + 1 < rank)
    return "[" + join(parts, "," + std::string(rank - dim - 1, '\n') + margin) + "]";
  const size_t perLine = std::max<size_t>(1, (kLine - indent) / (format.width() + 2));
  std::vector<std::string> lines;
  for (size_t i = 0; i < parts.size(); i += perLine)
    lines.push_back(
        join({parts.begin() + i, parts.begin() + std::min(i + perLine, parts.size())}, ", "));
  return "[" + join(lines, ",\n" + margin) + "]";
}

} // namespace

inline namespace v1 {

std::string Tensor::str() const {
  if (!defined())
    return "tensor(undefined)";
  const TensorImpl &t = *impl_;
  const std::string prefix = "tensor(";
  Elements elements{readElements(t), t.type().dtype, t.type().sizes,
                    contiguousStrides(t.type().sizes), t.numel() > kSummarizeAbove};
  std::vector<std::string> suffixes;
  const bool usual = t.type().dtype == get_default_dtype() ||
                     ((t.type().dtype == kLong || t.type().dtype == kBool) && t.numel());
  std::string out = prefix;
  if (t.numel() == 0) {
    out += "[]";
    if (dim() != 1) {
      std::string sizes = "size=(";
      for (int64_t i = 0; i < dim(); ++i)
        sizes += (i ? ", " : "") + std::to_string(size(i));
      suffixes.push_back(sizes + ")");
    }
  } else {
    out += body(elements, Formatter(elements), 0, 0, prefix.size());
  }
  if (!usual)
    suffixes.push_back(std::string("dtype=torch.") + tjit::toString(t.type().dtype));
  if (autograd::NodePtr node = grad_fn()) {
    // Python has the name without its namespace.
    const std::string function = node->name();
    suffixes.push_back("grad_fn=<" + function.substr(function.rfind(':') + 1) + ">");
  } else if (requires_grad()) {
    suffixes.push_back("requires_grad=True");
  }
  // A suffix that does not fit goes to a line of its own.
  const size_t newline = out.rfind('\n');
  size_t last = newline == std::string::npos ? out.size() + 2 : out.size() - newline + 1;
  for (const std::string &suffix : suffixes) {
    if (last + suffix.size() + 2 > static_cast<size_t>(kLine)) {
      out += ",\n" + std::string(prefix.size(), ' ') + suffix;
      last = prefix.size() + suffix.size();
    } else {
      out += ", " + suffix;
      last += suffix.size() + 2;
    }
  }
  return out + ")";
}

} // namespace v1
} // namespace tjit
