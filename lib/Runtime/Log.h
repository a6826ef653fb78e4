//===- Log.h ----------------------------------------------------------------------------------===//
// What TJIT_LOG asks for.
//
// Lines for people who want to know why something was compiled, or was not. They go to stderr, or
// to a callback.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

namespace tjit::rt {

enum LogFlag : unsigned { logCache = 1, logCompile = 2, logEval = 4, logFuse = 8 };

class Log {
public:
  bool wants(LogFlag flag) const { return flags_.load(std::memory_order_relaxed) & flag; }
  /// Writes one line; the callers of different threads take turns.
  void line(const std::string &text);

  unsigned flags() const { return flags_.load(std::memory_order_relaxed); }
  void setFlags(unsigned flags) { flags_.store(flags, std::memory_order_relaxed); }
  /// Null: stderr. The callback runs inside an evaluation, so it must not use tensors.
  void setSink(std::function<void(const std::string &)> sink);

private:
  std::atomic<unsigned> flags_{0};
  std::mutex mutex_;
  std::function<void(const std::string &)> sink_;
};

} // namespace tjit::rt
