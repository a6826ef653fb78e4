//===- CacheFolder.cpp ------------------------------------------------------------------------===//
// Files in a private folder of bounded size.
//
// See CacheFolder.h. The folder is opened for each access: a program that closes all descriptors
// (to become a daemon) must not leave us with one that has become something else.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/CacheFolder.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tjit::rt {

namespace {

/// A descriptor that is closed.
struct Descriptor {
  int fd;
  explicit Descriptor(int fd) : fd(fd) {}
  Descriptor(const Descriptor &) = delete;
  ~Descriptor() {
    if (fd >= 0)
      ::close(fd);
  }
};

std::string errorText(const char *doing, const std::string &what) {
  return std::string("cannot ") + doing + " " + what + ": " + std::strerror(errno);
}

/// Writing beyond RLIMIT_FSIZE raises a signal that ends the process; here it becomes the error
/// EFBIG.
class FileSizeSignal {
public:
  FileSizeSignal() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~FileSizeSignal() {
    if (sigismember(&before_, SIGXFSZ))
      return;
    const timespec now{0, 0};
    sigtimedwait(&signal_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

private:
  sigset_t signal_, before_;
};

bool makeFolders(const std::string &path) {
  for (size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    if (mkdir(path.substr(0, at).c_str(), 0700) != 0 && errno != EEXIST)
      return false;
    if (at == std::string::npos)
      return true;
  }
}

bool writeAll(int fd, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return true;
}

/// Small files take a block each.
uint64_t bytesOnDisk(const struct stat &info) {
  return (static_cast<uint64_t>(info.st_size) + 4095) & ~uint64_t(4095);
}

bool olderThan(const struct stat &info, time_t seconds) {
  return info.st_mtime < time(nullptr) - seconds;
}

} // namespace

/// A descriptor of the folder, or -1.
int CacheFolder::open(bool create, std::string &problem) const {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  int fd = ::open(path_.c_str(), kFlags);
  if (fd < 0 && errno == ENOENT) {
    if (!create)
      return -1; // nothing has been written yet
    if (!makeFolders(path_)) {
      problem = errorText("create", path_);
      return -1;
    }
    fd = ::open(path_.c_str(), kFlags);
  }
  struct stat info;
  if (fd < 0 || fstat(fd, &info) != 0) {
    problem = errorText("open", path_);
  } else if (info.st_uid != geteuid()) {
    problem = path_ + " belongs to another user, so it is not used";
  } else if (info.st_mode & 077) {
    problem = path_ + " is open to other users, so it is not used; chmod 700 it";
  } else {
    return fd;
  }
  if (fd >= 0)
    ::close(fd);
  return -1;
}

std::optional<std::vector<uint8_t>> CacheFolder::read(const std::string &name,
                                                      std::string &problem) const {
  problem.clear();
  Descriptor folder(open(false, problem));
  if (folder.fd < 0)
    return std::nullopt;
  Descriptor file(openat(folder.fd, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info;
  if (file.fd < 0 || fstat(file.fd, &info) != 0) {
    if (errno != ENOENT)
      problem = errorText("read", name);
    return std::nullopt;
  }
  if (!S_ISREG(info.st_mode) || info.st_uid != geteuid() ||
      static_cast<uint64_t>(info.st_size) > mostBytes_) {
    problem = name + " is no file of this cache";
    return std::nullopt;
  }
  std::vector<uint8_t> bytes(static_cast<size_t>(info.st_size));
  for (size_t at = 0; at < bytes.size();) {
    ssize_t n = ::read(file.fd, bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      problem = n < 0 ? errorText("read", name) : name + " has become shorter";
      return std::nullopt;
    }
    at += static_cast<size_t>(n);
  }
  // The time of use orders removals; to the minute is enough.
  if (olderThan(info, 60)) {
    const timespec times[2] = {{0, UTIME_OMIT}, {0, UTIME_NOW}};
    (void)futimens(file.fd, times);
  }
  return bytes;
}

bool CacheFolder::write(const std::string &name, std::span<const uint8_t> bytes,
                        std::string &problem) {
  // One file must not push out most of the others.
  if (bytes.size() > mostBytes_ / 4) {
    problem = name + " has " + std::to_string(bytes.size()) + " bytes, too many for this cache";
    return false;
  }
  problem.clear();
  std::lock_guard lock(mutex_);
  Descriptor folder(open(true, problem));
  if (folder.fd < 0)
    return false;
  FileSizeSignal mask;
  // Also processes that share the folder but not their numbers (containers) must not meet.
  uint64_t random = 0;
  (void)getentropy(&random, sizeof random);
  const std::string unfinished =
      kUnfinished + std::to_string(getpid()) + "-" + std::to_string(random);
  {
    Descriptor file(openat(folder.fd, unfinished.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.fd < 0) {
      problem = errorText("create", path_ + "/" + unfinished);
      return false;
    }
    if (!writeAll(file.fd, bytes)) {
      problem = errorText("write", path_ + "/" + unfinished);
      (void)unlinkat(folder.fd, unfinished.c_str(), 0);
      return false;
    }
  }
  if (renameat(folder.fd, unfinished.c_str(), folder.fd, name.c_str()) != 0) {
    problem = errorText("rename", path_ + "/" + unfinished);
    (void)unlinkat(folder.fd, unfinished.c_str(), 0);
    return false;
  }
  if (bytes_ != UINT64_MAX)
    bytes_ += bytes.size() + 4095;
  if (bytes_ > mostBytes_) // also where it is not known yet
    removeOldest(folder.fd);
  return true;
}

/// Counts what is there. Where it is too much, the files that were used least recently go, until a
/// quarter is free. What killed writers left goes after an hour.
void CacheFolder::removeOldest(int folder) {
  DIR *listing = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!listing)
    return;
  struct File {
    timespec used;
    uint64_t bytes;
    std::string name;
  };
  std::vector<File> files;
  bytes_ = 0;
  while (const dirent *entry = readdir(listing)) {
    std::string name = entry->d_name;
    struct stat info;
    if (fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode))
      continue;
    constexpr time_t kHour = 3600;
    if (name.starts_with(kUnfinished)) {
      if (olderThan(info, kHour))
        (void)unlinkat(folder, name.c_str(), 0);
    } else if (name.ends_with(kSuffix)) {
      files.push_back({info.st_mtim, bytesOnDisk(info), std::move(name)});
      bytes_ += files.back().bytes;
    }
  }
  closedir(listing);
  if (bytes_ <= mostBytes_)
    return;
  std::ranges::sort(files, {},
                    [](const File &f) { return std::pair(f.used.tv_sec, f.used.tv_nsec); });
  for (const File &f : files) {
    if (bytes_ <= mostBytes_ / 4 * 3)
      break;
    // Another process may have removed it.
    if (unlinkat(folder, f.name.c_str(), 0) == 0 || errno == ENOENT)
      bytes_ -= f.bytes;
  }
}

} // namespace tjit::rt
