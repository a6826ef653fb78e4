//===- Settings.h -----------------------------------------------------------------------------===//
// What the environment and setSetting() change.
#pragma once

#include "tjit/Runtime.h"

#include <atomic>
#include <mutex>
#include <string>

namespace tjit::rt {

class Context;

/// Values of the settings that no other part keeps; the table of all of them is in Settings.cpp.
class Settings {
public:
  Mode mode() const { return mode_.load(std::memory_order_relaxed); }
  void setMode(Mode mode) {
    mode_.store(mode, std::memory_order_relaxed);
    recordsOnly.store(mode != Mode::Eager, std::memory_order_relaxed);
  }
  /// Whether a call may return without evaluating: not in Mode::Eager, and not before the
  /// environment has been read. For those who have no time to ask for the context.
  static inline constinit std::atomic<bool> recordsOnly{false};
  OnMiss onMiss() const { return onMiss_.load(std::memory_order_relaxed); }
  void setOnMiss(OnMiss policy) { onMiss_.store(policy, std::memory_order_relaxed); }
  /// At least 1.
  int threads() const { return threads_.load(std::memory_order_relaxed); }
  /// 0: one for each processor that the process may run on.
  void setThreads(int threads);

  std::string cpu() { return locked(cpu_); }
  void setCpu(std::string cpu) { setLocked(cpu_, std::move(cpu)); }
  std::string dumpFolder() { return locked(dumpFolder_); }
  void setDumpFolder(std::string folder) { setLocked(dumpFolder_, std::move(folder)); }

  static int processors();

private:
  std::string locked(const std::string &value) {
    std::lock_guard lock(mutex_);
    return value;
  }
  void setLocked(std::string &value, std::string to) {
    std::lock_guard lock(mutex_);
    value = std::move(to);
  }

  std::atomic<Mode> mode_{Mode::Compile};
  std::atomic<OnMiss> onMiss_{OnMiss::Automatic};
  std::atomic<int> threads_{processors()};
  std::mutex mutex_;
  std::string cpu_ = "native", dumpFolder_;
};

/// Takes over what the environment says. A value that makes no sense is reported to the log and
/// ignored.
void readEnvironment(Context &context);

} // namespace tjit::rt
