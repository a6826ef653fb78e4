//===- CacheFolder.h --------------------------------------------------------------------------===//
// Files in a private folder of bounded size.
//
// What is in the folder may be executed, so it is used only if it belongs to this user and nobody
// else may enter it. Files appear whole (written under another name, then renamed) and are read
// whole, so that no other process can change them under the reader. Nothing here throws, and no
// error of the system removes a file: what cannot be read is not there, what cannot be written is
// left out, and the caller gets the reason for a log.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tjit::rt {

class CacheFolder {
public:
  /// `mostBytes`: what the files may take together.
  CacheFolder(std::string path, uint64_t mostBytes)
      : path_(std::move(path)), mostBytes_(mostBytes) {}

  const std::string &path() const { return path_; }

  /// The content of a file, which counts as used now. None: `problem` says why, empty where there
  /// simply is no such file.
  std::optional<std::vector<uint8_t>> read(const std::string &name, std::string &problem) const;

  /// Creates or replaces a file, and removes those that were used least recently where all together
  /// take too much. False: `problem` says why.
  bool write(const std::string &name, std::span<const uint8_t> bytes, std::string &problem);

  /// Files of the cache end with this.
  static constexpr const char *kSuffix = ".tjit";
  /// Files that are being written begin with this.
  static constexpr const char *kUnfinished = "new-";

private:
  int open(bool create, std::string &problem) const;
  void removeOldest(int folder);

  const std::string path_;
  const uint64_t mostBytes_;
  std::mutex mutex_;            // one writer of this process at a time
  uint64_t bytes_ = UINT64_MAX; // in the folder, as far as this process knows; at first it does not
};

} // namespace tjit::rt
