//===- CompilerLibrary.h ----------------------------------------------------------------------===//
// The compiler, opened when it is first needed.

#pragma once

#include "Runtime/BuildIdentity.h"
#include "Runtime/Compilation.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace tjit::rt {

class CompilerProcesses;
class Context;

class CompilerLibrary {
public:
  CompilerLibrary();
  ~CompilerLibrary();
  /// False where the library is missing or of another version: then everything is interpreted.
  /// Opens it, or starts its process, at the first call.
  bool ready(Context &context);
  /// Whether it is open in this process.
  bool loaded() const { return functions_.load(std::memory_order_acquire) != nullptr; }
  /// False: it is known that there is no compiler. Does not open it.
  bool possible() const { return state_.load(std::memory_order_acquire) != State::missing; }
  /// Returns when no thread is opening the library.
  void waitWhileOpening();
  /// The library at this path from now on; empty: the one beside libtjit; "none": no compiler.
  void setPath(std::string path);
  std::string path();
  /// Whether it runs in a process of its own from now on (CompilerProcess.h).
  void setSeparate(bool separate);
  bool separate() const { return separate_.load(std::memory_order_relaxed); }
  /// A compiler inside the program, for tests.
  void use(const tjit_compiler_functions *functions);

  /// `cancelled`, where it is not null, becomes true when nobody wants the result any more.
  /// `unfused`: a kernel for each operation.
  Compilation compile(Context &context, std::span<const uint64_t> key, uint64_t hash,
                      const CompileTarget &target, bool unfused,
                      const std::atomic<bool> *cancelled);
  void clearKernelCache();
  /// "file:line (in function)" of a position in a module's file; empty where the library is not
  /// open or nothing is known.
  std::string describeAddress(const std::string &file, uint64_t offset);

  /// The build of the library that is open or would be opened; does not open it. Empty: unknown.
  std::string buildId();
  /// The libraries below it whose code decides what is compiled; empty until it is open.
  std::vector<ModuleBuild> modules();

  /// Around a fork: the child starts compilers of its own.
  void prepareFork();
  void afterFork();
  void becomeChild();

private:
  enum class State : uint8_t { untried, missing, open };

  const tjit_compiler_functions *open(Context &context);
  std::vector<std::string> paths() const;
  void forget(State state);

  std::atomic<const tjit_compiler_functions *> functions_{nullptr}; // null: not in this process
  std::atomic<State> state_{State::untried};
  std::atomic<bool> separate_{false};
  const std::unique_ptr<CompilerProcesses> processes_;
  std::mutex mutex_; // held while the library is opened, which takes long
  std::mutex identityMutex_;
  std::string path_;    // written under both
  std::string buildId_; // empty: not asked for yet, or unknown
};

} // namespace tjit::rt
