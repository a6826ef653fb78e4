//===- Miss.h ---------------------------------------------------------------------------------===//
// What happens when the trace cache has no code for a trace.
//
// A miss is resolved in the order disk, compiler. Who waits for that is the policy of the thread
// (OnMiss in tjit/Runtime.h): the code of an entry is published once, by whoever comes first, and
// the next evaluation of the trace runs it. Until then the trace is interpreted, which gives the
// same bits.
//
// A recording of 10^5 operations is run in pieces, and fusing them takes minutes. Most will never
// come again. So a piece gets code in two steps: a kernel for each operation at first, which the
// compiler's cache nearly always has; fused code, made by the background, when the piece comes
// again.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/ThreadContext.h"

namespace tjit::rt {

class Context;

/// Loads or compiles an entry that has neither code nor a failure yet, or waits until another
/// thread has. It may stay unknown: there is no compiler, or the process ends.
void compileEntry(Context &context, CacheEntry &entry, Counters &counters);

/// What a thread finds out about an entry without code, by its policy. True: the entry has code or
/// a failure now. False: the trace is interpreted this time. Throws NotCompiledError.
bool resolveMiss(Context &context, CacheEntry &entry, ThreadContext &thread);

/// The entry has come again and its code is unfused: the background makes fused code some time.
void fuseLater(Context &context, CacheEntry &entry);
/// What it does then. The entry keeps what it has if that fails.
void fuseEntry(Context &context, CacheEntry &entry, Counters &counters);

/// For an entry that cannot be compiled: throws NotCompiledError if the thread's policy is to fail.
void checkFailureIsAllowed(Context &context, const CacheEntry &entry, const ThreadContext &thread);

/// Microseconds that the interpreter needs for a trace, about.
double estimateInterpretation(std::span<const uint64_t> key);

} // namespace tjit::rt
