//===- CompileThread.cpp ----------------------------------------------------------------------===//
// Compilation on a thread that a fatal error may take down.
//
// See CompileThread.h. LLVM calls its handler and then ends the process; a handler that does not
// return is the only way to keep the process, and unwinding through frames built without exceptions
// is not defined: so the thread stays.
//
//===------------------------------------------------------------------------------------------===//

#include "Codegen/CompileThread.h"

#include "llvm/Support/ErrorHandling.h"

#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <unistd.h>

namespace tjit::codegen {

namespace {

struct Run {
  std::function<void()> work;
  std::mutex mutex;
  std::condition_variable changed;
  bool finished = false;
  std::optional<std::string> fatal;

  /// The first call counts.
  void finish(std::optional<std::string> error) {
    std::lock_guard lock(mutex);
    if (finished)
      return;
    fatal = std::move(error);
    finished = true;
    changed.notify_all();
  }
};

thread_local Run *current = nullptr;

/// Threads that compile are parked; on any other thread LLVM goes on to do what it would have done.
void onFatalError(void *, const char *reason, bool) {
  if (!current)
    return;
  current->finish(reason);
  for (;;)
    pause();
}

void *threadMain(void *argument) {
  // The thread's own reference keeps the run alive while it is parked.
  std::unique_ptr<std::shared_ptr<Run>> run(static_cast<std::shared_ptr<Run> *>(argument));
  current = run->get();
  // Also pthread_exit and pthread_cancel end scopes: whoever waits must not wait for ever.
  struct Ended {
    Run &run;
    ~Ended() { run.finish("the compiling thread was ended"); }
  } ended{**run};
  current->work();
  current->finish(std::nullopt);
  return nullptr;
}

} // namespace

std::optional<std::string> runOnCompileThread(std::function<void()> work) {
  static std::once_flag installed;
  std::call_once(installed, [] { llvm::install_fatal_error_handler(onFatalError); });

  constexpr size_t kStackBytes =
      64 << 20; // recursion over long traces; pages are taken as they are touched
  auto run = std::make_shared<Run>();
  run->work = std::move(work);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  auto *argument = new std::shared_ptr<Run>(run);
  // The program's signals are handled by the program's threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, threadMain, argument);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (error) {
    delete argument;
    return "no thread to compile on";
  }
  std::unique_lock lock(run->mutex);
  run->changed.wait(lock, [&] { return run->finished; });
  return run->fatal;
}

} // namespace tjit::codegen
