//===- TraceCache.h ---------------------------------------------------------------------------===//
// Executables by the signature of their trace.
//
// One cache for all threads, bounded: the entry that was used least recently goes first. A thread
// looks among the entries that it hit last before it asks here, so the lock is taken by what is new
// or rare.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/LoadedExecutable.h"
#include "Runtime/Value.h"

#include <mutex>
#include <unordered_map>

namespace tjit::rt {

struct CacheEntry {
  std::atomic<uint32_t> refs{1};
  uint64_t hash = 0;
  std::vector<uint64_t> key;

  enum class State { unknown, ready, failed };
  std::atomic<State> state{State::unknown};
  /// Held while the entry is loaded or compiled, so that other threads with the same trace wait.
  std::mutex compiling;
  bool lookedOnDisk = false;              // under `compiling`
  std::atomic<bool> queued{false};        // the background thread will compile it
  std::atomic<bool> fusing{false};        // it has unfused code and will fuse it, or has tried to
  std::atomic<bool> isPiece{false};       // of a recording that had reached the limit
  std::atomic<double> interpretation{-1}; // microseconds, estimated; negative: not yet
  /// Null while the state is unknown, and where compilation failed. Unfused code is replaced by
  /// fused code; who runs the old one goes on, because an entry keeps both.
  std::atomic<const LoadedExecutable *> code{nullptr};
  std::unique_ptr<const LoadedExecutable> executable, replacement; // under `compiling`

  /// As the key says.
  uint32_t operations() const { return static_cast<uint32_t>(key[2]); }

  std::atomic<uint64_t> lastUsed{0};
  std::atomic<bool> dropped{false}; // from the cache; threads let go of it

  bool matches(uint64_t h, std::span<const uint64_t> k) const {
    return hash == h && key.size() == k.size() &&
           std::memcmp(key.data(), k.data(), k.size_bytes()) == 0;
  }
  static void destroy(CacheEntry *e) { delete e; }
};

class TraceCache {
public:
  /// The entry for the key; `added` says whether it is new.
  Ref<CacheEntry> findOrAdd(uint64_t hash, std::span<const uint64_t> key, bool &added);
  /// Says that the entry was used now.
  void touch(CacheEntry &entry) {
    uint64_t now = clock_.load(std::memory_order_relaxed);
    if (entry.lastUsed.load(std::memory_order_relaxed) != now)
      entry.lastUsed.store(now, std::memory_order_relaxed);
  }
  void setCapacity(size_t entries);
  void clear();
  size_t size();
  uint64_t evictions() const { return evictions_.load(std::memory_order_relaxed); }

  /// Why the key is not in the cache: how it differs from the nearest entry of the same operations.
  std::string explainMiss(std::span<const uint64_t> key);

private:
  void evictDownTo(size_t entries);

  std::mutex mutex_;
  std::unordered_multimap<uint64_t, Ref<CacheEntry>> entries_;
  size_t capacity_ = 1024;
  std::atomic<uint64_t> clock_{
      1}; // counts additions: finer would not change what is evicted by much
  std::atomic<uint64_t> evictions_{0};
};

} // namespace tjit::rt
