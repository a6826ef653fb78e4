//===- Allocator.h ----------------------------------------------------------------------------===//
// The caching allocator behind Buffer::allocate.
//
// A result has the same size in every step of a loop, so freed memory is kept by size class: small
// blocks in the thread that freed them (no lock, some nanoseconds), the rest in one central place.
// A block starts with its Buffer object, so both are recycled together:
//
//   | Buffer, 64 bytes | data, 64-byte aligned, as many bytes as its class has | 64 bytes that may
//   be read |
//
// What is cached is given back to the system when memory runs out, and when it would be more than
// was ever in use: blocks of the size first that nobody has asked for or freed for longest, so that
// what an earlier part of a program left behind makes room for what a loop frees now.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/Value.h"

#include <array>
#include <bit>
#include <mutex>

namespace tjit::rt {

/// Size classes: multiples of 64 up to 1 KiB, then four steps to each doubling.
struct SizeClass {
  static constexpr unsigned kLinear = 16, kLogOfLinear = 10;
  static constexpr unsigned kCount = kLinear + 4 * (47 - kLogOfLinear);
  static constexpr size_t kLargest = size_t(1) << 47;
  /// Classes that threads cache by themselves: up to 64 KiB.
  static constexpr unsigned kOfThread = kLinear + 4 * (16 - kLogOfLinear);

  /// The class of a block for so many bytes, which are at most kLargest.
  static unsigned of(size_t bytes) {
    if (bytes <= 1024)
      return bytes <= 64 ? 0 : static_cast<unsigned>((bytes - 1) / 64);
    unsigned log = 63 - std::countl_zero(bytes - 1); // 2^log < bytes <= 2^(log + 1)
    return kLinear + (log - kLogOfLinear) * 4 + static_cast<unsigned>((bytes - 1) >> (log - 2) & 3);
  }
  static size_t bytes(unsigned c) {
    if (c < kLinear)
      return (c + 1) * size_t(64);
    unsigned log = kLogOfLinear + (c - kLinear) / 4;
    return (size_t(1) << log) + ((c - kLinear) % 4 + 1) * (size_t(1) << (log - 2));
  }
};

/// Blocks of one size class that wait for their next use.
struct FreeBlocks {
  Buffer *head = nullptr;
  uint32_t count = 0;
  uint64_t used = 0; // when, in requests to the central place

  void push(Buffer *b) {
    b->nextFree = head;
    head = b;
    ++count;
  }
  Buffer *pop() {
    Buffer *b = head;
    head = b->nextFree;
    --count;
    return b;
  }
};

/// A thread's own blocks.
struct BufferCache {
  std::array<FreeBlocks, SizeClass::kOfThread> free;
  int64_t bytesInUse = 0; // change that the allocator has not been told yet
};

class Allocator {
public:
  /// A block of at least `bytes` bytes; throws OutOfMemoryError.
  Buffer *allocate(size_t bytes, BufferCache &cache);
  void free(Buffer *buffer, BufferCache &cache);
  /// Gives a thread's blocks to the others.
  void flush(BufferCache &cache);
  /// Gives cached memory back to the system.
  void releaseCached(BufferCache &cache);

  struct Usage {
    uint64_t inUse, reserved, peak;
  };
  /// What the calling thread has not reported yet is in `cache`; other threads may be up to 64 KiB
  /// off.
  Usage usage(BufferCache &cache);
  void resetPeak(BufferCache &cache);
  /// Refuses to reserve more than this; the machine's memory at first.
  void setLimit(uint64_t bytes) { limit_.store(bytes, std::memory_order_relaxed); }
  uint64_t limit() const { return limit_.load(std::memory_order_relaxed); }

private:
  static constexpr int64_t kReportedAt = 64 << 10;

  void changed(BufferCache &cache, int64_t bytes) {
    cache.bytesInUse += bytes;
    if (cache.bytesInUse > kReportedAt || cache.bytesInUse < -kReportedAt) [[unlikely]]
      report(cache);
  }
  void report(BufferCache &cache);
  Buffer *allocateSlow(unsigned sizeClass, size_t bytes, BufferCache &cache);
  Buffer *reserve(unsigned sizeClass);
  void giveBack(Buffer *buffer);
  void freeSlow(Buffer *buffer, BufferCache &cache);
  /// Takes blocks of other sizes than `sizeClass` out of the cache until `bytes` more may be kept;
  /// whether that suffices.
  bool makeRoom(unsigned sizeClass, uint64_t bytes, FreeBlocks &taken);

  std::mutex mutex_;
  std::array<FreeBlocks, SizeClass::kCount> free_;
  uint64_t requests_ = 0;
  std::atomic<uint64_t> cached_{0}; // bytes in `free_`
  std::atomic<int64_t> inUse_{0}, peak_{0};
  std::atomic<uint64_t> reserved_{0};
  std::atomic<uint64_t> limit_{machineMemory()};

  static uint64_t machineMemory();
};

/// How many blocks of a class a thread keeps: some 256 KiB.
inline uint32_t blocksOfThread(unsigned sizeClass) {
  size_t n = (256 << 10) / SizeClass::bytes(sizeClass);
  return n > 512 ? 512 : n < 4 ? 4 : static_cast<uint32_t>(n);
}

inline Buffer *Allocator::allocate(size_t bytes, BufferCache &cache) {
  unsigned c = bytes <= SizeClass::kLargest ? SizeClass::of(bytes) : SizeClass::kCount;
  if (c < SizeClass::kOfThread && cache.free[c].head) [[likely]] {
    Buffer *b = cache.free[c].pop();
    b->refs.store(1, std::memory_order_relaxed);
    b->bytes = bytes;
    changed(cache, static_cast<int64_t>(bytes));
    return b;
  }
  return allocateSlow(c, bytes, cache);
}

inline void Allocator::free(Buffer *b, BufferCache &cache) {
  if (b->sizeClass < SizeClass::kOfThread &&
      cache.free[b->sizeClass].count < blocksOfThread(b->sizeClass)) [[likely]] {
    changed(cache, -static_cast<int64_t>(b->bytes));
    cache.free[b->sizeClass].push(b);
    return;
  }
  freeSlow(b, cache);
}

} // namespace tjit::rt
