//===- Pool.h ---------------------------------------------------------------------------------===//
// Memory for small objects, recycled per thread.
//
// Handles are made and dropped by the million while operations are recorded. Their memory goes to a
// list of the thread that drops them, which may be another one than made them. A list is bounded
// and is emptied when its thread ends.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace tjit::rt {

/// Memory for objects of type T.
template <class T> class Pool {
public:
  template <class... Args> [[gnu::always_inline]] static T *make(Args &&...args) {
    return new (allocate()) T(std::forward<Args>(args)...);
  }
  static void drop(T *object) noexcept {
    object->~T();
    deallocate(object);
  }

  static void *allocate() {
    List &list = threadList;
    if (Block *block = list.head) [[likely]] {
      list.head = block->next;
      --list.count;
      return block;
    }
    return ::operator new(kBytes, std::align_val_t(alignof(T)));
  }
  static void deallocate(void *memory) noexcept {
    List &list = threadList;
    if (list.count >= list.limit) [[unlikely]]
      if (!open(list))
        return ::operator delete(memory, std::align_val_t(alignof(T)));
    list.head = new (memory) Block{list.head};
    ++list.count;
  }

private:
  static constexpr uint32_t kMost = 4096;
  struct Block {
    Block *next;
  };
  static constexpr size_t kBytes = sizeof(T) > sizeof(Block) ? sizeof(T) : sizeof(Block);

  // Trivial, so that objects which die after the thread's own ones can still be dropped. The limit
  // is 0 until the first block comes back, which registers the cleaner, and again once that has
  // run.
  struct List {
    Block *head = nullptr;
    uint32_t count = 0, limit = 0;
    bool closed = false;
  };
  struct Cleaner {
    ~Cleaner() {
      List &list = threadList;
      list.closed = true, list.limit = 0, list.count = 0;
      while (Block *block = list.head) {
        list.head = block->next;
        ::operator delete(block, std::align_val_t(alignof(T)));
      }
    }
  };
  static bool open(List &list) {
    if (list.closed || list.limit)
      return false;
    static thread_local Cleaner cleaner;
    (void)&cleaner;
    list.limit = kMost;
    return true;
  }

  [[gnu::tls_model("initial-exec")]] static inline thread_local constinit List threadList;
};

} // namespace tjit::rt
