//===- Execute.cpp ----------------------------------------------------------------------------===//
// Finding the executable of a key, and running it.

#include "Runtime/Evaluation.h"
#include "Runtime/RunPlan.h"

#include "tjit/Error.h"

#include <cstdio>
#include <xxhash.h>

namespace tjit::rt {

CacheEntry *Evaluation::findEntry(uint64_t hash) {
  std::span<const uint64_t> key(scratch.key.data(), scratch.key.size());
  Ref<CacheEntry> &recent = thread.recent.slots[hash % RecentEntries::kSlots];
  bool added = false;
  if (!recent || !recent->matches(hash, key) || recent->dropped.load(std::memory_order_relaxed))
    recent = context.cache.findOrAdd(hash, key, added);
  CacheEntry &entry = *recent;
  if (entry.state.load(std::memory_order_acquire) == CacheEntry::State::unknown) [[unlikely]]
    compile(entry, added);
  else
    thread.counters.hits.add();
  context.cache.touch(entry);
  return &entry;
}

void Evaluation::compile(CacheEntry &entry, bool added) {
  std::lock_guard lock(entry.compiling);
  if (entry.state.load(std::memory_order_relaxed) != CacheEntry::State::unknown) {
    thread.counters.hits.add(); // another thread has compiled it
    return;
  }
  char name[32];
  std::snprintf(name, sizeof name, "trace-%016llx", static_cast<unsigned long long>(entry.hash));
  if (added && context.log.wants(logCache))
    context.log.line(std::string("cache: miss, ") + name + ": " +
                     context.cache.explainMiss(entry.key));

  Compilation compilation = context.compiler.compile(context, entry.key, entry.hash);
  thread.counters.compilations.add();
  thread.counters.kernelsCompiled.add(compilation.kernelsCompiled);
  thread.counters.kernelsReused.add(compilation.kernelsReused);
  thread.counters.compileMicroseconds.add(static_cast<uint64_t>(compilation.milliseconds * 1000));
  if (compilation.error.empty()) {
    TraceGraph graph;
    if (decodeTrace(entry.key, graph))
      entry.executable = LoadedExecutable::load(compilation.bytes, graph, compilation.error);
    else
      compilation.error = "the key cannot be decoded";
  }
  if (context.log.wants(logCompile)) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f ms", compilation.milliseconds);
    context.log.line(std::string("compile: ") + name + ": " +
                     (compilation.error.empty()
                          ? text
                          : "failed, it will be interpreted: " + compilation.error));
  }
  entry.state.store(entry.executable ? CacheEntry::State::ready : CacheEntry::State::failed,
                    std::memory_order_release);
}

/// False: the trace has to be interpreted.
bool Evaluation::runCompiled() {
  if (context.settings.mode() != Mode::Compile || !context.compiler.functions(context))
    return false;
  const uint64_t hash = XXH3_64bits(scratch.key.data(), scratch.key.size() * sizeof(uint64_t));
  CacheEntry *entry = findEntry(hash);
  if (!entry->executable)
    return false;
  std::span<const InputArgument> inputs(scratch.inputs.data(), scratch.inputs.size());
  std::span<const uint64_t> scalars(scratch.scalarBits.data(), scratch.scalarBits.size());
  if (!entry->executable->mayFail) {
    runPlan(*entry->executable, inputs, scalars, scratch.results, thread);
    ranEntry = entry;
    return true;
  }
  try {
    runPlan(*entry->executable, inputs, scalars, scratch.results, thread);
    ranEntry = entry;
    return true;
  } catch (const OutOfMemoryError &) {
    throw;
  } catch (const Error &) {
    // The interpreter finds out which results depend on the operation that failed. No input was
    // overwritten.
    return false;
  }
}

void Evaluation::execute() {
  thread.counters.evaluations.add();
  if (!runCompiled()) {
    thread.counters.interpretations.add();
    runInterpreted();
  }
  if (context.log.wants(logEval)) [[unlikely]]
    context.log.line("eval: " + std::to_string(numNeeded) + " operations, " +
                     std::to_string(scratch.inputs.size()) + " inputs, " +
                     std::to_string(scratch.scalarBits.size()) + " scalars, " +
                     std::to_string(scratch.outputs.size()) + " results");
}

} // namespace tjit::rt
