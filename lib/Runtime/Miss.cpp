//===- Miss.cpp -------------------------------------------------------------------------------===//
// What happens when the trace cache has no code for a trace.
//
// See Miss.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Miss.h"

#include "Runtime/Context.h"

#include "tjit/Error.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace tjit::rt {

namespace {

std::string nameOf(const CacheEntry &entry) {
  char name[32];
  std::snprintf(name, sizeof name, "trace-%016llx", static_cast<unsigned long long>(entry.hash));
  return name;
}

std::string milliseconds(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", ms);
  return text;
}

OnMiss policyOf(Context &context, const ThreadContext &thread) {
  return thread.onMiss ? *thread.onMiss : context.settings.onMiss();
}

CompileTarget targetOf(Context &context) {
  return {context.settings.cpu(), static_cast<uint32_t>(context.settings.threads())};
}

/// Decides the state of an entry, which others read without a lock from then on.
void publish(CacheEntry &entry, std::unique_ptr<const LoadedExecutable> executable) {
  entry.executable = std::move(executable);
  entry.code.store(entry.executable.get(), std::memory_order_release);
  entry.state.store(entry.executable ? CacheEntry::State::ready : CacheEntry::State::failed,
                    std::memory_order_release);
}

/// Fused code for an entry that has unfused code.
void replace(CacheEntry &entry, std::unique_ptr<const LoadedExecutable> executable) {
  entry.replacement = std::move(executable);
  entry.code.store(entry.replacement.get(), std::memory_order_release);
}

std::unique_ptr<const LoadedExecutable> load(const CacheEntry &entry,
                                             std::span<const uint8_t> bytes, std::string &error) {
  TraceGraph graph;
  if (decodeTrace(entry.key, graph))
    return LoadedExecutable::load(bytes, graph, error);
  error = "the key cannot be decoded";
  return nullptr;
}

bool unknown(const CacheEntry &entry) {
  return entry.state.load(std::memory_order_acquire) == CacheEntry::State::unknown;
}

/// Takes the code from the disk, if it is there. Holds `compiling`.
void findOnDisk(Context &context, CacheEntry &entry, const CompileTarget &target,
                Counters &counters) {
  // A dump shows what the compiler does.
  if (std::exchange(entry.lookedOnDisk, true) || !context.settings.dumpFolder().empty())
    return;
  std::vector<uint8_t> bytes = context.disk.load(context, entry.key, target);
  if (bytes.empty())
    return;
  std::string error;
  std::unique_ptr<const LoadedExecutable> executable = load(entry, bytes, error);
  if (context.log.wants(logCache))
    context.log.line("cache: disk: " + nameOf(entry) + (executable ? " found" : ": " + error));
  if (!executable)
    return;
  counters.loads.add();
  publish(entry, std::move(executable));
}

void logCompilation(Context &context, const CacheEntry &entry, const Compilation &c, bool unfused) {
  std::string text = "compile: " + nameOf(entry) + ": ";
  if (!c.error.empty()) {
    context.log.line(text + "failed, " +
                     (unknown(entry) ? "it will be interpreted: " : "it stays unfused: ") +
                     c.error);
    return;
  }
  text += milliseconds(c.milliseconds) + " ms, ";
  if (unfused)
    text += "unfused, a piece of " + std::to_string(entry.operations()) +
            " operations that has not come before, ";
  text += std::to_string(c.kernelsCompiled) + " kernels compiled, " +
          std::to_string(c.kernelsReused) + " reused:";
  for (unsigned stage = 0; stage < tjit_num_stages; ++stage)
    text += std::string(stage ? ", " : " ") + kCompileStageNames[stage] + " " +
            milliseconds(c.stageMs[stage]);
  context.log.line(text);
}

void logRemarks(Context &context, const CacheEntry &entry, const std::string &remarks) {
  for (size_t begin = 0, end; begin < remarks.size(); begin = end + 1) {
    end = std::min(remarks.find('\n', begin), remarks.size());
    context.log.line("fuse: " + nameOf(entry) + ": " + remarks.substr(begin, end - begin));
  }
}

/// Decides a state that is still unknown at the end of a scope: a compilation that takes its thread
/// with it has failed.
struct FailureUnlessDecided {
  CacheEntry &entry;
  bool mayStayUnknown = false;
  ~FailureUnlessDecided() {
    if (!mayStayUnknown && unknown(entry))
      publish(entry, nullptr);
  }
};

/// Runs the compiler and publishes what it makes. Holds `compiling`.
void compileNow(Context &context, CacheEntry &entry, const CompileTarget &target,
                Counters &counters, bool unfused) {
  if (!context.compiler.ready(context))
    return;
  const bool isFirst = unknown(entry);
  FailureUnlessDecided failure{entry};
  const std::atomic<bool> &cancelled = context.background.cancelled();
  Compilation c =
      context.compiler.compile(context, entry.key, entry.hash, target, unfused, &cancelled);
  if (!c.error.empty() && cancelled.load(std::memory_order_relaxed)) {
    failure.mayStayUnknown = true;
    return;
  }
  // New sizes of a known structure take a plan and no code; what is interpreted takes none either.
  (c.error.empty() && c.kernelsCompiled == 0 ? counters.plans : counters.compilations).add();
  counters.kernelsCompiled.add(c.kernelsCompiled);
  counters.kernelsReused.add(c.kernelsReused);
  counters.compileMicroseconds.add(static_cast<uint64_t>(c.milliseconds * 1000));
  for (unsigned stage = 0; stage < tjit_num_stages; ++stage)
    counters.stageMicroseconds[stage].add(static_cast<uint64_t>(c.stageMs[stage] * 1000));
  std::unique_ptr<const LoadedExecutable> executable;
  if (c.error.empty())
    executable = load(entry, c.bytes, c.error);
  if (context.log.wants(logCompile))
    logCompilation(context, entry, c, unfused);
  if (context.log.wants(logFuse))
    logRemarks(context, entry, c.remarks);
  if (executable && unfused)
    counters.unfused.add();
  if (isFirst) {
    publish(entry, std::move(executable));
  } else if (executable) {
    counters.fusedLater.add();
    replace(entry, std::move(executable));
  }
  if (c.error.empty())
    context.background.writeLater({Ref<CacheEntry>::share(&entry), target, std::move(c.bytes)});
}

/// `requested`: what is asked for, of the entry. False: nobody will do it.
bool request(Context &context, CacheEntry &entry, std::atomic<bool> &requested) {
  if (requested.exchange(true, std::memory_order_relaxed))
    return true;
  if (context.background.compileLater(entry))
    return true;
  requested.store(false, std::memory_order_relaxed);
  return false;
}

/// Work that the interpreter does sooner than this does not wait for the compiler.
constexpr double kShortMicroseconds = 1000;

/// Of the interpreter, about.
double microsecondsOf(CacheEntry &entry) {
  double estimate = entry.interpretation.load(std::memory_order_relaxed);
  if (estimate < 0) {
    estimate = estimateInterpretation(entry.key);
    entry.interpretation.store(estimate, std::memory_order_relaxed);
  }
  return estimate;
}

bool isShort(CacheEntry &entry) { return microsecondsOf(entry) < kShortMicroseconds; }

/// Whether the first code of an entry is unfused: fusing it would take longer than running it once
/// without. docs/adr/0016-long-recordings.md has the measurements.
bool startsUnfused(CacheEntry &entry) {
  constexpr uint32_t kPiece = 256, kLong = 1024; // operations
  constexpr double kFusing = 500;                // microseconds of an operation
  constexpr double kInterpreters = 10;           // unfused code is as many times faster, at least
  const uint32_t operations = entry.operations();
  if (operations < (entry.isPiece.load(std::memory_order_relaxed) ? kPiece : kLong))
    return false;
  return microsecondsOf(entry) < operations * kFusing * kInterpreters;
}

} // namespace

void compileEntry(Context &context, CacheEntry &entry, Counters &counters) {
  Background::Use use(context.background);
  if (!use)
    return;
  std::lock_guard lock(entry.compiling);
  if (!unknown(entry))
    return;
  const CompileTarget target = targetOf(context);
  findOnDisk(context, entry, target, counters);
  if (unknown(entry))
    compileNow(context, entry, target, counters, startsUnfused(entry));
}

void fuseLater(Context &context, CacheEntry &entry) { request(context, entry, entry.fusing); }

void fuseEntry(Context &context, CacheEntry &entry, Counters &counters) {
  Background::Use use(context.background);
  if (!use)
    return;
  std::lock_guard lock(entry.compiling);
  if (const LoadedExecutable *code = entry.code.load(std::memory_order_relaxed);
      code && code->unfused())
    compileNow(context, entry, targetOf(context), counters, /*unfused=*/false);
}

void checkFailureIsAllowed(Context &context, const CacheEntry &entry, const ThreadContext &thread) {
  if (policyOf(context, thread) == OnMiss::Fail)
    throw NotCompiledError("this work (" + nameOf(entry) +
                           ") cannot be compiled, and the thread has set on_miss to fail; "
                           "TJIT_LOG=compile tells why");
}

bool resolveMiss(Context &context, CacheEntry &entry, ThreadContext &thread) {
  const OnMiss policy = policyOf(context, thread);
  if (policy == OnMiss::Interpret) {
    request(context, entry, entry.queued);
    return false;
  }
  if (policy != OnMiss::Block) {
    // Reading a file is no wait to speak of. Whoever holds the lock compiles.
    Background::Use use(context.background);
    std::unique_lock lock(entry.compiling, std::defer_lock);
    if (use && lock.try_lock() && unknown(entry))
      findOnDisk(context, entry, targetOf(context), thread.counters);
  }
  if (unknown(entry)) {
    if (policy == OnMiss::Fail) {
      request(context, entry, entry.queued);
      throw NotCompiledError(
          "this work (" + nameOf(entry) +
          ") has not been compiled yet, and the thread has set on_miss to fail; it is compiled in "
          "the background now: wait with synchronize(), or run the same work once before under "
          "OnMiss::Block");
    }
    if (policy == OnMiss::Automatic && isShort(entry) && request(context, entry, entry.queued))
      return false;
    compileEntry(context, entry, thread.counters);
  }
  return !unknown(entry);
}

} // namespace tjit::rt
