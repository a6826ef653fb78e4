//===- CompileTrace.h - compiles a trace and makes values to run it on ------------------------===//
#pragma once

#include "../../../tools/tjit-run/Runner.h"
#include "IR/TraceKey.h"

#include <memory>
#include <random>

namespace tjit {

/// Decodes, imports and compiles for this machine, one thread. Null after a failure of the running
/// test.
std::unique_ptr<run::Runner> compileTrace(const TraceGraph &graph);

/// Element i becomes `value`, converted to the tensor's dtype.
void store(run::HostTensor &tensor, int64_t i, double value);

/// Zeros of both signs, ones, ties, infinities, NaN, subnormal, huge; of integers the least and the
/// largest.
double specialValue(ScalarType dtype, std::mt19937_64 &random);

} // namespace tjit
