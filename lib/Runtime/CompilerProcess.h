//===- CompilerProcess.h ----------------------------------------------------------------------===//
// Compilers in processes of their own, whose end costs speed only.
//
// A process answers one question at a time, so there are as many as threads have ever compiled at
// once, of which a few are kept. They are no children of the program: nothing has to be waited for,
// and each ends by itself when its socket is closed, as it is by the program's end however that
// comes.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/CompilerMessages.h"

#include <memory>
#include <mutex>

namespace tjit::rt {

class Log;

/// One of them, which ends with this object.
class CompilerProcess {
public:
  /// Starts one that compiles by the first of these libraries that it can open. Null: `problem`
  /// says why not. Returns when it has greeted, after some 50 ms.
  static std::unique_ptr<CompilerProcess> start(std::span<const std::string> libraries,
                                                std::string &problem);
  explicit CompilerProcess(int socket) : socket_(socket) {}
  CompilerProcess(const CompilerProcess &) = delete;
  CompilerProcess &operator=(const CompilerProcess &) = delete;
  ~CompilerProcess();

  /// False: it has ended, or `cancelled` has become true; it cannot be asked again.
  bool ask(const Message &question, Message &answer, const std::atomic<bool> *cancelled = nullptr);
  /// Why ask() was false.
  const std::string &problem() const { return problem_; }
  /// False: it has ended while nobody asked.
  bool lives() const;
  const Greeting &greeting() const { return greeting_; }

private:
  const int socket_;
  Greeting greeting_;
  std::string problem_;
};

/// All of a program. Thread-safe.
class CompilerProcesses {
public:
  /// Starts the first one; the later ones must be of the same build. False: there can be none.
  bool open(std::span<const std::string> libraries, Log &log);
  /// Ends all that nobody is asking; the others end with their answers.
  void close();

  /// Where a process ends that has worked before, a new one is asked once: it may have been ended
  /// for another reason than this request.
  Compilation compile(const tjit_compile_request &request, const std::atomic<bool> *cancelled,
                      Log &log);
  void clearKernelCache();
  /// Empty if none is idle.
  std::string describeAddress(const std::string &file, uint64_t offset);
  /// Of the first one: which builds compile.
  Greeting greeting();

  /// Around a fork: the child has no compilers, and starts its own.
  void prepareFork() { mutex_.lock(); }
  void afterFork() { mutex_.unlock(); }
  void becomeChild();

private:
  /// A process that nobody else asks meanwhile.
  struct Lease {
    std::unique_ptr<CompilerProcess> process;
    uint64_t generation = 0;
    bool isNew = false; ///< it has not been asked yet
  };
  Lease take(std::string &problem, Log &log);
  Lease takeIdle();
  void give(Lease lease);

  static constexpr size_t kMostIdle = 2;
  std::mutex mutex_; // not held while anybody waits for an answer
  std::vector<std::string> libraries_;
  Greeting greeting_;
  uint64_t generation_ = 0; // of what was opened; others are not kept
  std::vector<std::unique_ptr<CompilerProcess>> idle_;
};

} // namespace tjit::rt
