//===- TraceCache.cpp -------------------------------------------------------------------------===//
// Executables by the signature of their trace.

#include "Runtime/TraceCache.h"

#include "IR/Infer.h"
#include "Runtime/TraceDifference.h"

#include <algorithm>

namespace tjit::rt {

Ref<CacheEntry> TraceCache::findOrAdd(uint64_t hash, std::span<const uint64_t> key, bool &added) {
  std::lock_guard lock(mutex_);
  auto [first, last] = entries_.equal_range(hash);
  for (auto it = first; it != last; ++it)
    if (it->second->matches(hash, key)) {
      added = false;
      touch(*it->second);
      return it->second;
    }
  added = true;
  auto entry = Ref<CacheEntry>::adopt(new CacheEntry);
  entry->hash = hash;
  entry->key.assign(key.begin(), key.end());
  entry->lastUsed = clock_.fetch_add(1, std::memory_order_relaxed) + 1;
  evictDownTo(capacity_ ? capacity_ - 1 : 0);
  if (capacity_)
    entries_.emplace(hash, entry);
  return entry;
}

void TraceCache::evictDownTo(size_t entries) {
  while (entries_.size() > entries) {
    auto oldest = std::ranges::min_element(entries_, {},
                                           [](const auto &e) { return e.second->lastUsed.load(); });
    oldest->second->dropped.store(true, std::memory_order_relaxed);
    entries_.erase(oldest);
    evictions_.fetch_add(1, std::memory_order_relaxed);
  }
}

void TraceCache::setCapacity(size_t entries) {
  std::lock_guard lock(mutex_);
  capacity_ = entries;
  evictDownTo(entries);
}

void TraceCache::clear() {
  std::lock_guard lock(mutex_);
  for (auto &[hash, entry] : entries_)
    entry->dropped.store(true, std::memory_order_relaxed);
  entries_.clear();
}

size_t TraceCache::size() {
  std::lock_guard lock(mutex_);
  return entries_.size();
}

std::string TraceCache::explainMiss(std::span<const uint64_t> key) {
  TraceGraph graph, other;
  if (!decodeTrace(key, graph))
    return "a malformed key";
  std::vector<std::string> nearest;
  bool sameOperations = false;
  std::lock_guard lock(mutex_);
  for (const auto &[hash, entry] : entries_) {
    if (std::ranges::equal(entry->key, key) || !decodeTrace(entry->key, other) ||
        !haveSameOperations(graph, other))
      continue;
    std::vector<std::string> differences = traceDifferences(other, graph);
    if (!sameOperations || differences.size() < nearest.size())
      nearest = std::move(differences);
    sameOperations = true;
  }
  if (!sameOperations)
    return "no entry has these operations";
  constexpr size_t kShown = 4;
  std::string text;
  for (size_t i = 0; i < std::min(nearest.size(), kShown); ++i)
    text += (i ? "; " : "") + nearest[i];
  if (nearest.size() > kShown)
    text += "; and " + std::to_string(nearest.size() - kShown) + " more";
  return text;
}

} // namespace tjit::rt
