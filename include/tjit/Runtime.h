//===- Runtime.h ------------------------------------------------------------------------------===//
// Settings, statistics and control of evaluation.
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Export.h"

#include <cstdint>
#include <string>

TJIT_NAMESPACE_BEGIN

/// How recorded work is run (TJIT_MODE).
enum class Mode {
  Compile,   ///< fused and compiled, from the cache after the first time
  Interpret, ///< one operation at a time, in the reference interpreter
  Eager      ///< as Interpret, and every call is evaluated before it returns
};
TJIT_EXPORT void setMode(Mode mode);
TJIT_EXPORT Mode mode();

/// Threads that a parallel step may use, the calling one included (TJIT_NUM_THREADS). Never changes
/// a result's bits.
TJIT_EXPORT void set_num_threads(int n);
TJIT_EXPORT int get_num_threads();

/// Counts since the start or the last resetStatistics(), over all threads.
struct Statistics {
  uint64_t evaluations = 0;     ///< traces run
  uint64_t hits = 0;            ///< of these, found in the trace cache
  uint64_t compilations = 0;    ///< traces compiled
  uint64_t interpretations = 0; ///< traces run by the interpreter
  uint64_t evictions = 0;       ///< entries dropped from the trace cache
  uint64_t kernelsCompiled = 0, kernelsReused = 0;
  double compileMilliseconds = 0;
  uint64_t cachedTraces = 0;                                      ///< entries now
  uint64_t bytesInUse = 0, bytesReserved = 0, peakBytesInUse = 0; ///< of the caching allocator
};
TJIT_EXPORT Statistics statistics();
TJIT_EXPORT void resetStatistics();

/// Entries the trace cache keeps (least recently used go first).
TJIT_EXPORT void setTraceCacheCapacity(size_t traces);
/// Empties the trace cache and the compiler's kernel cache.
TJIT_EXPORT void clearCaches();
/// Whether the compiler library has been opened.
TJIT_EXPORT bool compilerLoaded();

/// Waits for work that is still running. All work on the CPU is finished when the call that needed
/// it returns.
TJIT_EXPORT void synchronize();

/// The settings table as text: name, default, current value, meaning; what `--help` of the tools
/// prints.
TJIT_EXPORT std::string describeSettings();
/// Sets by name ("TJIT_LOG", "cache,eval"); throws ValueError naming the valid names or values.
TJIT_EXPORT void setSetting(const std::string &name, const std::string &value);

TJIT_NAMESPACE_END
