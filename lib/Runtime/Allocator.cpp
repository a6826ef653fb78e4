//===- Allocator.cpp --------------------------------------------------------------------------===//
// The caching allocator behind Buffer::allocate.

#include "Runtime/Allocator.h"

#include "tjit/Error.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

namespace tjit::rt {

namespace {

constexpr size_t kHeader = 64, kSlack = 64;
static_assert(sizeof(Buffer) <= kHeader);

// Memory from this size on lies in huge pages where the system has them: a stream over it misses
// the TLB 500 times less.
constexpr size_t kHugeFrom = 4 << 20, kHugePage = 2 << 20;

// Less than this is kept in any case.
constexpr uint64_t kAlwaysCached = 256 << 20;

size_t blockBytes(unsigned sizeClass) { return kHeader + SizeClass::bytes(sizeClass) + kSlack; }

std::string inUnits(uint64_t bytes) {
  char text[64];
  if (bytes < 1024)
    std::snprintf(text, sizeof text, "%llu bytes", static_cast<unsigned long long>(bytes));
  else if (bytes < 1 << 20)
    std::snprintf(text, sizeof text, "%.1f KiB", bytes / 1024.0);
  else if (bytes < 1 << 30)
    std::snprintf(text, sizeof text, "%.1f MiB", bytes / 1048576.0);
  else
    std::snprintf(text, sizeof text, "%.1f GiB", bytes / 1073741824.0);
  return text;
}

} // namespace

uint64_t Allocator::machineMemory() {
  uint64_t bytes =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  // A container's own limit; "max" where it has none.
  if (std::FILE *file = std::fopen("/sys/fs/cgroup/memory.max", "r")) {
    char text[32] = {};
    const size_t size = std::fread(text, 1, sizeof text, file);
    std::fclose(file);
    uint64_t limit;
    if (std::from_chars(text, text + size, limit).ec == std::errc())
      bytes = std::min(bytes, limit);
  }
  return bytes;
}

void Allocator::report(BufferCache &cache) {
  int64_t now = inUse_.fetch_add(cache.bytesInUse, std::memory_order_relaxed) + cache.bytesInUse;
  cache.bytesInUse = 0;
  int64_t peak = peak_.load(std::memory_order_relaxed);
  while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed))
    ;
}

/// A new block from the system; null where it has none.
Buffer *Allocator::reserve(unsigned sizeClass) {
  size_t bytes = blockBytes(sizeClass), alignment = kHeader;
  if (bytes >= kHugeFrom) {
    alignment = kHugePage;
    bytes = (bytes + kHugePage - 1) / kHugePage * kHugePage;
  } else {
    bytes = (bytes + kHeader - 1) / kHeader * kHeader;
  }
  // The system promises more memory than it has and ends the process when the promise is called in.
  if (reserved_.load(std::memory_order_relaxed) + bytes > limit())
    return nullptr;
  void *block = std::aligned_alloc(alignment, bytes);
  if (!block)
    return nullptr;
  if (alignment == kHugePage)
    madvise(block, bytes, MADV_HUGEPAGE);
  reserved_.fetch_add(bytes, std::memory_order_relaxed);
  auto *b = new (block) Buffer;
  b->sizeClass = static_cast<uint16_t>(sizeClass);
  b->data = static_cast<std::byte *>(block) + kHeader;
  return b;
}

void Allocator::giveBack(Buffer *b) {
  size_t bytes = blockBytes(b->sizeClass);
  size_t unit = bytes >= kHugeFrom ? kHugePage : kHeader;
  reserved_.fetch_sub((bytes + unit - 1) / unit * unit, std::memory_order_relaxed);
  b->~Buffer();
  std::free(b);
}

Buffer *Allocator::allocateSlow(unsigned sizeClass, size_t bytes, BufferCache &cache) {
  Buffer *b = nullptr;
  if (sizeClass < SizeClass::kCount) {
    std::lock_guard lock(mutex_);
    FreeBlocks &free = free_[sizeClass];
    free.used = ++requests_;
    if (free.head) {
      b = free.pop();
      cached_.fetch_sub(SizeClass::bytes(sizeClass), std::memory_order_relaxed);
      // A thread that ran out takes half of what it may keep.
      if (sizeClass < SizeClass::kOfThread)
        for (uint32_t n = blocksOfThread(sizeClass) / 2; n && free.head; --n) {
          cached_.fetch_sub(SizeClass::bytes(sizeClass), std::memory_order_relaxed);
          cache.free[sizeClass].push(free.pop());
        }
    }
  }
  if (!b && sizeClass < SizeClass::kCount)
    b = reserve(sizeClass);
  if (!b && sizeClass < SizeClass::kCount) {
    releaseCached(cache);
    b = reserve(sizeClass);
  }
  if (!b) {
    Usage now = usage(cache);
    throw OutOfMemoryError(
        "out of memory: a result needs " + inUnits(bytes) + ", and " + inUnits(now.inUse) +
        " are in use of " + inUnits(limit()) +
        "; drop tensors that are not needed any more, or work in smaller pieces");
  }
  b->refs.store(1, std::memory_order_relaxed);
  b->bytes = bytes;
  cache.bytesInUse += static_cast<int64_t>(bytes);
  report(cache);
  return b;
}

bool Allocator::makeRoom(unsigned sizeClass, uint64_t bytes, FreeBlocks &taken) {
  const uint64_t most = std::max<uint64_t>(kAlwaysCached, peak_.load(std::memory_order_relaxed));
  while (cached_.load(std::memory_order_relaxed) + bytes > most) {
    FreeBlocks *oldest = nullptr;
    for (FreeBlocks &blocks : free_)
      if (blocks.head && &blocks != &free_[sizeClass] && (!oldest || blocks.used < oldest->used))
        oldest = &blocks;
    if (!oldest)
      return false;
    Buffer *b = oldest->pop();
    cached_.fetch_sub(SizeClass::bytes(b->sizeClass), std::memory_order_relaxed);
    taken.push(b);
  }
  return true;
}

void Allocator::freeSlow(Buffer *b, BufferCache &cache) {
  cache.bytesInUse -= static_cast<int64_t>(b->bytes);
  report(cache);
  FreeBlocks taken;
  {
    std::lock_guard lock(mutex_);
    free_[b->sizeClass].used = ++requests_;
    auto keep = [&](Buffer *block) {
      cached_.fetch_add(SizeClass::bytes(block->sizeClass), std::memory_order_relaxed);
      free_[block->sizeClass].push(block);
    };
    const unsigned sizeClass = b->sizeClass;
    if (makeRoom(sizeClass, SizeClass::bytes(sizeClass), taken)) {
      keep(b);
      if (sizeClass < SizeClass::kOfThread)
        for (uint32_t n = blocksOfThread(sizeClass) / 2; n; --n)
          keep(cache.free[sizeClass].pop());
    } else {
      taken.push(b);
    }
  }
  while (taken.head)
    giveBack(taken.pop());
}

void Allocator::flush(BufferCache &cache) {
  report(cache);
  std::lock_guard lock(mutex_);
  for (FreeBlocks &blocks : cache.free)
    while (blocks.head) {
      Buffer *b = blocks.pop();
      cached_.fetch_add(SizeClass::bytes(b->sizeClass), std::memory_order_relaxed);
      free_[b->sizeClass].push(b);
    }
}

void Allocator::releaseCached(BufferCache &cache) {
  flush(cache);
  std::lock_guard lock(mutex_);
  for (FreeBlocks &blocks : free_)
    while (blocks.head) {
      Buffer *b = blocks.pop();
      cached_.fetch_sub(SizeClass::bytes(b->sizeClass), std::memory_order_relaxed);
      giveBack(b);
    }
}

Allocator::Usage Allocator::usage(BufferCache &cache) {
  report(cache);
  auto positive = [](int64_t bytes) { return static_cast<uint64_t>(std::max<int64_t>(bytes, 0)); };
  return {positive(inUse_.load()), reserved_.load(), positive(peak_.load())};
}

void Allocator::resetPeak(BufferCache &cache) {
  report(cache);
  peak_.store(inUse_.load());
}

} // namespace tjit::rt
