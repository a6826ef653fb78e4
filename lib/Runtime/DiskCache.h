//===- DiskCache.h ----------------------------------------------------------------------------===//
// Executables that an earlier process compiled.
//
// The third cache, behind the entries that a thread hit last and the trace cache: a file for each
// trace (CacheRecord.h) in a private folder (CacheFolder.h). A process that finds its traces there
// never opens the compiler. A record is believed only if its checksum holds and all that its bytes
// depend on is the same here and now: the trace, this build of tjit, the compiler's, MLIR's and
// LLVM's, the processor, the settings. Anything else is as if it were not there, and is replaced by
// what is compiled then.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/CacheFolder.h"
#include "Runtime/CacheRecord.h"
#include "Runtime/CompilerLibrary.h"

#include <map>
#include <memory>

namespace tjit::rt {

class DiskCache {
public:
  /// `path`: a folder; empty: `tjit` in XDG_CACHE_HOME or ~/.cache; "none": there is no cache.
  void setFolder(std::string path);
  std::string folder();
  /// Megabytes that the files may take; 0: there is no cache.
  void setMegabytes(uint64_t megabytes);
  uint64_t megabytes();

  /// The executable of a trace, empty where it is not there. It still has to pass the loader.
  std::vector<uint8_t> load(Context &context, std::span<const uint64_t> key,
                            const CompileTarget &target);
  /// Takes some hundred microseconds: not for the thread that waits for the result.
  void store(Context &context, std::span<const uint64_t> key, const CompileTarget &target,
             std::vector<uint8_t> executable);

  /// What the bytes of every trace depend on; empty where nothing may be cached, because the
  /// compiler is missing or its build is unknown.
  std::string environment(Context &context, const CompileTarget &target);
  /// The file of a trace.
  static std::string fileName(const std::string &environment, std::span<const uint64_t> key);

private:
  std::shared_ptr<CacheFolder> open();
  bool unchanged(const ModuleBuild &module);

  std::mutex mutex_;
  std::string path_;
  uint64_t megabytes_ = 256;
  std::shared_ptr<CacheFolder> folder_;       // null until it is used
  std::map<std::string, std::string> builds_; // of files that were asked for, by path
};

} // namespace tjit::rt
