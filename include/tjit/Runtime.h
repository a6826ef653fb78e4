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
#include <vector>

TJIT_NAMESPACE_BEGIN

/// How recorded work is run (TJIT_MODE).
enum class Mode {
  Compile,   ///< fused and compiled, from the cache after the first time
  Interpret, ///< one operation at a time, in the reference interpreter
  Eager      ///< as Interpret, and every call is evaluated before it returns
};
TJIT_EXPORT void setMode(Mode mode);
TJIT_EXPORT Mode mode();

/// What a thread does with work for which there is no compiled code yet: not in the process, nor,
/// but for Interpret, in the cache on disk. Interpreted and compiled work give the same bits. Work
/// that is interpreted meanwhile is compiled by a thread in the background, and its code is used
/// from the next time on.
///
/// With each policy, what comes for the first time and is a piece of a long recording gets code for
/// one operation at a time, which is ready many times sooner; when it comes again, the background
/// makes the fused code that is used from then on (docs/runtime.md, "Long recordings").
enum class OnMiss {
  Automatic, ///< interpreted if that takes less than about a millisecond, else as Block
  Block,     ///< wait for the compiler, so that the first run already runs compiled code: fused,
             ///< but for long recordings
  Interpret, ///< interpreted whatever it takes: the thread never waits for the compiler or the disk
  Fail       ///< throws NotCompiledError, and leaves everything as it was
};
/// For work that the calling thread asks for from now on. Threads that never call this go by the
/// setting TJIT_ON_MISS.
TJIT_EXPORT void set_on_miss(OnMiss policy);
TJIT_EXPORT OnMiss on_miss();

/// Threads that a parallel step may use, the calling one included (TJIT_NUM_THREADS). Never changes
/// a result's bits.
TJIT_EXPORT void set_num_threads(int n);
TJIT_EXPORT int get_num_threads();

/// Counts since the start or the last resetStatistics(), over all threads.
struct Statistics {
  uint64_t evaluations = 0;     ///< traces run
  uint64_t hits = 0;            ///< of these, found in the trace cache
  uint64_t loads = 0;           ///< traces whose code was found in the cache on disk
  uint64_t compilations = 0;    ///< traces for which the code generator ran, or failed
  uint64_t plans = 0;           ///< traces that were given a plan over code that was there already
  uint64_t unfused = 0;         ///< of these two, pieces of long recordings with code for one
                                ///< operation at a time
  uint64_t fusedLater = 0;      ///< of these three, pieces that came again and have fused code now
  uint64_t interpretations = 0; ///< traces run by the interpreter
  uint64_t evictions = 0;       ///< entries dropped from the trace cache
  uint64_t kernelsCompiled = 0, kernelsReused = 0;
  double compileMilliseconds = 0;
  uint64_t cachedTraces = 0;                                      ///< entries now
  uint64_t bytesInUse = 0, bytesReserved = 0, peakBytesInUse = 0; ///< of the caching allocator
};
TJIT_EXPORT Statistics statistics();
/// Where compileMilliseconds went, in the order of the compiler's stages; the rest is around them
/// (threads, loading).
struct CompileStage {
  const char *name;
  double milliseconds;
};
TJIT_EXPORT std::vector<CompileStage> compileStages();
TJIT_EXPORT void resetStatistics();

/// Entries the trace cache keeps (least recently used go first).
TJIT_EXPORT void setTraceCacheCapacity(size_t traces);
/// Empties the trace cache and the compiler's kernel cache; the cache on disk stays.
TJIT_EXPORT void clearCaches();
/// Whether the compiler library has been opened.
TJIT_EXPORT bool compilerLoaded();

/// Waits until the background has compiled and written to the cache on disk what it was asked to,
/// so that work that was interpreted before runs compiled from now on. All computation on the CPU
/// is finished when the call that needed it returns.
TJIT_EXPORT void synchronize();

/// The settings table as text: name, default, current value, meaning; what `--help` of the tools
/// prints.
TJIT_EXPORT std::string describeSettings();
/// Sets by name ("TJIT_LOG", "cache,eval"); throws ValueError naming the valid names or values.
TJIT_EXPORT void setSetting(const std::string &name, const std::string &value);

TJIT_NAMESPACE_END
