//===- FreeList.h - memory for handles, per thread
//---------------------------------------------------------------===//
//
// Tensors are made and dropped by the million while operations are recorded, so their memory is
// recycled in the thread that drops it. A list keeps a bounded number of blocks and is emptied when
// its thread ends.
//
//===------------------------------------------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace tjit {

template <class T> class FreeList {
public:
  static void *allocate() {
    State &s = state;
    if (Block *block = s.head) [[likely]] {
      s.head = block->next;
      --s.count;
      return block;
    }
    return ::operator new(sizeof(T));
  }
  static void deallocate(void *memory) noexcept {
    State &s = state;
    if (s.count >= s.limit) [[unlikely]]
      if (!open(s))
        return ::operator delete(memory);
    s.head = new (memory) Block{s.head};
    ++s.count;
  }

private:
  static constexpr uint32_t kMost = 4096;
  struct Block {
    Block *next;
  };
  // Trivial, so that it can still be used by what is destroyed after the thread's own objects. The
  // limit is 0 until the first block comes back, which registers the cleaner, and again after that
  // has run.
  struct State {
    Block *head = nullptr;
    uint32_t count = 0, limit = 0;
    bool closed = false;
  };
  struct Cleaner {
    ~Cleaner() {
      State &s = state;
      s.closed = true, s.limit = 0, s.count = 0;
      while (Block *block = s.head) {
        s.head = block->next;
        ::operator delete(block);
      }
    }
  };
  static bool open(State &s) {
    if (s.closed || s.limit)
      return false;
    static thread_local Cleaner cleaner;
    (void)&cleaner;
    s.limit = kMost;
    return true;
  }

  [[gnu::tls_model("initial-exec")]] static inline thread_local constinit State state;
};

} // namespace tjit
