//===- RunPlan.h ------------------------------------------------------------------------------===//
// Running a loaded executable.
//
// In: the executable, its inputs' buffers, its scalars. Out: a buffer for every output. All memory
// of the run is reserved before the first step, so running out of it changes nothing.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/LoadedExecutable.h"
#include "Runtime/ThreadContext.h"

namespace tjit::rt {

/// Runs the plan and gives the outputs' buffers, counted, in `outputs`. Throws OutOfMemoryError or
/// what an interpreted operation throws; then `outputs` is empty and no input has changed.
void runPlan(const LoadedExecutable &executable, std::span<const InputArgument> inputs,
             std::span<const uint64_t> scalars, PodVector<Buffer *> &outputs,
             ThreadContext &thread);

} // namespace tjit::rt
