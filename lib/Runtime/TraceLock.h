//===- TraceLock.h ----------------------------------------------------------------------------===//
// A lock that costs its owner nothing.
//
// A trace is used by the thread that records into it, a hundred million times a second, and once in
// a while by another one that needs a value of it. The owner announces itself with a plain store
// and looks whether anybody else wants in; whoever else wants in makes the owner's processor
// execute a barrier (membarrier, Linux 4.14), so that one of the two sees the other. Where the
// kernel has no membarrier the owner pays for a fence.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <atomic>
#include <mutex>

namespace tjit::rt {

class TraceLock {
public:
  /// By the owning thread. Not recursive.
  void lockAsOwner() {
    ownerInside_.store(true, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (strangers_.load(std::memory_order_acquire) != 0) [[unlikely]]
      enterSlowly();
  }
  void unlockAsOwner() {
    if (ownerHoldsMutex_) [[unlikely]] {
      ownerHoldsMutex_ = false;
      mutex_.unlock();
      return;
    }
    ownerInside_.store(false, std::memory_order_release);
  }
  /// By any other thread; slow.
  void lockAsStranger();
  void unlockAsStranger();

private:
  void enterSlowly();

  std::atomic<bool> ownerInside_{false};
  bool ownerHoldsMutex_ = false;
  /// Whether a stranger wants in, or is inside. Where the owner has to execute a fence it is
  /// never 0, so that the owner asks for one thing only.
  static constexpr int kStranger = 1, kOwnerFences = 2;
  const int nobody_ = barrierOtherThreads() ? 0 : kOwnerFences;
  std::atomic<int> strangers_{nobody_};
  std::mutex mutex_;

  /// Makes every running thread of the process execute a barrier; false where the system cannot.
  static bool barrierOtherThreads();
};

} // namespace tjit::rt
