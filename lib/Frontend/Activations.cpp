//===- Activations.cpp ------------------------------------------------------------------------===//
// Activation functions.
//
// Kinks and corners are PyTorch's. Where a branch would overflow it is computed from a harmless
// argument, so that no infinity reaches its gradient. 16-bit tensors are computed in float32 and
// rounded once.
//
//===------------------------------------------------------------------------------------------===//

#include "Frontend/Compose.h"
#include "Frontend/Composite.h"
#include "Frontend/ScalarBits.h"
#include "IR/Infer.h"

#include <cmath>

namespace tjit {
inline namespace v1 {
namespace ops {

namespace {

/// f of a floating-point tensor, in float32 at least.
template <class F> Tensor computed(const Tensor &x, const char *operation, F f) {
  checkFloating(x, operation);
  return castTo(f(wide(x)), x.scalar_type());
}
/// `value` in the dtype of x.
Tensor numberOf(const Tensor &x, const Scalar &value) {
  return scalarArgument(value, x.scalar_type());
}

/// log(1 + exp(x)) without overflow.
Tensor softplusOf(const Tensor &x) {
  return x.maximum(numberOf(x, 0)) + x.abs().neg().exp().log1p();
}
/// x between two numbers; the gradient is 0 at both.
Tensor between(const Tensor &x, const Scalar &low, const Scalar &high) {
  if (low.toDouble() > high.toDouble())
    return between(x, high, high); // the last limit wins
  const Tensor a = numberOf(x, low), b = numberOf(x, high);
  const Tensor outside = tjit::where(x.le(a), a, tjit::where(x.ge(b), b, x.detach())); // NaN stays
  return tjit::where(x.gt(a).logical_and(x.lt(b)), x, outside);
}
Tensor exponentialUnit(const Tensor &x, double alpha, double scale, double inputScale) {
  const Tensor negative = tjit::where(x.ge(0), 0, x);
  // At 0 the slope is that of the left side, and no more than a slope: PyTorch's second derivative
  // is 0 there.
  const Tensor linear =
      tjit::where(x.gt(0), scale == 1 ? x : x * scale, x * (alpha * scale * inputScale));
  return tjit::where(x.lt(0), (negative * inputScale).expm1() * (alpha * scale), linear);
}

} // namespace

Tensor nn_relu(const Tensor &input, bool inplace) { return stored(input, input.relu(), inplace); }
Tensor nn_sigmoid(const Tensor &input) { return input.sigmoid(); }
Tensor nn_tanh(const Tensor &input) { return input.tanh(); }

Tensor plain_hardtanh(const Tensor &input, const Scalar &low, const Scalar &high) {
  const ScalarType dtype = implOf(input, "hardtanh").type().dtype;
  if (dtype == kBool || (dtype == kByte && (low.toLong() < 0 || high.toLong() < 0)))
    throw Error(std::string("hardtanh: not defined for ") + toString(dtype) +
                (dtype == kBool ? "" : " with negative limits"));
  for (const Scalar &limit : {low, high})
    checkHolds(isFloatingType(dtype) ? limit : Scalar(limit.toLong()), dtype, "hardtanh");
  return between(input, low, high);
}
/// Python's nn.functional refuses limits in the wrong order, namespace torch does not.
Tensor nn_hardtanh(const Tensor &input, const Scalar &low, const Scalar &high, bool inplace) {
  if (low.toDouble() > high.toDouble())
    throw ValueError("hardtanh: min_val " + std::to_string(low.toDouble()) + " is above max_val " +
                     std::to_string(high.toDouble()));
  return stored(input, plain_hardtanh(input, low, high), inplace);
}
Tensor nn_relu6(const Tensor &input, bool inplace) { return nn_hardtanh(input, 0, 6, inplace); }

Tensor nn_elu(const Tensor &input, double alpha, bool inplace) {
  return stored(
      input,
      computed(input, "elu", [&](const Tensor &x) { return exponentialUnit(x, alpha, 1, 1); }),
      inplace);
}
Tensor nn_celu(const Tensor &input, double alpha, bool inplace) {
  if (alpha == 0)
    throw Error("celu: alpha must not be 0");
  auto forward = [alpha](const Tensor &x) { return exponentialUnit(x, alpha, 1, 1 / alpha); };
  // PyTorch's elu_backward with the derivative's factor 1.0 / alpha.toFloat(): rounded to float32
  // for float64 too. In place it starts from the result, because the operand is gone.
  const double slope = 1 / static_cast<double>(static_cast<float>(alpha));
  auto gradient = [alpha, slope](const Tensor &grad, const Tensor &x) {
    const Tensor falling = tjit::where(x.ge(0), 0, x); // a constant at 0, as in elu
    return tjit::where(x.gt(0), grad, grad * (slope * alpha) * (falling * slope).exp());
  };
  auto gradientOfResult = [alpha, slope](const Tensor &grad, const Tensor &, const Tensor &result) {
    return tjit::where(result.gt(0), grad, grad * slope * (result + alpha));
  };
  return stored(input,
                computed(input, "celu",
                         [&](const Tensor &x) {
                           return inplace ? compositeUnary("Celu", x, forward, gradientOfResult)
                                          : compositeUnary("Celu", x, forward, gradient);
                         }),
                inplace);
}
// Klambauer et al., Self-normalizing neural networks (2017).
Tensor nn_selu(const Tensor &input, bool inplace) {
  return stored(input,
                computed(input, "selu",
                         [&](const Tensor &x) {
                           return exponentialUnit(x, 1.6732632423543772848170429916717,
                                                  1.0507009873554804934193349852946, 1);
                         }),
                inplace);
}

Tensor nn_gelu(const Tensor &input, std::string_view approximate) {
  if (approximate != "none" && approximate != "tanh")
    throw Error("gelu: approximate must be none or tanh, found \"" + std::string(approximate) +
                "\"");
  return computed(input, "gelu", [&](const Tensor &x) {
    if (approximate == "none")
      return x * 0.5 * ((x * M_SQRT1_2).erf() + 1);
    // (1 + tanh(u)) / 2 is sigmoid(2 u), which takes half the instructions and is exact where the
    // sum would cancel.
    const Tensor twice = (x + x * x * x * 0.044715) * (M_SQRT2 * M_2_SQRTPI);
    return x * twice.sigmoid();
  });
}
Tensor nn_glu(const Tensor &input, int64_t dim) {
  const int64_t rank = rankOf(input, "glu");
  if (rank == 0)
    throw Error("glu: expected a tensor with dimensions");
  dim = wrapDim(dim, rank, "glu");
  const int64_t n = input.size(dim);
  if (n % 2)
    throw Error("glu: dimension " + std::to_string(dim) + " has the odd size " + std::to_string(n) +
                "; it is cut into halves");
  return computed(input, "glu", [&](const Tensor &x) {
    return x.narrow(dim, 0, n / 2) * x.narrow(dim, n / 2, n / 2).sigmoid();
  });
}

Tensor nn_hardshrink(const Tensor &input, const Scalar &lambd) {
  checkFloating(input, "hardshrink");
  const double l = lambd.toDouble();
  return tjit::where(input.ge(-l).logical_and(input.le(l)), 0, input);
}
Tensor nn_softshrink(const Tensor &input, const Scalar &lambd) {
  const double l = lambd.toDouble();
  if (l < 0)
    throw Error("softshrink: lambd must not be negative, found " + std::to_string(l));
  return computed(input, "softshrink", [&](const Tensor &x) {
    return tjit::where(x.gt(l), x - l, tjit::where(x.lt(-l), x + l, x * 0));
  });
}
Tensor nn_hardsigmoid(const Tensor &input, bool inplace) {
  auto sixth = [](const Tensor &x) {
    const Tensor y = between(x + 3, 0, 6);
    if (x.scalar_type() != kDouble || !x.requires_grad())
      return y / 6;
    // PyTorch's gradient has a sixth in float32, also for float64.
    constexpr double kSixth = 1.0f / 6.0f;
    return y * kSixth + y.detach() * (1.0 / 6.0 - kSixth);
  };
  return stored(input, computed(input, "hardsigmoid", sixth), inplace);
}
Tensor nn_hardswish(const Tensor &input, bool inplace) {
  auto forward = [](const Tensor &x) { return x * between(x + 3, 0, 6) / 6; };
  auto gradient = [](const Tensor &grad, const Tensor &x) {
    const Tensor curved = x.gt(-3).logical_and(x.lt(3));
    const Tensor slope = tjit::where(curved, x, 0) / 3 + 0.5; // finite at infinity
    return tjit::where(curved, grad * slope, tjit::where(x.le(-3), 0, grad));
  };
  return stored(
      input,
      computed(input, "hardswish",
               [&](const Tensor &x) { return compositeUnary("Hardswish", x, forward, gradient); }),
      inplace);
}
Tensor nn_leaky_relu(const Tensor &input, const Scalar &slope, bool inplace) {
  return stored(
      input,
      computed(input, "leaky_relu",
               [&](const Tensor &x) { return tjit::where(x.gt(0), x, x * slope.toDouble()); }),
      inplace);
}
Tensor nn_prelu(const Tensor &input, const Tensor &weight) {
  checkFloating(input, "prelu");
  if (implOf(weight, "prelu").type().dtype != input.scalar_type())
    throw Error(std::string("prelu: the input is ") + toString(input.scalar_type()) +
                " and the weight " + toString(weight.scalar_type()));
  if (weight.dim() > 1)
    throw Error("prelu: the weight must be a vector or a number, found sizes " +
                toString(sizesOf(weight.sizes())));
  Tensor w = weight;
  if (weight.numel() == 1) {
    w = weight.reshape({});
  } else {
    const int64_t channels = input.dim() > 1 ? input.size(1) : 1;
    if (input.dim() == 0 || weight.numel() != channels)
      throw Error("prelu: a weight of " + std::to_string(weight.numel()) + " numbers for " +
                  std::to_string(channels) + " channels of sizes " +
                  toString(sizesOf(input.sizes())));
    Dims sizes(static_cast<size_t>(input.dim()), 1);
    sizes[1] = channels;
    w = weight.reshape(refOf(sizes));
  }
  return tjit::where(input.gt(0), input, w * input);
}

Tensor nn_logsigmoid(const Tensor &input) {
  return computed(
             input, "logsigmoid",
             [](const Tensor &x) {
               // Through its parts the second derivative at 0 would be lost with that of |x|.
               return compositeUnary(
                   "LogSigmoid", x,
                   [](const Tensor &v) {
                     return v.minimum(numberOf(v, 0)) - v.abs().neg().exp().log1p();
                   },
                   [](const Tensor &grad, const Tensor &v) { return grad * v.neg().sigmoid(); });
             })
      .contiguous();
}
Tensor nn_mish(const Tensor &input, bool inplace) {
  // The gradient is PyTorch's term by term: its own one is NaN where the exponential overflows.
  auto value = [](const Tensor &x) { return x * softplusOf(x).tanh(); };
  auto gradient = [](const Tensor &grad, const Tensor &x) {
    const Tensor t = x.exp().log1p().tanh();
    return grad * (t + x * x.sigmoid() * (1 - t * t));
  };
  return stored(
      input,
      computed(input, "mish",
               [&](const Tensor &x) { return compositeUnary("Mish", x, value, gradient); }),
      inplace);
}
Tensor nn_silu(const Tensor &input, bool inplace) {
  return stored(input, computed(input, "silu", [](const Tensor &x) { return x * x.sigmoid(); }),
                inplace);
}
Tensor nn_softplus(const Tensor &input, const Scalar &beta, const Scalar &threshold) {
  const double b = beta.toDouble();
  return computed(input, "softplus", [&](const Tensor &x) {
    const Tensor scaled = x * b, linear = scaled.gt(threshold);
    return tjit::where(linear, x, tjit::where(linear, 0, scaled).exp().log1p() / b);
  });
}
Tensor nn_softsign(const Tensor &input) { return input / (input.abs() + 1); }
Tensor nn_tanhshrink(const Tensor &input) { return input - input.tanh(); }
Tensor nn_threshold(const Tensor &input, const Scalar &threshold, const Scalar &value,
                    bool inplace) {
  if (implOf(input, "threshold").type().dtype == kBool)
    throw Error("threshold: not defined for bool");
  checkHolds(threshold, input.scalar_type(), "threshold");
  checkHolds(value, input.scalar_type(), "threshold");
  Tensor result = tjit::where(input.le(numberOf(input, threshold)), numberOf(input, value), input);
  if (!inplace)
    return result;
  writeOnce(input, result, "threshold_");
  return input;
}

Tensor nn_softmax(const Tensor &input, int64_t dim, std::optional<ScalarType> dtype) {
  return input.softmax(dim, dtype);
}
Tensor nn_softmin(const Tensor &input, int64_t dim, std::optional<ScalarType> dtype) {
  return input.neg().softmax(dim, dtype);
}
Tensor nn_log_softmax(const Tensor &input, int64_t dim, std::optional<ScalarType> dtype) {
  return input.log_softmax(dim, dtype);
}
Tensor nn_dropout(const Tensor &input, double p, bool training, bool inplace) {
  return stored(input, tjit::dropout(input, p, training), inplace);
}

} // namespace ops
} // namespace v1
} // namespace tjit
