//===- Executor.cpp ---------------------------------------------------------------------------===//
// OneTBB, a thread pool, and the thread that calls.

#include "Runtime/Executor.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <thread>
#include <vector>

namespace tjit::rt {

namespace {

class TbbExecutor final : public Executor {
public:
  void parallel(int threads, int64_t pieces, void (*run)(void *, int64_t), void *context) override {
    // Pieces are sized by the plan: each is a task.
    arena(threads)->execute([&] {
      tbb::parallel_for(
          int64_t(0), pieces, [&](int64_t piece) { run(context, piece); },
          tbb::simple_partitioner());
    });
  }

private:
  /// The arena for so many threads; another one where their number was changed.
  std::shared_ptr<tbb::task_arena> arena(int threads) {
    std::lock_guard lock(mutex_);
    if (!arena_ || arenaThreads_ != threads) {
      // TBB has no more workers than this, and complains on stderr when it is asked for more.
      arena_ = std::make_shared<tbb::task_arena>(
          std::min(threads, tbb::this_task_arena::max_concurrency()));
      arenaThreads_ = threads;
    }
    return arena_;
  }
  std::mutex mutex_;
  std::shared_ptr<tbb::task_arena> arena_;
  int arenaThreads_ = 0;
};

/// Workers that take pieces from the job at the front. One job at a time; a second caller runs its
/// pieces itself.
class ThreadPool final : public Executor {
public:
  ~ThreadPool() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread &worker : workers_)
      worker.join();
  }

  void parallel(int threads, int64_t pieces, void (*run)(void *, int64_t), void *context) override {
    std::unique_lock turn(turn_, std::try_to_lock);
    if (!turn || threads <= 1) {
      for (int64_t piece = 0; piece < pieces; ++piece)
        run(context, piece);
      return;
    }
    {
      std::lock_guard lock(mutex_);
      while (workers_.size() + 1 < static_cast<size_t>(threads))
        workers_.emplace_back([this, index = workers_.size()] { work(static_cast<int>(index)); });
      run_ = run, context_ = context, pieces_ = pieces;
      next_.store(0, std::memory_order_relaxed);
      allowed_ = threads - 1;
      ++job_;
    }
    wake_.notify_all();
    takePieces(run, context, pieces);
    std::unique_lock lock(mutex_);
    allowed_ = 0; // who has not begun need not
    done_.wait(lock, [&] { return busy_ == 0; });
  }

private:
  void takePieces(void (*run)(void *, int64_t), void *context, int64_t pieces) {
    for (int64_t piece; (piece = next_.fetch_add(1, std::memory_order_relaxed)) < pieces;)
      run(context, piece);
  }
  void work(int index) {
    uint64_t seen = 0;
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return stopping_ || (job_ != seen && index < allowed_); });
      if (stopping_)
        return;
      seen = job_;
      ++busy_;
      auto *run = run_;
      void *context = context_;
      int64_t pieces = pieces_;
      lock.unlock();
      takePieces(run, context, pieces);
      lock.lock();
      if (--busy_ == 0)
        done_.notify_one();
    }
  }

  std::mutex turn_, mutex_;
  std::condition_variable wake_, done_;
  std::vector<std::thread> workers_;
  bool stopping_ = false;
  uint64_t job_ = 0;
  int allowed_ = 0, busy_ = 0;
  void (*run_)(void *, int64_t) = nullptr;
  void *context_ = nullptr;
  int64_t pieces_ = 0;
  std::atomic<int64_t> next_{0};
};

class SerialExecutor final : public Executor {
public:
  void parallel(int, int64_t pieces, void (*run)(void *, int64_t), void *context) override {
    for (int64_t piece = 0; piece < pieces; ++piece)
      run(context, piece);
  }
};

} // namespace

std::unique_ptr<Executor> makeTbbExecutor() { return std::make_unique<TbbExecutor>(); }
std::unique_ptr<Executor> makeThreadPool() { return std::make_unique<ThreadPool>(); }
std::unique_ptr<Executor> makeSerialExecutor() { return std::make_unique<SerialExecutor>(); }

} // namespace tjit::rt
