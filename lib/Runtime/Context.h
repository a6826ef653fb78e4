//===- Context.h ------------------------------------------------------------------------------===//
// The one runtime context.
//
// All state of the runtime that is not in a tensor. Made at first use and never destroyed: tensors
// in globals die after everything else.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/Background.h"
#include "Runtime/CompilerLibrary.h"
#include "Runtime/DiskCache.h"
#include "Runtime/Executor.h"
#include "Runtime/Log.h"
#include "Runtime/Settings.h"
#include "Runtime/ThreadContext.h"
#include "Runtime/TraceCache.h"

#include "tjit/Runtime.h"

namespace tjit::rt {

class Context {
public:
  static Context &get() {
    static Context &context = *new Context;
    return context;
  }

  Log log;
  Settings settings;
  Allocator allocator;
  TraceCache cache;
  CompilerLibrary compiler;
  DiskCache disk;
  Background background{*this};
  /// By OpKind: whether computing the operation again costs little more than reading its result.
  const std::vector<uint8_t> cheapOperations;

  Executor &executor();
  /// Used for parallel steps from now on; for runs that no TBB may be part of.
  void setExecutor(std::unique_ptr<Executor> executor);
  /// Around a fork: nobody begins anything in between. The child's executor is a new one.
  void prepareFork();
  void afterFork();
  void becomeChild();

  /// A thread context for a new thread, back from a thread that ended.
  ThreadContext &takeThread();
  void returnThread(ThreadContext &thread);
  /// Every context there is.
  std::vector<ThreadContext *> threads();

  Statistics statistics();
  std::vector<CompileStage> compileStages();
  void resetStatistics();

  RandomState nextRandom(uint64_t draws);
  void setSeed(uint64_t seed);
  RandomState randomState();
  void setRandomState(RandomState state);
  /// Serializes giving memory to scalars.
  std::mutex scalarMutex;

private:
  Context();
  struct Totals {
    Statistics statistics;
    uint64_t stageMicroseconds[tjit_num_stages] = {};
  };
  Totals totals();

  std::mutex mutex_;
  std::atomic<Executor *> executor_{nullptr};
  std::vector<std::unique_ptr<Executor>> executors_; // old ones may be in use
  std::vector<std::unique_ptr<ThreadContext>> threads_;
  std::vector<ThreadContext *> idleThreads_;
  Totals baseline_;
  std::mutex randomMutex_;
  RandomState random_{0, 0};
};

} // namespace tjit::rt
