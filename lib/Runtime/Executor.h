//===- Executor.h -----------------------------------------------------------------------------===//
// Who runs the pieces of a parallel step.
//
// Plans say what may run in parallel; an executor runs it. The usual one is oneTBB, which shares
// its workers with the application. A small thread pool of the runtime's own serves runs under the
// thread sanitizer, which does not know TBB, and forked processes, where TBB's workers, and locks
// that they held, are lost. The thread sanitizer lets a forked process start no threads.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <memory>

namespace tjit::rt {

class Executor {
public:
  virtual ~Executor() = default;
  /// Calls run(context, piece) for every piece in [0, pieces), in any order, on at most `threads`
  /// threads of which the calling one is one, and returns when all are done. `run` does not throw
  /// and does not call back.
  virtual void parallel(int threads, int64_t pieces, void (*run)(void *context, int64_t piece),
                        void *context) = 0;
};

std::unique_ptr<Executor> makeTbbExecutor();
std::unique_ptr<Executor> makeThreadPool();
/// Runs every piece on the thread that calls.
std::unique_ptr<Executor> makeSerialExecutor();

} // namespace tjit::rt
