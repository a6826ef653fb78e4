//===- TraceLock.cpp --------------------------------------------------------------------------===//
// A lock that costs its owner nothing.

#include "Runtime/TraceLock.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tjit::rt {

static bool membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }

bool TraceLock::barrierOtherThreads() {
  static const bool registered = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  return registered && membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

void TraceLock::enterSlowly() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (strangers_.load(std::memory_order_acquire) == nobody_)
    return;
  // The stranger may be waiting for this thread to leave: it does, and comes back through the mutex
  // that the stranger holds until it is done.
  ownerInside_.store(false, std::memory_order_release);
  mutex_.lock();
  ownerHoldsMutex_ = true;
}

void TraceLock::lockAsStranger() {
  mutex_.lock();
  strangers_.store(nobody_ | kStranger, std::memory_order_seq_cst);
  barrierOtherThreads();
  for (int spins = 0; ownerInside_.load(std::memory_order_acquire); ++spins)
    if (spins < 64)
      sched_yield();
    else
      usleep(50); // the owner is evaluating
}

void TraceLock::unlockAsStranger() {
  strangers_.store(nobody_, std::memory_order_release);
  mutex_.unlock();
}

} // namespace tjit::rt
