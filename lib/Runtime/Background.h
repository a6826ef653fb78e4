//===- Background.h ---------------------------------------------------------------------------===//
// The thread that compiles and writes what nobody waits for.
//
// One thread of the process takes traces from a bounded queue, compiles them and publishes their
// code, and writes what was compiled to the disk cache. It also keeps the book of all compilations,
// those that a thread waits for included, because two moments must find none of them running: the
// end of the process, when LLVM's globals are destroyed, and a fork, whose child has only the
// thread that forked.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/DiskCache.h"
#include "Runtime/ThreadContext.h"

#include <condition_variable>
#include <deque>

namespace tjit::rt {

/// Code on its way to the disk.
struct PendingWrite {
  Ref<CacheEntry> entry; // for its key
  CompileTarget target;
  std::vector<uint8_t> executable;
};

class Background {
public:
  explicit Background(Context &context) : context_(context) {}

  /// Compiles the entry some time. False: too much is waiting, or there is no thread to be had.
  bool compileLater(CacheEntry &entry);
  /// Writes some time, or not at all if too much is waiting.
  void writeLater(PendingWrite write);
  /// Waits until nothing is queued or running.
  void wait();

  /// Held by whoever uses the compiler.
  class Use {
  public:
    explicit Use(Background &background);
    ~Use();
    /// False: the process ends, or was forked while the compiler worked; it may not be used.
    explicit operator bool() const { return admitted_; }

  private:
    Background &background_;
    bool admitted_;
  };
  /// True while nobody wants what is being compiled, because the process ends.
  const std::atomic<bool> &cancelled() const { return cancelled_; }

  /// The main thread ends, and the process probably with it: what is queued is forgotten, what runs
  /// is waited for. A thread's objects die before anything that exit() calls, so before the globals
  /// of LLVM do, also those that it makes while it compiles.
  void mainThreadEnds();
  /// The compiler has made its globals, so what the process does at its end can be put before their
  /// destruction.
  void compilerOpened();

  Counters counters; // of the thread's own compilations
  static constexpr size_t kMostQueued = 256;
  static constexpr size_t kMostWriteBytes = 64 << 20;

private:
  friend struct ProcessHandlers;
  struct ThreadEnd;

  void installHandlers(); // under mutex_, as all that follow
  bool startThread();
  void stop(std::unique_lock<std::mutex> &lock);
  static void *threadMain(void *background);
  void work();
  void processEnds();
  void prepareFork();
  void afterFork();
  void becomeChild();

  Context &context_;
  std::mutex mutex_;
  std::condition_variable wake_, changed_;
  std::deque<Ref<CacheEntry>> compilations_;
  std::deque<PendingWrite> writes_;
  size_t writeBytes_ = 0;
  unsigned users_ = 0;       // of the compiler
  bool hasHandlers_ = false; // for the end of the process and forks
  bool threadRuns_ = false;  // it exists
  bool threadBusy_ = false;  // it has taken a job
  bool closed_ = false;      // the process ends: nobody may use the compiler
  bool queueClosed_ = false; // nothing is compiled by the thread any more
  bool lostInFork_ = false;  // compilations were running when the process was forked
  std::atomic<bool> cancelled_{false};
};

} // namespace tjit::rt
