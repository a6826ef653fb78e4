//===- Context.cpp ----------------------------------------------------------------------------===//
// The one runtime context.

#include "Runtime/Context.h"
#include "Runtime/Sanitizer.h"

#include "Runtime/RunPlan.h"

#include <algorithm>
#include <unistd.h>

namespace tjit::rt {

//===------------------------------------------------------------------------------------------===//
// Threads
//===------------------------------------------------------------------------------------------===//

thread_local constinit ThreadContext *currentThread = nullptr;

ThreadContext::ThreadContext(uint32_t id) : trace(id) {}
ThreadContext::~ThreadContext() = default;

namespace {
/// Gives a thread's context back when the thread ends. What is destroyed later opens another one,
/// which stays taken.
struct ThreadCleaner {
  bool armed = false;
  ~ThreadCleaner() {
    if (ThreadContext *context = std::exchange(currentThread, nullptr))
      Context::get().returnThread(*context);
    // The thread may end because it has called exit(), which destroys globals next: none may be in
    // use or in the making.
    if (gettid() == getpid())
      Context::get().background.mainThreadEnds();
    else
      Context::get().compiler.waitWhileOpening();
    closed = true;
  }
  [[gnu::tls_model("initial-exec")]] static thread_local constinit bool closed;
};
thread_local constinit bool ThreadCleaner::closed = false;
} // namespace

ThreadContext &openThread() {
  currentThread = &Context::get().takeThread();
  if (!ThreadCleaner::closed) {
    static thread_local ThreadCleaner cleaner;
    cleaner.armed = true;
  }
  return *currentThread;
}

ThreadContext &Context::takeThread() {
  std::lock_guard lock(mutex_);
  if (!idleThreads_.empty()) {
    ThreadContext *context = idleThreads_.back();
    idleThreads_.pop_back();
    return *context;
  }
  // A trace's number is 16 bits of its epoch; 0 is left to marks that were never set.
  threads_.push_back(
      std::make_unique<ThreadContext>(static_cast<uint32_t>(threads_.size() % 0xfffe + 1)));
  return *threads_.back();
}

void Context::returnThread(ThreadContext &thread) {
  allocator.flush(thread.buffers);
  for (Ref<CacheEntry> &entry : thread.recent.slots)
    entry.reset();
  thread.onMiss.reset();
  std::lock_guard lock(mutex_);
  idleThreads_.push_back(&thread);
}

std::vector<ThreadContext *> Context::threads() {
  std::lock_guard lock(mutex_);
  std::vector<ThreadContext *> out;
  out.reserve(threads_.size());
  for (const auto &thread : threads_)
    out.push_back(thread.get());
  return out;
}

//===------------------------------------------------------------------------------------------===//
// Parts that are made on demand
//===------------------------------------------------------------------------------------------===//

static std::vector<uint8_t> findCheapOperations() {
  std::vector<uint8_t> cheap(kNumOps);
  for (unsigned k = 0; k < kNumOps; ++k)
    cheap[k] = !kOpTable[k].costly &&
               (kOpTable[k].opClass == OpClass::elementwise ||
                kOpTable[k].opClass == OpClass::view || kOpTable[k].opClass == OpClass::creation);
  return cheap;
}

Context::Context() : cheapOperations(findCheapOperations()) {
  readEnvironment(*this);
  settings.setMode(settings.mode()); // says what every call has to know
}

Executor &Context::executor() {
  if (Executor *e = executor_.load(std::memory_order_acquire)) [[likely]]
    return *e;
  std::lock_guard lock(mutex_);
  if (!executor_.load(std::memory_order_relaxed)) {
    executors_.push_back(kThreadSanitizer ? makeThreadPool() : makeTbbExecutor());
    executor_.store(executors_.back().get(), std::memory_order_release);
  }
  return *executor_.load(std::memory_order_relaxed);
}

void Context::setExecutor(std::unique_ptr<Executor> executor) {
  std::lock_guard lock(mutex_);
  executors_.push_back(std::move(executor));
  executor_.store(executors_.back().get(), std::memory_order_release);
}

void Context::prepareFork() {
  // Or another thread holds one, and the child never gets it.
  mutex_.lock();
  compiler.prepareFork();
}
void Context::afterFork() {
  compiler.afterFork();
  mutex_.unlock();
}
void Context::becomeChild() {
  compiler.becomeChild();
  // The old executor's workers are gone, and a lock that one of them held at the fork stays locked.
  if (executor_.load(std::memory_order_relaxed)) {
    executors_.push_back(kThreadSanitizer ? makeSerialExecutor() : makeThreadPool());
    executor_.store(executors_.back().get(), std::memory_order_release);
  }
  mutex_.unlock();
}

//===------------------------------------------------------------------------------------------===//
// Statistics, random numbers
//===------------------------------------------------------------------------------------------===//

Context::Totals Context::totals() {
  Totals totals;
  Statistics &s = totals.statistics;
  uint64_t microseconds = 0;
  auto add = [&](const Counters &c) {
    s.evaluations += c.evaluations;
    s.hits += c.hits;
    s.loads += c.loads;
    s.compilations += c.compilations;
    s.plans += c.plans;
    s.unfused += c.unfused;
    s.fusedLater += c.fusedLater;
    s.interpretations += c.interpretations;
    s.kernelsCompiled += c.kernelsCompiled;
    s.kernelsReused += c.kernelsReused;
    microseconds += c.compileMicroseconds;
    for (unsigned stage = 0; stage < tjit_num_stages; ++stage)
      totals.stageMicroseconds[stage] += c.stageMicroseconds[stage];
  };
  for (const ThreadContext *thread : threads())
    add(thread->counters);
  add(background.counters);
  s.compileMilliseconds = static_cast<double>(microseconds) / 1000;
  s.evictions = cache.evictions();
  return totals;
}

Statistics Context::statistics() {
  Statistics s = totals().statistics;
  {
    std::lock_guard lock(mutex_);
    const Statistics &before = baseline_.statistics;
    s.evaluations -= before.evaluations;
    s.hits -= before.hits;
    s.loads -= before.loads;
    s.compilations -= before.compilations;
    s.plans -= before.plans;
    s.unfused -= before.unfused;
    s.fusedLater -= before.fusedLater;
    s.interpretations -= before.interpretations;
    s.evictions -= before.evictions;
    s.kernelsCompiled -= before.kernelsCompiled;
    s.kernelsReused -= before.kernelsReused;
    s.compileMilliseconds -= before.compileMilliseconds;
  }
  s.cachedTraces = cache.size();
  Allocator::Usage usage = allocator.usage(thisThread().buffers);
  s.bytesInUse = usage.inUse;
  s.bytesReserved = usage.reserved;
  s.peakBytesInUse = usage.peak;
  return s;
}

std::vector<CompileStage> Context::compileStages() {
  Totals now = totals();
  std::lock_guard lock(mutex_);
  std::vector<CompileStage> out;
  for (unsigned stage = 0; stage < tjit_num_stages; ++stage) {
    uint64_t us = now.stageMicroseconds[stage] - baseline_.stageMicroseconds[stage];
    out.push_back({kCompileStageNames[stage], static_cast<double>(us) / 1000});
  }
  return out;
}

void Context::resetStatistics() {
  Totals now = totals();
  allocator.resetPeak(thisThread().buffers);
  std::lock_guard lock(mutex_);
  baseline_ = now;
}

RandomState Context::nextRandom(uint64_t draws) {
  std::lock_guard lock(randomMutex_);
  RandomState now = random_;
  random_.counter += draws;
  return now;
}

void Context::setSeed(uint64_t seed) { setRandomState({seed, 0}); }
RandomState Context::randomState() {
  std::lock_guard lock(randomMutex_);
  return random_;
}
void Context::setRandomState(RandomState state) {
  std::lock_guard lock(randomMutex_);
  random_ = state;
}

RandomState nextRandom(uint64_t draws) { return Context::get().nextRandom(draws); }
void setSeed(uint64_t seed) { Context::get().setSeed(seed); }
RandomState randomState() { return Context::get().randomState(); }
void setRandomState(RandomState state) { Context::get().setRandomState(state); }

} // namespace tjit::rt

using tjit::rt::Context;

namespace tjit {
inline namespace v1 {

Statistics statistics() { return Context::get().statistics(); }
std::vector<CompileStage> compileStages() { return Context::get().compileStages(); }
void resetStatistics() { Context::get().resetStatistics(); }
void setTraceCacheCapacity(size_t traces) { Context::get().cache.setCapacity(traces); }
void clearCaches() {
  Context::get().cache.clear();
  Context::get().compiler.clearKernelCache();
}
bool compilerLoaded() { return Context::get().compiler.loaded(); }
void synchronize() { Context::get().background.wait(); }

void set_on_miss(OnMiss policy) { tjit::rt::thisThread().onMiss = policy; }
OnMiss on_miss() {
  const std::optional<OnMiss> &own = tjit::rt::thisThread().onMiss;
  return own ? *own : Context::get().settings.onMiss();
}

} // namespace v1
} // namespace tjit
