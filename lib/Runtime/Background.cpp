//===- Background.cpp -------------------------------------------------------------------------===//
// The thread that compiles and writes what nobody waits for.
//
// See Background.h.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/Background.h"

#include "Runtime/Context.h"
#include "Runtime/Miss.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <new>
#include <pthread.h>

namespace tjit::rt {

namespace {

/// How many uses of the compiler the calling thread is inside of: it must not wait for itself.
thread_local unsigned ownUses = 0;
/// The calling thread is the background thread.
thread_local bool isBackground = false;

constexpr auto kPatienceAtFork = std::chrono::seconds(5);
constexpr auto kPatienceAtExit = std::chrono::seconds(10);

} // namespace

//===------------------------------------------------------------------------------------------===//
// Jobs
//===------------------------------------------------------------------------------------------===//

bool Background::compileLater(CacheEntry &entry) {
  std::lock_guard lock(mutex_);
  if (closed_ || queueClosed_ || compilations_.size() >= kMostQueued || !startThread())
    return false;
  compilations_.push_back(Ref<CacheEntry>::share(&entry));
  wake_.notify_one();
  return true;
}

void Background::writeLater(PendingWrite write) {
  std::lock_guard lock(mutex_);
  if (closed_ || writeBytes_ + write.executable.size() > kMostWriteBytes || !startThread())
    return;
  writeBytes_ += write.executable.size();
  writes_.push_back(std::move(write));
  wake_.notify_one();
}

void Background::wait() {
  std::unique_lock lock(mutex_);
  if (isBackground)
    return;
  changed_.wait(lock, [&] {
    return !threadBusy_ && ((compilations_.empty() && writes_.empty()) || !threadRuns_);
  });
}

Background::Use::Use(Background &background) : background_(background) {
  std::lock_guard lock(background_.mutex_);
  background_.installHandlers();
  admitted_ = !background_.closed_;
  if (admitted_)
    ++background_.users_, ++ownUses;
}

Background::Use::~Use() {
  if (!admitted_)
    return;
  std::lock_guard lock(background_.mutex_);
  --background_.users_, --ownUses;
  background_.changed_.notify_all();
}

//===------------------------------------------------------------------------------------------===//
// The thread
//===------------------------------------------------------------------------------------------===//

/// Runs also when a job takes its thread down (pthread_exit in the compiler): the next job gets
/// another one.
struct Background::ThreadEnd {
  Background &background;
  ~ThreadEnd() {
    std::lock_guard lock(background.mutex_);
    background.threadRuns_ = background.threadBusy_ = false;
    if (!background.compilations_.empty() || !background.writes_.empty())
      background.startThread();
    background.changed_.notify_all();
  }
};

void *Background::threadMain(void *argument) {
  auto &background = *static_cast<Background *>(argument);
  isBackground = true;
  ThreadEnd end{background};
  background.work();
  return nullptr;
}

bool Background::startThread() {
  if (threadRuns_)
    return true;
  installHandlers();
  // The program's signals are handled by the program's threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  threadRuns_ = pthread_create(&thread, &attributes, threadMain, this) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  return threadRuns_;
}

void Background::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return !compilations_.empty() || !writes_.empty(); });
    threadBusy_ = true;
    // Code that somebody may use soon before code that another process may use later.
    if (!compilations_.empty()) {
      Ref<CacheEntry> entry = std::move(compilations_.front());
      compilations_.pop_front();
      lock.unlock();
      if (!entry->dropped.load(std::memory_order_relaxed)) {
        if (entry->fusing.load(std::memory_order_relaxed))
          fuseEntry(context_, *entry, counters);
        else
          compileEntry(context_, *entry, counters);
      }
      entry.reset();
    } else {
      PendingWrite write = std::move(writes_.front());
      writes_.pop_front();
      lock.unlock();
      const size_t bytes = write.executable.size();
      context_.disk.store(context_, write.entry->key, write.target, std::move(write.executable));
      lock.lock();
      writeBytes_ -= bytes;
      lock.unlock();
    }
    lock.lock();
    threadBusy_ = false;
    changed_.notify_all();
  }
}

//===------------------------------------------------------------------------------------------===//
// The end of the process, and forks
//===------------------------------------------------------------------------------------------===//

/// What the C library calls; there is one context.
struct ProcessHandlers {
  static Background &background() { return Context::get().background; }
  static void prepare() {
    background().prepareFork();
    Context::get().prepareFork();
  }
  static void parent() {
    Context::get().afterFork();
    background().afterFork();
  }
  static void child() {
    Context::get().becomeChild();
    background().becomeChild();
  }
  static void exit() { background().processEnds(); }
};

void Background::installHandlers() {
  if (hasHandlers_)
    return;
  hasHandlers_ = true;
  pthread_atfork(ProcessHandlers::prepare, ProcessHandlers::parent, ProcessHandlers::child);
  std::atexit(ProcessHandlers::exit);
}

/// Handlers run in the reverse order of their registration, so this one comes before the
/// destructors of LLVM's globals.
void Background::compilerOpened() { std::atexit(ProcessHandlers::exit); }

/// Forgets what is queued and waits for what runs, writes included.
void Background::stop(std::unique_lock<std::mutex> &lock) {
  compilations_.clear();
  cancelled_.store(true, std::memory_order_relaxed);
  changed_.wait_for(lock, kPatienceAtExit, [&] {
    return users_ == ownUses && !threadBusy_ && (writes_.empty() || !threadRuns_);
  });
}

void Background::mainThreadEnds() {
  std::unique_lock lock(mutex_);
  queueClosed_ = true;
  stop(lock);
  cancelled_.store(false, std::memory_order_relaxed);
}

void Background::processEnds() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  stop(lock);
}

/// From here to the end of the fork nobody begins anything.
void Background::prepareFork() {
  std::unique_lock lock(mutex_);
  lostInFork_ =
      !changed_.wait_for(lock, kPatienceAtFork, [&] { return users_ == ownUses && !threadBusy_; });
  lock.release();
}

void Background::afterFork() { mutex_.unlock(); }

/// Only the thread that forked is here. What the parent has queued is the parent's work.
void Background::becomeChild() {
  for (const Ref<CacheEntry> &entry : compilations_)
    entry->queued.store(false, std::memory_order_relaxed),
        entry->fusing.store(false, std::memory_order_relaxed);
  compilations_.clear();
  writes_.clear();
  writeBytes_ = 0;
  threadRuns_ = threadBusy_ = false;
  users_ = ownUses;
  // The parent's thread waits at these, and does not exist here.
  new (&wake_) std::condition_variable;
  new (&changed_) std::condition_variable;
  // The compiler's locks may be held by threads that are gone: it is lost, the interpreter stays.
  closed_ = closed_ || lostInFork_;
  mutex_.unlock();
}

} // namespace tjit::rt
