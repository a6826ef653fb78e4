//===- CompileTrace.cpp - compiles a trace and makes values to run it on ----------------------===//

#include "CompileTrace.h"

#include "Codegen/Compiler.h"
#include "IR/Dialect/Trace.h"
#include "IR/Half.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace tjit {

static codegen::CompilerContext &compiler() {
  static codegen::CompilerContext context;
  return context;
}

std::unique_ptr<run::Runner> compileTrace(const TraceGraph &graph) {
  TraceGraph decoded; // the compiler is given decoded traces only
  EXPECT_TRUE(decodeTrace(encodeTrace(graph), decoded));
  auto target = codegen::makeTarget("native", 1);
  if (!target) {
    ADD_FAILURE() << llvm::toString(target.takeError());
    return nullptr;
  }
  codegen::CompileOptions options;
  options.target = std::move(*target);
  codegen::PlanRequest request;
  request.numInputs = decoded.inputs.size();
  request.donors.assign(decoded.outputs.size(), -1);
  auto module = ir::importTrace(decoded, &compiler().mlir());
  codegen::KernelCache kernels;
  auto compiled =
      compiler().compile(*module->getOps<mlir::func::FuncOp>().begin(), request, options, kernels);
  if (!compiled) {
    ADD_FAILURE() << llvm::toString(compiled.takeError());
    return nullptr;
  }
  std::vector<Dims> strides;
  for (const TraceInput &input : decoded.inputs)
    strides.push_back(input.strides);
  std::vector<TensorType> outputs;
  for (const TraceOutput &output : decoded.outputs)
    outputs.push_back(decoded.typeOf(output.value));
  return std::make_unique<run::Runner>(compiled->bytes, strides, outputs);
}

void store(run::HostTensor &tensor, int64_t i, double value) {
  std::byte *at = tensor.data() + i * elementSize(tensor.type.dtype);
  auto put = [&](auto typed) { std::memcpy(at, &typed, sizeof typed); };
  switch (tensor.type.dtype) {
  case ScalarType::Bool:
    return put(static_cast<uint8_t>(value != 0));
  case ScalarType::Byte:
    return put(static_cast<uint8_t>(value));
  case ScalarType::Char:
    return put(static_cast<int8_t>(value));
  case ScalarType::Short:
    return put(static_cast<int16_t>(value));
  case ScalarType::Int:
    return put(static_cast<int32_t>(value));
  case ScalarType::Long:
    return put(static_cast<int64_t>(value));
  case ScalarType::Half:
    return put(floatToFloat16(static_cast<float>(value)));
  case ScalarType::BFloat16:
    return put(floatToBFloat16(static_cast<float>(value)));
  case ScalarType::Float:
    return put(static_cast<float>(value));
  case ScalarType::Double:
    return put(value);
  case ScalarType::Undefined:
    break;
  }
}

double specialValue(ScalarType dtype, std::mt19937_64 &random) {
  if (isFloatingType(dtype)) {
    static const double values[] = {0.0,
                                    -0.0,
                                    1.0,
                                    -1.0,
                                    0.5,
                                    2.5,
                                    -3.5,
                                    std::numeric_limits<double>::infinity(),
                                    -std::numeric_limits<double>::infinity(),
                                    std::numeric_limits<double>::quiet_NaN(),
                                    1e-40,
                                    -1e-7,
                                    65504.0,
                                    1e30,
                                    300.25,
                                    0x1p62};
    return values[random() % std::size(values)];
  }
  int bits = static_cast<int>(elementSize(dtype)) * 8;
  bool isUnsigned = dtype == ScalarType::Byte || dtype == ScalarType::Bool;
  double least = isUnsigned ? 0 : -std::ldexp(1, bits - 1);
  double largest = dtype == ScalarType::Long   ? 0x1.fffffffffffffp62
                   : dtype == ScalarType::Bool ? 1
                                               : std::ldexp(1, bits - !isUnsigned) - 1;
  const double values[] = {0, 1, isUnsigned ? 2 : -1.0, 7, least, largest};
  return values[random() % std::size(values)];
}

} // namespace tjit
