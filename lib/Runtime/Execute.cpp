//===- Execute.cpp ----------------------------------------------------------------------------===//
// Finding the executable of a key, and running it.

#include "Runtime/Evaluation.h"
#include "Runtime/Miss.h"
#include "Runtime/RunPlan.h"

#include "tjit/Error.h"

#include <cstdio>
#include <xxhash.h>

namespace tjit::rt {

/// Null: there is no code for the trace yet.
CacheEntry *Evaluation::findEntry(uint64_t hash) {
  std::span<const uint64_t> key(scratch.key.data(), scratch.key.size());
  Ref<CacheEntry> &recent = thread.recent.slots[hash % RecentEntries::kSlots];
  bool added = false;
  if (!recent || !recent->matches(hash, key) || recent->dropped.load(std::memory_order_relaxed))
    recent = context.cache.findOrAdd(hash, key, added);
  CacheEntry &entry = *recent;
  if (entry.state.load(std::memory_order_acquire) == CacheEntry::State::unknown) [[unlikely]] {
    if (!miss(entry, added))
      return nullptr;
  } else {
    thread.counters.hits.add();
    if (const LoadedExecutable *code = entry.code.load(std::memory_order_acquire);
        code && code->unfused()) [[unlikely]]
      fuseLater(context, entry);
  }
  context.cache.touch(entry);
  return &entry;
}

bool Evaluation::miss(CacheEntry &entry, bool added) {
  if (added && context.log.wants(logCache)) {
    char name[32];
    std::snprintf(name, sizeof name, "trace-%016llx", static_cast<unsigned long long>(entry.hash));
    context.log.line(std::string("cache: miss, ") + name + ": " +
                     context.cache.explainMiss(entry.key));
  }
  if (isPiece)
    entry.isPiece.store(true, std::memory_order_relaxed);
  Counters &counters = thread.counters;
  const uint64_t made = counters.compilations + counters.plans + counters.loads;
  const bool decided = resolveMiss(context, entry, thread);
  if (decided && made == counters.compilations + counters.plans + counters.loads)
    counters.hits.add(); // another thread has compiled it
  return decided;
}

/// False: the trace has to be interpreted.
bool Evaluation::runCompiled() {
  if (context.settings.mode() != Mode::Compile || !context.compiler.possible())
    return false;
  const uint64_t hash = XXH3_64bits(scratch.key.data(), scratch.key.size() * sizeof(uint64_t));
  CacheEntry *entry = findEntry(hash);
  const LoadedExecutable *code = entry ? entry->code.load(std::memory_order_acquire) : nullptr;
  if (!code) [[unlikely]] {
    if (entry)
      checkFailureIsAllowed(context, *entry, thread);
    return false;
  }
  std::span<const InputArgument> inputs(scratch.inputs.data(), scratch.inputs.size());
  std::span<const uint64_t> scalars(scratch.scalarBits.data(), scratch.scalarBits.size());
  if (!code->mayFail) {
    runPlan(*code, inputs, scalars, scratch.results, thread);
    ranEntry = entry;
    return true;
  }
  try {
    runPlan(*code, inputs, scalars, scratch.results, thread);
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
